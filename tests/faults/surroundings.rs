//! What happens when the disk is full or read-only, and when the kernel gives out nothing more?

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Duration;

use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};
use serde_json::{Value, json};
use tests::computer::{Computer, Pace};
use tests::desk::kubeconfig;
use tests::headless::Rows;
use tests::{Desk, Headless};

const LIMIT: Duration = Duration::from_secs(60);
const SERVER: &str = "https://127.0.0.1:1";

/// A script in namespaces of its own that prepares what the core finds, then becomes the core.
async fn start_in(desk: &Desk, prepare: &str) -> anyhow::Result<Headless> {
    let script = desk.file("start.sh", &format!("set -e\n{prepare}\nexec \"$@\"\n")).display().to_string();
    Ok(Headless::start_by(desk, &["unshare", "-Urm", "sh", &script], &[], &[]).await?.within(LIMIT))
}

/// The home folder as the core sees it.
fn seen_by(core: &Headless, desk: &Desk) -> PathBuf {
    let pid = core.pid().unwrap_or_default();
    PathBuf::from(format!("/proc/{pid}/root{}", desk.home().display()))
}

fn two() -> String {
    kubeconfig("a", SERVER, "t").replace("contexts:\n", "contexts:\n- name: b\n  context: {cluster: a, user: a}\n")
}

async fn choices(core: &mut Headless) -> anyhow::Result<(u64, Rows)> {
    let settings = core.subscribe(json!("Settings")).await?;
    let rows = core.until(settings, "settings", |rows| !rows.rows.is_empty()).await?;
    Ok((settings, rows))
}

/// The change that the file cannot take is saved at another place, once, for the user alone.
async fn saved_elsewhere(core: &mut Headless, seen: &Value) -> anyhow::Result<()> {
    let other = tempfile::tempdir()?;
    let copy = other.path().join("copy.yaml");
    let wanted = json!({ "context": "#b", "seen": seen, "path": copy });
    core.call("save_elsewhere", wanted.clone()).await?;
    let text = fs::read_to_string(&copy)?;
    assert!(text.contains("current-context: b") && text.contains("users:"), "{text}");
    assert_eq!(fs::metadata(&copy)?.permissions().mode() & 0o777, 0o600);
    let fault = core.refused("save_elsewhere", wanted).await?;
    assert!(fault["sentence"].as_str().is_some_and(|said| said.contains("there already")), "{fault}");
    for (path, code) in [(json!("copy.yaml"), "Invalid"), (json!("/nonexistent/copy.yaml"), "Invalid"), (json!("~/copy.yaml"), "Write")] {
        let fault = core.refused("save_elsewhere", json!({ "context": "#b", "seen": seen, "path": path })).await?;
        assert_eq!(fault["code"], code, "{path}: {fault}");
    }
    assert_eq!(fs::read_to_string(&copy)?, text);
    Ok(())
}

#[tokio::test]
async fn a_full_disk_changes_no_file_and_what_was_chosen_holds_in_memory() -> anyhow::Result<()> {
    let desk = Desk::new();
    desk.file(".kube/config", &two());
    let home = desk.home().display();
    let prepare =
        format!("cp -a {home} {home}.kept; mount -t tmpfs -o size=256k,mode=700 none {home}; cp -a {home}.kept/. {home}/; rm -r {home}.kept; cd {home}");
    let mut core = start_in(&desk, &prepare).await?;
    let (settings, _) = choices(&mut core).await?;
    core.call("save_choices", json!({ "chosen": { "theme": { "to": "light" } } })).await?;
    let seen = seen_by(&core, &desk);
    let files = [seen.join(".kube/config"), seen.join(".config/kos/settings.yaml")];
    let before: Vec<Vec<u8>> = files.iter().map(fs::read).collect::<Result<_, _>>()?;
    let change = core.call("plan_current", json!({ "context": "#b" })).await?;
    let mut filler = fs::File::create(seen.join("filler"))?;
    while filler.write_all(&[0; 4096]).is_ok() {}

    let proxy = format!("http://{}:1", "x".repeat(9_000));
    let fault = core.refused("save_choices", json!({ "chosen": { "theme": { "to": "dark" }, "proxy": { "to": proxy } } })).await?;
    assert_eq!(fault["code"], "Write", "{fault}");
    core.until(settings, "the choice holds, with the trouble beside it", |rows| {
        rows.rows[0]["choices"]["theme"] == "dark" && !rows.rows[0]["trouble"].is_null()
    })
    .await?;
    let fault = core.refused("make_current", json!({ "context": "#b", "seen": change["seen"] })).await?;
    assert_eq!(fault["code"], "Write", "{fault}");
    saved_elsewhere(&mut core, &change["seen"]).await?;
    let after: Vec<Vec<u8>> = files.iter().map(fs::read).collect::<Result<_, _>>()?;
    assert!(before == after, "a file was changed although the disk is full");
    let contexts = core.subscribe(json!("Contexts")).await?;
    core.until(contexts, "both contexts", |rows| rows.rows.len() == 2).await?;
    core.end().await
}

