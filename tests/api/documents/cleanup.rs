//! What is left after interrupted uploads is cleared away and nothing else; contents are audited with the log.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use gongkai::config::DatabaseUrl;
use gongkai::documents::{Integrity, Spooled};
use gongkai::domain::document::Purpose;
use gongkai::domain::people::access::Actor as Person;
use gongkai::error::Error;
use gongkai::service::documents::{content_keep, document_add};
use gongkai::service::housekeeping::clear_uploads;
use gongkai::store::StoreError;
use gongkai::store::documents::document_delete;
use gongkai::store::schema::{case_documents, documents};
use gongkai::store::users::{actor_of, user_by_username};
use serde_json::{Value, json};

use super::samples::PDF;
use super::types::left_behind;
use super::{content_path, upload, uploaded};
use crate::harness::{Office, both};

/// Where the content of a document lies.
fn place(office: &Office, document: &Value) -> PathBuf {
    let hash = document["sha256"].as_str().unwrap();
    let directory = office.app.database.directory.path().join("blobs/sha256");
    directory.join(&hash[..2]).join(&hash[2..4]).join(hash)
}

fn spooled(office: &Office, content: &[u8]) -> Spooled {
    let mut spool = office.app.app.site().documents.spool(1_000_000).unwrap();
    spool.write(content).unwrap();
    spool.finish("a.pdf").unwrap()
}

fn person(office: &Office, username: &str) -> Person {
    let found = office.app.app.site().store.read(|db| {
        let (user, _) = user_by_username(db, username)?.expect("an account");
        actor_of(db, &user)
    });
    found.unwrap()
}

/// A request with one document, and the document.
fn held(office: &Office, content: &[u8]) -> (Value, Value) {
    let applicant = office.user("applicant");
    let document = upload(&applicant, "说明.pdf", "evidence", content).expect(201).json;
    let mut request = office.request();
    request["document_ids"] = json!([document["id"]]);
    (applicant.post("/api/v1/requests", &request).expect(201).json, document)
}

/// Runs the program on the database and the directory of a test.
fn run(office: &Office, arguments: &[&str]) -> (bool, String, String) {
    let url = match &office.app.database.url {
        DatabaseUrl::Postgres(url) => url.expose().to_owned(),
        sqlite => sqlite.to_string(),
    };
    let directory = office.app.database.directory.path().to_string_lossy();
    let environment = [
        ("GONGKAI__DATABASE__URL", url.as_str()),
        ("GONGKAI__DATA__DIR", &directory),
    ];
    crate::contract::platform::gongkai(arguments, &environment)
}

