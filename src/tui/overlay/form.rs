//! Fields to fill in: a patient, an appointment, a task, a word to who waits.

use super::{Next, panel};
use crate::base::{
    Phi,
    id::{AppointmentId, PatientId, TaskId},
    zone,
};
use crate::client::agent::PatientDraft;
use crate::record::schedule::line::read_day;
use crate::record::{AppointmentKind, Patient, Task};
use crate::tui::deed::Deed;
use crate::tui::keymap::{Key, ctrl, letter, plain};
use crate::tui::model::Model;
use crate::tui::widget::{Field, Paper, text};
use crossterm::event::{KeyCode, KeyEvent};
use jiff::civil::{Date, DateTime, Time};
use ratatui::layout::Rect;

/// A form.
#[derive(Debug)]
pub(crate) struct Form {
    title: String,
    entries: Vec<Entry>,
    at: usize,
    purpose: Purpose,
    /// What is wrong with it.
    pub(crate) problem: Option<String>,
}

#[derive(Debug)]
struct Entry {
    label: &'static str,
    hint: &'static str,
    value: Value,
}

/// Which entry is wrong, and what to write there.
type Mistake = (usize, &'static str);

#[derive(Debug)]
enum Value {
    Text(Box<Field>),
    Choice { of: &'static [&'static str], at: usize },
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Purpose {
    AddPatient,
    ChangePatient(PatientId),
    AddAppointment(PatientId),
    AddTask(Option<PatientId>, Option<AppointmentId>),
    ChangeTask(TaskId),
    Tell(PatientId),
    Decline(PatientId),
}

fn text_entry(label: &'static str, content: &str, hint: &'static str) -> Entry {
    Entry { label, hint, value: Value::Text(Box::new(Field::line(content))) }
}

impl Form {
    fn new(title: String, purpose: Purpose, entries: Vec<Entry>) -> Self {
        Self { title, entries, at: 0, purpose, problem: None }
    }

    fn person(title: String, purpose: Purpose, of: Option<&Patient>) -> Self {
        let text = |value: Option<&Phi<String>>| value.map(|value| value.expose().clone()).unwrap_or_default();
        let emergency = of.and_then(|patient| patient.emergency.as_ref());
        let born = of.and_then(|patient| patient.born.as_ref()).map(|born| born.expose().to_string());
        let zone = of.and_then(|patient| patient.zone.clone());
        let entries = vec![
            text_entry("Name", &text(of.map(|patient| &patient.name)), "as the patient gives it"),
            text_entry("Phone", &text(of.and_then(|patient| patient.phone.as_ref())), "to call when the line drops"),
            text_entry("Emergency contact", &text(emergency.map(|contact| &contact.name)), "name"),
            text_entry("Their phone", &text(emergency.map(|contact| &contact.phone)), ""),
            text_entry("Born", &born.unwrap_or_default(), "year-month-day"),
            text_entry("Time zone", &zone.unwrap_or_default(), "if not yours: Europe/Berlin"),
        ];
        Self::new(title, purpose, entries)
    }

    /// A new patient.
    pub(crate) fn new_patient() -> Self {
        Self::person("New patient".to_owned(), Purpose::AddPatient, None)
    }

    /// Changes to a patient.
    pub(crate) fn patient(patient: &Patient) -> Self {
        let title = format!("Edit {}", text::safe(patient.name.expose(), 40));
        Self::person(title, Purpose::ChangePatient(patient.id), Some(patient))
    }

    /// A new appointment.
    pub(crate) fn appointment(patient: PatientId, name: &str, day: Date, time: Time) -> Self {
        let entries = vec![
            text_entry("Day", &day.to_string(), "tue, 26 nov or 2026-11-26"),
            text_entry("Time", &time.strftime("%H:%M").to_string(), "hours:minutes, in your zone"),
            text_entry("Minutes", "50", "1 to 1440"),
            Entry {
                label: "How",
                hint: "Space changes it",
                value: Value::Choice { of: &["visit", "in person"], at: 0 },
            },
        ];
        Self::new(format!("Appointment with {}", text::safe(name, 40)), Purpose::AddAppointment(patient), entries)
    }

    /// Something to be done, about somebody or not.
    pub(crate) fn new_task(patient: Option<(PatientId, &str)>) -> Self {
        let mut entries = Self::task_entries("", None);
        let Some((id, name)) = patient else {
            return Self::new("Task".to_owned(), Purpose::AddTask(None, None), entries);
        };
        let of = &["this patient", "nobody in particular"];
        entries.push(Entry { label: "About", hint: "Space changes it", value: Value::Choice { of, at: 0 } });
        let title = format!("Task about {}", text::safe(name, 40));
        Self::new(title, Purpose::AddTask(Some(id), None), entries)
    }

    /// What is to be done about an appointment to which the patient did not come.
    pub(crate) fn follow_up(patient: PatientId, name: &str, appointment: AppointmentId, due: Date) -> Self {
        let title = format!("Follow up on {}", text::safe(name, 40));
        let purpose = Purpose::AddTask(Some(patient), Some(appointment));
        Self::new(title, purpose, Self::task_entries("call back after no-show", Some(due)))
    }

    /// Changes to a task.
    pub(crate) fn task(task: &Task) -> Self {
        let entries = Self::task_entries(task.text.expose(), task.due);
        Self::new("Task".to_owned(), Purpose::ChangeTask(task.id), entries)
    }

    fn task_entries(what: &str, due: Option<Date>) -> Vec<Entry> {
        let due = due.map(|due| due.to_string()).unwrap_or_default();
        vec![
            text_entry("What", what, "is to be done, in a line"),
            text_entry("By", &due, "tue, 26 nov, 2026-11-26, tomorrow; empty for no day"),
        ]
    }

    /// A word to who waits.
    pub(crate) fn tell(patient: PatientId, name: &str) -> Self {
        let entries =
            vec![text_entry("Minutes", "5", "the page says “about 5 minutes”"), text_entry("Words", "", "if you like")];
        Self::new(format!("Tell {}", text::safe(name, 40)), Purpose::Tell(patient), entries)
    }

    /// A refusal.
    pub(crate) fn decline(patient: PatientId, name: &str) -> Self {
        let entries = vec![text_entry("Words", "", "why, or when: the page shows it")];
        let title = format!("Not now: {} leaves the waiting room", text::safe(name, 30));
        Self::new(title, Purpose::Decline(patient), entries)
    }

    pub(super) fn key(&mut self, key: Key, event: KeyEvent, model: &Model) -> Next {
        let last = self.entries.len() - 1;
        if key == ctrl('s') || key.is_enter() && self.at == last {
            return self.submit(model);
        }
        if key == plain(KeyCode::Tab) || key == plain(KeyCode::Down) || key.is_enter() {
            self.at = if self.at == last { 0 } else { self.at + 1 };
        } else if key == plain(KeyCode::BackTab) || key == plain(KeyCode::Up) {
            self.at = self.at.checked_sub(1).unwrap_or(last);
        } else {
            match &mut self.entries[self.at].value {
                Value::Text(field) => drop(field.key(event)),
                Value::Choice { of, at } => {
                    let turns = [letter(' '), plain(KeyCode::Left), plain(KeyCode::Right)];
                    if turns.contains(&key) {
                        *at = (*at + 1) % of.len();
                    }
                }
            }
        }
        Next::Stay
    }

    pub(super) fn paste(&mut self, text: &str) {
        if let Value::Text(field) = &mut self.entries[self.at].value {
            field.insert(text);
        }
    }

    fn submit(&mut self, model: &Model) -> Next {
        match self.read(model) {
            Ok(deed) => {
                self.problem = None;
                Next::Send(deed)
            }
            Err((at, problem)) => {
                self.at = at;
                self.problem = Some(problem.to_owned());
                Next::Stay
            }
        }
    }

    fn given(&self, at: usize) -> String {
        match &self.entries[at].value {
            Value::Text(field) => field.content().trim().to_owned(),
            Value::Choice { of, at } => of[*at].to_owned(),
        }
    }

    fn words(&self, at: usize) -> Option<Phi<String>> {
        Some(self.given(at)).filter(|words| !words.is_empty()).map(Phi::new)
    }

    /// What was filled in, or which field is wrong and why.
    fn read(&self, model: &Model) -> Result<Deed, Mistake> {
        match self.purpose {
            Purpose::AddPatient => Ok(Deed::AddPatient(self.read_patient(None)?)),
            Purpose::ChangePatient(id) => Ok(Deed::ChangePatient(id, self.read_patient(model.patient(id))?)),
            Purpose::AddAppointment(patient) => {
                let time = Time::strptime("%H:%M", self.given(1)).map_err(|_| (1, "a time looks like 09:30"))?;
                let day = self.read_day(0, Some(time), model)?;
                let minutes = self.given(2).parse().ok().filter(|minutes| (1..=1440).contains(minutes));
                let minutes = minutes.ok_or((2, "1 to 1440 minutes"))?;
                let kind = if self.given(3) == "visit" { AppointmentKind::Visit } else { AppointmentKind::InPerson };
                Ok(Deed::AddAppointment { patient, start: DateTime::from_parts(day, time), minutes, kind })
            }
            Purpose::AddTask(patient, appointment) => {
                let (text, due) = self.read_task(model)?;
                let about = self.entries.len() < 3 || self.given(2) == "this patient";
                Ok(Deed::AddTask { patient: patient.filter(|_| about), text, due, appointment })
            }
            Purpose::ChangeTask(id) => {
                let (text, due) = self.read_task(model)?;
                Ok(Deed::ChangeTask { id, text, due })
            }
            Purpose::Tell(patient) => {
                let minutes = match self.given(0).as_str() {
                    "" => None,
                    given => Some(given.parse().ok().filter(|m| *m <= 600).ok_or((0, "0 to 600 minutes"))?),
                };
                let words = self.words(1);
                if minutes.is_none() && words.is_none() {
                    return Err((0, "say how many minutes, or something in words"));
                }
                Ok(Deed::Tell { patient, minutes, words })
            }
            Purpose::Decline(patient) => Ok(Deed::Decline { patient, words: self.words(0) }),
        }
    }

    fn read_task(&self, model: &Model) -> Result<(Phi<String>, Option<Date>), Mistake> {
        let text = self.words(0).ok_or((0, "say what is to be done"))?;
        let due = if self.given(1).is_empty() { None } else { Some(self.read_day(1, None, model)?) };
        Ok((text, due))
    }

    fn read_day(&self, at: usize, time: Option<Time>, model: &Model) -> Result<Date, Mistake> {
        read_day(&self.given(at), &model.local_now(), time).map_err(|unclear| (at, unclear.hint()))
    }

    /// Fields that were not touched stay as they are; a field that was emptied is cleared.
    fn read_patient(&self, before: Option<&Patient>) -> Result<PatientDraft, Mistake> {
        if self.given(0).is_empty() {
            return Err((0, "a patient needs a name"));
        }
        let text = |at| match before {
            Some(_) => Some(Phi::new(self.given(at))),
            None => self.words(at),
        };
        let born = match self.given(4).as_str() {
            "" => None,
            given => Some(Phi::new(given.parse().map_err(|_| (4, "a date looks like 1985-12-10"))?)),
        };
        let zone = self.given(5);
        if !zone.is_empty() && zone::find(&zone).is_none() {
            return Err((5, "no such zone; they look like Europe/Berlin"));
        }
        Ok(PatientDraft {
            name: Some(Phi::new(self.given(0))),
            phone: text(1),
            emergency_name: text(2),
            emergency_phone: text(3),
            born,
            zone: (before.is_some() || !zone.is_empty()).then_some(zone),
            ..PatientDraft::default()
        })
    }

    pub(super) fn draw(&self, area: Rect, paper: &mut Paper<'_>) {
        let label_width = self.entries.iter().map(|entry| text::width(entry.label)).max().unwrap_or(0);
        let height = u16::try_from(self.entries.len() + 5).unwrap_or(u16::MAX);
        let inner = panel(&self.title, 72, height, area, paper);
        // On a low terminal the fields scroll with the keyboard.
        let room = usize::from(inner.height.saturating_sub(1)).max(1);
        let blank = usize::from(room > self.entries.len());
        let top = (self.at + 1).saturating_sub(room);
        let label_cells = u16::try_from(label_width + 2).unwrap_or(0).min(inner.width / 2);
        for (y, (at, entry)) in (blank..).zip(self.entries.iter().enumerate().skip(top).take(room)) {
            let y = u16::try_from(y).unwrap_or(u16::MAX);
            let here = at == self.at;
            let style = if here { paper.theme.accent } else { paper.theme.quiet };
            paper.text(inner, y, &text::fit(entry.label, usize::from(label_cells)), style);
            if y >= inner.height {
                continue;
            }
            let value = Rect { x: inner.x + label_cells, y: inner.y + y, width: inner.width - label_cells, height: 1 };
            match &entry.value {
                Value::Text(field) => {
                    let content = field.content();
                    if content.is_empty() {
                        paper.text(value, 0, entry.hint, paper.theme.off);
                    }
                    if content.is_empty() && here {
                        paper.cursor = Some(value.as_position());
                    } else if !content.is_empty() {
                        field.draw(value, here, paper);
                    }
                }
                Value::Choice { of, at } => {
                    paper.text(value, 0, &format!("‹ {} ›", of[*at]), if here { paper.theme.strong } else { style });
                }
            }
        }
        if let Some(problem) = &self.problem {
            paper.text(inner, inner.height.saturating_sub(1), problem, paper.theme.bad);
        }
    }
}
