//! The relay as a program: both ends of a queue, the page, TLS, its operator, and those who mean it harm.

mod harness;

use bedside::base::id::QueueId;
use bedside::wire::relay::{Answer, FromRelay, Op, Refusal};
use futures_util::{SinkExt, StreamExt};
use harness::{End, PATIENCE, Pair, Relay, fresh_key, run, until, write_certificate};
use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};
use tokio_tungstenite::tungstenite::Message;

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// One HTTP/1.1 exchange; the answer's head in lower case, and its body.
fn http(relay: &Relay, request: &str) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(relay.address()).expect("the relay answers");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    write!(stream, "{request}\r\nconnection: close\r\n\r\n").expect("it listens");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("it answers and closes");
    let cut = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
    (text(&answer[..cut]).to_lowercase(), answer[cut + 4..].to_vec())
}

#[tokio::test]
async fn invited_page_claims_its_queues_and_both_ends_talk() {
    let relay = Relay::start(&[]);
    let (mut agent, mut page) = (End::open(&relay).await, End::open(&relay).await);
    let pair = Pair::made(&mut agent, &relay).await;
    let (to, from) = (&pair.to_patient, &pair.from_patient);
    assert_eq!(agent.ask(Op::Read { queue: from.reader }, &pair.practice).await, Answer::Done);

    let claimed = page.ask(pair.claim(), &pair.link).await;
    assert_eq!(claimed, Answer::Invitation(b"sealed invitation".to_vec()));
    let key = harness::public(&pair.page);
    assert_eq!(agent.hear().await, Some(FromRelay::Claimed { queue: from.reader, times: 1, key }));

    assert_eq!(page.ask(Op::Read { queue: to.reader }, &pair.page).await, Answer::Done);
    let hello = Op::Send { queue: from.writer, envelope: b"hello".to_vec() };
    assert_eq!(page.ask(hello, &pair.page).await, Answer::Done);
    let envelope = b"hello".to_vec();
    assert_eq!(agent.hear().await, Some(FromRelay::Delivery { queue: from.reader, sequence: 1, envelope }));
    assert_eq!(agent.ask(Op::Acknowledge { queue: from.reader, sequence: 1 }, &pair.practice).await, Answer::Done);

    let back = Op::Send { queue: to.writer, envelope: b"good morning".to_vec() };
    assert_eq!(agent.ask(back, &pair.practice).await, Answer::Done);
    let envelope = b"good morning".to_vec();
    assert_eq!(page.hear().await, Some(FromRelay::Delivery { queue: to.reader, sequence: 1, envelope }));
}

#[tokio::test]
async fn request_overheard_on_another_connection_does_nothing() {
    let relay = Relay::start(&[]);
    let (mut agent, mut thief) = (End::open(&relay).await, End::open(&relay).await);
    let pair = Pair::made(&mut agent, &relay).await;
    let overheard = agent.sign(Op::Read { queue: pair.from_patient.reader }, &pair.practice);
    thief.tell(&overheard).await;
    assert_eq!(thief.answer(overheard.n).await, Answer::Refused(Refusal::Forbidden));
    agent.tell(&overheard).await;
    assert_eq!(agent.answer(overheard.n).await, Answer::Done);
}

