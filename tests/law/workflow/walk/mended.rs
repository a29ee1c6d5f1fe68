//! What was entered by mistake can be put right, and what is accepted has its effect.

use gongkai::domain::case::OtherApplication;
use gongkai::domain::case::submission::Channel;
use gongkai::domain::case::{Action, State};
use gongkai::domain::law::deadline::ClockStatus;
use gongkai::domain::people::access::Role;
use gongkai::domain::people::party::ApplicantKind;
use gongkai::domain::reply::Outcome;
use serde_json::{Value, json};

use crate::workflow::desk::{Desk, day, granted};

fn notice(count: u32) -> Value {
    json!({
        "action": "issue_fee_notice", "scheme": "per_page", "count": count, "issued_on": "2025-09-22",
        "delivered_on": "2025-09-22",
    })
}

fn pay(on: &str, yuan: u32, slip: &str) -> Value {
    json!({"action": "record_payment", "paid_on": on, "amount_yuan": yuan, "reference": slip})
}

fn correct(seq: u32, field: &str, value: impl Into<Value>) -> Value {
    json!({"action": "correct_fact", "seq": seq, "field": field, "value": value.into(), "reason": "录入有误"})
}

/// One slip is one payment, and a wrong amount can be put right.
#[test]
fn a_slip_is_counted_once() {
    let mut desk = Desk::in_progress("2025-09-22");
    desk.act(Role::Officer, notice(44));
    desk.on("2025-09-26")
        .act(Role::Clerk, pay("2025-09-24", 70, "回单 001"));
    for slip in ["回单 001", "回单　００１"] {
        let twice = desk.refused(Role::Clerk, pay("2025-09-24", 70, slip));
        assert_eq!(twice.code, "payment_already_recorded", "{slip}");
    }
    desk.act(Role::Clerk, pay("2025-09-24", 70, "回单 002"));
    assert_eq!(desk.clock().day_zero, Some(day("2025-09-24")));
    desk.corrected("payment_recorded", "amount_yuan", 7);
    assert_eq!(
        desk.clock().status,
        ClockStatus::AwaitingPayment,
        "half of it is owed again"
    );
    let late = desk
        .on("2025-09-28")
        .refused(Role::Clerk, pay("2025-09-24", 7, "回单 002"));
    assert_eq!(late.code, "payment_already_recorded");
}

/// The pages were counted wrongly: the amount follows the count, and so does what is owed.
#[test]
fn a_miscounted_fee_is_corrected() {
    let mut desk = Desk::in_progress("2025-09-22");
    desk.act(Role::Officer, notice(200));
    assert_eq!(desk.sub("fee_notice").fields().unwrap()["amount_yuan"], 2700);
    desk.on("2025-09-24")
        .act(Role::Clerk, pay("2025-09-24", 700, "回单 001"));
    assert_eq!(desk.clock().status, ClockStatus::AwaitingPayment);
    let free = desk.seq("fee_notice_issued");
    assert_eq!(
        desk.refused(Role::Officer, correct(free, "count", 5)).code,
        "nothing_to_charge"
    );
    desk.corrected("fee_notice_issued", "count", 100);
    assert_eq!(desk.sub("fee_notice").fields().unwrap()["amount_yuan"], 700);
    assert_eq!(
        (desk.clock().status, desk.clock().day_zero),
        (ClockStatus::Running, Some(day("2025-09-24")))
    );
}

