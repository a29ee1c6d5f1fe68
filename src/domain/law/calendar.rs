//! The working-day calendar of mainland China (工作日历): which days count, since when that is known, and arithmetic over them.
//!
//! A working day is Monday to Friday unless a holiday notice of the State Council General Office says otherwise, or a weekend
//! day that such a notice orders to be worked (调休上班): 全国年节及纪念日放假办法 Arts 2–6. Notices are dated, so that the
//! calendar can be read as it was known on an earlier day. Years without a notice know weekends and, where a file names them,
//! the days off that the decree itself fixes; whoever prints a date that depends on such a year, or on the last days before
//! one, must say that it is provisional ([`Calendar::is_uncertain`]).
//!
//! A decree day gives way to the notice day by day: what a notice says of a day counts, and a day that no notice names stays
//! off, because the notice arranges what the decree grants (Arts 2 and 6) and cannot take a day back by silence.
//!
//! Counting and finding days goes through prefix counts over the listed years and through plain weekday arithmetic outside
//! them, so every operation is total and takes constant time.

mod ranks;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use ranks::Ranks;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::domain::words::codes::codes;

/// The shipped notices, one file a year, and the decree days of the year after them.
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
    (
        "decree-2027.csv",
        include_str!("../../../config/calendars/decree-2027.csv"),
    ),
];

/// First and last year that a calendar file may speak of.
pub const FILE_YEARS: std::ops::RangeInclusive<i32> = 1990..=2200;

/// The day of the decree that fixes the days off (国务院令第795号, 全国年节及纪念日放假办法).
const DECREED_ON: NaiveDate = match NaiveDate::from_ymd_opt(2024, 11, 10) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// Month and day from which on a year is not known before the notice of the next one: that notice arranges the days around
/// New Year too (2011-12-31 and 2018-12-29 worked, 2018-12-31 and 2022-12-31 off), never yet any before the 29th.
const NEXT_NOTICE_REACHES_BACK_TO: (u32, u32) = (12, 20);

/// Why calendar files were refused; names file and line.
#[derive(Debug, thiserror::Error)]
pub enum CalendarError {
    #[error("{file}: not a calendar table")]
    Csv {
        file: String,
        #[source]
        source: csv::Error,
    },
    #[error("{file}, line {line}: {date} {why}")]
    Row {
        file: String,
        line: u64,
        date: NaiveDate,
        why: &'static str,
    },
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

/// A row of a notice has its day of publication, one of the decree its certainty instead.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    date: NaiveDate,
    status: NoticeStatus,
    holiday: String,
    published_on: Option<NaiveDate>,
    certainty: Option<Certainty>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Certainty {
    Decree,
}

/// Everything that files say.
#[derive(Debug, Clone, Default)]
struct Listed {
    /// Every notice row by date and day of publication, whether in force or not.
    notices: BTreeMap<(NaiveDate, NaiveDate), Exception>,
    /// The days off that the decree fixes, with their holidays.
    decreed: BTreeMap<NaiveDate, String>,
}

#[derive(Debug, Clone)]
struct Exception {
    status: NoticeStatus,
    name: String,
}

impl Listed {
    /// Takes a row in, or says why it cannot be one.
    fn add(&mut self, row: Row) -> Result<(), &'static str> {
        let (date, status, name) = (row.date, row.status, row.holiday);
        if !FILE_YEARS.contains(&date.year()) {
            return Err("is outside the years 1990 to 2200");
        }
        if status == NoticeStatus::Workday && !is_weekend(date) {
            return Err("is a weekday and needs no make-up; use `ordinary` to take a holiday back");
        }
        match (row.published_on, row.certainty) {
            (Some(published_on), None) => match self.notices.insert((date, published_on), Exception { status, name }) {
                None => Ok(()),
                Some(_) => Err("stands twice with the same day of publication"),
            },
            (None, Some(Certainty::Decree)) if status != NoticeStatus::Holiday => {
                Err("is a day of the decree, which only gives days off")
            }
            (None, Some(Certainty::Decree)) => match self.decreed.insert(date, name) {
                None => Ok(()),
                Some(_) => Err("stands twice among the days of the decree"),
            },
            _ => Err("needs either its day of publication or the certainty of the decree"),
        }
    }
}

