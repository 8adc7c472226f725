//! Which signed notes have which words: in memory only, and gone with it when the vault locks.
//!
//! Made little by little after somebody searched for the first time, so that whoever never searches pays nothing. A
//! word of a query fits where it is a part of a word of the note, in any case; drafts change with every keystroke and
//! are not in here.

use crate::base::Stamp;
use crate::base::id::{NoteId, PatientId};
use crate::record::Note;
use crate::vault::Roll;
use memchr::memmem;
use roaring::RoaringBitmap;
use std::collections::HashMap;

/// The memory of searches.
#[derive(Default)]
pub(super) struct Search {
    state: State,
    /// Every version that was taken in, under its number.
    notes: Vec<Taken>,
    /// The number of each note's newest version.
    numbers: HashMap<NoteId, u32>,
    newest: RoaringBitmap,
    words: Words,
}

#[derive(Default)]
enum State {
    /// Nobody has searched yet.
    #[default]
    Asleep,
    /// These are still to be taken in.
    Filling(Roll),
    Standing,
}

struct Taken {
    created: Stamp,
    note: NoteId,
    patient: PatientId,
}

/// Every word, and the numbers of the notes it is in.
#[derive(Default)]
struct Words {
    /// All words, each followed by a line's end: looked through from end to end for parts of words.
    text: String,
    /// Where each word begins in it.
    starts: Vec<usize>,
    notes: Vec<RoaringBitmap>,
    places: HashMap<Box<str>, usize>,
}

impl Search {
    /// Whether it can answer.
    pub(super) fn stands(&self) -> bool {
        matches!(self.state, State::Standing)
    }

    /// Whether nobody has asked for it yet.
    pub(super) fn sleeps(&self) -> bool {
        matches!(self.state, State::Asleep)
    }

    /// It is wanted: these notes are to be taken in.
    pub(super) fn begin(&mut self, roll: Roll) {
        self.state = State::Filling(roll);
    }

    /// Whether notes wait to be taken in.
    pub(super) fn fills(&self) -> bool {
        matches!(self.state, State::Filling(_))
    }

    /// What is still to be read, if something is.
    pub(super) fn left(&mut self) -> Option<&mut Roll> {
        match &mut self.state {
            State::Filling(roll) => Some(roll),
            State::Asleep | State::Standing => None,
        }
    }

    /// Takes in what was read, and stands when that was the last.
    pub(super) fn take(&mut self, notes: impl Iterator<Item = Note>) {
        for note in notes {
            // A version that came meanwhile is newer than what is on the roll.
            if !self.numbers.contains_key(&note.id) {
                self.add(&note);
            }
        }
        if self.left().is_some_and(|roll| roll.is_empty()) {
            self.state = State::Standing;
        }
    }

    /// A note was signed or added to.
    pub(super) fn keep(&mut self, note: &Note) {
        if !self.sleeps() {
            self.add(note);
        }
    }

    fn add(&mut self, note: &Note) {
        let Ok(number) = u32::try_from(self.notes.len()) else { return };
        if note.signed.is_none() {
            return;
        }
        self.notes.push(Taken { created: note.created, note: note.id, patient: note.patient });
        if let Some(old) = self.numbers.insert(note.id, number) {
            self.newest.remove(old);
        }
        self.newest.insert(number);
        for word in text_of(note).split_whitespace() {
            self.words.add(word, number);
        }
    }

    /// The notes that have every word, newest first.
    pub(super) fn find(&self, words: &[String], patient: Option<PatientId>) -> Vec<NoteId> {
        let mut fits = self.newest.clone();
        for word in words {
            fits &= self.words.with_part(word);
        }
        let mut found: Vec<&Taken> = fits.iter().filter_map(|number| self.notes.get(number as usize)).collect();
        found.retain(|taken| patient.is_none_or(|patient| taken.patient == patient));
        found.sort_unstable_by_key(|taken| std::cmp::Reverse((taken.created, taken.note)));
        found.into_iter().map(|taken| taken.note).collect()
    }
}

