//! Which time zone a TZID means: an IANA name, what the file defines by it (§3.6.5), or a name Windows has for one.
//!
//! The name of a place is what it says. Of any other name what the file defines counts (§3.2.19), and a zone that the
//! world knows by it stands for that where both agree: definitions are often short of the past or of the future. A
//! definition without such a name (Exchange's "Customized Time Zone") is worked out.

use super::definition::Definition;
use super::layout::{Line, Lines};
use super::rule::Purse;
use super::value;
use calcard::common::timezone::Tz;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use std::collections::HashMap;
use std::ops::Range;
use std::str::FromStr;

/// The years for which the rules of a definition are worked out.
pub(super) const YEARS: Range<i16> = 1970..2100;
/// What a zone is called that only the file knows.
pub(super) const UNNAMED: &str = "Etc/Unknown";
/// The longest TZID.
const ID_MAX_BYTES: usize = 255;
/// So many names of zones are looked up once, and so many may be defined.
const ZONES_MAX: usize = 1_000;
/// Parts that the name of a place has at most: `America/Argentina/Buenos_Aires`.
const PARTS_MAX: usize = 3;

/// Names for which calcard has none, or a zone with other clocks: as CLDR has them, or as the offset says that stands
/// before them in Windows ("(GMT-06:00) Saskatchewan").
const WINDOWS: [(&str, &str); 16] = [
    ("Alberta Standard Time", "America/Edmonton"),
    ("British Columbia Standard Time", "America/Vancouver"),
    ("Canada Central", "America/Regina"),
    ("Central Asia Standard Time", "Asia/Bishkek"),
    ("Coordinated Universal Time", "Etc/UTC"),
    ("Dateline", "Etc/GMT+12"),
    ("Dateline Standard Time", "Etc/GMT+12"),
    ("E. Europe", "Europe/Chisinau"),
    ("E. South America", "America/Sao_Paulo"),
    ("Eniwetok, Kwajalein, Dateline Time", "Etc/GMT+12"),
    ("Manitoba Standard Time", "America/Winnipeg"),
    ("Mexico Standard Time 2", "America/Mazatlan"),
    ("Mountain Standard Time (Mexico)", "America/Mazatlan"),
    ("N. Central Asia", "Asia/Novosibirsk"),
    ("Saskatchewan", "America/Regina"),
    ("South Sudan Standard Time", "Africa/Juba"),
];
/// The same for the numbers that Exchange has for zones.
const EXCHANGE: [(&str, &str); 2] = [("36", "America/Regina"), ("39", "Etc/GMT+12")];

/// The zones of one file.
pub(in crate::feed) struct Zones<'a> {
    /// For times that name none: the practice's, or what the calendar calls its own (X-WR-TIMEZONE).
    pub(in crate::feed) usual: TimeZone,
    /// What the file itself defines, as it stands there; `None` for what it defines in two ways.
    defined: HashMap<Vec<u8>, Option<&'a [u8]>>,
    /// What was looked up: a file has a handful of zones.
    known: HashMap<Vec<u8>, Meaning>,
    /// Pays for rules.
    pub(super) purse: Purse,
    /// Pays for the dates that events name beside them.
    pub(super) dates: Purse,
}

/// What a TZID may mean.
struct Meaning {
    /// Tells it from others.
    number: usize,
    known: Option<Known>,
    definition: Option<Definition>,
}

/// A zone that the world knows.
pub(super) struct Known {
    pub(super) zone: TimeZone,
    /// By the name of a place, as the IANA database has it: no definition overrules it.
    pub(super) place: bool,
}

impl<'a> Zones<'a> {
    /// Those that a file defines, wherever in it: a zone may stand after the event that uses it. One that makes no
    /// sense matters only once a time uses it.
    pub(in crate::feed) fn of(bytes: &'a [u8], practice: TimeZone) -> Self {
        let (purse, dates) = (Purse::full(), Purse::full());
        let mut zones = Self { usual: practice, defined: HashMap::new(), known: HashMap::new(), purse, dates };
        let mut rest = bytes;
        while let Some(at) = memchr::memmem::find(rest, b"BEGIN:VTIMEZONE") {
            let from = rest.get(at..).unwrap_or_default();
            let mut lines = Lines::of(from);
            let mut id = None;
            for line in lines.by_ref() {
                if line.component("END").is_some_and(|kind| kind.eq_ignore_ascii_case(b"VTIMEZONE")) {
                    break;
                }
                if id.is_none() && line.is("TZID") {
                    id = line.property().ok().and_then(|id| id.text().ok()).map(|id| value::text(id).into_owned());
                }
            }
            rest = lines.rest;
            let text = from.get(..from.len() - rest.len()).unwrap_or_default();
            let Some(id) = id.filter(|id| id.len() <= ID_MAX_BYTES).map(String::into_bytes) else { continue };
            let room = zones.defined.len() < ZONES_MAX;
            match zones.defined.get_mut(&id) {
                Some(known) if known.is_some_and(|known| !Lines::of(known).eq(Lines::of(text))) => *known = None,
                None if room => drop(zones.defined.insert(id, Some(text))),
                _ => {}
            }
        }
        zones
    }

