//! What the demonstration does that nobody else may: to begin on an empty database, to find what it made before, and to
//! write whole cases with their past.

use std::collections::BTreeMap;

use crate::auth::query_code::QueryCodeHash;
use crate::domain::case::{Applied, Case, Law};
use crate::domain::words::ids::{AgencyId, UnitId};
use crate::error::Error;
use crate::random;
use crate::store::cases::case_insert;
use crate::store::counters::{counter_add, counters};
use crate::store::users::{user_by_username, users_exist, users_exist_beside_demo};
use crate::store::{Db, StoreError, agencies};

pub use crate::store::agencies::Agency;
pub use crate::store::users::{User, actor_of};
pub use crate::store::{Backend, Store, Tx};

/// Whose accounts a database holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inhabited {
    Nobody,
    /// Those of the demonstration and no others.
    Demonstration,
    RealPeople,
}

/// Whose accounts the database holds.
///
/// # Errors
/// Failures of the database.
pub fn inhabited(db: &mut Db) -> Result<Inhabited, Error> {
    Ok(match (users_exist(db)?, users_exist_beside_demo(db)?) {
        (false, _) => Inhabited::Nobody,
        (true, false) => Inhabited::Demonstration,
        (true, true) => Inhabited::RealPeople,
    })
}

/// The account with this username.
///
/// # Errors
/// Failures of the database.
pub fn account(db: &mut Db, username: &str) -> Result<Option<User>, Error> {
    Ok(user_by_username(db, username)?.map(|(user, _)| user))
}

/// The agency with this code.
///
/// # Errors
/// Failures of the database.
pub fn agency(db: &mut Db, code: &str) -> Result<Option<Agency>, Error> {
    match agencies::agency_by_code(db, code) {
        Ok(agency) => Ok(Some(agency)),
        Err(StoreError::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The oldest unit of an agency that is in use.
///
/// # Errors
/// Failures of the database.
pub fn first_unit(db: &mut Db, agency_id: AgencyId) -> Result<Option<UnitId>, Error> {
    let units = agencies::unit_list(db, agency_id, true, None, 1)?;
    Ok(units.first().map(|unit| unit.id))
}

/// The last number given in every series.
///
/// # Errors
/// Failures of the database.
pub fn numbers_given(db: &mut Db) -> Result<BTreeMap<String, i64>, Error> {
    Ok(counters(db)?)
}

/// So many numbers of a series are given.
///
/// # Errors
/// Failures of the database.
pub fn numbers_give(tx: &mut Tx<'_>, scope: &str, count: i64) -> Result<(), Error> {
    counter_add(tx, scope, count)?;
    Ok(())
}

/// Writes a case that was told in the domain alone, with all its events.
///
/// # Errors
/// Failures of the database.
pub fn case_write(tx: &mut Tx<'_>, case: &Case, applied: &Applied, law: &Law<'_>) -> Result<(), Error> {
    let sealed = QueryCodeHash::seal(&random::query_code(), random::bytes());
    case_insert(tx, case, applied, &sealed.to_string(), law)?;
    Ok(())
}

/// What the planner of the database should know after so much was written.
///
/// # Errors
/// Failures of the database.
pub fn settle(store: &Store) -> Result<(), Error> {
    super::search::merge(store)?;
    Ok(store.statistics_refresh()?)
}
