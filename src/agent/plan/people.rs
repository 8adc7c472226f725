//! Whom a feed's entry is about.

use crate::base::id::PatientId;
use crate::record::name::plain;
use crate::record::{Appointment, Identifier, Patient};
use std::collections::{HashMap, HashSet};

/// Who is called what.
pub(super) struct People<'a> {
    /// By [`plain`] name; `None` where several have it.
    names: HashMap<String, Option<&'a Patient>>,
    numbers: HashMap<&'a Identifier, Option<PatientId>>,
}

impl<'a> People<'a> {
    pub(super) fn of(patients: impl Iterator<Item = &'a Patient>) -> Self {
        let mut people = Self { names: HashMap::new(), numbers: HashMap::new() };
        for patient in patients {
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

    /// By number; else by a [`plain`] name that only one has, unless that one has another number of the same system: then
    /// it is a namesake.
    pub(super) fn find(&self, name: &str, identifiers: &[Identifier]) -> Option<PatientId> {
        let numbered = identifiers.iter().find_map(|number| self.numbers.get(number).copied().flatten());
        numbered.or_else(|| {
            let turned = || {
                let (family, given) = name.split_once(", ")?;
                self.names.get(&format!("{given} {family}")).copied().flatten()
            };
            let patient = self.names.get(name).copied().flatten().or_else(turned)?;
            let another = |own: &Identifier| identifiers.iter().any(|number| number.system == own.system);
            (!patient.identifiers.iter().any(another)).then_some(patient.id)
        })
    }
}

/// Whether it is about whom it was about: called so, and by no other number.
pub(super) fn names_the_same(known: &Appointment, subject: &str, identifiers: &[Identifier]) -> bool {
    let numbers = known.identifiers();
    let agree =
        numbers.is_empty() || identifiers.is_empty() || numbers.iter().any(|number| identifiers.contains(number));
    agree && plain(known.subject.expose()) == plain(subject)
}
