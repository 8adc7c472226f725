//! The relay: moves sealed bytes between two sockets, and serves the patient's page.
//!
//! Refuses to be: an archive (memory only; what is acknowledged or too old is gone, and a restart forgets all), a
//! reader (it has no key to anything it carries), an account (only the operator's token makes queues), a witness
//! (its log holds counts, durations and the names of refusals: no address, no queue, no byte of a body).
//!
//! Data enters at [`socket`] (one WebSocket's requests) and leaves there (answers and deliveries) and at [`page`]
//! (the page's files). Between them stands [`mailbox`], pure state that is told the time.
//!
//! - [`command`]: the command line; [`limit`]: every limit
//! - [`mailbox`], [`queue`], [`token`]: who may put what where
//! - [`server`]: one process; [`door`] and [`address`]: who gets in and how fast; [`tls`]: certificate files
//! - [`check`]: whether a relay is reachable and right, as an operator asks; [`reach`]: how it gets there

pub mod address;
pub mod check;
pub mod command;
pub mod door;
pub mod limit;
pub mod mailbox;
pub mod page;
pub mod queue;
pub mod reach;
pub mod server;
pub mod socket;
pub mod tls;
pub mod token;

use crate::base::{Failure, Kind};
use std::{io, net::SocketAddr, path::PathBuf, process::ExitCode};

/// What can go wrong with a relay.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read.
    #[error("{} cannot be read: {error}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A token file without a token, or with a line that is none.
    #[error("{}", if *line == 0 { format!("{} holds no token", path.display()) }
                  else { format!("{}: line {line} is not a token", path.display()) })]
    TokenLine {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1; 0 when no line is a token.
        line: usize,
    },
    /// `serve` was not told who may make queues.
    #[error("no token file is given: nobody could make a mailbox here")]
    NoTokens,
    /// Plain HTTP would leave this machine.
    #[error("plain HTTP is served on a loopback address only, and {0} is none")]
    PlainBeyondLoopback(SocketAddr),
    /// The certificate or its key is not good.
    #[error("{}: {reason}", path.display())]
    Certificate {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The address cannot be listened on, or the listener broke.
    #[error("cannot listen on {listen}: {error}")]
    Listen {
        /// The address.
        listen: SocketAddr,
        /// Why.
        error: io::Error,
    },
    /// The machine refuses threads or signals.
    #[error("the system refuses: {0}")]
    System(#[from] io::Error),
    /// What `check` was given is no relay's address.
    #[error("{0}")]
    Url(&'static str),
}

impl Error {
    /// As a person is told.
    pub fn failure(&self) -> Failure {
        let told = |kind, hint: &str| Failure::new(kind, self.to_string()).hint(hint);
        match self {
            Error::Read { .. } => told(Kind::Usage, "check the path and that this user may read it"),
            Error::TokenLine { .. } => {
                told(Kind::Usage, "'bedside-relay token' makes a token; one stands on each line")
            }
            Error::NoTokens => told(
                Kind::Usage,
                "'bedside-relay token > FILE' makes one; then give --token-file FILE or set BEDSIDE_RELAY_TOKEN_FILE",
            ),
            Error::PlainBeyondLoopback(_) => told(
                Kind::Usage,
                "give --cert FILE and --key FILE, or listen on 127.0.0.1 behind a proxy that does TLS",
            ),
            Error::Certificate { .. } => told(Kind::Usage, "both files are PEM: the chain, leaf first, and its key"),
            Error::Listen { .. } => told(Kind::Refused, "is another program there, or the port below 1024?"),
            Error::System(_) => told(Kind::Refused, "see the limits of this machine (ulimit -a)"),
            Error::Url(_) => told(Kind::Usage, "for example: bedside-relay check https://relay.example"),
        }
    }
}

/// The program: reads the command line and does what it says.
pub fn run(arguments: impl IntoIterator<Item = std::ffi::OsString>) -> ExitCode {
    let outcome = match command::parse(arguments) {
        Ok(command) => command.run(),
        Err(exit) => return exit,
    };
    outcome.unwrap_or_else(|error| {
        command::complain(&error.failure());
        ExitCode::from(error.failure().kind.exit_code())
    })
}
