//! What goes in comes out: records, history, spool, conversations.

use super::*;

#[test]
fn what_was_committed_is_there_after_reopening() {
    let (practice, entries) = small_practice();
    let (mut vault, report) = open(&practice.dir);
    assert_eq!(kept(&mut vault), entries);
    assert_eq!((report.frames, report.torn_bytes, report.head_behind), (5, 0, 0));
    assert_eq!((report.replayed, report.rebuilt), (0, false), "the index was closed in order");
    let found = vault.get(4, &entries[3].id).expect("an answer").expect("a record");
    assert_eq!((found.entry, found.sequence, found.position), (entries[3].clone(), 3, 0));
    assert_eq!(vault.list_of(practice.patient, 4).expect("a list").len(), 3);
    assert!(vault.list_of(PatientId::random(), 4).expect("a list").is_empty());
}

#[test]
fn newest_version_wins_and_a_tombstone_hides() {
    let (practice, mut vault) = new_vault();
    let first = entry(4, Some(practice.patient), "first");
    let second = Entry { body: Zeroizing::new(b"second".to_vec()), ..first.clone() };
    let gone = Entry { tombstone: true, ..first.clone() };
    vault.commit(&[first.clone(), second.clone()]).expect("kept");
    assert_eq!(vault.get(4, &first.id).expect("an answer").expect("a record").entry, second);
    assert_eq!(vault.list(4).expect("a list").len(), 1);
    vault.commit(std::slice::from_ref(&gone)).expect("kept");
    assert_eq!(vault.get(4, &first.id).expect("an answer"), None);
    assert!(vault.list(4).expect("a list").is_empty());
    assert!(vault.list_of(practice.patient, 4).expect("a list").is_empty());
}

#[test]
fn commit_of_many_records_is_found_as_well_as_many_commits() {
    let (practice, mut vault) = new_vault();
    let other = PatientId::random();
    let many: Vec<Entry> =
        (0..page::MANY).map(|n| entry(3, [Some(practice.patient), Some(other), None][n % 3], &n.to_string())).collect();
    let draft = Entry { standing: Standing::Pending, ..entry(4, Some(other), "draft") };
    let (first, second) = (entry(4, None, "twice"), entry(4, None, "twice, the later"));
    let second = Entry { id: first.id, ..second };
    vault
        .commit(&[entry(3, None, "alone"), Entry { body: Zeroizing::new(b"before".to_vec()), ..many[0].clone() }])
        .expect("kept");
    let with = [draft.clone(), first, second.clone()];
    vault.commit(&[&many[..], &with].concat()).expect("kept");
    vault.commit(&[Entry { tombstone: true, ..many[1].clone() }]).expect("kept");
    let changed = Entry { body: Zeroizing::new(b"behind".to_vec()), ..many[3].clone() };
    vault.commit(std::slice::from_ref(&changed)).expect("kept");
    let done = Entry { standing: Standing::Kept, ..draft.clone() };
    let look = |vault: &mut Vault, pending: &[Entry]| {
        let found = |stored: Vec<Stored>| stored.into_iter().map(|stored| stored.entry).collect::<Vec<_>>();
        assert_eq!(vault.get(3, &many[0].id).expect("an answer").map(|stored| stored.entry), Some(many[0].clone()));
        assert_eq!(vault.get(3, &many[1].id).expect("an answer"), None);
        assert_eq!(vault.get(4, &second.id).expect("an answer").map(|stored| stored.entry), Some(second.clone()));
        let all = found(vault.list(3).expect("a list"));
        assert_eq!((all.len(), all.last()), (page::MANY, Some(&changed)));
        let theirs = found(vault.list_of(other, 3).expect("a list"));
        let expected: Vec<Entry> = many.iter().filter(|one| one.patient == Some(other)).skip(1).cloned().collect();
        assert_eq!(theirs, expected);
        assert_eq!(found(vault.pending(4).expect("a list")), pending);
        assert!(!vault.verify(&mut |_, _| {}).expect("a report").index_rebuilt);
    };
    look(&mut vault, std::slice::from_ref(&draft));
    // That it waits no more is said by another page.
    let others: Vec<Entry> = (0..page::MANY).map(|n| entry(5, None, &n.to_string())).collect();
    vault.commit(&[&others[..], &[done]].concat()).expect("kept");
    look(&mut vault, &[]);
    drop(vault);
    let (mut vault, report) = open(&practice.dir);
    assert_eq!((report.replayed, report.rebuilt), (0, false));
    look(&mut vault, &[]);
    vault.index.lose();
    look(&mut vault, &[]);
}

