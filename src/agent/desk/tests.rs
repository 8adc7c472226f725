//! The desk without a socket or a relay: what it holds when something goes wrong.

mod appointment;
mod reminder;
mod task;

use super::*;
use crate::agent::thread::tests::device;
use crate::base::id::MessageId;
use crate::base::{Kind, Phi};
use crate::record::{AddressPolicy, Delivery, Message, Note, NoteKind, Practice, Sender};
use crate::record::{EndReason, Visit};
use crate::seal::Conversation;
use crate::vault::LockedVault;
use crate::wire::agent::{PatientDraft, Way};
use crate::wire::content::{Body, Content, Knock, Signal};
use crate::wire::envelope::{Envelope, EnvelopeKind};
use crate::wire::to_cbor;
use tempfile::TempDir;

pub(super) const PASSPHRASE: &str = "heron lantern orbit velvet";

fn practice() -> Practice {
    Practice {
        clinician: "Dr. Okafor".into(),
        phone: None,
        emergency: None,
        relay: Some("http://127.0.0.1:9".into()),
        relay_token: Some("token".into()),
        addresses: AddressPolicy::Direct,
        zone: "Europe/Berlin".to_owned(),
        lock_after_min: 10,
        invite_hours: 24,
        retention_years: 10,
        part2: false,
        hours: Vec::new(),
        remind_me_min: Some(10),
        remind_patient_min: vec![1440, 60],
    }
}

/// A desk on this folder's vault. What it says to the mailbox is heard by nobody.
fn desk(folder: &TempDir) -> Desk {
    let place = Place::new(folder.path().to_owned()).expect("a short path");
    let listener = std::fs::File::open(folder.path()).expect("any descriptor will do");
    let inputs = std::sync::mpsc::channel();
    let (mailbox, _) = tokio::sync::mpsc::unbounded_channel();
    let (desktop, _) = tokio::sync::mpsc::unbounded_channel();
    Desk::new(place, listener.into(), inputs, (mailbox, desktop), None)
}

/// A desk with a fresh, open vault.
pub(super) fn open_desk(folder: &TempDir) -> Desk {
    let mut desk = desk(folder);
    desk.init(&PASSPHRASE.into(), practice(), Some(10)).expect("made");
    desk.flush();
    desk
}

/// A client comes; a console subscribes.
pub(super) fn connect(desk: &mut Desk, client: ClientId, subscribed: bool) {
    let (out, _) = tokio::sync::mpsc::unbounded_channel();
    desk.clients.insert(client, Client { out, subscribed, exports: None, exports_log: false, import: None });
}

/// What a client is answered, once it is durable.
pub(super) fn ask(desk: &mut Desk, client: ClientId, request: Request) -> Result<Reply, Failure> {
    desk.asked(client, 1, request);
    let said = std::mem::take(&mut desk.says);
    let mut replies = said.into_iter().filter_map(|say| match say {
        Say::Reply { result, .. } => Some(result.map(|reply| *reply)),
        _ => None,
    });
    let reply = replies.next_back().expect("every request is answered");
    desk.flush();
    reply
}

/// The agent begins anew on the same vault, which is locked then.
pub(super) fn lock(folder: &TempDir, desk: &mut Desk) {
    // What is open is let go first: a vault has one owner.
    desk.state = State::Missing;
    *desk = self::desk(folder);
}

/// And opens it; what whoever opens it is told.
pub(super) fn lock_and_open(folder: &TempDir, desk: &mut Desk) -> Option<String> {
    lock(folder, desk);
    let Ok(Reply::Unlocked { notice, .. }) = unlock(desk) else { panic!("not opened") };
    desk.flush();
    notice
}

pub(super) fn unlock(desk: &mut Desk) -> Result<Reply, Failure> {
    desk.unlock(&Way::Passphrase(PASSPHRASE.into()), |_, _| {})
}

pub(super) fn add(desk: &mut Desk, name: &str) -> PatientId {
    let draft = PatientDraft { name: Some(name.into()), ..PatientDraft::default() };
    let Ok(Reply::Patient(patient)) = desk.add_patient(draft) else { panic!("not added") };
    patient.id
}

fn found(desk: &mut Desk, who: &str) -> Result<PatientId, Kind> {
    desk.find(&Phi::from(who)).map_err(|failure| failure.kind)
}

