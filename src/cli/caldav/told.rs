//! What `bedside feed sync` tells at the end.

use super::push::Pushed;
use crate::base::id::AppointmentId;
use crate::cli::console::Console;
use crate::cli::import::{self, Left};
use crate::cli::output;
use crate::client::agent::{Difference, ImportReport};
use crate::feed::caldav::Deed;
use jiff::tz::TimeZone;
use serde_json::json;

/// What came, and what went.
#[derive(Default)]
pub(super) struct Told {
    pub(super) report: ImportReport,
    pub(super) left: Vec<Left>,
    /// What would change, when only that is to be told.
    pub(super) differences: Option<Vec<Difference>>,
    /// Objects that were fetched.
    pub(super) fetched: u64,
    /// Ours that were changed there, as far as the pull saw.
    pub(super) elsewhere: usize,
    pub(super) put: u64,
    pub(super) withdrawn: u64,
    pub(super) disputed: Vec<AppointmentId>,
    pub(super) pushes: bool,
}

impl Told {
    /// With what was done there.
    pub(super) fn did(&mut self, pushed: &Pushed) {
        (self.put, self.withdrawn, self.pushes) = (pushed.put, pushed.withdrawn, true);
        self.disputed.clone_from(&pushed.disputed);
    }

    /// With what would be done there.
    pub(super) fn would(&mut self, deeds: &[Deed], overwrite: bool) {
        self.pushes = true;
        for deed in deeds {
            match &deed.text {
                _ if deed.in_conflict() && !overwrite => self.disputed.push(deed.appointment),
                Some(_) => self.put += 1,
                None => self.withdrawn += 1,
            }
        }
    }

    pub(super) fn show(&self, console: &Console, zone: &TimeZone) {
        console.show(
            || {
                let mut value = import::report_json(&self.report, &self.left, self.differences.as_ref());
                value["fetched"] = json!(self.fetched);
                value["pushed"] = json!(self.put);
                value["withdrawn"] = json!(self.withdrawn);
                value["conflicts"] = json!(self.disputed);
                value
            },
            || {
                import::report_words(&self.report, &self.left, self.differences.as_ref().map(|all| (all, zone)));
                let would = if self.differences.is_some() { "would be " } else { "" };
                if self.pushes {
                    output::line(&format!(
                        "{} {would}put there, {} {would}taken from there.",
                        self.put, self.withdrawn
                    ));
                } else if self.elsewhere > 0 {
                    output::line(&format!(
                        "{} of ours were changed there; 'bedside feed sync --push' compares them.",
                        self.elsewhere
                    ));
                }
                for id in &self.disputed {
                    output::say(&format!("Changed here and there: appointment {id}"));
                }
            },
        );
    }
}
