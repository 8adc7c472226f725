//! What a feed says of an appointment after something else was said of it, by the feed or by hand.

use super::super::tests::ask;
use super::decided::of;
use super::settled::{at, at_ten, booked, date, import as read};
use super::tests::{CLIENT, agenda, day, desk, entry, import, published, week};
use crate::record::{AppointmentStatus, Imported, Settlement, Which};
use crate::wire::agent::{ImportHead, Request};
use jiff::ToSpan;

#[test]
fn appointment_that_is_put_to_another_day_is_booked_whatever_became_of_the_first() {
    for status in [AppointmentStatus::Arrived, AppointmentStatus::Noshow, AppointmentStatus::Fulfilled] {
        let (_folder, mut desk) = desk();
        import(&mut desk, published(), week(&["Ada"])).expect("imported");
        let id = of(&mut desk, "Ada").id;
        desk.edit_appointment(id, None, None, Some(status), false).expect("changed by hand");
        let longer = Imported { end: day(0).saturating_add(80.minutes()), ..entry("uid 0", "Ada", &day(0)) };
        import(&mut desk, published(), vec![longer]).expect("imported");
        assert_eq!(of(&mut desk, "Ada").status, status, "at the same time");
        let later = day(0).saturating_add(15.minutes());
        import(&mut desk, published(), vec![entry("uid 0", "Ada", &later)]).expect("imported");
        let there = if status == AppointmentStatus::Noshow { AppointmentStatus::Booked } else { status };
        assert_eq!(of(&mut desk, "Ada").status, there, "later on the same day");
        import(&mut desk, published(), vec![entry("uid 0", "Ada", &day(3))]).expect("imported");
        assert_eq!((of(&mut desk, "Ada").start, of(&mut desk, "Ada").status), (day(3), AppointmentStatus::Booked));
    }
}

#[test]
fn what_the_feed_itself_said_of_where_it_stands_it_can_take_back() {
    for status in [AppointmentStatus::Proposed, AppointmentStatus::Arrived, AppointmentStatus::Noshow] {
        let (_folder, mut desk) = desk();
        let said = |status| vec![Imported { status, ..entry("a", "Ada", &day(0)) }];
        import(&mut desk, published(), said(status)).expect("imported");
        assert_eq!(import(&mut desk, published(), said(AppointmentStatus::Booked)).expect("imported").updated, 1);
        assert_eq!(of(&mut desk, "Ada").status, AppointmentStatus::Booked, "{status:?}");
    }
}

/// Two series, of which the first has these lines and this beside it.
fn calendar(lines: &str, beside: &str) -> String {
    let series = |uid: &str, lines: &str| {
        format!(
            "BEGIN:VEVENT\nUID:{uid}\nSUMMARY:Ada\nDTSTART:{}T100000Z\nDURATION:PT50M\nRRULE:FREQ=DAILY;COUNT=3\n{lines}END:VEVENT\n",
            date(1)
        )
    };
    format!("BEGIN:VCALENDAR\nX-WR-CALNAME:c\n{}{beside}END:VCALENDAR\n", series("s", lines))
}

#[test]
fn occurrence_that_was_moved_goes_back_or_away_with_its_exception() {
    let moved = format!(
        "BEGIN:VEVENT\nUID:s\nSUMMARY:Ada\nSEQUENCE:1\nRECURRENCE-ID:{0}T100000Z\nDTSTART:{0}T150000Z\nDURATION:PT50M\nEND:VEVENT\n",
        date(2)
    );
    let without = format!("EXDATE:{}T100000Z\n", date(2));
    for (lines, expected) in [("", at_ten(&[1, 2, 3])), (without.as_str(), at_ten(&[1, 3]))] {
        let (_folder, mut desk) = desk();
        read(&mut desk, &calendar("", &moved));
        assert_eq!(booked(&mut desk), [at_ten(&[1]), at(15, &[2]), at_ten(&[3])].concat());
        read(&mut desk, &calendar(lines, ""));
        assert_eq!(booked(&mut desk), expected);
        assert_eq!(read(&mut desk, &calendar(lines, "")).unchanged, 3);
    }
}

