//! What an import would change: the feed's appointments beside those that are there, so that the same feed twice
//! changes nothing.
//!
//! Pure: it reads the book and writes nothing.

use super::book::Book;
use crate::base::Stamp;
use crate::base::id::{AppointmentId, FeedId, ImportId, PatientId, RemoteId};
use crate::feed::caldav::key;
use crate::record::{Appointment, AppointmentStatus, Identifier, Imported, Patient, Source};
use crate::wire::agent::{ImportHead, ImportReport};
use jiff::Timestamp;
use std::collections::{HashMap, HashSet};

/// One appointment that would change.
#[derive(Clone)]
pub(super) struct Change {
    /// As it is.
    pub(super) before: Option<Box<Appointment>>,
    /// As it would be.
    pub(super) after: Appointment,
}

/// UIDs of which an import brings all that is to come, if it does not bring all there is.
pub(super) struct Settled {
    feed: FeedId,
    uids: HashSet<RemoteId>,
}

impl Settled {
    /// `uids` stand for them, as [`key`] makes them of this feed.
    pub(super) fn of(feed: FeedId, uids: Vec<RemoteId>) -> Self {
        Self { feed, uids: uids.into_iter().collect() }
    }

    fn has(&self, uid: &str) -> bool {
        self.uids.contains(&key(self.feed, uid))
    }
}

/// What an import would do.
pub(super) struct Plan<'a> {
    head: &'a ImportHead,
    now: Timestamp,
    import: ImportId,
    /// What this feed brought before, by UID and recurrence.
    known: HashMap<(&'a str, &'a str), &'a Appointment>,
    /// What was decided for a UID before: whose it is.
    decided: HashMap<&'a str, &'a Appointment>,
    /// What this feed calls appointments that are no patient's, as [`plain`] names.
    nobodys: HashSet<String>,
    /// Who stands for whoever is called so, as [`plain`] names.
    owners: HashMap<String, PatientId>,
    people: People<'a>,
    /// Made here by hand: what a feed says of them is what was put there.
    own: HashSet<AppointmentId>,
    settled: Option<Settled>,
    /// What the feed has now.
    seen: HashMap<(String, String), usize>,
    /// Appointments of this practice that are to come.
    coming: u64,
    /// Of those, how many it would cancel.
    cancelled: u64,
    report: ImportReport,
    changes: Vec<Change>,
}

impl<'a> Plan<'a> {
    pub(super) fn over(book: &'a Book, head: &'a ImportHead, now: Stamp) -> Self {
        let now = Timestamp::from_millisecond(now.0).unwrap_or_default();
        let mut plan = Self {
            head,
            now,
            import: ImportId::random(),
            known: HashMap::new(),
            decided: HashMap::new(),
            nobodys: HashSet::new(),
            owners: HashMap::new(),
            people: People::of(book.patients().filter(|patient| !patient.archived)),
            own: HashSet::new(),
            settled: None,
            seen: HashMap::new(),
            coming: 0,
            cancelled: 0,
            report: ImportReport::default(),
            changes: Vec::new(),
        };
        for appointment in book.appointments() {
            plan.coming += u64::from(plan.stands(appointment));
            if appointment.source.is_none() {
                plan.own.insert(appointment.id);
            }
            if appointment.patient.is_none() {
                plan.owners.insert(plain(appointment.subject.expose()), appointment.unmatched_owner());
            }
            let Some(source) = appointment.source.as_ref().filter(|source| source.feed == head.feed) else { continue };
            plan.known.insert((source.uid.expose(), &source.recurrence), appointment);
            if appointment.patient.is_some() || appointment.nobodys {
                plan.decided.insert(source.uid.expose(), appointment);
            }
            if appointment.nobodys {
                plan.nobodys.insert(plain(appointment.subject.expose()));
            }
        }
        plan
    }

    /// And with these UIDs settled.
    #[must_use]
    pub(super) fn settling(self, settled: Option<Settled>) -> Self {
        Self { settled, ..self }
    }

