//! What outlives the page: one value, written whole. The host seals it before it keeps it; it holds keys.
//!
//! Form: version (2 bytes, big-endian), then CBOR of [`Kept`].

use super::{
    GuestError,
    outbox::Outbox,
    thread::{Seen, Thread},
};
use crate::base::{
    Phi, Stamp,
    id::{BootId, InviteId, QueueId},
};
use crate::visit::patient;
use crate::wire::{
    content::{AppointmentCard, PracticeCard},
    from_cbor, to_cbor,
};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

const VERSION: u16 = 1;

/// 32 bytes that only this device has; wiped when dropped.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(transparent)]
pub(super) struct Secret(#[serde(with = "serde_bytes")] pub(super) [u8; 32]);

/// What the link held; forgotten at the first word from the clinician, when nobody has to open it again.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Link {
    pub(super) invite: InviteId,
    pub(super) secret: Secret,
}

/// Everything that is kept.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    /// When it was written.
    pub(super) at: Stamp,
    pub(super) link: Option<Link>,
    /// Ed25519 seed of our ends of both queues.
    pub(super) seed: Secret,
    pub(super) doorbell: Secret,
    pub(super) reader: QueueId,
    pub(super) writer: QueueId,
    /// The conversation as `seal` writes it; empty before pairing.
    #[serde(with = "serde_bytes")]
    pub(super) conversation: Vec<u8>,
    pub(super) practice: Option<PracticeCard>,
    pub(super) appointment: Option<AppointmentCard>,
    pub(super) thread: Thread,
    pub(super) outbox: Outbox,
    pub(super) seen: Seen,
    /// Envelopes of an epoch whose commit has not come yet.
    pub(super) early: Vec<ByteBuf>,
    /// The relay's life in which `sent` was said.
    pub(super) boot: Option<BootId>,
    /// The relay's life in which the link was claimed.
    pub(super) claimed: Option<BootId>,
    /// The relay's clock less ours, in milliseconds.
    pub(super) offset_ms: i64,
    pub(super) visit: Option<patient::Memory>,
    /// The words were compared on this device.
    pub(super) compared: bool,
    /// When a fresh key of ours was last proposed.
    pub(super) proposed: Option<Stamp>,
    /// Envelopes that could not be read.
    pub(super) dropped: u64,
}

impl Kept {
    pub(super) fn to_bytes(&self) -> Phi<Vec<u8>> {
        let body = Zeroizing::new(to_cbor(self));
        Phi::new([&VERSION.to_be_bytes()[..], &body].concat())
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, GuestError> {
        let (version, body) = bytes.split_first_chunk::<2>().ok_or(GuestError::Damaged)?;
        match u16::from_be_bytes(*version) {
            VERSION => from_cbor(body).map_err(|_| GuestError::Damaged),
            version => Err(GuestError::Version { version }),
        }
    }
}
