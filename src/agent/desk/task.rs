//! Tasks: written down, found by their day, done.

use super::{ClientId, Desk};
use crate::agent::book::About;
use crate::agent::failure::refused;
use crate::base::id::{AppointmentId, TaskId};
use crate::base::{Failure, Kind, Phi};
use crate::record::{Action, Actor, Task};
use crate::wire::agent::{Changed, DueChange, Named, Reply, TaskRequest, Who};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use std::cmp::Reverse;

/// Characters of a task at most.
const TEXT_MAX: usize = 1_000;
/// The first screen shows what is to be done within so many days.
const AHEAD_DAYS: i64 = 7;

impl Desk {
    pub(super) fn task(&mut self, client: ClientId, request: TaskRequest) -> Result<Reply, Failure> {
        match request {
            TaskRequest::Add { who, text, due, appointment } => self.add_task(who.as_ref(), text, due, appointment),
            TaskRequest::List { who, all } => self.list_tasks(client, who.as_ref(), all),
            TaskRequest::Show { id } => self.show_task(id),
            TaskRequest::Edit { id, text, due } => self.edit_task(id, text, due),
            TaskRequest::Done { id, done } => self.do_task(id, done),
        }
    }

    fn add_task(
        &mut self,
        who: Option<&Who>,
        text: Phi<String>,
        due: Option<Date>,
        appointment: Option<AppointmentId>,
    ) -> Result<Reply, Failure> {
        let patient = self.find_some(who)?;
        let text = line(text)?;
        if let Some(id) = appointment
            && self.appointment(id)?.patient != patient
        {
            return Err(refused("that appointment is another patient's"));
        }
        let task = Task { id: TaskId::random(), patient, appointment, text, due, created: self.now(), done: None };
        self.keep_task(task, Action::TaskAdd)
    }

    fn show_task(&mut self, id: TaskId) -> Result<Reply, Failure> {
        let task = self.find_task(id)?;
        self.audit(Actor::Clinician, Action::TaskRead, About::record(task.patient, id));
        Ok(Reply::Task(self.named(task.patient, task)))
    }

    fn edit_task(&mut self, id: TaskId, text: Option<Phi<String>>, due: DueChange) -> Result<Reply, Failure> {
        let mut task = self.find_task(id)?;
        if let Some(text) = text {
            task.text = line(text)?;
        }
        task.due = match due {
            DueChange::Keep => task.due,
            DueChange::Clear => None,
            DueChange::On(day) => Some(day),
        };
        self.keep_task(task, Action::TaskChange)
    }

    fn do_task(&mut self, id: TaskId, done: bool) -> Result<Reply, Failure> {
        let mut task = self.find_task(id)?;
        let action = if done { Action::TaskDone } else { Action::TaskChange };
        // Done twice, it was done the first time.
        task.done = done.then(|| task.done.unwrap_or(self.now()));
        self.keep_task(task, action)
    }

    fn list_tasks(&mut self, client: ClientId, who: Option<&Who>, all: bool) -> Result<Reply, Failure> {
        let patient = self.find_some(who)?;
        let book = &mut self.open()?.book;
        let mut tasks: Vec<Task> = match (all, patient) {
            (true, Some(patient)) => book.list_of(patient)?,
            (true, None) => book.list()?,
            (false, _) => book.tasks().filter(|task| task.done.is_none()).cloned().collect(),
        };
        tasks.retain(|task| patient.is_none() || task.patient == patient);
        tasks.sort_by_key(|task| (Reverse(task.done.is_none()), task.done.map(Reverse), task.order()));
        match patient {
            Some(_) => self.audit(Actor::Clinician, Action::TaskRead, About::count(patient, tasks.len())),
            None => {
                let patients = tasks.iter().filter_map(|task| task.patient).collect();
                self.audit_list(client, Action::TaskRead, patients, tasks.len());
            }
        }
        Ok(Reply::Tasks(self.named_tasks(tasks)))
    }

    /// What the first screen shows: what is to be done within a week or without a day, and what was done today. Also
    /// gives how many of all those are still to be done.
    pub(super) fn tasks_of_today(&mut self, limit: usize) -> Result<(Vec<Named<Task>>, u64), Failure> {
        let zone = self.zone()?;
        let date = |at: crate::base::Stamp| {
            Timestamp::from_millisecond(at.0).unwrap_or_default().to_zoned(zone.clone()).date()
        };
        let today = date(self.now());
        let last = today.saturating_add(AHEAD_DAYS.days());
        let shown = |task: &&Task| match task.done {
            Some(done) => date(done) == today,
            None => task.due.is_none_or(|due| due <= last),
        };
        let mut tasks: Vec<Task> = self.open()?.book.tasks().filter(shown).cloned().collect();
        tasks.sort_by_key(|task| (task.done.is_some(), task.order()));
        let count = tasks.partition_point(|task| task.done.is_none()) as u64;
        tasks.truncate(limit);
        Ok((self.named_tasks(tasks), count))
    }

    fn named_tasks(&mut self, tasks: Vec<Task>) -> Vec<Named<Task>> {
        tasks.into_iter().map(|task| self.named(task.patient, task)).collect()
    }

    fn find_task(&mut self, id: TaskId) -> Result<Task, Failure> {
        self.open()?.book.get(*id.as_bytes())?.ok_or_else(|| refused("there is no such task"))
    }

    fn keep_task(&mut self, task: Task, action: Action) -> Result<Reply, Failure> {
        let now = self.now();
        self.open()?.book.put(&task, now);
        self.audit(Actor::Clinician, action, About::record(task.patient, task.id));
        self.changed(Changed::Task, task.patient);
        Ok(Reply::Task(self.named(task.patient, task)))
    }
}

/// What is to be done, in one line.
fn line(text: Phi<String>) -> Result<Phi<String>, Failure> {
    let line = text.expose().split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() {
        return Err(Failure::new(Kind::Usage, "what is to be done is missing"));
    }
    if line.chars().count() > TEXT_MAX {
        return Err(refused("a task is longer than 1,000 characters").hint("write it into a note"));
    }
    Ok(Phi::new(line))
}
