//! Does the core keep to itself: no socket, no stray argument, no readable file, no secret told?

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use testkit::{Scenario, act};
use tests::computer::{Computer, LIMIT, NAME, Pace, create, rests, state};
use tests::desk::kubeconfig;
use tests::headless::Rows;
use tests::{Desk, Headless, Process};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn the_core_listens_on_no_socket_whatever_it_does() -> anyhow::Result<()> {
    let computer = Computer::with(Pace::Gated).await?;
    computer.desk.file(".kube/config", &kubeconfig("a", "https://127.0.0.1:1", "t"));
    let mut core = computer.core().await?;
    let pid = core.pid().unwrap_or_default();
    let listens = || tests::process::listens(pid);
    core.call("about", Value::Null).await?;
    assert_eq!(listens(), Vec::<String>::new(), "after the start");
    core.call("open_context", json!({ "context": "#a" })).await?;
    let contexts = core.subscribe(json!("Contexts")).await?;
    core.until(contexts, "told", |rows| rows.rows.iter().any(|row| row["link"].get("Unreachable").is_some())).await?;
    core.call("check_all", Value::Null).await?;
    assert_eq!(listens(), Vec::<String>::new(), "with a context open");
    let job = create(&mut core).await?;
    computer.at_gate(0).await;
    assert_eq!(listens(), Vec::<String>::new(), "while a job runs");
    computer.open_gates()?;
    rests(&mut core, &job).await?;
    core.call("set_mode", json!({ "mode": "Demo" })).await?;
    assert_eq!(listens(), Vec::<String>::new(), "in the demo fleet");
    core.end().await
}