/// An immutable working-day calendar; meant to live in an `Arc`.
#[derive(Debug, Clone)]
pub struct Calendar {
    listed: Listed,
    /// The rows in force.
    exceptions: BTreeMap<NaiveDate, Exception>,
    loaded: BTreeSet<i32>,
    ranks: Ranks,
    hash: String,
}

impl Calendar {
    /// The calendar of the shipped files, 2008 to 2026 with their dated revisions and what the decree fixes of 2027.
    ///
    /// # Errors
    /// Only when the shipped files are broken, which a test rules out.
    pub fn embedded() -> Result<Self, CalendarError> {
        Self::from_csv_sources(EMBEDDED.iter().copied())
    }

    /// A calendar from `(file name, text)` pairs that together replace the shipped files.
    ///
    /// Columns `date,status,holiday,published_on`, or `certainty` for the days of the decree; see `config/calendars/README.md`.
    ///
    /// # Errors
    /// Names the file and the line that cannot be read or contradict another.
    pub fn from_csv_sources<'a>(sources: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, CalendarError> {
        let mut listed = Listed::default();
        for (file, text) in sources {
            read_rows(file, text, &mut listed)?;
        }
        Ok(Self::from_listed(listed))
    }

    fn from_listed(listed: Listed) -> Self {
        let mut exceptions = BTreeMap::new();
        let mut digest = Sha256::new();
        let mut loaded = BTreeSet::new();
        for (date, name) in &listed.decreed {
            let (status, name) = (NoticeStatus::Holiday, name.clone());
            exceptions.insert(*date, Exception { status, name });
        }
        // Rows of one date come in the order of publication, so the latest one stays.
        for ((date, published_on), exception) in &listed.notices {
            digest.update(format!(
                "{date},{:?},{},{published_on}\n",
                exception.status, exception.name
            ));
            match exception.status {
                NoticeStatus::Ordinary => exceptions.remove(date),
                NoticeStatus::Holiday | NoticeStatus::Workday => exceptions.insert(*date, exception.clone()),
            };
            if date.ordinal() == 1 {
                match exception.status {
                    NoticeStatus::Holiday => loaded.insert(date.year()),
                    NoticeStatus::Workday | NoticeStatus::Ordinary => loaded.remove(&date.year()),
                };
            }
        }
        for (date, name) in &listed.decreed {
            digest.update(format!("{date},decree,{name}\n"));
        }
        let year = |date: &NaiveDate| date.year();
        let years = exceptions
            .keys()
            .next()
            .map(year)
            .zip(exceptions.keys().next_back().map(year));
        let ranks = Ranks::new(years, |day| is_worked(exceptions.get(&day), day));
        Self {
            listed,
            exceptions,
            loaded,
            ranks,
            hash: hex::encode(digest.finalize()),
        }
    }

    /// The same calendar with only what was published on or before `day`.
    #[must_use]
    pub fn known_on(&self, day: NaiveDate) -> Self {
        let mut listed = self.listed.clone();
        listed.notices.retain(|(_, published_on), _| *published_on <= day);
        listed.decreed.retain(|_, _| DECREED_ON <= day);
        Self::from_listed(listed)
    }

    /// Whether `d` is a working day (工作日).
    pub fn is_working_day(&self, d: NaiveDate) -> bool {
        is_worked(self.exceptions.get(&d), d)
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

    /// Whether counting the days after `after` up to and including `to` touches a year that is not loaded, or the last days
    /// before one, which its notice may still change: the result is provisional.
    pub fn is_uncertain(&self, after: NaiveDate, to: NaiveDate) -> bool {
        self.uncertain_from(after, to).is_some()
    }

    /// The first of the days after `after` up to and including `to` that makes such a count provisional.
    pub fn uncertain_from(&self, after: NaiveDate, to: NaiveDate) -> Option<NaiveDate> {
        let first = after.succ_opt().unwrap_or(after);
        (first.year()..=to.year().saturating_add(1))
            .filter(|year| !self.is_loaded(*year))
            .filter_map(|year| notice_reaches_back_to(year).map(|day| day.max(first)))
            .find(|day| *day <= to)
    }

    /// Whether no notice still to come can change the day.
    pub fn is_certain(&self, d: NaiveDate) -> bool {
        let decreed = self.listed.decreed.contains_key(&d) && matches!(self.day(d), DayKind::Holiday(_));
        let arranged =
            self.is_loaded(d.year()) && (!may_be_rearranged(d) || self.is_loaded(d.year().saturating_add(1)));
        decreed || arranged
    }

    /// Everything that was published about the days of a year, by day and then by publication; the last of a day is in
    /// force. What the decree says comes first.
    pub fn notices(&self, year: i32) -> impl Iterator<Item = Notice<'_>> {
        let decreed = self.listed.decreed.iter().map(|(date, name)| Notice {
            date: *date,
            published_on: DECREED_ON,
            status: NoticeStatus::Holiday,
            name,
        });
        let notices = self
            .listed
            .notices
            .iter()
            .map(|((date, published_on), exception)| Notice {
                date: *date,
                published_on: *published_on,
                status: exception.status,
                name: &exception.name,
            });
        decreed.chain(notices).filter(move |notice| notice.date.year() == year)
    }

    /// The years of which anything is listed, ascending.
    pub fn listed_years(&self) -> BTreeSet<i32> {
        let decreed = self.listed.decreed.keys().map(Datelike::year);
        self.loaded_years().chain(decreed).collect()
    }

    /// How many days of a year are worked: of a year without its notice all that the decree says, whatever the notice will.
    pub fn working_days_in(&self, year: i32) -> i64 {
        self.working_days_listed(year) - self.uncertain_days_off(year)
    }

    /// How many days of a year are worked by what is listed, which is how periods are counted.
    pub fn working_days_listed(&self, year: i32) -> i64 {
        let last_day_of = |year| NaiveDate::from_ymd_opt(year, 12, 31);
        match (last_day_of(year.saturating_sub(1)), last_day_of(year)) {
            (Some(before), Some(last)) => self.working_days_between(before, last),
            _ => 0,
        }
    }

    /// Days of the decree that fall on a weekend of a year without its notice: each is made good by a working day off
    /// (补假, 放假办法 Art 6), and which one only the notice says.
    pub fn uncertain_days_off(&self, year: i32) -> i64 {
        let made_good = |date: &&NaiveDate| {
            date.year() == year && is_weekend(**date) && matches!(self.day(**date), DayKind::Holiday(_))
        };
        let days = self.listed.decreed.keys().filter(made_good).count();
        if self.is_loaded(year) {
            0
        } else {
            i64::try_from(days).unwrap_or(0)
        }
    }

    /// SHA-256 of all rows in hexadecimal: the version of the data.
    pub fn hash(&self) -> String {
        self.hash.clone()
    }
}

fn read_rows(file: &str, text: &str, listed: &mut Listed) -> Result<(), CalendarError> {
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
        let date = row.date;
        listed.add(row).map_err(|why| CalendarError::Row {
            file: file.to_owned(),
            line: record.position().map_or(0, csv::Position::line),
            date,
            why,
        })?;
    }
    Ok(())
}

/// Whether the notice of the next year may still say something of the day.
fn may_be_rearranged(d: NaiveDate) -> bool {
    (d.month(), d.day()) >= NEXT_NOTICE_REACHES_BACK_TO
}

/// The first day of which the notice of `year` may say something.
fn notice_reaches_back_to(year: i32) -> Option<NaiveDate> {
    let (month, day) = NEXT_NOTICE_REACHES_BACK_TO;
    NaiveDate::from_ymd_opt(year.saturating_sub(1), month, day)
}

fn is_worked(exception: Option<&Exception>, d: NaiveDate) -> bool {
    exception.map_or(!is_weekend(d), |exception| exception.status == NoticeStatus::Workday)
}

fn is_weekend(d: NaiveDate) -> bool {
    matches!(d.weekday(), Weekday::Sat | Weekday::Sun)
}
