//! HL7 v2, and what a message is answered.
#![no_main]

use bedside::base::Stamp;
use bedside::feed::message::answer::Received;
use bedside_fuzz::{feed, reading};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    feed(b"MSH", bytes);
    let received = Received::read(bytes, &reading());
    let answer = received.answer(received.outcome.as_ref().err(), Stamp(0), "1");
    assert!(answer.starts_with(b"MSH") && answer.len() < 20_000);
});
