//! The ways into the vault, as clients offer, see and change them.

use crate::base::{Phi, Stamp};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// What opens the vault, or shows once more that the clinician is there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// The passphrase.
    Passphrase(#[serde(with = "crate::base::phi")] Phi<String>),
    /// The passphrase, and the identity that is its second factor.
    Both {
        /// The passphrase.
        #[serde(with = "crate::base::phi")]
        passphrase: Phi<String>,
        /// `AGE-SECRET-KEY-1…`, from a key file or from a keyslot's holder.
        #[serde(with = "crate::base::phi")]
        identity: Phi<String>,
    },
    /// An identity, `AGE-SECRET-KEY-1…`, from a key file or from a keyslot's holder.
    Identity(#[serde(with = "crate::base::phi")] Phi<String>),
    /// The recovery key, `AGE-SECRET-KEY-1…`; spaces and case do not matter.
    Recovery(#[serde(with = "crate::base::phi")] Phi<String>),
}

/// A way into the vault. Nothing of it is secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Keyslot {
    /// What it is called.
    pub name: String,
    /// What it asks for.
    pub kind: KeyslotKind,
    /// When it was added; unknown for a passphrase alone.
    pub added: Option<Stamp>,
    /// The X25519 recipient it is sealed to, `age1…`.
    pub recipient: Option<String>,
    /// Who holds the identity to it, when it is a plugin.
    pub holder: Option<Holder>,
}

/// What a keyslot asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyslotKind {
    /// A passphrase alone.
    Passphrase,
    /// A passphrase, and before it an identity.
    SecondFactor,
    /// The recovery key.
    Recovery,
    /// An identity alone.
    Identity,
}

/// A keyslot's own identity in the hands of an age plugin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Holder {
    /// The plugin's recipient, `age1NAME1…`.
    pub recipient: String,
    /// The identity, an age file to it.
    pub key: ByteBuf,
}

/// To whom a keyslot is to be sealed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SealTo {
    /// An X25519 recipient, `age1…`: a key file's, or one made for a plugin to hold.
    pub recipient: String,
    /// Who holds the identity to it, when it is a plugin.
    pub holder: Option<Holder>,
}

/// What becomes of the passphrase's second factor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// It stays, or there is still none.
    Keep,
    /// The passphrase alone opens the vault.
    Remove,
    /// This one.
    Set(SealTo),
}
