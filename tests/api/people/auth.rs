//! Signing in: throttling, rotation, reuse, forged tokens, self-registration, and who may use the known password.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use chrono::Duration;
use gongkai::auth::passwords::DEMO_PASSWORD;
use gongkai::auth::tokens::{SigningKey, issue};
use gongkai::domain::words::ids::UserId;
use serde_json::{Value, json};

use crate::harness::{Database, TestApp, both};

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn refresh(app: &TestApp, token: &str) -> crate::harness::Response {
    app.anon()
        .post("/api/v1/auth/refresh", &json!({"refresh_token": token}))
}

fn short_lived(db: Database) -> TestApp {
    TestApp::start_with(db, |config| config.auth.access_token_minutes = 15)
}

fn registration() -> Value {
    json!({
        "username": "Chen.Mingyuan", "password": "a long passphrase",
        "applicant": {
            "kind": "natural_person", "name": "陈明远", "phone": "13800000000",
            "id_document": {"kind": "resident_id", "number": "11010519491231002X"}
        }
    })
}

both! {
    fn a_login_answers_with_tokens_and_the_person(db) {
        let app = TestApp::start(db);
        let office = app.region().office.to_string();
        let answer = app.login("officer", DEMO_PASSWORD).expect(200);
        assert_eq!(answer.json["token_type"], "Bearer");
        assert_eq!(answer.json["expires_in"], 86_400);
        assert_eq!(answer.json["user"]["name"], "沈志远");
        assert_eq!(answer.json["user"]["roles"], json!(["officer"]));
        assert_eq!(answer.json["user"]["agency_id"], office);
        let token = text(&answer.json["access_token"]);
        let me = app.anon().with_token(token).get("/api/v1/me").expect(200);
        assert_eq!(me.json["id"], answer.json["user"]["id"]);
        assert_eq!(me.json["username"], "officer");
        assert_eq!(me.json["roles"], json!(["officer"]));
        assert_eq!(me.json["unit_id"], Value::Null);
        assert_eq!(me.header("etag"), format!("\"{}\"", me.json["version"]));
        assert_eq!(me.json["grants"].as_array().unwrap().len(), 2);
    }

    fn every_role_is_told_its_own(db) {
        let app = TestApp::start(db);
        for role in ["clerk", "officer", "handler", "secrecy", "legal", "approver", "supervisor", "admin", "applicant"] {
            let me = app.user(role).get("/api/v1/me").expect(200);
            assert_eq!(me.json["roles"], json!([role]));
            assert_eq!(me.json["unit_id"].is_null(), role != "handler");
            assert_eq!(me.json["agency_id"].is_null(), role == "applicant");
        }
        let applicant = app.user("applicant").get("/api/v1/me").expect(200);
        assert_eq!(applicant.json["applicant"]["id_document"]["number"], "3611**********0217");
        assert_eq!(applicant.json["applicant"]["phone"], "138******00");
    }

    fn usernames_are_taken_in_any_case_and_wrong_passwords_say_nothing(db) {
        let app = TestApp::start(db);
        app.region();
        app.login(" OFFICER ", DEMO_PASSWORD).expect(200);
        let wrong = app.login("officer", "not the password").expect(401);
        let unknown = app.login("nobody", "not the password").expect(401);
        let odd = app.login("no\u{1}body 不存在 '", "not the password").expect(401);
        assert_eq!(wrong.code(), "bad_credentials");
        assert_eq!(wrong.text, unknown.text);
        assert_eq!(wrong.text, odd.text);
        assert_eq!(wrong.header("content-type"), "application/problem+json");
    }

    fn only_failed_logins_count_and_the_pause_ends(db) {
        let app = TestApp::start(db);
        app.region();
        for _ in 0..10 {
            app.login("officer", DEMO_PASSWORD).expect(200);
        }
        for _ in 0..5 {
            app.login("officer", "not the password").expect(401);
            app.clock.advance(Duration::seconds(60));
        }
        let refused = app.login("officer", DEMO_PASSWORD).expect(429);
        assert_eq!(refused.code(), "too_many_requests");
        // Fifteen minutes after the first failure, five of which have passed.
        assert_eq!(refused.header("retry-after"), "600");
        app.login("OFFICER", "not the password").expect(429);
        app.login("clerk", DEMO_PASSWORD).expect(200);
        app.clock.advance(Duration::seconds(599));
        app.login("officer", DEMO_PASSWORD).expect(429);
        app.clock.advance(Duration::seconds(1));
        app.login("officer", DEMO_PASSWORD).expect(200);
        // A success wipes the slate.
        for _ in 0..4 {
            app.login("officer", "not the password").expect(401);
        }
        app.login("officer", DEMO_PASSWORD).expect(200);
        app.login("officer", "not the password").expect(401);
        app.login("officer", DEMO_PASSWORD).expect(200);
    }

    fn accounts_that_do_not_exist_are_paused_alike(db) {
        let app = TestApp::start(db);
        for _ in 0..5 {
            app.login("nobody", "not the password").expect(401);
        }
        app.login("nobody", "not the password").expect(429);
    }

    fn one_address_cannot_try_many_accounts(db) {
        let app = TestApp::start(db);
        app.region();
        for attempt in 0..50 {
            app.login(&format!("nobody{attempt}"), "not the password").expect(401);
        }
        app.login("officer", DEMO_PASSWORD).expect(429);
        app.clock.advance(Duration::minutes(15));
        app.login("officer", DEMO_PASSWORD).expect(200);
    }

    fn the_proxy_s_address_counts_only_where_it_is_trusted(db) {
        let app = TestApp::start_with(db, |config| config.auth.trust_forwarded_for = true);
        let body = |n: i32| json!({"username": format!("nobody{n}"), "password": "not the password"});
        let from = |address: &str, n: i32| app.anon().with("X-Forwarded-For", address).post("/api/v1/auth/login", &body(n));
        for n in 0..50 {
            from(&format!("203.0.113.{n}, 198.51.100.1"), n).expect(401);
        }
        from("203.0.113.77, 198.51.100.1", 50).expect(429);
        from("198.51.100.2", 51).expect(401);
    }

    fn refresh_tokens_rotate_and_reuse_ends_the_family(db) {
        let app = short_lived(db);
        app.region();
        let first = app.login("officer", DEMO_PASSWORD).expect(200);
        let other_session = app.login("officer", DEMO_PASSWORD).expect(200);
        app.clock.advance(Duration::minutes(15));
        let expired = text(&first.json["access_token"]);
        app.anon().with_token(expired).get("/api/v1/me").expect(401);
        let second = refresh(&app, text(&first.json["refresh_token"])).expect(200);
        assert_ne!(second.json["refresh_token"], first.json["refresh_token"]);
        assert_eq!(second.json["user"]["roles"], json!(["officer"]));
        app.anon().with_token(text(&second.json["access_token"])).get("/api/v1/me").expect(200);
        // Whoever comes second with the old token ends it for both.
        refresh(&app, text(&first.json["refresh_token"])).expect(401);
        refresh(&app, text(&second.json["refresh_token"])).expect(401);
        refresh(&app, text(&other_session.json["refresh_token"])).expect(200);
    }

    fn refresh_tokens_expire_and_unknown_ones_are_refused(db) {
        let app = TestApp::start(db);
        app.region();
        let session = app.login("officer", DEMO_PASSWORD).expect(200);
        for unknown in ["", "abc", "\u{1}", text(&session.json["access_token"])] {
            refresh(&app, unknown).expect(401);
        }
        app.clock.advance(Duration::days(30));
        refresh(&app, text(&session.json["refresh_token"])).expect(401);
    }

    fn two_at_once_with_one_refresh_token_do_not_both_succeed(db) {
        let app = TestApp::start(db);
        app.region();
        let session = app.login("officer", DEMO_PASSWORD).expect(200);
        let token = text(&session.json["refresh_token"]).to_owned();
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..6).map(|_| scope.spawn(|| refresh(&app, &token).status)).collect();
            tries.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 5, "{statuses:?}");
    }

    fn guesses_sent_at_once_are_counted(db) {
        let app = TestApp::start(db);
        app.region();
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..20).map(|_| scope.spawn(|| app.login("officer", "not the password").status)).collect();
            tries.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert!(statuses.iter().all(|status| matches!(status, 401 | 429)), "{statuses:?}");
        app.login("officer", DEMO_PASSWORD).expect(429);
    }

    fn logout_ends_the_session(db) {
        let app = TestApp::start(db);
        app.region();
        let session = app.login("officer", DEMO_PASSWORD).expect(200);
        let body = json!({"refresh_token": session.json["refresh_token"]});
        let answer = app.anon().post("/api/v1/auth/logout", &body).expect(204);
        assert_eq!(answer.text, "");
        refresh(&app, text(&session.json["refresh_token"])).expect(401);
        app.anon().post("/api/v1/auth/logout", &body).expect(204);
        app.anon().post("/api/v1/auth/logout", &json!({"refresh_token": "unknown"})).expect(204);
    }

    fn forged_foreign_and_expired_tokens_are_refused(db) {
        let app = short_lived(db);
        app.region();
        let session = app.login("officer", DEMO_PASSWORD).expect(200);
        let token = text(&session.json["access_token"]);
        let user: UserId = text(&session.json["user"]["id"]).parse().unwrap();
        let parts: Vec<&str> = token.split('.').collect();
        let header: Value = serde_json::from_slice(&BASE64.decode(parts[0]).unwrap()).unwrap();
        let encode = |value: &Value| BASE64.encode(value.to_string());
        let none = encode(&json!({"alg": "none", "typ": "JWT", "kid": header["kid"]}));
        let no_kid = encode(&json!({"alg": "HS256", "typ": "JWT"}));
        let odd_kid = encode(&json!({"alg": "HS256", "typ": "JWT", "kid": "' OR 1=1 --\u{0}"}));
        let sign = |key: &SigningKey| issue(key, user, 1, app.clock.now(), Duration::minutes(15)).unwrap();
        let foreign = SigningKey::generate();
        let same_kid = SigningKey { kid: text(&header["kid"]).to_owned(), ..SigningKey::generate() };
        for bad in [
            format!("{none}.{}.", parts[1]),
            format!("{none}.{}.{}", parts[1], parts[2]),
            format!("{no_kid}.{}.{}", parts[1], parts[2]),
            format!("{odd_kid}.{}.{}", parts[1], parts[2]),
            format!("{}.{}.{}", parts[0], encode(&json!({"sub": user})), parts[2]),
            sign(&foreign),
            sign(&same_kid),
            "x".to_owned(),
            "x".repeat(5000),
        ] {
            let refused = app.anon().with_token(&bad).get("/api/v1/me").expect(401);
            assert_eq!(refused.code(), "unauthenticated");
            assert_eq!(refused.header("www-authenticate"), "Bearer");
        }
        app.anon().get("/api/v1/me").expect(401);
        app.anon().with("Authorization", &format!("Basic {token}")).get("/api/v1/me").expect(401);
        app.anon().with("Authorization", &format!("bearer {token}")).get("/api/v1/me").expect(200);
        app.clock.advance(Duration::seconds(15 * 60 - 1));
        app.anon().with_token(token).get("/api/v1/me").expect(200);
        app.clock.advance(Duration::seconds(1));
        app.anon().with_token(token).get("/api/v1/me").expect(401);
    }

    fn keys_rotate_with_an_overlap(db) {
        let app = short_lived(db);
        let admin = app.user("admin");
        let before = app.user("officer");
        let keys = admin.get("/api/v1/admin/signing-keys").expect(200);
        assert_eq!(keys.json["items"].as_array().unwrap().len(), 1);
        assert!(!keys.text.contains("secret"));
        app.clock.advance(Duration::minutes(1));
        let made = admin.post("/api/v1/admin/signing-keys", &json!({})).expect(201);
        let keys = admin.get("/api/v1/admin/signing-keys").expect(200);
        assert_eq!(keys.json["items"][0]["kid"], made.json["kid"]);
        assert_eq!(keys.json["items"][1]["verify_until"], "2026-03-10T01:16:00Z");
        let after = app.user("officer");
        before.get("/api/v1/me").expect(200);
        after.get("/api/v1/me").expect(200);
        app.clock.advance(Duration::minutes(14));
        before.get("/api/v1/me").expect(401);
        after.get("/api/v1/me").expect(200);
        app.user("officer").post("/api/v1/admin/signing-keys", &json!({})).expect(403);
    }

    fn applicants_register_themselves(db) {
        let app = TestApp::start(db);
        let answer = app.anon().post("/api/v1/auth/register", &registration()).expect(201);
        let session = app.login("chen.mingyuan", "a long passphrase").expect(200);
        assert_eq!(session.json["user"]["id"], answer.json["id"]);
        assert_eq!(session.json["user"]["roles"], json!(["applicant"]));
        assert_eq!(session.json["user"]["agency_id"], Value::Null);
        let taken = app.anon().post("/api/v1/auth/register", &registration()).expect(409);
        assert_eq!(taken.code(), "username_taken");
        assert_eq!(app.anon().get("/api/v1/admin/log").expect(401).code(), "unauthenticated");
    }

    fn impossible_registrations_name_their_fields(db) {
        let app = TestApp::start(db);
        let with = |pointer: &str, value: Value| {
            let mut body = registration();
            *body.pointer_mut(pointer).unwrap() = value;
            app.anon().post("/api/v1/auth/register", &body)
        };
        for (pointer, value) in [
            ("/username", json!("a")),
            ("/username", json!("chen ming")),
            ("/password", json!("too short")),
            ("/password", json!("chen.mingyuan")),
            ("/password", json!(DEMO_PASSWORD)),
            ("/password", json!("x".repeat(201))),
            ("/applicant/name", json!("")),
            ("/applicant/kind", json!("martian")),
            ("/applicant/phone", json!("none")),
            ("/applicant/id_document/number", json!("110105194912310021")),
            ("/applicant/id_document/number", json!("110105203012310021")),
            ("/applicant/id_document/kind", json!("uscc")),
            ("/applicant/name", json!(7)),
        ] {
            let refused = with(pointer, value).expect(422);
            assert!(refused.pointers().contains(&pointer), "{pointer}: {}", refused.text);
        }
        let mut unknown = registration();
        unknown["applicant"]["purpose"] = json!("科研");
        let refused = app.anon().post("/api/v1/auth/register", &unknown).expect(422);
        assert_eq!(refused.pointers(), ["/applicant/purpose"]);
        let mut missing = registration();
        missing["applicant"].as_object_mut().unwrap().remove("phone");
        let refused = app.anon().post("/api/v1/auth/register", &missing).expect(422);
        assert_eq!(refused.pointers(), ["/applicant/phone"]);
        app.anon().send("POST", "/api/v1/auth/register", Some(("application/json", b"{"))).expect(400);
        app.login("chen.mingyuan", "a long passphrase").expect(401);
    }

    fn one_key_registers_once_and_stores_no_hash_of_the_password(db) {
        let app = TestApp::start(db);
        let keyed = app.anon().with("Idempotency-Key", "register-1");
        let first = keyed.post("/api/v1/auth/register", &registration()).expect(201);
        let again = keyed.post("/api/v1/auth/register", &registration()).expect(201);
        assert_eq!(first.json, again.json);
        let mut other = registration();
        other["username"] = json!("someone.else");
        keyed.post("/api/v1/auth/register", &other).expect(422);
        // The same request but for the password counts as the same: what is kept tells nothing about it.
        let mut changed = registration();
        changed["password"] = json!("another passphrase");
        keyed.post("/api/v1/auth/register", &changed).expect(201);
        app.login("chen.mingyuan", "another passphrase").expect(401);
        app.login("chen.mingyuan", "a long passphrase").expect(200);
    }

    fn the_own_password_can_be_changed_and_ends_every_session(db) {
        let app = TestApp::start(db);
        app.anon().post("/api/v1/auth/register", &registration()).expect(201);
        let session = app.login("chen.mingyuan", "a long passphrase").expect(200);
        let me = app.anon().with_token(text(&session.json["access_token"]));
        let path = "/api/v1/me/password";
        let body = |current: &str, new: &str| json!({"current_password": current, "new_password": new});
        me.put(path, &body("a long passphrase", "another passphrase")).expect(428);
        me.if_match(7).put(path, &body("a long passphrase", "another passphrase")).expect(412);
        let refused = me.if_match(1).put(path, &body("a long passphrase", "short")).expect(422);
        assert_eq!(refused.pointers(), ["/new_password"]);
        let refused = me.if_match(1).put(path, &body("wrong passphrase", "another passphrase")).expect(409);
        assert_eq!(refused.code(), "wrong_password");
        me.if_match(1).put(path, &body("a long passphrase", "another passphrase")).expect(200);
        me.get("/api/v1/me").expect(401);
        refresh(&app, text(&session.json["refresh_token"])).expect(401);
        app.login("chen.mingyuan", "a long passphrase").expect(401);
        app.login("chen.mingyuan", "another passphrase").expect(200);
    }

    fn the_own_profile_can_be_changed(db) {
        let app = TestApp::start(db);
        let me = app.user("applicant");
        let version = me.get("/api/v1/me").expect(200).json["version"].as_i64().unwrap();
        let mut profile = registration()["applicant"].clone();
        profile["id_document"]["number"] = json!("11010519491231002Z");
        let refused = me.if_match(version).put("/api/v1/me/applicant", &profile).expect(422);
        assert_eq!(refused.pointers(), ["/id_document/number"]);
        profile["id_document"]["number"] = json!("11010519491231002x");
        profile["name"] = json!("陈远");
        let changed = me.if_match(version).put("/api/v1/me/applicant", &profile).expect(200);
        assert_eq!(changed.json["name"], "陈远");
        assert_eq!(changed.json["applicant"]["id_document"]["number"], "1101**********002X");
        me.if_match(version).put("/api/v1/me/applicant", &profile).expect(412);
    }

    fn the_known_password_opens_nothing_without_demo(db) {
        let mut demo = TestApp::start(db);
        demo.region();
        let session = demo.login("officer", DEMO_PASSWORD).expect(200);
        let mut config = (*demo.app.site().config).clone();
        config.demo = false;
        // The same database, started as in production.
        let normal = gongkai::app::App::build(config, demo.clock.clone()).unwrap();
        let site = normal.site();
        let attempt = gongkai::service::auth::Attempt {
            username: "officer".to_owned(),
            password: gongkai::config::Secret::new(DEMO_PASSWORD),
            address: String::new(),
        };
        let now = demo.clock.now();
        let refused = gongkai::service::auth::login(&site.store, &site.auth, now, &attempt);
        assert!(matches!(refused, Err(gongkai::error::Error::BadCredentials)), "{refused:?}");
        // Nor do tokens from the demonstration live on.
        let token = text(&session.json["access_token"]);
        let stale = site.store.read(|db| gongkai::service::auth::authenticate(db, &site.auth, token, now));
        assert!(matches!(stale, Err(gongkai::error::Error::Unauthenticated)), "{stale:?}");
        let old = text(&session.json["refresh_token"]);
        let renewed = site.store.write(|tx| gongkai::service::auth::refresh(tx, &site.auth, old, now));
        assert!(matches!(renewed, Ok(None)), "{renewed:?}");
        assert!(gongkai::service::first_account::only_demo_accounts(&site.store).unwrap());
        demo.allow_server_errors();
    }

    fn the_first_start_makes_one_administrator(db) {
        let app = TestApp::start(db);
        let site = app.app.site();
        let first = gongkai::service::first_account::first_administrator(&site.store, &site.auth, app.clock.now())
            .unwrap()
            .unwrap();
        assert_eq!(first.password.len(), 20);
        assert!(!format!("{first:?}").contains(&first.password));
        let session = app.login(first.username, &first.password).expect(200);
        assert_eq!(session.json["user"]["roles"], json!(["admin"]));
        let again = gongkai::service::first_account::first_administrator(&site.store, &site.auth, app.clock.now());
        assert!(again.unwrap().is_none());
    }
}
