//! Answers kept under an idempotency key, written in the transaction of the work they answer.
//!
//! The key's row is inserted before the work. Whoever comes second with the same key waits there until the first
//! transaction ends and then reads the stored answer, or does the work if the first one failed.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Text, Timestamp};
use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, RunQueryDsl};

use super::fixed::{fixed, on_either, update};
use super::schema::idempotency_keys::dsl;
use super::sql::Instant;
use super::{StoreError, Tx};

/// Who sends what under which key.
#[derive(Debug, Clone)]
pub struct KeyedRequest {
    pub actor: String,
    pub key: String,
    /// Method and path.
    pub target: String,
    /// SHA-256 of the body, in hexadecimal.
    pub body_sha256: String,
}

/// A successful answer as it is kept and sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAnswer {
    pub status: u16,
    pub etag: Option<String>,
    pub location: Option<String>,
    /// JSON text.
    pub body: String,
}

/// What is known about a key.
#[derive(Debug)]
#[must_use]
pub enum Claim {
    /// Nobody used it: the caller now holds it until the transaction ends.
    Fresh,
    /// The same request was answered before.
    Answered(StoredAnswer),
    /// It was used for another request.
    Reused,
}

type Row = (
    String,
    String,
    Option<i32>,
    Option<String>,
    Option<String>,
    Option<String>,
);

/// Claims a key, waiting for another transaction that holds it.
///
/// # Errors
/// Failures of the database; [`StoreError::Corrupt`] when a stored answer is incomplete.
pub fn idempotency_claim(tx: &mut Tx<'_>, request: &KeyedRequest, now: DateTime<Utc>) -> Result<Claim, StoreError> {
    let claim = diesel::sql_query(
        "INSERT INTO idempotency_keys (actor, key, target, body_sha256, created_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (actor, key) DO NOTHING RETURNING key",
    )
    .bind::<Text, _>(&request.actor)
    .bind::<Text, _>(&request.key)
    .bind::<Text, _>(&request.target)
    .bind::<Text, _>(&request.body_sha256)
    .bind::<Timestamp, _>(Instant::from(now));
    if on_either!(&mut **tx, c => fixed!(claim).run(c))? == 1 {
        return Ok(Claim::Fresh);
    }
    let (target, body_sha256, status, etag, location, body): Row = dsl::idempotency_keys
        .find((&request.actor, &request.key))
        .select((
            dsl::target,
            dsl::body_sha256,
            dsl::status,
            dsl::etag,
            dsl::location,
            dsl::body,
        ))
        .get_result(&mut **tx)?;
    if target != request.target || body_sha256 != request.body_sha256 {
        return Ok(Claim::Reused);
    }
    match (status.and_then(|status| u16::try_from(status).ok()), body) {
        (Some(status), Some(body)) => Ok(Claim::Answered(StoredAnswer {
            status,
            etag,
            location,
            body,
        })),
        _ => Err(StoreError::Corrupt(
            "an idempotency key was committed without its answer".to_owned(),
        )),
    }
}

/// Keeps the answer under a key that this transaction claimed.
///
/// # Errors
/// Failures of the database; [`StoreError::NotFound`] when the key was not claimed.
pub fn idempotency_answer(tx: &mut Tx<'_>, request: &KeyedRequest, answer: &StoredAnswer) -> Result<(), StoreError> {
    let values = (
        dsl::status.eq(i32::from(answer.status)),
        dsl::etag.eq(&answer.etag),
        dsl::location.eq(&answer.location),
        dsl::body.eq(&answer.body),
    );
    let claimed = dsl::actor.eq(&request.actor).and(dsl::key.eq(&request.key));
    let answered = update(dsl::idempotency_keys, values, claimed);
    if on_either!(&mut **tx, c => fixed!(answered).execute(c))? == 1 {
        Ok(())
    } else {
        Err(StoreError::NotFound)
    }
}

/// Forgets keys that were first used before `before`; returns how many.
///
/// # Errors
/// Failures of the database.
pub fn idempotency_purge(tx: &mut Tx<'_>, before: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(diesel::delete(dsl::idempotency_keys.filter(dsl::created_at.lt(Instant::from(before)))).execute(&mut **tx)?)
}
