//! Messages that do not say whom they are for: a later one need not name again whom the first did.

use super::Plan;
use super::numbers::agree;
use super::version::sequence;
use crate::record::appointment::{PERSON_MARK, root};
use crate::record::{Appointment, AppointmentStatus, Imported};
use std::cmp::Ordering;
use std::collections::HashMap;

impl Plan<'_> {
    /// What a message says of a group as a whole, it says of each of its people.
    pub(super) fn divide_groups(&self, entries: &mut Vec<Imported>) {
        if !self.head.message || !entries.iter().any(names_nobody) {
            return;
        }
        let (book, feed) = (self.book, self.head.feed.expose());
        let mut groups: HashMap<String, HashMap<&str, Vec<&Appointment>>> = HashMap::new();
        let mut divided = Vec::with_capacity(entries.len());
        for entry in entries.drain(..) {
            let uid = entry.uid.expose();
            let group = (names_nobody(&entry) && !uid.contains(PERSON_MARK)).then(|| {
                let all = groups.entry(uid.clone()).or_insert_with(|| {
                    let mut found: HashMap<&str, Vec<&Appointment>> = HashMap::new();
                    for known in book.brought(feed, root(uid)) {
                        if let Some(source) = known.source.as_ref().filter(|source| source.uid != entry.uid) {
                            found.entry(&source.recurrence).or_default().push(known);
                        }
                    }
                    found.values_mut().for_each(|people| keep_those_meant(people));
                    found
                });
                all.get(entry.recurrence.as_str())
            });
            match group.flatten() {
                Some(people) => {
                    let uids = people.iter().filter_map(|known| Some(known.source.as_ref()?.uid.clone()));
                    divided.extend(uids.map(|uid| Imported { uid, ..entry.clone() }));
                }
                None => divided.push(entry),
            }
        }
        *entries = divided;
    }

    /// It stays whose it was where it does not say whom it is for. What is cancelled is known by its number alone (RFC 5546
    /// §3.2.5): that it is called otherwise now is no other person.
    pub(super) fn keep_person(&self, old: &Appointment, entry: &mut Imported) {
        let unnamed = entry.unnamed || entry.subject.expose().is_empty();
        let kept = unnamed && self.head.message || entry.status == AppointmentStatus::Cancelled;
        if kept && agree(old.identifiers(), &entry.identifiers) {
            entry.subject = old.subject.clone();
            if entry.identifiers.is_empty() {
                entry.identifiers = old.identifiers().to_vec();
            }
        }
    }
}

/// Who was in a group when it was last spoken of: whoever is not cancelled; of a group that is, those to whom that came last.
fn keep_those_meant(people: &mut Vec<&Appointment>) {
    let stands = |known: &&Appointment| known.status != AppointmentStatus::Cancelled;
    if people.iter().any(stands) {
        people.retain(stands);
    } else {
        let last = people.iter().map(|known| sequence(known)).max();
        people.retain(|known| Some(sequence(known)) == last);
    }
}

/// What is for whom an older version named, where that came in another file of the same folder.
pub(super) fn name_by_older(entries: &mut Vec<Imported>, older: Vec<Imported>) {
    let mut named: HashMap<(String, String), Vec<Imported>> = HashMap::new();
    for entry in older.into_iter().filter(|entry| !names_nobody(entry)) {
        let key = (root(entry.uid.expose()).to_owned(), entry.recurrence.clone());
        let known = named.entry(key).or_default();
        match known.first().map(|known| known.sequence.cmp(&entry.sequence)) {
            Some(Ordering::Greater) => continue,
            Some(Ordering::Less) => known.clear(),
            Some(Ordering::Equal) | None => {}
        }
        known.push(entry);
    }
    let all = std::mem::take(entries).into_iter();
    entries.extend(all.flat_map(|entry| {
        let unnamed = names_nobody(&entry) && !entry.uid.expose().contains(PERSON_MARK);
        let key = unnamed.then(|| (entry.uid.expose().clone(), entry.recurrence.clone()));
        match key.and_then(|key| named.get(&key)) {
            Some(people) => people
                .iter()
                .map(|known| Imported {
                    uid: known.uid.clone(),
                    subject: known.subject.clone(),
                    identifiers: known.identifiers.clone(),
                    unnamed: known.unnamed,
                    ..entry.clone()
                })
                .collect(),
            None => vec![entry],
        }
    }));
}

pub(super) fn names_nobody(entry: &Imported) -> bool {
    (entry.unnamed || entry.subject.expose().is_empty()) && entry.identifiers.is_empty()
}
