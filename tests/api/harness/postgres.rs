//! A PostgreSQL cluster for this test run, made from the installed binaries and gone with the process.
//!
//! A shell holds the server: it waits for the end of its standard input, which comes when this process ends in
//! whatever way, and then stops the server and removes the directory. PostgreSQL refuses to run as root, so as root
//! everything is done as the user `postgres`.

use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use gongkai::config::{DatabaseUrl, Secret};
use gongkai::store::Store;

const URL_VARIABLE: &str = "GONGKAI_TEST_POSTGRES_URL";

const HOLD: &str = r#"
"$1" -D "$2/data" -p "$3" -k "$2" -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off \
    -c full_page_writes=off -c max_connections=400 -c shared_buffers=64MB >"$2/log" 2>&1 &
server=$!
cat >/dev/null
kill -INT "$server"
wait "$server"
rm -rf "$2"
"#;

/// A server on which databases can be made.
pub struct Server {
    admin_url: String,
    template: String,
    next: AtomicU32,
    /// Making a database from a template and dropping one are done one at a time.
    admin: Mutex<()>,
    _holder: Option<Child>,
}

/// The server of this run, started by the first test that needs it.
pub fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER
        .get_or_init(|| {
            let found = match std::env::var(URL_VARIABLE) {
                Ok(url) => Ok(Server::prepare(url, None)),
                Err(_) => start(),
            };
            match found {
                Ok(server) => Some(server),
                Err(why) if std::env::var("CI").is_ok_and(|ci| ci == "true") => {
                    panic!("PostgreSQL is needed under CI=true: {why}")
                }
                Err(why) => {
                    // Written past the capture of the test runner: nobody may believe that both were tested.
                    let text = format!(
                        "\n*** NOT TESTED ON POSTGRESQL: {why}.\n*** Install postgresql, or set {URL_VARIABLE}.\n\n"
                    );
                    std::io::stderr().write_all(text.as_bytes()).expect("stderr");
                    None
                }
            }
        })
        .as_ref()
}

impl Server {
    fn prepare(admin_url: String, holder: Option<Child>) -> Self {
        let template = format!("gongkai_test_{}", std::process::id());
        let server = Self {
            admin_url,
            template: template.clone(),
            next: AtomicU32::new(1),
            admin: Mutex::new(()),
            _holder: holder,
        };
        // On a server that outlives the run, an earlier process may have had the same number.
        server.drop_database(&template);
        server.execute(&format!(
            "CREATE DATABASE {template} ENCODING 'UTF8' TEMPLATE template0"
        ));
        let url = DatabaseUrl::Postgres(Secret::new(server.url_of(&template)));
        let store = Store::open(&url, 1, Duration::from_secs(20)).expect("the template opens");
        store.migrate().expect("migrations run");
        drop(store);
        // A template may have no connection while it is copied.
        server.execute(&format!("ALTER DATABASE {template} WITH ALLOW_CONNECTIONS false"));
        server.execute(&format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{template}'"
        ));
        server
    }

    /// A new migrated database: its name and its URL.
    pub fn create_database(&self) -> (String, String) {
        let name = format!("{}_{}", self.template, self.next.fetch_add(1, Ordering::Relaxed));
        self.execute(&format!("CREATE DATABASE {name} TEMPLATE {}", self.template));
        let url = self.url_of(&name);
        (name, url)
    }

    pub fn drop_database(&self, name: &str) {
        self.execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
    }

    fn execute(&self, sql: &str) {
        let _one_at_a_time = self.admin.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut connection = PgConnection::establish(&self.admin_url).expect("PostgreSQL answers");
        connection
            .batch_execute(sql)
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// The same server with another database.
    fn url_of(&self, database: &str) -> String {
        let (address, query) = match self.admin_url.split_once('?') {
            Some((address, query)) => (address, format!("?{query}")),
            None => (self.admin_url.as_str(), String::new()),
        };
        let (scheme, rest) = address.split_once("://").expect("a URL");
        let host = rest.split('/').next().expect("a host");
        format!("{scheme}://{host}/{database}{query}")
    }
}

