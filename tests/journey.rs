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
        // Behind the door the same keys would be commands.
        if terminal.screen().contains("assphrase") {
            terminal.write(PASSPHRASE);
            terminal.press("Enter");
        }
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

/// When Ada's appointments begin, on the clock.
fn starts(practice: &Practice) -> Vec<String> {
    let all = practice.lines(&["appointment", "list", "--days", "40"]);
    let of_ada = all.iter().filter(|entry| entry["name"] == "Ada Byron" && entry["status"] == "booked");
    of_ada.map(|entry| entry["start"].as_str().unwrap().get(11..16).unwrap().to_owned()).collect()
}

fn until_starts(practice: &Practice, clock: &str) {
    until("the appointments are there", PATIENCE, || (starts(practice) == [clock; 3]).then_some(()));
}

const FEED: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//clinic//EN\r\nBEGIN:VEVENT\r\nUID:1\r\n\
    DTSTAMP:20260101T000000Z\r\nDTSTART:20990105T090000Z\r\nDTEND:20990105T095000Z\r\nSUMMARY:Rosalind Franklin\r\n\
    END:VEVENT\r\nEND:VCALENDAR\r\n";

#[test]
fn series_is_typed_moved_and_taken_back_and_a_name_from_a_feed_finds_its_patient() {
    let practice = Practice::nowhere();
    practice.ok(&["init", "--clinician", "Dr. Okafor", "--addresses", "direct", "--work-factor", "10"]);
    practice.ok(&["patient", "add", "--name", "Ada Byron"]);
    let feed = practice.file("feed.ics");
    std::fs::write(&feed, FEED).unwrap();
    practice.ok(&["appointment", "import", feed.to_str().unwrap()]);
    let terminal = Terminal::open(&mut practice.console());
    terminal.shows("“Rosalind Franklin” from a feed fits no patient");
    terminal.press("5");
    terminal.shows("Schedule");
    terminal.press("a");
    terminal.shows("New appointment");
    terminal.write("ada tomorrow 15:00 weekly x3");
    terminal.shows("weekly ×3 (until");
    terminal.press("Enter");
    terminal.shows("3 appointments, until");
    until_starts(&practice, "15:00");

    terminal.press("Space");
    terminal.press("Down");
    terminal.shows("15:15–16:05");
    terminal.press("Enter");
    terminal.shows("this one and all behind it");
    // What is typed before the question could have been read counts for nothing.
    until("the second answer is chosen", PATIENCE, || {
        terminal.press("Down");
        terminal.screen().contains("▸ this one and all behind it").then_some(())
    });
    terminal.press("Enter");
    until_starts(&practice, "15:15");
    terminal.press("u");
    terminal.shows("taken back");
    until_starts(&practice, "15:00");

    terminal.press("w");
    terminal.shows("Names from feeds that fit no patient");
    terminal.press("P");
    terminal.answer("Add Rosalind Franklin as a patient?");
    terminal.shows("Every name has its patient.");
    let names: Vec<_> = practice.lines(&["patient", "list"]).iter().map(|entry| entry["name"].to_string()).collect();
    assert_eq!(names, ["\"Ada Byron\"", "\"Rosalind Franklin\""]);
    assert!(practice.lines(&["appointment", "unmatched"]).is_empty());
}

#[test]
fn line_on_the_command_line_books_or_says_which_word_is_not_clear() {
    let practice = Practice::nowhere();
    practice.ok(&["init", "--clinician", "Dr. Okafor", "--addresses", "direct", "--work-factor", "10"]);
    practice.ok(&["patient", "add", "--name", "Ada Byron"]);
    let made = practice.lines(&["appointment", "add", "ada tomorrow 15:00 25m weekly x3 in person"]);
    assert_eq!(made.len(), 3);
    assert!(made.iter().all(|entry| entry["kind"] == "in_person" && entry["series"] == made[0]["series"]));
    let said = practice.fails(2, &["appointment", "add", "ada tue 15:00 shortly"]);
    assert!(said.contains("word 4") && said.contains("hint: write a day") && !said.contains("shortly"), "{said}");
    let said = practice.fails(2, &["appointment", "add", "ada 11/12 15:00"]);
    assert!(said.contains("two days") && said.contains("2026-12-11"), "{said}");
    // What a line says itself cannot be said beside it.
    let beside = practice.run(&["appointment", "add", "ada tue 15:00", "--minutes", "25"]);
    assert_eq!(beside.status.code(), Some(2));
}
