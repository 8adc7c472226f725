//! From a link to a conversation.
//!
//! The clinician leaves a key package under the link ([`Pending::new`]); the
//! patient makes the group and adds the clinician **with the link's PSK**
//! ([`Conversation::start`]); the clinician joins from the Welcome
//! ([`Pending::join`]) and refuses one that does not carry exactly that PSK: a
//! Welcome without it is perfectly good MLS, so a relay that swapped the key
//! package could make one.
//!
//! The key package is of *last resort* (draft-ietf-mls-extensions): until the
//! first admit the same link may be claimed again, and each claim is a group of
//! its own. Its lifetime reaches two days into the past, because phones have
//! wrong clocks, and sixty into the future.

use openmls::prelude::{
    BasicCredential, Capabilities, Ciphersuite, CredentialWithKey, ExtensionType, KeyPackage, KeyPackageVerifyError,
    Lifetime, MlsGroup, MlsGroupCreateConfig, MlsGroupJoinConfig, MlsMessageBodyIn, MlsMessageOut,
    PURE_CIPHERTEXT_WIRE_FORMAT_POLICY, PreSharedKeyProposal, ProcessedWelcome, Proposal, ProtocolVersion,
    SenderRatchetConfiguration, WelcomeError,
};
use openmls::schedule::{ExternalPsk, PreSharedKeyId, Psk};
use openmls_basic_credential::SignatureKeyPair;
use openmls_traits::OpenMlsProvider;
use zeroize::Zeroizing;

use super::conversation::{FORWARD, OUT_OF_ORDER, PAST_EPOCHS, parse, to_wire};
use super::invite::LinkPsk;
use super::state::{Kind, load, save};
use super::store::{Label, Provider};
use super::{Conversation, MemberKey, Role, SealError};
use crate::base::random;
use crate::base::time::Stamp;

const DAY_SECONDS: u64 = 24 * 60 * 60;
const LIFETIME_MARGIN_SECONDS: u64 = 2 * DAY_SECONDS;
const LIFETIME_SECONDS: u64 = 60 * DAY_SECONDS;
const PSEUDONYM_BYTES: usize = 16;

/// The cipher suites this program speaks, kept with every conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suite {
    /// 0x004F: ML-KEM-768 with X25519 (X-Wing), AES-128-GCM, SHA-256, Ed25519.
    XWing,
}

impl Suite {
    /// Its number in the MLS registry.
    #[must_use]
    pub fn code(self) -> u16 {
        u16::from(self.ciphersuite())
    }

    pub(super) fn ciphersuite(self) -> Ciphersuite {
        match self {
            Self::XWing => Ciphersuite::MLS_128_MLKEM768X25519_AES128GCM_SHA256_Ed25519,
        }
    }
}

impl TryFrom<Ciphersuite> for Suite {
    type Error = SealError;

    fn try_from(suite: Ciphersuite) -> Result<Self, SealError> {
        if suite == Self::XWing.ciphersuite() { Ok(Self::XWing) } else { Err(SealError::UnknownSuite) }
    }
}

impl TryFrom<u16> for Suite {
    type Error = SealError;

    fn try_from(code: u16) -> Result<Self, SealError> {
        let suite = Ciphersuite::try_from(code).map_err(|_| SealError::UnknownSuite)?;
        Self::try_from(suite)
    }
}

/// The clinician's side of an invite that nobody has claimed for good: keys for
/// as many claims as come. Keep it sealed, drop it at the first admit. No
/// `Debug`.
pub struct Pending {
    provider: Provider,
    signer: SignatureKeyPair,
    suite: Suite,
}

impl Pending {
    /// Makes fresh keys under a random pseudonym, and the key package (an MLS
    /// message) to be left under the link.
    ///
    /// # Errors
    ///
    /// [`SealError::Library`] without randomness.
    pub fn new(suite: Suite, now: Stamp) -> Result<(Self, Vec<u8>), SealError> {
        let provider = Provider::default();
        let (signer, credential) = member(suite, &provider)?;
        let bundle = KeyPackage::builder()
            .key_package_lifetime(lifetime(now))
            .leaf_node_capabilities(capabilities(suite))
            .mark_as_last_resort()
            .build(suite.ciphersuite(), &provider, &signer, credential)
            .map_err(|_| SealError::Library)?;
        let key_package = to_wire(&MlsMessageOut::from(bundle.into_key_package()))?;
        let pending = Self { provider, signer, suite };
        Ok((pending, key_package))
    }

