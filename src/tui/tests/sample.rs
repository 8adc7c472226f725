//! A small practice on Thursday, 26 November 2026, 10:47 in London.

use crate::base::{
    Phi, Stamp,
    id::{AppointmentId, ImportId, InviteId, MessageId, NoteId, PatientId, SeriesId, VisitId},
};
use crate::client::Quality;
use crate::client::agent::{Chart, LiveVisit, Named, Phase, RelayState, Status, Today, Unmatched, VaultState, Waiting};
use crate::record::{
    Addendum, AddressPolicy, Appointment, AppointmentKind, AppointmentStatus, Contact, Delivery, EndReason, Message,
    Note, NoteKind, Pairing, Path, Patient, Practice, Sender, Source, Visit,
};
use jiff::{Zoned, civil::date, tz::TimeZone};

pub(super) const ADA: PatientId = PatientId::from_bytes([1; 16]);
pub(super) const GRACE: PatientId = PatientId::from_bytes([2; 16]);
pub(super) const ALAN: PatientId = PatientId::from_bytes([3; 16]);
pub(super) const KATHERINE: PatientId = PatientId::from_bytes([4; 16]);
pub(super) const EMMY: PatientId = PatientId::from_bytes([5; 16]);
pub(super) const YOKO: PatientId = PatientId::from_bytes([6; 16]);
pub(super) const VISIT: VisitId = VisitId::from_bytes([7; 16]);
pub(super) const DRAFT: NoteId = NoteId::from_bytes([8; 16]);
pub(super) const SIGNED: NoteId = NoteId::from_bytes([9; 16]);

pub(super) fn at(day: i8, hour: i8, minute: i8) -> Zoned {
    let london = TimeZone::get("Europe/London").expect("the zone is known");
    date(2026, 11, day).at(hour, minute, 0, 0).to_zoned(london).expect("the time exists")
}

pub(super) fn stamp(day: i8, hour: i8, minute: i8) -> Stamp {
    Stamp(at(day, hour, minute).timestamp().as_millisecond())
}

pub(super) fn now() -> Stamp {
    stamp(26, 10, 47)
}

pub(super) fn patient(id: PatientId, name: &str) -> Patient {
    Patient {
        id,
        name: name.into(),
        phone: Some("+44 20 7946 0018".into()),
        emergency: None,
        born: None,
        zone: None,
        relay_only: None,
        archived: false,
        created: stamp(1, 9, 0),
        hold: None,
        aliases: Vec::new(),
        identifiers: Vec::new(),
        pairing: Pairing::Paired {
            invite: InviteId::from_bytes([1; 16]),
            at: stamp(2, 9, 0),
            claims: 1,
            verified: Some(stamp(12, 11, 4)),
            sealed: true,
        },
    }
}

pub(super) fn patients() -> Vec<Patient> {
    let mut ada = patient(ADA, "Ada Byron");
    ada.born = Some(Phi::new(date(1985, 12, 10)));
    ada.emergency = Some(Contact { name: "Charles B.".into(), phone: "+44 20 7946 0999".into() });
    let mut alan = patient(ALAN, "Alan Turing");
    alan.pairing = Pairing::None;
    let mut katherine = patient(KATHERINE, "Katherine Johnson");
    katherine.pairing = Pairing::Paired {
        invite: InviteId::from_bytes([2; 16]),
        at: stamp(20, 9, 0),
        claims: 2,
        verified: None,
        sealed: false,
    };
    let mut emmy = patient(EMMY, "Emmy Noether");
    emmy.zone = Some("Europe/Berlin".to_owned());
    vec![ada, alan, emmy, patient(GRACE, "Grace Hopper"), katherine, patient(YOKO, "山田 陽子")]
}

fn named<T>(name: &str, record: T) -> Named<T> {
    Named { name: Some(name.into()), record }
}

pub(super) fn appointment(n: u8, patient: Option<PatientId>, from: (i8, i8, i8), to: (i8, i8)) -> Appointment {
    let [start, end] = [at(from.0, from.1, from.2), at(from.0, to.0, to.1)];
    Appointment {
        patient,
        subject: "Follow-up R.F.".into(),
        ..Appointment::booked(AppointmentId::from_bytes([n; 16]), start, end)
    }
}

