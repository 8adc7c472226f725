//! What a hand has put somewhere stays there until the feed says something new.

use super::settled::{booked, date, ids, sent, series};
use super::tests::{agenda, day, desk, entry, give, import, published, undo, week};
use super::{Desk, Settled};
use crate::base::id::AppointmentId;
use crate::base::{Phi, Stamp};
use crate::record::{Appointment, AppointmentStatus, Identifier, Imported, Settlement, Which};
use crate::wire::agent::ImportHead;
use jiff::{ToSpan, Zoned};

fn of_uid(desk: &mut Desk, uid: &str) -> Appointment {
    let is_it = |one: &&Appointment| one.origin().is_some_and(|(_, own)| own.expose() == uid);
    desk.open().expect("open").book.appointments().find(is_it).expect("it is there").clone()
}

fn put(desk: &mut Desk, id: AppointmentId, start: Option<Zoned>, status: Option<AppointmentStatus>) {
    desk.edit_appointment(id, start, None, status, false).expect("changed");
}

#[test]
fn what_was_moved_on_does_not_go_when_the_feed_drops_the_past() {
    let (_folder, mut desk) = desk();
    let hour_ago = Zoned::now().saturating_sub(1.hours());
    for recurrence in ["", "20260101T100000Z"] {
        let old = Imported { recurrence: recurrence.to_owned(), ..entry("old", "Ada", &hour_ago) };
        import(&mut desk, published(), [vec![old], week(&["Ben"])].concat()).expect("imported");
        let id = of_uid(&mut desk, "old").id;
        put(&mut desk, id, Some(day(5)), None);
        assert_eq!(import(&mut desk, published(), week(&["Ben"])).expect("imported").removed, 0);
        assert_eq!(of_uid(&mut desk, "old").status, AppointmentStatus::Booked);
        // What is to come where the feed has it goes with it, wherever a hand has put it.
        let coming = Imported { recurrence: recurrence.to_owned(), ..entry("new", "Ada", &day(3)) };
        import(&mut desk, published(), [vec![coming], week(&["Ben"])].concat()).expect("imported");
        let id = of_uid(&mut desk, "new").id;
        put(&mut desk, id, Some(day(6)), None);
        assert_eq!(import(&mut desk, published(), week(&["Ben"])).expect("imported").removed, 1);
        let all: Vec<_> = desk.open().expect("open").book.appointments().cloned().collect();
        for one in all {
            desk.open().expect("open").book.remove(&one, Stamp(0));
        }
        desk.flush();
    }
}

#[test]
fn what_the_feed_has_not_any_more_and_a_hand_has_booked_again_stays() {
    let (_folder, mut desk) = desk();
    let (all, without) = (week(&["Ada", "Ben", "Cleo"]), week(&["Ada", "Ben"]));
    import(&mut desk, published(), all).expect("imported");
    assert_eq!(import(&mut desk, published(), without.clone()).expect("imported").removed, 1);
    let id = of_uid(&mut desk, "uid 2").id;
    put(&mut desk, id, None, Some(AppointmentStatus::Booked));
    for _ in 0..2 {
        let report = import(&mut desk, published(), without.clone()).expect("imported");
        assert_eq!((report.removed, report.unchanged), (0, 2));
    }
    assert_eq!(of_uid(&mut desk, "uid 2").status, AppointmentStatus::Booked);
}

