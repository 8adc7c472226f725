//! Two peers on one machine, through real sockets.

use std::time::{Duration, Instant};

use super::*;

fn line(byte: &str) -> String {
    format!("a=fingerprint:sha-256 {}\r\n", [byte; 32].join(":"))
}

#[test]
fn the_fingerprint_is_read_from_a_description() {
    let sdp = format!("v=0\r\n{}m=audio 9\r\n{}", line("AB"), line("ab"));
    assert_eq!(fingerprint(&sdp), Some(Fingerprint([0xab; 32])));
}

#[test]
fn two_fingerprints_or_a_weak_hash_are_refused() {
    assert_eq!(fingerprint(&(line("AB") + &line("AC"))), None);
    assert_eq!(fingerprint(&line("AB").replace("sha-256", "sha-1")), None);
    assert_eq!(fingerprint(&line("AB").replace("AB:AB\r", "AB\r")), None);
    assert_eq!(fingerprint("v=0\r\n"), None);
}

/// Two peers whose descriptions and candidates are carried to each other.
struct Pair {
    offerer: Peer,
    answerer: Peer,
    /// What happened, other than descriptions and candidates: at the offerer, at the answerer.
    seen: [Vec<Event>; 2],
    /// Rewrites a description on its way.
    meddle: fn(&mut Description),
}

impl Pair {
    fn start(meddle: fn(&mut Description)) -> Self {
        let options = Options { loopback: true, ..Default::default() };
        let peer = || {
            let (peer, work) = super::start(options.clone()).unwrap();
            tokio::spawn(work);
            peer
        };
        let pair = Self { offerer: peer(), answerer: peer(), seen: Default::default(), meddle };
        pair.offerer.commands.send(Command::Offer { round: 1, restart: false }).unwrap();
        pair
    }

    /// Carries messages until `done` holds, or fails after 20 s.
    async fn until(&mut self, what: &str, mut done: impl FnMut(&mut Self) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while !done(self) {
            assert!(Instant::now() < deadline, "{what}; seen {:?}", self.seen);
            let (from_offerer, event) = tokio::select! {
                Some(event) = self.offerer.events.recv() => (true, event),
                Some(event) = self.answerer.events.recv() => (false, event),
                () = tokio::time::sleep(Duration::from_millis(5)) => continue,
            };
            let to = if from_offerer { &self.answerer } else { &self.offerer };
            match event {
                Event::Local { round, mut description } => {
                    (self.meddle)(&mut description);
                    let _ = to.commands.send(Command::Remote { round, description });
                }
                Event::Candidate { candidate, .. } => {
                    let _ = to.commands.send(Command::Candidate(candidate));
                }
                event => self.seen[usize::from(!from_offerer)].push(event),
            }
        }
    }

    fn both(&self, is: impl Fn(&Event) -> bool) -> bool {
        self.seen.iter().all(|seen| seen.iter().any(&is))
    }

    async fn connect(&mut self) {
        self.until("connected", |p| p.both(|e| matches!(e, Event::Connected(_)))).await;
    }

    /// Sends sound from the offerer until some arrives.
    async fn speak(&mut self, mark: u8) {
        let mut timestamp = 0;
        self.until("sound", |p| {
            timestamp += 960;
            let data = vec![mark; 40].into();
            let _ = p.offerer.audio.try_send(AudioPacket { data, timestamp });
            p.answerer.audio_in.try_iter().any(|packet| packet.payload[..] == [mark; 40])
        })
        .await;
    }
}

fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test);
}

#[test]
fn two_ends_connect_directly_and_sound_and_picture_arrive() {
    run(async {
        let mut pair = Pair::start(|_| ());
        pair.connect().await;
        assert!(pair.both(|e| matches!(e, Event::Connected(path) if !path.relayed)));
        pair.speak(7).await;
        let frame: Bytes = (0..5000u32).map(|i| i as u8).collect::<Vec<_>>().into();
        let mut assembler = assembler::Assembler::new(Duration::from_millis(400));
        let mut timestamp = 0;
        let mut got = None;
        pair.until("a picture", |p| {
            timestamp += 3000;
            let _ = p.offerer.video.try_send(VideoFrame { data: frame.clone(), timestamp, kbps: 2000 });
            p.answerer.video_in.try_iter().for_each(|packet| assembler.push(packet));
            got = got.take().or(assembler.pop(Instant::now()));
            got.is_some()
        })
        .await;
        assert_eq!(got.unwrap().data, frame);
        pair.until("measured", |p| p.both(|e| matches!(e, Event::Measured(m) if m.receive_bps > 0))).await;
    });
}

#[test]
fn an_ice_restart_keeps_the_call() {
    run(async {
        let mut pair = Pair::start(|_| ());
        pair.connect().await;
        pair.speak(1).await;
        pair.offerer.commands.send(Command::Offer { round: 2, restart: true }).unwrap();
        let twice = |seen: &Vec<Event>| seen.iter().filter(|e| matches!(e, Event::Connected(_))).count() == 2;
        pair.until("connected again", |p| p.seen.iter().all(twice)).await;
        pair.speak(2).await;
        assert!(!pair.both(|e| matches!(e, Event::Failed(_))));
    });
}

