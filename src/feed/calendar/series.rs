//! From events to occurrences: the newest version of each, its rule worked out, its exceptions put in their places.

use super::super::{APPOINTMENTS_MAX, FeedError, Flaw, Omission, Skipped};
use super::event::{Event, Moment};
use super::rule::{Horizon, Purse};
use crate::base::Phi;
use crate::record::{AppointmentStatus, Imported};
use jiff::tz::AmbiguousOffset;
use jiff::{SignedDuration, Timestamp, Zoned};
use std::collections::BTreeMap;

/// The events of a file, by UID.
#[derive(Default)]
pub(super) struct Series {
    members: BTreeMap<Phi<String>, Members>,
}

/// What has one UID.
#[derive(Default)]
struct Members {
    masters: Vec<Event>,
    exceptions: Vec<Event>,
}

/// One occurrence of a series before its exceptions are applied.
struct Slot {
    start: Zoned,
    length: SignedDuration,
    excluded: bool,
}

impl Series {
    pub(super) fn add(&mut self, event: Event) {
        let members = self.members.entry(event.uid.clone()).or_default();
        if event.replaces.is_some() { members.exceptions.push(event) } else { members.masters.push(event) }
    }

    /// Every occurrence within the horizon, and every single appointment of any time, in order of time.
    pub(super) fn unroll(self, horizon: &Horizon, skipped: &mut Vec<Skipped>) -> Result<Vec<Imported>, FeedError> {
        let mut entries = Vec::new();
        let mut purse = Purse::full();
        for members in self.members.into_values() {
            let line = members.masters.first().or(members.exceptions.first()).map_or(0, |event| event.line);
            members.unroll(horizon, &mut purse, skipped, &mut entries)?;
            if entries.len() > APPOINTMENTS_MAX {
                return Err(Flaw::TooManyAppointments.at(line));
            }
        }
        for entry in &mut entries {
            // A time in UTC says nothing about where: it is shown where the practice is.
            if entry.start.time_zone().iana_name().is_none_or(|name| name == "UTC" || name == "Etc/UTC") {
                entry.start = entry.start.with_time_zone(horizon.from.time_zone().clone());
            }
            entry.end = entry.end.with_time_zone(entry.start.time_zone().clone());
        }
        entries.sort_by(|a, b| (&a.start, &a.uid, &a.recurrence).cmp(&(&b.start, &b.uid, &b.recurrence)));
        Ok(entries)
    }
}

impl Members {
    fn unroll(
        self,
        horizon: &Horizon,
        purse: &mut Purse,
        skipped: &mut Vec<Skipped>,
        entries: &mut Vec<Imported>,
    ) -> Result<(), FeedError> {
        let Some(master) = newest(self.masters, skipped) else {
            let exceptions = by_occurrence(self.exceptions, skipped, |day| {
                day.at(0, 0, 0, 0).to_zoned(horizon.from.time_zone().clone()).ok()
            });
            entries.extend(
                exceptions.into_iter().map(|(at, event)| imported(&event, key(at), event.start.clone(), event.length)),
            );
            return Ok(());
        };
        let zone = master.start.time_zone().clone();
        // A day as RECURRENCE-ID of a timed series means its occurrence on that day.
        let on_day = |day: jiff::civil::Date| day.to_datetime(master.start.time()).to_zoned(zone.clone()).ok();
        let mut exceptions = by_occurrence(self.exceptions, skipped, on_day);
        let single = master.rules.is_empty() && master.more.is_empty();
        if single {
            entries.push(imported(&master, String::new(), master.start.clone(), master.length));
        } else {
            let mut onwards: Option<(SignedDuration, Event)> = None;
            let later: Vec<(Timestamp, Event)> =
                exceptions.iter().filter(|(_, event)| event.onwards).map(|(at, event)| (*at, event.clone())).collect();
            let mut later = later.into_iter().peekable();
            for (at, slot) in slots(&master, horizon, purse, skipped)? {
                while let Some((from, event)) = later.next_if(|(from, _)| *from <= at) {
                    onwards = Some((event.start.timestamp().duration_since(from), event));
                }
                let entry = match (exceptions.remove(&at), &onwards) {
                    (Some(event), _) => imported(&event, key(at), event.start.clone(), event.length),
                    (None, Some((moved, event))) => {
                        let Ok(start) = slot.start.checked_add(*moved) else { continue };
                        imported(event, key(at), start, event.length)
                    }
                    (None, None) => imported(&master, key(at), slot.start, slot.length),
                };
                let status = if slot.excluded { AppointmentStatus::Cancelled } else { entry.status };
                entries.push(Imported { status, ..entry });
            }
        }
        // Exceptions to occurrences outside of the horizon, or to none at all, are appointments of their own.
        entries.extend(
            exceptions.into_iter().map(|(at, event)| imported(&event, key(at), event.start.clone(), event.length)),
        );
        Ok(())
    }
}

/// The master with the highest SEQUENCE; of equals the last.
fn newest(mut masters: Vec<Event>, skipped: &mut Vec<Skipped>) -> Option<Event> {
    masters.sort_by_key(|event| (event.sequence, event.line));
    let newest = masters.pop();
    skipped.extend(masters.iter().map(|event| Skipped { line: event.line, reason: Omission::Outdated }));
    newest
}

/// The exceptions by the occurrence they replace, the newest of each.
fn by_occurrence(
    mut exceptions: Vec<Event>,
    skipped: &mut Vec<Skipped>,
    on_day: impl Fn(jiff::civil::Date) -> Option<Zoned>,
) -> BTreeMap<Timestamp, Event> {
    exceptions.sort_by_key(|event| (event.sequence, event.line));
    let mut found = BTreeMap::new();
    for event in exceptions {
        let at = match &event.replaces {
            Some(Moment::Time(at)) => at.timestamp(),
            Some(Moment::Day(day)) => on_day(*day).map_or(event.start.timestamp(), |at| at.timestamp()),
            None => event.start.timestamp(),
        };
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
    for rule in &master.rules {
        let found =
            rule.occurrences(master.start.datetime(), horizon, zone, purse).map_err(|flaw| flaw.at(master.line))?;
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
        if let Moment::Time(start) = moment {
            put(start.with_time_zone(zone.clone()), length.unwrap_or(master.length));
        }
    }
    for except in &master.except {
        match except {
            Moment::Time(at) => {
                if let Some(slot) = slots.get_mut(&at.timestamp()) {
                    slot.excluded = true;
                }
            }
            Moment::Day(day) => {
                slots.values_mut().filter(|slot| slot.start.date() == *day).for_each(|slot| slot.excluded = true);
            }
        }
    }
    Ok(slots)
}

/// The name of an occurrence within its series: its original start in UTC.
fn key(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn imported(event: &Event, recurrence: String, start: Zoned, length: SignedDuration) -> Imported {
    let end = start.checked_add(length).unwrap_or_else(|_| start.clone());
    Imported {
        uid: event.uid.clone(),
        recurrence,
        sequence: event.sequence,
        subject: event.subject.clone(),
        start,
        end,
        kind: event.kind,
        status: event.status,
    }
}
