//! An input whose content is never shown and does not stay in memory.

use super::{Paper, text};
use crate::base::Phi;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::{Position, Rect};
use std::fmt;
use zeroize::{Zeroize, Zeroizing};

/// Longer than any passphrase or recovery key; so long a buffer never moves and leaves no copies behind.
const MOST_BYTES: usize = 1024;

/// A passphrase in the making.
pub(crate) struct Secret {
    typed: Zeroizing<String>,
}

impl Default for Secret {
    fn default() -> Self {
        Self { typed: Zeroizing::new(String::with_capacity(MOST_BYTES)) }
    }
}

impl Clone for Secret {
    /// A copy starts empty: the secret exists once.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// Takes a key.
    pub(crate) fn key(&mut self, key: KeyEvent) {
        match key.code {
            KeyCode::Char('u') if key.modifiers.contains(KeyModifiers::CONTROL) => self.clear(),
            KeyCode::Char(c) if !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) => self.push(c),
            KeyCode::Backspace => drop(self.typed.pop()),
            _ => {}
        }
    }

    /// Takes pasted text.
    pub(crate) fn insert(&mut self, pasted: &str) {
        text::typed(pasted.trim(), false).chars().for_each(|c| self.push(c));
    }

    fn push(&mut self, c: char) {
        if !c.is_control() && self.typed.len() + c.len_utf8() <= MOST_BYTES {
            self.typed.push(c);
        }
    }

    /// Forgets what was typed.
    pub(crate) fn clear(&mut self) {
        self.typed.zeroize();
        self.typed.reserve(MOST_BYTES);
    }

    /// Whether nothing was typed.
    pub(crate) fn is_empty(&self) -> bool {
        self.typed.is_empty()
    }

    /// Hands the secret over and forgets it.
    pub(crate) fn take(&mut self) -> Phi<String> {
        let secret = Phi::new(self.typed.to_string());
        self.clear();
        secret
    }

    /// Draws a dot for each character.
    pub(crate) fn draw(&self, area: Rect, paper: &mut Paper<'_>) {
        if area.is_empty() {
            return;
        }
        let most = usize::from(area.width) - 1;
        let dots = self.typed.chars().count().min(most);
        paper.text(area, 0, &"•".repeat(dots), paper.theme.strong);
        paper.cursor = Some(Position { x: area.x + u16::try_from(dots).unwrap_or(0), y: area.y });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_is_never_shown_and_handed_over_once() {
        let mut secret = Secret::default();
        "correct horse".chars().for_each(|c| secret.key(KeyEvent::from(KeyCode::Char(c))));
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert!(secret.clone().is_empty());
        assert_eq!(secret.take().expose(), "correct horse");
        assert!(secret.is_empty());
    }

    #[test]
    fn endless_input_is_cut() {
        let mut secret = Secret::default();
        secret.insert(&"x".repeat(5000));
        assert_eq!(secret.take().expose().len(), MOST_BYTES);
    }
}
