//! Which addresses leave the patient's browser.

use super::world::World;
use bedside::{visit::clinician::Event, wire::content::Signal};

/// What kinds of candidates ("host", "relay") the page sends in a visit like this.
async fn kinds_of_candidates(relay_only: bool) -> Vec<String> {
    let mut world = World::paired().await;
    world.knock().await;
    world.shows("Dr. Okafor knows that you are here.").await;
    world.open_window().await;
    // A TURN server that does not answer: what is left is what must not be sent.
    let server = serde_json::json!({ "urls": ["turn:127.0.0.1:9?transport=udp"], "username": "u", "credential": "c" });
    let server = serde_json::from_value(server).expect("a server");
    world.practice.drive(Event::Admit { relay_only, ice_servers: vec![server] }).await;
    if relay_only {
        // Half a minute after the admission: what was to be found has been found.
        world.shows("Call +44 20 7946 0018").await;
    } else {
        let found = |signal: &Signal| matches!(signal, Signal::Candidate { .. });
        world.until_practice("a candidate comes", |practice| practice.signals.iter().any(found)).await;
        world.shows("direct · only you two").await;
    }
    let mut kinds = Vec::new();
    let mut answered = false;
    for signal in &world.practice.signals {
        match signal {
            Signal::Answer { sdp, .. } | Signal::Restart { sdp, .. } => {
                answered = true;
                let sdp = sdp.expose();
                assert!(!sdp.contains("a=candidate"), "candidates go one by one");
                assert!(sdp.lines().filter(|line| line.starts_with("c=")).all(|line| line == "c=IN IP4 0.0.0.0"));
            }
            Signal::Candidate { candidate, .. } if !candidate.candidate.expose().is_empty() => {
                let mut words = candidate.candidate.expose().split(' ').skip_while(|word| *word != "typ");
                kinds.push(words.nth(1).expect("a kind (RFC 8839)").to_owned());
            }
            _ => {}
        }
    }
    assert!(answered);
    kinds
}

#[tokio::test]
async fn page_that_may_only_be_relayed_gives_no_address_away() {
    let direct = kinds_of_candidates(false).await;
    assert!(direct.iter().any(|kind| kind == "host"), "this test sees candidates: {direct:?}");
    let relayed = kinds_of_candidates(true).await;
    assert!(relayed.iter().all(|kind| kind == "relay"), "{relayed:?}");
}
