//! Lines of which one is chosen.

use super::{Paper, Row};
use ratatui::{
    layout::Rect,
    style::{Color, Style},
    text::Line,
};
use std::ops::Range;

/// A line; with `pick` it can be chosen.
pub(crate) struct Item<P> {
    /// What it stands for.
    pub(crate) pick: Option<P>,
    /// How it looks; its first two cells are kept free for the mark.
    pub(crate) line: Line<'static>,
}

impl<P> Item<P> {
    /// A line that can be chosen.
    pub(crate) fn of(pick: P, row: Row) -> Self {
        Self { pick: Some(pick), line: Row::new().gap(2).then(row).line() }
    }

    /// A line to be read only.
    pub(crate) fn fixed(row: Row) -> Self {
        Self { pick: None, line: Row::new().gap(2).then(row).line() }
    }
}

/// Draws as many lines as fit, the chosen one among them.
pub(crate) fn draw<P: PartialEq>(items: &[Item<P>], chosen: Option<&P>, area: Rect, paper: &mut Paper<'_>) {
    let at = items.iter().position(|item| item.pick.is_some() && item.pick.as_ref() == chosen);
    let seen = window(items.len(), at, area);
    let below = items.len() - seen.end;
    draw_window(items.get(seen).unwrap_or_default(), below, chosen, area, paper);
}

/// Which of so many lines are seen, so that the one `at` is among them.
pub(crate) fn window(count: usize, at: Option<usize>, area: Rect) -> Range<usize> {
    let height = usize::from(area.height);
    let top = at.map_or(0, |at| (at + 1 + height / 3).saturating_sub(height)).min(count.saturating_sub(height));
    top..(top + height).min(count)
}

/// Draws the lines of a window, where making them all would take too long; so many follow `below`.
pub(crate) fn draw_window<P: PartialEq>(
    seen: &[Item<P>],
    below: usize,
    chosen: Option<&P>,
    area: Rect,
    paper: &mut Paper<'_>,
) {
    for (y, item) in (0..area.height).zip(seen) {
        paper.line(area, y, &item.line);
        if item.pick.is_some() && item.pick.as_ref() == chosen {
            mark(area, y, paper);
        }
    }
    more(below, area, paper);
}

/// Says how many lines follow below the area.
pub(crate) fn more(more: usize, area: Rect, paper: &mut Paper<'_>) {
    if more > 0 && area.width > 12 {
        let note = format!(" ↓ {more} ");
        let x = area.right() - u16::try_from(super::text::width(&note)).unwrap_or(0);
        paper.text(Rect { x, width: area.right() - x, ..area }, area.height - 1, &note, paper.theme.quiet);
    }
}

/// Marks row `y` of `area` as the chosen one.
pub(crate) fn mark(area: Rect, y: u16, paper: &mut Paper<'_>) {
    if y >= area.height {
        return;
    }
    lift(Rect { y: area.y + y, height: 1, ..area }, paper);
    paper.text(area, y, "▸", paper.theme.accent);
}

/// Lifts cells out of the others, as chosen.
pub(crate) fn lift(cells: Rect, paper: &mut Paper<'_>) {
    for position in cells.intersection(paper.buffer.area).positions() {
        let cell = &mut paper.buffer[position];
        // What has no meaning of its own takes the accent; what is quiet speaks up.
        if cell.fg == paper.theme.quiet.fg.unwrap_or(Color::Reset) {
            cell.set_style(Style::reset().patch(paper.theme.chosen));
        } else if cell.fg == Color::Reset {
            cell.set_style(paper.theme.accent.patch(paper.theme.chosen));
        } else {
            cell.set_style(paper.theme.chosen);
        }
    }
}

/// The pick `by` places from `chosen`, or the first.
pub(crate) fn step<P: PartialEq + Clone>(picks: &[P], chosen: Option<&P>, by: isize) -> Option<P> {
    let last = picks.len().checked_sub(1)?;
    let at = chosen.and_then(|chosen| picks.iter().position(|pick| pick == chosen));
    let to = at.map_or(0, |at| at.saturating_add_signed(by).min(last));
    Some(picks[to].clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_stop_at_the_ends() {
        let picks = ['a', 'b', 'c'];
        assert_eq!(step(&picks, Some(&'a'), 1), Some('b'));
        assert_eq!(step(&picks, Some(&'a'), -1), Some('a'));
        assert_eq!(step(&picks, Some(&'b'), isize::MAX), Some('c'));
        assert_eq!(step(&picks, Some(&'x'), 1), Some('a'));
        assert_eq!(step::<char>(&[], None, 1), None);
    }
}
