//! The lines of a file (RFC 5545 §3.1) and the components they make up (§3.4), each with its place, so that whoever
//! has to repair the file finds it.

use super::{super::Flaw, FeedError};
use std::borrow::Cow;

/// The most lines that are read.
const LINES_MAX: usize = 1_000_000;
/// How deep components may stand in each other: calendar, event, alarm, and some room.
const DEPTH_MAX: usize = 8;

/// A content line, unfolded.
#[derive(Debug)]
pub(super) struct Line<'a> {
    /// Where it begins, counted from 1.
    pub number: usize,
    /// Without its line breaks.
    pub text: Cow<'a, str>,
}

impl Line<'_> {
    /// The property's name as it is written.
    pub(super) fn name(&self) -> &str {
        self.text.split([':', ';']).next().unwrap_or_default().trim()
    }

    /// For `BEGIN:X` and `END:X`: X.
    fn component(&self, keyword: &str) -> Option<&str> {
        let (name, value) = self.text.split_once(':')?;
        name.trim().eq_ignore_ascii_case(keyword).then(|| value.trim())
    }
}

/// A component's own lines, without those of the components inside it.
#[derive(Debug)]
pub(super) struct Part<'a> {
    /// As it is written: `VEVENT`.
    pub kind: &'a str,
    /// The line of its BEGIN.
    begin: usize,
    /// Its properties.
    pub lines: Vec<&'a Line<'a>>,
    /// For a VTIMEZONE: the properties of its STANDARD and DAYLIGHT.
    pub inner: Vec<&'a Line<'a>>,
}

impl Part<'_> {
    /// Whether it is a component of that kind.
    pub(super) fn is(&self, kind: &str) -> bool {
        self.kind.eq_ignore_ascii_case(kind)
    }

    /// Where it begins.
    pub(super) fn line(&self) -> usize {
        self.begin
    }

    /// Where its first property of that name stands; else where it begins.
    pub(super) fn line_of(&self, property: &str) -> usize {
        let found = self.lines.iter().find(|line| line.name().eq_ignore_ascii_case(property));
        found.map_or(self.begin, |line| line.number)
    }
}

/// Joins folded lines, then decodes them: a fold may stand inside a letter. Empty lines are dropped; CRLF, LF and a
/// file without a last line break are all fine.
pub(super) fn unfold(bytes: &[u8]) -> Result<Vec<Line<'_>>, FeedError> {
    let mut lines = Vec::new();
    let mut open: Option<(usize, Cow<'_, [u8]>)> = None;
    for (index, raw) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let raw = raw.strip_suffix(b"\r").unwrap_or(raw);
        match (raw, &mut open) {
            ([b' ' | b'\t', rest @ ..], Some((_, line))) => line.to_mut().extend_from_slice(rest),
            (raw, _) if raw.trim_ascii().is_empty() => {}
            (raw, open) => {
                if lines.len() == LINES_MAX {
                    return Err(Flaw::TooManyLines.at(index + 1));
                }
                lines.extend(open.replace((index + 1, Cow::Borrowed(raw))).map(decode).transpose()?);
            }
        }
    }
    lines.extend(open.map(decode).transpose()?);
    Ok(lines)
}

fn decode((number, bytes): (usize, Cow<'_, [u8]>)) -> Result<Line<'_>, FeedError> {
    let not_text = Flaw::NotText.at(number);
    let text = match bytes {
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|_| not_text)?,
        Cow::Owned(bytes) => String::from_utf8(bytes).map(Cow::Owned).map_err(|_| not_text)?,
    };
    Ok(Line { number, text })
}

/// Divides the lines into the calendar (or several, one after the other) and the components that stand directly in it,
/// in the order of their BEGIN.
pub(super) fn divide<'a>(lines: &'a [Line<'a>]) -> Result<Vec<Part<'a>>, FeedError> {
    let mut parts: Vec<Part<'a>> = Vec::new();
    // What is open: its name and where it began.
    let mut open: Vec<(&str, usize)> = Vec::new();
    let mut calendar = 0;
    for line in lines {
        if let Some(kind) = line.component("BEGIN") {
            match open.len() {
                0 if !kind.eq_ignore_ascii_case("VCALENDAR") => return Err(Flaw::Outside.at(line.number)),
                0 => calendar = parts.len(),
                1 => {}
                DEPTH_MAX.. => return Err(Flaw::TooDeep.at(line.number)),
                _ => {
                    open.push((kind, line.number));
                    continue;
                }
            }
            open.push((kind, line.number));
            parts.push(Part { kind, begin: line.number, lines: Vec::new(), inner: Vec::new() });
        } else if let Some(kind) = line.component("END") {
            match open.pop() {
                Some((begun, _)) if begun.eq_ignore_ascii_case(kind) => {}
                _ => return Err(Flaw::StrayEnd.at(line.number)),
            }
        } else if !line.text.contains(':') {
            return Err(Flaw::NotProperty.at(line.number));
        } else {
            let part = match open.len() {
                0 => return Err(Flaw::Outside.at(line.number)),
                1 => parts.get_mut(calendar),
                _ => parts.last_mut(),
            };
            let part = part.expect("whatever is open has its part");
            if open.len() <= 2 { part.lines.push(line) } else { part.inner.push(line) }
        }
    }
    match open.last() {
        Some((_, begin)) => Err(Flaw::CutOff.at(*begin)),
        None => Ok(parts),
    }
}
