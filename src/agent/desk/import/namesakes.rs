//! Whose a feed's appointments are where names or numbers are not enough.

use super::super::tests::{PASSPHRASE, add, ask};
use super::decided::decide;
use super::tests::{CLIENT, day, desk, entry, import, published};
use crate::agent::desk::Desk;
use crate::base::Stamp;
use crate::base::id::{AppointmentId, PatientId};
use crate::record::{Appointment, AppointmentStatus, Identifier, Imported, Patient};
use crate::wire::agent::{ImportHead, Reply, Request, Way};

/// An appointment `n` days on of somebody who is called and numbered so.
fn of(n: i64, name: &str, (system, number): (&str, &str)) -> Imported {
    let identifiers = vec![Identifier { system: system.into(), value: number.into() }];
    Imported { identifiers, ..entry(&format!("{name} {system} {number} {n}"), name, &day(n)) }
}

/// What there is by time, and whose it is.
fn whose(desk: &mut Desk) -> Vec<(AppointmentId, Option<PatientId>)> {
    let mut all: Vec<&Appointment> = desk.open().expect("open").book.appointments().collect();
    all.sort_by_key(|appointment| appointment.start.timestamp());
    all.into_iter().map(|one| (one.id, one.patient)).collect()
}

fn patients(desk: &mut Desk) -> Vec<Option<PatientId>> {
    whose(desk).into_iter().map(|(_, patient)| patient).collect()
}

#[test]
fn decision_for_a_name_is_for_nobody_with_another_number() {
    for name in ["Zed", ""] {
        let (_folder, mut desk) = desk();
        let ada = add(&mut desk, "Ada Byron");
        let feed = || vec![of(0, name, ("CID", "5")), of(1, name, ("CID", "6")), of(2, name, ("CID", "5"))];
        import(&mut desk, published(), feed()).expect("imported");
        let first = whose(&mut desk)[0].0;
        assert_eq!(decide(&mut desk, first, Some("ada")), 2);
        assert_eq!(patients(&mut desk), [Some(ada), None, Some(ada)], "{name}");
        assert_eq!(import(&mut desk, published(), feed()).expect("imported").unchanged, 3);
        assert_eq!(patients(&mut desk), [Some(ada), None, Some(ada)]);
        ask(&mut desk, CLIENT, Request::AppointmentUndo).expect("taken back");
        assert_eq!(patients(&mut desk), [None; 3]);
    }
}

#[test]
fn whoever_has_no_name_is_nobodys_namesake() {
    let (_folder, mut desk) = desk();
    let feed = |count: usize| (0..count as i64).map(|n| entry(&format!("uid {n}"), "", &day(n))).collect();
    import(&mut desk, published(), feed(2)).expect("imported");
    let first = whose(&mut desk)[0].0;
    assert_eq!(decide(&mut desk, first, None), 1, "no patient's");
    assert_eq!(import(&mut desk, published(), feed(3)).expect("imported").unmatched, 1);
    let waiting = desk.open().expect("open").book.appointments().filter(|one| one.unmatched()).count();
    assert_eq!(waiting, 2);
    add(&mut desk, "Ada Byron");
    let second = whose(&mut desk)[1].0;
    assert_eq!(decide(&mut desk, second, Some("ada")), 1);
}

