//! The five words two people read to each other, and the commitment that makes
//! five words enough.
//!
//! The words are 55 bits of the MLS exporter (RFC 9420, section 8.5) over both
//! nonces and both DTLS fingerprints, so they differ if anyone stands between
//! the two conversations or between the two ends of the call. 55 bits could be
//! ground out by someone who may choose his nonce last; therefore the side that
//! offers commits to its nonce first, and reveals it only when the answer's
//! nonce is fixed (as ZRTP does, RFC 6189, section 4.4.1.1). What is left is one
//! guess per visit.
//!
//! ```text
//! commitment = SHA-256(field("bedside visit commitment v1") ‖ field(nonce)
//!              ‖ field(fingerprint) ‖ field(group id) ‖ field(epoch, u64))
//! context    = field(clinician nonce) ‖ field(patient nonce)
//!              ‖ field(clinician fingerprint) ‖ field(patient fingerprint)
//! words      = first 55 bits of MLS-Exporter("bedside verification words v1",
//!              context, 7), eleven bits each, most significant first
//! field(x)   = u16 length of x ‖ x; all numbers big-endian
//! ```

use bip39::Language;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{Conversation, SealError};

/// Bytes of a nonce.
pub const NONCE_BYTES: usize = 32;
/// Bytes of a SHA-256 certificate fingerprint.
pub const FINGERPRINT_BYTES: usize = 32;
/// The exporter's label.
pub const WORDS_LABEL: &str = "bedside verification words v1";

const COMMITMENT_DOMAIN: &[u8] = b"bedside visit commitment v1";
const EXPORT_BYTES: usize = 7;
const WORD_BITS: usize = 11;

/// A side's random contribution to one visit's words.
pub type Nonce = [u8; NONCE_BYTES];
/// The SHA-256 fingerprint of a DTLS certificate (RFC 8122), as bytes.
pub type Fingerprint = [u8; FINGERPRINT_BYTES];

/// The offering side's promise of its nonce, sent with the offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Commitment([u8; 32]);

impl Commitment {
    /// Commits to `nonce` and `fingerprint` in this conversation and epoch.
    #[must_use]
    pub fn to(nonce: &Nonce, fingerprint: &Fingerprint, conversation: &Conversation) -> Self {
        let mut hash = Sha256::new();
        for part in
            [COMMITMENT_DOMAIN, nonce, fingerprint, &conversation.group_id(), &conversation.epoch().to_be_bytes()]
        {
            hash.update(length(part));
            hash.update(part);
        }
        Self(hash.finalize().into())
    }

    /// A commitment as it arrived.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The commitment as it travels.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Whether the revealed `nonce` is the one promised, for this fingerprint,
    /// conversation and epoch. Takes the same time whatever the answer.
    #[must_use]
    pub fn is_kept(&self, nonce: &Nonce, fingerprint: &Fingerprint, conversation: &Conversation) -> bool {
        let revealed = Self::to(nonce, fingerprint, conversation);
        self.0.ct_eq(&revealed.0).into()
    }
}

/// The five words of a visit, from the 2,048-word English list of BIP-39. Equal
/// on both sides exactly if conversation, epoch, nonces and fingerprints are.
///
/// # Errors
///
/// [`SealError::Library`] if the exporter fails.
pub fn verification_words(
    conversation: &Conversation,
    clinician_nonce: &Nonce,
    patient_nonce: &Nonce,
    clinician_fingerprint: &Fingerprint,
    patient_fingerprint: &Fingerprint,
) -> Result<[&'static str; 5], SealError> {
    let mut context = Vec::with_capacity(2 * (NONCE_BYTES + FINGERPRINT_BYTES) + 8);
    for part in [clinician_nonce, patient_nonce, clinician_fingerprint, patient_fingerprint] {
        context.extend_from_slice(&length(part));
        context.extend_from_slice(part);
    }
    let exported = conversation.export(WORDS_LABEL, &context, EXPORT_BYTES)?;
    Ok(spell(&exported))
}

/// Five words of eleven bits from the first 55 bits.
fn spell(exported: &Zeroizing<Vec<u8>>) -> [&'static str; 5] {
    let bits = exported.iter().take(EXPORT_BYTES).fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
    let list = Language::English.word_list();
    let mask = list.len() as u64 - 1;
    std::array::from_fn(|word| {
        let shift = EXPORT_BYTES * 8 - WORD_BITS * (word + 1);
        list[(bits >> shift & mask) as usize]
    })
}

