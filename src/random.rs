//! The only source of randomness: ids, query codes, salts and secrets come from the operating system's generator.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};

use crate::domain::words::ids::{Id, QueryCode};

/// A new id; `now` is the clock's time. Ids made by one process within one millisecond sort in the order in which they
/// were made, and still end in 40 random bits.
pub fn id<T: Id>(now: DateTime<Utc>) -> T {
    static MADE: LazyLock<AtomicU64> = LazyLock::new(|| AtomicU64::new(rand::random::<u64>() >> 31));
    let count = MADE.fetch_add(1, Ordering::Relaxed);
    // 34 bits of the count, around the two places that version and variant take (RFC 9562 §6.2, method 1).
    let spread = ((count >> 22 & 0xFFF) << 24) | ((count >> 16 & 0x3F) << 16) | (count & 0xFFFF);
    let [_, _, _, c0, c1, c2, c3, c4] = spread.to_be_bytes();
    let [r0, r1, r2, r3, r4] = bytes();
    T::from_parts(now, [c0, c1, c2, c3, c4, r0, r1, r2, r3, r4])
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
    use crate::domain::words::ids::{CaseId, QUERY_CODE_LENGTH};

    #[test]
    fn draws_differ_and_have_their_form() {
        let now = "2026-03-02T01:00:00Z".parse().unwrap();
        let ids: Vec<CaseId> = (0..100_000).map(|_| id(now)).collect();
        assert!(ids.is_sorted_by(|earlier, later| earlier < later));
        let codes: BTreeSet<String> = (0..1000).map(|_| query_code().reveal().to_owned()).collect();
        assert!(codes.len() == 1000 && codes.iter().all(|code| code.len() == QUERY_CODE_LENGTH));
        assert_ne!(token(), token());
        assert_eq!(token().len(), 43);
    }
}
