//! Whom a feed's entry is about.

use super::numbers::{ByNumber, Numbers, agree};
use crate::agent::book::Book;
use crate::base::Phi;
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
    /// Who was a patient of that name: found by nothing, but whoever has their number is not another of that name.
    archived: HashMap<String, Vec<PatientId>>,
    /// What feeds number them with, of those that were looked for by name.
    numbered: HashMap<PatientId, Numbers>,
    /// Who is kept apart from a patient, of those that were looked for by name.
    apart: HashMap<PatientId, Apart>,
    /// Those whom this feed numbers, by what it calls them.
    namesakes: HashMap<Called, Namesakes>,
}

/// As a patient is called, by whichever of the patient's names; or by a [`plain`] name that no patient has.
#[derive(PartialEq, Eq, Hash)]
enum Called {
    Patient(PatientId),
    Stranger(String),
}

/// Those who are called as a patient, and by their numbers may be somebody else, until that is decided.
#[derive(Default)]
struct Apart {
    numbers: Numbers,
    /// An appointment of one of them waits for it.
    wait: bool,
}

/// Whose appointments are that a feed calls so.
#[derive(Clone, Copy, Default)]
pub(super) struct Whose {
    pub(super) patient: Option<PatientId>,
    /// A patient is called so, and by the number it may be somebody else.
    pub(super) apart: bool,
}

impl Whose {
    fn of(patient: PatientId) -> Self {
        Self { patient: Some(patient), apart: false }
    }
}

impl<'a> People<'a> {
    pub(super) fn of(book: &'a Book) -> Self {
        let mut people = Self {
            book,
            names: HashMap::new(),
            numbers: HashMap::new(),
            archived: HashMap::new(),
            numbered: HashMap::new(),
            apart: HashMap::new(),
            namesakes: HashMap::new(),
        };
        for patient in book.patients() {
            let names: HashSet<String> = patient.names().collect();
            if patient.archived {
                names.into_iter().for_each(|name| people.archived.entry(name).or_default().push(patient.id));
                continue;
            }
            for name in names {
                people.names.entry(name).and_modify(|several| *several = None).or_insert(Some(patient));
            }
            for number in &patient.identifiers {
                people.numbers.entry(number).and_modify(|several| *several = None).or_insert(Some(patient.id));
            }
        }
        people
    }

    /// Hears of an entry that has numbers, before any is given to somebody by name. `known`: whose it was; `settled`: so,
    /// or nobody's.
    pub(super) fn meet(&mut self, name: &str, identifiers: &[Identifier], known: Option<PatientId>, settled: bool) {
        let called = self.called(name);
        let known = self.by_number(identifiers).or(known).or_else(|| match called {
            Called::Patient(patient) => self.numbers_of(patient).has_one_of(identifiers).then_some(patient),
            Called::Stranger(_) => None,
        });
        if let Some(patient) = known {
            self.number(patient, identifiers);
        }
        self.namesakes.entry(called).or_default().meet(identifiers, known.is_some() || settled);
    }

    /// Whose it is: by a number before a name, and by what was known of it (`before`), and of those of its UID
    /// (`beside`), before what is known of others.
    pub(super) fn whose(
        &mut self,
        name: &str,
        identifiers: &[Identifier],
        [before, beside]: [Option<&Appointment>; 2],
    ) -> Whose {
        // Whose that number is may have been decided for it only.
        let numbered = before.filter(|old| old.identifiers().iter().any(|number| identifiers.contains(number)));
        if let Some(patient) = numbered.and_then(|old| old.patient).or_else(|| self.by_number(identifiers)) {
            return Whose::of(patient);
        }
        let mut known = [before, beside].into_iter().flatten().filter_map(|known| known.patient);
        if let Some(patient) = known.find(|patient| self.number(*patient, identifiers)) {
            return Whose::of(patient);
        }
        self.by_name(name, identifiers)
    }

