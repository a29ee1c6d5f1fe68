//! Draws that are the same for the same seed: what the city is made of must not change from one run to the next.
//!
//! SplitMix64 (Steele, Lea, Flood 2014). Secrets come from `crate::random`, never from here.

use std::sync::OnceLock;

/// A stream of draws.
#[derive(Debug, Clone)]
pub struct Draw(u64);

impl Draw {
    /// The stream with this number under a seed; streams do not depend on each other.
    pub fn new(seed: u64, stream: u64) -> Self {
        Self(mixed(seed.wrapping_add(mixed(stream))))
    }

    pub fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mixed(self.0)
    }

    /// A number below `end`; 0 when `end` is.
    pub fn below(&mut self, end: u32) -> u32 {
        let wide = u64::from(end) * (self.any() >> 32);
        u32::try_from(wide >> 32).unwrap_or(0)
    }

    /// A number from `low` up to and including `high`.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below((high + 1).saturating_sub(low))
    }

    /// Whether one of a thousand such draws falls among the first `per_mille`.
    pub fn chance(&mut self, per_mille: u32) -> bool {
        self.below(1000) < per_mille
    }

    /// One of a list; the default of the type when it is empty.
    pub fn pick<T: Copy + Default>(&mut self, list: &[T]) -> T {
        let at = self.below(u32::try_from(list.len()).unwrap_or(u32::MAX));
        let at = usize::try_from(at).unwrap_or(0);
        list.get(at).copied().unwrap_or_default()
    }

    /// One of a list by weight.
    pub fn weighted<T: Copy>(&mut self, list: &[(u32, T)]) -> Option<T> {
        let mut left = self.below(list.iter().map(|(weight, _)| weight).sum());
        for (weight, value) in list {
            if left < *weight {
                return Some(*value);
            }
            left -= weight;
        }
        None
    }

    /// Ten bytes, as an id takes them.
    pub fn ten_bytes(&mut self) -> [u8; 10] {
        let [a, b, c, d, e, f, g, h] = self.any().to_be_bytes();
        let [i, j, ..] = self.any().to_be_bytes();
        [a, b, c, d, e, f, g, h, i, j]
    }
}

/// Words to draw from, written as one text.
#[derive(Debug)]
pub struct Words {
    text: &'static str,
    list: OnceLock<Vec<&'static str>>,
}

impl Words {
    pub const fn new(text: &'static str) -> Self {
        let list = OnceLock::new();
        Self { text, list }
    }

    pub fn list(&self) -> &[&'static str] {
        self.list.get_or_init(|| self.text.split(' ').collect())
    }
}

fn mixed(from: u64) -> u64 {
    let z = (from ^ (from >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_repeat_and_keep_their_bounds() {
        let draws = |seed| -> Vec<u64> {
            let mut draw = Draw::new(seed, 3);
            (0..50).map(|_| draw.any()).collect()
        };
        assert_eq!(draws(1), draws(1));
        assert_ne!(draws(1), draws(2));
        let mut draw = Draw::new(7, 7);
        let drawn: std::collections::BTreeSet<u32> = (0..1000).map(|_| draw.between(4, 9)).collect();
        assert_eq!(drawn.into_iter().collect::<Vec<_>>(), [4, 5, 6, 7, 8, 9]);
        assert_eq!(draw.below(0), 0);
        let heavy = (0..10_000)
            .filter(|_| draw.weighted(&[(9, true), (1, false)]) == Some(true))
            .count();
        assert!((8_700..9_300).contains(&heavy), "{heavy}");
        assert_eq!(draw.weighted::<u8>(&[]), None);
    }
}
