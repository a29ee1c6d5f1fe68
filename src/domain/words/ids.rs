//! Names for things: one type per kind of identifier, so that a unit cannot stand where an agency belongs, and the
//! query code by which an applicant without an account finds the case again.
//!
//! Owns the written form only. Nothing here draws random numbers or hashes: `crate::random` does the first,
//! `crate::auth::query_code` the second.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;
use uuid::Uuid;

use super::folding::{fold, is_wide};

/// A text that is not an identifier in its written form (36 characters, hexadecimal with hyphens).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier")]
pub struct IdError;

/// An identifier of one kind: a UUID (version 7, so that ids grow with time), written in lower case.
pub trait Id: Copy + Eq + Ord + fmt::Display + FromStr<Err = IdError> {
    /// Wraps a UUID.
    fn from_uuid(uuid: Uuid) -> Self;
    /// The UUID inside.
    fn uuid(self) -> Uuid;

    /// Builds an id from an instant and ten random bytes (RFC 9562 §5.7).
    fn from_parts(now: DateTime<Utc>, random: [u8; 10]) -> Self {
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or_default();
        Self::from_uuid(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
        #[schema(value_type = String, format = "uuid", examples("01997000-0000-7000-8000-000000000001"))]
        pub struct $name(Uuid);

        impl Id for $name {
            fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }
            fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0.hyphenated())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0.hyphenated())
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                parse_uuid(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}

ids! {
    /// A case (案件): the same id under `/requests` and `/cases`.
    CaseId
    /// An agency (行政机关).
    AgencyId
    /// A business unit of an agency (业务科室).
    UnitId
    /// A person with an account.
    UserId
    /// Somebody who applies or acts for others, as far as it was found out who it is.
    PersonId
    /// One entry of a case's log.
    EventId
    /// An uploaded or generated document (文件).
    DocumentId
    /// An instrument (文书) that a step of the procedure left.
    InstrumentId
    /// A chain of refresh tokens that began with one login.
    TokenFamilyId
}

/// Only the 36-character form counts: the UUID crate would also take braces, URNs and unhyphenated text.
fn parse_uuid(text: &str) -> Result<Uuid, IdError> {
    if text.len() != 36 {
        return Err(IdError);
    }
    Uuid::try_parse(text).map_err(|_| IdError)
}

/// Digits and capital letters that cannot be taken for one another in print or on the telephone:
/// without 0 O Q, 1 I L, 2 Z, 5 S, 8 B, U V.
pub const QUERY_CODE_ALPHABET: &str = "34679ACDEFGHJKMNPRTWXY";

/// Characters in a query code (about 44 bits; guessing is limited by the rate of `/track`).
pub const QUERY_CODE_LENGTH: usize = 10;

/// The query code (查询码) of a case. Shown once, stored only as a hash, never printed by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct QueryCode(String);

impl QueryCode {
    /// Makes a code from random numbers, each taken modulo the size of the alphabet.
    pub fn from_draws(draws: [u32; QUERY_CODE_LENGTH]) -> Self {
        let alphabet: Vec<char> = QUERY_CODE_ALPHABET.chars().collect();
        let size = u32::try_from(alphabet.len()).unwrap_or(1);
        let pick = |draw: u32| usize::try_from(draw % size).ok().and_then(|at| alphabet.get(at));
        Self(draws.into_iter().filter_map(pick).collect())
    }

    /// The code as it is told to the applicant.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for QueryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("QueryCode(…)")
    }
}

impl FromStr for QueryCode {
    type Err = IdError;

    /// Reads a code as people type it: in either case and width, with spaces or hyphens between groups.
    fn from_str(text: &str) -> Result<Self, IdError> {
        let code: String = text
            .chars()
            .map(|c| if is_wide(c) { fold(c) } else { c })
            .filter(|c| !matches!(c, ' ' | '-'))
            .map(|c| c.to_ascii_uppercase())
            .take(QUERY_CODE_LENGTH + 1)
            .collect();
        if code.len() == QUERY_CODE_LENGTH && code.chars().all(|c| QUERY_CODE_ALPHABET.contains(c)) {
            Ok(Self(code))
        } else {
            Err(IdError)
        }
    }
}
