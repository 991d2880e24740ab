//! What becomes of the settings when an editor and the page write the same file?

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use serde_json::{Value, json};
use tests::computer::{LIMIT, Pace, create, rests};
use tests::desk::kubeconfig;
use tests::headless::Rows;
use tests::{Computer, Desk, Headless};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

/// A core that shows its settings, and the file that they stand in.
async fn shown(desk: &Desk) -> anyhow::Result<(Headless, u64, PathBuf)> {
    let mut core = Headless::start(desk, &[]).await?.within(LIMIT);
    let settings = core.subscribe(json!("Settings")).await?;
    core.until(settings, "settings", |rows| !rows.rows.is_empty()).await?;
    Ok((core, settings, desk.home().join(".config/kos/settings.yaml")))
}

/// What a page sends that shows the dark theme, of which the light one is chosen.
fn light() -> Value {
    json!({ "chosen": { "theme": { "was": "dark", "to": "light" } } })
}

/// As editors save that keep the old file until the new one is whole.
fn replace(file: &PathBuf, text: &str) -> anyhow::Result<()> {
    let beside = file.with_extension("yaml~");
    fs::write(&beside, text)?;
    Ok(fs::rename(beside, file)?)
}

#[tokio::test]
async fn settings_edited_in_an_editor_are_taken_in_while_kos_runs() -> anyhow::Result<()> {
    let desk = Desk::new();
    // The folder is made by the first who keeps something in it: here by the editor, after the start.
    let (mut core, settings, file) = shown(&desk).await?;
    desk.file(".config/kos/settings.yaml", "# mine\ntheme: dark\n");
    core.until(settings, "a file that was written", |rows| rows.rows[0]["choices"]["theme"] == "dark").await?;
    replace(&file, "# mine\ntheme: light\nprotect: [prod-*]\n")?;
    core.until(settings, "a file that was replaced", |rows| rows.rows[0]["choices"]["protect"] == json!(["prod-*"])).await?;
    fs::remove_file(&file)?;
    core.until(settings, "a file that is gone", |rows| rows.rows[0]["choices"]["theme"] == "system").await?;
    core.end().await
}

#[tokio::test]
async fn a_broken_edit_of_the_settings_is_said_with_its_line_and_overwritten_by_nothing() -> anyhow::Result<()> {
    let desk = Desk::new();
    desk.file(".config/kos/settings.yaml", "theme: dark\n");
    let (mut core, settings, file) = shown(&desk).await?;
    let broken = "# mine\ntheme: dark\nrows: huge\n";
    replace(&file, broken)?;
    let rows = core.until(settings, "the mistake is said", |rows| !rows.rows[0]["trouble"].is_null()).await?;
    let (choices, trouble) = (&rows.rows[0]["choices"], &rows.rows[0]["trouble"]);
    assert_eq!(choices["theme"], "dark");
    assert_eq!(trouble["cause"][0]["source"], "~/.config/kos/settings.yaml, line 3", "{trouble}");
    let fault = core.refused("save_choices", light()).await?;
    assert!(fault["cause"][0]["source"].to_string().contains("line 3"), "{fault}");
    core.until(settings, "the choice holds", |rows| rows.rows[0]["choices"]["theme"] == "light").await?;
    assert_eq!(fs::read_to_string(&file)?, broken);
    core.end().await
}

