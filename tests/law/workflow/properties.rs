//! Whatever is done in whatever order: random sequences of commands keep every invariant of a case.
//!
//! Without `GONGKAI_SEQUENCES` the sequences are the same in every run; with it, as many new ones are tried.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use chrono::{Days, NaiveDate};
use gongkai::domain::case::submission::Channel;
use gongkai::domain::case::{Action, Instruction, State, Who};
use gongkai::domain::case::{LateEntry, LoggedEvent};
use gongkai::domain::law::refusal::Rejection;
use gongkai::domain::people::access::Role;
use gongkai::domain::reply::CaseKind;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestError, TestRng, TestRunner};
use serde_json::{Value, json};

use super::desk::{Desk, day, granted, law, noon, person, timer, withheld};
use super::invariants::{check_folded, check_written};
use super::reach::bodies;
use super::walk::papers::takes_papers;

const STEPS: usize = 40;

static PAPERS: LazyLock<Vec<Action>> = LazyLock::new(|| {
    let all = Action::ALL[1..].iter().copied();
    all.filter(|action| takes_papers(*action)).collect()
});

/// One step, as numbers: who acts, what, how, and how long after the step before.
#[derive(Debug, Clone)]
struct Step {
    who: u8,
    action: u8,
    how: [u8; 6],
    wait: u8,
    /// How many days the entry is late; mostly none.
    late: u8,
    /// Mostly what is offered; now and then something that is not.
    blindly: bool,
}

fn step() -> impl Strategy<Value = Step> {
    let wait = prop_oneof![8 => Just(0), 4 => 1u8..4, 2 => 4u8..12, 1 => 12u8..50];
    let late = prop_oneof![6 => Just(0), 1 => 1u8..8];
    (any::<u8>(), any::<u8>(), any::<[u8; 6]>(), wait, late, 0u8..12).prop_map(
        |(who, action, how, wait, late, blindly)| Step {
            who,
            action,
            how,
            wait,
            late,
            blindly: blindly == 0,
        },
    )
}

/// Where a sequence begins, by how it came in, of which kind, and its steps.
fn history() -> impl Strategy<Value = (u8, usize, bool, Vec<Step>)> {
    (
        0u8..7,
        0..Channel::ALL.len(),
        prop::bool::weighted(0.9),
        prop::collection::vec(step(), 5..=STEPS),
    )
}

fn someone(n: u8) -> Who {
    match usize::from(n) % 16 {
        0 => timer(),
        1 => person(Role::Applicant, 0),
        2 | 3 => person(Role::Clerk, 0),
        4 => person(Role::Handler, 0),
        5 | 6 => person(Role::Secrecy, 0),
        7 | 8 => person(Role::Legal, 0),
        9 | 10 => person(Role::Approver, 0),
        11 => {
            let mut several = person(Role::Officer, 1);
            several.roles.extend([Role::Approver, Role::Clerk]);
            several
        }
        _ => person(Role::Officer, 0),
    }
}

/// What the step does, chosen from what is offered; ends of a case are chosen less often than they are offered.
fn choose(step: &Step, who: &Who, desk: &Desk) -> Option<Action> {
    if step.blindly {
        let all = &Action::ALL[1..];
        return Some(all[usize::from(step.action) % all.len()]);
    }
    let offered = desk.case.allowed_actions(who, &desk.ctx());
    let total: usize = offered.iter().map(|action| weight(*action, step)).sum();
    let mut at = (usize::from(step.action) * 256 + usize::from(step.how[5])).checked_rem(total)?;
    offered.into_iter().find(|action| {
        let found = at < weight(*action, step);
        at = at.saturating_sub(weight(*action, step));
        found
    })
}

