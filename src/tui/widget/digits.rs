//! A clock that can be read across the room.

use super::Paper;
use ratatui::{layout::Rect, style::Style};

/// How wide `10:47` is drawn, in cells.
pub(crate) const WIDTH: u16 = 5 * 4 + 1;
/// How high, in rows.
pub(crate) const HEIGHT: u16 = 3;

const fn rows(c: char) -> [&'static str; 3] {
    match c {
        '0' => ["█▀█", "█ █", "▀▀▀"],
        '1' => ["▄█ ", " █ ", "▀▀▀"],
        '2' => ["▀▀█", "█▀▀", "▀▀▀"],
        '3' => ["▀▀█", " ▀█", "▀▀▀"],
        '4' => ["█ █", "▀▀█", "  ▀"],
        '5' => ["█▀▀", "▀▀█", "▀▀▀"],
        '6' => ["█▀▀", "█▀█", "▀▀▀"],
        '7' => ["▀▀█", "  █", "  ▀"],
        '8' => ["█▀█", "█▀█", "▀▀▀"],
        '9' => ["█▀█", "▀▀█", "▀▀▀"],
        ':' => [" ▄ ", " ▄ ", "   "],
        _ => ["   "; 3],
    }
}

/// Draws a time such as `10:47` in the top rows of `area`.
pub(crate) fn draw(time: &str, area: Rect, style: Style, paper: &mut Paper<'_>) {
    for y in 0..HEIGHT {
        let row: String = time.chars().map(|c| format!("{} ", rows(c)[usize::from(y)])).collect();
        paper.text(area, y, row.trim_end(), style);
    }
}
