//! Values everyone shares: identifiers, time, protected and display-safe text, failures.
//!
//! Refuses to be: a place for logic. No I/O (but for the system's random source, clock and zones), no async, no knowledge of patients, networks or screens.
//! Everything here is plain data that the other rooms pass to each other.

pub mod cbor;
pub mod failure;
pub mod id;
pub mod phi;
pub mod place;
pub mod random;
pub mod text;
pub mod time;
#[cfg(feature = "console")]
pub mod zone;

pub use failure::{Failure, Kind};
pub use phi::Phi;
pub use place::Place;
pub use text::SafeText;
pub use time::{Clock, Stamp};
