//! What a calendar's server answers, and the addresses in it.
#![no_main]

use bedside::feed::caldav::{Address, answer};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let calendar = Address::parse("https://dav.example/ada/").expect("an address");
    if let Ok(answer) = answer::read(bytes) {
        for found in &answer.found {
            if let Some(href) = calendar.resolve(found.href.expose()) {
                assert_eq!(calendar.resolve(href.as_str()).as_ref(), Some(&href), "one spelling");
            }
        }
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = Address::parse(text);
    }
});
