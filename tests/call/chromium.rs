//! A native end and a real Chromium, in both offer directions: pictures are checked by their colours
//! and counters, sound by its likeness, at both ends.

use std::time::{Duration, Instant};

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use bedside::base::Phi;
use bedside::call::device::card::{BARS, bars_match};
use bedside::call::peer::fingerprint;
use bedside::wire::call::{FromCall, SdpKind, ToCall};
use bedside::wire::content::Candidate;
use serde::Deserialize;
use serde_json::{Value, json};

use super::native::{End, run};
use super::speech::{Arrival, speech};
use crate::harness::chromium::{Chromium, Page};
use crate::harness::wave;

#[derive(Deserialize)]
struct Look {
    width: u32,
    height: u32,
    bars: Vec<[u8; 3]>,
    counter: Option<u32>,
}

/// A native end and a page, whose messages the test carries.
struct Visit {
    end: End,
    page: Page,
    // Last, so that the page goes before its browser.
    _browser: Chromium,
}

impl Visit {
    async fn start(ours: &[f32], theirs: &[f32], browser_offers: bool) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        let site = Router::new().route("/", get(|| async { Html(include_str!("patient.html")) }));
        tokio::spawn(async move { axum::serve(listener, site).await });
        let browser = Chromium::launch(tempfile::tempdir().unwrap(), &[]).await;
        let page = browser.open(&address).await;
        let bytes: Vec<u8> = theirs.iter().flat_map(|s| ((s * 32767.0) as i16).to_le_bytes()).collect();
        let voice = data_encoding::BASE64.encode(&bytes);
        page.evaluate::<Value>(&format!("begin(floats('{voice}'), {browser_offers})")).await;
        let mut end = End::start(ours);
        end.begin(1, !browser_offers).await;
        Self { end, page, _browser: browser }
    }

    /// Carries messages both ways once.
    async fn carry(&mut self) {
        while let Some(said) = self.end.listen().await {
            let message = match said {
                FromCall::Local { kind, sdp, .. } => {
                    let kind = if kind == SdpKind::Offer { "offer" } else { "answer" };
                    json!({ "description": { "type": kind, "sdp": sdp.expose() } })
                }
                FromCall::Candidate { candidate: c, .. } => {
                    json!({ "candidate": { "candidate": c.candidate.expose(), "sdpMid": c.mid, "sdpMLineIndex": c.line } })
                }
                _ => continue,
            };
            self.page.evaluate::<Value>(&format!("take({message})")).await;
        }
        let outbox: Vec<Value> = self.page.evaluate("outbox.splice(0)").await;
        for message in outbox {
            let told = match message.get("description") {
                Some(description) => {
                    let sdp = description["sdp"].as_str().unwrap().to_owned();
                    let kind = if description["type"] == "offer" { SdpKind::Offer } else { SdpKind::Answer };
                    let fingerprint = fingerprint(&sdp).unwrap();
                    ToCall::Remote { round: 1, kind, sdp: Phi::new(sdp), fingerprint }
                }
                None => {
                    let candidate = &message["candidate"];
                    ToCall::Candidate(Candidate {
                        candidate: Phi::new(candidate["candidate"].as_str().unwrap().to_owned()),
                        mid: candidate["sdpMid"].as_str().map(Into::into),
                        line: candidate["sdpMLineIndex"].as_u64().map(|n| n as u16),
                    })
                }
            };
            self.end.tell(&told).await;
        }
    }

    async fn until(&mut self, what: &str, mut done: impl FnMut(&Self) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(90);
        while !done(self) {
            assert!(Instant::now() < deadline, "not in time: {what}; console {:#?}", self.page.console());
            self.carry().await;
        }
    }

    async fn connect(&mut self) {
        self.until("connected", |v| v.end.said.iter().any(|m| matches!(m, FromCall::Connected { relayed: false, .. })))
            .await;
    }

    /// The browser's picture: right colours, and a counter that grows.
    async fn check_theirs(&mut self) {
        self.page.wait_for("look()?.counter != null", Duration::from_secs(20)).await;
        let mut last = None;
        for _ in 0..5 {
            self.page
                .wait_for(&format!("(look()?.counter ?? 0) > {}", last.unwrap_or(0)), Duration::from_secs(10))
                .await;
            let look: Look = self.page.evaluate("look()").await;
            assert_eq!((look.width, look.height), (640, 480));
            for (got, want) in look.bars.iter().zip(BARS) {
                assert!(got.iter().zip(want).all(|(a, b)| a.abs_diff(b) <= 40), "{:?}", look.bars);
            }
            last = look.counter.or(last);
        }
    }

    /// Our picture of the browser's canvas, likewise.
    async fn check_ours(&mut self) {
        let mut seen = Vec::new();
        self.until("five readable pictures", |v| {
            if let Some((picture, _)) = v.end.call.shared.video.remote.get()
                && picture.width() == 640
                && let Some(counter) = v.end.counter()
                && seen.last().is_none_or(|last| counter > *last)
            {
                let bars: Vec<_> = (0..8).map(|i| picture.colour_at((i as f32 + 0.5) / 8.0, 0.4)).collect();
                // Chromium captures a canvas in BT.709, full range, where a camera is BT.601, limited:
                // brighter greens, which the eye forgives and this measure must.
                assert!(bars_match(&picture, 56), "{bars:?}");
                seen.push(counter);
            }
            seen.len() >= 5
        })
        .await;
    }
}

async fn both_ways(browser_offers: bool) {
    let voice = speech();
    let other: Vec<f32> = voice[voice.len() / 3..].iter().chain(&voice[..voice.len() / 3]).map(|s| s * 0.8).collect();
    let mut visit = Visit::start(&voice, &other, browser_offers).await;
    visit.connect().await;
    visit.check_theirs().await;
    visit.check_ours().await;
    let mut at_ours = Arrival::of(&other);
    visit.until("speech at our end", |v| at_ours.listen(&v.end.ear)).await;
    let deadline = Instant::now() + Duration::from_secs(90);
    let mut at_theirs = Arrival::of(&voice);
    loop {
        visit.page.wait_for(&format!("heardSamples() > {}", at_theirs.next()), Duration::from_secs(60)).await;
        let (count, sound): (usize, String) =
            visit.page.evaluate(&format!("[heardSamples(), heardSound({})]", at_theirs.takes())).await;
        let sound = wave::samples(&data_encoding::BASE64.decode(sound.as_bytes()).unwrap());
        if at_theirs.listen(&wave::Ending { count, sound }) {
            return;
        }
        let statistics: Value = visit.page.evaluate("statistics()").await;
        assert!(Instant::now() < deadline, "no speech in the browser: {:?}, {statistics:#}", at_theirs.best());
    }
}

#[test]
fn we_offer_and_chromium_sees_and_hears_us_and_we_it() {
    run(both_ways(false));
}

#[test]
fn chromium_offers_and_sees_and_hears_us_and_we_it() {
    run(both_ways(true));
}

#[test]
fn a_restart_keeps_the_call_with_chromium() {
    run(async {
        let mut visit = Visit::start(&[], &[0.0; 480], false).await;
        visit.connect().await;
        visit.check_ours().await;
        visit.end.tell(&ToCall::Restart { round: 1 }).await;
        let connected = |v: &Visit| v.end.said.iter().filter(|m| matches!(m, FromCall::Connected { .. })).count();
        visit.until("connected again", |v| connected(v) >= 2).await;
        visit.check_ours().await;
        visit.check_theirs().await;
    });
}
