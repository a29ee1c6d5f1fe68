//! What administrators change (agencies, units, accounts, roles, keys) and who it was: one log, written in the
//! transaction of the change. What people do on cases stands in the logs of the cases.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::domain::people::access::Actor;
use crate::domain::words::ids::{EventId, UserId};
use crate::error::Error;
use crate::random;
pub use crate::store::admin_log::AdminEntry;
use crate::store::admin_log::{admin_log_append, admin_log_list};
use crate::store::{Db, Tx};

/// Who makes a change.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    Person(&'a Actor),
    /// The command line, or the program itself at its first start.
    Console,
}

impl By<'_> {
    pub(super) fn user_id(self) -> Option<UserId> {
        match self {
            Self::Person(actor) => Some(actor.user_id),
            Self::Console => None,
        }
    }
}

/// What an entry is about: kind and id of the target (`user/0192…`), and the new values without any secret.
pub(super) type About = (String, Value);

/// Writes an entry: `action` in the past tense.
pub(super) fn append(
    tx: &mut Tx<'_>,
    by: By<'_>,
    now: DateTime<Utc>,
    action: &str,
    (target, data): About,
) -> Result<(), Error> {
    let entry = AdminEntry {
        id: random::id(now),
        at: now,
        actor_id: by.user_id(),
        action: action.to_owned(),
        target,
        data,
    };
    Ok(admin_log_append(tx, &entry)?)
}

/// One page of the log, newest first, beginning before an id.
///
/// # Errors
/// Failures of the database.
pub fn entries(db: &mut Db, before: Option<EventId>, limit: i64) -> Result<Vec<AdminEntry>, Error> {
    Ok(admin_log_list(db, before, limit)?)
}
