//! `bedside backup export`: records as anybody can read them, in a tar archive inside an age file.
//!
//! The agent gives the records page by page, and only after the passphrase; what becomes of them is decided here. What
//! is held in memory is one patient's chart and, of each table, the part that is being filled. Nothing readable
//! touches a disk: what is written is sealed on the way.

mod archive;
mod chart;
pub(super) mod schedule;
mod table;

use super::console::{Console, other};
use super::progress::Progress;
use super::{command, output, secret};
use crate::base::id::PatientId;
use crate::base::{Clock, Failure, Kind, Phi, Stamp, time::SystemClock};
use crate::client::Connection;
use crate::client::agent::{AuditFilter, ExportBegun, Exported, Page, Reply, Request};
use crate::record::compartment::PART2_NOTICE;
use crate::record::{Appointment, Message, Note, Patient, Task, Visit};
use archive::{Archive, Key};
use serde_json::json;
use std::time::Duration;
use table::Table;

/// What a Part 2 programme's export says first: the statement of 42 CFR 2.32(a)(2), and what 2.32(b) asks of the sender.
const PART2_README: &str = "**42 CFR part 2 prohibits unauthorized use or disclosure of these records.**\n\n\
    With them belongs a copy of the patient's consent, or a clear explanation of what it covers (42 CFR 2.32(b)).\n\n";

/// The version of the names and fields inside, told in `export.json`.
const VERSION: u32 = 1;

/// One patient's notes that stand apart, as Markdown.
pub(super) fn apart(title: &str, patient: &Patient, notes: &[Note], at: &str) -> String {
    chart::apart(title, patient, notes, at)
}

/// Everything about one patient.
struct Records<'a> {
    patient: &'a Patient,
    notes: Vec<Note>,
    messages: Vec<Message>,
    appointments: Vec<Appointment>,
    visits: Vec<Visit>,
    tasks: Vec<Task>,
}

pub(super) async fn run(console: &Console, args: command::BackupExport) -> Result<(), Failure> {
    let key = Key::chosen(&args)?;
    if args.file.exists() && !args.force {
        return Err(Failure::new(Kind::Refused, "the file is there already").hint("--force writes over it"));
    }
    let (connection, _events) = console.connect().await?;
    let way = secret::way(console, &connection, &args.way, "Passphrase of the vault: ").await?;
    let one = args.patient.is_some();
    let request = Request::ExportBegin { way, who: args.patient.clone().map(Phi::new), compartment: None };
    let Reply::ExportBegun(begun) = connection.request(request).await? else { return Err(other()) };
    let at = SystemClock.now();
    let delete_after = at.plus(Duration::from_secs(u64::from(args.delete_after) * 86_400));
    let mut archive = Archive::create(&args.file, key, at)?;
    let export = Export { connection, begun, at, delete_after, one };
    let counts = export.write(&mut archive).await?;
    let bytes = archive.finish()?;
    let file = args.file.display().to_string();
    console.show(
        || {
            json!({
                "file": file, "bytes": bytes, "patients": counts.patients, "notes": counts.notes,
                "messages": counts.messages, "appointments": counts.appointments, "visits": counts.visits,
                "tasks": counts.tasks,
                "delete_after": output::moment(delete_after),
            })
        },
        || {
            output::line(&format!(
                "{}: {} patients, {} notes, {} messages, {} appointments, {} visits, {} tasks.",
                output::safe(&file),
                counts.patients,
                counts.notes,
                counts.messages,
                counts.appointments,
                counts.visits,
                counts.tasks
            ));
            output::line("It opens without bedside, now and later:");
            output::line(&format!("  age --decrypt {} | tar x", output::safe(&file)));
            output::line(&format!(
                "It is as confidential as the vault, and whoever opens it leaves no trace. Delete it by {}.",
                output::local(delete_after)
            ));
        },
    );
    Ok(())
}

#[derive(Default)]
struct Counts {
    patients: usize,
    notes: usize,
    messages: usize,
    appointments: usize,
    visits: usize,
    tasks: usize,
}

struct Export {
    connection: Connection,
    begun: ExportBegun,
    at: Stamp,
    delete_after: Stamp,
    /// One patient's records, not the practice's.
    one: bool,
}

impl Export {
    async fn write(&self, archive: &mut Archive) -> Result<Counts, Failure> {
        let mut counts = Counts { patients: self.begun.patients.len(), ..Counts::default() };
        archive.add("README.md", self.readme().as_bytes())?;
        let practice = &self.begun.practice;
        let about = json!({
            "format": "bedside-export", "version": VERSION, "exported": output::moment(self.at),
            "delete_after": output::moment(self.delete_after), "notice": practice.part2.then_some(PART2_NOTICE),
            "practice": {
                "clinician": practice.clinician.expose(), "zone": practice.zone,
                "phone": practice.phone.as_ref().map(|phone| phone.expose().clone()),
            },
        });
        archive.add("export.json", &chart::pretty(&about))?;
        if practice.part2 {
            archive.add("NOTICE.txt", format!("{PART2_NOTICE}\n").as_bytes())?;
        }
        let progress = Progress::of("Exporting");
        let total = self.begun.patients.len() as u64;
        let mut tables = table::Tables::new(practice.part2.then_some(PART2_NOTICE));
        for (done, patient) in (0..).zip(&self.begun.patients) {
            progress.tell(done, total);
            let records = self.records(patient).await?;
            counts.notes += records.notes.len();
            counts.messages += records.messages.len();
            counts.appointments += records.appointments.len();
            counts.visits += records.visits.len();
            counts.tasks += records.tasks.len();
            let folder = format!("patients/{}", chart::folder(patient));
            archive
                .add(&format!("{folder}/chart.md"), chart::markdown(&records, self.at, practice.part2).as_bytes())?;
            archive
                .add(&format!("{folder}/record.json"), &chart::record(&records, VERSION, self.at, practice.part2))?;
            tables.add(archive, &records)?;
        }
        if !self.one {
            let strays = self.strays().await?;
            counts.appointments += strays.len();
            tables.add_appointments(archive, None, &strays)?;
            let general = self.general_tasks().await?;
            counts.tasks += general.len();
            tables.add_tasks(archive, None, &general)?;
        }
        tables.finish(archive)?;
        if !self.one {
            self.audit(archive).await?;
        }
        Ok(counts)
    }

