//! Does the main job survive whatever happens to Docker, kind and KOS itself?

use serde_json::{Value, json};
use testkit::{Act, act};
use tests::computer::{Computer, LAST_GATE, LIMIT, NAME, Pace, create, planned, rests, state};
use tests::headless::Rows;
use tests::{Headless, Process};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Choice {
    Continue,
    Undo,
}

async fn killed_at(gate: usize, choice: Choice) -> anyhow::Result<()> {
    let computer = Computer::with(Pace::Gated).await?;
    for earlier in 0..gate {
        computer.programs.touch(&format!("go-{earlier}"))?;
    }
    let mut first = computer.core().await?;
    let job = create(&mut first).await?;
    computer.at_gate(gate).await;
    first.kill().await?;
    // What was started goes on without KOS, as it would.
    computer.open_gates()?;

    let mut second = computer.core().await?;
    let stopped = rests(&mut second, &job).await?;
    assert!(state(&stopped).get("Interrupted").is_some(), "killed at gate {gate}, the job is {}", state(&stopped));
    let (call, wanted) = match choice {
        Choice::Continue => ("continue_job", "Done"),
        Choice::Undo => ("undo_job", "Undone"),
    };
    second.call(call, json!({ "job": job })).await?;
    let view = second.subscribe(json!({ "Job": job })).await?;
    let resting = |value: &Value| value != "Running" && value.get("Undoing").is_none() && value.get("Interrupted").is_none();
    let ended = second.until(view, "the job ends", |rows| !rows.rows.is_empty() && resting(state(rows))).await?;
    assert_eq!(state(&ended), wanted, "killed at gate {gate}, then {choice:?}: {:#}", ended.rows[0]);
    assert!(!computer.programs.has("twice"), "kind was asked for a cluster that was there");
    match choice {
        Choice::Continue => assert!(computer.programs.has("node") && computer.programs.has("providers")),
        Choice::Undo => assert!(computer.is_bare(), "killed at gate {gate}, something is left"),
    }
    second.end().await
}

#[tokio::test]
async fn killed_at_any_line_of_any_program_the_job_continues_to_its_end_and_makes_nothing_twice() -> anyhow::Result<()> {
    for gate in 0..=LAST_GATE {
        killed_at(gate, Choice::Continue).await?;
    }
    Ok(())
}

#[tokio::test]
async fn killed_at_any_line_of_any_program_the_job_is_undone_to_nothing() -> anyhow::Result<()> {
    for gate in 0..=LAST_GATE {
        killed_at(gate, Choice::Undo).await?;
    }
    Ok(())
}

/// A job whose cluster is half made, with Docker gone, and its undo asked for.
async fn undone_without_docker(computer: &Computer) -> anyhow::Result<(Headless, Value)> {
    let words = "ERROR: failed to create cluster: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?";
    let made = [act::err(" • Preparing nodes 📦   ..."), act::touch("net"), act::touch("volume"), act::touch("node"), act::touch("down")];
    computer.kind_creates([&made[..], &[act::err(words), act::exit(1)]].concat())?;
    let mut core = computer.core().await?;
    let job = create(&mut core).await?;
    let failed = rests(&mut core, &job).await?;
    let why = &state(&failed)["Failed"]["why"];
    assert!(why["cause"].to_string().contains("Cannot connect to the Docker daemon"), "Docker's own words are quoted: {:#}", failed.rows[0]);
    core.call("undo_job", json!({ "job": job })).await?;
    let view = core.subscribe(json!({ "Job": job })).await?;
    let says = |rows: &Rows| state(rows)["Undoing"]["now"] == "Waits" && rows.rows[0]["row"]["detail"].to_string().contains("Waiting for Docker");
    let waits = core.until(view, "the undo says that it waits for Docker", |rows| !rows.rows.is_empty() && says(rows)).await?;
    assert_ne!(waits.rows[0]["made"], json!([]), "what was half made stays noted");
    assert!(computer.programs.has("node") && computer.programs.has("volume"));
    Ok((core, job))
}

#[tokio::test]
async fn docker_that_stops_while_kind_works_is_quoted_and_the_undo_waits_and_goes_on_by_itself_once_it_is_back() -> anyhow::Result<()> {
    let computer = Computer::with(Pace::Free).await?;
    let (mut core, job) = undone_without_docker(&computer).await?;
    std::fs::remove_file(computer.programs.folder().join("world/down"))?;
    let undone = rests(&mut core, &job).await?;
    assert_eq!(state(&undone), "Undone", "{:#}", undone.rows[0]);
    assert!(computer.is_bare());
    core.end().await
}