/// What leads on is done more often than what ends a case or goes on for ever.
fn weight(action: Action, step: &Step) -> usize {
    use Action::*;
    match action {
        // Applicants can do little else.
        Withdraw if step.how[4] >= 24 => 0,
        // What takes the case back, as seldom.
        RevokeEnding | ReplaceReply | ChangeContact | AddParty | NarrowRequest if step.how[4] >= 24 => 0,
        ChangeContact | AddParty | NarrowRequest => 1,
        // Everybody may, and nothing follows from it.
        AddDocument | NoteForceMajeure | VerifyIdentity | JoinPersons | PartPersons | CancelInstrument | EditDraft
            if step.how[4] >= 12 =>
        {
            0
        }
        ConfirmReceipt | ReviewFormally | ReviewSecrecy | SubmitForLegalReview | ReviewLegally | SubmitForApproval
        | ApproveReply | IssueReply | NotifyThirdParty => 24,
        DraftReply | RecordOpinion | RecordNoticeDelivery | RecordPayment | ApproveExtension | ReceiveAmendment
        | LapseAmendment | LapseFee => 12,
        AddDocument | NoteForceMajeure | VerifyIdentity | JoinPersons | PartPersons | CancelInstrument | EditDraft
        | Withdraw | CloseIntake | Merge | ReplyOnTheSpot | Take | HandOver | RecordContactAttempt | FileRemedy
        | Archive | RecordDelivery | ReturnReply | RevokeEnding | ReplaceReply | DispatchReply | ResendNotice
        | RemoveParty | SucceedParty | VoidRemedy => 1,
        _ => 4,
    }
}

fn pick<T: Clone>(from: &[T], n: u8) -> T {
    from[usize::from(n) % from.len()].clone()
}

fn later(date: NaiveDate, days: u8) -> NaiveDate {
    date + Days::new(u64::from(days))
}

/// A plausible body: one of the plain ones, with other numbers, ids, limits and dates.
fn body(action: Action, step: &Step, desk: &Desk) -> Value {
    let [a, b, c, d, ..] = step.how;
    let mut body = pick(&bodies(action, desk), a);
    let data = desk.case.data();
    let any_of = |kind: &str| {
        let ids: Vec<_> = data
            .subs
            .all()
            .into_iter()
            .filter(|sub| sub.kind() == kind)
            .map(|sub| sub.id())
            .collect();
        (!ids.is_empty()).then(|| pick(&ids, b))
    };
    for (field, kind) in [
        ("consultation_id", "consultation"),
        ("assignment_id", "assignment"),
        ("remedy_id", "remedy"),
    ] {
        if body.get(field).is_some()
            && c < 64
            && let Some(id) = any_of(kind)
        {
            body[field] = json!(id);
        }
    }
    match action {
        Action::RequestAmendment if b < 128 => body["respond_by"] = json!(later(desk.today, c % 30 + 1)),
        Action::RequestReasons if b < 128 => body["respond_by"] = json!(later(desk.today, c % 20 + 1)),
        Action::SetDelay => body["until"] = json!(later(desk.today, b)),
        Action::Assign => body["due_on"] = json!(later(desk.today, b % 12)),
        Action::ProposeExtension => body["working_days"] = json!(b % 22),
        Action::IssueFeeNotice => {
            body["count"] = json!(b);
            if c < 128 {
                body["delivered_on"] = json!(desk.today);
            }
        }
        Action::RecordPayment => {
            let notice = data.subs.fees.first().map(|sub| &sub.detail);
            let owed = notice.map(|notice| notice.amount_yuan.saturating_sub(notice.paid_yuan));
            let owed = owed.unwrap_or(10);
            body["amount_yuan"] = json!(if b < 128 { owed } else { owed * u32::from(c) / 255 });
        }
        Action::DraftReply => {
            let consulted = any_of("consultation").map(|id| {
                let mut item = granted();
                item["consultation_id"] = json!(id);
                item
            });
            let kinds = match data.kind() {
                CaseKind::Correction => {
                    vec![json!({"description": "出生日期", "outcome": "corrected", "explanation": "已改正"})]
                }
                CaseKind::Disclosure => [
                    Some(granted()),
                    Some(withheld()),
                    Some(json!({"description": "报告", "outcome": "needs_creation", "explanation": "需另行制作"})),
                    Some(
                        json!({"description": "报告", "outcome": "excessive_unjustified", "explanation": "理由不合理"}),
                    ),
                    consulted,
                ]
                .into_iter()
                .flatten()
                .collect(),
            };
            let items: Vec<_> = (0..=a % 3)
                .map(|n| pick(&kinds, b.wrapping_add(n.wrapping_mul(c))))
                .collect();
            body["principal"] = json!(d % 3);
            body["items"] = json!(items);
        }
        Action::DecideRemedy if c < 128 && body.get("reply_again").is_some() => {
            body["reply_by"] = json!(later(desk.today, c % 40 + 1));
        }
        Action::CorrectFact => correction(&mut body, step, desk),
        Action::ConfirmCorrection | Action::RejectCorrection => {
            let open: Vec<_> = data
                .subs
                .corrections
                .iter()
                .filter(|sub| sub.is_open())
                .map(|sub| sub.detail.seq)
                .collect();
            if !open.is_empty() {
                body["seq"] = json!(pick(&open, b));
            }
        }
        _ => {}
    }
    if step.late > 0 {
        let earlier = desk.today - Days::new(u64::from(step.late));
        let own = Instruction::parse(body.clone())
            .ok()
            .and_then(|read| read.command.own_date().map(|(field, _)| field));
        body[own.unwrap_or("occurred_on")] = json!(earlier);
    }
    body
}

