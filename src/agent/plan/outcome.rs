//! What an import comes to, once all that the feed has is taken: what it has not any more, and how much that is.

use super::version::{has_said, said_of};
use super::{Change, Plan, mark, moved};
use crate::base::id::{FeedId, RemoteId};
use crate::feed::caldav::key;
use crate::record::{Appointment, AppointmentStatus, Settlement, Source, UNVERSIONED, Which};
use crate::wire::agent::ImportReport;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What an import comes to.
pub(in crate::agent) struct Outcome {
    pub(in crate::agent) report: ImportReport,
    /// By time.
    pub(in crate::agent) changes: Vec<Change>,
    /// Appointments that stay as they are, with what the feed says of them now.
    pub(in crate::agent) heard: Vec<Change>,
    /// It would cancel so many of so many appointments to come, and is refused.
    pub(in crate::agent) refusal: Option<(u64, u64)>,
}

/// The version of what says none: whatever is there, it is not older.
const ANY: i64 = i64::MAX;

/// What a feed says all of, of one UID: a file may say it of each occurrence.
#[derive(Default)]
struct Told<'a> {
    /// Of all of it, in which version.
    all: Option<i64>,
    one: HashMap<&'a str, i64>,
    /// From a recurrence on, the newest version of those that begin with it or before.
    from: BTreeMap<&'a str, i64>,
}

impl<'a> Told<'a> {
    fn by_uid(all: &'a [Settlement]) -> HashMap<&'a str, Self> {
        let mut found: HashMap<&str, Self> = HashMap::new();
        for Settlement { uid, which, sequence, .. } in all {
            let told = found.entry(uid.expose()).or_default();
            let sequence = if *sequence == UNVERSIONED { &ANY } else { sequence };
            match which {
                Which::All => told.all = told.all.max(Some(*sequence)),
                Which::One(one) => raise(told.one.entry(one).or_insert(*sequence), *sequence),
                Which::From(first) => raise(told.from.entry(first).or_insert(*sequence), *sequence),
            }
        }
        for told in found.values_mut() {
            let mut newest = i64::MIN;
            for sequence in told.from.values_mut() {
                newest = newest.max(*sequence);
                *sequence = newest;
            }
        }
        found
    }

    /// The version in which it speaks of this occurrence, if that is not older than what is there: an occurrence that was
    /// changed is numbered by itself, and what is said of all is as new as their series (`lowest` of what is to come).
    fn covers(&self, source: &Source, lowest: Option<i64>) -> Option<i64> {
        let recurrence = source.recurrence.as_str();
        let from = self.from.range(..=recurrence).next_back().map(|(_, sequence)| *sequence);
        let own = from.max(self.one.get(recurrence).copied()).filter(|sequence| source.sequence <= *sequence);
        let series = if recurrence.is_empty() { source.sequence } else { lowest.unwrap_or(source.sequence) };
        own.max(self.all.filter(|sequence| series <= *sequence))
    }
}

fn raise(known: &mut i64, sequence: i64) {
    *known = (*known).max(sequence);
}

impl Plan<'_> {
    /// Whether it is to come and was cancelled here, while the feed said otherwise.
    fn was_called_off(&self, appointment: &Appointment) -> bool {
        appointment.status == AppointmentStatus::Cancelled
            && appointment.begins() >= self.now
            && has_said(appointment).is_some_and(|said| said != said_of(appointment))
    }

