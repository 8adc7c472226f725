//! The loop. One task owns the core, the sockets and the timers; nothing else touches them.
//!
//! Each turn: empty the core's outputs, let due video go, then wait, in this order of preference,
//! for sound to send, video if there is room, datagrams, commands, the next deadline.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::SyncSender;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use rtc::peer_connection::event::{RTCDataChannelEvent, RTCPeerConnectionEvent, RTCTrackEvent};
use rtc::peer_connection::message::RTCMessage;
use rtc::peer_connection::sdp::RTCSessionDescription;
use rtc::peer_connection::state::{RTCIceConnectionState, RTCPeerConnectionState};
use rtc::peer_connection::transport::{RTCIceCandidateInit, RTCIceCandidateType};
use rtc::rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use rtc::rtp_transceiver::RTCRtpReceiverId;
use rtc::rtp_transceiver::rtp_sender::RtpCodecKind;
use rtc::sansio::Protocol;
use rtc::shared::{TaggedBytesMut, TransportContext, TransportProtocol};
use sha2::Digest;
use tokio::sync::mpsc;

use super::arrivals::{Arrivals, lost_per_mille};
use super::assembler::payloads;
use super::connection::Connection;
use super::gather::Gathering;
use super::pacer::Pacer;
use super::tap::Feedback;
use super::{
    AudioPacket, Command, Description, Event, Found, Measures, Options, Packet, Path, PeerError, VideoFrame,
    fingerprint, mdns,
};
use crate::base::Phi;
use crate::wire::call::SdpKind;
use crate::wire::content::{Candidate, Fingerprint};

/// Payload bytes of a video packet: with all headers it fits the smallest path IPv6 allows.
const PAYLOAD_MAX_BYTES: usize = 1180;
/// Remote candidates taken per description: each is paired with every address of ours.
const CANDIDATES_MAX: usize = 48;
/// Datagrams kept while there is no path: the core would drop them.
const EARLY_MAX: usize = 256;
/// A stuck deadline must not spin the loop.
const TURN_MIN: Duration = Duration::from_micros(500);
const SECOND: Duration = Duration::from_secs(1);

/// What the loop takes.
pub(super) struct Inlets {
    pub(super) commands: mpsc::UnboundedReceiver<Command>,
    pub(super) audio: mpsc::Receiver<AudioPacket>,
    pub(super) video: mpsc::Receiver<VideoFrame>,
}

/// What the loop gives.
pub(super) struct Outlets {
    pub(super) events: mpsc::UnboundedSender<Event>,
    pub(super) audio: SyncSender<Packet>,
    pub(super) video: SyncSender<Packet>,
}

/// A datagram that came before there was a path.
struct Early {
    local: SocketAddr,
    from: SocketAddr,
    data: BytesMut,
}

/// The state of the loop.
pub(super) struct Core {
    connection: Connection,
    gathering: Gathering,
    feedback: Arc<Feedback>,
    outlets: Outlets,
    /// Candidates of the other side that came before its description.
    early_candidates: Vec<RTCIceCandidateInit>,
    /// Our candidates, until our description has left.
    unsent_candidates: Vec<String>,
    described: bool,
    round: u32,
    remote_candidates: usize,
    /// The certificate the other side must show.
    expected: Option<Fingerprint>,
    verified: bool,
    /// ICE has a pair: the core takes DTLS and SRTP.
    up: bool,
    early: Vec<Early>,
    path: Option<Path>,
    pacer: Pacer<rtc::rtp::Packet>,
    video_receiver: Option<(RTCRtpReceiverId, u32)>,
    video_track: Option<String>,
    resolved: (mpsc::UnboundedSender<RTCIceCandidateInit>, mpsc::UnboundedReceiver<RTCIceCandidateInit>),
    count: Count,
    ended: bool,
}

/// What is counted for a second's measurements.
#[derive(Default)]
struct Count {
    received_bytes: usize,
    sent_bytes: usize,
    audio: Arrivals,
    video: Arrivals,
}

impl Core {
    pub(super) fn new(options: Options, feedback: Arc<Feedback>, outlets: Outlets) -> Result<Self, PeerError> {
        let now = Instant::now();
        Ok(Self {
            connection: Connection::new(feedback.clone(), now)?,
            gathering: Gathering::new(options, now),
            feedback,
            outlets,
            early_candidates: Vec::new(),
            unsent_candidates: Vec::new(),
            described: false,
            round: 0,
            remote_candidates: 0,
            expected: None,
            verified: false,
            up: false,
            early: Vec::new(),
            path: None,
            pacer: Pacer::default(),
            video_receiver: None,
            video_track: None,
            resolved: mpsc::unbounded_channel(),
            count: Count::default(),
            ended: false,
        })
    }

