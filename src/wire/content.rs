//! What the two ends of a conversation say to each other, always inside an MLS message.

use crate::base::{
    Phi, Stamp,
    id::{MessageId, VisitId},
};
use serde::{Deserialize, Serialize};

/// The longest text of a message, in bytes of UTF-8.
pub const TEXT_MAX_BYTES: usize = 64 * 1024;
/// The longest session description, in bytes.
pub const SDP_MAX_BYTES: usize = 32 * 1024;

/// One thing said. Unknown variants are an error to an old reader, so it answers nothing and keeps the conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Content {
    /// When it was said, by the sender's clock corrected by the relay's.
    pub at: Stamp,
    /// What.
    pub body: Body,
}

/// What is said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// A message of the thread, either way.
    Text {
        /// The same at both ends; a double is dropped by it.
        id: MessageId,
        /// At most [`TEXT_MAX_BYTES`].
        #[serde(with = "crate::base::phi")]
        text: Phi<String>,
        /// Clinician → patient: the appointment of which this reminds, to be taken along into a calendar. A reader that
        /// does not know it shows the text, which says the same.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        appointment: Option<AppointmentCard>,
    },
    /// These messages are kept durably here. Final.
    Received {
        /// The messages.
        ids: Vec<MessageId>,
    },
    /// Clinician → patient: what the page shows about the practice.
    Practice(PracticeCard),
    /// Clinician → patient: the next appointment, or none.
    NextAppointment(Option<AppointmentCard>),
    /// Of a visit, either way.
    Visit {
        /// The visit; the patient's page names it when it knocks.
        visit: VisitId,
        /// What happens.
        signal: Signal,
    },
}

/// What the page shows about the practice. Also stands in the sealed invitation, before any conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PracticeCard {
    /// "Dr. Okafor".
    #[serde(with = "crate::base::phi")]
    pub clinician: Phi<String>,
    /// The number to call instead.
    #[serde(with = "crate::base::phi::option", default)]
    pub phone: Option<Phi<String>>,
    /// What to do in an emergency, in the clinician's words.
    #[serde(with = "crate::base::phi::option", default)]
    pub emergency: Option<Phi<String>>,
}

/// What stands in the sealed invitation that is pinned at the relay while the link lives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Invitation {
    /// The clinician's key package, an MLS message (RFC 9420 §10).
    #[serde(with = "serde_bytes")]
    pub key_package: Vec<u8>,
    /// What the page shows before there is a conversation.
    pub card: PracticeCard,
}

/// An appointment as the page shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AppointmentCard {
    /// Start.
    pub start: Stamp,
    /// End.
    pub end: Stamp,
    /// By video.
    pub video: bool,
}

