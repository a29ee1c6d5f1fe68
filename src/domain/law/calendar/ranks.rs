//! Counting working days and finding one by its number in constant time.

use chrono::{Datelike, NaiveDate};

/// Prefix counts: `rank` numbers the working days, `select` finds one by its number. Days are numbered from 0001-01-01 = 1.
#[derive(Debug, Clone)]
pub(super) struct Ranks {
    /// The dense range; empty when `first > last`.
    first: i32,
    last: i32,
    /// Working days in `first..=first + i`.
    prefix: Vec<i64>,
    /// The working days of the dense range.
    working: Vec<NaiveDate>,
}

impl Ranks {
    /// Counts the days from the first of January of `years.0` to the end of `years.1`; none without years.
    pub fn new(years: Option<(i32, i32)>, is_working: impl Fn(NaiveDate) -> bool) -> Self {
        let mut ranks = Self {
            first: 1,
            last: 0,
            prefix: Vec::new(),
            working: Vec::new(),
        };
        let range = years
            .and_then(|(first, last)| NaiveDate::from_ymd_opt(first, 1, 1).zip(NaiveDate::from_ymd_opt(last, 12, 31)));
        let Some((first, last)) = range else {
            return ranks;
        };
        ranks.first = first.num_days_from_ce();
        ranks.last = last.num_days_from_ce();
        let mut count = 0;
        for day in first.iter_days().take_while(|day| *day <= last) {
            if is_working(day) {
                count += 1;
                ranks.working.push(day);
            }
            ranks.prefix.push(count);
        }
        ranks
    }

    fn total(&self) -> i64 {
        self.prefix.last().copied().unwrap_or(0)
    }

    /// Working days from `first` up to and including `day`; not positive before `first`.
    pub fn rank(&self, day: i32) -> i64 {
        if day < self.first {
            return weekdays_to(day) - weekdays_to(self.first - 1);
        }
        let in_range = usize::try_from(day - self.first).ok().and_then(|i| self.prefix.get(i));
        match in_range {
            Some(count) => *count,
            None => self.total() + weekdays_to(day) - weekdays_to(self.last),
        }
    }

    /// The working day with number `rank`.
    pub fn select(&self, rank: i64) -> NaiveDate {
        if rank < 1 {
            return weekday_number(rank + weekdays_to(self.first - 1));
        }
        let in_range = usize::try_from(rank - 1).ok().and_then(|i| self.working.get(i));
        match in_range {
            Some(day) => *day,
            None => weekday_number(rank - self.total() + weekdays_to(self.last)),
        }
    }
}

/// Mondays to Fridays in the days 1..=`day`; day 1 is a Monday.
fn weekdays_to(day: i32) -> i64 {
    let day = i64::from(day);
    5 * day.div_euclid(7) + day.rem_euclid(7).min(5)
}

/// The inverse: the day of the `n`-th weekday. Clamped to what a date can hold, so that arithmetic stays total.
fn weekday_number(n: i64) -> NaiveDate {
    let day = 7 * (n - 1).div_euclid(5) + (n - 1).rem_euclid(5) + 1;
    i32::try_from(day)
        .ok()
        .and_then(NaiveDate::from_num_days_from_ce_opt)
        .unwrap_or(if day < 0 { NaiveDate::MIN } else { NaiveDate::MAX })
}
