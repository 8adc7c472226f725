//! Whether a relay is reachable and right, in sentences for its operator.

pub use super::reach::Url;
use super::{
    Error, page,
    reach::{Obstacle, Reach, Wire},
};
use crate::base::{Clock, Stamp, id::QueueId, random, time::SystemClock};
use crate::wire::{
    from_cbor,
    relay::{Answer, FromRelay, Hello, MESSAGE_MAX_BYTES, Op, Practice, PublicKey, Queue, Request, VERSION},
    to_cbor,
};
use ed25519_dalek::SigningKey;
use futures_util::{SinkExt, StreamExt};
use std::{fmt, path::Path, time::Duration};
use tokio::time::timeout;
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{Message, protocol::WebSocketConfig},
};

const PATIENCE: Duration = Duration::from_secs(10);
/// A certificate that ends sooner should have been renewed.
const SOON: Duration = Duration::from_secs(14 * 24 * 60 * 60);
/// Clocks that differ by more make times in threads and reminders wrong.
const CLOCKS: Duration = Duration::from_secs(120);

/// One thing looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// It is right.
    Good(String),
    /// It is not, and the operator must mend it.
    Wrong(String),
    /// It could not be reached.
    Unreachable(String),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mark, text) = match self {
            Finding::Good(text) => ("ok   ", text),
            Finding::Wrong(text) => ("wrong", text),
            Finding::Unreachable(text) => ("down ", text),
        };
        write!(f, "{mark}  {}", crate::base::SafeText::line(text))
    }
}

impl From<Obstacle> for Finding {
    fn from(obstacle: Obstacle) -> Self {
        match obstacle {
            Obstacle::Unreachable(text) => Finding::Unreachable(text),
            Obstacle::Wrong(text) => Finding::Wrong(text),
        }
    }
}

/// All that was looked at.
#[derive(Debug, Default)]
pub struct Report {
    /// In order.
    pub findings: Vec<Finding>,
}

impl Report {
    /// 0: all is well; 1: something is wrong; 4: it cannot be reached.
    pub fn exit_code(&self) -> u8 {
        let unreachable = self.findings.iter().any(|finding| matches!(finding, Finding::Unreachable(_)));
        let wrong = self.findings.iter().any(|finding| matches!(finding, Finding::Wrong(_)));
        if unreachable { 4 } else { u8::from(wrong) }
    }

    fn good(&mut self, text: impl Into<String>) {
        self.findings.push(Finding::Good(text.into()));
    }

    fn wrong(&mut self, text: impl Into<String>) {
        self.findings.push(Finding::Wrong(text.into()));
    }
}

/// Looks at a relay. With a token it also sends an envelope through a queue that it makes and removes.
pub async fn check(url: &Url, token: Option<&str>, ca_file: Option<&Path>) -> Result<Report, Error> {
    let reach = Reach::new(url, ca_file)?;
    let mut report = Report::default();
    match reach.connect().await {
        Ok(reached) => {
            report.good(format!("{} answers", url.authority()));
            check_certificate(&mut report, url, reached.certificate_ends);
        }
        Err(obstacle) => {
            report.findings.push(obstacle.into());
            return Ok(report);
        }
    }
    check_page(&mut report, &reach).await;
    match open(&reach, url).await {
        Ok((mut line, hello)) => {
            check_hello(&mut report, &hello);
            match token {
                None => report.good("no token was given, so no mailbox was tried"),
                Some(token) => match round_trip(&mut line, &hello, token).await {
                    Ok(took) => report.good(format!("an envelope went through a mailbox in {} ms", took.as_millis())),
                    Err(finding) => report.findings.push(finding),
                },
            }
            let _ = line.close(None).await;
        }
        Err(finding) => report.findings.push(finding),
    }
    Ok(report)
}

fn check_certificate(report: &mut Report, url: &Url, ends: Option<Stamp>) {
    match ends {
        None if url.secure => report.good("the certificate is good; when it ends could not be told"),
        None => report.good("plain HTTP, on this machine only: patients need https"),
        Some(ends) => {
            let left = ends.since(SystemClock.now());
            let days = left.as_secs() / (24 * 60 * 60);
            if left < SOON {
                report.wrong(format!("the certificate is good for {days} more days only: renew it"));
            } else {
                report.good(format!("the certificate names {} and is good for {days} days", url.host));
            }
        }
    }
}

async fn check_page(report: &mut Report, reach: &Reach) {
    for file in page::files() {
        match reach.fetch(file.path).await {
            Ok((200, head, body)) => {
                if body != file.bytes {
                    report.wrong(format!(
                        "{} differs from the page in this program: other version, or changed",
                        file.path
                    ));
                    return;
                }
                if !head.contains("\r\ncontent-security-policy: default-src 'none'") {
                    report
                        .wrong(format!("{} comes without its security headers: does a proxy remove them?", file.path));
                    return;
                }
            }
            Ok((status, ..)) => return report.wrong(format!("{} is not served (status {status})", file.path)),
            Err(obstacle) => return report.findings.push(obstacle.into()),
        }
    }
    report.good(format!("the page is the one in this program ({} files)", page::files().len()));
}

