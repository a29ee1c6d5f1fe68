//! A case from its log, and the lock under which it is changed.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};

use super::log::case_log;
use crate::domain::case::{Case, Law};
use crate::domain::words::ids::CaseId;
use crate::store::connection::Db;
use crate::store::key::Key;
use crate::store::schema::cases;
use crate::store::{StoreError, Tx};

/// A case folded from its log.
///
/// # Errors
/// [`StoreError::NotFound`]; [`StoreError::Log`] when the log is not one of a case.
pub fn case_load(db: &mut Db, id: CaseId, law: &Law<'_>) -> Result<Case, StoreError> {
    case_load_at(db, id, i64::MAX, law)
}

/// A case as it was at a version: the log only grows, so this is the same whenever it is read.
///
/// # Errors
/// As [`case_load`].
pub fn case_load_at(db: &mut Db, id: CaseId, version: i64, law: &Law<'_>) -> Result<Case, StoreError> {
    let log = case_log(db, id, version)?;
    if log.is_empty() {
        return Err(StoreError::NotFound);
    }
    Case::replay(id, log, law).map_err(|broken| StoreError::Log {
        case_id: id,
        seq: broken.seq.into(),
        reason: "the entry does not fit those before it".to_owned(),
    })
}

/// Waits until nobody else is changing these cases, and lets nobody until the transaction ends. SQLite has one writer.
///
/// # Errors
/// Failures of the database.
pub(in crate::store) fn case_lock(tx: &mut Tx<'_>, ids: &[Key<CaseId>]) -> Result<(), StoreError> {
    if let Db::Postgres(c) = &mut **tx {
        cases::table
            .filter(cases::id.eq_any(ids))
            .order(cases::id)
            .select(cases::id)
            .for_update()
            .execute(c)?;
    }
    Ok(())
}
