//! Backups: taken and compared by another thread while the desk goes on, and vaults made again from them.

use super::{ClientId, Desk, Input, Open, State, awake_or_asleep, door, key};
use crate::agent::book::{About, Book};
use crate::agent::failure::refused;
use crate::agent::outbox::Outgoing;
use crate::base::{Failure, Kind};
use crate::record::{Action, Actor, Backup, JournalKept, KeysKept, Pairing, Patient};
use crate::vault::passphrase::{self, Beside};
use crate::vault::{
    BackupComparison, BackupPoint, BackupReport, KeyringBackup, RestoreReport, Restoring, Vault, VaultError,
    check_apart, restore,
};
use crate::wire::agent::{BackedUp, Compared, Event, KeysBackedUp, KeysBefore, Reply, Restore, Restored};
use std::path::Path;
use std::time::{Duration, Instant};

/// Of a keys' backup that lay in a folder which is still there.
const GONE: &str = "it is not there any more";

/// What a thread did, and who asked for it.
pub(in crate::agent) struct Worked {
    client: ClientId,
    n: u32,
    folder: String,
    keys: KeysBackedUp,
    took: Duration,
    result: Result<Work, VaultError>,
}

enum Work {
    Created(BackupReport),
    Compared(BackupComparison),
}

impl Desk {
    /// Begins a run; the keys' backup is written first, so that it is never older than the journal's.
    pub(super) fn create_backup(
        &mut self,
        client: ClientId,
        n: u32,
        folder: Option<String>,
        keys: Option<String>,
    ) -> Result<(), Failure> {
        let (may_begin, folder) = (folder.is_some(), self.backup_folder(folder)?);
        // Keys are made when records are kept: those of what waits to be kept must not be missing.
        self.flush();
        let now = self.now();
        let vault = self.open()?.book.vault();
        vault.check_backup_folder(Path::new(&folder))?;
        let keys = self.write_keys(&folder, keys)?;
        self.work(client, n, folder, keys, move |point, folder, progress| {
            point.create(folder, may_begin, now, progress).map(Work::Created)
        });
        Ok(())
    }

    /// Begins comparing.
    pub(super) fn verify_backup(
        &mut self,
        client: ClientId,
        n: u32,
        folder: Option<String>,
        keys: Option<String>,
    ) -> Result<(), Failure> {
        let folder = self.backup_folder(folder)?;
        let keys = self.look_at_keys(keys)?;
        let beside = self.place.folder().to_owned();
        self.work(client, n, folder, keys, move |point, folder, progress| {
            point.verify(folder, &beside, progress).map(Work::Compared)
        });
        Ok(())
    }

    /// The folder that was given, or the one of the last time; only while no other thread is at work.
    fn backup_folder(&mut self, given: Option<String>) -> Result<String, Failure> {
        let kept = self.kept_backup()?.journal;
        if self.working.is_some() {
            return Err(refused("a backup is being taken or compared already").hint("wait until it is done"));
        }
        given.or(kept.map(|kept| kept.folder)).ok_or_else(|| {
            refused("this vault was never backed up")
                .hint("run 'bedside backup create FOLDER --keyring OTHER-FOLDER', on other disks if you can")
        })
    }

    fn kept_backup(&mut self) -> Result<Backup, Failure> {
        Ok(self.open()?.book.get::<Backup>([0; 16])?.unwrap_or_default())
    }

    /// The keys' backup, where it is to be written: at once in a folder that was given; in the one of the last time
    /// when keys came or went since, if it can be reached.
    fn write_keys(&mut self, backup: &str, given: Option<String>) -> Result<KeysBackedUp, Failure> {
        if let Some(folder) = given {
            check_apart(Path::new(backup), Path::new(&folder))?;
            make(Path::new(&folder))?;
            return self.keep_keys(folder).map_err(Failure::from);
        }
        match self.look_at_keys(None)? {
            KeysBackedUp::Behind { folder, .. } => {
                check_apart(Path::new(backup), Path::new(&folder))?;
                self.renew_keys()
            }
            found => Ok(found),
        }
    }

