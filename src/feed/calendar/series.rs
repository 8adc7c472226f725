//! From events to occurrences: the newest version of each, its rule worked out, its exceptions put in their places.

use super::super::{APPOINTMENTS_MAX, Broken, DtStamp, Feed, FeedError, Flaw, Omission, Scope, Skipped, Stamps};
use super::event::{Event, Gone, Moment, Original};
use super::rule::Purse;
use super::zone::UNNAMED;
use crate::base::{Phi, Stamp};
use crate::record::{AppointmentStatus, Imported, Settlement, Which};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp, ToSpan, Zoned};
use std::collections::{BTreeMap, HashMap, HashSet};

/// The time that is read.
pub(super) struct Horizon {
    from: Zoned,
    to: Zoned,
}

impl Horizon {
    /// From 30 days before `now` to 400 days after.
    pub(super) fn around(now: Stamp, zone: &TimeZone) -> Self {
        let now = Timestamp::from_millisecond(now.0).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone());
        Self { from: now.saturating_sub(30.days()), to: now.saturating_add(400.days()) }
    }
}

/// The events of a file.
#[derive(Default)]
pub(super) struct Series {
    /// Which series a UID is, in the order of the first event of each.
    known: HashMap<Phi<String>, usize>,
    /// The newest DTSTAMP of each.
    stamps: Vec<DtStamp>,
    /// Each with the series it belongs to.
    events: Vec<(usize, Event)>,
    gone: BTreeMap<usize, Vec<Gone>>,
    /// What is broken of each; `None` where it does not even say what of it it is.
    withheld: BTreeMap<usize, Vec<Option<Gone>>>,
}

/// One occurrence of a series before its exceptions are applied.
struct Slot {
    start: Zoned,
    length: SignedDuration,
    excluded: bool,
}

impl Series {
    /// How many UIDs there are.
    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    pub(super) fn add(&mut self, event: Event) {
        let series = self.of(&event.uid, event.stamp);
        self.events.push((series, event));
    }

    /// Adds what is at no hour.
    pub(super) fn add_gone(&mut self, gone: Gone) {
        let series = self.of(&gone.uid, gone.stamp);
        self.gone.entry(series).or_default().push(gone);
    }

    /// Nobody knows when an occurrence is whose exception is broken: not when its series has it.
    pub(super) fn withhold(&mut self, uid: &Phi<String>, broken: Option<Gone>) {
        let series = self.of(uid, broken.as_ref().map_or_else(Default::default, |broken| broken.stamp));
        self.withheld.entry(series).or_default().push(broken);
    }

    fn of(&mut self, uid: &Phi<String>, stamp: DtStamp) -> usize {
        let next = self.known.len();
        let series = *self.known.entry(uid.clone()).or_insert(next);
        match self.stamps.get_mut(series) {
            Some(newest) => *newest = stamp.max(*newest),
            None => self.stamps.push(stamp),
        }
        series
    }

    /// Every occurrence within the horizon, and every single appointment of any time, in order of time.
    pub(super) fn unroll(mut self, horizon: &Horizon, purse: &mut Purse, feed: &mut Feed) -> Result<(), FeedError> {
        self.events.sort_by_key(|(series, _)| *series);
        let mut events = self.events.into_iter().peekable();
        while let Some((series, first)) = events.next() {
            let (line, before) = (first.line, feed.entries.len());
            let gone = self.gone.remove(&series).unwrap_or_default();
            let withheld = self.withheld.remove(&series).unwrap_or_default();
            if first.is_single()
                && gone.is_empty()
                && withheld.is_empty()
                && events.peek().is_none_or(|(next, _)| *next != series)
            {
                // Of a whole schedule that would be much for little: it is moved under its own name.
                if feed.scope != Scope::Whole {
                    settle(feed, &first.uid, Which::All, first.sequence);
                }
                feed.entries.push(first.alone(String::new()));
            } else {
                let mut members = vec![first];
                members.extend(std::iter::from_fn(|| Some(events.next_if(|(next, _)| *next == series)?.1)));
                match unroll(members, &gone, &withheld, horizon, purse, feed) {
                    Err(FeedError::Broken { line, flaw }) if flaw != Flaw::RulesTooCostly => {
                        feed.entries.truncate(before);
                        feed.broken.push(Broken { line, flaw });
                    }
                    unrolled => unrolled?,
                }
            }
            if feed.entries.len() > APPOINTMENTS_MAX {
                return Err(Flaw::TooManyAppointments.at(line));
            }
        }
        self.gone.values().flatten().for_each(|gone| settle_gone(feed, gone));
        for entry in &mut feed.entries {
            // A time in UTC or in a zone that only the file knows says nothing about where: it is shown where the
            // practice is.
            if matches!(entry.start.time_zone().iana_name(), None | Some("UTC" | "Etc/UTC" | UNNAMED)) {
                let zone = horizon.from.time_zone();
                entry.start = entry.start.with_time_zone(zone.clone());
                entry.end = entry.end.with_time_zone(zone.clone());
            }
        }
        feed.entries.sort_by_cached_key(|entry| entry.start.timestamp().as_second());
        feed.stamps = Stamps { places: self.known, stamps: self.stamps };
        Ok(())
    }
}

