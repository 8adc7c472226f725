//! The vault's door: made, opened, locked; and what arrived while it was closed.

use super::check::Daily;
use super::import::message_of;
use super::{ClientId, Desk, Open, State, ToClient, awake_or_asleep, key};
use crate::agent::book::{About, Book};
use crate::agent::dial;
use crate::agent::failure::{missing, refused};
use crate::agent::mailbox::ToMailbox;
use crate::agent::outbox::Passing;
use crate::agent::plan::Settled;
use crate::agent::search::Search;
use crate::agent::thread::Thread;
use crate::base::id::ImportId;
use crate::base::{Failure, Kind, Phi, Place, SafeText, Stamp};
use crate::record::schedule::{REMIND_MAX, REMIND_MAX_MIN};
use crate::record::{Action, Actor, Imported, Practice, Settlement};
use crate::vault::passphrase::{self, Beside};
use crate::vault::{LockedVault, OpenReport, Spooled, Vault, VaultError};
use crate::wire::agent::{Changed, Event, FromAgent, ImportHead, RelayState, Reply, Way};
use crate::wire::{from_cbor, to_cbor};
use std::collections::HashMap;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::UnboundedSender;
use zeroize::Zeroizing;

/// How long a link can be open, in hours: no longer than the key package behind it (`seal::pairing`) lives.
const INVITE_HOURS: std::ops::RangeInclusive<u32> = 1..=60 * 24;

/// How often progress is told.
const TELL_EVERY: Duration = Duration::from_millis(50);

/// Kinds of what is spooled while locked.
pub(super) const SPOOLED_ENVELOPE: u16 = 1;
pub(super) const SPOOLED_IMPORT: u16 = 2;
pub(super) const SPOOLED_UNLOCK_FAILED: u16 = 3;
pub(super) const SPOOLED_IMPORT_PAGE: u16 = 4;
pub(super) const SPOOLED_IMPORT_END: u16 = 5;

/// How long an agent that begins waits for the vault's lock: of one that was killed, the system may give back the
/// socket, so that another is started, a while before the lock.
pub(super) const WAIT_FOR_LOCK: Duration = Duration::from_secs(3);

/// What lies in this place. A vault that another process has is waited for.
pub(super) fn found(place: &Place, patience: Duration) -> State {
    if !Vault::exists(&place.vault()) {
        return State::Missing;
    }
    let deadline = Instant::now() + patience;
    loop {
        match LockedVault::open(&place.vault()) {
            Ok(vault) => return State::Locked(vault),
            Err(VaultError::InUse) if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(5)),
            Err(error) => return State::Broken(error.into()),
        }
    }
}

impl Desk {
    /// Looks at a vault that could not be used: whatever was in the way may be gone.
    pub(super) fn look_again(&mut self) {
        if let State::Broken(_) = self.state {
            self.state = found(&self.place, Duration::ZERO);
        }
    }

    /// Makes the vault.
    pub(super) fn init(
        &mut self,
        passphrase: &Phi<String>,
        practice: Practice,
        work_factor: Option<u8>,
    ) -> Result<Reply, Failure> {
        if !matches!(self.state, State::Missing) {
            return Err(refused("there is a vault here already").hint("choose another folder with --vault"));
        }
        passphrase::check(passphrase.expose(), Beside::Nothing, &[practice.clinician.expose()])?;
        check_practice(&practice)?;
        let (vault, recovery) =
            Vault::create(&self.place.vault(), passphrase.expose(), key::kdf(work_factor), self.now())?;
        let now = self.now();
        let mut book = Book::open(vault)?;
        book.put(&practice, now);
        self.state = State::Open(Box::new(Open::around(book)));
        self.audit(Actor::Clinician, Action::Init, About::nothing());
        self.open_mailbox();
        self.event(Event::Unlocked);
        Ok(Reply::Initialized { recovery_key: Phi::from(recovery.expose()) })
    }

