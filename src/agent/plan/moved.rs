//! Which of what a feed has not any more it has moved: a series that is moved as a whole has other instances, a group of
//! which one is left another UID, and yet they are the appointments they were.

use super::{Change, names_the_same};
use crate::base::Stamp;
use crate::record::name::plain;
use crate::record::{Appointment, AppointmentStatus, Source};
use std::collections::HashMap;

/// What may be the same, on both sides.
#[derive(Default)]
struct Lot<'a> {
    gone: Vec<Change>,
    came: Vec<&'a mut Change>,
}

/// Makes of what `came` the same appointments as what is `gone`, one by one in order of time: first what has one UID and
/// names the same people, then what has one UID and is for one person, whoever that is now. Gives what is left of what is
/// gone. What came in the past moves nothing.
pub(super) fn reunite(came: &mut [Change], gone: Vec<Change>, now: Stamp) -> Vec<Change> {
    let left = pair(came, gone, now, |of, root| Some((root.to_owned(), plain(of.subject.expose()))));
    pair(came, left, now, |of, root| {
        let whole = of.source.as_ref().is_some_and(|source| source.uid.expose() == root);
        whole.then(|| (root.to_owned(), String::new()))
    })
}

/// Pairs what falls into the same lot.
fn pair(
    came: &mut [Change],
    mut gone: Vec<Change>,
    now: Stamp,
    lot: impl Fn(&Appointment, &str) -> Option<(String, String)>,
) -> Vec<Change> {
    if gone.is_empty() {
        return gone;
    }
    let lot = |change: &Change| lot(&change.after, change.after.source.as_ref().map_or("", Source::root));
    let (mut lots, mut left): (HashMap<_, Lot<'_>>, _) = (HashMap::new(), Vec::new());
    gone.sort_by_cached_key(by_time);
    for change in gone {
        match lot(&change) {
            Some(name) => lots.entry(name).or_default().gone.push(change),
            None => left.push(change),
        }
    }
    for change in came.iter_mut().filter(|change| change.before.is_none() && change.after.begins() >= now) {
        if let Some(lot) = lot(change).and_then(|name| lots.get_mut(&name)) {
            lot.came.push(change);
        }
    }
    left.extend(lots.into_values().flat_map(Lot::pair));
    left
}

fn by_time(change: &Change) -> (Stamp, [u8; 16]) {
    (change.after.begins(), *change.after.id.as_bytes())
}

impl Lot<'_> {
    /// Of the longer side, what is too much is left over at that end where the others then move least.
    fn pair(self) -> Vec<Change> {
        let Self { mut gone, mut came } = self;
        came.sort_by_cached_key(|change| by_time(change));
        let (more_gone, more_came) = (gone.len().saturating_sub(came.len()), came.len().saturating_sub(gone.len()));
        let moved_ms = |skip_gone: usize, skip_came: usize| -> i64 {
            let pairs = gone.iter().skip(skip_gone).zip(came.iter().skip(skip_came));
            pairs.map(|(gone, came)| (came.after.begins().0 - gone.after.begins().0).abs()).sum()
        };
        let from_end = moved_ms(more_gone, more_came) < moved_ms(0, 0);
        let (skip_gone, skip_came) = if from_end { (more_gone, more_came) } else { (0, 0) };
        let moved = gone.split_off(skip_gone);
        let (mut left, mut came) = (gone, came.into_iter().skip(skip_came));
        for change in moved {
            match came.next() {
                Some(new) => new.move_from(change),
                None => left.push(change),
            }
        }
        left
    }
}

impl Change {
    /// Makes of what would be new the same appointment as one that would be cancelled, with what was decided of that.
    fn move_from(&mut self, gone: Change) {
        let Some(former) = gone.before else { return };
        let new = &mut self.after;
        let decided = former.patient.is_some() || former.nobodys;
        if decided && names_the_same(&former, new.subject.expose(), new.identifiers()) {
            (new.patient, new.nobodys) = (former.patient, former.nobodys);
        }
        (new.id, new.owner) = (former.id, former.owner);
        if new.status == AppointmentStatus::Booked {
            new.status = former.status;
        }
        new.former = Some(former.clone());
        self.before = Some(former);
    }
}
