//! The patient's end against a clinician's made of `seal`, over a relay made for the purpose that forgets, doubles, lies,
//! and with a page that may crash after any step.

use super::{Delivery, Guest, Input, Output, Trouble, View};
use crate::base::{
    Stamp,
    id::{BootId, EnvelopeId, InviteId, MessageId, QueueId, VisitId},
    random,
};
use crate::seal::{Conversation, DoorbellKey, InviteKeys, InviteSecret, Opened, Pending, Suite, seal_invitation};
use crate::visit::{Clinician, Effect, Phase, clinician};
use crate::wire::{
    call::{FromCall, SdpKind, ToCall},
    content::{Body, Candidate, Content, Fingerprint, Invitation, Knock, PracticeCard, Signal},
    envelope::{Envelope, EnvelopeKind},
    from_cbor,
    link::{Fragment, LinkSecret},
    relay::{Answer, FromRelay, Hello, Op, PublicKey, Refusal, Request, VERSION},
    to_cbor,
};
use std::collections::{HashMap, HashSet, VecDeque};

const START: Stamp = Stamp(1_795_000_000_000);

/// A relay that knows two queues and one link.
struct Relay {
    boot: BootId,
    challenge: [u8; 32],
    now: Stamp,
    link: Option<(PublicKey, Vec<u8>)>,
    refuses: Option<Refusal>,
    page: PublicKey,
    to_patient: VecDeque<(u64, Vec<u8>)>,
    to_agent: Vec<Vec<u8>>,
    sequence: u64,
    delivered: u64,
    reading: bool,
    claims: u32,
}

impl Relay {
    fn connect(&mut self) -> FromRelay {
        self.challenge = random::bytes();
        (self.reading, self.delivered) = (false, 0);
        FromRelay::Hello(Hello { version: VERSION, boot: self.boot, now: self.now, challenge: self.challenge })
    }

    fn forget(&mut self) {
        self.boot = BootId::random();
        self.to_patient.clear();
        self.to_agent.clear();
    }

    fn ask(&mut self, request: &Request, keys: &InviteKeys) -> Answer {
        if let Some(refusal) = self.refuses {
            return Answer::Refused(refusal);
        }
        let signed = |key: &PublicKey| request.is_signed_by(key, &self.challenge);
        match &request.op {
            Op::Ping => Answer::Done,
            Op::Claim { reader, writer, key } => {
                let Some((link, invitation)) = &self.link else { return Answer::Refused(Refusal::Used) };
                assert!(*reader == keys.to_patient_reader && *writer == keys.to_agent_writer && signed(link));
                let invitation = invitation.clone();
                if self.page != *key {
                    self.page = *key;
                    self.claims += 1;
                    self.to_patient.clear();
                    self.to_agent.clear();
                }
                Answer::Invitation(invitation)
            }
            _ if !signed(&self.page) => Answer::Refused(Refusal::Forbidden),
            Op::Read { queue } => {
                assert_eq!(*queue, keys.to_patient_reader);
                self.reading = true;
                Answer::Done
            }
            Op::Send { queue, envelope } => {
                assert_eq!(*queue, keys.to_agent_writer);
                self.to_agent.push(envelope.clone());
                Answer::Done
            }
            Op::Acknowledge { sequence, .. } => {
                self.to_patient.retain(|(n, _)| n > sequence);
                Answer::Done
            }
            Op::Create { .. } | Op::Invite { .. } | Op::Remove { .. } => panic!("a page asks no such thing"),
        }
    }
}

/// The clinician's end: opens what comes, remembers what was said, sends again what was not received.
struct Practice {
    pending: Pending,
    conversation: Option<Conversation>,
    seen: HashSet<EnvelopeId>,
    said: Vec<Content>,
    texts: Vec<String>,
    outbox: Vec<(MessageId, Vec<u8>)>,
    received: HashSet<MessageId>,
    machine: Option<Clinician>,
    window: Vec<ToCall>,
    knocks: usize,
    confirms: bool,
    /// Every envelope by its identifier: a retry must be the same bytes.
    bytes: HashMap<EnvelopeId, Vec<u8>>,
}

