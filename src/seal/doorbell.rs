//! The bell on an envelope: it tells an agent that is locked, and nobody else, that somebody knocks.
//!
//! HMAC-SHA256 (RFC 2104) of the envelope's identifier under a key from the link, the first 16 bytes. An envelope that
//! is no knock carries 16 random bytes, which whoever lacks the key cannot tell from a bell.

use crate::base::id::EnvelopeId;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Bytes of a bell.
pub const BELL_BYTES: usize = 16;

/// The key that both ends take from the link and keep. No `Debug`, wiped when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct DoorbellKey([u8; 32]);

impl DoorbellKey {
    /// A key that was kept.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The key, to be kept.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The bell for a knock in this envelope.
    #[must_use]
    pub fn ring(&self, envelope: EnvelopeId) -> [u8; BELL_BYTES] {
        let full = self.mac(envelope).finalize().into_bytes();
        *full.first_chunk().expect("invariant: SHA-256 gives 32 bytes")
    }

    /// Whether this envelope is a knock.
    #[must_use]
    pub fn rings(&self, envelope: EnvelopeId, bell: &[u8; BELL_BYTES]) -> bool {
        self.mac(envelope).verify_truncated_left(bell).is_ok()
    }

    fn mac(&self, envelope: EnvelopeId) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("invariant: HMAC takes a key of any length");
        mac.update(b"bedside doorbell v1");
        mac.update(envelope.as_bytes());
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bell_rings_for_its_envelope_and_key_only() {
        let (key, other) = (DoorbellKey::from_bytes([1; 32]), DoorbellKey::from_bytes([2; 32]));
        let (envelope, another) = (EnvelopeId::random(), EnvelopeId::random());
        let bell = key.ring(envelope);
        assert!(key.rings(envelope, &bell));
        assert!(!key.rings(another, &bell));
        assert!(!other.rings(envelope, &bell));
        assert!(!key.rings(envelope, &crate::base::random::bytes()));
    }
}