#[test]
fn another_number_brings_nothing_back() {
    let (_folder, mut desk) = desk();
    let number = |system: &str, value: &str| Identifier { system: system.into(), value: value.into() };
    let feed = |numbers: &[Identifier]| {
        let numbered = |entry| Imported { identifiers: numbers.to_vec(), ..entry };
        week(&["Ada", "Ada"]).into_iter().map(numbered).collect::<Vec<_>>()
    };
    let message = || ImportHead { whole: false, message: true, ..published() };
    import(&mut desk, message(), feed(&[number("A", "1")])).expect("imported");
    let [first, second] = ["uid 0", "uid 1"].map(|uid| of_uid(&mut desk, uid).id);
    put(&mut desk, first, None, Some(AppointmentStatus::Cancelled));
    put(&mut desk, second, Some(day(5)), None);
    let both = || feed(&[number("A", "1"), number("B", "7")]);
    assert_eq!(import(&mut desk, message(), both()).expect("imported").unchanged, 2);
    assert_eq!(of_uid(&mut desk, "uid 0").status, AppointmentStatus::Cancelled);
    assert_eq!(of_uid(&mut desk, "uid 1").start, day(5));
    assert_eq!(of_uid(&mut desk, "uid 1").identifiers().len(), 2, "but it is known");
    // Somebody else's time is another appointment, and new.
    assert_eq!(import(&mut desk, message(), feed(&[number("A", "2")])).expect("imported").updated, 2);
    assert_eq!(of_uid(&mut desk, "uid 0").status, AppointmentStatus::Booked);
}

#[test]
fn import_that_waited_finds_the_day_as_it_was_when_it_came() {
    let (_folder, mut desk) = desk();
    let now = Zoned::now();
    let of_series =
        |recurrence: &str, start: &Zoned| Imported { recurrence: recurrence.into(), ..entry("s", "Ada", start) };
    let other = entry("other", "Ben", &day(1));
    let tomorrow = of_series("1", &day(0));
    import(&mut desk, published(), vec![tomorrow, other.clone()]).expect("imported");
    let moved = of_series("2", &now.saturating_sub(14.hours()));
    let came = Stamp(now.saturating_sub(20.hours()).timestamp().as_millisecond());
    let head = ImportHead { allow_removals: true, ..published() };
    let report = desk.import(&head, vec![moved, other], Settled::default(), came, |_, _| {}).expect("kept");
    assert_eq!(report.map(|report| (report.added, report.updated, report.removed)), Ok((0, 1, 0)));
    assert_eq!(of_uid(&mut desk, "s").start, now.saturating_sub(14.hours()));
}

#[test]
fn series_is_cancelled_with_what_was_changed_of_it_alone() {
    let (_folder, mut desk) = desk();
    let import = super::settled::import;
    import(&mut desk, &series("REQUEST", 0));
    let third = |hour: u32| format!("RECURRENCE-ID:{0}T100000Z\nDTSTART:{0}T{hour}0000Z\nDURATION:PT50M", date(3));
    import(&mut desk, &sent("REQUEST", 2, &third(15)));
    assert_eq!(booked(&mut desk).len(), 4);
    assert_eq!(import(&mut desk, &sent("CANCEL", 1, "")).removed, 4);
    // Also where it only ends earlier.
    import(&mut desk, &series("REQUEST", 3));
    import(&mut desk, &sent("REQUEST", 5, &third(16)));
    import(&mut desk, &series("REQUEST", 4).replace("COUNT=4", "COUNT=2"));
    assert_eq!(booked(&mut desk).len(), 2);
    // But not by what is older than all of it.
    import(&mut desk, &sent("CANCEL", 3, ""));
    assert_eq!(booked(&mut desk).len(), 2);
}

#[test]
fn what_an_import_has_twice_and_is_as_it_was_changes_nothing() {
    let (_folder, mut desk) = desk();
    let both = || vec![entry("a", "Ada", &day(0)), entry("a", "Ada", &day(1))];
    import(&mut desk, published(), both()).expect("imported");
    let report = import(&mut desk, published(), both()).expect("imported");
    assert_eq!((report.updated, report.unchanged), (0, 1));
    assert_eq!(undo(&mut desk).expect("the first is taken back").removed, 1);
    assert_eq!(agenda(&mut desk), []);
}

