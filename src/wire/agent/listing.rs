//! Appointments as lists show them. A week of a large practice has a thousand, and what many share (zones, feeds) is
//! said once; what only imports and the forgetting of patients ask for is left out.
//!
//! For `#[serde(with = "listing")]` on a `Vec<Named<Appointment>>`; [`unmatched`] for those of nobody known.

use super::{Named, Unmatched};
use crate::base::id::{AppointmentId, ImportId, PatientId, SeriesId};
use crate::base::{Phi, Stamp, zone};
use crate::record::{Appointment, AppointmentKind, AppointmentStatus, Source};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Default, Serialize, Deserialize)]
struct Listing {
    zones: Vec<String>,
    #[serde(with = "crate::base::phi::list")]
    feeds: Vec<Phi<String>>,
    all: Vec<Listed>,
}

/// One of them; zones and feeds by their place in the listing.
#[derive(Serialize, Deserialize)]
struct Listed {
    id: AppointmentId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    patient: Option<PatientId>,
    #[serde(with = "crate::base::phi::option", default, skip_serializing_if = "Option::is_none")]
    name: Option<Phi<String>>,
    #[serde(with = "crate::base::phi")]
    subject: Phi<String>,
    start: (Stamp, usize),
    end: (Stamp, usize),
    kind: AppointmentKind,
    status: AppointmentStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    feed: Option<usize>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    recurrence: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    series: Option<SeriesId>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    nobodys: bool,
}

/// A place that is not in the listing.
#[derive(Debug, thiserror::Error)]
#[error("a listing names what it does not have")]
struct NotListed;

/// Where something stands in a short list; at its end if it was not there.
fn place<T: PartialEq<U>, U: ToOwned<Owned = T> + ?Sized>(all: &mut Vec<T>, one: &U) -> usize {
    all.iter().position(|other| other == one).unwrap_or_else(|| {
        all.push(one.to_owned());
        all.len() - 1
    })
}

impl Listing {
    fn add(&mut self, name: Option<&Phi<String>>, record: &Appointment) {
        let mut moment = |at: &Zoned| {
            (Stamp(at.timestamp().as_millisecond()), place(&mut self.zones, &*zone::to_text(at.time_zone())))
        };
        let listed = Listed {
            id: record.id,
            patient: record.patient,
            name: name.cloned(),
            subject: record.subject.clone(),
            start: moment(&record.start),
            end: moment(&record.end),
            kind: record.kind,
            status: record.status,
            feed: record.source.as_ref().map(|source| place(&mut self.feeds, &source.feed)),
            recurrence: record.source.as_ref().map(|source| source.recurrence.clone()).unwrap_or_default(),
            series: record.series,
            nobodys: record.nobodys,
        };
        self.all.push(listed);
    }

    /// As they were.
    fn appointments(self) -> Result<Vec<Named<Appointment>>, NotListed> {
        let (zones, feeds) = (self.zones, self.feeds);
        // One that only the agent's machine knows: the moment is right all the same.
        let zones: Vec<_> = zones.iter().map(|text| zone::from_text(text).unwrap_or(TimeZone::UTC)).collect();
        self.all.into_iter().map(|listed| listed.appointment(&zones, &feeds).ok_or(NotListed)).collect()
    }
}

impl Listed {
    fn appointment(self, zones: &[TimeZone], feeds: &[Phi<String>]) -> Option<Named<Appointment>> {
        let moment = |(at, zone): (Stamp, usize)| {
            Some(Timestamp::from_millisecond(at.0).ok()?.to_zoned(zones.get(zone)?.clone()))
        };
        let source = match self.feed {
            None => None,
            Some(feed) => Some(Source {
                feed: feeds.get(feed)?.clone(),
                uid: Phi::default(),
                recurrence: self.recurrence,
                sequence: 0,
                import: ImportId::from_bytes([0; 16]),
                by_hand: false,
                began: None,
                also: Phi::default(),
                placer: Phi::default(),
                said: None,
                identifiers: Vec::new(),
            }),
        };
        let record = Appointment {
            patient: self.patient,
            subject: self.subject,
            kind: self.kind,
            status: self.status,
            source,
            series: self.series,
            nobodys: self.nobodys,
            ..Appointment::booked(self.id, moment(self.start)?, moment(self.end)?)
        };
        Some(Named { name: self.name, record })
    }
}

