//! From submission to receipt, amendment and owner (Arts 29–31).

use gongkai::domain::case::parts::SplitPart;
use gongkai::domain::case::sub::SubStatus;
use gongkai::domain::case::submission::Channel;
use gongkai::domain::case::{Action, Case, State};
use gongkai::domain::case::{Author, Event};
use gongkai::domain::law::deadline::ClockStatus;
use gongkai::domain::people::access::Role;
use gongkai::domain::reply::{CaseKind, Outcome, OutcomeCause};
use serde_json::json;

use super::super::desk::{Desk, day, jack_of_all_trades, law, person, timer};
use super::super::invariants::check_invariants;

fn receipt(on: &str) -> serde_json::Value {
    json!({"action": "confirm_receipt", "received_on": on})
}

fn receipt_with_evidence(on: &str) -> serde_json::Value {
    json!({"action": "confirm_receipt", "received_on": on, "evidence": {"means": "phone", "by": "陈明远"}})
}

/// Art 31(1), 31(2): handed in or signed for, it is received on the day it arrived, whenever that is entered.
#[test]
fn in_person_and_registered_mail_are_received_on_the_day_of_arrival() {
    for channel in [Channel::InPerson, Channel::RegisteredMail] {
        let mut desk = Desk::submitted(channel, "2025-09-22");
        desk.on("2025-09-24");
        for wrong in ["2025-09-21", "2025-09-23", "2025-09-24"] {
            let refusal = desk.refused(Role::Clerk, receipt(wrong));
            assert_eq!(refusal.code, "receipt_date_impossible", "{channel:?} {wrong}");
            assert_eq!(refusal.article, Some("《条例》第三十一条"));
            let window = refusal.window.unwrap();
            // A registered letter to another unit comes over later, with evidence.
            let open = channel == Channel::RegisteredMail && wrong == "2025-09-21";
            let last = (!open).then(|| day("2025-09-22"));
            assert_eq!((window.from, window.to), (Some(day("2025-09-22")), last));
        }
        // It is offered although its only lawful day is past.
        assert!(
            desk.allowed(Role::Clerk).contains(&Action::ConfirmReceipt),
            "{channel:?}"
        );
        desk.act(Role::Clerk, receipt("2025-09-22"));
        assert_eq!(desk.case.data().received_on, Some(day("2025-09-22")));
        assert_eq!(desk.clock().day_zero, Some(day("2025-09-22")));
    }
}

/// Art 31(2), 31(3): ordinary mail, fax and online are received on the day both sides confirm, which must be shown.
#[test]
fn the_other_channels_are_received_when_confirmed_and_need_evidence() {
    for channel in [Channel::OrdinaryMail, Channel::Fax, Channel::Online] {
        let mut desk = Desk::submitted(channel, "2025-09-22");
        desk.on("2025-09-25");
        assert_eq!(
            desk.wrong(Role::Clerk, receipt("2025-09-24")),
            ["/evidence"],
            "{channel:?}"
        );
        assert_eq!(
            desk.refused(Role::Clerk, receipt_with_evidence("2025-09-21")).code,
            "receipt_date_impossible"
        );
        desk.act(Role::Clerk, receipt_with_evidence("2025-09-24"));
        assert_eq!(desk.clock().day_zero, Some(day("2025-09-24")), "{channel:?}");
    }
}

#[test]
fn the_applicants_own_confirmation_is_evidence() {
    let mut desk = Desk::submitted(Channel::Online, "2025-09-22");
    desk.on("2025-09-23")
        .plainly(Role::Applicant, Action::ConfirmSubmission);
    assert_eq!(
        desk.refused(Role::Applicant, json!({"action": "confirm_submission"}))
            .code,
        "already_confirmed"
    );
    // Both sides have not confirmed before the applicant did.
    assert_eq!(
        desk.refused(Role::Clerk, receipt("2025-09-22")).code,
        "date_before_antecedent"
    );
    desk.act(Role::Clerk, receipt("2025-09-23"));
    assert_eq!(desk.state(), State::Registered);
}

/// Online and fax are an alarm after two working days, ordinary mail is to be confirmed the same day.
#[test]
fn an_unconfirmed_submission_has_a_day_to_act_by() {
    for (channel, act_by) in [
        (Channel::Online, "2025-09-24"),
        (Channel::Fax, "2025-09-24"),
        (Channel::OrdinaryMail, "2025-09-22"),
        (Channel::InPerson, "2025-09-22"),
    ] {
        let desk = Desk::submitted(channel, "2025-09-22");
        assert_eq!(desk.case.projection(&law()).act_by, day(act_by), "{channel:?}");
    }
}

