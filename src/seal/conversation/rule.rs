//! What MLS allows and this conversation does not.

use openmls::prelude::{BasicCredential, LeafNode, LeafNodeIndex, Proposal, Sender, StagedCommit};

use super::{Conversation, GROUP_ID_BYTES, MAX_PSEUDONYM_BYTES, MemberKey};
use crate::seal::{SealError, Suite};

impl Conversation {
    /// Holds what the rest relies on: a known suite, a group id of sixteen
    /// bytes, no group extensions, and exactly us and one other, each under a
    /// short basic credential.
    pub(in crate::seal) fn check(&self) -> Result<(), SealError> {
        Suite::try_from(self.group.ciphersuite())?;
        if self.group.group_id().as_slice().len() != GROUP_ID_BYTES || self.group.extensions().iter().next().is_some() {
            return Err(SealError::WrongMembers);
        }
        let members: Vec<_> = self.group.members().collect();
        let [first, second] = members.as_slice() else {
            return Err(SealError::WrongMembers);
        };
        for member in [first, second] {
            MemberKey::from_slice(&member.signature_key)?;
            BasicCredential::try_from(member.credential.clone())
                .ok()
                .filter(|basic| basic.identity().len() <= MAX_PSEUDONYM_BYTES)
                .ok_or(SealError::WrongMembers)?;
        }
        let ours = |key: &[u8]| key == self.signer.public();
        if ours(&first.signature_key) == ours(&second.signature_key) {
            return Err(SealError::WrongMembers);
        }
        Ok(())
    }

    /// A commit may hold our own update and the committer's fresh path, under
    /// the same identities, and nothing else.
    pub(super) fn is_permitted(&self, commit: &StagedCommit, committer: LeafNodeIndex) -> Result<(), SealError> {
        let own = Sender::Member(self.group.own_leaf_index());
        let only_ours = commit
            .queued_proposals()
            .all(|queued| matches!(queued.proposal(), Proposal::Update(_)) && *queued.sender() == own);
        let path = commit.update_path_leaf_node().ok_or(SealError::Forbidden)?;
        if !only_ours || commit.group_context().extensions().iter().next().is_some() {
            return Err(SealError::Forbidden);
        }
        self.is_same_member(path, committer)
    }

    /// A new leaf must keep the key that was compared, and the pseudonym.
    pub(super) fn is_same_member(&self, leaf: &LeafNode, at: LeafNodeIndex) -> Result<(), SealError> {
        let member = self.group.member_at(at).ok_or(SealError::Forbidden)?;
        if leaf.signature_key().as_slice() == member.signature_key && *leaf.credential() == member.credential {
            Ok(())
        } else {
            Err(SealError::Forbidden)
        }
    }
}