#[test]
fn second_number_of_one_name_is_a_namesakes_though_the_first_was_never_asked_about() {
    let (_folder, mut desk) = desk();
    let ada = add(&mut desk, "Ada Byron");
    let [one, other] = [("CLINIC", "77"), ("CLINIC", "99")];
    let message = || ImportHead { whole: false, message: true, ..published() };
    import(&mut desk, message(), vec![of(0, "Ada Byron", one)]).expect("imported");
    import(&mut desk, message(), vec![of(1, "Ada Byron", other)]).expect("imported");
    import(&mut desk, message(), vec![of(2, "Ada Byron", one), entry("none", "Ada Byron", &day(3))]).expect("imported");
    assert_eq!(patients(&mut desk), [Some(ada), None, Some(ada), None], "without a number it may be either");
    // Which of two that come at once is the patient, nobody knows; not even when one comes by itself later.
    let (_folder, mut desk) = super::tests::desk();
    let ada = add(&mut desk, "Ada Byron");
    let both = || vec![of(0, "Ada Byron", one), of(1, "Ada Byron", other)];
    import(&mut desk, published(), both()).expect("imported");
    assert_eq!(patients(&mut desk), [None, None]);
    assert_eq!(import(&mut desk, published(), both()).expect("imported").unchanged, 2);
    import(&mut desk, message(), vec![of(2, "Ada Byron", one)]).expect("imported");
    assert_eq!(patients(&mut desk), [None; 3]);
    let first = whose(&mut desk)[0].0;
    assert_eq!(decide(&mut desk, first, Some("ada")), 2);
    assert_eq!(patients(&mut desk), [Some(ada), None, Some(ada)]);
    ask(&mut desk, CLIENT, Request::AppointmentUndo).expect("taken back");
    import(&mut desk, message(), vec![of(2, "Ada Byron", one)]).expect("imported");
    assert_eq!(patients(&mut desk), [None; 3], "they are kept apart as before");
}

#[test]
fn number_counts_beyond_its_feed_only_if_all_the_world_knows_who_gave_it() {
    for (system, known) in [("", false), ("CID", false), ("urn:oid:1.2.3", true)] {
        let (_folder, mut desk) = desk();
        let ada = add(&mut desk, "Ada Byron");
        import(&mut desk, published(), vec![of(0, "A. B.", (system, "7"))]).expect("imported");
        let first = whose(&mut desk)[0].0;
        decide(&mut desk, first, Some("ada"));
        let other = ImportHead { feed: "another".into(), ..published() };
        import(&mut desk, other, vec![of(1, "Grace Hopper", (system, "7"))]).expect("imported");
        assert_eq!(patients(&mut desk), [Some(ada), known.then_some(ada)], "{system}");
        let same = vec![of(0, "A. B.", (system, "7")), of(2, "Ada B.", (system, "7"))];
        import(&mut desk, published(), same).expect("imported");
        assert_eq!(patients(&mut desk)[2], Some(ada), "where it comes from it is hers");
    }
}

#[test]
fn number_that_a_feed_says_later_is_kept_for_whom_it_is() {
    let (_folder, mut desk) = desk();
    let ada = add(&mut desk, "Ada Byron");
    let [one, other] = [("CID", "77"), ("CID", "99")];
    let of_uid = |entry: Imported, uid: &str| Imported { uid: uid.into(), ..entry };
    let known = |number| of_uid(of(1, "Ada Byron", number), "known");
    import(&mut desk, published(), vec![entry("known", "Ada Byron", &day(1))]).expect("imported");
    // The namesake comes before her in the file, and neither was ever told a number.
    let both = || vec![of(0, "Ada Byron", other), known(one)];
    import(&mut desk, published(), both()).expect("imported");
    assert_eq!(patients(&mut desk), [None, Some(ada)]);
    assert_eq!(import(&mut desk, published(), both()).expect("imported").unchanged, 2);
    let with_next = [both(), vec![of(2, "Ada Byron", one)]].concat();
    import(&mut desk, published(), with_next).expect("imported");
    assert_eq!(patients(&mut desk), [None, Some(ada), Some(ada)]);
}

#[test]
fn decision_for_one_without_a_number_is_not_for_those_that_have_one() {
    let (_folder, mut desk) = desk();
    let ada = add(&mut desk, "Ada Byron");
    let feed = || vec![of(0, "Zed", ("CID", "77")), of(1, "Zed", ("CID", "99")), entry("none", "Zed", &day(2))];
    import(&mut desk, published(), feed()).expect("imported");
    let last = whose(&mut desk)[2].0;
    assert_eq!(decide(&mut desk, last, Some("ada")), 1);
    import(&mut desk, published(), feed()).expect("imported");
    assert_eq!(patients(&mut desk), [None, None, Some(ada)], "which of the two it is, nobody said");
}