    /// Runs until closed.
    pub(super) async fn run(mut self, mut inlets: Inlets) {
        let mut buffer = vec![0; 2048];
        let mut next_second = Instant::now() + SECOND;
        while !self.ended {
            let now = Instant::now();
            self.pump();
            self.release_video(now);
            self.pump();
            if now >= next_second {
                next_second = now + SECOND;
                self.measure();
            }
            if self.described {
                self.gather(now).await;
            }
            let core_due = self.connection.core.poll_timeout();
            let gather_due = self.described.then(|| self.gathering.due());
            let due = [core_due, gather_due, self.pacer.due()].into_iter().flatten().fold(next_second, Instant::min);
            let due = due.max(now + TURN_MIN);
            tokio::select! {
                biased;
                Some(packet) = inlets.audio.recv() => self.send_audio(packet),
                Some(frame) = inlets.video.recv(), if self.pacer.has_room() => self.queue_video(frame),
                host = self.gathering.ready() => self.read(host, &mut buffer),
                Some(candidate) = self.resolved.1.recv() => self.add_remote_candidate(candidate),
                command = inlets.commands.recv() => match command {
                    Some(command) => self.obey(command).await,
                    None => self.close(),
                },
                () = tokio::time::sleep_until(due.into()) => {}
            }
            let now = Instant::now();
            if core_due.is_some_and(|due| due <= now) && self.connection.core.handle_timeout(now).is_err() {
                self.fail(PeerError::Setup);
            }
        }
        self.tell(Event::Closed);
    }

    fn tell(&self, event: Event) {
        // Nobody listens any more: the command handle is gone too, and the loop about to end.
        let _ = self.outlets.events.send(event);
    }

    fn fail(&mut self, error: PeerError) {
        self.tell(Event::Failed(error));
        self.ended = true;
    }

    // Commands.

    async fn obey(&mut self, command: Command) {
        let done = match command {
            Command::Offer { round, restart } => self.offer(round, restart).await,
            Command::Remote { round, description } => self.take_description(round, description).await,
            Command::Candidate(candidate) => {
                self.take_candidate(candidate);
                Ok(())
            }
            Command::WantKey => {
                self.ask_for_key();
                Ok(())
            }
            Command::Close => {
                self.close();
                Ok(())
            }
        };
        if let Err(error) = done {
            self.fail(error);
        }
    }

    fn close(&mut self) {
        let _ = self.connection.core.close();
        self.pump();
        self.ended = true;
    }

    async fn offer(&mut self, round: u32, restart: bool) -> Result<(), PeerError> {
        self.begin(round);
        if restart {
            self.connection.core.restart_ice();
        } else {
            self.connection.core.create_data_channel("bedside", None).map_err(|_| PeerError::Setup)?;
        }
        let offer = self.connection.core.create_offer(None).map_err(|_| PeerError::Setup)?;
        self.describe(offer, SdpKind::Offer).await
    }

    /// Begins a round: when ICE has a pair again, that is news even if it is the pair that was.
    fn begin(&mut self, round: u32) {
        self.round = round;
        self.path = None;
    }

    async fn take_description(&mut self, round: u32, description: Description) -> Result<(), PeerError> {
        match description.kind {
            SdpKind::Offer => self.begin(round),
            SdpKind::Answer if round != self.round => return Ok(()),
            SdpKind::Answer => {}
        }
        let Description { kind, sdp, fingerprint: expected } = description;
        let sdp = sdp.into_inner();
        // One certificate for the whole call: a restart may not bring another.
        if fingerprint(&sdp) != Some(expected) || self.expected.is_some_and(|known| known != expected) {
            return Err(PeerError::Unverified);
        }
        self.expected = Some(expected);
        self.remote_candidates = 0;
        let unreadable = |_| PeerError::Description;
        let remote = match kind {
            SdpKind::Offer => RTCSessionDescription::offer(sdp),
            SdpKind::Answer => RTCSessionDescription::answer(sdp),
        };
        let remote = remote.map_err(unreadable)?;
        self.connection.core.set_remote_description(Instant::now(), remote).map_err(unreadable)?;
        for candidate in std::mem::take(&mut self.early_candidates) {
            self.add_remote_candidate(candidate);
        }
        if kind == SdpKind::Offer {
            let answer = self.connection.core.create_answer(None).map_err(unreadable)?;
            self.describe(answer, SdpKind::Answer).await?;
        }
        Ok(())
    }

