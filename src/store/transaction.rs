//! A transaction that is open, and work that waits for its end and is done just before the commit.
//!
//! The writers of SQLite that share a commit share this too: what all of them asked for is done once, together. What is
//! taken back with a savepoint is not done.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

use diesel::connection::{Connection, TransactionManager};

use super::connection::Db;
use super::fault::StoreError;

pub(super) type DbTransactions = <Db as Connection>::TransactionManager;

/// A transaction that is open: what writes takes `&mut Tx`.
pub struct Tx<'a> {
    pub(super) db: &'a mut Db,
    pub(super) waiting: &'a mut Waiting,
}

impl std::fmt::Debug for Tx<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tx").field("db", &self.db).finish_non_exhaustive()
    }
}

impl Deref for Tx<'_> {
    type Target = Db;

    fn deref(&self) -> &Db {
        self.db
    }
}

impl DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut Db {
        self.db
    }
}

impl Tx<'_> {
    /// Runs `work` in a savepoint: when it fails, only its own changes are undone and the transaction stays usable.
    ///
    /// # Errors
    /// What `work` returns, or the failure to set or leave the savepoint.
    pub fn savepoint<T, E, F>(&mut self, work: F) -> Result<T, E>
    where
        E: From<StoreError>,
        F: FnOnce(&mut Tx<'_>) -> Result<T, E>,
    {
        let failed = |error: diesel::result::Error| E::from(StoreError::from(error));
        DbTransactions::begin_transaction(self.db).map_err(failed)?;
        let before = self.waiting.len();
        let outcome = work(&mut Tx {
            db: self.db,
            waiting: self.waiting,
        });
        match outcome {
            Ok(value) => {
                DbTransactions::commit_transaction(self.db).map_err(failed)?;
                Ok(value)
            }
            Err(error) => {
                self.waiting.truncate(before);
                DbTransactions::rollback_transaction(self.db).map_err(failed)?;
                Err(error)
            }
        }
    }
}

/// What the work is and for what: of several pieces with one name only the last is done.
pub type Name = (&'static str, i64);

type Work = Box<dyn FnOnce(&mut Tx<'_>) -> Result<(), StoreError> + Send>;

/// What waits for a commit, in the order in which it was asked for.
#[derive(Default)]
pub(super) struct Waiting(Vec<(Name, Work)>);

impl Waiting {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Forgets what was asked for since there were this many.
    pub(super) fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }

    /// Does what waits, in the order of the names, and what that asks for in turn.
    pub(super) fn run(mut self, db: &mut Db) -> Result<(), StoreError> {
        while !self.0.is_empty() {
            let due: BTreeMap<Name, Work> = std::mem::take(&mut self.0).into_iter().collect();
            for work in due.into_values() {
                work(&mut Tx { db, waiting: &mut self })?;
            }
        }
        Ok(())
    }
}

impl Tx<'_> {
    /// Has `work` done just before the commit. When it fails, so does the transaction.
    pub fn before_commit(
        &mut self,
        name: Name,
        work: impl FnOnce(&mut Tx<'_>) -> Result<(), StoreError> + Send + 'static,
    ) {
        self.waiting.0.push((name, Box::new(work)));
    }

    /// Whether work of this name waits for the commit.
    pub fn is_waiting(&self, name: Name) -> bool {
        self.waiting.0.iter().any(|(waiting, _)| *waiting == name)
    }
}
