//! Messages of another system over MLLP: what each is answered, and that what was acknowledged is there.

use crate::harness::guard::{Running, until};
use crate::story::programs::{PATIENCE, Practice};
use serde_json::Value;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;
use std::time::{Duration, Instant};

fn practice() -> Practice {
    let practice = Practice::nowhere();
    let zone = ["--zone", "Europe/London"];
    practice
        .ok(&[&["init", "--clinician", "Dr. Okafor", "--addresses", "direct", "--work-factor", "10"], &zone[..]]
            .concat());
    practice.ok(&["patient", "add", "--name", "Ada Byron"]);
    practice
}

/// `bedside feed listen` of a practice.
struct Listener {
    running: Running,
    address: String,
}

impl Listener {
    fn start(practice: &Practice) -> Self {
        let mut command = practice.command(&["feed", "listen", "--address", "127.0.0.1:0", "--json"]);
        let log = File::options().create(true).append(true).open(practice.file("feed.log")).unwrap();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("it said {line:?}"));
        Self { running: Running(child), address: said["listening"].as_str().unwrap().to_owned() }
    }

    fn connect(&self) -> Sender {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        Sender(stream)
    }
}

/// The other system.
struct Sender(TcpStream);

impl Sender {
    /// Sends a message; the answer.
    fn send(&mut self, message: &str) -> String {
        self.0.write_all(&[b"\x0b", message.as_bytes(), b"\x1c\r"].concat()).unwrap();
        self.answer()
    }

    fn answer(&mut self) -> String {
        let mut said = Vec::new();
        let mut byte = [0];
        while !said.ends_with(b"\x1c\r") {
            self.0.read_exact(&mut byte).unwrap_or_else(|error| panic!("{error} behind {said:?}"));
            said.push(byte[0]);
        }
        let frame = said.strip_prefix(b"\x0b").unwrap();
        String::from_utf8(frame[..frame.len() - 2].to_vec()).unwrap()
    }

    /// Whether the other end is gone.
    fn is_left(&mut self) -> bool {
        !matches!(self.0.read(&mut [0]), Ok(1..))
    }
}

/// A message about one appointment at ten past this hour, on 12 January 2026.
fn message(number: &str, event: &str, hour: u8, appointment: &str) -> String {
    format!(
        "MSH|^~\\&|CLINIC|SOUTH|BEDSIDE|US|202601051200{:02}||SIU^{event}^SIU_S12|{number}|P|2.5.1\r\
         SCH|{appointment}||||||||50|min|^^^20260112{hour:02}10\r\
         PID|1||77^^^CLINIC^MR||Byron^Ada\r",
        hour,
    )
}

/// Code and number of an answer.
fn verdict(answer: &str) -> (&str, &str) {
    let msa = answer.split('\r').find(|segment| segment.starts_with("MSA|")).unwrap();
    let mut fields = msa.split('|').skip(1);
    (fields.next().unwrap(), fields.next().unwrap())
}

/// Start and status of what stands on that day.
fn day(practice: &Practice) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let lines = practice.lines(&["appointment", "list", "--date", "2026-01-12"]);
    lines
        .iter()
        .inspect(|line| assert_eq!(line["name"], "Ada Byron"))
        .map(|line| (text(&line["start"]), text(&line["status"])))
        .collect()
}

fn at(hour: u8, status: &str) -> (String, String) {
    (format!("2026-01-12T{hour:02}:10:00+00:00"), status.to_owned())
}

#[test]
fn acknowledged_message_outlives_the_agent_and_changes_nothing_twice() {
    let practice = practice();
    let listener = Listener::start(&practice);
    let mut sender = listener.connect();
    let answer = sender.send(&message("M1", "S12", 9, "A1"));
    assert!(answer.starts_with("MSH|^~\\&|BEDSIDE|US|CLINIC|SOUTH|") && answer.contains("|ACK^S12^ACK|"), "{answer}");
    assert_eq!(verdict(&answer), ("AA", "M1"));
    practice.kill_agent();
    practice.ok(&["unlock"]);
    assert_eq!(day(&practice), [at(9, "booked")], "it was durable when it was answered");

    let before = practice.lines(&["appointment", "list", "--date", "2026-01-12"]);
    assert_eq!(verdict(&sender.send(&message("M1", "S12", 9, "A1"))), ("AA", "M1"), "the agent is another one now");
    assert_eq!(practice.lines(&["appointment", "list", "--date", "2026-01-12"]), before);
    assert_eq!(verdict(&sender.send(&message("M2", "S13", 10, "A1"))), ("AA", "M2"));
    assert_eq!(verdict(&sender.send(&message("M3", "S12", 11, "A2"))), ("AA", "M3"));
    assert_eq!(day(&practice), [at(10, "booked"), at(11, "booked")]);
    assert_eq!(verdict(&sender.send(&message("M4", "S15", 11, "A2"))), ("AA", "M4"));
    assert_eq!(day(&practice), [at(10, "booked"), at(11, "cancelled")]);
}

