//! Killed in the middle of mixed load, again and again: what was acknowledged is there.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use gongkai::config::DatabaseUrl;
use gongkai::demo::Region;
use gongkai::store::Store;
use serde_json::{Value, json};

use super::{Cluster, Service, check_installation, check_numbers, ledger, plain, request, seed, setting, try_post};
use crate::harness::{Actor, Database};

const CLIENTS: usize = 8;

/// A case as it was last acknowledged.
#[derive(Debug, Clone)]
struct Known {
    version: i64,
    intake_number: String,
    number: Option<String>,
}

/// What the clients were told.
#[derive(Default)]
struct Journal {
    cases: BTreeMap<String, Known>,
    /// Idempotency keys with their bodies and, once known, the first answer.
    keys: BTreeMap<String, (Value, Option<Value>)>,
}

impl Journal {
    /// An answer with a case in it; a version that is lower than one told before would be a lost write.
    fn told(&mut self, case: &Value) {
        let text = |name: &str| case[name].as_str().map(str::to_owned);
        let known = self.cases.entry(text("id").unwrap()).or_insert_with(|| Known {
            version: 0,
            intake_number: text("intake_number").unwrap_or_default(),
            number: None,
        });
        known.version = known.version.max(case["version"].as_i64().unwrap());
        known.number = text("number").or(known.number.take());
    }
}

struct Load<'a> {
    region: &'a Region,
    journal: &'a Mutex<Journal>,
    next_key: &'a AtomicUsize,
    over: &'a AtomicBool,
    /// Whether answers of 503 are expected: the database is what dies.
    database_dies: bool,
}

impl Load<'_> {
    /// Works until the service is gone or the round is over.
    fn run(&self, client: usize, applicant: &Actor, officer: &Actor) {
        let mut turn = client;
        while !self.over.load(Ordering::Relaxed) {
            turn += 1;
            let went_on = match turn % 4 {
                0 | 1 => self.submit(applicant),
                2 => self.act(officer, turn),
                _ => self.repeat(applicant, turn),
            };
            if went_on.is_none() {
                return;
            }
        }
    }

    fn submit(&self, applicant: &Actor) -> Option<()> {
        let key = format!("key-{}", self.next_key.fetch_add(1, Ordering::Relaxed));
        let mut body = request(self.region);
        body["description"]["title"] = json!(format!("关于第{key}号地块的信息"));
        let before = (body.clone(), None);
        self.journal.lock().unwrap().keys.insert(key.clone(), before);
        self.send_keyed(applicant, &key, &body)
    }

    /// The first answer is kept, every other one must be the same.
    fn send_keyed(&self, applicant: &Actor, key: &str, body: &Value) -> Option<()> {
        let actor = applicant.with("Idempotency-Key", key);
        let answer = try_post(&actor, "/api/v1/requests", body).ok()?;
        if answer.status == 503 && self.database_dies {
            return Some(());
        }
        assert_eq!(answer.status, 201, "{}", answer.text);
        let mut journal = self.journal.lock().unwrap();
        journal.told(&answer.json);
        let first = &mut journal.keys.get_mut(key).unwrap().1;
        let first = first.get_or_insert_with(|| answer.json.clone());
        assert_eq!(first["id"], answer.json["id"], "{key} was done twice");
        assert_eq!(*first, answer.json, "{key}");
        Some(())
    }

    fn repeat(&self, applicant: &Actor, turn: usize) -> Option<()> {
        let known = {
            let journal = self.journal.lock().unwrap();
            let at = turn * 7919 % journal.keys.len().max(1);
            journal
                .keys
                .iter()
                .nth(at)
                .map(|(key, (body, _))| (key.clone(), body.clone()))
        };
        match known {
            Some((key, body)) => self.send_keyed(applicant, &key, &body),
            None => Some(()),
        }
    }

    /// The receipt, or another entry, on the version last seen; another client may have been faster.
    fn act(&self, officer: &Actor, turn: usize) -> Option<()> {
        let known = {
            let journal = self.journal.lock().unwrap();
            let at = turn * 104_729 % journal.cases.len().max(1);
            journal
                .cases
                .iter()
                .nth(at)
                .map(|(id, known)| (id.clone(), known.clone()))
        };
        let Some((id, known)) = known else { return Some(()) };
        let today = gongkai::clock::Clock::system().today();
        let body = match known.number {
            None => json!({
                "action": "confirm_receipt", "received_on": today, "evidence": {"means": "page", "by": "沈志远"},
            }),
            Some(_) => json!({"action": "take"}),
        };
        let actor = officer.if_match(known.version);
        let answer = try_post(&actor, &format!("/api/v1/cases/{id}/actions"), &body).ok()?;
        match answer.status {
            200 => self.journal.lock().unwrap().told(&answer.json),
            409 | 412 => {}
            503 if self.database_dies => {}
            _ => panic!("{}", answer.text),
        }
        Some(())
    }
}

