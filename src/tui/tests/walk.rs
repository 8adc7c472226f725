//! What keys, answers and news do: most of what the console promises is held here.

use super::desk::{Desk, is_all_messages, is_edit, is_thread, is_today};
use super::sample::{self, ADA, KATHERINE};
use crate::base::{Failure, Kind, id::MessageId};
use crate::client::agent::{Changed, Event as News, LiveVisit, Phase, Reply, Request, Way};
use crate::record::{AppointmentStatus, NoteKind};
use crate::tui::action::TABLE;
use crate::tui::model::{Place, Stage};
use crate::tui::update::{Effect, Event, perform};
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

fn is_show(request: &Request) -> bool {
    matches!(request, Request::NoteShow { .. })
}

fn is_sign(request: &Request) -> bool {
    matches!(request, Request::NoteSign { .. })
}

fn is_unlock(request: &Request) -> bool {
    matches!(request, Request::Unlock { .. })
}

fn edited(request: &Request) -> &str {
    match request {
        Request::NoteEdit { text, .. } => text.expose(),
        other => panic!("not an edit: {other:?}"),
    }
}

#[test]
fn who_waits_is_chosen_first_and_enter_admits() {
    let mut desk = Desk::open();
    assert_eq!(desk.model.subject(), Some(ADA));
    desk.press("Enter");
    assert!(matches!(&desk.done[..], [Effect::Call { who, .. }] if who.expose() == &ADA.to_string()));
    desk.press("Enter");
    assert_eq!(desk.done.len(), 1, "a second Enter opens no second window");
}

#[test]
fn who_comes_later_does_not_take_the_cursor() {
    let mut desk = Desk::open();
    desk.press("Down Down");
    let chosen = desk.model.cursor();
    desk.tell(News::Room(sample::room()));
    assert_eq!(desk.model.cursor(), chosen);
}

#[test]
fn nobody_who_does_not_wait_is_called() {
    let mut desk = Desk::open();
    desk.press("Down c");
    assert!(desk.done.is_empty());
    assert!(desk.read().contains("not in the waiting room"));
}

#[test]
fn while_a_visit_runs_nobody_else_is_admitted() {
    let mut desk = Desk::visit();
    desk.tell(News::Room(sample::room()));
    desk.press("3 Enter");
    assert!(desk.done.is_empty());
    assert!(desk.read().contains("a visit is running"));
}

#[test]
fn refused_call_says_why() {
    let mut desk = Desk::open();
    desk.press("Enter");
    let n = desk.call();
    let failure = Failure::new(Kind::Refused, "the call window 'bedside-call' is not installed here");
    desk.happen(Event::Answer { n, result: Err(failure) });
    assert_eq!(desk.model.place(), Place::Today);
    assert!(desk.read().contains("is not installed here"));
}

#[test]
fn draft_is_saved_after_two_quiet_seconds() {
    let mut desk = Desk::note();
    desk.write("Better.");
    desk.wait(SECOND);
    desk.write("!");
    desk.wait(SECOND);
    assert!(!desk.has_asked(is_edit), "typing goes on");
    assert!(desk.read().contains("not saved yet"));
    desk.wait(SECOND * 2);
    let request = desk.answer(is_edit, Reply::Note(sample::draft()));
    assert!(edited(&request).contains("A: Better.!"), "writing went on behind the first empty heading");
    desk.wait(SECOND * 2);
    assert!(desk.read().contains("saved 2 s ago"));
    desk.wait(SECOND * 10);
    assert!(!desk.has_asked(is_edit), "nothing new, nothing saved");
}

#[test]
fn leaving_a_note_saves_it_and_keeps_it_until_it_is_saved() {
    let mut desk = Desk::note();
    desk.write("Better.");
    desk.press("Esc");
    assert_eq!(desk.model.place(), Place::Patient);
    desk.refuse(is_edit, Kind::Damaged, "the disk is full");
    assert!(desk.read().contains("the note is not saved: the disk is full"));
    desk.wait(SECOND * 6);
    let again = desk.answer(is_edit, Reply::Note(sample::draft()));
    assert!(edited(&again).contains("Better."));
    assert!(!desk.model.unsaved());
}

