//! One Appointment resource (R4 §12.12, R5 §12.15).

use super::super::newest::Told;
use super::super::person::{People, Person, spread, token};
use super::super::word::{clip, on_screen};
use super::super::{Flaw, Omission, Reading};
use super::resource::{Appointment, Concept, Identifier, Kind, Reference};
use super::shelf::{Known, Shelf, identify, tail};
use super::version;
use crate::base::Phi;
use crate::record::appointment::filled;
use crate::record::{AppointmentKind, AppointmentStatus, Identifier as Number, Imported};
use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp, Zoned};

/// An appointment beside what it may refer to.
pub(super) struct Booking<'a> {
    appointment: &'a Appointment<'a>,
    /// Where it stands, if it says.
    url: Option<&'a str>,
    shelf: &'a Shelf,
    /// What it brings along (§2.5.3.1, contained resources).
    contained: Shelf,
}

impl<'a> Booking<'a> {
    pub(super) fn new(appointment: &'a Appointment<'a>, url: Option<&'a str>, shelf: &'a Shelf) -> Result<Self, Flaw> {
        if appointment.cut() {
            return Err(Flaw::TooManyParts);
        }
        let mut contained = Shelf::default();
        for inside in appointment.contained.iter() {
            let kind: Kind = serde_json::from_str(inside.get()).map_err(|_| Flaw::BadResource)?;
            let put = contained.put(0, None, &kind.resource_type, inside.get());
            put.map_err(|_| Flaw::BadResource)?;
        }
        Ok(Self { appointment, url, shelf, contained })
    }

    /// The appointment, once for each of its patients; or why it is none.
    pub(super) fn told(&self, reading: &Reading) -> Result<Result<Told, Omission>, Flaw> {
        let appointment = self.appointment;
        let status = status(appointment.status.as_deref())?;
        let span = self.span(reading)?;
        // FHIR lets these have no time (app-3): then nothing of it is to come, and who waits for one is told.
        let noted = match (&span, status) {
            (None, AppointmentStatus::Proposed) => Some(Omission::NoTime),
            (Some(_), _) | (None, AppointmentStatus::Cancelled) => None,
            (None, _) => return Err(Flaw::NoStart),
        };
        let (typed, filler) = {
            let mut numbers = numbers(appointment).filter(|(_, sort)| *sort != Sort::Other).peekable();
            // The filler's number may be another placer's.
            let filled_if =
                |(number, sort): &(String, Sort)| if *sort == Sort::Filler { filled(number) } else { number.clone() };
            let first = numbers.peek().map(filled_if);
            (first, numbers.find(|(_, sort)| *sort == Sort::Filler).map(|(number, _)| number))
        };
        let id = appointment.id.as_deref().map(clip).filter(|id| !id.is_empty());
        let uid = typed.or(id).or_else(|| numbers(appointment).next().map(|(number, _)| number));
        let Some(uid) = uid else { return noted.map(Err).ok_or(Flaw::NoNumber) };
        let recurrence = appointment.recurrence_id.map_or_else(String::new, |n| n.to_string());
        let sequence = version(appointment.meta.last_updated.as_deref());
        let by_filler = filler.as_deref().map(filled);
        let mut told = Told::of(uid, recurrence.clone(), sequence);
        told.alone = by_filler.map(Phi::new).unwrap_or_default();
        told.settled.also = filler.map(Phi::new).unwrap_or_default();
        let repeats = appointment.recurrence_template.iter().next().is_some();
        told.noted = noted.or(repeats.then_some(Omission::RuleUnread));
        let Some((start, end)) = span else { return Ok(Ok(told)) };
        let entry = Imported {
            uid: told.settled.uid.clone(),
            recurrence,
            also: told.settled.also.clone(),
            sequence,
            subject: Phi::new(self.reason()),
            unnamed: false,
            start,
            end,
            kind: self.kind(),
            status,
            identifiers: Vec::new(),
        };
        told.entries = spread(entry, self.people());
        Ok(Ok(told))
    }

