//! Between receipt and draft: assignments, consultations, reasons, extension, fee (Arts 32–35, 42).

use gongkai::domain::case::Event;
use gongkai::domain::case::sub::{Assignment, Sub, SubStatus};
use gongkai::domain::case::submission::Channel;
use gongkai::domain::case::{Action, State};
use gongkai::domain::law::deadline::{ClockStatus, NoteCode};
use gongkai::domain::people::access::Role;
use gongkai::domain::reply::{CaseKind, Outcome};
use serde_json::json;

use super::super::desk::{Desk, day, granted, law, person, search_record, timer, unit, working_day};
use super::super::reach::plainest_body;

#[test]
fn an_assignment_is_due_inside_the_statutory_time() {
    let mut desk = Desk::registered("2025-09-22");
    let assign = |due: &str| json!({"action": "assign", "unit_id": unit(0), "due_on": due});
    let refusal = desk.refused(Role::Officer, assign("2025-10-25"));
    assert_eq!(refusal.code, "assignment_beyond_due_date");
    assert_eq!(refusal.window.unwrap().to, Some(day("2025-10-24")));
    desk.on("2025-09-24");
    assert_eq!(desk.wrong(Role::Officer, assign("2025-09-23")), ["/due_on"]);
    desk.act(Role::Officer, assign("2025-10-24"))
        .act(Role::Officer, assign("2025-09-24"));
    assert_eq!(
        desk.case.projection(&super::super::desk::law()).open_units,
        [unit(0), unit(0)]
    );

    // When the statutory time is over, the search still has to be made.
    desk.on("2025-11-03").act(Role::Officer, assign("2025-11-05"));
}

#[test]
fn only_the_unit_itself_answers_and_only_once() {
    let mut desk = Desk::in_progress("2025-09-22");
    desk.act(
        Role::Officer,
        json!({"action": "assign", "unit_id": unit(0), "due_on": "2025-09-29"}),
    );
    let answer = json!({
        "action": "answer_assignment", "assignment_id": desk.id("assignment"), "result": "not_found",
        "search": search_record(day("2025-09-22")),
    });
    let stranger = person(Role::Handler, 1);
    desk.refused(&stranger, answer.clone());
    assert!(!desk.allowed(&stranger).contains(&Action::AnswerAssignment));
    assert!(desk.allowed(Role::Handler).contains(&Action::AnswerAssignment));
    desk.forbidden(Role::Officer, answer.clone());
    desk.act(Role::Handler, answer.clone());
    assert_eq!(desk.sub("assignment").status(), SubStatus::Answered);
    desk.refused(Role::Handler, answer.clone());

    // Two units at work: each answers its own.
    desk.act(
        Role::Officer,
        json!({"action": "assign", "unit_id": unit(0), "due_on": "2025-09-29"}),
    );
    let of_first = desk.id("assignment");
    desk.act(
        Role::Officer,
        json!({"action": "assign", "unit_id": unit(1), "due_on": "2025-09-29"}),
    );
    let refusal = desk.refused(
        &stranger,
        json!({"action": "return_assignment", "assignment_id": of_first, "reason": "不属本科室"}),
    );
    assert_eq!(refusal.code, "other_unit");
    let own = json!({"action": "return_assignment", "assignment_id": desk.id("assignment"), "reason": "不属本科室"});
    desk.act(&stranger, own.clone());
    assert_eq!(desk.sub("assignment").status(), SubStatus::Returned);
    let first: &Sub<Assignment> = desk.case.data().subs.get(of_first.parse().unwrap()).unwrap();
    assert_eq!(first.status, SubStatus::Open);
}

