//! What must be forgotten in time. Tokens and failed logins are forgotten at each login; stored answers, which may hold
//! a query code in clear, are forgotten here.

use chrono::{DateTime, TimeDelta, Utc};

use crate::error::Error;
use crate::store::Store;
use crate::store::idempotency::idempotency_purge;

/// How long a repeated request gets its first answer: a retry after a night without network is still safe.
const KEEP_ANSWERS: TimeDelta = TimeDelta::hours(24);

/// Forgets answers past their time; returns how many. Safe at any moment, on any node, twice.
///
/// # Errors
/// Failures of the database.
pub fn forget_answers(store: &Store, now: DateTime<Utc>) -> Result<usize, Error> {
    store.write(|tx| Ok(idempotency_purge(tx, now - KEEP_ANSWERS)?))
}
