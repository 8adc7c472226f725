use super::{Column, DateOrder, Delimiter, Layout};
use crate::base::Stamp;
use crate::feed::{self, APPOINTMENTS_MAX, Feed, FeedError, Flaw, Omission, Reading, Scope};
use crate::record::{AppointmentKind, AppointmentStatus, Imported};
use jiff::tz::TimeZone;
use proptest::prelude::*;

fn here(table: Layout) -> Reading {
    Reading { table, ..Reading::new(TimeZone::get("Europe/Berlin").unwrap(), Stamp(1_767_614_400_000)) }
}

fn read(text: &str) -> Result<Feed, FeedError> {
    feed::read(text.as_bytes(), &here(Layout::default()))
}

/// A map of one's own.
fn layout(columns: &[(Column, &str)]) -> Layout {
    let columns = columns.iter().map(|(column, name)| (*column, (*name).to_owned())).collect();
    Layout { columns, ..Layout::default() }
}

/// Start and end of each appointment, and what it is called.
fn told(feed: &Feed) -> Vec<String> {
    let told = |entry: &Imported| {
        format!("{} {} {}", entry.start.datetime(), entry.end.datetime().time(), entry.subject.expose())
    };
    feed.entries.iter().map(told).collect()
}

/// The start that a cell means, in a table whose dates stand in that order.
fn start(cell: &str, dates: Option<DateOrder>) -> Option<String> {
    let text = format!("subject\tstart\nAda\t{cell}\n");
    let read = feed::read(text.as_bytes(), &here(Layout { dates, ..Layout::default() })).ok()?;
    Some(read.entries.first()?.start.datetime().to_string())
}

fn broken(feed: &Feed) -> Vec<(usize, Flaw)> {
    feed.broken.iter().map(|broken| (broken.line, broken.flaw)).collect()
}

fn skipped(feed: &Feed) -> Vec<(usize, Omission)> {
    feed.skipped.iter().map(|skipped| (skipped.line, skipped.reason)).collect()
}

#[test]
fn google_and_outlook_tables_are_known() {
    let google = read(
        "Subject,Start date,Start time,End date,End time,All Day Event,Description,Location,Private\n\
         Ada Byron,11/26/2026,10:00 AM,11/26/2026,10:50 AM,False,,Room 4,True\n\
         Holiday,12/25/2026,,12/25/2026,,True,,,False\n",
    )
    .unwrap();
    assert_eq!(told(&google), ["2026-11-26T10:00:00 10:50:00 Ada Byron"]);
    assert_eq!(google.entries[0].kind, AppointmentKind::InPerson);
    assert_eq!(skipped(&google), [(3, Omission::AllDay)]);
    assert_eq!(google.scope, Scope::Part);
    let outlook = read(
        "\"Subject\",\"Start Date\",\"Start Time\",\"End Date\",\"End Time\",\"All day event\",\"Reminder on/off\",\
         \"Reminder Date\",\"Location\",\"Private\",\"Show time as\"\r\n\
         \"Ada Byron\",\"3/14/2026\",\"3:00:00 PM\",\"3/14/2026\",\"3:50:00 PM\",\"False\",\"True\",\
         \"3/14/2026\",\"https://zoom.us/j/1\",\"False\",\"2\"\r\n",
    )
    .unwrap();
    assert_eq!(told(&outlook), ["2026-03-14T15:00:00 15:50:00 Ada Byron"]);
    assert_eq!(outlook.entries[0].kind, AppointmentKind::Visit);
    assert_eq!(outlook.name, google.name);
}

#[test]
fn german_outlook_table_is_known_with_its_semicolons_and_letters() {
    let text = "\"Betreff\";\"Beginnt am\";\"Beginnt um\";\"Endet am\";\"Endet um\";\"Ganztägiges Ereignis\";\
        \"Erinnerung Ein/Aus\";\"Ort\";\"Privat\"\r\n\
        \"Jörg Müller\";\"1.12.2026\";\"09:00:00\";\"1.12.2026\";\"09:50:00\";\"Aus\";\"Aus\";\"\";\"Ein\"\r\n\
        \"Urlaub\";\"2.12.2026\";\"00:00:00\";\"3.12.2026\";\"00:00:00\";\"Ein\";\"Aus\";\"\";\"Aus\"\r\n";
    let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(text);
    let feed = feed::read(&latin, &here(Layout::default())).unwrap();
    assert_eq!(told(&feed), ["2026-12-01T09:00:00 09:50:00 Jörg Müller"]);
    assert_eq!(skipped(&feed), [(3, Omission::AllDay)]);
}

