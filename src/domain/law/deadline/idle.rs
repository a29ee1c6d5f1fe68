//! Facts that change nothing: each is accepted and recorded, and the report says that and why.

use chrono::NaiveDate;

use super::fact::Fact;
use super::report::{Note, NoteCode, Report};
use super::timeline::Timeline;
use super::{check, reading};
use crate::domain::law::calendar::Calendar;
use crate::domain::law::limits::Limits;
use crate::domain::law::rules::RulePack;
use crate::domain::words::text::FieldError;

/// Facts beyond which the question is not asked: each asks for one reading more, and no case has as many.
const MOST_FACTS: usize = 100;

/// A note for every fact without which `report`, the reading of all of them, would give the same days.
pub fn notes(
    rules: &RulePack,
    calendar: &Calendar,
    received_on: NaiveDate,
    facts: &[Fact],
    as_of: NaiveDate,
    report: &Report,
) -> Vec<Note> {
    let limits = Limits { pack: rules, calendar };
    if facts.len() > MOST_FACTS {
        return Vec::new();
    }
    let changes_nothing = |place: usize| {
        let mut others = facts.to_vec();
        others.remove(place);
        // Where the others contradict each other without it, they hang on it.
        read_with(limits, received_on, &others, as_of).is_ok_and(|without| same_days(&without, report))
    };
    // A reply stops the clock and an order sets it going: they always tell.
    let tells = |fact: &Fact| matches!(fact, Fact::Replied { .. } | Fact::ReplyOrdered { .. });
    let idle = facts.iter().enumerate();
    let idle = idle.filter(|(place, fact)| !tells(fact) && changes_nothing(*place));
    idle.map(|(_, fact)| note(fact, report)).collect()
}

/// Whether nobody has to act on another day. How much time is allowed and used says nothing by itself.
fn same_days(one: &Report, other: &Report) -> bool {
    let days = |report: &Report| {
        let due = (report.due_on, report.projected_due_on, report.missed_on);
        (report.status, report.day_zero, due)
    };
    days(one) == days(other) && one.timers == other.timers
}

fn note(fact: &Fact, report: &Report) -> Note {
    let on = fact.on();
    match (fact, report.effective_due_on()) {
        (Fact::Extended { working_days, .. }, Some(due_on)) => Note {
            code: NoteCode::DueDateFixed,
            on,
            zh: format!("答复日期已经确定为 {due_on}，{on} 告知的延长 {working_days} 个工作日没有改变它。"),
            en: format!(
                "The day to reply by is fixed ({due_on}); the extension by {working_days} working days told on {on} does not move it."
            ),
        },
        _ => Note {
            code: NoteCode::NoEffect,
            on,
            zh: format!("{on} 的这项事实没有改变任何期限：所在的期间已经不计入，或者期限由其他事实决定。"),
            en: format!("This fact of {on} changes no date: its days do not count anyway, or another fact decides."),
        },
    }
}

fn read_with(
    limits: Limits<'_>,
    received_on: NaiveDate,
    facts: &[Fact],
    as_of: NaiveDate,
) -> Result<Report, Vec<FieldError>> {
    check::check(limits, received_on, facts, as_of)?;
    Ok(reading::read(
        limits,
        &Timeline::build(limits, received_on, facts, as_of)?,
    ))
}