    /// Whose it is by what the feed calls it. A patient has the name, and so have others: whoever has another number of
    /// the same system than the patient is somebody else, and of several with different ones nobody knows who is the
    /// patient.
    fn by_name(&mut self, name: &str, identifiers: &[Identifier]) -> Whose {
        let called = self.called(name);
        if self.namesakes.is_empty() {
            // This feed numbers nobody: most calendars.
            return match called {
                Called::Patient(patient) if !self.kept_apart(patient).wait => Whose::of(patient),
                Called::Patient(_) => Whose { patient: None, apart: true },
                Called::Stranger(_) => Whose::default(),
            };
        }
        let namesake = matches!(called, Called::Patient(patient) if self.has_namesake(patient));
        let namesakes = self.namesakes.get_mut(&called);
        let place = namesakes.as_ref().and_then(|namesakes| namesakes.place(identifiers));
        let (mut numbers, mut doubted, mut rivals) = (Vec::new(), false, false);
        if let Some(namesakes) = namesakes {
            if let Some(whose) = place.and_then(|place| namesakes.persons[place].whose) {
                return whose;
            }
            doubted = namesakes.are_several();
            if let Some(place) = place {
                rivals = namesakes.rivals(place);
                numbers = std::mem::take(&mut namesakes.persons[place].numbers);
            }
        }
        let whose = match (&called, only(&self.numbers, &numbers)) {
            (_, Some(patient)) => Whose::of(patient),
            (Called::Stranger(_), None) => Whose::default(),
            (Called::Patient(patient), None) => {
                let was = self.was_one_of(name, &numbers);
                let Apart { wait, numbers: apart } = self.kept_apart(*patient);
                let (wait, others, speaks) = (*wait, !apart.is_empty(), apart.speak_of(&numbers));
                let own = self.numbers_of(*patient);
                let doubted = if own.has_one_of(&numbers) {
                    false
                } else if numbers.is_empty() {
                    // Nothing tells this one from the others.
                    doubted || wait || namesake
                } else if own.is_empty() {
                    doubted || others
                } else {
                    rivals || own.speak_of(&numbers) || speaks
                };
                if doubted || was { Whose { patient: None, apart: true } } else { Whose::of(*patient) }
            }
        };
        if let Some(patient) = whose.patient {
            self.numbers_of(patient).extend(&numbers);
        }
        if let Some((namesakes, place)) = self.namesakes.get_mut(&called).zip(place) {
            (namesakes.persons[place].whose, namesakes.persons[place].numbers) = (Some(whose), numbers);
        }
        whose
    }

    /// Whether this feed has somebody of a patient's names, of whom nothing is known, who has another number than the patient
    /// or was a patient of that name before.
    fn has_namesake(&mut self, patient: PatientId) -> bool {
        let Some(known) = self.namesakes.get(&Called::Patient(patient)).map(|namesakes| namesakes.other) else {
            return false;
        };
        known.unwrap_or_else(|| {
            let archived = self.archived_namesakes(patient);
            self.numbers_of(patient);
            let Self { namesakes, numbered, .. } = self;
            let both = namesakes.get_mut(&Called::Patient(patient)).zip(numbered.get(&patient));
            both.is_some_and(|(namesakes, own)| {
                let is_other = |Person { numbers, known, .. }: &Person| {
                    let another = own.speak_of(numbers) && !own.has_one_of(numbers);
                    !known && (another || archived.has_one_of(numbers))
                };
                *namesakes.other.insert(namesakes.persons.iter().any(is_other))
            })
        })
    }

    /// Those of a patient's names who are kept apart from the patient.
    fn kept_apart(&mut self, patient: PatientId) -> &Apart {
        if !self.apart.contains_key(&patient) {
            let archived = self.archived_namesakes(patient);
            let names = self.book.patient(patient).into_iter().flat_map(Patient::names);
            let mut apart = Apart::default();
            for name in names.flat_map(|name| family_first(&name)).collect::<HashSet<_>>() {
                for appointment in self.book.unmatched(&name).filter(|appointment| appointment.apart) {
                    let numbers = appointment.identifiers();
                    apart.wait |= appointment.unmatched() && !numbers.is_empty();
                    if !archived.has_one_of(numbers) {
                        apart.numbers.extend(numbers);
                    }
                }
            }
            self.apart.insert(patient, apart);
        }
        self.apart.entry(patient).or_default()
    }

