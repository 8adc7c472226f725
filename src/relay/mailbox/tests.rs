use super::*;
use crate::relay::token;
use ed25519_dalek::SigningKey;
use proptest::prelude::*;
use std::{collections::BTreeMap, time::Duration};

const NOW: Stamp = Stamp(1_800_000_000_000);
const DAY: Duration = Duration::from_secs(86_400);

fn key(n: u8) -> SigningKey {
    SigningKey::from_bytes(&[n; 32])
}

fn public(key: &SigningKey) -> PublicKey {
    PublicKey(key.verifying_key().to_bytes())
}

fn name(n: u8) -> QueueId {
    QueueId::from_bytes([n; 16])
}

const PRACTICE: u8 = 1;
const LINK: u8 = 2;
const PAGE: u8 = 3;
const OTHER_PAGE: u8 = 4;

/// A patient's two queues; `n` makes their names.
struct Pair {
    to_patient: wire::Queue,
    from_patient: wire::Queue,
}

impl Pair {
    fn new(n: u8) -> Self {
        let claim = |invitation: &[u8]| {
            Some(Claim { key: public(&key(LINK)), expires: NOW.plus(DAY), invitation: invitation.to_vec() })
        };
        let queue = |place: u8, practice, (reader, writer): (u8, u8), invitation: &[u8]| wire::Queue {
            reader: name(n * 4 + place),
            reader_key: public(&key(reader)),
            writer: name(n * 4 + place + 1),
            writer_key: public(&key(writer)),
            practice,
            claim: claim(invitation),
            time_to_live_s: u32::MAX,
        };
        Self {
            to_patient: queue(0, Practice::Writes, (LINK, PRACTICE), b"sealed"),
            from_patient: queue(2, Practice::Reads, (PRACTICE, LINK), b""),
        }
    }
}

/// A mailbox with its connections and a clock.
struct Bench {
    mailbox: Mailbox,
    token: String,
    challenges: BTreeMap<u64, [u8; 32]>,
    now: Stamp,
}

impl Bench {
    fn new(limits: Limits) -> Self {
        let token = token::make();
        let tokens = Tokens::parse(&token).expect("a token file");
        let mailbox = Mailbox::new(BootId::from_bytes([0; 16]), limits, tokens);
        Self { mailbox, token, challenges: BTreeMap::new(), now: NOW }
    }

    fn connect(&mut self) -> ConnectionId {
        let challenge = [u8::try_from(self.challenges.len()).expect("few connections"); 32];
        let (id, hello) = self.mailbox.connect(challenge, self.now);
        self.challenges.insert(id.0, hello.challenge);
        id
    }

    fn ask(&mut self, from: ConnectionId, op: Op, signer: u8) -> Answer {
        let request = Request::signed(7, op, &self.challenges[&from.0], &key(signer));
        self.mailbox.handle(from, request, self.now).answer
    }

    fn create(&mut self, from: ConnectionId, queue: &wire::Queue) -> Answer {
        let op = Op::Create { token: self.token.clone(), queue: queue.clone() };
        self.mailbox.handle(from, Request::unsigned(1, op), self.now).answer
    }

    fn pair(&mut self, from: ConnectionId) -> Pair {
        let pair = Pair::new(0);
        assert_eq!(self.create(from, &pair.to_patient), Answer::Done);
        assert_eq!(self.create(from, &pair.from_patient), Answer::Done);
        pair
    }

    fn claim(&mut self, from: ConnectionId, pair: &Pair, page: u8) -> Answer {
        let (reader, writer) = (pair.to_patient.reader, pair.from_patient.writer);
        self.ask(from, Op::Claim { reader, writer, key: public(&key(page)) }, LINK)
    }

    fn send(&mut self, from: ConnectionId, queue: QueueId, text: &[u8], signer: u8) -> Answer {
        self.ask(from, Op::Send { queue, envelope: text.to_vec() }, signer)
    }

