//! What an import did, or would do, in words and as JSON.

use super::super::{appointment, output};
use crate::base::{Failure, Kind};
use crate::client::agent::{Difference, ImportReport};
use crate::feed::{Feed, FeedError};
use crate::record::Appointment;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What was left out is listed line by line up to so many.
const LINES_MAX: usize = 20;
/// Else so many places of each sort.
const PLACES: usize = 5;

/// What was left out, and where.
pub(in crate::cli) struct Left {
    /// The file, when several were read.
    pub(in crate::cli) file: Option<String>,
    pub(in crate::cli) line: usize,
    pub(in crate::cli) reason: String,
    /// It is broken; else it is no appointment.
    pub(in crate::cli) broken: bool,
}

/// Something is broken: the first of it.
pub(in crate::cli) fn some_broken(left: &[Left]) -> Failure {
    let mut broken = left.iter().filter(|left| left.broken);
    let first = broken.next().map_or(String::new(), Left::to_line);
    let more = match broken.count() {
        0 => String::new(),
        n => format!(" (and {n} more)"),
    };
    Failure::new(Kind::Refused, format!("nothing was imported: {first}{more}"))
}

impl Left {
    pub(in crate::cli) fn to_line(&self) -> String {
        format!("{}: {}", self.place(), self.reason)
    }

    /// A file that is broken as a whole.
    pub(in crate::cli) fn whole(file: &str, error: FeedError) -> Self {
        let (line, reason) = match error {
            FeedError::Broken { line, flaw } => (line, flaw.to_string()),
            other => (1, other.to_string()),
        };
        Self { file: Some(file.to_owned()), line, reason, broken: true }
    }

    fn place(&self) -> String {
        let file = self.file.as_ref().map_or(String::new(), |file| format!("{}, ", output::safe(file)));
        format!("{file}line {}", self.line)
    }

    fn to_json(&self) -> Value {
        match &self.file {
            Some(file) => json!({"file": file, "line": self.line, "reason": self.reason}),
            None => json!({"line": self.line, "reason": self.reason}),
        }
    }
}

pub(in crate::cli) fn left_of(parsed: &Feed, file: Option<&str>) -> Vec<Left> {
    let left = |line, reason, broken| Left { file: file.map(str::to_owned), line, reason, broken };
    let broken = parsed.broken.iter().map(|broken| left(broken.line, broken.flaw.to_string(), true));
    let mut all: Vec<Left> = broken
        .chain(parsed.skipped.iter().map(|skipped| left(skipped.line, skipped.reason.to_string(), false)))
        .collect();
    all.sort_by_key(|left| left.line);
    all
}

pub(in crate::cli) fn report_json(
    report: &ImportReport,
    left: &[Left],
    differences: Option<&Vec<Difference>>,
) -> Value {
    let mut value = json!({
        "added": report.added, "updated": report.updated, "unchanged": report.unchanged, "removed": report.removed,
        "unmatched": report.unmatched, "queued": report.queued,
        "skipped": left.iter().map(Left::to_json).collect::<Vec<_>>(),
    });
    if let Some(differences) = differences {
        value["refused"] = json!(report.refused);
        value["changes"] = differences.iter().map(difference_json).collect();
    }
    value
}

/// What would become of an appointment, in a word.
fn fate(difference: &Difference) -> &'static str {
    use crate::record::AppointmentStatus::Cancelled;
    match &difference.before {
        None => "add",
        Some(before) if before.status != Cancelled && difference.after.record.status == Cancelled => "cancel",
        Some(_) => "update",
    }
}

fn difference_json(difference: &Difference) -> Value {
    json!({
        "change": fate(difference),
        "before": difference.before.as_ref().map(|before| appointment::record_json(before, None)),
        "after": appointment::as_json(&difference.after),
    })
}

pub(in crate::cli) fn report_words(
    report: &ImportReport,
    left: &[Left],
    differences: Option<(&Vec<Difference>, &TimeZone)>,
) {
    if let Some((differences, zone)) = differences {
        let head = ["change", "day", "from", "to", "patient", "how", "status"];
        let rows = differences.iter().map(|difference| difference_row(difference, zone));
        output::table(head, rows, "Nothing would change.");
    }
    if report.queued {
        output::line("The vault is locked: the appointments are kept sealed and imported when it is unlocked.");
    } else {
        let would = if differences.is_some() { "would be " } else { "" };
        output::line(&format!(
            "{} {would}added, {} {would}updated, {} {would}cancelled, {} unchanged.",
            report.added, report.updated, report.removed, report.unchanged
        ));
        if report.refused {
            output::line("It would be refused for what it cancels, unless --allow-removals is given.");
        }
        if report.unmatched > 0 {
            output::line(&format!(
                "{} fit no patient's name: 'bedside appointment unmatched' lists them, 'match' says whose they are.",
                report.unmatched
            ));
        }
    }
    left_words(left);
}

/// Lists what was left out; of much of one sort only where it begins.
fn left_words(left: &[Left]) {
    if left.len() <= LINES_MAX {
        return left.iter().for_each(|left| output::say(&left.to_line()));
    }
    let mut sorts: BTreeMap<(bool, &str), Vec<&Left>> = BTreeMap::new();
    for left in left {
        sorts.entry((!left.broken, &left.reason)).or_default().push(left);
    }
    for ((_, reason), all) in sorts {
        if let [one] = all.as_slice() {
            output::say(&one.to_line());
            continue;
        }
        let first: Vec<String> = all.iter().take(PLACES).map(|left| left.place()).collect();
        let more = if all.len() > PLACES { ", …" } else { "" };
        output::say(&format!("{} times: {reason} ({}{more})", all.len(), first.join(", ")));
    }
    output::say("'--json' lists every line.");
}

/// What is new of a time, behind what it was.
fn difference_row(difference: &Difference, zone: &TimeZone) -> [String; 7] {
    let cells = |appointment: &Appointment| {
        let at = |at: &jiff::Zoned, form: &str| at.with_time_zone(zone.clone()).strftime(form).to_string();
        [
            at(&appointment.start, "%a %Y-%m-%d"),
            at(&appointment.start, "%H:%M"),
            at(&appointment.end, "%H:%M"),
            appointment::how(appointment.kind).to_owned(),
            appointment.status.as_str().to_owned(),
        ]
    };
    let mut told = cells(&difference.after.record);
    if let Some(before) = &difference.before {
        for (new, old) in told.iter_mut().zip(cells(before)).filter(|(new, old)| *new != old) {
            *new = format!("{old} → {new}");
        }
    }
    let [day, from, to, how, status] = told;
    [fate(difference).to_owned(), day, from, to, appointment::called(&difference.after), how, status]
}
