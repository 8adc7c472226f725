//! Between the agent and the call window, on the connection a client had upgraded for one visit
//! ([`super::frame`]s of CBOR). The window learns descriptions, candidates and words; never a name, a note or a key.
//!
//! A *round* ([`super::content::Signal`]) begins with `Start`, `Restart` or a remote offer; what the window says about
//! its connection names the round it was in, so that nothing of an older connection is taken for the new one.

use super::content::{Candidate, Fingerprint, IceServer};
use crate::base::Phi;
use serde::{Deserialize, Serialize};

/// This protocol's version.
pub const VERSION: u16 = 1;
/// The longest message, in bytes.
pub const MESSAGE_MAX_BYTES: usize = 256 * 1024;

/// Agent → window.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToCall {
    /// First of all: begin. Said again: drop the connection that was and begin anew, with a new certificate.
    Start {
        /// [`VERSION`].
        version: u16,
        /// The round that begins.
        round: u32,
        /// We make the offer (the clinician's side) or wait for one.
        offers: bool,
        /// Relayed candidates only.
        relay_only: bool,
        /// STUN and TURN servers.
        ice_servers: Vec<IceServer>,
    },
    /// The other side's description. An offer begins its round and wants an answer.
    Remote {
        /// The round it belongs to.
        round: u32,
        /// Offer or answer.
        kind: SdpKind,
        /// The description.
        #[serde(with = "crate::base::phi")]
        sdp: Phi<String>,
        /// The certificate it must show; another one ends the call.
        fingerprint: Fingerprint,
    },
    /// The other side's candidate, of the round that runs.
    Candidate(Candidate),
    /// Make a new offer with new ICE credentials and the same certificate. It may come before the last offer was
    /// answered, which then never will be.
    Restart {
        /// The round that begins.
        round: u32,
    },
    /// The five words to show, and whether they were compared before with this device.
    Words {
        /// Five words.
        words: Vec<String>,
        /// Compared before.
        compared: bool,
    },
    /// The words were compared somewhere else (TUI, command line, the other side).
    Compared {
        /// Whether they were the same.
        same: bool,
    },
    /// Microphone and camera, set from the console. `None` leaves it.
    Set {
        /// Microphone on.
        microphone: Option<bool>,
        /// Camera on.
        camera: Option<bool>,
    },
    /// The other side's microphone and camera, as it says.
    Peer {
        /// On.
        microphone: bool,
        /// On.
        camera: bool,
    },
    /// A state of the visit in words, shown in the window ("connecting", "the line dropped, trying again").
    Say {
        /// One sentence without names.
        text: String,
    },
    /// The visit is over; show why for a moment and leave.
    Close {
        /// One sentence without names.
        text: String,
    },
}

/// Window → agent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromCall {
    /// First of all: the window stands.
    Ready {
        /// [`VERSION`].
        version: u16,
        /// A camera works.
        camera: bool,
        /// A microphone works.
        microphone: bool,
        /// A window can be shown; without it, sound only.
        display: bool,
    },
    /// Our description.
    Local {
        /// The round it belongs to.
        round: u32,
        /// Offer or answer.
        kind: SdpKind,
        /// The description, without candidates.
        #[serde(with = "crate::base::phi")]
        sdp: Phi<String>,
        /// Our certificate's fingerprint.
        fingerprint: Fingerprint,
    },
    /// Our candidate.
    Candidate {
        /// The round it was gathered in.
        round: u32,
        /// The candidate.
        candidate: Candidate,
    },
    /// Sound and picture can flow, and the certificate was the promised one. Said again when the path changes.
    Connected {
        /// The round that runs.
        round: u32,
        /// Direct or through a relay.
        relayed: bool,
        /// The picture's codec as in SDP.
        codec: String,
    },
    /// The first picture of the other side was decoded.
    FirstPicture,
    /// The path was lost; a restart may bring it back.
    Disconnected {
        /// The round that runs.
        round: u32,
    },
    /// The connection itself has ended (the other side closed it, or it failed): no restart brings it back, only `Start`.
    Gone {
        /// The round that runs.
        round: u32,
    },
    /// Once a second.
    Quality(Quality),
    /// Microphone and camera, after a change here; off where there is none.
    Media {
        /// On.
        microphone: bool,
        /// On.
        camera: bool,
    },
    /// Something does not work here; the call goes on without it.
    Trouble(Trouble),
    /// The words were compared in the window.
    Compared {
        /// Whether they were the same.
        same: bool,
    },
    /// Hung up in the window.
    HangUp,
    /// The other side's certificate is not the promised one. The call has ended.
    Unverified {
        /// The round that runs.
        round: u32,
    },
}

/// An offer or an answer (RFC 3264).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "RFC 3264")]
pub enum SdpKind {
    Offer,
    Answer,
}

/// What does not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// There is no camera.
    NoCamera,
    /// Another program has the camera.
    CameraBusy,
    /// The camera was pulled out or stands still.
    CameraLost,
    /// There is no microphone.
    NoMicrophone,
    /// There is no loudspeaker.
    NoSpeaker,
    /// There is no display: sound only.
    NoDisplay,
}

/// How the call goes, measured over the last second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// Round trip in milliseconds.
    pub round_trip_ms: u32,
    /// Packets lost on the way to us, in 1/1000.
    pub lost_per_mille: u16,
    /// Bits per second to us.
    pub receive_bps: u32,
    /// Bits per second from us.
    pub send_bps: u32,
    /// Pictures shown per second.
    pub frames_per_s: u8,
    /// Width of the other side's picture.
    pub width: u16,
    /// Height of the other side's picture.
    pub height: u16,
    /// Our microphone's level, 0 to 100.
    pub microphone_level: u8,
    /// The other side's level, 0 to 100.
    pub speaker_level: u8,
}
