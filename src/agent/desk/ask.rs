//! From a request to its answer: which rooms answer what, and what works while the vault is locked.

use super::{ClientId, Desk, Say};
use crate::agent::failure::refused;
use crate::base::{Failure, Kind};
use crate::record::Actor;
use crate::wire::agent::{Reply, Request, VERSION};

impl Desk {
    /// Answers a request; the reply is held back until what it did is durable.
    pub(super) fn asked(&mut self, client: ClientId, n: u32, request: Request) {
        match request {
            // These two end with more than a reply.
            Request::Lock | Request::Stop => self.asked_to_leave(client, n, matches!(request, Request::Stop)),
            Request::CallOpen { who } => {
                // What is said to the window must come after the connection has become one.
                let place = self.says.len();
                match self.admit(client, &who) {
                    Ok(visit) => self.says.insert(place, Say::Upgrade { client, n, visit }),
                    Err(failure) => self.reply(client, n, Err(failure)),
                }
            }
            // These are answered when another thread is done.
            Request::AuditVerify => {
                if let Err(failure) = self.verify(client, n) {
                    self.reply(client, n, Err(failure));
                }
            }
            Request::BackupCreate { folder, keys } => {
                if let Err(failure) = self.create_backup(client, n, folder, keys) {
                    self.reply(client, n, Err(failure));
                }
            }
            Request::BackupVerify { folder, keys } => {
                if let Err(failure) = self.verify_backup(client, n, folder, keys) {
                    self.reply(client, n, Err(failure));
                }
            }
            request => {
                let result = self.answer(client, n, request);
                self.reply(client, n, result);
            }
        }
    }

    pub(super) fn reply(&mut self, client: ClientId, n: u32, result: Result<Reply, Failure>) {
        self.says.push(Say::Reply { client, n, result: result.map(Box::new) });
    }

    fn asked_to_leave(&mut self, client: ClientId, n: u32, stop: bool) {
        if self.visiting() {
            self.reply(client, n, Err(refused("a visit is running").hint("end it first")));
            return;
        }
        self.reply(client, n, Ok(Reply::Done));
        match (self.open().is_ok(), stop) {
            (true, false) => self.lock(Actor::Clinician),
            (true, true) => {
                self.audit(Actor::Clinician, crate::record::Action::Lock, crate::agent::book::About::nothing());
                self.ending = true;
            }
            (false, stop) => self.ending = stop,
        }
    }

