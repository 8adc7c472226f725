use std::cell::RefCell;
use std::collections::HashSet;

use proptest::prelude::*;

use openmls::prelude::{
    CredentialWithKey, KeyPackage, LeafNodeIndex, LeafNodeParameters, NewSignerBundle, ProtocolVersion,
};

use super::*;
use crate::base::time::{Clock, SystemClock};
use crate::seal::pairing::tests::pair;
use crate::seal::{MAX_PLAINTEXT_BYTES, Pending};

/// What a message said; fails on anything but content.
fn said(side: &mut Conversation, message: &[u8]) -> Vec<u8> {
    match side.decrypt(message) {
        Ok(Opened::Content { plaintext, .. }) => plaintext.to_vec(),
        Ok(_) => panic!("not content"),
        Err(refused) => panic!("{refused}"),
    }
}

fn refused(side: &mut Conversation, message: &[u8]) -> SealError {
    side.decrypt(message).err().expect("must be refused")
}

fn state(side: &Conversation) -> Vec<u8> {
    side.to_bytes().unwrap().to_vec()
}

fn reload(side: &Conversation) -> Conversation {
    Conversation::from_bytes(&side.to_bytes().unwrap()).unwrap()
}

/// Commits, and lets the patient follow.
fn renew(clinician: &mut Conversation, patient: &mut Conversation) {
    let commit = clinician.commit_pending().unwrap();
    assert!(matches!(patient.decrypt(&commit), Ok(Opened::EpochChanged)));
    assert_eq!(clinician.epoch(), patient.epoch());
}

#[test]
fn messages_go_both_ways_with_their_associated_data() {
    let (mut clinician, mut patient) = pair();
    let sealed = patient.encrypt(b"I cannot sleep", b"envelope 1").unwrap();
    let Ok(Opened::Content { plaintext, aad, sender, .. }) = clinician.decrypt(&sealed) else {
        panic!("not content");
    };
    assert_eq!(*plaintext, b"I cannot sleep");
    assert_eq!(aad, b"envelope 1");
    assert_eq!(sender, patient.own_key());

    let sealed = clinician.encrypt(b"", b"").unwrap();
    assert_eq!(said(&mut patient, &sealed), b"");
}

#[test]
fn length_of_a_message_tells_its_class_only() {
    let (mut clinician, _) = pair();
    let lengths: HashSet<usize> =
        [0, 1, 100, 252].iter().map(|length| clinician.encrypt(&vec![b'a'; *length], b"").unwrap().len()).collect();
    assert_eq!(lengths.len(), 1);
    assert!(clinician.encrypt(&[b'a'; 253], b"").unwrap().len() > 1024);
}

#[test]
fn largest_message_passes_and_larger_ones_are_refused() {
    let (mut clinician, mut patient) = pair();
    let largest = vec![9; MAX_PLAINTEXT_BYTES];
    let sealed = clinician.encrypt(&largest, &[1; MAX_AAD_BYTES]).unwrap();
    assert!(sealed.len() <= MAX_MESSAGE_BYTES);
    assert_eq!(said(&mut patient, &sealed), largest);

    let before = state(&clinician);
    let longer = vec![9; MAX_PLAINTEXT_BYTES + 1];
    assert_eq!(clinician.encrypt(&longer, b""), Err(SealError::TooLarge));
    assert_eq!(clinician.encrypt(b"", &[1; MAX_AAD_BYTES + 1]), Err(SealError::TooLarge));
    assert_eq!(state(&clinician), before);
    assert_eq!(refused(&mut patient, &vec![0; MAX_MESSAGE_BYTES + 1]), SealError::TooLarge);
}

#[test]
fn order_does_not_matter_within_and_across_epochs() {
    let (mut clinician, mut patient) = pair();
    let mut sealed = Vec::new();
    for epoch in 0..4u8 {
        for number in 0..12u8 {
            sealed.push(([epoch, number], patient.encrypt(&[epoch, number], b"").unwrap()));
        }
        renew(&mut clinician, &mut patient);
    }
    // Every seventh, wrapping: far from the order of sending.
    for step in 0..sealed.len() {
        let (expected, message) = &sealed[step * 7 % sealed.len()];
        assert_eq!(said(&mut clinician, message), expected);
    }
}

