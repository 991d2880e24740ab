//! Is bad input a sentence at its place, and is everything else undisturbed?

use std::fmt::Write as _;
use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use testkit::{Act, FakePrograms, FaultProxy, Scenario, act};
use tests::computer::Pace;
use tests::desk::kubeconfig;
use tests::headless::Rows;
use tests::{Computer, Desk, Headless};

const LIMIT: Duration = Duration::from_secs(60);

async fn core(desk: &Desk) -> anyhow::Result<Headless> {
    Ok(Headless::start(desk, &[]).await?.within(LIMIT))
}

fn named<'a>(rows: &'a Rows, name: &str) -> &'a Value {
    rows.rows.iter().find(|row| row["name"] == name).unwrap_or(&Value::Null)
}

fn file<'a>(rows: &'a Rows, path: &Path) -> &'a Value {
    rows.rows.iter().find(|row| row["id"] == path.display().to_string()).unwrap_or(&Value::Null)
}

fn bomb() -> String {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..12 {
        let items = vec![format!("*a{}", n - 1); 10].join(", ");
        writeln!(text, "a{n}: &a{n} [{items}]").expect("a text takes every line");
    }
    text
}

#[tokio::test]
async fn each_bad_file_says_what_is_wrong_with_it_and_hides_no_context_of_another() -> anyhow::Result<()> {
    let desk = Desk::new();
    desk.file(".kube/config", &kubeconfig("good", "https://127.0.0.1:1", "t"));
    let plain = kubeconfig("dup", "https://127.0.0.1:1", "t");
    let doubled = plain.replace("kind: Config\n", "kind: Config\nkind: Config\n");
    let unknown = kubeconfig("unk", "https://127.0.0.1:1", "t").replace("kind: Config\n", "kind: Config\nsurprise: {a: 1}\n");
    let mut paths = vec![];
    let cases: [(&str, Vec<u8>, &str, &str); 7] = [
        ("binary", [0x7F, b'E', b'L', b'F', 0, 0, 1].repeat(100), "Unreadable", "not text"),
        ("bomb", bomb().into_bytes(), "Unreadable", "values"),
        ("rubbish", b"contexts: [".to_vec(), "Unreadable", "Line"),
        ("pod", b"kind: Pod\napiVersion: v1\n".to_vec(), "Unreadable", "kind"),
        ("doubled", doubled.into_bytes(), "Good", "kind"),
        ("unknown", unknown.into_bytes(), "Good", "surprise"),
        ("empty", vec![], "Good", ""),
    ];
    for (name, bytes, state, word) in &cases {
        let path = desk.file(&format!("more/{name}"), "");
        fs::write(&path, bytes)?;
        paths.push((path, *state, *word));
    }
    let huge = desk.file("more/huge", "");
    fs::File::options().write(true).open(&huge)?.set_len(50 * 1024 * 1024)?;
    paths.push((huge, "Unreadable", "8 MiB"));

    let mut core = core(&desk).await?;
    let files = core.subscribe(json!("Files")).await?;
    let contexts = core.subscribe(json!("Contexts")).await?;
    let added: Vec<String> = paths.iter().map(|(path, ..)| path.display().to_string()).collect();
    core.call("add_paths", json!({ "paths": added })).await?;
    let rows = core.until(files, "all files", |rows| paths.iter().all(|(path, ..)| !file(rows, path).is_null())).await?;
    for (path, state, word) in &paths {
        let row = file(&rows, path);
        assert_eq!(row["state"], *state, "{row:#}");
        assert!(row["problems"].to_string().contains(word), "{row:#}");
    }
    let seen = core.until(contexts, "the good contexts", |rows| rows.rows.len() == 3).await?;
    for name in ["good", "dup", "unk"] {
        assert_ne!(named(&seen, name), &Value::Null, "{name} is gone: {seen:?}");
    }
    core.end().await
}