    /// Joins the group a patient made from the link. This `Pending` is not used
    /// up: another claim of the same link can be joined as well.
    ///
    /// Commit soon after the first admit: until then the conversation's first
    /// keys live on in this `Pending`.
    ///
    /// # Errors
    ///
    /// [`SealError::WrongInvite`] unless the Welcome is for this key package and
    /// carries exactly this PSK; [`SealError::WrongMembers`] unless the group is
    /// the patient who made it and us; [`SealError::UnknownSuite`],
    /// [`SealError::OutsideLifetime`], [`SealError::Malformed`],
    /// [`SealError::TooLarge`].
    pub fn join(&self, welcome: &[u8], psk: &LinkPsk) -> Result<Conversation, SealError> {
        let MlsMessageBodyIn::Welcome(welcome) = parse(welcome)? else {
            return Err(SealError::Malformed);
        };
        let provider = Provider::new(self.provider.storage().snapshot());
        let expected = keep_psk(self.suite, &provider, psk)?;
        let processed =
            ProcessedWelcome::new_from_welcome(&provider, &join_config(), welcome).map_err(|error| refusal(&error))?;
        match processed.psks() {
            [only] if only.psk() == expected.psk() => {}
            _ => return Err(SealError::WrongInvite),
        }
        let staged = processed.into_staged_welcome(&provider, None).map_err(|error| refusal(&error))?;
        if staged.welcome_sender_index() == staged.own_leaf_index() {
            return Err(SealError::WrongMembers);
        }
        let group = staged.into_group(&provider).map_err(|error| refusal(&error))?;
        provider.storage().forget(Label::Psk);
        provider.storage().forget(Label::KeyPackage);
        let conversation =
            Conversation { signer: copy(&self.signer, &provider)?, provider, group, role: Role::Clinician };
        conversation.check()?;
        Ok(conversation)
    }

    /// The clinician's key in every conversation that comes of this.
    #[must_use]
    pub fn own_key(&self) -> MemberKey {
        MemberKey::from_slice(self.signer.public()).expect("invariant: our suites sign with Ed25519")
    }

    /// The whole state, to be sealed and kept; the form is that of
    /// [`Conversation::to_bytes`].
    ///
    /// # Errors
    ///
    /// [`SealError::Library`] if encoding fails.
    pub fn to_bytes(&self) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let key = self.signer.public();
        save(&self.provider, Kind::Pending, self.suite, key, &[])
    }

    /// The state that [`Self::to_bytes`] gave.
    ///
    /// # Errors
    ///
    /// [`SealError::Damaged`], or [`SealError::UnknownSuite`] for a state of a
    /// newer version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SealError> {
        let (saved, provider) = load(bytes)?;
        if saved.role != Kind::Pending {
            return Err(SealError::Damaged);
        }
        Ok(Self { signer: saved.signer(&provider)?, suite: saved.suite()?, provider })
    }
}

impl Conversation {
    /// The patient's side: makes a group under a fresh random pseudonym and adds
    /// the clinician of `key_package` with the link's PSK. Returns the Welcome.
    ///
    /// # Errors
    ///
    /// [`SealError::OutsideLifetime`] when this machine's clock is more than two
    /// days behind, or the key package is older than sixty days;
    /// [`SealError::UnknownSuite`], [`SealError::Malformed`],
    /// [`SealError::TooLarge`], and [`SealError::Forged`] for a key package
    /// whose signatures do not hold.
    pub fn start(key_package: &[u8], psk: &LinkPsk, now: Stamp) -> Result<(Self, Vec<u8>), SealError> {
        let MlsMessageBodyIn::KeyPackage(key_package) = parse(key_package)? else {
            return Err(SealError::Malformed);
        };
        let provider = Provider::default();
        let clinician =
            key_package.validate(provider.crypto(), ProtocolVersion::Mls10).map_err(|error| match error {
                KeyPackageVerifyError::LifetimeError(_) => SealError::OutsideLifetime,
                _ => SealError::Forged,
            })?;
        let suite = Suite::try_from(clinician.ciphersuite())?;
        let (signer, credential) = member(suite, &provider)?;
        let group = MlsGroup::new(&provider, &signer, &create_config(suite, now), credential)
            .map_err(|_| SealError::Library)?;
        let mut conversation = Self { provider, group, signer, role: Role::Patient };
        let welcome = conversation.add_with_psk(clinician, suite, psk)?;
        conversation.check()?;
        Ok((conversation, welcome))
    }

