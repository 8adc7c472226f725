//! `bedside appointment import` and what belongs to it. Feeds are parsed here, away from the process that holds the
//! keys.

use super::console::{Console, other};
use super::progress::Progress;
use super::{appointment, command, config, output};
use crate::base::time::SystemClock;
use crate::base::{Clock, Failure, Kind, Phi};
use crate::client::Connection;
use crate::client::agent::{
    DIFFERENCES_PAGE, Difference, FeedRequest, IMPORT_PAGE, ImportHead, ImportReport, Reply, Request, Undone,
    VaultState,
};
use crate::feed::table::DateOrder;
use crate::feed::{self, Feed, FeedError, Reading, Scope};
use crate::record::{Appointment, Imported};
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Files of a folder at most.
const FILES_MAX: usize = 20_000;

/// What was left out, and where.
pub(super) struct Left {
    /// The file, when several were read.
    pub(super) file: Option<String>,
    pub(super) line: usize,
    pub(super) reason: String,
    /// It is broken; else it is no appointment.
    pub(super) broken: bool,
}

pub(super) async fn run(console: &Console, args: command::Import) -> Result<(), Failure> {
    let (connection, _events) = console.connect().await?;
    // While the vault is locked the practice's zone cannot be known; then this machine's stands in for it.
    let open = connection.status().vault == VaultState::Open;
    let zone = if open { appointment::zone(&connection).await? } else { TimeZone::system() };
    let mut table = config::load()?.feed(args.feed.as_deref().unwrap_or_default());
    table.dates = match args.dates {
        Some(command::Dates::DayFirst) => Some(DateOrder::DayFirst),
        Some(command::Dates::MonthFirst) => Some(DateOrder::MonthFirst),
        None => table.dates,
    };
    let reading = Reading { zone, now: SystemClock.now(), table };
    let (parsed, left) = read_all(&args.file, &reading)?;
    let broken = parsed.broken.len();
    if broken > 0 && !args.partial {
        return Err(some_broken(&left).hint(
            "mend the file, or take the others with --partial; with --dry-run beside it, it lists all that is broken",
        ));
    }
    let head = ImportHead {
        feed: args.feed.map(Phi::new).or(parsed.name.clone()).unwrap_or_else(|| Phi::from("calendar")),
        // What is broken is not missing.
        whole: broken == 0
            && args.missing.map_or(parsed.scope == Scope::Whole, |missing| missing == command::Missing::Cancel),
        message: parsed.scope == Scope::Message,
        allow_removals: args.allow_removals,
        dry_run: args.dry_run,
    };
    let report = hand_over(&connection, head, parsed).await?;
    let differences = if args.dry_run { differences(&connection).await? } else { Vec::new() };
    console.show(
        || report_json(&report, &left, args.dry_run.then_some(&differences)),
        || report_words(&report, &left, args.dry_run.then_some(&differences)),
    );
    Ok(())
}

/// Gives what a feed brings to the agent; it is durable when this returns, in the vault or sealed beside it.
pub(super) async fn hand_over(
    connection: &Connection,
    head: ImportHead,
    parsed: Feed,
) -> Result<ImportReport, Failure> {
    give(connection, head, parsed.entries, None).await
}

/// So, and says of which UIDs these are all, where they are not all there is.
pub(super) async fn give(
    connection: &Connection,
    head: ImportHead,
    entries: Vec<Imported>,
    settled: Option<FeedRequest>,
) -> Result<ImportReport, Failure> {
    connection.request(Request::AppointmentImportBegin(head)).await?;
    if let Some(settled) = settled {
        connection.request(Request::Feed(settled)).await?;
    }
    let progress = Progress::of("importing");
    let total = entries.len() as u64;
    let mut entries = entries.into_iter();
    let mut given = 0;
    loop {
        let page: Vec<_> = entries.by_ref().take(IMPORT_PAGE).collect();
        if page.is_empty() {
            break;
        }
        given += page.len() as u64;
        connection.request(Request::AppointmentImportPage { entries: page }).await?;
        progress.tell(given, total * 2);
    }
    let end = Request::AppointmentImportEnd;
    let tell = |done, changes: u64| progress.tell(total + done, total + changes);
    let Reply::Imported(report) = connection.request_with_progress(end, tell).await? else { return Err(other()) };
    Ok(report)
}

pub(super) async fn differences(connection: &Connection) -> Result<Vec<Difference>, Failure> {
    let mut all = Vec::new();
    loop {
        let request = Request::AppointmentImportDifferences { skip: all.len() as u64 };
        let Reply::Differences(page) = connection.request(request).await? else { return Err(other()) };
        let last = page.len() < DIFFERENCES_PAGE;
        all.extend(page);
        if last {
            return Ok(all);
        }
    }
}

