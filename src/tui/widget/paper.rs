//! What a frame is drawn on.

use crate::tui::theme::Theme;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
    text::Line,
};

/// A letter with all its marks has no more bytes than this.
const MOST_BYTES: usize = 64;

/// The buffer of one frame, the theme, and where the cursor stands.
pub(crate) struct Paper<'a> {
    /// The cells.
    pub(crate) buffer: &'a mut Buffer,
    /// The styles.
    pub(crate) theme: &'a Theme,
    /// The terminal's cursor, if it is shown.
    pub(crate) cursor: Option<Position>,
}

impl Paper<'_> {
    /// A line at row `y` of `area`; outside of it nothing is drawn.
    pub(crate) fn line(&mut self, area: Rect, y: u16, line: &Line<'_>) {
        if y < area.height {
            self.buffer.set_line(area.x, area.y + y, line, area.width);
        }
    }

    /// Safe text at row `y` of `area`.
    pub(crate) fn text(&mut self, area: Rect, y: u16, text: &str, style: Style) {
        if y < area.height {
            self.buffer.set_stringn(area.x, area.y + y, text, usize::from(area.width), style);
        }
    }

    /// Safe text in the middle of row `y` of `area`.
    pub(crate) fn centred(&mut self, area: Rect, y: u16, text: &str, style: Style) {
        let width = u16::try_from(super::text::width(text)).unwrap_or(u16::MAX).min(area.width);
        let left = (area.width - width) / 2;
        self.text(Rect { x: area.x + left, width: area.width - left, ..area }, y, text, style);
    }

    /// A rule across row `y` of `area`.
    pub(crate) fn rule(&mut self, area: Rect, y: u16) {
        self.text(area, y, &"─".repeat(usize::from(area.width)), self.theme.quiet);
    }

    /// Empties `area`.
    pub(crate) fn clear(&mut self, area: Rect) {
        for position in area.intersection(self.buffer.area).positions() {
            self.buffer[position].reset();
        }
    }

    /// The last gate: whatever a screen drew, no cell reaches the terminal with a character that could steer it.
    pub(crate) fn disarm(&mut self) {
        for cell in &mut self.buffer.content {
            let symbol = cell.symbol();
            let harmless = match symbol.len() {
                1 => symbol >= " ",
                2..=MOST_BYTES => crate::base::SafeText::is_safe(symbol),
                _ => false,
            };
            if !harmless {
                cell.set_symbol("�");
            }
        }
    }
}
