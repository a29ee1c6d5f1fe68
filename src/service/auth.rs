//! Signing in: login with throttling, rotated refresh tokens, signing keys, and who stands behind an access token.
//!
//! Every refusal here is the same answer, and a login of an account that does not exist takes as long as any other.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::time::Duration as StdDuration;

use chrono::{DateTime, Duration, Utc};
use sha2::{Digest, Sha256};

use super::admin_log::{By, append};
use super::directory::{AsOf, Directory};
use crate::auth::passwords::{Cost, DEMO_PASSWORD, HashError, Passwords};
use crate::auth::tokens::{self, SigningKey};
use crate::config::{Config, Secret};
use crate::domain::people::access::Actor;
use crate::domain::people::account::{check_username, normalise_username};
use crate::domain::words::ids::TokenFamilyId;
use crate::domain::words::text::Bilingual;
use crate::error::Error;
use crate::random;
use crate::store::tokens::{
    KeyInfo, RefreshToken, StoredKey, login_failure_insert, login_failures_clear, login_failures_purge,
    login_failures_since, refresh_fetch, refresh_insert, refresh_purge, refresh_revoke_family, refresh_use,
    signing_key_current, signing_key_insert, signing_key_list, signing_keys_retire,
};
use crate::store::users::{User, actor_of, user_by_username, user_fetch, user_lock, user_password_hash};
use crate::store::{Db, Store, StoreError, Tx};

/// Failed logins are counted over this time.
const WINDOW: Duration = Duration::minutes(15);
/// Failures after which an account takes no login until the window has moved on.
const FAILURES_PER_ACCOUNT: i64 = 5;
/// The same for one remote address, behind which a whole office may sit.
const FAILURES_PER_ADDRESS: i64 = 50;

/// What signing in needs beside the database.
#[derive(Debug)]
pub struct Auth {
    pub passwords: Passwords,
    access_lifetime: Duration,
    refresh_lifetime: Duration,
    /// Whether the accounts of the demonstration may sign in.
    demo: bool,
    directory: Directory,
}

/// A login as it arrives.
#[derive(Debug, Clone)]
pub struct Attempt {
    pub username: String,
    pub password: Secret,
    /// The remote address, as far as it is known.
    pub address: String,
}

/// A person who has signed in.
#[derive(Clone)]
pub struct Session {
    pub access_token: String,
    /// Life of the access token in seconds.
    pub expires_in: i64,
    pub refresh_token: String,
    pub actor: Actor,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("user_id", &self.actor.user_id)
            .finish_non_exhaustive()
    }
}

impl Auth {
    /// Prepares signing in as the configuration says.
    ///
    /// # Errors
    /// Password hashing at that cost is not possible.
    pub fn new(config: &Config) -> Result<Self, HashError> {
        let cost = Cost {
            memory_kib: config.auth.password_memory_kib,
            passes: config.auth.password_passes,
            lanes: 1,
        };
        Ok(Self {
            passwords: Passwords::new(cost)?,
            access_lifetime: Duration::minutes(config.auth.access_token_minutes.into()),
            refresh_lifetime: Duration::days(config.auth.refresh_token_days.into()),
            demo: config.demo,
            directory: Directory::default(),
        })
    }

    /// Whether the account may sign in and stay signed in.
    fn admits(&self, user: &User) -> bool {
        user.active && (self.demo || !user.demo)
    }
}

impl From<HashError> for Error {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy => Self::Unavailable(Box::new(error)),
            HashError::Failed(_) => Self::Internal(Box::new(error)),
        }
    }
}

/// The person behind an access token, and the directory in which that person was found.
///
/// # Errors
/// `Unauthenticated` for every token that is not taken, whatever the reason.
pub fn authenticate<'a>(
    db: &mut Db,
    auth: &'a Auth,
    token: &str,
    now: DateTime<Utc>,
) -> Result<(Actor, AsOf<'a>), Error> {
    let kid = tokens::key_id(token).map_err(|_| Error::Unauthenticated)?;
    // The key id is the caller's text: only what can be one of ours reaches the database.
    if kid.len() > 64 || !kid.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(Error::Unauthenticated);
    }
    let directory = auth.directory.now(db)?;
    let key = directory.signing_key(db, &kid).map_err(unauthenticated)?;
    let key = signing_key(StoredKey::clone(&key));
    let claims = tokens::verify(token, &key, now).map_err(|_| Error::Unauthenticated)?;
    let person = directory.person(db, claims.sub).map_err(unauthenticated)?;
    if !auth.admits(&person.user) || person.user.credential_version != claims.cv {
        return Err(Error::Unauthenticated);
    }
    Ok((person.actor.clone(), directory))
}

