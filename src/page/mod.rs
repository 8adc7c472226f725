//! The patient's page: the patient's end ([`crate::guest`]) as WebAssembly, and around it plain HTML, CSS and
//! JavaScript modules that are not compiled here.
//!
//! Refuses to be: a place for decisions. What the patient's end does is decided in `guest`, `visit` and `seal`; the
//! scripts own what only a browser can give (WebSocket, IndexedDB, camera, RTCPeerConnection, the screen) and ask
//! nobody but the relay the page came from. No framework, no third party, no markup made of strings.
//!
//! In: what happened, as [`Input`](crate::guest::Input) in JSON or bytes from the relay. Out: what is to be done, one
//! [`Output`](crate::guest::Output) at a time, and a [`View`](crate::guest::View) in JSON ([`core`]).
//!
//! ```text
//! index.html   what is readable before any script; holds first.css and gate.js
//! gate.js      can this browser do it at all? (for old browsers too)
//! main.js      which screen; the tab's lock; quick exit
//! room.js      one sitting: core ↔ store.js, mailbox.js, call.js, media.js
//! screen/      one file a screen, drawn by dom.js with the words of text.en.js
//! build.sh     → dist/, checked in; bundler/ is its tool
//! ```

pub mod core;
