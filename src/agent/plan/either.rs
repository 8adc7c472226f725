//! What has two numbers in its feed (SCH-1, the placer's, and SCH-2, the filler's) is known by the filler's alone, too:
//! whoever keeps a schedule need not know how the other calls it.

use super::Plan;
use crate::base::Phi;
use crate::record::Imported;
use crate::record::appointment::root;
use std::collections::HashMap;

impl Plan<'_> {
    /// Gives what it brings the UID by which it is known here already, or in the same feed.
    pub(super) fn know_by_filler(&mut self, entries: &mut [Imported]) {
        let mut told = std::mem::take(&mut self.settled.told);
        let of_entries = entries.iter().map(|entry| (entry.also.expose(), root(entry.uid.expose())));
        let of_told = told.iter().map(|told| (told.also.expose(), told.uid.expose().as_str()));
        let mut here: HashMap<String, Option<String>> = HashMap::new();
        for (filler, uid) in of_entries.chain(of_told).filter(|(filler, uid)| !filler.is_empty() && filler != uid) {
            let known = here.entry(filler.clone()).or_insert_with(|| Some(uid.to_owned()));
            // Which of several it is, nobody knows.
            *known = known.take().filter(|known| known == uid);
        }
        let entries = entries.iter_mut().map(|Imported { uid, also, .. }| (uid, &*also));
        let all = entries.chain(told.iter_mut().map(|told| (&mut told.uid, &told.also)));
        for (uid, filler) in all.filter(|(_, filler)| !filler.expose().is_empty()) {
            self.call(uid, filler.expose(), &here);
        }
        self.settled.told = told;
    }

    fn call(&self, uid: &mut Phi<String>, filler: &str, here: &HashMap<String, Option<String>>) {
        let (book, feed, own) = (self.book, self.head.feed.expose(), root(uid.expose()));
        if own != filler && book.brought(feed, own).next().is_some() {
            return;
        }
        let known = book.filled(feed, filler).filter_map(|known| Some(known.source.as_ref()?.root()));
        // What another placer numbers is another appointment.
        let mut known = known.filter(|known| own == filler || *known == filler);
        let first = known.next();
        let known = match first {
            Some(first) => known.all(|other| other == first).then(|| first.to_owned()),
            None => here.get(filler).cloned().flatten().filter(|_| own == filler),
        };
        if let Some(known) = known.filter(|known| known != own) {
            let person = &uid.expose()[own.len()..];
            *uid = Phi::new(known + person);
        }
    }
}
