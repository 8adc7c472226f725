//! A real relay on loopback, and one end of a queue that speaks to it.

use bedside::base::id::QueueId;
use bedside::relay::reach::{Reach, Url, Wire};
use bedside::wire::relay::{Answer, Claim, FromRelay, Hello, Op, Practice, PublicKey, Queue, Request};
use bedside::wire::{from_cbor, to_cbor};
use ed25519_dalek::SigningKey;
use futures_util::{SinkExt, StreamExt};
use std::{
    collections::VecDeque,
    fs::File,
    io::{BufRead, BufReader, Read},
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};
use tokio::net::TcpSocket;
use tokio_tungstenite::{WebSocketStream, client_async, tungstenite::Message};

pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// The program, ready to be given arguments.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bedside-relay"));
    command.env_remove("BEDSIDE_RELAY_TOKEN_FILE").env_remove("BEDSIDE_RELAY_LOG");
    command
}

pub(crate) fn run(arguments: &[&str]) -> Output {
    program().args(arguments).output().expect("the program can be started")
}

/// A running relay; it ends with the test.
pub(crate) struct Relay {
    child: Child,
    pub(crate) url: Url,
    pub(crate) token: String,
    pub(crate) folder: tempfile::TempDir,
    ca: Option<PathBuf>,
}

impl Relay {
    pub(crate) fn start(more: &[&str]) -> Self {
        Self::start_with(more, None)
    }

    /// With a certificate that [`write_certificate`] has put into the folder.
    pub(crate) fn start_tls(folder: tempfile::TempDir, more: &[&str]) -> Self {
        Self::start_with(more, Some(folder))
    }

    fn start_with(more: &[&str], tls: Option<tempfile::TempDir>) -> Self {
        let secure = tls.is_some();
        let folder = tls.unwrap_or_else(|| tempfile::tempdir().expect("a folder can be made"));
        let token = String::from_utf8(run(&["token"]).stdout).expect("a token is text").trim().to_owned();
        let (tokens, log) = (folder.path().join("tokens"), folder.path().join("log"));
        std::fs::write(&tokens, &token).expect("the folder is ours");
        let mut command = program();
        command.args(["serve", "--listen", "127.0.0.1:0", "--token-file"]).arg(&tokens).args(more);
        command.env("BEDSIDE_RELAY_LOG", "trace");
        let ca = secure.then(|| folder.path().join("cert.pem"));
        if let Some(ca) = &ca {
            command.arg("--cert").arg(ca).arg("--key").arg(folder.path().join("key.pem"));
        }
        command.stdout(Stdio::piped()).stderr(File::create(&log).expect("the folder is ours"));
        let mut child = command.spawn().expect("the program can be started");
        let mut line = String::new();
        let stdout = child.stdout.as_mut().expect("it is piped");
        BufReader::new(stdout).read_line(&mut line).expect("it says where it listens");
        let address = line.trim().strip_prefix("listening on ").expect(&line);
        // The certificate is for a name.
        let url = Url::parse(&address.replace("https://127.0.0.1", "https://localhost")).expect("it is an address");
        Self { child, url, token, folder, ca }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.url.port))
    }

    pub(crate) fn text_url(&self) -> String {
        format!("{}://{}", if self.url.secure { "https" } else { "http" }, self.url.authority())
    }

    pub(crate) fn reach(&self) -> Reach {
        Reach::new(&self.url, self.ca.as_deref()).expect("the test's own certificate is good")
    }

    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(status.expect("kill is there").success());
    }

    /// Ends it as an operator does. Returns the exit code, what more it printed, and its log.
    pub(crate) fn end(mut self) -> (Option<i32>, String, String) {
        self.signal("TERM");
        let code = self.child.wait().expect("it ends").code();
        let mut printed = String::new();
        self.child.stdout.take().expect("it is piped").read_to_string(&mut printed).expect("it is text");
        (code, printed, self.log())
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).expect("the log is there")
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A certificate for `localhost` that ends in this year, as `cert.pem` and `key.pem`.
pub(crate) fn write_certificate(folder: &Path, name: &str, end_year: i32) {
    let key = rcgen::KeyPair::generate().expect("a key can be made");
    let mut parameters = rcgen::CertificateParams::new([name.to_owned()]).expect("a name");
    parameters.not_before = rcgen::date_time_ymd(2020, 1, 1);
    parameters.not_after = rcgen::date_time_ymd(end_year, 1, 1);
    let certificate = parameters.self_signed(&key).expect("a certificate can be made");
    std::fs::write(folder.join("cert.pem"), certificate.pem()).expect("the folder is ours");
    std::fs::write(folder.join("key.pem"), key.serialize_pem()).expect("the folder is ours");
}

/// One WebSocket to the relay.
pub(crate) struct End {
    pub(crate) line: WebSocketStream<Box<dyn Wire>>,
    pub(crate) hello: Hello,
    n: u32,
    /// What came while an answer was awaited.
    pub(crate) said: VecDeque<FromRelay>,
}

