//! 发文登记簿: which numbers were given, to what, and which were passed over.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Utc};

use crate::domain::civil_date;
use crate::domain::instrument::numbers::{MAIN, Series};
use crate::domain::words::ids::AgencyId;
use crate::error::Error;
use crate::store::agencies::{Agency, AgencyFilter, agency_list};
use crate::store::register::{GapRow, OfSeries, Registered, gap_add, gaps, register_page};
use crate::store::{Db, Tx};

/// Agencies read at once.
const PAGE: i64 = 200;

/// A line of the register.
#[derive(Debug, Clone)]
pub enum Line {
    Given(Box<Registered>),
    PassedOver(GapRow),
}

impl Line {
    /// The last number of the line.
    pub fn ordinal(&self) -> i64 {
        match self {
            Self::Given(given) => given.0.ordinal.unwrap_or_default(),
            Self::PassedOver(gap) => gap.last,
        }
    }
}

/// The lines of a series in a year after an ordinal, at most `limit`.
///
/// # Errors
/// Failures of the database.
pub fn register(
    db: &mut Db,
    agency_id: AgencyId,
    series: &str,
    year: i32,
    after: i64,
    limit: i64,
) -> Result<Vec<Line>, Error> {
    let of = OfSeries {
        agency_id,
        series,
        year,
    };
    let given = register_page(db, &of, after, limit)?.into_iter();
    let passed_over = gaps(db, &of)?.into_iter().filter(|gap| gap.last > after);
    let mut lines: Vec<Line> = given.map(|given| Line::Given(Box::new(given))).collect();
    lines.extend(passed_over.map(Line::PassedOver));
    lines.sort_by_key(Line::ordinal);
    lines.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(lines)
}

/// The names of an agency's series.
pub fn series_of(series: &[Series]) -> BTreeSet<&str> {
    let named = series.iter().map(|one| one.series.as_str());
    let main = series.iter().all(|one| !one.instruments.is_empty()).then_some(MAIN);
    named.chain(main).collect()
}

/// Numbers of a series that were passed over.
#[derive(Debug, Clone)]
pub struct Skipped {
    pub agency: String,
    pub series: String,
    pub year: i32,
    pub first: i64,
    pub last: i64,
}

/// Passes over the next numbers of every series of every agency, in the year of `since` and in the present one: what was
/// given after a backup and is lost with what came after it must not be given again.
///
/// # Errors
/// Failures of the database.
pub fn numbers_skip(
    tx: &mut Tx<'_>,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
    count: i64,
    reason: &str,
) -> Result<Vec<Skipped>, Error> {
    let years = civil_date(since).year()..=civil_date(now).year();
    let mut skipped = Vec::new();
    let mut filter = AgencyFilter {
        limit: PAGE,
        ..AgencyFilter::default()
    };
    loop {
        let agencies = agency_list(tx, &filter)?;
        for agency in &agencies {
            for year in years.clone() {
                skipped.extend(skip_of(tx, agency, year, count, (reason, now))?);
            }
        }
        match agencies.last() {
            Some(last) if agencies.len() >= usize::try_from(PAGE).unwrap_or_default() => {
                filter.after = Some(last.path.as_str().to_owned());
            }
            _ => return Ok(skipped),
        }
    }
}

fn skip_of(
    tx: &mut Tx<'_>,
    agency: &Agency,
    year: i32,
    count: i64,
    (reason, now): (&str, DateTime<Utc>),
) -> Result<Vec<Skipped>, Error> {
    let mut skipped = Vec::new();
    for series in series_of(&agency.data.settings.series) {
        let of = OfSeries {
            agency_id: agency.id,
            series,
            year,
        };
        let (first, last) = gap_add(tx, &of, count, reason, now)?;
        skipped.push(Skipped {
            agency: agency.data.name.clone(),
            series: series.to_owned(),
            year,
            first,
            last,
        });
    }
    Ok(skipped)
}
