//! One clinician and one patient, as a group of two in MLS (RFC 9420).
//!
//! # Who may do what
//!
//! Either side sends content. The patient proposes a fresh leaf key
//! ([`Conversation::propose_update`]); only the clinician commits
//! ([`Conversation::commit_pending`]), so a relay cannot fork the group. Everything
//! else MLS allows (adding, removing, other proposals, a patient's commit, an
//! update that changes the identity key or the pseudonym) is refused with
//! [`SealError::Forbidden`]. A third member will come through here.
//!
//! # Keeping the state
//!
//! The state must be kept before its effect is seen: *send* is encrypt → state →
//! journal → wire, *receive* is decrypt → journal → state → acknowledge. When
//! keeping fails, go back:
//!
//! ```text
//! let before = conversation.snapshot();        // pointers, no copy
//! let sealed = conversation.encrypt(text, aad)?;
//! if keep(&conversation.to_bytes()?).is_err() {
//!     conversation.restore(&before)?;          // as if never encrypted
//! }
//! ```
//!
//! Never send what was encrypted before going back: the next message would use
//! the same key again. A *retry* sends the kept ciphertext, byte for byte. A
//! method that returns an error has changed nothing.

mod renewal;
mod rule;

use openmls::framing::errors::{MessageDecryptionError, SecretTreeError};
use openmls::prelude::tls_codec::{Deserialize as _, Serialize as _};
use openmls::prelude::{
    ContentType, GroupId, MlsGroup, MlsMessageBodyIn, MlsMessageIn, MlsMessageOut, ProcessMessageError,
    ProcessedMessageContent, Proposal, ProtocolMessage, Sender, ValidationError,
};
use openmls_basic_credential::SignatureKeyPair;
use openmls_traits::OpenMlsProvider;
use zeroize::Zeroizing;

use super::padding::{pad, unpad};
use super::pairing::Suite;
use super::state::{Kind, load, load_group, save};
use super::store::{Cells, Provider};
use super::{MAX_MESSAGE_BYTES, SealError};

/// Past epochs whose messages can still be read. OpenMLS keeps none by default,
/// and every message under way during a commit would be lost.
pub(super) const PAST_EPOCHS: usize = 8;
/// How far behind the newest message of a sender another may arrive.
pub(super) const OUT_OF_ORDER: u32 = 200;
/// How many messages of a sender may be missing before the next one.
pub(super) const FORWARD: u32 = 2000;

const GROUP_ID_BYTES: usize = 16;
const MAX_AAD_BYTES: usize = 1024;
const MAX_PSEUDONYM_BYTES: usize = 64;

/// Which side of the conversation this state is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The agent's side: the only one that commits.
    Clinician,
    /// The page's side.
    Patient,
}

/// The Ed25519 public key by which a member signs. *Verified* attaches to it: it
/// never changes during a conversation and is new after every pairing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberKey([u8; 32]);

impl MemberKey {
    /// A key from the vault.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The key as bytes (RFC 8032).
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(super) fn from_slice(bytes: &[u8]) -> Result<Self, SealError> {
        let bytes = bytes.try_into().map_err(|_| SealError::WrongMembers)?;
        Ok(Self(bytes))
    }
}

/// What a received message was. No `Debug`: it may hold what was said.
#[derive(Clone, PartialEq, Eq)]
pub enum Opened {
    /// Something said by the other member.
    Content {
        /// What [`Conversation::encrypt`] was given.
        plaintext: Zeroizing<Vec<u8>>,
        /// The authenticated data that came with it, readable on the way.
        aad: Vec<u8>,
        /// Who said it; always the peer.
        sender: MemberKey,
        /// The epoch it was said in: the sender had entered it.
        epoch: u64,
    },
    /// The clinician committed: epoch, keys and exporter are new.
    EpochChanged,
    /// The patient proposed an update; commit it in due time.
    UpdateProposed,
    /// A handshake message that came too late to matter.
    Nothing,
}

/// A state to go back to with [`Conversation::restore`]. No `Debug`; wiped with
/// the last conversation that shares it.
#[derive(Clone)]
pub struct Snapshot(Cells);

/// One side of a conversation. No `Debug`, no `Clone`: two live copies would
/// use one key twice.
pub struct Conversation {
    pub(super) provider: Provider,
    pub(super) group: MlsGroup,
    pub(super) signer: SignatureKeyPair,
    pub(super) role: Role,
}