/// Art 33(3): the days after sending up to and including the opinion do not count.
#[test]
fn a_consultation_suspends_the_clock_until_the_opinion() {
    let mut desk = Desk::in_progress("2025-09-22");
    desk.on("2025-09-26").act(
        Role::Officer,
        json!({"action": "consult_third_party", "party": {"name": "某公司"}, "concerning": "报价", "sent_on": "2025-09-26"}),
    );
    let report = desk.clock();
    assert_eq!(
        (report.status, report.due_on, report.projected_due_on),
        (ClockStatus::Suspended, None, None)
    );
    let id = desk.id("consultation");
    desk.act(
        Role::Clerk,
        json!({"action": "record_notice_delivery", "target": "consultation", "id": id, "delivered_on": "2025-09-26"}),
    );
    // Art 32: 15 working days from its receipt of the letter, over the holidays.
    assert_eq!(desk.sub("consultation").due_on(), Some(day("2025-10-23")));
    assert_eq!(
        desk.refused(
            Role::Clerk,
            json!({"action": "record_notice_delivery", "target": "consultation", "id": id, "delivered_on": "2025-09-26"}),
        )
        .code,
        "no_notice_undelivered"
    );
    desk.on("2025-10-16").act(
        Role::Officer,
        json!({"action": "record_opinion", "consultation_id": id, "received_on": "2025-10-15", "opinion": "consent"}),
    );
    let report = desk.clock();
    assert_eq!(
        (report.status, report.due_on),
        (ClockStatus::Running, Some(day("2025-11-06")))
    );
    let again =
        json!({"action": "record_opinion", "consultation_id": id, "received_on": "2025-10-16", "opinion": "consent"});
    assert_eq!(desk.refused(Role::Officer, again).code, "no_open_consultation");
}

/// Art 32: silence ends the suspension on the 15th working day after receipt; the agency decides.
#[test]
fn silence_ends_the_suspension_by_itself() {
    let mut desk = Desk::in_progress("2025-09-22");
    desk.on("2025-09-26").act(
        Role::Officer,
        json!({"action": "consult_agency", "agency_name": "县财政局", "concerning": "标准", "joint": false,
               "sent_on": "2025-09-26", "delivered_on": "2025-09-26"}),
    );
    assert_eq!(desk.clock().projected_due_on, Some(working_day(day("2025-10-23"), 16)));
    desk.on("2025-10-23");
    assert_eq!(desk.clock().status, ClockStatus::Suspended);
    desk.check();
    desk.on("2025-10-24");
    let report = desk.clock();
    assert_eq!(
        (report.status, report.due_on),
        (ClockStatus::Running, Some(day("2025-11-14")))
    );
    desk.check();
    // A late opinion is kept and moves nothing.
    let id = desk.id("consultation");
    desk.act(
        Role::Officer,
        json!({"action": "record_opinion", "consultation_id": id, "received_on": "2025-10-24", "opinion": "object", "reason": "商业秘密"}),
    );
    assert_eq!(desk.clock().due_on, Some(day("2025-11-14")));
}

#[test]
fn an_ended_consultation_suspends_until_that_day_and_overlapping_ones_count_once() {
    let mut desk = Desk::in_progress("2025-09-22");
    desk.on("2025-09-24").plainly(Role::Officer, Action::ConsultThirdParty);
    let first = desk.id("consultation");
    desk.on("2025-09-25").plainly(Role::Officer, Action::ConsultAgency);
    let second = desk.id("consultation");
    desk.on("2025-09-28")
        .act(Role::Officer, json!({"action": "end_consultation", "consultation_id": first, "ended_on": "2025-09-26", "reason": "undeliverable"}));
    assert_eq!(desk.clock().status, ClockStatus::Suspended, "the other is still open");
    desk.act(Role::Officer, json!({"action": "end_consultation", "consultation_id": second, "ended_on": "2025-09-28", "reason": "not_needed"}));
    // 09-25, 09-26 and the worked Sunday 09-28 are out: three days later than 10-24.
    assert_eq!(desk.clock().due_on, Some(day("2025-10-29")));
    assert_eq!(
        desk.refused(Role::Officer, json!({"action": "end_consultation", "consultation_id": second, "ended_on": "2025-09-28", "reason": "not_needed"})).code,
        "no_open_consultation"
    );
}

