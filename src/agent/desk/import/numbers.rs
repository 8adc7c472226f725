//! What is known by the placer's number and by the filler's, whichever a message says.

use super::super::tests::add;
use super::settled::{booked, date, ids, import};
use super::tests::give;
use crate::feed::{self, Reading, join};
use crate::record::Appointment;
use crate::wire::agent::ImportHead;
use jiff::tz::TimeZone;
use std::time::{Duration, Instant};

/// A message of this event, sent in this second, with these numbers and segments behind SCH.
fn message(event: &str, second: u32, numbers: &str, rest: &str) -> String {
    format!(
        "MSH|^~\\&|CLINIC||||2026010512000{second}+0000||SIU^{event}|{second}|P|2.5.1\r\
         SCH|{numbers}|||||||||{rest}\r"
    )
}

/// Tomorrow at ten, Ada's.
fn said(event: &str, second: u32, numbers: &str) -> String {
    message(event, second, numbers, &format!("^^^{}1000\rPID|1||1^^^MRN||Byron^Ada", date(1)))
}

/// What there is, with whose it is.
fn all(desk: &mut super::super::Desk) -> Vec<Appointment> {
    let mut all: Vec<_> = desk.open().expect("open").book.appointments().cloned().collect();
    all.sort_by_key(|one| (one.start.timestamp(), one.id));
    all
}

#[test]
fn appointment_is_known_by_the_number_of_whoever_booked_it_and_of_whoever_keeps_the_schedule() {
    for (booking, cancelling) in
        [("P9^PL|F9^FI", "|F9^FI"), ("P9|F9", "|F9"), ("P9^PL|F9^FI", "P9^PL|"), ("|F9^FI", "P9^PL|F9^FI")]
    {
        let (_folder, mut desk) = super::tests::desk();
        assert_eq!(import(&mut desk, &said("S12", 0, booking)).added, 1);
        assert_eq!(import(&mut desk, &said("S14", 1, cancelling)).unchanged, 1);
        assert_eq!(import(&mut desk, &said("S15", 2, cancelling)).removed, 1, "{booking} {cancelling}");
        assert_eq!(import(&mut desk, &said("S12", 1, booking)).unchanged, 1, "it is older");
        assert_eq!(ids(&mut desk).len(), 1);
        // As well within one file.
        let (_folder, mut desk) = super::tests::desk();
        import(&mut desk, &[said("S12", 0, booking), said("S15", 2, cancelling)].concat());
        assert_eq!(booked(&mut desk), [""; 0], "{booking} {cancelling}");
    }
    // What was booked by the filler's number only is one placer's, once one names it, and no other's.
    for first in ["|F9^FI", "P8^PL|F9^FI"] {
        let (_folder, mut desk) = super::tests::desk();
        import(&mut desk, &said("S12", 0, first));
        import(&mut desk, &said("S12", 1, "P8^PL|F9^FI"));
        assert_eq!(ids(&mut desk).len(), 1);
        assert_eq!(import(&mut desk, &said("S12", 2, "P9^PL|F9^FI")).added, 1, "{first}");
        assert_eq!(import(&mut desk, &said("S15", 3, "P8^PL|")).removed, 1);
        assert_eq!(booked(&mut desk).len(), 1);
    }
    // A newer message need not repeat it, also within one file.
    let (_folder, mut desk) = super::tests::desk();
    let all = [("S12", "P9^PL|F9^FI"), ("S13", "P9^PL|"), ("S15", "|F9^FI")];
    import(&mut desk, &(0..).zip(all).map(|(n, (event, numbers))| said(event, n, numbers)).collect::<String>());
    assert_eq!(booked(&mut desk), [""; 0]);
    // Which of two with one filler's number it is, nobody knows.
    let (_folder, mut desk) = super::tests::desk();
    import(&mut desk, &said("S12", 0, "P8^PL|F9^FI"));
    import(&mut desk, &said("S12", 0, "P9^PL|F9^FI"));
    assert_eq!(import(&mut desk, &said("S15", 2, "|F9^FI")).removed, 0);
}

#[test]
fn placers_order_may_have_several() {
    let (_folder, mut desk) = super::tests::desk();
    for _ in 0..2 {
        import(&mut desk, &said("S12", 0, "P1^PL|F1^FI"));
        import(&mut desk, &said("S12", 1, "P1^PL|F2^FI"));
        assert_eq!(booked(&mut desk).len(), 2);
    }
    assert_eq!(import(&mut desk, &said("S15", 2, "P1^PL|F2^FI")).removed, 1);
    assert_eq!(import(&mut desk, &said("S15", 3, "|F1^FI")).removed, 1);
    // Without authorities the numbers of the two may be the same, and are no more one for it.
    let (_folder, mut desk) = super::tests::desk();
    import(&mut desk, &said("S12", 0, "1042|88231"));
    assert_eq!(import(&mut desk, &said("S15", 1, "|1042")).removed, 0);
    assert_eq!(import(&mut desk, &said("S12", 2, "|1042")).added, 1);
}

