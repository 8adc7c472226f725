//! What is shown while the vault is not open: locked, missing, or nobody there to ask. No names, no counts of anything
//! but who waits.

use crate::base::Failure;
use crate::tui::model::{Door, Model, Stage};
use crate::tui::widget::{Paper, digits, moment, text};
use ratatui::layout::Rect;

pub(crate) fn draw(model: &Model, area: Rect, paper: &mut Paper<'_>) {
    match &model.stage {
        Stage::Opening => say(area, "bedside", &["opening…".to_owned()], paper),
        Stage::Missing => missing(model, area, paper),
        Stage::Unreachable(failure) => unreachable(failure, area, paper),
        Stage::Locked(door) => locked(door, model, area, paper),
        Stage::Open => {}
    }
    held(model, area, paper);
}

/// What was written and is in this console only, told on the last lines.
fn held(model: &Model, area: Rect, paper: &mut Paper<'_>) {
    if matches!(model.stage, Stage::Open) || !(model.unsaved() || model.begun()) {
        return;
    }
    let (words, style) = if model.warned {
        ("Leaving again loses what you wrote last: it is in this console only.", paper.theme.bad)
    } else {
        ("What you wrote last is held here until the vault is open.", paper.theme.quiet)
    };
    let lines = text::wrap(words, usize::from(area.width.saturating_sub(2)));
    let top = area.height.saturating_sub(u16::try_from(lines.len()).unwrap_or(u16::MAX));
    for (y, line) in (top..).zip(&lines) {
        paper.centred(area, y, line, style);
    }
}

fn say(area: Rect, title: &str, lines: &[String], paper: &mut Paper<'_>) {
    let width = usize::from(area.width.saturating_sub(4));
    let lines: Vec<_> = lines.iter().flat_map(|line| text::wrap(line, width)).collect();
    let top = area.height.saturating_sub(u16::try_from(lines.len() + 2).unwrap_or(u16::MAX)) / 2;
    paper.centred(area, top, title, paper.theme.strong);
    for (y, line) in (top + 2..).zip(&lines) {
        paper.centred(area, y, line, ratatui::style::Style::new());
    }
}

fn missing(model: &Model, area: Rect, paper: &mut Paper<'_>) {
    let folder = text::safe(&model.folder, usize::from(area.width.saturating_sub(6)));
    let lines = [
        "There is no practice here yet:".to_owned(),
        folder,
        String::new(),
        "Leave with q, then run".to_owned(),
        "bedside init".to_owned(),
    ];
    say(area, "Welcome to bedside", &lines, paper);
}

fn unreachable(failure: &Failure, area: Rect, paper: &mut Paper<'_>) {
    let safe = |words: &str| text::safe(words, 300);
    let lines = [
        safe(&failure.message),
        failure.hint.as_deref().map(safe).unwrap_or_default(),
        String::new(),
        "Trying again… r tries at once, q leaves.".to_owned(),
    ];
    say(area, "The agent is not there", &lines, paper);
}

fn locked(door: &Door, model: &Model, area: Rect, paper: &mut Paper<'_>) {
    let clock = moment::clock(&model.local_now());
    let large = area.height >= 16;
    let clock_height = if large { digits::HEIGHT } else { 1 };
    let mut y = area.height.saturating_sub(clock_height + 8) / 2;
    if large {
        let left = area.width.saturating_sub(digits::WIDTH) / 2;
        let at = Rect { x: area.x + left, y: area.y + y, width: area.width - left, height: area.height - y };
        digits::draw(&clock, at, paper.theme.strong, paper);
    } else {
        paper.centred(area, y, &clock, paper.theme.strong);
    }
    y += clock_height + 1;
    if model.waiting > 0 {
        paper.centred(area, y, &format!("● {} waiting", model.waiting), paper.theme.waiting);
    }
    y += 2;
    let label = if door.recovery { "Recovery key" } else { "Passphrase" };
    let width = 40.min(area.width.saturating_sub(2));
    let left = area.x + (area.width - width) / 2;
    let field = Rect { x: left, y: area.y + y + 1, width, height: area.height.saturating_sub(y + 1) };
    if door.trying {
        paper.centred(area, y, "opening…", paper.theme.accent);
    } else {
        paper.text(Rect { y: area.y + y, ..field }, 0, label, paper.theme.quiet);
        door.secret.draw(Rect { height: field.height.min(1), ..field }, paper);
    }
    paper.text(field, 1, &"─".repeat(usize::from(width)), paper.theme.quiet);
    y += 3;
    let (words, style) = match &door.refused {
        Some(failure) => (text::safe(&failure.message, 200), paper.theme.bad),
        None if door.recovery => ("Tab: the passphrase again".to_owned(), paper.theme.quiet),
        None => ("Forgotten? Tab: the recovery key you kept".to_owned(), paper.theme.quiet),
    };
    for (y, line) in (y..).zip(text::wrap(&words, usize::from(area.width.saturating_sub(2)))) {
        paper.centred(area, y, &line, style);
    }
}

/// A blanked screen shows nothing but that it is blanked.
pub(crate) fn blank(area: Rect, paper: &mut Paper<'_>) {
    paper.centred(area, area.height / 2, "·", paper.theme.quiet);
}
