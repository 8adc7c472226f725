//! Tables of everybody's records, each cut into files of a bounded size as it grows.

use super::Records;
use super::archive::Archive;
use crate::base::{Failure, Phi, Stamp};
use crate::cli::output;
use crate::feed::calendar::write::{self, Event};
use crate::feed::table::guard;
use crate::record::{Appointment, AppointmentKind, Message, Note, Patient, Sender, Task, Visit};
use serde::Serialize;

/// A table is cut where it has reached this.
const PART_BYTES: usize = 16 << 20;

/// One table.
pub(super) struct Table {
    name: &'static str,
    ending: &'static str,
    head: String,
    foot: &'static str,
    text: String,
    parts: u32,
}

impl Table {
    /// A table that begins, in each of its files, with `head` and ends with `foot`.
    pub(super) fn new(name: &'static str, ending: &'static str, head: String, foot: &'static str) -> Self {
        Self { name, ending, text: head.clone(), head, foot, parts: 0 }
    }

    fn csv(name: &'static str, columns: &[&str], notice: Option<&str>) -> Self {
        let last = notice.map(|_| "notice");
        let head: Vec<&str> = columns.iter().copied().chain(last).collect();
        Self::new(name, "csv", head.join(",") + "\r\n", "")
    }

    /// Adds text as it is, which is never cut.
    pub(super) fn add(&mut self, archive: &mut Archive, text: &str) -> Result<(), Failure> {
        if self.text.len() + text.len() > PART_BYTES && self.text.len() > self.head.len() {
            self.cut(archive)?;
        }
        self.text.push_str(text);
        Ok(())
    }

    /// Adds a line.
    pub(super) fn line(&mut self, archive: &mut Archive, text: &str) -> Result<(), Failure> {
        self.add(archive, &format!("{text}\n"))
    }

    fn cut(&mut self, archive: &mut Archive) -> Result<(), Failure> {
        self.parts += 1;
        let name = match self.parts {
            1 => format!("{}.{}", self.name, self.ending),
            n => format!("{}-{n}.{}", self.name, self.ending),
        };
        self.text.push_str(self.foot);
        archive.add(&name, self.text.as_bytes())?;
        self.text.clone_from(&self.head);
        Ok(())
    }

    /// Writes what is left; a table without a row is written, too.
    pub(super) fn finish(mut self, archive: &mut Archive) -> Result<(), Failure> {
        if self.parts == 0 || self.text.len() > self.head.len() { self.cut(archive) } else { Ok(()) }
    }
}

/// All tables of an export.
pub(super) struct Tables {
    patients: Table,
    notes: Table,
    messages: Table,
    appointments: Table,
    visits: Table,
    tasks: Table,
    calendar: Table,
    /// What the law has every disclosure say: in every row, for rows are copied elsewhere.
    notice: Option<&'static str>,
}

impl Tables {
    pub(super) fn new(notice: Option<&'static str>) -> Self {
        Self {
            notice,
            patients: Table::csv(
                "patients",
                &["id", "name", "born", "phone", "emergency_name", "emergency_phone", "zone", "archived", "created"],
                notice,
            ),
            notes: Table::csv(
                "notes",
                &["id", "patient", "name", "kind", "created", "edited", "signed", "visit", "text", "addenda"],
                notice,
            ),
            messages: Table::csv(
                "messages",
                &["id", "patient", "name", "from", "at", "delivery", "read", "text"],
                notice,
            ),
            appointments: Table::csv(
                "appointments",
                &["id", "patient", "name", "subject", "start", "end", "zone", "kind", "status"],
                notice,
            ),
            visits: Table::csv(
                "visits",
                &[
                    "id",
                    "patient",
                    "name",
                    "appointment",
                    "knocked",
                    "admitted",
                    "connected",
                    "ended",
                    "end_reason",
                    "path",
                    "words",
                    "words_compared",
                    "words_differed",
                ],
                notice,
            ),
            tasks: Table::csv(
                "tasks",
                &["id", "patient", "name", "appointment", "due", "created", "done", "text"],
                notice,
            ),
            calendar: Table::new("appointments", "ics", write::head(notice), write::FOOT),
        }
    }

