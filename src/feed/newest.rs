//! Several versions of one appointment in one file: the newest counts.

use super::{APPOINTMENTS_MAX, Feed, FeedError, Flaw, Omission, Skipped};
use crate::base::Phi;
use crate::record::Imported;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// The newest version of each appointment, by UID and recurrence, with its line.
#[derive(Default)]
pub(super) struct Newest {
    versions: BTreeMap<(Phi<String>, String), (usize, Imported)>,
    outdated: Vec<Skipped>,
}

impl Newest {
    /// Takes a version that stands at `line`. Of those that say that they are equally new the later one counts.
    pub(super) fn take(&mut self, line: usize, entry: Imported) -> Result<(), FeedError> {
        if self.versions.len() + self.outdated.len() >= APPOINTMENTS_MAX {
            return Err(Flaw::TooManyAppointments.at(line));
        }
        let mut lost = None;
        match self.versions.entry((entry.uid.clone(), entry.recurrence.clone())) {
            Entry::Vacant(place) => {
                place.insert((line, entry));
            }
            Entry::Occupied(mut place) if place.get().1.sequence <= entry.sequence => {
                lost = Some(place.insert((line, entry)).0);
            }
            Entry::Occupied(_) => lost = Some(line),
        }
        self.outdated.extend(lost.map(|line| Skipped { line, reason: Omission::Outdated }));
        Ok(())
    }

    /// Puts them into the feed, in order of time, and its reports in order of lines.
    pub(super) fn finish(self, feed: &mut Feed) {
        feed.entries.extend(self.versions.into_values().map(|(_, entry)| entry));
        feed.entries.sort_by(|a, b| (&a.start, &a.uid, &a.recurrence).cmp(&(&b.start, &b.uid, &b.recurrence)));
        feed.skipped.extend(self.outdated);
        feed.skipped.sort_by_key(|skipped| skipped.line);
        feed.skipped.dedup();
        feed.broken.sort_by_key(|broken| broken.line);
    }
}
