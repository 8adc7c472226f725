//! The waiting room, calls and visits.

use super::Text;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// How calls are given their devices: options that are hidden elsewhere.
const DEVICES: &str = "Devices are chosen by name: --camera NAME, --microphone NAME, --speaker NAME. 'none' goes \
    without one, 'test-card' and 'tone' stand in for camera and microphone. \
    'bedside-call --help' says more.";

/// `bedside room`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Room {
    /// Who waits, and since when
    List,
    /// A word to who waits: "about 5 minutes"
    Tell {
        /// To whom
        patient: String,
        /// Minutes
        #[arg(long)]
        minutes: Option<u16>,
        /// The words
        #[command(flatten)]
        text: Text,
    },
    /// Admit a patient: the same as 'bedside call'
    Admit {
        /// Whom
        patient: String,
    },
    /// Not now
    Decline {
        /// Whom
        patient: String,
        /// The words
        #[command(flatten)]
        text: Text,
    },
}

// `bedside call`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, after_help = DEVICES)]
pub(crate) struct Call {
    /// Be the other end of a link, in memory only
    #[command(subcommand)]
    pub(crate) join: Option<Join>,
    /// Whom
    #[arg(required = true)]
    pub(crate) patient: Option<String>,
    /// Refuse instead of waiting when the patient is not in the waiting room
    #[arg(long)]
    pub(crate) no_wait: bool,
}

// `bedside call join`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Join {
    /// Be the patient of a link: pair, answer messages, knock, and be called
    Join {
        /// The file with the link, or - for standard input; a link on the command line could be seen by others
        #[arg(long, value_name = "FILE", default_value = "-")]
        link_file: PathBuf,
        /// Knock at once
        #[arg(long)]
        knock: bool,
        /// Answer every message
        #[arg(long)]
        answer: bool,
    },
}

/// `bedside visit`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Visit {
    /// Visits, newest first
    List {
        /// Only of this patient
        patient: Option<String>,
    },
    /// One visit; without an id the newest
    Show {
        /// Its id
        id: Option<String>,
    },
    /// Say that the words of the running visit are the same, or not
    Compare {
        /// They are the same
        #[arg(long, conflicts_with = "different", required_unless_present = "different")]
        same: bool,
        /// They differ: ends the visit
        #[arg(long)]
        different: bool,
    },
    /// End the running visit
    End,
    /// The microphone of the running visit
    Microphone {
        /// on or off
        #[arg(value_name = "ON|OFF", value_parser = on_off, action = clap::ArgAction::Set)]
        on: bool,
    },
    /// The camera of the running visit
    Camera {
        /// on or off
        #[arg(value_name = "ON|OFF", value_parser = on_off, action = clap::ArgAction::Set)]
        on: bool,
    },
}

fn on_off(text: &str) -> Result<bool, String> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("on or off".to_owned()),
    }
}
