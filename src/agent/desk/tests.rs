//! The desk without a socket or a relay: what it holds when something goes wrong.

use super::*;
use crate::base::{Kind, Phi};
use crate::record::{AddressPolicy, Delivery, Message, Note, NoteKind, Practice, Sender};
use crate::wire::agent::PatientDraft;
use tempfile::TempDir;

const PASSPHRASE: &str = "correct horse battery staple";

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
    }
}

/// A desk on this folder's vault. What it says to the mailbox is heard by nobody.
fn desk(folder: &TempDir) -> Desk {
    let place = Place::new(folder.path().to_owned()).expect("a short path");
    let listener = std::fs::File::open(folder.path()).expect("any descriptor will do");
    let (_, inputs) = std::sync::mpsc::channel();
    let (mailbox, _) = tokio::sync::mpsc::unbounded_channel();
    Desk::new(place, listener.into(), inputs, mailbox, None)
}

/// A desk with a fresh, open vault.
fn open_desk(folder: &TempDir) -> Desk {
    let mut desk = desk(folder);
    desk.init(&PASSPHRASE.into(), practice(), Some(10)).expect("made");
    desk.flush();
    desk
}

fn unlock(desk: &mut Desk) -> Result<Reply, Failure> {
    desk.unlock(&PASSPHRASE.into(), false, |_, _| {})
}

fn add(desk: &mut Desk, name: &str) -> PatientId {
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
    let now = desk.now();
    let open = desk.open().expect("open");
    // More than a frame of the journal takes stands for any commit that fails.
    let note = Note {
        id: crate::base::id::NoteId::random(),
        patient,
        kind: NoteKind::Soap,
        text: Phi::new("x".repeat(33 << 20)),
        visit: None,
        created: now,
        edited: now,
        signed: None,
        addenda: Vec::new(),
    };
    open.book.put(&note, now);
    let outgoing =
        Outgoing { id: EnvelopeId::random(), patient, message: crate::base::id::MessageId::random(), bytes: vec![1] };
    open.book.put(&outgoing, now);
    open.outbox.insert(outgoing.id, (outgoing, None));
    assert!(desk.staged_much());
    desk.flush();
    let open = desk.open().expect("open");
    assert!(open.outbox.is_empty() && open.book.unsigned().is_empty());
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