async fn asked(address: &str, request: &str) -> anyhow::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await?;
    Ok(reply.lines().next().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn the_page_for_developers_is_served_on_loopback_to_its_token_and_name_only() -> anyhow::Result<()> {
    let desk = Desk::new();
    let page = desk.file("page/index.html", "<html></html>");
    let folder = page.parent().expect("a file has a folder").display().to_string();
    let core = Headless::start(&desk, &["--serve", &folder]).await?.within(LIMIT);
    testkit::wait_until(LIMIT, "an address is said", async || core.said().contains("#token=")).await;
    let printed = core.said();
    let (address, token) = printed.trim().strip_prefix("http://").and_then(|rest| rest.split_once("/#token=")).expect("an address and a token");
    let sockets = tests::process::listens(core.pid().unwrap_or_default());
    assert!(sockets.len() == 1 && sockets[0].starts_with("0100007F:"), "{sockets:?}");
    let body = r#"{"request":{"call":"about","with":null}}"#;
    let post = |host: &str, token: &str| {
        format!(
            "POST /door/call HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        )
    };
    for (what, request, wanted) in [
        ("the right token", post(address, token), "200"),
        ("another token", post(address, "wrong"), "401"),
        ("another name", post("evil.example:80", token), "403"),
        ("a path out of the folder", format!("GET /../.kube/config HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n"), "404"),
    ] {
        let status = asked(address, &request).await?;
        assert!(status.contains(wanted), "{what}: {status}");
    }
    core.kill().await
}

#[tokio::test]
async fn a_hostile_name_reaches_no_program_and_a_good_one_as_one_argument() -> anyhow::Result<()> {
    // Every hostile word carries this, so an argument that was made of one shows it.
    const MARK: &str = "evil";
    const PIECES: [&str; 14] = ["--kubeconfig=/x", "$(id)", ";", "\n", "\u{0}", "/", " ", "`id`", "|", "'", "\"", "\r", "_", "\u{202e}"];
    // Each plan asks Docker many questions, so it is tried with the first of them only.
    const PLANNED: usize = 7;
    let computer = Computer::with(Pace::Free).await?;
    let mut core = computer.core().await?;
    let long = MARK.repeat(16 * 1024);
    let inside = PIECES.map(|piece| format!("ev{piece}il{MARK}"));
    let around = PIECES.iter().flat_map(|piece| [format!("{piece}{MARK}"), format!("{MARK}{piece}")]);
    let edges = ["-", "--", ".", ".."].map(|edge| format!("{edge}{MARK}"));
    let names: Vec<String> = inside.iter().cloned().chain(around).chain(edges).chain([long.clone()]).collect();
    let folder = computer.desk.home().join("logs").display().to_string();
    for name in &names {
        for (call, with) in [
            ("plan_delete", json!({ "name": name })),
            ("delete_cluster", json!({ "name": name, "typed": name, "seen": "" })),
            ("set_power", json!({ "name": name, "power": "Start" })),
            ("set_power", json!({ "name": name, "power": "Stop" })),
            ("export_logs", json!({ "name": name, "folder": folder })),
            ("remove_network", json!({ "name": name })),
        ] {
            core.refused(call, with).await?;
        }
    }
    let suggestion = core.call("suggest_management", Value::Null).await?;
    for word in inside.iter().take(PLANNED).chain([&long]) {
        for fields in [&["/name"][..], &["/kubernetes", "/providers/core", "/providers/docker"]] {
            let mut spec = suggestion["spec"].clone();
            for field in fields {
                *spec.pointer_mut(field).expect("the form has this field") = json!(word);
            }
            // One that cannot even be planned has nothing to be started by.
            let plan = core.ask(json!({ "call": "plan_management", "with": { "spec": spec } })).await?;
            core.refused("create_management", json!({ "spec": spec, "seen": plan["ok"]["seen"].as_str().unwrap_or_default() })).await?;
        }
    }
    let job = create(&mut core).await?;
    assert_eq!(state(&rests(&mut core, &job).await?), "Done");
    let home = computer.desk.home().display().to_string();
    for program in ["docker", "kind", "clusterctl"] {
        for call in computer.calls(program) {
            // The name of the folder is chance.
            for argument in call.args.iter().map(|argument| argument.replace(&home, "~")) {
                assert!(!argument.contains(MARK), "{program} got {argument:?}");
            }
        }
    }
    let creates: Vec<_> = computer.calls("kind").into_iter().filter(|call| call.args[0] == "create").collect();
    let [create] = creates.as_slice() else { panic!("kind create ran {} times", creates.len()) };
    let words: Vec<&str> = create.args.iter().map(String::as_str).filter(|word| !word.starts_with(&home)).collect();
    assert_eq!(words, ["create", "cluster", "--name", "kos-fault", "--config", "--kubeconfig", "--retain", "--wait", "120s"]);
    core.end().await
}

#[tokio::test]
async fn programs_see_only_the_variables_of_the_list() -> anyhow::Result<()> {
    let computer = Computer::with(Pace::Free).await?;
    let secret =
        [("MY_TOKEN", "canary"), ("AWS_SECRET_ACCESS_KEY", "canary"), ("KUBECONFIG", "/x"), ("LD_PRELOAD_NOT", "x"), ("HTTPS_PROXY", "http://127.0.0.1:1")];
    let mut core = Headless::start_by(&computer.desk, &[], &secret, &[]).await?.within(LIMIT);
    let job = create(&mut core).await?;
    assert_eq!(state(&rests(&mut core, &job).await?), "Done");
    let every = [
        "HOME",
        "USER",
        "LOGNAME",
        "SHELL",
        "TMPDIR",
        "LANG",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "PATH",
        "LC_ALL",
        "HTTPS_PROXY",
        "HTTP_PROXY",
        "NO_PROXY",
        "ALL_PROXY",
    ];
    let given = ["CLUSTERCTL_DISABLE_VERSIONCHECK", "CLUSTER_TOPOLOGY", "EXP_MACHINE_POOL"];
    for program in ["docker", "kind", "clusterctl"] {
        let calls = computer.calls(program);
        assert!(!calls.is_empty());
        for call in calls {
            // Only questions about the computer are given an empty one.
            let probe = !["create", "delete", "get", "init"].contains(&call.args[0].as_str());
            let strange: Vec<&String> = call
                .env_names
                .iter()
                .filter(|name| {
                    !(every.contains(&name.to_ascii_uppercase().as_str())
                        || given.contains(&name.as_str())
                        || (probe && *name == "KUBECONFIG")
                        || name.starts_with("XDG_")
                        || name.starts_with("DOCKER_"))
                })
                .collect();
            assert!(strange.is_empty(), "{program} {:?} sees {strange:?}", call.args);
            assert!(call.env_names.contains(&"HTTPS_PROXY".to_owned()), "a proxy is passed on");
        }
    }
    core.end().await
}

/// `/proc/PID/environ` is read by every program of the user, `/proc/PID/cmdline` by everybody.
#[tokio::test]
async fn no_program_that_runs_carries_a_credential_in_its_arguments_or_variables() -> anyhow::Result<()> {
    let computer = Computer::with(Pace::Gated).await?;
    computer.desk.file(".kube/config", &kubeconfig("a", &computer.server, "canary-of-token"));
    let authorities = computer.desk.file("authorities.pem", "").display().to_string();
    computer.desk.file(".config/kos/settings.yaml", &format!("proxy: http://jo:canary-of-proxy@127.0.0.1:1\nca_bundle: {authorities}\n"));
    let given = [("MY_TOKEN", "canary-of-environment"), ("AWS_SECRET_ACCESS_KEY", "canary-of-environment"), ("KUBE_TOKEN", "canary-of-environment")];
    let mut core = Headless::start_by(&computer.desk, &[], &given, &[]).await?.within(LIMIT);
    let own = Process::numbered(core.pid().unwrap_or_default()).expect("the core runs");
    // It has answered, so it is past the exec: before that the kernel shows no variables of it.
    core.call("open_context", json!({ "context": "#a" })).await?;
    assert!(own.open_words().iter().any(|word| word.contains("canary")), "the canaries are there to be passed on");
    core.call("set_release_token", json!({ "token": "canary-of-releases", "keep": "ThisRun" })).await?;
    let job = create(&mut core).await?;
    let mut looked = std::collections::BTreeSet::new();
    for gate in 0..=tests::computer::LAST_GATE {
        computer.at_gate(gate).await;
        for program in own.family().into_iter().filter(|one| *one != own) {
            looked.insert(program.name());
            let told: Vec<String> = program.open_words().into_iter().filter(|word| word.contains("canary")).collect();
            assert!(told.is_empty(), "{} at gate {gate} carries {told:?}", program.name());
        }
        computer.programs.touch(&format!("go-{gate}"))?;
    }
    assert_eq!(state(&rests(&mut core, &job).await?), "Done");
    assert!(looked.len() > 1, "kind and clusterctl were seen: {looked:?}");
    for call in computer.calls("clusterctl") {
        let told = |name: &str| call.env_names.iter().any(|one| one == name);
        assert!(told("HTTPS_PROXY") && told("SSL_CERT_FILE"), "{:?} sees {:?}", call.args, call.env_names);
    }
    let init = computer.calls("clusterctl").into_iter().find(|call| call.args[0] == "init").unwrap_or_else(|| panic!("clusterctl was run"));
    let handed = init.args.iter().skip_while(|arg| *arg != "--config").nth(1).map(PathBuf::from).unwrap_or_default();
    assert!(handed.starts_with(computer.desk.home().join(".local/state/kos/handed")) && !handed.exists(), "{:?}", init.args);
    core.end().await
}

/// Everything below a folder, links not followed.
fn all_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        found.push(path.clone());
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            all_below(&path, found);
        }
    }
}

