//! The store on both databases: transactions, numbers, keys, migrations.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use diesel::sql_types::{BigInt, Text};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl};
use gongkai::domain::words::codes::Coded;
use gongkai::error::Error;
use gongkai::store::counters::counter_next;
use gongkai::store::idempotency::{
    Claim, KeyedRequest, StoredAnswer, idempotency_answer, idempotency_claim, idempotency_purge,
};
use gongkai::store::migrate::migration_names;
use gongkai::store::schema::{counters, idempotency_keys, installation};
use gongkai::store::sql::{Code, Instant, Json};
use gongkai::store::{Backend, Db, Store, StoreError, Tx};

use crate::harness::{Database, both};

const THREADS: usize = 8;

fn value_of(db: &mut Db, scope: &str) -> Option<i64> {
    counters::table
        .find(scope)
        .select(counters::value)
        .get_result(db)
        .optional()
        .unwrap()
}

/// Runs the same work on several threads and gathers what each returns.
fn together<T: Send>(work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|n| {
                scope.spawn({
                    let work = &work;
                    move || work(n)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

both! {
    fn numbers_have_no_gaps_although_some_transactions_fail(db) {
        let store = db.store();
        let taken = together(|thread| {
            let mut kept = Vec::new();
            for round in 0..25 {
                let number = store.write(|tx| {
                    let number = counter_next(tx, "case/2026")?;
                    counter_next(tx, "other")?;
                    if (round + thread) % 5 == 0 {
                        return Err(Error::NotFound);
                    }
                    Ok(number)
                });
                kept.extend(number.ok());
            }
            kept
        });
        let mut all: Vec<i64> = taken.into_iter().flatten().collect();
        all.sort_unstable();
        let expected: Vec<i64> = (1..=160).collect();
        assert_eq!(all, expected);
    }

    fn a_failed_transaction_leaves_nothing_and_a_savepoint_only_its_own_part(db) {
        let store = db.store();
        let failed: Result<(), Error> = store.write(|tx| {
            counter_next(tx, "a")?;
            Err(Error::NotFound)
        });
        assert!(matches!(failed, Err(Error::NotFound)));
        assert_eq!(store.read(|db| Ok::<_, Error>(value_of(db, "a"))).unwrap(), None);

        store
            .write(|tx: &mut Tx<'_>| {
                diesel::insert_into(installation::table)
                    .values((installation::key.eq("name"), installation::value.eq("one")))
                    .execute(&mut **tx)?;
                let twice: Result<(), StoreError> = tx.savepoint(|tx| {
                    counter_next(tx, "inside")?;
                    diesel::insert_into(installation::table)
                        .values((installation::key.eq("name"), installation::value.eq("two")))
                        .execute(&mut **tx)?;
                    Ok(())
                });
                let constraint = match tx.backend() {
                    Backend::Postgres => "installation_pkey",
                    Backend::Sqlite => "installation_key_key",
                };
                assert!(twice.unwrap_err().is_unique_violation_of(constraint));
                // Still usable, also on PostgreSQL, where an error without savepoint would have ended it.
                counter_next(tx, "after")?;
                tx.savepoint(|tx| counter_next(tx, "after"))?;
                Ok::<_, StoreError>(())
            })
            .unwrap();
        store
            .read(|db| {
                assert_eq!(value_of(db, "inside"), None);
                assert_eq!(value_of(db, "after"), Some(2));
                let value: String = installation::table.find("name").select(installation::value).get_result(db)?;
                assert_eq!(value, "one");
                Ok::<_, StoreError>(())
            })
            .unwrap();
    }

    fn what_waits_for_the_commit_is_done_once_and_in_order(db) {
        let store = db.store();
        let note = |name: &'static str| move |tx: &mut Tx<'_>| {
            let value = counter_next(tx, "order")?.to_string();
            diesel::insert_into(installation::table)
                .values((installation::key.eq(name), installation::value.eq(value)))
                .execute(&mut **tx)?;
            Ok(())
        };
        store
            .write(|tx| {
                tx.before_commit(("test", 2), note("second"));
                tx.before_commit(("test", 1), note("replaced"));
                tx.before_commit(("test", 1), note("first"));
                let failed: Result<(), Error> = tx.savepoint(|tx| {
                    tx.before_commit(("test", 3), note("taken back"));
                    assert!(tx.is_waiting(("test", 3)));
                    Err(Error::NotFound)
                });
                assert!(failed.is_err() && tx.is_waiting(("test", 1)) && !tx.is_waiting(("test", 3)));
                tx.before_commit(("test", 9), move |tx| {
                    tx.before_commit(("test", 0), note("asked for late"));
                    Ok(())
                });
                assert_eq!(value_of(tx, "order"), None);
                Ok::<_, Error>(())
            })
            .unwrap();
        let failed: Result<(), Error> = store.write(|tx| {
            tx.before_commit(("test", 4), note("never"));
            Err(Error::NotFound)
        });
        assert!(failed.is_err());
        let failed: Result<(), StoreError> = store.write(|tx| {
            counter_next(tx, "lost")?;
            tx.before_commit(("test", 5), |_| Err(StoreError::Corrupt("on purpose".to_owned())));
            Ok(())
        });
        assert!(failed.is_err());
        let noted: Vec<(String, String)> = store
            .read(|db| {
                assert_eq!(value_of(db, "lost"), None);
                let all = installation::table.filter(installation::key.ne_all(["search_words", "search_merged"]));
                Ok::<_, StoreError>(all.order(installation::value).select((installation::key, installation::value)).load(db)?)
            })
            .unwrap();
        let noted: Vec<(&str, &str)> = noted.iter().map(|(key, value)| (&**key, &**value)).collect();
        assert_eq!(noted, [("first", "1"), ("second", "2"), ("asked for late", "3")]);
    }

    fn a_snapshot_sees_one_moment_and_cannot_keep_changes(db) {
        let store = db.store();
        store.write(|tx| counter_next(tx, "s")).unwrap();
        let seen = store
            .at_one_moment()
            .read(|db| {
                let first = value_of(db, "s");
                store.write(|tx| counter_next(tx, "s"))?;
                Ok::<_, StoreError>((first, value_of(db, "s")))
            })
            .unwrap();
        assert_eq!(seen, (Some(1), Some(1)));
        let tried = store.at_one_moment().read(|db| {
            diesel::update(counters::table).set(counters::value.eq(9)).execute(db)?;
            Ok::<_, StoreError>(())
        });
        assert_eq!(tried.is_err(), store.backend() == Backend::Postgres);
        assert_eq!(store.read(|db| Ok::<_, StoreError>(value_of(db, "s"))).unwrap(), Some(2));
    }

    fn transactions_that_block_each_other_are_begun_again(db) {
        let store = db.store();
        store.write(|tx| { counter_next(tx, "x")?; counter_next(tx, "y") }).unwrap();
        let attempts = AtomicU32::new(0);
        // Taken in opposite order: on PostgreSQL one of two is chosen as the victim of the deadlock.
        together(|thread| {
            let (first, second) = if thread % 2 == 0 { ("x", "y") } else { ("y", "x") };
            if thread < 2 {
                store
                    .write(|tx| {
                        attempts.fetch_add(1, Ordering::Relaxed);
                        counter_next(tx, first)?;
                        std::thread::sleep(Duration::from_millis(300));
                        counter_next(tx, second)
                    })
                    .unwrap();
            }
        });
        let seen = store.read(|db| Ok::<_, StoreError>((value_of(db, "x"), value_of(db, "y")))).unwrap();
        assert_eq!(seen, (Some(3), Some(3)));
        let expected = if store.backend() == Backend::Postgres { 3 } else { 2 };
        assert_eq!(attempts.load(Ordering::Relaxed), expected);
    }

    fn one_key_at_once_is_one_piece_of_work(db) {
        let store = db.store();
        let now = "2026-03-10T01:00:00Z".parse().unwrap();
        let request = |body: &str| KeyedRequest {
            actor: "u".to_owned(),
            key: "k".to_owned(),
            target: "POST /x".to_owned(),
            body_sha256: body.to_owned(),
        };
        let answers = together(|_| {
            store
                .write(|tx| match idempotency_claim(tx, &request("h"), now)? {
                    Claim::Fresh => {
                        let answer = StoredAnswer {
                            status: 201,
                            etag: Some("\"1\"".to_owned()),
                            location: None,
                            body: counter_next(tx, "work")?.to_string(),
                        };
                        std::thread::sleep(Duration::from_millis(50));
                        idempotency_answer(tx, &request("h"), &answer)?;
                        Ok(answer)
                    }
                    Claim::Answered(answer) => Ok(answer),
                    Claim::Reused => Err(Error::IdempotencyKeyReused),
                })
                .unwrap()
        });
        assert!(answers.iter().all(|answer| *answer == answers[0] && answer.body == "1"), "{answers:?}");

        let other = store.write(|tx| Ok::<_, StoreError>(matches!(
            idempotency_claim(tx, &request("other"), now)?,
            Claim::Reused
        )));
        assert!(other.unwrap());
        assert_eq!(store.write(|tx| idempotency_purge(tx, now)).unwrap(), 0);
        let later = now + chrono::Duration::days(1);
        assert_eq!(store.write(|tx| idempotency_purge(tx, later)).unwrap(), 1);
    }

    fn codes_instants_and_json_read_back_as_they_were_written(db) {
        let store = db.store();
        let at: chrono::DateTime<chrono::Utc> = "2026-03-10T01:02:03.456789Z".parse().unwrap();
        let shape = Shape { name: "圆 '\"\\".to_owned(), sides: vec![1, 2] };
        store
            .write(|tx| {
                diesel::insert_into(idempotency_keys::table)
                    .values((
                        idempotency_keys::actor.eq(Code(Colour::Green)),
                        idempotency_keys::key.eq("k"),
                        idempotency_keys::target.eq("t"),
                        idempotency_keys::body_sha256.eq(Json(shape.clone())),
                        idempotency_keys::etag.eq(Some(Json(shape.clone()))),
                        idempotency_keys::location.eq(None::<Code<Colour>>),
                        idempotency_keys::created_at.eq(Instant::from(at)),
                    ))
                    .execute(&mut **tx)?;
                Ok::<_, StoreError>(())
            })
            .unwrap();
        type Row = (Code<Colour>, Json<Shape>, Option<Json<Shape>>, Option<Code<Colour>>, Instant);
        let row: Row = store
            .read(|db| {
                Ok::<_, StoreError>(
                    idempotency_keys::table
                        .filter(idempotency_keys::created_at.ge(Instant::from(at)))
                        .select((
                            idempotency_keys::actor,
                            idempotency_keys::body_sha256,
                            idempotency_keys::etag,
                            idempotency_keys::location,
                            idempotency_keys::created_at,
                        ))
                        .get_result(db)?,
                )
            })
            .unwrap();
        assert_eq!((row.0.0, &row.1.0, row.2.unwrap().0, row.3), (Colour::Green, &shape, shape.clone(), None));
        assert_eq!(row.4.utc().to_rfc3339(), "2026-03-10T01:02:03.456+00:00");

        let unknown: Result<Code<Colour>, StoreError> =
            store.read(|db| Ok(idempotency_keys::table.select(idempotency_keys::target).get_result(db)?));
        assert!(matches!(unknown, Err(StoreError::Corrupt(_))), "{unknown:?}");
    }

    fn migrations_go_up_down_and_up_again(db) {
        let store = db.store();
        assert_eq!(store.pending_migrations().unwrap(), 0);
        let all = migration_names().unwrap().0.len();
        assert_eq!(store.revert_all_migrations().unwrap().len(), all);
        assert_eq!(columns(&store), BTreeSet::new());
        assert_eq!(store.pending_migrations().unwrap(), all);
        assert_eq!(store.migrate().unwrap().len(), all);
        assert_eq!(store.migrate().unwrap().len(), 0);
        store.write(|tx| counter_next(tx, "again")).unwrap();
    }

    fn nodes_that_start_together_migrate_once(db) {
        db.store().revert_all_migrations().unwrap();
        let stores: Vec<Store> = (0..THREADS).map(|_| db.store()).collect();
        let run: usize = together(|n| stores[n].migrate().unwrap().len()).into_iter().sum();
        assert_eq!(run, migration_names().unwrap().0.len());
    }

    fn an_exhausted_pool_is_unavailable_not_a_wait_without_end(db) {
        let store = Store::open(&db.url, 1, Duration::from_millis(200)).unwrap();
        let inner: Result<(), Error> = store.read(|_| store.read(|_| Ok(())));
        assert!(matches!(inner, Err(Error::Unavailable(_))), "{inner:?}");
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Colour {
    Green,
}

impl Coded for Colour {
    const NAME: &'static str = "Colour";
    const ALL: &'static [Self] = &[Self::Green];

    fn as_code(&self) -> &'static str {
        "green"
    }

    fn as_label(&self) -> &'static str {
        "绿"
    }
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
struct Shape {
    name: String,
    sides: Vec<u8>,
}

/// SQLite: 400 transactions that read and then write, none of which is refused the lock.
#[test]
fn reading_then_writing_never_meets_a_locked_database() {
    let db = Database::sqlite();
    let store = db.store();
    store.write(|tx| counter_next(tx, "sum")).unwrap();
    together(|_| {
        for _ in 0..50 {
            store
                .write(|tx| {
                    let value = value_of(tx, "sum").unwrap();
                    std::thread::yield_now();
                    diesel::update(counters::table.find("sum"))
                        .set(counters::value.eq(value + 1))
                        .execute(&mut **tx)?;
                    Ok::<_, StoreError>(())
                })
                .unwrap();
        }
    });
    assert_eq!(
        store.read(|db| Ok::<_, StoreError>(value_of(db, "sum"))).unwrap(),
        Some(401)
    );
}

/// PostgreSQL: connections that the server ended are replaced without the caller noticing.
#[test]
fn lost_connections_are_replaced() {
    let Some(db) = Database::postgres() else { return };
    let store = db.store();
    together(|_| store.write(|tx| counter_next(tx, "n")).unwrap());
    let other = Store::open(&db.url, 1, Duration::from_secs(5)).unwrap();
    let _ended: Vec<Ended> = other
        .read(|db| {
            Ok::<_, StoreError>(
                diesel::sql_query(
                    "SELECT COUNT(pg_terminate_backend(pid)) AS ended FROM pg_stat_activity \
                     WHERE datname = current_database() AND pid <> pg_backend_pid()",
                )
                .get_results(db)?,
            )
        })
        .unwrap();
    assert_eq!(store.write(|tx| counter_next(tx, "n")).unwrap(), 9);
    assert_eq!(
        store.read(|db| Ok::<_, StoreError>(value_of(db, "n"))).unwrap(),
        Some(9)
    );
}

/// PostgreSQL: also for those who only read, with statements that the lost connection knew already.
#[test]
fn lost_connections_are_replaced_for_readers_too() {
    let Some(db) = Database::postgres() else { return };
    let store = Store::open(&db.url, 2, Duration::from_secs(20)).unwrap();
    let value = counters::table.find("n").select(counters::value);
    let read = || store.read(|db| Ok::<_, StoreError>(value.get_result::<i64>(db)?));
    let pending = || store.pending_migrations();
    store.write(|tx| counter_next(tx, "n")).unwrap();
    for ask in [&|| read().map(|_| ()), &|| pending().map(|_| ())] as [&dyn Fn() -> Result<(), StoreError>; 2] {
        ask().unwrap();
        let other = Store::open(&db.url, 1, Duration::from_secs(5)).unwrap();
        let ended = other.read(|db| {
            let sql = "SELECT pg_terminate_backend(pid)::INT::BIGINT AS ended FROM pg_stat_activity \
                       WHERE datname = current_database() AND pid <> pg_backend_pid()";
            Ok::<_, StoreError>(diesel::sql_query(sql).get_results::<Ended>(db)?)
        });
        assert!(!ended.unwrap().is_empty());
        std::thread::sleep(Duration::from_millis(100));
        ask().unwrap();
    }
}

#[derive(diesel::QueryableByName)]
struct Ended {
    #[diesel(sql_type = BigInt)]
    #[allow(dead_code)]
    ended: i64,
}

#[derive(diesel::QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    nullable: String,
}

fn columns(store: &Store) -> BTreeSet<(String, String, String)> {
    let sql = match store.backend() {
        Backend::Postgres => {
            "SELECT table_name::TEXT, column_name::TEXT, is_nullable::TEXT AS nullable \
             FROM information_schema.columns WHERE table_schema = 'public'"
        }
        Backend::Sqlite => {
            "SELECT t.name AS table_name, c.name AS column_name, \
             CASE WHEN c.\"notnull\" = 1 THEN 'NO' ELSE 'YES' END AS nullable \
             FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'"
        }
    };
    let rows: Vec<Column> = store
        .read(|db| Ok::<_, StoreError>(diesel::sql_query(sql).load(db)?))
        .unwrap();
    rows.into_iter()
        .filter(|row| row.table_name != "__diesel_schema_migrations" && !row.table_name.starts_with("sqlite_"))
        // The words of the search index: a virtual table on SQLite, a column of its own type on PostgreSQL.
        .filter(|row| !row.table_name.starts_with("case_fts") && row.column_name != "tokens")
        .map(|row| (row.table_name, row.column_name, row.nullable))
        .collect()
}

#[test]
fn both_databases_have_the_same_migrations_tables_and_columns() {
    let (postgres, sqlite) = migration_names().unwrap();
    assert_eq!(postgres, sqlite);
    let Some(db) = Database::postgres() else { return };
    assert_eq!(columns(&db.store()), columns(&Database::sqlite().store()));
}

/// Every text column of PostgreSQL sorts by code point, as SQLite does.
#[test]
fn text_sorts_the_same_on_both_databases() {
    let Some(db) = Database::postgres() else { return };
    let store = db.store();
    let wrong: Vec<Column> = store
        .read(|db| {
            Ok::<_, StoreError>(
                diesel::sql_query(
                    "SELECT table_name::TEXT, column_name::TEXT, 'NO' AS nullable FROM information_schema.columns \
                     WHERE table_schema = 'public' AND data_type = 'text' \
                     AND collation_name IS DISTINCT FROM 'C' AND table_name <> '__diesel_schema_migrations'",
                )
                .load(db)?,
            )
        })
        .unwrap();
    let names: Vec<String> = wrong
        .iter()
        .map(|column| format!("{}.{}", column.table_name, column.column_name))
        .collect();
    assert!(names.is_empty(), "without COLLATE \"C\": {names:?}");
}