pub(super) fn message(n: u8, patient: PatientId, from: Sender, text: &str, at: Stamp) -> Message {
    Message {
        id: MessageId::from_bytes([n; 16]),
        patient,
        from,
        text: text.into(),
        at,
        delivery: Delivery::Received,
        read: (from == Sender::Clinician).then_some(at),
        appointment: None,
    }
}

pub(super) fn note(id: NoteId, patient: PatientId, text: &str) -> Note {
    Note {
        id,
        patient,
        compartment: None,
        kind: NoteKind::Soap,
        text: text.into(),
        visit: None,
        created: stamp(26, 9, 2),
        edited: stamp(26, 9, 40),
        signed: None,
        addenda: Vec::new(),
    }
}

pub(super) const SOAP: &str = "Visit 26 Nov 2026 11:00\n\nS: Slept five nights of seven. Anxiety on Sundays before work.\n\
    O: Calm, oriented. PHQ-9 8 (was 11).\nA: \nP: \n";

pub(super) fn draft() -> Named<Note> {
    named("Ada Byron", note(DRAFT, ADA, SOAP))
}

pub(super) fn signed() -> Named<Note> {
    let mut signed =
        note(SIGNED, ADA, "S: Tired, and glad of it.\nO: Slower speech than last week.\nA: Improving.\nP: Weekly.");
    signed.signed = Some(stamp(19, 12, 5));
    signed.addenda = vec![Addendum { at: stamp(20, 9, 30), text: "She wrote that the worksheet helped.".into() }];
    named("Ada Byron", signed)
}

pub(super) fn waiting() -> Waiting {
    Waiting {
        patient: ADA,
        name: "Ada Byron".into(),
        visit: VISIT,
        since: stamp(26, 10, 44),
        seen: now(),
        camera: true,
        microphone: true,
        alone: Some(true),
        place: Some("London, home".into()),
        verified: true,
        told: None,
    }
}

pub(super) fn room() -> Vec<Waiting> {
    let other = Waiting {
        patient: KATHERINE,
        name: "Katherine Johnson".into(),
        visit: VisitId::from_bytes([17; 16]),
        since: stamp(26, 10, 31),
        seen: stamp(26, 10, 46),
        camera: false,
        alone: Some(false),
        place: None,
        verified: false,
        told: Some((Some(15), stamp(26, 10, 35))),
        ..waiting()
    };
    vec![waiting(), other]
}

pub(super) fn today() -> Today {
    let mut grace = appointment(1, Some(GRACE), (26, 9, 0), (9, 50));
    grace.status = AppointmentStatus::Fulfilled;
    let mut alan = appointment(2, Some(ALAN), (26, 10, 0), (10, 50));
    alan.status = AppointmentStatus::Noshow;
    let mut ada = appointment(3, Some(ADA), (26, 11, 0), (11, 50));
    ada.status = AppointmentStatus::Arrived;
    let mut katherine = appointment(4, Some(KATHERINE), (26, 13, 0), (13, 50));
    katherine.kind = AppointmentKind::InPerson;
    let emmy = appointment(5, Some(EMMY), (26, 15, 0), (15, 50));
    let unknown = appointment(6, None, (26, 16, 0), (16, 25));
    let yoko = appointment(7, Some(YOKO), (26, 16, 30), (17, 20));
    Today {
        date: date(2026, 11, 26),
        zone: "Europe/London".to_owned(),
        appointments: vec![
            named("Grace Hopper", grace.clone()),
            named("Alan Turing", alan),
            named("Ada Byron", ada),
            named("Katherine Johnson", katherine),
            named("Emmy Noether", emmy),
            Named { name: None, record: unknown },
            named("山田 陽子", yoko),
        ],
        verified: vec![ADA, GRACE, EMMY, YOKO],
        unsigned_of: vec![grace.id],
        followed: Vec::new(),
        room: vec![waiting()],
        unread: vec![
            named(
                "Katherine Johnson",
                message(
                    21,
                    KATHERINE,
                    Sender::Patient,
                    "Is parking behind the house free on Thursdays?",
                    stamp(26, 8, 40),
                ),
            ),
            named("Emmy Noether", message(22, EMMY, Sender::Patient, "Danke, bis Donnerstag! 🙂", stamp(25, 9, 0))),
        ],
        unread_count: 2,
        unsigned: vec![
            named("Grace Hopper", note(NoteId::from_bytes([31; 16]), GRACE, "S: ")),
            draft(),
            named(
                "Alan Turing",
                Note {
                    created: stamp(24, 10, 0),
                    kind: NoteKind::Dap,
                    ..note(NoteId::from_bytes([32; 16]), ALAN, "D: ")
                },
            ),
        ],
        unsigned_count: 3,
        tasks: Vec::new(),
        tasks_count: 0,
        visit: None,
    }
}

