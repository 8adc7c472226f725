//! A patient's key is destroyed: at every step at which the world can end, and with what lies beside it.

use super::super::folder::doom;
use super::*;

/// A vault in which two patients have entries and conversations, closed; the second patient.
fn two_patients() -> (Practice, PatientId) {
    let (practice, _) = small_practice();
    let (mut vault, _) = open(&practice.dir);
    let other = PatientId::random();
    vault.commit(&[entry(4, Some(other), "well")]).expect("kept");
    for patient in [practice.patient, other] {
        vault.store_conversation(patient.as_bytes(), b"state").expect("stored");
    }
    (practice, other)
}

/// How many entries of a patient can be read.
fn readable(vault: &mut Vault, patient: PatientId) -> usize {
    vault.list_of(patient, 4).expect("a list").len()
}

fn speaks(vault: &Vault, patient: PatientId) -> bool {
    vault.load_conversation(patient.as_bytes()).expect("an answer").is_some()
}

#[test]
fn forgetting_cut_short_at_any_step_takes_all_or_nothing_and_can_be_done_again() {
    let (template, other) = two_patients();
    let (mut all, mut nothing) = (0, 0);
    for steps in 0.. {
        let dir = template.dir.with_extension(format!("{steps}"));
        copy(&template.dir, &dir);
        let (mut vault, _) = open(&dir);
        doom(Some(steps));
        let forgotten = vault.forget(&[template.patient], &mut |_, _| {});
        doom(None);
        drop(vault);
        let (mut vault, _) = open(&dir);
        match readable(&mut vault, template.patient) {
            0 => all += 1,
            3 => nothing += 1,
            some => panic!("{some} entries are left after {steps} steps"),
        }
        assert_eq!((readable(&mut vault, other), speaks(&vault, other)), (1, true), "after {steps} steps");
        vault.forget(&[template.patient], &mut |_, _| {}).expect("forgotten");
        assert_eq!((readable(&mut vault, template.patient), speaks(&vault, template.patient)), (0, false));
        assert!(vault.verify(&mut |_, _| {}).expect("a report").is_intact());
        if forgotten.is_ok() {
            break;
        }
    }
    assert!(all > 0 && nothing > 2, "{all}, {nothing}");
}

#[test]
fn where_the_journal_is_damaged_nothing_is_destroyed() {
    let (practice, _) = two_patients();
    let (mut vault, _) = open(&practice.dir);
    let segment = segment(&practice.dir, 1);
    let offsets = frame_offsets(&segment);
    flip(&segment, offsets[2] + 100, 0);
    assert!(matches!(vault.forget(&[practice.patient], &mut |_, _| {}), Err(VaultError::Damaged(_))));
    assert!(speaks(&vault, practice.patient));
    flip(&segment, offsets[2] + 100, 0);
    assert_eq!(readable(&mut vault, practice.patient), 3);
}

#[test]
fn half_written_conversation_goes_with_the_whole_one() {
    let (practice, _) = two_patients();
    let (mut vault, _) = open(&practice.dir);
    let before = files(&practice.dir.join("conversation"));
    doom(Some(1));
    vault.store_conversation(practice.patient.as_bytes(), b"newer").expect_err("cut short");
    doom(None);
    assert_eq!(files(&practice.dir.join("conversation")).len(), before.len() + 1);
    vault.forget(&[practice.patient], &mut |_, _| {}).expect("forgotten");
    assert_eq!(files(&practice.dir.join("conversation")).len(), 1);
}

/// What is left in the free space of a disk, seen through a second name of the file.
#[test]
fn no_older_keyring_is_left_behind() {
    let (practice, _) = two_patients();
    let (mut vault, _) = open(&practice.dir);
    let keyring = practice.dir.join("keyring");
    let mut older = Vec::new();
    let mut remember = || {
        let name = practice.dir.with_extension(format!("older-{}", older.len()));
        fs::hard_link(&keyring, &name).expect("a second name");
        older.push(name);
    };
    remember();
    vault.ensure_patient_keys([PatientId::random()]).expect("a key");
    remember();
    vault.rotate(Some(PASS), QUICK, &mut |_, _| {}).expect("rotated");
    remember();
    vault.forget(&[practice.patient], &mut |_, _| {}).expect("forgotten");
    for file in older {
        assert!(fs::read(&file).expect("a file").iter().all(|byte| *byte == 0), "{}", file.display());
    }
}
