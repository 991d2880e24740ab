//! How does the simulated kind make, list and delete clusters?

use std::time::Duration;

use super::arguments::Arguments;
use super::kind_grammar::{self as grammar, Network, Plan};
use super::run::{DockerGone, NO_DAEMON, Run};
use crate::containers::{Daemon, State};
use crate::failure::{Failure, Step};
use crate::machine::Cgroup;
use crate::objects::{NodeSpec, node, stamp};

/// What kind 0.32 takes when nobody names an image.
const DEFAULT_IMAGE: &str = "kindest/node:v1.36.1";

pub(crate) async fn kind(run: &mut Run<'_>) -> i32 {
    let arguments = run.arguments();
    if matches!(arguments.word(0), "version") {
        run.out(if arguments.has("-q") { "0.32.0" } else { "kind v0.32.0 go1.26.8 linux/amd64" });
        return 0;
    }
    run.wait(Duration::from_millis(60)).await;
    if run.world().things().docker.daemon == Daemon::Stopped {
        run.err("ERROR: failed to list clusters: command \"docker ps -a --filter label=io.x-k8s.kind.cluster --format '{{.Label \"io.x-k8s.kind.cluster\"}}'\" failed with error: exit status 1");
        run.err("");
        run.err(&format!("Command Output: {NO_DAEMON}"));
        return 1;
    }
    let name = arguments.either("--name", "-n").unwrap_or("kind").to_owned();
    match (arguments.word(0), arguments.word(1)) {
        ("create", "cluster") => create(run, &arguments).await,
        ("delete", "cluster") => delete(run, &name, arguments.value("--kubeconfig")).await,
        ("get", "clusters") => {
            let mut names: Vec<String> = run.world().things().docker.of_kind().map(|one| one.cluster.clone()).collect();
            names.sort();
            names.dedup();
            listed(run, &names, "No kind clusters found.")
        }
        ("get", "nodes") => {
            let nodes: Vec<String> = run.world().things().docker.of_cluster(&name).map(|one| one.name.clone()).collect();
            listed(run, &nodes, &format!("No kind nodes found for cluster \"{name}\"."))
        }
        ("get", "kubeconfig") => {
            let port = port_of(run, &name);
            match port {
                Some(port) => {
                    grammar::kubeconfig(&name, port).lines().for_each(|line| run.out(line));
                    0
                }
                None => {
                    run.err(&format!(
                        "ERROR: could not locate any control plane nodes for cluster named '{name}'. Use the --name option to select a different cluster"
                    ));
                    1
                }
            }
        }
        ("export", "logs") => export_logs(run, &name, arguments.word(2)),
        _ => {
            run.err("ERROR: unknown command for \"kind\"");
            1
        }
    }
}

fn listed(run: &mut Run<'_>, names: &[String], none: &str) -> i32 {
    if names.is_empty() {
        run.err(none);
    }
    names.iter().for_each(|name| run.out(name));
    0
}

fn port_of(run: &Run<'_>, name: &str) -> Option<u16> {
    run.world().things().docker.of_cluster(name).find_map(|one| one.host_port)
}

async fn create(run: &mut Run<'_>, arguments: &Arguments) -> i32 {
    if run.world().machine().cgroup == Cgroup::V1 {
        run.err(grammar::CGROUP_V1);
    }
    let plan = match Plan::read(arguments, DEFAULT_IMAGE) {
        Ok(plan) => plan,
        Err(why) => return fail(run, &why),
    };
    if run.world().things().docker.of_cluster(&plan.name).next().is_some() {
        return fail(run, &format!("node(s) already exist for a cluster with the name \"{}\"", plan.name));
    }
    match steps(run, &plan).await {
        Ok(()) => {
            grammar::farewell(&plan).iter().for_each(|line| run.err(line));
            0
        }
        Err(Broken { status, why, output }) => {
            run.err(&format!(" ✗ {status}"));
            if !plan.retain {
                let nodes: Vec<String> = run.world().things().docker.of_cluster(&plan.name).map(|one| one.name.clone()).collect();
                run.world().things().remove_cluster(&plan.name);
                if !nodes.is_empty() {
                    run.err(&grammar::deleted_nodes(&nodes));
                }
            }
            let code = fail(run, &why);
            if !output.is_empty() {
                run.err("");
                format!("Command Output: {output}").lines().for_each(|line| run.err(line));
            }
            code
        }
    }
}

fn fail(run: &mut Run<'_>, why: &str) -> i32 {
    run.err(&format!("ERROR: failed to create cluster: {why}"));
    1
}

struct Broken {
    status: String,
    why: String,
    output: String,
}