/// Some correctable field of some entry, a few days off where it is a date.
fn correction(body: &mut Value, step: &Step, desk: &Desk) {
    let [_, b, c, d, ..] = step.how;
    let log = desk.case.log();
    let entry = pick(log, b);
    let fields = entry.event.correctable_fields();
    if fields.is_empty() {
        return;
    }
    let field = pick(fields, c);
    let old = entry.event.data().unwrap().get(field).cloned().unwrap_or(Value::Null);
    let date = old.as_str().and_then(|text| text.parse::<NaiveDate>().ok());
    let base = date.or_else(|| (field == "delivered_on").then_some(entry.occurred_on));
    let value = base.map_or(old, |date| json!(later(date, d % 9) - Days::new(4)));
    body["seq"] = json!(entry.seq);
    body["field"] = json!(field);
    body["value"] = value;
}

#[derive(Debug, Default)]
struct Tally {
    accepted: BTreeMap<&'static str, usize>,
    refused: usize,
    archived: usize,
}

/// A case some way into the procedure, so that sequences reach its end.
fn beginning(from: u8, channel: Channel, kind: CaseKind) -> Desk {
    const ON: &str = "2025-09-15";
    let mut desk = Desk::of(kind, channel, day(ON));
    if from == 0 {
        return desk;
    }
    desk.plainly(Role::Clerk, Action::ConfirmReceipt);
    if from == 1 {
        return desk;
    }
    desk.review();
    if from == 2 || kind == CaseKind::Correction {
        return desk;
    }
    let mut item = granted();
    if from != 3 {
        desk.plainly(Role::Officer, Action::ConsultThirdParty)
            .plainly(Role::Officer, Action::RecordOpinion);
        item["consultation_id"] = json!(desk.id("consultation"));
    }
    desk.draft(json!([item, withheld()]));
    if from > 4 {
        desk.lead_to_approver();
    }
    if from > 5 {
        desk.plainly(Role::Approver, Action::ApproveReply)
            .plainly(Role::Officer, Action::NotifyThirdParty);
    }
    desk
}

fn play(mut desk: Desk, steps: &[Step], tally: &mut Tally) -> Result<(), String> {
    for step in steps {
        desk.today = later(desk.today, step.wait);
        let mut who = someone(step.who);
        let mut action = choose(step, &who, &desk);
        for other in 1..16 {
            if action.is_none() {
                who = someone(step.who.wrapping_add(other));
                action = choose(step, &who, &desk);
            }
        }
        let Some(action) = action else { break };
        let mut body = body(action, step, &desk);
        let with_papers = step.how[3] % 4 == 0 && PAPERS.contains(&action);
        if with_papers {
            body["document_ids"] = json!(["doc-2"]);
        }
        // No fact of today cures a due date that passed before; entries made late and corrections may.
        // An ending that is revoked, and a reply that never counted, never were.
        let taken_back = matches!(
            action,
            Action::ConfirmCorrection | Action::RevokeEnding | Action::RecordDelivery
        );
        let missed = match step.late == 0 && !taken_back {
            true => missed_on(&desk),
            false => None,
        };
        let sent = body.clone();
        let told = |desk: &Desk| format!("{:?} {sent} on {}", who.roles, desk.today);
        match desk.send(&who, body) {
            Ok(applied) => {
                *tally.accepted.entry(action.code()).or_default() += 1;
                let keeps = |logged: &LoggedEvent| logged.event.data().unwrap().to_string().contains("doc-2");
                if with_papers && !applied.events.iter().any(keeps) {
                    return Err(format!("{}: the log does not name the papers", told(&desk)));
                }
                check_written(&applied.events)
                    .and_then(|()| check_folded(&desk.case, desk.today))
                    .map_err(|wrong| format!("{}: {wrong}\n{}", told(&desk), story(&desk)))?;
                for logged in &applied.events {
                    if logged.recorded_at != noon(desk.today) || logged.occurred_on > desk.today {
                        return Err(format!(
                            "{}: dated {} {}",
                            told(&desk),
                            logged.occurred_on,
                            logged.recorded_at
                        ));
                    }
                    let passed = law().calendar.working_days_between(logged.occurred_on, desk.today);
                    let late = logged.occurred_on < desk.today && passed > 3;
                    let inside = logged.late_entry == Some(LateEntry::Inside);
                    if late != logged.late_entry.is_some()
                        || (inside && logged.late_entry_reason.is_none())
                        || (!late && logged.late_entry_reason.is_some())
                    {
                        return Err(format!(
                            "{}: late without a reason, or a reason without being late",
                            told(&desk)
                        ));
                    }
                }
                if missed.is_some() && missed_on(&desk) != missed {
                    return Err(format!(
                        "{}: missed on {missed:?}, then {:?}",
                        told(&desk),
                        missed_on(&desk)
                    ));
                }
                the_past_can_be_read(&desk, step.how[4]).map_err(|wrong| format!("{}: {wrong}", told(&desk)))?;
            }
            Err(rejection) => {
                tally.refused += 1;
                let offered = !step.blindly && step.late == 0;
                if rejection == Rejection::Forbidden && offered {
                    return Err(format!("{}: offered and forbidden", told(&desk)));
                }
                if let Rejection::Refused(refusal) = rejection
                    && refusal.code == "wrong_state"
                    && offered
                {
                    return Err(format!("{}: offered in the wrong state", told(&desk)));
                }
            }
        }
    }
    tally.archived += usize::from(desk.state() == State::Archived);
    Ok(())
}

