//! Appointments made and changed by hand.

use super::{ClientId, Desk};
use crate::agent::book::About;
use crate::agent::failure::refused;
use crate::base::id::AppointmentId;
use crate::base::{Failure, Kind, Phi};
use crate::record::{Action, Actor, Appointment, AppointmentKind, AppointmentStatus};
use crate::wire::agent::{Changed, Named, Reply, Who};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{ToSpan, Zoned};

const MINUTES_MAX: u32 = 24 * 60;
const DAYS_MAX: u16 = 366;

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
    ) -> Result<Reply, Failure> {
        let patient = self.find(who)?;
        let end = end_of(&start, minutes)?;
        let appointment = Appointment {
            id: AppointmentId::random(),
            patient: Some(patient),
            subject: Phi::default(),
            start,
            end,
            kind,
            status: AppointmentStatus::Booked,
            source: None,
        };
        self.keep_appointment(appointment, Action::AppointmentAdd)
    }

    pub(super) fn edit_appointment(
        &mut self,
        id: AppointmentId,
        start: Option<Zoned>,
        minutes: Option<u32>,
        status: Option<AppointmentStatus>,
        who: Option<&Who>,
    ) -> Result<Reply, Failure> {
        let patient = self.find_some(who)?;
        let mut appointment = self.appointment(id)?;
        let length = minutes.map_or_else(|| appointment.start.duration_until(&appointment.end).as_mins(), i64::from);
        if let Some(start) = start {
            appointment.start = start;
        }
        if patient.is_some() {
            appointment.patient = patient;
        }
        appointment.end = end_of(&appointment.start, u32::try_from(length).unwrap_or(0))?;
        appointment.status = status.unwrap_or(appointment.status);
        self.keep_appointment(appointment, Action::AppointmentChange)
    }

    fn keep_appointment(&mut self, appointment: Appointment, action: Action) -> Result<Reply, Failure> {
        let now = self.now();
        self.open()?.book.put(&appointment, now);
        self.audit(Actor::Clinician, action, About::record(appointment.patient, appointment.id));
        self.changed(Changed::Appointment, appointment.patient);
        if let Some(patient) = appointment.patient {
            self.send_next_appointment(patient);
        }
        Ok(Reply::Appointment(self.named(appointment.patient, appointment)))
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

    /// Appointments that begin in these days of the practice's zone, by start.
    pub(super) fn appointments_of(&mut self, from: Date, days: u16) -> Result<Vec<Named<Appointment>>, Failure> {
        let zone = self.zone()?;
        let bound =
            |date: Date| date.to_zoned(zone.clone()).map_err(|_| Failure::new(Kind::Usage, "that day is out of range"));
        let first = bound(from)?.timestamp();
        let last_day = from
            .checked_add(i64::from(days).days())
            .map_err(|_| Failure::new(Kind::Usage, "that day is out of range"))?;
        let last = bound(last_day)?.timestamp();
        let mut found: Vec<Appointment> = self
            .open()?
            .book
            .appointments()
            .filter(|appointment| (first..last).contains(&appointment.start.timestamp()))
            .cloned()
            .collect();
        found.sort_by_key(|appointment| (appointment.start.timestamp(), appointment.id));
        Ok(found.into_iter().map(|appointment| self.named(appointment.patient, appointment)).collect())
    }

    fn appointment(&mut self, id: AppointmentId) -> Result<Appointment, Failure> {
        self.open()?.book.get(*id.as_bytes())?.ok_or_else(|| refused("there is no such appointment"))
    }

    /// A record with its patient's name.
    pub(super) fn named<T>(&mut self, patient: Option<crate::base::id::PatientId>, record: T) -> Named<T> {
        let name = patient.and_then(|patient| self.open().ok()?.book.name(patient));
        Named { name, record }
    }
}

fn end_of(start: &Zoned, minutes: u32) -> Result<Zoned, Failure> {
    if minutes == 0 || minutes > MINUTES_MAX {
        return Err(Failure::new(Kind::Usage, "an appointment takes between 1 minute and 24 hours"));
    }
    start.checked_add(i64::from(minutes).minutes()).map_err(|_| Failure::new(Kind::Usage, "that time is out of range"))
}
