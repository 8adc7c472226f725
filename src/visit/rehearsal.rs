//! Both machines over a bad network, with call parts that restart and clocks that are hours apart.

use super::{Clinician, Effect, End, Keys, Patient, Phase, Share, Words, clinician, patient};
use crate::base::{Stamp, id::VisitId};
use crate::wire::{
    call::{FromCall, SdpKind, ToCall},
    content::{Candidate, Fingerprint, Knock, Nonce, Signal},
};
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, time::Duration};

const MINUTE_MS: i64 = 60_000;

/// A conversation that both ends share.
#[derive(Clone, Copy)]
pub(super) struct Group {
    pub(super) name: u8,
    pub(super) epoch: u64,
}

impl Group {
    fn hash(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update([self.name]);
        hash.update(self.epoch.to_be_bytes());
        for part in parts {
            hash.update(part);
        }
        hash.finalize().into()
    }
}

impl Keys for Group {
    fn epoch(&self) -> u64 {
        self.epoch
    }
    fn commitment(&self, share: &Share) -> [u8; 32] {
        self.hash(&[&share.nonce.0, &share.fingerprint.0])
    }
    fn words(&self, clinician: &Share, patient: &Share) -> Option<Words> {
        let all = [&clinician.nonce.0[..], &patient.nonce.0, &clinician.fingerprint.0, &patient.fingerprint.0];
        let hash = self.hash(&all);
        Some(std::array::from_fn(|n| format!("word{}", hash[n])))
    }
}

/// Who a thing happens to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Clinician,
    Patient,
}
use Side::{Clinician as C, Patient as P};

/// A call part: it describes, gathers and connects when both ends stand in the same round.
#[derive(Default)]
struct Part {
    life: u32,
    round: u32,
    certificate: [u8; 32],
    /// The certificate the other end must show, and the round it was given for.
    remote: Option<([u8; 32], u32)>,
    heard_candidate: bool,
    connected: bool,
    /// The other end said goodbye to this connection; another can be begun.
    ended: bool,
}

/// Something on its way.
enum Coming {
    Signal(Side, Signal),
    FromCall(Side, u32, FromCall),
    Do(Step),
}

/// What people and machines do during a rehearsal.
#[derive(Clone, Copy, Debug)]
enum Step {
    Admit,
    Tell,
    Decline,
    WindowLost,
    PageGone,
    PageReopened,
    CutLine,
    Offline,
    Online,
    HangUp,
    Leave,
    Compare(bool),
    Mute,
}

struct World {
    now: i64,
    skew: i64,
    chance: u64,
    group: Group,
    clinician: Clinician,
    patient: Patient,
    parts: [Part; 2],
    line_up: bool,
    online: bool,
    /// Nobody stands in the middle.
    honest: bool,
    /// A person said that the words differ.
    differed: bool,
    slowest_ms: u64,
    order: u64,
    coming: BTreeMap<(i64, u64), Coming>,
    admitted: bool,
    offered: bool,
    sent: [Vec<i64>; 2],
}

impl World {
    fn new(seed: u64, skew: i64, slowest_ms: u64) -> Self {
        let visit = VisitId::from_bytes([1; 16]);
        let now = 1_000_000_000;
        let group = Group { name: 1, epoch: 4 };
        let knock = Knock { camera: true, microphone: true, alone: None, place: None };
        let mut world = Self {
            now,
            skew,
            chance: seed | 1,
            group,
            clinician: Clinician::new(visit, false, Stamp(now)),
            patient: Patient::new(visit, knock, false, Stamp(now + skew)),
            parts: [Part::default(), Part::default()],
            line_up: true,
            online: true,
            honest: true,
            differed: false,
            slowest_ms,
            order: 0,
            coming: BTreeMap::new(),
            admitted: false,
            offered: false,
            sent: [vec![], vec![]],
        };
        world.patient(patient::Event::Online);
        world
    }

    /// xorshift: the same rehearsal for the same seed.
    fn dice(&mut self, sides: u64) -> u64 {
        self.chance ^= self.chance << 13;
        self.chance ^= self.chance >> 7;
        self.chance ^= self.chance << 17;
        self.chance % sides.max(1)
    }

