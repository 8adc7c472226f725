//! A line built of pieces and columns.

use super::text;
use ratatui::{
    style::Style,
    text::{Line, Span},
};

/// A line in the making; it knows its width.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    spans: Vec<Span<'static>>,
    width: usize,
}

impl Row {
    /// An empty line.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds safe text.
    #[must_use]
    pub(crate) fn text(mut self, text: impl Into<String>, style: Style) -> Self {
        let text = text.into();
        self.width += text::width(&text);
        self.spans.push(Span::styled(text, style));
        self
    }

    /// Adds safe text without a style.
    #[must_use]
    pub(crate) fn say(self, text: impl Into<String>) -> Self {
        self.text(text, Style::new())
    }

    /// Adds safe text in a column of exactly `cells`.
    #[must_use]
    pub(crate) fn column(self, text: &str, cells: usize, style: Style) -> Self {
        self.text(text::pad(text, cells), style)
    }

    /// Adds `cells` spaces.
    #[must_use]
    pub(crate) fn gap(self, cells: usize) -> Self {
        self.say(" ".repeat(cells))
    }

    /// Adds `cells` spaces, if there is anything before them.
    #[must_use]
    pub(crate) fn apart(self, cells: usize) -> Self {
        if self.width == 0 { self } else { self.gap(cells) }
    }

    /// Adds spaces up to the cell `at`.
    #[must_use]
    pub(crate) fn to(self, at: usize) -> Self {
        let missing = at.saturating_sub(self.width);
        self.gap(missing)
    }

    /// Adds another row's pieces.
    #[must_use]
    pub(crate) fn then(mut self, other: Row) -> Self {
        self.width += other.width;
        self.spans.extend(other.spans);
        self
    }

    /// Adds safe text after " · ", if there is anything before it.
    #[must_use]
    pub(crate) fn dot(self, text: impl Into<String>, style: Style, dot: Style) -> Self {
        if self.width == 0 { self.text(text, style) } else { self.text(" · ", dot).text(text, style) }
    }

    /// This row, and `right` at the right end of `cells`; what is too long on the left is cut.
    pub(crate) fn ends(self, right: Row, cells: usize) -> Line<'static> {
        let room = cells.saturating_sub(right.width);
        let left = if self.width + 2 > room { self.cut(room.saturating_sub(2)) } else { self };
        left.to(room).then(right).line()
    }

    /// Cut to at most `cells`.
    #[must_use]
    pub(crate) fn cut(self, cells: usize) -> Self {
        if self.width <= cells {
            return self;
        }
        let mut out = Row::new();
        for span in self.spans {
            let room = cells - out.width;
            let whole = text::width(&span.content) <= room;
            out = out.text(text::fit(&span.content, room), span.style);
            if !whole {
                break;
            }
        }
        out
    }

    /// Its width in cells.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// The line.
    pub(crate) fn line(self) -> Line<'static> {
        Line::from(self.spans)
    }
}
