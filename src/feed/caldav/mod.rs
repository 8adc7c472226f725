//! CalDAV (RFC 4791) with collection synchronization (RFC 6578): one calendar on another server, kept in step.
//!
//! Refuses to be: a connection. What is asked leaves as text ([`ask`]), what is answered enters as bytes ([`answer`])
//! and becomes values; an [`address`] says where, and whether it may be used at all; [`compare`](mod@compare) says what
//! of an answer is new beside what was seen before. The objects themselves are iCalendar and read by [`super::read`];
//! [`gather`] makes one feed of
//! them; [`own`] says what of ours is to stand there.
//!
//! Choices: a document type is refused, so nothing is ever expanded; what an answer says beside the few properties
//! asked for is passed over; addresses of objects are compared in one spelling (RFC 3986 §6.2.2), and only ever asked for
//! on the calendar's own server, by whatever name it calls itself.

pub mod address;
pub mod answer;
pub mod ask;
pub mod compare;
pub mod gather;
pub mod own;
#[cfg(test)]
mod tests;

pub use address::{Address, AddressError, Href};
pub use answer::{Answer, AnswerError, Found};
pub use compare::{Compared, Listing, compare, key};
pub use gather::{Gathered, Gathering, Left, TooManyAppointments};
pub use own::{Deed, deeds, says_the_same};

/// The longest answer that is read.
pub const ANSWER_MAX_BYTES: usize = 32 * 1024 * 1024;
/// The most objects one calendar may have.
pub const OBJECTS_MAX: usize = 100_000;
/// Objects that are asked for at once.
pub const OBJECTS_AT_ONCE: usize = 100;
/// The longest token and entity tag that is kept.
pub const TAG_MAX_BYTES: usize = 1024;
