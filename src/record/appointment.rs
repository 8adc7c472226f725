//! A time set aside for a patient (FHIR R4 Appointment). One record is one occurrence.

use super::{Identifier, Record, RecordKind};
use crate::base::{
    Phi, Stamp,
    id::{AppointmentId, ImportId, PatientId, SeriesId},
};
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Zoned};
use serde::{Deserialize, Serialize};

/// An appointment. It stays at its wall-clock time in its zone when the clocks change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Appointment {
    /// Identifier.
    pub id: AppointmentId,
    /// Whose it is; `None` while a name from a feed could not be matched.
    #[serde(default)]
    pub patient: Option<PatientId>,
    /// What the feed called it (a name, initials, "Follow-up"); empty when made by hand for a patient.
    #[serde(with = "crate::base::phi")]
    pub subject: Phi<String>,
    /// Start, with its zone.
    #[serde(with = "crate::base::zone::zoned")]
    pub start: Zoned,
    /// End; not before the start.
    #[serde(with = "crate::base::zone::zoned")]
    pub end: Zoned,
    /// By video or in the room.
    pub kind: AppointmentKind,
    /// Where it stands.
    pub status: AppointmentStatus,
    /// Where it came from, when a feed brought it.
    #[serde(default)]
    pub source: Option<Source>,
    /// With which others it was made: those behind it can be moved and cancelled with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<SeriesId>,
    /// Somebody decided that it is no patient's: a lunch, a meeting.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub nobodys: bool,
    /// And that holds for this one and its series only, not for all that the feed calls so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub once: bool,
    /// A patient is called as the feed calls it, but whoever it is for may be somebody else by the number.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub apart: bool,
    /// Who stands for the patient while that is not known: those that a feed calls by one name share it. Kept when it is
    /// known, for older versions stand under it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<PatientId>,
    /// What the last import changed, as it was before; put back when that is undone. Has none itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former: Option<Box<Appointment>>,
    /// So, but it was somebody else's: then it stands apart, as a [`Former`].
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub given: bool,
}

/// An appointment as it was before the last import gave it to somebody else. Under the key of whose it was: it goes when
/// they are forgotten.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Former {
    /// The run that changed it.
    pub import: ImportId,
    /// As it was.
    pub appointment: Appointment,
}

impl Appointment {
    /// A visit that is booked for then, with nobody yet, by no feed.
    pub fn booked(id: AppointmentId, start: Zoned, end: Zoned) -> Self {
        Self {
            id,
            patient: None,
            subject: Phi::default(),
            start,
            end,
            kind: AppointmentKind::Visit,
            status: AppointmentStatus::Booked,
            source: None,
            series: None,
            nobodys: false,
            once: false,
            apart: false,
            owner: None,
            former: None,
            given: false,
        }
    }

    /// When it begins.
    pub fn begins(&self) -> Stamp {
        Stamp(self.start.timestamp().as_millisecond())
    }

    /// When it is over.
    pub fn ends(&self) -> Stamp {
        Stamp(self.end.timestamp().as_millisecond())
    }

    /// How long it takes: by feeds also no time, or days.
    pub fn length(&self) -> SignedDuration {
        self.start.duration_until(&self.end)
    }

    /// What the feed's system numbers the patient with, if it says.
    pub fn identifiers(&self) -> &[Identifier] {
        self.source.as_ref().map_or(&[], |source| &source.identifiers)
    }

    /// The feed and the UID that it has there, if one brought it.
    pub fn origin(&self) -> Option<(&Phi<String>, &Phi<String>)> {
        self.source.as_ref().map(|source| (&source.feed, &source.uid))
    }

    /// Whether it is known whose it is, be it nobody's.
    pub fn decided(&self) -> bool {
        self.patient.is_some() || self.nobodys
    }

    /// Whether somebody still has to say whose it is.
    pub fn unmatched(&self) -> bool {
        !self.decided() && self.status != AppointmentStatus::Cancelled
    }

    /// Who stands for the patient while that is not known.
    pub fn unmatched_owner(&self) -> PatientId {
        self.owner.unwrap_or(PatientId::from_bytes(*self.id.as_bytes()))
    }
}

/// A time of day on a zone's clocks: of one that they show twice in autumn the first is meant; `None` for one that they
/// skip in spring.
pub fn on_the_clock(at: DateTime, zone: &TimeZone) -> Option<Zoned> {
    let ambiguous = zone.to_ambiguous_zoned(at);
    let skipped = matches!(ambiguous.offset(), AmbiguousOffset::Gap { .. });
    if skipped { None } else { ambiguous.compatible().ok() }
}