struct World {
    now: Stamp,
    keys: InviteKeys,
    relay: Relay,
    practice: Practice,
    guest: Guest,
    fragment: Fragment,
    /// What the page's disk holds.
    disk: Option<Vec<u8>>,
    connected: bool,
    calls: Vec<ToCall>,
    rings: usize,
    wiped: bool,
    /// The page crashes when this many more outputs were performed.
    crash_in: Option<usize>,
    performed: usize,
}

impl World {
    fn new() -> Self {
        let (invite, secret) = (InviteId::random(), InviteSecret::random());
        let keys = secret.derive(invite);
        let (pending, key_package) = Pending::new(Suite::XWing, START).unwrap();
        let card = PracticeCard { clinician: "Dr. Okafor".into(), phone: Some("555".into()), emergency: None };
        let invitation = to_cbor(&Invitation { key_package, card });
        let sealed = seal_invitation(&keys.mailbox, &invitation, invite.as_bytes()).unwrap();
        let claim = PublicKey(keys.claim.public());
        let relay = Relay {
            boot: BootId::random(),
            challenge: [0; 32],
            now: START,
            link: Some((claim, sealed)),
            refuses: None,
            page: claim,
            to_patient: VecDeque::new(),
            to_agent: Vec::new(),
            sequence: 0,
            delivered: 0,
            reading: false,
            claims: 0,
        };
        let practice = Practice {
            pending,
            conversation: None,
            seen: HashSet::new(),
            said: Vec::new(),
            texts: Vec::new(),
            outbox: Vec::new(),
            received: HashSet::new(),
            machine: None,
            window: Vec::new(),
            knocks: 0,
            confirms: true,
            bytes: HashMap::new(),
        };
        let fragment = Fragment { invite, secret: LinkSecret(*secret.as_bytes()) };
        let guest = Guest::open(&fragment, START);
        Self {
            now: START,
            keys,
            relay,
            practice,
            guest,
            fragment,
            disk: None,
            connected: false,
            calls: Vec::new(),
            rings: 0,
            wiped: false,
            crash_in: None,
            performed: 0,
        }
    }

    fn paired() -> Self {
        let mut world = Self::new();
        world.run();
        world.meet();
        world.run();
        assert!(world.view().paired);
        world
    }

    fn view(&self) -> View {
        self.guest.view(self.now)
    }

    fn tell(&mut self, input: Input) {
        self.guest.handle(input, self.now);
        self.run();
    }

    fn receive(&mut self, message: &FromRelay) {
        self.guest.handle(Input::Received(to_cbor(message)), self.now);
    }

    /// Lets both ends and the relay do all there is to do now.
    fn run(&mut self) {
        for _ in 0..10_000 {
            if self.page() || self.deliver() || self.clinician() {
                continue;
            }
            return;
        }
        panic!("it never comes to rest");
    }

    /// One thing the page has to do.
    fn page(&mut self) -> bool {
        if !self.connected && !self.wiped {
            self.connected = true;
            self.guest.handle(Input::Connected, self.now);
            let hello = self.relay.connect();
            self.receive(&hello);
            return true;
        }
        let Some(output) = self.guest.poll() else { return false };
        if self.crash_in == Some(0) {
            self.crash_in = None;
            self.crash();
            return true;
        }
        self.crash_in = self.crash_in.map(|left| left - 1);
        self.performed += 1;
        match output {
            Output::Send(bytes) => {
                let request: Request = from_cbor(&bytes).expect("a page asks in the protocol");
                let answer = self.relay.ask(&request, &self.keys);
                self.receive(&FromRelay::Answer { n: request.n, answer });
            }
            Output::Keep { n, bytes } => {
                self.disk = Some(bytes.into_inner());
                self.guest.handle(Input::Kept { n }, self.now);
            }
            Output::Wipe => (self.disk, self.wiped) = (None, true),
            Output::Call(command) => self.calls.push(command),
            Output::Reconnect => self.connected = false,
            Output::Ring => self.rings += 1,
            Output::Changed => {}
        }
        true
    }

    /// The page is gone; what is on the disk comes back. Without anything there, the link is tapped again.
    fn crash(&mut self) {
        self.connected = false;
        self.guest = match &self.disk {
            Some(bytes) => Guest::from_bytes(bytes, self.now).expect("what was kept can be read"),
            None => Guest::open(&self.fragment, self.now),
        };
    }

