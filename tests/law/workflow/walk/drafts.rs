//! What legal reviewer and approver say of a draft, and the changes that are asked for with a pass (Art 17).

use gongkai::domain::case::reviewed::{LegalOpinion, ReviewStage};
use gongkai::domain::case::{Action, Case, State};
use gongkai::domain::people::access::Role;
use gongkai::domain::reply::SecrecyVerdict;
use serde_json::{Value, json};

use super::super::desk::{Desk, granted, law, person, withheld};

/// Before the legal reviewer: one item to be released, one to be withheld.
fn in_review() -> Desk {
    let mut desk = Desk::in_progress("2025-09-22");
    desk.draft(json!([granted(), withheld()]))
        .act(
            Role::Secrecy,
            json!({"action": "review_secrecy", "verdicts": [{"item": 0, "verdict": "release"}]}),
        )
        .act(Role::Officer, json!({"action": "submit_for_legal_review"}));
    desk
}

fn review(opinion: &str, note: Option<&str>, changes: Option<Value>) -> Value {
    let mut body = json!({"action": "review_legally", "opinion": opinion, "note": note});
    if let Some(changes) = changes {
        body["changes"] = changes;
    }
    body
}

fn submit(answers: Value) -> Value {
    json!({"action": "submit_for_approval", "changes": answers})
}

#[test]
fn changes_that_are_asked_for_are_answered_one_by_one() {
    let mut desk = in_review();
    let asked = json!(["写明第十六条第二款", "救济途径改用新格式"]);
    desk.act(
        Role::Legal,
        review("pass_with_changes", Some("其余无意见"), Some(asked)),
    );
    assert_eq!(desk.state(), State::InProgress);
    assert!(!desk.case.projection(&law()).awaits_legal);

    // Neither skipped nor answered in part.
    for wrong in [
        json!([]),
        json!([{"made": true}]),
        json!([{"made": true}, {"made": true}, {"made": true}]),
    ] {
        let errors = desk.wrong_fields(Role::Officer, submit(wrong));
        assert_eq!(errors[0].pointer, "/changes");
        let told = &errors[0].detail.zh;
        assert!(
            told.contains("（1）写明第十六条第二款") && told.contains("（2）救济途径改用新格式"),
            "{told}"
        );
    }
    let unsaid = submit(json!([{"made": true}, {"made": false}]));
    assert_eq!(desk.wrong(Role::Officer, unsaid), ["/changes/1/note"]);

    // Only what was changed is looked at again, and by secrecy alone.
    let mut clearer = withheld();
    clearer["explanation"] = json!("属于讨论记录，依据第十六条第二款");
    desk.draft(json!([granted(), clearer]));
    let draft = desk.case.data().draft.clone().unwrap();
    assert_eq!(draft.verdicts, [Some(SecrecyVerdict::Release), None]);
    desk.act(
        Role::Officer,
        submit(json!([{"made": true}, {"made": false, "note": "新格式下月启用"}])),
    );
    assert_eq!(desk.state(), State::InApproval);
    let data = desk.case.data();
    let answers: Vec<_> = data
        .changes
        .iter()
        .map(|change| change.answer.clone().unwrap())
        .collect();
    assert_eq!(
        answers.iter().map(|answer| answer.made).collect::<Vec<_>>(),
        [true, false]
    );
    assert_eq!(answers[1].note.as_deref(), Some("新格式下月启用"));
    assert!(
        answers
            .iter()
            .all(|answer| answer.by == person(Role::Officer, 0).user_id)
    );
    assert_eq!(data.open_changes().count(), 0);
}

#[test]
fn a_changed_item_that_is_released_goes_to_secrecy_again() {
    let mut desk = in_review();
    desk.act(
        Role::Legal,
        review("pass_with_changes", None, Some(json!(["方案写明批准日期"]))),
    );
    let mut dated = granted();
    dated["description"] = json!("补偿方案正文（2025年3月批准）");
    desk.draft(json!([dated, withheld()]));
    let answered = submit(json!([{"made": true}]));
    assert_eq!(
        desk.refused(Role::Officer, answered.clone()).code,
        "secrecy_review_missing"
    );
    desk.act(
        Role::Secrecy,
        json!({"action": "review_secrecy", "verdicts": [{"item": 0, "verdict": "release"}]}),
    )
    .act(Role::Officer, answered);
}