#[test]
fn receipt_gives_number_rules_clock_and_owner() {
    let desk = Desk::registered("2025-09-22");
    let data = desk.case.data();
    assert_eq!(data.number.as_deref(), Some("YX-2025-00001"));
    assert_eq!(data.rule_set.as_deref(), Some("regulation-2019"));
    assert_eq!(data.owner_id, person(Role::Clerk, 0).user_id);
    let report = desk.clock();
    assert_eq!((report.status, report.allowance), (ClockStatus::Running, 20));
    assert_eq!(report.due_on, Some(day("2025-10-24")));

    let old = Desk::registered("2019-05-14");
    assert_eq!(old.case.data().rule_set.as_deref(), Some("regulation-2008"));
    assert_eq!(old.clock().allowance, 15);
}

#[test]
fn contact_attempts_are_dated_and_leave_the_case_as_it_is() {
    let mut desk = Desk::submitted(Channel::Fax, "2025-09-22");
    desk.on("2025-09-24")
        .act(
            Role::Clerk,
            json!({"action": "record_contact_attempt", "on": "2025-09-23", "means": "phone", "result": "无人接听"}),
        )
        .act(
            Role::Officer,
            json!({"action": "record_contact_attempt", "on": "2025-09-24", "means": "email", "result": "已发送"}),
        );
    assert_eq!(desk.state(), State::Submitted);
    let refusal = desk.refused(
        Role::Clerk,
        json!({"action": "record_contact_attempt", "on": "2025-09-21", "means": "phone", "result": "无人接听"}),
    );
    assert_eq!(refusal.code, "date_before_antecedent");
}

/// 一事一申请: each part has a case with the receipt date of the whole; the original keeps the first.
#[test]
fn split_parts_keep_the_receipt_date() {
    let mut desk = Desk::registered("2025-09-22");
    desk.on("2025-09-26").plainly(Role::Officer, Action::Split);
    assert_eq!(desk.case.data().title(), "补偿方案");
    let Event::RequestSplit(split) = &desk.case.log().last().unwrap().event else {
        panic!("not split")
    };
    assert_eq!(split.into, [desk.lookups.part_ids[0]]);
    let author = Author {
        user_id: person(Role::Officer, 0).user_id,
        role: Some(Role::Officer),
    };
    let second = SplitPart {
        title: "评估报告".into(),
        features: "全部".into(),
    };
    let (part, applied) = desk
        .case
        .split_off(
            desk.lookups.part_ids[0],
            &second,
            "SQ-2025-00002".into(),
            "YX-2025-00002".into(),
            author,
            &desk.ctx(),
        )
        .unwrap();
    check_invariants(&part, desk.today).unwrap();
    assert_eq!(applied.events.as_slice(), part.log());
    let data = part.data();
    assert_eq!(
        (data.state, data.received_on),
        (State::Registered, Some(day("2025-09-22")))
    );
    assert_eq!(data.number.as_deref(), Some("YX-2025-00002"));
    assert_eq!(data.title(), "评估报告");
    assert_eq!(data.submission.split_from, Some(desk.case.id()));
    assert_eq!(
        part.clock(&law(), desk.today, false).unwrap().unwrap().due_on,
        Some(day("2025-10-24"))
    );

    assert_eq!(
        desk.wrong(
            Role::Officer,
            json!({"action": "split", "parts": [{"title": "一", "features": "一"}]})
        ),
        ["/parts"]
    );
}

