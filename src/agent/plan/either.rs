//! What has two numbers in its feed (SCH-1, the placer's, and SCH-2, the filler's) is known by either alone, too: whoever
//! keeps a schedule need not know how the other calls it, and who books need not hear of the other's.

use super::Plan;
use crate::base::Phi;
use crate::record::appointment::root;
use crate::record::{Appointment, Imported, Source};
use std::collections::HashMap;

/// By the filler's number the only UID that a feed has with it; `None` if it has several.
type Here = HashMap<String, Option<String>>;

impl Plan<'_> {
    /// Gives what it brings the UID by which it is known here already, or in the same feed.
    pub(super) fn know_by_other_number(&mut self, entries: &mut [Imported]) {
        let mut told = std::mem::take(&mut self.settled.told);
        let of_entries = entries.iter().map(|entry| (entry.also.expose(), root(entry.uid.expose())));
        let of_told = told.iter().map(|told| (told.also.expose(), told.uid.expose().as_str()));
        let mut here = Here::new();
        for (filler, uid) in of_entries.chain(of_told).filter(|(filler, uid)| !filler.is_empty() && filler != uid) {
            let known = here.entry(filler.clone()).or_insert_with(|| Some(uid.to_owned()));
            // Which of several it is, nobody knows.
            *known = known.take().filter(|known| known == uid);
        }
        let entries = entries.iter_mut().map(|Imported { uid, also, .. }| (uid, &*also));
        for (uid, filler) in entries.chain(told.iter_mut().map(|told| (&mut told.uid, &told.also))) {
            let own = root(uid.expose());
            if let Some(known) = self.known_as(own, filler.expose(), &here) {
                if *filler.expose() == known && own != known {
                    self.placers.insert(known.clone(), Phi::new(own.to_owned()));
                }
                let person = &uid.expose()[own.len()..];
                *uid = Phi::new(known + person);
            }
        }
        self.settled.told = told;
    }

    /// Under which other UID it is known.
    fn known_as(&self, own: &str, filler: &str, here: &Here) -> Option<String> {
        let (book, feed) = (self.book, self.head.feed.expose());
        let here = here.get(filler).cloned().flatten();
        let known = if filler.is_empty() {
            only(book.placed(feed, own), None)
        } else if filler == own {
            only(book.filled(feed, filler), here)
        } else {
            let by_filler = book.filled(feed, filler).filter_map(|known| known.source.as_ref());
            let mut by_filler = by_filler.filter(|known| known.root() == filler).peekable();
            let is_known = here.is_some() && by_filler.peek().is_some();
            // What another placer numbers is another appointment.
            let may_be = |known: &Source| known.placer.expose().is_empty() || known.placer.expose() == own;
            (is_known && by_filler.all(may_be)).then(|| filler.to_owned())
        };
        known.filter(|_| book.brought(feed, own).next().is_none())
    }
}

/// The UID that all of them have; `otherwise` if there are none.
fn only<'a>(known: impl Iterator<Item = &'a Appointment>, otherwise: Option<String>) -> Option<String> {
    let mut known = known.filter_map(|known| Some(known.source.as_ref()?.root()));
    let Some(first) = known.next() else { return otherwise };
    known.all(|other| other == first).then(|| first.to_owned())
}
