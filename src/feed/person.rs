//! Whom an appointment is for: a name and the numbers that other systems have given.
//!
//! Refuses to be: a judge of who it is. That is for whoever knows the patients.

use super::word::clip;
use crate::base::Phi;
use crate::record::appointment::PERSON_MARK;
use crate::record::{AppointmentStatus, Identifier, Imported};
use std::collections::HashSet;

/// The most people, numbers or slots that one appointment may name.
pub(super) const PARTS_MAX: usize = 1000;

/// The most numbers that one person has here; the rest is left out.
pub(super) const NUMBERS_MAX: usize = 50;

/// The longest type of a number, in characters.
const TYPE_MAX_CHARS: usize = 20;

/// Where HL7's numbers of the United States are at home in FHIR.
pub(super) const US_SSN: &str = "http://hl7.org/fhir/sid/us-ssn";

/// Types of numbers (HL7 table 0203) that several people may have: of accounts, of a visit, of an insurance.
const SHARED: [&str; 7] = ["AN", "ANC", "AND", "ANT", "VN", "SN", "MB"];

/// Within which a number is one person's.
pub(super) struct System {
    name: String,
    /// It is the patient's own number at whoever gave it out, or nobody says what else it would be.
    own: bool,
}

impl System {
    /// Of who gives the number out, its type (HL7 table 0203), and where it stands, if that is not the list of all;
    /// `None` if it is no person's: a family has one account.
    ///
    /// A licence may have the same number as another patient: a type that is not the patient's own stands behind the
    /// authority. That is MR and PI; and PT, another system's number, if it is said which system's.
    pub(super) fn of(authority: &str, kind: &str, place: &str) -> Option<Self> {
        let authority = clip(authority);
        let letters = kind.chars().filter(|c| c.is_alphanumeric()).take(TYPE_MAX_CHARS);
        let kind = letters.collect::<String>().to_uppercase();
        if SHARED.contains(&kind.as_str()) {
            return None;
        }
        let own = match kind.as_str() {
            "" => !authority.is_empty() || place.is_empty(),
            "MR" | "PI" => true,
            "PT" => !authority.is_empty(),
            _ => false,
        };
        let name = match (own, kind.as_str()) {
            // It has numbers of one type only.
            _ if authority == US_SSN => return Some(Self { name: authority, own: false }),
            (true, _) => authority,
            (false, "") => place.to_owned(),
            (false, kind) => format!("{authority} {kind}").trim().to_owned(),
        };
        Some(Self { name, own })
    }
}

/// A patient as a feed names one.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Person {
    /// "Given Family"; empty if it is not said.
    pub name: String,
    /// Those that matter most first.
    pub identifiers: Vec<Identifier>,
    /// How many of them are the patient's own.
    own: usize,
    /// Will not come, whoever else does.
    pub declined: bool,
    /// Somebody is meant, though nothing here says who.
    referred: bool,
}

impl Person {
    /// One who is called so.
    pub(super) fn called(name: String) -> Self {
        Self { name, ..Self::default() }
    }

    /// One of whom only a reference is known.
    pub(super) fn referred() -> Self {
        Self { referred: true, ..Self::default() }
    }

    /// Takes a number of the patient's own, once.
    pub(super) fn identify(&mut self, system: &str, value: &str) {
        self.number(Some(System { name: clip(system), own: true }), value);
    }

    /// Takes a number, once, if it is of a system.
    pub(super) fn number(&mut self, system: Option<System>, value: &str) {
        let Some(system) = system else { return };
        let identifier = Identifier { system: system.name.into(), value: clip(value).into() };
        if stands_for_none(identifier.value.expose()) || self.identifiers.contains(&identifier) {
            return;
        }
        let place = if system.own { self.own } else { self.identifiers.len() };
        self.identifiers.insert(place, identifier);
        self.identifiers.truncate(NUMBERS_MAX);
        self.own = (self.own + usize::from(system.own)).min(NUMBERS_MAX);
    }

    /// What tells one person of an appointment from another.
    fn mark(&self) -> String {
        self.identifiers.first().map_or_else(|| self.name.clone(), token)
    }
}

