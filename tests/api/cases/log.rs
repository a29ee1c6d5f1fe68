//! The log is the truth and only grows: the same after a restart, late entries known, corrections beside what they
//! correct.

use serde_json::{Value, json};

use crate::harness::{Office, Walk, both};

fn lines(office: &Office, who: &str, query: &str) -> Vec<Value> {
    let list = office.user(who).get(&format!("/api/v1/cases?{query}")).expect(200);
    list.json["items"].as_array().unwrap().clone()
}

/// A case received on 10 March that was taken to court, with entries of every kind.
fn eventful(office: &Office) -> Walk<'_> {
    let mut case = office.enter("ordinary_mail").through("review_substantively");
    case.act(
        "officer",
        "consult_agency",
        json!({
            "agency_name": "澄溪县自然资源局", "concerning": "共同制作的方案", "joint": true, "sent_on": "2026-03-10",
        }),
    );
    office.on("2026-03-12");
    case.act(
        "officer",
        "file_remedy",
        json!({"kind": "direct_suit", "filed_on": "2026-03-12", "organ": "澄溪县人民法院"}),
    );
    let remedy = case.sub_id("remedy");
    case.act(
        "officer",
        "decide_remedy",
        json!({"remedy_id": remedy, "decided_on": "2026-03-12", "result": "other"}),
    );
    case
}

