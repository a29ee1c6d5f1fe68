//! Statements are kept prepared: an action that a connection has seen before lets the database plan nothing.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use diesel::Connection;
use diesel::connection::{CacheSize, InstrumentationEvent, SimpleConnection};
use gongkai::store::{Backend, Db, StoreError};
use serde_json::json;

use crate::harness::{Office, both};

/// What the connections of a service prepared and sent.
#[derive(Clone, Default)]
struct Watch(Arc<Mutex<Seen>>);

#[derive(Default)]
struct Seen {
    kept: BTreeSet<String>,
    sent: Vec<String>,
}

impl Watch {
    /// Watches the one connection that reads and, on SQLite, the one that writes.
    fn of(office: &Office) -> Self {
        let watch = Self::default();
        let store = &office.app.app.state().store;
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

    /// What `work` lets the database plan: statements that were not kept before.
    fn planned(&self, work: impl FnOnce()) -> Vec<String> {
        let known = {
            let mut seen = self.0.lock().unwrap();
            seen.sent.clear();
            seen.kept.clone()
        };
        work();
        let sent = std::mem::take(&mut self.0.lock().unwrap().sent);
        assert!(sent.len() > 5, "nothing was watched: {sent:?}");
        // Neither database plans these.
        let control = ["BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE"];
        let sent = sent
            .into_iter()
            .filter(|text| !control.iter().any(|word| text.starts_with(word)));
        sent.filter(|text| !known.contains(text)).collect()
    }
}

both! {
    fn what_a_connection_did_before_it_plans_no_more(db) {
        let office = Office::open_with(db, |config| config.database.pool_size = 1);
        let clerk = office.user("clerk");
        let watch = Watch::of(&office);
        let applicant = office.user("applicant");
        let mut rounds = 0;
        let mut handle = || {
            rounds += 1;
            let keyed = applicant.with("idempotency-key", &format!("request-{rounds}"));
            let mut case = crate::harness::Walk::begin(&office, keyed.post("/api/v1/requests", &office.request()));
            let day = office.today().to_string();
            let receipt = json!({
                "action": "confirm_receipt", "received_on": day, "evidence": {"means": "phone", "by": "许文静"},
            });
            let path = format!("{}/actions", case.path("clerk"));
            let keyed = clerk.if_match(case.version).with("idempotency-key", &format!("receipt-{rounds}"));
            case.version = keyed.post(&path, &receipt).expect(200).json["version"].as_i64().unwrap();
            case.skip_to("review_formally");
            case.view("officer");
            case.through("archive");
        };
        handle();
        assert_eq!(watch.planned(handle), Vec::<String>::new());
    }
}
