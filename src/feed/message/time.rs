//! Times and durations (§2A.3.21 DTM, §2A.3.78 TS, and the units of SCH-10).

use super::super::{Flaw, Reading};
use super::segment::Piece;
use crate::record::UNVERSIONED;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Zoned};

/// The longest time that one appointment is taken to last.
const LENGTH_MAX: SignedDuration = SignedDuration::from_hours(366 * 24);

/// Where times are at home that name no offset.
pub(super) struct Clock {
    /// Where everything is shown.
    practice: TimeZone,
    /// Where the sender is.
    sender: TimeZone,
    /// When the message was made, in seconds since 1970; [`UNVERSIONED`] if it does not say.
    pub sent: i64,
}

impl Clock {
    /// `made` is MSH-7, the offset of which holds for the whole message (§2.14.9.7). A sender that has the practice's
    /// offset at that moment has the practice's clocks, which in half a year show another one.
    pub(super) fn new(made: Piece<'_>, reading: &Reading) -> Self {
        let practice = reading.zone.clone();
        let mut clock = Self { sender: practice.clone(), practice, sent: UNVERSIONED };
        let Ok(Some(read)) = Dtm::read(made) else { return clock };
        let Some(at) = clock.place(&read) else { return clock };
        clock.sent = at.timestamp().as_second();
        if let Some(offset) = read.offset
            && at.offset() != offset
        {
            clock.sender = TimeZone::fixed(offset);
        }
        clock
    }

    /// A time, shown on the practice's clocks. `None` if it is not said, or only the day.
    pub(super) fn time(&self, piece: Piece<'_>) -> Result<Option<Zoned>, Flaw> {
        match Dtm::read(piece)? {
            Some(read) if read.has_hour => self.place(&read).map(Some).ok_or(Flaw::BadTime),
            _ => Ok(None),
        }
    }

    fn place(&self, read: &Dtm) -> Option<Zoned> {
        let at = match read.offset {
            Some(offset) => offset.to_timestamp(read.at).ok()?,
            None => read.at.to_zoned(self.sender.clone()).ok()?.timestamp(),
        };
        Some(at.to_zoned(self.practice.clone()))
    }
}

/// YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ].
struct Dtm {
    at: DateTime,
    offset: Option<Offset>,
    /// Whether it says more than the day.
    has_hour: bool,
}

impl Dtm {
    /// `None` if nothing is said.
    fn read(piece: Piece<'_>) -> Result<Option<Self>, Flaw> {
        let text = piece.text();
        if text.is_empty() {
            return Ok(None);
        }
        // Until 2.6 a second component could say that less is meant than is written.
        let day_only = matches!(piece.component(2).text().as_str(), "Y" | "L" | "D");
        let mut read = Self::parse(&text).ok_or(Flaw::BadTime)?;
        read.has_hour &= !day_only;
        Ok(Some(read))
    }

    fn parse(text: &str) -> Option<Self> {
        let (clock, offset) = match text.find(['+', '-']) {
            Some(at) => {
                let (clock, offset) = text.split_at(at);
                (clock, Some(offset_of(offset)?))
            }
            None => (text, None),
        };
        let whole = clock.split_once('.').map_or(clock, |(whole, _)| whole);
        if !matches!(whole.len(), 4 | 6 | 8 | 10 | 12 | 14) || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let part = |from: usize, missing: i8| whole.get(from..from + 2).map_or(Some(missing), |part| part.parse().ok());
        let date = Date::new(whole.get(..4)?.parse().ok()?, part(4, 1)?, part(6, 1)?).ok()?;
        // A leap second is the second before it.
        let time = Time::new(part(8, 0)?, part(10, 0)?, part(12, 0)?.min(59), 0).ok()?;
        Some(Self { at: date.to_datetime(time), offset, has_hour: whole.len() > 8 })
    }
}

/// `+0100`.
fn offset_of(text: &str) -> Option<Offset> {
    let digits =
        text.get(1..).filter(|digits| digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    let (hours, minutes): (i32, i32) = (digits.get(..2)?.parse().ok()?, digits.get(2..)?.parse().ok()?);
    let seconds = hours * 3600 + minutes * 60;
    Offset::from_seconds(if text.starts_with('-') { -seconds } else { seconds }).ok()
}

/// A quantity and its unit (SCH-9 and SCH-10; AIS-7 and AIS-8). `None` if nothing is said; without a unit they are
/// minutes.
pub(super) fn length(quantity: Piece<'_>, unit: Piece<'_>) -> Result<Option<SignedDuration>, Flaw> {
    let number = quantity.text();
    if number.is_empty() {
        return Ok(None);
    }
    // A quantity can bring its unit along (CQ).
    let own = quantity.component(2).text();
    let unit = if own.is_empty() { unit.text() } else { own };
    let seconds = match unit.to_ascii_lowercase().as_str() {
        "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
        "" | "m" | "min" | "mins" | "minute" | "minutes" => 60.0,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3600.0,
        "d" | "day" | "days" => 86_400.0,
        _ => return Err(Flaw::BadDuration),
    };
    let plain = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let number: f64 = number.parse().ok().filter(|_| plain).ok_or(Flaw::BadDuration)?;
    match SignedDuration::try_from_secs_f64(number * seconds) {
        Ok(length) if length <= LENGTH_MAX => Ok(Some(length)),
        _ => Err(Flaw::BadDuration),
    }
}

/// A duration of the old TQ (§4.3.3): `M50`. People write other things there, too, which are nothing.
pub(super) fn old_length(piece: Piece<'_>) -> Option<SignedDuration> {
    let text = piece.text();
    let (unit, number) = text.split_at_checked(1)?;
    let number: i64 = number.parse::<u16>().ok()?.into();
    let seconds = match unit {
        "S" => 1,
        "M" => 60,
        "H" => 3600,
        "D" => 86_400,
        _ => return None,
    };
    Some(SignedDuration::from_secs(number * seconds)).filter(|length| *length <= LENGTH_MAX)
}