/// A lapse that a corrected delivery makes unlawful is taken back first.
#[test]
fn a_corrected_delivery_does_not_leave_an_unlawful_lapse() {
    let mut fee = Desk::in_progress("2025-08-04");
    fee.act(
        Role::Officer,
        json!({
            "action": "issue_fee_notice", "scheme": "per_page", "count": 44, "issued_on": "2025-08-04",
            "delivered_on": "2025-08-04",
        }),
    );
    fee.on("2025-09-02").plainly(Role::Officer, Action::LapseFee);
    let seq = fee.seq("fee_notice_issued");
    let refused = fee.refused(Role::Officer, correct(seq, "delivered_on", "2025-08-20"));
    assert_eq!(refused.code, "correction_impossible");
    assert!(refused.reason.zh.contains("revoke_ending"), "{}", refused.reason.zh);
    fee.act(Role::Officer, correct(seq, "delivered_on", "2025-08-04"));
    let mut amendment = Desk::amendment_pending("2025-08-04");
    let seq = amendment.seq("amendment_requested");
    let today = amendment.sub("amendment_notice").due_on().unwrap().succ_opt().unwrap();
    amendment
        .on(&today.to_string())
        .plainly(Role::Officer, Action::LapseAmendment);
    let refused = amendment.refused(
        Role::Officer,
        correct(seq, "delivered_on", today.pred_opt().unwrap().to_string()),
    );
    assert_eq!(refused.code, "correction_impossible");
}

/// What an amendment stated anew is corrected there; the earlier entry says so.
#[test]
fn what_was_stated_anew_is_corrected_where_it_was() {
    let mut desk = Desk::amendment_pending("2025-09-22");
    desk.on("2025-09-30").act(
        Role::Clerk,
        json!({
            "action": "receive_amendment", "received_on": "2025-09-30", "route": "email",
            "description": {"title": "误录", "features": "误录的补正"},
            "applicant": {"kind": "business", "name": "陈明远"},
        }),
    );
    let right = json!({"title": "正确", "features": "正确的补正"});
    for (field, value) in [("description", right.clone()), ("route", json!("pickup"))] {
        let refused = desk.refused(Role::Officer, correct(1, field, value));
        assert_eq!(refused.code, "correction_without_effect", "{field}");
    }
    desk.corrected("amendment_received", "description", right);
    assert_eq!(desk.case.data().title(), "正确");
    desk.corrected("amendment_received", "applicant.kind", "natural_person");
    let applicant = &desk.case.data().applicant;
    assert_eq!(applicant.kind, Some(ApplicantKind::NaturalPerson));
    assert_eq!(applicant.name.as_deref(), Some("陈明远"));
}

/// One part of the applicant is corrected without touching the others; what a view masks is no value.
#[test]
fn a_part_of_the_applicant_is_corrected_alone() {
    let mut desk = Desk::registered("2025-09-22");
    let before = desk.case.data().applicant.clone();
    desk.corrected("submitted", "applicant.phone", "0799-6210001转12");
    let after = desk.case.data().applicant.clone();
    assert_eq!(after.phone.as_deref(), Some("0799-6210001转12"));
    assert_eq!(
        (after.name, after.id_document, after.kind),
        (before.name, before.id_document, before.kind)
    );
    let masked = json!({"kind": "resident_id", "number": "1101**********0964"});
    assert_eq!(
        desk.wrong(Role::Officer, correct(1, "applicant.id_document", masked)),
        ["/value"]
    );
    assert_eq!(
        desk.wrong(Role::Officer, correct(1, "intake_number.x", "1")),
        ["/field"]
    );
    assert_eq!(
        desk.wrong(Role::Officer, correct(1, "applicant.nothing", "1")),
        ["/value"]
    );
}

