//! Identifiers: 16 random bytes, written as 26 letters and digits (RFC 4648 base32, lower case, no padding).
//!
//! In CBOR they are byte strings, in JSON and on the command line text. They say nothing about what they name.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

/// Text that is not an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier")]
pub struct NotAnId;

/// An identifier as text.
struct Text([u8; 26]);

impl Text {
    fn of(bytes: &[u8; 16]) -> Self {
        let mut text = [0; 26];
        data_encoding::BASE32_NOPAD.encode_mut(bytes, &mut text);
        text.make_ascii_lowercase();
        Self(text)
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

fn decode(text: &str) -> Result<[u8; 16], NotAnId> {
    let mut letters: [u8; 26] = text.as_bytes().try_into().map_err(|_| NotAnId)?;
    letters.make_ascii_uppercase();
    let mut bytes = [0; 16];
    data_encoding::BASE32_NOPAD.decode_mut(&letters, &mut bytes).map_err(|_| NotAnId)?;
    Ok(bytes)
}

struct BytesOrText;

impl<'de> de::Visitor<'de> for BytesOrText {
    type Value = [u8; 16];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("16 bytes or 26 letters and digits")
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<[u8; 16], E> {
        bytes.try_into().map_err(|_| E::custom(NotAnId))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<[u8; 16], E> {
        decode(text).map_err(E::custom)
    }
}

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name([u8; 16]);

        impl $name {
            /// A fresh identifier from the system's random source.
            pub fn random() -> Self {
                Self(super::random::once())
            }

            /// The identifier with these bytes.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// The 16 bytes.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(Text::of(&self.0).as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), Text::of(&self.0).as_str())
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                decode(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                if to.is_human_readable() {
                    to.collect_str(self)
                } else {
                    to.serialize_bytes(&self.0)
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                if from.is_human_readable() {
                    from.deserialize_str(BytesOrText).map(Self)
                } else {
                    from.deserialize_bytes(BytesOrText).map(Self)
                }
            }
        }
    )+};
}

id! {
    /// A patient.
    PatientId,
    /// An appointment (FHIR Appointment).
    AppointmentId,
    /// A note.
    NoteId,
    /// A message of a thread; the same at both ends.
    MessageId,
    /// A visit (FHIR Encounter, class VR); the same at both ends.
    VisitId,
    /// An invite; it stands in the link.
    InviteId,
    /// One run of a feed import, so that it can be undone as a whole.
    ImportId,
    /// Appointments that were made together: a weekly hour.
    SeriesId,
    /// Something to be done.
    TaskId,
    /// A calendar on another server.
    FeedId,
    /// Stands for an address, a UID or a text on another server: a hash that says nothing of it.
    RemoteId,
    /// An audit event.
    EventId,
    /// One end of a relay queue, as its reader or its writer names it.
    QueueId,
    /// A sealed envelope; resending keeps it, so that the other end can drop doubles.
    EnvelopeId,
    /// One life of a relay process.
    BootId,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::cbor;

    #[test]
    fn id_survives_text_and_cbor() {
        let id = PatientId::random();
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.to_string().len(), 26);
        let bytes = cbor::to_vec(&id);
        assert_eq!(bytes.len(), 17);
        assert_eq!(cbor::read(&bytes), Ok(id));
    }

    #[test]
    fn text_that_is_no_id_is_refused() {
        for text in ["", "a", "ada", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "ééééééééééééé"] {
            assert_eq!(text.parse::<PatientId>(), Err(NotAnId), "{text}");
        }
    }
}