both! {
    fn uploads_that_nobody_used_are_gone_after_two_days(db) {
        let office = Office::open(db);
        let applicant = office.user("applicant");
        let (_, kept) = held(&office, PDF);
        let loose = upload(&applicant, "草稿.pdf", "evidence", b"%PDF-1.7 loose").expect(201).json;
        // The same content as one that is held: the row goes, the content stays.
        let twin = upload(&applicant, "副本.pdf", "evidence", PDF).expect(201).json;
        office.app.clock.advance(TimeDelta::hours(47));
        office.app.app.run_due_jobs().unwrap();
        applicant.get(&content_path(loose["id"].as_str().unwrap())).expect(200);
        office.app.clock.advance(TimeDelta::hours(2));
        office.app.app.run_due_jobs().unwrap();
        for gone in [&loose, &twin] {
            applicant.get(&content_path(gone["id"].as_str().unwrap())).expect(404);
        }
        assert!(!place(&office, &loose).exists());
        assert_eq!(applicant.get(&content_path(kept["id"].as_str().unwrap())).expect(200).bytes, PDF);
    }

    fn what_a_crash_leaves_is_cleared_after_a_day(db) {
        let office = Office::open(db);
        let site = office.app.app.site();
        let now = site.clock.now();
        // The service ended after the content was stored, before the document had its row.
        let file = spooled(&office, b"%PDF-1.7 crashed");
        content_keep(&site.store, &site.documents, now, &person(&office, "applicant"), &file, u64::MAX).unwrap();
        let (hash, bytes) = (file.sha256.clone(), file.bytes);
        drop(file);
        assert!(site.documents.contains(&hash, bytes).unwrap());
        // It ended while a file arrived, and while a content was copied.
        let directory = office.app.database.directory.path();
        let old = SystemTime::from(now - TimeDelta::hours(1));
        for name in ["tmp/.tmpOld", "blobs/sha256/half#1"] {
            std::fs::File::create(directory.join(name)).unwrap().set_modified(old).unwrap();
        }
        office.app.clock.advance(TimeDelta::hours(22));
        office.app.app.run_due_jobs().unwrap();
        assert_eq!(left_behind(&office.app), [".tmpOld"]);
        assert!(site.documents.contains(&hash, bytes).unwrap());
        office.app.clock.advance(TimeDelta::hours(3));
        office.app.app.run_due_jobs().unwrap();
        assert_eq!(left_behind(&office.app), Vec::<String>::new());
        assert!(!directory.join("blobs/sha256/half#1").exists());
        assert!(!site.documents.contains(&hash, bytes).unwrap());
        // And the same content is taken anew.
        uploaded(&office.user("applicant"), "a.pdf", "evidence", b"%PDF-1.7 crashed");
        assert_eq!(site.documents.verify(&hash).unwrap(), Integrity::Intact);
    }

    fn clearing_never_takes_a_content_from_under_an_upload(db) {
        const ROUNDS: usize = 40;
        let office = Office::open(db);
        let site = office.app.app.site();
        let (store, blobs, now) = (&site.store, &site.documents, site.clock.now());
        let applicant = person(&office, "applicant");
        let running = AtomicBool::new(true);
        let (taken, cleared) = std::thread::scope(|scope| {
            let uploads: Vec<_> = (0..2)
                .map(|_| {
                    scope.spawn(|| {
                        let mut taken = 0;
                        for _ in 0..ROUNDS {
                            let file = spooled(&office, b"%PDF-1.7 contested");
                            content_keep(store, blobs, now, &applicant, &file, u64::MAX).unwrap();
                            let add = |tx: &mut gongkai::store::Tx<'_>| {
                                document_add(tx, blobs, now, &applicant, Purpose::Evidence, &file, u64::MAX)
                            };
                            let row = store.write(add).unwrap();
                            // As long as the document is there, its content is.
                            for _ in 0..5 {
                                assert_eq!(blobs.verify(&row.sha256).unwrap(), Integrity::Intact);
                            }
                            taken += 1;
                            store.write(|tx| Ok::<_, Error>(document_delete(tx, row.id())?)).unwrap();
                        }
                        taken
                    })
                })
                .collect();
            let clearing = scope.spawn(|| {
                let later: DateTime<Utc> = now + TimeDelta::hours(25);
                let mut cleared = 0;
                while running.load(Ordering::Relaxed) {
                    cleared += clear_uploads(store, blobs, later).unwrap().contents;
                }
                cleared
            });
            let taken: usize = uploads.into_iter().map(|thread| thread.join().unwrap()).sum();
            running.store(false, Ordering::Relaxed);
            (taken, clearing.join().unwrap())
        });
        assert_eq!(taken, 2 * ROUNDS);
        assert!(cleared > 0, "the two never met");
    }

    fn an_audit_reads_every_content_again(db) {
        let office = Office::open(db);
        let (_, _) = held(&office, b"%PDF-1.7 first");
        let (case, document) = held(&office, b"%PDF-1.7 second");
        let sound = "2 cases, every log sound; 2 documents, every content as it came\n".to_owned();
        assert_eq!(run(&office, &["audit", "verify"]), (true, sound.clone(), String::new()));
        let name = format!("case {} ({})", case["id"].as_str().unwrap(), case["intake_number"].as_str().unwrap());
        let place = place(&office, &document);
        std::fs::write(&place, b"%PDF-1.7 sEcond").unwrap();
        let (ok, _, error) = run(&office, &["audit", "verify"]);
        assert_eq!((ok, error), (false, format!("gongkai: {name}, entry 2: the content of its document was changed\n")));
        std::fs::remove_file(&place).unwrap();
        let (ok, _, error) = run(&office, &["audit", "verify"]);
        assert_eq!((ok, error), (false, format!("gongkai: {name}, entry 2: the content of its document is missing\n")));
        // The next upload of the same content heals it.
        uploaded(&office.user("applicant"), "wieder.pdf", "evidence", b"%PDF-1.7 second");
        assert_eq!(run(&office, &["audit", "verify"]), (true, sound, String::new()));
    }

    fn a_lost_content_is_a_failure_that_is_told_and_no_panic(db) {
        let mut office = Office::open(db);
        let (_, document) = held(&office, PDF);
        std::fs::remove_file(place(&office, &document)).unwrap();
        let answer = office.user("clerk").get(&content_path(document["id"].as_str().unwrap())).expect(500);
        assert_eq!(answer.code(), "internal");
        office.app.allow_server_errors();
    }

    fn rebuilding_gives_documents_back_to_their_case(db) {
        let office = Office::open(db);
        let (_, document) = held(&office, b"%PDF-1.7 first");
        held(&office, b"%PDF-1.7 second");
        assert_eq!(run(&office, &["rebuild"]), (true, "2 cases, 0 changed\n".to_owned(), String::new()));
        let rows = |office: &Office| -> Vec<(String, String, Option<String>)> {
            office.app.app.site().store
                .read(|db| Ok::<_, StoreError>(documents::table.order(documents::id).select((documents::id, documents::name, documents::case_id)).load(db)?))
                .unwrap()
        };
        let before = rows(&office);
        let store = &office.app.app.site().store;
        store
            .write(|tx| {
                diesel::delete(case_documents::table).execute(&mut **tx)?;
                diesel::update(documents::table).set(documents::case_id.eq(None::<String>)).execute(&mut **tx)?;
                Ok::<_, StoreError>(diesel::delete(documents::table.find(document["id"].as_str().unwrap())).execute(&mut **tx)?)
            })
            .unwrap();
        let (ok, shown, _) = run(&office, &["rebuild"]);
        assert!(ok && shown.ends_with("2 cases, 2 changed\n"), "{shown}");
        assert_eq!(rows(&office), before);
        office.user("clerk").get(&content_path(document["id"].as_str().unwrap())).expect(200);
        assert_eq!(run(&office, &["rebuild"]), (true, "2 cases, 0 changed\n".to_owned(), String::new()));
    }
}
