//! What the session shares, in the window's words; pure.

use crate::call::shared::{Stage, View};
use crate::wire::call::Trouble;
use std::time::{Duration, Instant};

/// How long the last sentence stays before the window goes.
pub(super) const FAREWELL: Duration = Duration::from_secs(3);

/// How the line is, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grade {
    Good,
    Weak,
    Bad,
    Gone,
}

impl Grade {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Weak => "weak",
            Self::Bad => "bad",
            Self::Gone => "no line",
        }
    }

    /// Bars of four.
    pub(super) fn bars(self) -> usize {
        match self {
            Self::Good => 4,
            Self::Weak => 2,
            Self::Bad => 1,
            Self::Gone => 0,
        }
    }
}

/// What is shown at one moment.
#[derive(Clone, Debug, Default)]
pub(super) struct Scene {
    pub(super) view: View,
    /// Our microphone's level, 0 to 100.
    pub(super) level: u8,
    /// When the visit ended.
    pub(super) over: Option<Instant>,
}

impl Scene {
    /// The state of the visit in a sentence; empty when there is nothing to say.
    pub(super) fn status(&self) -> &str {
        match (&self.view.saying, self.view.stage) {
            (Some(saying), Stage::Ended | Stage::Waiting | Stage::Connecting | Stage::Live) => saying.as_str(),
            (None, Stage::Waiting) => "Getting ready…",
            (None, Stage::Connecting) => "Connecting…",
            (_, Stage::Reconnecting) => "The line dropped. Trying again…",
            (None, Stage::Live) => "",
            (None, Stage::Ended) => "The visit has ended.",
        }
    }

    /// The path in words.
    pub(super) fn path(&self) -> &'static str {
        match self.view.path.map(|path| path.relayed) {
            None => "not connected",
            Some(false) => "direct · only you two",
            Some(true) => "relayed · still only you two can see",
        }
    }

    /// Whether there has been a connection.
    pub(super) fn met(&self) -> bool {
        self.view.live_since.is_some()
    }

    /// How the line is.
    pub(super) fn grade(&self) -> Option<Grade> {
        self.view.live_since?;
        if self.view.stage != Stage::Live {
            return Some(Grade::Gone);
        }
        let quality = self.view.quality?;
        Some(match (quality.lost_per_mille, quality.round_trip_ms) {
            (0..30, 0..300) => Grade::Good,
            (0..100, 0..700) => Grade::Weak,
            _ => Grade::Bad,
        })
    }

    /// The numbers behind the word.
    pub(super) fn figures(&self) -> String {
        let Some(q) = self.view.quality else { return "nothing measured yet".into() };
        let loss = f32::from(q.lost_per_mille) / 10.0;
        format!(
            "round trip {} ms · {loss:.1} % lost · in {} kbit/s · out {} kbit/s · {}×{} at {} per second",
            q.round_trip_ms,
            q.receive_bps / 1000,
            q.send_bps / 1000,
            q.width,
            q.height,
            q.frames_per_s
        )
    }

    /// How long the visit has lasted.
    pub(super) fn clock(&self, now: Instant) -> String {
        let end = self.over.unwrap_or(now);
        let seconds = self.view.live_since.map_or(0, |since| end.saturating_duration_since(since).as_secs());
        format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    }

    /// What does not work, one sentence each, with what to do.
    pub(super) fn complaints(&self) -> impl Iterator<Item = &'static str> {
        self.view.troubles.iter().map(|trouble| match trouble {
            Trouble::NoCamera => "No camera was found. They do not see you.",
            Trouble::CameraBusy => "Another program uses the camera. Close it there.",
            Trouble::CameraLost => "The camera stopped. Plug it in again.",
            Trouble::NoMicrophone => "No microphone was found. They do not hear you.",
            Trouble::NoSpeaker => "No speaker was found. You do not hear them.",
            Trouble::NoDisplay => "There is no display.",
        })
    }

    /// The words that wait to be compared.
    pub(super) fn words_to_compare(&self) -> Option<&[String]> {
        let words = self.view.words.as_ref().filter(|words| words.compared.is_none() && self.over.is_none())?;
        Some(&words.words)
    }

    /// Whether the words were compared and the same.
    pub(super) fn verified(&self) -> bool {
        self.view.words.as_ref().is_some_and(|words| words.compared == Some(true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::SafeText;
    use crate::call::peer::{Found, Path};
    use crate::call::shared::Words;
    use crate::wire::call::Quality;

    fn live(since: Instant) -> Scene {
        let path = Some(Path { relayed: false, local: Found::Host, remote: Found::Host });
        let view = View { stage: Stage::Live, live_since: Some(since), path, ..View::default() };
        Scene { view, ..Scene::default() }
    }

    #[test]
    fn words_are_asked_for_until_somebody_compared_them() {
        let mut scene = live(Instant::now());
        assert_eq!(scene.words_to_compare(), None);
        let words = vec!["amber".to_owned()];
        for (compared, asked) in [(None, true), (Some(true), false), (Some(false), false)] {
            scene.view.words = Some(Words { words: words.clone(), compared });
            assert_eq!(scene.words_to_compare().is_some(), asked, "{compared:?}");
            assert_eq!(scene.verified(), compared == Some(true));
        }
    }

    #[test]
    fn the_clock_starts_at_the_first_connection_and_stops_at_the_end() {
        let start = Instant::now();
        assert_eq!(Scene::default().clock(start), "00:00:00");
        let mut scene = live(start);
        assert_eq!(scene.clock(start + Duration::from_secs(3725)), "01:02:05");
        scene.over = Some(start + Duration::from_secs(60));
        assert_eq!(scene.clock(start + Duration::from_secs(3725)), "00:01:00");
    }

    #[test]
    fn the_line_is_told_in_a_word() {
        let mut scene = live(Instant::now());
        assert_eq!(scene.grade(), None);
        for (lost_per_mille, round_trip_ms, grade) in
            [(0, 20, Grade::Good), (50, 20, Grade::Weak), (0, 500, Grade::Weak), (200, 20, Grade::Bad)]
        {
            scene.view.quality = Some(Quality { lost_per_mille, round_trip_ms, ..Quality::default() });
            assert_eq!(scene.grade(), Some(grade));
        }
        scene.view.stage = Stage::Reconnecting;
        assert_eq!(scene.grade(), Some(Grade::Gone));
        assert_eq!(scene.status(), "The line dropped. Trying again…");
        scene.view.stage = Stage::Ended;
        scene.view.saying = Some(SafeText::line("The other side hung up."));
        assert_eq!(scene.status(), "The other side hung up.");
    }
}
