//! Protected health information: values that must never reach a log, an argument list, a title or a panic message.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A value that speaks of a patient, or that could lead to one: a name, a text, a network address, an SDP.
///
/// It has no `Display`, and `Debug` prints only what it is. It is serialized only where a field says
/// `#[serde(with = "crate::base::phi")]` (or `phi::option`), which only `record` and `wire` do.
/// Whoever needs the value calls [`Phi::expose`], which is easy to search for.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phi<T>(T);

impl<T> Phi<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself, for the one place that needs it.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// The value itself, to change it.
    pub const fn expose_mut(&mut self) -> &mut T {
        &mut self.0
    }

    /// Gives the value up.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> From<T> for Phi<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl From<&str> for Phi<String> {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

impl<T> fmt::Debug for Phi<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phi(…)")
    }
}

/// For `#[serde(with = "crate::base::phi")]`.
pub fn serialize<T: Serialize, S: Serializer>(value: &Phi<T>, to: S) -> Result<S::Ok, S::Error> {
    value.0.serialize(to)
}

/// For `#[serde(with = "crate::base::phi")]`.
pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Phi<T>, D::Error> {
    T::deserialize(from).map(Phi)
}

/// For `#[serde(with = "crate::base::phi::option", default)]` on an `Option<Phi<T>>`.
pub mod option {
    use super::*;

    /// Writes the value or nothing.
    pub fn serialize<T: Serialize, S: Serializer>(value: &Option<Phi<T>>, to: S) -> Result<S::Ok, S::Error> {
        value.as_ref().map(Phi::expose).serialize(to)
    }

    /// Reads the value or nothing.
    pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<Phi<T>>, D::Error> {
        Ok(Option::<T>::deserialize(from)?.map(Phi))
    }
}

/// For `#[serde(with = "crate::base::phi::list", default)]` on a `Vec<Phi<T>>`.
pub mod list {
    use super::*;

    /// Writes the values.
    pub fn serialize<T: Serialize, S: Serializer>(values: &[Phi<T>], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(values.iter().map(Phi::expose))
    }

    /// Reads the values.
    pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Vec<Phi<T>>, D::Error> {
        Ok(Vec::<T>::deserialize(from)?.into_iter().map(Phi).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_never_shows_the_value() {
        assert_eq!(format!("{:?}", Some(Phi::<String>::from("Ada Byron"))), "Some(Phi(…))");
    }
}
