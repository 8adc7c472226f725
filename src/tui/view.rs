//! One frame: head line, body, status line, key bar, and what lies above them.

use super::action::{Id, TABLE};
use super::model::{Model, Place, Stage};
use super::screen::{self, WIDE, door, visit};
use super::theme::Theme;
use super::widget::{Paper, Row, moment, text};
use crate::base::Stamp;
use crate::client::agent::RelayState;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// What a terminal must have at least, in columns and rows.
const LEAST: (u16, u16) = (40, 10);
/// With fewer rows the rule above the status line gives way to the body.
const ROOMY: u16 = 16;

/// Draws a frame and says where the cursor is shown.
pub(crate) fn draw(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let mut paper = Paper { buffer, theme, cursor: None };
    let paper = &mut paper;
    if area.width < LEAST.0 || area.height < LEAST.1 {
        too_small(area, paper);
    } else if model.blank {
        door::blank(area, paper);
        draw_status(model, status_row(area), paper, true);
    } else if matches!(model.stage, Stage::Open) {
        draw_open(model, area, paper);
    } else {
        door::draw(model, Rect { height: area.height - 1, ..area }, paper);
        draw_hints(&door_hints(model), bar_row(area), paper);
    }
    paper.disarm();
    paper.cursor
}

fn too_small(area: Rect, paper: &mut Paper<'_>) {
    let words = format!("This window is {} × {}; bedside needs {} × {}.", area.width, area.height, LEAST.0, LEAST.1);
    for (y, line) in (0..).zip(text::wrap(&words, usize::from(area.width))) {
        paper.text(area, y, &line, Style::new());
    }
}

fn bar_row(area: Rect) -> Rect {
    Rect { y: area.bottom() - 1, height: 1, ..area }
}

fn status_row(area: Rect) -> Rect {
    Rect { y: area.bottom() - 2, height: 1, ..area }
}

/// The whole terminal.
pub(crate) fn screen(model: &Model) -> Rect {
    let (columns, rows) = model.size;
    Rect::new(0, 0, columns, rows)
}

/// The rows between head line and foot.
pub(crate) fn body(area: Rect) -> Rect {
    let foot = if area.height < ROOMY { 2 } else { 3 };
    Rect { y: area.y + 2, height: area.height.saturating_sub(2 + foot), ..area }
}

/// The action whose name stands in the key bar at this cell.
pub(crate) fn bar_at(model: &Model, x: u16, y: u16) -> Option<Id> {
    let area = screen(model);
    if y + 1 != area.height || model.overlay().is_some() {
        return None;
    }
    let named = bar(model, usize::from(area.width)).into_iter();
    let mut from = 1;
    for (id, key, name) in named {
        let to = from + text::width(&key) + 1 + text::width(name);
        if (from..to).contains(&usize::from(x)) {
            return Some(id);
        }
        from = to + 2;
    }
    None
}

fn draw_open(model: &Model, area: Rect, paper: &mut Paper<'_>) {
    let width = usize::from(area.width);
    let head = Row::new().gap(1).then(screen::head(model, paper)).ends(head_right(model, paper), width);
    paper.line(area, 0, &head);
    paper.rule(area, 1);
    screen::draw(model, body(area), paper);
    if area.height >= ROOMY {
        paper.rule(area, area.height - 3);
    }
    let above = Rect { height: area.height - 2, ..area };
    for layer in &model.layers {
        recede(above, paper);
        layer.overlay.draw(model, above, paper);
    }
    draw_said(model, above, paper);
    draw_status(model, status_row(area), paper, false);
    draw_bar(model, bar_row(area), paper);
}

/// What lies below an overlay steps back.
fn recede(area: Rect, paper: &mut Paper<'_>) {
    let back = Style::reset().patch(paper.theme.off);
    paper.buffer.set_style(area, back);
}

/// The time, who waits; where there is room also what is not read and not signed.
fn head_right(model: &Model, paper: &Paper<'_>) -> Row {
    let theme = paper.theme;
    let narrow = model.size.0 < WIDE;
    let gap = if narrow { 1 } else { 3 };
    let mut row = Row::new().say(moment::clock(&model.local_now()));
    if model.waiting > 0 {
        let words = if narrow { format!("●{}", model.waiting) } else { format!("● {} waiting", model.waiting) };
        row = row.gap(gap).text(words, theme.waiting);
    }
    if let Some(today) =
        model.today.as_ref().filter(|_| matches!(model.place(), Place::Today | Place::Messages | Place::Room))
    {
        if today.unread_count > 0 {
            let words =
                if narrow { format!("✉{}", today.unread_count) } else { format!("✉ {}", today.unread_count) };
            row = row.gap(gap).text(words, theme.pending);
        }
        if today.unsigned_count > 0 {
            let count = today.unsigned_count;
            let words = if narrow { format!("✎{count}") } else { format!("✎ {count} unsigned") };
            row = row.gap(gap).text(words, theme.pending);
        }
    }
    row.gap(1)
}

