//! One connection type for both databases, made by the scheme of the URL, and what is set on each new connection.

// What the derive generates carries no Debug and is named by nobody outside diesel's traits.
#![allow(missing_debug_implementations)]

use std::fmt;
use std::fs::{DirBuilder, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::r2d2::{ManageConnection, R2D2Connection};
use diesel::sqlite::SqliteConnection;
use diesel::{Connection, ConnectionError};

use super::StoreError;
use crate::config::{DatabaseUrl, Secret};

/// A connection to either database. Queries are written once, against this type.
#[derive(diesel::MultiConnection)]
pub enum Db {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Db::{:?}", self.backend())
    }
}

impl Db {
    /// Which database this connection leads to; only for the few statements that differ.
    pub fn backend(&self) -> Backend {
        match self {
            Self::Postgres(_) => Backend::Postgres,
            Self::Sqlite(_) => Backend::Sqlite,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    Postgres,
    Sqlite,
}

/// busy_timeout comes first: the change of the journal mode already takes a lock. FULL, so that what was acknowledged
/// survives a loss of power. secure_delete, so that forgotten answers and erased texts do not stay in free pages.
pub const SQLITE_SETTINGS: &str = "PRAGMA busy_timeout = 15000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA cache_size = -4000;";

/// Timeouts, so that nothing waits for ever; the isolation level that retries are made for. No query runs long enough to
/// pay for its compilation (jit), and for each there is one plan that fits all values: planning anew would often take
/// longer than the query.
pub const POSTGRES_SETTINGS: &str = "SET TIME ZONE 'UTC'; SET client_encoding = 'UTF8'; \
     SET client_min_messages = warning; SET jit = off; SET plan_cache_mode = force_generic_plan; \
     SET lock_timeout = '15s'; SET statement_timeout = '60s'; SET idle_in_transaction_session_timeout = '120s'; \
     SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED";

/// A server that went away without a word is noticed by the system only after many minutes: unless the URL says
/// otherwise, neither connecting nor what is sent over a connection waits longer.
fn with_timeouts(url: &str, timeout: Duration) -> String {
    let seconds = timeout.as_secs().clamp(2, 60).to_string();
    let milliseconds = timeout.as_millis().clamp(2_000, 60_000).to_string();
    let mut url = url.to_owned();
    for (name, value) in [
        ("connect_timeout", seconds.as_str()),
        ("keepalives_idle", "30"),
        ("keepalives_interval", "10"),
        ("keepalives_count", "3"),
        ("tcp_user_timeout", milliseconds.as_str()),
    ] {
        if !url.contains(&format!("{name}=")) {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(&format!("{name}={value}"));
        }
    }
    url
}

/// Makes connections for the pool; the variant is chosen by the URL, never guessed.
#[derive(Debug, Clone)]
pub struct Manager {
    url: DatabaseUrl,
    /// Whether the last attempt to connect failed; shared by all clones.
    failing: Arc<AtomicBool>,
}

impl Manager {
    /// `timeout` is how long the making of one connection may take.
    pub(super) fn new(url: DatabaseUrl, timeout: Duration) -> Self {
        let url = match url {
            DatabaseUrl::Postgres(url) => DatabaseUrl::Postgres(Secret::new(with_timeouts(url.expose(), timeout))),
            sqlite => sqlite,
        };
        Self {
            url,
            failing: Arc::default(),
        }
    }

    /// Whether the last attempt to connect failed.
    pub(super) fn is_failing(&self) -> bool {
        self.failing.load(Ordering::Relaxed)
    }

    pub(super) fn backend(&self) -> Backend {
        match self.url {
            DatabaseUrl::Sqlite(_) => Backend::Sqlite,
            DatabaseUrl::Postgres(_) => Backend::Postgres,
        }
    }

    /// Makes one connection and closes it, so that the first error is the database's own.
    pub(super) fn prove(&self) -> Result<(), StoreError> {
        self.connect().map(drop)
    }

    /// The connection that all writers of a SQLite file share. What a savepoint may have to take back stays in memory:
    /// it must not be left in a temporary file. Each case touches some forty trees: there is more room for their pages
    /// than a reader needs.
    pub(super) fn connect_writer(&self) -> Result<Db, StoreError> {
        let mut db = self.connect()?;
        db.batch_execute("PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32000")?;
        Ok(db)
    }

    fn connect(&self) -> Result<Db, StoreError> {
        let made = self.make();
        self.failing.store(made.is_err(), Ordering::Relaxed);
        made
    }

    fn make(&self) -> Result<Db, StoreError> {
        let unavailable = |error: ConnectionError| StoreError::Unavailable(Box::new(error));
        match &self.url {
            DatabaseUrl::Sqlite(path) => {
                create_private(path).map_err(|e| StoreError::Unavailable(Box::new(e)))?;
                let mut connection = SqliteConnection::establish(&path.to_string_lossy()).map_err(unavailable)?;
                connection
                    .batch_execute(SQLITE_SETTINGS)
                    .map_err(|e| match StoreError::from(e) {
                        full @ StoreError::Full(_) => full,
                        other => StoreError::Unavailable(Box::new(other)),
                    })?;
                Ok(Db::Sqlite(connection))
            }
            DatabaseUrl::Postgres(url) => {
                let mut connection = PgConnection::establish(url.expose()).map_err(unavailable)?;
                connection
                    .batch_execute(POSTGRES_SETTINGS)
                    .map_err(|e| StoreError::Unavailable(Box::new(e)))?;
                Ok(Db::Postgres(connection))
            }
        }
    }
}

/// Creates what is missing of a database file and its directory for this user alone: the file holds personal data and
/// the keys that sign tokens. SQLite gives the files beside it the same permissions.
fn create_private(path: &Path) -> std::io::Result<()> {
    if let Some(parent) = path.parent()
        && !parent.as_os_str().is_empty()
    {
        DirBuilder::new().recursive(true).mode(0o700).create(parent)?;
    }
    OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)
        .map(drop)
}

impl ManageConnection for Manager {
    type Connection = Db;
    type Error = StoreError;

    fn connect(&self) -> Result<Db, StoreError> {
        Self::connect(self)
    }

    fn is_valid(&self, db: &mut Db) -> Result<(), StoreError> {
        db.ping().map_err(StoreError::from)
    }

    /// A panic inside a transaction leaves it open; such a connection must not come back to the pool.
    fn has_broken(&self, db: &mut Db) -> bool {
        std::thread::panicking() || db.is_broken()
    }
}

/// Reports connections that the pool could not make in the background.
#[derive(Debug)]
pub(super) struct LogErrors;

impl diesel::r2d2::HandleError<StoreError> for LogErrors {
    fn handle_error(&self, error: StoreError) {
        tracing::warn!(error = %crate::chain::chain(&error), "no database connection");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_url_says_about_time_stands() {
        let five = Duration::from_secs(5);
        let url = with_timeouts("postgres://u@h/db?connect_timeout=9", five);
        assert!(
            url.starts_with("postgres://u@h/db?connect_timeout=9&keepalives_idle=30&"),
            "{url}"
        );
        assert!(url.ends_with("&tcp_user_timeout=5000"), "{url}");
        assert!(with_timeouts("postgres:///db", five).starts_with("postgres:///db?connect_timeout=5&"));
    }
}
