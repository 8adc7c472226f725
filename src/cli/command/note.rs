//! What is written: notes and messages.

use super::compartment::compartment;
use super::{CompartmentWay, Text};
use crate::record::{Compartment, NoteKind};
use clap::{Args, Subcommand, ValueHint};
use std::path::PathBuf;

/// `bedside note`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Note {
    /// Begin a note; without --text-file it opens $EDITOR on the template
    New {
        /// Whose chart
        patient: String,
        /// Its form: soap, dap, birp, intake, plain [default: soap; in a compartment plain]
        #[arg(long, value_parser = note_kind)]
        kind: Option<NoteKind>,
        /// Apart from the main record, in this open compartment: psychotherapy, sud
        #[arg(long, value_name = "NAME", value_parser = compartment)]
        compartment: Option<Compartment>,
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
        /// Those of this open compartment, which no other list shows: psychotherapy, sud
        #[arg(long, value_name = "NAME", value_parser = compartment)]
        compartment: Option<Compartment>,
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
        /// Among those of this open compartment, which no other search finds: psychotherapy, sud
        #[arg(long, value_name = "NAME", value_parser = compartment)]
        compartment: Option<Compartment>,
    },
    /// One patient's notes of an open compartment, as Markdown; asks for its passphrase again
    ///
    /// It is an event of the audit log. SUD counseling notes, and everything of a Part 2 programme, carry the statement
    /// of 42 CFR 2.32 at their top; the copy of the consent that goes with them is yours to add. What is written is not
    /// sealed: 'bedside note export … | age --recipient age1… > notes.age' keeps it from the disk.
    Export(NoteExport),
    /// The forms a note can have
    Templates,
}

// `bedside note export`.
#[derive(Debug, Args)]
pub(crate) struct NoteExport {
    /// Whose
    pub(crate) patient: String,
    /// The file to write, or - for standard output
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: Option<PathBuf>,
    /// Of this open compartment: psychotherapy, sud
    #[arg(long, value_name = "NAME", value_parser = compartment)]
    pub(crate) compartment: Compartment,
    /// Write over the file
    #[arg(long)]
    pub(crate) force: bool,
    /// What opens the compartment, again.
    #[command(flatten)]
    pub(crate) way: CompartmentWay,
}

fn note_kind(text: &str) -> Result<NoteKind, String> {
    NoteKind::ALL
        .into_iter()
        .find(|kind| kind.as_str() == text)
        .ok_or_else(|| "one of soap, dap, birp, intake, plain".to_owned())
}

/// `bedside message`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Message {
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
