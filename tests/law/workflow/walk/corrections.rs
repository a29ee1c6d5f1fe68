//! A wrongly entered fact is corrected by two people; both values and the reason stay (Art 45, 更正记录).

use gongkai::domain::case::Event;
use gongkai::domain::case::sub::SubStatus;
use gongkai::domain::case::submission::Channel;
use gongkai::domain::case::{Action, State};
use gongkai::domain::law::deadline::ClockStatus;
use gongkai::domain::people::access::Role;
use serde_json::{Value, json};

use super::super::desk::{Desk, day, granted, person, timer, working_day};

fn correct(seq: u32, field: &str, value: impl Into<Value>) -> Value {
    json!({"action": "correct_fact", "seq": seq, "field": field, "value": value.into(), "reason": "录入有误"})
}

fn confirm(seq: u32) -> Value {
    json!({"action": "confirm_correction", "seq": seq})
}

impl Desk {
    /// Proposes and confirms.
    #[track_caller]
    pub fn corrected(&mut self, code: &str, field: &str, value: impl Into<Value>) -> &mut Self {
        let seq = self.seq(code);
        self.act(Role::Officer, correct(seq, field, value))
            .act(Role::Approver, confirm(seq))
    }
}

#[test]
fn both_values_and_the_reason_stay_and_the_clock_is_evaluated_anew() {
    let mut desk = Desk::submitted(Channel::Online, "2025-09-22");
    desk.on("2025-09-24").plainly(Role::Clerk, Action::ConfirmReceipt);
    let seq = desk.seq("receipt_confirmed");
    desk.on("2025-09-26")
        .act(Role::Officer, correct(seq, "received_on", "2025-09-23"));
    assert_eq!(
        desk.clock().day_zero,
        Some(day("2025-09-24")),
        "nothing moves before it is confirmed"
    );
    assert!(desk.sub("correction").is_open());
    desk.act(Role::Approver, confirm(seq));
    assert_eq!(desk.clock().day_zero, Some(day("2025-09-23")));
    assert_eq!(desk.clock().due_on, Some(working_day(day("2025-09-23"), 20)));
    assert_eq!(desk.sub("correction").status(), SubStatus::Confirmed);
    assert_eq!(
        desk.case.data().number.as_deref(),
        Some("YX-2025-00001"),
        "the number stays"
    );
    let logged = &desk.case.log()[seq as usize - 1];
    assert_eq!(logged.occurred_on, day("2025-09-24"), "the first entry stays as it was");
    let Event::CorrectionProposed(proposal) = &desk.case.log()[seq as usize].event else {
        panic!("no proposal")
    };
    assert_eq!(
        (&proposal.old_value, &proposal.value),
        (&json!("2025-09-24"), &json!("2025-09-23"))
    );
    assert_eq!(proposal.reason, "录入有误");
}

#[test]
fn a_rejected_correction_changes_nothing_and_may_be_proposed_again() {
    let mut desk = Desk::registered("2025-09-22");
    let before = desk.clock();
    desk.act(Role::Officer, correct(1, "channel", "registered_mail")).act(
        Role::Approver,
        json!({"action": "reject_correction", "seq": 1, "reason": "原记录无误"}),
    );
    assert_eq!(
        (desk.clock(), desk.sub("correction").status()),
        (before, SubStatus::Rejected)
    );
    assert_eq!(desk.case.data().submission.channel, Channel::InPerson);
    assert_eq!(desk.refused(Role::Approver, confirm(1)).code, "no_correction_proposed");
    desk.corrected("submitted", "channel", "registered_mail");
    assert_eq!(desk.case.data().submission.channel, Channel::RegisteredMail);
}

#[test]
fn one_open_proposal_an_entry_and_never_confirmed_by_the_proposer() {
    let mut desk = Desk::registered("2025-09-22");
    let mut both = person(Role::Officer, 0);
    both.roles.insert(Role::Approver);
    desk.act(&both, correct(1, "channel", "registered_mail"));
    assert_eq!(
        desk.refused(Role::Officer, correct(1, "channel", "fax")).code,
        "correction_pending"
    );
    assert_eq!(desk.refused(&both, confirm(1)).code, "same_person_as_proposer");
    desk.act(
        Role::Officer,
        correct(2, "evidence", json!({"means": "postmark", "by": "收发室"})),
    );
    assert_eq!(desk.wrong(Role::Approver, confirm(99)), ["/seq"]);
    desk.act(Role::Approver, confirm(1));
    assert_eq!(desk.refused(Role::Approver, confirm(1)).code, "correction_settled");
    desk.forbidden(Role::Officer, confirm(2));
    desk.act(Role::Approver, confirm(2));
}

