//! Fresh keys for both leaves: the patient proposes, the clinician commits.
//!
//! A proposal waits in a cell of its own, on both sides, and is handed to
//! OpenMLS only for the commit that is made or read next: OpenMLS sends no
//! content while a proposal is pending, and neither side may be silenced by one.

use openmls::prelude::{LeafNodeParameters, QueuedProposal};
use openmls_traits::OpenMlsProvider;

use super::{Conversation, Role, to_wire};
use crate::seal::SealError;
use crate::seal::store::Label;

impl Conversation {
    /// Proposes a fresh leaf key of our own (RFC 9420, section 12.1.2) and
    /// returns the message for the clinician, who commits it in due time.
    ///
    /// # Errors
    ///
    /// [`SealError::Forbidden`] for the clinician, who commits instead;
    /// [`SealError::AlreadyProposed`] the second time in an epoch.
    pub fn propose_update(&mut self) -> Result<Vec<u8>, SealError> {
        if self.role == Role::Clinician {
            return Err(SealError::Forbidden);
        }
        if self.waiting()?.is_some() {
            return Err(SealError::AlreadyProposed);
        }
        self.attempt(|this| {
            let (message, reference) = this
                .group
                .propose_self_update(&this.provider, &this.signer, LeafNodeParameters::default())
                .map_err(|_| SealError::Library)?;
            let own = this
                .group
                .pending_proposals()
                .find(|own| *own.proposal_reference_ref() == reference)
                .cloned()
                .ok_or(SealError::Library)?;
            // OpenMLS sends no content while a proposal is pending.
            this.group.remove_pending_proposal(this.provider.storage(), &reference).map_err(|_| SealError::Library)?;
            this.wait_with(&own)?;
            to_wire(&message)
        })
    }

    /// Commits the patient's waiting update, if there is one, together with a
    /// fresh path of our own, and enters the next epoch. Returns the commit for
    /// the patient.
    ///
    /// # Errors
    ///
    /// [`SealError::Forbidden`] for the patient.
    pub fn commit_pending(&mut self) -> Result<Vec<u8>, SealError> {
        if self.role == Role::Patient {
            return Err(SealError::Forbidden);
        }
        let committed = self.attempt(|this| {
            this.offer_waiting()?;
            this.commit()
        });
        // An update that cannot be applied must not block the clinician for ever.
        if committed.is_err() && self.waiting()?.is_some() {
            return self.attempt(|this| {
                this.provider.storage().forget(Label::Waiting);
                this.commit()
            });
        }
        committed
    }

    pub(super) fn commit(&mut self) -> Result<Vec<u8>, SealError> {
        let bundle = self
            .group
            .commit_builder()
            .force_self_update(true)
            .consume_proposal_store(true)
            .load_psks(self.provider.storage())
            .map_err(|_| SealError::Library)?
            .build(self.provider.rand(), self.provider.crypto(), &self.signer, |_| true)
            .map_err(|_| SealError::Library)?
            .stage_commit(&self.provider)
            .map_err(|_| SealError::Library)?;
        self.group.merge_pending_commit(&self.provider).map_err(|_| SealError::Library)?;
        self.enter_epoch();
        to_wire(&bundle.into_commit())
    }

    /// The update proposal of this epoch that waits for its commit.
    fn waiting(&self) -> Result<Option<QueuedProposal>, SealError> {
        self.provider.storage().get(Label::Waiting, &())
    }

    pub(super) fn wait_with(&self, proposal: &QueuedProposal) -> Result<(), SealError> {
        self.provider.storage().put(Label::Waiting, &(), proposal)
    }

    /// Hands the waiting proposal to OpenMLS, for the commit made or read next.
    pub(super) fn offer_waiting(&mut self) -> Result<(), SealError> {
        match self.waiting()? {
            Some(proposal) => self.group.store_pending_proposal(self.provider.storage(), proposal),
            None => Ok(()),
        }
    }

    /// What belonged to the last epoch is forgotten with it.
    pub(super) fn enter_epoch(&self) {
        self.provider.storage().forget(Label::Waiting);
        self.provider.storage().forget(Label::EncryptionKey);
    }
}
