//! The patient's end of a visit: knocking, waiting, answering what the clinician offers.

use super::{
    Effect, End, FIRST_PHONE_AFTER, GIVE_UP_AFTER, GRACE, HEARD_WITHIN, KNOCK_APART, KNOCK_EVERY, Keys, Media, Mine,
    PHONE_AFTER, PLACE_MAX_BYTES, Phase, ROUND_RETRY, Share, TOLD_MAX_BYTES, Told, UNANSWERED_FOR, View,
    candidates::Candidates, earliest, fits, servers_fit, shorten,
};
use crate::base::{Phi, Stamp, id::VisitId, random};
use crate::wire::{
    call::{self, FromCall, SdpKind, ToCall},
    content::{Bye, Fingerprint, Knock, Nonce, Signal},
};
use serde::{Deserialize, Serialize};

/// What happens to the patient's end.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The clinician's end said this, in this visit.
    Signal(Signal),
    /// The call part said this.
    Call(FromCall),
    /// What is said at the door has changed (a camera came, "not alone any more").
    Knock(Knock),
    /// The person leaves, the waiting room or the visit.
    Leave,
    /// The person compared the words.
    Compared {
        /// They were the same.
        same: bool,
    },
    /// The call part's connection is gone and cannot be restarted; another can be made.
    CallGone,
    /// The relay is reached.
    Online,
    /// The relay is not reached.
    Offline,
    /// Time passed.
    Tick,
}

/// What outlives the page: enough to come back into the same visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Memory {
    /// Which visit.
    pub visit: VisitId,
    /// What was said at the door.
    pub knock: Knock,
    /// When the waiting began.
    pub since: Stamp,
    /// The last round seen; 0 before *admit*.
    pub round: u32,
    /// When sound and picture first ran.
    pub connected: Option<Stamp>,
}

/// The offer that is answered.
#[derive(Debug)]
struct Offer {
    round: u32,
    theirs: Fingerprint,
    commitment: [u8; 32],
    epoch: u64,
    /// Set with our answer.
    mine: Option<Share>,
}

/// The patient's machine of one visit.
#[derive(Debug)]
pub struct Patient {
    visit: VisitId,
    view: View,
    knock: Knock,
    online: bool,
    /// The last knock, and when the next is due.
    knocked: Option<Stamp>,
    knock_at: Stamp,
    /// The oldest knock that was not heard yet.
    unheard: Option<Stamp>,
    /// The last word from the clinician.
    spoken: Stamp,
    round: u32,
    offer: Option<Offer>,
    /// Our description of this round was sent.
    sent: bool,
    connected: bool,
    /// The connection, not only the path, is gone.
    gone: bool,
    candidates: Candidates,
    /// Since when there is no connection.
    without: Option<Stamp>,
    /// When to say that the line is lost.
    complain: Option<Stamp>,
    mine: Mine,
}

impl Patient {
    /// "I'm ready": a new visit. Knocks at the first event. `compared`: the words were compared before, from this
    /// device.
    pub fn new(visit: VisitId, knock: Knock, compared: bool, now: Stamp) -> Self {
        let memory = Memory { visit, knock, since: now, round: 0, connected: None };
        Self::resume(memory, compared, now)
    }

    /// The page was opened again: back into the waiting room, or into the running visit with a new connection.
    pub fn resume(memory: Memory, compared: bool, now: Stamp) -> Self {
        let Memory { visit, mut knock, since, round, connected } = memory;
        knock.place = shorten(knock.place, PLACE_MAX_BYTES);
        let mut view = View::new(since, compared);
        view.connected = connected;
        let running = round > 0;
        if running {
            view.phase = Phase::Reconnecting;
            view.lost = Some(now);
        }
        let mut candidates = Candidates::default();
        candidates.begin(round);
        Self {
            visit,
            view,
            knock,
            online: false,
            knocked: None,
            knock_at: now,
            unheard: None,
            spoken: now,
            round,
            offer: None,
            sent: false,
            connected: false,
            gone: running,
            candidates,
            without: running.then_some(now),
            complain: running.then_some(now),
            mine: Mine::default(),
        }
    }