#[test]
fn namesake_stays_when_a_patient_is_forgotten() {
    let (_folder, mut desk) = desk();
    add(&mut desk, "Ada Byron");
    import(&mut desk, published(), vec![of(0, "Ada Byron", ("CID", "77"))]).expect("imported");
    let both = vec![of(0, "Ada Byron", ("CID", "77")), of(1, "Ada Byron", ("CID", "99"))];
    import(&mut desk, published(), both).expect("imported");
    let namesake = whose(&mut desk)[1];
    let mut practice = desk.open().expect("open").book.practice().clone();
    practice.retention_years = 0;
    ask(&mut desk, CLIENT, Request::PracticeSet(Box::new(practice))).expect("set");
    let way = Way::Passphrase(PASSPHRASE.into());
    ask(&mut desk, CLIENT, Request::PatientForget { who: "ada".into(), way }).expect("forgotten");
    assert_eq!(whose(&mut desk), [namesake]);
}

#[test]
fn what_has_no_name_waits_as_what_is_decided_at_once() {
    let (_folder, mut desk) = desk();
    let of_series = |n: i64| Imported { recurrence: format!("{n}"), ..entry("s", "", &day(n)) };
    let feed = vec![of_series(0), of_series(1), entry("a", "", &day(2)), of(3, "", ("CID", "5"))];
    import(&mut desk, published(), feed).expect("imported");
    let waiting = |desk: &mut Desk| {
        let request = Request::AppointmentUnmatched { skip: 0, limit: 9 };
        let Ok(Reply::Unmatched { names, .. }) = ask(desk, CLIENT, request) else { panic!("listed") };
        let mut all: Vec<_> = names.into_iter().map(|name| (name.next.id, name.count)).collect();
        all.sort_by_key(|(_, count)| *count);
        all
    };
    let all = waiting(&mut desk);
    assert_eq!(all.iter().map(|(_, count)| *count).collect::<Vec<_>>(), [1, 1, 2]);
    assert_eq!(decide(&mut desk, all[2].0, None), 2);
    assert_eq!(waiting(&mut desk).len(), 2);
}

#[test]
fn number_that_contradicts_takes_an_appointment_away_whatever_is_known_of_its_uid() {
    let (_folder, mut desk) = desk();
    let ada = add(&mut desk, "Ada Byron");
    let [own, other] = [("CID", "77"), ("CID", "99")];
    let of_uid = |entry: Imported| Imported { uid: "k".into(), ..entry };
    import(&mut desk, published(), vec![of(0, "Ada Byron", own), entry("k", "Ada Byron", &day(1))]).expect("imported");
    assert_eq!(patients(&mut desk), [Some(ada); 2]);
    let now = || vec![of(0, "Ada Byron", own), of_uid(of(1, "Ada Byron", other))];
    import(&mut desk, published(), now()).expect("imported");
    assert_eq!(patients(&mut desk), [Some(ada), None]);
    assert_eq!(import(&mut desk, published(), now()).expect("imported").unchanged, 2);
    import(&mut desk, published(), [now(), vec![of(2, "Ada Byron", other)]].concat()).expect("imported");
    assert_eq!(patients(&mut desk), [Some(ada), None, None]);
}

#[test]
fn who_is_nobody_is_so_by_a_number_where_there_is_one() {
    let (_folder, mut desk) = desk();
    let feed = || vec![of(0, "Zed", ("CID", "5")), of(1, "Zed", ("CID", "6")), entry("none", "Zed", &day(2))];
    let nobodys = |desk: &mut Desk| {
        let ids = whose(desk).into_iter().map(|(id, _)| id);
        let nobodys = |id| desk.open().expect("open").book.appointment(id).expect("there").nobodys;
        ids.map(nobodys).collect::<Vec<_>>()
    };
    import(&mut desk, published(), feed()).expect("imported");
    let first = whose(&mut desk)[0].0;
    assert_eq!(decide(&mut desk, first, None), 2, "and the one without a number");
    assert_eq!(import(&mut desk, published(), feed()).expect("imported").unchanged, 3);
    assert_eq!(nobodys(&mut desk), [true, false, true]);
    let more = [feed(), vec![of(3, "Zed", ("CID", "5")), of(4, "Zed", ("CID", "6"))]].concat();
    import(&mut desk, published(), more).expect("imported");
    assert_eq!(nobodys(&mut desk), [true, false, true, true, false]);
}