fn length(part: &[u8]) -> [u8; 2] {
    u16::try_from(part.len()).expect("invariant: every part is a fixed, small number of bytes").to_be_bytes()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::pairing::tests::pair;
    use super::*;
    use crate::base::random;

    #[test]
    fn both_sides_read_the_same_words() {
        let (clinician, patient) = pair();
        let [cn, pn, cf, pf] = std::array::from_fn(|_| random::bytes::<32>());
        let words = verification_words(&clinician, &cn, &pn, &cf, &pf).unwrap();
        assert_eq!(words, verification_words(&patient, &cn, &pn, &cf, &pf).unwrap());
    }

    #[test]
    fn any_other_nonce_fingerprint_side_group_or_epoch_changes_the_words() {
        let (mut clinician, _) = pair();
        let (stranger, _) = pair();
        let [cn, pn, cf, pf, x] = std::array::from_fn(|_| random::bytes::<32>());
        let of = |conversation: &Conversation, a, b, c, d| verification_words(conversation, a, b, c, d).unwrap();
        let mut seen = HashSet::from([of(&clinician, &cn, &pn, &cf, &pf)]);
        assert!(seen.insert(of(&clinician, &x, &pn, &cf, &pf)));
        assert!(seen.insert(of(&clinician, &cn, &x, &cf, &pf)));
        assert!(seen.insert(of(&clinician, &cn, &pn, &x, &pf)));
        assert!(seen.insert(of(&clinician, &cn, &pn, &cf, &x)));
        assert!(seen.insert(of(&clinician, &pn, &cn, &pf, &cf)));
        assert!(seen.insert(of(&stranger, &cn, &pn, &cf, &pf)));
        clinician.commit_pending().unwrap();
        assert!(seen.insert(of(&clinician, &cn, &pn, &cf, &pf)));
    }

    #[test]
    fn commitment_holds_for_what_was_promised_only() {
        let (mut clinician, mut patient) = pair();
        let (nonce, fingerprint) = (random::bytes(), random::bytes());
        let promised = Commitment::to(&nonce, &fingerprint, &clinician);
        let received = Commitment::from_bytes(*promised.as_bytes());
        assert!(received.is_kept(&nonce, &fingerprint, &patient));
        assert!(!received.is_kept(&random::bytes(), &fingerprint, &patient));
        assert!(!received.is_kept(&nonce, &random::bytes(), &patient));
        assert!(!received.is_kept(&fingerprint, &nonce, &patient));
        assert!(!received.is_kept(&nonce, &fingerprint, &pair().1));

        let commit = clinician.commit_pending().unwrap();
        patient.decrypt(&commit).unwrap();
        assert!(!received.is_kept(&nonce, &fingerprint, &patient));
    }

    #[test]
    fn the_list_has_2048_different_words_and_bits_map_in_order() {
        let list = Language::English.word_list();
        assert_eq!(list.iter().collect::<HashSet<_>>().len(), 2048);
        let spelled = |bytes: [u8; 7]| spell(&Zeroizing::new(bytes.to_vec()));
        assert_eq!(spelled([0; 7]), ["abandon"; 5]);
        assert_eq!(spelled([0xFF; 7]), ["zoo"; 5]);
        // Only the last, fifty-sixth bit: not part of any word.
        assert_eq!(spelled([0, 0, 0, 0, 0, 0, 1]), ["abandon"; 5]);
        assert_eq!(spelled([0, 0x20, 0, 0, 0, 0, 2])[0], "ability");
        assert_eq!(spelled([0, 0x20, 0, 0, 0, 0, 2])[4], "ability");
    }

    #[test]
    fn words_are_spread_evenly() {
        let (clinician, _) = pair();
        let (pn, cf, pf) = (random::bytes(), random::bytes(), random::bytes());
        let list = Language::English.word_list();
        let mut ones = [[0u32; WORD_BITS]; 5];
        const VISITS: u32 = 2000;
        for _ in 0..VISITS {
            let words = verification_words(&clinician, &random::bytes(), &pn, &cf, &pf).unwrap();
            for (place, word) in words.iter().enumerate() {
                let index = list.binary_search(word).unwrap();
                for (bit, count) in ones[place].iter_mut().enumerate() {
                    *count += (index >> bit & 1) as u32;
                }
            }
        }
        // Six standard deviations of a fair coin: 6 · √2000 / 2 ≈ 134.
        for count in ones.as_flattened() {
            assert!(count.abs_diff(VISITS / 2) < 135, "{count} of {VISITS}");
        }
    }
}
