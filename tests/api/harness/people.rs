//! The people of the demonstration region, signed in.

use gongkai::auth::passwords::DEMO_PASSWORD;
use gongkai::demo::{Region, people_seed};
use serde_json::json;

use super::{Actor, Response, TestApp};

impl TestApp {
    /// The demonstration region, made when it is first asked for.
    pub fn region(&self) -> &Region {
        self.region.get_or_init(|| {
            let site = self.app.site();
            site.store
                .write(|tx| people_seed(tx, &site.auth, site.clock.now()))
                .expect("the region is made")
        })
    }

    /// Someone of the region by username, freshly signed in: `clerk officer handler secrecy legal approver supervisor
    /// admin applicant clerk2 officer2`. The token lasts a day of the test's clock.
    #[track_caller]
    pub fn user(&self, username: &str) -> Actor {
        self.region();
        let answer = self.login(username, DEMO_PASSWORD).expect(200);
        self.anon()
            .with_token(answer.json["access_token"].as_str().expect("a token"))
    }

    /// The answer to a login.
    pub fn login(&self, username: &str, password: &str) -> Response {
        let body = json!({"username": username, "password": password});
        self.anon().post("/api/v1/auth/login", &body)
    }
}
