//! What the agent says reaches the model, all of it and in order.

use crate::base::{Failure, Kind, Place};
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
