//! A document becomes one of a case: by its uploader, once, with the log; and what the views say of it.

use std::sync::Barrier;

use serde_json::{Value, json};

use super::samples::{JPEG, PDF, PNG};
use super::{content_path, upload, uploaded};
use gongkai::service::maintenance::rebuild;

use crate::harness::case::applicant as person;
use crate::harness::{Office, both};

fn ids(view: &Value) -> Vec<&str> {
    let documents = view["documents"].as_array().expect("documents");
    documents
        .iter()
        .map(|document| document["id"].as_str().unwrap())
        .collect()
}

fn account(office: &Office, username: &str) -> Value {
    let users = &office.app.region().users;
    let user = users.iter().find(|user| user.username == username).expect("an account");
    json!({"id": user.id.to_string(), "name": user.name})
}

both! {
    fn an_application_takes_its_documents_and_the_log_covers_their_content(db) {
        let office = Office::open(db);
        let applicant = office.user("applicant");
        let identity = upload(&applicant, "身份证.jpg", "identity", JPEG).expect(201).json;
        let evidence = upload(&applicant, "说明.txt", "evidence", "情况说明".as_bytes()).expect(201).json;
        let mut request = office.request();
        request["document_ids"] = json!([identity["id"], evidence["id"]]);
        let submitted = applicant.post("/api/v1/requests", &request).expect(201);
        assert_eq!((submitted.json["version"].as_i64(), submitted.header("etag")), (Some(3), "\"3\""));
        let [added_by, added_on] = [account(&office, "applicant"), json!("2026-03-10")];
        let came = |document: &Value| {
            let mut came = document.clone();
            (came["added_by"], came["added_on"], came["seq"]) = (added_by.clone(), added_on.clone(), json!(1));
            came
        };
        let both = json!([came(&identity), came(&evidence)]);
        assert_eq!(submitted.json["documents"], both);
        let case = format!("/api/v1/cases/{}", submitted.json["id"].as_str().unwrap());
        assert_eq!(office.user("clerk").get(&case).expect(200).json["documents"], both);
        let events = office.user("clerk").get(&format!("{case}/events")).expect(200).json;
        let told = &events["items"][1];
        assert_eq!(told["event"], "document_attached");
        assert_eq!((&told["data"]["sha256"], &told["data"]["name"], &told["data"]["bytes"]), (&identity["sha256"], &identity["name"], &identity["bytes"]));

        // Not a second time, and no longer to be taken back.
        assert_eq!(applicant.post("/api/v1/requests", &request).expect(422).pointers(), ["/document_ids/0", "/document_ids/1"]);
        let path = format!("/api/v1/documents/{}", identity["id"].as_str().unwrap());
        assert_eq!(applicant.delete(&path).expect(409).code(), "document_attached");
        assert_eq!(office.user("clerk").delete(&path).expect(409).code(), "document_attached");
        assert_eq!(office.user("clerk").get(&content_path(identity["id"].as_str().unwrap())).expect(200).bytes, JPEG);
    }

    fn only_the_uploader_may_give_a_document_to_a_case(db) {
        let office = Office::open(db);
        let theirs = uploaded(&office.user("clerk"), "扫描件.pdf", "application", PDF);
        let mut request = office.request();
        for foreign in [theirs.as_str(), &theirs.to_uppercase(), "01997000-0000-7000-8000-000000000001", "x"] {
            request["document_ids"] = json!([foreign]);
            let answer = office.user("applicant").post("/api/v1/requests", &request).expect(422);
            assert_eq!(answer.pointers(), ["/document_ids/0"], "{foreign}");
        }
        let mut entry = office.entry("in_person");
        entry["document_ids"] = json!([theirs, theirs]);
        let case = office.user("clerk").post("/api/v1/cases", &entry).expect(201).json;
        assert_eq!(ids(&case), [&theirs]);
    }

    fn an_agent_shows_his_authorisation(db) {
        let office = Office::open(db);
        let clerk = office.user("clerk");
        let mut entry = office.entry("in_person");
        let mut somebody = person();
        somebody["agent"] = json!({
            "name": "何律师", "id_document": {"kind": "resident_id", "number": "11010519491231002X"},
            "authorisation_document_id": "01997000-0000-7000-8000-000000000001",
        });
        entry["applicant"] = somebody;
        assert_eq!(clerk.post("/api/v1/cases", &entry).expect(422).pointers(), ["/applicant/agent/authorisation_document_id"]);
        let id = uploaded(&clerk, "授权委托书.png", "authorisation", PNG);
        entry["applicant"]["agent"]["authorisation_document_id"] = json!(id);
        let case = clerk.post("/api/v1/cases", &entry).expect(201).json;
        assert_eq!(ids(&case), [&id]);
        assert_eq!(case["applicant"]["agent"]["authorisation_document_id"], id);

        // The same paper serves the next application too, and the log says where it was shown first.
        let next = clerk.post("/api/v1/cases", &entry).expect(201).json;
        assert_eq!(ids(&next), [&id]);
        let events = clerk.get(&format!("/api/v1/cases/{}/events", next["id"].as_str().unwrap())).expect(200).json;
        assert_eq!(events["items"][1]["data"]["from_case"], case["id"]);
        let site = office.app.app.site();
        let rebuilt = rebuild(&site.store, &site.law).unwrap();
        assert_eq!((rebuilt.cases, rebuilt.changed.len()), (2, 0));
    }

    fn actions_take_documents_and_name_those_the_case_has(db) {
        let office = Office::open(db);
        let officer = office.user("officer");
        let mut case = office.apply().through("review_substantively");
        let unit = office.app.region().office_units[0].to_string();
        case.act("officer", "assign", json!({"unit_id": unit, "due_on": "2026-03-20"}));
        let found = uploaded(&office.user("handler"), "检索结果.pdf", "search_result", PDF);
        let search = json!({
            "scope": "全部档案", "systems": ["档案系统"], "keywords": ["城北"], "searched_by": "陆海峰", "searched_on": "2026-03-10",
        });
        let assignment = case.sub_id("assignment");
        let answer = json!({"assignment_id": assignment, "result": "found", "search": search, "document_ids": [found]});
        // A refused action takes nothing.
        let mut wrong = answer.clone();
        wrong["assignment_id"] = json!("assignment-99");
        case.refused("handler", "answer_assignment", wrong, 422);
        case.act("handler", "answer_assignment", answer);
        assert_eq!(case.sub("assignment")["answer"]["document_ids"], json!([found]));

        let reply = uploaded(&officer, "方案.pdf", "reply", b"%PDF-1.7 reply");
        let draft = |ids: Value| json!({"items": [{"description": "方案", "outcome": "granted", "document_ids": ids}]});
        let foreign = uploaded(&office.user("clerk"), "别人.pdf", "reply", b"%PDF-1.7 other");
        let refused = case.refused("officer", "draft_reply", draft(json!([reply, foreign])), 422);
        assert_eq!(refused.pointers(), ["/items/0/document_ids/1"]);
        case.act("officer", "draft_reply", draft(json!([found, reply])));
        assert_eq!(ids(&case.last), [&found, &reply]);
        let codes = case.event_codes();
        let drafted = codes.iter().position(|code| code == "reply_drafted").unwrap();
        assert_eq!(codes[drafted - 1], "document_attached");
        assert_eq!(codes.iter().filter(|code| *code == "document_attached").count(), 2);
    }

    fn two_cases_cannot_take_one_document(db) {
        let office = Office::open(db);
        let applicant = office.user("applicant");
        for round in 0..4 {
            let id = uploaded(&applicant, "说明.txt", "evidence", format!("第{round}次").as_bytes());
            let mut request = office.request();
            request["document_ids"] = json!([id]);
            let start = Barrier::new(4);
            let mut statuses: Vec<u16> = std::thread::scope(|scope| {
                let threads: Vec<_> = (0..4)
                    .map(|_| scope.spawn(|| {
                        start.wait();
                        applicant.post("/api/v1/requests", &request).status
                    }))
                    .collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).collect()
            });
            statuses.sort_unstable();
            assert_eq!(statuses, [201, 422, 422, 422]);
        }
    }

    fn the_parts_of_a_split_application_have_its_documents(db) {
        let office = Office::open(db);
        let applicant = office.user("applicant");
        let id = uploaded(&applicant, "说明.txt", "evidence", "说明".as_bytes());
        let mut request = office.request();
        request["document_ids"] = json!([id]);
        let submitted = applicant.post("/api/v1/requests", &request).expect(201).json;
        let case = format!("/api/v1/cases/{}", submitted["id"].as_str().unwrap());
        let officer = office.user("officer");
        let act = |version: i64, body: Value| officer.if_match(version).post(&format!("{case}/actions"), &body).expect(200).json;
        act(2, json!({"action": "confirm_receipt", "received_on": "2026-03-10", "evidence": {"means": "page", "by": "沈志远"}}));
        let parts = json!([{"title": "甲", "features": "甲事项"}, {"title": "乙", "features": "乙事项"}]);
        let split = act(3, json!({"action": "split", "parts": parts}));
        let part = split["split_into"][0].as_str().unwrap();
        let view = officer.get(&format!("/api/v1/cases/{part}")).expect(200).json;
        assert_eq!(ids(&view), [&id]);
        let own = applicant.get(&format!("/api/v1/requests/{part}")).expect(200).json;
        assert_eq!(ids(&own), [&id]);
        // The part may name it, as the whole may.
        let version = view["version"].as_i64().unwrap();
        let asked = officer.if_match(version).post(&format!("/api/v1/cases/{part}/actions"), &json!({
            "action": "reply_on_the_spot", "received_on": "2026-03-10", "explanation": "已公开", "document_ids": [id],
        }));
        assert_eq!(asked.expect(200).json["documents"].as_array().map(Vec::len), Some(1));
    }

    fn a_case_has_a_quota(db) {
        let office = Office::open_with(db, |config| {
            config.documents.max_file_bytes = 1_048_576;
            config.documents.case_quota_bytes = 1_048_576;
        });
        let applicant = office.user("applicant");
        let content = |n: u8| vec![b'a' + n; 400_000];
        let ids: Vec<String> = (0..3).map(|n| uploaded(&applicant, "x.txt", "evidence", &content(n))).collect();
        let mut request = office.request();
        request["document_ids"] = json!(ids);
        let refused = applicant.post("/api/v1/requests", &request).expect(422);
        assert_eq!(refused.pointers(), ["/document_ids/2"]);
        assert!(refused.text.contains("1 MB"), "{}", refused.text);
        request["document_ids"] = json!(ids[..2]);
        applicant.post("/api/v1/requests", &request).expect(201);
    }
}
