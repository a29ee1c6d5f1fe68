//! Endings that are taken back (Arts 30, 45), replies that are replaced, and replies that are sent more than once (235号).

use gongkai::domain::case::{Action, State};
use gongkai::domain::instrument::code::InstrumentCode;
use gongkai::domain::law::deadline::ClockStatus;
use gongkai::domain::people::access::Role;
use gongkai::domain::reply::Outcome;
use serde_json::{Value, json};

use crate::workflow::desk::{Desk, day, granted, law, person};

fn revoke() -> Value {
    json!({"action": "revoke_ending", "reason": "登记有误"})
}

fn late(mut body: Value) -> Value {
    body["late_entry_reason"] = json!("事后得知");
    body
}

/// The amended letter lay in the mail room while the lapse was entered.
#[test]
fn a_lapse_entered_in_ignorance_is_revoked_and_the_letter_counts_from_its_day() {
    let mut desk = Desk::registered("2026-09-07");
    desk.on("2026-09-09").act(
        Role::Officer,
        json!({
            "action": "request_amendment", "notified_on": "2026-09-09", "defects": ["请写明地块"],
            "respond_by": "2026-09-28", "delivered_on": "2026-09-09",
        }),
    );
    desk.on("2026-09-29")
        .act(Role::Officer, json!({"action": "lapse_amendment"}));
    assert_eq!(desk.outcome(), Some(Outcome::AmendmentLapsed));
    desk.on("2026-10-09");
    let kinds: Vec<_> = desk
        .case
        .data()
        .closings
        .iter()
        .map(|closing| closing.kind.code())
        .collect();
    assert_eq!(kinds, ["amendment_lapsed"]);
    desk.act(Role::Approver, revoke());
    assert_eq!((desk.state(), desk.outcome()), (State::AmendmentPending, None));
    assert!(desk.case.data().closings.is_empty());
    let notice = desk.sub("amendment_notice");
    assert!(notice.is_open() && notice.due_on() == Some(day("2026-09-28")));
    desk.act(
        Role::Clerk,
        late(json!({"action": "receive_amendment", "received_on": "2026-09-24"})),
    );
    let report = desk.clock();
    assert_eq!(
        (report.day_zero, report.due_on),
        (Some(day("2026-09-24")), Some(day("2026-10-29")))
    );
}

/// Paid at the bank on the last day; the slip came after the lapse.
#[test]
fn a_fee_paid_in_time_undoes_the_lapse() {
    let mut desk = Desk::in_progress("2026-08-03");
    desk.on("2026-08-07").act(
        Role::Officer,
        json!({
            "action": "issue_fee_notice", "scheme": "per_page", "count": 44, "issued_on": "2026-08-07",
            "delivered_on": "2026-08-07",
        }),
    );
    let notice = desk.sub("fee_notice").fields().unwrap();
    assert_eq!(
        (&notice["amount_yuan"], desk.sub("fee_notice").due_on()),
        (&json!(140), Some(day("2026-09-04")))
    );
    desk.on("2026-09-07").act(Role::Officer, json!({"action": "lapse_fee"}));
    desk.on("2026-09-09").act(Role::Approver, revoke());
    let payment = json!({"action": "record_payment", "paid_on": "2026-09-04", "amount_yuan": 140, "reference": "0001"});
    desk.act(Role::Clerk, late(payment));
    let report = desk.clock();
    assert_eq!(
        (report.day_zero, report.due_on),
        (Some(day("2026-09-04")), Some(day("2026-10-09")))
    );
}

