//! The clinician's end of one patient's conversation: the link, the two queues, MLS.
//!
//! Its state is one sealed file per patient, outside the journal. Two rules keep it right through any crash:
//! *send*: state → journal → wire, so a ratchet key is never used twice; *receive*: decrypt → journal → state →
//! acknowledge, so that what the relay forgets has been kept. Between decrypting and keeping the state nothing may be
//! encrypted, which is why the desk commits after every delivery.

use super::failure::refused;
use super::mailbox::Post;
use crate::base::id::{EnvelopeId, InviteId, MessageId, PatientId, QueueId};
use crate::base::{Failure, Kind, Stamp, random};
use crate::seal::{Conversation, InviteSecret, Opened, Pending, QueueKey, SealError, Suite, seal_invitation};
use crate::vault::{Vault, VaultError};
use crate::wire::content::{Body, Content, Invitation, PracticeCard};
use crate::wire::envelope::{Envelope, EnvelopeKind};
use crate::wire::link::{Fragment, LinkSecret};
use crate::wire::relay::{Claim, Practice, PublicKey, Queue};
use crate::wire::{from_cbor, to_cbor};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use std::collections::VecDeque;
use zeroize::{Zeroize, Zeroizing};

/// Groups that may come of one link. Each is joined once.
const JOINED_MAX: usize = 1_000;
/// How often a link counts as opened at most: a relay may claim anything.
const CLAIMS_MAX: u32 = 1_000;
/// How many envelopes are remembered, so that a double is dropped.
const SEEN: usize = 2_000;
/// How long an envelope may wait at the relay.
const TIME_TO_LIVE_S: u32 = 14 * 24 * 3600;

/// The form in which a thread is kept; readers ignore fields they do not know.
#[derive(Serialize, Deserialize)]
struct Saved {
    version: u16,
    invite: InviteId,
    expires: Stamp,
    /// The link's secret, while the link lives.
    secret: Option<[u8; 32]>,
    /// The invitation that is pinned, while the link lives.
    #[serde(with = "serde_bytes")]
    invitation: Vec<u8>,
    /// Our Ed25519 seed for both queues.
    key: [u8; 32],
    /// The patient's key for both queues: the link's until it was opened, then the page's.
    peer: [u8; 32],
    doorbell: [u8; 32],
    reader: QueueId,
    writer: QueueId,
    peer_reader: QueueId,
    peer_writer: QueueId,
    claims: u32,
    #[serde(with = "serde_bytes")]
    pending: Vec<u8>,
    #[serde(with = "serde_bytes")]
    conversation: Vec<u8>,
    /// Envelopes that were opened, and the message in each: when it comes again, it is confirmed again.
    seen: VecDeque<(EnvelopeId, Option<MessageId>)>,
    /// The groups of this link that were joined. An envelope's identifier is the relay's to choose, so that an old
    /// Welcome under a new one would take the conversation back to its first keys.
    #[serde(default)]
    joined: Vec<[u8; 16]>,
    /// The last commit, until the other end has said something after it: without it nothing later can be read there.
    #[serde(default)]
    commit: Option<(EnvelopeId, ByteBuf)>,
}

impl Drop for Saved {
    fn drop(&mut self) {
        self.secret.zeroize();
        self.key.zeroize();
        self.pending.zeroize();
        self.conversation.zeroize();
    }
}

/// One patient's conversation.
pub(super) struct Thread {
    patient: PatientId,
    saved: Saved,
    conversation: Option<Conversation>,
}

/// What an envelope held.
pub(super) enum Received {
    /// The patient's device joined (again).
    Paired,
    /// Something said.
    Said(Content),
    /// A message that is kept already: whoever sends it again has not heard so.
    Known(MessageId),
    /// An update, a doubled or an unreadable envelope: nothing to keep, to be acknowledged all the same.
    Nothing,
}

