//! What the relay carries: a sealed body with an identifier, padded so that its length says little.
//!
//! Layout: version (1 byte), kind (1 byte), identifier (16 bytes), bell (16 bytes), length of the body (4 bytes,
//! big-endian), body, zeros up to the next size class. The body is an MLS message (RFC 9420 §6) or the sealed invitation.

use super::WireError;
use crate::base::id::EnvelopeId;

/// Bytes an envelope may have, padding included.
pub const ENVELOPE_MAX_BYTES: usize = 256 * 1024;
const HEAD_BYTES: usize = 1 + 1 + 16 + 16 + 4;
const VERSION: u8 = 1;
const CLASSES: [usize; 6] = [1024, 4096, 16 * 1024, 32 * 1024, 96 * 1024, ENVELOPE_MAX_BYTES];

/// What the body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum EnvelopeKind {
    /// The clinician's key package and card, sealed under the link's mailbox key; pinned, not queued.
    Invitation = 1,
    /// The patient's Welcome (MLS).
    Welcome = 2,
    /// An MLS PrivateMessage: a [`super::content::Content`], a proposal or a commit.
    Message = 3,
}

/// An envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// Resending keeps it.
    pub id: EnvelopeId,
    /// What the body is.
    pub kind: EnvelopeKind,
    /// Random, unless this is a knock: then `seal::DoorbellKey::ring(id)`. A locked agent cannot open
    /// the body, but with the doorbell key (from the link's secret) it can ring; the relay cannot tell the two apart.
    pub bell: [u8; 16],
    /// Sealed.
    pub body: Vec<u8>,
}

impl Envelope {
    /// Pads and writes it. Fails when the body is too long for the largest class.
    pub fn to_bytes(&self) -> Result<Vec<u8>, WireError> {
        let bare = HEAD_BYTES + self.body.len();
        let size = CLASSES
            .into_iter()
            .find(|class| *class >= bare)
            .ok_or(WireError::TooLong { limit: ENVELOPE_MAX_BYTES - HEAD_BYTES })?;
        let length = u32::try_from(self.body.len()).map_err(|_| WireError::Garbled)?;
        let mut out = Vec::with_capacity(size);
        out.push(VERSION);
        out.push(self.kind as u8);
        out.extend_from_slice(self.id.as_bytes());
        out.extend_from_slice(&self.bell);
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(&self.body);
        out.resize(size, 0);
        Ok(out)
    }

    /// Reads one.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        if bytes.len() > ENVELOPE_MAX_BYTES {
            return Err(WireError::TooLong { limit: ENVELOPE_MAX_BYTES });
        }
        let (head, rest) = bytes.split_first_chunk::<HEAD_BYTES>().ok_or(WireError::Garbled)?;
        let [version, kind, named @ ..] = head;
        if *version != VERSION {
            return Err(WireError::Version { version: u16::from(*version) });
        }
        let kind = match kind {
            1 => EnvelopeKind::Invitation,
            2 => EnvelopeKind::Welcome,
            3 => EnvelopeKind::Message,
            _ => return Err(WireError::Garbled),
        };
        let (id, named) = named.split_first_chunk::<16>().ok_or(WireError::Garbled)?;
        let (bell, length) = named.split_first_chunk::<16>().ok_or(WireError::Garbled)?;
        let length = u32::from_be_bytes(length.try_into().map_err(|_| WireError::Garbled)?) as usize;
        let body = rest.get(..length).ok_or(WireError::Garbled)?.to_vec();
        Ok(Self { id: EnvelopeId::from_bytes(*id), kind, bell: *bell, body })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn body_beyond_the_largest_class_is_refused() {
        let envelope = Envelope {
            id: EnvelopeId::random(),
            kind: EnvelopeKind::Message,
            bell: [9; 16],
            body: vec![0; ENVELOPE_MAX_BYTES],
        };
        assert!(matches!(envelope.to_bytes(), Err(WireError::TooLong { .. })));
    }

    proptest! {
        #[test]
        fn envelope_survives_and_has_a_class_size(body in proptest::collection::vec(any::<u8>(), 0..5000)) {
            let envelope = Envelope { id: EnvelopeId::random(), kind: EnvelopeKind::Message, bell: [9; 16], body };
            let bytes = envelope.to_bytes().expect("it fits");
            prop_assert!(CLASSES.contains(&bytes.len()));
            prop_assert_eq!(Envelope::from_bytes(&bytes), Ok(envelope));
        }

        #[test]
        fn garbage_is_refused_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            let _ = Envelope::from_bytes(&bytes);
        }
    }
}
