//! Which letters the bytes are: UTF-8, UTF-16 or Windows-1252, told by the mark at the beginning or by the content.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

/// A file's text.
pub(super) struct Text<'a> {
    /// With whatever stands in for what is no letter.
    pub text: Cow<'a, str>,
    /// The first line with what is no letter.
    pub illegible: Option<usize>,
}

/// Decodes the bytes. UTF-8 is told by being valid; what is neither that nor UTF-16 is taken for Windows-1252, which
/// leaves only five bytes without a meaning.
pub(super) fn decode(bytes: &[u8]) -> Text<'_> {
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or_else(|| (guess(bytes), 0));
    let bytes = bytes.get(mark..).unwrap_or_default();
    if encoding == UTF_8
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return Text { text: Cow::Borrowed(text), illegible: None };
    }
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    let nothing = |c: char| match c {
        '\u{fffd}' => true,
        '\u{81}' | '\u{8d}' | '\u{8f}' | '\u{90}' | '\u{9d}' => encoding == WINDOWS_1252,
        _ => false,
    };
    let at = text.find(nothing);
    let illegible = at.map(|at| 1 + super::rows::line_breaks(text.as_bytes(), 0, at));
    Text { text, illegible }
}

/// Without a mark. A table begins with the name of a column: in UTF-16 every other byte of it is zero.
fn guess(bytes: &[u8]) -> &'static Encoding {
    match wide(bytes) {
        Some(encoding) => encoding,
        None if std::str::from_utf8(bytes).is_ok() => UTF_8,
        None => WINDOWS_1252,
    }
}

fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [one, 0, other, 0, ..] if *one > 0 && *other > 0 => Some(UTF_16LE),
        [0, one, 0, other, ..] if *one > 0 && *other > 0 => Some(UTF_16BE),
        _ => None,
    }
}

/// What is UTF-16, as UTF-8; `None` for anything else, and for what has half a letter in it.
pub(in crate::feed) fn from_utf16(bytes: &[u8]) -> Option<String> {
    let marked = Encoding::for_bom(bytes).filter(|(encoding, _)| *encoding != UTF_8);
    let (encoding, mark) = marked.or_else(|| Some((wide(bytes)?, 0)))?;
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes.get(mark..)?)?;
    Some(text.into_owned())
}
