//! Every action by its name. What cannot be done now is there, too, and says why.

use super::{Next, panel};
use crate::tui::action::{Action, Available, TABLE};
use crate::tui::keymap::{Key, ctrl, plain};
use crate::tui::model::Model;
use crate::tui::widget::{Field, Paper, Row, list, text};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::{layout::Rect, style::Style};

/// What was typed, and the chosen line.
#[derive(Debug)]
pub(crate) struct Palette {
    field: Field,
    at: usize,
}

impl Default for Palette {
    fn default() -> Self {
        Self { field: Field::line(""), at: 0 }
    }
}

impl Palette {
    /// Actions in which every typed word occurs; those of this screen and possible first.
    fn found(&self, model: &Model) -> Vec<(&'static Action, Available)> {
        let typed = self.field.content().to_lowercase();
        let fits = |action: &Action| {
            let name = format!("{} {} {}", action.name(model), action.title, action.about).to_lowercase();
            typed.split_whitespace().all(|word| name.contains(word))
        };
        let begins = |action: &Action| !action.name(model).starts_with(typed.trim());
        let mut found: Vec<_> = TABLE
            .iter()
            .filter(|action| action.on.contains(&model.place()) && fits(action))
            .map(|action| (action, action.available(model)))
            .collect();
        found.sort_by_key(|(action, available)| (available.is_err(), begins(action), u8::MAX - action.bar));
        found
    }

    pub(super) fn key(&mut self, key: Key, event: KeyEvent, model: &Model) -> Next {
        let last = self.found(model).len().saturating_sub(1);
        if key.is_enter() {
            return match self.found(model).get(self.at) {
                Some((action, Ok(()))) => Next::Perform(action.id),
                _ => Next::Stay,
            };
        }
        if key == plain(KeyCode::Down) || key == ctrl('n') {
            self.at = (self.at + 1).min(last);
        } else if key == plain(KeyCode::Up) || key == ctrl('p') {
            self.at = self.at.saturating_sub(1);
        } else if self.field.key(event) {
            self.at = 0;
        }
        Next::Stay
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.field.insert(text);
        self.at = 0;
    }

    pub(super) fn draw(&self, model: &Model, area: Rect, paper: &mut Paper<'_>) {
        let inner = panel("Command", 72, 18, area, paper);
        paper.text(inner, 0, "›", paper.theme.accent);
        let field = Rect { x: inner.x + 2, width: inner.width.saturating_sub(2), height: inner.height.min(1), ..inner };
        self.field.draw(field, true, paper);
        let found = self.found(model);
        if found.is_empty() {
            paper.text(inner, 2, "Nothing is called that.", paper.theme.quiet);
        }
        let width = usize::from(inner.width).saturating_sub(1);
        let items: Vec<_> = found
            .iter()
            .enumerate()
            .map(|(at, (action, available))| {
                let keys = action.keys.first().map(ToString::to_string).unwrap_or_default();
                let (style, key_style) = match available {
                    Ok(()) => (Style::new(), paper.theme.key),
                    Err(_) => (paper.theme.off, paper.theme.off),
                };
                let about = available.err().unwrap_or(action.about);
                let name_width = 22.min(width.saturating_sub(8));
                let room = width.saturating_sub(name_width + 9);
                let row = Row::new()
                    .column(action.name(model), name_width, style)
                    .gap(1)
                    .column(&text::fit(about, room), room, paper.theme.quiet)
                    .gap(1)
                    .text(keys, key_style);
                list::Item::of(at, row)
            })
            .collect();
        let rows = Rect { y: inner.y + inner.height.min(2), height: inner.height.saturating_sub(2), ..inner };
        list::draw(&items, Some(&self.at), rows, paper);
    }
}
