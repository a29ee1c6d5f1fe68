//! The papers of a case: which steps take them, and how many a body may name.

use gongkai::domain::case::dispatch::field_schemas;
use gongkai::domain::case::{Action, Instruction};
use gongkai::domain::people::access::Role;
use serde_json::{Value, json};

use super::super::desk::Desk;
use super::super::reach::plainest_body;

/// They leave no paper: the agency's own housekeeping, a click of the applicant's, and what is one file itself.
const WITHOUT: [Action; 8] = [
    Action::EditDraft,
    Action::ConfirmSubmission,
    Action::Take,
    Action::HandOver,
    Action::ConfirmCorrection,
    Action::RejectCorrection,
    Action::ConfirmVoidRemedy,
    Action::RejectVoidRemedy,
];

/// Whether the contract gives the action a field for papers.
pub fn takes_papers(action: Action) -> bool {
    let mut schemas = field_schemas().into_iter();
    schemas.any(|(known, schema)| {
        known == action && serde_json::to_value(schema).unwrap()["properties"]["document_ids"] != Value::Null
    })
}

#[test]
fn every_step_takes_its_papers() {
    let desk = Desk::in_progress("2025-09-22");
    for action in Action::ALL.iter().copied().filter(|action| *action != Action::Submit) {
        assert_eq!(takes_papers(action), !WITHOUT.contains(&action), "{action:?}");
        let mut body = plainest_body(action, &desk);
        body["document_ids"] = json!(["doc-2"]);
        let named = |instruction: &Instruction| {
            let named = instruction.command.named_documents();
            named
                .iter()
                .any(|(pointer, id)| pointer == "/document_ids/0" && *id == "doc-2")
        };
        match Instruction::parse(body) {
            Ok(instruction) => assert!(named(&instruction), "{action:?}"),
            Err(errors) => assert_eq!(
                (WITHOUT.contains(&action), errors[0].pointer.as_str()),
                (true, "/document_ids"),
                "{action:?}"
            ),
        }
    }
}

#[test]
fn a_body_names_at_most_500_documents() {
    let many = |count: usize| vec!["doc-1"; count];
    let wrong = |body: Value| {
        let errors = Instruction::parse(body).expect_err("too many");
        errors.into_iter().map(|error| error.pointer).collect::<Vec<_>>()
    };
    let withdraw = |count| json!({"action": "withdraw", "document_ids": many(count)});
    assert!(Instruction::parse(withdraw(500)).is_ok());
    assert_eq!(wrong(withdraw(501)), ["/document_ids"]);
    let item = json!({"description": "方案", "outcome": "granted", "document_ids": many(200)});
    let mut draft = json!({"action": "draft_reply", "items": [item, item]});
    assert!(Instruction::parse(draft.clone()).is_ok());
    draft["document_ids"] = json!(many(101));
    assert_eq!(
        wrong(draft),
        ["/document_ids"],
        "items and papers of their own count together"
    );
}

#[test]
fn a_paper_that_is_not_there_is_named() {
    let mut desk = Desk::in_progress("2025-09-22");
    let mut request = plainest_body(Action::RequestAmendment, &desk);
    request["document_ids"] = json!(["doc-1", "doc-7"]);
    assert_eq!(desk.wrong(Role::Officer, request), ["/document_ids/1"]);
}
