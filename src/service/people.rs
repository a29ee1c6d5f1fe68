//! People and their roles: what administrators change, and the first account of all.
//!
//! Each change is written together with its entry in the administrators' log. Callers check existence, version and
//! role first; the fields are checked here.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};

pub use super::admin_log::By;
use super::admin_log::{About, append};
use super::directory::Person;
use crate::domain::people::access::{Actor, Role};
use crate::domain::people::account::{check_person_name, check_username, normalise_username};
use crate::domain::people::party::Applicant;
use crate::domain::words::ids::{AgencyId, UnitId, UserId};
use crate::domain::words::text::{Bilingual, FieldError, none_wrong};
use crate::error::Error;
use crate::random;
use crate::store::agencies::{Agency, agency_fetch, unit_fetch};
use crate::store::tokens::refresh_revoke_user;
pub use crate::store::users::UserFilter;
use crate::store::users::{
    User, grant_delete, grant_put, user_fetch, user_insert, user_list, user_lock, user_password_set, user_update,
};
use crate::store::{Db, StoreError, Tx};

/// An account.
///
/// # Errors
/// `NotFound`.
pub fn user(db: &mut Db, id: UserId) -> Result<User, Error> {
    Ok(user_fetch(db, id)?)
}

/// An account with the roles held.
///
/// # Errors
/// `NotFound`.
pub fn person(db: &mut Db, id: UserId) -> Result<Person, Error> {
    let user = user_fetch(db, id)?;
    Ok(Person::of(db, user)?)
}

/// One page of accounts, oldest first.
///
/// # Errors
/// Failures of the database.
pub fn users(db: &mut Db, filter: &UserFilter) -> Result<Vec<User>, Error> {
    Ok(user_list(db, filter)?)
}

/// Refuses whoever does not administer the installation.
///
/// # Errors
/// `Forbidden`.
pub fn require_administrator(actor: &Actor) -> Result<(), Error> {
    if actor.administrator {
        return Ok(());
    }
    Err(Error::Forbidden {
        detail: Bilingual::new(
            "此项只能由系统管理员办理，请联系本系统管理员。",
            "Only an administrator of the installation may do this.",
        ),
    })
}

pub(super) fn conflict(code: &'static str, zh: &'static str, en: &'static str) -> Error {
    Error::Conflict {
        code,
        detail: Bilingual::new(zh, en),
    }
}

