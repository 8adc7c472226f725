//! The only room that prints: tables for people, JSON for scripts, failures for both.

use crate::base::{Failure, Kind, SafeText, Stamp, zone};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;
use std::borrow::Cow;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::sync::OnceLock;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Text from outside on one line, safe for a terminal.
pub(super) fn safe(text: &str) -> String {
    // Nearly everything is, and lists are long.
    let plain = text.bytes().all(|letter| letter == b' ' || letter.is_ascii_graphic());
    if plain { text.to_owned() } else { SafeText::line(text).to_string() }
}

/// How many cells a safe text takes.
fn cells(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.width() }
}

/// How wide a cell of a table is on a terminal; elsewhere it is whole.
const CELL_MAX: usize = 44;

/// The name of the practice's zone.
static ZONE: OnceLock<String> = OnceLock::new();

/// From now on moments are told by the practice's clocks, as the console tells them; before, by this machine's.
pub(super) fn tell_time_in(zone: &str) {
    // The practice has one zone; a second connection brings the same.
    let _ = ZONE.set(zone.to_owned());
}

fn zone() -> TimeZone {
    static FOUND: OnceLock<TimeZone> = OnceLock::new();
    let find = |name: &String| zone::find(name).unwrap_or_else(TimeZone::system);
    ZONE.get().map_or_else(TimeZone::system, |name| FOUND.get_or_init(|| find(name)).clone())
}

/// A moment as scripts read it: RFC 3339 with the zone's offset.
pub(super) fn moment(at: Stamp) -> String {
    let zone = zone();
    let at = Timestamp::from_millisecond(at.0).unwrap_or_default();
    at.display_with_offset(zone.to_offset(at)).to_string()
}

/// A moment as people read it.
pub(super) fn local(at: Stamp) -> String {
    let at = Timestamp::from_millisecond(at.0).unwrap_or_default();
    at.to_zoned(zone()).strftime("%a %-d %b %Y %H:%M").to_string()
}

/// One JSON object on its own line.
pub(super) fn json(value: &Value) {
    line(&value.to_string());
}

/// A line of text. A reader that went away ends the program quietly; results that cannot be written for another
/// reason, such as a full disk, are a failure, or a script would take half of them for all.
pub(super) fn line(text: &str) {
    let mut out = std::io::stdout().lock();
    let Err(error) = writeln!(out, "{text}") else { return };
    if error.kind() == std::io::ErrorKind::BrokenPipe {
        std::process::exit(0);
    }
    let unwritten = Failure::new(Kind::Refused, format!("the output cannot be written ({})", error.kind()))
        .hint("look at the disk it goes to");
    failure(&unwritten);
    std::process::exit(unwritten.kind.exit_code().into());
}

/// A word to the person at the terminal that is not a result.
pub(super) fn say(text: &str) {
    // If even standard error is gone there is nobody to tell.
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// A failure: what is wrong, and what to do.
pub(super) fn failure(failure: &Failure) {
    say(&format!("bedside: error: {}", safe(&failure.message)));
    if let Some(hint) = &failure.hint {
        say(&format!("bedside: hint: {}", safe(hint)));
    }
}

/// A bug: where it is, and nothing of what it was about.
pub(super) fn bug(place: &str) {
    let found = Failure::new(Kind::Bug, format!("this is a bug in bedside, at {place}"))
        .hint("please report it; nothing that was acknowledged is lost");
    failure(&found);
}

/// What clap has to say: help and versions are results, the rest is a usage error.
pub(super) fn usage(asked: &clap::Error) -> ExitCode {
    // Nothing is left to try if the terminal does not take it.
    let _ = asked.print();
    if asked.use_stderr() { ExitCode::from(Kind::Usage.exit_code()) } else { ExitCode::SUCCESS }
}

/// A table: columns as wide as they need to be, the last one free. Nothing is printed for no rows but `empty`.
pub(super) fn table<const N: usize>(
    head: [&str; N],
    rows: impl IntoIterator<Item = [impl AsRef<str>; N]>,
    empty: &str,
) {
    let shortens = to_terminal();
    let mut widths = head.map(cells);
    // What all cells say lies in one text; a long list needs no string for each.
    let (mut said, mut ends) = (String::new(), Vec::new());
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(&row) {
            let cell = shown(cell.as_ref(), shortens);
            *width = (*width).max(cells(&cell));
            said.push_str(&cell);
            ends.push(said.len());
        }
    }
    if ends.is_empty() {
        return say(empty);
    }
    let mut text = String::new();
    push_row(&mut text, head.map(str::to_uppercase).iter().map(String::as_str), &widths);
    let mut start = 0;
    for row in ends.chunks(N) {
        let row = row.iter().map(|&end| &said[std::mem::replace(&mut start, end)..end]);
        push_row(&mut text, row, &widths);
    }
    text.pop();
    line(&text);
}

/// Adds a line of cells so wide.
fn push_row<'a>(text: &mut String, row: impl Iterator<Item = &'a str>, widths: &[usize]) {
    for (cell, width) in row.zip(widths) {
        text.push_str(cell);
        text.extend(std::iter::repeat_n(' ', width - cells(cell) + 2));
    }
    text.truncate(text.trim_end_matches(' ').len());
    text.push('\n');
}

/// A cell; with `shortens` one that leaves its neighbours in sight.
fn shown(cell: &str, shortens: bool) -> Cow<'_, str> {
    if !shortens || cells(cell) <= CELL_MAX {
        return cell.into();
    }
    let mut width = 0;
    let fits = |letter: &char| {
        width += letter.width().unwrap_or(0);
        width < CELL_MAX
    };
    cell.chars().take_while(fits).chain(['…']).collect::<String>().into()
}

/// Whether a person is likely to read standard output.
pub(super) fn to_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// Bytes for the terminal itself, such as OSC 52, wherever standard output goes; `false` when there is none.
pub(super) fn raw(text: &str) -> bool {
    let terminal = std::fs::OpenOptions::new().write(true).open("/dev/tty");
    terminal.and_then(|mut terminal| terminal.write_all(text.as_bytes())).is_ok()
}