#[test]
fn what_answers_a_letter_is_not_older_than_the_letter() {
    let mut desk = Desk::in_progress("2025-09-22");
    desk.on("2025-09-26").plainly(Role::Officer, Action::ConsultThirdParty);
    let id = desk.id("consultation");
    for body in [
        json!({"action": "record_notice_delivery", "target": "consultation", "id": id, "delivered_on": "2025-09-25"}),
        json!({"action": "record_opinion", "consultation_id": id, "received_on": "2025-09-25", "opinion": "consent"}),
        json!({"action": "end_consultation", "consultation_id": id, "ended_on": "2025-09-25", "reason": "withdrawn"}),
    ] {
        let refusal = desk.refused(Role::Officer, body);
        assert_eq!(refusal.code, "date_before_antecedent");
        assert_eq!(refusal.window.unwrap().from, Some(day("2025-09-26")));
    }
    // Independent facts come in any order: a second letter of the day before.
    desk.act(
        Role::Officer,
        json!({"action": "consult_third_party", "party": {"name": "另一公司"}, "concerning": "报价", "sent_on": "2025-09-25"}),
    );
}

/// Art 35: reasons found good allow a later date; found bad they open leaf r19.
#[test]
fn reasons_lead_to_a_later_date_or_to_r19() {
    let r19 = json!([{"description": "全部文件", "outcome": "excessive_unjustified", "explanation": "理由不合理"}]);
    let mut desk = Desk::in_progress("2025-09-22");
    assert_eq!(
        desk.refused(
            Role::Approver,
            json!({"action": "set_delay", "until": "2025-12-31", "reason": "数量较多"})
        )
        .code,
        "reasons_not_reasonable"
    );
    assert_eq!(
        desk.refused(Role::Officer, json!({"action": "record_reasons", "reasonable": true}))
            .code,
        "no_reasons_request"
    );
    desk.act(
        Role::Officer,
        json!({"action": "request_reasons", "respond_by": "2025-10-10"}),
    );
    assert_eq!(
        desk.refused(Role::Officer, json!({"action": "draft_reply", "items": r19}))
            .code,
        "notice_undelivered"
    );
    let id = desk.id("reasons_request");
    desk.act(
        Role::Clerk,
        json!({"action": "record_notice_delivery", "target": "reasons_request", "id": id, "on": desk.today}),
    );
    assert_eq!(
        desk.clock().status,
        ClockStatus::Running,
        "the request does not move the clock"
    );
    assert_eq!(
        desk.refused(Role::Officer, json!({"action": "request_reasons"})).code,
        "reasons_already_requested"
    );

    // While the applicant may still answer, silence proves nothing.
    assert_eq!(
        desk.refused(Role::Officer, json!({"action": "draft_reply", "items": r19}))
            .code,
        "reasons_outstanding"
    );
    let mut silent = desk.clone();
    silent.on("2025-10-11").draft(r19.clone());

    assert_eq!(
        desk.wrong(Role::Applicant, json!({"action": "record_reasons"})),
        ["/reasons"]
    );
    assert_eq!(
        desk.wrong(
            Role::Applicant,
            json!({"action": "record_reasons", "reasons": "研究", "reasonable": true})
        ),
        ["/reasonable"]
    );
    desk.act(
        Role::Applicant,
        json!({"action": "record_reasons", "reasons": "课题研究"}),
    );
    assert!(
        desk.sub("reasons_request").is_open(),
        "the agency has yet to judge them"
    );
    assert_eq!(
        desk.wrong(Role::Clerk, json!({"action": "record_reasons"})),
        ["/reasonable"]
    );

    let mut unreasonable = desk.clone();
    unreasonable
        .act(Role::Officer, json!({"action": "record_reasons", "reasonable": false}))
        .draft(r19.clone())
        .lead_to_approver();
    unreasonable
        .plainly(Role::Approver, Action::ApproveReply)
        .plainly(Role::Officer, Action::IssueReply);
    assert_eq!(unreasonable.outcome(), Some(Outcome::ExcessiveUnjustified));

    desk.on("2025-09-25").act(
        Role::Officer,
        json!({"action": "record_reasons", "received_on": "2025-09-24", "reasonable": true}),
    );
    assert_eq!(
        desk.refused(Role::Officer, json!({"action": "draft_reply", "items": r19}))
            .code,
        "reasons_reasonable"
    );
    let request = &desk.case.data().subs.reasons[0].detail;
    assert_eq!(
        (request.reasons.as_deref(), request.reasonable),
        (Some("课题研究"), Some(true))
    );
    desk.act(
        Role::Approver,
        json!({"action": "set_delay", "until": "2025-12-31", "reason": "数量较多"}),
    );
    assert_eq!(desk.clock().due_on, Some(day("2025-12-31")));
    assert_eq!(
        desk.refused(
            Role::Approver,
            json!({"action": "set_delay", "until": "2025-12-31", "reason": "数量较多", "occurred_on": "2025-09-23"})
        )
        .code,
        "date_before_antecedent",
        "not before the reasons"
    );
}

