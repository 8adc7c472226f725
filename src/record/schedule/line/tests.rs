//! Lines as people type them, on Thursday, 26 November 2026, 10:47 in London.

use super::*;
use jiff::civil::date;
use jiff::tz::TimeZone;
use proptest::prelude::*;

fn at(text: &str) -> Zoned {
    format!("{text}[Europe/London]").parse().expect("a time")
}

fn read(text: &str) -> Result<Line, Unclear> {
    let now = at("2026-11-26T10:47");
    Line::read(text, &Given { now: &now, at: None, minutes: USUAL_MINUTES })
}

fn shown(text: &str) -> String {
    read(text).map_or_else(|unclear| format!("{:?}", unclear.why), |line| format!("{} | {line}", line.who.expose()))
}

/// The word that is not clear, and why.
fn unclear(text: &str) -> (Option<&str>, Why) {
    let unclear = read(text).expect_err("it is not clear");
    (unclear.word.map(|(_, range)| &text[range]), unclear.why)
}

#[test]
fn line_of_the_readme_is_a_series() {
    let line = read("ada tue 15:00 50m weekly x10").expect("it is clear");
    assert_eq!(line.who.expose(), "ada");
    assert_eq!((line.start.clone(), line.minutes), (at("2026-12-01T15:00"), 50));
    assert_eq!(line.repeat, Some(Repeat { every: crate::record::Every::Week, interval: 1, count: 10 }));
    assert_eq!(line.to_string(), "Tue 1 Dec 2026 15:00–15:50 · weekly ×10 (until 2 Feb 2027)");
}

#[test]
fn days_are_read_as_people_write_them() {
    for (text, day) in [
        ("today", "Thu 26 Nov 2026"),
        ("tomorrow", "Fri 27 Nov 2026"),
        ("yesterday", "Wed 25 Nov 2026"),
        ("thu", "Thu 26 Nov 2026"),
        ("fri", "Fri 27 Nov 2026"),
        ("Wednesday", "Wed 2 Dec 2026"),
        ("next fri", "Fri 4 Dec 2026"),
        ("next tue", "Tue 1 Dec 2026"),
        ("this fri", "Fri 27 Nov 2026"),
        ("26 nov", "Thu 26 Nov 2026"),
        ("25 nov", "Thu 25 Nov 2027"),
        ("nov 30", "Mon 30 Nov 2026"),
        ("1st march", "Mon 1 Mar 2027"),
        ("29 feb", "Tue 29 Feb 2028"),
        ("3 dec 2027", "Fri 3 Dec 2027"),
        ("26.11.", "Thu 26 Nov 2026"),
        ("26.11", "Thu 26 Nov 2026"),
        ("3.12.", "Thu 3 Dec 2026"),
        ("3.12.2027", "Fri 3 Dec 2027"),
        ("03.12.27", "Fri 3 Dec 2027"),
        ("2026-12-03", "Thu 3 Dec 2026"),
        ("26/12", "Sat 26 Dec 2026"),
        ("12/26", "Sat 26 Dec 2026"),
        ("12/12", "Sat 12 Dec 2026"),
        ("2026/12/11", "Fri 11 Dec 2026"),
        ("in 2 weeks", "Thu 10 Dec 2026"),
        ("in a month", "Sat 26 Dec 2026"),
        ("in 3 days", "Sun 29 Nov 2026"),
        ("next week", "Thu 3 Dec 2026"),
    ] {
        assert_eq!(shown(&format!("ada {text} 15:00")), format!("ada | {day} 15:00–15:50"), "{text}");
    }
}

#[test]
fn day_alone_is_a_day_and_nothing_else() {
    let now = at("2026-11-26T10:47");
    let day = |text: &str| read_day(text, &now, None).map(|date| date.to_string()).map_err(|unclear| unclear.why);
    assert_eq!(day("3 mar"), Ok("2027-03-03".to_owned()));
    assert_eq!(day(" in 2 weeks "), Ok("2026-12-10".to_owned()));
    assert_eq!(day("2025-01-02"), Ok("2025-01-02".to_owned()));
    assert_eq!(day("thu"), Ok("2026-11-26".to_owned()), "today counts");
    assert_eq!(day("11/12"), Err(Why::TwoDays));
    for wrong in ["", "ada", "3 mar 15:00", "32 mar"] {
        assert_eq!(day(wrong), Err(Why::NoSuchDay), "{wrong}");
    }
}

