//! Which column is which: by a preset for the header of a system that is known, or by a map of one's own.
//!
//! Names are compared by their letters and digits alone: `Start Date`, `start_date` and `STARTDATE` are one.

use super::super::{FeedError, Flaw};
use super::Layout;
use super::rows::{Delimiter, Row, Rows};
use std::fmt;

/// What a column tells of an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// What tells this one appointment from all others, and stays when it is moved.
    Uid,
    /// Whom it is with, or what it is called.
    Subject,
    /// The patient's first name.
    FirstName,
    /// The patient's last name.
    LastName,
    /// Start: day and time.
    Start,
    /// Start: the day.
    StartDate,
    /// Start: the time of day.
    StartTime,
    /// End: day and time, or the time of day.
    End,
    /// End: the day.
    EndDate,
    /// End: the time of day.
    EndTime,
    /// Length in minutes.
    Minutes,
    /// The time zone of its times.
    Zone,
    /// Whether it lasts all day.
    AllDay,
    /// A recurrence rule, which is not read.
    Rule,
    /// Where it stands.
    Status,
    /// Where it is.
    Place,
    /// What sort of appointment it is.
    Type,
    /// What the other system numbers the patient with. There may be several.
    Identifier,
}

impl Column {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 18] = [
        Self::Uid,
        Self::Subject,
        Self::FirstName,
        Self::LastName,
        Self::Start,
        Self::StartDate,
        Self::StartTime,
        Self::End,
        Self::EndDate,
        Self::EndTime,
        Self::Minutes,
        Self::Zone,
        Self::AllDay,
        Self::Rule,
        Self::Status,
        Self::Place,
        Self::Type,
        Self::Identifier,
    ];

    /// What a map calls it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Uid => "uid",
            Self::Subject => "subject",
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
            Self::Start => "start",
            Self::StartDate => "start_date",
            Self::StartTime => "start_time",
            Self::End => "end",
            Self::EndDate => "end_date",
            Self::EndTime => "end_time",
            Self::Minutes => "minutes",
            Self::Zone => "zone",
            Self::AllDay => "all_day",
            Self::Rule => "rule",
            Self::Status => "status",
            Self::Place => "place",
            Self::Type => "type",
            Self::Identifier => "identifier",
        }
    }

    /// The one that a map calls so.
    pub fn named(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.key() == key)
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

/// The header of a system that is known.
struct Preset {
    name: &'static str,
    /// Without these it is another's.
    needs: &'static [Column],
    /// A column and the names it may have.
    columns: &'static [(Column, &'static [&'static str])],
}

/// What the table is called that bedside writes.
const OWN: &str = "table";
const PRESETS: [Preset; 4] = [
    Preset {
        name: "Acuity",
        needs: &[Column::Start, Column::End, Column::FirstName, Column::LastName],
        columns: &[
            (Column::Uid, &["Appointment ID"]),
            (Column::FirstName, &["First Name"]),
            (Column::LastName, &["Last Name"]),
            (Column::Start, &["Start Time"]),
            (Column::End, &["End Time"]),
            (Column::Zone, &["Timezone"]),
            (Column::Type, &["Type"]),
        ],
    },
    Preset {
        name: "BestNotes",
        needs: &[Column::Start],
        columns: &[
            (Column::Subject, &["SUBJECT"]),
            (Column::Start, &["APPTSTART"]),
            (Column::End, &["APPTEND"]),
            (Column::Minutes, &["DURATION"]),
            (Column::Type, &["APPTTYPE"]),
            (Column::Identifier, &["CID"]),
            (Column::Identifier, &["ALTID"]),
        ],
    },
    // Google took its columns from Outlook.
    Preset {
        name: "Google/Outlook",
        needs: &[Column::Subject, Column::StartDate],
        columns: &[
            (Column::Subject, &["Subject", "Betreff"]),
            (Column::StartDate, &["Start Date", "Beginnt am"]),
            (Column::StartTime, &["Start Time", "Beginnt um"]),
            (Column::EndDate, &["End Date", "Endet am"]),
            (Column::EndTime, &["End Time", "Endet um"]),
            (Column::AllDay, &["All day event", "Ganztägiges Ereignis"]),
            (Column::Place, &["Location", "Ort"]),
        ],
    },
    // The words of a map themselves, and of the table that bedside writes.
    Preset {
        name: OWN,
        needs: &[Column::Subject, Column::Start],
        columns: &[
            (Column::Uid, &["uid"]),
            (Column::Subject, &["subject"]),
            (Column::Start, &["start"]),
            (Column::End, &["end"]),
            (Column::Minutes, &["minutes"]),
            (Column::Zone, &["zone"]),
            (Column::AllDay, &["all_day"]),
            (Column::Status, &["status"]),
            (Column::Place, &["place"]),
            (Column::Type, &["type", "kind"]),
            (Column::Identifier, &["identifier"]),
        ],
    },
];

/// What people add to the table of a system that is known: passed over, an appointment would stand that was cancelled.
const BESIDE: [(Column, &[&str]); 2] =
    [(Column::Status, &["Status", "Appointment Status"]), (Column::Rule, &["rrule", "Recurrence", "Recurrence Rule"])];

/// Where each column stands.
#[derive(Debug)]
pub(super) struct Plan {
    at: [Option<usize>; Column::ALL.len()],
    /// Where patients' numbers stand, and the column's name.
    pub identifiers: Vec<(usize, String)>,
    /// Where it is asked whether it was cancelled.
    cancelled: Option<usize>,
    /// How many columns there are.
    pub width: usize,
    /// What the table is called.
    pub name: Option<&'static str>,
}

impl Plan {
    /// A row's cell of that column, empty if there is none.
    pub(super) fn cell<'a>(&self, row: &Row<'a>, column: Column) -> &'a str {
        self.place(column).map_or("", |at| row.cell(at))
    }

    /// Whether it may be a table that bedside wrote.
    pub(super) fn is_own(&self) -> bool {
        self.name == Some(OWN)
    }

    fn place(&self, column: Column) -> Option<usize> {
        self.at.get(column as usize).copied().flatten()
    }

    fn new(header: &[&str], layout: &Layout) -> Result<Self, FeedError> {
        let mut plan = if layout.columns.is_empty() {
            PRESETS.iter().find_map(|preset| preset.fit(header)).ok_or(FeedError::UnknownTable)?
        } else {
            Self::mapped(header, &layout.columns)?
        };
        if layout.columns.is_empty() {
            for (column, names) in BESIDE {
                // Of two nobody knows which is meant.
                let once = |name: &&&str| header.iter().filter(|cell| same(cell, name)).count() == 1;
                if plan.place(column).is_none() {
                    names.iter().find(once).map(|name| plan.put(header, column, name));
                }
            }
            let is_it = |cell: &&str| ["canceled", "cancelled"].iter().any(|name| same(cell, name));
            plan.cancelled = header.iter().position(is_it);
        } else if plan.place(Column::Rule).is_none() {
            plan.put(header, Column::Rule, "rrule");
        }
        Ok(plan)
    }

    /// What a row says where the table asks whether it was cancelled.
    pub(super) fn asked<'a>(&self, row: &Row<'a>) -> &'a str {
        self.cancelled.map_or("", |at| row.cell(at))
    }

    fn empty(header: &[&str], name: Option<&'static str>) -> Self {
        let width = header.len();
        Self { at: [None; Column::ALL.len()], identifiers: Vec::new(), cancelled: None, width, name }
    }

    fn mapped(header: &[&str], columns: &[(Column, String)]) -> Result<Self, FeedError> {
        let mut plan = Self::empty(header, None);
        for (column, name) in columns {
            if !plan.put(header, *column, name) {
                return Err(FeedError::NoColumn { column: *column });
            }
        }
        let starts = plan.place(Column::Start).or(plan.place(Column::StartDate));
        starts.map(|_| plan).ok_or(FeedError::NoColumn { column: Column::Start })
    }

    /// Finds the column of that name. `false` if there is none.
    fn put(&mut self, header: &[&str], column: Column, name: &str) -> bool {
        let Some(at) = header.iter().position(|cell| same(cell, name)) else { return false };
        if column == Column::Identifier {
            self.identifiers.push((at, name.to_owned()));
        }
        if let Some(place) = self.at.get_mut(column as usize) {
            *place = place.or(Some(at));
        }
        true
    }

    /// Whether a column that is needed stands twice, so that nobody can tell which is meant.
    fn doubtful(&self, header: &[&str]) -> bool {
        let needed = self.at.iter().flatten().chain(self.identifiers.iter().map(|(at, _)| at));
        needed.filter_map(|at| header.get(*at)).any(|name| header.iter().filter(|other| same(other, name)).count() > 1)
    }
}

