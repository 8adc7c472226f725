//! Several versions of one appointment in one file: the newest counts.

use super::{APPOINTMENTS_MAX, Feed, FeedError, Flaw, Omission, Skipped};
use crate::base::Phi;
use crate::record::appointment::FILLER_MARK;
use crate::record::{AppointmentStatus, Identifier, Imported, Settlement, Which};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::Hash;

/// The most that the numbers of a file's patients take up: each appointment has all of its patient's.
const NUMBERS_MAX_BYTES: usize = 256 * 1024 * 1024;

/// A version of an appointment, and that it is all of it.
pub(super) struct Told {
    /// One for each of its people; none where it has no time.
    pub entries: Vec<Imported>,
    pub settled: Settlement,
    /// What else is to be said of it.
    pub noted: Option<Omission>,
    /// What tells it from others of that UID: a placer's number may be an order's that has several. Empty if nothing does.
    pub alone: Phi<String>,
}

impl Told {
    /// The appointment that has this UID and recurrence.
    pub(super) fn of(uid: String, recurrence: String, sequence: i64) -> Self {
        let which = Which::One(recurrence);
        let settled = Settlement { uid: Phi::new(uid), also: Phi::default(), which, sequence };
        Self { entries: Vec::new(), settled, noted: None, alone: Phi::default() }
    }

    /// It is known by this UID; what it had stays as its filler's number.
    fn rename(&mut self, uid: &Phi<String>) {
        let old = std::mem::replace(&mut self.settled.uid, uid.clone());
        for entry in &mut self.entries {
            let mark = entry.uid.expose().strip_prefix(old.expose()).unwrap_or_default();
            entry.uid = Phi::new(format!("{}{mark}", uid.expose()));
        }
    }

    /// Whom it names; who will not come is not among them if others do.
    fn people(&self) -> Vec<Person> {
        let coming = self.entries.iter().filter(|entry| entry.status != AppointmentStatus::Cancelled);
        let all =
            if coming.clone().next().is_some() { coming.collect() } else { self.entries.iter().collect::<Vec<_>>() };
        let person = |entry: &&Imported| {
            let mark = entry.uid.expose().strip_prefix(self.settled.uid.expose()).unwrap_or_default().to_owned();
            Person { mark, subject: entry.subject.clone(), identifiers: entry.identifiers.clone() }
        };
        all.iter().filter(|entry| !entry.unnamed).map(person).collect()
    }

    /// It is for those whom another version names, as far as it does not name them itself.
    fn keep_people(&mut self, people: &[Person]) {
        let uid = self.settled.uid.expose();
        // Who stands here already is not meant by another entry, too.
        let mut taken: HashSet<_> = self.entries.iter().map(|entry| entry.uid.clone()).collect();
        let mut of_entry = |entry: Imported| {
            let has = |number| entry.identifiers.contains(number);
            let mut named = Vec::new();
            for Person { mark, subject, identifiers } in people.iter().filter(|_| entry.unnamed) {
                let uid = Phi::new(format!("{uid}{mark}"));
                let is_it = entry.identifiers.is_empty() || identifiers.iter().any(has);
                if is_it && (uid == entry.uid || taken.insert(uid.clone())) {
                    let own = if entry.identifiers.is_empty() { identifiers } else { &entry.identifiers };
                    let (subject, identifiers) = (subject.clone(), own.clone());
                    named.push(Imported { uid, subject, identifiers, unnamed: false, ..entry.clone() });
                }
            }
            if named.is_empty() { vec![entry] } else { named }
        };
        self.entries = std::mem::take(&mut self.entries).into_iter().flat_map(&mut of_entry).collect();
    }

    /// It has the filler's number that another version says, where it says none itself.
    fn keep_filler(&mut self, also: &Phi<String>) {
        if self.settled.also.expose().is_empty() {
            self.entries.iter_mut().map(|entry| &mut entry.also).chain([&mut self.settled.also]).for_each(|own| {
                own.clone_from(also);
            });
        }
    }

    /// What its patients' numbers take up.
    fn numbers_bytes(&self) -> usize {
        let text = |number: &Identifier| number.system.expose().len() + number.value.expose().len();
        let numbers = self.entries.iter().flat_map(|entry| &entry.identifiers);
        numbers.map(|number| size_of::<Identifier>() + text(number)).sum()
    }
}

/// Somebody as a version names them.
struct Person {
    /// What tells them from the others, behind the UID.
    mark: String,
    subject: Phi<String>,
    identifiers: Vec<Identifier>,
}

/// Of those that say that they are equally new the later one counts.
type Age = (i64, usize);

/// A version as the file has it.
struct Version {
    line: usize,
    /// How many appointments there were with it.
    place: usize,
    told: Told,
    /// Those whom the newest version names that names any, and how new that is.
    people: Option<(Age, Vec<Person>)>,
}

