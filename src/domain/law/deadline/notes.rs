//! What a clock has to say beside its figures (说明): that a fact changed nothing, on which calendar a date stands.

use chrono::{Datelike, NaiveDate};

use super::evaluate;
use super::fact::Fact;
use super::report::{Note, NoteCode, Report};
use crate::domain::law::calendar::Calendar;
use crate::domain::law::rules::RulePack;

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
    if facts.len() > MOST_FACTS {
        return Vec::new();
    }
    let changes_nothing = |place: usize| {
        let mut others = facts.to_vec();
        others.remove(place);
        // Where the others contradict each other without it, they hang on it.
        evaluate(rules, calendar, received_on, &others, as_of).is_ok_and(|without| same_days(&without, report))
    };
    let idle = facts.iter().enumerate().filter(|(place, _)| changes_nothing(*place));
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

/// Says on which calendar the clock stands, where it counts days from `on` on of which no notice is loaded: the holidays of
/// a year are arranged by a notice of the State Council General Office (全国年节及纪念日放假办法 Arts 6 and 7), which comes
/// in the autumn before.
pub(super) fn calendar_not_loaded(calendar: &Calendar, on: NaiveDate) -> Note {
    let unknown = match calendar.is_loaded(on.year()) {
        true => on.year().saturating_add(1),
        false => on.year(),
    };
    let (first, last) = (calendar.loaded_years().next(), calendar.last_loaded_year());
    let (loaded_zh, loaded_en) = match first {
        Some(first) => (
            format!("工作日历已载入{first}年至{last}年"),
            format!("The working-day calendar is loaded from {first} through {last}"),
        ),
        None => (
            "尚未载入工作日历".to_owned(),
            "No working-day calendar is loaded".to_owned(),
        ),
    };
    let (awaited_zh, awaited_en) = match unknown > last {
        true => (
            format!("国务院办公厅关于{unknown}年部分节假日安排的通知公布并载入后重新计算"),
            format!("awaiting the State Council's holiday notice for {unknown}, with which they are computed anew"),
        ),
        false => (
            format!("{unknown}年的放假通知未载入，请对照当年的通知核对"),
            format!("the holiday notice for {unknown} is not loaded, compare with it"),
        ),
    };
    Note {
        code: NoteCode::CalendarNotLoaded,
        on,
        zh: format!(
            "{loaded_zh}。自{on}起按周一至周五推算，只扣除法规已经确定的放假日，由此得出的日期和天数是暂定的：{awaited_zh}。"
        ),
        en: format!(
            "{loaded_en}. From {on} on, Monday to Friday is counted but for the days off that the decree fixes; what \
             follows from it is provisional: {awaited_en}."
        ),
    }
}