    /// Adds one patient's records.
    pub(super) fn add(&mut self, archive: &mut Archive, records: &Records<'_>) -> Result<(), Failure> {
        let patient = records.patient;
        let notice = self.notice;
        let row = |cells: Vec<String>| row(cells.into_iter().chain(notice.map(str::to_owned)));
        self.patients.add(archive, &row(patient_cells(patient)))?;
        for note in &records.notes {
            self.notes.add(archive, &row(note_cells(patient, note)))?;
        }
        for message in &records.messages {
            self.messages.add(archive, &row(message_cells(patient, message)))?;
        }
        for visit in &records.visits {
            self.visits.add(archive, &row(visit_cells(patient, visit)))?;
        }
        self.add_tasks(archive, Some(patient), &records.tasks)?;
        self.add_appointments(archive, Some(patient), &records.appointments)
    }

    /// Adds tasks, about a patient or about nobody.
    pub(super) fn add_tasks(
        &mut self,
        archive: &mut Archive,
        patient: Option<&Patient>,
        all: &[Task],
    ) -> Result<(), Failure> {
        for task in all {
            let cells = task_cells(patient, task).into_iter();
            self.tasks.add(archive, &row(cells.chain(self.notice.map(str::to_owned))))?;
        }
        Ok(())
    }

    /// Adds appointments, of a patient or of nobody who could be found.
    pub(super) fn add_appointments(
        &mut self,
        archive: &mut Archive,
        patient: Option<&Patient>,
        all: &[Appointment],
    ) -> Result<(), Failure> {
        for appointment in all {
            let cells = appointment_cells(patient, appointment).into_iter();
            self.appointments.add(archive, &row(cells.chain(self.notice.map(str::to_owned))))?;
            let summary = patient.map_or(appointment.subject.expose(), |patient| patient.name.expose());
            let event = Event { summary, appointment, written: Some(archive.written()), notice: self.notice };
            self.calendar.add(archive, &event.to_string())?;
        }
        Ok(())
    }

    /// Writes what is left.
    pub(super) fn finish(self, archive: &mut Archive) -> Result<(), Failure> {
        let Self { patients, notes, messages, appointments, visits, tasks, calendar, notice: _ } = self;
        [patients, notes, messages, appointments, visits, tasks, calendar]
            .into_iter()
            .try_for_each(|table| table.finish(archive))
    }
}

fn patient_cells(patient: &Patient) -> Vec<String> {
    let contact = patient.emergency.as_ref();
    vec![
        patient.id.to_string(),
        patient.name.expose().clone(),
        patient.born.as_ref().map(|born| born.expose().to_string()).unwrap_or_default(),
        optional(patient.phone.as_ref()),
        contact.map(|contact| contact.name.expose().clone()).unwrap_or_default(),
        contact.map(|contact| contact.phone.expose().clone()).unwrap_or_default(),
        patient.zone.clone().unwrap_or_default(),
        patient.archived.to_string(),
        output::moment(patient.created),
    ]
}

fn note_cells(patient: &Patient, note: &Note) -> Vec<String> {
    let addenda = note.addenda.iter().map(|one| format!("{}: {}", output::moment(one.at), one.text.expose()));
    vec![
        note.id.to_string(),
        note.patient.to_string(),
        patient.name.expose().clone(),
        note.kind.as_str().to_owned(),
        output::moment(note.created),
        output::moment(note.edited),
        when(note.signed),
        note.visit.map(|visit| visit.to_string()).unwrap_or_default(),
        note.text.expose().clone(),
        addenda.collect::<Vec<_>>().join("\n\n"),
    ]
}

fn message_cells(patient: &Patient, message: &Message) -> Vec<String> {
    let from = match message.from {
        Sender::Clinician => "clinician",
        Sender::Patient => "patient",
    };
    vec![
        message.id.to_string(),
        message.patient.to_string(),
        patient.name.expose().clone(),
        from.to_owned(),
        output::moment(message.at),
        word(&message.delivery),
        when(message.read),
        message.text.expose().clone(),
    ]
}

