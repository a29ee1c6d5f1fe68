//! What the service promises when something breaks: the real program on a real disk, killed, starved and kept waiting.
//!
//! `GONGKAI_FAULT_ROUNDS` (default 20) kills that often; `GONGKAI_FAULT_AWAY_SECONDS` (default 6) keeps the database
//! away for so long.

mod clients;
mod clock;
mod cluster;
mod full;
mod gone;
mod killed;
mod log;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use diesel::{QueryDsl, RunQueryDsl};
use gongkai::auth::passwords::DEMO_PASSWORD;
use gongkai::config::{Config, DatabaseUrl};
use gongkai::demo::{Region, people_seed};
use gongkai::service::auth::Auth;
use gongkai::store::schema::cases;
use gongkai::store::{Store, StoreError};
use serde_json::{Value, json};

use crate::harness::{Actor, Response};

pub use cluster::Cluster;

/// A number from the environment.
fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |value| value.parse().expect("a number"))
}

/// As root, or loudly not at all: an unmounted disk cannot be filled.
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").unwrap().uid() == 0
}

/// The program, serving in a process of its own; killed when it is dropped.
struct Service {
    child: Child,
    base_url: String,
    log: std::path::PathBuf,
}

impl Service {
    /// Starts on a database with the region in it.
    fn start(directory: &Path, url: &str, more: &[(&str, &str)]) -> Self {
        let log = directory.join("service.log");
        let out = std::fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(&log)
            .unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_gongkai"))
            .args(["serve", "--demo"])
            .current_dir(directory)
            .env("GONGKAI__SERVER__BIND", "127.0.0.1:0")
            .env("GONGKAI__DATABASE__URL", url)
            .env("GONGKAI__DATA__DIR", directory)
            .env("GONGKAI__AUTH__ACCESS_TOKEN_MINUTES", "1440")
            .env("GONGKAI__AUTH__PASSWORD_MEMORY_KIB", "8")
            .env("GONGKAI__AUTH__PASSWORD_PASSES", "1")
            .envs(more.iter().copied())
            .stdout(Stdio::piped())
            .stderr(out)
            .spawn()
            .expect("the program starts");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let base_url = loop {
            let line = lines.next().and_then(Result::ok).unwrap_or_else(|| {
                let log = std::fs::read_to_string(&log).unwrap_or_default();
                panic!("the service ended before it listened: {log}")
            });
            if let Some(at) = line.find("http://") {
                break line[at..].split_whitespace().next().unwrap().to_owned();
            }
        };
        // What the welcome still says must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, base_url, log }
    }

    fn anon(&self) -> Actor {
        Actor::new(&self.base_url, Arc::default())
    }

    fn user(&self, username: &str) -> Actor {
        let body = json!({"username": username, "password": DEMO_PASSWORD});
        let answer = self.anon().post("/api/v1/auth/login", &body).expect(200);
        self.anon()
            .with_token(answer.json["access_token"].as_str().expect("a token"))
    }

    /// As a loss of power would, as far as the process is concerned.
    fn kill(&mut self) {
        self.child.kill().expect("still running");
        self.child.wait().expect("a child");
    }

    fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("a child").is_none()
    }

    fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// No handler may have panicked, whatever was broken.
    fn check_log(&self) {
        let log = self.log();
        assert!(!log.contains("panicked"), "{log}");
    }

    /// A figure of `/proc/PID/status` in kB.
    fn memory_kb(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have been killed by the test.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The people of the demonstration region in an empty, migrated database.
fn seed(store: &Store) -> Region {
    let mut config = Config::from_layers(None, &[]).unwrap();
    config.auth.password_memory_kib = 8;
    config.auth.password_passes = 1;
    let auth = Auth::new(&config).unwrap();
    let now = gongkai::clock::Clock::system().now();
    store
        .write(|tx| people_seed(tx, &auth, now))
        .expect("the region is made")
}

/// A database URL as the program takes it.
fn plain(url: &DatabaseUrl) -> String {
    match url {
        DatabaseUrl::Postgres(url) => url.expose().to_owned(),
        sqlite => sqlite.to_string(),
    }
}

/// A case as the database has it.
#[derive(Debug, Clone)]
pub struct Entry {
    pub id: String,
    pub version: i64,
    pub intake_number: String,
    pub number: Option<String>,
}

/// Every case, read past the service.
pub fn ledger(store: &Store) -> Vec<Entry> {
    let rows: Vec<gongkai::store::cases::CaseRow> = store
        .read(|db| Ok::<_, StoreError>(cases::table.order(cases::id).load(db)?))
        .unwrap();
    rows.into_iter()
        .map(|row| Entry {
            id: row.id().to_string(),
            version: row.version,
            intake_number: row.intake_number,
            number: row.number,
        })
        .collect()
}

/// Numbers of one series (`CODE-YEAR-S00001`, `CODE-YEAR-00001`) run from 1 without gap or repeat.
fn check_numbers(ledger: &[Entry]) {
    let mut series: std::collections::BTreeMap<String, Vec<u32>> = std::collections::BTreeMap::new();
    let numbers = ledger.iter().map(|case| Some(&case.intake_number));
    for number in numbers.chain(ledger.iter().map(|case| case.number.as_ref())).flatten() {
        let digits = number.len() - 5;
        let (name, ordinal) = number.split_at(digits);
        series
            .entry(name.to_owned())
            .or_default()
            .push(ordinal.parse().unwrap());
    }
    for (name, mut ordinals) in series {
        ordinals.sort_unstable();
        let expected: Vec<u32> = (1..=u32::try_from(ordinals.len()).unwrap()).collect();
        assert_eq!(ordinals, expected, "{name}");
    }
}

/// `audit verify` passes and `rebuild` changes nothing.
fn check_installation(url: &str) {
    let environment = [("GONGKAI__DATABASE__URL", url)];
    let (ok, said, error) = crate::contract::platform::gongkai(&["audit", "verify"], &environment);
    assert!(ok && said.contains("every log sound"), "{said}{error}");
    let (ok, said, error) = crate::contract::platform::gongkai(&["rebuild"], &environment);
    assert!(ok && said.contains(" 0 changed"), "{said}{error}");
}

/// What the region's applicant sends online.
fn request(region: &Region) -> Value {
    json!({
        "kind": "disclosure", "agency_id": region.office.to_string(),
        "description": {"title": "关于城北地块征收补偿方案的信息", "features": "2025年批准的城北地块土地征收补偿安置方案全文"},
        "form": "electronic", "route": "online", "document_ids": [],
    })
}

fn try_post(actor: &Actor, path: &str, body: &Value) -> Result<Response, String> {
    actor.try_send("POST", path, Some(("application/json", body.to_string().as_bytes())))
}

/// A 503 that says when to come back.
fn check_unavailable(answer: &Response, code: &str) {
    assert_eq!((answer.status, answer.code()), (503, code), "{}", answer.text);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert!(
        answer
            .header("retry-after")
            .parse::<u32>()
            .is_ok_and(|seconds| seconds > 0)
    );
}
