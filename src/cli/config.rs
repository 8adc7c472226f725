//! The configuration file, `$XDG_CONFIG_HOME/bedside/config.toml` (TOML 1.0): what the tables of a practice's feeds are
//! like. `man 5 bedside-config` describes it.
//!
//! Refuses to be: a part of the vault. It lies open, so nothing of a patient belongs there, and what is wrong in it is
//! told with the key's name and never with what stands behind it. A word that is not known is refused: a slip of the
//! pen would otherwise go unnoticed until an appointment is missing.

use crate::base::{Failure, Kind};
use crate::feed::table::{Column, DateOrder, Delimiter, Layout};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// The longest file that is read.
const FILE_MAX_BYTES: u64 = 256 * 1024;

/// What the configuration says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Config {
    feeds: BTreeMap<String, Layout>,
}

impl Config {
    /// The layout of a feed's tables; that of a table which says all itself where the feed is not mentioned.
    pub(super) fn feed(&self, name: &str) -> Layout {
        self.feeds.get(name).cloned().unwrap_or_default()
    }
}

/// Reads the configuration; where there is no file it says nothing.
pub(super) fn load() -> Result<Config, Failure> {
    match path() {
        Some(path) => read(&path),
        None => Ok(Config::default()),
    }
}

fn path() -> Option<PathBuf> {
    let from = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = from("XDG_CONFIG_HOME").or_else(|| from("HOME").map(|home| home.join(".config")))?;
    Some(folder.join("bedside/config.toml"))
}

fn read(path: &Path) -> Result<Config, Failure> {
    let place = |failure: Failure| {
        let hint = failure.hint.map(|hint| format!("{hint}; ")).unwrap_or_default();
        Failure { hint: Some(format!("{hint}the file is {}", path.display())), ..failure }
    };
    let unreadable = |error: std::io::Error| {
        place(Failure::new(Kind::Usage, format!("the configuration cannot be read ({})", error.kind())))
    };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(Config::default());
        }
        Err(error) => return Err(unreadable(error)),
    };
    let mut text = String::new();
    file.take(FILE_MAX_BYTES + 1).read_to_string(&mut text).map_err(unreadable)?;
    if text.len() as u64 > FILE_MAX_BYTES {
        return Err(place(Failure::new(Kind::Usage, "the configuration is larger than 256 KiB")));
    }
    parse(&text).map_err(place)
}

fn parse(text: &str) -> Result<Config, Failure> {
    let table: Table = text.parse().map_err(|error: toml::de::Error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = 1 + before.matches('\n').count();
        Failure::new(Kind::Usage, format!("line {line} of the configuration is not TOML"))
            .hint("a key, =, and a text in quotation marks: dates = \"day-first\"")
    })?;
    let mut config = Config::default();
    for (key, value) in &table {
        match key.as_str() {
            "feed" => {
                for (name, value) in inner("feed", value)? {
                    config.feeds.insert(name.clone(), layout(&format!("feed.{name}"), value)?);
                }
            }
            _ => return Err(unknown("", key, &["feed"])),
        }
    }
    Ok(config)
}