    fn deliver(&mut self) -> bool {
        let Relay { reading: true, delivered, to_patient, .. } = &mut self.relay else { return false };
        let Some((sequence, envelope)) = to_patient.iter().find(|(n, _)| *n > *delivered).cloned() else {
            return false;
        };
        *delivered = sequence;
        let queue = self.keys.to_patient_reader;
        self.receive(&FromRelay::Delivery { queue, sequence, envelope });
        true
    }

    fn queue(&mut self, envelope: Vec<u8>) {
        self.relay.sequence += 1;
        self.relay.to_patient.push_back((self.relay.sequence, envelope));
    }

    /// The clinician's end takes what waits.
    fn clinician(&mut self) -> bool {
        if self.relay.to_agent.is_empty() {
            return false;
        }
        let bytes = self.relay.to_agent.remove(0);
        let envelope = Envelope::from_bytes(&bytes).expect("a page sends envelopes");
        if let Some(before) = self.practice.bytes.insert(envelope.id, bytes.clone()) {
            assert!(before == bytes, "a retry is the same bytes");
        }
        self.practice.knocks +=
            usize::from(DoorbellKey::from_bytes(*self.keys.doorbell.as_bytes()).rings(envelope.id, &envelope.bell));
        if !self.practice.seen.insert(envelope.id) {
            return true;
        }
        match envelope.kind {
            EnvelopeKind::Welcome => {
                let joined = self.practice.pending.join(&envelope.body, &self.keys.psk);
                self.practice.conversation = Some(joined.expect("the page uses the link's secret"));
            }
            EnvelopeKind::Message => {
                let Some(conversation) = self.practice.conversation.as_mut() else { return true };
                // Of an older claim's group: not ours any more.
                let Ok(Opened::Content { plaintext, .. }) = conversation.decrypt(&envelope.body) else { return true };
                let content: Content = from_cbor(&plaintext).expect("a page says what we know");
                self.hear(content);
            }
            EnvelopeKind::Invitation => panic!("a page sends no invitation"),
        }
        true
    }

    fn hear(&mut self, content: Content) {
        self.practice.said.push(content.clone());
        match content.body {
            Body::Text { id, text, .. } => {
                self.practice.texts.push(text.into_inner());
                if self.practice.confirms {
                    self.say(Body::Received { ids: vec![id] });
                }
            }
            Body::Received { ids } => {
                self.practice.outbox.retain(|(id, _)| !ids.contains(id));
                self.practice.received.extend(ids);
            }
            Body::Visit { visit, signal } => self.signal(visit, signal),
            Body::Practice(_) | Body::NextAppointment(_) => panic!("what only a clinician says"),
        }
    }

    fn sealed(&mut self, body: Body) -> Vec<u8> {
        let content = to_cbor(&Content { at: self.now, body });
        let body = self.practice.conversation.as_mut().unwrap().encrypt(&content, &[]).unwrap();
        let id = EnvelopeId::random();
        Envelope { id, kind: EnvelopeKind::Message, bell: random::bytes(), body }.to_bytes().unwrap()
    }

    fn say(&mut self, body: Body) {
        let envelope = self.sealed(body);
        self.queue(envelope);
    }

    fn text(&mut self, text: &str) -> MessageId {
        let id = MessageId::random();
        let envelope = self.sealed(Body::Text { id, text: text.into(), appointment: None });
        self.practice.outbox.push((id, envelope.clone()));
        self.queue(envelope);
        id
    }

    /// The first word, as the agent says it after the Welcome.
    fn meet(&mut self) {
        let card = PracticeCard { clinician: "Dr. Okafor".into(), phone: Some("556".into()), emergency: None };
        self.say(Body::Practice(card));
    }

    /// The relay forgets everything; both ends find out.
    fn restart_relay(&mut self) {
        self.relay.forget();
        for (_, envelope) in self.practice.outbox.clone() {
            self.queue(envelope);
        }
        self.connected = false;
        self.guest.handle(Input::Disconnected, self.now);
        self.run();
    }

    fn pass(&mut self, ms: i64) {
        let end = self.now.0 + ms;
        while let Some(at) = self.guest.timeout().filter(|at| at.0 <= end) {
            self.now = self.now.max(at);
            self.relay.now = self.now;
            self.guest.handle(Input::Tick, self.now);
            assert!(self.guest.timeout().is_none_or(|next| next > at || self.guest.out.len() > 1), "time stands still");
            self.run();
        }
        self.now = Stamp(end);
        self.relay.now = self.now;
    }

