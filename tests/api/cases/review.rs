//! Sequences in which one step changes what another means: parts of an amended application, releases over an objection,
//! limits that an agency sets, lists that are right on a day on which nobody wrote anything.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::harness::case::{body, ordinary};
use crate::harness::{Database, Response, TestApp, both};

const CASES: &str = "/api/v1/cases";

/// One case of the office, handled by its people.
struct Handled<'a> {
    app: &'a TestApp,
    id: String,
    version: i64,
}

impl Handled<'_> {
    #[track_caller]
    fn send(&mut self, user: &str, body: Value) -> Response {
        let path = match user {
            "applicant" => format!("/api/v1/requests/{}/actions", self.id),
            _ => format!("{CASES}/{}/actions", self.id),
        };
        let answer = self.app.user(user).if_match(self.version).post(&path, &body);
        if let Some(version) = answer.json["version"].as_i64() {
            self.version = version;
        }
        answer
    }

    #[track_caller]
    fn act(&mut self, user: &str, body: Value) -> Value {
        self.send(user, body).expect(200).json
    }

    #[track_caller]
    fn refused(&mut self, user: &str, body: Value) -> String {
        self.send(user, body).expect(409).code().to_owned()
    }

    fn sub(&self, kind: &str) -> Value {
        let view = self.view();
        let subs = view["sub_processes"].as_array().unwrap().clone();
        subs.into_iter().rev().find(|sub| sub["kind"] == kind).unwrap()
    }

    fn view(&self) -> Value {
        self.app
            .user("officer")
            .get(&format!("{CASES}/{}", self.id))
            .expect(200)
            .json
    }

    fn review(&mut self) {
        for action in ["review_formally", "review_substantively"] {
            let (who, fields) = ordinary(action, "");
            self.act(who, body(action, fields));
        }
    }
}

fn on(app: &TestApp, day: &str) {
    let morning: DateTime<Utc> = format!("{day}T01:00:00Z").parse().unwrap();
    app.clock.set(morning);
}

/// Sent online by the applicant of the region and received the same day.
fn received<'a>(app: &'a TestApp, kind: &str) -> Handled<'a> {
    let today = app.clock.today();
    let body = json!({
        "kind": kind, "agency_id": app.region().office.to_string(), "form": "electronic", "route": "online",
        "description": {"title": "征收补偿方案和评估报告", "features": "城东片区"}, "document_ids": [],
    });
    let made = app.user("applicant").post("/api/v1/requests", &body).expect(201).json;
    let mut case = Handled {
        app,
        id: made["id"].as_str().unwrap().to_owned(),
        version: made["version"].as_i64().unwrap(),
    };
    case.act(
        "clerk",
        json!({"action": "confirm_receipt", "received_on": today, "evidence": {"means": "phone", "by": "沈志远"}}),
    );
    case
}

fn listed(app: &TestApp, user: &str, path: &str, id: &str) -> Option<Value> {
    let items = app.user(user).get(path).expect(200).json["items"].clone();
    items.as_array().unwrap().iter().find(|line| line["id"] == id).cloned()
}

fn request_amendment(app: &TestApp) -> Value {
    json!({"action": "request_amendment", "notified_on": app.clock.today(), "defects": ["请写明所需信息的名称"], "delivered_on": app.clock.today()})
}

fn consult(app: &TestApp) -> Value {
    let today = app.clock.today();
    json!({"action": "consult_third_party", "party": {"name": "某评估有限公司"}, "concerning": "评估报告",
        "sent_on": today, "delivered_on": today})
}

fn start(db: Database) -> TestApp {
    let app = TestApp::start(db);
    on(&app, "2026-03-10");
    app
}

