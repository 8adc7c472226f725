//! What is not clear about a line: which word, and why. The word itself is not in it: it may be a name.

use std::ops::Range;

/// A word of a line, in lower case, without what follows it in writing.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// The word.
    pub(super) text: String,
    /// Where it stands in the line, in bytes.
    pub(super) range: Range<usize>,
    /// The how manieth word it is, from 1.
    nth: usize,
}

impl Word {
    /// The words of a text that stands `from` bytes into the line.
    pub(super) fn all(text: &str, from: usize) -> Vec<Self> {
        let start = |piece: &str| piece.as_ptr().addr() - text.as_ptr().addr() + from;
        let word = |(piece, nth): (&str, usize)| {
            let bare = piece.trim_end_matches([',', ';']);
            Self { text: bare.to_lowercase(), range: start(piece)..start(piece) + bare.len(), nth }
        };
        text.split_whitespace().zip(1..).map(word).filter(|word| !word.text.is_empty()).collect()
    }

    pub(super) fn unclear(&self, why: Why) -> Unclear {
        Unclear { word: Some((self.nth, self.range.clone())), why }
    }
}

/// A line is not clear.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Unclear {
    /// Which word, from 1, and its bytes in the line; `None` where no single word is to blame.
    pub word: Option<(usize, Range<usize>)>,
    /// Why.
    pub why: Why,
}

impl Unclear {
    pub(super) fn whole(why: Why) -> Self {
        Self { word: None, why }
    }

    /// What to write instead.
    pub fn hint(&self) -> &'static str {
        match self.why {
            Why::NoName => "begin with the patient: ada tue 15:00",
            Why::Quote => "end the name with a quotation mark: \"Jo Sun\" tue 15:00",
            Why::Unknown => "write a day, a time, a length, how often: ada tue 15:00 50m weekly x10",
            Why::NoWhen => "add a day and a time: ada tue 15:00",
            Why::NoTime => "add a time: 15:00, 15h or 3pm",
            Why::Twice(_) => "leave one of them out; a name that is also a day stands in quotation marks",
            Why::TwoDays => "write 11 dec, or 2026-12-11",
            Why::TimeOrDay => "write 12:11 for the time, 12 nov for the day",
            Why::NoSuchDay => "write 26 nov, 26.11., 2026-11-26, tue or tomorrow",
            Why::NoSuchTime => "write 15:00, 15h or 3pm",
            Why::Skipped => "choose another time of that day",
            Why::Length => "an appointment takes 1 minute to 24 hours: 50m, 1h30",
            Why::Count => "a series has 1 to 200 appointments: weekly x10",
            Why::HowOften => "say how often: weekly x10",
            Why::HowMany => "say how many, or until when: daily x5, daily until fri",
            Why::UntilBefore => "the end of a series lies behind its beginning",
            Why::TooLong => "write one appointment: ada tue 15:00 50m weekly x10",
        }
    }
}

/// Why a line is not clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each is its message")]
pub enum Why {
    #[error("the line does not begin with a patient's name")]
    NoName,
    #[error("the name's second quotation mark is missing")]
    Quote,
    #[error("it is not understood")]
    Unknown,
    #[error("the line does not say when")]
    NoWhen,
    #[error("the line says no time")]
    NoTime,
    #[error("the line says two {0}")]
    Twice(&'static str),
    #[error("it can be two days")]
    TwoDays,
    #[error("it can be a time or a day")]
    TimeOrDay,
    #[error("there is no such day")]
    NoSuchDay,
    #[error("there is no such time")]
    NoSuchTime,
    #[error("that time does not exist on that day: the clocks skip it")]
    Skipped,
    #[error("that is no length")]
    Length,
    #[error("that is not between 1 and 200 appointments")]
    Count,
    #[error("it does not say how often")]
    HowOften,
    #[error("it does not say how many times")]
    HowMany,
    #[error("the series ends before it begins")]
    UntilBefore,
    #[error("the line is too long")]
    TooLong,
}
