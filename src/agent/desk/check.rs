//! Reading all of the vault for damage: once a day while it is open, and whenever somebody asks. Another thread reads,
//! and the desk goes on.

use super::{ClientId, Desk, Input, State};
use crate::agent::book::About;
use crate::base::{Failure, Kind, Stamp};
use crate::record::{Action, Actor, Check};
use crate::vault::{Checked, VaultError, VerifyReport};
use crate::wire::agent::{Event, Reply, Verified};
use std::time::{Duration, Instant};

/// How often all is read without being asked for.
const EVERY: Duration = Duration::from_secs(24 * 3600);
/// An opened vault is left alone for so long: somebody opened it to work.
const NOT_BEFORE: Duration = Duration::from_secs(60);

/// The daily reading of an open vault.
pub(in crate::agent) struct Daily {
    opened: Instant,
    /// When it is to be read next; `None` until that was looked up.
    due: Option<Stamp>,
    reading: bool,
    /// What was found the last time, if that was damage.
    pub(super) damage: Option<Failure>,
}

impl Daily {
    pub(super) fn new() -> Self {
        Self { opened: Instant::now(), due: None, reading: false, damage: None }
    }
}

/// Who asked for a reading, if anybody did.
type Asker = Option<(ClientId, u32)>;

/// What a thread has read.
pub(in crate::agent) struct Read {
    asker: Asker,
    checked: Result<Checked, VaultError>,
}

impl Desk {
    /// Begins to read for a client, who is told how far it is.
    pub(super) fn verify(&mut self, client: ClientId, n: u32) -> Result<(), Failure> {
        self.read_everything(Some((client, n)))
    }

    /// Begins to read when a day has passed. To be called when nobody waits.
    pub(super) fn check_daily(&mut self) {
        let now = self.now();
        let State::Open(open) = &mut self.state else { return };
        if open.daily.reading || open.daily.opened.elapsed() < NOT_BEFORE {
            return;
        }
        let due = open.daily.due.unwrap_or_else(|| match open.book.get::<Check>([0; 16]) {
            // A clock that was wrong then does not put it off for years.
            Ok(Some(check)) if check.at <= now => check.at.plus(EVERY),
            _ => now,
        });
        open.daily.due = Some(due);
        if due <= now {
            self.begin_daily();
        }
    }

    /// Begins the daily reading.
    pub(super) fn begin_daily(&mut self) {
        let due = self.now().plus(EVERY);
        let begun = self.read_everything(None);
        if let State::Open(open) = &mut self.state {
            // What could not even begin is damage, too; and not tried again every second.
            (open.daily.reading, open.daily.due) = (begun.is_ok(), Some(due));
        }
        if let Err(failure) = begun {
            self.found_damage(Actor::Agent, &failure);
        }
    }

    fn read_everything(&mut self, asker: Asker) -> Result<(), Failure> {
        self.flush();
        let check = self.open()?.book.vault().check()?;
        let mut teller = asker.map(|(client, n)| self.teller(client, n));
        let own = self.own.clone();
        std::thread::spawn(move || {
            // Whoever waits must hear of the end in any case.
            let read = std::panic::AssertUnwindSafe(|| {
                check.read(&mut |done, total| {
                    if let Some(teller) = &mut teller {
                        teller.tell(done, total);
                    }
                })
            });
            let checked = std::panic::catch_unwind(read).unwrap_or(Err(VaultError::Broken));
            // The desk is gone only when the agent ends.
            let _ = own.send(Input::Checked(Box::new(Read { asker, checked })));
        });
        Ok(())
    }

    /// A thread has read everything: what came since is read here, and what was found is kept and told.
    pub(super) fn checked(&mut self, read: Read) {
        let actor = if read.asker.is_some() { Actor::Clinician } else { Actor::Agent };
        let found = self.conclude_check(read.checked);
        if let State::Open(open) = &mut self.state {
            open.daily.reading &= read.asker.is_some();
        }
        match &found {
            Ok(report) => self.found_whole(actor, report),
            Err(failure) => self.found_damage(actor, failure),
        }
        let Some((client, n)) = read.asker else { return };
        let reply = found.map(|report| {
            Reply::Verified(Verified {
                intact: true,
                frames: report.frames,
                records: report.records,
                events: report.events,
                head: data_encoding::HEXLOWER.encode(&report.head),
            })
        });
        self.reply(client, n, reply);
    }