both! {
    fn a_case_and_its_log_are_the_same_after_a_restart(db) {
        let mut office = Office::open(db);
        let id = eventful(&office).id;
        let read = |office: &Office| {
            let officer = office.user("officer");
            let get = |of: &str| officer.get(&format!("/api/v1/cases/{id}{of}")).expect(200).text;
            ["", "/events?limit=200", "/clock?explain=true"].map(get)
        };
        let before = read(&office);
        office.restart();
        assert_eq!(read(&office), before);
    }

    fn what_was_answered_stays_the_beginning_of_the_log(db) {
        let office = Office::open(db);
        let mut case = office.enter("in_person").through("draft_reply");
        let mut known = case.events("officer");
        for (who, action, fields) in [
            ("secrecy", "review_secrecy", json!({"verdicts": [{"item": 0, "verdict": "withhold", "ground": "内部事项"}]})),
            ("officer", "draft_reply", json!({"items": [{"description": "方案", "outcome": "granted", "where": "附件"}]})),
            ("secrecy", "review_secrecy", json!({"verdicts": [{"item": 0, "verdict": "release"}]})),
            ("officer", "submit_for_approval", json!({})),
            ("approver", "return_reply", json!({"reason": "请补充"})),
            ("applicant-by-letter", "withdraw", json!({"reason": "不再需要"})),
        ] {
            case.act(if who == "applicant-by-letter" { "clerk" } else { who }, action, fields);
            let now = case.events("officer");
            assert_eq!(now[..known.len()], known[..], "{action} changed what was written");
            assert_eq!(now.len(), known.len() + 1);
            known = now;
        }
        let written: Vec<(&str, &str)> = known.iter()
            .map(|event| (event["event"].as_str().unwrap(), event["actor"]["role"].as_str().unwrap()))
            .collect();
        assert_eq!(written, [
            ("submitted", "clerk"), ("receipt_confirmed", "officer"), ("formally_reviewed", "officer"),
            ("substantively_reviewed", "officer"), ("reply_drafted", "officer"), ("secrecy_reviewed", "secrecy"),
            ("reply_drafted", "officer"), ("secrecy_reviewed", "secrecy"), ("approval_requested", "officer"),
            ("reply_returned", "approver"), ("withdrawn", "clerk"),
        ]);
    }

    fn both_dates_stand_in_the_log_and_late_entries_are_the_supervisor_s_to_see(db) {
        let office = Office::open(db);
        let punctual = office.enter("in_person").through("confirm_receipt");
        office.on("2026-03-17");
        let mut entry = office.entry("registered_mail");
        entry["arrived_on"] = json!("2026-03-11");
        let mut case = office.enter_as("clerk", &entry);
        // An arrival in the past is no late entry.
        assert_eq!(lines(&office, "supervisor", "queue=late_entries"), [] as [Value; 0]);
        let receipt = json!({"received_on": "2026-03-11", "late_entry_reason": "出差期间邮件由门卫签收"});
        case.act("clerk", "confirm_receipt", receipt);
        let logged = &case.events("supervisor")[1];
        assert_eq!(logged["occurred_on"], "2026-03-11");
        assert_eq!(logged["recorded_at"], "2026-03-17T01:00:00Z");
        assert_eq!(logged["late_entry_reason"], "出差期间邮件由门卫签收");
        assert_eq!(logged["late_entry"], "inside");
        for who in ["supervisor", "officer"] {
            let late = lines(&office, who, "queue=late_entries");
            assert_eq!(late.len(), 1);
            assert_eq!((&late[0]["id"], &late[0]["late_entries"]), (&json!(case.id), &json!(1)));
        }
        assert_eq!(lines(&office, "officer2", "queue=late_entries"), [] as [Value; 0]);
        assert_ne!(punctual.id, case.id);
    }

    fn a_correction_keeps_both_values_the_reason_and_the_number(db) {
        let office = Office::open(db);
        let mut entry = office.entry("ordinary_mail");
        office.on("2026-03-12");
        entry["arrived_on"] = json!("2026-03-10");
        let mut case = office.enter_as("clerk", &entry).through("review_formally");
        assert_eq!(case.last["clock"]["due_on"], "2026-04-10");
        let fix = json!({"seq": 2, "field": "received_on", "value": "2026-03-11", "reason": "电话记录为十一日"});
        case.act("officer", "correct_fact", fix.clone());
        assert_eq!(case.sub("correction")["status"], "open");
        assert_eq!(case.last["received_on"], "2026-03-12", "a proposal changes nothing");
        assert_eq!(case.refused("officer", "correct_fact", fix, 409).code(), "correction_pending");
        case.refused("officer", "confirm_correction", json!({"seq": 2}), 403);
        assert_eq!(lines(&office, "approver", "queue=to_approve").len(), 1);
        case.act("approver", "confirm_correction", json!({"seq": 2}));
        assert_eq!(case.last["received_on"], "2026-03-11");
        assert_eq!(case.last["clock"]["due_on"], "2026-04-09");
        assert_eq!(case.last["number"], "CXFB-2026-00001");
        let events = case.events("officer");
        assert_eq!(events[1]["data"]["received_on"], "2026-03-12", "what was entered stays");
        assert_eq!(events[3]["event"], "correction_proposed");
        let proposal = &events[3]["data"];
        assert_eq!((&proposal["value"], &proposal["old_value"]), (&json!("2026-03-11"), &json!("2026-03-12")));
        assert_eq!(proposal["reason"], "电话记录为十一日");
        assert_eq!(events[4]["event"], "correction_confirmed");
        assert_eq!(events[4]["actor"]["role"], "approver");
        let again = case.refused("approver", "confirm_correction", json!({"seq": 2}), 409);
        assert_eq!(again.code(), "no_correction_proposed");
    }

    fn a_correction_that_makes_a_later_entry_impossible_names_that_entry(db) {
        let office = Office::open(db);
        let mut entry = office.entry("ordinary_mail");
        entry["arrived_on"] = json!("2026-03-10");
        let mut case = office.enter_as("clerk", &entry).through("review_formally");
        office.on("2026-03-16");
        // The reviews are of 10 March: the receipt cannot lie after them.
        let fix = json!({"seq": 2, "field": "received_on", "value": "2026-03-12", "reason": "看错"});
        let refusal = case.refused("officer", "correct_fact", fix, 409);
        assert_eq!(refusal.code(), "correction_impossible");
        assert!(refusal.json["detail"].as_str().unwrap().contains("第 3 条"), "{}", refusal.text);
        case.act("officer", "correct_fact", json!({"seq": 1, "field": "channel", "value": "fax", "reason": "登记错"}));
        case.act("approver", "reject_correction", json!({"seq": 1, "reason": "原登记无误"}));
        assert_eq!(case.last["channel"], "ordinary_mail");
        assert_eq!(case.sub("correction")["status"], "rejected");
        let future = json!({"seq": 2, "field": "received_on", "value": "2026-03-17", "reason": "看错"});
        assert_eq!(case.refused("officer", "correct_fact", future, 422).pointers(), ["/value"]);
    }

    fn corrected_people_are_masked_where_they_were_corrected(db) {
        let office = Office::open(db);
        let mut case = office.enter("in_person").through("draft_reply");
        let mut person = crate::harness::case::applicant();
        person["phone"] = json!("13722223333");
        person["id_document"]["number"] = json!("11010519491231002X");
        case.act("officer", "correct_fact", json!({"seq": 1, "field": "applicant", "value": person, "reason": "抄录有误"}));
        case.act("approver", "confirm_correction", json!({"seq": 1}));
        let view = case.view("officer");
        assert_eq!(view["applicant"]["phone"], "13722223333");
        assert_eq!(view["applicant"]["id_document"]["number"], "1101**********002X");
        for who in ["officer", "clerk", "secrecy", "approver", "supervisor"] {
            let text = json!(case.events(who)).to_string();
            for number in ["11010519491231002X", "440524188001010014"] {
                assert!(!text.contains(number), "{who} reads {number}");
            }
            let clear = matches!(who, "officer" | "clerk");
            assert_eq!(text.contains("13911112222"), clear, "{who}: the first submission");
        }
    }
}
