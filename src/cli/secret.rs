//! Passphrases and keys: from the terminal, a file or a descriptor; never from an argument or a variable's value.

use super::console::Console;
use super::identity::{self, Opens};
use super::{command, key};
use crate::base::{Failure, Kind, Phi};
use crate::client::Connection;
use crate::client::agent::Way;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::os::fd::{FromRawFd, OwnedFd};
use std::path::{Path, PathBuf};

/// Bytes of a secret at most, and its line's end.
const SECRET_MAX_BYTES: u64 = 4096 + 2;

/// Where a secret is given, if not at the terminal.
pub(super) enum Given {
    /// At the terminal.
    Nowhere,
    /// In a file.
    File(PathBuf),
    /// On a descriptor.
    Descriptor(i32),
}

impl Given {
    /// As the two options of one secret say.
    pub(super) fn of(file: Option<PathBuf>, descriptor: Option<i32>) -> Self {
        file.map(Self::File).or(descriptor.map(Self::Descriptor)).unwrap_or(Self::Nowhere)
    }

    /// As the options of every command say.
    pub(super) fn with(console: &Console) -> Self {
        // A descriptor is named for this one command, a file perhaps for all of them.
        match console.options.passphrase_fd {
            Some(descriptor) => Self::Descriptor(descriptor),
            None => Self::of(console.options.passphrase_file.clone(), None),
        }
    }

    fn read(self) -> Result<Option<Phi<String>>, Failure> {
        match self {
            Self::Nowhere => Ok(None),
            Self::File(path) => from_file(&path).map(Some),
            Self::Descriptor(number) => from_descriptor(number).map(Some),
        }
    }
}

/// What opens the vault: the passphrase, asked for as `prompt` when it is not given, or what was named instead.
pub(super) async fn way(
    console: &Console,
    connection: &Connection,
    named: &command::Way,
    prompt: &str,
) -> Result<Way, Failure> {
    if let Some(file) = &named.identity {
        return match identity::open(file, &key::list(connection).await?)? {
            Opens::Slot(identity) => Ok(Way::Identity(identity)),
            Opens::SecondFactor(identity) => {
                passphrase(console, prompt).map(|passphrase| Way::Both { passphrase, identity })
            }
        };
    }
    if let Some(file) = &named.recovery_file {
        return from_file(file).map(Way::Recovery);
    }
    if named.recovery {
        return ask("Recovery key: ").map(Way::Recovery);
    }
    passphrase(console, prompt).map(Way::Passphrase)
}

fn passphrase(console: &Console, prompt: &str) -> Result<Phi<String>, Failure> {
    given_or_asked(Given::with(console), prompt)
}

/// A secret from where it is given, else asked for.
pub(super) fn given_or_asked(given: Given, prompt: &str) -> Result<Phi<String>, Failure> {
    match given.read()? {
        Some(given) => Ok(given),
        None => ask(prompt),
    }
}

/// A new passphrase, asked for twice.
pub(super) fn new_passphrase(given: Given) -> Result<Phi<String>, Failure> {
    if let Some(given) = given.read()? {
        return Ok(given);
    }
    let first = ask("New passphrase: ")?;
    if first != ask("The same again: ")? {
        return Err(Failure::new(Kind::Usage, "the two are not the same").hint("try again"));
    }
    Ok(first)
}

/// A secret typed at the terminal, unseen.
pub(super) fn ask(prompt: &str) -> Result<Phi<String>, Failure> {
    rpassword::prompt_password(prompt).map(Phi::new).map_err(|_| {
        Failure::new(Kind::Usage, "there is no terminal to ask for the passphrase")
            .hint("give it with --passphrase-file FILE or --passphrase-fd N")
    })
}

/// The first line of a file that holds a secret.
pub(super) fn from_file(path: &Path) -> Result<Phi<String>, Failure> {
    let file = File::open(path).map_err(|error| {
        Failure::new(Kind::Usage, format!("the file with the secret cannot be read ({})", error.kind()))
    })?;
    first_line(file)
}

fn from_descriptor(number: i32) -> Result<Phi<String>, Failure> {
    if number < 0 {
        return Err(Failure::new(Kind::Usage, "that is no descriptor"));
    }
    // SAFETY: the user says that this descriptor was opened for this purpose; nothing else in this process has it, as
    // it is inherited, and it is claimed here once.
    #[expect(unsafe_code, reason = "an inherited descriptor has no owner until somebody claims it")]
    let descriptor = unsafe { OwnedFd::from_raw_fd(number) };
    first_line(File::from(descriptor))
}

fn first_line(from: impl Read) -> Result<Phi<String>, Failure> {
    let mut line = String::new();
    BufReader::new(from.take(SECRET_MAX_BYTES))
        .read_line(&mut line)
        .map_err(|_| Failure::new(Kind::Usage, "the secret cannot be read"))?;
    line.truncate(line.trim_end_matches(['\r', '\n']).len());
    if line.is_empty() {
        return Err(Failure::new(Kind::Usage, "the secret is empty"));
    }
    Ok(Phi::new(line))
}
