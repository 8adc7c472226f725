//! Four weeks line by line. Only the lines in sight are made.

use super::{Hit, called, clock_change};
use crate::client::agent::Named;
use crate::record::{Appointment, AppointmentStatus};
use crate::tui::model::Model;
use crate::tui::schedule::{DAY, Known, Piece, Schedule, days_on, takes_time, time_of};
use crate::tui::screen::{WIDE, meeting, status, their_time};
use crate::tui::widget::{Paper, Row, list, moment};
use jiff::civil::Date;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// A line of the list.
#[derive(Clone, Copy)]
enum Line<'a> {
    Blank,
    Day(Date),
    Piece(Date, &'a Piece),
}

/// The lines that are in sight, of how many, the first of them, and where among all the cursor's is.
struct Sight<'a> {
    lines: Vec<Line<'a>>,
    first: usize,
    all: usize,
}

/// Every line; days on which nothing is have none.
fn lines<'a>(schedule: &Schedule, known: &'a Known) -> impl Iterator<Item = Line<'a>> {
    let (from, days) = schedule.range;
    (0..days).flat_map(move |day| {
        let date = days_on(from, i64::from(day));
        let pieces = known.day(date);
        let head = if pieces.is_empty() { [None, None] } else { [Some(Line::Day(date)), Some(Line::Blank)] };
        let [first, last] = head;
        first.into_iter().chain(pieces.iter().map(move |piece| Line::Piece(date, piece))).chain(last)
    })
}

fn sight<'a>(schedule: &Schedule, known: &'a Known, height: usize) -> Sight<'a> {
    let is_chosen = |line: Line<'_>| match line {
        Line::Piece(date, piece) => date >= schedule.date && schedule.pick == Some(known.entry(piece).record.id),
        _ => false,
    };
    let all = lines(schedule, known).count();
    let at = lines(schedule, known).position(is_chosen).unwrap_or(0);
    // As other lists scroll.
    let first = (at + 1 + height / 3).saturating_sub(height).min(all.saturating_sub(height));
    Sight { lines: lines(schedule, known).skip(first).take(height).collect(), first, all }
}

pub(super) fn hit(schedule: &Schedule, area: Rect, y: u16) -> Option<Hit> {
    let known = schedule.known.as_ref()?;
    let sight = sight(schedule, known, usize::from(area.height));
    match sight.lines.get(usize::from(y.checked_sub(area.y)?))? {
        Line::Piece(date, piece) => Some(Hit::Appointment(known.entry(piece).record.id, *date, piece.from)),
        Line::Day(date) => Some(Hit::Day(*date)),
        Line::Blank => None,
    }
}

pub(super) fn draw(schedule: &Schedule, model: &Model, area: Rect, paper: &mut Paper<'_>) {
    let Some(known) = &schedule.known else { return };
    let sight = sight(schedule, known, usize::from(area.height));
    if sight.all == 0 {
        let words = if schedule.is_settled() { "  Nothing is booked in these four weeks. B books." } else { "" };
        return paper.text(area, 1, words, paper.theme.quiet);
    }
    for (y, line) in (0..area.height).zip(&sight.lines) {
        match line {
            Line::Blank => {}
            Line::Day(date) => paper.line(area, y, &day_row(*date, model, paper).line()),
            Line::Piece(_, piece) => {
                let entry = known.entry(piece);
                let row = piece_row(entry, piece, usize::from(area.width), model, paper);
                paper.line(area, y, &row.cut(usize::from(area.width)).line());
                if schedule.pick == Some(entry.record.id) {
                    list::mark(area, y, paper);
                }
            }
        }
    }
    list::more(sight.all.saturating_sub(sight.first + usize::from(area.height)), area, paper);
}

/// `Thu 26 Nov 2026  today`
fn day_row(date: Date, model: &Model, paper: &Paper<'_>) -> Row {
    let near = super::near(date, model);
    let row = Row::new().gap(1).text(moment::long_day(date), paper.theme.strong).gap(2).text(near, paper.theme.accent);
    match clock_change(model, date) {
        0 => row,
        on if on > 0 => row.text("the clocks go on", paper.theme.pending),
        _ => row.text("the clocks go back", paper.theme.pending),
    }
}

fn piece_row(entry: &Named<Appointment>, piece: &Piece, width: usize, model: &Model, paper: &Paper<'_>) -> Row {
    let theme = paper.theme;
    let appointment = &entry.record;
    let over = !takes_time(appointment) || appointment.status == AppointmentStatus::Fulfilled;
    let open = appointment.patient.is_none() && !appointment.nobodys;
    let name_style = match (open, over) {
        (true, _) => theme.pending,
        (_, true) => theme.quiet,
        (_, false) => theme.strong,
    };
    let quiet = if over { theme.quiet } else { Style::new() };
    let clock = |minute: i16| time_of(minute).strftime("%H:%M").to_string();
    let (word, word_style) = status(appointment, paper);
    let row = Row::new().gap(2);
    if width < usize::from(WIDE) {
        let name = width.saturating_sub(21);
        let from = if piece.is_whole() { "all day".to_owned() } else { clock(piece.from) };
        return row
            .column(&from, 7, quiet)
            .column(&called(entry, name), name, name_style)
            .gap(1)
            .text(word, word_style);
    }
    let until = if piece.to == DAY { "24:00".to_owned() } else { clock(piece.to) };
    let times = if piece.is_whole() { "all day".to_owned() } else { format!("{} ─ {until}", clock(piece.from)) };
    let name = width.saturating_sub(63).clamp(17, 26);
    let row = row
        .column(&times, 15, quiet)
        .column(&called(entry, name), name + 2, name_style)
        .column(if appointment.nobodys { "" } else { meeting(appointment.kind) }, 11, quiet)
        .column(word, 11, word_style);
    if open {
        return row.text("who is this?", theme.pending);
    }
    let zone = appointment.patient.and_then(|id| model.patient(id)).and_then(|patient| patient.zone.as_deref());
    let there = their_time(model, &appointment.start, zone).filter(|_| !over);
    there.map_or_else(|| row.clone(), |there| row.clone().say(there))
}
