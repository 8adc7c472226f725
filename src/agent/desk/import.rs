//! What a feed brings: taken in by pages, or sealed page by page while the vault is locked; then all of it, or nothing.

use super::door::{SPOOLED_IMPORT_END, SPOOLED_IMPORT_PAGE};
use super::{ClientId, Desk, State};
use crate::agent::book::About;
use crate::agent::failure::{locked, refused};
use crate::agent::plan::{Change, Outcome, Plan, Settled};
use crate::base::id::{AppointmentId, FeedId, ImportId, PatientId, RemoteId};
use crate::base::{Failure, Kind, Phi, Stamp, random};
use crate::record::{Action, Actor, Appointment, Former, Import, ImportState, Imported, Settlement};
use crate::vault::Spooled;
use crate::wire::agent::{Changed, DIFFERENCES_PAGE, Difference, IMPORT_PAGE, ImportHead, ImportReport, Reply, Undone};
use crate::wire::to_cbor;
use std::collections::{BTreeSet, HashMap};
use zeroize::Zeroizing;

/// Appointments one import brings at most.
const ENTRIES_MAX: usize = 300_000;
/// An import that stages more than this is kept in several frames; tests have less patience.
pub(super) const FRAME_BYTES: usize = if cfg!(test) { 256 << 10 } else { 8 << 20 };

/// An import that a client has begun.
pub(super) struct Importing {
    head: ImportHead,
    /// The run, for what is sealed of it while the vault is locked.
    run: ImportId,
    /// It was begun while the vault was locked, and every page of it is sealed.
    sealed: bool,
    entries: Vec<Imported>,
    /// Of what it brings all, where it does not bring all there is.
    settled: Settled,
    /// What it would change, for one that is only to say so.
    differences: Vec<Change>,
}

impl Desk {
    pub(super) fn begin_import(&mut self, client: ClientId, head: ImportHead) -> Result<Reply, Failure> {
        let sealed = matches!(self.state, State::Locked(_));
        if !sealed {
            // What was sealed and could not be taken in is older: it comes first.
            if self.open()?.waits
                && let (_, Some(told)) = self.drain()
            {
                return Err(refused(told).hint("then import this again"));
            }
        } else if head.dry_run {
            // What would change cannot be known without looking.
            return Err(locked());
        }
        if let Some(client) = self.clients.get_mut(&client) {
            let (entries, settled, differences) = (Vec::new(), Settled::default(), Vec::new());
            client.import = Some(Importing { head, run: ImportId::random(), sealed, entries, settled, differences });
        }
        Ok(Reply::Done)
    }

    pub(super) fn take_import_page(
        &mut self,
        client: ClientId,
        entries: Vec<Imported>,
        settled: Vec<Settlement>,
    ) -> Result<Reply, Failure> {
        if entries.len().max(settled.len()) > IMPORT_PAGE {
            return Err(Failure::new(
                Kind::Usage,
                format!("a page of an import has {IMPORT_PAGE} appointments at most"),
            ));
        }
        let at = self.now();
        let importing =
            self.clients.get_mut(&client).and_then(|client| client.import.as_mut()).ok_or_else(not_begun)?;
        let most = (importing.entries.len() + entries.len()).max(importing.settled.told.len() + settled.len());
        if most > ENTRIES_MAX {
            return Err(refused(format!("more than {ENTRIES_MAX} appointments are too many for one import"))
                .hint("export a shorter time from the calendar, or one calendar at a time"));
        }
        match (&mut self.state, importing.sealed) {
            (State::Locked(vault), true) => {
                let body = Zeroizing::new(to_cbor(&(importing.run, &entries, &settled)));
                vault.spool(&Spooled { kind: SPOOLED_IMPORT_PAGE, id: random::bytes(), at, body })?;
            }
            (State::Open(_), false) => {
                importing.entries.extend(entries);
                importing.settled.told.extend(settled);
            }
            _ => return Err(opened_meanwhile()),
        }
        Ok(Reply::Done)
    }

    /// Notes of which UIDs the import that was begun brings all that is to come.
    pub(super) fn settle_import(&mut self, client: ClientId, feed: FeedId, uids: Vec<RemoteId>) -> Result<(), Failure> {
        let importing =
            self.clients.get_mut(&client).and_then(|client| client.import.as_mut()).ok_or_else(not_begun)?;
        if importing.sealed {
            // Which appointments are missing cannot be known without looking.
            return Err(locked());
        }
        importing.settled.remote = Some((feed, uids.into_iter().collect()));
        Ok(())
    }