/// A new store, once the server has recovered by itself from what was done to it.
fn opened(url: &DatabaseUrl) -> Store {
    let began = Instant::now();
    loop {
        match Store::open(url, 1, Duration::from_secs(20)) {
            Ok(store) => return store,
            Err(error) => assert!(began.elapsed() < Duration::from_secs(30), "{error:?}"),
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Everything acknowledged is in the database, numbers run through, and a repeated key has its first answer.
fn check(url: &DatabaseUrl, journal: &Journal) {
    let store = opened(url);
    let entries = ledger(&store);
    check_numbers(&entries);
    let there: BTreeMap<&str, _> = entries.iter().map(|entry| (entry.id.as_str(), entry)).collect();
    for (id, known) in &journal.cases {
        let entry = there
            .get(id.as_str())
            .unwrap_or_else(|| panic!("case {id} was acknowledged and is lost"));
        assert!(
            entry.version >= known.version,
            "{id}: {} of {}",
            entry.version,
            known.version
        );
        if let Some(number) = &known.number {
            assert_eq!(entry.number.as_ref(), Some(number), "{id}");
        }
        assert!(
            known.intake_number.is_empty() || known.intake_number == entry.intake_number,
            "{id}"
        );
    }
}

/// How long a round lasts before the blow, from its number: spread, and the same in each run.
fn moment(round: u64) -> Duration {
    Duration::from_millis(250 + round * 7919 % 900)
}

fn killed_again_and_again(url: &str, cluster: Option<&Cluster>) {
    let directory = tempfile::tempdir().unwrap();
    let parsed: DatabaseUrl = url.parse().unwrap();
    let store = Store::open(&parsed, 4, Duration::from_secs(20)).unwrap();
    store.migrate().unwrap();
    let region = seed(&store);
    drop(store);
    let journal = Mutex::new(Journal::default());
    let next_key = AtomicUsize::new(1);
    let rounds = setting("GONGKAI_FAULT_ROUNDS", 20);
    for round in 1..=rounds {
        // In some rounds it is the database that dies, in one of two ways, and the service goes on.
        let blow = match (cluster, round % 5) {
            (Some(cluster), 2) => Some((cluster, "kill-backend")),
            (Some(cluster), 4) => Some((cluster, "crash")),
            _ => None,
        };
        let mut service = Service::start(directory.path(), url, &[]);
        let (applicant, officer) = (service.user("applicant"), service.user("officer"));
        let over = AtomicBool::new(false);
        let load = Load {
            region: &region,
            journal: &journal,
            next_key: &next_key,
            over: &over,
            database_dies: blow.is_some(),
        };
        std::thread::scope(|scope| {
            for client in 0..CLIENTS {
                let (load, applicant, officer) = (&load, &applicant, &officer);
                scope.spawn(move || load.run(client, applicant, officer));
            }
            std::thread::sleep(moment(round));
            match blow {
                None => service.kill(),
                Some((cluster, how)) => {
                    cluster.tell(how);
                    if how == "crash" {
                        std::thread::sleep(Duration::from_millis(300));
                        cluster.tell("start");
                    }
                    std::thread::sleep(Duration::from_millis(1500));
                    over.store(true, Ordering::Relaxed);
                }
            }
        });
        service.check_log();
        if blow.is_some() {
            assert!(service.is_running(), "round {round}: {}", service.log());
            service.kill();
        }
        check(&parsed, &journal.lock().unwrap());
    }

    // The keys whose answers nobody saw are sent again: done once, now or before.
    let service = Service::start(directory.path(), url, &[]);
    let applicant = service.user("applicant");
    let over = AtomicBool::new(false);
    let load = Load {
        region: &region,
        journal: &journal,
        next_key: &next_key,
        over: &over,
        database_dies: false,
    };
    let open: Vec<(String, Value)> = {
        let journal = journal.lock().unwrap();
        let unanswered = journal.keys.iter().filter(|(_, (_, answer))| answer.is_none());
        let answered = journal
            .keys
            .iter()
            .filter(|(_, (_, answer))| answer.is_some())
            .step_by(10);
        unanswered
            .chain(answered)
            .map(|(key, (body, _))| (key.clone(), body.clone()))
            .collect()
    };
    for (key, body) in open {
        load.send_keyed(&applicant, &key, &body).expect("the service is there");
    }
    let journal = journal.lock().unwrap();
    check(&parsed, &journal);
    let store = opened(&parsed);
    assert_eq!(ledger(&store).len(), journal.keys.len(), "one case for each key");
    let numbered = journal.cases.values().filter(|known| known.number.is_some()).count();
    println!(
        "{rounds} rounds: {} cases, {numbered} received, {} keys",
        journal.cases.len(),
        journal.keys.len()
    );
    assert!(journal.cases.len() > 50 && numbered > 5, "the load was no load");
    drop(service);
    check_installation(url);
}

#[test]
fn what_was_acknowledged_survives_on_sqlite() {
    let db = Database::sqlite();
    killed_again_and_again(&plain(&db.url), None);
}

#[test]
fn what_was_acknowledged_survives_on_postgres() {
    let Some(cluster) = Cluster::start() else { return };
    killed_again_and_again(&cluster.url, Some(&cluster));
}
