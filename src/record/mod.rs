//! What a practice keeps: pure values and their rules, named as FHIR names them.
//!
//! Refuses to be: storage, a screen, a protocol. Every record is a CBOR map with named fields; readers
//! ignore what they do not know, and a new field has a default, so that old records open for ever.

pub mod appointment;
pub mod audit;
pub mod backup;
pub mod check;
pub mod compartment;
pub mod feed;
pub mod import;
pub mod message;
pub mod name;
pub mod note;
pub mod patient;
pub mod practice;
pub mod reminded;
pub mod retention;
pub mod schedule;
pub mod task;
pub mod visit;

pub use appointment::{
    Appointment, AppointmentKind, AppointmentStatus, Former, Imported, Settlement, Source, UNVERSIONED, Which,
};
pub use audit::{Action, Actor, AuditEvent};
pub use backup::{Backup, JournalKept, KeysKept};
pub use check::Check;
pub use compartment::{ApartNote, Compartment, CompartmentSlots, RecoverySlot};
pub use feed::{Pushed, Remote, RemoteObject};
pub use import::{Import, ImportState};
pub use message::{Attached, Delivery, Message, Sender};
pub use note::{Addendum, Note, NoteKind};
pub use patient::{Contact, Hold, Identifier, Pairing, Patient};
pub use practice::{AddressPolicy, Practice};
pub use reminded::Reminded;
pub use schedule::{Every, Hours, Repeat};
pub use task::Task;
pub use visit::{EndReason, Path, Visit};

/// The kinds of record and the numbers they have in the journal. A number is never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u16)]
#[expect(missing_docs, reason = "each is the record of that name")]
pub enum RecordKind {
    Practice = 1,
    Patient = 2,
    Appointment = 3,
    Note = 4,
    Message = 5,
    Visit = 6,
    AuditEvent = 7,
    /// What the mailbox still has to send, or has seen.
    Envelope = 8,
    /// One run of an import.
    Import = 9,
    /// Where the vault is backed up to.
    Backup = 10,
    /// The ways into a compartment.
    CompartmentSlots = 11,
    /// A note in a compartment.
    ApartNote = 12,
    /// When all of the vault was last read.
    Check = 13,
    /// Something to be done.
    Task = 14,
    /// Up to when reminders were given.
    Reminded = 15,
    /// A calendar on another server.
    Remote = 16,
    /// An object of it, as it was last seen.
    RemoteObject = 17,
    /// An appointment as it was before an import gave it to somebody else.
    Former = 18,
}

/// A value that the vault keeps.
pub trait Record: serde::Serialize + serde::de::DeserializeOwned {
    /// Its number in the journal.
    const KIND: RecordKind;
    /// The version of its fields.
    const SCHEMA: u16;
    /// Its identifier.
    fn id(&self) -> [u8; 16];
    /// The patient it speaks of; then it is sealed under that patient's key, and forgotten with it.
    fn patient(&self) -> Option<crate::base::id::PatientId>;
    /// How it is found again.
    fn standing(&self) -> Standing {
        Standing::Kept
    }
}

/// How a record is found again, beside by its identifier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// By its kind and its patient.
    #[default]
    Kept,
    /// So, and among those of its kind that wait for somebody, until a later version ends that: a draft, an unread
    /// message.
    Pending,
    /// Only in the order in which it happened, for it never changes: an event.
    Event,
}
