//! Does a kubeconfig that another program rewrites ever lose a context on the way?

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use serde_json::json;
use tests::desk::kubeconfig;
use tests::headless::Rows;
use tests::{Desk, Headless};

const LIMIT: Duration = Duration::from_secs(120);
const ROUNDS: u32 = 1_000;
/// A program that rewrites a file for seconds without a pause would be taken for one that has left it broken.
const EACH: u32 = 200;
const CONTEXTS: usize = 3;

/// The same contexts each time, with a namespace that tells the round.
fn text(round: u32) -> String {
    let entry = |name: &str| format!("- name: {name}\n  context: {{cluster: a, user: a, namespace: round-{round}}}\n");
    kubeconfig("a", "https://127.0.0.1:1", "t")
        .replace("    user: a\n", &format!("    user: a\n    namespace: round-{round}\n"))
        .replace("contexts:\n", &format!("contexts:\n{}{}", entry("b"), entry("c")))
}

type Write = fn(&Path, &str) -> std::io::Result<()>;

fn by_rename(file: &Path, text: &str) -> std::io::Result<()> {
    let fresh = file.with_extension("fresh");
    fs::write(&fresh, text)?;
    fs::rename(fresh, file)
}

/// As client-go does, in two steps: half of it, then the rest, under the lock.
fn in_place(file: &Path, text: &str) -> std::io::Result<()> {
    let lock = file.with_extension("lock");
    fs::write(&lock, "")?;
    fs::write(file, "")?;
    fs::write(file, &text[..text.len() / 2])?;
    fs::write(file, text)?;
    fs::remove_file(lock)
}

fn by_link(file: &Path, text: &str) -> std::io::Result<()> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let target = file.with_extension(format!("v{}", COUNT.fetch_add(1, Ordering::SeqCst)));
    fs::write(&target, text)?;
    let link = file.with_extension("link");
    symlink(&target, &link)?;
    fs::rename(link, file)
}

fn by_delete(file: &Path, text: &str) -> std::io::Result<()> {
    fs::remove_file(file)?;
    fs::write(file, text)
}

async fn never_loses_a_context(write: Write) -> anyhow::Result<()> {
    let desk = Desk::new();
    let file = desk.file(".kube/config", &text(0));
    let mut core = Headless::start(&desk, &[]).await?.within(LIMIT);
    let contexts = core.subscribe(json!("Contexts")).await?;
    core.until(contexts, "all contexts", |rows| rows.rows.len() == CONTEXTS).await?;
    let fewest = Mutex::new(CONTEXTS);
    // In bursts, each as fast as the disk takes it; the next one begins when the core has seen the end of the one before.
    for last in (EACH..=ROUNDS).step_by(EACH as usize) {
        let target = file.clone();
        let writer = std::thread::spawn(move || (last - EACH + 1..=last).try_for_each(|round| write(&target, &text(round))));
        let wanted = format!("round-{last}");
        let is_seen = |rows: &Rows| {
            let mut fewest = fewest.lock().unwrap();
            *fewest = (*fewest).min(rows.rows.len());
            rows.rows.len() == CONTEXTS && rows.rows.iter().all(|row| row["namespace"] == wanted)
        };
        let seen = core.until(contexts, "the last round of a burst", is_seen).await;
        writer.join().expect("the writer does not panic")?;
        seen?;
    }
    assert_eq!(*fewest.lock().unwrap(), CONTEXTS, "a context disappeared on the way");
    assert!(!core.said().contains("\"gone\":[\"#"), "a context was told to be gone");
    core.end().await
}

#[tokio::test]
async fn a_file_that_is_replaced_by_rename_never_loses_a_context() -> anyhow::Result<()> {
    never_loses_a_context(by_rename).await
}

#[tokio::test]
async fn a_file_that_is_truncated_and_written_in_two_steps_never_loses_a_context() -> anyhow::Result<()> {
    never_loses_a_context(in_place).await
}

#[tokio::test]
async fn a_link_that_is_swapped_never_loses_a_context() -> anyhow::Result<()> {
    never_loses_a_context(by_link).await
}

