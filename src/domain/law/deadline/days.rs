//! The clock day by day (逐日说明): each civil day with its running number or the one reason why it does not count.

use chrono::NaiveDate;

use super::report::{Awaiting, Day, DayReason};
use super::timeline::{Run, Timeline};
use crate::domain::law::calendar::{Calendar, DayKind};

/// Every day from receipt to the later of the day of reading and `due_on`; numbers start again with each run.
pub(super) fn days(calendar: &Calendar, timeline: &Timeline, due_on: Option<NaiveDate>) -> Vec<Day> {
    let last = due_on.map_or(timeline.as_of, |due| due.max(timeline.as_of));
    let runs: Vec<&Run> = timeline.past_runs.iter().chain([&timeline.run]).collect();
    let first = timeline.past_runs.first().unwrap_or(&timeline.run);
    let mut number = 0;
    timeline
        .received_on
        .iter_days()
        .take_while(|date| *date <= last)
        .map(|date| {
            let begun = runs.partition_point(|run| run.day_zero <= date);
            let run = begun.checked_sub(1).and_then(|i| runs.get(i)).copied().unwrap_or(first);
            let (reason, detail) = match not_counted(calendar, timeline, run, date) {
                Some((reason, detail)) => (Some(reason), detail),
                None => (None, None),
            };
            match reason {
                Some(DayReason::DayZero) => number = 0,
                None => number += 1,
                Some(_) => {}
            }
            Day {
                date,
                counted: reason.is_none().then_some(number),
                reason,
                detail,
            }
        })
        .collect()
}

/// The first reason that applies, in the order of the report's description; `None` for a counted day.
fn not_counted(
    calendar: &Calendar,
    timeline: &Timeline,
    run: &Run,
    date: NaiveDate,
) -> Option<(DayReason, Option<String>)> {
    if date == run.day_zero {
        return Some((DayReason::DayZero, None));
    }
    if run.replied_on.is_some_and(|reply| date > reply) {
        return Some((DayReason::Stopped, None));
    }
    match calendar.day(date) {
        DayKind::Weekend => return Some((DayReason::Weekend, None)),
        DayKind::Holiday(name) => return Some((DayReason::PublicHoliday, Some(name.to_owned()))),
        DayKind::Working | DayKind::MakeUp(_) => {}
    }
    match run.awaiting {
        Some((Awaiting::Amendment, since)) if date > since => return Some((DayReason::AwaitingAmendment, None)),
        Some((Awaiting::Payment, since)) if date > since => return Some((DayReason::AwaitingPayment, None)),
        _ => {}
    }
    timeline
        .consultations
        .iter()
        .find(|consultation| consultation.suspends(date))
        .map(|consultation| (DayReason::Suspended, Some(consultation.id.to_owned())))
}
