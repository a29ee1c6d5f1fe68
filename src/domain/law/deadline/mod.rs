//! The statutory clock (答复期限): dated facts in, one report out.
//!
//! Four effects, never one "pause": a fact *starts the clock again* (amendment received, fee paid, new reply ordered),
//! *suspends* it (consultation), *extends* the allowance (Art 33) or *replaces* the due date (Art 35). Nothing here stores a
//! date: whoever needs one evaluates the facts again, so a fact that arrives late or is corrected gives what it would have
//! given in time.
//!
//! Pure and total: rules, calendar, facts and the day of reading are arguments. Facts that contradict themselves are field
//! errors; facts that are merely late are computed.
//!
//! | file | owns |
//! |---|---|
//! | `fact` | the facts and their order on one day |
//! | `parse` | facts from JSON, with a pointer for each wrong field |
//! | `check` | what is impossible in one fact by itself |
//! | `timeline` | the facts applied in order: runs, awaited answers, consultations, the first missed day |
//! | `suspension` | which days a consultation takes out, and counting around them |
//! | `reading`, `timers`, `days`, `notes`, `idle` | what the report says |
//! | `report` | the shape of the report |
//! | `policy` | choices the texts leave open |

mod check;
mod days;
mod fact;
mod idle;
mod notes;
mod parse;
pub mod policy;
mod reading;
mod report;
mod suspension;
mod timeline;
mod timers;

use chrono::NaiveDate;

pub use crate::domain::words::json::parse_date;
pub use fact::{ConsultationKind, Fact, as_known_on, default_as_of};
pub use idle::notes;
pub use parse::{MAX_FACTS, parse_facts};
pub use report::{
    Awaiting, ClockStatus, Day, DayReason, Note, NoteCode, OPEN_ENDED, Projection, Report, Risk, RiskCode, Timer,
    TimerKind, TimerStatus,
};

use crate::domain::law::calendar::Calendar;
use crate::domain::law::limits::Limits;
use crate::domain::law::rules::RulePack;
use crate::domain::words::text::FieldError;
use timeline::Timeline;

/// The clock of an application received on `received_on`, read on `as_of`, without the list of days.
///
/// The order of `facts` does not matter.
///
/// # Errors
/// Every fact that is impossible by itself, or else every one that contradicts those before it, with a pointer such as
/// `/facts/3/on`, `/received_on` or `/as_of`.
///
/// ```text
/// received 2025-09-22; letter sent to and received by the third party 2025-09-26; opinion 2025-10-15
///   → the days after 09-26 up to and including 10-15 do not count; 4 used, due 2025-11-06
/// ```
pub fn evaluate(
    rules: &RulePack,
    calendar: &Calendar,
    received_on: NaiveDate,
    facts: &[Fact],
    as_of: NaiveDate,
) -> Result<Report, Vec<FieldError>> {
    let limits = Limits { pack: rules, calendar };
    Ok(reading::read(limits, &timeline(limits, received_on, facts, as_of)?))
}

/// As [`evaluate`], with `days`: every civil day from receipt, its running number or the one reason why it does not count.
///
/// # Errors
/// As [`evaluate`].
pub fn explain(
    rules: &RulePack,
    calendar: &Calendar,
    received_on: NaiveDate,
    facts: &[Fact],
    as_of: NaiveDate,
) -> Result<Report, Vec<FieldError>> {
    let limits = Limits { pack: rules, calendar };
    let timeline = timeline(limits, received_on, facts, as_of)?;
    let mut report = reading::read(limits, &timeline);
    report.days = Some(days::days(calendar, &timeline, report.effective_due_on()));
    Ok(report)
}

fn timeline<'f>(
    limits: Limits<'_>,
    received_on: NaiveDate,
    facts: &'f [Fact],
    as_of: NaiveDate,
) -> Result<Timeline<'f>, Vec<FieldError>> {
    check::check(limits, received_on, facts, as_of)?;
    Timeline::build(limits, received_on, facts, as_of)
}
