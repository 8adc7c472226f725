//! Appointments as blocks of a day: those at the same time beside each other.

use super::grid::Grid;
use super::{called, called_short};
use crate::base::id::AppointmentId;
use crate::client::agent::Named;
use crate::record::{Appointment, AppointmentStatus};
use crate::tui::model::Model;
use crate::tui::schedule::{DAY, Known, Piece, Schedule, takes_time, time_of};
use crate::tui::screen::{meeting, status, their_time};
use crate::tui::widget::{Paper, Row, list, moment};
use jiff::civil::Date;
use ratatui::style::Style;

/// Columns that a block has at least; more blocks than fit are counted.
const LEAST: u16 = 4;
/// From so many columns on everything stands in one line.
const WIDE: usize = 44;
/// From so many columns on a status can be told by the beginning of its word.
const SPELT: usize = 6;
/// From so many columns on the time stands before the name.
const TIMED: usize = 20;

/// An appointment's place, in rows of the window, which may lie before or behind it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Block {
    pub(super) piece: Piece,
    pub(super) x: u16,
    pub(super) width: u16,
    pub(super) top: i16,
    pub(super) bottom: i16,
}

/// A lane that a block is put in, before it is known how many there are.
struct Laid {
    piece: Piece,
    lane: u16,
    rows: (i16, i16),
}

/// Puts a day's appointments beside each other where they share a row. What does not take time lies under the others.
/// Also gives the rows at which some are too many to be shown, and how many; the chosen one is always shown.
pub(super) fn side_by_side(
    known: &Known,
    date: Date,
    pick: Option<AppointmentId>,
    (x, width): (u16, u16),
    rows: impl Fn(&Piece) -> (i16, i16),
) -> (Vec<Block>, Vec<(i16, usize)>) {
    let id = |piece: &Piece| known.entry(piece).record.id;
    let on_grid = || known.day(date).iter().filter(|piece| !piece.is_whole());
    let above = |piece: &Piece| takes_time(&known.entry(piece).record) || pick == Some(id(piece));
    let mut blocks: Vec<Block> = on_grid()
        .filter(|piece| !above(piece))
        .map(|piece| {
            let (top, bottom) = rows(piece);
            Block { piece: *piece, x, width, top, bottom }
        })
        .collect();
    let mut hidden = Vec::new();
    let most = (width / LEAST).max(1);
    let mut cluster: Vec<Laid> = Vec::new();
    let (mut end, mut left_out) = (i16::MIN, 0);
    let mut flush = |cluster: &mut Vec<Laid>, left_out: &mut usize| {
        let lanes = cluster.iter().map(|laid| laid.lane + 1).max().unwrap_or(1);
        let lane_width = width / lanes;
        if *left_out > 0 {
            hidden.push((cluster.iter().map(|laid| laid.rows.0).min().unwrap_or(0), *left_out));
        }
        *left_out = 0;
        blocks.extend(cluster.drain(..).map(|laid| {
            let last = laid.lane + 1 == lanes;
            let width = if last { width - laid.lane * lane_width } else { lane_width };
            let (top, bottom) = laid.rows;
            Block { piece: laid.piece, x: x + laid.lane * lane_width, width, top, bottom }
        }));
    };
    for piece in on_grid().filter(|piece| above(piece)) {
        let (top, bottom) = rows(piece);
        if top >= end {
            flush(&mut cluster, &mut left_out);
        }
        end = end.max(bottom);
        let taken = |lane: u16| cluster.iter().any(|laid| laid.lane == lane && laid.rows.1 > top);
        match (0..most).find(|lane| !taken(*lane)) {
            Some(lane) => cluster.push(Laid { piece: *piece, lane, rows: (top, bottom) }),
            None if pick == Some(id(piece)) => {
                let lane = most - 1;
                let before = cluster.len();
                cluster.retain(|laid| laid.lane != lane || laid.rows.1 <= top);
                left_out += before - cluster.len();
                cluster.push(Laid { piece: *piece, lane, rows: (top, bottom) });
            }
            None => left_out += 1,
        }
    }
    flush(&mut cluster, &mut left_out);
    (blocks, hidden)
}

/// A status as one sign with its style; the word stands beside it where there is room.
pub(super) fn sign(appointment: &Appointment, paper: &Paper<'_>) -> (&'static str, Style) {
    let sign = match appointment.status {
        AppointmentStatus::Proposed => "?",
        AppointmentStatus::Booked => "▌",
        AppointmentStatus::Arrived => "●",
        AppointmentStatus::Fulfilled => "✓",
        AppointmentStatus::Cancelled => "-",
        AppointmentStatus::Noshow => "!",
    };
    let style = match appointment.status {
        AppointmentStatus::Booked => paper.theme.accent,
        _ => status(appointment, paper).1,
    };
    (sign, style)
}

