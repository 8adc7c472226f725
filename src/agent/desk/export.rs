//! Exports: what leaves the vault readable, page by page. The passphrase is asked for again, and whose records they are
//! is in the audit log before the first of them leaves.

use super::{ClientId, Desk};
use crate::agent::book::About;
use crate::agent::failure::refused;
use crate::base::Failure;
use crate::base::id::PatientId;
use crate::record::{Action, Actor, Appointment, Compartment, Message, Note, Record, Task, Visit};
use crate::wire::agent::{ExportBegun, Exported, Page, Reply, Way, Who};

/// Bytes of text on one page, about; the largest note is 1 MiB.
const PAGE_BYTES: usize = 8 << 20;
/// What a record has besides its text, about.
const RECORD_BYTES: usize = 512;
/// Patients that one event names at most.
const NAMED_MAX: usize = 100_000;

/// Whose records an export may read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// Everybody's.
    Practice,
    /// One patient's.
    Patient(PatientId),
    /// One patient's notes in a compartment.
    Apart(PatientId, Compartment),
}

impl Desk {
    /// Begins an export on this connection.
    pub(super) fn begin_export(&mut self, client: ClientId, way: &Way, who: Option<&Who>) -> Result<Reply, Failure> {
        let one = self.find_some(who)?;
        self.confirm(way)?;
        let open = self.open()?;
        let practice = open.book.practice().clone();
        let mut patients: Vec<_> =
            open.book.patients().filter(|patient| one.is_none_or(|one| patient.id == one)).cloned().collect();
        patients.sort_by_cached_key(|patient| (patient.name.expose().to_lowercase(), patient.id));
        if patients.is_empty() {
            self.audit(Actor::Clinician, Action::Export, About::count(None, 0));
        }
        for some in patients.chunks(NAMED_MAX) {
            let about = About::several(some.iter().map(|patient| patient.id), some.len());
            self.audit(Actor::Clinician, Action::Export, about);
            self.open()?.book.commit(None)?;
        }
        if let Some(client) = self.clients.get_mut(&client) {
            client.exports = Some(one.map_or(Extent::Practice, Extent::Patient));
        }
        Ok(Reply::ExportBegun(ExportBegun { practice, patients }))
    }

    /// One page. It is no reading of its own: the export's events have told of it.
    pub(super) fn export_page(
        &mut self,
        client: ClientId,
        patient: Option<PatientId>,
        what: Exported,
        skip: u64,
    ) -> Result<Reply, Failure> {
        let extent = self.clients.get(&client).and_then(|client| client.exports);
        let allowed = match extent {
            Some(Extent::Practice) => true,
            Some(Extent::Patient(one)) => patient == Some(one),
            Some(Extent::Apart(one, _)) => patient == Some(one) && what == Exported::Notes,
            None => false,
        };
        if !allowed {
            return Err(refused("no such export was begun here"));
        }
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        let (page, more) = match what {
            Exported::Appointments => {
                let open = self.open()?;
                let mut all: Vec<Appointment> =
                    open.book.appointments().filter(|appointment| appointment.patient == patient).cloned().collect();
                all.sort_by_key(|appointment| (appointment.start.timestamp(), appointment.id));
                cut(all, skip, |_| 0, Page::Appointments)
            }
            Exported::Notes => {
                let mut all = match extent {
                    Some(Extent::Apart(_, compartment)) => self.apart_notes(compartment, patient)?,
                    _ => self.records_of::<Note>(patient)?,
                };
                all.sort_by_key(|note| (note.created, note.id));
                let bytes = |note: &Note| {
                    let addenda = note.addenda.iter().map(|addendum| addendum.text.expose().len());
                    note.text.expose().len() + addenda.sum::<usize>()
                };
                cut(all, skip, bytes, Page::Notes)
            }
            Exported::Messages => {
                let mut all = self.records_of::<Message>(patient)?;
                all.sort_by_key(|message| (message.at, message.id));
                cut(all, skip, |message| message.text.expose().len(), Page::Messages)
            }
            Exported::Visits => {
                let mut all = self.records_of::<Visit>(patient)?;
                all.sort_by_key(|visit| (visit.knocked, visit.id));
                cut(all, skip, |_| 0, Page::Visits)
            }
            Exported::Tasks => {
                let mut all = match patient {
                    Some(patient) => self.open()?.book.list_of::<Task>(patient)?,
                    None => self.open()?.book.list::<Task>()?,
                };
                all.retain(|task| task.patient == patient);
                all.sort_by_key(|task| (task.created, task.id));
                cut(all, skip, |task| task.text.expose().len(), Page::Tasks)
            }
        };
        Ok(Reply::ExportPage { page, more })
    }

    fn records_of<R: Record>(&mut self, patient: Option<PatientId>) -> Result<Vec<R>, Failure> {
        match patient {
            Some(patient) => Ok(self.open()?.book.list_of::<R>(patient)?),
            // Each of these has a patient.
            None => Ok(Vec::new()),
        }
    }
}

/// What follows the first `skip` records and fits on a page, one record at least, if there is one; and whether more
/// follow.
fn cut<R, P>(mut all: Vec<R>, skip: usize, bytes: impl Fn(&R) -> usize, page: impl Fn(Vec<R>) -> P) -> (P, bool) {
    all.drain(..skip.min(all.len()));
    let mut total = 0;
    let fits = |record: &R| {
        let first = total == 0;
        total += RECORD_BYTES + bytes(record);
        first || total <= PAGE_BYTES
    };
    let count = all.iter().map(fits).take_while(|fits| *fits).count();
    let more = count < all.len();
    all.truncate(count);
    (page(all), more)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_together_hold_everything_once_and_none_is_larger_than_it_may_be() {
        let all: Vec<usize> = (0..100).map(|n| n * 12_345 % (1 << 20)).chain([PAGE_BYTES * 2]).collect();
        let (mut seen, mut pages) = (Vec::new(), 0);
        loop {
            let (page, more) = cut(all.clone(), seen.len(), |bytes| *bytes, |page| page);
            assert!(page.len() == 1 || page.iter().map(|bytes| bytes + RECORD_BYTES).sum::<usize>() <= PAGE_BYTES);
            seen.extend(page);
            pages += 1;
            if !more {
                break;
            }
        }
        assert_eq!(seen, all);
        assert!(pages > 5);
    }
}