impl Conversation {
    /// Seals one plaintext for the other member: an MLS PrivateMessage, its
    /// plaintext padded to a size class. `aad` is authenticated, not hidden.
    ///
    /// # Errors
    ///
    /// [`SealError::TooLarge`] above [`super::MAX_PLAINTEXT_BYTES`] of plaintext
    /// or 1,024 bytes of `aad`.
    pub fn encrypt(&mut self, plaintext: &[u8], aad: &[u8]) -> Result<Vec<u8>, SealError> {
        if aad.len() > MAX_AAD_BYTES {
            return Err(SealError::TooLarge);
        }
        let padded = pad(plaintext)?;
        self.attempt(|this| {
            this.group.set_aad(aad.to_vec());
            let message =
                this.group.create_message(&this.provider, &this.signer, &padded).map_err(|_| SealError::Library)?;
            to_wire(&message)
        })
    }

    /// Opens one message of the other member, once: a second time it is
    /// [`SealError::Spent`]. Messages may arrive out of order, up to 200 behind
    /// and 2,000 ahead, and from the last eight epochs.
    ///
    /// # Errors
    ///
    /// Every refusal leaves the state as it was. [`SealError::FutureEpoch`] asks
    /// to be tried again after the next commit; all others are final.
    pub fn decrypt(&mut self, message: &[u8]) -> Result<Opened, SealError> {
        let MlsMessageBodyIn::PrivateMessage(message) = parse(message)? else {
            return Err(SealError::Malformed);
        };
        let message = ProtocolMessage::from(message);
        if message.group_id() != self.group.group_id() {
            return Err(SealError::OtherConversation);
        }
        if message.epoch() > self.group.epoch() {
            return Err(SealError::FutureEpoch);
        }
        if message.is_handshake_message() {
            if message.epoch() < self.group.epoch() {
                return Ok(Opened::Nothing);
            }
            let expected = match self.role {
                Role::Clinician => ContentType::Proposal,
                Role::Patient => ContentType::Commit,
            };
            if message.content_type() != expected {
                return Err(SealError::Forbidden);
            }
        }
        self.attempt(|this| this.process(message))
    }

    fn process(&mut self, message: ProtocolMessage) -> Result<Opened, SealError> {
        if message.is_handshake_message() {
            self.offer_waiting()?;
        }
        let processed = self.group.process_message(&self.provider, message).map_err(refusal)?;
        let Sender::Member(sender) = *processed.sender() else {
            return Err(SealError::Forbidden);
        };
        if sender == self.group.own_leaf_index() {
            return Err(SealError::Spent);
        }
        let (aad, epoch) = (processed.aad().to_vec(), processed.epoch().as_u64());
        match processed.into_content() {
            ProcessedMessageContent::ApplicationMessage(content) => {
                let padded = Zeroizing::new(content.into_bytes());
                Ok(Opened::Content {
                    plaintext: Zeroizing::new(unpad(&padded)?.to_vec()),
                    aad,
                    sender: self.peer_key(),
                    epoch,
                })
            }
            ProcessedMessageContent::ProposalMessage(proposal) => {
                let Proposal::Update(update) = proposal.proposal() else {
                    return Err(SealError::Forbidden);
                };
                self.is_same_member(update.leaf_node(), sender)?;
                // The newest one replaces an earlier one; none enters OpenMLS's
                // own queue before it is committed, where it would block sending.
                self.wait_with(&proposal)?;
                Ok(Opened::UpdateProposed)
            }
            ProcessedMessageContent::StagedCommitMessage(commit) => {
                self.is_permitted(&commit, sender)?;
                self.group.merge_staged_commit(&self.provider, *commit).map_err(|_| SealError::Library)?;
                self.enter_epoch();
                Ok(Opened::EpochChanged)
            }
            _ => Err(SealError::Forbidden),
        }
    }

    /// A secret for `label` and `context` from the MLS exporter (RFC 9420,
    /// section 8.5): the same on both sides in the same epoch, and in no other.
    ///
    /// # Errors
    ///
    /// [`SealError::Library`] for more than 8,160 bytes.
    pub fn export(&self, label: &str, context: &[u8], len_bytes: usize) -> Result<Zeroizing<Vec<u8>>, SealError> {
        self.group
            .export_secret(self.provider.crypto(), label, context, len_bytes)
            .map(Zeroizing::new)
            .map_err(|_| SealError::Library)
    }

    /// How often the keys were renewed. A visit aborts when it moves between
    /// offer and reveal.
    #[must_use]
    pub fn epoch(&self) -> u64 {
        self.group.epoch().as_u64()
    }

    /// The random name of the group, known to its members only.
    #[must_use]
    pub fn group_id(&self) -> [u8; GROUP_ID_BYTES] {
        self.group
            .group_id()
            .as_slice()
            .try_into()
            .expect("invariant: checked when the conversation was made or loaded")
    }

