//! The log of a case: dated facts in the order of their entry. It is the truth; everything else is folded from it, with
//! confirmed corrections in effect on the entries they correct.

use super::author::Author;
use super::dispatch::Event;
use super::state::{CaseData, Instrument};
use super::step::Entry;
use super::submission::Submission;
use crate::domain::instrument::issued::{AddresseeKind, Issued};
use crate::domain::law::Law;
use crate::domain::words::codes::codes;
use crate::domain::words::json::check_date;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// An event as it stands in the log.
#[derive(Debug, Clone, PartialEq)]
pub struct LoggedEvent {
    /// Position in the log of the case, from 1 without gaps; the case's version is that of its last event.
    pub seq: u32,
    pub event: Event,
    /// Date of legal effect; the clock uses this one.
    pub occurred_on: NaiveDate,
    /// Moment of entry; the audit uses this one.
    pub recorded_at: DateTime<Utc>,
    pub author: Author,
    pub late_entry_reason: Option<String>,
    /// Set where it was entered later than the agency allows; earlier builds told it by the reason alone.
    pub late_entry: Option<LateEntry>,
    /// The instruments that it left (文书).
    pub instruments: Vec<Issued>,
}

codes! {
    /// Whose delay it is that an entry came late (补录).
    pub enum LateEntry {
        /// 本机关: the agency's own step, written down days later.
        Inside "inside" "本机关补录",
        /// 外来事实: it happened elsewhere and became known later.
        Outside "outside" "外来事实迟登",
    }
}

/// A log that cannot be a case: empty, not beginning with a submission, or with a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the log of the case is broken at entry {seq}")]
pub struct BrokenLog {
    pub seq: u32,
}

impl LoggedEvent {
    /// The event with one field corrected.
    ///
    /// # Errors
    /// The new value does not fit the field.
    pub fn corrected(&self, field: &str, value: &Value) -> Result<Self, serde_json::Error> {
        if let Some(text) = value.as_str() {
            check_date(field, text, String::new).map_err(|error| serde::de::Error::custom(error.detail.en))?;
        }
        let mut data = self.event.data()?;
        let (whole, below) = field.split_once('.').unwrap_or((field, ""));
        let place = match below {
            "" => Some(&mut data),
            _ => data.get_mut(whole),
        };
        if let Some(fields) = place.and_then(Value::as_object_mut) {
            let name = if below.is_empty() { whole } else { below };
            fields.insert(name.to_owned(), value.clone());
        }
        let event = Event::from_data(self.event.code(), data)?;
        let own_day = |event: &Event| {
            event
                .command()
                .and_then(|command| command.own_date())
                .map(|(_, day)| day)
        };
        let dated_anew = own_day(&event).filter(|day| own_day(&self.event) != Some(*day));
        Ok(Self {
            occurred_on: dated_anew.unwrap_or(self.occurred_on),
            event,
            ..self.clone()
        })
    }

    /// Folds it into the case.
    pub fn fold(&self, data: &mut CaseData, law: &Law<'_>) {
        if self.late_entry_reason.is_some() && self.late_entry != Some(LateEntry::Outside) {
            data.late_entries += 1;
        }
        let entry = Entry {
            seq: self.seq,
            on: self.occurred_on,
            by: self.author.user_id,
            law,
        };
        self.event.fold(data, &entry);
        data.issue(self.event.issued());
        self.leave_instruments(data);
    }
}

impl LoggedEvent {
    /// Whoever reads the case knows the instruments of its entries.
    pub fn leave_instruments(&self, data: &mut CaseData) {
        let left = self.instruments.iter().map(|issued| Instrument {
            issued: issued.clone(),
            seq: self.seq,
            on: self.occurred_on,
            cancelled: false,
        });
        data.instruments.extend(left);
        for issued in self
            .instruments
            .iter()
            .filter(|one| one.addressee == AddresseeKind::Applicant)
        {
            if let Some(paper) = &issued.on_paper {
                data.issue(&paper.document_ids);
            }
        }
    }
}

