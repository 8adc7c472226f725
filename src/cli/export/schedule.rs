//! `bedside appointment export`: the schedule of some days, for another calendar.
//!
//! It reads what `agenda` shows, no more, and the audit log says whose appointments they were; so it does not ask for
//! the passphrase again, as the export of charts does. But a calendar lies open where it goes: names are shortened to
//! initials unless somebody asks for them.

use crate::base::{Failure, Kind};
use crate::cli::console::{Console, other};
use crate::cli::writing::Writing;
use crate::cli::{appointment, command, output, when};
use crate::client::Connection;
use crate::client::agent::{Named, Reply, Request};
use crate::feed::calendar::write::{self, Event};
use crate::feed::fhir::write::{Entry, bundle};
use crate::record::Appointment;
use crate::record::compartment::PART2_NOTICE;
use command::{ScheduleFormat, ScheduleNames};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde_json::json;

/// Days that are asked for at once.
const DAYS_AT_ONCE: u16 = 366;
/// Years before and behind today that are everything.
const ALL_YEARS: i16 = 10;

pub(in crate::cli) async fn run(console: &Console, args: command::ScheduleExport) -> Result<(), Failure> {
    let file = args.file.filter(|file| file.as_os_str() != "-");
    if file.as_ref().is_some_and(|file| file.exists()) && !args.force {
        return Err(Failure::new(Kind::Refused, "the file is there already").hint("--force writes over it"));
    }
    let (connection, _events) = console.connect().await?;
    let Reply::Practice(practice) = connection.request(Request::Practice).await? else { return Err(other()) };
    let today = when::day(args.date.as_deref(), &appointment::zone(&connection).await?)?;
    let out_of_range = |_| Failure::new(Kind::Usage, "that day is out of range");
    let (from, to) = if args.all {
        let years = i64::from(ALL_YEARS).years();
        (today.checked_sub(years).map_err(out_of_range)?, today.checked_add(years).map_err(out_of_range)?)
    } else {
        (today, today.checked_add(i64::from(args.days).days()).map_err(out_of_range)?)
    };
    let found = all(&connection, from, to).await?;
    let text = write(args.format, args.names, &found, practice.part2.then_some(PART2_NOTICE));
    let Some(file) = file else {
        output::line(text.strip_suffix('\n').unwrap_or(&text));
        return Ok(());
    };
    let mut writing = Writing::begin(&file)?;
    writing.text(&text)?;
    writing.finish(&file)?;
    let name = file.display().to_string();
    console.show(
        || json!({"file": name, "appointments": found.len()}),
        || output::line(&format!("{}: {} appointments. Whoever has it can read it.", output::safe(&name), found.len())),
    );
    Ok(())
}

/// The appointments that begin in these days, by start.
async fn all(connection: &Connection, mut from: Date, to: Date) -> Result<Vec<Named<Appointment>>, Failure> {
    let mut found = Vec::new();
    while from < to {
        let left = u16::try_from(from.until(to).map_or(0, |span| span.get_days())).unwrap_or(DAYS_AT_ONCE);
        let days = left.clamp(1, DAYS_AT_ONCE);
        let request = Request::AppointmentList { from, days };
        let Reply::Appointments(page) = connection.request(request).await? else { return Err(other()) };
        found.extend(page);
        from = from.saturating_add(i64::from(days).days());
    }
    Ok(found)
}

fn write(format: ScheduleFormat, names: ScheduleNames, found: &[Named<Appointment>], notice: Option<&str>) -> String {
    let written = Timestamp::now();
    let called = |entry: &Named<Appointment>| {
        let name = entry.name.as_ref().unwrap_or(&entry.record.subject).expose();
        match names {
            ScheduleNames::None => String::new(),
            ScheduleNames::Initials => initials(name),
            ScheduleNames::Full => name.clone(),
        }
    };
    match format {
        ScheduleFormat::Ics => {
            let event = |entry: &Named<Appointment>| {
                let called = called(entry);
                let summary = if called.is_empty() { "Appointment" } else { called.as_str() };
                Event { summary, appointment: &entry.record, written: Some(written), notice }.to_string()
            };
            let events: String = found.iter().map(event).collect();
            format!("{}{events}{}", write::head(notice), write::FOOT)
        }
        ScheduleFormat::Fhir => {
            let called: Vec<String> = found.iter().map(called).collect();
            let entries = called.iter().zip(found);
            let entries = entries.map(|(called, entry)| Entry { called, appointment: &entry.record });
            format!("{:#}\n", bundle(entries, written, notice))
        }
    }
}

/// "Ada Byron" is "A. B.".
fn initials(name: &str) -> String {
    let letters = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    letters.map(|letter| format!("{}.", letter.to_uppercase())).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_of_every_word_that_has_a_letter() {
        for (name, expected) in
            [("Ada Byron", "A. B."), ("zoë von der Österreich", "Z. V. D. Ö."), ("陽子", "陽."), ("-", "")]
        {
            assert_eq!(initials(name), expected);
        }
    }
}