    // The clinician's side of a visit.

    fn signal(&mut self, visit: VisitId, signal: Signal) {
        if matches!(signal, Signal::Knock(_)) && self.practice.machine.is_none() {
            self.practice.machine = Some(Clinician::new(visit, false, self.now));
        }
        self.drive(clinician::Event::Signal(signal));
    }

    fn drive(&mut self, event: clinician::Event) {
        let Some(mut machine) = self.practice.machine.take() else { return };
        let effects = machine.handle(event, self.now, &super::GroupKeys(self.practice.conversation.as_ref().unwrap()));
        let visit = machine.visit();
        self.practice.machine = Some(machine);
        for effect in effects {
            match effect {
                Effect::Send(signal) => self.say(Body::Visit { visit, signal }),
                Effect::Call(command) => self.practice.window.push(command),
                Effect::Ring | Effect::Changed => {}
            }
        }
    }
}

fn texts(view: &View) -> Vec<(bool, &str)> {
    view.thread.iter().map(|message| (message.mine, message.text.expose().as_str())).collect()
}

#[test]
fn tap_on_a_link_pairs_and_forgets_the_link() {
    let mut world = World::new();
    assert!(world.relay.to_agent.is_empty());
    world.run();
    assert!(world.view().paired && world.view().connected);
    assert_eq!(world.view().practice.unwrap().phone, Some("555".into()));
    assert!(world.practice.conversation.is_some());
    assert!(world.guest.kept.link.is_some(), "until the clinician has spoken, it may be needed again");
    world.meet();
    world.run();
    assert!(world.guest.kept.link.is_none());
    let secret = world.fragment.secret.0;
    let disk = world.disk.unwrap();
    assert!(!disk.windows(32).any(|bytes| bytes == secret), "the secret of the link is not kept");
}

#[test]
fn used_expired_and_mangled_links_say_so() {
    for (refusal, trouble) in [
        (Refusal::Used, Trouble::LinkUsed),
        (Refusal::Expired, Trouble::LinkExpired),
        (Refusal::Forbidden, Trouble::LinkUsed),
    ] {
        let mut world = World::new();
        world.relay.refuses = Some(refusal);
        world.run();
        assert_eq!(world.view().refused, Some(trouble));
        assert!(world.wiped);
    }
    let mut world = World::new();
    world.relay.link = world.relay.link.map(|(key, _)| (key, vec![1; 500]));
    world.run();
    assert_eq!(world.view().refused, Some(Trouble::LinkMangled));
}

#[test]
fn link_that_the_relay_does_not_know_yet_is_tried_again() {
    let mut world = World::new();
    world.relay.refuses = Some(Refusal::Unknown);
    world.run();
    assert_eq!((world.view().refused, world.view().trouble), (None, Some(Trouble::LinkUnknown)));
    world.relay.refuses = None;
    world.pass(60_000);
    assert!(world.view().paired);
    assert_eq!(world.view().trouble, None);
}

#[test]
fn message_is_queued_then_sent_then_received_and_never_too_early() {
    let mut world = World::paired();
    world.practice.confirms = false;
    world.connected = false;
    world.guest.handle(Input::Disconnected, world.now);
    world.guest.handle(Input::Write { text: "hello".into() }, world.now);
    assert_eq!(world.view().thread[0].state, Delivery::Queued);
    world.run();
    assert_eq!(world.view().thread[0].state, Delivery::Sent);
    world.pass(3_600_000);
    assert_eq!(world.view().thread[0].state, Delivery::Sent, "the relay having it is not the other end having it");
    let id = world.view().thread[0].id;
    world.say(Body::Received { ids: vec![id] });
    world.run();
    assert_eq!(world.view().thread[0].state, Delivery::Received);
}