fn ours(desk: &Desk) -> Vec<PathBuf> {
    let mut found = vec![];
    for folder in [".config/kos", ".local/state/kos", ".local/share/kos"] {
        let folder = desk.home().join(folder);
        if folder.exists() {
            found.push(folder.clone());
        }
        all_below(&folder, &mut found);
    }
    found
}

#[tokio::test]
async fn without_any_umask_nothing_that_is_kept_can_be_read_by_others() -> anyhow::Result<()> {
    let computer = Computer::with(Pace::Free).await?;
    computer.desk.file(".kube/config", &kubeconfig("a", "https://127.0.0.1:1", "t"));
    let script = computer.desk.file("start.sh", "umask 000\nexec \"$@\"\n").display().to_string();
    let by = ["sh", &script];
    let mut core = Headless::start_by(&computer.desk, &by, &[], &[]).await?.within(LIMIT);
    keep_all_there_is(&mut core, &computer).await?;
    let all = ours(&computer.desk);
    for made in [".local/share/kos/programs/kind", "output-0.log"] {
        assert!(all.iter().any(|path| path.ends_with(made)), "{made} is not in {all:?}");
    }
    for path in all {
        let found = fs::symlink_metadata(&path)?;
        // kind is a program of others; what it writes is closed by the folder around it.
        assert!(found.is_symlink() || found.mode() & 0o077 == 0, "{} has mode {:o}", path.display(), found.permissions().mode() & 0o7777);
    }
    core.end().await
}

