//! Databases of each size: seeded once by the program itself and kept, small ones made anew each time.
//!
//! PostgreSQL runs as its users run it: with fsync and synchronous commits. `GONGKAI_BENCH_POSTGRES_URL` names a server
//! that is there already; otherwise a cluster is kept beside the databases.

#[path = "../../tests/api/harness/postgres.rs"]
#[allow(dead_code)]
mod harness;

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Text};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, sql_query};
use gongkai::store::migrate::migration_names;

use super::process::wait_for;

const URL_VARIABLE: &str = "GONGKAI_BENCH_POSTGRES_URL";

/// Databases up to this size are made anew each time, because the bench writes into them.
const FRESH_UP_TO: u32 = 20_000;

/// Which kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// A seeded database.
pub struct Seeded {
    pub url: String,
    /// How long the seeding took, when it was done now.
    pub seeded_in: Option<Duration>,
}

/// Where databases are kept, and the PostgreSQL server once it is needed.
pub struct Keeper {
    pub directory: PathBuf,
    postgres: Option<Postgres>,
}

/// A running server.
struct Postgres {
    admin_url: String,
    /// The server process, when it is ours.
    pid: Option<u32>,
    _holder: Option<Child>,
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    value: i64,
}

impl Keeper {
    pub fn new() -> Self {
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-http");
        std::fs::create_dir_all(&directory).expect("a directory for databases");
        Self {
            directory,
            postgres: None,
        }
    }

    /// Starts PostgreSQL; why not, when there is none.
    pub fn postgres(&mut self) -> Result<(), String> {
        if self.postgres.is_none() {
            self.postgres = Some(match std::env::var(URL_VARIABLE) {
                Ok(admin_url) => Postgres {
                    admin_url,
                    pid: None,
                    _holder: None,
                },
                Err(_) => start(&self.directory.join("postgres"))?,
            });
        }
        Ok(())
    }

    pub fn postgres_pid(&self) -> Option<u32> {
        self.postgres.as_ref().and_then(|server| server.pid)
    }

    /// The database of this kind and size, made by the program when it is not there.
    pub fn database(&self, kind: Kind, cases: u32) -> Seeded {
        // A database of an older schema lacks what newer tables hold.
        let migrations = migration_names().expect("migrations").0.len();
        let name = format!("gongkai_bench_{cases}_m{migrations}");
        let (url, there) = match kind {
            Kind::Sqlite => self.sqlite(&name, cases),
            Kind::Postgres => self.postgres_database(&name, cases),
        };
        if there {
            return Seeded { url, seeded_in: None };
        }
        eprintln!("seeding {cases} cases into {} …", kind.name());
        let began = Instant::now();
        let made = Command::new(env!("CARGO_BIN_EXE_gongkai"))
            .args(["demo", "seed", "--cases", &cases.to_string()])
            .env("GONGKAI__DATABASE__URL", &url)
            .current_dir(&self.directory)
            .stdout(Stdio::null())
            .status()
            .expect("the program starts");
        assert!(made.success(), "seeding failed");
        self.finish(kind, &name);
        Seeded {
            url,
            seeded_in: Some(began.elapsed()),
        }
    }

    fn sqlite(&self, name: &str, cases: u32) -> (String, bool) {
        let (file, done) = (self.directory.join(format!("{name}.sqlite3")), self.done(name));
        let there = cases > FRESH_UP_TO && done.exists();
        if !there {
            for suffix in ["", "-wal", "-shm"] {
                let _ = std::fs::remove_file(format!("{}{suffix}", file.display()));
            }
            let _ = std::fs::remove_file(done);
        }
        (format!("sqlite://{}", file.display()), there)
    }

    fn done(&self, name: &str) -> PathBuf {
        self.directory.join(format!("{name}.done"))
    }

    fn finish(&self, kind: Kind, name: &str) {
        match kind {
            Kind::Sqlite => std::fs::write(self.done(name), "").expect("a file"),
            // A comment says that the seeding came to its end.
            Kind::Postgres => self.execute(&format!("COMMENT ON DATABASE {name} IS 'seeded'")),
        }
    }