#[test]
fn eight_past_epochs_are_kept_and_no_more() {
    let (mut clinician, mut patient) = pair();
    let too_old = patient.encrypt(b"too old", b"").unwrap();
    renew(&mut clinician, &mut patient);
    let old = patient.encrypt(b"old", b"").unwrap();
    for _ in 0..PAST_EPOCHS {
        renew(&mut clinician, &mut patient);
    }
    let mut clinician = reload(&clinician);
    assert_eq!(said(&mut clinician, &old), b"old");
    assert_eq!(refused(&mut clinician, &too_old), SealError::Spent);
}

#[test]
fn a_second_delivery_is_refused_and_changes_nothing() {
    let (mut clinician, mut patient) = pair();
    let first = patient.encrypt(b"one", b"").unwrap();
    let second = patient.encrypt(b"two", b"").unwrap();
    said(&mut clinician, &first);
    let before = state(&clinician);
    assert_eq!(refused(&mut clinician, &first), SealError::Spent);
    assert_eq!(state(&clinician), before);
    assert_eq!(refused(&mut reload(&clinician), &first), SealError::Spent);
    assert_eq!(said(&mut clinician, &second), b"two");
}

#[test]
fn our_own_message_sent_back_is_refused() {
    let (mut clinician, mut patient) = pair();
    let sealed = patient.encrypt(b"mine", b"").unwrap();
    assert_eq!(refused(&mut patient, &sealed), SealError::Spent);
    assert_eq!(said(&mut clinician, &sealed), b"mine");
}

#[test]
fn message_of_another_conversation_is_refused() {
    let (mut clinician, _) = pair();
    let (_, mut stranger) = pair();
    let sealed = stranger.encrypt(b"hello", b"").unwrap();
    assert_eq!(refused(&mut clinician, &sealed), SealError::OtherConversation);
}

#[test]
fn message_ahead_of_its_commit_waits_for_it() {
    let (mut clinician, mut patient) = pair();
    let commit = clinician.commit_pending().unwrap();
    let ahead = clinician.encrypt(b"after", b"").unwrap();
    assert_eq!(refused(&mut patient, &ahead), SealError::FutureEpoch);
    assert!(matches!(patient.decrypt(&commit), Ok(Opened::EpochChanged)));
    assert_eq!(said(&mut patient, &ahead), b"after");
}

#[test]
fn update_is_proposed_committed_and_both_exporters_agree() {
    let (mut clinician, mut patient) = pair();
    let (own, peer) = (patient.own_key(), patient.peer_key());
    let proposal = patient.propose_update().unwrap();
    assert_eq!(patient.propose_update().err(), Some(SealError::AlreadyProposed));
    assert!(matches!(clinician.decrypt(&proposal), Ok(Opened::UpdateProposed)));

    // Neither side is silenced while the proposal waits; both may restart.
    let (mut clinician, mut patient) = (reload(&clinician), reload(&patient));
    let from_patient = patient.encrypt(b"meanwhile", b"").unwrap();
    assert_eq!(said(&mut clinician, &from_patient), b"meanwhile");
    let from_clinician = clinician.encrypt(b"yes", b"").unwrap();

    let leaf = |side: &Conversation| -> Vec<_> { side.group.members().map(|member| member.encryption_key).collect() };
    let (epoch, leaves) = (clinician.epoch(), leaf(&clinician));
    renew(&mut clinician, &mut patient);
    assert_eq!(clinician.epoch(), epoch + 1);
    for (old, new) in leaves.iter().zip(leaf(&patient)) {
        assert_ne!(*old, new);
    }
    let export = |side: &Conversation| side.export("test", b"", 32).unwrap();
    assert_eq!(export(&clinician), export(&patient));
    assert_eq!((patient.own_key(), patient.peer_key()), (own, peer));
    assert_eq!(said(&mut patient, &from_clinician), b"yes");

    // And again, from saved states.
    let (mut clinician, mut patient) = (reload(&clinician), reload(&patient));
    let proposal = patient.propose_update().unwrap();
    clinician.decrypt(&proposal).unwrap();
    renew(&mut clinician, &mut patient);
    let sealed = clinician.encrypt(b"still here", b"").unwrap();
    assert_eq!(said(&mut patient, &sealed), b"still here");
}