#[tokio::test]
async fn without_a_usable_kubeconfig_there_is_no_context_and_the_core_works() -> anyhow::Result<()> {
    type Make = fn(&Desk) -> std::io::Result<()>;
    let cases: [(&str, Make); 4] = [
        ("none", |_| Ok(())),
        ("a folder", |desk| fs::create_dir_all(desk.home().join(".kube/config"))),
        ("a link to nothing", |desk| {
            fs::create_dir(desk.home().join(".kube"))?;
            symlink("/nonexistent/config", desk.home().join(".kube/config"))
        }),
        ("a link to itself", |desk| {
            fs::create_dir(desk.home().join(".kube"))?;
            symlink("config", desk.home().join(".kube/config"))
        }),
    ];
    for (what, make) in cases {
        let desk = Desk::new();
        make(&desk)?;
        let mut core = core(&desk).await?;
        let contexts = core.subscribe(json!("Contexts")).await?;
        let rows = core.until(contexts, "a first look", |rows| rows.batches > 0).await?;
        assert!(rows.rows.is_empty(), "{what}: {rows:?}");
        core.call("add_text", json!({ "name": "pasted", "text": kubeconfig("pasted", "https://127.0.0.1:1", "t") })).await?;
        core.until(contexts, "a pasted context", |rows| rows.rows.len() == 1).await?;
        core.end().await?;
    }
    Ok(())
}

#[tokio::test]
async fn an_entry_that_cannot_be_used_says_why_on_its_row_and_when_it_is_opened() -> anyhow::Result<()> {
    let desk = Desk::new();
    let text = kubeconfig("a", "https://127.0.0.1:1", "t").replace(
        "contexts:\n",
        "contexts:\n- name: no-cluster\n  context: {cluster: gone, user: a}\n- name: no-user\n  context: {cluster: a, user: gone}\n- name: no-pem\n  context: {cluster: bad, user: a}\n",
    );
    let text = text.replace("clusters:\n", "clusters:\n- name: bad\n  cluster: {server: 'https://127.0.0.1:1', certificate-authority-data: bm90IFBFTQ==}\n");
    desk.file(".kube/config", &text);
    let mut core = core(&desk).await?;
    let contexts = core.subscribe(json!("Contexts")).await?;
    let rows = core.until(contexts, "four contexts", |rows| rows.rows.len() == 4).await?;
    for (name, rule, severity) in [("no-cluster", "KC07", "Unusable"), ("no-user", "KC08", "Risk"), ("no-pem", "KC06", "Unusable")] {
        let problems = named(&rows, name)["problems"].as_array().cloned().unwrap_or_default();
        let found = problems.iter().find(|problem| problem["rule"] == rule);
        assert!(
            found.is_some_and(|problem| problem["severity"] == severity && problem["sentence"].as_str().is_some_and(|s| s.ends_with('.'))),
            "{name}: {problems:?}"
        );
        if severity == "Unusable" {
            let fault = core.refused("open_context", json!({ "context": format!("#{name}") })).await?;
            assert!(fault["code"] == "File" && fault["sentence"].as_str().is_some_and(|s| s.contains(name)), "{fault}");
        }
    }
    assert_eq!(named(&rows, "a")["problems"], json!([]));
    core.end().await
}

fn why<'a>(rows: &'a Rows, name: &str, state: &str) -> &'a Value {
    &named(rows, name)["link"][state]["why"]
}

#[tokio::test]
async fn a_closed_port_and_a_server_that_says_nothing_are_told_on_their_own_rows() -> anyhow::Result<()> {
    let closed = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let silent = FaultProxy::before(SocketAddr::from(([127, 0, 0, 1], 1))).await?;
    silent.accept_silent();
    let desk = Desk::new();
    desk.file(".kube/config", &kubeconfig("closed", &format!("https://{closed}"), "t"));
    let other = desk.file("silent", &kubeconfig("silent", &format!("https://{}", silent.address()), "t"));
    let mut core = core(&desk).await?;
    core.call("add_paths", json!({ "paths": [other] })).await?;
    let contexts = core.subscribe(json!("Contexts")).await?;
    let rows = core.until(contexts, "both", |rows| rows.rows.len() == 2).await?;
    assert_eq!(silent.accepted(), 0, "nothing is contacted before it is opened");
    for name in ["closed", "silent"] {
        core.call("open_context", json!({ "context": named(&rows, name)["id"] })).await?;
    }
    // While one is silent the other has its answer.
    let told = core.until(contexts, "closed is told", |rows| !why(rows, "closed", "Unreachable").is_null()).await?;
    assert!(why(&told, "closed", "Unreachable")["sentence"].as_str().is_some_and(|s| s.contains("closed")), "{told:?}");
    let told = core.until(contexts, "silent is told", |rows| !why(rows, "silent", "Unreachable").is_null()).await?;
    assert_eq!(why(&told, "silent", "Unreachable")["code"], "Unreachable", "{told:?}");
    core.end().await
}

