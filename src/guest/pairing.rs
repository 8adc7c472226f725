//! From the tap on a link to a conversation, and from a connection to our mailbox.

use super::{Asked, Guest, Trouble, bell, outbox::What};
use crate::base::{Stamp, id::EnvelopeId};
use crate::seal::{Conversation, InviteKeys, InviteSecret, SealError, open_invitation};
use crate::visit::patient;
use crate::wire::{
    content::Invitation,
    envelope::{Envelope, EnvelopeKind},
    from_cbor,
    relay::{Answer, Op, PublicKey, Refusal},
};
use std::time::Duration;

/// The longest pause between two tries.
const RETRY_MAX: Duration = Duration::from_secs(20);

impl Guest {
    /// A link was opened and there is no conversation yet.
    pub(super) fn claiming(&self) -> bool {
        self.conversation.is_none()
    }

    fn link_keys(&self) -> Option<InviteKeys> {
        let link = self.kept.link.as_ref()?;
        Some(InviteSecret::from_bytes(link.secret.0).derive(link.invite))
    }

    /// Says who we are: claims the link, or asks for our mailbox. Never before the key that is claimed with is kept.
    pub(super) fn present(&mut self) {
        if !self.claiming() {
            if !self.mailbox.waits(Asked::Read) {
                self.ask(Asked::Read, Op::Read { queue: self.kept.reader });
            }
        } else if self.safe > 0 || self.keeping.is_none() {
            self.claim();
        }
    }

    fn claim(&mut self) {
        let Some(keys) = self.link_keys().filter(|_| !self.mailbox.waits(Asked::Claim)) else { return };
        let (reader, writer) = (self.kept.reader, self.kept.writer);
        let op = Op::Claim { reader, writer, key: PublicKey(self.key.public()) };
        if let Some(bytes) = self.mailbox.ask(Asked::Claim, op, Some(&keys.claim)) {
            self.out.push_back(super::Output::Send(bytes));
        }
    }

    /// The relay gave the invitation.
    pub(super) fn invited(&mut self, sealed: &[u8], now: Stamp) {
        (self.trouble, self.tries) = (None, 0);
        if self.kept.claimed != self.kept.boot {
            self.kept.claimed = self.kept.boot;
            self.dirty = true;
        }
        if self.claiming() {
            match self.start(sealed, now) {
                Ok(()) => self.dirty = true,
                Err(SealError::OutsideLifetime) => return self.refuse(Trouble::LinkExpired),
                Err(_) => return self.refuse(Trouble::LinkMangled),
            }
        } else {
            // Claimed again, because the relay had forgotten: what older claims left there is gone.
            self.kept.outbox.forgotten();
        }
        self.present();
    }

    fn start(&mut self, sealed: &[u8], now: Stamp) -> Result<(), SealError> {
        let (Some(keys), Some(link)) = (self.link_keys(), &self.kept.link) else { return Err(SealError::Malformed) };
        let opened = open_invitation(&keys.mailbox, sealed, link.invite.as_bytes())?;
        let invitation: Invitation = from_cbor(&opened).map_err(|_| SealError::Malformed)?;
        let (conversation, welcome) = Conversation::start(&invitation.key_package, &keys.psk, self.corrected(now))?;
        let id = EnvelopeId::random();
        let bell = bell(&self.kept.doorbell.0, false, id);
        let envelope = Envelope { id, kind: EnvelopeKind::Welcome, bell, body: welcome };
        let bytes = envelope.to_bytes().map_err(|_| SealError::TooLarge)?;
        self.kept.outbox.push(id, What::Welcome, bytes, self.making);
        self.conversation = Some(conversation);
        self.kept.practice = Some(invitation.card);
        Ok(())
    }

    /// Our mailbox is delivered here from now on.
    pub(super) fn read(&mut self, now: Stamp) {
        self.tries = 0;
        if matches!(self.trouble, Some(Trouble::MailboxUnknown | Trouble::Elsewhere | Trouble::LinkUnknown)) {
            self.trouble = None;
        }
        if !std::mem::replace(&mut self.reading, true) {
            self.visit(patient::Event::Online, now);
        }
    }

    /// The relay does not do what we asked.
    pub(super) fn denied(&mut self, asked: Asked, refusal: Refusal, now: Stamp) {
        let claim = asked == Asked::Claim;
        match (asked, refusal) {
            (Asked::Acknowledge | Asked::Ping, _) => {}
            (Asked::Send(id), Refusal::Garbled) => self.kept.outbox.remove(id),
            (Asked::Send(id), Refusal::Full) => {
                self.kept.outbox.refused(id);
                self.trouble = Some(Trouble::MailboxFull);
                self.pause = Some(now.plus(Duration::from_secs(30)));
            }
            (_, Refusal::Slow { retry_s }) => {
                let pause = now.plus(Duration::from_secs(u64::from(retry_s.clamp(1, 60))));
                if let Asked::Send(id) = asked {
                    self.kept.outbox.refused(id);
                    self.pause = Some(pause);
                } else {
                    self.retry = Some(pause);
                }
            }
            (_, Refusal::Expired) if claim => self.lose_link(Trouble::LinkExpired),
            (_, Refusal::Used) if claim => self.lose_link(Trouble::LinkUsed),
            (_, Refusal::Forbidden) if claim => self.lose_link(Trouble::LinkUsed),
            (_, Refusal::Forbidden | Refusal::Unknown | Refusal::Busy) => self.knocked_back(asked, refusal, now),
            (_, Refusal::Expired | Refusal::Used | Refusal::Full | Refusal::Garbled) => self.try_later(now),
        }
    }

    fn knocked_back(&mut self, asked: Asked, refusal: Refusal, now: Stamp) {
        if let Asked::Send(id) = asked {
            self.kept.outbox.refused(id);
        }
        if std::mem::take(&mut self.reading) {
            self.visit(patient::Event::Offline, now);
        }
        match refusal {
            // The relay has forgotten us, and the practice made the queues again before it heard of our key.
            Refusal::Forbidden if self.kept.link.is_some() && self.kept.claimed != self.kept.boot => {
                return self.claim();
            }
            Refusal::Forbidden => return self.refuse(Trouble::Superseded),
            Refusal::Busy => self.trouble = Some(Trouble::Elsewhere),
            _ if asked == Asked::Claim => self.trouble = Some(Trouble::LinkUnknown),
            _ => self.trouble = Some(Trouble::MailboxUnknown),
        }
        self.try_later(now);
    }

    /// The link opens nothing any more. With a conversation that is another device's claim.
    fn lose_link(&mut self, trouble: Trouble) {
        self.refuse(if self.claiming() { trouble } else { Trouble::Superseded });
    }

    pub(super) fn try_later(&mut self, now: Stamp) {
        let pause = Duration::from_secs(1 << self.tries.min(5)).min(RETRY_MAX);
        self.tries += 1;
        // What is due already stays so: refusals that come together are one.
        self.retry.get_or_insert(now.plus(pause));
    }

    /// What became of a request.
    pub(super) fn answered(&mut self, asked: Asked, answer: Answer, now: Stamp) {
        match (asked, answer) {
            (asked, Answer::Refused(refusal)) => self.denied(asked, refusal, now),
            (Asked::Claim, Answer::Invitation(sealed)) => self.invited(&sealed, now),
            (Asked::Read, Answer::Done) => self.read(now),
            (Asked::Send(id), Answer::Done) => self.sent(id, now),
            _ => {}
        }
    }
}
