//! Which token do release pages get, and where is it kept?
//!
//! In memory for this run, in the keyring of the desktop when the user says so; never in a file of KOS. The keyring is
//! asked when the token is needed or changed, not before: it may open a question of its own.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use api::settings::{Keep, SetReleaseToken, TokenPlace};
use api::{Fault, FaultCode};
use async_trait::async_trait;
use provision::Tokens;
use secret::Secret;

use crate::settings::Settings;

/// Who is asked to unlock the keyring may be away.
const PATIENCE: Duration = Duration::from_secs(60);
/// Tokens of release hosts have 40 to 255 characters.
const LONGEST: usize = 512;

/// A place that outlives KOS.
pub(crate) trait Keyring: Send + Sync + Debug {
    fn read(&self) -> Result<Option<Secret>, String>;
    fn write(&self, token: &Secret) -> Result<(), String>;
    /// Removing what is not there is no error.
    fn remove(&self) -> Result<(), String>;
}

/// The token for release pages.
#[derive(Debug)]
pub(crate) struct ReleaseToken {
    settings: Arc<Settings>,
    keyring: Arc<dyn Keyring>,
}

impl ReleaseToken {
    pub(crate) fn new(settings: Arc<Settings>, keyring: Arc<dyn Keyring>) -> Self {
        Self { settings, keyring }
    }

    /// Takes a token, or forgets the one there is.
    ///
    /// Errors: the keyring does not take or give up the token; what holds then is said.
    pub(crate) async fn set(&self, call: &SetReleaseToken) -> Result<(), Fault> {
        let token = Secret::new(call.token.0.trim());
        if token.reveal().len() > LONGEST || !token.reveal().chars().all(|c| c.is_ascii_graphic()) {
            return Err(Fault::new(FaultCode::Invalid, "A token is one word of letters, digits and signs.").unharmed("The token that was there stays."));
        }
        let kept = self.settings.choices().release_token == TokenPlace::Keyring;
        let keep = if token.is_empty() { Keep::ThisRun } else { call.keep };
        self.settings.hold_token(Some(token.clone()).filter(|token| !token.is_empty()));
        match keep {
            Keep::Keyring => {
                self.ask(move |keyring| keyring.write(&token)).await.map_err(|cause| {
                    Fault::new(FaultCode::SignIn, "The token could not be kept.").because("keyring", cause).unharmed("It holds until KOS is closed.")
                })?;
                self.place(TokenPlace::Keyring)
            }
            Keep::ThisRun => {
                if kept {
                    self.ask(|keyring| keyring.remove()).await.map_err(|cause| {
                        Fault::new(FaultCode::SignIn, "The token is still in the keyring.")
                            .because("keyring", cause)
                            .unharmed("KOS does not use the kept one before it is started again.")
                    })?;
                }
                self.place(TokenPlace::Nowhere)
            }
        }
    }

    async fn get(&self) -> Result<Option<Secret>, Fault> {
        let now = self.settings.token();
        if now.is_some() || self.settings.choices().release_token == TokenPlace::Nowhere {
            return Ok(now);
        }
        let read = self
            .ask(|keyring| keyring.read())
            .await
            .map_err(|cause| Fault::new(FaultCode::SignIn, "The keyring does not give the token.").because("keyring", cause))?;
        self.settings.hold_token(read.clone());
        Ok(read)
    }

    /// Keyrings are asked over a bus that blocks.
    async fn ask<T: Send + 'static>(&self, ask: impl FnOnce(&dyn Keyring) -> Result<T, String> + Send + 'static) -> Result<T, String> {
        let keyring = self.keyring.clone();
        let asked = tokio::task::spawn_blocking(move || ask(keyring.as_ref()));
        match tokio::time::timeout(PATIENCE, asked).await {
            Ok(answer) => answer.unwrap_or_else(|_| Err("the question to it broke off".to_owned())),
            Err(_) => Err(format!("no answer within {} s", PATIENCE.as_secs())),
        }
    }

    fn place(&self, place: TokenPlace) -> Result<(), Fault> {
        let mut choices = self.settings.choices();
        if choices.release_token == place {
            return Ok(());
        }
        choices.release_token = place;
        self.settings.save(choices)
    }
}

#[async_trait]
impl Tokens for ReleaseToken {
    async fn release_token(&self) -> Result<Option<Secret>, Fault> {
        self.get().await
    }
}

/// For a world in which nothing is fetched.
#[derive(Debug)]
pub(crate) struct NoToken;

#[async_trait]
impl Tokens for NoToken {
    async fn release_token(&self) -> Result<Option<Secret>, Fault> {
        Ok(None)
    }
}

/// The keyring of the desktop: the Secret Service.
#[derive(Debug)]
pub(crate) struct Desktop;

impl Desktop {
    fn entry() -> Result<keyring::Entry, String> {
        if let Err(why) = keyring::Entry::store_status() {
            return Err(why.to_string());
        }
        keyring::Entry::new("KOS", "token for release pages").map_err(|why| why.to_string())
    }
}

impl Keyring for Desktop {
    fn read(&self) -> Result<Option<Secret>, String> {
        match Self::entry()?.get_password() {
            Ok(token) => Ok(Some(Secret::new(token))),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(why) => Err(why.to_string()),
        }
    }

    fn write(&self, token: &Secret) -> Result<(), String> {
        Self::entry()?.set_password(token.reveal()).map_err(|why| why.to_string())
    }

    fn remove(&self) -> Result<(), String> {
        match Self::entry()?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(why) => Err(why.to_string()),
        }
    }
}

/// The demo keeps nothing beyond its run.
#[derive(Debug)]
pub(crate) struct NoKeyring;

impl Keyring for NoKeyring {
    fn read(&self) -> Result<Option<Secret>, String> {
        Ok(None)
    }

    fn write(&self, _: &Secret) -> Result<(), String> {
        Err("the demo has none".to_owned())
    }

    fn remove(&self) -> Result<(), String> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