#[test]
fn note_reopened_before_it_is_saved_has_the_last_words() {
    let mut desk = Desk::note();
    desk.write("Better.");
    desk.press("Esc Enter");
    assert!(!desk.has_asked(is_show), "the vault's text would be older");
    assert!(desk.read().contains("A: Better."));
}

#[test]
fn quitting_waits_for_the_last_words() {
    let mut desk = Desk::note();
    desk.write("Better.");
    desk.press("Ctrl-q");
    assert!(!desk.done.contains(&Effect::Quit));
    desk.answer(is_edit, Reply::Note(sample::draft()));
    assert!(desk.done.contains(&Effect::Quit));
}

#[test]
fn quitting_asks_when_the_last_words_cannot_be_saved() {
    let mut desk = Desk::note();
    desk.write("Better.");
    desk.press("Ctrl-q");
    desk.refuse(is_edit, Kind::Damaged, "the disk is full");
    assert!(!desk.done.contains(&Effect::Quit));
    assert!(desk.read().contains("Leave though the note is not saved?"));
    desk.press("Esc");
    assert!(desk.read().contains("Better."), "the text is still there");
    desk.press("Ctrl-q");
    desk.refuse(is_edit, Kind::Damaged, "the disk is full");
    desk.press("Enter");
    assert!(desk.done.contains(&Effect::Quit));
}

#[test]
fn locking_waits_for_the_last_words_and_then_shows_nothing() {
    let mut desk = Desk::note();
    desk.write("Better.");
    desk.press("Esc L");
    assert!(!desk.has_asked(|request| *request == Request::Lock));
    desk.answer(is_edit, Reply::Note(sample::draft()));
    desk.answer(|request| *request == Request::Lock, Reply::Done);
    let screen = desk.read();
    for gone in ["Ada", "Grace", "Better", "unsigned", "✉"] {
        assert!(!screen.contains(gone), "{gone} is still shown");
    }
    assert!(screen.contains("1 waiting"));
    assert!(desk.model.patients.is_empty() && desk.model.today.is_none() && desk.model.room.is_empty());
}

#[test]
fn words_that_locking_overtook_are_saved_after_unlocking() {
    let mut desk = Desk::note();
    desk.write("Better.");
    desk.tell(News::Locked);
    assert!(matches!(desk.model.stage, Stage::Locked(_)));
    desk.wait(SECOND * 20);
    assert!(!desk.has_asked(is_edit));
    desk.tell(News::Unlocked);
    desk.wait(SECOND * 6);
    assert!(edited(&desk.answer(is_edit, Reply::Note(sample::draft()))).contains("Better."));
}

#[test]
fn answers_that_come_after_locking_are_dropped() {
    let mut desk = Desk::open();
    desk.tell(News::Changed { what: Changed::Appointment, patient: None });
    desk.tell(News::Locked);
    desk.answer(is_today, Reply::Today(sample::today()));
    assert!(desk.model.today.is_none());
    assert!(!desk.read().contains("Ada"));
}

#[test]
fn passphrase_is_sent_once_and_never_shown() {
    let mut desk = Desk::locked();
    desk.write("correct horse");
    assert!(!desk.read().contains("horse"));
    desk.press("Enter Enter");
    assert_eq!(desk.count(is_unlock), 1);
    let reply = Reply::Unlocked { drained: 2, notice: None };
    let Request::Unlock { way } = desk.answer(is_unlock, reply) else { panic!("it was an unlock") };
    assert_eq!(way, Way::Passphrase("correct horse".into()));
    assert!(desk.model.is_open());
    assert!(desk.read().contains("2 things came while it was locked"));
}

#[test]
fn recovery_key_unlocks_as_well() {
    let mut desk = Desk::locked();
    desk.write("half a passphr");
    desk.press("Tab");
    desk.paste("AGE-SECRET-KEY-1QQ\n");
    desk.press("Enter");
    let reply = Reply::Unlocked { drained: 0, notice: None };
    let Request::Unlock { way } = desk.answer(is_unlock, reply) else { panic!("it was an unlock") };
    assert_eq!(way, Way::Recovery("AGE-SECRET-KEY-1QQ".into()));
}