/// Does everything that leaves something on disk.
async fn keep_all_there_is(core: &mut Headless, computer: &Computer) -> anyhow::Result<()> {
    core.call("save_choices", json!({ "chosen": {} })).await?;
    core.call("set_guard", json!({ "context": "#a", "guard": "Protected" })).await?;
    core.call("add_text", json!({ "name": "pasted", "text": kubeconfig("pasted", "https://127.0.0.1:1", "canary-pasted-token") })).await?;
    let change = core.call("plan_current", json!({ "context": "#a" })).await?;
    core.call("make_current", json!({ "context": "#a", "seen": change["seen"], "typed": "a" })).await?;
    let job = create(core).await?;
    let done = rests(core, &job).await?;
    assert_eq!(state(&done), "Done", "{:#}", done.rows[0]);
    core.call("save_log", json!({ "job": job, "path": computer.desk.home().join("saved.log") })).await?;
    // This kind exports nothing: the job fails, and leaves its folder.
    let job = core.call("export_logs", json!({ "name": NAME, "folder": computer.desk.home().join("logs") })).await?;
    let failed = rests(core, &job).await?;
    assert!(state(&failed).get("Failed").is_some(), "{:#}", failed.rows[0]);
    let kind = computer.desk.file("Downloads/kind", "#!/bin/sh\necho 0.99.0\n");
    core.call("use_file", json!({ "tool": "Kind", "path": kind })).await?;
    Ok(())
}

#[tokio::test]
async fn links_planted_at_the_names_that_are_written_lead_nowhere() -> anyhow::Result<()> {
    let computer = Computer::with(Pace::Free).await?;
    computer.desk.file(".kube/config", &kubeconfig("a", "https://127.0.0.1:1", "t"));
    let victim = computer.desk.file("victim", "untouched");
    let folder = |path: &str| computer.desk.home().join(path);
    for (place, name) in [
        (".config/kos", "settings.yaml"),
        (".local/state/kos", "remembered.json"),
        (".local/state/kos", "trust.json"),
        (".local/state/kos/jobs", "learned.json"),
        (".local/state/kos/jobs", "learned.new"),
    ] {
        fs::create_dir_all(folder(place))?;
        symlink(&victim, folder(place).join(name))?;
    }
    // Reading through a link of one's own is fine, so the victim must be what it stands for.
    fs::write(&victim, "")?;
    let mut core = computer.core().await?;
    keep_all_there_is(&mut core, &computer).await?;
    assert_eq!(fs::read_to_string(&victim)?, "", "a link was followed");
    core.end().await?;

    for target in ["not-there", "lock-victim"] {
        let desk = Desk::new();
        let victim = desk.file("lock-victim", "untouched");
        fs::create_dir_all(desk.home().join(".local/state/kos/jobs"))?;
        symlink(desk.home().join(target), desk.home().join(".local/state/kos/jobs/lock"))?;
        let refused = Headless::start(&desk, &[]).await?;
        assert!(!refused.ended(LIMIT).await?.success(), "the lock was taken through a link to {target}");
        assert!(!desk.home().join("not-there").exists(), "the lock was made through a link");
        assert_eq!(fs::read_to_string(&victim)?, "untouched");
    }
    Ok(())
}

