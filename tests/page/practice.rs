//! The clinician's end for tests of the page: a real relay, a real conversation, the visit's real machine. Only the
//! vault and the screens of a practice are missing.

use bedside::{
    base::{
        Stamp,
        id::{EnvelopeId, InviteId, MessageId, QueueId, VisitId},
        random,
        time::{Clock, SystemClock},
    },
    guest::GroupKeys,
    seal::{Conversation, InviteKeys, InviteSecret, Opened, Pending, QueueKey, Suite, seal_invitation},
    visit::{Clinician, Effect, clinician::Event},
    wire::{
        call::ToCall,
        content::{AppointmentCard, Body, Content, Invitation, PracticeCard, Signal},
        envelope::{Envelope, EnvelopeKind},
        from_cbor,
        link::{Fragment, LinkSecret},
        relay::{Answer, Claim, FromRelay, Op, Practice as End, PublicKey, Queue, Request},
        to_cbor,
    },
};
use ed25519_dalek::SigningKey;
use futures_util::{SinkExt, StreamExt};
use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    time::Duration,
};
use tempfile::TempDir;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, tungstenite::Message};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A running relay.
pub struct Relay {
    process: Child,
    folder: TempDir,
    pub address: SocketAddr,
    token: String,
}

impl Relay {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let program = env!("CARGO_BIN_EXE_bedside-relay");
        let token = Command::new(program).arg("token").output().expect("the relay makes a token").stdout;
        let token = String::from_utf8(token).expect("a token is text").trim().to_owned();
        std::fs::write(folder.path().join("tokens"), &token).expect("a file can be written");
        let (process, address) = Self::run(&folder, "127.0.0.1:0");
        Self { process, folder, address, token }
    }

    fn run(folder: &TempDir, listen: &str) -> (Child, SocketAddr) {
        let mut process = Command::new(env!("CARGO_BIN_EXE_bedside-relay"))
            .args(["serve", "--log", "error", "--listen", listen, "--token-file"])
            .arg(folder.path().join("tokens"))
            .stdout(Stdio::piped())
            .spawn()
            .expect("the relay starts");
        let mut line = String::new();
        let mut out = BufReader::new(process.stdout.take().expect("it was asked for"));
        out.read_line(&mut line).expect("the relay says where it listens");
        let address = line.trim().rsplit('/').next().and_then(|address| address.parse().ok());
        (process, address.unwrap_or_else(|| panic!("an address in {line:?}")))
    }

    pub fn stop(&mut self) {
        self.process.kill().expect("it runs");
        self.process.wait().expect("it ends");
    }

    pub fn start_again(&mut self) {
        (self.process, _) = Self::run(&self.folder, &self.address.to_string());
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The practice's end of one conversation.
pub struct Practice {
    address: SocketAddr,
    token: String,
    socket: Socket,
    challenge: [u8; 32],
    n: u32,
    key: QueueKey,
    reader: QueueId,
    writer: QueueId,
    invite: InviteId,
    secret: InviteSecret,
    keys: InviteKeys,
    pending: Pending,
    invitation: Vec<u8>,
    conversation: Option<Conversation>,
    seen: Vec<EnvelopeId>,
    /// Texts the patient wrote, each once.
    pub texts: Vec<String>,
    /// Whether *received* is said.
    pub confirms: bool,
    unconfirmed: Vec<MessageId>,
    unreceived: Vec<(MessageId, Vec<u8>)>,
    pub machine: Option<Clinician>,
    /// What the call window is to be told.
    pub orders: Vec<ToCall>,
    /// Everything the patient's end said of visits, in order.
    pub signals: Vec<Signal>,
    pub claimed: u32,
    page_key: Option<PublicKey>,
}

fn now() -> Stamp {
    SystemClock.now()
}

pub fn card() -> PracticeCard {
    PracticeCard {
        clinician: "Dr. Okafor".into(),
        phone: Some("+44 20 7946 0018".into()),
        emergency: Some("In danger call 999.".into()),
    }
}

impl Practice {
    /// Makes the queues and pins an invitation.
    pub async fn invite(relay: &Relay) -> Self {
        let (invite, secret) = (InviteId::random(), InviteSecret::random());
        let keys = secret.derive(invite);
        let (pending, key_package) = Pending::new(Suite::XWing, now()).expect("keys can be made");
        let plain = to_cbor(&Invitation { key_package, card: card() });
        let invitation = seal_invitation(&keys.mailbox, &plain, invite.as_bytes()).expect("it is small");
        let (socket, challenge) = Self::connect(relay.address).await;
        let mut practice = Self {
            address: relay.address,
            token: relay.token.clone(),
            socket,
            challenge,
            n: 0,
            key: QueueKey::generate(),
            reader: QueueId::random(),
            writer: QueueId::random(),
            invite,
            secret,
            keys,
            pending,
            invitation,
            conversation: None,
            seen: Vec::new(),
            texts: Vec::new(),
            confirms: true,
            unconfirmed: Vec::new(),
            unreceived: Vec::new(),
            machine: None,
            orders: Vec::new(),
            signals: Vec::new(),
            claimed: 0,
            page_key: None,
        };
        practice.make_queues().await;
        practice
    }

    async fn connect(address: SocketAddr) -> (Socket, [u8; 32]) {
        let (mut socket, _) =
            tokio_tungstenite::connect_async(format!("ws://{address}/mailbox")).await.expect("the relay is there");
        let Some(Ok(Message::Binary(bytes))) = socket.next().await else { panic!("the relay says hello") };
        let Ok(FromRelay::Hello(hello)) = from_cbor(&bytes) else { panic!("and hello first") };
        (socket, hello.challenge)
    }

    /// As they were made first, or as they are once the page has put its key in.
    async fn make_queues(&mut self) {
        let (ours, claim) = (PublicKey(self.key.public()), PublicKey(self.keys.claim.public()));
        let theirs = self.page_key.unwrap_or(claim);
        let expires = now().plus(Duration::from_secs(3600));
        let link = |invitation| self.page_key.is_none().then_some(Claim { key: claim, expires, invitation });
        let to_patient = Queue {
            reader: self.keys.to_patient_reader,
            reader_key: theirs,
            writer: self.writer,
            writer_key: ours,
            practice: End::Writes,
            claim: link(self.invitation.clone()),
            time_to_live_s: 3600,
        };
        let to_agent = Queue {
            reader: self.reader,
            reader_key: ours,
            writer: self.keys.to_agent_writer,
            writer_key: theirs,
            practice: End::Reads,
            claim: link(Vec::new()),
            time_to_live_s: 3600,
        };
        for queue in [to_patient, to_agent] {
            self.ask(Op::Create { token: self.token.clone(), queue }).await;
        }
        self.ask(Op::Read { queue: self.reader }).await;
    }

    /// Whether the patient's Welcome was taken.
    pub fn is_paired(&self) -> bool {
        self.conversation.is_some()
    }

    /// The link that is sent to the patient.
    pub fn link(&self) -> String {
        let fragment = Fragment { invite: self.invite, secret: LinkSecret(*self.secret.as_bytes()) };
        format!("http://{}/#{}", self.address, fragment.to_text())
    }

    /// Kills the link.
    pub async fn withdraw(&mut self) {
        for queue in [self.reader, self.writer] {
            self.ask(Op::Invite { queue, claim: None }).await;
        }
    }

    async fn ask(&mut self, op: Op) -> u32 {
        self.n += 1;
        let key = SigningKey::from_bytes(self.key.seed());
        let request = match op {
            Op::Create { .. } | Op::Ping => Request::unsigned(self.n, op),
            op => Request::signed(self.n, op, &self.challenge, &key),
        };
        self.socket.send(Message::Binary(to_cbor(&request).into())).await.expect("the relay listens");
        self.n
    }

    /// Takes what comes for a moment.
    pub async fn listen(&mut self) {
        while let Ok(Some(Ok(message))) = timeout(Duration::from_millis(20), self.socket.next()).await {
            let Message::Binary(bytes) = message else { continue };
            match from_cbor(&bytes).expect("the relay speaks the protocol") {
                FromRelay::Delivery { queue, sequence, envelope } => {
                    self.take(&envelope).await;
                    self.ask(Op::Acknowledge { queue, sequence }).await;
                }
                FromRelay::Answer { answer: Answer::Refused(why), .. } => panic!("the relay refuses: {why}"),
                FromRelay::Claimed { times, key, .. } => (self.claimed, self.page_key) = (times, Some(key)),
                _ => {}
            }
        }
        let timeout = self.machine.as_ref().and_then(Clinician::timeout);
        if timeout.is_some_and(|at| at <= now()) {
            self.drive(Event::Tick).await;
        }
    }

    async fn take(&mut self, bytes: &[u8]) {
        let envelope = Envelope::from_bytes(bytes).expect("a page sends envelopes");
        if self.seen.contains(&envelope.id) {
            return;
        }
        self.seen.push(envelope.id);
        match envelope.kind {
            EnvelopeKind::Welcome => {
                let joined = self.pending.join(&envelope.body, &self.keys.psk);
                self.conversation = Some(joined.expect("the page has the link's secret"));
                self.say(Body::Practice(card())).await;
            }
            EnvelopeKind::Message => {
                let conversation = self.conversation.as_mut().expect("a Welcome came first");
                if let Ok(Opened::Content { plaintext, .. }) = conversation.decrypt(&envelope.body) {
                    self.hear(from_cbor(&plaintext).expect("a page says what we know")).await;
                }
            }
            EnvelopeKind::Invitation => panic!("a page sends no invitation"),
        }
    }

    async fn hear(&mut self, content: Content) {
        match content.body {
            Body::Text { id, text, .. } => {
                self.texts.push(text.into_inner());
                self.unconfirmed.push(id);
                self.confirm().await;
            }
            Body::Received { ids } => self.unreceived.retain(|(id, _)| !ids.contains(id)),
            Body::Visit { visit, signal } => {
                self.signals.push(signal.clone());
                let over = self.machine.as_ref().is_none_or(|machine| machine.view().ended.is_some());
                if matches!(signal, Signal::Knock(_)) && over {
                    self.machine = Some(Clinician::new(visit, false, now()));
                }
                self.drive(Event::Signal(signal)).await;
            }
            Body::Practice(_) | Body::NextAppointment(_) => panic!("what only a clinician says"),
        }
    }

    /// Says *received* for what was not confirmed, if it is said at all.
    pub async fn confirm(&mut self) {
        if self.confirms && !self.unconfirmed.is_empty() {
            let ids = std::mem::take(&mut self.unconfirmed);
            self.say(Body::Received { ids }).await;
        }
    }

    fn sealed(&mut self, body: Body) -> Vec<u8> {
        let content = to_cbor(&Content { at: now(), body });
        let conversation = self.conversation.as_mut().expect("paired");
        let body = conversation.encrypt(&content, &[]).expect("it is small");
        let envelope = Envelope { id: EnvelopeId::random(), kind: EnvelopeKind::Message, bell: random::bytes(), body };
        envelope.to_bytes().expect("it is small")
    }

    async fn say(&mut self, body: Body) {
        let envelope = self.sealed(body);
        self.ask(Op::Send { queue: self.writer, envelope }).await;
    }

    pub async fn write(&mut self, text: &str) {
        self.say_message(text, None).await;
    }

    /// Writes a message that brings an appointment.
    pub async fn remind(&mut self, text: &str, of: AppointmentCard) {
        self.say_message(text, Some(of)).await;
    }

    async fn say_message(&mut self, text: &str, appointment: Option<AppointmentCard>) {
        let id = MessageId::random();
        let envelope = self.sealed(Body::Text { id, text: text.into(), appointment });
        self.unreceived.push((id, envelope.clone()));
        self.ask(Op::Send { queue: self.writer, envelope }).await;
    }

    /// Whether the page has said of every message that it is kept there.
    pub fn all_received(&self) -> bool {
        self.unreceived.is_empty()
    }

    pub async fn announce(&mut self, next: AppointmentCard) {
        self.say(Body::NextAppointment(Some(next))).await;
    }

    /// After the relay's restart: the same queues, and again what was not received.
    pub async fn come_back(&mut self) {
        (self.socket, self.challenge) = Self::connect(self.address).await;
        self.make_queues().await;
        for (_, envelope) in self.unreceived.clone() {
            self.ask(Op::Send { queue: self.writer, envelope }).await;
        }
    }

    /// Gives the visit's machine an event.
    pub async fn drive(&mut self, event: Event) {
        let Some(mut machine) = self.machine.take() else { return };
        let conversation = self.conversation.as_ref().expect("paired");
        let effects = machine.handle(event, now(), &GroupKeys(conversation));
        let visit: VisitId = machine.visit();
        self.machine = Some(machine);
        for effect in effects {
            match effect {
                Effect::Send(signal) => Box::pin(self.say(Body::Visit { visit, signal })).await,
                Effect::Call(order) => self.orders.push(order),
                Effect::Ring | Effect::Changed => {}
            }
        }
    }
}