impl Thread {
    /// A fresh link. The older one, if any, dies with the thread this replaces.
    pub(super) fn invite(
        patient: PatientId,
        card: PracticeCard,
        now: Stamp,
        expires: Stamp,
    ) -> Result<Self, SealError> {
        let invite = InviteId::random();
        let secret = InviteSecret::random();
        let keys = secret.derive(invite);
        let (pending, key_package) = Pending::new(Suite::XWing, now)?;
        let invitation =
            seal_invitation(&keys.mailbox, &to_cbor(&Invitation { key_package, card }), invite.as_bytes())?;
        let saved = Saved {
            version: 1,
            invite,
            expires,
            secret: Some(*secret.as_bytes()),
            invitation,
            key: *QueueKey::generate().seed(),
            peer: keys.claim.public(),
            doorbell: *keys.doorbell.as_bytes(),
            reader: QueueId::random(),
            writer: QueueId::random(),
            peer_reader: keys.to_patient_reader,
            peer_writer: keys.to_agent_writer,
            claims: 0,
            pending: pending.to_bytes()?.to_vec(),
            conversation: Vec::new(),
            seen: VecDeque::new(),
            joined: Vec::new(),
            commit: None,
        };
        Ok(Self { patient, saved, conversation: None })
    }

    /// The thread as it was kept; `None` if there is none.
    pub(super) fn load(vault: &mut Vault, patient: PatientId) -> Result<Option<Self>, Failure> {
        let Some(bytes) = vault.load_conversation(patient.as_bytes())? else { return Ok(None) };
        let damaged =
            || Failure::new(Kind::Damaged, "a conversation's state cannot be read").hint("invite this patient again");
        let saved: Saved = from_cbor(&bytes).map_err(|_| damaged())?;
        let conversation = match saved.conversation.as_slice() {
            [] => None,
            bytes => Some(Conversation::from_bytes(bytes).map_err(|_| damaged())?),
        };
        Ok(Some(Self { patient, saved, conversation }))
    }

    /// Keeps the state durably.
    pub(super) fn store(&mut self, vault: &mut Vault) -> Result<(), VaultError> {
        if let Some(conversation) = &self.conversation {
            self.saved.conversation.zeroize();
            self.saved.conversation = conversation.to_bytes().map(|bytes| bytes.to_vec()).unwrap_or_default();
        }
        vault.store_conversation(self.patient.as_bytes(), &Zeroizing::new(to_cbor(&self.saved)))
    }

    /// Whose it is.
    pub(super) fn patient(&self) -> PatientId {
        self.patient
    }

    /// The invite it came from.
    pub(super) fn invite_id(&self) -> InviteId {
        self.saved.invite
    }

    /// How often the link was opened.
    pub(super) fn claims(&self) -> u32 {
        self.saved.claims
    }

    /// Whether a device is at the other end.
    pub(super) fn paired(&self) -> bool {
        self.conversation.is_some()
    }

    /// The conversation, for the words.
    pub(super) fn conversation(&self) -> Option<&Conversation> {
        self.conversation.as_ref()
    }

    /// Our name of the queue from the patient.
    pub(super) fn reader(&self) -> QueueId {
        self.saved.reader
    }

    /// Our name of the queue to the patient.
    pub(super) fn writer(&self) -> QueueId {
        self.saved.writer
    }

    /// The text behind the link's `#`, while the link lives.
    pub(super) fn fragment(&self) -> Option<Fragment> {
        let secret = self.saved.secret?;
        Some(Fragment { invite: self.saved.invite, secret: LinkSecret(secret) })
    }

    /// What the mailbox needs, also while the vault is locked.
    pub(super) fn mailbox(&self) -> Post {
        let claim = |invitation: &[u8]| {
            let secret = InviteSecret::from_bytes(self.saved.secret?);
            let key = PublicKey(secret.derive(self.saved.invite).claim.public());
            Some(Claim { key, expires: self.saved.expires, invitation: invitation.to_vec() })
        };
        let ours = PublicKey(QueueKey::from_seed(&self.saved.key).public());
        let peer = PublicKey(self.saved.peer);
        let to_patient = Queue {
            reader: self.saved.peer_reader,
            reader_key: peer,
            writer: self.saved.writer,
            writer_key: ours,
            practice: Practice::Writes,
            claim: claim(&self.saved.invitation),
            time_to_live_s: TIME_TO_LIVE_S,
        };
        let from_patient = Queue {
            reader: self.saved.reader,
            reader_key: ours,
            writer: self.saved.peer_writer,
            writer_key: peer,
            practice: Practice::Reads,
            claim: claim(&[]),
            time_to_live_s: TIME_TO_LIVE_S,
        };
        Post { seed: self.saved.key, doorbell: self.saved.doorbell, to_patient, from_patient }
    }

