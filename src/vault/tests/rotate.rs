//! A new vault key: what opens what before and after, and every step at which the world can end.

use age::secrecy::ExposeSecret;
use age::x25519;

use super::super::folder::doom;
use super::*;

fn conversation(vault: &Vault, patient: PatientId) -> Option<Vec<u8>> {
    vault.load_conversation(patient.as_bytes()).expect("an answer").map(|state| state.to_vec())
}

/// A vault with entries, a conversation, something spooled, an identity, and all of it closed.
fn full_practice() -> (Practice, Vec<Entry>, String) {
    let (practice, entries) = small_practice();
    let (mut vault, _) = open(&practice.dir);
    vault.store_conversation(practice.patient.as_bytes(), b"state").expect("stored");
    let identity = x25519::Identity::generate();
    let to = SealTo { recipient: identity.to_public().to_string(), holder: None };
    vault.add_keyslot("drawer", &to, NOW).expect("added");
    let mut locked = vault.lock().expect("locked");
    let body = Zeroizing::new(CANARY.as_bytes().to_vec());
    locked.spool(&Spooled { kind: 1, id: [3; 16], at: NOW, body }).expect("spooled");
    (practice, entries, identity.to_string().expose_secret().to_owned())
}

fn check(practice: &Practice, vault: &mut Vault, entries: &[Entry]) {
    assert_eq!(kept(vault), entries);
    assert_eq!(conversation(vault, practice.patient).as_deref(), Some(&b"state"[..]));
    assert_eq!(vault.spooled().expect("the spool").items.len(), 1);
    assert!(vault.verify(&mut |_, _| {}).expect("a report").is_intact());
}

#[test]
fn everything_is_there_with_the_new_key_and_every_way_in_opens_it() {
    let (practice, mut entries, identity) = full_practice();
    let (mut vault, _) = open(&practice.dir);
    for _ in 0..3 {
        let old = vault.key.clone();
        vault.rotate(Some(PASS), QUICK, &mut |_, _| {}).expect("rotated");
        assert!(vault.key != old);
        check(&practice, &mut vault, &entries);
        let entry = entry(4, Some(practice.patient), CANARY);
        vault.commit(std::slice::from_ref(&entry)).expect("kept");
        entries.push(entry);
        check(&practice, &mut vault, &entries);
    }
    drop(vault);
    let names: Vec<_> = keyslots(&practice.dir).expect("a list").into_iter().map(|slot| slot.name).collect();
    assert_eq!(names, ["drawer", "passphrase", "recovery"]);
    let ways = [Secret::Passphrase(PASS), Secret::Recovery(&practice.recovery), Secret::Identity(&identity)];
    for secret in ways {
        let (mut vault, report) = Vault::open(&practice.dir, secret, NOW, &mut |_, _| {}).expect("opens");
        assert_eq!((report.torn_bytes, report.rebuilt), (0, false));
        check(&practice, &mut vault, &entries);
    }
    for left in ["rotation", "rotation.new", "keyslot.old", "conversation.old"] {
        assert!(!practice.dir.join(left).exists(), "{left}");
    }
    let conversations = fs::read_dir(practice.dir.join("conversation")).expect("a folder").count();
    assert_eq!(conversations, 1);
}

#[test]
fn copy_of_an_old_keyslot_opens_nothing_new() {
    let (practice, _, _) = full_practice();
    let (mut vault, _) = open(&practice.dir);
    let old = vault.key.clone();
    vault.rotate(Some(PASS), QUICK, &mut |_, _| {}).expect("rotated");
    drop(vault);
    let locked = LockedVault::open(&practice.dir).expect("a lock");
    assert!(
        matches!(locked.unlock_with(old, &mut |_, _| {}).map(|_| ()), Err(refused) if matches!(refused.error, VaultError::Damaged(_)))
    );
}

