//! The console under real hands: a terminal of its own, keys that are typed, a screen that is read.

use crate::harness::guard::until;
use crate::harness::terminal::Terminal;
use crate::story::programs::{PASSPHRASE, PATIENCE, Practice};

fn locked_practice() -> Practice {
    let practice = Practice::nowhere();
    practice.ok(&["init", "--clinician", "Dr. Okafor", "--addresses", "direct", "--work-factor", "10"]);
    practice.ok(&["patient", "add", "--name", "Ada Byron"]);
    practice.ok(&["appointment", "add", "ada", "today 23:30", "--minutes", "20"]);
    practice.ok(&["lock"]);
    practice
}

#[test]
fn locked_console_names_nobody_until_the_passphrase_is_right() {
    let practice = locked_practice();
    let terminal = Terminal::open(&mut practice.console());
    terminal.shows("assphrase");
    assert!(!terminal.screen().contains("Ada"), "{}", terminal.screen());
    terminal.write("not this one, surely");
    terminal.press("Enter");
    terminal.shows("wrong passphrase");
    assert!(!terminal.screen().contains("Ada"), "{}", terminal.screen());
    until("the delay is over and the right one opens", PATIENCE, || {
        terminal.write(PASSPHRASE);
        terminal.press("Enter");
        std::thread::sleep(std::time::Duration::from_millis(300));
        terminal.screen().contains("Today").then_some(())
    });
    terminal.shows("Ada Byron");
    let title = terminal.ask("#{pane_title}");
    assert!(!title.contains("Ada"), "{title}");
}

#[test]
fn note_written_in_the_console_is_kept_and_found() {
    let practice = locked_practice();
    let terminal = Terminal::open(&mut practice.console());
    terminal.unlock(PASSPHRASE);
    terminal.shows("Ada Byron");
    terminal.press("n");
    terminal.shows("S:");
    terminal.write("The heron stood still.");
    terminal.shows("saved");
    practice.until_lines("the draft is kept", &["note", "search", "heron"], |notes| notes.len() == 1);
}

#[test]
fn console_survives_an_agent_that_was_killed() {
    let practice = locked_practice();
    let terminal = Terminal::open(&mut practice.console());
    terminal.unlock(PASSPHRASE);
    practice.kill_agent();
    terminal.shows("assphrase");
    terminal.unlock(PASSPHRASE);
    terminal.shows("Ada Byron");
}
