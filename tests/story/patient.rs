//! The patient: a real browser on a small screen.

use super::programs::PATIENCE;
use crate::harness::chromium::{Chromium, Page};
use serde_json::Value;

/// A patient's browser with the link opened.
pub struct Patient {
    _browser: Chromium,
    pub page: Page,
}

impl Patient {
    /// Opens a link.
    pub async fn open(link: &str, flags: &[&str]) -> Self {
        let browser = Chromium::launch(tempfile::tempdir().unwrap(), flags).await;
        let page = browser.open(link).await;
        page.resize(360, 740).await;
        Self { _browser: browser, page }
    }

    /// Opens a link and taps.
    pub async fn pair(link: &str, flags: &[&str]) -> Self {
        let patient = Self::open(link, flags).await;
        patient.press("Tap to begin").await;
        patient.shows("This is your private room with Dr. Okafor.").await;
        patient
    }

    pub async fn until(&self, expression: &str) {
        self.page.wait_for(&format!("!!({expression})"), PATIENCE).await;
    }

    pub async fn shows(&self, text: &str) {
        self.until(&format!("document.body.innerText.includes({text:?})")).await;
    }

    pub async fn press(&self, name: &str) {
        let button = format!(
            "[...document.querySelectorAll('button')].find((b) => b.innerText.trim().startsWith({name:?}) && !b.disabled && b.checkVisibility())"
        );
        self.until(&button).await;
        let _: Value = self.page.evaluate(&format!("({button}.click(), null)")).await;
    }

    pub async fn write(&self, text: &str) {
        let script = format!("(document.querySelector('#message').value = {text:?}, null)");
        self.until("document.querySelector('#message')").await;
        let _: Value = self.page.evaluate(&script).await;
        self.press("Send").await;
    }

    pub async fn until_state(&self, text: &str, state: &str) {
        let find =
            format!("[...document.querySelectorAll('.thread li')].find((item) => item.innerText.includes({text:?}))");
        self.until(&format!("({find}?.querySelector('.state').innerText ?? '') === {state:?}")).await;
    }

    /// Into the waiting room.
    pub async fn knock(&self) {
        self.press("I'm here for my visit").await;
        self.until("document.querySelector('#alone-true')").await;
        let fill =
            "(document.querySelector('#alone-true').click(), document.querySelector('#place').value = 'at home', null)";
        let _: Value = self.page.evaluate(fill).await;
        self.press("I'm ready").await;
        self.shows("You are in the waiting room").await;
    }
}