/// Back to where it was, with everything that the ending had ended, whatever ended it.
#[test]
fn every_ending_is_revoked_to_the_state_before() {
    let consulted = || {
        let mut desk = Desk::in_progress("2025-09-22");
        desk.plainly(Role::Officer, Action::ConsultThirdParty)
            .plainly(Role::Officer, Action::Assign);
        desk
    };
    let submitted = || Desk::in_state(State::Submitted);
    let approved = || {
        let mut desk = Desk::before_approver("2025-09-22", json!([granted()]));
        desk.plainly(Role::Approver, Action::ApproveReply);
        desk
    };
    for (mut desk, role, action, kind) in [
        (consulted(), Role::Applicant, Action::Withdraw, "withdrawn"),
        (consulted(), Role::Officer, Action::Merge, "merged"),
        (submitted(), Role::Officer, Action::CloseIntake, "intake_closed"),
        (submitted(), Role::Applicant, Action::Withdraw, "withdrawn"),
        (approved(), Role::Officer, Action::IssueReply, "replied"),
        (Desk::delivered("2025-09-22"), Role::Clerk, Action::Archive, "archived"),
    ] {
        let before = desk.clone();
        desk.plainly(role, action);
        assert_eq!(desk.case.data().closings.last().unwrap().kind.code(), kind);
        desk.act(Role::Approver, revoke());
        let mut after = desk.case.data().clone();
        // Who was told of the end is told that the case goes on.
        after.instruments.retain(|one| one.issued.code != InstrumentCode::D47);
        assert_eq!(&after, before.case.data(), "{action:?} leaves nothing behind");
        let clock = |desk: &Desk| desk.case.clock(&law(), desk.today, false);
        assert_eq!(clock(&desk), clock(&before));
    }
}

#[test]
fn who_entered_an_ending_does_not_revoke_it_and_none_is_revoked_twice() {
    let mut desk = Desk::in_progress("2025-09-22");
    assert_eq!(desk.refused(Role::Approver, revoke()).code, "wrong_state");
    let mut both = person(Role::Officer, 0);
    both.roles.insert(Role::Approver);
    desk.act(
        &both,
        json!({"action": "merge", "into_case_id": "01990000-0000-7000-8000-000000000080", "reason": "同一事项"}),
    );
    assert_eq!(desk.refused(&both, revoke()).code, "same_person_as_recorder");
    desk.forbidden(Role::Officer, revoke());
    // A right lapse is reopened, a wrong ending revoked; each refusal names the other.
    let reopen = desk.refused(Role::Approver, json!({"action": "reopen", "reason": "住院"}));
    assert!(reopen.reason.zh.contains("revoke_ending"), "{}", reopen.reason.zh);
    desk.act(Role::Approver, revoke());
    assert_eq!(desk.refused(Role::Approver, revoke()).code, "wrong_state");
}

#[test]
fn an_ending_against_which_a_remedy_is_decided_stands() {
    let mut desk = Desk::in_progress("2025-09-22");
    desk.plainly(Role::Applicant, Action::Withdraw)
        .plainly(Role::Officer, Action::FileRemedy)
        .plainly(Role::Officer, Action::DecideRemedy);
    assert_eq!(desk.refused(Role::Approver, revoke()).code, "remedy_decided");
}

/// What was posted and signed for is replaced, not revoked: the clock stays where the first posting stopped it.
#[test]
fn a_reply_with_the_wrong_annex_is_replaced() {
    let mut desk = Desk::replied("2025-09-22", json!([granted()]));
    let replace = json!({"action": "replace_reply", "reason": "附件装错"});
    let mut signed = desk.clone();
    signed.on("2025-09-24").act(
        Role::Clerk,
        json!({"action": "record_delivery", "result": "signed", "delivered_on": "2025-09-24"}),
    );
    assert_eq!(signed.refused(Role::Approver, revoke()).code, "reply_left");

    let stopped_on = desk.case.data().stopped_on();
    let due_on = desk.clock().due_on;
    desk.act(Role::Approver, replace.clone());
    assert_eq!(desk.state(), State::InProgress);
    let report = desk.clock();
    assert_eq!((report.status, report.due_on), (ClockStatus::Stopped, due_on));
    assert_eq!(desk.outcome(), Some(Outcome::Granted), "one result in the table");
    let late_notice = json!({"action": "request_amendment", "notified_on": "2025-09-22", "defects": ["不明确"]});
    assert_eq!(desk.refused(Role::Officer, late_notice).code, "reply_being_replaced");

    desk.on("2025-11-24")
        .plainly(Role::Officer, Action::ConsultThirdParty)
        .draft(json!([granted(), crate::workflow::desk::withheld()]))
        .lead_to_approver();
    desk.plainly(Role::Approver, Action::ApproveReply).act(
        Role::Officer,
        json!({"action": "issue_reply", "method": "mail", "replied_on": "2025-11-24"}),
    );
    let data = desk.case.data();
    assert_eq!(data.stopped_on(), stopped_on, "stopped by the first posting");
    assert_eq!(data.past_replies.len(), 1);
    assert_eq!(data.past_replies[0].replaced_on, Some(day("2025-09-22")));
    assert_eq!(
        (desk.outcome(), desk.state()),
        (Some(Outcome::PartlyGranted), State::Replied)
    );
    assert_eq!(desk.case.projection(&law()).ended_on, Some(day("2025-11-24")));
    assert_eq!(desk.clock().missed_on, None);
    // The replacement is one that left as well.
    desk.act(Role::Approver, replace);
    assert_eq!(desk.state(), State::InProgress);
}

