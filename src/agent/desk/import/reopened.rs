//! Decisions that are taken back, and what becomes of them when imports and people come and go.

use super::super::tests::{PASSPHRASE, add, ask};
use super::decided::{decide, of};
use super::tests::{CLIENT, agenda, day, desk, entry, import, published, week};
use crate::agent::desk::Desk;
use crate::base::Kind;
use crate::base::id::PatientId;
use crate::record::{Identifier, Imported, Patient};
use crate::wire::agent::{Reply, Request, Way};
use jiff::ToSpan;

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

#[test]
fn time_that_a_feed_gave_to_another_goes_back_unless_whoever_had_it_is_forgotten() {
    for forgets in [false, true] {
        let (_folder, mut desk) = desk();
        let (ada, grace) = (add(&mut desk, "Ada Byron"), add(&mut desk, "Grace Hopper"));
        import(&mut desk, published(), week(&["Ada Byron"])).expect("imported");
        import(&mut desk, published(), week(&["Grace Hopper"])).expect("imported");
        assert_eq!(whose(&mut desk), [Some(grace)]);
        let kept = desk.open().expect("open").book.appointments().next().expect("there").clone();
        assert!(kept.former.is_none() && kept.given, "nothing of Ada stands under the other's key");
        if forgets {
            let mut practice = desk.open().expect("open").book.practice().clone();
            practice.retention_years = 0;
            ask(&mut desk, CLIENT, Request::PracticeSet(Box::new(practice))).expect("set");
            let way = Way::Passphrase(PASSPHRASE.into());
            ask(&mut desk, CLIENT, Request::PatientForget { who: "ada".into(), way }).expect("forgotten");
        }
        ask(&mut desk, CLIENT, Request::AppointmentImportUndo).expect("taken back");
        assert_eq!(whose(&mut desk), if forgets { vec![] } else { vec![Some(ada)] });
    }
}