#[test]
fn same_messages_twice_change_nothing_whichever_numbers_they_say() {
    let (_folder, mut desk) = super::tests::desk();
    let all = [said("S12", 1, "|F9"), said("S12", 2, "P8|F9"), said("S12", 3, "P9|F9")];
    all.iter().for_each(|one| assert_eq!(import(&mut desk, one).removed, 0));
    assert_eq!(booked(&mut desk).len(), 2);
    for again in [all[1..].concat(), all[2].clone(), all.concat()] {
        assert_eq!(import(&mut desk, &again).added, 0);
        assert_eq!(booked(&mut desk).len(), 2);
    }
    // What is told late is known, too.
    for (first, late, last) in [("|F9", "P8|F9", "P8|"), ("P8|", "P8|F9", "|F9")] {
        let (_folder, mut desk) = super::tests::desk();
        import(&mut desk, &said("S12", 2, first));
        assert_eq!(import(&mut desk, &said("S12", 1, late)).unchanged, 1);
        assert_eq!(import(&mut desk, &said("S15", 3, last)).removed, 1, "{late}");
    }
}

#[test]
fn newest_counts_though_the_messages_of_a_file_say_different_numbers() {
    let bare = |second: u32, numbers: &str| message("S15", second, numbers, "");
    let (_folder, mut desk) = super::tests::desk();
    import(&mut desk, &said("S12", 0, "P8|F9"));
    let both = [said("S13", 1, "P8|"), bare(2, "|F9")].concat();
    assert_eq!(import(&mut desk, &both).removed, 1);
    assert_eq!(booked(&mut desk), [""; 0]);
    // So it is with the files of a folder.
    let (_folder, mut desk) = super::tests::desk();
    let now = desk.now();
    let read = |text: &String| feed::read(text.as_bytes(), &Reading::new(TimeZone::UTC, now)).expect("it can be read");
    let files = || join([said("S12", 0, "P8|F9"), bare(2, "|F9")].iter().map(read).collect());
    let head = || ImportHead { feed: "x".into(), whole: false, message: true, allow_removals: false, dry_run: false };
    for _ in 0..2 {
        let folder = files();
        give(&mut desk, head(), folder.entries, folder.settled).expect("imported");
        assert_eq!(booked(&mut desk), [""; 0]);
    }
}

#[test]
fn message_that_names_nobody_leaves_whose_it_is() {
    let (_folder, mut desk) = super::tests::desk();
    let ada = add(&mut desk, "Ada Byron");
    import(&mut desk, &said("S12", 0, "P8|F9"));
    for (n, event) in (1..).zip(["S13", "S15"]) {
        let unnamed = message(event, n, "P8|F9", &format!("^^^{}1100", date(2)));
        assert_eq!(import(&mut desk, &unnamed).unmatched, 0);
        let only = &all(&mut desk)[0];
        assert_eq!((only.patient, only.subject.expose().as_str()), (Some(ada), "Ada Byron"), "{event}");
        assert_eq!(only.identifiers().len(), 1);
    }
    // Outlook calls a meeting otherwise that it cancels.
    let (_folder, mut desk) = super::tests::desk();
    let ada = add(&mut desk, "Ada");
    import(&mut desk, &super::settled::sent("REQUEST", 0, &format!("DTSTART:{}T100000Z", date(1))));
    let cancel = super::settled::sent("CANCEL", 1, &format!("DTSTART:{}T100000Z", date(1)));
    assert_eq!(import(&mut desk, &cancel.replace("SUMMARY:Ada", "SUMMARY:Off\\, Ada")).removed, 1);
    let only = &all(&mut desk)[0];
    assert_eq!((only.patient, only.subject.expose().as_str()), (Some(ada), "Ada"));
}

