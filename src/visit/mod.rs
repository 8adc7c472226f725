//! The visit as a state machine without I/O: what comes in is an [`Event`](clinician::Event) and the time, what goes
//! out is a list of [`Effect`]s. [`Clinician`] runs in the agent, [`Patient`] in the patient's page.
//!
//! Refuses to be: a socket, a timer, a camera, a key. It sends nothing, it says what to send; it waits for nothing,
//! it says when it wants to be asked again ([`Clinician::timeout`], [`Patient::timeout`]); the words come from the
//! conversation through [`Keys`].
//!
//! # What holds on any sequence of events
//!
//! - No description, candidate or address leaves either end before the clinician admits. The patient's end answers
//!   offers and makes none.
//! - The offer commits to a nonce, the answer brings the other, then the commitment is opened (ZRTP, RFC 6189 §4.4.1.1).
//!   A commitment that does not match, another certificate than the promised one, or an MLS epoch that moved between
//!   offer and reveal ends the visit as [`End::Unverified`].
//! - An end is live only while sound and picture can flow *and* it has the five words.
//! - Only the clinician's end begins rounds ([`Signal`](crate::wire::content::Signal)), so offers never cross.
//!   Signals of an older round, doubles and replays change nothing.
//! - What is sent in a minute is bounded, whatever the other side does.
//! - *Compared* is what the person at this end said. What the other end claims is kept apart ([`View::peer_compared`]):
//!   whoever stood in the middle could claim it, too. That the words *differ* is believed from either.

mod candidates;
pub mod clinician;
pub mod patient;
#[cfg(test)]
mod rehearsal;

pub use clinician::Clinician;
pub use patient::Patient;

use crate::base::{Phi, Stamp};
use crate::wire::{
    call::ToCall,
    content::{Bye, Candidate, Fingerprint, IceServer, Nonce, SDP_MAX_BYTES, Signal},
};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How often the patient's end says that it is still there.
pub const KNOCK_EVERY: Duration = Duration::from_secs(15);
/// No two knocks are closer than this, however often the line comes and goes.
pub const KNOCK_APART: Duration = Duration::from_secs(5);
/// A knock that is not heard for so long is shown as not heard yet.
pub const HEARD_WITHIN: Duration = Duration::from_secs(10);
/// Without a sign of life for so long, the patient is not *here*.
pub const HERE_FOR: Duration = Duration::from_secs(45);
/// Without a sign of life for so long, the waiting is over.
pub const AWAY_FOR: Duration = Duration::from_secs(30 * 60);
/// After so long without a word from the clinician, the page shows whom to phone.
pub const UNANSWERED_FOR: Duration = Duration::from_secs(10 * 60);
/// A line that comes back within this by itself is left alone.
pub const GRACE: Duration = Duration::from_secs(1);
/// No two rounds begin closer than this.
pub const ROUND_APART: Duration = Duration::from_secs(5);
/// A round that was answered and did not connect is followed by another after this.
pub const ROUND_RETRY: Duration = Duration::from_secs(15);
/// After so long of reconnecting, both ends show the phone number.
pub const PHONE_AFTER: Duration = Duration::from_secs(10);
/// The same for the first connection, which takes longer on slow lines.
pub const FIRST_PHONE_AFTER: Duration = Duration::from_secs(30);
/// After so long without a connection the visit has ended.
pub const GIVE_UP_AFTER: Duration = Duration::from_secs(60);
/// The least time between two answers of the same sort to the other side.
const ANSWER_APART: Duration = Duration::from_secs(5);
/// Microphone and camera are told at most this often.
const MEDIA_APART: Duration = Duration::from_secs(1);
/// Bytes of a few words to or from the waiting room.
pub const TOLD_MAX_BYTES: usize = 500;
/// Bytes of the answer to "Where are you right now?".
pub const PLACE_MAX_BYTES: usize = 200;

/// The five verification words.
pub type Words = [String; 5];

/// What one end puts into the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Its nonce.
    pub nonce: Nonce,
    /// Its DTLS certificate.
    pub fingerprint: Fingerprint,
}

/// What the machine asks of the conversation it belongs to. No I/O; the same answers until the epoch moves.
pub trait Keys {
    /// The MLS epoch.
    fn epoch(&self) -> u64;
    /// H(nonce, fingerprint, group, epoch) of [`Signal::Offer`].
    fn commitment(&self, share: &Share) -> [u8; 32];
    /// The words of both shares in this epoch; `None` if they cannot be made.
    fn words(&self, clinician: &Share, patient: &Share) -> Option<Words>;
}

/// What the owner of a machine has to do, in this order.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Say this to the other end, inside the conversation.
    Send(Signal),
    /// Tell the call part, which does WebRTC.
    Call(ToCall),
    /// Somebody came to the waiting room.
    Ring,
    /// The [`View`] is another one: show it, keep of it what the record keeps.
    Changed,
}

/// Where a visit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The knock has not been heard yet, or not for a while.
    Knocking,
    /// In the waiting room, and both ends know.
    Waiting,
    /// The clinician said yes; the first offer is being made or answered.
    Admitted,
    /// Offer and answer are exchanged.
    Connecting,
    /// Sound and picture run and the words stand.
    Live,
    /// The line, the window or the page was lost and is being brought back.
    Reconnecting,
    /// Over.
    Ended,
}

impl Phase {
    /// From *admit* to the end.
    pub const fn running(self) -> bool {
        matches!(self, Self::Admitted | Self::Connecting | Self::Live | Self::Reconnecting)
    }
}

