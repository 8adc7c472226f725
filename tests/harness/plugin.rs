//! An age plugin for the tests: `age-plugin-drawer`, a key in a drawer.
//!
//! Run by hand it prints a new identity and its recipient. As a plugin it says that the drawer is to be opened, asks
//! for its PIN where the environment names one (`DRAWER_PIN`), adds so many bytes of nothing (`DRAWER_STUFF`), and writes a line to the file that `DRAWER_LOG` names.
//! What it seals with is no more than a shared secret, which is enough to be wrapped and unwrapped by age.

use age_core::format::{FILE_KEY_BYTES, FileKey, Stanza};
use age_core::primitives::{aead_decrypt, aead_encrypt, hkdf};
use age_core::secrecy::ExposeSecret;
use age_plugin::identity::{self, IdentityPluginV1};
use age_plugin::recipient::{self, RecipientPluginV1};
use age_plugin::{Callbacks, PluginHandler, print_new_identity, run_state_machine};
use std::collections::{HashMap, HashSet};
use std::io::{self, Write};

const NAME: &str = "drawer";

fn main() -> io::Result<()> {
    match std::env::args().nth(1).as_deref().and_then(|flag| flag.strip_prefix("--age-plugin=")) {
        Some(machine) => run_state_machine(machine, Drawer),
        None => {
            let mut secret = [0; 32];
            getrandom::getrandom(&mut secret).map_err(io::Error::other)?;
            print_new_identity(NAME, &secret, &secret);
            Ok(())
        }
    }
}

struct Drawer;

impl PluginHandler for Drawer {
    type RecipientV1 = Keys;
    type IdentityV1 = Keys;

    fn recipient_v1(self) -> io::Result<Keys> {
        Ok(Keys::default())
    }

    fn identity_v1(self) -> io::Result<Keys> {
        Ok(Keys::default())
    }
}

#[derive(Default)]
struct Keys(Vec<[u8; 32]>);

impl Keys {
    fn add(&mut self, name: &str, bytes: &[u8]) -> Option<()> {
        self.0.push(bytes.try_into().ok().filter(|_| name == NAME)?);
        Some(())
    }
}

fn wrapping_key(secret: &[u8; 32], salt: &str) -> [u8; 32] {
    hkdf(salt.as_bytes(), b"age-plugin-drawer", secret)
}

/// Says what is done, for whoever looks whether this program ran at all.
fn note(what: &str) -> io::Result<()> {
    match std::env::var_os("DRAWER_LOG") {
        Some(path) => writeln!(std::fs::File::options().create(true).append(true).open(path)?, "{what}"),
        None => Ok(()),
    }
}

impl RecipientPluginV1 for Keys {
    fn add_recipient(&mut self, index: usize, name: &str, bytes: &[u8]) -> Result<(), recipient::Error> {
        let message = "no drawer of mine".to_owned();
        self.add(name, bytes).ok_or(recipient::Error::Recipient { index, message })
    }

    fn add_identity(&mut self, index: usize, name: &str, bytes: &[u8]) -> Result<(), recipient::Error> {
        let message = "no drawer of mine".to_owned();
        self.add(name, bytes).ok_or(recipient::Error::Identity { index, message })
    }

    fn labels(&mut self) -> HashSet<String> {
        HashSet::new()
    }

    fn wrap_file_keys(
        &mut self,
        file_keys: Vec<FileKey>,
        _callbacks: impl Callbacks<recipient::Error>,
    ) -> io::Result<Result<Vec<Vec<Stanza>>, Vec<recipient::Error>>> {
        note("wrap")?;
        let mut salt = [0; 16];
        getrandom::getrandom(&mut salt).map_err(io::Error::other)?;
        let salt = data_encoding::BASE64_NOPAD.encode(&salt);
        let wrap = |file_key: &FileKey| {
            let sealed = |secret| aead_encrypt(&wrapping_key(secret, &salt), file_key.expose_secret());
            let stanza = |secret| Stanza { tag: NAME.to_owned(), args: vec![salt.clone()], body: sealed(secret) };
            // What nobody asked for, where the environment says how much of it.
            let stuff = std::env::var("DRAWER_STUFF").ok().and_then(|bytes| bytes.parse().ok());
            let stuff = stuff.map(|bytes| Stanza { tag: "stuff".to_owned(), args: Vec::new(), body: vec![0; bytes] });
            self.0.iter().map(stanza).chain(stuff).collect()
        };
        Ok(Ok(file_keys.iter().map(wrap).collect()))
    }
}

impl IdentityPluginV1 for Keys {
    fn add_identity(&mut self, index: usize, name: &str, bytes: &[u8]) -> Result<(), identity::Error> {
        let message = "no drawer of mine".to_owned();
        self.add(name, bytes).ok_or(identity::Error::Identity { index, message })
    }

    fn unwrap_file_keys(
        &mut self,
        files: Vec<Vec<Stanza>>,
        mut callbacks: impl Callbacks<identity::Error>,
    ) -> io::Result<HashMap<usize, Result<FileKey, Vec<identity::Error>>>> {
        note("unwrap")?;
        let _ = callbacks.message("Open the drawer.")?;
        if let Some(pin) = std::env::var_os("DRAWER_PIN") {
            let typed = callbacks.request_secret("PIN of the drawer")?;
            if !typed.is_ok_and(|typed| *typed.expose_secret() == *pin.to_string_lossy()) {
                return Ok(HashMap::new());
            }
        }
        let mut found = HashMap::new();
        for (index, stanzas) in files.iter().enumerate() {
            for stanza in stanzas.iter().filter(|stanza| stanza.tag == NAME && stanza.args.len() == 1) {
                let open =
                    |secret| aead_decrypt(&wrapping_key(secret, &stanza.args[0]), FILE_KEY_BYTES, &stanza.body).ok();
                if let Some(key) = self.0.iter().find_map(open).and_then(|key| key.try_into().ok()) {
                    found.insert(index, Ok(FileKey::new(Box::new(key))));
                }
            }
        }
        Ok(found)
    }
}