#[tokio::test]
async fn in_a_home_that_cannot_be_written_the_core_starts_says_so_once_and_shows_contexts() -> anyhow::Result<()> {
    let desk = Desk::new();
    desk.file(".kube/config", &two());
    let home = desk.home().display();
    let mut core = start_in(&desk, &format!("mount --bind {home} {home}; mount -o remount,bind,ro {home}; cd {home}")).await?;
    let (settings, rows) = choices(&mut core).await?;
    let trouble = &rows.rows[0]["trouble"];
    assert!(trouble["sentence"].as_str().is_some_and(|said| said.contains("Nothing is saved")), "{rows:?}");
    let contexts = core.subscribe(json!("Contexts")).await?;
    core.until(contexts, "both contexts", |rows| rows.rows.len() == 2).await?;
    let change = core.call("plan_current", json!({ "context": "#b" })).await?;
    let fault = core.refused("make_current", json!({ "context": "#b", "seen": change["seen"] })).await?;
    assert_eq!(fault["code"], "Write", "{fault}");
    saved_elsewhere(&mut core, &change["seen"]).await?;
    let dark = json!({ "chosen": { "theme": { "to": "dark" } } });
    assert_eq!(core.refused("save_choices", dark).await?["code"], "Write");
    core.until(settings, "the choice holds", |rows| rows.rows[0]["choices"]["theme"] == "dark").await?;
    let guard = core.refused("set_guard", json!({ "context": "#a", "guard": "Protected" })).await?;
    assert_eq!(guard["code"], "Write", "{guard}");
    core.until(contexts, "the guard holds", |rows| rows.rows.iter().any(|row| row["name"] == "a" && row["guard"] == "Protected")).await?;
    core.end().await
}

#[tokio::test]
async fn a_home_that_is_not_there_and_cannot_be_made_is_no_crash() -> anyhow::Result<()> {
    let desk = Desk::new();
    for folder in [".config", ".local"] {
        desk.file(folder, "a file where a folder should be");
    }
    let mut core = Headless::start(&desk, &[]).await?.within(LIMIT);
    let (_, rows) = choices(&mut core).await?;
    assert!(!rows.rows[0]["trouble"].is_null(), "{rows:?}");
    core.call("about", Value::Null).await?;
    core.end().await
}

#[tokio::test]
async fn without_any_watch_left_changes_of_files_are_still_seen() -> anyhow::Result<()> {
    let desk = Desk::new();
    desk.file(".kube/config", &kubeconfig("a", SERVER, "t"));
    for limit in ["max_inotify_instances", "max_inotify_watches"] {
        desk.file(".kube/config", &kubeconfig("a", SERVER, "t"));
        let mut core = start_in(&desk, &format!("echo 0 > /proc/sys/user/{limit}")).await?;
        let contexts = core.subscribe(json!("Contexts")).await?;
        core.until(contexts, "one", |rows| rows.rows.len() == 1).await?;
        desk.file(".kube/config", &two());
        core.until(contexts, "two", |rows| rows.rows.len() == 2).await?;
        core.end().await?;
    }
    Ok(())
}

