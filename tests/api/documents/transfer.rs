//! Up and down the line: ranges, conditions, limits, and what a broken upload leaves.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::samples::PDF;
use super::types::left_behind;
use super::{content_path, form, upload, uploaded};
use crate::harness::{TestApp, both};

/// A text of this many bytes in which no two places look alike.
fn text(bytes: usize) -> Vec<u8> {
    let lines = (0..).flat_map(|n: usize| format!("{n:07}\n").into_bytes());
    lines.take(bytes).collect()
}

both! {
    fn parts_are_sent_as_asked_for(db) {
        let app = TestApp::start(db);
        let applicant = app.user("applicant");
        let content = text(100_000);
        let id = uploaded(&applicant, "a.txt", "evidence", &content);
        let path = content_path(&id);
        let etag = applicant.get(&path).expect(200).header("etag").to_owned();
        for (range, shown, expected) in [
            ("bytes=0-9", "bytes 0-9/100000", &content[..10]),
            ("bytes=99990-", "bytes 99990-99999/100000", &content[99_990..]),
            ("bytes=-5", "bytes 99995-99999/100000", &content[99_995..]),
            ("bytes=5000-60000", "bytes 5000-60000/100000", &content[5000..=60_000]),
            ("bytes=99999-200000", "bytes 99999-99999/100000", &content[99_999..]),
        ] {
            let answer = applicant.with("Range", range).get(&path).expect(206);
            assert_eq!((answer.header("content-range"), &answer.bytes[..]), (shown, expected), "{range}");
            assert_eq!(answer.header("content-length"), expected.len().to_string());
            assert_eq!(answer.header("etag"), etag);
        }
        for range in ["bytes=0-1,5-6", "bytes=9-1", "pages=1-2"] {
            assert_eq!(applicant.with("Range", range).get(&path).expect(200).bytes, content, "{range}");
        }
        for range in ["bytes=100000-", "bytes=-0"] {
            let answer = applicant.with("Range", range).get(&path).expect(416);
            assert_eq!((answer.header("content-range"), answer.code()), ("bytes */100000", "range_not_satisfiable"));
        }
        let ranged = applicant.with("Range", "bytes=0-9");
        assert_eq!(ranged.with("If-Range", &etag).get(&path).expect(206).bytes, &content[..10]);
        assert_eq!(ranged.with("If-Range", "\"other\"").get(&path).expect(200).bytes, content);
        let known = applicant.with("If-None-Match", &etag).get(&path).expect(304);
        assert_eq!((known.header("etag"), known.bytes.len()), (etag.as_str(), 0));
        let head = applicant.head(&path).expect(200);
        assert_eq!((head.header("content-length"), head.bytes.len()), ("100000", 0));
        // A text would be compressed on the way, and then neither its hash nor its ranges were those of the file.
        let packed = applicant.with("Accept-Encoding", "gzip").get(&path).expect(200);
        assert_eq!((packed.bytes, packed.headers.get("content-encoding").map(|value| value.as_bytes())), (content, Some(&b"identity"[..])));
    }

    fn a_file_beyond_the_limit_is_refused_while_it_arrives(db) {
        let app = TestApp::start_with(db, |config| config.documents.max_file_bytes = 1_000_000);
        let applicant = app.user("applicant");
        assert_eq!(upload(&applicant, "a.txt", "evidence", &text(1_000_000)).expect(201).json["bytes"], 1_000_000);
        let answer = upload(&applicant, "a.txt", "evidence", &text(1_000_001)).expect(413);
        assert_eq!(answer.code(), "file_too_large");
        assert!(answer.text.contains("1000000 B"), "{}", answer.text);

        // Without a length told beforehand, byte after byte: the answer comes long before the end.
        let token = app.login("applicant", gongkai::auth::passwords::DEMO_PASSWORD).json["access_token"].as_str().unwrap().to_owned();
        let (media_type, body) = form(&[("purpose", None, b"evidence"), ("file", Some("filename=\"a.txt\""), &text(3_000_000))]);
        let mut line = TcpStream::connect(app.base_url.trim_start_matches("http://")).unwrap();
        line.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        write!(line, "POST /api/v1/documents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: {media_type}\r\nTransfer-Encoding: chunked\r\n\r\n").unwrap();
        let mut sent = 0;
        for piece in body.chunks(50_000) {
            let chunk = [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat();
            if sent >= 1_600_000 || line.write_all(&chunk).is_err() {
                break;
            }
            sent += piece.len();
            let largest = largest_temporary(&app);
            assert!(largest <= 1_000_000, "{largest}");
        }
        let mut answer = [0; 12];
        line.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"HTTP/1.1 413");
        drop(line);
        let told = applicant.with("Content-Length", "60000000").send("POST", "/api/v1/documents", Some((&media_type, &text(60_000_000))));
        assert_eq!(told.expect(413).code(), "file_too_large");
        wait_until_cleared(&app);
    }

    fn a_line_that_breaks_leaves_nothing(db) {
        let app = TestApp::start(db);
        app.region();
        let token = app.login("applicant", gongkai::auth::passwords::DEMO_PASSWORD).expect(200).json["access_token"].as_str().unwrap().to_owned();
        let (media_type, body) = form(&[("purpose", None, b"evidence"), ("file", Some("filename=\"a.txt\""), &text(900_000))]);
        let mut line = TcpStream::connect(app.base_url.trim_start_matches("http://")).unwrap();
        write!(line, "POST /api/v1/documents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\n\r\n", body.len()).unwrap();
        line.write_all(&body[..600_000]).unwrap();
        let began = std::time::Instant::now();
        while left_behind(&app).is_empty() {
            assert!(began.elapsed() < Duration::from_secs(20), "the upload never began");
            std::thread::sleep(Duration::from_millis(5));
        }
        drop(line);
        wait_until_cleared(&app);
    }

    fn what_nobody_uses_has_a_quota(db) {
        let app = TestApp::start_with(db, |config| {
            config.documents.max_file_bytes = 400_000;
            config.documents.unattached_quota_bytes = 1_000_000;
        });
        let (applicant, clerk) = (app.user("applicant"), app.user("clerk"));
        let mut content = text(400_000);
        let first = uploaded(&applicant, "1.txt", "evidence", &content);
        content[0] = b'x';
        uploaded(&applicant, "2.txt", "evidence", &content);
        content[0] = b'y';
        let full = upload(&applicant, "3.txt", "evidence", &content).expect(413);
        assert_eq!(full.code(), "quota_exceeded");
        // The same content again takes no room in the store, but counts as well.
        upload(&applicant, "1.txt", "evidence", &text(400_000)).expect(413);
        uploaded(&clerk, "3.txt", "evidence", &content);
        let small = uploaded(&applicant, "klein.pdf", "evidence", PDF);
        applicant.delete(&format!("/api/v1/documents/{first}")).expect(204);
        applicant.get(&format!("/api/v1/documents/{first}")).expect(404);
        applicant.delete(&format!("/api/v1/documents/{first}")).expect(404);
        clerk.delete(&format!("/api/v1/documents/{small}")).expect(404);
        uploaded(&applicant, "3.txt", "evidence", &content);
    }
}

fn largest_temporary(app: &TestApp) -> u64 {
    left_behind(app)
        .iter()
        .filter_map(|name| std::fs::metadata(app.database.directory.path().join("tmp").join(name)).ok())
        .map(|file| file.len())
        .max()
        .unwrap_or(0)
}

/// The server notices the end of a line a moment after the client made it.
fn wait_until_cleared(app: &TestApp) {
    let began = std::time::Instant::now();
    while !left_behind(app).is_empty() {
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", left_behind(app));
        std::thread::sleep(Duration::from_millis(10));
    }
}