/// An order to reply again that was none is corrected, and then the remedy can be voided.
#[test]
fn an_order_entered_on_the_wrong_case_is_undone() {
    let mut desk = Desk::replied("2025-09-22", json!([granted()]));
    desk.excuse_late_entries = true;
    desk.act(
        Role::Officer,
        json!({"action": "file_remedy", "kind": "reconsideration", "filed_on": "2025-09-22", "organ": "江临市人民政府"}),
    );
    let remedy = desk.sub("remedy").id();
    let before = (desk.state(), desk.case.data().stopped_on());
    desk.on("2025-11-10").act(
        Role::Officer,
        json!({
            "action": "decide_remedy", "remedy_id": remedy, "decided_on": "2025-11-06", "result": "corrected",
            "reply_again": true,
        }),
    );
    assert_eq!(desk.state(), State::InProgress);
    let void = json!({"action": "void_remedy", "remedy_id": remedy, "reason": "登记在了别的案件上"});
    let refused = desk.refused(Role::Officer, void.clone());
    assert!(refused.reason.zh.contains("reply_again"), "{}", refused.reason.zh);
    desk.corrected("remedy_decided", "reply_again", false);
    assert_eq!((desk.state(), desk.case.data().stopped_on()), before);
    desk.act(Role::Officer, void);

    // Where work has begun on it, it stands.
    let mut begun = Desk::replied("2025-09-22", json!([granted()]));
    begun.excuse_late_entries = true;
    begun.act(
        Role::Officer,
        json!({"action": "file_remedy", "kind": "reconsideration", "filed_on": "2025-09-22", "organ": "江临市人民政府"}),
    );
    let remedy = begun.sub("remedy").id();
    begun.on("2025-11-10").act(
        Role::Officer,
        json!({
            "action": "decide_remedy", "remedy_id": remedy, "decided_on": "2025-11-06", "result": "corrected",
            "reply_again": true,
        }),
    );
    begun.act(Role::Officer, json!({"action": "draft_reply", "items": [granted()]}));
    let seq = begun.seq("remedy_decided");
    let refused = begun.refused(Role::Officer, correct(seq, "reply_again", false));
    assert_eq!(refused.code, "correction_impossible");
}

/// Of two orders the one that names the earlier day counts.
#[test]
fn a_second_order_does_not_put_off_the_first() {
    let mut desk = Desk::replied("2025-09-22", json!([granted()]));
    desk.excuse_late_entries = true;
    for (kind, organ) in [("reconsideration", "江临市人民政府"), ("direct_suit", "澄溪县人民法院")] {
        desk.act(
            Role::Officer,
            json!({"action": "file_remedy", "kind": kind, "filed_on": "2025-09-22", "organ": organ}),
        );
    }
    let ids: Vec<String> = desk
        .case
        .data()
        .subs
        .remedies
        .iter()
        .map(|sub| sub.id().to_string())
        .collect();
    let decide = |id: &str, on: &str, reply_by: Option<&str>| {
        json!({
            "action": "decide_remedy", "remedy_id": id, "decided_on": on, "result": "corrected", "reply_again": true,
            "reply_by": reply_by,
        })
    };
    desk.on("2025-11-11")
        .act(Role::Officer, decide(&ids[1], "2025-11-11", Some("2025-11-20")));
    desk.on("2025-11-13")
        .act(Role::Officer, decide(&ids[0], "2025-11-13", None));
    assert_eq!(desk.clock().due_on, Some(day("2025-11-20")));
}

/// 延迟答复 is later than the day that holds.
#[test]
fn a_delay_puts_off_and_never_brings_forward() {
    let mut desk = Desk::in_progress("2025-09-22");
    desk.act(
        Role::Officer,
        json!({"action": "request_reasons", "respond_by": "2025-10-10"}),
    );
    desk.act(
        Role::Officer,
        json!({"action": "record_reasons", "received_on": "2025-09-22", "reasons": "课题研究", "reasonable": true}),
    );
    let due_on = desk.clock().due_on.unwrap();
    let until = |day: chrono::NaiveDate| json!({"action": "set_delay", "until": day, "reason": "数量较多"});
    for wrong in [due_on, due_on.pred_opt().unwrap()] {
        assert_eq!(desk.refused(Role::Approver, until(wrong)).code, "delay_not_later");
    }
    let later = due_on.succ_opt().unwrap();
    desk.act(Role::Approver, until(later));
    assert_eq!(desk.clock().due_on, Some(later));
}

