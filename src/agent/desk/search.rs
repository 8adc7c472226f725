//! Searching notes: every one is read for the first search after unlocking; then, while nobody waits, a memory is made
//! that answers the next ones.

use super::{Desk, State};
use crate::agent::book::About;
use crate::agent::search::{has_all, words};
use crate::base::id::{NoteId, PatientId};
use crate::base::{Failure, Kind, Phi};
use crate::record::{Action, Actor, Compartment, Note, Record};
use crate::wire::agent::{Reply, Who};
use std::cmp::Reverse;

/// Notes that are taken in at once while nobody waits: a few milliseconds.
const AT_ONCE: usize = 200;

impl Desk {
    pub(super) fn search_notes(
        &mut self,
        query: &Phi<String>,
        who: Option<&Who>,
        compartment: Option<Compartment>,
    ) -> Result<Reply, Failure> {
        let patient = self.find_some(who)?;
        let words = words(query.expose());
        if words.is_empty() {
            return Err(Failure::new(Kind::Usage, "there is nothing to search for"));
        }
        // What is staged is found, too.
        self.flush();
        let found = if let Some(compartment) = compartment {
            self.search_apart(compartment, &words, patient)?
        } else if self.open()?.search.stands() {
            self.remember(&words, patient)?
        } else {
            self.read_for(&words, patient)?
        };
        let about = match patient {
            Some(_) => About::count(patient, found.len()),
            None => About::several(found.iter().map(|note| note.patient), found.len()),
        };
        self.audit(Actor::Clinician, Action::NoteSearch, about);
        Ok(Reply::Notes(self.named_notes(found)))
    }

    /// Asks the memory for what is signed, and reads the drafts.
    fn remember(&mut self, words: &[String], patient: Option<PatientId>) -> Result<Vec<Note>, Failure> {
        let open = self.open()?;
        let drafts: Vec<NoteId> = open.book.unsigned().iter().copied().collect();
        let signed = open.search.find(words, patient);
        let mut found = Vec::with_capacity(signed.len());
        for id in signed.into_iter().chain(drafts) {
            found.extend(open.book.get::<Note>(*id.as_bytes())?);
        }
        found.retain(|note| patient.is_none_or(|patient| note.patient == patient) && has_all(note, words));
        sort(&mut found);
        Ok(found)
    }

    /// Reads every note, and has the memory made for the next time.
    fn read_for(&mut self, words: &[String], patient: Option<PatientId>) -> Result<Vec<Note>, Failure> {
        let open = self.open()?;
        let mut found = Vec::new();
        open.book.each(&mut |note: Note| {
            if patient.is_none_or(|patient| note.patient == patient) && has_all(&note, words) {
                found.push(note);
            }
            true
        })?;
        if open.search.sleeps() {
            let roll = open.book.vault().roll(Note::KIND as u16)?;
            open.search.begin(roll);
        }
        sort(&mut found);
        Ok(found)
    }

    /// Whether notes wait to be taken into the memory of searches.
    pub(super) fn search_fills(&self) -> bool {
        matches!(&self.state, State::Open(open) if open.search.fills())
    }

    /// Takes some more notes into the memory of searches.
    pub(super) fn fill_search(&mut self) {
        let State::Open(open) = &mut self.state else { return };
        let Some(roll) = open.search.left() else { return };
        match open.book.vault().read_on(roll, AT_ONCE) {
            Ok(stored) => open.search.take(stored.iter().filter_map(|stored| stored.entry.read())),
            // Whoever searches next reads every note, and hears what is damaged.
            Err(error) => {
                tracing::error!(kind = ?Failure::from(error).kind, "notes cannot be read for the search");
                open.search = Default::default();
            }
        }
    }
}

/// Newest first.
pub(super) fn sort(notes: &mut [Note]) {
    notes.sort_by_key(|note| Reverse((note.created, note.id)));
}
