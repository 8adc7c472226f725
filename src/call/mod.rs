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

pub mod codec;
pub mod device;
pub mod peer;
pub mod picture;
pub mod sandbox;
