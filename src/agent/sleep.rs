//! The machine is about to sleep: logind says so over D-Bus, and waits until the vault is locked
//! (`org.freedesktop.login1(5)`, *PrepareForSleep* and *Inhibit*). What sleeps with its keys in memory can be read by
//! whoever takes it away. Where there is no logind nobody says anything, and the vault locks when it is not used.

use super::desk::Input;
use futures_util::StreamExt;
use rustix::io::{FdFlags, fcntl_setfd};
use std::sync::mpsc::Sender;
use tokio::sync::oneshot;
use zbus::zvariant::OwnedFd;

#[zbus::proxy(
    interface = "org.freedesktop.login1.Manager",
    default_service = "org.freedesktop.login1",
    default_path = "/org/freedesktop/login1",
    gen_blocking = false
)]
trait Manager {
    fn inhibit(&self, what: &str, who: &str, why: &str, mode: &str) -> zbus::Result<OwnedFd>;

    #[zbus(signal)]
    fn prepare_for_sleep(&self, start: bool) -> zbus::Result<()>;
}

/// Tells the desk whenever the machine is about to sleep, and has the machine wait meanwhile.
pub(super) async fn watch(desk: Sender<Input>) {
    if listen(&desk).await.is_err() {
        tracing::debug!("nobody here says when the machine is about to sleep");
    }
}

async fn listen(desk: &Sender<Input>) -> zbus::Result<()> {
    let connection = zbus::Connection::system().await?;
    let manager = ManagerProxy::new(&connection).await?;
    let mut news = manager.receive_prepare_for_sleep().await?;
    let mut delay = ask_to_wait(&manager).await;
    while let Some(signal) = news.next().await {
        if signal.args()?.start {
            let (answer, locked) = oneshot::channel();
            // The desk is gone only when the agent ends.
            let _ = desk.send(Input::Sleep { answer });
            // An open vault is locked by replacing this process, which lets the machine sleep just as well.
            let _ = locked.await;
            delay = None;
        } else {
            delay = ask_to_wait(&manager).await;
        }
    }
    drop(delay);
    Ok(())
}

/// The machine waits for as long as this is open; `None` where it does not let itself be asked.
async fn ask_to_wait(manager: &ManagerProxy<'_>) -> Option<OwnedFd> {
    let delay = manager.inhibit("sleep", "bedside", "the vault is locked first", "delay").await.ok()?;
    // It must not outlive this process's image.
    fcntl_setfd(&delay, FdFlags::CLOEXEC).ok()?;
    Some(delay)
}