/// An entry with one field corrected, and with what follows from it: the rules are chosen by the receipt date.
///
/// # Errors
/// The new value does not fit the field.
pub fn corrected_entry(
    entry: &LoggedEvent,
    field: &str,
    value: &Value,
    law: &Law<'_>,
) -> Result<LoggedEvent, serde_json::Error> {
    let mut corrected = entry.corrected(field, value)?;
    if let Event::ReceiptConfirmed(receipt) = &mut corrected.event
        && field == "received_on"
    {
        receipt.rule_set = law.rules.for_receipt(receipt.received_on).code.clone();
    }
    Ok(corrected)
}

/// In person and by registered mail an application is received on the day it arrived (Art 31): a receipt follows the
/// arrival wherever that is corrected.
pub fn follow_arrival(entry: &mut Cow<'_, LoggedEvent>, submission: &Submission, law: &Law<'_>) {
    let arrived_on = submission.arrived_on;
    let follows = match &entry.event {
        Event::ReceiptConfirmed(receipt) => {
            // A letter to another unit came over on a day of its own.
            let own_day = submission.channel.needs_confirmation() || receipt.evidence.is_some();
            !own_day && receipt.received_on != arrived_on
        }
        _ => false,
    };
    if follows {
        let entry = entry.to_mut();
        entry.occurred_on = arrived_on;
        if let Event::ReceiptConfirmed(receipt) = &mut entry.event {
            receipt.received_on = arrived_on;
            receipt.rule_set = law.rules.for_receipt(arrived_on).code.clone();
        }
    }
}

/// The entries that were taken back: endings that never were.
pub fn revoked(log: &[LoggedEvent]) -> BTreeSet<u32> {
    let revoked = log.iter().filter_map(|logged| match &logged.event {
        Event::EndingRevoked(revoked) => Some(revoked.seq),
        _ => None,
    });
    revoked.collect()
}

/// The log with confirmed corrections in effect on the entries they correct, the latest last, and without the endings that
/// were revoked: a revoked ending never was. In place of an entry to which its correction does not fit stands that.
pub fn effective_log<'a>(
    log: &'a [LoggedEvent],
    law: &Law<'_>,
) -> impl Iterator<Item = Result<Cow<'a, LoggedEvent>, BrokenLog>> {
    let mut corrections: BTreeMap<u32, Vec<(&str, &Value)>> = BTreeMap::new();
    for logged in log {
        if let Event::CorrectionConfirmed(confirmed) = &logged.event {
            corrections
                .entry(confirmed.seq)
                .or_default()
                .push((&confirmed.field, &confirmed.value));
        }
    }
    let revoked = revoked(log);
    let mut submission: Option<Submission> = None;
    let effective = move |logged: &'a LoggedEvent| {
        let mut entry = Cow::Borrowed(logged);
        for (field, value) in corrections.get(&logged.seq).into_iter().flatten() {
            let corrected = corrected_entry(&entry, field, value, law).map_err(|_| BrokenLog { seq: logged.seq })?;
            entry = Cow::Owned(corrected);
        }
        match (&entry.event, &submission) {
            (Event::Submitted(first), None) if corrections.contains_key(&entry.seq) => {
                submission = Some(*first.clone());
            }
            (_, Some(first)) => follow_arrival(&mut entry, first, law),
            _ => {}
        }
        Ok(entry)
    };
    let standing = log.iter().filter(move |logged| !revoked.contains(&logged.seq));
    standing.map(effective)
}

/// Folds one entry of the effective log; the first founds the case.
///
/// # Errors
/// The log does not begin with its submission, or has two.
pub fn fold_entry(data: &mut Option<CaseData>, entry: &LoggedEvent, law: &Law<'_>) -> Result<(), BrokenLog> {
    match (&mut *data, &entry.event) {
        (None, Event::Submitted(submission)) => {
            let late = entry.late_entry_reason.is_some();
            *data = Some(CaseData::found(submission, entry.author, late));
        }
        (None, _) | (Some(_), Event::Submitted(_)) => return Err(BrokenLog { seq: entry.seq }),
        (Some(data), _) => entry.fold(data, law),
    }
    Ok(())
}

/// Folds a log; confirmed corrections take effect on the entry they correct.
///
/// # Errors
/// The log is not one of a case.
pub fn fold(log: &[LoggedEvent], law: &Law<'_>) -> Result<CaseData, BrokenLog> {
    let mut data = None;
    for entry in effective_log(log, law) {
        let entry = entry?;
        fold_entry(&mut data, &entry, law)?;
    }
    data.ok_or(BrokenLog { seq: 0 })
}
