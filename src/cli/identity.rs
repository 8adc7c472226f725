//! Identities and recipients of age: key files, and plugins, which are run here as `age` itself runs them.
//!
//! A plugin is a program of somebody else that may ask for a PIN or a touch, and may hang. So it runs in the client,
//! which has the terminal, and never in the agent. It is given the keyslot's own identity to hold, never the vault key.

use super::output;
use super::vault::ask;
use crate::base::{Failure, Kind, Phi};
use crate::client::agent::{Holder, Keyslot, KeyslotKind, SealTo};
use age::plugin::{self, IdentityPluginV1, RecipientPluginV1};
use age::secrecy::{ExposeSecret, SecretString};
use age::{Callbacks, Decryptor, Encryptor, x25519};
use serde_bytes::ByteBuf;
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use zeroize::Zeroizing;

/// Bytes of a key file at most.
const FILE_MAX_BYTES: u64 = 64 << 10;
/// What every X25519 identity begins with.
const NATIVE: &str = "AGE-SECRET-KEY-1";

/// What a key file opens.
pub(super) enum Opens {
    /// A keyslot.
    Slot(Phi<String>),
    /// The outer half of one; the passphrase opens the inner one.
    SecondFactor(Phi<String>),
}

/// Finds the keyslot that an identity of this file opens, and asks its plugin for the keyslot's own identity.
pub(super) fn open(file: &Path, slots: &[Keyslot]) -> Result<Opens, Failure> {
    let text = read(file)?;
    let mut refused = None;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let found = if line.to_ascii_uppercase().starts_with(NATIVE) {
            native(line, slots)
        } else {
            let identity: plugin::Identity = line.parse().map_err(|_| not_an_identity())?;
            held(&identity, slots)
        };
        match found {
            Ok(Some(opens)) => return Ok(opens),
            Ok(None) => {}
            Err(failure) => refused = Some(failure),
        }
    }
    Err(refused.unwrap_or_else(|| {
        Failure::new(Kind::Locked, "no identity in this file opens a keyslot of this vault")
            .hint("'bedside key list' says whom they are sealed to")
    }))
}

fn read(file: &Path) -> Result<Zeroizing<String>, Failure> {
    let mut text = Zeroizing::new(String::new());
    let read = File::open(file).and_then(|file| file.take(FILE_MAX_BYTES).read_to_string(&mut text));
    read.map_err(|error| Failure::new(Kind::Usage, format!("the key file cannot be read ({})", error.kind())))?;
    Ok(text)
}

fn not_an_identity() -> Failure {
    Failure::new(Kind::Usage, "the key file holds something that is no age identity").hint(
        "a line begins with AGE-SECRET-KEY-1 or AGE-PLUGIN-; a protected key file is to be opened with 'age' first",
    )
}

/// What an identity that stands in the file itself opens.
fn native(line: &str, slots: &[Keyslot]) -> Result<Option<Opens>, Failure> {
    let identity: x25519::Identity = line.parse().map_err(|_| not_an_identity())?;
    let public = identity.to_public().to_string();
    let sealed_to = |slot: &&Keyslot| slot.recipient.as_deref() == Some(public.as_str());
    Ok(slots.iter().find(sealed_to).map(|slot| opens(slot, Phi::from(line))))
}

fn opens(slot: &Keyslot, identity: Phi<String>) -> Opens {
    if slot.kind == KeyslotKind::SecondFactor { Opens::SecondFactor(identity) } else { Opens::Slot(identity) }
}

/// What a plugin's identity opens: the plugin is asked for each keyslot it holds.
fn held(identity: &plugin::Identity, slots: &[Keyslot]) -> Result<Option<Opens>, Failure> {
    let name = identity.plugin();
    let mut refused = None;
    for slot in slots {
        let Some(holder) = &slot.holder else { continue };
        if !holder.recipient.parse().is_ok_and(|recipient: plugin::Recipient| recipient.plugin() == name) {
            continue;
        }
        let plugin = IdentityPluginV1::new(name, std::slice::from_ref(identity), begin()?).map_err(missing(name))?;
        let mut own = Zeroizing::new(String::new());
        let opened = Decryptor::new(holder.key.as_slice())
            .and_then(|file| file.decrypt(std::iter::once(&plugin as &dyn age::Identity)))
            .map(|mut reader| reader.read_to_string(&mut own));
        match opened {
            Ok(Ok(_)) => return Ok(Some(opens(slot, Phi::from(own.trim())))),
            Err(age::DecryptError::NoMatchingKeys) => {}
            _ => refused = Some(did_not(name)),
        }
    }
    refused.map_or(Ok(None), Err)
}