pub(super) fn serialize<S: Serializer>(all: &[Named<Appointment>], to: S) -> Result<S::Ok, S::Error> {
    let mut listing = Listing::default();
    all.iter().for_each(|named| listing.add(named.name.as_ref(), &named.record));
    listing.serialize(to)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Named<Appointment>>, D::Error> {
    Listing::deserialize(from)?.appointments().map_err(D::Error::custom)
}

/// For `#[serde(with = "listing::unmatched")]` on a `Vec<Unmatched>`.
pub(super) mod unmatched {
    use super::*;

    /// Who it is whose next one is listed.
    #[derive(Serialize, Deserialize)]
    struct Stranger {
        #[serde(with = "crate::base::phi::option", default, skip_serializing_if = "Option::is_none")]
        number: Option<Phi<String>>,
        count: u64,
    }

    pub(in super::super) fn serialize<S: Serializer>(all: &[Unmatched], to: S) -> Result<S::Ok, S::Error> {
        let mut listing = Listing::default();
        all.iter().for_each(|unmatched| listing.add(None, &unmatched.next));
        let stranger = |Unmatched { number, count, .. }: &Unmatched| Stranger { number: number.clone(), count: *count };
        (listing, all.iter().map(stranger).collect::<Vec<_>>()).serialize(to)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Unmatched>, D::Error> {
        let (listing, strangers) = <(Listing, Vec<Stranger>)>::deserialize(from)?;
        let next = listing.appointments().map_err(D::Error::custom)?;
        let both = next.into_iter().zip(strangers);
        Ok(both.map(|(named, Stranger { number, count })| Unmatched { next: named.record, number, count }).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::agent::Reply;
    use crate::wire::{WireError, from_cbor, to_cbor};
    use jiff::ToSpan;

    /// By whom it comes, and in which zone it ends.
    fn appointment(feed: Option<&str>, end_zone: &str) -> Named<Appointment> {
        let start: Zoned = "2027-03-28T09:00[Europe/London]".parse().expect("a time");
        let end = start.saturating_add(50.minutes()).with_time_zone(zone::from_text(end_zone).expect("a zone"));
        let source = |feed: &str| Source {
            feed: feed.into(),
            uid: Phi::default(),
            recurrence: "20270328T080000Z".to_owned(),
            sequence: 0,
            import: ImportId::from_bytes([0; 16]),
            by_hand: false,
            began: None,
            also: Phi::default(),
            placer: Phi::default(),
            said: None,
            identifiers: Vec::new(),
        };
        let record = Appointment {
            patient: feed.is_none().then(PatientId::random),
            subject: "Follow-up".into(),
            kind: AppointmentKind::InPerson,
            status: AppointmentStatus::Arrived,
            source: feed.map(source),
            series: feed.is_none().then(SeriesId::random),
            nobodys: feed.is_some(),
            ..Appointment::booked(AppointmentId::random(), start, end)
        };
        Named { name: feed.is_none().then(|| "Ada Byron".into()), record }
    }

    #[test]
    fn what_lists_show_comes_back() {
        let all = vec![
            appointment(None, "Europe/London"),
            appointment(Some("clinic"), "Asia/Tokyo"),
            appointment(Some("clinic"), "+02:00"),
            appointment(Some("Google"), "Europe/London"),
        ];
        let bytes = to_cbor(&Reply::Appointments(all.clone()));
        assert_eq!(from_cbor(&bytes), Ok(Reply::Appointments(all)));
        let once = |text: &str| bytes.windows(text.len()).filter(|window| *window == text.as_bytes()).count();
        assert_eq!((once("Europe/London"), once("clinic")), (1, 1), "what they share is said once");
    }

    #[test]
    fn names_that_wait_come_back_with_how_often_they_do() {
        let names = [("clinic", 3), ("Google", 1)].map(|(feed, count)| {
            let next = appointment(Some(feed), "Asia/Tokyo").record;
            Unmatched { next, number: (count > 1).then(|| "77".into()), count }
        });
        let reply = Reply::Unmatched { names: names.to_vec(), total: 7 };
        assert_eq!(from_cbor(&to_cbor(&reply)), Ok(reply));
    }

    #[test]
    fn what_only_imports_ask_for_is_left_out() {
        let mut one = appointment(Some("clinic"), "Asia/Tokyo");
        let plain = to_cbor(&Reply::Appointments(vec![one.clone()]));
        one.record.former = Some(Box::new(one.record.clone()));
        one.record.owner = Some(PatientId::random());
        if let Some(source) = &mut one.record.source {
            (source.uid, source.sequence, source.said) = ("a-uid".into(), 7, Some(1));
        }
        assert_eq!(to_cbor(&Reply::Appointments(vec![one])), plain);
    }

    #[test]
    fn place_that_is_not_in_the_listing_is_refused() {
        let mut listing = Listing::default();
        listing.add(None, &appointment(Some("clinic"), "Asia/Tokyo").record);
        listing.all[0].feed = Some(1);
        assert!(listing.appointments().is_err());
        let mut listing = Listing::default();
        listing.add(None, &appointment(None, "Asia/Tokyo").record);
        listing.zones.clear();
        let mut bytes = vec![0xa1, 0x6c];
        bytes.extend(b"appointments");
        bytes.extend(to_cbor(&listing));
        assert_eq!(from_cbor::<Reply>(&bytes), Err(WireError::Garbled));
    }
}
