//! Imports at the desk: all or nothing, twice the same, taken back whole.

use super::super::tests::{add, ask, connect, lock_and_open, open_desk};
use super::super::{ClientId, Desk, State};
use crate::base::id::PatientId;
use crate::base::{Failure, Kind, Phi};
use crate::record::{
    Appointment, AppointmentKind, AppointmentStatus, Identifier, Import, ImportState, Imported, Settlement,
};
use crate::wire::agent::{ImportHead, ImportReport, Reply, Request, Undone};
use jiff::{ToSpan, Zoned};
use tempfile::TempDir;

pub(super) const CLIENT: ClientId = ClientId(7);

/// The first whole hour tomorrow and `n` days on.
pub(super) fn day(n: i64) -> Zoned {
    let midnight = Zoned::now().start_of_day().expect("a day has a beginning");
    midnight.saturating_add((n + 1).days()).saturating_add(9.hours())
}

pub(super) fn entry(uid: &str, subject: &str, start: &Zoned) -> Imported {
    Imported {
        uid: uid.into(),
        recurrence: String::new(),
        also: "".into(),
        sequence: 0,
        unnamed: false,
        subject: subject.into(),
        end: start.saturating_add(50.minutes()),
        start: start.clone(),
        kind: AppointmentKind::Visit,
        status: AppointmentStatus::Booked,
        identifiers: Vec::new(),
    }
}

pub(super) fn week(names: &[&str]) -> Vec<Imported> {
    names.iter().zip(0..).map(|(name, n)| entry(&format!("uid {n}"), name, &day(n))).collect()
}

pub(super) fn published() -> ImportHead {
    ImportHead { feed: "clinic".into(), whole: true, message: false, allow_removals: false, dry_run: false }
}

pub(super) fn import(desk: &mut Desk, head: ImportHead, entries: Vec<Imported>) -> Result<ImportReport, Failure> {
    give(desk, head, entries, Vec::new())
}

pub(super) fn give(
    desk: &mut Desk,
    head: ImportHead,
    entries: Vec<Imported>,
    settled: Vec<Settlement>,
) -> Result<ImportReport, Failure> {
    ask(desk, CLIENT, Request::AppointmentImportBegin(head))?;
    ask(desk, CLIENT, Request::AppointmentImportPage { entries, settled })?;
    match ask(desk, CLIENT, Request::AppointmentImportEnd)? {
        Reply::Imported(report) => Ok(report),
        other => panic!("an import is answered with {other:?}"),
    }
}

pub(super) fn undo(desk: &mut Desk) -> Result<Undone, Failure> {
    match ask(desk, CLIENT, Request::AppointmentImportUndo)? {
        Reply::Undone(undone) => Ok(undone),
        other => panic!("undoing is answered with {other:?}"),
    }
}

/// What there is, by time: subject, status, patient.
pub(super) fn agenda(desk: &mut Desk) -> Vec<(String, AppointmentStatus, Option<PatientId>)> {
    let mut all: Vec<Appointment> = desk.open().expect("open").book.appointments().cloned().collect();
    all.sort_by_key(|appointment| appointment.start.timestamp());
    all.into_iter()
        .map(|appointment| (appointment.subject.expose().clone(), appointment.status, appointment.patient))
        .collect()
}

pub(super) fn desk() -> (TempDir, Desk) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = open_desk(&folder);
    connect(&mut desk, CLIENT, false);
    (folder, desk)
}

#[test]
fn same_feed_twice_changes_nothing_and_leaves_no_run_to_undo() {
    let (_folder, mut desk) = desk();
    let ada = add(&mut desk, "Ada Byron");
    let first = import(&mut desk, published(), week(&["Ada Byron", "A. T."])).expect("imported");
    assert_eq!((first.added, first.unmatched), (2, 1));
    let again = import(
        &mut desk,
        published(),
        week(&["ada  byron", "A. T."]).into_iter().skip(1).chain(week(&["Ada Byron"])).collect(),
    );
    assert_eq!(again.expect("imported"), ImportReport { unchanged: 2, ..ImportReport::default() });
    assert_eq!(agenda(&mut desk)[0].2, Some(ada));
    assert_eq!(desk.open().expect("open").book.list::<Import>().expect("read").len(), 1);
}

