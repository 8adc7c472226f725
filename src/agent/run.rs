//! Starting the agent: memory protected, socket made, tasks around the desk's thread.

use super::desk::{Desk, Input};
use super::lock::{self, Carried};
use super::{mailbox, notify, sleep, socket};
use crate::base::{Failure, Kind, Place};
use std::io;
use std::os::fd::{AsFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixListener;
use std::sync::mpsc;

/// How the agent is started.
#[derive(Clone, Debug)]
pub struct Start {
    /// The practice's folder.
    pub place: Place,
    /// The listening socket and the memory an agent that locked itself handed over, as descriptor numbers.
    pub resume: Option<(RawFd, RawFd)>,
    /// Leave the terminal's session.
    pub background: bool,
    /// After how many bytes the journal begins a new segment, when not as usual: for tests.
    pub segment_bytes: Option<u64>,
}

/// Runs the agent until it is told to end. Returns at once, without error, when another agent serves this place.
pub fn run(start: Start) -> Result<(), Failure> {
    lock::protect();
    // Files are made for this user alone whatever was inherited.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    if let Some(bytes) = start.segment_bytes {
        crate::vault::begin_segments_after(bytes);
    }
    if start.background {
        // Fails only for a process that leads its group already, which has no terminal to lose.
        let _ = rustix::process::setsid();
    }
    let failed = |error: io::Error| {
        Failure::new(Kind::Refused, format!("the agent cannot listen ({})", error.kind()))
            .hint("look at the vault folder's permissions and at the space on its disk")
    };
    let (listener, carried) = match start.resume {
        Some(handed) => resume(handed).map(|(listener, carried)| (Some(listener), Some(carried))).map_err(failed)?,
        None => {
            socket::check(&start.place)?;
            (socket::listen(&start.place).map_err(failed)?, None)
        }
    };
    let Some(listener) = listener else { return Ok(()) };
    serve(start.place, listener, carried).map_err(failed)
}

/// Takes over what an agent that replaced itself left open.
fn resume((listener, memory): (RawFd, RawFd)) -> io::Result<(UnixListener, Carried)> {
    // SAFETY: the numbers come from `lock::replace`, which left exactly these two descriptors open for this process;
    // nothing here has used or closed them yet.
    #[expect(unsafe_code, reason = "descriptors that cross exec have no owner until somebody claims them")]
    let (listener, memory) = unsafe { (OwnedFd::from_raw_fd(listener), OwnedFd::from_raw_fd(memory)) };
    rustix::io::fcntl_setfd(listener.as_fd(), rustix::io::FdFlags::CLOEXEC)?;
    Ok((UnixListener::from(listener), lock::resume(memory)?))
}

fn serve(place: Place, listener: UnixListener, carried: Option<Carried>) -> io::Result<()> {
    let socket = place.socket();
    let kept: OwnedFd = listener.try_clone()?.into();
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let (to_desk, inputs) = mpsc::channel();
    let (to_mailbox, orders) = tokio::sync::mpsc::unbounded_channel();
    let (to_desktop, told) = tokio::sync::mpsc::unbounded_channel();
    {
        let _guard = runtime.enter();
        let listener = tokio::net::UnixListener::from_std(listener)?;
        runtime.spawn(socket::accept(listener, to_desk.clone()));
        let desk = to_desk.clone();
        runtime.spawn(mailbox::run(orders, move |message| {
            // The desk ends only with the agent.
            let _ = desk.send(Input::Mailbox(message));
        }));
        runtime.spawn(notify::run(told));
        runtime.spawn(sleep::watch(to_desk.clone()));
        runtime.spawn(terminate(to_desk.clone()));
    }
    Desk::new(place, kept, (to_desk, inputs), (to_mailbox, to_desktop), carried).run();
    // Whoever connects from now on starts an agent of their own.
    let _ = std::fs::remove_file(socket);
    runtime.shutdown_background();
    Ok(())
}

/// SIGTERM and SIGINT end the agent in order; SIGHUP, the end of a terminal, does not concern it.
async fn terminate(desk: mpsc::Sender<Input>) {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut term), Ok(mut interrupt), Ok(mut hangup)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()), signal(SignalKind::hangup()))
    else {
        return;
    };
    loop {
        tokio::select! {
            _ = term.recv() => break,
            _ = interrupt.recv() => break,
            _ = hangup.recv() => {}
        }
    }
    let _ = desk.send(Input::Terminate);
}
