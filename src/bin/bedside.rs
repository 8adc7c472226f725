//! The console: the TUI, every command, and the agent.
fn main() {}
