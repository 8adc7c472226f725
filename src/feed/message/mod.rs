//! HL7 v2 (2.3 to 2.9): messages about single appointments, SIU S12 to S26 (chapter 10).
//!
//! Refuses to be: an interface engine. Other messages are left out, and of these only what makes an appointment is read.
//! Bytes come from a file ([`read`]: one message, several, or a batch) or from the wire ([`answer`]: one, answered).
//!
//! Where things stand: [`layout`] divides bytes into messages and segments, [`segment`] looks fields up, [`time`] reads
//! times, [`booking`] understands the message.
//!
//! Choices: the appointment is known by its placer's number, else by the filler's; numbers are their sender's, so that a
//! file is one sender's, unless whoever has it read has named the feed; a time without an offset is the sender's, which is
//! the practice's unless the message says otherwise; a newer message is one with a later MSH-7; a group's appointment is
//! one for each patient.
//!
//! The tokenizer is our own, because of those there are hl7-parser knows neither shorter nor longer MSH-2, ends silently
//! at a line it does not know, and makes a tree of a hundred bytes for every separator of a hostile message; rust-hl7
//! calls itself an experiment and panics; hl7v2 has another licence. Chapters and sections are those of HL7 v2.9.

pub mod answer;
mod booking;
mod layout;
mod segment;
#[cfg(test)]
mod tests;
mod time;

pub use layout::MESSAGE_MAX_BYTES;

use super::newest::Newest;
use super::{Broken, Feed, FeedError, Flaw, Reading, Scope, Skipped};
use crate::base::Phi;
use booking::Booking;
use layout::Division;

/// Whether this is HL7 v2: a message, a batch, or either as MLLP frames it.
pub(super) fn recognize(bytes: &[u8]) -> bool {
    let start = bytes.trim_ascii_start();
    let start = start.strip_prefix(b"\x0b").unwrap_or(start);
    let sign = start.get(3).is_some_and(|byte| !byte.is_ascii_alphanumeric());
    sign && [b"MSH", b"FHS", b"BHS"].iter().any(|name| start.starts_with(*name))
}

/// Reads it.
pub(super) fn read(bytes: &[u8], reading: &Reading) -> Result<Feed, FeedError> {
    gather(&layout::divide(bytes)?, reading)
}

fn gather(division: &Division<'_>, reading: &Reading) -> Result<Feed, FeedError> {
    let mut feed = Feed { scope: Scope::Message, broken: division.broken.clone(), ..Feed::default() };
    let mut newest = Newest::default();
    // Whose appointments they are.
    let mut first: Option<String> = None;
    for raw in &division.messages {
        let line = raw.line();
        match Booking::read(raw, reading) {
            Ok(Booking { told: Err(reason), .. }) => feed.skipped.push(Skipped { line, reason }),
            Ok(Booking { told: Ok(told), sender }) => {
                let first = first.get_or_insert_with(|| sender.clone());
                if *first == sender || reading.named {
                    newest.take(line, told)?;
                } else {
                    feed.broken.push(Broken { line, flaw: Flaw::OtherSender });
                }
            }
            Err(broken) => feed.broken.push(broken),
        }
    }
    feed.name = first.filter(|name| !name.is_empty()).map(Phi::new);
    newest.finish(&mut feed);
    Ok(feed)
}
