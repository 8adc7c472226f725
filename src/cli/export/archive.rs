//! The file itself: age around tar, written beside its name and renamed when it is whole.

use crate::base::{Failure, Kind, Phi, Stamp};
use crate::cli::command::BackupExport;
use crate::cli::{secret, writing};
use age::secrecy::SecretString;
use age::stream::StreamWriter;
use age::{Encryptor, Recipient, scrypt, x25519};
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// scrypt's work factor: N is 2 to this power.
const WORK_FACTOR: u8 = 18;

/// What opens the file.
pub(super) enum Key {
    /// Any of these.
    Recipients(Vec<x25519::Recipient>),
    /// A passphrase, and how hard it is to guess.
    Passphrase(Phi<String>, u8),
}

impl Key {
    /// As the options say.
    pub(super) fn chosen(args: &BackupExport) -> Result<Self, Failure> {
        if !args.recipient.is_empty() {
            let parse = |text: &String| {
                text.parse().map_err(|_| {
                    Failure::new(Kind::Usage, "that is not an age recipient")
                        .hint("it begins with age1; 'age-keygen' makes one, with the key that opens the file")
                })
            };
            return args.recipient.iter().map(parse).collect::<Result<_, _>>().map(Self::Recipients);
        }
        let passphrase = match &args.export_passphrase_file {
            Some(file) => secret::from_file(file)?,
            None => {
                let first = secret::ask("Passphrase of the file (15 characters or more): ")?;
                if first != secret::ask("The same again: ")? {
                    return Err(Failure::new(Kind::Usage, "the two are not the same").hint("try again"));
                }
                first
            }
        };
        if passphrase.expose().chars().count() < 15 {
            return Err(Failure::new(Kind::Refused, "the passphrase has fewer than 15 characters")
                .hint("whoever has the file can guess as long as they like"));
        }
        Ok(Self::Passphrase(passphrase, args.work_factor.unwrap_or(WORK_FACTOR)))
    }

    fn encryptor(self) -> Result<Encryptor, Failure> {
        let bug = |_| Failure::new(Kind::Bug, "the file cannot be sealed to these recipients");
        match self {
            Self::Recipients(all) => {
                Encryptor::with_recipients(all.iter().map(|one| one as &dyn Recipient)).map_err(bug)
            }
            Self::Passphrase(passphrase, work_factor) => {
                let mut recipient = scrypt::Recipient::new(SecretString::from(passphrase.into_inner()));
                recipient.set_work_factor(work_factor);
                Encryptor::with_recipients(std::iter::once(&recipient as &dyn Recipient)).map_err(bug)
            }
        }
    }
}

/// The archive being written. Dropped before it is finished, it leaves nothing.
pub(super) struct Archive {
    tar: Option<tar::Builder<StreamWriter<File>>>,
    fresh: PathBuf,
    file: PathBuf,
    folder: String,
    at: Stamp,
}

impl Archive {
    /// Begins an archive. `at` is when everything in it was made.
    pub(super) fn create(file: &Path, key: Key, at: Stamp) -> Result<Self, Failure> {
        let mut name = file.file_name().unwrap_or_default().to_owned();
        name.push(".new");
        let fresh = file.with_file_name(name);
        let encryptor = key.encryptor()?;
        let opened = writing::create(&fresh).map_err(failed)?;
        // Whatever the umask says, and on a disk that knows no permissions as well as it can.
        let _ = opened.set_permissions(fs::Permissions::from_mode(0o600));
        let sealed = encryptor.wrap_output(opened).map_err(failed)?;
        let day = super::output::moment(at).get(..10).unwrap_or_default().to_owned();
        let folder = format!("bedside-export-{day}");
        let mut archive = Self { tar: Some(tar::Builder::new(sealed)), fresh, file: file.to_owned(), folder, at };
        // Whoever unpacks it must not show the names of folders to everybody on the machine.
        archive.append(tar::EntryType::Directory, "", &[])?;
        Ok(archive)
    }

    /// When everything in it was made.
    pub(super) fn written(&self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.at.0).unwrap_or_default()
    }

    /// Adds a file.
    pub(super) fn add(&mut self, path: &str, bytes: &[u8]) -> Result<(), Failure> {
        self.append(tar::EntryType::Regular, path, bytes)
    }

    fn append(&mut self, kind: tar::EntryType, path: &str, bytes: &[u8]) -> Result<(), Failure> {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(bytes.len() as u64);
        header.set_mode(if kind.is_dir() { 0o700 } else { 0o600 });
        header.set_mtime(u64::try_from(self.at.0 / 1000).unwrap_or(0));
        let path = format!("{}/{path}", self.folder);
        let tar = self.tar.as_mut().expect("an archive is open until it is finished");
        tar.append_data(&mut header, path, bytes).map_err(failed)
    }

    /// Gives the whole file its name; durable when it returns. Its length.
    pub(super) fn finish(mut self) -> Result<u64, Failure> {
        let tar = self.tar.take().expect("an archive is finished once");
        let mut file = tar.into_inner().and_then(StreamWriter::finish).map_err(failed)?;
        file.flush().and_then(|()| file.sync_all()).map_err(failed)?;
        fs::rename(&self.fresh, &self.file).map_err(failed)?;
        let folder = self.file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // Not every disk syncs folders.
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
        file.metadata().map(|found| found.len()).map_err(failed)
    }
}

impl Drop for Archive {
    fn drop(&mut self) {
        if self.tar.is_some() {
            let _ = fs::remove_file(&self.fresh);
        }
    }
}

fn failed(error: io::Error) -> Failure {
    Failure::new(Kind::Refused, format!("the file cannot be written ({})", error.kind()))
        .hint("look at the disk and the folder it goes to")
}
