//! Whom an appointment is for: a name and the numbers that other systems have given.
//!
//! Refuses to be: a judge of who it is. That is for whoever knows the patients.

use super::word::clip;
use crate::base::Phi;
use crate::record::appointment::PERSON_MARK;
use crate::record::{Identifier, Imported};
use std::collections::HashSet;

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

/// One appointment for each of its people. A group's have a mark each behind the common UID.
pub(super) fn spread(entry: Imported, mut people: Vec<Person>) -> Vec<Imported> {
    let fit = |entry: Imported, person: Person| Imported {
        subject: if person.name.is_empty() { entry.subject } else { person.name.into() },
        identifiers: person.identifiers,
        ..entry
    };
    // One number is one person, whatever stands beside it.
    let mut marks = HashSet::new();
    people.retain(|person| marks.insert(person.mark()));
    if people.len() <= 1 {
        let person = people.pop().unwrap_or_default();
        return vec![fit(entry, person)];
    }
    let marked = |person: Person| {
        let uid = format!("{}{PERSON_MARK}{}", entry.uid.expose(), person.mark());
        fit(Imported { uid: Phi::new(uid), ..entry.clone() }, person)
    };
    people.into_iter().map(marked).collect()
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
