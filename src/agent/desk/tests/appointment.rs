//! Appointments that are changed by hand, and changes that could not be kept.

use super::{ClientId, add, ask, connect, lock, open_desk, stage_too_much, unlock};
use crate::agent::desk::Desk;
use crate::base::Phi;
use crate::base::id::AppointmentId;
use crate::record::{Appointment, AppointmentKind, AppointmentStatus, Every, Imported, Repeat};
use crate::wire::agent::{ImportHead, Reply, Request};
use jiff::civil::DateTime;
use jiff::{SignedDuration, ToSpan, Zoned};

const CLIENT: ClientId = ClientId(7);

fn all(desk: &mut Desk) -> Vec<Appointment> {
    let mut all: Vec<Appointment> = desk.open().expect("open").book.appointments().cloned().collect();
    all.sort_by_key(|appointment| (appointment.start.timestamp(), appointment.id));
    all
}

/// Nine o'clock of a day in 2027, in a zone.
fn nine(day: &str, zone: &str) -> Zoned {
    format!("2027-{day}T09:00").parse::<DateTime>().expect("a time").in_tz(zone).expect("known")
}

fn edit(id: AppointmentId, start: Option<Zoned>, following: bool) -> Request {
    Request::AppointmentEdit { id, start: start.map(Box::new), minutes: None, status: None, following }
}

#[test]
fn series_of_another_zone_is_moved_by_as_much_as_its_first() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = open_desk(&folder);
    connect(&mut desk, CLIENT, false);
    add(&mut desk, "Ada Byron");
    let booked = Request::AppointmentAdd {
        who: "ada".into(),
        start: Box::new(nine("03-15", "America/New_York")),
        minutes: 50,
        kind: AppointmentKind::Visit,
        repeat: Some(Repeat { every: Every::Week, interval: 1, count: 4 }),
    };
    ask(&mut desk, CLIENT, booked).expect("booked");
    let first = all(&mut desk)[0].clone();
    // An hour later, as the practice's clocks say it.
    let later = first.start.saturating_add(1.hour()).with_time_zone(nine("03-15", "Europe/Berlin").time_zone().clone());
    ask(&mut desk, CLIENT, edit(first.id, Some(later), true)).expect("moved");
    let seen: Vec<_> = all(&mut desk).iter().map(|one| one.start.strftime("%m-%d %H:%M %Q").to_string()).collect();
    assert_eq!(seen, ["03-15", "03-22", "03-29", "04-05"].map(|day| format!("{day} 10:00 America/New_York")));
}

#[test]
fn what_a_feed_says_of_a_length_stays_when_it_is_moved_or_called_off() {
    for length in [SignedDuration::ZERO, SignedDuration::from_hours(30), SignedDuration::from_secs(49 * 60 + 59)] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut desk = open_desk(&folder);
        connect(&mut desk, CLIENT, false);
        import(&mut desk, vec![entry(&nine("03-15", "Europe/Berlin"), length)]).expect("imported");
        let id = all(&mut desk)[0].id;
        let standing = Request::AppointmentEdit {
            id,
            start: None,
            minutes: None,
            status: Some(AppointmentStatus::Arrived),
            following: true,
        };
        ask(&mut desk, CLIENT, standing).expect("arrived");
        ask(&mut desk, CLIENT, edit(id, Some(nine("03-16", "Europe/Berlin")), false)).expect("moved");
        let [one] = &all(&mut desk)[..] else { panic!("one") };
        assert_eq!((one.status, one.length()), (AppointmentStatus::Arrived, length));
        let none = Request::AppointmentEdit { id, start: None, minutes: Some(0), status: None, following: false };
        ask(&mut desk, CLIENT, none).expect_err("by hand it takes a minute");
    }
}