#[test]
fn files_of_a_folder_are_no_versions_of_each_other_for_an_orders_number() {
    let (_folder, mut desk) = super::tests::desk();
    let now = desk.now();
    let read = |text: &String| feed::read(text.as_bytes(), &Reading::new(TimeZone::UTC, now)).expect("it can be read");
    let head = || ImportHead { feed: "x".into(), whole: false, message: true, allow_removals: false, dry_run: false };
    let mut give_all = |files: &[String]| {
        let folder = join(files.iter().map(read).collect());
        let report = give(&mut desk, head(), folder.entries, folder.settled).expect("imported");
        (report.added, report.removed, booked(&mut desk).len())
    };
    let both = [said("S12", 0, "P1|F1"), said("S12", 1, "P1|F2")];
    assert_eq!(give_all(&both), (2, 0, 2));
    assert_eq!(give_all(&both), (0, 0, 2));
    assert_eq!(give_all(&[both[0].clone(), message("S15", 2, "P1|F2", "")]), (0, 1, 1));
}

#[test]
fn occurrence_of_a_series_is_known_by_its_place_in_it() {
    let (_folder, mut desk) = super::tests::desk();
    let occurrence = |event: &str, second: u32, numbers: &str, n: u32| {
        let own = format!("{numbers}|{n}||||||||^^^{}1000\rPID|1||1^^^MRN||Byron^Ada", date(n.into()));
        message(event, second, "", "").replace("SCH||||||||||", &format!("SCH|{own}"))
    };
    for (n, filler) in [(1, "F1"), (2, "F2")] {
        assert_eq!(import(&mut desk, &occurrence("S12", n, &format!("P8|{filler}"), n)).added, 1);
    }
    assert_eq!(import(&mut desk, &occurrence("S15", 3, "P8|", 2)).removed, 1);
    let file = [occurrence("S12", 1, "P9|F1", 1), occurrence("S12", 1, "P9|F2", 2), occurrence("S15", 3, "P9|", 2)];
    let (_folder, mut desk) = super::tests::desk();
    import(&mut desk, &file.concat());
    assert_eq!(booked(&mut desk).len(), 1);
}

#[test]
fn message_names_whom_another_named() {
    let named = |event: &str, second: u32, n: i64, people: &str| {
        message(event, second, "P1|F1", &format!("^^^{}1000\r{people}", date(n)))
    };
    let (ada, tom) = ("PID|1||1^^^MRN||Byron^Ada", "PID|2||2^^^MRN||Smith^Tom");
    let subjects = |desk: &mut super::super::Desk| {
        let all = all(desk).into_iter().filter(|one| one.status == crate::record::AppointmentStatus::Booked);
        let mut all: Vec<_> = all.map(|one| one.subject.expose().clone()).collect();
        all.sort();
        all
    };
    let moved = || named("S13", 2, 2, "NTE|1");
    for at_once in [false, true] {
        for people in [ada.to_owned(), tom.to_owned(), format!("{ada}\r{tom}")] {
            let (_folder, mut desk) = super::tests::desk();
            import(&mut desk, &named("S12", 0, 1, ada));
            let parts = [named("S14", 1, 1, &people), moved()];
            if at_once {
                import(&mut desk, &parts.concat());
            } else {
                for part in &parts {
                    import(&mut desk, part);
                }
            }
            let names = [(ada, "Ada Byron"), (tom, "Tom Smith")];
            let expected: Vec<_> =
                names.iter().filter(|(pid, _)| people.contains(pid)).map(|(_, name)| *name).collect();
            assert_eq!(subjects(&mut desk), expected, "{at_once}");
            assert!(booked(&mut desk).iter().all(|start| start.starts_with(&date(2))), "{at_once}");
        }
    }
    // A number without a name is whose it was; and what is not known is called what it is about.
    let (_folder, mut desk) = super::tests::desk();
    import(&mut desk, &named("S12", 0, 1, ada));
    import(&mut desk, &named("S13", 1, 2, "PID|1||1^^^MRN"));
    assert_eq!(subjects(&mut desk), ["Ada Byron"]);
    let (_folder, mut desk) = super::tests::desk();
    import(&mut desk, &named("S14", 1, 1, "NTE|1").replace("|P1|F1|||||", "|P1|F1|||||^Follow-up"));
    assert_eq!(subjects(&mut desk), ["Follow-up"]);
}

