//! Certificate files, read at the start and again at SIGHUP.

use super::Error;
use axum_server::tls_rustls::RustlsConfig;
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// A certificate chain and its key, as PEM files.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// The chain, leaf first.
    pub chain: PathBuf,
    /// The key.
    pub key: PathBuf,
}

impl Certificate {
    /// Reads both files.
    pub fn read(&self) -> Result<Arc<ServerConfig>, Error> {
        let wrong = |path: &Path, reason: String| Error::Certificate { path: path.into(), reason };
        let chain: Vec<_> = CertificateDer::pem_file_iter(&self.chain)
            .and_then(Iterator::collect)
            .map_err(|error| wrong(&self.chain, error.to_string()))?;
        if chain.is_empty() {
            return Err(wrong(&self.chain, "holds no certificate".into()));
        }
        let key = PrivateKeyDer::from_pem_file(&self.key).map_err(|error| wrong(&self.key, error.to_string()))?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| wrong(&self.chain, error.to_string()))?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(|error| wrong(&self.chain, error.to_string()))?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }

    /// Takes the files as they are now; when they are not good, the old ones stay.
    pub fn reload(&self, into: &RustlsConfig) {
        match self.read() {
            Ok(config) => {
                into.reload_from_config(config);
                tracing::info!("certificate reloaded");
            }
            Err(error) => tracing::error!(%error, "the certificate stays as it was"),
        }
    }
}