#[test]
fn crash_after_any_step_loses_nothing_and_doubles_nothing() {
    let mut whole = None;
    let mut crash_at = 0;
    while whole.is_none_or(|steps| crash_at < steps) {
        let mut world = World::new();
        world.crash_in = whole.map(|_| crash_at);
        world.run();
        if world.practice.conversation.is_none() {
            world.run();
        }
        world.meet();
        world.tell(Input::Write { text: "one".into() });
        // A message that was not kept when the page crashed was never taken: the person sees that it is not there.
        let first = world.view().thread.iter().any(|message| message.mine);
        let theirs = world.text("two");
        world.run();
        world.tell(Input::Write { text: "three".into() });
        let third = world.view().thread.iter().any(|message| message.mine && *message.text.expose() == "three");
        world.restart_relay();
        world.pass(5_000);
        let view = world.view();
        let mine: Vec<_> =
            [("one", first), ("three", third)].iter().filter(|(_, kept)| *kept).map(|(text, _)| *text).collect();
        assert_eq!(world.practice.texts, mine, "after {crash_at}");
        let shown: Vec<_> = texts(&view);
        assert_eq!(shown.iter().filter(|(own, _)| *own).map(|(_, text)| *text).collect::<Vec<_>>(), mine);
        assert_eq!(shown.iter().filter(|(own, _)| !own).count(), 1, "after {crash_at}");
        assert!(view.thread.iter().all(|message| message.state == Delivery::Received), "after {crash_at}: {view:?}");
        assert!(world.practice.received.contains(&theirs));
        if whole.is_none() {
            whole = Some(world.performed);
        } else {
            crash_at += 1;
        }
    }
    assert!(whole.unwrap() > 30, "the story has many steps");
}

#[test]
fn nothing_is_acknowledged_or_confirmed_before_it_is_kept() {
    let mut world = World::paired();
    let id = world.text("two");
    // Everything but the disk goes on.
    while world.deliver() {}
    let mut keep = None;
    while let Some(output) = world.guest.poll() {
        match output {
            Output::Keep { n, .. } => keep = Some(n),
            Output::Send(_) => panic!("something left before it was kept"),
            _ => {}
        }
    }
    assert_eq!(world.relay.to_patient.len(), 1);
    world.tell(Input::Kept { n: keep.expect("there is something to keep") });
    assert!(world.relay.to_patient.is_empty());
    assert!(world.practice.received.contains(&id));
}

#[test]
fn forgetful_relay_loses_nothing_even_before_the_practice_knew_the_page() {
    let mut world = World::new();
    // The claim is made, and the relay forgets before the practice hears of it.
    while world.relay.to_agent.is_empty() {
        assert!(world.page());
    }
    let claim = world.relay.link.as_ref().unwrap().0;
    world.relay.page = claim;
    world.restart_relay();
    assert!(world.practice.conversation.is_some(), "the Welcome came again");
    world.meet();
    world.tell(Input::Write { text: "hello".into() });
    assert_eq!(world.practice.texts, ["hello"]);
}

#[test]
fn double_of_a_message_is_confirmed_again_and_shown_once() {
    let mut world = World::paired();
    world.text("two");
    let (_, envelope) = world.relay.to_patient[0].clone();
    world.run();
    world.practice.received.clear();
    world.pass(120_000);
    world.queue(envelope);
    world.run();
    assert_eq!(texts(&world.view()), [(false, "two")]);
    assert_eq!(world.practice.received.len(), 1, "the other end asked again, so it did not know");
}

#[test]
fn lying_relay_is_not_believed() {
    let mut world = World::paired();
    world.text("two");
    let old = world.relay.to_patient[0].1.clone();
    world.run();
    let before = (texts(&world.view()).len(), world.rings);
    let queue = world.keys.to_patient_reader;
    let mut renamed = old.clone();
    renamed[2] ^= 1;
    let mut altered = renamed.clone();
    altered[60] ^= 1;
    let welcome = Envelope { id: EnvelopeId::random(), kind: EnvelopeKind::Welcome, bell: [0; 16], body: vec![3; 99] };
    let lies = [
        old,
        renamed,
        altered,
        vec![],
        vec![0; 300_000],
        random::bytes::<1024>().to_vec(),
        welcome.to_bytes().unwrap(),
    ];
    for envelope in lies {
        world.receive(&FromRelay::Delivery { queue, sequence: 1, envelope: envelope.clone() });
        world.receive(&FromRelay::Delivery { queue: QueueId::random(), sequence: 9, envelope });
        world.run();
    }
    // Our own words, sent back to us.
    world.tell(Input::Write { text: "mine".into() });
    let own = world.practice.bytes.values().last().unwrap().clone();
    world.receive(&FromRelay::Delivery { queue, sequence: 2, envelope: own });
    world.guest.handle(Input::Received(vec![0xff; 50]), world.now);
    world.receive(&FromRelay::Answer { n: 999, answer: Answer::Invitation(vec![1]) });
    world.run();
    assert_eq!((texts(&world.view()).len(), world.rings), (before.0 + 1, before.1));
    assert_eq!(world.view().refused, None);
    // And it still works.
    world.text("three");
    world.run();
    assert_eq!(texts(&world.view()).last(), Some(&(false, "three")));
    assert!(world.guest.dropped() > 0);
}