    /// Writes the keys' backup into a folder and remembers it. Only the latest is kept: one that was written elsewhere
    /// before is removed, if it can be reached.
    fn keep_keys(&mut self, folder: String) -> Result<KeysBackedUp, VaultError> {
        let now = self.now();
        let State::Open(open) = &mut self.state else { return Err(VaultError::Missing) };
        let mut kept = open.book.get::<Backup>([0; 16])?.unwrap_or_default();
        let vault = open.book.vault();
        let last = kept.keys.as_ref().map(|last| last.file);
        let written = vault.write_keyring_backup(Path::new(&folder), last, now)?;
        let elsewhere = kept.keys.take().filter(|last| !is_same(&last.folder, &folder));
        let before = elsewhere.map(|last| KeysBefore {
            removed: vault.remove_keyring_backup(Path::new(&last.folder), last.file).unwrap_or(false),
            folder: last.folder,
        });
        let keys = written.keys as u64;
        let (file, state) = (written.file, written.state);
        kept.keys = Some(KeysKept { folder: folder.clone(), at: now, keys, file, state });
        open.book.put(&kept, now);
        let about = About { record: Some("keyring".to_owned()), ..About::count(None, written.keys) };
        open.book.audit(now, Actor::Clinician, Action::BackupCreate, about);
        Ok(KeysBackedUp::Written { folder, keys, before })
    }

    /// Writes the keys' backup anew where it was written last, because keys came or went: after a patient was
    /// forgotten, at once. What it says when there is none, or it cannot be reached, is for the person to know.
    pub(super) fn renew_keys(&mut self) -> Result<KeysBackedUp, Failure> {
        let Some(KeysKept { folder, at, .. }) = self.kept_backup()?.keys else { return Ok(KeysBackedUp::Never) };
        let why = match Vault::keyring_backup_hash(Path::new(&folder)) {
            // The folder may be where a disk should be: the keys must not be written beneath it, on the vault's own.
            Ok(None) if Path::new(&folder).is_dir() => GONE.to_owned(),
            Ok(None) => "the folder is not there".to_owned(),
            Ok(Some(_)) | Err(_) => match self.keep_keys(folder.clone()) {
                Ok(kept) => return Ok(kept),
                Err(error) => Failure::from(error).message,
            },
        };
        Ok(KeysBackedUp::Behind { folder, at, why })
    }

    /// How the keys' backup stands, without the recovery key: whether it is what was written last, and current.
    pub(super) fn look_at_keys(&mut self, given: Option<String>) -> Result<KeysBackedUp, Failure> {
        let Some(kept) = self.kept_backup()?.keys else { return Ok(KeysBackedUp::Never) };
        let folder = given.unwrap_or(kept.folder);
        let current = self.open()?.book.vault().keyring_state()? == kept.state;
        let found = Vault::keyring_backup_hash(Path::new(&folder)).unwrap_or_default();
        let why = match found {
            Some(hash) if hash != kept.file => "it is not what was written last",
            _ if !current => "keys came or went since",
            Some(_) => return Ok(KeysBackedUp::Current { folder, at: kept.at, keys: kept.keys }),
            None if Path::new(&folder).is_dir() => GONE,
            None => return Ok(KeysBackedUp::Away { folder, at: kept.at }),
        };
        Ok(KeysBackedUp::Behind { folder, at: kept.at, why: why.to_owned() })
    }