    /// What those were numbered with who had a patient's names and are archived.
    fn archived_namesakes(&self, patient: PatientId) -> Numbers {
        let mut found = Numbers::default();
        if !self.archived.is_empty() {
            let names = self.book.patient(patient).into_iter().flat_map(Patient::names);
            let archived = names.filter_map(|name| self.archived.get(&name)).flatten();
            archived.for_each(|archived| found.add(numbers_of(self.book, *archived)));
        }
        found
    }

    /// What feeds number a patient with, so far.
    fn numbers_of(&mut self, patient: PatientId) -> &mut Numbers {
        let book = self.book;
        self.numbered.entry(patient).or_insert_with(|| numbers_of(book, patient))
    }

    /// Whether somebody with one of these numbers, or with one that comes together with them, is among those.
    pub(super) fn is_among(&mut self, name: &str, identifiers: &[Identifier], those: &ByNumber<()>) -> bool {
        if self.namesakes.is_empty() {
            return those.meant(identifiers).is_some();
        }
        let called = self.called(name);
        let together = self.namesakes.get_mut(&called).and_then(|namesakes| {
            let place = namesakes.place(identifiers)?;
            Some(&mut namesakes.persons[place])
        });
        let Some(person) = together else { return those.meant(identifiers).is_some() };
        match &person.nobody {
            Some((of, nobody)) if of == name => *nobody,
            _ => {
                let nobody = those.meant(&person.numbers).is_some();
                person.nobody = Some((name.to_owned(), nobody));
                nobody
            }
        }
    }

    /// The only one who has one of these numbers.
    pub(super) fn by_number(&self, identifiers: &[Identifier]) -> Option<PatientId> {
        only(&self.numbers, identifiers)
    }

    /// The only patient who has this [`plain`] name, also family name first.
    fn patient(&self, name: &str) -> Option<PatientId> {
        let only = |name: &str| self.names.get(name).copied().flatten().map(|patient| patient.id);
        only(name).or_else(|| only(&given_first(name)?))
    }

    fn called(&self, name: &str) -> Called {
        self.patient(name).map_or_else(|| Called::Stranger(name.to_owned()), Called::Patient)
    }

    /// Whether somebody of that name who is archived has one of these numbers.
    fn was_one_of(&mut self, name: &str, identifiers: &[Identifier]) -> bool {
        if self.archived.is_empty() || identifiers.is_empty() {
            return false;
        }
        let names = [Some(name.to_owned()), given_first(name)];
        let archived: Vec<PatientId> =
            names.iter().flatten().filter_map(|name| self.archived.get(name)).flatten().copied().collect();
        archived.into_iter().any(|patient| self.numbers_of(patient).has_one_of(identifiers))
    }

    /// Whether a patient may have these numbers, which are the patient's from then on. Whoever has another of the same
    /// system is a namesake.
    fn number(&mut self, patient: PatientId, identifiers: &[Identifier]) -> bool {
        if identifiers.is_empty() {
            return true;
        }
        let own = self.numbers_of(patient);
        let may = own.may_be(identifiers);
        if may {
            own.extend(identifiers);
        }
        may
    }
}

/// Somebody's name, and as feeds write it with the family name first.
fn family_first(name: &str) -> Vec<String> {
    let turned = name.match_indices(' ').map(|(at, _)| format!("{}, {}", &name[at + 1..], &name[..at]));
    turned.chain([name.to_owned()]).collect()
}

/// `byron, ada` is ada byron.
fn given_first(name: &str) -> Option<String> {
    name.split_once(", ").map(|(family, given)| format!("{given} {family}"))
}