async fn step(run: &mut Run<'_>, step: Step, status: &str, span: Duration) -> Result<(), Broken> {
    run.err(&format!(" • {status}  ..."));
    run.work(step, span).await.map_err(|DockerGone| Broken {
        status: status.into(),
        why: "command \"docker exec --privileged\" failed with error: exit status 1".into(),
        output: NO_DAEMON.into(),
    })
}

fn done(run: &mut Run<'_>, status: &str) {
    run.err(&format!(" ✓ {status}"));
}

async fn steps(run: &mut Run<'_>, plan: &Plan) -> Result<(), Broken> {
    run.err(&format!("Creating cluster \"{}\" ...", plan.name));
    let here = run.world().things().docker.images.contains_key(&plan.image);
    let status = format!("Ensuring node image ({}) 🖼️", plan.image.split('@').next().unwrap_or_default());
    let pull = if run.world().takes(|one| *one == Failure::ImagePull).is_some() { Some(Duration::from_secs(10)) } else { None };
    step(run, Step::EnsureImage, &status, pull.unwrap_or(if here { Duration::from_millis(600) } else { Duration::from_secs(69) })).await?;
    if pull.is_some() {
        let command = format!("docker pull {}", plan.image);
        let why = format!("failed to pull image \"{}\": command \"{command}\" failed with error: exit status 1", plan.image);
        return Err(Broken { status, why, output: grammar::NO_REGISTRY.into() });
    }
    run.world().things().docker.images.entry(plan.image.clone()).or_insert(crate::containers::NODE_IMAGE);
    done(run, &status);

    let status = format!("Preparing nodes {}", "📦 ".repeat(plan.control_planes + plan.workers));
    prepare(run, plan, &status).await?;
    done(run, &status);
    if plan.control_planes > 1 {
        step(run, Step::PrepareNodes, "Configuring the external load balancer ⚖️", Duration::from_secs(1)).await?;
        done(run, "Configuring the external load balancer ⚖️");
    }
    step(run, Step::WriteConfiguration, "Writing configuration 📜", Duration::from_secs(1)).await?;
    done(run, "Writing configuration 📜");
    let status = "Starting control-plane 🕹️";
    let sick = run.world().takes(|one| *one == Failure::KubeadmFails).is_some();
    step(run, Step::StartControlPlane, status, Duration::from_secs(if sick { 245 } else { 31 })).await?;
    if sick {
        let node = format!("{}-control-plane", plan.name);
        return Err(Broken { status: status.into(), why: grammar::kubeadm_failed(&node), output: grammar::KUBELET_SICK.into() });
    }
    done(run, status);
    let cni = (plan.network == Network::Kindnet).then_some((Step::InstallCni, "Installing CNI 🔌", 3_000));
    for (at, status, millis) in cni.into_iter().chain([(Step::InstallStorageClass, "Installing StorageClass 💾", 1_000)]) {
        step(run, at, status, Duration::from_millis(millis)).await?;
        done(run, status);
    }
    populate(run, plan);
    for (more, status) in [(plan.control_planes > 1, "Joining more control-plane nodes 🎮"), (plan.workers > 0, "Joining worker nodes 🚜")] {
        if more {
            step(run, Step::JoinWorkers, status, Duration::from_secs(7)).await?;
            done(run, status);
        }
    }
    wait_ready(run, plan).await?;
    if run.world().takes(|one| *one == Failure::KubeconfigLocked).is_some() {
        let why = "failed to lock config file: open config.lock: file exists".to_owned();
        return Err(Broken { status: "Exporting kubeconfig".into(), why, output: String::new() });
    }
    write_kubeconfig(run, plan)
}

async fn prepare(run: &mut Run<'_>, plan: &Plan, status: &str) -> Result<(), Broken> {
    step(run, Step::PrepareNodes, status, Duration::from_secs(6)).await?;
    let taken = run.world().takes(|one| matches!(one, Failure::PortTaken { .. }));
    if let Some(Failure::PortTaken { port }) = taken {
        let (why, output) = grammar::port_taken(&plan.name, port);
        return Err(Broken { status: status.into(), why, output });
    }
    let now = run.world().clock().now();
    let exhausted = run.world().takes(|one| *one == Failure::InotifyExhausted).is_some();
    {
        let mut things = run.world().things();
        let port = plan.port.unwrap_or(things.next_port);
        things.next_port += 1;
        for (at, (name, role)) in plan.nodes().into_iter().enumerate() {
            things.docker.add(&name, &plan.name, role, &plan.image, (at == 0).then_some(port), now);
            if let Some(container) = things.docker.containers.get_mut(&name).filter(|_| exhausted) {
                container.state = State::Exited(255);
                container.finished = Some(now);
                container.log = grammar::NO_INOTIFY.into();
            }
        }
        if exhausted {
            drop(things);
        } else {
            drop(things);
            run.world().add_cluster(&plan.name, plan.version(), &format!("https://127.0.0.1:{port}"));
        }
    }
    if exhausted {
        run.wait(Duration::from_secs(30)).await;
        return Err(Broken { status: status.into(), why: grammar::NO_LOG_LINE.into(), output: String::new() });
    }
    Ok(())
}

