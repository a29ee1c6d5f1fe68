//! Reconsideration and suit, and the clock of a reply that is ordered (Art 51).

use gongkai::domain::case::sub::{RemedyFiler, SubStatus};
use gongkai::domain::case::submission::Channel;
use gongkai::domain::case::{Action, State};
use gongkai::domain::law::deadline::ClockStatus;
use gongkai::domain::people::access::Role;
use gongkai::domain::reply::Outcome;
use serde_json::{Value, json};

use super::super::desk::{Desk, day, granted, law, person, withheld, working_day};
use super::super::reach::plainest_body;

fn file(on: &str) -> Value {
    json!({"action": "file_remedy", "kind": "reconsideration", "filed_on": on, "organ": "县人民政府"})
}

fn order(desk: &Desk, on: &str, reply_by: Option<&str>) -> Value {
    json!({"action": "decide_remedy", "remedy_id": desk.id("remedy"), "decided_on": on, "result": "corrected",
           "reply_again": true, "reply_by": reply_by})
}

#[test]
fn a_remedy_is_filed_and_decided_in_every_state_after_receipt() {
    for state in State::ALL {
        let mut desk = Desk::in_state(*state);
        if *state == State::Submitted {
            assert_eq!(desk.refused(Role::Officer, file("2025-09-22")).code, "wrong_state");
            continue;
        }
        desk.on("2025-11-03").act(Role::Officer, file("2025-10-28"));
        let id = desk.id("remedy");
        let decide =
            |on: &str| json!({"action": "decide_remedy", "remedy_id": id, "decided_on": on, "result": "upheld"});
        assert_eq!(
            desk.refused(Role::Officer, decide("2025-10-27")).code,
            "date_before_antecedent"
        );
        desk.act(Role::Officer, decide("2025-10-30"));
        assert_eq!(
            (desk.state(), desk.sub("remedy").status()),
            (*state, SubStatus::Decided),
            "{state:?}"
        );
        assert_eq!(desk.refused(Role::Officer, decide("2025-10-30")).code, "no_open_remedy");
    }
}

/// The case goes back to in_progress with a clock of its own; table 三 keeps the first ending.
#[test]
fn an_order_to_reply_again_after_a_reply_a_closing_and_the_archive() {
    for (state, first) in [
        (State::Replied, Outcome::Granted),
        (State::Delivered, Outcome::Granted),
        (State::Closed, Outcome::Other),
        (State::Archived, Outcome::Granted),
    ] {
        let mut desk = Desk::in_state(state);
        desk.on("2025-11-03").act(Role::Officer, file("2025-10-20"));
        let body = order(&desk, "2025-11-03", Some("2025-11-24"));
        desk.act(Role::Officer, body);
        assert_eq!(
            (desk.state(), desk.outcome()),
            (State::InProgress, Some(first)),
            "{state:?}"
        );
        let report = desk.clock();
        assert_eq!(
            (report.status, report.day_zero),
            (ClockStatus::Running, Some(day("2025-11-03")))
        );
        assert_eq!(report.due_on, Some(day("2025-11-24")));
        assert!(desk.case.data().reply.is_none() && desk.case.data().draft.is_none());

        desk.draft(json!([withheld()])).lead_to_approver();
        desk.plainly(Role::Approver, Action::ApproveReply)
            .plainly(Role::Officer, Action::IssueReply);
        desk.plainly(Role::Clerk, Action::RecordDelivery)
            .plainly(Role::Clerk, Action::Archive);
        assert_eq!(
            (desk.state(), desk.outcome()),
            (State::Archived, Some(first)),
            "the first ending stands"
        );
        assert_eq!(desk.case.data().endings.len(), 2);
    }
}

/// The order is the last fact of its day for the clock: what moves the new clock begins on the next.
#[test]
fn what_moves_the_new_clock_comes_after_the_day_of_the_order() {
    let mut desk = Desk::delivered("2025-09-22");
    desk.on("2025-11-03").act(Role::Officer, file("2025-10-20"));
    let body = order(&desk, "2025-11-03", None);
    desk.act(Role::Officer, body);
    for action in [Action::ConsultThirdParty, Action::ConsultAgency, Action::IssueFeeNotice] {
        let body = plainest_body(action, &desk);
        let refusal = desk.refused(Role::Officer, body);
        assert_eq!(refusal.code, "date_before_antecedent");
        assert_eq!(refusal.window.unwrap().from, Some(day("2025-11-04")));
    }
    desk.on("2025-11-04").plainly(Role::Officer, Action::ConsultAgency);
    assert_eq!(desk.clock().status, ClockStatus::Suspended);
}