/// One of two equal letters is answered.
#[test]
fn a_duplicate_is_one_of_a_living_application_of_the_same_person() {
    let duplicate = json!({"action": "close_intake", "reason": "duplicate", "other_case_id": "01990000-0000-7000-8000-000000000080"});
    let mut alone = duplicate.clone();
    alone["other_case_id"] = Value::Null;
    let mut desk = Desk::submitted(Channel::OrdinaryMail, "2025-09-22");
    assert_eq!(desk.wrong(Role::Officer, alone), ["/other_case_id"]);
    for (alive, alike) in [(false, true), (true, false)] {
        desk.lookups.other_application = Some(OtherApplication { alive, alike });
        assert_eq!(desk.refused(Role::Officer, duplicate.clone()).code, "duplicate_unfit");
    }
    desk.lookups.other_application = Some(OtherApplication {
        alive: true,
        alike: true,
    });
    desk.act(Role::Officer, duplicate);
    assert_eq!(desk.state(), State::Closed);
}

/// The reply that a draft rests on was taken back meanwhile.
#[test]
fn a_repeated_application_rests_on_a_reply_that_stands() {
    let item = json!({"description": "方案", "outcome": "repeated", "explanation": "已经答复", "earlier_number": "YX-2024-00007"});
    let mut desk = Desk::in_progress("2025-09-22");
    desk.act(Role::Officer, json!({"action": "draft_reply", "items": [item]}))
        .plainly(Role::Officer, Action::SubmitForLegalReview)
        .plainly(Role::Legal, Action::ReviewLegally)
        .plainly(Role::Officer, Action::SubmitForApproval)
        .plainly(Role::Approver, Action::ApproveReply);
    let answered = std::mem::take(&mut desk.lookups.answered);
    let reply = json!({"action": "issue_reply", "method": "mail", "replied_on": "2025-09-22"});
    let refused = desk.refused(Role::Officer, reply.clone());
    assert_eq!(refused.code, "earlier_reply_gone");
    assert!(refused.reason.zh.contains("YX-2024-00007"), "{}", refused.reason.zh);
    desk.lookups.answered = answered;
    desk.act(Role::Officer, reply);
    assert_eq!(desk.outcome(), Some(Outcome::Repeated));
}

/// A second envelope completes the answer: the content is taken over, and the clock has begun already.
#[test]
fn a_second_envelope_completes_the_amendment() {
    let mut desk = Desk::amendment_pending("2025-09-22");
    desk.excuse_late_entries = true;
    let letter = |on: &str, title: &str| {
        json!({
            "action": "receive_amendment", "received_on": on, "description": {"title": title, "features": "补正内容"},
        })
    };
    desk.on("2025-09-30").act(Role::Clerk, letter("2025-09-29", "第一封"));
    let clock = desk.clock();
    assert_eq!(clock.day_zero, Some(day("2025-09-29")));
    desk.act(Role::Clerk, letter("2025-09-30", "第二封"));
    assert_eq!((desk.case.data().title(), desk.state()), ("第二封", State::Registered));
    assert_eq!(
        (desk.clock().day_zero, desk.clock().due_on),
        (clock.day_zero, clock.due_on)
    );
    desk.plainly(Role::Officer, Action::ReviewFormally)
        .plainly(Role::Officer, Action::ReviewSubstantively);
    desk.act(Role::Officer, json!({"action": "draft_reply", "items": [granted()]}));
    desk.act(Role::Clerk, letter("2025-09-30", "第三封"));
    assert_eq!((desk.case.data().title(), desk.state()), ("第三封", State::InProgress));
    assert!(
        desk.case.data().draft.is_none(),
        "a draft answers what was asked before"
    );

    // Accepted late with a good reason: the content comes with the reopening.
    let mut reopened = Desk::amendment_pending("2025-09-22");
    let today = reopened.sub("amendment_notice").due_on().unwrap().succ_opt().unwrap();
    reopened
        .on(&today.to_string())
        .plainly(Role::Officer, Action::LapseAmendment)
        .plainly(Role::Approver, Action::Reopen);
    reopened.act(Role::Clerk, letter(&today.to_string(), "住院期间寄出"));
    assert_eq!(reopened.case.data().title(), "住院期间寄出");
    let mut never = Desk::registered("2025-09-22");
    assert_eq!(
        never.refused(Role::Clerk, letter("2025-09-22", "主动补充")).code,
        "not_amended"
    );
}
