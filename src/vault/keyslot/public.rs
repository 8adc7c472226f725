//! What lies beside a slot: whom it is sealed to, so that it can be sealed anew without the one who opens it.
//!
//! `NAME.pub` is a file of age recipients, as `age -R` takes it; what else there is to say stands in its comments:
//!
//! ```text
//! # bedside keyslot 1
//! # kind: recovery, identity, or second-factor
//! # added: 2026-11-22T05:27:33.123Z
//! # holder: age1NAME1…           when a plugin holds the slot's identity
//! # slot: BLAKE3 of NAME.age     (64 hexadecimal digits)
//! # key: BLAKE3 of NAME.key      when there is one
//! age1…
//! # proof: keyed BLAKE3 of `p`, the slot's name, a zero, and everything above; the first 16 bytes
//! ```
//!
//! The hashes bind the three files of a slot together, so that replacing them is done when `NAME.age` is in place. The
//! proof is made with a subkey of the vault key: nothing is ever sealed to a recipient that somebody else wrote here.

use std::fmt::Write;

use data_encoding::HEXLOWER;

use super::super::frame::{Hash, hash};
use super::super::key::Namer;
use super::SlotKind;
use crate::base::Stamp;

const FIRST: &str = "# bedside keyslot 1";
const ROOM: u8 = b'p';
/// The longest file that is read.
pub(super) const MAX_BYTES: u64 = 8 << 10;

/// Whom a slot is sealed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Public {
    pub(super) kind: SlotKind,
    pub(super) added: Stamp,
    /// An X25519 recipient, `age1…`.
    pub(super) recipient: String,
    /// The plugin's recipient that the slot's identity is sealed to.
    pub(super) holder: Option<String>,
}

/// A `Public` as it was read, with what binds and proves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Written {
    pub(super) public: Public,
    slot: Hash,
    key: Option<Hash>,
    covered: Vec<u8>,
    proof: [u8; 16],
}

impl Public {
    /// The file for a slot with this content.
    pub(super) fn encode(&self, name: &str, slot: &[u8], key: Option<&[u8]>, prover: &Namer) -> String {
        let added = jiff::Timestamp::from_millisecond(self.added.0).unwrap_or_default();
        let mut text = format!("{FIRST}\n# kind: {}\n# added: {added}\n", word(self.kind));
        let mut line = |label: &str, value: &str| {
            writeln!(text, "# {label}: {value}").expect("a String takes any text");
        };
        if let Some(holder) = &self.holder {
            line("holder", holder);
        }
        line("slot", &HEXLOWER.encode(&hash(slot)));
        if let Some(key) = key {
            line("key", &HEXLOWER.encode(&hash(key)));
        }
        writeln!(text, "{}", self.recipient).expect("a String takes any text");
        let proof = prove(prover, name, text.as_bytes());
        writeln!(text, "# proof: {}", HEXLOWER.encode(&proof)).expect("a String takes any text");
        text
    }
}

impl Written {
    /// Reads what `encode` wrote; `None` when it is nothing of the kind.
    pub(super) fn parse(file: &[u8]) -> Option<Written> {
        let text = std::str::from_utf8(file).ok()?;
        let (covered, proof) = text.strip_suffix('\n')?.rsplit_once("# proof: ")?;
        let mut lines = covered.lines();
        if lines.next() != Some(FIRST) {
            return None;
        }
        let mut kind = None;
        let mut added = None;
        let (mut holder, mut slot, mut key, mut recipient) = (None, None, None, None);
        for line in lines {
            match line.strip_prefix("# ").map(|comment| comment.split_once(": ")) {
                Some(Some(("kind", word))) => kind = Some(from_word(word)?),
                Some(Some(("added", at))) => added = Some(at.parse::<jiff::Timestamp>().ok()?),
                Some(Some(("holder", text))) => holder = Some(text.to_owned()),
                Some(Some(("slot", digits))) => slot = Some(digits_of(digits)?),
                Some(Some(("key", digits))) => key = Some(digits_of(digits)?),
                Some(_) => {}
                None if recipient.is_none() => recipient = Some(line.to_owned()),
                None => return None,
            }
        }
        let public = Public { kind: kind?, added: Stamp(added?.as_millisecond()), recipient: recipient?, holder };
        Some(Written { public, slot: slot?, key, covered: covered.as_bytes().to_vec(), proof: digits_of(proof)? })
    }

    /// Whether it belongs to the slot with this content.
    pub(super) fn is_of(&self, slot: &[u8]) -> bool {
        self.slot == hash(slot)
    }

    /// Whether this is the slot's own identity, sealed to its holder.
    pub(super) fn has_key(&self, key: &[u8]) -> bool {
        self.key == Some(hash(key))
    }

    /// Whether a slot without its holder's file is not whole.
    pub(super) fn needs_key(&self) -> bool {
        self.key.is_some()
    }

    /// Whether it was written by who had the vault key.
    pub(super) fn is_proven(&self, name: &str, prover: &Namer) -> bool {
        prove(prover, name, &self.covered) == self.proof
    }
}

fn prove(prover: &Namer, name: &str, text: &[u8]) -> [u8; 16] {
    prover.name(ROOM, &[name.as_bytes(), &[0], text])
}

fn digits_of<const N: usize>(digits: &str) -> Option<[u8; N]> {
    HEXLOWER.decode(digits.as_bytes()).ok()?.try_into().ok()
}

fn word(kind: SlotKind) -> &'static str {
    match kind {
        SlotKind::Passphrase => "passphrase",
        SlotKind::SecondFactor => "second-factor",
        SlotKind::Recovery => "recovery",
        SlotKind::Identity => "identity",
    }
}

fn from_word(word_: &str) -> Option<SlotKind> {
    [SlotKind::SecondFactor, SlotKind::Recovery, SlotKind::Identity].into_iter().find(|kind| word(*kind) == word_)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::key::{Purpose, VaultKey};
    use super::*;

    fn public() -> Public {
        let holder = Some("age1yubikey1qqq".to_owned());
        Public { kind: SlotKind::Identity, added: Stamp(1_800_000_000_123), recipient: "age1abc".to_owned(), holder }
    }

    #[test]
    fn what_was_written_is_read_and_any_change_is_found() {
        let prover = VaultKey::random().namer(Purpose::Keyslot);
        let text = public().encode("token", b"slot", Some(b"key"), &prover);
        let written = Written::parse(text.as_bytes()).expect("read");
        assert_eq!(written.public, public());
        assert!(written.is_of(b"slot") && written.has_key(b"key") && written.is_proven("token", &prover));
        assert!(!written.is_of(b"other") && !written.has_key(b"other"));
        assert!(!written.is_proven("other", &prover), "another slot's");
        assert!(!written.is_proven("token", &VaultKey::random().namer(Purpose::Keyslot)), "another vault's");
        let forged = text.replace("age1abc", "age1evil");
        assert!(!Written::parse(forged.as_bytes()).expect("read").is_proven("token", &prover));
    }

    proptest! {
        #[test]
        fn garbage_is_refused_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), text: String) {
            prop_assert_eq!(Written::parse(&bytes), None);
            prop_assert_eq!(Written::parse(format!("{FIRST}\n{text}\n# proof: 00\n").as_bytes()), None);
        }
    }
}
