//! Writers of SQLite that are committed together: each all or nothing, none answered before the commit.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::sync::{Barrier, Mutex};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, TextExpressionMethods};
use gongkai::config::DatabaseUrl;
use gongkai::error::Error;
use gongkai::store::counters::counter_next;
use gongkai::store::schema::{counters, installation};
use gongkai::store::{Store, StoreError, Tx};

use crate::harness::{Database, Office};

fn put(tx: &mut Tx<'_>, key: &str) -> Result<(), StoreError> {
    diesel::insert_into(installation::table)
        .values((installation::key.eq(key), installation::value.eq("x".repeat(500))))
        .execute(&mut **tx)?;
    Ok(())
}

fn keys(store: &Store) -> BTreeSet<String> {
    let keys: Vec<String> = store
        .read(|db| {
            Ok::<_, StoreError>(
                installation::table
                    .filter(installation::key.like("t%"))
                    .select(installation::key)
                    .load(db)?,
            )
        })
        .unwrap();
    keys.into_iter().collect()
}

/// The transactions in the write-ahead log: frames whose header names the size of the database after a commit
/// (<https://www.sqlite.org/fileformat2.html#the_write_ahead_log>). Frames of an earlier round of the log have another
/// salt.
fn commits(database: &Path) -> usize {
    let mut path = database.as_os_str().to_owned();
    path.push("-wal");
    let log = std::fs::read(path).unwrap();
    let number = |at: usize| u32::from_be_bytes(log[at..at + 4].try_into().unwrap());
    let frame = 24 + usize::try_from(number(8)).unwrap();
    (32..log.len().saturating_sub(frame - 1))
        .step_by(frame)
        .filter(|at| log[at + 8..at + 16] == log[16..24] && number(at + 4) != 0)
        .count()
}

fn file(db: &Database) -> &Path {
    let DatabaseUrl::Sqlite(path) = &db.url else {
        panic!("SQLite was asked for");
    };
    path
}

#[test]
fn every_writer_that_is_told_ok_is_in_the_file_and_no_other() {
    let db = Database::sqlite();
    let store = db.store();
    let acknowledged = Mutex::new(BTreeSet::new());
    let start = Barrier::new(100);
    std::thread::scope(|scope| {
        for n in 0..100 {
            let (store, acknowledged, start) = (&store, &acknowledged, &start);
            scope.spawn(move || {
                start.wait();
                for round in 0..8 {
                    let key = format!("t{n}-{round}");
                    let write = || {
                        store.write(|tx| {
                            put(tx, &key)?;
                            match (n + round) % 6 {
                                0 => return Err(Error::NotFound),
                                // Without the message on the terminal that `panic!` would leave.
                                1 => resume_unwind(Box::new("on purpose")),
                                2 => {
                                    let twice: Result<(), StoreError> = tx.savepoint(|tx| {
                                        put(tx, &format!("{key}-inner"))?;
                                        put(tx, &key)
                                    });
                                    assert!(twice.is_err());
                                }
                                3 => {
                                    tx.savepoint(|tx| put(tx, &format!("{key}-inner")))?;
                                }
                                _ => {}
                            }
                            counter_next(tx, "told")?;
                            Ok(())
                        })
                    };
                    match (catch_unwind(AssertUnwindSafe(write)), (n + round) % 6) {
                        (Ok(Ok(())), 2 | 4 | 5) => assert!(acknowledged.lock().unwrap().insert(key)),
                        (Ok(Ok(())), 3) => {
                            let mut told = acknowledged.lock().unwrap();
                            assert!(told.insert(format!("{key}-inner")) && told.insert(key));
                        }
                        (Ok(Err(Error::NotFound)), 0) | (Err(_), 1) => {}
                        (other, kind) => panic!("{kind} answered {other:?}"),
                    }
                }
            });
        }
    });
    let acknowledged = acknowledged.into_inner().unwrap();
    assert!(acknowledged.len() > 600, "{}", acknowledged.len());
    drop(store);
    let store = db.store();
    assert_eq!(keys(&store), acknowledged);
    let told: i64 = store
        .read(|db| {
            let value = counters::table.find("told").select(counters::value);
            Ok::<_, StoreError>(value.get_result(db)?)
        })
        .unwrap();
    let writers = acknowledged.iter().filter(|key| !key.ends_with("inner")).count();
    assert_eq!(usize::try_from(told).unwrap(), writers);
}

