//! The waiting room, for as long as it may take: the screen stays on, a line that drops is taken up again, and nobody
//! is left without a number to call.

use super::world::World;
use bedside::wire::content::Signal;
use serde_json::Value;

/// What keeps the screen on is remembered as the browser gave it.
const WATCH_THE_SCREEN: &str = "(() => {
    window.locks = [];
    const ask = navigator.wakeLock.request.bind(navigator.wakeLock);
    navigator.wakeLock.request = async (what) => { const lock = await ask(what); locks.push(lock); return lock; };
    return null;
})()";
/// As a wait does.
const LET_A_QUARTER_OF_AN_HOUR_PASS: &str =
    "(() => { const now = Date.now; Date.now = () => now() + 15 * 60 * 1000; return null; })()";

fn knocks(world: &World) -> usize {
    world.practice.signals.iter().filter(|signal| matches!(signal, Signal::Knock(_))).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn screen_stays_on_while_the_patient_waits_and_not_longer() {
    let mut world = World::paired().await;
    let _: Value = world.page.evaluate(WATCH_THE_SCREEN).await;
    world.knock().await;
    world.until("locks.some((lock) => !lock.released)").await;
    world.press("Leave the waiting room").await;
    world.until("locks.every((lock) => lock.released)").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dropped_connection_knocks_again_by_itself() {
    let mut world = World::paired().await;
    world.knock().await;
    world.shows("Dr. Okafor knows that you are here.").await;
    let before = knocks(&world);
    world.relay.stop();
    world.shows("The connection dropped. We knock again by ourselves").await;
    world.relay.start_again();
    world.practice.come_back().await;
    world
        .until_practice("it knocks again", |practice| {
            practice.signals.iter().filter(|signal| matches!(signal, Signal::Knock(_))).count() > before
        })
        .await;
    world.shows("Dr. Okafor knows that you are here.").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_without_an_answer_is_told_whom_to_phone() {
    let mut world = World::paired().await;
    world.knock().await;
    world.shows("Dr. Okafor knows that you are here.").await;
    assert!(!world.text().await.contains("Nobody has answered"));
    let _: Value = world.page.evaluate(LET_A_QUARTER_OF_AN_HOUR_PASS).await;
    // The page looks at its clock whenever anything happens.
    world.relay.stop();
    world.shows("Nobody has answered for ten minutes.").await;
    let number: String = world.page.evaluate("document.querySelector('.waiting a[href^=\"tel:\"]').href").await;
    assert!(number.starts_with("tel:+"), "{number}");
}