    /// What to keep, so that [`Patient::resume`] can go on; `None` when the visit is over.
    pub fn memory(&self) -> Option<Memory> {
        let Self { visit, knock, view, round, .. } = self;
        let memory =
            Memory { visit: *visit, knock: knock.clone(), since: view.since, round: *round, connected: view.connected };
        (view.phase != Phase::Ended).then_some(memory)
    }

    /// Which visit.
    pub fn visit(&self) -> VisitId {
        self.visit
    }

    /// How it stands.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// When to say [`Event::Tick`], if nothing else happens before.
    pub fn timeout(&self) -> Option<Stamp> {
        if self.view.phase == Phase::Ended {
            return None;
        }
        let waiting = !self.view.phase.running();
        earliest([
            self.next_knock(),
            self.unheard.filter(|_| waiting && self.view.here).map(|at| at.plus(HEARD_WITHIN)),
            (waiting && !self.view.phone).then(|| self.spoken.plus(UNANSWERED_FOR)),
            self.complain.filter(|_| self.online),
            self.without.map(|since| since.plus(GIVE_UP_AFTER)),
            self.without.filter(|_| !self.view.phone).map(|since| since.plus(self.patience())),
            self.mine.due().filter(|_| self.sent).map(|due| due.max(self.view.since)),
        ])
    }

    /// Takes an event and says what to do. `keys` is the conversation with the practice.
    pub fn handle(&mut self, event: Event, now: Stamp, keys: &impl Keys) -> Vec<Effect> {
        let mut out = Vec::new();
        if self.view.phase == Phase::Ended {
            return out;
        }
        let before = self.view.clone();
        match event {
            Event::Signal(signal) => self.hear(signal, now, keys, &mut out),
            Event::Call(from) => self.watch(from, now, &mut out),
            Event::Knock(mut knock) => {
                knock.place = shorten(knock.place, PLACE_MAX_BYTES);
                if self.knock != knock && !self.view.phase.running() {
                    self.knock = knock;
                    self.knock_soon(now);
                }
            }
            Event::Leave if self.view.phase.running() => self.end(End::Patient, Some(Bye::HungUp), now, &mut out),
            Event::Leave => {
                out.push(Effect::Send(Signal::Left));
                self.end(End::Patient, None, now, &mut out);
            }
            Event::Compared { same } => self.compare(same, now, &mut out),
            Event::CallGone => self.lose_call(now),
            Event::Online => {
                if !self.online {
                    self.online = true;
                    self.knock_soon(now);
                }
            }
            Event::Offline => {
                self.online = false;
                self.unheard = None;
                self.view.here &= self.view.phase.running();
            }
            Event::Tick => {}
        }
        self.tick(now, &mut out);
        if self.view != before {
            out.push(Effect::Changed);
        }
        out
    }

