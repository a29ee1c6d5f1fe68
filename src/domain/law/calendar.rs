//! The working-day calendar of mainland China (工作日历): which days count, since when that is known, and arithmetic over them.
//!
//! A working day is Monday to Friday unless a holiday notice of the State Council General Office says otherwise, or a weekend
//! day that such a notice orders to be worked (调休上班): 全国年节及纪念日放假办法 Arts 2–6. Notices are dated, so that the
//! calendar can be read as it was known on an earlier day. Years without a notice know weekends only; whoever prints a date
//! that depends on one must say that it is provisional ([`Calendar::is_uncertain`]).
//!
//! Counting and finding days goes through prefix counts over the loaded years and through plain weekday arithmetic outside
//! them, so every operation is total and takes constant time.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::domain::words::codes::codes;

/// The shipped notices, one file a year.
const EMBEDDED: &[(&str, &str)] = &[
    ("2008.csv", include_str!("../../../config/calendars/2008.csv")),
    ("2009.csv", include_str!("../../../config/calendars/2009.csv")),
    ("2010.csv", include_str!("../../../config/calendars/2010.csv")),
    ("2011.csv", include_str!("../../../config/calendars/2011.csv")),
    ("2012.csv", include_str!("../../../config/calendars/2012.csv")),
    ("2013.csv", include_str!("../../../config/calendars/2013.csv")),
    ("2014.csv", include_str!("../../../config/calendars/2014.csv")),
    ("2015.csv", include_str!("../../../config/calendars/2015.csv")),
    ("2016.csv", include_str!("../../../config/calendars/2016.csv")),
    ("2017.csv", include_str!("../../../config/calendars/2017.csv")),
    ("2018.csv", include_str!("../../../config/calendars/2018.csv")),
    ("2019.csv", include_str!("../../../config/calendars/2019.csv")),
    ("2020.csv", include_str!("../../../config/calendars/2020.csv")),
    ("2021.csv", include_str!("../../../config/calendars/2021.csv")),
    ("2022.csv", include_str!("../../../config/calendars/2022.csv")),
    ("2023.csv", include_str!("../../../config/calendars/2023.csv")),
    ("2024.csv", include_str!("../../../config/calendars/2024.csv")),
    ("2025.csv", include_str!("../../../config/calendars/2025.csv")),
    ("2026.csv", include_str!("../../../config/calendars/2026.csv")),
];

/// First and last year that a calendar file may speak of.
pub const FILE_YEARS: std::ops::RangeInclusive<i32> = 1990..=2200;

/// Why calendar files were refused; names file and line.
#[derive(Debug, thiserror::Error)]
pub enum CalendarError {
    #[error("{file}: not a calendar table")]
    Csv {
        file: String,
        #[source]
        source: csv::Error,
    },
    #[error("{file}, line {line}: {date} is outside the years 1990 to 2200")]
    OutOfRange { file: String, line: u64, date: NaiveDate },
    #[error("{file}, line {line}: {date} is a weekday and needs no make-up; use `ordinary` to take a holiday back")]
    MakeUpOnWeekday { file: String, line: u64, date: NaiveDate },
    #[error("{file}, line {line}: {date} stands twice with the same day of publication")]
    Duplicate { file: String, line: u64, date: NaiveDate },
}

/// What a day is for the counting of periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind<'a> {
    /// An ordinary Monday to Friday.
    Working,
    /// A weekend day that is worked (调休上班), with the holiday it makes up for.
    MakeUp(&'a str),
    /// A Saturday or Sunday off.
    Weekend,
    /// A day off by notice (法定节假日及调休放假), with the name of the holiday.
    Holiday(&'a str),
}

/// A period counted in civil days or months, not in working days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CivilLimit {
    Days(u32),
    Months(u32),
}

codes! {
    /// What a notice makes of a day.
    pub enum NoticeStatus {
        /// A day off, on a weekday or on a named weekend day.
        Holiday "holiday" "放假",
        /// A weekend day that is worked.
        Workday "workday" "上班",
        /// What an earlier notice said of the day is taken back.
        Ordinary "ordinary" "照常",
    }
}

/// What one publication says of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notice<'a> {
    pub date: NaiveDate,
    pub published_on: NaiveDate,
    pub status: NoticeStatus,
    /// The holiday, or the one that is made up for.
    pub name: &'a str,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    date: NaiveDate,
    status: NoticeStatus,
    holiday: String,
    published_on: NaiveDate,
}

#[derive(Debug, Clone)]
struct Exception {
    status: NoticeStatus,
    name: String,
}

/// An immutable working-day calendar; meant to live in an `Arc`.
#[derive(Debug, Clone)]
pub struct Calendar {
    /// Every notice row by date and day of publication, whether in force or not.
    notices: BTreeMap<(NaiveDate, NaiveDate), Exception>,
    /// The rows in force.
    exceptions: BTreeMap<NaiveDate, Exception>,
    loaded: BTreeSet<i32>,
    ranks: Ranks,
    hash: String,
}