/// To whom a keyslot for this recipient is sealed. For a plugin's recipient that is a new identity, which the plugin's
/// recipient gets to hold.
pub(super) fn seal_to(recipient: &str) -> Result<SealTo, Failure> {
    if recipient.parse::<x25519::Recipient>().is_ok() {
        return Ok(SealTo { recipient: recipient.to_owned(), holder: None });
    }
    let holder: plugin::Recipient = recipient.parse().map_err(|_| {
        Failure::new(Kind::Usage, "this is no age recipient")
            .hint("it begins with age1, and is shown where its key was made")
    })?;
    let name = holder.plugin();
    let plugin = RecipientPluginV1::new(name, std::slice::from_ref(&holder), &[], begin()?).map_err(missing(name))?;
    let own = x25519::Identity::generate();
    let text = own.to_string();
    let mut key = Vec::new();
    let sealed = Encryptor::with_recipients(std::iter::once(&plugin as &dyn age::Recipient))
        .map_err(|_| did_not(name))?
        .wrap_output(&mut key)
        .and_then(|mut file| {
            file.write_all(text.expose_secret().as_bytes())?;
            file.write_all(b"\n")?;
            file.finish()
        });
    sealed.map_err(|_| did_not(name))?;
    let holder = Holder { recipient: recipient.to_owned(), key: ByteBuf::from(key) };
    Ok(SealTo { recipient: own.to_public().to_string(), holder: Some(holder) })
}

/// The name of the plugin that a recipient belongs to.
pub(super) fn plugin_of(recipient: &str) -> Option<String> {
    recipient.parse::<plugin::Recipient>().ok().map(|recipient| recipient.plugin().to_owned())
}

fn missing<E>(name: &str) -> impl FnOnce(E) -> Failure {
    let program = format!("age-plugin-{name}");
    move |_| {
        Failure::new(Kind::Refused, format!("the program '{program}' is not installed"))
            .hint("install it where PATH finds it: it is what talks to the key")
    }
}

fn did_not(name: &str) -> Failure {
    Failure::new(Kind::Refused, format!("'age-plugin-{name}' did not do it"))
        .hint("look at what it said, and try again")
}

/// Before a plugin is run. With AGEDEBUG its whole talk, keys and all, would be written to a file.
fn begin() -> Result<Terminal, Failure> {
    match std::env::var_os("AGEDEBUG") {
        Some(_) => Err(Failure::new(Kind::Usage, "AGEDEBUG would write the key to a file").hint("unset it")),
        None => Ok(Terminal),
    }
}

/// What a plugin says and asks goes to the person at the terminal.
#[derive(Clone)]
struct Terminal;

impl Callbacks for Terminal {
    fn display_message(&self, message: &str) {
        output::say(&output::safe(message));
    }

    fn confirm(&self, message: &str, yes: &str, no: Option<&str>) -> Option<bool> {
        let answers = match no {
            Some(no) => format!("y: {}, n: {}", output::safe(yes), output::safe(no)),
            None => format!("y: {}", output::safe(yes)),
        };
        let answer = ask(&format!("{} [{answers}] ", output::safe(message))).ok()?;
        Some(matches!(answer.to_lowercase().as_str(), "y" | "yes"))
    }

    fn request_public_string(&self, description: &str) -> Option<String> {
        ask(&format!("{}: ", output::safe(description))).ok()
    }

    fn request_passphrase(&self, description: &str) -> Option<SecretString> {
        let secret = super::secret::ask(&format!("{}: ", output::safe(description))).ok()?;
        Some(SecretString::from(secret.into_inner()))
    }
}
