//! Words as feeds write them: on one line, not too long, and which of them mean a screen.

use crate::record::AppointmentKind;

/// The longest text that is kept, in characters.
pub(super) const TEXT_MAX_CHARS: usize = 300;

/// A text on one line, without control characters and not too long.
pub(super) fn clip(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(TEXT_MAX_CHARS).collect();
    line.trim().to_owned()
}

/// Names that a place or a kind of appointment has only when it is a picture on a screen.
const SCREEN: [&str; 16] = [
    "zoom",
    "teams",
    "meet.google",
    "google meet",
    "webex",
    "skype",
    "facetime",
    "jitsi",
    "whereby",
    "doxy",
    "video",
    "telehealth",
    "telemed",
    "televisit",
    "online",
    "virtual",
];

/// Whether a text says that they meet on a screen: one of its words begins so.
pub(super) fn on_screen(text: &str) -> bool {
    let (mut rest, mut inside) = (text.as_bytes(), false);
    while let [first, tail @ ..] = rest {
        let begins =
            |word: &&str| rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()));
        if !inside && SCREEN.iter().any(begins) {
            return true;
        }
        (rest, inside) = (tail, first.is_ascii_alphanumeric());
    }
    false
}

/// Whether the small letters of a status say that it does not take place: "canceledbyclient", "latecancellation".
pub(super) fn is_cancelled(letters: &str) -> bool {
    let done = ["canceled", "cancelled"].iter().find_map(|word| letters.split_once(word)).map(|(before, _)| before);
    let last = ["cancel", "cancellation"].iter().find_map(|word| letters.strip_suffix(word));
    let undone = |before: &str| ["no", "not", "non", "un", "never"].iter().any(|word| before.ends_with(word));
    letters.starts_with("cancel")
        || done.or(last).is_some_and(|before| !undone(before))
        || matches!(letters, "canc" | "cx" | "cxl")
        || letters.starts_with("deleted")
}

/// By video if it names a meeting on a screen or no place at all; a place that is not a link is a room.
pub(super) fn kind_of_place(place: &str) -> AppointmentKind {
    if place.is_empty() || place.contains("://") || on_screen(place) {
        AppointmentKind::Visit
    } else {
        AppointmentKind::InPerson
    }
}
