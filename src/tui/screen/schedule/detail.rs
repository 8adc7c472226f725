//! What the cursor is on, or what is in the hand, in one line of words.

use super::called;
use crate::client::agent::Named;
use crate::record::Appointment;
use crate::record::schedule::outside;
use crate::tui::model::Model;
use crate::tui::schedule::{DAY, Hand, Known, Piece, STEP, Schedule, View, takes_time, time_of};
use crate::tui::screen::{meeting, status, their_time};
use crate::tui::widget::{Paper, Row, moment, text};
use jiff::civil::Date;
use ratatui::style::Style;

const NAME: usize = 28;

pub(super) fn words(schedule: &Schedule, model: &Model, paper: &Paper<'_>) -> Row {
    if let Some(hand) = &schedule.hand {
        return in_hand(hand, paper);
    }
    if let Some(entry) = schedule.pick.and_then(|pick| schedule.find(pick)) {
        return appointment(entry, model, paper);
    }
    match schedule.view {
        View::Month => day(schedule, paper),
        View::Day | View::Week => slot(schedule, model, paper),
        View::Agenda => Row::new(),
    }
}

fn clock(minute: i16) -> String {
    if minute == DAY { "24:00".to_owned() } else { time_of(minute).strftime("%H:%M").to_string() }
}

fn short(date: Date) -> String {
    date.strftime("%a %-d %b").to_string()
}

/// `Ada Byron → Tue 1 Dec 15:00–15:50 · was Mon 30 Nov 14:00`
fn in_hand(hand: &Hand, paper: &Paper<'_>) -> Row {
    let name = called(&hand.of, NAME);
    let (date, minute, minutes) = hand.was;
    let end = (hand.minute + hand.minutes).rem_euclid(DAY);
    let to = format!("{} {}–{}", short(hand.date), clock(hand.minute), clock(end));
    let quiet = paper.theme.quiet;
    let row = Row::new().text(name, paper.theme.strong).text(if hand.copy { " once more " } else { " → " }, quiet);
    let row = row.text(to, paper.theme.accent);
    let was = match (date == hand.date && minute == hand.minute, minutes == hand.minutes) {
        (true, true) => return row.dot("arrows move it, + and - change its length", quiet, quiet),
        (true, false) => format!("was {minutes} min"),
        (false, _) => format!("was {} {}", short(date), clock(minute)),
    };
    row.dot(was, quiet, quiet)
}

fn appointment(entry: &Named<Appointment>, model: &Model, paper: &Paper<'_>) -> Row {
    let theme = paper.theme;
    let record = &entry.record;
    let (start, end) = (model.in_zone(&record.start), model.in_zone(&record.end));
    let name_style = if record.unmatched() { theme.pending } else { theme.strong };
    let times = format!("{} {}–{}", short(start.date()), moment::clock(&start), moment::clock(&end));
    let (word, word_style) = status(record, paper);
    let mut row = Row::new().text(called(entry, NAME), name_style).dot(times, Style::new(), theme.quiet);
    row = row.dot(meeting(record.kind), Style::new(), theme.quiet).dot(word, word_style, theme.quiet);
    if record.unmatched() {
        row = row.dot("Enter says who this is", theme.pending, theme.quiet);
    }
    let patient = record.patient.and_then(|id| model.patient(id));
    let zone = patient.and_then(|patient| patient.zone.as_deref());
    if let Some(there) = their_time(model, &record.start, zone) {
        row = row.dot(there, Style::new(), theme.quiet);
    }
    if patient.is_some_and(|patient| !patient.verified()) {
        row = row.dot("not verified", theme.unverified, theme.quiet);
    }
    if record.series.is_some() {
        row = row.dot("of a series", theme.quiet, theme.quiet);
    }
    if takes_time(record) && outside(&model.hours, &start, &end) {
        row = row.dot("outside the working hours", theme.quiet, theme.quiet);
    }
    match &record.source {
        Some(source) => row.dot(format!("from {}", text::safe(source.feed.expose(), 20)), theme.quiet, theme.quiet),
        None => row,
    }
}

/// `Thu 26 Nov 15:00 · free until 16:00`
fn slot(schedule: &Schedule, model: &Model, paper: &Paper<'_>) -> Row {
    let quiet = paper.theme.quiet;
    let row = Row::new().text(format!("{} {}", short(schedule.date), clock(schedule.minute)), paper.theme.accent);
    let Some(known) = schedule.known.as_ref().filter(|_| schedule.is_settled()) else { return row };
    let later = |piece: &&Piece| !piece.is_whole() && piece.from > schedule.minute && taken(known, piece);
    let until = known.day(schedule.date).iter().find(later).map(|piece| piece.from);
    let row = match until {
        Some(until) => row.dot(format!("free until {}", clock(until)), Style::new(), quiet),
        None => row.dot("free", Style::new(), quiet),
    };
    let whole = known.day(schedule.date).iter().find(|piece| piece.is_whole() && taken(known, piece));
    let row = match whole {
        Some(piece) => row.dot(format!("all day: {}", called(known.entry(piece), NAME)), Style::new(), quiet),
        None => row,
    };
    let at = |minute: i16| schedule.date.to_datetime(time_of(minute)).to_zoned(model.zone.clone()).ok();
    let beyond = at(schedule.minute).zip(at((schedule.minute + STEP).min(DAY - 1)));
    if beyond.is_some_and(|(start, end)| outside(&model.hours, &start, &end)) {
        return row.dot("outside the working hours", quiet, quiet);
    }
    row
}

fn taken(known: &Known, piece: &Piece) -> bool {
    takes_time(&known.entry(piece).record)
}

/// `Thu 26 Nov · 5 appointments`
fn day(schedule: &Schedule, paper: &Paper<'_>) -> Row {
    let row = Row::new().text(short(schedule.date), paper.theme.accent);
    let Some(known) = schedule.known.as_ref() else { return row };
    let count = known.day(schedule.date).iter().filter(|piece| taken(known, piece)).count();
    let words = match count {
        0 => "nothing is booked".to_owned(),
        1 => "1 appointment".to_owned(),
        count => format!("{count} appointments"),
    };
    row.dot(words, Style::new(), paper.theme.quiet)
}