#[tokio::test]
async fn a_pipe_at_a_name_that_is_read_or_locked_holds_nothing_up() -> anyhow::Result<()> {
    let pipe = |desk: &Desk, path: &str| -> anyhow::Result<PathBuf> {
        let path = desk.home().join(path);
        fs::create_dir_all(path.parent().expect("a name has a folder"))?;
        rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR, 0)?;
        Ok(path)
    };
    let computer = Computer::with(Pace::Free).await?;
    computer.desk.file(".kube/config", &kubeconfig("a", "https://127.0.0.1:1", "t"));
    for path in [".config/kos/settings.yaml", ".local/state/kos/remembered.json", ".local/state/kos/trust.json", ".local/state/kos/jobs/learned.json"] {
        pipe(&computer.desk, path)?;
    }
    let mut core = computer.core().await?;
    let settings = core.subscribe(json!("Settings")).await?;
    core.until(settings, "the settings that cannot be read are said", |rows| rows.rows.first().is_some_and(|row| !row["trouble"].is_null())).await?;
    core.call("set_guard", json!({ "context": "#a", "guard": "Protected" })).await?;
    let job = create(&mut core).await?;
    assert_eq!(state(&rests(&mut core, &job).await?), "Done");
    core.end().await?;

    let desk = Desk::new();
    pipe(&desk, ".local/state/kos/jobs/lock")?;
    let refused = Headless::start(&desk, &[]).await?;
    assert!(!refused.ended(LIMIT).await?.success(), "without its lock nobody knows who else is there");
    Ok(())
}

#[tokio::test]
async fn no_credential_is_told_to_any_log_journal_answer_or_program() -> anyhow::Result<()> {
    let computer = Computer::with(Pace::Free).await?;
    // What it says on standard error is for the user and shown; what it prints is a credential.
    let acts = [act::out("canary-of-plugin-output"), act::err("the badge has expired"), act::exit(1)];
    computer.programs.install("signs-in", &Scenario::new().otherwise(acts))?;
    let exec = "    exec:\n      apiVersion: client.authentication.k8s.io/v1\n      command: signs-in\n      interactiveMode: Never\n      env: [{name: GIVEN, value: canary-of-plugin-variable}]\n";
    let mut text = kubeconfig("a", "https://127.0.0.1:1", "canary-of-token");
    text = text.replace("users:\n", &format!("users:\n- name: p\n  user:\n{exec}- name: b\n  user: {{username: jo, password: canary-of-password}}\n- name: k\n  user: {{client-key-data: Y2FuYXJ5LW9mLWtleQ==, client-certificate-data: Y2FuYXJ5LW9mLWNlcnQ=}}\n"));
    for user in ["p", "b", "k"] {
        text = text.replacen("contexts:\n", &format!("contexts:\n- name: {user}\n  context: {{cluster: a, user: {user}}}\n"), 1);
    }
    computer.desk.file(".kube/config", &text);
    // Lines of `tracing` go nowhere: no part of KOS listens to them. What is on disk is what jobs and programs wrote.
    let mut core = Headless::start_by(&computer.desk, &[], &[("RUST_BACKTRACE", "1")], &[]).await?.within(LIMIT);
    let contexts = core.subscribe(json!("Contexts")).await?;
    core.until(contexts, "all", |rows| rows.rows.len() == 4).await?;
    for name in ["a", "b", "k", "p"] {
        core.ask(json!({ "call": "open_context", "with": { "context": format!("#{name}") } })).await?;
    }
    let question = core.call("ask_trust", json!({ "context": "#p" })).await?;
    core.call("answer_trust", json!({ "context": "#p", "seen": question["seen"], "answer": "Once" })).await?;
    core.until(contexts, "the plugin failed", |rows| rows.rows.iter().any(|row| row["name"] == "p" && row["link"].to_string().contains("\"Plugin\""))).await?;
    core.until(contexts, "the server is away", |rows| rows.rows.iter().any(|row| row["name"] == "a" && row["link"].get("Unreachable").is_some())).await?;
    core.call("check_all", Value::Null).await?;
    core.call("report", Value::Null).await?;
    core.ask(json!({ "call": "add_text", "with": { "name": "x", "text": "token: canary-of-rubbish: [" } })).await?;
    keep_all_there_is(&mut core, &computer).await?;
    let said = core.said();
    core.end().await?;

    let canary = |text: &str| text.find("canary").map(|at| text[at.saturating_sub(80)..(at + 60).min(text.len())].to_owned());
    assert_eq!(canary(&said), None, "in an answer");
    assert_eq!(canary(&fs::read_to_string(computer.desk.errors())?), None, "on standard error");
    // A pasted kubeconfig and the backups of edits are the user's own files.
    let kept = |path: &Path| path.components().any(|part| ["kubeconfigs", "backups"].contains(&part.as_os_str().to_string_lossy().as_ref()));
    let saved = computer.desk.home().join("saved.log");
    for path in ours(&computer.desk).into_iter().chain([saved]).filter(|path| path.is_file() && !kept(path)) {
        assert_eq!(canary(&String::from_utf8_lossy(&fs::read(&path)?)), None, "in {}", path.display());
    }
    for program in ["docker", "kind", "clusterctl", "signs-in"] {
        for call in computer.calls(program) {
            assert!(!call.args.iter().any(|argument| argument.contains("canary")), "{program} got {:?}", call.args);
        }
    }
    Ok(())
}

