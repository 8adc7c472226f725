//! Days beside each other, hour by hour.

use super::block::{self, Block};
use super::{Hit, clock_change, split_top};
use crate::record::appointment::on_the_clock;
use crate::tui::model::Model;
use crate::tui::schedule::{DAY, Piece, STEP, Schedule, View, days_on, minute_of, monday, time_of};
use crate::tui::widget::{Paper, Row, text};
use jiff::civil::Date;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// Where the hours stand.
const GUTTER: u16 = 7;
/// Rows for what takes whole days, at most.
const STRIP: usize = 2;
/// With fewer rows there is none.
const STRIP_FROM: u16 = 8;

/// The hours that are in sight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Window {
    /// Rows of the grid.
    rows: i16,
    /// Minutes of a row: 15, 30 or 60.
    pub(super) scale: i16,
}

impl Window {
    fn height(self) -> i16 {
        (self.rows * self.scale).min(DAY)
    }

    /// A first minute that can be shown.
    fn fitting(self, top: i16) -> i16 {
        let most = (DAY - self.height()).max(0);
        top.clamp(0, most).div_euclid(self.scale) * self.scale
    }

    /// Scrolls so that the cursor is in sight, unless it was scrolled away from it.
    pub(crate) fn follow(self, schedule: &mut Schedule) {
        let (from, to) = schedule.reach();
        let mut top = self.fitting(schedule.top);
        if !schedule.astray {
            if to > top + self.height() {
                top = (to + self.scale - 1).div_euclid(self.scale) * self.scale - self.height();
            }
            if from < top {
                top = from;
            }
        }
        schedule.top = self.fitting(top);
    }

    /// Scrolls by two rows, whatever the cursor does.
    pub(crate) fn scroll(self, schedule: &mut Schedule, forward: bool) {
        let by = 2 * self.scale;
        schedule.top = self.fitting(schedule.top + if forward { by } else { -by });
        schedule.astray = true;
    }
}

/// The grid and what is where in it.
pub(super) struct Grid {
    pub(super) window: Window,
    /// The first minute in sight.
    top: i16,
    /// The days and their columns: where they begin and how wide they are.
    columns: Vec<(Date, u16, u16)>,
    head: Rect,
    strip: Rect,
    rows: Rect,
}

impl Grid {
    pub(super) fn of(model: &Model, schedule: &Schedule, view: View, area: Rect) -> Self {
        let day = schedule.day();
        let (first, count) = if view == View::Week { (monday(day), 7) } else { (day, 1) };
        let width = area.width.saturating_sub(GUTTER) / count;
        let column = |n: u16| (days_on(first, i64::from(n)), area.x + GUTTER + n * width, width);
        let columns: Vec<_> = (0..count).map(column).collect();
        let (head, area) = split_top(area, u16::from(view == View::Week));
        let whole = |date: Date| {
            let known = schedule.known.as_ref();
            known.map_or(0, |known| known.day(date).iter().filter(|piece| piece.is_whole()).count())
        };
        let most = columns.iter().map(|(date, ..)| whole(*date)).max().unwrap_or(0).min(STRIP);
        let strip = if area.height < STRIP_FROM { 0 } else { u16::try_from(most).unwrap_or(0) };
        let (strip, rows) = split_top(area, strip);
        let height = i16::try_from(rows.height).unwrap_or(i16::MAX).max(1);
        let (opens, closes) = super::working(model);
        // Most of the working day is to be in sight.
        let span = i32::from(closes - opens) * 8 / 10;
        let fits = |scale: &i16| i32::from(height) * i32::from(*scale) >= span;
        let scale = [15, 30, 60].into_iter().find(fits).unwrap_or(60);
        let window = Window { rows: height.min(DAY / scale), scale };
        Self { window, top: window.fitting(schedule.top), columns, head, strip, rows }
    }

    /// The row of a minute; rows before and behind the window have numbers, too.
    fn row(&self, minute: i16) -> i16 {
        (minute - self.top).div_euclid(self.window.scale)
    }

    /// The rows of some minutes: the first, and the one behind the last.
    pub(super) fn rows_of(&self, from: i16, to: i16) -> (i16, i16) {
        let top = self.row(from);
        (top, self.row(to - 1).max(top) + 1)
    }