fn unauthenticated(error: StoreError) -> Error {
    match error {
        StoreError::NotFound => Error::Unauthenticated,
        other => other.into(),
    }
}

/// Signs in with username and password.
///
/// # Errors
/// `BadCredentials`, or `TooManyRequests` after too many failures of the account or from the address.
pub fn login(store: &Store, auth: &Auth, now: DateTime<Utc>, attempt: &Attempt) -> Result<Session, Error> {
    let username = normalise_username(&attempt.username);
    let subjects = Subjects::of(&username, &attempt.address);
    let known = store.read(|db| -> Result<_, Error> {
        subjects.check(db, now)?;
        // A text that cannot be a username is not looked for, but costs the same.
        let mut faults = Vec::new();
        check_username("", &username, &mut faults);
        if faults.is_empty() {
            Ok(user_by_username(db, &username)?)
        } else {
            Ok(None)
        }
    })?;
    // Outside any transaction: it is slow on purpose.
    let right = auth
        .passwords
        .verify(attempt.password.expose(), known.as_ref().map(|(_, hash)| hash.as_str()))?;
    let user = known
        .map(|(user, _)| user)
        .filter(|user| right && auth.admits(user) && (user.demo || attempt.password.expose() != DEMO_PASSWORD));
    let Some(user) = user else {
        store.write(|tx| subjects.record_failure(tx, now))?;
        return Err(Error::BadCredentials);
    };
    store.write(|tx| {
        // Again: guesses sent all at once would otherwise all pass the first check.
        subjects.check(tx, now)?;
        login_failures_clear(tx, &subjects.account)?;
        refresh_purge(tx, now)?;
        // Read again: the account may have been closed while the password was verified.
        user_lock(tx, user.id)?;
        let current = user_fetch(tx, user.id)?;
        if !auth.admits(&current) || current.credential_version != user.credential_version {
            return Err(Error::BadCredentials);
        }
        open_session(tx, auth, &current, random::id(now), now)
    })
}

/// Checks a signed-in person's own password before something that a stolen token must not be able to do. Wrong ones
/// count as failed logins.
///
/// # Errors
/// `Conflict` when it is wrong, or `TooManyRequests`.
pub fn password_confirm(
    store: &Store,
    auth: &Auth,
    now: DateTime<Utc>,
    actor: &Actor,
    password: &str,
    address: &str,
) -> Result<(), Error> {
    let subjects = Subjects::of(&actor.username, address);
    let hash = store.read(|db| -> Result<_, Error> {
        subjects.check(db, now)?;
        Ok(user_password_hash(db, actor.user_id)?)
    })?;
    if auth.passwords.verify(password, Some(&hash))? {
        return Ok(());
    }
    store.write(|tx| subjects.record_failure(tx, now))?;
    Err(Error::Conflict {
        code: "wrong_password",
        detail: Bilingual::new(
            "当前密码不正确，请核对后重试。",
            "The current password is wrong; check it and try again.",
        ),
    })
}

/// What stands for everybody behind a remote address: of IPv6 the /64 that one customer has, without a port.
fn network(address: &str) -> String {
    let ip = address
        .parse()
        .or_else(|_| address.parse::<SocketAddr>().map(|socket| socket.ip()));
    match ip.map(|ip| ip.to_canonical()) {
        Ok(IpAddr::V4(ip)) => ip.to_string(),
        Ok(IpAddr::V6(ip)) => {
            let [a, b, c, d, ..] = ip.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string()
        }
        Err(_) => address.to_owned(),
    }
}

/// Hashes under which failures are counted: what people type into the username field may be a password.
struct Subjects {
    account: String,
    address: String,
}

impl Subjects {
    fn of(username: &str, address: &str) -> Self {
        let hash = |kind: &str, text: &str| hex::encode(Sha256::digest(format!("{kind}:{text}").as_bytes()));
        Self {
            account: hash("account", username),
            address: hash("address", &network(address)),
        }
    }

    fn check(&self, db: &mut Db, now: DateTime<Utc>) -> Result<(), Error> {
        for (subject, limit) in [
            (&self.account, FAILURES_PER_ACCOUNT),
            (&self.address, FAILURES_PER_ADDRESS),
        ] {
            // Up to now: after the clock was set back, failures "of tomorrow" must not lock anybody out until then.
            let failures = login_failures_since(db, subject, now - WINDOW, now, limit)?;
            let full = i64::try_from(failures.len()).is_ok_and(|count| count >= limit);
            if let (true, Some(oldest)) = (full, failures.last()) {
                let wait = (*oldest + WINDOW - now).to_std().unwrap_or(StdDuration::from_secs(1));
                return Err(Error::TooManyRequests { retry_after: wait });
            }
        }
        Ok(())
    }

