//! What the agent says reaches the model, all of it and in order.

use super::desk::{Desk, is_today};
use super::sample;
use crate::base::{Failure, Kind, Place};
use crate::client::agent::{Reply, VaultState};
use crate::client::call::Devices;
use crate::tui::effect::{Hands, Happening};
use crate::tui::next;
use crate::tui::update::Event;
use tokio::sync::mpsc;

#[test]
fn answers_that_come_together_are_all_taken() {
    let (back, mut happenings) = mpsc::unbounded_channel();
    let place = Place::new("/nowhere/at/all".into()).expect("the path is short");
    let mut hands = Hands::new(place, Devices::default(), back.clone());
    for n in 0..100 {
        let result = Err(Failure::new(Kind::Refused, "no"));
        assert!(back.send(Happening::Event(Event::Answer { n, result })).is_ok());
    }
    let taken: Vec<_> = std::iter::from_fn(|| next(&mut happenings, &mut hands))
        .map(|event| match event {
            Event::Answer { n, .. } => n,
            other => panic!("not an answer: {other:?}"),
        })
        .collect();
    assert_eq!(taken, (0..100).collect::<Vec<_>>());
}

#[test]
fn first_frame_shows_the_day_and_not_its_parts() {
    let mut desk = Desk::fresh();
    assert!(!desk.model.stands(), "the agent has not answered");
    desk.happen(Event::Connected(Box::new(sample::status(VaultState::Open))));
    desk.answer(is_today, Reply::Today(sample::today()));
    assert!(!desk.model.stands(), "answers are on their way");
    assert!(Desk::open().model.stands());
    assert!(Desk::locked().model.stands(), "nothing more comes until it is opened");
}
