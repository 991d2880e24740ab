//! Docker stops while the real kind makes a cluster, and comes back.

use serde_json::{Value, json};
use tests::headless::Rows;
use tests::relay::Relay;
use tests::{Desk, Headless, lab};

use crate::management::{Removed, core_with, desk, ended, follow, start, state, suggested};

const NAME: &str = "kos-live-stops";
/// With each of these kind begins a step. Some steps take milliseconds: Docker may stop in the one after it.
const STEPS: [&str; 7] =
    ["Ensuring node image", "Preparing nodes", "Writing configuration", "Starting control-plane", "Installing CNI", "Installing StorageClass", "Waiting"];
/// How docker says that nobody answers, or that whoever did has gone.
const WORDS: [&str; 3] = ["Cannot connect to the Docker daemon", "failed to connect to the docker API", "error during connect"];
/// kind goes on asking for its node to the end of its wait, whatever docker says.
const WAIT_SECONDS: u32 = 20;

/// Whether a plan says that there is or will be such a cluster already.
async fn is_taken(core: &mut Headless, spec: &Value) -> anyhow::Result<bool> {
    let plan = core.call("plan_management", json!({ "spec": spec })).await?;
    Ok(plan["obstacles"].as_array().into_iter().flatten().any(|o| o["field"] == "name" && o["severity"] == "Unusable"))
}

async fn stops_at(step: &str, core: &mut Headless, docker: &mut Relay, desk: &Desk) -> anyhow::Result<()> {
    let mut spec = suggested(core, NAME).await?;
    spec["wait_seconds"] = json!(WAIT_SECONDS);
    let job = start(core, &spec).await?;
    let output = core.subscribe(json!({ "JobOutput": job })).await?;
    let line = format!("• {step}");
    let is_said = |rows: &Rows| rows.rows.iter().any(|row| row["text"].as_str().is_some_and(|text| text.contains(&line)));
    core.until(output, step, is_said).await?;
    docker.stop().await?;

    let view = follow(core, &job).await?;
    let failed = core.until(view, "the job ends", ended).await?;
    let why = &state(&failed)["Failed"]["why"];
    let quoted = why["cause"].to_string();
    assert!(why["code"] == "Docker" && WORDS.iter().any(|words| quoted.contains(words)), "docker is quoted, stopped at {step}: {:#}", failed.rows[0]);
    assert!(is_taken(core, &spec).await?, "its undo would remove what is made under the name, stopped at {step}");
    core.call("undo_job", json!({ "job": job })).await?;
    let waits = |rows: &Rows| state(rows)["Undoing"]["now"] == "Waits" && rows.rows[0]["row"]["detail"].to_string().contains("Waiting for Docker");
    core.until(view, "the undo says that it waits for Docker", waits).await?;

    docker.start()?;
    let undone = core.until(view, "the undo ends", ended).await?;
    assert_eq!(state(&undone), "Undone", "stopped at {step}: {:#}", undone.rows[0]);
    assert_eq!(lab::containers(NAME)?, Vec::<String>::new(), "stopped at {step}");
    let kubeconfigs: Vec<_> = desk.bytes(".local/share/kos/kubeconfigs").into_keys().collect();
    assert!(kubeconfigs.is_empty(), "stopped at {step}: {kubeconfigs:?}");
    assert!(!is_taken(core, &spec).await?, "the name is free, stopped at {step}");
    Ok(())
}

#[tokio::test]
async fn at_each_step_of_the_real_kind_docker_stops_and_nothing_stays_once_it_is_back() -> anyhow::Result<()> {
    let _removed = Removed(&[NAME]);
    let desk = desk(&[NAME])?;
    let mut docker = Relay::before_docker(desk.home().join("docker.sock"))?;
    let mut core = core_with(&desk, &[("DOCKER_HOST", docker.address().as_str())]).await?;
    for step in STEPS {
        stops_at(step, &mut core, &mut docker, &desk).await?;
    }
    core.end().await
}