#[test]
fn a_note_alone_is_the_change_and_a_pass_with_changes_needs_one() {
    let mut desk = in_review();
    for (body, pointer) in [
        (review("pass_with_changes", None, None), "/changes"),
        (review("pass_with_changes", Some(" "), None), "/changes"),
        (review("pass_with_changes", None, Some(json!([]))), "/changes"),
        (review("pass_with_changes", None, Some(json!(["x", " "]))), "/changes/1"),
        (review("pass", None, Some(json!(["x"]))), "/changes"),
        (review("return", None, Some(json!(["x"]))), "/changes"),
    ] {
        assert_eq!(desk.wrong(Role::Legal, body), [pointer]);
    }
    desk.act(Role::Legal, review("pass_with_changes", Some("第二段改写"), None));
    let open: Vec<_> = desk
        .case
        .data()
        .open_changes()
        .map(|change| change.text.clone())
        .collect();
    assert_eq!(open, ["第二段改写"]);
}

/// Every return, pass and change stands in the case: by whom, when, what.
#[test]
fn what_was_said_of_a_draft_stays() {
    let mut desk = in_review();
    desk.act(Role::Legal, review("return", Some("条款有误"), None))
        .act(Role::Officer, json!({"action": "submit_for_legal_review"}))
        .act(
            Role::Legal,
            review("pass_with_changes", None, Some(json!(["写明日期"]))),
        )
        .act(Role::Officer, submit(json!([{"made": true}])))
        .act(Role::Approver, json!({"action": "return_reply", "reason": "语气生硬"}));
    // Returned by the approver, it passes the lawyers again, and owes no answer to what was answered.
    assert_eq!(
        desk.refused(Role::Officer, submit(json!([]))).code,
        "legal_review_required"
    );
    desk.act(Role::Officer, json!({"action": "submit_for_legal_review"}))
        .act(Role::Legal, review("pass", None, None));
    assert_eq!(desk.wrong(Role::Officer, submit(json!([{"made": true}]))), ["/changes"]);
    desk.act(Role::Officer, submit(json!([])))
        .act(Role::Approver, json!({"action": "approve_reply"}));
    let said: Vec<_> = desk
        .case
        .data()
        .reviews
        .iter()
        .map(|review| (review.stage, review.opinion, review.note.as_deref()))
        .collect();
    use LegalOpinion::{Pass, PassWithChanges, Return};
    use ReviewStage::{Approval, Legal};
    assert_eq!(
        said,
        [
            (Legal, Return, Some("条款有误")),
            (Legal, PassWithChanges, None),
            (Approval, Return, Some("语气生硬")),
            (Legal, Pass, None),
            (Approval, Pass, None),
        ]
    );
    let by: Vec<_> = desk.case.data().reviews.iter().map(|review| review.by).collect();
    let (legal, approver) = (person(Role::Legal, 0).user_id, person(Role::Approver, 0).user_id);
    assert_eq!(by, [legal, legal, approver, legal, approver]);
}

#[test]
fn another_legal_review_takes_the_place_of_open_changes() {
    let mut desk = in_review();
    desk.act(
        Role::Legal,
        review("pass_with_changes", None, Some(json!(["写明日期"]))),
    )
    .act(Role::Officer, json!({"action": "submit_for_legal_review"}));
    assert_eq!(desk.case.data().open_changes().count(), 0);
    assert!(desk.case.projection(&law()).awaits_legal);
    desk.act(Role::Legal, review("pass", None, None))
        .act(Role::Officer, submit(json!([])));
}

/// Earlier builds left the draft with the reviewer: their entries name no changes.
#[test]
fn a_pass_with_changes_of_an_old_log_keeps_its_meaning() {
    let mut desk = in_review();
    desk.act(Role::Legal, review("pass_with_changes", Some("第二段"), None));
    let mut log = desk.case.log().to_vec();
    let last = log.last_mut().unwrap();
    let mut data = last.event.data().unwrap();
    data.as_object_mut().unwrap().remove("changes");
    last.event = gongkai::domain::case::Event::from_data(last.event.code(), data).unwrap();
    desk.case = Case::replay(desk.case.id(), log, &law()).unwrap();
    assert_eq!(desk.state(), State::InReview);
    assert!(
        desk.allowed(person(Role::Officer, 0))
            .contains(&Action::SubmitForApproval)
    );
    desk.act(Role::Officer, submit(json!([])));
    assert_eq!(desk.state(), State::InApproval);
}
