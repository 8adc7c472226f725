//! Keys and what is sealed with them: the invite's secret, the conversation
//! between a clinician and a patient, the verification words and the keys that
//! sign queue requests.
//!
//! Nothing here is invented; every piece is a published standard from a
//! well-kept crate, and this folder only composes them:
//!
//! | piece | standard | crate |
//! |---|---|---|
//! | conversation, Welcome, exporter, external PSK | MLS, RFC 9420 | `openmls` |
//! | its suite 0x004F: ML-KEM-768 with X25519, AES-128-GCM, SHA-256, Ed25519 | draft-ietf-mls-pq-ciphersuites, X-Wing (draft-connolly-cfrg-xwing-kem) | `openmls_rust_crypto` |
//! | keys from the link's secret | HKDF-SHA256, RFC 5869 | `hkdf` |
//! | the pinned invitation | XChaCha20-Poly1305, draft-irtf-cfrg-xchacha | `chacha20poly1305` |
//! | claim and queue keys | Ed25519, RFC 8032 | `ed25519-dalek` |
//! | commitment before the words | SHA-256, FIPS 180-4, in the manner of ZRTP (RFC 6189, 4.4.1.1) | `sha2` |
//! | the 2,048 words | BIP-39 English list | `bip39` |
//!
//! **What it refuses to be:** storage (states go in and out as bytes; the vault
//! or the page seals and keeps them), network, a clock (time is an argument),
//! and a place for names (members are random pseudonyms).
//!
//! **In:** bytes from the other side, always bounded before they are parsed,
//! and from our own saved states. **Out:** bytes for the wire and states to be
//! sealed. A refused message changes nothing: see [`Conversation`].

mod conversation;
mod doorbell;
mod invite;
mod padding;
mod pairing;
mod queue;
mod state;
mod store;
mod words;

pub use conversation::{Conversation, MemberKey, Opened, Role, Snapshot};
pub use doorbell::{BELL_BYTES, DoorbellKey};
pub use invite::{InviteKeys, InviteSecret, LinkPsk, MailboxKey, open_invitation, seal_invitation};
pub use padding::{MAX_PLAINTEXT_BYTES, padded_len};
pub use pairing::{Pending, Suite};
pub use queue::QueueKey;
pub use words::{Commitment, FINGERPRINT_BYTES, Fingerprint, NONCE_BYTES, Nonce, WORDS_LABEL, verification_words};

/// The largest MLS message taken or made, in bytes: the largest padded
/// plaintext with its frame, signature and associated data.
pub const MAX_MESSAGE_BYTES: usize = MAX_PLAINTEXT_BYTES + 8 * 1024;

/// Why something was refused. Closed, and without content: each variant can be
/// logged as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The bytes are not what they should be.
    #[error("malformed bytes")]
    Malformed,
    /// More bytes than any honest sender makes.
    #[error("too large")]
    TooLarge,
    /// A cipher suite or version this program does not speak.
    #[error("unknown cipher suite or version")]
    UnknownSuite,
    /// A Welcome that is not bound to this invite: no PSK, another PSK, a wrong
    /// secret, or made for another key package.
    #[error("welcome is not bound to this invite")]
    WrongInvite,
    /// A group of others than exactly this clinician and this patient.
    #[error("not the two members of a conversation")]
    WrongMembers,
    /// The key package is not valid yet, or not any more, by this clock.
    #[error("key package is outside its lifetime by this clock")]
    OutsideLifetime,
    /// A message of some other conversation.
    #[error("message of another conversation")]
    OtherConversation,
    /// A message from an epoch whose commit has not arrived yet: keep it and
    /// try again after the next [`Opened::EpochChanged`].
    #[error("message from an epoch not reached yet")]
    FutureEpoch,
    /// The message's key is used up: it was received before, is one of our own,
    /// or is older than what is kept.
    #[error("already received, or too old")]
    Spent,
    /// Does not decrypt or does not verify.
    #[error("does not authenticate")]
    Forged,
    /// Well made, but this sender or this side may not do that: a patient's
    /// commit, a second clinician, a changed identity key.
    #[error("not permitted to this member")]
    Forbidden,
    /// An update is already proposed in this epoch.
    #[error("an update is already proposed")]
    AlreadyProposed,
    /// A saved state that cannot be loaded.
    #[error("saved state is damaged")]
    Damaged,
    /// The cryptographic library failed where it cannot; a bug, or no
    /// randomness.
    #[error("cryptographic library failed")]
    Library,
}
