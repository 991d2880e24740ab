//! How is a token file kept up with?

use std::path::PathBuf;
use std::sync::Arc;

use kubeconfig::target::Material;
use secret::Secret;
use tokio::sync::Mutex;

use super::CredentialError;
use crate::dial::{Stamp, read, stamp};

/// A token in a file that something else renews.
pub(super) struct TokenFile {
    path: PathBuf,
    fallback: Option<Secret>,
    held: Mutex<Option<(Stamp, Secret)>>,
}

impl TokenFile {
    pub(super) fn new(path: PathBuf, fallback: Option<Secret>) -> Self {
        Self { path, fallback, held: Mutex::new(None) }
    }

    /// The file's token; while the file cannot be read the last one, else the inline one.
    pub(super) async fn token(&self) -> Result<Secret, Arc<CredentialError>> {
        let mut held = self.held.lock().await;
        let seen = stamp(&self.path).await;
        if let (Some((stamp, token)), Ok(now)) = (held.as_ref(), &seen)
            && stamp == now
        {
            return Ok(token.clone());
        }
        match self.read().await {
            Ok((stamp, token)) => {
                *held = Some((stamp, token.clone()));
                Ok(token)
            }
            Err(error) => held.as_ref().map(|(_, token)| token.clone()).or_else(|| self.fallback.clone()).ok_or_else(|| Arc::new(error)),
        }
    }

    /// Reads the file again for the next request, whatever its times say.
    pub(super) async fn forget(&self) {
        let mut held = self.held.lock().await;
        if let Ok((stamp, token)) = self.read().await {
            *held = Some((stamp, token));
        }
    }

    async fn read(&self) -> Result<(Stamp, Secret), CredentialError> {
        let (bytes, stamp) = read(&Material::File(self.path.clone())).await.map_err(CredentialError::File)?;
        let path = || self.path.display().to_string();
        let text = std::str::from_utf8(&bytes).map_err(|_| CredentialError::NotAToken { path: path() })?.trim();
        if text.is_empty() {
            return Err(CredentialError::EmptyTokenFile { path: path() });
        }
        // A kubeconfig could name any file as its token: a private key or a password list is never sent.
        if !text.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(CredentialError::NotAToken { path: path() });
        }
        let stamp = stamp.ok_or_else(|| CredentialError::NotAToken { path: path() })?;
        Ok((stamp, Secret::new(text)))
    }
}
