//! `bedside backup`.

use super::console::{Console, other};
use super::progress::Progress;
use super::secret::Given;
use super::{command, export, output, secret};
use crate::base::{Failure, Kind, Place, Stamp};
use crate::client::agent::{BackedUp, Compared, KeysBackedUp, Reply, Request, Restore, Restored, VaultState};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What the proposed HIPAA Security Rule of 2025 asks: critical systems restored within 72 hours.
const RESTORE_WITHIN_H: u64 = 72;

pub(super) async fn run(console: &Console, verb: command::Backup) -> Result<(), Failure> {
    match verb {
        command::Backup::Create(folders) => create(console, folders).await,
        command::Backup::Verify(folders) => verify(console, folders).await,
        command::Backup::Restore(args) => restore(console, args).await,
        command::Backup::Export(args) => export::run(console, args).await,
    }
}

async fn create(console: &Console, folders: command::BackupFolders) -> Result<(), Failure> {
    let request = Request::BackupCreate { folder: text(folders.folder)?, keys: text(folders.keyring)? };
    let progress = Progress::of("Backing up");
    let (connection, _events) = console.connect().await?;
    let reply = connection.request_with_progress(request, |done, total| progress.tell(done, total)).await;
    drop(progress);
    let Reply::BackedUp(done) = reply? else { return Err(other()) };
    console.show(|| created_json(&done), || tell_created(&done));
    match &done.keys {
        KeysBackedUp::Behind { folder, why, .. } => Err(behind(folder, why)),
        _ => Ok(()),
    }
}

fn behind(folder: &str, why: &str) -> Failure {
    Failure::new(Kind::Refused, format!("the keys' backup in {folder} is not current: {why}"))
        .hint("have that disk ready and run 'bedside backup create' again, or name another folder with --keyring")
}

fn tell_created(done: &BackedUp) {
    let seconds = seconds(done.took_ms);
    output::line(&format!("Backed up to {} in {seconds}.", output::safe(&done.folder)));
    output::line(&format!(
        "{} in {} new files; {} frames, {} in all, run {}.",
        bytes(done.bytes),
        done.parts,
        done.frames,
        bytes(done.total_bytes),
        done.runs
    ));
    output::line(&format!("Head {}", done.head));
    tell_keys(&done.keys);
}

fn tell_keys(keys: &KeysBackedUp) {
    match keys {
        KeysBackedUp::Never => {
            output::say("Warning: the patients' keys are not backed up. From this backup alone nothing that speaks of");
            output::say("a patient could be read. Name a folder for them, on another disk if you can:");
            output::say("  bedside backup create --keyring FOLDER");
        }
        KeysBackedUp::Written { folder, keys, before } => {
            output::line(&format!("{keys} keys of patients written to {}.", output::safe(folder)));
            match before {
                Some(before) if before.removed => {
                    let folder = output::safe(&before.folder);
                    output::line(&format!("Those in {folder} were removed: only the latest are kept."));
                }
                Some(before) => {
                    let folder = output::safe(&before.folder);
                    output::say(&format!("Warning: older ones may be in {folder} still, which was not there. Delete"));
                    output::say("keyring.age there: whoever is forgotten could be read with it.");
                }
                None => {}
            }
        }
        KeysBackedUp::Current { folder, at, keys } => {
            let at = output::local(*at);
            output::line(&format!("{keys} keys of patients in {} are current ({at}).", output::safe(folder)));
        }
        KeysBackedUp::Away { folder, at } => {
            let at = output::local(*at);
            output::line(&format!("Keys: none came or went since {at}; {} was not there.", output::safe(folder)));
        }
        // Said as a failure.
        KeysBackedUp::Behind { .. } => {}
    }
}

pub(super) fn keys_json(keys: &KeysBackedUp) -> Value {
    match keys {
        KeysBackedUp::Never => json!({"state": "never"}),
        KeysBackedUp::Written { folder, keys, before } => {
            let before = before.as_ref().map(|before| json!({"folder": before.folder, "removed": before.removed}));
            json!({"state": "written", "folder": folder, "keys": keys, "before": before})
        }
        KeysBackedUp::Current { folder, at, keys } => {
            json!({"state": "current", "folder": folder, "at": output::moment(*at), "keys": keys})
        }
        KeysBackedUp::Away { folder, at } => json!({"state": "away", "folder": folder, "at": output::moment(*at)}),
        KeysBackedUp::Behind { folder, at, why } => {
            json!({"state": "behind", "folder": folder, "at": output::moment(*at), "why": why})
        }
    }
}

