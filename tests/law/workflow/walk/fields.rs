//! What is impossible about a body by itself: each with the pointer of its field. Dates and late entries.

use gongkai::domain::case::submission::Channel;
use gongkai::domain::case::{Action, Case, Instruction, LateEntry, State};
use gongkai::domain::people::access::Role;
use serde_json::{Value, json};

use super::super::desk::{Desk, day, granted, law, noon, person};
use super::super::reach::plainest_body;

fn pointers(body: Value) -> Vec<String> {
    match Instruction::parse(body) {
        Ok(instruction) => panic!("{instruction:?} should be refused"),
        Err(errors) => errors.into_iter().map(|error| error.pointer).collect(),
    }
}

/// A state in which the action is possible or not: parsing comes before.
fn bodies() -> Vec<(Action, Value)> {
    let desk = Desk::in_progress("2025-09-22");
    Action::ALL
        .iter()
        .copied()
        .filter(|action| *action != Action::Submit)
        .map(|action| (action, plainest_body(action, &desk)))
        .collect()
}

#[test]
fn an_unknown_field_is_named() {
    for (action, body) in bodies() {
        let mut body = body;
        body["note/2"] = json!("x");
        assert_eq!(pointers(body), ["/note~12"], "{action:?}");
    }
}

#[test]
fn a_missing_field_is_named() {
    for (action, body) in bodies() {
        for field in body.as_object().unwrap().keys() {
            let mut without = body.clone();
            without.as_object_mut().unwrap().remove(field);
            // What is absent here may be optional elsewhere; then the body stands.
            if let Err(errors) = Instruction::parse(without) {
                assert_eq!(errors[0].pointer, format!("/{field}"), "{action:?}");
            } else {
                const OPTIONAL: &[(Action, &str)] = &[
                    (Action::ConfirmReceipt, "evidence"),
                    (Action::RecordReasons, "reasonable"),
                    (Action::RecordOpinion, "reason"),
                    (Action::ConsultAgency, "delivered_on"),
                    (Action::RequestAmendment, "delivered_on"),
                    (Action::SubmitForApproval, "changes"),
                ];
                assert!(OPTIONAL.contains(&(action, field)), "{action:?} without {field}");
            }
        }
    }
}

#[test]
fn an_ill_typed_field_is_named() {
    for (action, body) in bodies() {
        for field in body.as_object().unwrap().keys().filter(|field| *field != "value") {
            let mut wrong = body.clone();
            wrong[field] = json!({"not": ["this"]});
            let found = pointers(wrong);
            assert!(
                found.iter().all(|pointer| pointer.starts_with(&format!("/{field}"))),
                "{action:?} {field}: {found:?}"
            );
        }
    }
}

#[test]
fn every_date_is_a_real_one() {
    for (action, body) in bodies() {
        for (field, value) in body.as_object().unwrap() {
            if value
                .as_str()
                .is_some_and(|text| text.parse::<chrono::NaiveDate>().is_ok())
                && field != "value"
            {
                for wrong in ["2026-02-30", "2026-2-3x", "", "02.03.2026", "2026-03-02T00:00:00Z"] {
                    let mut body = body.clone();
                    body[field] = json!(wrong);
                    assert_eq!(pointers(body), [format!("/{field}")], "{action:?} {wrong}");
                }
            }
        }
        let mut body = body;
        body["occurred_on"] = json!("2026-02-30");
        assert_eq!(pointers(body), ["/occurred_on"], "{action:?}");
    }
}

#[test]
fn texts_are_neither_blank_nor_endless_nor_full_of_control_characters() {
    let texts: &[(Action, &str)] = &[
        (Action::RecordContactAttempt, "/result"),
        (Action::ConfirmReceipt, "/evidence/by"),
        (Action::Split, "/parts/0/title"),
        (Action::Split, "/parts/1/features"),
        (Action::Merge, "/reason"),
        (Action::HandOver, "/reason"),
        (Action::RequestAmendment, "/defects/0"),
        (Action::Reopen, "/reason"),
        (Action::AnswerAssignment, "/search/scope"),
        (Action::AnswerAssignment, "/search/systems/1"),
        (Action::AnswerAssignment, "/search/keywords/0"),
        (Action::AnswerAssignment, "/search/searched_by"),
        (Action::ReturnAssignment, "/reason"),
        (Action::ConsultThirdParty, "/party/name"),
        (Action::ConsultThirdParty, "/concerning"),
        (Action::ConsultAgency, "/agency_name"),
        (Action::NotifyThirdParty, "/reason"),
        (Action::SetDelay, "/reason"),
        (Action::ProposeExtension, "/reason"),
        (Action::RejectExtension, "/reason"),
        (Action::RecordPayment, "/reference"),
        (Action::ReturnReply, "/reason"),
        (Action::ReplyOnTheSpot, "/explanation"),
        (Action::FileRemedy, "/organ"),
        (Action::VoidRemedy, "/reason"),
        (Action::RejectVoidRemedy, "/reason"),
        (Action::JoinPersons, "/reason"),
        (Action::PartPersons, "/reason"),
        (Action::CorrectFact, "/reason"),
        (Action::RejectCorrection, "/reason"),
    ];
    let desk = Desk::in_progress("2025-09-22");
    for (action, pointer) in texts {
        for wrong in ["  ", "a\u{0}b", "\u{202e}abc", &"长".repeat(5_000)] {
            let mut body = plainest_body(*action, &desk);
            *body.pointer_mut(pointer).unwrap() = json!(wrong);
            assert_eq!(pointers(body), [*pointer], "{action:?} {wrong:.10}");
        }
    }
}

