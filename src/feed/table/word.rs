//! What words in a cell mean: a status, yes or no, a length, by video or not.

use super::super::word::{is_cancelled, kind_of_place, on_screen};
use super::date;
use super::header::letters;
use crate::record::{AppointmentKind, AppointmentStatus};
use jiff::SignedDuration;

const STATUSES: [(AppointmentStatus, &[&str]); 6] = {
    use AppointmentStatus::{Arrived, Booked, Cancelled, Fulfilled, Noshow, Proposed};
    [
        (Proposed, &["proposed", "tentative", "pending", "requested", "unconfirmed", "vorläufig", "angefragt"]),
        (
            Booked,
            &["booked", "confirmed", "scheduled", "accepted", "active", "busy", "gebucht", "bestätigt", "geplant"],
        ),
        (Arrived, &["arrived", "checkedin", "checkin", "inprogress", "started", "eingetroffen"]),
        (Fulfilled, &["fulfilled", "completed", "complete", "attended", "kept", "done", "finished", "erledigt"]),
        (Cancelled, &["latecancel", "latecancelled", "latecanceled", "abgesagt", "storniert", "storno"]),
        (Noshow, &["noshow", "missed", "didnotattend", "dna", "nichterschienen"]),
    ]
};

/// The status a word means. `None` if nobody knows.
pub(super) fn status(text: &str) -> Option<AppointmentStatus> {
    let word: String = letters(text).take(40).collect();
    if word.is_empty() {
        return Some(AppointmentStatus::Booked);
    }
    if is_cancelled(&word) {
        return Some(AppointmentStatus::Cancelled);
    }
    STATUSES.iter().find(|(_, words)| words.contains(&word.as_str())).map(|(status, _)| *status)
}

/// Whether it says yes.
pub(super) fn yes(text: &str) -> bool {
    ["true", "yes", "y", "x", "1", "on", "wahr", "ja", "ein"].iter().any(|word| letters(text).eq(word.chars()))
}

/// Whether it says no, or nothing.
pub(super) fn no(text: &str) -> bool {
    const NO: [&str; 12] = ["", "no", "n", "none", "never", "false", "f", "null", "na", "falsch", "nein", "nie"];
    // "0000-00-00" is how a database writes that it never was.
    letters(text).all(|letter| letter == '0') || NO.iter().any(|word| letters(text).eq(word.chars()))
}

/// Whether somebody says so who is asked whether it was cancelled: yes, in words, or when. `None` if nobody knows.
pub(super) fn cancelled(text: &str) -> Option<bool> {
    let word: String = letters(text).take(40).collect();
    match word.as_str() {
        _ if no(text) => Some(false),
        "t" => Some(true),
        word if yes(text) || is_cancelled(word) || date::read(text).is_some() => Some(true),
        _ => None,
    }
}

/// Whether it says that something happens more than once, in whatever words.
pub(super) fn repeats(text: &str) -> bool {
    !no(text) && !["once", "single", "doesnotrepeat"].iter().any(|word| letters(text).eq(word.chars()))
}

/// A length: `50`, `50 min`, `0:50`, `1h 30m`, `PT50M`. A number alone counts minutes.
pub(super) fn length(text: &str) -> Option<SignedDuration> {
    if text.len() <= 8 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        let minutes: f64 = text.parse().ok()?;
        return SignedDuration::try_from_secs_f64((minutes * 60.0).round()).ok();
    }
    if let Some((hours, minutes)) = text.split_once(':')
        && let (Ok(hours), Ok(minutes @ 0..60)) = (hours.parse::<u8>(), minutes.parse::<u8>())
    {
        return Some(SignedDuration::from_mins(i64::from(hours) * 60 + i64::from(minutes)));
    }
    text.parse().ok().filter(|length: &SignedDuration| !length.is_negative())
}

/// By video or in the room: by the place, and by what sort of appointment it is where there is none.
pub(super) fn kind(place: &str, sort: &str) -> AppointmentKind {
    const ROOM: [&str; 6] = ["inperson", "facetoface", "onsite", "inoffice", "vorort", "präsenz"];
    let sort: String = letters(sort).take(200).collect();
    match place {
        _ if on_screen(&sort) => AppointmentKind::Visit,
        "" if ROOM.iter().any(|word| sort.contains(word)) => AppointmentKind::InPerson,
        place => kind_of_place(place),
    }
}
