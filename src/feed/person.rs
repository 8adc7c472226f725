//! Whom an appointment is for: a name and the numbers that other systems have given.
//!
//! Refuses to be: a judge of who it is. That is for whoever knows the patients.

use super::word::clip;
use crate::base::Phi;
use crate::record::{AppointmentStatus, Identifier, Imported};

/// The most people, numbers or slots that one appointment may name.
pub(super) const PARTS_MAX: usize = 1000;

/// A patient as a feed names one.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Person {
    /// "Given Family"; empty if it is not said.
    pub name: String,
    /// Those that matter most first.
    pub identifiers: Vec<Identifier>,
}

impl Person {
    /// Takes a number, once.
    pub(super) fn identify(&mut self, system: &str, value: &str) {
        let identifier = Identifier { system: clip(system).into(), value: clip(value).into() };
        if !stands_for_none(identifier.value.expose()) && !self.identifiers.contains(&identifier) {
            self.identifiers.push(identifier);
        }
    }

    /// What tells one person of an appointment from another.
    fn mark(&self) -> String {
        self.identifiers.first().map_or_else(|| self.name.clone(), token)
    }
}

/// A name as one says it.
pub(super) fn full_name(given: &str, family: &str) -> String {
    clip(&format!("{} {}", given.trim(), family.trim()))
}

/// "000-00-0000", "999999999", "XXXXXX": what is written where there is no number. If it counted as one, strangers would
/// have it in common.
fn stands_for_none(number: &str) -> bool {
    let mut signs = number.chars().filter(|c| c.is_alphanumeric());
    let Some(first) = signs.next() else { return true };
    let count = 1 + signs.clone().count();
    signs.all(|sign| sign == first) && (first == '0' || count >= 6)
}

/// An identifier in one text, as FHIR writes it in a search: `system|value`, or only the value.
pub(super) fn token(identifier: &Identifier) -> String {
    let (system, value) = (identifier.system.expose(), identifier.value.expose());
    if system.is_empty() { value.clone() } else { format!("{system}|{value}") }
}

/// One appointment for each of its people. A group's have a mark each behind the common UID; that itself is cancelled,
/// because it was somebody's while the group was one person.
pub(super) fn spread(entry: Imported, mut people: Vec<Person>) -> Vec<Imported> {
    let fit = |entry: Imported, person: Person| Imported {
        subject: if person.name.is_empty() { entry.subject } else { person.name.into() },
        identifiers: person.identifiers,
        ..entry
    };
    if people.len() <= 1 {
        let person = people.pop().unwrap_or_default();
        return vec![fit(entry, person)];
    }
    let common = Imported { status: AppointmentStatus::Cancelled, ..entry.clone() };
    let mut entries = vec![common];
    for person in people {
        let uid = format!("{} {}", entry.uid.expose(), person.mark());
        entries.push(fit(Imported { uid: Phi::new(uid), ..entry.clone() }, person));
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_that_stands_for_none_is_nobodys() {
        let mut person = Person::default();
        for none in ["", " ", "0", "000-00-0000", "999999999", "XXXXXX", "\u{7}"] {
            person.identify("http://hl7.org/fhir/sid/us-ssn", none);
        }
        assert!(person.identifiers.is_empty());
        for number in ["1", "11", "111", "100000", "999-99-9998", "MRN-1"] {
            person.identify("clinic", number);
            person.identify("clinic", number);
        }
        assert_eq!(person.identifiers.len(), 6, "each once");
    }
}