fn open_files(core: &Headless) -> usize {
    fs::read_dir(format!("/proc/{}/fd", core.pid().unwrap_or_default())).map(|all| all.count()).unwrap_or_default()
}

/// Opens the context and closes it, with ten views between; those of its tables have connections of their own.
async fn open_and_close(core: &mut Headless, contexts: u64) -> anyhow::Result<()> {
    let live = |rows: &Rows| rows.rows.first().is_some_and(|row| row["link"].get("Live").is_some());
    core.call("open_context", json!({ "context": "#a" })).await?;
    core.until(contexts, "it answers", live).await?;
    let table = |kind: &str| json!({ "Table": { "context": "#a", "kind": kind, "namespace": "" } });
    let views = ["Files", "Contexts", "Settings", "Jobs"].map(Value::from).into_iter().chain(["Nodes", "Namespaces", "Pods"].map(table));
    for topic in views.chain(["Nodes", "Namespaces", "Pods"].map(table)) {
        let stream = core.subscribe(topic).await?;
        core.until(stream, "a first batch", |rows| rows.batches > 0).await?;
        core.ask(json!({ "unsubscribe": stream })).await?;
    }
    core.call("close_context", json!({ "context": "#a" })).await?;
    core.until(contexts, "it is closed", |rows| !live(rows)).await?;
    Ok(())
}

#[tokio::test]
async fn a_low_limit_of_open_files_is_raised_and_views_leave_none_open() -> anyhow::Result<()> {
    let computer = Computer::with(Pace::Free).await?;
    computer.desk.file(".kube/config", &kubeconfig("a", &computer.server, "t"));
    computer.programs.touch("node")?;
    let mut core = Headless::start_by(&computer.desk, &["prlimit", "--nofile=64:512"], &[], &[]).await?.within(LIMIT);
    let contexts = core.subscribe(json!("Contexts")).await?;
    core.until(contexts, "the context", |rows| rows.rows.len() == 1).await?;
    let limits = fs::read_to_string(format!("/proc/{}/limits", core.pid().unwrap_or_default()))?;
    let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap_or_default();
    assert_eq!(line.split_whitespace().filter(|word| *word == "512").count(), 2, "{line}");
    // Whatever is opened once and kept for good is open after this.
    open_and_close(&mut core, contexts).await?;
    let before = open_files(&core);
    for _ in 0..50 {
        open_and_close(&mut core, contexts).await?;
    }
    // A connection that was given up ends a little later.
    testkit::wait_until(LIMIT, "as few files are open as before", async || open_files(&core) <= before + 2).await;
    core.end().await
}

#[tokio::test]
async fn without_files_left_another_view_is_refused_with_words_and_the_open_ones_go_on() -> anyhow::Result<()> {
    let desk = Desk::new();
    desk.file(".kube/config", &two());
    let mut core = Headless::start(&desk, &[]).await?.within(LIMIT);
    let first = core.subscribe(json!("Contexts")).await?;
    core.until(first, "contexts", |rows| rows.rows.len() == 2).await?;
    let process = core.pid().and_then(|pid| Pid::from_raw(pid.cast_signed()));
    // What it inherited from this process, and raised its own limit to.
    let maximum = getrlimit(Resource::Nofile).maximum;
    let few = open_files(&core) as u64 + 8;
    prlimit(process, Resource::Nofile, Rlimit { current: Some(few), maximum })?;
    let refused = core.ask(json!({ "subscribe": "Files" })).await?;
    let sentence = refused["fault"]["sentence"].as_str().unwrap_or_default();
    assert!(sentence.contains(&format!("of its {few} files open")), "{refused}");
    desk.file(".kube/config", &two().replace("contexts:\n", "contexts:\n- name: c\n  context: {cluster: a, user: a}\n"));
    core.until(first, "a context that came later", |rows| rows.rows.len() == 3).await?;
    prlimit(process, Resource::Nofile, Rlimit { current: maximum, maximum })?;
    let files = core.subscribe(json!("Files")).await?;
    core.until(files, "a view, now that there is room", |rows| rows.batches > 0).await?;
    core.end().await
}

