//! What stands apart opens with its own passphrase or the recovery key, and with nothing else.

use super::*;
use crate::base::id::NoteId;
use crate::record::{ApartNote, Compartment, Note, NoteKind};

const APART: &str = "umbrella cricket copper";

fn note(patient: PatientId) -> Note {
    Note {
        id: NoteId::random(),
        patient,
        compartment: None,
        kind: NoteKind::Plain,
        text: CANARY.into(),
        visit: None,
        created: NOW,
        edited: NOW,
        signed: None,
        addenda: Vec::new(),
    }
}

#[test]
fn compartment_opens_with_its_passphrase_or_the_recovery_key_and_not_with_the_vaults() {
    let (practice, vault) = new_vault();
    let (key, slots) = vault.make_compartment(Compartment::Sud, APART, QUICK, NOW);
    let sealed = key.seal(&note(practice.patient));
    assert!(!sealed.sealed.windows(CANARY.len()).any(|part| part == CANARY.as_bytes()));
    for secret in [Secret::Passphrase(APART), Secret::Recovery(&practice.recovery)] {
        let opened = vault.open_compartment(&slots, secret, NOW).expect("opens").open(&sealed).expect("the note");
        assert_eq!((opened.text.expose().as_str(), opened.compartment), (CANARY, Some(Compartment::Sud)));
    }
    let wrong = vault.open_compartment(&slots, Secret::Passphrase(PASS), NOW);
    assert!(matches!(wrong, Err(VaultError::WrongPassphrase)));
    let early = vault.open_compartment(&slots, Secret::Passphrase(APART), NOW);
    assert!(matches!(early, Err(VaultError::TryLater { wait_ms: 1000 })));
    // Who is right at the vault's door has not been right at this one.
    vault.confirm(Secret::Passphrase(PASS), NOW).expect("the vault's");
    let early = vault.open_compartment(&slots, Secret::Passphrase(APART), NOW);
    assert!(matches!(early, Err(VaultError::TryLater { .. })));
    let later = Stamp(NOW.0 + 1000);
    vault.open_compartment(&slots, Secret::Passphrase(APART), later).expect("opens");
    vault.open_compartment(&slots, Secret::Passphrase(APART), later).expect("and nothing is counted any more");
}

#[test]
fn note_cannot_be_moved_to_another_place() {
    let (practice, vault) = new_vault();
    let (key, _) = vault.make_compartment(Compartment::Sud, APART, QUICK, NOW);
    let (other, _) = vault.make_compartment(Compartment::Psychotherapy, APART, QUICK, NOW);
    let sealed = key.seal(&note(practice.patient));
    key.open(&sealed).expect("as it was");
    let mut bytes = sealed.sealed.clone();
    bytes[40] ^= 1;
    let moved = [
        ApartNote { id: NoteId::random(), ..sealed.clone() },
        ApartNote { patient: PatientId::random(), ..sealed.clone() },
        ApartNote { sealed: bytes, ..sealed.clone() },
        ApartNote { sealed: Vec::new(), ..sealed.clone() },
    ];
    for apart in moved {
        assert!(matches!(key.open(&apart), Err(VaultError::Damaged(Damage::Compartment))));
    }
    assert!(other.open(&sealed).is_err());
}

#[test]
fn new_recovery_key_opens_a_compartment_once_it_was_opened() {
    let (practice, mut vault) = new_vault();
    let (key, slots) = vault.make_compartment(Compartment::Sud, APART, QUICK, NOW);
    assert_eq!(vault.renew_compartment(&slots, &key), None, "the recovery key is the same");
    let fresh = vault.renew_recovery(NOW).expect("a new one");
    let renewed = vault.renew_compartment(&slots, &key).expect("another");
    vault.open_compartment(&renewed, Secret::Recovery(fresh.expose()), NOW).expect("opens");
    let old = vault.open_compartment(&renewed, Secret::Recovery(&practice.recovery), NOW);
    assert!(matches!(old, Err(VaultError::WrongRecoveryKey)));
}

#[test]
fn passphrase_is_replaced_and_the_key_stays() {
    let (practice, vault) = new_vault();
    let (key, slots) = vault.make_compartment(Compartment::Sud, APART, QUICK, NOW);
    let sealed = key.seal(&note(practice.patient));
    let changed = vault.reseal_compartment(&slots, &key, "copper cricket umbrella", QUICK);
    let opened = vault.open_compartment(&changed, Secret::Passphrase("copper cricket umbrella"), NOW).expect("opens");
    opened.open(&sealed).expect("what was sealed before");
    let old = vault.open_compartment(&changed, Secret::Passphrase(APART), NOW);
    assert!(matches!(old, Err(VaultError::WrongPassphrase)));
}

/// What a person with stock `age` and the vault key finds in a way in.
#[test]
fn way_into_a_compartment_is_an_age_file_with_one_line() {
    let (practice, vault) = new_vault();
    let (_, slots) = vault.make_compartment(Compartment::Sud, APART, QUICK, NOW);
    let recovery = slots.recovery.expect("a recovery key");
    let identity = practice.dir.join("identity");
    fs::write(&identity, &practice.recovery).expect("written");
    let file = practice.dir.join("slot");
    fs::write(&file, &recovery.file).expect("written");
    let out = Command::new("age").arg("-d").arg("-i").args([&identity, &file]).output().expect("needs the program age");
    let text = String::from_utf8(out.stdout).expect("text");
    let digits = text.strip_prefix("bedside-compartment-key-1:").and_then(|rest| rest.strip_suffix('\n'));
    assert!(digits.is_some_and(|digits| digits.len() == 64 && digits.bytes().all(|b| b.is_ascii_hexdigit())));
}