#[tokio::test]
async fn dead_reader_gives_its_queue_up_within_seconds() {
    let relay = Relay::start(&[]);
    let mut agent = End::open(&relay).await;
    let pair = Pair::made(&mut agent, &relay).await;
    let read = || Op::Read { queue: pair.from_patient.reader };
    // This phone lost its network: it stays connected and answers no ping, because nobody polls it.
    let mut lost = End::open(&relay).await;
    assert_eq!(lost.ask(read(), &pair.practice).await, Answer::Done);
    let start = Instant::now();
    assert_eq!(agent.ask(read(), &pair.practice).await, Answer::Refused(Refusal::Busy));
    loop {
        match agent.ask(read(), &pair.practice).await {
            Answer::Done => break,
            answer => assert_eq!(answer, Answer::Refused(Refusal::Busy)),
        }
        assert!(start.elapsed() < Duration::from_secs(15), "still busy");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // A reader that lives keeps it: its pings are answered while it listens.
    let mut other = End::open(&relay).await;
    let listen = tokio::spawn(async move { agent.hear().await });
    let end = Instant::now() + Duration::from_secs(6);
    while Instant::now() < end {
        assert_eq!(other.ask(read(), &pair.practice).await, Answer::Refused(Refusal::Busy));
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    listen.abort();
}

#[tokio::test]
async fn silent_connection_ends() {
    let relay = Relay::start(&["--silence-s", "1"]);
    let silent = End::open(&relay).await;
    let mut idle = TcpStream::connect(relay.address()).expect("the relay answers");
    idle.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    assert_eq!(idle.read(&mut [0; 1]).unwrap_or(0), 0, "a connection that says nothing is closed");
    until("the log says that it ended", async || relay.log().contains("end=Silent")).await;
    drop(silent);
}

#[tokio::test]
async fn ten_megabytes_are_refused_and_the_relay_goes_on() {
    let relay = Relay::start(&[]);
    let mut rude = End::open(&relay).await;
    // The relay may close before all is sent; what counts is that it does not answer as if it had read it.
    let _ = rude.line.send(Message::Binary(vec![0; 10 * 1024 * 1024].into())).await;
    assert_eq!(rude.hear().await, None);
    until("the log says why", async || relay.log().contains("end=TooLong")).await;
    let mut polite = End::open(&relay).await;
    assert_eq!(polite.ask(Op::Ping, &fresh_key()).await, Answer::Done);
    let _ = polite.line.send(Message::Binary(b"garbage".to_vec().into())).await;
    assert_eq!(polite.hear().await, Some(FromRelay::Answer { n: 0, answer: Answer::Refused(Refusal::Garbled) }));
    assert_eq!(polite.hear().await, None);
}

#[tokio::test]
async fn thousand_knocks_are_slowed_and_hurt_nobody_else() {
    let relay = Relay::start(&["--requests-per-second", "20", "--requests-at-once", "50"]);
    let mut agent = End::open_from(&relay, [127, 0, 0, 2]).await;
    let pair = Pair::made(&mut agent, &relay).await;
    let mut flood = End::open(&relay).await;
    let key = pair.link.clone();
    let knock = Op::Send { queue: pair.from_patient.writer, envelope: vec![0; 1024] };
    let knocks: Vec<_> = (0..1000).map(|_| flood.sign(knock.clone(), &key)).collect();
    let End { line, .. } = flood;
    let (mut out, mut back) = line.split();
    let start = Instant::now();
    let sending = tokio::spawn(async move {
        for knock in knocks {
            if out.send(Message::Binary(bedside::wire::to_cbor(&knock).into())).await.is_err() {
                break;
            }
        }
        out
    });
    let (mut done, mut slow) = (0, 0);
    while start.elapsed() < Duration::from_secs(2) {
        let Ok(Some(Ok(message))) = tokio::time::timeout(Duration::from_secs(1), back.next()).await else { break };
        let Message::Binary(bytes) = message else { continue };
        match bedside::wire::from_cbor(&bytes).expect("the relay's own words") {
            FromRelay::Answer { answer: Answer::Done, .. } => done += 1,
            FromRelay::Answer { answer: Answer::Refused(Refusal::Slow { retry_s }), .. } => {
                assert!(retry_s >= 1);
                slow += 1;
            }
            other => panic!("neither done nor slowed: {other:?}"),
        }
    }
    let most = 50.0 + 20.0 * start.elapsed().as_secs_f64() + 1.0;
    assert!(f64::from(done) <= most, "{done} done in {:?}", start.elapsed());
    assert!(slow >= 1 && done + slow < 1000, "{slow} slowed of {}", done + slow);
    // The practice has another address and notices nothing.
    assert_eq!(agent.ask(Op::Read { queue: pair.from_patient.reader }, &pair.practice).await, Answer::Done);
    sending.abort();
}

#[tokio::test]
async fn connections_of_one_address_are_counted() {
    let relay = Relay::start(&["--connections-per-address", "2"]);
    let (_one, two) = (End::open(&relay).await, End::open(&relay).await);
    let mut third = TcpStream::connect(relay.address()).expect("the system accepts it");
    third.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    assert_eq!(third.read(&mut [0; 1]).unwrap_or(0), 0, "it is closed without a word");
    let _other = End::open_from(&relay, [127, 0, 0, 3]).await;
    drop(two);
    until("the place is free again", async || {
        let mut stream = TcpStream::connect(relay.address()).expect("the system accepts it");
        let _ = stream.write_all(b"GET /health HTTP/1.0\r\n\r\n");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).is_ok() && answer.contains("ok")
    })
    .await;
}

#[tokio::test]
async fn relay_ends_politely_and_a_new_one_knows_nothing() {
    let relay = Relay::start(&[]);
    let mut agent = End::open(&relay).await;
    let pair = Pair::made(&mut agent, &relay).await;
    let boot = agent.hello.boot;
    relay.signal("TERM");
    let farewell = loop {
        match agent.line.next().await.expect("it says goodbye").expect("in order") {
            Message::Close(frame) => break frame.expect("with a reason"),
            _ => continue,
        }
    };
    assert_eq!(u16::from(farewell.code), 1012, "come back");
    let (code, printed, _) = relay.end();
    assert_eq!((code, printed.as_str()), (Some(0), ""));

    let relay = Relay::start(&[]);
    let mut agent = End::open(&relay).await;
    assert_ne!(agent.hello.boot, boot);
    let read = Op::Read { queue: pair.from_patient.reader };
    assert_eq!(agent.ask(read, &pair.practice).await, Answer::Refused(Refusal::Unknown));
}

#[tokio::test]
async fn page_is_sent_with_strict_headers_and_nothing_else_is_served() {
    let relay = Relay::start(&[]);
    let host = relay.url.authority();
    for file in bedside::relay::page::files() {
        let (head, body) = http(&relay, &format!("GET {} HTTP/1.1\r\nhost: {host}", file.path));
        assert!(head.starts_with("http/1.1 200"), "{head}");
        assert_eq!(body, file.bytes);
        let caching = if file.immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
        for line in [
            &format!("cache-control: {caching}"),
            &format!("content-type: {}", file.content_type),
            "content-security-policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval'",
            &format!("connect-src 'self' ws://{host};"),
            "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
            "referrer-policy: no-referrer",
            "x-content-type-options: nosniff",
            "permissions-policy: camera=(self), microphone=(self)",
            "geolocation=()",
            "cross-origin-opener-policy: same-origin",
            "cross-origin-resource-policy: same-origin",
        ] {
            assert!(head.contains(line), "{line} is not in {head}");
        }
        assert!(!head.contains("strict-transport-security") && !head.contains("unsafe-inline"));
        let packed = format!("GET {} HTTP/1.1\r\nhost: {host}\r\naccept-encoding: gzip, br", file.path);
        let (head, body) = http(&relay, &packed);
        assert!(head.contains("content-encoding: br") && body == file.brotli);
        let (head, body) = http(&relay, &format!("HEAD {} HTTP/1.1\r\nhost: {host}", file.path));
        assert!(head.contains(&format!("content-length: {}", file.bytes.len())) && body.is_empty());
    }
    for path in ["/index.html", "/../Cargo.toml", "/dist/", "/%2e%2e/etc/passwd", "//", "/mailbox/"] {
        let (head, body) = http(&relay, &format!("GET {path} HTTP/1.1\r\nhost: {host}"));
        assert!(head.starts_with("http/1.1 404") && body == b"not found\n", "{path}: {head}");
    }
    assert!(http(&relay, &format!("POST / HTTP/1.1\r\nhost: {host}")).0.starts_with("http/1.1 405"));
    assert!(http(&relay, "GET / HTTP/1.1\r\nhost: a;script-src").0.starts_with("http/1.1 400"));
    assert_eq!(http(&relay, &format!("GET /health HTTP/1.1\r\nhost: {host}")).1, b"ok\n");
    let foreign = format!(
        "GET /mailbox HTTP/1.1\r\nhost: {host}\r\norigin: https://evil.example\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ=="
    );
    let foreign = http(&relay, &foreign.replace("upgrade: websocket", "upgrade: websocket\r\nconnection: upgrade"));
    assert!(foreign.0.starts_with("http/1.1 403"), "{}", foreign.0);
}

#[tokio::test]
async fn check_tells_an_operator_what_is_right_and_what_is_wrong() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    write_certificate(folder.path(), "localhost", 2090);
    let relay = Relay::start_tls(folder, &[]);
    let path = |name| relay.folder.path().join(name).to_string_lossy().into_owned();
    let check = |more: &[&str]| {
        let output = run(&[&["check", relay.text_url().as_str()], more].concat());
        (output.status.code(), text(&output.stdout))
    };
    let (ca, tokens) = (path("cert.pem"), path("tokens"));
    let all = ["--ca-file", ca.as_str(), "--token-file", tokens.as_str()];
    let (code, said) = check(&all);
    assert_eq!(code, Some(0), "{said}");
    for line in ["certificate names localhost and is good for", "page is the one in this program", "went through"] {
        assert!(said.contains(line), "{line}: {said}");
    }
    let secure = relay.reach().fetch("/").await.expect("the page is served").1;
    assert!(secure.contains("strict-transport-security: max-age=31536000"));
    assert!(secure.contains(&format!("connect-src 'self' wss://{};", relay.url.authority())));

    let (code, said) = check(&[]);
    assert!(code == Some(1) && said.contains("does not trust"), "{said}");
    let wrong = path("wrong");
    std::fs::write(&wrong, run(&["token"]).stdout).expect("the folder is ours");
    let (code, said) = check(&["--ca-file", &ca, "--token-file", &wrong]);
    assert!(code == Some(1) && said.contains("does not accept this key"), "{said}");

    // Certificates are read again at SIGHUP.
    for (name, year, sentence) in
        [("localhost", 2021, "certificate has expired"), ("relay.example", 2090, "for another name than localhost")]
    {
        write_certificate(relay.folder.path(), name, year);
        relay.signal("HUP");
        until(sentence, async || {
            let (code, said) = check(&all);
            code == Some(1) && said.contains(sentence)
        })
        .await;
    }
    let url = relay.text_url();
    let (code, ..) = relay.end();
    assert_eq!(code, Some(0));
    let output = run(&["check", &url]);
    assert!(output.status.code() == Some(4) && text(&output.stdout).contains("cannot be reached"));
}