impl Words {
    fn add(&mut self, word: &str, note: u32) {
        let place = match self.places.get(word) {
            Some(place) => *place,
            None => {
                self.starts.push(self.text.len());
                self.text.push_str(word);
                self.text.push('\n');
                self.notes.push(RoaringBitmap::new());
                self.places.insert(word.into(), self.starts.len() - 1);
                self.starts.len() - 1
            }
        };
        self.notes[place].insert(note);
    }

    /// The notes that have a word of which this is a part.
    fn with_part(&self, part: &str) -> RoaringBitmap {
        let mut fits = RoaringBitmap::new();
        let mut last = None;
        for at in memmem::find_iter(self.text.as_bytes(), part) {
            let place = self.starts.partition_point(|start| *start <= at) - 1;
            if last.replace(place) != Some(place) {
                fits |= &self.notes[place];
            }
        }
        fits
    }
}

/// What is searched in a note: its text and its addenda, in lower case.
fn text_of(note: &Note) -> String {
    let addenda = note.addenda.iter().map(|addendum| addendum.text.expose().as_str());
    let parts: Vec<&str> = std::iter::once(note.text.expose().as_str()).chain(addenda).collect();
    parts.join("\n").to_lowercase()
}

/// The words of a query, in lower case.
pub(super) fn words(query: &str) -> Vec<String> {
    query.split_whitespace().map(str::to_lowercase).collect()
}

/// Whether each word is somewhere in the note or its addenda.
pub(super) fn has_all(note: &Note, words: &[String]) -> bool {
    let text = text_of(note);
    words.iter().all(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Addendum, NoteKind};
    use proptest::prelude::*;

    fn note(number: i64, text: &str, addendum: &str) -> Note {
        Note {
            id: NoteId::random(),
            patient: PatientId::from_bytes([number as u8 % 3; 16]),
            compartment: None,
            kind: NoteKind::Plain,
            text: text.into(),
            visit: None,
            created: Stamp(number),
            edited: Stamp(number),
            signed: Some(Stamp(number)),
            addenda: vec![Addendum { at: Stamp(number), text: addendum.into() }],
        }
    }

    fn standing(notes: &[Note]) -> Search {
        let mut search = Search { state: State::Standing, ..Search::default() };
        notes.iter().for_each(|note| search.keep(note));
        search
    }

    proptest! {
        /// Whatever is written and asked: the same notes as by reading every one.
        #[test]
        fn memory_finds_what_reading_finds(
            texts in proptest::collection::vec(("[abAÄé \n.,-]{0,30}", "[abß ]{0,10}"), 0..20),
            query in "[abÄßé. -]{0,4}( [ab]{1,2})?",
            patient in proptest::option::of(0_u8..3),
        ) {
            let notes: Vec<Note> = (0..).zip(&texts).map(|(n, (text, addendum))| note(n, text, addendum)).collect();
            let (words, patient) = (words(&query), patient.map(|n| PatientId::from_bytes([n; 16])));
            let mut read: Vec<&Note> = notes.iter().filter(|note| has_all(note, &words)).collect();
            read.retain(|note| patient.is_none_or(|patient| note.patient == patient));
            read.reverse();
            let found = standing(&notes).find(&words, patient);
            prop_assert_eq!(found, read.into_iter().map(|note| note.id).collect::<Vec<_>>());
        }
    }

    #[test]
    fn addendum_replaces_the_version_that_was_known() {
        let mut signed = note(1, "slept well", "");
        let mut search = standing(std::slice::from_ref(&signed));
        signed.addenda.push(Addendum { at: Stamp(2), text: "Sertraline 50 mg".into() });
        search.keep(&signed);
        assert_eq!(search.find(&words("SERTRA well"), None), [signed.id]);
        assert_eq!(search.find(&words("slept"), None).len(), 1, "once, not twice");
    }

    #[test]
    fn drafts_are_not_held() {
        let draft = Note { signed: None, ..note(1, "slept well", "") };
        assert!(standing(&[draft]).find(&words("slept"), None).is_empty());
    }
}
