//! Inputs: one line, and many.

use super::{Paper, text};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::{
    layout::{Position, Rect},
    style::Style,
    widgets::Widget,
};
use ratatui_textarea::{CursorMove, TextArea, WrapMode};

/// An input. Letters, arrows, Home, End, words by Ctrl or Alt. Ctrl-U takes back the last change; in one line, as in a
/// shell, all before the cursor.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    area: TextArea<'static>,
    lines: bool,
}

impl Field {
    /// One line.
    pub(crate) fn line(content: &str) -> Self {
        Self::new(content, false)
    }

    /// Many lines, wrapped.
    pub(crate) fn lines(content: &str) -> Self {
        Self::new(content, true)
    }

    fn new(content: &str, lines: bool) -> Self {
        let content = text::typed(content, lines);
        let mut area = TextArea::new(content.split('\n').map(String::from).collect());
        area.set_cursor_line_style(Style::new());
        // The terminal's own cursor is shown instead: screen readers and input methods follow it.
        area.set_cursor_style(Style::new());
        area.set_wrap_mode(if lines { WrapMode::WordOrGlyph } else { WrapMode::None });
        area.move_cursor(CursorMove::Bottom);
        area.move_cursor(CursorMove::End);
        Self { area, lines }
    }

    /// What stands in it.
    pub(crate) fn content(&self) -> String {
        self.area.lines().join("\n")
    }

    /// Whether there is anything but white space.
    pub(crate) fn is_blank(&self) -> bool {
        self.area.lines().iter().all(|line| line.trim().is_empty())
    }

    /// Takes a key; says whether the text changed.
    pub(crate) fn key(&mut self, key: KeyEvent) -> bool {
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Enter | KeyCode::Tab | KeyCode::BackTab if !self.lines => false,
            KeyCode::Char('m' | 'j') if ctrl && !self.lines => false,
            KeyCode::Char('u') if ctrl && !self.lines => self.area.delete_line_by_head(),
            KeyCode::Esc | KeyCode::BackTab => false,
            KeyCode::Tab => self.area.insert_str("  "),
            KeyCode::Char(c) if c.is_control() => false,
            _ => self.area.input(key),
        }
    }

    /// Takes pasted or made text; says whether the text changed.
    pub(crate) fn insert(&mut self, pasted: &str) -> bool {
        let pasted = text::typed(pasted, self.lines);
        !pasted.is_empty() && self.area.insert_str(pasted)
    }

    /// Puts the cursor behind the first heading (`S: `) that has nothing after it, where writing goes on.
    pub(crate) fn begin_at_heading(&mut self) {
        let heading = self.area.lines().iter().position(|line| line.trim_end().ends_with(':'));
        if let Some(row) = heading.and_then(|row| u16::try_from(row).ok()) {
            self.area.move_cursor(CursorMove::Jump(row, 0));
            self.area.move_cursor(CursorMove::End);
        }
    }

    /// Puts another first line in the place of this one, if it still stands there. The cursor stays where it is.
    pub(crate) fn replace_first_line(&mut self, before: &str, after: &str) {
        if self.area.lines().first().is_none_or(|line| line != before) {
            return;
        }
        let cursor = self.area.cursor();
        self.area.move_cursor(CursorMove::Jump(0, 0));
        self.area.delete_line_by_end();
        self.area.insert_str(after);
        let place = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
        self.area.move_cursor(CursorMove::Jump(place(cursor.0), place(cursor.1)));
    }

    /// Draws it; with the keyboard in it, the cursor stands here.
    pub(crate) fn draw(&self, area: Rect, focused: bool, paper: &mut Paper<'_>) {
        if area.is_empty() {
            return;
        }
        (&self.area).render(area, paper.buffer);
        if focused {
            let (cursor, (top, left)) = (self.area.screen_cursor(), self.area.scroll_offset());
            let offset = |at: usize, from: u16, most: u16| {
                u16::try_from(at.saturating_sub(usize::from(from))).unwrap_or(u16::MAX).min(most - 1)
            };
            paper.cursor = Some(Position {
                x: area.x + offset(cursor.col, left, area.width),
                y: area.y + offset(cursor.row, top, area.height),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(field: &mut Field, code: KeyCode) -> bool {
        field.key(KeyEvent::new(code, KeyModifiers::NONE))
    }

    #[test]
    fn first_line_is_replaced_under_the_cursor_unless_it_was_written_over() {
        let mut field = Field::lines("from ten\n\nS: \nO: ");
        field.begin_at_heading();
        field.replace_first_line("from ten", "ten to eleven");
        field.insert("well");
        assert_eq!(field.content(), "ten to eleven\n\nS: well\nO: ");
        field.replace_first_line("from ten", "something else");
        assert_eq!(field.content(), "ten to eleven\n\nS: well\nO: ");
    }

    #[test]
    fn one_line_stays_one_line() {
        let mut field = Field::line("a\nb");
        assert!(!press(&mut field, KeyCode::Enter));
        assert!(field.insert("c\nd"));
        assert_eq!(field.content(), "a bc d");
    }

    #[test]
    fn ctrl_u_empties_a_line_up_to_the_cursor() {
        let mut field = Field::line("ada tue");
        press(&mut field, KeyCode::Left);
        assert!(field.key(KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL)));
        assert_eq!(field.content(), "e");
    }

    #[test]
    fn writing_begins_behind_the_first_heading() {
        let mut field = Field::lines("Visit 10:00 to 10:50\n\nS: \nO: \n");
        field.begin_at_heading();
        assert!(press(&mut field, KeyCode::Char('x')));
        assert_eq!(field.content(), "Visit 10:00 to 10:50\n\nS: x\nO: \n");
    }
}
