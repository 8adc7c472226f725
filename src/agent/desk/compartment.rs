//! Notes that stand apart: their compartments are made, opened and closed here, each with a passphrase of its own. While
//! one is closed, nothing in this process can read what it holds.

use super::{ClientId, Desk, Open, export::Extent, key};
use crate::agent::book::About;
use crate::agent::failure::refused;
use crate::agent::search::has_all;
use crate::base::id::{NoteId, PatientId};
use crate::base::{Failure, Kind, Phi};
use crate::record::{Action, Actor, ApartNote, Compartment, CompartmentSlots, Note, compartment};
use crate::vault::passphrase::{self, Beside};
use crate::vault::{CompartmentKey, Secret, VaultError};
use crate::wire::agent::{CompartmentDoor, CompartmentState, ExportBegun, Reply, Way, Who};

impl Desk {
    /// Makes a compartment; it is open afterwards.
    pub(super) fn create_compartment(
        &mut self,
        compartment: Compartment,
        way: &Way,
        new: &Phi<String>,
        work_factor: Option<u8>,
    ) -> Result<Reply, Failure> {
        if self.slots(compartment)?.is_some() {
            return Err(refused(format!("the compartment {} is there already", compartment.as_str()))
                .hint(format!("'bedside compartment passphrase {}' sets a new passphrase", compartment.as_str())));
        }
        self.check_apart(new)?;
        self.confirm(way)?;
        match way {
            Way::Passphrase(vaults) | Way::Both { passphrase: vaults, .. } => {
                if passphrase::is_same(vaults.expose(), new.expose()) {
                    return Err(same_as_the_vaults());
                }
            }
            Way::Identity(_) | Way::Recovery(_) => self.check_not_the_vaults(new)?,
        }
        let now = self.now();
        let open = self.open()?;
        let (key, slots) = open.book.vault().make_compartment(compartment, new.expose(), key::kdf(work_factor), now);
        open.book.put(&slots, now);
        self.audit_of(compartment, Action::CompartmentCreate);
        // A note must never be sealed under a key that is kept nowhere.
        let open = self.open()?;
        open.book.commit(None)?;
        open.compartments.insert(compartment, key);
        Ok(Reply::Done)
    }

    /// Opens a compartment until it is closed or the vault locks.
    pub(super) fn open_compartment(&mut self, compartment: Compartment, way: &Way) -> Result<Reply, Failure> {
        let slots = self.made(compartment)?;
        let key = self.try_compartment(&slots, way)?;
        let now = self.now();
        let open = self.open()?;
        if let Some(renewed) = open.book.vault().renew_compartment(&slots, &key) {
            open.book.put(&renewed, now);
        }
        open.compartments.insert(compartment, key);
        self.audit_of(compartment, Action::CompartmentOpen);
        Ok(Reply::Done)
    }

    /// Forgets a compartment's key.
    pub(super) fn close_compartment(&mut self, compartment: Compartment) -> Result<Reply, Failure> {
        self.made(compartment)?;
        if self.open()?.compartments.remove(&compartment).is_some() {
            self.audit_of(compartment, Action::CompartmentClose);
        }
        Ok(Reply::Done)
    }

    /// The vault has a new recovery key: the compartments that are open get to know it. Those that are closed do when
    /// they are opened.
    pub(super) fn renew_compartments(&mut self) {
        let now = self.now();
        for compartment in Compartment::ALL {
            let Ok(Some(slots)) = self.slots(compartment) else { continue };
            let Ok(open) = self.open() else { return };
            let Some(key) = open.compartments.get(&compartment).cloned() else { continue };
            if let Some(renewed) = open.book.vault().renew_compartment(&slots, &key) {
                open.book.put(&renewed, now);
            }
        }
    }

    pub(super) fn list_compartments(&mut self) -> Result<Reply, Failure> {
        let mut states = Vec::with_capacity(Compartment::ALL.len());
        for compartment in Compartment::ALL {
            let created = self.slots(compartment)?.map(|slots| slots.created);
            let door = match created {
                None => CompartmentDoor::Missing,
                Some(_) if self.open()?.compartments.contains_key(&compartment) => CompartmentDoor::Open,
                Some(_) => CompartmentDoor::Closed,
            };
            states.push(CompartmentState { compartment, door, created });
        }
        Ok(Reply::Compartments(states))
    }