    fn hear(&mut self, signal: Signal, now: Stamp, keys: &impl Keys, out: &mut Vec<Effect>) {
        self.view.seen = self.view.seen.max(now);
        match signal {
            Signal::Heard { .. } => self.heard(),
            Signal::Wait { minutes, text } if !self.view.phase.running() => {
                self.heard();
                self.spoken = now;
                self.view.phone = false;
                self.view.told = Some(Told { minutes, text: shorten(text, TOLD_MAX_BYTES), at: now });
            }
            Signal::Declined { text } if !self.view.phase.running() => {
                self.view.told = Some(Told { minutes: None, text: shorten(text, TOLD_MAX_BYTES), at: now });
                self.end(End::Declined, None, now, out);
            }
            Signal::Offer { round, sdp, fingerprint, commitment, epoch, relay_only, ice_servers } => {
                if round <= self.round || !fits(&sdp) || !servers_fit(&ice_servers) {
                    return;
                }
                if keys.epoch() != epoch {
                    return self.end(End::Unverified, Some(Bye::Unverified), now, out);
                }
                self.offer = Some(Offer { round, theirs: fingerprint, commitment, epoch, mine: None });
                self.admit(round, now);
                let version = call::VERSION;
                let start = ToCall::Start { version, round, offers: false, relay_only, ice_servers };
                out.push(Effect::Call(start));
                self.take(sdp, fingerprint, out);
            }
            Signal::Restart { round, sdp } => {
                let theirs = self.offer.as_ref().filter(|offer| offer.mine.is_some()).map(|offer| offer.theirs);
                let Some(theirs) = theirs.filter(|_| round > self.round && fits(&sdp)) else {
                    // A restart of a connection that is gone: say so again, for this round.
                    if round > self.round && self.gone {
                        self.begin(round);
                        self.complain = Some(now);
                    }
                    return;
                };
                self.begin(round);
                if self.gone {
                    self.complain = Some(now);
                } else {
                    self.take(sdp, theirs, out);
                    self.complain = (!self.connected).then(|| now.plus(ROUND_RETRY));
                }
            }
            Signal::Reveal { round, nonce } => self.verify(round, nonce, now, keys, out),
            Signal::Candidate { round, candidate } => {
                if let Some(candidate) = self.candidates.take(round, candidate).filter(|_| !self.gone) {
                    out.push(Effect::Call(ToCall::Candidate(candidate)));
                }
            }
            Signal::Media { microphone, camera } if self.view.phase.running() => {
                let media = Media { microphone, camera };
                if self.view.peer != Some(media) {
                    self.view.peer = Some(media);
                    out.push(Effect::Call(ToCall::Peer { microphone, camera }));
                }
            }
            Signal::Compared { same: true } => self.view.peer_compared |= self.view.words.is_some(),
            Signal::Compared { same: false } if self.view.phase.running() => {
                self.view.compared = false;
                self.end(End::Unverified, Some(Bye::Unverified), now, out);
            }
            Signal::Bye { reason } => self.end(End::of(reason, End::Clinician), None, now, out),
            // Too late, or what only a patient says.
            Signal::Wait { .. } | Signal::Declined { .. } | Signal::Media { .. } | Signal::Compared { .. } => {}
            Signal::Knock(_) | Signal::Left | Signal::Answer { .. } | Signal::Lost { .. } => {}
        }
    }

    fn heard(&mut self) {
        if !self.view.phase.running() {
            (self.view.phase, self.view.here, self.unheard) = (Phase::Waiting, true, None);
        }
    }

    /// The clinician's first offer, or one for a new connection.
    fn admit(&mut self, round: u32, now: Stamp) {
        self.begin(round);
        (self.connected, self.gone, self.complain, self.unheard) = (false, false, None, None);
        (self.view.words, self.view.peer_compared, self.view.here) = (None, false, true);
        self.without.get_or_insert(now);
        self.view.admitted.get_or_insert(now);
        if !self.view.phase.running() {
            self.view.phase = Phase::Admitted;
            self.view.phone = false;
        }
    }

    fn begin(&mut self, round: u32) {
        (self.round, self.sent) = (round, false);
        self.candidates.begin(round);
    }

    fn take(&mut self, sdp: Phi<String>, fingerprint: Fingerprint, out: &mut Vec<Effect>) {
        out.push(Effect::Call(ToCall::Remote { round: self.round, kind: SdpKind::Offer, sdp, fingerprint }));
        out.extend(self.candidates.open().into_iter().map(|candidate| Effect::Call(ToCall::Candidate(candidate))));
    }