#[test]
fn record_that_moves_to_another_patient_leaves_the_first_ones_list() {
    let (practice, mut vault) = new_vault();
    let other = PatientId::random();
    let first = entry(3, Some(practice.patient), "appointment");
    let moved = Entry { patient: Some(other), ..first.clone() };
    vault.commit(&[first]).expect("kept");
    vault.commit(std::slice::from_ref(&moved)).expect("kept");
    assert!(vault.list_of(practice.patient, 3).expect("a list").is_empty());
    assert_eq!(vault.list_of(other, 3).expect("a list")[0].entry, moved);
}

#[test]
fn history_is_read_in_pages_in_the_order_of_the_journal() {
    let (_practice, mut vault) = new_vault();
    let events: Vec<Entry> = (0..50).map(|n| event(&n.to_string())).collect();
    for pair in events.chunks(2) {
        vault.commit(pair).expect("kept");
    }
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = vault.history_after(7, after, 7).expect("a page");
        let Some(last) = page.last() else { break };
        after = Some((last.sequence, last.position));
        seen.extend(page.into_iter().map(|stored| stored.entry));
    }
    assert_eq!(seen, events);
}

#[test]
fn history_is_read_backwards_from_any_place() {
    let (_practice, mut vault) = new_vault();
    let entries: Vec<Entry> = (0..10).map(|n| event(&n.to_string())).collect();
    vault.commit(&entries[..6]).expect("kept");
    vault.commit(&entries[6..]).expect("kept");
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let page = vault.history_before(7, before, 3).expect("a page");
        let Some(last) = page.last() else { break };
        before = Some((last.sequence, last.position));
        seen.extend(page.into_iter().map(|stored| stored.entry));
    }
    seen.reverse();
    assert_eq!(seen, entries);
}

#[test]
fn what_waits_for_somebody_is_listed_until_a_later_version_ends_it() {
    let (practice, mut vault) = new_vault();
    let draft = |body| Entry { standing: Standing::Pending, ..entry(4, Some(practice.patient), body) };
    let (first, second, third) = (draft("first"), draft("second"), draft("third"));
    vault.commit(&[first.clone(), second.clone(), third.clone(), entry(4, None, "kept")]).expect("kept");
    vault.commit(&[Entry { standing: Standing::Kept, ..first }]).expect("kept");
    vault.commit(&[Entry { tombstone: true, ..second }]).expect("kept");
    let pending = |vault: &mut Vault| -> Vec<Entry> {
        vault.pending(4).expect("a list").into_iter().map(|stored| stored.entry).collect()
    };
    assert_eq!(pending(&mut vault), std::slice::from_ref(&third));
    vault.index.lose();
    assert_eq!(pending(&mut vault), [third], "after a rebuild");
    assert!(!vault.verify(&mut |_, _| {}).expect("a report").index_rebuilt);
}

#[test]
fn event_is_found_in_its_order_only() {
    let (_practice, mut vault) = new_vault();
    let event = event("unlocked");
    vault.commit(std::slice::from_ref(&event)).expect("kept");
    assert_eq!(vault.history(7).expect("a history")[0].entry, event);
    assert_eq!(vault.get(7, &event.id).expect("an answer"), None);
    let report = vault.verify(&mut |_, _| {}).expect("a report");
    assert_eq!((report.events, report.index_rebuilt), (1, false));
}

#[test]
fn frames_of_every_size_are_read_wherever_they_stand() {
    let (practice, vault) = new_vault();
    drop(vault);
    let mut vault = shaped(&practice.dir, 256 << 10, 8 << 10);
    let sizes = [10, 40_000, 200, 300_000, 33_000, 5, 70_000];
    let entries: Vec<Entry> = (0..40).map(|n| entry(4, None, &"x".repeat(sizes[n % sizes.len()] + n))).collect();
    for (n, entry) in entries.iter().enumerate() {
        vault.commit(std::slice::from_ref(entry)).expect("kept");
        // What was looked at before the next frame was written is not taken for its place.
        let stored = vault.get(4, &entries[n / 2].id).expect("an answer").expect("a record");
        assert_eq!(stored.entry, entries[n / 2]);
    }
    let all: Vec<Entry> = vault.list(4).expect("a list").into_iter().map(|stored| stored.entry).collect();
    assert_eq!(all, entries);
}