fn with_plugin(name: &str, program: &str, server: &str) -> String {
    let exec = format!("    exec:\n      apiVersion: client.authentication.k8s.io/v1\n      command: {program}\n      interactiveMode: Never\n");
    kubeconfig(name, server, "TOKEN").replace("    token: TOKEN\n", &exec)
}

async fn accept(core: &mut Headless, context: &str, answer: &str) -> anyhow::Result<()> {
    let question = core.call("ask_trust", json!({ "context": context })).await?;
    core.call("answer_trust", json!({ "context": context, "seen": question["seen"], "answer": answer })).await?;
    Ok(())
}

#[tokio::test]
async fn a_plugin_that_is_missing_or_prints_rubbish_is_named_without_its_output() -> anyhow::Result<()> {
    let programs = FakePrograms::new()?;
    programs.install("rubbish", &Scenario::new().otherwise([act::out("rubbish-with-a-secret-4711")]))?;
    let desk = Desk::new().with_path(programs.folder());
    desk.file(".kube/config", &with_plugin("rubbish", "rubbish", "https://127.0.0.1:1"));
    let other = desk.file("missing", &with_plugin("missing", "no-such-plugin", "https://127.0.0.1:1"));
    let mut core = core(&desk).await?;
    core.call("add_paths", json!({ "paths": [other] })).await?;
    let contexts = core.subscribe(json!("Contexts")).await?;
    core.call("open_context", json!({ "context": "#rubbish" })).await?;
    core.until(contexts, "a question", |rows| why(rows, "rubbish", "NeedsYou")["code"] == "Trust").await?;
    accept(&mut core, "#rubbish", "Once").await?;
    let told = core.until(contexts, "rubbish is told", |rows| why(rows, "rubbish", "NeedsYou")["code"] == "Plugin").await?;
    assert!(!format!("{told:?}").contains("4711"), "{told:?}");
    let missing = named(&told, "missing")["id"].clone();
    core.call("open_context", json!({ "context": missing })).await?;
    let told = core.until(contexts, "missing is told", |rows| why(rows, "missing", "NeedsYou")["code"] == "Plugin").await?;
    assert!(named(&told, "missing")["link"].to_string().contains("no-such-plugin"), "{told:?}");
    core.end().await
}

#[tokio::test]
async fn a_plugin_that_hangs_is_ended_when_its_context_is_closed() -> anyhow::Result<()> {
    let programs = FakePrograms::new()?;
    let plugin = programs.install("hangs", &Scenario::new().otherwise([act::touch("started"), Act::Hang]))?;
    let desk = Desk::new().with_path(programs.folder());
    desk.file(".kube/config", &with_plugin("hangs", "hangs", "https://127.0.0.1:1"));
    let mut core = core(&desk).await?;
    let contexts = core.subscribe(json!("Contexts")).await?;
    core.call("open_context", json!({ "context": "#hangs" })).await?;
    core.until(contexts, "a question", |rows| why(rows, "hangs", "NeedsYou")["code"] == "Trust").await?;
    accept(&mut core, "#hangs", "Once").await?;
    testkit::wait_until(LIMIT, "the plugin runs", async || programs.has("started")).await;
    // Others are answered meanwhile.
    core.call("about", Value::Null).await?;
    core.call("close_context", json!({ "context": "#hangs" })).await?;
    core.until(contexts, "closed", |rows| named(rows, "hangs")["link"] == "Unopened").await?;
    let pid = plugin.calls().first().map(|call| call.pid).unwrap_or_default();
    testkit::wait_until(LIMIT, "the plugin is gone", async || !fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default().contains("hangs")).await;
    core.end().await
}