impl Calendar {
    /// The calendar of the shipped files, 2008 to 2026 with their dated revisions.
    ///
    /// # Errors
    /// Only when the shipped files are broken, which a test rules out.
    pub fn embedded() -> Result<Self, CalendarError> {
        Self::from_csv_sources(EMBEDDED.iter().copied())
    }

    /// A calendar from `(file name, text)` pairs that together replace the shipped files.
    ///
    /// Columns `date,status,holiday,published_on`; see `config/calendars/README.md`.
    ///
    /// # Errors
    /// Names the file and the line that cannot be read or contradict another.
    pub fn from_csv_sources<'a>(sources: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, CalendarError> {
        let mut notices = BTreeMap::new();
        for (file, text) in sources {
            read_rows(file, text, &mut notices)?;
        }
        Ok(Self::from_notices(notices))
    }

    fn from_notices(notices: BTreeMap<(NaiveDate, NaiveDate), Exception>) -> Self {
        let mut exceptions = BTreeMap::new();
        let mut digest = Sha256::new();
        // Rows of one date come in the order of publication, so the latest one stays.
        for ((date, published_on), exception) in &notices {
            digest.update(format!(
                "{date},{:?},{},{published_on}\n",
                exception.status, exception.name
            ));
            match exception.status {
                NoticeStatus::Ordinary => exceptions.remove(date),
                NoticeStatus::Holiday | NoticeStatus::Workday => exceptions.insert(*date, exception.clone()),
            };
        }
        let loaded = exceptions
            .iter()
            .filter(|(date, e)| date.ordinal() == 1 && e.status == NoticeStatus::Holiday)
            .map(|(date, _)| date.year())
            .collect();
        let ranks = Ranks::new(&exceptions);
        Self {
            notices,
            exceptions,
            loaded,
            ranks,
            hash: hex::encode(digest.finalize()),
        }
    }

    /// The same calendar with only the notices published on or before `day`.
    #[must_use]
    pub fn known_on(&self, day: NaiveDate) -> Self {
        Self::from_notices(
            self.notices
                .iter()
                .filter(|((_, published_on), _)| *published_on <= day)
                .map(|(key, exception)| (*key, exception.clone()))
                .collect(),
        )
    }

    /// Whether `d` is a working day (工作日).
    pub fn is_working_day(&self, d: NaiveDate) -> bool {
        match self.exceptions.get(&d) {
            Some(exception) => exception.status == NoticeStatus::Workday,
            None => !is_weekend(d),
        }
    }

    /// What `d` is, with the name of the holiday that makes it so.
    pub fn day(&self, d: NaiveDate) -> DayKind<'_> {
        match self.exceptions.get(&d) {
            Some(Exception {
                status: NoticeStatus::Workday,
                name,
            }) => DayKind::MakeUp(name),
            Some(Exception {
                status: NoticeStatus::Holiday,
                name,
            }) => DayKind::Holiday(name),
            _ if is_weekend(d) => DayKind::Weekend,
            _ => DayKind::Working,
        }
    }

    /// The `n`-th working day after `from`, which itself is not counted (民诉法第八十五条第二款 by analogy); `from` when `n` is 0.
    pub fn add_working_days(&self, from: NaiveDate, n: u32) -> NaiveDate {
        if n == 0 {
            return from;
        }
        self.ranks
            .select(self.ranks.rank(from.num_days_from_ce()) + i64::from(n))
    }

    /// Working days after `after` up to and including `to`; the negated count of `(to, after]` when `to` is earlier.
    pub fn working_days_between(&self, after: NaiveDate, to: NaiveDate) -> i64 {
        self.ranks.rank(to.num_days_from_ce()) - self.ranks.rank(after.num_days_from_ce())
    }

    /// `d`, or the next working day when `d` is a day off (民诉法第八十五条第三款).
    pub fn roll_to_working_day(&self, d: NaiveDate) -> NaiveDate {
        if self.is_working_day(d) {
            d
        } else {
            self.add_working_days(d, 1)
        }
    }

    /// The last day of a period in civil days or months after `from` (60 日, 6 个月), moved off a day off.
    ///
    /// A month without the day ends on its last day: six months after 2025-08-31 is 2026-02-28 (memory, medium). 2026-02-28 is
    /// a Saturday that is worked, so it is not moved.
    pub fn last_day_of(&self, from: NaiveDate, limit: CivilLimit) -> NaiveDate {
        let end = match limit {
            CivilLimit::Days(days) => from.checked_add_days(Days::new(u64::from(days))),
            CivilLimit::Months(months) => from.checked_add_months(Months::new(months)),
        };
        self.roll_to_working_day(end.unwrap_or(NaiveDate::MAX))
    }

    /// Whether the yearly notice of `year` is in the data: its 1st of January is listed as a day off.
    pub fn is_loaded(&self, year: i32) -> bool {
        self.loaded.contains(&year)
    }

    /// The last year with a notice; 0 for an empty calendar.
    pub fn last_loaded_year(&self) -> i32 {
        self.loaded.last().copied().unwrap_or(0)
    }

    /// The years with a notice, ascending.
    pub fn loaded_years(&self) -> impl Iterator<Item = i32> + '_ {
        self.loaded.iter().copied()
    }

    /// Whether counting the days after `after` up to and including `to` touches a year that is not loaded: the result is
    /// provisional.
    pub fn is_uncertain(&self, after: NaiveDate, to: NaiveDate) -> bool {
        let first = after.succ_opt().unwrap_or(after);
        (first.year()..=to.year()).any(|year| !self.is_loaded(year))
    }

    /// Everything that was published about the days of a year, by day and then by publication; the last of a day is in
    /// force.
    pub fn notices(&self, year: i32) -> impl Iterator<Item = Notice<'_>> {
        self.notices
            .iter()
            .filter(move |((date, _), _)| date.year() == year)
            .map(|((date, published_on), exception)| Notice {
                date: *date,
                published_on: *published_on,
                status: exception.status,
                name: &exception.name,
            })
    }

    /// How many days of a year are worked.
    pub fn working_days_in(&self, year: i32) -> i64 {
        let last_day_of = |year| NaiveDate::from_ymd_opt(year, 12, 31);
        match (last_day_of(year.saturating_sub(1)), last_day_of(year)) {
            (Some(before), Some(last)) => self.working_days_between(before, last),
            _ => 0,
        }
    }

    /// SHA-256 of all notice rows in hexadecimal: the version of the data.
    pub fn hash(&self) -> String {
        self.hash.clone()
    }
}

