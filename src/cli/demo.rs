//! `bedside demo`: a practice of a few patients and two weeks of appointments in a folder that goes away, a relay on
//! this machine, and a patient: the same programs, a real second end with a test card and a voice.

use super::command;
use super::console::{Console, other};
use super::output;
use crate::base::{Failure, Kind, Phi, Place};
use crate::client::Connection;
use crate::client::agent::{PatientDraft, Reply, Request, TaskRequest};
use crate::client::call::Devices;
use crate::record::{AddressPolicy, AppointmentKind, AppointmentStatus, NoteKind, Practice};
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{ToSpan, Zoned};
use std::fs::{DirBuilder, File};
use std::io::{BufRead, BufReader, IsTerminal};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const PASSPHRASE: &str = "the demo has no secrets";
/// Names of people who are long dead and would not mind.
const PATIENTS: [&str; 5] = ["Ada Byron", "Alan Turing", "Emmy Noether", "Grace Hopper", "Katherine Johnson"];
const HOURS: [i8; 5] = [9, 10, 11, 14, 16];
const DAYS: std::ops::Range<i64> = -7..8;

/// What runs beside the console and ends with it.
struct Stage {
    folder: PathBuf,
    children: Vec<Child>,
}

impl Drop for Stage {
    fn drop(&mut self) {
        for child in &mut self.children {
            // One that ended by itself needs no ending.
            let _ = child.kill();
            let _ = child.wait();
        }
        // What cannot be removed lies in the system's folder for such things.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub(super) async fn run(console: &Console, args: &command::Demo) -> Result<(), Failure> {
    let folder = std::env::temp_dir().join(format!("bedside-demo-{}", std::process::id()));
    let unwritable =
        |error: std::io::Error| Failure::new(Kind::Refused, format!("no folder for the demo ({})", error.kind()));
    DirBuilder::new().mode(0o700).create(&folder).map_err(unwritable)?;
    let mut stage = Stage { folder, children: Vec::new() };
    let place = Place::new(stage.folder.join("practice"))?;
    let token = stage.folder.join("token");
    let url = start_relay(&mut stage, &token)?;
    let (connection, _events) = Connection::open(&place).await?;
    furnish(&connection, &url, super::secret::from_file(&token)?).await?;
    let devices = Devices { loopback: true, ..console.devices() };
    start_patient(&mut stage, &place, invite(&connection, "Ada Byron").await?)?;
    let link = invite(&connection, "Grace Hopper").await?;
    introduce(&place, &link);
    let ended = if args.no_console || !std::io::stdout().is_terminal() {
        output::say("Ctrl-C ends the demo and removes it.");
        tokio::signal::ctrl_c().await.map_err(|_| other())
    } else {
        output::say("Enter opens the console.");
        let mut line = String::new();
        // Whatever comes from the keyboard, the console opens.
        let _ = std::io::stdin().lock().read_line(&mut line);
        crate::tui::run(crate::tui::Options { place: place.clone(), devices }).await
    };
    if let Ok(Some((agent, _events))) = Connection::open_running(&place).await {
        // A visit that runs keeps the agent from ending; without one there is nothing to hang up.
        let _ = agent.request(Request::CallHangUp).await;
        let _ = agent.request(Request::Stop).await;
    }
    ended
}

/// The relay of this installation, on a free port of this machine only.
fn start_relay(stage: &mut Stage, token: &Path) -> Result<String, Failure> {
    let missing = |_| {
        Failure::new(Kind::Refused, "the relay 'bedside-relay' is not installed here")
            .hint("install bedside with the feature 'relay'")
    };
    let relay = beside("bedside-relay");
    let made = Command::new(&relay).arg("token").stderr(Stdio::null()).output().map_err(missing)?;
    std::fs::write(token, made.stdout).map_err(missing)?;
    let mut command = Command::new(&relay);
    command.args(["--listen", "127.0.0.1:0", "--token-file"]).arg(token);
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().map_err(missing)?;
    let mut line = String::new();
    if let Some(out) = child.stdout.take() {
        BufReader::new(out).read_line(&mut line).map_err(missing)?;
    }
    stage.children.push(child);
    let url = line.split_whitespace().last().filter(|url| url.starts_with("http://"));
    url.map(str::to_owned).ok_or_else(|| Failure::new(Kind::Bug, "the relay did not say where it listens"))
}

fn beside(name: &str) -> PathBuf {
    std::env::current_exe()
        .ok()
        .map(|own| own.with_file_name(name))
        .filter(|beside| beside.exists())
        .unwrap_or_else(|| PathBuf::from(name))
}

/// The patient of the link: answers, knocks, and can be called.
fn start_patient(stage: &mut Stage, place: &Place, link: Phi<String>) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::new(Kind::Refused, format!("no demo patient ({})", error.kind()));
    let file = stage.folder.join("link");
    std::fs::write(&file, link.expose()).map_err(failed)?;
    let own = std::env::current_exe().map_err(failed)?;
    let mut command = Command::new(own);
    command.arg("--vault").arg(place.folder()).args(["call", "join", "--knock", "--answer", "--link-file"]).arg(&file);
    command.args(["--headless", "--loopback", "--camera", "test-card", "--speaker", "none", "--microphone"]);
    command.arg(voice(&stage.folder));
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().map_err(failed)?;
    stage.children.push(child);
    Ok(())
}

