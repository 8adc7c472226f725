//! Keys as people name them. Vim's letters are second keys of the same actions.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use std::fmt;

/// A key with what is held down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    code: KeyCode,
    held: KeyModifiers,
}

/// A key by itself.
pub(crate) const fn plain(code: KeyCode) -> Key {
    Key { code, held: KeyModifiers::NONE }
}

/// A letter or sign; capital letters as such.
pub(crate) const fn letter(c: char) -> Key {
    plain(KeyCode::Char(c))
}

/// With Ctrl.
pub(crate) const fn ctrl(c: char) -> Key {
    Key { code: KeyCode::Char(c), held: KeyModifiers::CONTROL }
}

/// With Alt.
pub(crate) const fn alt(c: char) -> Key {
    Key { code: KeyCode::Char(c), held: KeyModifiers::ALT }
}

/// A function key.
pub(crate) const fn function(n: u8) -> Key {
    plain(KeyCode::F(n))
}

impl Key {
    /// The key of a press or a repetition; `None` for a release. Shift is part of the letter, and the case of a letter
    /// does not matter with Ctrl.
    pub(crate) fn of(event: &KeyEvent) -> Option<Self> {
        if event.kind == KeyEventKind::Release {
            return None;
        }
        let mut held = event.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT);
        let code = match event.code {
            KeyCode::Char(c) => {
                held -= KeyModifiers::SHIFT;
                KeyCode::Char(if held.contains(KeyModifiers::CONTROL) { c.to_ascii_lowercase() } else { c })
            }
            KeyCode::Tab if held.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
            code => code,
        };
        if code == KeyCode::BackTab {
            held -= KeyModifiers::SHIFT;
        }
        Some(Self { code, held })
    }

    /// A key that types nothing, so that it means the same while a text is written.
    pub(crate) fn is_chord(self) -> bool {
        self.held.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) || matches!(self.code, KeyCode::F(_))
    }

    /// Enter, with nothing held.
    pub(crate) fn is_enter(self) -> bool {
        self == plain(KeyCode::Enter)
    }

    /// Esc, with nothing held.
    pub(crate) fn is_escape(self) -> bool {
        self == plain(KeyCode::Esc)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.held.contains(KeyModifiers::CONTROL) {
            f.write_str("Ctrl-")?;
        }
        if self.held.contains(KeyModifiers::ALT) {
            f.write_str("Alt-")?;
        }
        match self.code {
            KeyCode::Char(' ') => f.write_str("Space"),
            KeyCode::Char(c) if self.held.is_empty() => write!(f, "{c}"),
            KeyCode::Char(c) => write!(f, "{}", c.to_ascii_uppercase()),
            KeyCode::F(n) => write!(f, "F{n}"),
            KeyCode::Enter => f.write_str("Enter"),
            KeyCode::Esc => f.write_str("Esc"),
            KeyCode::Tab => f.write_str("Tab"),
            KeyCode::BackTab => f.write_str("Shift-Tab"),
            KeyCode::Up => f.write_str("↑"),
            KeyCode::Down => f.write_str("↓"),
            KeyCode::Left => f.write_str("←"),
            KeyCode::Right => f.write_str("→"),
            KeyCode::Home => f.write_str("Home"),
            KeyCode::End => f.write_str("End"),
            KeyCode::PageUp => f.write_str("PgUp"),
            KeyCode::PageDown => f.write_str("PgDn"),
            code => write!(f, "{code}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(code: KeyCode, held: KeyModifiers) -> Option<Key> {
        Key::of(&KeyEvent::new(code, held))
    }

    #[test]
    fn shift_belongs_to_the_letter() {
        assert_eq!(press(KeyCode::Char('N'), KeyModifiers::SHIFT), Some(letter('N')));
        assert_eq!(press(KeyCode::Char('M'), KeyModifiers::CONTROL | KeyModifiers::SHIFT), Some(ctrl('m')));
        assert_eq!(press(KeyCode::BackTab, KeyModifiers::SHIFT), Some(plain(KeyCode::BackTab)));
    }

    #[test]
    fn releases_are_no_presses() {
        let release =
            KeyEvent::new_with_kind(KeyCode::Enter, KeyModifiers::NONE, crossterm::event::KeyEventKind::Release);
        assert_eq!(Key::of(&release), None);
    }

    #[test]
    fn keys_have_the_names_people_use() {
        let named = [(ctrl('e'), "Ctrl-E"), (alt('m'), "Alt-M"), (letter('N'), "N"), (function(9), "F9")];
        for (key, name) in named {
            assert_eq!(key.to_string(), name);
        }
    }
}
