//! Persistence: SQLite and PostgreSQL behind one set of diesel queries.
//!
//! [`Store::read`] gives `&mut Db`, [`Store::write`] gives `&mut Tx`; a function that writes takes `&mut Tx` and can
//! therefore not be called outside a transaction. Errors inside a transaction are returned, never swallowed: on
//! PostgreSQL a swallowed one makes the commit roll back silently. To go on after an expected error use
//! [`Tx::savepoint`]. Nothing here knows HTTP, and nothing here asks for the time.

pub mod admin_log;
pub mod agencies;
mod attempt;
mod batch;
pub mod cases;
pub mod connection;
mod copy;
pub mod counters;
pub mod directory;
pub mod documents;
pub mod drafts;
mod fault;
mod fixed;
pub mod idempotency;
pub mod instruments;
pub mod key;
pub mod migrate;
mod planner;
pub mod postings;
pub mod register;
pub mod schema;
pub mod sql;
pub mod templates;
pub mod tokens;
mod transaction;
pub mod users;

use std::sync::Arc;
use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::r2d2::{Pool, PooledConnection, R2D2Connection};

use crate::config::DatabaseUrl;
use attempt::{Again, Attempt};
use batch::Writer;
use connection::Manager;
pub use connection::{Backend, Db};
pub use fault::{StoreError, unique_name};
pub use transaction::Tx;
use transaction::{DbTransactions, Waiting};

/// How often a transaction that met another one is begun again before the caller is told to come back later.
const ATTEMPTS: u32 = 6;
/// The first pause before another attempt; it doubles each time and is spread at random.
const FIRST_PAUSE: Duration = Duration::from_millis(4);
/// After this time no other attempt is begun: each may itself have waited for a lock.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long a request waits for a connection when there is none and the last attempt to make one failed.
const PATIENCE_WHILE_AWAY: Duration = Duration::from_millis(100);

/// Up to so many bytes, some two hundred thousand cases, a SQLite file is taken to be in memory.
const SMALL: u64 = 2 << 30;

/// Connections in use and at rest, for metrics.
#[derive(Debug, Clone, Copy)]
pub struct PoolState {
    pub connections: u32,
    pub idle: u32,
}

/// What the queries of a reader see.
#[derive(Debug, Clone, Copy)]
enum Sees {
    /// Each what was committed when it began.
    WhatIsCommitted,
    OneMoment,
}

/// Reads in a transaction of its own, in which nothing changes and nothing is kept.
fn in_one_moment<T, E, F>(db: &mut Db, work: &mut F) -> Result<T, E>
where
    E: From<StoreError>,
    F: FnMut(&mut Db) -> Result<T, E>,
{
    match db {
        Db::Postgres(c) => AnsiTransactionManager::begin_transaction_sql(
            c,
            "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
        ),
        Db::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN"),
    }
    .map_err(StoreError::from)?;
    let outcome = work(db);
    DbTransactions::rollback_transaction(db).map_err(StoreError::from)?;
    outcome
}