#[test]
fn without_a_date_the_ordered_reply_has_the_ordinary_time() {
    let mut desk = Desk::delivered("2025-09-22");
    desk.on("2025-11-03").act(Role::Officer, file("2025-10-20"));
    let body = order(&desk, "2025-11-03", None);
    desk.act(Role::Officer, body);
    assert_eq!(desk.clock().due_on, Some(working_day(day("2025-11-03"), 20)));
}

/// The time to reply anew counts from the day on which the decision reached the agency; the remedy is decided on its own
/// day, which table 四 counts.
#[test]
fn an_order_counts_from_the_day_on_which_it_was_received() {
    for received_on in [None, Some("2025-11-03"), Some("2025-11-06")] {
        let mut replied = Desk::delivered("2025-09-22");
        let mut silent = Desk::in_progress("2025-09-22");
        for desk in [&mut replied, &mut silent] {
            desk.on("2025-11-07").act(Role::Officer, file("2025-10-20"));
            let mut body = order(desk, "2025-11-03", None);
            body["received_on"] = json!(received_on);
            desk.act(Role::Officer, body);
            let from = day(received_on.unwrap_or("2025-11-03"));
            assert_eq!(desk.clock().due_on, Some(working_day(from, 20)), "{received_on:?}");
            let remedy = &desk.case.data().subs.remedies[0];
            assert_eq!(remedy.closed_on, Some(day("2025-11-03")), "{received_on:?}");
            assert_eq!(desk.case.log().last().unwrap().occurred_on, day("2025-11-03"));
        }
        // A log of before, which knows one day only, reads as it always did.
        let told = replied.case.log().last().unwrap().event.data().unwrap();
        assert_eq!(told.get("received_on").and_then(Value::as_str), received_on);
    }
}

/// The worked dates: the order counts from the day on which the decision was received, over the end of a year too.
#[test]
fn twenty_working_days_count_from_the_receipt_of_the_decision() {
    for (received, decided_on, received_on, due_on) in [
        ("2026-03-02", "2026-06-25", "2026-07-02", "2026-07-30"),
        ("2025-09-22", "2025-12-29", "2026-01-06", "2026-02-03"),
    ] {
        let mut desk = Desk::delivered(received);
        let filed_on = if received.starts_with("2026") {
            "2026-05-06"
        } else {
            "2025-11-10"
        };
        desk.on(received_on).act(Role::Officer, file(filed_on));
        let mut body = order(&desk, decided_on, None);
        body["received_on"] = json!(received_on);
        desk.act(Role::Officer, body);
        let report = desk.clock();
        assert_eq!(
            (report.day_zero, report.due_on),
            (Some(day(received_on)), Some(day(due_on)))
        );
        // Table 四 counts the day of the decision.
        let remedy = &desk.case.data().subs.remedies[0];
        assert_eq!(
            (remedy.closed_on, remedy.status),
            (Some(day(decided_on)), SubStatus::Decided)
        );
    }
}

/// A date that the decision itself names decides alone, whatever day the decision was received on.
#[test]
fn a_date_that_the_decision_names_decides_alone() {
    let mut desk = Desk::delivered("2026-03-02");
    desk.on("2026-07-02").act(Role::Officer, file("2026-05-06"));
    let mut body = order(&desk, "2026-06-25", Some("2026-07-10"));
    body["received_on"] = json!("2026-07-02");
    desk.act(Role::Officer, body);
    assert_eq!(desk.clock().due_on, Some(day("2026-07-10")));
    // A letter that suspends the clock does not move it either.
    desk.on("2026-07-03").plainly(Role::Officer, Action::ConsultAgency);
    assert_eq!(desk.clock().effective_due_on(), Some(day("2026-07-10")));
}

