//! Damage is found and named; a torn tail is not damage.

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::*;

#[test]
fn tail_torn_at_any_byte_is_cut_off_and_reported() {
    let (practice, entries) = small_practice();
    let journal = segment(&practice.dir, 1);
    let offsets = frame_offsets(&journal);
    assert_eq!(offsets.len(), 6);
    let whole = fs::read(&journal).expect("a segment");
    let (start, end) = (offsets[4], offsets[5]);
    let key = keyslot::open(&practice.dir, Secret::Passphrase(PASS), &mut || Ok(())).expect("the key");
    // The head of the moment before: the torn frame was never acknowledged.
    let sealer = keychain::FrameSealer::from(key.sealer(Purpose::Journal));
    let (_, mut head, _) = HeadFile::open(&practice.dir, key.sealer(Purpose::Head)).expect("a head");
    head.sequence = 4;
    head.hash = frame::hash(&whole[offsets[3]..start]);
    for written in 0..=(end - start) {
        let mut torn = whole.clone();
        torn[start + written..end].fill(0);
        fs::write(&journal, &torn).expect("written");
        let tail =
            scan::scan(&practice.dir.join("journal"), &sealer, &head, scan::ALL, &mut |_| Ok(())).expect("no damage");
        let is_whole = torn == whole;
        assert_eq!(tail.next, if is_whole { 5 } else { 4 }, "{written} bytes of the last frame");
        // Zeros at the end of what was written cannot be told from reserved space.
        let visible = torn[start..end].iter().rposition(|byte| *byte != 0).map_or(0, |last| last as u64 + 1);
        assert_eq!(tail.torn_bytes, if is_whole { 0 } else { visible });
    }
    // And through the whole vault, with the page in the middle of the frame missing.
    let mut torn = whole.clone();
    torn[start..start + 100].fill(0);
    fs::write(&journal, &torn).expect("written");
    fs::remove_file(practice.dir.join("head")).expect("removed");
    HeadFile::create(&practice.dir, &key.sealer(Purpose::Head), head.journal).expect("a head");
    // The index knows of the frame: then it was acknowledged, whatever an old head says.
    assert!(matches!(try_open(&practice.dir), Err(VaultError::Damaged(Damage::Frame { frame: 4, .. }))));
    fs::remove_dir_all(practice.dir.join("index")).expect("removed");
    let (mut vault, report) = open(&practice.dir);
    assert!(report.torn_bytes > 0 && report.frames == 4 && report.rebuilt);
    assert_eq!(kept(&mut vault), entries[..4]);
    vault.commit(&entries[4..]).expect("kept again");
    drop(vault);
    let (mut vault, report) = open(&practice.dir);
    assert_eq!((report.torn_bytes, kept(&mut vault)), (0, entries));
}

#[test]
fn tail_that_was_acknowledged_cannot_go_missing_unnoticed() {
    let (practice, _) = small_practice();
    let journal = segment(&practice.dir, 1);
    let offsets = frame_offsets(&journal);
    let whole = fs::read(&journal).expect("a segment");
    for (frames, offset) in offsets.iter().enumerate().take(5) {
        let mut cut = whole.clone();
        cut[*offset..].fill(0);
        fs::write(&journal, &cut).expect("written");
        let error = try_open(&practice.dir).err().expect("refused");
        let VaultError::Damaged(Damage::TailMissing { head: 5, found }) = error else { panic!("{error}") };
        assert_eq!(found, frames as u64);
    }
    // Nor can it be damaged: the head knows the last frame's hash.
    fs::write(&journal, &whole).expect("written");
    flip(&journal, offsets[4] + 80, 3);
    let error = try_open(&practice.dir).err().expect("refused");
    let VaultError::Damaged(Damage::Frame { segment: 1, frame: 4, offset }) = error else { panic!("{error}") };
    assert_eq!(offset, offsets[4] as u64);
}

