//! One SIU message (§10.4): what of it is an appointment.

use super::super::newest::Told;
use super::super::person::{PARTS_MAX, People, Person, System, US_SSN, full_name, spread, token};
use super::super::word::{clip, is_cancelled, on_screen};
use super::super::{Broken, Flaw, Omission, Reading};
use super::layout::Raw;
use super::segment::{Message, Piece, Segment};
use super::time::{Clock, length, old_length};
use crate::base::Phi;
use crate::record::appointment::filled;
use crate::record::{AppointmentKind, AppointmentStatus, Identifier, Imported};
use jiff::{SignedDuration, Zoned};

/// What a message says.
pub(super) struct Booking {
    /// Who sends: application and facility (MSH-3, MSH-4).
    pub sender: String,
    /// The appointment; or why it is none.
    pub told: Result<Told, Omission>,
}

impl Booking {
    /// Reads it.
    pub(super) fn read(raw: &Raw<'_>, reading: &Reading) -> Result<Self, Broken> {
        let at = |line: usize| move |flaw: Flaw| Broken { line, flaw };
        let message = Message::read(raw).map_err(at(raw.line()))?;
        let head = message.head().map_err(at(raw.line()))?;
        let sender = [3, 4].map(|n| {
            let field = head.field(n);
            // Its own name; a worldwide one only where it says no other.
            [1, 2].map(|n| field.component(n).text()).into_iter().find(|name| !name.is_empty()).unwrap_or_default()
        });
        let sender = clip(&sender.join(" "));
        if head.field(9).is_empty() {
            return Err(at(raw.line())(Flaw::CutOff));
        }
        let told = match Event::of(&head) {
            Err(omission) => Err(omission),
            Ok(event) => {
                if let Some(line) = message.stray() {
                    return Err(at(line)(Flaw::NotSegment));
                }
                let clock = Clock::new(head.field(7), reading);
                Schedule::read(&message, raw.line())?.told(&message, event, &clock)?
            }
        };
        Ok(Self { sender, told })
    }
}

/// What happened to the appointment (HL7 table 0003).
#[derive(Clone, Copy, PartialEq)]
enum Event {
    /// It is made, moved or changed; SCH-25 says how it stands.
    Change,
    Cancel,
    NoShow,
}

impl Event {
    fn of(head: &Segment<'_>) -> Result<Self, Omission> {
        if !head.field(9).text().eq_ignore_ascii_case("SIU") {
            return Err(Omission::Unknown);
        }
        match head.field(9).component(2).text().to_ascii_uppercase().as_str() {
            // S18 to S22 concern one service or resource of it, and give the whole appointment as it is then.
            "S12" | "S13" | "S14" | "S18" | "S19" | "S20" | "S21" | "S22" => Ok(Self::Change),
            "S15" | "S16" | "S17" => Ok(Self::Cancel),
            "S26" => Ok(Self::NoShow),
            "S23" | "S24" => Err(Omission::FreeBusy),
            _ => Err(Omission::Unknown),
        }
    }

    /// How the appointment stands, by this or else by SCH-25; `None` if that says what nobody knows.
    fn status(self, said: Piece<'_>) -> Option<Result<AppointmentStatus, Omission>> {
        match self {
            Self::Cancel => return Some(Ok(AppointmentStatus::Cancelled)),
            Self::NoShow => return Some(Ok(AppointmentStatus::Noshow)),
            Self::Change => {}
        }
        // A code, or what it means in words.
        let words = [1, 2].map(|n| said.component(n).text());
        if words.iter().all(String::is_empty) {
            return Some(Ok(AppointmentStatus::Booked));
        }
        words.iter().find_map(|word| standing(word))
    }
}

