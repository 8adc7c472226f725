//! One relay process: the listener, the routes, the clock that forgets, the signals that reload and end it.

use super::{
    Error,
    address::Addresses,
    door::{Door, address_of},
    limit::Limits,
    mailbox::{ConnectionId, Mailbox},
    page::Page,
    socket::{self, Bell},
    tls::Certificate,
    token::Tokens,
};
use crate::base::{Clock, id::BootId, random, time::SystemClock};
use crate::wire::relay::{Answer, FromRelay, Hello, MESSAGE_MAX_BYTES, Request as Asked};
use axum::{
    Router,
    extract::{ConnectInfo, Request, State, WebSocketUpgrade},
    http::{HeaderMap, StatusCode, Uri, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use axum_server::{Handle, tls_rustls::RustlsAcceptor, tls_rustls::RustlsConfig};
use hyper_util::rt::TokioTimer;
use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, Instant},
};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};

/// How often what is too old is looked for.
const SWEEP: Duration = Duration::from_secs(10);
/// How often the log says how much there is.
const REPORT: Duration = Duration::from_secs(60);
/// How long connections may take to end when the relay ends.
const FAREWELL: Duration = Duration::from_secs(3);

/// What a WebSocket reads and writes at once.
const BUFFER_BYTES: usize = 8 * 1024;

/// What `serve` is told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where to listen.
    pub listen: SocketAddr,
    /// TLS; without it only loopback is listened on.
    pub certificate: Option<Certificate>,
    /// Who may make queues.
    pub token_file: Option<PathBuf>,
    /// A proxy on this machine says in `X-Forwarded-For` whose connection it is.
    pub behind_proxy: bool,
    /// The limits.
    pub limits: Limits,
}

/// What all connections of a process share.
pub struct Relay {
    mailbox: Mutex<Mailbox>,
    bells: Mutex<HashMap<ConnectionId, Arc<Bell>>>,
    addresses: Mutex<Addresses>,
    limits: Limits,
    behind_proxy: bool,
    page: Page,
    stop: watch::Sender<bool>,
}

fn lock<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().expect("nothing panics while it holds a lock of the relay")
}

impl Relay {
    fn new(settings: &Settings, tokens: Tokens) -> Self {
        let limits = settings.limits.clone();
        Self {
            mailbox: Mutex::new(Mailbox::new(BootId::random(), limits.clone(), tokens)),
            bells: Mutex::default(),
            addresses: Mutex::new(Addresses::new(&limits)),
            limits,
            behind_proxy: settings.behind_proxy,
            page: Page::new(settings.certificate.is_some()),
            stop: watch::Sender::new(false),
        }
    }

    /// The limits.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The addresses seen lately.
    pub fn addresses(&self) -> MutexGuard<'_, Addresses> {
        lock(&self.addresses)
    }

    /// Takes a connection, if there may be one more. Of a proxy's connections only the total is limited.
    pub fn admits(&self, peer: SocketAddr) -> bool {
        let proxy = self.behind_proxy && peer.ip().to_canonical().is_loopback();
        self.addresses().connect(peer.ip(), proxy, Instant::now())
    }

    /// Takes a request, or says how long to wait.
    pub fn ask(&self, from: IpAddr) -> Result<(), Duration> {
        self.addresses().ask(from, Instant::now())
    }

    /// A mailbox connection begins.
    pub fn enter(&self) -> (ConnectionId, Hello, Arc<Bell>) {
        let (id, hello) = lock(&self.mailbox).connect(random::bytes(), SystemClock.now());
        let bell = Arc::<Bell>::default();
        lock(&self.bells).insert(id, bell.clone());
        (id, hello, bell)
    }

    /// A mailbox connection has ended.
    pub fn leave(&self, id: ConnectionId) {
        lock(&self.bells).remove(&id);
        lock(&self.mailbox).disconnect(id);
    }

    /// Does what a connection asks, and rings whom it concerns.
    pub fn handle(&self, from: ConnectionId, request: Asked) -> Answer {
        let outcome = lock(&self.mailbox).handle(from, request, SystemClock.now());
        let bells = lock(&self.bells);
        for bell in outcome.wake.iter().filter_map(|id| bells.get(id)) {
            bell.look.notify_one();
        }
        if let Some(bell) = outcome.probe.and_then(|id| bells.get(&id)) {
            bell.prove.notify_one();
        }
        outcome.answer
    }

    /// The next thing to say to a connection.
    pub fn next(&self, to: ConnectionId) -> Option<FromRelay> {
        lock(&self.mailbox).next(to)
    }

    /// Returns when the relay ends.
    pub async fn stopped(&self) {
        // An error would mean that the sender is gone, and it lives in `self`.
        let _ = self.stop.subscribe().wait_for(|stop| *stop).await;
    }

    fn sweep(&self) {
        let woken = lock(&self.mailbox).expire(SystemClock.now());
        let bells = lock(&self.bells);
        for bell in woken.iter().filter_map(|id| bells.get(id)) {
            bell.look.notify_one();
        }
        drop(bells);
        self.addresses().sweep(Instant::now());
    }

    fn report(&self) {
        let holdings = lock(&self.mailbox).holdings();
        let (connections, readers) = (self.addresses().connected(), lock(&self.bells).len());
        let super::mailbox::Holdings { queues, envelopes, bytes } = holdings;
        tracing::info!(queues, envelopes, bytes, connections, readers, "holding");
    }
}

