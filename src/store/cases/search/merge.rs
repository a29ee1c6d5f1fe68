//! Joining the parts in which SQLite keeps the words. Each commit writes a part of its own, which are joined only in
//! passing; a search looks a word up in every one of them. PostgreSQL does without.

use diesel::sql_types::{BigInt, Nullable};
use diesel::{OptionalExtension, QueryDsl, RunQueryDsl, SqliteConnection};

use super::remembered::remember;
use crate::store::connection::Db;
use crate::store::schema::installation;
use crate::store::{StoreError, Tx};

/// Where the installation remembers which entry was the newest when all parts were joined.
const MERGED: &str = "search_merged";
/// With fewer new entries than this it is not worth it, nor with fewer than a fiftieth of all.
const NEW_MIN: i64 = 500;
/// Pages written in one transaction: others wait for it.
const PAGES: i64 = 200;

#[derive(diesel::QueryableByName)]
struct Value {
    #[diesel(sql_type = Nullable<BigInt>)]
    value: Option<i64>,
}

fn value(c: &mut SqliteConnection, sql: &str) -> Result<i64, StoreError> {
    let row: Value = diesel::sql_query(sql).get_result(c)?;
    Ok(row.value.unwrap_or_default())
}

/// Whether so much came in since the last time that the parts are worth joining.
///
/// # Errors
/// Failures of the database.
pub fn search_merge_is_due(db: &mut Db) -> Result<bool, StoreError> {
    let Db::Sqlite(c) = db else { return Ok(false) };
    let merged: Option<String> = installation::table
        .find(MERGED)
        .select(installation::value)
        .first(c)
        .optional()?;
    let merged = merged.and_then(|entry| entry.parse().ok()).unwrap_or(0_i64);
    let new = value(c, "SELECT MAX(entry) AS value FROM case_search")?.saturating_sub(merged);
    Ok(new >= NEW_MIN.max(merged / 50))
}

/// Forgets that the parts were joined: many entries were written anew.
pub(super) fn merge_forget(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    diesel::delete(installation::table.find(MERGED)).execute(&mut **tx)?;
    Ok(())
}

/// One step of joining all parts to one, the `first` or another; returns whether there is more to do.
///
/// # Errors
/// Failures of the database.
pub fn search_merge_step(tx: &mut Tx<'_>, first: bool) -> Result<bool, StoreError> {
    let Db::Sqlite(c) = &mut **tx else { return Ok(false) };
    let before = value(c, "SELECT total_changes() AS value")?;
    // A negative number lets it begin with all parts, whatever their sizes.
    diesel::sql_query("INSERT INTO case_fts (case_fts, rank) VALUES ('merge', $1)")
        .bind::<BigInt, _>(if first { -PAGES } else { PAGES })
        .execute(c)?;
    // The command itself counts as one change.
    let more = value(c, "SELECT total_changes() AS value")?.saturating_sub(before) > 1;
    if !more {
        let newest = value(c, "SELECT MAX(entry) AS value FROM case_search")?;
        remember(tx, MERGED, &newest.to_string())?;
    }
    Ok(more)
}
