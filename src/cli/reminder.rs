//! How long before an appointment somebody is reminded, as people write it: `24h,1h`, `10`, `off`.

use crate::base::{Failure, Kind};
use crate::record::schedule::{REMIND_MAX, REMIND_MAX_MIN};

/// Minutes before, the longest first; none for `off`.
pub(super) fn times(text: &str) -> Result<Vec<u32>, Failure> {
    if text.trim() == "off" {
        return Ok(Vec::new());
    }
    let mut times = text.split(',').map(|one| time(one.trim())).collect::<Result<Vec<u32>, Failure>>()?;
    times.sort_unstable_by(|a, b| b.cmp(a));
    times.dedup();
    if times.len() > REMIND_MAX {
        return Err(Failure::new(Kind::Usage, format!("more than {REMIND_MAX} reminders are too many")));
    }
    Ok(times)
}

/// One of them, or none for `off`.
pub(super) fn time_or_off(text: &str) -> Result<Option<u32>, Failure> {
    if text.trim() == "off" { Ok(None) } else { time(text.trim()).map(Some) }
}

/// A number of minutes, or of what its letter says.
fn time(text: &str) -> Result<u32, Failure> {
    let (number, minutes) = match text.strip_suffix(['d', 'h', 'm']) {
        Some(number) if text.ends_with('d') => (number, 24 * 60),
        Some(number) if text.ends_with('h') => (number, 60),
        Some(number) => (number, 1),
        None => (text, 1),
    };
    let time = number.trim().parse::<u32>().ok().and_then(|number| number.checked_mul(minutes));
    time.filter(|time| (1..=REMIND_MAX_MIN).contains(time)).ok_or_else(|| {
        Failure::new(Kind::Usage, "that is no time for a reminder")
            .hint("write 24h, 24h,1h, 2d, 10 or off; at most 28d")
    })
}

/// `1 d, 1 h before`, or `–`.
pub(super) fn words(times: &[u32]) -> String {
    if times.is_empty() {
        return "–".to_owned();
    }
    let one = |minutes: &u32| match minutes {
        minutes if minutes.is_multiple_of(24 * 60) => format!("{} d", minutes / (24 * 60)),
        minutes if minutes.is_multiple_of(60) => format!("{} h", minutes / 60),
        minutes => format!("{minutes} min"),
    };
    format!("reminded {} before", times.iter().map(one).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, expected) in [
            ("off", vec![]),
            ("10", vec![10]),
            ("1h, 24h", vec![1440, 60]),
            ("2d,48h,90m", vec![2880, 90]),
            ("28d", vec![40_320]),
        ] {
            assert_eq!(times(text), Ok(expected), "{text}");
        }
        for text in ["", "0", "29d", "1w", "-5", "1h,", "4294967295d", "1,2,3,4,5,6"] {
            assert!(times(text).is_err(), "{text}");
        }
        assert_eq!(words(&[1440, 90, 60]), "reminded 1 d, 90 min, 1 h before");
    }
}