/// The practice, which works from nine to five and not at the weekend.
pub(super) fn practice() -> Practice {
    Practice {
        clinician: "Dr. Okafor".into(),
        phone: None,
        emergency: None,
        relay: None,
        relay_token: None,
        addresses: AddressPolicy::Direct,
        zone: "Europe/London".to_owned(),
        lock_after_min: 10,
        invite_hours: 336,
        retention_years: 10,
        part2: false,
        hours: vec!["mon-fri 9-17".parse().expect("hours")],
        remind_me_min: Some(10),
        remind_patient_min: Vec::new(),
    }
}

/// The week of 26 November: Thursday as on the first screen, a series of Ada's, an overlap, a whole day.
pub(super) fn week() -> Vec<Named<Appointment>> {
    let mut week = today().appointments;
    let series = Some(SeriesId::from_bytes([1; 16]));
    for (n, day) in [(11, 23), (12, 24), (13, 25)] {
        let record = Appointment { series, ..appointment(n, Some(ADA), (day, 11, 0), (11, 50)) };
        week.push(named("Ada Byron", record));
    }
    week[2].record.series = series;
    week.push(named("Emmy Noether", appointment(14, Some(EMMY), (24, 11, 30), (12, 20))));
    week.push(named("Grace Hopper", appointment(15, Some(GRACE), (24, 9, 10), (10, 0))));
    let mut gone = appointment(16, Some(ALAN), (25, 14, 0), (14, 50));
    gone.status = AppointmentStatus::Cancelled;
    week.push(named("Alan Turing", gone));
    let mut proposed = appointment(17, Some(KATHERINE), (27, 10, 0), (10, 50));
    proposed.status = AppointmentStatus::Proposed;
    week.push(named("Katherine Johnson", proposed));
    let mut closed = appointment(18, None, (27, 0, 0), (0, 0));
    (closed.subject, closed.nobodys) = ("Stocktaking".into(), true);
    closed.end = at(28, 0, 0);
    week.push(Named { name: None, record: closed });
    week
}

/// Names from a feed that fit nobody.
pub(super) fn unmatched() -> Vec<Unmatched> {
    let of_feed = |n: u8, subject: &str, day: i8| {
        let source = Source {
            feed: "clinic".into(),
            uid: subject.into(),
            recurrence: String::new(),
            sequence: 0,
            import: ImportId::from_bytes([1; 16]),
            by_hand: false,
            began: None,
            also: Phi::default(),
            placer: Phi::default(),
            said: None,
            identifiers: Vec::new(),
        };
        Appointment { subject: subject.into(), source: Some(source), ..appointment(n, None, (day, 9, 0), (9, 50)) }
    };
    vec![
        Unmatched { next: of_feed(71, "Byron, Ada", 27), number: None, count: 12 },
        Unmatched { next: of_feed(72, "Franklin, Rosalind", 30), number: Some("7741".into()), count: 1 },
        Unmatched { next: of_feed(73, "Team lunch", 20), number: None, count: 40 },
    ]
}