#[tokio::test]
async fn a_variable_that_is_no_text_hides_nothing() -> anyhow::Result<()> {
    let desk = Desk::new();
    desk.file(".kube/config", &two());
    let script = desk.file("start.sh", "export ODD=\"$(printf 'caf\\351')\" HTTPS_PROXY=\"$(printf '\\377')\"\nexec \"$@\"\n").display().to_string();
    let mut core = Headless::start_by(&desk, &["sh", &script], &[], &[]).await?.within(LIMIT);
    let contexts = core.subscribe(json!("Contexts")).await?;
    core.until(contexts, "both contexts", |rows| rows.rows.len() == 2).await?;
    core.end().await
}

#[tokio::test]
async fn a_second_core_in_one_home_says_so_and_ends_and_the_first_goes_on() -> anyhow::Result<()> {
    let desk = Desk::new();
    desk.file(".kube/config", &two());
    let mut first = Headless::start(&desk, &[]).await?.within(LIMIT);
    let contexts = first.subscribe(json!("Contexts")).await?;
    first.until(contexts, "both contexts", |rows| rows.rows.len() == 2).await?;
    let second = Headless::start(&desk, &[]).await?;
    assert_eq!(second.ended(LIMIT).await?.code(), Some(1));
    let said = fs::read_to_string(desk.errors())?;
    assert!(said.contains(&format!("Another KOS uses {}", desk.home().join(".local/state/kos").display())), "{said}");
    first.call("set_favourite", json!({ "context": "#a", "favourite": { "Pinned": { "place": 0 } } })).await?;
    first.end().await?;
    let mut third = Headless::start(&desk, &[]).await?.within(LIMIT);
    third.call("about", Value::Null).await?;
    third.end().await
}

#[tokio::test]
async fn of_two_cores_that_start_in_one_home_at_once_exactly_one_goes_on() -> anyhow::Result<()> {
    let desk = Desk::new();
    let (one, other) = tokio::join!(Headless::start(&desk, &[]), Headless::start(&desk, &[]));
    let goes_on = async |core: Headless| {
        let mut core = core.within(LIMIT);
        core.call("about", Value::Null).await.is_ok().then_some(core)
    };
    let (one, other) = tokio::join!(goes_on(one?), goes_on(other?));
    let living: Vec<Headless> = [one, other].into_iter().flatten().collect();
    assert_eq!(living.len(), 1);
    let said = fs::read_to_string(desk.errors())?;
    assert!(said.contains("Another KOS uses"), "{said}");
    // In a home of its own the next one is alone.
    let elsewhere = Desk::new();
    let mut beside = Headless::start(&elsewhere, &[]).await?.within(LIMIT);
    beside.call("about", Value::Null).await?;
    beside.end().await?;
    for core in living {
        core.kill().await?;
    }
    // What was killed holds no lock.
    let mut next = Headless::start(&desk, &[]).await?.within(LIMIT);
    next.call("about", Value::Null).await?;
    next.end().await
}

#[tokio::test]
async fn a_lock_file_that_a_dead_kos_left_stops_nobody_whatever_stands_in_it() -> anyhow::Result<()> {
    let desk = Desk::new();
    // The number of this very process, which lives and is no KOS: what counts is who holds the lock.
    let lock = desk.file(".local/state/kos/jobs/lock", &format!("{}\n", std::process::id()));
    let mut core = Headless::start(&desk, &[]).await?.within(LIMIT);
    core.call("about", Value::Null).await?;
    core.end().await?;
    assert_eq!(fs::read_to_string(lock)?, format!("{}\n", std::process::id()));
    Ok(())
}