    fn verify(&mut self, round: u32, nonce: Nonce, now: Stamp, keys: &impl Keys, out: &mut Vec<Effect>) {
        let offer = self.offer.as_ref().filter(|offer| offer.round == round && self.view.words.is_none());
        let Some((offer, mine)) = offer.and_then(|offer| Some((offer, offer.mine?))) else { return };
        let theirs = Share { nonce, fingerprint: offer.theirs };
        let kept = keys.epoch() == offer.epoch && keys.commitment(&theirs) == offer.commitment;
        let words = if kept { keys.words(&theirs, &mine) } else { None };
        let Some(words) = words else {
            return self.end(End::Unverified, Some(Bye::Unverified), now, out);
        };
        self.view.words = Some(words.clone());
        out.push(Effect::Call(ToCall::Words { words: words.into(), compared: self.view.compared }));
    }

    /// What the call part reports.
    fn watch(&mut self, from: FromCall, now: Stamp, out: &mut Vec<Effect>) {
        let stands = |round: u32, of: &Self| !of.gone && of.offer.as_ref().is_some_and(|offer| offer.round <= round);
        match from {
            FromCall::Local { round, kind: SdpKind::Answer, sdp, fingerprint } => {
                if round == self.round && !self.sent && !self.gone && fits(&sdp) {
                    self.answer(sdp, fingerprint, now, out);
                }
            }
            FromCall::Candidate { round, candidate } => {
                let fits = super::candidate_fits(&candidate);
                if round == self.round && self.sent && !self.gone && fits && self.candidates.send() {
                    out.push(Effect::Send(Signal::Candidate { round, candidate }));
                }
            }
            FromCall::Connected { round, relayed, codec } if stands(round, self) => {
                self.view.connect(relayed, &codec);
                (self.connected, self.complain) = (true, None);
            }
            FromCall::Disconnected { round } if stands(round, self) && self.connected => {
                self.connected = false;
                self.without = Some(now);
                self.complain = Some(now.plus(GRACE));
            }
            FromCall::Gone { round } if stands(round, self) => {
                self.lose_call(now);
                // A goodbye, or another offer, may be on its way.
                self.complain = Some(now.plus(GRACE));
            }
            FromCall::Ready { microphone, camera, .. } | FromCall::Media { microphone, camera } => {
                self.mine.now = Some(Media { microphone, camera });
            }
            FromCall::Compared { same } => self.compare(same, now, out),
            FromCall::HangUp if self.view.phase.running() => self.end(End::Patient, Some(Bye::HungUp), now, out),
            FromCall::Unverified { round } if stands(round, self) => {
                self.end(End::Unverified, Some(Bye::Unverified), now, out);
            }
            // The owner's concern, or of a connection that was.
            FromCall::FirstPicture | FromCall::Quality(_) | FromCall::Trouble(_) => {}
            FromCall::Local { .. } | FromCall::Connected { .. } | FromCall::HangUp => {}
            FromCall::Disconnected { .. } | FromCall::Gone { .. } | FromCall::Unverified { .. } => {}
        }
    }

    fn answer(&mut self, sdp: Phi<String>, fingerprint: Fingerprint, now: Stamp, out: &mut Vec<Effect>) {
        let round = self.round;
        let Some(offer) = &mut self.offer else { return };
        self.sent = true;
        match offer.mine {
            None => {
                let mine = Share { nonce: Nonce(random::bytes()), fingerprint };
                offer.mine = Some(mine);
                if self.view.phase == Phase::Admitted {
                    self.view.phase = Phase::Connecting;
                }
                out.push(Effect::Send(Signal::Answer { round, sdp, fingerprint, nonce: mine.nonce }));
            }
            Some(mine) if mine.fingerprint == fingerprint => out.push(Effect::Send(Signal::Restart { round, sdp })),
            Some(_) => self.end(End::Unverified, Some(Bye::Unverified), now, out),
        }
    }

    fn lose_call(&mut self, now: Stamp) {
        if self.view.phase.running() && !self.gone {
            (self.gone, self.connected, self.sent) = (true, false, false);
            self.without.get_or_insert(now);
            self.complain = Some(now);
        }
    }