#[tokio::test]
async fn an_undo_that_waits_for_docker_can_be_left_and_asked_for_again() -> anyhow::Result<()> {
    let computer = Computer::with(Pace::Free).await?;
    let (mut core, job) = undone_without_docker(&computer).await?;
    core.call("cancel_job", json!({ "job": job })).await?;
    let left = rests(&mut core, &job).await?;
    let why = &state(&left)["UndoFailed"]["why"];
    assert!(why["sentence"].to_string().contains("was left while it waited for Docker"), "{:#}", left.rows[0]);
    assert!(computer.programs.has("node") && computer.programs.has("volume"), "nothing was removed");
    std::fs::remove_file(computer.programs.folder().join("world/down"))?;
    core.call("undo_job", json!({ "job": job })).await?;
    let undone = rests(&mut core, &job).await?;
    assert_eq!(state(&undone), "Undone", "{:#}", undone.rows[0]);
    assert!(computer.is_bare());
    core.end().await
}

#[tokio::test]
async fn at_whichever_line_of_kind_docker_stops_its_words_are_quoted_and_the_job_is_undone_once_it_is_back() -> anyhow::Result<()> {
    let words = "ERROR: failed to create cluster: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?";
    let work = [
        vec![act::err(" • Ensuring node image (kindest/node) 🖼  ...")],
        vec![act::err(" ✓ Ensuring node image (kindest/node) 🖼"), act::touch("net"), act::err(" • Preparing nodes 📦   ...")],
        vec![act::touch("volume"), act::touch("node"), act::err(" ✓ Preparing nodes 📦 "), act::err(" • Writing configuration 📜  ...")],
        vec![act::err(" • Starting control-plane 🕹️  ...")],
        vec![act::err(" • Waiting ≤ 2m0s for control-plane = Ready ⏳  ...")],
    ];
    for lines in 0..=work.len() {
        let computer = Computer::with(Pace::Free).await?;
        let stops = vec![act::touch("down"), act::err(words), act::exit(1)];
        computer.kind_creates([work[..lines].concat(), stops].concat())?;
        let mut core = computer.core().await?;
        let job = create(&mut core).await?;
        let failed = rests(&mut core, &job).await?;
        let why = &state(&failed)["Failed"]["why"];
        assert!(why["cause"].to_string().contains("Cannot connect to the Docker daemon"), "after {lines} lines: {:#}", failed.rows[0]);
        core.call("undo_job", json!({ "job": job })).await?;
        std::fs::remove_file(computer.programs.folder().join("world/down"))?;
        let undone = rests(&mut core, &job).await?;
        assert_eq!(state(&undone), "Undone", "after {lines} lines: {:#}", undone.rows[0]);
        assert!(computer.is_bare(), "after {lines} lines something is left");
        core.end().await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_name_of_a_cluster_that_is_half_made_is_taken_until_its_job_is_undone() -> anyhow::Result<()> {
    let computer = Computer::with(Pace::Free).await?;
    // Before there is a container: only the job knows of the name.
    computer.kind_creates(vec![act::touch("net"), act::err("ERROR: failed to create cluster"), act::exit(1)])?;
    let mut core = computer.core().await?;
    let job = create(&mut core).await?;
    let failed = rests(&mut core, &job).await?;
    assert!(state(&failed).get("Failed").is_some(), "{:#}", failed.rows[0]);
    let taken = |plan: &Value| {
        let all = plan["obstacles"].as_array().cloned().unwrap_or_default();
        all.iter().any(|o| o["field"] == "name" && o["severity"] == "Unusable" && o["why"]["sentence"].to_string().contains("is not removed yet"))
    };
    let (spec, plan) = planned(&mut core, NAME).await?;
    assert!(taken(&plan), "its undo would remove what is made under the name: {plan:#}");
    core.refused("create_management", json!({ "spec": spec, "seen": plan["seen"] })).await?;
    core.call("undo_job", json!({ "job": job })).await?;
    assert_eq!(state(&rests(&mut core, &job).await?), "Undone");
    let (_, plan) = planned(&mut core, NAME).await?;
    assert!(!taken(&plan), "{plan:#}");
    core.end().await
}

#[tokio::test]
async fn a_job_that_stopped_does_not_work_again_beside_another_on_its_cluster() -> anyhow::Result<()> {
    let computer = Computer::with(Pace::Free).await?;
    computer.programs.touch("node")?;
    computer.kind_does(["delete", "cluster"], vec![act::touch("at-0"), act::wait_for("go-0"), act::remove("node")])?;
    let mut core = computer.core().await?;
    // This kind exports nothing.
    let failed = core.call("export_logs", json!({ "name": NAME, "folder": computer.desk.home().join("logs") })).await?;
    let rows = rests(&mut core, &failed).await?;
    assert!(state(&rows).get("Failed").is_some(), "{:#}", rows.rows[0]);
    let plan = core.call("plan_delete", json!({ "name": NAME })).await?;
    let deletion = core.call("delete_cluster", json!({ "name": NAME, "typed": plan["typed"], "seen": plan["seen"] })).await?;
    computer.at_gate(0).await;
    let told = format!("The job “Delete cluster {NAME}” works on {NAME} already.");
    for call in ["retry_job", "undo_job"] {
        assert_eq!(core.refused(call, json!({ "job": failed })).await?["sentence"], *told, "{call}");
    }
    let view = core.subscribe(json!({ "Job": failed })).await?;
    let rows = core.until(view, "the job as it rests", |rows| !rows.rows.is_empty()).await?;
    assert!(state(&rows).get("Failed").is_some(), "it stays as it was: {:#}", rows.rows[0]);
    computer.open_gates()?;
    assert_eq!(state(&rests(&mut core, &deletion).await?), "Done");
    core.call("retry_job", json!({ "job": failed })).await?;
    core.end().await
}

#[tokio::test]
async fn a_plan_says_in_which_docker_it_would_be_made_and_another_one_is_another_plan() -> anyhow::Result<()> {
    let computer = Computer::with(Pace::Free).await?;
    let mut core = computer.core().await?;
    let (spec, plan) = planned(&mut core, NAME).await?;
    assert_eq!(plan["docker"], "unix:///var/run/docker.sock", "{plan:#}");
    let other = "tcp://127.0.0.1:2375";
    computer.docker_is_at(other)?;
    let fault = core.refused("create_management", json!({ "spec": spec, "seen": plan["seen"] })).await?;
    assert_eq!(fault["code"], "Changed", "{fault:#}");
    let (_, plan) = planned(&mut core, NAME).await?;
    assert_eq!(plan["docker"], other, "{plan:#}");
    assert!(computer.calls("kind").iter().all(|call| call.args[0] != "create"), "kind was started");
    core.end().await
}

#[tokio::test]
async fn a_docker_of_another_machine_is_shown_and_nothing_is_begun_in_it() -> anyhow::Result<()> {
    let there = "ssh://jo@elsewhere";
    let computer = Computer::with(Pace::Free).await?;
    computer.docker_is_at(there)?;
    let mut core = computer.core().await?;
    let (spec, plan) = planned(&mut core, NAME).await?;
    assert_eq!(plan["docker"], there, "{plan:#}");
    let all = plan["obstacles"].as_array().cloned().unwrap_or_default();
    assert!(all.iter().any(|o| o["severity"] == "Unusable" && o["why"]["sentence"].to_string().contains(there)), "{plan:#}");
    let fault = core.refused("create_management", json!({ "spec": spec, "seen": plan["seen"] })).await?;
    assert_eq!(fault["code"], "Docker", "{fault:#}");
    assert!(computer.calls("kind").iter().all(|call| call.args[0] != "create"), "kind was started");
    core.end().await
}

#[tokio::test]
async fn a_job_whose_docker_is_another_one_by_now_touches_nothing_until_its_own_is_back() -> anyhow::Result<()> {
    let computer = Computer::with(Pace::Free).await?;
    computer.kind_creates(vec![act::touch("net"), act::touch("volume"), act::touch("node"), act::err("ERROR: failed to create cluster"), act::exit(1)])?;
    let mut core = computer.core().await?;
    let job = create(&mut core).await?;
    let failed = rests(&mut core, &job).await?;
    assert!(state(&failed).get("Failed").is_some(), "{:#}", failed.rows[0]);

    computer.docker_is_at("ssh://jo@elsewhere")?;
    for (call, ended) in [("retry_job", "Failed"), ("undo_job", "UndoFailed")] {
        core.call(call, json!({ "job": job })).await?;
        let rested = rests(&mut core, &job).await?;
        let why = &state(&rested)[ended]["why"];
        assert_eq!(why["code"], "Changed", "{:#}", rested.rows[0]);
        assert_eq!(why["sentence"], "This job works in the Docker at unix:///var/run/docker.sock; docker answers from ssh://jo@elsewhere now.");
        assert_ne!(rested.rows[0]["made"], json!([]), "what was half made stays noted");
    }
    let asked = |verb: &str| computer.calls("kind").iter().filter(|call| call.args[0] == verb).count();
    assert_eq!((asked("create"), asked("delete")), (1, 0));
    assert!(computer.programs.has("node") && computer.programs.has("volume") && computer.programs.has("net"));

    computer.docker_is_at("unix:///var/run/docker.sock")?;
    core.call("undo_job", json!({ "job": job })).await?;
    let undone = rests(&mut core, &job).await?;
    assert_eq!(state(&undone), "Undone", "{:#}", undone.rows[0]);
    assert!(computer.is_bare());
    core.end().await
}

#[tokio::test]
async fn what_kind_made_decides_and_not_how_it_ended() -> anyhow::Result<()> {
    let made = [act::touch("net"), act::touch("volume"), act::touch("node")];
    let garbage = Act::Bytes { side: testkit::Side::Err, bytes: (0..=255).cycle().take(65_536).collect() };
    for (what, before, after) in [("killed", vec![], vec![Act::Die]), ("ends with 1", vec![], vec![act::exit(1)]), ("prints garbage", vec![garbage], vec![])] {
        let computer = Computer::with(Pace::Free).await?;
        computer.kind_creates([&before[..], &made[..], &[computer.kind_made_it()], &after[..]].concat())?;
        let mut core = computer.core().await?;
        let job = create(&mut core).await?;
        let done = rests(&mut core, &job).await?;
        assert_eq!(state(&done), "Done", "a kind that {what} after its work made a cluster: {:#}", done.rows[0]);
        core.end().await?;
    }
    Ok(())
}

/// So many numbered lines are 10 MiB.
const FLOOD: u64 = 1_500_000;
/// Kept line by line they would take more than twice this, with the 20,000 that are kept it is a small part of it.
const ROOM: u64 = 64 << 20;

#[tokio::test]
async fn ten_mebibytes_that_kind_prints_stand_whole_in_the_log_that_is_named_and_not_in_memory() -> anyhow::Result<()> {
    let computer = Computer::with(Pace::Free).await?;
    let flood = Act::Flood { side: testkit::Side::Err, lines: FLOOD };
    computer.kind_creates(vec![flood, act::touch("net"), act::touch("volume"), act::touch("node"), computer.kind_made_it()])?;
    let mut core = computer.core().await?;
    // It has answered, so it has what it needs at rest.
    core.call("check_all", Value::Null).await?;
    let process = Process::numbered(core.pid().unwrap_or_default()).expect("the core runs");
    let before = process.peak();
    let job = create(&mut core).await?;
    let done = rests(&mut core, &job).await?;
    assert_eq!(state(&done), "Done", "{:#}", done.rows[0]);
    let after = process.peak();
    assert!(before > 0 && after < before + ROOM, "a flood made {before} bytes {after}");
    let log = std::fs::read_to_string(done.rows[0]["log_file"].as_str().expect("the log is named"))?;
    let printed = log.lines().filter_map(|line| line.split_once(" | ")?.1.parse::<u64>().ok());
    assert!(printed.eq(1..=FLOOD), "a line of kind is missing in the log, stands twice or out of turn");
    core.end().await
}

#[tokio::test]
async fn a_kind_whose_wait_expired_and_that_ended_well_leaves_the_job_waiting_for_the_nodes() -> anyhow::Result<()> {
    let computer = Computer::with(Pace::Free).await?;
    computer.programs.touch("late")?;
    let made = [act::touch("net"), act::touch("volume"), act::touch("node"), computer.kind_made_it()];
    computer.kind_creates([&made[..], &[act::err(" • WARNING: Timed out waiting for Ready ⚠️"), act::exit(0)]].concat())?;
    let mut core = computer.core().await?;
    let job = create(&mut core).await?;
    let view = core.subscribe(json!({ "Job": job })).await?;
    let all = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let kind_ended = |row: &Value| all(&row["commands"]).iter().any(|run| run["line"].to_string().contains("kind create") && run["exit"] == "exit 0");
    let node_is_late = |row: &Value| all(&row["steps"]).iter().flat_map(|step| all(&step["parts"])).any(|part| part["detail"] == "not Ready");
    let waits = core.until(view, "kind has ended and the node is late", |rows| rows.rows.iter().any(|row| kind_ended(row) && node_is_late(row))).await?;
    assert_eq!(state(&waits), "Running", "the code of kind is neither a success nor a failure: {:#}", waits.rows[0]);
    assert!(computer.calls("clusterctl").iter().all(|call| call.args[0] != "init"), "nothing is installed on a cluster that is not ready");
    std::fs::remove_file(computer.programs.folder().join("world/late"))?;
    let done = rests(&mut core, &job).await?;
    assert_eq!(state(&done), "Done", "{:#}", done.rows[0]);
    core.end().await
}

#[tokio::test]
async fn the_undo_names_its_one_cluster_and_touches_no_other_that_docker_tells_of() -> anyhow::Result<()> {
    let computer = Computer::with(Pace::Free).await?;
    computer.docker_tells_of("other")?;
    // kind deletes nothing, so that the containers have to be removed one by one.
    computer.programs.touch("stuck")?;
    computer.kind_creates(vec![act::touch("net"), act::touch("volume"), act::touch("node"), act::err("ERROR: failed to create cluster"), act::exit(1)])?;
    let mut core = computer.core().await?;
    let job = create(&mut core).await?;
    let failed = rests(&mut core, &job).await?;
    assert!(state(&failed).get("Failed").is_some(), "{:#}", failed.rows[0]);
    core.call("undo_job", json!({ "job": job })).await?;
    let undone = rests(&mut core, &job).await?;
    assert_eq!(state(&undone), "Undone", "{:#}", undone.rows[0]);
    core.end().await?;

    let calls = |program: &str| computer.calls(program).into_iter().map(|call| call.args).collect::<Vec<_>>();
    let deletes: Vec<_> = calls("kind").into_iter().filter(|args| args[0] == "delete").collect();
    let [delete] = deletes.as_slice() else { panic!("kind delete ran {} times: {deletes:?}", deletes.len()) };
    assert_eq!(delete[..5], ["delete", "cluster", "--name", NAME, "--kubeconfig"]);
    let docker = calls("docker");
    let removed: Vec<_> = docker.iter().filter(|args| ["rm", "stop", "kill"].contains(&args[0].as_str())).collect();
    assert_eq!(removed, [&["rm", "-f", "-v", "id-node"]], "only the container with the label of the cluster goes");
    assert!(docker.iter().any(|args| args.contains(&format!("label=io.x-k8s.kind.cluster={NAME}"))), "Docker is asked by the label");
    for args in docker.iter().chain(&calls("kind")) {
        assert!(!args.iter().any(|arg| arg == "--all" || arg == "prune"), "{args:?}");
    }
    assert!(computer.programs.has("net") && !computer.programs.has("node") && !computer.programs.has("volume"), "the network has another cluster on it");
    Ok(())
}

#[tokio::test]
async fn a_kind_that_ends_well_without_a_cluster_is_a_failed_step() -> anyhow::Result<()> {
    let computer = Computer::with(Pace::Free).await?;
    computer.kind_creates(vec![act::err(" • Preparing nodes 📦   ..."), act::err(" ✓ Preparing nodes 📦 ")])?;
    let mut core = computer.core().await?;
    let job = create(&mut core).await?;
    let failed = rests(&mut core, &job).await?;
    assert!(state(&failed).get("Failed").is_some(), "{:#}", failed.rows[0]);
    core.end().await
}

#[tokio::test]
async fn a_job_that_failed_leads_back_to_its_form_and_keeps_its_log_after_a_restart() -> anyhow::Result<()> {
    let computer = Computer::with(Pace::Free).await?;
    computer.kind_creates(vec![act::err("ERROR: failed to create cluster: no room on the shelf"), act::exit(1)])?;
    let mut core = computer.core().await?;
    let job = create(&mut core).await?;
    let failed = rests(&mut core, &job).await?;
    assert!(state(&failed).get("Failed").is_some(), "{:#}", failed.rows[0]);
    let said = core.call("read_form", json!({ "job": job })).await?;
    assert_eq!(said["name"], NAME);
    core.end().await?;

    let mut core = computer.core().await?;
    assert_eq!(core.call("read_form", json!({ "job": job })).await?, said, "as it was filled in");
    let output = core.subscribe(json!({ "JobOutput": job })).await?;
    core.until(output, "what kind said", |rows| rows.rows.iter().any(|row| row.to_string().contains("no room on the shelf"))).await?;
    let plan = core.call("plan_management", json!({ "spec": said })).await?;
    assert!(plan["seen"].is_string(), "it can be planned again: {plan:#}");
    let fault = core.refused("read_form", json!({ "job": "no-such-job" })).await?;
    assert_eq!((&fault["code"], &fault["unharmed"]), (&json!("NotFound"), &json!("Nothing was changed.")));
    core.end().await
}

#[tokio::test]
async fn a_kind_that_hangs_and_does_not_listen_is_ended_by_cancel_and_leaves_nothing() -> anyhow::Result<()> {
    let computer = Computer::with(Pace::Free).await?;
    computer.kind_creates(vec![Act::IgnoreTerm, act::touch("net"), act::touch("volume"), act::touch("node"), act::touch("at-0"), Act::Hang])?;
    let mut core = computer.core().await?;
    let job = create(&mut core).await?;
    computer.at_gate(0).await;
    let kind = computer.calls("kind").into_iter().rfind(|call| call.args[0] == "create").map(|call| call.pid);
    core.call("cancel_job", json!({ "job": job })).await?;
    let undone = rests(&mut core, &job).await?;
    assert_eq!(state(&undone), "Undone", "{:#}", undone.rows[0]);
    assert!(computer.is_bare());
    let left = std::fs::read_to_string(format!("/proc/{}/cmdline", kind.unwrap_or_default())).unwrap_or_default();
    assert!(!left.contains("create"), "kind still runs: {left}");
    core.end().await
}

#[tokio::test]
async fn a_second_core_ends_while_the_first_has_a_job_and_a_later_one_takes_it_up() -> anyhow::Result<()> {
    let computer = Computer::with(Pace::Gated).await?;
    let mut first = computer.core().await?;
    let job = create(&mut first).await?;
    computer.at_gate(0).await;
    assert_eq!(computer.core().await?.ended(LIMIT).await?.code(), Some(1));
    first.kill().await?;
    computer.open_gates()?;
    let mut third = computer.core().await?;
    let stopped = rests(&mut third, &job).await?;
    assert!(state(&stopped).get("Interrupted").is_some(), "{}", state(&stopped));
    third.call("undo_job", json!({ "job": job })).await?;
    assert_eq!(state(&rests(&mut third, &job).await?), "Undone");
    third.end().await
}

#[tokio::test]
async fn a_name_or_port_that_is_taken_or_no_name_is_said_at_its_field_before_anything_starts() -> anyhow::Result<()> {
    let computer = Computer::with(Pace::Free).await?;
    let taken = std::net::TcpListener::bind("127.0.0.1:0")?;
    let mut core = computer.core().await?;
    let obstacle = |plan: &Value, field: &str| {
        let all = plan["obstacles"].as_array().cloned().unwrap_or_default();
        all.into_iter().find(|o| o["field"] == field && o["severity"] == "Unusable").unwrap_or_default()
    };
    for name in ["Upper", "a_b", "-x", ""] {
        let (_, plan) = planned(&mut core, name).await?;
        assert_ne!(obstacle(&plan, "name"), Value::Null, "{name:?} was planned: {plan}");
    }
    let (mut spec, _) = planned(&mut core, NAME).await?;
    spec["api_port"] = json!(taken.local_addr()?.port());
    let plan = core.call("plan_management", json!({ "spec": spec })).await?;
    assert_ne!(obstacle(&plan, "api_port"), Value::Null, "the port is taken: {plan}");
    computer.programs.touch("node")?;
    let (spec, plan) = planned(&mut core, NAME).await?;
    assert_ne!(obstacle(&plan, "name"), Value::Null, "the name is taken: {plan}");
    core.refused("create_management", json!({ "spec": spec, "seen": plan["seen"] })).await?;
    assert!(computer.calls("kind").iter().all(|call| call.args[0] != "create"), "kind was started");
    core.end().await
}
