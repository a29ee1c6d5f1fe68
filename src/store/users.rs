//! People with accounts, and the roles they hold in agencies.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use diesel::{
    BoolExpressionMethods, EscapeExpressionMethods, ExpressionMethods, QueryDsl, Queryable, RunQueryDsl,
    TextExpressionMethods,
};

use super::agencies::{like_anywhere, path_of};
use super::connection::{Db, MultiBackend};
use super::directory::directory_changed;
use super::fixed::OneOf;
use super::key::Key;
use super::schema::{agencies, role_grants, users};
use super::sql::{Code, Instant, Json};
use super::{StoreError, Tx};
use crate::domain::people::access::{Actor, Grant, Role};
use crate::domain::people::party::Applicant;
use crate::domain::words::ids::{AgencyId, UnitId, UserId};

/// A person with an account. The password hash stays in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    /// In its one stored form.
    pub username: String,
    pub name: String,
    pub agency_id: Option<AgencyId>,
    pub unit_id: Option<UnitId>,
    /// The profile as an applicant.
    pub applicant: Option<Applicant>,
    pub administrator: bool,
    /// Whether it is an account of the demonstration, with the password that everybody knows.
    pub demo: bool,
    pub active: bool,
    /// Grows when older tokens must no longer be taken.
    pub credential_version: i64,
    pub version: i64,
}

#[derive(Queryable)]
struct UserRow {
    id: Key<UserId>,
    username: String,
    name: String,
    password_hash: String,
    agency_id: Option<Key<AgencyId>>,
    unit_id: Option<Key<UnitId>>,
    applicant: Option<Json<Applicant>>,
    administrator: bool,
    demo: bool,
    active: bool,
    credential_version: i64,
    version: i64,
    _created_at: Instant,
    _updated_at: Instant,
}

impl From<UserRow> for User {
    fn from(row: UserRow) -> Self {
        Self {
            id: row.id.0,
            username: row.username,
            name: row.name,
            agency_id: row.agency_id.map(|key| key.0),
            unit_id: row.unit_id.map(|key| key.0),
            applicant: row.applicant.map(|json| json.0),
            administrator: row.administrator,
            demo: row.demo,
            active: row.active,
            credential_version: row.credential_version,
            version: row.version,
        }
    }
}

/// The user with this id.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn user_fetch(db: &mut Db, id: UserId) -> Result<User, StoreError> {
    Ok(users::table.find(Key(id)).get_result::<UserRow>(db)?.into())
}

/// The names of some people, read at once.
///
/// # Errors
/// Failures of the database.
pub fn user_names(db: &mut Db, ids: impl IntoIterator<Item = UserId>) -> Result<BTreeMap<UserId, String>, StoreError> {
    let ids: Vec<Key<UserId>> = ids.into_iter().map(Key).collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let query = users::table.select((users::id, users::name));
    let names: Vec<(Key<UserId>, String)> = match db {
        Db::Postgres(c) => query.filter(users::id.eq_any(ids)).load(c)?,
        Db::Sqlite(c) => query.filter(OneOf::new("id", ids)).load(c)?,
    };
    Ok(names.into_iter().map(|(id, name)| (id.0, name)).collect())
}

/// The user with this username in its stored form, if any, with the password hash.
///
/// # Errors
/// Failures of the database.
pub fn user_by_username(db: &mut Db, username: &str) -> Result<Option<(User, String)>, StoreError> {
    let rows = users::table
        .filter(users::username.eq(username))
        .order(users::id)
        .limit(1)
        .load::<UserRow>(db)?;
    Ok(rows.into_iter().next().map(|mut row| {
        let hash = std::mem::take(&mut row.password_hash);
        (row.into(), hash)
    }))
}

/// The password hash of a user.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn user_password_hash(db: &mut Db, id: UserId) -> Result<String, StoreError> {
    Ok(users::table.find(Key(id)).select(users::password_hash).get_result(db)?)
}

/// Which users a list holds; a keyset page in the order of creation.
#[derive(Debug, Clone, Default)]
pub struct UserFilter {
    /// A part of the username.
    pub q: Option<String>,
    pub agency_id: Option<AgencyId>,
    pub after: Option<UserId>,
    pub limit: i64,
}

/// One page of users, oldest first.
///
/// # Errors
/// Failures of the database.
pub fn user_list(db: &mut Db, filter: &UserFilter) -> Result<Vec<User>, StoreError> {
    let mut query = users::table.into_boxed::<MultiBackend>();
    if let Some(q) = &filter.q {
        query = query.filter(users::username.like(like_anywhere(q)).escape('\\'));
    }
    if let Some(agency) = filter.agency_id {
        query = query.filter(users::agency_id.eq(Key(agency)));
    }
    if let Some(after) = filter.after {
        query = query.filter(users::id.gt(Key(after)));
    }
    let rows = query.order(users::id).limit(filter.limit).load::<UserRow>(db)?;
    Ok(rows.into_iter().map(User::from).collect())
}

/// Whether there is any account yet.
///
/// # Errors
/// Failures of the database.
pub fn users_exist(db: &mut Db) -> Result<bool, StoreError> {
    Ok(diesel::select(diesel::dsl::exists(users::table.select(users::id))).get_result(db)?)
}

/// Whether there is any account that is not the demonstration's.
///
/// # Errors
/// Failures of the database.
pub fn users_exist_beside_demo(db: &mut Db) -> Result<bool, StoreError> {
    let others = users::table.filter(users::demo.eq(false)).select(users::id);
    Ok(diesel::select(diesel::dsl::exists(others)).get_result(db)?)
}

