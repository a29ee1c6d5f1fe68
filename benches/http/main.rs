//! Figures of the real server over loopback: `cargo bench --bench http`, see `benches/README.md`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::print_stdout,
    clippy::print_stderr
)]

mod bare;
mod client;
mod database;
mod process;
mod scenes;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bare::Writer;
use client::{Client, Measured, load};
use database::{Keeper, Kind, rows_of_tables};
use process::{Server, cpu_seconds, family, forget_peak, memory_mb};
use scenes::{LINES, STATIC, SUBMIT, Scene, scenes};

/// As the service: the bare transactions must not be slower by another allocator under SQLite.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// How often submissions and bare transactions are measured in turns.
const ROUNDS: usize = 3;

/// What the command line asks for.
struct Wanted {
    cases: Vec<u32>,
    databases: Vec<Kind>,
    seconds: f64,
    connections: usize,
    /// Only lines whose name holds this.
    only: Option<String>,
}

impl Wanted {
    fn read() -> Self {
        let mut wanted = Self {
            cases: vec![1000],
            databases: vec![Kind::Sqlite, Kind::Postgres],
            seconds: 2.0,
            connections: 8,
            only: None,
        };
        let mut arguments = std::env::args().skip(1);
        while let Some(name) = arguments.next() {
            // What cargo adds.
            if name == "--bench" {
                continue;
            }
            let value = arguments.next().unwrap_or_else(|| panic!("{name} needs a value"));
            match name.as_str() {
                "--cases" => {
                    wanted.cases = value
                        .split(',')
                        .map(|number| number.parse().expect("a number"))
                        .collect()
                }
                "--database" => {
                    wanted.databases = value
                        .split(',')
                        .map(|name| match name {
                            "sqlite" => Kind::Sqlite,
                            "postgres" => Kind::Postgres,
                            _ => panic!("--database sqlite,postgres"),
                        })
                        .collect();
                }
                "--seconds" => wanted.seconds = value.parse().expect("a number"),
                "--connections" => wanted.connections = value.parse().expect("a number"),
                "--only" => wanted.only = Some(value),
                _ => panic!("--cases N,N --database sqlite,postgres --seconds S --connections N --only LINE"),
            }
        }
        wanted
    }

    fn wants(&self, line: &str) -> bool {
        self.only.as_ref().is_none_or(|only| line.contains(only.as_str()))
    }
}

fn main() {
    let wanted = Wanted::read();
    let mut keeper = Keeper::new();
    println!(
        "{} connections, {} s a line, {} processors shared by load, server and database",
        wanted.connections,
        wanted.seconds,
        std::thread::available_parallelism().map_or(0, usize::from)
    );
    for kind in &wanted.databases {
        if *kind == Kind::Postgres
            && let Err(why) = keeper.postgres()
        {
            println!("\nnot measured on PostgreSQL: {why}");
            continue;
        }
        Bench {
            wanted: &wanted,
            keeper: &keeper,
            kind: *kind,
        }
        .run();
    }
}

/// One kind of database, in all its sizes.
struct Bench<'a> {
    wanted: &'a Wanted,
    keeper: &'a Keeper,
    kind: Kind,
}

/// A database of one size with the server on it and what it is asked.
struct Opened {
    cases: u32,
    url: String,
    server: Server,
    scenes: Vec<Scene>,
    rate_of_static: Option<f64>,
}