    /// Opens the vault and takes in what arrived meanwhile. `progress` is told how far the journal was read.
    pub(super) fn unlock(&mut self, way: &Way, mut progress: impl FnMut(u64, u64)) -> Result<Reply, Failure> {
        let vault = match std::mem::replace(&mut self.state, State::Missing) {
            State::Locked(vault) => vault,
            State::Open(open) => {
                self.state = State::Open(open);
                return Ok(Reply::Unlocked { drained: 0, notice: None });
            }
            State::Missing => return Err(missing()),
            State::Broken(failure) => {
                self.state = State::Broken(failure.clone());
                return Err(failure);
            }
        };
        let (vault, report) = match vault.unlock(key::secret(way), self.now(), &mut progress) {
            Ok(opened) => opened,
            Err(refusal) => {
                let (mut vault, error) = (refusal.locked, refusal.error);
                if key::is_wrong(&error) {
                    note_failure(&mut vault, self.now());
                }
                self.state = State::Locked(vault);
                return Err(error.into());
            }
        };
        let (open, lost) = match Book::open(vault).and_then(Open::around_all) {
            Ok(opened) => opened,
            Err(error) => {
                self.state = found(&self.place, Duration::ZERO);
                return Err(error.into());
            }
        };
        self.state = State::Open(Box::new(open));
        // The vault is open from here on, whatever else does not work: that is told beside it.
        self.used = awake_or_asleep();
        self.rung.clear();
        let unended = self.end_abandoned_visits().err().map(|failure| failure.message);
        let half = self.take_back_half();
        self.audit(Actor::Clinician, Action::Unlock, About::nothing());
        let (drained, undrained) = self.drain();
        self.open_mailbox();
        self.event(Event::Unlocked);
        let notices: Vec<String> =
            [torn(&report), conversations_lost(lost), unended, half, undrained].into_iter().flatten().collect();
        Ok(Reply::Unlocked { drained, notice: (!notices.is_empty()).then(|| notices.join("; ")) })
    }

    /// Takes back what an import that was cut short has left.
    fn take_back_half(&mut self) -> Option<String> {
        match self.take_back_begun() {
            Ok(0) => None,
            Ok(_) => Some("an import was cut short and is taken back: import it again".to_owned()),
            Err(failure) => Some(format!("an import was cut short and cannot be taken back now ({failure})")),
        }
    }

    /// Takes in what was spooled, in order, each thing once: how much, and what did not work. What cannot be taken in
    /// now stays sealed for the next time, with everything behind it.
    pub(super) fn drain(&mut self) -> (u64, Option<String>) {
        self.flush();
        let (mut drained, mut imports) = (0, SealedImports::default());
        let mut take_all = || -> Result<(), Failure> {
            for item in self.open()?.book.vault().spooled()?.items {
                drained += u64::from(self.take_spooled(&item, &mut imports)?);
            }
            // Their end never came: whoever began them heard that they failed.
            for pages in std::mem::take(&mut imports.pages).into_values() {
                self.strike_off(&pages.ids)?;
            }
            Ok(())
        };
        let failed = take_all().err();
        if let State::Open(open) = &mut self.state {
            open.waits = failed.is_some();
        }
        let told = failed.map(|failure| {
            tracing::warn!(kind = ?failure.kind, "what was spooled could not all be taken in");
            format!("not everything that arrived while it was locked could be taken in ({failure}); it waits, sealed")
        });
        let refused = imports.refused.into_iter().map(|(feed, failure)| {
            let feed = SafeText::line(feed.expose());
            let hint = failure.hint.map_or_else(String::new, |hint| format!("; {hint}"));
            format!("an import of {feed} that was queued is refused: {}: import it again{hint}", failure.message)
        });
        let told: Vec<String> = refused.chain(told).collect();
        (drained, (!told.is_empty()).then(|| told.join("; ")))
    }

    /// Notes that spooled things were taken.
    fn strike_off(&mut self, ids: &[[u8; 16]]) -> Result<(), Failure> {
        ids.iter().try_for_each(|id| Ok(self.open()?.book.commit(Some(id))?))
    }

    /// Does an import that was sealed. One that the schedule as it is speaks against would be refused for ever: whoever
    /// unlocks hears of it. Whatever else goes wrong may go better the next time.
    fn import_sealed(
        &mut self,
        head: &ImportHead,
        entries: Vec<Imported>,
        told: Vec<Settlement>,
        at: Stamp,
        imports: &mut SealedImports,
    ) -> Result<(), Failure> {
        if let Err(refusal) = self.import(head, entries, Settled { told, remote: None }, at, |_, _| {})? {
            imports.refused.push((head.feed.clone(), refusal));
        }
        Ok(())
    }

