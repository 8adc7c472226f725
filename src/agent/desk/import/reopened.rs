//! Decisions that are taken back, and what becomes of them when imports and people come and go.

use super::super::tests::{PASSPHRASE, add, ask, connect, lock_and_open};
use super::decided::{decide, of};
use super::tests::{CLIENT, agenda, day, desk, entry, import, published, week};
use crate::agent::desk::Desk;
use crate::base::Kind;
use crate::base::id::PatientId;
use crate::record::{AppointmentKind, Identifier, Imported, Patient};
use crate::wire::agent::{Reply, Request, Way};
use jiff::ToSpan;
use tempfile::TempDir;

fn strangers(count: usize) -> Vec<Imported> {
    week(&vec!["Stranger"; count])
}

fn whose(desk: &mut Desk) -> Vec<Option<PatientId>> {
    agenda(desk).into_iter().map(|(_, _, patient)| patient).collect()
}

/// How many other names a patient has.
fn names(desk: &mut Desk, id: PatientId) -> usize {
    desk.open().expect("open").book.patient(id).expect("there").aliases.len()
}

fn undo(desk: &mut Desk) -> Option<u64> {
    match ask(desk, CLIENT, Request::AppointmentUndo) {
        Ok(Reply::Matched { count }) => Some(count),
        Ok(other) => panic!("it was a decision, not {other:?}"),
        Err(_) => None,
    }
}

#[test]
fn decision_is_taken_back_with_what_was_learned_from_it() {
    let (_folder, mut desk) = desk();
    let (ada, grace) = (add(&mut desk, "Ada Byron"), add(&mut desk, "Grace Hopper"));
    import(&mut desk, published(), strangers(2)).expect("imported");
    let one = of(&mut desk, "Stranger").id;
    decide(&mut desk, one, Some("ada"));
    decide(&mut desk, one, Some("grace"));
    assert_eq!(decide(&mut desk, one, Some("grace")), 0, "nothing changes, and that is no step");
    assert_eq!(undo(&mut desk), Some(2));
    assert_eq!((whose(&mut desk), names(&mut desk, ada), names(&mut desk, grace)), (vec![Some(ada); 2], 1, 0));
    assert_eq!(undo(&mut desk), Some(2));
    assert_eq!((whose(&mut desk), names(&mut desk, ada)), (vec![None; 2], 0));
    let again = ask(&mut desk, CLIENT, Request::AppointmentRedo);
    assert!(matches!(again, Ok(Reply::Matched { count: 2 })));
    assert_eq!((whose(&mut desk), names(&mut desk, ada)), (vec![Some(ada); 2], 1));
    // What else is known of somebody by now stays as it is.
    let now = desk.now();
    let book = &mut desk.open().expect("open").book;
    let mut known = Patient { archived: true, ..book.patient(ada).expect("there").clone() };
    known.aliases.push("Countess".into());
    book.put(&known, now);
    assert_eq!(undo(&mut desk), Some(2));
    let known = desk.open().expect("open").book.patient(ada).expect("there");
    assert!(known.archived && known.aliases == ["Countess".into()], "only what was learned goes");
    assert_eq!(import(&mut desk, published(), strangers(3)).expect("imported").unmatched, 1, "it is asked about again");
}

#[test]
fn decision_is_taken_back_for_what_came_by_it_since() {
    for (who, always) in [(Some("ada"), true), (None, true), (Some("ada"), false)] {
        let (_folder, mut desk) = desk();
        add(&mut desk, "Ada Byron");
        let series = |count: usize| {
            let entries = strangers(count).into_iter().enumerate();
            let same =
                |(n, entry): (usize, Imported)| Imported { uid: "same".into(), recurrence: n.to_string(), ..entry };
            if always { strangers(count) } else { entries.map(same).collect() }
        };
        import(&mut desk, published(), series(2)).expect("imported");
        let one = of(&mut desk, "Stranger").id;
        let decided = Request::AppointmentMatch { id: one, called: None, who: who.map(Into::into), always };
        ask(&mut desk, CLIENT, decided).expect("decided");
        let mut later = series(3);
        later[0].end = later[0].end.saturating_add(10.minutes());
        assert_eq!(import(&mut desk, published(), later.clone()).expect("imported").unmatched, 0, "it is known");
        assert_eq!(undo(&mut desk), Some(3));
        let open =
            |desk: &mut Desk| desk.open().expect("open").book.appointments().filter(|one| one.unmatched()).count();
        assert_eq!(open(&mut desk), 3);
        import(&mut desk, published(), later).expect("imported");
        assert_eq!(open(&mut desk), 3, "the feed does not bring the decision back");
    }
}

