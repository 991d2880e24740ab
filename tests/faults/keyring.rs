//! Does work go on when the keyring of the desktop is locked or does not answer?
//!
//! The keyring is a part of the Secret Service on a bus of its own: as much of it as is asked for one secret.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::Context;
use serde_json::{Value, json};
use tests::{Bus, Desk, Headless};
use tokio::sync::{mpsc, watch};
use zbus::zvariant::{ObjectPath, OwnedObjectPath, OwnedValue, Value as Variant};

const LIMIT: Duration = Duration::from_secs(60);
const TOKEN: &str = "ghp_canary";
const NAME: &str = "org.freedesktop.secrets";
const SERVICE: &str = "/org/freedesktop/secrets";
const SESSION: &str = "/org/freedesktop/secrets/session/one";
const COLLECTION: &str = "/org/freedesktop/secrets/collection/login";
const ITEM: &str = "/org/freedesktop/secrets/collection/login/one";
const PROMPT: &str = "/org/freedesktop/secrets/prompt/one";
/// The path of no object, by which the interface says that there is none.
const NOTHING: &str = "/";

fn at(path: &'static str) -> ObjectPath<'static> {
    ObjectPath::from_static_str_unchecked(path)
}

/// Whether the service opens a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    Opens,
    Waits,
    Fails,
}

/// The service, which opens a session when the test lets it.
struct Service {
    asked: mpsc::Sender<()>,
    door: watch::Receiver<Door>,
}

#[zbus::interface(name = "org.freedesktop.Secret.Service")]
impl Service {
    /// The public key is 2: nobody here reads what is sealed with it.
    async fn open_session(&self, _algorithm: &str, _key: OwnedValue) -> zbus::fdo::Result<(Variant<'static>, ObjectPath<'static>)> {
        let _ = self.asked.send(()).await;
        let mut door = self.door.clone();
        // A test that is over opens nothing any more.
        let stands = door.wait_for(|door| *door != Door::Waits).await.map_or(Door::Fails, |door| *door);
        match stands {
            Door::Opens => Ok((Variant::from(vec![2_u8]), at(SESSION))),
            Door::Fails | Door::Waits => Err(zbus::fdo::Error::Failed("it is still starting".into())),
        }
    }

    async fn search_items(&self, _attributes: HashMap<String, String>) -> (Vec<ObjectPath<'static>>, Vec<ObjectPath<'static>>) {
        (vec![], vec![])
    }

    async fn read_alias(&self, _name: &str) -> ObjectPath<'static> {
        at(COLLECTION)
    }

    /// Nothing is unlocked before its user was asked.
    async fn unlock(&self, _objects: Vec<OwnedObjectPath>) -> (Vec<ObjectPath<'static>>, ObjectPath<'static>) {
        (vec![], at(PROMPT))
    }
}

/// The collection of the login.
struct Collection {
    locked: bool,
    sealed: mpsc::Sender<Vec<u8>>,
}

#[zbus::interface(name = "org.freedesktop.Secret.Collection")]
impl Collection {
    #[zbus(property(emits_changed_signal = "const"))]
    fn locked(&self) -> bool {
        self.locked
    }

    async fn create_item(
        &self,
        _properties: HashMap<String, OwnedValue>,
        secret: (OwnedObjectPath, Vec<u8>, Vec<u8>, String),
        _replace: bool,
    ) -> (ObjectPath<'static>, ObjectPath<'static>) {
        let _ = self.sealed.send(secret.2).await;
        (at(ITEM), at(NOTHING))
    }
}

/// A question to the user, who closes it.
struct Prompt;

#[zbus::interface(name = "org.freedesktop.Secret.Prompt")]
impl Prompt {
    async fn prompt(&self, _window: &str, #[zbus(connection)] bus: &zbus::Connection) -> zbus::fdo::Result<()> {
        let dismissed = (true, Variant::from(""));
        bus.emit_signal(None::<&str>, PROMPT, "org.freedesktop.Secret.Prompt", "Completed", &dismissed).await?;
        Ok(())
    }
}

/// What the test hears of the keyring, and tells it.
struct Keyring {
    asked: mpsc::Receiver<()>,
    door: watch::Sender<Door>,
    sealed: mpsc::Receiver<Vec<u8>>,
    bus: zbus::Connection,
}

impl Keyring {
    async fn on(bus: &Bus, locked: bool, stands: Door) -> anyhow::Result<Self> {
        let ((tell, asked), (door, seen), (seal, sealed)) = (mpsc::channel(4), watch::channel(stands), mpsc::channel(4));
        let bus = zbus::connection::Builder::address(bus.address.as_str())?
            .name(NAME)?
            .serve_at(SERVICE, Service { asked: tell, door: seen })?
            .serve_at(COLLECTION, Collection { locked, sealed: seal })?
            .serve_at(PROMPT, Prompt)?
            .build()
            .await?;
        Ok(Self { asked, door, sealed, bus })
    }

    async fn is_asked(&mut self) -> anyhow::Result<()> {
        tokio::time::timeout(LIMIT, self.asked.recv()).await.context("the keyring is not asked")?.context("the keyring stands")
    }

    /// What it was given, as it came over the bus.
    async fn is_given(&mut self) -> anyhow::Result<Vec<u8>> {
        tokio::time::timeout(LIMIT, self.sealed.recv()).await.context("the keyring is given nothing")?.context("the keyring stands")
    }

    /// Ends; from here on its name is free.
    async fn end(self) -> anyhow::Result<()> {
        self.bus.release_name(NAME).await?;
        Ok(self.bus.close().await?)
    }
}