/// The same letter is entered once; what tells two remedies apart is their reference, or the day where neither has one.
#[test]
fn the_same_remedy_is_filed_once() {
    let filed = |kind: &str, on: &str, organ: &str, reference: Option<&str>| json!({"action": "file_remedy", "kind": kind, "filed_on": on, "organ": organ, "reference": reference, "filed_by": "third_party"});
    let mut desk = Desk::delivered("2025-09-22");
    desk.on("2025-11-07");
    desk.act(
        Role::Officer,
        filed(
            "reconsideration",
            "2025-10-28",
            "江临市人民政府",
            Some("江复〔2025〕15号"),
        ),
    );
    desk.act(
        Role::Officer,
        filed("direct_suit", "2025-10-28", "澄溪县人民法院", None),
    );
    for (kind, on, organ, reference, id) in [
        (
            "reconsideration",
            "2025-10-28",
            "江临市人民政府",
            Some("江复〔2025〕15号"),
            "remedy-0",
        ),
        // Another day, other brackets, text from a PDF.
        (
            "reconsideration",
            "2025-10-30",
            "江临市⼈⺠政府",
            Some("江复［2025］15 号"),
            "remedy-0",
        ),
        ("direct_suit", "2025-10-28", " 澄溪县人民法院", None, "remedy-1"),
        ("direct_suit", "2025-10-28", "澄溪县人民法院", Some(" — "), "remedy-1"),
    ] {
        let refusal = desk.refused(Role::Officer, filed(kind, on, organ, reference));
        assert_eq!(refusal.code, "remedy_already_filed", "{kind} {on} {reference:?}");
        let standing = desk.case.data().subs.remedies[usize::from(id == "remedy-1")]
            .id()
            .to_string();
        assert!(
            refusal.reason.zh.contains(&standing) && refusal.reason.en.contains(&standing),
            "{refusal:?}"
        );
    }
    for (kind, on, organ, reference) in [
        (
            "reconsideration",
            "2025-10-28",
            "江临市人民政府",
            Some("江复〔2025〕16号"),
        ),
        ("reconsideration", "2025-10-28", "江临市人民政府", None),
        ("reconsideration", "2025-10-28", "省人民政府", Some("江复〔2025〕15号")),
        ("direct_suit", "2025-10-29", "澄溪县人民法院", None),
        ("suit_after_reconsideration", "2025-10-28", "澄溪县人民法院", None),
    ] {
        desk.act(Role::Officer, filed(kind, on, organ, reference));
    }
    assert_eq!(desk.case.data().subs.remedies.len(), 7);
    assert!(
        desk.case
            .data()
            .subs
            .remedies
            .iter()
            .all(|sub| sub.detail.filed_by == Some(RemedyFiler::ThirdParty))
    );
    // Nor does a correction make two of one; one's own words may be corrected.
    let seq = desk.case.data().subs.remedies[2].seq;
    let correct = |value: &str| json!({"action": "correct_fact", "seq": seq, "field": "reference", "value": value, "reason": "文号看错"});
    assert_eq!(
        desk.refused(Role::Officer, correct("江复〔2025〕15号")).code,
        "remedy_already_filed"
    );
    desk.act(Role::Officer, correct("江复〔2025〕 16 号"));
}

fn void(id: &str) -> Value {
    json!({"action": "void_remedy", "remedy_id": id, "reason": "同一件复议登记了两次"})
}

fn confirm_void(id: &str) -> Value {
    json!({"action": "confirm_void_remedy", "remedy_id": id})
}