    /// Whether it is an appointment of ours that comes back from where it was put.
    fn ours(&self, entry: &Imported) -> bool {
        let id = entry.uid.expose().strip_suffix("@bedside").and_then(|id| id.parse().ok());
        id.is_some_and(|id| self.own.contains(&id))
    }

    /// The run's identifier.
    pub(super) fn import(&self) -> ImportId {
        self.import
    }

    /// Whether somebody is expected.
    fn stands(&self, appointment: &Appointment) -> bool {
        let expected = matches!(appointment.status, AppointmentStatus::Booked | AppointmentStatus::Proposed);
        expected && appointment.start.timestamp() >= self.now
    }

    /// Takes one appointment of the feed.
    pub(super) fn take(&mut self, entry: Imported) {
        if self.ours(&entry) {
            self.report.unchanged += 1;
            return;
        }
        let old = self.known.get(&(entry.uid.expose().as_str(), entry.recurrence.as_str())).copied();
        let key = (entry.uid.expose().clone(), entry.recurrence.clone());
        let fresh = self.fresh(entry, old);
        if let Some(place) = self.seen.get(&key) {
            // The feed has it twice: the later one counts.
            if let Some(change) = self.changes.get_mut(*place) {
                change.after = fresh;
            }
            return;
        }
        match old {
            // Cancelled before it was ever known here: nothing to take off the day.
            None if fresh.status == AppointmentStatus::Cancelled => self.report.unchanged += 1,
            Some(old) if same(old, &fresh) => {
                self.report.unchanged += 1;
                self.seen.insert(key, usize::MAX);
            }
            old => {
                self.seen.insert(key, self.changes.len());
                self.change(old, fresh);
            }
        }
    }

    /// The appointment as the feed wants it, with what was decided here.
    fn fresh(&mut self, entry: Imported, old: Option<&Appointment>) -> Appointment {
        let decided = self.decided.get(entry.uid.expose().as_str());
        let patient = old
            .and_then(|old| old.patient)
            .or_else(|| self.people.find(&entry))
            .or_else(|| decided.and_then(|decided| decided.patient));
        let nobodys = patient.is_none()
            && (old.is_some_and(|old| old.nobodys)
                || decided.is_some_and(|decided| decided.nobodys)
                || (!self.nobodys.is_empty() && self.nobodys.contains(&plain(entry.subject.expose()))));
        let owner = match old {
            Some(old) => old.owner,
            None if patient.is_some() => None,
            None => Some(*self.owners.entry(plain(entry.subject.expose())).or_insert_with(PatientId::random)),
        };
        let source = Source {
            feed: self.head.feed.clone(),
            uid: entry.uid,
            recurrence: entry.recurrence,
            sequence: entry.sequence,
            import: self.import,
            by_hand: false,
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
            owner,
            former: None,
        };
        // Where the day has got to was decided by hand.
        if let Some(old) = old
            && fresh.status == AppointmentStatus::Booked
            && old.status != AppointmentStatus::Cancelled
        {
            fresh.status = old.status;
        }
        fresh
    }

    fn change(&mut self, old: Option<&Appointment>, mut fresh: Appointment) {
        let gone = fresh.status == AppointmentStatus::Cancelled;
        match old {
            None => self.report.added += 1,
            Some(old) if gone && old.status != AppointmentStatus::Cancelled => {
                self.report.removed += 1;
                self.cancelled += u64::from(self.stands(old));
            }
            Some(_) => self.report.updated += 1,
        }
        self.report.unmatched += u64::from(fresh.unmatched());
        fresh.former = old.map(|old| Box::new(Appointment { former: None, ..old.clone() }));
        self.changes.push(Change { before: fresh.former.clone(), after: fresh });
    }