pub(super) fn draw(grid: &Grid, block: &Block, schedule: &Schedule, model: &Model, paper: &mut Paper<'_>) {
    let Some(known) = &schedule.known else { return };
    let cells = grid.cells(block.x, block.width, block.top, block.bottom);
    if cells.is_empty() {
        return;
    }
    let entry = known.entry(&block.piece);
    paper.clear(cells);
    let (sign, style) = sign(&entry.record, paper);
    let in_hand = schedule.hand.as_ref().is_some_and(|hand| hand.of.record.id == entry.record.id && !hand.copy);
    // The bar of the next lane stands between the two.
    let inner = usize::from(block.width.saturating_sub(1)).max(1);
    let tall = usize::try_from(block.bottom - block.top).unwrap_or(1);
    let lines = content(entry, &block.piece, inner, tall, grid.window.scale, model, paper);
    let above = usize::try_from(-block.top).unwrap_or(0);
    for (y, at) in (0..cells.height).zip(above..) {
        let bar = if at == 0 { sign } else { "▌" };
        let line = lines.get(at).cloned().unwrap_or_default();
        paper.line(cells, y, &Row::new().text(bar, style).then(line.cut(inner)).line());
    }
    if in_hand {
        paper.buffer.set_style(cells, Style::reset().patch(paper.theme.off));
    } else if schedule.pick == Some(entry.record.id) && schedule.hand.is_none() {
        list::lift(cells, paper);
        paper.text(cells, 0, "▸", paper.theme.accent);
    }
}

/// What a block says, line by line.
fn content(
    entry: &Named<Appointment>,
    piece: &Piece,
    cells: usize,
    tall: usize,
    scale: i16,
    model: &Model,
    paper: &Paper<'_>,
) -> Vec<Row> {
    let theme = paper.theme;
    let appointment = &entry.record;
    let over = !takes_time(appointment) || appointment.status == AppointmentStatus::Fulfilled;
    let open = appointment.patient.is_none() && !appointment.nobodys;
    let name_style = match (open, over) {
        (true, _) => theme.pending,
        (_, true) => theme.quiet,
        (_, false) => theme.strong,
    };
    let clock = |minute: i16| time_of(minute).strftime("%H:%M").to_string();
    // On each of its days it says when it really begins and ends.
    let [begins, ends] = [&appointment.start, &appointment.end].map(|at| model.in_zone(at));
    let until = if piece.to == DAY && ends.hour() == 0 { "24:00".to_owned() } else { moment::clock(&ends) };
    let times = format!("{}–{until}", moment::clock(&begins));
    let (word, word_style) = status(appointment, paper);
    let quiet = if over { theme.quiet } else { Style::new() };
    if cells >= WIDE {
        let name = cells.saturating_sub(46).clamp(17, 28);
        let row = Row::new().column(&times, 13, quiet).column(&called(entry, name), name + 1, name_style);
        let row = row.column(meeting(appointment.kind), 10, quiet).column(word, 10, word_style);
        let remark = remark(appointment, model, paper);
        return if row.width() + remark.width() <= cells { vec![row.then(remark)] } else { vec![row, remark] };
    }
    let from = clock(piece.from);
    if cells >= TIMED {
        let name = called_short(entry, cells.saturating_sub(6));
        let first = Row::new().text(format!("{from} "), quiet).text(name, name_style);
        let spare = cells.saturating_sub(first.width() + 2);
        let says = if tall == 1 && word.len() <= spare { first.gap(2).text(word, word_style) } else { first };
        let second = Row::new().text(word, word_style).dot(meeting(appointment.kind), quiet, theme.quiet);
        return vec![says, second, remark(appointment, model, paper)];
    }
    let mut lines = vec![Row::new().text(called_short(entry, cells), name_style)];
    if piece.from % scale != 0 && cells >= from.len() {
        lines.push(Row::new().text(from, quiet));
    }
    // The sign says the status where the word has no room.
    if appointment.status != AppointmentStatus::Booked && cells >= SPELT {
        lines.push(Row::new().text(word, word_style));
    }
    lines
}

/// The one thing to know about it, where there is room.
fn remark(appointment: &Appointment, model: &Model, paper: &Paper<'_>) -> Row {
    let theme = paper.theme;
    let Some(id) = appointment.patient else {
        return if appointment.nobodys { Row::new() } else { Row::new().text("who is this?", theme.pending) };
    };
    let zone = model.patient(id).and_then(|patient| patient.zone.as_deref());
    let there = their_time(model, &appointment.start, zone).filter(|_| takes_time(appointment));
    there.map_or_else(Row::new, |there| Row::new().say(there))
}

