//! Consultations (征求意见): which days they take out of the count, and counting around them (Art 33(3)).

use chrono::NaiveDate;

use super::fact::ConsultationKind;
use crate::domain::law::calendar::Calendar;

/// What ended a consultation before its silent last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Opinion,
    Ended,
    /// The reply ends every consultation that is still open.
    Reply,
}

/// One consultation with what is known of it so far.
#[derive(Debug)]
pub(super) struct Consultation<'a> {
    pub id: &'a str,
    pub kind: ConsultationKind,
    pub sent_on: NaiveDate,
    /// The delivery that set `silent_on`.
    pub delivered_on: Option<NaiveDate>,
    /// The last day to answer, which ends a silent consultation; unknown until the letter is delivered.
    pub silent_on: Option<NaiveDate>,
    /// The first ending that came on or before the silent last day.
    pub closed: Option<(NaiveDate, Ending)>,
    /// Entries seen, also those that came too late to matter: each may stand once.
    pub delivery_seen: bool,
    pub opinion_seen: bool,
    pub ending_seen: bool,
}

impl<'a> Consultation<'a> {
    pub fn new(id: &'a str, kind: ConsultationKind, sent_on: NaiveDate) -> Self {
        Self {
            id,
            kind,
            sent_on,
            delivered_on: None,
            silent_on: None,
            closed: None,
            delivery_seen: false,
            opinion_seen: false,
            ending_seen: false,
        }
    }

    /// The days that do not count: those after the first date up to and including the second, open-ended without one.
    ///
    /// This is the one place of the edge rule: the day of sending counts, the day the opinion arrives does not. The
    /// Regulation says only that the time is not counted (Art 33(3)); the edges are our choice (memory, medium).
    pub fn suspension(&self) -> (NaiveDate, Option<NaiveDate>) {
        (self.sent_on, self.closed.map(|(day, _)| day).or(self.silent_on))
    }

    pub fn suspends(&self, day: NaiveDate) -> bool {
        let (after, to) = self.suspension();
        after < day && to.is_none_or(|to| day <= to)
    }

    /// Whether the party may still answer on `day`, knowing what is recorded up to that day.
    pub fn is_open(&self, day: NaiveDate) -> bool {
        self.closed.is_none() && self.silent_on.is_none_or(|last| day <= last)
    }

    /// A delivery; changes nothing once the consultation is over. `silent_on` is the last day to answer it gives.
    pub fn deliver(&mut self, on: NaiveDate, silent_on: NaiveDate) {
        if self.closed.is_none() {
            self.delivered_on = Some(on);
            self.silent_on = Some(silent_on);
        }
    }

    /// An opinion, an ending or the reply; changes nothing once the consultation is over.
    pub fn close(&mut self, day: NaiveDate, ending: Ending) {
        if self.is_open(day) {
            self.closed = Some((day, ending));
        }
    }
}

/// Working days after `after` up to and including `to` that no consultation takes out; 0 when `to` is not later.
///
/// `consultations` are in the order of sending; what overlaps counts once.
pub(super) fn counted_between(
    calendar: &Calendar,
    consultations: &[Consultation],
    after: NaiveDate,
    to: NaiveDate,
) -> i64 {
    if to <= after {
        return 0;
    }
    let mut counted = calendar.working_days_between(after, to);
    let mut seen_to = after;
    for consultation in consultations {
        let (from, end) = consultation.suspension();
        let from = from.max(seen_to);
        let end = end.map_or(to, |end| end.min(to));
        if end > from {
            counted -= calendar.working_days_between(from, end);
            seen_to = end;
        }
    }
    counted
}

/// The day on which the `n`-th counted day after `day_zero` falls; `None` while an undelivered consultation hides it.
///
/// `day_zero` itself does not count (民诉法第八十五条第二款 by analogy; general practice for the Regulation, memory, high).
pub(super) fn nth_counted_day(
    calendar: &Calendar,
    consultations: &[Consultation],
    day_zero: NaiveDate,
    n: u32,
) -> Option<NaiveDate> {
    let mut cursor = day_zero;
    let mut remaining = n;
    for consultation in consultations {
        let (from, end) = consultation.suspension();
        if end.is_some_and(|end| end <= cursor) {
            continue;
        }
        if from > cursor {
            // Both are in order, so the difference is not negative.
            let available = u32::try_from(calendar.working_days_between(cursor, from)).unwrap_or(0);
            if available >= remaining {
                break;
            }
            remaining -= available;
            cursor = from;
        }
        cursor = end?.max(cursor);
    }
    Some(calendar.add_working_days(cursor, remaining))
}
