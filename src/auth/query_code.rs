//! Query codes as they are stored: a salted SHA-256, compared in constant time. The code itself is shown once.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::domain::words::ids::QueryCode;

/// The stored form of a query code, written as `salt$hash` in hexadecimal.
#[derive(Clone, PartialEq, Eq)]
pub struct QueryCodeHash {
    salt: [u8; 16],
    hash: [u8; 32],
}

/// A stored text that is not a salt and a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the stored form of a query code")]
pub struct StoredCodeError;

impl QueryCodeHash {
    /// Seals a code with a fresh salt.
    pub fn seal(code: &QueryCode, salt: [u8; 16]) -> Self {
        let mut digest = Sha256::new();
        digest.update(salt);
        digest.update(code.reveal().as_bytes());
        Self {
            salt,
            hash: digest.finalize().into(),
        }
    }

    /// Whether this is the code that was sealed; takes the same time either way.
    pub fn matches(&self, code: &QueryCode) -> bool {
        Self::seal(code, self.salt).hash.ct_eq(&self.hash).into()
    }

    /// A hash that no code matches: compared against when there is no such case, so that the answer takes as long.
    pub const fn of_nothing() -> Self {
        Self {
            salt: [0; 16],
            hash: [0; 32],
        }
    }
}

impl fmt::Display for QueryCodeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}${}", hex::encode(self.salt), hex::encode(self.hash))
    }
}

impl fmt::Debug for QueryCodeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("QueryCodeHash(…)")
    }
}

impl FromStr for QueryCodeHash {
    type Err = StoredCodeError;

    fn from_str(text: &str) -> Result<Self, StoredCodeError> {
        let (salt, hash) = text.split_once('$').ok_or(StoredCodeError)?;
        let mut read = Self::of_nothing();
        hex::decode_to_slice(salt, &mut read.salt).map_err(|_| StoredCodeError)?;
        hex::decode_to_slice(hash, &mut read.hash).map_err(|_| StoredCodeError)?;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_sealed_code_matches() {
        let code: QueryCode = "34679ACDEF".parse().unwrap();
        let other: QueryCode = "34679ACDEG".parse().unwrap();
        let sealed = QueryCodeHash::seal(&code, [7; 16]);
        let stored: QueryCodeHash = sealed.to_string().parse().unwrap();
        assert!(stored.matches(&code) && !stored.matches(&other));
        assert_ne!(sealed, QueryCodeHash::seal(&code, [8; 16]));
        assert!(!QueryCodeHash::of_nothing().matches(&code));
        assert!(!sealed.to_string().contains("34679"));
        for bad in ["", "$", "00$00", "zz$zz"] {
            assert!(bad.parse::<QueryCodeHash>().is_err(), "{bad}");
        }
    }
}
