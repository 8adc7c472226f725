//! What a link holds: one random secret, from which everything the two sides
//! need before they share a conversation is derived.
//!
//! `HKDF-SHA256(secret, salt = invite id)` (RFC 5869) is expanded once per
//! purpose, with the purpose's name as `info`:
//!
//! | info | bytes | is |
//! |---|---|---|
//! | `bedside invite v1 claim key` | 32 | Ed25519 seed; the page's first request is signed with it and swaps in its own key |
//! | `bedside invite v1 mailbox key` | 32 | XChaCha20-Poly1305 key of the pinned invitation |
//! | `bedside invite v1 psk` | 32 | external PSK (RFC 9420, section 8.4) that binds the Welcome to this link |
//! | `bedside invite v1 psk id` | 32 | its public name inside MLS |
//! | `bedside invite v1 to patient reader` | 16 | queue id under which the patient reads |
//! | `bedside invite v1 to agent writer` | 16 | queue id under which the patient writes |
//!
//! The pinned invitation is `nonce (24) ‖ ciphertext ‖ tag (16)`, the plaintext
//! padded to its size class. Random nonces of 24 bytes do not collide.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::doorbell::DoorbellKey;
use super::padding::{pad, padded_len, unpad};
use super::queue::QueueKey;
use super::{MAX_PLAINTEXT_BYTES, SealError};
use crate::base::id::{InviteId, QueueId};
use crate::base::random;

const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;

/// The secret in a link's fragment. Whoever has it can claim the invite, so it
/// has no `Debug` and is wiped when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct InviteSecret([u8; 32]);

impl InviteSecret {
    /// A fresh random secret.
    #[must_use]
    pub fn random() -> Self {
        Self(random::bytes())
    }

    /// The secret read from a link or from the vault.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The secret, to be put into a link.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Everything derived from this secret for this invite.
    #[must_use]
    pub fn derive(&self, invite: InviteId) -> InviteKeys {
        let hkdf = Hkdf::<Sha256>::new(Some(invite.as_bytes()), &self.0);
        let claim_seed = Zeroizing::new(expand::<32>(&hkdf, "bedside invite v1 claim key"));
        InviteKeys {
            claim: QueueKey::from_seed(&claim_seed),
            mailbox: MailboxKey(expand(&hkdf, "bedside invite v1 mailbox key")),
            psk: LinkPsk {
                id: expand(&hkdf, "bedside invite v1 psk id"),
                secret: expand(&hkdf, "bedside invite v1 psk"),
            },
            doorbell: DoorbellKey::from_bytes(expand(&hkdf, "bedside invite v1 doorbell")),
            to_patient_reader: QueueId::from_bytes(expand(&hkdf, "bedside invite v1 to patient reader")),
            to_agent_writer: QueueId::from_bytes(expand(&hkdf, "bedside invite v1 to agent writer")),
        }
    }
}

fn expand<const N: usize>(hkdf: &Hkdf<Sha256>, info: &str) -> [u8; N] {
    let mut derived = [0; N];
    hkdf.expand(info.as_bytes(), &mut derived).expect("invariant: far fewer than 255 blocks are asked for");
    derived
}

/// What both sides derive from a link. No `Debug`.
pub struct InviteKeys {
    /// Signs the claim, the first request a page makes.
    pub claim: QueueKey,
    /// Opens the pinned invitation.
    pub mailbox: MailboxKey,
    /// Binds the Welcome to the link.
    pub psk: LinkPsk,
    /// Rings when the patient knocks.
    pub doorbell: DoorbellKey,
    /// Queue id under which the patient reads what the agent wrote.
    pub to_patient_reader: QueueId,
    /// Queue id under which the patient writes to the agent.
    pub to_agent_writer: QueueId,
}

/// The key of the pinned invitation. No `Debug`, wiped when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct MailboxKey([u8; 32]);

/// The MLS external PSK of a link: its name is public, its secret is not. No
/// `Debug`, wiped when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct LinkPsk {
    pub(super) id: [u8; 32],
    pub(super) secret: [u8; 32],
}

/// Seals the invitation (key package and practice card) that waits in the
/// mailbox. `aad` is not secret but must be the same at opening: the invite id.
///
/// # Errors
///
/// [`SealError::TooLarge`] above [`MAX_PLAINTEXT_BYTES`].
pub fn seal_invitation(key: &MailboxKey, plaintext: &[u8], aad: &[u8]) -> Result<Vec<u8>, SealError> {
    let nonce: [u8; NONCE_BYTES] = random::bytes();
    let padded = pad(plaintext)?;
    let ciphertext = cipher(key)
        .encrypt(XNonce::from_slice(&nonce), Payload { msg: &padded, aad })
        .map_err(|_| SealError::Library)?;
    Ok([&nonce[..], &ciphertext].concat())
}

