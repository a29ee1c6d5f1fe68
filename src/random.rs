//! The only source of randomness: ids, query codes, salts and secrets come from the operating system's generator.

use chrono::{DateTime, Utc};

use crate::domain::ids::{Id, QueryCode};

/// A new id that sorts after all earlier ones; `now` is the clock's time.
pub fn id<T: Id>(now: DateTime<Utc>) -> T {
    T::from_parts(now, bytes())
}

/// Bytes that nobody can guess.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::fill(&mut bytes[..]);
    bytes
}

/// A new query code for a case.
pub fn query_code() -> QueryCode {
    QueryCode::from_draws(std::array::from_fn(|_| rand::random()))
}

/// A secret of 256 bits in the URL alphabet of base64.
pub fn token() -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes::<32>())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::ids::{CaseId, QUERY_CODE_LENGTH};

    #[test]
    fn draws_differ_and_have_their_form() {
        let now = "2026-03-02T01:00:00Z".parse().unwrap();
        let ids: BTreeSet<CaseId> = (0..1000).map(|_| id(now)).collect();
        assert_eq!(ids.len(), 1000);
        let codes: BTreeSet<String> = (0..1000).map(|_| query_code().reveal().to_owned()).collect();
        assert!(codes.len() == 1000 && codes.iter().all(|code| code.len() == QUERY_CODE_LENGTH));
        assert_ne!(token(), token());
        assert_eq!(token().len(), 43);
    }
}
