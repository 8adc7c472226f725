//! The clinician's end of a visit: the waiting room, admission, the rounds of the connection.

use super::{
    ANSWER_APART, AWAY_FOR, Effect, End, FIRST_PHONE_AFTER, GIVE_UP_AFTER, GRACE, HERE_FOR, Keys, Media, Mine,
    PHONE_AFTER, PLACE_MAX_BYTES, Phase, ROUND_APART, ROUND_RETRY, Share, TOLD_MAX_BYTES, Told, View,
    candidates::Candidates, earliest, fits, shorten,
};
use crate::base::{Phi, Stamp, id::VisitId, random};
use crate::wire::{
    call::{self, FromCall, SdpKind, ToCall},
    content::{Bye, Candidate, Fingerprint, IceServer, Knock, Nonce, Signal},
};

/// What happens to the clinician's end.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The patient's end said this, in this visit.
    Signal(Signal),
    /// The call window said this.
    Call(FromCall),
    /// A window stands: admit who waits, or give a running visit a new window.
    Admit {
        /// Relayed candidates only, at both ends.
        relay_only: bool,
        /// STUN and TURN servers for both ends.
        ice_servers: Vec<IceServer>,
    },
    /// A word to the waiting room.
    Tell {
        /// "About 5 minutes".
        minutes: Option<u16>,
        /// Words, cut at [`TOLD_MAX_BYTES`].
        text: Option<Phi<String>>,
    },
    /// Not now.
    Decline {
        /// Words, cut at [`TOLD_MAX_BYTES`].
        text: Option<Phi<String>>,
    },
    /// The person ends the visit, from the console.
    HangUp,
    /// The person compared the words, in the console.
    Compared {
        /// They were the same.
        same: bool,
    },
    /// The call window is gone without having hung up.
    WindowLost,
    /// The relay is reached again.
    Online,
    /// The patient opened another visit; this one cannot go on.
    Superseded,
    /// Time passed.
    Tick,
}

/// The offer of the connection that stands.
#[derive(Debug)]
struct Offer {
    round: u32,
    mine: Share,
    epoch: u64,
    theirs: Option<Fingerprint>,
}

/// Whether the page's connection is gone, or only the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Gone(bool);

/// The clinician's machine of one visit.
#[derive(Debug)]
pub struct Clinician {
    visit: VisitId,
    view: View,
    knock: Knock,
    rung: Option<Stamp>,
    answered: Option<Stamp>,
    relay_only: bool,
    ice_servers: Vec<IceServer>,
    /// The last round begun, and when.
    round: u32,
    begun: Stamp,
    /// `None` while the first description of a new connection is being made.
    offer: Option<Offer>,
    /// Our description of this round was sent; the other side's was taken.
    sent: bool,
    taken: bool,
    connected: bool,
    candidates: Candidates,
    /// Since when there is no connection.
    without: Option<Stamp>,
    /// When the next round may begin.
    next: Option<Stamp>,
    /// The page asked for a round; a new connection, when its own is gone.
    asked: Option<Gone>,
    mine: Mine,
}

/// What to answer to a signal of a visit that this end does not know (any more): a page that still believes in it
/// learns that it is over.
pub fn stranger(signal: &Signal) -> Option<Signal> {
    let asks = matches!(signal, Signal::Lost { .. } | Signal::Answer { .. } | Signal::Restart { .. });
    asks.then_some(Signal::Bye { reason: Bye::WindowLost })
}

impl Clinician {
    /// A visit the patient's first knock names. `compared`: the words were compared with this device before.
    pub fn new(visit: VisitId, compared: bool, now: Stamp) -> Self {
        Self {
            visit,
            view: View::new(now, compared),
            knock: Knock::default(),
            rung: None,
            answered: None,
            relay_only: false,
            ice_servers: Vec::new(),
            round: 0,
            begun: now,
            offer: None,
            sent: false,
            taken: false,
            connected: false,
            candidates: Candidates::default(),
            without: None,
            next: None,
            asked: None,
            mine: Mine::default(),
        }
    }

