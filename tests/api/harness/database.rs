//! A database for one test, migrated and removed with it.

use std::time::Duration;

use gongkai::config::{DatabaseUrl, Secret};
use gongkai::store::Store;
use tempfile::TempDir;

use super::postgres;

/// A migrated database that belongs to one test.
pub struct Database {
    pub url: DatabaseUrl,
    /// Also the data directory of the application on it.
    pub directory: TempDir,
    dropped: Option<String>,
}

impl Database {
    pub fn sqlite() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let url = DatabaseUrl::Sqlite(directory.path().join("db/test.sqlite3"));
        let database = Self {
            url,
            directory,
            dropped: None,
        };
        database.store().migrate().expect("migrations run");
        database
    }

    /// `None`, said loudly, when there is no PostgreSQL; a failure when `CI=true`.
    pub fn postgres() -> Option<Self> {
        let server = postgres::server()?;
        let (name, url) = server.create_database();
        Some(Self {
            url: DatabaseUrl::Postgres(Secret::new(url)),
            directory: tempfile::tempdir().expect("a temporary directory"),
            dropped: Some(name),
        })
    }

    /// A store of its own on this database.
    pub fn store(&self) -> Store {
        Store::open(&self.url, 8, Duration::from_secs(20)).expect("the database opens")
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let (Some(name), Some(server)) = (&self.dropped, postgres::server()) {
            server.drop_database(name);
        }
    }
}