    fn find(&self, reference: &Reference) -> Option<&Known> {
        let text = reference.reference.as_deref()?;
        match text.strip_prefix('#') {
            Some(id) => {
                let kinds = ["Patient", "Slot", "Location"];
                kinds.iter().find_map(|kind| self.contained.find(&format!("{kind}/{id}"), None))
            }
            None => self.shelf.find(text, self.url),
        }
    }

    /// Its own start and end; else those of its slots. `None` if there is no start.
    fn span(&self, reading: &Reading) -> Result<Option<(Zoned, Zoned)>, Flaw> {
        let appointment = self.appointment;
        let time = |text: &Option<String>| text.as_deref().map(|text| instant(text, reading)).transpose();
        let mut slots = Vec::new();
        for reference in appointment.slot.iter() {
            if let Some(Known::Slot { start, end }) = self.find(reference) {
                slots.push((time(start)?, time(end)?));
            }
        }
        let first = || slots.iter().filter_map(|(start, _)| start.clone()).min();
        let last = || slots.iter().filter_map(|(_, end)| end.clone()).max();
        let own = time(&appointment.start)?;
        let Some(start) = own.clone().or_else(first) else { return Ok(None) };
        let minutes = appointment.minutes_duration.map(|minutes| SignedDuration::try_from_secs_f64(minutes * 60.0));
        let minutes = minutes.transpose().map_err(|_| Flaw::BadDuration)?.filter(|length| !length.is_negative());
        let end = match (time(&appointment.end)?, minutes) {
            (Some(end), _) => end,
            (None, Some(length)) => start.checked_add(length).map_err(|_| Flaw::BadDuration)?,
            (None, None) => last().filter(|end| *end >= start).unwrap_or_else(|| start.clone()),
        };
        if end < start { Err(Flaw::EndsBeforeStart) } else { Ok(Some((start, end))) }
    }

    fn actors(&self) -> impl Iterator<Item = &'a Reference> {
        self.appointment.participant.iter().filter_map(|participant| participant.actor.as_ref())
    }

    /// The patients among its participants; else its subject (R5).
    fn people(&self) -> People {
        let mut people = People::default();
        for participant in self.appointment.participant.iter() {
            let declined = participant.status.as_deref() == Some("declined");
            if let Some(mut person) = participant.actor.as_ref().and_then(|actor| self.person(actor)) {
                person.declined = declined;
                people.add(person);
            }
        }
        if people.count() == 0 {
            let subject = self.appointment.subject.as_ref().and_then(|subject| self.person(subject));
            subject.into_iter().for_each(|person| people.add(person));
        }
        people
    }

    fn person(&self, actor: &Reference) -> Option<Person> {
        let mut person = match self.find(actor) {
            Some(Known::Patient(person)) => person.clone(),
            Some(_) => return None,
            None if is_a(actor, "Patient") => Person::referred(),
            None => return None,
        };
        if person.name.is_empty() {
            person.name = clip(actor.display.as_deref().unwrap_or_default());
        }
        if let Some(identifier) = &actor.identifier {
            identify(&mut person, identifier);
        }
        Some(person)
    }

    /// What it is said to be about, in codes and words.
    fn words(&self) -> impl Iterator<Item = &'a str> {
        let appointment = self.appointment;
        let lists = [
            &appointment.reason_code,
            &appointment.reason,
            &appointment.service_type,
            &appointment.service_category,
            &appointment.class,
        ];
        let concepts = lists.into_iter().flat_map(|list| list.iter()).chain(&appointment.appointment_type);
        appointment.description.as_deref().into_iter().chain(concepts.flat_map(Concept::words))
    }

    /// What it is about, where no patient has a name.
    fn reason(&self) -> String {
        self.words().map(clip).find(|text| !text.is_empty()).unwrap_or_default()
    }

    /// On a screen if it says so; at the practice if there is a place; else on a screen.
    fn kind(&self) -> AppointmentKind {
        let appointment = self.appointment;
        let extended =
            appointment.extension.iter().any(|extension| extension.url.ends_with("Appointment.virtualService"));
        // VR is HL7's class of an encounter that is virtual.
        let said = self.words().any(|word| word == "VR" || on_screen(word));
        let mut screen = extended || said || appointment.virtual_service.iter().next().is_some();
        let mut placed = false;
        for actor in self.actors() {
            let known = self.find(actor);
            if matches!(known, Some(Known::Place { .. })) || (known.is_none() && is_a(actor, "Location")) {
                placed = true;
                screen |= matches!(known, Some(Known::Place { screen: true }));
                screen |= actor.display.as_deref().is_some_and(on_screen);
            }
        }
        if placed && !screen { AppointmentKind::InPerson } else { AppointmentKind::Visit }
    }
}

