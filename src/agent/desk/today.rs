//! Everything the first screen shows, in one answer.

use super::{ClientId, Desk};
use crate::base::{Failure, Stamp};
use crate::record::{Action, AppointmentStatus, Message, Note, Task};
use crate::wire::agent::{Reply, Today};
use jiff::Timestamp;
use jiff::civil::Date;
use std::cmp::Reverse;
use std::collections::HashMap;

/// How many unread threads, unsigned notes and tasks are shown.
const SHOWN: usize = 20;

impl Desk {
    pub(super) fn today(&mut self, client: ClientId, date: Option<Date>) -> Result<Reply, Failure> {
        let zone = self.zone()?;
        let now = self.now();
        let local = |at: Stamp| Timestamp::from_millisecond(at.0).unwrap_or_default().to_zoned(zone.clone()).date();
        let date = date.unwrap_or_else(|| local(now));
        let appointments = self.appointments_of(date, 1)?;
        let (room, visit) = (self.room(), self.live_visit());
        let (tasks, tasks_count) = self.tasks_of_today(SHOWN)?;
        let book = &mut self.open()?.book;
        let practice_zone = book.practice().zone.clone();
        let mut unsigned = Vec::new();
        for id in book.unsigned().clone() {
            unsigned.extend(book.get::<Note>(*id.as_bytes())?);
        }
        unsigned.sort_by_key(|note| Reverse((note.created, note.id)));
        let patients: Vec<_> = appointments.iter().filter_map(|entry| entry.record.patient).collect();
        let verified = patients
            .iter()
            .filter(|patient| book.patient(**patient).is_ok_and(crate::record::Patient::verified))
            .copied()
            .collect();
        let unsigned_of = appointments
            .iter()
            .map(|entry| &entry.record)
            .filter(|entry| entry.status != AppointmentStatus::Cancelled)
            .filter(|entry| {
                unsigned.iter().any(|note| Some(note.patient) == entry.patient && local(note.created) == date)
            })
            .map(|entry| entry.id)
            .collect();
        let mut followed = Vec::new();
        for missed in appointments.iter().map(|entry| &entry.record) {
            if let (AppointmentStatus::Noshow, Some(patient)) = (missed.status, missed.patient)
                && book.list_of::<Task>(patient)?.iter().any(|task| task.appointment == Some(missed.id))
            {
                followed.push(missed.id);
            }
        }
        let unsigned_count = unsigned.len() as u64;
        unsigned.truncate(SHOWN);
        let unread_count = book.unread().len() as u64;
        let mut newest: HashMap<_, (Stamp, [u8; 16])> = HashMap::new();
        for (id, (patient, at)) in book.unread() {
            let latest = newest.entry(*patient).or_insert((*at, *id));
            *latest = (*latest).max((*at, *id));
        }
        let mut newest: Vec<_> = newest.into_values().collect();
        newest.sort_unstable_by_key(|latest| Reverse(*latest));
        let mut unread = Vec::new();
        for (_, id) in newest.into_iter().take(SHOWN) {
            unread.extend(book.get::<Message>(id)?);
        }
        let mut named = patients;
        named.extend(unread.iter().map(|message| message.patient));
        named.extend(unsigned.iter().map(|note| note.patient));
        named.extend(tasks.iter().filter_map(|task| task.record.patient));
        if !named.is_empty() {
            let count = appointments.len() + unread.len() + unsigned.len() + tasks.len();
            self.audit_list(client, Action::DayRead, named, count);
        }
        Ok(Reply::Today(Today {
            date,
            zone: practice_zone,
            appointments,
            verified,
            unsigned_of,
            followed,
            room,
            unread: unread.into_iter().map(|message| self.named(Some(message.patient), message)).collect(),
            unread_count,
            unsigned_count,
            unsigned: unsigned.into_iter().map(|note| self.named(Some(note.patient), note)).collect(),
            tasks,
            tasks_count,
            visit,
        }))
    }
}
