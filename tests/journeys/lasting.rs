//! What a user set up is there after a restart, and the window outlives the death of its page.

use std::fs::File;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use serde_json::Value;
use testkit::wait_until;
use tests::desk::kubeconfig;
use tests::{Bus, Desk, Process, Window, keys, memory, process};
use wasmparser::{CompositeInnerType, Parser, Payload};

/// The program in which WebKit draws.
const PAGE: &str = "WebKitWebProcess";
/// What WebKit reads before it draws without DMA buffers.
const SAFE: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
/// What a user would wait before giving up; a slow machine is not a failure.
const LIMIT: Duration = Duration::from_secs(60);

fn desk() -> Desk {
    let desk = Desk::new();
    desk.file(".kube/config", &kubeconfig("dev", "https://127.0.0.1:1", "token-dev"));
    desk
}

async fn size(window: &Window) -> anyhow::Result<Value> {
    Ok(window.page.execute("return [window.innerWidth, window.innerHeight]", vec![]).await?)
}

#[tokio::test]
async fn size_and_looks_are_as_they_were_left() -> anyhow::Result<()> {
    let desk = desk();
    let window = Window::open(&desk, &[]).await?;
    let first = size(&window).await?;
    window.page.set_window_rect(0, 0, 1120, 720).await?;
    window.until("the window has another size", &format!("JSON.stringify([innerWidth, innerHeight]) !== '{first}'")).await?;
    let left = size(&window).await?;
    window.click("Settings").await?;
    for (theme, name) in [("Light", "light"), ("Dark", "dark"), ("Light", "light")] {
        window.click_in("[role=radiogroup]", "Dark", theme).await?;
        window.see(&format!("html[data-theme={name}]")).await?;
    }
    window.quit().await?;
    let window = Window::open(&desk, &[]).await?;
    window.see("html[data-theme=light]").await?;
    window.until("the size is the one that was left", &format!("JSON.stringify([innerWidth, innerHeight]) === '{left}'")).await?;
    window.close().await
}

/// A desk whose docker leaves a file when it is asked: without a driver this tells that a page stands.
fn asked_of_docker() -> anyhow::Result<(Desk, std::path::PathBuf)> {
    let desk = Desk::new();
    let asked = desk.home().join("asked");
    let docker = desk.file("bin/docker", &format!("#!/bin/sh\ntouch '{}'\nexit 1\n", asked.display()));
    std::fs::set_permissions(&docker, std::fs::Permissions::from_mode(0o755))?;
    let programs = desk.home().join("bin");
    Ok((desk.with_path(programs), asked))
}

async fn ends(desk: &Desk, mut start: tokio::process::Child) -> anyhow::Result<()> {
    Process::of(desk, &tests::window::binary().canonicalize()?).await?.signal("TERM")?;
    let ended = tokio::time::timeout(LIMIT, start.wait()).await.context("the window does not end")??;
    assert!(ended.success(), "{ended}");
    Ok(())
}

#[tokio::test]
async fn a_window_that_stays_blank_starts_once_more_without_what_some_drivers_cannot_do() -> anyhow::Result<()> {
    let (desk, asked) = asked_of_docker()?;
    let usual = |desk: &Desk| tests::window::without_driver(desk).env_remove(SAFE).spawn();
    let start = usual(&desk)?;
    let blank = Process::of(&desk, Path::new(PAGE)).await?;
    assert_eq!(blank.variable(SAFE), None);
    blank.begun().await?;
    blank.signal("STOP")?;
    let next = Process::other_than(&desk, Path::new(PAGE), Some(&blank)).await.context("no page came in the place of the blank one")?;
    assert_eq!(next.variable(SAFE).as_deref(), Some("1"));
    blank.ended().await?;
    appears(&asked).await.context("the next page does not stand")?;
    ends(&desk, start).await?;
    next.ended().await?;
    std::fs::remove_file(&asked)?;
    let later = usual(&desk)?;
    appears(&asked).await.context("the later page does not stand")?;
    assert_eq!(Process::of(&desk, Path::new(PAGE)).await?.variable(SAFE).as_deref(), Some("1"), "it is remembered");
    ends(&desk, later).await
}