#[test]
fn unreadable_and_oversized_content_does_not_block_the_mailbox() {
    let mut world = World::paired();
    world.say(Body::Text { id: MessageId::random(), text: "x".repeat(64 * 1024 + 1).into(), appointment: None });
    let body = world.practice.conversation.as_mut().unwrap().encrypt(b"\xa1ajunk", &[]).unwrap();
    let envelope = Envelope { id: EnvelopeId::random(), kind: EnvelopeKind::Message, bell: [0; 16], body };
    world.queue(envelope.to_bytes().unwrap());
    world.text("fine");
    world.run();
    assert_eq!(texts(&world.view()), [(false, "fine")]);
    assert_eq!(world.guest.dropped(), 2);
    assert!(world.relay.to_patient.is_empty(), "all of it is acknowledged");
}

#[test]
fn message_that_overtakes_a_commit_waits_for_it() {
    let mut world = World::paired();
    let body = world.practice.conversation.as_mut().unwrap().commit_pending().unwrap();
    let commit = Envelope { id: EnvelopeId::random(), kind: EnvelopeKind::Message, bell: [0; 16], body };
    world.text("after");
    world.run();
    assert!(texts(&world.view()).is_empty());
    world.crash();
    world.queue(commit.to_bytes().unwrap());
    world.run();
    assert_eq!(texts(&world.view()), [(false, "after")]);
}

#[test]
fn full_and_slow_mailboxes_are_tried_again() {
    for (refusal, trouble) in [(Refusal::Full, Some(Trouble::MailboxFull)), (Refusal::Slow { retry_s: 5 }, None)] {
        let mut world = World::paired();
        world.relay.refuses = Some(refusal);
        world.tell(Input::Write { text: "hello".into() });
        assert_eq!(world.view().trouble, trouble);
        assert_eq!(world.view().thread[0].state, Delivery::Queued);
        world.relay.refuses = None;
        world.pass(31_000);
        assert_eq!(world.view().trouble, None);
        assert_eq!(world.practice.texts, ["hello"]);
    }
}

#[test]
fn second_device_with_the_link_supersedes_the_first() {
    let mut world = World::new();
    world.run();
    let disk = world.disk.clone();
    let first = std::mem::replace(&mut world.guest, Guest::open(&world.fragment, START));
    (world.connected, world.disk) = (false, None);
    world.run();
    assert_eq!(world.relay.claims, 2);
    assert!(world.view().paired);
    world.guest = first;
    (world.connected, world.disk) = (false, disk);
    world.guest.handle(Input::Disconnected, world.now);
    world.run();
    assert_eq!(world.view().refused, Some(Trouble::Superseded));
}

#[test]
fn text_that_is_empty_or_too_long_is_not_taken() {
    let mut world = World::paired();
    for text in [String::new(), "x".repeat(64 * 1024 + 1)] {
        world.tell(Input::Write { text: text.into() });
        assert_eq!(world.view().trouble, Some(Trouble::NotTaken));
    }
    world.tell(Input::Write { text: "x".repeat(64 * 1024).into() });
    assert_eq!(world.view().trouble, None);
    assert_eq!(world.practice.texts.len(), 1);
}

#[test]
fn wrong_clock_is_corrected_by_the_relays() {
    let mut world = World::new();
    world.now = Stamp(START.0 - 2 * 3_600_000);
    world.guest = Guest::open(&world.fragment, world.now);
    world.run();
    assert!(world.view().paired);
    world.tell(Input::Write { text: "hello".into() });
    let Some(Content { at, body: Body::Text { .. } }) = world.practice.said.last() else { panic!("it was said") };
    assert_eq!(*at, START);
    assert_eq!(world.view().now, START);
}