    /// Takes in one thing; `false` when it was nothing a person would count.
    fn take_spooled(&mut self, item: &Spooled, imports: &mut SealedImports) -> Result<bool, Failure> {
        match item.kind {
            SPOOLED_ENVELOPE => {
                if let Ok((queue, bytes)) = from_cbor::<(crate::base::id::QueueId, serde_bytes::ByteBuf)>(&item.body) {
                    self.take_delivery(queue, &bytes, super::post::Came::Spooled(item.id))?;
                    return Ok(true);
                }
            }
            SPOOLED_IMPORT => {
                if let Ok((feed, entries)) = from_cbor(&item.body) {
                    self.import_sealed(&message_of(Phi::new(feed)), entries, Vec::new(), item.at, imports)?;
                    self.open()?.book.commit(Some(&item.id))?;
                    return Ok(true);
                }
            }
            SPOOLED_IMPORT_PAGE => {
                if let Ok((run, entries, settled)) = from_cbor::<(ImportId, Vec<Imported>, Vec<Settlement>)>(&item.body)
                {
                    let pages = imports.pages.entry(run).or_default();
                    pages.ids.push(item.id);
                    pages.entries.extend(entries);
                    pages.settled.extend(settled);
                    return Ok(false);
                }
            }
            SPOOLED_IMPORT_END => {
                if let Ok((run, head)) = from_cbor::<(ImportId, ImportHead)>(&item.body) {
                    let Pages { ids, entries, settled } = imports.pages.remove(&run).unwrap_or_default();
                    self.import_sealed(&head, entries, settled, item.at, imports)?;
                    // The end first: pages without an end are nothing, should the power fail in between.
                    self.open()?.book.commit(Some(&item.id))?;
                    self.strike_off(&ids)?;
                    return Ok(true);
                }
            }
            SPOOLED_UNLOCK_FAILED => {
                self.open()?.book.audit(item.at, Actor::Agent, Action::UnlockFailed, About::nothing());
            }
            _ => {}
        }
        self.open()?.book.commit(Some(&item.id))?;
        Ok(false)
    }

    /// Tells the mailbox which queues there are.
    pub(super) fn open_mailbox(&mut self) {
        let carried = self.carry();
        self.relay = if carried.relay.is_some() { RelayState::Down } else { RelayState::None };
        self.event(Event::Relay(self.relay));
        if let Some(relay) = carried.relay {
            self.to_mailbox(ToMailbox::Open(relay, carried.posts));
        }
    }

    /// Changes the practice.
    pub(super) fn set_practice(&mut self, practice: Practice) -> Result<Reply, Failure> {
        check_practice(&practice)?;
        let now = self.now();
        let open = self.open()?;
        let moved =
            open.book.practice().relay != practice.relay || open.book.practice().relay_token != practice.relay_token;
        open.book.put(&practice, now);
        self.audit(Actor::Clinician, Action::PracticeChange, About::nothing());
        self.changed(Changed::Practice, None);
        if moved {
            self.open_mailbox();
        }
        self.send_cards();
        Ok(Reply::Done)
    }
}

/// Pages of one import: the spooled things, and what they bring.
#[derive(Default)]
struct Pages {
    ids: Vec<[u8; 16]>,
    entries: Vec<Imported>,
    settled: Vec<Settlement>,
}

/// Imports that were sealed page by page, as they are unsealed.
#[derive(Default)]
struct SealedImports {
    /// Of those whose end has not come.
    pages: HashMap<ImportId, Pages>,
    /// Which were refused, and why.
    refused: Vec<(Phi<String>, Failure)>,
}

/// Tells a client how far its long request is: at once, but not too often.
pub(super) struct Teller {
    out: Option<UnboundedSender<ToClient>>,
    n: u32,
    told: Option<Instant>,
}

