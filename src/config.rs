//! Configuration in three layers: the built-in `config/default.toml`, one file, and the environment
//! (`GONGKAI__SECTION__KEY`). A key nobody knows is an error that names it, so that a typing mistake cannot
//! silently leave a default in force.

mod secret;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use self::secret::{DatabaseUrl, Secret};

const DEFAULTS: &str = include_str!("../config/default.toml");
const ENVIRONMENT_PREFIX: &str = "GONGKAI__";
const DEFAULT_DATABASE_FILE: &str = "gongkai.sqlite3";
/// The file that is read from the working directory when no `--config` is given.
pub const DEFAULT_FILE: &str = "gongkai.toml";

/// The effective configuration.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub server: Server,
    pub database: Database,
    pub data: Data,
    pub documents: Documents,
    pub fonts: Fonts,
    pub seal: Seal,
    pub auth: Auth,
    pub log: Log,
    /// A demonstration with well-known passwords, only by `serve --demo` on loopback; never from a file.
    #[serde(skip)]
    pub demo: bool,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub bind: SocketAddr,
    /// HTTP workers; 0 takes the number of processors.
    pub workers: usize,
    /// The address at which people reach the service; printed on receipts.
    pub public_url: String,
    pub max_body_bytes: usize,
    /// How long a body may take to arrive.
    pub body_timeout_seconds: u64,
    /// How long the headers of a request may take to arrive.
    pub head_timeout_seconds: u64,
    /// How long a connection may stay without a request.
    pub keep_alive_seconds: u64,
    /// Connections open at once.
    pub max_connections: usize,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    pub url: DatabaseUrl,
    pub pool_size: u32,
    pub pool_timeout_ms: u64,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    pub dir: PathBuf,
    /// Replaces the embedded working-day calendars.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calendars: Option<PathBuf>,
    /// Replaces the embedded rule packs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rules: Option<PathBuf>,
}

/// Where uploaded files are kept, and how much is taken.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Documents {
    pub store: DocumentStore,
    /// Largest file, in bytes.
    pub max_file_bytes: u64,
    /// What all files of one case may have together, in bytes.
    pub case_quota_bytes: u64,
    /// What one person's files that no case holds yet may have together, in bytes.
    pub unattached_quota_bytes: u64,
    /// Address of an S3-compatible server; without it the one of AWS in `region`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_key: Option<Secret>,
}

/// With which fonts papers are printed (文书字体).
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Fonts {
    /// Files, or directories with all that is below them; taken before those of the system.
    #[serde(default, deserialize_with = "paths")]
    pub paths: Vec<PathBuf>,
    /// Whether the fonts of the system are looked through.
    pub system: bool,
    /// Family name or file for the text, such as 仿宋_GB2312.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serif: Option<String>,
    /// Family name or file for headings of the first level, such as 黑体.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sans: Option<String>,
    /// Family name or file for titles and the name of the agency, such as 方正小标宋简体.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// What puts the seal on a print (电子印章).
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    pub provider: SealProvider,
}

/// Who seals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SealProvider {
    /// Nobody here: the place over organ and day is left free (GB/T 9704-2012, 7.3.5), and the office stamps the paper, or the
    /// PDF with the software of its seal.
    #[default]
    None,
}

/// A list; from the environment, which knows texts only, parted by commas.
fn paths<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<PathBuf>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Paths {
        One(String),
        Many(Vec<PathBuf>),
    }
    Ok(match Paths::deserialize(deserializer)? {
        Paths::Many(paths) => paths,
        Paths::One(text) => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            parts.map(PathBuf::from).collect()
        }
    })
}

/// What keeps the contents of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentStore {
    /// The directory `blobs` in `data.dir`.
    Local,
    /// A bucket of an S3-compatible server.
    S3,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    pub access_token_minutes: u32,
    pub refresh_token_days: u32,
    /// Memory of one argon2id hash, in KiB.
    pub password_memory_kib: u32,
    /// Passes of one argon2id hash.
    pub password_passes: u32,
    /// Whether the last entry of `X-Forwarded-For` is the remote address: only behind a proxy that sets it.
    pub trust_forwarded_for: bool,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub format: LogFormat,
    pub filter: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    Pretty,
    Json,
}

/// Why the configuration cannot be used; each text names the key and the layer it came from.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("cannot read the configuration file {path}")]
    Unreadable {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{origin}: {detail}")]
    Invalid { origin: String, detail: String },
}