/// Adds a user as it stands.
///
/// # Errors
/// [`StoreError::UniqueViolation`] of `users_username_key` when the username is taken.
pub fn user_insert(tx: &mut Tx<'_>, user: &User, password_hash: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::insert_into(users::table)
        .values((
            users::id.eq(Key(user.id)),
            users::username.eq(&user.username),
            users::name.eq(&user.name),
            users::password_hash.eq(password_hash),
            users::agency_id.eq(user.agency_id.map(Key)),
            users::unit_id.eq(user.unit_id.map(Key)),
            users::applicant.eq(user.applicant.clone().map(Json)),
            users::administrator.eq(user.administrator),
            users::demo.eq(user.demo),
            users::active.eq(user.active),
            users::credential_version.eq(user.credential_version),
            users::version.eq(user.version),
            users::created_at.eq(Instant::from(now)),
            users::updated_at.eq(Instant::from(now)),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Writes a user (all but the username and the password) if the version is still the one that was seen, and gives it
/// the next; returns whether it was.
///
/// # Errors
/// Failures of the database.
pub fn user_update(tx: &mut Tx<'_>, user: &User, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let seen = users::id.eq(Key(user.id)).and(users::version.eq(user.version));
    let changed = diesel::update(users::table.filter(seen))
        .set((
            users::name.eq(&user.name),
            users::agency_id.eq(user.agency_id.map(Key)),
            users::unit_id.eq(user.unit_id.map(Key)),
            users::applicant.eq(user.applicant.clone().map(Json)),
            users::administrator.eq(user.administrator),
            users::demo.eq(user.demo),
            users::active.eq(user.active),
            users::credential_version.eq(user.credential_version),
            users::version.eq(user.version + 1),
            users::updated_at.eq(Instant::from(now)),
        ))
        .execute(&mut **tx)?;
    directory_changed(tx)?;
    Ok(changed == 1)
}

/// Holds a user until the transaction ends. What makes refresh tokens and what revokes them begin with it: PostgreSQL
/// would not show the one that the other has not committed yet.
///
/// # Errors
/// Failures of the database; a user who is not there is no error.
pub fn user_lock(tx: &mut Tx<'_>, id: UserId) -> Result<(), StoreError> {
    diesel::update(users::table.find(Key(id)))
        .set(users::version.eq(users::version))
        .execute(&mut **tx)?;
    Ok(())
}

/// Replaces the password hash; the caller updates the user's versions in the same transaction.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn user_password_set(tx: &mut Tx<'_>, id: UserId, password_hash: &str) -> Result<(), StoreError> {
    let changed = diesel::update(users::table.find(Key(id)))
        .set(users::password_hash.eq(password_hash))
        .execute(&mut **tx)?;
    if changed == 1 {
        Ok(())
    } else {
        Err(StoreError::NotFound)
    }
}

/// The roles a person holds, by agency, with each agency's place in the tree.
///
/// # Errors
/// Failures of the database.
pub fn grants_of(db: &mut Db, user_id: UserId) -> Result<BTreeMap<AgencyId, Grant>, StoreError> {
    let rows: Vec<(Key<AgencyId>, Code<Role>, String)> = role_grants::table
        .inner_join(agencies::table)
        .filter(role_grants::user_id.eq(Key(user_id)))
        .select((role_grants::agency_id, role_grants::role, agencies::path))
        .order((role_grants::agency_id, role_grants::role))
        .load(db)?;
    let mut grants: BTreeMap<AgencyId, Grant> = BTreeMap::new();
    for (Key(agency_id), Code(role), path) in rows {
        let path = path_of(agency_id, &path)?;
        let grant = grants.entry(agency_id).or_insert(Grant {
            path,
            roles: BTreeSet::new(),
        });
        grant.roles.insert(role);
    }
    Ok(grants)
}

/// Gives a role; returns whether it was new.
///
/// # Errors
/// Failures of the database.
pub fn grant_put(
    tx: &mut Tx<'_>,
    user_id: UserId,
    agency_id: AgencyId,
    role: Role,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let held = diesel::select(diesel::dsl::exists(role_grants::table.find((
        Key(user_id),
        Key(agency_id),
        Code(role),
    ))))
    .get_result::<bool>(&mut **tx)?;
    if held {
        return Ok(false);
    }
    diesel::insert_into(role_grants::table)
        .values((
            role_grants::user_id.eq(Key(user_id)),
            role_grants::agency_id.eq(Key(agency_id)),
            role_grants::role.eq(Code(role)),
            role_grants::granted_at.eq(Instant::from(now)),
        ))
        .execute(&mut **tx)?;
    directory_changed(tx)?;
    Ok(true)
}

/// Takes a role away; returns whether it was held.
///
/// # Errors
/// Failures of the database.
pub fn grant_delete(tx: &mut Tx<'_>, user_id: UserId, agency_id: AgencyId, role: Role) -> Result<bool, StoreError> {
    let gone =
        diesel::delete(role_grants::table.find((Key(user_id), Key(agency_id), Code(role)))).execute(&mut **tx)?;
    directory_changed(tx)?;
    Ok(gone == 1)
}

/// A person as the rules of access know him.
///
/// # Errors
/// Failures of the database.
pub fn actor_of(db: &mut Db, user: &User) -> Result<Actor, StoreError> {
    Ok(Actor {
        user_id: user.id,
        username: user.username.clone(),
        name: user.name.clone(),
        agency_id: user.agency_id,
        unit_id: user.unit_id,
        applicant: user.applicant.is_some(),
        administrator: user.administrator,
        grants: grants_of(db, user.id)?,
    })
}
