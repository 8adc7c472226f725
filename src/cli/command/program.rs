//! The programs behind the commands: the agent, the demo, what is generated.

use clap::{Args, Subcommand};
use std::path::PathBuf;

// `bedside demo`.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Leave the console closed; Ctrl-C ends the demo
    #[arg(long)]
    pub(crate) no_console: bool,
}

// `bedside agent`.
#[derive(Debug, Args)]
pub(crate) struct Agent {
    /// End the agent that runs
    #[arg(long)]
    pub(crate) stop: bool,
    /// Leave the terminal's session
    #[arg(long, hide = true)]
    pub(crate) background: bool,
    /// Descriptors handed over by an agent that locked itself
    #[arg(long, hide = true, value_name = "SOCKET,MEMORY")]
    pub(crate) resume: Option<String>,
}

// `bedside generate`.
#[derive(Debug, Args)]
pub(crate) struct Generate {
    /// What
    #[command(subcommand)]
    pub(crate) what: Generated,
}

/// What can be generated.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Generated {
    /// Man pages
    Man {
        /// Into this folder
        folder: PathBuf,
    },
    /// Completions for bash, zsh and fish
    Completions {
        /// Into this folder
        folder: PathBuf,
    },
}
