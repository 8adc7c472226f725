//! The waiting room: who is there, since when, and what we know of them.

use super::today::waiting_row;
use crate::client::agent::Waiting;
use crate::tui::model::{Model, Pick};
use crate::tui::widget::{Paper, Row, list, list::Item, moment, text};
use ratatui::{layout::Rect, style::Style};

/// How many wait.
pub(super) fn count(model: &Model) -> String {
    match model.room.len() {
        0 => "nobody waits".to_owned(),
        1 => "1 waits".to_owned(),
        more => format!("{more} wait"),
    }
}

pub(super) fn draw(model: &Model, area: Rect, paper: &mut Paper<'_>) {
    if model.room.is_empty() {
        paper.text(area, 1, "  Nobody waits. The terminal rings when somebody comes.", paper.theme.quiet);
        return;
    }
    let width = usize::from(area.width);
    let mut items = Vec::new();
    for waiting in &model.room {
        let row = waiting_row(model, waiting, width, paper).cut(width.saturating_sub(2));
        items.push(Item::of(Pick::Waiting(waiting.patient), row));
        items.extend(details(model, waiting, paper).into_iter().map(|row| Item::fixed(Row::new().gap(2).then(row))));
        items.push(Item::fixed(Row::new()));
    }
    list::draw(&items, model.cursor().as_ref(), area, paper);
}

/// Where they are, what they were told, whom to call.
fn details(model: &Model, waiting: &Waiting, paper: &Paper<'_>) -> Vec<Row> {
    let quiet = paper.theme.quiet;
    let mut rows = Vec::new();
    let since = moment::clock(&model.local(waiting.since));
    let mut row = Row::new().text(format!("since {since}"), quiet);
    if let Some((minutes, at)) = &waiting.told {
        let what = minutes.map_or_else(|| "told".to_owned(), |minutes| format!("told “about {minutes} minutes”"));
        row = row.dot(format!("{what} {}", moment::ago(model.now.since(*at))), Style::new(), quiet);
    }
    rows.push(row);
    let mut row = Row::new();
    if let Some(place) = waiting.place.as_ref().filter(|place| !place.expose().is_empty()) {
        row = row.text("place ", quiet).say(text::safe(place.expose(), 60));
    }
    match waiting.alone {
        Some(true) => row = row.dot("not overheard, they say", Style::new(), quiet),
        Some(false) => row = row.dot("may be overheard", paper.theme.unverified, quiet),
        None => {}
    }
    if row.width() > 0 {
        rows.push(row);
    }
    if let Some(phone) = model.patient(waiting.patient).and_then(|patient| patient.phone.as_ref()) {
        rows.push(Row::new().text("phone ", quiet).say(text::safe(phone.expose(), 40)));
    }
    rows
}
