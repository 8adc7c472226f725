//! What was cancelled here while the feed goes on, and what becomes of it when the feed moves the rest.

use super::super::Desk;
use super::settled::{at, at_ten, booked, date, ids, import};
use super::tests::{desk, give, published};
use crate::base::id::AppointmentId;
use crate::feed::{self, Reading};
use crate::record::AppointmentStatus;
use jiff::tz::TimeZone;

/// A series of a whole calendar.
#[derive(Clone, Copy)]
struct Series {
    name: &'static str,
    every: &'static str,
    /// Days from now.
    first: i64,
    hour: u32,
    count: u32,
    /// Days from now that it has not.
    without: &'static [i64],
}

const DAILY: Series = Series { name: "Ada", every: "DAILY", first: 1, hour: 10, count: 5, without: &[] };
const WEEKLY: Series = Series { every: "WEEKLY", ..DAILY };

impl Series {
    fn text(self) -> String {
        let Self { name, every, first, hour, count, without } = self;
        let without: String = without.iter().map(|n| format!("EXDATE:{}T{hour}0000Z\n", date(*n))).collect();
        format!(
            "BEGIN:VCALENDAR\nX-WR-CALNAME:c\nBEGIN:VEVENT\nUID:s\nSUMMARY:{name}\nDTSTART:{}T{hour}0000Z\n\
             DURATION:PT50M\nRRULE:FREQ={every};COUNT={count}\n{without}END:VEVENT\nEND:VCALENDAR\n",
            date(first)
        )
    }

    /// Imports it: what was added, changed and cancelled.
    fn import(self, desk: &mut Desk) -> (u64, u64, u64) {
        let report = import(desk, &self.text());
        (report.added, report.updated, report.removed)
    }
}

/// Cancels by hand the one that is at this place by time.
fn call_off(desk: &mut Desk, n: usize) -> AppointmentId {
    let id = ids(desk)[n].0;
    desk.edit_appointment(id, None, None, Some(AppointmentStatus::Cancelled), false).expect("cancelled");
    id
}

#[test]
fn it_stays_so_where_its_series_is_moved() {
    let (_folder, mut desk) = desk();
    DAILY.import(&mut desk);
    let second = call_off(&mut desk, 1);
    // The fourth is cancelled by the feed, which has it again after the move.
    assert_eq!(Series { without: &[4], ..DAILY }.import(&mut desk), (0, 0, 1));
    let stood: Vec<_> = ids(&mut desk).into_iter().filter(|(_, status)| *status == AppointmentStatus::Booked).collect();
    assert_eq!(Series { hour: 15, ..DAILY }.import(&mut desk), (1, 4, 0));
    assert_eq!(booked(&mut desk), at(15, &[1, 3, 4, 5]));
    assert!(stood.iter().all(|one| ids(&mut desk).contains(one)), "they are the same");
    assert!(ids(&mut desk).contains(&(second, AppointmentStatus::Cancelled)));
    assert_eq!(Series { hour: 15, ..DAILY }.import(&mut desk), (0, 0, 0));
    assert_eq!(Series { hour: 12, ..DAILY }.import(&mut desk), (0, 5, 0), "and once more");
    assert_eq!(booked(&mut desk), at(12, &[1, 3, 4, 5]));
}

#[test]
fn it_stays_so_where_others_would_lie_nearer() {
    let (_folder, mut desk) = desk();
    WEEKLY.import(&mut desk);
    let second = call_off(&mut desk, 1);
    assert_eq!(Series { first: 5, ..WEEKLY }.import(&mut desk), (0, 5, 0));
    assert_eq!(booked(&mut desk), at_ten(&[5, 19, 26, 33]));
    assert_eq!(ids(&mut desk)[1], (second, AppointmentStatus::Cancelled));
}

#[test]
fn it_takes_no_other_ones_place() {
    let (_folder, mut desk) = desk();
    WEEKLY.import(&mut desk);
    call_off(&mut desk, 1);
    // The feed's system cancels it as well; then all is moved by half a week.
    assert_eq!(Series { without: &[8], ..WEEKLY }.import(&mut desk), (0, 0, 0));
    assert_eq!(Series { first: 5, without: &[12], ..WEEKLY }.import(&mut desk), (0, 4, 0));
    assert_eq!(booked(&mut desk), at_ten(&[5, 19, 26, 33]));
    // A day more at the end is another.
    assert_eq!(Series { first: 5, count: 6, without: &[12], ..WEEKLY }.import(&mut desk), (1, 0, 0));
    assert_eq!(booked(&mut desk), at_ten(&[5, 19, 26, 33, 40]));
}

#[test]
fn one_that_is_left_alone_moves_without_it() {
    let (_folder, mut desk) = desk();
    let two = Series { first: 7, count: 2, ..WEEKLY };
    two.import(&mut desk);
    call_off(&mut desk, 0);
    assert_eq!(Series { first: 10, count: 1, ..two }.import(&mut desk), (0, 1, 0));
    assert_eq!(booked(&mut desk), at_ten(&[10]));
}

#[test]
fn what_the_feed_cancels_too_and_has_again_is_booked() {
    let (_folder, mut desk) = desk();
    DAILY.import(&mut desk);
    call_off(&mut desk, 4);
    assert_eq!(Series { count: 4, ..DAILY }.import(&mut desk), (0, 0, 0));
    assert_eq!(Series { count: 4, ..DAILY }.import(&mut desk), (0, 0, 0));
    assert_eq!(DAILY.import(&mut desk), (0, 1, 0));
    assert_eq!(booked(&mut desk), at_ten(&[1, 2, 3, 4, 5]));
    // So it is when all is moved before it comes again.
    call_off(&mut desk, 4);
    Series { count: 4, ..DAILY }.import(&mut desk);
    assert_eq!(Series { hour: 15, ..DAILY }.import(&mut desk), (1, 4, 0));
    assert_eq!(booked(&mut desk), at(15, &[1, 2, 3, 4, 5]));
}

#[test]
fn somebody_elses_time_is_not_cancelled_by_it() {
    let (_folder, mut desk) = desk();
    DAILY.import(&mut desk);
    call_off(&mut desk, 0);
    Series { name: "Emil", hour: 14, ..DAILY }.import(&mut desk);
    assert_eq!(booked(&mut desk), at(14, &[1, 2, 3, 4, 5]));
}

/// The zone is not known while the vault is locked since the machine was started.
#[test]
fn it_stays_so_by_whatever_clocks_the_feed_is_read() {
    let (_folder, mut desk) = desk();
    let read = |desk: &Desk, zone: &str| {
        let zone = TimeZone::get(zone).expect("a zone");
        feed::read(DAILY.text().as_bytes(), &Reading::new(zone, desk.now())).expect("it can be read").entries
    };
    let entries = read(&desk, "Europe/Vienna");
    assert_eq!(give(&mut desk, published(), entries, Vec::new()).expect("imported").added, 5);
    call_off(&mut desk, 1);
    let entries = read(&desk, "UTC");
    let report = give(&mut desk, published(), entries, Vec::new()).expect("imported");
    assert_eq!((report.updated, report.unchanged), (0, 5));
    assert_eq!(booked(&mut desk), at_ten(&[1, 3, 4, 5]));
}