#[test]
fn what_was_theirs_before_a_decision_stays_theirs_when_it_is_taken_back() {
    let (_folder, mut desk) = desk();
    let ada = add(&mut desk, "Ada Byron");
    import(&mut desk, published(), strangers(3)).expect("imported");
    let one = of(&mut desk, "Stranger").id;
    let once = Request::AppointmentMatch { id: one, called: None, who: Some("ada".into()), always: false };
    ask(&mut desk, CLIENT, once).expect("decided");
    let other = desk.open().expect("open").book.appointments().find(|one| one.patient.is_none()).expect("another").id;
    assert_eq!(decide(&mut desk, other, Some("ada")), 2);
    assert_eq!(undo(&mut desk), Some(2));
    assert_eq!(whose(&mut desk).iter().filter(|patient| **patient == Some(ada)).count(), 1);
    // With the appointments gone, the name is still taken back.
    assert_eq!(decide(&mut desk, other, Some("ada")), 2);
    ask(&mut desk, CLIENT, Request::AppointmentImportUndo).expect("taken back");
    assert_eq!(undo(&mut desk), Some(0));
    assert_eq!(names(&mut desk, ada), 0);
}

#[test]
fn what_is_called_otherwise_by_now_is_not_decided() {
    let (_folder, mut desk) = desk();
    let (ada, grace) = (add(&mut desk, "Ada Byron"), add(&mut desk, "Grace Hopper"));
    import(&mut desk, published(), week(&["Zed"])).expect("imported");
    let one = of(&mut desk, "Zed").id;
    decide(&mut desk, one, Some("ada"));
    undo(&mut desk).expect("taken back");
    import(&mut desk, published(), week(&["Grace Hopper"])).expect("imported");
    let late = Request::AppointmentMatch { id: one, called: Some("Zed".into()), who: None, always: true };
    assert_eq!(ask(&mut desk, CLIENT, late).expect_err("it is Grace's").kind, Kind::Refused);
    ask(&mut desk, CLIENT, Request::AppointmentRedo).expect_err("changed since");
    assert_eq!((whose(&mut desk), names(&mut desk, ada)), (vec![Some(grace)], 0));
}

#[test]
fn what_the_feed_put_right_itself_stays_when_a_decision_is_taken_back() {
    let (_folder, mut desk) = desk();
    let ada = add(&mut desk, "Ada Byron");
    import(&mut desk, published(), week(&["Zed", "Zed"])).expect("imported");
    let one = of(&mut desk, "Zed").id;
    decide(&mut desk, one, Some("ada"));
    import(&mut desk, published(), week(&["Ada Byron", "Zed"])).expect("imported");
    assert_eq!(undo(&mut desk), Some(1));
    assert_eq!(whose(&mut desk), [Some(ada), None]);
}

#[test]
fn what_came_by_a_learned_number_is_taken_back_too() {
    let (_folder, mut desk) = desk();
    let ada = add(&mut desk, "Ada Byron");
    let numbered = |uid: &str, name: &str, on: i64| {
        let identifiers = vec![Identifier { system: "MRN".into(), value: "7".into() }];
        Imported { identifiers, ..entry(uid, name, &day(on)) }
    };
    import(&mut desk, published(), vec![numbered("a", "Zed", 1)]).expect("imported");
    let one = of(&mut desk, "Zed").id;
    decide(&mut desk, one, Some("ada"));
    let both = || vec![numbered("a", "Zed", 1), numbered("b", "Zed Smith", 2)];
    import(&mut desk, published(), both()).expect("imported");
    assert_eq!(whose(&mut desk), [Some(ada); 2]);
    assert_eq!(undo(&mut desk), Some(2));
    assert_eq!(whose(&mut desk), [None, None]);
}