fn read_rows(
    file: &str,
    text: &str,
    notices: &mut BTreeMap<(NaiveDate, NaiveDate), Exception>,
) -> Result<(), CalendarError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let refused = |source| CalendarError::Csv {
        file: file.to_owned(),
        source,
    };
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let headers = reader.headers().map_err(refused)?.clone();
    for record in reader.records() {
        let record = record.map_err(refused)?;
        let row: Row = record.deserialize(Some(&headers)).map_err(refused)?;
        let (file, line, date) = (
            || file.to_owned(),
            record.position().map_or(0, csv::Position::line),
            row.date,
        );
        if !FILE_YEARS.contains(&date.year()) {
            return Err(CalendarError::OutOfRange {
                file: file(),
                line,
                date,
            });
        }
        if row.status == NoticeStatus::Workday && !is_weekend(date) {
            return Err(CalendarError::MakeUpOnWeekday {
                file: file(),
                line,
                date,
            });
        }
        let exception = Exception {
            status: row.status,
            name: row.holiday,
        };
        if notices.insert((date, row.published_on), exception).is_some() {
            return Err(CalendarError::Duplicate {
                file: file(),
                line,
                date,
            });
        }
    }
    Ok(())
}

fn is_weekend(d: NaiveDate) -> bool {
    matches!(d.weekday(), Weekday::Sat | Weekday::Sun)
}

/// Prefix counts: `rank` numbers the working days, `select` finds one by its number. Days are numbered from 0001-01-01 = 1.
#[derive(Debug, Clone)]
struct Ranks {
    /// The dense range; empty when `first > last`.
    first: i32,
    last: i32,
    /// Working days in `first..=first + i`.
    prefix: Vec<i64>,
    /// The working days of the dense range.
    working: Vec<NaiveDate>,
}

impl Ranks {
    fn new(exceptions: &BTreeMap<NaiveDate, Exception>) -> Self {
        let mut ranks = Self {
            first: 1,
            last: 0,
            prefix: Vec::new(),
            working: Vec::new(),
        };
        let (Some(first), Some(last)) = (exceptions.keys().next(), exceptions.keys().next_back()) else {
            return ranks;
        };
        let (Some(first), Some(last)) = (
            NaiveDate::from_ymd_opt(first.year(), 1, 1),
            NaiveDate::from_ymd_opt(last.year(), 12, 31),
        ) else {
            return ranks;
        };
        ranks.first = first.num_days_from_ce();
        ranks.last = last.num_days_from_ce();
        let mut count = 0;
        for day in first.iter_days().take_while(|day| *day <= last) {
            let working = match exceptions.get(&day) {
                Some(exception) => exception.status == NoticeStatus::Workday,
                None => !is_weekend(day),
            };
            if working {
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
    fn rank(&self, day: i32) -> i64 {
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
    fn select(&self, rank: i64) -> NaiveDate {
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