#[test]
fn one_unreadable_conversation_does_not_keep_the_vault_shut() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = open_desk(&folder);
    let (ada, grace) = (add(&mut desk, "Ada Byron"), add(&mut desk, "Grace Hopper"));
    desk.invite_patient(&Phi::from("ada")).expect("invited");
    let [of_ada] = std::fs::read_dir(folder.path().join("vault/conversation"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .collect::<Vec<_>>()
        .try_into()
        .expect("one conversation");
    desk.invite_patient(&Phi::from("grace")).expect("invited");
    desk.flush();
    drop(desk);
    std::fs::write::<std::path::PathBuf, _>(of_ada, b"not what was written").expect("written");

    let mut desk = self::desk(&folder);
    let Ok(Reply::Unlocked { notice, .. }) = unlock(&mut desk) else { panic!("not opened") };
    assert!(notice.is_some_and(|notice| notice.contains("invite anew")));
    let open = desk.open().expect("open");
    assert!(open.threads.contains_key(&grace) && !open.threads.contains_key(&ada));
    assert_eq!(desk.relay, RelayState::Down, "the mailbox was opened");
    desk.invite_patient(&Phi::from("ada")).expect("a new link mends it");
}

#[test]
fn what_could_not_be_kept_is_not_sent_later() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = open_desk(&folder);
    let patient = add(&mut desk, "Ada Byron");
    desk.flush();
    stage_too_much(&mut desk, patient);
    let now = desk.now();
    let open = desk.open().expect("open");
    let outgoing =
        Outgoing { id: EnvelopeId::random(), patient, message: crate::base::id::MessageId::random(), bytes: vec![1] };
    open.book.put(&outgoing, now);
    open.outbox.insert(outgoing.id, (outgoing, None));
    assert!(desk.staged_bytes() > super::BATCH_BYTES);
    desk.flush();
    let open = desk.open().expect("open");
    assert!(open.outbox.is_empty() && open.book.unsigned().is_empty());
}

/// More than a frame of the journal takes stands for any commit that fails.
fn stage_too_much(desk: &mut Desk, patient: PatientId) {
    let now = desk.now();
    let note = Note {
        id: crate::base::id::NoteId::random(),
        patient,
        compartment: None,
        kind: NoteKind::Soap,
        text: Phi::new("x".repeat(33 << 20)),
        visit: None,
        created: now,
        edited: now,
        signed: None,
        addenda: Vec::new(),
    };
    desk.open().expect("open").book.put(&note, now);
}

#[test]
fn messages_no_device_received_wait_for_the_next_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = open_desk(&folder);
    let patient = add(&mut desk, "Ada Byron");
    let now = desk.now();
    let message = |delivery, from| Message {
        id: crate::base::id::MessageId::random(),
        patient,
        from,
        text: "hello".into(),
        at: now,
        delivery,
        read: None,
        appointment: None,
    };
    let sent = message(Delivery::Sent, Sender::Clinician);
    let others = [message(Delivery::Received, Sender::Clinician), message(Delivery::Received, Sender::Patient)];
    let open = desk.open().expect("open");
    others.iter().chain([&sent]).for_each(|message| open.book.put(message, now));
    desk.flush();
    desk.invite_patient(&Phi::from("ada")).expect("invited");
    let waiting = desk.not_received(patient).expect("read");
    assert_eq!(waiting.iter().map(|message| message.id).collect::<Vec<_>>(), [sent.id]);
}

#[test]
fn whole_part_of_a_name_goes_before_its_beginning() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = open_desk(&folder);
    let (ada, adam) = (add(&mut desk, "Ada Byron"), add(&mut desk, "Adam Ada-Smith"));
    assert_eq!(found(&mut desk, "ada"), Ok(ada));
    assert_eq!(found(&mut desk, "adam"), Ok(adam));
    assert_eq!(found(&mut desk, "ad"), Err(Kind::Refused), "both begin so");
    assert_eq!(found(&mut desk, "smith"), Err(Kind::Refused), "the middle of a part is no beginning");
}

/// An envelope comes from this patient's queue.
fn deliver(desk: &mut Desk, patient: PatientId, kind: EnvelopeKind, body: Vec<u8>) {
    let envelope = Envelope { id: EnvelopeId::random(), kind, bell: [0; 16], body };
    let queue = desk.open().expect("open").threads[&patient].reader();
    let bytes = envelope.to_bytes().expect("it fits");
    desk.take_delivery(queue, &bytes, post::Came::Relay(1)).expect("taken");
    desk.flush();
}

/// A patient whose device has opened the link.
fn pair(desk: &mut Desk, name: &str) -> (PatientId, Conversation) {
    let patient = add(desk, name);
    desk.invite_patient(&Phi::from(name)).expect("invited");
    desk.flush();
    let (page, welcome) = device(&desk.open().expect("open").threads[&patient]);
    deliver(desk, patient, EnvelopeKind::Welcome, welcome);
    (patient, page)
}