    fn at(&self, side: Side) -> Stamp {
        Stamp(if side == C { self.now } else { self.now + self.skew })
    }

    fn after(&mut self, ms: i64, coming: Coming) {
        self.order += 1;
        self.coming.insert((self.now + ms, self.order), coming);
    }

    fn clinician(&mut self, event: clinician::Event) {
        self.admitted |= matches!(event, clinician::Event::Admit { .. });
        let effects = self.clinician.handle(event, self.at(C), &self.group);
        let timeout = self.clinician.timeout();
        assert!(timeout.is_none_or(|at| at > self.at(C)), "{timeout:?} is not after now: {:?}", self.clinician);
        self.obey(C, effects);
    }

    fn patient(&mut self, event: patient::Event) {
        self.offered |= matches!(event, patient::Event::Signal(Signal::Offer { .. }));
        let effects = self.patient.handle(event, self.at(P), &self.group);
        let timeout = self.patient.timeout();
        assert!(timeout.is_none_or(|at| at > self.at(P)), "{timeout:?} is not after now: {:?}", self.patient);
        self.obey(P, effects);
    }

    fn obey(&mut self, side: Side, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Send(signal) => self.send(side, signal),
                Effect::Call(command) => self.command(side, command),
                Effect::Ring | Effect::Changed => {}
            }
        }
        for view in [self.clinician.view(), self.patient.view()] {
            assert!(view.phase != Phase::Live || view.words.is_some(), "live without words");
        }
        let (here, there) = (self.clinician.view(), self.patient.view());
        if self.honest && here.phase == Phase::Live && there.phase == Phase::Live {
            assert_eq!(here.words, there.words);
        }
    }

    fn send(&mut self, side: Side, signal: Signal) {
        match &signal {
            Signal::Offer { .. } | Signal::Reveal { .. } => assert!(side == C && self.admitted),
            Signal::Answer { .. } => assert!(side == P && self.offered),
            Signal::Candidate { .. } | Signal::Restart { .. } => {
                assert!(if side == C { self.admitted } else { self.offered }, "an address before admit");
            }
            _ => {}
        }
        if !matches!(signal, Signal::Candidate { .. }) {
            self.sent[side as usize].push(self.now);
        }
        // Loss with the queue's retry is delay; doubles and replays come at any time.
        let to = if side == C { P } else { C };
        for copy in 0..3 {
            if copy == 0 || self.dice(8) == 0 {
                let ms = self.dice(self.slowest_ms.max(1)) as i64 + 5;
                self.after(ms, Coming::Signal(to, signal.clone()));
            }
        }
    }

    fn command(&mut self, side: Side, command: ToCall) {
        let fresh: [u8; 32] = std::array::from_fn(|_| self.dice(256) as u8);
        let part = &mut self.parts[side as usize];
        let mut say = Vec::new();
        match command {
            ToCall::Start { round, offers, .. } => {
                let life = part.life + 1;
                *part = Part { life, round, certificate: fresh, ..Part::default() };
                if offers {
                    say = described(part, SdpKind::Offer);
                }
            }
            ToCall::Restart { round } => {
                if part.ended {
                    return;
                }
                assert!(round > part.round);
                (part.round, part.heard_candidate) = (round, false);
                say = described(part, SdpKind::Offer);
            }
            ToCall::Remote { round, kind, sdp, fingerprint } => {
                let of: Vec<&str> = sdp.expose().split(' ').collect();
                assert_eq!(of[1].parse(), Ok(round), "a description of another round");
                if kind == SdpKind::Offer {
                    (part.round, part.heard_candidate) = (round, false);
                    say = described(part, SdpKind::Answer);
                }
                assert_eq!(part.round, round);
                part.remote = Some((fingerprint.0, round));
            }
            ToCall::Candidate(candidate) => {
                assert!(part.remote.is_some(), "a candidate before the description");
                part.heard_candidate |= candidate.candidate.expose().ends_with(&format!(" {}", part.round));
            }
            ToCall::Close { .. } => part.round = 0,
            ToCall::Words { .. } | ToCall::Compared { .. } | ToCall::Set { .. } => {}
            ToCall::Peer { .. } | ToCall::Say { .. } => {}
        }
        let life = self.parts[side as usize].life;
        let mut ms = 0;
        for from in say {
            ms += self.dice(800) as i64 + 1;
            self.after(ms, Coming::FromCall(side, life, from));
        }
    }

    /// Media flows once both ends stand in the same round with the right certificates and a way to each other.
    fn connect(&mut self) {
        let [here, there] = &self.parts;
        let same = here.round == there.round && here.round > 0;
        let known = here.remote == Some((there.certificate, here.round))
            && there.remote == Some((here.certificate, there.round))
            && here.heard_candidate
            && there.heard_candidate;
        if !(same && known && self.line_up) {
            return;
        }
        for side in [C, P] {
            let ms = self.dice(300) as i64;
            let part = &mut self.parts[side as usize];
            if !part.connected {
                part.connected = true;
                let (life, round) = (part.life, part.round);
                let connected = FromCall::Connected { round, relayed: false, codec: "VP8".into() };
                self.after(ms, Coming::FromCall(side, life, connected));
            }
        }
    }

    fn disconnect(&mut self, sides: &[Side]) {
        for &side in sides {
            let part = &mut self.parts[side as usize];
            if part.connected {
                (part.connected, part.heard_candidate) = (false, false);
                let (life, round) = (part.life, part.round);
                self.after(1, Coming::FromCall(side, life, FromCall::Disconnected { round }));
            }
        }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Admit => {
                self.clinician(clinician::Event::Admit { relay_only: false, ice_servers: vec![] });
            }
            Step::Tell => self.clinician(clinician::Event::Tell { minutes: Some(5), text: None }),
            Step::Decline => self.clinician(clinician::Event::Decline { text: None }),
            Step::WindowLost => {
                self.parts[0].life += 1;
                self.parts[0].round = 0;
                self.disconnect(&[P]);
                self.clinician(clinician::Event::WindowLost);
            }
            Step::PageGone => {
                self.parts[1].life += 1;
                self.parts[1].round = 0;
                self.disconnect(&[C]);
                self.patient(patient::Event::CallGone);
            }
            Step::PageReopened => {
                if let Some(memory) = self.patient.memory() {
                    self.parts[1].life += 1;
                    self.parts[1].round = 0;
                    self.disconnect(&[C]);
                    self.patient = Patient::resume(memory, false, self.at(P));
                    self.patient(if self.online { patient::Event::Online } else { patient::Event::Tick });
                }
            }
            Step::CutLine => self.disconnect(&[C, P]),
            Step::Offline => {
                self.online = false;
                self.patient(patient::Event::Offline);
            }
            Step::Online => {
                self.online = true;
                self.patient(patient::Event::Online);
                self.clinician(clinician::Event::Online);
            }
            Step::HangUp => self.clinician(clinician::Event::HangUp),
            Step::Leave => self.patient(patient::Event::Leave),
            Step::Compare(same) => {
                self.differed |= !same;
                self.clinician(clinician::Event::Compared { same });
            }
            Step::Mute => {
                let microphone = self.dice(2) == 0;
                self.patient(patient::Event::Call(FromCall::Media { microphone, camera: true }));
            }
        }
    }

    fn run_until(&mut self, end: i64) {
        loop {
            let timeouts = [self.clinician.timeout().map(|at| at.0), self.patient.timeout().map(|at| at.0 - self.skew)];
            let wake = timeouts.into_iter().flatten().min().unwrap_or(i64::MAX);
            let next = self.coming.first_key_value().map_or(i64::MAX, |(key, _)| key.0).min(wake);
            if next > end {
                self.now = end;
                return;
            }
            self.now = next.max(self.now);
            if wake <= self.now {
                if timeouts[0].is_some_and(|at| at <= self.now) {
                    self.clinician(clinician::Event::Tick);
                }
                if timeouts[1].is_some_and(|at| at <= self.now) {
                    self.patient(patient::Event::Tick);
                }
            } else if let Some((_, coming)) = self.coming.pop_first() {
                self.meet(coming);
            }
            self.connect();
        }
    }

    fn meet(&mut self, coming: Coming) {
        match coming {
            // Offline, the queue keeps it.
            Coming::Signal(P, signal) if !self.online => self.after(500, Coming::Signal(P, signal)),
            Coming::Signal(C, signal) if !self.online => self.after(500, Coming::Signal(C, signal)),
            Coming::Signal(C, signal) => self.clinician(clinician::Event::Signal(signal)),
            Coming::Signal(P, signal) => self.patient(patient::Event::Signal(signal)),
            Coming::FromCall(side, life, from) if self.parts[side as usize].life == life => match side {
                C => self.clinician(clinician::Event::Call(from)),
                P => self.patient(patient::Event::Call(from)),
            },
            Coming::FromCall(..) => {}
            Coming::Do(step) => self.step(step),
        }
    }

    fn calm(&self) {
        for (side, sent) in [C, P].into_iter().zip(&self.sent) {
            for (n, at) in sent.iter().enumerate() {
                let within = sent[n..].iter().take_while(|later| *later - at < MINUTE_MS).count();
                assert!(within <= 90, "{within} signals in a minute from {side:?}");
            }
        }
    }
}