fn created_json(done: &BackedUp) -> Value {
    json!({
        "folder": done.folder, "runs": done.runs, "parts": done.parts, "bytes": done.bytes,
        "total_bytes": done.total_bytes, "frames": done.frames, "head": done.head, "took_ms": done.took_ms,
        "keyring": keys_json(&done.keys),
    })
}

async fn verify(console: &Console, folders: command::BackupFolders) -> Result<(), Failure> {
    let request = Request::BackupVerify { folder: text(folders.folder)?, keys: text(folders.keyring)? };
    let progress = Progress::of("Comparing");
    let (connection, _events) = console.connect().await?;
    let reply = connection.request_with_progress(request, |done, total| progress.tell(done, total)).await;
    drop(progress);
    let Reply::Compared(found) = reply? else { return Err(other()) };
    console.show(|| compared_json(&found), || tell_compared(&found));
    match &found.keys {
        KeysBackedUp::Behind { folder, why, .. } => Err(behind(folder, why)),
        _ => Ok(()),
    }
}

fn tell_compared(found: &Compared) {
    let folder = output::safe(&found.folder);
    output::line(&format!(
        "The backup in {folder} was restored and compared in {}: all {} records are the same.",
        seconds(found.took_ms),
        found.records
    ));
    if found.forgotten > 0 {
        output::line(&format!(
            "{} of them are of patients who were forgotten: unreadable here and there.",
            found.forgotten
        ));
    }
    output::line(&format!(
        "It is of {} ({} old), {} in {} runs; {} frames came since.",
        output::local(found.at),
        age(found.at),
        bytes(found.bytes),
        found.runs,
        found.behind
    ));
    output::line(&format!("Head {}", found.head));
    tell_keys(&found.keys);
}

fn compared_json(found: &Compared) -> Value {
    json!({
        "folder": found.folder, "same": true, "records": found.records, "forgotten": found.forgotten,
        "at": output::moment(found.at), "age_s": now().since(found.at).as_secs(), "runs": found.runs,
        "frames": found.frames, "behind": found.behind, "bytes": found.bytes, "head": found.head,
        "took_ms": found.took_ms, "keyring": keys_json(&found.keys),
    })
}

async fn restore(console: &Console, args: command::BackupRestore) -> Result<(), Failure> {
    let place = match &args.to {
        Some(folder) => Place::new(absolute(folder)?)?,
        None => console.place.clone(),
    };
    let fresh = !place.folder().exists();
    check_empty(&place)?;
    if args.keyring.is_none() && !args.partial {
        return Err(Failure::new(Kind::Usage, "the folder with the keys' backup is missing")
            .hint("name it with --keyring; without it, --partial restores what speaks of no patient"));
    }
    let folder = text(Some(args.folder))?.unwrap_or_default();
    let keys = text(args.keyring)?;
    let recovery_key = match &args.recovery_file {
        Some(file) => secret::from_file(file)?,
        None => secret::ask("Recovery key: ")?,
    };
    let new = match (args.new.new_passphrase_file, args.new.new_passphrase_fd) {
        (None, None) => Given::with(console),
        (file, descriptor) => Given::of(file, descriptor),
    };
    let passphrase = secret::new_passphrase(new)?;
    let (work_factor, partial) = (args.new.work_factor, args.partial);
    let what = Restore { folder, keys, recovery_key, passphrase, work_factor, partial };
    let console = Console { place, json: console.json, options: console.options.clone() };
    let result = ask_to_restore(&console, what).await;
    if result.is_err() {
        leave(&console, fresh).await;
    }
    let restored = result?;
    console.show(|| restored_json(&console, &restored), || tell_restored(&console, &restored));
    Ok(())
}

async fn ask_to_restore(console: &Console, what: Restore) -> Result<Restored, Failure> {
    let (connection, _events) = console.connect().await?;
    let progress = Progress::of("Restoring");
    let request = Request::BackupRestore(Box::new(what));
    let reply = connection.request_with_progress(request, |done, total| progress.tell(done, total)).await?;
    let Reply::Restored(restored) = reply else { return Err(other()) };
    Ok(restored)
}

