//! One migration makes what six did: a new database and one of an earlier build have the same schema.

use std::path::{Path, PathBuf};

use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use gongkai::config::DatabaseUrl;
use gongkai::store::migrate::migration_names;
use gongkai::store::{Backend, Store, StoreError};
use sha2::{Digest, Sha256};

use crate::harness::{Database, both};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn name(backend: Backend) -> &'static str {
    match backend {
        Backend::Postgres => "postgres",
        Backend::Sqlite => "sqlite",
    }
}

fn directories(path: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    found.sort();
    found
}

/// Empties the database and runs the first `count` migrations of earlier builds on it, as they did.
fn made_before(db: &Database, count: usize) -> Store {
    let store = db.store();
    store.revert_all_migrations().unwrap();
    let all = directories(
        &Path::new(ROOT)
            .join("tests/api/store/before")
            .join(name(store.backend())),
    );
    assert_eq!(all.len(), 6);
    store
        .write(|tx| {
            for directory in &all[..count] {
                let version = &directory.file_name().unwrap().to_str().unwrap()[..4];
                tx.batch_execute(&std::fs::read_to_string(directory.join("up.sql")).unwrap())?;
                tx.batch_execute(&format!(
                    "INSERT INTO __diesel_schema_migrations (version) VALUES ('{version}')"
                ))?;
            }
            Ok::<_, StoreError>(())
        })
        .unwrap();
    store
}

/// Runs a text of the first migration of this build by itself.
fn first_migration(store: &Store, file: &str) {
    let path = Path::new(ROOT)
        .join("migrations")
        .join(name(store.backend()))
        .join("0100_schema")
        .join(file);
    let text = std::fs::read_to_string(path).unwrap();
    store.write(|tx| Ok::<_, StoreError>(tx.batch_execute(&text)?)).unwrap();
}

/// The versions of the migrations of this build, in order.
fn present() -> Vec<String> {
    let (all, _) = migration_names().unwrap();
    all.iter()
        .map(|name| name.split('_').next().unwrap().to_owned())
        .collect()
}

#[derive(diesel::QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn lines(store: &Store, sql: &str) -> Vec<String> {
    let rows: Vec<Line> = store
        .read(|db| Ok::<_, StoreError>(diesel::sql_query(sql).load(db)?))
        .unwrap();
    rows.into_iter().map(|row| row.line).collect()
}

const SQLITE: &str = "SELECT type || ' ' || name || ' on ' || tbl_name || ': ' || COALESCE(sql, '') AS line \
     FROM sqlite_master WHERE tbl_name <> '__diesel_schema_migrations'";

const POSTGRES: [&str; 4] = [
    "SELECT concat_ws(' ', 'column', table_name, ordinal_position, column_name, data_type, is_nullable, column_default, \
     collation_name, is_identity, identity_generation) AS line FROM information_schema.columns \
     WHERE table_schema = 'public' AND table_name <> '__diesel_schema_migrations'",
    "SELECT 'index ' || indexdef AS line FROM pg_indexes \
     WHERE schemaname = 'public' AND tablename <> '__diesel_schema_migrations'",
    "SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS line \
     FROM pg_constraint WHERE connamespace = 'public'::regnamespace \
     AND conrelid::regclass::text <> '__diesel_schema_migrations'",
    "SELECT concat_ws(' ', 'relation', relkind, relname, array_to_string(reloptions, ',')) AS line FROM pg_class \
     WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE '\\_\\_diesel%'",
];

/// Everything that the database says of its schema, in one order and with one way of writing.
fn schema(store: &Store) -> Vec<String> {
    let mut told: Vec<String> = match store.backend() {
        Backend::Sqlite => lines(store, SQLITE),
        Backend::Postgres => POSTGRES.iter().flat_map(|sql| lines(store, sql)).collect(),
    };
    for line in &mut told {
        // A table that was renamed keeps its name in quotes.
        *line = line.replace('"', "").split_whitespace().collect::<Vec<_>>().join(" ");
    }
    told.sort();
    told
}

fn versions(store: &Store) -> Vec<String> {
    lines(
        store,
        "SELECT version AS line FROM __diesel_schema_migrations ORDER BY version",
    )
}