fn described(part: &Part, kind: SdpKind) -> Vec<FromCall> {
    let round = part.round;
    let sdp = format!("{kind:?} {round}").into();
    let mut say = vec![FromCall::Local { round, kind, sdp, fingerprint: Fingerprint(part.certificate) }];
    say.extend((0..3).map(|n| {
        let candidate = Candidate { candidate: format!("candidate:{n} {round}").into(), mid: None, line: Some(0) };
        FromCall::Candidate { round, candidate }
    }));
    say
}

fn steps() -> impl Strategy<Value = Vec<(u32, Step)>> {
    let step = prop_oneof![
        4 => Just(Step::Admit),
        2 => Just(Step::Tell),
        1 => Just(Step::Decline),
        2 => Just(Step::WindowLost),
        2 => Just(Step::PageGone),
        2 => Just(Step::PageReopened),
        4 => Just(Step::CutLine),
        2 => Just(Step::Offline),
        3 => Just(Step::Online),
        1 => Just(Step::HangUp),
        1 => Just(Step::Leave),
        2 => Just(Step::Compare(true)),
        1 => Just(Step::Compare(false)),
        2 => Just(Step::Mute),
    ];
    proptest::collection::vec((0u32..30_000, step), 0..14)
}

fn settled(phase: Phase) -> &'static str {
    match phase {
        Phase::Knocking | Phase::Waiting => "waiting",
        Phase::Admitted | Phase::Connecting | Phase::Live | Phase::Reconnecting => "live",
        Phase::Ended => "ended",
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_ends_agree_over_any_network(
        seed in any::<u64>(),
        skew_min in -120i64..=120,
        slowest_ms in prop_oneof![Just(50u64), Just(2_000), Just(15_000)],
        steps in steps(),
    ) {
        let mut world = World::new(seed, skew_min * MINUTE_MS, slowest_ms);
        let mut at = 0;
        for (pause, step) in steps {
            at += i64::from(pause);
            world.after(at, Coming::Do(step));
        }
        world.after(at + 1, Coming::Do(Step::Online));
        let end = world.now + at + 6 * MINUTE_MS;
        world.run_until(end);
        world.calm();
        let (here, there) = (world.clinician.view(), world.patient.view());
        prop_assert_eq!(settled(here.phase), settled(there.phase), "{:?} {:?}", here, there);
        if here.phase.running() {
            prop_assert_eq!((here.phase, there.phase), (Phase::Live, Phase::Live));
            prop_assert!(here.words.is_some());
            prop_assert_eq!(&here.words, &there.words);
        }
        // Nobody stood in the middle: only a person may have said that the words differ.
        let unverified = here.end == Some(End::Unverified) || there.end == Some(End::Unverified);
        prop_assert!(!unverified || world.differed, "a false alarm");
    }
}