/// A practice's folder in which there is nothing but, at most, the socket of an agent without a vault.
fn check_empty(place: &Place) -> Result<(), Failure> {
    let occupied = match std::fs::read_dir(place.folder()) {
        Ok(entries) => entries.flatten().any(|entry| {
            // What a restoration that was cut short has left is swept away by the next.
            let scratch = entry.file_name().to_string_lossy().starts_with(".bedside-scratch-");
            entry.path() != place.socket() && !scratch
        }),
        Err(_) => place.folder().exists(),
    };
    if occupied {
        return Err(
            Failure::new(Kind::Refused, "the folder to restore to is not empty").hint("name a new one with --to")
        );
    }
    Ok(())
}

/// A restore that failed leaves nothing: the agent that was to have the vault ends, and its folder goes.
async fn leave(console: &Console, fresh: bool) {
    // What is not done here harms nobody: there is no vault.
    if let Ok(Some((connection, _events))) = crate::client::Connection::open_running(&console.place).await
        && connection.status().vault == VaultState::Missing
    {
        let _ = connection.request(Request::Stop).await;
        let deadline = std::time::Instant::now() + Duration::from_secs(5);
        while console.place.socket().exists() && std::time::Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    if fresh {
        let _ = std::fs::remove_dir(console.place.folder());
    }
}

fn tell_restored(console: &Console, restored: &Restored) {
    let folder = console.place.folder().display().to_string();
    output::line(&format!(
        "Restored to {} in {}, of the {RESTORE_WITHIN_H} hours that the proposed HIPAA Security Rule gives.",
        output::safe(&folder),
        seconds(restored.took_ms)
    ));
    output::line(&format!(
        "{} records in {} frames, {}, of {} patients.",
        restored.records,
        restored.frames,
        bytes(restored.bytes),
        restored.patients
    ));
    output::line(&format!("The backup is of {} ({} old).", output::local(restored.at), age(restored.at)));
    if let Some(at) = restored.keys_at {
        output::line(&format!("The keys' backup is of {}.", output::local(at)));
    }
    output::line(&format!("Head {}", restored.head));
    if restored.lacking > 0 {
        output::line(&format!("{} keys are lost: what of their patients is there cannot be read.", restored.lacking));
    }
    if restored.unpaired > 0 {
        output::line(&format!(
            "{} patients need a new link, for conversations are in no backup: 'bedside patient invite'.",
            restored.unpaired
        ));
    }
    output::line("The vault is open; from now on it has the new passphrase and the same recovery key.");
}

fn restored_json(console: &Console, restored: &Restored) -> Value {
    json!({
        "vault": console.place.folder().display().to_string(), "records": restored.records,
        "frames": restored.frames, "bytes": restored.bytes, "patients": restored.patients,
        "lacking": restored.lacking, "unpaired": restored.unpaired, "at": output::moment(restored.at),
        "age_s": now().since(restored.at).as_secs(), "keyring_at": restored.keys_at.map(output::moment),
        "head": restored.head, "took_ms": restored.took_ms, "within_h": RESTORE_WITHIN_H,
    })
}

/// A path as the agent, which may have another working folder, understands it.
fn text(path: Option<PathBuf>) -> Result<Option<String>, Failure> {
    let Some(path) = path else { return Ok(None) };
    absolute(&path)?
        .into_os_string()
        .into_string()
        .map(Some)
        .map_err(|_| Failure::new(Kind::Usage, "the folder's name is not UTF-8"))
}

fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(path).map_err(|_| Failure::new(Kind::Usage, "the folder cannot be found"))
}

fn now() -> Stamp {
    use crate::base::Clock;
    crate::base::time::SystemClock.now()
}

fn seconds(ms: u64) -> String {
    if ms < 100_000 { format!("{:.1} s", ms as f64 / 1000.0) } else { format!("{} min", ms.div_ceil(60_000)) }
}

fn bytes(count: u64) -> String {
    indicatif::HumanBytes(count).to_string()
}

/// How long ago something was, in the one unit that tells it.
fn age(at: Stamp) -> String {
    let seconds = now().since(at).as_secs();
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        7200..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}
