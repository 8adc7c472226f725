//! FHIR R4 and R5 in JSON: Appointment, with the Patients, Slots and Locations it refers to.
//!
//! Refuses to be: a validator or a client. A file is one resource, a Bundle of any type, or one resource a line (NDJSON);
//! elements that do not matter for a schedule are passed over without being kept, so that a hostile file costs no more
//! memory than a few times its size, however deep or wide it is.
//!
//! Where things stand: [`resource`] has the shapes, [`shelf`] what is referred to, [`booking`] the appointment itself.
//!
//! Choices: the appointment is known by its placer's number, else its filler's, else its id, else its first other one:
//! that may be an order's. A newer version is one with a later meta.lastUpdated; what has none is as new as its Bundle,
//! but in that older than what has one. Lines are told: of the entry's resource in a Bundle, and within it where its JSON is not of FHIR's form.

mod booking;
mod resource;
mod shelf;
#[cfg(test)]
mod tests;
pub mod write;

use super::newest::Newest;
use super::word::clip;
use super::{Broken, Feed, FeedError, Flaw, Omission, Reading, Scope, Skipped};
use crate::base::Phi;
use crate::record::UNVERSIONED;
use booking::Booking;
use jiff::Timestamp;
use resource::{Appointment, Bundle, Entry, Header, Kind};
use serde_json::value::RawValue;
use shelf::Shelf;

/// Whether this is FHIR: JSON that names a resource's type.
pub(super) fn recognize(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().starts_with(b"{") && memchr::memmem::find(bytes, b"\"resourceType\"").is_some()
}

/// Whether it is one of the files of an export that has a file for each sort of resource (Bulk Data Access), and that sort
/// matters here.
pub(super) fn is_of_one_sort(bytes: &[u8]) -> bool {
    let Some(text) = std::str::from_utf8(bytes).ok().filter(|text| text.starts_with('{')) else { return false };
    let mut sorts = lines(text).map(|(_, line)| Some(serde_json::from_str::<Kind>(line).ok()?.resource_type));
    let Some(first) = sorts.next().flatten() else { return false };
    let matters = ["Appointment", "Patient", "Slot", "Location"].contains(&first.as_str());
    // A line that cannot be read is broken, whatever it was.
    matters && sorts.flatten().all(|sort| sort == first)
}

/// Reads it.
pub(super) fn read(bytes: &[u8], reading: &Reading) -> Result<Feed, FeedError> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
        Flaw::NotText.at(1 + memchr::memchr_iter(b'\n', good).count())
    })?;
    let mut file = File {
        text,
        place: (0, 1),
        feed: Feed::default(),
        shelf: Shelf::default(),
        found: Vec::new(),
        other: Vec::new(),
        made: UNVERSIONED,
    };
    match serde_json::from_str::<&RawValue>(text) {
        Ok(whole) => {
            file.feed.scope = Scope::Message;
            file.take_whole(whole)?;
        }
        Err(_) if lines(text).filter(|(_, line)| line.starts_with('{') && line.ends_with('}')).nth(1).is_some() => {
            for (number, line) in lines(text) {
                match serde_json::from_str::<&RawValue>(line) {
                    Ok(resource) => file.take(number, None, resource),
                    Err(_) => file.feed.broken.push(Broken { line: number, flaw: Flaw::NotJson }),
                }
            }
        }
        Err(error) if error.is_eof() => return Err(Flaw::CutOff.at(1)),
        Err(error) => return Err(Flaw::NotJson.at(error.line().max(1))),
    }
    file.finish(reading)
}

/// A moment as a version, in seconds since 1970; [`UNVERSIONED`] if it is none.
fn version(at: Option<&str>) -> i64 {
    at.and_then(|at| at.parse::<Timestamp>().ok()).map_or(UNVERSIONED, Timestamp::as_second)
}

/// The lines that say something, from 1.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.lines().map(str::trim)).filter(|(_, line)| !line.is_empty())
}

/// A file that is read.
struct File<'a> {
    text: &'a str,
    /// How far lines were counted, and the line there.
    place: (usize, usize),
    feed: Feed,
    shelf: Shelf,
    /// Its appointments.
    found: Vec<Found<'a>>,
    /// Lines of resources that are nothing here.
    other: Vec<usize>,
    /// When it was put together, in seconds since 1970; [`UNVERSIONED`] if it does not say.
    made: i64,
}

/// An appointment as it stands in the file.
struct Found<'a> {
    line: usize,
    url: Option<String>,
    resource: &'a RawValue,
}

impl<'a> File<'a> {
    /// The line at which a part of the text begins; asked in the order of the text it costs nothing.
    fn line_of(&mut self, part: &'a str) -> usize {
        // How far one text begins behind another that it is a part of.
        let at = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let (from, line) = if at < self.place.0 { (0, 1) } else { self.place };
        let between = self.text.as_bytes().get(from..at).unwrap_or_default();
        self.place = (at, line + memchr::memchr_iter(b'\n', between).count());
        self.place.1
    }

