//! `bedside appointment` and `bedside agenda`.

use super::console::{Console, other};
use super::{command, export, import, output, when};
use crate::base::id::AppointmentId;
use crate::base::{Failure, Kind, Phi, zone};
use crate::client::Connection;
use crate::client::agent::{Named, Notice, Planned, Reply, Request};
use crate::record::schedule::line::{Given, Line, USUAL_MINUTES};
use crate::record::{Appointment, AppointmentKind, AppointmentStatus, Every, Repeat};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde_json::{Value, json};
use std::borrow::Cow;

pub(super) async fn run(console: &Console, verb: command::Appointment) -> Result<(), Failure> {
    match verb {
        command::Appointment::Import(args) => return import::run(console, args).await,
        command::Appointment::Undo => return import::undo(console).await,
        command::Appointment::Export(args) => return export::schedule::run(console, args).await,
        command::Appointment::Unmatched => return import::unmatched(console).await,
        _ => {}
    }
    let (connection, _events) = console.connect().await?;
    let request = match verb {
        command::Appointment::List(args) => return list(console, &connection, &args).await,
        command::Appointment::Free { from, minutes, count } => {
            return free(console, &connection, from.as_deref(), minutes, count).await;
        }
        command::Appointment::Match { id, patient, once, .. } => {
            let request =
                Request::AppointmentMatch { id: parse(&id)?, called: None, who: patient.map(Phi::new), always: !once };
            let Reply::Matched { count } = connection.request(request).await? else { return Err(other()) };
            let many = if count == 1 { "one appointment".to_owned() } else { format!("{count} appointments") };
            console.show(|| json!({"matched": count}), || output::line(&format!("Decided for {many}.")));
            return Ok(());
        }
        command::Appointment::Show { id } => {
            let request = Request::AppointmentShow { id: parse(&id)? };
            let Reply::Appointment(appointment) = connection.request(request).await? else { return Err(other()) };
            let zone = zone(&connection).await?;
            console.show(|| as_json(&appointment), || output::line(&row(&appointment, &zone).join("  ")));
            return Ok(());
        }
        command::Appointment::Add { patient: line, start: None, .. } => {
            let line = read_line(&line, &zone(&connection).await?)?;
            if line.repeat.is_some() {
                output::say(&format!("{line}."));
            }
            let Line { who, start, minutes, kind, repeat, .. } = line;
            Request::AppointmentAdd { who, start: Box::new(start), minutes, kind, repeat }
        }
        command::Appointment::Add { patient, start: Some(start), minutes, in_person, repeat, interval, count } => {
            let start = Box::new(when::time(&start, &zone(&connection).await?)?);
            let kind = if in_person { AppointmentKind::InPerson } else { AppointmentKind::Visit };
            let repeat = repeat.map(|every| Repeat { every: every.into(), interval, count });
            Request::AppointmentAdd { who: Phi::new(patient), start, minutes, kind, repeat }
        }
        command::Appointment::Copy { id, start } => {
            let id = parse(&id)?;
            let start = Box::new(other_time(&connection, id, &start).await?);
            Request::AppointmentCopy { id, start }
        }
        command::Appointment::Move { id, start, minutes, following } => {
            let start = other_time(&connection, parse(&id)?, &start).await?;
            edit(&id, Some(start), minutes, None, following)?
        }
        command::Appointment::Cancel { id, following } => {
            edit(&id, None, None, Some(AppointmentStatus::Cancelled), following)?
        }
        command::Appointment::Status { id, status } => edit(&id, None, None, Some(status), false)?,
        command::Appointment::Import(_)
        | command::Appointment::Undo
        | command::Appointment::Unmatched
        | command::Appointment::Export(_) => return Err(other()),
    };
    let Reply::Planned(planned) = connection.request(request).await? else { return Err(other()) };
    show_planned(console, &planned, &zone(&connection).await?);
    Ok(())
}

/// The line that says it all. What is wrong with it names the word by its place: it may be a patient's name.
fn read_line(line: &str, zone: &TimeZone) -> Result<Line, Failure> {
    let now = Timestamp::now().to_zoned(zone.clone());
    let given = Given { now: &now, at: None, minutes: USUAL_MINUTES };
    Line::read(line, &given).map_err(|unclear| {
        let message = match unclear.word {
            Some((nth, _)) => format!("the line is not clear at word {nth}: {unclear}"),
            None => unclear.to_string(),
        };
        Failure::new(Kind::Usage, message).hint(unclear.hint())
    })
}