#[test]
fn import_that_is_taken_back_leaves_what_was_decided_since() {
    let (_folder, mut desk) = desk();
    let (ada, alan) = (add(&mut desk, "Ada Byron"), add(&mut desk, "Alan Turing"));
    let moved = |name: &str| {
        let mut entries = week(&[name]);
        entries[0].end = entries[0].end.saturating_add(10.minutes());
        entries
    };
    import(&mut desk, published(), week(&["Zed"])).expect("imported");
    let one = of(&mut desk, "Zed").id;
    decide(&mut desk, one, Some("ada"));
    import(&mut desk, published(), moved("Zed")).expect("imported");
    decide(&mut desk, one, Some("alan"));
    ask(&mut desk, CLIENT, Request::AppointmentImportUndo).expect("taken back");
    assert_eq!((whose(&mut desk), names(&mut desk, ada)), (vec![Some(alan)], 0));
    assert_eq!(undo(&mut desk), Some(1));
    assert_eq!(whose(&mut desk), [Some(ada)]);
}

fn undo_import(desk: &mut Desk) {
    ask(desk, CLIENT, Request::AppointmentImportUndo).expect("taken back");
}

/// Forgets a patient, and opens the vault anew.
fn forget(folder: &TempDir, desk: &mut Desk, who: &str) {
    let mut practice = desk.open().expect("open").book.practice().clone();
    practice.retention_years = 0;
    ask(desk, CLIENT, Request::PracticeSet(Box::new(practice))).expect("set");
    let way = Way::Passphrase(PASSPHRASE.into());
    ask(desk, CLIENT, Request::PatientForget { who: who.into(), way }).expect("forgotten");
    desk.flush();
    let before = agenda(desk);
    lock_and_open(folder, desk);
    connect(desk, CLIENT, false);
    assert_eq!(agenda(desk), before, "as it was before the vault was opened anew");
}

#[test]
fn time_that_a_feed_gave_to_another_goes_back_unless_whoever_had_it_is_forgotten() {
    for forgets in [false, true] {
        let (folder, mut desk) = desk();
        let (ada, grace) = (add(&mut desk, "Ada Byron"), add(&mut desk, "Grace Hopper"));
        import(&mut desk, published(), week(&["Ada Byron"])).expect("imported");
        import(&mut desk, published(), week(&["Grace Hopper"])).expect("imported");
        assert_eq!(whose(&mut desk), [Some(grace)]);
        let kept = desk.open().expect("open").book.appointments().next().expect("there").clone();
        assert!(kept.former.is_none() && kept.given, "nothing of Ada stands under the other's key");
        if forgets {
            forget(&folder, &mut desk, "ada");
        }
        undo_import(&mut desk);
        assert_eq!(whose(&mut desk), if forgets { vec![] } else { vec![Some(ada)] });
    }
}

#[test]
fn time_of_somebody_who_is_forgotten_is_nobody_elses_again() {
    // A feed gave it to them.
    let (folder, mut desk) = desk();
    add(&mut desk, "Ada Byron");
    add(&mut desk, "Grace Hopper");
    import(&mut desk, published(), week(&["Ada Byron"])).expect("imported");
    import(&mut desk, published(), week(&["Grace Hopper"])).expect("imported");
    forget(&folder, &mut desk, "grace");
    assert_eq!(agenda(&mut desk), []);
    // It was decided.
    let (folder, mut desk) = self::desk();
    add(&mut desk, "Ada Byron");
    add(&mut desk, "Grace Hopper");
    import(&mut desk, published(), week(&["Zed"])).expect("imported");
    let one = of(&mut desk, "Zed").id;
    decide(&mut desk, one, Some("ada"));
    decide(&mut desk, one, Some("grace"));
    forget(&folder, &mut desk, "grace");
    assert_eq!(agenda(&mut desk), []);
    // It was gone before.
    import(&mut desk, published(), week(&["Zed"])).expect("imported");
    let one = of(&mut desk, "Zed").id;
    decide(&mut desk, one, Some("ada"));
    undo_import(&mut desk);
    forget(&folder, &mut desk, "ada");
    assert_eq!(agenda(&mut desk), []);
}

