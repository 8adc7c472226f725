//! The appointment as the patient takes it along into a calendar.

use super::world::{PATIENCE, World};
use bedside::{base::Stamp, feed, wire::content::AppointmentCard};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use std::time::Instant;

/// 26 November 2026, 11:00 in London, in milliseconds; for 50 minutes.
const START: Stamp = Stamp(1_795_690_800_000);
const END: Stamp = Stamp(START.0 + 50 * 60 * 1000);

/// What stands in the folder once the download is whole.
async fn downloaded(world: &mut World, folder: &std::path::Path) -> Vec<u8> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Ok(bytes) = std::fs::read(folder.join("appointment.ics"))
            && bytes.ends_with(b"END:VCALENDAR\r\n")
        {
            return bytes;
        }
        assert!(Instant::now() < deadline, "no file comes");
        world.turn().await;
    }
}

#[tokio::test]
async fn calendar_file_has_the_right_time_and_names_nobody() {
    let mut world = World::paired().await;
    let folder = tempfile::tempdir().expect("a folder");
    world.browser.download_into(folder.path()).await;
    // The device's own zone must not move the appointment.
    let zone = serde_json::json!({ "timezoneId": "America/Los_Angeles" });
    world.page.command("Emulation.setTimezoneOverride", zone).await;
    world.practice.announce(AppointmentCard { start: START, end: END, video: true }).await;
    world.shows("Add to my calendar").await;
    world.shows("03:00").await;
    world.page.click("a[download]").await;
    let bytes = downloaded(&mut world, folder.path()).await;

    let read = feed::read(&bytes, &feed::Reading::new(TimeZone::UTC, START)).expect("a calendar file");
    assert!(read.skipped.is_empty(), "{:?}", read.skipped);
    let [entry] = &read.entries[..] else { panic!("one appointment, not {}", read.entries.len()) };
    let at = |stamp: Stamp| jiff::Timestamp::from_millisecond(stamp.0).expect("in range");
    assert_eq!((entry.start.timestamp(), entry.end.timestamp()), (at(START), at(END)));
    assert_eq!(entry.subject.expose(), "Appointment");
    let text = String::from_utf8(bytes).expect("UTF-8");
    for telling in ["Okafor", "bedside", "+44", "clinic", "doctor", "visit", "v1."] {
        assert!(!text.contains(telling), "{telling} stands in {text}");
    }
    // RFC 5545 §3.1: lines end in CRLF and have 75 octets at the most.
    assert!(text.split_terminator("\r\n").all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])), "{text}");

    // An appointment in person needs no page, so nothing leads to one.
    world.practice.announce(AppointmentCard { start: START, end: END, video: false }).await;
    world.shows("In person.").await;
    let link = "fetch(document.querySelector('a[download]').href).then((file) => file.text())";
    let refused = world.page.try_evaluate::<String>(link).await.is_err();
    assert!(refused, "the page may connect to nothing but its relay");
    std::fs::remove_file(folder.path().join("appointment.ics")).expect("the first one is there");
    world.page.click("a[download]").await;
    let text = String::from_utf8(downloaded(&mut world, folder.path()).await).expect("UTF-8");
    assert!(!text.contains("URL:") && !text.contains(&world.relay.address.to_string()), "{text}");
}

/// A reminder of a night in which the clocks change, before one and after the other, on a device of that zone.
#[tokio::test]
async fn reminder_is_told_on_the_devices_clock_and_brings_the_appointment_of_the_night_the_clocks_change() {
    let mut world = World::paired().await;
    let folder = tempfile::tempdir().expect("a folder");
    world.browser.download_into(folder.path()).await;
    let zone = serde_json::json!({ "timezoneId": "Europe/London" });
    world.page.command("Emulation.setTimezoneOverride", zone).await;
    world.press("Messages").await;
    let london = TimeZone::get("Europe/London").expect("known");
    let half = SignedDuration::from_mins(30);
    let changes: Vec<Timestamp> = london.following(Timestamp::now()).take(2).map(|change| change.timestamp()).collect();
    assert_eq!(changes.len(), 2);
    for (n, change) in changes.into_iter().enumerate() {
        let (start, end) = (change - half, change + half);
        let card =
            AppointmentCard { start: Stamp(start.as_millisecond()), end: Stamp(end.as_millisecond()), video: n == 0 };
        world.practice.remind("Said by an older page.", card).await;
        let clock = |at: Timestamp| at.to_zoned(london.clone()).strftime("%I:%M").to_string();
        world.shows(if n == 0 { "By video, here on this page." } else { "In person." }).await;
        let said: String = world.page.evaluate("[...document.querySelectorAll('.words')].at(-1).innerText").await;
        assert!(said.starts_with("Reminder: your appointment is on ") && !said.contains("older"), "{said}");
        assert!(said.contains(&clock(start)) && said.contains(&clock(end)), "{said}: {} {}", clock(start), clock(end));

        world.page.click(&format!("li:nth-child({}) a[download]", n + 1)).await;
        let bytes = downloaded(&mut world, folder.path()).await;
        let read = feed::read(&bytes, &feed::Reading::new(TimeZone::UTC, START)).expect("a calendar file");
        let [entry] = &read.entries[..] else { panic!("one appointment, not {}", read.entries.len()) };
        assert_eq!((entry.start.timestamp(), entry.end.timestamp()), (start, end));
        std::fs::remove_file(folder.path().join("appointment.ics")).expect("it is there");
    }
    super::axe::check(&world.page, "reminders").await;
    // One that is over is told, and no calendar wants it any more.
    let over = AppointmentCard { start: Stamp(0), end: Stamp(60_000), video: true };
    world.practice.remind("Over.", over).await;
    world.until("document.querySelectorAll('.words').length === 3").await;
    world.until("document.querySelectorAll('.thread a[download]').length === 2").await;
}
