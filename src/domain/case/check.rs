//! What is impossible about the fields of an action by themselves: lengths, empty lists, dates.

use super::sent::SignedAs;
use crate::domain::words::text::{FieldError, check_line, check_optional_text, check_text};
use chrono::NaiveDate;

/// Longest reason or note, in characters.
const NOTE_MAX: usize = 2_000;
/// Longest one-line text: names, references, titles of organs.
const LINE_MAX: usize = 200;
/// Most entries in a list of defects, parts, systems, keywords or verdicts.
const LIST_MAX: usize = 50;

/// No date of a case lies beyond this one.
pub const LAST_DATE: NaiveDate = match NaiveDate::from_ymd_opt(2199, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// A date too far away to be meant.
pub fn beyond_calendar(pointer: &str) -> FieldError {
    FieldError::new(
        pointer,
        format!("日期不能晚于 {LAST_DATE}，请核对年份。"),
        format!("The date cannot lie beyond {LAST_DATE}; check the year."),
    )
}

/// A date after today.
pub fn in_the_future(pointer: &str, today: NaiveDate) -> FieldError {
    FieldError::new(
        pointer,
        format!("日期不能晚于今天（{today}）。"),
        format!("The date cannot lie in the future (today is {today})."),
    )
}

/// Collects the field errors of one action.
#[derive(Debug)]
pub struct Check<'a> {
    pub errors: &'a mut Vec<FieldError>,
}

impl Check<'_> {
    pub fn line(&mut self, pointer: &str, text: &str) {
        check_line(pointer, text, LINE_MAX, self.errors);
    }

    pub fn note(&mut self, pointer: &str, text: &str) {
        check_text(pointer, text, NOTE_MAX, self.errors);
    }

    pub fn optional_line(&mut self, pointer: &str, text: Option<&String>) {
        if let Some(text) = text {
            check_text(pointer, text, LINE_MAX, self.errors);
        }
    }

    /// Who signed is said of what was signed for.
    pub fn signature(&mut self, (by, signed_as): (Option<&String>, Option<SignedAs>), signed: bool) {
        self.optional_line("/signed_by", by);
        let said = [("/signed_by", by.is_some()), ("/signed_as", signed_as.is_some())];
        for (pointer, _) in said.into_iter().filter(|(_, said)| *said && !signed) {
            self.wrong(
                pointer,
                "只有签收的才填写签收人及其与受送达人的关系，请删除此项。",
                "Who signed is said of what was signed for only; leave this out.",
            );
        }
    }

    pub fn optional_note(&mut self, pointer: &str, text: Option<&String>) {
        if let Some(text) = text {
            check_optional_text(pointer, text, NOTE_MAX, self.errors);
        }
    }

    pub fn list<T>(&mut self, pointer: &str, list: &[T], least: usize, each: impl Fn(&mut Self, &str, &T)) {
        if list.len() < least || list.len() > LIST_MAX {
            self.errors.push(FieldError::new(
                pointer,
                format!("应当有 {least} 至 {LIST_MAX} 项，现有 {} 项。", list.len()),
                format!(
                    "Between {least} and {LIST_MAX} entries are needed; there are {}.",
                    list.len()
                ),
            ));
            return;
        }
        for (index, entry) in list.iter().enumerate() {
            each(self, &format!("{pointer}/{index}"), entry);
        }
    }

    pub fn positive(&mut self, pointer: &str, number: u32) {
        if number == 0 {
            self.wrong(pointer, "应当大于 0。", "Must be greater than 0.");
        }
    }

    pub fn wrong(&mut self, pointer: &str, zh: &'static str, en: &'static str) {
        self.errors.push(FieldError::new(pointer, zh, en));
    }
}

/// The dates of an action beside its own.
#[derive(Debug, Default)]
pub struct FurtherDates {
    /// Deliveries: not before the action and not in the future.
    pub delivered: Vec<(&'static str, NaiveDate)>,
    /// Not in the future, wherever else they lie.
    pub past: Vec<(&'static str, NaiveDate)>,
    /// Limits that lie after the action.
    pub after: Vec<(&'static str, NaiveDate)>,
    /// Limits that may end on the day of the action.
    pub not_before: Vec<(&'static str, NaiveDate)>,
}

impl FurtherDates {
    /// The day on which a notice was delivered, where it is known already.
    pub fn delivered(day: Option<NaiveDate>) -> Self {
        Self {
            delivered: day.map(|day| ("delivered_on", day)).into_iter().collect(),
            ..Self::default()
        }
    }

    /// A day that is past, where it is given.
    pub fn past(name: &'static str, day: Option<NaiveDate>) -> Self {
        Self {
            past: day.map(|day| (name, day)).into_iter().collect(),
            ..Self::default()
        }
    }

    /// The same with a limit that lies after the action.
    pub fn and_limit(mut self, name: &'static str, day: Option<NaiveDate>) -> Self {
        self.after.extend(day.map(|day| (name, day)));
        self
    }

    /// Adds what is impossible about the dates of an action dated `on`.
    pub fn check(&self, on: NaiveDate, today: NaiveDate, errors: &mut Vec<FieldError>) {
        let at = |name: &str| format!("/{name}");
        for (name, date) in self.delivered.iter().chain(&self.past) {
            if *date > today {
                errors.push(in_the_future(&at(name), today));
            }
        }
        for (name, _) in self.delivered.iter().filter(|(_, date)| *date < on && *date <= today) {
            errors.push(FieldError::new(
                at(name),
                format!("送达日期不能早于发出日期（{on}）。"),
                format!("The delivery cannot lie before the sending ({on})."),
            ));
        }
        let after = self.after.iter().map(|limit| (limit, false));
        let not_before = self.not_before.iter().map(|limit| (limit, true));
        for ((name, date), same_day) in after.chain(not_before) {
            if *date > LAST_DATE {
                errors.push(beyond_calendar(&at(name)));
            } else if *date < on || (*date == on && !same_day) {
                errors.push(FieldError::new(
                    at(name),
                    format!("期限应当晚于 {on}。"),
                    format!("The limit must lie after {on}."),
                ));
            }
        }
    }
}