    fn admin(&self) -> (&Postgres, PgConnection) {
        let server = self.postgres.as_ref().expect("PostgreSQL was started");
        let connection = PgConnection::establish(&server.admin_url).expect("PostgreSQL answers");
        (server, connection)
    }

    fn execute(&self, sql: &str) {
        let (_, mut connection) = self.admin();
        connection
            .batch_execute(sql)
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    fn postgres_database(&self, name: &str, cases: u32) -> (String, bool) {
        let (server, mut admin) = self.admin();
        let found: Vec<Count> = sql_query(
            "SELECT COUNT(*) AS value FROM pg_database \
             WHERE datname = $1 AND shobj_description(oid, 'pg_database') = 'seeded'",
        )
        .bind::<Text, _>(name)
        .load(&mut admin)
        .expect("PostgreSQL answers");
        let there = cases > FRESH_UP_TO && found.iter().any(|row| row.value > 0);
        if !there {
            self.execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
            self.execute(&format!("CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0"));
        }
        let (address, query) = match server.admin_url.split_once('?') {
            Some((address, query)) => (address, format!("?{query}")),
            None => (server.admin_url.as_str(), String::new()),
        };
        let (host, _) = address.rsplit_once('/').expect("a URL with a database");
        (format!("{host}/{name}{query}"), there)
    }
}

/// The rows of every table, to see what a request writes.
pub fn rows_of_tables(kind: Kind, url: &str) -> Vec<(String, i64)> {
    let names = match kind {
        Kind::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
             AND sql NOT LIKE 'CREATE TABLE ''%' ORDER BY name"
        }
        Kind::Postgres => {
            "SELECT CAST(tablename AS TEXT) AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        }
    };
    macro_rules! counted {
        ($connection:expr) => {{
            let mut connection = $connection.expect("the database opens");
            let names: Vec<Name> = sql_query(names).load(&mut connection).expect("tables");
            names
                .into_iter()
                .map(|Name { name }| {
                    let count: Count = sql_query(format!("SELECT COUNT(*) AS value FROM \"{name}\""))
                        .get_result(&mut connection)
                        .expect("a table");
                    (name, count.value)
                })
                .collect()
        }};
    }
    match kind {
        Kind::Sqlite => counted!(diesel::SqliteConnection::establish(url.trim_start_matches("sqlite://"))),
        Kind::Postgres => counted!(PgConnection::establish(url)),
    }
}

/// Stops the server when this process ends in whatever way.
const HOLD: &str = r#"
"$1" -D "$2" -p "$3" -c unix_socket_directories= -c listen_addresses=127.0.0.1 -c max_connections=100 -c shared_buffers=1GB \
    -c max_wal_size=2GB >"$2/log" 2>&1 &
server=$!
cat >/dev/null
kill -INT "$server"
wait "$server"
"#;

fn start(directory: &Path) -> Result<Postgres, String> {
    let programs = harness::Programs::installed()?;
    if !directory.join("PG_VERSION").exists() {
        std::fs::create_dir_all(directory).map_err(|error| error.to_string())?;
        programs.own(directory)?;
        programs.initdb(directory)?;
    }
    let address = SocketAddr::from(([127, 0, 0, 1], harness::free_port()?));
    let postgres = programs.directory.join("postgres");
    let holder = programs.hold(HOLD, &postgres, directory, address.port(), Stdio::null())?;
    let admin_url = format!("postgres://postgres@127.0.0.1:{}/postgres", address.port());
    let began = Instant::now();
    while !wait_for(address, Duration::from_secs(1)) || PgConnection::establish(&admin_url).is_err() {
        if began.elapsed() > Duration::from_secs(60) {
            let _ = std::io::stderr().write_all(&std::fs::read(directory.join("log")).unwrap_or_default());
            return Err("PostgreSQL does not answer".to_owned());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let pid = std::fs::read_to_string(directory.join("postmaster.pid")).unwrap_or_default();
    Ok(Postgres {
        admin_url,
        pid: pid.lines().next().and_then(|line| line.trim().parse().ok()),
        _holder: Some(holder),
    })
}