/// How they meet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppointmentKind {
    /// A video visit (FHIR Encounter class VR).
    #[default]
    Visit,
    /// In the practice.
    InPerson,
}

/// FHIR R4 appointment status, the six a practice uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "FHIR R4 AppointmentStatus")]
pub enum AppointmentStatus {
    Proposed,
    #[default]
    Booked,
    Arrived,
    Fulfilled,
    Cancelled,
    Noshow,
}

impl AppointmentStatus {
    /// FHIR's code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Booked => "booked",
            Self::Arrived => "arrived",
            Self::Fulfilled => "fulfilled",
            Self::Cancelled => "cancelled",
            Self::Noshow => "noshow",
        }
    }
}

/// What makes an import idempotent: the same source, UID and recurrence is the same appointment.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Source {
    /// The feed's name: the calendar's X-WR-CALNAME or, without one, which program wrote it; never a path.
    #[serde(with = "crate::base::phi")]
    pub feed: Phi<String>,
    /// iCalendar UID (RFC 5545 §3.8.4.7).
    #[serde(with = "crate::base::phi")]
    pub uid: Phi<String>,
    /// The filler's number, as [`Imported`] has it: a message may say no other.
    #[serde(with = "crate::base::phi", default, skip_serializing_if = "is_empty")]
    pub also: Phi<String>,
    /// The placer's number (SCH-1), where it was said only after the filler's, which is the UID then.
    #[serde(with = "crate::base::phi", default, skip_serializing_if = "is_empty")]
    pub placer: Phi<String>,
    /// RECURRENCE-ID or the instance's own start in UTC; empty for a single event.
    #[serde(default)]
    pub recurrence: String,
    /// SEQUENCE (RFC 5545 §3.8.7.4).
    #[serde(default)]
    pub sequence: i64,
    /// The run that last changed it.
    pub import: ImportId,
    /// Since then it was changed by hand: that stays when the import is undone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_hand: bool,
    /// Stands for what the feed last said of it: while it says no more than that, what was changed by hand stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<u64>,
    /// When the feed has it begin, where a hand has put it elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub began: Option<Stamp>,
    /// What the feed's system numbers the patient with, if it says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<Identifier>,
}

/// The feed does not say which version it is: neither older nor newer than any other.
pub const UNVERSIONED: i64 = i64::MIN;

fn is_empty(text: &Phi<String>) -> bool {
    text.expose().is_empty()
}

/// One occurrence as a feed gave it, before it is matched with a patient. Made by `feed`, stored by the agent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Imported {
    /// iCalendar UID.
    #[serde(with = "crate::base::phi")]
    pub uid: Phi<String>,
    /// The occurrence's RECURRENCE-ID or start in UTC; empty for a single event.
    pub recurrence: String,
    /// The number that whoever keeps the schedule gave it (the filler's, SCH-2), also where the UID is the placer's; without
    /// the mark of a person. Empty if it has none.
    #[serde(with = "crate::base::phi", default, skip_serializing_if = "is_empty")]
    pub also: Phi<String>,
    /// SEQUENCE, or [`UNVERSIONED`].
    pub sequence: i64,
    /// SUMMARY, or the attendee's name.
    #[serde(with = "crate::base::phi")]
    pub subject: Phi<String>,
    /// It does not say what whoever it is for is called: the subject is what it is about.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unnamed: bool,
    /// Start.
    #[serde(with = "crate::base::zone::zoned")]
    pub start: Zoned,
    /// End.
    #[serde(with = "crate::base::zone::zoned")]
    pub end: Zoned,
    /// By video or in the practice.
    pub kind: AppointmentKind,
    /// As the feed has it.
    pub status: AppointmentStatus,
    /// What the feed's system numbers the patient with, if it says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<Identifier>,
}

impl Source {
    /// What a feed calls the appointment as a whole: its UID, for a group's without the [mark](PERSON_MARK) of a person.
    pub fn root(&self) -> &str {
        root(self.uid.expose())
    }
}

/// Stands in a UID between the appointment's own and what tells one person of a group from another. No feed's UID has it.
pub const PERSON_MARK: char = '\u{1f}';

