//! Two applications from submission to archive, one online and one on paper, and how each side sees them on the way.

use gongkai::auth::passwords::DEMO_PASSWORD;
use serde_json::{Value, json};

use crate::harness::case::description;
use crate::harness::{Office, Walk, both};

/// What a person may do in a case now.
fn allowed(view: &Value) -> Vec<&str> {
    let actions = view["actions"].as_array().unwrap().iter();
    actions
        .filter(|action| action["allowed"] == true)
        .map(|action| action["action"].as_str().unwrap())
        .collect()
}

/// The view but for the list of actions, of which one snapshot is enough.
fn without_actions(mut view: Value) -> Value {
    assert!(!view["actions"].as_array().unwrap().is_empty());
    view.as_object_mut().unwrap().remove("actions");
    view
}

fn reached(view: &Value) -> Vec<(&str, Option<&str>)> {
    let steps = view["steps"].as_array().unwrap().iter();
    steps
        .map(|step| (step["step"].as_str().unwrap(), step["reached_on"].as_str()))
        .collect()
}

/// The clock of a view in one line: status, due date, days used and left.
fn clock_of(view: &Value) -> String {
    let clock = &view["clock"];
    let day = |name: &str| clock[name].as_str().unwrap_or("-").to_owned();
    format!(
        "{} due {} projected {} used {} left {}",
        clock["status"].as_str().unwrap(),
        day("due_on"),
        day("projected_due_on"),
        clock["used"],
        clock["left"],
    )
}

fn items(consultation: Option<&str>) -> Value {
    let withheld = match consultation {
        None => json!({
            "description": "讨论会议记录", "outcome": "process_information", "article": "第十六条第二款",
            "ground": "讨论记录", "explanation": "属于行政机关在履行管理职能过程中形成的讨论记录。",
        }),
        Some(id) => json!({
            "description": "评估机构报价", "outcome": "third_party_rights", "article": "第十五条",
            "explanation": "涉及第三方商业秘密，第三方不同意公开。", "consultation_id": id,
        }),
    };
    json!([{"description": "补偿安置方案", "outcome": "granted", "where": "附件一"}, withheld])
}

