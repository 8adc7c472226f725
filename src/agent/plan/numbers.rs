//! What feeds number people with, and whether two may be one.

use crate::base::Phi;
use crate::record::Identifier;
use std::collections::{HashMap, HashSet};

/// Somebody's numbers.
#[derive(Default)]
pub(in crate::agent) struct Numbers {
    /// By who gave them out.
    systems: HashMap<Phi<String>, HashSet<Phi<String>>>,
}

impl Numbers {
    pub(super) fn is_empty(&self) -> bool {
        self.systems.is_empty()
    }

    fn has(&self, number: &Identifier) -> bool {
        self.systems.get(&number.system).is_some_and(|values| values.contains(&number.value))
    }

    /// Whether one of these is among them.
    pub(in crate::agent) fn has_one_of(&self, identifiers: &[Identifier]) -> bool {
        identifiers.iter().any(|number| self.has(number))
    }

    /// Whether they say a number, whichever, of the same system as one of these.
    pub(super) fn speak_of(&self, identifiers: &[Identifier]) -> bool {
        identifiers.iter().any(|number| self.systems.contains_key(&number.system))
    }

    /// Whether somebody with these numbers may have those, too: one of them is the same, or nobody says another of the
    /// same system.
    pub(in crate::agent) fn may_be(&self, identifiers: &[Identifier]) -> bool {
        self.has_one_of(identifiers) || !self.speak_of(identifiers)
    }

    pub(super) fn add(&mut self, other: Self) {
        other.systems.into_iter().for_each(|(system, values)| self.systems.entry(system).or_default().extend(values));
    }

    pub(super) fn extend<'n>(&mut self, identifiers: impl IntoIterator<Item = &'n Identifier>) {
        for Identifier { system, value } in identifiers {
            match self.systems.get_mut(system) {
                Some(values) if values.contains(value) => {}
                Some(values) => drop(values.insert(value.clone())),
                None => drop(self.systems.insert(system.clone(), HashSet::from([value.clone()]))),
            }
        }
    }
}

impl<'n> FromIterator<&'n Identifier> for Numbers {
    fn from_iter<I: IntoIterator<Item = &'n Identifier>>(identifiers: I) -> Self {
        let mut numbers = Self::default();
        numbers.extend(identifiers);
        numbers
    }
}

/// What is known of those of one name, by their numbers: the first that was said of each.
pub(super) struct ByNumber<T> {
    unnumbered: Option<T>,
    any: Option<T>,
    numbered: HashMap<Identifier, T>,
}

impl<T> Default for ByNumber<T> {
    fn default() -> Self {
        Self { unnumbered: None, any: None, numbered: HashMap::new() }
    }
}

impl<T: Copy> ByNumber<T> {
    pub(super) fn note(&mut self, identifiers: &[Identifier], known: T) {
        self.any.get_or_insert(known);
        if identifiers.is_empty() {
            self.unnumbered.get_or_insert(known);
        }
        for number in identifiers {
            self.numbered.entry(number.clone()).or_insert(known);
        }
    }

    /// What is known of one whose numbers [`agree`] with these.
    pub(super) fn agreeing(&self, identifiers: &[Identifier]) -> Option<T> {
        self.meant(identifiers).or(self.unnumbered)
    }

    /// What was decided for one by which these [are meant](is_meant).
    pub(super) fn meant(&self, identifiers: &[Identifier]) -> Option<T> {
        match identifiers {
            [] => self.unnumbered.or(self.any),
            numbers => numbers.iter().find_map(|number| self.numbered.get(number)).copied(),
        }
    }
}

/// Whether a decision for a name that has these numbers is for one that has those: namesakes have others, and of which
/// it was for, if it had none, the numbers say nothing.
pub(in crate::agent) fn is_meant(decided: &[Identifier], identifiers: &[Identifier]) -> bool {
    if decided.is_empty() { identifiers.is_empty() } else { agree(decided, identifiers) }
}

/// Whether these may be one person's numbers: one of them is the same, or nobody says any.
pub(super) fn agree(these: &[Identifier], those: &[Identifier]) -> bool {
    these.is_empty() || those.is_empty() || these.iter().any(|number| those.contains(number))
}
