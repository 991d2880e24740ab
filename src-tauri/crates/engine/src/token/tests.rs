use std::sync::Mutex;

use api::settings::{TokenHeld, Typed};

use super::*;

#[derive(Debug, Default)]
struct Drawer {
    token: Mutex<Option<Secret>>,
    locked: bool,
}

impl Keyring for Drawer {
    fn read(&self) -> Result<Option<Secret>, String> {
        if self.locked { Err("it is locked".to_owned()) } else { Ok(self.token.lock().unwrap().clone()) }
    }

    fn write(&self, token: &Secret) -> Result<(), String> {
        if self.locked {
            return Err("it is locked".to_owned());
        }
        *self.token.lock().unwrap() = Some(token.clone());
        Ok(())
    }

    fn remove(&self) -> Result<(), String> {
        *self.token.lock().unwrap() = None;
        Ok(())
    }
}

struct Run {
    folder: tempfile::TempDir,
    drawer: Arc<Drawer>,
}

impl Run {
    fn new(locked: bool) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), drawer: Arc::new(Drawer { locked, ..Drawer::default() }) }
    }

    /// KOS as it starts on this desk.
    fn start(&self) -> ReleaseToken {
        ReleaseToken::new(Arc::new(Settings::open(self.folder.path())), self.drawer.clone())
    }
}

async fn set(token: &ReleaseToken, text: &str, keep: Keep) -> Result<(), Fault> {
    token.set(&SetReleaseToken { token: Typed(text.to_owned()), keep }).await
}

async fn get(token: &ReleaseToken) -> Option<String> {
    token.get().await.unwrap().map(|secret| secret.reveal().to_owned())
}

fn held(token: &ReleaseToken) -> TokenHeld {
    token.settings.board().rows().remove(0).token
}

#[tokio::test]
async fn a_token_holds_for_this_run_alone() {
    let run = Run::new(false);
    let first = run.start();
    set(&first, " ghp_one ", Keep::ThisRun).await.unwrap();
    assert_eq!((get(&first).await.as_deref(), held(&first)), (Some("ghp_one"), TokenHeld::ThisRun));
    let next = run.start();
    assert_eq!((get(&next).await, held(&next)), (None, TokenHeld::No));
    assert!(run.drawer.token.lock().unwrap().is_none());
}

#[tokio::test]
async fn a_token_in_the_keyring_is_there_after_a_restart_and_in_no_file() {
    let run = Run::new(false);
    set(&run.start(), "ghp_two", Keep::Keyring).await.unwrap();
    let next = run.start();
    assert_eq!((held(&next), get(&next).await.as_deref()), (TokenHeld::Keyring, Some("ghp_two")));
    for entry in std::fs::read_dir(run.folder.path()).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        assert!(!text.contains("ghp_two"), "{text}");
    }
}

#[tokio::test]
async fn a_token_that_is_forgotten_leaves_the_keyring_too() {
    let run = Run::new(false);
    let token = run.start();
    set(&token, "ghp_three", Keep::Keyring).await.unwrap();
    set(&token, "", Keep::ThisRun).await.unwrap();
    assert_eq!((get(&token).await, held(&token)), (None, TokenHeld::No));
    assert!(run.drawer.token.lock().unwrap().is_none());
    assert_eq!(held(&run.start()), TokenHeld::No);
}

#[tokio::test]
async fn a_keyring_that_refuses_leaves_the_token_for_this_run_and_says_so() {
    let run = Run::new(true);
    let token = run.start();
    let fault = set(&token, "ghp_four", Keep::Keyring).await.unwrap_err();
    assert_eq!((fault.sentence.as_str(), fault.cause[0].text.as_str()), ("The token could not be kept.", "it is locked"));
    assert_eq!((get(&token).await.as_deref(), held(&token)), (Some("ghp_four"), TokenHeld::ThisRun));
}

#[tokio::test]
async fn what_is_no_token_is_refused_without_being_quoted() {
    let token = Run::new(false).start();
    for odd in ["two words", "line\nbreak", "ü", &"x".repeat(513)] {
        let fault = set(&token, odd, Keep::ThisRun).await.unwrap_err();
        assert!(fault.code == FaultCode::Invalid && fault.cause.is_empty(), "{fault:?}");
    }
    assert_eq!(get(&token).await, None);
}
