//! What was decided here, by hand: a feed that says nothing new leaves it, and one that means somebody else is asked about.

use super::super::tests::{add, ask, lock};
use super::tests::{CLIENT, agenda, day, desk, entry, import, published, week};
use crate::agent::desk::Desk;
use crate::agent::desk::matching::ALIASES_MAX;
use crate::base::Kind;
use crate::base::id::AppointmentId;
use crate::record::{Appointment, AppointmentStatus, Identifier, Imported};
use crate::wire::agent::{ImportReport, Reply, Request};
use jiff::ToSpan;

pub(super) fn of(desk: &mut Desk, subject: &str) -> Appointment {
    let mut all = desk.open().expect("open").book.appointments();
    all.find(|one| one.subject.expose() == subject).expect("there").clone()
}

pub(super) fn decide(desk: &mut Desk, id: AppointmentId, who: Option<&str>) -> u64 {
    let request = Request::AppointmentMatch { id, called: None, who: who.map(Into::into), always: true };
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

#[test]
fn what_is_nobodys_stays_so_and_once_is_once() {
    let (_folder, mut desk) = desk();
    import(&mut desk, published(), week(&["Zed", "Zed"])).expect("imported");
    let one = of(&mut desk, "Zed").id;
    let nobodys = |always| Request::AppointmentMatch { id: one, called: None, who: None, always };
    ask(&mut desk, CLIENT, nobodys(false)).expect("decided");
    let again = import(&mut desk, published(), week(&["Zed", "Zed", "Zed"])).expect("imported");
    assert_eq!((again.unchanged, again.unmatched), (2, 1), "the others are still asked about");
    // Whoever the others are: that one is not theirs, and the same feed changes nothing.
    add(&mut desk, "Ada Byron");
    let other = desk.open().expect("open").book.appointments().find(|one| one.unmatched()).expect("there").id;
    assert_eq!(decide(&mut desk, other, Some("ada")), 2);
    let again = import(&mut desk, published(), week(&["Zed", "Zed", "Zed"])).expect("imported");
    assert_eq!(again, ImportReport { unchanged: 3, ..ImportReport::default() });
    assert!(desk.open().expect("open").book.appointment(one).expect("there").nobodys);
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
    let decided = Request::AppointmentMatch { id, called: None, who: Some("ada".into()), always: true };
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

#[test]
fn patient_of_a_name_that_waits_is_added_once_however_often_it_is_asked() {
    let (_folder, mut desk) = desk();
    import(&mut desk, published(), week(&["Byron, Ada", "Byron, Ada", "Ben Holt"])).expect("imported");
    let id = desk.open().expect("open").book.unmatched("byron, ada").next().expect("it waits").id;
    let new =
        |name: &str| Request::AppointmentMatchNew { id, called: "Byron, Ada".into(), name: name.into(), always: true };
    let first = ask(&mut desk, CLIENT, new("Ada Byron")).expect("added");
    assert!(matches!(first, Reply::Matched { count: 2 }), "{first:?}");
    assert_eq!(ask(&mut desk, CLIENT, new("Ada Byron")).expect_err("decided").kind, Kind::Refused);
    ask(&mut desk, CLIENT, Request::AppointmentUndo).expect("taken back");
    assert_eq!(ask(&mut desk, CLIENT, new("ADA BYRON")).expect_err("she is there").kind, Kind::Refused);
    assert_eq!(desk.open().expect("open").book.patients().count(), 1);
}
