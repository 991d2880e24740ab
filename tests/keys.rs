//! How is a key pressed in a window that nobody drives?
//!
//! As the keyboard of the screen would, over the X protocol: a driver ends with the page that dies, and GTK does not hear a
//! key that is only sent to its window. Start at: [`press_return`].

use std::io::{Read, Write};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixStream};
use std::time::Duration;

use anyhow::{Context, bail, ensure};

use crate::Process;

/// What a user would wait before giving up; a slow machine is not a failure.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(20);

/// The place of Return on the keyboards of personal computers.
const RETURN: u8 = 36;

const GET_WINDOW_ATTRIBUTES: u8 = 3;
const QUERY_TREE: u8 = 15;
const INTERN_ATOM: u8 = 16;
const GET_PROPERTY: u8 = 20;
const GRAB_SERVER: u8 = 36;
const UNGRAB_SERVER: u8 = 37;
const SET_INPUT_FOCUS: u8 = 42;
const GET_INPUT_FOCUS: u8 = 43;
const QUERY_EXTENSION: u8 = 98;
/// Of the extension XTEST.
const FAKE_INPUT: u8 = 2;
const KEY_PRESS: u8 = 2;
const KEY_RELEASE: u8 = 3;
/// Where the focus goes when the window that has it is gone: to the one below the pointer.
const POINTER_ROOT: u8 = 1;
/// Of a window that is on the screen.
const VIEWABLE: u8 = 2;

/// Presses Return in the window of this process, once it is on the screen.
pub async fn press_return(process: &Process) -> anyhow::Result<()> {
    let mut screen = Screen::open()?;
    let window = tokio::time::timeout(PATIENCE, screen.seen(process)).await.context("its window is not seen")??;
    screen.press(window, RETURN)
}

/// A connection to the screen of the tests, as any program with a window has one.
struct Screen {
    server: UnixStream,
    /// The window in which all others stand.
    root: u32,
    /// By this name a window says whose it is.
    owner: u32,
}

impl Screen {
    fn open() -> anyhow::Result<Self> {
        let display = std::env::var("DISPLAY").context("there is no screen")?;
        let number = display.trim_start_matches(':').split('.').next().unwrap_or_default();
        let socket = format!("/tmp/.X11-unix/X{number}");
        // Where nobody may make that folder, the name alone is listened on.
        let server = UnixStream::connect(&socket).or_else(|_| UnixStream::connect_addr(&SocketAddr::from_abstract_name(&socket)?));
        let mut server = server.with_context(|| format!("the screen {display}"))?;
        server.set_read_timeout(Some(PATIENCE))?;
        // The least byte first, version 11.0, without a cookie.
        server.write_all(&[b'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0])?;
        let mut head = [0; 8];
        server.read_exact(&mut head)?;
        let mut told = vec![0; usize::from(two(&head, 6)) * 4];
        server.read_exact(&mut told)?;
        if head[0] != 1 {
            bail!("the screen {display} refuses: {}", String::from_utf8_lossy(&told));
        }
        // What the server knows of itself, who made it, the formats of pictures, then the first screen.
        let root = four(&told, 32 + usize::from(two(&told, 16)).next_multiple_of(4) + usize::from(told[21]) * 8);
        let mut screen = Self { server, root, owner: 0 };
        let owner = screen.ask(&request(INTERN_ATOM, 0, &named("_NET_WM_PID")))?.context("a name is given to whoever asks")?;
        screen.owner = four(&owner, 8);
        Ok(screen)
    }

    /// Waits until a window of this process is on the screen.
    async fn seen(&mut self, process: &Process) -> anyhow::Result<u32> {
        let mut again = tokio::time::interval(LOOK);
        loop {
            if let Some(window) = self.window_of(process)? {
                return Ok(window);
            }
            again.tick().await;
        }
    }

    fn window_of(&mut self, process: &Process) -> anyhow::Result<Option<u32>> {
        let mut windows = vec![self.root];
        while let Some(window) = windows.pop() {
            if self.owner_of(window)? == Some(process.id()) && self.is_on_the_screen(window)? {
                return Ok(Some(window));
            }
            let within = self.ask(&request(QUERY_TREE, 0, &fours(&[window])))?.unwrap_or_default();
            windows.extend(within.chunks_exact(4).skip(8).map(|window| four(window, 0)));
        }
        Ok(None)
    }

    fn owner_of(&mut self, window: u32) -> anyhow::Result<Option<u32>> {
        // Of any type, from its beginning, one number.
        let told = self.ask(&request(GET_PROPERTY, 0, &fours(&[window, self.owner, 0, 0, 1])))?;
        Ok(told.filter(|told| told.len() >= 36).map(|told| four(&told, 32)))
    }

    fn is_on_the_screen(&mut self, window: u32) -> anyhow::Result<bool> {
        let told = self.ask(&request(GET_WINDOW_ATTRIBUTES, 0, &fours(&[window])))?;
        Ok(told.is_some_and(|told| told[26] == VIEWABLE))
    }

    /// Gives a window the focus and strikes a key. Nobody is heard between the two: windows of other tests take the focus too.
    fn press(&mut self, window: u32, key: u8) -> anyhow::Result<()> {
        let test = self.ask(&request(QUERY_EXTENSION, 0, &named("XTEST")))?.context("it can be asked for any extension")?;
        ensure!(test[8] == 1, "this screen takes no keys from programs");
        let strike = |kind: u8| request(test[9], FAKE_INPUT, &[&[kind, key][..], &[0; 30][..]].concat());
        let requests = [
            request(GRAB_SERVER, 0, &[]),
            request(SET_INPUT_FOCUS, POINTER_ROOT, &fours(&[window, 0])),
            strike(KEY_PRESS),
            strike(KEY_RELEASE),
            request(UNGRAB_SERVER, 0, &[]),
        ];
        self.server.write_all(&requests.concat())?;
        // It is answered when all before it is done; an error of one of those comes first.
        self.ask(&request(GET_INPUT_FOCUS, 0, &[]))?.context("the key is not taken")?;
        Ok(())
    }

    /// Sends a request that has an answer; `None` when that is an error, as for a window that is gone.
    fn ask(&mut self, request: &[u8]) -> anyhow::Result<Option<Vec<u8>>> {
        self.server.write_all(request)?;
        loop {
            let mut answer = vec![0; 32];
            self.server.read_exact(&mut answer)?;
            match answer[0] {
                0 => return Ok(None),
                1 => {
                    let mut rest = vec![0; usize::try_from(four(&answer, 4))? * 4];
                    self.server.read_exact(&mut rest)?;
                    answer.append(&mut rest);
                    return Ok(Some(answer));
                }
                // News for everybody, as of another keyboard.
                _ => {}
            }
        }
    }
}

/// A request: its code, the byte that stands beside it, and what follows, in whole fours.
fn request(code: u8, beside: u8, rest: &[u8]) -> Vec<u8> {
    let length = 1 + rest.len().div_ceil(4);
    let mut bytes = vec![code, beside];
    bytes.extend(u16::try_from(length).expect("it is short").to_le_bytes());
    bytes.extend(rest);
    bytes.resize(length * 4, 0);
    bytes
}

/// A name as requests hold it.
fn named(name: &str) -> Vec<u8> {
    let length = u16::try_from(name.len()).expect("it is short").to_le_bytes();
    [&length[..], &[0, 0][..], name.as_bytes()].concat()
}

fn fours(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

fn two(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn four(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
