//! The resources of a file, so that an appointment finds what it refers to (R4 §2.36.4.1 and R5 §2.1.20.2.3, resolving
//! references in bundles).

use super::super::person::{Person, System, full_name};
use super::super::word::{clip, on_screen};
use super::resource::{Concept, HumanName, Id, Identifier, Location, Patient, Slot};
use std::cell::Cell;
use std::collections::HashMap;

/// What an appointment may refer to.
#[derive(Clone, PartialEq)]
pub(super) enum Known {
    Patient(Person),
    Slot {
        start: Option<String>,
        end: Option<String>,
    },
    Place {
        /// It is one on a screen.
        screen: bool,
    },
}

impl Known {
    /// Reads a resource of that type. `None` if it is of none that matters here.
    pub(super) fn read(kind: &str, text: &str) -> serde_json::Result<Option<Self>> {
        Ok(Some(match kind {
            "Patient" => Self::Patient(patient(&serde_json::from_str(text)?)),
            "Slot" => {
                let Slot { start, end } = serde_json::from_str(text)?;
                Self::Slot { start, end }
            }
            "Location" => Self::Place { screen: screen(&serde_json::from_str(text)?) },
            _ => return Ok(None),
        }))
    }
}

struct Kept {
    line: usize,
    known: Known,
    /// It has no address of its own.
    bare: bool,
    used: Cell<bool>,
}

/// The resources of a file, or those inside an appointment.
#[derive(Default)]
pub(super) struct Shelf {
    kept: Vec<Kept>,
    by_url: HashMap<String, usize>,
    /// By type and id; `None` where different ones share them.
    by_id: HashMap<String, Option<usize>>,
}

impl Shelf {
    /// Keeps what stands at `line`.
    pub(super) fn put(&mut self, line: usize, url: Option<&str>, kind: &str, text: &str) -> serde_json::Result<bool> {
        let Some(known) = Known::read(kind, text)? else { return Ok(false) };
        let place = self.kept.len();
        if let Some(id) = serde_json::from_str::<Id>(text)?.id {
            let same =
                |other: Option<usize>| other.and_then(|other| self.kept.get(other)).is_some_and(|o| o.known == known);
            let key = format!("{kind}/{id}");
            let slot = match self.by_id.get(&key) {
                Some(other) if !same(*other) => None,
                _ => Some(place),
            };
            self.by_id.insert(key, slot);
        }
        if let Some(url) = url {
            self.by_url.insert(url.to_owned(), place);
        }
        self.kept.push(Kept { line, known, bare: url.is_none(), used: Cell::new(false) });
        Ok(true)
    }

    /// What a reference means to a resource that stands at `from`.
    pub(super) fn find(&self, reference: &str, from: Option<&str>) -> Option<&Known> {
        let reference = reference.split("/_history/").next().unwrap_or_default();
        let tail = tail(reference);
        let by_id = || self.by_id.get(tail?).copied().flatten();
        // Another server's, unless nothing here says where it is from.
        let bare = || by_id().filter(|place| self.kept.get(*place).is_some_and(|kept| kept.bare));
        let place = self.by_url.get(reference).copied().or_else(|| {
            if reference.starts_with("urn:") {
                None
            } else if reference.contains("://") {
                bare()
            } else {
                match from.and_then(|from| from.strip_suffix(self::tail(from)?)) {
                    Some(base) => self.by_url.get(&format!("{base}{reference}")).copied().or_else(bare),
                    // On which server it stands nobody says.
                    None => by_id(),
                }
            }
        })?;
        let kept = self.kept.get(place)?;
        kept.used.set(true);
        Some(&kept.known)
    }

    /// The lines of slots that no appointment has referred to.
    pub(super) fn free(&self) -> impl Iterator<Item = usize> {
        let free = self.kept.iter().filter(|kept| matches!(kept.known, Known::Slot { .. }) && !kept.used.get());
        free.map(|kept| kept.line)
    }
}

/// `Patient/1` of a reference or an address.
pub(super) fn tail(reference: &str) -> Option<&str> {
    let mut slashes = reference.rmatch_indices('/').map(|(at, _)| at);
    slashes.next()?;
    reference.get(slashes.next().map_or(0, |at| at + 1)..)
}

fn patient(patient: &Patient) -> Person {
    let mut person = Person::called(name(patient));
    for identifier in patient.identifier.iter() {
        identify(&mut person, identifier);
    }
    person
}

/// Takes a number that is still good.
pub(super) fn identify(person: &mut Person, identifier: &Identifier) {
    if identifier.usage.as_deref() != Some("old") {
        let system = System::of(identifier.system.as_deref().unwrap_or_default(), identifier.code(), "");
        person.number(system, identifier.value.as_deref().unwrap_or_default());
    }
}

/// The usual name, else the official one, else the first that is no former or made-up one.
fn name(patient: &Patient) -> String {
    let of = |usage: &str| patient.name.iter().find(|name| name.usage.as_deref() == Some(usage));
    let current = |name: &&HumanName| {
        !matches!(name.usage.as_deref(), Some("old" | "maiden" | "anonymous" | "nickname" | "temp"))
    };
    let chosen = of("usual").or_else(|| of("official"));
    let Some(name) = chosen.or_else(|| patient.name.iter().find(current)) else { return String::new() };
    let given = name.given.iter().flatten().find(|given| !given.trim().is_empty());
    let full = full_name(given.map_or("", String::as_str), name.family.as_deref().unwrap_or_default());
    if full.is_empty() { clip(name.text.as_deref().unwrap_or_default()) } else { full }
}

/// Whether a place says that it is none: by its form (`vi`, virtual), or in words.
fn screen(place: &Location) -> bool {
    let forms = || place.physical_type.iter().chain(&place.form);
    let coded = forms().any(|form| form.coding.iter().any(|coding| coding.code.as_deref() == Some("vi")));
    let named = [&place.name, &place.description].into_iter().flatten().any(|text| on_screen(text));
    coded || named || place.kind.iter().chain(forms()).flat_map(Concept::words).any(on_screen)
}