#[test]
fn writers_that_wait_for_each_other_share_commits_and_one_alone_does_not_wait() {
    let db = Database::sqlite();
    let store = db.store();
    store.write(|tx| put(tx, "t-before")).unwrap();
    let before = commits(file(&db));
    store.write(|tx| put(tx, "t-alone")).unwrap();
    assert_eq!(commits(file(&db)), before + 1);

    let start = Barrier::new(41);
    std::thread::scope(|scope| {
        let (store, start) = (&store, &start);
        for n in 0..40 {
            scope.spawn(move || {
                start.wait();
                std::thread::sleep(Duration::from_millis(20));
                store.write(|tx| put(tx, &format!("t{n}"))).unwrap();
            });
        }
        start.wait();
        // While this one writes all the others come to wait.
        store
            .write(|tx| {
                std::thread::sleep(Duration::from_millis(200));
                put(tx, "t-first")
            })
            .unwrap();
    });
    assert_eq!(keys(&store).len(), 43);
    let shared = commits(file(&db)) - before - 2;
    assert!((1..=20).contains(&shared), "40 writers took {shared} commits");
}

#[test]
fn nothing_is_answered_before_it_is_in_the_file() {
    let db = Database::sqlite();
    let (store, other) = (db.store(), db.store());
    std::thread::scope(|scope| {
        for n in 0..16 {
            let (store, other) = (&store, &other);
            scope.spawn(move || {
                for round in 0..20 {
                    let key = format!("t{n}-{round}");
                    store.write(|tx| put(tx, &key)).unwrap();
                    // Another connection sees only what is committed.
                    assert!(keys(other).contains(&key), "{key} was answered too early");
                }
            });
        }
    });
}

#[test]
fn two_processes_write_beside_each_other() {
    let db = Database::sqlite();
    let stores = [db.store(), db.store()];
    std::thread::scope(|scope| {
        for n in 0..8 {
            let store = &stores[n % 2];
            scope.spawn(move || {
                for _ in 0..25 {
                    store.write(|tx| counter_next(tx, "sum")).unwrap();
                }
            });
        }
    });
    assert_eq!(stores[0].write(|tx| counter_next(tx, "sum")).unwrap(), 201);
}

#[test]
fn a_writer_does_not_wait_for_its_turn_without_end_and_readers_not_at_all() {
    let db = Database::sqlite();
    let store = Store::open(&db.url, 1, Duration::from_millis(200)).unwrap();
    let start = Barrier::new(2);
    std::thread::scope(|scope| {
        let (store, start) = (&store, &start);
        let slow = scope.spawn(move || {
            store.write(|tx| {
                put(tx, "t-slow")?;
                start.wait();
                std::thread::sleep(Duration::from_millis(1500));
                Ok::<_, StoreError>(())
            })
        });
        start.wait();
        let began = Instant::now();
        assert_eq!(keys(store).len(), 0);
        assert!(began.elapsed() < Duration::from_millis(1000), "a reader waited");
        let refused = store.write(|tx| put(tx, "t-fast"));
        assert!(matches!(refused, Err(StoreError::Exhausted(_))), "{refused:?}");
        assert!(began.elapsed() < Duration::from_millis(1200), "a writer waited");
        slow.join().unwrap().unwrap();
    });
    store.write(|tx| put(tx, "t-after")).unwrap();
    assert_eq!(keys(&store).len(), 2);
}

#[test]
fn who_cannot_enter_words_fails_alone() {
    let mut office = Office::open(Database::sqlite());
    office.app.allow_server_errors();
    let pattern = office.entry("in_person");
    let store = office.app.database.store();
    store
        .read(|db| Ok::<_, StoreError>(db.batch_execute("DROP TABLE case_fts")?))
        .unwrap();
    let start = Barrier::new(24);
    std::thread::scope(|scope| {
        for n in 0..24 {
            let (office, store, pattern, start) = (&office, &store, &pattern, &start);
            scope.spawn(move || {
                start.wait();
                for round in 0..4 {
                    match n % 2 {
                        0 => drop(office.user("clerk").post("/api/v1/cases", pattern).expect(503)),
                        _ => store.write(|tx| put(tx, &format!("t{n}-{round}"))).unwrap(),
                    }
                }
            });
        }
    });
    assert_eq!(keys(&store).len(), 12 * 4);
    assert!(
        office.user("officer").get("/api/v1/cases").expect(200).json["items"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}
