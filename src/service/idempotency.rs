//! Work that is done once under a key of the client, and answered the same again.

use chrono::{DateTime, Utc};

use crate::error::Error;
use crate::store::Tx;
use crate::store::idempotency::{Claim, idempotency_answer, idempotency_claim};

pub use crate::store::idempotency::{KeyedRequest, StoredAnswer};

/// How a request under a key ended.
#[derive(Debug)]
#[must_use]
pub enum Once<A> {
    /// The work was done now.
    Done(A),
    /// It was done before, with this answer.
    Again(StoredAnswer),
}

/// Inside the transaction: gives the stored answer, or does the work and keeps its answer (`kept`). Without a key it only
/// does the work. Call it after existence and access have been checked, before everything else.
///
/// # Errors
/// `IdempotencyKeyReused`, or what `work` returns.
pub fn once<A>(
    tx: &mut Tx<'_>,
    request: Option<&KeyedRequest>,
    now: DateTime<Utc>,
    work: impl FnOnce(&mut Tx<'_>) -> Result<A, Error>,
    kept: impl FnOnce(&A) -> &StoredAnswer,
) -> Result<Once<A>, Error> {
    let Some(request) = request else {
        return work(tx).map(Once::Done);
    };
    match idempotency_claim(tx, request, now)? {
        Claim::Fresh => {
            let answer = work(tx)?;
            idempotency_answer(tx, request, kept(&answer))?;
            Ok(Once::Done(answer))
        }
        Claim::Answered(stored) => Ok(Once::Again(stored)),
        Claim::Reused => Err(Error::IdempotencyKeyReused),
    }
}
