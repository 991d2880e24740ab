//! kind: from nothing to nodes that are Ready.
//!
//! One program shows several steps. Its exit code decides nothing: an expired wait ends well, a killed kind may have
//! finished, and a kind of an earlier session has no code at all. What counts is containers, `/readyz` and nodes.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::time::Duration;

use api::jobs::{Part, PartState, Tone, Words};
use api::local::{ContainerState, NetworkPlugin, Purpose};
use api::{Fault, FaultCode};
use jobs::{ActContext, Thing};
use serde_json::json;
use tokio::time::{Instant, sleep};
use tools::Program;

use super::evidence::{self, Evidence, Over, containers, foreign, not_ours};
use super::kubeconfig::is_written;
use super::remove;
use crate::World;
use crate::diagnose::{Doing, Said, diagnose};
use crate::look::Inside;
use crate::management::{Order, Step};
use crate::programs::docker::{self, Container};
use crate::programs::kind::{self, KindLine, KindStep};
use crate::run::{Ended, Long, Voice, again, ask, long};

/// What kind does besides `--wait`: a slow disk needs minutes to unpack, kubeadm gives up after 4.
const LIMIT_BESIDES_WAIT: Duration = Duration::from_secs(1_800);
/// Nodes that join after the control plane is Ready get at least this long.
const LEAST_WAIT: Duration = Duration::from_secs(60);
const LOOK_AGAIN: Duration = Duration::from_secs(1);
const QUOTED_LOG_LINES: u32 = 100;
const KUBECONFIG: &str = "Kubeconfig";

pub(in crate::management) async fn done(world: &World, order: &Order) -> Result<Option<Words>, Fault> {
    let found = containers(world, order, Doing::Create(None)).await?;
    if found.is_empty() || foreign(&found, Evidence::of(order).as_ref()).is_some() || !all_run(order, &found) {
        return Ok(None);
    }
    Ok(match nodes(world, order).await {
        Ok((ready, late)) if up(order, &ready, &late) => Some(Words::default().mono(order.name.as_str()).then(" is already running")),
        Ok(_) | Err(_) => None,
    })
}

pub(in crate::management) async fn run(world: &World, order: &Order, cx: &mut ActContext<Step>) -> Result<(), Fault> {
    let stop = cx.cancelled();
    let mut place = None;
    let mut each = |cx: &mut ActContext<Step>, line: &str| hear(cx, order, line, &mut place);
    let mut ended = None;
    for left in cx.processes().to_vec() {
        ended = again(world.programs.as_ref(), &left, &Voice::new(cx), &mut each, &stop).await?;
    }
    if ended.is_some() {
        evidence::sight(world, order, Over::Ended).await;
    } else if !is_finished(world, order, cx).await? {
        clear_ground(world, order, cx).await?;
        note(world, order, cx).await?;
        let args = kind::create(&order.name, &order.config_file(), &order.kubeconfig, order.kind_waits());
        let output = evidence::output(order, cx.attempt());
        let limit = LIMIT_BESIDES_WAIT + Duration::from_secs(order.spec.wait_seconds.into());
        let run = Long { program: Program::Kind, args, env: vec![], output, limit };
        let ran = long(world.programs.as_ref(), run, &Voice::new(cx), &mut each, &stop).await;
        evidence::sight(world, order, if ran.is_ok() { Over::Ended } else { Over::Stopped }).await;
        ended = Some(ran?);
    }
    let seen = tokio::select! {
        () = stop.cancelled() => return Err(Fault::new(FaultCode::Step, format!("The cluster {} was not made: the job was stopped.", order.name))),
        seen = await_nodes(world, order, cx) => seen,
    };
    match seen {
        Ok(()) => finish(world, order, cx).await,
        Err(late) => Err(explain(world, order, cx, place, ended, late).await),
    }
}

/// kind writes the kubeconfig after everything else; so all that is left is to wait for the nodes.
async fn is_finished(world: &World, order: &Order, cx: &ActContext<Step>) -> Result<bool, Fault> {
    if cx.noted().is_empty() || !is_written(&order.kubeconfig) {
        return Ok(false);
    }
    let found = containers(world, order, Doing::Create(None)).await?;
    Ok(foreign(&found, Evidence::of(order).as_ref()).is_none() && all_run(order, &found))
}

/// Takes away what an earlier attempt of this job left half made; anything else of the name is a fault.
async fn clear_ground(world: &World, order: &Order, cx: &mut ActContext<Step>) -> Result<(), Fault> {
    let found = containers(world, order, Doing::Create(None)).await?;
    if !found.is_empty() {
        let evidence = if cx.noted().is_empty() { None } else { Evidence::of(order) };
        if let Some(container) = foreign(&found, evidence.as_ref()) {
            return Err(not_ours(order, container));
        }
        cx.output(Tone::Ours, "What the last attempt left half made is removed first.");
        remove::containers_of(world, order, cx).await?;
    }
    // kind leaves the file, and its entry when it could not write it: that would be taken for the end of its work.
    if cx.noted().iter().any(|noted| noted.thing.kind == KUBECONFIG) {
        remove::remove_file(&order.kubeconfig)?;
    }
    Ok(())
}

