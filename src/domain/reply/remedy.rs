//! Which remedies a letter must tell 救济告知, by the law of the day it is made.
//!
//! 行政复议法 (2023) Art 23(1)(4) sends refusals to reconsideration first; 法释〔2025〕8号 Art 1 says which ones. The rules
//! are dated in [`REMEDY_RULES`], the one place to change when the reading changes.

use chrono::{Datelike, NaiveDate};

use super::outcome::Outcome;
use crate::domain::words::codes::codes;

codes! {
    /// Which remedy paragraph a letter prints 救济告知.
    pub enum RemedyClass {
        /// Nothing is decided against anyone.
        R0 "R0" "不告知",
        /// 复议前置: reconsideration within 60 days first, then suit within 15 days of its decision.
        R1 "R1" "先申请行政复议",
        /// Reconsideration within 60 days, or suit within 6 months.
        R2 "R2" "申请行政复议或者提起诉讼",
    }
}

impl Outcome {
    /// The remedy class of a decision made on this day; of a partial grant, that of its withheld part.
    pub fn remedy_class(self, on: NaiveDate) -> RemedyClass {
        if self == Self::Other {
            // Withdrawn or merged: nothing is refused. An item of a reply decides something: see `ReplyItem`.
            return RemedyClass::R0;
        }
        let day = (on.year(), on.month(), on.day());
        let in_force = REMEDY_RULES.iter().rev().find(|rule| rule.from <= day);
        match in_force {
            Some(rule) if rule.reconsideration_first.contains(&self) => RemedyClass::R1,
            _ => RemedyClass::R2,
        }
    }
}

/// From which day (year, month, day) which outcomes must first go to reconsideration.
struct RemedyRule {
    from: (i32, u32, u32),
    reconsideration_first: &'static [Outcome],
}

/// What the law calls 不予公开: the grounds of Arts 14–16, and the withheld part of a partial grant.
///
/// The special access procedures (r12) stand under the same heading of the form but rest on Art 36(7), so they stay out.
const GROUNDS_OF_ARTICLES_14_TO_16: &[Outcome] = &[
    Outcome::PartlyGranted,
    Outcome::StateSecret,
    Outcome::OtherLawForbids,
    Outcome::SafetyStability,
    Outcome::ThirdPartyRights,
    Outcome::InternalAffairs,
    Outcome::ProcessInformation,
    Outcome::EnforcementFile,
];

/// Oldest first; before the first rule a suit was always open at once.
const REMEDY_RULES: [RemedyRule; 2] = [
    // 行政复议法 (2023) Art 23(1)(4); until the next rule practice differed on what counts as withheld.
    RemedyRule {
        from: (2024, 1, 1),
        reconsideration_first: GROUNDS_OF_ARTICLES_14_TO_16,
    },
    // 法释〔2025〕8号 Art 1: exactly Arts 14, 15 and 16.
    RemedyRule {
        from: (2025, 6, 1),
        reconsideration_first: GROUNDS_OF_ARTICLES_14_TO_16,
    },
];