    /// Sets and sends our description, without candidates, then the candidates one by one: all of
    /// them again after a restart, for the other side has dropped them.
    async fn describe(&mut self, description: RTCSessionDescription, kind: SdpKind) -> Result<(), PeerError> {
        let now = Instant::now();
        self.connection.core.set_local_description(now, description).map_err(|_| PeerError::Setup)?;
        let local = self.connection.core.local_description().ok_or(PeerError::Setup)?;
        let lines =
            local.sdp.lines().filter(|l| !l.starts_with("a=candidate") && !l.starts_with("a=end-of-candidates"));
        let sdp: String = lines.map(|line| format!("{line}\r\n")).collect();
        let fingerprint = fingerprint(&sdp).ok_or(PeerError::Setup)?;
        let description = Description { kind, sdp: Phi::new(sdp), fingerprint };
        self.tell(Event::Local { round: self.round, description });
        self.unsent_candidates = self.gathering.candidates();
        self.described = true;
        self.gather(now).await;
        if self.gathering.hosts.is_empty() {
            return Err(PeerError::NoAddress);
        }
        Ok(())
    }

    fn take_candidate(&mut self, candidate: Candidate) {
        let line = candidate.candidate.into_inner();
        let init = RTCIceCandidateInit {
            candidate: line,
            sdp_mid: candidate.mid,
            sdp_mline_index: candidate.line,
            ..Default::default()
        };
        if init.candidate.is_empty() || init.candidate.len() > 1024 {
            return;
        }
        if self.connection.core.remote_description().is_none() {
            if self.early_candidates.len() < CANDIDATES_MAX {
                self.early_candidates.push(init);
            }
        } else {
            self.add_remote_candidate(init);
        }
    }

    fn add_remote_candidate(&mut self, init: RTCIceCandidateInit) {
        self.remote_candidates += 1;
        if self.remote_candidates > CANDIDATES_MAX {
            return;
        }
        if let Some(name) = hidden_name(&init.candidate) {
            return self.resolve(name.to_owned(), init);
        }
        // A candidate that cannot be read is one path less, not the end of the call.
        let _ = self.connection.core.add_remote_candidate(init);
    }

    /// Looks a hidden name up on the local network, beside the loop.
    fn resolve(&self, name: String, init: RTCIceCandidateInit) {
        let interface = self.gathering.hosts.iter().find_map(|h| match h.address.ip() {
            IpAddr::V4(v4) if !v4.is_loopback() => Some(v4),
            _ => None,
        });
        let (Some(interface), found) = (interface, self.resolved.0.clone()) else { return };
        tokio::spawn(async move {
            if let Some(address) = mdns::resolve(interface, &name).await {
                let candidate = init.candidate.replace(&name, &address.to_string());
                let _ = found.send(RTCIceCandidateInit { candidate, ..init });
            }
        });
    }

    fn ask_for_key(&mut self) {
        let Some((id, media_ssrc)) = self.video_receiver else { return };
        if let Some(mut receiver) = self.connection.core.rtp_receiver(id) {
            let request = PictureLossIndication { sender_ssrc: self.connection.video.ssrc, media_ssrc };
            let _ = receiver.write_rtcp(Instant::now(), vec![Box::new(request)]);
        }
    }

    // Our addresses.

    async fn gather(&mut self, now: Instant) {
        if self.gathering.scan_due(now) {
            let in_use = self.path.and_then(|_| self.selected_local());
            let (candidates, gone) = self.gathering.scan(now, in_use).await;
            for candidate in candidates {
                let _ = self.connection.core.add_local_candidate(init(candidate.clone()));
                self.unsent_candidates.push(candidate);
            }
            if gone {
                self.lose();
            }
        }
        self.gathering.ask(now);
        for candidate in std::mem::take(&mut self.unsent_candidates) {
            let candidate = Candidate { candidate: Phi::new(candidate), mid: Some("0".into()), line: Some(0) };
            self.tell(Event::Candidate { round: self.round, candidate });
        }
    }

    // Datagrams.

