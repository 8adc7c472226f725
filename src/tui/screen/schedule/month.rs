//! Six weeks: how many appointments a day, and whose as far as there is room.

use super::{clock_change, first_name};
use crate::tui::model::Model;
use crate::tui::schedule::{Known, Piece, Schedule, days_on, monday, takes_time};
use crate::tui::widget::{Paper, Row, text};
use jiff::civil::Date;
use ratatui::layout::Rect;
use std::ops::Range;

const WEEKS: u16 = 6;
/// A day with no more columns has a number and nothing else.
const TIGHT: u16 = 6;

/// Where the days are.
struct Days {
    /// The first of them.
    first: Date,
    /// How wide a day is.
    width: u16,
    /// There is room for the names of the days above.
    head: u16,
    area: Rect,
}

impl Days {
    fn of(schedule: &Schedule, area: Rect) -> Self {
        let day = schedule.day();
        let head = u16::from(area.height > WEEKS);
        Self { first: monday(day.first_of_month()), width: (area.width / 7).max(1), head, area }
    }

    /// The rows of a week, from the first of the area: all rows are given away.
    fn rows(&self, week: u16) -> Range<u16> {
        let rows = self.area.height - self.head;
        let at = |week: u16| self.head + week * rows / WEEKS;
        at(week)..at(week + 1)
    }

    fn at(&self, x: u16, y: u16) -> Option<Date> {
        let (x, y) = (x.checked_sub(self.area.x)?, y.checked_sub(self.area.y)?);
        let week = (0..WEEKS).find(|week| self.rows(*week).contains(&y))?;
        let day = x / self.width;
        (day < 7).then(|| days_on(self.first, i64::from(week * 7 + day)))
    }
}

pub(super) fn day_at(schedule: &Schedule, area: Rect, x: u16, y: u16) -> Option<Date> {
    Days::of(schedule, area).at(x, y)
}

pub(super) fn draw(schedule: &Schedule, model: &Model, area: Rect, paper: &mut Paper<'_>) {
    let days = Days::of(schedule, area);
    let Days { first, width, head, .. } = days;
    let today = model.local_now().date();
    let chosen = schedule.day();
    for n in 0..WEEKS * 7 {
        let date = days_on(first, i64::from(n));
        let (week, day) = (n / 7, n % 7);
        let x = area.x + day * width;
        if week == 0 && head > 0 {
            let names = Rect { x, width: width - 1, ..area };
            paper.text(names, 0, &format!(" {}", date.strftime("%a")), paper.theme.quiet);
        }
        let rows = days.rows(week);
        let cell = Rect { x, y: area.y + rows.start, width: width - 1, height: rows.end - rows.start };
        if cell.is_empty() {
            continue;
        }
        let within = date.month() == chosen.month();
        let number = if within { paper.theme.strong } else { paper.theme.quiet };
        let mark = match (date == chosen, date == today) {
            (true, _) => "▸",
            (_, true) => "›",
            _ => " ",
        };
        let style = if date == chosen || date == today { paper.theme.accent.patch(paper.theme.strong) } else { number };
        let pieces: Vec<&Piece> = schedule.known.iter().flat_map(|known| live(known, date)).collect();
        let mut row = Row::new().text(format!("{mark}{}", date.day()), style);
        if clock_change(model, date) != 0 && width > 8 {
            row = row.text(" ±", paper.theme.pending);
        }
        let row = match pieces.len() {
            0 => row,
            // Where there is hardly room a number behind the day has to do.
            count if width <= TIGHT => row.text(if count < 10 { format!("·{count}") } else { "·+".to_owned() }, number),
            // The count stands at the right, so that it is read down the column.
            count => {
                let count = count.to_string();
                row.to(usize::from(cell.width).saturating_sub(count.len())).text(count, paper.theme.quiet)
            }
        };
        let cells = if width <= TIGHT { width } else { cell.width };
        paper.line(Rect { width: cells, ..cell }, 0, &row.cut(usize::from(cells)).line());
        let names = Rect { x: cell.x + 1, y: cell.y + 1, width: cell.width - 1, height: cell.height - 1 };
        if let Some(known) = schedule.known.as_ref().filter(|_| names.height > 0 && width > TIGHT) {
            draw_names(known, &pieces, within, names, paper);
        }
    }
}

/// What takes time on a day.
fn live(known: &Known, date: Date) -> impl Iterator<Item = &Piece> {
    known.day(date).iter().filter(|piece| takes_time(&known.entry(piece).record))
}

/// First names one after the other, and how many more there are.
fn draw_names(known: &Known, pieces: &[&Piece], within: bool, area: Rect, paper: &mut Paper<'_>) {
    let cells = usize::from(area.width);
    let mut lines: Vec<String> = vec![String::new()];
    let mut shown = 0;
    for piece in pieces {
        let name = first_name(known.entry(piece), cells.saturating_sub(1));
        let full = lines.len() >= usize::from(area.height);
        let last = lines.last_mut().expect("there is a line");
        let comma = if shown + 1 < pieces.len() { 1 } else { 0 };
        if last.is_empty() {
            *last = name;
        } else if text::width(last) + 2 + text::width(&name) + comma <= cells {
            last.push_str(", ");
            last.push_str(&name);
        } else if !full {
            last.push(',');
            lines.push(name);
        } else {
            break;
        }
        shown += 1;
    }
    let more = pieces.len() - shown;
    if more > 0
        && let Some(last) = lines.last_mut()
    {
        let note = format!(" +{more}");
        *last = format!("{}{note}", text::fit(last, cells.saturating_sub(note.len())));
    }
    let style = if within { ratatui::style::Style::new() } else { paper.theme.quiet };
    for (y, line) in (0..area.height).zip(&lines) {
        paper.text(area, y, &text::fit(line, cells), style);
    }
}
