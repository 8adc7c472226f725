//! What a segment says (§2.4 to §2.7): fields, repetitions, components, subcomponents, text without its escapes.
//!
//! Everything is looked up where it stands; nothing is divided in advance, so that a message costs no more memory than
//! its own bytes, however many separators it has.

use super::super::Flaw;
use super::layout::{Line, MESSAGE_MAX_BYTES, Raw};
use encoding_rs::{Encoding, WINDOWS_1252};
use std::borrow::Cow;

/// What separates, as the message itself says (MSH-1 and MSH-2, §2.14.9).
#[derive(Clone, Copy)]
pub(super) struct Separators {
    pub field: char,
    pub component: Option<char>,
    pub repetition: Option<char>,
    pub escape: Option<char>,
    pub subcomponent: Option<char>,
}

impl Separators {
    /// What nearly everybody uses.
    pub(super) const USUAL: Self =
        Self { field: '|', component: Some('^'), repetition: Some('~'), escape: Some('\\'), subcomponent: Some('&') };

    /// From the bytes of an MSH: one sign behind the name, and up to five until that comes again. (The fifth, of 2.7,
    /// marks texts that were cut short, and is of no use here.) `None` if they are no signs or not distinct.
    pub(super) fn read(msh: &[u8]) -> Option<Self> {
        let (field, rest) = msh.get(3..)?.split_first()?;
        let signs = rest.split(|byte| byte == field).next()?;
        let all = || signs.iter().chain([field]);
        let sound = |byte: &u8| byte.is_ascii_punctuation() && *byte != b'"';
        let distinct = all().enumerate().all(|(place, byte)| !all().skip(place + 1).any(|other| other == byte));
        if signs.is_empty() || signs.len() > 5 || !all().all(sound) || !distinct {
            return None;
        }
        let sign = |place: usize| signs.get(place).map(|byte| char::from(*byte));
        Some(Self {
            field: char::from(*field),
            component: sign(0),
            repetition: sign(1),
            escape: sign(2),
            subcomponent: sign(3),
        })
    }
}

/// How bytes become text (MSH-18, HL7 table 0211).
#[derive(Clone, Copy, PartialEq)]
enum Charset {
    Utf8,
    /// UTF-8, and where a line is not, the letters of Windows: whoever writes those often says nothing of it.
    Unsaid,
    /// A byte a letter, and ASCII's are the same.
    Single(&'static Encoding),
}

impl Charset {
    fn named(name: &str) -> Result<Self, Flaw> {
        let name = name.trim().to_ascii_lowercase();
        match name.as_str() {
            "unicode" | "unicode utf-8" | "utf-8" | "utf8" => return Ok(Self::Utf8),
            "" | "ascii" => return Ok(Self::Unsaid),
            _ => {}
        }
        let part = name.rsplit("8859").next().unwrap_or_default().trim_start_matches(['/', '-']);
        let label = if name.contains("8859") { format!("iso-8859-{part}") } else { name };
        let known = Encoding::for_label(label.as_bytes()).filter(|encoding| encoding.is_single_byte());
        known.map(Self::Single).ok_or(Flaw::UnknownCharset)
    }

    fn decode(self, bytes: &[u8]) -> Result<Cow<'_, str>, Flaw> {
        match self {
            Self::Utf8 => std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|_| Flaw::NotText),
            Self::Unsaid => Ok(std::str::from_utf8(bytes)
                .map_or_else(|_| WINDOWS_1252.decode_without_bom_handling(bytes).0, Cow::Borrowed)),
            Self::Single(encoding) => Ok(encoding.decode_without_bom_handling(bytes).0),
        }
    }
}

/// A message whose head was understood.
pub(super) struct Message<'a> {
    lines: &'a [Line<'a>],
    separators: Separators,
    charset: Charset,
}

impl<'a> Message<'a> {
    /// Reads the head.
    pub(super) fn read(raw: &'a Raw<'a>) -> Result<Self, Flaw> {
        let length: usize = raw.lines.iter().map(|line| line.bytes.len() + 1).sum();
        if length > MESSAGE_MAX_BYTES {
            return Err(Flaw::TooLong);
        }
        let head = raw.lines.first().ok_or(Flaw::BadSeparators)?;
        let separators = Separators::read(head.bytes).ok_or(Flaw::BadSeparators)?;
        let mut message = Self { lines: &raw.lines, separators, charset: Charset::Single(WINDOWS_1252) };
        // Names of character sets are the same letters in all of them.
        let name = message.head()?.field(18).repetitions().next().map(|first| first.text()).unwrap_or_default();
        message.charset = Charset::named(&name).or_else(|unknown| {
            if raw.lines.iter().all(|line| line.bytes.is_ascii()) { Ok(Charset::Utf8) } else { Err(unknown) }
        })?;
        Ok(message)
    }

