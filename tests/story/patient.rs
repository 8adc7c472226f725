//! The patient: a real browser on a small screen.

use super::day::MEDIA;
use super::programs::PATIENCE;
use crate::call::speech::Arrival;
use crate::harness::chromium::{Chromium, Page};
use crate::harness::wave;
use bedside::call::device::card::{BARS, TestCard};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::time::Instant;

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

    /// Opens a link on a device whose camera sees the moving card and whose microphone hears this voice, again and
    /// again, and taps. What arrives there can be looked at and listened to.
    pub async fn pair_with_voice(link: &str, voice: &[f32]) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let (card, sound) = (profile.path().join("card.y4m"), profile.path().join("voice.wav"));
        film(&card);
        wave::write(&sound, voice);
        let flags = [
            format!("--use-file-for-fake-video-capture={}", card.display()),
            format!("--use-file-for-fake-audio-capture={}", sound.display()),
        ];
        let browser = Chromium::launch(profile, &flags.each_ref().map(String::as_str)).await;
        let page = browser.open("about:blank").await;
        // The page allows no script but its own; this one is the test's.
        page.command("Page.setBypassCSP", json!({ "enabled": true })).await;
        page.command("Page.addScriptToEvaluateOnNewDocument", json!({ "source": include_str!("phone.js") })).await;
        page.navigate(link).await;
        page.resize(360, 740).await;
        let patient = Self { _browser: browser, page };
        patient.tap().await;
        patient
    }

    /// Begins.
    async fn tap(&self) {
        self.press("Tap to begin").await;
        self.shows("This is your private room with Dr. Okafor.").await;
    }

    /// Waits until the card of the other side stands on the screen in its colours.
    pub async fn sees_the_card(&self) {
        let end = Instant::now() + PATIENCE;
        loop {
            let bars: Option<Vec<[u8; 3]>> = self.page.evaluate("look()").await;
            let same = |bars: &Vec<[u8; 3]>| {
                bars.iter().zip(BARS).all(|(got, want)| got.iter().zip(want).all(|(a, b)| a.abs_diff(b) <= 40))
            };
            if bars.as_ref().is_some_and(same) {
                return;
            }
            assert!(Instant::now() < end, "the card does not stand there: {bars:?}");
        }
    }

    /// Begins to keep what is heard.
    pub async fn listen(&self) {
        let _: Value = self.page.evaluate("listen().then(() => null)").await;
    }

    /// Waits until every half second of what is said again and again was heard.
    pub async fn hears(&self, said: &[f32]) {
        let (end, mut arrival) = (Instant::now() + MEDIA, Arrival::of(said));
        loop {
            self.until(&format!("heardSamples > {}", arrival.next())).await;
            let (count, sound): (usize, String) =
                self.page.evaluate(&format!("[heardSamples, heardSound({})]", arrival.takes())).await;
            let sound = wave::samples(&data_encoding::BASE64.decode(sound.as_bytes()).unwrap());
            if arrival.listen(&wave::Ending { count, sound }) {
                return;
            }
            assert!(Instant::now() < end, "speech does not arrive: {:?}", arrival.best());
        }
    }

    /// Opens a link and taps.
    pub async fn pair(link: &str, flags: &[&str]) -> Self {
        let patient = Self::open(link, flags).await;
        patient.tap().await;
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

/// Two seconds of the moving card, as YUV4MPEG2.
fn film(file: &Path) {
    let card = TestCard::new(640, 480, 30);
    let mut out = std::io::BufWriter::new(std::fs::File::create(file).unwrap());
    out.write_all(b"YUV4MPEG2 W640 H480 F30:1 Ip A1:1 C420mpeg2\n").unwrap();
    for n in 0..60 {
        let picture = card.paint(n);
        let planes = picture.planes();
        out.write_all(b"FRAME\n").unwrap();
        for plane in [planes.y, planes.u, planes.v] {
            out.write_all(plane).unwrap();
        }
    }
    out.flush().unwrap();
}
