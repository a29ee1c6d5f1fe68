//! Dates of a command: not in the future, late ones with a reason, and never before the fact they answer.

use super::check::in_the_future;
use super::context::{Context, Who};
use super::dispatch::{Command, Instruction};
use super::log::LateEntry;
use super::state::CaseData;
use super::step::{Since, since_arrival};
use crate::domain::law::deadline::{self, Fact};
use crate::domain::law::refusal::{Refusal, Rejection, reasons};
use crate::domain::words::text::{FieldError, none_wrong};
use chrono::NaiveDate;

reasons! {
    BEFORE_ANTECEDENT "date_before_antecedent", "《条例》第四十五条",
        "日期 {on} 早于{zh}（{earliest}），不能登记。请核对日期；在先记录有误的，请先提请更正（correct_fact）。",
        "{on} lies before the {en} ({earliest}). Check the date, or correct the earlier record first.";

    CONTRADICTS_RECORD "contradicts_record", "《条例》第四十五条",
        "与案件已有的记录矛盾：{zh} 请核对日期；已有记录登记有误的，请先提请更正（correct_fact）。",
        "Contradicts what the case already records: {en} Check the date, or propose a correction first.";
}

/// Whether an entry of today is late: dated before the working days that the agency gives for writing things down.
pub fn late_entry(command: &Command, on: NaiveDate, ctx: &Context<'_>) -> Option<LateEntry> {
    let passed = ctx.law.calendar.working_days_between(on, ctx.today);
    let late = on < ctx.today && passed > i64::from(ctx.lookups.late_entry_days);
    late.then(|| match command.comes_from_outside() {
        true => LateEntry::Outside,
        false => LateEntry::Inside,
    })
}

/// What is impossible about the dates by themselves.
///
/// # Errors
/// Field errors: a date in the future, a late one of the agency's own without `late_entry_reason`, an applicant's that is
/// not today.
pub fn check_dates(
    instruction: &Instruction,
    on: NaiveDate,
    late_entry: Option<LateEntry>,
    who: &Who,
    ctx: &Context<'_>,
) -> Result<(), Rejection> {
    let mut errors = Vec::new();
    let today = ctx.today;
    let pointer = instruction.date_pointer();
    if on > today {
        errors.push(in_the_future(&pointer, today));
    } else if on < today && who.acts_as_applicant_only() {
        errors.push(FieldError::new(
            pointer.clone(),
            format!("在线办理以今天（{today}）为准，请填今天的日期。"),
            format!("Online steps are dated today ({today})."),
        ));
    } else if late_entry == Some(LateEntry::Inside) && instruction.late_entry_reason.is_none() {
        let days = ctx.lookups.late_entry_days;
        errors.push(FieldError::new(
            "/late_entry_reason",
            format!("补录 {days} 个工作日以前的事项，请说明补录原因。"),
            format!("An entry dated more than {days} working days before today needs the reason for the late entry."),
        ));
    }
    instruction.command.further_dates().check(on, today, &mut errors);
    none_wrong(errors)
}

/// No action lies before the receipt, nor before the fact it answers; independent facts may come in any order.
///
/// # Errors
/// The refusal, with the first day that is possible.
pub fn not_before(command: &Command, data: &CaseData, on: NaiveDate, today: NaiveDate) -> Result<(), Refusal> {
    let (earliest, zh, en) = match (command.since(data), after_restart(command, data)) {
        (answered, Some(restart)) if answered.0 < restart.0 => restart,
        (answered, _) => answered,
    };
    let floor = data.received_on.unwrap_or(since_arrival(data).0);
    let (earliest, zh, en) = if earliest < floor {
        (floor, "收到（到达）日期", "receipt (or arrival)")
    } else {
        (earliest, zh, en)
    };
    if on >= earliest {
        return Ok(());
    }
    let refusal = BEFORE_ANTECEDENT.with(&[("on", &on), ("earliest", &earliest), ("zh", &zh), ("en", &en)]);
    Err(refusal.within(Some(earliest), Some(today)))
}

/// An order to reply again is the last fact of its day: what moves the new clock comes on the days after it.
fn after_restart(command: &Command, data: &CaseData) -> Option<Since> {
    let ordered_on = data.facts.iter().rev().find_map(|fact| match fact {
        Fact::ReplyOrdered { on, .. } => Some(*on),
        _ => None,
    });
    let next_day = ordered_on.filter(|_| command.moves_clock())?.succ_opt()?;
    Some((next_day, "责令重新答复的次日", "day after the order to reply again"))
}

/// The clock of the case must be computable from its facts; a contradiction names the fact.
///
/// # Errors
/// The refusal that says what contradicts what.
pub fn consistent(data: &CaseData, ctx: &Context<'_>) -> Result<(), Refusal> {
    let Some(received_on) = data.received_on else {
        return Ok(());
    };
    let days = data.facts.iter().map(Fact::last_on);
    let as_of = days.fold(ctx.today.max(received_on), NaiveDate::max);
    let pack = data.pack(&ctx.law);
    match deadline::evaluate(&pack, ctx.law.calendar, received_on, &data.facts, as_of) {
        Ok(_) => Ok(()),
        Err(errors) => {
            let zh: Vec<_> = errors.iter().map(|error| error.detail.zh.as_ref()).collect();
            let en: Vec<_> = errors.iter().map(|error| error.detail.en.as_ref()).collect();
            Err(CONTRADICTS_RECORD.with(&[("zh", &zh.join(" ")), ("en", &en.join(" "))]))
        }
    }
}