#[test]
fn knock_while_locked_rings_without_a_name() {
    let mut desk = Desk::locked();
    desk.now = desk.now.plus(SECOND * 5);
    desk.tell(News::Knocked { patient: None });
    assert_eq!(desk.done, [Effect::Ring]);
    let mut status = sample::status(crate::client::agent::VaultState::Locked);
    status.waiting = 2;
    desk.answer(|request| *request == Request::Status, Reply::Status(status));
    assert!(desk.read().contains("2 waiting"));
}

#[test]
fn thousand_knocks_ring_once_and_ask_twice() {
    let mut desk = Desk::open();
    for _ in 0..1000 {
        desk.tell(News::Knocked { patient: Some(KATHERINE) });
    }
    assert_eq!(desk.done, [Effect::Ring]);
    assert_eq!(desk.count(|request| *request == Request::RoomList), 1);
    desk.answer(|request| *request == Request::RoomList, Reply::Room(sample::room()));
    assert_eq!(desk.count(|request| *request == Request::RoomList), 1, "what came meanwhile is asked for once more");
}

#[test]
fn message_rings_and_the_first_screen_is_asked_again() {
    let mut desk = Desk::open();
    desk.tell(News::MessageArrived { patient: KATHERINE, id: MessageId::from_bytes([1; 16]) });
    assert_eq!(desk.done, [Effect::Ring]);
    assert!(desk.has_asked(is_today));
    assert!(desk.read().contains("Katherine Johnson wrote"));
}

#[test]
fn no_name_of_another_patient_appears_during_a_visit() {
    let mut desk = Desk::visit();
    desk.tell(News::MessageArrived { patient: KATHERINE, id: MessageId::from_bytes([1; 16]) });
    desk.tell(News::Knocked { patient: Some(KATHERINE) });
    desk.tell(News::Room(sample::room().split_off(1)));
    let screen = desk.read();
    assert!(screen.contains("next patient waiting"));
    assert!(!screen.contains("Katherine"));
}

#[test]
fn message_asks_before_it_is_sent_and_type_ahead_does_not_answer() {
    let mut desk = Desk::thread();
    desk.press("m");
    desk.take(is_thread);
    desk.write("See you at eleven.");
    desk.press("Ctrl-s");
    desk.hit("Enter");
    assert!(!desk.has_asked(|request| matches!(request, Request::MessageSend { .. })), "the dialog is too young");
    desk.press("Enter");
    let sent = desk.take(|request| matches!(request, Request::MessageSend { .. })).expect("it is sent").1;
    assert!(matches!(sent, Request::MessageSend { text, .. } if text.expose() == "See you at eleven."));
}

#[test]
fn message_that_was_not_taken_stays_in_the_input() {
    let mut desk = Desk::thread();
    desk.press("m");
    desk.take(is_thread);
    desk.write("See you at eleven.");
    desk.press("Ctrl-s Enter");
    desk.refuse(|request| matches!(request, Request::MessageSend { .. }), Kind::Refused, "no device is paired");
    let screen = desk.read();
    assert!(screen.contains("See you at eleven.") && screen.contains("no device is paired"));
}

#[test]
fn message_begun_is_there_again_after_going_away() {
    let mut desk = Desk::thread();
    desk.press("m");
    desk.write("See you");
    desk.press("Esc Esc Esc");
    assert_eq!(desk.model.place(), Place::Today);
    desk.press("m");
    assert!(desk.read().contains("See you"));
}

#[test]
fn thread_is_read_by_who_opens_it_not_by_the_wind() {
    let mut desk = Desk::thread();
    desk.press("Up");
    desk.answer(is_thread, Reply::Messages(sample::thread()));
    desk.tell(News::Changed { what: Changed::Message, patient: Some(ADA) });
    let (_, request) = desk.take(is_thread).expect("the open thread is asked for");
    assert!(matches!(request, Request::MessageList { read: false, .. }), "nobody pressed a key");
}

