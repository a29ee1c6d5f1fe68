//! Contents in a bucket instead of a directory, on a real S3-compatible server: PyPI's `moto`, or the one at
//! `GONGKAI_TEST_S3` (an address without path).

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use gongkai::config::{DocumentStore, Secret};
use gongkai::documents::Integrity;

use super::samples::PDF;
use super::{content_path, upload, uploaded};
use crate::harness::{Office, both};

struct Server {
    address: String,
    process: Option<Child>,
}

impl Server {
    /// `None`, said loudly, when there is no server to test with; a failure when `CI=true`.
    fn start() -> Option<Self> {
        if let Ok(address) = std::env::var("GONGKAI_TEST_S3") {
            return Some(Self { address, process: None });
        }
        let python = std::env::var("GONGKAI_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let there = Command::new(&python)
            .args(["-c", "import moto.server"])
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
        if !there {
            assert_ne!(
                std::env::var("CI").as_deref(),
                Ok("true"),
                "CI needs moto: pip install 'moto[server]'"
            );
            eprintln!("SKIPPED: no S3-compatible server; pip install 'moto[server]'");
            return None;
        }
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let process = Command::new(&python)
            .args(["-m", "moto.server", "-H", "127.0.0.1", "-p", &free.port().to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self {
            address: format!("http://{free}"),
            process: Some(process),
        };
        let began = Instant::now();
        while TcpStream::connect(free).is_err() {
            assert!(began.elapsed() < Duration::from_secs(60), "moto does not start");
            std::thread::sleep(Duration::from_millis(50));
        }
        Some(server)
    }

    /// The server asks nobody for a name, so that a bucket can be made and emptied without a signature.
    fn ask(&self, method: &str, path: &str) {
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}/{path}", self.address));
        ureq::run(request.body(()).unwrap()).unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            drop(process.kill());
            drop(process.wait());
        }
    }
}

fn office(db: crate::harness::Database, address: &str, bucket: &str) -> Office {
    let (address, bucket) = (address.to_owned(), bucket.to_owned());
    Office::open_with(db, |config| {
        config.documents.store = DocumentStore::S3;
        config.documents.endpoint = Some(address);
        config.documents.bucket = Some(bucket);
        config.documents.access_key = Some("test".to_owned());
        config.documents.secret_key = Some(Secret::new("test"));
    })
}

both! {
    fn a_bucket_keeps_contents_as_a_directory_does(db) {
        let Some(server) = Server::start() else { return };
        let bucket = format!("gongkai-{}", std::process::id());
        server.ask("PUT", &bucket);
        let mut office = office(db, &server.address, &bucket);
        let applicant = office.user("applicant");
        // More than two parts of an upload in parts.
        let large: Vec<u8> = (0..20_000_000_u32).map(|n| b'a' + u8::try_from(n / 7 % 26).unwrap()).collect();
        let big = upload(&applicant, "大文件.txt", "evidence", &large).expect(201).json;
        let path = content_path(big["id"].as_str().unwrap());
        assert_eq!(applicant.get(&path).expect(200).bytes, large);
        let part = applicant.with("Range", "bytes=8388600-8388619").get(&path).expect(206);
        assert_eq!(part.bytes, &large[8_388_600..8_388_620]);
        let small = upload(&applicant, "a.pdf", "evidence", PDF).expect(201).json;
        // Once more the same content: another document, no second object.
        uploaded(&applicant, "b.pdf", "evidence", PDF);
        let blobs = office.app.app.site().documents.clone();
        let hash = |document: &serde_json::Value| document["sha256"].as_str().unwrap().to_owned();
        assert_eq!(blobs.verify(&hash(&big)).unwrap(), Integrity::Intact);

        let object = |hash: &str| format!("{bucket}/sha256/{}/{}/{hash}", &hash[..2], &hash[2..4]);
        server.ask("DELETE", &object(&hash(&big)));
        assert_eq!(blobs.verify(&hash(&big)).unwrap(), Integrity::Missing);
        applicant.get(&path).expect(500);
        office.app.clock.advance(TimeDelta::hours(49));
        office.app.app.run_due_jobs().unwrap();
        assert!(!blobs.contains(&hash(&small), PDF.len() as u64).unwrap());
        assert!(!office.app.database.directory.path().join("blobs").exists());
        office.app.allow_server_errors();
    }

    fn a_bucket_out_of_reach_is_told_as_busy(db) {
        let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut office = office(db, &format!("http://{nobody}"), "nowhere");
        let answer = upload(&office.user("applicant"), "a.pdf", "evidence", PDF).expect(503);
        assert_eq!(answer.code(), "unavailable");
        assert!(!answer.text.contains("test") && !answer.text.contains(&nobody.to_string()));
        office.app.allow_server_errors();
    }
}