/// Runs a relay until SIGTERM or SIGINT. `announce` is told where it listens, as soon as it does.
pub async fn serve(settings: Settings, announce: impl FnOnce(String)) -> Result<(), Error> {
    if settings.certificate.is_none() && !settings.listen.ip().is_loopback() {
        return Err(Error::PlainBeyondLoopback(settings.listen));
    }
    let token_file = settings.token_file.clone().ok_or(Error::NoTokens)?;
    let tokens = Tokens::read(&token_file)?;
    tracing::info!(tokens = tokens.count(), tls = settings.certificate.is_some(), "relay starts");
    let tls = match &settings.certificate {
        Some(certificate) => Some((certificate.clone(), RustlsConfig::from_config(certificate.read()?))),
        None => None,
    };
    let broken = |error| Error::Listen { listen: settings.listen, error };
    let listener = std::net::TcpListener::bind(settings.listen).map_err(broken)?;
    listener.set_nonblocking(true).map_err(broken)?;
    let bound = listener.local_addr().map_err(broken)?;

    let relay = Arc::new(Relay::new(&settings, tokens));
    let handle = Handle::new();
    let mut server = axum_server::from_tcp(listener).map_err(broken)?.handle(handle.clone());
    let http = server.http_builder();
    http.http1().timer(TokioTimer::new()).header_read_timeout(settings.limits.silence());
    http.http2().timer(TokioTimer::new()).max_concurrent_streams(32);
    let service = routes(relay.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let watch = watch_signals(relay.clone(), handle, token_file, tls.clone())?;
    let forget = tokio::spawn(forget(relay.clone()));

    announce(format!("listening on {}://{bound}", if tls.is_some() { "https" } else { "http" }));
    let door = Door(relay.clone());
    let served = match tls {
        Some((_, config)) => {
            let acceptor = RustlsAcceptor::new(config).handshake_timeout(Duration::from_secs(10)).acceptor(door);
            server.acceptor(acceptor).serve(service).await
        }
        None => server.acceptor(door).serve(service).await,
    };
    forget.abort();
    watch.abort();
    // The server does not count WebSockets: let them say goodbye.
    let emptied = async {
        while !lock(&relay.bells).is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let _ = tokio::time::timeout(FAREWELL, emptied).await;
    relay.report();
    tracing::info!("relay ends; what waited is forgotten");
    served.map_err(broken)
}

async fn forget(relay: Arc<Relay>) {
    let mut reported = Instant::now();
    loop {
        tokio::time::sleep(SWEEP).await;
        relay.sweep();
        if reported.elapsed() >= REPORT {
            reported = Instant::now();
            relay.report();
        }
    }
}

/// SIGTERM and SIGINT end the relay; SIGHUP reads certificate and tokens again.
fn watch_signals(
    relay: Arc<Relay>,
    handle: Handle<SocketAddr>,
    token_file: PathBuf,
    tls: Option<(Certificate, RustlsConfig)>,
) -> Result<tokio::task::JoinHandle<()>, Error> {
    let mut end = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut reload = signal(SignalKind::hangup())?;
    Ok(tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = end.recv() => break,
                _ = interrupt.recv() => break,
                _ = reload.recv() => {}
            }
            if let Some((certificate, config)) = &tls {
                certificate.reload(config);
            }
            match Tokens::read(&token_file) {
                Ok(tokens) => {
                    tracing::info!(tokens = tokens.count(), "tokens reloaded");
                    lock(&relay.mailbox).replace_tokens(tokens);
                }
                Err(error) => tracing::error!(%error, "the tokens stay as they were"),
            }
        }
        relay.stop.send_replace(true);
        handle.graceful_shutdown(Some(FAREWELL));
    }))
}

fn routes(relay: Arc<Relay>) -> Router {
    Router::new()
        .route("/mailbox", get(open_mailbox))
        .route("/health", get(|| async { "ok\n" }))
        .fallback(serve_page)
        .layer(middleware::from_fn_with_state(relay.clone(), slow_floods))
        .with_state(relay)
}

type Peer = ConnectInfo<SocketAddr>;

fn from(relay: &Relay, peer: SocketAddr, headers: &HeaderMap) -> IpAddr {
    let forwarded = headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
    address_of(peer, forwarded, relay.behind_proxy)
}

async fn slow_floods(
    State(relay): State<Arc<Relay>>,
    ConnectInfo(peer): Peer,
    request: Request,
    next: Next,
) -> Response {
    match relay.ask(from(&relay, peer, request.headers())) {
        Ok(()) => next.run(request).await,
        Err(wait) => {
            tracing::trace!(refused = "slow", "request");
            let retry_s = (wait.as_secs() + 1).to_string();
            (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, retry_s)], "too many requests\n").into_response()
        }
    }
}

async fn open_mailbox(
    State(relay): State<Arc<Relay>>,
    ConnectInfo(peer): Peer,
    uri: Uri,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !Page::is_own_origin(&uri, &headers) {
        return (StatusCode::FORBIDDEN, "the mailbox is for this relay's own page\n").into_response();
    }
    let from = from(&relay, peer, &headers);
    upgrade
        .max_message_size(MESSAGE_MAX_BYTES)
        .max_frame_size(MESSAGE_MAX_BYTES)
        // Most messages are small; these are held for each connection.
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(BUFFER_BYTES)
        .max_write_buffer_size(2 * MESSAGE_MAX_BYTES)
        .on_upgrade(move |socket| socket::serve(socket, relay, from))
}

async fn serve_page(State(relay): State<Arc<Relay>>, request: Request) -> Response {
    relay.page.answer(request.method(), request.uri(), request.headers())
}