    fn said(&mut self, to: ConnectionId) -> Vec<FromRelay> {
        std::iter::from_fn(|| self.mailbox.next(to)).collect()
    }
}

const fn refused(refusal: Refusal) -> Answer {
    Answer::Refused(refusal)
}

fn delivery(queue: QueueId, sequence: u64, text: &[u8]) -> FromRelay {
    FromRelay::Delivery { queue, sequence, envelope: text.to_vec() }
}

#[test]
fn only_a_token_makes_queues() {
    let mut bench = Bench::new(Limits::default());
    let ada = bench.connect();
    let op = Op::Create { token: token::make(), queue: Pair::new(0).to_patient };
    let outcome = bench.mailbox.handle(ada, Request::unsigned(1, op), NOW);
    assert_eq!(outcome.answer, refused(Refusal::Forbidden));
    assert_eq!(bench.mailbox.holdings(), Holdings::default());
}

#[test]
fn making_a_queue_again_does_nothing_and_taking_its_name_is_forbidden() {
    let mut bench = Bench::new(Limits::default());
    let agent = bench.connect();
    let pair = bench.pair(agent);
    let before = bench.mailbox.holdings();
    assert_eq!(bench.create(agent, &pair.to_patient), Answer::Done);
    for thief in [
        wire::Queue { writer_key: public(&key(9)), ..pair.to_patient.clone() },
        wire::Queue { reader_key: public(&key(9)), ..pair.to_patient.clone() },
        wire::Queue { writer: name(99), ..pair.to_patient.clone() },
        wire::Queue { reader: name(99), ..pair.to_patient.clone() },
        wire::Queue { practice: Practice::Reads, ..pair.to_patient.clone() },
    ] {
        assert_eq!(bench.create(agent, &thief), refused(Refusal::Forbidden));
    }
    assert_eq!(bench.mailbox.holdings(), before);
    // The page has swapped its key in; the practice, which may not know that yet, makes the queue again.
    assert_eq!(bench.claim(agent, &pair, PAGE), Answer::Invitation(b"sealed".to_vec()));
    assert_eq!(bench.create(agent, &pair.to_patient), Answer::Done);
    let known = wire::Queue { reader_key: public(&key(PAGE)), ..pair.to_patient };
    assert_eq!(bench.create(agent, &known), Answer::Done);
}

#[test]
fn envelope_waits_until_it_is_acknowledged_and_never_comes_again() {
    let mut bench = Bench::new(Limits::default());
    let (agent, page) = (bench.connect(), bench.connect());
    let pair = bench.pair(agent);
    bench.claim(page, &pair, PAGE);
    let (writer, reader) = (pair.to_patient.writer, pair.to_patient.reader);
    assert_eq!(bench.send(agent, writer, b"one", PRACTICE), Answer::Done);
    assert_eq!(bench.send(agent, writer, b"two", PRACTICE), Answer::Done);
    assert_eq!(bench.ask(page, Op::Read { queue: reader }, PAGE), Answer::Done);
    assert_eq!(bench.said(page), [delivery(reader, 1, b"one"), delivery(reader, 2, b"two")]);
    assert_eq!(bench.said(agent), []);
    assert_eq!(bench.ask(page, Op::Acknowledge { queue: reader, sequence: 1 }, PAGE), Answer::Done);
    assert_eq!(bench.ask(page, Op::Acknowledge { queue: reader, sequence: 3 }, PAGE), refused(Refusal::Garbled));

    bench.mailbox.disconnect(page);
    let again = bench.connect();
    assert_eq!(bench.ask(again, Op::Read { queue: reader }, PAGE), Answer::Done);
    assert_eq!(bench.send(agent, writer, b"three", PRACTICE), Answer::Done);
    assert_eq!(bench.said(again), [delivery(reader, 2, b"two"), delivery(reader, 3, b"three")]);
    assert_eq!(bench.ask(again, Op::Acknowledge { queue: reader, sequence: 3 }, PAGE), Answer::Done);
    assert_eq!(bench.mailbox.holdings().envelopes, 0);
}