/// What was entered by mistake is voided by two people in every state, and may then be entered rightly.
#[test]
fn a_remedy_entered_by_mistake_is_voided_by_two_people() {
    for state in State::ALL.iter().filter(|state| **state != State::Submitted) {
        let mut desk = Desk::in_state(*state);
        let mut both = person(Role::Officer, 0);
        both.roles.insert(Role::Approver);
        assert_eq!(desk.refused(Role::Officer, void("remedy-99")).code, "no_remedy_to_void");
        desk.on("2025-11-03").act(Role::Officer, file("2025-10-28"));
        let id = desk.id("remedy");
        assert_eq!(
            desk.refused(Role::Approver, confirm_void(&id)).code,
            "no_remedy_void_proposed"
        );
        assert_eq!(desk.wrong(Role::Officer, void("remedy-99")), ["/remedy_id"]);
        desk.forbidden(Role::Clerk, void(&id));
        desk.act(&both, void(&id));
        assert_eq!(desk.sub("remedy_void").status(), SubStatus::Open);
        assert!(desk.sub("remedy").is_open(), "nothing moves before it is confirmed");
        assert!(desk.case.projection(&law()).awaits_approval);
        assert_eq!(desk.refused(Role::Officer, void(&id)).code, "remedy_void_pending");
        assert_eq!(desk.refused(&both, confirm_void(&id)).code, "same_person_as_proposer");
        let reject = json!({"action": "reject_void_remedy", "remedy_id": id, "reason": "并非重复"});
        desk.act(Role::Approver, reject.clone());
        assert_eq!(
            (desk.sub("remedy_void").status(), desk.sub("remedy").is_open()),
            (SubStatus::Rejected, true)
        );
        assert!(!desk.case.projection(&law()).awaits_approval || *state == State::InApproval);

        desk.act(Role::Officer, void(&id))
            .act(Role::Approver, confirm_void(&id));
        assert_eq!(
            (desk.state(), desk.sub("remedy").status()),
            (*state, SubStatus::Voided),
            "{state:?}"
        );
        assert_eq!(desk.sub("remedy_void").status(), SubStatus::Confirmed);
        assert_eq!(desk.refused(Role::Officer, void(&id)).code, "no_remedy_to_void");
        assert_eq!(desk.refused(Role::Approver, reject).code, "no_remedy_void_proposed");
        let decide = json!({"action": "decide_remedy", "remedy_id": id, "decided_on": "2025-11-03", "result": "other"});
        assert_eq!(desk.refused(Role::Officer, decide.clone()).code, "no_open_remedy");
        // What is voided does not stand in the way of the right entry.
        desk.act(Role::Officer, file("2025-10-28"));
        assert_eq!(desk.refused(Role::Officer, decide).code, "remedy_voided");
    }
}

/// A decision that upheld or changed nothing may have been entered on the wrong case; one that ordered a new reply was
/// followed, whether before the voiding was proposed or after.
#[test]
fn what_ordered_a_new_reply_is_not_voided() {
    let mut desk = Desk::delivered("2025-09-22");
    desk.on("2025-11-07").act(Role::Officer, file("2025-10-20"));
    let id = desk.id("remedy");
    let mut upheld = desk.clone();
    upheld.act(
        Role::Officer,
        json!({"action": "decide_remedy", "remedy_id": id, "decided_on": "2025-11-03", "result": "upheld"}),
    );
    upheld
        .act(Role::Officer, void(&id))
        .act(Role::Approver, confirm_void(&id));
    assert_eq!(upheld.sub("remedy").status(), SubStatus::Voided);

    let mut proposed = desk.clone();
    proposed.act(Role::Officer, void(&id));
    for (mut desk, refused) in [(desk, void(&id)), (proposed, confirm_void(&id))] {
        let body = order(&desk, "2025-11-03", None);
        desk.act(Role::Officer, body);
        let who = if refused["action"] == "void_remedy" {
            Role::Officer
        } else {
            Role::Approver
        };
        assert_eq!(desk.refused(who, refused).code, "remedy_ordered_reply");
        assert_eq!(desk.sub("remedy").status(), SubStatus::Decided);
    }
}

#[test]
fn an_order_is_received_between_its_day_and_today() {
    let mut desk = Desk::delivered("2025-09-22");
    desk.on("2025-11-07").act(Role::Officer, file("2025-10-20"));
    for received_on in ["2025-11-02", "2025-11-08"] {
        let mut body = order(&desk, "2025-11-03", None);
        body["received_on"] = json!(received_on);
        assert_eq!(desk.wrong(Role::Officer, body), ["/received_on"], "{received_on}");
    }
    for reply_by in ["2025-11-04", "2025-11-05"] {
        let mut body = order(&desk, "2025-11-03", Some(reply_by));
        body["received_on"] = json!("2025-11-05");
        assert_eq!(desk.wrong(Role::Officer, body), ["/reply_by"], "{reply_by}");
    }
    // What was entered with a wrong day of receipt is corrected as everything else is.
    let mut body = order(&desk, "2025-11-03", None);
    body["received_on"] = json!("2025-11-05");
    desk.act(Role::Officer, body);
    let seq = desk.seq("remedy_decided");
    desk.act(
        Role::Officer,
        json!({"action": "correct_fact", "seq": seq, "field": "received_on", "value": "2025-11-06", "reason": "看错邮戳"}),
    )
    .act(Role::Approver, json!({"action": "confirm_correction", "seq": seq}));
    assert_eq!(desk.clock().due_on, Some(working_day(day("2025-11-06"), 20)));
}

