//! The seeder of large demonstrations: sound logs, numbers without gaps, the same city from the same seed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use diesel::{QueryDsl, RunQueryDsl};
use gongkai::config::Config;
use gongkai::demo::{CityPlan, CitySeeded, city_seed, demo_seed};
use gongkai::documents::Blobs;
use gongkai::error::Error;
use gongkai::service::auth::Auth;
use gongkai::service::first_account::first_administrator;
use gongkai::service::law::LawBook;
use gongkai::service::maintenance::{AuditVerdict, audit, rebuild};
use gongkai::store::counters::counters;
use gongkai::store::schema::cases;
use gongkai::store::{Store, StoreError};

use crate::harness::{Database, both};

const PUBLIC_URL: &str = "https://gongkai.example.gov.cn";

const NOW: &str = "2026-03-10T03:00:00Z";

struct Seeder {
    auth: Auth,
    book: std::sync::Arc<LawBook>,
    blobs: Blobs,
    now: DateTime<Utc>,
    _files: tempfile::TempDir,
}

impl Seeder {
    fn new() -> Self {
        let mut config = Config::from_layers(None, &[]).unwrap();
        config.auth.password_memory_kib = 8;
        config.auth.password_passes = 1;
        let files = tempfile::tempdir().unwrap();
        config.data.dir = files.path().to_owned();
        Self {
            blobs: Blobs::new(&config),
            _files: files,
            auth: Auth::new(&config).unwrap(),
            book: std::sync::Arc::new(LawBook::load(&config).unwrap()),
            now: NOW.parse().unwrap(),
        }
    }

    fn seed(&self, store: &Store, cases: u32) -> Result<CitySeeded, Error> {
        let told = std::sync::atomic::AtomicUsize::new(0);
        let progress = |written| {
            told.fetch_max(written, std::sync::atomic::Ordering::Relaxed);
        };
        let seeded = city_seed(
            store,
            &self.auth,
            &self.book,
            self.now,
            CityPlan { cases, seed: 3 },
            &progress,
        )?;
        assert_eq!(told.into_inner(), cases as usize);
        Ok(seeded)
    }
}

fn migrated(database: &Database) -> Store {
    let store = database.store();
    store.migrate().unwrap();
    store
}

/// Intake number, number, state, title and applicant of every case, in the order of entry.
type Line = (String, Option<String>, String, String, String);

fn lines(store: &Store) -> Vec<Line> {
    store
        .read(|db| {
            let shown = (
                cases::intake_number,
                cases::number,
                cases::state,
                cases::title,
                cases::applicant_name,
            );
            Ok::<_, StoreError>(cases::table.order(cases::id).select(shown).load(db)?)
        })
        .unwrap()
}

/// Every series of numbers runs from 1 to where its counter stands.
fn check_numbers(store: &Store, lines: &[Line]) {
    let mut given: BTreeMap<String, BTreeSet<i64>> = BTreeMap::new();
    let numbers = lines
        .iter()
        .flat_map(|(intake, number, ..)| [Some(intake), number.as_ref()])
        .flatten();
    for number in numbers {
        let parts: Vec<&str> = number.split('-').collect();
        let [agency, year, value] = parts[..] else {
            panic!("{number}")
        };
        let (kind, value) = value
            .strip_prefix('S')
            .map_or(("case", value), |value| ("intake", value));
        assert!(
            given
                .entry(format!("{kind}/{agency}/{year}"))
                .or_default()
                .insert(value.parse().unwrap()),
            "{number}"
        );
    }
    let mut counted: BTreeMap<String, i64> = store.read(counters).unwrap();
    // No series of numbers: it tells that people or keys changed.
    counted.remove("directory");
    // Papers have series of their own.
    counted.retain(|scope, _| !scope.starts_with("instrument/"));
    let ends: BTreeMap<String, i64> = given
        .iter()
        .map(|(scope, values)| (scope.clone(), *values.last().unwrap()))
        .collect();
    assert_eq!(counted, ends);
    for (scope, values) in given {
        assert!(
            values.iter().copied().eq(1..=values.len() as i64),
            "{scope}: {values:?}"
        );
    }
}

fn check_logs(seeder: &Seeder, store: &Store, cases: u64) {
    let verdict = audit(store, &seeder.book, &seeder.blobs).unwrap();
    assert!(
        matches!(verdict, AuditVerdict::Sound { cases: sound, .. } if sound == cases),
        "{verdict:?}"
    );
    let rebuilt = rebuild(store, &seeder.book).unwrap();
    assert_eq!((rebuilt.cases, rebuilt.changed.len()), (cases, 0));
}

both! {
    fn a_city_is_sound_and_its_numbers_have_no_gap(db) {
        let (seeder, store) = (Seeder::new(), migrated(&db));
        let seeded = seeder.seed(&store, 1500).unwrap();
        assert_eq!((seeded.cases, seeded.refused), (1500, BTreeMap::new()));
        assert!(seeded.agencies > 20);
        let lines = lines(&store);
        check_numbers(&store, &lines);
        check_logs(&seeder, &store, 1500);
        let in_state = |state: &str| lines.iter().filter(|line| line.2 == state).count();
        assert!((1425..1490).contains(&in_state("archived")), "{}", in_state("archived"));
        for state in ["submitted", "registered", "in_progress", "delivered"] {
            assert!(in_state(state) > 0, "{state}");
        }
        let titles: BTreeSet<&String> = lines.iter().map(|line| &line.3).collect();
        assert!((1300..1500).contains(&titles.len()), "{}", titles.len());
    }

    fn the_demonstration_grows_and_its_numbers_go_on(db) {
        let (seeder, store) = (Seeder::new(), migrated(&db));
        let played = demo_seed(&store, &seeder.blobs, &seeder.auth, &seeder.book, PUBLIC_URL, seeder.now).unwrap().unwrap();
        seeder.seed(&store, 300).unwrap();
        let lines = lines(&store);
        assert_eq!(lines.len(), played.cases + 300);
        check_numbers(&store, &lines);
        check_logs(&seeder, &store, lines.len() as u64);
    }

    fn a_database_of_real_people_is_left_alone(db) {
        let (seeder, store) = (Seeder::new(), migrated(&db));
        first_administrator(&store, &seeder.auth, seeder.now).unwrap().unwrap();
        let refused = seeder.seed(&store, 10).unwrap_err();
        assert!(matches!(refused, Error::Conflict { code: "not_a_demonstration", .. }), "{refused}");
        assert!(lines(&store).is_empty());
        let url = match &db.url {
            gongkai::config::DatabaseUrl::Postgres(url) => url.expose().to_owned(),
            sqlite => sqlite.to_string(),
        };
        let (ok, _, error) = crate::contract::platform::gongkai(&["demo", "seed", "--cases", "5"], &[("GONGKAI__DATABASE__URL", &url)]);
        assert!(!ok && error.contains("空数据库"), "{error}");
    }
}

#[test]
fn the_same_seed_makes_the_same_city() {
    let seeder = Seeder::new();
    let (first, second) = (Database::sqlite(), Database::sqlite());
    let cities = [&first, &second].map(|database| {
        let store = database.store();
        seeder.seed(&store, 200).unwrap();
        lines(&store)
    });
    assert_eq!(cities[0], cities[1]);
}
