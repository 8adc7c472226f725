//! What a person is told when something does not work: one sentence, what to do next, and an exit code.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What sort of failure this is; it decides the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Refused, or not found. Exit code 1.
    Refused,
    /// The call's words are off. Exit code 2.
    Usage,
    /// The vault is locked, or the passphrase is wrong. Exit code 3.
    Locked,
    /// The other side or the network. Exit code 4.
    Network,
    /// Data is damaged. Exit code 5.
    Damaged,
    /// A bug in bedside. Exit code 70 (sysexits.h EX_SOFTWARE).
    Bug,
}

impl Kind {
    /// The program's exit code.
    pub const fn exit_code(self) -> u8 {
        match self {
            Kind::Refused => 1,
            Kind::Usage => 2,
            Kind::Locked => 3,
            Kind::Network => 4,
            Kind::Damaged => 5,
            Kind::Bug => 70,
        }
    }
}

/// A failure as it is shown: `message` says what is wrong, `hint` what to do.
///
/// Neither holds the content of a record; both may hold identifiers, counts and what the user typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub struct Failure {
    /// Decides the exit code.
    pub kind: Kind,
    /// One sentence without a full stop.
    pub message: String,
    /// What to do next.
    pub hint: Option<String>,
}

impl Failure {
    /// A failure without a hint.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: None }
    }

    /// The same failure with what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