/// What workload clusters and providers are opened by: read out of Secrets of a management cluster, and typed for clusterctl.
#[tokio::test]
async fn no_credential_of_a_workload_cluster_or_a_provider_is_told_to_any_log_journal_or_answer() -> anyhow::Result<()> {
    // Stands in the Secret that holds the kubeconfig of each workload cluster of the demo.
    const HELD: &str = "demo-token-that-opens-nothing";
    const TYPED: &str = "canary-of-provider";
    let desk = Desk::new();
    let mut core = Headless::start_by(&desk, &[], &[("RUST_BACKTRACE", "1")], &["--demo=fleet", "--pace=60"]).await?.within(Duration::from_secs(120));
    let contexts = core.subscribe(json!("Contexts")).await?;
    let row = |rows: &Rows, name: &str| rows.rows.iter().find(|row| row["name"] == name).cloned().unwrap_or_default();
    let known = core.until(contexts, "the fleet", |rows| row(rows, "kind-kos-mgmt")["id"].is_string() && row(rows, "lab-a")["id"].is_string()).await?;
    let context = row(&known, "kind-kos-mgmt")["id"].clone();
    core.call("open_context", json!({ "context": context })).await?;
    core.until(contexts, "it to be live", |rows| row(rows, "kind-kos-mgmt")["link"].get("Live").is_some()).await?;

    core.call("disconnect", json!({ "context": row(&known, "lab-a")["id"] })).await?;
    core.until(contexts, "lab-a to be gone", |rows| row(rows, "lab-a").is_null()).await?;
    let at = json!({ "context": context, "namespace": "default", "name": "lab-a" });
    let plan = core.call("plan_connect", json!({ "at": at })).await?;
    let own = core.call("connect", json!({ "at": at, "seen": plan["change"]["seen"] })).await?;
    core.call("open_context", json!({ "context": own })).await?;
    core.until(contexts, "lab-a to be live", |rows| row(rows, "lab-a")["link"].get("Live").is_some()).await?;
    let pages = ["Clusters", "Machines", "Classes", "Runs", "Providers"].map(|topic| json!({ topic: context }));
    for topic in pages.into_iter().chain([json!({ "Cluster": at })]) {
        let stream = core.subscribe(topic.clone()).await?;
        core.until(stream, &topic.to_string(), |rows| rows.batches > 0).await?;
    }

    let pick = json!({ "role": "Infrastructure", "name": "vsphere", "version": "" });
    let plan = core.call("plan_provider", json!({ "context": context, "pick": pick })).await?;
    let pick = json!({ "role": "Infrastructure", "name": "vsphere", "version": plan["version"] });
    let add = |values: Value| json!({ "context": context, "pick": pick, "values": values, "seen": plan["plan"]["seen"] });
    core.refused("add_provider", add(json!({ "VSPHERE_USERNAME": TYPED, "VSPHERE_PASSWORD": TYPED, "PATH": TYPED }))).await?;
    let job = core.call("add_provider", add(json!({ "VSPHERE_USERNAME": "jo", "VSPHERE_PASSWORD": TYPED }))).await?;
    let done = rests(&mut core, &job).await?;
    assert_eq!(state(&done), "Done", "{:#}", done.rows[0]);
    let output = core.subscribe(json!({ "JobOutput": job })).await?;
    core.until(output, "what clusterctl printed", |rows| rows.batches > 0).await?;

    let mut form = core.call("offer_classes", json!({ "context": context })).await?["form"].clone();
    let pick = json!({ "of": { "provider": "vsphere", "version": pick["version"] }, "flavor": "topology" });
    let fields = json!({ "namespace": form["namespace"], "name": form["name"], "version": form["version"], "control_planes": 1, "workers": 1 });
    let values = json!({ "VSPHERE_USERNAME": "jo", "VSPHERE_PASSWORD": TYPED });
    let filled = core.call("fill_template", json!({ "context": context, "pick": pick, "fields": fields, "values": values })).await?;
    form["yaml"] = filled["yaml"].clone();
    core.call("keep_draft", json!({ "context": context, "form": form })).await?;
    let plan = core.call("plan_cluster", json!({ "context": context, "form": form, "leads": "Yaml" })).await?;
    assert_eq!(plan["dry_run"], "Accepted", "what was typed is known where it is needed: {plan:#}");
    core.call("check_all", Value::Null).await?;
    core.call("report", Value::Null).await?;

    let told = |text: &str| [HELD, TYPED].into_iter().find(|mark| text.contains(mark));
    assert_eq!(told(&core.said()), None, "in an answer");
    assert_eq!(told(&fs::read_to_string(desk.errors())?), None, "on standard error");
    // HOME/.local/state/kos/jobs/ID/output.log, in the home of the demo, which goes with it.
    let log = PathBuf::from(done.rows[0]["log_file"].as_str().unwrap_or_default());
    let mut kept = vec![];
    all_below(log.ancestors().nth(3).expect("the log stands below the state folder"), &mut kept);
    assert!(kept.contains(&log) && kept.iter().any(|path| path.ends_with("journal.jsonl")), "{kept:?}");
    assert!(kept.iter().any(|path| path.parent().is_some_and(|folder| folder.ends_with("drafts"))), "{kept:?}");
    for path in kept.into_iter().filter(|path| path.is_file()) {
        assert_eq!(told(&String::from_utf8_lossy(&fs::read(&path)?)), None, "in {}", path.display());
    }
    core.end().await
}

#[tokio::test]
async fn what_a_killed_write_left_behind_is_swept_at_the_next_start() -> anyhow::Result<()> {
    let desk = Desk::new();
    // What may hold a credential, too: pasted kubeconfigs and those of clusters that KOS made.
    let left = [
        ".config/kos/.settings.yaml",
        ".config/kos/kubeconfigs/.pasted.yaml",
        ".local/state/kos/.remembered.json",
        ".local/state/kos/.trust.json",
        ".local/share/kos/kubeconfigs/.lab.yaml",
    ]
    .map(|name| desk.file(&format!("{name}.kos-4194305"), "half"));
    let mut core = Headless::start(&desk, &[]).await?.within(Duration::from_secs(30));
    core.call("about", Value::Null).await?;
    for path in left {
        assert!(!path.exists(), "{} is left", path.display());
    }
    core.end().await
}