#[test]
fn request_overheard_on_another_connection_is_refused() {
    let mut bench = Bench::new(Limits::default());
    let (agent, thief) = (bench.connect(), bench.connect());
    let pair = bench.pair(agent);
    let op = Op::Send { queue: pair.to_patient.writer, envelope: b"x".to_vec() };
    let overheard = Request::signed(1, op, &bench.challenges[&agent.0], &key(PRACTICE));
    assert_eq!(bench.mailbox.handle(thief, overheard.clone(), NOW).answer, refused(Refusal::Forbidden));
    assert_eq!(bench.mailbox.handle(agent, overheard, NOW).answer, Answer::Done);
}

#[test]
fn every_end_does_only_what_its_key_allows() {
    let mut bench = Bench::new(Limits::default());
    let agent = bench.connect();
    let pair = bench.pair(agent);
    bench.claim(agent, &pair, PAGE);
    let (to, from) = (&pair.to_patient, &pair.from_patient);
    let envelope = b"x".to_vec();
    for (op, right) in [
        (Op::Read { queue: to.reader }, PAGE),
        (Op::Read { queue: from.reader }, PRACTICE),
        (Op::Send { queue: to.writer, envelope: envelope.clone() }, PRACTICE),
        (Op::Send { queue: from.writer, envelope }, PAGE),
        (Op::Acknowledge { queue: to.reader, sequence: 0 }, PAGE),
        (Op::Invite { queue: to.writer, claim: None }, PRACTICE),
        (Op::Invite { queue: from.reader, claim: None }, PRACTICE),
        (Op::Remove { queue: to.writer }, PRACTICE),
        (Op::Remove { queue: from.reader }, PRACTICE),
    ] {
        for wrong in [PRACTICE, LINK, PAGE, OTHER_PAGE].into_iter().filter(|wrong| *wrong != right) {
            assert_eq!(bench.ask(agent, op.clone(), wrong), refused(Refusal::Forbidden), "{op:?}");
        }
        assert_eq!(bench.ask(agent, op.clone(), right), Answer::Done, "{op:?}");
    }
    // The patient's end may neither invite nor remove, even by name.
    let pair = bench.pair(agent);
    for queue in [pair.to_patient.reader, pair.from_patient.writer] {
        assert_eq!(bench.ask(agent, Op::Remove { queue }, LINK), refused(Refusal::Forbidden));
    }
}

#[test]
fn link_can_be_opened_again_until_the_practice_kills_it() {
    let mut bench = Bench::new(Limits::default());
    let (agent, first, second) = (bench.connect(), bench.connect(), bench.connect());
    let pair = bench.pair(agent);
    let (to, from) = (pair.to_patient.reader, pair.from_patient.reader);
    assert_eq!(bench.ask(agent, Op::Read { queue: from }, PRACTICE), Answer::Done);

    assert_eq!(bench.claim(first, &pair, PAGE), Answer::Invitation(b"sealed".to_vec()));
    let claimed = |times, page| FromRelay::Claimed { queue: from, times, key: public(&key(page)) };
    assert_eq!(bench.said(agent), [claimed(1, PAGE)]);
    bench.ask(first, Op::Read { queue: to }, PAGE);
    bench.send(first, pair.from_patient.writer, b"hello", PAGE);
    // The answer was lost and the same page asks again: nothing is dropped.
    assert_eq!(bench.claim(first, &pair, PAGE), Answer::Invitation(b"sealed".to_vec()));
    assert_eq!(bench.mailbox.holdings().envelopes, 1);

    assert_eq!(bench.claim(second, &pair, OTHER_PAGE), Answer::Invitation(b"sealed".to_vec()));
    assert_eq!(bench.said(first), [FromRelay::Gone { queue: to }]);
    assert_eq!(bench.said(agent), [claimed(2, OTHER_PAGE)], "what the older page wrote is dropped");
    assert_eq!(bench.send(first, pair.from_patient.writer, b"me", PAGE), refused(Refusal::Forbidden));

    // A practice that connects later is told, too.
    bench.mailbox.disconnect(agent);
    let agent = bench.connect();
    bench.ask(agent, Op::Read { queue: from }, PRACTICE);
    assert_eq!(bench.said(agent), [claimed(2, OTHER_PAGE)]);

    let kill = Op::Invite { queue: pair.to_patient.writer, claim: None };
    assert_eq!(bench.ask(agent, kill, PRACTICE), Answer::Done);
    assert_eq!(bench.claim(first, &pair, PAGE), refused(Refusal::Used));
    assert_eq!(bench.send(second, pair.from_patient.writer, b"still here", OTHER_PAGE), Answer::Done);
}

