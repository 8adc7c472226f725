//! A question in words. The answer that does something is a verb.

use super::{Next, panel};
use crate::tui::deed::Deed;
use crate::tui::keymap::{Key, letter};
use crate::tui::widget::{Paper, Row, text};
use ratatui::layout::Rect;

/// A question.
#[derive(Debug)]
pub(crate) struct Confirm {
    /// In safe words.
    pub(crate) question: String,
    /// What it means; safe, too.
    pub(crate) detail: String,
    /// What Enter does.
    pub(crate) yes: &'static str,
    /// What Esc does.
    pub(crate) no: &'static str,
    /// What is asked about.
    pub(crate) deed: Deed,
}

impl Confirm {
    pub(super) fn key(&self, key: Key) -> Next {
        if key.is_enter() || key == letter('y') {
            Next::Do(self.deed.clone())
        } else if key == letter('n') {
            Next::Close
        } else {
            Next::Stay
        }
    }

    pub(super) fn draw(&self, area: Rect, paper: &mut Paper<'_>) {
        let width = area.width.min(60);
        let cells = usize::from(width.saturating_sub(4));
        let mut lines = text::wrap(&self.question, cells);
        let asked = lines.len();
        if !self.detail.is_empty() {
            lines.extend(text::wrap(&self.detail, cells));
        }
        let height = u16::try_from(lines.len() + 5).unwrap_or(u16::MAX);
        let inner = panel("", width, height, area, paper);
        let room = usize::from(inner.height.saturating_sub(2));
        for (at, line) in lines.iter().take(room).enumerate() {
            let style = if at < asked { paper.theme.strong } else { ratatui::style::Style::new() };
            paper.text(inner, u16::try_from(at + 1).unwrap_or(u16::MAX), line, style);
        }
        let (key, quiet) = (paper.theme.key, paper.theme.quiet);
        let answers =
            Row::new().text("Enter", key).say(" ").say(self.yes).gap(3).text("Esc ", key).text(self.no, quiet);
        paper.line(inner, inner.height.saturating_sub(1), &answers.cut(usize::from(inner.width)).line());
    }
}
