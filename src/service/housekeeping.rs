//! What must be forgotten in time: stored answers, which may hold personal data, and uploads that nobody used. Tokens and
//! failed logins are forgotten at each login.

use std::time::SystemTime;

use chrono::{DateTime, TimeDelta, Utc};

use crate::documents::Blobs;
use crate::documents::blobs::BlobError;
use crate::error::Error;
use crate::store::Store;
use crate::store::documents::{blob_forget, blobs_unused, documents_forget};
use crate::store::idempotency::idempotency_purge;

/// How long a repeated request gets its first answer: a retry after a night without network is still safe.
const KEEP_ANSWERS: TimeDelta = TimeDelta::hours(24);
/// How long an upload waits for the application or action that names it: a draft may rest over a night and a day.
const KEEP_UNATTACHED: TimeDelta = TimeDelta::hours(48);
/// How long a content without a document is kept, and the file of an interrupted upload.
const KEEP_UNUSED: TimeDelta = TimeDelta::hours(24);
/// Contents looked up at once.
const PAGE: i64 = 500;

/// Forgets answers past their time; returns how many. Safe at any moment, on any node, twice.
///
/// # Errors
/// Failures of the database.
pub fn forget_answers(store: &Store, now: DateTime<Utc>) -> Result<usize, Error> {
    store.write(|tx| Ok(idempotency_purge(tx, now - KEEP_ANSWERS)?))
}

/// What was cleared away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cleared {
    pub documents: usize,
    pub contents: usize,
    pub files: usize,
}

/// Clears away uploads that no case took, contents without a document, and files of interrupted uploads. Safe at any
/// moment, on any node, twice.
///
/// # Errors
/// Failures of the database and of the store of contents; what was not done is due again.
pub fn clear_uploads(store: &Store, blobs: &Blobs, now: DateTime<Utc>) -> Result<Cleared, Error> {
    let documents = store.write(|tx| Ok::<_, Error>(documents_forget(tx, now - KEEP_UNATTACHED)?))?;
    let before = now - KEEP_UNUSED;
    let mut contents = 0;
    loop {
        let unused = store.read(|db| Ok::<_, Error>(blobs_unused(db, before, PAGE)?))?;
        let mut cleared = 0;
        for sha256 in &unused {
            cleared += usize::from(content_forget(store, blobs, sha256, before)?);
        }
        contents += cleared;
        if cleared == 0 {
            break;
        }
    }
    let files = blobs
        .delete_leftovers(SystemTime::from(before))
        .map_err(BlobError::from)?;
    Ok(Cleared {
        documents,
        contents,
        files,
    })
}

/// Deletes one content inside the transaction that holds its row, so that no upload of the same content can come between:
/// it waits, and finds the content gone.
fn content_forget(store: &Store, blobs: &Blobs, sha256: &str, before: DateTime<Utc>) -> Result<bool, Error> {
    store.write(|tx| {
        let unused = blob_forget(tx, sha256, before)?;
        if unused {
            blobs.delete(sha256)?;
        }
        Ok(unused)
    })
}