#[test]
fn link_that_died_while_the_practice_was_away_is_dead_when_it_makes_its_queues_again() {
    let mut world = Bench::new(Limits::default());
    let (agent, page) = (world.connect(), world.connect());
    let pair = world.pair(agent);
    assert!(matches!(world.claim(page, &pair, 30), Answer::Invitation(_)));
    for queue in [&pair.to_patient, &pair.from_patient] {
        assert_eq!(world.create(agent, &wire::Queue { claim: None, ..queue.clone() }), Answer::Done);
    }
    assert_eq!(world.claim(page, &pair, 31), refused(Refusal::Used));
}

#[test]
fn expired_link_opens_nothing_and_its_invitation_is_forgotten() {
    let mut bench = Bench::new(Limits::default());
    let agent = bench.connect();
    let pair = bench.pair(agent);
    bench.now = NOW.plus(DAY);
    assert_eq!(bench.claim(agent, &pair, PAGE), refused(Refusal::Expired));
    let later = bench.now;
    bench.mailbox.expire(later);
    assert_eq!(bench.mailbox.holdings(), Holdings { queues: 2, envelopes: 0, bytes: 0 });
    assert_eq!(bench.claim(agent, &pair, PAGE), refused(Refusal::Expired));
}

#[test]
fn second_reader_is_busy_while_the_first_lives() {
    let mut bench = Bench::new(Limits::default());
    let (agent, other) = (bench.connect(), bench.connect());
    let pair = bench.pair(agent);
    let queue = pair.from_patient.reader;
    assert_eq!(bench.ask(agent, Op::Read { queue }, PRACTICE), Answer::Done);
    assert_eq!(bench.ask(agent, Op::Read { queue }, PRACTICE), Answer::Done, "the same connection may begin again");
    let read = Request::signed(1, Op::Read { queue }, &bench.challenges[&other.0], &key(PRACTICE));
    let outcome = bench.mailbox.handle(other, read.clone(), NOW);
    assert_eq!((outcome.answer, outcome.probe), (refused(Refusal::Busy), Some(agent)));
    bench.mailbox.disconnect(agent);
    assert_eq!(bench.mailbox.handle(other, read, NOW).answer, Answer::Done);
}

#[test]
fn removed_queue_is_unknown_and_its_reader_is_told() {
    let mut bench = Bench::new(Limits::default());
    let (agent, page) = (bench.connect(), bench.connect());
    let pair = bench.pair(agent);
    bench.claim(page, &pair, PAGE);
    let (reader, writer) = (pair.to_patient.reader, pair.to_patient.writer);
    bench.send(agent, writer, b"one", PRACTICE);
    bench.ask(page, Op::Read { queue: reader }, PAGE);
    assert_eq!(bench.ask(agent, Op::Remove { queue: writer }, PRACTICE), Answer::Done);
    assert_eq!(bench.said(page), [FromRelay::Gone { queue: reader }]);
    assert_eq!(bench.ask(page, Op::Read { queue: reader }, PAGE), refused(Refusal::Unknown));
    assert_eq!(bench.send(agent, writer, b"two", PRACTICE), refused(Refusal::Unknown));
    assert_eq!(bench.mailbox.holdings(), Holdings { queues: 1, envelopes: 0, bytes: 0 });
}

