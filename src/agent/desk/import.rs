//! What a feed brings: matched with what is there, so that the same feed twice changes nothing.

use super::Desk;
use super::door::SPOOLED_IMPORT;
use crate::agent::book::{About, Book};
use crate::agent::failure::{locked, refused};
use crate::base::id::{AppointmentId, ImportId, PatientId};
use crate::base::{Failure, Phi, random};
use crate::record::{Action, Actor, Appointment, AppointmentStatus, Imported, Source};
use crate::vault::Spooled;
use crate::wire::agent::{Changed, ImportReport, Reply};
use crate::wire::to_cbor;
use std::collections::{HashMap, HashSet};
use zeroize::Zeroizing;

/// Appointments one import changes at most: all of them go into one frame of the journal.
const CHANGES_MAX: usize = 20_000;

impl Desk {
    /// Imports, or keeps the feed sealed until the vault is open.
    pub(super) fn import_or_queue(
        &mut self,
        feed: &Phi<String>,
        entries: Vec<Imported>,
        dry_run: bool,
    ) -> Result<Reply, Failure> {
        if let super::State::Locked(_) = self.state {
            return self.queue(feed, &entries, dry_run);
        }
        let report = self.import(feed, entries, dry_run)?;
        Ok(Reply::Imported(report))
    }

    fn queue(&mut self, feed: &Phi<String>, entries: &[Imported], dry_run: bool) -> Result<Reply, Failure> {
        let at = self.now();
        let super::State::Locked(vault) = &mut self.state else { return Err(locked()) };
        if dry_run {
            // What would change cannot be known without looking.
            return Err(locked());
        }
        let body = Zeroizing::new(to_cbor(&(feed.expose(), entries)));
        vault.spool(&Spooled { kind: SPOOLED_IMPORT, id: random::bytes(), at, body })?;
        Ok(Reply::Imported(ImportReport { queued: true, ..ImportReport::default() }))
    }

    /// Imports into the open vault.
    pub(super) fn import(
        &mut self,
        feed: &Phi<String>,
        entries: Vec<Imported>,
        dry_run: bool,
    ) -> Result<ImportReport, Failure> {
        let now = self.now();
        let book = &mut self.open()?.book;
        let mut plan = Plan::over(book, feed);
        for entry in entries {
            plan.take(entry);
        }
        let Plan { report, changes, .. } = plan;
        if changes.len() > CHANGES_MAX {
            return Err(refused(format!("{} appointments are too many for one import", changes.len()))
                .hint("export a shorter time from the calendar, or one calendar at a time"));
        }
        if dry_run {
            return Ok(report);
        }
        let patients: HashSet<PatientId> = changes.iter().filter_map(|change| change.patient).collect();
        for change in &changes {
            book.put(change, now);
        }
        self.audit(Actor::Clinician, Action::AppointmentImport, About::count(None, changes.len()));
        if !changes.is_empty() {
            self.changed(Changed::Appointment, None);
        }
        for patient in patients {
            self.send_next_appointment(patient);
        }
        Ok(report)
    }
}

/// What an import would do.
struct Plan<'a> {
    feed: &'a Phi<String>,
    import: ImportId,
    /// What this feed brought before, by UID and recurrence.
    known: HashMap<(String, String), Appointment>,
    /// Patients by name, lower case; `None` where several have it.
    names: HashMap<String, Option<PatientId>>,
    report: ImportReport,
    changes: Vec<Appointment>,
}

impl<'a> Plan<'a> {
    fn over(book: &Book, feed: &'a Phi<String>) -> Self {
        let known = book
            .appointments()
            .filter_map(|appointment| {
                let source = appointment.source.as_ref().filter(|source| source.feed == *feed)?;
                Some(((source.uid.expose().clone(), source.recurrence.clone()), appointment.clone()))
            })
            .collect();
        let mut names = HashMap::new();
        for patient in book.patients().filter(|patient| !patient.archived) {
            let name = plain(patient.name.expose());
            names.entry(name).and_modify(|several| *several = None).or_insert(Some(patient.id));
        }
        Self { feed, import: ImportId::random(), known, names, report: ImportReport::default(), changes: Vec::new() }
    }

    fn take(&mut self, entry: Imported) {
        let patient = self.names.get(&plain(entry.subject.expose())).copied().flatten();
        let key = (entry.uid.expose().clone(), entry.recurrence.clone());
        let source = Source {
            feed: self.feed.clone(),
            uid: entry.uid,
            recurrence: entry.recurrence,
            sequence: entry.sequence,
            import: self.import,
        };
        let mut fresh = Appointment {
            id: AppointmentId::random(),
            patient,
            subject: entry.subject,
            start: entry.start,
            end: entry.end,
            kind: entry.kind,
            status: entry.status,
            source: Some(source),
        };
        match self.known.get(&key) {
            // Cancelled before it was ever known here: nothing to take off the day.
            None if fresh.status == AppointmentStatus::Cancelled => {
                self.report.unchanged += 1;
                return;
            }
            None => self.report.added += 1,
            Some(old) => {
                fresh.id = old.id;
                // What was decided by hand stays: the patient, and where the day has got to.
                fresh.patient = old.patient.or(patient);
                if fresh.status == AppointmentStatus::Booked {
                    fresh.status = if old.status == AppointmentStatus::Cancelled { fresh.status } else { old.status };
                }
                if same(old, &fresh) {
                    self.report.unchanged += 1;
                    return;
                }
                let cancelled = fresh.status == AppointmentStatus::Cancelled;
                if cancelled && old.status != AppointmentStatus::Cancelled {
                    self.report.removed += 1;
                } else {
                    self.report.updated += 1;
                }
            }
        }
        if fresh.patient.is_none() {
            self.report.unmatched += 1;
        }
        self.known.insert(key, fresh.clone());
        self.changes.push(fresh);
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