/// The people of an appointment, each once: one number is one person, whatever stands beside it.
#[derive(Default)]
pub(super) struct People {
    all: Vec<Person>,
    marks: HashSet<String>,
}

impl People {
    /// Takes somebody who is not among them.
    pub(super) fn add(&mut self, person: Person) {
        if self.marks.insert(person.mark()) {
            self.all.push(person);
        }
    }

    pub(super) fn count(&self) -> usize {
        self.all.len()
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

/// One appointment for each of its people; who has declined has none. A group's have a mark each behind the common UID.
pub(super) fn spread(entry: Imported, People { all: mut people, .. }: People) -> Vec<Imported> {
    let fit = |entry: Imported, person: Person| Imported {
        unnamed: person.name.is_empty() && !person.referred,
        subject: if person.name.is_empty() { entry.subject } else { person.name.into() },
        status: if person.declined { AppointmentStatus::Cancelled } else { entry.status },
        identifiers: person.identifiers,
        ..entry
    };
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

    fn system(authority: &str, kind: &str, place: &str) -> String {
        System::of(authority, kind, place).map_or_else(|| "nobody's".to_owned(), |system| system.name)
    }

    #[test]
    fn number_that_stands_for_none_is_nobodys() {
        let mut person = Person::default();
        for none in ["", " ", "0", "000-00-0000", "999999999", "XXXXXX", "\u{7}"] {
            person.identify("clinic", none);
        }
        assert!(person.identifiers.is_empty());
        for number in ["1", "11", "111", "100000", "999-99-9998", "MRN-1"] {
            person.identify("clinic", number);
            person.identify("clinic", number);
        }
        assert_eq!(person.identifiers.len(), 6, "each once");
    }

    #[test]
    fn numbers_of_an_account_are_not_a_patients() {
        for own in ["", "MR", "mr", "PI", "PT", "-"] {
            assert_eq!(system("CLINIC", own, "PID-2"), "CLINIC", "{own}");
        }
        for (kind, expected) in [("DL", "CLINIC DL"), ("ss", "CLINIC SS"), ("x:y", "CLINIC XY")] {
            assert_eq!(system("CLINIC", kind, ""), expected);
        }
        for shared in SHARED.into_iter().chain(["an", "v-n"]) {
            assert_eq!([system("CLINIC", shared, ""), system("", shared, "PID-4")], ["nobody's"; 2]);
        }
        let alone = [("", ""), ("MR", ""), ("PI", ""), ("DL", "DL"), ("PT", "PT")];
        for (kind, expected) in alone {
            assert_eq!(system("", kind, ""), expected, "{kind}");
        }
        assert_eq!([system("", "", "PID-2"), system("", "", "PID-4")], ["PID-2", "PID-4"]);
        assert_eq!(system("", "DL", "PID-4"), "DL");
        assert_eq!([system(US_SSN, "SS", ""), system(US_SSN, "", "")], [US_SSN; 2]);
        let long = "x".repeat(1000);
        assert_ne!(system(&long, "DL", ""), system(&long, "MR", ""));
        assert!(system(&long, &long, "").len() < 400);
    }

    #[test]
    fn patients_own_numbers_stand_first_and_are_not_too_many() {
        let mut person = Person::default();
        let all = |kind: &'static str| (1..=1000).map(move |n| (kind, format!("{n}")));
        for (kind, number) in [("DL", "7".to_owned()), ("MR", "8".to_owned())].into_iter().chain(all("DL")) {
            person.number(System::of("CLINIC", kind, ""), &number);
        }
        let first = |person: &Person| token(&person.identifiers[0]);
        assert_eq!((first(&person), person.identifiers.len()), ("CLINIC|8".to_owned(), NUMBERS_MAX));
        for (kind, number) in all("MR") {
            person.number(System::of("CLINIC", kind, ""), &number);
        }
        let own = person.identifiers.iter().filter(|of| of.system.expose() == "CLINIC").count();
        assert_eq!((first(&person), own), ("CLINIC|8".to_owned(), NUMBERS_MAX));
    }
}
