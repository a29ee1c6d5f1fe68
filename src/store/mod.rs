//! Persistence: SQLite and PostgreSQL behind one set of diesel queries.
//!
//! [`Store::read`] gives `&mut Db`, [`Store::write`] gives `&mut Tx`; a function that writes takes `&mut Tx` and can
//! therefore not be called outside a transaction. Errors inside a transaction are returned, never swallowed: on
//! PostgreSQL a swallowed one makes the commit roll back silently. To go on after an expected error use
//! [`Tx::savepoint`]. Nothing here knows HTTP, and nothing here asks for the time.

pub mod agencies;
pub mod cases;
pub mod connection;
pub mod counters;
pub mod directory;
pub mod documents;
pub mod idempotency;
pub mod key;
pub mod migrate;
mod planner;
pub mod schema;
pub mod sql;
pub mod tokens;
pub mod users;

use std::ops::{Deref, DerefMut};
use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, Connection, TransactionManager};
use diesel::r2d2::{Pool, PooledConnection};
use diesel::result::DatabaseErrorKind;

use crate::config::DatabaseUrl;
use connection::Manager;
pub use connection::{Backend, Db};

type DbTransactions = <Db as Connection>::TransactionManager;

/// How often a transaction that met another one is begun again before the caller is told to come back later.
const ATTEMPTS: u32 = 6;
/// The first pause before another attempt; it doubles each time and is spread at random.
const FIRST_PAUSE: Duration = Duration::from_millis(4);
/// After this time no other attempt is begun: each may itself have waited for a lock.
const PATIENCE: Duration = Duration::from_secs(20);

/// What can go wrong below the use cases.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database is down, or a connection to it was lost.
    #[error("the database is not reachable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// No connection of the pool became free in time.
    #[error("all database connections are in use")]
    Exhausted(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Another transaction held what this one needed, also after several attempts.
    #[error("the transaction met another one")]
    Contended(#[source] diesel::result::Error),
    /// `constraint` reads `table_column_key` on both databases (see [`unique_name`]).
    #[error("a row with the same value is already there ({constraint})")]
    UniqueViolation { constraint: String },
    #[error("no such row")]
    NotFound,
    /// What is stored cannot be read back; never the caller's fault.
    #[error("stored data cannot be read: {0}")]
    Corrupt(String),
    #[error("a migration failed")]
    Migration(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the database refused the statement")]
    Database(#[source] diesel::result::Error),
}

impl StoreError {
    /// Whether this is the violation of the named unique constraint.
    pub fn is_unique_violation_of(&self, name: &str) -> bool {
        matches!(self, Self::UniqueViolation { constraint } if constraint == name)
    }
}

impl From<diesel::result::Error> for StoreError {
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::Error as E;
        match &error {
            E::NotFound => Self::NotFound,
            E::DeserializationError(inner) => Self::Corrupt(inner.to_string()),
            E::DatabaseError(DatabaseErrorKind::UniqueViolation, information) => Self::UniqueViolation {
                constraint: unique_name(information.constraint_name(), information.message()),
            },
            E::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => Self::Contended(error),
            E::DatabaseError(DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand, _) => {
                Self::Unavailable(Box::new(error))
            }
            E::DatabaseError(_, information) if is_contention(information.message()) => Self::Contended(error),
            E::DatabaseError(_, information) if is_connection_loss(information.message()) => {
                Self::Unavailable(Box::new(error))
            }
            E::BrokenTransactionManager => Self::Unavailable(Box::new(error)),
            _ => Self::Database(error),
        }
    }
}

/// Neither driver gives these an error kind of their own; the texts are those of the two databases' sources and, since
/// a PostgreSQL server speaks the language it was set up in, of PostgreSQL's Chinese catalogue.
fn is_contention(message: &str) -> bool {
    message.starts_with("database is locked")
        || message.starts_with("database table is locked")
        || message.starts_with("deadlock detected")
        || message.starts_with("canceling statement due to lock timeout")
        || message.starts_with("检测到死锁")
        || message.starts_with("由于锁超时")
}

fn is_connection_loss(message: &str) -> bool {
    message.starts_with("terminating connection")
        || message.starts_with("server closed the connection")
        || message.starts_with("could not receive data from server")
        || message.starts_with("no connection to the server")
        || message.starts_with("the database system is")
}

/// One name for one constraint on both databases. PostgreSQL gives it (`users_username_key`); SQLite only lists the
/// columns (`UNIQUE constraint failed: users.username`), from which PostgreSQL's default name is made. A unique index
/// made by hand must therefore be called `table_column_column_key`; a primary key reads `table_column_key`.
pub fn unique_name(given: Option<&str>, message: &str) -> String {
    if let Some(name) = given {
        return name.to_owned();
    }
    let Some(columns) = message.strip_prefix("UNIQUE constraint failed: ") else {
        return message.to_owned();
    };
    if let Some(index) = columns.strip_prefix("index '") {
        return index.trim_end_matches('\'').to_owned();
    }
    let mut parts = columns.split(", ").filter_map(|column| column.split_once('.'));
    let Some((table, first)) = parts.next() else {
        return columns.to_owned();
    };
    let mut name = format!("{table}_{first}");
    for (_, column) in parts {
        name.push('_');
        name.push_str(column);
    }
    name.push_str("_key");
    name
}

/// A transaction that is open: what writes takes `&mut Tx`.
#[derive(Debug)]
pub struct Tx<'a>(&'a mut Db);

impl Deref for Tx<'_> {
    type Target = Db;

    fn deref(&self) -> &Db {
        self.0
    }
}

