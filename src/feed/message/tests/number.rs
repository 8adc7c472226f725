//! Which appointment, whose, and from where: numbers and senders.

use super::{PID, SCH, broken, here, message, one, read};
use crate::feed::{self, Feed, Flaw, Omission, Reading};
use crate::record::appointment::filled;
use crate::record::{AppointmentStatus, Settlement, Which};

#[test]
fn appointment_keeps_its_uid_from_booking_to_cancellation() {
    let events = ["S12", "S13", "S14", "S15", "S26"];
    let uids: Vec<_> = events.map(|event| one(&message(event, &[SCH, PID])).uid.expose().clone()).into();
    assert_eq!(uids, ["A1"; 5]);
    let by = |numbers: &str| one(&message("S12", &[&SCH.replace("A1|F1", numbers), PID])).uid.expose().clone();
    // The same may be another placer's number; "0" is none.
    for none in ["", "\"\"", "0", "000^CLINIC"] {
        assert_eq!(by(&format!("{none}|F1")), filled("F1"), "{none}");
    }
    assert_eq!(by("A1^CLINIC|F1"), "CLINIC|A1");
    assert_eq!(by("A1^CLINIC^1.2.3^ISO|F1"), "urn:oid:1.2.3|A1");
    assert_eq!(broken(&message("S12", &[&SCH.replace("A1|F1", "|"), PID])), (2, Flaw::NoNumber));
}

#[test]
fn fillers_number_is_given_beside_the_placers() {
    let by = |numbers: &str| {
        let feed = read(&message("S12", &[&SCH.replace("A1|F1", numbers), PID])).unwrap();
        assert_eq!(feed.settled[0].also, feed.entries[0].also);
        feed.entries[0].also.expose().clone()
    };
    assert_eq!(by("A1|F1"), "F1");
    assert_eq!(by("A1^CLINIC|F1^CLINIC^1.2.3^ISO"), "urn:oid:1.2.3|F1");
    assert_eq!([by("A1|"), by("|F1"), by("F1|F1")], ["", "F1", "F1"]);
    let bare = read(&message("S15", &["SCH|A1|F1", PID])).unwrap();
    assert_eq!((bare.entries.len(), bare.settled[0].also.expose().as_str()), (0, "F1"));
    let group = read(&message("S12", &[SCH, PID, "PID|2||78^^^CLINIC^MR||Lovelace^Mary"])).unwrap();
    assert!(group.entries.iter().all(|entry| entry.also.expose() == "F1"));
}

#[test]
fn message_that_names_only_the_fillers_number_is_of_the_same_appointment() {
    let second = "PID|2||78^^^CLINIC^MR||Lovelace^Mary";
    let booked = message("S12", &[SCH, PID, second]);
    let after = |text: String| text.replace("20260105120000", "20260105120100");
    let cancelled = |event: &str, numbers: &str| after(message(event, &[&SCH.replace("A1|F1", numbers), PID, second]));
    for files in [[&booked, &cancelled("S26", "|F1")], [&cancelled("S26", "|F1"), &booked]] {
        let feed = read(&files.map(String::as_str).concat()).unwrap();
        let told: Vec<_> = feed.entries.iter().map(|entry| (entry.uid.expose().as_str(), entry.status)).collect();
        let noshow = AppointmentStatus::Noshow;
        assert_eq!(told, [("A1\u{1f}CLINIC|77", noshow), ("A1\u{1f}CLINIC|78", noshow)]);
        let numbers = (feed.settled[0].uid.expose().as_str(), feed.settled[0].also.expose().as_str());
        assert_eq!((numbers, feed.settled.len()), (("A1", "F1"), 1));
        assert_eq!(feed.skipped[0].reason, Omission::Outdated);
    }
    let at_once = [message("S15", &["SCH||F1"]), message("S12", &[SCH, PID])].concat();
    assert_eq!(read(&at_once).unwrap().entries[0].status, AppointmentStatus::Booked, "the later one counts");
    let apart = |text: &str| read(&format!("{booked}{text}")).unwrap().settled.len();
    assert_eq!(apart(&cancelled("S15", "F1|")), 2, "a placer's number is no filler's");
    let same = message("S12", &[&SCH.replace("A1|F1", "A2|F1"), PID]);
    assert_eq!(apart(&[same, cancelled("S15", "|F1")].concat()), 3, "which of the two is not known");
}

#[test]
fn several_that_one_placers_number_has_are_known_by_the_fillers() {
    let of = |numbers: &str, patient: &str| {
        message("S12", &[&SCH.replace("A1|F1", numbers), &format!("PID|1||{patient}^^^CLINIC^MR||Byron^Ada")])
    };
    let uids = |messages: &[String]| {
        let feed = read(&messages.concat()).unwrap();
        assert_eq!(feed.skipped, []);
        let mut uids: Vec<_> = feed.entries.iter().map(|entry| entry.uid.expose().clone()).collect();
        uids.sort();
        uids
    };
    let [first, second] = [of("A1|F1", "77"), of("A1|F2", "78")];
    for both in [[first.clone(), second.clone()], [second, first.clone()]] {
        assert_eq!(uids(&both), [filled("F1"), filled("F2")]);
    }
    // Nor is a placer's number a filler's.
    assert_eq!(uids(&[of("5|F1", "77"), of("|5", "78")]), [filled("5"), "5".to_owned()]);
    assert_eq!(uids(&[of("0|F1", "77"), of("0|F2", "78")]), [filled("F1"), filled("F2")]);
}