/// What moved the clock of the whole before it was split has moved that of each part.
#[test]
fn split_parts_keep_the_clock_of_the_whole() {
    let amended = |answered: bool| {
        let mut desk = Desk::amendment_pending("2025-09-22");
        if answered {
            desk.on("2025-10-10").plainly(Role::Clerk, Action::ReceiveAmendment);
        } else {
            desk.on("2025-10-20").plainly(Role::Officer, Action::LapseAmendment);
            desk.on("2025-10-27").plainly(Role::Approver, Action::Reopen);
        }
        desk
    };
    let mut extended = amended(true);
    extended
        .plainly(Role::Officer, Action::ProposeExtension)
        .plainly(Role::Approver, Action::ApproveExtension);
    let mut proposed = Desk::registered("2025-09-22");
    proposed.plainly(Role::Officer, Action::ProposeExtension);
    for mut desk in [amended(true), amended(false), extended, proposed] {
        desk.plainly(Role::Officer, Action::Split);
        let second = SplitPart {
            title: "评估报告".into(),
            features: "全部".into(),
        };
        let author = desk.case.log().last().unwrap().author;
        let ctx = desk.ctx();
        let (part, applied) = desk
            .case
            .split_off(
                ctx.lookups.part_ids[0],
                &second,
                "SQ-2".into(),
                "YX-2".into(),
                author,
                &ctx,
            )
            .unwrap();
        assert_eq!(applied.events.as_slice(), part.log());
        check_invariants(&part, desk.today).unwrap();
        assert_eq!(part.data().state, State::Registered);
        assert_eq!(part.data().title(), "评估报告");
        let report = |case: &Case| case.clock(&law(), desk.today, true).unwrap();
        assert_eq!(report(&part), report(&desk.case));
    }
}

#[test]
fn a_merged_case_ends_under_r23_with_its_cause() {
    let mut desk = Desk::in_progress("2025-09-22");
    desk.plainly(Role::Officer, Action::Merge);
    let ending = desk.case.data().ending().unwrap();
    assert_eq!(
        (ending.outcome, ending.cause),
        (Outcome::Other, Some(OutcomeCause::Merged))
    );
    assert_eq!(
        (desk.state(), desk.clock().status),
        (State::Closed, ClockStatus::Stopped)
    );

    for spoil in 0..5 {
        let mut desk = Desk::registered("2025-09-22");
        let target = desk.lookups.merge_target.as_mut().unwrap();
        match spoil {
            0 => target.open = false,
            1 => target.same_applicant = false,
            2 => target.same_kind = false,
            // A due date is not put off by merging.
            4 => target.due_later = true,
            _ => target.same_agency = false,
        }
        let body =
            json!({"action": "merge", "into_case_id": "01990000-0000-7000-8000-000000000080", "reason": "同一事项"});
        if spoil == 3 {
            assert_eq!(
                desk.wrong(Role::Officer, body),
                ["/into_case_id"],
                "another agency's case is not there"
            );
        } else {
            assert_eq!(desk.refused(Role::Officer, body).code, "merge_target_unfit");
        }
    }
}

#[test]
fn a_case_has_one_owner_from_registration_on() {
    let mut desk = Desk::registered("2025-09-22");
    desk.act(Role::Officer, json!({"action": "take"}));
    assert_eq!(desk.case.data().owner_id, person(Role::Officer, 0).user_id);
    assert_eq!(
        desk.refused(Role::Officer, json!({"action": "take"})).code,
        "already_owner"
    );
    desk.plainly(Role::Supervisor, Action::HandOver);
    assert_eq!(desk.case.data().owner_id, person(Role::Officer, 1).user_id);
    for state in State::ALL {
        let owned = !matches!(state, State::Closed | State::Archived);
        assert_eq!(
            Desk::in_state(*state)
                .allowed(person(Role::Officer, 5))
                .contains(&Action::Take),
            owned,
            "{state:?}"
        );
    }
    // The owner has no more rights than before.
    desk.forbidden(Role::Supervisor, json!({"action": "take"}));
}

/// Art 30: within seven working days of receipt.
#[test]
fn an_amendment_notice_is_given_by_the_seventh_working_day() {
    // 2025-09-28 is worked, 10-01 to 10-08 are not: day 7 is 09-30, day 8 is 10-09.
    for (on, accepted) in [("2025-09-30", true), ("2025-10-09", false)] {
        let mut desk = Desk::in_progress("2025-09-22");
        desk.on(on);
        let body =
            json!({"action": "request_amendment", "notified_on": on, "defects": ["没有特征性描述", "没有联系方式"]});
        if accepted {
            desk.act(Role::Officer, body);
            assert_eq!(
                (desk.state(), desk.clock().status),
                (State::AmendmentPending, ClockStatus::AwaitingAmendment)
            );
        } else {
            let refusal = desk.refused(Role::Officer, body);
            assert_eq!(
                (refusal.code, refusal.article),
                ("amendment_notice_late", Some("《条例》第三十条"))
            );
            let window = refusal.window.unwrap();
            assert_eq!(
                (window.from, window.to),
                (Some(day("2025-09-22")), Some(day("2025-09-30")))
            );
            assert!(!desk.allowed(Role::Officer).contains(&Action::RequestAmendment));
            // One sent in time may still be entered.
            desk.act(
                Role::Officer,
                json!({"action": "request_amendment", "notified_on": "2025-09-30", "defects": ["没有特征性描述"]}),
            );
        }
    }
}

