//! Choices that the texts leave open or that rest on practice, one name each, so that another choice is one edit.
//!
//! The edges of a suspension stand in `suspension`, the effects of late notices and payments in `timeline`, default periods
//! in `config/rules`.

use chrono::{Datelike, NaiveDate};

/// Asking the applicant for reasons (说明理由, Art 35) leaves the clock running.
///
/// The Regulation is silent; one local rule (西乡) takes it for a kind of amendment, which would start the clock again.
pub const REASONS_REQUEST_STOPS_CLOCK: bool = false;

/// First and last year of a date that the clock takes.
const YEARS: std::ops::RangeInclusive<i32> = 1990..=2200;

/// Whether a date is near enough to be meant; keeps every computed date inside what a date can hold.
pub fn is_plausible(date: NaiveDate) -> bool {
    YEARS.contains(&date.year())
}