/// Heard, and then admitted.
fn admitted(world: &mut World) {
    world.run_until(world.now + 3_000);
    world.step(Step::Admit);
}

#[test]
fn admitted_patient_is_live_with_the_same_words_within_seconds() {
    let mut world = World::new(7, 0, 50);
    admitted(&mut world);
    let end = world.now + 10_000;
    world.run_until(end);
    assert_eq!((world.clinician.view().phase, world.patient.view().phase), (Phase::Live, Phase::Live));
    assert_eq!(world.clinician.view().words, world.patient.view().words);
}

#[test]
fn lost_line_comes_back_within_ten_seconds() {
    for seed in 1..50 {
        let mut world = World::new(seed, 0, 300);
        admitted(&mut world);
        world.run_until(world.now + 10_000);
        let before = world.clinician.view().words.clone();
        world.step(Step::CutLine);
        world.run_until(world.now + 10_000);
        assert_eq!((world.clinician.view().phase, world.patient.view().phase), (Phase::Live, Phase::Live));
        assert_eq!(world.clinician.view().words, before, "a restart keeps the words");
    }
}

#[test]
fn new_window_and_reopened_page_bring_new_words_and_keep_compared() {
    for step in [Step::WindowLost, Step::PageGone, Step::PageReopened] {
        let mut world = World::new(3, 0, 100);
        admitted(&mut world);
        world.run_until(world.now + 10_000);
        world.step(Step::Compare(true));
        let before = world.clinician.view().words.clone();
        world.step(step);
        world.run_until(world.now + 3_000);
        world.step(Step::Admit);
        world.run_until(world.now + 15_000);
        let (here, there) = (world.clinician.view(), world.patient.view());
        assert_eq!((here.phase, there.phase), (Phase::Live, Phase::Live), "{step:?}");
        assert!(here.words == there.words && here.words != before);
        assert!(here.compared);
    }
}