#[test]
fn frame_damaged_in_the_middle_is_named_never_skipped() {
    let (practice, _) = small_practice();
    let journal = segment(&practice.dir, 1);
    let offsets = frame_offsets(&journal);
    let whole = fs::read(&journal).expect("a segment");
    for (frame, start) in offsets[..4].iter().enumerate() {
        for within in [0, 5, 9, 20, 50, 75, 100] {
            fs::write(&journal, &whole).expect("written");
            flip(&journal, start + within, 0);
            let error = try_open(&practice.dir).err().expect("refused");
            let VaultError::Damaged(Damage::Frame { segment: 1, frame: named, offset }) = error else {
                panic!("{error}")
            };
            assert_eq!((named, offset), (frame as u64, *start as u64), "byte {within}");
        }
    }
}

#[test]
fn exchanged_frames_are_noticed() {
    let (practice, mut vault) = new_vault();
    for body in ["aaaa", "bbbb", "cccc", "dddd"] {
        vault.commit(&[entry(1, None, body)]).expect("kept");
    }
    drop(vault);
    let journal = segment(&practice.dir, 1);
    let offsets = frame_offsets(&journal);
    let mut bytes = fs::read(&journal).expect("a segment");
    let (second, third) = (bytes[offsets[1]..offsets[2]].to_vec(), bytes[offsets[2]..offsets[3]].to_vec());
    bytes[offsets[1]..offsets[2]].copy_from_slice(&third);
    bytes[offsets[2]..offsets[3]].copy_from_slice(&second);
    fs::write(&journal, bytes).expect("written");
    let error = try_open(&practice.dir).err().expect("refused");
    assert!(matches!(error, VaultError::Damaged(Damage::Frame { segment: 1, frame: 1, .. })), "{error}");
}

#[test]
fn segments_roll_and_a_removed_or_swapped_one_is_noticed() {
    let (practice, vault) = new_vault();
    drop(vault);
    let mut vault = shaped(&practice.dir, 4096, 1024);
    let entries: Vec<Entry> = (0..120).map(|n| entry(4, Some(practice.patient), &format!("note {n}"))).collect();
    for entry in &entries {
        vault.commit(std::slice::from_ref(entry)).expect("kept");
    }
    let segments = vault.stats().segments;
    assert!(segments > 3, "{segments} segments");
    assert!(vault.verify(&mut |_, _| {}).expect("a report").is_intact());
    drop(vault);
    let (mut vault, report) = open(&practice.dir);
    assert_eq!((report.rebuilt, report.frames), (false, 120));
    assert_eq!(vault.list(4).expect("a list").len(), 120);
    drop(vault);

    let try_copy = |change: &dyn Fn(&Path)| {
        let copied = practice.dir.with_extension("copy");
        copy(&practice.dir, &copied);
        change(&copied);
        let error = try_open(&copied).err().expect("refused");
        fs::remove_dir_all(&copied).expect("removed");
        match error {
            VaultError::Damaged(damage) => damage,
            other => panic!("{other}"),
        }
    };
    let remove = |number| move |dir: &Path| fs::remove_file(segment(dir, number)).expect("removed");
    assert_eq!(try_copy(&remove(1)), Damage::SegmentMissing { segment: 1 });
    assert_eq!(try_copy(&remove(2)), Damage::SegmentMissing { segment: 2 });
    assert!(matches!(try_copy(&remove(segments)), Damage::TailMissing { head: 120, .. }));
    let swap = |dir: &Path| {
        let aside = dir.join("aside");
        fs::rename(segment(dir, 2), &aside).expect("renamed");
        fs::rename(segment(dir, 3), segment(dir, 2)).expect("renamed");
        fs::rename(&aside, segment(dir, 3)).expect("renamed");
    };
    assert_eq!(try_copy(&swap), Damage::Segment { segment: 2 });
    let foreign = small_practice().0;
    let replace = |dir: &Path| {
        fs::copy(segment(&foreign.dir, 1), segment(dir, 1)).expect("copied");
    };
    assert_eq!(try_copy(&replace), Damage::Segment { segment: 1 });
    let cut = |dir: &Path| {
        let path = segment(dir, 2);
        let bytes = fs::read(&path).expect("a segment");
        fs::write(&path, &bytes[..bytes.len() - 10]).expect("written");
    };
    let truth = |dir: &Path| fs::remove_file(dir.join("keyring")).expect("removed");
    assert_eq!(try_copy(&truth), Damage::Keyring);
    let head = |dir: &Path| fs::remove_file(dir.join("head")).expect("removed");
    assert_eq!(try_copy(&head), Damage::Head);

    // An older segment is not read at each opening: its damage is met by who reads it, and all else can be read on.
    cut(&practice.dir);
    let (mut vault, _) = open(&practice.dir);
    for _ in 0..2 {
        let error = vault.list(4).expect_err("not silently less");
        assert!(matches!(error, VaultError::Damaged(Damage::Frame { segment: 2, .. })), "{error}");
    }
    for entry in [&entries[0], &entries[119]] {
        let stored = vault.get(4, &entry.id).expect("an answer").expect("a record");
        assert_eq!(stored.entry, *entry);
    }
    let report = vault.verify(&mut |_, _| {}).expect("a report");
    assert!(matches!(report.damage, Some(Damage::Frame { segment: 2, .. })), "{report:?}");
}