both! {
    fn one_migration_makes_what_six_made(db) {
        let now = schema(&db.store());
        let store = made_before(&db, 0);
        first_migration(&store, "up.sql");
        let one = schema(&store);
        assert!(one.len() > 90, "{one:#?}");
        first_migration(&store, "down.sql");
        assert_eq!(schema(&store), Vec::<String>::new());
        let store = made_before(&db, 6);
        assert_eq!(schema(&store), one);
        let mut all = present();
        assert_eq!(store.migrate().unwrap(), all);
        assert_eq!(schema(&store), now);
        all.reverse();
        assert_eq!(store.revert_all_migrations().unwrap(), all);
        assert_eq!(schema(&store), Vec::<String>::new());
    }

    fn a_database_of_earlier_builds_is_taken_as_it_is(db) {
        let store = made_before(&db, 6);
        let kept = "SELECT key || '=' || value AS line FROM installation ORDER BY key";
        store
            .write(|tx| Ok::<_, StoreError>(tx.batch_execute("INSERT INTO installation VALUES ('a', 'b')")?))
            .unwrap();
        // Has the first before anybody says so: what only reads does not wait for a start.
        assert_eq!(store.pending_migrations().unwrap(), present().len() - 1);
        let stores: Vec<Store> = (0..8).map(|_| db.store()).collect();
        let run: usize = std::thread::scope(|scope| {
            let nodes: Vec<_> = stores.iter().map(|store| scope.spawn(|| store.migrate().unwrap().len())).collect();
            nodes.into_iter().map(|node| node.join().unwrap()).sum()
        });
        assert_eq!(run, present().len());
        assert_eq!(lines(&store, kept), ["a=b"]);
        let earlier = ["0001", "0002", "0003", "0004", "0005", "0006"].map(str::to_owned);
        assert_eq!(versions(&store), [&earlier[..], &present()].concat());
        assert_eq!((store.pending_migrations().unwrap(), store.migrate().unwrap().len()), (0, 0));
    }

    fn a_database_that_an_earlier_build_left_half_way_is_refused(db) {
        for count in 1..6 {
            let store = made_before(&db, count);
            let (before, had) = (schema(&store), versions(&store));
            for refused in [store.migrate().map(|_| ()), store.pending_migrations().map(|_| ())] {
                let StoreError::Migration(reason) = refused.unwrap_err() else { panic!("another kind") };
                let reason = reason.to_string();
                for part in [&format!("中的 {count} 项"), "版本 0.1.0（提交 e37e5a0", "version 0.1.0 (commit e37e5a0"] {
                    assert!(reason.contains(part), "{reason}");
                }
            }
            assert_eq!((schema(&store), versions(&store)), (before, had));
            // The build that has them finishes; here the rest is dropped, so that the next round begins from nothing.
            let rest = match store.backend() {
                Backend::Postgres => "DROP SCHEMA public CASCADE; CREATE SCHEMA public",
                Backend::Sqlite => {
                    drop(store);
                    let DatabaseUrl::Sqlite(path) = &db.url else { unreachable!() };
                    std::fs::remove_file(path).unwrap();
                    continue;
                }
            };
            store.write(|tx| Ok::<_, StoreError>(tx.batch_execute(rest)?)).unwrap();
        }
    }
}

/// A migration that somebody has run is never rewritten: a change is another one.
#[test]
fn migrations_are_added_and_never_rewritten() {
    let pinned = [
        (
            "migrations/postgres/0100_schema/up.sql",
            "dce5742097e6d5791c13ded21428b7066430a3e84e4dce5cc4a6749fc5f4b16d",
        ),
        (
            "migrations/sqlite/0100_schema/up.sql",
            "6a3348baa66043e5ba14ba8081b1661ea358237a84425a4bc88b09f149050944",
        ),
        (
            "migrations/postgres/0103_papers/up.sql",
            "78353478bb857a8eea87fd8385d618cc6ab582dc99b3a5d638c8d9f9ba787aa4",
        ),
        (
            "migrations/sqlite/0103_papers/up.sql",
            "8559c6d8842190ee5c0476cbb837eaea5fd1a65a1c843f58f7e7a968ddad9a41",
        ),
        (
            "migrations/postgres/0104_people/up.sql",
            "e63cd82b5b60e17e43aa75b6d0954f8297cef97d7d621c22b87de16f7fbf040e",
        ),
        (
            "migrations/sqlite/0104_people/up.sql",
            "e35f4aeb994d7ea62aa9e00e14f44dd1bebfac8e465f1469859f53a198be4872",
        ),
        (
            "migrations/postgres/0105_instruments/up.sql",
            "e767b216a1820b8e0448577e720dd792ec166a78e8a2ca9deec06c8be11a5d6d",
        ),
        (
            "migrations/sqlite/0105_instruments/up.sql",
            "686e0a0c30bb69070194bb44f77fe2990db91f6d6ed1932d3ba5e6705ed68c9d",
        ),
        (
            "migrations/postgres/0106_drafts/up.sql",
            "eb5481d79030e713a19d05a284d4fda32851c2a78f67ad5060903a79dba65a60",
        ),
        (
            "migrations/sqlite/0106_drafts/up.sql",
            "88ce5c02ae1deffa0f20be7f3d1bbcd7034e29f0fa236482165e22a07a480569",
        ),
        (
            "migrations/postgres/0107_postings/up.sql",
            "c44b94f70ef4607ef31201e89931ad2f2c4f895727041f36be6ac88aa8832f03",
        ),
        (
            "migrations/sqlite/0107_postings/up.sql",
            "b977c5a0c3f2844edb37b7c685975245fafa2dce0d3723baab819ec6f42167f5",
        ),
    ];
    for (path, hash) in pinned {
        let text = std::fs::read(Path::new(ROOT).join(path)).unwrap();
        assert_eq!(
            hex::encode(Sha256::digest(text)),
            hash,
            "{path} was rewritten; add a migration instead"
        );
    }
    for database in ["postgres", "sqlite"] {
        let found = directories(&Path::new(ROOT).join("migrations").join(database));
        let pinned = pinned.iter().filter(|(path, _)| path.contains(database)).count();
        assert_eq!(found.len(), pinned, "a new migration of {database} is pinned here too");
    }
}
