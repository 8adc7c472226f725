//! `bedside appointment` and `bedside agenda`. Feeds are parsed here, away from the process that holds the keys.

use super::console::{Console, other};
use super::{command, output, when};
use crate::base::id::AppointmentId;
use crate::base::time::SystemClock;
use crate::base::{Clock, Failure, Kind, Phi};
use crate::client::Connection;
use crate::client::agent::{ImportReport, Named, Reply, Request, VaultState};
use crate::feed;
use crate::record::{Appointment, AppointmentKind, AppointmentStatus, Imported};
use jiff::Zoned;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Bytes of a feed at most.
const FEED_MAX_BYTES: u64 = feed::FILE_MAX_BYTES as u64;

pub(super) async fn run(console: &Console, verb: command::Appointment) -> Result<(), Failure> {
    let (connection, _events) = console.connect().await?;
    let request = match verb {
        command::Appointment::Import { file, dry_run, feed } => {
            return import(console, &connection, &file, dry_run, feed).await;
        }
        command::Appointment::List(args) => return list(console, &connection, &args).await,
        command::Appointment::Add { patient, start, minutes, in_person } => {
            let start = when::time(&start, &zone(&connection).await?)?;
            let kind = if in_person { AppointmentKind::InPerson } else { AppointmentKind::Visit };
            Request::AppointmentAdd { who: Phi::new(patient), start: Box::new(start), minutes, kind }
        }
        command::Appointment::Show { id } => Request::AppointmentShow { id: parse(&id)? },
        command::Appointment::Move { id, start, minutes } => {
            let start = when::time(&start, &zone(&connection).await?)?;
            edit(&id, Some(start), minutes, None, None)?
        }
        command::Appointment::Cancel { id } => edit(&id, None, None, Some(AppointmentStatus::Cancelled), None)?,
        command::Appointment::Status { id, status } => edit(&id, None, None, Some(status), None)?,
        command::Appointment::Match { id, patient } => edit(&id, None, None, None, Some(patient))?,
    };
    let Reply::Appointment(appointment) = connection.request(request).await? else { return Err(other()) };
    let zone = zone(&connection).await?;
    console.show(|| as_json(&appointment), || output::line(&row(&appointment, &zone).join("  ")));
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
        let rows: Vec<_> = found.iter().map(|entry| row(entry, &zone)).collect();
        let head = ["day", "from", "to", "patient", "how", "status", "id"];
        output::table(&head, &rows, "No appointments in that time.");
    });
    Ok(())
}

async fn zone(connection: &Connection) -> Result<TimeZone, Failure> {
    let Reply::Practice(practice) = connection.request(Request::Practice).await? else { return Err(other()) };
    TimeZone::get(&practice.zone)
        .map_err(|_| Failure::new(Kind::Refused, "the practice's time zone is not known on this machine"))
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
    who: Option<String>,
) -> Result<Request, Failure> {
    let (id, start, who) = (parse(id)?, start.map(Box::new), who.map(Phi::new));
    Ok(Request::AppointmentEdit { id, start, minutes, status, who })
}

fn row(entry: &Named<Appointment>, zone: &TimeZone) -> Vec<String> {
    let appointment = &entry.record;
    let (start, end) = (appointment.start.with_time_zone(zone.clone()), appointment.end.with_time_zone(zone.clone()));
    let name = match &entry.name {
        Some(name) => output::safe(name.expose()),
        None => format!("{} (nobody's yet)", output::safe(appointment.subject.expose())),
    };
    let how = match appointment.kind {
        AppointmentKind::Visit => "visit",
        AppointmentKind::InPerson => "in person",
    };
    vec![
        start.strftime("%a %Y-%m-%d").to_string(),
        start.strftime("%H:%M").to_string(),
        end.strftime("%H:%M").to_string(),
        name,
        how.to_owned(),
        appointment.status.as_str().to_owned(),
        appointment.id.to_string(),
    ]
}

pub(super) fn as_json(entry: &Named<Appointment>) -> Value {
    let appointment = &entry.record;
    let rfc3339 = |at: &Zoned| at.timestamp().display_with_offset(at.offset()).to_string();
    json!({
        "id": appointment.id, "patient": appointment.patient,
        "name": entry.name.as_ref().map(|name| name.expose().clone()),
        "subject": appointment.subject.expose(),
        "start": rfc3339(&appointment.start), "end": rfc3339(&appointment.end),
        "zone": appointment.start.time_zone().iana_name(),
        "kind": appointment.kind, "status": appointment.status,
    })
}

async fn import(
    console: &Console,
    connection: &Connection,
    file: &Path,
    dry_run: bool,
    feed: Option<String>,
) -> Result<(), Failure> {
    let bytes = read(file)?;
    // While the vault is locked the practice's zone cannot be known; then this machine's stands in for it.
    let zone = if connection.status().vault == VaultState::Open { zone(connection).await? } else { TimeZone::system() };
    let parsed = feed::read(&bytes, &zone, SystemClock.now()).map_err(|error| {
        Failure::new(Kind::Refused, format!("nothing was imported: {error}"))
            .hint("mend the file, or leave that entry out")
    })?;
    let name = feed.map(Phi::new).or(parsed.name).unwrap_or_else(|| Phi::from("calendar"));
    let entries: Vec<Imported> = parsed.entries;
    let request = Request::AppointmentImport { feed: name, entries, dry_run };
    let Reply::Imported(report) = connection.request(request).await? else { return Err(other()) };
    let skipped: Vec<(u64, String)> =
        parsed.skipped.into_iter().map(|skipped| (skipped.line as u64, skipped.reason.to_string())).collect();
    console.show(|| report_json(&report, &skipped), || report_words(&report, &skipped, dry_run));
    Ok(())
}

fn report_json(report: &ImportReport, skipped: &[(u64, String)]) -> Value {
    let skipped: Vec<Value> = skipped.iter().map(|(line, reason)| json!({"line": line, "reason": reason})).collect();
    json!({
        "added": report.added, "updated": report.updated, "unchanged": report.unchanged, "removed": report.removed,
        "unmatched": report.unmatched, "queued": report.queued, "skipped": skipped,
    })
}

fn report_words(report: &ImportReport, skipped: &[(u64, String)], dry_run: bool) {
    if report.queued {
        output::line("The vault is locked: the appointments are kept sealed and imported when it is unlocked.");
    } else {
        let would = if dry_run { "would be " } else { "" };
        output::line(&format!(
            "{} {would}added, {} {would}updated, {} {would}cancelled, {} unchanged.",
            report.added, report.updated, report.removed, report.unchanged
        ));
        if report.unmatched > 0 {
            output::line(&format!(
                "{} fit no patient's name: 'bedside appointment match' says whose they are.",
                report.unmatched
            ));
        }
    }
    for (line, reason) in skipped {
        output::say(&format!("line {line}: {}", output::safe(reason)));
    }
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let unreadable =
        |error: std::io::Error| Failure::new(Kind::Usage, format!("the file cannot be read ({})", error.kind()));
    let mut bytes = Vec::new();
    let from: Box<dyn Read> = if file.as_os_str() == "-" {
        Box::new(std::io::stdin())
    } else {
        Box::new(File::open(file).map_err(unreadable)?)
    };
    from.take(FEED_MAX_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > FEED_MAX_BYTES {
        return Err(Failure::new(Kind::Refused, "the file is larger than 16 MiB").hint("split it by time"));
    }
    Ok(bytes)
}