#[test]
fn handshake_messages_that_come_late_or_twice_do_nothing() {
    let (mut clinician, mut patient) = pair();
    let proposal = patient.propose_update().unwrap();
    let commit = clinician.commit_pending().unwrap();
    assert!(matches!(clinician.decrypt(&proposal), Ok(Opened::Nothing)));
    assert!(matches!(patient.decrypt(&commit), Ok(Opened::EpochChanged)));
    assert!(matches!(patient.decrypt(&commit), Ok(Opened::Nothing)));
    assert_eq!(clinician.epoch(), patient.epoch());
    renew(&mut clinician, &mut patient);
}

#[test]
fn only_the_clinician_commits() {
    let (mut clinician, mut patient) = pair();
    assert_eq!(patient.commit_pending().err(), Some(SealError::Forbidden));
    assert_eq!(clinician.propose_update().err(), Some(SealError::Forbidden));

    // A page that ignores its rules makes a perfectly good commit all the same.
    patient.role = Role::Clinician;
    let before = state(&clinician);
    let commit = patient.commit_pending().unwrap();
    assert_eq!(refused(&mut clinician, &commit), SealError::Forbidden);
    assert_eq!(state(&clinician), before);
}

/// Whatever waits, a commit comes of it: here a removal of the committer, which
/// OpenMLS refuses to commit.
#[test]
fn a_proposal_that_cannot_be_committed_does_not_block_the_clinician() {
    let (mut clinician, mut patient) = pair();
    let at = clinician.group.own_leaf_index();
    let Conversation { provider, group, signer, .. } = &mut patient;
    let (removal, reference) = group.propose_remove_member(&*provider, signer, at).unwrap();
    let waiting = group.pending_proposals().next().unwrap().clone();
    group.remove_pending_proposal(provider.storage(), &reference).unwrap();
    assert_eq!(refused(&mut clinician, &to_wire(&removal).unwrap()), SealError::Forbidden);
    let mut trial = reload(&clinician);
    trial.wait_with(&waiting).unwrap();
    trial.offer_waiting().unwrap();
    assert!(trial.commit().is_err(), "the case this test is about");

    clinician.wait_with(&waiting).unwrap();
    renew(&mut clinician, &mut patient);
    let sealed = clinician.encrypt(b"on", b"").unwrap();
    assert_eq!(said(&mut patient, &sealed), b"on");
}

#[test]
fn other_proposals_of_a_patient_are_refused() {
    let (mut clinician, mut patient) = pair();
    let before = state(&clinician);
    let clinician_at = clinician.group.own_leaf_index();
    let Conversation { provider, group, signer, .. } = &mut patient;
    let (removal, _) = group.propose_remove_member(&*provider, signer, clinician_at).unwrap();
    assert_eq!(refused(&mut clinician, &to_wire(&removal).unwrap()), SealError::Forbidden);
    assert_eq!(state(&clinician), before);
}

#[test]
fn an_update_that_changes_the_identity_key_is_refused() {
    let (mut clinician, mut patient) = pair();
    let before = state(&clinician);
    let scheme = patient.suite().ciphersuite().signature_algorithm();
    let other = SignatureKeyPair::new(scheme).unwrap();
    let credential = CredentialWithKey {
        credential: patient.group.credential().unwrap().clone(),
        signature_key: other.to_public_vec().into(),
    };
    let bundle = NewSignerBundle { signer: &other, credential_with_key: credential };
    let Conversation { provider, group, signer, .. } = &mut patient;
    let (update, _) =
        group.propose_self_update_with_new_signer(&*provider, signer, bundle, LeafNodeParameters::default()).unwrap();
    assert_eq!(refused(&mut clinician, &to_wire(&update).unwrap()), SealError::Forbidden);
    assert_eq!(state(&clinician), before);
}

