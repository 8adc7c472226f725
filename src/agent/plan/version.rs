//! What a feed says of an appointment beside what is there: whether it is newer, whether it says anything new, and what
//! was decided by hand since.

use super::{Change, Plan};
use crate::base::Phi;
use crate::base::id::{FeedId, RemoteId};
use crate::feed::caldav::key;
use crate::record::{Appointment, AppointmentKind, AppointmentStatus, Source, Which};
use crate::wire::to_cbor;
use jiff::Zoned;
use std::collections::HashSet;

impl Plan<'_> {
    /// Whether the day has got to an appointment, as was decided by hand, and what the feed says now leaves that: whoever
    /// came is there, also if it begins later on that day.
    pub(super) fn has_got_on(&self, old: &Appointment, fresh: &Appointment) -> bool {
        let by_hand = has_said(old) != Some(said_of(old));
        let over = fresh.start == old.start || fresh.begins() <= self.now;
        by_hand
            && match old.status {
                AppointmentStatus::Arrived | AppointmentStatus::Fulfilled => {
                    over || fresh.start.date() == old.start.date()
                }
                AppointmentStatus::Noshow => over,
                _ => false,
            }
    }

    /// Whether a feed's entry is older than what is there (RFC 5546 §2.1.5). An instance is numbered by itself once it is
    /// changed, and by its series before that and after: of a series that is read whole, what it has now counts.
    pub(super) fn is_older(&self, old: &Appointment, new: &Appointment) -> bool {
        let alone = |new: &Source| new.recurrence.is_empty() || !self.reads_whole(new);
        sequence(new) < sequence(old) && new.source.as_ref().is_some_and(alone)
    }

    /// Whether the feed brings all there is of a UID, and is no message, which may come late.
    fn reads_whole(&self, source: &Source) -> bool {
        let all = || self.settled.told.iter().filter(|told| told.which == Which::All);
        let told_whole = || all().map(|told| told.uid.expose().clone()).collect();
        let told = || self.told_whole.get_or_init(told_whole).contains(source.root());
        let remote = |(feed, uids): &(FeedId, HashSet<RemoteId>)| uids.contains(&key(*feed, source.uid.expose()));
        !self.head.message && (self.head.whole || self.settled.remote.as_ref().is_some_and(remote) || told())
    }

    /// Whether a feed's entry says nothing new.
    pub(super) fn same(&self, old: &Appointment, new: &Appointment) -> bool {
        self.is_older(old, new)
            || old.patient == new.patient
                && old.nobodys == new.nobodys
                && old.subject == new.subject
                && old.start == new.start
                && old.end == new.end
                && old.kind == new.kind
                && old.status == new.status
    }

    /// Notes what the feed says of an appointment that stays as it is, and how new that is.
    pub(super) fn hear(&mut self, old: &Appointment, said: Appointment) {
        let Some((known, source)) = old.source.as_ref().zip(said.source) else { return };
        let as_known = Source { import: known.import, by_hand: known.by_hand, ..source.clone() };
        if as_known != *known || said.apart != old.apart {
            let source = Some(Source { import: self.import, ..source });
            self.heard.push(Change::of(Some(old), Appointment { source, apart: said.apart, ..old.clone() }));
        }
    }

    /// Notes by which numbers an appointment is known besides, which a late message tells as well as any.
    pub(super) fn hear_numbers(&mut self, old: &Appointment, late: &Appointment) {
        let Some((known, late)) = old.source.as_ref().zip(late.source.as_ref()) else { return };
        let kept =
            |own: &Phi<String>, other: &Phi<String>| if own.expose().is_empty() { other.clone() } else { own.clone() };
        let source =
            Source { also: kept(&known.also, &late.also), placer: kept(&known.placer, &late.placer), ..known.clone() };
        self.hear(old, Appointment { source: Some(source), ..old.clone() });
    }
}

/// SEQUENCE.
pub(super) fn sequence(appointment: &Appointment) -> i64 {
    appointment.source.as_ref().map_or(0, |source| source.sequence)
}

/// Stands for all that a feed says of an appointment: the bytes of what it is, hashed.
pub(super) fn said(subject: &Phi<String>, times: [&Zoned; 2], kind: AppointmentKind, status: AppointmentStatus) -> u64 {
    // Not by which clocks: a feed without zones is read by the practice's, and by others while nobody knows that.
    let [start, end] = times.map(|at| at.timestamp().as_millisecond());
    let all = to_cbor(&(subject.expose(), start, end, kind, status));
    let hash = blake3::hash(&all);
    u64::from_le_bytes(*hash.as_bytes().first_chunk().unwrap_or(&[0; 8]))
}

/// What a feed would have said that has it as it is now.
pub(super) fn said_of(appointment: &Appointment) -> u64 {
    let Appointment { subject, start, end, kind, status, .. } = appointment;
    said(subject, [start, end], *kind, *status)
}

/// What the feed last said of it.
pub(super) fn has_said(appointment: &Appointment) -> Option<u64> {
    appointment.source.as_ref().and_then(|source| source.said)
}
