//! The vault key, the subkeys made from it, and sealing under them.
//!
//! HKDF (RFC 5869) with SHA-256 gives each purpose its own key; XChaCha20-Poly1305
//! (draft-irtf-cfrg-xchacha) seals with random 24-byte nonces; keyed BLAKE3 names things on disk.

use chacha20poly1305::aead::{Aead, AeadInPlace, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::error::{Damage, VaultError};
use super::locked::Locked;
use crate::base::random;

/// A nonce and a tag are what sealing adds.
pub(super) const SEAL_BYTES: usize = NONCE_BYTES + TAG_BYTES;
/// Length of an XChaCha20 nonce.
pub(super) const NONCE_BYTES: usize = 24;
/// Length of a Poly1305 tag.
pub(super) const TAG_BYTES: usize = 16;

/// What a subkey is for. One subkey never serves two purposes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    Journal,
    Head,
    Keyring,
    IndexName,
    Conversation,
    ConversationName,
    Inbox,
    Backup,
    Keyslot,
    Keychain,
}

impl Purpose {
    fn info(self) -> &'static [u8] {
        match self {
            Purpose::Journal => b"bedside vault v1 journal",
            Purpose::Head => b"bedside vault v1 head",
            Purpose::Keyring => b"bedside vault v1 keyring",
            Purpose::IndexName => b"bedside vault v1 index name",
            Purpose::Conversation => b"bedside vault v1 conversation",
            Purpose::ConversationName => b"bedside vault v1 conversation name",
            Purpose::Inbox => b"bedside vault v1 inbox",
            Purpose::Backup => b"bedside vault v1 backup",
            Purpose::Keyslot => b"bedside vault v1 keyslot",
            Purpose::Keychain => b"bedside vault v1 keychain",
        }
    }
}

/// The one key everything else hangs on: 32 random bytes, held by the keyslots.
#[derive(Clone)]
pub(super) struct VaultKey(Locked<Zeroizing<[u8; 32]>>);

impl VaultKey {
    const PREFIX: &'static str = "bedside-vault-key-1:";

    pub(super) fn random() -> VaultKey {
        VaultKey(Locked::new(Zeroizing::new(random::bytes())))
    }

    /// A key that was kept.
    pub(super) fn from_bytes(bytes: &[u8; 32]) -> VaultKey {
        VaultKey(Locked::new(Zeroizing::new(*bytes)))
    }

    /// The key, to be kept sealed.
    pub(super) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// What a keyslot holds: one line of text, so that a person with stock `age` can read it.
    pub(super) fn to_text(&self) -> Zeroizing<String> {
        let digits = Zeroizing::new(data_encoding::HEXLOWER.encode(self.0.as_slice()));
        Zeroizing::new(format!("{}{}\n", VaultKey::PREFIX, digits.as_str()))
    }

    /// Reads what `to_text` wrote.
    pub(super) fn from_text(text: &[u8]) -> Option<VaultKey> {
        let digits = text.strip_prefix(VaultKey::PREFIX.as_bytes())?.strip_suffix(b"\n")?;
        if digits.len() != 64 {
            return None;
        }
        let mut key = Locked::new(Zeroizing::new([0; 32]));
        data_encoding::HEXLOWER.decode_mut(digits, key.as_mut_slice()).ok()?;
        Some(VaultKey(key))
    }

    fn subkey(&self, purpose: Purpose) -> Zeroizing<[u8; 32]> {
        let mut key = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(None, self.0.as_slice())
            .expand(purpose.info(), key.as_mut_slice())
            .expect("32 bytes are within HKDF-SHA256's limit of 8160");
        key
    }

    /// The sealer for one purpose.
    pub(super) fn sealer(&self, purpose: Purpose) -> Locked<Sealer> {
        Locked::new(Sealer::new(&self.subkey(purpose)))
    }

    /// The namer for one purpose.
    pub(super) fn namer(&self, purpose: Purpose) -> Namer {
        Namer(self.subkey(purpose))
    }
}

impl PartialEq for VaultKey {
    fn eq(&self, other: &VaultKey) -> bool {
        self.0.as_slice().ct_eq(other.0.as_slice()).into()
    }
}

/// Seals and opens under one key, which is wiped when it is dropped. Who keeps one keeps it [`Locked`].
#[derive(Clone)]
pub(super) struct Sealer(Zeroizing<[u8; 32]>);