#[test]
fn import_is_taken_back_to_what_it_changed_and_to_nothing_older() {
    let (folder, mut desk) = desk();
    for name in ["Ada Byron", "Grace Hopper", "Alan Turing"] {
        add(&mut desk, name);
        import(&mut desk, published(), week(&[name])).expect("imported");
    }
    forget(&folder, &mut desk, "grace");
    undo_import(&mut desk);
    assert_eq!(agenda(&mut desk), []);
    // Somebody nobody knew is forgotten once they are known.
    let (folder, mut desk) = self::desk();
    add(&mut desk, "Grace Hopper");
    import(&mut desk, published(), week(&["Peter Pan"])).expect("imported");
    import(&mut desk, published(), week(&["Grace Hopper"])).expect("imported");
    add(&mut desk, "Peter Pan");
    forget(&folder, &mut desk, "peter");
    undo_import(&mut desk);
    assert_eq!(agenda(&mut desk), []);
}

#[test]
fn decision_is_about_one_name_also_of_what_was_before() {
    let (_folder, mut desk) = desk();
    add(&mut desk, "Ada Byron");
    import(&mut desk, published(), week(&["Peter"])).expect("imported");
    import(&mut desk, published(), week(&["Zed"])).expect("imported");
    let one = of(&mut desk, "Zed").id;
    decide(&mut desk, one, Some("ada"));
    undo_import(&mut desk);
    assert_eq!((of(&mut desk, "Peter").patient, whose(&mut desk)), (None, vec![None]));
}

#[test]
fn what_came_since_goes_back_to_whose_all_of_the_name_were() {
    let (_folder, mut desk) = desk();
    let (ada, alan) = (add(&mut desk, "Ada Byron"), add(&mut desk, "Alan Turing"));
    import(&mut desk, published(), strangers(1)).expect("imported");
    let one = of(&mut desk, "Stranger").id;
    let once = Request::AppointmentMatch { id: one, called: None, who: Some("alan".into()), always: false };
    ask(&mut desk, CLIENT, once).expect("decided");
    decide(&mut desk, one, Some("ada"));
    import(&mut desk, published(), strangers(2)).expect("imported");
    assert_eq!(whose(&mut desk), [Some(ada); 2]);
    assert_eq!(undo(&mut desk), Some(2));
    assert_eq!(whose(&mut desk), [Some(alan), None], "the other was never Alan's");
    // Whose it is by now is not undone by doing an old decision again.
    undo(&mut desk).expect("taken back");
    decide(&mut desk, one, Some("alan"));
    undo(&mut desk).expect("taken back");
    let now = desk.now();
    let book = &mut desk.open().expect("open").book;
    let mut known = book.patient(ada).expect("there").clone();
    known.aliases.push("Stranger".into());
    book.put(&known, now);
    import(&mut desk, published(), strangers(2)).expect("imported");
    ask(&mut desk, CLIENT, Request::AppointmentRedo).expect_err("it is Ada's by now");
    assert_eq!((whose(&mut desk), names(&mut desk, ada)), (vec![Some(ada); 2], 1));
}

#[test]
fn what_was_booked_by_hand_and_given_to_another_goes_back_alone() {
    let (_folder, mut desk) = desk();
    let (ada, grace) = (add(&mut desk, "Ada Byron"), add(&mut desk, "Grace Hopper"));
    for (n, who) in (1..).zip(["ada", "grace"]) {
        desk.add_appointment(&who.into(), day(n), 50, AppointmentKind::Visit, None).expect("booked");
    }
    let one = desk.open().expect("open").book.appointments().find(|one| one.patient == Some(ada)).expect("there").id;
    assert_eq!(decide(&mut desk, one, Some("grace")), 1);
    assert_eq!(undo(&mut desk), Some(1));
    assert_eq!(whose(&mut desk), [Some(ada), Some(grace)]);
}
