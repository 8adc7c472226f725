//! What holds of every feed, whatever its bytes.

use bedside::base::Stamp;
use bedside::feed::{self, Feed, Reading};
use jiff::tz::TimeZone;
use std::collections::HashSet;

/// In Berlin, in January 2026.
pub fn reading() -> Reading {
    Reading::new(TimeZone::get("Europe/Berlin").expect("a zone everybody has"), Stamp(1_767_614_400_000))
}

/// Reads a feed that begins like this, and checks what is promised of it.
pub fn feed(beginning: &[u8], bytes: &[u8]) {
    let Ok(Feed { entries, skipped, broken, settled, .. }) = feed::read(&[beginning, bytes].concat(), &reading())
    else {
        return;
    };
    let mut seen = HashSet::new();
    for entry in &entries {
        assert!(entry.start <= entry.end, "it ends before it starts");
        assert!(seen.insert((entry.uid.expose(), &entry.recurrence)), "one of it");
    }
    assert!(entries.is_sorted_by_key(|entry| entry.start.timestamp().as_second()), "in order of time");
    assert!(skipped.is_sorted_by_key(|skipped| skipped.line) && broken.is_sorted_by_key(|broken| broken.line));
    assert!(settled.iter().all(|settled| !settled.uid.expose().is_empty()));
}