fn only(numbers: &HashMap<&Identifier, Option<PatientId>>, identifiers: &[Identifier]) -> Option<PatientId> {
    identifiers.iter().find_map(|number| numbers.get(number).copied().flatten())
}

/// Those of one name whom a feed numbers. Whoever has numbers that come together is one person.
#[derive(Default)]
struct Namesakes {
    places: HashMap<Identifier, usize>,
    persons: Vec<Person>,
    /// How many of whom nothing is known have a number of a system, and whether several have one of the same, once that
    /// is asked.
    unknown: Option<(HashMap<Phi<String>, usize>, bool)>,
    /// One of them is not the patient, once that is asked.
    other: Option<bool>,
}

#[derive(Default)]
struct Person {
    numbers: Vec<Identifier>,
    /// It is known whose, or that they are nobody's.
    known: bool,
    whose: Option<Whose>,
    /// So, as it was decided for a name.
    nobody: Option<(String, bool)>,
}

impl Namesakes {
    fn place(&self, identifiers: &[Identifier]) -> Option<usize> {
        self.places.get(identifiers.first()?).copied()
    }

    fn meet(&mut self, identifiers: &[Identifier], known: bool) {
        let mut places: Vec<usize> = identifiers.iter().filter_map(|number| self.places.get(number).copied()).collect();
        // Into whom most is known of: each number is carried over a few times at most.
        places.sort_by_key(|place| (std::cmp::Reverse(self.persons[*place].numbers.len()), *place));
        places.dedup();
        let mut places = places.into_iter();
        let place = places.next().unwrap_or_else(|| {
            self.persons.push(Person::default());
            self.persons.len() - 1
        });
        for other in places {
            let Person { numbers, known, .. } = std::mem::take(&mut self.persons[other]);
            self.persons[place].known |= known;
            for number in numbers {
                self.places.insert(number.clone(), place);
                self.persons[place].numbers.push(number);
            }
        }
        self.persons[place].known |= known;
        for number in identifiers {
            if self.places.insert(number.clone(), place).is_none() {
                self.persons[place].numbers.push(number.clone());
            }
        }
    }

    /// How many of whom nothing is known have a number of each system, and whether several have one of the same.
    fn unknown(&mut self) -> &(HashMap<Phi<String>, usize>, bool) {
        self.unknown.get_or_insert_with(|| {
            let mut counts = HashMap::new();
            for person in self.persons.iter().filter(|person| !person.known) {
                let systems: HashSet<_> = person.numbers.iter().map(|number| &number.system).collect();
                systems.into_iter().for_each(|system| *counts.entry(system.clone()).or_insert(0) += 1);
            }
            let several = counts.values().any(|count| *count > 1);
            (counts, several)
        })
    }

    /// Whether two of whom nothing is known have different numbers of one system.
    fn are_several(&mut self) -> bool {
        self.unknown().1
    }

    /// Whether somebody else of whom nothing is known has another number of a system.
    fn rivals(&mut self, place: usize) -> bool {
        self.unknown();
        let Self { persons, unknown: Some((unknown, _)), .. } = self else { return false };
        let person = &persons[place];
        let own = usize::from(!person.known);
        person.numbers.iter().any(|number| unknown.get(&number.system).is_some_and(|count| *count > own))
    }
}

/// What feeds number a patient with: also what came with appointments, for whoever is found by name is not told it.
pub(in crate::agent) fn numbers_of(book: &Book, patient: PatientId) -> Numbers {
    let told = book.appointments_of(patient).flat_map(Appointment::identifiers);
    book.patient(patient).iter().flat_map(|patient| &patient.identifiers).chain(told).collect()
}

/// Whether it is about whom it was about: called so, and by no other number.
pub(super) fn names_the_same(known: &Appointment, subject: &str, identifiers: &[Identifier]) -> bool {
    agree(known.identifiers(), identifiers) && plain(known.subject.expose()) == plain(subject)
}
