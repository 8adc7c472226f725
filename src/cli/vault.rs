//! `init`, `unlock`, `lock`, `status`.

use super::command;
use super::console::{Console, other};
use super::progress::Progress;
use super::{key, output, secret};
use crate::base::{Failure, Kind, Phi};
use crate::client::Connection;
use crate::client::agent::{RelayState, Reply, Request, VaultState};
use crate::record::{AddressPolicy, Practice};
use qrcode::QrCode;
use qrcode::render::unicode;
use serde_json::json;
use std::io::{BufRead, IsTerminal, Write};

pub(super) async fn init(console: &Console, args: command::Init) -> Result<(), Failure> {
    let status = console.connect().await?.0.status().clone();
    if status.vault != VaultState::Missing {
        return Err(
            Failure::new(Kind::Refused, "there is a vault here already").hint("choose another folder with --vault")
        );
    }
    let clinician = match args.clinician {
        Some(name) => name,
        None => ask("The name your patients see (such as Dr. Okafor): ")?,
    };
    let addresses = match args.addresses {
        Some(addresses) => addresses.into(),
        None => ask_addresses()?,
    };
    let relay_token = args.relay_token_file.as_deref().map(secret::from_file).transpose()?;
    let practice = Practice {
        clinician: Phi::new(clinician),
        phone: args.phone.map(Phi::new),
        emergency: args.emergency.map(Phi::new),
        relay: args.relay.map(Phi::new),
        relay_token,
        addresses,
        zone: args.zone.or_else(own_zone).unwrap_or_else(|| "UTC".to_owned()),
        lock_after_min: 10,
        invite_hours: 14 * 24,
        retention_years: 10,
        part2: false,
        hours: Vec::new(),
        remind_me_min: Some(Practice::REMIND_ME_MIN),
        remind_patient_min: Practice::REMIND_PATIENT_MIN.to_vec(),
    };
    let passphrase = secret::new_passphrase(secret::Given::with(console))?;
    let request = Request::Init { passphrase, practice: Box::new(practice), work_factor: args.work_factor };
    let Reply::Initialized { recovery_key } = console.ask(request).await? else { return Err(other()) };
    key::show_recovery(console, recovery_key, "The vault is made and open.");
    Ok(())
}

/// The recovery key, once: text and, for a terminal, a QR code.
pub(super) fn show_recovery(key: &str) {
    output::line("");
    output::line("Recovery key (shown this once; without it a forgotten passphrase means losing everything):");
    output::line("");
    output::line(&format!("  {key}"));
    output::line("");
    if output::to_terminal()
        && let Ok(code) = QrCode::new(key)
    {
        output::line(&code.render::<unicode::Dense1x2>().build());
        output::line("");
    }
    output::line("Write it down or print it, keep it away from this machine, and clear this screen.");
}

/// The question about addresses, in plain words.
fn ask_addresses() -> Result<AddressPolicy, Failure> {
    output::say("");
    output::say("In a video visit, sound and picture can go straight from your machine to the patient's browser.");
    output::say("Then each side could find out the other's network address, which shows roughly where it is.");
    output::say("If you work from home you may not want that; a relay hides it and adds a little delay.");
    output::say("(Relayed calls are not offered yet: with 'relay', calls are refused until they are.)");
    match ask("Let calls go direct? [Y/n] ")?.trim().to_lowercase().as_str() {
        "" | "y" | "yes" => Ok(AddressPolicy::Direct),
        "n" | "no" => Ok(AddressPolicy::Relay),
        _ => Err(Failure::new(Kind::Usage, "that is neither yes nor no").hint("run 'bedside init' again")),
    }
}

/// A question at the terminal. No answer at all is not the default answer.
pub(super) fn ask(prompt: &str) -> Result<String, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::new(Kind::Usage, "there is no terminal to ask at")
            .hint("give --clinician NAME, --addresses direct and --passphrase-file FILE"));
    }
    let mut out = std::io::stderr().lock();
    let asked = write!(out, "{prompt}").and_then(|()| out.flush());
    let mut answer = String::new();
    let read = asked.and_then(|()| std::io::stdin().lock().read_line(&mut answer));
    if !read.is_ok_and(|bytes| bytes > 0) {
        return Err(Failure::new(Kind::Usage, "nothing was answered"));
    }
    Ok(answer.trim().to_owned())
}

fn own_zone() -> Option<String> {
    jiff::tz::TimeZone::system().iana_name().map(str::to_owned)
}

