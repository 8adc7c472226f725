//! What is written: notes and messages.

use super::Text;
use crate::record::NoteKind;
use clap::Subcommand;

/// `bedside note`.
#[derive(Debug, Subcommand)]
pub enum Note {
    /// Begin a note; without --text-file it opens $EDITOR on the template
    New {
        /// Whose chart
        patient: String,
        /// Its form: soap, dap, birp, intake, plain
        #[arg(long, default_value = "soap", value_parser = note_kind)]
        kind: NoteKind,
        /// The visit it is about [default: today's, if it has no note yet]
        #[arg(long)]
        visit: Option<String>,
        /// The text
        #[command(flatten)]
        text: Text,
    },
    /// Notes, newest first
    List {
        /// Only of this patient
        patient: Option<String>,
        /// Only unsigned ones
        #[arg(long)]
        unsigned: bool,
    },
    /// One note
    Show {
        /// Its id
        id: String,
    },
    /// Replace a draft's text; without --text-file it opens $EDITOR
    Edit {
        /// Its id
        id: String,
        /// The text
        #[command(flatten)]
        text: Text,
    },
    /// Sign a draft: from then on it stands
    Sign {
        /// Its id
        id: String,
    },
    /// Add to a signed note
    Addendum {
        /// Its id
        id: String,
        /// The text
        #[command(flatten)]
        text: Text,
    },
    /// Notes in which every word occurs
    Search {
        /// The words
        #[arg(required = true)]
        words: Vec<String>,
        /// Only of this patient
        #[arg(long)]
        patient: Option<String>,
    },
    /// The forms a note can have
    Templates,
}

fn note_kind(text: &str) -> Result<NoteKind, String> {
    NoteKind::ALL
        .into_iter()
        .find(|kind| kind.as_str() == text)
        .ok_or_else(|| "one of soap, dap, birp, intake, plain".to_owned())
}

/// `bedside message`.
#[derive(Debug, Subcommand)]
pub enum Message {
    /// Send a message; without --text-file it is read from standard input
    Send {
        /// To whom
        patient: String,
        /// The text
        #[command(flatten)]
        text: Text,
    },
    /// The newest messages of everybody
    List {
        /// How many
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// The thread with one patient; marks it read
    Show {
        /// With whom
        patient: String,
        /// How many
        #[arg(long, default_value_t = 200)]
        limit: u32,
        /// Leave unread what is unread
        #[arg(long)]
        keep_unread: bool,
    },
    /// Print messages as they arrive, until Ctrl-C
    Watch,
}