/// What a filler status means (HL7 table 0278, and what else is written there). `None` if nobody knows.
fn standing(word: &str) -> Option<Result<AppointmentStatus, Omission>> {
    let letters: String = word.chars().filter(char::is_ascii_alphanumeric).collect();
    Some(Ok(match letters.to_ascii_lowercase().as_str() {
        "booked" | "overbook" | "overbooked" | "confirmed" | "scheduled" | "rescheduled" | "accepted" | "active" => {
            AppointmentStatus::Booked
        }
        "noshow" => AppointmentStatus::Noshow,
        "blocked" => return Some(Err(Omission::FreeBusy)),
        "deleted" | "discontinued" | "dc" => AppointmentStatus::Cancelled,
        word if is_cancelled(word) => AppointmentStatus::Cancelled,
        "complete" | "completed" => AppointmentStatus::Fulfilled,
        "started" | "arrived" | "checkedin" => AppointmentStatus::Arrived,
        "pending" | "waitlist" => AppointmentStatus::Proposed,
        _ => return None,
    }))
}

/// The SCH segment.
struct Schedule<'a> {
    sch: Segment<'a>,
}

impl<'a> Schedule<'a> {
    fn read(message: &Message<'a>, line: usize) -> Result<Self, Broken> {
        let mut all = message.lines("SCH");
        let sch = all.next().ok_or(Broken { line, flaw: Flaw::NoSchedule })?;
        if let Some(second) = all.next() {
            // Whose people and times are whose, nobody knows.
            return Err(Broken { line: second.number, flaw: Flaw::Repeated });
        }
        let sch = message.segment(sch).map_err(|flaw| Broken { line: sch.number, flaw })?;
        Ok(Self { sch })
    }

    fn broken(&self, flaw: Flaw) -> Broken {
        Broken { line: self.sch.line, flaw }
    }

    fn told(&self, message: &Message<'_>, event: Event, clock: &Clock) -> Result<Result<Told, Omission>, Broken> {
        let said = event.status(self.sch.field(25));
        let status = match said.unwrap_or(Ok(AppointmentStatus::Booked)) {
            Ok(status) => status,
            Err(omission) => return Ok(Err(omission)),
        };
        // The placer asked for it; the filler keeps the schedule.
        let [placer, filler] = [1, 2].map(|n| number(self.sch.field(n)));
        let by_filler = filler.as_deref().map(filled);
        let uid = placer.or_else(|| by_filler.clone()).ok_or_else(|| self.broken(Flaw::NoNumber))?;
        // Which of a series that has one number.
        let recurrence = clip(&self.sch.field(3).text());
        let mut told = Told::of(uid, recurrence.clone(), clock.sent);
        told.settled.also = filler.map(Phi::new).unwrap_or_default();
        told.alone = by_filler.map(Phi::new).unwrap_or_default();
        told.noted = said.is_none().then_some(Omission::UnknownStatus);
        let (start, end, single) = match self.span(message, clock) {
            // What is cancelled has a number; its time may be left out. Who waits for a time has none: nothing of it is
            // to come.
            Err(Broken { flaw: Flaw::NoStart, .. }) if status == AppointmentStatus::Cancelled => return Ok(Ok(told)),
            Err(Broken { flaw: Flaw::NoStart, .. }) if status == AppointmentStatus::Proposed => {
                told.noted = Some(Omission::NoTime);
                return Ok(Ok(told));
            }
            span => span?,
        };
        if !single {
            told.noted.get_or_insert(Omission::OtherTimes);
        }
        let entry = Imported {
            uid: told.settled.uid.clone(),
            recurrence,
            also: told.settled.also.clone(),
            sequence: clock.sent,
            subject: Phi::new(self.reason()),
            unnamed: false,
            start,
            end,
            kind: self.kind(message)?,
            status,
            identifiers: Vec::new(),
        };
        told.entries = spread(entry, people(message)?);
        Ok(Ok(told))
    }

    /// What it is about, where no patient has a name: SCH-7, SCH-8.
    fn reason(&self) -> String {
        let said = [7, 8].into_iter().map(|n| self.sch.field(n));
        let texts = said.flat_map(|coded| [coded.component(2), coded.component(1)]);
        clip(&texts.map(Piece::text).find(|text| !text.is_empty()).unwrap_or_default())
    }

