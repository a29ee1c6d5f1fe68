//! What one client can cost the others, and what answers tell browsers: bodies that never end, names without end,
//! compressed bodies, search texts, addresses behind one connection, security headers, files on disk.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use gongkai::config::DatabaseUrl;
use serde_json::json;

use crate::harness::{Database, TestApp, both};

const LOGIN: &str = "/api/v1/auth/login";

both! {
    fn a_search_text_without_end_is_an_impossible_field(db) {
        let app = TestApp::start(db);
        let text = "a".repeat(60_000);
        let anon = app.anon().get(&format!("/api/v1/agencies?q={text}")).expect(422);
        assert_eq!(anon.pointers(), ["?q"]);
        app.user("officer").get(&format!("/api/v1/cases?q={text}")).expect(422);
        app.user("admin").get(&format!("/api/v1/admin/users?q={text}")).expect(422);
        app.anon().get(&format!("/api/v1/agencies?q={}", "%25".repeat(2000))).expect(200);
    }

    fn the_addresses_of_one_customer_count_together(db) {
        let app = TestApp::start_with(db, |config| config.auth.trust_forwarded_for = true);
        let from = |address: &str, n: u32| {
            let body = json!({"username": format!("nobody{n}"), "password": "not the password"});
            app.anon().with("X-Forwarded-For", address).post(LOGIN, &body)
        };
        for n in 0..50 {
            from(&format!("2001:db8:0:7:{n:x}::1"), n).expect(401);
        }
        from("2001:db8:0:7:ffff::9", 50).expect(429);
        from("[2001:db8:0:7::1]:4711", 51).expect(429);
        from("2001:db8:0:8::1", 52).expect(401);
        for n in 0..50 {
            from(&format!("198.51.100.7:{}", 4000 + n), n + 100).expect(401);
        }
        from("198.51.100.7", 200).expect(429);
        from("::ffff:198.51.100.7", 201).expect(429);
    }
}

fn sqlite_app() -> TestApp {
    TestApp::start(Database::sqlite())
}

#[test]
fn a_body_that_does_not_arrive_is_not_waited_for() {
    let app = TestApp::start_with(Database::sqlite(), |config| config.server.body_timeout_seconds = 1);
    let mut stream = TcpStream::connect(app.base_url.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let began = Instant::now();
    write!(
        stream,
        "POST {LOGIN} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"
    )
    .unwrap();
    let mut answer = [0; 2000];
    let length = stream.read(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer[..length]);
    assert!(
        answer.starts_with("HTTP/1.1 408") && answer.contains("body_timeout") && answer.contains("connection: close"),
        "{answer}"
    );
    assert!(began.elapsed() >= Duration::from_secs(1));
}

#[test]
fn a_compressed_body_is_not_unpacked() {
    let app = sqlite_app();
    for coding in ["gzip", "deflate", "identity, gzip"] {
        let answer = app
            .anon()
            .with("Content-Encoding", coding)
            .post(LOGIN, &json!({}))
            .expect(415);
        assert_eq!(answer.code(), "unsupported_media", "{coding}");
    }
}

#[test]
fn mistakes_without_end_get_a_short_answer() {
    let app = sqlite_app();
    let body = format!("{{{}\"a\":1}}", "\"a\":1,".repeat(100_000));
    let answer = app
        .anon()
        .send("POST", LOGIN, Some(("application/json", body.as_bytes())));
    assert_eq!(answer.expect(422).pointers().len(), 20);
    let body = json!({
        "username": "chen.mingyuan", "password": "a long passphrase",
        "applicant": {
            "kind": "natural_person", "name": "陈明远", "phone": "13800000000",
            "id_document": {"kind": "resident_id", "number": "11010519491231002X"},
            "co_applicants": vec![json!({"name": "", "id_document": {"kind": "resident_id", "number": "1"}}); 2000]
        }
    });
    let answer = app.anon().post("/api/v1/auth/register", &body).expect(422);
    assert!(
        (1..=100).contains(&answer.pointers().len()),
        "{}",
        answer.pointers().len()
    );
}

#[test]
fn answers_tell_browsers_to_keep_apart() {
    let app = sqlite_app();
    for path in ["/docs/", "/api/v1/problems", "/healthz", "/nothing", "/a%00b"] {
        let answer = app.anon().get(path);
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
        assert_eq!(
            policy.contains("script-src 'self'"),
            path == "/docs/",
            "{path}: {policy}"
        );
        // No answer is for pages of another origin.
        assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
    }
    assert_eq!(app.anon().get("/api/v1/problems").header("cache-control"), "no-store");
    let page = app.anon().get("/docs/").text;
    assert!(!page.contains("<script>") && !page.contains(" onload="), "{page}");
}

#[test]
fn no_acceptable_encoding_is_a_problem_document_too() {
    let app = sqlite_app();
    let answer = app
        .anon()
        .with("Accept-Encoding", "identity;q=0, br")
        .get("/api/v1/problems")
        .expect(406);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.code(), "not_acceptable");
    assert_ne!(answer.header("x-request-id"), "");
}

#[test]
fn the_database_file_belongs_to_the_service_alone() {
    let app = sqlite_app();
    app.region();
    let DatabaseUrl::Sqlite(file) = &app.database.url else {
        panic!("SQLite was asked for");
    };
    let directory = file.parent().unwrap();
    let mut seen = 0;
    for path in std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()) {
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", path.display());
        seen += 1;
    }
    assert!(seen >= 2, "the file and its log");
    assert_eq!(
        std::fs::metadata(directory).unwrap().permissions().mode() & 0o777,
        0o700
    );
}