#[test]
fn what_a_published_calendar_has_not_any_more_is_cancelled_but_an_emptied_one_is_refused() {
    let (_folder, mut desk) = desk();
    let names: Vec<String> = (0..20).map(|n| format!("patient {n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    import(&mut desk, published(), week(&names)).expect("imported");
    // Two of twenty are a tenth.
    let report = import(&mut desk, published(), week(&names[..18])).expect("imported");
    assert_eq!((report.removed, report.unchanged), (2, 18));
    let refused = import(&mut desk, published(), Vec::new()).expect_err("a wiped calendar");
    assert_eq!(refused.kind, Kind::Refused);
    assert!(refused.message.contains("18 of 18"), "{refused}");
    let told = import(&mut desk, ImportHead { dry_run: true, ..published() }, Vec::new()).expect("only told");
    assert!(told.refused && told.removed == 18);
    let part = import(&mut desk, ImportHead { whole: false, ..published() }, Vec::new()).expect("nothing");
    assert_eq!(part, ImportReport::default());
    let allowed = import(&mut desk, ImportHead { allow_removals: true, ..published() }, Vec::new()).expect("told to");
    assert_eq!(allowed.removed, 18);
    assert!(agenda(&mut desk).iter().all(|(_, status, _)| *status == AppointmentStatus::Cancelled));
}

#[test]
fn undo_takes_the_last_import_back_whole_and_leaves_what_was_changed_by_hand() {
    let (folder, mut desk) = desk();
    import(&mut desk, published(), week(&["a", "b", "c"])).expect("imported");
    let mut moved = week(&["a", "b", "c", "new", "kept"]);
    moved[1].start = day(9);
    moved[1].end = day(9).saturating_add(1.hour());
    moved.remove(2);
    let report = import(&mut desk, published(), moved).expect("imported");
    assert_eq!((report.added, report.updated, report.removed), (2, 1, 1));
    let kept =
        desk.open().expect("open").book.appointments().find(|one| one.subject.expose() == "kept").expect("there").id;
    let arrived = Some(AppointmentStatus::Arrived);
    desk.edit_appointment(kept, None, None, arrived, false).expect("changed by hand");
    desk.flush();
    // It survives a restart.
    lock_and_open(&folder, &mut desk);
    connect(&mut desk, CLIENT, false);
    let undone = undo(&mut desk).expect("taken back");
    assert_eq!((undone.removed, undone.restored, undone.kept), (1, 2, 1));
    let seen: Vec<_> = agenda(&mut desk).into_iter().map(|(subject, status, _)| (subject, status)).collect();
    let booked = AppointmentStatus::Booked;
    let expected = [("a", booked), ("b", booked), ("c", booked), ("kept", AppointmentStatus::Arrived)]
        .map(|(name, status)| (name.to_owned(), status));
    assert_eq!(seen, expected);
    lock_and_open(&folder, &mut desk);
    connect(&mut desk, CLIENT, false);
    assert_eq!(agenda(&mut desk).len(), 4);
    assert_eq!(undo(&mut desk).expect_err("once is enough").kind, Kind::Refused);
}

#[test]
fn import_that_was_cut_short_is_taken_back_when_the_vault_is_opened() {
    let (folder, mut desk) = desk();
    import(&mut desk, published(), week(&["a"])).expect("imported");
    let run = Import {
        id: crate::base::id::ImportId::random(),
        at: desk.now(),
        feed: "clinic".into(),
        state: ImportState::Begun,
    };
    let now = desk.now();
    let book = &mut desk.open().expect("open").book;
    let mut half = book.appointments().next().expect("there").clone();
    half.former = Some(Box::new(half.clone()));
    half.subject = "half".into();
    half.source.as_mut().expect("from a feed").import = run.id;
    book.put(&run, now);
    book.put(&half, now);
    desk.flush();
    let notice = lock_and_open(&folder, &mut desk);
    assert!(notice.expect("told").contains("cut short"));
    assert_eq!(agenda(&mut desk)[0].0, "a");
    assert_eq!(lock_and_open(&folder, &mut desk), None);
}

#[test]
fn import_larger_than_a_frame_is_kept_whole_and_undone_whole() {
    let (folder, mut desk) = desk();
    let long = "x".repeat(300);
    let all: Vec<Imported> =
        (0..2_000).map(|n| entry(&format!("{long} {n}"), &format!("s{n}"), &day(n % 300))).collect();
    ask(&mut desk, CLIENT, Request::AppointmentImportBegin(published())).expect("begun");
    for page in all.chunks(500) {
        ask(&mut desk, CLIENT, Request::AppointmentImportPage { entries: page.to_vec(), settled: Vec::new() })
            .expect("taken");
    }
    let before = desk.open().expect("open").book.vault().head().sequence;
    ask(&mut desk, CLIENT, Request::AppointmentImportEnd).expect("imported");
    assert!(desk.open().expect("open").book.vault().head().sequence > before + 1, "several frames");
    lock_and_open(&folder, &mut desk);
    connect(&mut desk, CLIENT, false);
    assert_eq!(agenda(&mut desk).len(), 2_000);
    assert_eq!(undo(&mut desk).expect("taken back").removed, 2_000);
    lock_and_open(&folder, &mut desk);
    assert!(agenda(&mut desk).is_empty());
}

#[test]
fn locked_vault_seals_an_import_page_by_page_and_takes_it_when_opened() {
    let (folder, mut desk) = desk();
    add(&mut desk, "Ada Byron");
    desk.flush();
    super::super::tests::lock(&folder, &mut desk);
    connect(&mut desk, CLIENT, false);
    assert!(matches!(desk.state, State::Locked(_)));
    let dry = import(&mut desk, ImportHead { dry_run: true, ..published() }, Vec::new());
    assert_eq!(dry.expect_err("nobody can look").kind, Kind::Locked);
    let report = import(&mut desk, published(), week(&["Ada Byron", "b"])).expect("sealed");
    assert!(report.queued);
    // One whose end never came is nothing.
    ask(&mut desk, CLIENT, Request::AppointmentImportBegin(published())).expect("begun");
    ask(&mut desk, CLIENT, Request::AppointmentImportPage { entries: week(&["c", "d", "e"]), settled: Vec::new() })
        .expect("taken");
    super::super::tests::unlock(&mut desk).expect("opened");
    desk.flush();
    assert_eq!(agenda(&mut desk).len(), 2);
    assert!(agenda(&mut desk)[0].2.is_some());
    lock_and_open(&folder, &mut desk);
    assert_eq!(agenda(&mut desk).len(), 2);
}

#[test]
fn queued_import_that_is_refused_is_told_to_whoever_unlocks() {
    let (folder, mut desk) = desk();
    import(&mut desk, published(), week(&["a", "b", "c"])).expect("imported");
    super::super::tests::lock(&folder, &mut desk);
    connect(&mut desk, CLIENT, false);
    import(&mut desk, published(), Vec::new()).expect("sealed");
    let Reply::Unlocked { notice, .. } = super::super::tests::unlock(&mut desk).expect("opened") else { panic!() };
    assert!(notice.expect("told").contains("it would cancel 3 of 3"));
    assert!(agenda(&mut desk).iter().all(|(_, status, _)| *status == AppointmentStatus::Booked));
}

#[test]
fn name_is_decided_once_and_remembered() {
    let (_folder, mut desk) = desk();
    let ada = add(&mut desk, "Ada Byron");
    import(&mut desk, published(), week(&["A. B.", "a. b.", "Lunch"])).expect("imported");
    let id_of = |desk: &mut Desk, subject: &str| {
        desk.open().expect("open").book.appointments().find(|one| one.subject.expose() == subject).expect("there").id
    };
    let (one, lunch) = (id_of(&mut desk, "A. B."), id_of(&mut desk, "Lunch"));
    let waiting = |desk: &mut Desk, skip, limit| {
        let request = Request::AppointmentUnmatched { skip, limit };
        let Reply::Unmatched { names, total } = ask(desk, CLIENT, request).expect("listed") else { panic!() };
        (names.iter().map(|name| name.count).collect::<Vec<_>>(), total)
    };
    assert_eq!(waiting(&mut desk, 0, 10), (vec![2, 1], 2));
    assert_eq!((waiting(&mut desk, 0, 1), waiting(&mut desk, 1, 1)), ((vec![2], 2), (vec![1], 2)), "in pages");
    let decide =
        |id, who: Option<&str>| Request::AppointmentMatch { id, called: None, who: who.map(Phi::from), always: true };
    let decided = ask(&mut desk, CLIENT, decide(one, Some("ada"))).expect("decided");
    assert_eq!(decided, Reply::Matched { count: 2 });
    ask(&mut desk, CLIENT, decide(lunch, None)).expect("decided");
    let report =
        import(&mut desk, published(), week(&["A. B.", "a. b.", "Lunch", "A. B.", "lunch"])).expect("imported");
    assert_eq!((report.added, report.unmatched, report.unchanged), (2, 0, 3));
    let whose: Vec<_> = agenda(&mut desk).into_iter().map(|(_, _, patient)| patient).collect();
    assert_eq!(whose, [Some(ada), Some(ada), None, Some(ada), None]);
    assert_eq!(waiting(&mut desk, 0, 10), (Vec::new(), 0));
    assert_eq!(desk.open().expect("open").book.patients().count(), 1);
}

#[test]
fn number_tells_namesakes_apart() {
    let (_folder, mut desk) = desk();
    let ada = add(&mut desk, "Ada Byron");
    let numbered = |value: &str, n: i64| {
        let identifiers = vec![Identifier { system: "MRN".into(), value: value.into() }];
        Imported { identifiers, ..entry(value, "Byron, Ada", &day(n)) }
    };
    // Nobody's number is known yet: the name counts.
    import(&mut desk, published(), vec![numbered("1", 0)]).expect("imported");
    let one = desk.open().expect("open").book.appointments().next().expect("there").id;
    let who = Some("ada".into());
    ask(&mut desk, CLIENT, Request::AppointmentMatch { id: one, called: None, who, always: true }).expect("decided");
    let report = import(&mut desk, published(), vec![numbered("1", 0), numbered("2", 1)]).expect("imported");
    assert_eq!((report.added, report.unmatched), (1, 1));
    assert_eq!(agenda(&mut desk).into_iter().map(|(_, _, patient)| patient).collect::<Vec<_>>(), [Some(ada), None]);
}

#[test]
fn message_cancels_without_being_counted_and_older_ones_are_ignored() {
    let (_folder, mut desk) = desk();
    import(&mut desk, published(), week(&["a", "b"])).expect("imported");
    let message = || ImportHead { whole: false, message: true, ..published() };
    let cancel =
        |uid: &str, sequence| Imported { status: AppointmentStatus::Cancelled, sequence, ..entry(uid, "a", &day(0)) };
    let report = import(&mut desk, message(), vec![cancel("uid 0", 2), cancel("uid 1", 2)]).expect("cancelled");
    assert_eq!(report.removed, 2);
    let stale = import(&mut desk, message(), week(&["a"])).expect("older");
    assert_eq!((stale.unchanged, stale.updated), (1, 0));
}

#[test]
fn forgetting_somebody_spares_what_a_feed_calls_the_same() {
    let (folder, mut desk) = desk();
    add(&mut desk, "Ada Byron");
    let mut practice = desk.open().expect("open").book.practice().clone();
    practice.retention_years = 0;
    ask(&mut desk, CLIENT, Request::PracticeSet(Box::new(practice))).expect("set");
    import(&mut desk, published(), week(&["Follow-up", "Follow-up", "Follow-up"])).expect("imported");
    let one = desk.open().expect("open").book.appointments().next().expect("there").id;
    desk.add_appointment(&"ada".into(), day(5), 50, AppointmentKind::Visit, None).expect("booked");
    ask(&mut desk, CLIENT, Request::AppointmentUndo).expect("taken back");
    let decided = Request::AppointmentMatch { id: one, called: None, who: Some("ada".into()), always: false };
    assert_eq!(ask(&mut desk, CLIENT, decided).expect("decided"), Reply::Matched { count: 1 });
    let way = crate::wire::agent::Way::Passphrase(super::super::tests::PASSPHRASE.into());
    ask(&mut desk, CLIENT, Request::PatientForget { who: "ada".into(), way }).expect("forgotten");
    ask(&mut desk, CLIENT, Request::AppointmentRedo).expect_err("nothing of it is remembered");
    lock_and_open(&folder, &mut desk);
    let left: Vec<_> = agenda(&mut desk).into_iter().map(|(subject, _, patient)| (subject, patient)).collect();
    assert_eq!(left, [("Follow-up".to_owned(), None), ("Follow-up".to_owned(), None)]);
}