#[tokio::test]
async fn the_window_and_its_page_listen_on_no_socket() -> anyhow::Result<()> {
    let (desk, asked) = asked_of_docker()?;
    let start = tests::window::without_driver(&desk).spawn()?;
    appears(&asked).await.context("the page does not stand")?;
    let kos = tests::window::binary().canonicalize()?;
    for program in [&*kos, Path::new(PAGE), Path::new("WebKitNetworkProcess")] {
        assert_eq!(Process::of(&desk, program).await?.listens(), Vec::<String>::new(), "{}", program.display());
    }
    ends(&desk, start).await
}

/// WebKit bug 308691: a signal that comes while such a call returns takes the page's process with it.
#[test]
fn no_function_of_the_page_takes_more_arguments_than_webkit_bears() -> anyhow::Result<()> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist/page_bg.wasm");
    let program = std::fs::read(&page).with_context(|| format!("{} is built with the window", page.display()))?;
    let mut functions = 0;
    for payload in Parser::new(0).parse_all(&program) {
        let Payload::TypeSection(types) = payload? else { continue };
        for group in types {
            for one in group?.into_types() {
                let CompositeInnerType::Func(of) = one.composite_type.inner else { continue };
                functions += 1;
                assert!(of.params().len() <= of.results().len() + 6, "{of}");
            }
        }
    }
    assert!(functions > 20, "{functions} kinds of functions are no page");
    Ok(())
}

/// A driver ends its session with the page that dies: that the page stands is seen by what it asks of Docker.
#[tokio::test]
async fn a_page_whose_process_dies_is_loaded_again() -> anyhow::Result<()> {
    let (desk, asked) = asked_of_docker()?;
    let start = tests::window::without_driver(&desk).spawn()?;
    let page = Process::of(&desk, Path::new(PAGE)).await?;
    appears(&asked).await.context("the page does not stand")?;
    page.signal("KILL")?;
    // The next page draws for longer than this takes before it asks.
    std::fs::remove_file(&asked)?;
    Process::other_than(&desk, Path::new(PAGE), Some(&page)).await?;
    appears(&asked).await.context("no page came in its place")?;
    ends(&desk, start).await
}

#[tokio::test]
async fn without_a_graphics_device_the_page_stands_and_comes_back_when_its_process_dies() -> anyhow::Result<()> {
    let (desk, asked) = asked_of_docker()?;
    let start = tests::window::without_graphics(&desk).env_remove(SAFE).spawn()?;
    appears(&asked).await.context("the page does not stand")?;
    let page = Process::of(&desk, Path::new(PAGE)).await?;
    page.signal("KILL")?;
    std::fs::remove_file(&asked)?;
    Process::other_than(&desk, Path::new(PAGE), Some(&page)).await?;
    appears(&asked).await.context("no page came in its place")?;
    ends(&desk, start).await
}

/// Waits until a page holds a word. Nobody drives it: what came over the border stands in its memory.
async fn holds(page: &Process, word: &str) {
    wait_until(LIMIT, &format!("the page to hold {word}"), async || memory::beginning_with(page, &[word]).is_ok_and(|found| !found.is_empty())).await;
}