/// A replacement of the next year leaves the table of its own year alone.
#[test]
fn a_replacement_of_a_later_year_does_not_move_the_result() {
    let mut desk = Desk::replied("2025-12-15", json!([granted()]));
    desk.on("2026-01-12")
        .act(Role::Approver, json!({"action": "replace_reply", "reason": "附件装错"}));
    desk.draft(json!([crate::workflow::desk::withheld()]))
        .lead_to_approver();
    desk.plainly(Role::Approver, Action::ApproveReply)
        .plainly(Role::Officer, Action::IssueReply);
    let projection = desk.case.projection(&law());
    assert_eq!(
        (projection.outcome, projection.ended_on),
        (Some(Outcome::Granted), Some(day("2025-12-15")))
    );
}

/// A lapse of one year that is reopened in the next stays in the table of its year, and the case counts in no other.
#[test]
fn a_lapse_reopened_after_the_year_stays_in_its_year() {
    for (reopened_on, counted) in [("2026-01-12", Some(Outcome::AmendmentLapsed)), ("2025-12-15", None)] {
        let mut desk = Desk::amendment_pending("2025-10-20");
        desk.on("2025-12-01")
            .act(Role::Officer, json!({"action": "lapse_amendment"}));
        desk.on(reopened_on)
            .act(Role::Approver, json!({"action": "reopen", "reason": "住院"}));
        assert_eq!(desk.outcome(), counted, "reopened on {reopened_on}");
        desk.review().draft(json!([granted()])).lead_to_approver();
        desk.plainly(Role::Approver, Action::ApproveReply)
            .plainly(Role::Officer, Action::IssueReply);
        assert_eq!(desk.outcome(), Some(counted.unwrap_or(Outcome::Granted)));
    }
}

fn issued(received_on: &str, on: &str, method: &str) -> Desk {
    let mut desk = Desk::in_progress(received_on);
    desk.on(on).draft(json!([granted()])).lead_to_approver();
    let replied_on = (method != "pickup" && method != "in_person").then_some(on);
    desk.plainly(Role::Approver, Action::ApproveReply).act(
        Role::Officer,
        json!({"action": "issue_reply", "method": method, "replied_on": replied_on}),
    );
    desk
}

fn delivered(dispatch: Option<&str>, result: &str, on: &str, because: Option<&str>) -> Value {
    late(json!({
        "action": "record_delivery", "dispatch_id": dispatch, "result": result, "delivered_on": on,
        "returned_because": because,
    }))
}

fn again(method: &str, on: &str) -> Value {
    late(json!({"action": "dispatch_reply", "method": method, "sent_on": on}))
}

/// Offered for pick-up, then asked for by post: in time on the day of posting.
#[test]
fn the_earliest_dispatch_that_counts_stops_the_clock() {
    let mut desk = issued("2026-10-12", "2026-10-26", "pickup");
    assert_eq!(desk.clock().due_on, Some(day("2026-11-09")));
    desk.on("2026-11-06").act(Role::Clerk, again("mail", "2026-11-06"));
    desk.on("2026-11-12")
        .act(Role::Clerk, delivered(None, "signed", "2026-11-12", None));
    assert_eq!((desk.state(), desk.clock().missed_on), (State::Delivered, None));
    assert_eq!(desk.case.data().stopped_on(), Some(day("2026-11-06")));
    assert_eq!(desk.case.data().ending().unwrap().on, day("2026-11-06"));
}