impl Config {
    /// Loads the layers: `file` if given, else `gongkai.toml` if it is there, then the process environment.
    ///
    /// # Errors
    /// A file that cannot be read, an unknown key, or a value of the wrong form.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let fallback = Path::new(DEFAULT_FILE);
        let path = file.or_else(|| fallback.exists().then_some(fallback));
        let text = path
            .map(|path| {
                std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
                    path: path.to_owned(),
                    source,
                })
            })
            .transpose()?;
        let name = path.map(|p| p.display().to_string()).unwrap_or_default();
        let environment: Vec<(String, String)> = std::env::vars_os()
            .filter_map(|(k, v)| Some((k.into_string().ok()?, v.to_string_lossy().into_owned())))
            .collect();
        Self::from_layers(text.as_deref().map(|text| (name.as_str(), text)), &environment)
    }

    /// Lays a file (name and text) and environment variables over the defaults.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn from_layers(file: Option<(&str, &str)>, environment: &[(String, String)]) -> Result<Self, ConfigError> {
        let mut merged = parse_table("config/default.toml", DEFAULTS)?;
        if let Some((name, text)) = file {
            merge(&mut merged, parse_table(name, text)?);
            checked(&merged, name)?;
        }
        for (variable, value) in environment {
            let Some(path) = environment_path(variable) else {
                continue;
            };
            set_from_environment(&mut merged, variable, &path, value)?;
            checked(&merged, &format!("environment variable {variable}"))?;
        }
        let config = checked(&merged, "configuration")?;
        config.validate()?;
        Ok(config)
    }

    /// The effective configuration as TOML, with secrets replaced by asterisks.
    ///
    /// # Errors
    /// None in practice: every field has a TOML form.
    pub fn to_toml(&self) -> Result<String, toml::ser::Error> {
        toml::to_string_pretty(self)
    }

    fn validate(&self) -> Result<(), ConfigError> {
        let invalid = |key: &str, detail: &str| {
            Err(ConfigError::Invalid {
                origin: key.to_owned(),
                detail: detail.to_owned(),
            })
        };
        if !(self.server.public_url.starts_with("http://") || self.server.public_url.starts_with("https://")) {
            return invalid("server.public_url", "must begin with http:// or https://");
        }
        if self.server.max_body_bytes < 1024 {
            return invalid("server.max_body_bytes", "must be at least 1024");
        }
        if !(1..=3600).contains(&self.server.body_timeout_seconds) {
            return invalid("server.body_timeout_seconds", "must be between 1 and 3600");
        }
        if !(1..=600).contains(&self.server.head_timeout_seconds) {
            return invalid("server.head_timeout_seconds", "must be between 1 and 600");
        }
        if !(1..=3600).contains(&self.server.keep_alive_seconds) {
            return invalid("server.keep_alive_seconds", "must be between 1 and 3600");
        }
        if !(8..=1_000_000).contains(&self.server.max_connections) {
            return invalid("server.max_connections", "must be between 8 and 1000000");
        }
        if self.data.dir.as_os_str().is_empty() {
            return invalid("data.dir", "must not be empty");
        }
        if self.documents.max_file_bytes == 0 {
            return invalid("documents.max_file_bytes", "must be greater than 0");
        }
        if self.documents.case_quota_bytes < self.documents.max_file_bytes {
            return invalid(
                "documents.case_quota_bytes",
                "must not be less than documents.max_file_bytes",
            );
        }
        if self.documents.unattached_quota_bytes < self.documents.max_file_bytes {
            return invalid(
                "documents.unattached_quota_bytes",
                "must not be less than documents.max_file_bytes",
            );
        }
        if self.documents.store == DocumentStore::S3 {
            let given = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
            if !given(&self.documents.bucket) {
                return invalid("documents.bucket", "must name the bucket of the s3 store");
            }
            if !given(&self.documents.access_key) || self.documents.secret_key.is_none() {
                return invalid("documents.access_key", "the s3 store needs access_key and secret_key");
            }
        }
        if !(1..=500).contains(&self.database.pool_size) {
            return invalid("database.pool_size", "must be between 1 and 500");
        }
        if self.database.pool_timeout_ms == 0 {
            return invalid("database.pool_timeout_ms", "must be greater than 0");
        }
        if !(1..=1440).contains(&self.auth.access_token_minutes) {
            return invalid("auth.access_token_minutes", "must be between 1 and 1440");
        }
        if !(1..=3650).contains(&self.auth.refresh_token_days) {
            return invalid("auth.refresh_token_days", "must be between 1 and 3650");
        }
        if !(8..=4_194_304).contains(&self.auth.password_memory_kib) {
            return invalid("auth.password_memory_kib", "must be between 8 and 4194304");
        }
        if !(1..=100).contains(&self.auth.password_passes) {
            return invalid("auth.password_passes", "must be between 1 and 100");
        }
        if let Err(error) = tracing_subscriber::EnvFilter::try_new(&self.log.filter) {
            return invalid("log.filter", &error.to_string());
        }
        Ok(())
    }
}

