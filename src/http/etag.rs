//! Versions as entity tags: `ETag: "7"` out, `If-Match: "7"` in.

use std::future::{Ready, ready};

use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, dev::Payload};

use super::problem::HttpError;
use crate::error::Error;

/// The entity tag of a version.
pub fn etag(version: i64) -> String {
    format!("\"{version}\"")
}

/// The version the person saw, judged only when the handler asks (existence and access come first).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IfMatch(Seen);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    Absent,
    Malformed,
    Version(i64),
}

impl IfMatch {
    /// The version that was sent.
    ///
    /// # Errors
    /// `PreconditionRequired` when absent; `PreconditionMalformed` for `*`, weak tags, lists and anything else.
    pub fn version(self) -> Result<i64, Error> {
        match self.0 {
            Seen::Absent => Err(HttpError::PreconditionRequired.into()),
            Seen::Malformed => Err(HttpError::PreconditionMalformed.into()),
            Seen::Version(version) => Ok(version),
        }
    }

    /// Compares the version that was sent with the current one.
    ///
    /// # Errors
    /// As [`IfMatch::version`]; `Stale` when they differ.
    pub fn check(self, current_version: i64) -> Result<(), Error> {
        if self.version()? == current_version {
            Ok(())
        } else {
            Err(Error::Stale { current_version })
        }
    }

    fn parse(text: &str) -> Seen {
        let digits = text
            .trim()
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .filter(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()));
        match digits.and_then(|digits| digits.parse().ok()) {
            Some(version) => Seen::Version(version),
            None => Seen::Malformed,
        }
    }
}

impl FromRequest for IfMatch {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut values = request.headers().get_all(header::IF_MATCH);
        let seen = match (values.next(), values.next()) {
            (None, _) => Seen::Absent,
            (Some(value), None) => value.to_str().map_or(Seen::Malformed, Self::parse),
            (Some(_), Some(_)) => Seen::Malformed,
        };
        ready(Ok(Self(seen)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_strong_tag_is_a_version() {
        assert_eq!(IfMatch::parse("\"7\""), Seen::Version(7));
        for text in [
            "*",
            "7",
            "W/\"7\"",
            "\"7\", \"8\"",
            "\"\"",
            "\"-1\"",
            "\"99999999999999999999\"",
        ] {
            assert_eq!(IfMatch::parse(text), Seen::Malformed, "{text}");
        }
    }
}