/// Opens what [`seal_invitation`] made.
///
/// # Errors
///
/// [`SealError::Malformed`] or [`SealError::TooLarge`] when it cannot be an
/// invitation, [`SealError::Forged`] when key, bytes or `aad` do not match.
pub fn open_invitation(key: &MailboxKey, sealed: &[u8], aad: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let largest = padded_len(MAX_PLAINTEXT_BYTES).map_or(0, |len| len + NONCE_BYTES + TAG_BYTES);
    if sealed.len() > largest {
        return Err(SealError::TooLarge);
    }
    let (nonce, ciphertext) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(SealError::Malformed)?;
    let padded = cipher(key)
        .decrypt(XNonce::from_slice(nonce), Payload { msg: ciphertext, aad })
        .map(Zeroizing::new)
        .map_err(|_| SealError::Forged)?;
    unpad(&padded).map(|plaintext| Zeroizing::new(plaintext.to_vec()))
}

fn cipher(key: &MailboxKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new((&key.0).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_derive_the_same_and_each_purpose_differs() {
        let secret = InviteSecret::random();
        let here = secret.derive(InviteId::from_bytes([1; 16]));
        let there = InviteSecret::from_bytes(*secret.as_bytes()).derive(InviteId::from_bytes([1; 16]));
        assert_eq!(here.claim.public(), there.claim.public());
        assert_eq!(here.mailbox.0, there.mailbox.0);
        assert_eq!(here.psk.id, there.psk.id);
        assert_eq!(here.psk.secret, there.psk.secret);
        assert_eq!(here.to_patient_reader, there.to_patient_reader);
        assert_eq!(here.to_agent_writer, there.to_agent_writer);

        let all = [*here.claim.seed(), here.mailbox.0, here.psk.id, here.psk.secret, *secret.as_bytes()];
        for (at, one) in all.iter().enumerate() {
            assert!(!all[at + 1..].contains(one));
        }
        assert_ne!(here.to_patient_reader, here.to_agent_writer);
    }

    #[test]
    fn another_invite_id_or_secret_derives_other_keys() {
        let secret = InviteSecret::random();
        let keys = secret.derive(InviteId::from_bytes([1; 16]));
        assert_ne!(keys.psk.secret, secret.derive(InviteId::from_bytes([2; 16])).psk.secret);
        let other = InviteSecret::random().derive(InviteId::from_bytes([1; 16]));
        assert_ne!(keys.psk.secret, other.psk.secret);
    }

    /// Computed apart from this code, by HMAC from RFC 5869: a change here breaks every
    /// link that is out.
    #[test]
    fn derivation_is_pinned() {
        let keys = InviteSecret::from_bytes([0x11; 32]).derive(InviteId::from_bytes([0x22; 16]));
        assert_eq!(
            data_encoding::HEXLOWER.encode(&keys.psk.secret),
            "7bf7eae3c6f05df4f113e2b0ec100aa760b802db4d19d0f1bc00ba269b50c039"
        );
        assert_eq!(data_encoding::HEXLOWER.encode(keys.to_agent_writer.as_bytes()), "9869413cff5154bc58db8e0c3c07a177");
    }

    #[test]
    fn invitation_opens_with_its_key_and_aad_only() {
        let keys = InviteSecret::random().derive(InviteId::from_bytes([1; 16]));
        let sealed = seal_invitation(&keys.mailbox, b"card", &[1; 16]).unwrap();
        assert_eq!(sealed.len(), NONCE_BYTES + 256 + TAG_BYTES);
        assert_eq!(*open_invitation(&keys.mailbox, &sealed, &[1; 16]).unwrap(), b"card");
        let other = InviteSecret::random().derive(InviteId::from_bytes([1; 16]));
        for refused in [
            open_invitation(&other.mailbox, &sealed, &[1; 16]),
            open_invitation(&keys.mailbox, &sealed, &[2; 16]),
            open_invitation(&keys.mailbox, &sealed[..sealed.len() - 1], &[1; 16]),
            open_invitation(&keys.mailbox, &sealed[..NONCE_BYTES], &[1; 16]),
        ] {
            assert_eq!(refused.err(), Some(SealError::Forged));
        }
        assert_eq!(open_invitation(&keys.mailbox, &[0; 5], &[]).err(), Some(SealError::Malformed));
    }
}