#[test]
fn letters_type_only_where_something_is_written() {
    let mut desk = Desk::note();
    desk.write("q?:/1bL");
    assert_eq!(desk.model.place(), Place::Note);
    assert!(desk.model.layers.is_empty() && desk.done.is_empty() && !desk.model.blank);
    assert!(desk.read().contains("A: q?:/1bL"));
}

#[test]
fn escape_never_loses_what_was_written() {
    for (mut desk, text) in [(Desk::note(), "Better."), (Desk::thread(), "See you")] {
        if desk.model.place() == Place::Messages {
            desk.press("m");
        }
        desk.write(text);
        desk.press("Esc Esc Esc Esc Esc");
        let in_draft = desk.model.drafts.values().any(|draft| draft.expose() == text);
        let in_save = desk.take(is_edit).is_some_and(|(_, request)| edited(&request).contains(text));
        assert!(in_draft || in_save, "{text}");
    }
}

#[test]
fn time_stamp_is_written_where_the_cursor_is() {
    let mut desk = Desk::note();
    desk.press("Ctrl-t");
    assert!(desk.read().contains("A: 10:47"));
}

#[test]
fn note_is_saved_before_it_is_signed() {
    let mut desk = Desk::note();
    desk.write("Better.");
    desk.press("Ctrl-g Enter");
    assert!(!desk.has_asked(is_sign), "older words would be signed");
    desk.answer(is_edit, Reply::Note(sample::draft()));
    let mut signed = sample::signed();
    signed.record.id = sample::DRAFT;
    desk.answer(is_sign, Reply::Note(signed));
    let screen = desk.read();
    assert!(screen.contains("signed") && screen.contains("addendum"));
    desk.write("xyz");
    assert!(!desk.read().contains("xyz"), "a signed note stands");
}

#[test]
fn note_that_cannot_be_saved_is_not_signed() {
    let mut desk = Desk::note();
    desk.write("Better.");
    desk.press("Ctrl-g Enter");
    desk.refuse(is_edit, Kind::Damaged, "the disk is full");
    desk.wait(SECOND * 6);
    desk.answer(is_edit, Reply::Note(sample::draft()));
    assert!(!desk.has_asked(is_sign), "signing is asked for anew");
}

#[test]
fn addendum_stays_until_it_is_added() {
    let mut desk = Desk::chart();
    desk.press("Down Enter");
    desk.answer(is_show, Reply::Note(sample::signed()));
    desk.press("a");
    desk.write("Called back.");
    desk.press("Ctrl-s");
    let is_addendum = |request: &Request| matches!(request, Request::NoteAddendum { .. });
    desk.refuse(is_addendum, Kind::Network, "the agent went away");
    assert!(desk.read().contains("Called back."));
    desk.press("Ctrl-s Ctrl-s Esc");
    assert_eq!(desk.count(is_addendum), 1);
    desk.answer(is_addendum, Reply::Note(sample::signed()));
    assert!(desk.model.layers.is_empty() && desk.model.addenda.is_empty(), "what was added is not begun any more");
}

#[test]
fn words_are_compared_with_one_key_and_denied_with_a_question() {
    let mut desk = Desk::visit();
    desk.press("w");
    let same = |same: bool| move |request: &Request| *request == Request::CallCompared { same };
    desk.answer(same(true), Reply::Done);
    desk.press("x");
    assert!(!desk.has_asked(same(false)));
    desk.press("Enter");
    assert!(desk.has_asked(same(false)));
}

#[test]
fn words_compared_once_are_not_asked_for_again() {
    let mut desk = Desk::visit();
    desk.tell(News::Visit(Some(Box::new(LiveVisit { compared: true, ..sample::live() }))));
    desk.press("w");
    assert!(!desk.has_asked(|request| matches!(request, Request::CallCompared { .. })));
    assert!(desk.read().contains("the words were compared"));
}

#[test]
fn microphone_is_switched_above_every_overlay_and_inside_the_note() {
    let off = |request: &Request| *request == Request::CallSet { microphone: Some(false), camera: None };
    for before in ["?", ":", "/", "Ctrl-e", "n"] {
        let mut desk = Desk::visit();
        desk.press(before);
        desk.press("Alt-m");
        assert!(desk.has_asked(off), "after {before}");
        assert!(desk.read_at((80, 24)).contains("● microphone  ● camera  direct"), "after {before}");
    }
}

