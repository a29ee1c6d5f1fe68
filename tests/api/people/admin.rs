//! What administrators change: agencies, units, accounts, roles; always versioned and always in their log.

use gongkai::auth::passwords::DEMO_PASSWORD;
use serde_json::{Value, json};

use crate::harness::{Actor, TestApp, both};

const AGENCIES: &str = "/api/v1/admin/agencies";
const USERS: &str = "/api/v1/admin/users";

fn agency(code: &str) -> Value {
    json!({
        "code": code, "name": "澄溪县水利局", "level": "county", "address": "江临市澄溪县城关镇滨河路3号",
        "phone": "0799-6280003", "office_hours": "工作日 8:30—17:30", "document_prefix": "澄水公开",
        "reconsideration_organ": "澄溪县人民政府", "court": "澄溪县人民法院"
    })
}

fn person(username: &str, agency: &str) -> Value {
    json!({"username": username, "password": "a long passphrase", "name": "周一鸣", "agency_id": agency, "roles": ["officer"]})
}

fn actions(admin: &Actor) -> Vec<String> {
    let log = admin.get("/api/v1/admin/log?limit=200").expect(200);
    let entries = log.json["items"].as_array().unwrap().iter();
    entries
        .map(|entry| entry["action"].as_str().unwrap().to_owned())
        .collect()
}