/// What a row is refused for whose name or code another has, by the unique constraint that says so.
pub(super) fn taken(
    constraint: &'static str,
    (code, zh, en): (&'static str, &'static str, &'static str),
) -> impl Fn(StoreError) -> Error {
    move |error| match error.is_unique_violation_of(constraint) {
        true => conflict(code, zh, en),
        false => error.into(),
    }
}

/// An account to be added.
#[derive(Debug, Clone, Default)]
pub struct NewUser {
    pub username: String,
    pub name: String,
    pub agency_id: Option<AgencyId>,
    pub unit_id: Option<UnitId>,
    /// Roles in the own agency.
    pub roles: BTreeSet<Role>,
    pub administrator: bool,
    pub applicant: Option<Applicant>,
    /// An account of the demonstration.
    pub demo: bool,
}

/// Checks an account that is to be added, but for what only the database knows.
fn check_new_user(new: &NewUser, today: NaiveDate) -> Vec<FieldError> {
    let mut errors = Vec::new();
    check_username("/username", &new.username, &mut errors);
    if let Some(applicant) = &new.applicant {
        errors.extend(applicant.check("/applicant", false, today));
    } else {
        check_person_name("/name", &new.name, &mut errors);
    }
    if new.roles.iter().any(|role| !role.is_held_in_agency()) {
        errors.push(role_error("/roles"));
    }
    if !new.roles.is_empty() && new.agency_id.is_none() {
        errors.push(FieldError::missing("/agency_id"));
    }
    errors
}

fn role_error(pointer: &str) -> FieldError {
    FieldError::new(
        pointer,
        "申请人和系统管理员不是机关内的角色，请选择其他角色。",
        "Applicant and admin are not roles held in an agency; choose others.",
    )
}

/// Adds an account with a password that was checked and hashed before the transaction began.
///
/// # Errors
/// `Fields`, or `Conflict` when the username is taken.
pub fn user_create(
    tx: &mut Tx<'_>,
    by: By<'_>,
    now: DateTime<Utc>,
    new: NewUser,
    password_hash: &str,
) -> Result<User, Error> {
    let roles = new.roles.clone();
    let user = user_add(tx, now, new, password_hash)?;
    let mut data = user_json(&user);
    if let (Some(agency_id), Some(object)) = (user.agency_id, data.as_object_mut()) {
        for role in &roles {
            grant_put(tx, user.id, agency_id, *role, now)?;
        }
        object.insert("roles".to_owned(), json!(roles));
    }
    append(tx, by, now, "user_created", about(&user, data))?;
    Ok(user)
}

pub(super) fn user_add(tx: &mut Tx<'_>, now: DateTime<Utc>, new: NewUser, password_hash: &str) -> Result<User, Error> {
    let mut errors = check_new_user(&new, crate::domain::civil_date(now));
    check_place(tx, new.agency_id, new.unit_id, &mut errors)?;
    none_wrong::<Error>(errors)?;
    let user = User {
        id: random::id(now),
        username: normalise_username(&new.username),
        name: new.name.trim().to_owned(),
        agency_id: new.agency_id,
        unit_id: new.unit_id,
        applicant: new.applicant.map(Applicant::normalised),
        administrator: new.administrator,
        demo: new.demo,
        active: true,
        credential_version: 1,
        version: 1,
    };
    let in_use = (
        "username_taken",
        "该用户名已被使用，请另选用户名。",
        "This username is taken; choose another.",
    );
    user_insert(tx, &user, password_hash, now).map_err(taken("users_username_key", in_use))?;
    Ok(user)
}

/// An agency that a body names: one that is not there is the field's error.
pub(super) fn existing_agency(
    db: &mut Db,
    pointer: &str,
    id: AgencyId,
    errors: &mut Vec<FieldError>,
) -> Result<Option<Agency>, Error> {
    match agency_fetch(db, id) {
        Ok(agency) => Ok(Some(agency)),
        Err(StoreError::NotFound) => {
            errors.push(FieldError::new(
                pointer,
                "没有这个机关，请核对编号。",
                "There is no such agency.",
            ));
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// The unit must be one of the agency's.
fn check_place(
    db: &mut Db,
    agency_id: Option<AgencyId>,
    unit_id: Option<UnitId>,
    errors: &mut Vec<FieldError>,
) -> Result<(), Error> {
    if let Some(id) = agency_id {
        existing_agency(db, "/agency_id", id, errors)?;
    }
    if let Some(id) = unit_id {
        let fits = match unit_fetch(db, id) {
            Ok(unit) => Some(unit.agency_id) == agency_id,
            Err(StoreError::NotFound) => false,
            Err(error) => return Err(error.into()),
        };
        if !fits {
            errors.push(FieldError::new(
                "/unit_id",
                "该科室不属于所选机关，请核对。",
                "The unit is not one of the agency's.",
            ));
        }
    }
    Ok(())
}

fn about(user: &User, data: Value) -> About {
    (format!("user/{}", user.id), data)
}

fn user_json(user: &User) -> Value {
    json!({
        "username": user.username, "name": user.name, "agency_id": user.agency_id, "unit_id": user.unit_id,
        "administrator": user.administrator, "active": user.active, "version": user.version,
    })
}

/// What an administrator may change about an account.
#[derive(Debug, Clone)]
pub struct UserChange {
    pub name: String,
    pub agency_id: Option<AgencyId>,
    pub unit_id: Option<UnitId>,
    pub administrator: bool,
    pub active: bool,
}

/// Changes an account. Closing it ends every session at once.
///
/// # Errors
/// `Fields`, `Conflict` when an administrator would lock himself out, or `Stale`.
pub fn user_change(
    tx: &mut Tx<'_>,
    by: By<'_>,
    now: DateTime<Utc>,
    current: User,
    change: UserChange,
) -> Result<User, Error> {
    let mut errors = Vec::new();
    check_person_name("/name", &change.name, &mut errors);
    check_place(tx, change.agency_id, change.unit_id, &mut errors)?;
    none_wrong::<Error>(errors)?;
    // So that there is always an administrator who can sign in.
    if by.user_id() == Some(current.id) && !(change.active && change.administrator) {
        return Err(conflict(
            "own_account",
            "不能停用自己的账号或取消自己的管理员身份，请由另一位管理员办理。",
            "Nobody closes the own account or gives up being administrator; another administrator must do it.",
        ));
    }
    let closed = current.active && !change.active;
    let user = User {
        name: change.name.trim().to_owned(),
        agency_id: change.agency_id,
        unit_id: change.unit_id,
        administrator: change.administrator,
        active: change.active,
        credential_version: current.credential_version + i64::from(closed),
        ..current
    };
    if closed {
        user_lock(tx, user.id)?;
        refresh_revoke_user(tx, user.id, now)?;
    }
    let user = save(tx, user, now)?;
    append(tx, by, now, "user_changed", about(&user, user_json(&user)))?;
    Ok(user)
}

/// Writes a user whose version was checked, and gives back the user with the next version.
pub(super) fn save(tx: &mut Tx<'_>, user: User, now: DateTime<Utc>) -> Result<User, Error> {
    if !user_update(tx, &user, now)? {
        return Err(Error::Stale {
            current_version: user_fetch(tx, user.id)?.version,
        });
    }
    Ok(User {
        version: user.version + 1,
        ..user
    })
}

/// Sets a password that was checked and hashed before the transaction began. Every session ends.
///
/// # Errors
/// `Stale`.
pub fn password_set(
    tx: &mut Tx<'_>,
    by: By<'_>,
    now: DateTime<Utc>,
    current: User,
    password_hash: &str,
) -> Result<User, Error> {
    user_lock(tx, current.id)?;
    refresh_revoke_user(tx, current.id, now)?;
    user_password_set(tx, current.id, password_hash)?;
    let user = User {
        credential_version: current.credential_version + 1,
        // No longer the password that everybody knows.
        demo: false,
        ..current
    };
    let user = save(tx, user, now)?;
    if by.user_id() != Some(user.id) {
        append(tx, by, now, "password_reset", about(&user, json!({})))?;
    }
    Ok(user)
}

/// Whether a role is given or taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantChange {
    Give,
    Take,
}

/// Gives or takes a role in an agency; asking for what is already so changes nothing but the version.
///
/// # Errors
/// `Fields` for a role that is not held in an agency, `NotFound` for an unknown agency, or `Stale`.
pub fn grant_change(
    tx: &mut Tx<'_>,
    by: By<'_>,
    now: DateTime<Utc>,
    current: User,
    (agency_id, role): (AgencyId, Role),
    change: GrantChange,
) -> Result<User, Error> {
    if !role.is_held_in_agency() {
        return Err(Error::field(role_error("/role")));
    }
    agency_fetch(tx, agency_id)?;
    let action = match change {
        GrantChange::Give => {
            grant_put(tx, current.id, agency_id, role, now)?;
            "role_granted"
        }
        GrantChange::Take => {
            grant_delete(tx, current.id, agency_id, role)?;
            "role_withdrawn"
        }
    };
    let user = save(tx, current, now)?;
    let granted = json!({"agency_id": agency_id, "role": role, "version": user.version});
    append(tx, by, now, action, about(&user, granted))?;
    Ok(user)
}