#[test]
fn numbers_and_lists_have_bounds() {
    let desk = Desk::in_progress("2025-09-22");
    for (action, pointer, wrong) in [
        (Action::RecordPayment, "/amount_yuan", json!(0)),
        (Action::RecordPayment, "/amount_yuan", json!(-1)),
        (Action::RecordPayment, "/amount_yuan", json!(1.5)),
        (Action::IssueFeeNotice, "/count", json!(0)),
        (Action::RequestAmendment, "/defects", json!([])),
        (Action::RequestAmendment, "/defects", json!(vec!["不明确"; 51])),
        (Action::AnswerAssignment, "/search/systems", json!([])),
        (Action::ReviewSecrecy, "/verdicts", json!([])),
        (Action::DraftReply, "/items", json!([])),
        (Action::Split, "/parts", json!([{"title": "一", "features": "一"}])),
    ] {
        let mut body = plainest_body(action, &desk);
        *body.pointer_mut(pointer).unwrap() = wrong.clone();
        assert_eq!(pointers(body), [pointer], "{wrong}");
    }
    // What the rules of the installation allow bounds this one.
    let mut desk = desk;
    for wrong in [0, 21] {
        let mut body = plainest_body(Action::ProposeExtension, &desk);
        body["working_days"] = json!(wrong);
        assert_eq!(desk.wrong(Role::Officer, body), ["/working_days"], "{wrong}");
    }
}

#[test]
fn a_body_is_an_object_with_a_known_action() {
    assert_eq!(pointers(json!([])), [""]);
    assert_eq!(pointers(json!("withdraw")), [""]);
    assert_eq!(pointers(json!({})), ["/action"]);
    assert_eq!(pointers(json!({"action": "delete"})), ["/action"]);
    assert_eq!(pointers(json!({"action": 3})), ["/action"]);
}

#[test]
fn what_one_field_says_about_another() {
    assert_eq!(
        pointers(json!({"action": "reply_on_the_spot", "received_on": "2025-09-22", "explanation": "已公开"})),
        ["/where"]
    );
    assert_eq!(
        pointers(json!({"action": "issue_reply", "method": "mail"})),
        ["/replied_on"]
    );
    assert_eq!(
        pointers(json!({"action": "issue_reply", "method": "pickup", "replied_on": "2025-09-22"})),
        ["/replied_on"]
    );
    assert_eq!(
        pointers(
            json!({"action": "record_payment", "paid_on": "2025-09-22", "amount_yuan": 1, "reference": "1", "occurred_on": "2025-09-22"})
        ),
        ["/occurred_on"],
        "an action with a date of its own has no other"
    );
}

