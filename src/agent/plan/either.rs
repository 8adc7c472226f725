//! What has two numbers in its feed (SCH-1, the placer's, and SCH-2, the filler's) is known by either alone, too: whoever
//! keeps a schedule need not know how the other calls it, and who books need not hear of the other's. One placer's
//! number, an order's, may have several appointments with a filler's each.

use super::Plan;
use super::unnamed::name_by_older;
use crate::agent::book::Book;
use crate::base::Phi;
use crate::record::appointment::{filled, root};
use crate::record::{Appointment, Imported, Settlement, Source, UNVERSIONED, Which};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

/// What an import has itself.
#[derive(Default)]
struct Here {
    /// By the filler's number the only UID with it; `None` if there are several.
    uids: HashMap<String, Option<String>>,
    /// By UID and recurrence the only filler's number with it.
    fillers: HashMap<(String, String), Option<String>>,
}

impl Here {
    fn of(entries: &[Imported], told: &[Settlement]) -> Self {
        let entries = entries.iter().map(|entry| (root(entry.uid.expose()), entry.recurrence.as_str(), &entry.also));
        let told = told.iter().map(|told| (told.uid.expose().as_str(), one(&told.which), &told.also));
        let mut here = Self::default();
        for (uid, recurrence, filler) in entries.chain(told).map(|(uid, one, filler)| (uid, one, filler.expose())) {
            if !filler.is_empty() && uid != filled(filler) {
                keep(here.uids.entry(filler.clone()), uid);
                keep(here.fillers.entry((uid.to_owned(), recurrence.to_owned())), filler);
            }
        }
        here
    }
}

/// Which of several it is, nobody knows.
fn keep<K>(known: Entry<'_, K, Option<String>>, own: &str) {
    let known = known.or_insert_with(|| Some(own.to_owned()));
    *known = known.take().filter(|known| known == own);
}

fn one(which: &Which) -> &str {
    if let Which::One(recurrence) = which { recurrence } else { "" }
}

/// What a feed brought of one number.
#[derive(Default)]
struct Found<'a> {
    by_recurrence: HashMap<&'a str, Vec<&'a Source>>,
    /// The UIDs of all of it, and what placers call it.
    uids: HashSet<&'a str>,
    placers: HashSet<&'a str>,
}

impl<'a> Found<'a> {
    fn of(all: impl Iterator<Item = &'a Appointment>) -> Self {
        let mut found = Self::default();
        for source in all.filter_map(|known| known.source.as_ref()) {
            found.by_recurrence.entry(&source.recurrence).or_default().push(source);
            found.uids.insert(source.root());
            found.placers.insert(source.placer.expose());
        }
        found
    }

    /// The only UID, at a recurrence or, if there is nothing, at any; `Some(None)` if there are several.
    fn only(&self, recurrence: &str) -> Option<Option<String>> {
        let there = self.by_recurrence.get(recurrence).map(|there| there.iter().map(|known| known.root()).collect());
        let uids = there.as_ref().unwrap_or(&self.uids);
        let first = uids.iter().next()?;
        Some((uids.len() == 1).then(|| (*first).to_owned()))
    }
}

/// What a feed brought, as far as it was asked for: many may have the same numbers.
struct Brought<'a> {
    book: &'a Book,
    feed: &'a str,
    uids: HashMap<String, Found<'a>>,
    fillers: HashMap<String, Found<'a>>,
    placers: HashMap<String, Found<'a>>,
}

