//! Is what was mended beside KOS seen while it runs?

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use testkit::{FakePrograms, Scenario, act};
use tests::desk::kubeconfig;
use tests::headless::Rows;
use tests::{Desk, Headless};

const LIMIT: Duration = Duration::from_secs(60);
const SERVER: &str = "https://127.0.0.1:1";

async fn core(desk: &Desk) -> anyhow::Result<Headless> {
    Ok(Headless::start(desk, &[]).await?.within(LIMIT))
}

fn named<'a>(rows: &'a Rows, name: &str) -> &'a Value {
    rows.rows.iter().find(|row| row["name"] == name).unwrap_or(&Value::Null)
}

fn says(row: &Value, rule: &str) -> bool {
    row["problems"].as_array().is_some_and(|all| all.iter().any(|problem| problem["rule"] == rule))
}

/// Why a context waits for its user.
fn why<'a>(rows: &'a Rows, name: &str) -> &'a Value {
    &named(rows, name)["link"]["NeedsYou"]["why"]
}

fn with_plugin(name: &str, program: &str) -> String {
    let exec = format!("    exec:\n      apiVersion: client.authentication.k8s.io/v1\n      command: {program}\n      interactiveMode: Never\n");
    kubeconfig(name, SERVER, "TOKEN").replace("    token: TOKEN\n", &exec)
}

/// A core that looked for programs and says that this one is missing.
async fn told_missing(desk: &Desk, name: &str) -> anyhow::Result<(Headless, u64)> {
    let mut core = core(desk).await?;
    let contexts = core.subscribe(json!("Contexts")).await?;
    let rows = core.until(contexts, "a first look", |rows| !named(rows, name).is_null()).await?;
    assert!(!says(named(&rows, name), "KC21"), "nobody looked for it yet: {rows:?}");
    core.subscribe(json!("Local")).await?;
    core.until(contexts, "its program is missing", |rows| says(named(rows, name), "KC21")).await?;
    Ok((core, contexts))
}

#[tokio::test]
async fn a_context_that_comes_later_is_not_told_that_its_program_is_missing_and_opens() -> anyhow::Result<()> {
    let programs = FakePrograms::new()?;
    let desk = Desk::new().with_path(programs.folder());
    programs.install("signs-in", &Scenario::new().otherwise([act::exit(1)]))?;
    desk.file(".kube/config", &with_plugin("old", "no-such-plugin"));
    let (mut core, contexts) = told_missing(&desk, "old").await?;
    desk.file(".kube/config", &with_plugin("new", "signs-in"));
    let rows = core.until(contexts, "the new context", |rows| !named(rows, "new").is_null()).await?;
    assert!(!says(named(&rows, "new"), "KC21"), "{rows:?}");
    core.call("open_context", json!({ "context": "#new" })).await?;
    core.until(contexts, "a question", |rows| why(rows, "new")["code"] == "Trust").await?;
    core.end().await
}

#[tokio::test]
async fn a_program_of_a_context_that_comes_later_is_looked_for() -> anyhow::Result<()> {
    let desk = Desk::new();
    desk.file(".kube/config", &with_plugin("old", "no-such-plugin"));
    let (mut core, contexts) = told_missing(&desk, "old").await?;
    desk.file(".kube/config", &with_plugin("new", "another-that-is-nowhere"));
    core.until(contexts, "its program is missing", |rows| says(named(rows, "new"), "KC21")).await?;
    core.end().await
}

#[tokio::test]
async fn a_program_that_is_installed_after_it_was_missing_is_asked_about_when_its_context_is_opened() -> anyhow::Result<()> {
    let programs = FakePrograms::new()?;
    let desk = Desk::new().with_path(programs.folder());
    desk.file(".kube/config", &with_plugin("p", "signs-in"));
    let (mut core, contexts) = told_missing(&desk, "p").await?;
    programs.install("signs-in", &Scenario::new().otherwise([act::exit(1)]))?;
    core.call("open_context", json!({ "context": "#p" })).await?;
    core.until(contexts, "a question, and no word of a missing program", |rows| why(rows, "p")["code"] == "Trust" && !says(named(rows, "p"), "KC21")).await?;
    core.end().await
}