impl Bench<'_> {
    /// Line by line, each line on all sizes one after the other: the machine is not equally fast at all times.
    fn run(&self) {
        let mut sizes: Vec<Opened> = self.wanted.cases.iter().map(|cases| self.open(*cases)).collect();
        println!(
            "{:<24}{:>10}{:>9}{:>9}{:>9}{:>10}{:>10}{:>8}{:>9}{:>10}{:>10}",
            "", "cases", "req/s", "p50 µs", "p99 µs", "CPU ms", "DB ms", "KB", "peak MB", "% static", "× first"
        );
        for name in LINES {
            if name != STATIC && !self.wanted.wants(name) {
                continue;
            }
            let mut first = None;
            for size in &mut sizes {
                self.line(name, size, &mut first);
            }
            if name == SUBMIT {
                sizes.iter().for_each(|size| self.compare_with_bare(size));
            }
        }
        sizes.into_iter().for_each(|size| size.server.stop());
    }

    fn open(&self, cases: u32) -> Opened {
        let seeded = self.keeper.database(self.kind, cases);
        println!("\n{} · {cases} cases", self.kind.name());
        if let Some(took) = seeded.seeded_in {
            println!("seeded in {:.1} s", took.as_secs_f64());
        }
        let ready: Vec<u128> = (0..3)
            .map(|_| {
                let server = Server::start(&seeded.url, &self.keeper.directory);
                let ready = server.ready_after.as_millis();
                server.stop();
                ready
            })
            .collect();
        let server = Server::start(&seeded.url, &self.keeper.directory);
        // Until the allocator has given back what the start took.
        std::thread::sleep(Duration::from_secs(3));
        let idle = memory_mb(server.pid(), "VmRSS");
        println!("ready after {ready:?} ms · {idle:.0} MB at rest");
        Opened {
            cases,
            url: seeded.url,
            scenes: scenes(server.address, cases),
            server,
            rate_of_static: None,
        }
    }

    fn line(&self, name: &str, size: &mut Opened, first: &mut Option<f64>) {
        let Some(scene) = size.scenes.iter().find(|scene| scene.name == name) else {
            return;
        };
        if name == SUBMIT && size.cases <= 20_000 {
            self.check_rows(size, scene);
        }
        let line = self.measure(&size.server, scene);
        let rate = line.measured.per_second();
        if name == STATIC {
            size.rate_of_static = Some(rate);
        }
        let before = *first.get_or_insert(rate);
        println!(
            "{name:<24}{:>10}{rate:>9.0}{:>9}{:>9}{:>10.3}{:>10}{:>8.1}{:>9.0}{:>10}{:>10.2}",
            size.cases,
            line.measured.quantile(0.5),
            line.measured.quantile(0.99),
            line.cpu_ms,
            line.database_ms.map_or("-".to_owned(), |ms| format!("{ms:.3}")),
            line.kilobytes,
            line.peak_mb,
            size.rate_of_static
                .map_or("-".to_owned(), |all| format!("{:.1}", rate / all * 100.0)),
            before / rate,
        );
    }

    /// Warm, then measured.
    fn measure(&self, server: &Server, scene: &Scene) -> Line {
        let seconds = Duration::from_secs_f64(self.wanted.seconds);
        let bytes = AtomicUsize::new(0);
        let run = |duration| {
            bytes.store(0, Ordering::Relaxed);
            load(
                self.wanted.connections,
                duration,
                |_| Client::connect(server.address),
                |client, number| {
                    let before = client.bytes;
                    (scene.work)(client, number);
                    bytes.fetch_add(client.bytes - before, Ordering::Relaxed);
                },
            )
        };
        run(seconds.mul_f64(0.25).min(Duration::from_secs(1)));
        forget_peak(server.pid());
        let database = self.keeper.postgres_pid().filter(|_| self.kind == Kind::Postgres);
        let of_database = || database.map(|pid| family(pid).into_iter().map(cpu_seconds).sum::<f64>());
        let (cpu, in_database) = (cpu_seconds(server.pid()), of_database());
        let measured = run(seconds);
        let requests = measured.requests.max(1) as f64;
        Line {
            cpu_ms: (cpu_seconds(server.pid()) - cpu) * 1000.0 / requests,
            database_ms: in_database
                .zip(of_database())
                .map(|(before, after)| (after - before) * 1000.0 / requests),
            kilobytes: bytes.load(Ordering::Relaxed) as f64 / 1000.0 / requests,
            peak_mb: memory_mb(server.pid(), "VmHWM"),
            measured,
        }
    }

    /// The bare transaction is a fair measure only while it writes what the service writes.
    fn check_rows(&self, size: &Opened, scene: &Scene) {
        let url = size.url.as_str();
        let grown = |work: &mut dyn FnMut()| {
            let before = rows_of_tables(self.kind, url);
            work();
            let after = rows_of_tables(self.kind, url);
            before
                .into_iter()
                .zip(after)
                .map(|((name, before), (_, after))| (name, after - before))
                .filter(|(_, rows)| *rows != 0)
                .collect::<Vec<_>>()
        };
        let mut client = Client::connect(size.server.address);
        let submitted = grown(&mut || (scene.work)(&mut client, 0));
        let mut writer = Writer::open(self.kind, url);
        let pattern = writer.patterns().remove(0);
        let bare = grown(&mut || writer.write(&pattern));
        assert_eq!(
            submitted, bare,
            "a submission and the bare transaction write different rows"
        );
    }

    /// In turns, as the disk is not equally fast at all times.
    fn compare_with_bare(&self, size: &Opened) {
        let url = size.url.as_str();
        let Some(scene) = size.scenes.iter().find(|scene| scene.name == SUBMIT) else {
            return;
        };
        let patterns = Writer::open(self.kind, url).patterns();
        let (mut submitted, mut bare) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            submitted.push(self.measure(&size.server, scene).measured.per_second());
            let measured = load(
                self.wanted.connections,
                Duration::from_secs_f64(self.wanted.seconds),
                |_| Writer::open(self.kind, url),
                |writer, number| writer.write(&patterns[number % patterns.len()]),
            );
            bare.push(measured.per_second());
        }
        let shares: Vec<String> = submitted
            .iter()
            .zip(&bare)
            .map(|(submit, bare)| format!("{submit:.0} of {bare:.0}/s"))
            .collect();
        println!(
            "{} cases: submit reaches {:.0} % of bare transactions by {} writers: {}",
            size.cases,
            submitted.iter().sum::<f64>() / bare.iter().sum::<f64>() * 100.0,
            self.wanted.connections,
            shares.join(", ")
        );
    }
}

/// What one line of the table shows.
struct Line {
    measured: Measured,
    cpu_ms: f64,
    database_ms: Option<f64>,
    /// Length of one answer.
    kilobytes: f64,
    peak_mb: f64,
}
