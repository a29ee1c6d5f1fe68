//! Conditions of the workflow table and the days on which an action is lawful. Each stands as a constant beside its topic,
//! with its article and with what a person is told when it does not hold.

use super::context::Who;
use super::state::CaseData;
use crate::domain::law::Law;
use crate::domain::law::refusal::{Reason, Refusal, Window};
use crate::domain::law::rules::RulePack;
use crate::domain::words::numbers::{chinese, english};
use chrono::NaiveDate;
use serde::{Serialize, Serializer};
use std::fmt;

/// A case in front of somebody who wants to act with effect on a day.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    pub data: &'a CaseData,
    pub who: &'a Who,
    pub law: &'a Law<'a>,
    pub on: NaiveDate,
}

/// A condition that must hold before an action.
pub struct Guard {
    /// Its stable name, such as `not_amended_before`.
    pub name: &'static str,
    /// What a person is told when it does not hold.
    pub refusal: Reason,
    pub holds: fn(&Look<'_>) -> bool,
}

impl Guard {
    /// # Errors
    /// The refusal, when the condition does not hold.
    pub fn check(&self, look: &Look<'_>) -> Result<(), Refusal> {
        if (self.holds)(look) {
            Ok(())
        } else {
            Err((&self.refusal).into())
        }
    }
}

/// Declares conditions: name of the constant, stable name, then of the refusal code, article and the words in Chinese and
/// English, and finally what must hold.
macro_rules! guards {
    ($($(#[$meta:meta])* $constant:ident $name:literal, $code:literal, $article:literal, $zh:literal, $en:literal, $holds:expr;)*) => {$(
        $(#[$meta])*
        pub const $constant: $crate::domain::case::guard::Guard = $crate::domain::case::guard::Guard {
            name: $name,
            refusal: $crate::domain::law::refusal::Reason { code: $code, article: $article, zh: $zh, en: $en },
            holds: $holds,
        };
    )*};
}
pub(super) use guards;

/// The days on which an action is lawful.
pub struct Period {
    /// Its stable name, such as `amendment_notice`.
    pub name: &'static str,
    pub label: &'static str,
    /// How many working days the rules give, where the words name the number.
    pub number: fn(&RulePack) -> u32,
    /// The days for this case; `None` where nothing limits them, or where they are not known yet.
    pub days: fn(&Look<'_>) -> Option<Window>,
    /// What a person is told on a day before them, and after them.
    pub early: Option<&'static Reason>,
    pub late: Option<&'static Reason>,
    /// What a person is told while the days are not known.
    pub unknown: Option<&'static Reason>,
}

/// Any day.
pub const ALWAYS: Period = Period {
    name: "always",
    label: "不限",
    number: |_| 0,
    days: |_| None,
    early: None,
    late: None,
    unknown: None,
};

impl Period {
    /// Refuses a day outside, saying which days are lawful.
    ///
    /// # Errors
    /// The refusal with the lawful days.
    pub fn check(&self, look: &Look<'_>) -> Result<(), Refusal> {
        let Some(window) = (self.days)(look) else {
            return self
                .unknown
                .map_or(Ok(()), |reason| Err(self.refusal(reason, look, None)));
        };
        let early = window.from.is_some_and(|from| look.on < from);
        let late = window.to.is_some_and(|to| look.on > to);
        let reason = match (early, late) {
            (_, true) => self.late,
            (true, false) => self.early,
            (false, false) => None,
        };
        match reason {
            Some(reason) => Err(self.refusal(reason, look, Some(window)).within(window.from, window.to)),
            None => Ok(()),
        }
    }

    fn refusal(&self, reason: &Reason, look: &Look<'_>, window: Option<Window>) -> Refusal {
        let day = |date: Option<NaiveDate>| date.map_or_else(String::new, |date| date.to_string());
        let number = (self.number)(&look.data.pack(look.law));
        reason.with(&[
            ("from", &day(window.and_then(|window| window.from))),
            ("to", &day(window.and_then(|window| window.to))),
            ("number_zh", &chinese(number)),
            ("number_en", &english(number)),
        ])
    }
}

/// The days after the last one of a period that somebody was given.
pub fn after(day: Option<NaiveDate>) -> Option<Window> {
    day.map(|day| Window {
        from: day.succ_opt(),
        to: None,
    })
}

/// [`Guard`] and [`Period`] are known by their names: in answers, in the matrix of the table and in the contract.
macro_rules! known_by_name {
    ($($type:ident)*) => {$(
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let words = self.name.split('_');
                words.map(|word| word.split_at(1)).try_for_each(|(first, rest)| {
                    write!(f, "{}{rest}", first.to_ascii_uppercase())
                })
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name)
            }
        }
    )*};
}

known_by_name! { Guard Period }