/// Against silence: the case never stopped; the decision sets the date to reply by, and everything else comes to an end.
#[test]
fn an_order_to_reply_against_silence() {
    for state in State::ALL
        .iter()
        .copied()
        .filter(|state| state.is_open() && *state != State::Submitted)
    {
        for reply_by in [Some("2025-11-24"), None] {
            let mut desk = Desk::in_state(state);
            desk.on("2025-11-03").act(Role::Officer, file("2025-10-28"));
            let body = order(&desk, "2025-11-03", reply_by);
            desk.act(Role::Officer, body);
            assert_eq!((desk.state(), desk.outcome()), (State::InProgress, None), "{state:?}");
            let report = desk.clock();
            let due = reply_by.map_or(working_day(day("2025-11-03"), 20), day);
            assert_eq!(
                (report.status, report.due_on),
                (ClockStatus::Running, Some(due)),
                "{state:?}"
            );
            if state != State::AmendmentPending {
                assert_eq!(
                    report.missed_on,
                    Some(day("2025-10-24")),
                    "what was missed stays missed"
                );
            }
            desk.draft(json!([granted()])).lead_to_approver();
            desk.plainly(Role::Approver, Action::ApproveReply)
                .plainly(Role::Officer, Action::IssueReply);
            assert_eq!(desk.outcome(), Some(Outcome::Granted));
            assert_eq!(desk.case.data().endings.len(), 1);
        }
    }
}

/// A payment that was awaited is awaited no more once the reply is ordered.
#[test]
fn an_order_to_reply_ends_waiting_for_a_fee() {
    let mut desk = Desk::in_progress("2025-09-22");
    desk.plainly(Role::Officer, Action::IssueFeeNotice)
        .plainly(Role::Officer, Action::FileRemedy);
    // The same when a reply was offered meanwhile and nobody came for it.
    let mut offered = desk.clone();
    offered.draft(json!([granted()])).lead_to_approver();
    offered
        .plainly(Role::Approver, Action::ApproveReply)
        .act(Role::Officer, json!({"action": "issue_reply", "method": "pickup"}));
    for mut desk in [desk, offered] {
        let body = order(&desk, "2025-09-22", Some("2025-10-13"));
        desk.act(Role::Officer, body);
        assert_eq!(
            (desk.clock().status, desk.clock().due_on),
            (ClockStatus::Running, Some(day("2025-10-13")))
        );
        assert_eq!(desk.sub("fee_notice").status(), SubStatus::Cancelled);
    }
}

/// A draft under secrecy review when the order comes is void with its review.
#[test]
fn an_order_to_reply_voids_the_draft_and_its_reviews() {
    let mut desk = Desk::in_progress("2025-09-22");
    desk.draft(json!([granted()]))
        .plainly(Role::Officer, Action::FileRemedy);
    let body = order(&desk, "2025-09-22", Some("2025-10-13"));
    desk.act(Role::Officer, body);
    assert_eq!(desk.sub("secrecy_review").status(), SubStatus::Cancelled);
    assert!(!desk.case.projection(&law()).awaits_secrecy);
}

#[test]
fn what_was_never_received_is_not_ordered_back() {
    let mut desk = Desk::submitted(Channel::Online, "2025-09-22");
    desk.plainly(Role::Officer, Action::CloseIntake)
        .plainly(Role::Officer, Action::FileRemedy);
    let body = order(&desk, "2025-09-22", Some("2025-10-13"));
    assert_eq!(desk.refused(Role::Officer, body).code, "never_received");
}

#[test]
fn a_decision_contradicts_itself() {
    let mut desk = Desk::delivered("2025-09-22");
    desk.plainly(Role::Officer, Action::FileRemedy);
    let id = desk.id("remedy");
    let decide = |more: Value| {
        let mut body =
            json!({"action": "decide_remedy", "remedy_id": id, "decided_on": "2025-09-22", "result": "corrected"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    assert_eq!(
        desk.wrong(Role::Officer, decide(json!({"reply_by": "2025-10-13"}))),
        ["/reply_by"]
    );
    assert_eq!(
        desk.wrong(Role::Officer, decide(json!({"result": "upheld", "reply_again": true}))),
        ["/reply_again"]
    );
    assert_eq!(
        desk.wrong(
            Role::Officer,
            decide(json!({"reply_again": true, "reply_by": "2025-09-22"}))
        ),
        ["/reply_by"]
    );
    assert_eq!(
        desk.wrong(Role::Officer, decide(json!({"remedy_id": "remedy-99"}))),
        ["/remedy_id"]
    );
}
