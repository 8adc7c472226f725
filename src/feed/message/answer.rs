//! What a message that came over the wire is answered with (§2.9.2, original mode; ACK, MSA §2.14.8, ERR §2.14.5).
//!
//! Refuses to be: a promise. `AA` is for whoever has made the appointment durable to say; nothing of a message's content
//! goes into an answer but what names it: its sender, its receiver and its number.

use super::layout::{self, Raw};
use super::segment::Separators;
use super::{MESSAGE_MAX_BYTES, gather};
use crate::base::Stamp;
use crate::feed::{Broken, Feed, FeedError, Flaw, Omission, Reading};

/// The longest field of a message that is repeated in its answer, in bytes.
const ECHO_MAX_BYTES: usize = 1000;

/// A message, read, with what its answer needs.
pub struct Received {
    /// Its appointments, or what it must be answered instead.
    pub outcome: Result<Feed, Refusal>,
    head: Head,
}

/// Why a message is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// `AE` or `AR`.
    pub code: Code,
    /// What is wrong (HL7 table 0357).
    error: (u16, &'static str),
    /// The segment, and the how manieth of its name it is.
    place: Option<(String, usize)>,
    /// In a sentence, without anything of the message.
    pub reason: String,
}

/// What became of a message (HL7 table 0008).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// It is durable here.
    Accepted,
    /// It cannot be taken as it is, or not now.
    Error,
    /// It is nothing that is taken here.
    Rejected,
}

impl Code {
    /// As MSA-1 has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "AA",
            Self::Error => "AE",
            Self::Rejected => "AR",
        }
    }
}

impl Refusal {
    /// It could not be kept: the sender may try again.
    pub fn not_kept() -> Self {
        let reason = "it could not be kept now; try again".to_owned();
        Self { code: Code::Error, error: (207, "Application internal error"), place: None, reason }
    }

    /// It has no end, or one that comes too late.
    pub fn too_long() -> Self {
        Self::rejected((207, "Application internal error"), Flaw::TooLong)
    }

    fn rejected(error: (u16, &'static str), reason: impl ToString) -> Self {
        Self { code: Code::Rejected, error, place: None, reason: reason.to_string() }
    }

    fn broken(broken: Broken, raw: Option<&Raw<'_>>) -> Self {
        let error = match broken.flaw {
            Flaw::NoSchedule | Flaw::NotSegment | Flaw::CutOff | Flaw::Outside => (100, "Segment sequence error"),
            Flaw::NoNumber | Flaw::NoStart => (101, "Required field missing"),
            Flaw::UnknownCharset => (103, "Table value not found"),
            _ => (102, "Data type error"),
        };
        let place = raw.and_then(|raw| {
            let upto = || raw.lines.iter().take_while(|line| line.number <= broken.line);
            let name = upto().last()?.name()?;
            Some((name.to_owned(), upto().filter(|line| line.is(name)).count()))
        });
        Self { code: Code::Error, error, place, reason: broken.flaw.to_string() }
    }
}

impl Received {
    /// Reads one message.
    pub fn read(bytes: &[u8], reading: &Reading) -> Self {
        Self { outcome: examine(bytes, reading), head: Head::read(bytes) }
    }

    /// A message of which only the beginning is there.
    pub fn unread(begun: &[u8], refusal: Refusal) -> Self {
        Self { outcome: Err(refusal), head: Head::read(begun) }
    }

    /// SIU's event (`S12`); `None` if it is no SIU. It is safe to log.
    pub fn event(&self) -> Option<&str> {
        let event = std::str::from_utf8(&self.head.event).ok()?;
        let plain = matches!(event.as_bytes(), [b'S', tens, ones] if tens.is_ascii_digit() && ones.is_ascii_digit());
        if plain { Some(event) } else { None }
    }