/// What was done is written down within three working days, or as many as the agency says; later it needs a reason.
#[test]
fn an_entry_that_comes_late_says_why_and_is_counted() {
    let mut desk = Desk::registered("2025-09-22");
    desk.excuse_late_entries = false;
    desk.on("2025-09-26");
    let reviewed = |on: &str| {
        let mut review = plainest_body(Action::ReviewFormally, &desk);
        review["occurred_on"] = json!(on);
        review
    };
    let (in_time, mut late) = (reviewed("2025-09-23"), reviewed("2025-09-22"));
    assert_eq!(desk.wrong(Role::Officer, late.clone()), ["/late_entry_reason"]);
    late["late_entry_reason"] = json!(" ");
    assert_eq!(desk.wrong(Role::Officer, late.clone()), ["/late_entry_reason"]);
    late["late_entry_reason"] = json!("当日系统故障");
    desk.act(Role::Officer, late);
    let last = desk.case.log().last().unwrap();
    assert_eq!(last.occurred_on, day("2025-09-22"));
    assert_eq!(last.recorded_at, noon(day("2025-09-26")));
    assert_eq!(last.late_entry, Some(LateEntry::Inside));
    assert_eq!(desk.case.data().late_entries, 1);

    // A reason that is given without need makes an entry in time no late one.
    for reason in [None, Some("多此一举")] {
        let mut again = in_time.clone();
        again["late_entry_reason"] = json!(reason);
        desk.act(Role::Officer, again);
        assert_eq!(desk.case.data().late_entries, 1);
        let last = desk.case.log().last().unwrap();
        assert_eq!((&last.late_entry_reason, last.late_entry), (&None, None));
    }

    // The same for actions with a date of their own, and by the agency's own rule.
    desk.review();
    let mut consult = plainest_body(Action::ConsultThirdParty, &desk);
    consult["sent_on"] = json!("2025-09-26");
    desk.on("2025-09-28");
    desk.lookups.late_entry_days = 0;
    assert_eq!(desk.wrong(Role::Officer, consult.clone()), ["/late_entry_reason"]);
    desk.lookups.late_entry_days = 1;
    desk.act(Role::Officer, consult);
    assert_eq!(desk.case.data().late_entries, 1);
}

/// A weekend is no time in which to write things down: Friday's step may be entered until Wednesday.
#[test]
fn days_off_do_not_make_an_entry_late() {
    let mut desk = Desk::registered("2025-09-12");
    desk.excuse_late_entries = false;
    let mut review = plainest_body(Action::ReviewFormally, &desk);
    review["occurred_on"] = json!("2025-09-12");
    desk.on("2025-09-17").act(Role::Officer, review.clone());
    desk.on("2025-09-18");
    assert_eq!(desk.wrong(Role::Officer, review), ["/late_entry_reason"]);
}

/// What happens outside is known when it is known: its entry needs no reason at any age, and is listed apart.
#[test]
fn facts_from_outside_need_no_reason() {
    let outside: Vec<_> = bodies()
        .into_iter()
        .map(|(action, body)| (action, Instruction::parse(body).unwrap()))
        .filter(|(_, instruction)| instruction.command.comes_from_outside())
        .map(|(action, _)| action)
        .collect();
    assert_eq!(
        outside,
        [
            Action::ReceiveAmendment,
            Action::RecordNoticeDelivery,
            Action::RecordOpinion,
            Action::RecordReasons,
            Action::RecordPayment,
            Action::ChangeContact,
            Action::Withdraw,
            Action::RecordDelivery,
            Action::FileRemedy,
            Action::DecideRemedy,
        ]
    );
    let mut desk = Desk::replied("2025-09-22", json!([granted()]));
    desk.excuse_late_entries = false;
    let late = desk.case.data().late_entries;
    desk.on("2026-01-12");
    for (reason, result) in [(None, "refused"), (Some("回执由邮政部门迟退"), "signed")] {
        let mut delivery = json!({"action": "record_delivery", "result": result, "delivered_on": "2025-10-09"});
        delivery["late_entry_reason"] = json!(reason);
        desk.act(Role::Clerk, delivery);
        let last = desk.case.log().last().unwrap();
        assert_eq!(last.late_entry, Some(LateEntry::Outside));
        assert_eq!(last.late_entry_reason.as_deref(), reason);
    }
    assert_eq!(desk.case.data().late_entries, late, "nobody here was late");
}

/// Earlier builds knew the reason only: what they called late stays so.
#[test]
fn what_was_called_late_stays_so() {
    let mut desk = Desk::replied("2025-09-22", json!([granted()]));
    desk.on("2025-10-20").act(
        Role::Clerk,
        json!({"action": "record_delivery", "result": "signed", "delivered_on": "2025-10-09"}),
    );
    let mut log = desk.case.log().to_vec();
    let late = desk.case.data().late_entries;
    let last = log.last_mut().unwrap();
    last.late_entry = None;
    last.late_entry_reason = Some("回执后到".to_owned());
    let stored = Case::replay(desk.case.id(), log, &law()).unwrap();
    assert_eq!(stored.data().late_entries, late + 1);
}