#[test]
fn newest_that_names_somebody_counts_in_whatever_order() {
    let of = |event: &str, second: u32, numbers: &str, n: i64, people: &str| {
        message(event, second, numbers, &format!("^^^{}1000\r{people}", date(n)))
    };
    let (ada, tom) = ("PID|1||1^^^MRN||Byron^Ada", "PID|2||2^^^MRN||Smith^Tom");
    let subjects = |messages: &[String]| {
        let (_folder, mut desk) = super::tests::desk();
        import(&mut desk, &messages.concat());
        let mut subjects: Vec<_> = all(&mut desk).into_iter().map(|one| one.subject.expose().clone()).collect();
        subjects.sort();
        subjects
    };
    let both = format!("{ada}\r{tom}");
    let united = [of("S12", 0, "P1|", 1, ada), of("S14", 1, "P1|F1", 1, &both), of("S13", 2, "|F1", 2, "NTE|1")];
    assert_eq!(subjects(&united), ["Ada Byron", "Tom Smith"]);
    let late = [of("S13", 2, "P2|F2", 2, "NTE|1"), of("S12", 0, "P2|F2", 1, ada), of("S14", 1, "P2|F2", 1, tom)];
    assert_eq!(subjects(&late), ["Tom Smith"]);
    let number = [of("S12", 0, "P8|F8", 1, ada), of("S13", 1, "P8|F8", 2, "PID|1||1^^^MRN")];
    assert_eq!(subjects(&number), ["Ada Byron"]);
    // So it is with a message a file.
    let (_folder, mut desk) = super::tests::desk();
    let now = desk.now();
    let read = |text: &String| feed::read(text.as_bytes(), &Reading::new(TimeZone::UTC, now)).expect("it can be read");
    let files = [of("S14", 1, "P9|F9", 1, &both), of("S13", 2, "P9|F9", 2, "NTE|1")];
    let folder = join(files.iter().map(read).collect());
    let head = ImportHead { feed: "x".into(), whole: false, message: true, allow_removals: false, dry_run: false };
    give(&mut desk, head, folder.entries, folder.settled).expect("imported");
    let named: Vec<_> =
        all(&mut desk).into_iter().map(|one| (one.subject.expose().clone(), one.start.date())).collect();
    assert_eq!(named.len(), 2);
    assert!(
        named.iter().all(|(name, day)| !name.is_empty() && day.strftime("%Y%m%d").to_string() == date(2)),
        "{named:?}"
    );
}

#[test]
fn old_message_that_names_nobody_brings_no_group_back() {
    let (_folder, mut desk) = super::tests::desk();
    let of = |event: &str, second: u32, n: i64, people: &str| {
        message(event, second, "P4|F4", &format!("^^^{}1000\r{people}", date(n)))
    };
    let moved = of("S13", 1, 2, "NTE|1");
    import(&mut desk, &of("S12", 0, 1, "PID|1||1^^^MRN||Byron^Ada\rPID|2||2^^^MRN||Smith^Tom"));
    import(&mut desk, &moved);
    assert_eq!(import(&mut desk, &of("S15", 2, 2, "NTE|1")).removed, 2);
    let report = import(&mut desk, &moved);
    assert_eq!((report.added, report.updated, booked(&mut desk).len()), (0, 0, 0));
    import(&mut desk, &of("S14", 3, 3, "NTE|1"));
    assert_eq!(booked(&mut desk).len(), 2, "both are invited again");
}

#[test]
fn message_that_names_nobody_is_for_no_namesake() {
    let (_folder, mut desk) = super::tests::desk();
    let of = |event: &str, second: u32, numbers: &str, n: i64, people: &str| {
        message(event, second, numbers, &format!("^^^{}1000\r{people}", date(n)))
    };
    let [one, other] = ["51", "52"].map(|number| format!("PID|1||{number}^^^MRN||Doe^Jane"));
    import(&mut desk, &[of("S12", 0, "P5|F5", 1, &one), of("S12", 0, "P6|F6", 2, &other)].concat());
    let jane = add(&mut desk, "Jane Doe");
    let first = all(&mut desk)[0].id;
    assert_eq!(super::decided::decide(&mut desk, first, Some("jane")), 1);
    import(&mut desk, &of("S13", 1, "P6|F6", 3, "NTE|1"));
    let patients: Vec<_> = all(&mut desk).into_iter().map(|one| one.patient).collect();
    assert_eq!(patients, [Some(jane), None]);
}

#[test]
fn many_that_have_the_same_numbers_cost_no_more_each() {
    let many = |numbers: &str| {
        let one = |n: u32| said("S12", 0, &format!("{numbers}|{n}")).replace("|||||||||^", "||||||||^");
        (0..3_000).map(one).collect::<String>()
    };
    for numbers in ["P1|F1", "|F1"] {
        let (_folder, mut desk) = super::tests::desk();
        let begun = Instant::now();
        assert_eq!(import(&mut desk, &many(numbers)).added, 3_000);
        let (first, begun) = (begun.elapsed(), Instant::now());
        assert_eq!(import(&mut desk, &many(numbers)).unchanged, 3_000);
        assert!(begun.elapsed() < 3 * first + Duration::from_secs(1), "it grows with their square");
    }
}
