//! `bedside audit`.

use super::console::{Console, other};
use super::progress::Progress;
use super::writing::Writing;
use super::{command, fhir, output, when};
use crate::base::{Failure, Kind, Phi, Stamp};
use crate::client::Connection;
use crate::client::agent::{AuditFilter, AuditPage, Named, Reply, Request};
use crate::record::AuditEvent;
use crate::record::compartment::PART2_NOTICE;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::path::PathBuf;

pub(super) async fn run(console: &Console, verb: command::Audit) -> Result<(), Failure> {
    match verb {
        command::Audit::List { which, limit } => list(console, which, limit).await,
        command::Audit::Verify => verify(console).await,
        command::Audit::Export { which, format, file, force } => export(console, which, format, file, force).await,
    }
}

/// The filter that the options name, in the practice's time.
fn filter(connection: &Connection, which: command::AuditWhich) -> Result<AuditFilter, Failure> {
    let zone = connection.status().time_zone().unwrap_or_else(TimeZone::system);
    let moment = |text: &str, days: i64| -> Result<Stamp, Failure> {
        let day = when::day(Some(text), &zone).and_then(|day| {
            let later = jiff::ToSpan::days(days);
            let day = day.checked_add(later).and_then(|day| day.to_zoned(zone.clone()));
            day.map_err(|_| Failure::new(Kind::Usage, "that day is out of range"))
        });
        let at = day.or_else(|_| when::moment(text, &zone))?;
        Ok(Stamp(at.timestamp().as_millisecond()))
    };
    Ok(AuditFilter {
        who: which.patient.map(Phi::new),
        since: which.since.map(|text| moment(&text, 0)).transpose()?,
        // A day that is named is meant whole.
        until: which.until.map(|text| moment(&text, 1)).transpose()?,
        kinds: which.kind,
    })
}

async fn list(console: &Console, which: command::AuditWhich, limit: u32) -> Result<(), Failure> {
    let (connection, _events) = console.connect().await?;
    let request = Request::AuditList { filter: filter(&connection, which)?, limit };
    let Reply::Audit(events) = connection.request(request).await? else { return Err(other()) };
    console.list(&events, as_json, || {
        let word = |value: Value| value.as_str().unwrap_or_default().replace('_', " ");
        let row = |event: &Named<AuditEvent>| {
            [
                output::local(event.record.at),
                word(json!(event.record.actor)),
                word(json!(event.record.action)),
                match (&event.name, event.record.patients.len()) {
                    (Some(name), _) => output::safe(name.expose()),
                    (None, 0) => String::new(),
                    (None, several) => format!("{several} patients"),
                },
                event.record.record.clone().or(event.record.count.map(|n| n.to_string())).unwrap_or_default(),
            ]
        };
        output::table(["when", "who", "what", "patient", "record"], events.iter().map(row), "No events.");
    });
    Ok(())
}

async fn verify(console: &Console) -> Result<(), Failure> {
    let (connection, _events) = console.connect().await?;
    let progress = Progress::of("Reading the journal");
    let reply = connection.request_with_progress(Request::AuditVerify, |done, all| progress.tell(done, all)).await;
    drop(progress);
    let Reply::Verified(found) = reply? else { return Err(other()) };
    console.show(
        || {
            json!({
                "intact": found.intact, "frames": found.frames, "records": found.records, "events": found.events,
                "head": found.head,
            })
        },
        || {
            output::line(&format!(
                "Intact: {} records in {} frames, {} audit events.",
                found.records, found.frames, found.events
            ));
            output::line(&format!("Head {}", found.head));
        },
    );
    Ok(())
}

/// All events of a filter, oldest first, a page at a time.
pub(super) struct Pages {
    connection: Connection,
    filter: AuditFilter,
    after: Option<(u64, u32)>,
    ended: bool,
}

impl Pages {
    pub(super) fn of(connection: Connection, filter: AuditFilter) -> Self {
        Self { connection, filter, after: None, ended: false }
    }

    /// The next page; `None` behind the last.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Named<AuditEvent>>>, Failure> {
        if self.ended {
            return Ok(None);
        }
        let request = Request::AuditPage { filter: self.filter.clone(), after: self.after };
        let Reply::AuditPage(AuditPage { events, next }) = self.connection.request(request).await? else {
            return Err(other());
        };
        (self.after, self.ended) = (next, next.is_none());
        Ok(Some(events))
    }
}

async fn export(
    console: &Console,
    which: command::AuditWhich,
    format: command::AuditFormat,
    file: Option<PathBuf>,
    force: bool,
) -> Result<(), Failure> {
    let (connection, _events) = console.connect().await?;
    let filter = filter(&connection, which)?;
    let version = connection.status().version.clone();
    let Reply::Practice(practice) = connection.request(Request::Practice).await? else { return Err(other()) };
    let notice = practice.part2.then_some(PART2_NOTICE);
    let line = |event: &Named<AuditEvent>| match format {
        command::AuditFormat::Ndjson => with_notice(as_json(event), notice).to_string(),
        command::AuditFormat::Fhir => fhir::audit_event(&event.record, &version).to_string(),
    };
    let mut pages = Pages::of(connection, filter);
    let Some(file) = file.filter(|file| file.as_os_str() != "-") else {
        while let Some(events) = pages.next().await? {
            events.iter().for_each(|event| output::line(&line(event)));
        }
        return Ok(());
    };
    if file.exists() && !force {
        return Err(Failure::new(Kind::Refused, "the file is there already").hint("--force writes over it"));
    }
    let mut writing = Writing::begin(&file)?;
    let mut count = 0_u64;
    while let Some(events) = pages.next().await? {
        for event in &events {
            writing.line(&line(event))?;
            count += 1;
        }
    }
    writing.finish(&file)?;
    let name = file.display().to_string();
    console.show(
        || json!({"file": name, "events": count}),
        || output::line(&format!("{}: {count} events.", output::safe(&name))),
    );
    Ok(())
}

/// Names of a Part 2 programme's patients are Part 2 records as well.
pub(super) fn with_notice(mut event: Value, notice: Option<&str>) -> Value {
    if let Some(notice) = notice {
        event["notice"] = notice.into();
    }
    event
}

pub(super) fn as_json(event: &Named<AuditEvent>) -> Value {
    let record = &event.record;
    json!({
        "id": record.id, "at": output::moment(record.at), "actor": record.actor, "action": record.action,
        "patient": record.patient, "patients": record.patients, "name": event.name.as_ref().map(|name| name.expose().clone()),
        "record": record.record, "count": record.count,
    })
}
