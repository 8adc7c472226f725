//! The screens: plain functions from the model to cells.

pub(crate) mod door;
pub(crate) mod messages;
pub(crate) mod note;
pub(crate) mod patient;
pub(crate) mod room;
pub(crate) mod schedule;
pub(crate) mod today;
pub(crate) mod visit;

use super::model::{Model, Pick, Screen};
use super::widget::{Paper, Row, moment, text};
use crate::base::zone;
use crate::record::{Appointment, AppointmentKind, AppointmentStatus, Message, Task};
use ratatui::{layout::Rect, style::Style, text::Line};

/// Below this many columns a screen shows one thing under the other, and less of each.
pub(crate) const WIDE: u16 = 64;

/// Draws the body of the shown screen.
pub(crate) fn draw(model: &Model, area: Rect, paper: &mut Paper<'_>) {
    match model.screen() {
        Screen::Today { .. } => today::draw(model, area, paper),
        Screen::Patient { .. } => patient::draw(model, area, paper),
        Screen::Messages(messages) => messages::draw(messages, model, area, paper),
        Screen::Note => note::draw(model, area, paper),
        Screen::Room { .. } => room::draw(model, area, paper),
        Screen::Schedule(schedule) => schedule::draw(schedule, model, area, paper),
        Screen::Visit { .. } => visit::draw(model, area, paper),
    }
}

/// The head line's left side: where we are.
pub(crate) fn head(model: &Model, paper: &Paper<'_>) -> Row {
    let (strong, quiet) = (paper.theme.strong, paper.theme.quiet);
    match model.screen() {
        Screen::Today { .. } => today::head(model, paper),
        Screen::Patient { id, .. } => patient::head(model, *id, paper),
        Screen::Messages(_) => Row::new().text("Messages", strong),
        Screen::Note => note::head(model, paper),
        Screen::Room { .. } => Row::new().text("Waiting room", strong).gap(2).text(room::count(model), quiet),
        Screen::Schedule(_) => schedule::head(model, paper),
        Screen::Visit { .. } => visit::head(model, paper),
    }
}

/// What the cursor can stand on, in order.
pub(crate) fn picks(model: &Model) -> Vec<Pick> {
    parts(model).concat()
}

/// The same by parts of the screen.
pub(crate) fn parts(model: &Model) -> Vec<Vec<Pick>> {
    match model.screen() {
        Screen::Today { .. } => today::parts(model),
        Screen::Patient { chart, .. } => chart.as_ref().map(|chart| patient::parts(chart, model)).unwrap_or_default(),
        Screen::Messages(messages) => {
            vec![messages::threads(messages).into_iter().map(|thread| Pick::Thread(thread.patient)).collect()]
        }
        Screen::Room { .. } => vec![model.room.iter().map(|waiting| Pick::Waiting(waiting.patient)).collect()],
        // The schedule's cursor goes its own ways.
        Screen::Note | Screen::Visit { .. } | Screen::Schedule(_) => Vec::new(),
    }
}

/// An appointment's status with the style of its meaning.
fn status(appointment: &Appointment, paper: &Paper<'_>) -> (&'static str, Style) {
    let style = match appointment.status {
        AppointmentStatus::Arrived => paper.theme.waiting,
        AppointmentStatus::Noshow => paper.theme.bad,
        AppointmentStatus::Cancelled | AppointmentStatus::Fulfilled => paper.theme.quiet,
        AppointmentStatus::Proposed => paper.theme.pending,
        AppointmentStatus::Booked => Style::new(),
    };
    (appointment.status.as_str(), style)
}

/// How they meet, in words.
const fn meeting(kind: AppointmentKind) -> &'static str {
    match kind {
        AppointmentKind::Visit => "visit",
        AppointmentKind::InPerson => "in person",
    }
}

/// `Alan Turing: call back after no-show      today`: overdue is told by word and colour.
fn task(model: &Model, task: &Task, name: Option<&str>, width: usize, paper: &Paper<'_>) -> Line<'static> {
    let theme = paper.theme;
    let (when, style) = match (task.done, task.due) {
        (Some(_), _) => ("✓ done".to_owned(), theme.quiet),
        (None, Some(due)) => match due.since(model.local_now().date()).map_or(0, |span| span.get_days()) {
            days @ ..0 => (format!("overdue {} d", days.unsigned_abs()), theme.bad),
            0 => ("today".to_owned(), theme.pending),
            1 => ("tomorrow".to_owned(), Style::new()),
            2..7 => (due.strftime("%a").to_string(), Style::new()),
            _ => (moment::short_day(due, model.local_now().date()), theme.quiet),
        },
        (None, None) => (String::new(), theme.quiet),
    };
    let (named, said) = if task.done.is_some() { (theme.quiet, theme.quiet) } else { (theme.strong, Style::new()) };
    let mut row = Row::new().gap(2);
    if let Some(name) = name {
        row = row.text(format!("{}: ", text::safe(name, (width / 3).min(20))), named);
    }
    let row = row.text(text::safe(task.text.expose(), width), said);
    row.ends(Row::new().text(when, style).gap(1), width)
}

/// The beginning of a message in quotes.
fn quoted(message: &Message, cells: usize) -> String {
    format!("“{}”", text::safe(message.text.expose(), cells.saturating_sub(2)))
}

/// The time at the patient's place, if their zone is another than the practice's: `16:00 in Berlin`.
pub(crate) fn their_time(model: &Model, at: &jiff::Zoned, zone: Option<&str>) -> Option<String> {
    let zone = zone?;
    let there = at.with_time_zone(zone::find(zone)?);
    let here = at.with_time_zone(model.zone.clone());
    (there.offset() != here.offset()).then(|| format!("{} in {}", moment::clock(&there), moment::city(zone)))
}
