//! Cases brought to each of their endings over HTTP, as the people of an office would, on days of the test's choice.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::harness::case::{body, ordinary};
use crate::harness::{Actor, Response, TestApp};

/// Resident, company and law firm: three columns of table 三.
pub const APPLICANTS: [(&str, &str, &str); 3] = [
    ("natural_person", "resident_id", "11010519491231002X"),
    ("business", "uscc", "91350100M000100Y43"),
    ("legal_service", "uscc", "91350100M000100Y43"),
];

/// The people of the region at work.
pub struct Office<'a> {
    pub app: &'a TestApp,
    people: RefCell<BTreeMap<String, Actor>>,
}

/// A case and the version that was last seen.
#[derive(Debug, Clone)]
pub struct File {
    pub id: String,
    pub version: i64,
}

impl<'a> Office<'a> {
    pub fn new(app: &'a TestApp) -> Self {
        Self {
            app,
            people: RefCell::default(),
        }
    }

    /// A person of the region, signed in once.
    pub fn person(&self, username: &str) -> Actor {
        let mut people = self.people.borrow_mut();
        let person = people
            .entry(username.to_owned())
            .or_insert_with(|| self.app.user(username));
        person.clone()
    }

    /// An application brought in person to the clerk's agency.
    pub fn enter(&self, clerk: &str, kind: &str, applicant_kind: &str, arrived_on: &str) -> File {
        let (_, document, number) = APPLICANTS.iter().find(|known| known.0 == applicant_kind).unwrap();
        let body = json!({
            "kind": kind, "channel": "in_person", "arrived_on": arrived_on,
            "applicant": {
                "kind": applicant_kind, "name": "陈明远", "phone": "13800000000",
                "id_document": {"kind": document, "number": number},
            },
            "description": {"title": "关于某地块征收补偿方案的信息", "features": "2025年批准的某地块土地征收补偿安置方案全文"},
            "form": "electronic", "route": "email", "document_ids": [],
        });
        let case = self.person(clerk).post("/api/v1/cases", &body).expect(201).json;
        File {
            id: case["id"].as_str().unwrap().to_owned(),
            version: case["version"].as_i64().unwrap(),
        }
    }

    /// Takes an action, with a reason for a late entry; the answer is the case.
    #[track_caller]
    pub fn act(&self, file: &mut File, username: &str, action: &str, fields: Value) -> Value {
        let mut body = json!({"action": action, "late_entry_reason": "补录纸质案卷"});
        body.as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        let path = format!("/api/v1/cases/{}/actions", file.id);
        let answer = self.person(username).if_match(file.version).post(&path, &body);
        assert_eq!(answer.status, 200, "{action} on {}: {}", file.id, answer.text);
        file.version = answer.json["version"].as_i64().unwrap();
        answer.json
    }

    /// An action that is refused, with a reason for a late entry.
    #[track_caller]
    pub fn refused(&self, file: &File, username: &str, action: &str, fields: Value) -> Response {
        let path = format!("/api/v1/cases/{}/actions", file.id);
        let mut body = body(action, fields);
        body["late_entry_reason"] = json!("补录纸质案卷");
        self.person(username)
            .if_match(file.version)
            .post(&path, &body)
            .expect(409)
    }

    /// Takes an ordinary step as of a day.
    #[track_caller]
    fn ordinarily(&self, file: &mut File, action: &str, on: &str) -> Value {
        let (who, mut fields) = ordinary(action, on);
        if action != "issue_reply" {
            fields["occurred_on"] = json!(on);
        }
        self.act(file, who, action, fields)
    }

    /// Received on its day of arrival.
    #[track_caller]
    pub fn receive(&self, username: &str, file: &mut File, on: &str) {
        self.act(file, username, "confirm_receipt", json!({"received_on": on}));
    }

    /// Received and reviewed, in the office where everybody works.
    #[track_caller]
    pub fn open(&self, kind: &str, applicant_kind: &str, received_on: &str) -> File {
        let mut file = self.enter("clerk", kind, applicant_kind, received_on);
        self.receive("officer", &mut file, received_on);
        self.ordinarily(&mut file, "review_formally", received_on);
        self.ordinarily(&mut file, "review_substantively", received_on);
        file
    }

    /// Drafted, reviewed by everyone whom the items need, signed and sent by e-mail, all on one day.
    #[track_caller]
    pub fn reply(&self, file: &mut File, on: &str, items: Value) -> Value {
        let granted = |item: &Value| item["outcome"] == "granted";
        let list = items.as_array().unwrap().clone();
        let verdicts: Vec<Value> = (0..list.len())
            .filter(|index| granted(&list[*index]))
            .map(|index| json!({"item": index, "verdict": "release"}))
            .collect();
        self.act(
            file,
            "officer",
            "draft_reply",
            json!({"items": items, "occurred_on": on}),
        );
        if !verdicts.is_empty() {
            self.act(
                file,
                "secrecy",
                "review_secrecy",
                json!({"verdicts": verdicts, "occurred_on": on}),
            );
        }
        if verdicts.len() < list.len() {
            self.act(file, "officer", "submit_for_legal_review", json!({"occurred_on": on}));
            self.act(
                file,
                "legal",
                "review_legally",
                json!({"opinion": "pass", "occurred_on": on}),
            );
        }
        self.ordinarily(file, "submit_for_approval", on);
        self.ordinarily(file, "approve_reply", on);
        self.ordinarily(file, "issue_reply", on)
    }

    /// Received, reviewed and answered with one item of this outcome.
    #[track_caller]
    pub fn replied(&self, applicant_kind: &str, received_on: &str, on: &str, outcome: &str) -> File {
        let mut file = self.open("disclosure", applicant_kind, received_on);
        self.reply(&mut file, on, json!([item(outcome)]));
        file
    }

    /// Withdrawn by the applicant's letter.
    #[track_caller]
    pub fn withdraw(&self, clerk: &str, file: &mut File, on: &str) {
        self.act(file, clerk, "withdraw", json!({"occurred_on": on}));
    }
}

/// One item of a reply with everything that any outcome without references needs.
pub fn item(outcome: &str) -> Value {
    let mut item = json!({"description": "补偿安置方案", "outcome": outcome, "explanation": "理由如下"});
    let more = match outcome {
        "granted" => json!({"where": "附件"}),
        "not_held" => json!({"cause": "not_our_agency", "competent_agency": {"name": "澄溪县自然资源局"}}),
        "other_law_forbids" => json!({"article": "第十四条", "law": "《统计法》"}),
        "repeated" => json!({"earlier_number": "CXFB-2025-00001", "earlier_on_paper": true}),
        _ => json!({"article": "第十六条"}),
    };
    item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    item
}