/// Writes down what is about to be made, then the configuration, which is the job's claim to it.
async fn note(world: &World, order: &Order, cx: &mut ActContext<Step>) -> Result<(), Fault> {
    let networks = crate::run::docker(world.programs.as_ref(), docker::network_names(), Doing::Create(None), order.name.as_str()).await?;
    if !networks.lines().any(|n| n.trim() == docker::NETWORK) {
        cx.intent(Thing::new("Network", docker::NETWORK)).await?;
    }
    cx.intent(Thing::new(KUBECONFIG, order.kubeconfig.display().to_string())).await?;
    cx.intent(Thing::new("Cluster", order.name.as_str()).with(json!({ "image": order.image }))).await?;
    prepare_folder(order)?;
    // It tells of an earlier attempt, of which nothing is there any more.
    remove::remove_file(&order.containers_file())?;
    // kind would make it too, but for others to look into.
    let kubeconfigs = order.kubeconfig.parent().unwrap_or(Path::new("/"));
    private_folder(kubeconfigs)?;
    write_private(&order.config_file(), order.config.as_bytes())
}

/// Makes the job's folder, for this user alone.
pub(in crate::management) fn prepare_folder(order: &Order) -> Result<(), Fault> {
    private_folder(&order.folder)
}

fn private_folder(folder: &Path) -> Result<(), Fault> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|e| not_written(folder, &e))
}

/// Writes a new file for this user alone; an old one is replaced whole, a link is never followed.
pub(in crate::management) fn write_private(file: &Path, bytes: &[u8]) -> Result<(), Fault> {
    let fresh = file.with_extension("new");
    let write = || {
        match fs::remove_file(&fresh) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e),
            Ok(()) | Err(_) => {}
        }
        let mut open = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh)?;
        open.write_all(bytes)?;
        open.sync_all()?;
        fs::rename(&fresh, file)
    };
    write().map_err(|e| not_written(file, &e))
}

fn not_written(file: &Path, cause: &std::io::Error) -> Fault {
    Fault::new(FaultCode::Write, format!("{} was not written.", file.display())).because("operating system", cause.to_string())
}

fn hear(cx: &mut ActContext<Step>, order: &Order, line: &str, place: &mut Option<KindStep>) {
    match kind::read(line) {
        KindLine::Began(step) => {
            *place = Some(step);
            cx.step_started(&shown(step, order));
        }
        KindLine::TimedOutWaiting => cx.output(Tone::Ours, "kind stopped waiting; KOS looks at the nodes itself."),
        KindLine::Did(_)
        | KindLine::Failed(_)
        | KindLine::Ready
        | KindLine::DeletedNodes(_)
        | KindLine::Error(_)
        | KindLine::CommandOutput(_)
        | KindLine::Other => {}
    }
}

fn shown(step: KindStep, order: &Order) -> Step {
    match step {
        KindStep::EnsureImage | KindStep::PrepareNodes => Step::StartNodes,
        KindStep::LoadBalancer => Step::BalanceLoad,
        KindStep::WriteConfiguration | KindStep::StartControlPlane => Step::StartControlPlane,
        KindStep::InstallNetwork | KindStep::InstallStorage => Step::AddNetwork,
        KindStep::JoinControlPlanes | KindStep::JoinWorkers => Step::JoinNodes,
        KindStep::WaitReady => last_step(order),
    }
}

fn last_step(order: &Order) -> Step {
    if order.nodes() > 1 { Step::JoinNodes } else { Step::AddNetwork }
}

fn all_run(order: &Order, found: &[Container]) -> bool {
    found.len() == order.containers() && found.iter().all(|c| c.state == ContainerState::Running)
}

async fn nodes(world: &World, order: &Order) -> Result<(Vec<String>, Vec<String>), String> {
    let client = world.clients.client(&order.kubeconfig, &order.name.context()).await.map_err(|f| f.sentence)?;
    let inside = Inside::new(client);
    inside.ready().await.map_err(|e| e.said())?;
    inside.nodes().await.map_err(|e| e.said())
}

/// Waits until every node is Ready, as long as there is something to wait for.
///
/// Errors: what was seen last.
async fn await_nodes(world: &World, order: &Order, cx: &mut ActContext<Step>) -> Result<(), Said> {
    let until = Instant::now() + LEAST_WAIT.max(Duration::from_secs(order.spec.wait_seconds.into()));
    loop {
        let found = containers(world, order, Doing::Create(None)).await.map_err(|f| quoted(&f))?;
        if !all_run(order, &found) || !is_written(&order.kubeconfig) {
            let running = found.iter().filter(|c| c.state == ContainerState::Running).count();
            return Err(Said::new("docker", format!("{running} of {} containers run.", order.containers())));
        }
        let last = match nodes(world, order).await {
            Ok((ready, late)) => {
                show(cx, &ready, &late);
                if up(order, &ready, &late) {
                    return Ok(());
                }
                Said::new(order.name.as_str(), format!("{} of {} nodes are Ready.", ready.len(), order.nodes()))
            }
            Err(said) => Said::new(order.name.as_str(), said),
        };
        if Instant::now() >= until {
            return Err(last);
        }
        sleep(LOOK_AGAIN).await;
    }
}

