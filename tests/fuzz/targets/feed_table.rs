//! Tables.
#![no_main]

use bedside_fuzz::feed;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| feed(b"", bytes));