#[test]
fn ending_a_visit_asks_in_words() {
    let mut desk = Desk::visit();
    desk.press("Ctrl-e");
    desk.hit("Enter");
    let hangs_up = |request: &Request| *request == Request::CallHangUp;
    assert!(!desk.has_asked(hangs_up));
    desk.press("Esc Ctrl-e Enter");
    assert!(desk.has_asked(hangs_up));
}

#[test]
fn note_of_the_visit_stays_when_the_visit_ends() {
    let mut desk = Desk::visit();
    desk.press("n");
    desk.answer(|request| matches!(request, Request::NoteNew { .. }), Reply::Note(sample::draft()));
    desk.write("Better.");
    desk.tell(News::Visit(None));
    assert_eq!(desk.model.place(), Place::Note);
    let screen = desk.read();
    assert!(screen.contains("A: Better.") && screen.contains("the visit has ended"));
}

#[test]
fn lost_window_can_be_opened_again() {
    let mut desk = Desk::visit();
    desk.tell(News::Visit(Some(Box::new(LiveVisit { phase: Phase::WindowLost, ..sample::live() }))));
    desk.press("c");
    assert!(matches!(&desk.done[..], [Effect::Call { .. }]));
}

#[test]
fn visit_begun_elsewhere_does_not_take_the_screen() {
    let mut desk = Desk::note();
    desk.tell(News::Visit(Some(Box::new(sample::live()))));
    assert_eq!(desk.model.place(), Place::Note);
    assert!(desk.read().contains("● microphone"));
    desk.press("Alt-4");
    assert_eq!(desk.model.place(), Place::Visit);
}

#[test]
fn any_key_brings_a_blank_screen_back_and_does_nothing_else() {
    let mut desk = Desk::open();
    desk.press("b");
    assert!(!desk.read().contains("Ada"));
    desk.press("q");
    assert!(desk.done.is_empty() && !desk.model.blank);
    assert!(desk.read().contains("Ada"));
}

#[test]
fn forms_say_what_is_wrong_and_keep_what_was_typed() {
    let mut desk = Desk::open();
    desk.press("P");
    desk.press("Ctrl-s");
    assert!(desk.read().contains("a patient needs a name"));
    desk.write("Rosalind Franklin");
    desk.press("Tab Tab Tab Tab");
    desk.write("25 July");
    desk.press("Ctrl-s");
    let screen = desk.read();
    assert!(screen.contains("a date looks like 1985-12-10") && screen.contains("Rosalind Franklin"));
    for _ in 0.."25 July".len() {
        desk.press("Backspace");
    }
    desk.write("1920-07-25");
    desk.press("Ctrl-s");
    let adds = |request: &Request| matches!(request, Request::PatientAdd(_));
    desk.refuse(adds, Kind::Refused, "there is one of that name");
    assert!(desk.read().contains("there is one of that name"));
    desk.press("Ctrl-s Ctrl-s");
    assert_eq!(desk.count(adds), 1, "it is on its way already");
    desk.answer(adds, Reply::Patient(sample::patient(KATHERINE, "Rosalind Franklin")));
    assert_eq!(desk.model.place(), Place::Patient);
    assert!(desk.model.layers.is_empty());
}

#[test]
fn day_of_the_week_is_the_next_whose_time_is_still_to_come() {
    let mut desk = Desk::open();
    desk.press("a");
    for _ in 0.."2026-11-26".len() {
        desk.press("Backspace");
    }
    desk.write("thu");
    desk.press("Tab");
    for _ in 0..5 {
        desk.press("Backspace");
    }
    desk.write("9:00");
    desk.press("Ctrl-s");
    let (_, request) = desk.take(|request| matches!(request, Request::AppointmentAdd { .. })).expect("it is booked");
    let Request::AppointmentAdd { start, .. } = request else { panic!("it was an appointment") };
    assert_eq!(start.strftime("%a %-d %b %H:%M").to_string(), "Thu 3 Dec 09:00", "today at nine is past");
}

