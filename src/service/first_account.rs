//! The first account of an installation, whose password is drawn and told once.

use chrono::{DateTime, Utc};

use super::auth::Auth;
use super::people::{By, NewUser, user_create};
use crate::error::Error;
use crate::random;
use crate::store::Store;
use crate::store::users::{users_exist, users_exist_beside_demo};

/// The first account, with a password that is shown once.
#[derive(Clone)]
pub struct FirstAdministrator {
    pub username: &'static str,
    pub password: String,
}

impl std::fmt::Debug for FirstAdministrator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FirstAdministrator({})", self.username)
    }
}

/// A random password of about 120 bits.
pub fn new_password() -> String {
    random::token().chars().take(20).collect()
}

/// Whether the database holds accounts of the demonstration and no other.
///
/// # Errors
/// Failures of the database.
pub fn only_demo_accounts(store: &Store) -> Result<bool, Error> {
    store.read(|db| Ok(users_exist(db)? && !users_exist_beside_demo(db)?))
}

/// Creates an administrator when there is no account at all; `None` when there is one.
///
/// # Errors
/// Failures of the database or of password hashing.
pub fn first_administrator(
    store: &Store,
    auth: &Auth,
    now: DateTime<Utc>,
) -> Result<Option<FirstAdministrator>, Error> {
    if store.read(|db| Ok::<_, Error>(users_exist(db)?))? {
        return Ok(None);
    }
    let first = FirstAdministrator {
        username: "admin",
        password: new_password(),
    };
    let hash = auth.passwords.hash(&first.password)?;
    let created = store.write(|tx| {
        // Again inside the transaction: two nodes may start at once. The unique username decides between them.
        if users_exist(tx)? {
            return Ok(None);
        }
        let new = NewUser {
            username: first.username.to_owned(),
            name: "系统管理员".to_owned(),
            administrator: true,
            ..NewUser::default()
        };
        user_create(tx, By::Console, now, new, &hash)?;
        Ok(Some(first.clone()))
    });
    match created {
        Err(Error::Conflict { .. }) => Ok(None),
        other => other,
    }
}