fn start() -> Result<Server, String> {
    let programs = Programs::installed()?;
    let directory = tempfile::Builder::new()
        .prefix("gongkai-test-pg-")
        .tempdir()
        .map_err(|error| error.to_string())?
        .keep();
    programs.own(&directory)?;
    programs.initdb(&directory.join("data"))?;
    let port = free_port()?;
    let holder = programs.hold(
        HOLD,
        &programs.directory.join("postgres"),
        &directory,
        port,
        Stdio::null(),
    )?;
    let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
    let began = Instant::now();
    while let Err(error) = PgConnection::establish(&url) {
        if began.elapsed() > Duration::from_secs(30) {
            let log = std::fs::read_to_string(directory.join("log")).unwrap_or_default();
            return Err(format!("the server does not answer ({error}): {log}"));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(Server::prepare(url, Some(holder)))
}

/// The installed programs of PostgreSQL, and the user they run as.
pub struct Programs {
    pub directory: PathBuf,
    user: Option<(u32, u32)>,
}

impl Programs {
    pub fn installed() -> Result<Self, String> {
        Ok(Self {
            directory: binaries().ok_or("neither PATH nor /usr/lib/postgresql has initdb and postgres")?,
            user: server_user()?,
        })
    }

    /// Gives a directory to the user of the server.
    pub fn own(&self, directory: &Path) -> Result<(), String> {
        match self.user {
            Some((uid, gid)) => chown(directory, Some(uid), Some(gid)).map_err(|error| error.to_string()),
            None => Ok(()),
        }
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        if let Some((uid, gid)) = self.user {
            command.uid(uid).gid(gid);
        }
        // Not where the tests were started: the user may have no right to be there.
        command.current_dir("/");
        command
    }

    /// Makes the files of a server.
    pub fn initdb(&self, data: &Path) -> Result<(), String> {
        let made = self
            .command(&self.directory.join("initdb"))
            .args([
                "--no-sync",
                "--auth=trust",
                "--username=postgres",
                "--encoding=UTF8",
                "--locale=C",
                "-D",
            ])
            .arg(data)
            .output()
            .map_err(|error| format!("initdb: {error}"))?;
        match made.status.success() {
            true => Ok(()),
            false => Err(format!("initdb: {}", String::from_utf8_lossy(&made.stderr).trim())),
        }
    }

    /// A shell that holds a server until its standard input ends: `script` with a program, a directory and a port.
    pub fn hold(&self, script: &str, program: &Path, directory: &Path, port: u16, out: Stdio) -> Result<Child, String> {
        self.command(Path::new("/bin/sh"))
            .args(["-c", script, "hold"])
            .arg(program)
            .arg(directory)
            .arg(port.to_string())
            .stdin(Stdio::piped())
            .stdout(out)
            .stderr(Stdio::null())
            // A key press that stops the tests must not stop the shell before it has cleaned up.
            .process_group(0)
            .spawn()
            .map_err(|error| format!("sh: {error}"))
    }
}

/// A port that nobody listens on.
pub fn free_port() -> Result<u16, String> {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| error.to_string())
}

/// The newest directory that has both programs: Debian keeps them out of PATH.
pub fn binaries() -> Option<PathBuf> {
    let has_both = |directory: &PathBuf| directory.join("initdb").exists() && directory.join("postgres").exists();
    let path = std::env::var_os("PATH").unwrap_or_default();
    if let Some(found) = std::env::split_paths(&path).find(|directory| has_both(directory)) {
        // Links to a few programs may stand in PATH; the others lie where they lead.
        let initdb = found.join("initdb").canonicalize().ok()?;
        return initdb.parent().map(Path::to_owned);
    }
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(has_both)
        .collect();
    versions.sort_by_key(|path| {
        let version = path
            .parent()
            .and_then(Path::file_name)
            .map(|name| name.to_string_lossy().into_owned());
        version.and_then(|version| version.parse::<u32>().ok())
    });
    versions.pop()
}

/// As root: the user to become. Otherwise none.
fn server_user() -> Result<Option<(u32, u32)>, String> {
    let own = std::fs::metadata("/proc/self")
        .map_err(|error| error.to_string())?
        .uid();
    if own != 0 {
        return Ok(None);
    }
    let users = std::fs::read_to_string("/etc/passwd").map_err(|error| error.to_string())?;
    let found = ["postgres", "nobody"].iter().find_map(|name| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    });
    found
        .map(Some)
        .ok_or_else(|| "PostgreSQL does not run as root and there is no user postgres".to_owned())
}
