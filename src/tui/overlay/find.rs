//! Patients by name, and notes by their words.

use super::{Next, panel};
use crate::base::{
    Phi,
    id::{AppointmentId, NoteId, PatientId},
};
use crate::client::agent::Named;
use crate::record::name::bare;
use crate::record::{Note, Patient};
use crate::tui::deed::Deed;
use crate::tui::keymap::{Key, ctrl, plain};
use crate::tui::model::Model;
use crate::tui::widget::{Field, Paper, Row, list, moment, text};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Rect;

/// More lines than any terminal shows.
const MOST: usize = 60;

/// A search.
#[derive(Debug)]
pub(crate) struct Find {
    field: Field,
    at: usize,
    /// The appointment whose patient is looked for, with all that the feed calls so or alone; otherwise a chart is
    /// opened.
    whose: Option<(AppointmentId, Phi<String>, bool)>,
    title: String,
    /// The notes that were found, once they were asked for.
    notes: Option<Vec<Named<Note>>>,
}

/// A line of the result.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Hit {
    Patient(PatientId),
    SearchNotes,
    Note(NoteId),
}

impl Find {
    /// Looks for a patient or a note.
    pub(crate) fn anything() -> Self {
        Self { field: Field::line(""), at: 0, whose: None, title: "Find".to_owned(), notes: None }
    }

    /// Looks for the patient of an appointment that the feed calls so (safe text); `always`: and of all that it calls
    /// so, now and later. The name is typed already, if it finds anybody.
    pub(crate) fn patient_of(appointment: AppointmentId, called: Phi<String>, always: bool, model: &Model) -> Self {
        let named = text::safe(called.expose(), 60);
        let title = format!("Whose is “{}”?", text::fit(&named, 40));
        let whose = Some((appointment, called, always));
        let find = Self { field: Field::line(&named), whose, title, ..Self::anything() };
        if find.patients(model).is_empty() { Self { field: Field::line(""), ..find } } else { find }
    }

    /// The vault's answer.
    pub(crate) fn found_notes(&mut self, notes: Vec<Named<Note>>) {
        self.notes = Some(notes);
        self.at = 0;
    }

    pub(super) fn hints(&self) -> Vec<(&'static str, &'static str)> {
        let enter = if self.whose.is_some() { "this one" } else { "open" };
        vec![("Enter", enter), ("↑ ↓", "choose"), ("Esc", "close")]
    }

    fn patients<'a>(&self, model: &'a Model) -> Vec<&'a Patient> {
        let typed = bare(&self.field.content());
        let fits = |patient: &&Patient| {
            let name = bare(patient.name.expose());
            typed.split_whitespace().all(|word| name.contains(word))
        };
        model.patients.iter().filter(|patient| !patient.archived).filter(fits).take(MOST).collect()
    }

    fn hits(&self, model: &Model) -> Vec<Hit> {
        if let Some(notes) = &self.notes {
            return notes.iter().take(MOST).map(|note| Hit::Note(note.record.id)).collect();
        }
        let mut hits: Vec<_> = self.patients(model).into_iter().map(|patient| Hit::Patient(patient.id)).collect();
        if self.whose.is_none() && !self.field.is_blank() {
            hits.push(Hit::SearchNotes);
        }
        hits
    }

    pub(super) fn key(&mut self, key: Key, event: KeyEvent, model: &Model) -> Next {
        let hits = self.hits(model);
        if key.is_enter() {
            return match (hits.get(self.at), &self.whose) {
                (Some(Hit::Patient(patient)), Some((id, called, always))) => {
                    let (id, called, always) = (*id, called.clone(), *always);
                    Next::Do(Deed::MatchAppointment { id, called, patient: Some(*patient), always })
                }
                (Some(Hit::Patient(id)), None) => Next::Do(Deed::ShowChart(*id)),
                (Some(Hit::Note(id)), _) => Next::Do(Deed::ShowNote(*id)),
                (Some(Hit::SearchNotes), _) => Next::Try(Deed::SearchNotes(Phi::new(self.field.content()))),
                (None, _) => Next::Stay,
            };
        }
        if key == plain(KeyCode::Down) || key == ctrl('n') {
            self.at = (self.at + 1).min(hits.len().saturating_sub(1));
        } else if key == plain(KeyCode::Up) || key == ctrl('p') {
            self.at = self.at.saturating_sub(1);
        } else if self.field.key(event) {
            (self.at, self.notes) = (0, None);
        }
        Next::Stay
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.field.insert(text);
        (self.at, self.notes) = (0, None);
    }

    pub(super) fn draw(&self, model: &Model, area: Rect, paper: &mut Paper<'_>) {
        let inner = panel(&self.title, 68, 16, area, paper);
        paper.text(inner, 0, "/", paper.theme.accent);
        let field = Rect { x: inner.x + 2, width: inner.width.saturating_sub(2), height: inner.height.min(1), ..inner };
        self.field.draw(field, true, paper);
        let hits = self.hits(model);
        let items: Vec<_> = hits
            .iter()
            .enumerate()
            .map(|(at, hit)| list::Item::of(at, self.row(*hit, model, usize::from(inner.width), paper)))
            .collect();
        let rows = Rect { y: inner.y + inner.height.min(2), height: inner.height.saturating_sub(2), ..inner };
        if items.is_empty() {
            let nothing = if self.notes.is_some() { "No note has these words." } else { "Nobody is called that." };
            paper.text(rows, 0, nothing, paper.theme.quiet);
        }
        list::draw(&items, Some(&self.at), rows, paper);
    }

    fn row(&self, hit: Hit, model: &Model, width: usize, paper: &Paper<'_>) -> Row {
        let quiet = paper.theme.quiet;
        match hit {
            Hit::Patient(id) => {
                let Some(patient) = model.patient(id) else { return Row::new() };
                let name = text::safe(patient.name.expose(), 32);
                let born = patient.born.as_ref().map_or_else(String::new, |born| format!("b. {}", born.expose()));
                let row = Row::new().column(&name, 34.min(width / 2), paper.theme.strong).column(&born, 15, quiet);
                match (patient.paired(), patient.verified()) {
                    (true, false) => row.text("not verified", paper.theme.unverified),
                    (false, _) => row.text("no device", quiet),
                    (true, true) => row,
                }
            }
            Hit::SearchNotes => {
                let words = text::safe(&self.field.content(), 30);
                Row::new().text("✎ ", paper.theme.accent).say(format!("notes with “{words}”"))
            }
            Hit::Note(id) => {
                let notes = self.notes.as_deref().unwrap_or_default();
                let Some(note) = notes.iter().find(|note| note.record.id == id) else { return Row::new() };
                let day = moment::short_day(model.local(note.record.created).date(), model.local_now().date());
                let name = note.name.as_ref().map_or_else(String::new, |name| text::safe(name.expose(), 20));
                let words =
                    text::safe(&excerpt(note.record.text.expose(), &self.field.content()), width.saturating_sub(32));
                Row::new().column(&day, 12, quiet).column(&name, 18, paper.theme.strong).say(words)
            }
        }
    }
}

/// A piece of `content` around the first of the words looked for.
fn excerpt(content: &str, words: &str) -> String {
    let first = words.split_whitespace().next().unwrap_or_default().to_lowercase();
    let line = content.lines().find(|line| line.to_lowercase().contains(&first)).unwrap_or(content);
    line.to_owned()
}
