//! Notes: begun from a template, edited, signed, added to, found.

use super::search::sort;
use super::{ClientId, Desk, heading};
use crate::agent::book::About;
use crate::agent::failure::refused;
use crate::base::id::{NoteId, PatientId, VisitId};
use crate::base::{Failure, Phi};
use crate::record::{Action, Actor, Compartment, Note, NoteKind, Visit};
use crate::wire::agent::{Changed, Named, Reply, Who};

/// Bytes of a note at most.
const TEXT_MAX_BYTES: usize = 1024 * 1024;
/// A visit so old gets no note of itself without being named.
const VISIT_FRESH_MS: i64 = 24 * 3600 * 1000;

impl Desk {
    pub(super) fn new_note(
        &mut self,
        who: &Who,
        kind: NoteKind,
        text: Option<Phi<String>>,
        visit: Option<VisitId>,
        compartment: Option<Compartment>,
    ) -> Result<Reply, Failure> {
        let patient = self.find(who)?;
        let now = self.now();
        // When a session began and ended belongs to the main record, by either law that has notes stand apart.
        let visit = match compartment {
            Some(_) if visit.is_none() => None,
            _ => self.visit_for_note(patient, visit)?,
        };
        let zone = self.zone()?;
        let text = match text {
            Some(text) => text,
            None => {
                let told = visit.as_ref().filter(|_| compartment.is_none());
                let heading = told.and_then(|visit| heading::of(visit, &zone));
                let heading = heading.map_or_else(String::new, |line| format!("{line}\n\n"));
                Phi::new(format!("{heading}{}", kind.template()))
            }
        };
        check(&text)?;
        let note = Note {
            id: NoteId::random(),
            patient,
            compartment,
            kind,
            text,
            visit: visit.map(|visit| visit.id),
            created: now,
            edited: now,
            signed: None,
            addenda: Vec::new(),
        };
        self.keep_note(note, Action::NoteAdd)
    }

    /// The visit a new note is about: the one named, or the patient's latest within a day that has no note yet.
    fn visit_for_note(&mut self, patient: PatientId, visit: Option<VisitId>) -> Result<Option<Visit>, Failure> {
        let now = self.now();
        let open = self.open()?;
        let visits = open.book.list_of::<Visit>(patient)?;
        if let Some(id) = visit {
            let found = visits.into_iter().find(|visit| visit.id == id);
            return found.map(Some).ok_or_else(|| refused("this patient had no such visit"));
        }
        let fresh = |visit: &Visit| visit.connected.is_some_and(|at| now.0 - at.0 < VISIT_FRESH_MS);
        let mut fresh: Vec<Visit> = visits.into_iter().filter(fresh).collect();
        if !fresh.is_empty() {
            // A chart may have thousands of notes: they are read only when there is something to ask of them.
            let notes = open.book.list_of::<Note>(patient)?;
            fresh.retain(|visit| notes.iter().all(|note| note.visit != Some(visit.id)));
        }
        Ok(fresh.into_iter().max_by_key(|visit| visit.connected))
    }

    pub(super) fn list_notes(
        &mut self,
        client: ClientId,
        who: Option<&Who>,
        unsigned: bool,
        compartment: Option<Compartment>,
    ) -> Result<Reply, Failure> {
        let patient = self.find_some(who)?;
        let mut notes = match compartment {
            None => self.notes(patient)?,
            Some(compartment) => self.apart_notes(compartment, patient)?,
        };
        sort(&mut notes);
        notes.retain(|note| !unsigned || note.signed.is_none());
        match patient {
            Some(_) => self.audit(Actor::Clinician, Action::NoteRead, About::count(patient, notes.len())),
            None => {
                self.audit_list(client, Action::NoteRead, notes.iter().map(|note| note.patient).collect(), notes.len());
            }
        }
        Ok(Reply::Notes(self.named_notes(notes)))
    }

