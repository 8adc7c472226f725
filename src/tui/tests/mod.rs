//! The console without a terminal: keys and answers in, requests and frames out.

mod desk;
mod flow;
mod hostile;
mod keep;
mod sample;
mod sight;
mod walk;
