//! The call: the sandboxed program of one visit, its devices, codecs and the path between two people.
//!
//! Refuses to be: the visit's judge (the agent says who may talk to whom, and which words to show), a
//! recorder (nothing here writes sound or picture to a file), a keeper of names, notes or keys.
//!
//! Enters: descriptions, candidates and words from the agent over the call socket; sound and picture
//! from this machine's devices and from the other side's packets, all of it untrusted.
//! Leaves: descriptions, candidates, measurements to the agent; packets to the other side; sound and
//! picture to this machine's speaker and window.
//!
//! - [`picture`]: one I420 picture
//! - [`device`]: camera, microphone, speaker, real and made
//! - [`codec`]: VP8 and Opus
//! - [`peer`]: the path to the other side
//! - [`sandbox`]: the walls around all of it
//! - [`sound`], [`video`]: the threads between devices and peer
//! - [`session`]: ties them together for one visit · [`shared`]: what a window sees of it
//! - [`window`]: what a person sees of it · [`command`]: how the program is started

pub mod codec;
pub mod command;
pub mod device;
pub mod peer;
pub mod picture;
mod program;
pub mod sandbox;
pub mod session;
pub mod shared;
pub mod sound;
pub mod video;
pub mod window;

/// Why a visit's program ended before its time.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The system refused a thread or a socket.
    #[error("the system refused a thread or a socket")]
    System(#[from] std::io::Error),
    /// The agent speaks another version.
    #[error("the agent speaks another version of the call protocol")]
    Version,
    /// What the agent says cannot be read.
    #[error("what the agent says cannot be read")]
    Garbled(#[from] crate::wire::WireError),
    /// The connection cannot be set up.
    #[error(transparent)]
    Peer(#[from] peer::PeerError),
    /// A thread of the call ended in a bug.
    #[error("a part of the call stopped")]
    Thread,
}