#[test]
fn import_that_is_taken_back_is_not_remembered() {
    let (_folder, mut desk) = desk();
    let (right, wrong) = (week(&["Ada", "Ben", "Cleo"]), week(&["Ada", "Ben", "Cleo", "Dora"]).split_off(1));
    import(&mut desk, published(), right.clone()).expect("imported");
    let id = of_uid(&mut desk, "uid 0").id;
    put(&mut desk, id, None, Some(AppointmentStatus::Cancelled));
    let before = ids(&mut desk);
    import(&mut desk, published(), wrong).expect("imported");
    let undone = undo(&mut desk).expect("taken back");
    assert_eq!((undone.removed, undone.restored, undone.kept), (1, 0, 0));
    assert_eq!(import(&mut desk, published(), right).expect("imported").unchanged, 3);
    assert_eq!(ids(&mut desk), before, "what was called off stays so");
}

#[test]
fn person_of_a_group_whose_number_is_another_does_not_get_the_others_place() {
    let (_folder, mut desk) = desk();
    let ada = super::super::tests::add(&mut desk, "Ada Byron");
    let import = super::settled::import;
    let message = |event: &str, second: u32, uid: &str, people: &[(&str, &str)]| {
        let one = |(name, number): &(&str, &str)| format!("PID|1||{number}||{name}\r");
        let people: String = people.iter().map(one).collect();
        let at = date(1);
        format!(
            "MSH|^~\\&|CLINIC||||2026010512000{second}+0000||SIU^{event}|{second}|P|2.5.1\r\
             SCH|{uid}||||||||||^^^{at}1000\r{people}"
        )
    };
    let (adas, ben) = (("Byron^Ada", "1^^^A"), ("Holt^Ben", "5^^^A"));
    import(&mut desk, &message("S12", 0, "E", &[adas]));
    import(&mut desk, &message("S12", 1, "G", &[("Byron^Ada", ""), ben]));
    import(&mut desk, &message("S14", 2, "G", &[("Byron^Ada", "9^^^A"), ben]));
    import(&mut desk, &message("S12", 3, "F", &[("Byron^Ada", "9^^^A")]));
    let hers: Vec<_> = desk.open().expect("open").book.appointments_of(ada).cloned().collect();
    let hers: Vec<_> = hers.iter().map(|one| (one.status, one.identifiers().to_vec())).collect();
    assert_eq!(hers.len(), 1, "{hers:?}");
    assert_eq!(hers[0].1[0].value, Phi::from("1"));
}

#[test]
fn what_was_before_an_import_is_kept_through_one_that_changes_nothing() {
    let (_folder, mut desk) = desk();
    let at = |n: i64, sequence: i64| Imported { sequence, ..entry("a", "Ada", &day(n)) };
    import(&mut desk, published(), vec![at(0, 0)]).expect("imported");
    import(&mut desk, published(), vec![at(1, 1)]).expect("imported");
    assert_eq!(import(&mut desk, published(), vec![at(2, 2), at(1, 2)]).expect("imported").unchanged, 1);
    let undone = undo(&mut desk).expect("the second is taken back");
    assert_eq!((undone.removed, undone.restored), (0, 1));
    assert_eq!(of_uid(&mut desk, "a").start, day(0));
}

