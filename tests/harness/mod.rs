//! What the tests drive the real programs with.
#![allow(dead_code, reason = "every test uses a part of it")]

pub mod chromium;
pub mod display;
pub mod guard;
pub mod pulse;
pub mod switchboard;
pub mod tap;
pub mod terminal;
pub mod wave;
pub mod wrongclock;
