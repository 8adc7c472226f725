//! A phone whose clock is wrong.

use super::world::World;
use crate::harness::{
    chromium::{Chromium, FAKE_DEVICES},
    wrongclock::wrong_by,
};
use bedside::{
    base::time::{Clock, SystemClock},
    visit::clinician::Event,
};

async fn everything_works_with_a_clock_wrong_by(seconds: i64) {
    let profile = tempfile::tempdir().expect("a folder");
    let flags = [FAKE_DEVICES, "--use-fake-ui-for-media-stream"];
    let mut world = World::with(Chromium::launch_bare(profile, &flags, &wrong_by(seconds)).await).await;
    let theirs: f64 = world.page.evaluate("Date.now()").await;
    let off = (theirs - SystemClock.now().0 as f64) / 1000.0;
    assert!((off - seconds as f64).abs() < 60.0, "the browser's clock is wrong by {off} s");

    world.pair().await;
    world.press("Messages").await;
    world.write("Is it eleven already?").await;
    world.until("document.querySelector('.mine .state')?.innerText === 'received'").await;
    world.practice.write("Not yet.").await;
    world.shows("Not yet.").await;
    // Both are shown by the clock that both ends share.
    let times: Vec<f64> = world
        .page
        .evaluate("[...document.querySelectorAll('.thread time')].map((time) => Date.parse(time.dateTime))")
        .await;
    let now = SystemClock.now().0 as f64;
    assert!(times.len() == 2 && times.iter().all(|at| (now - at).abs() < 120_000.0), "{times:?} at {now}");

    world.press("Back").await;
    world.knock().await;
    world.shows("Dr. Okafor knows that you are here.").await;
    world.open_window().await;
    world.practice.drive(Event::Admit { relay_only: false, ice_servers: Vec::new() }).await;
    world.shows("Read these five words aloud").await;
    world.until("document.querySelector('.them').videoWidth > 0").await;
    world.page.reload().await;
    world.until("document.querySelector('.them')?.videoWidth > 0").await;
    world.practice.drive(Event::HangUp).await;
    world.shows("Dr. Okafor ended the visit.").await;
}

#[tokio::test]
async fn phone_two_hours_ahead_pairs_writes_and_has_its_visit() {
    everything_works_with_a_clock_wrong_by(2 * 3600).await;
}

#[tokio::test]
async fn phone_two_hours_behind_pairs_writes_and_has_its_visit() {
    everything_works_with_a_clock_wrong_by(-2 * 3600).await;
}
