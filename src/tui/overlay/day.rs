//! A day to go to, as people write one.

use super::{Next, panel};
use crate::record::schedule::line::read_day;
use crate::tui::deed::Deed;
use crate::tui::keymap::Key;
use crate::tui::model::Model;
use crate::tui::widget::{Field, Paper, moment, text};
use crossterm::event::KeyEvent;
use jiff::civil::Date;
use ratatui::layout::Rect;

/// The day as far as it is typed.
#[derive(Debug)]
pub(crate) struct TypedDay {
    field: Field,
}

impl TypedDay {
    /// Nothing is typed yet.
    pub(crate) fn new() -> Self {
        Self { field: Field::line("") }
    }

    pub(super) fn key(&mut self, key: Key, event: KeyEvent, model: &Model) -> Next {
        if !key.is_enter() {
            self.field.key(event);
            return Next::Stay;
        }
        self.read(model).map_or(Next::Stay, |date| Next::Do(Deed::GoToDay(date)))
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.field.insert(text);
    }

    /// The day; or what is not clear about it.
    fn read(&self, model: &Model) -> Result<Date, String> {
        let now = model.local_now();
        read_day(&self.field.content(), &now, None).map_err(|unclear| format!("{unclear}; {}", unclear.hint()))
    }

    pub(super) fn draw(&self, model: &Model, area: Rect, paper: &mut Paper<'_>) {
        let inner = panel("Go to a day", 64, 6, area, paper);
        paper.text(inner, 0, "›", paper.theme.accent);
        let field = Rect { x: inner.x + 2, width: inner.width.saturating_sub(2), height: inner.height.min(1), ..inner };
        if self.field.is_blank() {
            paper.text(field, 0, "tue, 3 mar, in 2 weeks, 2027-03-03", paper.theme.off);
            paper.cursor = Some(field.as_position());
            return;
        }
        self.field.draw(field, true, paper);
        let (words, style) = match self.read(model) {
            Ok(date) => (moment::long_day(date), paper.theme.strong),
            Err(why) => (why, paper.theme.pending),
        };
        for (y, line) in (2..inner.height).zip(text::wrap(&words, usize::from(inner.width))) {
            paper.text(inner, y, &line, style);
        }
    }
}