#[test]
fn acuity_table_is_known() {
    let feed = read(
        "\"Start Time\",\"End Time\",\"Timezone\",\"First Name\",\"Last Name\",\"Phone\",\"Email\",\"Type\",\"Calendar\",\"Date Scheduled\"\n\
         \"November 26, 2026 3:00 pm\",\"November 26, 2026 3:50 pm\",\"America/New_York\",\"Ada\",\"Byron\",\"'+44 20\",\"a@example.org\",\"In person\",\"Dr. Zed\",\"2026-11-01\"\n\
         \"November 27, 2026 9:00 am\",\"November 27, 2026 9:50 am\",,\"Emma\",,,,\"Telehealth\",\"Dr. Zed\",\"2026-11-01\"\n",
    )
    .unwrap();
    assert_eq!(told(&feed), ["2026-11-26T15:00:00 15:50:00 Ada Byron", "2026-11-27T09:00:00 09:50:00 Emma"]);
    assert_eq!(feed.entries[0].start.to_string(), "2026-11-26T15:00:00-05:00[America/New_York]");
    assert_eq!(feed.entries[1].start.time_zone().iana_name(), Some("Europe/Berlin"));
    assert_eq!(feed.entries[0].kind, AppointmentKind::InPerson);
    assert_eq!(feed.entries[1].kind, AppointmentKind::Visit);
    assert_eq!(feed.name.unwrap().expose(), "Acuity");
}

#[test]
fn bestnotes_table_is_known_with_the_numbers_of_its_patients() {
    let feed = read(
        "APPTTYPE\tAPPTSTART\tAPPTEND\tDURATION\tPROVIDER\tALTID\tSUBJECT\tNOTES\tPRIVATE\n\
         7\t11/26/2026 14:00\t\t50\tzed\t00123\tIntake\tone#BNCR#two\t1\n\
         7\t11/27/2026 2:00 PM\t11/27/2026 2:30 PM\t\tzed\t00124\t\t\t\n",
    )
    .unwrap();
    assert_eq!(told(&feed), ["2026-11-26T14:00:00 14:50:00 Intake", "2026-11-27T14:00:00 14:30:00 "]);
    let number = &feed.entries[0].identifiers[0];
    assert_eq!((number.system.expose().as_str(), number.value.expose().as_str()), ("ALTID", "00123"));
}

#[test]
fn status_and_rule_beside_a_known_table_are_read() {
    let google = |more: &str, cells: &str| {
        read(&format!("Subject,Start Date,Start Time,{more}\nAda,2026-01-12,09:00,{cells}\n")).unwrap()
    };
    for status in
        ["Cancelled", "canceled by client", "Clinician Canceled", "Late Cancellation", "Patient cancelled late"]
    {
        assert_eq!(google("Status", status).entries[0].status, AppointmentStatus::Cancelled, "{status}");
    }
    for status in ["not cancelled", "Non-cancelled", "Late cancel fee waived", "Cleared - cancellation policy sent"] {
        assert_eq!(google("Status", status).skipped[0].reason, Omission::UnknownStatus, "{status}");
    }
    for (said, status) in [("yes", AppointmentStatus::Cancelled), ("no", AppointmentStatus::Booked)] {
        assert_eq!(google("Canceled", said).entries[0].status, status);
    }
    for said in ["2026-01-10", "t", "Canceled by client"] {
        assert_eq!(google("Canceled", said).entries[0].status, AppointmentStatus::Cancelled, "{said}");
    }
    for said in ["f", "NULL", "N/A", "", "-", "0000-00-00"] {
        let feed = google("Canceled", said);
        assert_eq!((feed.entries[0].status, feed.skipped.len()), (AppointmentStatus::Booked, 0), "{said}");
    }
    for said in ["Not cancelled", "perhaps"] {
        assert_eq!(google("Canceled", said).skipped[0].reason, Omission::UnknownStatus, "{said}");
    }
    assert_eq!(google("Status,status", "Cancelled,paid").entries[0].status, AppointmentStatus::Booked, "of which?");
    assert_eq!(google("Recurrence", "Weekly").skipped[0].reason, Omission::RuleUnread);
    assert_eq!(google("Recurrence", "None").skipped, []);
    let acuity = "Start Time,End Time,First Name,Last Name,Canceled\n2026-01-12 09:00,2026-01-12 09:50,Ada,Byron,yes\n";
    assert_eq!(read(acuity).unwrap().entries[0].status, AppointmentStatus::Cancelled);
}

