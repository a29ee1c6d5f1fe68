//! The drill: a backup while people write, a restoration elsewhere, damaged archives refused by name; PostgreSQL with
//! its own tools as the README says.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use gongkai::config::DatabaseUrl;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::contract::platform::gongkai;
use crate::documents::uploaded;
use crate::harness::{Database, Office, postgres};

const BLOB: &[u8] = "澄溪县城北地块补偿方案".as_bytes();

/// The program on an installation whose data lies in `directory`.
fn run(directory: &Path, database: &Path, arguments: &[&str]) -> (bool, String, String) {
    let url = format!("sqlite://{}", database.display());
    let directory = directory.to_str().unwrap();
    gongkai(
        arguments,
        &[
            ("GONGKAI__DATABASE__URL", url.as_str()),
            ("GONGKAI__DATA__DIR", directory),
        ],
    )
}

/// A case with a document; where its content lies below the data directory.
fn documented(office: &Office) -> PathBuf {
    let mut request = office.request();
    request["document_ids"] = json!([uploaded(&office.user("applicant"), "说明.txt", "evidence", BLOB)]);
    office.user("applicant").post("/api/v1/requests", &request).expect(201);
    let name = hex::encode(Sha256::digest(BLOB));
    PathBuf::from(format!("blobs/sha256/{}/{}/{name}", &name[..2], &name[2..4]))
}

fn sqlite_path(database: &Database) -> PathBuf {
    let DatabaseUrl::Sqlite(path) = &database.url else {
        panic!("SQLite was asked for");
    };
    path.clone()
}

/// An archive of a small installation, with the directory that keeps both.
fn archive() -> (Office, PathBuf, PathBuf) {
    let office = Office::open(Database::sqlite());
    office.apply().through("confirm_receipt");
    let directory = office.app.database.directory.path().to_owned();
    let blob = documented(&office);
    let file = directory.join("weekly.zip");
    let (ok, said, error) = run(
        &directory,
        &sqlite_path(&office.app.database),
        &["backup", file.to_str().unwrap()],
    );
    assert!(ok && said.contains("2 entries"), "{said}{error}");
    (office, file, blob)
}

#[test]
fn a_backup_while_four_people_write_is_restored_elsewhere_with_everything_acknowledged_before() {
    let office = Office::open(Database::sqlite());
    let directory = office.app.database.directory.path();
    let database = sqlite_path(&office.app.database);
    let blob = documented(&office);
    let before: BTreeSet<String> = (0..10).map(|_| office.apply().id).collect();
    let file = directory.join("daily.zip");
    let done = AtomicBool::new(false);
    let written = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let mut written = 0;
                    while !done.load(Ordering::Relaxed) {
                        office.apply();
                        written += 1;
                    }
                    written
                })
            })
            .collect();
        let (ok, _, error) = run(directory, &database, &["backup", file.to_str().unwrap()]);
        done.store(true, Ordering::Relaxed);
        assert!(ok, "{error}");
        assert!(error.contains("database and 1 files"), "progress: {error}");
        writers.into_iter().map(|writer| writer.join().unwrap()).sum::<u32>()
    });
    assert!(written > 0, "nobody wrote during the backup");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let left: Vec<_> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("partial") || name.contains("backup"))
        .collect();
    assert!(left.is_empty(), "{left:?}");

    // Nothing is overwritten.
    let (ok, _, error) = run(directory, &database, &["backup", file.to_str().unwrap()]);
    assert!(!ok && error.contains("already there"), "{error}");

    let elsewhere = tempfile::tempdir().unwrap();
    let data = elsewhere.path().join("data");
    let restored = data.join("gongkai.sqlite3");
    let (ok, said, error) = run(&data, &restored, &["restore", file.to_str().unwrap()]);
    assert!(ok && said.contains("every log sound"), "{said}{error}");
    assert!(
        said.contains("main: 1–100 passed over"),
        "numbers go on behind a gap: {said}"
    );
    assert_eq!(fs::read(data.join(blob)).unwrap(), BLOB);
    let (ok, said, error) = run(&data, &restored, &["audit", "verify"]);
    assert!(
        ok && said.contains("1 documents, every content as it came"),
        "{said}{error}"
    );
    let (ok, said, error) = run(&data, &restored, &["rebuild"]);
    assert!(ok && said.contains(" 0 changed"), "{said}{error}");
    let store = gongkai::store::Store::open(
        &DatabaseUrl::Sqlite(restored.clone()),
        1,
        std::time::Duration::from_secs(5),
    );
    let there = crate::faults::ledger(&store.unwrap());
    let ids: BTreeSet<String> = there.iter().map(|case| case.id.clone()).collect();
    assert!(before.is_subset(&ids), "lost: {:?}", before.difference(&ids));
    assert_eq!(fs::metadata(&restored).unwrap().permissions().mode() & 0o777, 0o600);

    let (ok, _, error) = run(&data, &restored, &["restore", file.to_str().unwrap()]);
    assert!(!ok && error.contains("empty"), "{error}");
}

/// Tries an archive in an empty place; nothing may be left there after a refusal.
fn refused(archive: &Path) -> String {
    let place = tempfile::tempdir().unwrap();
    let database = place.path().join("gongkai.sqlite3");
    let (ok, _, error) = run(place.path(), &database, &["restore", archive.to_str().unwrap()]);
    assert!(!ok, "{} was taken", archive.display());
    let left = fs::read_dir(place.path()).unwrap().count();
    assert_eq!(left, 0, "{error}");
    error
}

