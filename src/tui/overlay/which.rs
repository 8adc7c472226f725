//! A question in words with more than one answer that does something.

use super::{Next, panel};
use crate::tui::deed::Deed;
use crate::tui::keymap::{Key, letter, plain};
use crate::tui::widget::{Paper, Row, list, text};
use crossterm::event::KeyCode;
use ratatui::layout::Rect;

/// A question with its answers.
#[derive(Debug)]
pub(crate) struct Which {
    question: String,
    detail: String,
    answers: Vec<(&'static str, Deed)>,
    at: usize,
}

impl Which {
    /// Safe words, and the answers; the first is chosen.
    pub(crate) fn new(question: String, detail: &str, answers: Vec<(&'static str, Deed)>) -> Self {
        Self { question, detail: detail.to_owned(), answers, at: 0 }
    }

    pub(super) fn key(&mut self, key: Key) -> Next {
        let last = self.answers.len().saturating_sub(1);
        if key.is_enter() {
            return self.answers.get(self.at).map_or(Next::Close, |(_, deed)| Next::Do(deed.clone()));
        }
        if key == plain(KeyCode::Down) || key == letter('j') || key == plain(KeyCode::Tab) {
            self.at = (self.at + 1).min(last);
        } else if key == plain(KeyCode::Up) || key == letter('k') || key == plain(KeyCode::BackTab) {
            self.at = self.at.saturating_sub(1);
        } else if key == letter('n') {
            return Next::Close;
        }
        Next::Stay
    }

    pub(super) fn draw(&self, area: Rect, paper: &mut Paper<'_>) {
        let width = area.width.min(60);
        let cells = usize::from(width.saturating_sub(4));
        let question = text::wrap(&self.question, cells);
        let detail = text::wrap(&self.detail, cells);
        let asked = question.len() + detail.len();
        let height = u16::try_from(asked + self.answers.len() + 3).unwrap_or(u16::MAX);
        let inner = panel("", width, height, area, paper);
        let strong = question.iter().map(|line| (line, paper.theme.strong));
        let lines: Vec<_> = strong.chain(detail.iter().map(|line| (line, ratatui::style::Style::new()))).collect();
        // The answers are never cut off.
        let answers = u16::try_from(self.answers.len()).unwrap_or(u16::MAX).min(inner.height);
        let room = inner.height - answers;
        for (y, (line, style)) in (0..room).zip(lines) {
            paper.text(inner, y, line, style);
        }
        let items: Vec<_> = self
            .answers
            .iter()
            .enumerate()
            .map(|(at, (words, _))| list::Item::of(at, Row::new().say(*words)))
            .collect();
        let rows = Rect { y: inner.bottom() - answers, height: answers, ..inner };
        list::draw(&items, Some(&self.at), rows, paper);
    }
}