/// Stands before a UID that is the filler's number: a placer may have given the same to another. No feed's UID has it.
pub const FILLER_MARK: char = '\u{1e}';

/// The UID of what is known by the filler's number.
pub fn filled(filler: &str) -> String {
    format!("{FILLER_MARK}{filler}")
}

/// A UID without the mark of a person.
pub fn root(uid: &str) -> &str {
    uid.split_once(PERSON_MARK).map_or(uid, |(root, _)| root)
}

/// Of this a feed says all that is to come: what it brings nothing of has been cancelled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// The UID, without the mark of a person.
    #[serde(with = "crate::base::phi")]
    pub uid: Phi<String>,
    /// The filler's number, as [`Imported`] has it.
    #[serde(with = "crate::base::phi", default, skip_serializing_if = "is_empty")]
    pub also: Phi<String>,
    /// Which of its occurrences.
    pub which: Which,
    /// SEQUENCE: what is newer stays; or [`UNVERSIONED`].
    pub sequence: i64,
}

/// Which occurrences of a series.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// Every one.
    All,
    /// The one with this [recurrence](Source::recurrence).
    One(String),
    /// That one and all after it (RANGE=THISANDFUTURE).
    From(String),
}

impl Which {
    /// Whether an occurrence is among them.
    pub fn has(&self, recurrence: &str) -> bool {
        match self {
            Self::All => true,
            Self::One(one) => recurrence == one,
            // All are written in UTC and in one form.
            Self::From(first) => recurrence >= first.as_str(),
        }
    }
}

impl Record for Appointment {
    const KIND: RecordKind = RecordKind::Appointment;
    const SCHEMA: u16 = 1;
    fn id(&self) -> [u8; 16] {
        *self.id.as_bytes()
    }
    /// While nobody knows whose it is, it stands under the key of its name, which is destroyed with the patient's whose it
    /// turns out to be: a name from a feed is forgotten, too.
    fn patient(&self) -> Option<PatientId> {
        self.patient.or(Some(self.unmatched_owner()))
    }
}

impl Record for Former {
    const KIND: RecordKind = RecordKind::Former;
    const SCHEMA: u16 = 1;
    fn id(&self) -> [u8; 16] {
        Record::id(&self.appointment)
    }
    fn patient(&self) -> Option<PatientId> {
        Record::patient(&self.appointment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::cbor;

    #[test]
    fn appointment_with_one_number_is_written_as_ever_and_read_as_ever() {
        let start: Zoned = "2027-07-01T10:00[Europe/Berlin]".parse().expect("a time");
        let entry = |also: &str| Imported {
            uid: "A1".into(),
            recurrence: String::new(),
            also: also.into(),
            sequence: UNVERSIONED,
            unnamed: false,
            subject: "Ada".into(),
            end: start.clone(),
            start: start.clone(),
            kind: AppointmentKind::Visit,
            status: AppointmentStatus::Booked,
            identifiers: Vec::new(),
        };
        let settled = |also: &str| Settlement { uid: "A1".into(), also: also.into(), which: Which::All, sequence: 0 };
        for also in ["", "F1"] {
            let bytes = [cbor::to_vec(&entry(also)), cbor::to_vec(&settled(also))];
            let said = bytes.each_ref().map(|bytes| bytes.windows(4).any(|window| window == b"also"));
            assert_eq!(said, [!also.is_empty(); 2], "an agent of before is told nothing that it does not know");
            assert_eq!(cbor::read::<Imported>(&bytes[0]).expect("it can be read"), entry(also));
            assert_eq!(cbor::read::<Settlement>(&bytes[1]).expect("it can be read"), settled(also));
        }
    }

    #[test]
    fn appointment_whose_zone_has_other_rules_by_now_stays_at_its_hour() {
        let start: Zoned = "2027-07-01T10:00[Europe/Berlin]".parse().expect("a time");
        let end = start.saturating_add(jiff::SignedDuration::from_mins(50));
        let kept = Appointment::booked(AppointmentId::random(), start, end);
        let mut bytes = cbor::to_vec(&kept);
        for at in 0..bytes.len() {
            // As it was written when the clocks there were to be an hour behind.
            if bytes[at..].starts_with(b"+02:00[") {
                bytes[at..][..6].copy_from_slice(b"+01:00");
            }
        }
        assert_ne!(bytes, cbor::to_vec(&kept));
        assert_eq!(cbor::read(&bytes), Ok(kept));
    }
}