    fn conclude_check(&mut self, checked: Result<Checked, VaultError>) -> Result<VerifyReport, Failure> {
        self.flush();
        let report = self.open()?.book.vault().conclude(checked?, &mut |_, _| {})?;
        match report.damage {
            None => Ok(report),
            Some(damage) => Err(Failure::new(Kind::Damaged, format!("the record is damaged: {damage}"))
                .hint("nothing was changed; restore the latest backup, and keep this folder as it is")),
        }
    }

    fn found_whole(&mut self, actor: Actor, report: &VerifyReport) {
        let at = self.now();
        let State::Open(open) = &mut self.state else { return };
        open.book.put(&Check { at }, at);
        (open.daily.damage, open.daily.due) = (None, Some(at.plus(EVERY)));
        let head = data_encoding::HEXLOWER.encode(&report.head);
        self.audit(actor, Action::AuditVerify, About::proof(&head, report.records));
    }

    /// Nobody may overlook it: it stands in the status until all was found whole again.
    fn found_damage(&mut self, actor: Actor, failure: &Failure) {
        tracing::error!(kind = ?failure.kind, "reading everything again failed");
        if failure.kind != Kind::Damaged {
            return;
        }
        self.audit(actor, Action::AuditVerifyFailed, About::nothing());
        if let State::Open(open) = &mut self.state {
            open.daily.damage = Some(failure.clone());
            self.event(Event::Damaged(failure.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{add, open_desk};
    use super::*;
    use crate::record::AuditEvent;
    use std::os::unix::fs::FileExt;

    /// Has the daily reading done, to its end.
    fn read_daily(desk: &mut Desk) {
        desk.begin_daily();
        let Ok(Input::Checked(read)) = desk.inputs.recv() else { panic!("a thread has read") };
        desk.checked(*read);
        desk.flush();
    }

    fn newest_event(desk: &mut Desk) -> (Actor, Action) {
        let mut newest = None;
        let mut take = |event: AuditEvent| {
            newest = Some((event.actor, event.action));
            false
        };
        desk.open().expect("open").book.events(&mut take).expect("events");
        newest.expect("an event")
    }

    #[test]
    fn vault_is_read_by_itself_when_a_day_has_passed_and_not_before() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut desk = open_desk(&folder);
        let daily = |desk: &mut Desk| {
            desk.check_daily();
            std::mem::take(&mut desk.open().expect("open").daily.reading)
        };
        assert!(!daily(&mut desk), "just opened, to work");
        let Some(long_ago) = Instant::now().checked_sub(NOT_BEFORE) else { return };
        desk.open().expect("open").daily.opened = long_ago;
        assert!(daily(&mut desk), "never read");
        let Ok(Input::Checked(read)) = desk.inputs.recv() else { panic!("a thread has read") };
        desk.checked(*read);
        desk.flush();
        assert_eq!(newest_event(&mut desk), (Actor::Agent, Action::AuditVerify));
        assert!(!daily(&mut desk), "just read");
        // Also for an agent that is started anew.
        desk.open().expect("open").daily.due = None;
        assert!(!daily(&mut desk), "just read");
        let at = desk.now().minus(EVERY);
        desk.open().expect("open").book.put(&Check { at }, at);
        desk.open().expect("open").daily.due = None;
        assert!(daily(&mut desk), "read yesterday");
    }

    #[test]
    fn damage_is_found_without_being_looked_for_and_stands_in_the_status() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut desk = open_desk(&folder);
        add(&mut desk, "Ada Byron");
        read_daily(&mut desk);
        assert_eq!(desk.status().damage, None);
        let journal = folder.path().join("vault/journal/000001.bj");
        let journal = std::fs::File::options().read(true).write(true).open(journal).expect("a segment");
        let mut byte = [0];
        journal.read_exact_at(&mut byte, 200).expect("read");
        journal.write_all_at(&[byte[0] ^ 1], 200).expect("written");
        read_daily(&mut desk);
        let damage = desk.status().damage.expect("told");
        assert_eq!(damage.kind, Kind::Damaged);
        assert!(damage.message.contains("frame 0") && damage.hint.is_some(), "{damage:?}");
        journal.write_all_at(&byte, 200).expect("written");
        assert_eq!(newest_event(&mut desk), (Actor::Agent, Action::AuditVerifyFailed));
        read_daily(&mut desk);
        assert_eq!(desk.status().damage, None);
    }
}
