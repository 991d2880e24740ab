//! Does the main job survive whatever happens to Docker, kind and KOS itself?

use serde_json::{Value, json};
use testkit::{Act, act};
use tests::computer::{Computer, LAST_GATE, LIMIT, NAME, Pace, create, planned, rests, state};

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
    let resting = |value: &Value| value != "Running" && value != "Undoing" && value.get("Interrupted").is_none();
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

#[tokio::test]
async fn docker_that_stops_while_kind_works_is_quoted_and_the_undo_works_once_it_is_back() -> anyhow::Result<()> {
    let computer = Computer::with(Pace::Free).await?;
    let words = "ERROR: failed to create cluster: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?";
    let made = [act::err(" • Preparing nodes 📦   ..."), act::touch("net"), act::touch("volume"), act::touch("node"), act::touch("down")];
    computer.kind_creates([&made[..], &[act::err(words), act::exit(1)]].concat())?;
    let mut core = computer.core().await?;
    let job = create(&mut core).await?;
    let failed = rests(&mut core, &job).await?;
    let why = &state(&failed)["Failed"]["why"];
    assert!(why["cause"].to_string().contains("Cannot connect to the Docker daemon"), "Docker's own words are quoted: {:#}", failed.rows[0]);
    std::fs::remove_file(computer.programs.folder().join("world/down"))?;
    core.call("undo_job", json!({ "job": job })).await?;
    let undone = rests(&mut core, &job).await?;
    assert_eq!(state(&undone), "Undone", "{:#}", undone.rows[0]);
    assert!(computer.is_bare());
    core.end().await
}

#[tokio::test]
async fn what_kind_made_decides_and_not_how_it_ended() -> anyhow::Result<()> {
    let made = [act::touch("net"), act::touch("volume"), act::touch("node")];
    let flood = Act::Flood { side: testkit::Side::Err, lines: 1_500_000 };
    let garbage = Act::Bytes { side: testkit::Side::Err, bytes: (0..=255).cycle().take(65_536).collect() };
    for (what, before, after) in [
        ("killed", vec![], vec![Act::Die]),
        ("ends with 1", vec![], vec![act::exit(1)]),
        ("floods", vec![flood], vec![]),
        ("prints garbage", vec![garbage], vec![]),
    ] {
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