    fn record_failure(&self, tx: &mut Tx<'_>, now: DateTime<Utc>) -> Result<(), Error> {
        login_failures_purge(tx, now - WINDOW)?;
        for subject in [&self.account, &self.address] {
            login_failure_insert(tx, random::id(now), subject, now)?;
        }
        Ok(())
    }
}

/// Exchanges a refresh token for a new pair; `None` when it is not taken. A token that was used before has been
/// stolen from one of its two users, so that the whole family ends: the transaction must be committed either way.
///
/// # Errors
/// Failures of the database.
pub fn refresh(tx: &mut Tx<'_>, auth: &Auth, token: &str, now: DateTime<Utc>) -> Result<Option<Session>, Error> {
    let hash = tokens::refresh_hash(token);
    let stored = match refresh_fetch(tx, &hash) {
        Ok(stored) => stored,
        Err(StoreError::NotFound) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    if stored.revoked_at.is_some() || stored.expires_at <= now {
        return Ok(None);
    }
    // What is revoked meanwhile must not miss the token made here.
    user_lock(tx, stored.user_id)?;
    if !refresh_use(tx, &hash, now)? {
        refresh_revoke_family(tx, stored.family_id, now)?;
        tracing::warn!(user_id = %stored.user_id, "a refresh token was used twice; its family is revoked");
        return Ok(None);
    }
    let user = user_fetch(tx, stored.user_id)?;
    if !auth.admits(&user) {
        return Ok(None);
    }
    open_session(tx, auth, &user, stored.family_id, now).map(Some)
}

/// Ends the family of a refresh token; an unknown token is no error.
///
/// # Errors
/// Failures of the database.
pub fn logout(tx: &mut Tx<'_>, token: &str, now: DateTime<Utc>) -> Result<(), Error> {
    match refresh_fetch(tx, &tokens::refresh_hash(token)) {
        Ok(stored) => {
            user_lock(tx, stored.user_id)?;
            Ok(refresh_revoke_family(tx, stored.family_id, now)?)
        }
        Err(StoreError::NotFound) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn open_session(
    tx: &mut Tx<'_>,
    auth: &Auth,
    user: &User,
    family_id: TokenFamilyId,
    now: DateTime<Utc>,
) -> Result<Session, Error> {
    let key = current_key(tx, now)?;
    let access_token =
        tokens::issue(&key, user.id, user.credential_version, now, auth.access_lifetime).map_err(Error::internal)?;
    let refresh_token = random::token();
    refresh_insert(
        tx,
        &RefreshToken {
            hash: tokens::refresh_hash(&refresh_token),
            family_id,
            user_id: user.id,
            issued_at: now,
            expires_at: now + auth.refresh_lifetime,
            used_at: None,
            revoked_at: None,
        },
    )?;
    Ok(Session {
        access_token,
        expires_in: auth.access_lifetime.num_seconds(),
        refresh_token,
        actor: actor_of(tx, user)?,
    })
}

fn signing_key(stored: StoredKey) -> SigningKey {
    SigningKey {
        kid: stored.kid,
        secret: stored.secret,
        verify_until: stored.verify_until,
    }
}

fn stored_key(key: &SigningKey) -> StoredKey {
    StoredKey {
        kid: key.kid.clone(),
        secret: key.secret.clone(),
        verify_until: key.verify_until,
    }
}

/// The key that signs now; the first one is made when it is first needed.
fn current_key(tx: &mut Tx<'_>, now: DateTime<Utc>) -> Result<SigningKey, Error> {
    match signing_key_current(tx) {
        Ok(stored) => Ok(signing_key(stored)),
        Err(StoreError::NotFound) => {
            let key = SigningKey::generate();
            signing_key_insert(tx, &stored_key(&key), now)?;
            Ok(key)
        }
        Err(error) => Err(error.into()),
    }
}

/// The signing keys without their secrets, newest first.
///
/// # Errors
/// Failures of the database.
pub fn keys(db: &mut Db) -> Result<Vec<KeyInfo>, Error> {
    Ok(signing_key_list(db)?)
}

/// Makes a new signing key. The old one verifies until the last token that it signed has expired.
///
/// # Errors
/// Failures of the database.
pub fn keys_rotate(tx: &mut Tx<'_>, auth: &Auth, by: By<'_>, now: DateTime<Utc>) -> Result<SigningKey, Error> {
    signing_keys_retire(tx, now + auth.access_lifetime, now)?;
    let key = SigningKey::generate();
    signing_key_insert(tx, &stored_key(&key), now)?;
    let about = (format!("signing_key/{}", key.kid), serde_json::json!({}));
    append(tx, by, now, "signing_key_rotated", about)?;
    Ok(key)
}
