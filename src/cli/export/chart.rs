//! One patient's chart: Markdown for people, JSON for programs.

use super::Records;
use crate::base::{Phi, SafeText, Stamp};
use crate::cli::{appointment, message, note, output, patient, task, visit};
use crate::client::agent::Named;
use crate::record::compartment::PART2_NOTICE;
use crate::record::{AppointmentKind, Note, Patient, Sender};
use serde_json::{Value, json};
use std::fmt::Write;

/// Letters of a name in a folder's name.
const NAME_MAX: usize = 40;
/// Letters of the identifier behind them.
const ID_LETTERS: usize = 8;

/// The folder's name: letters and digits of the name, for people, and of the identifier, so that it is the only one.
pub(super) fn folder(patient: &Patient) -> String {
    let mut name = String::new();
    for c in patient.name.expose().to_lowercase().chars().take(NAME_MAX) {
        match c {
            c if c.is_alphanumeric() => name.push(c),
            _ if name.is_empty() || name.ends_with('-') => {}
            _ => name.push('-'),
        }
    }
    let id = patient.id.to_string();
    format!("{}-{}", name.trim_end_matches('-'), &id[..ID_LETTERS]).trim_start_matches('-').to_owned()
}

/// JSON that a person can look at, too.
pub(super) fn pretty(value: &Value) -> Vec<u8> {
    format!("{value:#}\n").into_bytes()
}

/// Everything, with the field names that `--json` has.
pub(super) fn record(records: &Records<'_>, version: u32, at: Stamp, part2: bool) -> Vec<u8> {
    let name = || Some(records.patient.name.clone());
    fn all<R: Clone>(records: &[R], name: impl Fn() -> Option<Phi<String>>, json: fn(&Named<R>) -> Value) -> Value {
        records.iter().map(|record| json(&Named { name: name(), record: record.clone() })).collect()
    }
    pretty(&json!({
        "format": "bedside-export", "version": version, "exported": output::moment(at),
        "notice": part2.then_some(PART2_NOTICE),
        "patient": patient::as_json(records.patient),
        "notes": all(&records.notes, name, note::as_json),
        "messages": all(&records.messages, name, message::as_json),
        "appointments": all(&records.appointments, name, appointment::as_json),
        "visits": all(&records.visits, name, visit::as_json),
        "tasks": all(&records.tasks, name, task::as_json),
    }))
}

/// The chart to read.
pub(super) fn markdown(records: &Records<'_>, at: Stamp, part2: bool) -> String {
    let mut text = if part2 { format!("**{PART2_NOTICE}**\n\n") } else { String::new() };
    // Writing to a String cannot fail.
    let _ = write(&mut text, records, at);
    text
}

fn write(text: &mut String, records: &Records<'_>, at: Stamp) -> std::fmt::Result {
    let patient = records.patient;
    let name = inline(patient.name.expose());
    writeln!(text, "# {name}\n\nExported {}. Times are the practice's.\n", output::local(at))?;
    if let Some(born) = &patient.born {
        writeln!(text, "- born {}", born.expose())?;
    }
    if let Some(phone) = &patient.phone {
        writeln!(text, "- phone {}", inline(phone.expose()))?;
    }
    if let Some(contact) = &patient.emergency {
        writeln!(text, "- emergency {}, {}", inline(contact.name.expose()), inline(contact.phone.expose()))?;
    }
    writeln!(text, "- id {}", patient.id)?;
    if patient.archived {
        writeln!(text, "- archived")?;
    }
    writeln!(text, "\n## Notes")?;
    notes(text, &records.notes)?;
    writeln!(text, "\n## Messages")?;
    for message in &records.messages {
        let from = match message.from {
            Sender::Clinician => "the clinician",
            Sender::Patient => &name,
        };
        writeln!(text, "\n{}, from {from}:\n", output::local(message.at))?;
        fenced(text, message.text.expose())?;
    }
    writeln!(text, "\n## Appointments\n")?;
    for appointment in &records.appointments {
        let how = match appointment.kind {
            AppointmentKind::Visit => "by video",
            AppointmentKind::InPerson => "in the practice",
        };
        let start = appointment.start.strftime("%a %-d %b %Y %H:%M %Z");
        writeln!(text, "- {start} to {}, {how}, {}", appointment.end.strftime("%H:%M"), appointment.status.as_str())?;
    }
    writeln!(text, "\n## Visits\n")?;
    for visit in &records.visits {
        let told = |at: Option<Stamp>| at.map_or("–".to_owned(), output::local);
        writeln!(
            text,
            "- knocked {}, connected {}, ended {}",
            output::local(visit.knocked),
            told(visit.connected),
            told(visit.ended)
        )?;
    }
    writeln!(text, "\n## Tasks\n")?;
    for task in &records.tasks {
        let due = task.due.map_or(String::new(), |due| format!(", by {due}"));
        let done = task.done.map_or(String::new(), |at| format!(", done {}", output::local(at)));
        writeln!(text, "- {}{due}{done}", inline(task.text.expose()))?;
    }
    Ok(())
}

