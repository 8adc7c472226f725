//! The saved form of a conversation, or of a key package that may become one.
//!
//! A CBOR map (RFC 8949): `v` 1; `role` `"pending"`, `"clinician"` or
//! `"patient"`; `suite` its number; `key` our public signature key; `group` the
//! group id, empty while pending; `cells` an array of `[key, value]` byte strings
//! in ascending order of key. The first byte of a cell's key is its label (see
//! `store.rs`); the rest of the key, and the value, are OpenMLS 0.9's own types
//! in CBOR. It holds every secret of the conversation: it must be sealed.

use openmls::prelude::{GroupId, MlsGroup};
use openmls_basic_credential::SignatureKeyPair;
use openmls_traits::OpenMlsProvider;
use serde::{Deserialize, Serialize};
use serde_bytes::{ByteBuf, Bytes};
use zeroize::Zeroizing;

use super::store::{Cells, Provider};
use super::{SealError, Suite};
use crate::base::cbor;

const VERSION: u8 = 1;

/// What a saved state is of.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Pending,
    Clinician,
    Patient,
}

#[derive(Serialize)]
struct Saving<'a> {
    v: u8,
    role: Kind,
    suite: u16,
    key: &'a Bytes,
    group: &'a Bytes,
    cells: Vec<(&'a Bytes, &'a Bytes)>,
}

#[derive(Deserialize)]
pub(super) struct Saved {
    v: u8,
    pub(super) role: Kind,
    suite: u16,
    key: ByteBuf,
    pub(super) group: ByteBuf,
    #[serde(default)]
    cells: Vec<(ByteBuf, ByteBuf)>,
}

impl Saved {
    pub(super) fn suite(&self) -> Result<Suite, SealError> {
        Suite::try_from(self.suite)
    }

    pub(super) fn signer(&self, provider: &Provider) -> Result<SignatureKeyPair, SealError> {
        let scheme = self.suite()?.ciphersuite().signature_algorithm();
        SignatureKeyPair::read(provider.storage(), &self.key, scheme).ok_or(SealError::Damaged)
    }
}

pub(super) fn save(
    provider: &Provider,
    role: Kind,
    suite: Suite,
    key: &[u8],
    group: &[u8],
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let cells = provider.storage().snapshot();
    let cells: Vec<_> = cells.iter().map(|(key, value)| (Bytes::new(key), Bytes::new(value))).collect();
    let content_bytes: usize = cells.iter().map(|(key, value)| key.len() + value.len()).sum();
    // Reserved whole, so that no half-written copy of the secrets is left behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(content_bytes + 16 * cells.len() + 256));
    let saving =
        Saving { v: VERSION, role, suite: suite.code(), key: Bytes::new(key), group: Bytes::new(group), cells };
    cbor::write(&saving, &mut bytes).map_err(|_| SealError::Library)?;
    Ok(bytes)
}

pub(super) fn load(bytes: &[u8]) -> Result<(Saved, Provider), SealError> {
    let mut saved: Saved = cbor::read(bytes).map_err(|_| SealError::Damaged)?;
    if saved.v != VERSION {
        return Err(SealError::UnknownSuite);
    }
    let mut cells = Cells::default();
    for (key, value) in std::mem::take(&mut saved.cells) {
        cells.insert(key.into_vec(), value.into_vec());
    }
    Ok((saved, Provider::new(cells)))
}

pub(super) fn load_group(provider: &Provider, group: &GroupId) -> Result<MlsGroup, SealError> {
    MlsGroup::load(provider.storage(), group)?.ok_or(SealError::Damaged)
}
