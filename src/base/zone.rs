//! Time zones by name, as this machine has them, and times in them that outlive a change of their rules.

use jiff::Zoned;
use jiff::civil::DateTime;
use jiff::fmt::temporal::{DateTimeParser, DateTimePrinter, Pieces, PiecesOffset, TimeZoneAnnotationKind};
use jiff::tz::{OffsetConflict, TimeZone};
use std::borrow::Cow;
use std::fmt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Where Unix keeps them, unless TZDIR says another place.
const FOLDER: &str = "/usr/share/zoneinfo";

/// What was found before: a console asks with every frame.
static KNOWN: Mutex<Vec<(String, TimeZone)>> = Mutex::new(Vec::new());

/// More zones than a practice and its patients live in.
const KNOWN_MAX: usize = 64;

/// The zone with this IANA name. Looks into the file of that name first: jiff makes a list of all there are before it
/// gives one, which a short command need not pay for.
pub fn find(name: &str) -> Option<TimeZone> {
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, zone)) = known.iter().find(|(known, _)| known == name) {
        return Some(zone.clone());
    }
    let found = read(name).or_else(|| TimeZone::get(name).ok())?;
    if known.len() < KNOWN_MAX {
        known.push((name.to_owned(), found.clone()));
    }
    Some(found)
}

fn read(name: &str) -> Option<TimeZone> {
    // A name, not a way through the file system; and UTC needs no file.
    let named = name.split('/').all(|part| !part.is_empty() && !part.starts_with('.'));
    if !named || name.eq_ignore_ascii_case("UTC") {
        return None;
    }
    let folder = std::env::var_os("TZDIR").unwrap_or_else(|| FOLDER.into());
    TimeZone::tzif(name, &std::fs::read(Path::new(&folder).join(name)).ok()?).ok()
}

/// A zone as text: its name, its offset or its rule (POSIX TZ).
pub fn to_text(zone: &TimeZone) -> Cow<'_, str> {
    let unnamed = || DateTimePrinter::new().time_zone_to_string(zone).map_or(Cow::Borrowed("UTC"), Cow::Owned);
    zone.iana_name().map_or_else(unnamed, Cow::Borrowed)
}

/// The zone of such a text.
pub fn from_text(text: &str) -> Option<TimeZone> {
    find(text).or_else(|| DateTimeParser::new().parse_time_zone(text).ok())
}

/// Reads a time as jiff writes it (RFC 9557), whatever has become of its zone since: if the zone's rules are others now, it
/// stays at its hour on the clocks there; if nobody knows the zone any more, it stays the moment it was.
fn moment(text: &str) -> Option<Zoned> {
    let pieces = Pieces::parse(text).ok()?;
    let Some(PiecesOffset::Numeric(offset)) = pieces.offset() else { return text.parse().ok() };
    let offset = offset.offset();
    let at = DateTime::from_parts(pieces.date(), pieces.time()?);
    let zone = match pieces.time_zone_annotation()?.kind() {
        TimeZoneAnnotationKind::Named(name) => find(name.as_str()),
        _ => None,
    };
    let Some(zone) = zone else { return Some(offset.to_timestamp(at).ok()?.to_zoned(TimeZone::fixed(offset))) };
    OffsetConflict::PreferOffset.resolve(at, offset, zone).ok()?.compatible().ok()
}

/// For `#[serde(with = "crate::base::zone::zoned")]` on what is kept: jiff alone refuses a time whose zone has other rules
/// by now, and with it the record.
pub mod zoned {
    use super::*;
    use serde::de::{Deserializer, Error, Visitor};
    use serde::{Serialize, Serializer};

    /// Writes it as jiff does.
    pub fn serialize<S: Serializer>(at: &Zoned, to: S) -> Result<S::Ok, S::Error> {
        at.serialize(to)
    }

    /// Reads it.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Zoned, D::Error> {
        from.deserialize_str(Text)
    }

    struct Text;

    impl Visitor<'_> for Text {
        type Value = Zoned;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a time with its zone")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Zoned, E> {
            moment(text).ok_or_else(|| E::custom("that is no time with its zone"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use jiff::tz::offset;

    #[test]
    fn zone_is_what_jiff_finds_and_no_name_leads_elsewhere() {
        for name in ["Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "UTC", "europe/berlin"] {
            let [ours, theirs] = [find(name), TimeZone::get(name).ok()].map(|zone| zone.expect("known everywhere"));
            for at in [date(2026, 7, 1), date(2027, 1, 1)].map(|day| day.at(12, 0, 0, 0)) {
                assert_eq!(
                    ours.to_timestamp(at).expect("a moment"),
                    theirs.to_timestamp(at).expect("a moment"),
                    "{name}"
                );
            }
            assert_eq!(ours.iana_name(), theirs.iana_name());
        }
        for name in ["", "/etc/localtime", "../zoneinfo/UTC", "Europe/../Europe/Berlin", "Europe/", "Nowhere/Land"] {
            assert!(find(name).is_none(), "{name}");
        }
    }

    #[test]
    fn time_stays_what_it_was_whatever_became_of_its_zone() {
        let read = |text: &str| moment(text).map(|at| at.to_string());
        for same in [
            "2027-07-01T10:00:00+02:00[Europe/Berlin]",
            // Shown twice on that day; the second time.
            "2027-10-31T02:30:00+01:00[Europe/Berlin]",
            "2027-07-01T10:00:00.5+00:00[UTC]",
            "2027-07-01T10:00:00-03:00[-03:00]",
        ] {
            assert_eq!(read(same).as_deref(), Some(same));
            assert_eq!(moment(same), same.parse().ok());
        }
        let read = |text: &str| read(text).expect("a time");
        assert_eq!(read("2027-07-01T10:00:00+01:00[Europe/Berlin]"), "2027-07-01T10:00:00+02:00[Europe/Berlin]");
        assert_eq!(read("2027-07-01T10:00:00-05:00[Nowhere/Land]"), "2027-07-01T10:00:00-05:00[-05:00]");
        assert_eq!(read("2027-07-01T10:00:00Z[Europe/Berlin]"), "2027-07-01T12:00:00+02:00[Europe/Berlin]");
        for no_time in ["", "2027-07-01", "2027-07-01T10:00:00+02:00", "2027-07-01T10:00[Europe/Berlin", "tomorrow"] {
            assert_eq!(moment(no_time), None, "{no_time}");
        }
    }

    #[test]
    fn zone_comes_back_from_its_text() {
        let rule = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").expect("a rule");
        for zone in [TimeZone::UTC, find("Asia/Tokyo").expect("known"), TimeZone::fixed(offset(-3)), rule] {
            let back = from_text(&to_text(&zone)).expect("it was a zone");
            let at = date(2026, 7, 1).at(12, 0, 0, 0);
            assert_eq!(back.to_timestamp(at).expect("a moment"), zone.to_timestamp(at).expect("a moment"));
        }
    }
}
