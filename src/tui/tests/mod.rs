//! The console without a terminal: keys and answers in, requests and frames out.

mod care;
mod desk;
mod flow;
mod hand;
mod hostile;
mod keep;
mod names;
mod plan;
mod sample;
mod scene;
mod sight;
mod walk;