#[tokio::test]
async fn a_file_that_is_deleted_and_made_again_never_loses_a_context() -> anyhow::Result<()> {
    never_loses_a_context(by_delete).await
}

#[tokio::test]
async fn a_lock_that_was_left_over_stops_an_edit_with_its_path_and_no_reading() -> anyhow::Result<()> {
    let desk = Desk::new();
    let file = desk.file(".kube/config", &text(0));
    let lock = desk.file(".kube/config.lock", "");
    let mut core = Headless::start(&desk, &[]).await?.within(LIMIT);
    let contexts = core.subscribe(json!("Contexts")).await?;
    core.until(contexts, "all contexts", |rows| rows.rows.len() == CONTEXTS).await?;
    let change = core.call("plan_current", json!({ "context": "#b" })).await?;
    let fault = core.refused("make_current", json!({ "context": "#b", "seen": change["seen"] })).await?;
    assert!(fault.to_string().contains("config.lock"), "{fault}");
    assert_eq!(fs::read_to_string(&file)?, text(0));
    assert!(lock.exists(), "a lock is never removed silently");
    core.end().await
}

#[tokio::test]
async fn a_lock_that_was_left_over_is_removed_after_it_was_shown_and_no_other() -> anyhow::Result<()> {
    let desk = Desk::new();
    let file = desk.file(".kube/config", &text(0));
    let lock = desk.file(".kube/config.lock", "");
    let left = |seconds: u64| {
        let at = SystemTime::now() - Duration::from_secs(seconds);
        fs::File::create(&lock).and_then(|file| file.set_modified(at))
    };
    let mut core = Headless::start(&desk, &[]).await?.within(LIMIT);
    let contexts = core.subscribe(json!("Contexts")).await?;
    core.until(contexts, "all contexts", |rows| rows.rows.len() == CONTEXTS).await?;
    let young = core.refused("plan_unlock", json!({ "context": "#b" })).await?;
    assert!(young["sentence"].as_str().is_some_and(|said| said.contains("was not removed")), "{young}");
    left(600)?;
    let change = core.call("plan_current", json!({ "context": "#b" })).await?;
    let fault = core.refused("make_current", json!({ "context": "#b", "seen": change["seen"] })).await?;
    assert_eq!(fault["fixes"][0], json!({ "RemoveLock": "#b" }), "{fault}");
    let shown = core.call("plan_unlock", json!({ "context": "#b" })).await?;
    assert!(shown["lock"] == "~/.kube/config.lock" && shown["age_seconds"].as_u64().is_some_and(|age| age >= 600), "{shown}");

    // Another program has locked the file meanwhile: that is not the lock that was shown.
    fs::remove_file(&lock)?;
    fs::write(&lock, "")?;
    let fault = core.refused("remove_lock", json!({ "context": "#b", "seen": shown["seen"] })).await?;
    assert!(fault["code"] == "Changed" && lock.exists(), "{fault}");

    left(600)?;
    let shown = core.call("plan_unlock", json!({ "context": "#b" })).await?;
    core.call("remove_lock", json!({ "context": "#b", "seen": shown["seen"] })).await?;
    assert!(!lock.exists() && fs::read_to_string(&file)? == text(0), "the lock goes, the file stays as it was");
    core.call("make_current", json!({ "context": "#b", "seen": change["seen"] })).await?;
    assert!(fs::read_to_string(&file)?.contains("current-context: b"));
    core.end().await
}

#[tokio::test]
async fn an_edit_of_a_file_that_changed_since_it_was_shown_is_refused() -> anyhow::Result<()> {
    let desk = Desk::new();
    let file = desk.file(".kube/config", &text(0));
    let mut core = Headless::start(&desk, &[]).await?.within(LIMIT);
    let change = core.call("plan_current", json!({ "context": "#b" })).await?;
    by_rename(&file, &text(1))?;
    let fault = core.refused("make_current", json!({ "context": "#b", "seen": change["seen"] })).await?;
    assert_eq!(fault["code"], "Changed", "{fault}");
    assert_eq!(fs::read_to_string(&file)?, text(1));
    core.end().await
}