#[test]
fn relay_refuses_to_start_wrongly_and_says_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let tokens = folder.path().join("tokens");
    std::fs::write(&tokens, run(&["token"]).stdout).expect("the folder is ours");
    let tokens = tokens.to_string_lossy().into_owned();
    std::fs::write(folder.path().join("empty"), "# nothing\n").expect("the folder is ours");
    let empty = folder.path().join("empty").to_string_lossy().into_owned();
    for (arguments, error, hint) in [
        (&["serve"][..], "no token file is given", "bedside-relay token > FILE"),
        (&[], "no token file is given", "--token-file FILE"),
        (&["--token-file", &empty], "holds no token", "makes a token"),
        (&["--token-file", "/nonexistent"], "cannot be read", "check the path"),
        (&["--token-file", &tokens, "--listen", "0.0.0.0:0"], "loopback address only", "--cert FILE"),
        (&["--token-file", &tokens, "--cert", &tokens, "--key", &tokens], "holds no certificate", "PEM"),
        (&["check", "http://relay.example"], "https:// only", "bedside-relay check"),
    ] {
        let output = run(arguments);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains("bedside-relay: error: ") && said.contains(error), "{arguments:?}: {said}");
        assert!(said.contains("bedside-relay: hint: ") && said.contains(hint), "{arguments:?}: {said}");
    }
}

