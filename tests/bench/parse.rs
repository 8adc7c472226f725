//! Reads a calendar with calcard and does nothing with it: what the measures compare an import with. `parse FILE`

use anyhow::{Context, Result, ensure};
use calcard::icalendar::ICalendar;

fn main() -> Result<()> {
    let file = std::env::args_os().nth(1).context("parse FILE")?;
    let text = std::fs::read_to_string(file)?;
    let calendar = ICalendar::parse(&text).ok().context("that is no calendar")?;
    ensure!(!calendar.components.is_empty(), "that calendar is empty");
    Ok(())
}
