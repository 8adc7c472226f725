//! Appointments in memory, found by their time, their patient, what a feed calls them, and the name of whoever is not
//! known.

use crate::base::id::{AppointmentId, PatientId};
use crate::base::{Phi, Stamp};
use crate::record::name::plain;
use crate::record::{Appointment, Identifier, Source};
use std::collections::btree_map::Entry;
use std::collections::hash_map::RandomState;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::BuildHasher;
use std::ops::{Bound, Range, RangeBounds};
use std::time::Duration;

/// The ends of all identifiers, for ranges that name something else first.
const FIRST: AppointmentId = AppointmentId::from_bytes([u8::MIN; 16]);
const LAST: AppointmentId = AppointmentId::from_bytes([u8::MAX; 16]);

/// How feeds call somebody whom nobody knows, as a [`plain`] name, and by what namesakes are told apart.
type Stranger = (String, Mark);

/// A number, or nothing. Who has no name either is only known by what the feed calls the appointment.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    None,
    Number(Identifier),
    Uid(Phi<String>),
}

fn stranger(appointment: &Appointment) -> Stranger {
    let name = plain(appointment.subject.expose());
    let number = appointment.identifiers().first().cloned().map(Mark::Number);
    let uid = appointment.origin().filter(|_| name.is_empty()).map(|(_, uid)| Mark::Uid(uid.clone()));
    (name, number.or(uid).unwrap_or(Mark::None))
}

/// Where hashes of one sort are kept.
type Index = fn(&mut Appointments) -> &mut BTreeSet<(u64, AppointmentId)>;

/// All of them.
#[derive(Default)]
pub(super) struct Appointments {
    all: HashMap<AppointmentId, Appointment>,
    by_start: BTreeSet<(Stamp, AppointmentId)>,
    /// No appointment took longer than this.
    longest: Duration,
    by_patient: BTreeSet<(PatientId, AppointmentId)>,
    /// By a hash of feed and UID: what is found by it is compared before it counts.
    by_origin: BTreeSet<(u64, AppointmentId)>,
    /// So by feed and filler's number, and by feed and placer's number, where that is not the UID: few feeds have any.
    by_filler: BTreeSet<(u64, AppointmentId)>,
    by_placer: BTreeSet<(u64, AppointmentId)>,
    /// Those of nobody known: somebody still has to say whose they are.
    waiting: BTreeMap<Stranger, BTreeSet<(Stamp, AppointmentId)>>,
    /// Those of no patient, or cancelled.
    settled: BTreeSet<(String, AppointmentId)>,
    hasher: RandomState,
}

impl Appointments {
    pub(super) fn all(&self) -> impl Iterator<Item = &Appointment> {
        self.all.values()
    }

    pub(super) fn get(&self, id: AppointmentId) -> Option<&Appointment> {
        self.all.get(&id)
    }

    pub(super) fn beginning(&self, when: impl RangeBounds<Stamp>) -> impl Iterator<Item = &Appointment> {
        let begin = match when.start_bound() {
            Bound::Included(at) => Bound::Included((*at, FIRST)),
            Bound::Excluded(at) => Bound::Excluded((*at, LAST)),
            Bound::Unbounded => Bound::Unbounded,
        };
        let end = match when.end_bound() {
            Bound::Included(at) => Bound::Included((*at, LAST)),
            Bound::Excluded(at) => Bound::Excluded((*at, FIRST)),
            Bound::Unbounded => Bound::Unbounded,
        };
        self.by_start.range((begin, end)).filter_map(|(_, id)| self.all.get(id))
    }

    pub(super) fn during(&self, when: Range<Stamp>) -> impl Iterator<Item = &Appointment> {
        // What began earlier than that is over.
        self.beginning(when.start.minus(self.longest)..when.end)
            .filter(move |one| one.ends() > when.start || one.begins() >= when.start)
    }

    pub(super) fn of(&self, patient: PatientId) -> impl Iterator<Item = &Appointment> {
        self.by_patient.range((patient, FIRST)..=(patient, LAST)).filter_map(|(_, id)| self.all.get(id))
    }