    /// What the feed brought before and has not any more, if the feed shows everything of it: what is cancelled thereby,
    /// and what was called off before. Appointments that were are left as they are: calendars drop the past.
    fn miss(&mut self) -> (Vec<Change>, Vec<Change>) {
        let settled = std::mem::take(&mut self.settled);
        // In which version they are told to be gone; in none, if they are just not shown.
        let mut missing: Vec<(&Appointment, Option<i64>)> = Vec::new();
        if self.head.whole || settled.remote.is_some() {
            let shown = |source: &Source| {
                let has = |(feed, uids): &(FeedId, HashSet<RemoteId>)| uids.contains(&key(*feed, source.uid.expose()));
                source.feed == self.head.feed && (self.head.whole || settled.remote.as_ref().is_some_and(has))
            };
            let all = self.book.appointments();
            let all = all.filter(|appointment| appointment.source.as_ref().is_some_and(shown));
            missing.extend(all.map(|appointment| (appointment, None)));
        }
        for (uid, told) in Told::by_uid(&settled.told) {
            let lowest = self.look(uid).and_then(|known| known.sequence);
            let known = self.book.brought(self.head.feed.expose(), uid);
            let told = |known: &Appointment| told.covers(known.source.as_ref()?, lowest);
            missing.extend(known.filter_map(|known| Some((known, Some(told(known)?).filter(|told| *told != ANY)))));
        }
        let (mut gone, mut called_off) = (Vec::new(), Vec::new());
        for (old, told) in missing {
            if self.is_by_hand(old, told) {
                continue;
            }
            let list = if self.stands(old) {
                &mut gone
            } else if self.was_called_off(old) {
                &mut called_off
            } else {
                continue;
            };
            if self.has_seen(old) {
                continue;
            }
            let mut after =
                Appointment { status: AppointmentStatus::Cancelled, former: None, given: false, ..old.clone() };
            if let Some(source) = &mut after.source {
                (source.import, source.by_hand, source.said) = (self.import, false, None);
                // With its series an occurrence is numbered by that again, and comes back with it.
                source.sequence = told.unwrap_or(source.sequence);
                self.seen.insert(mark(source.uid.expose(), &source.recurrence), usize::MAX);
            }
            list.push(Change::of(Some(old), after));
        }
        (gone, called_off)
    }

    /// Whether it stands where a hand has put it, and the feed says nothing newer: its own time is over, and calendars drop
    /// the past; or it was cancelled once already.
    fn is_by_hand(&self, old: &Appointment, told: Option<i64>) -> bool {
        old.source.as_ref().is_some_and(|source| {
            let over = source.began.is_some_and(|began| began < self.now);
            let was_cancelled = source.by_hand && source.said.is_none();
            (over || was_cancelled) && told.is_none_or(|sequence| sequence <= source.sequence)
        })
    }

    /// Whether the feed has it now.
    fn has_seen(&self, appointment: &Appointment) -> bool {
        let source = appointment.source.as_ref();
        source.is_some_and(|source| self.seen.contains_key(&mark(source.uid.expose(), &source.recurrence)))
    }

    /// How many of how many appointments to come it would cancel, if that is more than a tenth (and more than one):
    /// then the feed is more likely broken than right.
    fn too_many_removals(&self) -> Option<(u64, u64)> {
        if self.cancelled <= 1 || self.head.message || self.head.allow_removals {
            return None;
        }
        let coming = self.book.appointments().filter(|appointment| self.stands(appointment)).count() as u64;
        (self.cancelled * 10 > coming).then_some((self.cancelled, coming))
    }

    /// What a feed had twice may be as it was in the end.
    fn drop_unchanged(&mut self) {
        if !self.twice {
            return;
        }
        let changes = std::mem::take(&mut self.changes);
        for change in changes {
            let old = change.before.as_ref().and_then(|before| self.book.appointment(before.id));
            match old.filter(|old| self.same(old, &change.after)) {
                Some(old) => {
                    self.report.unchanged += 1;
                    self.hear(old, change.after);
                }
                None => self.changes.push(change),
            }
        }
    }

    /// Counts what it comes to.
    fn count(&mut self) {
        let mut report = std::mem::take(&mut self.report);
        for change in &self.changes {
            let gone = change.after.status == AppointmentStatus::Cancelled;
            match &change.before {
                None => report.added += 1,
                Some(old) if gone && old.status != AppointmentStatus::Cancelled => {
                    report.removed += 1;
                    self.cancelled += u64::from(self.stands(old));
                }
                Some(_) => report.updated += 1,
            }
            report.unmatched += u64::from(change.after.unmatched());
        }
        self.report = report;
    }

    /// What it comes to.
    pub(in crate::agent) fn finish(mut self) -> Outcome {
        self.drop_unchanged();
        let (gone, called_off) = self.miss();
        let (gone, still_off) = moved::reunite(&mut self.changes, gone, called_off, self.now);
        self.changes.extend(gone);
        // What the feed cancels as well does not come back with the series.
        let book = self.book;
        let still_off = still_off.iter().filter_map(|change| book.appointment(change.after.id));
        still_off.for_each(|old| {
            let source = old.source.as_ref().map(|source| Source { said: None, by_hand: false, ..source.clone() });
            self.hear(old, Appointment { source, ..old.clone() });
        });
        self.count();
        let refusal = self.too_many_removals();
        self.report.refused = refusal.is_some();
        // A change is long: its key is sorted, and then the change is moved once.
        self.changes.sort_by_cached_key(|change| (change.after.start.timestamp(), change.after.id));
        let Self { report, changes, heard, .. } = self;
        Outcome { report, changes, heard, refusal }
    }
}
