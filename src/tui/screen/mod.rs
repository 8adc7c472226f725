//! The screens: plain functions from the model to cells.

pub(crate) mod door;
pub(crate) mod messages;
pub(crate) mod note;
pub(crate) mod patient;
pub(crate) mod room;
pub(crate) mod today;
pub(crate) mod visit;

use super::model::{Model, Pick, Screen};
use super::widget::{Paper, Row, moment, text};
use crate::record::{Appointment, AppointmentKind, AppointmentStatus, Message};
use ratatui::{layout::Rect, style::Style};

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
        Screen::Note | Screen::Visit { .. } => Vec::new(),
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

/// The beginning of a message in quotes.
fn quoted(message: &Message, cells: usize) -> String {
    format!("“{}”", text::safe(message.text.expose(), cells.saturating_sub(2)))
}

/// The time at the patient's place, if their zone is another than the practice's: `16:00 in Berlin`.
fn their_time(model: &Model, at: &jiff::Zoned, zone: Option<&str>) -> Option<String> {
    let zone = zone?;
    let there = at.with_time_zone(jiff::tz::TimeZone::get(zone).ok()?);
    let here = at.with_time_zone(model.zone.clone());
    (there.offset() != here.offset()).then(|| format!("{} in {}", moment::clock(&there), moment::city(zone)))
}
