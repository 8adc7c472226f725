//! Quick exit: away at a glance, and nothing that tells on the way back.

use super::practice::Practice;
use super::world::{PATIENCE, World};
use crate::harness::chromium::Chromium;
use bedside::{
    visit::{End, clinician::Event},
    wire::content::Signal,
};
use serde_json::Value;

/// The search page is far away: nothing but this machine is reached. What counts is what is left behind.
const NOWHERE_ELSE: &str = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1";
const SEARCH_PAGE: &str = "https://www.google.com/";

async fn with_a_message() -> World {
    let profile = tempfile::tempdir().expect("a folder");
    let mut world = World::with(Chromium::launch(profile, &[NOWHERE_ELSE]).await).await;
    world.pair().await;
    world.practice.write("A word in confidence.").await;
    world.press("Messages").await;
    world.shows("A word in confidence.").await;
    world
}

/// The tab is at the search page, and nothing of the room can be seen.
async fn is_gone(world: &World) {
    world.page.wait_for("location.protocol === 'chrome-error:'", PATIENCE).await;
    let history = world.page.history().await;
    assert_eq!(history.last().map(String::as_str), Some(SEARCH_PAGE), "{history:?}");
    let text = world.text().await;
    assert!(!text.contains("Okafor") && !text.contains("confidence"), "{text}");
}

/// As the browser's button does; the page that asks may be gone before it can answer.
async fn go_back(world: &World) {
    let _ = world.page.try_evaluate::<Value>("(history.back(), null)").await;
}

/// Opened again, it says nothing before it is tapped, and then everything is there.
async fn comes_back_covered(world: &mut World) {
    world.shows("This page was left.").await;
    let text = world.text().await;
    assert!(!text.contains("Okafor") && !text.contains("confidence"), "{text}");
    world.press("Open").await;
    world.shows("This is your private room with Dr. Okafor.").await;
    world.press("Messages").await;
    world.shows("A word in confidence.").await;
}

#[tokio::test]
async fn one_press_leaves_and_going_back_shows_nothing() {
    let mut world = with_a_message().await;
    let kept: Vec<usize> =
        world.page.evaluate("[sessionStorage.length, localStorage.length, document.cookie.length]").await;
    assert_eq!(kept, [0, 0, 0], "what the page keeps is sealed, in IndexedDB");
    world.write("Half of a").await;
    world.page.click("#exit").await;
    is_gone(&world).await;
    // The room's own entry was replaced: before the search page is what was there before the room.
    assert_eq!(world.page.history().await, ["about:blank", SEARCH_PAGE]);
    go_back(&world).await;
    world.page.wait_for("location.href === 'about:blank'", PATIENCE).await;
    let address = world.address();
    world.go(&address).await;
    comes_back_covered(&mut world).await;
    world.shows("Half of a").await;
}

#[tokio::test]
async fn escape_three_times_leaves_and_so_does_the_first_press_of_tab_and_enter() {
    let mut world = with_a_message().await;
    world.page.press_key("Escape").await;
    world.page.press_key("Escape").await;
    world.shows("A word in confidence.").await;
    world.page.press_key("Escape").await;
    is_gone(&world).await;
    let address = world.address();
    world.go(&address).await;
    comes_back_covered(&mut world).await;
    // It is the first thing that the keyboard reaches.
    let _: Value = world.page.evaluate("(document.activeElement.blur(), getSelection().removeAllRanges(), null)").await;
    world.page.navigate(&address).await;
    world.shows("This is your private room").await;
    world.until("document.activeElement?.tagName === 'H1'").await;
    let _: Value =
        world.page.evaluate("(document.activeElement.blur(), document.querySelector('#exit').focus(), null)").await;
    world.page.press_key("Enter").await;
    is_gone(&world).await;
}

#[tokio::test]
async fn room_that_was_open_before_a_new_link_is_covered_too_when_one_goes_back() {
    let mut world = with_a_message().await;
    // A second link, pasted into the same tab: the room stands in the history behind it.
    let link = world.practice.link();
    let _: Value = world.page.evaluate(&format!("(location.href = {link:?}, null)")).await;
    world.shows("You have a new link").await;
    world.page.click("#exit").await;
    is_gone(&world).await;
    go_back(&world).await;
    comes_back_covered(&mut world).await;
}

#[tokio::test]
async fn link_pasted_while_the_page_keeps_a_message_is_not_lost() {
    let mut world = with_a_message().await;
    // The moment between the new address and the page's being loaded again, held open: this tells the page nothing.
    let link = world.practice.link();
    let _: Value = world.page.evaluate(&format!("(history.replaceState(null, '', {link:?}), null)")).await;
    world.practice.write("And one more.").await;
    world.until_practice("the page keeps the message", Practice::all_received).await;
    assert_eq!(world.page.evaluate::<String>("location.href").await, link);
    let _: Value = world.page.evaluate("(location.reload(), null)").await;
    world.shows("You have a new link").await;
}

#[tokio::test]
async fn exit_from_a_visit_works_over_an_open_question_and_the_practice_knows() {
    let mut world = with_a_message().await;
    world.press("Back").await;
    world.knock().await;
    world.shows("Dr. Okafor knows that you are here.").await;
    world.open_window().await;
    let admit = Event::Admit { relay_only: false, ice_servers: Vec::new() };
    world.practice.drive(admit).await;
    world.until("document.querySelector('.them')?.videoWidth > 0").await;
    world.press("Leave").await;
    world.shows("Leave the visit?").await;
    world.page.click("dialog[open] .exit").await;
    is_gone(&world).await;
    world
        .until_practice("the practice knows that the patient left", |practice| {
            practice.machine.as_ref().is_some_and(|machine| machine.view().end == Some(End::Patient))
        })
        .await;
}

#[tokio::test]
async fn who_leaves_the_waiting_room_by_the_exit_is_no_longer_waited_for() {
    let mut world = with_a_message().await;
    world.press("Back").await;
    world.knock().await;
    world.shows("Dr. Okafor knows that you are here.").await;
    world.page.click("#exit").await;
    is_gone(&world).await;
    world.until_practice("the practice knows", |practice| practice.signals.contains(&Signal::Left)).await;
    // And does not wait again before the patient wants to.
    let address = world.address();
    world.page.navigate(&address).await;
    comes_back_covered(&mut world).await;
    world.write("Later, perhaps.").await;
    world.until_practice("the page is back", |practice| practice.texts.contains(&"Later, perhaps.".into())).await;
    let after = world.practice.signals.iter().skip_while(|signal| **signal != Signal::Left);
    assert!(!after.clone().any(|signal| matches!(signal, Signal::Knock(_))), "{} signals", after.count());
}