    pub(super) fn slot(&self, x: u16, y: u16) -> Option<(Date, i16)> {
        let x = x.max(self.columns.first().map_or(0, |(_, x, _)| *x));
        let (date, ..) = self.columns.iter().rev().find(|(_, left, _)| x >= *left)?;
        let row = i16::try_from(y.saturating_sub(self.rows.y)).unwrap_or(i16::MAX).min(self.window.rows - 1);
        Some((*date, (self.top + row * self.window.scale).min(DAY - STEP)))
    }

    pub(super) fn hit(&self, schedule: &Schedule, x: u16, y: u16) -> Option<Hit> {
        let (date, minute) = self.slot(x, y)?;
        if self.head.contains((x, y).into()) || self.strip.contains((x, y).into()) {
            return Some(Hit::Day(date));
        }
        if !self.rows.contains((x, y).into()) {
            return None;
        }
        let column = self.columns.iter().find(|(day, ..)| *day == date)?;
        let row = i16::try_from(y - self.rows.y).ok()?;
        let (blocks, _) = self.blocks(schedule, *column);
        let over =
            |block: &&Block| (block.x..block.x + block.width).contains(&x) && (block.top..block.bottom).contains(&row);
        // What is drawn last is seen.
        let found = blocks.iter().rev().find(over);
        let id = found.and_then(|block| schedule.known.as_ref().map(|known| known.entry(&block.piece).record.id));
        Some(id.map_or(Hit::Slot(date, minute), |id| Hit::Appointment(id, date, minute)))
    }

    fn blocks(&self, schedule: &Schedule, (date, x, width): (Date, u16, u16)) -> (Vec<Block>, Vec<(i16, usize)>) {
        let rows = |piece: &Piece| self.rows_of(piece.from, piece.to);
        let columns = (x, width.saturating_sub(1));
        schedule
            .known
            .as_ref()
            .map(|known| block::side_by_side(known, date, schedule.pick, columns, rows))
            .unwrap_or_default()
    }

    /// What of these rows is in sight, as cells of the screen.
    pub(super) fn cells(&self, x: u16, width: u16, top: i16, bottom: i16) -> Rect {
        let seen = |row: i16| u16::try_from(row.clamp(0, self.window.rows)).unwrap_or(0);
        let (top, bottom) = (seen(top), seen(bottom));
        Rect { x, y: self.rows.y + top, width, height: bottom.saturating_sub(top) }
    }
}

pub(super) fn draw(grid: &Grid, schedule: &Schedule, model: &Model, paper: &mut Paper<'_>) {
    draw_hours(grid, schedule, model, paper);
    for column in &grid.columns {
        draw_head(grid, schedule, *column, model, paper);
        draw_strip(grid, schedule, *column, paper);
        draw_day(grid, schedule, *column, model, paper);
    }
}

/// The hours at the left; the cursor's time and the present among them.
fn draw_hours(grid: &Grid, schedule: &Schedule, model: &Model, paper: &mut Paper<'_>) {
    let (accent, quiet) = (paper.theme.accent, paper.theme.quiet);
    let shown = |y: i16, words: String, style: Style, paper: &mut Paper<'_>| {
        if let Some(y) = u16::try_from(y).ok().filter(|y| i16::try_from(*y).is_ok_and(|y| y < grid.window.rows)) {
            paper.text(Rect { width: GUTTER.min(grid.rows.width), ..grid.rows }, y, &words, style);
        }
    };
    for row in 0..grid.window.rows {
        let minute = grid.top + row * grid.window.scale;
        if minute % 60 == 0 {
            shown(row, format!(" {:02}:00", minute / 60), quiet, paper);
        }
    }
    let clock = |minute: i16| time_of(minute).strftime("%H:%M").to_string();
    let now = model.local_now();
    if grid.columns.iter().any(|(date, ..)| *date == now.date()) {
        let minute = minute_of(now.time());
        shown(grid.row(minute), format!("›{}", clock(minute)), accent, paper);
    }
    let minute = schedule.hand.as_ref().map_or(schedule.minute, |hand| hand.minute);
    shown(grid.row(minute), format!("▸{}", clock(minute)), accent.patch(paper.theme.strong), paper);
}

