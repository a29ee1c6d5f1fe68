//! Signing keys, refresh tokens and the failed logins that throttling counts. All nodes share these tables.

use chrono::{DateTime, Utc};
use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, Queryable, RunQueryDsl};

use super::connection::Db;
use super::directory::directory_changed;
use super::key::Key;
use super::schema::{login_failures, refresh_tokens, signing_keys};
use super::sql::Instant;
use super::{StoreError, Tx};
use crate::domain::words::ids::{EventId, TokenFamilyId, UserId};

#[derive(Queryable)]
struct KeyRow {
    kid: String,
    secret: String,
    created_at: Instant,
    verify_until: Option<Instant>,
}

impl TryFrom<KeyRow> for StoredKey {
    type Error = StoreError;

    fn try_from(row: KeyRow) -> Result<Self, StoreError> {
        let secret = hex::decode(&row.secret).map_err(|_| StoreError::Corrupt(format!("signing key {}", row.kid)))?;
        Ok(Self {
            kid: row.kid,
            secret,
            verify_until: row.verify_until.map(Instant::utc),
        })
    }
}

/// A signing key as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredKey {
    pub kid: String,
    pub secret: Vec<u8>,
    /// Up to when tokens of a retired key are taken.
    pub verify_until: Option<DateTime<Utc>>,
}

impl std::fmt::Debug for StoredKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StoredKey({})", self.kid)
    }
}

/// A key without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyInfo {
    pub kid: String,
    pub created_at: DateTime<Utc>,
    pub verify_until: Option<DateTime<Utc>>,
}

/// The key with this id.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn signing_key_fetch(db: &mut Db, kid: &str) -> Result<StoredKey, StoreError> {
    signing_keys::table.find(kid).get_result::<KeyRow>(db)?.try_into()
}

/// The key that signs now: the newest that is not retired.
///
/// # Errors
/// [`StoreError::NotFound`] before the first key was made.
pub fn signing_key_current(db: &mut Db) -> Result<StoredKey, StoreError> {
    signing_keys::table
        .filter(signing_keys::verify_until.is_null())
        .order((signing_keys::created_at.desc(), signing_keys::kid))
        .limit(1)
        .get_result::<KeyRow>(db)?
        .try_into()
}

/// All keys that are kept, newest first; at most a few dozen.
///
/// # Errors
/// Failures of the database.
pub fn signing_key_list(db: &mut Db) -> Result<Vec<KeyInfo>, StoreError> {
    let rows = signing_keys::table
        .order((signing_keys::created_at.desc(), signing_keys::kid))
        .limit(200)
        .load::<KeyRow>(db)?;
    Ok(rows
        .into_iter()
        .map(|row| KeyInfo {
            kid: row.kid,
            created_at: row.created_at.utc(),
            verify_until: row.verify_until.map(Instant::utc),
        })
        .collect())
}

/// Adds a key.
///
/// # Errors
/// Failures of the database.
pub fn signing_key_insert(tx: &mut Tx<'_>, key: &StoredKey, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::insert_into(signing_keys::table)
        .values((
            signing_keys::kid.eq(&key.kid),
            signing_keys::secret.eq(hex::encode(&key.secret)),
            signing_keys::created_at.eq(Instant::from(now)),
            signing_keys::verify_until.eq(key.verify_until.map(Instant::from)),
        ))
        .execute(&mut **tx)?;
    directory_changed(tx)
}

/// Retires every key that signs: it verifies until `until`. Forgets keys whose overlap ended before `now`.
///
/// # Errors
/// Failures of the database.
pub fn signing_keys_retire(tx: &mut Tx<'_>, until: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::delete(signing_keys::table.filter(signing_keys::verify_until.lt(Instant::from(now)))).execute(&mut **tx)?;
    diesel::update(signing_keys::table.filter(signing_keys::verify_until.is_null()))
        .set(signing_keys::verify_until.eq(Some(Instant::from(until))))
        .execute(&mut **tx)?;
    directory_changed(tx)
}

/// A refresh token as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// SHA-256 of the token, in hexadecimal.
    pub hash: String,
    pub family_id: TokenFamilyId,
    pub user_id: UserId,
    pub issued_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub used_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
}

#[derive(Queryable)]
struct RefreshRow {
    hash: String,
    family_id: Key<TokenFamilyId>,
    user_id: Key<UserId>,
    issued_at: Instant,
    expires_at: Instant,
    used_at: Option<Instant>,
    revoked_at: Option<Instant>,
}

/// The refresh token with this hash.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn refresh_fetch(db: &mut Db, hash: &str) -> Result<RefreshToken, StoreError> {
    let row: RefreshRow = refresh_tokens::table.find(hash).get_result(db)?;
    Ok(RefreshToken {
        hash: row.hash,
        family_id: row.family_id.0,
        user_id: row.user_id.0,
        issued_at: row.issued_at.utc(),
        expires_at: row.expires_at.utc(),
        used_at: row.used_at.map(Instant::utc),
        revoked_at: row.revoked_at.map(Instant::utc),
    })
}