#[test]
fn only_what_is_recorded_can_be_corrected_and_only_into_what_could_be_entered() {
    let mut desk = Desk::in_progress("2025-09-22");
    desk.on("2025-09-26").act(
        Role::Officer,
        json!({"action": "consult_third_party", "party": {"name": "某公司"}, "concerning": "报价", "sent_on": "2025-09-25"}),
    );
    let sent = desk.seq("third_party_consulted");
    for (seq, field, value, pointer) in [
        (99, "received_on", json!("2025-09-22"), "/seq"),
        (2, "number", json!("YX-1"), "/field"),
        (2, "rule_set", json!("regulation-2008"), "/field"),
        (3, "checks", json!({}), "/field"),
        (2, "received_on", json!("2025-02-30"), "/value"),
        (2, "received_on", json!(17), "/value"),
        (2, "received_on", Value::Null, "/value"),
        (2, "received_on", json!("2025-09-27"), "/value"),
        (1, "arrived_on", json!("2025-09-27"), "/value"),
        (1, "channel", json!("pigeon"), "/value"),
        (
            1,
            "applicant",
            json!({"kind": "natural_person", "name": "", "id_document": {"kind": "passport", "number": "EA1234567"}, "phone": "13800000000"}),
            "/value/name",
        ),
        (sent, "party", json!({"name": " "}), "/value/name"),
        (sent, "delivered_on", json!("2025-09-27"), "/value"),
        (sent, "delivered_on", json!("2025-09-24"), "/value"),
    ] {
        assert_eq!(
            desk.wrong(Role::Officer, correct(seq, field, value.clone())),
            [pointer],
            "{seq} {field} {value}"
        );
    }
    desk.corrected("third_party_consulted", "delivered_on", "2025-09-26");
    assert_eq!(
        desk.sub("consultation").due_on(),
        Some(working_day(day("2025-09-26"), 15))
    );
}

/// Refused when a later fact becomes impossible, naming it.
#[test]
fn a_correction_that_makes_a_later_entry_impossible_is_refused() {
    let mut desk = Desk::registered("2025-09-22");
    desk.on("2025-09-23").act(
        Role::Officer,
        json!({"action": "request_amendment", "notified_on": "2025-09-23", "defects": ["不明确"]}),
    );
    desk.on("2025-09-26").plainly(Role::Clerk, Action::ReceiveAmendment);
    let (requested, received) = (desk.seq("amendment_requested"), desk.seq("amendment_received"));
    desk.on("2025-09-30");
    let refusal = desk.refused(Role::Officer, correct(requested, "notified_on", "2025-09-29"));
    assert_eq!(refusal.code, "correction_impossible");
    assert!(
        refusal.reason.zh.contains(&format!("第 {received} 条")),
        "{}",
        refusal.reason.zh
    );
    assert!(
        refusal.reason.en.contains(&format!("entry {received}")),
        "{}",
        refusal.reason.en
    );
    // In the other order both are possible.
    desk.corrected("amendment_received", "received_on", "2025-09-30")
        .corrected("amendment_requested", "notified_on", "2025-09-29");
    assert_eq!(desk.clock().day_zero, Some(day("2025-09-30")));
}

#[test]
fn every_kind_of_answer_is_kept_after_what_it_answers() {
    let mut desk = Desk::in_progress("2025-09-22");
    desk.on("2025-09-23")
        .plainly(Role::Officer, Action::ConsultThirdParty)
        .plainly(Role::Officer, Action::RequestReasons)
        .plainly(Role::Officer, Action::Assign);
    desk.on("2025-09-24")
        .plainly(Role::Handler, Action::AnswerAssignment)
        .plainly(Role::Clerk, Action::RecordReasons);
    desk.plainly(Role::Officer, Action::RecordOpinion)
        .plainly(Role::Officer, Action::IssueFeeNotice);
    desk.on("2025-09-25").plainly(Role::Clerk, Action::RecordPayment);
    desk.on("2025-09-29");
    for (code, field, later) in [
        ("third_party_consulted", "sent_on", "opinion_recorded"),
        ("fee_notice_issued", "issued_on", "payment_recorded"),
    ] {
        let (seq, later) = (desk.seq(code), desk.seq(later));
        let refusal = desk.refused(Role::Officer, correct(seq, field, "2025-09-26"));
        assert_eq!(refusal.code, "correction_impossible", "{code}");
        assert!(
            refusal.reason.en.contains(&format!("entry {later}")),
            "{code}: {}",
            refusal.reason.en
        );
    }
    for (code, field, earliest) in [
        ("opinion_recorded", "received_on", "2025-09-23"),
        ("payment_recorded", "paid_on", "2025-09-24"),
        ("reasons_recorded", "received_on", "2025-09-23"),
    ] {
        let seq = desk.seq(code);
        let before = day(earliest).pred_opt().unwrap();
        let refusal = desk.refused(Role::Officer, correct(seq, field, json!(before)));
        assert_eq!(refusal.code, "correction_impossible", "{code}");
        desk.clone().corrected(code, field, earliest);
    }
}

