//! A correction is tried on the whole log: the corrected entry is held to what was asked of it when it was made, and so is
//! the date of every entry after it; the first one that could no longer stand is named.

use super::correction::{IMPOSSIBLE, LAPSE_UNLAWFUL, REPLACED, pointer_of};
use super::dates::{consistent, not_before};
use super::delivery;
use super::dispatch::Event;
use super::guard::Look;
use super::intake;
use super::log::{BrokenLog, LoggedEvent, corrected_entry, effective_log, fold_entry, follow_arrival};
use super::state::CaseData;
use super::step::{Deciding, Record};
use super::sub::{AmendmentNotice, FeeNotice};
use super::table;
use crate::domain::law::Law;
use crate::domain::law::refusal::Rejection;
use crate::domain::words::text::FieldError;
use serde_json::{Value, json};

impl Record for Vec<LoggedEvent> {
    fn entry(&self, seq: u32, law: &Law<'_>) -> Result<Option<(&'static [&'static str], Value)>, Rejection> {
        let log = whole(effective_log(self, law))?;
        let target = log.iter().find(|logged| logged.seq == seq);
        Ok(target.map(|logged| {
            (
                logged.event.correctable_fields(),
                logged.event.data().unwrap_or_default(),
            )
        }))
    }

    fn proposed(&self, seq: u32) -> Option<Value> {
        self.iter().rev().find_map(|logged| match &logged.event {
            Event::CorrectionProposed(proposal) if proposal.seq == seq => Some(proposal.value.clone()),
            _ => None,
        })
    }

    fn check_corrected(&self, deciding: &Deciding<'_>, seq: u32, field: &str, value: &Value) -> Result<(), Rejection> {
        let law = deciding.law();
        let log = whole(effective_log(self, law))?;
        let mut data: Option<CaseData> = None;
        let mut about = About::default();
        for mut entry in log {
            let before = data.as_ref().filter(|_| entry.seq >= seq);
            if let Some(before) = before.filter(|_| entry.seq > seq) {
                follow_arrival(&mut entry, &before.submission, law);
            }
            let corrected = entry.seq == seq;
            let entry = if corrected {
                corrected_value(deciding, &entry, field, value)?
            } else {
                entry.into_owned()
            };
            if let Some(before) = before {
                still_possible(deciding, before, &entry, corrected.then_some(field))?;
                about.follows(before, &entry)?;
            }
            if corrected {
                about = About::of(&entry, field);
            }
            fold_entry(&mut data, &entry, law).map_err(|broken| impossible(broken.seq))?;
            if let Some(after) = data.as_ref().filter(|_| entry.seq >= seq) {
                consistent(after, deciding.ctx).map_err(|refusal| match corrected {
                    true => Rejection::from(refusal),
                    false => impossible(entry.seq),
                })?;
            }
        }
        about.has_effect(deciding.data, data.as_ref(), field, value)
    }
}

/// What a correction is about, where that decides about the entries after it.
#[derive(Debug, Default)]
struct About {
    /// The days of a notice whose unanswered end may have been entered.
    notice: bool,
    /// Whether a new reply was ordered, on which everything after it rests.
    order: bool,
    /// What the application says, which may have been stated anew since.
    content: Option<&'static str>,
}

impl About {
    fn of(entry: &LoggedEvent, field: &str) -> Self {
        let (whole, _) = field.split_once('.').unwrap_or((field, ""));
        let stated = matches!(entry.event, Event::Submitted(_) | Event::AmendmentReceived(_));
        let contents = ["applicant", "description", "form", "route"];
        Self {
            notice: matches!(
                entry.event,
                Event::NoticeDelivered(_) | Event::AmendmentRequested(_) | Event::FeeNoticeIssued(_)
            ),
            order: matches!(entry.event, Event::RemedyDecided(_)) && whole == "reply_again",
            content: contents.into_iter().find(|content| stated && *content == whole),
        }
    }

    /// Whether an entry after the corrected one still stands on what it says.
    fn follows(&self, before: &CaseData, entry: &LoggedEvent) -> Result<(), Rejection> {
        let last_day = match &entry.event {
            _ if !self.notice => None,
            Event::AmendmentLapsed(_) => before.subs.open::<AmendmentNotice>().and_then(|sub| sub.due_on),
            Event::FeeLapsed(_) => before.subs.open::<FeeNotice>().and_then(|sub| sub.due_on),
            _ => None,
        };
        if let Some(last_day) = last_day.filter(|day| entry.occurred_on <= *day) {
            return Err(LAPSE_UNLAWFUL
                .with(&[("seq", &entry.seq), ("last_day", &last_day)])
                .into());
        }
        let action = entry
            .event
            .command()
            .filter(|_| self.order)
            .map(|command| command.action());
        let fits = |action| {
            table::rules_of(action)
                .iter()
                .any(|rule| rule.from.contains(&before.state))
        };
        match action.is_none_or(fits) {
            true => Ok(()),
            false => Err(impossible(entry.seq)),
        }
    }