#[test]
fn step_that_could_not_be_taken_back_is_taken_back_the_next_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = open_desk(&folder);
    connect(&mut desk, CLIENT, false);
    let patient = add(&mut desk, "Ada Byron");
    let length = SignedDuration::from_mins(50);
    import(&mut desk, vec![entry(&nine("03-15", "Europe/Berlin"), length)]).expect("imported");
    let id = all(&mut desk)[0].id;
    for day in ["03-16", "03-17"] {
        ask(&mut desk, CLIENT, edit(id, Some(nine(day, "Europe/Berlin")), false)).expect("moved");
    }
    let mut day_of = |request: Request, fails: bool| {
        if fails {
            stage_too_much(&mut desk, patient);
        }
        ask(&mut desk, CLIENT, request).expect("done, if it can be kept");
        all(&mut desk)[0].start.day()
    };
    assert_eq!(day_of(Request::AppointmentUndo, true), 17, "it could not be kept");
    assert_eq!(day_of(Request::AppointmentUndo, false), 16);
    assert_eq!(day_of(Request::AppointmentRedo, true), 16);
    assert_eq!(day_of(Request::AppointmentRedo, false), 17);
    assert_eq!(day_of(Request::AppointmentUndo, false), 16);
    assert_eq!(day_of(Request::AppointmentUndo, false), 15);
}

fn entry(start: &Zoned, length: SignedDuration) -> Imported {
    Imported {
        uid: "uid".into(),
        recurrence: String::new(),
        also: Phi::default(),
        sequence: 0,
        unnamed: false,
        subject: "Zed".into(),
        end: start.checked_add(length).expect("in range"),
        start: start.clone(),
        kind: AppointmentKind::Visit,
        status: AppointmentStatus::Booked,
        identifiers: Vec::new(),
    }
}

fn import(desk: &mut Desk, entries: Vec<Imported>) -> Result<Reply, crate::base::Failure> {
    let feed = Phi::from("clinic");
    let head = ImportHead { feed, whole: false, message: true, allow_removals: false, dry_run: false };
    ask(desk, CLIENT, Request::AppointmentImportBegin(head))?;
    ask(desk, CLIENT, Request::AppointmentImportPage { entries, settled: Vec::new() })?;
    ask(desk, CLIENT, Request::AppointmentImportEnd)
}

#[test]
fn import_that_was_queued_waits_until_the_disk_takes_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = open_desk(&folder);
    lock(&folder, &mut desk);
    connect(&mut desk, CLIENT, false);
    let of = entry(&nine("03-15", "Europe/Berlin"), SignedDuration::from_mins(50));
    let Ok(Reply::Imported(report)) = import(&mut desk, vec![of]) else { panic!("not queued") };
    assert!(report.queued);
    // Somebody new has a key, and that cannot be written.
    let in_the_way = folder.path().join("vault/keyring.new");
    std::fs::create_dir(&in_the_way).expect("in the way");
    let Ok(Reply::Unlocked { drained, notice }) = unlock(&mut desk) else { panic!("not opened") };
    let notice = notice.expect("whoever unlocks hears of it");
    assert!(drained == 0 && notice.contains("it waits, sealed"), "{notice}");
    desk.flush();
    assert_eq!(all(&mut desk), []);
    // What is newer does not go before it.
    let newer = entry(&nine("03-16", "Europe/Berlin"), SignedDuration::from_mins(50));
    let refused = import(&mut desk, vec![newer.clone()]).expect_err("it comes first");
    assert!(refused.message.contains("it waits, sealed"), "{refused}");
    std::fs::remove_dir(&in_the_way).expect("out of the way");
    import(&mut desk, vec![newer.clone()]).expect("after it");
    assert_eq!(all(&mut desk).iter().map(|one| one.start.day()).collect::<Vec<_>>(), [16]);
    lock(&folder, &mut desk);
    let Ok(Reply::Unlocked { drained, notice }) = unlock(&mut desk) else { panic!("not opened") };
    assert_eq!((drained, notice, all(&mut desk)[0].start.day()), (0, None, 16));
}