both! {
    fn an_online_application_goes_from_submission_to_archive(db) {
        let office = Office::open(db);
        let mut case = office.apply();
        insta::assert_json_snapshot!("online_submitted", office.shown(&case.last));
        let submitted = case.view("officer");
        assert_eq!(clock_of(&submitted), "not_started due - projected - used 0 left 0");
        assert_eq!(allowed(&submitted), [
            "record_contact_attempt", "confirm_receipt", "close_intake", "take", "hand_over", "change_contact", "add_party",
            "remove_party", "narrow_request", "succeed_party", "reply_on_the_spot", "note_force_majeure",
            "verify_identity", "join_persons", "part_persons", "add_document", "correct_fact",
        ]);

        case.act("applicant", "confirm_submission", json!({}));
        case.act("officer", "confirm_receipt", json!({"received_on": "2026-03-10"}));
        assert_eq!(case.last["number"], "CXFB-2026-00001");
        assert_eq!(case.last["owner"]["name"], "沈志远");
        assert_eq!(case.last["rule_set"], "regulation-2019");
        assert_eq!(clock_of(&case.last), "running due 2026-04-08 projected - used 0 left 20");
        case.skip_to("review_formally");
        case = case.through("review_formally");
        insta::assert_json_snapshot!("online_registered", office.shown(&case.last));
        case = case.through("review_substantively");

        office.on("2026-03-12");
        let unit = office.app.region().office_units[0].to_string();
        case.act("officer", "assign", json!({"unit_id": unit, "due_on": "2026-03-18", "note": "请检索"}));
        let assignment = case.sub_id("assignment");
        case.act("handler", "answer_assignment", json!({
            "assignment_id": assignment, "result": "found",
            "search": {"scope": "2025年征收档案", "systems": ["档案管理系统"], "keywords": ["城北", "补偿"],
                "searched_by": "陆海峰", "searched_on": "2026-03-12"},
        }));
        assert_eq!(case.sub("assignment")["status"], "answered");

        office.on("2026-03-16");
        case.act("officer", "draft_reply", json!({"items": items(None)}));
        // Something is withheld, so approval needs the legal review, and release the secrecy review before it.
        let early = case.refused("officer", "submit_for_approval", json!({}), 409);
        assert_eq!(early.code(), "secrecy_review_missing");
        case.act("secrecy", "review_secrecy", json!({"verdicts": [{"item": 0, "verdict": "release"}]}));
        assert_eq!(case.refused("officer", "submit_for_approval", json!({}), 409).code(), "legal_review_required");
        case.act("officer", "submit_for_legal_review", json!({}));
        case.act("legal", "review_legally", json!({"opinion": "pass"}));
        case.act("officer", "submit_for_approval", json!({}));
        case.act("approver", "approve_reply", json!({}));
        case.act("officer", "issue_reply", json!({"method": "online", "replied_on": "2026-03-16"}));
        assert_eq!((&case.last["state"], &case.last["outcome"]), (&json!("replied"), &json!("partly_granted")));
        assert_eq!(clock_of(&case.last), "stopped due 2026-04-08 projected - used 4 left 16");
        insta::assert_json_snapshot!("online_replied_applicant", office.shown(&without_actions(case.view("applicant"))));

        office.on("2026-03-17");
        case.act("applicant", "record_delivery", json!({"result": "opened", "delivered_on": "2026-03-17"}));
        assert_eq!(reached(&case.last), [
            ("submitted", Some("2026-03-10")), ("received", Some("2026-03-10")), ("handling", Some("2026-03-10")),
            ("replied", Some("2026-03-16")), ("finished", Some("2026-03-17")),
        ]);
        case.act("clerk", "archive", json!({"retention": "10y", "volume": "2026-依申请公开-001"}));
        insta::assert_json_snapshot!("online_archived", office.shown(&without_actions(case.view("officer"))));
        insta::assert_json_snapshot!("online_events", office.shown(&json!(case.events("officer"))));

        let numbers = [case.last["number"].as_str().unwrap(), case.last["intake_number"].as_str().unwrap()];
        for number in numbers {
            let track = office.app.anon().get(&format!("/api/v1/track?number={number}&code={}", case.query_code));
            insta::assert_json_snapshot!("online_tracked", office.shown(&track.expect(200).json));
        }
        let list = office.user("applicant").get("/api/v1/requests").expect(200);
        insta::assert_json_snapshot!("online_request_list", office.shown(&list.json));
    }

    fn a_letter_is_amended_consulted_extended_answered_and_archived(db) {
        let office = Office::open(db);
        office.on("2026-03-12");
        let mut entry = office.entry("registered_mail");
        entry["arrived_on"] = json!("2026-03-10");
        let mut case = office.enter_as("clerk", &entry);

        // Registered mail is received on the day it arrived, whatever the clerk would like.
        let wrong_day = json!({"received_on": "2026-03-12"});
        let refusal = case.refused("clerk", "confirm_receipt", wrong_day, 409);
        insta::assert_json_snapshot!("letter_refused_receipt", office.shown(&refusal.json));
        // Written down two days later: within the three that the agency gives.
        case.act("clerk", "confirm_receipt", json!({"received_on": "2026-03-10"}));
        assert_eq!(case.last["owner"]["name"], "许文静");
        case.act("officer", "take", json!({}));

        case.act("officer", "request_amendment", json!({
            "notified_on": "2026-03-12", "defects": ["请写明地块名称", "请写明批准年份"], "delivered_on": "2026-03-12",
        }));
        assert_eq!(clock_of(&case.last), "awaiting_amendment due - projected - used 2 left 18");
        assert_eq!(case.sub("amendment_notice")["due_on"], "2026-04-02");

        office.on("2026-03-20");
        let mut amended = description();
        amended["title"] = json!("关于城北三号地块征收补偿方案的信息");
        case.act("clerk", "receive_amendment", json!({"received_on": "2026-03-20", "description": amended}));
        assert_eq!(case.last["description"]["title"], "关于城北三号地块征收补偿方案的信息");
        assert_eq!(clock_of(&case.last), "running due 2026-04-20 projected - used 0 left 20");

        office.on("2026-03-23");
        case.skip_to("review_formally");
        case = case.through("review_substantively");
        case.act("officer", "consult_third_party", json!({
            "party": {"name": "澄溪某评估有限公司", "address": "澄溪县工业路8号", "phone": "0799-6288888"},
            "concerning": "贵公司报送的评估报价", "sent_on": "2026-03-23",
        }));
        // Not delivered yet: nobody knows when a silent party's time ends.
        assert_eq!(clock_of(&case.last), "suspended due - projected - used 1 left 19");
        let consultation = case.sub_id("consultation");
        office.on("2026-03-25");
        case.act("clerk", "record_notice_delivery", json!({
            "target": "consultation", "id": consultation, "delivered_on": "2026-03-25", "method": "特快专递",
        }));
        assert_eq!(case.sub("consultation")["due_on"], "2026-04-16");
        assert_eq!(clock_of(&case.last), "suspended due - projected 2026-05-15 used 1 left 19");
        office.on("2026-03-30");
        case.act("officer", "record_opinion", json!({
            "consultation_id": consultation, "received_on": "2026-03-30", "opinion": "object", "reason": "涉及商业秘密",
        }));
        assert_eq!(clock_of(&case.last), "running due 2026-04-27 projected - used 1 left 19");

        office.on("2026-03-31");
        case.act("officer", "propose_extension", json!({"working_days": 10, "reason": "评估资料较多"}));
        case.act("approver", "approve_extension", json!({"notified_on": "2026-03-31"}));
        // Labour Day takes 1 to 5 May; Saturday 9 May is worked for it.
        assert_eq!(clock_of(&case.last), "running due 2026-05-13 projected - used 2 left 28");
        let again = json!({"working_days": 5, "reason": "仍需时间"});
        assert_eq!(case.refused("officer", "propose_extension", again, 409).code(), "extension_already_used");

        office.on("2026-04-13");
        case.act("officer", "draft_reply", json!({"items": items(Some(&consultation))}));
        let verdicts = json!({"verdicts": [{"item": 0, "verdict": "redact", "note": "遮盖个人信息"}]});
        case.act("secrecy", "review_secrecy", verdicts);
        case.act("officer", "submit_for_legal_review", json!({}));
        case.act("legal", "review_legally", json!({"opinion": "return", "note": "补充第三方意见"}));
        assert_eq!(case.last["state"], "in_progress");
        case.act("officer", "draft_reply", json!({"items": items(Some(&consultation))}));
        case.act("officer", "submit_for_legal_review", json!({}));
        case.act("legal", "review_legally", json!({
            "opinion": "pass_with_changes", "note": "其余无意见", "changes": ["理由部分写明第三方的意见"],
        }));
        assert_eq!(case.last["state"], "in_progress");
        case.act("officer", "submit_for_approval", json!({"changes": [{"made": true}]}));
        case.act("approver", "approve_reply", json!({}));
        office.on("2026-04-14");
        case.act("officer", "issue_reply", json!({"method": "mail", "replied_on": "2026-04-14"}));
        office.on("2026-04-16");
        case.act("clerk", "record_delivery", json!({
            "result": "signed", "delivered_on": "2026-04-16", "proof": "EMS 回执",
        }));
        case.act("officer", "archive", json!({"retention": "30y"}));
        assert_eq!(case.last["clock"]["missed_on"], Value::Null);
        insta::assert_json_snapshot!("letter_archived", office.shown(&without_actions(case.view("supervisor"))));
        insta::assert_json_snapshot!("letter_events", office.shown(&json!(case.events("clerk"))));

        clock_of_the_letter(&case);
    }

    fn the_clock_of_a_case_needs_a_case_in_sight_and_a_sound_day(db) {
        let office = Office::open(db);
        let case = office.apply();
        let path = format!("/api/v1/cases/{}/clock", case.id);
        for (query, pointer) in [
            ("?as_of=2026-02-30", "?as_of"),
            ("?as_of=9999-01-01", "?as_of"),
            ("?explain=perhaps", "?explain"),
            ("?days=1", "?days"),
        ] {
            let answer = office.user("officer").get(&format!("{path}{query}")).expect(422);
            assert_eq!(answer.pointers(), [pointer]);
            // Who must not know of the case is not told that the question is wrong either.
            office.user("officer2").get(&format!("{path}{query}")).expect(404);
            office.app.anon().with_token("e30.e30.e30").get(&format!("{path}{query}")).expect(401);
        }
        assert_eq!(case.clock("?explain=true")["status"], "not_started");
    }

    fn the_hash_chain_of_the_log_links_every_entry(db) {
        let office = Office::open(db);
        let case = office.enter("in_person").through("archive");
        let events = case.events("officer");
        assert_eq!(events.len(), 11);
        let mut previous = String::new();
        for (index, event) in events.iter().enumerate() {
            assert_eq!(event["seq"], index + 1);
            assert_eq!(event["previous_hash"], previous);
            previous = event["hash"].as_str().unwrap().to_owned();
            assert_eq!(previous.len(), 64);
        }
        // In pages, and with nothing repeated.
        let mut cursor = String::new();
        let mut paged = Vec::new();
        loop {
            let path = format!("/api/v1/cases/{}/events?limit=4{cursor}", case.id);
            let page = office.user("officer").get(&path).expect(200).json;
            paged.extend(page["items"].as_array().unwrap().clone());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(paged, events);
    }

    fn an_applicant_s_own_account_is_made_and_used_without_help(db) {
        let office = Office::open(db);
        let anyone = office.app.anon();
        anyone.post("/api/v1/auth/register", &json!({
            "username": "new.applicant", "password": "a long passphrase",
            "applicant": {
                "kind": "business", "name": "澄溪某科技有限公司", "legal_representative": "王立", "phone": "0799-6001234",
                "id_document": {"kind": "uscc", "number": "91350100M000100Y43"},
            },
        })).expect(201);
        let login = office.app.login("new.applicant", "a long passphrase").expect(200);
        let me = anyone.with_token(login.json["access_token"].as_str().unwrap());
        let made = me.post("/api/v1/requests", &office.request()).expect(201);
        assert_eq!(made.header("location"), format!("/api/v1/requests/{}", made.json["id"].as_str().unwrap()));
        assert_eq!(made.header("etag"), "\"1\"");
        assert_eq!(made.json["applicant"]["kind"], "business");
        let shown = me.get(made.header("location")).expect(200);
        assert_eq!(shown.json.get("query_code"), None, "the query code is told once");
        assert_ne!(office.app.login("new.applicant", DEMO_PASSWORD).status, 200);
    }
}

/// The clock of the letter as it was on several days of its way, and day by day.
fn clock_of_the_letter(case: &Walk<'_>) {
    for (as_of, expected) in [
        ("2026-03-09", "not_started due - projected - used 0 left 0"),
        ("2026-03-11", "running due 2026-04-08 projected - used 1 left 19"),
        ("2026-03-12", "awaiting_amendment due - projected - used 2 left 18"),
        ("2026-03-20", "running due 2026-04-20 projected - used 0 left 20"),
        ("2026-03-24", "suspended due - projected - used 1 left 19"),
        ("2026-03-27", "suspended due - projected 2026-05-15 used 1 left 19"),
        ("2026-03-30", "running due 2026-04-27 projected - used 1 left 19"),
        ("2026-03-31", "running due 2026-05-13 projected - used 2 left 28"),
        ("2026-04-14", "stopped due 2026-05-13 projected - used 11 left 19"),
        ("2026-12-31", "stopped due 2026-05-13 projected - used 11 left 19"),
    ] {
        let clock = case.clock(&format!("?as_of={as_of}"));
        assert_eq!(clock_of(&json!({"clock": clock})), expected, "as of {as_of}");
    }
    let explained = case.clock("?as_of=2026-03-31&explain=true");
    let days: Vec<String> = explained["days"]
        .as_array()
        .unwrap()
        .iter()
        .map(|day| {
            let counted = day["counted"].as_i64().map(|number| number.to_string());
            let reason = day["reason"].as_str().unwrap_or_default();
            let detail = day["detail"].as_str().map(|text| format!(" {text}"));
            let text = counted.unwrap_or_else(|| format!("{reason}{}", detail.unwrap_or_default()));
            format!("{} {text}", day["date"].as_str().unwrap())
        })
        .collect();
    insta::assert_snapshot!("letter_days", days.join("\n"));
}
