//! The link for a patient's device: to read, to copy, to scan.

use super::{Next, panel};
use crate::base::{Phi, Stamp, id::PatientId};
use crate::tui::deed::Deed;
use crate::tui::keymap::{Key, letter};
use crate::tui::model::Model;
use crate::tui::widget::{Paper, moment, text};
use qrcode::{EcLevel, QrCode};
use ratatui::layout::Rect;

/// Light modules around the code. The standard asks for four; terminals add their own margin, and two scan well.
const MARGIN: i32 = 2;

/// A fresh link.
#[derive(Debug)]
pub(crate) struct Invite {
    /// For whom.
    pub(crate) patient: PatientId,
    /// The link.
    pub(crate) link: Phi<String>,
    /// Until when it can be opened.
    pub(crate) expires: Stamp,
    /// It was handed to the terminal's clipboard.
    pub(crate) copied: bool,
}

impl Invite {
    pub(super) fn key(&mut self, key: Key) -> Next {
        if key == letter('y') || key == letter('c') {
            self.copied = true;
            return Next::Try(Deed::CopyLink(self.link.clone()));
        }
        if key.is_enter() || key == letter('q') { Next::Close } else { Next::Stay }
    }

    pub(super) fn draw(&self, model: &Model, area: Rect, paper: &mut Paper<'_>) {
        let code = code(self.link.expose(), paper.theme.code.is_some());
        let cells = |length: usize| u16::try_from(length).unwrap_or(u16::MAX);
        let (code_width, code_height) = (cells(code.first().map_or(0, |row| text::width(row))), cells(code.len()));
        let shown = code_height > 0 && area.width >= code_width + 32 && area.height >= code_height;
        let title = format!("Invite {}", text::safe(model.name(self.patient), 28));
        let mut beside = if shown {
            paper.clear(area);
            // No frame: the code needs every row of an ordinary terminal.
            let width = (code_width + 52).min(area.width);
            let page = Rect { x: area.x + (area.width - width) / 2, width, ..area };
            let at = Rect { x: page.right() - code_width, y: page.y + (page.height - code_height) / 2, ..page };
            let style = paper.theme.code.unwrap_or_default();
            for (y, row) in (0..).zip(&code) {
                paper.text(Rect { width: code_width, ..at }, y, row, style);
            }
            let beside = Rect { x: page.x + 1, y: at.y + 1, width: width - code_width - 3, height: code_height - 1 };
            paper.text(beside, 0, &title, paper.theme.strong);
            Rect { y: beside.y + 2, height: beside.height - 2, ..beside }
        } else {
            panel(&title, 64, 16, area, paper)
        };
        beside.width = beside.width.min(60);
        let cells = usize::from(beside.width);
        let until = moment::day_and_clock(&model.local(self.expires), &model.local_now());
        let mut y = 0;
        let mut say = |paper: &mut Paper<'_>, words: &str, style, after: u16| {
            for line in text::wrap(words, cells) {
                paper.text(beside, y, &line, style);
                y += 1;
            }
            y += after;
        };
        let (accent, quiet) = (paper.theme.accent, paper.theme.quiet);
        say(paper, &text::safe(self.link.expose(), 400), accent, 1);
        if self.copied {
            say(paper, "✓ handed to the clipboard", paper.theme.good, 1);
        }
        say(paper, &format!("Opens until {until}. An older link is dead."), quiet, 1);
        say(paper, "Give it to nobody else: who opens it first is the patient until you compare the words.", quiet, 1);
        if !shown {
            say(paper, "This window is too small for the QR code.", quiet, 0);
        }
    }
}

/// A QR code in half blocks: two modules a cell, one above the other. With `ink`, dark modules are foreground;
/// otherwise light ones are, for terminals that are light on dark and have no colours.
fn code(text: &str, ink: bool) -> Vec<String> {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::L) else { return Vec::new() };
    let size = i32::try_from(code.width()).unwrap_or(0);
    let dark = |x: i32, y: i32| {
        let within = (0..size).contains(&x) && (0..size).contains(&y);
        let (x, y) = (usize::try_from(x).unwrap_or(0), usize::try_from(y).unwrap_or(0));
        within && code[(x, y)] == qrcode::Color::Dark
    };
    let rows = (-MARGIN..size + MARGIN).step_by(2);
    rows.map(|y| {
        (-MARGIN..size + MARGIN)
            .map(|x| match (dark(x, y) == ink, dark(x, y + 1) == ink) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            })
            .collect()
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_draws_the_modules_of_the_link() {
        let link = "https://relay.example/#v1.aaaa.bbbb";
        let drawn = code(link, true);
        let made = QrCode::with_error_correction_level(link, EcLevel::L).expect("a link fits");
        for y in 0..made.width() {
            for x in 0..made.width() {
                let cell = drawn[(y + 2) / 2].chars().nth(x + 2).expect("the row is wide enough");
                let dark = cell == '█' || cell == if y % 2 == 0 { '▀' } else { '▄' };
                assert_eq!(dark, made[(x, y)] == qrcode::Color::Dark, "module {x},{y}");
            }
        }
    }
}