/// What happens in a visit. Nothing that names a network address is sent before *admit*.
///
/// Only the clinician's side begins a *round*: an offer for a new connection, or a restart of the one that stands.
/// Rounds are counted from 1 within a visit, and everything that belongs to a round names it, so that what arrives
/// late, twice or out of order is never taken for part of another connection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// Patient: I am in the waiting room. Said again every 15 s as a sign of life, and after every reconnection.
    Knock(Knock),
    /// Patient: I left the waiting room.
    Left,
    /// Clinician's agent: the knock was heard (and rang). Answers every knock.
    Heard {
        /// Since when the patient has been waiting, by the agent's clock.
        since: Stamp,
    },
    /// Clinician: "seen, about 5 minutes".
    Wait {
        /// Minutes, when said.
        minutes: Option<u16>,
        /// Words, when said; at most 500 bytes.
        #[serde(with = "crate::base::phi::option", default)]
        text: Option<Phi<String>>,
    },
    /// Clinician: not now; the waiting room closes.
    Declined {
        /// Words, when said; at most 500 bytes.
        #[serde(with = "crate::base::phi::option", default)]
        text: Option<Phi<String>>,
    },
    /// Clinician: admitted; the first offer (RFC 3264). DESIGN §5.4.
    Offer {
        /// This round.
        round: u32,
        /// The session description, without candidates.
        #[serde(with = "crate::base::phi")]
        sdp: Phi<String>,
        /// SHA-256 of the DTLS certificate in it.
        fingerprint: Fingerprint,
        /// H(nonce, fingerprint, group, epoch).
        commitment: [u8; 32],
        /// The MLS epoch the commitment covers; another epoch at either end aborts.
        epoch: u64,
        /// Whether the patient's page must gather relayed candidates only.
        relay_only: bool,
        /// STUN and TURN servers; empty for none.
        ice_servers: Vec<IceServer>,
    },
    /// Patient: the answer.
    Answer {
        /// The offer's round.
        round: u32,
        /// The session description, without candidates.
        #[serde(with = "crate::base::phi")]
        sdp: Phi<String>,
        /// SHA-256 of the DTLS certificate in it.
        fingerprint: Fingerprint,
        /// The patient's nonce.
        nonce: Nonce,
    },
    /// Clinician: the nonce behind the commitment.
    Reveal {
        /// The offer's round.
        round: u32,
        /// The clinician's nonce.
        nonce: Nonce,
    },
    /// Either: a candidate (RFC 8838), after the offer.
    Candidate {
        /// The round it was gathered in.
        round: u32,
        /// The candidate.
        candidate: Candidate,
    },
    /// Either, after the answer: a new offer or answer with new ICE credentials and the same fingerprint (RFC 8445 §2.4).
    Restart {
        /// This round; the answer names the same.
        round: u32,
        /// Offer (clinician) or answer (patient).
        #[serde(with = "crate::base::phi")]
        sdp: Phi<String>,
    },
    /// Patient: the line is lost here, please begin a new round.
    Lost {
        /// The round that was lost; an older one than the last is no news.
        round: u32,
        /// The connection itself is gone (page opened again, window restarted): only a new offer helps.
        gone: bool,
    },
    /// Either: the words were read aloud. `same` false ends the visit.
    Compared {
        /// Whether they were the same.
        same: bool,
    },
    /// Either: microphone and camera as they are now, so that the other end can say "camera is off".
    Media {
        /// Microphone is on.
        microphone: bool,
        /// Camera is on.
        camera: bool,
    },
    /// Either: hung up, or could not go on.
    Bye {
        /// Why.
        reason: Bye,
    },
}

/// What the patient's page says at the door.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Knock {
    /// A camera works.
    pub camera: bool,
    /// A microphone works.
    pub microphone: bool,
    /// "Are you somewhere you won't be overheard?"
    pub alone: Option<bool>,
    /// "Where are you right now?", for emergencies; at most 200 bytes.
    #[serde(with = "crate::base::phi::option", default)]
    pub place: Option<Phi<String>>,
}

/// SHA-256 of a DTLS certificate (RFC 8122).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint(pub [u8; 32]);

/// 32 random bytes of one side of the verification words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nonce(pub [u8; 32]);

/// An ICE candidate as the browser's RTCIceCandidateInit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// The candidate line; empty means "no more". At most 1 KiB.
    #[serde(with = "crate::base::phi")]
    pub candidate: Phi<String>,
    /// Media identification tag.
    pub mid: Option<String>,
    /// Media line.
    pub line: Option<u16>,
}

/// A STUN or TURN server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IceServer {
    /// `stun:…`, `turn:…`, `turns:…`.
    pub urls: Vec<String>,
    /// TURN user.
    pub username: Option<String>,
    /// TURN password, short-lived.
    #[serde(with = "crate::base::phi::option", default)]
    pub credential: Option<Phi<String>>,
}

/// Why one side leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bye {
    /// Hung up.
    HungUp,
    /// The call window went away.
    WindowLost,
    /// The line did not come back.
    Lost,
    /// Commitment, fingerprint, epoch or words do not match.
    Unverified,
    /// No camera, microphone or WebRTC here any more.
    NoMedia,
}