type Line = WebSocketStream<Box<dyn Wire>>;

async fn open(reach: &Reach, url: &Url) -> Result<(Line, Hello), Finding> {
    let wire = reach.connect().await?.wire;
    let address = format!("{}://{}/mailbox", if url.secure { "wss" } else { "ws" }, url.authority());
    let config =
        WebSocketConfig::default().max_message_size(Some(MESSAGE_MAX_BYTES)).max_frame_size(Some(MESSAGE_MAX_BYTES));
    let opened = timeout(PATIENCE, client_async_with_config(address, wire, Some(config))).await;
    let wrong = |text: String| Finding::Wrong(format!("the mailbox does not open: {text}"));
    let (mut line, _) = opened
        .map_err(|_| wrong("no answer within 10 s; does a proxy pass WebSockets on?".into()))?
        .map_err(|error| wrong(error.to_string()))?;
    match hear(&mut line).await? {
        FromRelay::Hello(hello) => Ok((line, hello)),
        _ => Err(wrong("it does not begin with a greeting".into())),
    }
}

async fn hear(line: &mut Line) -> Result<FromRelay, Finding> {
    let wrong = |text: &str| Finding::Wrong(format!("the mailbox {text}"));
    let next = async {
        while let Some(message) = line.next().await {
            match message.map_err(|_| wrong("broke the connection"))? {
                Message::Binary(bytes) => return from_cbor(&bytes).map_err(|_| wrong("says what cannot be read")),
                Message::Ping(_) | Message::Pong(_) => {}
                _ => return Err(wrong("says what is no answer")),
            }
        }
        Err(wrong("closed the connection"))
    };
    timeout(PATIENCE, next).await.map_err(|_| wrong("does not answer within 10 s"))?
}

fn check_hello(report: &mut Report, hello: &Hello) {
    if hello.version == VERSION {
        report.good(format!("the mailbox speaks version {VERSION}"));
    } else {
        report.wrong(format!("the mailbox speaks version {}, this program {VERSION}: update the older", hello.version));
    }
    let now = SystemClock.now();
    let apart = now.since(hello.now).max(hello.now.since(now));
    if apart > CLOCKS {
        report.wrong(format!("the clocks of both machines are {} s apart: set them", apart.as_secs()));
    } else {
        report.good(format!("the clocks are less than {} s apart", apart.as_secs() + 1));
    }
}

/// Makes a queue, sends, reads and acknowledges an envelope, and removes the queue.
async fn round_trip(line: &mut Line, hello: &Hello, token: &str) -> Result<Duration, Finding> {
    let start = std::time::Instant::now();
    let (writer_key, reader_key) = (SigningKey::from_bytes(&random::bytes()), SigningKey::from_bytes(&random::bytes()));
    let public = |key: &SigningKey| PublicKey(key.verifying_key().to_bytes());
    let (reader, writer) = (QueueId::random(), QueueId::random());
    let queue = Queue {
        reader,
        reader_key: public(&reader_key),
        writer,
        writer_key: public(&writer_key),
        practice: Practice::Writes,
        claim: None,
        time_to_live_s: 60,
    };
    let create = Request::unsigned(1, Op::Create { token: token.to_owned(), queue });
    ask(line, create, "making a mailbox").await?;
    let sign = |n, op, key: &SigningKey| Request::signed(n, op, &hello.challenge, key);
    let sent: Vec<u8> = random::bytes::<1024>().to_vec();
    ask(line, sign(2, Op::Send { queue: writer, envelope: sent.clone() }, &writer_key), "sending").await?;
    ask(line, sign(3, Op::Read { queue: reader }, &reader_key), "reading").await?;
    let outcome = match hear(line).await? {
        FromRelay::Delivery { sequence, envelope, .. } if envelope == sent => {
            ask(line, sign(4, Op::Acknowledge { queue: reader, sequence }, &reader_key), "acknowledging").await
        }
        _ => Err(Finding::Wrong("the mailbox delivers something else than was sent".into())),
    };
    ask(line, sign(5, Op::Remove { queue: writer }, &writer_key), "removing the mailbox").await?;
    outcome.map(|()| start.elapsed())
}

async fn ask(line: &mut Line, request: Request, what: &str) -> Result<(), Finding> {
    let sent = line.send(Message::Binary(to_cbor(&request).into())).await;
    sent.map_err(|_| Finding::Wrong(format!("{what}: the connection broke")))?;
    loop {
        match hear(line).await? {
            FromRelay::Answer { n, answer } if n == request.n => {
                return match answer {
                    Answer::Done => Ok(()),
                    Answer::Refused(refusal) => Err(Finding::Wrong(format!("{what} is refused: {refusal}"))),
                    Answer::Invitation(_) => Err(Finding::Wrong(format!("{what} is answered wrongly"))),
                };
            }
            FromRelay::Answer { .. } | FromRelay::Hello(_) => {
                return Err(Finding::Wrong(format!("{what}: another question is answered")));
            }
            _ => {}
        }
    }
}