#[test]
fn what_was_possible_when_proposed_may_be_impossible_when_confirmed() {
    let mut desk = Desk::in_progress("2025-09-22");
    desk.plainly(Role::Officer, Action::ConsultThirdParty);
    let seq = desk.seq("third_party_consulted");
    desk.on("2025-09-29")
        .act(Role::Officer, correct(seq, "sent_on", "2025-09-26"));
    let id = desk.id("consultation");
    desk.act(
        Role::Officer,
        json!({"action": "record_opinion", "consultation_id": id, "received_on": "2025-09-24", "opinion": "consent"}),
    );
    let refusal = desk.refused(Role::Approver, confirm(seq));
    assert_eq!(refusal.code, "correction_impossible");
    assert!(
        refusal
            .reason
            .en
            .contains(&format!("entry {}", desk.seq("opinion_recorded")))
    );
}

fn confirmed_late(on: &str) -> Value {
    json!({
        "action": "confirm_receipt", "received_on": on, "evidence": {"means": "phone", "by": "陈明远"},
        "late_confirmation_reason": "多次未能联系上",
    })
}

/// A second correction builds on the first, also of another entry.
#[test]
fn corrections_build_on_one_another() {
    let mut desk = Desk::submitted(Channel::Online, "2025-09-15");
    desk.on("2025-09-24")
        .act(Role::Clerk, confirmed_late("2025-09-24"))
        .review();
    desk.plainly(Role::Officer, Action::ConsultThirdParty);
    desk.on("2025-09-26")
        .corrected("receipt_confirmed", "received_on", "2025-09-17");
    // Before the first receipt date, after the corrected one; the review of the 24th does not matter to a letter.
    let consulted = desk.seq("third_party_consulted");
    let refusal = desk.refused(Role::Officer, correct(consulted, "sent_on", "2025-09-16"));
    assert_eq!(
        refusal.code, "correction_impossible",
        "not before the corrected receipt"
    );
    desk.corrected("third_party_consulted", "sent_on", "2025-09-18");

    // The same entry again: the latest value stands, and the old one is that of the last correction.
    desk.corrected("receipt_confirmed", "received_on", "2025-09-16");
    assert_eq!(desk.clock().day_zero, Some(day("2025-09-16")));
    let Event::CorrectionProposed(last) = &desk.case.log()[desk.case.log().len() - 2].event else {
        panic!("no proposal")
    };
    assert_eq!(last.old_value, json!("2025-09-17"));
    let seq = desk.seq("receipt_confirmed");
    assert_eq!(
        desk.refused(Role::Officer, correct(seq, "received_on", "2025-09-14"))
            .code,
        "correction_impossible",
        "not before the arrival"
    );
    desk.corrected("submitted", "arrived_on", "2025-09-12")
        .corrected("receipt_confirmed", "received_on", "2025-09-14");
}

/// The rules are chosen by the receipt date, so a corrected one chooses again.
#[test]
fn a_corrected_receipt_chooses_its_rules() {
    let mut desk = Desk::submitted(Channel::Online, "2019-05-10");
    desk.on("2019-05-16").act(Role::Clerk, confirmed_late("2019-05-16"));
    assert_eq!(desk.clock().allowance, 20);
    desk.corrected("receipt_confirmed", "received_on", "2019-05-14");
    assert_eq!(desk.case.data().rule_set.as_deref(), Some("regulation-2008"));
    assert_eq!(desk.clock().allowance, 15);
}

/// Art 31: a receipt whose channel needs evidence does not lose it; one that never had any can still be dated right.
#[test]
fn the_evidence_of_a_receipt_stays() {
    let mut desk = Desk::submitted(Channel::Online, "2025-09-22");
    desk.plainly(Role::Clerk, Action::ConfirmReceipt);
    let seq = desk.seq("receipt_confirmed");
    assert_eq!(
        desk.wrong(Role::Officer, correct(seq, "evidence", Value::Null)),
        ["/value"]
    );

    let mut confirmed = Desk::submitted(Channel::Online, "2025-09-22");
    confirmed
        .plainly(Role::Applicant, Action::ConfirmSubmission)
        .on("2025-09-24")
        .plainly(Role::Clerk, Action::ConfirmReceipt)
        .corrected("receipt_confirmed", "evidence", Value::Null)
        .corrected("receipt_confirmed", "received_on", "2025-09-23");
    assert_eq!(confirmed.clock().day_zero, Some(day("2025-09-23")));
}