#[test]
fn a_commit_that_adds_or_removes_someone_is_refused_by_the_patient() {
    let (clinician, mut patient) = pair();
    let before = state(&patient);
    let (_, third) = Pending::new(Suite::XWing, SystemClock.now()).unwrap();
    let mut commit = |change: &dyn Fn(&mut Conversation, KeyPackage) -> MlsMessageOut| {
        let mut clinician = reload(&clinician);
        let Ok(MlsMessageBodyIn::KeyPackage(third)) = parse(&third) else { panic!("not a key package") };
        let third = third.validate(clinician.provider.crypto(), ProtocolVersion::Mls10).unwrap();
        let commit = to_wire(&change(&mut clinician, third)).unwrap();
        assert_eq!(refused(&mut patient, &commit), SealError::Forbidden);
        assert_eq!(state(&patient), before);
    };
    commit(&|clinician, third| {
        let Conversation { provider, group, signer, .. } = clinician;
        group.add_members(&*provider, signer, &[third]).unwrap().0
    });
    commit(&|clinician, third| {
        let Conversation { provider, group, signer, .. } = clinician;
        group.add_members_without_update(&*provider, signer, &[third]).unwrap().0
    });
    commit(&|clinician, _| {
        let Conversation { provider, group, signer, .. } = clinician;
        group.remove_members(&*provider, signer, &[LeafNodeIndex::new(0)]).unwrap().0
    });
}

#[test]
fn a_conversation_may_move_between_threads() {
    fn may_move<T: Send + Sync>() {}
    may_move::<Conversation>();
    may_move::<Snapshot>();
    may_move::<Pending>();
}

#[test]
fn state_survives_saving_in_the_middle() {
    let (mut clinician, mut patient) = pair();
    let early = patient.encrypt(b"early", b"").unwrap();
    renew(&mut clinician, &mut patient);
    let late = patient.encrypt(b"late", b"").unwrap();

    let (mut clinician, mut patient) = (reload(&clinician), reload(&patient));
    assert_eq!(clinician.role(), Role::Clinician);
    assert_eq!(patient.role(), Role::Patient);
    assert_eq!(said(&mut clinician, &late), b"late");
    assert_eq!(said(&mut reload(&clinician), &early), b"early");
    renew(&mut clinician, &mut patient);
    assert_eq!(state(&reload(&patient)), state(&patient));
}

#[test]
fn going_back_is_as_if_nothing_had_been_done() {
    let (mut clinician, mut patient) = pair();
    let sealed = patient.encrypt(b"kept?", b"").unwrap();

    let (before, bytes) = (clinician.snapshot(), state(&clinician));
    said(&mut clinician, &sealed);
    clinician.encrypt(b"not sent", b"").unwrap();
    clinician.commit_pending().unwrap();
    assert_ne!(state(&clinician), bytes);
    clinician.restore(&before).unwrap();
    assert_eq!(state(&clinician), bytes);

    // The same message opens again, and the next one we send is understood.
    assert_eq!(said(&mut clinician, &sealed), b"kept?");
    let sealed = clinician.encrypt(b"sent", b"").unwrap();
    assert_eq!(said(&mut patient, &sealed), b"sent");
    renew(&mut clinician, &mut patient);

    let stranger = pair().0.snapshot();
    let bytes = state(&clinician);
    assert_eq!(clinician.restore(&stranger), Err(SealError::Damaged));
    assert_eq!(state(&clinician), bytes);
}

#[test]
fn many_epochs_do_not_make_the_state_grow() {
    let (mut clinician, mut patient) = pair();
    let round = |clinician: &mut Conversation, patient: &mut Conversation| {
        let proposal = patient.propose_update().unwrap();
        clinician.decrypt(&proposal).unwrap();
        renew(clinician, patient);
        for _ in 0..3 {
            let sealed = clinician.encrypt(b"hello", b"").unwrap();
            said(patient, &sealed);
            let sealed = patient.encrypt(b"hello", b"").unwrap();
            said(clinician, &sealed);
        }
    };
    // OpenMLS keeps up to 32 resumption PSKs; after that nothing grows.
    for _ in 0..40 {
        round(&mut clinician, &mut patient);
    }
    let sizes = [state(&clinician).len(), state(&patient).len()];
    for _ in 0..PAST_EPOCHS {
        round(&mut clinician, &mut patient);
    }
    for (before, side) in sizes.iter().zip([&clinician, &patient]) {
        let after = state(side).len();
        // Random bytes take one or two bytes in CBOR, so a state breathes a little.
        assert!(after.abs_diff(*before) < 1024, "{before} bytes became {after}");
        assert!(after < 80 * 1024, "{after} bytes");
    }
}

#[test]
fn damaged_states_are_refused() {
    let (clinician, _) = pair();
    let bytes = state(&clinician);
    for cut in (0..bytes.len()).step_by(211) {
        assert!(Conversation::from_bytes(&bytes[..cut]).is_err(), "cut at {cut}");
    }
    assert!(Pending::from_bytes(&bytes).is_err());
    let (pending, _) = Pending::new(Suite::XWing, SystemClock.now()).unwrap();
    assert!(Conversation::from_bytes(&pending.to_bytes().unwrap()).is_err());
}