    /// Has another thread work on the vault as it is now. Everything staged is durable first.
    fn work(
        &mut self,
        client: ClientId,
        n: u32,
        folder: String,
        keys: KeysBackedUp,
        work: impl FnOnce(&BackupPoint, &Path, &mut dyn FnMut(u64, u64)) -> Result<Work, VaultError> + Send + 'static,
    ) {
        self.flush();
        let State::Open(open) = &mut self.state else { return };
        let point = open.book.vault().backup_point();
        let (own, mut teller) = (self.own.clone(), self.teller(client, n));
        self.working = Some(awake_or_asleep());
        std::thread::spawn(move || {
            let began = Instant::now();
            let mut progress = |done: u64, total: u64| teller.tell(done, total);
            // The desk must hear of the end in any case, or it would never lock by itself again.
            let work = std::panic::AssertUnwindSafe(|| work(&point, Path::new(&folder), &mut progress));
            let result = std::panic::catch_unwind(work).unwrap_or(Err(VaultError::Broken));
            // The desk is gone only when the agent ends.
            let _ = own.send(Input::Worked(Worked { client, n, folder, keys, took: began.elapsed(), result }));
        });
    }

    /// A thread is done: what it did is kept and told.
    pub(super) fn worked(&mut self, work: Worked) {
        self.working = None;
        self.used = awake_or_asleep();
        let (client, n) = (work.client, work.n);
        let reply = self.conclude(work);
        self.reply(client, n, reply);
    }

    fn conclude(&mut self, work: Worked) -> Result<Reply, Failure> {
        let Worked { folder, keys, took, result, .. } = work;
        let took_ms = took.as_millis() as u64;
        let now = self.now();
        self.open()?;
        let result = result.map_err(|error| {
            let of_backup = matches!(error, VaultError::Backup(_));
            let mut failure = Failure::from(error);
            if of_backup {
                failure.message = format!("{folder}: {}", failure.message);
            }
            failure
        });
        match result? {
            Work::Created(report) => {
                let (made, head) = (report.made, hex(&report.made.head.hash));
                let mut kept = self.kept_backup()?;
                let (runs, frames) = (made.runs, made.head.sequence);
                kept.journal = Some(JournalKept { folder: folder.clone(), at: made.at, runs, frames });
                self.open()?.book.put(&kept, now);
                self.audit(Actor::Clinician, Action::BackupCreate, About::proof(&head, frames));
                Ok(Reply::BackedUp(BackedUp {
                    folder,
                    runs,
                    parts: report.parts as u64,
                    bytes: report.bytes,
                    total_bytes: report.total,
                    frames,
                    head,
                    took_ms,
                    keys,
                }))
            }
            Work::Compared(found) => {
                let (made, head) = (found.made, hex(&found.made.head.hash));
                self.check_latest(&folder, made.runs)?;
                self.audit(Actor::Clinician, Action::BackupVerify, About::proof(&head, found.records));
                Ok(Reply::Compared(Compared {
                    folder,
                    at: made.at,
                    runs: made.runs,
                    records: found.records,
                    forgotten: found.forgotten,
                    frames: made.head.sequence,
                    behind: found.behind,
                    bytes: found.bytes,
                    head,
                    took_ms,
                    keys,
                }))
            }
        }
    }

    /// What was added last must still be there: a backup that was set back by somebody is whole, and yet not the one.
    fn check_latest(&mut self, folder: &str, runs: u32) -> Result<(), Failure> {
        match self.kept_backup()?.journal {
            Some(kept) if is_same(&kept.folder, folder) && runs < kept.runs => {
                let message = format!("the backup has lost its newest runs: {runs} of {} are there", kept.runs);
                Err(Failure::new(Kind::Damaged, message)
                    .hint("run 'bedside backup create': what it lacks is added again; and find out who took it away"))
            }
            _ => Ok(()),
        }
    }

