//! Tables (CSV, RFC 4180): a row is an appointment.
//!
//! Refuses to be: a guess. Which columns there are says a preset ([`header`]: Google, Outlook, Acuity, BestNotes) or a
//! map of the practice's own; whether the day or the month stands first say the dates themselves or the practice
//! ([`date`]). csv-core takes rows apart ([`rows`]), encoding_rs decodes ([`decode`]), jiff reads ISO 8601.
//!
//! Choices: a row without a UID is known by a digest of its start, subject, type and patient, so that a moved
//! appointment comes as a new one; a recurrence rule is not read; a row that lasts all day is left out, as in a calendar.

mod date;
mod decode;
mod guard;
mod header;
mod row;
mod rows;
#[cfg(test)]
mod tests;
mod word;

pub use date::DateOrder;
pub(super) use decode::from_utf16;
pub use guard::guard;
pub use header::Column;
pub use rows::Delimiter;

use super::calendar::zone::Zones;
use super::{APPOINTMENTS_MAX, Broken, Feed, FeedError, Flaw, Omission, Reading, Scope, Skipped};
use crate::base::Phi;
use crate::record::{AppointmentStatus, Imported};
use date::Order;
use row::{Draft, Left};

/// How a practice's tables are laid out, as far as they do not say it themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// What the table calls each column; empty where a preset fits. Each of them must be there.
    pub columns: Vec<(Column, String)>,
    /// Which of day and month stands first.
    pub dates: Option<DateOrder>,
    /// What stands between two cells.
    pub delimiter: Option<Delimiter>,
}

/// Reads it.
pub(super) fn read(bytes: &[u8], reading: &Reading) -> Result<Feed, FeedError> {
    let decode::Text { text, illegible } = decode::decode(bytes);
    let (plan, mut rows) = header::read(&text, &reading.table)?;
    if let Some(line) = illegible {
        return Err(Flaw::NotLetters.at(line));
    }
    let mut table = Table::new(reading);
    while let Some(row) = rows.next() {
        let line = match row {
            Ok(row) => {
                match row::read(&row, &plan, &mut table.zones, &mut table.order) {
                    Ok(draft) => table.add(draft),
                    Err(Left::Skipped(reason)) => table.feed.skipped.push(Skipped { line: row.line, reason }),
                    Err(Left::Broken(flaw)) => table.feed.broken.push(Broken { line: row.line, flaw }),
                    Err(Left::Blank) => {}
                }
                row.line
            }
            Err(Broken { line, flaw: Flaw::TooManyLines }) => return Err(Flaw::TooManyLines.at(line)),
            Err(broken) => {
                table.feed.broken.push(broken);
                broken.line
            }
        };
        if table.entries.len() + table.waiting.len() > APPOINTMENTS_MAX {
            return Err(Flaw::TooManyAppointments.at(line));
        }
    }
    table.feed.name = plan.name.map(Phi::from);
    table.finish()
}

/// A table as far as it is read.
struct Table {
    feed: Feed,
    zones: Zones<'static>,
    order: Order,
    /// With their lines.
    entries: Vec<(usize, Imported)>,
    /// Rows whose dates cannot be told yet.
    waiting: Vec<Draft>,
}

impl Table {
    fn new(reading: &Reading) -> Self {
        Self {
            feed: Feed { scope: Scope::Part, ..Feed::default() },
            zones: Zones::of(&[], reading.zone.clone()),
            order: Order::new(reading.table.dates),
            entries: Vec::new(),
            waiting: Vec::new(),
        }
    }

    fn add(&mut self, mut draft: Draft) {
        if !draft.is_told(&self.order) {
            return self.waiting.push(draft);
        }
        let (line, unread) = (draft.line, std::mem::take(&mut draft.unread));
        match draft.settle(&self.order, &self.zones.usual) {
            Ok(entry) => {
                self.feed.skipped.extend(unread.into_iter().map(|reason| Skipped { line, reason }));
                self.entries.push((line, entry));
            }
            Err(flaw) => self.feed.broken.push(Broken { line, flaw }),
        }
    }

    fn finish(mut self) -> Result<Feed, FeedError> {
        self.order.check()?;
        for draft in std::mem::take(&mut self.waiting) {
            self.add(draft);
        }
        let mut feed = self.feed;
        feed.entries = unite(self.entries, &mut feed.skipped, &mut feed.broken);
        feed.entries.sort_by(|a, b| (&a.start, &a.uid).cmp(&(&b.start, &b.uid)));
        feed.skipped.sort_by_key(|skipped| skipped.line);
        feed.broken.sort_by_key(|broken| broken.line);
        Ok(feed)
    }
}

/// One entry of each UID. Of two that are not the same, one that is cancelled gives way: it was made again. Nobody can
/// tell which of two others holds.
fn unite(mut all: Vec<(usize, Imported)>, skipped: &mut Vec<Skipped>, broken: &mut Vec<Broken>) -> Vec<Imported> {
    all.sort_by(|(a_line, a), (b_line, b)| (&a.uid, a_line).cmp(&(&b.uid, b_line)));
    let mut kept: Vec<(usize, Imported)> = Vec::with_capacity(all.len());
    for (line, entry) in all {
        let Some((earlier, twin)) = kept.last_mut().filter(|(_, twin)| twin.uid == entry.uid) else {
            kept.push((line, entry));
            continue;
        };
        let cancelled = |entry: &Imported| entry.status == AppointmentStatus::Cancelled;
        match (cancelled(twin), cancelled(&entry)) {
            _ if *twin == entry => skipped.push(Skipped { line, reason: Omission::Twice }),
            (true, false) => {
                skipped.push(Skipped { line: *earlier, reason: Omission::Outdated });
                (*earlier, *twin) = (line, entry);
            }
            (false, true) => skipped.push(Skipped { line, reason: Omission::Outdated }),
            _ => broken.push(Broken { line, flaw: Flaw::Contradicts }),
        }
    }
    kept.into_iter().map(|(_, entry)| entry).collect()
}
