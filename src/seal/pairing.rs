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
pub(in crate::seal) mod tests {
    use std::time::Duration;

    use openmls::prelude::tls_codec::Serialize as _;

    use super::*;
    use crate::base::id::InviteId;
    use crate::base::time::{Clock, SystemClock};
    use crate::seal::{InviteSecret, Opened};

    const HOUR: Duration = Duration::from_secs(3600);

    fn now() -> Stamp {
        SystemClock.now()
    }

    pub(in crate::seal) fn link() -> LinkPsk {
        InviteSecret::random().derive(InviteId::random()).psk
    }

    /// A clinician and a patient who have just met.
    pub(in crate::seal) fn pair() -> (Conversation, Conversation) {
        let psk = link();
        let (pending, key_package) = Pending::new(Suite::XWing, now()).unwrap();
        let (patient, welcome) = Conversation::start(&key_package, &psk, now()).unwrap();
        (pending.join(&welcome, &psk).unwrap(), patient)
    }

    /// What a peer that ignores our rules might do: any group, with or without
    /// a PSK, and with whom it likes.
    struct Stranger {
        provider: Provider,
        signer: SignatureKeyPair,
        group: MlsGroup,
    }

    impl Stranger {
        fn new(suite: Ciphersuite) -> Self {
            let provider = Provider::default();
            let signer = SignatureKeyPair::new(suite.signature_algorithm()).unwrap();
            let credential = CredentialWithKey {
                credential: BasicCredential::new(vec![7; 16]).into(),
                signature_key: signer.to_public_vec().into(),
            };
            let config = MlsGroupCreateConfig::builder().ciphersuite(suite).use_ratchet_tree_extension(true).build();
            let group = MlsGroup::new(&provider, &signer, &config, credential).unwrap();
            Self { provider, signer, group }
        }

        fn welcome(&mut self, key_packages: &[&[u8]], psks: &[&LinkPsk]) -> Vec<u8> {
            let added: Vec<_> = key_packages
                .iter()
                .map(|bytes| {
                    let Ok(MlsMessageBodyIn::KeyPackage(key_package)) = parse(bytes) else {
                        panic!("not a key package");
                    };
                    key_package.validate(self.provider.crypto(), ProtocolVersion::Mls10).unwrap()
                })
                .collect();
            let proposals: Vec<_> = psks
                .iter()
                .map(|psk| {
                    let id = keep_psk(Suite::XWing, &self.provider, psk).unwrap();
                    Proposal::PreSharedKey(Box::new(PreSharedKeyProposal::new(id)))
                })
                .collect();
            let bundle = self
                .group
                .commit_builder()
                .propose_adds(added)
                .add_proposals(proposals)
                .load_psks(self.provider.storage())
                .unwrap()
                .build(self.provider.rand(), self.provider.crypto(), &self.signer, |_| true)
                .unwrap()
                .stage_commit(&self.provider)
                .unwrap();
            bundle.into_welcome_msg().unwrap().tls_serialize_detached().unwrap()
        }
    }

    fn refused(result: Result<Conversation, SealError>) -> SealError {
        result.err().expect("must be refused")
    }

    #[test]
    fn both_sides_meet_through_the_link() {
        let (clinician, patient) = pair();
        assert_eq!(clinician.group_id(), patient.group_id());
        assert_eq!(clinician.epoch(), patient.epoch());
        assert_eq!(clinician.peer_key(), patient.own_key());
        assert_eq!(patient.peer_key(), clinician.own_key());
        assert_eq!(clinician.members(), patient.members());
        assert_eq!(clinician.suite().code(), 0x004F);
        let export = |side: &Conversation| side.export("test", b"context", 32).unwrap();
        assert_eq!(export(&clinician), export(&patient));
    }

    #[test]
    fn every_pairing_has_fresh_keys() {
        let (clinician, patient) = pair();
        let (other_clinician, other_patient) = pair();
        assert_ne!(clinician.own_key(), other_clinician.own_key());
        assert_ne!(patient.own_key(), other_patient.own_key());
        assert_ne!(clinician.group_id(), other_clinician.group_id());
    }

    #[test]
    fn welcome_without_the_psk_is_refused() {
        let psk = link();
        let (pending, key_package) = Pending::new(Suite::XWing, now()).unwrap();
        let stripped = Stranger::new(Suite::XWing.ciphersuite()).welcome(&[&key_package], &[]);
        assert_eq!(refused(pending.join(&stripped, &psk)), SealError::WrongInvite);
    }

    #[test]
    fn welcome_with_another_or_one_more_psk_is_refused() {
        let (psk, other) = (link(), link());
        let (pending, key_package) = Pending::new(Suite::XWing, now()).unwrap();
        let welcome = |psks: &[&LinkPsk]| Stranger::new(Suite::XWing.ciphersuite()).welcome(&[&key_package], psks);
        assert_eq!(refused(pending.join(&welcome(&[&other]), &psk)), SealError::WrongInvite);
        assert_eq!(refused(pending.join(&welcome(&[&psk, &other]), &psk)), SealError::WrongInvite);
        // The name is public; the secret is what counts.
        let guessed = LinkPsk { id: psk.id, secret: other.secret };
        assert_eq!(refused(pending.join(&welcome(&[&guessed]), &psk)), SealError::WrongInvite);
        assert!(pending.join(&welcome(&[&psk]), &psk).is_ok());
    }