#[test]
fn connection_that_ended_is_begun_anew_from_either_side() {
    for side in [C, P] {
        let mut world = World::new(11, 0, 100);
        admitted(&mut world);
        world.run_until(world.now + 10_000);
        let words = world.clinician.view().words.clone();
        assert_eq!(world.clinician.view().phase, Phase::Live);
        world.disconnect(&[C, P]);
        let part = &mut world.parts[side as usize];
        part.ended = true;
        let (life, round) = (part.life, part.round);
        world.after(2, Coming::FromCall(side, life, FromCall::Gone { round }));
        world.run_until(world.now + 15_000);
        assert_eq!((world.clinician.view().phase, world.patient.view().phase), (Phase::Live, Phase::Live), "{side:?}");
        assert_ne!(world.clinician.view().words, words, "another certificate, other words");
    }
}

#[test]
fn other_end_is_told_of_a_camera_that_is_not_there() {
    let mut world = World::new(12, 0, 100);
    let ready = FromCall::Ready { version: 1, camera: false, microphone: true, display: false };
    admitted(&mut world);
    world.clinician(clinician::Event::Call(ready.clone()));
    world.patient(patient::Event::Call(ready));
    world.run_until(world.now + 10_000);
    for view in [world.clinician.view(), world.patient.view()] {
        assert_eq!(view.peer, Some(super::Media { microphone: true, camera: false }));
    }
}

#[test]
fn page_that_takes_long_to_come_back_gets_a_new_connection() {
    for seed in 1..50 {
        let mut world = World::new(seed, 0, 300);
        admitted(&mut world);
        world.run_until(world.now + 10_000);
        // The page's goodbye ended the window's connection, so that there is nothing to restart.
        world.parts[0].ended = true;
        world.disconnect(&[C]);
        world.run_until(world.now + 6_000);
        world.step(Step::PageReopened);
        world.run_until(world.now + 15_000);
        assert_eq!((world.clinician.view().phase, world.patient.view().phase), (Phase::Live, Phase::Live));
    }
}

