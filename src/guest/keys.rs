//! What a conversation gives to the visit's machine, at either end.

use crate::seal::{Commitment, Conversation, verification_words};
use crate::visit::{Keys, Share, Words};

/// The conversation as the visit's machine sees it.
pub struct GroupKeys<'a>(pub &'a Conversation);

impl Keys for GroupKeys<'_> {
    fn epoch(&self) -> u64 {
        self.0.epoch()
    }

    fn commitment(&self, share: &Share) -> [u8; 32] {
        *Commitment::to(&share.nonce.0, &share.fingerprint.0, self.0).as_bytes()
    }

    fn words(&self, clinician: &Share, patient: &Share) -> Option<Words> {
        let (here, there) = (&clinician.fingerprint.0, &patient.fingerprint.0);
        let words = verification_words(self.0, &clinician.nonce.0, &patient.nonce.0, here, there).ok()?;
        Some(words.map(str::to_owned))
    }
}
