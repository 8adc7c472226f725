//! Locking: the agent replaces itself by a fresh image of the same program, so that nothing of the old memory stays.
//!
//! Two things cross over: the listening socket, so that no client is turned away, and, in a memory-backed file that
//! never touches a disk, what the mailbox needs to go on (queue keys and bells) and when the clinician is to be reminded in
//! the coming day (times, and nobody's names).

use super::mailbox::{Post, Relay};
use crate::base::{Place, Stamp};
use crate::wire::{from_cbor, to_cbor};
use rustix::fs::{MemfdFlags, memfd_create};
use rustix::io::{FdFlags, fcntl_setfd};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

/// What the locked agent goes on with.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Carried {
    /// The relay, if the practice named one.
    pub(super) relay: Option<Relay>,
    /// Every patient's queues.
    pub(super) posts: Vec<Post>,
    /// When to remind the clinician, the first first.
    #[serde(default)]
    pub(super) bells: Vec<Bell>,
    /// The practice's zone: what a feed says without one is read by it.
    #[serde(default)]
    pub(super) zone: Option<String>,
}

/// When to ring for an appointment, and when it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Bell {
    pub(super) at: Stamp,
    pub(super) start: Stamp,
}

/// Becomes a fresh, locked agent. Returns only if that fails.
pub(super) fn replace(place: &Place, listener: OwnedFd, carried: &Carried) -> io::Error {
    let carry = || -> io::Result<OwnedFd> {
        let mut file = File::from(memfd_create("bedside", MemfdFlags::CLOEXEC)?);
        file.write_all(&to_cbor(carried))?;
        file.rewind()?;
        fcntl_setfd(&file, FdFlags::empty())?;
        fcntl_setfd(listener.as_fd(), FdFlags::empty())?;
        Ok(file.into())
    };
    let file = match carry() {
        Ok(file) => file,
        Err(error) => return error,
    };
    Command::new(own_program())
        .arg("--vault")
        .arg(place.folder())
        .args(["agent", "--resume"])
        .arg(format!("{},{}", listener.as_raw_fd(), file.as_raw_fd()))
        .exec()
}

/// This program's file; where an upgrade has taken it away and put none in its place, what runs here.
fn own_program() -> PathBuf {
    let named = std::env::current_exe().ok().filter(|program| program.is_file());
    named.unwrap_or_else(|| PathBuf::from("/proc/self/exe"))
}

/// Takes up what [`replace`] handed over.
pub(super) fn resume(memory: OwnedFd) -> io::Result<Carried> {
    let mut bytes = Vec::new();
    File::from(memory).read_to_end(&mut bytes)?;
    from_cbor(&bytes).map_err(io::Error::other)
}

/// Keeps the process's memory out of core dumps and other programs' reach.
pub(super) fn protect() {
    use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
    // Either can only fail on systems that do not know it.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}
