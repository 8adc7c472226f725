//! Files and folders nobody else may read, replaced whole or not at all.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use super::error::{VaultError, io};

/// Makes a folder with mode 0700, whatever the umask says.
pub(super) fn create(path: &Path) -> Result<(), VaultError> {
    DirBuilder::new().mode(0o700).create(path).map_err(io("create a folder"))?;
    fs::set_permissions(path, Permissions::from_mode(0o700)).map_err(io("protect a folder"))
}

/// Makes a new, empty file with mode 0600, whatever the umask says.
pub(super) fn create_file(path: &Path) -> Result<File, VaultError> {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .map_err(io("create a file"))?;
    file.set_permissions(Permissions::from_mode(0o600)).map_err(io("protect a file"))?;
    Ok(file)
}

/// Opens an existing file for reading and writing; `None` when there is none.
pub(super) fn open_file(path: &Path) -> Result<Option<File>, VaultError> {
    match OpenOptions::new().read(true).write(true).open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io("open a file")(error)),
    }
}

/// Reads a whole file of at most `limit` bytes; `None` when there is none. A longer file is cut
/// at `limit + 1` bytes, so that the caller's parser refuses it.
pub(super) fn read(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, VaultError> {
    // A pipe that somebody put there has nothing to say, and must not be waited for.
    let flags = rustix::fs::OFlags::NONBLOCK.bits() as i32;
    let file = match OpenOptions::new().read(true).custom_flags(flags).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io("open a file")(error)),
    };
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).map_err(io("read a file"))?;
    Ok(Some(bytes))
}

/// Puts `bytes` in place of the file `name`: after a power cut either the old or the new content
/// is there, whole. Costs two syncs (file and folder).
pub(super) fn replace(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), VaultError> {
    prepare(folder, name, bytes)?;
    put(folder, name)
}

/// Writes `bytes` beside the file `name`, as `name.new`, durably once the folder is synced.
pub(super) fn prepare(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), VaultError> {
    step()?;
    let fresh = folder.join(format!("{name}.new"));
    let written = create_file(&fresh).and_then(|mut file| {
        file.write_all(bytes).map_err(io("write a file"))?;
        file.sync_all().map_err(io("sync a file"))
    });
    if let Err(error) = written {
        // Best effort: a leftover `.new` is overwritten by the next replacement.
        let _ = fs::remove_file(&fresh);
        return Err(error);
    }
    Ok(())
}

/// Puts what was prepared in place of the file `name`, durably.
pub(super) fn put(folder: &Path, name: &str) -> Result<(), VaultError> {
    step()?;
    fs::rename(folder.join(format!("{name}.new")), folder.join(name)).map_err(io("rename a file"))?;
    sync(folder)
}

/// Gives what is called `from` in the folder the name `to`, durably.
pub(super) fn rename(folder: &Path, from: &str, to: &str) -> Result<(), VaultError> {
    step()?;
    fs::rename(folder.join(from), folder.join(to)).map_err(io("rename a folder"))?;
    sync(folder)
}

/// Moves the file or folder `name` from one folder to another, in place of a file of that name, durably; what was in
/// that file is overwritten.
pub(super) fn put_from(from: &Path, to: &Path, name: &str) -> Result<(), VaultError> {
    step()?;
    let old = if from.join(name).is_file() { open_file(&to.join(name))? } else { None };
    fs::rename(from.join(name), to.join(name)).map_err(io("rename a file"))?;
    sync(to)?;
    sync(from)?;
    if let Some(old) = old {
        wipe(&old);
    }
    Ok(())
}

/// As [`replace`], and overwrites what was there before: the space it took is free now and would
/// keep it until something else is written there. Best effort: a disk may have moved it long ago.
pub(super) fn replace_and_wipe(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), VaultError> {
    let old = open_file(&folder.join(name))?;
    replace(folder, name, bytes)?;
    if let Some(old) = old {
        wipe(&old);
    }
    Ok(())
}

/// Removes the file `name` durably and overwrites what was in it; a file that is not there is no error.
pub(super) fn remove_and_wipe(folder: &Path, name: &str) -> Result<(), VaultError> {
    let old = open_file(&folder.join(name))?;
    remove(folder, name)?;
    if let Some(old) = old {
        wipe(&old);
    }
    Ok(())
}

fn wipe(mut file: &File) {
    let length = file.metadata().map_or(0, |metadata| metadata.len());
    let written = io::copy(&mut io::repeat(0).take(length), &mut file);
    // Nobody can be told anything useful here; that a disk may keep more is told to whoever asks to forget.
    let _ = written.and_then(|_| file.sync_data());
}

/// Removes the file `name` durably; a file that is not there is no error.
pub(super) fn remove(folder: &Path, name: &str) -> Result<(), VaultError> {
    step()?;
    match fs::remove_file(folder.join(name)) {
        Ok(()) => sync(folder),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(io("remove a file")(error)),
    }
}

/// Makes what happened to a folder's names durable.
pub(super) fn sync(folder: &Path) -> Result<(), VaultError> {
    File::open(folder).and_then(|opened| opened.sync_all()).map_err(io("sync a folder"))
}

/// Refuses a folder that group or others may enter, and one that is another user's: what the system's administrator
/// wrote there could not be read by its owner any more.
pub(super) fn check_private(folder: &Path) -> Result<(), VaultError> {
    let found = fs::metadata(folder).map_err(io("look at the vault folder"))?;
    if found.uid() != rustix::process::geteuid().as_raw() {
        return Err(VaultError::Foreign);
    }
    let mode = found.permissions().mode();
    if mode & 0o077 == 0 { Ok(()) } else { Err(VaultError::Exposed { mode: mode & 0o777 }) }
}

/// The vault's lock: given back when dropped, and by the system when this program ends, however it does.
pub(super) struct Lock(pub(super) File);

impl Drop for Lock {
    fn drop(&mut self) {
        // To close the file is not enough: a child that another thread is just beginning has a copy of it for a moment.
        let _ = rustix::fs::flock(&self.0, rustix::fs::FlockOperation::Unlock);
    }
}

/// Takes the vault's lock file.
pub(super) fn lock(folder: &Path) -> Result<Lock, VaultError> {
    let path = folder.join("lock");
    let file = match open_file(&path)? {
        Some(file) => file,
        None => create_file(&path)?,
    };
    match rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Lock(file)),
        Err(rustix::io::Errno::WOULDBLOCK) => Err(VaultError::InUse),
        Err(error) => Err(io("lock the vault")(error.into())),
    }
}

/// Every change of a name passes here, so that a test can end the world between any two.
#[cfg(not(test))]
fn step() -> Result<(), VaultError> {
    Ok(())
}

#[cfg(test)]
pub(super) use doomed::{doom, step};

#[cfg(test)]
mod doomed {
    use super::VaultError;
    use std::cell::Cell;

    thread_local! {
        static LEFT: Cell<Option<u32>> = const { Cell::new(None) };
    }

    /// After so many more steps of this thread everything fails; `None` takes it back.
    pub(in super::super) fn doom(steps: Option<u32>) {
        LEFT.set(steps);
    }

    pub(in super::super) fn step() -> Result<(), VaultError> {
        match LEFT.get() {
            Some(0) => Err(VaultError::Broken),
            left => {
                LEFT.set(left.map(|left| left - 1));
                Ok(())
            }
        }
    }
}