/// Takes back the last import.
pub(super) async fn undo(console: &Console) -> Result<(), Failure> {
    let Reply::Undone(undone) = console.ask(Request::AppointmentImportUndo).await? else { return Err(other()) };
    let Undone { feed, at, removed, restored, kept } = &undone;
    console.show(
        || {
            json!({
                "feed": feed.expose(), "imported": output::moment(*at),
                "removed": removed, "restored": restored, "kept": kept,
            })
        },
        || {
            output::line(&format!(
                "The import of {} from {} is taken back: {removed} gone, {restored} as they were before.",
                output::local(*at),
                output::safe(feed.expose())
            ));
            if *kept > 0 {
                output::line(&format!("{kept} were changed by hand since and stay as they are."));
            }
        },
    );
    Ok(())
}

/// Something is broken: the first of it.
pub(super) fn some_broken(left: &[Left]) -> Failure {
    let mut broken = left.iter().filter(|left| left.broken);
    let first = broken.next().map_or(String::new(), Left::to_line);
    let more = match broken.count() {
        0 => String::new(),
        n => format!(" (and {n} more)"),
    };
    Failure::new(Kind::Refused, format!("nothing was imported: {first}{more}"))
}

impl Left {
    pub(super) fn to_line(&self) -> String {
        let file = self.file.as_ref().map_or(String::new(), |file| format!("{}, ", output::safe(file)));
        format!("{file}line {}: {}", self.line, self.reason)
    }

    fn to_json(&self) -> Value {
        match &self.file {
            Some(file) => json!({"file": file, "line": self.line, "reason": self.reason}),
            None => json!({"line": self.line, "reason": self.reason}),
        }
    }
}

fn left_of(parsed: &Feed, file: Option<&str>) -> Vec<Left> {
    let left = |line, reason, broken| Left { file: file.map(str::to_owned), line, reason, broken };
    let broken = parsed.broken.iter().map(|broken| left(broken.line, broken.flaw.to_string(), true));
    let mut all: Vec<Left> = broken
        .chain(parsed.skipped.iter().map(|skipped| left(skipped.line, skipped.reason.to_string(), false)))
        .collect();
    all.sort_by_key(|left| left.line);
    all
}

/// A file, standard input, or all files of a folder as one feed.
fn read_all(path: &Path, reading: &Reading) -> Result<(Feed, Vec<Left>), Failure> {
    if !path.is_dir() {
        let parsed = parse(&read(path)?, reading)?;
        let left = left_of(&parsed, None);
        return Ok((parsed, left));
    }
    let (mut all, mut left) = (Feed::default(), Vec::new());
    let progress = Progress::of("reading");
    let files = files_of(path)?;
    for (n, file) in files.iter().enumerate() {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let parsed = read(file).and_then(|bytes| parse(&bytes, reading)).map_err(|failure| Failure {
            message: format!("{}: {}", output::safe(&name), failure.message),
            ..failure
        })?;
        left.extend(left_of(&parsed, Some(&name)));
        all.scope = if n == 0 || all.scope == parsed.scope { parsed.scope } else { Scope::Part };
        all.name = all.name.or(parsed.name);
        all.entries.extend(parsed.entries);
        all.broken.extend(parsed.broken);
        if all.entries.len() > feed::APPOINTMENTS_MAX {
            return Err(Failure::new(Kind::Refused, "the folder has too many appointments").hint("split it by time"));
        }
        progress.tell(n as u64 + 1, files.len() as u64);
    }
    Ok((all, left))
}

/// The files of a folder by name; what begins with a dot, and folders in it, are not of the feed.
fn files_of(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let unreadable =
        |error: std::io::Error| Failure::new(Kind::Usage, format!("the folder cannot be read ({})", error.kind()));
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if !hidden && entry.path().is_file() {
            files.push(entry.path());
        }
        if files.len() > FILES_MAX {
            return Err(Failure::new(Kind::Refused, format!("the folder has more than {FILES_MAX} files"))
                .hint("name the folder of one calendar"));
        }
    }
    if files.is_empty() {
        return Err(Failure::new(Kind::Refused, "the folder has no files"));
    }
    files.sort();
    Ok(files)
}