#[test]
fn message_and_its_resource_are_one_appointment() {
    let practice = practice();
    let import = |file: &str| {
        let file = format!("{}/tests/data/{file}", env!("CARGO_MANIFEST_DIR"));
        let report = practice.json(&["appointment", "import", &file, "--feed", "clinic"]);
        assert_eq!(report["skipped"], Value::Array(Vec::new()));
        (report["added"].as_u64().unwrap(), report["unchanged"].as_u64().unwrap())
    };
    assert_eq!(import("siu.hl7"), (1, 0));
    assert_eq!([import("siu.hl7"), import("siu.json"), import("siu.json")], [(0, 1); 3]);
    assert_eq!(practice.lines(&["appointment", "list", "--date", "2026-01-12"]).len(), 1);
}

#[test]
fn messages_of_two_systems_are_one_feed_only_if_somebody_says_so() {
    let practice = practice();
    let other = message("M2", "S12", 10, "A2").replace("|CLINIC|SOUTH|", "|CLINIC|NORTH|");
    let file = practice.file("two.hl7").to_str().unwrap().to_owned();
    fs::write(&file, message("M1", "S12", 9, "A1") + &other).unwrap();
    let said = practice.fails(1, &["appointment", "import", &file]);
    assert!(said.contains("line 4: it comes from another system"), "{said}");
    assert_eq!(day(&practice), []);
    assert_eq!(practice.json(&["appointment", "import", &file, "--feed", "clinic"])["added"], 2);
    assert_eq!(day(&practice), [at(9, "booked"), at(10, "booked")]);
}

#[test]
fn message_that_cannot_be_taken_is_told_why_and_its_content_is_told_nobody() {
    let practice = practice();
    let listener = Listener::start(&practice);
    let mut sender = listener.connect();
    let broken = message("M1", "S12", 9, "A1").replace("|50|", "|fifty|");
    let answer = sender.send(&broken);
    assert_eq!(verdict(&answer), ("AE", "M1"));
    assert!(answer.contains("\rERR||SCH^1|102^") && answer.contains("the duration cannot be read"), "{answer}");
    let admission = message("M2", "S12", 9, "A1").replace("SIU^S12^SIU_S12", "ADT^A01^ADT_A01");
    assert_eq!(verdict(&sender.send(&admission)), ("AR", "M2"));
    assert_eq!(verdict(&sender.send("Byron")).0, "AR");
    assert_eq!(day(&practice), []);
    assert_eq!(verdict(&sender.send(&message("M3", "S12", 9, "A1"))), ("AA", "M3"), "the others are not held up");
    let waits = message("M4", "S14", 9, "A2").replacen("\rPID", "||||||||||||||Perhaps\rPID", 1);
    assert_eq!(verdict(&sender.send(&waits)), ("AA", "M4"));
    let log = fs::read_to_string(practice.file("feed.log")).unwrap();
    assert!(log.contains("AA") && log.contains("AE") && log.contains("the duration cannot be read"), "{log}");
    assert!(log.contains("its status is a word that is not known"), "{log}");
    assert!(
        !log.contains("Byron") && !log.contains("Perhaps") && !log.contains("CLINIC") && !log.contains("fifty"),
        "{log}"
    );
}

#[test]
fn message_for_a_locked_vault_is_sealed_until_it_is_opened() {
    let practice = practice();
    let listener = Listener::start(&practice);
    let mut sender = listener.connect();
    practice.ok(&["lock"]);
    assert_eq!(verdict(&sender.send(&message("M1", "S12", 9, "A1"))), ("AA", "M1"));
    practice.kill_agent();
    assert_eq!(verdict(&sender.send(&message("M2", "S13", 10, "A1"))), ("AA", "M2"));
    practice.fails(3, &["appointment", "list", "--date", "2026-01-12"]);
    practice.ok(&["unlock"]);
    assert_eq!(day(&practice), [at(10, "booked")]);
}

