//! Bytes ↔ types: what travels between the programs. The only home of protocol versions.
//!
//! Refuses to be: a socket, a key, a decision. Everything here is pure and bounded: a decoder is told its
//! limit before it allocates, and answers any bytes with a value or an error, never with a panic.
//!
//! - [`frame`]: length-prefixed CBOR, used by every stream
//! - [`content`]: what the two ends of a conversation say to each other (inside MLS)
//! - [`envelope`]: what the relay carries (sealed, padded)
//! - [`link`]: the invite's link
//! - [`relay`]: questions and answers between a mailbox's two ends and the relay
//! - [`call`]: between the agent and the call window
//! - `agent`: between the agent and its clients
//! - `mllp`: HL7 v2 messages in a stream

pub mod call;
pub mod content;
pub mod envelope;
pub mod frame;
pub mod link;
pub mod relay;

#[cfg(feature = "console")]
pub mod agent;
#[cfg(feature = "console")]
pub mod mllp;

use crate::base::cbor;

/// Bytes from outside that are not what they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// Longer than the limit given.
    #[error("message is longer than {limit} bytes")]
    TooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// Not what this protocol says.
    #[error("message cannot be read")]
    Garbled,
    /// A version this program does not speak.
    #[error("version {version} is not known here")]
    Version {
        /// The version found.
        version: u16,
    },
}

/// Writes a value as CBOR (RFC 8949).
pub fn to_cbor<T: serde::Serialize>(value: &T) -> Vec<u8> {
    cbor::to_vec(value)
}

/// Reads one CBOR value that fills `bytes` exactly.
pub fn from_cbor<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, WireError> {
    cbor::read(bytes).map_err(|_| WireError::Garbled)
}
