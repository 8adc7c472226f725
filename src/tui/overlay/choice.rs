//! The kinds of note, to choose one.

use super::{Next, panel};
use crate::base::id::PatientId;
use crate::record::NoteKind;
use crate::tui::deed::Deed;
use crate::tui::keymap::{Key, letter, plain};
use crate::tui::widget::{Paper, Row, list};
use crossterm::event::KeyCode;
use ratatui::layout::Rect;

/// A note to be begun.
#[derive(Debug)]
pub(crate) struct Choice {
    patient: PatientId,
    kind: NoteKind,
}

/// A kind's name and what it is for.
pub(crate) const fn name(kind: NoteKind) -> (&'static str, &'static str) {
    match kind {
        NoteKind::Soap => ("SOAP", "subjective, objective, assessment, plan"),
        NoteKind::Dap => ("DAP", "data, assessment, plan"),
        NoteKind::Birp => ("BIRP", "behaviour, intervention, response, plan"),
        NoteKind::Intake => ("intake", "first interview"),
        NoteKind::Plain => ("plain", "free text"),
    }
}

impl Choice {
    /// For this patient.
    pub(crate) fn of(patient: PatientId) -> Self {
        Self { patient, kind: NoteKind::Soap }
    }

    pub(super) fn key(&mut self, key: Key) -> Next {
        if key.is_enter() {
            return Next::Do(Deed::NewNote(self.patient, self.kind));
        }
        let by = if key == plain(KeyCode::Down) || key == letter('j') {
            1
        } else if key == plain(KeyCode::Up) || key == letter('k') {
            -1
        } else {
            0
        };
        self.kind = list::step(&NoteKind::ALL, Some(&self.kind), by).unwrap_or_default();
        Next::Stay
    }

    pub(super) fn draw(&self, area: Rect, paper: &mut Paper<'_>) {
        let inner = panel("Which note?", 60, 9, area, paper);
        let items: Vec<_> = NoteKind::ALL
            .map(|kind| {
                let (name, about) = name(kind);
                let row = Row::new().column(name, 9, paper.theme.strong).text(about, paper.theme.quiet);
                list::Item::of(kind, row)
            })
            .into();
        let rows = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1), ..inner };
        list::draw(&items, Some(&self.kind), rows, paper);
    }
}