/// What an attacker on the way may make of what he sees.
fn altered(messages: usize) -> impl Strategy<Value = (usize, Alteration)> {
    let alteration = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..600).prop_map(Alteration::Garbage),
        (any::<prop::sample::Index>(), 1..=255u8).prop_map(|(at, flip)| Alteration::Flip(at, flip)),
        any::<prop::sample::Index>().prop_map(Alteration::Cut),
        (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(at, byte)| Alteration::Insert(at, byte)),
    ];
    (0..messages, alteration)
}

#[derive(Debug, Clone)]
enum Alteration {
    Garbage(Vec<u8>),
    Flip(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    Insert(prop::sample::Index, u8),
}

impl Alteration {
    fn of(self, message: &[u8]) -> Vec<u8> {
        let mut bytes = message.to_vec();
        match self {
            Self::Garbage(garbage) => return garbage,
            Self::Flip(at, flip) => bytes[at.index(message.len())] ^= flip,
            Self::Cut(at) => bytes.truncate(at.index(message.len())),
            Self::Insert(at, byte) => bytes.insert(at.index(message.len()), byte),
        }
        bytes
    }
}

fn run<S: Strategy>(cases: u32, strategy: S, test: impl Fn(S::Value)) {
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let run = |case| {
        test(case);
        Ok(())
    };
    proptest::test_runner::TestRunner::new(config).run(&strategy, run).unwrap();
}

/// Whatever is not one of `messages` is refused and leaves the state as it was.
fn withstands(side: &mut Conversation, messages: &[Vec<u8>]) {
    let before = state(side);
    let side = RefCell::new(side);
    run(400, altered(messages.len()), |(which, alteration)| {
        let bytes = alteration.of(&messages[which]);
        if messages.contains(&bytes) {
            return;
        }
        let mut side = side.borrow_mut();
        // A changed epoch can make of a handshake message one that comes late.
        assert!(matches!(side.decrypt(&bytes), Err(_) | Ok(Opened::Nothing)));
        assert_eq!(state(&side), before);
    });
}

#[test]
fn the_clinician_withstands_garbage_and_altered_messages() {
    let (mut clinician, mut patient) = pair();
    let old = patient.encrypt(b"old", b"aad").unwrap();
    renew(&mut clinician, &mut patient);
    let content = patient.encrypt(b"content", b"").unwrap();
    let long = patient.encrypt(&[5; 2000], b"more aad").unwrap();
    let proposal = patient.propose_update().unwrap();
    withstands(&mut clinician, &[old.clone(), content.clone(), long.clone(), proposal.clone()]);

    assert_eq!(said(&mut clinician, &long), [5; 2000]);
    assert_eq!(said(&mut clinician, &old), b"old");
    assert_eq!(said(&mut clinician, &content), b"content");
    assert!(matches!(clinician.decrypt(&proposal), Ok(Opened::UpdateProposed)));
    renew(&mut clinician, &mut patient);
}

#[test]
fn the_patient_withstands_garbage_and_altered_commits() {
    let (mut clinician, mut patient) = pair();
    clinician.decrypt(&patient.propose_update().unwrap()).unwrap();
    let content = clinician.encrypt(b"content", b"").unwrap();
    let commit = clinician.commit_pending().unwrap();
    withstands(&mut patient, &[content.clone(), commit.clone()]);

    assert!(matches!(patient.decrypt(&commit), Ok(Opened::EpochChanged)));
    assert_eq!(said(&mut patient, &content), b"content");
    assert_eq!(*clinician.export("test", b"", 32).unwrap(), *patient.export("test", b"", 32).unwrap());
}

/// Saved states are sealed, so nobody alters them; loading must not panic even so.
#[test]
fn altered_states_never_panic_at_loading() {
    let (mut clinician, mut patient) = pair();
    clinician.decrypt(&patient.propose_update().unwrap()).unwrap();
    let states = [state(&clinician), state(&patient)];
    run(300, altered(states.len()), |(which, alteration)| {
        let bytes = alteration.of(&states[which]);
        drop(Conversation::from_bytes(&bytes));
        drop(Pending::from_bytes(&bytes));
    });
}