/// What the console says, right above the status line.
fn draw_said(model: &Model, area: Rect, paper: &mut Paper<'_>) {
    let Some(said) = &model.said else { return };
    let (sign, style) = if said.bad { ("! ", paper.theme.bad) } else { ("", paper.theme.accent) };
    let lines = text::wrap(&format!("{sign}{}", said.text), usize::from(area.width.saturating_sub(4)));
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(4);
    for (up, line) in (0..height).rev().zip(&lines) {
        let y = area.height - 1 - up;
        let row = Rect { y: area.y + y, height: 1, ..area };
        if lines.len() > 1 || area.height + 2 < ROOMY {
            paper.clear(row);
        }
        let words = Rect { x: area.x + 1, width: area.width - 1, ..row };
        paper.text(words, 0, &format!(" {line} "), style);
    }
}

/// The vault, the relay, the visit. During a visit microphone, camera and path come first and are never covered.
fn draw_status(model: &Model, row: Rect, paper: &mut Paper<'_>, blank: bool) {
    paper.clear(row);
    let narrow = row.width < WIDE;
    let width = usize::from(row.width);
    let (good, quiet, bad) = (paper.theme.good, paper.theme.quiet, paper.theme.bad);
    let relay = match model.relay {
        RelayState::None => Row::new().text("no relay", quiet),
        RelayState::Down => Row::new().text("relay ✗ not reached", bad),
        RelayState::Refused => Row::new().text("relay ✗ refuses us", bad),
        RelayState::Up { .. } if narrow => Row::new().text("relay ✓", good),
        RelayState::Up { round_trip_ms } => {
            Row::new().text("relay ✓", good).text(format!(" {round_trip_ms} ms"), quiet)
        }
    };
    if let Some(live) = &model.visit {
        let left = Row::new().gap(1).then(visit::status(live, model, narrow, paper));
        let right = if blank || narrow { Row::new() } else { relay.gap(1) };
        paper.line(row, 0, &left.ends(right, width));
        return;
    }
    if blank {
        return;
    }
    let mut vault = Row::new().gap(1).text("vault open", quiet);
    if let Some(at) = model.lock_at.filter(|_| !narrow) {
        vault = vault.text(format!(" · locks in {}", locks_in(at, model.now)), quiet);
    }
    let unsaved = model.leaving.len();
    if unsaved > 0 {
        vault = vault.gap(3).text(format!("{unsaved} note not saved yet"), bad);
    }
    let right = if narrow { relay } else { relay.gap(3).text("no visit", quiet) };
    paper.line(row, 0, &vault.ends(right.gap(1), width));
}

fn locks_in(at: Stamp, now: Stamp) -> String {
    match at.since(now).as_secs() {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds => moment::span(std::time::Duration::from_secs(seconds.div_ceil(60) * 60)),
    }
}

fn door_hints(model: &Model) -> Vec<(&'static str, &'static str)> {
    match &model.stage {
        Stage::Locked(door) if door.recovery => vec![("Enter", "unlock"), ("Tab", "passphrase"), ("Ctrl-Q", "leave")],
        Stage::Locked(_) => vec![("Enter", "unlock"), ("Tab", "recovery key"), ("F9", "blank"), ("Ctrl-Q", "leave")],
        Stage::Unreachable(_) => vec![("r", "start it"), ("q", "leave")],
        Stage::Opening | Stage::Missing | Stage::Open => vec![("q", "leave")],
    }
}

fn draw_hints(hints: &[(&str, &str)], row: Rect, paper: &mut Paper<'_>) {
    let mut bar = Row::new();
    for (key, what) in hints {
        bar = bar.apart(2).text(*key, paper.theme.key).say(format!(" {what}"));
    }
    paper.line(row, 0, &Row::new().gap(1).then(bar).cut(usize::from(row.width)).line());
}

/// What works now, the most important first, as far as there is room: the action, its key and its name.
fn bar(model: &Model, width: usize) -> Vec<(Id, String, &'static str)> {
    let writing = model.writing();
    let mut actions: Vec<_> = TABLE.iter().filter(|action| action.bar > 0 && action.available(model).is_ok()).collect();
    actions.sort_by_key(|action| u8::MAX - action.bar);
    let room = if writing { width } else { width.saturating_sub(HELP.len() + 3) };
    let mut shown: Vec<(Id, String, &'static str)> = Vec::new();
    let mut used = 0;
    for action in actions.into_iter().filter(|action| action.id != Id::Help) {
        let (Some(key), name) = (action.key(writing), action.name(model)) else { continue };
        let key = key.to_string();
        let cells = text::width(&key) + 1 + text::width(name);
        // Enter and c may do the same; once is enough.
        if shown.iter().any(|(_, _, other)| *other == name) || used + cells + 3 > room {
            continue;
        }
        used += cells + if shown.is_empty() { 0 } else { 2 };
        shown.push((action.id, key, name));
    }
    shown
}

/// What stands behind the bar: where all the others are.
const HELP: &str = " all keys ";

/// What works now; what does not fit is in the help.
fn draw_bar(model: &Model, row: Rect, paper: &mut Paper<'_>) {
    paper.clear(row);
    if let Some(layer) = model.layers.last() {
        return draw_hints(&layer.hints(), row, paper);
    }
    let mut line = Row::new();
    for (_, key, name) in bar(model, usize::from(row.width)) {
        line = line.apart(2).text(key, paper.theme.key).say(format!(" {name}"));
    }
    let line = Row::new().gap(1).then(line);
    let line = if model.writing() { line } else { line.gap(2).text("?", paper.theme.key).say(HELP) };
    paper.line(row, 0, &line.line());
}
