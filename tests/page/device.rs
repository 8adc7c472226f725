//! Cameras and microphones that the browser itself refuses, or that are not there: what to do is said, and nobody is
//! left outside.

use super::{axe, world::World};
use crate::harness::chromium::{Chromium, FAKE_DEVICES};
use bedside::{
    visit::clinician::Event,
    wire::content::{Knock, Signal},
};

/// A browser that asks before it lends a device; with devices if `flags` say so.
async fn asking(flags: &[&str]) -> World {
    let profile = tempfile::tempdir().expect("a folder");
    let mut world = World::with(Chromium::launch_bare(profile, flags, &[]).await).await;
    world.pair().await;
    world
}

impl World {
    async fn permit(&self, name: &str, setting: &str) {
        self.browser.permit(self.address().trim_end_matches('/'), name, setting).await;
    }

    /// What the patient said at the door last.
    async fn door(&mut self, camera: bool, microphone: bool) {
        self.until_practice("the practice hears which devices work", |practice| {
            let knock = practice.signals.iter().rev().find_map(|signal| match signal {
                Signal::Knock(Knock { camera, microphone, .. }) => Some((*camera, *microphone)),
                _ => None,
            });
            knock == Some((camera, microphone))
        })
        .await;
    }
}

#[tokio::test]
async fn refused_devices_are_told_with_what_to_do_and_come_back_without_a_reload() {
    let mut world = asking(&[FAKE_DEVICES]).await;
    world.permit("camera", "denied").await;
    world.permit("microphone", "denied").await;
    world.press("I'm here for my visit").await;
    world.shows("Camera and microphone are not allowed. Tap the sign at the left of the address, allow both").await;
    world.shows("Call +44 20 7946 0018").await;
    axe::check(&world.page, "devices refused").await;
    // Still refused: asking again changes nothing and breaks nothing.
    world.press("Try again").await;
    world.shows("Camera and microphone are not allowed.").await;

    // Allowed in the browser's own menu: the page goes on by itself.
    world.permit("microphone", "granted").await;
    world.shows("The camera is not allowed, so you will not be seen. You can go on with sound only").await;
    world.shows("I'm ready, sound only").await;
    world.permit("camera", "granted").await;
    world.until("document.querySelector('.preview video').videoWidth > 0").await;
    world.shows("We hear you.").await;
    world.until("![...document.querySelectorAll('.notice')].some((notice) => notice.innerText)").await;

    // Taken away again while it shows the picture.
    world.permit("camera", "denied").await;
    world.shows("The camera is not allowed, so you will not be seen.").await;
    world.permit("microphone", "denied").await;
    world.shows("Camera and microphone are not allowed.").await;
    world.permit("camera", "granted").await;
    world.shows("The microphone is not allowed, so you will not be heard.").await;
    axe::check(&world.page, "microphone refused").await;
    world.go_in().await;
    world.door(true, false).await;
    // Who waits may still allow it, and the practice sees that.
    world.permit("microphone", "granted").await;
    world.door(true, true).await;
}

#[tokio::test]
async fn patient_without_any_device_can_still_wait_and_sees_the_clinician() {
    // Nothing pretends: this browser has what this machine has.
    let mut world = asking(&["--disable-features=PulseAudioSupport"]).await;
    world.press("I'm here for my visit").await;
    world.shows("There is no camera and no microphone. Plug in a headset or use a phone").await;
    world.shows("Call +44 20 7946 0018").await;
    axe::check(&world.page, "no devices").await;
    world.go_in().await;
    world.door(false, false).await;
    world.shows("Dr. Okafor knows that you are here.").await;
    world.open_window().await;
    world.practice.drive(Event::Admit { relay_only: false, ice_servers: Vec::new() }).await;
    world.until("document.querySelector('.them')?.videoWidth > 0").await;
    world.shows("Read these five words aloud").await;
    world.shows("You are not heard").await;
    axe::check(&world.page, "visit without devices").await;
}

#[tokio::test]
async fn microphone_refused_at_the_door_is_turned_on_in_the_visit() {
    let mut world = asking(&[FAKE_DEVICES]).await;
    world.permit("camera", "denied").await;
    world.permit("microphone", "denied").await;
    world.press("I'm here for my visit").await;
    world.shows("Camera and microphone are not allowed.").await;
    world.go_in().await;
    world.shows("Dr. Okafor knows that you are here.").await;
    world.open_window().await;
    world.practice.drive(Event::Admit { relay_only: false, ice_servers: Vec::new() }).await;
    world.shows("Read these five words aloud").await;
    world.shows("You are not heard").await;
    // The question is open again: pressing the button asks.
    world.permit("microphone", "granted").await;
    world.until("!document.body.innerText.includes('You are not heard')").await;
    world.permit("camera", "granted").await;
    world
        .until_practice("sound and picture are told", |practice| {
            let peer = practice.machine.as_ref().and_then(|machine| machine.view().peer);
            peer.is_some_and(|peer| peer.microphone && peer.camera)
        })
        .await;
    let window = world.window.as_ref().expect("it was opened");
    let flows = "peer.getStats().then((stats) => [...stats.values()].filter((entry) => entry.type === 'inbound-rtp' && entry.bytesReceived > 20000).length === 2)";
    window.wait_for(flows, super::world::PATIENCE).await;
}