impl Preset {
    fn fit(&self, header: &[&str]) -> Option<Plan> {
        let mut plan = Plan::empty(header, Some(self.name));
        for (column, names) in self.columns {
            names.iter().find(|name| plan.put(header, *column, name));
        }
        self.needs.iter().all(|column| plan.place(*column).is_some()).then_some(plan)
    }
}

/// Reads the header: which delimiter, which columns. The rows that come back stand behind it.
pub(super) fn read<'a>(text: &'a str, layout: &Layout) -> Result<(Plan, Rows<'a>), FeedError> {
    let (said, text) = separator(text);
    let told = [Delimiter::Comma, Delimiter::Semicolon, Delimiter::Tab];
    let given = layout.delimiter.or(said);
    let candidates = given.as_ref().map_or(told.as_slice(), std::slice::from_ref);
    let (mut misfit, mut most) = (FeedError::UnknownFormat, 1);
    for delimiter in candidates {
        let mut rows = Rows::new(text, 1, *delimiter);
        let Some(Ok(row)) = rows.next() else { continue };
        let header: Vec<&str> = row.iter().collect();
        match Plan::new(&header, layout) {
            Ok(plan) if plan.doubtful(&header) => return Err(Flaw::ColumnTwice.at(row.line)),
            Ok(plan) => return Ok((plan, rows)),
            Err(error) if header.len() > most && names(&header) => (misfit, most) = (error, header.len()),
            Err(_) => {}
        }
    }
    Err(misfit)
}

/// Whether these could be the names of columns. A page, a JSON text and a program could not.
fn names(header: &[&str]) -> bool {
    let text = |cell: &&str| !cell.chars().any(|c| c.is_control() || c == '\u{fffd}');
    header.iter().all(text) && header.first().is_some_and(|first| !first.starts_with(['{', '[', '<']))
}

/// Excel's first line, `sep=;`, and what follows it.
fn separator(text: &str) -> (Option<Delimiter>, &str) {
    let (line, rest) = text.split_at(text.find(['\r', '\n']).unwrap_or(text.len()));
    let letter = line.trim_matches('"').strip_prefix("sep=");
    letter.and_then(Delimiter::of).map_or((None, text), |delimiter| (Some(delimiter), rest))
}

/// Whether two names have the same letters and digits.
fn same(one: &str, other: &str) -> bool {
    one == other || (letters(one).next().is_some() && letters(one).eq(letters(other)))
}

/// A text's letters and digits, small.
pub(super) fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}