/// The log in short, for a failure.
fn story(desk: &Desk) -> String {
    let tell = |logged: &LoggedEvent| {
        let data = logged.event.data().unwrap();
        format!("{} {} {} {data}\n", logged.seq, logged.occurred_on, logged.event.code())
    };
    desk.case.log().iter().skip(1).map(tell).collect()
}

fn missed_on(desk: &Desk) -> Option<NaiveDate> {
    let report = desk.case.clock(&law(), desk.today, false).unwrap();
    report.and_then(|report| report.missed_on)
}

/// The clock can be read as of any earlier day.
fn the_past_can_be_read(desk: &Desk, back: u8) -> Result<(), String> {
    let as_of = desk.today - Days::new(u64::from(back % 64));
    desk.case
        .clock(&law(), as_of, false)
        .map(drop)
        .map_err(|errors| format!("as of {as_of}: {errors:?}"))
}

#[test]
fn random_sequences_of_commands_keep_every_invariant() {
    let asked: Option<u32> = std::env::var("GONGKAI_SEQUENCES").ok().map(|n| n.parse().unwrap());
    let cases = asked.unwrap_or(2_000);
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..Config::default()
    };
    let tally = RefCell::new(Tally::default());
    let beginnings = RefCell::new(HashMap::new());
    let mut runner = match asked {
        Some(_) => TestRunner::new(config),
        None => TestRunner::new_with_rng(config.clone(), TestRng::deterministic_rng(config.rng_algorithm)),
    };
    let outcome = runner.run(&history(), |(from, channel, disclosure, steps)| {
        let kind = if disclosure {
            CaseKind::Disclosure
        } else {
            CaseKind::Correction
        };
        let mut beginnings = beginnings.borrow_mut();
        let desk: &Desk = beginnings
            .entry((from, channel, disclosure))
            .or_insert_with(|| beginning(from, Channel::ALL[channel], kind));
        play(desk.clone(), &steps, &mut tally.borrow_mut()).map_err(TestCaseError::fail)
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(wrong, history)) => panic!("{wrong}\nafter {history:?}"),
        Err(TestError::Abort(why)) => panic!("{why}"),
    }
    let tally = tally.into_inner();
    // The sequences must go somewhere for their silence to mean anything.
    let accepted: usize = tally.accepted.values().sum();
    assert!(
        accepted > 5 * cases as usize && tally.archived * 20 > cases as usize,
        "{tally:?}"
    );
    let never: Vec<_> = Action::ALL[1..]
        .iter()
        .filter(|action| !tally.accepted.contains_key(action.code()))
        .collect();
    assert!(cases < 1_000 || never.is_empty(), "never accepted: {never:?}");
}
