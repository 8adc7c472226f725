//! The first line of a note about a visit: start and stop belong to the main record (45 CFR 164.501).

use crate::base::Stamp;
use crate::record::{Path, Visit};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// `Video visit 2026-11-26, 10:00 to 10:48 (48 min, direct)`, or `…, from 10:00 (still running, direct)`. `None` for a
/// visit that never connected.
pub(super) fn of(visit: &Visit, zone: &TimeZone) -> Option<String> {
    let start = visit.connected?;
    let path = match visit.path {
        Some(Path::Direct) => ", direct",
        Some(Path::Relayed) => ", relayed",
        None => "",
    };
    let Some(stop) = visit.ended else { return Some(format!("{}{path})", running(start, zone))) };
    let minutes = (stop.0 - start.0).max(0) / 60_000;
    let (start, stop) = (local(start, zone), local(stop, zone));
    Some(format!(
        "Video visit {}, {} to {} ({minutes} min{path})",
        start.strftime("%Y-%m-%d"),
        start.strftime("%H:%M"),
        stop.strftime("%H:%M"),
    ))
}

/// The text with its first line completed, when that still says that this visit runs, and the visit has ended. What
/// the clinician wrote there instead is left alone.
pub(super) fn complete(text: &str, visit: &Visit, zone: &TimeZone) -> Option<String> {
    let begun = running(visit.connected?, zone);
    let (first, rest) = text.split_at(text.find('\n').unwrap_or(text.len()));
    let untouched = first.starts_with(&begun) && first.ends_with(')');
    if visit.ended.is_none() || !untouched {
        return None;
    }
    of(visit, zone).map(|line| format!("{line}{rest}"))
}

/// How the line of a visit that runs begins.
fn running(start: Stamp, zone: &TimeZone) -> String {
    let start = local(start, zone);
    format!("Video visit {}, from {} (still running", start.strftime("%Y-%m-%d"), start.strftime("%H:%M"))
}

fn local(at: Stamp, zone: &TimeZone) -> Zoned {
    Timestamp::from_millisecond(at.0).unwrap_or_default().to_zoned(zone.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{PatientId, VisitId};

    fn visit() -> Visit {
        Visit {
            id: VisitId::random(),
            patient: PatientId::random(),
            appointment: None,
            knocked: Stamp(0),
            admitted: None,
            connected: Some(Stamp(1_795_687_200_000)),
            ended: None,
            end_reason: None,
            path: Some(Path::Direct),
            codec: None,
            words: Vec::new(),
            words_compared: None,
            words_differed: false,
        }
    }

    #[test]
    fn note_begun_during_a_visit_says_when_it_ended() {
        let (zone, mut visit) = (TimeZone::UTC, visit());
        let begun = of(&visit, &zone).unwrap();
        assert_eq!(begun, "Video visit 2026-11-26, from 10:00 (still running, direct)");
        let text = format!("{begun}\n\nS: slept well.");
        assert_eq!(complete(&text, &visit, &zone), None, "it runs");
        visit.ended = Some(Stamp(1_795_687_200_000 + 48 * 60_000));
        visit.path = Some(Path::Relayed);
        let done = complete(&text, &visit, &zone).unwrap();
        assert_eq!(done, "Video visit 2026-11-26, 10:00 to 10:48 (48 min, relayed)\n\nS: slept well.");
        assert_eq!(complete(&done, &visit, &zone), None, "once");
        assert_eq!(complete("By video, as agreed.", &visit, &zone), None, "the clinician's own words stay");
    }
}