    /// Does what was begun. `progress` is told how many of the changes are kept.
    pub(super) fn end_import(&mut self, client: ClientId, progress: impl FnMut(u64, u64)) -> Result<Reply, Failure> {
        let at = self.now();
        let begun = self.clients.get_mut(&client).and_then(|client| client.import.take());
        let mut importing = begun.ok_or_else(not_begun)?;
        match (&mut self.state, importing.sealed) {
            (State::Locked(vault), true) => {
                let body = Zeroizing::new(to_cbor(&(importing.run, &importing.head)));
                vault.spool(&Spooled { kind: SPOOLED_IMPORT_END, id: random::bytes(), at, body })?;
                return Ok(Reply::Imported(ImportReport { queued: true, ..ImportReport::default() }));
            }
            (State::Open(_), false) => {}
            _ => return Err(opened_meanwhile()),
        }
        let entries = std::mem::take(&mut importing.entries);
        if !importing.head.dry_run {
            return self.import(&importing.head, entries, importing.settled, at, progress)?.map(Reply::Imported);
        }
        let settled = std::mem::take(&mut importing.settled);
        let mut plan = Plan::over(&self.open()?.book, &importing.head, at).settling(settled);
        plan.take_all(entries);
        let Outcome { report, changes, .. } = plan.finish();
        importing.differences = changes;
        if let Some(client) = self.clients.get_mut(&client) {
            client.import = Some(importing);
        }
        Ok(Reply::Imported(report))
    }

    pub(super) fn tell_differences(&mut self, client: ClientId, skip: u64) -> Result<Reply, Failure> {
        let importing = self.clients.get(&client).and_then(|client| client.import.as_ref()).ok_or_else(not_begun)?;
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        let page: Vec<Change> = importing.differences.iter().skip(skip).take(DIFFERENCES_PAGE).cloned().collect();
        let patients = page.iter().flat_map(Change::patients).collect();
        self.audit_list(client, Action::AppointmentRead, patients, page.len());
        let tell = |Change { before, after }: Change| Difference {
            before: before.map(|before| *before),
            after: self.named(after.patient, after),
        };
        Ok(Reply::Differences(page.into_iter().map(tell).collect()))
    }

    /// Imports into the open vault what came at that time: all of it is durable when it returns, or nothing. The inner
    /// failure is a refusal of what it would change.
    pub(super) fn import(
        &mut self,
        head: &ImportHead,
        entries: Vec<Imported>,
        settled: Settled,
        at: Stamp,
        mut progress: impl FnMut(u64, u64),
    ) -> Result<Result<ImportReport, Failure>, Failure> {
        let now = self.now();
        let book = &mut self.open()?.book;
        let mut plan = Plan::over(book, head, at.min(now)).settling(settled);
        plan.take_all(entries);
        let id = plan.import();
        let Outcome { report, changes, heard, refusal } = plan.finish();
        if let Some((removed, coming)) = refusal {
            return Ok(Err(refused(format!("it would cancel {removed} of {coming} appointments to come"))
                .hint("look with --dry-run what is missing; if it is right, add --allow-removals")));
        }
        let mut import = Import { id, at: now, feed: head.feed.clone(), state: ImportState::Done };
        let (changed, total) = (changes.len(), (changes.len() + heard.len()) as u64);
        book.expect(changes.iter().filter(|change| change.before.is_none()).map(|change| &change.after))?;
        let patients: BTreeSet<PatientId> = changes.iter().flat_map(Change::patients).collect();
        let mut parts = 0;
        for (n, Change { before, mut after }) in heard.into_iter().chain(changes).enumerate() {
            match before {
                // A run that changes nothing is not taken back: what was before it still is.
                Some(before) if changed == 0 => {
                    if let Some((source, known)) = after.source.as_mut().zip(before.source) {
                        (source.import, source.by_hand) = (known.import, known.by_hand);
                    }
                    book.put_appointment(after, now);
                }
                before => {
                    after.given = false;
                    book.put_change(before, after, now);
                }
            }
            // What is kept in several frames is noted as begun with the first, and as done with the last.
            if book.staged_bytes() > FRAME_BYTES {
                if parts == 0 && changed > 0 {
                    book.put(&Import { state: ImportState::Begun, ..import.clone() }, now);
                }
                parts += 1;
                if let Err(error) = book.commit(None) {
                    return Err(self.give_up_import(error.into()));
                }
                progress(n as u64 + 1, total);
            }
        }
        if changed > 0 {
            import.state = ImportState::Done;
            book.put(&import, now);
        }
        let about = About::several(patients.iter().copied(), changed);
        self.audit(Actor::Clinician, Action::AppointmentImport, about);
        if parts > 0
            && let Err(error) = self.open()?.book.commit(None)
        {
            return Err(self.give_up_import(error.into()));
        }
        if changed > 0 {
            self.changed(Changed::Appointment, None);
        }
        for patient in patients {
            self.send_next_appointment(patient);
        }
        Ok(Ok(report))
    }