/// Notes that the feed says all of this, be it a whole schedule or not.
fn settle(feed: &mut Feed, uid: &Phi<String>, which: Which, sequence: i64) {
    if !uid.expose().is_empty() {
        feed.settled.push(Settlement { uid: uid.clone(), also: Phi::default(), which, sequence });
    }
}

/// What is at no hour any more. A day as RECURRENCE-ID without the series names no occurrence.
fn settle_gone(feed: &mut Feed, gone: &Gone) {
    let which = match gone.replaces.as_ref().map(|original| original.alone(|_| None)) {
        None => Which::All,
        Some(Some(at)) if gone.onwards => Which::From(key(at)),
        Some(Some(at)) => Which::One(key(at)),
        Some(None) => return,
    };
    settle(feed, &gone.uid, which, gone.sequence);
}

/// The occurrences of what has one UID.
fn unroll(
    members: Vec<Event>,
    gone: &[Gone],
    withheld: &[Option<Gone>],
    horizon: &Horizon,
    purse: &mut Purse,
    feed: &mut Feed,
) -> Result<(), FeedError> {
    // Of which occurrence it speaks is not known: all stay as they were.
    let Some(withheld) = withheld.iter().map(Option::as_ref).collect::<Option<Vec<_>>>() else {
        feed.skipped.extend(members.iter().map(|event| Skipped { line: event.line, reason: Omission::Withheld }));
        return Ok(());
    };
    let (exceptions, masters): (Vec<_>, Vec<_>) = members.into_iter().partition(|event| event.replaces.is_some());
    let Some(master) = newest(masters, &mut feed.skipped) else {
        let zone = horizon.from.time_zone();
        let at = |original: &Original| original.alone(|day| day.to_zoned(zone.clone()).ok());
        let exceptions = by_occurrence(exceptions, &mut feed.skipped, at);
        gone.iter().for_each(|gone| settle_gone(feed, gone));
        for (at, event) in exceptions {
            match event.status {
                _ if !event.onwards => {}
                AppointmentStatus::Cancelled => settle(feed, &event.uid, Which::From(key(at)), event.sequence),
                _ => feed.skipped.push(Skipped { line: event.line, reason: Omission::FollowingElsewhere }),
            }
            feed.entries.push(event.alone(key(at)));
        }
        return Ok(());
    };
    let Feed { entries, skipped, .. } = feed;
    let (uid, sequence) = (master.uid.clone(), master.sequence);
    let zone = master.start.time_zone().clone();
    let mut exceptions = by_occurrence(exceptions, skipped, |original| original.within(&master));
    // Beside its series an exception is as new as that, though it was numbered before.
    exceptions.values_mut().for_each(|event| event.sequence = event.sequence.max(sequence));
    if master.rules.is_empty() && master.more.is_empty() {
        entries.push(master.alone(String::new()));
    } else {
        let later: Vec<_> =
            exceptions.iter().filter(|(_, event)| event.onwards).map(|(at, event)| (*at, event.clone())).collect();
        let mut later = later.into_iter().peekable();
        // By how much the clock time of those behind it is another.
        let mut onwards: Option<(SignedDuration, Event)> = None;
        let told = skipped.len();
        let mut slots = slots(&master, horizon, purse, skipped)?;
        // From which occurrence on, and until which.
        let concerned = |gone: &Gone| {
            let from = gone.replaces.as_ref()?.within(&master).unwrap_or_else(|| master.start.timestamp());
            Some(from..=if gone.onwards { Timestamp::MAX } else { from })
        };
        for concerned in gone.iter().filter_map(concerned) {
            slots.range_mut(concerned).for_each(|(_, slot)| slot.excluded = true);
        }
        for concerned in withheld.iter().filter_map(|broken| concerned(broken)) {
            slots.retain(|at, _| !concerned.contains(at));
        }
        if slots.is_empty() && exceptions.is_empty() && skipped.len() == told {
            skipped.push(Skipped { line: master.line, reason: Omission::Elsewhen });
        }
        for (at, slot) in slots {
            while let Some((from, event)) = later.next_if(|(from, _)| *from <= at) {
                let there = event.start.with_time_zone(zone.clone()).datetime();
                onwards = Some((there.duration_since(zone.to_datetime(from)), event));
            }
            let entry = match (exceptions.remove(&at), &onwards) {
                // Whoever gave it a new time may have taken the old one out.
                (Some(event), _) => {
                    entries.push(event.alone(key(at)));
                    continue;
                }
                (None, Some((moved, event))) => {
                    let start = slot.start.datetime().checked_add(*moved).map(|at| at.to_zoned(zone.clone()));
                    let Ok(Ok(start)) = start else { continue };
                    event.at(key(at), start, event.length)
                }
                (None, None) => master.at(key(at), slot.start, slot.length),
            };
            let status = if slot.excluded { AppointmentStatus::Cancelled } else { entry.status };
            entries.push(Imported { status, ..entry });
        }
    }
    // Exceptions to occurrences outside of the horizon, or to none at all, are appointments of their own.
    entries.extend(exceptions.into_iter().map(|(at, event)| event.alone(key(at))));
    if withheld.is_empty() {
        settle(feed, &uid, Which::All, sequence);
    }
    Ok(())
}

