//! People, their grants and signing keys as last read: what every request needs and hardly anyone changes.
//!
//! Only what was read under the present epoch of the store is used, so that a closed account or a withdrawn role ends
//! with the next request, on every node.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use crate::domain::people::access::Actor;
use crate::domain::words::ids::UserId;
use crate::store::directory::directory_epoch;
use crate::store::tokens::{StoredKey, signing_key_fetch};
use crate::store::users::{User, actor_of, user_fetch, user_names};
use crate::store::{Db, StoreError};

/// With so many entries a memory begins anew.
const MOST_ENTRIES: usize = 5_000;

/// People's names.
pub type Names = BTreeMap<UserId, Arc<String>>;

type Memory<K, V> = RwLock<HashMap<K, Arc<V>>>;

/// A person with the roles held.
#[derive(Debug)]
pub struct Person {
    pub user: User,
    pub actor: Actor,
}

impl Person {
    /// The person behind an account, as of now.
    ///
    /// # Errors
    /// Failures of the database.
    pub fn of(db: &mut Db, user: User) -> Result<Self, StoreError> {
        let actor = actor_of(db, &user)?;
        Ok(Self { user, actor })
    }
}

#[derive(Debug, Default)]
struct Known {
    epoch: i64,
    people: Memory<UserId, Person>,
    names: Memory<UserId, String>,
    keys: Memory<String, StoredKey>,
}

/// What was read of the directory under one epoch.
#[derive(Debug, Default)]
pub struct Directory(RwLock<Known>);

/// The directory as of an epoch that was just read.
#[derive(Debug)]
pub struct AsOf<'a> {
    directory: &'a Directory,
    epoch: i64,
}

impl Directory {
    /// The directory as it is now.
    ///
    /// # Errors
    /// Failures of the database.
    pub fn now(&self, db: &mut Db) -> Result<AsOf<'_>, StoreError> {
        let epoch = directory_epoch(db)?;
        if reading(&self.0).epoch < epoch {
            let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
            if known.epoch < epoch {
                *known = Known {
                    epoch,
                    ..Known::default()
                };
            }
        }
        Ok(AsOf { directory: self, epoch })
    }
}

impl AsOf<'_> {
    /// A person with the roles held.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; failures of the database.
    pub fn person(&self, db: &mut Db, id: UserId) -> Result<Arc<Person>, StoreError> {
        self.get(
            |known| &known.people,
            id,
            || {
                let user = user_fetch(db, id)?;
                Person::of(db, user)
            },
        )
    }

    /// The names of some people; those that are not known yet are read at once.
    ///
    /// # Errors
    /// Failures of the database.
    pub fn names(&self, db: &mut Db, mut ids: BTreeSet<UserId>) -> Result<Names, StoreError> {
        let mut names = Names::new();
        if let Some(known) = self.known() {
            let memory = reading(&known.names);
            names.extend(
                ids.iter()
                    .filter_map(|id| memory.get(id).map(|name| (*id, name.clone()))),
            );
        }
        ids.retain(|id| !names.contains_key(id));
        if !ids.is_empty() {
            let read = names_read(db, ids)?;
            self.keep(|known| &known.names, read.clone());
            names.extend(read);
        }
        Ok(names)
    }

    /// A key that signs tokens, or did.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; failures of the database.
    pub fn signing_key(&self, db: &mut Db, kid: &str) -> Result<Arc<StoredKey>, StoreError> {
        self.get(|known| &known.keys, kid.to_owned(), || signing_key_fetch(db, kid))
    }

    /// What is known under this epoch, or else what is read now. What a long snapshot sees of an older epoch is neither
    /// taken from there nor put there.
    fn get<K: Eq + Hash, V>(
        &self,
        map: fn(&Known) -> &Memory<K, V>,
        key: K,
        read: impl FnOnce() -> Result<V, StoreError>,
    ) -> Result<Arc<V>, StoreError> {
        if let Some(known) = self.known()
            && let Some(value) = reading(map(&known)).get(&key)
        {
            return Ok(value.clone());
        }
        let value = Arc::new(read()?);
        self.keep(map, [(key, value.clone())]);
        Ok(value)
    }

    /// Puts what was read there, where that is still of this epoch.
    fn keep<K: Eq + Hash, V>(&self, map: fn(&Known) -> &Memory<K, V>, read: impl IntoIterator<Item = (K, Arc<V>)>) {
        if let Some(known) = self.known() {
            let mut memory = map(&known).write().unwrap_or_else(PoisonError::into_inner);
            if memory.len() >= MOST_ENTRIES {
                memory.clear();
            }
            memory.extend(read);
        }
    }

    fn known(&self) -> Option<RwLockReadGuard<'_, Known>> {
        Some(reading(&self.directory.0)).filter(|known| known.epoch == self.epoch)
    }
}

/// The names of some people, read from the database.
///
/// # Errors
/// Failures of the database.
pub fn names_read(db: &mut Db, ids: BTreeSet<UserId>) -> Result<Names, StoreError> {
    let read = user_names(db, ids)?.into_iter();
    Ok(read.map(|(id, name)| (id, Arc::new(name))).collect())
}

fn reading<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}
