//! The elements of FHIR's resources that matter here, in the shapes of R4 and of R5. Everything else is passed over
//! without being kept.

use super::super::person::PARTS_MAX;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;
use std::marker::PhantomData;

/// A list of a resource's parts, of which only so many are kept.
pub(super) struct List<T> {
    items: Vec<T>,
    /// There were more.
    pub cut: bool,
}

impl<T> List<T> {
    pub(super) fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { items: Vec::new(), cut: false }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Items<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Items<T> {
            type Value = List<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<List<T>, A::Error> {
                let mut list = List::default();
                while list.items.len() < PARTS_MAX {
                    match from.next_element()? {
                        Some(item) => list.items.push(item),
                        None => return Ok(list),
                    }
                }
                while from.next_element::<IgnoredAny>()?.is_some() {
                    list.cut = true;
                }
                Ok(list)
            }
        }
        from.deserialize_seq(Items(PhantomData))
    }
}

/// What every resource begins with.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Kind {
    pub resource_type: String,
}

/// Bundle.
#[derive(Deserialize)]
pub(super) struct Bundle<'a> {
    /// `searchset`, `transaction`, …
    #[serde(rename = "type", default)]
    pub kind: String,
    #[serde(default)]
    pub meta: Meta,
    /// When it was put together.
    pub timestamp: Option<String>,
    /// Each as it stands, so that it can be found again.
    #[serde(borrow, default)]
    pub entry: Vec<&'a RawValue>,
}

/// Bundle.entry.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry<'a> {
    pub full_url: Option<String>,
    #[serde(borrow)]
    pub resource: Option<&'a RawValue>,
    pub request: Option<Request>,
}

/// Bundle.entry.request.
#[derive(Deserialize)]
pub(super) struct Request {
    #[serde(default)]
    pub method: String,
    #[serde(default)]
    pub url: String,
}

/// Meta.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Meta {
    pub last_updated: Option<String>,
    pub source: Option<String>,
}

/// MessageHeader.
#[derive(Deserialize)]
pub(super) struct Header {
    #[serde(default)]
    pub source: HeaderSource,
}

/// MessageHeader.source.
#[derive(Default, Deserialize)]
pub(super) struct HeaderSource {
    pub name: Option<String>,
}

/// Appointment.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Appointment<'a> {
    pub id: Option<String>,
    #[serde(default)]
    pub meta: Meta,
    #[serde(borrow, default)]
    pub contained: List<&'a RawValue>,
    #[serde(default)]
    pub extension: List<Extension>,
    #[serde(default)]
    pub identifier: List<Identifier>,
    pub status: Option<String>,
    /// R4: what sort of visit it is; R5: the encounter's class.
    #[serde(default)]
    pub class: List<Concept>,
    #[serde(default)]
    pub service_category: List<Concept>,
    #[serde(default)]
    pub service_type: List<Concept>,
    pub appointment_type: Option<Concept>,
    /// R4.
    #[serde(default)]
    pub reason_code: List<Concept>,
    /// R5.
    #[serde(default)]
    pub reason: List<Concept>,
    pub description: Option<String>,
    /// R5.
    #[serde(default)]
    pub virtual_service: List<IgnoredAny>,
    /// R5: which of a series.
    pub recurrence_id: Option<u32>,
    /// R5: how it repeats, which is not read.
    #[serde(default)]
    pub recurrence_template: List<IgnoredAny>,
    pub start: Option<String>,
    pub end: Option<String>,
    /// A positive whole number; some write `50.0`.
    pub minutes_duration: Option<f64>,
    #[serde(default)]
    pub slot: List<Reference>,
    /// R5.
    pub subject: Option<Reference>,
    #[serde(default)]
    pub participant: List<Participant>,
}

impl Appointment<'_> {
    /// Whether it has more parts than are looked at.
    pub(super) fn cut(&self) -> bool {
        self.contained.cut || self.identifier.cut || self.slot.cut || self.participant.cut
    }
}

/// Extension: only that it is there.
#[derive(Deserialize)]
pub(super) struct Extension {
    #[serde(default)]
    pub url: String,
}

/// Appointment.participant.
#[derive(Deserialize)]
pub(super) struct Participant {
    pub actor: Option<Reference>,
    /// Whether the actor will come.
    pub status: Option<String>,
}

/// Reference.
#[derive(Deserialize)]
pub(super) struct Reference {
    pub reference: Option<String>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub identifier: Option<Identifier>,
    pub display: Option<String>,
}

/// Identifier.
#[derive(Deserialize)]
pub(super) struct Identifier {
    /// `old` if it is not good any more.
    #[serde(rename = "use")]
    pub usage: Option<String>,
    #[serde(rename = "type")]
    pub kind: Option<Concept>,
    pub system: Option<String>,
    pub value: Option<String>,
}

impl Identifier {
    /// Whether it is of that type (HL7 table 0203).
    pub(super) fn is(&self, code: &str) -> bool {
        self.codings().any(|coding| coding.code.as_deref() == Some(code))
    }

    /// Its type: in HL7's own code (table 0203), else in another.
    pub(super) fn code(&self) -> &str {
        let own = |coding: &&Coding| coding.system.as_deref().is_some_and(|system| system.ends_with("0203"));
        let code = |coding: &'_ Coding| coding.code.is_some();
        let chosen = self.codings().filter(|one| code(one)).find(own).or_else(|| self.codings().find(|one| code(one)));
        chosen.and_then(|coding| coding.code.as_deref()).unwrap_or_default()
    }

    fn codings(&self) -> impl Iterator<Item = &Coding> {
        self.kind.iter().flat_map(|kind| kind.coding.iter())
    }
}

/// CodeableConcept; or R5's CodeableReference, which has one inside.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Concept {
    pub text: Option<String>,
    pub coding: List<Coding>,
    pub concept: Option<Box<Concept>>,
}

impl Concept {
    /// Everything it says, in codes and in words.
    pub(super) fn words(&self) -> Vec<&str> {
        let own = self.concept.as_deref().unwrap_or(self);
        let coded = own.coding.iter().flat_map(|coding| [&coding.display, &coding.code]);
        std::iter::once(&own.text).chain(coded).flatten().map(String::as_str).collect()
    }
}

/// Coding.
#[derive(Deserialize)]
pub(super) struct Coding {
    pub system: Option<String>,
    pub code: Option<String>,
    pub display: Option<String>,
}

/// Patient.
#[derive(Deserialize)]
pub(super) struct Patient {
    #[serde(default)]
    pub identifier: List<Identifier>,
    #[serde(default)]
    pub name: List<HumanName>,
}

/// HumanName.
#[derive(Deserialize)]
pub(super) struct HumanName {
    #[serde(rename = "use")]
    pub usage: Option<String>,
    pub text: Option<String>,
    pub family: Option<String>,
    /// Of a list of primitives, one may be null and have only extensions.
    #[serde(default)]
    pub given: List<Option<String>>,
}

/// Slot.
#[derive(Deserialize)]
pub(super) struct Slot {
    pub start: Option<String>,
    pub end: Option<String>,
}

/// Location.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Location {
    pub name: Option<String>,
    pub description: Option<String>,
    #[serde(rename = "type")]
    pub kind: List<Concept>,
    /// R4.
    pub physical_type: Option<Concept>,
    /// R5.
    pub form: Option<Concept>,
}

/// A resource's own id.
#[derive(Deserialize)]
pub(super) struct Id {
    pub id: Option<String>,
}