    /// Which visit.
    pub fn visit(&self) -> VisitId {
        self.visit
    }

    /// How it stands.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// What the patient said at the door, last.
    pub fn knock(&self) -> &Knock {
        &self.knock
    }

    /// When to say [`Event::Tick`], if nothing else happens before.
    pub fn timeout(&self) -> Option<Stamp> {
        if self.view.phase == Phase::Ended {
            return None;
        }
        let waiting = !self.view.phase.running();
        earliest([
            (waiting && self.view.here).then(|| self.view.seen.plus(HERE_FOR)),
            waiting.then(|| self.view.seen.plus(AWAY_FOR)),
            self.next.filter(|_| self.view.window),
            self.without.map(|since| since.plus(GIVE_UP_AFTER)),
            self.without.filter(|_| !self.view.phone).map(|since| since.plus(self.patience())),
            self.mine.due().filter(|_| self.sent).map(|due| due.max(self.view.since)),
        ])
    }

    /// Takes an event and says what to do. `keys` is the conversation with this patient.
    pub fn handle(&mut self, event: Event, now: Stamp, keys: &impl Keys) -> Vec<Effect> {
        let before = self.view.clone();
        let mut out = Vec::new();
        if self.view.phase == Phase::Ended {
            self.after(&event, now, &mut out);
            return out;
        }
        match event {
            Event::Signal(signal) => self.hear(signal, now, keys, &mut out),
            Event::Call(from) => self.watch(from, now, keys, &mut out),
            Event::Admit { relay_only, ice_servers } => {
                if self.view.phase.running() && self.view.window {
                    return out;
                }
                (self.relay_only, self.ice_servers) = (relay_only, ice_servers);
                self.view.window = true;
                if !self.view.phase.running() {
                    self.view.phase = Phase::Admitted;
                    self.view.admitted = Some(now);
                }
                self.open(now, &mut out);
            }
            Event::Tell { minutes, text } if !self.view.phase.running() => {
                let text = shorten(text, TOLD_MAX_BYTES);
                self.view.told = Some(Told { minutes, text: text.clone(), at: now });
                out.push(Effect::Send(Signal::Wait { minutes, text }));
            }
            Event::Decline { text } if !self.view.phase.running() => {
                out.push(Effect::Send(Signal::Declined { text: shorten(text, TOLD_MAX_BYTES) }));
                self.end(End::Declined, None, now, &mut out);
            }
            Event::Tell { .. } | Event::Decline { .. } => {}
            Event::HangUp => self.end(End::Clinician, Some(Bye::HungUp), now, &mut out),
            Event::Compared { same } => self.compare(same, now, &mut out),
            Event::WindowLost => self.lose_window(now),
            Event::Online => {
                let answered = self.offer.as_ref().is_some_and(|offer| offer.theirs.is_some());
                if self.without.is_some() && answered && self.next.is_none() {
                    self.next = Some(self.begun.plus(ROUND_APART).max(now));
                }
            }
            Event::Superseded => self.end(End::Lost, Some(Bye::Lost), now, &mut out),
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
            Signal::Knock(knock) => self.open_door(knock, now, out),
            Signal::Left => self.end(End::Patient, None, now, out),
            Signal::Bye { reason } => self.end(End::of(reason, End::Patient), None, now, out),
            Signal::Answer { round, sdp, fingerprint, nonce } => {
                self.take_answer(round, sdp, Share { nonce, fingerprint }, now, keys, out);
            }
            Signal::Restart { round, sdp } => {
                let theirs = self.offer.as_ref().filter(|offer| offer.round < round).and_then(|offer| offer.theirs);
                if let Some(fingerprint) = theirs.filter(|_| round == self.round && self.expects(&sdp)) {
                    self.take(sdp, fingerprint, now, out);
                }
            }
            Signal::Candidate { round, candidate } => {
                let known = round > 0 && round <= self.round && self.view.window;
                if let Some(candidate) = known.then(|| self.candidates.take(round, candidate)).flatten() {
                    out.push(Effect::Call(ToCall::Candidate(candidate)));
                }
            }
            Signal::Lost { round, gone } => {
                // A connection that is not even described here yet cannot be missed there. One that is gone is missed
                // by the last round the page heard of: our window may not have had anything to restart since.
                let stands = self.offer.as_ref().is_some_and(|offer| offer.round <= round);
                let missed = round == self.round || (gone && round < self.round);
                if stands && missed && self.view.window {
                    self.asked = Some(Gone(gone || self.asked == Some(Gone(true))));
                    self.next = Some(self.begun.plus(ROUND_APART).max(now));
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
            // What only a clinician says.
            Signal::Heard { .. } | Signal::Wait { .. } | Signal::Declined { .. } => {}
            Signal::Offer { .. } | Signal::Reveal { .. } | Signal::Media { .. } | Signal::Compared { .. } => {}
        }
    }

    fn open_door(&mut self, mut knock: Knock, now: Stamp, out: &mut Vec<Effect>) {
        if self.view.phase.running() {
            return;
        }
        knock.place = shorten(knock.place, PLACE_MAX_BYTES);
        self.knock = knock;
        let back = !self.view.here;
        self.view.here = true;
        self.view.phase = Phase::Waiting;
        if self.rung.is_none_or(|rung| back && now.since(rung) >= HERE_FOR) {
            self.rung = Some(now);
            out.push(Effect::Ring);
        }
        if self.may_answer(now) {
            out.push(Effect::Send(Signal::Heard { since: self.view.since }));
        }
    }

    fn may_answer(&mut self, now: Stamp) -> bool {
        let may = self.answered.is_none_or(|at| now.since(at) >= ANSWER_APART);
        if may {
            self.answered = Some(now);
        }
        may
    }

    fn take_answer(
        &mut self,
        round: u32,
        sdp: Phi<String>,
        theirs: Share,
        now: Stamp,
        keys: &impl Keys,
        out: &mut Vec<Effect>,
    ) {
        let expected = round == self.round && self.expects(&sdp);
        let Some(offer) = self.offer.as_mut().filter(|offer| expected && offer.round == round) else { return };
        offer.theirs = Some(theirs.fingerprint);
        let (mine, epoch) = (offer.mine, offer.epoch);
        let words = if keys.epoch() == epoch { keys.words(&mine, &theirs) } else { None };
        let Some(words) = words else {
            return self.end(End::Unverified, Some(Bye::Unverified), now, out);
        };
        out.push(Effect::Send(Signal::Reveal { round, nonce: mine.nonce }));
        self.view.words = Some(words.clone());
        if self.view.phase == Phase::Admitted {
            self.view.phase = Phase::Connecting;
        }
        self.take(sdp, theirs.fingerprint, now, out);
        out.push(Effect::Call(ToCall::Words { words: words.into(), compared: self.view.compared }));
    }

    /// Whether the other side's description of this round is still to come, and this may be it.
    fn expects(&self, sdp: &Phi<String>) -> bool {
        self.sent && !self.taken && self.view.window && fits(sdp)
    }

    fn take(&mut self, sdp: Phi<String>, fingerprint: Fingerprint, now: Stamp, out: &mut Vec<Effect>) {
        self.taken = true;
        if !self.connected {
            self.next = Some(now.plus(ROUND_RETRY));
        }
        out.push(Effect::Call(ToCall::Remote { round: self.round, kind: SdpKind::Answer, sdp, fingerprint }));
        out.extend(self.candidates.open().into_iter().map(|candidate| Effect::Call(ToCall::Candidate(candidate))));
    }

    /// What the call window reports.
    fn watch(&mut self, from: FromCall, now: Stamp, keys: &impl Keys, out: &mut Vec<Effect>) {
        if !self.view.window {
            return;
        }
        let stands = |round: u32, of: &Self| of.offer.as_ref().is_some_and(|offer| offer.round <= round);
        match from {
            FromCall::Local { round, kind: SdpKind::Offer, sdp, fingerprint } => {
                if round == self.round && !self.sent && fits(&sdp) {
                    self.offer(sdp, fingerprint, now, keys, out);
                }
            }
            FromCall::Candidate { round, candidate } => self.send_candidate(round, candidate, out),
            FromCall::Connected { round, relayed, codec } if stands(round, self) => {
                self.view.connect(relayed, &codec);
                self.connected = true;
            }
            FromCall::Disconnected { round } if stands(round, self) && self.connected => {
                self.connected = false;
                self.without = Some(now);
                self.next = Some(self.begun.plus(ROUND_APART).max(now.plus(GRACE)));
            }
            FromCall::Gone { round } if round == self.round || stands(round, self) => {
                self.connected = false;
                self.without.get_or_insert(now);
                self.asked = Some(Gone(true));
                self.next = Some(self.begun.plus(ROUND_APART).max(now.plus(GRACE)));
            }
            FromCall::Ready { microphone, camera, .. } | FromCall::Media { microphone, camera } => {
                self.mine.now = Some(Media { microphone, camera });
            }
            FromCall::Compared { same } => self.compare(same, now, out),
            FromCall::HangUp => self.end(End::Clinician, Some(Bye::HungUp), now, out),
            FromCall::Unverified { round } if stands(round, self) => {
                self.end(End::Unverified, Some(Bye::Unverified), now, out);
            }
            // The owner's concern, or of a connection that was.
            FromCall::FirstPicture | FromCall::Quality(_) | FromCall::Trouble(_) => {}
            FromCall::Local { .. } | FromCall::Connected { .. } => {}
            FromCall::Disconnected { .. } | FromCall::Gone { .. } | FromCall::Unverified { .. } => {}
        }
    }

    fn offer(
        &mut self,
        sdp: Phi<String>,
        fingerprint: Fingerprint,
        now: Stamp,
        keys: &impl Keys,
        out: &mut Vec<Effect>,
    ) {
        self.sent = true;
        let round = self.round;
        if let Some(offer) = &self.offer {
            if offer.mine.fingerprint != fingerprint {
                return self.end(End::Unverified, Some(Bye::Unverified), now, out);
            }
            return out.push(Effect::Send(Signal::Restart { round, sdp }));
        }
        let mine = Share { nonce: Nonce(random::bytes()), fingerprint };
        let epoch = keys.epoch();
        let commitment = keys.commitment(&mine);
        self.offer = Some(Offer { round, mine, epoch, theirs: None });
        if round == 1 {
            self.without = Some(now);
        }
        let (relay_only, ice_servers) = (self.relay_only, self.ice_servers.clone());
        out.push(Effect::Send(Signal::Offer { round, sdp, fingerprint, commitment, epoch, relay_only, ice_servers }));
    }

    fn send_candidate(&mut self, round: u32, candidate: Candidate, out: &mut Vec<Effect>) {
        if round == self.round && self.sent && super::candidate_fits(&candidate) && self.candidates.send() {
            out.push(Effect::Send(Signal::Candidate { round, candidate }));
        }
    }

    /// Begins a round with a new connection: the first, in a new window, or because the page's is gone.
    fn open(&mut self, now: Stamp, out: &mut Vec<Effect>) {
        self.begin(now);
        (self.offer, self.connected) = (None, false);
        self.view.words = None;
        self.view.peer_compared = false;
        self.without.get_or_insert(now);
        if self.view.connected.is_some() {
            self.view.phase = Phase::Reconnecting;
            self.view.lost.get_or_insert(now);
        }
        out.push(Effect::Call(ToCall::Start {
            version: call::VERSION,
            round: self.round,
            offers: true,
            relay_only: self.relay_only,
            ice_servers: self.ice_servers.clone(),
        }));
    }

    fn begin(&mut self, now: Stamp) {
        self.round += 1;
        (self.begun, self.next, self.asked, self.sent, self.taken) = (now, None, None, false, false);
        self.candidates.begin(self.round);
    }

    fn lose_window(&mut self, now: Stamp) {
        if !self.view.window {
            return;
        }
        self.view.window = false;
        (self.offer, self.connected, self.sent, self.next) = (None, false, false, None);
        self.view.words = None;
        self.without = Some(now);
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

    /// What the passing of time and the new facts bring with them.
    fn tick(&mut self, now: Stamp, out: &mut Vec<Effect>) {
        if self.view.phase == Phase::Ended {
            return;
        }
        if !self.view.phase.running() {
            let silent = now.since(self.view.seen);
            self.view.here = silent < HERE_FOR;
            if silent >= AWAY_FOR {
                self.end(End::Patient, Some(Bye::Lost), now, out);
            }
            return;
        }
        if self.connected && self.view.words.is_some() {
            self.view.phase = Phase::Live;
            self.view.connected.get_or_insert(now);
            (self.view.lost, self.without, self.view.phone) = (None, None, false);
            self.next = self.next.filter(|_| self.asked.is_some());
        } else if self.view.connected.is_some() || !self.view.window {
            self.view.phase = Phase::Reconnecting;
            self.view.lost.get_or_insert(now);
        }
        if let Some(since) = self.without {
            self.view.phone = now.since(since) >= self.patience();
            if now.since(since) >= GIVE_UP_AFTER {
                let (end, bye) =
                    if self.view.window { (End::Lost, Bye::Lost) } else { (End::WindowLost, Bye::WindowLost) };
                return self.end(end, Some(bye), now, out);
            }
        }
        if self.view.window && self.next.is_some_and(|next| next <= now) {
            // A page that lost its connection, or that never answered, cannot restart it.
            if self.asked == Some(Gone(true)) || self.offer.as_ref().is_some_and(|offer| offer.theirs.is_none()) {
                self.open(now, out);
            } else {
                self.begin(now);
                out.push(Effect::Call(ToCall::Restart { round: self.round }));
            }
        }
        if self.sent
            && let Some(media) = self.mine.tell(now)
        {
            out.push(Effect::Send(media));
        }
    }

    fn end(&mut self, end: End, bye: Option<Bye>, now: Stamp, out: &mut Vec<Effect>) {
        if let Some(reason) = bye {
            out.push(Effect::Send(Signal::Bye { reason }));
        }
        if self.view.window {
            out.push(Effect::Call(ToCall::Close { text: end.sentence().into() }));
        }
        (self.view.phase, self.view.end, self.view.ended) = (Phase::Ended, Some(end), Some(now));
        (self.view.here, self.view.window, self.view.phone, self.view.lost) = (false, false, false, None);
        (self.next, self.without) = (None, None);
    }

    /// Over: a page that has not understood it is told again.
    fn after(&mut self, event: &Event, now: Stamp, out: &mut Vec<Effect>) {
        let Event::Signal(signal) = event else { return };
        let asks = matches!(signal, Signal::Knock(_)) || stranger(signal).is_some();
        if asks && self.may_answer(now) {
            let reason = match self.view.end {
                Some(End::Declined) => return out.push(Effect::Send(Signal::Declined { text: None })),
                Some(End::Unverified) => Bye::Unverified,
                Some(End::Lost) => Bye::Lost,
                Some(End::WindowLost) => Bye::WindowLost,
                Some(End::Clinician | End::Patient) | None => Bye::HungUp,
            };
            out.push(Effect::Send(Signal::Bye { reason }));
        }
    }
}
