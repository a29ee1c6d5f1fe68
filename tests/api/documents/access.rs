//! Who reads which document, person by person: the uploader alone, then those who see the case, and the applicant what is
//! his own and what was given to him.

use std::collections::BTreeSet;

use serde_json::json;

use super::samples::{JPEG, PDF};
use super::{content_path, upload, uploaded};
use crate::harness::{Office, both};

const PEOPLE: [&str; 11] = [
    "clerk",
    "officer",
    "handler",
    "secrecy",
    "legal",
    "approver",
    "supervisor",
    "admin",
    "applicant",
    "clerk2",
    "officer2",
];

/// Those who can read the content, out of everybody; the metadata must say the same.
fn readers(office: &Office, id: &str) -> BTreeSet<&'static str> {
    office.user("anonymous").get(&content_path(id)).expect(401);
    PEOPLE
        .into_iter()
        .filter(|name| {
            let actor = office.user(name);
            let content = actor.get(&content_path(id)).status;
            let metadata = actor.get(&format!("/api/v1/documents/{id}")).status;
            assert_eq!(content, metadata, "{name}");
            assert!(content == 200 || content == 404, "{name}: {content}");
            content == 200
        })
        .collect()
}

fn set(names: &[&'static str]) -> BTreeSet<&'static str> {
    names.iter().copied().collect()
}

both! {
    fn access_follows_the_case(db) {
        let office = Office::open(db);
        let own = uploaded(&office.user("applicant"), "身份证.jpg", "identity", JPEG);
        assert_eq!(readers(&office, &own), set(&["applicant"]));
        let mut request = office.request();
        request["document_ids"] = json!([own]);
        let submitted = office.user("applicant").post("/api/v1/requests", &request).expect(201).json;
        let mut case = office.apply();
        (case.id, case.version) = (submitted["id"].as_str().unwrap().to_owned(), 2);
        // The agency's clerk, officer, approver and supervisor see every case from its beginning.
        let agency = ["clerk", "officer", "approver", "supervisor"];
        let with = |more: &[&'static str]| set(&[&agency[..], more].concat());
        assert_eq!(readers(&office, &own), with(&["applicant"]));

        let mut case = case.through("review_substantively");
        let unit = office.app.region().office_units[0].to_string();
        case.act("officer", "assign", json!({"unit_id": unit, "due_on": "2026-03-20"}));
        let found = uploaded(&office.user("handler"), "检索.pdf", "search_result", b"%PDF-1.7 found");
        let search = json!({"scope": "档案", "systems": ["系统"], "keywords": ["城北"], "searched_by": "陆海峰", "searched_on": "2026-03-10"});
        let assignment = case.sub_id("assignment");
        case.act("handler", "answer_assignment", json!({"assignment_id": assignment, "result": "found", "search": search, "document_ids": [found]}));
        assert_eq!(readers(&office, &found), with(&["handler"]));

        let [granted, withheld, both] = ["granted", "withheld", "both"]
            .map(|name| uploaded(&office.user("officer"), "方案.pdf", "reply", format!("%PDF-1.7 {name}").as_bytes()));
        case.act("officer", "draft_reply", json!({"items": [
            {"description": "方案", "outcome": "granted", "document_ids": [granted, both]},
            {"description": "讨论记录", "outcome": "process_information", "article": "第十六条第二款", "explanation": "讨论记录",
             "document_ids": [withheld, both]},
        ], "principal": 0}));
        let staff = with(&["handler", "secrecy"]);
        for id in [&granted, &withheld, &both, &found] {
            assert_eq!(readers(&office, id), staff, "a draft is the agency's");
        }
        case.act("secrecy", "review_secrecy", json!({"verdicts": [{"item": 0, "verdict": "release"}]}));
        case.act("officer", "submit_for_legal_review", json!({}));
        case.act("legal", "review_legally", json!({"opinion": "pass"}));
        case.act("officer", "submit_for_approval", json!({}));
        case.act("approver", "approve_reply", json!({}));
        assert!(!readers(&office, &granted).contains("applicant"), "what is signed is not yet sent");
        case.act("officer", "issue_reply", json!({"method": "online", "replied_on": "2026-03-10"}));
        let staff = with(&["handler", "secrecy", "legal"]);
        for id in [&withheld, &both, &found] {
            assert_eq!(readers(&office, id), staff, "never given");
        }
        let all = with(&["handler", "secrecy", "legal", "applicant"]);
        assert_eq!(readers(&office, &granted), all);
        assert_eq!(readers(&office, &own), all);
        assert_eq!(office.user("applicant").get(&content_path(&granted)).expect(200).bytes, b"%PDF-1.7 granted");

        // The view says the same, and withheld documents are not even named.
        let view = case.view("applicant");
        let listed: Vec<&str> = view["documents"].as_array().unwrap().iter().map(|d| d["id"].as_str().unwrap()).collect();
        assert_eq!(listed, [&own, &granted]);
        assert_eq!(view["reply"]["items"][0]["document_ids"], json!([granted]));
        for hidden in [&withheld, &both, &found] {
            assert!(!view.to_string().contains(hidden.as_str()));
        }
        assert_eq!(case.view("officer")["documents"].as_array().map(Vec::len), Some(5));
    }

    fn people_without_a_part_in_any_case_upload_nothing(db) {
        let office = Office::open(db);
        let answer = upload(&office.user("admin"), "a.pdf", "evidence", PDF).expect(403);
        assert_eq!(answer.code(), "forbidden");
        upload(&office.user("anonymous"), "a.pdf", "evidence", PDF).expect(401);
    }
}