    pub(super) fn brought(&self, feed: &str, root: &str) -> impl Iterator<Item = &Appointment> {
        let of_it = move |source: &Source| source.feed.expose() == feed && source.root() == root;
        self.numbered(&self.by_origin, feed, root)
            .filter(move |appointment| appointment.source.as_ref().is_some_and(of_it))
    }

    pub(super) fn filled(&self, feed: &str, filler: &str) -> impl Iterator<Item = &Appointment> {
        let of_it = move |source: &Source| source.feed.expose() == feed && source.also.expose() == filler;
        self.numbered(&self.by_filler, feed, filler).filter(move |one| one.source.as_ref().is_some_and(of_it))
    }

    pub(super) fn placed(&self, feed: &str, placer: &str) -> impl Iterator<Item = &Appointment> {
        let of_it = move |source: &Source| source.feed.expose() == feed && source.placer.expose() == placer;
        self.numbered(&self.by_placer, feed, placer).filter(move |one| one.source.as_ref().is_some_and(of_it))
    }

    /// What has a number of that hash there.
    fn numbered<'a>(
        &'a self,
        there: &'a BTreeSet<(u64, AppointmentId)>,
        feed: &str,
        number: &str,
    ) -> impl Iterator<Item = &'a Appointment> {
        let hash = if there.is_empty() { 0 } else { self.hasher.hash_one((feed, number)) };
        there.range((hash, FIRST)..=(hash, LAST)).filter_map(|(_, id)| self.all.get(id))
    }

    pub(super) fn unmatched<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Appointment> {
        let called =
            self.waiting.range((name.to_owned(), Mark::None)..).take_while(move |((called, _), _)| called == name);
        let waiting = called.flat_map(|(_, called)| called).map(|(_, id)| *id);
        let settled = self.settled.range((name.to_owned(), FIRST)..=(name.to_owned(), LAST)).map(|(_, id)| *id);
        waiting.chain(settled).filter_map(|id| self.all.get(&id))
    }

    pub(super) fn waiting(&self, now: Stamp) -> impl Iterator<Item = (&Appointment, usize)> {
        self.waiting.values().filter_map(move |called| {
            let (_, next) = called.range((now, FIRST)..).next().or_else(|| called.last())?;
            Some((self.all.get(next)?, called.len()))
        })
    }

    pub(super) fn waiting_names(&self) -> usize {
        self.waiting.len()
    }

    /// Makes room for so many more.
    pub(super) fn reserve(&mut self, more: usize) {
        self.all.reserve(more);
    }

    /// Puts an appointment where it belongs.
    pub(super) fn put(&mut self, appointment: Appointment) {
        self.remove(appointment.id);
        let (id, start) = (appointment.id, appointment.begins());
        self.by_start.insert((start, id));
        self.longest = self.longest.max(appointment.ends().since(start));
        for (there, hash) in self.origins(&appointment) {
            there(self).insert((hash, id));
        }
        match appointment.patient {
            Some(patient) => drop(self.by_patient.insert((patient, id))),
            None if appointment.unmatched() => {
                self.waiting.entry(stranger(&appointment)).or_default().insert((start, id));
            }
            None => drop(self.settled.insert((plain(appointment.subject.expose()), id))),
        }
        self.all.insert(id, appointment);
    }

    /// Takes one away.
    pub(super) fn remove(&mut self, id: AppointmentId) {
        let Some(old) = self.all.remove(&id) else { return };
        let start = old.begins();
        self.by_start.remove(&(start, id));
        for (there, hash) in self.origins(&old) {
            there(self).remove(&(hash, id));
        }
        match old.patient {
            Some(patient) => drop(self.by_patient.remove(&(patient, id))),
            None if old.unmatched() => {
                if let Entry::Occupied(mut called) = self.waiting.entry(stranger(&old)) {
                    called.get_mut().remove(&(start, id));
                    if called.get().is_empty() {
                        called.remove();
                    }
                }
            }
            None => drop(self.settled.remove(&(plain(old.subject.expose()), id))),
        }
    }

    /// Hashes of where it came from, and where they are kept.
    fn origins(&self, appointment: &Appointment) -> impl Iterator<Item = (Index, u64)> + use<> {
        let hashes = appointment.source.as_ref().map(|source| {
            let hash = |number: &str| self.hasher.hash_one((source.feed.expose().as_str(), number));
            let other =
                |number: &Phi<String>| Some(number.expose()).filter(|number| !number.is_empty()).map(|own| hash(own));
            [Some(hash(source.root())), other(&source.also), other(&source.placer)]
        });
        let indexes: [Index; 3] = [|all| &mut all.by_origin, |all| &mut all.by_filler, |all| &mut all.by_placer];
        indexes.into_iter().zip(hashes.into_iter().flatten()).filter_map(|(index, hash)| Some((index, hash?)))
    }
}