#[test]
fn each_limit_refuses_and_loses_nothing() {
    let limits = Limits {
        queues_per_token: 2,
        messages_per_queue: 2,
        bytes_per_queue: 3000,
        bytes_total: 4000,
        envelope_bytes: 1024,
        claims_per_link: 2,
        ..Limits::default()
    };
    let mut bench = Bench::new(limits);
    let agent = bench.connect();
    let pair = bench.pair(agent);
    assert_eq!(bench.create(agent, &Pair::new(1).to_patient), refused(Refusal::Full), "queues");
    let (to, from) = (pair.to_patient.writer, pair.from_patient.writer);
    assert_eq!(bench.send(agent, to, &[0; 1025], PRACTICE), refused(Refusal::Garbled), "one envelope");
    assert_eq!(bench.send(agent, to, &[], PRACTICE), refused(Refusal::Garbled), "nothing");
    assert_eq!(bench.send(agent, to, &[0; 1024], PRACTICE), Answer::Done);
    assert_eq!(bench.send(agent, to, &[0; 1024], PRACTICE), Answer::Done);
    assert_eq!(bench.send(agent, to, &[0; 1], PRACTICE), refused(Refusal::Full), "messages");
    assert_eq!(bench.send(agent, from, &[0; 1024], LINK), Answer::Done);
    assert_eq!(bench.send(agent, from, &[0; 1024], LINK), refused(Refusal::Full), "bytes of all queues");
    assert_eq!(bench.mailbox.holdings().envelopes, 3);
    let big = Claim { key: public(&key(LINK)), expires: NOW, invitation: vec![0; 900] };
    let invite = Op::Invite { queue: pair.from_patient.reader, claim: Some(big) };
    assert_eq!(bench.ask(agent, invite, PRACTICE), refused(Refusal::Full), "an invitation counts, too");
    for (page, wanted) in [(10, true), (11, true), (12, false)] {
        let opened = matches!(bench.claim(agent, &pair, page), Answer::Invitation(_));
        assert_eq!(opened, wanted, "claims");
    }
}

#[test]
fn envelope_is_forgotten_when_its_time_is_over() {
    let mut bench = Bench::new(Limits::default());
    let agent = bench.connect();
    let pair = bench.pair(agent);
    bench.send(agent, pair.to_patient.writer, b"old", PRACTICE);
    bench.now = NOW.plus(DAY * 13);
    bench.send(agent, pair.to_patient.writer, b"new", PRACTICE);
    bench.now = NOW.plus(DAY * 14);
    bench.ask(agent, Op::Read { queue: pair.to_patient.reader }, LINK);
    assert_eq!(bench.said(agent), [delivery(pair.to_patient.reader, 2, b"new")]);
    bench.now = NOW.plus(DAY * 300);
    bench.mailbox.disconnect(agent);
    let later = bench.now;
    bench.mailbox.expire(later);
    assert_eq!(bench.mailbox.holdings(), Holdings::default(), "a queue that nobody uses goes, too");
}

#[test]
fn no_queue_keeps_the_others_of_a_reader_waiting() {
    let mut bench = Bench::new(Limits::default());
    let agent = bench.connect();
    let pairs = [Pair::new(0), Pair::new(1)];
    for pair in &pairs {
        bench.create(agent, &pair.from_patient);
        bench.ask(agent, Op::Read { queue: pair.from_patient.reader }, PRACTICE);
    }
    for _ in 0..50 {
        bench.send(agent, pairs[0].from_patient.writer, b"flood", LINK);
    }
    bench.send(agent, pairs[1].from_patient.writer, b"help", LINK);
    let said = bench.said(agent);
    let help = delivery(pairs[1].from_patient.reader, 1, b"help");
    assert!(said.iter().position(|said| *said == help).is_some_and(|place| place < 2));
    assert_eq!(said.len(), 51);
}