    /// The link was opened, for the `times`th time as the relay knows it, by a page with this key.
    pub(super) fn claimed(&mut self, times: u32, key: PublicKey) -> bool {
        let fresh = self.saved.peer != key.0 && self.saved.claims < CLAIMS_MAX;
        if fresh {
            self.saved.peer = key.0;
            self.saved.claims = (self.saved.claims + 1).max(times).min(CLAIMS_MAX);
        }
        fresh
    }

    /// The link dies: after the first admit it opens nothing any more.
    pub(super) fn kill_link(&mut self) -> bool {
        self.saved.invitation.clear();
        self.saved.pending.zeroize();
        self.saved.secret.take().is_some_and(|mut secret| {
            secret.zeroize();
            true
        })
    }

    /// Seals something to be said. The caller keeps the state, then the envelope, then sends it.
    pub(super) fn seal(&mut self, content: &Content) -> Result<Envelope, Failure> {
        let conversation = self
            .conversation
            .as_mut()
            .ok_or_else(|| refused("this patient has not opened a link yet").hint("run 'bedside patient invite'"))?;
        let body =
            conversation.encrypt(&to_cbor(content), &[]).map_err(|error| Failure::new(Kind::Bug, error.to_string()))?;
        Ok(Envelope { id: EnvelopeId::random(), kind: EnvelopeKind::Message, bell: random::bytes(), body })
    }

    /// A commit that brings both ends to fresh keys. It is said again ([`Thread::unconfirmed`]) until the other end has
    /// followed.
    pub(super) fn refresh(&mut self) -> Option<(EnvelopeId, Vec<u8>)> {
        let body = self.conversation.as_mut()?.commit_pending().ok()?;
        let envelope = Envelope { id: EnvelopeId::random(), kind: EnvelopeKind::Message, bell: random::bytes(), body };
        let bytes = envelope.to_bytes().ok()?;
        self.saved.commit = Some((envelope.id, ByteBuf::from(bytes.clone())));
        Some((envelope.id, bytes))
    }

    /// The commit that the other end may not have, byte for byte.
    pub(super) fn unconfirmed(&self) -> Option<(EnvelopeId, Vec<u8>)> {
        self.saved.commit.as_ref().map(|(id, bytes)| (*id, bytes.to_vec()))
    }

    /// Opens an envelope. Whatever it is, it can be acknowledged once what this returns is kept; a forged one leaves
    /// the state as it was.
    pub(super) fn open(&mut self, envelope: &Envelope) -> Received {
        if let Some((_, message)) = self.saved.seen.iter().find(|(seen, _)| *seen == envelope.id) {
            return message.map_or(Received::Nothing, Received::Known);
        }
        let received = match envelope.kind {
            EnvelopeKind::Welcome => self.join(&envelope.body),
            EnvelopeKind::Message => self.read(&envelope.body),
            EnvelopeKind::Invitation => None,
        };
        let Some(received) = received else { return Received::Nothing };
        let message = match &received {
            Received::Said(Content { body: Body::Text { id, .. }, .. }) => Some(*id),
            _ => None,
        };
        self.saved.seen.push_back((envelope.id, message));
        if self.saved.seen.len() > SEEN {
            self.saved.seen.pop_front();
        }
        received
    }

    fn join(&mut self, welcome: &[u8]) -> Option<Received> {
        let secret = InviteSecret::from_bytes(self.saved.secret?);
        let pending = Pending::from_bytes(&self.saved.pending).ok()?;
        let conversation = pending.join(welcome, &secret.derive(self.saved.invite).psk).ok()?;
        let group = conversation.group_id();
        if self.saved.joined.len() >= JOINED_MAX || self.saved.joined.contains(&group) {
            return None;
        }
        self.saved.joined.push(group);
        self.saved.commit = None;
        self.conversation = Some(conversation);
        Some(Received::Paired)
    }