#[test]
fn what_counts_as_the_reply_by_way_and_result() {
    let first = "dispatch-9";
    for (method, steps, stopped_on) in [
        (
            "mail",
            vec![delivered(None, "returned", "2026-10-30", Some("address_given"))],
            Some("2026-10-26"),
        ),
        (
            "mail",
            vec![delivered(None, "returned", "2026-10-30", Some("unclaimed"))],
            Some("2026-10-26"),
        ),
        (
            "mail",
            vec![delivered(None, "returned", "2026-10-30", Some("our_error"))],
            None,
        ),
        (
            "mail",
            vec![
                delivered(None, "returned", "2026-10-30", Some("our_error")),
                again("mail", "2026-11-02"),
            ],
            Some("2026-11-02"),
        ),
        ("email", vec![delivered(None, "returned", "2026-10-26", None)], None),
        (
            "email",
            vec![
                delivered(None, "returned", "2026-10-26", None),
                again("mail", "2026-10-27"),
            ],
            Some("2026-10-27"),
        ),
        (
            "email",
            vec![delivered(None, "opened", "2026-10-28", None)],
            Some("2026-10-26"),
        ),
        ("pickup", vec![], None),
        (
            "pickup",
            vec![delivered(None, "signed", "2026-10-29", None)],
            Some("2026-10-29"),
        ),
        (
            "in_person",
            vec![delivered(None, "refused", "2026-10-27", None)],
            Some("2026-10-27"),
        ),
        (
            "pickup",
            vec![
                again("mail", "2026-10-30"),
                delivered(Some(first), "signed", "2026-10-28", None),
            ],
            Some("2026-10-28"),
        ),
    ] {
        let mut desk = issued("2026-10-12", "2026-10-26", method);
        assert_eq!(desk.case.data().reply.as_ref().unwrap().dispatches[0].id, first);
        desk.on("2026-11-03");
        let told = format!("{method} {steps:?}");
        for step in steps {
            desk.act(Role::Clerk, step);
        }
        assert_eq!(desk.case.data().stopped_on(), stopped_on.map(day), "{told}");
        assert_eq!(
            desk.case.data().ending().map(|ending| ending.on),
            stopped_on.map(day),
            "{told}"
        );
    }
}

#[test]
fn a_dispatch_that_does_not_exist_is_named() {
    let mut desk = issued("2026-10-12", "2026-10-26", "mail");
    assert_eq!(
        desk.wrong(
            Role::Clerk,
            delivered(Some("dispatch-99"), "signed", "2026-10-26", None)
        ),
        ["/dispatch_id"]
    );
    assert_eq!(
        desk.wrong(Role::Clerk, delivered(None, "signed", "2026-10-26", Some("moved"))),
        ["/returned_because"]
    );
}

/// What the applicant is shown follows the case: a reply that was taken back is no step, and one that came back is finished
/// when an approver closes the file.
#[test]
fn the_steps_of_the_applicant_know_what_was_taken_back_and_what_came_back() {
    let reached = |desk: &Desk, place: usize| desk.case.steps(None)[place].reached_on;
    let mut desk = Desk::registered("2026-10-12");
    desk.plainly(Role::Officer, Action::ReplyOnTheSpot);
    assert_eq!(reached(&desk, 2), Some(day("2026-10-12")));
    desk.act(Role::Approver, revoke());
    assert_eq!((desk.state(), reached(&desk, 2)), (State::Registered, None));

    let mut desk = issued("2026-10-12", "2026-10-26", "mail");
    desk.on("2026-11-03")
        .act(Role::Clerk, delivered(None, "returned", "2026-10-30", Some("moved")));
    assert_eq!(reached(&desk, 4), None);
    desk.on("2026-11-05").act(
        Role::Approver,
        json!({"action": "archive", "retention": "10y", "without_service_reason": "查无新址"}),
    );
    assert_eq!(reached(&desk, 4), Some(day("2026-11-05")));
}