/// Another time for an appointment; without a day it is on its own.
async fn other_time(connection: &Connection, id: AppointmentId, text: &str) -> Result<Zoned, Failure> {
    let zone = zone(connection).await?;
    if !when::is_clock(text) {
        return when::time(text, &zone);
    }
    let Reply::Appointment(of) = connection.request(Request::AppointmentShow { id }).await? else {
        return Err(other());
    };
    when::time(&format!("{} {text}", of.record.start.with_time_zone(zone.clone()).date()), &zone)
}

fn show_planned(console: &Console, planned: &Planned, zone: &TimeZone) {
    let first = planned.appointments.first().map(|entry| entry.record.id);
    let as_json = |entry: &Named<Appointment>| {
        let mut value = as_json(entry);
        let own = |notice: &&Notice| match notice {
            Notice::Conflict { start, .. } | Notice::OutsideHours { start } => {
                start.timestamp() == entry.record.start.timestamp()
            }
            // What is left out is told once.
            Notice::Skipped { .. } | Notice::ShortMonth { .. } => first == Some(entry.record.id),
        };
        value["notices"] = planned.notices.iter().filter(own).map(notice_json).collect();
        value
    };
    console.list(&planned.appointments, as_json, || {
        for entry in &planned.appointments {
            output::line(&row(entry, zone).join("  "));
        }
        for notice in &planned.notices {
            output::say(&notice_words(notice));
        }
    });
}

fn notice_json(notice: &Notice) -> Value {
    match notice {
        Notice::Conflict { with, theirs, .. } => {
            json!({"what": "conflict", "with": with.expose(), "start": rfc3339(theirs)})
        }
        Notice::OutsideHours { .. } => json!({"what": "outside_hours"}),
        Notice::Skipped { day } => json!({"what": "skipped", "day": day}),
        Notice::ShortMonth { last } => json!({"what": "short_month", "last": last}),
    }
}

fn notice_words(notice: &Notice) -> String {
    match notice {
        Notice::Conflict { start, with, theirs } => format!(
            "{} overlaps {} at {}.",
            start.strftime("%a %-d %b %H:%M"),
            output::safe(with.expose()),
            theirs.strftime("%H:%M")
        ),
        Notice::OutsideHours { start } => {
            format!("{} is outside the working hours.", start.strftime("%a %-d %b %H:%M"))
        }
        Notice::Skipped { day } => format!("{day} is left out: that time does not exist on that day."),
        Notice::ShortMonth { last } => {
            format!("{} is left out: it has no such day.", last.strftime("%B %Y"))
        }
    }
}

async fn free(
    console: &Console,
    connection: &Connection,
    from: Option<&str>,
    minutes: u32,
    count: u8,
) -> Result<(), Failure> {
    let zone = zone(connection).await?;
    let now = Timestamp::now().to_zoned(zone.clone());
    // Of a day that has begun what is left is free.
    let from = from.map(|text| when::moment(text, &zone)).transpose()?.map_or(now.clone(), |from| from.max(now));
    let request = Request::AppointmentFree { from: Box::new(from), minutes, count };
    let Reply::Free(found) = connection.request(request).await? else { return Err(other()) };
    console.list(
        &found,
        |start| json!({"start": rfc3339(start), "minutes": minutes}),
        || {
            for start in &found {
                output::line(&start.strftime("%a %Y-%m-%d %H:%M").to_string());
            }
            if found.is_empty() {
                output::say("No free time of that length within a year.");
            }
        },
    );
    Ok(())
}

pub(super) async fn agenda(console: &Console, args: &command::Agenda) -> Result<(), Failure> {
    let (connection, _events) = console.connect().await?;
    list(console, &connection, args).await
}

async fn list(console: &Console, connection: &Connection, args: &command::Agenda) -> Result<(), Failure> {
    let zone = zone(connection).await?;
    let from = when::day(args.date.as_deref(), &zone)?;
    let request = Request::AppointmentList { from, days: args.days };
    let Reply::Appointments(found) = connection.request(request).await? else { return Err(other()) };
    console.list(&found, as_json, || {
        let head = ["day", "from", "to", "patient", "how", "status", "id"];
        output::table(head, found.iter().map(|entry| row(entry, &zone)), "No appointments in that time.");
    });
    Ok(())
}