impl FromIterator<Appointment> for Appointments {
    fn from_iter<T: IntoIterator<Item = Appointment>>(all: T) -> Self {
        let mut appointments = Self::default();
        all.into_iter().for_each(|appointment| appointments.put(appointment));
        appointments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An appointment on a day of November 2026, from one hour of it until another.
    fn appointment(patient: Option<PatientId>, subject: &str, day: i8, hours: (i64, i64)) -> Appointment {
        let midnight = jiff::civil::date(2026, 11, day).to_zoned(jiff::tz::TimeZone::UTC).expect("a day");
        let [start, end] =
            [hours.0, hours.1].map(|hour| midnight.saturating_add(jiff::SignedDuration::from_hours(hour)));
        Appointment { patient, subject: subject.into(), ..Appointment::booked(AppointmentId::random(), start, end) }
    }

    #[test]
    fn what_is_then_is_found_however_long_ago_it_began() {
        let mut all = Appointments::default();
        let leave = appointment(None, "leave", 2, (0, 14 * 24));
        let night = appointment(None, "night", 9, (22, 30));
        let noon = appointment(None, "noon", 10, (12, 13));
        let moment = appointment(None, "moment", 10, (24, 24));
        for one in [&noon, &leave, &moment, &night] {
            all.put(one.clone());
        }
        let day =
            noon.begins().minus(Duration::from_secs(12 * 3600))..noon.begins().plus(Duration::from_secs(12 * 3600));
        let found = |day: &Range<Stamp>| all.during(day.clone()).map(|one| one.id).collect::<Vec<_>>();
        assert_eq!(found(&day), [leave.id, night.id, noon.id], "by start");
        assert_eq!(all.beginning(day.clone()).map(|one| one.id).collect::<Vec<_>>(), [noon.id]);
        let next = day.end..day.end.plus(Duration::from_secs(24 * 3600));
        assert_eq!(found(&next), [leave.id, moment.id], "what takes no time is where it begins");
    }

    #[test]
    fn appointment_is_found_by_what_it_is_now() {
        let (ada, now) = (PatientId::random(), Stamp(0));
        let mut all = Appointments::default();
        let mut one = appointment(None, "Ada  Byron", 10, (12, 13));
        let next = appointment(None, "ada byron", 9, (12, 13));
        all.put(one.clone());
        all.put(next.clone());
        assert_eq!(all.unmatched("ada byron").count(), 2);
        let waiting = |all: &Appointments| all.waiting(now).map(|(one, count)| (one.id, count)).collect::<Vec<_>>();
        assert_eq!((waiting(&all), all.waiting_names()), (vec![(next.id, 2)], 1));
        one.patient = Some(ada);
        all.put(one.clone());
        assert_eq!(all.of(ada).map(|one| one.id).collect::<Vec<_>>(), [one.id]);
        assert_eq!(waiting(&all), [(next.id, 1)]);
        all.put(Appointment { nobodys: true, ..next.clone() });
        assert_eq!((waiting(&all), all.waiting_names()), (Vec::new(), 0));
        assert_eq!(all.unmatched("ada byron").count(), 1);
        all.remove(one.id);
        all.remove(next.id);
        assert_eq!((all.of(ada).count(), all.unmatched("ada byron").count(), all.all().count()), (0, 0, 0));
    }
}