    fn add_with_psk(&mut self, clinician: KeyPackage, suite: Suite, psk: &LinkPsk) -> Result<Vec<u8>, SealError> {
        let id = keep_psk(suite, &self.provider, psk)?;
        let proposal = Proposal::PreSharedKey(Box::new(PreSharedKeyProposal::new(id)));
        let bundle = self
            .group
            .commit_builder()
            .propose_adds([clinician])
            .add_proposal(proposal)
            // A fresh path replaces the leaf that carries a lifetime, so the
            // agent need not trust the phone's clock.
            .force_self_update(true)
            .load_psks(self.provider.storage())
            .map_err(|_| SealError::Library)?
            .build(self.provider.rand(), self.provider.crypto(), &self.signer, |_| true)
            .map_err(|_| SealError::WrongMembers)?
            .stage_commit(&self.provider)
            .map_err(|_| SealError::Library)?;
        self.group.merge_pending_commit(&self.provider).map_err(|_| SealError::Library)?;
        self.provider.storage().forget(Label::Psk);
        self.provider.storage().forget(Label::EncryptionKey);
        let welcome = bundle.into_welcome_msg().ok_or(SealError::Library)?;
        to_wire(&welcome)
    }
}

/// Fresh signature keys, kept in the provider, and a pseudonym to go with them.
fn member(suite: Suite, provider: &Provider) -> Result<(SignatureKeyPair, CredentialWithKey), SealError> {
    let signer = SignatureKeyPair::new(suite.ciphersuite().signature_algorithm()).map_err(|_| SealError::Library)?;
    signer.store(provider.storage())?;
    let pseudonym = random::bytes::<PSEUDONYM_BYTES>().to_vec();
    let credential = CredentialWithKey {
        credential: BasicCredential::new(pseudonym).into(),
        signature_key: signer.to_public_vec().into(),
    };
    Ok((signer, credential))
}

fn copy(signer: &SignatureKeyPair, provider: &Provider) -> Result<SignatureKeyPair, SealError> {
    SignatureKeyPair::read(
        provider.storage(),
        signer.public(),
        openmls_traits::signatures::Signer::signature_scheme(signer),
    )
    .ok_or(SealError::Library)
}

fn keep_psk(suite: Suite, provider: &Provider, psk: &LinkPsk) -> Result<PreSharedKeyId, SealError> {
    let named = Psk::External(ExternalPsk::new(psk.id.to_vec()));
    let id = PreSharedKeyId::new(suite.ciphersuite(), provider.rand(), named).map_err(|_| SealError::Library)?;
    id.store(provider, &psk.secret).map_err(|_| SealError::Library)?;
    Ok(id)
}

fn lifetime(now: Stamp) -> Lifetime {
    let now = u64::try_from(now.0 / 1000).unwrap_or(0);
    Lifetime::init(now.saturating_sub(LIFETIME_MARGIN_SECONDS), now.saturating_add(LIFETIME_SECONDS))
}

fn capabilities(suite: Suite) -> Capabilities {
    Capabilities::builder().ciphersuites(vec![suite.ciphersuite()]).extensions(vec![ExtensionType::LastResort]).build()
}

fn join_config() -> MlsGroupJoinConfig {
    MlsGroupJoinConfig::builder()
        .use_ratchet_tree_extension(true)
        .wire_format_policy(PURE_CIPHERTEXT_WIRE_FORMAT_POLICY)
        .max_past_epochs(PAST_EPOCHS)
        .sender_ratchet_configuration(SenderRatchetConfiguration::new(OUT_OF_ORDER, FORWARD))
        .build()
}

fn create_config(suite: Suite, now: Stamp) -> MlsGroupCreateConfig {
    MlsGroupCreateConfig::builder()
        .ciphersuite(suite.ciphersuite())
        .capabilities(capabilities(suite))
        .lifetime(lifetime(now))
        .use_ratchet_tree_extension(true)
        .wire_format_policy(PURE_CIPHERTEXT_WIRE_FORMAT_POLICY)
        .max_past_epochs(PAST_EPOCHS)
        .sender_ratchet_configuration(SenderRatchetConfiguration::new(OUT_OF_ORDER, FORWARD))
        .build()
}

fn refusal<E>(error: &WelcomeError<E>) -> SealError {
    match error {
        WelcomeError::CiphersuiteMismatch | WelcomeError::UnsupportedCiphersuite(_) => SealError::UnknownSuite,
        WelcomeError::NoMatchingKeyPackage
        | WelcomeError::JoinerSecretNotFound
        | WelcomeError::GroupSecrets(_)
        | WelcomeError::GroupInfo(_)
        | WelcomeError::UnableToDecrypt
        | WelcomeError::Psk(_) => SealError::WrongInvite,
        WelcomeError::LibraryError(_) | WelcomeError::StorageError(_) => SealError::Library,
        _ => SealError::WrongMembers,
    }
}

#[cfg(test)]
pub(in crate::seal) mod tests;
