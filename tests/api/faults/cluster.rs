//! A PostgreSQL server that a test may stop, crash and start: durable, as in production.
//!
//! A shell holds it and takes commands from its standard input; when that ends, with the test or with the whole
//! process, it stops the server and removes the directory.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;

use crate::harness::postgres::{Programs, free_port};

const HOLD: &str = r#"
bin="$1" dir="$2" port="$3"
start() {
    "$bin/pg_ctl" -w -D "$dir/data" -l "$dir/log" \
        -o "-p $port -k $dir -c listen_addresses=127.0.0.1 -c max_connections=60 -c shared_buffers=32MB" start >/dev/null 2>&1
}
while read -r command; do
    case "$command" in
    start) start ;;
    stop) "$bin/pg_ctl" -w -D "$dir/data" -m fast stop >/dev/null 2>&1 ;;
    crash) "$bin/pg_ctl" -w -D "$dir/data" -m immediate stop >/dev/null 2>&1 ;;
    # One backend dies; the postmaster then ends all others and recovers from the log.
    kill-backend)
        backend="$("$bin/psql" -p "$port" -h 127.0.0.1 -U postgres -Atc \
            "SELECT pid FROM pg_stat_activity WHERE datname = 'gongkai' AND pid <> pg_backend_pid() LIMIT 1" 2>/dev/null)"
        [ -n "$backend" ] && kill -9 "$backend" ;;
    esac
    echo "done"
done
"$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1
rm -rf "$dir"
"#;

pub struct Cluster {
    pub url: String,
    /// Its input, gone when it is to end, and its answers.
    commands: Mutex<(Option<ChildStdin>, BufReader<ChildStdout>)>,
    holder: Child,
}

impl Cluster {
    /// A started server with an empty database; `None`, said loudly, when PostgreSQL is not installed.
    pub fn start() -> Option<Self> {
        Self::start_in(None)
    }

    /// As [`Cluster::start`], with its files below a directory.
    pub fn start_in(place: Option<&Path>) -> Option<Self> {
        let programs = match Programs::installed() {
            Ok(programs) => programs,
            Err(why) => {
                assert!(std::env::var("CI").is_err(), "PostgreSQL is needed under CI: {why}");
                eprintln!("*** NOT TESTED ON POSTGRESQL: {why}");
                return None;
            }
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix("gongkai-fault-pg-");
        let directory = match place {
            Some(place) => builder.tempdir_in(place),
            None => builder.tempdir(),
        }
        .unwrap()
        .keep();
        programs.own(&directory).unwrap();
        programs.initdb(&directory.join("data")).unwrap();
        let port = free_port().unwrap();
        let mut holder = programs
            .hold(HOLD, &programs.directory, &directory, port, Stdio::piped())
            .unwrap();
        let commands = Mutex::new((holder.stdin.take(), BufReader::new(holder.stdout.take().unwrap())));
        let cluster = Self {
            url: format!("postgres://postgres@127.0.0.1:{port}/gongkai"),
            commands,
            holder,
        };
        cluster.tell("start");
        let created = Command::new(programs.directory.join("createdb"))
            .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-U", "postgres", "gongkai"])
            .output()
            .unwrap();
        assert!(created.status.success(), "{}", String::from_utf8_lossy(&created.stderr));
        Some(cluster)
    }

    /// `start`, `stop`, `crash` or `kill-backend`; returns when it is done.
    pub fn tell(&self, command: &str) {
        let mut commands = self.commands.lock().unwrap();
        writeln!(commands.0.as_mut().unwrap(), "{command}").unwrap();
        let mut done = String::new();
        commands.1.read_line(&mut done).unwrap();
        assert_eq!(done.trim(), "done", "{command}");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // The end of its input lets the shell clean up.
        let commands = self
            .commands
            .get_mut()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        drop(commands.0.take());
        let _ = self.holder.wait();
    }
}