#[test]
fn appointment_is_booked_in_the_practices_zone() {
    let mut desk = Desk::open();
    desk.press("a Tab");
    for _ in 0..5 {
        desk.press("Backspace");
    }
    desk.write("14:30");
    desk.press("Tab Tab Space Ctrl-s");
    let (_, request) = desk.take(|request| matches!(request, Request::AppointmentAdd { .. })).expect("it is booked");
    let Request::AppointmentAdd { start, minutes, kind, .. } = request else { panic!("it was an appointment") };
    assert_eq!(*start, sample::at(26, 14, 30));
    assert_eq!((minutes, kind), (50, crate::record::AppointmentKind::InPerson));
}

#[test]
fn appointment_without_a_patient_is_given_one() {
    let mut desk = Desk::open();
    desk.press("G Up Up Up Up Up Up Enter");
    for _ in 0..20 {
        desk.press("Backspace");
    }
    desk.write("kath");
    desk.press("Enter");
    let (_, request) = desk.take(|request| matches!(request, Request::AppointmentMatch { .. })).expect("it is matched");
    assert!(
        matches!(request, Request::AppointmentMatch { who: Some(who), .. } if who.expose() == &KATHERINE.to_string())
    );
}

#[test]
fn cancelling_an_appointment_asks_and_a_no_show_does_not() {
    let mut desk = Desk::open();
    let sets = |status| move |request: &Request| matches!(request, Request::AppointmentEdit { status: Some(set), .. } if *set == status);
    desk.press("Down x");
    assert!(desk.has_asked(sets(AppointmentStatus::Noshow)));
    desk.press("X");
    assert!(!desk.has_asked(sets(AppointmentStatus::Cancelled)));
    desk.press("Enter");
    assert!(desk.has_asked(sets(AppointmentStatus::Cancelled)));
}

#[test]
fn who_waits_is_told_how_long() {
    let mut desk = Desk::open();
    desk.press("s Tab");
    desk.write("Finishing a call.");
    desk.press("Enter");
    let (_, request) = desk.take(|request| matches!(request, Request::RoomTell { .. })).expect("they are told");
    let Request::RoomTell { minutes, text, .. } = request else { panic!("it was a word") };
    assert_eq!((minutes, text.as_ref().map(|text| text.expose().as_str())), (Some(5), Some("Finishing a call.")));
}

#[test]
fn day_that_was_left_is_not_shown_when_its_answer_comes_late() {
    let mut desk = Desk::open();
    desk.press("l");
    let late = desk.take(is_today).expect("tomorrow is asked for");
    desk.press("t");
    desk.happen(Event::Answer {
        n: late.0,
        result: Ok(Box::new(Reply::Today(crate::client::agent::Today {
            date: jiff::civil::date(2026, 11, 27),
            ..sample::empty_day()
        }))),
    });
    assert!(desk.read().contains("Today  Thu 26 Nov 2026"));
    assert!(desk.has_asked(is_today), "today is asked for after it");
}

#[test]
fn midnight_brings_another_day() {
    let mut desk = Desk::open();
    desk.wait(SECOND * 3600 * 14);
    assert!(desk.has_asked(is_today));
}

#[test]
fn palette_does_what_it_is_asked_and_says_why_not() {
    let mut desk = Desk::open();
    desk.press(":");
    desk.write("camera off");
    assert!(desk.read().contains("no visit is running"));
    desk.press("Enter");
    assert_eq!(desk.model.layers.len(), 1, "what cannot be done is not done");
    desk.press("Esc :");
    desk.write("note of");
    desk.press("Enter Enter");
    let news = |request: &Request| matches!(request, Request::NoteNew { kind: NoteKind::Soap, .. });
    assert!(desk.has_asked(news));
}

#[test]
fn agent_that_goes_away_takes_nothing_written_with_it() {
    let mut desk = Desk::note();
    desk.write("Better.");
    desk.wait(SECOND * 3);
    desk.take(is_edit).expect("a save is on its way");
    desk.happen(Event::Gone(Failure::new(Kind::Network, "no agent is running for this vault")));
    assert!(!desk.read().contains("Ada"));
    desk.happen(Event::Connected(Box::new(sample::status(crate::client::agent::VaultState::Open))));
    desk.wait(SECOND * 6);
    assert!(edited(&desk.take(is_edit).expect("it is saved again").1).contains("Better."));
}

