//! The key that speaks for one end of a relay queue: Ed25519 (RFC 8032).
//!
//! `wire` says which bytes of a request are signed, and signs them with
//! [`QueueKey::signing_key`]; here the key is made, derived and kept.

use ed25519_dalek::SigningKey;

use crate::base::random;

/// An Ed25519 key pair for requests to a relay. Wiped when dropped; no `Debug`.
#[derive(Clone)]
pub struct QueueKey(SigningKey);

impl QueueKey {
    /// A fresh random key.
    #[must_use]
    pub fn generate() -> Self {
        Self::from_seed(&random::bytes())
    }

    /// The key of a 32-byte seed (RFC 8032, section 5.1.5).
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// The seed, to be sealed and kept.
    #[must_use]
    pub fn seed(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// The public key the relay is told.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    /// The key as `wire` signs with it.
    #[must_use]
    pub fn signing_key(&self) -> &SigningKey {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer, Verifier, VerifyingKey};

    use super::*;

    #[test]
    fn what_the_key_signs_holds_for_its_public_key_only() {
        let (key, other) = (QueueKey::generate(), QueueKey::generate());
        let signature = key.signing_key().sign(b"read");
        let holds = |public: [u8; 32]| VerifyingKey::from_bytes(&public).unwrap().verify(b"read", &signature).is_ok();
        assert!(holds(key.public()));
        assert!(!holds(other.public()));
    }

    #[test]
    fn seed_brings_the_same_key_back() {
        let key = QueueKey::generate();
        assert_eq!(QueueKey::from_seed(key.seed()).public(), key.public());
        assert_ne!(QueueKey::generate().public(), key.public());
    }
}
