//! The embedded migrations: one directory per database, the same names in both. They are added, never rewritten.
//!
//! The first, `0100_schema`, makes what six migrations of earlier builds made step by step. A database that has all six is
//! taken to have it: only the list of migrations is brought up to date. One that has fewer is finished by the build that
//! still has them.

use diesel::backend::Backend;
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

/// The migrations of earlier builds, and the one that stands for all of them.
const EARLIER: [&str; 6] = ["0001", "0002", "0003", "0004", "0005", "0006"];
const SCHEMA: &str = "0100";

/// A database that an earlier build left half-way.
#[derive(Debug, thiserror::Error)]
#[error(
    "数据库只执行了旧迁移 0001 至 0006 中的 {applied} 项，本版本已不含其余各项。请先用版本 0.1.0（提交 e37e5a0，含迁移 \
     0001 至 0006）执行 gongkai migrate，再使用本版本。 / The database has {applied} of the earlier migrations 0001 to \
     0006, and this build no longer has the others. Run `gongkai migrate` of version 0.1.0 (commit e37e5a0, which has \
     0001 to 0006) first, then this build."
)]
struct Unfinished {
    applied: usize,
}

type MigrationResult<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

impl Store {
    /// Runs the migrations that are pending, all in one transaction; returns their versions.
    ///
    /// # Errors
    /// [`StoreError::Migration`]; then none of them has happened.
    pub fn migrate(&self) -> Result<Vec<String>, StoreError> {
        self.in_migration(|db| match db {
            Db::Postgres(c) => run(c, POSTGRES),
            Db::Sqlite(c) => run(c, SQLITE),
        })
    }

    /// Takes every migration back and with it all data; returns their versions, newest first.
    ///
    /// # Errors
    /// [`StoreError::Migration`]; then none of them has happened.
    pub fn revert_all_migrations(&self) -> Result<Vec<String>, StoreError> {
        self.in_migration(|db| match db {
            Db::Postgres(c) => revert(c, POSTGRES),
            Db::Sqlite(c) => revert(c, SQLITE),
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
                Db::Postgres(c) => pending(c, POSTGRES),
                Db::Sqlite(c) => pending(c, SQLITE),
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
                super::transaction::DbTransactions::commit_transaction(&mut *db)?;
                Ok(versions)
            }
            Err(error) => {
                super::transaction::DbTransactions::rollback_transaction(&mut *db)?;
                Err(StoreError::Migration(error))
            }
        }
    }
}

/// Whether earlier builds made the schema and nothing says yet that it is the present one.
fn is_of_earlier_builds<DB: Backend>(c: &mut impl MigrationHarness<DB>) -> MigrationResult<bool> {
    let applied = names(c.applied_migrations()?);
    let earlier = EARLIER.iter().filter(|version| applied.iter().any(|a| a == *version));
    match earlier.count() {
        _ if applied.iter().any(|version| version == SCHEMA) => Ok(false),
        0 => Ok(false),
        count if count == EARLIER.len() => Ok(true),
        applied => Err(Unfinished { applied }.into()),
    }
}

/// Says of what earlier builds made that it is the present schema. Their rows stay: a node of such a build that still
/// runs finds its own in the list.
fn adopt<DB: Backend, C>(c: &mut C) -> MigrationResult<Option<String>>
where
    C: MigrationHarness<DB> + SimpleConnection,
{
    if !is_of_earlier_builds(c)? {
        return Ok(None);
    }
    c.batch_execute(&format!(
        "INSERT INTO __diesel_schema_migrations (version) VALUES ('{SCHEMA}')"
    ))?;
    Ok(Some(SCHEMA.to_owned()))
}

fn run<DB: Backend, C>(c: &mut C, source: EmbeddedMigrations) -> MigrationResult<Vec<String>>
where
    C: MigrationHarness<DB> + SimpleConnection,
{
    let adopted = adopt(c)?;
    let run = names(c.run_pending_migrations(source)?);
    Ok(adopted.into_iter().chain(run).collect())
}

fn revert<DB: Backend, C>(c: &mut C, source: EmbeddedMigrations) -> MigrationResult<Vec<String>>
where
    C: MigrationHarness<DB> + SimpleConnection,
{
    adopt(c)?;
    let earlier = EARLIER.join("', '");
    c.batch_execute(&format!(
        "DELETE FROM __diesel_schema_migrations WHERE version IN ('{earlier}')"
    ))?;
    Ok(names(c.revert_all_migrations(source)?))
}

fn pending<DB: Backend>(c: &mut impl MigrationHarness<DB>, source: EmbeddedMigrations) -> MigrationResult<usize> {
    let made = usize::from(is_of_earlier_builds(c)?);
    Ok(c.pending_migrations(source)?.len().saturating_sub(made))
}

fn names(versions: Vec<MigrationVersion<'_>>) -> Vec<String> {
    versions.into_iter().map(|version| version.to_string()).collect()
}

/// The names of the migrations of both databases, in order: PostgreSQL's, then SQLite's.
///
/// # Errors
/// [`StoreError::Migration`] when the embedded files cannot be read.
pub fn migration_names() -> Result<(Vec<String>, Vec<String>), StoreError> {
    fn of<DB: Backend>(source: &EmbeddedMigrations) -> Result<Vec<String>, StoreError> {
        let all: Vec<Box<dyn Migration<DB>>> =
            MigrationSource::<DB>::migrations(source).map_err(StoreError::Migration)?;
        let mut names: Vec<String> = all.iter().map(|migration| migration.name().to_string()).collect();
        names.sort();
        Ok(names)
    }
    Ok((of::<diesel::pg::Pg>(&POSTGRES)?, of::<diesel::sqlite::Sqlite>(&SQLITE)?))
}