    fn read(&mut self, message: &[u8]) -> Option<Received> {
        let conversation = self.conversation.as_mut()?;
        match conversation.decrypt(message).ok()? {
            Opened::Content { plaintext, epoch, .. } => {
                if epoch == conversation.epoch() {
                    self.saved.commit = None;
                }
                // Said in words this version does not know: nothing to keep, and the conversation goes on.
                Some(from_cbor(&plaintext).map_or(Received::Nothing, Received::Said))
            }
            Opened::UpdateProposed | Opened::EpochChanged | Opened::Nothing => Some(Received::Nothing),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::seal::open_invitation;

    const NOW: Stamp = Stamp(1_800_000_000_000);

    fn thread() -> Thread {
        let card = PracticeCard { clinician: "Dr. Okafor".into(), phone: None, emergency: None };
        let now = crate::base::Clock::now(&crate::base::time::SystemClock);
        Thread::invite(PatientId::random(), card, now, now.plus(std::time::Duration::from_secs(3600))).expect("a link")
    }

    /// A device that opens the link: its conversation, and its Welcome.
    pub(in crate::agent) fn device(thread: &Thread) -> (Conversation, Vec<u8>) {
        let secret = InviteSecret::from_bytes(thread.saved.secret.expect("the link lives"));
        let keys = secret.derive(thread.saved.invite);
        let opened = open_invitation(&keys.mailbox, &thread.saved.invitation, thread.saved.invite.as_bytes());
        let invitation: Invitation = from_cbor(&opened.expect("ours")).expect("an invitation");
        let now = crate::base::Clock::now(&crate::base::time::SystemClock);
        Conversation::start(&invitation.key_package, &keys.psk, now).expect("a group")
    }

    fn envelope(kind: EnvelopeKind, body: &[u8]) -> Envelope {
        Envelope { id: EnvelopeId::random(), kind, bell: [0; 16], body: body.to_vec() }
    }

    fn text(text: &str) -> Content {
        Content { at: NOW, body: Body::Text { id: MessageId::random(), text: text.into(), appointment: None } }
    }

    #[test]
    fn old_welcome_under_a_new_name_takes_nothing_back() {
        let mut thread = thread();
        let (_, first) = device(&thread);
        let (mut patient, second) = device(&thread);
        assert!(matches!(thread.open(&envelope(EnvelopeKind::Welcome, &first)), Received::Paired));
        assert!(matches!(thread.open(&envelope(EnvelopeKind::Welcome, &second)), Received::Paired));
        for old in [&first, &second] {
            assert!(matches!(thread.open(&envelope(EnvelopeKind::Welcome, old)), Received::Nothing));
        }
        let said = patient.encrypt(&to_cbor(&text("still here")), &[]).expect("sealed");
        assert!(matches!(thread.open(&envelope(EnvelopeKind::Message, &said)), Received::Said(_)));
    }

    #[test]
    fn commit_is_said_again_until_the_other_end_has_followed() {
        let mut thread = thread();
        let (mut patient, welcome) = device(&thread);
        assert!(matches!(thread.open(&envelope(EnvelopeKind::Welcome, &welcome)), Received::Paired));
        let commit = thread.refresh().expect("a commit");
        let before = patient.encrypt(&to_cbor(&text("before")), &[]).expect("sealed");
        assert!(matches!(thread.open(&envelope(EnvelopeKind::Message, &before)), Received::Said(_)));
        assert_eq!(thread.unconfirmed().as_ref(), Some(&commit), "said in the epoch before");
        let opened = Envelope::from_bytes(&commit.1).expect("ours");
        assert!(matches!(patient.decrypt(&opened.body), Ok(Opened::EpochChanged)));
        let after = patient.encrypt(&to_cbor(&text("after")), &[]).expect("sealed");
        assert!(matches!(thread.open(&envelope(EnvelopeKind::Message, &after)), Received::Said(_)));
        assert_eq!(thread.unconfirmed(), None);
    }

    #[test]
    fn relay_that_claims_any_number_of_openings_is_not_counted_over() {
        let mut thread = thread();
        assert!(thread.claimed(u32::MAX, PublicKey([1; 32])));
        assert!(!thread.claimed(u32::MAX, PublicKey([2; 32])));
        assert_eq!(thread.claims(), CLAIMS_MAX);
    }
}
