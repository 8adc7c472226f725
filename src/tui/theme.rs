//! Colours by what they mean. Only the terminal's own 16, so that the user's palette decides how they look;
//! and every meaning also has a word or a sign, so that nothing is told by colour alone.

use ratatui::style::{Color, Modifier, Style};

/// One style per meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Theme {
    /// Beside the point: times gone by, hints, rules.
    pub(crate) quiet: Style,
    /// Names and headings.
    pub(crate) strong: Style,
    /// Where the keyboard is.
    pub(crate) accent: Style,
    /// The chosen line.
    pub(crate) chosen: Style,
    /// Somebody waits.
    pub(crate) waiting: Style,
    /// A note is not signed, a message is not read.
    pub(crate) pending: Style,
    /// The words were not compared.
    pub(crate) unverified: Style,
    /// It works, it is done.
    pub(crate) good: Style,
    /// It does not work, it is gone.
    pub(crate) bad: Style,
    /// A key in the key bar.
    pub(crate) key: Style,
    /// An action that is not possible now.
    pub(crate) off: Style,
    /// A QR code's ink and paper; `None` without colours.
    pub(crate) code: Option<Style>,
}

const PLAIN: Style = Style::new();

impl Theme {
    /// Light on dark.
    pub(crate) const fn dark() -> Self {
        Self {
            quiet: PLAIN.fg(Color::DarkGray),
            strong: PLAIN.add_modifier(Modifier::BOLD),
            accent: PLAIN.fg(Color::Cyan),
            chosen: PLAIN.add_modifier(Modifier::BOLD),
            waiting: PLAIN.fg(Color::LightYellow).add_modifier(Modifier::BOLD),
            pending: PLAIN.fg(Color::Yellow),
            unverified: PLAIN.fg(Color::LightMagenta),
            good: PLAIN.fg(Color::Green),
            bad: PLAIN.fg(Color::LightRed),
            key: PLAIN.fg(Color::Cyan),
            off: PLAIN.fg(Color::DarkGray),
            code: Some(PLAIN.fg(Color::Black).bg(Color::White)),
        }
    }

    /// Dark on light: no yellow, no bright colours.
    pub(crate) const fn light() -> Self {
        Self {
            quiet: PLAIN.fg(Color::DarkGray),
            strong: PLAIN.add_modifier(Modifier::BOLD),
            accent: PLAIN.fg(Color::Blue),
            chosen: PLAIN.add_modifier(Modifier::BOLD),
            waiting: PLAIN.fg(Color::Red).add_modifier(Modifier::BOLD),
            pending: PLAIN.fg(Color::Red),
            unverified: PLAIN.fg(Color::Magenta),
            good: PLAIN.fg(Color::Green),
            bad: PLAIN.fg(Color::Red),
            key: PLAIN.fg(Color::Blue),
            off: PLAIN.fg(Color::DarkGray),
            code: Some(PLAIN.fg(Color::Black).bg(Color::White)),
        }
    }

    /// No colours (NO_COLOR, https://no-color.org): weight and signs only.
    pub(crate) const fn plain() -> Self {
        let (bold, dim) = (PLAIN.add_modifier(Modifier::BOLD), PLAIN.add_modifier(Modifier::DIM));
        Self {
            quiet: dim,
            strong: bold,
            accent: bold,
            chosen: bold,
            waiting: PLAIN.add_modifier(Modifier::REVERSED),
            pending: PLAIN,
            unverified: PLAIN,
            good: PLAIN,
            bad: bold,
            key: bold,
            off: dim,
            code: None,
        }
    }

    /// The theme that fits this terminal, as its environment says.
    pub(crate) fn from_env() -> Self {
        let var = |name| std::env::var(name).ok();
        Self::fitting(var("NO_COLOR").as_deref(), var("TERM").as_deref(), var("COLORFGBG").as_deref())
    }

    /// NO_COLOR counts when it is set and not empty; COLORFGBG ends in the background's number.
    fn fitting(no_color: Option<&str>, term: Option<&str>, colorfgbg: Option<&str>) -> Self {
        if no_color.is_some_and(|value| !value.is_empty()) || term.is_some_and(|term| term.ends_with("-m")) {
            return Self::plain();
        }
        match colorfgbg.and_then(|value| value.rsplit(';').next()) {
            Some("7" | "15") => Self::light(),
            _ => Self::dark(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn environment_chooses_the_theme() {
        assert_eq!(Theme::fitting(None, None, None), Theme::dark());
        assert_eq!(Theme::fitting(Some(""), Some("xterm"), Some("15;0")), Theme::dark());
        assert_eq!(Theme::fitting(None, None, Some("0;default;15")), Theme::light());
        assert_eq!(Theme::fitting(Some("1"), None, Some("0;15")), Theme::plain());
        assert_eq!(Theme::fitting(None, Some("xterm-m"), None), Theme::plain());
    }

    #[test]
    fn plain_theme_has_no_colour() {
        let Theme { quiet, strong, accent, chosen, waiting, pending, unverified, good, bad, key, off, code } =
            Theme::plain();
        for style in [quiet, strong, accent, chosen, waiting, pending, unverified, good, bad, key, off] {
            assert_eq!((style.fg, style.bg), (None, None));
        }
        assert_eq!(code, None);
    }
}
