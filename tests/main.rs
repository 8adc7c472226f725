//! Every test that needs the real programs, in one binary.

mod boundary;
mod relay;