#[test]
fn keyslot_that_cannot_be_sealed_anew_stands_in_the_way() {
    let (practice, entries, _) = full_practice();
    let (mut vault, _) = open(&practice.dir);
    assert!(matches!(vault.rotate(None, QUICK, &mut |_, _| {}), Err(VaultError::PassphraseMissing)));
    let public = practice.dir.join("keyslot/drawer.pub");
    let text = fs::read_to_string(&public).expect("text");
    let evil = x25519::Identity::generate().to_public().to_string();
    let forged: Vec<_> = text.lines().map(|line| if line.starts_with("age1") { evil.as_str() } else { line }).collect();
    fs::write(&public, forged.join("\n") + "\n").expect("written");
    assert!(matches!(vault.rotate(Some(PASS), QUICK, &mut |_, _| {}), Err(VaultError::SlotUnproven)));
    check(&practice, &mut vault, &entries);
    vault.remove_keyslot("drawer").expect("removed");
    vault.rotate(Some(PASS), QUICK, &mut |_, _| {}).expect("rotated");
    check(&practice, &mut vault, &entries);
}

#[test]
fn lost_or_changed_keychain_is_damage() {
    let (practice, _, _) = full_practice();
    let (mut vault, _) = open(&practice.dir);
    vault.rotate(Some(PASS), QUICK, &mut |_, _| {}).expect("rotated");
    drop(vault);
    let keychain = practice.dir.join("keychain");
    let whole = fs::read(&keychain).expect("a file");
    flip(&keychain, whole.len() / 2, 3);
    assert!(matches!(try_open(&practice.dir), Err(VaultError::Damaged(Damage::Keychain))));
    fs::remove_file(&keychain).expect("removed");
    fs::remove_dir_all(practice.dir.join("index")).expect("removed");
    assert!(matches!(try_open(&practice.dir), Err(VaultError::Damaged(_))));
    fs::write(&keychain, whole).expect("written");
    open(&practice.dir);
}

/// Wherever the world ends, the vault opens again with everything in it, under the one key or the other.
#[test]
fn rotation_cut_short_at_any_step_loses_nothing() {
    let (template, entries, identity) = full_practice();
    let (mut before, mut after) = (0, 0);
    for steps in 0.. {
        let practice = Practice { dir: template.dir.with_extension(format!("{steps}")), ..practice_of(&template) };
        copy(&template.dir, &practice.dir);
        let (mut vault, _) = open(&practice.dir);
        let old = vault.key.clone();
        doom(Some(steps));
        let rotated = vault.rotate(Some(PASS), QUICK, &mut |_, _| {});
        // Nothing is kept under a key that is not the vault's any more.
        let lost = entry(4, None, "under the old key");
        let refused = vault.commit(std::slice::from_ref(&lost));
        doom(None);
        let broken = matches!(rotated, Err(VaultError::Broken)) && super::super::rotate::is_unfinished(&practice.dir);
        assert!(!broken || refused.is_err(), "after {steps} steps");
        drop(vault);
        for secret in [Secret::Passphrase(PASS), Secret::Recovery(&practice.recovery), Secret::Identity(&identity)] {
            let (mut vault, _) = Vault::open(&practice.dir, secret, NOW, &mut |_, _| {}).expect("opens");
            let mut there = kept(&mut vault);
            there.retain(|entry| *entry != lost);
            assert_eq!(there, entries, "after {steps} steps");
            assert_eq!(conversation(&vault, practice.patient).as_deref(), Some(&b"state"[..]));
            assert_eq!(vault.spooled().expect("the spool").items.len(), 1);
            assert!(vault.verify(&mut |_, _| {}).expect("a report").is_intact());
            *(if vault.key == old { &mut before } else { &mut after }) += 1;
        }
        fs::remove_dir_all(&practice.dir).expect("removed");
        if rotated.is_ok() {
            break;
        }
    }
    assert!(before > 20 && after > 20, "{before} before the turning point, {after} behind");
}

fn practice_of(practice: &Practice) -> Practice {
    let (dir, recovery) = (practice.dir.clone(), practice.recovery.clone());
    Practice { _root: root(), dir, recovery, patient: practice.patient }
}