#[test]
fn a_truncated_archive_is_refused_and_says_where_it_ends() {
    let (_office, file, _) = archive();
    let whole = fs::read(&file).unwrap();
    let cut = file.with_extension("cut");
    fs::write(&cut, &whole[..whole.len() / 3]).unwrap();
    let error = refused(&cut);
    assert!(error.contains("database.sqlite3"), "{error}");
    fs::write(&cut, &whole[..whole.len() - 40]).unwrap();
    assert!(refused(&cut).contains("damaged at"));
    fs::write(&cut, b"").unwrap();
    assert!(refused(&cut).contains("damaged at"));
}

#[test]
fn one_flipped_bit_is_found_and_its_entry_named() {
    let (_office, file, blob) = archive();
    let whole = fs::read(&file).unwrap();
    let flipped = file.with_extension("flipped");
    let at = whole.windows(BLOB.len()).position(|part| part == BLOB).unwrap();
    for (place, name) in [(at + 5, blob.to_str().unwrap()), (at / 2, "database.sqlite3")] {
        let mut bytes = whole.clone();
        bytes[place] ^= 0x10;
        fs::write(&flipped, bytes).unwrap();
        let error = refused(&flipped);
        assert!(error.contains(name), "{error}");
    }
}

/// Writes an archive anew with each entry as `change` leaves it.
fn rewritten(file: &Path, change: impl Fn(&str, Vec<u8>) -> (String, Vec<u8>)) -> PathBuf {
    let mut old = zip::ZipArchive::new(fs::File::open(file).unwrap()).unwrap();
    let path = file.with_extension(format!("rewritten-{}", uuid::Uuid::now_v7()));
    let mut new = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    for index in 0..old.len() {
        let mut entry = old.by_index(index).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        let (name, bytes) = change(&entry.name().unwrap(), bytes);
        new.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        new.write_all(&bytes).unwrap();
    }
    new.finish().unwrap();
    path
}

#[test]
fn an_archive_that_contradicts_its_manifest_is_refused() {
    let (_office, file, _) = archive();
    let in_manifest = |edit: fn(&mut Value)| {
        rewritten(&file, move |name, bytes| {
            if name != "manifest.json" {
                return (name.to_owned(), bytes);
            }
            let mut manifest: Value = serde_json::from_slice(&bytes).unwrap();
            edit(&mut manifest);
            (name.to_owned(), manifest.to_string().into_bytes())
        })
    };
    // A well-formed entry with another content.
    let other = rewritten(&file, |name, bytes| match name.starts_with("blobs/") {
        true => (name.to_owned(), b"other".to_vec()),
        false => (name.to_owned(), bytes),
    });
    assert!(refused(&other).contains("blobs/sha256/"));
    let stray = rewritten(&file, |name, bytes| match name.starts_with("blobs/") {
        true => ("blobs/stray".to_owned(), bytes),
        false => (name.to_owned(), bytes),
    });
    assert!(refused(&stray).contains("blobs/stray"));
    let newer = in_manifest(|manifest| manifest["format"] = 2.into());
    assert!(refused(&newer).contains("format 2"));
    let out = in_manifest(|manifest| {
        let entries = manifest["entries"].as_array_mut().unwrap();
        entries[1]["name"] = "blobs/../../../outside".into();
    });
    refused(&out);
    let out = rewritten(&out, |name, bytes| match name.starts_with("blobs/") {
        true => ("blobs/../../../outside".to_owned(), bytes),
        false => (name.to_owned(), bytes),
    });
    assert!(refused(&out).contains("not a name of a backup"));
}

#[test]
fn postgres_is_backed_up_with_its_own_tools_as_the_program_says() {
    let Some(binaries) = postgres::binaries() else {
        assert!(std::env::var("CI").is_err(), "pg_dump is needed under CI");
        return;
    };
    let Some(db) = Database::postgres() else { return };
    let office = Office::open(db);
    let ids: BTreeSet<String> = (0..3).map(|_| office.apply().through("confirm_receipt").id).collect();
    let DatabaseUrl::Postgres(url) = &office.app.database.url else {
        panic!("PostgreSQL was asked for");
    };
    let from = url.expose();
    let (ok, _, advice) = gongkai(&["backup", "weekly.dump"], &[("GONGKAI__DATABASE__URL", from)]);
    assert!(!ok);
    assert!(
        advice.contains("pg_dump --format=custom --file=weekly.dump"),
        "{advice}"
    );

    let dump = office.app.database.directory.path().join("weekly.dump");
    let target = Database::postgres().unwrap();
    let DatabaseUrl::Postgres(to) = &target.url else {
        panic!("PostgreSQL was asked for");
    };
    // Into an empty database: what the migrations of the test made has to go first.
    target.store().revert_all_migrations().unwrap();
    let tool = |name: &str, arguments: &[&str]| {
        let output = Command::new(binaries.join(name)).args(arguments).output().unwrap();
        assert!(
            output.status.success(),
            "{name}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    };
    let dump = dump.to_str().unwrap();
    tool("pg_dump", &["--format=custom", &format!("--file={dump}"), from]);
    let drop_table = "DROP TABLE __diesel_schema_migrations";
    tool("psql", &["--quiet", "-c", drop_table, to.expose()]);
    tool(
        "pg_restore",
        &[
            "--exit-on-error",
            "--no-owner",
            &format!("--dbname={}", to.expose()),
            dump,
        ],
    );
    let (ok, said, error) = gongkai(&["audit", "verify"], &[("GONGKAI__DATABASE__URL", to.expose())]);
    assert!(ok && said.contains("3 cases"), "{said}{error}");
    let there: BTreeSet<String> = crate::faults::ledger(&target.store())
        .into_iter()
        .map(|case| case.id)
        .collect();
    assert_eq!(there, ids);
}
