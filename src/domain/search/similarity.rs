//! How alike two applications read: the share of words they have in common, and a fingerprint that finds such texts
//! among many.
//!
//! Evidence for a repeated application (重复申请) or for a reply that serves several applicants; never a reason to refuse
//! by itself.

use std::collections::BTreeSet;

/// From this share of common words on, two texts count as nearly identical.
pub const NEARLY_IDENTICAL: f64 = 0.8;
/// Bands of a fingerprint; texts that agree in one of them are compared.
pub const BANDS: usize = 5;
/// Smallest hashes that make up one band. Texts that have nine in ten words in common agree in at least one band with a
/// probability of 0.99, those with three in ten with 0.01.
const ROWS: usize = 5;

/// The share of words that two texts have in common (Jaccard index), 0 to 1. Two texts without words are not alike.
pub fn similarity(a: &BTreeSet<String>, b: &BTreeSet<String>) -> f64 {
    let common = a.intersection(b).count();
    let all = a.len().saturating_add(b.len()).saturating_sub(common);
    match (u32::try_from(common), u32::try_from(all)) {
        (Ok(common), Ok(all)) if all > 0 => f64::from(common) / f64::from(all),
        _ => 0.0,
    }
}

/// FNV-1a: the same on every machine and in every version, as the hashes are stored.
fn hash(bytes: impl IntoIterator<Item = u8>) -> u64 {
    bytes.into_iter().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}

/// Spreads a hash (the finaliser of SplitMix64).
fn mix(value: u64) -> u64 {
    let a = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let b = (a ^ (a >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    b ^ (b >> 31)
}

/// The fingerprint of a text (MinHash in bands); `None` for a text without words.
pub fn bands(words: &BTreeSet<String>) -> Option<[i64; BANDS]> {
    if words.is_empty() {
        return None;
    }
    let hashes: Vec<u64> = words.iter().map(|word| hash(word.bytes())).collect();
    let mut seed: u64 = 0;
    let mut smallest = || {
        seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let key = mix(seed);
        hashes.iter().map(|hash| mix(hash ^ key)).min().unwrap_or_default()
    };
    let mut band = || {
        let rows: Vec<u8> = (0..ROWS).flat_map(|_| smallest().to_le_bytes()).collect();
        i64::from_le_bytes(mix(hash(rows)).to_le_bytes())
    };
    Some(std::array::from_fn(|_| band()))
}
