//! Every test that needs the real programs, in one binary.
#![allow(unreachable_pub, reason = "one binary: nothing is reachable from outside")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod audit;
mod backup;
mod boundary;
mod busy;
mod caldav;
mod call;
mod command;
mod compartment;
mod feed;
mod feed_out;
mod forget;
mod format;
mod harness;
mod journey;
mod key;
mod leak;
mod manual;
mod page;
mod relay;
mod reminder;
mod schedule;
mod sleep;
mod story;
mod torture;
mod window;