    fn read(&mut self, host: usize, buffer: &mut [u8]) {
        // Not more at once than what sound can wait for.
        for _ in 0..64 {
            let Some(host) = self.gathering.hosts.get(host) else { return };
            let Ok((length, from)) = host.socket.try_recv_from(buffer) else { return };
            let local = host.address;
            self.count.received_bytes += length;
            let datagram = &buffer[..length];
            match self.gathering.answer(from, datagram) {
                Some(news) => self.unsent_candidates.extend(news),
                None => self.feed(Early { local, from, data: BytesMut::from(datagram) }),
            }
        }
    }

    /// Gives a datagram to the core. While ICE has no pair (at the start, and in a restart) the core
    /// throws DTLS and media away: they are kept, and replayed when it has one.
    fn feed(&mut self, datagram: Early) {
        let is_media_or_dtls = matches!(datagram.data.first(), Some(20..=63 | 128..=191));
        if !self.up && is_media_or_dtls {
            if self.early.len() < EARLY_MAX {
                self.early.push(datagram);
            }
            return;
        }
        let transport = TransportContext {
            local_addr: datagram.local,
            peer_addr: datagram.from,
            transport_protocol: TransportProtocol::UDP,
            ecn: None,
        };
        let message = TaggedBytesMut { now: Instant::now(), transport, message: datagram.data };
        // Anyone may send anything here: what the core cannot use is dropped.
        let _ = self.connection.core.handle_read(message);
    }

    /// Empties the core's outputs.
    fn pump(&mut self) {
        while let Some(message) = self.connection.core.poll_read() {
            if let RTCMessage::RtpPacket(track, packet) = message.message {
                self.deliver(&track, packet);
            }
        }
        while let Some(event) = self.connection.core.poll_event() {
            self.notice(event);
        }
        while let Some(datagram) = self.connection.core.poll_write() {
            self.count.sent_bytes += datagram.message.len();
            let transport = datagram.transport;
            self.gathering.send(transport.local_addr, transport.peer_addr, &datagram.message);
        }
    }

    /// Hands a packet to its decoder. Nothing is decoded before the certificate has been checked.
    fn deliver(&mut self, track: &str, packet: rtc::rtp::Packet) {
        if !self.verified {
            return;
        }
        let is_video = self.video_track.as_deref() == Some(track);
        let arrivals = if is_video { &mut self.count.video } else { &mut self.count.audio };
        arrivals.note(packet.header.sequence_number);
        let outlet = if is_video { &self.outlets.video } else { &self.outlets.audio };
        let packet = Packet {
            sequence: packet.header.sequence_number,
            timestamp: packet.header.timestamp,
            marker: packet.header.marker,
            payload: packet.payload,
        };
        // A decoder that stands still loses packets, as it would on a slow network.
        let _ = outlet.try_send(packet);
    }

    fn notice(&mut self, event: RTCPeerConnectionEvent) {
        match event {
            RTCPeerConnectionEvent::OnIceConnectionStateChangeEvent(state) => {
                use RTCIceConnectionState::{Completed, Connected, Disconnected};
                let was_up = self.up;
                // Disconnected still has a pair, and may get well by itself.
                self.up = matches!(state, Connected | Completed | Disconnected);
                if self.up && !was_up {
                    for datagram in std::mem::take(&mut self.early) {
                        self.feed(datagram);
                    }
                }
                if state == Disconnected {
                    self.lose();
                } else if self.up && self.verified {
                    self.find_path();
                }
            }
            RTCPeerConnectionEvent::OnConnectionStateChangeEvent(RTCPeerConnectionState::Connected) => self.verify(),
            RTCPeerConnectionEvent::OnConnectionStateChangeEvent(RTCPeerConnectionState::Closed) => self.ended = true,
            RTCPeerConnectionEvent::OnTrack(RTCTrackEvent::OnOpen(track)) => {
                let receiver = self.connection.core.rtp_receiver(track.receiver_id);
                if receiver.is_some_and(|r| r.track().kind() == RtpCodecKind::Video) {
                    self.video_receiver = Some((track.receiver_id, track.ssrc));
                    self.video_track = Some(track.track_id);
                    self.ask_for_key();
                }
            }
            // A close of the other side shows only here.
            RTCPeerConnectionEvent::OnDataChannel(RTCDataChannelEvent::OnClose(_)) => self.ended = true,
            _ => {}
        }
    }

    // The certificate and the path.

    fn verify(&mut self) {
        let id = self.connection.video.id;
        let shown = self.connection.core.rtp_sender(id).and_then(|sender| {
            let transport = sender.transport()?;
            transport.get_remote_certificates().first().map(|c| Fingerprint(sha2::Sha256::digest(c).into()))
        });
        if shown.is_none() || shown != self.expected {
            return self.fail(PeerError::Unverified);
        }
        self.verified = true;
        self.find_path();
    }