/// The practice's zone, which the agent mostly says of itself.
pub(super) async fn zone(connection: &Connection) -> Result<TimeZone, Failure> {
    if let Some(zone) = connection.status().time_zone() {
        return Ok(zone);
    }
    let Reply::Practice(practice) = connection.request(Request::Practice).await? else { return Err(other()) };
    zone::find(&practice.zone)
        .ok_or_else(|| Failure::new(Kind::Refused, "the practice's time zone is not known on this machine"))
}

/// The zone by which a feed's times without one are read, also while the vault is locked.
pub(super) fn feed_zone(connection: &Connection) -> TimeZone {
    connection.status().time_zone().unwrap_or_else(|| {
        let zone = TimeZone::system();
        let name = zone.iana_name().unwrap_or("this machine's");
        output::say(&format!(
            "The vault was not open since this machine started, so the practice's time zone is not known: times without one are read as {name}."
        ));
        zone
    })
}

fn parse(id: &str) -> Result<AppointmentId, Failure> {
    id.parse().map_err(|_| {
        Failure::new(Kind::Usage, "that is not an appointment's id").hint("'bedside appointment list' shows them")
    })
}

fn edit(
    id: &str,
    start: Option<Zoned>,
    minutes: Option<u32>,
    status: Option<AppointmentStatus>,
    following: bool,
) -> Result<Request, Failure> {
    Ok(Request::AppointmentEdit { id: parse(id)?, start: start.map(Box::new), minutes, status, following })
}

impl From<command::Every> for Every {
    fn from(every: command::Every) -> Self {
        match every {
            command::Every::Daily => Self::Day,
            command::Every::Weekly => Self::Week,
            command::Every::Monthly => Self::Month,
        }
    }
}

/// The patient's name, or what the feed calls whom nobody knows yet.
pub(super) fn called(entry: &Named<Appointment>) -> String {
    match &entry.name {
        Some(name) => output::safe(name.expose()),
        None if entry.record.nobodys => subject(&entry.record),
        None => format!("{} (nobody's yet)", subject(&entry.record)),
    }
}

/// What the feed calls it.
pub(super) fn subject(appointment: &Appointment) -> String {
    match output::safe(appointment.subject.expose()) {
        empty if empty.trim().is_empty() => "(no name)".to_owned(),
        subject => subject,
    }
}

pub(super) const fn how(kind: AppointmentKind) -> &'static str {
    match kind {
        AppointmentKind::Visit => "visit",
        AppointmentKind::InPerson => "in person",
    }
}

fn row(entry: &Named<Appointment>, zone: &TimeZone) -> [Cow<'static, str>; 7] {
    let appointment = &entry.record;
    let (start, end) = (appointment.start.with_time_zone(zone.clone()), appointment.end.with_time_zone(zone.clone()));
    // Lists are long, and this is twice as fast as strftime.
    let clock = |at: &Zoned| format!("{:02}:{:02}", at.hour(), at.minute());
    [
        start.strftime("%a %Y-%m-%d").to_string().into(),
        clock(&start).into(),
        clock(&end).into(),
        called(entry).into(),
        how(appointment.kind).into(),
        appointment.status.as_str().into(),
        appointment.id.to_string().into(),
    ]
}

/// A time with its zone's offset (RFC 3339).
pub(super) fn rfc3339(at: &Zoned) -> String {
    at.timestamp().display_with_offset(at.offset()).to_string()
}

pub(super) fn as_json(entry: &Named<Appointment>) -> Value {
    record_json(&entry.record, entry.name.as_ref())
}

pub(super) fn record_json(appointment: &Appointment, name: Option<&Phi<String>>) -> Value {
    json!({
        "id": appointment.id, "patient": appointment.patient,
        "name": name.map(|name| name.expose().clone()),
        "subject": appointment.subject.expose(),
        "start": rfc3339(&appointment.start), "end": rfc3339(&appointment.end),
        "zone": appointment.start.time_zone().iana_name(),
        "kind": appointment.kind, "status": appointment.status, "series": appointment.series,
    })
}