impl Sealer {
    pub(super) fn new(key: &[u8; 32]) -> Sealer {
        Sealer(Zeroizing::new(*key))
    }

    /// The key, to be kept sealed.
    pub(super) fn key(&self) -> &[u8; 32] {
        &self.0
    }

    /// Costs nothing: it is the key, until it seals.
    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.0).into())
    }

    /// Nonce, ciphertext, tag.
    pub(super) fn seal(&self, aad: &[u8], plain: &[u8]) -> Vec<u8> {
        let mut sealed = Vec::with_capacity(SEAL_BYTES + plain.len());
        self.seal_behind(&mut sealed, aad, |out| out.extend_from_slice(plain));
        sealed
    }

    /// Adds nonce, ciphertext and tag of what `write` adds, sealed where it stands. Who has reserved the room for it
    /// leaves no copy of the plaintext behind.
    pub(super) fn seal_behind(&self, out: &mut Vec<u8>, aad: &[u8], write: impl FnOnce(&mut Vec<u8>)) {
        let nonce = random::once::<NONCE_BYTES>();
        out.extend_from_slice(&nonce);
        let begin = out.len();
        write(out);
        let tag = self.cipher().encrypt_in_place_detached((&nonce).into(), aad, &mut out[begin..]);
        out.extend_from_slice(&tag.expect("plaintexts are far below the cipher's limit of 256 GiB"));
    }

    /// Opens what `seal` made; `None` when key, associated data or bytes are not the same.
    pub(super) fn open(&self, aad: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, body) = sealed.split_first_chunk::<NONCE_BYTES>()?;
        self.open_with(nonce, aad, body)
    }

    /// So, where the nonce stands apart.
    pub(super) fn open_with(&self, nonce: &[u8; NONCE_BYTES], aad: &[u8], body: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        self.cipher().decrypt(XNonce::from_slice(nonce), Payload { msg: body, aad }).ok().map(Zeroizing::new)
    }
}

/// Gives things names that say nothing without the key: keyed BLAKE3, cut to 16 bytes.
pub(super) struct Namer(Zeroizing<[u8; 32]>);

impl Namer {
    /// The name of something in a room of names (`domain` keeps rooms apart).
    pub(super) fn name(&self, domain: u8, parts: &[&[u8]]) -> [u8; 16] {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        hasher.update(&[domain]);
        for part in parts {
            hasher.update(part);
        }
        let mut name = [0; 16];
        name.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        name
    }
}

/// One kind of small sealed file: magic (8), version (2, little-endian), then nonce, ciphertext
/// and tag, with magic, version and `context` as associated data.
pub(super) struct SealedForm {
    /// The first eight bytes of the file.
    pub(super) magic: &'static [u8; 8],
    /// What is reported when the file cannot be opened.
    pub(super) damage: Damage,
}

impl SealedForm {
    const VERSION: u16 = 1;
    const PREFIX: usize = 10;

    /// How many bytes a file around `plain` bytes has.
    pub(super) const fn length(plain: usize) -> usize {
        SealedForm::PREFIX + SEAL_BYTES + plain
    }

    pub(super) fn encode(&self, sealer: &Sealer, context: &[u8], plain: &[u8]) -> Vec<u8> {
        let mut file = self.magic.to_vec();
        file.extend_from_slice(&SealedForm::VERSION.to_le_bytes());
        let sealed = sealer.seal(&[&file, context].concat(), plain);
        file.extend_from_slice(&sealed);
        file
    }

    pub(super) fn decode(
        &self,
        sealer: &Sealer,
        context: &[u8],
        file: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let (prefix, sealed) = file.split_first_chunk::<{ SealedForm::PREFIX }>().ok_or(self.damage)?;
        let (magic, version) = prefix.split_at(8);
        if magic != self.magic {
            return Err(self.damage.into());
        }
        match sealer.open(&[prefix.as_slice(), context].concat(), sealed) {
            Some(plain) if version == SealedForm::VERSION.to_le_bytes() => Ok(plain),
            // Only a version that is sealed in is a version; a flipped bit is damage.
            Some(_) => Err(VaultError::Newer {
                found: u16::from_le_bytes([version[0], version[1]]),
                known: SealedForm::VERSION,
            }),
            None => Err(self.damage.into()),
        }
    }
}