/// Art 33(2): once in a run, proposed and told while the due date has not passed.
#[test]
fn an_extension_is_approved_by_another_and_told_in_time() {
    let propose = |days: u32| json!({"action": "propose_extension", "working_days": days, "reason": "检索量大"});
    let told = |on: &str| json!({"action": "approve_extension", "notified_on": on});
    let mut desk = Desk::in_progress("2025-09-22");
    for days in [0, 21] {
        assert_eq!(desk.wrong(Role::Officer, propose(days)), ["/working_days"]);
    }
    assert_eq!(
        desk.refused(Role::Approver, told("2025-09-22")).code,
        "no_extension_proposed"
    );
    desk.on("2025-10-24").act(Role::Officer, propose(20));
    assert_eq!(desk.refused(Role::Officer, propose(20)).code, "extension_already_used");
    desk.forbidden(Role::Officer, told("2025-10-24"));
    let mut both = person(Role::Officer, 0);
    both.roles.insert(Role::Approver);
    assert_eq!(desk.refused(&both, told("2025-10-24")).code, "same_person_as_proposer");

    let refusal = desk
        .clone()
        .on("2025-10-27")
        .refused(Role::Approver, told("2025-10-27"));
    assert_eq!(
        (refusal.code, refusal.window.unwrap().to),
        ("extension_after_due_date", Some(day("2025-10-24")))
    );
    assert_eq!(
        desk.refused(Role::Approver, told("2025-10-23")).code,
        "date_before_antecedent"
    );
    desk.act(Role::Approver, told("2025-10-24"));
    assert_eq!(
        (desk.clock().allowance, desk.clock().due_on),
        (40, Some(working_day(day("2025-09-22"), 40)))
    );
    assert_eq!(desk.sub("extension").status(), SubStatus::Approved);
    assert_eq!(desk.refused(Role::Officer, propose(1)).code, "extension_already_used");
    // Nor by dating the second before the first.
    let mut backdated = propose(1);
    backdated["occurred_on"] = json!("2025-10-20");
    assert_eq!(desk.refused(Role::Officer, backdated).code, "extension_already_used");

    let mut late = Desk::in_progress("2025-09-22");
    assert_eq!(
        late.on("2025-10-27").refused(Role::Officer, propose(5)).code,
        "extension_after_due_date"
    );
}

#[test]
fn a_rejected_extension_may_be_proposed_again_and_a_restart_allows_another() {
    let mut desk = Desk::registered("2025-09-22");
    desk.plainly(Role::Officer, Action::ProposeExtension)
        .plainly(Role::Approver, Action::RejectExtension);
    assert_eq!(desk.sub("extension").status(), SubStatus::Rejected);
    desk.plainly(Role::Officer, Action::ProposeExtension)
        .plainly(Role::Approver, Action::ApproveExtension);
    desk.on("2025-09-23").plainly(Role::Officer, Action::RequestAmendment);
    assert_eq!(
        desk.refused(
            Role::Officer,
            json!({"action": "propose_extension", "working_days": 5, "reason": "检索量大"})
        )
        .code,
        "wrong_state"
    );
    desk.on("2025-09-29").plainly(Role::Applicant, Action::ReceiveAmendment);
    assert_eq!(desk.clock().allowance, 20, "an earlier extension does not carry over");
    desk.plainly(Role::Officer, Action::ProposeExtension)
        .plainly(Role::Approver, Action::ApproveExtension);
    assert_eq!(desk.clock().allowance, 30);
}

/// While suspended the projected due date decides.
#[test]
fn an_extension_while_suspended_goes_by_the_projected_date() {
    let mut desk = Desk::in_progress("2025-09-22");
    desk.on("2025-09-26").plainly(Role::Officer, Action::ConsultAgency);
    let projected = desk.clock().projected_due_on.unwrap();
    assert!(projected > day("2025-10-24"));
    desk.today = projected;
    desk.plainly(Role::Officer, Action::ProposeExtension)
        .plainly(Role::Approver, Action::ApproveExtension);
    assert_eq!(desk.clock().allowance, 30);
}

