//! 送达: who signed and as whom, the slip to take along, and that the first opening of a reply sent online is its delivery.

use serde_json::{Value, json};

use super::instruments::{docx_text, file, instrument, text};
use crate::documents::samples::PDF;
use crate::documents::{content_path, uploaded};
use crate::harness::{Office, Walk, both};

/// A reply that was sent online to somebody who applied online, with a file.
fn sent_online(office: &Office) -> (Walk<'_>, String) {
    let given = uploaded(&office.user("officer"), "方案.pdf", "reply", PDF);
    let mut case = office.apply().through("review_substantively");
    let items = json!([{"description": "方案全文", "outcome": "granted", "document_ids": [given]}]);
    case.act("officer", "draft_reply", json!({"items": items}));
    case.skip_to("review_secrecy");
    let mut case = case.through("approve_reply");
    case.act(
        "officer",
        "issue_reply",
        json!({"method": "online", "replied_on": office.today()}),
    );
    (case, given)
}

#[track_caller]
fn dispatch(case: &Walk<'_>) -> Value {
    case.view("officer")["dispatches"][0].clone()
}

fn content(case: &Walk<'_>, letter: &Value) -> String {
    let id = letter["id"].as_str().unwrap();
    format!("/api/v1/requests/{}/instruments/{id}/content?format=docx", case.id)
}