#[test]
fn no_action_lies_in_the_future() {
    let mut desk = Desk::in_progress("2025-09-22");
    for (action, body) in bodies() {
        let instruction = Instruction::parse(body.clone()).unwrap();
        let mut body = body;
        let field = instruction.command.own_date().map_or("occurred_on", |(name, _)| name);
        body[field] = json!("2025-09-23");
        if let Some(delivered) = body.get_mut("delivered_on").filter(|_| field != "delivered_on") {
            *delivered = json!("2025-09-24");
        }
        let who = gongkai::domain::case::table::rules_of(action).first().unwrap().roles[0];
        let found = desk.wrong(who, body.clone());
        assert_eq!(found[0], format!("/{field}"), "{action:?}");
    }
    // Nor do the other days that an action tells of.
    for (action, field) in [
        (Action::ConsultAgency, "delivered_on"),
        (Action::ConsultThirdParty, "delivered_on"),
        (Action::IssueFeeNotice, "delivered_on"),
        (Action::RequestAmendment, "delivered_on"),
        (Action::RequestReasons, "delivered_on"),
    ] {
        for wrong in ["2025-09-23", "2025-09-21"] {
            let mut body = plainest_body(action, &desk);
            body[field] = json!(wrong);
            assert_eq!(
                desk.wrong(Role::Officer, body),
                [format!("/{field}")],
                "{action:?} {wrong}"
            );
        }
    }
    let mut answer = plainest_body(Action::AnswerAssignment, &desk);
    answer["search"]["searched_on"] = json!("2025-09-23");
    assert_eq!(desk.wrong(Role::Handler, answer), ["/search/searched_on"]);
}

/// A limit lies after its notice, and within what a calendar can hold.
#[test]
fn a_limit_lies_after_what_sets_it() {
    let mut desk = Desk::in_progress("2025-09-22");
    for (role, action, field) in [
        (Role::Officer, Action::RequestAmendment, "respond_by"),
        (Role::Officer, Action::RequestReasons, "respond_by"),
        (Role::Approver, Action::SetDelay, "until"),
    ] {
        for wrong in ["2025-09-22", "2025-09-19", "9999-12-31"] {
            let mut body = plainest_body(action, &desk);
            body[field] = json!(wrong);
            assert_eq!(desk.wrong(role, body), [format!("/{field}")], "{action:?} {wrong}");
        }
    }
}

#[test]
fn an_applicants_steps_are_dated_today() {
    let mut desk = Desk::submitted(Channel::Online, "2025-09-22");
    desk.on("2025-09-23");
    let back = json!({"action": "withdraw", "occurred_on": "2025-09-22", "late_entry_reason": "忘了"});
    assert_eq!(desk.wrong(Role::Applicant, back), ["/occurred_on"]);
    let mut desk = Desk::amendment_pending("2025-09-22");
    desk.on("2025-09-26");
    assert_eq!(
        desk.wrong(
            Role::Applicant,
            json!({"action": "receive_amendment", "received_on": "2025-09-25"})
        ),
        ["/received_on"]
    );
    desk.act(
        Role::Applicant,
        json!({"action": "receive_amendment", "received_on": "2025-09-26"}),
    );
}

/// Nothing lies before the receipt, nor before the review that opened its state.
#[test]
fn an_action_is_not_older_than_the_state_it_is_taken_in() {
    let mut desk = Desk::registered("2025-09-22");
    desk.on("2025-09-25").review();
    let mut draft = json!({"action": "draft_reply", "items": [granted()], "occurred_on": "2025-09-24"});
    let refusal = desk.refused(Role::Officer, draft.clone());
    assert_eq!(
        (refusal.code, refusal.window.unwrap().from),
        ("date_before_antecedent", Some(day("2025-09-25")))
    );
    desk.on("2025-09-28");
    draft["occurred_on"] = json!("2025-09-26");
    desk.act(Role::Officer, draft);
    assert_eq!(
        desk.refused(Role::Secrecy, json!({"action": "review_secrecy", "verdicts": [{"item": 0, "verdict": "release"}], "occurred_on": "2025-09-25"})).code,
        "date_before_antecedent",
        "not before the draft it is about"
    );
    assert_eq!(
        desk.refused(Role::Officer, json!({"action": "take", "occurred_on": "2025-09-21"}))
            .code,
        "date_before_antecedent"
    );
}

/// Fields that are impossible by themselves are told before anything about the state.
#[test]
fn wrong_fields_come_before_a_wrong_state_and_a_missing_role_before_both() {
    let mut desk = Desk::in_state(State::Archived);
    assert_eq!(
        desk.wrong(Role::Officer, json!({"action": "issue_reply", "method": "mail"})),
        ["/replied_on"]
    );
    desk.forbidden(Role::Clerk, plainest_body(Action::DraftReply, &desk));
    assert!(desk.case.options(&person(Role::Admin, 0), &desk.ctx()).is_empty());
    assert_eq!(desk.case.projection(&law()).open_units, []);
}
