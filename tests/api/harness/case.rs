//! Cases on their way over HTTP: an office whose people are signed in, and a walk that remembers id and version.

use std::collections::BTreeMap;
use std::sync::Mutex;

use chrono::{DateTime, NaiveDate};
use diesel::RunQueryDsl;
use diesel::sql_types::{BigInt, Text};
use gongkai::config::Config;
use gongkai::error::Error;
use serde_json::{Value, json};

use super::{Actor, Database, Response, TestApp};

/// A served application whose people stay signed in for as long as the test's clock may run.
pub struct Office {
    pub app: TestApp,
    signed_in: Mutex<BTreeMap<String, Actor>>,
}

/// Every step from registration to archive for an application that is granted, in order; `{today}` is the day on
/// which the step is taken. The other tests that lead cases over HTTP take theirs from here.
const STEPS: [(&str, &str, &str); 10] = [
    (
        "officer",
        "confirm_receipt",
        r#"{"received_on": "{today}", "evidence": {"means": "page", "by": "沈志远"}}"#,
    ),
    (
        "officer",
        "review_formally",
        r#"{"checks": {"name": true, "contact": true, "content": true, "form": true, "identity": true}}"#,
    ),
    (
        "officer",
        "review_substantively",
        r#"{"checks": {"relevant": true, "government_information": true, "held_by_us": true,
            "needs_processing": false, "already_public": false}}"#,
    ),
    (
        "officer",
        "draft_reply",
        r#"{"items": [{"description": "补偿安置方案全文", "outcome": "granted", "where": "附件"}]}"#,
    ),
    (
        "secrecy",
        "review_secrecy",
        r#"{"verdicts": [{"item": 0, "verdict": "release"}]}"#,
    ),
    ("officer", "submit_for_approval", "{}"),
    ("approver", "approve_reply", "{}"),
    (
        "officer",
        "issue_reply",
        r#"{"method": "email", "replied_on": "{today}"}"#,
    ),
    (
        "clerk",
        "record_delivery",
        r#"{"result": "opened", "delivered_on": "{today}"}"#,
    ),
    ("officer", "archive", r#"{"retention": "10y"}"#),
];

/// Who takes an ordinary step, and its fields on a day.
#[track_caller]
pub fn ordinary(action: &str, today: &str) -> (&'static str, Value) {
    let step = STEPS.iter().find(|(_, step, _)| *step == action);
    let (who, _, fields) = step.unwrap_or_else(|| panic!("{action} is no ordinary step"));
    let fields = fields.replace("{today}", today);
    (who, serde_json::from_str(&fields).expect("fields"))
}

impl Office {
    pub fn open(database: Database) -> Self {
        Self::open_with(database, |_| {})
    }

    /// Starts with a changed configuration.
    pub fn open_with(database: Database, change: impl FnOnce(&mut Config)) -> Self {
        let app = TestApp::start_with(database, |config| {
            config.auth.access_token_minutes = 60 * 24 * 3650;
            change(config);
        });
        app.region();
        Self {
            app,
            signed_in: Mutex::default(),
        }
    }

    /// Someone of the region, or `anonymous`.
    #[track_caller]
    pub fn user(&self, username: &str) -> Actor {
        if username == "anonymous" {
            return self.app.anon();
        }
        let mut signed_in = self.signed_in.lock().expect("not poisoned");
        signed_in
            .entry(username.to_owned())
            .or_insert_with(|| self.app.user(username))
            .clone()
    }

    /// Makes someone known by a name, for accounts that the region does not have.
    pub fn sign_in(&self, username: &str, actor: Actor) {
        self.signed_in
            .lock()
            .expect("not poisoned")
            .insert(username.to_owned(), actor);
    }

    /// Another server on the same database; everybody signs in again.
    pub fn restart(&mut self) {
        self.app.restart();
        self.signed_in.get_mut().expect("not poisoned").clear();
    }

    pub fn today(&self) -> NaiveDate {
        self.app.clock.today()
    }

