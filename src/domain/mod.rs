//! The law as pure functions: no database, no network, no wall clock.

pub mod case;
pub mod document;
pub mod instrument;
pub mod law;
pub mod people;
pub mod reply;
pub mod report;
pub mod search;
pub mod words;

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
