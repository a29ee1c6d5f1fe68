//! A timeline read on its day: status, numbers, dates.

use chrono::NaiveDate;

use super::notes::calendar_not_loaded;
use super::report::{Awaiting, ClockStatus, Report};
use super::suspension::counted_between;
use super::timeline::Timeline;
use super::timers::{notice_limits, timers};
use crate::domain::law::limits::Limits;

/// The report on what the facts say, without the list of days.
pub(super) fn read(limits: Limits<'_>, timeline: &Timeline) -> Report {
    let (calendar, run) = (limits.calendar, &timeline.run);
    let judged_on = timeline.judged_on();
    let status = status(timeline);
    let due = run.due_on(limits, &timeline.consultations);
    let (due_on, projected_due_on) = match status {
        ClockStatus::Suspended => (None, due),
        _ => (due, None),
    };

    // No day after the one on which waiting began counts.
    let counted_to = run.awaiting.map_or(judged_on, |(_, since)| since.min(judged_on));
    let used = counted_between(calendar, &timeline.consultations, run.day_zero, counted_to);
    let allowance = i64::from(run.allowance(limits));
    let left = match run.delay {
        Some(until) => calendar.working_days_between(judged_on, until),
        None => allowance - used,
    };
    let overdue_by = due_on.map_or(0, |due| {
        counted_between(calendar, &timeline.consultations, due, judged_on)
    });

    let provisional_from = provisional_from(limits, timeline, due);
    let counted_through = run.delay.map_or(counted_to, |until| until.max(judged_on));
    let numbers_from = calendar.uncertain_from(run.day_zero, counted_through);
    let uncertain_from = provisional_from.into_iter().chain(numbers_from).min();

    Report {
        rule_set: Some(limits.pack.code.clone()),
        status,
        day_zero: Some(run.day_zero),
        allowance,
        used,
        left,
        due_on,
        projected_due_on,
        missed_on: timeline.missed_on,
        provisional: provisional_from.is_some(),
        overdue: due_on.is_some_and(|due| due < judged_on),
        overdue_by,
        timers: timers(limits, timeline, due_on),
        risks: Vec::new(),
        notes: uncertain_from
            .map(|on| calendar_not_loaded(calendar, on))
            .into_iter()
            .collect(),
        days: None,
    }
}

/// The first day without a holiday notice through which a date of the report was counted.
fn provisional_from(limits: Limits<'_>, timeline: &Timeline, due: Option<NaiveDate>) -> Option<NaiveDate> {
    let uncertain = |(after, to)| limits.calendar.uncertain_from(after, to);
    let notices = timeline.amendments.iter().chain(&timeline.fees);
    let counted = notice_limits(limits, timeline)
        .chain(notices.filter_map(|notice| notice.counted_from.zip(notice.due_on)))
        .chain((timeline.consultations.iter()).filter_map(|c| c.delivered_on.zip(c.silent_on)));
    counted
        .filter_map(uncertain)
        .chain(timeline.missed_uncertain_from)
        .chain(due.and_then(|due| timeline.run.uncertain_from(limits.calendar, due)))
        .min()
}

/// The first that applies, in this order.
fn status(timeline: &Timeline) -> ClockStatus {
    if timeline.run.replied_on.is_some() {
        return ClockStatus::Stopped;
    }
    match timeline.run.awaiting {
        Some((Awaiting::Amendment, _)) => ClockStatus::AwaitingAmendment,
        Some((Awaiting::Payment, _)) => ClockStatus::AwaitingPayment,
        None if timeline.is_suspended() => ClockStatus::Suspended,
        None => ClockStatus::Running,
    }
}