/// One `[feed.NAME]`.
fn layout(at: &str, value: &Value) -> Result<Layout, Failure> {
    let mut layout = Layout::default();
    for (key, value) in inner(at, value)? {
        let here = format!("{at}.{key}");
        match key.as_str() {
            "columns" => layout.columns = columns(&here, value)?,
            "dates" => {
                let order = value.as_str().and_then(DateOrder::named);
                layout.dates = Some(order.ok_or_else(|| bad(&here, DATES))?);
            }
            "delimiter" => {
                let delimiter = value.as_str().and_then(Delimiter::of);
                layout.delimiter = Some(delimiter.ok_or_else(|| bad(&here, r#"",", ";", "|" or "\t" (a tabulator)"#))?);
            }
            _ => return Err(unknown(at, key, &["columns", "dates", "delimiter"])),
        }
    }
    Ok(layout)
}

/// What may stand behind `dates`.
const DATES: &str = r#""day-first" or "month-first""#;

/// A column's name; for the patient's numbers one or several.
fn columns(at: &str, value: &Value) -> Result<Vec<(Column, String)>, Failure> {
    let mut columns = Vec::new();
    for (key, value) in inner(at, value)? {
        let keys = Column::ALL.map(Column::key);
        let column = Column::named(key).ok_or_else(|| unknown(at, key, &keys))?;
        let here = format!("{at}.{key}");
        let name = |value: &Value| match value.as_str().map(str::trim) {
            Some(name) if !name.is_empty() => Ok((column, name.to_owned())),
            _ => Err(bad(&here, "the column's name in the table's first row, in quotation marks")),
        };
        match value {
            Value::Array(names) if column == Column::Identifier => {
                columns.extend(names.iter().map(name).collect::<Result<Vec<_>, _>>()?);
            }
            value => columns.push(name(value)?),
        }
    }
    if !columns.iter().any(|(column, _)| [Column::Start, Column::StartDate].contains(column)) {
        return Err(Failure::new(Kind::Usage, format!("the configuration's '{at}' has no column for the start"))
            .hint("name one as start (day and time) or start_date"));
    }
    Ok(columns)
}

fn inner<'a>(at: &str, value: &'a Value) -> Result<&'a Table, Failure> {
    value.as_table().ok_or_else(|| bad(at, "a table: [feed.NAME], and in it columns = { … }"))
}

fn bad(at: &str, allowed: &str) -> Failure {
    Failure::new(Kind::Usage, format!("the configuration's '{at}' cannot be that")).hint(format!("write {allowed}"))
}

fn unknown(at: &str, key: &str, known: &[&str]) -> Failure {
    let place = if at.is_empty() { String::new() } else { format!(" in '{at}'") };
    Failure::new(Kind::Usage, format!("the configuration's '{key}'{place} is not known"))
        .hint(format!("known there: {}", known.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feed_has_its_columns_order_and_delimiter() {
        let config = parse(
            "# The clinic's own table.\n[feed.clinic]\ndates = \"day-first\"\ndelimiter = \"\\t\"\n\
             columns = { start = \"Beginn\", subject = \"Klient\", identifier = [\"Nr\", \"Fall\"] }\n[feed.other]\n",
        )
        .unwrap();
        let clinic = config.feed("clinic");
        assert_eq!((clinic.dates, clinic.delimiter), (Some(DateOrder::DayFirst), Some(Delimiter::Tab)));
        let mut columns: Vec<_> = clinic.columns.iter().map(|(column, name)| (column.key(), name.as_str())).collect();
        columns.sort_unstable();
        let expected = [("identifier", "Fall"), ("identifier", "Nr"), ("start", "Beginn"), ("subject", "Klient")];
        assert_eq!(columns, expected);
        assert_eq!(config.feed("other"), Layout::default());
        assert_eq!(config.feed("never mentioned"), Layout::default());
    }

    #[test]
    fn what_is_wrong_is_told_with_its_key_and_what_is_allowed_and_without_its_value() {
        for (text, key, allowed) in [
            ("[feeds.a]", "'feeds'", "feed"),
            ("feed = 1", "'feed'", "[feed.NAME]"),
            ("[feed]\na = 1", "'feed.a'", "[feed.NAME]"),
            ("[feed.a]\ndate = \"Ada\"", "'date' in 'feed.a'", "dates"),
            ("[feed.a]\ndates = \"Ada\"", "'feed.a.dates'", "\"day-first\" or \"month-first\""),
            ("[feed.a]\ndates = 1", "'feed.a.dates'", "\"day-first\""),
            ("[feed.a]\ndelimiter = \"Ada\"", "'feed.a.delimiter'", "\";\""),
            ("[feed.a]\ndelimiter = \"\\\"\"", "'feed.a.delimiter'", "\";\""),
            ("[feed.a]\ncolumns = \"Ada\"", "'feed.a.columns'", "columns = {"),
            ("[feed.a.columns]\nbegin = \"Ada\"", "'begin' in 'feed.a.columns'", "start_date"),
            ("[feed.a.columns]\nstart = 1", "'feed.a.columns.start'", "the column's name"),
            ("[feed.a.columns]\nstart = [\"Ada\"]", "'feed.a.columns.start'", "the column's name"),
            ("[feed.a.columns]\nsubject = \"Ada\"", "'feed.a.columns'", "start_date"),
            ("[feed.a]\n\ndates = Ada", "line 3", "\"day-first\""),
        ] {
            let failure = parse(text).expect_err(text);
            let hint = failure.hint.unwrap_or_default();
            assert!(failure.message.contains(key), "{text}: {}", failure.message);
            assert!(hint.contains(allowed), "{text}: {hint}");
            assert!(!failure.message.contains("Ada") && !hint.contains("Ada"), "{text}: {} {hint}", failure.message);
            assert_eq!(failure.kind, Kind::Usage);
        }
    }

    #[test]
    fn file_that_is_not_there_says_nothing_and_one_that_is_too_large_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        assert_eq!(read(&path), Ok(Config::default()));
        assert_eq!(read(&path.join("below")), Ok(Config::default()));
        std::fs::write(&path, "#".repeat(300 * 1024)).unwrap();
        assert_eq!(read(&path).unwrap_err().kind, Kind::Usage);
        std::fs::write(&path, "feed = 1").unwrap();
        let hint = read(&path).unwrap_err().hint.unwrap();
        assert!(hint.ends_with(&format!("the file is {}", path.display())), "{hint}");
    }
}