#[test]
fn what_was_moved_on_goes_when_the_feed_cancels_it() {
    let (_folder, mut desk) = desk();
    let hours_ago = Zoned::now().saturating_sub(2.hours());
    let message = || ImportHead { whole: false, message: true, ..published() };
    import(&mut desk, message(), vec![entry("a", "Ada", &hours_ago)]).expect("imported");
    let id = of_uid(&mut desk, "a").id;
    put(&mut desk, id, Some(day(2)), None);
    let told = |sequence: i64| Settlement { uid: "a".into(), also: Phi::default(), which: Which::All, sequence };
    give(&mut desk, message(), Vec::new(), vec![told(1)]).expect("imported");
    assert_eq!(of_uid(&mut desk, "a").status, AppointmentStatus::Cancelled);
    // A hand may book it again, whatever is said once more.
    put(&mut desk, id, None, Some(AppointmentStatus::Booked));
    give(&mut desk, message(), Vec::new(), vec![told(1)]).expect("imported");
    assert_eq!(of_uid(&mut desk, "a").status, AppointmentStatus::Booked);
    // So it is with what says its time, too, unless that is newer.
    for (sequence, status) in
        [(2, AppointmentStatus::Cancelled), (2, AppointmentStatus::Booked), (3, AppointmentStatus::Cancelled)]
    {
        let cancelled = Imported { status: AppointmentStatus::Cancelled, sequence, ..entry("a", "Ada", &hours_ago) };
        import(&mut desk, message(), vec![cancelled]).expect("imported");
        assert_eq!(of_uid(&mut desk, "a").status, status, "{sequence}");
        put(&mut desk, id, None, Some(AppointmentStatus::Booked));
    }
    // What has taken place has, whatever is said of it since.
    put(&mut desk, id, None, Some(AppointmentStatus::Fulfilled));
    let cancelled = Imported { status: AppointmentStatus::Cancelled, sequence: 4, ..entry("a", "Ada", &hours_ago) };
    import(&mut desk, message(), vec![cancelled]).expect("imported");
    assert_eq!(of_uid(&mut desk, "a").status, AppointmentStatus::Fulfilled);
}

#[test]
fn occurrence_that_was_changed_alone_comes_back_with_its_series() {
    let (_folder, mut desk) = desk();
    let import = super::settled::import;
    let third = format!("RECURRENCE-ID:{0}T100000Z\nDTSTART:{0}T150000Z\nDURATION:PT50M", date(3));
    import(&mut desk, &series("REQUEST", 0));
    import(&mut desk, &sent("REQUEST", 5, &third));
    import(&mut desk, &sent("CANCEL", 1, ""));
    assert_eq!(booked(&mut desk).len(), 0);
    import(&mut desk, &series("REQUEST", 2));
    assert_eq!(booked(&mut desk).len(), 4);
}

#[test]
fn older_message_changes_nothing_of_a_series_beside_an_exception_with_a_number_of_its_own() {
    let (_folder, mut desk) = desk();
    let import = super::settled::import;
    let with_exception = |sequence: u32| {
        let third = format!(
            "BEGIN:VEVENT\nUID:s\nSEQUENCE:1\nSUMMARY:Ada\nRECURRENCE-ID:{0}T100000Z\nDTSTART:{0}T150000Z\n\
             DURATION:PT50M\nEND:VEVENT\nEND:VCALENDAR",
            date(3)
        );
        series("REQUEST", sequence).replace("END:VCALENDAR", &third)
    };
    import(&mut desk, &series("REQUEST", 0));
    import(&mut desk, &sent("CANCEL", 1, ""));
    import(&mut desk, &with_exception(2));
    assert_eq!(booked(&mut desk).len(), 4);
    for older in [sent("CANCEL", 1, ""), series("REQUEST", 1)] {
        import(&mut desk, &older);
        assert!(booked(&mut desk).contains(&format!("{}T150000", date(3))));
        assert_eq!(booked(&mut desk).len(), 4);
    }
    // Nor one that cancels the end of it, of what has been invited again since.
    let mut desk = super::tests::desk();
    let desk = &mut desk.1;
    import(desk, &series("REQUEST", 0));
    let end = || sent("CANCEL", 2, &format!("RECURRENCE-ID;RANGE=THISANDFUTURE:{}T100000Z", date(3)));
    import(desk, &end());
    assert_eq!(booked(desk).len(), 2);
    for day in [3, 4] {
        let alone = format!("RECURRENCE-ID:{0}T100000Z\nDTSTART:{0}T100000Z\nDURATION:PT50M", date(day));
        import(desk, &sent("REQUEST", 5, &alone));
    }
    import(desk, &end());
    assert_eq!(booked(desk).len(), 4);
}
