//! How far a text is scrolled. Drawing tells how far it can be.

use std::cell::Cell;

/// A position in lines from the start of a text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scroll {
    at: usize,
    most: Cell<usize>,
}

impl Scroll {
    /// Moves by `lines` from where the last drawing stood; the next one stops at the end.
    pub(crate) fn by(&mut self, lines: isize) {
        self.at = self.at.min(self.most.get()).saturating_add_signed(lines);
    }

    /// How far it was asked to be scrolled, and a little more: how much has to be laid out to know.
    pub(crate) fn wanted(&self) -> usize {
        self.at.saturating_add(64)
    }

    /// The first line to draw of `lines` in `height` rows.
    pub(crate) fn top(&self, lines: usize, height: usize) -> usize {
        self.most.set(lines.saturating_sub(height));
        self.at.min(self.most.get())
    }
}