impl DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut Db {
        self.0
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
        DbTransactions::begin_transaction(self.0).map_err(failed)?;
        match work(&mut Tx(self.0)) {
            Ok(value) => {
                DbTransactions::commit_transaction(self.0).map_err(failed)?;
                Ok(value)
            }
            Err(error) => {
                DbTransactions::rollback_transaction(self.0).map_err(failed)?;
                Err(error)
            }
        }
    }
}

/// Connections in use and at rest, for metrics.
#[derive(Debug, Clone, Copy)]
pub struct PoolState {
    pub connections: u32,
    pub idle: u32,
}

/// The door to the database; clones share one pool. All functions block.
#[derive(Clone)]
pub struct Store {
    pool: Pool<Manager>,
    backend: Backend,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("backend", &self.backend).finish()
    }
}

impl Store {
    /// Opens a pool and proves that one connection works; a SQLite file and its directory are created.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when no connection can be made within `timeout`.
    pub fn open(url: &DatabaseUrl, pool_size: u32, timeout: Duration) -> Result<Self, StoreError> {
        let manager = Manager::new(url.clone());
        let backend = manager.backend();
        // One connection first, outside the pool: its error says what is wrong, the pool's only that it waited.
        manager.prove()?;
        let pool = Pool::builder()
            .max_size(pool_size)
            .min_idle(Some(1))
            .connection_timeout(timeout)
            // A ping for each request would double the round trips; lost connections are replaced when they fail.
            .test_on_check_out(false)
            .error_handler(Box::new(connection::LogErrors))
            .build(manager)
            .map_err(|error| StoreError::Unavailable(Box::new(error)))?;
        Ok(Self { pool, backend })
    }

    /// Which of the two databases this is.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// The state of the pool at this moment.
    pub fn pool_state(&self) -> PoolState {
        let state = self.pool.state();
        PoolState {
            connections: state.connections,
            idle: state.idle_connections,
        }
    }

    /// Runs queries that change nothing, each seeing what was committed when it began. `work` is run again when the
    /// connection turns out to be lost.
    ///
    /// # Errors
    /// What `work` returns; [`StoreError::Exhausted`] when no connection is free in time.
    pub fn read<T, E, F>(&self, mut work: F) -> Result<T, E>
    where
        E: From<StoreError> + std::error::Error + 'static,
        F: FnMut(&mut Db) -> Result<T, E>,
    {
        self.with_retries(|store| {
            let mut db = store.connection().map_err(|e| Attempt::last(e.into()))?;
            work(&mut db).map_err(Attempt::judged)
        })
    }

    /// As [`Store::read`], but all queries see one moment; for views that are put together from several queries.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub fn snapshot<T, E, F>(&self, mut work: F) -> Result<T, E>
    where
        E: From<StoreError> + std::error::Error + 'static,
        F: FnMut(&mut Db) -> Result<T, E>,
    {
        self.with_retries(|store| {
            let mut db = store.connection().map_err(|e| Attempt::last(e.into()))?;
            match &mut *db {
                Db::Postgres(c) => AnsiTransactionManager::begin_transaction_sql(
                    c,
                    "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
                ),
                Db::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN"),
            }
            .map_err(|e| Attempt::judged(StoreError::from(e).into()))?;
            let outcome = work(&mut db);
            DbTransactions::rollback_transaction(&mut *db).map_err(|e| Attempt::judged(StoreError::from(e).into()))?;
            outcome.map_err(Attempt::judged)
        })
    }