#[test]
fn number_decides_before_the_name_that_it_was_known_by() {
    let (_folder, mut desk) = desk();
    let (ada, grace) = (add(&mut desk, "Ada Byron"), add(&mut desk, "Grace Hopper"));
    let feed = || vec![of(0, "A. Byron", ("CID", "7")), entry("k", "Ada Byron", &day(1))];
    import(&mut desk, published(), feed()).expect("imported");
    let first = whose(&mut desk)[0].0;
    decide(&mut desk, first, Some("grace"));
    assert_eq!(patients(&mut desk), [Some(grace), Some(ada)]);
    let now = Imported { uid: "k".into(), ..of(1, "Ada Byron", ("CID", "7")) };
    import(&mut desk, published(), vec![feed().remove(0), now]).expect("imported");
    assert_eq!(patients(&mut desk), [Some(grace); 2], "the feed says by now whom it means");
}

#[test]
fn numbers_that_come_together_are_all_of_one() {
    let (_folder, mut desk) = desk();
    let ada = add(&mut desk, "Ada Byron");
    let [first, second] = [("urn:a", "1"), ("urn:b", "7")];
    import(&mut desk, published(), vec![of(0, "A. B.", first)]).expect("imported");
    let id = whose(&mut desk)[0].0;
    decide(&mut desk, id, Some("ada"));
    let mut both = of(1, "Ada Byron", first);
    both.identifiers.extend(of(1, "", second).identifiers);
    let feed = vec![of(0, "A. B.", first), both, of(2, "Ada Byron", ("urn:b", "8"))];
    import(&mut desk, published(), feed).expect("imported");
    assert_eq!(patients(&mut desk), [Some(ada), Some(ada), None]);
}

#[test]
fn occurrence_that_was_given_to_another_is_decided_for_that_one() {
    let (_folder, mut desk) = desk();
    let ben = add(&mut desk, "Benjamin Holt");
    let of_series = |n: i64, name: &str| Imported { recurrence: format!("{n}"), ..entry("s", name, &day(n)) };
    let feed = || vec![of_series(0, "A. B."), of_series(1, "Ben Holt"), of_series(2, "A. B.")];
    import(&mut desk, published(), feed()).expect("imported");
    let given = whose(&mut desk)[1].0;
    assert_eq!(decide(&mut desk, given, Some("benjamin")), 1);
    assert_eq!(patients(&mut desk), [None, Some(ben), None]);
}

#[test]
fn who_is_kept_apart_stays_so_though_nothing_else_tells_the_two_any_more() {
    let (_folder, mut desk) = desk();
    let ada = add(&mut desk, "Ada Byron");
    let of_uid = |number| Imported { uid: "e".into(), ..of(0, "Ada Byron", ("CID", number)) };
    let message = || ImportHead { whole: false, message: true, ..published() };
    import(&mut desk, message(), vec![of_uid("1")]).expect("imported");
    assert_eq!(patients(&mut desk), [Some(ada)]);
    for _ in 0..2 {
        import(&mut desk, message(), vec![of_uid("9")]).expect("imported");
        assert_eq!(patients(&mut desk), [None]);
    }
    import(&mut desk, message(), vec![of(1, "Ada Byron", ("CID", "9"))]).expect("imported");
    assert_eq!(patients(&mut desk), [None; 2]);
    let first = whose(&mut desk)[0].0;
    assert_eq!(decide(&mut desk, first, Some("ada")), 2, "until somebody says whose they are");
}