#[test]
fn amendment_is_requested_once_in_a_case() {
    let mut desk = Desk::amendment_pending("2025-09-22");
    desk.on("2025-09-23")
        .plainly(Role::Applicant, Action::ReceiveAmendment)
        .review();
    let refusal = desk.refused(
        Role::Officer,
        json!({"action": "request_amendment", "notified_on": "2025-09-23", "defects": ["仍不明确"]}),
    );
    assert_eq!(
        (refusal.code, refusal.article),
        ("amendment_already_requested", Some("《条例》第三十条"))
    );
}

/// Art 30: the time to reply runs from the receipt of the amended application, which is reviewed again.
#[test]
fn the_amended_application_starts_the_clock_again() {
    let mut desk = Desk::in_progress("2025-09-22");
    desk.plainly(Role::Officer, Action::RequestAmendment);
    assert_eq!(
        desk.sub("amendment_notice").due_on(),
        Some(day("2025-10-17")),
        "15 working days by default"
    );
    desk.on("2025-10-13").act(
        Role::Clerk,
        json!({"action": "receive_amendment", "received_on": "2025-10-10", "description": {"title": "补偿标准", "features": "城东片区"}}),
    );
    let data = desk.case.data();
    assert_eq!((data.state, data.formally_reviewed), (State::Registered, false));
    assert_eq!(data.title(), "补偿标准");
    assert_eq!(desk.sub("amendment_notice").status(), SubStatus::Answered);
    let report = desk.clock();
    assert_eq!(
        (report.day_zero, report.due_on),
        (Some(day("2025-10-10")), Some(day("2025-11-06")))
    );
    assert_eq!(
        desk.refused(
            Role::Officer,
            super::super::reach::plainest_body(Action::ReviewSubstantively, &desk)
        )
        .code,
        "formal_review_missing"
    );
}

/// Art 30: only after the time to amend has passed; under r21.
#[test]
fn an_application_lapses_only_after_the_time_to_amend() {
    let mut desk = Desk::registered("2025-09-22");
    desk.act(
        Role::Officer,
        json!({"action": "request_amendment", "notified_on": "2025-09-22", "defects": ["不明确"], "respond_by": "2025-10-10", "delivered_on": "2025-09-22"}),
    );
    for (on, who) in [("2025-10-09", timer()), ("2025-10-10", person(Role::Officer, 0))] {
        let refusal = desk.on(on).refused(&who, json!({"action": "lapse_amendment"}));
        assert_eq!(refusal.code, "amendment_not_overdue");
        assert_eq!(refusal.window.unwrap().from, Some(day("2025-10-11")));
    }
    // Late but before the lapse, the amendment is still taken.
    let mut late = desk.clone();
    late.on("2025-10-20").plainly(Role::Clerk, Action::ReceiveAmendment);

    desk.on("2025-10-11").act(timer(), json!({"action": "lapse_amendment"}));
    assert_eq!(
        (desk.state(), desk.outcome()),
        (State::Closed, Some(Outcome::AmendmentLapsed))
    );
    assert_eq!((desk.clock().status, desk.clock().due_on), (ClockStatus::Stopped, None));
    assert_eq!(desk.case.log().last().unwrap().author.user_id, None);
}

/// Art 30: a good reason accepted afterwards brings the case back; the clock starts on that day and r21 is taken back.
#[test]
fn a_reopened_case_starts_anew_and_its_lapse_does_not_count() {
    for (lapsed_on, reopened_on) in [("2025-10-20", "2025-10-27"), ("2025-10-20", "2025-10-20")] {
        // The consultation ended with the lapse and does not come back with the case.
        let mut desk = Desk::in_progress("2025-09-22");
        desk.plainly(Role::Officer, Action::ConsultThirdParty)
            .plainly(Role::Officer, Action::RequestAmendment);
        desk.on(lapsed_on).plainly(Role::Officer, Action::LapseAmendment);
        desk.forbidden(Role::Officer, json!({"action": "reopen", "reason": "住院"}));
        desk.on(reopened_on)
            .act(Role::Approver, json!({"action": "reopen", "reason": "住院"}));
        assert_eq!((desk.state(), desk.outcome()), (State::Registered, None));
        let report = desk.clock();
        assert_eq!(
            (report.status, report.day_zero),
            (ClockStatus::Running, Some(day(reopened_on)))
        );
        assert_eq!(
            report.due_on,
            Some(law().calendar.add_working_days(day(reopened_on), 20))
        );
        // What is sent on the very day of reopening suspends the new clock.
        desk.review().plainly(Role::Officer, Action::ConsultAgency);
        assert_eq!(desk.clock().status, ClockStatus::Suspended);
        let withdrawn = desk.act(Role::Applicant, json!({"action": "withdraw"})).outcome();
        assert_eq!(withdrawn, Some(Outcome::Other), "ended once, under the last ending");
        assert_eq!(
            desk.refused(Role::Approver, json!({"action": "reopen", "reason": "反悔"}))
                .code,
            "not_lapsed_for_amendment"
        );
    }
}

