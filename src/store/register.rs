//! 发文登记簿: the numbers of an agency's instruments in their order, and those that were passed over.

use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, JoinOnDsl, QueryDsl, Queryable, RunQueryDsl};

use super::connection::Db;
use super::counters::counter_add;
use super::instruments::InstrumentRow;
use super::key::Key;
use super::schema::{cases, instrument_gaps, instruments};
use super::sql::Instant;
use super::{StoreError, Tx};
use crate::domain::words::ids::AgencyId;

/// Numbers that were passed over.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct GapRow {
    _agency_id: Key<AgencyId>,
    pub series: String,
    pub year: i32,
    pub first: i64,
    pub last: i64,
    pub reason: String,
    _made_at: Instant,
}

/// A numbered instrument with the number of its case.
pub type Registered = (InstrumentRow, String);

/// The series of an agency in a year.
#[derive(Debug, Clone)]
pub struct OfSeries<'a> {
    pub agency_id: AgencyId,
    pub series: &'a str,
    pub year: i32,
}

/// The numbered instruments of a series after an ordinal.
///
/// # Errors
/// Failures of the database.
pub fn register_page(db: &mut Db, of: &OfSeries<'_>, after: i64, limit: i64) -> Result<Vec<Registered>, StoreError> {
    let rows: Vec<(InstrumentRow, (Option<String>, String))> = instruments::table
        .inner_join(cases::table.on(cases::id.eq(instruments::case_id)))
        .filter(instruments::agency_id.eq(Key(of.agency_id)))
        .filter(instruments::series.eq(of.series))
        .filter(instruments::year.eq(of.year))
        .filter(instruments::ordinal.gt(after))
        .order(instruments::ordinal)
        .limit(limit)
        .select((instruments::all_columns, (cases::number, cases::intake_number)))
        .load(db)?;
    Ok(rows
        .into_iter()
        .map(|(row, (number, intake))| (row, number.unwrap_or(intake)))
        .collect())
}

/// What was passed over of a series.
///
/// # Errors
/// Failures of the database.
pub fn gaps(db: &mut Db, of: &OfSeries<'_>) -> Result<Vec<GapRow>, StoreError> {
    Ok(instrument_gaps::table
        .filter(instrument_gaps::agency_id.eq(Key(of.agency_id)))
        .filter(instrument_gaps::series.eq(of.series))
        .filter(instrument_gaps::year.eq(of.year))
        .order(instrument_gaps::first)
        .load(db)?)
}

/// Passes over the next `count` numbers of a series, with the reason.
///
/// # Errors
/// Failures of the database.
pub fn gap_add(
    tx: &mut Tx<'_>,
    of: &OfSeries<'_>,
    count: i64,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<(i64, i64), StoreError> {
    let scope = format!("instrument/{}/{}/{}", of.agency_id, of.series, of.year);
    let last = counter_add(tx, &scope, count)?;
    let first = last - count + 1;
    diesel::insert_into(instrument_gaps::table)
        .values((
            instrument_gaps::agency_id.eq(Key(of.agency_id)),
            instrument_gaps::series.eq(of.series),
            instrument_gaps::year.eq(of.year),
            instrument_gaps::first.eq(first),
            instrument_gaps::last.eq(last),
            instrument_gaps::reason.eq(reason),
            instrument_gaps::made_at.eq(Instant::from(now)),
        ))
        .execute(&mut **tx)?;
    Ok((first, last))
}
