//! `bedside passphrase`, `bedside key`: the ways into the vault.

use super::console::{Console, other};
use super::progress::Progress;
use super::{command, identity, output, secret, vault};
use crate::base::{Failure, Phi};
use crate::client::Connection;
use crate::client::agent::{CompartmentDoor, Factor, KeysBackedUp, Keyslot, KeyslotKind, Reply, Request};
use serde_json::{Value, json};
use zeroize::Zeroize;

pub(super) async fn passphrase(console: &Console, verb: command::Passphrase) -> Result<(), Failure> {
    let command::Passphrase::Change { way, new, keep, second_factor, no_second_factor } = verb;
    let (connection, _events) = console.connect().await?;
    vault::must_be_open(&connection)?;
    let factor = match &second_factor {
        Some(recipient) => Factor::Set(identity::seal_to(recipient)?),
        None if no_second_factor => Factor::Remove,
        None => Factor::Keep,
    };
    let way = secret::way(console, &connection, &way, "Present passphrase: ").await?;
    let work_factor = new.work_factor;
    let new = match keep {
        true => None,
        false => Some(secret::new_passphrase(secret::Given::of(new.new_passphrase_file, new.new_passphrase_fd))?),
    };
    connection.request(Request::PassphraseChange { way, new, factor, work_factor }).await?;
    console.show(
        || json!({"passphrase": "changed"}),
        || match &second_factor {
            None => output::line("The passphrase is changed."),
            Some(recipient) => {
                output::line(&format!("From now on the identity to {} is needed, too.", output::safe(recipient)));
                output::line(
                    "Try it now, with the recovery key at hand: 'bedside lock', then 'bedside unlock --identity FILE'.",
                );
            }
        },
    );
    Ok(())
}

pub(super) async fn run(console: &Console, verb: command::Key) -> Result<(), Failure> {
    let (connection, _events) = console.connect().await?;
    if let command::Key::List = verb {
        show(console, &list(&connection).await?);
        return Ok(());
    }
    vault::must_be_open(&connection)?;
    match verb {
        command::Key::List => {}
        command::Key::Add { recipient, name, way } => {
            let name = match name {
                Some(name) => name,
                None => free_name(&list(&connection).await?, &recipient),
            };
            let to = identity::seal_to(&recipient)?;
            let way = secret::way(console, &connection, &way, "Passphrase: ").await?;
            connection.request(Request::KeyAdd { way, name: name.clone(), to }).await?;
            console.show(
                || json!({"added": name}),
                || {
                    output::line(&format!("Added as {name}."));
                    output::line("'bedside unlock --identity FILE' opens the vault with it: try it now.");
                },
            );
        }
        command::Key::Remove { name, way } => {
            let way = secret::way(console, &connection, &way, "Passphrase: ").await?;
            connection.request(Request::KeyRemove { way, name: name.clone() }).await?;
            console.show(
                || json!({"removed": name}),
                || {
                    output::line("Removed. Older copies of the vault folder still open with it.");
                    output::line("If somebody else may have it, run 'bedside key rotate', too.");
                },
            );
        }
        command::Key::Rotate { way, work_factor } => {
            let way = secret::way(console, &connection, &way, "Passphrase: ").await?;
            let bar = Progress::of("Making the index anew");
            let request = Request::KeyRotate { way, work_factor };
            let reply = connection.request_with_progress(request, |done, total| bar.tell(done, total)).await;
            drop(bar);
            reply?;
            console.show(
                || json!({"rotated": true}),
                || {
                    output::line("The vault has a new key; every way in opens it as before.");
                    output::line("Take a backup now: 'bedside backup create'.");
                },
            );
        }
        command::Key::Recovery { way } => {
            let way = secret::way(console, &connection, &way, "Passphrase: ").await?;
            let request = Request::KeyRecovery { way };
            let Reply::RecoveryKey { recovery_key, keys } = connection.request(request).await? else {
                return Err(other());
            };
            show_recovery(console, recovery_key, "The old recovery key opens this vault no more.");
            if let KeysBackedUp::Behind { folder, why, .. } = keys {
                output::say(&format!(
                    "The keys' backup in {} still needs the old recovery key ({why}): keep that until you have run \
                     'bedside backup create' with that disk there.",
                    output::safe(&folder)
                ));
            }
            tell_closed(&connection).await?;
        }
    }
    Ok(())
}

/// A new recovery key, this once.
pub(super) fn show_recovery(console: &Console, mut key: Phi<String>, first: &str) {
    console.show(
        || json!({"recovery_key": key.expose()}),
        || {
            output::line(first);
            vault::show_recovery(key.expose());
        },
    );
    key.expose_mut().zeroize();
}

/// A compartment that is closed cannot be sealed to the new recovery key: until it was open once, the old one is all
/// there is when its passphrase is forgotten.
async fn tell_closed(connection: &Connection) -> Result<(), Failure> {
    let Reply::Compartments(all) = connection.request(Request::CompartmentList).await? else { return Err(other()) };
    for closed in all.iter().filter(|state| state.door == CompartmentDoor::Closed) {
        let name = closed.compartment.as_str();
        output::say(&format!(
            "The compartment {name} is closed and knows only the old recovery key: keep that until you have run \
             'bedside compartment open {name}' once."
        ));
    }
    Ok(())
}

/// The ways in.
pub(super) async fn list(connection: &Connection) -> Result<Vec<Keyslot>, Failure> {
    let Reply::Keyslots(slots) = connection.request(Request::KeyList).await? else { return Err(other()) };
    Ok(slots)
}

/// A name that is not taken: the plugin's, or `key`, with a number if need be.
fn free_name(slots: &[Keyslot], recipient: &str) -> String {
    let plugin = identity::plugin_of(recipient).unwrap_or_else(|| "key".to_owned());
    let base: String = plugin.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    let numbered = (2..).map(|number| format!("{base}-{number}"));
    std::iter::once(base.clone())
        .chain(numbered)
        .find(|name| slots.iter().all(|slot| slot.name != *name))
        .expect("there are more numbers than keyslots")
}

fn show(console: &Console, slots: &[Keyslot]) {
    console.list(slots, as_json, || {
        let row = |slot: &Keyslot| {
            [
                output::safe(&slot.name),
                word(slot.kind).to_owned(),
                slot.added.map_or("–".to_owned(), output::local),
                sealed_to(slot).map_or(String::new(), output::safe),
            ]
        };
        output::table(["name", "asks for", "added", "sealed to"], slots.iter().map(row), "No keyslots.");
    });
}

fn word(kind: KeyslotKind) -> &'static str {
    match kind {
        KeyslotKind::Passphrase => "passphrase",
        KeyslotKind::SecondFactor => "identity, then passphrase",
        KeyslotKind::Recovery => "recovery key",
        KeyslotKind::Identity => "identity",
    }
}

/// The recipient a person knows it by.
fn sealed_to(slot: &Keyslot) -> Option<&str> {
    slot.holder.as_ref().map(|holder| holder.recipient.as_str()).or(slot.recipient.as_deref())
}

fn as_json(slot: &Keyslot) -> Value {
    json!({
        "name": slot.name, "kind": slot.kind, "added": slot.added.map(output::moment), "recipient": sealed_to(slot),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_is_the_plugins_unless_it_is_taken() {
        let slot = |name: &str| Keyslot {
            name: name.to_owned(),
            kind: KeyslotKind::Identity,
            added: None,
            recipient: None,
            holder: None,
        };
        assert_eq!(free_name(&[], "age1qqq"), "key");
        assert_eq!(free_name(&[slot("key"), slot("key-2")], "age1qqq"), "key-3");
    }
}