    fn answer(&mut self, client: ClientId, n: u32, request: Request) -> Result<Reply, Failure> {
        match request {
            Request::Hello { .. } => Ok(Reply::Hello { version: VERSION, status: self.status() }),
            Request::Status => Ok(Reply::Status(self.status())),
            Request::Subscribe => {
                if let Some(client) = self.clients.get_mut(&client) {
                    client.subscribed = true;
                }
                Ok(Reply::Status(self.status()))
            }
            Request::Init { passphrase, practice, work_factor } => self.init(&passphrase, *practice, work_factor),
            Request::Unlock { way } => {
                let mut teller = self.teller(client, n);
                self.unlock(&way, |done, total| teller.tell(done, total))
            }
            Request::PassphraseChange { way, new, factor, work_factor } => {
                self.change_passphrase(&way, new.as_ref(), factor, work_factor)
            }
            Request::KeyList => self.list_keys(),
            Request::KeyAdd { way, name, to } => self.add_key(&way, &name, to),
            Request::KeyRemove { way, name } => self.remove_key(&way, &name),
            Request::KeyRotate { way, work_factor } => {
                let mut teller = self.teller(client, n);
                self.rotate_key(&way, work_factor, |done, total| teller.tell(done, total))
            }
            Request::KeyRecovery { way } => self.renew_recovery(&way),
            Request::CompartmentCreate { compartment, way, new, work_factor } => {
                self.create_compartment(compartment, &way, &new, work_factor)
            }
            Request::CompartmentOpen { compartment, way } => self.open_compartment(compartment, &way),
            Request::CompartmentClose { compartment } => self.close_compartment(compartment),
            Request::CompartmentList => self.list_compartments(),
            Request::CompartmentPassphrase { compartment, way, new, work_factor } => {
                self.change_compartment(compartment, &way, &new, work_factor)
            }
            Request::Practice => Ok(Reply::Practice(self.open()?.book.practice().clone())),
            Request::PracticeSet(practice) => self.set_practice(*practice),

            Request::PatientAdd(draft) => self.add_patient(draft),
            Request::PatientList { archived } => self.list_patients(client, archived),
            Request::PatientShow { who } => self.show_patient(&who),
            Request::Chart { who } => self.chart(&who),
            Request::PatientEdit { who, change } => self.edit_patient(&who, change),
            Request::PatientArchive { who, archived } => self.archive_patient(&who, archived),
            Request::PatientHold { who, reason } => self.hold_patient(&who, reason),
            Request::PatientForget { who, way } => self.forget_patient(client, n, &who, &way),
            Request::PatientInvite { who } => self.invite_patient(&who),

            Request::AppointmentImportBegin(head) => self.begin_import(client, head),
            Request::AppointmentImportPage { entries, settled } => self.take_import_page(client, entries, settled),
            Request::AppointmentImportEnd => {
                let mut teller = self.teller(client, n);
                self.end_import(client, |done, total| teller.tell(done, total))
            }
            Request::AppointmentImportDifferences { skip } => self.tell_differences(client, skip),
            Request::Feed(request) => self.about_feeds(client, request),
            Request::AppointmentImportUndo => self.undo_import(),
            Request::AppointmentAdd { who, start, minutes, kind, repeat } => {
                self.add_appointment(&who, *start, minutes, kind, repeat)
            }
            Request::AppointmentCopy { id, start } => self.copy_appointment(id, &start),
            Request::AppointmentUndo => self.undo_step(),
            Request::AppointmentRedo => self.redo_step(),
            Request::AppointmentMatch { id, called, who, always } => {
                self.match_appointments(id, called.as_ref(), who.as_ref(), always)
            }
            Request::AppointmentMatchNew { id, called, name, always } => self.match_new(id, &called, name, always),
            Request::AppointmentUnmatched { skip, limit } => self.list_unmatched(client, skip, limit),
            Request::AppointmentFree { from, minutes, count } => self.free_times(&from, minutes, count),
            Request::AppointmentList { from, days } => self.list_appointments(client, from, days),
            Request::AppointmentShow { id } => self.show_appointment(id),
            Request::AppointmentEdit { id, start, minutes, status, following } => {
                self.edit_appointment(id, start.map(|start| *start), minutes, status, following)
            }

            Request::NoteNew { who, kind, text, visit, compartment } => {
                self.new_note(&who, kind, text, visit, compartment)
            }
            Request::NoteList { who, unsigned, compartment } => {
                self.list_notes(client, who.as_ref(), unsigned, compartment)
            }
            Request::NoteShow { id } => self.show_note(id),
            Request::NoteEdit { id, text } => self.edit_note(id, text),
            Request::NoteSign { id } => self.sign_note(id),
            Request::NoteAddendum { id, text } => self.add_to_note(id, text),
            Request::NoteSearch { query, who, compartment } => self.search_notes(&query, who.as_ref(), compartment),

            Request::MessageSend { who, text } => self.send_message(&who, text),
            Request::MessageList { who, limit, read } => self.list_messages(client, who.as_ref(), limit, read),

            Request::Task(request) => self.task(client, request),

            Request::RoomList => self.list_room(client),
            Request::RoomTell { who, minutes, text } => self.tell(&who, minutes, text),
            Request::RoomDecline { who, text } => self.decline(&who, text),
            Request::CallSet { microphone, camera } => self.set_devices(microphone, camera),
            Request::CallHangUp => self.hang_up(),
            Request::CallCompared { same } => self.compared(same),
            Request::VisitList { who } => self.list_visits(client, who.as_ref()),
            Request::VisitShow { id } => self.show_visit(id),

            Request::AuditList { filter, limit } => self.list_audit(&filter, limit),
            Request::AuditPage { filter, after } => self.page_audit(client, &filter, after),
            Request::BackupRestore(what) => {
                let mut teller = self.teller(client, n);
                self.restore(&what, |done, total| teller.tell(done, total))
            }
            Request::ExportBegin { way, who, compartment: None } => self.begin_export(client, &way, who.as_ref()),
            Request::ExportBegin { way, who, compartment: Some(compartment) } => {
                self.begin_apart_export(client, &way, who.as_ref(), compartment)
            }
            Request::ExportPage { patient, what, skip } => self.export_page(client, patient, what, skip),
            Request::Today { date } => self.today(client, date),
            Request::Lock
            | Request::Stop
            | Request::CallOpen { .. }
            | Request::AuditVerify
            | Request::BackupCreate { .. }
            | Request::BackupVerify { .. } => Err(Failure::new(Kind::Bug, "a request reached the wrong room")),
        }
    }
}
