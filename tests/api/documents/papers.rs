//! Papers belong to the case: a document that is named in any field is held by it, opened by colleagues, and never swept
//! or taken back.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::samples::PDF;
use super::{content_path, uploaded};
use crate::harness::case::Walk;
use crate::harness::{Office, both};

fn holds(view: &Value, id: &str) -> bool {
    let documents = view["documents"].as_array().expect("documents");
    documents.iter().any(|document| document["id"] == id)
}

/// The case holds it: a colleague opens it, the uploader cannot take it back, and it is there after two days.
#[track_caller]
fn belongs(case: &Walk<'_>, uploader: &str, id: &str) {
    let office = case.office;
    assert!(holds(&case.view("officer"), id));
    office.user("approver").get(&content_path(id)).expect(200);
    let path = format!("/api/v1/documents/{id}");
    assert_eq!(
        office.user(uploader).delete(&path).expect(409).code(),
        "document_attached"
    );
    office.app.clock.advance(TimeDelta::hours(72));
    office.app.app.run_due_jobs().unwrap();
    office.user("approver").get(&content_path(id)).expect(200);
}

both! {
    fn a_scan_named_as_the_proof_of_a_reply_s_delivery_is_the_case_s(db) {
        let office = Office::open(db);
        let mut case = office.apply().through("issue_reply");
        let scan = uploaded(&office.user("clerk"), "送达回证.pdf", "delivery_proof", PDF);
        case.act("clerk", "record_delivery", json!({"result": "opened", "delivered_on": "2026-03-10", "proof": scan}));
        assert!(holds(&case.last, &scan));
        let codes = case.event_codes();
        assert_eq!(codes[codes.len() - 2..], ["document_attached", "delivery_recorded"]);
        belongs(&case, "clerk", &scan);
        // The applicant is not shown the agency's proof.
        assert!(!holds(&case.view("applicant"), &scan));
        office.user("applicant").get(&content_path(&scan)).expect(404);
    }

    fn a_scan_named_as_the_proof_of_a_notice_s_delivery_is_the_case_s(db) {
        let office = Office::open(db);
        let mut case = office.enter("in_person").through("confirm_receipt");
        case.act("officer", "request_amendment", json!({"notified_on": "2026-03-10", "defects": ["请写明批准年份"]}));
        let notice = case.sub_id("amendment_notice");
        let scan = uploaded(&office.user("clerk"), "挂号信收据.pdf", "delivery_proof", PDF);
        let delivery = |proof: &str| json!({
            "target": "amendment_notice", "id": notice, "delivered_on": "2026-03-10", "proof": proof,
        });
        // What a colleague uploaded and has not given to a case is his alone.
        let foreign = uploaded(&office.user("officer"), "别人.pdf", "delivery_proof", b"%PDF-1.7 foreign");
        for proof in [foreign.clone(), format!("见扫描件 {foreign}。")] {
            assert_eq!(case.refused("clerk", "record_notice_delivery", delivery(&proof), 422).pointers(), ["/proof"]);
        }
        case.act("clerk", "record_notice_delivery", delivery(&scan));
        belongs(&case, "clerk", &scan);
    }

    fn an_id_among_words_names_the_paper_and_an_id_of_nothing_is_a_text(db) {
        let office = Office::open(db);
        let clerk = office.user("clerk");
        let mut case = office.enter("ordinary_mail");
        let [record, nothing] = [
            uploaded(&clerk, "通话记录.pdf", "evidence", PDF), "01997000-0000-7000-8000-000000000001".to_owned(),
        ];
        let result = format!("无人接听，记录见{}；原编号 {nothing}", record.to_uppercase());
        case.act("clerk", "record_contact_attempt", json!({"on": "2026-03-10", "means": "phone", "result": result}));
        assert_eq!(case.last["documents"].as_array().map(Vec::len), Some(1));
        belongs(&case, "clerk", &record);

        // An application names papers in its texts too.
        let letter = uploaded(&clerk, "来信.pdf", "application", b"%PDF-1.7 letter");
        let mut entry = office.entry("in_person");
        entry["description"]["features"] = json!(format!("来信扫描件 {letter}"));
        let case = office.enter_as("clerk", &entry);
        belongs(&case, "clerk", &letter);
    }

    fn one_list_of_the_post_office_proves_the_deliveries_of_two_cases(db) {
        let office = Office::open(db);
        let mut cases = [office.apply().through("issue_reply"), office.apply().through("issue_reply")];
        let list = uploaded(&office.user("clerk"), "邮寄清单.pdf", "delivery_proof", PDF);
        for case in &mut cases {
            case.act("clerk", "record_delivery", json!({"result": "opened", "delivered_on": "2026-03-10", "proof": list}));
        }
        for case in &cases {
            belongs(case, "clerk", &list);
        }
        let told = cases[1].events("officer");
        let attached = told.iter().find(|event| event["event"] == "document_attached").expect("attached");
        assert_eq!(attached["data"]["from_case"], json!(cases[0].id));
    }
}
