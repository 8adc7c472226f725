//! Appointments made and changed by hand: alone or as a series.

use super::edit::Edit;
use super::{ClientId, Desk};
use crate::agent::book::About;
use crate::agent::failure::refused;
use crate::base::id::{AppointmentId, PatientId, SeriesId};
use crate::base::{Failure, Kind, Stamp};
use crate::record::appointment::on_the_clock;
use crate::record::schedule::{FREE_MAX_DAYS, LeftOut, REPEAT_MAX, free, outside, overlap};
use crate::record::{Action, Actor, Appointment, AppointmentKind, AppointmentStatus, Repeat};
use crate::wire::agent::{Named, Notice, Reply, Who};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan, Zoned};

const MINUTES_MAX: u32 = 24 * 60;
const DAYS_MAX: u16 = 366;
/// How many free times are told at once.
const FREE_MAX: u8 = 100;

impl Desk {
    /// The practice's zone.
    pub(super) fn zone(&mut self) -> Result<TimeZone, Failure> {
        let name = &self.open()?.book.practice().zone;
        TimeZone::get(name).map_err(|_| refused("the practice's time zone is not known on this machine"))
    }

    pub(super) fn add_appointment(
        &mut self,
        who: &Who,
        start: Zoned,
        minutes: u32,
        kind: AppointmentKind,
        repeat: Option<Repeat>,
    ) -> Result<Reply, Failure> {
        let patient = self.find(who)?;
        if repeat.is_some_and(|repeat| !(1..=REPEAT_MAX).contains(&repeat.count)) {
            let message = format!("a series has between 1 and {REPEAT_MAX} appointments");
            return Err(Failure::new(Kind::Usage, message));
        }
        let (starts, left_out) =
            repeat.map_or_else(|| (vec![start.clone()], Vec::new()), |repeat| repeat.starts(&start));
        let series = (starts.len() > 1).then(SeriesId::random);
        let mut edit = Edit::default();
        let length = length(minutes)?;
        for start in starts {
            edit.change(None, Appointment { series, ..booked(patient, kind, start, length)? });
        }
        self.keep_edit(edit, Action::AppointmentAdd, left_out)
    }

    /// The same once more, at another time.
    pub(super) fn copy_appointment(&mut self, id: AppointmentId, start: &Zoned) -> Result<Reply, Failure> {
        let old = self.appointment(id)?;
        let Some(patient) = old.patient else {
            return Err(refused("nobody knows whose appointment that is").hint("say whose it is first"));
        };
        let start = start.with_time_zone(old.start.time_zone().clone());
        let mut edit = Edit::default();
        edit.change(None, booked(patient, old.kind, start, old.length())?);
        self.keep_edit(edit, Action::AppointmentAdd, Vec::new())
    }

    /// Moves an appointment, makes it longer or shorter, or says how it stands; with those behind it if they are to
    /// follow. What is not said stays as it is.
    pub(super) fn edit_appointment(
        &mut self,
        id: AppointmentId,
        start: Option<Zoned>,
        minutes: Option<u32>,
        status: Option<AppointmentStatus>,
        following: bool,
    ) -> Result<Reply, Failure> {
        let first = self.appointment(id)?;
        // It keeps the zone it was made in: there it stays at its hour when the clocks change.
        let start = start.map(|start| start.with_time_zone(first.start.time_zone().clone()));
        let minutes = minutes.map(length).transpose()?;
        let moved = start.as_ref().map(|start| first.start.datetime().until(start.datetime())).transpose();
        let moved = moved.map_err(|_| Failure::new(Kind::Usage, "that time is out of range"))?;
        let others = if following { self.behind(&first)? } else { Vec::new() };
        let (mut edit, mut left_out) = (Edit::default(), Vec::new());
        for old in std::iter::once(first).chain(others) {
            let mut new = old.clone();
            match (&start, moved) {
                (Some(start), _) if old.id == id => new.start = start.clone(),
                // The others keep their own clock: a weekly hour stays at its hour when the clocks change.
                (_, Some(moved)) => {
                    let at = old.start.datetime().saturating_add(moved);
                    match on_the_clock(at, old.start.time_zone()) {
                        Some(start) => new.start = start,
                        None => {
                            left_out.push(LeftOut::Day(at.date()));
                            continue;
                        }
                    }
                }
                _ => {}
            }
            if moved.is_some() || minutes.is_some() {
                new.end = end_of(&new.start, minutes.unwrap_or_else(|| old.length()))?;
            }
            new.status = status.unwrap_or(old.status);
            if let Some(source) = &mut new.source {
                source.by_hand = true;
                if new.start != old.start {
                    source.began.get_or_insert(old.begins());
                }
            }
            edit.change(Some(old), new);
        }
        self.keep_edit(edit, Action::AppointmentChange, left_out)
    }

    /// What is still expected of the series behind an appointment, by start: made together with it, or of one UID.
    fn behind(&mut self, first: &Appointment) -> Result<Vec<Appointment>, Failure> {
        let (series, own) = (first.series, first.origin());
        let together = |other: &&Appointment| {
            let same = (series.is_some() && other.series == series) || (own.is_some() && other.origin() == own);
            let expected = matches!(other.status, AppointmentStatus::Booked | AppointmentStatus::Proposed);
            same && expected && other.start > first.start
        };
        let mut found: Vec<Appointment> = self.open()?.book.appointments().filter(together).cloned().collect();
        found.sort_by_key(|appointment| (appointment.start.timestamp(), appointment.id));
        Ok(found)
    }

