use std::time::Duration;

use openmls::prelude::tls_codec::Serialize as _;
use proptest::prelude::*;

use super::*;
use crate::base::id::InviteId;
use crate::base::time::{Clock, SystemClock};
use crate::seal::{InviteSecret, Opened, open_invitation};

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

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn garbage_is_no_key_package_welcome_or_invitation(
        body in proptest::collection::vec(any::<u8>(), 0..400),
        wire_format in 0..7u8,
    ) {
        let keys = InviteSecret::from_bytes([1; 32]).derive(InviteId::from_bytes([2; 16]));
        let (pending, _) = Pending::new(Suite::XWing, now()).unwrap();
        let framed = [&[0, 1, 0, wire_format][..], &body].concat();
        for bytes in [&body, &framed] {
            prop_assert!(Conversation::start(bytes, &keys.psk, Stamp(0)).is_err());
            prop_assert!(open_invitation(&keys.mailbox, bytes, b"").is_err());
            prop_assert!(pending.join(bytes, &keys.psk).is_err());
        }
    }
}