    pub(super) fn show_note(&mut self, id: NoteId) -> Result<Reply, Failure> {
        let note = self.note(id)?;
        self.audit(Actor::Clinician, Action::NoteRead, About::record(Some(note.patient), id));
        Ok(Reply::Note(self.named(Some(note.patient), note)))
    }

    pub(super) fn edit_note(&mut self, id: NoteId, text: Phi<String>) -> Result<Reply, Failure> {
        check(&text)?;
        let now = self.now();
        let mut note = self.note(id)?;
        note.edit(text.into_inner(), now)?;
        self.complete_heading(&mut note)?;
        self.keep_note(note, Action::NoteChange)
    }

    pub(super) fn sign_note(&mut self, id: NoteId) -> Result<Reply, Failure> {
        let now = self.now();
        let mut note = self.note(id)?;
        note.sign(now)?;
        self.complete_heading(&mut note)?;
        self.keep_note(note, Action::NoteSign)
    }

    /// A visit has ended: the drafts that were begun while it ran say when.
    pub(super) fn complete_notes_of(&mut self, visit: &Visit) {
        for mut note in self.notes(Some(visit.patient)).unwrap_or_default() {
            // What cannot be completed now is completed with its next save.
            if note.signed.is_none() && note.visit == Some(visit.id) && self.complete_heading(&mut note) == Ok(true) {
                let _ = self.keep_note(note, Action::NoteChange);
            }
        }
    }

    /// Fills in when the note's visit ended, where the note still says that it runs; says whether it did.
    fn complete_heading(&mut self, note: &mut Note) -> Result<bool, Failure> {
        let Some(id) = note.visit.filter(|_| note.compartment.is_none()) else { return Ok(false) };
        let zone = self.zone()?;
        let Some(visit) = self.open()?.book.get::<Visit>(*id.as_bytes())? else { return Ok(false) };
        let Some(text) = heading::complete(note.text.expose(), &visit, &zone) else { return Ok(false) };
        note.text = Phi::new(text);
        Ok(true)
    }

    pub(super) fn add_to_note(&mut self, id: NoteId, text: Phi<String>) -> Result<Reply, Failure> {
        check(&text)?;
        let now = self.now();
        let mut note = self.note(id)?;
        note.add(text.into_inner(), now)?;
        self.keep_note(note, Action::NoteAddendum)
    }

    /// Notes of the main record, in no order.
    fn notes(&mut self, patient: Option<PatientId>) -> Result<Vec<Note>, Failure> {
        let book = &mut self.open()?.book;
        Ok(match patient {
            Some(patient) => book.list_of::<Note>(patient)?,
            None => book.list::<Note>()?,
        })
    }

    pub(super) fn named_notes(&mut self, notes: Vec<Note>) -> Vec<Named<Note>> {
        notes.into_iter().map(|note| self.named(Some(note.patient), note)).collect()
    }

    fn note(&mut self, id: NoteId) -> Result<Note, Failure> {
        if let Some(note) = self.open()?.book.get(*id.as_bytes())? {
            return Ok(note);
        }
        self.apart_note(id)?.ok_or_else(|| refused("there is no such note"))
    }

    fn keep_note(&mut self, note: Note, action: Action) -> Result<Reply, Failure> {
        let now = self.now();
        match note.compartment {
            None => {
                let open = self.open()?;
                open.book.put(&note, now);
                open.search.keep(&note);
                self.changed(Changed::Note, Some(note.patient));
            }
            // No screen shows it, so there is nothing to be drawn anew.
            Some(compartment) => {
                let (open, key) = self.opened(compartment)?;
                open.book.put(&key.seal(&note), now);
            }
        }
        self.audit(Actor::Clinician, action, About::record(Some(note.patient), note.id));
        Ok(Reply::Note(self.named(Some(note.patient), note)))
    }
}

fn check(text: &Phi<String>) -> Result<(), Failure> {
    if text.expose().len() > TEXT_MAX_BYTES {
        return Err(refused("the text is longer than 1 MiB").hint("split it into several notes"));
    }
    Ok(())
}
