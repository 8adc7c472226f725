//! Appointments as iCalendar events (RFC 5545), their times in UTC.

use crate::record::{Appointment, AppointmentKind, AppointmentStatus, Patient};
use jiff::tz::TimeZone;

/// What the file begins with; the notice, if there is one, as the calendar's description (RFC 7986 §5.2).
pub(super) fn head(notice: Option<&str>) -> String {
    let described = notice.map_or(String::new(), |notice| folded(&format!("DESCRIPTION:{}", escaped(notice))));
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//bedside//export 1//EN\r\n{described}")
}

/// And ends with.
pub(super) const FOOT: &str = "END:VCALENDAR\r\n";
/// Bytes of a line, without its end (§3.1).
const LINE_BYTES: usize = 75;

/// One appointment; the notice, if there is one, as its comment, for calendars take in events and not the file.
pub(super) fn event(patient: Option<&Patient>, appointment: &Appointment, notice: Option<&str>) -> String {
    let utc = |at: &jiff::Zoned| at.with_time_zone(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string();
    let status = match appointment.status {
        AppointmentStatus::Proposed => "TENTATIVE",
        AppointmentStatus::Cancelled | AppointmentStatus::Noshow => "CANCELLED",
        AppointmentStatus::Booked | AppointmentStatus::Arrived | AppointmentStatus::Fulfilled => "CONFIRMED",
    };
    let how = match appointment.kind {
        AppointmentKind::Visit => "by video",
        AppointmentKind::InPerson => "in the practice",
    };
    let summary = patient.map_or(appointment.subject.expose(), |patient| patient.name.expose());
    let lines = [
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}@bedside", appointment.id),
        format!("DTSTAMP:{}", utc(&appointment.start)),
        format!("DTSTART:{}", utc(&appointment.start)),
        format!("DTEND:{}", utc(&appointment.end)),
        format!("SUMMARY:{}", escaped(summary)),
        format!("DESCRIPTION:{}", escaped(&format!("{}, {how}", appointment.status.as_str()))),
        format!("STATUS:{status}"),
    ];
    let comment = notice.map(|notice| format!("COMMENT:{}", escaped(notice)));
    let end = std::iter::once("END:VEVENT".to_owned());
    lines.into_iter().chain(comment).chain(end).map(|line| folded(&line)).collect()
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
    fn text_cannot_add_properties() {
        assert_eq!(escaped("a\r\nATTACH:http://x; b, c\\\u{7}"), "a\\nATTACH:http://x\\; b\\, c\\\\");
    }
}