#[tokio::test]
async fn a_program_of_a_kubeconfig_runs_only_after_a_yes_and_again_asks_when_its_bytes_change() -> anyhow::Result<()> {
    let programs = FakePrograms::new()?;
    let plugin = programs.install("signs-in", &Scenario::new().otherwise([act::exit(1)]))?;
    let desk = Desk::new().with_path(programs.folder());
    desk.file(".kube/config", &with_plugin("p", "signs-in", "https://127.0.0.1:1"));
    let more = desk.file("more", &with_plugin("q", "signs-in", "https://127.0.0.1:1"));
    let mut core = core(&desk).await?;
    core.call("add_paths", json!({ "paths": [more] })).await?;
    let contexts = core.subscribe(json!("Contexts")).await?;
    for topic in ["Files", "Computer", "Checks", "Local", "Jobs"] {
        let stream = core.subscribe(json!(topic)).await?;
        core.until(stream, topic, |rows| rows.batches > 0).await?;
    }
    // kubectl runs the current context's plugin even for `version --client`, so looking at the computer is a trap.
    core.call("check_all", Value::Null).await?;
    core.call("plan_current", json!({ "context": "#p" })).await?;
    core.call("ask_trust", json!({ "context": "#p" })).await?;
    core.call("open_context", json!({ "context": "#p" })).await?;
    core.until(contexts, "a question", |rows| why(rows, "p", "NeedsYou")["code"] == "Trust").await?;
    assert_eq!(plugin.calls(), [], "listing, looking and opening run nothing");
    accept(&mut core, "#p", "Always").await?;
    core.until(contexts, "it ran, failed and rests", |rows| why(rows, "p", "Unreachable")["code"] == "Plugin").await?;
    assert_eq!(plugin.calls().len(), 1, "one yes, one run");
    core.call("close_context", json!({ "context": "#p" })).await?;

    fs::remove_file(&plugin.path)?;
    fs::write(&plugin.path, "#!/bin/false\n")?;
    fs::set_permissions(&plugin.path, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    core.call("open_context", json!({ "context": "#p" })).await?;
    core.until(contexts, "another question", |rows| why(rows, "p", "NeedsYou")["code"] == "Trust").await?;
    assert_eq!(plugin.calls().len(), 1);
    core.end().await
}

#[tokio::test]
async fn a_file_that_a_received_kubeconfig_names_is_asked_about_before_it_is_read() -> anyhow::Result<()> {
    let desk = Desk::new();
    desk.file("secret", "hunter2");
    let text = kubeconfig("x", "https://127.0.0.1:1", "TOKEN").replace("    token: TOKEN\n", "    tokenFile: ../secret\n");
    let received = desk.file("Downloads/x.yaml", &text);
    let mut core = core(&desk).await?;
    core.call("add_paths", json!({ "paths": [received] })).await?;
    let contexts = core.subscribe(json!("Contexts")).await?;
    let rows = core.until(contexts, "it is listed", |rows| !named(rows, "x").is_null()).await?;
    let context = named(&rows, "x")["id"].as_str().unwrap_or_default().to_owned();
    core.call("open_context", json!({ "context": context })).await?;
    core.until(contexts, "a question", |rows| why(rows, "x", "NeedsYou")["code"] == "TrustFile").await?;
    accept(&mut core, &context, "Once").await?;
    core.until(contexts, "it was tried", |rows| why(rows, "x", "Unreachable")["code"] == "Unreachable").await?;
    core.end().await
}

#[tokio::test]
async fn a_path_named_twice_in_one_call_is_added_once() -> anyhow::Result<()> {
    let desk = Desk::new();
    let path = desk.file("more/one.yaml", &kubeconfig("one", "https://127.0.0.1:1", "t"));
    let folder = desk.file("folder/two.yaml", &kubeconfig("two", "https://127.0.0.1:1", "t"));
    let folder = folder.parent().unwrap_or(Path::new("/"));
    let mut core = core(&desk).await?;
    let added = core.call("add_paths", json!({ "paths": [path, folder, "~/more/one.yaml", folder, path] })).await?;
    assert_eq!((&added["files"], &added["known"]), (&json!([path, folder]), &json!([])));
    let contexts = core.subscribe(json!("Contexts")).await?;
    core.until(contexts, "both contexts, each once", |rows| rows.rows.len() == 2).await?;
    let remembered = fs::read_to_string(desk.home().join(".local/state/kos/remembered.json"))?;
    assert_eq!((remembered.matches("one.yaml").count(), remembered.matches("/folder").count()), (1, 1), "{remembered}");
    core.end().await
}

#[tokio::test]
async fn an_added_folder_is_read_file_by_file() -> anyhow::Result<()> {
    let desk = Desk::new();
    let write = |name: &str| desk.file(&format!("folder/{name}"), &kubeconfig(name.rsplit('/').next().unwrap_or(name), "https://127.0.0.1:1", "t"));
    let one = write("one");
    ["two.yaml", ".hidden", "stray.lock", "below/three"].iter().for_each(|name| drop(write(name)));
    let mut core = core(&desk).await?;
    let (files, contexts) = (core.subscribe(json!("Files")).await?, core.subscribe(json!("Contexts")).await?);
    let folder = one.parent().unwrap_or(Path::new("/"));
    core.call("add_paths", json!({ "paths": [folder] })).await?;
    let names = |rows: &Rows| {
        let mut names: Vec<String> = rows.rows.iter().map(|row| row["name"].to_string().replace('"', "")).collect();
        names.sort();
        names
    };
    core.until(contexts, "each file with its context", |rows| names(rows) == ["one", "two.yaml"]).await?;
    let rows = core.until(files, "a row for each", |rows| !file(rows, &one).is_null()).await?;
    assert_eq!(file(&rows, &one)["origin"]["Folder"]["folder"], folder.display().to_string());
    write("later");
    core.until(contexts, "a file that came later", |rows| names(rows) == ["later", "one", "two.yaml"]).await?;
    core.end().await
}

#[tokio::test]
async fn a_cluster_that_was_made_again_at_its_address_is_said_on_its_row() -> anyhow::Result<()> {
    let computer = Computer::with(Pace::Free).await?;
    computer.desk.file(".kube/config", &kubeconfig("lab", &computer.server, "t"));
    computer.programs.touch("node")?;
    let says = |rows: &Rows| named(rows, "lab")["problems"].as_array().is_some_and(|all| all.iter().any(|problem| problem["rule"] == "KC31"));
    let knows = || fs::read_to_string(computer.desk.home().join(".local/state/kos/remembered.json")).unwrap_or_default();
    let mut core = computer.core().await?;
    let contexts = core.subscribe(json!("Contexts")).await?;
    core.call("open_context", json!({ "context": "#lab" })).await?;
    let first = core.until(contexts, "it answers", |rows| named(rows, "lab")["link"].get("Live").is_some()).await?;
    assert!(!says(&first), "{first:?}");
    testkit::wait_until(LIMIT, "which cluster it is is remembered", async || knows().contains("\"first\"")).await;
    core.call("close_context", json!({ "context": "#lab" })).await?;
    computer.programs.touch("made-again")?;
    core.call("open_context", json!({ "context": "#lab" })).await?;
    core.until(contexts, "another cluster is said", says).await?;
    core.end().await
}

#[tokio::test]
async fn a_file_that_may_not_be_read_and_a_pipe_say_so_and_hide_no_other() -> anyhow::Result<()> {
    let desk = Desk::new();
    desk.file(".kube/config", &kubeconfig("good", "https://127.0.0.1:1", "t"));
    let closed = desk.file("more/closed", &kubeconfig("closed", "https://127.0.0.1:1", "t"));
    fs::set_permissions(&closed, std::os::unix::fs::PermissionsExt::from_mode(0o000))?;
    let pipe = desk.home().join("more/pipe");
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR, 0)?;
    // In a namespace of its own the core may do what its files allow, also where the tests are run by root.
    let mut core = Headless::start_by(&desk, &["unshare", "-U"], &[], &[]).await?.within(LIMIT);
    let (files, contexts) = (core.subscribe(json!("Files")).await?, core.subscribe(json!("Contexts")).await?);
    core.call("add_paths", json!({ "paths": [closed, pipe] })).await?;
    let rows = core.until(files, "both files", |rows| [&closed, &pipe].iter().all(|path| !file(rows, path).is_null())).await?;
    for path in [&closed, &pipe] {
        let row = file(&rows, path);
        assert!(row["state"] == "Unreadable" && row["problems"].to_string().contains("cannot be read"), "{row:#}");
    }
    core.until(contexts, "the good context", |rows| rows.rows.len() == 1 && !named(rows, "good").is_null()).await?;
    core.end().await
}