    /// Sets the clock to nine in the morning of a day, Chinese time.
    pub fn on(&self, day: &str) {
        let morning: DateTime<chrono::Utc> = format!("{day}T01:00:00Z").parse().expect("a day");
        self.app.clock.set(morning);
    }

    /// What the applicant of the region sends online.
    pub fn request(&self) -> Value {
        json!({
            "kind": "disclosure", "agency_id": self.app.region().office.to_string(), "description": description(),
            "form": "electronic", "route": "online", "document_ids": [],
        })
    }

    /// What a clerk enters for somebody else who came with paper today.
    pub fn entry(&self, channel: &str) -> Value {
        json!({
            "kind": "disclosure", "channel": channel, "arrived_on": self.today(), "applicant": applicant(),
            "filled_by_agency": false, "description": description(), "form": "paper", "route": "mail",
            "document_ids": [],
        })
    }

    /// Changes a field of the office's data; gives what it was before, and the answer.
    #[track_caller]
    pub fn change_agency(&self, field: &str, value: Value) -> (Value, Response) {
        let admin = self.user("admin");
        let path = format!("/api/v1/admin/agencies/{}", self.app.region().office);
        let mut agency = admin.get(&path).expect(200);
        let version: i64 = agency.header("etag").trim_matches('"').parse().unwrap();
        let before = agency.json[field].take();
        let fields = agency.json.as_object_mut().unwrap();
        let sent = [
            "name",
            "level",
            "address",
            "phone",
            "office_hours",
            "document_prefix",
            "reconsideration_organ",
            "court",
            "settings",
        ];
        fields.retain(|name, _| sent.contains(&name.as_str()));
        fields.insert(field.to_owned(), value);
        (before, admin.if_match(version).put(&path, &agency.json))
    }

    /// A request of the region's applicant.
    #[track_caller]
    pub fn apply(&self) -> Walk<'_> {
        Walk::begin(self, self.user("applicant").post("/api/v1/requests", &self.request()))
    }

    /// An application that a clerk entered.
    #[track_caller]
    pub fn enter(&self, channel: &str) -> Walk<'_> {
        self.enter_as("clerk", &self.entry(channel))
    }

    #[track_caller]
    pub fn enter_as(&self, clerk: &str, body: &Value) -> Walk<'_> {
        Walk::begin(self, self.user(clerk).post("/api/v1/cases", body))
    }

    /// How much is written about cases: equal before and after whatever was refused.
    pub fn written(&self) -> Vec<(String, i64)> {
        #[derive(diesel::QueryableByName)]
        struct Count {
            #[diesel(sql_type = Text)]
            name: String,
            #[diesel(sql_type = BigInt)]
            value: i64,
        }
        let counted = "SELECT 'cases' AS name, COUNT(*) AS value FROM cases \
             UNION ALL SELECT 'versions', CAST(COALESCE(SUM(version), 0) AS BIGINT) FROM cases \
             UNION ALL SELECT 'events', COUNT(*) FROM case_events UNION ALL SELECT 'texts', COUNT(*) FROM case_text \
             UNION ALL SELECT 'assignments', COUNT(*) FROM case_assignments \
             UNION ALL SELECT 'remedies', COUNT(*) FROM case_remedies \
             UNION ALL SELECT 'people', COUNT(*) FROM case_people \
             UNION ALL SELECT 'instruments', COUNT(*) FROM instruments UNION ALL SELECT 'drafts', COUNT(*) FROM draft_papers \
             UNION ALL SELECT 'numbers', CAST(COALESCE(SUM(value), 0) AS BIGINT) FROM counters WHERE scope <> 'directory' \
             UNION ALL SELECT 'keys', COUNT(*) FROM idempotency_keys ORDER BY 1";
        let counts: Result<Vec<Count>, Error> = self.app.app.site().store.read(|db| {
            Ok(diesel::sql_query(counted)
                .load(db)
                .map_err(gongkai::store::StoreError::from)?)
        });
        counts
            .expect("the tables are there")
            .into_iter()
            .map(|count| (count.name, count.value))
            .collect()
    }

    /// An answer in which ids are replaced by what they are, so that it is the same in every run: people by username,
    /// agencies by code, all others numbered in the order of their appearance; hashes and query codes are left out.
    pub fn shown(&self, value: &Value) -> Value {
        let region = self.app.region();
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        for user in &region.users {
            names.insert(user.id.to_string(), format!("<{}>", user.username));
        }
        names.insert(region.office.to_string(), "<CXFB>".to_owned());
        names.insert(region.department.to_string(), "<CXZR>".to_owned());
        for (number, unit) in region.office_units.iter().enumerate() {
            names.insert(unit.to_string(), format!("<unit {number}>"));
        }
        let mut others = 0;
        named(value, &mut |text| {
            if let Some(name) = names.get(text) {
                return name.clone();
            }
            if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                return "<hash>".to_owned();
            }
            if text.parse::<uuid::Uuid>().is_err() {
                return text.to_owned();
            }
            others += 1;
            let name = format!("<id {others}>");
            names.insert(text.to_owned(), name.clone());
            name
        })
    }
}