#[test]
fn verify_counts_and_names_damage() {
    let (practice, _) = small_practice();
    let (mut vault, _) = open(&practice.dir);
    let report = vault.verify(&mut |_, _| {}).expect("a report");
    assert_eq!((report.frames, report.records, report.is_intact()), (5, 5, true));
    assert_eq!(report.head, vault.head().hash);
    let journal = segment(&practice.dir, 1);
    flip(&journal, frame_offsets(&journal)[2] + 90, 1);
    let report = vault.verify(&mut |_, _| {}).expect("a report");
    assert!(matches!(report.damage, Some(Damage::Frame { segment: 1, frame: 2, .. })), "{report:?}");
    assert!(!report.is_intact());
}

#[test]
fn vault_goes_on_while_everything_is_read_beside_it() {
    let (practice, vault) = new_vault();
    drop(vault);
    let mut vault = shaped(&practice.dir, 4096, 1024);
    let others: Vec<PatientId> = (0..2).map(|_| PatientId::random()).collect();
    let write = |vault: &mut Vault, patient: PatientId| {
        let entries: Vec<Entry> = (0..20).map(|n| entry(4, Some(patient), &format!("{CANARY} {n}"))).collect();
        for entry in &entries {
            vault.commit(std::slice::from_ref(entry)).expect("kept");
        }
        // A later version of one that was read before.
        vault.commit(&entries[..1]).expect("kept");
    };
    write(&mut vault, practice.patient);
    let check = vault.check().expect("begun");
    let before = vault.stats().segments;
    write(&mut vault, others[0]);
    assert!(vault.stats().segments > before);
    let checked = std::thread::spawn(move || check.read(&mut |_, _| {})).join().expect("no panic").expect("read");
    write(&mut vault, practice.patient);
    let report = vault.conclude(checked, &mut |_, _| {}).expect("a report");
    assert_eq!((report.frames, report.records, report.damage, report.index_rebuilt), (63, 63, None, false));
    assert_eq!(report.head, vault.head().hash);

    // Who is forgotten meanwhile is not found missing from the index.
    write(&mut vault, others[1]);
    let checked = vault.check().expect("begun").read(&mut |_, _| {}).expect("read");
    vault.forget(&others[..1], &mut |_, _| {}).expect("forgotten");
    let report = vault.conclude(checked, &mut |_, _| {}).expect("a report");
    assert_eq!((report.records, report.forgotten, report.damage, report.index_rebuilt), (84, 21, None, false));

    // What was damaged before is found by the other thread, and what came after it by the vault.
    let checked = vault.check().expect("begun").read(&mut |_, _| {}).expect("read");
    write(&mut vault, practice.patient);
    let last = segment(&practice.dir, vault.stats().segments);
    flip(&last, frame_offsets(&last)[0] + 90, 1);
    let report = vault.conclude(checked, &mut |_, _| {}).expect("a report");
    assert!(matches!(report.damage, Some(Damage::Frame { .. })), "{report:?}");
}