    #[test]
    fn the_same_link_can_be_claimed_again() {
        let psk = link();
        let (pending, key_package) = Pending::new(Suite::XWing, now()).unwrap();
        let mut claims = Vec::new();
        for _ in 0..3 {
            let (mut patient, welcome) = Conversation::start(&key_package, &psk, now()).unwrap();
            let pending = Pending::from_bytes(&pending.to_bytes().unwrap()).unwrap();
            let mut clinician = pending.join(&welcome, &psk).unwrap();
            let sealed = patient.encrypt(b"here I am", b"").unwrap();
            assert!(matches!(clinician.decrypt(&sealed), Ok(Opened::Content { .. })));
            claims.push((clinician.group_id(), clinician.peer_key(), welcome));
        }
        assert_ne!(claims[0].0, claims[1].0);
        assert_ne!(claims[0].1, claims[1].1);
        // An earlier claim still opens: which one counts is the agent's to say.
        assert!(pending.join(&claims[0].2, &psk).is_ok());
    }

    #[test]
    fn a_third_member_in_the_welcome_is_refused() {
        let psk = link();
        let (pending, key_package) = Pending::new(Suite::XWing, now()).unwrap();
        let (_, third) = Pending::new(Suite::XWing, now()).unwrap();
        let welcome = Stranger::new(Suite::XWing.ciphersuite()).welcome(&[&key_package, &third], &[&psk]);
        assert_eq!(refused(pending.join(&welcome, &psk)), SealError::WrongMembers);
    }

    #[test]
    fn welcome_for_someone_else_is_refused() {
        let psk = link();
        let (pending, _) = Pending::new(Suite::XWing, now()).unwrap();
        let (_, other_package) = Pending::new(Suite::XWing, now()).unwrap();
        let (_, welcome) = Conversation::start(&other_package, &psk, now()).unwrap();
        assert_eq!(refused(pending.join(&welcome, &psk)), SealError::WrongInvite);
    }

    #[test]
    fn key_package_of_another_suite_is_refused() {
        let suite = Ciphersuite::MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
        let stranger = Stranger::new(suite);
        let credential = CredentialWithKey {
            credential: BasicCredential::new(vec![7; 16]).into(),
            signature_key: stranger.signer.to_public_vec().into(),
        };
        let bundle = KeyPackage::builder().build(suite, &stranger.provider, &stranger.signer, credential).unwrap();
        let bytes = to_wire(&MlsMessageOut::from(bundle.into_key_package())).unwrap();
        let started = Conversation::start(&bytes, &link(), now());
        assert_eq!(started.err(), Some(SealError::UnknownSuite));
        assert_eq!(Suite::try_from(1).err(), Some(SealError::UnknownSuite));
        assert_eq!(Suite::try_from(0xFFFF).err(), Some(SealError::UnknownSuite));
    }

    /// A phone's clock that is ahead sees a key package of the past, and the
    /// other way round.
    #[test]
    fn clocks_may_differ_by_two_days_and_links_live_for_weeks() {
        let psk = link();
        let start = |made: Stamp| {
            let (pending, key_package) = Pending::new(Suite::XWing, made).unwrap();
            let (_, welcome) = Conversation::start(&key_package, &psk, made)?;
            pending.join(&welcome, &psk).map(drop)
        };
        assert_eq!(start(now().plus(2 * HOUR)), Ok(()));
        assert_eq!(start(now().minus(2 * HOUR)), Ok(()));
        assert_eq!(start(now().plus(47 * HOUR)), Ok(()));
        assert_eq!(start(now().minus(59 * 24 * HOUR)), Ok(()));
        assert_eq!(start(now().plus(49 * HOUR)), Err(SealError::OutsideLifetime));
        assert_eq!(start(now().minus(61 * 24 * HOUR)), Err(SealError::OutsideLifetime));
    }

    /// The patient's own leaf carries no lifetime once the group stands, so a
    /// phone may be years off as far as the agent is concerned.
    #[test]
    fn the_agent_does_not_need_the_phones_clock() {
        let psk = link();
        let (pending, key_package) = Pending::new(Suite::XWing, now()).unwrap();
        let (_, welcome) = Conversation::start(&key_package, &psk, Stamp(0)).unwrap();
        assert!(pending.join(&welcome, &psk).is_ok());
    }

    #[test]
    fn changed_key_packages_and_welcomes_are_refused() {
        let psk = link();
        let (pending, key_package) = Pending::new(Suite::XWing, now()).unwrap();
        let (_, welcome) = Conversation::start(&key_package, &psk, now()).unwrap();
        for at in (0..key_package.len()).step_by(97) {
            let mut changed = key_package.clone();
            changed[at] ^= 0x20;
            assert!(Conversation::start(&changed, &psk, now()).is_err(), "byte {at}");
        }
        for at in (0..welcome.len()).step_by(97) {
            let mut changed = welcome.clone();
            changed[at] ^= 0x20;
            assert!(pending.join(&changed, &psk).is_err(), "byte {at}");
            assert!(pending.join(&welcome[..at], &psk).is_err(), "cut at {at}");
        }
        assert!(pending.join(&key_package, &psk).is_err());
        assert!(Conversation::start(&welcome, &psk, now()).is_err());
        assert!(pending.join(&welcome, &psk).is_ok());
    }

    #[test]
    fn a_conversation_keeps_neither_psk_nor_init_key() {
        let psk = link();
        let (pending, key_package) = Pending::new(Suite::XWing, now()).unwrap();
        let (patient, welcome) = Conversation::start(&key_package, &psk, now()).unwrap();
        let clinician = pending.join(&welcome, &psk).unwrap();
        for side in [&clinician, &patient] {
            let state = side.to_bytes().unwrap();
            assert!(!state.windows(32).any(|window| window == psk.secret));
            let labels: Vec<u8> = side.provider.storage().snapshot().iter().map(|(key, _)| key[0]).collect();
            assert!(!labels.contains(&(Label::Psk as u8)));
            assert!(!labels.contains(&(Label::KeyPackage as u8)));
        }
    }
}