/// Why a visit is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// The clinician hung up.
    Clinician,
    /// The patient left.
    Patient,
    /// The clinician declined.
    Declined,
    /// The line did not come back.
    Lost,
    /// The call window went away and did not come back.
    WindowLost,
    /// Commitment, certificate, epoch or words did not match.
    Unverified,
}

impl End {
    /// What the other end's farewell means, when `hung_up` says who left.
    const fn of(bye: Bye, hung_up: End) -> End {
        match bye {
            Bye::HungUp => hung_up,
            Bye::WindowLost => End::WindowLost,
            Bye::Lost | Bye::NoMedia => End::Lost,
            Bye::Unverified => End::Unverified,
        }
    }

    /// What the window shows before it leaves.
    const fn sentence(self) -> &'static str {
        match self {
            End::Clinician | End::Declined => "The visit has ended.",
            End::Patient => "The patient left the visit.",
            End::Lost => "The line was lost and did not come back.",
            End::WindowLost => "The call window was lost.",
            End::Unverified => "The visit was ended: it could not be made sure who is at the other end.",
        }
    }
}

/// What the waiting room was told last.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// "About 5 minutes".
    pub minutes: Option<u16>,
    /// Words.
    #[serde(with = "crate::base::phi::option", default)]
    pub text: Option<Phi<String>>,
    /// When, by this end's clock.
    pub at: Stamp,
}

/// Microphone and camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "on or off")]
pub struct Media {
    pub microphone: bool,
    pub camera: bool,
}

/// A visit as this end shows it. All times are this end's clock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// Where it stands.
    pub phase: Phase,
    /// Why it ended.
    pub end: Option<End>,
    /// When the patient came to the waiting room.
    pub since: Stamp,
    /// Clinician: the last sign of life.
    pub seen: Stamp,
    /// Clinician: a sign of life within 45 s. Patient: the last knock was heard, or is not yet overdue.
    pub here: bool,
    /// What the waiting room was told last.
    pub told: Option<Told>,
    /// When the clinician admitted.
    pub admitted: Option<Stamp>,
    /// When sound and picture first ran.
    pub connected: Option<Stamp>,
    /// When it ended.
    pub ended: Option<Stamp>,
    /// Since when a line that ran is lost.
    pub lost: Option<Stamp>,
    /// The call window stands (clinician).
    pub window: bool,
    /// The words, once this end has them.
    pub words: Option<Words>,
    /// The person at this end found them to be the same, now or before with this device.
    pub compared: bool,
    /// The other end says so, too.
    pub peer_compared: bool,
    /// Through a TURN server, or directly; the last path.
    pub relayed: Option<bool>,
    /// The picture's codec as in SDP.
    pub codec: Option<String>,
    /// The other end's microphone and camera.
    pub peer: Option<Media>,
    /// Show whom to phone.
    pub phone: bool,
}

impl View {
    fn new(since: Stamp, compared: bool) -> Self {
        Self {
            phase: Phase::Knocking,
            end: None,
            since,
            seen: since,
            here: true,
            told: None,
            admitted: None,
            connected: None,
            ended: None,
            lost: None,
            window: false,
            words: None,
            compared,
            peer_compared: false,
            relayed: None,
            codec: None,
            peer: None,
            phone: false,
        }
    }

    /// The line runs again, or for the first time; live once the words are there.
    fn connect(&mut self, relayed: bool, codec: &str) {
        self.relayed = Some(relayed);
        self.codec = Some(codec.chars().filter(char::is_ascii_graphic).take(16).collect());
    }
}

/// Microphone and camera as they are to be told, and when they were told last.
#[derive(Debug, Default)]
struct Mine {
    told: Option<(Media, Stamp)>,
    now: Option<Media>,
}

impl Mine {
    /// When the next change may be told, if there is one.
    fn due(&self) -> Option<Stamp> {
        match (self.now, self.told) {
            (Some(now), Some((told, at))) => (now != told).then(|| at.plus(MEDIA_APART)),
            (Some(_), None) => Some(Stamp(i64::MIN)),
            (None, _) => None,
        }
    }

    fn tell(&mut self, now: Stamp) -> Option<Signal> {
        let media = self.now.filter(|_| self.due().is_some_and(|due| due <= now))?;
        self.told = Some((media, now));
        Some(Signal::Media { microphone: media.microphone, camera: media.camera })
    }
}

/// Whether a description is one a call part should see.
fn fits(sdp: &Phi<String>) -> bool {
    (1..=SDP_MAX_BYTES).contains(&sdp.expose().len())
}

fn candidate_fits(candidate: &Candidate) -> bool {
    candidate.candidate.expose().len() <= 1024 && candidate.mid.as_ref().is_none_or(|mid| mid.len() <= 64)
}

fn servers_fit(servers: &[IceServer]) -> bool {
    let short = |text: &String| text.len() <= 512;
    servers.len() <= 8
        && servers.iter().all(|server| {
            server.urls.len() <= 8
                && server.urls.iter().all(short)
                && server.username.as_ref().is_none_or(short)
                && server.credential.as_ref().is_none_or(|secret| short(secret.expose()))
        })
}

/// The text without what is beyond `bytes`, cut between characters.
fn shorten(text: Option<Phi<String>>, bytes: usize) -> Option<Phi<String>> {
    text.map(|mut text| {
        let end = text.expose().floor_char_boundary(bytes);
        text.expose_mut().truncate(end);
        text
    })
}

fn earliest(times: impl IntoIterator<Item = Option<Stamp>>) -> Option<Stamp> {
    times.into_iter().flatten().min()
}