#[test]
fn any_other_table_is_read_by_a_map() {
    let map = layout(&[
        (Column::Uid, "uid"),
        (Column::Start, "start"),
        (Column::Minutes, "minutes"),
        (Column::Zone, "tz"),
        (Column::AllDay, "allday"),
        (Column::Subject, "summary"),
        (Column::Place, "location"),
    ]);
    let text = "uid,start,minutes,tz,allday,rrule,summary,location,description,category\r\n\
        a@bench,2027-06-24T09:30:00,30,UTC,0,,Costa Adler: wound,Room 84,x,WARD\r\n\
        b@bench,2027-01-18T13:45:00,120,Asia/Tokyo,0,FREQ=WEEKLY;COUNT=8,Ito,Room 2,x,CALL\r\n\
        c@bench,2027-01-18T13:45:00,120,Asia/Tokyo,1,,Ito,Room 2,x,CALL\r\n";
    let feed = feed::read(text.as_bytes(), &here(map)).unwrap();
    assert_eq!(
        told(&feed),
        ["2027-01-18T13:45:00 15:45:00 Ito", "2027-06-24T11:30:00 12:00:00 Costa Adler: wound"],
        "a time in UTC is shown in the practice's zone"
    );
    assert_eq!(feed.entries[0].uid.expose(), "b@bench");
    assert_eq!(feed.entries[0].start.time_zone().iana_name(), Some("Asia/Tokyo"));
    assert_eq!(skipped(&feed), [(3, Omission::RuleUnread), (4, Omission::AllDay)]);
    assert!(matches!(read(text), Err(FeedError::UnknownTable)));
    let wrong = layout(&[(Column::Start, "start"), (Column::Status, "state")]);
    assert_eq!(feed::read(text.as_bytes(), &here(wrong)).unwrap_err(), FeedError::NoColumn { column: Column::Status });
}

#[test]
fn table_that_bedside_writes_is_read() {
    let feed = read(
        "id,patient,name,subject,start,end,zone,kind,status\r\n\
         x,y,Ada Byron,Ada,2026-11-26T15:00:00+01:00,2026-11-26T15:50:00+01:00,Europe/Berlin,in_person,fulfilled\r\n",
    )
    .unwrap();
    assert_eq!(told(&feed), ["2026-11-26T15:00:00 15:50:00 Ada"]);
    assert_eq!(feed.entries[0].status, AppointmentStatus::Fulfilled);
    assert_eq!(feed.entries[0].kind, AppointmentKind::InPerson);
}

#[test]
fn formulas_that_bedside_made_texts_are_read_as_they_were() {
    let subject = "=1+1; -x";
    let cell = feed::table::guard(subject);
    assert_eq!(cell, "'=1+1;' -x");
    let row = |head: &str| format!("{head},start\n\"{cell}\",2026-11-26T15:00:00+01:00\n");
    assert_eq!(read(&row("subject")).unwrap().entries[0].subject.expose(), subject);
    // Another system's are what it wrote.
    let other =
        read(&row("Subject,Start Date,Start Time").replace(",start\n", "\n").replace("T15:00:00+01:00", ",15:00"));
    assert_eq!(other.unwrap().entries[0].subject.expose(), &cell);
}

