//! The law as pure functions: no database, no network, no wall clock.

pub mod access;
pub mod account;
pub mod agency;
pub mod calendar;
pub mod coded;
pub mod contact;
pub mod deadline;
pub mod document;
pub mod fee;
pub mod id_document;
pub mod ids;
pub mod json;
pub mod party;
pub mod refusal;
pub mod reply;
pub mod rules;
pub mod search;
pub mod similarity;
pub mod statistics;
pub mod text;
pub mod tokens;
pub mod workflow;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};

/// Asia/Shanghai has had no daylight saving since 1991: eight hours east of Greenwich, in seconds.
const SHANGHAI_SECONDS_EAST: i32 = 8 * 3600;

/// The legal day of an instant: the civil date of Asia/Shanghai.
pub fn civil_date(at: DateTime<Utc>) -> NaiveDate {
    match FixedOffset::east_opt(SHANGHAI_SECONDS_EAST) {
        Some(shanghai) => at.with_timezone(&shanghai).date_naive(),
        None => at.date_naive(),
    }
}
