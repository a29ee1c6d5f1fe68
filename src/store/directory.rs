//! The epoch of the directory: a number that grows with every change of people, grants or signing keys.
//!
//! Whoever keeps some of these in memory reads the epoch first and forgets what was read under an earlier one. The
//! number is raised in the transaction of the change, and its row is held until that ends: no reader can see the new
//! number and old data.

use diesel::{OptionalExtension, QueryDsl, RunQueryDsl};

use super::counters::counter_next;
use super::fixed::{fixed, on_either};
use super::schema::counters;
use super::{Db, StoreError, Tx};

const SCOPE: &str = "directory";

/// The present epoch; 0 before the first change.
///
/// # Errors
/// Failures of the database.
pub fn directory_epoch(db: &mut Db) -> Result<i64, StoreError> {
    let query = counters::table.find(SCOPE).select(counters::value);
    let value: Option<i64> = on_either!(db, c => fixed!(query).get_result(c)).optional()?;
    Ok(value.unwrap_or_default())
}

/// Raises the epoch; called by whatever changes the directory.
///
/// # Errors
/// Failures of the database.
pub(super) fn directory_changed(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    counter_next(tx, SCOPE).map(drop)
}