#[test]
fn day_of_the_week_is_today_only_while_its_time_is_to_come() {
    assert_eq!(shown("ada thu 10:47"), "ada | Thu 3 Dec 2026 10:47–11:37");
    assert_eq!(shown("ada thu 10:48"), "ada | Thu 26 Nov 2026 10:48–11:38");
    assert_eq!(shown("ada 9:00"), "ada | Fri 27 Nov 2026 09:00–09:50");
    assert_eq!(shown("ada 11:00"), "ada | Thu 26 Nov 2026 11:00–11:50");
}

#[test]
fn times_and_lengths_are_read_as_people_write_them() {
    for (text, times) in [
        ("15:00", "15:00–15:50"),
        ("15.30", "15:30–16:20"),
        ("9.00", "09:00–09:50"),
        ("15h", "15:00–15:50"),
        ("15h30", "15:30–16:20"),
        ("3pm", "15:00–15:50"),
        ("3 pm", "15:00–15:50"),
        ("3:30pm", "15:30–16:20"),
        ("12am", "00:00–00:50"),
        ("12pm", "12:00–12:50"),
        ("noon", "12:00–12:50"),
        ("at 15:00 for 25m", "15:00–15:25"),
        ("15:00 1h", "15:00–16:00"),
        ("15:00 1h30", "15:00–16:30"),
        ("15:00 90 min", "15:00–16:30"),
        ("15:00 2 hours", "15:00–17:00"),
        ("50m 9h", "09:00–09:50"),
        ("9h 2h", "09:00–11:00"),
        ("15:00-16:15", "15:00–16:15"),
        ("15:00, 25 minutes", "15:00–15:25"),
    ] {
        assert_eq!(shown(&format!("ada fri {text}")), format!("ada | Fri 27 Nov 2026 {times}"), "{text}");
    }
}

#[test]
fn series_are_read_as_people_write_them() {
    for (text, series) in [
        ("daily x5", "daily ×5 (until 1 Dec 2026)"),
        ("weekly", "weekly ×52 (a year, until 19 Nov 2027)"),
        ("monthly", "monthly ×12 (a year, until 27 Oct 2027)"),
        ("every 2 weeks 3x", "every 2 weeks ×3 (until 25 Dec 2026)"),
        ("biweekly", "every 2 weeks ×26 (a year, until 12 Nov 2027)"),
        ("every other week 4 times", "every 2 weeks ×4 (until 8 Jan 2027)"),
        ("weekly until 11 dec", "weekly ×3 (until 11 Dec 2026)"),
        ("weekly until 10 dec", "weekly ×2 (until 4 Dec 2026)"),
        ("daily until sun", "daily ×3 (until 29 Nov 2026)"),
        ("weekly until 2 feb", "weekly ×10 (until 29 Jan 2027)"),
    ] {
        let wanted = format!("ada | Fri 27 Nov 2026 15:00–15:50 · {series}");
        assert_eq!(shown(&format!("ada fri 15:00 {text}")), wanted, "{text}");
    }
    assert_eq!(shown("ada every fri 15h x2"), "ada | Fri 27 Nov 2026 15:00–15:50 · weekly ×2 (until 4 Dec 2026)");
    assert_eq!(shown("ada fri 15h weekly x1"), "ada | Fri 27 Nov 2026 15:00–15:50");
}

#[test]
fn names_have_as_many_words_as_they_have() {
    assert_eq!(shown("Ada Byron tue 15h in person"), "Ada Byron | Tue 1 Dec 2026 15:00–15:50 · in person");
    assert_eq!(shown("山田 陽子 fri 9:00 room"), "山田 陽子 | Fri 27 Nov 2026 09:00–09:50 · in person");
    assert_eq!(shown("April Jones fri 9:00 video"), "April Jones | Fri 27 Nov 2026 09:00–09:50");
    assert_eq!(shown("Sun Li fri 9:00"), "Sun Li | Fri 27 Nov 2026 09:00–09:50");
    assert_eq!(shown("  \"Jo Sun\" on fri at 9:00"), "Jo Sun | Fri 27 Nov 2026 09:00–09:50");
    assert_eq!(unclear("Jo Sun fri 9:00"), (Some("fri"), Why::Twice("days")));
}

#[test]
fn what_can_be_read_in_two_ways_is_refused() {
    assert_eq!(unclear("ada 11/12 15:00"), (Some("11/12"), Why::TwoDays));
    assert_eq!(unclear("ada 11/12/2026 15:00"), (Some("11/12/2026"), Why::TwoDays));
    assert_eq!(unclear("ada fri 12.11"), (Some("12.11"), Why::TimeOrDay));
}