impl End {
    pub(crate) async fn open(relay: &Relay) -> Self {
        let wire = relay.reach().connect().await.expect("the relay answers").wire;
        Self::over(relay, wire).await
    }

    /// From another address of this machine.
    pub(crate) async fn open_from(relay: &Relay, address: [u8; 4]) -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind(SocketAddr::new(IpAddr::from(address), 0)).expect("all of 127/8 is this machine");
        let wire = socket.connect(relay.address()).await.expect("the relay answers");
        Self::over(relay, Box::new(wire)).await
    }

    async fn over(relay: &Relay, wire: Box<dyn Wire>) -> Self {
        let scheme = if relay.url.secure { "wss" } else { "ws" };
        let (mut line, _) = client_async(format!("{scheme}://{}/mailbox", relay.url.authority()), wire)
            .await
            .expect("the mailbox opens");
        match hear(&mut line).await {
            Some(FromRelay::Hello(hello)) => Self { line, hello, n: 0, said: VecDeque::new() },
            other => panic!("no greeting but {other:?}"),
        }
    }

    pub(crate) fn sign(&mut self, op: Op, key: &SigningKey) -> Request {
        self.n += 1;
        Request::signed(self.n, op, &self.hello.challenge, key)
    }

    pub(crate) async fn tell(&mut self, request: &Request) {
        self.line.send(Message::Binary(to_cbor(request).into())).await.expect("the relay listens");
    }

    pub(crate) async fn ask(&mut self, op: Op, key: &SigningKey) -> Answer {
        let request = self.sign(op, key);
        self.tell(&request).await;
        self.answer(request.n).await
    }

    pub(crate) async fn answer(&mut self, wanted: u32) -> Answer {
        loop {
            match hear(&mut self.line).await.expect("the connection stands") {
                FromRelay::Answer { n, answer } if n == wanted => return answer,
                other => self.said.push_back(other),
            }
        }
    }

    /// The next thing that is no answer.
    pub(crate) async fn hear(&mut self) -> Option<FromRelay> {
        match self.said.pop_front() {
            Some(said) => Some(said),
            None => hear(&mut self.line).await,
        }
    }

    pub(crate) async fn create(&mut self, relay: &Relay, queue: &Queue) -> Answer {
        self.n += 1;
        let op = Op::Create { token: relay.token.clone(), queue: queue.clone() };
        let request = Request::unsigned(self.n, op);
        self.tell(&request).await;
        self.answer(request.n).await
    }
}

async fn hear(line: &mut WebSocketStream<Box<dyn Wire>>) -> Option<FromRelay> {
    let next = async {
        loop {
            match line.next().await?.ok()? {
                Message::Binary(bytes) => return from_cbor(&bytes).ok(),
                Message::Close(_) => return None,
                _ => {}
            }
        }
    };
    tokio::time::timeout(PATIENCE, next).await.expect("the relay says something in time")
}

pub(crate) fn public(key: &SigningKey) -> PublicKey {
    PublicKey(key.verifying_key().to_bytes())
}

pub(crate) fn fresh_key() -> SigningKey {
    SigningKey::from_bytes(&bedside::base::random::bytes())
}

/// A patient's two queues and all their keys.
pub(crate) struct Pair {
    pub(crate) practice: SigningKey,
    pub(crate) link: SigningKey,
    pub(crate) page: SigningKey,
    pub(crate) to_patient: Queue,
    pub(crate) from_patient: Queue,
}

impl Pair {
    pub(crate) fn new(hello: &Hello) -> Self {
        let (practice, link, page) = (fresh_key(), fresh_key(), fresh_key());
        let expires = hello.now.plus(Duration::from_secs(3600));
        let queue = |practice_is, reader, writer, invitation: &[u8]| Queue {
            reader: QueueId::random(),
            reader_key: public(reader),
            writer: QueueId::random(),
            writer_key: public(writer),
            practice: practice_is,
            claim: Some(Claim { key: public(&link), expires, invitation: invitation.to_vec() }),
            time_to_live_s: 3600,
        };
        let to_patient = queue(Practice::Writes, &link, &practice, b"sealed invitation");
        let from_patient = queue(Practice::Reads, &practice, &link, b"");
        Self { practice, link, page, to_patient, from_patient }
    }

    /// Made on the relay.
    pub(crate) async fn made(agent: &mut End, relay: &Relay) -> Self {
        let pair = Self::new(&agent.hello);
        assert_eq!(agent.create(relay, &pair.to_patient).await, Answer::Done);
        assert_eq!(agent.create(relay, &pair.from_patient).await, Answer::Done);
        pair
    }

    pub(crate) fn claim(&self) -> Op {
        let (reader, writer) = (self.to_patient.reader, self.from_patient.writer);
        Op::Claim { reader, writer, key: public(&self.page) }
    }
}

/// Tries until it is so.
pub(crate) async fn until<F: Future<Output = bool>>(what: &str, mut so: impl FnMut() -> F) {
    let end = Instant::now() + PATIENCE;
    while !so().await {
        assert!(Instant::now() < end, "not in time: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