#[test]
fn forgotten_patient_is_skipped_and_a_missing_key_is_damage() {
    let (practice, _) = small_practice();
    let older = fs::read(practice.dir.join("keyring")).expect("a keyring");
    let (mut vault, _) = open(&practice.dir);
    let second = PatientId::random();
    vault.commit(&[entry(4, Some(second), "second")]).expect("kept");
    assert_eq!(vault.forget(&[practice.patient], &mut |_, _| {}).expect("forgotten"), 1);
    assert_eq!(kept(&mut vault).len(), 2, "the practice and the second patient's note");
    let report = vault.verify(&mut |_, _| {}).expect("a report");
    assert_eq!((report.records, report.forgotten, report.is_intact()), (6, 4, true));
    drop(vault);
    fs::write(practice.dir.join("keyring"), older).expect("written");
    let (mut vault, _) = open(&practice.dir);
    let report = vault.verify(&mut |_, _| {}).expect("a report");
    assert_eq!(report.damage, Some(Damage::KeyMissing { frame: 5 }));
}

#[test]
fn newer_format_is_named_as_such() {
    let (practice, _) = small_practice();
    flip(&segment(&practice.dir, 1), 9, 0);
    assert!(matches!(try_open(&practice.dir), Err(VaultError::Newer { found: 257, known: 1 })));
}

/// One flipped bit in any byte that means something is refused or reported.
#[test]
fn flipped_bit_anywhere_is_found() {
    const JOURNAL: &str = "journal/000001.bj";
    const TARGETS: [&str; 6] = [JOURNAL, "head", "keyring", "inbox.key", "inbox.pub", "keyslot/recovery.age"];
    /// How much of the reserved zeros is tried.
    const RESERVE: usize = 100;
    let (practice, _) = small_practice();
    let size = |name: &&str| match *name {
        JOURNAL => *frame_offsets(&practice.dir.join(name)).last().expect("an end") + RESERVE,
        "head" => 8192,
        _ => fs::metadata(practice.dir.join(name)).expect("a file").len() as usize,
    };
    let sizes: Vec<usize> = TARGETS.iter().map(size).collect();
    let mut runner = TestRunner::new(ProptestConfig { cases: 300, failure_persistence: None, ..Default::default() });
    let places = (0..sizes.iter().sum::<usize>(), 0_u8..8);
    let result = runner.run(&places, |(mut byte, bit)| {
        let file = sizes.iter().position(|size| byte.checked_sub(*size).map(|rest| byte = rest).is_none());
        let file = file.expect("the place is in one of the files");
        let path = practice.dir.join(TARGETS[file]);
        let whole = fs::read(&path).expect("a file");
        flip(&path, byte, bit);
        let opened = Vault::open(&practice.dir, Secret::Recovery(&practice.recovery), NOW, &mut |_, _| {});
        let found = match &opened {
            Err(_) => true,
            Ok((_, report)) => report.torn_bytes > 0 || report.head_slots < 2,
        };
        drop(opened);
        fs::write(&path, whole).expect("put right");
        // The unused rest of the head's pages and the newline of inbox.pub mean nothing.
        let idle = match TARGETS[file] {
            "head" => byte % 4096 >= key::SealedForm::length(64),
            "inbox.pub" => byte + 1 == sizes[file],
            _ => false,
        };
        prop_assert!(found || idle, "{} byte {byte} bit {bit}", TARGETS[file]);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}
