//! Every test that needs the real programs, in one binary.
#![allow(unreachable_pub, reason = "one binary: nothing is reachable from outside")]

mod boundary;
mod call;
mod harness;
mod page;
mod relay;
mod window;
