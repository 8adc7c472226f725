//! Passphrases and keys: from the terminal, a file or a descriptor; never from an argument or a variable's value.

use super::console::Console;
use crate::base::{Failure, Kind, Phi};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::os::fd::{FromRawFd, OwnedFd};
use std::path::Path;

/// Bytes of a secret at most.
const SECRET_MAX_BYTES: u64 = 4096;

/// The passphrase, asked for as `prompt` when neither a file nor a descriptor is given.
pub(super) fn passphrase(console: &Console, prompt: &str) -> Result<Phi<String>, Failure> {
    if let Some(given) = given(console)? {
        return Ok(given);
    }
    ask(prompt)
}

/// A new passphrase, asked for twice.
pub(super) fn new_passphrase(console: &Console) -> Result<Phi<String>, Failure> {
    if let Some(given) = given(console)? {
        return Ok(given);
    }
    let first = ask("New passphrase (15 characters or more): ")?;
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

fn given(console: &Console) -> Result<Option<Phi<String>>, Failure> {
    if let Some(path) = &console.options.passphrase_file {
        return from_file(path).map(Some);
    }
    let Some(number) = console.options.passphrase_fd else { return Ok(None) };
    if number < 0 {
        return Err(Failure::new(Kind::Usage, "that is no descriptor"));
    }
    // SAFETY: the user says that this descriptor was opened for this purpose; nothing else in this process has it, as
    // it is inherited, and it is claimed here once.
    #[expect(unsafe_code, reason = "an inherited descriptor has no owner until somebody claims it")]
    let descriptor = unsafe { OwnedFd::from_raw_fd(number) };
    first_line(File::from(descriptor)).map(Some)
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