#[test]
fn the_old_regulation_allows_fifteen_days_more() {
    let mut desk = Desk::in_progress("2019-05-06");
    let refusal = desk.refused(
        Role::Officer,
        json!({"action": "propose_extension", "working_days": 16, "reason": "检索量大"}),
    );
    assert_eq!(refusal.code, "extension_too_long");
    desk.act(
        Role::Officer,
        json!({"action": "propose_extension", "working_days": 15, "reason": "检索量大"}),
    )
    .plainly(Role::Approver, Action::ApproveExtension);
    assert_eq!(desk.clock().allowance, 30);
}

/// 国办函〔2020〕109号: tiers decide the amount; parts add up; full payment starts the clock again.
#[test]
fn a_fee_is_paid_in_parts_and_starts_the_clock_again() {
    let mut desk = Desk::in_progress("2025-09-22");
    assert_eq!(
        desk.refused(
            Role::Officer,
            json!({"action": "issue_fee_notice", "scheme": "per_page", "count": 30, "issued_on": "2025-09-22"})
        )
        .code,
        "nothing_to_charge"
    );
    desk.act(
        Role::Officer,
        json!({"action": "issue_fee_notice", "scheme": "per_page", "count": 101, "issued_on": "2025-09-22", "delivered_on": "2025-09-22"}),
    );
    let amount = |desk: &Desk| {
        let notice = &desk.case.data().subs.fees[0].detail;
        (notice.amount_yuan, notice.paid_yuan)
    };
    assert_eq!(amount(&desk), (720, 0), "70 pages at 10 and one at 20");
    assert_eq!(
        desk.sub("fee_notice").due_on(),
        Some(working_day(day("2025-09-22"), 20))
    );
    assert_eq!(
        (desk.clock().status, desk.clock().due_on),
        (ClockStatus::AwaitingPayment, None)
    );
    assert_eq!(
        desk.refused(
            Role::Officer,
            json!({"action": "issue_fee_notice", "scheme": "per_page", "count": 101, "issued_on": "2025-09-22"})
        )
        .code,
        "fee_already_noticed"
    );
    assert_eq!(
        desk.refused(
            Role::Officer,
            json!({"action": "request_amendment", "notified_on": "2025-09-22", "defects": ["不明确"]})
        )
        .code,
        "payment_awaited"
    );
    let pay = |on: &str, yuan: u32| json!({"action": "record_payment", "paid_on": on, "amount_yuan": yuan, "reference": "0001"});
    desk.on("2025-09-29");
    assert_eq!(
        desk.refused(Role::Clerk, pay("2025-09-21", 700)).code,
        "date_before_antecedent"
    );
    desk.act(Role::Clerk, pay("2025-09-26", 700));
    assert_eq!(desk.clock().status, ClockStatus::AwaitingPayment);
    // Entered last, paid first: full payment is the day of the later part. What the slip shows beyond it is given back.
    desk.act(Role::Clerk, pay("2025-09-25", 21));
    assert_eq!(
        (amount(&desk), desk.sub("fee_notice").status()),
        ((720, 721), SubStatus::Paid)
    );
    assert_eq!(desk.sub("fee_notice").fields().unwrap()["overpaid_yuan"], 1);
    let notes = desk.case.notes(&law(), desk.today, &desk.clock());
    assert!(
        notes
            .iter()
            .any(|note| note.code == NoteCode::Overpaid && note.on == day("2025-09-26"))
    );
    assert_eq!(
        (desk.clock().status, desk.clock().day_zero),
        (ClockStatus::Running, Some(day("2025-09-26")))
    );
    assert_eq!(
        desk.refused(Role::Clerk, pay("2025-09-29", 1)).code,
        "no_fee_outstanding"
    );
    assert_eq!(
        desk.refused(
            Role::Officer,
            json!({"action": "issue_fee_notice", "scheme": "per_request", "count": 1, "issued_on": "2025-09-29"})
        )
        .code,
        "fee_already_noticed",
        "one scheme, one fee"
    );
}

