//! Where OpenMLS keeps what it must remember: a map in memory that is cheap to
//! copy, so that a state can be kept, taken back or written out as a whole.
//!
//! OpenMLS calls the `StorageProvider` below whenever its state changes. Each
//! value is one cell, encoded as CBOR (RFC 8949); cells are shared between
//! snapshots and wiped when the last one is dropped. `openmls_memory_storage`
//! does the same in JSON: four times the bytes, no wiping, and proposals that
//! were committed stay behind for ever.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use openmls_rust_crypto::RustCrypto;
use openmls_traits::OpenMlsProvider;
use openmls_traits::storage::{CURRENT_VERSION as V, StorageProvider, traits};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_bytes::ByteBuf;
use zeroize::Zeroizing;

use super::SealError;
use crate::base::cbor;

/// A cell's bytes, shared and wiped.
type Cell = Arc<Zeroizing<Vec<u8>>>;

/// All cells, by label and key. Ordered, so that equal states are equal bytes.
#[derive(Clone, Default)]
pub(super) struct Cells(BTreeMap<Vec<u8>, Cell>);

impl Cells {
    /// Key and value of each cell, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.0.iter().map(|(key, cell)| (key.as_slice(), cell.as_slice()))
    }

    /// Puts back a cell that [`Self::iter`] gave.
    pub(super) fn insert(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.0.insert(key, Arc::new(Zeroizing::new(value)));
    }
}

/// What a cell is; the first byte of its key. The numbers are part of the saved
/// form: never reuse one.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(super) enum Label {
    JoinConfig = 1,
    OwnLeafNodes = 2,
    Proposal = 3,
    ProposalRefs = 4,
    Tree = 5,
    TranscriptHash = 6,
    Context = 7,
    ConfirmationTag = 8,
    GroupState = 9,
    MessageSecrets = 10,
    ResumptionPsks = 11,
    OwnLeafIndex = 12,
    EpochSecrets = 13,
    SignatureKey = 14,
    EncryptionKey = 15,
    EpochKeys = 16,
    KeyPackage = 17,
    Psk = 18,
    /// Ours, not OpenMLS's: the update proposal that waits for its commit.
    Waiting = 19,
}

/// The memory of one conversation, or of one key package that may become one.
#[derive(Default)]
pub(super) struct Store(RwLock<Cells>);

impl Store {
    pub(super) fn new(cells: Cells) -> Self {
        Self(RwLock::new(cells))
    }

    /// All cells as they are now; costs a map of pointers.
    pub(super) fn snapshot(&self) -> Cells {
        self.read(Cells::clone)
    }

    /// Goes back to an earlier snapshot.
    pub(super) fn restore(&self, cells: Cells) {
        self.write(|now| *now = cells);
    }

    /// Forgets every cell of one label.
    pub(super) fn forget(&self, label: Label) {
        self.write(|cells| cells.0.retain(|key, _| key.first() != Some(&(label as u8))));
    }

    pub(super) fn put<K: Serialize, T: Serialize + ?Sized>(
        &self,
        label: Label,
        key: &K,
        value: &T,
    ) -> Result<(), SealError> {
        let (key, value) = (name(label, key)?, encode(value)?);
        self.write(|cells| cells.insert(key, value));
        Ok(())
    }

    pub(super) fn get<K: Serialize, T: DeserializeOwned>(&self, label: Label, key: &K) -> Result<Option<T>, SealError> {
        let key = name(label, key)?;
        let cell = self.read(|cells| cells.0.get(&key).cloned());
        cell.map(|cell| decode(&cell)).transpose()
    }

    pub(super) fn remove<K: Serialize>(&self, label: Label, key: &K) -> Result<(), SealError> {
        let key = name(label, key)?;
        self.write(|cells| cells.0.remove(&key));
        Ok(())
    }

    /// Lists are kept as encoded items, so that one can be added without
    /// understanding the others.
    fn items<K: Serialize>(&self, label: Label, key: &K) -> Result<Vec<ByteBuf>, SealError> {
        self.get(label, key).map(Option::unwrap_or_default)
    }

    fn list<K: Serialize, T: DeserializeOwned>(&self, label: Label, key: &K) -> Result<Vec<T>, SealError> {
        let items = self.items(label, key)?;
        items.iter().map(|item| decode(item)).collect()
    }

    fn append<K: Serialize, T: Serialize>(&self, label: Label, key: &K, item: &T) -> Result<(), SealError> {
        let mut items = self.items(label, key)?;
        items.push(ByteBuf::from(encode(item)?));
        self.put(label, key, &items)
    }