#[tokio::test]
async fn half_a_file_that_is_seen_is_called_so_and_keeps_its_contexts() -> anyhow::Result<()> {
    let desk = Desk::new();
    let file = desk.file(".kube/config", &text(0));
    let lock = file.with_extension("lock");
    let mut core = Headless::start(&desk, &[]).await?.within(LIMIT);
    let contexts = core.subscribe(json!("Contexts")).await?;
    let files = core.subscribe(json!("Files")).await?;
    core.until(contexts, "all contexts", |rows| rows.rows.len() == CONTEXTS).await?;
    let boundary = |text: &str| text.rfind("- name:").unwrap_or_default();
    for round in 1..=10 {
        let whole = text(round);
        let (locked, half) = match round % 3 {
            0 => (false, String::new()),
            1 => (false, format!("{}: [", &whole[..boundary(&whole)])),
            _ => (true, whole[..boundary(&whole)].to_owned()),
        };
        if locked {
            fs::write(&lock, "")?;
        }
        fs::write(&file, half)?;
        core.until(files, "the half is seen", |rows| rows.rows.iter().any(|row| row["state"] == "BeingRewritten")).await?;
        fs::write(&file, &whole)?;
        if locked {
            fs::remove_file(&lock)?;
        }
        let wanted = format!("round-{round}");
        core.until(contexts, "the whole is seen", |rows| rows.rows.len() == CONTEXTS && rows.rows.iter().all(|row| row["namespace"] == wanted)).await?;
        core.until(files, "the file is good again", |rows| rows.rows.iter().all(|row| row["state"] == "Good")).await?;
    }
    assert!(!core.said().contains("\"gone\":[\"#"), "a context was told to be gone");
    core.end().await
}

/// The kernel kills a process that writes a file beyond its limit: here in the middle of the new file, after the backup.
#[tokio::test]
async fn what_a_kos_that_was_killed_while_it_wrote_left_is_removed_by_the_next() -> anyhow::Result<()> {
    let desk = Desk::new();
    let longer = "a-context-with-a-longer-name";
    let more = format!("contexts:\n- name: {longer}\n  context: {{cluster: a, user: a}}\n");
    let text = format!("{}# {}\n", kubeconfig("a", "https://127.0.0.1:1", "canary").replace("contexts:\n", &more), "x".repeat(200_000));
    let file = desk.file(".kube/config", &text);
    let foreign = desk.file(".kube/.other.kos-4194305", "of nobody we know");
    let left = || -> Vec<String> {
        let entries = fs::read_dir(file.parent().expect("a file has a folder")).into_iter().flatten().flatten();
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        names.filter(|name| name.starts_with(".config.kos-")).collect()
    };
    let mut core = Headless::start(&desk, &[]).await?.within(LIMIT);
    let change = core.call("plan_current", json!({ "context": format!("#{longer}") })).await?;
    let process = core.pid().and_then(|pid| rustix::process::Pid::from_raw(pid.cast_signed()));
    let most = Some(text.len() as u64);
    rustix::process::prlimit(process, rustix::process::Resource::Fsize, rustix::process::Rlimit { current: most, maximum: most })?;
    let cut = core.call("make_current", json!({ "context": format!("#{longer}"), "seen": change["seen"] })).await;
    assert!(cut.is_err(), "{cut:?}");
    let status = core.ended(LIMIT).await?;
    assert!(status.signal().is_some(), "it was killed: {status}");
    assert_eq!((left().len(), fs::read_to_string(&file)?), (1, text.clone()), "half of the new file stands beside the old one: {:?}", left());

    let mut next = Headless::start(&desk, &[]).await?.within(LIMIT);
    next.call("about", serde_json::Value::Null).await?;
    assert_eq!((left(), fs::read_to_string(&file)?), (vec![], text));
    assert!(foreign.exists(), "what is left of other files is not ours");
    next.end().await
}