/// `Thu 26`, with a sign on today, and what the clocks do.
fn draw_head(
    grid: &Grid,
    schedule: &Schedule,
    (date, x, width): (Date, u16, u16),
    model: &Model,
    paper: &mut Paper<'_>,
) {
    let area = Rect { x, width: width.saturating_sub(1), ..grid.head };
    let today = date == model.local_now().date();
    let chosen = schedule.day() == date;
    let style = match (today, chosen) {
        (_, true) => paper.theme.accent.patch(paper.theme.strong),
        (true, false) => paper.theme.accent,
        (false, false) => paper.theme.strong,
    };
    let change = match clock_change(model, date) {
        0 => String::new(),
        minutes if minutes % 60 == 0 => format!(" {:+}h", minutes / 60),
        minutes => format!(" {minutes:+}m"),
    };
    let words = format!("{}{}{change}", if today { "›" } else { "" }, date.strftime("%a %-d"));
    let cells = usize::from(area.width);
    let words = if text::width(&words) > cells { words.replace(' ', "") } else { words };
    paper.text(area, 0, &text::fit(&words, cells), style);
}

/// What takes whole days.
fn draw_strip(grid: &Grid, schedule: &Schedule, (date, x, width): (Date, u16, u16), paper: &mut Paper<'_>) {
    let Some(known) = &schedule.known else { return };
    let area = Rect { x, width: width.saturating_sub(1), ..grid.strip };
    let cells = usize::from(area.width);
    for (y, piece) in (0..area.height).zip(known.day(date).iter().filter(|piece| piece.is_whole())) {
        let entry = known.entry(piece);
        let (sign, style) = block::sign(&entry.record, paper);
        let chosen = schedule.pick == Some(entry.record.id);
        let style = if chosen { paper.theme.accent.patch(paper.theme.strong) } else { style };
        let row = Row::new().text(if chosen { "▸" } else { sign }, style);
        paper.line(area, y, &row.text(super::called_short(entry, cells.saturating_sub(1)), style).line());
    }
}

fn draw_day(grid: &Grid, schedule: &Schedule, column: (Date, u16, u16), model: &Model, paper: &mut Paper<'_>) {
    let (date, x, width) = column;
    let inner = width.saturating_sub(1);
    draw_ground(grid, column, model, paper);
    let now = model.local_now();
    if date == now.date() {
        let row = grid.row(minute_of(now.time()));
        let cells = grid.cells(x, inner, row, row + 1);
        if cells.height > 0 {
            paper.text(cells, 0, &"─".repeat(usize::from(inner)), paper.theme.accent);
        }
    }
    let (blocks, hidden) = grid.blocks(schedule, column);
    for placed in &blocks {
        block::draw(grid, placed, schedule, model, paper);
    }
    for (row, count) in hidden {
        let words = format!("+{count}");
        let wide = u16::try_from(words.len()).unwrap_or(0).min(inner);
        let cells = grid.cells(x + inner - wide, wide, row, row + 1);
        paper.text(cells, 0, &words, paper.theme.pending);
    }
    block::draw_moving(grid, schedule, column, paper);
    if schedule.date == date && schedule.pick.is_none() && schedule.hand.is_none() && schedule.sweep.is_none() {
        let row = grid.row(schedule.minute);
        let cells = grid.cells(x, inner, row, row + 1);
        let words = format!("▸{}", time_of(schedule.minute).strftime("%H:%M"));
        let style = paper.theme.accent.patch(paper.theme.chosen);
        paper.text(cells, 0, &text::fit(&words, usize::from(inner)), style);
    }
}

/// Hours in which nobody works, and an hour that the clocks skip.
fn draw_ground(grid: &Grid, (date, x, width): (Date, u16, u16), model: &Model, paper: &mut Paper<'_>) {
    let quiet = paper.theme.quiet;
    let inner = usize::from(width.saturating_sub(1));
    let changes = clock_change(model, date) > 0;
    let dots: String = "·   ".chars().cycle().take(inner).collect();
    let mut said = false;
    for row in 0..grid.window.rows {
        let minute = grid.top + row * grid.window.scale;
        let works = |hours: &crate::record::Hours| {
            let (from, to) = (minute_of(hours.from), minute_of(hours.to));
            hours.on(date.weekday()) && minute < to && minute + grid.window.scale > from
        };
        let skipped = changes && on_the_clock(date.to_datetime(time_of(minute)), &model.zone).is_none();
        let cells = grid.cells(x, width.saturating_sub(1), row, row + 1);
        if skipped {
            let words = if said { String::new() } else { text::fit("skipped", inner) };
            said = true;
            paper.text(cells, 0, &words, quiet);
        } else if !model.hours.is_empty() && !model.hours.iter().any(works) {
            paper.text(cells, 0, &dots, quiet);
        }
    }
}
