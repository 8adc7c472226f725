//! The key that speaks for one side of a relay queue: Ed25519 (RFC 8032).
//!
//! Which bytes are signed, and that they begin with a domain and the connection's
//! challenge, is `wire`'s to say; this key is used for nothing else.

use ed25519_dalek::{Signer, SigningKey};

use crate::base::random;

/// An Ed25519 key pair for requests to a relay. Wiped when dropped; it has no
/// `Debug`.
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

    /// Signs a message (RFC 8032, section 5.1.6).
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signature, VerifyingKey};

    use super::*;

    fn verifies(key: &QueueKey, message: &[u8], signature: &[u8; 64]) -> bool {
        VerifyingKey::from_bytes(&key.public())
            .unwrap()
            .verify_strict(message, &Signature::from_bytes(signature))
            .is_ok()
    }

    #[test]
    fn signature_holds_for_one_message_and_one_key_only() {
        let key = QueueKey::generate();
        let signature = key.sign(b"read");
        assert!(verifies(&key, b"read", &signature));
        assert!(!verifies(&key, b"drop", &signature));
        assert!(!verifies(&QueueKey::generate(), b"read", &signature));
    }

    #[test]
    fn seed_brings_the_same_key_back() {
        let key = QueueKey::generate();
        assert_eq!(QueueKey::from_seed(key.seed()).public(), key.public());
        assert_ne!(QueueKey::generate().public(), key.public());
    }
}
