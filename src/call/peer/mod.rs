//! The path between two people: ICE, DTLS and SRTP by webrtc-rs's sans-IO core (`rtc`), driven by a
//! loop of our own that owns the sockets, the timers and the order in which things leave.
//!
//! Refuses to be: a codec, a device, a judge of who the other side is. It reports which certificate
//! the other side showed and goes no further when it is not the promised one.
//!
//! Enters: [`Command`]s, compressed sound and picture to send, datagrams from anywhere.
//! Leaves: [`Event`]s, received [`Packet`]s for the decoders, datagrams to the other side. Sound
//! overtakes everything; picture is paced.
//!
//! - [`assembler`]: packets to frames and back
//! - [`tap`]: what the far end reports (RTCP)
//! - `core`: the loop · `connection`: the core as we set it up · `gather`: our addresses
//! - `rtx`: retransmissions · `pacer` · `interface` · `stun` · `mdns`

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use bytes::Bytes;
use tokio::sync::mpsc;

use crate::base::Phi;
use crate::wire::call::SdpKind;
use crate::wire::content::{Candidate, Fingerprint};

mod arrivals;
pub mod assembler;
mod connection;
mod core;
mod gather;
mod interface;
mod mdns;
mod pacer;
mod rtx;
mod stun;
pub mod tap;

pub use tap::Feedback;

/// The video codec, as SDP names it.
pub const VIDEO_CODEC: &str = "VP8";

/// Why the path cannot stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PeerError {
    /// The core refused its own settings.
    #[error("the connection could not be set up")]
    Setup,
    /// The other side's description cannot be read, or offers nothing we speak.
    #[error("the other side's description cannot be used")]
    Description,
    /// The other side's certificate is not the promised one.
    #[error("the other side's certificate is not the promised one")]
    Unverified,
    /// No address of this machine may be offered.
    #[error("this machine has no network address to offer")]
    NoAddress,
}

/// How a peer is set up.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Offer loopback addresses, too: for two ends on one machine.
    pub loopback: bool,
    /// STUN servers to ask for our outside address.
    pub stun: Vec<SocketAddr>,
    /// Offer relayed addresses only: nothing of our own network is shown.
    pub relay_only: bool,
}

/// A session description with the certificate that goes with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Description {
    /// Offer or answer.
    pub kind: SdpKind,
    /// The description; ours is without candidates.
    pub sdp: Phi<String>,
    /// SHA-256 of the certificate.
    pub fingerprint: Fingerprint,
}

/// What a peer is told.
#[derive(Debug)]
pub enum Command {
    /// Make an offer, the first one or one with new ICE credentials.
    Offer {
        /// The round that begins.
        round: u32,
        /// New ICE credentials.
        restart: bool,
    },
    /// The other side's description. An offer begins a round and is answered; an answer of another
    /// round than the one that runs is dropped.
    Remote {
        /// The round it belongs to.
        round: u32,
        /// The description.
        description: Description,
    },
    /// The other side's candidate.
    Candidate(Candidate),
    /// Ask the other side for a key frame.
    WantKey,
    /// Say goodbye and end.
    Close,
}

/// Which way packets take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Path {
    /// Through a relay, at either end.
    pub relayed: bool,
    /// How our address was found.
    pub local: Found,
    /// How the other side's address was found.
    pub remote: Found,
}

/// How an address was found (RFC 8445 §5.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// An interface of the machine.
    Host,
    /// As a server sees it.
    ServerReflexive,
    /// As the other side sees it.
    PeerReflexive,
    /// On a relay.
    Relay,
}

/// A second's measurements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Measures {
    /// Round trip in microseconds; 0 before the first report.
    pub round_trip_us: u32,
    /// Packets to us that never came, in 1/1000.
    pub lost_per_mille: u16,
    /// Bits per second to us, with all headers above UDP.
    pub receive_bps: u32,
    /// Bits per second from us.
    pub send_bps: u32,
}

