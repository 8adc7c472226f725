//! A word on the clinician's desktop that an appointment is about to begin (Desktop Notifications Specification 1.2).
//!
//! Refuses to be: told more. Whoever stands before the screen may read it, locked or not, so that it names nobody; and
//! the desktop is asked to keep no list of it. Where there is no desktop nobody is told, and the console rings.

use std::collections::HashMap;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedReceiver;
use zbus::zvariant::Value;

/// How long a desktop may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long it shows a notification is the desktop's to decide.
const AS_USUAL: i32 = -1;

#[zbus::proxy(
    interface = "org.freedesktop.Notifications",
    default_service = "org.freedesktop.Notifications",
    default_path = "/org/freedesktop/Notifications",
    gen_blocking = false
)]
trait Notifications {
    #[expect(clippy::too_many_arguments, reason = "the specification has as many")]
    fn notify(
        &self,
        app_name: &str,
        replaces_id: u32,
        app_icon: &str,
        summary: &str,
        body: &str,
        actions: &[&str],
        hints: HashMap<&str, Value<'_>>,
        expire_timeout: i32,
    ) -> zbus::Result<u32>;
}

/// Tells the desktop in how many minutes an appointment begins, as often as the desk says so.
pub(super) async fn run(mut orders: UnboundedReceiver<u32>) {
    // Some desktops take a notification away when whoever sent it hangs up.
    let mut desktop = None;
    while let Some(minutes) = orders.recv().await {
        let told = tokio::time::timeout(PATIENCE, tell(&mut desktop, minutes)).await;
        if !matches!(told, Ok(Ok(()))) {
            desktop = None;
            tracing::debug!("no desktop here shows notifications");
        }
    }
}

async fn tell(desktop: &mut Option<NotificationsProxy<'static>>, minutes: u32) -> zbus::Result<()> {
    let proxy = match desktop {
        Some(proxy) => proxy,
        None => desktop.insert(NotificationsProxy::new(&zbus::Connection::session().await?).await?),
    };
    let hints = HashMap::from([("transient", Value::from(true)), ("urgency", Value::from(1_u8))]);
    proxy.notify("bedside", 0, "", &words(minutes), "", &[], hints, AS_USUAL).await?;
    Ok(())
}

fn words(minutes: u32) -> String {
    match minutes {
        1 => "Appointment in 1 minute".to_owned(),
        minutes => format!("Appointment in {minutes} minutes"),
    }
}