#[test]
fn every_encoding_is_told_by_its_content() {
    let text = "subject;start\r\nZoë Müller 陽子;2026-11-26 15:00\r\n";
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [
        text.as_bytes().to_vec(),
        [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        [b"\xff\xfe", little.as_slice()].concat(),
        [b"\xfe\xff", big.as_slice()].concat(),
        little.clone(),
        big,
    ] {
        let feed = feed::read(&bytes, &here(Layout::default())).unwrap();
        assert_eq!(told(&feed), ["2026-11-26T15:00:00 15:00:00 Zoë Müller 陽子"], "{:x?}", &bytes[..4]);
    }
    let windows = b"subject;start\r\nZo\xeb \x8aimek \x80;2026-11-26 15:00\r\n";
    let feed = feed::read(windows, &here(Layout::default())).unwrap();
    assert_eq!(told(&feed), ["2026-11-26T15:00:00 15:00:00 Zoë Šimek €"]);
    // A byte that Windows-1252 has no letter for, and half a letter of UTF-16.
    let other = b"subject;start\nAda;2026-11-26 15:00\nFran\x8doise;2026-11-26 16:00\n";
    assert_eq!(feed::read(other, &here(Layout::default())).unwrap_err(), Flaw::NotLetters.at(3));
    let half = &little[..little.len() - 3];
    assert_eq!(feed::read(half, &here(Layout::default())).unwrap_err(), Flaw::NotLetters.at(2));
}

#[test]
fn delimiter_is_told_by_the_content_or_by_excels_first_line() {
    for text in [
        "subject,start\nAda,2026-11-26 15:00\n",
        "subject;start\nAda;2026-11-26 15:00\n",
        "subject\tstart\nAda\t2026-11-26 15:00\n",
        "sep=|\nsubject|start\nAda|2026-11-26 15:00\n",
        "\"sep=;\"\r\nsubject;start\r\nAda;2026-11-26 15:00\r\n",
        "sep=\t\r\n\r\nsubject\tstart\r\nAda\t2026-11-26 15:00",
        "subject,start\rAda,2026-11-26 15:00\r",
    ] {
        assert_eq!(told(&read(text).unwrap()), ["2026-11-26T15:00:00 15:00:00 Ada"], "{text:?}");
    }
    let bar = Layout { delimiter: Some(Delimiter::Bar), ..Layout::default() };
    let feed = feed::read(b"subject|start\nAda|2026-11-26 15:00\n", &here(bar)).unwrap();
    assert_eq!(feed.entries.len(), 1);
}

#[test]
fn days_and_times_are_read_as_people_and_programs_write_them() {
    for cell in [
        "2026-11-26T15:00:00",
        "2026-11-26 15:00",
        "2026-11-26 3:00 PM",
        "2026-11-26T15:00:00.000",
        "2026-11-26T14:00:00Z",
        "2026-11-26T09:00:00-05:00",
        "20261126T150000",
        "2026/11/26 15:00",
        "26.11.2026 15:00",
        "26.11.26 15:00:00",
        "Do. 26.11.2026, 15:00 Uhr",
        "11/26/2026 3:00 PM",
        "11/26/26 3:00:00 p.m.",
        "26/11/2026 15:00",
        "26-11-2026 3pm",
        "26-Nov-2026 15:00",
        "26-Nov-26 15:00",
        "November 26, 2026 3:00 pm",
        "Thursday, November 26, 2026 at 3:00\u{202f}PM",
        "Nov 26th, 2026 03:00pm",
        "26 November 2026 3 PM",
        "15:00 26. Nov. 2026",
    ] {
        // What would be two numbers in a row stays one cell.
        assert_eq!(start(cell, None).as_deref(), Some("2026-11-26T15:00:00"), "{cell}");
    }
    for (cell, hour) in [("12:05 AM", 0), ("12:05 PM", 12), ("1:05 am", 1), ("11:05 pm", 23)] {
        let at = start(&format!("2026-11-26 {cell}"), None);
        assert_eq!(at, Some(format!("2026-11-26T{hour:02}:05:00")), "{cell}");
    }
}

#[test]
fn what_is_no_moment_is_told_as_broken() {
    for cell in [
        "26-11-12 15:00",
        "2026-11-26 25:00",
        "2026-11-26 15:00 PM",
        "2026-11-26 0:30 am",
        "2026-11-31 15:00",
        "31.04.2026 15:00",
        "13/13/2026 15:00",
        "26.11. 15:00",
        "46352.625",
        "2026-11-26 15:00 15:30",
        "26.11.2026 27.11.2026 15:00",
        "November 2026 15:00",
        "26 November 2026 3",
        "15:00",
        "tomorrow 15:00",
        "2026-11-26 15:00 EST",
        "2026-11-26T15:00[Europe/Berlin]",
        "99999999999999999999",
        "½",
    ] {
        let feed = read(&format!("subject\tstart\nAda\t{cell}\n")).unwrap();
        let expected =
            if cell == "15:00" { (vec![], vec![(2, Omission::NoTime)]) } else { (vec![(2, Flaw::BadTime)], vec![]) };
        assert_eq!((broken(&feed), skipped(&feed)), expected, "{cell}");
        assert!(feed.entries.is_empty());
    }
}

#[test]
fn one_date_that_decides_tells_the_order_of_the_whole_file() {
    let month = "subject,start\nAda,11/12/2026 15:00\nBob,11/26/2026 15:00\nCy,1/2/2026 15:00\n";
    let starts =
        ["2026-01-02T15:00:00 15:00:00 Cy", "2026-11-12T15:00:00 15:00:00 Ada", "2026-11-26T15:00:00 15:00:00 Bob"];
    assert_eq!(told(&read(month).unwrap()), starts);
    let day = "subject,start\nAda,12/11/2026 15:00\nBob,26/11/2026 15:00\nCy,2/1/2026 15:00\n";
    assert_eq!(told(&read(day).unwrap()), starts);
    // The day of what is left out tells it as well.
    let holiday = "Subject,Start Date,Start Time\nAda,11/12/2026,15:00\nChristmas,12/25/2026,\n";
    assert_eq!(told(&read(holiday).unwrap()), ["2026-11-12T15:00:00 15:00:00 Ada"]);
}

#[test]
fn ambiguous_dates_are_asked_about_and_never_guessed() {
    let text = "subject,start\nEve,10/10/2026 15:00\nAda,11/12/2026 15:00\nBob,1/2/2026 15:00\n";
    assert_eq!(read(text).unwrap_err(), FeedError::AmbiguousDates { line: 3 });
    let given =
        |text: &str, dates| feed::read(text.as_bytes(), &here(Layout { dates: Some(dates), ..Layout::default() }));
    assert_eq!(told(&given(text, DateOrder::DayFirst).unwrap())[2], "2026-12-11T15:00:00 15:00:00 Ada");
    assert_eq!(told(&given(text, DateOrder::MonthFirst).unwrap())[2], "2026-11-12T15:00:00 15:00:00 Ada");
    // The same day in both orders, and a form that says it itself, need no order.
    assert_eq!(read("subject,start\nEve,10/10/2026 15:00\nAda,11.12.2026 15:00\n").unwrap().entries.len(), 2);
    // Two dates that contradict each other tell nothing of the third.
    let both = "subject,start\nAda,11/12/2026 15:00\nBob,26/11/2026 15:00\nCy,11/26/2026 15:00\n";
    assert_eq!(read(both).unwrap_err(), FeedError::AmbiguousDates { line: 4 });
    let feed = given(both, DateOrder::DayFirst).unwrap();
    assert_eq!(broken(&feed), [(4, Flaw::BadTime)]);
    assert_eq!(feed.entries.len(), 2);
}

#[test]
fn year_of_two_digits_is_not_taken_for_a_day_nor_a_day_for_it() {
    let one = |cell: &str| read(&format!("subject,start\nAda,{cell} 15:00\n"));
    let given =
        |text: &str, dates| feed::read(text.as_bytes(), &here(Layout { dates: Some(dates), ..Layout::default() }));
    // The year first, or the day; and it teaches the others nothing.
    for cell in ["26/12/10", "25/12/26", "05/05/07", "5/11/26"] {
        assert_eq!(one(cell).unwrap_err(), FeedError::AmbiguousDates { line: 2 }, "{cell}");
    }
    let both = "subject,start\nAda,26/12/10 15:00\nBob,2/1/2026 15:00\n";
    assert_eq!(read(both).unwrap_err(), FeedError::AmbiguousDates { line: 2 });
    assert_eq!(
        told(&given(both, DateOrder::DayFirst).unwrap()),
        ["2010-12-26T15:00:00 15:00:00 Ada", "2026-01-02T15:00:00 15:00:00 Bob"]
    );
    // What can be one thing only.
    for (cell, day) in [("12/25/26", "2026-12-25"), ("25/12/32", "2032-12-25"), ("25/12/2026", "2026-12-25")] {
        assert_eq!(told(&one(cell).unwrap()), [format!("{day}T15:00:00 15:00:00 Ada")], "{cell}");
    }
    let american = "subject,start\nAda,12/25/26 15:00\nBob,1/2/26 15:00\n";
    assert_eq!(told(&read(american).unwrap())[0], "2026-01-02T15:00:00 15:00:00 Bob");
}

#[test]
fn rows_are_told_by_the_line_where_they_begin() {
    let feed = read(
        "\u{feff}\r\nsubject,start,place\r\n\"Ada\r\nByron\",2026-11-26 15:00,\"one\r\ntwo \"\"three\"\"\"\r\n\r\n\r\n\
         Bob,nonsense,\r\n,,\r\n  \r\nCy,2026-11-26 16:00,\"a,\nb\"\r\nDee,nonsense,",
    )
    .unwrap();
    assert_eq!(told(&feed), ["2026-11-26T15:00:00 15:00:00 Ada  Byron", "2026-11-26T16:00:00 16:00:00 Cy"]);
    assert_eq!(broken(&feed), [(8, Flaw::BadTime), (13, Flaw::BadTime)]);
}

#[test]
fn forgotten_quotation_mark_and_comma_are_broken_and_swallow_nothing_in_silence() {
    let feed = read("subject,start,place\n\"Ada,2026-11-26 15:00,\nBob,2026-11-26 16:00,\"x\"\nCy,2026-11-26 17:00,\n")
        .unwrap();
    assert_eq!(broken(&feed), [(2, Flaw::StrayQuote)]);
    assert_eq!(told(&feed), ["2026-11-26T17:00:00 17:00:00 Cy"]);
    let feed =
        read("subject,start,place\nAda,2026-11-26 15:00,\"x\nBob,2026-11-26 16:00,\nCy,2026-11-26 17:00,\n").unwrap();
    assert_eq!(broken(&feed), [(2, Flaw::CutOff)]);
    let feed =
        read("subject,start,place\nByron, Ada,2026-11-26 15:00,Room 1\nBob,2026-11-26 16:00\nCy,2026-11-26 17:00,,,\n")
            .unwrap();
    assert_eq!(broken(&feed), [(2, Flaw::ExtraCells)]);
    assert_eq!(feed.entries.len(), 2);
    let feed =
        read("subject,start\n5\" wound,2026-11-26 15:00\n\"a \"\"b\"\"\",2026-11-26 16:00\n\"\",2026-11-26 17:00\n")
            .unwrap();
    assert_eq!(told(&feed)[..2], ["2026-11-26T15:00:00 15:00:00 5\" wound", "2026-11-26T16:00:00 16:00:00 a \"b\""]);
    assert_eq!(feed.entries.len(), 3);
}

#[test]
fn same_file_gives_the_same_keys_and_equal_rows_are_one_appointment() {
    let text = "subject,start,type,status\nAda,2026-11-26 15:00,a,\nBob,2026-11-26 15:00,a,\nAda,2026-11-26 15:00,a,\nAda,2026-11-26 15:00,b,\n";
    let (once, twice) = (read(text).unwrap(), read(text).unwrap());
    assert_eq!(once.entries, twice.entries);
    assert_eq!(once.entries.len(), 3);
    assert_eq!(skipped(&once), [(4, Omission::Twice)]);
    // Of two rows with one UID the one that is not cancelled stands; of two others nobody knows.
    let feed = read(
        "uid,subject,start,status\n1,Ada,2026-11-26 15:00,cancelled\n1,Ada,2026-11-27 15:00,\n\
         2,Bob,2026-11-26 15:00,\n2,Bob,2026-11-28 15:00,\n3,Cy,2026-11-26 15:00,\n3,Cy,2026-11-26 16:00,Canceled by client\n",
    )
    .unwrap();
    assert_eq!(
        told(&feed),
        ["2026-11-26T15:00:00 15:00:00 Bob", "2026-11-26T15:00:00 15:00:00 Cy", "2026-11-27T15:00:00 15:00:00 Ada"]
    );
    assert_eq!(skipped(&feed), [(2, Omission::Outdated), (7, Omission::Outdated)]);
    assert_eq!(broken(&feed), [(5, Flaw::Contradicts)]);
    // Two patients without a name at the same hour are two appointments.
    let feed = read("APPTSTART,CID,SUBJECT\n2026-11-26 15:00,1,\n2026-11-26 15:00,2,\n").unwrap();
    assert_eq!(feed.entries.len(), 2);
}

#[test]
fn words_become_statuses_and_what_nobody_knows_is_told() {
    use AppointmentStatus::{Arrived, Booked, Cancelled, Fulfilled, Noshow, Proposed};
    for (word, status) in [
        ("", Booked),
        ("Confirmed", Booked),
        ("canceled", Cancelled),
        ("CANCELLED", Cancelled),
        ("Cancelled by client", Cancelled),
        ("Late cancel", Cancelled),
        ("No-Show", Noshow),
        ("no show", Noshow),
        ("Tentative", Proposed),
        ("Checked in", Arrived),
        ("Completed", Fulfilled),
        ("vorläufig", Proposed),
    ] {
        let feed = read(&format!("subject,start,status\nAda,2026-11-26 15:00,{word}\n")).unwrap();
        assert_eq!(feed.entries[0].status, status, "{word}");
        assert!(feed.skipped.is_empty(), "{word}");
    }
    let feed = read("subject,start,status\nAda,2026-11-26 15:00,Purple\n").unwrap();
    assert_eq!((feed.entries[0].status, skipped(&feed)), (Booked, vec![(2, Omission::UnknownStatus)]));
}

#[test]
fn ends_and_lengths_are_read_in_every_form() {
    for (end, minutes, expected) in [
        ("2026-11-26 15:50", "", "15:50:00"),
        ("3:50 PM", "", "15:50:00"),
        ("", "50", "15:50:00"),
        ("", "50.0", "15:50:00"),
        ("", "50 min", "15:50:00"),
        ("", "1:30", "16:30:00"),
        ("", "PT1H", "16:00:00"),
        ("", "1h 30m", "16:30:00"),
        ("", "", "15:00:00"),
        ("2026-11-27 01:00", "", "01:00:00"),
    ] {
        let feed = read(&format!("subject,start,end,minutes\nAda,2026-11-26 15:00,{end},{minutes}\n")).unwrap();
        assert_eq!(told(&feed), [format!("2026-11-26T15:00:00 {expected} Ada")], "{end} {minutes}");
    }
    for (end, minutes, flaw) in [
        ("2026-11-26 14:50", "", Flaw::EndsBeforeStart),
        ("soon", "", Flaw::BadTime),
        ("", "-5", Flaw::BadDuration),
        ("", "long", Flaw::BadDuration),
        ("", "P99999999999Y", Flaw::BadDuration),
        ("", "..", Flaw::BadDuration),
    ] {
        let feed = read(&format!("subject,start,end,minutes\nAda,2026-11-26 15:00,{end},{minutes}\n")).unwrap();
        assert_eq!(broken(&feed), [(2, flaw)], "{end} {minutes}");
    }
}

#[test]
fn time_of_its_own_column_stands_and_zones_and_the_clocks_leaps_are_minded() {
    let feed = read("Subject,Start Date,Start Time\nAda,2026-11-26 00:00:00,15:00\nBob,26.11.2026,27.11.2026 15:00\n")
        .unwrap();
    assert_eq!(told(&feed), ["2026-11-26T15:00:00 15:00:00 Ada"]);
    assert_eq!(broken(&feed), [(3, Flaw::BadTime)]);
    let feed = read(
        "subject,start,zone\nAda,2026-03-29 02:30,\nBob,2026-03-29 02:30,UTC\nCy,2026-03-29 02:30,Mars\n\
         Dee,2026-03-29 12:30,Eastern Standard Time\n",
    )
    .unwrap();
    assert_eq!(broken(&feed), [(2, Flaw::SkippedTime), (4, Flaw::UnknownZone)]);
    assert_eq!(feed.entries[0].start.to_string(), "2026-03-29T04:30:00+02:00[Europe/Berlin]");
    assert_eq!(feed.entries[1].start.to_string(), "2026-03-29T12:30:00-04:00[America/New_York]");
}

#[test]
fn what_is_no_table_and_what_no_preset_fits_are_told_apart() {
    for text in ["", "\n\n", "hello", "{\"a\":1,\"b\":2}", "<a>,<b>", "\u{1}\u{2},\u{3}", "\"a"] {
        assert_eq!(read(text).unwrap_err(), FeedError::UnknownFormat, "{text}");
    }
    assert_eq!(
        feed::read(&[0xff, 0x00, 0x9d, 0x2c, 0x81], &here(Layout::default())).unwrap_err(),
        FeedError::UnknownFormat
    );
    let error = read("Klient;Beginn\nAda Byron;2026-11-26\n").unwrap_err();
    assert_eq!(error, FeedError::UnknownTable);
    assert!(!error.to_string().contains("Klient"));
    assert_eq!(read("subject,start,start\n").unwrap_err(), Flaw::ColumnTwice.at(1));
    assert!(read("subject,start\n").unwrap().entries.is_empty());
}

#[test]
fn row_that_is_too_long_or_too_wide_does_not_hide_those_behind_it() {
    let long = format!("subject,start\nAda,{}\nBob,2026-11-26 15:00\n", "x".repeat(300 * 1024));
    let wide = format!("subject,start\nAda{}\nBob,2026-11-26 15:00\n", ",".repeat(2000));
    for (text, flaw) in [(long, Flaw::RowTooLong), (wide, Flaw::TooManyColumns)] {
        let feed = read(&text).unwrap();
        assert_eq!(broken(&feed), [(2, flaw)]);
        assert_eq!(feed.entries.len(), 1);
    }
}

#[test]
fn too_many_rows_and_lines_are_refused_with_the_line() {
    let mut text = "subject,start\n".to_owned();
    for n in 0..=APPOINTMENTS_MAX {
        text.push_str(&format!("{n},2026-11-26 15:00\n"));
    }
    assert_eq!(read(&text).unwrap_err(), Flaw::TooManyAppointments.at(APPOINTMENTS_MAX + 2));
    let lines = format!("subject,start{}x", "\n".repeat(1_000_001));
    assert_eq!(read(&lines).unwrap_err(), Flaw::TooManyLines.at(1_000_002));
}

/// Every byte is looked at a few times at most, however long the table is and whatever its quotation marks do.
#[test]
fn work_grows_with_the_length_alone() {
    for row in ["Ada,2026-11-26 15:00\n", "\"Ada\nByron\",\"\"\n", "\"\"\"\"\"\",x\"\n", "\"a\"b\n", "\n", ",\n"] {
        let work = |rows: usize| {
            let text = row.repeat(rows);
            let mut all = super::rows::Rows::new(&text, 1, Delimiter::Comma);
            while all.next().is_some() {}
            (all.work, text.len())
        };
        let (few, (many, bytes)) = (work(10_000).0, work(100_000));
        assert!(many <= few * 10 + 10, "{row:?}: {few} and {many}");
        assert!(many <= bytes * 3, "{row:?}: {many} of {bytes}");
    }
}

proptest! {
    #[test]
    fn hostile_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        for head in [b"subject,start\n".as_slice(), b"\xff\xfe", b"\xfe\xff", b"sep=;\n", b""] {
            let _ = feed::read(&[head, &bytes].concat(), &here(Layout::default()));
        }
        let map = Layout { dates: Some(DateOrder::DayFirst), ..layout(&[(Column::Start, "a"), (Column::Identifier, "b")]) };
        let _ = feed::read(&[b"a,b\n".as_slice(), &bytes].concat(), &here(map));
    }

    #[test]
    fn hostile_cells_never_panic(rows in proptest::collection::vec(
        "((\"|)([0-9]{1,5}[-/.:, ]){0,6}(am|PM|Nov|May|Mo|Uhr|T|Z|\\+01:00|)[-0-9. ]{0,8}\\PC{0,5}(\"|)[,;\n]){0,12}",
        0..8,
    )) {
        let body = rows.join("\n");
        for head in [
            "uid,subject,start,end,minutes,zone,all_day,status,place,type,identifier",
            "Subject,Start Date,Start Time,End Date,End Time",
            "Start Time;End Time;First Name;Last Name;Timezone",
        ] {
            let read = read(&format!("{head}\n{body}"));
            if let Ok(feed) = read {
                let lines = 1 + body.matches('\n').count() + 1;
                prop_assert!(feed.broken.iter().all(|broken| (2..=lines).contains(&broken.line)));
                prop_assert!(feed.entries.iter().all(|entry| entry.start <= entry.end));
            }
        }
    }

    /// What is written as RFC 4180 has it comes back the same, whatever stands in the cells.
    #[test]
    fn quoted_cells_come_back(cells in proptest::collection::vec("[a\",;\r\n\tß 陽]{0,8}", 1..6), line in 1usize..9) {
        let quoted: Vec<String> = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        for delimiter in Delimiter::ALL {
            let letter = match delimiter {
                Delimiter::Comma => ",",
                Delimiter::Semicolon => ";",
                Delimiter::Tab => "\t",
                Delimiter::Bar => "|",
            };
            let text = format!("{}{}\r\n", "\n".repeat(line - 1), quoted.join(letter));
            let mut rows = super::rows::Rows::new(&text, 1, delimiter);
            let row = rows.next().unwrap().unwrap();
            prop_assert_eq!(row.line, line);
            prop_assert_eq!(row.iter().collect::<Vec<_>>(), cells.iter().map(|cell| cell.trim()).collect::<Vec<_>>());
            prop_assert!(rows.next().is_none());
        }
    }
}
