//! The law in numbers and days: rule packs, the working-day calendar, the statutory periods and the clock over them, fees,
//! and how a refusal is told.

pub mod calendar;
pub mod deadline;
pub mod fee;
pub mod limits;
pub mod refusal;
pub mod rules;

use calendar::Calendar;
use chrono::NaiveDate;
use limits::Limits;
use rules::{RulePack, RulePacks};

/// The law in force: calendar and rule packs.
#[derive(Debug, Clone, Copy)]
pub struct Law<'a> {
    pub rules: &'a RulePacks,
    pub calendar: &'a Calendar,
}

impl<'a> Law<'a> {
    /// The rule pack pinned by its code, or the one for an arrival on `arrived_on` where none is.
    pub fn pinned(&self, code: Option<&str>, arrived_on: NaiveDate) -> &'a RulePack {
        code.and_then(|code| self.rules.get(code))
            .unwrap_or_else(|| self.rules.for_receipt(arrived_on))
    }

    /// The statutory periods of `pack` on the calendar in force.
    pub fn limits<'p>(&self, pack: &'p RulePack) -> Limits<'p>
    where
        'a: 'p,
    {
        Limits {
            pack,
            calendar: self.calendar,
        }
    }
}