fn parse(bytes: &[u8], reading: &Reading) -> Result<Feed, Failure> {
    feed::read(bytes, reading).map_err(|error| {
        let hint = match error {
            FeedError::AmbiguousDates { .. } => {
                "say it with --dates day-first or --dates month-first, or for good in the configuration"
            }
            FeedError::UnknownTable | FeedError::NoColumn { .. } => {
                "'man 5 bedside-config' shows how, then name it with --feed"
            }
            _ => "mend the file, or leave that entry out",
        };
        Failure::new(Kind::Refused, format!("nothing was imported: {error}")).hint(hint)
    })
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let unreadable =
        |error: std::io::Error| Failure::new(Kind::Usage, format!("the file cannot be read ({})", error.kind()));
    let limit = feed::FILE_MAX_BYTES as u64;
    let mut bytes = Vec::new();
    let from: Box<dyn Read> = if file.as_os_str() == "-" {
        Box::new(std::io::stdin())
    } else {
        let file = File::open(file).map_err(unreadable)?;
        let length = file.metadata().map_err(unreadable)?.len();
        if length > limit {
            return Err(too_large());
        }
        bytes.reserve_exact(usize::try_from(length).unwrap_or(0) + 1);
        Box::new(file)
    };
    from.take(limit + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > limit { Err(too_large()) } else { Ok(bytes) }
}

fn too_large() -> Failure {
    Failure::new(Kind::Refused, format!("nothing was imported: {}", feed::FeedError::TooLarge)).hint("split it by time")
}

pub(super) fn report_json(report: &ImportReport, left: &[Left], differences: Option<&Vec<Difference>>) -> Value {
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

pub(super) fn report_words(report: &ImportReport, left: &[Left], differences: Option<&Vec<Difference>>) {
    if let Some(differences) = differences {
        let rows: Vec<_> = differences.iter().map(difference_row).collect();
        output::table(&["change", "day", "from", "to", "patient", "how", "status"], &rows, "Nothing would change.");
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
    for left in left {
        output::say(&left.to_line());
    }
}

/// What is new of a time, behind what it was.
fn difference_row(difference: &Difference) -> Vec<String> {
    let after = &difference.after.record;
    let cells = |appointment: &Appointment| {
        let at = |at: &jiff::Zoned, form: &str| {
            at.timestamp().to_zoned(after.start.time_zone().clone()).strftime(form).to_string()
        };
        vec![
            at(&appointment.start, "%a %Y-%m-%d"),
            at(&appointment.start, "%H:%M"),
            at(&appointment.end, "%H:%M"),
            String::new(),
            appointment::how(appointment.kind).to_owned(),
            appointment.status.as_str().to_owned(),
        ]
    };
    let new = cells(after);
    let old = difference.before.as_ref().map(cells);
    let mut row: Vec<String> = std::iter::once(fate(difference).to_owned())
        .chain(new.into_iter().enumerate().map(|(n, new)| match old.as_ref().and_then(|old| old.get(n)) {
            Some(old) if *old != new => format!("{old} → {new}"),
            _ => new,
        }))
        .collect();
    if let Some(cell) = row.get_mut(4) {
        *cell = appointment::called(&difference.after);
    }
    row
}

/// Names in feeds that fit no patient.
pub(super) async fn unmatched(console: &Console) -> Result<(), Failure> {
    let (connection, _events) = console.connect().await?;
    let Reply::Unmatched(found) = connection.request(Request::AppointmentUnmatched).await? else { return Err(other()) };
    let zone = appointment::zone(&connection).await?;
    let next = |at: &jiff::Zoned| at.with_time_zone(zone.clone());
    console.list(
        &found,
        |entry| {
            json!({
                "subject": entry.next.subject.expose(), "count": entry.count, "id": entry.next.id,
                "feed": entry.next.source.as_ref().map(|source| source.feed.expose().clone()),
                "next": appointment::rfc3339(&next(&entry.next.start)),
            })
        },
        || {
            let rows: Vec<_> = found
                .iter()
                .map(|entry| {
                    vec![
                        output::safe(entry.next.subject.expose()),
                        entry.count.to_string(),
                        next(&entry.next.start).strftime("%a %Y-%m-%d %H:%M").to_string(),
                        entry.next.source.as_ref().map_or(String::new(), |source| output::safe(source.feed.expose())),
                        entry.next.id.to_string(),
                    ]
                })
                .collect();
            output::table(&["the feed says", "how many", "next", "feed", "id"], &rows, "Every appointment has its patient.");
            if !rows.is_empty() {
                output::say("'bedside appointment match ID PATIENT' says whose they are, '--nobody' that they are no patient's.");
            }
        },
    );
    Ok(())
}