#[test]
fn what_is_wrong_says_which_word() {
    for (text, word, why) in [
        ("", None, Why::NoName),
        ("15:00 ada", Some("15:00"), Why::NoName),
        ("ada", None, Why::NoWhen),
        ("ada tue", None, Why::NoTime),
        ("ada tue 1h", None, Why::NoTime),
        ("ada tue 15:00 shortly", Some("shortly"), Why::Unknown),
        ("ada tue 15:00 x10", Some("x10"), Why::HowOften),
        ("ada tue 15:00 until fri", Some("until"), Why::HowOften),
        ("ada tue 15:00 daily", Some("daily"), Why::HowMany),
        ("ada tue 15:00 weekly x201", Some("x201"), Why::Count),
        ("ada tue 15:00 weekly x0", Some("x0"), Why::Count),
        ("ada tue 15:00 weekly until 2040-01-01", Some("until"), Why::Count),
        ("ada tue 15:00 weekly until today", None, Why::UntilBefore),
        ("ada tue 25:00", Some("25:00"), Why::NoSuchTime),
        ("ada tue 13pm", Some("13pm"), Why::NoSuchTime),
        ("ada 31 feb 15:00", Some("31"), Why::NoSuchDay),
        ("ada 2026-02-30 15:00", Some("2026-02-30"), Why::NoSuchDay),
        ("ada tue 15:00 1441m", Some("1441m"), Why::Length),
        ("ada tue 15:00 0m", Some("0m"), Why::Length),
        ("ada tue 15:00 16:00", Some("16:00"), Why::Twice("times")),
        ("ada 2027-03-28 1:30", Some("1:30"), Why::Skipped),
        ("\"ada tue 15:00", None, Why::Quote),
    ] {
        let (at, reason) = unclear(text);
        assert_eq!(reason, why, "{text}");
        if word.is_some() {
            assert_eq!(at, word, "{text}");
        }
    }
    assert_eq!(read(&"a ".repeat(400)).expect_err("it is long").why, Why::TooLong);
    assert_eq!(read(&"a".repeat(2000)).expect_err("it is long").why, Why::TooLong);
}

#[test]
fn cursor_stands_in_for_what_is_not_said() {
    let (now, cursor) = (at("2026-11-26T10:47"), at("2026-12-03T14:15"));
    let given = Given { now: &now, at: Some(&cursor), minutes: 25 };
    let shown = |text| Line::read(text, &given).map_or_else(|unclear| unclear.to_string(), |line| line.to_string());
    assert_eq!(shown("ada"), "Thu 3 Dec 2026 14:15–14:40");
    assert_eq!(shown("ada 16h"), "Thu 3 Dec 2026 16:00–16:25");
    assert_eq!(shown("ada fri"), "Fri 27 Nov 2026 14:15–14:40");
    assert_eq!(shown("ada 1h weekly x2"), "Thu 3 Dec 2026 14:15–15:15 · weekly ×2 (until 10 Dec 2026)");
}

#[test]
fn series_keeps_its_hour_over_the_clocks_change() {
    let line = read("ada 2027-03-26 09:00 weekly x2").expect("it is clear");
    assert_eq!(line.last(), (2, at("2027-04-02T09:00")));
}

#[test]
fn unclear_word_is_not_in_the_message() {
    let unclear = read("ada tue 15:00 secret").expect_err("it is not clear");
    assert!(!format!("{unclear} {unclear:?} {}", unclear.hint()).contains("secret"));
    assert_eq!(unclear.word.map(|(nth, _)| nth), Some(4));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        let _ = read(&text);
    }

    #[test]
    fn any_words_of_a_line_are_read_or_refused(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "ada", "\"", "next", "in", "2", "weeks", "tue", "26.", "nov", "0", "99999", "31/12", "9999-12-31", "24:00",
                "15h", "1h30", "12.", "until", "every", "x200", "daily", "weekly", "monthly", "12am", "at", "29.2.", "-",
                "00:00-23:59", "999999999h", "65535", "months", "一", "2026-11-26", "é", ",", "x", "each",
            ]),
            0..12,
        ),
        day in 0i64..100_000,
    ) {
        let zone = TimeZone::get("Europe/London").expect("known");
        let day = date(1900, 1, 1).checked_add(jiff::Span::new().days(day)).expect("in range");
        let now = day.to_zoned(zone).expect("in range");
        let text = words.join(" ");
        for given in [Given { now: &now, at: None, minutes: 50 }, Given { now: &now, at: Some(&now), minutes: 50 }] {
            if let Ok(line) = Line::read(&text, &given) {
                let (count, last) = line.last();
                prop_assert!((1..=200).contains(&count) && last >= line.start && (1..=1440).contains(&line.minutes));
                prop_assert!(!line.to_string().is_empty());
            }
        }
    }
}
