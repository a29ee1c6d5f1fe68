//! What a service sends to its database and what its connections keep prepared.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use diesel::Connection;
use diesel::connection::{CacheSize, InstrumentationEvent, SimpleConnection};
use gongkai::store::{Backend, Db, StoreError};

use super::Office;

/// What the connections of a service prepared and sent.
#[derive(Clone, Default)]
pub struct Watch(Arc<Mutex<Seen>>);

#[derive(Default)]
struct Seen {
    kept: BTreeSet<String>,
    sent: Vec<String>,
}

impl Watch {
    /// Watches the one connection of a pool of one and, on SQLite, the one that writes.
    pub fn of(office: &Office) -> Self {
        let watch = Self::default();
        let store = &office.app.app.site().store;
        store.read(|db| watch.set(db)).unwrap();
        if store.backend() == Backend::Sqlite {
            store.write(|tx| watch.set(tx)).unwrap();
        }
        watch
    }

    fn set(&self, db: &mut Db) -> Result<(), StoreError> {
        // What was kept before is forgotten, so that all that is kept is known.
        db.set_prepared_statement_cache_size(CacheSize::Disabled);
        db.set_prepared_statement_cache_size(CacheSize::Unbounded);
        if db.backend() == Backend::Postgres {
            db.batch_execute("DEALLOCATE ALL")?;
        }
        let seen = Arc::clone(&self.0);
        db.set_instrumentation(move |event: InstrumentationEvent<'_>| match event {
            InstrumentationEvent::CacheQuery { sql, .. } => {
                seen.lock().unwrap().kept.insert(sql.to_owned());
            }
            InstrumentationEvent::StartQuery { query, .. } => {
                let text = query.to_string();
                let text = text.split(" -- binds:").next().unwrap_or_default();
                seen.lock().unwrap().sent.push(text.trim().to_owned());
            }
            _ => {}
        });
        Ok(())
    }

    /// The texts of all that `work` sends to the database, in order.
    pub fn sent(&self, work: impl FnOnce()) -> Vec<String> {
        self.0.lock().unwrap().sent.clear();
        work();
        std::mem::take(&mut self.0.lock().unwrap().sent)
    }

    /// What `work` lets the database plan: statements that were not kept before.
    pub fn planned(&self, work: impl FnOnce()) -> Vec<String> {
        let known = self.0.lock().unwrap().kept.clone();
        let sent = self.sent(work);
        assert!(sent.len() > 5, "nothing was watched: {sent:?}");
        // Neither database plans these.
        let control = ["BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE"];
        let sent = sent
            .into_iter()
            .filter(|text| !control.iter().any(|word| text.starts_with(word)));
        sent.filter(|text| !known.contains(text)).collect()
    }
}
