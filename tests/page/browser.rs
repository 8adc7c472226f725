//! The page in a real browser, through a real relay, with a practice that is real but for its screens.

use super::{
    axe,
    world::{PATIENCE, World},
};
use bedside::{
    base::Stamp,
    visit::{Phase, clinician::Event},
    wire::content::{AppointmentCard, Signal},
};
use std::{
    io::Write,
    time::{Duration, Instant},
};

#[tokio::test]
async fn nothing_is_claimed_before_the_tap_and_the_link_leaves_the_address_after_it() {
    let mut world = World::new().await;
    world.shows("Tap to begin").await;
    axe::check(&world.page, "begin").await;
    world.page.wait_for("performance.getEntriesByType('resource').some((entry) => entry.name.endsWith('.wasm') && entry.responseEnd)", PATIENCE).await;
    world.practice.listen().await;
    assert_eq!(world.practice.claimed, 0);
    world.press("Tap to begin").await;
    world.shows("Dr. Okafor").await;
    world.until("location.hash === ''").await;
    let title: String = world.page.evaluate("document.title").await;
    assert_eq!(title, "Room");
    world.until_practice("claimed once", |practice| practice.claimed == 1).await;
}

#[tokio::test]
async fn message_is_received_only_when_the_practice_has_it_and_survives_reload_and_relay_restart() {
    let mut world = World::paired().await;
    axe::check(&world.page, "home").await;
    world.press("Messages").await;
    world.practice.confirms = false;
    world.write("Slept better.").await;
    world.until_practice("the message comes", |practice| practice.texts == ["Slept better."]).await;
    world.shows("on its way").await;
    world.page.reload().await;
    world.press("Messages").await;
    world.shows("on its way").await;

    world.relay.stop();
    world.shows("No connection").await;
    world.write("Are you there?").await;
    world.shows("not sent yet").await;
    world.relay.start_again();
    world.practice.come_back().await;
    world.practice.confirms = true;
    world.practice.confirm().await;
    world.practice.write("Here I am.").await;
    world.shows("Here I am.").await;
    axe::check(&world.page, "messages").await;
    world
        .until("![...document.querySelectorAll('.mine .state')].some((state) => state.innerText !== 'received')")
        .await;
    assert_eq!(world.practice.texts, ["Slept better.", "Are you there?"]);
    assert_eq!(world.state_of("Slept better.").await, "received");
}

#[tokio::test]
async fn visit_goes_from_the_waiting_room_to_the_same_five_words_and_back() {
    let mut world = World::paired().await;
    let start = Stamp(1_795_680_000_000);
    world.practice.announce(AppointmentCard { start, end: Stamp(start.0 + 3_000_000), video: true }).await;
    world.shows("Add to my calendar").await;
    world.press("I'm here for my visit").await;
    world.until("document.querySelector('.preview video').videoWidth > 0").await;
    axe::check(&world.page, "getting ready").await;
    world.shows("We hear you.").await;
    world.press("Back").await;
    world.knock().await;
    world.shows("Dr. Okafor knows that you are here.").await;
    world.practice.drive(Event::Tell { minutes: Some(5), text: Some("Finishing a call.".into()) }).await;
    world.shows("About 5 minutes").await;
    axe::check(&world.page, "waiting room").await;
    let early = world.practice.signals.iter().all(|signal| matches!(signal, Signal::Knock(_) | Signal::Left));
    assert!(early, "nothing that names an address leaves before admit");

    world.open_window().await;
    world.practice.drive(Event::Admit { relay_only: false, ice_servers: Vec::new() }).await;
    world.shows("Read these five words aloud").await;
    world.until("document.querySelector('.them').videoWidth > 0").await;
    let words: Vec<String> =
        world.page.evaluate("[...document.querySelectorAll('.five li')].map((word) => word.innerText)").await;
    let machine = world.practice.machine.as_ref().expect("a visit");
    assert_eq!(machine.view().words.as_ref().map(|words| words.to_vec()), Some(words));
    world.shows("direct · only you two").await;
    axe::check(&world.page, "visit").await;
    world.press("Same words").await;
    world.shows("words compared").await;
    world
        .until_practice("compared", |practice| {
            practice.machine.as_ref().is_some_and(|machine| machine.view().peer_compared)
        })
        .await;
    world.press("Mute").await;
    world
        .until_practice("muted", |practice| {
            practice
                .machine
                .as_ref()
                .and_then(|machine| machine.view().peer)
                .is_some_and(|peer| !peer.microphone && peer.camera)
        })
        .await;

    // The page is opened again in the middle of it, and comes back by itself.
    world.page.reload().await;
    world.until("document.querySelector('.them')?.videoWidth > 0").await;
    world
        .until_practice("live again", |practice| {
            practice.machine.as_ref().is_some_and(|machine| machine.view().phase == Phase::Live)
        })
        .await;
    world.shows("direct · only you two").await;
    world.practice.drive(Event::HangUp).await;
    world.shows("Dr. Okafor ended the visit.").await;
    world.shows("Nothing was recorded by this program.").await;
    axe::check(&world.page, "after").await;
}