    /// Makes the vault from a backup. `progress` is told how far it is.
    pub(super) fn restore(&mut self, what: &Restore, mut progress: impl FnMut(u64, u64)) -> Result<Reply, Failure> {
        if !matches!(self.state, State::Missing) {
            return Err(refused("there is a vault here already").hint("name a new folder with --to"));
        }
        passphrase::check(what.passphrase.expose(), Beside::Nothing, &[])?;
        let began = Instant::now();
        let from = Restoring {
            from: Path::new(&what.folder),
            keys: what.keys.as_deref().map(Path::new),
            recovery: what.recovery_key.expose(),
            passphrase: what.passphrase.expose(),
            kdf: key::kdf(what.work_factor),
            partial: what.partial,
        };
        let (vault, report) = restore(&self.place.vault(), &from, &mut progress)?;
        let opened = Book::open(vault).and_then(Open::around_all);
        let (open, _) = opened.inspect_err(|_| self.state = door::found(&self.place, Duration::ZERO))?;
        self.state = State::Open(Box::new(open));
        self.used = awake_or_asleep();
        let patients = self.open()?.book.patients().count() as u64;
        self.remember_backup(what, &report)?;
        let unpaired = self.part_with_devices()?;
        self.end_abandoned_visits()?;
        let head = hex(&report.made.head.hash);
        self.audit(Actor::Clinician, Action::BackupRestore, About::proof(&head, report.records));
        self.open_mailbox();
        self.event(Event::Unlocked);
        Ok(Reply::Restored(Restored {
            at: report.made.at,
            keys_at: report.keys_at,
            records: report.records,
            frames: report.made.head.sequence,
            bytes: report.bytes,
            patients,
            lacking: report.lacking as u64,
            unpaired,
            head,
            took_ms: began.elapsed().as_millis() as u64,
        }))
    }

    /// A restored vault goes on with the backups it had. The keys it was restored from are what it may write over; if
    /// those were none, it writes over none.
    fn remember_backup(&mut self, what: &Restore, report: &RestoreReport) -> Result<(), Failure> {
        let now = self.now();
        let mut kept = self.kept_backup()?;
        kept.journal.get_or_insert_with(|| JournalKept {
            folder: what.folder.clone(),
            at: report.made.at,
            runs: report.made.runs,
            frames: report.made.head.sequence,
        });
        let before = kept.keys.take().map(|before| before.folder);
        let from = what.keys.clone().zip(report.keys_from).zip(report.keys_at);
        kept.keys = from.map(|((folder, from), at)| {
            let KeyringBackup { keys, file, state } = from;
            KeysKept { folder: before.unwrap_or(folder), at, keys: keys as u64, file, state }
        });
        self.open()?.book.put(&kept, now);
        Ok(())
    }

    /// Conversations are in no backup, so that no key is used twice: nobody has a device until there is a new link.
    /// How many had one, or a link to it.
    fn part_with_devices(&mut self) -> Result<u64, Failure> {
        let now = self.now();
        let open = self.open()?;
        for outgoing in open.book.list::<Outgoing>()? {
            open.book.remove(&outgoing, now);
        }
        open.outbox.clear();
        let of_old: Vec<Patient> =
            open.book.patients().filter(|patient| patient.pairing != Pairing::None).cloned().collect();
        let mut unpaired = 0;
        for mut patient in of_old {
            unpaired += u64::from(!patient.archived);
            patient.pairing = Pairing::None;
            open.book.put(&patient, now);
        }
        Ok(unpaired)
    }
}

/// Whether two names are one folder's.
fn is_same(one: &str, other: &str) -> bool {
    let found = |path: &str| Path::new(path).canonicalize().ok();
    one == other || found(one).is_some_and(|one| found(other) == Some(one))
}

fn hex(hash: &[u8; 32]) -> String {
    data_encoding::HEXLOWER.encode(hash)
}

/// Makes the keys' folder in one that is there: below a mount point nothing is made but this.
fn make(folder: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::DirBuilderExt;
    match std::fs::DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(refused(format!("the keys' folder cannot be made ({})", error.kind()))
                .hint("is the disk there that it lies on?"))
        }
        _ => Ok(()),
    }
}
