//! One patient's browser, a relay and a practice, and what a patient does with them.

use super::practice::{Practice, Relay};
use crate::harness::chromium::{Chromium, Page};
use bedside::{visit::clinician::Event, wire::call::FromCall};
use serde_json::Value;
use std::time::{Duration, Instant};

/// How long anything may take.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// One patient's browser, a relay, a practice, and its call window when a visit has one.
pub struct World {
    pub relay: Relay,
    pub practice: Practice,
    pub browser: Chromium,
    pub page: Page,
    pub window: Option<Page>,
}

impl World {
    pub async fn new() -> Self {
        Self::with(Chromium::launch(tempfile::tempdir().expect("a folder"), &[]).await).await
    }

    /// With this browser, and the link opened in it.
    pub async fn with(browser: Chromium) -> Self {
        let relay = Relay::start();
        let practice = Practice::invite(&relay).await;
        let page = browser.open(&practice.link()).await;
        page.resize(360, 740).await;
        Self { relay, practice, browser, page, window: None }
    }

    /// Opened, tapped and paired.
    pub async fn paired() -> Self {
        let mut world = Self::new().await;
        world.pair().await;
        world
    }

    /// Taps and pairs.
    pub async fn pair(&mut self) {
        self.shows("Tap to begin").await;
        self.press("Tap to begin").await;
        self.shows("This is your private room with Dr. Okafor.").await;
        self.until_practice("the Welcome comes", Practice::is_paired).await;
    }

    /// The page's address without a link.
    pub fn address(&self) -> String {
        format!("http://{}/", self.relay.address)
    }

    /// Lets everybody do what there is to do.
    pub async fn turn(&mut self) {
        self.practice.listen().await;
        let Some(window) = &self.window else { return };
        for order in self.practice.orders.drain(..) {
            let order = serde_json::to_string(&order).expect("our own types");
            let _: Value = window.evaluate(&format!("told({order}).then(() => null)")).await;
        }
        let said: Vec<Value> = window.evaluate("said.splice(0)").await;
        for said in said.into_iter().filter(|said| said != "closed") {
            let said: FromCall = serde_json::from_value(said).expect("the window speaks the protocol");
            self.practice.drive(Event::Call(said)).await;
        }
    }

    pub async fn until(&mut self, expression: &str) {
        let deadline = Instant::now() + PATIENCE;
        while self.page.try_evaluate::<bool>(&format!("!!({expression})")).await != Ok(true) {
            if Instant::now() > deadline {
                self.give_up(expression).await;
            }
            self.turn().await;
        }
    }

    async fn give_up(&self, awaited: &str) -> ! {
        let text = self.text().await;
        panic!("not in time: {awaited}\nthe page shows: {text}\nconsole: {:?}", self.page.console());
    }

    pub async fn shows(&mut self, text: &str) {
        self.until(&format!("document.body.innerText.includes({text:?})")).await;
    }

    pub async fn until_practice(&mut self, what: &str, met: impl Fn(&Practice) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !met(&self.practice) {
            if Instant::now() > deadline {
                self.give_up(what).await;
            }
            self.turn().await;
        }
    }

    pub async fn press(&mut self, name: &str) {
        let button = format!(
            "[...document.querySelectorAll('button')].find((b) => b.innerText.trim().startsWith({name:?}) && !b.disabled && b.checkVisibility())"
        );
        self.until(&button).await;
        let _: Value = self.page.evaluate(&format!("({button}.click(), null)")).await;
    }

    pub async fn write(&mut self, text: &str) {
        let script = format!("(document.querySelector('#message').value = {text:?}, null)");
        let _: Value = self.page.evaluate(&script).await;
        self.press("Send").await;
    }

    pub async fn state_of(&mut self, text: &str) -> String {
        let find =
            format!("[...document.querySelectorAll('.thread li')].find((item) => item.innerText.includes({text:?}))");
        self.page.evaluate(&format!("{find}?.querySelector('.state').innerText ?? ''")).await
    }

    /// Goes there anew, also when only the fragment differs.
    pub async fn go(&mut self, url: &str) {
        self.page.navigate("about:blank").await;
        self.page.navigate(url).await;
    }

    /// Into the waiting room.
    pub async fn knock(&mut self) {
        self.press("I'm here for my visit").await;
        self.go_in().await;
    }

    /// From getting ready into the waiting room.
    pub async fn go_in(&mut self) {
        let _: Value = self.page.evaluate("(document.querySelector('#alone-true').click(), document.querySelector('#place').value = 'at home', null)").await;
        self.press("I'm ready").await;
        self.shows("You are in the waiting room").await;
    }

    /// A call window at the practice's end, for the visit that is admitted next.
    pub async fn open_window(&mut self) {
        let window = self.browser.open("about:blank").await;
        let _: Value = window.evaluate(&format!("{};null", include_str!("window.js"))).await;
        self.window = Some(window);
    }

    /// What the page shows.
    pub async fn text(&self) -> String {
        self.page.evaluate("document.body.innerText").await
    }
}
