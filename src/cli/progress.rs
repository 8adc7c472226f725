//! A bar for whoever watches; nothing for scripts.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;

/// One long request's bar. It goes away with this.
pub(super) struct Progress {
    bar: ProgressBar,
    what: &'static str,
}

impl Progress {
    /// A bar that appears when there is something to tell, if somebody is there.
    pub(super) fn of(what: &'static str) -> Self {
        Self { bar: ProgressBar::hidden(), what }
    }

    /// So much is done.
    pub(super) fn tell(&self, done: u64, total: u64) {
        if self.bar.is_hidden() && std::io::stderr().is_terminal() {
            let style = ProgressStyle::with_template("{msg} {bar:30} {percent}%");
            self.bar.set_style(style.unwrap_or(ProgressStyle::default_bar()));
            self.bar.set_message(self.what);
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.set_length(total);
        self.bar.set_position(done);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
