//! `bedside appointment import` and what belongs to it. Feeds are parsed here, away from the process that holds the
//! keys.

mod report;

pub(super) use report::{Left, report_json, report_words, some_broken};

use super::console::{Console, other};
use super::progress::Progress;
use super::{appointment, command, config, output};
use crate::base::time::SystemClock;
use crate::base::{Clock, Failure, Kind, Phi};
use crate::client::Connection;
use crate::client::agent::{
    DIFFERENCES_PAGE, Difference, FeedRequest, IMPORT_PAGE, ImportHead, ImportReport, Reply, Request, Undone, Unmatched,
};
use crate::feed::table::DateOrder;
use crate::feed::{self, Feed, FeedError, Flaw, Reading, Scope};
use crate::record::{Imported, Settlement};
use report::left_of;
use serde_json::json;
use std::collections::HashSet;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

/// Names asked for at once.
const UNMATCHED_PAGE: u32 = 1_000;
/// Files of a folder at most.
const FILES_MAX: usize = 20_000;

pub(super) async fn run(console: &Console, args: command::Import) -> Result<(), Failure> {
    let (connection, _events) = console.connect().await?;
    let zone = appointment::feed_zone(&connection);
    let mut table = config::load()?.feed(args.feed.as_deref().unwrap_or_default());
    table.dates = match args.dates {
        Some(command::Dates::DayFirst) => Some(DateOrder::DayFirst),
        Some(command::Dates::MonthFirst) => Some(DateOrder::MonthFirst),
        None => table.dates,
    };
    let reading = Reading { table, named: args.feed.is_some(), ..Reading::new(zone.clone(), SystemClock.now()) };
    let (parsed, left) = read_all(&args.file, &reading)?;
    let broken = left.iter().any(|left| left.broken);
    if broken && !args.partial {
        return Err(some_broken(&left).hint(
            "mend the file, or take the others with --partial; with --dry-run beside it, it lists all that is broken",
        ));
    }
    // Two calendars that one program wrote are not one calendar.
    let named = args.feed.is_some() || parsed.name.is_some();
    let whole = args.missing.map_or(parsed.scope == Scope::Whole && named, |m| m == command::Missing::Cancel);
    let unnamed = parsed.scope == Scope::Whole && !named && args.missing.is_none();
    let name = args.feed.map(Phi::new).or(parsed.name.clone()).or(parsed.program.clone());
    let head = ImportHead {
        feed: name.unwrap_or_else(|| Phi::from("calendar")),
        // What is broken is not missing.
        whole: whole && !broken,
        message: parsed.scope == Scope::Message,
        allow_removals: args.allow_removals,
        dry_run: args.dry_run,
    };
    let report = hand_over(&connection, head, parsed).await?;
    let differences = if args.dry_run { differences(&connection).await? } else { Vec::new() };
    console.show(
        || report_json(&report, &left, args.dry_run.then_some(&differences)),
        || report_words(&report, &left, args.dry_run.then_some((&differences, &zone))),
    );
    if unnamed {
        output::say(
            "The calendar says no name of its own, so what it does not mention is kept; --feed NAME gives it one, and then what is missing is cancelled.",
        );
    }
    Ok(())
}

/// Gives what a feed brings to the agent; it is durable when this returns, in the vault or sealed beside it.
pub(super) async fn hand_over(
    connection: &Connection,
    head: ImportHead,
    parsed: Feed,
) -> Result<ImportReport, Failure> {
    give(connection, head, parsed.entries, parsed.settled, None).await
}

