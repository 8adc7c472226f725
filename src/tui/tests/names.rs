//! Names from feeds that fit nobody, and what is decided of them.

use super::desk::Desk;
use super::sample::{self, ADA};
use crate::base::id::AppointmentId;
use crate::client::agent::{Event as News, Reply, Request, Undone};
use crate::tui::model::{Pick, Stage};

fn is_match(request: &Request) -> bool {
    matches!(request, Request::AppointmentMatch { .. })
}

/// Names wait, and the list of them is open.
fn named() -> Desk {
    let mut desk = Desk::open();
    desk.model.unmatched = sample::unmatched();
    desk.press("w");
    desk
}

#[test]
fn names_that_wait_are_said_on_the_first_screen_and_on_the_schedule() {
    for mut desk in [Desk::open(), Desk::schedule()] {
        assert!(!desk.read().contains("fit no patient"));
        desk.press("w");
        assert!(desk.read().contains("every name from a feed has its patient"));
        desk.press("Esc");
        desk.model.unmatched = sample::unmatched();
        assert!(desk.read().contains("? 3 names from feeds fit no patient"));
    }
}

#[test]
fn name_is_given_to_a_patient_once_for_all() {
    let mut desk = named();
    desk.press("Enter");
    assert!(desk.read().contains("Whose is “Byron, Ada”?"));
    desk.write("ada");
    desk.press("Enter");
    let (_, request) = desk.take(is_match).expect("it is matched");
    let Request::AppointmentMatch { id: of, who, always, .. } = request else { panic!("it was a match") };
    assert_eq!(
        (of, who.map(|who| who.expose().clone()), always),
        (AppointmentId::from_bytes([71; 16]), Some(ADA.to_string()), true)
    );
    assert_eq!(desk.model.layers.len(), 1, "the list of names is there again");
}

#[test]
fn only_this_time_is_said_and_asked() {
    let mut desk = named();
    desk.press("Down Down t");
    assert!(desk.read().contains("holds for this one and its series only"));
    desk.press("x Enter");
    let (_, request) = desk.take(is_match).expect("it is decided");
    let Request::AppointmentMatch { id: of, who, always, .. } = request else { panic!("it was a match") };
    assert_eq!((of, who, always), (AppointmentId::from_bytes([73; 16]), None, false));
}

#[test]
fn decision_is_taken_back_and_done_again() {
    let mut desk = named();
    desk.press("x Enter");
    desk.answer(is_match, Reply::Matched { count: 3 });
    assert!(desk.read().contains("decided for 3 appointments · u takes it back"));
    desk.press("u");
    desk.answer(|request| *request == Request::AppointmentUndo, Reply::Matched { count: 3 });
    assert!(desk.read().contains("taken back: what was decided for 3 appointments · Ctrl-R does it again"));
    assert_eq!(desk.model.layers.len(), 1, "the list of names is still there");
    assert!(desk.has_asked(|request| matches!(request, Request::AppointmentUnmatched { .. })), "it is asked for anew");
    desk.press("Ctrl-R");
    desk.answer(|request| *request == Request::AppointmentRedo, Reply::Matched { count: 1 });
    assert!(desk.read().contains("decided for one appointment"));
}

#[test]
fn new_patient_of_a_name_is_added_and_matched_at_once() {
    let mut desk = named();
    desk.press("Down P");
    assert!(desk.read().contains("Add Rosalind Franklin as a patient?"));
    desk.press("Enter");
    let adds = |request: &Request| matches!(request, Request::AppointmentMatchNew { .. });
    let request = desk.answer(adds, Reply::Matched { count: 1 });
    let Request::AppointmentMatchNew { called, name, always, .. } = request else { panic!("it was a new patient") };
    assert_eq!((called.expose().as_str(), name.expose().as_str()), ("Franklin, Rosalind", "Rosalind Franklin"));
    assert!(always);
    assert!(desk.has_asked(|request| matches!(request, Request::AppointmentUnmatched { .. })));
}

#[test]
fn nobody_is_made_twice() {
    let mut desk = named();
    desk.press("P");
    assert!(desk.read().contains("There is a patient Ada Byron."));
    desk.press("Enter");
    let (_, request) = desk.take(is_match).expect("it is matched");
    assert!(matches!(request, Request::AppointmentMatch { who: Some(who), .. } if who.expose() == &ADA.to_string()));
    assert!(!desk.has_asked(|request| matches!(request, Request::AppointmentMatchNew { .. })));
}

#[test]
fn import_is_taken_back_after_asking() {
    let is_undo = |request: &Request| *request == Request::AppointmentImportUndo;
    let mut desk = named();
    desk.press("U");
    assert!(!desk.has_asked(is_undo));
    desk.press("Enter");
    let undone = Undone { feed: "clinic".into(), at: sample::stamp(26, 6, 0), removed: 12, restored: 3, kept: 1 };
    desk.answer(is_undo, Reply::Undone(undone));
    let screen = desk.read();
    let said = "the import of clinic, 06:00, is taken back: 12 gone, 3 as before, 1 changed by hand stay";
    assert!(screen.contains(said), "{screen}");
}

#[test]
fn locking_takes_the_schedule_and_the_names_away() {
    let mut desk = named();
    desk.tell(News::Locked);
    assert!(matches!(desk.model.stage, Stage::Locked(_)));
    assert!(desk.model.unmatched.is_empty() && desk.model.hours.is_empty() && desk.model.schedule().is_none());
    let screen = desk.read();
    assert!(!screen.contains("Ada") && !screen.contains("Rosalind"));
}

#[test]
fn what_is_nobodys_is_not_asked_about_on_the_first_screen() {
    let mut desk = Desk::open();
    let today = desk.model.today.as_mut().expect("the day is known");
    let lunch = today.appointments.iter_mut().find(|named| named.name.is_none()).expect("one is open");
    (lunch.record.subject, lunch.record.nobodys) = ("Team lunch".into(), true);
    let pick = Pick::Appointment(lunch.record.id);
    while desk.model.cursor() != Some(pick) {
        desk.press("Down");
    }
    let screen = desk.read();
    assert!(screen.contains("▸ 16:00 ─ 16:25  Team lunch") && screen.contains("give it to a patient"), "{screen}");
    for asked in ["Team lunch?", "who is this?", "say who this is"] {
        assert!(!screen.contains(asked), "{asked}: {screen}");
    }
    assert!(!desk.read_at((40, 12)).contains("Team lunch?"), "nor where there is little room");
}