#[test]
fn whoever_is_named_is_there_once_though_an_entry_without_a_name_has_a_number_of_theirs() {
    let unnamed = "PID|1||77^^^NORTH^MR~88^^^CLINIC^MR";
    for second in ["PID|2||77^^^CLINIC^MR~88^^^CLINIC^MR||Byron^Ada", "PID|2||88^^^CLINIC^MR||Byron^Ada"] {
        let both = message("S12", &[SCH, unnamed, second]);
        for text in
            [both.clone(), format!("{}{both}", message("S13", &[SCH, second, unnamed, "PID|3||88^^^CLINIC^MR"]))]
        {
            let feed = read(&text).unwrap();
            let mut uids: Vec<_> = feed.entries.iter().map(|entry| entry.uid.expose()).collect();
            uids.sort();
            uids.dedup();
            assert_eq!(uids.len(), feed.entries.len(), "{text}");
        }
    }
}

#[test]
fn file_is_of_one_system_unless_somebody_says_so() {
    let from = |sender: &str, number: &str| {
        message("S12", &[&SCH.replace("A1|F1", &format!("{number}|")), PID]).replace("CLINIC|SOUTH", sender)
    };
    let all = [from("CLINIC|SOUTH", "A1"), from("CLINIC|NORTH", "A1"), from("CLINIC|SOUTH", "A2"), from("|", "A3")];
    let told = |feed: &Feed| feed.broken.iter().map(|broken| (broken.line, broken.flaw)).collect::<Vec<_>>();
    let feed = read(&all.concat()).unwrap();
    assert_eq!(
        (feed.entries.len(), feed.settled.len(), feed.name.as_ref().unwrap().expose().as_str()),
        (2, 2, "CLINIC SOUTH")
    );
    assert_eq!(told(&feed), [(4, Flaw::OtherSender), (10, Flaw::OtherSender)]);
    let named = feed::read(all.concat().as_bytes(), &Reading { named: true, ..here() }).unwrap();
    assert_eq!((named.entries.len(), told(&named)), (3, vec![]), "A1 is one appointment then");
    // Of whom nothing is taken, nothing is mixed up with.
    let admission = from("OTHER|SOUTH", "A1").replace("SIU^S12^SIU_S12", "ADT^A01^ADT_A01");
    let feed = read(&[admission, from("CLINIC|SOUTH", "A1")].concat()).unwrap();
    assert_eq!((feed.entries.len(), told(&feed), feed.name.unwrap().expose().as_str()), (1, vec![], "CLINIC SOUTH"));
    let worldwide = [from("^1.2.3^ISO|SOUTH", "A1"), from("^1.2.4^ISO|SOUTH", "A1")].concat();
    assert_eq!(told(&read(&worldwide).unwrap()), [(4, Flaw::OtherSender)]);
}

#[test]
fn groups_appointment_is_one_for_each_of_its_patients() {
    let second = "PID|2||78^^^CLINIC^MR||Lovelace^Mary";
    let feed = read(&message("S12", &[SCH, PID, "RGS|1", second, PID])).unwrap();
    let told: Vec<_> = feed
        .entries
        .iter()
        .map(|entry| (entry.uid.expose().as_str(), entry.subject.expose().as_str(), entry.status))
        .collect();
    assert_eq!(
        told,
        [
            ("A1\u{1f}CLINIC|77", "Ada Byron", AppointmentStatus::Booked),
            ("A1\u{1f}CLINIC|78", "Mary Lovelace", AppointmentStatus::Booked),
        ]
    );
    let (which, sequence) = (Which::One(String::new()), feed.entries[0].sequence);
    let all = [Settlement { uid: "A1".into(), also: "F1".into(), which, sequence }];
    assert_eq!(feed.settled, all, "what was one person's before, or somebody's who has left, is nobody's now");
    let later = message("S13", &[SCH, second]).replace("20260105120000", "20260105120100");
    let both = read(&[message("S12", &[SCH, PID, second]), later].concat()).unwrap();
    assert_eq!(both.entries.len(), 1, "of one who has left in the same file nothing is told: {:?}", both.entries);
}

#[test]
fn one_number_is_one_person() {
    let again = "PID|2||77^^^CLINIC^MR||Byron^Augusta";
    let entry = one(&message("S12", &[SCH, PID, again]));
    assert_eq!((entry.uid.expose().as_str(), entry.subject.expose().as_str()), ("A1", "Ada Byron"));
}

#[test]
fn number_of_another_type_is_another_and_that_of_an_account_is_nobodys() {
    let of = |numbers: &str| {
        let entry = one(&message("S12", &[SCH, &format!("PID|1|{numbers}||Byron^Ada")]));
        entry.identifiers.iter().map(crate::feed::person::token).collect::<Vec<_>>()
    };
    assert_eq!(of("|77^^^CLINIC^AN~77^^^CLINIC^DL~77^^^CLINIC^MR"), ["CLINIC|77", "CLINIC DL|77"]);
    assert_eq!(of("|77^^^^DL~77^^^^MR~77"), ["77", "DL|77"]);
    assert_eq!(of("77|78|77"), ["78", "PID-2|77", "PID-4|77"]);
    assert_eq!(of("77^^^CLINIC|78^^^CLINIC^PI|77^^^^DL"), ["CLINIC|78", "CLINIC|77", "DL|77"]);
    let feed = read(&message("S12", &[SCH, "PID|1||77^^^^MR||Byron^Ada", "PID|2||77^^^^AN||Lovelace^Mary"])).unwrap();
    assert_eq!(feed.entries.len(), 2, "they are two");
}