/// So, and says of what these are all, where they are not all there is.
pub(super) async fn give(
    connection: &Connection,
    head: ImportHead,
    entries: Vec<Imported>,
    settled: Vec<Settlement>,
    remote: Option<FeedRequest>,
) -> Result<ImportReport, Failure> {
    connection.request(Request::AppointmentImportBegin(head)).await?;
    if let Some(remote) = remote {
        connection.request(Request::Feed(remote)).await?;
    }
    let progress = Progress::of("importing");
    let total = entries.len() as u64;
    let (mut entries, mut settled) = (entries.into_iter(), settled.into_iter());
    let mut given = 0;
    loop {
        let page: Vec<_> = entries.by_ref().take(IMPORT_PAGE).collect();
        let settled: Vec<_> = settled.by_ref().take(IMPORT_PAGE).collect();
        if page.is_empty() && settled.is_empty() {
            break;
        }
        given += page.len() as u64;
        connection.request(Request::AppointmentImportPage { entries: page, settled }).await?;
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
                let many = if *kept == 1 { "One was".to_owned() } else { format!("{kept} were") };
                output::line(&format!("{many} changed by hand since, and left so."));
            }
        },
    );
    Ok(())
}

/// A file, standard input, or all files of a folder as one feed: of one system, or named by whoever imports them.
fn read_all(path: &Path, reading: &Reading) -> Result<(Feed, Vec<Left>), Failure> {
    if !path.is_dir() {
        let parsed = parse(&read(path)?, reading)?;
        let left = left_of(&parsed, None);
        return Ok((parsed, left));
    }
    let (mut all, mut left) = (Vec::new(), Vec::new());
    let mut count = 0;
    let progress = Progress::of("reading");
    let files = files_of(path)?;
    let mut loose = Loose::default();
    for (n, file) in files.iter().enumerate() {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let bytes = read(file)?;
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        if feed::is_loose(text) {
            if loose.bytes.len() + text.len() >= feed::OTHER_MAX_BYTES {
                return Err(Failure::new(Kind::Refused, "nothing was imported: the export is larger than 64 MiB")
                    .hint("leave out what is neither an appointment nor a patient, or export a shorter time"));
            }
            loose.add(name, text);
        } else {
            match feed::read(&bytes, reading) {
                Ok(parsed) => {
                    left.extend(left_of(&parsed, Some(&name)));
                    count += parsed.entries.len();
                    all.push(parsed);
                }
                Err(error) => left.push(Left::whole(&name, error)),
            }
        }
        if n + 1 == files.len() && !loose.files.is_empty() {
            let mut parsed = parse(&loose.bytes, reading)?;
            if loose.files.len() == loose.lines {
                // A resource each, as somebody's other program sends them one by one.
                parsed.scope = Scope::Message;
            }
            left.extend(left_of(&parsed, None).into_iter().map(|own| loose.place(own)));
            count += parsed.entries.len();
            all.push(parsed);
        }
        if count > feed::APPOINTMENTS_MAX {
            return Err(Failure::new(Kind::Refused, "the folder has too many appointments").hint("split it by time"));
        }
        progress.tell(n as u64 + 1, files.len() as u64);
    }
    let names: HashSet<&Phi<String>> = all.iter().filter_map(|file| file.name.as_ref()).collect();
    if names.len() > 1 && !reading.named {
        // Which of two appointments with one number is meant, and whose number it is, each system says for itself.
        return Err(Failure::new(Kind::Refused, format!("nothing was imported: the files say {} names", names.len()))
            .hint("import each system's files by themselves, or all as one feed with --feed NAME"));
    }
    Ok((feed::join(all), left))
}

/// Files that refer to each other, as one text: an export has a file for each type of resource.
#[derive(Default)]
struct Loose {
    bytes: Vec<u8>,
    /// Each with the line of the text before its first.
    files: Vec<(usize, String)>,
    lines: usize,
}

impl Loose {
    fn add(&mut self, name: String, bytes: &[u8]) {
        self.files.push((self.lines, name));
        self.bytes.extend_from_slice(bytes);
        self.lines += bytes.iter().filter(|byte| **byte == b'\n').count();
        if !bytes.ends_with(b"\n") {
            self.bytes.push(b'\n');
            self.lines += 1;
        }
    }

