//! What an audit event is about: whose charts, which record, how many.

use crate::base::id::PatientId;
use std::collections::BTreeSet;

/// What an audit event is about.
#[derive(Default)]
pub(in crate::agent) struct About {
    /// The patient concerned.
    pub(in crate::agent) patient: Option<PatientId>,
    /// The patients concerned, when there are several.
    pub(in crate::agent) patients: Vec<PatientId>,
    /// The record concerned.
    pub(in crate::agent) record: Option<String>,
    /// How many records.
    pub(in crate::agent) count: Option<u64>,
}

impl About {
    /// About nothing in particular.
    pub(in crate::agent) fn nothing() -> Self {
        Self::default()
    }

    /// About a patient.
    pub(in crate::agent) fn patient(id: PatientId) -> Self {
        Self { patient: Some(id), ..Self::default() }
    }

    /// About one record of a patient.
    pub(in crate::agent) fn record(patient: Option<PatientId>, record: impl ToString) -> Self {
        Self { patient, record: Some(record.to_string()), ..Self::default() }
    }

    /// About the record as a whole, as a head proves it, and how much of it.
    pub(in crate::agent) fn proof(head: &str, count: u64) -> Self {
        Self { record: Some(head.to_owned()), count: Some(count), ..Self::default() }
    }

    /// About a number of records.
    pub(in crate::agent) fn count(patient: Option<PatientId>, count: usize) -> Self {
        Self { patient, count: Some(count as u64), ..Self::default() }
    }

    /// About a number of records, and everybody they speak of.
    pub(in crate::agent) fn several(patients: impl IntoIterator<Item = PatientId>, count: usize) -> Self {
        let all: BTreeSet<PatientId> = patients.into_iter().collect();
        let mut patients: Vec<PatientId> = all.into_iter().collect();
        let patient = if patients.len() == 1 { patients.pop() } else { None };
        Self { patient, patients, ..Self::count(None, count) }
    }
}