#[test]
fn line_that_stays_away_shows_the_phone_and_then_ends() {
    let mut world = World::new(3, 0, 100);
    admitted(&mut world);
    world.run_until(world.now + 10_000);
    world.line_up = false;
    world.step(Step::CutLine);
    world.run_until(world.now + 9_000);
    assert_eq!((world.patient.view().phase, world.patient.view().phone), (Phase::Reconnecting, false));
    world.run_until(world.now + 2_000);
    assert!(world.patient.view().phone && world.clinician.view().phone);
    world.run_until(world.now + 60_000);
    assert_eq!((world.clinician.view().end, world.patient.view().end), (Some(End::Lost), Some(End::Lost)));
}

#[test]
fn waiting_room_tells_what_happens() {
    let mut world = World::new(3, 0, 10);
    world.run_until(world.now + 1_000);
    assert_eq!((world.clinician.view().phase, world.patient.view().phase), (Phase::Waiting, Phase::Waiting));
    world.step(Step::Offline);
    world.run_until(world.now + 50_000);
    assert!(!world.clinician.view().here, "no sign of life for 45 s");
    assert_eq!(world.patient.view().phase, Phase::Knocking);
    world.step(Step::Online);
    world.run_until(world.now + 2_000);
    assert!(world.clinician.view().here);
    assert_eq!(world.patient.view().phase, Phase::Waiting);
    world.run_until(world.now + 10 * MINUTE_MS);
    assert!(world.patient.view().phone, "ten minutes without an answer");
    world.step(Step::Tell);
    world.run_until(world.now + 1_000);
    let there = world.patient.view();
    assert_eq!(there.told.as_ref().and_then(|told| told.minutes), Some(5));
    assert!(!there.phone);
}

#[test]
fn knock_that_nobody_hears_says_so() {
    let mut patient = Patient::new(VisitId::random(), Knock::default(), false, Stamp(0));
    let keys = Group { name: 1, epoch: 0 };
    patient.handle(patient::Event::Online, Stamp(0), &keys);
    assert!(patient.view().here);
    patient.handle(patient::Event::Tick, Stamp(10_000), &keys);
    assert!(!patient.view().here);
}

/// Meets the next signal to `to` that `change` wants to see, and lets it change it.
fn in_the_middle(change: impl Fn(&mut Signal)) -> World {
    let mut world = World::new(9, 0, 50);
    world.honest = false;
    admitted(&mut world);
    let end = world.now + 20_000;
    while world.now < end {
        for coming in world.coming.values_mut() {
            if let Coming::Signal(_, signal) = coming {
                change(signal);
            }
        }
        let next = world.now + 5;
        world.run_until(next);
    }
    world
}

#[test]
fn changed_nonce_commitment_or_epoch_ends_the_visit() {
    let changes: [fn(&mut Signal); 4] = [
        |signal| {
            if let Signal::Reveal { nonce, .. } = signal {
                *nonce = Nonce([0; 32]);
            }
        },
        |signal| {
            if let Signal::Offer { commitment, .. } = signal {
                *commitment = [0; 32];
            }
        },
        |signal| {
            if let Signal::Offer { fingerprint, .. } = signal {
                *fingerprint = Fingerprint([0; 32]);
            }
        },
        |signal| {
            if let Signal::Offer { epoch, .. } = signal {
                *epoch = 5;
            }
        },
    ];
    for change in changes {
        let world = in_the_middle(change);
        let ends = (world.clinician.view().end, world.patient.view().end);
        assert_eq!(ends, (Some(End::Unverified), Some(End::Unverified)));
        assert!(world.patient.view().words.is_none());
    }
}

#[test]
fn changed_answer_makes_different_words() {
    let world = in_the_middle(|signal| {
        if let Signal::Answer { nonce, .. } = signal {
            *nonce = Nonce([0; 32]);
        }
    });
    let (here, there) = (&world.clinician.view().words, &world.patient.view().words);
    assert!(here.is_some() && there.is_some() && here != there);
}

