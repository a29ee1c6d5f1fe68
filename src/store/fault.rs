//! What can go wrong in the store, and how both databases' errors are told apart.

use diesel::result::DatabaseErrorKind;

use crate::domain::words::ids::CaseId;

/// What can go wrong below the use cases.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database is down, or a connection to it was lost.
    #[error("the database is not reachable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// No connection of the pool became free in time.
    #[error("all database connections are in use")]
    Exhausted(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The disk of the database is full; nothing of the transaction is there.
    #[error("the disk of the database is full")]
    Full(#[source] Box<dyn std::error::Error + Send + Sync>),
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
    /// An entry of a case's log cannot be read, or does not fit those before it.
    #[error("stored data cannot be read: case {case_id} entry {seq}: {reason}")]
    Log { case_id: CaseId, seq: i64, reason: String },
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
            E::DatabaseError(_, information) if is_full(information.message()) => Self::Full(Box::new(error)),
            E::DatabaseError(_, information) if is_connection_loss(information.message()) => {
                Self::Unavailable(Box::new(error))
            }
            // The cause of the failed commit says more than that undoing it failed too.
            E::RollbackErrorOnCommit { .. } => match error {
                E::RollbackErrorOnCommit { commit_error, .. } => Self::from(*commit_error),
                error => Self::Database(error),
            },
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

/// SQLite's own text, and the operating system's in the messages of PostgreSQL ("could not extend file …").
fn is_full(message: &str) -> bool {
    message.starts_with("database or disk is full")
        || message.contains("No space left on device")
        || message.contains("设备上没有空间")
        || message.contains("Disk quota exceeded")
}

fn is_connection_loss(message: &str) -> bool {
    message.starts_with("terminating connection")
        || message.starts_with("server closed the connection")
        || message.starts_with("could not receive data from server")
        || message.starts_with("no connection to the server")
        || message.starts_with("the database system is")
        // SQLite: the file or its disk is out of reach.
        || message.starts_with("disk I/O error")
        || message.starts_with("unable to open database file")
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

    #[test]
    fn a_full_disk_is_known_in_the_languages_of_the_server() {
        for (message, full) in [
            ("database or disk is full", true),
            (
                "could not extend file \"base/16384/16397\": No space left on device",
                true,
            ),
            ("无法扩展文件 \"base/16384/16397\": 设备上没有空间", true),
            ("out of shared memory", false),
        ] {
            assert_eq!(is_full(message), full, "{message}");
        }
    }
}
