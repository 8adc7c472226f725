//! A note: a draft to write in, or a signed one to read.

use crate::tui::editor::Editor;
use crate::tui::model::Model;
use crate::tui::widget::{Paper, Row, moment, text};
use ratatui::{layout::Rect, style::Style};

/// Longer lines are hard to read.
const MOST_COLUMNS: u16 = 96;

pub(super) fn head(model: &Model, paper: &Paper<'_>) -> Row {
    let Some(editor) = &model.editor else { return Row::new().text("Note", paper.theme.strong) };
    let kind = crate::tui::overlay::choice::name(editor.note.kind).0;
    let day = moment::short_day(model.local(editor.note.created).date(), model.local_now().date());
    Row::new()
        .text(editor.name.clone(), paper.theme.strong)
        .gap(2)
        .say(kind)
        .dot(day, Style::new(), paper.theme.quiet)
        .dot(editor.state(model.now), state_style(editor, paper), paper.theme.quiet)
}

/// A draft is still to be signed; what is not saved stands out.
pub(super) fn state_style(editor: &Editor, paper: &Paper<'_>) -> Style {
    if editor.is_draft() { paper.theme.pending } else { paper.theme.good }
}

pub(super) fn draw(model: &Model, area: Rect, paper: &mut Paper<'_>) {
    let Some(editor) = &model.editor else {
        paper.text(area, 1, "  opening…", paper.theme.quiet);
        return;
    };
    if editor.is_draft() {
        draw_draft(editor, true, area, paper);
    } else {
        draw_signed(editor, model, inset(area), paper);
    }
}

/// The same margin at both sides, and no line too long.
fn inset(area: Rect) -> Rect {
    let margin = if area.width < super::WIDE { 1 } else { 2 };
    Rect { x: area.x + margin, width: area.width.saturating_sub(2 * margin).min(MOST_COLUMNS), ..area }
}

/// The text of a draft with the cursor in it.
pub(super) fn draw_draft(editor: &Editor, focused: bool, area: Rect, paper: &mut Paper<'_>) {
    editor.field.draw(inset(area), focused, paper);
}

fn draw_signed(editor: &Editor, model: &Model, area: Rect, paper: &mut Paper<'_>) {
    let width = usize::from(area.width);
    let quiet = paper.theme.quiet;
    let at = |stamp| moment::day_and_clock(&model.local(stamp), &model.local_now());
    let mut lines: Vec<(String, Style)> =
        text::safe_lines(editor.note.text.expose(), width).into_iter().map(|line| (line, Style::new())).collect();
    if let Some(signed) = editor.note.signed {
        lines.extend([(String::new(), quiet), (format!("── signed {} ──", at(signed)), quiet)]);
    }
    for addendum in &editor.note.addenda {
        lines.extend([(String::new(), quiet), (format!("Addendum {}", at(addendum.at)), paper.theme.strong)]);
        lines.extend(text::safe_lines(addendum.text.expose(), width).into_iter().map(|line| (line, Style::new())));
    }
    let top = editor.scroll.top(lines.len(), usize::from(area.height));
    for (y, (line, style)) in (0..area.height).zip(lines.iter().skip(top)) {
        paper.text(area, y, line, *style);
    }
}
