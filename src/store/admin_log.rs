//! The log of what administrators changed: entries are added and read, never changed.

use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, QueryDsl, Queryable, RunQueryDsl};
use serde_json::Value;

use super::connection::{Db, MultiBackend};
use super::key::Key;
use super::schema::admin_log;
use super::sql::{Instant, Json};
use super::{StoreError, Tx};
use crate::domain::words::ids::{EventId, UserId};
/// One thing an administrator changed.
#[derive(Debug, Clone, PartialEq)]
pub struct AdminEntry {
    pub id: EventId,
    pub at: DateTime<Utc>,
    /// None for the command line.
    pub actor_id: Option<UserId>,
    /// In the past tense, such as `user_created`.
    pub action: String,
    /// Kind and id of what was changed, such as `user/0192…`.
    pub target: String,
    /// The new values; never a password.
    pub data: Value,
}

#[derive(Queryable)]
struct AdminRow {
    id: Key<EventId>,
    at: Instant,
    actor_id: Option<Key<UserId>>,
    action: String,
    target: String,
    data: Json<Value>,
}

/// Writes an entry, in the transaction of the change.
///
/// # Errors
/// Failures of the database.
pub fn admin_log_append(tx: &mut Tx<'_>, entry: &AdminEntry) -> Result<(), StoreError> {
    diesel::insert_into(admin_log::table)
        .values((
            admin_log::id.eq(Key(entry.id)),
            admin_log::at.eq(Instant::from(entry.at)),
            admin_log::actor_id.eq(entry.actor_id.map(Key)),
            admin_log::action.eq(&entry.action),
            admin_log::target.eq(&entry.target),
            admin_log::data.eq(Json(entry.data.clone())),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// One page of the log, newest first, beginning before an id.
///
/// # Errors
/// Failures of the database.
pub fn admin_log_list(db: &mut Db, before: Option<EventId>, limit: i64) -> Result<Vec<AdminEntry>, StoreError> {
    let mut query = admin_log::table.into_boxed::<MultiBackend>();
    if let Some(before) = before {
        query = query.filter(admin_log::id.lt(Key(before)));
    }
    let rows = query.order(admin_log::id.desc()).limit(limit).load::<AdminRow>(db)?;
    Ok(rows
        .into_iter()
        .map(|row| AdminEntry {
            id: row.id.0,
            at: row.at.utc(),
            actor_id: row.actor_id.map(|key| key.0),
            action: row.action,
            target: row.target,
            data: row.data.0,
        })
        .collect())
}
