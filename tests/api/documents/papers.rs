//! Papers belong to the case: a document that is named in any field is held by it, opened by colleagues, and never swept
//! or taken back.

use chrono::TimeDelta;
use diesel::connection::SimpleConnection;
use gongkai::service::maintenance::rebuild;
use gongkai::store::StoreError;
use serde_json::{Value, json};

use super::samples::PDF;
use super::{content_path, upload, uploaded};
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

    fn papers_come_with_every_step_and_say_by_whom_and_when(db) {
        let office = Office::open(db);
        let [clerk, officer] = ["clerk", "officer"].map(|who| office.user(who));
        let mut case = office.enter("in_person");
        let letter = uploaded(&clerk, "来信.pdf", "application", PDF);
        case.act("clerk", "confirm_receipt", json!({"received_on": "2026-03-10", "document_ids": [letter]}));
        let sheet = uploaded(&officer, "审核表.pdf", "review", b"%PDF-1.7 sheet");
        let checks = json!({"name": true, "contact": true, "content": true, "form": true, "identity": true});
        case.act("officer", "review_formally", json!({"checks": checks, "document_ids": [sheet]}));
        office.on("2026-03-12");
        // What the case holds may be named again; it comes once.
        let added = json!({"document_ids": [letter, sheet], "purpose": "supplement", "note": "补交原件扫描"});
        case.act("clerk", "add_document", added);
        assert_eq!(case.refused("clerk", "add_document", json!({"document_ids": []}), 422).pointers(), ["/document_ids"]);
        let nothing = json!({"document_ids": ["01997000-0000-7000-8000-000000000001"]});
        assert_eq!(case.refused("clerk", "add_document", nothing, 422).pointers(), ["/document_ids/0"]);
        let shown = case.view("approver")["documents"].as_array().unwrap().clone();
        let told = |paper: &Value| {
            let name = paper["added_by"]["name"].as_str().unwrap().to_owned();
            (paper["id"].clone(), paper["purpose"].clone(), name, paper["added_on"].clone(), paper["seq"].clone())
        };
        let name = |username: &str| {
            let users = &office.app.region().users;
            users.iter().find(|user| user.username == username).unwrap().name.clone()
        };
        let day = json!("2026-03-10");
        assert_eq!(
            shown.iter().map(told).collect::<Vec<_>>(),
            [
                (json!(letter), json!("supplement"), name("clerk"), day.clone(), json!(3)),
                (json!(sheet), json!("supplement"), name("officer"), day, json!(5)),
            ]
        );
        let codes = case.event_codes();
        assert_eq!((codes[2].as_str(), codes[4].as_str()), ("receipt_confirmed", "formally_reviewed"));
        assert_eq!(codes.last().map(String::as_str), Some("document_added"));
        assert_eq!(case.events("officer")[2]["data"]["document_ids"], json!([letter]));
    }

    fn papers_come_until_the_file_is_closed_from_the_applicant_too(db) {
        let office = Office::open(db);
        let applicant = office.user("applicant");
        let mut case = office.apply().through("record_delivery");
        let more = uploaded(&applicant, "补充说明.pdf", "supplement", PDF);
        let wrong = json!({"document_ids": [more], "purpose": "decision"});
        assert_eq!(case.refused("applicant", "add_document", wrong, 422).pointers(), ["/purpose"]);
        case.act("applicant", "add_document", json!({"document_ids": [more], "purpose": "other"}));
        assert_eq!(case.last["documents"][0]["purpose"], "other");
        assert!(holds(&case.view("officer"), &more));
        // The agency's own papers are not the applicant's to see, nor who entered them.
        let decision = uploaded(&office.user("officer"), "复议决定书.pdf", "decision", b"%PDF-1.7 decision");
        case.act("officer", "add_document", json!({"document_ids": [decision]}));
        assert!(holds(&case.last, &decision) && !holds(&case.view("applicant"), &decision));
        case.act("officer", "archive", json!({"retention": "10y"}));
        let late = uploaded(&applicant, "又一份.pdf", "supplement", b"%PDF-1.7 late");
        assert_eq!(case.refused("applicant", "add_document", json!({"document_ids": [late]}), 409).code(), "wrong_state");
        let refused = upload(&applicant, "x.pdf", "review", PDF).expect(422);
        assert_eq!(refused.pointers(), ["/purpose"]);
    }

    fn the_applicant_sees_what_was_issued_to_him_and_nothing_else(db) {
        let office = Office::open(db);
        let [clerk, officer, approver] = ["clerk", "officer", "approver"].map(|who| office.user(who));
        let mut case = office.apply().through("review_substantively");
        let mut count = 0;
        let mut scan = |by: &crate::harness::Actor, purpose: &str| {
            count += 1;
            uploaded(by, "扫描件.pdf", purpose, format!("%PDF-1.7 scan {count}").as_bytes())
        };
        // The letter to a third party is not the applicant's.
        let [letter, slip] = [scan(&officer, "notice"), scan(&officer, "delivery_proof")];
        case.act("officer", "consult_third_party", json!({
            "party": {"name": "某公司"}, "concerning": "报价", "sent_on": "2026-03-10", "document_ids": [letter, slip],
        }));
        let opinion = scan(&clerk, "opinion");
        let consultation = case.sub_id("consultation");
        case.act("clerk", "record_opinion", json!({
            "consultation_id": consultation, "received_on": "2026-03-10", "opinion": "consent", "document_ids": [opinion],
        }));
        // The notice of the extension is; the sheet on which it was decided is not.
        case.act("officer", "propose_extension", json!({"working_days": 5, "reason": "档案较多"}));
        let [notice, sheet] = [scan(&approver, "notice"), scan(&approver, "review")];
        case.act("approver", "approve_extension", json!({"notified_on": "2026-03-10", "document_ids": [notice, sheet]}));
        // Of the reply: what is granted and the letter itself; what is withheld never, wherever it is named.
        let [granted, withheld] = [scan(&officer, "reply"), scan(&officer, "reply")];
        case.act("officer", "draft_reply", json!({"principal": 0, "items": [
            {"description": "方案", "outcome": "granted", "document_ids": [granted]},
            {"description": "讨论记录", "outcome": "process_information", "article": "第十六条第二款", "explanation": "讨论记录",
             "document_ids": [withheld]},
        ]}));
        case.act("secrecy", "review_secrecy", json!({"verdicts": [{"item": 0, "verdict": "release"}]}));
        case.act("officer", "submit_for_legal_review", json!({}));
        case.act("legal", "review_legally", json!({"opinion": "pass"}));
        case.act("officer", "submit_for_approval", json!({}));
        case.act("approver", "approve_reply", json!({}));
        let [signed, receipt] = [scan(&officer, "reply"), scan(&officer, "delivery_proof")];
        assert!(!holds(&case.view("applicant"), &granted));
        case.act("officer", "issue_reply", json!({
            "method": "online", "replied_on": "2026-03-10", "document_ids": [signed, receipt, withheld],
        }));
        let own = case.view("applicant");
        for (id, his) in [
            (&letter, false), (&slip, false), (&opinion, false), (&notice, true), (&sheet, false), (&granted, true),
            (&withheld, false), (&signed, true), (&receipt, false),
        ] {
            assert!(holds(&case.view("officer"), id));
            assert_eq!(holds(&own, id), his);
            office.user("applicant").get(&content_path(id)).expect(if his { 200 } else { 404 });
        }
        let paper = own["documents"].as_array().unwrap().iter().find(|paper| paper["id"] == json!(notice)).unwrap();
        assert!(paper.get("added_by").is_none(), "{paper}");
    }

    /// Builds before this one wrote an id into a text and left the document to be swept.
    fn what_an_old_log_names_is_kept_where_it_is_still_there(db) {
        let office = Office::open(db);
        let mut case = office.apply().through("approve_reply");
        // On paper, so that the case has no document beside its log.
        let issued = json!({"method": "email", "replied_on": "2026-03-10", "on_paper": {}});
        case.act("officer", "issue_reply", issued);
        let named = "0199aaaa-0000-7000-8000-00000000000a";
        case.act("clerk", "record_delivery", json!({"result": "opened", "delivered_on": "2026-03-10", "proof": named}));
        let scan = uploaded(&office.user("clerk"), "送达回证.pdf", "delivery_proof", PDF);
        let loose = uploaded(&office.user("clerk"), "草稿.pdf", "delivery_proof", b"%PDF-1.7 loose");
        let store = &office.app.app.site().store;
        let backend = format!("{:?}", store.backend()).to_lowercase();
        let script = |file: &str| {
            let path = format!("{}/migrations/{backend}/0103_papers/{file}.sql", env!("CARGO_MANIFEST_DIR"));
            std::fs::read_to_string(path).unwrap()
        };
        // The upload was there before the entry that names it.
        let before = format!(
            "UPDATE documents SET uploaded_at = '2026-03-09 01:00:00'; UPDATE documents SET id = '{named}' WHERE id = '{scan}'"
        );
        for sql in [before, script("down"), script("up")] {
            store.write(|tx| Ok::<_, StoreError>(tx.batch_execute(&sql)?)).unwrap();
        }
        let site = office.app.app.site();
        assert_eq!(rebuild(&site.store, &site.law).unwrap().changed.len(), 0);
        office.user("approver").get(&content_path(named)).expect(200);
        let path = format!("/api/v1/documents/{named}");
        assert_eq!(office.user("clerk").delete(&path).expect(409).code(), "document_attached");
        office.app.clock.advance(TimeDelta::hours(72));
        office.app.app.run_due_jobs().unwrap();
        office.user("approver").get(&content_path(named)).expect(200);
        office.user("clerk").get(&content_path(&loose)).expect(404);
        // Given to the case in so many words, it is listed like any other.
        case.act("clerk", "add_document", json!({"document_ids": [named]}));
        assert!(holds(&case.last, named));
        assert_eq!(rebuild(&site.store, &site.law).unwrap().changed.len(), 0);
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
