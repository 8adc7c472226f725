//! The schedule: a day or a week hour by hour, a month, a list. What is drawn where is worked out once, for the eye and
//! for the mouse.

mod agenda;
mod block;
mod detail;
mod grid;
mod month;

pub(crate) use grid::Window;

use crate::base::id::AppointmentId;
use crate::client::agent::Named;
use crate::record::Appointment;
use crate::tui::model::Model;
use crate::tui::overlay::names;
use crate::tui::schedule::{Schedule, View, minute_of, monday};
use crate::tui::view;
use crate::tui::widget::{Paper, Row, moment, text};
use grid::Grid;
use jiff::civil::{Date, Time};
use ratatui::layout::Rect;

/// With fewer rows only the schedule itself is shown.
const ROOMY: u16 = 8;
/// The hours that are shown first where none are known.
const USUAL: (i16, i16) = (8 * 60, 18 * 60);

/// What lies under the mouse.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Hit {
    /// Free time.
    Slot(Date, i16),
    /// An appointment, on a day, at the minute that was pointed at.
    Appointment(AppointmentId, Date, i16),
    /// A day.
    Day(Date),
    /// The line that says that names wait.
    Names,
}

/// Where the parts of the screen are.
struct Page {
    view: View,
    /// Names wait.
    names: Option<Rect>,
    /// What the cursor is on, in words.
    detail: Option<Rect>,
    /// Everything else.
    rest: Rect,
}

impl Page {
    fn of(model: &Model, schedule: &Schedule, body: Rect) -> Self {
        // A week needs its columns.
        let narrow = schedule.view == View::Week && body.width < super::WIDE;
        let view = if narrow { View::Day } else { schedule.view };
        let roomy = body.height >= ROOMY;
        let (names, rest) = split_top(body, u16::from(roomy && !model.unmatched.is_empty()));
        let foot = u16::from(roomy);
        let detail = Rect { y: rest.bottom() - foot, height: foot, ..rest };
        let rest = Rect { height: rest.height - foot, ..rest };
        let some = |area: Rect| (area.height > 0).then_some(area);
        Self { view, names: some(names), detail: some(detail), rest }
    }
}

/// The first rows of an area, and the others.
fn split_top(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(area.height);
    (Rect { height: rows, ..area }, Rect { y: area.y + rows, height: area.height - rows, ..area })
}

/// The minutes at which the working day begins and ends, over all days.
pub(crate) fn working(model: &Model) -> (i16, i16) {
    let first = model.hours.iter().map(|hours| minute_of(hours.from)).min();
    let last = model.hours.iter().map(|hours| minute_of(hours.to)).max();
    first.zip(last).unwrap_or(USUAL)
}

/// The hours that are in sight, if the schedule is shown by hours.
pub(crate) fn window(model: &Model) -> Option<Window> {
    Some(grid_of(model)?.window)
}

fn grid_of(model: &Model) -> Option<Grid> {
    let schedule = model.schedule()?;
    let page = Page::of(model, schedule, view::body(view::screen(model)));
    matches!(page.view, View::Day | View::Week).then(|| Grid::of(model, schedule, page.view, page.rest))
}

/// What lies at a cell of the terminal.
pub(crate) fn hit(model: &Model, x: u16, y: u16) -> Option<Hit> {
    let schedule = model.schedule()?;
    let page = Page::of(model, schedule, view::body(view::screen(model)));
    let at = ratatui::layout::Position { x, y };
    if page.names.is_some_and(|names| names.contains(at)) {
        return Some(Hit::Names);
    }
    match page.view {
        View::Day | View::Week => Grid::of(model, schedule, page.view, page.rest).hit(schedule, x, y),
        View::Month => month::day_at(schedule, page.rest, x, y).map(Hit::Day),
        View::Agenda => agenda::hit(schedule, page.rest, y),
    }
}

/// The day and the minute at a cell of the terminal, whatever lies there.
pub(crate) fn slot(model: &Model, x: u16, y: u16) -> Option<(Date, i16)> {
    grid_of(model)?.slot(x, y)
}

/// `Schedule  Week 48 · 23–29 Nov 2026`
pub(super) fn head(model: &Model, paper: &Paper<'_>) -> Row {
    let row = Row::new().text("Schedule", paper.theme.strong).gap(2);
    let Some(schedule) = model.schedule() else { return row };
    let page = Page::of(model, schedule, view::body(view::screen(model)));
    let day = schedule.day();
    let narrow = page.rest.width < super::WIDE;
    match page.view {
        View::Day if narrow => {
            row.say(day.strftime("%a %-d %b").to_string()).gap(1).text(near(day, model), paper.theme.accent)
        }
        View::Day => row.say(moment::long_day(day)).gap(2).text(near(day, model), paper.theme.accent),
        View::Week => {
            let first = monday(day);
            row.say(format!("Week {}", day.iso_week_date().week()))
                .text(" · ", paper.theme.quiet)
                .say(days(first, 7, false))
        }
        View::Month => row.say(day.strftime("%B %Y").to_string()),
        View::Agenda => row.say(days(schedule.range.0, i64::from(schedule.range.1), narrow)),
    }
}