#[test]
fn withdrawn_before_receipt_is_not_counted_and_afterwards_is_r23() {
    for state in State::ALL {
        let mut desk = Desk::in_state(*state);
        let body = json!({"action": "withdraw", "reason": "不再需要"});
        match state {
            State::Replied | State::Delivered | State::Closed | State::Archived => {
                assert_eq!(desk.refused(Role::Applicant, body).code, "wrong_state", "{state:?}");
            }
            State::Submitted => {
                desk.act(Role::Applicant, body);
                assert_eq!((desk.state(), desk.outcome()), (State::Closed, None));
            }
            _ => {
                desk.act(Role::Clerk, body);
                let ending = desk.case.data().ending().unwrap();
                assert_eq!(
                    (ending.outcome, ending.cause),
                    (Outcome::Other, Some(OutcomeCause::Withdrawn)),
                    "{state:?}"
                );
                assert!(desk.case.data().subs.all().iter().all(|sub| !sub.is_open()));
            }
        }
    }
}

/// Art 33(1): what is already public is told at once; from submission it implies receipt on that day.
#[test]
fn a_reply_on_the_spot_from_submission_and_from_registration() {
    let spot = |on: &str| json!({"action": "reply_on_the_spot", "received_on": on, "explanation": "已主动公开", "where": "县政府网站"});
    let mut desk = Desk::submitted(Channel::Online, "2025-09-22");
    desk.on("2025-09-23").act(Role::Officer, spot("2025-09-23"));
    assert_eq!((desk.state(), desk.outcome()), (State::Replied, Some(Outcome::Granted)));
    assert_eq!(
        desk.case.data().ending().unwrap().cause,
        Some(OutcomeCause::AlreadyPublic)
    );
    assert_eq!(desk.case.data().number.as_deref(), Some("YX-2025-00001"));
    assert_eq!((desk.clock().status, desk.clock().used), (ClockStatus::Stopped, 0));
    assert_eq!(desk.case.version(), 3, "receipt and reply are two facts");
    desk.plainly(Role::Clerk, Action::RecordDelivery);
    assert_eq!(desk.state(), State::Delivered);

    let mut desk = Desk::registered("2025-09-22");
    assert_eq!(
        desk.clone()
            .on("2025-09-23")
            .refused(Role::Officer, spot("2025-09-23"))
            .code,
        "not_on_the_spot"
    );
    desk.act(Role::Officer, spot("2025-09-22"));
    assert_eq!(desk.state(), State::Replied);

    // Handed in the day before, it was received the day before (Art 31(1)).
    let mut desk = Desk::submitted(Channel::InPerson, "2025-09-22");
    assert_eq!(
        desk.on("2025-09-23").refused(Role::Officer, spot("2025-09-23")).code,
        "not_on_the_spot"
    );
    desk.act(Role::Officer, spot("2025-09-22"));

    // Art 41 knows no such reply: a correction is never under a leaf of table 三.
    let mut correction = Desk::of(CaseKind::Correction, Channel::InPerson, day("2025-09-22"));
    assert_eq!(
        correction.refused(Role::Officer, spot("2025-09-22")).code,
        "not_for_corrections"
    );
}

#[test]
fn one_person_with_many_roles_may_do_what_any_of_them_may() {
    let everyone = jack_of_all_trades();
    let mut desk = Desk::submitted(Channel::InPerson, "2025-09-22");
    desk.act(&everyone, receipt("2025-09-22"));
    assert_eq!(desk.case.log().last().unwrap().author.role, Some(Role::Clerk));
    let by = |case: &Case| case.log().last().unwrap().author.role;
    desk.plainly(&everyone, Action::ReviewFormally);
    assert_eq!(by(&desk.case), Some(Role::Officer));
}