    /// MSH.
    pub(super) fn head(&self) -> Result<Segment<'a>, Flaw> {
        self.segment(self.lines.first().ok_or(Flaw::BadSeparators)?)
    }

    /// The lines of all segments of that name.
    pub(super) fn lines(&self, name: &'static str) -> impl Iterator<Item = &'a Line<'a>> {
        self.lines.iter().filter(move |line| line.is(name))
    }

    /// Where something stands that is no segment.
    pub(super) fn stray(&self) -> Option<usize> {
        self.lines.iter().find(|line| line.name().is_none()).map(|line| line.number)
    }

    /// A line's text.
    pub(super) fn segment(&self, line: &Line<'a>) -> Result<Segment<'a>, Flaw> {
        let text = self.charset.decode(line.bytes)?;
        Ok(Segment { line: line.number, text, separators: self.separators, charset: self.charset })
    }
}

/// One segment.
pub(super) struct Segment<'a> {
    /// Where it stands.
    pub line: usize,
    text: Cow<'a, str>,
    separators: Separators,
    charset: Charset,
}

impl Segment<'_> {
    /// Field `n`, counted from 1 as the standard does; empty if it is not there.
    pub(super) fn field(&self, n: usize) -> Piece<'_> {
        // MSH-1 is the separator itself: what follows it is MSH-2.
        let place = if self.text.starts_with("MSH") { n.saturating_sub(1) } else { n };
        let text = self.text.split(self.separators.field).nth(place).unwrap_or_default();
        Piece { text, separators: self.separators, charset: self.charset }
    }
}

/// A part of a segment: a field, or a part of one.
#[derive(Clone, Copy)]
pub(super) struct Piece<'a> {
    text: &'a str,
    separators: Separators,
    charset: Charset,
}

impl<'a> Piece<'a> {
    /// A field's repetitions that say something.
    pub(super) fn repetitions(self) -> impl Iterator<Item = Piece<'a>> {
        self.divided(self.separators.repetition).filter(|piece| !piece.is_empty())
    }

    /// Component `n`, counted from 1.
    pub(super) fn component(self, n: usize) -> Piece<'a> {
        // Of a field that repeats, the first counts.
        let first = self.divided(self.separators.repetition).next().unwrap_or(self);
        first.divided(self.separators.component).nth(n.saturating_sub(1)).unwrap_or(Piece { text: "", ..self })
    }

    /// Subcomponent `n`, counted from 1.
    pub(super) fn subcomponent(self, n: usize) -> Piece<'a> {
        self.divided(self.separators.subcomponent).nth(n.saturating_sub(1)).unwrap_or(Piece { text: "", ..self })
    }

    fn divided(self, by: Option<char>) -> impl Iterator<Item = Piece<'a>> {
        // What separates nothing in this message is a sign that is in no text: none of it can be a control character.
        self.text.split(by.unwrap_or('\0')).map(move |text| Piece { text, ..self })
    }

    /// Nothing is said, or that there is nothing (`""`, §2.5.3).
    pub(super) fn is_empty(self) -> bool {
        let text = self.text.trim();
        text.is_empty() || text == "\"\""
    }

    /// Its first part that is not divided further, without escapes (§2.7).
    pub(super) fn text(self) -> String {
        let piece = self.component(1).subcomponent(1);
        if piece.is_empty() { String::new() } else { piece.unescaped().trim().to_owned() }
    }

    /// All of it, with spaces where it is divided: for looking for words.
    pub(super) fn words(self) -> String {
        let signs = [self.separators.repetition, self.separators.component, self.separators.subcomponent];
        let spaced: String = self.text.chars().map(|c| if signs.contains(&Some(c)) { ' ' } else { c }).collect();
        Piece { text: &spaced, ..self }.unescaped()
    }

    fn unescaped(self) -> String {
        let Some(escape) = self.separators.escape else { return self.text.to_owned() };
        let mut out = String::with_capacity(self.text.len());
        let mut rest = self.text;
        while let Some((before, after)) = rest.split_once(escape) {
            out.push_str(before);
            let Some((sequence, behind)) = after.split_once(escape) else {
                // Nothing ends it: then it was a sign like any other.
                out.push(escape);
                rest = after;
                continue;
            };
            self.put(sequence, &mut out);
            rest = behind;
        }
        out.push_str(rest);
        out
    }

    /// What stands between two escape characters. What only a printer could use (highlighting, indents, other
    /// alphabets) and what is local to somebody else's site is left out.
    fn put(self, sequence: &str, out: &mut String) {
        let signs = self.separators;
        match sequence {
            "F" => out.push(signs.field),
            "S" => out.extend(signs.component),
            "R" => out.extend(signs.repetition),
            "E" => out.extend(signs.escape),
            "T" => out.extend(signs.subcomponent),
            ".br" => out.push('\n'),
            _ if sequence.starts_with(".sp") => out.push('\n'),
            _ => {
                let bytes = sequence
                    .strip_prefix('X')
                    .and_then(|hex| data_encoding::HEXUPPER_PERMISSIVE.decode(hex.as_bytes()).ok());
                // A byte by itself is no letter, if nobody says of which alphabet.
                let charset = if self.charset == Charset::Unsaid { Charset::Utf8 } else { self.charset };
                let text = bytes.as_deref().and_then(|bytes| charset.decode(bytes).ok());
                out.push_str(&text.unwrap_or_default());
            }
        }
    }
}
