//! The lines of a file (RFC 5545 §3.1) and the components they make up (§3.4), each with its place, so that whoever
//! has to repair the file finds it.
//!
//! A file is walked through once, and of what says nothing about an appointment nothing is copied, joined or decoded: a
//! clinic's calendar has millions of such lines, for each of which calcard's parser makes a value.

use super::super::{FeedError, Flaw};
use encoding_rs::WINDOWS_1252;
use std::borrow::Cow;
use std::cell::OnceCell;

/// The most lines that are read.
const LINES_MAX: usize = 8_000_000;
/// How deep components may stand in each other: calendar, event, alarm, and some room.
const DEPTH_MAX: usize = 8;

/// A content line.
#[derive(Clone, Debug)]
pub(super) struct Line<'a> {
    /// Where it begins, counted from 1.
    pub number: usize,
    /// As it stands in the file, folds and all.
    raw: &'a [u8],
    folded: bool,
    /// Without its folds; only if somebody asks.
    joined: OnceCell<Vec<u8>>,
    /// The length of the property's name; `None` if it is no property.
    name: Option<usize>,
}

/// A line, taken apart: `NAME;PARAMETERS:VALUE`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Property<'a> {
    /// Where the line begins.
    pub number: usize,
    parameters: &'a [u8],
    /// As it is written, without the spaces around it.
    pub value: &'a [u8],
}

impl PartialEq for Line<'_> {
    /// Wherever they stand.
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl<'a> Line<'a> {
    fn new(number: usize, raw: &'a [u8], folded: bool) -> Self {
        let name = |bytes: &[u8]| memchr::memchr2(b':', b';', bytes);
        let mut line = Self { number, raw, folded, joined: OnceCell::new(), name: name(raw) };
        if folded && raw.iter().take(line.name.unwrap_or(raw.len())).any(|byte| *byte == b'\n') {
            line.name = name(line.bytes());
        }
        line
    }

    /// Without a byte order mark before it.
    fn without_marks(self) -> Self {
        match self.raw.strip_prefix(b"\xef\xbb\xbf") {
            Some(rest) => Self::new(self.number, rest, self.folded),
            None => self,
        }
    }

    /// Whether nothing stands there but spaces, NUL and the end of file of DOS.
    fn is_blank(&self) -> bool {
        self.raw.iter().all(|byte| byte.is_ascii_whitespace() || matches!(byte, 0 | 0x1a))
    }

    /// A fold may stand inside a letter: joined first, decoded then.
    fn bytes(&self) -> &[u8] {
        if !self.folded {
            return self.raw;
        }
        self.joined.get_or_init(|| {
            let mut joined = Vec::with_capacity(self.raw.len());
            for line in self.raw.split(|byte| *byte == b'\n') {
                let line = if joined.is_empty() { line } else { line.get(1..).unwrap_or_default() };
                joined.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
            }
            joined
        })
    }

    /// A name lies before the first fold, or the line was joined to find its end.
    #[inline(always)]
    fn start(&self, length: usize) -> Option<&[u8]> {
        self.joined.get().map_or(self.raw, Vec::as_slice).get(..length)
    }

    /// Whether the property has that name.
    // Reading a file is for the most part telling names apart.
    #[inline(always)]
    pub(super) fn is(&self, name: &str) -> bool {
        self.name == Some(name.len()) && self.begins(name)
    }

    /// Whether the property is one of some program's own.
    pub(super) fn is_extra(&self) -> bool {
        self.is_property() && self.begins("X-")
    }

    #[inline(always)]
    fn begins(&self, name: &str) -> bool {
        self.start(name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
    }

    /// Whether it may be a property at all.
    pub(super) fn is_property(&self) -> bool {
        self.name.is_some()
    }

    /// For `BEGIN:X` and `END:X`: X.
    pub(super) fn component(&self, keyword: &str) -> Option<&[u8]> {
        self.is(keyword).then(|| self.bytes().get(keyword.len() + 1..).unwrap_or_default().trim_ascii())
    }

    /// Takes it apart.
    pub(super) fn property(&self) -> Result<Property<'_>, FeedError> {
        let rest = self.name.and_then(|name| self.bytes().get(name..));
        let (parameters, value) = rest.and_then(|rest| split(rest, b':')).ok_or(Flaw::NotProperty.at(self.number))?;
        Ok(Property { number: self.number, parameters, value: value.trim_ascii() })
    }
}

impl<'a> Property<'a> {
    /// The value of a parameter, without quotation marks.
    pub(super) fn parameter(&self, name: &str) -> Option<&'a [u8]> {
        let mut rest = self.parameters.strip_prefix(b";")?;
        loop {
            let end = split(rest, b';').map_or(rest.len(), |(one, _)| one.len());
            let (one, behind) = rest.split_at(end);
            if let Some((key, value)) = one.split_at_checked(name.len())
                && key.eq_ignore_ascii_case(name.as_bytes())
                && let Some(value) = value.strip_prefix(b"=")
            {
                let unquoted = value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\""));
                return Some(unquoted.unwrap_or(value).trim_ascii());
            }
            rest = behind.strip_prefix(b";")?;
        }
    }

    /// Its value as text.
    pub(super) fn text(&self) -> Result<&'a str, FeedError> {
        std::str::from_utf8(self.value).map_err(|_| Flaw::NotText.at(self.number))
    }
}

/// Words as they are written, in UTF-8; in another alphabet's bytes only where an old program wrote its own.
pub(super) fn words(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| WINDOWS_1252.decode_without_bom_handling(bytes).0, Cow::Borrowed)
}