fn parse_table(name: &str, text: &str) -> Result<toml::Table, ConfigError> {
    text.parse::<toml::Table>().map_err(|error| {
        // The parser's own text quotes the line, which may hold a password.
        let line = error
            .span()
            .and_then(|span| text.get(..span.start))
            .map_or(1, |before| before.matches('\n').count() + 1);
        ConfigError::Invalid {
            origin: format!("{name}, line {line}"),
            detail: error.message().to_owned(),
        }
    })
}

fn merge(base: &mut toml::Table, over: toml::Table) {
    for (key, value) in over {
        match (base.get_mut(&key), value) {
            (Some(toml::Value::Table(inner)), toml::Value::Table(value)) => merge(inner, value),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

/// `GONGKAI__SERVER__BIND` → `["server", "bind"]`; variables of others are left alone.
fn environment_path(variable: &str) -> Option<Vec<String>> {
    let upper = variable.to_ascii_uppercase();
    let rest = upper.strip_prefix(ENVIRONMENT_PREFIX)?;
    Some(rest.split("__").map(str::to_ascii_lowercase).collect())
}

fn set_from_environment(
    table: &mut toml::Table,
    variable: &str,
    path: &[String],
    value: &str,
) -> Result<(), ConfigError> {
    let invalid = |detail: String| ConfigError::Invalid {
        origin: format!("environment variable {variable}"),
        detail,
    };
    let [section, key] = path else {
        return Err(invalid(
            "must have the form GONGKAI__SECTION__KEY, such as GONGKAI__SERVER__BIND".to_owned(),
        ));
    };
    let Some(toml::Value::Table(section_table)) = table.get_mut(section) else {
        return Err(invalid(format!("unknown section `{section}`")));
    };
    // The environment only knows texts: the value that is already there says which type is meant.
    let typed = match section_table.get(key) {
        Some(toml::Value::Integer(_)) => value
            .parse()
            .map(toml::Value::Integer)
            .map_err(|_| invalid(format!("`{section}.{key}` must be a whole number, not `{value}`")))?,
        Some(toml::Value::Boolean(_)) => value
            .parse()
            .map(toml::Value::Boolean)
            .map_err(|_| invalid(format!("`{section}.{key}` must be true or false, not `{value}`")))?,
        _ => toml::Value::String(value.to_owned()),
    };
    section_table.insert(key.clone(), typed);
    Ok(())
}

fn checked(table: &toml::Table, origin: &str) -> Result<Config, ConfigError> {
    let mut table = table.clone();
    default_database(&mut table);
    default_public_url(&mut table);
    serde_path_to_error::deserialize(toml::Value::Table(table)).map_err(|error| {
        let path = error.path().to_string();
        let detail = error.inner().message().trim().to_owned();
        ConfigError::Invalid {
            origin: origin.to_owned(),
            detail: format!("`{path}`: {detail}"),
        }
    })
}

/// Without a URL the data directory holds everything: then moving the directory moves the whole installation.
fn default_database(table: &mut toml::Table) {
    let directory = table
        .get("data")
        .and_then(|data| data.get("dir"))
        .and_then(toml::Value::as_str)
        .unwrap_or("data");
    let url = format!(
        "sqlite://{}",
        Path::new(directory).join(DEFAULT_DATABASE_FILE).display()
    );
    if let Some(toml::Value::Table(database)) = table.get_mut("database") {
        database.entry("url").or_insert(toml::Value::String(url));
    }
}

/// Without a public address the service is reached where it listens, as in a demonstration.
fn default_public_url(table: &mut toml::Table) {
    let Some(toml::Value::Table(server)) = table.get_mut("server") else {
        return;
    };
    let bind = server.get("bind").and_then(toml::Value::as_str).unwrap_or_default();
    let address = toml::Value::String(format!("http://{bind}"));
    server.entry("public_url").or_insert(address);
}
