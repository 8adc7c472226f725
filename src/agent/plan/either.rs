//! What has two numbers in its feed (SCH-1, the placer's, and SCH-2, the filler's) is known by either: whoever keeps a
//! schedule need not know how the other one calls it.

use super::Plan;
use crate::base::Phi;
use crate::record::Imported;
use crate::record::appointment::root;
use std::collections::HashMap;

impl Plan<'_> {
    /// Gives what a message brings the UID by which it is known here already, or in the same file.
    pub(super) fn know_by_other(&mut self, entries: &mut [Imported]) {
        if !self.head.message {
            return;
        }
        let mut told = std::mem::take(&mut self.settled.told);
        let of_entries = entries.iter().map(|entry| (&entry.also, root(entry.uid.expose())));
        let of_told = told.iter().map(|told| (&told.also, told.uid.expose().as_str()));
        let here = of_entries.chain(of_told).filter(|(also, _)| !also.expose().is_empty());
        let here: HashMap<String, String> = here.map(|(also, uid)| (also.expose().clone(), uid.to_owned())).collect();
        for Imported { uid, also, .. } in &mut *entries {
            self.call(uid, also, &here);
        }
        for told in &mut told {
            self.call(&mut told.uid, &mut told.also, &here);
        }
        self.settled.told = told;
    }

    fn call(&self, uid: &mut Phi<String>, also: &mut Phi<String>, here: &HashMap<String, String>) {
        let (book, feed) = (self.book, self.head.feed.expose());
        let own = root(uid.expose());
        if let Some(known) = book.brought(feed, own).next() {
            if also.expose().is_empty() {
                *also = known.source.as_ref().map_or_else(Phi::default, |source| source.also.clone());
            }
            return;
        }
        let known = match also.expose().as_str() {
            "" => book.also_called(feed, own).and_then(|known| Some(known.source.as_ref()?.root().to_owned())),
            also => book.brought(feed, also).next().map(|_| also.to_owned()),
        };
        if let Some(known) = known.or_else(|| here.get(own).cloned()) {
            let (own, person) = (own.to_owned(), uid.expose()[own.len()..].to_owned());
            *uid = Phi::new(known + &person);
            *also = Phi::new(own);
        }
    }
}
