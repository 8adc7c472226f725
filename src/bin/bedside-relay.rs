//! The blind mailbox and the patient's page.
fn main() {}