#[test]
fn a_certificate_that_was_not_promised_ends_the_call() {
    run(async {
        // The description and the promise agree with each other, but not with the certificate.
        let mut pair = Pair::start(|description| {
            let before = description.sdp.expose().clone();
            let lines = before.lines().map(|line| match line.strip_prefix("a=fingerprint:sha-256 ") {
                Some(_) => self::line("AB"),
                None => format!("{line}\r\n"),
            });
            description.sdp = Phi::new(lines.collect());
            description.fingerprint = Fingerprint([0xab; 32]);
        });
        let failed = |e: &Event| matches!(e, Event::Failed(_) | Event::Closed);
        let deadline = Instant::now() + Duration::from_secs(3);
        pair.until("ended or still waiting", |p| Instant::now() > deadline || p.both(failed)).await;
        assert!(!pair.both(|e| matches!(e, Event::Connected(_))), "{:?}", pair.seen);
    });
}

#[test]
fn a_promise_that_is_not_in_the_description_is_refused_at_once() {
    run(async {
        let mut pair = Pair::start(|description| description.fingerprint = Fingerprint([1; 32]));
        pair.until("refused", |p| p.seen[1].iter().any(|e| matches!(e, Event::Failed(PeerError::Unverified)))).await;
    });
}

#[test]
fn a_description_that_is_none_is_refused_in_words() {
    run(async {
        let mut pair = Pair::start(|description| {
            description.sdp = Phi::new(format!("v=0\r\n{}m=nonsense", line("AB")));
            description.fingerprint = Fingerprint([0xab; 32]);
        });
        pair.until("refused", |p| p.seen[1].iter().any(|e| matches!(e, Event::Failed(PeerError::Description)))).await;
    });
}

#[test]
fn closing_one_end_ends_the_other() {
    run(async {
        let mut pair = Pair::start(|_| ());
        pair.connect().await;
        pair.speak(1).await;
        pair.offerer.commands.send(Command::Close).unwrap();
        pair.until("closed", |p| p.both(|e| matches!(e, Event::Closed))).await;
    });
}

/// Spoils one line of a description.
fn spoil(sdp: &str, dice: &mut impl FnMut(usize) -> usize) -> String {
    let mut lines: Vec<String> = sdp.lines().map(str::to_owned).collect();
    let at = dice(lines.len());
    let line = lines[at].clone();
    lines[at] = match dice(7) {
        0 => String::new(),
        1 => format!("{line}\r\n{line}"),
        2 => line.chars().take(dice(line.len() + 1)).collect(),
        3 => line.replace(|c: char| c.is_ascii_digit(), "99999999999999999999"),
        4 => line.replace(' ', ""),
        5 => format!("{line}{}", " 65536".repeat(2000)),
        _ => line.replace(|c: char| c.is_ascii_digit(), "-0"),
    };
    lines.iter().map(|line| format!("{line}\r\n")).collect()
}

#[test]
fn descriptions_and_candidates_of_a_hostile_browser_never_panic() {
    const CANDIDATES: [&str; 12] = [
        "candidate:1 1 udp 1 127.0.0.1 0 typ host",
        "candidate:1 1 udp 4294967296 127.0.0.1 70000 typ host",
        "candidate:1 0 udp 1 0.0.0.0 9 typ host",
        "candidate:1 1 tcp 1 127.0.0.1 9 typ host tcptype active",
        "candidate:1 1 udp 1 224.0.0.1 9 typ host",
        "candidate:1 1 udp 1 ::ffff:127.0.0.1 9 typ srflx raddr x rport -1",
        "candidate:1 1 udp 1 printer.local 9 typ host",
        "candidate:1 1 udp 1 a..b.example 9 typ relay",
        "candidate:",
        "candidate:1 1 udp",
        "candidate:\u{202e} 1 udp 1 127.0.0.1 9 typ host generation",
        "x",
    ];
    run(async {
        let start = || {
            let (peer, work) = super::start(Options { loopback: true, ..Default::default() }).unwrap();
            (peer, tokio::spawn(work))
        };
        let (mut offerer, _work) = start();
        offerer.commands.send(Command::Offer { round: 1, restart: false }).unwrap();
        let sdp = loop {
            if let Some(Event::Local { description, .. }) = offerer.events.recv().await {
                break description.sdp.into_inner();
            }
        };
        let mut chance = 7u64;
        let mut dice = |sides: usize| {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (chance >> 33) as usize % sides
        };
        for _ in 0..200 {
            let sdp = spoil(&spoil(&sdp, &mut dice), &mut dice);
            let Some(fingerprint) = fingerprint(&sdp) else { continue };
            let (mut answerer, work) = start();
            let description = Description { kind: SdpKind::Offer, sdp: Phi::new(sdp.clone()), fingerprint };
            answerer.commands.send(Command::Remote { round: 1, description }).unwrap();
            let said = answerer.events.recv().await;
            assert!(said.is_some(), "it panicked at {sdp}");
            for candidate in CANDIDATES {
                let candidate = Candidate { candidate: candidate.into(), mid: Some("0".into()), line: Some(0) };
                let _ = answerer.commands.send(Command::Candidate(candidate));
            }
            let _ = answerer.commands.send(Command::Close);
            assert!(work.await.is_ok(), "it panicked at {sdp}");
        }
    });
}