fn say(desk: &mut Desk, patient: PatientId, page: &mut Conversation, at: Stamp, body: Body) {
    let sealed = page.encrypt(&to_cbor(&Content { at, body }), &[]).expect("sealed");
    deliver(desk, patient, EnvelopeKind::Message, sealed);
}

fn knock(desk: &mut Desk, patient: PatientId, page: &mut Conversation, visit: VisitId) {
    let at = desk.now();
    say(desk, patient, page, at, Body::Visit { visit, signal: Signal::Knock(Knock::default()) });
}

#[test]
fn new_link_ends_the_waiting_of_the_old_device() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = open_desk(&folder);
    let (ada, mut page) = pair(&mut desk, "Ada Byron");
    knock(&mut desk, ada, &mut page, VisitId::random());
    assert_eq!(desk.room().len(), 1);
    desk.invite_patient(&Phi::from("ada")).expect("invited");
    assert!(desk.room().is_empty());
    assert_eq!(desk.visits_due(), None, "nothing is due that nobody could do");
}

#[test]
fn second_device_ends_the_waiting_of_the_first() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = open_desk(&folder);
    let (ada, mut page) = pair(&mut desk, "Ada Byron");
    knock(&mut desk, ada, &mut page, VisitId::random());
    let (_, welcome) = device(&desk.open().expect("open").threads[&ada]);
    deliver(&mut desk, ada, EnvelopeKind::Welcome, welcome);
    assert!(desk.room().is_empty(), "whoever waits there cannot be reached any more");
    assert!(desk.admit(ClientId(1), &Phi::from("ada")).is_err());
}

#[test]
fn link_is_not_replaced_under_a_running_visit() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = open_desk(&folder);
    let (ada, mut page) = pair(&mut desk, "Ada Byron");
    knock(&mut desk, ada, &mut page, VisitId::random());
    desk.admit(ClientId(1), &Phi::from("ada")).expect("admitted");
    assert!(desk.invite_patient(&Phi::from("ada")).is_err());
    desk.hang_up().expect("ended");
    desk.invite_patient(&Phi::from("ada")).expect("now it may");
}

#[test]
fn patient_who_left_is_not_admitted() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = open_desk(&folder);
    let (ada, mut page) = pair(&mut desk, "Ada Byron");
    let (visit, at) = (VisitId::random(), desk.now());
    knock(&mut desk, ada, &mut page, visit);
    say(&mut desk, ada, &mut page, at, Body::Visit { visit, signal: Signal::Left });
    assert!(desk.admit(ClientId(1), &Phi::from("ada")).is_err());
}

#[test]
fn knock_cannot_begin_a_visit_on_record_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = open_desk(&folder);
    let (ada, mut page) = pair(&mut desk, "Ada Byron");
    let (first, second) = (VisitId::random(), VisitId::random());
    for visit in [first, second] {
        knock(&mut desk, ada, &mut page, visit);
        desk.decline(&Phi::from("ada"), None).expect("declined");
        desk.flush();
    }
    knock(&mut desk, ada, &mut page, first);
    assert!(desk.room().is_empty());
    let kept: Option<Visit> = desk.open().expect("open").book.get(*first.as_bytes()).expect("read");
    assert_eq!(kept.and_then(|visit| visit.end_reason), Some(EndReason::Declined));
}

#[test]
fn message_from_the_future_is_of_now() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = open_desk(&folder);
    let (ada, mut page) = pair(&mut desk, "Ada Byron");
    let body = Body::Text { id: MessageId::random(), text: "first for ever".into(), appointment: None };
    say(&mut desk, ada, &mut page, Stamp(i64::MAX), body);
    let messages = desk.open().expect("open").book.list_of::<Message>(ada).expect("read");
    assert!(messages[0].at <= desk.now().plus(Duration::from_secs(60)));
    desk.mailbox_says(FromMailbox::Up { boot: BootId::random(), offset_ms: i64::MAX, round_trip: Duration::ZERO });
    assert_eq!(desk.offset_ms, 0, "nor does the relay's time go into the record");
}

#[test]
fn what_was_said_while_the_relay_was_away_is_said_when_it_is_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let (heard, mut orders) = tokio::sync::mpsc::unbounded_channel();
    let mut desk = Desk { mailbox: heard, ..open_desk(&folder) };
    let (ada, mut page) = pair(&mut desk, "Ada Byron");
    knock(&mut desk, ada, &mut page, VisitId::random());
    desk.admit(ClientId(1), &Phi::from("ada")).expect("admitted");
    desk.flush();
    let mut sends = || {
        let orders = std::iter::from_fn(|| orders.try_recv().ok());
        let sends = orders.filter_map(|order| match order {
            ToMailbox::Send { id, bytes, .. } => Some((id, bytes)),
            _ => None,
        });
        sends.collect::<Vec<_>>()
    };
    let said = sends();
    let commit = desk.open().expect("open").threads[&ada].unconfirmed().expect("the commit of the admission");
    assert!(said.contains(&commit));
    desk.mailbox_says(FromMailbox::Up { boot: BootId::random(), offset_ms: 0, round_trip: Duration::ZERO });
    desk.flush();
    let again = sends();
    assert_eq!(again.first(), Some(&commit), "without it nothing after it can be read");
    assert!(said.iter().all(|send| again.contains(send)), "byte for byte");
}

