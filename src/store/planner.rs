//! What the databases know about the sizes of their tables: without it they guess, and guess wrong after many rows came
//! at once.

use diesel::connection::SimpleConnection;

use super::{Db, Store, StoreError};

/// Rows of an index that SQLite looks at; enough to tell a narrow column from a wide one.
const SQLITE_ANALYZE: &str = "PRAGMA analysis_limit = 4000; ANALYZE; PRAGMA wal_checkpoint(TRUNCATE);";

impl Store {
    /// Lets the database look at its tables again.
    ///
    /// # Errors
    /// Failures of the database.
    pub fn statistics_refresh(&self) -> Result<(), StoreError> {
        self.read(|db| {
            match db {
                Db::Postgres(c) => c.batch_execute("ANALYZE"),
                Db::Sqlite(c) => c.batch_execute(SQLITE_ANALYZE),
            }
            .map_err(StoreError::from)
        })
    }
}
