//! What the page shows, as one value.

use super::thread::Message;
use crate::base::Stamp;
use crate::visit;
use crate::wire::content::{AppointmentCard, PracticeCard};
use serde::{Deserialize, Serialize};

/// Everything there is to show. Times are the relay's clock, as [`View::now`] is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// The time by the relay's clock.
    pub now: Stamp,
    /// There is a conversation; messages can be written.
    pub paired: bool,
    /// The relay is reached and gives us our mailbox.
    pub connected: bool,
    /// What stands in the way for good.
    pub refused: Option<Trouble>,
    /// What stands in the way for now.
    pub trouble: Option<Trouble>,
    /// The practice, as soon as it is known.
    pub practice: Option<PracticeCard>,
    /// The next appointment.
    pub appointment: Option<AppointmentCard>,
    /// The newest messages, oldest first.
    pub thread: Vec<Message>,
    /// The visit, also after it has ended, until another begins.
    pub visit: Option<visit::View>,
}

/// What the page has to say in plain words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// For good: the link was used and is dead.
    LinkUsed,
    /// For good: the link has expired.
    LinkExpired,
    /// For good: what stands behind the link cannot be opened with it.
    LinkMangled,
    /// For now: the relay knows nothing of this link; the practice's computer may have to come first.
    LinkUnknown,
    /// For good: another device opened the link later, or a newer link was opened.
    Superseded,
    /// For good: this page is older than the relay. Load it again.
    Outdated,
    /// For now: the relay does not know our mailbox until the practice's computer comes.
    MailboxUnknown,
    /// For now: the mailbox is full.
    MailboxFull,
    /// For now: another tab or window has the mailbox.
    Elsewhere,
    /// For now: the last message was not taken; it was empty or too long, or too many wait.
    NotTaken,
}

/// A visit's view by another clock.
pub(super) fn shift(mut view: visit::View, offset_ms: i64) -> visit::View {
    let shift = |stamp: Stamp| Stamp(stamp.0.saturating_add(offset_ms));
    (view.since, view.seen) = (shift(view.since), shift(view.seen));
    for stamp in [&mut view.admitted, &mut view.connected, &mut view.ended, &mut view.lost] {
        *stamp = stamp.map(shift);
    }
    if let Some(told) = &mut view.told {
        told.at = shift(told.at);
    }
    view
}
