//! Every key and what it does, by the action table.

use super::{Next, panel};
use crate::tui::action::{Group, TABLE};
use crate::tui::keymap::{Key, letter, plain};
use crate::tui::model::Model;
use crate::tui::theme::Theme;
use crate::tui::widget::{Paper, Row, Scroll, text};
use crossterm::event::KeyCode;
use ratatui::{layout::Rect, style::Style};

pub(super) fn key(scroll: &mut Scroll, key: Key) -> Next {
    let page = 10;
    if key == plain(KeyCode::Down) || key == letter('j') {
        scroll.by(1);
    } else if key == plain(KeyCode::Up) || key == letter('k') {
        scroll.by(-1);
    } else if key == plain(KeyCode::PageDown) || key == letter(' ') {
        scroll.by(page);
    } else if key == plain(KeyCode::PageUp) {
        scroll.by(-page);
    } else if key == letter('g') || key == plain(KeyCode::Home) {
        scroll.by(isize::MIN);
    } else if key == letter('G') || key == plain(KeyCode::End) {
        scroll.by(isize::MAX);
    } else if key == letter('q') || key == letter('?') || key.is_enter() {
        return Next::Close;
    }
    Next::Stay
}

fn rows(model: &Model, width: usize, theme: &Theme) -> Vec<Row> {
    let mut rows = Vec::new();
    let narrow = width < 56;
    let (keys_width, title_width) = if narrow { (9, 0) } else { (18, 20) };
    for group in Group::ALL {
        if !rows.is_empty() {
            rows.push(Row::new());
        }
        rows.push(Row::new().text(group.title(), theme.strong));
        for action in TABLE.iter().filter(|action| action.group == group) {
            let available = action.available(model);
            let (key_style, style) = if available.is_ok() { (theme.key, Style::new()) } else { (theme.off, theme.off) };
            let keys: Vec<_> = action.keys.iter().map(ToString::to_string).collect();
            let keys = if narrow { keys[0].clone() } else { keys.join(" ") };
            let about = match available {
                Err(why) if why != "not on this screen" => format!("{} ({why})", action.about),
                _ => action.about.to_owned(),
            };
            let about = if narrow { action.title.to_owned() } else { about };
            let about_width = width.saturating_sub(keys_width + title_width + 2);
            for (at, line) in text::wrap(&about, about_width).into_iter().enumerate() {
                let (keys, title) = if at == 0 { (keys.as_str(), action.title) } else { ("", "") };
                let row = Row::new().column(keys, keys_width, key_style).gap(1).column(title, title_width, style);
                rows.push(row.gap(1).text(line, if narrow { style } else { style.patch(theme.quiet) }));
            }
        }
    }
    rows
}

pub(super) fn draw(scroll: &Scroll, model: &Model, area: Rect, paper: &mut Paper<'_>) {
    let inner = panel("All keys", 100, area.height, area, paper);
    let rows = rows(model, usize::from(inner.width), paper.theme);
    let top = scroll.top(rows.len(), usize::from(inner.height));
    for (y, row) in (0..inner.height).zip(rows.into_iter().skip(top)) {
        paper.line(inner, y, &row.line());
    }
}
