//! An addendum in the making.

use super::{Next, panel};
use crate::base::{Phi, id::NoteId};
use crate::tui::deed::Deed;
use crate::tui::keymap::{Key, ctrl};
use crate::tui::widget::{Field, Paper, text};
use crossterm::event::KeyEvent;
use ratatui::layout::Rect;

/// A text that is added to a signed note.
#[derive(Debug)]
pub(crate) struct Compose {
    /// To which.
    pub(crate) note: NoteId,
    /// The text.
    pub(crate) field: Field,
    /// Why it was not added.
    pub(crate) problem: Option<String>,
}

impl Compose {
    /// For this note, with what was begun before.
    pub(crate) fn new(note: NoteId, begun: &str) -> Self {
        Self { note, field: Field::lines(begun), problem: None }
    }

    pub(super) fn key(&mut self, key: Key, event: KeyEvent) -> Next {
        if key != ctrl('s') {
            self.field.key(event);
            return Next::Stay;
        }
        if self.field.is_blank() {
            self.problem = Some("write what is to be added first".to_owned());
            return Next::Stay;
        }
        self.problem = None;
        Next::Send(Deed::AddToNote(self.note, Phi::new(self.field.content())))
    }

    pub(super) fn draw(&self, area: Rect, paper: &mut Paper<'_>) {
        let inner = panel("Addendum", 76, 14, area, paper);
        let told = "The signed text stands; this is added below it with the time, and stands, too.";
        let lines = text::wrap(told, usize::from(inner.width));
        for (y, line) in (0..).zip(&lines) {
            paper.text(inner, y, line, paper.theme.quiet);
        }
        let top = u16::try_from(lines.len() + 1).unwrap_or(u16::MAX).min(inner.height);
        let foot = u16::from(self.problem.is_some());
        let field = Rect { y: inner.y + top, height: inner.height.saturating_sub(top + foot), ..inner };
        self.field.draw(field, true, paper);
        if let Some(problem) = &self.problem {
            paper.text(inner, inner.height.saturating_sub(1), problem, paper.theme.bad);
        }
    }
}
