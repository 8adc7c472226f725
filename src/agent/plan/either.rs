//! What has two numbers in its feed (SCH-1, the placer's, and SCH-2, the filler's) is known by either alone, too: whoever
//! keeps a schedule need not know how the other calls it, and who books need not hear of the other's.

use super::Plan;
use crate::base::Phi;
use crate::record::appointment::{filled, root};
use crate::record::{Appointment, Imported, Settlement, Source, UNVERSIONED, Which};
use std::collections::{HashMap, HashSet};

/// What an import has itself.
#[derive(Default)]
struct Here {
    /// By the filler's number the only UID with it; `None` if there are several.
    uids: HashMap<String, Option<String>>,
    /// By UID the only filler's number with it.
    fillers: HashMap<String, Option<String>>,
}

impl Here {
    fn note(&mut self, uid: &str, filler: &str) {
        for (all, key, own) in [(&mut self.uids, filler, uid), (&mut self.fillers, uid, filler)] {
            let known = all.entry(key.to_owned()).or_insert_with(|| Some(own.to_owned()));
            // Which of several it is, nobody knows.
            *known = known.take().filter(|known| known == own);
        }
    }
}

impl Plan<'_> {
    /// Gives what it brings the UID by which it is known here already, or in the same feed.
    pub(super) fn know_by_other_number(&mut self, entries: &mut Vec<Imported>) {
        let mut told = std::mem::take(&mut self.settled.told);
        let of_entries = entries.iter().map(|entry| (&entry.also, root(entry.uid.expose())));
        let of_told = told.iter().map(|told| (&told.also, told.uid.expose().as_str()));
        let mut here = Here::default();
        for (filler, uid) in of_entries.chain(of_told).map(|(filler, uid)| (filler.expose(), uid)) {
            if !filler.is_empty() && uid != filled(filler) {
                here.note(uid, filler);
            }
        }
        // Many may have the same two numbers.
        let mut found: HashMap<(String, String), Option<String>> = HashMap::new();
        let mut renamed = HashSet::new();
        let of_entries = entries.iter_mut().map(|Imported { uid, also, .. }| (uid, &*also));
        for (uid, filler) in of_entries.chain(told.iter_mut().map(|told| (&mut told.uid, &told.also))) {
            let (own, filler) = (root(uid.expose()), filler.expose());
            // Most have one number, by which nothing else is known.
            if filler.is_empty() && self.book.placed(self.head.feed.expose(), own).next().is_none() {
                continue;
            }
            let key = (own.to_owned(), filler.clone());
            if let Some(known) = found.entry(key).or_insert_with(|| self.known_as(own, filler, &here)).clone() {
                if known == filled(filler) {
                    self.placers.insert(known.clone(), Phi::new(own.to_owned()));
                }
                let person = &uid.expose()[own.len()..];
                renamed.insert(known.clone());
                *uid = Phi::new(known + person);
            }
        }
        if !renamed.is_empty() {
            // They were versions of several while nobody knew that they are one.
            let newest = newest(told.iter().filter(|told| renamed.contains(told.uid.expose())));
            entries.retain(|entry| {
                let newest = newest.get(&(root(entry.uid.expose()), entry.recurrence.as_str()));
                newest.is_none_or(|newest| entry.sequence == UNVERSIONED || *newest <= entry.sequence)
            });
        }
        self.settled.told = told;
    }

    /// Under which other UID it is known.
    fn known_as(&self, own: &str, filler: &str, here: &Here) -> Option<String> {
        let (book, feed) = (self.book, self.head.feed.expose());
        let by_filler = filled(filler);
        let uid = here.uids.get(filler).and_then(Option::as_ref);
        if filler.is_empty() || own == by_filler {
            let known = if filler.is_empty() {
                only(book.placed(feed, own), None)
            } else {
                only(book.filled(feed, filler), uid.cloned())
            };
            return known.filter(|_| book.brought(feed, own).next().is_none());
        }
        let mut by_placer = book.brought(feed, own).filter_map(|known| known.source.as_ref()).peekable();
        let known = book.brought(feed, &by_filler).filter_map(|known| known.source.as_ref());
        let (mut is_known, mut is_own, mut is_others) = (false, false, false);
        for Source { placer, .. } in known {
            is_known = true;
            is_own |= placer.expose() == own;
            // What another placer numbers is another appointment.
            is_others |= !placer.expose().is_empty() && placer.expose() != own;
        }
        let is_it = if by_placer.peek().is_some() {
            // One placer's number, an order's, may have several.
            by_placer.all(|known| !known.also.expose().is_empty() && known.also.expose() != filler)
        } else {
            is_known || here.fillers.get(own).is_some_and(Option::is_none)
        };
        (is_own || is_it && uid.is_some() && !is_others).then_some(by_filler)
    }
}

/// The newest version that is told of each UID and recurrence.
fn newest<'a>(all: impl Iterator<Item = &'a Settlement>) -> HashMap<(&'a str, &'a str), i64> {
    let mut newest = HashMap::new();
    for Settlement { uid, which, sequence, .. } in all {
        if let Which::One(recurrence) = which {
            let known = newest.entry((uid.expose().as_str(), recurrence.as_str())).or_insert(*sequence);
            *known = (*known).max(*sequence);
        }
    }
    newest
}

/// The UID that all of them have; `otherwise` if there are none.
fn only<'a>(known: impl Iterator<Item = &'a Appointment>, otherwise: Option<String>) -> Option<String> {
    let mut known = known.filter_map(|known| Some(known.source.as_ref()?.root()));
    let Some(first) = known.next() else { return otherwise };
    known.all(|other| other == first).then(|| first.to_owned())
}
