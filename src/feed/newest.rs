//! Several versions of one appointment in one file: the newest counts.

use super::{APPOINTMENTS_MAX, Feed, FeedError, Flaw, Omission, Skipped};
use crate::base::Phi;
use crate::record::{Identifier, Imported, Settlement, Which};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// The most that the numbers of a file's patients take up: each appointment has all of its patient's.
const NUMBERS_MAX_BYTES: usize = 256 * 1024 * 1024;

/// A version of an appointment, and that it is all of it.
pub(super) struct Told {
    /// One for each of its people; none where it is cancelled without its time.
    pub entries: Vec<Imported>,
    pub settled: Settlement,
}

impl Told {
    /// The appointment that has this UID and recurrence.
    pub(super) fn of(uid: String, recurrence: String, sequence: i64) -> Self {
        let settled = Settlement { uid: Phi::new(uid), which: Which::One(recurrence), sequence };
        Self { entries: Vec::new(), settled }
    }

    /// What its patients' numbers take up.
    fn numbers_bytes(&self) -> usize {
        let text = |number: &Identifier| number.system.expose().len() + number.value.expose().len();
        let numbers = self.entries.iter().flat_map(|entry| &entry.identifiers);
        numbers.map(|number| size_of::<Identifier>() + text(number)).sum()
    }
}

/// The newest version of each appointment, by UID and recurrence, with its line.
#[derive(Default)]
pub(super) struct Newest {
    versions: BTreeMap<(Phi<String>, Which), (usize, Told)>,
    count: usize,
    numbers_bytes: usize,
    outdated: Vec<Skipped>,
}

impl Newest {
    /// Takes a version that stands at `line`. Of those that say that they are equally new the later one counts.
    pub(super) fn take(&mut self, line: usize, told: Told) -> Result<(), FeedError> {
        self.count += told.entries.len().max(1);
        if self.count > APPOINTMENTS_MAX {
            return Err(Flaw::TooManyAppointments.at(line));
        }
        self.numbers_bytes += told.numbers_bytes();
        if self.numbers_bytes > NUMBERS_MAX_BYTES {
            return Err(Flaw::TooManyNumbers.at(line));
        }
        let mut lost = None;
        match self.versions.entry((told.settled.uid.clone(), told.settled.which.clone())) {
            Entry::Vacant(place) => {
                place.insert((line, told));
            }
            Entry::Occupied(mut place) if place.get().1.settled.sequence <= told.settled.sequence => {
                lost = Some(place.insert((line, told)).0);
            }
            Entry::Occupied(_) => lost = Some(line),
        }
        self.outdated.extend(lost.map(|line| Skipped { line, reason: Omission::Outdated }));
        Ok(())
    }

    /// Puts them into the feed, in order of time, and its reports in order of lines.
    pub(super) fn finish(self, feed: &mut Feed) {
        for (_, told) in self.versions.into_values() {
            feed.entries.extend(told.entries);
            feed.settled.push(told.settled);
        }
        feed.entries.sort_by(|a, b| (&a.start, &a.uid, &a.recurrence).cmp(&(&b.start, &b.uid, &b.recurrence)));
        feed.skipped.extend(self.outdated);
        feed.skipped.sort_by_key(|skipped| skipped.line);
        feed.skipped.dedup();
        feed.broken.sort_by_key(|broken| broken.line);
    }
}
