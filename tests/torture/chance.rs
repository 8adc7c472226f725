//! Chance that can be had again: everything that is left to it in a round comes from the round's seed.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::ops::Range;
use std::sync::OnceLock;

/// The seed of this run: `BEDSIDE_TORTURE_SEED`, or a new one.
pub fn seed() -> u64 {
    static SEED: OnceLock<u64> = OnceLock::new();
    *SEED.get_or_init(|| match std::env::var("BEDSIDE_TORTURE_SEED") {
        Ok(text) => text.parse().expect("BEDSIDE_TORTURE_SEED is a number"),
        Err(_) => RandomState::new().build_hasher().finish(),
    })
}

/// Numbers from a seed (SplitMix64).
#[derive(Clone)]
pub struct Chance(u64);

impl Chance {
    /// Those of one round of a fault.
    pub fn of(fault: &str, round: u32) -> Self {
        let named = fault.bytes().fold(seed(), |sum, byte| Self(sum ^ u64::from(byte)).next());
        Self(named ^ u64::from(round).wrapping_mul(0xD1B5_4A32_D192_ED03))
    }

    /// Others, for somebody else.
    pub fn fork(&mut self) -> Self {
        Self(self.next())
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number of the range.
    pub fn among(&mut self, range: Range<u64>) -> u64 {
        range.start + self.next() % (range.end - range.start)
    }

    /// One of the things, by its place.
    pub fn place(&mut self, count: usize) -> usize {
        usize::try_from(self.next() % count as u64).unwrap()
    }

    /// Once in so many times.
    pub fn once_in(&mut self, times: u64) -> bool {
        self.next().is_multiple_of(times)
    }

    /// Words of about so many bytes.
    pub fn words(&mut self, bytes: usize) -> String {
        const WORDS: [&str; 12] =
            ["heron", "still", "water", "sleeps", "badly", "since", "spring", "walked", "home", "müde", "again", "\n"];
        let mut text = String::with_capacity(bytes + 8);
        while text.len() < bytes {
            text.push_str(WORDS[self.place(WORDS.len())]);
            text.push(' ');
        }
        text
    }
}