impl Desk {
    /// Tells this client of its request; nobody when the client went.
    pub(super) fn teller(&self, client: ClientId, n: u32) -> Teller {
        Teller { out: self.clients.get(&client).map(|client| client.out.clone()), n, told: None }
    }
}

impl Teller {
    pub(super) fn tell(&mut self, done: u64, total: u64) {
        if done < total && self.told.is_some_and(|told| told.elapsed() < TELL_EVERY) {
            return;
        }
        self.told = Some(Instant::now());
        if let Some(out) = &self.out {
            // A client that went is noticed by its own `Gone`.
            let _ = out.send(ToClient::Message(FromAgent::Progress { n: self.n, done, total }));
        }
    }
}

impl Open {
    fn around(book: Book) -> Self {
        Self {
            book,
            threads: HashMap::new(),
            readers: HashMap::new(),
            outbox: HashMap::new(),
            passing: Passing::default(),
            visits: HashMap::new(),
            search: Search::default(),
            compartments: HashMap::new(),
            daily: Daily::new(),
            waits: false,
            steps: Default::default(),
            steps_kept: Default::default(),
            reminders: Default::default(),
        }
    }

    /// With every patient's conversation and what is still on its way; and of how many patients the conversation
    /// cannot be read. One of them must not keep the clinician from all the others.
    pub(super) fn around_all(book: Book) -> Result<(Self, usize), VaultError> {
        let mut open = Self::around(book);
        let patients: Vec<_> = open.book.patients().map(|patient| patient.id).collect();
        let mut lost = 0;
        for patient in patients {
            match Thread::load(open.book.vault(), patient) {
                Ok(Some(thread)) => {
                    open.readers.insert(thread.reader(), patient);
                    open.threads.insert(patient, thread);
                }
                Ok(None) => {}
                Err(failure) => {
                    tracing::error!(kind = ?failure.kind, %patient, "a conversation cannot be read");
                    lost += 1;
                }
            }
        }
        open.reload_outbox()?;
        Ok((open, lost))
    }
}

fn note_failure(vault: &mut LockedVault, at: crate::base::Stamp) {
    let id = crate::base::random::bytes();
    // A full spool must not hide that the passphrase was wrong, which is what is told.
    let _ = vault.spool(&Spooled { kind: SPOOLED_UNLOCK_FAILED, id, at, body: Zeroizing::new(to_cbor(&())) });
}

fn check_practice(practice: &Practice) -> Result<(), Failure> {
    if practice.clinician.expose().trim().is_empty() {
        return Err(
            Failure::new(Kind::Usage, "the clinician's name is missing").hint("patients see it: \"Dr. Okafor\"")
        );
    }
    if let Some(relay) = &practice.relay
        && !dial::usable(relay.expose())
    {
        return Err(Failure::new(Kind::Usage, "the relay's address cannot be used")
            .hint("write https://HOST, or http://127.0.0.1:PORT for a relay on this machine"));
    }
    if !INVITE_HOURS.contains(&practice.invite_hours) {
        return Err(Failure::new(Kind::Usage, "a link cannot be open for so long")
            .hint("give 1 to 1440 hours: the keys behind a link live for sixty days"));
    }
    let reminders = practice.remind_patient_min.iter().chain(&practice.remind_me_min);
    if practice.remind_patient_min.len() > REMIND_MAX
        || reminders.clone().any(|min| !(1..=REMIND_MAX_MIN).contains(min))
    {
        return Err(Failure::new(Kind::Usage, "there cannot be such reminders")
            .hint("give at most five, between a minute and 28 days before"));
    }
    if jiff::tz::TimeZone::get(&practice.zone).is_err() {
        return Err(Failure::new(Kind::Usage, "the time zone is not known").hint("write it as Europe/Berlin"));
    }
    Ok(())
}

fn conversations_lost(lost: usize) -> Option<String> {
    let whose = if lost == 1 { "one patient" } else { "several patients" };
    (lost > 0).then(|| format!("the conversation with {whose} cannot be read: invite anew who cannot be written to"))
}

fn torn(report: &OpenReport) -> Option<String> {
    (report.torn_bytes > 0).then(|| {
        format!(
            "the last write was not finished ({} bytes) and was cut off; nothing acknowledged is missing",
            report.torn_bytes
        )
    })
}
