use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

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

/// A keyring whose owner is away and comes when the test says so.
#[derive(Debug)]
struct Away {
    comes: Mutex<std::sync::mpsc::Receiver<()>>,
    inside: Drawer,
    asked: AtomicUsize,
}

impl Away {
    fn with(token: Option<&str>) -> (Arc<Self>, std::sync::mpsc::Sender<()>) {
        let (tell, comes) = std::sync::mpsc::channel();
        let inside = Drawer { token: Mutex::new(token.map(Secret::new)), locked: false };
        (Arc::new(Self { comes: Mutex::new(comes), inside, asked: AtomicUsize::new(0) }), tell)
    }

    fn wait(&self) -> Result<(), String> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.comes.lock().unwrap().recv().map_err(|_| "nobody came".to_owned())
    }
}

impl Keyring for Away {
    fn read(&self) -> Result<Option<Secret>, String> {
        self.wait().and_then(|()| self.inside.read())
    }

    fn write(&self, token: &Secret) -> Result<(), String> {
        self.wait().and_then(|()| self.inside.write(token))
    }

    fn remove(&self) -> Result<(), String> {
        self.wait().and_then(|()| self.inside.remove())
    }
}

/// Lets a question begin and runs out of patience with it.
async fn give_up<T: Send + 'static>(asked: impl Future<Output = T> + Send + 'static) -> T {
    let mut asked = Box::pin(asked);
    assert!(futures::poll!(&mut asked).is_pending(), "this thread is not held");
    tokio::time::advance(PATIENCE + Duration::from_millis(1)).await;
    asked.await
}

#[tokio::test(start_paused = true)]
async fn a_keyring_that_does_not_answer_is_given_up_after_ten_seconds_and_holds_nobody_up() {
    let folder = tempfile::tempdir().unwrap();
    let (keyring, comes) = Away::with(None);
    let token = Arc::new(ReleaseToken::new(Arc::new(Settings::open(folder.path())), keyring));
    let fault = give_up({
        let token = token.clone();
        async move { set(&token, "ghp_five", Keep::Keyring).await }
    });
    let fault = fault.await.unwrap_err();
    assert_eq!((fault.sentence.as_str(), fault.cause[0].text.as_str()), ("The token could not be kept.", "no answer within 10 s"));
    assert_eq!((get(&token).await.as_deref(), held(&token)), (Some("ghp_five"), TokenHeld::ThisRun), "it holds for this run");
    // The user comes after all: what was asked for is done.
    comes.send(()).unwrap();
    while held(&token) != TokenHeld::Keyring {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_keyring_is_asked_once_and_an_answer_that_comes_late_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("settings.yaml"), "release_token: keyring\n").unwrap();
    let (keyring, comes) = Away::with(Some("ghp_six"));
    let token = Arc::new(ReleaseToken::new(Arc::new(Settings::open(folder.path())), keyring.clone()));
    for _ in 0..2 {
        let token = token.clone();
        let fault = give_up(async move { token.get().await }).await.unwrap_err();
        assert_eq!((fault.sentence.as_str(), fault.cause[0].text.as_str()), ("The keyring does not give the token.", "no answer within 10 s"));
    }
    comes.send(()).unwrap();
    assert_eq!(get(&token).await.as_deref(), Some("ghp_six"));
    assert_eq!(get(&token).await.as_deref(), Some("ghp_six"));
    assert_eq!(keyring.asked.load(Ordering::Relaxed), 1);
}
