//! Numbers without gaps: a number is taken in the transaction that uses it, and is free again when that rolls back.

use std::collections::BTreeMap;

use diesel::sql_types::{BigInt, Text};
use diesel::{QueryDsl, RunQueryDsl};

use super::fixed::{fixed, on_either};
use super::schema::counters;
use super::{Db, StoreError, Tx};

#[derive(diesel::QueryableByName)]
struct Taken {
    #[diesel(sql_type = BigInt)]
    value: i64,
}

/// Takes the next number of a series, beginning with 1. Others that want one of the same series wait until this
/// transaction ends; that is the price of having no gaps.
///
/// # Errors
/// Only failures of the database.
pub fn counter_next(tx: &mut Tx<'_>, scope: &str) -> Result<i64, StoreError> {
    counter_add(tx, scope, 1)
}

/// Takes the next `count` numbers of a series at once; returns the last of them.
///
/// # Errors
/// Only failures of the database.
pub fn counter_add(tx: &mut Tx<'_>, scope: &str, count: i64) -> Result<i64, StoreError> {
    // One text for both databases; diesel's builder has no upsert on the connection enum.
    let upsert = diesel::sql_query(
        "INSERT INTO counters (scope, value) VALUES ($1, $2) \
         ON CONFLICT (scope) DO UPDATE SET value = counters.value + excluded.value RETURNING value",
    )
    .bind::<Text, _>(scope)
    .bind::<BigInt, _>(count);
    let taken: Taken = on_either!(&mut **tx, c => fixed!(upsert).get_result(c))?;
    Ok(taken.value)
}

/// The last number of every series.
///
/// # Errors
/// Failures of the database.
pub fn counters(db: &mut Db) -> Result<BTreeMap<String, i64>, StoreError> {
    let rows: Vec<(String, i64)> = counters::table.order(counters::scope).load(db)?;
    Ok(rows.into_iter().collect())
}