both! {
    fn agencies_are_added_changed_and_closed(db) {
        let app = TestApp::start(db);
        let admin = app.user("admin");
        let parent = app.region().office.to_string();
        let mut body = agency("CXSL");
        body["parent_id"] = json!(parent);
        body["channels"] = json!([{"channel": "online", "announced_from": "2026-01-01"}]);
        let made = admin.post(AGENCIES, &body).expect(201);
        assert_eq!(made.header("etag"), "\"1\"");
        let path = made.header("location").to_owned();
        assert_eq!(path, format!("{AGENCIES}/{}", made.json["id"].as_str().unwrap()));
        assert_eq!(made.json["settings"], json!({"amendment_working_days": 15, "late_entry_days": 3}));
        assert_eq!(made.json["parent_id"], parent);
        assert_eq!(admin.get(&path).expect(200).json, made.json);
        assert_eq!(admin.post(AGENCIES, &body).expect(409).code(), "agency_code_taken");

        let mut change = agency("CXSL");
        change.as_object_mut().unwrap().remove("code");
        change["name"] = json!("澄溪县水务局");
        change["settings"] = json!({"amendment_working_days": 10});
        change["active"] = json!(false);
        admin.put(&path, &change).expect(428);
        admin.if_match(2).put(&path, &change).expect(412);
        admin.with("If-Match", "*").put(&path, &change).expect(412);
        let changed = admin.if_match(1).put(&path, &change).expect(200);
        assert_eq!(changed.header("etag"), "\"2\"");
        assert_eq!(changed.json["name"], "澄溪县水务局");
        assert_eq!(changed.json["code"], "CXSL");
        let stale = admin.if_match(1).put(&path, &change).expect(412);
        assert_eq!(stale.json["current_version"], 2);
        // A closed agency takes no applications and is not listed.
        let listed = app.anon().get("/api/v1/agencies?q=cxsl").expect(200);
        assert_eq!(listed.json["items"], json!([]));
        change["active"] = json!(true);
        admin.if_match(2).put(&path, &change).expect(200);
        let listed = app.anon().get("/api/v1/agencies?q=%E6%B0%B4%E5%8A%A1").expect(200);
        assert_eq!(listed.json["items"][0]["code"], "CXSL");
        assert_eq!(actions(&admin)[..3], ["agency_changed", "agency_changed", "agency_created"]);
    }

    fn impossible_agencies_name_their_fields(db) {
        let app = TestApp::start(db);
        let admin = app.user("admin");
        for (field, value) in [
            ("code", json!("cx-1")),
            ("name", json!("")),
            ("level", json!("village")),
            ("phone", json!("none")),
            ("address", json!("长".repeat(301))),
            ("office_hours", json!("")),
            ("document_prefix", json!("字".repeat(21))),
            ("parent_id", json!("01997000-0000-7000-8000-000000000001")),
            ("parent_id", json!("nonsense")),
            ("unknown", json!(1)),
        ] {
            let mut body = agency("CXSL");
            body[field] = value;
            let refused = admin.post(AGENCIES, &body).expect(422);
            assert_eq!(refused.pointers(), [format!("/{field}")]);
        }
        let mut body = agency("CXSL");
        body["channels"] = json!([{"channel": "fax"}]);
        body["settings"] = json!({"amendment_working_days": 0});
        let refused = admin.post(AGENCIES, &body).expect(422);
        assert_eq!(refused.pointers(), ["/channels/0/announced_from", "/settings/amendment_working_days"]);
    }

    fn an_agency_goes_to_the_organ_of_reconsideration_that_the_law_gives_it(db) {
        let app = TestApp::start(db);
        let admin = app.user("admin");
        let mut body = agency("CXSL");
        body.as_object_mut().unwrap().remove("reconsideration_organ");
        let refused = admin.post(AGENCIES, &body).expect(422);
        assert_eq!(refused.pointers(), ["/reconsideration_organ"]);
        body["parent_id"] = json!(app.region().office.to_string());
        let made = admin.post(AGENCIES, &body).expect(201);
        assert_eq!(made.json["reconsideration_organ"], "澄溪县人民政府");
        // A change asks again; what is named stands.
        body.as_object_mut().unwrap().retain(|field, _| field != "code" && field != "parent_id");
        body["reconsideration_organ"] = json!("江临市人民政府");
        let changed = admin.if_match(1).put(made.header("location"), &body).expect(200);
        assert_eq!(changed.json["reconsideration_organ"], "江临市人民政府");
        body["reconsideration_organ"] = json!("");
        let changed = admin.if_match(2).put(made.header("location"), &body).expect(200);
        assert_eq!(changed.json["reconsideration_organ"], "澄溪县人民政府");
    }

    fn units_are_added_renamed_and_closed(db) {
        let app = TestApp::start(db);
        let admin = app.user("admin");
        let office = app.region().office.to_string();
        let units = format!("{AGENCIES}/{office}/units");
        let made = admin.post(&units, &json!({"name": " 督查科 "})).expect(201);
        assert_eq!(made.json["name"], "督查科");
        assert_eq!(admin.post(&units, &json!({"name": "督查科"})).expect(409).code(), "unit_name_taken");
        assert_eq!(admin.post(&units, &json!({"name": ""})).expect(422).pointers(), ["/name"]);
        admin.post(&format!("{AGENCIES}/nonsense/units"), &json!({"name": "x"})).expect(404);
        let path = made.header("location").to_owned();
        admin.put(&path, &json!({"name": "督查室", "active": false})).expect(428);
        let closed = admin.if_match(1).put(&path, &json!({"name": "督查室", "active": false})).expect(200);
        assert_eq!(closed.json["active"], false);
        let taken = admin.if_match(2).put(&path, &json!({"name": "综合科", "active": true})).expect(409);
        assert_eq!(taken.code(), "unit_name_taken");
        // Staff see what work can be assigned to; administrators see all.
        let listed = |actor: &Actor| {
            let answer = actor.get(&format!("/api/v1/agencies/{office}/units")).expect(200);
            answer.json["items"].as_array().unwrap().len()
        };
        assert_eq!(listed(&app.user("officer")), 2);
        assert_eq!(listed(&admin), 3);
    }

    fn accounts_are_added_changed_and_closed(db) {
        let app = TestApp::start(db);
        let admin = app.user("admin");
        let region = app.region();
        let (office, department) = (region.office.to_string(), region.department.to_string());
        let made = admin.post(USERS, &person("Zhou.Yiming", &office)).expect(201);
        assert_eq!(made.json["username"], "zhou.yiming");
        assert_eq!(made.json["roles"], json!(["officer"]));
        assert_eq!(admin.post(USERS, &person("ZHOU.yiming", &office)).expect(409).code(), "username_taken");
        let path = made.header("location").to_owned();
        let session = app.login("zhou.yiming", "a long passphrase").expect(200);
        let zhou = app.anon().with_token(session.json["access_token"].as_str().unwrap());
        zhou.get("/api/v1/me").expect(200);

        let mut change = json!({"name": "周一明", "agency_id": department, "administrator": false, "active": true});
        change["unit_id"] = json!(region.office_units[0].to_string());
        let refused = admin.if_match(1).put(&path, &change).expect(422);
        assert_eq!(refused.pointers(), ["/unit_id"]);
        change["unit_id"] = json!(region.department_units[0].to_string());
        let changed = admin.if_match(1).put(&path, &change).expect(200);
        assert_eq!(changed.header("etag"), "\"2\"");
        // Roles are held in an agency: moving the person does not move them.
        assert_eq!(changed.json["roles"], json!([]));
        assert_eq!(changed.json["grants"], json!([{"agency_id": office, "roles": ["officer"]}]));
        admin.if_match(1).put(&path, &change).expect(412);

        change["active"] = json!(false);
        admin.if_match(2).put(&path, &change).expect(200);
        zhou.get("/api/v1/me").expect(401);
        let old = json!({"refresh_token": session.json["refresh_token"]});
        app.anon().post("/api/v1/auth/refresh", &old).expect(401);
        app.login("zhou.yiming", "a long passphrase").expect(401);
        change["active"] = json!(true);
        admin.if_match(3).put(&path, &change).expect(200);
        zhou.get("/api/v1/me").expect(401);
        app.login("zhou.yiming", "a long passphrase").expect(200);

        let found = admin.get(&format!("{USERS}?q=YIMING")).expect(200);
        assert_eq!(found.json["items"].as_array().unwrap().len(), 1);
        let found = admin.get(&format!("{USERS}?agency_id={department}&limit=2")).expect(200);
        assert_eq!(found.json["items"].as_array().unwrap().len(), 2);
        let cursor = found.json["next_cursor"].as_str().unwrap();
        let rest = admin.get(&format!("{USERS}?agency_id={department}&limit=2&cursor={cursor}")).expect(200);
        assert_eq!(rest.json["items"][0]["username"], "zhou.yiming");
        let log = admin.get("/api/v1/admin/log").expect(200);
        assert!(!log.text.contains("argon2") && !log.text.contains("passphrase"));
        assert_eq!(actions(&admin)[..4], ["user_changed", "user_changed", "user_changed", "user_created"]);
    }

    fn impossible_accounts_name_their_fields(db) {
        let app = TestApp::start(db);
        let admin = app.user("admin");
        let office = app.region().office.to_string();
        for (field, value, pointer) in [
            ("username", json!("a b"), "/username"),
            ("password", json!("short"), "/password"),
            ("password", json!(DEMO_PASSWORD), "/password"),
            ("password", json!("zhou.yiming"), "/password"),
            ("name", json!(""), "/name"),
            ("agency_id", json!("01997000-0000-7000-8000-000000000001"), "/agency_id"),
            ("unit_id", json!("01997000-0000-7000-8000-000000000001"), "/unit_id"),
            ("unit_id", json!(app.region().department_units[0].to_string()), "/unit_id"),
            ("roles", json!(["applicant"]), "/roles"),
            ("roles", json!(["admin"]), "/roles"),
            ("roles", json!(["king"]), "/roles/0"),
            ("agency_id", json!(null), "/agency_id"),
            ("nope", json!(true), "/nope"),
        ] {
            let mut body = person("zhou.yiming", &office);
            body[field] = value;
            let refused = admin.post(USERS, &body).expect(422);
            assert_eq!(refused.pointers(), [pointer], "{}", refused.text);
        }
        admin.send("POST", USERS, Some(("application/json", b"{\"username\":"))).expect(400);
        admin.send("POST", USERS, Some(("text/plain", b"{}"))).expect(415);
    }

    fn one_key_creates_one_account(db) {
        let app = TestApp::start(db);
        let admin = app.user("admin").with("Idempotency-Key", "account-1");
        let office = app.region().office.to_string();
        let statuses: Vec<(u16, Value)> = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        let answer = admin.post(USERS, &person("zhou.yiming", &office));
                        (answer.status, answer.json["id"].clone())
                    })
                })
                .collect();
            tries.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert!(statuses.iter().all(|one| *one == statuses[0] && one.0 == 201), "{statuses:?}");
        assert_eq!(actions(&app.user("admin")).iter().filter(|a| *a == "user_created").count(), 12);
        admin.post(USERS, &person("wu.yiming", &office)).expect(422);
    }

    fn passwords_are_reset_and_end_every_session(db) {
        let app = TestApp::start(db);
        let admin = app.user("admin");
        let officer = app.user("officer");
        let me = officer.get("/api/v1/me").expect(200);
        let path = format!("{USERS}/{}/password", me.json["id"].as_str().unwrap());
        let version = me.json["version"].as_i64().unwrap();
        let body = json!({"password": "another passphrase"});
        admin.put(&path, &body).expect(428);
        admin.if_match(version + 1).put(&path, &body).expect(412);
        let refused = admin.if_match(version).put(&path, &json!({"password": "officer"})).expect(422);
        assert_eq!(refused.pointers(), ["/password"]);
        officer.if_match(version).put(&path, &body).expect(403);
        admin.if_match(version).put(&path, &body).expect(200);
        officer.get("/api/v1/me").expect(401);
        app.login("officer", DEMO_PASSWORD).expect(401);
        app.login("officer", "another passphrase").expect(200);
        assert_eq!(actions(&admin)[0], "password_reset");
    }

    fn roles_are_lent_to_another_agency_and_taken_back(db) {
        let app = TestApp::start(db);
        let admin = app.user("admin");
        let region = app.region();
        let officer = app.user("officer2");
        let me = officer.get("/api/v1/me").expect(200);
        let (id, mut version) = (me.json["id"].as_str().unwrap(), me.json["version"].as_i64().unwrap());
        let units = format!("/api/v1/agencies/{}/units", region.office);
        officer.get(&units).expect(404);
        let path = format!("{USERS}/{id}/grants/{}/approver", region.office);
        admin.send("PUT", &path, None).expect(428);
        let lent = admin.if_match(version).send("PUT", &path, None).expect(200);
        version += 1;
        assert_eq!(lent.header("etag"), format!("\"{version}\""));
        assert_eq!(lent.json["roles"], json!(["officer"]));
        assert_eq!(lent.json["grants"].as_array().unwrap().len(), 2);
        officer.get(&units).expect(200);
        // Asking again changes nothing but the version.
        let again = admin.if_match(version).send("PUT", &path, None).expect(200);
        assert_eq!(again.json["grants"], lent.json["grants"]);
        admin.if_match(version).delete(&path).expect(412);
        admin.if_match(version + 1).delete(&path).expect(200);
        officer.get(&units).expect(404);
        for (path, status) in [
            (format!("{USERS}/{id}/grants/{}/king", region.office), 404),
            (format!("{USERS}/{id}/grants/{}/admin", region.office), 422),
            (format!("{USERS}/{id}/grants/01997000-0000-7000-8000-000000000001/clerk"), 404),
            (format!("{USERS}/01997000-0000-7000-8000-000000000001/grants/{}/clerk", region.office), 404),
        ] {
            admin.if_match(version + 2).send("PUT", &path, None).expect(status);
        }
        assert_eq!(actions(&admin)[..3], ["role_withdrawn", "role_granted", "role_granted"]);
    }

    fn administrators_do_not_lock_themselves_out(db) {
        let app = TestApp::start(db);
        let admin = app.user("admin");
        let me = admin.get("/api/v1/me").expect(200);
        let path = format!("{USERS}/{}", me.json["id"].as_str().unwrap());
        let version = me.json["version"].as_i64().unwrap();
        for (administrator, active) in [(false, true), (true, false)] {
            let body = json!({"name": "丁一凡", "administrator": administrator, "active": active});
            let refused = admin.if_match(version).put(&path, &body).expect(409);
            assert_eq!(refused.code(), "own_account");
        }
        let body = json!({"name": "丁一帆", "administrator": true, "active": true});
        admin.if_match(version).put(&path, &body).expect(200);
    }

    fn only_administrators_administer(db) {
        let app = TestApp::start(db);
        let region = app.region();
        let office = region.office.to_string();
        let user = region.users[0].id.to_string();
        let unit = region.office_units[0].to_string();
        let calls = |actor: &Actor| -> Vec<u16> {
            vec![
                actor.post(AGENCIES, &json!({})).status,
                actor.get(&format!("{AGENCIES}/{office}")).status,
                actor.if_match(1).put(&format!("{AGENCIES}/{office}"), &json!({})).status,
                actor.post(&format!("{AGENCIES}/{office}/units"), &json!({})).status,
                actor.get(&format!("/api/v1/admin/units/{unit}")).status,
                actor.if_match(1).put(&format!("/api/v1/admin/units/{unit}"), &json!({})).status,
                actor.post(USERS, &json!({})).status,
                actor.get(USERS).status,
                actor.get(&format!("{USERS}/{user}")).status,
                actor.if_match(2).put(&format!("{USERS}/{user}"), &json!({})).status,
                actor.if_match(2).put(&format!("{USERS}/{user}/password"), &json!({})).status,
                actor.if_match(2).send("PUT", &format!("{USERS}/{user}/grants/{office}/clerk"), None).status,
                actor.if_match(2).delete(&format!("{USERS}/{user}/grants/{office}/clerk")).status,
                actor.get("/api/v1/admin/signing-keys").status,
                actor.post("/api/v1/admin/signing-keys", &json!({})).status,
                actor.get("/api/v1/admin/log").status,
            ]
        };
        for role in ["clerk", "officer", "handler", "secrecy", "legal", "approver", "supervisor", "applicant", "clerk2"] {
            assert_eq!(calls(&app.user(role)), [403; 16], "{role}");
        }
        assert_eq!(calls(&app.anon()), [401; 16]);
    }
}