/// Nodes without a network register and are not Ready.
fn up(order: &Order, ready: &[String], late: &[String]) -> bool {
    match order.spec.network {
        NetworkPlugin::Kindnet => late.is_empty() && ready.len() == order.nodes(),
        NetworkPlugin::NotInstalled => ready.len() + late.len() == order.nodes(),
    }
}

fn show(cx: &mut ActContext<Step>, ready: &[String], late: &[String]) {
    let part = |name: &String, state, detail: &str| Part { name: name.clone(), state, detail: detail.to_owned(), count: String::new() };
    let late = late.iter().map(|n| part(n, PartState::Working, "not Ready"));
    cx.parts(ready.iter().map(|n| part(n, PartState::Ready, "")).chain(late).collect());
}

fn quoted(fault: &Fault) -> Said {
    fault.cause.first().map_or_else(|| Said::new("KOS", &fault.sentence), |q| Said::new(&q.source, &q.text))
}

async fn finish(world: &World, order: &Order, cx: &mut ActContext<Step>) -> Result<(), Fault> {
    for noted in cx.noted().to_vec() {
        cx.made(noted.note()).await?;
    }
    for container in containers(world, order, Doing::Create(None)).await? {
        cx.made_also(Thing::new("Container", container.name));
    }
    cx.step_started(&last_step(order));
    match order.spec.network {
        NetworkPlugin::Kindnet => cx.step_detail(Words::said("kindnet and the default StorageClass")),
        NetworkPlugin::NotInstalled => {
            let apply = format!("kubectl --kubeconfig {} apply -f …", order.kubeconfig.display());
            cx.output(Tone::Ours, &format!("No network plug-in was installed, as you chose. No pod starts before you install one: {apply}"));
            if order.spec.purpose == Purpose::Manages {
                cx.output(Tone::Ours, &format!("Then install Cluster API: {}", super::super::view::init_command(order)));
            }
            cx.step_detail(Words::said("the default StorageClass; a network plug-in is yours to install"));
        }
    }
    Ok(())
}

/// Collects what kind, the containers and the kubelets said, while they are still there.
async fn explain(world: &World, order: &Order, cx: &mut ActContext<Step>, place: Option<KindStep>, ended: Option<Ended>, late: Said) -> Fault {
    let mut said = ended.map(|e| e.lines.said("kind")).unwrap_or_default();
    let found = containers(world, order, Doing::Create(place)).await;
    if let Err(fault) = &found {
        said.push(quoted(fault));
    }
    for container in found.iter().flatten() {
        said.extend(container_log(world, container).await);
    }
    if found.is_ok_and(|f| !f.is_empty()) {
        said.extend(exported(world, order, cx).await);
    }
    said.push(late);
    diagnose(Doing::Create(place), &said, &order.about())
}

async fn container_log(world: &World, container: &Container) -> Vec<Said> {
    let asked = ask(world.programs.as_ref(), Program::Docker, docker::logs(&container.name, QUOTED_LOG_LINES), Default::default()).await;
    let Ok(exit) = asked else { return vec![] };
    let source = format!("container {}", container.name);
    exit.tail.iter().map(|line| Said::new(&source, line)).collect()
}

/// Keeps the logs in the job's folder, and gives the last errors of the kubelets.
async fn exported(world: &World, order: &Order, cx: &mut ActContext<Step>) -> Vec<Said> {
    let output = order.folder.join(format!("kind-export-{}.log", cx.attempt()));
    let run = Long { program: Program::Kind, args: kind::export_logs(&order.name, &order.logs()), env: vec![], output, limit: Duration::from_secs(120) };
    let stop = cx.cancelled();
    let Ok(ended) = long(world.programs.as_ref(), run, &Voice::new(cx), &mut |_, _| {}, &stop).await else { return vec![] };
    if ended.kind_did_it() {
        cx.output(Tone::Ours, &format!("The logs are kept in {}.", order.logs().display()));
    }
    let nodes = fs::read_dir(order.logs()).into_iter().flatten().flatten();
    nodes.flat_map(|node| kubelet_errors(&node.path())).collect()
}

fn kubelet_errors(node: &Path) -> Vec<Said> {
    const QUOTED: usize = 20;
    let Ok(text) = fs::read_to_string(node.join("kubelet.log")) else { return vec![] };
    let source = format!("kubelet of {}", node.file_name().unwrap_or_default().to_string_lossy());
    let is_error = |line: &&str| line.contains("\"command failed\"") || line.contains("] E") || line.contains(": E") || line.contains("cgroup v1");
    let errors: Vec<&str> = text.lines().filter(is_error).collect();
    errors.iter().skip(errors.len().saturating_sub(QUOTED)).map(|line| Said::new(&source, *line)).collect()
}
