//! Between a mailbox's two ends and the relay: CBOR messages over one WebSocket (RFC 6455, binary, `/mailbox`).
//!
//! On connecting the relay says [`Hello`] with a fresh challenge. Every request about a queue is signed over
//! `SHA-256("bedside relay v1" ‖ challenge ‖ CBOR(op))` with that queue end's Ed25519 key, so that neither an old
//! request nor one overheard on another connection is good for anything, and no phone's clock matters.
//!
//! A queue goes one way. Its reader and its writer know it by different identifiers. It is bounded in messages,
//! bytes and time to live, and lives in memory only: [`Hello::boot`] changes when the relay has forgotten
//! everything, and then the practice makes its queues again and both ends send again what was not *received*.

use crate::base::{
    Stamp, cbor,
    id::{BootId, QueueId},
};
use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What is signed begins with this.
pub const SIGNATURE_DOMAIN: &[u8] = b"bedside relay v1";
/// This protocol's version; it stands in [`Hello`].
pub const VERSION: u16 = 1;
/// The longest WebSocket message either way, in bytes.
pub const MESSAGE_MAX_BYTES: usize = super::envelope::ENVELOPE_MAX_BYTES + 4096;

/// An Ed25519 public key (RFC 8032).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicKey(pub [u8; 32]);

/// An Ed25519 signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature(pub [u8; 64]);

impl Serialize for Signature {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        serde_bytes::serialize(&self.0[..], to)
    }
}

impl<'de> Deserialize<'de> for Signature {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let bytes: Vec<u8> = serde_bytes::deserialize(from)?;
        bytes.try_into().map(Signature).map_err(|_| serde::de::Error::custom("signature is not 64 bytes"))
    }
}

/// The relay's first words on a connection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hello {
    /// [`VERSION`].
    pub version: u16,
    /// This life of the relay.
    pub boot: BootId,
    /// The relay's clock; both ends correct theirs by it.
    pub now: Stamp,
    /// What signatures on this connection cover.
    pub challenge: [u8; 32],
}

/// A request. `n` comes back in the answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// The sender's counter.
    pub n: u32,
    /// What is wanted.
    pub op: Op,
    /// By the key of the queue's end; `None` only for operations that carry the operator's token.
    pub signature: Option<Signature>,
}

impl Request {
    /// A request that needs no signature.
    pub fn unsigned(n: u32, op: Op) -> Self {
        Self { n, op, signature: None }
    }

    /// A request signed by a queue end's key for the connection with this challenge.
    pub fn signed(n: u32, op: Op, challenge: &[u8; 32], key: &SigningKey) -> Self {
        let signature = Signature(key.sign(&digest(challenge, &op)).to_bytes());
        Self { n, op, signature: Some(signature) }
    }

    /// Whether it is signed by `key` for the connection with this challenge. Strict: no weak keys, no second form
    /// of a signature.
    pub fn is_signed_by(&self, key: &PublicKey, challenge: &[u8; 32]) -> bool {
        let (Some(signature), Ok(key)) = (self.signature, VerifyingKey::from_bytes(&key.0)) else {
            return false;
        };
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        key.verify_strict(&digest(challenge, &self.op), &signature).is_ok()
    }
}

fn digest(challenge: &[u8; 32], op: &Op) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(SIGNATURE_DOMAIN);
    hash.update(challenge);
    hash.update(cbor::to_vec(op));
    hash.finalize().into()
}

/// What can be asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Makes a queue; if this very queue stands, only a link that is dead by now (`claim: None`) dies there, too.
    /// Unsigned; needs the operator's token.
    Create {
        /// The operator's token.
        token: String,
        /// The queue.
        queue: Queue,
    },
    /// Replaces the link's key and the pinned invitation of a queue: `claim: None` kills the link. Signed by the
    /// practice's end (the writer of the queue towards the patient, the reader of the queue from the patient).
    Invite {
        /// The practice's end of the queue.
        queue: QueueId,
        /// The link's key, while the link lives.
        claim: Option<Claim>,
    },
    /// The page's first request: both queues of an invite take the page's key, and the pinned invitation comes
    /// back. Signed by the link's claim key. What older claims left in the queues is dropped.
    Claim {
        /// The patient's end of the queue towards the patient (reader).
        reader: QueueId,
        /// The patient's end of the queue from the patient (writer).
        writer: QueueId,
        /// The page's fresh key for both.
        key: PublicKey,
    },
    /// From now on deliver this queue here, oldest unacknowledged first. Signed by the reader. Refused with
    /// [`Refusal::Busy`] while another live connection reads it.
    Read {
        /// The reader's name of the queue.
        queue: QueueId,
    },
    /// Puts an envelope at the end. Signed by the writer. Sent once this is answered.
    Send {
        /// The writer's name of the queue.
        queue: QueueId,
        /// The envelope's bytes.
        #[serde(with = "serde_bytes")]
        envelope: Vec<u8>,
    },
    /// Forgets everything up to and including this delivery. Signed by the reader.
    Acknowledge {
        /// The reader's name of the queue.
        queue: QueueId,
        /// The last delivery that is kept durably.
        sequence: u64,
    },
    /// Removes a queue and what is in it. Signed by the practice's end.
    Remove {
        /// The practice's end of the queue.
        queue: QueueId,
    },
    /// Nothing; keeps the connection.
    Ping,
}