#[test]
fn keys_tell_the_agent_that_somebody_is_here_and_time_does_not() {
    let mut desk = Desk::open();
    let attends = |request: &Request| *request == Request::Practice;
    desk.wait(SECOND * 300);
    assert!(!desk.has_asked(attends));
    desk.press("Down Up");
    assert_eq!(desk.count(attends), 1);
}

#[test]
fn vault_is_not_locked_under_a_visit() {
    let mut desk = Desk::visit();
    desk.press("L");
    assert!(!desk.has_asked(|request| *request == Request::Lock));
    assert!(desk.read().contains("a visit is running: end it first"));
}

#[test]
fn small_terminal_says_so() {
    assert!(Desk::open().read_at((30, 8)).contains("bedside needs"));
}

#[test]
fn search_shows_notes_with_the_words() {
    let mut desk = Desk::open();
    desk.press("/");
    desk.write("sundays");
    desk.press("Enter");
    desk.answer(|request| matches!(request, Request::NoteSearch { .. }), Reply::Notes(vec![sample::draft()]));
    desk.press("Enter");
    assert!(desk.has_asked(is_show));
}

#[test]
fn every_action_does_something_somewhere() {
    let desks: [fn() -> Desk; 19] = [
        Desk::open,
        Desk::chart,
        Desk::note,
        Desk::thread,
        Desk::visit,
        other_day,
        second_appointment,
        signed_note,
        writing_thread,
        written_visit,
        lost_window,
        away_from_visit,
        super::care::missed,
        super::care::chosen_task,
        Desk::schedule,
        Desk::chosen,
        moving,
        month,
        names_wait,
    ];
    for action in TABLE {
        let mut tried = 0;
        let acted = desks.iter().any(|desk| {
            let mut desk = desk();
            if action.available(&desk.model).is_err() {
                return false;
            }
            tried += 1;
            let before = format!("{:?}", desk.model);
            let mut out = Vec::new();
            perform(&mut desk.model, action.id, &mut out);
            !out.is_empty() || format!("{:?}", desk.model) != before
        });
        assert!(acted, "{:?} did nothing on {tried} desks", action.id);
    }
}

fn moving() -> Desk {
    let mut desk = Desk::chosen();
    desk.press("Space Down");
    desk
}

fn month() -> Desk {
    let mut desk = Desk::schedule();
    desk.press("M");
    desk
}

fn names_wait() -> Desk {
    let mut desk = Desk::schedule();
    desk.model.unmatched = sample::unmatched();
    desk
}

fn other_day() -> Desk {
    let mut desk = Desk::open();
    desk.press("l");
    desk
}

fn second_appointment() -> Desk {
    let mut desk = Desk::open();
    desk.press("Down Down");
    desk
}

fn signed_note() -> Desk {
    let mut desk = Desk::chart();
    desk.press("Down Enter");
    desk.answer(is_show, Reply::Note(sample::signed()));
    desk
}

fn lost_window() -> Desk {
    let mut desk = Desk::visit();
    desk.tell(News::Visit(Some(Box::new(LiveVisit { phase: Phase::WindowLost, ..sample::live() }))));
    desk
}

fn away_from_visit() -> Desk {
    let mut desk = Desk::visit();
    desk.press("1");
    desk
}

fn writing_thread() -> Desk {
    let mut desk = Desk::thread();
    desk.press("m");
    desk.write("See you");
    desk
}

fn written_visit() -> Desk {
    let mut desk = Desk::visit();
    desk.press("n");
    desk.answer(|request| matches!(request, Request::NoteNew { .. }), Reply::Note(sample::draft()));
    desk.write("Better.");
    desk
}

#[test]
fn opening_the_messages_marks_nothing_read() {
    let mut desk = Desk::open();
    desk.press("2");
    desk.answer(is_all_messages, Reply::Messages(sample::all_messages()));
    desk.press("Down");
    assert!(!desk.has_asked(is_thread));
}