/// The master with the highest SEQUENCE; of equals the last.
fn newest(mut masters: Vec<Event>, skipped: &mut Vec<Skipped>) -> Option<Event> {
    masters.sort_by_key(Event::version);
    let newest = masters.pop();
    skipped.extend(masters.iter().map(|event| Skipped { line: event.line, reason: Omission::Outdated }));
    newest
}

/// The exceptions by the occurrence they replace, the newest of each.
fn by_occurrence(
    mut exceptions: Vec<Event>,
    skipped: &mut Vec<Skipped>,
    at: impl Fn(&Original) -> Option<Timestamp>,
) -> BTreeMap<Timestamp, Event> {
    exceptions.sort_by_key(Event::version);
    let mut found = BTreeMap::new();
    for event in exceptions {
        let at = event.replaces.as_ref().and_then(&at).unwrap_or_else(|| event.start.timestamp());
        let old: Option<Event> = found.insert(at, event);
        if let Some(old) = old {
            skipped.push(Skipped { line: old.line, reason: Omission::Outdated });
        }
    }
    found
}

/// The occurrences of a series within the horizon, by their start.
fn slots(
    master: &Event,
    horizon: &Horizon,
    purse: &mut Purse,
    skipped: &mut Vec<Skipped>,
) -> Result<BTreeMap<Timestamp, Slot>, FeedError> {
    let zone = master.start.time_zone();
    let mut slots = BTreeMap::new();
    let mut put = |start: Zoned, length: SignedDuration| {
        if start >= horizon.from && start <= horizon.to {
            slots.insert(start.timestamp(), Slot { start, length, excluded: false });
        }
    };
    if master.rules.is_empty() {
        put(master.start.clone(), master.length);
    }
    for (line, rule) in &master.rules {
        let local = |moment: &Zoned| moment.with_time_zone(zone.clone()).datetime();
        let found = rule
            .occurrences(master.start.datetime(), local(&horizon.from), local(&horizon.to), purse)
            .map_err(|flaw| flaw.at(*line))?;
        skipped.extend(found.omission.map(|reason| Skipped { line: master.line, reason }));
        for start in found.starts {
            // A time that the clocks jump over does not happen (§3.3.10).
            let start = zone.to_ambiguous_zoned(start);
            if !matches!(start.offset(), AmbiguousOffset::Gap { .. })
                && let Ok(start) = start.compatible()
            {
                put(start, master.length);
            }
        }
    }
    for (moment, length) in &master.more {
        let start = match moment {
            Moment::Time(start) => Some(start.with_time_zone(zone.clone())),
            // At the hour of the start.
            Moment::Day(day) => day.to_datetime(master.start.time()).to_zoned(zone.clone()).ok(),
        };
        start.into_iter().for_each(|start| put(start, length.unwrap_or(master.length)));
    }
    let (mut days, mut astray) = (HashSet::new(), HashSet::new());
    for except in &master.except {
        match except {
            Moment::Time(at) => match slots.get_mut(&at.timestamp()) {
                Some(slot) => slot.excluded = true,
                None => drop(astray.insert(at.with_time_zone(zone.clone()).date())),
            },
            Moment::Day(day) => drop(days.insert(*day)),
        }
    }
    for slot in slots.values_mut() {
        slot.excluded |= days.contains(&slot.start.date());
    }
    if slots.values().any(|slot| !slot.excluded && astray.contains(&slot.start.date())) {
        skipped.push(Skipped { line: master.line, reason: Omission::StrayException });
    }
    Ok(slots)
}

/// The name of an occurrence within its series: its original start in UTC.
fn key(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

impl Event {
    /// An appointment at its own time.
    fn alone(mut self, recurrence: String) -> Imported {
        let (uid, subject) = (std::mem::take(&mut self.uid), std::mem::take(&mut self.subject));
        Imported { uid, subject, ..self.at(recurrence, self.start.clone(), self.length) }
    }

    /// An appointment at another.
    fn at(&self, recurrence: String, start: Zoned, length: SignedDuration) -> Imported {
        Imported {
            uid: self.uid.clone(),
            recurrence,
            also: Phi::default(),
            sequence: self.sequence,
            subject: self.subject.clone(),
            unnamed: false,
            end: start.checked_add(length).unwrap_or_else(|_| start.clone()),
            start,
            kind: self.kind,
            status: self.status,
            identifiers: Vec::new(),
        }
    }
}
