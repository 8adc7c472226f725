//! Whom a feed's entry is about.

use crate::agent::book::Book;
use crate::base::id::PatientId;
use crate::record::name::plain;
use crate::record::{Appointment, Identifier, Patient};
use std::collections::{HashMap, HashSet};

/// Who is called what.
pub(super) struct People<'a> {
    book: &'a Book,
    /// By [`plain`] name; `None` where several have it.
    names: HashMap<String, Option<&'a Patient>>,
    numbers: HashMap<&'a Identifier, Option<PatientId>>,
    /// What feeds number them with, of those that were looked for by name.
    numbered: HashMap<PatientId, HashSet<Identifier>>,
}

impl<'a> People<'a> {
    pub(super) fn of(book: &'a Book) -> Self {
        let mut people = Self { book, names: HashMap::new(), numbers: HashMap::new(), numbered: HashMap::new() };
        for patient in book.patients().filter(|patient| !patient.archived) {
            let own = std::iter::once(&patient.name).chain(&patient.aliases);
            let names: HashSet<String> = own.map(|name| plain(name.expose())).collect();
            for name in names {
                people.names.entry(name).and_modify(|several| *several = None).or_insert(Some(patient));
            }
            for number in &patient.identifiers {
                people.numbers.entry(number).and_modify(|several| *several = None).or_insert(Some(patient.id));
            }
        }
        people
    }

    /// Whose it is: by a number before a name, and by what was known of it (`before`) before what is known of others, at
    /// last of those with its UID (`beside`).
    pub(super) fn whose(
        &mut self,
        name: &str,
        identifiers: &[Identifier],
        before: Option<&Appointment>,
        beside: Option<&Appointment>,
    ) -> Option<PatientId> {
        // Whose that number is may have been decided for it only.
        let numbered = before.filter(|old| old.identifiers().iter().any(|number| identifiers.contains(number)));
        if let Some(patient) = numbered.and_then(|old| old.patient).or_else(|| self.by_number(identifiers)) {
            return Some(patient);
        }
        let [before, beside] = [before, beside].map(|known| known.and_then(|known| known.patient));
        let candidates = [before, self.by_name(name), beside];
        candidates.into_iter().flatten().find(|patient| self.number(*patient, identifiers))
    }

    /// The only one who has one of these numbers.
    pub(super) fn by_number(&self, identifiers: &[Identifier]) -> Option<PatientId> {
        identifiers.iter().find_map(|number| self.numbers.get(number).copied().flatten())
    }

    /// The only one who has this [`plain`] name, also family name first.
    fn by_name(&self, name: &str) -> Option<PatientId> {
        let only = |name: &str| self.names.get(name).copied().flatten().map(|patient| patient.id);
        only(name).or_else(|| {
            let (family, given) = name.split_once(", ")?;
            only(&format!("{given} {family}"))
        })
    }

    /// Whether a patient may have these numbers, which are the patient's from then on. Whoever has another of the same
    /// system is a namesake.
    pub(super) fn number(&mut self, patient: PatientId, identifiers: &[Identifier]) -> bool {
        if identifiers.is_empty() {
            return true;
        }
        let book = self.book;
        let own = self.numbered.entry(patient).or_insert_with(|| numbers_of(book, patient));
        let may = may_be(own, identifiers);
        if may {
            own.extend(identifiers.iter().cloned());
        }
        may
    }
}

/// What feeds number a patient with: also what came with appointments, for whoever is found by name is not told it.
pub(in crate::agent) fn numbers_of(book: &Book, patient: PatientId) -> HashSet<Identifier> {
    let told = book.appointments_of(patient).flat_map(Appointment::identifiers);
    book.patient(patient).iter().flat_map(|patient| &patient.identifiers).chain(told).cloned().collect()
}

/// Whether somebody with these numbers may have those, too: one of them is the same, or nobody says another of the same
/// system.
pub(in crate::agent) fn may_be(own: &HashSet<Identifier>, identifiers: &[Identifier]) -> bool {
    let another = |own: &Identifier| identifiers.iter().any(|number| number.system == own.system);
    identifiers.iter().any(|number| own.contains(number)) || !own.iter().any(another)
}

/// Whether it is about whom it was about: called so, and by no other number.
pub(super) fn names_the_same(known: &Appointment, subject: &str, identifiers: &[Identifier]) -> bool {
    agree(known.identifiers(), identifiers) && plain(known.subject.expose()) == plain(subject)
}

/// Whether a decision for a name that has these numbers is for one that has those: namesakes have others, and of which
/// it was for, if it had none, the numbers say nothing.
pub(in crate::agent) fn is_meant(decided: &[Identifier], identifiers: &[Identifier]) -> bool {
    if decided.is_empty() { identifiers.is_empty() } else { agree(decided, identifiers) }
}

/// Whether these may be one person's numbers: one of them is the same, or nobody says any.
fn agree(these: &[Identifier], those: &[Identifier]) -> bool {
    these.is_empty() || those.is_empty() || these.iter().any(|number| those.contains(number))
}