fn appointment_cells(patient: Option<&Patient>, appointment: &Appointment) -> Vec<String> {
    let rfc3339 = |at: &jiff::Zoned| at.timestamp().display_with_offset(at.offset()).to_string();
    let kind = match appointment.kind {
        AppointmentKind::Visit => "visit",
        AppointmentKind::InPerson => "in_person",
    };
    vec![
        appointment.id.to_string(),
        appointment.patient.map(|id| id.to_string()).unwrap_or_default(),
        optional(patient.map(|patient| &patient.name)),
        appointment.subject.expose().clone(),
        rfc3339(&appointment.start),
        rfc3339(&appointment.end),
        appointment.start.time_zone().iana_name().unwrap_or_default().to_owned(),
        kind.to_owned(),
        appointment.status.as_str().to_owned(),
    ]
}

fn visit_cells(patient: &Patient, visit: &Visit) -> Vec<String> {
    vec![
        visit.id.to_string(),
        visit.patient.to_string(),
        patient.name.expose().clone(),
        visit.appointment.map(|id| id.to_string()).unwrap_or_default(),
        output::moment(visit.knocked),
        when(visit.admitted),
        when(visit.connected),
        when(visit.ended),
        visit.end_reason.as_ref().map(word).unwrap_or_default(),
        visit.path.as_ref().map(word).unwrap_or_default(),
        visit.words.join(" "),
        when(visit.words_compared),
        visit.words_differed.to_string(),
    ]
}

fn task_cells(patient: Option<&Patient>, task: &Task) -> Vec<String> {
    vec![
        task.id.to_string(),
        task.patient.map(|id| id.to_string()).unwrap_or_default(),
        optional(patient.map(|patient| &patient.name)),
        task.appointment.map(|id| id.to_string()).unwrap_or_default(),
        task.due.map(|due| due.to_string()).unwrap_or_default(),
        output::moment(task.created),
        when(task.done),
        task.text.expose().clone(),
    ]
}

fn optional(text: Option<&Phi<String>>) -> String {
    text.map(|text| text.expose().clone()).unwrap_or_default()
}

fn when(at: Option<Stamp>) -> String {
    at.map(output::moment).unwrap_or_default()
}

/// The word that stands for a value everywhere else, too.
fn word(value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

/// One row (RFC 4180), every cell of it quoted: who cuts it at semicolons finds no other cells. What a spreadsheet would
/// take for a formula is made a text by an apostrophe before it; control characters, which have no place in such a file and could steer the terminal that shows it, are written as escapes.
fn row(cells: impl IntoIterator<Item = String>) -> String {
    let cells: Vec<String> = cells.into_iter().map(|cell| quoted(&cell)).collect();
    cells.join(",") + "\r\n"
}

fn quoted(cell: &str) -> String {
    if cell.is_empty() {
        return String::new();
    }
    let mut text = String::from("\"");
    for c in guard(&cell.replace("\r\n", "\n")).chars() {
        match c {
            '"' => text.push_str("\"\""),
            '\n' | '\t' => text.push(c),
            c if c.is_control() => text.extend(c.escape_unicode()),
            c => text.push(c),
        }
    }
    text + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_that_would_be_formulas_are_texts() {
        for cell in ["=1+1", "+44 20", "-5", "@SUM(A1)", "\tx", "\rx", " =1+1", "\n=1", "＝1+1"] {
            assert!(quoted(cell).trim_start_matches('"').starts_with('\''), "{cell:?}");
        }
        let cells = ["plain", "=HYPERLINK(\"http://x\",\"y\")", "two\nlines", ""].map(str::to_owned);
        assert_eq!(row(cells), "\"plain\",\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\",\"two\nlines\",\r\n");
        assert_eq!(quoted("y;=cmd|' /C calc'!A0\n=1"), "\"y;'=cmd|' /C calc'!A0\n'=1\"");
    }

    #[test]
    fn cells_cannot_steer_a_terminal() {
        assert_eq!(
            quoted("a\u{1b}]0;b\u{9b}2J\r\nZoë 陽子 نمی\u{200c}دانم"),
            "\"a\\u{1b}]0;b\\u{9b}2J\nZoë 陽子 نمی\u{200c}دانم\""
        );
    }

    #[test]
    fn notice_is_in_every_row() {
        let (table, notice) = (Table::csv("x", &["id"], Some("No.")), Some("No."));
        assert_eq!(table.head, "id,notice\r\n");
        assert_eq!(Table::csv("x", &["id"], None).head, "id\r\n");
        assert!(write::head(notice).contains("DESCRIPTION:No.\r\n"));
    }
}