async fn core(desk: &Desk, bus: &Bus) -> anyhow::Result<(Headless, u64)> {
    let mut core = Headless::start_by(desk, &[], &[("DBUS_SESSION_BUS_ADDRESS", bus.address.as_str())], &[]).await?.within(LIMIT);
    let settings = core.subscribe(json!("Settings")).await?;
    Ok((core, settings))
}

fn keep() -> Value {
    json!({ "call": "set_release_token", "with": { "token": TOKEN, "keep": "Keyring" } })
}

async fn holds(core: &mut Headless, settings: u64, place: &str) -> anyhow::Result<()> {
    core.until(settings, place, |rows| rows.rows.first().is_some_and(|row| row["token"] == place)).await.map(drop)
}

fn stands_in_no_file(desk: &Desk) {
    let all = desk.bytes(".config").into_iter().chain(desk.bytes(".local")).chain(desk.bytes(".cache"));
    let kept: Vec<_> = all.filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains(TOKEN)).map(|(path, _)| path).collect();
    assert!(kept.is_empty(), "a token stands in {kept:?}");
}

#[tokio::test]
async fn a_locked_keyring_whose_question_is_dismissed_leaves_the_token_for_this_run_and_says_so() -> anyhow::Result<()> {
    let (bus, desk) = (Bus::new().await?, Desk::new());
    let mut keyring = Keyring::on(&bus, true, Door::Opens).await?;
    let (mut core, settings) = core(&desk, &bus).await?;
    let answer = core.ask(keep()).await?;
    let fault = &answer["fault"];
    assert!(fault["code"] == "SignIn" && fault["unharmed"].to_string().contains("until KOS is closed"), "{answer}");
    assert!(fault["cause"].to_string().contains("dismissed"), "{answer}");
    holds(&mut core, settings, "ThisRun").await?;
    core.call("about", Value::Null).await?;
    core.end().await?;
    assert!(keyring.sealed.try_recv().is_err(), "nothing was given to a locked keyring");
    stands_in_no_file(&desk);
    Ok(())
}

#[tokio::test]
async fn a_slow_keyring_is_given_up_holds_up_nobody_and_what_it_does_late_counts() -> anyhow::Result<()> {
    let (bus, desk) = (Bus::new().await?, Desk::new());
    let mut keyring = Keyring::on(&bus, false, Door::Waits).await?;
    let (mut core, settings) = core(&desk, &bus).await?;
    let sent = core.send(keep()).await?;
    keyring.is_asked().await?;
    // It is silent: the token holds already, and everything else is answered.
    holds(&mut core, settings, "ThisRun").await?;
    for _ in 0..32 {
        core.call("about", Value::Null).await?;
    }
    let answer = core.answer(sent).await?;
    let fault = &answer["fault"];
    assert!(fault["cause"].to_string().contains("no answer within 10 s"), "{answer}");
    assert!(fault["unharmed"].to_string().contains("is kept when the keyring answers later"), "{answer}");
    keyring.door.send_replace(Door::Opens);
    holds(&mut core, settings, "Keyring").await?;
    let sealed = keyring.is_given().await?;
    assert!(!String::from_utf8_lossy(&sealed).contains(TOKEN), "the token goes over the bus as it is");
    core.end().await?;
    stands_in_no_file(&desk);
    Ok(())
}

#[tokio::test]
async fn a_keyring_that_never_answers_keeps_kos_from_nothing_not_even_from_its_end() -> anyhow::Result<()> {
    let (bus, desk) = (Bus::new().await?, Desk::new());
    let mut keyring = Keyring::on(&bus, false, Door::Waits).await?;
    let (mut core, settings) = core(&desk, &bus).await?;
    let _never = core.send(keep()).await?;
    keyring.is_asked().await?;
    holds(&mut core, settings, "ThisRun").await?;
    core.end().await?;
    stands_in_no_file(&desk);
    Ok(())
}

#[tokio::test]
async fn a_keyring_that_came_up_later_than_kos_takes_the_token_without_a_restart() -> anyhow::Result<()> {
    let (bus, desk) = (Bus::new().await?, Desk::new());
    let mut keyring = Keyring::on(&bus, false, Door::Fails).await?;
    let (mut core, settings) = core(&desk, &bus).await?;
    let answer = core.ask(keep()).await?;
    assert_eq!(answer["fault"]["code"], "SignIn", "{answer}");
    holds(&mut core, settings, "ThisRun").await?;
    keyring.door.send_replace(Door::Opens);
    let answer = core.ask(keep()).await?;
    assert!(answer["fault"].is_null(), "{answer}");
    holds(&mut core, settings, "Keyring").await?;
    keyring.is_given().await?;
    core.end().await
}

#[tokio::test]
async fn a_keyring_that_started_again_is_connected_anew() -> anyhow::Result<()> {
    let (bus, desk) = (Bus::new().await?, Desk::new());
    let mut first = Keyring::on(&bus, false, Door::Opens).await?;
    let (mut core, settings) = core(&desk, &bus).await?;
    core.ask(keep()).await?;
    holds(&mut core, settings, "Keyring").await?;
    first.is_given().await?;
    first.end().await?;
    let mut second = Keyring::on(&bus, false, Door::Opens).await?;
    let answer = core.ask(keep()).await?;
    assert!(answer["fault"].is_null(), "{answer}");
    // A session belongs to the service that opened it.
    second.is_asked().await?;
    second.is_given().await?;
    core.end().await
}