#[tokio::test]
async fn a_page_that_died_comes_back_with_what_the_core_learned_after_its_start() -> anyhow::Result<()> {
    const LATER: &str = "Zebra-of-later";
    let (desk, asked) = asked_of_docker()?;
    let bus = Bus::new().await?;
    let start = tests::window::in_session(&desk, &bus.address).spawn()?;
    let page = Process::of(&desk, Path::new(PAGE)).await?;
    appears(&asked).await.context("the page does not stand")?;
    // A second start hands over a file that nobody knew of at the first.
    let file = desk.file("later.yaml", &kubeconfig(LATER, "https://127.0.0.1:1", "t"));
    let handed = tokio::time::timeout(LIMIT, tests::window::in_session(&desk, &bus.address).arg(file).status()).await??;
    assert!(handed.success(), "{handed}");
    holds(&page, LATER).await;
    page.signal("KILL")?;
    let next = Process::other_than(&desk, Path::new(PAGE), Some(&page)).await?;
    holds(&next, LATER).await;
    ends(&desk, start).await
}

/// What KOS says of three pages that died while they started; it goes on with what comes of it.
const ENDED: &str = "The page of KOS ended 3 times while it was starting";

fn said(desk: &Desk) -> String {
    std::fs::read_to_string(desk.errors()).unwrap_or_default()
}

