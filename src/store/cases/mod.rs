//! Cases: the append-only log, and the row that queues and lists read.
//!
//! [`case_insert`] and [`case_append`] are the only writers. They write events, their private texts and the projection
//! in one transaction, under a compare-and-set on the version. The log is the truth: [`rebuild`] makes every projection
//! from it again.

pub mod alike;
pub mod archived;
mod beside;
pub mod documents;
pub mod list;
mod load;
pub mod log;
pub mod people;
pub mod rebuild;
mod row;
mod scope;
pub mod search;
pub mod similar;
pub mod statistics;
mod told;

use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, OptionalExtension, QueryDsl,
    RunQueryDsl,
};

use load::case_lock;
pub use load::{case_load, case_load_at};
pub use row::CaseRow;
use row::{Columns, Origin};

use super::agencies::AgencyName;
use super::connection::Db;
use super::fixed::{fixed, on_either, update};
use super::key::Key;
use super::schema::{agencies, case_assignments, cases, users};
use super::{StoreError, Tx};
use crate::domain::case::{Applied, Case, Law};
use crate::domain::words::ids::{CaseId, UnitId};
use beside::{beside_changed, beside_insert};
use people::{people_changed, people_insert};

/// The row of a case.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn case_row(db: &mut Db, id: CaseId) -> Result<CaseRow, StoreError> {
    let query = cases::table.find(Key(id));
    Ok(on_either!(db, c => query.get_result(c))?)
}

/// The row of a case with its agency and the name of its owner: what nearly every look at a case begins with.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn case_row_in_agency(db: &mut Db, id: CaseId) -> Result<(CaseRow, AgencyName, Option<String>), StoreError> {
    let query = cases::table
        .inner_join(agencies::table.on(agencies::id.eq(cases::agency_id)))
        .left_join(users::table.on(users::id.nullable().eq(cases::owner_id)))
        .filter(cases::id.eq(Key(id)))
        .select((
            cases::all_columns,
            (agencies::path, agencies::code, agencies::name),
            users::name.nullable(),
        ));
    let (row, (path, code, name), owner): (CaseRow, (String, String, String), Option<String>) =
        on_either!(db, c => fixed!(query).get_result(c))?;
    let agency = AgencyName::new(row.agency_id(), &path, code, name)?;
    Ok((row, agency, owner))
}

/// The row of the case with this intake or case number.
///
/// # Errors
/// Failures of the database.
pub fn case_row_by_number(db: &mut Db, number: &str) -> Result<Option<CaseRow>, StoreError> {
    Ok(cases::table
        .filter(cases::number.eq(number).or(cases::intake_number.eq(number)))
        .order(cases::id)
        .first(db)
        .optional()?)
}

/// The units the case was ever assigned to.
///
/// # Errors
/// Failures of the database.
pub fn case_units(db: &mut Db, id: CaseId) -> Result<Vec<UnitId>, StoreError> {
    let query = case_assignments::table
        .filter(case_assignments::case_id.eq(Key(id)))
        .order(case_assignments::assignment_id)
        .select(case_assignments::unit_id);
    let units: Vec<Key<UnitId>> = on_either!(db, c => fixed!(query).load(c))?;
    Ok(units.into_iter().map(|key| key.0).collect())
}

/// Adds a new case with its first events; returns its row.
///
/// # Errors
/// Failures of the database.
pub fn case_insert(
    tx: &mut Tx<'_>,
    case: &Case,
    applied: &Applied,
    query_code: &str,
    law: &Law<'_>,
) -> Result<CaseRow, StoreError> {
    let sealed = log::seal(case.id(), log::GENESIS, &applied.events)?;
    let head = sealed.last().map_or(log::GENESIS, |event| event.hash.as_str());
    let columns = Columns::of(case, law, head)?;
    let insert = diesel::insert_into(cases::table).values((Origin::of(case, query_code), &columns));
    on_either!(&mut **tx, c => fixed!(insert).execute(c))?;
    log::append(tx, case.id(), &sealed)?;
    documents::attach(tx, case.id(), &applied.events)?;
    beside_insert(tx, case, columns.act_by)?;
    people_insert(tx, case)?;
    search::search_insert(tx, case)?;
    Ok(CaseRow::of(Origin::of(case, query_code), columns))
}

/// Appends events to a case if it still has the version that was seen; returns its row, or `None` if it had not.
///
/// # Errors
/// Failures of the database.
pub fn case_append(
    tx: &mut Tx<'_>,
    case: &Case,
    seen: &CaseRow,
    applied: &Applied,
    law: &Law<'_>,
) -> Result<Option<CaseRow>, StoreError> {
    let sealed = log::seal(case.id(), &seen.head_hash, &applied.events)?;
    let head = sealed
        .last()
        .map_or(seen.head_hash.as_str(), |event| event.hash.as_str());
    let still = cases::id.eq(Key(case.id())).and(cases::version.eq(seen.version));
    let columns = Columns::of(case, law, head)?;
    let changed = update(cases::table, &columns, still);
    if on_either!(&mut **tx, c => fixed!(changed).execute(c))? == 0 {
        return Ok(None);
    }
    log::append(tx, case.id(), &sealed)?;
    documents::attach(tx, case.id(), &applied.events)?;
    beside_changed(tx, case, columns.act_by)?;
    people_changed(tx, case)?;
    search::search_update(tx, case)?;
    Ok(Some(CaseRow::of(Origin::of(case, &seen.query_code), columns)))
}