#[test]
fn a_fee_by_request_goes_by_the_ordinal_in_the_month() {
    let mut desk = Desk::in_progress("2025-09-22");
    desk.lookups.fee_ordinal = 35;
    desk.act(
        Role::Officer,
        json!({"action": "issue_fee_notice", "scheme": "per_request", "count": 1, "issued_on": "2025-09-22"}),
    );
    let Event::FeeNoticeIssued(notice) = &desk.case.log().last().unwrap().event else {
        panic!("no fee notice")
    };
    assert_eq!((notice.ordinal, notice.amount_yuan), (35, 200));
}

#[test]
fn a_fee_is_decided_by_the_due_date() {
    let fee = |on: &str| json!({"action": "issue_fee_notice", "scheme": "per_page", "count": 40, "issued_on": on});
    let mut desk = Desk::in_progress("2025-09-22");
    let refusal = desk.on("2025-10-25").refused(Role::Officer, fee("2025-10-25"));
    assert_eq!(
        (refusal.code, refusal.window.unwrap().to),
        ("fee_notice_late", Some(day("2025-10-24")))
    );
    desk.act(Role::Officer, fee("2025-10-24"));
}

/// 20 working days after delivery; without a recorded delivery the time has not begun.
#[test]
fn an_unpaid_application_lapses_after_twenty_working_days_from_delivery() {
    let mut desk = Desk::in_progress("2025-09-22");
    desk.act(
        Role::Officer,
        json!({"action": "issue_fee_notice", "scheme": "per_page", "count": 40, "issued_on": "2025-09-22"}),
    );
    desk.on("2025-12-01");
    assert_eq!(
        desk.refused(timer(), json!({"action": "lapse_fee"})).code,
        "notice_undelivered"
    );
    let id = desk.id("fee_notice");
    desk.on("2025-10-27").act(
        Role::Clerk,
        json!({"action": "record_notice_delivery", "target": "fee_notice", "id": id, "delivered_on": "2025-09-25"}),
    );
    let last = working_day(day("2025-09-25"), 20);
    assert_eq!(desk.sub("fee_notice").due_on(), Some(last));
    desk.today = last;
    assert_eq!(
        desk.refused(timer(), json!({"action": "lapse_fee"})).code,
        "fee_not_overdue"
    );
    desk.today = last.succ_opt().unwrap();
    let mut paid = desk.clone();
    paid.plainly(Role::Clerk, Action::RecordPayment);
    assert_eq!(paid.clock().status, ClockStatus::Running, "late but before the lapse");
    desk.act(timer(), json!({"action": "lapse_fee"}));
    assert_eq!(
        (desk.state(), desk.outcome()),
        (State::Closed, Some(Outcome::FeeLapsed))
    );
    assert_eq!(desk.sub("fee_notice").status(), SubStatus::Lapsed);
    assert_eq!(
        desk.refused(Role::Approver, json!({"action": "reopen", "reason": "住院"}))
            .code,
        "not_lapsed_for_amendment"
    );
}

/// Art 41: same workflow, 20 working days, outcomes of its own.
#[test]
fn a_correction_of_ones_own_record_runs_on_its_own_clock() {
    let mut desk = Desk::of(CaseKind::Correction, Channel::InPerson, day("2025-09-22"));
    desk.plainly(Role::Clerk, Action::ConfirmReceipt).review();
    assert_eq!(desk.clock().due_on, Some(day("2025-10-24")));
    // Arts 35 and 42 speak of applications for information.
    for action in [Action::RequestReasons, Action::IssueFeeNotice] {
        let body = plainest_body(action, &desk);
        assert_eq!(desk.refused(Role::Officer, body).code, "not_for_corrections");
        assert!(!desk.allowed(Role::Officer).contains(&action));
    }
    assert_eq!(
        desk.wrong(Role::Officer, json!({"action": "draft_reply", "items": [granted()]})),
        ["/items/0/outcome"]
    );
    desk.draft(json!([{"description": "出生日期", "outcome": "corrected", "explanation": "已改正"}]))
        .lead_to_approver();
    desk.plainly(Role::Approver, Action::ApproveReply)
        .plainly(Role::Officer, Action::IssueReply);
    assert_eq!(desk.outcome(), Some(Outcome::Corrected));
}