impl<'a> Brought<'a> {
    fn of_uid(&mut self, uid: &str) -> &Found<'a> {
        let Self { book, feed, uids, .. } = self;
        uids.entry(uid.to_owned()).or_insert_with(|| Found::of(book.brought(feed, uid)))
    }

    /// The only UID that has a filler's number, or if `placer` that placer's: at a recurrence, or at any.
    fn only(&mut self, placer: bool, number: &str, recurrence: &str) -> Option<Option<String>> {
        let Self { book, feed, fillers, placers, .. } = self;
        let found = if placer {
            placers.entry(number.to_owned()).or_insert_with(|| Found::of(book.placed(feed, number)))
        } else {
            fillers.entry(number.to_owned()).or_insert_with(|| Found::of(book.filled(feed, number)))
        };
        found.only(recurrence)
    }

    /// Under which other UID it is known.
    fn known_as(&mut self, own: &str, filler: &str, recurrence: &str, here: &Here) -> Option<String> {
        let by_filler = filled(filler);
        let uid = here.uids.get(filler).and_then(Option::as_ref);
        if filler.is_empty() || own == by_filler {
            if !self.of_uid(own).uids.is_empty() {
                return None;
            }
            let only =
                if filler.is_empty() { self.only(true, own, recurrence) } else { self.only(false, filler, recurrence) };
            return only.unwrap_or_else(|| uid.cloned());
        }
        let by_placer = self.of_uid(own);
        let is_known = !by_placer.uids.is_empty();
        let there = by_placer.by_recurrence.get(recurrence).cloned().unwrap_or_default();
        let known = self.of_uid(&by_filler);
        let is_own = known.placers.contains(own);
        let is_it = if is_known {
            !there.is_empty()
                && there.iter().all(|known| !known.also.expose().is_empty() && known.also.expose() != filler)
        } else {
            let several = here.fillers.get(&(own.to_owned(), recurrence.to_owned())).is_some_and(Option::is_none);
            !known.uids.is_empty() || several
        };
        // What another placer numbers is another appointment.
        let may_be = known.placers.iter().all(|placer| placer.is_empty() || *placer == own);
        (is_own || is_it && uid.is_some() && may_be).then_some(by_filler)
    }
}

impl Plan<'_> {
    /// Gives what it brings the UID by which it is known here already, or in the same feed.
    pub(super) fn know_by_other_number(&mut self, entries: &mut Vec<Imported>) {
        let mut told = std::mem::take(&mut self.settled.told);
        let here = Here::of(entries, &told);
        let (book, feed) = (self.book, self.head.feed.expose());
        let (uids, fillers, placers) = (HashMap::new(), HashMap::new(), HashMap::new());
        let mut brought = Brought { book, feed, uids, fillers, placers };
        let of_entries = entries.iter_mut().map(|Imported { uid, also, recurrence, .. }| (uid, &*also, &**recurrence));
        let of_told = told.iter_mut().map(|Settlement { uid, also, which, .. }| (uid, &*also, one(which)));
        for (uid, filler, recurrence) in of_entries.chain(of_told) {
            let (own, filler) = (root(uid.expose()), filler.expose());
            // Most have one number, by which nothing else is known.
            if filler.is_empty() && book.placed(feed, own).next().is_none() {
                continue;
            }
            if let Some(known) = brought.known_as(own, filler, recurrence, &here) {
                if known == filled(filler) {
                    self.placers.insert(known.clone(), Phi::new(own.to_owned()));
                }
                let person = &uid.expose()[own.len()..];
                *uid = Phi::new(known + person);
            }
        }
        drop_older(entries, &told);
        self.settled.told = told;
    }
}

/// Takes away what is older than what is told of it: of several files, or of what was not known to be one.
fn drop_older(entries: &mut Vec<Imported>, told: &[Settlement]) {
    let mut newest: HashMap<(&str, &str), i64> = HashMap::new();
    for Settlement { uid, which, sequence, .. } in told {
        if let Which::One(recurrence) = which {
            let known = newest.entry((uid.expose().as_str(), recurrence.as_str())).or_insert(*sequence);
            *known = (*known).max(*sequence);
        }
    }
    if !newest.is_empty() {
        let (kept, older): (Vec<_>, Vec<_>) = std::mem::take(entries).into_iter().partition(|entry| {
            let newest = newest.get(&(root(entry.uid.expose()), entry.recurrence.as_str()));
            newest.is_none_or(|newest| entry.sequence == UNVERSIONED || *newest <= entry.sequence)
        });
        *entries = kept;
        if !older.is_empty() {
            name_by_older(entries, older);
        }
    }
}