#[test]
fn search_says_the_same_from_memory_as_by_reading() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = open_desk(&folder);
    let (ada, grace) = (add(&mut desk, "Ada Byron"), add(&mut desk, "Grace Hopper"));
    let write = |desk: &mut Desk, patient: PatientId, text: &str, sign: bool| {
        let who = patient.to_string().into();
        let new = desk.new_note(&who, NoteKind::Plain, Some(text.into()), None, None);
        let Ok(Reply::Note(note)) = new else { panic!("not begun") };
        if sign {
            desk.sign_note(note.record.id).expect("signed");
        }
        note.record.id
    };
    let search = |desk: &mut Desk, query: &str, who: Option<PatientId>| -> Vec<_> {
        let who = who.map(|id| id.to_string().into());
        let found = desk.search_notes(&query.into(), who.as_ref(), None);
        let Ok(Reply::Notes(notes)) = found else { panic!("not searched") };
        notes.into_iter().map(|note| note.record.id).collect()
    };
    let first = write(&mut desk, ada, "Slept badly since the move.", true);
    write(&mut desk, grace, "Slept well.", true);
    let draft = write(&mut desk, ada, "slept", false);
    assert!(!desk.search_fills(), "who never searches pays nothing");
    assert_eq!(search(&mut desk, "SLEP", None).len(), 3);
    while desk.search_fills() {
        desk.fill_search();
    }
    assert!(desk.open().expect("open").search.stands());
    assert_eq!(search(&mut desk, "SLEP", None).len(), 3);
    assert_eq!(search(&mut desk, "slept bad", Some(ada)), [first]);
    assert_eq!(search(&mut desk, "move slept", Some(grace)), []);
    // And it keeps up with what is written from then on.
    desk.edit_note(draft, "Woke at four.".into()).expect("edited");
    assert_eq!(search(&mut desk, "slept", Some(ada)), [first]);
    assert_eq!(search(&mut desk, "woke", None), [draft]);
    desk.sign_note(draft).expect("signed");
    desk.add_to_note(draft, "Slept again.".into()).expect("added");
    assert_eq!(search(&mut desk, "slept", Some(ada)).len(), 2);
    assert_eq!(search(&mut desk, "woke again", None), [draft]);
}

#[test]
fn keys_that_are_backed_up_are_those_of_everything_that_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = open_desk(&folder);
    let elsewhere = tempfile::tempdir().expect("a folder");
    let path = |name: &str| Some(elsewhere.path().join(name).to_string_lossy().into_owned());
    // Not yet kept when the backup is asked for, as when both come at once.
    add(&mut desk, "Ada Byron");
    desk.create_backup(ClientId(1), 1, path("disk"), path("stick")).expect("begun");
    let Ok(Input::Worked(work)) = desk.inputs.recv() else { panic!("a thread worked") };
    desk.worked(work);
    desk.flush();
    let found = desk.look_at_keys(None).expect("looked");
    assert!(matches!(found, crate::wire::agent::KeysBackedUp::Current { keys: 1, .. }), "{found:?}");
    assert!(!desk.at_work());
}

#[test]
fn vault_whose_lock_comes_late_is_waited_for_and_looked_at_again() {
    let folder = TempDir::new().expect("a folder");
    let mut first = open_desk(&folder);
    first.state = State::Missing;
    let held = LockedVault::open(&first.place.vault()).expect("free");
    let given_back = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(50));
        drop(held);
    });
    assert!(matches!(desk(&folder).state, State::Locked(_)), "a killed agent's lock is waited for");
    given_back.join().expect("no panic");

    let held = LockedVault::open(&first.place.vault()).expect("free");
    first.state = door::found(&first.place, Duration::ZERO);
    let status = || Input::Asked { client: ClientId(1), n: 1, request: Box::new(Request::Status) };
    first.handle(status());
    assert!(matches!(&first.state, State::Broken(failure) if failure.kind == Kind::Refused), "somebody has it");
    drop(held);
    first.handle(status());
    assert!(matches!(first.state, State::Locked(_)), "whoever asks next finds that nobody has it any more");
}