both! {
    /// Art 30: a reasonable time, which an agency may set for itself.
    fn the_agency_sets_its_own_time_to_amend(db) {
        let app = start(db);
        let admin = app.user("admin");
        let path = format!("/api/v1/admin/agencies/{}", app.region().office);
        let mut agency = admin.get(&path).expect(200);
        let version: i64 = agency.header("etag").trim_matches('"').parse().unwrap();
        let fields = agency.json.as_object_mut().unwrap();
        let sent = ["name", "level", "address", "phone", "office_hours", "document_prefix", "reconsideration_organ", "court"];
        fields.retain(|name, _| sent.contains(&name.as_str()));
        fields.insert("settings".to_owned(), json!({"amendment_working_days": 7}));
        admin.if_match(version).put(&path, &agency.json).expect(200);

        let mut case = received(&app, "disclosure");
        case.act("officer", request_amendment(&app));
        assert_eq!(case.sub("amendment_notice")["due_on"], "2026-03-19");
    }

    /// 一事一申请: the parts of an amended application have the clock of the whole, not one that ran out before they began.
    fn parts_of_an_amended_application_keep_its_clock(db) {
        let app = start(db);
        let mut case = received(&app, "disclosure");
        case.act("officer", request_amendment(&app));
        on(&app, "2026-03-24");
        case.act("applicant", json!({"action": "receive_amendment", "received_on": "2026-03-24"}));
        case.act("officer", json!({"action": "propose_extension", "working_days": 5, "reason": "检索量大"}));
        case.act("approver", json!({"action": "approve_extension", "notified_on": "2026-03-24"}));
        let split = case.act("officer", json!({"action": "split", "parts": [
            {"title": "征收补偿方案", "features": "城东片区"}, {"title": "评估报告", "features": "城东片区"}]}));
        let part = split["split_into"][0].as_str().unwrap();
        let view = app.user("officer").get(&format!("{CASES}/{part}")).expect(200).json;
        assert_eq!(view["received_on"], "2026-03-10");
        assert_eq!(view["state"], "registered");
        for figure in ["day_zero", "allowance", "due_on", "missed_on", "status"] {
            assert_eq!(view["clock"][figure], split["clock"][figure], "{figure}");
        }
        assert_eq!(view["clock"]["day_zero"], "2026-03-24");
        assert_eq!(view["clock"]["allowance"], 25);
        // Asked once: the parts are the same application.
        let mut part = Handled { app: &app, id: part.to_owned(), version: view["version"].as_i64().unwrap() };
        assert_eq!(part.refused("officer", request_amendment(&app)), "amendment_already_requested");
    }

    /// Art 32: leaving the consultation out of the draft does not make the objection go away.
    fn nothing_is_released_over_an_objection_that_nobody_answered(db) {
        let app = start(db);
        let mut case = received(&app, "disclosure");
        case.review();
        case.act("officer", consult(&app));
        let id = case.sub("consultation")["id"].clone();
        // The reasons may stand in the letter that is kept.
        case.act("officer", json!({"action": "record_opinion", "consultation_id": id, "received_on": "2026-03-10", "opinion": "object"}));
        let granted = json!({"description": "评估报告", "outcome": "granted", "where": "附件"});
        let withheld = json!({"description": "评估报告", "outcome": "third_party_rights", "article": "第十五条",
            "explanation": "涉及商业秘密", "consultation_id": id});
        let sign = |case: &mut Handled, items: Value| {
            case.act("officer", json!({"action": "draft_reply", "items": items}));
            case.act("secrecy", json!({"action": "review_secrecy", "verdicts": [{"item": 0, "verdict": "release"}]}));
            if items.as_array().unwrap().len() > 1 {
                case.act("officer", json!({"action": "submit_for_legal_review"}));
                case.act("legal", json!({"action": "review_legally", "opinion": "return"}));
                case.act("officer", json!({"action": "submit_for_legal_review"}));
                case.act("legal", json!({"action": "review_legally", "opinion": "pass"}));
            }
            case.act("officer", json!({"action": "submit_for_approval"}));
            case.act("approver", json!({"action": "approve_reply"}));
        };
        let issue = json!({"action": "issue_reply", "method": "mail", "replied_on": "2026-03-10"});
        sign(&mut case, json!([granted]));
        assert_eq!(case.refused("officer", issue.clone()), "objector_not_told");
        // What is withheld for its sake answers it.
        case.act("approver", json!({"action": "return_reply", "reason": "第三方不同意公开"}));
        sign(&mut case, json!([{"description": "补偿方案", "outcome": "granted", "where": "附件"}, withheld]));
        case.act("officer", issue);
    }

    /// Fields come before the workflow.
    fn an_incomplete_draft_is_told_in_any_state(db) {
        let app = start(db);
        let mut case = received(&app, "disclosure");
        let draft = |item: Value| json!({"action": "draft_reply", "items": [item]});
        let incomplete = case.send("officer", draft(json!({"description": "方案", "outcome": "granted"}))).expect(422);
        assert_eq!(incomplete.pointers(), ["/items/0/where"]);
        let complete = draft(json!({"description": "方案", "outcome": "granted", "where": "附件"}));
        assert_eq!(case.refused("officer", complete), "wrong_state");
    }

    /// Art 41 is not Art 35 or 42.
    fn a_correction_of_a_record_costs_nothing(db) {
        let app = start(db);
        let mut case = received(&app, "correction");
        case.review();
        let fee = json!({"action": "issue_fee_notice", "scheme": "per_page", "count": 120, "issued_on": "2026-03-10"});
        assert_eq!(case.refused("officer", fee), "not_for_corrections");
        assert_eq!(case.refused("officer", json!({"action": "request_reasons"})), "not_for_corrections");
    }

    /// Who confirms a correction sees both values, as far as the party is shown at all.
    fn a_corrected_applicant_is_shown_before_it_is_confirmed(db) {
        let app = start(db);
        let mut case = received(&app, "disclosure");
        let applicant = json!({"kind": "natural_person", "name": "陈明远", "phone": "13800000001",
            "id_document": {"kind": "resident_id", "number": "11010519491231002X"}});
        case.act("officer", json!({"action": "correct_fact", "seq": 1, "field": "applicant", "value": applicant, "reason": "姓名有误"}));
        let log = app.user("approver").get(&format!("{CASES}/{}/events", case.id)).expect(200).json;
        let proposal = &log["items"][2]["data"];
        assert_eq!(proposal["value"]["name"], "陈明远");
        assert!(proposal["old_value"]["name"].is_string());
        let text = log.to_string();
        assert!(!text.contains("11010519491231002X") && !text.contains("13800000001"), "{text}");
        assert!(listed(&app, "approver", &format!("{CASES}?queue=to_approve"), &case.id).is_some());
    }

    /// Nothing is written on the day on which silence ends a suspension, or on which a due date passes.
    fn lists_are_right_on_days_without_entries(db) {
        let app = start(db);
        let mut case = received(&app, "disclosure");
        case.review();
        case.act("officer", consult(&app));
        let own = "/api/v1/requests";
        let line = |queue: &str| listed(&app, "officer", &format!("{CASES}?queue={queue}"), &case.id);
        // The 15th working day after 2026-03-10 is 2026-03-31.
        on(&app, "2026-03-31");
        assert!(line("suspended").is_some());
        assert_eq!(listed(&app, "applicant", own, &case.id).unwrap()["due_on"], Value::Null);
        on(&app, "2026-04-01");
        assert!(line("suspended").is_none());
        let request = app.user("applicant").get(&format!("{own}/{}", case.id)).expect(200).json;
        assert_eq!(request["due_on"], "2026-04-29");
        assert_eq!(listed(&app, "applicant", own, &case.id).unwrap()["due_on"], request["due_on"]);
        let handling = request["steps"][2]["note"].as_str().unwrap();
        assert!(!handling.contains("征求"), "{handling}");
        on(&app, "2026-04-29");
        assert!(line("overdue").is_none() && line("due_soon").is_some());
        on(&app, "2026-04-30");
        let late = line("overdue").unwrap();
        assert_eq!((&late["overdue"], &late["missed_on"]), (&json!(true), &json!("2026-04-29")));
        assert_eq!(case.view()["clock"]["missed_on"], late["missed_on"]);

        // A letter sent after the due date suspends: no due date, so not overdue, but missed all the same.
        case.act("officer", consult(&app));
        let view = case.view();
        assert_eq!((&view["clock"]["overdue"], &view["clock"]["missed_on"]), (&json!(false), &json!("2026-04-29")));
        assert!(listed(&app, "officer", &format!("{CASES}?queue=overdue"), &case.id).is_none());
        let line = listed(&app, "officer", &format!("{CASES}?queue=suspended"), &case.id).unwrap();
        assert_eq!((&line["overdue"], &line["missed_on"]), (&json!(false), &json!("2026-04-29")));
    }

    /// Lists name what can be done: while the applicant is awaited, no extension can be approved and nothing suspends.
    fn what_waits_for_the_applicant_waits_for_nobody_else(db) {
        let app = start(db);
        let mut case = received(&app, "disclosure");
        case.review();
        case.act("officer", consult(&app));
        case.act("officer", json!({"action": "propose_extension", "working_days": 5, "reason": "检索量大"}));
        let in_queue = |queue: &str| listed(&app, "approver", &format!("{CASES}?queue={queue}"), &case.id).is_some();
        assert!(in_queue("to_approve") && in_queue("suspended") && !in_queue("awaiting"));
        case.act("officer", request_amendment(&app));
        let in_queue = |queue: &str| listed(&app, "approver", &format!("{CASES}?queue={queue}"), &case.id).is_some();
        assert!(!in_queue("to_approve") && !in_queue("suspended") && in_queue("awaiting"));
        assert_eq!(case.view()["clock"]["status"], "awaiting_amendment");
    }
}