pub(super) async fn unlock(console: &Console, args: &command::Unlock) -> Result<(), Failure> {
    let (connection, _events) = console.connect().await?;
    match connection.status().vault {
        VaultState::Missing => return Err(missing()),
        VaultState::Open => {
            console.show(|| json!({"vault": "open", "drained": 0}), || output::line("The vault is open already."));
            return Ok(());
        }
        VaultState::Locked => {}
    }
    let (drained, notice) = try_secret(console, &connection, &args.way).await?;
    console.show(
        || json!({"vault": "open", "drained": drained, "notice": notice}),
        || {
            output::line("The vault is open.");
            if drained > 0 {
                output::line(&format!("What arrived while it was locked is in place: {drained}."));
            }
            if let Some(notice) = &notice {
                output::line(&format!("Note: {notice}."));
            }
        },
    );
    Ok(())
}

/// Refuses before anything is asked for when there is no open vault.
pub(super) fn must_be_open(connection: &Connection) -> Result<(), Failure> {
    match connection.status().vault {
        VaultState::Open => Ok(()),
        VaultState::Locked => Err(Failure::new(Kind::Locked, "vault is locked").hint("run 'bedside unlock'")),
        VaultState::Missing => Err(missing()),
    }
}

fn missing() -> Failure {
    Failure::new(Kind::Refused, "there is no vault here").hint("run 'bedside init' to make one")
}

/// Opens the vault on the way to something else: nothing is said when it works.
pub(super) async fn open(console: &Console) -> Result<(), Failure> {
    let (connection, _events) = console.connect().await?;
    if connection.status().vault == VaultState::Locked {
        try_secret(console, &connection, &command::Way::default()).await?;
    }
    Ok(())
}

/// Asks for the secret and tries it: how much was taken in, and what there is to say about it.
async fn try_secret(
    console: &Console,
    connection: &Connection,
    way: &command::Way,
) -> Result<(u64, Option<String>), Failure> {
    let way = secret::way(console, connection, way, "Passphrase: ").await?;
    let bar = Progress::of("Reading the journal");
    let request = Request::Unlock { way };
    let reply = connection.request_with_progress(request, |done, total| bar.tell(done, total)).await;
    drop(bar);
    let Reply::Unlocked { drained, notice } = reply? else { return Err(other()) };
    Ok((drained, notice))
}

pub(super) async fn lock(console: &Console) -> Result<(), Failure> {
    console.ask(Request::Lock).await?;
    console.show(|| json!({"vault": "locked"}), || output::line("The vault is locked."));
    Ok(())
}

pub(super) async fn status(console: &Console) -> Result<(), Failure> {
    let Reply::Status(status) = console.ask(Request::Status).await? else { return Err(other()) };
    let relay = match status.relay {
        RelayState::None => "none named".to_owned(),
        RelayState::Down => "not reached".to_owned(),
        RelayState::Up { round_trip_ms } => format!("connected, {round_trip_ms} ms"),
        RelayState::Refused => "refuses us: wrong token, or another agent reads our mailboxes".to_owned(),
    };
    console.show(
        || {
            json!({
                "version": status.version,
                "pid": status.pid,
                "vault": status.vault,
                "locks_in_s": status.locks_in_s,
                "relay": status.relay,
                "waiting": status.waiting,
                "spooled": status.spooled,
                "damage": status.damage.as_ref().map(|damage| &damage.message),
                "visit": status.visit.as_ref().map(|live| json!({
                    "id": live.visit, "patient": live.patient, "phase": live.phase, "words": live.words,
                    "compared": live.compared, "path": live.path, "microphone": live.microphone,
                    "camera": live.camera, "peer_microphone": live.peer_microphone,
                    "peer_camera": live.peer_camera, "quality": live.quality, "trouble": live.trouble,
                    "admitted": output::moment(live.admitted), "connected": live.connected.map(output::moment),
                })),
            })
        },
        || {
            let vault = match status.vault {
                VaultState::Missing => "none here; 'bedside init' makes one".to_owned(),
                VaultState::Locked if status.spooled > 0 => {
                    format!("locked, {} things arrived meanwhile", status.spooled)
                }
                VaultState::Locked => "locked".to_owned(),
                VaultState::Open => {
                    status.locks_in_s.map_or("open".to_owned(), |s| format!("open, locks in {} min", s.div_ceil(60)))
                }
            };
            output::line(&format!("vault    {vault}"));
            if let Some(damage) = &status.damage {
                output::line(&format!("DAMAGED  {}", damage.message));
                output::line(&format!("         {}", damage.hint.as_deref().unwrap_or_default()));
            }
            output::line(&format!("relay    {relay}"));
            output::line(&format!("waiting  {}", status.waiting));
            output::line(&format!("visit    {}", if status.visit.is_some() { "running" } else { "none" }));
        },
    );
    Ok(())
}