impl Version {
    fn age(&self) -> Age {
        (self.told.settled.sequence, self.place)
    }
}

/// Versions of one appointment have the same: UID, what tells it from others of that, recurrence.
type Key = (Phi<String>, Phi<String>, Which);

/// The newest version of each appointment.
#[derive(Default)]
pub(super) struct Newest {
    versions: BTreeMap<Key, Version>,
    count: usize,
    numbers_bytes: usize,
    skipped: Vec<Skipped>,
}

impl Newest {
    /// Takes a version that stands at `line`.
    pub(super) fn take(&mut self, line: usize, told: Told) -> Result<(), FeedError> {
        self.count += told.entries.len().max(1);
        if self.count > APPOINTMENTS_MAX {
            return Err(Flaw::TooManyAppointments.at(line));
        }
        self.numbers_bytes += told.numbers_bytes();
        if self.numbers_bytes > NUMBERS_MAX_BYTES {
            return Err(Flaw::TooManyNumbers.at(line));
        }
        let mut version = Version { line, place: self.count, told, people: None };
        let people = version.told.people();
        version.people = (!people.is_empty()).then(|| (version.age(), people));
        self.put(version);
        Ok(())
    }

    fn put(&mut self, mut version: Version) {
        let Told { settled, alone, .. } = &version.told;
        match self.versions.entry((settled.uid.clone(), alone.clone(), settled.which.clone())) {
            Entry::Vacant(place) => {
                place.insert(version);
                return;
            }
            Entry::Occupied(mut there) => {
                if there.get().age() <= version.age() {
                    version = there.insert(version);
                }
                let newest = there.get_mut();
                newest.told.keep_filler(&version.told.settled.also);
                let people = [newest.people.take(), version.people.take()];
                newest.people = people.into_iter().flatten().max_by_key(|(age, _)| *age);
            }
        }
        self.skipped.push(Skipped { line: version.line, reason: Omission::Outdated });
    }

    /// Whoever names only the filler's number means the appointment that has it beside the placer's, unless several do;
    /// so does whoever names only the placer's. Of several that one placer's number has, each is known by its own.
    fn unite(&mut self) {
        let by_filler = |told: &Told| told.settled.uid.expose().starts_with(FILLER_MARK);
        let with_both = || self.versions.values().map(|version| &version.told).filter(|told| !by_filler(told));
        let both = with_both().filter(|told| !told.settled.also.expose().is_empty());
        let placers = only(both.map(|told| (told.settled.also.clone(), told.settled.uid.clone())));
        let alone = with_both().filter(|told| !told.alone.expose().is_empty());
        let owns = only(alone.map(|told| ((told.settled.uid.clone(), told.settled.which.clone()), told.alone.clone())));
        self.change(|told| {
            if by_filler(told)
                && let Some(Some(placer)) = placers.get(&told.settled.also)
            {
                told.rename(placer);
            }
            match owns.get(&(told.settled.uid.clone(), told.settled.which.clone())) {
                Some(Some(own)) => told.alone.clone_from(own),
                Some(None) if !told.alone.expose().is_empty() => told.rename(&told.alone.clone()),
                Some(None) | None => {}
            }
        });
    }

    /// Puts all of them where they belong after a change.
    fn change(&mut self, mut change: impl FnMut(&mut Told)) {
        for mut version in std::mem::take(&mut self.versions).into_values() {
            change(&mut version.told);
            self.put(version);
        }
    }

    /// Puts them into the feed, in order of time, and its reports in order of lines.
    pub(super) fn finish(mut self, feed: &mut Feed) {
        self.unite();
        for Version { line, mut told, people, .. } in self.versions.into_values() {
            people.iter().for_each(|(_, people)| told.keep_people(people));
            feed.skipped.extend(told.noted.map(|reason| Skipped { line, reason }));
            feed.entries.extend(told.entries);
            feed.settled.push(told.settled);
        }
        feed.entries.sort_by(|a, b| (&a.start, &a.uid, &a.recurrence).cmp(&(&b.start, &b.uid, &b.recurrence)));
        feed.skipped.extend(self.skipped);
        feed.skipped.sort_by_key(|skipped| skipped.line);
        feed.skipped.dedup();
        feed.broken.sort_by_key(|broken| broken.line);
    }
}

/// What each comes with, if that is one.
fn only<K: Eq + Hash>(pairs: impl Iterator<Item = (K, Phi<String>)>) -> HashMap<K, Option<Phi<String>>> {
    let mut found: HashMap<_, Option<Phi<String>>> = HashMap::new();
    for (key, own) in pairs {
        let known = found.entry(key).or_insert_with(|| Some(own.clone()));
        *known = known.take().filter(|known| *known == own);
    }
    found
}