    fn compare(&mut self, same: bool, now: Stamp, out: &mut Vec<Effect>) {
        if self.view.words.is_none() || (same && self.view.compared) {
            return;
        }
        out.push(Effect::Send(Signal::Compared { same }));
        if !same {
            self.view.compared = false;
            return self.end(End::Unverified, Some(Bye::Unverified), now, out);
        }
        self.view.compared = true;
        out.push(Effect::Call(ToCall::Compared { same }));
    }

    fn patience(&self) -> std::time::Duration {
        if self.view.connected.is_some() { PHONE_AFTER } else { FIRST_PHONE_AFTER }
    }

    fn next_knock(&self) -> Option<Stamp> {
        if self.view.phase.running() {
            return None;
        }
        // The first goes into the outbox even without a relay; the next wait for one.
        (self.online || self.knocked.is_none()).then_some(self.knock_at)
    }

    fn knock_soon(&mut self, now: Stamp) {
        let apart = self.knocked.map_or(now, |at| at.plus(KNOCK_APART).max(now));
        self.knock_at = self.knock_at.min(apart);
    }

    /// What the passing of time and the new facts bring with them.
    fn tick(&mut self, now: Stamp, out: &mut Vec<Effect>) {
        match self.view.phase {
            Phase::Ended => return,
            Phase::Knocking | Phase::Waiting => self.wait(now, out),
            Phase::Admitted | Phase::Connecting | Phase::Live | Phase::Reconnecting => self.run(now, out),
        }
        if self.sent
            && self.view.phase != Phase::Ended
            && let Some(media) = self.mine.tell(now)
        {
            out.push(Effect::Send(media));
        }
    }

    fn wait(&mut self, now: Stamp, out: &mut Vec<Effect>) {
        if self.next_knock().is_some_and(|next| next <= now) {
            self.knocked = Some(now);
            self.knock_at = now.plus(KNOCK_EVERY);
            self.unheard.get_or_insert(now);
            out.push(Effect::Send(Signal::Knock(self.knock.clone())));
        }
        if self.unheard.is_some_and(|at| now.since(at) >= HEARD_WITHIN) {
            self.view.here = false;
        }
        if !self.view.here {
            self.view.phase = Phase::Knocking;
        }
        self.view.phone = now.since(self.spoken) >= UNANSWERED_FOR;
    }

    fn run(&mut self, now: Stamp, out: &mut Vec<Effect>) {
        if self.connected && self.view.words.is_some() {
            self.view.phase = Phase::Live;
            self.view.connected.get_or_insert(now);
            (self.view.lost, self.without, self.view.phone) = (None, None, false);
        } else if self.view.connected.is_some() {
            self.view.phase = Phase::Reconnecting;
            self.view.lost.get_or_insert(now);
        }
        if let Some(since) = self.without {
            self.view.phone = now.since(since) >= self.patience();
            if now.since(since) >= GIVE_UP_AFTER {
                return self.end(End::Lost, Some(Bye::Lost), now, out);
            }
        }
        if self.online && self.complain.is_some_and(|at| at <= now) {
            self.complain = Some(now.plus(ROUND_RETRY));
            out.push(Effect::Send(Signal::Lost { round: self.round, gone: self.gone }));
        }
    }

    fn end(&mut self, end: End, bye: Option<Bye>, now: Stamp, out: &mut Vec<Effect>) {
        if let Some(reason) = bye {
            out.push(Effect::Send(Signal::Bye { reason }));
        }
        if self.view.phase.running() {
            out.push(Effect::Call(ToCall::Close { text: end.sentence().into() }));
        }
        (self.view.phase, self.view.end, self.view.ended) = (Phase::Ended, Some(end), Some(now));
        (self.view.here, self.view.phone, self.view.lost) = (false, end == End::Lost, None);
    }
}