/// Ends three pages in their first moments, one after the other, each of which was told this of its graphics.
async fn three_pages_die(desk: &Desk, graphics: Option<&str>) -> anyhow::Result<()> {
    for turn in 1..=3 {
        let page = Process::of(desk, Path::new(PAGE)).await.with_context(|| format!("page {turn} does not come"))?;
        assert_eq!(page.variable(SAFE).as_deref(), graphics, "page {turn}");
        page.begun().await?;
        assert!(!said(desk).contains(ENDED), "before page {turn} died");
        page.signal("KILL")?;
        page.ended().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_page_that_dies_three_times_with_usual_graphics_comes_back_with_safe_ones_and_it_is_remembered() -> anyhow::Result<()> {
    let (desk, asked) = asked_of_docker()?;
    let bus = Bus::new().await?;
    let usual = |errors: Stdio| tests::window::in_session(&desk, &bus.address).env_remove(SAFE).stderr(errors).spawn();
    let start = usual(File::create(desk.errors())?.into())?;
    three_pages_die(&desk, None).await?;
    let next = Process::of(&desk, Path::new(PAGE)).await.context("no page came in the place of the three")?;
    assert_eq!(next.variable(SAFE).as_deref(), Some("1"));
    appears(&asked).await.context("the next page does not stand")?;
    // The watch over blank windows would say something else, and come much later.
    let lines: Vec<String> = said(&desk).lines().filter(|line| line.contains("--safe-graphics")).map(str::to_owned).collect();
    assert_eq!(lines, [format!("{ENDED}; KOS starts once more with --safe-graphics.")]);
    ends(&desk, start).await?;
    next.ended().await?;
    std::fs::remove_file(&asked)?;
    let later = usual(Stdio::null())?;
    appears(&asked).await.context("the later page does not stand")?;
    assert_eq!(Process::of(&desk, Path::new(PAGE)).await?.variable(SAFE).as_deref(), Some("1"), "it is remembered");
    ends(&desk, later).await
}

/// Nobody drives a window without a page: that it says why is seen on standard error, where the same words go.
#[tokio::test]
async fn a_page_that_dies_three_times_with_safe_graphics_too_is_not_loaded_again_and_the_window_says_why() -> anyhow::Result<()> {
    let desk = desk();
    let remembered = desk.file(".local/state/kos/safe-graphics", "");
    let bus = Bus::new().await?;
    let start = tests::window::in_session(&desk, &bus.address).env_remove(SAFE).stderr(File::create(desk.errors())?).spawn()?;
    three_pages_die(&desk, Some("1")).await?;
    wait_until(LIMIT, "KOS says why no page comes", async || said(&desk).contains(&format!("{ENDED}.\n"))).await;
    assert!(!remembered.exists(), "what does not help is not wanted at the next start");
    // A second start brings the window to the front with all that is in it: that must not bring the page back either.
    let handed = tokio::time::timeout(LIMIT, tests::window::in_session(&desk, &bus.address).status()).await.context("KOS does not hear a second start")??;
    assert!(handed.success(), "{handed}");
    assert_eq!(process::all(&desk, Path::new(PAGE)), Vec::<Process>::new());
    ends(&desk, start).await
}

/// The button has the focus. Who presses it has as many tries as the first start.
#[tokio::test]
async fn return_in_the_words_that_stand_in_place_of_a_page_brings_it_back() -> anyhow::Result<()> {
    let (desk, asked) = asked_of_docker()?;
    let bus = Bus::new().await?;
    let start = tests::window::in_session(&desk, &bus.address).stderr(File::create(desk.errors())?).spawn()?;
    three_pages_die(&desk, Some("1")).await?;
    wait_until(LIMIT, "KOS says why no page comes", async || said(&desk).contains(&format!("{ENDED}.\n"))).await;
    assert!(!asked.exists(), "no page has stood");
    let kos = Process::of(&desk, &tests::window::binary().canonicalize()?).await?;
    keys::press_return(&kos).await?;
    let page = Process::of(&desk, Path::new(PAGE)).await.context("the button loads no page")?;
    page.begun().await?;
    page.signal("KILL")?;
    page.ended().await?;
    appears(&asked).await.context("the page does not stand")?;
    ends(&desk, start).await
}

#[tokio::test]
async fn of_two_windows_that_start_at_once_one_stays_and_after_its_hard_end_the_next_one_starts() -> anyhow::Result<()> {
    let (desk, asked) = asked_of_docker()?;
    let bus = Bus::new().await?;
    let start = || tests::window::in_session(&desk, &bus.address).spawn();
    let (mut one, mut other) = (start()?, start()?);
    let first_end = async {
        tokio::select! {
            ended = one.wait() => (ended, other),
            ended = other.wait() => (ended, one),
        }
    };
    let (ended, mut stays) = tokio::time::timeout(LIMIT, first_end).await.context("neither hands over to the other")?;
    let ended = ended?;
    assert!(ended.success(), "the one that hands over ends well: {ended}");
    appears(&asked).await.context("the page of the one that stays does not stand")?;
    assert_eq!(stays.try_wait()?, None);
    // What is killed frees its name and its lock: nothing has to be removed by hand.
    stays.kill().await?;
    process::all_gone(&desk).await?;
    std::fs::remove_file(&asked)?;
    let next = start()?;
    appears(&asked).await.context("the next page does not stand")?;
    ends(&desk, next).await
}

#[tokio::test]
async fn two_windows_with_homes_of_their_own_stand_side_by_side_in_one_session() -> anyhow::Result<()> {
    let bus = Bus::new().await?;
    let ((one, asked_by_one), (other, asked_by_other)) = (asked_of_docker()?, asked_of_docker()?);
    let first = tests::window::in_session(&one, &bus.address).spawn()?;
    appears(&asked_by_one).await.context("the first page does not stand")?;
    let second = tests::window::in_session(&other, &bus.address).spawn()?;
    appears(&asked_by_other).await.context("the second page does not stand")?;
    ends(&one, first).await?;
    ends(&other, second).await
}

async fn appears(file: &Path) -> anyhow::Result<()> {
    let mut again = tokio::time::interval(Duration::from_millis(20));
    let looking = async {
        while !file.exists() {
            again.tick().await;
        }
    };
    Ok(tokio::time::timeout(LIMIT, looking).await?)
}

#[tokio::test]
async fn a_window_that_is_told_to_end_while_it_starts_ends_well() -> anyhow::Result<()> {
    let desk = desk();
    let mut start = tests::window::without_driver(&desk).spawn()?;
    // The core takes its lock before it reads anything, and long before a page is drawn.
    appears(&desk.home().join(".local/state/kos/jobs/lock")).await.context("the core does not start")?;
    Process::of(&desk, &tests::window::binary().canonicalize()?).await?.signal("TERM")?;
    let ended = tokio::time::timeout(LIMIT, start.wait()).await.context("the window does not end")??;
    assert!(ended.success(), "{ended}");
    Ok(())
}