#[test]
fn commit_costs_one_sync() {
    let (practice, mut vault) = new_vault();
    vault.ensure_patient_keys([practice.patient]).expect("a key");
    let before = vault.stats().journal_syncs;
    for n in 0..100 {
        vault.commit(&[entry(4, Some(practice.patient), &n.to_string())]).expect("kept");
    }
    assert_eq!(vault.stats().journal_syncs - before, 100);
}

#[test]
fn keys_that_were_made_before_are_not_written_again_with_each_commit() {
    let (practice, mut vault) = new_vault();
    let patients = [PatientId::random(), PatientId::random()];
    vault.ensure_patient_keys(patients).expect("keys");
    // What is sealed anew is never the same bytes.
    let keyring = || std::fs::read(practice.dir.join("keyring")).expect("a file");
    let before = keyring();
    for patient in patients {
        vault.commit(&[entry(4, Some(patient), "theirs")]).expect("kept");
    }
    assert!(keyring() == before);
    vault.commit(&[entry(4, Some(PatientId::random()), "of another")]).expect("kept");
    assert!(keyring() != before);
}

#[test]
fn too_large_a_commit_is_refused_and_the_next_one_kept() {
    let (_practice, mut vault) = new_vault();
    let large = Entry { body: Zeroizing::new(vec![7; 33 << 20]), ..entry(4, None, "") };
    assert!(matches!(vault.commit(&[large]), Err(VaultError::TooLarge { .. })));
    vault.commit(&[entry(4, None, "small")]).expect("kept");
    assert_eq!(vault.head().sequence, 1);
}

#[test]
fn spool_is_drained_in_order_and_each_thing_once() {
    let (practice, vault) = new_vault();
    let mut locked = vault.lock().expect("locked");
    let things: Vec<Spooled> =
        (0..5).map(|n| Spooled { kind: 1, id: [n; 16], at: NOW, body: Zeroizing::new(vec![n; 100]) }).collect();
    for thing in &things {
        locked.spool(thing).expect("spooled");
        locked.spool(thing).expect("the same again is no error");
    }
    assert_eq!(locked.spooled(), 5);
    drop(locked);
    let (mut vault, report) = open(&practice.dir);
    assert_eq!(report.spooled, 5);
    assert_eq!(vault.spooled().expect("drained").items, things);
    // Taken, but the process dies before the file is removed.
    let spool = practice.dir.join("spool");
    let kept_file = files(&spool).into_iter().find(|path| path.to_string_lossy().contains("0000-00")).expect("a file");
    let sealed = fs::read(&kept_file).expect("a file");
    vault.commit_spooled(&things[0].id, &[entry(5, None, "taken")]).expect("taken");
    drop(vault);
    fs::write(&kept_file, sealed).expect("back again");
    let (mut vault, _) = open(&practice.dir);
    assert_eq!(vault.spooled().expect("drained").items, things[1..]);
    assert!(!kept_file.exists());
    assert_eq!(vault.list(5).expect("a list").len(), 1);
    vault.commit_spooled(&things[1].id, &[]).expect("taken, with nothing to keep");
    flip(&files(&spool)[0], 300, 0);
    let drained = vault.spooled().expect("drained");
    assert_eq!((drained.items.len(), drained.damaged), (2, 1));
}

#[test]
fn conversation_state_is_replaced_whole_and_removed() {
    let (practice, mut vault) = new_vault();
    assert_eq!(vault.load_conversation(&[1; 16]).expect("an answer"), None);
    vault.store_conversation(&[1; 16], b"one").expect("stored");
    vault.store_conversation(&[1; 16], b"two").expect("stored");
    vault.store_conversation(&[2; 16], b"other").expect("stored");
    drop(vault);
    let (vault, _) = open(&practice.dir);
    assert_eq!(vault.load_conversation(&[1; 16]).expect("an answer").expect("a state").as_slice(), b"two");
    let files = files(&practice.dir.join("conversation"));
    assert_eq!(files.len(), 2);
    // One conversation's state does not pass for another's.
    let (first, second) = (fs::read(&files[0]).expect("a file"), fs::read(&files[1]).expect("a file"));
    fs::write(&files[0], second).expect("written");
    fs::write(&files[1], first).expect("written");
    assert!(matches!(vault.load_conversation(&[1; 16]), Err(VaultError::Damaged(Damage::Conversation))));
    vault.conversations.remove(&[1; 16]).expect("removed");
    vault.conversations.remove(&[1; 16]).expect("nothing to remove is no error");
    assert_eq!(vault.load_conversation(&[1; 16]).expect("an answer"), None);
}
