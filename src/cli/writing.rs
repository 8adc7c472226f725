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
        let opened = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh);
        Ok(Self { to: BufWriter::new(opened.map_err(unwritten)?), fresh: Some(fresh) })
    }

    /// Adds a line.
    pub(super) fn line(&mut self, text: &str) -> Result<(), Failure> {
        writeln!(self.to, "{text}").map_err(unwritten)
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

fn unwritten(error: io::Error) -> Failure {
    Failure::new(Kind::Refused, format!("the file cannot be written ({})", error.kind()))
        .hint("look at the disk and the folder it goes to")
}
