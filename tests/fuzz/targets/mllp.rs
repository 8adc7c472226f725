//! HL7 v2 as it comes over a wire, in pieces.
#![no_main]

use bedside::wire::mllp::{Decoder, encode};
use libfuzzer_sys::fuzz_target;

/// The longest message.
const LIMIT: usize = 200;

fuzz_target!(|pieces: Vec<Vec<u8>>| {
    let mut decoder = Decoder::new(LIMIT);
    for piece in &pieces {
        decoder.push(piece);
        loop {
            match decoder.take() {
                Ok(Some(message)) => assert!(message.len() <= LIMIT),
                Ok(None) => break,
                Err(_) => return,
            }
        }
    }
    // What is sent arrives, whatever came before it.
    decoder.push(&encode(b"MSH|"));
    if let Ok(message) = decoder.take() {
        assert_eq!(message.as_deref(), Some(b"MSH|".as_slice()));
    }
});