/// What a random actor does.
#[derive(Clone, Debug)]
enum Act {
    Create { pair: u8, to: bool },
    Claim { pair: u8, page: u8 },
    Invite { pair: u8, to: bool, live: bool },
    Read { pair: u8, to: bool, signer: u8 },
    Send { pair: u8, to: bool, signer: u8, length: usize },
    Acknowledge { pair: u8, to: bool, signer: u8, sequence: u64 },
    Remove { pair: u8, to: bool },
    Listen { times: usize },
    Leave,
    Wait { hours: u32 },
}

fn act() -> impl Strategy<Value = Act> {
    let (pair, to, signer) = (0u8..2, any::<bool>(), 1u8..5);
    prop_oneof![
        2 => (pair.clone(), to).prop_map(|(pair, to)| Act::Create { pair, to }),
        2 => (pair.clone(), 3u8..5).prop_map(|(pair, page)| Act::Claim { pair, page }),
        1 => (pair.clone(), to, any::<bool>()).prop_map(|(pair, to, live)| Act::Invite { pair, to, live }),
        4 => (pair.clone(), to, signer.clone()).prop_map(|(pair, to, signer)| Act::Read { pair, to, signer }),
        8 => (pair.clone(), to, signer.clone(), 1usize..1200)
            .prop_map(|(pair, to, signer, length)| Act::Send { pair, to, signer, length }),
        4 => (pair.clone(), to, signer, 0u64..12)
            .prop_map(|(pair, to, signer, sequence)| Act::Acknowledge { pair, to, signer, sequence }),
        1 => (pair, to).prop_map(|(pair, to)| Act::Remove { pair, to }),
        6 => (1usize..6).prop_map(|times| Act::Listen { times }),
        1 => Just(Act::Leave),
        1 => (1u32..200).prop_map(|hours| Act::Wait { hours }),
    ]
}