#[tokio::test]
async fn link_that_is_dead_or_mangled_is_answered_in_plain_words() {
    let mut world = World::new().await;
    world.practice.withdraw().await;
    world.press("Tap to begin").await;
    world.shows("Ask for a new one").await;
    axe::check(&world.page, "used link").await;
    let second = world.browser.open(&world.practice.link()).await;
    let first = std::mem::replace(&mut world.page, second);
    world.shows("The room is open in another tab").await;
    first.close().await;
    world.go(&world.practice.link().replace("#v1.", "#v1.x")).await;
    world.press("Tap to begin").await;
    world.shows("This link is not whole").await;
    world.go(&world.address()).await;
    world.shows("This room needs a link").await;
}

#[tokio::test]
async fn browsers_that_cannot_do_it_are_told_so_and_claim_nothing() {
    let mut world = World::new().await;
    let link = world.practice.link();
    for (missing, sentence) in [
        ("delete window.RTCPeerConnection", "This browser cannot make calls"),
        ("Object.defineProperty(navigator, 'mediaDevices', { value: undefined })", "This browser cannot make calls"),
        ("delete Object.hasOwn", "This browser is too old"),
        ("Object.defineProperty(navigator, 'userAgent', { value: 'Instagram 300' })", "Open the link in your browser"),
        ("Object.defineProperty(window, 'indexedDB', { value: undefined })", "This browser keeps nothing"),
    ] {
        let page = world.browser.open("about:blank").await;
        page.command("Page.addScriptToEvaluateOnNewDocument", serde_json::json!({ "source": missing })).await;
        page.navigate(&link).await;
        page.wait_for(&format!("document.body.innerText.includes({sentence:?})"), PATIENCE).await;
        page.wait_for("!document.body.innerText.includes('Tap to begin')", PATIENCE).await;
        axe::check(&page, sentence).await;
        page.close().await;
    }
    world.practice.listen().await;
    assert_eq!(world.practice.claimed, 0);
}

/// 400 kb/s, 400 ms, a quarter of this machine's processor; TCP and the WebSocket's own delay are not among it.
#[tokio::test]
async fn patient_on_a_bad_line_and_an_old_phone_reads_in_3_s_and_waits_in_20_s() {
    let mut world = World::new().await;
    let page = world.browser.open("about:blank").await;
    std::mem::replace(&mut world.page, page).close().await;
    let line = serde_json::json!({ "offline": false, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000 });
    world.page.command("Network.emulateNetworkConditions", line).await;
    world.page.command("Emulation.setCPUThrottlingRate", serde_json::json!({ "rate": 4 })).await;
    world.page.command("Network.setCacheDisabled", serde_json::json!({ "cacheDisabled": true })).await;
    let began = Instant::now();
    world.page.navigate(&world.practice.link()).await;
    world.press("Tap to begin").await;
    world.knock().await;
    world.shows("Dr. Okafor knows that you are here.").await;
    let waiting = began.elapsed();
    let readable: f64 =
        world.page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime").await;
    let figures = format!("readable after {readable:.0} ms, in the waiting room after {} ms", waiting.as_millis());
    writeln!(std::io::stderr(), "{figures}").expect("there is a standard error");
    assert!(readable < 3000.0, "readable after {readable:.0} ms");
    assert!(waiting < Duration::from_secs(20), "in the waiting room after {waiting:?}");
}