    /// The zone a TZID means whenever it is. `None` if nobody can tell: a guess would move appointments.
    pub(in crate::feed) fn find(&mut self, id: &[u8]) -> Option<TimeZone> {
        self.meant(id, |meaning, purse| match (&meaning.known, &mut meaning.definition) {
            (Some(known), _) => Some(known.zone.clone()),
            (None, definition) => definition.as_mut()?.whole(purse),
        })
    }

    /// The zone it means at a time, which is on the clocks there.
    pub(super) fn at(&mut self, id: &[u8], local: DateTime) -> Option<TimeZone> {
        self.meant(id, |Meaning { known, definition, .. }, purse| {
            let defined = definition.as_mut();
            let Some(known) = known else { return defined?.whole(purse) };
            let Some(defined) = defined else { return Some(known.zone.clone()) };
            if defined.overrules(known, local, purse) { defined.whole(purse) } else { Some(known.zone.clone()) }
        })
    }

    /// What tells it from the others that were looked up.
    pub(super) fn number(&self, id: &[u8]) -> Option<usize> {
        self.known.get(id).map(|meaning| meaning.number)
    }

    fn meant(
        &mut self,
        id: &[u8],
        tell: impl FnOnce(&mut Meaning, &mut Purse) -> Option<TimeZone>,
    ) -> Option<TimeZone> {
        let Self { known, defined, purse, .. } = self;
        if let Some(meaning) = known.get_mut(id) {
            return tell(meaning, purse);
        }
        if id.len() > ID_MAX_BYTES {
            return None;
        }
        let by_name = named(std::str::from_utf8(id).ok()?);
        let is_place = |known: &Option<Known>| known.as_ref().is_some_and(|known| known.place);
        // What it defines beside the name of a place is not asked for.
        let text = defined.get(id).copied().flatten();
        let mut definition = text.filter(|_| !is_place(&by_name)).map(|text| Definition::read(text, purse));
        let alias = definition.as_mut().and_then(|definition| definition.alias.take());
        let by_name = by_name.or(alias);
        definition = definition.filter(|_| !is_place(&by_name));
        let mut meaning = Meaning { number: known.len(), known: by_name, definition };
        let told = tell(&mut meaning, purse);
        // All that are defined are kept: they were dear.
        if known.len() < ZONES_MAX || text.is_some() {
            known.insert(id.to_vec(), meaning);
        }
        told
    }
}

impl Known {
    /// Which zone a definition says it is.
    pub(super) fn of_alias(line: &Line<'_>) -> Option<Self> {
        let text = || line.property().ok()?.text().ok().filter(|text| text.len() <= ID_MAX_BYTES);
        if line.is("X-LIC-LOCATION") {
            return named(text()?);
        }
        let number = text()?;
        let zone = listed(&EXCHANGE, number).or_else(|| Tz::from_ms_cdo_zone_id(number).and_then(iana))?;
        Some(Self { zone, place: false })
    }
}

/// A zone by a name that the world knows: `Europe/Berlin`, `/mozilla.org/20050126_1/Europe/Berlin`,
/// `W. Europe Standard Time`, `UTC+01:00`.
fn named(id: &str) -> Option<Known> {
    let path = id.trim_start_matches('/');
    let cut = path.rmatch_indices('/').nth(PARTS_MAX - 1);
    let end = cut.and_then(|(at, _)| path.get(at + 1..)).unwrap_or(path);
    let mut tails = std::iter::successors(Some(end), |path| path.split_once('/').map(|(_, tail)| tail));
    let olson = tails.find_map(|tail| {
        let place = tail.contains('/') && !tail.starts_with("Etc/");
        Some(Known { zone: TimeZone::get(tail).ok()?, place })
    });
    let offset = || value::offset(id.strip_prefix("UTC").or(id.strip_prefix("GMT"))?.as_bytes());
    let windows = || {
        // What stands before a name is its offset: "(GMT-06:00) Saskatchewan".
        let bare = path.strip_prefix('(').and_then(|path| path.split_once(')')).map_or(path, |(_, name)| name.trim());
        listed(&WINDOWS, bare).or_else(|| Tz::from_str(path).ok().and_then(iana))
    };
    olson.or_else(|| {
        let zone = windows().or_else(|| offset().map(TimeZone::fixed))?;
        Some(Known { zone, place: false })
    })
}

fn listed(table: &[(&str, &str)], name: &str) -> Option<TimeZone> {
    let (_, iana) = table.iter().find(|(known, _)| *known == name)?;
    TimeZone::get(iana).ok()
}

fn iana(zone: Tz) -> Option<TimeZone> {
    let name = zone.name()?;
    // calcard falls back to the offset in "(UTC+01:00) Somewhere", which is wrong for half of the year.
    if name.starts_with("Etc/GMT") { None } else { TimeZone::get(&name).ok() }
}