    fn find_path(&mut self) {
        let Some(path) = self.selected() else { return };
        match self.path.replace(path) {
            None => self.tell(Event::Connected(path)),
            Some(before) if before != path => self.tell(Event::Moved(path)),
            Some(_) => {}
        }
    }

    fn lose(&mut self) {
        if self.path.take().is_some() {
            self.tell(Event::Disconnected);
        }
    }

    fn selected(&mut self) -> Option<Path> {
        let id = self.connection.video.id;
        let sender = self.connection.core.rtp_sender(id)?;
        let pair = sender.transport()?.ice_transport().get_selected_candidate_pair()?;
        let found = |kind| match kind {
            RTCIceCandidateType::Srflx => Found::ServerReflexive,
            RTCIceCandidateType::Prflx => Found::PeerReflexive,
            RTCIceCandidateType::Relay => Found::Relay,
            _ => Found::Host,
        };
        let (local, remote) = (found(pair.local().typ), found(pair.remote().typ));
        Some(Path { relayed: local == Found::Relay || remote == Found::Relay, local, remote })
    }

    fn selected_local(&mut self) -> Option<SocketAddr> {
        let id = self.connection.video.id;
        let sender = self.connection.core.rtp_sender(id)?;
        let pair = sender.transport()?.ice_transport().get_selected_candidate_pair()?;
        Some(SocketAddr::new(pair.local().address.parse().ok()?, pair.local().port))
    }

    fn measure(&mut self) {
        let count = std::mem::take(&mut self.count);
        (self.count.audio.newest, self.count.video.newest) = (count.audio.newest, count.video.newest);
        if !self.verified {
            return;
        }
        if self.path.is_some() {
            self.find_path();
        }
        let lost_per_mille = lost_per_mille(&[&count.audio, &count.video]);
        self.tell(Event::Measured(Measures {
            round_trip_us: self.feedback.round_trip_us.load(Relaxed),
            lost_per_mille,
            receive_bps: (count.received_bytes * 8) as u32,
            send_bps: (count.sent_bytes * 8) as u32,
        }));
    }

    // Media to send.

    fn send_audio(&mut self, packet: AudioPacket) {
        let id = self.connection.audio.id;
        let Some(payload_type) = self.connection.payload_type(id).filter(|_| self.verified) else { return };
        let packet = self.connection.audio.packet(payload_type, packet.timestamp, false, packet.data);
        if let Some(mut sender) = self.connection.core.rtp_sender(id) {
            let _ = sender.write_rtp(Instant::now(), packet);
        }
    }

    fn queue_video(&mut self, frame: VideoFrame) {
        let id = self.connection.video.id;
        let Some(payload_type) = self.connection.payload_type(id).filter(|_| self.verified) else {
            self.feedback.key_wanted.store(true, Relaxed);
            return;
        };
        let pieces: Vec<Bytes> = payloads(&frame.data, PAYLOAD_MAX_BYTES).collect();
        self.pacer.set_pace(frame.kbps, pieces.first().map_or(0, Bytes::len));
        let last = pieces.len() - 1;
        for (i, piece) in pieces.into_iter().enumerate() {
            let packet = self.connection.video.packet(payload_type, frame.timestamp, i == last, piece);
            self.pacer.push(packet);
        }
    }

    /// Lets due video go. While ICE has no pair the core would drop it, and no NACK brings it back.
    fn release_video(&mut self, now: Instant) {
        if !self.up {
            self.pacer.hold_until(now + Duration::from_millis(5));
            if self.pacer.give_up() {
                self.feedback.key_wanted.store(true, Relaxed);
            }
            return;
        }
        let id = self.connection.video.id;
        while let Some(packet) = self.pacer.pop(now) {
            if let Some(mut sender) = self.connection.core.rtp_sender(id) {
                let _ = sender.write_rtp(now, packet);
            }
        }
    }
}

/// The name in a candidate line whose address a browser hides.
fn hidden_name(candidate: &str) -> Option<&str> {
    candidate.split_ascii_whitespace().nth(4).filter(|address| address.ends_with(".local"))
}

fn init(candidate: String) -> RTCIceCandidateInit {
    RTCIceCandidateInit { candidate, sdp_mid: Some("0".into()), sdp_mline_index: Some(0), ..Default::default() }
}
