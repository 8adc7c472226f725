//! The lines of a file and the messages they make up (§2.5), with the envelopes there may be around them: batches
//! (§2.10.3) and the bytes of MLLP, which whoever records a connection writes down as well.

use super::super::{Broken, FeedError, Flaw};

/// The most segments one file may have.
const SEGMENTS_MAX: usize = 1_000_000;
/// The longest message that is read, from a file or over the wire.
pub const MESSAGE_MAX_BYTES: usize = 1024 * 1024;

/// MLLP's start of a block.
const BLOCK: u8 = 0x0b;
/// MLLP's end of a block.
const BLOCK_END: u8 = 0x1c;

/// A segment as it stands in the file.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    /// Which, counted from 1.
    pub number: usize,
    /// Without its end; not blank.
    pub bytes: &'a [u8],
    /// What came before it was a line feed alone.
    after_feed: bool,
    /// It ended with a line feed alone.
    before_feed: bool,
}

impl Line<'_> {
    /// Whether it is a segment of that name.
    pub(super) fn is(&self, name: &str) -> bool {
        self.name() == Some(name)
    }

    /// The segment's name; `None` if this is no segment: three capital letters or digits, then something that separates.
    pub(super) fn name(&self) -> Option<&str> {
        let (name, rest) = self.bytes.split_at_checked(3)?;
        let capital = name.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        let ends = rest.first().is_none_or(|byte| !byte.is_ascii_alphanumeric());
        if capital && ends { std::str::from_utf8(name).ok() } else { None }
    }
}

/// A message as it stands in the file.
pub(super) struct Raw<'a> {
    /// Its segments; MSH first.
    pub lines: Vec<Line<'a>>,
}

impl Raw<'_> {
    /// Where it begins.
    pub(super) fn line(&self) -> usize {
        self.lines.first().map_or(1, |line| line.number)
    }
}

/// What a file is made of.
#[derive(Default)]
pub(super) struct Division<'a> {
    /// Its messages.
    pub messages: Vec<Raw<'a>>,
    /// What is wrong around and between them.
    pub broken: Vec<Broken>,
}

/// The lines of a file. A segment ends with CR (§2.4); files that passed through an editor have LF or CRLF.
struct Lines<'a> {
    rest: &'a [u8],
    number: usize,
    after_feed: bool,
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        while !self.rest.is_empty() {
            let ends = |byte: &u8| matches!(*byte, b'\r' | b'\n' | BLOCK | BLOCK_END);
            let length = self.rest.iter().position(ends).unwrap_or(self.rest.len());
            let (bytes, rest) = self.rest.split_at(length);
            let before_feed = rest.first() == Some(&b'\n');
            let line =
                Line { number: self.number, bytes: bytes.trim_ascii_start(), after_feed: self.after_feed, before_feed };
            self.after_feed = before_feed;
            let (lines, rest) = match rest {
                [b'\r', b'\n', rest @ ..] | [b'\r' | b'\n', rest @ ..] => (1, rest),
                [_, rest @ ..] => (0, rest),
                [] => (0, rest),
            };
            (self.rest, self.number) = (rest, self.number + lines);
            if !line.bytes.is_empty() {
                return Some(line);
            }
        }
        None
    }
}

/// Divides a file into its messages.
pub(super) fn divide(bytes: &[u8]) -> Result<Division<'_>, FeedError> {
    let mut found = Division::default();
    // Where the file's and the batch's envelope were opened; how many messages the batch has; whether a message is open.
    let (mut file, mut batch) = (None, None);
    let (mut count, mut segments, mut open) = (0, 0, false);
    for line in (Lines { rest: bytes, number: 1, after_feed: false }) {
        segments += 1;
        if segments > SEGMENTS_MAX {
            return Err(Flaw::TooManyLines.at(line.number));
        }
        let mut flaw = None;
        // What the text of an envelope says is not looked at, except how many there are.
        match line.name() {
            Some("MSH") => {
                (open, count) = (true, count + 1);
                found.messages.push(Raw { lines: vec![line] });
                continue;
            }
            Some("FHS") => (file, open) = (Some(line.number), false),
            Some("BHS") => (batch, open, count) = (Some(line.number), false, 0),
            Some("BTS") => {
                flaw = said_count(&line).is_some_and(|said| said != count).then_some(Flaw::WrongCount);
                (batch, open) = (None, false);
            }
            Some("FTS") => (file, open) = (None, false),
            Some(_) if !open => flaw = Some(Flaw::Outside),
            None if !open => flaw = Some(Flaw::NotSegment),
            // A line feed inside a text of a message whose segments end with CR, as they should: the text goes on.
            None if line.after_feed && message(&mut found).is_some_and(|head| !head.before_feed) => {}
            // The message says so itself: its other segments may be fine, but nobody knows what this one was.
            _ => found.messages.last_mut().expect("one is open").lines.push(line),
        }
        found.broken.extend(flaw.map(|flaw| Broken { line: line.number, flaw }));
    }
    // A block that was begun and not ended: whatever is in it may be half.
    let last = |wanted: u8| bytes.iter().rposition(|byte| *byte == wanted);
    if last(BLOCK) > last(BLOCK_END)
        && let Some(cut) = found.messages.pop()
    {
        found.broken.push(Broken { line: cut.line(), flaw: Flaw::CutOff });
    }
    found.broken.extend([file, batch].into_iter().flatten().map(|line| Broken { line, flaw: Flaw::CutOff }));
    Ok(found)
}

/// The head of the open message.
fn message<'a, 'b>(found: &'b mut Division<'a>) -> Option<&'b Line<'a>> {
    found.messages.last()?.lines.first()
}

/// BTS-1 (§2.14.3): how many messages the batch has, if it says.
fn said_count(line: &Line<'_>) -> Option<usize> {
    let field = line.bytes.get(4..)?;
    let digits = field.iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(field.get(..digits)?).ok()?.parse().ok()
}
