//! A full disk: a small file system of its own for the data directory.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use gongkai::config::DatabaseUrl;
use gongkai::store::Store;

use crate::documents::{upload, uploaded};

use super::{
    Cluster, Service, check_installation, check_numbers, check_unavailable, is_root, ledger, request, seed, try_post,
};

/// A mounted tmpfs, unmounted in the end.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount(megabytes: u32) -> Option<Self> {
        if !is_root() {
            eprintln!("*** NOT TESTED: a full disk (only root can mount a small one)");
            return None;
        }
        let directory = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={megabytes}m,mode=755"), "tmpfs"])
            .arg(directory.path())
            .output()
            .unwrap();
        if !mounted.status.success() {
            let why = String::from_utf8_lossy(&mounted.stderr).into_owned();
            assert!(std::env::var("CI").is_err(), "cannot mount a small disk: {why}");
            eprintln!("*** NOT TESTED: a full disk ({})", why.trim());
            return None;
        }
        Some(Self(directory))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Takes all the room there is.
    fn fill(&self) {
        let _ = Command::new("dd")
            .args(["if=/dev/zero", "bs=4096"])
            .arg(format!("of={}", self.path().join("ballast").display()))
            .output()
            .unwrap();
    }

    fn free(&self) {
        std::fs::remove_file(self.path().join("ballast")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).output();
    }
}

/// Larger than what a full disk may still have in odd corners.
static LETTER: [u8; 300_000] = [b'x'; 300_000];

/// `exact`: whether a refused write is certainly not there; a PostgreSQL that restarts does not say.
fn starved(disk: &SmallDisk, url: &str, exact: bool) {
    // The log of the service lies elsewhere, as a journal would.
    let elsewhere = tempfile::tempdir().unwrap();
    let parsed: DatabaseUrl = url.parse().unwrap();
    let store = Store::open(&parsed, 2, Duration::from_secs(20)).unwrap();
    store.migrate().unwrap();
    let region = seed(&store);
    drop(store);
    let files = disk.path().join("files");
    let mut service = Service::start(
        elsewhere.path(),
        url,
        &[("GONGKAI__DATA__DIR", files.to_str().unwrap())],
    );
    let applicant = service.user("applicant");
    let body = request(&region);
    uploaded(&applicant, "说明.txt", "evidence", &LETTER);
    let mut acknowledged = Vec::new();
    for _ in 0..5 {
        let answer = applicant.post("/api/v1/requests", &body).expect(201);
        acknowledged.push(answer.json["id"].as_str().unwrap().to_owned());
    }
    for _ in 0..2 {
        disk.fill();
        // Several at once, so that full commits of several are among them; some may still find room in old pages.
        let began = Instant::now();
        let (mut refused, mut full) = (0, 0);
        while refused < 20 || full == 0 {
            assert!(began.elapsed() < Duration::from_secs(60), "the disk does not get full");
            let answers: Vec<_> = std::thread::scope(|scope| {
                let threads: Vec<_> = (0..8)
                    .map(|_| scope.spawn(|| try_post(&applicant, "/api/v1/requests", &body).unwrap()))
                    .collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).collect()
            });
            for answer in answers {
                if answer.status == 201 {
                    acknowledged.push(answer.json["id"].as_str().unwrap().to_owned());
                } else {
                    // PostgreSQL restarts when there is no room for its log.
                    let code = if exact { "storage_full" } else { answer.code() };
                    check_unavailable(&answer, code);
                    if answer.code() == "storage_full" {
                        assert!(answer.json["detail"].as_str().unwrap().contains("没有保存"));
                        full += 1;
                    }
                    refused += 1;
                }
            }
            for id in acknowledged.iter().rev().take(if exact { 3 } else { 0 }) {
                applicant.get(&format!("/api/v1/requests/{id}")).expect(200);
            }
        }
        check_unavailable(&upload(&applicant, "说明.txt", "evidence", &LETTER), "storage_full");
        service.anon().get("/healthz").expect(200);
        assert!(service.is_running());

        disk.free();
        let freed = Instant::now();
        while service.anon().get("/readyz").status != 200 {
            assert!(freed.elapsed() < Duration::from_secs(20), "{}", service.log());
            std::thread::sleep(Duration::from_millis(100));
        }
        for _ in 0..5 {
            let answer = applicant.post("/api/v1/requests", &body).expect(201);
            acknowledged.push(answer.json["id"].as_str().unwrap().to_owned());
        }
    }
    service.check_log();
    let store = Store::open(&parsed, 1, Duration::from_secs(20)).unwrap();
    let entries = ledger(&store);
    check_numbers(&entries);
    let there: BTreeSet<String> = entries.into_iter().map(|entry| entry.id).collect();
    let acknowledged: BTreeSet<String> = acknowledged.into_iter().collect();
    assert!(
        acknowledged.is_subset(&there),
        "lost: {:?}",
        acknowledged.difference(&there)
    );
    if exact {
        assert_eq!(there, acknowledged, "what was refused is not there");
    }
    drop(service);
    drop(store);
    check_installation(url);
}

#[test]
fn on_a_full_disk_nothing_is_lost_reading_works_and_room_is_enough_to_go_on() {
    let Some(disk) = SmallDisk::mount(24) else { return };
    let url = format!("sqlite://{}", disk.path().join("gongkai.sqlite3").display());
    starved(&disk, &url, true);
}

#[test]
fn on_a_full_disk_of_postgres_nothing_is_lost_and_room_is_enough_to_go_on() {
    let Some(disk) = SmallDisk::mount(160) else { return };
    let Some(cluster) = Cluster::start_in(Some(disk.path())) else {
        return;
    };
    starved(&disk, &cluster.url, false);
}
