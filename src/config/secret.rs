//! What must not be printed by accident: secrets, and the address of the database with its password.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Where the data is kept. `Debug`, `Display` and serialisation never show the password.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    Sqlite(PathBuf),
    Postgres(Secret),
}

/// A text that is not printed by accident.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself; the caller must not log it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("***")
    }
}

impl FromStr for DatabaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("sqlite://") {
            if path.is_empty() || path.starts_with(":memory:") {
                return Err("sqlite:// must be followed by the path of a file".to_owned());
            }
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(Secret::new(text)));
        }
        Err("must begin with sqlite:// or postgres://".to_owned())
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite://{}", path.display()),
            Self::Postgres(url) => f.write_str(&without_password(url.expose())),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<'de> Deserialize<'de> for DatabaseUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

impl Serialize for DatabaseUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A connection URL with the password of the authority and of the query replaced.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return "***".to_owned();
    };
    // The host begins after the last `@` before the path: a password may itself contain `@` and `?`. One with `/`
    // cannot be used, but must not be printed either.
    let path = rest.find('/').unwrap_or(rest.len());
    let query = rest.find('?').unwrap_or(rest.len());
    let host = [path, query].into_iter().find_map(|end| rest.get(..end)?.rfind('@'));
    let (login, rest) = match host.and_then(|at| Some((rest.get(..at)?, rest.get(at + 1..)?))) {
        Some((login, rest)) => (Some(login), rest),
        None => (None, rest),
    };
    let (host, query) = match rest.split_once('?') {
        Some((host, query)) => (host, Some(query)),
        None => (rest, None),
    };
    let address = match login.map(|login| login.split_once(':').ok_or(login)) {
        Some(Ok((user, _))) => format!("{user}:***@{host}"),
        Some(Err(user)) => format!("{user}@{host}"),
        None => host.to_owned(),
    };
    let query = query
        .map(|query| {
            let kept: Vec<String> = query
                .split('&')
                .map(|pair| match pair.split_once('=') {
                    Some((key, _)) if key.to_ascii_lowercase().contains("pass") => format!("{key}=***"),
                    _ => pair.to_owned(),
                })
                .collect();
            format!("?{}", kept.join("&"))
        })
        .unwrap_or_default();
    format!("{scheme}://{address}{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_never_printed() {
        for url in [
            "postgres://u:hunter2@h/db",
            "postgres://u:hun@ter2@h/db?sslmode=require",
            "postgres://u:hun?ter2@h/db",
            "postgres://u:hun/ter2@h/db",
            "postgres://h/db?user=u&password=hunter2",
            "postgres://u:p@h/db?password=hun@ter2",
            "postgres://u:hunter2@h/db?user=a@b",
        ] {
            let parsed: DatabaseUrl = url.parse().unwrap();
            let shown = format!("{parsed} {parsed:?}");
            assert!(!shown.contains("ter2"), "{shown}");
        }
    }
}
