//! A file that gets its name when it is whole, and goes when it is not. Only its owner can read it.

use crate::base::{Failure, Kind};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// A file being written.
pub(super) struct Writing {
    to: BufWriter<File>,
    fresh: Option<PathBuf>,
}

impl Writing {
    /// Begins, beside the file's name.
    pub(super) fn begin(file: &Path) -> Result<Self, Failure> {
        let mut name = file.file_name().unwrap_or_default().to_owned();
        name.push(".new");
        let fresh = file.with_file_name(name);
        let opened = create(&fresh).map_err(unwritten)?;
        Ok(Self { to: BufWriter::new(opened), fresh: Some(fresh) })
    }

    /// Adds a line.
    pub(super) fn line(&mut self, text: &str) -> Result<(), Failure> {
        writeln!(self.to, "{text}").map_err(unwritten)
    }

    /// Adds text as it is.
    pub(super) fn text(&mut self, text: &str) -> Result<(), Failure> {
        self.to.write_all(text.as_bytes()).map_err(unwritten)
    }

    /// Gives the whole file its name.
    pub(super) fn finish(mut self, file: &Path) -> Result<(), Failure> {
        self.to.flush().and_then(|()| self.to.get_ref().sync_all()).map_err(unwritten)?;
        let fresh = self.fresh.take().expect("a file is finished once");
        fs::rename(fresh, file).map_err(unwritten)
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        if let Some(fresh) = &self.fresh {
            let _ = fs::remove_file(fresh);
        }
    }
}

/// A new file for this user alone. What is there of that name, such as what an interrupted run left, goes; somebody else's
/// file, or a link that leads to one, is never written to.
pub(super) fn create(path: &Path) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

fn unwritten(error: io::Error) -> Failure {
    Failure::new(Kind::Refused, format!("the file cannot be written ({})", error.kind()))
        .hint("look at the disk and the folder it goes to")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn link_or_leftover_of_that_name_is_never_written_to() {
        let folder = tempfile::tempdir().expect("a folder");
        let [file, fresh, victim] = ["log", "log.new", "victim"].map(|name| folder.path().join(name));
        fs::write(&victim, "not to be lost").expect("written");
        std::os::unix::fs::symlink(&victim, &fresh).expect("a link");
        let mut writing = Writing::begin(&file).expect("begun");
        writing.line("one").expect("written");
        writing.finish(&file).expect("finished");
        assert_eq!(fs::read_to_string(&victim).expect("read"), "not to be lost");
        assert_eq!(fs::read_to_string(&file).expect("read"), "one\n");
        assert!(!fresh.exists() && !file.is_symlink());
    }
}
