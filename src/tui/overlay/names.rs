//! Names from feeds that fit no patient, to be decided one by one.

use super::{Next, panel};
use crate::client::agent::Unmatched;
use crate::tui::deed::Deed;
use crate::tui::keymap::{Key, ctrl, letter, plain};
use crate::tui::model::Model;
use crate::tui::widget::{Paper, Row, list, moment, text};
use crossterm::event::KeyCode;
use ratatui::layout::Rect;

/// The list of them.
#[derive(Debug)]
pub(crate) struct Names {
    at: usize,
    /// What is decided holds for all that the feed calls so, now and later; otherwise for this one and its series.
    always: bool,
}

impl Default for Names {
    fn default() -> Self {
        Self { at: 0, always: true }
    }
}

/// What the feed calls it, and the number by which namesakes are told apart; either may be missing.
pub(crate) fn called(unmatched: &Unmatched, cells: usize) -> String {
    let number = unmatched.number.as_ref();
    let number = number.map_or_else(String::new, |number| format!(" · {}", ending(number.expose(), cells / 2)));
    let name = text::safe(unmatched.next.subject.expose(), cells.saturating_sub(text::width(&number)));
    let name = if name.is_empty() { "(without a name)".to_owned() } else { name };
    name + &number
}

/// The end of a number, which is where numbers differ.
fn ending(number: &str, cells: usize) -> String {
    let number = text::safe(number, usize::from(u16::MAX));
    let mut letters = number.chars();
    while text::width(letters.as_str()) > cells && letters.next().is_some() {}
    match letters.as_str() {
        whole if whole == number => number,
        end => format!("…{}", end.chars().skip(1).collect::<String>()),
    }
}

/// Which appointments a decision is for that holds always.
pub(crate) fn meant(unmatched: &Unmatched) -> &'static str {
    match (unmatched.next.subject.expose().trim(), &unmatched.number) {
        ("", None) => "its series",
        ("", Some(_)) => "all with this number",
        (_, None) => "all that the feed calls so",
        (_, Some(_)) => "all called so with this number or with none",
    }
}

impl Names {
    pub(super) fn key(&mut self, key: Key, model: &Model) -> Next {
        let last = model.unmatched.len().saturating_sub(1);
        self.at = self.at.min(last);
        let always = self.always;
        if key == plain(KeyCode::Down) || key == letter('j') {
            self.at = (self.at + 1).min(last);
        } else if key == plain(KeyCode::Up) || key == letter('k') {
            self.at = self.at.saturating_sub(1);
        } else if key == letter('t') {
            self.always = !self.always;
        } else if key == letter('u') {
            return Next::Try(Deed::Undo);
        } else if key == ctrl('r') {
            return Next::Try(Deed::Redo);
        } else if key == letter('U') {
            return Next::Try(Deed::AskUndoImport);
        } else if let Some(id) = model.unmatched.get(self.at).map(|unmatched| unmatched.next.id) {
            if key.is_enter() {
                return Next::Try(Deed::AskWhose { id, always });
            } else if key == letter('P') || key == letter('p') {
                return Next::Try(Deed::AskNewPatient { id, always });
            } else if key == letter('x') {
                return Next::Try(Deed::AskNobodys { id, always });
            }
        }
        Next::Stay
    }

    pub(super) fn hints(&self) -> Vec<(&'static str, &'static str)> {
        let scope = if self.always { "only once" } else { "always" };
        vec![
            ("Enter", "whose"),
            ("P", "new"),
            ("x", "nobody's"),
            ("t", scope),
            ("u", "undo"),
            ("U", "undo import…"),
            ("Esc", "close"),
        ]
    }

    pub(super) fn draw(&self, model: &Model, area: Rect, paper: &mut Paper<'_>) {
        let title = match model.unmatched_beyond {
            0 => "Names from feeds that fit no patient".to_owned(),
            beyond => format!("Names from feeds that fit no patient, and {beyond} more"),
        };
        let inner = panel(&title, 76, 18, area, paper);
        let quiet = paper.theme.quiet;
        if model.unmatched.is_empty() {
            paper.text(inner, 0, "Every name has its patient.", quiet);
            return;
        }
        let width = usize::from(inner.width).saturating_sub(2);
        let now = model.local_now();
        let narrow = width < 56;
        let item = |(at, unmatched): (usize, &Unmatched)| {
            let start = model.in_zone(&unmatched.next.start);
            let when = moment::week_day_and_clock(&start, &now);
            let when = if unmatched.next.start < now { format!("last {when}") } else { format!("next {when}") };
            let count = if unmatched.count == 1 { "1 time".to_owned() } else { format!("{} times", unmatched.count) };
            let feed =
                unmatched.next.source.as_ref().map_or_else(String::new, |source| text::safe(source.feed.expose(), 20));
            let name_width = if narrow { width.saturating_sub(10) } else { width.saturating_sub(46).clamp(16, 34) };
            let row = Row::new().column(&called(unmatched, name_width), name_width + 1, paper.theme.strong);
            let row = row.column(&count, 10, quiet);
            list::Item::of(at, if narrow { row } else { row.column(&when, 21, quiet).gap(1).text(feed, quiet) })
        };
        let foot = inner.height.min(2);
        let rows = Rect { height: inner.height - foot, ..inner };
        let (count, at) = (model.unmatched.len(), self.at.min(model.unmatched.len() - 1));
        let seen = list::window(count, Some(at), rows);
        let below = count - seen.end;
        let items: Vec<_> = model.unmatched.iter().enumerate().skip(seen.start).take(seen.len()).map(item).collect();
        list::draw_window(&items, below, Some(&at), rows, paper);
        let scope = match model.unmatched.get(at).filter(|_| self.always) {
            Some(unmatched) => format!("Holds for {}, now and later.", meant(unmatched)),
            None => "What you decide holds for this one and its series only.".to_owned(),
        };
        paper.text(inner, inner.height.saturating_sub(1), &text::fit(&scope, usize::from(inner.width)), quiet);
    }
}