#[test]
fn epoch_that_moves_between_offer_and_reveal_ends_the_visit() {
    let mut world = World::new(9, 0, 50);
    admitted(&mut world);
    while world.patient.view().phase != Phase::Admitted {
        let next = world.now + 1;
        world.run_until(next);
    }
    world.group.epoch += 1;
    world.run_until(world.now + 20_000);
    assert_eq!((world.clinician.view().end, world.patient.view().end), (Some(End::Unverified), Some(End::Unverified)));
}

fn any_signal() -> impl Strategy<Value = Signal> {
    let round = || prop_oneof![0u32..4, Just(u32::MAX)];
    let text = || ".{0,8}".prop_map(|text| text.into());
    prop_oneof![
        Just(Signal::Knock(Knock::default())),
        Just(Signal::Left),
        Just(Signal::Heard { since: Stamp(i64::MIN) }),
        text().prop_map(|text| Signal::Wait { minutes: None, text: Some(text) }),
        (round(), text()).prop_map(|(round, sdp)| Signal::Offer {
            round,
            sdp,
            fingerprint: Fingerprint([1; 32]),
            commitment: [0; 32],
            epoch: 4,
            relay_only: false,
            ice_servers: vec![],
        }),
        (round(), text()).prop_map(|(round, sdp)| Signal::Answer {
            round,
            sdp,
            fingerprint: Fingerprint([2; 32]),
            nonce: Nonce([0; 32]),
        }),
        round().prop_map(|round| Signal::Reveal { round, nonce: Nonce([0; 32]) }),
        (round(), text()).prop_map(|(round, candidate)| Signal::Candidate {
            round,
            candidate: Candidate { candidate, mid: None, line: None },
        }),
        (round(), text()).prop_map(|(round, sdp)| Signal::Restart { round, sdp }),
        (round(), any::<bool>()).prop_map(|(round, gone)| Signal::Lost { round, gone }),
        Just(Signal::Compared { same: true }),
        any::<bool>().prop_map(|microphone| Signal::Media { microphone, camera: true }),
    ]
}

proptest! {
    #[test]
    fn hostile_signals_neither_open_the_door_nor_make_a_storm(
        signals in proptest::collection::vec((any_signal(), 0i64..2_000), 0..200),
        admit_after in 0usize..400,
    ) {
        let keys = Group { name: 1, epoch: 4 };
        let visit = VisitId::random();
        let mut clinician = Clinician::new(visit, false, Stamp(0));
        let mut patient = Patient::new(visit, Knock::default(), false, Stamp(0));
        let (mut now, mut admitted, mut offered, mut sends) = (0, false, false, 0usize);
        for (n, (signal, pause)) in signals.into_iter().enumerate() {
            now += pause;
            offered |= matches!(signal, Signal::Offer { .. });
            let mut effects = patient.handle(patient::Event::Signal(signal.clone()), Stamp(now), &keys);
            let sdp = format!("v=0 {n}").into();
            let local = FromCall::Local { round: 1, kind: SdpKind::Answer, sdp, fingerprint: Fingerprint([3; 32]) };
            effects.extend(patient.handle(patient::Event::Call(local), Stamp(now), &keys));
            for effect in effects {
                sends += usize::from(matches!(effect, Effect::Send(_)));
                if let Effect::Send(Signal::Answer { .. } | Signal::Candidate { .. } | Signal::Restart { .. }) = effect {
                    prop_assert!(offered);
                }
            }
            if n == admit_after {
                admitted = true;
                let admit = clinician::Event::Admit { relay_only: false, ice_servers: vec![] };
                clinician.handle(admit, Stamp(now), &keys);
            }
            for effect in clinician.handle(clinician::Event::Signal(signal), Stamp(now), &keys) {
                sends += usize::from(matches!(effect, Effect::Send(_)));
                prop_assert!(admitted || !matches!(effect, Effect::Call(_)), "the window before admit");
            }
        }
        let minutes = Duration::from_millis(now as u64).as_secs() as usize / 60 + 1;
        prop_assert!(sends <= 60 * minutes + 20, "{} signals in {} min", sends, minutes);
    }
}