#[test]
fn which_numbers_are_one_persons_does_not_depend_on_which_comes_first() {
    let numbered = |n: i64, numbers: &[(&str, &str)]| {
        let number = |(system, value): &(&str, &str)| Identifier { system: (*system).into(), value: (*value).into() };
        Imported { identifiers: numbers.iter().map(number).collect(), ..entry(&n.to_string(), "Ada Byron", &day(n)) }
    };
    let (_folder, mut desk) = desk();
    let ada = add(&mut desk, "Ada Byron");
    import(&mut desk, published(), vec![numbered(0, &[("A", "1")])]).expect("imported");
    let feed = || {
        let others = vec![numbered(1, &[("A", "2"), ("B", "7")]), numbered(2, &[("B", "7")])];
        [vec![numbered(0, &[("A", "1")])], others].concat()
    };
    for _ in 0..2 {
        import(&mut desk, published(), feed()).expect("imported");
        assert_eq!(patients(&mut desk), [Some(ada), None, None]);
    }
    // Nor is anybody's number what is of nobody: a cancellation of what was never known.
    let (_folder, mut desk) = super::tests::desk();
    let ada = add(&mut desk, "Ada Byron");
    let unknown = Imported { status: AppointmentStatus::Cancelled, ..numbered(0, &[("A", "9")]) };
    import(&mut desk, published(), vec![unknown, numbered(1, &[("A", "1")])]).expect("imported");
    assert_eq!(patients(&mut desk), [Some(ada)]);
}

#[test]
fn who_is_nobody_by_one_number_is_so_by_those_that_come_with_it() {
    let nobodys = |desk: &mut Desk| {
        let mut all: Vec<&Appointment> = desk.open().expect("open").book.appointments().collect();
        all.sort_by_key(|appointment| appointment.start.timestamp());
        all.into_iter().map(|one| one.nobodys).collect::<Vec<_>>()
    };
    for name in ["Zed", ""] {
        let (_folder, mut desk) = desk();
        import(&mut desk, published(), vec![of(0, name, ("A", "5")), entry("none", name, &day(5))]).expect("imported");
        let first = whose(&mut desk)[0].0;
        decide(&mut desk, first, None);
        let mut both = of(1, name, ("A", "5"));
        both.identifiers.extend(of(1, name, ("B", "6")).identifiers);
        let message = ImportHead { whole: false, message: true, ..published() };
        let later = vec![both, of(2, name, ("B", "6")), of(3, name, ("B", "8")), entry("other", name, &day(4))];
        import(&mut desk, message, later).expect("imported");
        let unnumbered = !name.is_empty();
        assert_eq!(nobodys(&mut desk), [true, true, true, false, unnumbered, unnumbered], "{name}");
    }
    // What was decided of one without a number says nothing of whoever gets one.
    let (_folder, mut desk) = super::tests::desk();
    let ada = add(&mut desk, "Ada Byron");
    import(&mut desk, published(), vec![of(0, "Ada B.", ("A", "1")), entry("k", "Follow-up", &day(1))])
        .expect("imported");
    let [first, second] = whose(&mut desk)[..] else { panic!("two") };
    decide(&mut desk, first.0, Some("ada"));
    decide(&mut desk, second.0, None);
    let now = Imported { uid: "k".into(), ..of(1, "Follow-up", ("A", "1")) };
    import(&mut desk, published(), vec![of(0, "Ada B.", ("A", "1")), now]).expect("imported");
    assert_eq!(patients(&mut desk), [Some(ada); 2]);
}

#[test]
fn series_that_was_put_right_goes_on_so() {
    let (_folder, mut desk) = desk();
    add(&mut desk, "Ada Byron");
    let augusta = add(&mut desk, "Augusta King");
    let of_series = |n: i64, name: &str| Imported { recurrence: n.to_string(), ..entry("s", name, &day(n)) };
    let feed = |count: i64| {
        let of_it = (0..count).map(|n| of_series(n, if n == 1 { "Ben Holt" } else { "Ada Byron" }));
        of_it.chain([entry("other", "Ben Holt", &day(9))]).collect::<Vec<_>>()
    };
    import(&mut desk, published(), feed(3)).expect("imported");
    let ben = add(&mut desk, "Ben Holt");
    import(&mut desk, published(), feed(3)).expect("imported");
    let first = whose(&mut desk)[0].0;
    let once = Request::AppointmentMatch { id: first, called: None, who: Some("augusta".into()), always: false };
    ask(&mut desk, CLIENT, once).expect("decided");
    import(&mut desk, published(), feed(5)).expect("imported");
    let [augusta, ben] = [Some(augusta), Some(ben)];
    assert_eq!(patients(&mut desk), [augusta, ben, augusta, augusta, augusta, ben]);
}

