//! Our addresses: one socket for each, offered as host candidates, and as server-reflexive ones when
//! a STUN server tells how they look from outside (RFC 8445 §5.1.1).
//!
//! The core is given the host candidates only: a server-reflexive one adds no pair of its own
//! (RFC 8445 §6.1.2.4), it only has to be known at the other side.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::net::UdpSocket;

use super::{Options, interface, stun};

/// How often interfaces are looked at again.
const RESCAN: Duration = Duration::from_secs(2);
/// How often a silent STUN server is asked, and how many times.
const ASK_AGAIN: Duration = Duration::from_millis(500);
const ASK_MAX: u8 = 6;

/// Host candidates rank above server-reflexive ones (RFC 8445 §5.1.2.2).
const HOST: u32 = 126;
const SERVER_REFLEXIVE: u32 = 100;

/// One address and its socket.
pub(super) struct Host {
    pub(super) address: SocketAddr,
    pub(super) socket: UdpSocket,
    number: u32,
    outside: Option<SocketAddr>,
}

struct Question {
    host: SocketAddr,
    server: SocketAddr,
    id: stun::TransactionId,
    next: Instant,
    left: u8,
}

/// All sockets of a peer.
pub(super) struct Gathering {
    pub(super) hosts: Vec<Host>,
    questions: Vec<Question>,
    options: Options,
    next_scan: Instant,
    count: u32,
}

impl Gathering {
    pub(super) fn new(options: Options, now: Instant) -> Self {
        Self { hosts: Vec::new(), questions: Vec::new(), options, next_scan: now, count: 0 }
    }

    /// Looks at the interfaces. Returns the candidates of new addresses; `true` when `in_use` is
    /// an address this machine no longer has.
    pub(super) async fn scan(&mut self, now: Instant, in_use: Option<SocketAddr>) -> (Vec<String>, bool) {
        self.next_scan = now + RESCAN;
        if self.options.relay_only {
            return (Vec::new(), false);
        }
        let addresses = interface::addresses(self.options.loopback);
        let before = self.hosts.len();
        self.hosts.retain(|host| addresses.contains(&host.address.ip()));
        let gone = before != self.hosts.len() && in_use.is_some_and(|used| !addresses.contains(&used.ip()));
        let mut candidates = Vec::new();
        for ip in addresses {
            if self.hosts.iter().any(|host| host.address.ip() == ip) {
                continue;
            }
            // An address may be there and still refuse (a tentative IPv6 one): the next scan tries again.
            let Ok(socket) = UdpSocket::bind((ip, 0)).await else { continue };
            let Ok(address) = socket.local_addr() else { continue };
            let host = Host { address, socket, number: self.count, outside: None };
            self.count += 1;
            candidates.push(host.candidate());
            let servers = self.options.stun.iter().filter(|s| s.is_ipv4() == ip.is_ipv4() && !ip.is_loopback());
            self.questions.extend(servers.map(|&server| Question {
                host: address,
                server,
                id: crate::base::random::bytes(),
                next: now,
                left: ASK_MAX,
            }));
            self.hosts.push(host);
        }
        (candidates, gone)
    }

    /// Every candidate so far, for a description with new credentials.
    pub(super) fn candidates(&self) -> Vec<String> {
        self.hosts.iter().flat_map(|host| [Some(host.candidate()), host.outside_candidate()]).flatten().collect()
    }

    /// When the next scan or question is due.
    pub(super) fn due(&self) -> Instant {
        self.questions.iter().map(|q| q.next).fold(self.next_scan, Instant::min)
    }

    pub(super) fn scan_due(&self, now: Instant) -> bool {
        self.next_scan <= now
    }

    /// Asks the STUN servers that have not answered.
    pub(super) fn ask(&mut self, now: Instant) {
        for question in self.questions.iter_mut().filter(|q| q.next <= now) {
            question.next = now + ASK_AGAIN;
            question.left -= 1;
            if let Some(host) = self.hosts.iter().find(|h| h.address == question.host) {
                let _ = host.socket.try_send_to(&stun::request(question.id), question.server);
            }
        }
        self.questions.retain(|q| q.left > 0);
    }

    /// Takes a datagram if it answers one of our questions: the candidate it makes known, if new.
    pub(super) fn answer(&mut self, from: SocketAddr, datagram: &[u8]) -> Option<Option<String>> {
        let id = stun::answers(datagram)?;
        let place = self.questions.iter().position(|q| q.id == id && q.server == from)?;
        let question = self.questions.swap_remove(place);
        let outside = stun::mapped(datagram);
        let host = self.hosts.iter_mut().find(|h| h.address == question.host);
        let news = match (host, outside) {
            (Some(host), Some(outside)) if host.outside.is_none() && outside != host.address => {
                host.outside = Some(outside);
                host.outside_candidate()
            }
            _ => None,
        };
        Some(news)
    }

    /// Sends a datagram from one of our addresses. A full socket buffer is a lost packet.
    pub(super) fn send(&self, from: SocketAddr, to: SocketAddr, datagram: &[u8]) {
        if let Some(host) = self.hosts.iter().find(|h| h.address == from) {
            let _ = host.socket.try_send_to(datagram, to);
        }
    }

    /// Waits until a socket has something.
    pub(super) async fn ready(&self) -> usize {
        poll_fn(|context| {
            let ready = self.hosts.iter().position(|h| h.socket.poll_recv_ready(context).is_ready());
            ready.map_or(Poll::Pending, Poll::Ready)
        })
        .await
    }
}

impl Host {
    fn candidate(&self) -> String {
        let (ip, port) = (self.address.ip(), self.address.port());
        format!("candidate:{} 1 udp {} {ip} {port} typ host", self.number + 1, self.priority(HOST))
    }

    fn outside_candidate(&self) -> Option<String> {
        let (outside, base) = (self.outside?, self.address);
        let (foundation, priority) = (self.number + 101, self.priority(SERVER_REFLEXIVE));
        let (ip, port) = (outside.ip(), outside.port());
        let (raddr, rport) = (base.ip(), base.port());
        Some(format!("candidate:{foundation} 1 udp {priority} {ip} {port} typ srflx raddr {raddr} rport {rport}"))
    }

    fn priority(&self, kind: u32) -> u32 {
        kind << 24 | 65_535u32.saturating_sub(self.number) << 8 | 255
    }
}
