//! Appointments of some days, put in order once when they come: by day, by start, by id.

use super::{DAY, days_on, minute_of};
use crate::base::id::AppointmentId;
use crate::client::agent::Named;
use crate::record::{Appointment, AppointmentStatus};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::HashMap;
use std::ops::Range;

/// More days than this no appointment goes on for.
const LONGEST_DAYS: i64 = 60;

/// What of an appointment lies on one day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Piece {
    /// The minute of the day from which on.
    pub(crate) from: i16,
    /// The minute until which; behind `from`.
    pub(crate) to: i16,
    /// It begins on this day.
    pub(crate) begins: bool,
    day: u16,
    entry: usize,
}

impl Piece {
    /// It takes the whole day.
    pub(crate) fn is_whole(&self) -> bool {
        self.from == 0 && self.to == DAY
    }
}

/// What the agent gave for some days.
#[derive(Debug)]
pub(crate) struct Known {
    from: Date,
    days: u16,
    entries: Vec<Named<Appointment>>,
    /// By day, then by start.
    pieces: Vec<Piece>,
    /// Which of them are on each day.
    by_day: Vec<Range<usize>>,
    by_id: HashMap<AppointmentId, usize>,
}

/// Whether somebody is expected then, or came.
pub(crate) fn takes_time(appointment: &Appointment) -> bool {
    !matches!(appointment.status, AppointmentStatus::Cancelled | AppointmentStatus::Noshow)
}

impl Known {
    /// Puts `entries` of `days` days from `from` on into order, on the clocks of `zone`.
    pub(crate) fn of(from: Date, days: u16, mut entries: Vec<Named<Appointment>>, zone: &TimeZone) -> Self {
        entries.sort_by_key(|entry| (entry.record.start.timestamp(), entry.record.id));
        let mut pieces = Vec::with_capacity(entries.len());
        for (entry, named) in entries.iter().enumerate() {
            pieces_of(&named.record, zone, from, days, |day, from, to, begins| {
                pieces.push(Piece { from, to, begins, day, entry });
            });
        }
        // Of two that begin together the longer is drawn first.
        pieces.sort_by_key(|piece| (piece.day, piece.from, -piece.to, piece.entry));
        let mut by_day = Vec::with_capacity(usize::from(days));
        let mut at = 0;
        for day in 0..days {
            let start = at;
            while pieces.get(at).is_some_and(|piece| piece.day == day) {
                at += 1;
            }
            by_day.push(start..at);
        }
        let by_id = entries.iter().enumerate().map(|(at, entry)| (entry.record.id, at)).collect();
        Self { from, days, entries, pieces, by_day, by_id }
    }

    /// Whether these days are among what is known.
    pub(crate) fn covers(&self, (from, days): (Date, u16)) -> bool {
        from >= self.from && days_on(from, i64::from(days)) <= days_on(self.from, i64::from(self.days))
    }

    /// What lies on a day, by start; nothing where the day is not known.
    pub(crate) fn day(&self, date: Date) -> &[Piece] {
        let range = self.number(date).and_then(|day| self.by_day.get(day)).cloned().unwrap_or(0..0);
        self.pieces.get(range).unwrap_or_default()
    }

    fn number(&self, date: Date) -> Option<usize> {
        usize::try_from(date.since(self.from).ok()?.get_days()).ok()
    }

    /// The appointment of a piece.
    pub(crate) fn entry(&self, piece: &Piece) -> &Named<Appointment> {
        &self.entries[piece.entry]
    }

    /// An appointment by its id.
    pub(crate) fn find(&self, id: AppointmentId) -> Option<&Named<Appointment>> {
        self.by_id.get(&id).and_then(|at| self.entries.get(*at))
    }

    /// The day on which an appointment begins, its first minute, and the minute at which it would end if that day went
    /// on.
    pub(crate) fn place(&self, id: AppointmentId) -> Option<(Date, i16, i16)> {
        let entry = *self.by_id.get(&id)?;
        let piece = self.pieces.iter().find(|piece| piece.entry == entry && piece.begins)?;
        let record = &self.entries.get(entry)?.record;
        let minutes = record.length().as_mins();
        let minutes = i16::try_from(minutes.clamp(0, i64::from(DAY))).unwrap_or(DAY);
        Some((days_on(self.from, i64::from(piece.day)), piece.from, piece.from + minutes))
    }

    /// Where appointments begin, by time.
    pub(crate) fn starts(&self) -> impl Iterator<Item = (Date, i16, &Named<Appointment>)> {
        let begins = self.pieces.iter().filter(|piece| piece.begins);
        begins.map(|piece| (days_on(self.from, i64::from(piece.day)), piece.from, self.entry(piece)))
    }
}

/// Cuts an appointment at midnight and hands over what lies within the days: number of the day, from, to, and whether
/// it begins there.
fn pieces_of(
    appointment: &Appointment,
    zone: &TimeZone,
    first: Date,
    days: u16,
    mut hand_over: impl FnMut(u16, i16, i16, bool),
) {
    let start = appointment.start.with_time_zone(zone.clone()).datetime();
    let end = appointment.end.with_time_zone(zone.clone()).datetime();
    for later in 0..LONGEST_DAYS {
        let date = days_on(start.date(), later);
        let from = if later == 0 { minute_of(start.time()) } else { 0 };
        let to = if date < end.date() { DAY } else { minute_of(end.time()) };
        // What ends at midnight takes nothing of the day that begins there.
        if date > end.date() || (later > 0 && to == 0) {
            break;
        }
        let number = date.since(first).map_or(-1, |span| i64::from(span.get_days()));
        if let Some(day) = u16::try_from(number).ok().filter(|day| *day < days) {
            // An hour that the clocks show twice may end before it begins; it is seen all the same.
            hand_over(day, from, to.max(from + 1).min(DAY), later == 0);
        }
    }
}