#[tokio::test]
async fn a_context_whose_program_is_missing_says_where_it_was_looked_for_when_it_is_opened() -> anyhow::Result<()> {
    let programs = FakePrograms::new()?;
    let desk = Desk::new().with_path(programs.folder());
    desk.file(".kube/config", &with_plugin("p", "no-such-plugin"));
    let (mut core, contexts) = told_missing(&desk, "p").await?;
    core.call("open_context", json!({ "context": "#p" })).await?;
    let rows = core.until(contexts, "it is told", |rows| why(rows, "p")["code"] == "Plugin").await?;
    let why = why(&rows, "p");
    assert!(why["sentence"].as_str().is_some_and(|said| said.contains("no-such-plugin was not found")), "{why}");
    let folder = programs.folder().display().to_string();
    assert!(why["cause"][0]["source"] == "PATH" && why["cause"][0]["text"].as_str().is_some_and(|path| path.contains(&folder)), "{why}");
    core.end().await
}

#[tokio::test]
async fn a_file_that_was_closed_to_other_users_is_said_to_be_open_no_longer() -> anyhow::Result<()> {
    let desk = Desk::new();
    let file = desk.file(".kube/config", &kubeconfig("a", SERVER, "t"));
    let give = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode));
    let folder = file.parent().unwrap();
    give(&file, 0o644)?;
    give(folder, 0o777)?;
    let mut core = core(&desk).await?;
    let files = core.subscribe(json!("Files")).await?;
    let open = |rows: &Rows| rows.rows.iter().map(|row| row["problems"].to_string().matches("KC26").count()).sum::<usize>();
    core.until(files, "others can change the file and its folder", |rows| open(rows) == 2).await?;
    give(&file, 0o600)?;
    core.until(files, "the file is the user's own", |rows| open(rows) == 1).await?;
    give(folder, 0o700)?;
    core.until(files, "its folder too", |rows| open(rows) == 0).await?;
    core.end().await
}

/// A context that signs in with files beside its kubeconfig.
fn with_files(name: &str, files: &str) -> String {
    kubeconfig(name, SERVER, "TOKEN").replace("    token: TOKEN\n", &format!("    {files}\n"))
}

#[tokio::test]
async fn a_context_whose_missing_certificate_was_made_is_opened_at_once() -> anyhow::Result<()> {
    let desk = Desk::new();
    desk.file(".kube/config", &with_files("a", "{client-certificate: pki/a.crt, client-key: pki/a.key}"));
    let mut core = core(&desk).await?;
    let fault = core.refused("open_context", json!({ "context": "#a" })).await?;
    assert!(fault["code"] == "File" && fault["cause"].to_string().contains("client-certificate names does not exist"), "{fault}");
    for file in ["a.crt", "a.key"] {
        desk.file(&format!(".kube/pki/{file}"), "made later");
    }
    core.call("open_context", json!({ "context": "#a" })).await?;
    core.end().await
}

#[tokio::test]
async fn a_file_that_an_entry_names_is_missing_on_its_row_only_until_it_is_there() -> anyhow::Result<()> {
    let desk = Desk::new();
    desk.file(".kube/config", &with_files("a", "{tokenFile: ../tokens/a}"));
    let mut core = core(&desk).await?;
    let contexts = core.subscribe(json!("Contexts")).await?;
    core.until(contexts, "its file is missing", |rows| says(named(rows, "a"), "KC13")).await?;
    let file = desk.file("tokens/a", "t");
    core.until(contexts, "it is there", |rows| !named(rows, "a").is_null() && !says(named(rows, "a"), "KC13")).await?;
    fs::remove_file(file)?;
    core.until(contexts, "it is gone again", |rows| says(named(rows, "a"), "KC13")).await?;
    core.end().await
}

#[tokio::test]
async fn a_context_that_waits_for_a_token_is_tried_when_its_file_has_one() -> anyhow::Result<()> {
    let desk = Desk::new();
    desk.file(".kube/config", &with_files("a", "{tokenFile: ../tokens/a}"));
    desk.file("tokens/a", "");
    let mut core = core(&desk).await?;
    let contexts = core.subscribe(json!("Contexts")).await?;
    let tried = |rows: &Rows| named(rows, "a")["link"]["Unreachable"]["why"]["code"].clone();
    core.call("open_context", json!({ "context": "#a" })).await?;
    core.until(contexts, "it waits for its token", |rows| tried(rows) == "SignIn").await?;
    desk.file("tokens/a", "t");
    core.until(contexts, "it was tried with it", |rows| tried(rows) == "Unreachable").await?;
    core.end().await
}
