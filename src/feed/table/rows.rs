//! The rows of a text (RFC 4180), each with the line where it begins.
//!
//! csv-core takes the rows apart. What is here is what it forgives and a practice must not: a quotation mark that is
//! never closed, or closed in the middle of a cell, swallows the appointments behind it.

use super::super::{Broken, Flaw};
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

/// The longest row, in bytes.
pub(super) const ROW_MAX_BYTES: usize = 256 * 1024;
/// The most columns.
pub(super) const COLUMNS_MAX: usize = 512;
/// The most lines that are read.
const LINES_MAX: usize = 1_000_000;

/// What stands between two cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delimiter {
    /// `,`
    Comma,
    /// `;`, where the comma is the decimal sign.
    Semicolon,
    /// The tabulator.
    Tab,
    /// `|`
    Bar,
}

impl Delimiter {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Comma, Self::Semicolon, Self::Tab, Self::Bar];

    const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Bar => b'|',
        }
    }

    /// The one that is this letter.
    pub fn of(letter: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|delimiter| letter.as_bytes() == [delimiter.byte()])
    }
}

/// Reads a text row by row in bounded memory.
pub(super) struct Rows<'a> {
    bytes: &'a [u8],
    at: usize,
    line: usize,
    delimiter: Delimiter,
    reader: Reader,
    cells: Vec<u8>,
    ends: Vec<usize>,
    /// How many bytes were looked at.
    #[cfg(test)]
    pub work: usize,
}

/// One row.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    /// Where it begins, counted from 1.
    pub line: usize,
    cells: &'a str,
    ends: &'a [usize],
}

impl<'a> Row<'a> {
    /// How many cells it has.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A cell without the space around it; empty where the row ends before it.
    pub(super) fn cell(&self, index: usize) -> &'a str {
        let end = |index: usize| self.ends.get(index).copied();
        let start = index.checked_sub(1).map_or(Some(0), end);
        let cell = start.zip(end(index)).and_then(|(start, end)| self.cells.get(start..end));
        cell.unwrap_or_default().trim()
    }

    /// All cells.
    pub(super) fn iter(self) -> impl Iterator<Item = &'a str> {
        (0..self.len()).map(move |index| self.cell(index))
    }
}

impl<'a> Rows<'a> {
    /// The rows of `text`, whose first line is number `line`.
    pub(super) fn new(text: &'a str, line: usize, delimiter: Delimiter) -> Self {
        let reader = ReaderBuilder::new().delimiter(delimiter.byte()).build();
        let (cells, ends) = (vec![0; ROW_MAX_BYTES.min(text.len() + 1)], vec![0; COLUMNS_MAX]);
        Self {
            bytes: text.as_bytes(),
            at: 0,
            line,
            delimiter,
            reader,
            cells,
            ends,
            #[cfg(test)]
            work: 0,
        }
    }

    /// The next row that is not empty. A broken one does not hide those behind it, unless its quotation marks do.
    pub(super) fn next(&mut self) -> Option<Result<Row<'_>, Broken>> {
        while let Some(b'\r' | b'\n') = self.bytes.get(self.at) {
            self.advance(1);
        }
        let (begin, line) = (self.at, self.line);
        let (mut written, mut cells, mut flaw) = (0, 0, None);
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            // The last row may lack its line break.
            let last = rest.is_empty();
            if last && self.at == begin {
                return None;
            }
            let (output, ends) = (self.cells.get_mut(written..)?, self.ends.get_mut(cells..)?);
            let (result, read, wrote, ended) = self.reader.read_record(if last { b"\n" } else { rest }, output, ends);
            (written, cells) = (written + wrote, cells + ended);
            if !last {
                self.advance(read);
            }
            match result {
                ReadRecordResult::Record => break,
                ReadRecordResult::End => return None,
                ReadRecordResult::InputEmpty if last => {
                    flaw = flaw.or(Some(Flaw::CutOff));
                    break;
                }
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => {
                    flaw = flaw.or(Some(Flaw::RowTooLong));
                    written = 0;
                }
                ReadRecordResult::OutputEndsFull => {
                    flaw = flaw.or(Some(Flaw::TooManyColumns));
                    cells = 0;
                }
            }
        }
        let raw = self.bytes.get(begin..self.at).unwrap_or_default();
        #[cfg(test)]
        {
            self.work += raw.len();
        }
        flaw =
            flaw.or_else(|| if line > LINES_MAX { Some(Flaw::TooManyLines) } else { misquoted(raw, self.delimiter) });
        if let Some(flaw) = flaw {
            return Some(Err(Broken { line, flaw }));
        }
        let text = self.cells.get(..written).and_then(|cells| std::str::from_utf8(cells).ok());
        let row = text.zip(self.ends.get(..cells)).map(|(cells, ends)| Row { line, cells, ends });
        Some(row.ok_or(Broken { line, flaw: Flaw::NotText }))
    }

    fn advance(&mut self, by: usize) {
        self.line += line_breaks(self.bytes, self.at, self.at + by);
        #[cfg(test)]
        {
            self.work += 2 * by;
        }
        self.at += by;
    }
}

/// How many line breaks (CRLF, LF or CR) end between the two places.
pub(super) fn line_breaks(bytes: &[u8], from: usize, to: usize) -> usize {
    let part = bytes.get(from..to).unwrap_or_default();
    let ends = |at: &usize| match part.get(*at) {
        Some(b'\r') => bytes.get(from + at + 1) != Some(&b'\n'),
        _ => true,
    };
    memchr::memchr2_iter(b'\r', b'\n', part).filter(ends).count()
}

/// A quotation mark that closes in the middle of a cell: another one before it was forgotten.
fn misquoted(row: &[u8], delimiter: Delimiter) -> Option<Flaw> {
    let (mut inside, mut skip) = (false, None);
    for at in memchr::memchr_iter(b'"', row) {
        let next = row.get(at + 1);
        if skip == Some(at) {
            continue;
        }
        if !inside {
            let before = at.checked_sub(1).and_then(|before| row.get(before));
            // Elsewhere it is a letter like any other: `5" wound`.
            inside = before.is_none_or(|before| *before == delimiter.byte());
        } else if next == Some(&b'"') {
            skip = Some(at + 1);
        } else if next.is_none_or(|next| [delimiter.byte(), b'\r', b'\n'].contains(next)) {
            inside = false;
        } else {
            return Some(Flaw::StrayQuote);
        }
    }
    None
}
