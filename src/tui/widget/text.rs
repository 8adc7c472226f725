//! Text measured in terminal cells: cut, padded, wrapped. Everything that came from outside passes through here.

use crate::base::SafeText;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// How many characters of a text are looked at for one cell of width: enough for combining marks, and a text of
/// megabytes costs no more than a line.
const CHARACTERS_PER_CELL: usize = 8;

/// The width of safe text in cells.
pub(crate) fn width(text: &str) -> usize {
    // Nearly everything is of such letters, and a screen measures thousands of texts.
    if text.is_ascii() {
        return text.bytes().filter(|letter| !letter.is_ascii_control()).count();
    }
    graphemes(text).map(|(_, width)| width).sum()
}

/// What is drawn as one, with its width in cells: as ratatui cuts and measures it.
fn graphemes(text: &str) -> impl Iterator<Item = (&str, usize)> {
    let pieces = text.graphemes(true).filter(|piece| !piece.contains(char::is_control));
    pieces.map(|piece| (piece, piece.width()))
}

/// The beginning of a text from outside, as one safe line for at most `cells` cells; cut texts end in "…".
pub(crate) fn safe(text: &str, cells: usize) -> String {
    let beginning = match text.char_indices().nth(cells.saturating_mul(CHARACTERS_PER_CELL).max(64)) {
        Some((end, _)) => &text[..end],
        None => text,
    };
    fit(SafeText::line(beginning.trim()).as_str(), cells)
}

/// Safe text cut to at most `cells` cells; what was cut ends in "…".
pub(crate) fn fit(text: &str, cells: usize) -> String {
    if text.is_ascii() && !text.bytes().any(|letter| letter.is_ascii_control()) {
        return match text.get(..cells.saturating_sub(1)) {
            Some(beginning) if text.len() > cells => format!("{beginning}{}", if cells > 0 { "…" } else { "" }),
            _ => text.to_owned(),
        };
    }
    let mut out = String::new();
    let (mut used, mut kept_len) = (0, 0);
    for (piece, width) in graphemes(text) {
        if used + width > cells {
            out.truncate(kept_len);
            if cells > 0 {
                out.push('…');
            }
            return out;
        }
        out.push_str(piece);
        used += width;
        if used < cells {
            kept_len = out.len();
        }
    }
    out
}

/// Safe text cut to at most `cells` cells and nothing said about it: so few that letters tell more than "…".
pub(crate) fn clip(text: &str, cells: usize) -> String {
    let mut used = 0;
    let fits = |(piece, width)| {
        used += width;
        (used <= cells).then_some(piece)
    };
    graphemes(text).map_while(fits).collect()
}

/// Safe text, cut or filled with spaces to exactly `cells` cells.
pub(crate) fn pad(text: &str, cells: usize) -> String {
    let mut out = fit(text, cells);
    let used = width(&out);
    out.extend(std::iter::repeat_n(' ', cells.saturating_sub(used)));
    out
}

/// Safe text of several lines in lines of at most `cells` cells, broken at spaces where there are any.
pub(crate) fn wrap(text: &str, cells: usize) -> Vec<String> {
    let cells = cells.max(2);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        let mut used = 0;
        // Where the line can be broken: behind the last space.
        let mut space: Option<(usize, usize)> = None;
        for (piece, width) in graphemes(paragraph) {
            // A letter with marks beside it can be wider than a line.
            let (piece, width) = if width > cells { ("…", 1) } else { (piece, width) };
            let mut broken = false;
            // A wide letter may not fit behind what stands after the space, either.
            while used > 0 && used + width > cells {
                let (at, at_used) = space.take().unwrap_or((line.len(), used));
                let rest = line.split_off(at);
                lines.push(line.trim_end().to_owned());
                line = rest;
                used -= at_used;
                broken = true;
            }
            if broken && piece == " " && line.is_empty() {
                continue;
            }
            line.push_str(piece);
            used += width;
            if piece == " " {
                space = Some((line.len(), used));
            }
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Text from outside in safe lines of at most `cells` cells.
pub(crate) fn safe_lines(text: &str, cells: usize) -> Vec<String> {
    wrap(SafeText::lines(text.trim_end()).as_str(), cells)
}

/// Text as it may be put into an input: line breaks stay if there may be `lines`, tabs become spaces, and every other
/// control character is left out.
pub(crate) fn typed(text: &str, lines: bool) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars()
        .filter_map(|c| match c {
            '\n' if lines => Some('\n'),
            '\n' | '\t' => Some(' '),
            c if c.is_control() => None,
            c => Some(c),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cut_text_says_so() {
        assert_eq!(fit("Katherine", 9), "Katherine");
        assert_eq!(fit("Katherine", 5), "Kath…");
        assert_eq!(fit("Katherine", 1), "…");
        assert_eq!(fit("Katherine", 0), "");
        assert_eq!(fit("陽子さん", 5), "陽子…");
        assert_eq!(pad("陽子さん", 6), "陽子… ");
        assert_eq!([clip("Katherine", 8), clip("陽子", 3), clip("Ada", 3)], ["Katherin", "陽", "Ada"]);
    }

    #[test]
    fn lines_break_at_spaces() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("a\n\nb", 4), ["a", "", "b"]);
        assert_eq!(wrap("a bcdefghij", 4), ["a", "bcde", "fghi", "j"]);
        assert_eq!(wrap("a bc陽", 4), ["a", "bc陽"]);
        assert_eq!(wrap(" ab陽", 3), ["", "ab", "陽"]);
        assert_eq!(wrap("a並\u{9c7}b", 2), ["a…", "b"]);
    }

    #[test]
    fn pasted_escape_sequences_lose_their_escape() {
        assert_eq!(typed("a\u{1b}[2Jb\r\nc\td", true), "a[2Jb\nc d");
        assert_eq!(typed("a\nb", false), "a b");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn any_text_fits(text in any::<String>(), cells in 0usize..40) {
            prop_assert!(width(&safe(&text, cells)) <= cells);
            prop_assert_eq!(width(&pad(SafeText::line(&text).as_str(), cells)), cells);
        }

        #[test]
        fn any_text_wraps(text in any::<String>(), cells in 2usize..40) {
            for line in safe_lines(&text, cells) {
                prop_assert!(width(&line) <= cells);
            }
        }
    }
}