    /// On a screen if place, type or reason say so; at the practice if there is a place; else on a screen.
    fn kind(&self, message: &Message<'_>) -> Result<AppointmentKind, Broken> {
        let mut placed = false;
        let mut screen = [6, 7, 8].into_iter().any(|n| on_screen(&self.sch.field(n).words()));
        for (name, fields) in [("AIL", [3, 4].as_slice()), ("PV1", &[3])] {
            for line in message.lines(name) {
                let segment = message.segment(line).map_err(|flaw| Broken { line: line.number, flaw })?;
                let said = || fields.iter().map(|n| segment.field(*n));
                screen |= said().any(|piece| on_screen(&piece.words()));
                placed |= said().any(|piece| !piece.is_empty());
            }
        }
        Ok(if placed && !screen { AppointmentKind::InPerson } else { AppointmentKind::Visit })
    }

    /// Start and end: TQ1, which replaced SCH-11; else that; else from its services and resources. And that it has no
    /// other times besides.
    fn span(&self, message: &Message<'_>, clock: &Clock) -> Result<(Zoned, Zoned, bool), Broken> {
        let mut said: Vec<Said> = Vec::new();
        for line in message.lines("TQ1").take(PARTS_MAX) {
            let at = |flaw| Broken { line: line.number, flaw };
            let tq1 = message.segment(line).map_err(at)?;
            let own = length(tq1.field(6), tq1.field(6).component(2)).map_err(at)?;
            said.extend(Said::read(clock, tq1.field(7), tq1.field(8), own).map_err(at)?);
        }
        let newer = said.len();
        for tq in self.sch.field(11).repetitions() {
            let old = Said::read(clock, tq.component(4), tq.component(5), old_length(tq.component(3)));
            said.extend(old.map_err(|flaw| self.broken(flaw))?);
        }
        // Each of the two says it all.
        let (new, old) = said.split_at(newer);
        let single =
            [new, old].iter().all(|own| own.windows(2).all(|pair| matches!(pair, [a, b] if a.start == b.start)));
        let parts = parts(message, clock, said.first().map(|said| said.start.clone()))?;
        let first = parts.iter().map(|part| &part.start).min();
        let start = said.first().map(|said| &said.start).or(first).cloned();
        let start = start.ok_or_else(|| self.broken(Flaw::NoStart))?;
        // What a source that means another start says of the end is about something else.
        let same = || said.iter().filter(|said| said.start == start);
        let whole = || length(self.sch.field(9), self.sch.field(10)).map_err(|flaw| self.broken(flaw));
        let last = || parts.iter().filter_map(|part| part.start.checked_add(part.length?).ok()).max();
        let end = if let Some(end) = same().find_map(|said| said.end.clone()) {
            end
        } else if let Some(length) = same().find_map(|said| said.length).map_or_else(whole, |own| Ok(Some(own)))? {
            start.checked_add(length).map_err(|_| self.broken(Flaw::BadDuration))?
        } else {
            last().unwrap_or_else(|| start.clone())
        };
        if end < start { Err(self.broken(Flaw::EndsBeforeStart)) } else { Ok((start, end, single)) }
    }
}

/// When it is, as one of several sources has it.
struct Said {
    start: Zoned,
    end: Option<Zoned>,
    length: Option<SignedDuration>,
}

impl Said {
    fn read(
        clock: &Clock,
        start: Piece<'_>,
        end: Piece<'_>,
        length: Option<SignedDuration>,
    ) -> Result<Option<Self>, Flaw> {
        let Some(start) = clock.time(start)? else { return Ok(None) };
        Ok(Some(Self { start, end: clock.time(end)?, length }))
    }
}

/// A service, a thing, a place or a person that is reserved for it.
struct Part {
    start: Zoned,
    length: Option<SignedDuration>,
}

/// Where the segments of parts have their start; behind it are an offset from the appointment's start, its unit, the
/// duration and its unit.
const PARTS: [(&str, usize); 4] = [("AIS", 4), ("AIG", 8), ("AIL", 6), ("AIP", 6)];