    /// Sets a compartment's passphrase.
    pub(super) fn change_compartment(
        &mut self,
        compartment: Compartment,
        way: &Way,
        new: &Phi<String>,
        work_factor: Option<u8>,
    ) -> Result<Reply, Failure> {
        let slots = self.made(compartment)?;
        self.check_apart(new)?;
        let key = self.try_compartment(&slots, way)?;
        self.check_not_the_vaults(new)?;
        let now = self.now();
        let book = &mut self.open()?.book;
        let slots = book.vault().reseal_compartment(&slots, &key, new.expose(), key::kdf(work_factor));
        book.put(&slots, now);
        self.audit_of(compartment, Action::CompartmentPassphrase);
        Ok(Reply::Done)
    }

    /// Refuses a passphrase for the vault that opens a compartment. To find that out is to guess, and counted as that.
    pub(super) fn check_not_a_compartments(&mut self, new: &Phi<String>) -> Result<(), Failure> {
        let now = self.now();
        for compartment in Compartment::ALL {
            let Some(slots) = self.slots(compartment)? else { continue };
            match self.open()?.book.vault().open_compartment(&slots, Secret::Passphrase(new.expose()), now) {
                Ok(_) => {
                    return Err(refused(format!("this is the passphrase of the compartment {}", compartment.as_str()))
                        .hint("choose another: what stands apart must not open with the vault"));
                }
                Err(VaultError::WrongPassphrase) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Refuses a passphrase for a compartment that opens the vault. To find that out is to guess, and counted as that.
    fn check_not_the_vaults(&mut self, new: &Phi<String>) -> Result<(), Failure> {
        let now = self.now();
        match self.open()?.book.vault().confirm(Secret::Passphrase(new.expose()), now) {
            Ok(()) => Err(same_as_the_vaults()),
            Err(VaultError::WrongPassphrase | VaultError::FactorMissing | VaultError::NoPassphrase) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn check_apart(&mut self, new: &Phi<String>) -> Result<(), Failure> {
        let practice = self.open()?.book.practice();
        Ok(passphrase::check(new.expose(), Beside::Nothing, &[practice.clinician.expose()])?)
    }

    /// Tries what may open a compartment.
    fn try_compartment(&mut self, slots: &CompartmentSlots, way: &Way) -> Result<CompartmentKey, Failure> {
        let now = self.now();
        let tried = self.open()?.book.vault().open_compartment(slots, key::secret(way), now);
        if tried.as_ref().is_err_and(key::is_wrong) {
            self.audit_of(slots.compartment, Action::CompartmentOpenFailed);
        }
        let name = slots.compartment.as_str();
        tried.map_err(|error| match error {
            VaultError::WrongPassphrase => Failure::from(error)
                .hint(format!("try again, or use the recovery key: 'bedside compartment open {name} --recovery'")),
            VaultError::WrongRecoveryKey => Failure::from(error)
                .hint("a recovery key made since this compartment was last opened is not known to it yet"),
            error => error.into(),
        })
    }

    fn audit_of(&mut self, compartment: Compartment, action: Action) {
        self.audit(Actor::Clinician, action, About::record(None, compartment.as_str()));
    }

    fn slots(&mut self, compartment: Compartment) -> Result<Option<CompartmentSlots>, Failure> {
        Ok(self.open()?.book.get(compartment::slots_id(compartment))?)
    }

    fn made(&mut self, compartment: Compartment) -> Result<CompartmentSlots, Failure> {
        let name = compartment.as_str();
        self.slots(compartment)?.ok_or_else(|| {
            refused(format!("there is no compartment {name} yet"))
                .hint(format!("run 'bedside compartment create {name}' to make it"))
        })
    }

    /// The open vault, and with it the key of a compartment that is open, too.
    pub(super) fn opened(&mut self, compartment: Compartment) -> Result<(&mut Open, CompartmentKey), Failure> {
        self.made(compartment)?;
        let open = self.open()?;
        match open.compartments.get(&compartment).cloned() {
            Some(key) => Ok((open, key)),
            None => Err(closed(compartment)),
        }
    }

    /// A note that stands apart; `None` when none has this identifier, refused while its compartment is closed.
    pub(super) fn apart_note(&mut self, id: NoteId) -> Result<Option<Note>, Failure> {
        let Some(apart) = self.open()?.book.get::<ApartNote>(*id.as_bytes())? else { return Ok(None) };
        let (_, key) = self.opened(apart.compartment)?;
        Ok(Some(key.open(&apart)?))
    }

    /// The notes of a compartment, in no order.
    pub(super) fn apart_notes(
        &mut self,
        compartment: Compartment,
        patient: Option<PatientId>,
    ) -> Result<Vec<Note>, Failure> {
        let (open, key) = self.opened(compartment)?;
        let apart = match patient {
            Some(patient) => open.book.list_of::<ApartNote>(patient)?,
            None => open.book.list::<ApartNote>()?,
        };
        let opened = apart.iter().filter(|apart| apart.compartment == compartment).map(|apart| key.open(apart));
        Ok(opened.collect::<Result<_, _>>()?)
    }

    /// The notes of a compartment in which every word occurs. Nothing of them is remembered for the next search.
    pub(super) fn search_apart(
        &mut self,
        compartment: Compartment,
        words: &[String],
        patient: Option<PatientId>,
    ) -> Result<Vec<Note>, Failure> {
        let mut found = self.apart_notes(compartment, patient)?;
        found.retain(|note| has_all(note, words));
        super::search::sort(&mut found);
        Ok(found)
    }

    /// Begins an export of one patient's notes in a compartment, on this connection.
    pub(super) fn begin_apart_export(
        &mut self,
        client: ClientId,
        way: &Way,
        who: Option<&Who>,
        compartment: Compartment,
    ) -> Result<Reply, Failure> {
        let Some(id) = self.find_some(who)? else {
            return Err(Failure::new(Kind::Usage, "what stands apart is exported patient by patient"));
        };
        self.opened(compartment)?;
        let slots = self.made(compartment)?;
        self.try_compartment(&slots, way)?;
        self.audit(Actor::Clinician, Action::CompartmentExport, About::record(Some(id), compartment.as_str()));
        let book = &mut self.open()?.book;
        let (practice, patient) = (book.practice().clone(), book.patient(id)?.clone());
        book.commit(None)?;
        if let Some(client) = self.clients.get_mut(&client) {
            client.exports = Some(Extent::Apart(id, compartment));
        }
        Ok(Reply::ExportBegun(ExportBegun { practice, patients: vec![patient] }))
    }
}

fn same_as_the_vaults() -> Failure {
    refused("this is the vault's own passphrase").hint("choose another: what stands apart must not open with the vault")
}

/// A compartment's key is not in memory.
fn closed(compartment: Compartment) -> Failure {
    let name = compartment.as_str();
    Failure::new(Kind::Locked, format!("the compartment {name} is closed"))
        .hint(format!("run 'bedside compartment open {name}'"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::desk::tests::{self, PASSPHRASE, add, open_desk};
    use crate::record::NoteKind;
    use crate::wire::agent::{AuditFilter, Exported, Page, Request};
    use crate::wire::to_cbor;
    use tempfile::TempDir;

    const APART: &str = "umbrella cricket copper";
    const CANARY: &str = "heron-by-the-weir";
    const ME: ClientId = ClientId(7);

    fn ask(desk: &mut Desk, request: Request) -> Result<Reply, Failure> {
        tests::ask(desk, ME, request)
    }

    fn open(desk: &mut Desk, compartment: Compartment) -> Result<Reply, Failure> {
        ask(desk, Request::CompartmentOpen { compartment, way: Way::Passphrase(APART.into()) })
    }

    /// A practice with a patient whose only note stands apart.
    fn practice(folder: &TempDir) -> (Desk, PatientId, NoteId) {
        let mut desk = open_desk(folder);
        tests::connect(&mut desk, ME, true);
        let ada = add(&mut desk, "Ada Byron");
        let create = Request::CompartmentCreate {
            compartment: Compartment::Psychotherapy,
            way: Way::Passphrase(PASSPHRASE.into()),
            new: APART.into(),
            work_factor: Some(10),
        };
        ask(&mut desk, create).expect("made");
        let new = Request::NoteNew {
            who: "ada".into(),
            kind: NoteKind::Plain,
            text: Some(CANARY.into()),
            visit: None,
            compartment: Some(Compartment::Psychotherapy),
        };
        let Ok(Reply::Note(note)) = ask(&mut desk, new) else { panic!("not begun") };
        (desk, ada, note.record.id)
    }

    fn list(compartment: Option<Compartment>) -> Request {
        Request::NoteList { who: None, unsigned: false, compartment }
    }

    fn search(compartment: Option<Compartment>) -> Request {
        Request::NoteSearch { query: CANARY.into(), who: None, compartment }
    }

    fn count(reply: Result<Reply, Failure>) -> usize {
        let Ok(Reply::Notes(notes)) = reply else { panic!("no notes") };
        notes.len()
    }

    #[test]
    fn main_record_never_shows_what_stands_apart() {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut desk, ada, _) = practice(&folder);
        let apart = Some(Compartment::Psychotherapy);
        assert_eq!(count(ask(&mut desk, list(apart))), 1);
        assert_eq!(count(ask(&mut desk, search(apart))), 1);
        for closed in [false, true] {
            if closed {
                ask(&mut desk, Request::CompartmentClose { compartment: Compartment::Psychotherapy }).expect("closed");
            }
            let who = || "ada".into();
            let way = || Way::Passphrase(PASSPHRASE.into());
            let mut asked = vec![
                list(None),
                Request::NoteList { who: Some(who()), unsigned: true, compartment: None },
                search(None),
                Request::PatientShow { who: who() },
                Request::Chart { who: who() },
                Request::Today { date: None },
                Request::VisitList { who: Some(who()) },
                Request::MessageList { who: Some(who()), limit: 100, read: false },
                Request::AuditList { filter: AuditFilter::default(), limit: 1000 },
                Request::ExportBegin { way: way(), who: None, compartment: None },
            ];
            for what in [Exported::Appointments, Exported::Notes, Exported::Messages, Exported::Visits] {
                asked.push(Request::ExportPage { patient: Some(ada), what, skip: 0 });
            }
            for request in asked {
                let reply = to_cbor(&ask(&mut desk, request.clone()).expect("answered"));
                let shown = reply.windows(CANARY.len()).any(|part| part == CANARY.as_bytes());
                assert!(!shown, "{request:?}");
            }
            // The memory of searches that the first of them has had made knows nothing, either.
            while desk.search_fills() {
                desk.fill_search();
            }
            assert_eq!(count(ask(&mut desk, search(None))), 0);
            assert!(desk.open().expect("open").book.unsigned().is_empty(), "nor is it a draft somebody waits for");
        }
    }

    #[test]
    fn closed_compartment_refuses_and_says_how_it_opens() {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut desk, _, id) = practice(&folder);
        ask(&mut desk, Request::CompartmentClose { compartment: Compartment::Psychotherapy }).expect("closed");
        let apart = Some(Compartment::Psychotherapy);
        let text = || "other".into();
        let new = Request::NoteNew {
            who: "ada".into(),
            kind: NoteKind::Plain,
            text: Some(text()),
            visit: None,
            compartment: apart,
        };
        let begin =
            Request::ExportBegin { way: Way::Passphrase(APART.into()), who: Some("ada".into()), compartment: apart };
        let requests = [
            Request::NoteShow { id },
            Request::NoteEdit { id, text: text() },
            Request::NoteSign { id },
            Request::NoteAddendum { id, text: text() },
            list(apart),
            search(apart),
            new,
            begin,
        ];
        for request in requests {
            let failure = ask(&mut desk, request.clone()).expect_err("it is closed");
            assert_eq!(failure.kind, Kind::Locked, "{request:?}");
            assert_eq!(failure.hint.as_deref(), Some("run 'bedside compartment open psychotherapy'"));
        }
        let failure = ask(&mut desk, list(Some(Compartment::Sud))).expect_err("there is none");
        assert_eq!(failure.kind, Kind::Refused);
        let failure = ask(&mut desk, Request::NoteShow { id: NoteId::random() }).expect_err("there is none");
        assert_eq!(failure.message, "there is no such note");
        open(&mut desk, Compartment::Psychotherapy).expect("opened");
        ask(&mut desk, Request::NoteShow { id }).expect("shown");
    }

    #[test]
    fn export_of_a_compartment_gives_its_notes_of_one_patient_and_no_more() {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut desk, ada, _) = practice(&folder);
        let grace = add(&mut desk, "Grace Hopper");
        let begin = |who: &str| Request::ExportBegin {
            way: Way::Passphrase(APART.into()),
            who: Some(who.into()),
            compartment: Some(Compartment::Psychotherapy),
        };
        let page = |patient, what| Request::ExportPage { patient: Some(patient), what, skip: 0 };
        ask(&mut desk, begin("grace")).expect("begun");
        assert!(ask(&mut desk, page(ada, Exported::Notes)).is_err(), "it was begun for another");
        ask(&mut desk, begin("ada")).expect("begun");
        let Ok(Reply::ExportPage { page: Page::Notes(found), more: false }) =
            ask(&mut desk, page(ada, Exported::Notes))
        else {
            panic!("no page")
        };
        assert_eq!(found.len(), 1);
        assert!(ask(&mut desk, page(ada, Exported::Visits)).is_err());
        assert!(ask(&mut desk, page(grace, Exported::Notes)).is_err());
        let wrong = Request::ExportBegin {
            way: Way::Passphrase(PASSPHRASE.into()),
            who: Some("ada".into()),
            compartment: Some(Compartment::Psychotherapy),
        };
        assert_eq!(ask(&mut desk, wrong).map_err(|failure| failure.kind), Err(Kind::Locked));
    }
}
