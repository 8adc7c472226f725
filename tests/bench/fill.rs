//! Makes a practice of many notes for the measures: `fill FOLDER PASSPHRASE NOTES [IN-A-COMMIT [EVENTS]]`.
//!
//! Written with the vault itself, as an agent would that many hands have used for years: each note and the event of
//! its making, in as many notes to a commit as is said (1); or so many events of each note.

use anyhow::{Context, Result, ensure};
use bedside::base::id::{EventId, NoteId, PatientId};
use bedside::base::{Phi, Stamp};
use bedside::record::{Action, Actor, AddressPolicy, AuditEvent, Note, NoteKind, Patient, Practice};
use bedside::vault::{Entry, Kdf, Vault};
use std::path::Path;

const PATIENTS: usize = 100;
const WORDS_IN_A_NOTE: usize = 60;
/// 2020-01-01; a note follows every ten minutes.
const BEGIN: i64 = 1_577_836_800_000;
const APART: i64 = 600_000;

fn main() -> Result<()> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    ensure!(given.len() >= 3, "fill FOLDER PASSPHRASE NOTES [IN-A-COMMIT [EVENTS]]");
    let notes: usize = given[2].parse().context("how many notes")?;
    let together: usize = given.get(3).map_or(Ok(1), |text| text.parse()).context("how many in a commit")?;
    let events: usize = given.get(4).map_or(Ok(1), |text| text.parse()).context("how many events of a note")?;
    std::fs::create_dir_all(&given[0])?;
    let folder = Path::new(&given[0]).join("vault");
    let (mut vault, _) = Vault::create(&folder, &given[1], Kdf { work_factor: 10 }, Stamp(BEGIN))?;
    let patients: Vec<Patient> = (0..PATIENTS).map(patient).collect();
    let mut first = vec![Entry::of(&practice(), Stamp(BEGIN))];
    first.extend(patients.iter().map(|patient| Entry::of(patient, Stamp(BEGIN))));
    vault.commit(&first)?;
    let mut words = Words(1);
    let mut entries = Vec::new();
    for number in 0..notes {
        let at = Stamp(BEGIN + APART * number as i64);
        let note = note(patients[number % PATIENTS].id, words.text(), at);
        entries.push(Entry::of(&note, at));
        entries.extend((0..events).map(|_| Entry::of(&event(&note), at)));
        if (number + 1) % together == 0 || number + 1 == notes {
            vault.commit(&entries)?;
            entries.clear();
        }
    }
    Ok(())
}

fn practice() -> Practice {
    Practice {
        clinician: "Dr. Okafor".into(),
        phone: None,
        emergency: None,
        relay: None,
        relay_token: None,
        addresses: AddressPolicy::Direct,
        zone: "UTC".to_owned(),
        lock_after_min: 0,
        invite_hours: 24,
        retention_years: 10,
        hours: Vec::new(),
        remind_me_min: None,
        remind_patient_min: Vec::new(),
        part2: false,
    }
}

fn patient(number: usize) -> Patient {
    Patient::new(PatientId::random(), Phi::new(format!("Patient {number:03}")), Stamp(BEGIN))
}

fn note(patient: PatientId, text: String, at: Stamp) -> Note {
    Note {
        id: NoteId::random(),
        patient,
        compartment: None,
        kind: NoteKind::Soap,
        text: Phi::new(text),
        visit: None,
        created: at,
        edited: at,
        signed: Some(at),
        addenda: Vec::new(),
    }
}

fn event(note: &Note) -> AuditEvent {
    AuditEvent {
        id: EventId::random(),
        at: note.created,
        actor: Actor::Clinician,
        action: Action::NoteAdd,
        patient: Some(note.patient),
        patients: Vec::new(),
        record: Some(note.id.to_string()),
        count: None,
    }
}

/// The same words in the same order, each time.
struct Words(u64);

impl Words {
    fn text(&mut self) -> String {
        let list = bip39::Language::English.word_list();
        let mut word = || {
            // The generator of Knuth's MMIX: good enough to mix words.
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            list[(self.0 >> 33) as usize % list.len()]
        };
        (0..WORDS_IN_A_NOTE).map(|_| word()).collect::<Vec<_>>().join(" ")
    }
}
