//! Small things that screens are made of. None knows what a patient is.

pub(crate) mod digits;
pub(crate) mod field;
pub(crate) mod list;
pub(crate) mod moment;
pub(crate) mod paper;
pub(crate) mod row;
pub(crate) mod scroll;
pub(crate) mod secret;
pub(crate) mod text;

pub(crate) use field::Field;
pub(crate) use paper::Paper;
pub(crate) use row::Row;
pub(crate) use scroll::Scroll;
pub(crate) use secret::Secret;