#[tokio::test]
async fn settings_that_are_a_bomb_are_said_with_their_line_and_the_last_choice_holds() -> anyhow::Result<()> {
    let desk = Desk::new();
    desk.file(".config/kos/settings.yaml", "theme: dark\n");
    let (mut core, settings, file) = shown(&desk).await?;
    let bomb = (1..12).fold("keys: &a0 [x, x]\n".to_owned(), |text, n| {
        let nine = vec![format!("*a{}", n - 1); 9].join(", ");
        text + &format!("b{n}: &a{n} [{nine}]\n")
    });
    replace(&file, &bomb)?;
    let rows = core.until(settings, "the bomb is said", |rows| !rows.rows[0]["trouble"].is_null()).await?;
    let cause = &rows.rows[0]["trouble"]["cause"][0];
    assert!(cause["source"].to_string().contains("settings.yaml, line ") && cause["text"].to_string().contains("64,000 values"), "{cause}");
    assert_eq!(rows.rows[0]["choices"]["theme"], "dark");
    replace(&file, "theme: light\n")?;
    core.until(settings, "a good file counts again", |rows| rows.rows[0]["choices"]["theme"] == "light" && rows.rows[0]["trouble"].is_null()).await?;
    core.end().await
}

#[tokio::test]
async fn a_choice_right_after_an_edit_of_the_settings_loses_nothing_of_either() -> anyhow::Result<()> {
    let desk = Desk::new();
    desk.file(".config/kos/settings.yaml", "# mine\ntheme: dark\nrows: regular # of tables\n");
    let (mut core, settings, file) = shown(&desk).await?;
    core.until(settings, "what stands in the file", |rows| rows.rows[0]["choices"]["theme"] == "dark").await?;
    replace(&file, "# mine\ntheme: dark\nrows: roomy # of tables\n")?;
    core.call("save_choices", light()).await?;
    core.until(settings, "both hold", |rows| rows.rows[0]["choices"]["theme"] == "light" && rows.rows[0]["choices"]["rows"] == "roomy").await?;
    assert_eq!(fs::read_to_string(&file)?, "# mine\ntheme: \"light\"\nrows: roomy # of tables\n");
    core.end().await
}

#[tokio::test]
async fn a_chosen_path_is_looked_at_at_once() -> anyhow::Result<()> {
    let computer = Computer::with(Pace::Free).await?;
    let mut core = computer.core().await?;
    core.call("check_all", Value::Null).await?;
    let checks = core.subscribe(json!("Checks")).await?;
    let kind = |rows: &Rows| rows.rows.iter().find(|row| row["id"] == "Kind").cloned().unwrap_or_default();
    let place = computer.programs.folder().join("kind").display().to_string();
    core.until(checks, "kind is found where it stands", |rows| kind(rows)["found"] == "v0.33.0" && kind(rows)["evidence"][0]["source"] == place.as_str())
        .await?;
    core.call("save_choices", json!({ "chosen": { "kind_path": { "to": "/nonexistent/kind" } } })).await?;
    core.until(checks, "the chosen one is looked for", |rows| kind(rows)["found"] == "not found").await?;
    core.end().await
}

/// The page takes `~/…` for a full path wherever one is typed.
#[tokio::test]
async fn a_path_that_is_typed_may_begin_with_the_home_folder() -> anyhow::Result<()> {
    let computer = Computer::with(Pace::Free).await?;
    let place = computer.programs.folder().join("kind");
    let own = computer.desk.file("bin/kind", &format!("#!/bin/sh\nexec {} \"$@\"\n", place.display()));
    std::fs::set_permissions(&own, std::fs::Permissions::from_mode(0o755))?;
    let mut core = computer.core().await?;
    core.call("check_all", Value::Null).await?;
    let checks = core.subscribe(json!("Checks")).await?;
    let stands_at = |rows: &Rows| rows.rows.iter().find(|row| row["id"] == "Kind").map(|row| row["evidence"][0]["source"].clone()).unwrap_or_default();
    let own = json!(own.display().to_string());
    for chosen in [json!({ "kind_path": { "to": "~/bin/kind" } }), json!({ "extra_path": { "to": ["~/bin"] } })] {
        core.call("save_choices", json!({ "chosen": { "kind_path": { "to": "" }, "extra_path": { "to": [] } } })).await?;
        core.until(checks, "kind stands where it stood", |rows| stands_at(rows) == place.display().to_string().as_str()).await?;
        core.call("save_choices", json!({ "chosen": chosen })).await?;
        core.until(checks, "kind stands below home", |rows| stands_at(rows) == own).await?;
    }
    let found = core.call("use_file", json!({ "tool": "Kind", "path": "~/bin/kind" })).await?;
    assert_eq!(found["version"], "0.33.0", "{found}");
    let job = create(&mut core).await?;
    rests(&mut core, &job).await?;
    core.call("save_log", json!({ "job": job, "path": "~/job.log" })).await?;
    assert!(computer.desk.home().join("job.log").is_file());
    let fault = core.refused("use_file", json!({ "tool": "Kind", "path": "bin/kind" })).await?;
    assert_eq!(fault["code"], "Invalid", "{fault}");
    core.end().await
}