#[test]
fn without_an_agent_the_sender_is_told_to_try_again() {
    let practice = practice();
    let listener = Listener::start(&practice);
    let mut sender = listener.connect();
    practice.ok(&["agent", "--stop"]);
    // Where the agent cannot be: its folder is another's.
    let (folder, aside) = (practice.folder(), practice.file("aside"));
    fs::rename(&folder, &aside).unwrap();
    fs::write(&folder, "").unwrap();
    let answer = sender.send(&message("M1", "S12", 9, "A1"));
    assert_eq!(verdict(&answer), ("AE", "M1"));
    assert!(answer.contains("try again"), "{answer}");
    fs::remove_file(&folder).unwrap();
    fs::rename(&aside, &folder).unwrap();
    assert_eq!(verdict(&sender.send(&message("M1", "S12", 9, "A1"))), ("AA", "M1"));
    practice.ok(&["unlock"]);
    assert_eq!(day(&practice), [at(9, "booked")]);
}

#[test]
fn noise_and_messages_without_end_hurt_nobody_else() {
    let practice = practice();
    let listener = Listener::start(&practice);
    let mut noisy = listener.connect();
    let noise: Vec<u8> =
        (0..100_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).filter(|byte| *byte != 0x0b).collect();
    noisy.0.write_all(&noise).unwrap();
    assert_eq!(verdict(&noisy.send("\u{0}\u{ff}|||\r\r")).0, "AR");
    assert_eq!(verdict(&noisy.send(&message("M1", "S12", 9, "A1"))), ("AA", "M1"));

    let mut endless = listener.connect();
    let begin = message("M2", "S12", 9, "A2");
    // It may be told, and left, while it still sends.
    let _ = endless.0.write_all(&[b"\x0b", begin.as_bytes(), b"NTE|1||", &[b'x'; 3 << 20]].concat());
    let mut half: Vec<Sender> = (0..5).map(|_| listener.connect()).collect();
    for sender in &mut half {
        sender.0.write_all(&[b"\x0b", &begin.as_bytes()[..60]].concat()).unwrap();
    }
    let mut cut = listener.connect();
    cut.0.write_all(&[b"\x0b", begin.as_bytes()].concat()).unwrap();
    drop(cut);
    assert_eq!(verdict(&listener.connect().send(&message("M3", "S13", 10, "A1"))), ("AA", "M3"));
    until("what has no end is given up", PATIENCE, || endless.is_left().then_some(()));
    assert_eq!(day(&practice), [at(10, "booked")], "half a message is none");
    let status = fs::read_to_string(format!("/proc/{}/status", listener.running.0.id())).unwrap();
    let peak = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    let peak: u64 = peak.split_whitespace().nth(1).unwrap().parse().unwrap();
    assert!(peak < 128 * 1024, "{peak} kB");
}

#[test]
fn only_so_many_senders_are_let_in_and_a_place_is_free_again() {
    let practice = practice();
    let listener = Listener::start(&practice);
    let mut senders: Vec<Sender> = (0..40).map(|_| listener.connect()).collect();
    assert_eq!(verdict(&senders[0].send(&message("M1", "S12", 9, "A1"))), ("AA", "M1"));
    assert!(senders[39].is_left(), "too many");
    drop(senders);
    let begin = Instant::now();
    until("a place is free", PATIENCE, || {
        let mut sender = listener.connect();
        sender.0.write_all(&[b"\x0b", message("M2", "S13", 10, "A1").as_bytes(), b"\x1c\r"].concat()).unwrap();
        sender.0.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        matches!(sender.0.read(&mut [0]), Ok(1)).then_some(())
    });
    assert!(begin.elapsed() < PATIENCE);
}

#[test]
fn listener_ends_when_it_is_told_to() {
    let practice = practice();
    for signal in [rustix::process::Signal::TERM, rustix::process::Signal::INT] {
        let mut listener = Listener::start(&practice);
        let mut sender = listener.connect();
        assert_eq!(verdict(&sender.send(&message("M1", "S12", 9, "A1"))), ("AA", "M1"));
        let pid = rustix::process::Pid::from_child(&listener.running.0);
        rustix::process::kill_process(pid, signal).unwrap();
        let ended = until("it ends", PATIENCE, || listener.running.0.try_wait().unwrap());
        assert_eq!(ended.code(), Some(0));
    }
    practice.ok(&["agent", "--stop"]);
    fs::rename(practice.folder(), practice.file("aside")).unwrap();
    let said = practice.fails(1, &["feed", "listen", "--address", "127.0.0.1:0"]);
    assert!(said.contains("there is no vault here"), "{said}");
}