    /// Takes a whole file: a Bundle or another resource.
    fn take_whole(&mut self, whole: &'a RawValue) -> Result<(), FeedError> {
        let line = self.line_of(whole.get());
        let at = |error: serde_json::Error| Flaw::BadResource.at(line + error.line().saturating_sub(1));
        let kind: Kind = serde_json::from_str(whole.get()).map_err(at)?;
        if kind.resource_type != "Bundle" {
            self.take(line, None, whole);
            return Ok(());
        }
        let bundle: Bundle<'a> = serde_json::from_str(whole.get()).map_err(at)?;
        let changes = ["transaction", "batch", "message", "history", "subscription-notification"];
        self.feed.scope = if changes.contains(&bundle.kind.as_str()) { Scope::Message } else { Scope::Part };
        self.feed.name = bundle.meta.source.as_deref().map(clip).filter(|name| !name.is_empty()).map(Phi::new);
        self.made = version(bundle.timestamp.as_deref());
        for entry in bundle.entry {
            let line = self.line_of(entry.get());
            match serde_json::from_str::<Entry<'a>>(entry.get()) {
                Ok(Entry { full_url, resource: Some(resource), .. }) => {
                    let line = self.line_of(resource.get());
                    self.take(line, full_url, resource);
                }
                Ok(Entry { request: Some(request), .. }) if request.method == "DELETE" => {
                    if request.url.contains("Appointment") {
                        self.feed.skipped.push(Skipped { line, reason: Omission::Deletion });
                    }
                }
                Ok(_) => {}
                Err(error) => self.spoil(line, &error),
            }
        }
        if bundle.kind == "history" {
            // Newest first (§3.1.0.11): of equals the first counts.
            self.found.reverse();
        }
        Ok(())
    }

    /// Takes a resource.
    fn take(&mut self, line: usize, url: Option<String>, resource: &'a RawValue) {
        let text = resource.get();
        let kind = match serde_json::from_str::<Kind>(text) {
            Ok(kind) => kind.resource_type,
            Err(error) => return self.spoil(line, &error),
        };
        match kind.as_str() {
            "Appointment" => self.found.push(Found { line, url, resource }),
            "MessageHeader" => {
                let header = serde_json::from_str::<Header>(text).ok();
                let name = header.and_then(|header| header.source.name).map(|name| clip(&name));
                self.feed.name = name.filter(|name| !name.is_empty()).map(Phi::new).or(self.feed.name.take());
            }
            // One inside of another would have to be read like a file of its own.
            "Bundle" => self.feed.skipped.push(Skipped { line, reason: Omission::Unknown }),
            _ => match self.shelf.put(line, url.as_deref(), &kind, text) {
                Ok(true) => {}
                Ok(false) => self.other.push(line),
                Err(error) => self.spoil(line, &error),
            },
        }
    }

    /// Tells of a resource that begins at `line` and is not as it should be.
    fn spoil(&mut self, line: usize, error: &serde_json::Error) {
        let line = line + error.line().saturating_sub(1);
        self.feed.broken.push(Broken { line, flaw: Flaw::BadResource });
    }

    fn finish(mut self, reading: &Reading) -> Result<Feed, FeedError> {
        let mut newest = Newest::default();
        for Found { line, url, resource } in std::mem::take(&mut self.found) {
            let appointment = match serde_json::from_str::<Appointment<'_>>(resource.get()) {
                Ok(appointment) => appointment,
                Err(error) => {
                    self.spoil(line, &error);
                    continue;
                }
            };
            let booking = Booking::new(&appointment, url.as_deref(), &self.shelf);
            match booking.and_then(|booking| booking.told(reading)) {
                Ok(Ok(told)) => newest.take(line, told)?,
                Ok(Err(reason)) => self.feed.skipped.push(Skipped { line, reason }),
                Err(flaw) => self.feed.broken.push(Broken { line, flaw }),
            }
        }
        let mut feed = self.feed;
        newest.finish(&mut feed);
        // In one file whatever says a version is newer than what says none; beside others all of it is as new as the file.
        let entries = feed.entries.iter_mut().map(|entry| &mut entry.sequence);
        let sequences = entries.chain(feed.settled.iter_mut().map(|settled| &mut settled.sequence));
        sequences.filter(|sequence| **sequence == UNVERSIONED).for_each(|sequence| *sequence = self.made);
        feed.skipped.extend(self.shelf.free().map(|line| Skipped { line, reason: Omission::FreeBusy }));
        // Beside an appointment others are what it needs; alone they are not what was wanted.
        if feed.entries.is_empty() && feed.skipped.is_empty() && feed.broken.is_empty() {
            feed.skipped.extend(self.other.iter().map(|line| Skipped { line: *line, reason: Omission::Unknown }));
        }
        feed.skipped.sort_by_key(|skipped| skipped.line);
        Ok(feed)
    }
}
