//! A typed line that says an appointment.
#![no_main]

use bedside::record::schedule::line::{Given, Line};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let now = "2026-03-28T10:00[Europe/Berlin]".parse().expect("a time");
    let _ = Line::read(text, &Given { now: &now, at: None, minutes: 50 });
});