/// Divides a text where a mark stands first, outside of quotation marks.
fn split(text: &[u8], mark: u8) -> Option<(&[u8], &[u8])> {
    let mut quoted = false;
    let at = text.iter().position(|byte| {
        quoted ^= *byte == b'"';
        *byte == mark && !quoted
    })?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// A component's own lines, without those of the components inside it.
#[derive(Debug, Default)]
pub(super) struct Part<'a> {
    /// The line of its BEGIN.
    pub begin: usize,
    /// Its properties.
    pub lines: Vec<Line<'a>>,
}

impl<'a> Part<'a> {
    /// Its properties of that name.
    #[inline(always)]
    pub(super) fn all<'n>(&self, name: &'n str) -> impl Iterator<Item = &Line<'a>> + use<'_, 'a, 'n> {
        self.lines.iter().filter(move |line| line.is(name))
    }

    /// Its property of that name, which it may have once.
    #[inline(always)]
    pub(super) fn one(&self, name: &str) -> Result<Option<Property<'_>>, FeedError> {
        let mut found = self.all(name);
        let first = found.next();
        match found.next() {
            Some(second) => Err(Flaw::Repeated.at(second.number)),
            None => first.map(Line::property).transpose(),
        }
    }

    /// The value of its first property of that name; empty where there is none.
    #[inline(always)]
    pub(super) fn value(&self, name: &str) -> Result<&[u8], FeedError> {
        self.all(name).next().map_or(Ok(&[]), |line| Ok(line.property()?.value))
    }

    /// The same as words that somebody wrote.
    pub(super) fn words(&self, name: &str) -> Result<Cow<'_, str>, FeedError> {
        self.all(name).next().map_or(Ok(Cow::Borrowed("")), |line| Ok(words(line.property()?.value)))
    }

    /// The same as text.
    #[inline(always)]
    pub(super) fn text(&self, name: &str) -> Result<&str, FeedError> {
        self.all(name).next().map_or(Ok(""), |line| line.property()?.text())
    }
}

/// The lines of a file, each with those that continue it. Empty lines are passed over; CRLF, LF and a file without a
/// last line break are all fine.
pub(super) struct Lines<'a> {
    /// What was not read yet.
    pub rest: &'a [u8],
    /// The number of its first line.
    number: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        let rest = bytes.trim_ascii_start();
        let before = bytes.iter().take(bytes.len() - rest.len());
        Self { rest, number: 1 + before.filter(|byte| **byte == b'\n').count() }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        let (number, bytes) = (self.number, self.rest);
        if bytes.is_empty() {
            return None;
        }
        let (mut end, mut folded) = (0, false);
        let behind = loop {
            let ahead = bytes.get(end..)?;
            end += memchr::memchr(b'\n', ahead).unwrap_or(ahead.len());
            let mut behind = end;
            while let Some(byte @ (b'\n' | b'\r')) = bytes.get(behind) {
                self.number += usize::from(*byte == b'\n');
                behind += 1;
            }
            if !matches!(bytes.get(behind), Some(b' ' | b'\t')) {
                break behind;
            }
            (end, folded) = (behind, true);
        };
        self.rest = bytes.get(behind..)?;
        let line = bytes.get(..end)?;
        Some(Line::new(number, line.strip_suffix(b"\r").unwrap_or(line), folded))
    }
}

/// What stands in a file, in its order.
pub(super) enum Found<'a, 'b> {
    /// The properties of a calendar, before what is in it.
    Calendar(&'b Part<'a>),
    /// A component that stands directly in it, with its name.
    Component(&'b [u8], &'b Part<'a>),
}

/// Walks through the calendar (or several, one after the other) and hands out what stands directly in it.
pub(super) fn walk<'a>(
    bytes: &'a [u8],
    mut each: impl FnMut(Found<'a, '_>) -> Result<(), FeedError>,
) -> Result<(), FeedError> {
    let mut part = Part::default();
    // The BEGIN of what is open.
    let mut open: Vec<Line<'a>> = Vec::new();
    let mut headed = false;
    for mut line in Lines::of(bytes) {
        if line.number > LINES_MAX {
            return Err(Flaw::TooManyLines.at(line.number));
        }
        if open.is_empty() {
            // Between calendars that were put together, and at the end of an old file, stand marks that say nothing.
            line = line.without_marks();
            if line.is_blank() {
                continue;
            }
        }
        if let Some(kind) = line.component("BEGIN") {
            match open.len() {
                0 if !kind.eq_ignore_ascii_case(b"VCALENDAR") => return Err(Flaw::Outside.at(line.number)),
                1 if !headed => {
                    each(Found::Calendar(&part))?;
                    headed = true;
                }
                DEPTH_MAX.. => return Err(Flaw::TooDeep.at(line.number)),
                _ => {}
            }
            if open.len() < 2 {
                part.begin = line.number;
                part.lines.clear();
            }
            headed &= !open.is_empty();
            open.push(line);
        } else if let Some(kind) = line.component("END") {
            match open.pop() {
                Some(begun) if begun.component("BEGIN").is_some_and(|begun| begun.eq_ignore_ascii_case(kind)) => {}
                _ => return Err(Flaw::StrayEnd.at(line.number)),
            }
            match open.len() {
                0 if !headed => each(Found::Calendar(&part))?,
                1 => each(Found::Component(kind, &part))?,
                _ => {}
            }
        } else {
            match open.len() {
                0 => return Err(Flaw::Outside.at(line.number)),
                1 if headed => {}
                1 | 2 => part.lines.push(line),
                _ => {}
            }
        }
    }
    match open.last() {
        Some(line) => Err(Flaw::CutOff.at(line.number)),
        None => Ok(()),
    }
}