/// The parts of the first sort that says when it begins.
fn parts(message: &Message<'_>, clock: &Clock, start: Option<Zoned>) -> Result<Vec<Part>, Broken> {
    for (name, field) in PARTS {
        let mut found = Vec::new();
        for line in message.lines(name).take(PARTS_MAX) {
            let at = |flaw| Broken { line: line.number, flaw };
            let part = message.segment(line).map_err(at)?;
            // For how long it is kept does not matter where the appointment says itself when it is.
            let length = |n: usize| match length(part.field(field + n), part.field(field + n + 1)) {
                Err(_) if start.is_some() => Ok(None),
                length => length.map_err(at),
            };
            let (offset, length) = (length(1)?, length(3)?);
            let own = clock.time(part.field(field)).map_err(at)?;
            let own = own.or_else(|| start.as_ref()?.checked_add(offset.unwrap_or_default()).ok());
            found.extend(own.map(|start| Part { start, length }));
        }
        if found.iter().any(|part| start.is_none() || part.length.is_some()) {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}

/// A number of the appointment (EI).
fn number(number: Piece<'_>) -> Option<String> {
    let value = clip(&number.text());
    let system = authority(number.component(2), number.component(3), number.component(4));
    // "0" is written where there is none: strangers would have it in common.
    value
        .contains(|sign| sign != '0' && sign != '-')
        .then(|| token(&Identifier { system: system.into(), value: value.into() }))
}

/// Who gives numbers out (HD, and the same in EI): a worldwide name if it says one, else its own.
fn authority(own: Piece<'_>, universal: Piece<'_>, kind: Piece<'_>) -> String {
    let universal = universal.text();
    clip(&match kind.text().to_ascii_uppercase().as_str() {
        _ if universal.is_empty() => own.text(),
        "ISO" => format!("urn:oid:{universal}"),
        "UUID" | "GUID" => format!("urn:uuid:{}", universal.to_ascii_lowercase()),
        "URI" => universal,
        _ if own.is_empty() => universal,
        _ => own.text(),
    })
}

/// The patients: one for each PID that says something.
fn people(message: &Message<'_>) -> Result<People, Broken> {
    let mut people = People::default();
    for line in message.lines("PID") {
        let broken = |flaw| Broken { line: line.number, flaw };
        let person = person(&message.segment(line).map_err(broken)?).map_err(broken)?;
        if person != Person::default() {
            people.add(person);
        }
        if people.count() > PARTS_MAX {
            return Err(broken(Flaw::TooManyParts));
        }
    }
    Ok(people)
}

fn person(pid: &Segment<'_>) -> Result<Person, Flaw> {
    let mut person = Person::default();
    // The first name is the legal one (§3.4.2.5).
    for name in pid.field(5).repetitions() {
        let given = [name.component(2), name.component(3)].map(Piece::text).into_iter().find(|given| !given.is_empty());
        person.name = full_name(&given.unwrap_or_default(), &name.component(1).text());
        if !person.name.is_empty() {
            break;
        }
    }
    // The list of all; then what older versions have beside it: the patient's number elsewhere, and other ones.
    let lists = [(3, ""), (2, "PID-2"), (4, "PID-4")];
    let numbers = lists.into_iter().flat_map(|(n, place)| pid.field(n).repetitions().map(move |one| (one, place)));
    for (count, (number, place)) in numbers.enumerate() {
        if count == PARTS_MAX {
            return Err(Flaw::TooManyParts);
        }
        let by = number.component(4);
        let authority = authority(by.subcomponent(1), by.subcomponent(2), by.subcomponent(3));
        person.number(System::of(&authority, &number.component(5).text(), place), &number.text());
    }
    person.number(System::of(US_SSN, "SS", ""), &pid.field(19).text());
    let licence = pid.field(20);
    person.number(System::of(&licence.component(2).text(), "DL", ""), &licence.text());
    Ok(person)
}
