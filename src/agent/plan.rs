//! What an import would change: the feed's appointments beside those that are there, so that the same feed twice
//! changes nothing.
//!
//! Pure: it reads the book and writes nothing.

mod either;
mod meant;
mod moved;
mod numbers;
mod outcome;
mod people;
mod unnamed;
mod version;

pub(super) use numbers::is_meant;
pub(super) use outcome::Outcome;
pub(super) use people::numbers_of;

use super::book::Book;
use crate::base::id::{AppointmentId, FeedId, ImportId, PatientId, RemoteId};
use crate::base::{Phi, Stamp};
use crate::record::appointment::root;
use crate::record::name::plain;
use crate::record::{Appointment, AppointmentStatus, Imported, Settlement, Source, UNVERSIONED};
use crate::wire::agent::{ImportHead, ImportReport};
use meant::{Meant, Stranger};
use numbers::ByNumber;
use people::{People, names_the_same};
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use unnamed::names_nobody;
use version::{has_said, said, sequence};

/// One appointment that would change.
#[derive(Clone)]
pub(super) struct Change {
    /// As it is.
    pub(super) before: Option<Box<Appointment>>,
    /// As it would be.
    pub(super) after: Appointment,
}

/// Of what an import brings all that is to come, if it does not bring all there is.
#[derive(Default)]
pub(super) struct Settled {
    /// As the feed says itself.
    pub(super) told: Vec<Settlement>,
    /// UIDs of a calendar on another server, as [`key`] makes them.
    pub(super) remote: Option<(FeedId, HashSet<RemoteId>)>,
}

/// What an import would do.
pub(super) struct Plan<'a> {
    book: &'a Book,
    head: &'a ImportHead,
    now: Stamp,
    import: ImportId,
    /// What this feed brought before, by UID and recurrence; of the UIDs that were looked for.
    known: HashMap<(&'a str, &'a str), &'a Appointment>,
    /// So, by UIDs without the mark of a person.
    looked: HashMap<&'a str, Known>,
    /// What was decided for a UID and a [`plain`] name before: whose it is.
    decided: HashMap<Mark, ByNumber<&'a Appointment>>,
    /// What is known of whoever feeds call so, as [`plain`] names.
    strangers: HashMap<String, Stranger>,
    people: People<'a>,
    settled: Settled,
    /// What placers call that which is known by the filler's number.
    placers: HashMap<String, Phi<String>>,
    /// The UIDs of which the feed says itself that it brings all, once that is asked.
    told_whole: OnceCell<HashSet<String>>,
    /// What the feed has now: which change it is, or `usize::MAX` where it changes nothing.
    seen: HashMap<Mark, usize>,
    /// Something that it has twice was taken twice.
    twice: bool,
    /// Of the appointments to come, how many it would cancel.
    cancelled: u64,
    report: ImportReport,
    changes: Vec<Change>,
    heard: Vec<Change>,
}

/// What this feed brought of a UID before.
#[derive(Clone, Copy)]
struct Known {
    /// The lowest SEQUENCE of what is to come of it.
    sequence: Option<i64>,
}

impl<'a> Plan<'a> {
    pub(super) fn over(book: &'a Book, head: &'a ImportHead, now: Stamp) -> Self {
        Self {
            book,
            head,
            now,
            import: ImportId::random(),
            known: HashMap::new(),
            looked: HashMap::new(),
            decided: HashMap::new(),
            strangers: HashMap::new(),
            people: People::of(book),
            settled: Settled::default(),
            placers: HashMap::new(),
            told_whole: OnceCell::new(),
            seen: HashMap::new(),
            twice: false,
            cancelled: 0,
            report: ImportReport::default(),
            changes: Vec::new(),
            heard: Vec::new(),
        }
    }

    /// Looks for what this feed brought of a UID before; `None` if it is new.
    fn look(&mut self, uid: &str) -> Option<Known> {
        let root = root(uid);
        if let Some(known) = self.looked.get(root) {
            return Some(*known);
        }
        let mut found = None;
        for appointment in self.book.brought(self.head.feed.expose(), root) {
            let Some(source) = &appointment.source else { continue };
            let (_, known) = found.get_or_insert((source.root(), Known { sequence: None }));
            if self.stands(appointment) {
                known.sequence = Some(known.sequence.map_or(source.sequence, |lowest| lowest.min(source.sequence)));
            }
            self.known.insert((source.uid.expose(), &source.recurrence), appointment);
            if appointment.decided() {
                let named = mark(source.uid.expose(), &plain(appointment.subject.expose()));
                self.decided.entry(named).or_default().note(&source.identifiers, appointment);
            }
        }
        let (root, known) = found?;
        self.looked.insert(root, known);
        Some(known)
    }

