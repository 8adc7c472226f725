//! The long-lived process that holds the keys: owner of the vault, the socket, the mailboxes, the waiting room and
//! the visits' records. It has no terminal.
//!
//! One thread, the *desk*, owns everything that can change and handles one input after another; what must be said
//! because of them is said after their entries are durable, many inputs to one commit. Around it, tasks only move
//! bytes: [`socket`] between clients and desk, [`mailbox`] between relay and desk.
//!
//! ```text
//!  clients ── socket ──┐                    ┌── replies, events ── socket
//!  relay ─── mailbox ──┼─► desk ─► vault ───┼── envelopes ──────── mailbox
//!  window ── socket ───┘   (one thread)     └── call messages ──── socket
//! ```
//!
//! Refuses to be: a place where anything is drawn, printed or played; a second way to the vault.

mod book;
mod desk;
mod dial;
mod failure;
pub mod join;
mod lock;
mod mailbox;
mod notify;
mod outbox;
mod plan;
pub mod run;
mod search;
mod sleep;
mod socket;
mod thread;
