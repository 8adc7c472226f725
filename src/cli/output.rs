//! The only room that prints: tables for people, JSON for scripts, failures for both.

use crate::base::{Failure, Kind, SafeText, Stamp};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use unicode_width::UnicodeWidthStr;

/// Text from outside on one line, safe for a terminal.
pub(super) fn safe(text: &str) -> String {
    SafeText::line(text).to_string()
}

/// A moment as scripts read it: RFC 3339 with the zone's offset.
pub(super) fn moment(at: Stamp) -> String {
    let zone = TimeZone::system();
    let at = Timestamp::from_millisecond(at.0).unwrap_or_default();
    at.display_with_offset(zone.to_offset(at)).to_string()
}

/// A moment as people read it, in this machine's zone.
pub(super) fn local(at: Stamp) -> String {
    let at = Timestamp::from_millisecond(at.0).unwrap_or_default();
    at.to_zoned(TimeZone::system()).strftime("%a %-d %b %Y %H:%M").to_string()
}

/// One JSON object on its own line.
pub(super) fn json(value: &Value) {
    line(&value.to_string());
}

/// A line of text; a reader that went away ends the program quietly.
pub(super) fn line(text: &str) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{text}").is_err() {
        std::process::exit(0);
    }
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

/// What clap has to say: help and versions are results, the rest is a usage error.
pub(super) fn usage(asked: &clap::Error) -> ExitCode {
    // Nothing is left to try if the terminal does not take it.
    let _ = asked.print();
    if asked.use_stderr() { ExitCode::from(Kind::Usage.exit_code()) } else { ExitCode::SUCCESS }
}

/// A table: columns as wide as they need to be, the last one free. Nothing is printed for no rows but `empty`.
pub(super) fn table(head: &[&str], rows: &[Vec<String>], empty: &str) {
    if rows.is_empty() {
        return say(empty);
    }
    let mut widths: Vec<usize> = head.iter().map(|cell| cell.width()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let head: Vec<String> = head.iter().map(|cell| cell.to_uppercase()).collect();
    for row in std::iter::once(&head).chain(rows) {
        let mut text = String::new();
        for (place, (cell, width)) in row.iter().zip(&widths).enumerate() {
            text.push_str(cell);
            if place + 1 < row.len() {
                text.push_str(&" ".repeat(width - cell.width() + 2));
            }
        }
        line(text.trim_end());
    }
}

/// Whether a person is likely to read standard output.
pub(super) fn to_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// Bytes for the terminal itself, such as OSC 52.
pub(super) fn raw(text: &str) {
    let mut out = std::io::stdout().lock();
    // A terminal that went away needs nothing.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