/// What a peer tells.
#[derive(Debug)]
pub enum Event {
    /// Our description, to be sent to the other side.
    Local {
        /// The round it belongs to.
        round: u32,
        /// The description.
        description: Description,
    },
    /// Our candidate, to be sent after our description.
    Candidate {
        /// The round it was gathered in.
        round: u32,
        /// The candidate.
        candidate: Candidate,
    },
    /// Sound and picture can flow; the certificate was the promised one. Once in each round.
    Connected(Path),
    /// The path changed without a break.
    Moved(Path),
    /// Nothing has come for a while, or the address in use is gone.
    Disconnected,
    /// Once a second while connected.
    Measured(Measures),
    /// It cannot go on.
    Failed(PeerError),
    /// The other side closed the connection, or we did. The last event.
    Closed,
}

/// A received RTP packet, decrypted, without its header's uninteresting parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    /// Its number, wrapping.
    pub sequence: u16,
    /// Media time in the codec's clock, wrapping.
    pub timestamp: u32,
    /// The last packet of a frame.
    pub marker: bool,
    /// The codec's payload.
    pub payload: Bytes,
}

/// 20 ms of compressed sound to send.
#[derive(Debug)]
pub struct AudioPacket {
    /// An Opus packet.
    pub data: Bytes,
    /// RTP time in 1/48000 s.
    pub timestamp: u32,
}

/// A compressed picture to send.
#[derive(Debug)]
pub struct VideoFrame {
    /// A VP8 frame.
    pub data: Bytes,
    /// RTP time in 1/90000 s: when the picture was taken.
    pub timestamp: u32,
    /// The bitrate the encoder works at; packets leave at three times this pace.
    pub kbps: u32,
}

/// The handles on a running peer.
pub struct Peer {
    /// What to do.
    pub commands: mpsc::UnboundedSender<Command>,
    /// What happens.
    pub events: mpsc::UnboundedReceiver<Event>,
    /// Sound to send. A full queue means the loop stands still: drop.
    pub audio: mpsc::Sender<AudioPacket>,
    /// Pictures to send. A full queue means the network is slow: skip a frame *before* encoding it.
    pub video: mpsc::Sender<VideoFrame>,
    /// Sound received.
    pub audio_in: Receiver<Packet>,
    /// Pictures received, as packets.
    pub video_in: Receiver<Packet>,
    /// What the far end reports.
    pub feedback: Arc<Feedback>,
}

/// Sets a peer up. The future is its loop: spawn it on a tokio runtime with I/O and time; it ends
/// after [`Command::Close`], when the other side closes, or when the command handle is dropped.
///
/// # Errors
/// [`PeerError::Setup`] when the core refuses.
pub fn start(options: Options) -> Result<(Peer, impl Future<Output = ()> + Send), PeerError> {
    let feedback = Arc::new(Feedback::default());
    let (commands, command_queue) = mpsc::unbounded_channel();
    let (event_queue, events) = mpsc::unbounded_channel();
    let (audio, audio_queue) = mpsc::channel(16);
    let (video, video_queue) = mpsc::channel(2);
    // Half a second of sound, and of a lavish picture: decoders that stand still lose the rest.
    let (audio_out, audio_in) = sync_channel(64);
    let (video_out, video_in) = sync_channel(512);
    let inlets = core::Inlets { commands: command_queue, audio: audio_queue, video: video_queue };
    let outlets = core::Outlets { events: event_queue, audio: audio_out, video: video_out };
    let core = core::Core::new(options, feedback.clone(), outlets)?;
    let peer = Peer { commands, events, audio, video, audio_in, video_in, feedback };
    Ok((peer, core.run(inlets)))
}

/// The SHA-256 fingerprints in a description (RFC 8122), session level and media level.
/// `None` when there is none, when one cannot be read, or when they differ.
pub fn fingerprint(sdp: &str) -> Option<Fingerprint> {
    let mut found = None;
    for line in sdp.lines().filter_map(|l| l.trim_end().strip_prefix("a=fingerprint:")) {
        let (hash, hex) = line.split_once(' ')?;
        let mut digest = [0; 32];
        let mut bytes = hex.split(':').map(|byte| u8::from_str_radix(byte, 16).ok());
        for place in &mut digest {
            *place = bytes.next()??;
        }
        let one = hash.eq_ignore_ascii_case("sha-256") && bytes.next().is_none();
        if !one || found.is_some_and(|other| other != digest) {
            return None;
        }
        found = Some(digest);
    }
    found.map(Fingerprint)
}

#[cfg(test)]
mod tests;