    /// What the feed brought before and has not any more is cancelled, if the feed shows everything. Appointments that
    /// were are left as they are: calendars drop the past.
    fn miss(&mut self) {
        let (whole, settled) = (self.head.whole, self.settled.take());
        if !whole && settled.is_none() {
            return;
        }
        let shown = |uid: &str| whole || settled.as_ref().is_some_and(|settled| settled.has(uid));
        let missing: Vec<&Appointment> = self
            .known
            .iter()
            .filter(|((uid, recurrence), _)| {
                shown(uid) && !self.seen.contains_key(&((*uid).to_owned(), (*recurrence).to_owned()))
            })
            .map(|(_, appointment)| *appointment)
            .filter(|appointment| self.stands(appointment))
            .collect();
        for old in missing {
            let mut gone = Appointment { status: AppointmentStatus::Cancelled, former: None, ..old.clone() };
            if let Some(source) = &mut gone.source {
                (source.import, source.by_hand) = (self.import, false);
                self.seen.insert((source.uid.expose().clone(), source.recurrence.clone()), self.changes.len());
            }
            self.change(Some(old), gone);
        }
    }

    /// How many of how many appointments to come it would cancel, if that is more than a tenth (and more than one):
    /// then the feed is more likely broken than right.
    pub(super) fn too_many_removals(&mut self) -> Option<(u64, u64)> {
        self.miss();
        let many = self.cancelled > 1 && self.cancelled * 10 > self.coming;
        (many && !self.head.message && !self.head.allow_removals).then_some((self.cancelled, self.coming))
    }

    /// What it comes to, by time.
    pub(super) fn finish(mut self) -> (ImportReport, Vec<Change>) {
        self.report.refused = self.too_many_removals().is_some();
        self.changes.sort_by_key(|change| (change.after.start.timestamp(), change.after.id));
        (self.report, self.changes)
    }
}

/// Who is called what.
struct People<'a> {
    /// By [`plain`] name; `None` where several have it.
    names: HashMap<String, Option<&'a Patient>>,
    numbers: HashMap<&'a Identifier, Option<PatientId>>,
}

impl<'a> People<'a> {
    fn of(patients: impl Iterator<Item = &'a Patient>) -> Self {
        let mut people = Self { names: HashMap::new(), numbers: HashMap::new() };
        for patient in patients {
            let own = std::iter::once(&patient.name).chain(&patient.aliases);
            let names: HashSet<String> = own.map(|name| plain(name.expose())).collect();
            for name in names {
                people.names.entry(name).and_modify(|several| *several = None).or_insert(Some(patient));
            }
            for number in &patient.identifiers {
                people.numbers.entry(number).and_modify(|several| *several = None).or_insert(Some(patient.id));
            }
        }
        people
    }

    /// By number; else by a name that only one has, unless that one has another number of the same system: then it is a
    /// namesake.
    fn find(&self, entry: &Imported) -> Option<PatientId> {
        let numbered = entry.identifiers.iter().find_map(|number| self.numbers.get(number).copied().flatten());
        numbered.or_else(|| {
            let name = plain(entry.subject.expose());
            let turned = || {
                let (family, given) = name.split_once(", ")?;
                self.names.get(&format!("{given} {family}")).copied().flatten()
            };
            let patient = self.names.get(&name).copied().flatten().or_else(turned)?;
            let another = |own: &Identifier| entry.identifiers.iter().any(|number| number.system == own.system);
            (!patient.identifiers.iter().any(another)).then_some(patient.id)
        })
    }
}

/// Whether a feed's entry says nothing new, or is older than what is there (RFC 5546 §2.1.5).
fn same(old: &Appointment, new: &Appointment) -> bool {
    let sequence = |appointment: &Appointment| appointment.source.as_ref().map_or(0, |source| source.sequence);
    if sequence(new) < sequence(old) {
        return true;
    }
    old.patient == new.patient
        && old.subject == new.subject
        && old.start == new.start
        && old.end == new.end
        && old.kind == new.kind
        && old.status == new.status
}

/// A name for comparing: lower case, single spaces.
pub(super) fn plain(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