/// Art 31(1), 31(2): the receipt follows the day of arrival.
#[test]
fn a_corrected_arrival_takes_the_receipt_with_it() {
    let mut desk = Desk::registered("2025-09-22");
    desk.on("2025-09-26");
    let seq = desk.seq("receipt_confirmed");
    let refusal = desk.refused(Role::Officer, correct(seq, "received_on", "2025-09-23"));
    assert_eq!(refusal.code, "receipt_date_impossible");
    desk.corrected("submitted", "arrived_on", "2025-09-19");
    assert_eq!(desk.clock().day_zero, Some(day("2025-09-19")));
    desk.review();
    let reviewed = desk.seq("formally_reviewed");
    desk.on("2025-09-29");
    let refusal = desk.refused(Role::Officer, correct(1, "arrived_on", "2025-09-28"));
    assert_eq!(refusal.code, "correction_impossible");
    assert!(refusal.reason.en.contains(&format!("entry {reviewed}")));
}

#[test]
fn a_wrong_delivery_is_corrected() {
    let mut desk = Desk::delivered("2025-09-22");
    desk.on("2025-09-26")
        .corrected("delivery_recorded", "result", "returned");
    assert_eq!(desk.state(), State::Replied);
    desk.plainly(Role::Clerk, Action::RecordDelivery);
    assert_eq!(desk.state(), State::Delivered);
    let seq = desk.seq("delivery_recorded");
    let refusal = desk.refused(Role::Officer, correct(seq, "result", "opened"));
    assert_eq!(refusal.code, "not_delivered_online", "a letter is not opened");
}

#[test]
fn a_corrected_posting_day_moves_the_end_of_the_clock() {
    let mut desk = Desk::before_approver("2025-09-22", json!([granted()]));
    desk.plainly(Role::Approver, Action::ApproveReply);
    desk.on("2025-10-27").act(
        Role::Officer,
        json!({"action": "issue_reply", "method": "mail", "replied_on": "2025-10-27"}),
    );
    assert!(desk.clock().overdue);
    desk.corrected("reply_issued", "replied_on", "2025-10-24");
    assert!(!desk.clock().overdue);
    assert_eq!(desk.case.data().ending().unwrap().on, day("2025-10-24"));
    let seq = desk.seq("reply_issued");
    assert_eq!(
        desk.wrong(Role::Officer, correct(seq, "replied_on", Value::Null)),
        ["/value"]
    );
}

#[test]
fn a_reply_on_the_spot_entered_for_the_wrong_day_is_corrected_step_by_step() {
    let mut desk = Desk::submitted(Channel::Online, "2025-09-22");
    desk.on("2025-09-24").plainly(Role::Officer, Action::ReplyOnTheSpot);
    desk.corrected("receipt_confirmed", "received_on", "2025-09-23")
        .corrected("replied_on_the_spot", "received_on", "2025-09-23");
    assert_eq!(desk.case.data().ending().unwrap().on, day("2025-09-23"));
    assert_eq!(desk.clock().status, ClockStatus::Stopped);
}

#[test]
fn an_archived_case_is_not_corrected_and_every_other_is() {
    for state in State::ALL {
        let mut desk = Desk::in_state(*state);
        let body = correct(1, "channel", "registered_mail");
        if *state == State::Archived {
            assert_eq!(desk.refused(Role::Officer, body).code, "wrong_state");
        } else {
            desk.act(Role::Officer, body).act(Role::Approver, confirm(1));
            assert_eq!(desk.case.data().submission.channel, Channel::RegisteredMail);
            assert_eq!(desk.state(), *state);
        }
    }
}

/// The lapse rests on the date that is corrected: the case is evaluated with it.
#[test]
fn a_corrected_delivery_of_the_fee_notice_moves_the_limit() {
    let mut desk = Desk::in_progress("2025-09-22");
    desk.plainly(Role::Officer, Action::IssueFeeNotice);
    let id = desk.id("fee_notice");
    desk.on("2025-09-26").act(
        Role::Clerk,
        json!({"action": "record_notice_delivery", "target": "fee_notice", "id": id, "delivered_on": "2025-09-23"}),
    );
    desk.corrected("notice_delivered", "delivered_on", "2025-09-25");
    let last = working_day(day("2025-09-25"), 20);
    assert_eq!(desk.sub("fee_notice").due_on(), Some(last));
    desk.today = last;
    assert_eq!(
        desk.refused(timer(), json!({"action": "lapse_fee"})).code,
        "fee_not_overdue"
    );
}