both! {
    fn who_signed_stands_on_the_slip(db) {
        let office = Office::open(db);
        let mut case = office.enter("in_person").through("approve_reply");
        case.act("officer", "issue_reply", json!({"method": "mail", "replied_on": "2026-03-10", "reference": "EMS 1234567890123"}));
        let mut fields = json!({
            "result": "signed", "delivered_on": "2026-03-10", "signed_by": "林国强", "signed_as": "adult_family",
        });
        // What came back was signed by nobody.
        let mut returned = fields.clone();
        returned["result"] = json!("returned");
        assert_eq!(case.refused("clerk", "record_delivery", returned, 422).pointers(), ["/signed_by", "/signed_as"]);
        fields["signed_as"] = json!("neighbour");
        assert_eq!(case.refused("clerk", "record_delivery", fields.clone(), 422).pointers(), ["/signed_as"]);
        fields["signed_as"] = json!("adult_family");
        case.act("clerk", "record_delivery", fields);
        let slip = text(&case, "D43");
        for part in ["林国强", "同住成年家属", "EMS 1234567890123", "签收", "2026年3月10日", "澄政办公开〔2026〕1号"] {
            assert!(slip.contains(part), "{part} in\n{slip}");
        }
        let slip = instrument(&case, "D43");
        assert_eq!(slip["number"], Value::Null);
    }

    fn who_signed_for_a_notice_stands_on_its_slip(db) {
        let office = Office::open(db);
        let mut case = office.enter("in_person").through("review_formally");
        case.act("officer", "request_amendment", json!({"notified_on": "2026-03-10", "defects": ["请写明项目名称"]}));
        let fields = json!({
            "target": "amendment_notice", "id": case.sub_id("amendment_notice"), "on": "2026-03-10", "method": "当面",
            "signed_by": "林晓月", "signed_as": "recipient",
        });
        case.act("clerk", "record_notice_delivery", fields);
        let slip = text(&case, "D43");
        assert!(slip.contains("补正告知书") && slip.contains("本人") && slip.contains("林晓月"), "{slip}");
    }

    fn a_blank_slip_is_taken_along(db) {
        let office = Office::open(db);
        let mut case = office.enter("in_person").through("approve_reply");
        case.act("officer", "issue_reply", json!({"method": "in_person"}));
        let before = office.written();
        let body = json!({"code": "D43", "format": "docx"});
        let answer = office.user("clerk").post(&format!("/api/v1/cases/{}/instruments/preview", case.id), &body).expect(200);
        assert_eq!(office.written(), before);
        let slip = docx_text(&answer.bytes);
        for part in ["林晓月", "澄政办公开〔2026〕1号", "□本人", "□签收", "年　　月　　日"] {
            assert!(slip.contains(part), "{part} in\n{slip}");
        }
        assert!(!slip.contains("预览"), "{slip}");
    }

    fn the_first_opening_of_a_reply_sent_online_delivers_it(db) {
        let office = Office::open(db);
        let (mut case, _) = sent_online(&office);
        let letter = instrument(&case, "D20");
        // Who works on the case opens nothing for the applicant.
        file(&case, "officer", &letter, "docx");
        assert_eq!(dispatch(&case)["result"], Value::Null);
        office.on("2026-03-12");
        // A failure is no opening.
        office.user("applicant").get(&content(&case, &letter).replace("docx", "odt")).expect(422);
        office.app.anon().get(&content(&case, &letter)).expect(401);
        assert_eq!(dispatch(&case)["result"], Value::Null);
        office.user("applicant").get(&content(&case, &letter)).expect(200);
        let opened = dispatch(&case);
        assert_eq!((&opened["result"], &opened["on"]), (&json!("opened"), &json!("2026-03-12")));
        let view = case.view("officer");
        assert_eq!(view["state"], "delivered");
        let events = case.events("officer");
        let last = events.iter().find(|event| event["event"] == "delivery_recorded").unwrap();
        assert_eq!(last["occurred_on"], "2026-03-12");
        assert!(text(&case, "D43").contains("网上查收"));
        // Once: later readings change nothing.
        let version = view["version"].as_i64().unwrap();
        office.on("2026-03-16");
        office.user("applicant").get(&content(&case, &letter)).expect(200);
        assert_eq!(case.view("officer")["version"], version);
        case.version = version;
        case.skip_to("archive");
        case.through("archive");
    }

    fn a_file_that_goes_with_the_reply_opens_it_too(db) {
        let office = Office::open(db);
        let (case, given) = sent_online(&office);
        let own = uploaded(&office.user("applicant"), "身份证.pdf", "identity", PDF);
        office.user("applicant").get(&content_path(&own)).expect(200);
        assert_eq!(dispatch(&case)["result"], Value::Null);
        let reader = office.user("applicant").with("Range", "bytes=0-3");
        // Several parts at once are one opening.
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| reader.get(&content_path(&given)).expect(206));
            }
        });
        assert_eq!(dispatch(&case)["result"], "opened");
        let recorded = case.event_codes().iter().filter(|code| *code == "delivery_recorded").count();
        assert_eq!(recorded, 1);
    }

    fn an_old_notice_opens_no_reply(db) {
        let office = Office::open(db);
        let notice = uploaded(&office.user("officer"), "补正告知书.pdf", "notice", PDF);
        let mut case = office.apply().through("review_formally");
        let asked = json!({"notified_on": "2026-03-10", "defects": ["请写明项目名称"], "document_ids": [notice]});
        case.act("officer", "request_amendment", asked);
        case.act("applicant", "receive_amendment", json!({"received_on": "2026-03-10"}));
        case.skip_to("review_formally");
        let mut case = case.through("approve_reply");
        case.act("officer", "issue_reply", json!({"method": "online", "replied_on": "2026-03-10"}));
        office.user("applicant").get(&content_path(&notice)).expect(200);
        assert_eq!(dispatch(&case)["result"], Value::Null);
        assert_eq!(case.view("officer")["state"], "replied");
    }

    fn one_opening_of_a_combined_letter_delivers_all_that_it_answers(db) {
        let office = Office::open(db);
        let mut first = office.apply().identified().through("approve_reply");
        let second = office.apply().identified().through("approve_reply");
        let fields = json!({
            "method": "online", "replied_on": "2026-03-10",
            "together_with": [{"case_id": second.id, "version": second.version}],
        });
        first.act("officer", "issue_reply", fields);
        let letter = instrument(&second, "D20");
        office.user("applicant").get(&content(&second, &letter)).expect(200);
        for case in [&first, &second] {
            assert_eq!(dispatch(case)["result"], "opened");
            assert_eq!(case.view("officer")["state"], "delivered");
        }
    }

    fn a_blank_slip_names_whom_its_letter_goes_to(db) {
        let office = Office::open(db);
        let mut case = office.enter("in_person").through("review_substantively");
        let slip = |case: &Walk<'_>| {
            let body = json!({"code": "D43", "format": "docx"});
            let path = format!("/api/v1/cases/{}/instruments/preview", case.id);
            docx_text(&office.user("clerk").post(&path, &body).expect(200).bytes)
        };
        let party = json!({"name": "江临市鼎成建设有限公司", "address": "江临市建设路9号"});
        case.act("officer", "consult_third_party", json!({"party": party, "concerning": "补偿金额", "sent_on": "2026-03-10"}));
        // The newest letter of the entry tells the applicant that the third party is asked.
        assert!(slip(&case).contains("受送达人\t林晓月"), "{}", slip(&case));
    }

    fn what_was_posted_is_not_delivered_by_a_look(db) {
        let office = Office::open(db);
        let mut case = office.apply().through("approve_reply");
        case.act("officer", "issue_reply", json!({"method": "mail", "replied_on": "2026-03-10", "reference": "EMS 1"}));
        office.user("applicant").get(&content(&case, &instrument(&case, "D20"))).expect(200);
        assert_eq!(dispatch(&case)["result"], Value::Null);
        assert_eq!(case.view("officer")["state"], "replied");
    }
}