/// What is in the hand, or drawn with the mouse, where it would be.
pub(super) fn draw_moving(grid: &Grid, schedule: &Schedule, (date, x, width): (Date, u16, u16), paper: &mut Paper<'_>) {
    let (from, to, name) = match (&schedule.hand, schedule.sweep) {
        (Some(hand), _) if hand.date == date => {
            let name = called_short(&hand.of, usize::from(width).saturating_sub(2));
            (hand.minute, (hand.minute + hand.minutes).min(DAY), name)
        }
        (None, Some((day, from, to))) if day == date => (from, to, "new".to_owned()),
        _ => return,
    };
    let (top, bottom) = grid.rows_of(from, to);
    let cells = grid.cells(x, width.saturating_sub(1), top, bottom);
    let style = paper.theme.accent.patch(paper.theme.strong);
    paper.clear(cells);
    let clock = |minute: i16| time_of(minute).strftime("%H:%M").to_string();
    let inner = usize::from(cells.width.saturating_sub(1));
    let words = if inner >= TIMED { format!("{}–{} {name}", clock(from), clock(to)) } else { name };
    for y in 0..cells.height {
        let first = y == 0 && top >= 0;
        let line = if first { Row::new().text(format!("▸{words}"), style) } else { Row::new().text("▌", style) };
        paper.line(cells, y, &line.cut(usize::from(cells.width)).line());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use jiff::tz::TimeZone;

    fn known(times: &[(&str, &str)], status: AppointmentStatus) -> Known {
        let entries = times.iter().zip(1..).map(|((from, to), n)| {
            let at = |time: &str| format!("2026-11-26T{time}[Europe/London]").parse().expect("a time");
            let id = AppointmentId::from_bytes([n; 16]);
            let record = Appointment { subject: "Ada".into(), status, ..Appointment::booked(id, at(from), at(to)) };
            Named { name: None, record }
        });
        Known::of(date(2026, 11, 26), 1, entries.collect(), &TimeZone::get("Europe/London").expect("known"))
    }

    fn rows(piece: &Piece) -> (i16, i16) {
        (piece.from / 30, ((piece.to - 1) / 30).max(piece.from / 30) + 1)
    }

    /// Where each block stands and how wide it is; and in which rows how many are not shown.
    type Lanes = (Vec<(u16, u16)>, Vec<(i16, usize)>);

    fn lanes(times: &[(&str, &str)], pick: Option<u8>, width: u16) -> Lanes {
        let known = known(times, AppointmentStatus::Booked);
        let pick = pick.map(|n| AppointmentId::from_bytes([n; 16]));
        let (blocks, hidden) = side_by_side(&known, date(2026, 11, 26), pick, (0, width), rows);
        (blocks.into_iter().map(|block| (block.x, block.width)).collect(), hidden)
    }

    #[test]
    fn what_overlaps_stands_beside_and_what_does_not_has_the_whole_width() {
        let (blocks, hidden) = lanes(&[("09:00", "10:00"), ("09:30", "10:30"), ("11:00", "12:00")], None, 21);
        assert_eq!(blocks, [(0, 10), (10, 11), (0, 21)]);
        assert!(hidden.is_empty());
    }

    #[test]
    fn two_that_share_a_row_stand_beside_each_other_though_they_do_not_overlap() {
        assert_eq!(lanes(&[("09:00", "09:10"), ("09:15", "09:25")], None, 20).0, [(0, 10), (10, 10)]);
    }

    #[test]
    fn lane_is_used_again_when_it_is_free() {
        let (blocks, _) = lanes(&[("09:00", "12:00"), ("09:00", "10:00"), ("10:00", "11:00")], None, 20);
        assert_eq!(blocks, [(0, 10), (10, 10), (10, 10)]);
    }

    #[test]
    fn more_than_fit_are_counted_and_the_chosen_one_is_among_those_shown() {
        let times = [("09:00", "10:00"); 5];
        let (blocks, hidden) = lanes(&times, None, 11);
        assert_eq!((blocks.len(), hidden.as_slice()), (2, &[(18, 3)][..]));
        let known = known(&times, AppointmentStatus::Booked);
        let last = AppointmentId::from_bytes([5; 16]);
        let (blocks, hidden) = side_by_side(&known, date(2026, 11, 26), Some(last), (0, 11), rows);
        assert!(blocks.iter().any(|block| known.entry(&block.piece).record.id == last));
        assert_eq!(hidden, [(18, 3)]);
    }

    #[test]
    fn cancelled_time_lies_under_the_others() {
        let known = known(&[("09:00", "10:00")], AppointmentStatus::Cancelled);
        let (blocks, _) = side_by_side(&known, date(2026, 11, 26), None, (0, 20), rows);
        assert_eq!(blocks.first().map(|block| block.width), Some(20));
    }
}