/// Adds a refresh token.
///
/// # Errors
/// Failures of the database.
pub fn refresh_insert(tx: &mut Tx<'_>, token: &RefreshToken) -> Result<(), StoreError> {
    diesel::insert_into(refresh_tokens::table)
        .values((
            refresh_tokens::hash.eq(&token.hash),
            refresh_tokens::family_id.eq(Key(token.family_id)),
            refresh_tokens::user_id.eq(Key(token.user_id)),
            refresh_tokens::issued_at.eq(Instant::from(token.issued_at)),
            refresh_tokens::expires_at.eq(Instant::from(token.expires_at)),
            refresh_tokens::used_at.eq(token.used_at.map(Instant::from)),
            refresh_tokens::revoked_at.eq(token.revoked_at.map(Instant::from)),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Marks a token as used; returns whether this was the first use, of a token that nobody revoked.
///
/// # Errors
/// Failures of the database.
pub fn refresh_use(tx: &mut Tx<'_>, hash: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let unused = refresh_tokens::hash
        .eq(hash)
        .and(refresh_tokens::used_at.is_null())
        .and(refresh_tokens::revoked_at.is_null());
    let changed = diesel::update(refresh_tokens::table.filter(unused))
        .set(refresh_tokens::used_at.eq(Some(Instant::from(now))))
        .execute(&mut **tx)?;
    Ok(changed == 1)
}

/// Revokes every token that descends from one login.
///
/// # Errors
/// Failures of the database.
pub fn refresh_revoke_family(tx: &mut Tx<'_>, family: TokenFamilyId, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(refresh_tokens::table.filter(refresh_tokens::family_id.eq(Key(family))))
        .set(refresh_tokens::revoked_at.eq(Some(Instant::from(now))))
        .execute(&mut **tx)?;
    Ok(())
}

/// Revokes every token of a person.
///
/// # Errors
/// Failures of the database.
pub fn refresh_revoke_user(tx: &mut Tx<'_>, user: UserId, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(refresh_tokens::table.filter(refresh_tokens::user_id.eq(Key(user))))
        .set(refresh_tokens::revoked_at.eq(Some(Instant::from(now))))
        .execute(&mut **tx)?;
    Ok(())
}

/// Forgets refresh tokens that expired before `before`, and with them what their reuse would tell.
///
/// # Errors
/// Failures of the database.
pub fn refresh_purge(tx: &mut Tx<'_>, before: DateTime<Utc>) -> Result<usize, StoreError> {
    let old = refresh_tokens::expires_at.lt(Instant::from(before));
    Ok(diesel::delete(refresh_tokens::table.filter(old)).execute(&mut **tx)?)
}

/// The instants of the latest failures of a subject after `since` up to `until`, newest first, at most `limit`.
///
/// # Errors
/// Failures of the database.
pub fn login_failures_since(
    db: &mut Db,
    subject: &str,
    since: DateTime<Utc>,
    until: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<DateTime<Utc>>, StoreError> {
    let rows: Vec<Instant> = login_failures::table
        .filter(login_failures::subject.eq(subject))
        .filter(login_failures::failed_at.gt(Instant::from(since)))
        .filter(login_failures::failed_at.le(Instant::from(until)))
        .order((login_failures::failed_at.desc(), login_failures::id))
        .select(login_failures::failed_at)
        .limit(limit)
        .load(db)?;
    Ok(rows.into_iter().map(Instant::utc).collect())
}

/// Records a failed login of a subject.
///
/// # Errors
/// Failures of the database.
pub fn login_failure_insert(tx: &mut Tx<'_>, id: EventId, subject: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::insert_into(login_failures::table)
        .values((
            login_failures::id.eq(Key(id)),
            login_failures::subject.eq(subject),
            login_failures::failed_at.eq(Instant::from(now)),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Forgets the failures of a subject, after a success.
///
/// # Errors
/// Failures of the database.
pub fn login_failures_clear(tx: &mut Tx<'_>, subject: &str) -> Result<(), StoreError> {
    diesel::delete(login_failures::table.filter(login_failures::subject.eq(subject))).execute(&mut **tx)?;
    Ok(())
}

/// Forgets failures older than `before`.
///
/// # Errors
/// Failures of the database.
pub fn login_failures_purge(tx: &mut Tx<'_>, before: DateTime<Utc>) -> Result<usize, StoreError> {
    let old = login_failures::failed_at.lt(Instant::from(before));
    Ok(diesel::delete(login_failures::table.filter(old)).execute(&mut **tx)?)
}
