//! Links that open nothing, with the real relay and the real agent behind them: plain words, and what to do.

use super::axe;
use crate::harness::wrongclock::wrong_by;
use crate::story::{
    patient::Patient,
    programs::{Practice, Relay},
};

fn with_ada(relay: &Relay) -> Practice {
    let practice = Practice::open(relay);
    practice.ok(&["patient", "add", "--name", "Ada Byron"]);
    practice
}

/// Opened and tapped, it says this, and nothing that only a programmer understands.
async fn says(link: &str, heading: &str, what_to_do: &str) -> Patient {
    let patient = Patient::open(link, &[]).await;
    patient.press("Tap to begin").await;
    patient.shows(heading).await;
    patient.shows(what_to_do).await;
    let text: String = patient.page.evaluate("document.body.innerText").await;
    for word in ["Error", "undefined", "null", "wasm", "panic", "http", "    at "] {
        assert!(!text.contains(word), "{word} in {text}");
    }
    axe::check(&patient.page, heading).await;
    patient
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn link_opened_again_after_the_first_visit_is_used_and_the_first_device_stays() {
    let relay = Relay::start();
    let practice = with_ada(&relay);
    let link = practice.link("ada");
    let patient = Patient::pair(&link, &[]).await;
    patient.knock().await;
    practice.until_lines("the console shows who waits", &["room", "list"], |room| room.len() == 1);
    let call = ["call", "ada", "--headless", "--camera", "test-card", "--microphone", "tone", "--speaker", "none"];
    practice.ok(&[&call[..], &["--loopback"]].concat());
    practice.until("sound and picture run", &["status"], |status| status["visit"]["phase"] == "live");
    practice.ok(&["visit", "end"]);
    patient.shows("Dr. Okafor ended the visit").await;

    says(&link, "This link was already used", "Ask for a new one. If you did not open it before, tell them so.").await;
    patient.press("Messages").await;
    patient.write("Still here.").await;
    patient.until_state("Still here.", "received").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn link_whose_time_is_over_has_expired_and_a_new_one_opens() {
    let mut relay = Relay::start();
    let practice = with_ada(&relay);
    practice.ok(&["practice", "edit", "--invite-hours", "1"]);
    let link = practice.link("ada");
    let early = Patient::open(&link, &[]).await;
    early.shows("Tap to begin").await;
    // Two hours later, as the relay sees it, which decides.
    relay.stop();
    relay.start_again_in(&wrong_by(2 * 3600));
    practice.until("the agent is back at the relay", &["status"], |status| status["relay"]["state"] == "up");
    early.press("Tap to begin").await;
    early.shows("This link has expired").await;
    let late = says(&link, "This link has expired", "Ask for a new one.").await;
    drop(early);

    let link = practice.link("ada");
    late.page.navigate("about:blank").await;
    late.page.navigate(&link).await;
    late.press("Tap to begin").await;
    late.shows("This is your private room with Dr. Okafor.").await;
    practice.until("the console sees the device", &["patient", "show", "ada"], |ada| ada["device"] == "paired");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn link_that_was_cut_or_changed_on_its_way_says_so_and_the_whole_one_still_opens() {
    let relay = Relay::start();
    let practice = with_ada(&relay);
    let link = practice.link("ada");
    let (base, fragment) = link.split_once('#').unwrap();
    let mut parts = fragment.split('.');
    let (_, invite, secret) = (parts.next(), parts.next().unwrap(), parts.next().unwrap());
    let not_whole = ("This link is not whole", "Copy it again from the message, all of it, or ask for a new link.");
    for mangled in [
        link[..link.len() - 1].to_owned(),
        format!("{base}#v1.{invite}"),
        format!("{base}#v1"),
        format!("{link}.%3Cb%3E"),
        format!("{base}#v1.{invite}.{}", secret.replace(|_| true, "/")),
        format!("{base}#v1.{}.{secret}", "A".repeat(5000)),
    ] {
        says(&mangled, not_whole.0, not_whole.1).await;
    }
    says(&link.replace("#v1.", "#v9."), "This page is out of date", "If that does not help, ask for a new link.").await;
    // One letter is another: nobody can know that from the link, so it goes on asking, and says what to do.
    let other = if secret.starts_with('A') { "B" } else { "A" };
    let changed = Patient::open(&format!("{base}#v1.{invite}.{other}{}", &secret[1..]), &[]).await;
    changed.press("Tap to begin").await;
    changed.shows("The room does not know this link yet. We keep trying.").await;
    changed.shows("ask for a new link").await;

    let patient = Patient::pair(&link, &[]).await;
    patient.until("location.hash === ''").await;
}