/// The nodes register; they become Ready when the network does.
fn populate(run: &Run<'_>, plan: &Plan) {
    let world = run.world();
    let Some(cluster) = world.cluster(&plan.name) else { return };
    let created = stamp(world.clock().now());
    let nodes: Vec<_> = {
        let things = world.things();
        let address = |name: &str| things.docker.find(name).map_or_else(|_| String::new(), |one| one.address.clone());
        plan.nodes()
            .into_iter()
            .filter(|(_, role)| *role != "external-load-balancer")
            .map(|(name, role)| {
                let roles: &[&str] = if role == "control-plane" { &["control-plane"] } else { &[] };
                let address = address(&name);
                let os = "Debian GNU/Linux 13 (trixie)";
                node(&NodeSpec {
                    name: &name,
                    roles,
                    version: plan.version(),
                    address: &address,
                    os,
                    created: &created,
                    ready: plan.network == Network::Kindnet,
                })
            })
            .collect()
    };
    cluster.write(|store| nodes.into_iter().for_each(|node| crate::objects::place(store, node)));
}

async fn wait_ready(run: &mut Run<'_>, plan: &Plan) -> Result<(), Broken> {
    const NEEDED: Duration = Duration::from_secs(5);
    if plan.wait.is_zero() {
        return Ok(());
    }
    let status = format!("Waiting ≤ {} for control-plane = Ready ⏳", grammar::go_duration(plan.wait));
    step(run, Step::WaitForReady, &status, plan.wait.min(NEEDED)).await?;
    if plan.wait < NEEDED {
        run.err(&format!(" ✗ {status}"));
        run.err(" • WARNING: Timed out waiting for Ready ⚠️");
    } else {
        done(run, &status);
        run.err(" • Ready after 5s 💚");
    }
    Ok(())
}

fn write_kubeconfig(run: &mut Run<'_>, plan: &Plan) -> Result<(), Broken> {
    let Some(path) = &plan.kubeconfig else { return Ok(()) };
    let port = port_of(run, &plan.name).unwrap_or_default();
    std::fs::write(path, grammar::kubeconfig(&plan.name, port)).map_err(|cause| Broken {
        status: "Exporting kubeconfig".into(),
        why: format!("failed to write kubeconfig: open {path}: {cause}"),
        output: String::new(),
    })
}

async fn delete(run: &mut Run<'_>, name: &str, kubeconfig: Option<&str>) -> i32 {
    run.err(&format!("Deleting cluster \"{name}\" ..."));
    let nodes: Vec<String> = run.world().things().docker.of_cluster(name).map(|one| one.name.clone()).collect();
    if !nodes.is_empty() {
        run.wait(Duration::from_secs(3)).await;
        run.world().things().remove_cluster(name);
        run.err(&grammar::deleted_nodes(&nodes));
    }
    if let Some(file) = kubeconfig.map(std::path::Path::new)
        && let Some(left) = std::fs::read_to_string(file).ok().and_then(|text| grammar::without(&text, name))
        && let Err(cause) = std::fs::write(file, left)
    {
        run.err(&format!("ERROR: failed to update kubeconfig: {cause}"));
        return 1;
    }
    0
}

fn export_logs(run: &mut Run<'_>, name: &str, folder: &str) -> i32 {
    let logs: Vec<(String, String)> = run.world().things().docker.of_cluster(name).map(|one| (one.name.clone(), one.log.clone())).collect();
    if logs.is_empty() {
        run.err(&format!("ERROR: unknown cluster \"{name}\""));
        return 1;
    }
    run.err(&format!("Exporting logs for cluster \"{name}\" to:"));
    run.out(folder);
    for (node, log) in logs {
        let at = std::path::Path::new(folder).join(&node);
        let written = std::fs::create_dir_all(&at).and_then(|()| std::fs::write(at.join("serial.log"), log));
        if let Err(cause) = written {
            run.err(&format!("ERROR: {cause}"));
            return 1;
        }
    }
    0
}