    /// In which file it stands.
    fn place(&self, left: Left) -> Left {
        match self.files.iter().rfind(|(before, _)| *before < left.line) {
            Some((before, name)) => Left { file: Some(name.clone()), line: left.line - before, ..left },
            None => left,
        }
    }
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
                "say it with --dates day-first or --dates month-first, or for good in the configuration; a year that stands first needs four digits"
            }
            FeedError::UnknownTable | FeedError::NoColumn { .. } => {
                "'man 5 bedside-config' shows how, then name it with --feed"
            }
            FeedError::UnknownFormat => "give it what a calendar or another system has exported",
            FeedError::Broken { flaw: Flaw::CutOff, .. } => "export it again: its end is missing",
            FeedError::TooLarge | FeedError::TooLargeOther => "export a shorter time",
            _ => "mend the file, or leave that entry out",
        };
        Failure::new(Kind::Refused, format!("nothing was imported: {error}")).hint(hint)
    })
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let unreadable = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => {
            Failure::new(Kind::Usage, "there is no such file").hint("name a file, a folder, or - for standard input")
        }
        kind => Failure::new(Kind::Usage, format!("the file cannot be read ({kind})")),
    };
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

/// Names in feeds that fit no patient.
pub(super) async fn unmatched(console: &Console) -> Result<(), Failure> {
    let (connection, _events) = console.connect().await?;
    let mut found = Vec::new();
    loop {
        let request = Request::AppointmentUnmatched { skip: found.len() as u64, limit: UNMATCHED_PAGE };
        let Reply::Unmatched { names, total } = connection.request(request).await? else { return Err(other()) };
        // Somebody else may decide about names meanwhile.
        let last = names.is_empty();
        found.extend(names);
        if last || found.len() as u64 >= total {
            break;
        }
    }
    let zone = appointment::zone(&connection).await?;
    let next = |at: &jiff::Zoned| at.with_time_zone(zone.clone());
    console.list(
        &found,
        |entry| {
            json!({
                "subject": entry.next.subject.expose(), "count": entry.count, "id": entry.next.id,
                "number": entry.number.as_ref().map(|number| number.expose().clone()),
                "feed": entry.next.source.as_ref().map(|source| source.feed.expose().clone()),
                "next": appointment::rfc3339(&next(&entry.next.start)),
            })
        },
        || {
            let row = |entry: &Unmatched| {
                [
                    appointment::subject(&entry.next),
                    entry.number.as_ref().map_or(String::new(), |number| output::safe(number.expose())),
                    entry.count.to_string(),
                    next(&entry.next.start).strftime("%a %Y-%m-%d %H:%M").to_string(),
                    entry.next.source.as_ref().map_or(String::new(), |source| output::safe(source.feed.expose())),
                    entry.next.id.to_string(),
                ]
            };
            let head = ["the feed says", "number", "how many", "next", "feed", "id"];
            output::table(head, found.iter().map(row), "Every appointment has its patient.");
            if !found.is_empty() {
                output::say("'bedside appointment match ID PATIENT' says whose they are, '--nobody' that they are no patient's.");
            }
        },
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_of_several_systems_is_one_feed_only_if_somebody_says_so() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, calendar: &str| {
            let event = "BEGIN:VEVENT\nUID:u\nDTSTART:20260105T090000Z\nSUMMARY:Ada\nEND:VEVENT";
            let text = format!("BEGIN:VCALENDAR\n{calendar}{event}\nEND:VCALENDAR\n");
            std::fs::write(folder.path().join(name), text).expect("written");
        };
        let reading = Reading::new(jiff::tz::TimeZone::UTC, crate::base::Stamp(1_767_600_000_000));
        write("a.ics", "X-WR-CALNAME:work\n");
        write("b.ics", "");
        assert!(read_all(folder.path(), &reading).is_ok());
        write("c.ics", "X-WR-CALNAME:home\n");
        let Err(refused) = read_all(folder.path(), &reading) else { panic!("they are of two systems") };
        assert_eq!(refused.kind, Kind::Refused);
        assert!(read_all(folder.path(), &Reading { named: true, ..reading }).is_ok());
    }
}
