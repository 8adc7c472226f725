//! `bedside task`.

use super::console::{Console, other};
use super::{appointment, command, editor, note, output, when};
use crate::base::id::TaskId;
use crate::base::{Failure, Kind, Phi};
use crate::client::Connection;
use crate::client::agent::{DueChange, Named, Reply, Request, TaskRequest};
use crate::record::Task;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::io::{IsTerminal, Read};

/// Bytes of a task that are read; the agent takes less.
const TEXT_MAX_BYTES: u64 = 16 * 1024;

pub(super) async fn run(console: &Console, verb: command::Task) -> Result<(), Failure> {
    let (connection, _events) = console.connect().await?;
    let zone = appointment::zone(&connection).await?;
    let request = match verb {
        command::Task::List { patient, all } => return list(console, &connection, &zone, patient, all).await,
        command::Task::Add { patient, due, text } => {
            let due = due.map(|due| when::day(Some(&due), &zone)).transpose()?;
            let text = note::given(&text)?.map_or_else(|| written(Phi::default()), Ok)?;
            TaskRequest::Add { who: patient.map(Phi::new), text, due, appointment: None }
        }
        command::Task::Edit { id, due, text } => {
            let id = parse(&id)?;
            let due = match due.as_deref() {
                None => DueChange::Keep,
                Some("none") => DueChange::Clear,
                Some(day) => DueChange::On(when::day(Some(day), &zone)?),
            };
            let text = match note::given(&text)? {
                None if due == DueChange::Keep => Some(written(task(&connection, id).await?.text)?),
                given => given,
            };
            TaskRequest::Edit { id, text, due }
        }
        command::Task::Done { id, undo } => TaskRequest::Done { id: parse(&id)?, done: !undo },
    };
    let Reply::Task(task) = connection.request(Request::Task(request)).await? else { return Err(other()) };
    console.show(|| as_json(&task), || output::line(&row(&task, today(&zone)).join("  ")));
    Ok(())
}

/// What somebody writes in the editor, or a script gives on standard input. Never an argument: those can be seen by
/// others on the machine.
fn written(before: Phi<String>) -> Result<Phi<String>, Failure> {
    if std::io::stdin().is_terminal() {
        return editor::edit(before);
    }
    let mut text = String::new();
    std::io::stdin()
        .take(TEXT_MAX_BYTES)
        .read_to_string(&mut text)
        .map_err(|_| Failure::new(Kind::Usage, "the text cannot be read as UTF-8"))?;
    Ok(Phi::new(text))
}

async fn task(connection: &Connection, id: TaskId) -> Result<Task, Failure> {
    match connection.request(Request::Task(TaskRequest::Show { id })).await? {
        Reply::Task(task) => Ok(task.record),
        _ => Err(other()),
    }
}

async fn list(
    console: &Console,
    connection: &Connection,
    zone: &TimeZone,
    patient: Option<String>,
    all: bool,
) -> Result<(), Failure> {
    let request = Request::Task(TaskRequest::List { who: patient.map(Phi::new), all });
    let Reply::Tasks(tasks) = connection.request(request).await? else { return Err(other()) };
    console.list(&tasks, as_json, || {
        let rows = tasks.iter().map(|task| row(task, today(zone)));
        output::table(["due", "patient", "what", "id"], rows, "Nothing is to be done.");
    });
    Ok(())
}

fn today(zone: &TimeZone) -> Date {
    Timestamp::now().to_zoned(zone.clone()).date()
}

fn row(task: &Named<Task>, today: Date) -> [String; 4] {
    let record = &task.record;
    let due = match (record.done, record.due) {
        (Some(_), _) => "done".to_owned(),
        (None, Some(due)) if due < today => format!("{due} overdue"),
        (None, Some(due)) => due.to_string(),
        (None, None) => "–".to_owned(),
    };
    let name = task.name.as_ref().map_or("–".to_owned(), |name| output::safe(name.expose()));
    [due, name, output::safe(record.text.expose()), record.id.to_string()]
}

fn parse(id: &str) -> Result<TaskId, Failure> {
    id.parse().map_err(|_| Failure::new(Kind::Usage, "that is not a task's id").hint("'bedside task list' shows them"))
}

pub(super) fn as_json(task: &Named<Task>) -> Value {
    let record = &task.record;
    json!({
        "id": record.id, "patient": record.patient, "name": task.name.as_ref().map(|name| name.expose().clone()),
        "appointment": record.appointment, "text": record.text.expose(), "due": record.due,
        "created": output::moment(record.created), "done": record.done.map(output::moment),
    })
}
