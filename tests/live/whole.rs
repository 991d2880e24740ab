//! The whole way as one job on the real Docker: killed at every step, continued, used, and taken away.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::lab::{self, Server};
use tests::{Desk, Headless};

use crate::journal::{Journal, Next, Point};
use crate::made::{Made, in_docker};
use crate::management::{Removed, core, desk, ended, follow, remove, state};
use crate::page::is_as_asked;

const MANAGEMENT: &str = "kos-live-f";
const WORKLOAD: &str = "kos-live-y";
const KUBECONFIGS: &str = ".local/share/kos/kubeconfigs";

/// Plans both clusters with what the machine suggests, and starts the one job.
pub(crate) async fn create(core: &mut Headless, management: &str, workload: &str) -> anyhow::Result<Value> {
    let suggestion = core.call("suggest_management", Value::Null).await?;
    let image = suggestion["images"].as_array().into_iter().flatten().find(|image| image["is"]["Here"].is_object());
    let kubernetes = image.map(|image| image["kubernetes"].clone()).ok_or_else(|| anyhow::anyhow!("no node image is here: {suggestion}"))?;
    let (mut spec, mut form) = (suggestion["spec"].clone(), suggestion["workload"].clone());
    (spec["name"], spec["kubernetes"]) = (json!(management), kubernetes.clone());
    (form["name"], form["version"]) = (json!(workload), kubernetes);
    spec["workload"] = form;
    let plan = core.call("plan_management", json!({ "spec": spec })).await?;
    assert!(plan["obstacles"].as_array().is_some_and(|all| all.iter().all(|one| one["severity"] != "Unusable")), "{plan:#}");
    core.call("create_management", json!({ "spec": spec, "seen": plan["seen"] })).await
}

/// Starts anew after a power loss, finds the job interrupted and goes on.
async fn continued(desk: &Desk, job: &Value) -> anyhow::Result<Headless> {
    let mut core = Headless::start(desk, &[]).await?;
    let view = follow(&mut core, job).await?;
    core.until(view, "interrupted", |rows| state(rows).get("Interrupted").is_some()).await?;
    core.call("continue_job", json!({ "job": job })).await?;
    Ok(core)
}

/// Kills KOS each time an act, a step, a program or a thing that is made begins for the first time, and goes on, until the
/// job is done.
async fn killed_at_every_step(mut core: Headless, desk: &Desk, job: &Value, made: &mut Made) -> anyhow::Result<Headless> {
    let journal = Journal::of(desk, job)?;
    let mut killed_at = BTreeSet::new();
    while let Next::Begun(point) = journal.next(&killed_at).await? {
        core.kill().await?;
        killed_at.insert(point);
        made.look()?;
        core = continued(desk, job).await?;
    }
    let missed: Vec<Point> = journal.points()?.difference(&killed_at).cloned().collect();
    assert_eq!(missed, [], "KOS was killed at {killed_at:?}");
    eprintln!("killed at {} moments of the whole way", killed_at.len());
    Ok(core)
}

async fn context(core: &mut Headless, name: &str) -> anyhow::Result<Value> {
    let contexts = core.subscribe(json!("Contexts")).await?;
    let rows = core.until(contexts, name, |rows| rows.rows.iter().any(|row| row["name"] == *name)).await?;
    Ok(rows.rows.iter().find(|row| row["name"] == *name).map(|row| row["id"].clone()).unwrap_or_default())
}

/// Names of the kubeconfigs that KOS keeps.
fn kept(desk: &Desk) -> Vec<String> {
    let all = desk.bytes(KUBECONFIGS).into_keys();
    all.filter_map(|path| path.file_name().map(|name| name.to_string_lossy().into_owned())).collect()
}

#[tokio::test]
async fn the_whole_way_killed_at_every_step_is_continued_makes_nothing_twice_and_leaves_nothing() -> anyhow::Result<()> {
    let _removed = Removed(&[WORKLOAD, MANAGEMENT]);
    let desk = desk(&[WORKLOAD, MANAGEMENT])?;
    let before = in_docker()?;
    let mut core = core(&desk).await?;
    let job = create(&mut core, MANAGEMENT, WORKLOAD).await?;
    let kubeconfig = desk.home().join(KUBECONFIGS).join(format!("kind-{MANAGEMENT}.yaml"));
    let mut made = Made::new(vec![MANAGEMENT, WORKLOAD], kubeconfig);
    let mut core = killed_at_every_step(core, &desk, &job, &mut made).await?;
    let view = follow(&mut core, &job).await?;
    let done = core.until(view, "the job ends", ended).await?;
    assert_eq!(state(&done), "Done", "{:#}", done.rows[0]);
    let (seen, all) = made.look_at_all()?;
    assert!(seen > 40, "{seen} things were seen between kills, and there are {all}");
    assert_eq!(lab::containers(MANAGEMENT)?, [format!("{MANAGEMENT}-control-plane")]);
    assert_eq!(lab::containers(WORKLOAD)?.len(), 3, "one load balancer, two machines: {:?}", lab::containers(WORKLOAD)?);
    assert_eq!(kept(&desk), [format!("kind-{MANAGEMENT}.yaml"), format!("{WORKLOAD}.default.kind-{MANAGEMENT}.yaml")]);

    let workload = context(&mut core, WORKLOAD).await?;
    core.call("open_context", json!({ "context": workload })).await?;
    let file = workload.as_str().and_then(|id| id.split_once('#')).map(|(file, _)| file.to_owned()).unwrap_or_default();
    let server = Server::at(file.into());
    let ready = server.kubectl(&["get", "nodes", "-o", "jsonpath={.items[*].status.conditions[?(@.type=='Ready')].status}"])?;
    assert_eq!(ready, "True True");
    let pods = core.subscribe(json!({ "Table": { "context": workload, "kind": "Pods", "namespace": "default" } })).await?;
    server.kubectl(&["run", "seen-by-kos", "--image=kos.dev/none", "--restart=Never"])?;
    core.until(pods, "the pod of kubectl", |rows| rows.rows.iter().any(|row| row["Pod"]["name"] == "seen-by-kos")).await?;

    let manager = context(&mut core, &format!("kind-{MANAGEMENT}")).await?;
    core.call("open_context", json!({ "context": manager })).await?;
    let at = json!({ "context": manager, "namespace": "default", "name": WORKLOAD });
    let page = core.subscribe(json!({ "Cluster": at })).await?;
    core.until(page, "1 of 1 and 1 of 1", |rows| is_as_asked(rows, 1, 1)).await?;
    let change = json!({ "Scale": { "control_plane": 1, "pools": [{ "pool": "md-0", "to": 2 }] } });
    let plan = core.call("plan_change", json!({ "at": at, "change": change })).await?;
    core.call("apply_change", json!({ "at": at, "change": change, "digest": plan["digest"], "typed": "" })).await?;
    core.until(page, "1 of 1 and 2 of 2", |rows| is_as_asked(rows, 1, 2)).await?;

    let plan = core.call("plan_change", json!({ "at": at, "change": "Delete" })).await?;
    core.call("apply_change", json!({ "at": at, "change": "Delete", "digest": plan["digest"], "typed": WORKLOAD })).await?;
    core.until(page, "its page is empty", |rows| rows.rows.is_empty()).await?;
    assert_eq!(lab::containers(WORKLOAD)?, Vec::<String>::new());
    remove(&mut core, MANAGEMENT).await?;
    // kind makes a network for all its clusters, and never removes it.
    let left: Vec<String> = in_docker()?.difference(&before).filter(|name| *name != "network kind").cloned().collect();
    assert_eq!(left, Vec::<String>::new());
    core.end().await
}