/// Whether a reference says that it is to a resource of that type.
fn is_a(reference: &Reference, kind: &str) -> bool {
    let named = reference.kind.as_deref() == Some(kind);
    let path = reference.reference.as_deref().map(|text| text.split("/_history/").next().unwrap_or_default());
    named || path.and_then(tail).and_then(|tail| tail.split('/').next()) == Some(kind)
}

/// Whose number of an appointment it is (HL7 table 0203).
#[derive(Clone, Copy, PartialEq)]
enum Sort {
    Placer,
    Filler,
    Other,
}

/// The appointment's numbers: its placer's and its filler's, as HL7 v2 has them, then others.
fn numbers(appointment: &Appointment<'_>) -> impl Iterator<Item = (String, Sort)> {
    let rank =
        |identifier: &&Identifier| ["PLAC", "FILL"].iter().position(|code| identifier.is(code)).unwrap_or(usize::MAX);
    let mut all: Vec<&Identifier> =
        appointment.identifier.iter().filter(|identifier| identifier.usage.as_deref() != Some("old")).collect();
    all.sort_by_key(rank);
    all.into_iter().filter_map(|identifier| {
        let text = |text: &Option<String>| clip(text.as_deref().unwrap_or_default());
        let (system, value) = (text(&identifier.system), text(&identifier.value));
        let sort = match () {
            () if identifier.is("PLAC") => Sort::Placer,
            () if identifier.is("FILL") => Sort::Filler,
            () => Sort::Other,
        };
        (!value.is_empty()).then(|| (token(&Number { system: system.into(), value: value.into() }), sort))
    })
}

/// FHIR has ten (R4 and R5), a practice uses six.
fn status(code: Option<&str>) -> Result<AppointmentStatus, Flaw> {
    match code {
        Some("proposed" | "pending" | "waitlist") => Ok(AppointmentStatus::Proposed),
        Some("booked") => Ok(AppointmentStatus::Booked),
        Some("arrived" | "checked-in") => Ok(AppointmentStatus::Arrived),
        Some("fulfilled") => Ok(AppointmentStatus::Fulfilled),
        Some("cancelled" | "entered-in-error") => Ok(AppointmentStatus::Cancelled),
        Some("noshow") => Ok(AppointmentStatus::Noshow),
        _ => Err(Flaw::BadStatus),
    }
}

/// An instant, shown on the practice's clocks. One without the offset that it must have is a time on them.
fn instant(text: &str, reading: &Reading) -> Result<Zoned, Flaw> {
    let at = match text.parse::<Timestamp>() {
        Ok(at) => at,
        Err(_) => {
            let local = text.parse::<DateTime>().ok().filter(|_| text.contains('T')).ok_or(Flaw::BadTime)?;
            local.to_zoned(reading.zone.clone()).map_err(|_| Flaw::BadTime)?.timestamp()
        }
    };
    Ok(at.to_zoned(reading.zone.clone()))
}
