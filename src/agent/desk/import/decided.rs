//! What was decided here, by hand: a feed that says nothing new leaves it, and one that means somebody else is asked about.

use super::super::tests::{add, ask, lock};
use super::tests::{CLIENT, agenda, day, desk, entry, import, published, week};
use crate::agent::desk::Desk;
use crate::agent::desk::matching::ALIASES_MAX;
use crate::base::id::{AppointmentId, PatientId};
use crate::record::{Appointment, AppointmentStatus, Identifier, Imported, Patient};
use crate::wire::agent::{ImportReport, Reply, Request};
use jiff::ToSpan;

fn of(desk: &mut Desk, subject: &str) -> Appointment {
    let mut all = desk.open().expect("open").book.appointments();
    all.find(|one| one.subject.expose() == subject).expect("there").clone()
}

fn decide(desk: &mut Desk, id: AppointmentId, who: Option<&str>) -> u64 {
    let request = Request::AppointmentMatch { id, who: who.map(Into::into), always: true };
    let Ok(Reply::Matched { count }) = ask(desk, CLIENT, request) else { panic!("it is decided") };
    count
}

#[test]
fn time_that_is_given_to_somebody_else_is_theirs() {
    let (_folder, mut desk) = desk();
    let (ada, grace) = (add(&mut desk, "Ada Byron"), add(&mut desk, "Grace Hopper"));
    import(&mut desk, published(), week(&["Ada Byron", "Ada Byron"])).expect("imported");
    import(&mut desk, published(), week(&["Grace Hopper", "Somebody"])).expect("imported");
    let whose: Vec<_> = agenda(&mut desk).into_iter().map(|(_, _, patient)| patient).collect();
    assert_eq!(whose, [Some(grace), None]);
    // By number, too.
    let numbered = |value: &str| {
        let identifiers = vec![Identifier { system: "MRN".into(), value: value.into() }];
        vec![entry("uid 0", "Grace Hopper", &day(0)), Imported { identifiers, ..entry("n", "Ada Byron", &day(3)) }]
    };
    import(&mut desk, published(), numbered("7")).expect("imported");
    let one = of(&mut desk, "Ada Byron");
    assert_eq!(one.patient, Some(ada));
    decide(&mut desk, one.id, Some("ada"));
    import(&mut desk, published(), numbered("8")).expect("imported");
    assert_eq!(of(&mut desk, "Ada Byron").patient, None, "a namesake");
}

#[test]
fn what_a_hand_changed_stays_until_the_feed_says_something_new() {
    let (_folder, mut desk) = desk();
    let feed = || week(&["moved", "cancelled", "third"]);
    import(&mut desk, published(), feed()).expect("imported");
    let (moved, cancelled) = (of(&mut desk, "moved").id, of(&mut desk, "cancelled").id);
    let to = day(0).saturating_add(3.hours());
    desk.edit_appointment(moved, Some(to.clone()), None, None, false).expect("moved");
    desk.edit_appointment(cancelled, None, None, Some(AppointmentStatus::Cancelled), false).expect("cancelled");
    let again = import(&mut desk, published(), feed()).expect("imported");
    assert_eq!(again, ImportReport { unchanged: 3, ..ImportReport::default() });
    // Whose it is may be found out meanwhile; the time stays.
    let ada = add(&mut desk, "moved");
    assert_eq!(import(&mut desk, published(), feed()).expect("imported").updated, 1);
    assert_eq!((of(&mut desk, "moved").patient, of(&mut desk, "moved").start), (Some(ada), to));
    assert_eq!(of(&mut desk, "cancelled").status, AppointmentStatus::Cancelled);
    let mut later = feed();
    for entry in &mut later {
        entry.end = entry.end.saturating_add(10.minutes());
    }
    assert_eq!(import(&mut desk, published(), later).expect("imported").updated, 3);
    assert_eq!(of(&mut desk, "moved").start, day(0));
    assert_eq!(of(&mut desk, "cancelled").status, AppointmentStatus::Booked);
}

#[test]
fn wrong_decision_is_put_right_for_all_it_was_made_for() {
    let (_folder, mut desk) = desk();
    let (ada, grace) = (add(&mut desk, "Ada Byron"), add(&mut desk, "Grace Hopper"));
    let feed = |count: usize| week(&vec!["Stranger"; count]);
    import(&mut desk, published(), feed(2)).expect("imported");
    let one = of(&mut desk, "Stranger").id;
    assert_eq!(decide(&mut desk, one, Some("ada")), 2);
    assert_eq!(decide(&mut desk, one, Some("grace")), 2);
    import(&mut desk, published(), feed(3)).expect("imported");
    assert!(agenda(&mut desk).iter().all(|(_, _, patient)| *patient == Some(grace)));
    assert!(desk.open().expect("open").book.patient(ada).expect("there").aliases.is_empty());
    assert_eq!(decide(&mut desk, one, None), 3);
    assert_eq!(import(&mut desk, published(), feed(4)).expect("imported").unmatched, 0);
    assert_eq!(decide(&mut desk, one, Some("ada")), 4);
}

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
        let decided = Request::AppointmentMatch { id: one, who: who.map(Into::into), always };
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
    let once = Request::AppointmentMatch { id: one, who: Some("ada".into()), always: false };
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
fn decision_that_is_refused_decides_nothing() {
    let (_folder, mut desk) = desk();
    let ada = add(&mut desk, "Ada Byron");
    let now = desk.now();
    let book = &mut desk.open().expect("open").book;
    let mut known = book.patient(ada).expect("there").clone();
    known.aliases = (0..ALIASES_MAX).map(|n| format!("alias {n}").into()).collect();
    book.put(&known, now);
    import(&mut desk, published(), week(&["Stranger", "Stranger"])).expect("imported");
    let id = of(&mut desk, "Stranger").id;
    let decided = Request::AppointmentMatch { id, who: Some("ada".into()), always: true };
    ask(&mut desk, CLIENT, decided).expect_err("too many names");
    assert!(agenda(&mut desk).iter().all(|(_, _, patient)| patient.is_none()));
}

#[test]
fn what_was_put_elsewhere_and_comes_back_is_not_there_twice() {
    let (_folder, mut desk) = desk();
    import(&mut desk, published(), week(&["a"])).expect("imported");
    let id = of(&mut desk, "a").id;
    for uid in [id.to_string(), format!("{id}@bedside")] {
        let back = import(&mut desk, published(), vec![entry("uid 0", "a", &day(0)), entry(&uid, "a", &day(0))]);
        assert_eq!(back.expect("imported"), ImportReport { unchanged: 2, ..ImportReport::default() });
    }
}

#[test]
fn locked_agent_still_says_the_practices_zone() {
    let (folder, mut desk) = desk();
    desk.flush();
    let (zone, carried) = (desk.status().zone, desk.carry());
    assert!(zone.is_some());
    lock(&folder, &mut desk);
    assert_eq!(desk.status().zone, None, "it never knew it");
    desk.carried = carried;
    assert_eq!(desk.status().zone, zone, "one that locked itself");
}
