//! The index is disposable.

use super::*;

#[test]
fn index_is_rebuilt_with_equal_contents_whatever_befalls_it() {
    let (practice, entries) = small_practice();
    let index = practice.dir.join("index");
    let remove_all = |_: &Path| fs::remove_dir_all(&index).expect("removed");
    let garbage = |path: &Path| fs::write(path.join("db"), vec![0xA5; 70_000]).expect("written");
    let truncate = |path: &Path| fs::write(path.join("db"), b"").expect("written");
    let not_a_folder = |path: &Path| {
        fs::remove_dir_all(path).expect("removed");
        fs::write(path, b"a file").expect("written");
    };
    for (name, change) in [
        ("removed", &remove_all as &dyn Fn(&Path)),
        ("garbage", &garbage),
        ("truncated", &truncate),
        ("a file", &not_a_folder),
    ] {
        change(&index);
        let (mut vault, report) = open(&practice.dir);
        assert!(report.rebuilt, "{name}");
        assert_eq!(kept(&mut vault), entries, "{name}");
        assert!(vault.verify(&mut |_, _| {}).expect("a report").is_intact());
    }
}

#[test]
fn index_of_an_older_moment_is_brought_up_to_date() {
    let (practice, entries) = small_practice();
    let old = practice.dir.with_extension("old-index");
    copy(&practice.dir.join("index"), &old);
    let (mut vault, _) = open(&practice.dir);
    let more = entry(4, Some(practice.patient), "more");
    vault.commit(std::slice::from_ref(&more)).expect("kept");
    drop(vault);
    fs::remove_dir_all(practice.dir.join("index")).expect("removed");
    fs::rename(&old, practice.dir.join("index")).expect("renamed");
    let (mut vault, report) = open(&practice.dir);
    assert_eq!((report.replayed, report.rebuilt), (1, false));
    assert_eq!(kept(&mut vault).len(), entries.len() + 1);
}

#[test]
fn index_of_another_journal_is_not_believed() {
    let (practice, entries) = small_practice();
    let other = small_practice().0;
    fs::remove_dir_all(practice.dir.join("index")).expect("removed");
    copy(&other.dir.join("index"), &practice.dir.join("index"));
    let (mut vault, report) = open(&practice.dir);
    assert!(report.rebuilt);
    assert_eq!(kept(&mut vault), entries);
}

#[test]
fn index_lost_while_open_is_rebuilt_at_the_next_question() {
    let (practice, entries) = small_practice();
    let (mut vault, _) = open(&practice.dir);
    vault.index.lose();
    assert_eq!(kept(&mut vault), entries);
    vault.index.reset(true);
    let more = entry(4, Some(practice.patient), "more");
    vault.commit(std::slice::from_ref(&more)).expect("kept");
    let report = vault.verify(&mut |_, _| {}).expect("a report");
    assert!(report.is_intact() && report.index_rebuilt);
    assert_eq!(kept(&mut vault).len(), entries.len() + 1);
    assert!(!vault.verify(&mut |_, _| {}).expect("a report").index_rebuilt);
}