#[tokio::test]
async fn log_at_trace_level_names_nobody() {
    let relay = Relay::start(&["--silence-s", "1"]);
    let (mut agent, mut page) = (End::open(&relay).await, End::open(&relay).await);
    let pair = Pair::made(&mut agent, &relay).await;
    page.ask(pair.claim(), &pair.link).await;
    page.ask(Op::Read { queue: pair.to_patient.reader }, &pair.page).await;
    let canary = b"canary-4711-in-an-envelope".to_vec();
    agent.ask(Op::Send { queue: pair.to_patient.writer, envelope: canary.clone() }, &pair.practice).await;
    page.ask(Op::Read { queue: QueueId::random() }, &pair.page).await;
    page.ask(Op::Remove { queue: pair.to_patient.writer }, &pair.page).await;
    let _ = page.line.send(Message::Text("canary-4711 as text".into())).await;
    http(
        &relay,
        &format!("GET /canary-4711?canary-4711 HTTP/1.1\r\nhost: {}\r\nx: canary-4711", relay.url.authority()),
    );
    until("the silent agent is dropped", async || relay.log().contains("end=Silent")).await;

    let (token, port) = (relay.token.clone(), relay.url.port.to_string());
    let (_, _, log) = relay.end();
    assert!(log.contains("request=\"claim\"") && log.contains("Forbidden"), "it is the trace level: {log}");
    let mut secrets = vec!["canary".into(), "127.0.0.1".into(), "localhost".into(), token, format!(":{port}")];
    for queue in [&pair.to_patient, &pair.from_patient] {
        for id in [queue.reader, queue.writer] {
            secrets.push(id.to_string());
            secrets.push(data_encoding::HEXLOWER.encode(id.as_bytes()));
            secrets.push(format!("{:?}", id.as_bytes()).trim_matches(['[', ']']).to_owned());
        }
        for key in [queue.reader_key, queue.writer_key] {
            secrets.push(data_encoding::HEXLOWER.encode(&key.0));
        }
    }
    for secret in secrets {
        assert!(!log.to_lowercase().contains(&secret.to_lowercase()), "{secret} is in the log");
    }
}