/// Notes, letter by letter.
fn notes(text: &mut String, notes: &[Note]) -> std::fmt::Result {
    for note in notes {
        let state = note.signed.map_or("draft, not signed".to_owned(), |at| format!("signed {}", output::local(at)));
        writeln!(text, "\n### {} · {} · {state}\n", output::local(note.created), note.kind.as_str())?;
        fenced(text, note.text.expose())?;
        for addendum in &note.addenda {
            writeln!(text, "\nAddendum, {}:\n", output::local(addendum.at))?;
            fenced(text, addendum.text.expose())?;
        }
    }
    Ok(())
}

/// One patient's notes that stand apart, to read.
pub(super) fn apart(title: &str, patient: &Patient, all: &[Note], at: &str) -> String {
    let name = inline(patient.name.expose());
    let mut text = format!("# {title}: {name}\n\nExported {at}. Times are the practice's.\n\n- id {}\n", patient.id);
    // Writing to a String cannot fail.
    let _ = notes(&mut text, all);
    text
}

/// Text from a record, letter by letter, in a fence that nothing in it can end.
fn fenced(to: &mut String, text: &str) -> std::fmt::Result {
    let text = SafeText::lines(text);
    let longest = text.as_str().split(|c| c != '~').map(str::len).max().unwrap_or(0);
    let fence = "~".repeat(longest.max(2) + 1);
    writeln!(to, "{fence}\n{}\n{fence}", text.as_str().trim_end_matches('\n'))
}

/// Text from a record on a line of Markdown, which it cannot form.
fn inline(text: &str) -> String {
    let mut out = String::new();
    for c in output::safe(text).chars() {
        if c.is_ascii_punctuation() && !matches!(c, '.' | ',' | '-' | '\'' | '/' | '+' | ' ') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::PatientId;

    fn named(name: &str) -> Patient {
        Patient::new(PatientId::from_bytes([7; 16]), name.into(), Stamp(0))
    }

    #[test]
    fn folders_names_lead_nowhere_else() {
        for (name, expected) in [
            ("Ada Byron", "ada-byron-a4dqobyh"),
            ("../../etc/passwd", "etc-passwd-a4dqobyh"),
            ("Zoë 陽子", "zoë-陽子-a4dqobyh"),
            ("-rf *", "rf-a4dqobyh"),
            ("…", "a4dqobyh"),
        ] {
            assert_eq!(folder(&named(name)), expected);
        }
    }

    #[test]
    fn no_text_ends_its_fence() {
        let mut to = String::new();
        fenced(&mut to, "a\n~~~~~\n# not a heading\n").expect("written");
        assert_eq!(to, "~~~~~~\na\n~~~~~\n# not a heading\n~~~~~~\n");
        assert_eq!(inline("*a* [b](c) <d>"), "\\*a\\* \\[b\\]\\(c\\) \\<d\\>");
    }
}