fn named(value: &Value, name: &mut impl FnMut(&str) -> String) -> Value {
    match value {
        // An address names ids between slashes.
        Value::String(text) => Value::String(text.split('/').map(name).collect::<Vec<_>>().join("/")),
        Value::Array(values) => values.iter().map(|value| named(value, name)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(key, value)| match key.as_str() {
                "query_code" => (key.clone(), json!("<query code>")),
                _ => (key.clone(), named(value, name)),
            })
            .collect::<serde_json::Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

/// Somebody who applies on paper: a fictional person with the number printed in GB 11643 as an example.
pub fn applicant() -> Value {
    json!({
        "kind": "natural_person", "name": "林晓月",
        "id_document": {"kind": "resident_id", "number": "440524188001010014"},
        "phone": "13911112222", "email": "lin.xiaoyue@example.cn", "address": "江临市澄溪县城关镇桃花巷9号302室",
    })
}

pub fn description() -> Value {
    json!({"title": "关于城北地块征收补偿方案的信息", "features": "2025年批准的城北地块土地征收补偿安置方案全文"})
}

/// One case, with the version that was last seen of it.
#[derive(Clone)]
pub struct Walk<'a> {
    pub office: &'a Office,
    pub id: String,
    pub version: i64,
    pub query_code: String,
    /// The last answer to something that succeeded.
    pub last: Value,
    done: usize,
}

impl<'a> Walk<'a> {
    #[track_caller]
    pub fn begin(office: &'a Office, submitted: Response) -> Self {
        let submitted = submitted.expect(201);
        Self {
            office,
            id: submitted.json["id"].as_str().expect("an id").to_owned(),
            version: submitted.json["version"].as_i64().expect("a version"),
            query_code: submitted.json["query_code"].as_str().expect("a query code").to_owned(),
            last: submitted.json,
            done: 0,
        }
    }

    /// The address of the case for someone: under `/requests` for the applicant.
    pub fn path(&self, who: &str) -> String {
        let side = if who == "applicant" { "requests" } else { "cases" };
        format!("/api/v1/{side}/{}", self.id)
    }

    /// Someone takes an action on the version last seen; whatever comes of it.
    pub fn ask(&self, who: &str, action: &str, fields: Value) -> Response {
        let actor = self.office.user(who).if_match(self.version);
        actor.post(&format!("{}/actions", self.path(who)), &body(action, fields))
    }

    /// Someone takes an action that must succeed.
    #[track_caller]
    pub fn act(&mut self, who: &str, action: &str, fields: Value) -> &Value {
        let answer = self.ask(who, action, fields).expect(200);
        let version = answer.json["version"].as_i64().expect("a version");
        assert_eq!(answer.header("etag"), format!("\"{version}\""));
        assert!(version > self.version, "{action} changed nothing");
        self.version = version;
        self.last = answer.json;
        if let Some((_, next, _)) = STEPS.get(self.done)
            && *next == action
        {
            self.done += 1;
        }
        &self.last
    }

    /// Someone tries what must be answered with `status`, and nothing at all may be written.
    #[track_caller]
    pub fn refused(&self, who: &str, action: &str, fields: Value, status: u16) -> Response {
        let before = self.office.written();
        let answer = self.ask(who, action, fields).expect(status);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(self.office.written(), before, "{action} was refused but left something");
        answer
    }

    /// Takes the ordinary steps up to and including this one, today.
    #[track_caller]
    pub fn through(mut self, action: &str) -> Self {
        assert!(
            STEPS.iter().any(|(_, step, _)| *step == action),
            "{action} is no ordinary step"
        );
        let today = self.office.today().to_string();
        while let Some((_, step, _)) = STEPS.get(self.done) {
            let (who, fields) = ordinary(step, &today);
            self.act(who, step, fields);
            if *step == action {
                break;
            }
        }
        self
    }

    /// A clerk has seen the applicant's document.
    #[track_caller]
    pub fn identified(mut self) -> Self {
        let seen = json!({"index": 0, "means": "copy_seen", "on": self.office.today()});
        self.act("clerk", "verify_identity", seen);
        self
    }

    /// Everyone whom the case names.
    #[track_caller]
    pub fn people(&self) -> Value {
        let path = format!("/api/v1/cases/{}/people", self.id);
        self.office.user("officer").get(&path).expect(200).json["items"].clone()
    }

    /// Marks ordinary steps as done that were done in another way.
    pub fn skip_to(&mut self, action: &str) {
        self.done = STEPS
            .iter()
            .position(|(_, step, _)| *step == action)
            .expect("an ordinary step");
    }

    #[track_caller]
    pub fn view(&self, who: &str) -> Value {
        self.office.user(who).get(&self.path(who)).expect(200).json
    }

    /// The whole log, as someone sees it.
    #[track_caller]
    pub fn events(&self, who: &str) -> Vec<Value> {
        let path = format!("/api/v1/cases/{}/events?limit=200", self.id);
        let answer = self.office.user(who).get(&path).expect(200);
        answer.json["items"].as_array().expect("a list").clone()
    }

    /// The codes of the log, in order.
    #[track_caller]
    pub fn event_codes(&self) -> Vec<String> {
        let events = self.events("officer");
        events
            .iter()
            .map(|event| event["event"].as_str().expect("a code").to_owned())
            .collect()
    }

    #[track_caller]
    pub fn clock(&self, query: &str) -> Value {
        let path = format!("/api/v1/cases/{}/clock{query}", self.id);
        self.office.user("officer").get(&path).expect(200).json
    }

    /// The newest sub-process of a kind in the last answer.
    #[track_caller]
    pub fn sub(&self, kind: &str) -> &Value {
        let all = self.last["sub_processes"].as_array().expect("a case view");
        all.iter()
            .rev()
            .find(|sub| sub["kind"] == kind)
            .unwrap_or_else(|| panic!("no {kind} in {all:#?}"))
    }

    /// Its id.
    #[track_caller]
    pub fn sub_id(&self, kind: &str) -> String {
        self.sub(kind)["id"].as_str().expect("an id").to_owned()
    }

    /// What someone is told of one action in the view of the case.
    #[track_caller]
    pub fn option(&self, who: &str, action: &str) -> Value {
        let view = self.view(who);
        let options = view["actions"].as_array().expect("a list");
        let found = options.iter().find(|option| option["action"] == action);
        found.unwrap_or_else(|| panic!("no {action} for {who}")).clone()
    }
}

/// The body of an action.
pub fn body(action: &str, mut fields: Value) -> Value {
    fields["action"] = json!(action);
    fields
}
