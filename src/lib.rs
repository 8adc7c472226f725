//! bedside: a clinician's console for the terminal.
//!
//! The map. Each folder is one room; who may enter which is a table that a test holds.
//!
//! - [`base`]: values everyone shares; no I/O
//! - `record`: what a practice keeps
//! - [`wire`]: bytes ↔ types, the only home of protocol versions
//! - [`seal`]: keys, pairing, conversations, verification words
//! - [`visit`]: the call as a sans-IO state machine
//! - `guest`: the patient's end as a sans-IO core, for the page and for `call join`
//! - [`vault`]: the journal (the truth) and its index
//! - [`feed`]: appointments in and out
//! - `agent`: the long-lived process that holds the keys
//! - `client`: a connection to the agent
//! - `cli`: one file per noun
//! - [`tui`]: the console's screens
//! - [`call`]: the sandboxed window of one visit
//! - `relay`: the blind mailbox and its page
//! - `page`: the patient's side, as WebAssembly

pub mod base;
#[cfg(feature = "seal")]
pub mod guest;
pub mod visit;
pub mod wire;

#[cfg(feature = "seal")]
pub mod seal;

#[cfg(feature = "page")]
pub mod page;

#[cfg(feature = "console")]
pub mod agent;
#[cfg(feature = "console")]
pub mod cli;
#[cfg(feature = "console")]
pub mod client;
#[cfg(feature = "console")]
pub mod feed;
#[cfg(feature = "console")]
pub mod record;
#[cfg(feature = "console")]
pub mod tui;

#[cfg(feature = "call")]
pub mod call;

#[cfg(feature = "console")]
pub mod vault;

#[cfg(feature = "relay")]
pub mod relay;