#[test]
fn number_of_an_archived_patient_is_no_namesakes() {
    let (_folder, mut desk) = desk();
    let old = add(&mut desk, "Ada Byron");
    import(&mut desk, published(), vec![of(0, "Ada Byron", ("CID", "1"))]).expect("imported");
    let book = &mut desk.open().expect("open").book;
    let archived = Patient { archived: true, ..book.patient(old).expect("there").clone() };
    book.put(&archived, Stamp(1));
    let ada = add(&mut desk, "Ada Byron");
    let feed = vec![of(0, "Ada Byron", ("CID", "1")), of(1, "Byron, Ada", ("CID", "1"))];
    import(&mut desk, published(), feed).expect("imported");
    assert_eq!(patients(&mut desk), [Some(old), None]);
    import(&mut desk, published(), vec![of(0, "Ada Byron", ("CID", "1")), of(2, "Ada Byron", ("CID", "2"))])
        .expect("imported");
    assert_eq!(patients(&mut desk)[2], Some(ada));
}

#[test]
fn of_several_who_may_be_a_patient_none_is_taken_for_it_by_whatever_else() {
    let (_folder, mut desk) = desk();
    let ada = add(&mut desk, "Ada Byron");
    let feed = || {
        let numbered = [("MRN", "1"), ("MRN", "2"), ("ACCT", "7")];
        let numbered = (0..).zip(numbered).map(|(n, number)| of(n, "Ada Byron", number));
        numbered.chain([entry("none", "Byron, Ada", &day(3))]).collect::<Vec<_>>()
    };
    import(&mut desk, published(), feed()).expect("imported");
    assert_eq!(patients(&mut desk), [None; 4]);
    assert_eq!(import(&mut desk, published(), feed()).expect("imported").unchanged, 4);
    let first = whose(&mut desk)[0].0;
    assert_eq!(decide(&mut desk, first, Some("ada")), 1);
    import(&mut desk, published(), feed()).expect("imported");
    let hers = Some(ada);
    assert_eq!(patients(&mut desk), [hers, None, None, None], "whose account it is stays asked, and who has no number");
}

#[test]
fn whoever_has_no_number_may_be_the_namesake_who_waits() {
    let message = || ImportHead { whole: false, message: true, ..published() };
    let numbered = |n: i64, number| of(n, "Ada Byron", ("CID", number));
    let unnumbered = || entry("none", "Ada Byron", &day(5));
    for at_once in [false, true] {
        let (_folder, mut desk) = desk();
        let ada = add(&mut desk, "Ada Byron");
        import(&mut desk, message(), vec![numbered(0, "1")]).expect("imported");
        let rest = vec![numbered(1, "2"), numbered(2, "1"), unnumbered()];
        if at_once {
            import(&mut desk, message(), rest).expect("imported");
        } else {
            for one in rest {
                import(&mut desk, message(), vec![one]).expect("imported");
            }
        }
        assert_eq!(patients(&mut desk), [Some(ada), None, Some(ada), None]);
        // Once that is decided, the name alone is hers again.
        let second = whose(&mut desk)[1].0;
        decide(&mut desk, second, None);
        import(&mut desk, message(), vec![entry("next", "Ada Byron", &day(6))]).expect("imported");
        assert_eq!(patients(&mut desk).last(), Some(&Some(ada)));
    }
}