/// A spoken voice where espeak-ng is installed, else a tone.
fn voice(folder: &Path) -> String {
    let file = folder.join("voice.wav");
    let text =
        "Hello. This is the demo patient. I can hear you. The worksheet helped, and I slept five nights of seven.";
    let spoken = Command::new("espeak-ng").arg("-w").arg(&file).arg(text).stderr(Stdio::null()).status();
    if spoken.is_ok_and(|status| status.success()) && File::open(&file).is_ok() {
        format!("file:{}", file.display())
    } else {
        "tone".to_owned()
    }
}

async fn invite(connection: &Connection, name: &str) -> Result<Phi<String>, Failure> {
    match connection.request(Request::PatientInvite { who: Phi::from(name) }).await? {
        Reply::Invite { link, .. } => Ok(link),
        _ => Err(other()),
    }
}

/// Patients, two weeks of appointments, and what a week of work leaves behind.
async fn furnish(connection: &Connection, url: &str, token: Phi<String>) -> Result<(), Failure> {
    let zone = TimeZone::system();
    let practice = Practice {
        clinician: Phi::from("Dr. Okafor"),
        phone: Some(Phi::from("+44 20 7946 0000")),
        emergency: Some(Phi::from("In an emergency call the number for where you are.")),
        relay: Some(Phi::from(url)),
        relay_token: Some(token),
        addresses: AddressPolicy::Direct,
        zone: zone.iana_name().unwrap_or("UTC").to_owned(),
        lock_after_min: 60,
        invite_hours: 14 * 24,
        retention_years: 10,
        part2: false,
        remind_me_min: Some(Practice::REMIND_ME_MIN),
        remind_patient_min: Practice::REMIND_PATIENT_MIN.to_vec(),
        hours: "mon-fri 9:00-18:00".parse().into_iter().collect(),
    };
    let passphrase = Phi::from(PASSPHRASE);
    connection.request(Request::Init { passphrase, practice: Box::new(practice), work_factor: Some(12) }).await?;
    for name in PATIENTS {
        let draft = PatientDraft {
            name: Some(Phi::from(name)),
            phone: Some(Phi::from("+44 20 7946 0001")),
            ..PatientDraft::default()
        };
        connection.request(Request::PatientAdd(draft)).await?;
    }
    let today = Zoned::now().with_time_zone(zone.clone());
    for day in DAYS {
        let date = today.date().checked_add(day.days()).map_err(|_| other())?;
        if day != 0 && matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) {
            continue;
        }
        for (place, hour) in HOURS.into_iter().enumerate() {
            let Ok(start) = date.at(hour, 0, 0, 0).to_zoned(zone.clone()) else { continue };
            let patient =
                PATIENTS.get((place + day.rem_euclid(5) as usize) % PATIENTS.len()).copied().unwrap_or("Ada Byron");
            let who = Phi::from(if day == 0 { PATIENTS.get(place).copied().unwrap_or(patient) } else { patient });
            let kind = if place == 3 { AppointmentKind::InPerson } else { AppointmentKind::Visit };
            let past = start < today;
            let add = Request::AppointmentAdd { who, start: Box::new(start), minutes: 50, kind, repeat: None };
            let Reply::Planned(made) = connection.request(add).await? else { return Err(other()) };
            if past {
                let missed = (place, day) == (1, -3);
                let status = Some(if missed { AppointmentStatus::Noshow } else { AppointmentStatus::Fulfilled });
                let Some(made) = made.appointments.first() else { return Err(other()) };
                let (id, start, minutes, following) = (made.record.id, None, None, false);
                connection.request(Request::AppointmentEdit { id, start, minutes, status, following }).await?;
            }
        }
    }
    let texts = [
        (
            "Ada Byron",
            "S: Slept five nights of seven. Anxiety on Sundays before work.\nO: Calm, oriented.\nA: Improving.\nP: Continue weekly.\n",
            true,
        ),
        ("Alan Turing", "S: \nO: \nA: \nP: \n", false),
        (
            "Emmy Noether",
            "S: Worried about the move to Berlin.\nO: Tearful, then composed.\nA: Adjustment.\nP: Plan the first week.\n",
            false,
        ),
    ];
    for (name, text, sign) in texts {
        let (who, text) = (Phi::from(name), Some(Phi::from(text)));
        let begin = Request::NoteNew { who, kind: NoteKind::Soap, text, visit: None, compartment: None };
        let Reply::Note(note) = connection.request(begin).await? else { return Err(other()) };
        if sign {
            connection.request(Request::NoteSign { id: note.record.id }).await?;
        }
    }
    for (name, text, days) in
        [("Alan Turing", "call back after no-show", 0), ("Grace Hopper", "PHQ-9 before next visit", 2)]
    {
        let due = today.date().checked_add(days.days()).ok();
        let add = TaskRequest::Add { who: Some(Phi::from(name)), text: Phi::from(text), due, appointment: None };
        connection.request(Request::Task(add)).await?;
    }
    Ok(())
}

fn introduce(place: &Place, link: &Phi<String>) {
    output::line("A demo practice stands, with a relay on this machine. It goes away when you leave.");
    output::line("");
    output::line("Ada Byron is a demo patient: she answers messages, sits in the waiting room and can be called");
    output::line("(in the console: Enter on the line that says she waits).");
    output::line("");
    output::line("Be the patient Grace Hopper yourself: open this link in a browser on this machine:");
    output::line("");
    output::line(&format!("  {}", link.expose()));
    output::line("");
    output::line(&format!("The vault is open. Its passphrase, should it lock: {PASSPHRASE}"));
    output::line(&format!("Commands for it in another terminal: bedside --vault {} …", place.folder().display()));
}
