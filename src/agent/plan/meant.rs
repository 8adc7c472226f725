//! Whose a feed's entry is, with what was decided before: of that appointment, of its UID, of that name.

use super::numbers::{ByNumber, is_meant};
use super::{Plan, mark};
use crate::base::id::PatientId;
use crate::record::name::plain;
use crate::record::{Appointment, Imported};

/// Whoever feeds call so and nobody knows.
pub(super) struct Stranger {
    /// Who stands for them.
    owner: PatientId,
    /// Those of whom it was decided, for this feed, that they are nobody.
    nobodys: ByNumber<()>,
}

/// Whose an appointment is, as an [`Appointment`] has it.
pub(super) struct Meant {
    pub(super) patient: Option<PatientId>,
    pub(super) nobodys: bool,
    pub(super) once: bool,
    pub(super) apart: bool,
    pub(super) owner: Option<PatientId>,
}

impl<'a> Plan<'a> {
    /// Whose an entry is. `of_old`: what there is of it, if that is about the same person: a feed that gives a time to
    /// somebody else is looked at anew.
    pub(super) fn meant(&mut self, entry: &Imported, of_old: Option<&'a Appointment>) -> Meant {
        let (name, numbers) = (plain(entry.subject.expose()), &entry.identifiers);
        let decided = if self.decided.is_empty() { None } else { self.decided.get(&mark(entry.uid.expose(), &name)) };
        let of_uid = decided.and_then(|decided| decided.agreeing(numbers));
        let decided = of_old.filter(|old| old.decided()).or(of_uid);
        let nobody = decided.filter(|known| known.nobodys && is_meant(known.identifiers(), numbers));
        let owner = |stranger: Option<&Stranger>| match of_old {
            Some(old) => old.owner,
            // What somebody else was called stands under a key of its own.
            None => stranger.map(|stranger| stranger.owner),
        };
        let mut apart = false;
        if nobody.is_none() {
            let whose = self.people.whose(&name, numbers, [of_old, of_uid]);
            if whose.patient.is_some() {
                let owner = owner(None);
                return Meant { patient: whose.patient, nobodys: false, once: false, apart: false, owner };
            }
            apart = whose.apart;
        }
        self.know(&name);
        let Self { strangers, people, .. } = self;
        let stranger = strangers.get(&name);
        // Who has neither name nor number is nobody's namesake.
        let is_known = !name.is_empty() || !numbers.is_empty();
        let is_nobody = |stranger: &Stranger| is_known && people.is_among(&name, numbers, &stranger.nobodys);
        let nobodys = nobody.is_some() || stranger.is_some_and(is_nobody);
        let once = nobody.is_some_and(|known| known.once);
        Meant { patient: None, nobodys, once, apart: apart && !nobodys, owner: owner(stranger) }
    }

    /// Looks for what is known of whoever has this [`plain`] name.
    fn know(&mut self, name: &str) {
        if self.strangers.contains_key(name) {
            return;
        }
        let mut found = Stranger { owner: PatientId::random(), nobodys: ByNumber::default() };
        for (n, appointment) in self.book.unmatched(name).enumerate() {
            if n == 0 {
                found.owner = appointment.unmatched_owner();
            }
            let of_this_feed = appointment.source.as_ref().is_some_and(|source| source.feed == self.head.feed);
            if appointment.nobodys && !appointment.once && of_this_feed {
                found.nobodys.note(appointment.identifiers(), ());
            }
        }
        self.strangers.insert(name.to_owned(), found);
    }
}