/// The door to the database; clones share one pool. All functions block.
#[derive(Clone)]
pub struct Store {
    pool: Pool<Manager>,
    manager: Manager,
    /// How long a request waits for a connection.
    patience: Duration,
    backend: Backend,
    small: bool,
    sees: Sees,
    /// SQLite's one writing connection, beside the pool: readers never wait for writers.
    writer: Option<Arc<Writer>>,
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
        let manager = Manager::new(url.clone(), timeout);
        let backend = manager.backend();
        // One connection first, outside the pool: its error says what is wrong, the pool's only that it waited.
        manager.prove()?;
        let writer = (backend == Backend::Sqlite).then(|| Arc::new(Writer::new(manager.clone(), timeout)));
        let pool = Pool::builder()
            .max_size(pool_size)
            .min_idle(Some(1))
            .connection_timeout(timeout)
            // A ping for each request would double the round trips; lost connections are replaced when they fail.
            .test_on_check_out(false)
            .error_handler(Box::new(connection::LogErrors))
            .build(manager.clone())
            .map_err(|error| StoreError::Unavailable(Box::new(error)))?;
        Ok(Self {
            pool,
            manager,
            patience: timeout,
            backend,
            small: matches!(url, DatabaseUrl::Sqlite(path) if std::fs::metadata(path).is_ok_and(|file| file.len() <= SMALL)),
            sees: Sees::WhatIsCommitted,
            writer,
        })
    }

    /// Whether this was, when it was opened, a SQLite file that the system will keep in memory: reading it waits for no
    /// disk.
    pub fn is_small(&self) -> bool {
        self.small
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

    /// The same store, whose readers see one moment with all of their queries; for views that are put together from
    /// several.
    pub fn at_one_moment(&self) -> Self {
        Self {
            sees: Sees::OneMoment,
            ..self.clone()
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
            let outcome = match store.sees {
                Sees::WhatIsCommitted => work(&mut db),
                Sees::OneMoment => in_one_moment(&mut db, &mut work),
            }
            .map_err(Attempt::judged);
            if matches!(&outcome, Err(Attempt { again: Again::Lost, .. })) {
                // A statement that could not even be sent does not tell the pool that the connection is of no use; this
                // does. Without it the next attempt would get the same one again.
                let _ = db.ping();
            }
            outcome
        })
    }

    /// Reads by key at once, where that takes less time than handing it to another thread: on SQLite, whose readers wait
    /// for nobody, while a connection is at rest. Otherwise `None`. What is read is small, and not waited for on a disk.
    pub fn glance<T>(&self, work: impl FnOnce(&mut Db) -> T) -> Option<T> {
        match self.backend {
            Backend::Sqlite => self.pool.try_get().map(|mut db| work(&mut db)),
            Backend::Postgres => None,
        }
    }

    /// Runs `work` in one transaction and commits it when it returns `Ok`; otherwise nothing has happened. `work` is
    /// run again, from the beginning, when it met another transaction or a lost connection. On SQLite writers that wait
    /// for each other are committed together: a `work` that takes long delays the answers of the others.
    ///
    /// # Errors
    /// What `work` returns; [`StoreError::Exhausted`] or [`StoreError::Contended`] when it could not be done in time;
    /// [`StoreError::Full`].
    pub fn write<T, E, F>(&self, mut work: F) -> Result<T, E>
    where
        E: From<StoreError> + std::error::Error + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, E>,
    {
        if let Some(writer) = &self.writer {
            let mut alone = false;
            return self.with_retries(|_| {
                let outcome = writer.write(alone, &mut work);
                alone |= matches!(
                    &outcome,
                    Err(Attempt {
                        again: Again::Alone,
                        ..
                    })
                );
                outcome
            });
        }
        self.with_retries(|store| {
            let mut db = store.connection().map_err(|e| Attempt::last(e.into()))?;
            DbTransactions::begin_transaction(&mut *db).map_err(|e| Attempt::judged(E::from(StoreError::from(e))))?;
            let mut waiting = Waiting::default();
            let worked = work(&mut Tx {
                db: &mut db,
                waiting: &mut waiting,
            });
            match worked.and_then(|value| waiting.run(&mut db).map(|()| value).map_err(E::from)) {
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
        let began = std::time::Instant::now();
        loop {
            match self.pool.get_timeout(PATIENCE_WHILE_AWAY.min(self.patience)) {
                Ok(connection) => return Ok(connection),
                // While the database is away nobody waits for a connection that will not come: requests would pile up
                // behind each other, and be answered late long after it is back.
                Err(error)
                    if began.elapsed() >= self.patience
                        || (self.manager.is_failing() && self.pool.state().connections == 0) =>
                {
                    return Err(StoreError::Exhausted(Box::new(error)));
                }
                Err(_) => {}
            }
        }
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
                // Happens once: nobody else can fail the next attempt.
                Err(Attempt {
                    again: Again::Alone, ..
                }) => {}
                Err(Attempt { again: Again::Lost, .. }) if lost <= self.pool.max_size() => lost += 1,
                Err(Attempt { error, .. }) => return Err(error),
            }
        }
    }
}

fn pause(attempt: u32) -> Duration {
    let longest = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(attempt));
    FIRST_PAUSE / 2 + longest.mul_f64(rand::random::<f64>())
}
