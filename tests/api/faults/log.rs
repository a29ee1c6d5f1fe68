//! A log that cannot be written: lines are lost, the service is not.

use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use gongkai::config::{Log, LogFormat};
use gongkai::telemetry;

use crate::harness::postgres::free_port;
use crate::harness::{Actor, Database};

/// Every write to it fails, as on a full disk.
fn full() -> Stdio {
    Stdio::from(std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap())
}

/// Every write to it fails, as the reader of the pipe is gone.
fn unread() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    Stdio::from(writer)
}

fn service(directory: &Path, port: u16, (out, log): (Stdio, Stdio)) -> Child {
    Command::new(env!("CARGO_BIN_EXE_gongkai"))
        .args(["serve", "--demo"])
        .current_dir(directory)
        .env("GONGKAI__SERVER__BIND", format!("127.0.0.1:{port}"))
        .env("GONGKAI__DATA__DIR", directory)
        .env(
            "GONGKAI__DATABASE__URL",
            format!("sqlite://{}/full.sqlite3", directory.display()),
        )
        .env("GONGKAI__AUTH__PASSWORD_MEMORY_KIB", "8")
        .env("GONGKAI__AUTH__PASSWORD_PASSES", "1")
        .stdout(out)
        .stderr(log)
        .spawn()
        .expect("the program starts")
}

fn ended(child: &mut Child) -> ExitStatus {
    let began = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "it does not end");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn the_service_outlives_its_log() {
    for (name, out, log) in [
        ("a full disk", full(), full()),
        ("no reader", unread(), unread()),
        ("a full disk of the log only", Stdio::null(), full()),
    ] {
        let database = Database::sqlite();
        let directory = database.directory.path();
        let port = free_port().unwrap();
        let mut child = service(directory, port, (out, log));
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert_eq!(child.try_wait().unwrap(), None, "{name}: it ended at its start");
            assert!(began.elapsed() < Duration::from_secs(60), "{name}: it does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        let anon = Actor::new(&format!("http://127.0.0.1:{port}"), Arc::default());
        anon.get("/healthz").expect(200);
        anon.get("/api/v1/agencies").expect(200);
        anon.get("/nothing").expect(404);
        break_agencies(&directory.join("full.sqlite3"));
        // Logged as an error with its causes.
        anon.get("/api/v1/agencies").expect(500);
        anon.get("/healthz").expect(200);
        assert_eq!(child.try_wait().unwrap(), None, "{name}: it ended");
        let told = Command::new("/bin/sh")
            .args(["-c", "kill -TERM \"$1\"", "kill", &child.id().to_string()])
            .status()
            .unwrap();
        assert!(told.success());
        assert!(ended(&mut child).success(), "{name}: it does not end well");
    }
}

fn break_agencies(file: &Path) {
    let mut connection = <diesel::SqliteConnection as diesel::Connection>::establish(file.to_str().unwrap())
        .expect("the database opens");
    connection
        .batch_execute("PRAGMA busy_timeout = 20000; ALTER TABLE agencies RENAME TO gone")
        .expect("the table has this name");
}

/// Run as a process of its own by the test below.
#[test]
fn panics_and_goes_on() {
    if std::env::var_os("GONGKAI_TEST_PANICS").is_none() {
        return;
    }
    let log = Log {
        filter: "info".to_owned(),
        format: LogFormat::Json,
    };
    telemetry::init(&log).unwrap();
    let panicked = std::thread::spawn(|| panic!("on purpose")).join();
    assert!(panicked.is_err());
    tracing::error!("still here");
    std::process::exit(7);
}

#[test]
fn a_panic_that_cannot_be_logged_is_one_panic_only() {
    for log in [full(), unread()] {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "faults::log::panics_and_goes_on", "--nocapture"])
            .env("GONGKAI_TEST_PANICS", "1")
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        assert_eq!(ended(&mut child).code(), Some(7));
    }
}

#[test]
fn a_command_whose_output_is_lost_fails_and_says_so() {
    let run = |command: &[&str], out: Stdio, error: Stdio| {
        Command::new(env!("CARGO_BIN_EXE_gongkai"))
            .args(command)
            .stdout(out)
            .stderr(error)
            .spawn()
            .unwrap()
            .wait_with_output()
            .unwrap()
    };
    for command in [
        &["workflow"][..],
        &["openapi"],
        &["config", "check"],
        &["calendar", "check"],
    ] {
        for out in [full(), unread()] {
            let answer = run(command, out, Stdio::piped());
            let said = String::from_utf8_lossy(&answer.stderr);
            assert_eq!(answer.status.code(), Some(1), "{command:?}: {said}");
            assert!(
                said.starts_with("gongkai: cannot write to standard output: "),
                "{command:?}: {said}"
            );
            assert!(!said.contains("panicked"), "{command:?}: {said}");
        }
        for (out, error) in [(full(), full()), (unread(), unread())] {
            assert_eq!(run(command, out, error).status.code(), Some(1), "{command:?}");
        }
    }
}