    /// And with this settled.
    #[must_use]
    pub(super) fn settling(self, settled: Settled) -> Self {
        Self { settled, ..self }
    }

    /// Whether it is an appointment of ours that comes back from where it was put.
    fn ours(&self, entry: &Imported) -> bool {
        let uid = entry.uid.expose();
        let id = uid.strip_suffix("@bedside").unwrap_or(uid).parse();
        id.is_ok_and(|id| self.book.appointment(id).is_some())
    }

    /// The run's identifier.
    pub(super) fn import(&self) -> ImportId {
        self.import
    }

    /// Whether somebody is expected.
    fn stands(&self, appointment: &Appointment) -> bool {
        let expected = matches!(appointment.status, AppointmentStatus::Booked | AppointmentStatus::Proposed);
        expected && appointment.begins() >= self.now
    }

    /// Whether a message about it is older than all that is to come of its UID.
    fn outdated(&self, known: Known, fresh: &Appointment) -> bool {
        self.head.message && known.sequence.is_some_and(|lowest| sequence(fresh) < lowest)
    }

    /// Whether it is an occurrence that began before now.
    fn was_of_series(&self, entry: &Imported) -> bool {
        Stamp(entry.start.timestamp().as_millisecond()) < self.now && !entry.recurrence.is_empty()
    }

    /// Takes what the feed has.
    pub(super) fn take_all(&mut self, mut entries: Vec<Imported>) {
        self.seen.reserve(entries.len());
        self.know_by_other_number(&mut entries);
        self.divide_groups(&mut entries);
        let cancelled = |entry: &Imported| entry.status == AppointmentStatus::Cancelled;
        for entry in &mut entries {
            if !entry.identifiers.is_empty() || cancelled(entry) || self.head.message && names_nobody(entry) {
                self.number(entry);
            }
        }
        entries.into_iter().for_each(|entry| self.take(entry));
    }

    /// Takes the numbers of one. Whoever is known to be meant has them, before others of the name are looked at.
    fn number(&mut self, entry: &mut Imported) {
        // Who gives a number out is known worldwide by a URI; by a word, or not at all, only where it comes from.
        for number in entry.identifiers.iter_mut().filter(|number| !number.system.expose().contains(':')) {
            let own = format!("{} {}", self.head.feed.expose(), number.system.expose());
            number.system = Phi::new(own.trim_end().to_owned());
        }
        let there = self.look(entry.uid.expose());
        let old = self.known.get(&(entry.uid.expose().as_str(), entry.recurrence.as_str())).copied();
        if let Some(old) = old {
            self.keep_person(old, entry);
        }
        if entry.identifiers.is_empty() {
            return;
        }
        if old.is_none()
            && (entry.status == AppointmentStatus::Cancelled || there.is_some_and(|_| self.was_of_series(entry)))
        {
            // It is not taken: nobody gets its number by it.
            return;
        }
        let old = old.filter(|old| names_the_same(old, entry.subject.expose(), &entry.identifiers));
        let (patient, settled) = (old.and_then(|old| old.patient), old.is_some_and(Appointment::decided));
        self.people.meet(&plain(entry.subject.expose()), &entry.identifiers, patient, settled);
    }

    /// Takes one appointment of the feed.
    fn take(&mut self, mut entry: Imported) {
        if self.ours(&entry) {
            self.report.unchanged += 1;
            return;
        }
        let there = self.look(entry.uid.expose());
        let old = self.known.get(&(entry.uid.expose().as_str(), entry.recurrence.as_str())).copied();
        if entry.sequence == UNVERSIONED {
            entry.sequence = old.map_or(0, sequence);
        }
        let key = mark(entry.uid.expose(), &entry.recurrence);
        let was = self.was_of_series(&entry);
        let fresh = self.fresh(entry, old);
        let says_more = old.is_some_and(|old| !self.same(old, &fresh));
        if let Some(place) = self.seen.get(&key).copied() {
            // The feed has it twice: the later one counts, unless the other is newer.
            match self.changes.get_mut(place) {
                Some(change) if sequence(&change.after) <= sequence(&fresh) => {
                    change.become_of(fresh);
                    self.twice = true;
                }
                Some(_) => {}
                None if says_more && old.is_some_and(|old| sequence(old) <= sequence(&fresh)) => {
                    self.report.unchanged -= 1;
                    self.seen.insert(key, self.changes.len());
                    self.changes.push(Change::of(old, fresh));
                }
                None => {}
            }
            return;
        }
        let new_of_known = there.filter(|_| old.is_none());
        match old {
            // Cancelled before it was ever known here: nothing to take off the day.
            None if fresh.status == AppointmentStatus::Cancelled => self.report.unchanged += 1,
            // What was does not become another when its series is moved, and what is older than what stands is out of
            // date, also where that has other instances by now.
            None if new_of_known.is_some_and(|known| was || self.outdated(known, &fresh)) => {
                self.report.unchanged += 1;
            }
            Some(old) if !says_more => {
                self.report.unchanged += 1;
                self.seen.insert(key, usize::MAX);
                if self.is_older(old, &fresh) {
                    self.hear_numbers(old, &fresh);
                } else {
                    self.hear(old, fresh);
                }
            }
            old => {
                self.seen.insert(key, self.changes.len());
                self.changes.push(Change::of(old, fresh));
            }
        }
    }