    async fn records<'a>(&self, patient: &'a Patient) -> Result<Records<'a>, Failure> {
        let (notes, messages, appointments, visits, tasks) = Default::default();
        let mut records = Records { patient, notes, messages, appointments, visits, tasks };
        use Exported::{Appointments, Messages, Notes, Tasks, Visits};
        for what in [Notes, Messages, Appointments, Visits, Tasks] {
            let mut skip = 0;
            loop {
                let (page, more) = self.page(Some(patient.id), what, skip).await?;
                skip += match page {
                    Page::Notes(page) => move_to(&mut records.notes, page),
                    Page::Messages(page) => move_to(&mut records.messages, page),
                    Page::Appointments(page) => move_to(&mut records.appointments, page),
                    Page::Visits(page) => move_to(&mut records.visits, page),
                    Page::Tasks(page) => move_to(&mut records.tasks, page),
                };
                if !more {
                    break;
                }
            }
        }
        Ok(records)
    }

    /// Appointments nobody could be found for.
    async fn strays(&self) -> Result<Vec<Appointment>, Failure> {
        let mut all = Vec::new();
        loop {
            let (page, more) = self.page(None, Exported::Appointments, all.len()).await?;
            let Page::Appointments(page) = page else { return Err(other()) };
            all.extend(page);
            if !more {
                return Ok(all);
            }
        }
    }

    /// Tasks about nobody.
    async fn general_tasks(&self) -> Result<Vec<Task>, Failure> {
        let mut all = Vec::new();
        loop {
            let (page, more) = self.page(None, Exported::Tasks, all.len()).await?;
            let Page::Tasks(page) = page else { return Err(other()) };
            all.extend(page);
            if !more {
                return Ok(all);
            }
        }
    }

    async fn page(&self, patient: Option<PatientId>, what: Exported, skip: usize) -> Result<(Page, bool), Failure> {
        let request = Request::ExportPage { patient, what, skip: skip as u64 };
        match self.connection.request(request).await? {
            Reply::ExportPage { page, more } => Ok((page, more)),
            _ => Err(other()),
        }
    }

    /// The audit log, one event a line.
    async fn audit(&self, archive: &mut Archive) -> Result<(), Failure> {
        let mut table = Table::new("audit", "ndjson", String::new(), "");
        let mut pages = super::audit::Pages::of(self.connection.clone(), AuditFilter::default());
        while let Some(events) = pages.next().await? {
            for event in &events {
                let notice = self.begun.practice.part2.then_some(PART2_NOTICE);
                let line = super::audit::with_notice(super::audit::as_json(event), notice);
                table.line(archive, &line.to_string())?;
            }
        }
        table.finish(archive)
    }

    fn readme(&self) -> String {
        let practice = output::safe(self.begun.practice.clinician.expose());
        let whose = match (self.one, self.begun.patients.as_slice()) {
            (true, [patient]) => format!("the records of {}", output::safe(patient.name.expose())),
            _ => format!("all records, {} patients", self.begun.patients.len()),
        };
        let part2 = self.begun.practice.part2;
        let notice = if part2 { PART2_README } else { "" };
        let carried = if part2 {
            "| `NOTICE.txt` | the statement above; it also stands in each of the other files: in CSV as the column `notice`, in iCalendar as `DESCRIPTION` and `COMMENT` |\n"
        } else {
            ""
        };
        format!(
            "# Export from the practice of {practice}\n\n\
             {notice}Made {} by bedside: {whose}.\n\n\
             **Delete it by {}**, and every copy made of it. It is as confidential as the records themselves, and\n\
             whoever opens it leaves no trace. That it was made is in the practice's audit log.\n\n\
             | file | what |\n|---|---|\n\
             | `patients/NAME-ID/chart.md` | one patient's chart to read (Markdown) |\n\
             | `patients/NAME-ID/record.json` | the same for programs; `version` tells the names of the fields |\n\
             | `patients.csv`, `appointments.csv`, `messages.csv`, `visits.csv`, `notes.csv`, `tasks.csv` | tables (RFC 4180, UTF-8); what a spreadsheet would take for a formula has a `'` before it, control characters are written as `\\u{{…}}` |\n\
             | `appointments.ics` | for any calendar (RFC 5545), times in UTC |\n\
             | `audit.ndjson` | the audit log, one event a line; only in an export of everything |\n\
             | `export.json` | when this was made, and by whom |\n{carried}\n\
             A table of more than 16 MiB goes on in `NAME-2.csv` and so on.\n\n\
             Not in it: notes under a passphrase of their own, keys, and what is still on its way to a patient.\n",
            output::moment(self.at),
            output::moment(self.delete_after).get(..10).unwrap_or_default(),
        )
    }
}

/// Adds a page to what came before; how long it was.
fn move_to<R>(to: &mut Vec<R>, mut page: Vec<R>) -> usize {
    let length = page.len();
    to.append(&mut page);
    length
}