pub(super) fn empty_day() -> Today {
    Today {
        appointments: Vec::new(),
        verified: Vec::new(),
        unsigned_of: Vec::new(),
        room: Vec::new(),
        unread: Vec::new(),
        unread_count: 0,
        unsigned: Vec::new(),
        unsigned_count: 0,
        ..today()
    }
}

pub(super) fn thread() -> Vec<Named<Message>> {
    let mut last = message(
        44,
        ADA,
        Sender::Clinician,
        "Good. Keep the diary until Thursday, and bring the two pages we spoke about.",
        stamp(26, 10, 40),
    );
    last.delivery = Delivery::Sent;
    let thread = [
        message(41, ADA, Sender::Clinician, "The worksheet is attached to this week's page.", stamp(19, 14, 5)),
        message(42, ADA, Sender::Patient, "Thank you.\nSlept better: five nights of seven.", stamp(20, 9, 12)),
        message(43, ADA, Sender::Patient, "May I come ten minutes later on Thursday?", stamp(26, 10, 30)),
        last,
    ];
    thread.map(|message| named("Ada Byron", message)).into()
}

pub(super) fn all_messages() -> Vec<Named<Message>> {
    let mut all: Vec<_> = today().unread;
    all.extend(thread());
    all.sort_by_key(|named| named.record.at);
    all
}

pub(super) fn chart() -> Chart {
    let mut booked = appointment(51, Some(ADA), (30, 11, 0), (11, 50));
    booked.start = date(2026, 12, 3).at(11, 0, 0, 0).to_zoned(at(1, 1, 1).time_zone().clone()).expect("it exists");
    booked.end = booked.start.checked_add(jiff::Span::new().minutes(50)).expect("it exists");
    let mut past = appointment(52, Some(ADA), (19, 11, 0), (11, 50));
    past.status = AppointmentStatus::Fulfilled;
    let ada = today().appointments[2].record.clone();
    let mut intake = note(NoteId::from_bytes([53; 16]), ADA, "Reason for coming: sleep");
    (intake.kind, intake.created, intake.signed) = (NoteKind::Intake, stamp(12, 10, 0), Some(stamp(12, 12, 0)));
    let visit = |n: u8, day: i8, reason| Visit {
        id: VisitId::from_bytes([n; 16]),
        patient: ADA,
        appointment: None,
        knocked: stamp(day, 10, 58),
        admitted: Some(stamp(day, 11, 1)),
        connected: Some(stamp(day, 11, 1)),
        ended: Some(stamp(day, 11, 49)),
        end_reason: Some(reason),
        path: Some(Path::Direct),
        codec: Some("VP8".to_owned()),
        words: Vec::new(),
        words_compared: (day == 12).then(|| stamp(day, 11, 4)),
        words_differed: false,
    };
    Chart {
        patient: patients().swap_remove(0),
        notes: vec![draft().record, Note { created: stamp(19, 11, 55), ..signed().record }, intake],
        messages: thread().into_iter().map(|named| named.record).collect(),
        appointments: vec![past, ada, booked],
        visits: vec![visit(61, 19, EndReason::Clinician), visit(62, 12, EndReason::Lost)],
        tasks: Vec::new(),
    }
}

pub(super) fn live() -> LiveVisit {
    LiveVisit {
        visit: VISIT,
        patient: ADA,
        name: "Ada Byron".into(),
        phase: Phase::Live,
        admitted: stamp(26, 10, 23),
        connected: Some(stamp(26, 10, 23)),
        words: ["amber", "violin", "harbour", "seven", "fern"].map(String::from).into(),
        compared: false,
        path: Some(Path::Direct),
        microphone: true,
        camera: true,
        peer_microphone: true,
        peer_camera: true,
        quality: Some(Quality { round_trip_ms: 18, ..Quality::default() }),
        trouble: Vec::new(),
    }
}

pub(super) fn status(vault: VaultState) -> Status {
    Status {
        version: "0.1.0".to_owned(),
        pid: 1,
        vault,
        locks_in_s: Some(480),
        relay: RelayState::Up { round_trip_ms: 41 },
        waiting: 1,
        spooled: 0,
        visit: None,
        zone: None,
        damage: None,
    }
}