#[tokio::test]
async fn two_cores_with_one_folder_of_settings_follow_each_other_and_undo_nothing() -> anyhow::Result<()> {
    let (desk, other) = (Desk::new(), Desk::new());
    desk.file(".config/kos/settings.yaml", "theme: dark\n");
    fs::create_dir(other.home().join(".config"))?;
    std::os::unix::fs::symlink(desk.home().join(".config/kos"), other.home().join(".config/kos"))?;
    let mut one = Headless::start(&desk, &[]).await?.within(LIMIT);
    let mut two = Headless::start(&other, &[]).await?.within(LIMIT);
    let (ones, mut seen) = choices(&mut one).await?;
    let (twos, _) = choices(&mut two).await?;
    for (theme, rows) in [("light", "compact"), ("dark", "roomy"), ("light", "regular"), ("dark", "compact")] {
        let was = &seen.rows[0]["choices"]["theme"];
        one.call("save_choices", json!({ "chosen": { "theme": { "was": was, "to": theme } } })).await?;
        let told = two.until(twos, theme, |seen| seen.rows[0]["choices"]["theme"] == theme).await?;
        let was = &told.rows[0]["choices"]["rows"];
        two.call("save_choices", json!({ "chosen": { "rows": { "was": was, "to": rows } } })).await?;
        seen = one.until(ones, rows, |seen| seen.rows[0]["choices"]["rows"] == rows).await?;
        assert_eq!(seen.rows[0]["choices"]["theme"], theme, "the other one undid it");
    }
    one.end().await?;
    two.end().await?;
    let names: Vec<_> = fs::read_dir(desk.home().join(".config/kos"))?.flatten().map(|entry| entry.file_name()).collect();
    assert!(names.iter().all(|name| !name.to_string_lossy().contains(".kos-")), "a half written file stays: {names:?}");
    let mut next = Headless::start(&other, &[]).await?.within(LIMIT);
    let (_, rows) = choices(&mut next).await?;
    assert_eq!((&rows.rows[0]["choices"]["theme"], &rows.rows[0]["choices"]["rows"]), (&json!("dark"), &json!("compact")));
    next.end().await
}

#[tokio::test]
async fn without_home_and_folders_in_the_environment_the_home_of_the_list_of_users_is_used() -> anyhow::Result<()> {
    let desk = Desk::new();
    desk.file(".kube/config", &two());
    let home = desk.home().display();
    // The core is started without the folder that tests give it; it is opened first, as it may stand in what is covered.
    let prepare = format!(
        "exec 9<\"$1\"; mount --bind {home} /root; unset HOME XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME XDG_CACHE_HOME XDG_RUNTIME_DIR; cd /; exec /proc/self/fd/9"
    );
    let mut core = start_in(&desk, &prepare).await?;
    let contexts = core.subscribe(json!("Contexts")).await?;
    core.until(contexts, "both contexts", |rows| rows.rows.len() == 2).await?;
    core.call("set_guard", json!({ "context": "#a", "guard": "Protected" })).await?;
    core.end().await?;
    let kept = fs::read_to_string(desk.home().join(".local/state/kos/remembered.json"))?;
    assert!(kept.contains("Protected"), "{kept}");
    Ok(())
}

#[tokio::test]
async fn without_a_session_bus_a_token_holds_for_this_run_and_that_is_said() -> anyhow::Result<()> {
    let desk = Desk::new();
    // An address at which nobody listens: the bus of whoever runs this test is not asked.
    let nobody = [("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus"), ("XDG_RUNTIME_DIR", "/nonexistent")];
    let mut core = Headless::start_by(&desk, &[], &nobody, &[]).await?.within(LIMIT);
    let (settings, _) = choices(&mut core).await?;
    let fault = core.refused("set_release_token", json!({ "token": "ghp_canary", "keep": "Keyring" })).await?;
    assert!(fault["code"] == "SignIn" && fault["unharmed"].to_string().contains("until KOS is closed"), "{fault}");
    core.until(settings, "the token holds", |rows| rows.rows[0]["token"] == "ThisRun").await?;
    core.end().await?;
    let kept = desk.bytes(".config/kos").into_iter().chain(desk.bytes(".local")).find(|(_, bytes)| String::from_utf8_lossy(bytes).contains("canary"));
    assert_eq!(kept.map(|(path, _)| path), None, "a token stands in a file");
    Ok(())
}
