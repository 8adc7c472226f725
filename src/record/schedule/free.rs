//! Which times are free, and which collide.

use super::Hours;
use super::hours::working;
use crate::record::{Appointment, AppointmentStatus};
use jiff::civil::{DateTime, Time};
use jiff::{SignedDuration, Zoned};

/// For how many days free time is looked for.
pub const FREE_MAX_DAYS: i32 = 366;

/// Whether two appointments are at the same time and both of them take it.
pub fn overlap(a: &Appointment, b: &Appointment) -> bool {
    takes_time(a) && takes_time(b) && a.id != b.id && a.start < b.end && b.start < a.end
}

/// Whether nothing else can be done then.
fn takes_time(appointment: &Appointment) -> bool {
    !matches!(appointment.status, AppointmentStatus::Cancelled | AppointmentStatus::Noshow)
}

/// The next starts, at most `count`, of times of `length` within the hours at which nothing is booked, each behind the
/// one before. Where no hours are known, Monday to Friday from 8 to 18. `appointments` in any order.
pub fn free<'a>(
    appointments: impl Iterator<Item = &'a Appointment>,
    hours: &[Hours],
    from: &Zoned,
    length: SignedDuration,
    count: usize,
) -> Vec<Zoned> {
    let usual =
        [Hours { days: vec![1, 2, 3, 4, 5], from: Time::constant(8, 0, 0, 0), to: Time::constant(18, 0, 0, 0) }];
    let hours = if hours.is_empty() { &usual } else { hours };
    let zone = from.time_zone();
    let taken = taken(appointments, from);
    let mut found = Vec::new();
    let on_the_clock = |at: DateTime| at.to_zoned(zone.clone()).ok();
    for (open, close) in working(hours, from.date(), FREE_MAX_DAYS) {
        let Some((open, close)) = on_the_clock(open).zip(on_the_clock(close)) else { continue };
        let mut at = round_up(if open < *from { from.clone() } else { open });
        while found.len() < count {
            let Ok(end) = at.checked_add(length) else { break };
            if end > close {
                break;
            }
            match taken.get(taken.partition_point(|(_, until)| *until <= at)) {
                Some((start, until)) if *start < end => at = round_up(until.with_time_zone(zone.clone())),
                _ => {
                    found.push(at);
                    at = end;
                }
            }
        }
    }
    found
}

/// The times behind `from` that are taken, by start; those that touch as one.
fn taken<'a>(appointments: impl Iterator<Item = &'a Appointment>, from: &Zoned) -> Vec<(Zoned, Zoned)> {
    let mut each: Vec<_> = appointments
        .filter(|appointment| takes_time(appointment) && appointment.end > *from)
        .map(|appointment| (&appointment.start, &appointment.end))
        .collect();
    each.sort_unstable();
    let mut taken: Vec<(Zoned, Zoned)> = Vec::new();
    for (start, end) in each {
        match taken.last_mut() {
            Some((_, until)) if *start <= *until => *until = end.max(until).clone(),
            _ => taken.push((start.clone(), end.clone())),
        }
    }
    taken
}

/// To the next five minutes: nobody books 10:03.
fn round_up(at: Zoned) -> Zoned {
    let past = at.timestamp().as_second().rem_euclid(300);
    let exact = past == 0 && at.subsec_nanosecond() == 0;
    if exact { at } else { at.checked_add(SignedDuration::from_secs(300 - past)).unwrap_or(at) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::AppointmentId;

    fn at(text: &str) -> Zoned {
        format!("2026-11-{text}[Europe/Berlin]").parse().expect("a time")
    }

    fn appointment(start: &str, end: &str, status: AppointmentStatus) -> Appointment {
        Appointment { status, ..Appointment::booked(AppointmentId::random(), at(start), at(end)) }
    }

    #[test]
    fn free_times_lie_between_what_is_booked_and_within_the_hours() {
        let booked = [
            appointment("26T09:00", "26T10:30", AppointmentStatus::Booked),
            appointment("26T11:00", "26T12:00", AppointmentStatus::Cancelled),
            appointment("26T12:10", "26T17:00", AppointmentStatus::Arrived),
        ];
        let hours = ["mon-fri 9-17".parse().expect("hours")];
        let found = free(booked.iter(), &hours, &at("26T09:12"), SignedDuration::from_mins(50), 3);
        let shown: Vec<_> = found.iter().map(|at| at.strftime("%d %H:%M").to_string()).collect();
        assert_eq!(shown, ["26 10:30", "26 11:20", "27 09:00"]);
    }

    #[test]
    fn hours_that_overlap_are_gone_through_once_and_a_day_ends_at_midnight() {
        let hours = ["mon-fri 9-17", "thu 9-20", "fri 22-24"].map(|hours| hours.parse().expect("hours"));
        let shown = |from: &str, length: i64| -> Vec<String> {
            let found = free(std::iter::empty(), &hours, &at(from), SignedDuration::from_mins(length), 2);
            found.iter().map(|at| at.strftime("%d %H:%M").to_string()).collect()
        };
        assert_eq!(shown("26T16:00", 50), ["26 16:00", "26 16:50"]);
        assert_eq!(shown("27T22:05", 115), ["27 22:05", "30 09:00"]);
    }

    #[test]
    fn start_between_two_five_minutes_is_put_to_the_later() {
        let hours = ["mon-fri 9-17".parse().expect("hours")];
        let found = free(std::iter::empty(), &hours, &at("26T09:12"), SignedDuration::from_mins(50), 1);
        assert_eq!(found, [at("26T09:15")]);
    }

    #[test]
    fn only_what_takes_time_overlaps_and_neighbours_do_not() {
        use AppointmentStatus::{Booked, Cancelled};
        let first = appointment("26T09:00", "26T10:00", Booked);
        assert!(overlap(&first, &appointment("26T09:50", "26T11:00", Booked)));
        assert!(!overlap(&first, &appointment("26T10:00", "26T11:00", Booked)));
        assert!(!overlap(&first, &appointment("26T09:50", "26T11:00", Cancelled)));
        assert!(!overlap(&first, &first));
    }
}
