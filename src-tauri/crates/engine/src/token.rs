//! Which token do release pages get, and where is it kept?
//!
//! In memory for this run, in the keyring of the desktop when the user says so; never in a file of KOS. The keyring is
//! asked when the token is needed or changed, not before: it may open a question of its own.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use api::settings::{Choices, Chosen, Keep, SetReleaseToken, TokenPlace};
use api::{Fault, FaultCode};
use async_trait::async_trait;
use keyring::Entry;
use keyring::api::CredentialStoreApi as _;
use provision::Tokens;
use secret::Secret;
use tokio::task::JoinHandle;
use zbus_secret_service_keyring_store::Store;

use crate::settings::Settings;

/// Who is asked to unlock the keyring may be away: work goes on without the token then, and a later answer is taken.
const PATIENCE: Duration = Duration::from_secs(10);
/// Tokens of release hosts have 40 to 255 characters.
const LONGEST: usize = 512;

/// A place that outlives KOS.
pub(crate) trait Keyring: Send + Sync + Debug {
    fn read(&self) -> Result<Option<Secret>, String>;
    fn write(&self, token: &Secret) -> Result<(), String>;
    /// Removing what is not there is no error.
    fn remove(&self) -> Result<(), String>;
}

/// What a keyring says when it is asked for the token.
type Told = Result<Option<Secret>, String>;

/// The token for release pages.
#[derive(Debug)]
pub(crate) struct ReleaseToken {
    settings: Arc<Settings>,
    keyring: Arc<dyn Keyring>,
    /// A question that waits for its answer: the next need waits for the same one, and the user is not asked twice.
    asked: tokio::sync::Mutex<Option<JoinHandle<Told>>>,
}

impl ReleaseToken {
    pub(crate) fn new(settings: Arc<Settings>, keyring: Arc<dyn Keyring>) -> Self {
        Self { settings, keyring, asked: Default::default() }
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
                let settings = self.settings.clone();
                let kept = move |keyring: &dyn Keyring| {
                    keyring.write(&token).map_err(Unkept::Keyring)?;
                    // Another one may have been given while the keyring waited for its user.
                    let same = settings.token().is_some_and(|now| now.reveal() == token.reveal());
                    if same { place(&settings, TokenPlace::Keyring).map_err(Unkept::Settings) } else { Ok(()) }
                };
                self.ask(kept).await.map_err(|why| {
                    let fault = Fault::new(FaultCode::SignIn, "The token could not be kept.");
                    match why {
                        Unkept::Keyring(cause) => fault.because("keyring", cause).unharmed("It holds until KOS is closed."),
                        Unkept::Late => fault.because("keyring", late()).unharmed("It holds until KOS is closed, and is kept when the keyring answers later."),
                        Unkept::Settings(fault) => fault,
                    }
                })
            }
            Keep::ThisRun => {
                if kept {
                    self.ask(|keyring| keyring.remove().map_err(Unkept::Keyring)).await.map_err(|why| {
                        let fault = Fault::new(FaultCode::SignIn, "The token is still in the keyring.")
                            .unharmed("KOS does not use the kept one before it is started again.");
                        match why {
                            Unkept::Keyring(cause) => fault.because("keyring", cause),
                            Unkept::Late => fault.because("keyring", late()),
                            Unkept::Settings(fault) => fault,
                        }
                    })?;
                }
                place(&self.settings, TokenPlace::Nowhere)
            }
        }
    }

    async fn get(&self) -> Result<Option<Secret>, Fault> {
        let known = || {
            let now = self.settings.token();
            (now.is_some() || self.settings.choices().release_token == TokenPlace::Nowhere).then_some(now)
        };
        if let Some(now) = known() {
            return Ok(now);
        }
        let mut asked = self.asked.lock().await;
        // Who held the lock may have had the answer.
        if let Some(now) = known() {
            return Ok(now);
        }
        let question = asked.get_or_insert_with(|| {
            let keyring = self.keyring.clone();
            tokio::task::spawn_blocking(move || keyring.read())
        });
        let fault = |cause: String| Fault::new(FaultCode::SignIn, "The keyring does not give the token.").because("keyring", cause);
        let Ok(answer) = tokio::time::timeout(PATIENCE, question).await else { return Err(fault(late())) };
        *asked = None;
        let read = answer.unwrap_or_else(|_| Err(BROKE_OFF.to_owned())).map_err(fault)?;
        self.settings.hold_token(read.clone());
        Ok(read)
    }

    /// Keyrings are asked over a bus that blocks; what is asked goes on when nobody waits any more.
    async fn ask(&self, ask: impl FnOnce(&dyn Keyring) -> Result<(), Unkept> + Send + 'static) -> Result<(), Unkept> {
        let keyring = self.keyring.clone();
        let asked = tokio::task::spawn_blocking(move || ask(keyring.as_ref()));
        match tokio::time::timeout(PATIENCE, asked).await {
            Ok(answer) => answer.unwrap_or_else(|_| Err(Unkept::Keyring(BROKE_OFF.to_owned()))),
            Err(_) => Err(Unkept::Late),
        }
    }
}

const BROKE_OFF: &str = "the question to it broke off";

fn late() -> String {
    format!("no answer within {} s", PATIENCE.as_secs())
}

/// Why a change of what is kept is not done.
enum Unkept {
    Keyring(String),
    /// It may still be done.
    Late,
    Settings(Fault),
}

fn place(settings: &Settings, place: TokenPlace) -> Result<(), Fault> {
    let was = settings.choices();
    if was.release_token == place {
        return Ok(());
    }
    let choices = Choices { release_token: place, ..was.clone() };
    settings.save(&Chosen::between(&was, &choices))
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

/// The keyring of the desktop: the Secret Service. Each question connects anew, for it may start later than KOS, or again.
#[derive(Debug)]
pub(crate) struct Desktop;

impl Desktop {
    fn entry() -> Result<Entry, String> {
        let service = Store::new().map_err(|why| why.to_string())?;
        service.build("KOS", "token for release pages", None).map_err(|why| why.to_string())
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