    /// Runs `work` in one transaction and commits it when it returns `Ok`; otherwise nothing has happened. `work` is
    /// run again, from the beginning, when it met another transaction or a lost connection.
    ///
    /// # Errors
    /// What `work` returns; [`StoreError::Exhausted`] or [`StoreError::Contended`] when it could not be done in time.
    pub fn write<T, E, F>(&self, mut work: F) -> Result<T, E>
    where
        E: From<StoreError> + std::error::Error + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, E>,
    {
        self.with_retries(|store| {
            let mut db = store.connection().map_err(|e| Attempt::last(e.into()))?;
            let failed = |e: diesel::result::Error| Attempt::judged(E::from(StoreError::from(e)));
            // SQLite: a deferred transaction that reads and then writes fails at once when another one wrote between.
            match &mut *db {
                Db::Postgres(c) => AnsiTransactionManager::begin_transaction(c),
                Db::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE"),
            }
            .map_err(failed)?;
            match work(&mut Tx(&mut db)) {
                Ok(value) => match DbTransactions::commit_transaction(&mut *db).map_err(StoreError::from) {
                    Ok(()) => Ok(value),
                    Err(error @ StoreError::Contended(_)) => Err(Attempt::judged(error.into())),
                    // A connection lost during the commit: nobody knows whether it happened, so it is not done twice.
                    Err(error) => Err(Attempt::last(error.into())),
                },
                Err(error) => {
                    if let Err(rollback) = DbTransactions::rollback_transaction(&mut *db) {
                        // The pool discards a connection whose transaction is still open.
                        tracing::debug!(error = %rollback, "rollback failed");
                    }
                    Err(Attempt::judged(error))
                }
            }
        })
    }

    /// A connection of the pool, for migrations.
    pub(crate) fn connection(&self) -> Result<PooledConnection<Manager>, StoreError> {
        self.pool.get().map_err(|error| StoreError::Exhausted(Box::new(error)))
    }

    fn with_retries<T, E>(&self, mut attempt: impl FnMut(&Self) -> Result<T, Attempt<E>>) -> Result<T, E>
    where
        E: From<StoreError> + std::error::Error + 'static,
    {
        let began = std::time::Instant::now();
        let mut contended = 0;
        // Every connection of the pool may have been lost together, as when the database restarts.
        let mut lost = 0;
        loop {
            match attempt(self) {
                Ok(value) => return Ok(value),
                Err(Attempt {
                    error,
                    again: Again::Contended,
                }) if contended + 1 < ATTEMPTS && began.elapsed() < PATIENCE => {
                    tracing::debug!(error = %crate::chain::chain(&error), contended, "transaction is begun again");
                    std::thread::sleep(pause(contended));
                    contended += 1;
                }
                Err(Attempt { again: Again::Lost, .. }) if lost <= self.pool.max_size() => lost += 1,
                Err(Attempt { error, .. }) => return Err(error),
            }
        }
    }
}

/// A failed attempt and whether another one can succeed.
struct Attempt<E> {
    error: E,
    again: Again,
}

enum Again {
    No,
    Contended,
    Lost,
}

impl<E: std::error::Error + 'static> Attempt<E> {
    fn last(error: E) -> Self {
        Self {
            error,
            again: Again::No,
        }
    }

    /// Looks for a store error in the chain: the use case's error may have wrapped it.
    fn judged(error: E) -> Self {
        let mut link: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        let mut again = Again::No;
        while let Some(current) = link {
            match current.downcast_ref::<StoreError>() {
                Some(StoreError::Contended(_)) => again = Again::Contended,
                Some(StoreError::Unavailable(_)) => again = Again::Lost,
                _ => {}
            }
            link = current.source();
        }
        Self { error, again }
    }
}

fn pause(attempt: u32) -> Duration {
    let longest = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(attempt));
    FIRST_PAUSE / 2 + longest.mul_f64(rand::random::<f64>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraint_names_are_the_same_on_both_databases() {
        for (given, message, name) in [
            (Some("users_username_key"), "duplicate key value", "users_username_key"),
            (None, "UNIQUE constraint failed: users.username", "users_username_key"),
            (
                None,
                "UNIQUE constraint failed: units.agency_id, units.name",
                "units_agency_id_name_key",
            ),
            (
                None,
                "UNIQUE constraint failed: index 'grants_open_key'",
                "grants_open_key",
            ),
        ] {
            assert_eq!(unique_name(given, message), name);
        }
    }

    #[test]
    fn contention_is_known_in_the_languages_of_the_server() {
        for (message, contended) in [
            ("database is locked", true),
            ("deadlock detected", true),
            ("检测到死锁", true),
            ("由于锁超时，取消语句操作", true),
            ("由于语句执行超时，正在取消查询命令", false),
            ("relation \"cases\" does not exist", false),
        ] {
            assert_eq!(is_contention(message), contended, "{message}");
        }
    }
}
