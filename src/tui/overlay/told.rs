//! What is worth knowing about something that was done: more than the status line can hold.

use super::{Next, panel};
use crate::tui::keymap::{Key, letter, plain};
use crate::tui::widget::{Paper, Scroll, text};
use crossterm::event::KeyCode;
use ratatui::layout::Rect;

/// Something that was done, and what is unusual about it.
#[derive(Debug)]
pub(crate) struct Told {
    done: String,
    notices: Vec<String>,
    scroll: Scroll,
}

impl Told {
    /// Safe words.
    pub(crate) fn new(done: String, notices: Vec<String>) -> Self {
        Self { done, notices, scroll: Scroll::default() }
    }

    pub(super) fn key(&mut self, key: Key) -> Next {
        if key == plain(KeyCode::Down) || key == letter('j') {
            self.scroll.by(1);
        } else if key == plain(KeyCode::Up) || key == letter('k') {
            self.scroll.by(-1);
        } else if key == plain(KeyCode::PageDown) || key == letter(' ') {
            self.scroll.by(10);
        } else if key == plain(KeyCode::PageUp) {
            self.scroll.by(-10);
        } else if key.is_enter() || key == letter('q') {
            return Next::Close;
        }
        Next::Stay
    }

    pub(super) fn draw(&self, area: Rect, paper: &mut Paper<'_>) {
        let width = area.width.min(72);
        let cells = usize::from(width.saturating_sub(4));
        let done = text::wrap(&self.done, cells);
        let lines: Vec<String> =
            self.notices.iter().flat_map(|notice| text::wrap(&format!("! {notice}"), cells)).collect();
        let height = u16::try_from(done.len() + lines.len() + 3).unwrap_or(u16::MAX).min(20);
        let inner = panel("Worth knowing", width, height, area, paper);
        for (y, line) in (0..).zip(&done) {
            paper.text(inner, y, line, paper.theme.strong);
        }
        let top = u16::try_from(done.len() + 1).unwrap_or(u16::MAX).min(inner.height);
        let rows = Rect { y: inner.y + top, height: inner.height - top, ..inner };
        let first = self.scroll.top(lines.len(), usize::from(rows.height));
        for (y, line) in (0..rows.height).zip(lines.iter().skip(first)) {
            paper.text(rows, y, line, paper.theme.unverified);
        }
    }
}