#[test]
fn older_version_of_an_occurrence_beside_the_newer_one_changes_nothing_whichever_comes_first() {
    let (_folder, mut desk) = desk();
    let version = |sequence: i64, hour: i64| {
        let start = day(0).saturating_add(hour.hours());
        Imported { recurrence: "20270101T080000Z".to_owned(), sequence, ..entry("s", "Ada", &start) }
    };
    for (first, second) in [((2, 3), (1, 1)), ((1, 1), (2, 3))] {
        let both = vec![version(first.0, first.1), version(second.0, second.1)];
        for whole in [false, true] {
            import(&mut desk, ImportHead { whole, ..published() }, both.clone()).expect("imported");
            assert_eq!(of(&mut desk, "Ada").start, day(0).saturating_add(3.hours()));
        }
    }
    let old = ImportHead { whole: false, ..published() };
    assert_eq!(import(&mut desk, old, vec![version(1, 1)]).expect("imported").unchanged, 1, "saved long ago");
}

#[test]
fn message_that_is_older_than_one_that_said_nothing_new_changes_nothing() {
    let (_folder, mut desk) = desk();
    let message = ImportHead { whole: false, message: true, ..published() };
    let mut send = |sequence: i64, n: i64| {
        let entry = Imported { sequence, ..entry("a", "Ada", &day(n)) };
        import(&mut desk, message.clone(), vec![entry]).expect("imported");
        of(&mut desk, "Ada").start
    };
    assert_eq!(send(1, 0), day(0));
    assert_eq!(send(3, 0), day(0), "there was another time in between, which did not come");
    assert_eq!(send(2, 1), day(0), "that one, sent again");
    assert_eq!(send(4, 1), day(1));
}

#[test]
fn occurrence_that_is_added_takes_nothing_from_its_series() {
    let (_folder, mut desk) = desk();
    let sent = |method: &str, lines: &str| {
        format!(
            "BEGIN:VCALENDAR\nMETHOD:{method}\nBEGIN:VEVENT\nUID:s\nSUMMARY:Ada\nDURATION:PT50M\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n"
        )
    };
    read(&mut desk, &sent("REQUEST", &format!("DTSTART:{}T100000Z\nRRULE:FREQ=DAILY;COUNT=3", date(1))));
    let added = sent("ADD", &format!("SEQUENCE:1\nDTSTART:{}T150000Z", date(2)));
    assert_eq!(read(&mut desk, &added).added, 1);
    assert_eq!(read(&mut desk, &added).unchanged, 1);
    assert_eq!(booked(&mut desk), [at_ten(&[1, 2]), at(15, &[2]), at_ten(&[3])].concat());
}

#[test]
fn series_that_is_confirmed_with_another_time_is_booked() {
    let (_folder, mut desk) = desk();
    let series = |hour: u32, status: &str| {
        format!(
            "BEGIN:VCALENDAR\nX-WR-CALNAME:c\nBEGIN:VEVENT\nUID:s\nSUMMARY:Ada\nSTATUS:{status}\nDTSTART:{}T{hour}0000Z\n\
             DURATION:PT50M\nRRULE:FREQ=DAILY;COUNT=3\nEND:VEVENT\nEND:VCALENDAR\n",
            date(1)
        )
    };
    read(&mut desk, &series(10, "TENTATIVE"));
    assert_eq!(booked(&mut desk), [""; 0]);
    assert_eq!(read(&mut desk, &series(15, "CONFIRMED")).updated, 3);
    assert_eq!(booked(&mut desk), at(15, &[1, 2, 3]));
}

#[test]
fn each_of_many_occurrences_is_cancelled_by_itself() {
    let (_folder, mut desk) = desk();
    let count = 9_000;
    let of_series = |n: i64| Imported { recurrence: format!("{n:06}"), ..entry("s", "Ada", &day(n % 300)) };
    for page in (0..count).collect::<Vec<_>>().chunks(4_000) {
        let entries = page.iter().map(|n| of_series(*n)).collect();
        import(&mut desk, ImportHead { whole: false, ..published() }, entries).expect("imported");
    }
    let told = (0..count).map(|n| Settlement {
        uid: "s".into(),
        also: "".into(),
        which: Which::One(format!("{n:06}")),
        sequence: 0,
    });
    let head = ImportHead { whole: false, message: true, ..published() };
    ask(&mut desk, CLIENT, Request::AppointmentImportBegin(head)).expect("begun");
    for page in told.collect::<Vec<_>>().chunks(4_000) {
        let page = Request::AppointmentImportPage { entries: Vec::new(), settled: page.to_vec() };
        ask(&mut desk, CLIENT, page).expect("taken");
    }
    ask(&mut desk, CLIENT, Request::AppointmentImportEnd).expect("done");
    assert!(agenda(&mut desk).iter().all(|(_, status, _)| *status == AppointmentStatus::Cancelled));
}