#[test]
fn who_may_be_the_namesake_does_not_depend_on_order_or_spelling() {
    let message = || ImportHead { whole: false, message: true, ..published() };
    let unnumbered = |n: i64| entry(&format!("none {n}"), "Ada Byron", &day(n));
    // A number of another system is no other person's; and what was so once is so twice.
    for late in [0, 5] {
        let (_folder, mut desk) = super::tests::desk();
        let ada = add(&mut desk, "Ada Byron");
        import(&mut desk, message(), vec![of(0, "Ada Byron", ("CID", "1"))]).expect("imported");
        let feed = || vec![of(3, "Ada Byron", ("ZID", "7")), unnumbered(late)];
        import(&mut desk, message(), feed()).expect("imported");
        assert_eq!(patients(&mut desk), [Some(ada); 3]);
        assert_eq!(import(&mut desk, message(), feed()).expect("imported").unchanged, 2);
    }
    // However the namesake is written.
    let (_folder, mut desk) = super::tests::desk();
    let ada = add(&mut desk, "Ada Byron");
    import(&mut desk, message(), vec![of(0, "Ada Byron", ("CID", "1"))]).expect("imported");
    import(&mut desk, message(), vec![of(1, "Byron, Ada", ("CID", "2"))]).expect("imported");
    import(&mut desk, message(), vec![unnumbered(2)]).expect("imported");
    assert_eq!(patients(&mut desk), [Some(ada), None, None]);
    // Who is cancelled waits for nothing any more.
    let gone = Imported { status: AppointmentStatus::Cancelled, sequence: 1, ..of(1, "Byron, Ada", ("CID", "2")) };
    import(&mut desk, message(), vec![gone]).expect("imported");
    import(&mut desk, message(), vec![unnumbered(3)]).expect("imported");
    assert_eq!(patients(&mut desk)[3], Some(ada));
    // Whoever was a patient of that name before is one, too.
    for at_once in [false, true] {
        let (_folder, mut desk) = super::tests::desk();
        let old = add(&mut desk, "Ada Byron");
        import(&mut desk, message(), vec![of(0, "Ada Byron", ("CID", "1"))]).expect("imported");
        let book = &mut desk.open().expect("open").book;
        let archived = Patient { archived: true, ..book.patient(old).expect("there").clone() };
        book.put(&archived, Stamp(1));
        add(&mut desk, "Ada Byron");
        let rest = vec![of(1, "Ada Byron", ("CID", "1")), unnumbered(2)];
        let parts = if at_once { vec![rest] } else { rest.into_iter().map(|one| vec![one]).collect() };
        for part in parts {
            import(&mut desk, message(), part).expect("imported");
        }
        assert_eq!(patients(&mut desk), [Some(old), None, None], "{at_once}");
    }
}

#[test]
fn of_several_of_one_patients_names_none_is_taken_for_it() {
    let (_folder, mut desk) = desk();
    let ada = add(&mut desk, "Ada Byron");
    import(&mut desk, published(), vec![entry("k", "Ada King", &day(5))]).expect("imported");
    let first = whose(&mut desk)[0].0;
    decide(&mut desk, first, Some("ada"));
    let feed = vec![of(0, "Ada King", ("MRN", "1")), of(1, "Ada Byron", ("MRN", "2")), entry("k", "Ada King", &day(5))];
    import(&mut desk, published(), feed).expect("imported");
    assert_eq!(patients(&mut desk), [None, None, Some(ada)]);
}

#[test]
fn forgetting_a_patient_leaves_those_of_whom_one_at_most_is_the_patient() {
    let (_folder, mut desk) = desk();
    let feed =
        vec![of(0, "Ada Byron", ("CID", "77")), of(1, "Ada Byron", ("CID", "99")), entry("n", "Ada Byron", &day(2))];
    import(&mut desk, published(), feed).expect("imported");
    add(&mut desk, "Ada Byron");
    let mut practice = desk.open().expect("open").book.practice().clone();
    practice.retention_years = 0;
    ask(&mut desk, CLIENT, Request::PracticeSet(Box::new(practice))).expect("set");
    let way = Way::Passphrase(PASSPHRASE.into());
    ask(&mut desk, CLIENT, Request::PatientForget { who: "ada".into(), way }).expect("forgotten");
    assert_eq!(patients(&mut desk), [None; 2], "the one without a number goes");
}

#[test]
fn match_by_hand_stays_when_an_import_that_only_heard_of_it_is_taken_back() {
    let (_folder, mut desk) = desk();
    let both = || vec![of(0, "Ada Byron", ("CID", "1")), of(1, "Ada Byron", ("CID", "2"))];
    import(&mut desk, published(), both()).expect("imported");
    let ada = add(&mut desk, "Ada Byron");
    import(&mut desk, published(), [both(), vec![entry("z", "Zed", &day(3))]].concat()).expect("imported");
    let first = whose(&mut desk)[0].0;
    decide(&mut desk, first, Some("ada"));
    ask(&mut desk, CLIENT, Request::AppointmentImportUndo).expect("taken back");
    assert_eq!(patients(&mut desk), [Some(ada), None]);
}