/// What the world knows about a queue: what was sent since it was made or claimed, and what was acknowledged.
#[derive(Default)]
struct Known {
    sent: BTreeMap<u64, Vec<u8>>,
    acknowledged: u64,
    /// Who reads it, and the last delivery there.
    reader: Option<(ConnectionId, u64)>,
    next: u64,
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]
    #[test]
    fn whatever_is_asked_bounds_hold_and_envelopes_reach_only_their_reader_in_order(
        acts in proptest::collection::vec((0usize..3, act()), 1..160)
    ) {
        let limits = Limits {
            messages_per_queue: 5, bytes_per_queue: 4000, bytes_total: 9000, envelope_bytes: 1024, ..Limits::default()
        };
        let mut bench = Bench::new(limits.clone());
        let mut connections = [bench.connect(), bench.connect(), bench.connect()];
        let mut known: BTreeMap<QueueId, Known> = BTreeMap::new();
        for (count, (who, act)) in acts.into_iter().enumerate() {
            let from = connections[who];
            let queue = |pair: u8, to: bool| {
                let pair = Pair::new(pair);
                if to { pair.to_patient } else { pair.from_patient }
            };
            let practice_end = |queue: &wire::Queue| match queue.practice {
                Practice::Writes => queue.writer,
                Practice::Reads => queue.reader,
            };
            match act {
                Act::Create { pair, to } => {
                    let queue = queue(pair, to);
                    let answer = bench.create(from, &queue);
                    prop_assert!(matches!(answer, Answer::Done | Answer::Refused(Refusal::Full)), "{answer:?}");
                    if answer == Answer::Done {
                        known.entry(queue.reader).or_default();
                    }
                }
                Act::Claim { pair, page } => {
                    let pair = Pair::new(pair);
                    let names = [pair.to_patient.reader, pair.from_patient.reader];
                    let same = bench.mailbox.queues.get(&names[0]).is_some_and(|q| *q.patient_key() == public(&key(page)))
                        && bench.mailbox.queues.get(&names[1]).is_some_and(|q| *q.patient_key() == public(&key(page)));
                    if matches!(bench.claim(from, &pair, page), Answer::Invitation(_)) && !same {
                        for name in names {
                            known.get_mut(&name).expect("it stands").sent.clear();
                        }
                        known.get_mut(&names[0]).expect("it stands").reader = None;
                    }
                }
                Act::Invite { pair, to, live } => {
                    let queue = queue(pair, to);
                    let claim = queue.claim.clone().filter(|_| live);
                    bench.ask(from, Op::Invite { queue: practice_end(&queue), claim }, PRACTICE);
                }
                Act::Read { pair, to, signer } => {
                    let name = queue(pair, to).reader;
                    if bench.ask(from, Op::Read { queue: name }, signer) == Answer::Done {
                        let right = bench.mailbox.queues[&name].reader_key;
                        prop_assert_eq!(right, public(&key(signer)));
                        known.get_mut(&name).expect("it stands").reader = Some((from, 0));
                    }
                }
                Act::Send { pair, to, signer, length } => {
                    let queue = queue(pair, to);
                    let mut text = vec![0; length.max(8)];
                    text[..8].copy_from_slice(&count.to_be_bytes());
                    if bench.send(from, queue.writer, &text, signer) == Answer::Done {
                        let right = bench.mailbox.queues[&queue.reader].writer_key;
                        prop_assert_eq!(right, public(&key(signer)));
                        let known = known.get_mut(&queue.reader).expect("it stands");
                        known.next += 1;
                        known.sent.insert(known.next, text);
                    }
                }
                Act::Acknowledge { pair, to, signer, sequence } => {
                    let name = queue(pair, to).reader;
                    if bench.ask(from, Op::Acknowledge { queue: name, sequence }, signer) == Answer::Done {
                        let right = bench.mailbox.queues[&name].reader_key;
                        prop_assert_eq!(right, public(&key(signer)));
                        let known = known.get_mut(&name).expect("it stands");
                        known.acknowledged = known.acknowledged.max(sequence);
                    }
                }
                Act::Remove { pair, to } => {
                    let queue = queue(pair, to);
                    if bench.ask(from, Op::Remove { queue: practice_end(&queue) }, PRACTICE) == Answer::Done {
                        known.remove(&queue.reader);
                    }
                }
                Act::Listen { times } => {
                    for _ in 0..times {
                        let Some(FromRelay::Delivery { queue, sequence, envelope }) = bench.mailbox.next(from) else { continue };
                        let known = known.get_mut(&queue).expect("only queues that stand deliver");
                        let (reader, last) = known.reader.expect("somebody reads it");
                        prop_assert_eq!(reader, from, "to the wrong connection");
                        prop_assert!(sequence > last, "out of order");
                        prop_assert!(sequence > known.acknowledged, "acknowledged and delivered again");
                        prop_assert_eq!(Some(&envelope), known.sent.get(&sequence), "not what was sent");
                        known.reader = Some((from, sequence));
                    }
                }
                Act::Leave => {
                    bench.mailbox.disconnect(from);
                    for known in known.values_mut().filter(|known| known.reader.is_some_and(|(reader, _)| reader == from)) {
                        known.reader = None;
                    }
                    connections[who] = bench.connect();
                }
                Act::Wait { hours } => {
                    bench.now = bench.now.plus(Duration::from_secs(3600) * hours);
                    let now = bench.now;
                    bench.mailbox.expire(now);
                    known.retain(|name, _| bench.mailbox.queues.contains_key(name));
                }
            }
            let holdings = bench.mailbox.holdings();
            let counted: usize = bench.mailbox.queues.values().map(Queue::bytes).sum();
            prop_assert_eq!(holdings.bytes, counted);
            prop_assert!(counted <= limits.bytes_total);
            prop_assert!(bench.mailbox.queues.values().all(|queue| queue.count() <= 5 && queue.bytes() <= 4000 + 1024));
            prop_assert_eq!(bench.mailbox.writers.len(), holdings.queues);
        }
    }
}
