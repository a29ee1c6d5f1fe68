//! The embedded migrations: one directory per database, the same names in both.

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::migration::{Migration, MigrationSource, MigrationVersion};
use diesel::r2d2::R2D2Connection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{Db, Store, StoreError};

const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// Any number that only this program uses: nodes that start together migrate one after the other, and the second waits
/// however long the first one takes.
const POSTGRES_LOCK: &str = "SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0; \
     SELECT pg_advisory_xact_lock(7163540982)";

type MigrationResult<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

impl Store {
    /// Runs the migrations that are pending, all in one transaction; returns their versions.
    ///
    /// # Errors
    /// [`StoreError::Migration`]; then none of them has happened.
    pub fn migrate(&self) -> Result<Vec<String>, StoreError> {
        self.in_migration(|db| match db {
            Db::Postgres(c) => c.run_pending_migrations(POSTGRES).map(names),
            Db::Sqlite(c) => c.run_pending_migrations(SQLITE).map(names),
        })
    }

    /// Takes every migration back and with it all data; returns their versions, newest first.
    ///
    /// # Errors
    /// [`StoreError::Migration`]; then none of them has happened.
    pub fn revert_all_migrations(&self) -> Result<Vec<String>, StoreError> {
        self.in_migration(|db| match db {
            Db::Postgres(c) => c.revert_all_migrations(POSTGRES).map(names),
            Db::Sqlite(c) => c.revert_all_migrations(SQLITE).map(names),
        })
    }

    /// The number of migrations that are still to be run; 0 when the database is ready.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`], or [`StoreError::Migration`] when the versions cannot be read.
    pub fn pending_migrations(&self) -> Result<usize, StoreError> {
        self.read(|db| {
            // The harness hides what kind of failure it met; a lost connection is to be replaced.
            db.ping()?;
            match db {
                Db::Postgres(c) => c.pending_migrations(POSTGRES).map(|pending| pending.len()),
                Db::Sqlite(c) => c.pending_migrations(SQLITE).map(|pending| pending.len()),
            }
            .map_err(StoreError::Migration)
        })
    }

    fn in_migration(
        &self,
        work: impl FnOnce(&mut Db) -> MigrationResult<Vec<String>>,
    ) -> Result<Vec<String>, StoreError> {
        let mut db = self.connection()?;
        match &mut *db {
            Db::Postgres(c) => {
                AnsiTransactionManager::begin_transaction(c)?;
                c.batch_execute(POSTGRES_LOCK)?;
            }
            Db::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE")?,
        }
        match work(&mut db) {
            Ok(versions) => {
                super::DbTransactions::commit_transaction(&mut *db)?;
                Ok(versions)
            }
            Err(error) => {
                super::DbTransactions::rollback_transaction(&mut *db)?;
                Err(StoreError::Migration(error))
            }
        }
    }
}

fn names(versions: Vec<MigrationVersion<'_>>) -> Vec<String> {
    versions.into_iter().map(|version| version.to_string()).collect()
}

/// The names of the migrations of both databases, in order: PostgreSQL's, then SQLite's.
///
/// # Errors
/// [`StoreError::Migration`] when the embedded files cannot be read.
pub fn migration_names() -> Result<(Vec<String>, Vec<String>), StoreError> {
    fn of<DB: diesel::backend::Backend>(source: &EmbeddedMigrations) -> Result<Vec<String>, StoreError> {
        let all: Vec<Box<dyn Migration<DB>>> =
            MigrationSource::<DB>::migrations(source).map_err(StoreError::Migration)?;
        let mut names: Vec<String> = all.iter().map(|migration| migration.name().to_string()).collect();
        names.sort();
        Ok(names)
    }
    Ok((of::<diesel::pg::Pg>(&POSTGRES)?, of::<diesel::sqlite::Sqlite>(&SQLITE)?))
}