    fn read<R>(&self, look: impl FnOnce(&Cells) -> R) -> R {
        look(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write<R>(&self, change: impl FnOnce(&mut Cells) -> R) -> R {
        change(&mut self.0.write().unwrap_or_else(PoisonError::into_inner))
    }
}

fn name<K: Serialize>(label: Label, key: &K) -> Result<Vec<u8>, SealError> {
    let mut name = vec![label as u8];
    cbor::write(key, &mut name).map_err(|_| SealError::Library)?;
    Ok(name)
}

fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, SealError> {
    let mut bytes = Vec::new();
    cbor::write(value, &mut bytes).map_err(|_| SealError::Library)?;
    Ok(bytes)
}

fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, SealError> {
    cbor::read(bytes).map_err(|_| SealError::Damaged)
}

/// Cryptography and memory together, as OpenMLS wants them.
#[derive(Default)]
pub(super) struct Provider {
    crypto: RustCrypto,
    store: Store,
}

impl Provider {
    pub(super) fn new(cells: Cells) -> Self {
        Self { crypto: RustCrypto::default(), store: Store::new(cells) }
    }
}

impl OpenMlsProvider for Provider {
    type CryptoProvider = RustCrypto;
    type RandProvider = RustCrypto;
    type StorageProvider = Store;

    fn storage(&self) -> &Store {
        &self.store
    }

    fn crypto(&self) -> &RustCrypto {
        &self.crypto
    }

    fn rand(&self) -> &RustCrypto {
        &self.crypto
    }
}

// The trait has some fifty methods of four shapes. Type parameters are given at
// the call, because their order is part of the trait.

macro_rules! write {
    ($name:ident, $label:ident, <$a:ident: $ta:ident, $b:ident: $tb:ident>) => {
        fn $name<$a: traits::$ta<V>, $b: traits::$tb<V>>(&self, key: &K, value: &T) -> Result<(), SealError> {
            self.put(Label::$label, key, value)
        }
    };
}

macro_rules! read {
    ($name:ident, $label:ident, <$a:ident: $ta:ident, $b:ident: $tb:ident>) => {
        fn $name<$a: traits::$ta<V>, $b: traits::$tb<V>>(&self, key: &K) -> Result<Option<T>, SealError> {
            self.get(Label::$label, key)
        }
    };
}

macro_rules! delete {
    ($name:ident, $label:ident, $key:ident) => {
        fn $name<K: traits::$key<V>>(&self, key: &K) -> Result<(), SealError> {
            self.remove(Label::$label, key)
        }
    };
}

impl StorageProvider<V> for Store {
    type Error = SealError;

    write!(write_mls_join_config, JoinConfig, <K: GroupId, T: MlsGroupJoinConfig>);
    write!(write_tree, Tree, <K: GroupId, T: TreeSync>);
    write!(write_interim_transcript_hash, TranscriptHash, <K: GroupId, T: InterimTranscriptHash>);
    write!(write_context, Context, <K: GroupId, T: GroupContext>);
    write!(write_confirmation_tag, ConfirmationTag, <K: GroupId, T: ConfirmationTag>);
    write!(write_group_state, GroupState, <T: GroupState, K: GroupId>);
    write!(write_message_secrets, MessageSecrets, <K: GroupId, T: MessageSecrets>);
    write!(write_resumption_psk_store, ResumptionPsks, <K: GroupId, T: ResumptionPskStore>);
    write!(write_own_leaf_index, OwnLeafIndex, <K: GroupId, T: LeafNodeIndex>);
    write!(write_group_epoch_secrets, EpochSecrets, <K: GroupId, T: GroupEpochSecrets>);
    write!(write_signature_key_pair, SignatureKey, <K: SignaturePublicKey, T: SignatureKeyPair>);
    write!(write_encryption_key_pair, EncryptionKey, <K: EncryptionKey, T: HpkeKeyPair>);
    write!(write_key_package, KeyPackage, <K: HashReference, T: KeyPackage>);
    write!(write_psk, Psk, <K: PskId, T: PskBundle>);

    read!(mls_group_join_config, JoinConfig, <K: GroupId, T: MlsGroupJoinConfig>);
    read!(tree, Tree, <K: GroupId, T: TreeSync>);
    read!(interim_transcript_hash, TranscriptHash, <K: GroupId, T: InterimTranscriptHash>);
    read!(group_context, Context, <K: GroupId, T: GroupContext>);
    read!(confirmation_tag, ConfirmationTag, <K: GroupId, T: ConfirmationTag>);
    read!(group_state, GroupState, <T: GroupState, K: GroupId>);
    read!(message_secrets, MessageSecrets, <K: GroupId, T: MessageSecrets>);
    read!(resumption_psk_store, ResumptionPsks, <K: GroupId, T: ResumptionPskStore>);
    read!(own_leaf_index, OwnLeafIndex, <K: GroupId, T: LeafNodeIndex>);
    read!(group_epoch_secrets, EpochSecrets, <K: GroupId, T: GroupEpochSecrets>);
    read!(signature_key_pair, SignatureKey, <K: SignaturePublicKey, T: SignatureKeyPair>);
    read!(encryption_key_pair, EncryptionKey, <T: HpkeKeyPair, K: EncryptionKey>);
    read!(key_package, KeyPackage, <K: HashReference, T: KeyPackage>);
    read!(psk, Psk, <T: PskBundle, K: PskId>);

    delete!(delete_own_leaf_nodes, OwnLeafNodes, GroupId);
    delete!(delete_group_config, JoinConfig, GroupId);
    delete!(delete_tree, Tree, GroupId);
    delete!(delete_confirmation_tag, ConfirmationTag, GroupId);
    delete!(delete_group_state, GroupState, GroupId);
    delete!(delete_context, Context, GroupId);
    delete!(delete_interim_transcript_hash, TranscriptHash, GroupId);
    delete!(delete_message_secrets, MessageSecrets, GroupId);
    delete!(delete_all_resumption_psk_secrets, ResumptionPsks, GroupId);
    delete!(delete_own_leaf_index, OwnLeafIndex, GroupId);
    delete!(delete_group_epoch_secrets, EpochSecrets, GroupId);
    delete!(delete_signature_key_pair, SignatureKey, SignaturePublicKey);
    delete!(delete_encryption_key_pair, EncryptionKey, EncryptionKey);
    delete!(delete_key_package, KeyPackage, HashReference);
    delete!(delete_psk, Psk, PskId);

    fn append_own_leaf_node<G: traits::GroupId<V>, L: traits::LeafNode<V>>(
        &self,
        group: &G,
        leaf: &L,
    ) -> Result<(), SealError> {
        self.append(Label::OwnLeafNodes, group, leaf)
    }

    fn own_leaf_nodes<G: traits::GroupId<V>, L: traits::LeafNode<V>>(&self, group: &G) -> Result<Vec<L>, SealError> {
        self.list(Label::OwnLeafNodes, group)
    }

    fn queue_proposal<G: traits::GroupId<V>, R: traits::ProposalRef<V>, P: traits::QueuedProposal<V>>(
        &self,
        group: &G,
        reference: &R,
        proposal: &P,
    ) -> Result<(), SealError> {
        self.put(Label::Proposal, &(group, reference), proposal)?;
        self.append(Label::ProposalRefs, group, reference)
    }

    fn queued_proposal_refs<G: traits::GroupId<V>, R: traits::ProposalRef<V>>(
        &self,
        group: &G,
    ) -> Result<Vec<R>, SealError> {
        self.list(Label::ProposalRefs, group)
    }

    fn queued_proposals<G: traits::GroupId<V>, R: traits::ProposalRef<V>, P: traits::QueuedProposal<V>>(
        &self,
        group: &G,
    ) -> Result<Vec<(R, P)>, SealError> {
        let references: Vec<R> = self.list(Label::ProposalRefs, group)?;
        references
            .into_iter()
            .map(|reference| {
                let proposal = self.get(Label::Proposal, &(group, &reference))?;
                Ok((reference, proposal.ok_or(SealError::Damaged)?))
            })
            .collect()
    }

    fn remove_proposal<G: traits::GroupId<V>, R: traits::ProposalRef<V>>(
        &self,
        group: &G,
        reference: &R,
    ) -> Result<(), SealError> {
        self.remove(Label::Proposal, &(group, reference))?;
        let removed = encode(reference)?;
        let mut references = self.items(Label::ProposalRefs, group)?;
        references.retain(|one| one[..] != removed[..]);
        self.put(Label::ProposalRefs, group, &references)
    }

    fn clear_proposal_queue<G: traits::GroupId<V>, R: traits::ProposalRef<V>>(&self, _: &G) -> Result<(), SealError> {
        // One store holds one group, so all proposals are this group's.
        self.forget(Label::Proposal);
        self.forget(Label::ProposalRefs);
        Ok(())
    }

    fn write_encryption_epoch_key_pairs<G: traits::GroupId<V>, E: traits::EpochKey<V>, P: traits::HpkeKeyPair<V>>(
        &self,
        group: &G,
        epoch: &E,
        leaf: u32,
        pairs: &[P],
    ) -> Result<(), SealError> {
        self.put(Label::EpochKeys, &(group, epoch, leaf), pairs)
    }

    fn encryption_epoch_key_pairs<G: traits::GroupId<V>, E: traits::EpochKey<V>, P: traits::HpkeKeyPair<V>>(
        &self,
        group: &G,
        epoch: &E,
        leaf: u32,
    ) -> Result<Vec<P>, SealError> {
        let pairs = self.get(Label::EpochKeys, &(group, epoch, leaf))?;
        Ok(pairs.unwrap_or_default())
    }

    fn delete_encryption_epoch_key_pairs<G: traits::GroupId<V>, E: traits::EpochKey<V>>(
        &self,
        group: &G,
        epoch: &E,
        leaf: u32,
    ) -> Result<(), SealError> {
        self.remove(Label::EpochKeys, &(group, epoch, leaf))
    }
}