fn near(day: Date, model: &Model) -> &'static str {
    match day.since(model.local_now().date()).map_or(2, |span| span.get_days()) {
        0 => "today",
        1 => "tomorrow",
        -1 => "yesterday",
        _ => "",
    }
}

/// `23–29 Nov 2026`, `30 Nov – 6 Dec 2026`; without the year where there is no room for it.
fn days(first: Date, count: i64, narrow: bool) -> String {
    let last = crate::tui::schedule::days_on(first, count - 1);
    let end = last.strftime(if narrow { "%-d %b" } else { "%-d %b %Y" });
    if (first.year(), first.month()) == (last.year(), last.month()) {
        format!("{}–{end}", first.day())
    } else {
        format!("{} – {end}", first.strftime("%-d %b"))
    }
}

pub(super) fn draw(schedule: &Schedule, model: &Model, area: Rect, paper: &mut Paper<'_>) {
    let page = Page::of(model, schedule, area);
    if let Some(row) = page.names {
        draw_names(model, row, paper);
    }
    match page.view {
        View::Day | View::Week => grid::draw(&Grid::of(model, schedule, page.view, page.rest), schedule, model, paper),
        View::Month => month::draw(schedule, model, page.rest, paper),
        View::Agenda => agenda::draw(schedule, model, page.rest, paper),
    }
    if let Some(row) = page.detail {
        let words = Row::new().gap(1).then(detail::words(schedule, model, paper)).cut(usize::from(row.width) - 1);
        paper.line(row, 0, &words.line());
    }
}

/// `? 3 names from feeds fit no patient: R. Franklin, …   w decides whose they are`
pub(super) fn draw_names(model: &Model, row: Rect, paper: &mut Paper<'_>) {
    let Some(first) = model.unmatched.first() else { return };
    let theme = paper.theme;
    let words = match model.unmatched.len() as u64 + model.unmatched_beyond {
        1 => format!("? “{}” from a feed fits no patient", names::called(first, 24)),
        more => format!("? {more} names from feeds fit no patient"),
    };
    let width = usize::from(row.width);
    let key = Row::new().text("w", theme.key).say(" decides ");
    paper.line(row, 0, &Row::new().gap(1).text(words, theme.pending).ends(key, width));
}

/// What to call who comes: the patient's name, or what the feed calls it, with a question mark while that is open.
pub(super) fn called(entry: &Named<Appointment>, cells: usize) -> String {
    match &entry.name {
        Some(name) => text::safe(name.expose(), cells),
        None if entry.record.nobodys => text::safe(entry.record.subject.expose(), cells),
        None => text::fit(&format!("{}?", text::safe(entry.record.subject.expose(), cells)), cells),
    }
}

/// The same for few cells: `Grace H.`, `Grace`, `Gra`; the question mark stays.
fn called_short(entry: &Named<Appointment>, cells: usize) -> String {
    let whole = called(entry, 60);
    if text::width(&whole) <= cells {
        return whole;
    }
    let first = first_name(entry, 60);
    let words = entry.name.as_ref().map_or("", |name| name.expose().as_str()).split_whitespace().skip(1);
    if let Some(initial) = words.last().and_then(|last| last.chars().next()) {
        let shorter = text::safe(&format!("{first} {initial}."), 60);
        if text::width(&shorter) <= cells {
            return shorter;
        }
    }
    match first.strip_suffix('?').filter(|_| text::width(&first) > cells) {
        Some(name) => format!("{}?", text::clip(name, cells.saturating_sub(1))),
        None => text::clip(&first, cells),
    }
}

/// The first of the names.
fn first_name(entry: &Named<Appointment>, cells: usize) -> String {
    let name = entry.name.as_ref().unwrap_or(&entry.record.subject);
    let first = name.expose().split_whitespace().next().unwrap_or("?");
    let open = entry.name.is_none() && !entry.record.nobodys;
    let first = text::safe(first, cells);
    if open { text::fit(&format!("{first}?"), cells) } else { first }
}

/// The hours by which the clocks go on or back on a day; 0 on nearly all.
fn clock_change(model: &Model, date: Date) -> i32 {
    let offset = |date: Date| {
        let at = date.to_datetime(Time::midnight());
        model.zone.to_ambiguous_zoned(at).compatible().map_or(0, |at| at.offset().seconds())
    };
    (offset(crate::tui::schedule::days_on(date, 1)) - offset(date)) / 60
}
