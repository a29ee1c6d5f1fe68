//! What holds of every case after every command: log, sub-processes, clock, projection and endings agree.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use gongkai::domain::case::{Case, Event, LoggedEvent, State};
use gongkai::domain::law::deadline::ClockStatus;
use gongkai::domain::reply::CaseKind;

use super::desk::law;

/// What holds of every case after every command.
pub fn check_invariants(case: &Case, today: NaiveDate) -> Result<(), String> {
    check_written(case.log())?;
    check_folded(case, today)
}

/// As [`check_invariants`], for a log whose entries are known to be read back as they were written.
pub fn check_folded(case: &Case, today: NaiveDate) -> Result<(), String> {
    check_replay(case)?;
    check_sub_processes(case)?;
    check_clock(case, today)?;
    check_endings(case)
}

/// An entry written out and read back is the same entry.
pub fn check_written(log: &[LoggedEvent]) -> Result<(), String> {
    for logged in log {
        let data = logged.event.data().map_err(|error| error.to_string())?;
        let written = serde_json::to_string(&data).unwrap();
        let event = Event::from_data(
            logged.event.code(),
            serde_json::from_str::<serde_json::Value>(&written).unwrap(),
        )
        .map_err(|error| format!("{}: {error}", logged.event.code()))?;
        if event != logged.event {
            return Err(format!("{} reads back as {event:?}", logged.event.code()));
        }
    }
    Ok(())
}

/// The log is the truth: folded again it gives the same case.
fn check_replay(case: &Case) -> Result<(), String> {
    for (index, logged) in case.log().iter().enumerate() {
        if logged.seq as usize != index + 1 {
            return Err(format!("entry {} stands at place {}", logged.seq, index + 1));
        }
    }
    if case.version() as usize != case.log().len() {
        return Err("the version is that of the last entry".into());
    }
    match Case::replay(case.id(), case.log().to_vec(), &law()) {
        Ok(replayed) if replayed == *case => Ok(()),
        Ok(replayed) => Err(format!("the log replays to another case: {replayed:#?}")),
        Err(broken) => Err(broken.to_string()),
    }
}

fn check_sub_processes(case: &Case) -> Result<(), String> {
    let data = case.data();
    let mut ids = BTreeSet::new();
    for sub in data.subs.all() {
        if !ids.insert(sub.id()) {
            return Err(format!("two sub-processes are called {}", sub.id()));
        }
        if sub.is_open() != sub.standing(NaiveDate::MIN).1.is_none() {
            return Err(format!(
                "{} is {:?} and closed on {:?}",
                sub.id(),
                sub.status(),
                sub.standing(NaiveDate::MIN).1
            ));
        }
        let may_outlive = match sub.kind() {
            "remedy" | "remedy_void" => true,
            "correction" => data.state != State::Archived,
            _ => data.state.is_open(),
        };
        if sub.is_open() && !may_outlive {
            return Err(format!("{} is open in state {}", sub.id(), data.state.code()));
        }
    }
    let open = |kind: &str| {
        let subs = data.subs.all();
        subs.iter().any(|sub| sub.is_open() && sub.kind() == kind)
    };
    if open("amendment_notice") != (data.state == State::AmendmentPending) {
        return Err(format!("state {} and its amendment notice disagree", data.state.code()));
    }
    if open("secrecy_review") && data.draft.is_none() {
        return Err("a secrecy review without a draft".into());
    }
    if matches!(data.state, State::InReview | State::InApproval) && data.draft.is_none() {
        return Err(format!("state {} without a draft", data.state.code()));
    }
    Ok(())
}