#[tokio::test]
async fn a_file_is_put_in_place_of_a_program_only_after_it_said_its_version_itself() -> anyhow::Result<()> {
    let computer = Computer::with(Pace::Free).await?;
    let mut core = computer.core().await?;
    // A kind that is chosen is found whatever stands elsewhere: it must not answer for the file.
    let chosen = computer.programs.folder().join("kind");
    core.call("save_choices", json!({ "chosen": { "kind_path": { "to": chosen } } })).await?;
    let place = computer.desk.home().join(".local/share/kos/programs/kind");
    for (name, text) in [("kind.tar.gz", "no program\n"), ("true", "#!/bin/sh\nexit 0\n"), ("echo", "#!/bin/sh\necho \"$@\"\n")] {
        let file = computer.desk.file(&format!("Downloads/{name}"), text);
        let fault = core.refused("use_file", json!({ "tool": "Kind", "path": file })).await?;
        assert_eq!((&fault["code"], &fault["sentence"]), (&json!("Program"), &json!("The file does not run as kind.")), "{name}: {fault}");
        assert!(!place.exists() && !place.with_extension("part").exists(), "{name} is left");
    }
    // As it comes from a browser: it may not be run.
    let own = computer.desk.file("Downloads/kind", "#!/bin/sh\necho 0.99.0\n");
    let found = core.call("use_file", json!({ "tool": "Kind", "path": own })).await?;
    assert_eq!((&found["version"], &found["path"]), (&json!("0.99.0"), &json!(place)), "{found}");
    assert_eq!(fs::metadata(&place)?.permissions().mode() & 0o777, 0o700);
    let wrong = computer.desk.file("Downloads/wrong", "no program\n");
    core.refused("use_file", json!({ "tool": "Kind", "path": wrong })).await?;
    assert_eq!(fs::read_to_string(&place)?, "#!/bin/sh\necho 0.99.0\n", "the one of before stays");
    core.end().await
}

#[tokio::test]
async fn a_proxy_that_is_chosen_while_kos_runs_is_used_by_the_next_connection() -> anyhow::Result<()> {
    let desk = Desk::new();
    desk.file(".config/kos/settings.yaml", "theme: dark\n");
    // A name that nobody resolves: only a proxy is asked for it.
    desk.file(".kube/config", &kubeconfig("lab", "https://lab.invalid:6443", "t"));
    let proxy = TcpListener::bind("127.0.0.1:0").await?;
    let (mut core, settings, file) = shown(&desk).await?;
    let address = format!("http://{}", proxy.local_addr()?);
    replace(&file, &format!("theme: dark\nproxy: {address}\n"))?;
    core.until(settings, "the proxy is taken in", |rows| rows.rows[0]["choices"]["proxy"] == address.as_str()).await?;
    core.call("open_context", json!({ "context": "#lab" })).await?;
    let (mut asked, _) = tokio::time::timeout(LIMIT, proxy.accept()).await.expect("the proxy is asked")?;
    let mut words = [0; 32];
    asked.read_exact(&mut words).await?;
    assert!(words.starts_with(b"CONNECT lab.invalid:6443 "), "{}", String::from_utf8_lossy(&words));
    core.end().await
}
