//! How is a token file kept up with?

use std::sync::Arc;

use kubeconfig::target::{self, Material, Target};
use secret::Secret;
use tokio::sync::Mutex;

use super::CredentialError;
use crate::dial::{Stamp, read, stamp};
use crate::trust::Gate;

/// A token in a file that something else renews.
pub(super) struct TokenFile {
    named: target::TokenFile,
    target: Target,
    gate: Arc<dyn Gate>,
    held: Mutex<Option<(Stamp, Secret)>>,
}

impl TokenFile {
    pub(super) fn new(named: target::TokenFile, target: Target, gate: Arc<dyn Gate>) -> Self {
        Self { named, target, gate, held: Mutex::new(None) }
    }

    /// The file's token; while the file cannot be read the last one, else the inline one.
    pub(super) async fn token(&self) -> Result<Secret, Arc<CredentialError>> {
        let mut held = self.held.lock().await;
        let seen = stamp(&self.named.path).await;
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
            // A question and a refusal stand before all that would serve in place of the file.
            Err(error @ (CredentialError::UntrustedFile { .. } | CredentialError::ForbiddenFile { .. })) => Err(Arc::new(error)),
            Err(error) => held.as_ref().map(|(_, token)| token.clone()).or_else(|| self.named.fallback.clone()).ok_or_else(|| Arc::new(error)),
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
        let real = self.gate.may_read(&self.named, &self.target).await?;
        let (bytes, stamp) = read(&Material::File(real)).await.map_err(CredentialError::File)?;
        let path = || self.named.path.display().to_string();
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