/// The clock can always be read, says what the state says, and the projection repeats it.
fn check_clock(case: &Case, today: NaiveDate) -> Result<(), String> {
    let data = case.data();
    let report = match case.clock(&law(), today, false) {
        Ok(report) => report,
        Err(errors) => return Err(format!("the clock contradicts itself: {errors:?}")),
    };
    let projection = case.projection(&law());
    let Some(report) = report else {
        return if data.received_on.is_none() && projection.due_on.is_none() && projection.stopped_on.is_none() {
            Ok(())
        } else {
            Err(format!("no clock although received on {:?}", data.received_on))
        };
    };
    let open = |kind: &str| {
        let subs = data.subs.all();
        subs.iter().any(|sub| sub.is_open() && sub.kind() == kind)
    };
    let handed_over_later =
        data.state == State::Replied && data.reply.as_ref().is_some_and(|reply| reply.counts_on().is_none());
    let expected: &[ClockStatus] = if open("amendment_notice") {
        &[ClockStatus::AwaitingAmendment]
    } else if open("fee_notice") {
        &[ClockStatus::AwaitingPayment]
    } else if data.replacing {
        &[ClockStatus::Stopped]
    } else if data.state.is_open() {
        &[ClockStatus::Running, ClockStatus::Suspended]
    } else if handed_over_later {
        &[ClockStatus::Running, ClockStatus::Stopped, ClockStatus::AwaitingPayment]
    } else {
        &[ClockStatus::Stopped]
    };
    if !expected.contains(&report.status) {
        return Err(format!(
            "the clock is {:?} in state {} with {:?}",
            report.status,
            data.state.code(),
            data.facts
        ));
    }
    if report.status == ClockStatus::Suspended && !open("consultation") {
        return Err("suspended without an open consultation".into());
    }
    if (report.status == ClockStatus::Stopped) != projection.stopped_on.is_some() {
        return Err(format!(
            "clock {:?}, stopped on {:?}",
            report.status, projection.stopped_on
        ));
    }
    let awaited = match report.status {
        ClockStatus::AwaitingAmendment => Some("amendment"),
        ClockStatus::AwaitingPayment => Some("payment"),
        _ => None,
    };
    if projection.awaiting != awaited {
        return Err(format!(
            "clock {:?}, projected as awaiting {:?}",
            report.status, projection.awaiting
        ));
    }
    // Silence alone may end a suspension between the last entry and today; the due date stays what it was.
    let due_on = report.due_on.or(report.projected_due_on);
    if due_on != projection.due_on {
        return Err(format!("due on {due_on:?}, projected {:?}", projection.due_on));
    }
    let suspended = projection.suspended_until.is_some_and(|until| until >= today);
    if report.status == ClockStatus::Suspended && !suspended || report.status == ClockStatus::Running && suspended {
        return Err(format!(
            "clock {:?}, projected as suspended until {:?}",
            report.status, projection.suspended_until
        ));
    }
    Ok(())
}

/// Whoever was received ends under one leaf, and only who was received.
fn check_endings(case: &Case) -> Result<(), String> {
    let data = case.data();
    let projection = case.projection(&law());
    let ending = data.ending();
    if projection.outcome != ending.map(|ending| ending.outcome)
        || projection.ended_on != ending.map(|ending| ending.on)
    {
        return Err("the projection has another ending".into());
    }
    if data.received_on.is_none() {
        let unfit = ending.is_some() || !matches!(data.state, State::Submitted | State::Closed | State::Archived);
        return if unfit {
            Err("ended or handled without receipt".into())
        } else {
            Ok(())
        };
    }
    let ordered_again = data.subs.remedies.iter().any(|sub| sub.detail.reply_again);
    let ended = matches!(data.state, State::Delivered | State::Closed | State::Archived);
    if ended && ending.is_none() {
        return Err(format!("{} without a leaf", data.state.code()));
    }
    let reopened_later = ending.is_some_and(|ending| ending.on.year() < data.state_since.year());
    if data.state.is_open() && ending.is_some() && !ordered_again && !data.replacing && !reopened_later {
        return Err("open although ended".into());
    }
    let replaced = !data.past_replies.is_empty();
    if data.endings.len() > 1 && !ordered_again && !replaced {
        return Err(format!("ended more than once: {:?}", data.endings));
    }
    if let Some(ending) = ending
        && data.kind() == CaseKind::Disclosure
        && ending.outcome.row().is_none()
    {
        return Err(format!("{:?} is no leaf of table 三", ending.outcome));
    }
    Ok(())
}
