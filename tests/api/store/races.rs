//! Two nodes at once: what one revokes while the other renews it, and the first start of both.

use std::sync::mpsc;
use std::time::Duration;

use gongkai::auth::passwords::DEMO_PASSWORD;
use gongkai::domain::words::ids::UserId;
use gongkai::error::Error;
use gongkai::service::auth::{logout, refresh};
use gongkai::service::first_account::first_administrator;
use gongkai::service::people::{By, NewUser, password_set, user_create};
use gongkai::store::Tx;
use gongkai::store::users::{UserFilter, user_fetch, user_list};
use serde_json::json;

use crate::harness::{TestApp, both};

/// Long enough for the other transaction to arrive at the one that is open.
const OPEN: Duration = Duration::from_millis(400);

/// Renews a session in a transaction that stays open while `revoke` runs in another one; the token made meanwhile must
/// not be good.
fn revoked_while_renewed(app: &TestApp, revoke: impl Fn(&mut Tx<'_>, UserId, &str) -> Result<(), Error>) {
    app.region();
    let session = app.login("officer", DEMO_PASSWORD).expect(200).json;
    let token = session["refresh_token"].as_str().unwrap();
    let user_id: UserId = session["user"]["id"].as_str().unwrap().parse().unwrap();
    let (site, now) = (app.app.site(), app.clock.now());
    let (begun, waits) = mpsc::channel();
    let renewed = std::thread::scope(|scope| {
        let renewing = scope.spawn(move || {
            site.store.write(|tx| {
                let session = refresh(tx, &site.auth, token, now)?.expect("the token is good");
                begun.send(()).expect("the test waits");
                std::thread::sleep(OPEN);
                Ok::<_, Error>(session.refresh_token)
            })
        });
        waits.recv().unwrap();
        site.store.write(|tx| revoke(tx, user_id, token)).unwrap();
        renewing.join().unwrap().unwrap()
    });
    app.anon()
        .post("/api/v1/auth/refresh", &json!({"refresh_token": renewed}))
        .expect(401);
}

both! {
    fn a_new_password_ends_a_session_that_is_just_renewed(db) {
        let app = TestApp::start(db);
        let (site, now) = (app.app.site(), app.clock.now());
        let hash = site.auth.passwords.hash("another passphrase").unwrap();
        revoked_while_renewed(&app, |tx, user_id, _| {
            let user = user_fetch(tx, user_id)?;
            password_set(tx, By::Console, now, user, &hash).map(drop)
        });
        app.login("officer", "another passphrase").expect(200);
    }

    fn signing_out_ends_a_session_that_is_just_renewed(db) {
        let app = TestApp::start(db);
        let now = app.clock.now();
        revoked_while_renewed(&app, |tx, _, token| logout(tx, token, now));
    }

    fn two_nodes_that_start_at_once_make_one_administrator(db) {
        let app = TestApp::start(db);
        let (site, now) = (app.app.site(), app.clock.now());
        let hash = site.auth.passwords.hash("another passphrase").unwrap();
        let (begun, waits) = mpsc::channel();
        std::thread::scope(|scope| {
            let other = scope.spawn(move || {
                site.store.write(|tx| {
                    let new = NewUser {
                        username: "admin".to_owned(),
                        name: "系统管理员".to_owned(),
                        administrator: true,
                        ..NewUser::default()
                    };
                    user_create(tx, By::Console, now, new, &hash)?;
                    begun.send(()).expect("the test waits");
                    std::thread::sleep(OPEN);
                    Ok::<_, Error>(())
                })
            });
            waits.recv().unwrap();
            assert!(first_administrator(&site.store, &site.auth, now).unwrap().is_none());
            other.join().unwrap().unwrap();
        });
        let filter = UserFilter { limit: 10, ..UserFilter::default() };
        let users = site.store.read(|db| Ok::<_, Error>(user_list(db, &filter)?)).unwrap();
        assert_eq!(users.len(), 1);
        assert!(first_administrator(&site.store, &site.auth, now).unwrap().is_none());
    }
}
