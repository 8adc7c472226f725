//! The ways in: added, removed, changed, and cut short at every step.

use age::secrecy::ExposeSecret;
use age::x25519;

use super::super::folder::doom;
use super::*;

/// An identity's text, and a slot's recipient for it.
fn identity() -> (String, SealTo) {
    let identity = x25519::Identity::generate();
    let recipient = identity.to_public().to_string();
    (identity.to_string().expose_secret().to_owned(), SealTo { recipient, holder: None })
}

fn opens(dir: &Path, secret: Secret<'_>) -> Result<(), VaultError> {
    Vault::open(dir, secret, NOW, &mut |_, _| {}).map(|_| ())
}

fn names(dir: &Path) -> Vec<String> {
    keyslots(dir).expect("a list").into_iter().map(|slot| slot.name).collect()
}

#[test]
fn vault_begins_with_a_passphrase_and_a_recovery_key() {
    let (practice, vault) = new_vault();
    let slots = vault.keyslots().expect("a list");
    let kinds: Vec<_> = slots.iter().map(|slot| (slot.name.as_str(), slot.kind)).collect();
    assert_eq!(kinds, [("passphrase", SlotKind::Passphrase), ("recovery", SlotKind::Recovery)]);
    let recovery: x25519::Identity = practice.recovery.parse().expect("an identity");
    assert_eq!(slots[1].recipient, Some(recovery.to_public().to_string()));
    assert_eq!(slots[1].added, Some(NOW));
}

#[test]
fn way_in_is_added_and_removed() {
    let (practice, mut vault) = new_vault();
    let (text, to) = identity();
    vault.add_keyslot("drawer", &to, NOW).expect("added");
    assert!(matches!(vault.add_keyslot("drawer", &to, NOW), Err(VaultError::SlotExists)));
    for wrong in ["", "Drawer", "../drawer", "-x", "a name", &"x".repeat(33)] {
        assert!(matches!(vault.add_keyslot(wrong, &to, NOW), Err(VaultError::SlotName)), "{wrong}");
    }
    let nobody = SealTo { recipient: "age1nobody".to_owned(), holder: None };
    assert!(matches!(vault.add_keyslot("nobody", &nobody, NOW), Err(VaultError::WrongRecipient)));
    drop(vault);
    opens(&practice.dir, Secret::Identity(&text)).expect("opens");
    assert!(matches!(opens(&practice.dir, Secret::Identity(&identity().0)), Err(VaultError::WrongIdentity)));
    let (mut vault, _) = open(&practice.dir);
    vault.remove_keyslot("drawer").expect("removed");
    assert!(matches!(vault.remove_keyslot("drawer"), Err(VaultError::SlotMissing)));
    drop(vault);
    assert_eq!(names(&practice.dir), ["passphrase", "recovery"]);
    assert!(matches!(opens(&practice.dir, Secret::Identity(&text)), Err(VaultError::WrongIdentity)));
}

#[test]
fn two_ways_stay_one_for_every_day_and_one_no_passphrase() {
    let (_practice, mut vault) = new_vault();
    let refused = |vault: &mut Vault, name: &str| matches!(vault.remove_keyslot(name), Err(VaultError::LastWay));
    assert!(refused(&mut vault, "recovery") && refused(&mut vault, "passphrase"));
    vault.add_keyslot("one", &identity().1, NOW).expect("added");
    vault.remove_keyslot("recovery").expect("the passphrase and an identity stay");
    assert!(refused(&mut vault, "passphrase") && refused(&mut vault, "one"));
    vault.add_keyslot("two", &identity().1, NOW).expect("added");
    vault.remove_keyslot("passphrase").expect("two identities stay");
    vault.renew_recovery(NOW).expect("made");
    vault.remove_keyslot("one").expect("an identity and the recovery key stay");
    assert!(refused(&mut vault, "two"));
}

#[test]
fn way_in_whose_holder_has_lost_its_part_is_not_counted() {
    let (practice, mut vault) = new_vault();
    let key = keyslot::encrypt(&x25519::Identity::generate().to_public(), b"its identity");
    let holder = Holder { recipient: "age1drawer1qqq".to_owned(), key };
    let to = SealTo { holder: Some(holder), ..identity().1 };
    vault.add_keyslot("drawer", &to, NOW).expect("added");
    fs::remove_file(practice.dir.join("keyslot/drawer.key")).expect("removed");
    assert!(matches!(vault.remove_keyslot("recovery"), Err(VaultError::LastWay)));
    for wrong in [vec![0; 64], vec![b'a'; 17 << 10]] {
        let holder = Some(Holder { recipient: "age1drawer1qqq".to_owned(), key: wrong });
        let to = SealTo { holder, ..identity().1 };
        assert!(matches!(vault.add_keyslot("other", &to, NOW), Err(VaultError::WrongHolder)));
        let set = vault.set_passphrase(PASS, &Factor::Set(to), QUICK, NOW);
        assert!(matches!(set, Err(VaultError::WrongHolder)));
    }
}

#[test]
fn vault_without_a_passphrase_says_so_and_counts_nothing() {
    let (practice, mut vault) = new_vault();
    vault.add_keyslot("drawer", &identity().1, NOW).expect("added");
    vault.remove_keyslot("passphrase").expect("an identity and the recovery key stay");
    drop(vault);
    for _ in 0..2 {
        assert!(matches!(opens(&practice.dir, Secret::Passphrase(PASS)), Err(VaultError::NoPassphrase)));
    }
}

