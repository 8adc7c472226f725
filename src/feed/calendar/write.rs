//! Appointments as events (§3.6.1). Each is one occurrence at its own time in UTC, so that no reader has to know a zone
//! or a rule; its UID stays, so that a calendar that takes it in again has it once.

use crate::record::{Appointment, AppointmentKind, AppointmentStatus};
use jiff::{Timestamp, Zoned};

/// What a file begins with; the notice, if there is one, as the calendar's description (RFC 7986 §5.2).
pub fn head(notice: Option<&str>) -> String {
    let described = notice.map_or(String::new(), |notice| folded(&format!("DESCRIPTION:{}", escaped(notice))));
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//bedside//export 1//EN\r\n{described}")
}

/// And ends with.
pub const FOOT: &str = "END:VCALENDAR\r\n";
/// Bytes of a line, without its end (§3.1).
const LINE_BYTES: usize = 75;
/// Where those are who do not meet on a screen.
const PLACE: &str = "In the practice";

/// One appointment.
pub struct Event<'a> {
    /// What the calendar shows.
    pub summary: &'a str,
    /// The appointment itself.
    pub appointment: &'a Appointment,
    /// When this was written; of two with one UID the later counts. Where it must always be written the same, `None`.
    pub written: Option<Timestamp>,
    /// What has to stand with it: as its comment, for calendars take in events and not the file.
    pub notice: Option<&'a str>,
}

impl std::fmt::Display for Event<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let appointment = self.appointment;
        let utc = |at: Timestamp| at.strftime("%Y%m%dT%H%M%SZ");
        let time = |at: &Zoned| utc(at.timestamp());
        let status = match appointment.status {
            AppointmentStatus::Proposed => "TENTATIVE",
            AppointmentStatus::Cancelled | AppointmentStatus::Noshow => "CANCELLED",
            AppointmentStatus::Booked | AppointmentStatus::Arrived | AppointmentStatus::Fulfilled => "CONFIRMED",
        };
        let (how, place) = match appointment.kind {
            AppointmentKind::Visit => ("by video", None),
            AppointmentKind::InPerson => ("in the practice", Some(PLACE)),
        };
        let mut line = |line: String| f.write_str(&folded(&line));
        line("BEGIN:VEVENT".to_owned())?;
        line(format!("UID:{}@bedside", appointment.id))?;
        line(format!("SEQUENCE:{}", appointment.source.as_ref().map_or(0, |source| source.sequence)))?;
        line(format!("DTSTAMP:{}", utc(self.written.unwrap_or(appointment.start.timestamp()))))?;
        line(format!("DTSTART:{}", time(&appointment.start)))?;
        // It must be later than the start (§3.8.2.2); without it, it is the same (§3.6.1).
        if appointment.end > appointment.start {
            line(format!("DTEND:{}", time(&appointment.end)))?;
        }
        line(format!("SUMMARY:{}", escaped(self.summary)))?;
        line(format!("DESCRIPTION:{}", escaped(&format!("{}, {how}", appointment.status.as_str()))))?;
        place.map_or(Ok(()), |place| line(format!("LOCATION:{place}")))?;
        line(format!("STATUS:{status}"))?;
        line("CLASS:PRIVATE".to_owned())?;
        self.notice.map_or(Ok(()), |notice| line(format!("COMMENT:{}", escaped(notice))))?;
        line("END:VEVENT".to_owned())
    }
}

/// A file with one appointment.
pub fn one(event: &Event<'_>) -> String {
    format!("{}{event}{FOOT}", head(event.notice))
}

/// TEXT (§3.3.11); other control characters have no place in it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A content line, folded between characters, and its end.
fn folded(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let mut length = 0;
    for c in line.chars() {
        if length + c.len_utf8() > LINE_BYTES {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(c);
        length += c.len_utf8();
    }
    out + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_fold_between_characters_and_unfold_to_what_they_were() {
        let line = format!("SUMMARY:{}", "Zoë 陽子 ".repeat(40));
        let folded = folded(&line);
        assert!(folded.split("\r\n").all(|line| line.len() <= LINE_BYTES));
        assert_eq!(folded.replace("\r\n ", ""), format!("{line}\r\n"));
    }

    #[test]
    fn appointment_of_no_minutes_has_no_end_and_is_read_with_none() {
        use crate::base::Stamp;
        use crate::base::id::AppointmentId;
        use crate::feed::{Reading, read};
        let start: Zoned = "2026-11-26T15:00[Europe/Berlin]".parse().unwrap();
        for (minutes, ends) in [(0, 0), (50, 1)] {
            let end = start.saturating_add(jiff::Span::new().minutes(minutes));
            let appointment = Appointment::booked(AppointmentId::random(), start.clone(), end.clone());
            let text = one(&Event { summary: "Ada", appointment: &appointment, written: None, notice: None });
            assert_eq!(text.matches("DTEND").count(), ends, "{text}");
            let feed = read(text.as_bytes(), &Reading::new(start.time_zone().clone(), Stamp(0))).unwrap();
            assert_eq!(feed.entries[0].end, end);
        }
    }

    #[test]
    fn text_cannot_add_properties() {
        assert_eq!(escaped("a\r\nATTACH:http://x; b, c\\\u{7}"), "a\\nATTACH:http://x\\; b\\, c\\\\");
    }
}
