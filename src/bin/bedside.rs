//! The console: the TUI, every command, and the agent.

use std::process::ExitCode;

fn main() -> ExitCode {
    bedside::cli::main()
}