#[test]
fn second_factor_is_asked_for_before_the_passphrase_can_be_guessed() {
    let (practice, mut vault) = new_vault();
    let (text, to) = identity();
    vault.set_passphrase(PASS, &Factor::Set(to), QUICK, NOW).expect("set");
    assert!(vault.has_second_factor().expect("an answer"));
    drop(vault);
    for _ in 0..2 {
        assert!(matches!(opens(&practice.dir, Secret::Passphrase(PASS)), Err(VaultError::FactorMissing)));
        assert!(matches!(opens(&practice.dir, Secret::Identity(&text)), Err(VaultError::PassphraseMissing)));
        let other = Secret::Both { passphrase: PASS, identity: &identity().0 };
        assert!(matches!(opens(&practice.dir, other), Err(VaultError::WrongIdentity)));
    }
    let wrong = Secret::Both { passphrase: "wrong", identity: &text };
    let both = Secret::Both { passphrase: PASS, identity: &text };
    assert!(matches!(opens(&practice.dir, wrong), Err(VaultError::WrongPassphrase)));
    assert!(matches!(opens(&practice.dir, both), Err(VaultError::TryLater { wait_ms: 1000 })));
    let later = Stamp(NOW.0 + 1000);
    let (mut vault, _) = Vault::open(&practice.dir, both, later, &mut |_, _| {}).expect("opens");
    vault.set_passphrase("new", &Factor::Keep, QUICK, NOW).expect("set");
    drop(vault);
    let both = Secret::Both { passphrase: "new", identity: &text };
    let (mut vault, _) = Vault::open(&practice.dir, both, later, &mut |_, _| {}).expect("opens");
    vault.set_passphrase("alone", &Factor::Remove, QUICK, NOW).expect("set");
    drop(vault);
    opens(&practice.dir, Secret::Passphrase("alone")).expect("opens");
    assert!(!practice.dir.join("keyslot/passphrase.pub").exists());
}

#[test]
fn forged_recipient_is_never_sealed_to() {
    let (practice, mut vault) = new_vault();
    let (_, to) = identity();
    vault.set_passphrase(PASS, &Factor::Set(to.clone()), QUICK, NOW).expect("set");
    let public = practice.dir.join("keyslot/passphrase.pub");
    let text = fs::read_to_string(&public).expect("text");
    fs::write(&public, text.replace(&to.recipient, &identity().1.recipient)).expect("written");
    let refused = vault.set_passphrase("new", &Factor::Keep, QUICK, NOW);
    assert!(matches!(refused, Err(VaultError::Damaged(Damage::Keyslot))));
}

#[test]
fn slot_that_stock_age_made_opens_the_vault() {
    let (practice, vault) = new_vault();
    let line = vault.key.to_text();
    drop(vault);
    let (text, to) = identity();
    let made = Command::new("age")
        .args(["--encrypt", "--recipient", &to.recipient, "--output"])
        .arg(practice.dir.join("keyslot/by-hand.age"))
        .stdin(Stdio::piped())
        .spawn()
        .and_then(|mut child| {
            use std::io::Write;
            child.stdin.take().expect("a pipe").write_all(line.as_bytes())?;
            child.wait()
        });
    assert!(made.expect("this test needs the program 'age' (Debian package age)").success());
    opens(&practice.dir, Secret::Identity(&text)).expect("opens");
}

/// At every step at which the world can end, the slot is whole: as it was, or as it was to be.
#[test]
fn change_cut_short_at_any_step_leaves_a_way_in() {
    let (one, two) = (identity(), identity());
    let held = |to: &SealTo| {
        let key = keyslot::encrypt(&x25519::Identity::generate().to_public(), &random::bytes::<64>());
        let holder = Holder { recipient: "age1drawer1qqq".to_owned(), key };
        SealTo { recipient: to.recipient.clone(), holder: Some(holder) }
    };
    let both = |passphrase, identity| Secret::Both { passphrase, identity };
    let changes: [(Factor, &str); 4] = [
        (Factor::Set(held(&two.1)), &two.0),
        (Factor::Set(two.1.clone()), &two.0),
        (Factor::Keep, &one.0),
        (Factor::Remove, ""),
    ];
    let mut cut = 0;
    for (factor, identity) in changes {
        for steps in 0.. {
            let (practice, mut vault) = new_vault();
            let before = Factor::Set(held(&one.1));
            vault.set_passphrase("old", &before, QUICK, NOW).expect("set");
            doom(Some(steps));
            let changed = vault.set_passphrase("new", &factor, QUICK, NOW);
            doom(None);
            drop(vault);
            let old = opens(&practice.dir, both("old", &one.0));
            let later = Stamp(NOW.0 + 60_000);
            let fresh = if identity.is_empty() { Secret::Passphrase("new") } else { both("new", identity) };
            let new = Vault::open(&practice.dir, fresh, later, &mut |_, _| {});
            assert!(old.is_ok() != new.is_ok(), "after {steps} steps: {old:?}, {:?}", new.err());
            let slots = keyslots(&practice.dir).expect("a list");
            let slot = slots.iter().find(|slot| slot.name == "passphrase").expect("a slot");
            if old.is_ok() {
                assert_eq!(
                    Factor::Set(SealTo { recipient: one.1.recipient.clone(), holder: slot.holder.clone() }),
                    before
                );
            }
            if let Ok((mut vault, _)) = new {
                // What was left behind the turning point does not keep the next change from being made.
                vault.set_passphrase("newest", &Factor::Keep, QUICK, NOW).expect("set");
                drop(vault);
                let fresh = if identity.is_empty() { Secret::Passphrase("newest") } else { both("newest", identity) };
                Vault::open(&practice.dir, fresh, later, &mut |_, _| {}).expect("opens");
            }
            cut += 1;
            if changed.is_ok() {
                break;
            }
        }
    }
    assert!(cut > 16, "{cut} ends of the world");
}
