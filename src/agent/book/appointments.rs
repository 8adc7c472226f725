//! Appointments in memory, found by their time, by what a feed calls them, and by the name of whoever is not known.

use crate::base::Stamp;
use crate::base::id::AppointmentId;
use crate::record::Appointment;
use crate::record::name::plain;
use std::collections::hash_map::RandomState;
use std::collections::{BTreeSet, HashMap};
use std::hash::BuildHasher;

/// A value's hash and an appointment that has it: what is found by it is compared before it counts.
type Marks = BTreeSet<(u64, AppointmentId)>;

/// All of them.
#[derive(Default)]
pub(super) struct Appointments {
    all: HashMap<AppointmentId, Appointment>,
    by_start: BTreeSet<(Stamp, AppointmentId)>,
    /// By feed and UID.
    by_origin: Marks,
    /// Those of nobody known, by [`plain`] name.
    by_name: Marks,
    hasher: RandomState,
}

impl Appointments {
    pub(super) fn all(&self) -> impl Iterator<Item = &Appointment> {
        self.all.values()
    }

    pub(super) fn get(&self, id: AppointmentId) -> Option<&Appointment> {
        self.all.get(&id)
    }

    pub(super) fn beginning(&self, after: Stamp, until: Stamp) -> impl Iterator<Item = &Appointment> {
        let last = AppointmentId::from_bytes([u8::MAX; 16]);
        self.by_start.range((after, last)..=(until, last)).filter_map(|(_, id)| self.all.get(id))
    }

    pub(super) fn brought(&self, feed: &str, root: &str) -> impl Iterator<Item = &Appointment> {
        let of_it = move |appointment: &&Appointment| {
            let source = appointment.source.as_ref();
            source.is_some_and(|source| source.feed.expose() == feed && source.root() == root)
        };
        self.marked(&self.by_origin, self.hasher.hash_one((feed, root))).filter(of_it)
    }

    pub(super) fn unmatched(&self, name: &str) -> impl Iterator<Item = &Appointment> {
        let so = move |appointment: &&Appointment| plain(appointment.subject.expose()) == name;
        self.marked(&self.by_name, self.hasher.hash_one(name)).filter(so)
    }

    fn marked<'a>(&'a self, marks: &'a Marks, hash: u64) -> impl Iterator<Item = &'a Appointment> {
        let ends = [u8::MIN, u8::MAX].map(|byte| (hash, AppointmentId::from_bytes([byte; 16])));
        let [first, last] = ends;
        marks.range(first..=last).filter_map(|(_, id)| self.all.get(id))
    }

    /// Puts an appointment where it belongs.
    pub(super) fn put(&mut self, appointment: Appointment) {
        self.remove(appointment.id);
        let (id, marks) = (appointment.id, self.marks(&appointment));
        self.by_start.insert((start(&appointment), id));
        self.by_origin.extend(marks.0.map(|hash| (hash, id)));
        self.by_name.extend(marks.1.map(|hash| (hash, id)));
        self.all.insert(id, appointment);
    }

    /// Takes one away.
    pub(super) fn remove(&mut self, id: AppointmentId) {
        let Some(old) = self.all.remove(&id) else { return };
        let marks = self.marks(&old);
        self.by_start.remove(&(start(&old), id));
        marks.0.map(|hash| self.by_origin.remove(&(hash, id)));
        marks.1.map(|hash| self.by_name.remove(&(hash, id)));
    }

    /// Hashes of where it came from and of what it is called, as far as it is found by them.
    fn marks(&self, appointment: &Appointment) -> (Option<u64>, Option<u64>) {
        let source = appointment.source.as_ref();
        let origin = source.map(|source| self.hasher.hash_one((source.feed.expose().as_str(), source.root())));
        let nameless = appointment.patient.is_none();
        (origin, nameless.then(|| self.hasher.hash_one(plain(appointment.subject.expose()).as_str())))
    }
}

impl FromIterator<Appointment> for Appointments {
    fn from_iter<T: IntoIterator<Item = Appointment>>(all: T) -> Self {
        let mut appointments = Self::default();
        all.into_iter().for_each(|appointment| appointments.put(appointment));
        appointments
    }
}

fn start(appointment: &Appointment) -> Stamp {
    Stamp(appointment.start.timestamp().as_millisecond())
}
