//! Text from outside, made safe to show.

use std::fmt;

/// Text in which nothing can steer a terminal or hide: control, bidirectional and zero-width
/// characters are written as visible escapes (`\u{202e}`). Line breaks become spaces unless kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SafeText(String);

fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

fn escape(text: &str, keep_lines: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\n' if keep_lines => out.push('\n'),
            '\n' | '\t' => out.push(' '),
            c if hidden(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

impl SafeText {
    /// One line: line breaks and tabs become spaces.
    pub fn line(text: &str) -> Self {
        Self(escape(text, false))
    }

    /// Several lines: line breaks stay, tabs become spaces.
    pub fn lines(text: &str) -> Self {
        Self(escape(text, true))
    }

    /// Whether `text` can be shown as it is: one line in which nothing is hidden.
    pub fn is_safe(text: &str) -> bool {
        !text.chars().any(hidden)
    }

    /// The safe text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_and_reversed_text_become_visible() {
        assert_eq!(SafeText::line("a\u{1b}[2Jb").as_str(), "a\\u{1b}[2Jb");
        assert_eq!(SafeText::line("\u{202e}cod.exe").as_str(), "\\u{202e}cod.exe");
        assert_eq!(SafeText::line("one\r\ntwo\u{9b}3").as_str(), "one two\\u{9b}3");
        assert_eq!(SafeText::lines("one\r\ntwo").as_str(), "one\ntwo");
        assert_eq!(SafeText::line("Zoë 陽子 🙂").as_str(), "Zoë 陽子 🙂");
    }
}