/// A queue as the practice makes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Queue {
    /// The reader's name for it.
    pub reader: QueueId,
    /// The reader's key; the claim key until the link is opened, when the reader is the patient.
    pub reader_key: PublicKey,
    /// The writer's name for it.
    pub writer: QueueId,
    /// The writer's key; the claim key until the link is opened, when the writer is the patient.
    pub writer_key: PublicKey,
    /// Which end is the practice's.
    pub practice: Practice,
    /// The link, while it lives.
    pub claim: Option<Claim>,
    /// How long an envelope may wait, in seconds; the relay may shorten it.
    pub time_to_live_s: u32,
}

/// Which end of a queue the practice has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Practice {
    /// It writes; the patient reads.
    Writes,
    /// It reads; the patient writes.
    Reads,
}

/// What a link may do with a queue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// The key derived from the link's secret.
    pub key: PublicKey,
    /// After this the link is dead.
    pub expires: Stamp,
    /// The sealed invitation; empty on the queue from the patient.
    #[serde(with = "serde_bytes")]
    pub invitation: Vec<u8>,
}

/// What the relay says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromRelay {
    /// First of all.
    Hello(Hello),
    /// To request `n`.
    Answer {
        /// The request.
        n: u32,
        /// What became of it.
        answer: Answer,
    },
    /// An envelope for a queue this connection reads.
    Delivery {
        /// The reader's name of the queue.
        queue: QueueId,
        /// Its number in the queue; acknowledged by it.
        sequence: u64,
        /// The envelope's bytes.
        #[serde(with = "serde_bytes")]
        envelope: Vec<u8>,
    },
    /// To the reader of the queue from the patient: the link was opened (again).
    Claimed {
        /// The reader's name of the queue.
        queue: QueueId,
        /// How often it was opened since the relay knows it.
        times: u32,
        /// The page's key: with it the practice makes the queue again when the relay has forgotten everything.
        key: PublicKey,
    },
    /// This queue is gone, or another connection reads it now.
    Gone {
        /// The reader's name of the queue.
        queue: QueueId,
    },
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Done.
    Done,
    /// The pinned invitation.
    Invitation(#[serde(with = "serde_bytes")] Vec<u8>),
    /// Not done.
    Refused(Refusal),
}

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// No such queue: never made, removed, expired, or forgotten at a restart.
    #[error("the relay does not know this mailbox")]
    Unknown,
    /// The signature or the token is wrong.
    #[error("the relay does not accept this key")]
    Forbidden,
    /// The link has expired.
    #[error("the link has expired")]
    Expired,
    /// The link was used and is dead.
    #[error("the link was already used")]
    Used,
    /// The queue has as many envelopes or bytes as it may.
    #[error("the mailbox is full")]
    Full,
    /// Too many requests from here; try again after this many seconds.
    #[error("too many requests; again in {retry_s} s")]
    Slow {
        /// Seconds.
        retry_s: u16,
    },
    /// Another connection reads this queue.
    #[error("another connection reads this mailbox")]
    Busy,
    /// Too long, or not readable.
    #[error("the relay cannot read this request")]
    Garbled,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signature_is_good_for_one_operation_on_one_connection() {
        let key = SigningKey::from_bytes(&[3; 32]);
        let public = PublicKey(key.verifying_key().to_bytes());
        let read = Op::Read { queue: QueueId::from_bytes([1; 16]) };
        let request = Request::signed(1, read, &[9; 32], &key);
        assert!(request.is_signed_by(&public, &[9; 32]));
        assert!(!request.is_signed_by(&public, &[8; 32]), "another connection");
        assert!(!request.is_signed_by(&PublicKey([2; 32]), &[9; 32]), "another key");
        let other = Op::Read { queue: QueueId::from_bytes([2; 16]) };
        assert!(!Request { op: other, ..request.clone() }.is_signed_by(&public, &[9; 32]), "another operation");
        assert!(!Request::unsigned(1, request.op).is_signed_by(&public, &[9; 32]), "no signature");
    }
}