    /// The suite this conversation was made with.
    #[must_use]
    pub fn suite(&self) -> Suite {
        Suite::try_from(self.group.ciphersuite()).expect("invariant: checked when the conversation was made or loaded")
    }

    /// Which side this is.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// The members' keys: always two, one of them ours.
    #[must_use]
    pub fn members(&self) -> Vec<MemberKey> {
        self.group.members().filter_map(|member| MemberKey::from_slice(&member.signature_key).ok()).collect()
    }

    /// Our own key.
    #[must_use]
    pub fn own_key(&self) -> MemberKey {
        MemberKey::from_slice(self.signer.public()).expect("invariant: our suites sign with Ed25519")
    }

    /// The other member's key.
    #[must_use]
    pub fn peer_key(&self) -> MemberKey {
        let own = self.own_key();
        self.members()
            .into_iter()
            .find(|member| *member != own)
            .expect("invariant: checked when the conversation was made or loaded")
    }

    /// The state as it is now, to go back to. Copies pointers only.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot(self.provider.storage().snapshot())
    }

    /// Goes back to a snapshot of this conversation.
    ///
    /// # Errors
    ///
    /// [`SealError::Damaged`] for the snapshot of another conversation.
    pub fn restore(&mut self, to: &Snapshot) -> Result<(), SealError> {
        let now = self.provider.storage().snapshot();
        self.provider.storage().restore(to.0.clone());
        let group = self.group.group_id().clone();
        match load_group(&self.provider, &group) {
            Ok(group) => {
                self.group = group;
                Ok(())
            }
            Err(damaged) => {
                self.provider.storage().restore(now);
                Err(damaged)
            }
        }
    }

    /// The whole state, to be sealed and kept. Equal states are equal bytes.
    ///
    /// # Errors
    ///
    /// [`SealError::Library`] if encoding fails.
    pub fn to_bytes(&self) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let kind = match self.role {
            Role::Clinician => Kind::Clinician,
            Role::Patient => Kind::Patient,
        };
        let suite = self.suite();
        let group = self.group.group_id().as_slice();
        save(&self.provider, kind, suite, self.signer.public(), group)
    }

    /// The state that [`Self::to_bytes`] gave.
    ///
    /// # Errors
    ///
    /// [`SealError::Damaged`], or [`SealError::UnknownSuite`] for a state of a
    /// newer version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SealError> {
        let (saved, provider) = load(bytes)?;
        let role = match saved.role {
            Kind::Clinician => Role::Clinician,
            Kind::Patient => Role::Patient,
            Kind::Pending => return Err(SealError::Damaged),
        };
        let conversation = Self {
            signer: saved.signer(&provider)?,
            group: load_group(&provider, &GroupId::from_slice(&saved.group))?,
            provider,
            role,
        };
        conversation.check().map_err(|_| SealError::Damaged)?;
        Ok(conversation)
    }

    /// Runs a change as a whole or not at all.
    fn attempt<T>(&mut self, change: impl FnOnce(&mut Self) -> Result<T, SealError>) -> Result<T, SealError> {
        let before = self.snapshot();
        change(self).or_else(|refused| {
            self.restore(&before)?;
            Err(refused)
        })
    }
}

/// Reads one MLSMessage (RFC 9420, section 6) that fills `bytes` exactly.
///
/// Through `Read` on purpose: `tls_codec`'s slice reader asserts, in debug
/// builds, on lengths that only an attacker writes.
pub(super) fn parse(mut bytes: &[u8]) -> Result<MlsMessageBodyIn, SealError> {
    if bytes.len() > MAX_MESSAGE_BYTES {
        return Err(SealError::TooLarge);
    }
    let message = MlsMessageIn::tls_deserialize(&mut bytes).map_err(|_| SealError::Malformed)?;
    if bytes.is_empty() { Ok(message.extract()) } else { Err(SealError::Malformed) }
}

pub(super) fn to_wire(message: &MlsMessageOut) -> Result<Vec<u8>, SealError> {
    message.tls_serialize_detached().map_err(|_| SealError::Library)
}

fn refusal<E>(error: ProcessMessageError<E>) -> SealError {
    let ProcessMessageError::ValidationError(ValidationError::UnableToDecrypt(error)) = error else {
        return SealError::Forged;
    };
    match error {
        MessageDecryptionError::SecretTreeError(
            SecretTreeError::SecretReuseError | SecretTreeError::TooDistantInThePast,
        ) => SealError::Spent,
        _ => SealError::Forged,
    }
}

#[cfg(test)]
mod tests;