    /// A part of an import could not be kept: what was kept of it is taken back. If even that does not work, it is done
    /// when the vault is opened again.
    fn give_up_import(&mut self, failure: Failure) -> Failure {
        let mut take_back = || -> Result<(), Failure> {
            self.open()?.book.reload()?;
            self.take_back_begun()?;
            Ok(self.open()?.book.commit(None)?)
        };
        if let Err(error) = take_back() {
            tracing::error!(kind = ?error.kind, "an import that failed could not be taken back now");
        }
        failure
    }

    /// Takes back imports that were cut short, when the vault is opened.
    pub(super) fn take_back_begun(&mut self) -> Result<u64, Failure> {
        let begun = self.open()?.book.pending::<Import>()?;
        let count = begun.len() as u64;
        for import in begun {
            self.take_back(import)?;
        }
        Ok(count)
    }

    /// Takes back the last import that changed something.
    pub(super) fn undo_import(&mut self) -> Result<Reply, Failure> {
        let imports = self.open()?.book.list::<Import>()?;
        // Of two at the same moment the later in the journal.
        let Some(last) = imports.into_iter().max_by_key(|import| import.at) else {
            return Err(refused("nothing was imported"));
        };
        if last.state == ImportState::Undone {
            return Err(refused("the last import was taken back already")
                .hint("import again what is to be there; 'bedside appointment list' shows what there is"));
        }
        let undone = self.take_back(last)?;
        Ok(Reply::Undone(undone))
    }

    fn take_back(&mut self, mut import: Import) -> Result<Undone, Failure> {
        let now = self.now();
        let book = &mut self.open()?.book;
        let by_it =
            |appointment: &&Appointment| appointment.source.as_ref().is_some_and(|source| source.import == import.id);
        let changed: Vec<Appointment> = book.appointments().filter(by_it).cloned().collect();
        let mut undone = Undone { feed: import.feed.clone(), at: import.at, removed: 0, restored: 0, kept: 0 };
        let mut patients = BTreeSet::new();
        let mut formers: HashMap<AppointmentId, Former> = HashMap::new();
        if changed.iter().any(|appointment| appointment.given) {
            let of_it = book.list::<Former>()?.into_iter().filter(|former| former.import == import.id);
            formers.extend(of_it.map(|former| (former.appointment.id, former)));
        }
        for mut appointment in changed {
            let apart = formers.remove(&appointment.id).map(|former| former.appointment);
            let former = apart.or(appointment.former.take().map(|former| *former));
            let of_both = [former.as_ref().and_then(|former| former.patient), appointment.patient];
            if appointment.source.as_ref().is_some_and(|source| source.by_hand) {
                undone.kept += 1;
            } else if let Some(former) = former {
                if !stayed(&former, &appointment) {
                    patients.extend(of_both.into_iter().flatten());
                    undone.restored += 1;
                }
                book.put_appointment(former, now);
            } else {
                patients.extend(of_both.into_iter().flatten());
                book.remove(&appointment, now);
                undone.removed += 1;
            }
            if book.staged_bytes() > FRAME_BYTES {
                book.commit(None)?;
            }
        }
        import.state = ImportState::Undone;
        book.put(&import, now);
        self.feed_taken_back(&import.feed)?;
        let count = (undone.removed + undone.restored) as usize;
        self.audit(Actor::Clinician, Action::AppointmentImportUndo, About::several(patients.iter().copied(), count));
        self.changed(Changed::Appointment, None);
        for patient in patients {
            self.send_next_appointment(patient);
        }
        Ok(undone)
    }
}

/// Whether only what the feed says of it was noted.
fn stayed(former: &Appointment, appointment: &Appointment) -> bool {
    let bare = |of: &Appointment| Appointment { source: None, apart: false, former: None, given: false, ..of.clone() };
    bare(former) == bare(appointment)
}

fn not_begun() -> Failure {
    Failure::new(Kind::Usage, "no import was begun on this connection")
}

fn opened_meanwhile() -> Failure {
    Failure::new(Kind::Network, "the vault was opened or locked while the import came in").hint("import it again")
}

/// The feed of imports that an older agent sealed: without a head.
pub(super) fn message_of(feed: Phi<String>) -> ImportHead {
    ImportHead { feed, whole: false, message: true, allow_removals: false, dry_run: false }
}

#[cfg(test)]
mod by_hand;
#[cfg(test)]
mod called_off;
#[cfg(test)]
mod decided;
#[cfg(test)]
mod namesakes;
#[cfg(test)]
mod numbers;
#[cfg(test)]
mod reopened;
#[cfg(test)]
mod settled;
#[cfg(test)]
mod standing;
#[cfg(test)]
mod tests;
