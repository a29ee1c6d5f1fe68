//! The days of the demonstration: counted in working days back from the start, so that it always shows something fresh.

use chrono::{DateTime, Days as CivilDays, NaiveDate, NaiveTime, TimeDelta, Utc};

use crate::domain::law::calendar::Calendar;

/// How many working days the demonstration looks back: more than a year.
const DEPTH: usize = 300;
/// Calendar days that surely hold that many working days.
const SPAN: u64 = 600;

/// Working days around the start. Day 0 is the start itself, or the last working day before it; day 5 is five working
/// days earlier, day -5 five working days later.
#[derive(Debug, Clone)]
pub struct Days<'a> {
    calendar: &'a Calendar,
    past: Vec<NaiveDate>,
    start: NaiveDate,
}

impl<'a> Days<'a> {
    pub fn new(calendar: &'a Calendar, start: NaiveDate) -> Self {
        let past = (0..SPAN)
            .filter_map(|back| start.checked_sub_days(CivilDays::new(back)))
            .filter(|day| calendar.is_working_day(*day))
            .take(DEPTH)
            .collect();
        Self { calendar, past, start }
    }

    /// The working day `ago` working days before day 0; a negative number lies ahead.
    pub fn day(&self, ago: i32) -> NaiveDate {
        let latest = self.past.first().copied().unwrap_or(self.start);
        if ago < 0 {
            return self.calendar.add_working_days(latest, ago.unsigned_abs());
        }
        let index = usize::try_from(ago).unwrap_or(usize::MAX);
        self.past.get(index).or(self.past.last()).copied().unwrap_or(latest)
    }
}

/// The moment in office hours of a day: nine o'clock in China and some minutes.
pub fn office_hour(day: NaiveDate, minutes: i64) -> DateTime<Utc> {
    let nine = day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(1);
    nine + TimeDelta::minutes(minutes)
}