    /// A value that was stated anew since is corrected where it was.
    fn has_effect(
        &self,
        now: &CaseData,
        after: Option<&CaseData>,
        field: &str,
        value: &Value,
    ) -> Result<(), Rejection> {
        let (Some(content), Some(after)) = (self.content, after) else {
            return Ok(());
        };
        let same = match content {
            "applicant" => now.applicant == after.applicant,
            "description" => now.description == after.description,
            "form" => now.form == after.form,
            _ => now.route == after.route,
        };
        let shown = match content {
            "applicant" => serde_json::to_value(&now.applicant),
            "description" => serde_json::to_value(&now.description),
            "form" => serde_json::to_value(now.form),
            _ => serde_json::to_value(now.route),
        };
        // What stands already may be written again.
        let shown = json!({ content: shown.unwrap_or_default() });
        let restated = shown.pointer(&pointer_of(field)) == Some(value);
        match same && !restated {
            true => Err((&REPLACED).into()),
            false => Ok(()),
        }
    }
}

/// The effective log, where it can be read to its end.
fn whole<T>(log: impl Iterator<Item = Result<T, BrokenLog>>) -> Result<Vec<T>, Rejection> {
    log.collect::<Result<_, _>>().map_err(|broken| impossible(broken.seq))
}

/// The entry with the new value, which must fit its field.
fn corrected_value(
    deciding: &Deciding<'_>,
    entry: &LoggedEvent,
    field: &str,
    value: &Value,
) -> Result<LoggedEvent, Rejection> {
    let corrected = corrected_entry(entry, field, value, deciding.law()).map_err(|error| {
        FieldError::new(
            "/value",
            format!("新值不符合该字段的格式（{error}）。"),
            format!("The value does not fit the field ({error})."),
        )
    })?;
    check_value(deciding, &corrected, field)?;
    Ok(corrected)
}

/// What is impossible about the corrected entry by itself, with pointers under `/value`.
fn check_value(deciding: &Deciding<'_>, corrected: &LoggedEvent, field: &str) -> Result<(), Rejection> {
    let today = deciding.ctx.today;
    let mut errors = Vec::new();
    if let Some(command) = corrected.event.command() {
        command.check(&mut errors);
        command.further_dates().check(corrected.occurred_on, today, &mut errors);
    }
    if let Event::Submitted(submission) = &corrected.event {
        intake::check_corrected(submission, deciding, &mut errors);
    }
    if corrected.occurred_on > today {
        errors.push(super::check::in_the_future("", today));
    }
    if errors.is_empty() {
        return Ok(());
    }
    let own = pointer_of(field);
    for error in &mut errors {
        let below = error.pointer.strip_prefix(&own).unwrap_or_default();
        error.pointer = format!("/value{below}");
    }
    errors.dedup_by(|one, other| one.pointer == other.pointer);
    Err(errors.into())
}

/// Whether `entry` could follow the entries folded into `before`; `corrected` names the field of the one that is
/// corrected.
fn still_possible(
    deciding: &Deciding<'_>,
    before: &CaseData,
    entry: &LoggedEvent,
    corrected: Option<&str>,
) -> Result<(), Rejection> {
    let Some(command) = entry.event.command() else {
        return Ok(());
    };
    let (on, today) = (entry.occurred_on, deciding.ctx.today);
    let mut errors = Vec::new();
    command.further_dates().check(on, today, &mut errors);
    if !errors.is_empty() || not_before(&command, before, on, today).is_err() {
        return Err(impossible(entry.seq));
    }
    match (&entry.event, corrected) {
        (Event::ReceiptConfirmed(receipt), Some(field)) => {
            let look = Look {
                data: before,
                who: deciding.who,
                law: deciding.law(),
                on: receipt.received_on,
            };
            receipt.fits(&look, field)
        }
        (Event::FeeNoticeIssued(notice), Some(_)) => notice.charges(),
        (Event::DeliveryRecorded(delivery), Some(_)) => Ok(delivery::fits(delivery, before)?),
        (Event::RemedyFiled(filed), Some(_)) => Ok(filed.filed_once(deciding.data, Some(entry.seq))?),
        _ => Ok(()),
    }
}

fn impossible(seq: u32) -> Rejection {
    IMPOSSIBLE.with(&[("seq", &seq)]).into()
}