    /// What is unusual about the times of these.
    pub(super) fn notices(&mut self, kept: &[Appointment]) -> Result<Vec<Notice>, Failure> {
        let zone = self.zone()?;
        let book = &self.open()?.book;
        let live = |appointment: &&Appointment| appointment.status != AppointmentStatus::Cancelled;
        let first = kept.iter().filter(live).map(|appointment| appointment.begins()).min();
        let last = kept.iter().filter(live).map(|appointment| appointment.ends()).max();
        let (Some(first), Some(last)) = (first, last) else { return Ok(Vec::new()) };
        let near: Vec<&Appointment> = book.during(first..last).collect();
        let mut notices = Vec::new();
        for appointment in kept.iter().filter(live) {
            let start = Box::new(appointment.start.with_time_zone(zone.clone()));
            if outside(&book.practice().hours, &start, &appointment.end.with_time_zone(zone.clone())) {
                notices.push(Notice::OutsideHours { start: start.clone() });
            }
            for other in near.iter().filter(|other| overlap(appointment, other)) {
                let with = other.patient.and_then(|patient| book.name(patient));
                notices.push(Notice::Conflict {
                    start: start.clone(),
                    with: with.unwrap_or_else(|| other.subject.clone()),
                    theirs: Box::new(other.start.with_time_zone(zone.clone())),
                });
            }
        }
        Ok(notices)
    }

    pub(super) fn free_times(&mut self, from: &Zoned, minutes: u32, count: u8) -> Result<Reply, Failure> {
        if !(1..=FREE_MAX).contains(&count) {
            return Err(Failure::new(Kind::Usage, format!("ask for between 1 and {FREE_MAX} free times")));
        }
        let from = from.with_time_zone(self.zone()?);
        let length = length(minutes)?;
        let book = &self.open()?.book;
        let (begin, last) = (stamp(&from), from.saturating_add((FREE_MAX_DAYS + 1).days()));
        let taken = book.during(begin..stamp(&last));
        Ok(Reply::Free(free(taken, &book.practice().hours, &from, length, usize::from(count))))
    }

    pub(super) fn show_appointment(&mut self, id: AppointmentId) -> Result<Reply, Failure> {
        let appointment = self.appointment(id)?;
        self.audit(Actor::Clinician, Action::AppointmentRead, About::record(appointment.patient, id));
        Ok(Reply::Appointment(self.named(appointment.patient, appointment)))
    }

    pub(super) fn list_appointments(&mut self, client: ClientId, from: Date, days: u16) -> Result<Reply, Failure> {
        if days == 0 || days > DAYS_MAX {
            return Err(Failure::new(Kind::Usage, format!("the number of days is not between 1 and {DAYS_MAX}")));
        }
        let found = self.appointments_of(from, days)?;
        let patients = found.iter().filter_map(|entry| entry.record.patient).collect();
        self.audit_list(client, Action::AppointmentRead, patients, found.len());
        Ok(Reply::Appointments(found))
    }

    /// Appointments that are in these days of the practice's zone, at least in part, by start.
    pub(super) fn appointments_of(&mut self, from: Date, days: u16) -> Result<Vec<Named<Appointment>>, Failure> {
        let zone = self.zone()?;
        let bound =
            |date: Date| date.to_zoned(zone.clone()).map_err(|_| Failure::new(Kind::Usage, "that day is out of range"));
        let first = stamp(&bound(from)?);
        let last_day = from
            .checked_add(i64::from(days).days())
            .map_err(|_| Failure::new(Kind::Usage, "that day is out of range"))?;
        let last = stamp(&bound(last_day)?);
        let found: Vec<_> = self.open()?.book.during(first..last).cloned().collect();
        Ok(found.into_iter().map(|appointment| self.named(appointment.patient, appointment)).collect())
    }

    pub(super) fn appointment(&mut self, id: AppointmentId) -> Result<Appointment, Failure> {
        self.open()?.book.appointment(id).cloned().ok_or_else(|| refused("there is no such appointment"))
    }

    /// A record with its patient's name.
    pub(super) fn named<T>(&mut self, patient: Option<PatientId>, record: T) -> Named<T> {
        let name = patient.and_then(|patient| self.open().ok()?.book.name(patient));
        Named { name, record }
    }
}

/// Somebody's appointment, made by hand.
fn booked(
    patient: PatientId,
    kind: AppointmentKind,
    start: Zoned,
    length: SignedDuration,
) -> Result<Appointment, Failure> {
    let end = end_of(&start, length)?;
    Ok(Appointment { patient: Some(patient), kind, ..Appointment::booked(AppointmentId::random(), start, end) })
}

fn stamp(at: &Zoned) -> Stamp {
    Stamp(at.timestamp().as_millisecond())
}

/// How long somebody says that it takes. Feeds may have longer ones, and some of no length.
fn length(minutes: u32) -> Result<SignedDuration, Failure> {
    if minutes == 0 || minutes > MINUTES_MAX {
        return Err(Failure::new(Kind::Usage, "an appointment takes between 1 minute and 24 hours"));
    }
    Ok(SignedDuration::from_mins(i64::from(minutes)))
}

fn end_of(start: &Zoned, length: SignedDuration) -> Result<Zoned, Failure> {
    start.checked_add(length).map_err(|_| Failure::new(Kind::Usage, "that time is out of range"))
}