    /// The answer: `AA`, or what `refusal` says. `number` makes it distinct among this receiver's messages.
    pub fn answer(&self, refusal: Option<&Refusal>, at: Stamp, number: &str) -> Vec<u8> {
        let head = &self.head;
        let signs = head.separators;
        let at = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default().strftime("%Y%m%d%H%M%S+0000").to_string();
        let kind = match self.event() {
            Some(event) => Line::new(signs).components(&["ACK", event, "ACK"]),
            None => Line::new(signs).text("ACK"),
        };
        let or = |field: &'_ [u8], usual: &'static str| if field.is_empty() { usual.into() } else { field.to_vec() };
        let mut msh = Line::new(signs);
        msh.bytes.extend_from_slice(b"MSH");
        msh = msh.next().raw(&head.signs);
        for field in [&head.to.0, &head.to.1, &head.from.0, &head.from.1] {
            msh = msh.next().raw(field);
        }
        msh = msh.next().text(&at).next().next().raw(&kind.bytes).next().text(number);
        msh = msh.next().raw(&or(&head.processing, "P")).next().raw(&or(&head.version, "2.5.1"));
        if !head.charset.is_empty() {
            msh = (13..=18).fold(msh, |line, _| line.next()).raw(&head.charset);
        }
        let code = refusal.map_or(Code::Accepted, |refusal| refusal.code);
        let mut msa = Line::new(signs).text("MSA").next().text(code.as_str()).next().raw(&head.number);
        if let Some(refusal) = refusal {
            msa = msa.next().text(&refusal.reason);
        }
        let mut answer = [msh.bytes, msa.bytes].join(&b'\r');
        answer.push(b'\r');
        if let Some(refusal) = refusal {
            let mut err = Line::new(signs).text("ERR").next().next();
            if let Some((segment, count)) = &refusal.place {
                err = err.components(&[segment, &count.to_string()]);
            }
            let (number, meaning) = refusal.error;
            err = err.next().components(&[&number.to_string(), meaning, "HL70357"]).next().text("E");
            err = (5..=8).fold(err, |line, _| line.next()).text(&refusal.reason);
            answer.extend(err.bytes);
            answer.push(b'\r');
        }
        answer
    }
}

fn examine(bytes: &[u8], reading: &Reading) -> Result<Feed, Refusal> {
    let unsupported = (200, "Unsupported message type");
    if bytes.len() > MESSAGE_MAX_BYTES {
        return Err(Refusal::too_long());
    }
    let start = bytes.trim_ascii_start();
    if !start.starts_with(b"MSH") {
        return Err(Refusal::rejected(unsupported, "it is not an HL7 v2 message"));
    }
    let whole = |error: FeedError| Refusal::rejected((207, "Application internal error"), error);
    let division = layout::divide(bytes).map_err(whole)?;
    let [raw] = division.messages.as_slice() else {
        return Err(Refusal::rejected(unsupported, "only one message at a time is taken here"));
    };
    let feed = gather(&division, reading).map_err(whole)?;
    if let Some(broken) = feed.broken.first() {
        return Err(Refusal::broken(*broken, Some(raw)));
    }
    match feed.skipped.first() {
        Some(skipped) if feed.entries.is_empty() && skipped.reason == Omission::Unknown => {
            Err(Refusal::rejected(unsupported, skipped.reason))
        }
        Some(skipped) if feed.entries.is_empty() => {
            Err(Refusal::rejected((201, "Unsupported event code"), skipped.reason))
        }
        _ => Ok(feed),
    }
}

/// What of MSH an answer needs, as it came: in the sender's signs and the sender's character set.
struct Head {
    separators: Separators,
    /// MSH-2.
    signs: Vec<u8>,
    from: (Vec<u8>, Vec<u8>),
    to: (Vec<u8>, Vec<u8>),
    event: Vec<u8>,
    number: Vec<u8>,
    processing: Vec<u8>,
    version: Vec<u8>,
    charset: Vec<u8>,
}

impl Head {
    /// From whatever begins with an MSH; of anything else it is empty.
    fn read(bytes: &[u8]) -> Self {
        let start = bytes.trim_ascii_start();
        let line = start.split(|byte| matches!(byte, b'\r' | b'\n' | 0x0b | 0x1c)).next().unwrap_or_default();
        let separators = if line.starts_with(b"MSH") { Separators::read(line) } else { None };
        // Without separators there is one field, the name, which nobody asks for.
        let sign = separators.map(|separators| separators.field);
        let field = |n: usize| {
            let mut fields = line.split(|byte| Some(char::from(*byte)) == sign);
            let field = fields.nth(n.saturating_sub(1)).unwrap_or_default();
            field.get(..ECHO_MAX_BYTES).unwrap_or(field).to_vec()
        };
        let components = field(9);
        let component = separators.and_then(|separators| separators.component);
        let event = components.split(|byte| Some(char::from(*byte)) == component).nth(1).unwrap_or_default().to_vec();
        let signs = if separators.is_some() { field(2) } else { b"^~\\&".to_vec() };
        Self {
            separators: separators.unwrap_or(Separators::USUAL),
            signs,
            from: (field(3), field(4)),
            to: (field(5), field(6)),
            event,
            number: field(10),
            processing: field(11),
            version: field(12),
            charset: field(18),
        }
    }
}

/// A segment that is written.
struct Line {
    signs: Separators,
    bytes: Vec<u8>,
}

impl Line {
    fn new(signs: Separators) -> Self {
        Self { signs, bytes: Vec::new() }
    }

    /// Begins the next field.
    fn next(mut self) -> Self {
        let mut sign = [0; 4];
        self.bytes.extend_from_slice(self.signs.field.encode_utf8(&mut sign).as_bytes());
        self
    }

    /// What is written as it came.
    fn raw(mut self, bytes: &[u8]) -> Self {
        self.bytes.extend_from_slice(bytes);
        self
    }

    /// Our own words; a sign that separates in this message is escaped, or left out where nothing escapes.
    fn text(mut self, text: &str) -> Self {
        let signs = self.signs;
        let named = [
            (Some(signs.field), 'F'),
            (signs.component, 'S'),
            (signs.repetition, 'R'),
            (signs.escape, 'E'),
            (signs.subcomponent, 'T'),
        ];
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match named.iter().find(|(sign, _)| *sign == Some(c)) {
                None => out.push(c),
                Some((_, name)) => {
                    if let Some(escape) = signs.escape {
                        out.extend([escape, *name, escape]);
                    }
                }
            }
        }
        self.bytes.extend_from_slice(out.as_bytes());
        self
    }

    /// Our own words, divided; where nothing divides, the first of them.
    fn components(mut self, texts: &[&str]) -> Self {
        for (place, text) in texts.iter().enumerate() {
            if place > 0 {
                let Some(sign) = self.signs.component else { return self };
                self.bytes.extend_from_slice(sign.to_string().as_bytes());
            }
            self = self.text(text);
        }
        self
    }
}
