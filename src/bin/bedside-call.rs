//! The call window of one visit.
fn main() {}