#[test]
fn states_that_are_not_ours_are_refused() {
    let world = World::paired();
    let disk = world.disk.unwrap();
    for end in [0, 1, 2, 10, disk.len() - 1] {
        assert!(Guest::from_bytes(&disk[..end], START).is_err(), "{end}");
    }
    let newer = [&[0, 9], &disk[2..]].concat();
    assert_eq!(Guest::from_bytes(&newer, START).err(), Some(super::GuestError::Version { version: 9 }));
}

fn described(side: u8, round: u32, kind: SdpKind) -> [FromCall; 2] {
    let sdp = format!("v=0 {round}").into();
    let candidate = Candidate { candidate: "candidate:1".into(), mid: None, line: Some(0) };
    let local = FromCall::Local { round, kind, sdp, fingerprint: Fingerprint([side; 32]) };
    [local, FromCall::Candidate { round, candidate }]
}

#[test]
fn visit_goes_from_the_waiting_room_to_the_same_words() {
    let mut world = World::paired();
    world.tell(Input::Knock(Knock { camera: true, microphone: true, alone: Some(true), place: None }));
    assert_eq!(world.view().visit.unwrap().phase, Phase::Waiting);
    assert_eq!(world.practice.knocks, 1, "the bell rings for the knock alone");
    world.drive(clinician::Event::Tell { minutes: Some(5), text: None });
    world.run();
    assert_eq!(world.view().visit.unwrap().told.unwrap().minutes, Some(5));
    world.pass(16_000);
    assert_eq!(world.practice.knocks, 2);
    assert!(world.calls.is_empty());

    world.drive(clinician::Event::Admit { relay_only: false, ice_servers: vec![] });
    let Some(ToCall::Start { round, .. }) = world.practice.window.last() else { panic!("the window begins") };
    let round = *round;
    for from in described(1, round, SdpKind::Offer) {
        world.drive(clinician::Event::Call(from));
    }
    world.run();
    assert!(world.calls.iter().any(|command| matches!(command, ToCall::Remote { kind: SdpKind::Offer, .. })));
    for from in described(2, round, SdpKind::Answer) {
        world.tell(Input::Call(from));
    }
    assert!(world.practice.window.iter().any(|command| matches!(command, ToCall::Candidate(_))));
    let connected = FromCall::Connected { round, relayed: false, codec: "VP8".into() };
    world.drive(clinician::Event::Call(connected.clone()));
    world.tell(Input::Call(connected));
    let (here, there) = (world.practice.machine.as_ref().unwrap().view().clone(), world.view().visit.unwrap());
    assert_eq!((here.phase, there.phase), (Phase::Live, Phase::Live));
    assert!(here.words.is_some());
    assert_eq!(here.words, there.words);

    // The page is opened again in the middle of it: the clinician's end is asked for a new connection.
    world.tell(Input::Compared { same: true });
    world.crash();
    world.run();
    assert_eq!(world.view().visit.unwrap().phase, Phase::Reconnecting);
    world.pass(6_000);
    world.drive(clinician::Event::Tick);
    let Some(ToCall::Start { round: again, .. }) = world.practice.window.last() else { panic!("a new connection") };
    assert!(*again > round);
    assert!(world.view().visit.unwrap().compared);

    world.tell(Input::Leave);
    assert_eq!(world.practice.machine.as_ref().unwrap().view().phase, Phase::Ended);
    assert_eq!(world.view().visit.unwrap().phase, Phase::Ended);
}

#[test]
fn dead_connection_is_replaced() {
    let mut world = World::paired();
    let at = world.now;
    world.relay.refuses = Some(Refusal::Unknown);
    // Pings go out and nobody answers.
    for _ in 0..4 {
        world.now = world.guest.timeout().expect("there is something to wait for");
        world.guest.handle(Input::Tick, world.now);
        if std::iter::from_fn(|| world.guest.poll()).any(|output| output == Output::Reconnect) {
            assert!(world.now.since(at).as_secs() <= 60);
            return;
        }
    }
    panic!("a dead connection was kept");
}