    /// The appointment as the feed wants it, with what was decided here.
    fn fresh(&mut self, entry: Imported, old: Option<&'a Appointment>) -> Appointment {
        let of_old = old.filter(|old| names_the_same(old, entry.subject.expose(), &entry.identifiers));
        let Meant { patient, nobodys, once, apart, owner } = self.meant(&entry, of_old);
        let said = said(&entry.subject, [&entry.start, &entry.end], entry.kind, entry.status);
        let (known_also, known_placer) = old
            .and_then(|old| old.source.as_ref())
            .map_or_else(Default::default, |known| (known.also.clone(), known.placer.clone()));
        let placer = self.placers.get(root(entry.uid.expose())).cloned().unwrap_or(known_placer);
        let source = Source {
            feed: self.head.feed.clone(),
            uid: entry.uid,
            also: if entry.also.expose().is_empty() { known_also } else { entry.also },
            placer,
            recurrence: entry.recurrence,
            sequence: entry.sequence,
            import: self.import,
            by_hand: false,
            said: Some(said),
            began: None,
            identifiers: entry.identifiers,
        };
        let mut fresh = Appointment {
            id: old.map_or_else(AppointmentId::random, |old| old.id),
            patient,
            subject: entry.subject,
            start: entry.start,
            end: entry.end,
            kind: entry.kind,
            status: entry.status,
            source: Some(source),
            series: None,
            nobodys,
            once,
            apart,
            owner,
            former: None,
            given: false,
        };
        // What the feed says as it did before stays as a hand has put it since, unless it cancels once more.
        let cancels = |old: &Appointment| {
            let expected = matches!(old.status, AppointmentStatus::Booked | AppointmentStatus::Proposed);
            expected && fresh.status == AppointmentStatus::Cancelled && sequence(old) < sequence(&fresh)
        };
        if let Some(old) = of_old.filter(|old| has_said(old) == Some(said) && !cancels(old)) {
            (fresh.start, fresh.end) = (old.start.clone(), old.end.clone());
            (fresh.kind, fresh.status) = (old.kind, old.status);
            if let Some((source, known)) = fresh.source.as_mut().zip(old.source.as_ref()) {
                source.began = known.began;
            }
            return fresh;
        }
        if let Some(old) = old
            && fresh.status == AppointmentStatus::Booked
            && self.has_got_on(old, &fresh)
        {
            fresh.status = old.status;
        }
        fresh
    }
}

impl Change {
    fn of(old: Option<&Appointment>, fresh: Appointment) -> Self {
        let before = old.map(|old| Box::new(Appointment { former: None, given: false, ..old.clone() }));
        Self { before, after: fresh }
    }

    /// Whose it was and whose it would be.
    pub(super) fn patients(&self) -> impl Iterator<Item = PatientId> {
        self.before.iter().filter_map(|before| before.patient).chain(self.after.patient)
    }

    /// It becomes another than was thought.
    fn become_of(&mut self, fresh: Appointment) {
        self.after = Appointment { id: self.after.id, ..fresh };
    }
}

/// Stands for UID and recurrence: a hash, because a feed has many, and no two have the same.
type Mark = [u8; 16];

fn mark(uid: &str, recurrence: &str) -> Mark {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&uid.len().to_le_bytes()).update(uid.as_bytes()).update(recurrence.as_bytes());
    let mut mark = Mark::default();
    hasher.finalize_xof().fill(&mut mark);
    mark
}
