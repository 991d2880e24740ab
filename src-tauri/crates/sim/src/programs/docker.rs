//! How does the simulated docker answer?

use std::time::Duration;

use serde_json::{Value, json};

use super::arguments::Arguments;
use super::format::print;
use super::run::{NO_DAEMON, Run};
use crate::containers::{Container, Daemon, Docker, Maker, State, Unfound};
use crate::failure::Failure;
use crate::machine::Cgroup;
use crate::objects::stamp;

mod images;

pub(crate) async fn docker(run: &mut Run<'_>) -> i32 {
    let arguments = run.arguments();
    run.wait(Duration::from_millis(30)).await;
    let format = arguments.either("--format", "-f").map(str::to_owned);
    if (arguments.word(0), arguments.word(1)) == ("context", "show") {
        run.out("default");
        return 0;
    }
    if run.world().things().docker.daemon == Daemon::Stopped {
        if arguments.word(0) == "version" {
            show(run, format.as_deref(), &json!({ "Client": { "Version": "28.1.1", "ApiVersion": "1.49" }, "Server": null }));
        }
        run.err(NO_DAEMON);
        return 1;
    }
    let docker = run.world().things().docker.clone();
    match (arguments.word(0), arguments.word(1)) {
        ("version", _) => {
            let side = json!({ "Version": "28.1.1", "ApiVersion": "1.49", "MinAPIVersion": "1.24", "Os": "linux", "Arch": "amd64" });
            show(run, format.as_deref(), &json!({ "Client": side, "Server": side }));
            0
        }
        ("info", _) => {
            let info = info(run, &docker);
            show(run, format.as_deref(), &info);
            0
        }
        ("ps", _) | ("container", "ls") => {
            let now = run.world().clock().now();
            let format = format.unwrap_or_else(|| "{{.ID}}\t{{.Image}}\t{{.Status}}\t{{.Names}}".into());
            for container in docker.containers.values().filter(|one| listed(one, &arguments)) {
                let ids = Ids::asked(&arguments);
                let line = if arguments.has("-q") { ids.of(container).to_owned() } else { print(&format, &ps_row(container, ids, now)) };
                run.out(&line);
            }
            0
        }
        ("image", "inspect") => images::inspect(run, &docker, arguments.words_from(2), format.as_deref()),
        ("image", "ls") => {
            images::list(run, &docker, arguments.word(2), format.as_deref());
            0
        }
        ("pull", image) => pull(run, image).await,
        ("network", "inspect") => {
            for name in arguments.words_from(2) {
                let range = match name.as_str() {
                    "kind" => json!([{ "Subnet": "172.18.0.0/16" }]),
                    "bridge" => json!([{ "Subnet": "172.17.0.0/16" }]),
                    _ => json!([]),
                };
                show(run, format.as_deref(), &json!({ "Name": name, "Driver": "bridge", "EnableIPv6": true, "IPAM": { "Config": range } }));
            }
            0
        }
        // The networks of the engine itself, and the one that all kind clusters share.
        ("network", "ls") => {
            ["bridge", "host", "kind", "none"].into_iter().for_each(|name| run.out(name));
            0
        }
        ("network", "rm") => {
            run.out(arguments.word(2));
            0
        }
        ("inspect", _) => inspect(run, &docker, arguments.words_from(1), format.as_deref()),
        ("container", "inspect") => inspect(run, &docker, arguments.words_from(2), format.as_deref()),
        ("stats", _) => stats(run, &docker, &arguments, format.as_deref()),
        ("events", _) => {
            events(run, &docker, &arguments, format.as_deref());
            0
        }
        ("logs", name) => match docker.find(name) {
            Ok(container) => {
                // It ends with what the container wrote just now.
                let (lines, now) = (container.log.lines().count() as u64, run.world().clock().now());
                let adds = run.world().tongue().adds();
                for (line, before) in container.log.lines().zip((0..lines).rev()) {
                    let at = api::Timestamp(now.0.saturating_sub(before * 1_000));
                    let stamped = if arguments.has("--timestamps") { format!("{} ", stamp(at)) } else { String::new() };
                    run.out(&format!("{stamped}{line}{adds}"));
                }
                0
            }
            Err(why) => missing(run, why, name),
        },
        (verb @ ("start" | "stop" | "pause" | "unpause" | "rm"), _) => power(run, verb, arguments.words_from(1)).await,
        (verb, _) => {
            run.err(&format!("docker: '{verb}' is not a docker command."));
            1
        }
    }
}

/// How much of an id is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ids {
    Short,
    Whole,
}

impl Ids {
    fn asked(arguments: &Arguments) -> Self {
        if arguments.has("--no-trunc") { Self::Whole } else { Self::Short }
    }

    fn of(self, container: &Container) -> &str {
        match self {
            Self::Short => &container.id[..12],
            Self::Whole => &container.id,
        }
    }
}

fn show(run: &mut Run<'_>, format: Option<&str>, value: &Value) {
    let text = match format {
        Some("json") | None => value.to_string(),
        Some(format) => print(format, value),
    };
    run.out(&text);
}

fn missing(run: &mut Run<'_>, why: Unfound, wanted: &str) -> i32 {
    let said = match why {
        Unfound::Nobody => "No such container",
        Unfound::Several => "multiple IDs found with provided prefix",
    };
    run.err(&format!("Error response from daemon: {said}: {wanted}"));
    1
}

fn info(run: &Run<'_>, docker: &Docker) -> Value {
    let machine = run.world().machine();
    let count = |state: &str| docker.containers.values().filter(|one| one.state.word() == state).count();
    json!({
        "ID": "sim", "Containers": docker.containers.len(), "ContainersRunning": count("running"), "ContainersPaused": count("paused"),
        "ContainersStopped": count("exited"), "Images": docker.images.len(), "Driver": "overlay2", "DockerRootDir": machine.docker_root,
        "CgroupDriver": "systemd", "CgroupVersion": match machine.cgroup { Cgroup::V1 => "1", Cgroup::V2 => "2" }, "OperatingSystem": machine.system,
        "KernelVersion": machine.kernel, "OSType": "linux", "Architecture": "x86_64", "NCPU": machine.processors, "MemTotal": machine.memory_total_bytes,
        "ServerVersion": "28.1.1", "SecurityOptions": ["name=apparmor", "name=seccomp,profile=builtin", "name=cgroupns"], "Name": "demo", "Warnings": null,
    })
}

fn listed(container: &Container, arguments: &Arguments) -> bool {
    let all = arguments.has("-a") || arguments.has("--all");
    let fits = |filter: &str| match filter.split_once('=') {
        Some(("label", label)) => match label.split_once('=') {
            Some((key, value)) => labels(container).iter().any(|(name, is)| name == key && is == value),
            None => labels(container).iter().any(|(name, _)| name == label),
        },
        Some(("name", name)) => container.name.contains(name.trim_matches(['^', '$'])),
        Some(("status", status)) => container.state.word() == status,
        Some(_) | None => false,
    };
    (all || !matches!(container.state, State::Exited(_))) && arguments.values("--filter").chain(arguments.values("-f")).all(fits)
}

fn labels(container: &Container) -> Vec<(String, String)> {
    let (cluster, role) = (container.cluster.clone(), container.role.clone());
    match container.maker {
        Maker::Kind => vec![("io.x-k8s.kind.cluster".into(), cluster), ("io.x-k8s.kind.role".into(), role)],
        Maker::K3d => vec![("app".into(), "k3d".into()), ("k3d.cluster".into(), cluster), ("k3d.role".into(), role)],
    }
}

fn ps_row(container: &Container, ids: Ids, now: api::Timestamp) -> Value {
    let labels: Vec<String> = labels(container).iter().map(|(key, value)| format!("{key}={value}")).collect();
    let ports = container.host_port.filter(|_| container.state == State::Running).map_or_else(String::new, |port| format!("127.0.0.1:{port}->6443/tcp"));
    let hours = |since: api::Timestamp| format!("{} hours", now.since(since).0 / 3_600_000);
    let status = match container.state {
        State::Running => format!("Up {}", hours(container.started)),
        State::Paused => format!("Up {} (Paused)", hours(container.started)),
        State::Exited(code) => format!("Exited ({code}) {} ago", hours(container.finished.unwrap_or(container.started))),
    };
    let command = match ids {
        Ids::Short => "\"/usr/local/bin/entr…\"",
        Ids::Whole => "\"/usr/local/bin/entrypoint /sbin/init\"",
    };
    json!({
        "ID": ids.of(container), "Names": container.name, "Image": container.image, "Labels": labels.join(","), "State": container.state.word(),
        "Status": status, "CreatedAt": created_at(container.created), "RunningFor": format!("{} ago", hours(container.created)), "Ports": ports,
        "Networks": "kind", "Command": command, "Size": "0B", "Mounts": "", "LocalVolumes": "1",
    })
}

/// As `docker ps` writes it: `2026-11-23 13:02:33 +0000 UTC`.
fn created_at(at: api::Timestamp) -> String {
    format!("{} +0000 UTC", stamp(at).replace('T', " ").trim_end_matches('Z'))
}

fn inspect(run: &mut Run<'_>, docker: &Docker, names: &[String], format: Option<&str>) -> i32 {
    let mut found = Vec::new();
    let mut code = 0;
    for name in names {
        match docker.find(name) {
            Ok(container) => found.push(details(container)),
            Err(Unfound::Nobody) => {
                run.err(&format!("Error: No such object: {name}"));
                code = 1;
            }
            Err(why @ Unfound::Several) => code = missing(run, why, name),
        }
    }
    match format {
        Some(format) if format != "json" => found.iter().for_each(|one| run.out(&print(format, one))),
        _ => run.out(&Value::Array(found).to_string()),
    }
    code
}

fn details(container: &Container) -> Value {
    let code = match container.state {
        State::Exited(code) => code,
        State::Running | State::Paused => 0,
    };
    let labels: serde_json::Map<String, Value> = labels(container).into_iter().map(|(key, value)| (key, json!(value))).collect();
    let ports = container.host_port.map_or(Value::Null, |port| json!([{ "HostIp": "127.0.0.1", "HostPort": port.to_string() }]));
    let mounts: Vec<Value> = container.host_paths.iter().map(|path| json!({ "Type": "bind", "Source": path, "Destination": path, "RW": true })).collect();
    json!({
        "Id": container.id, "Name": format!("/{}", container.name), "Created": stamp(container.created), "Image": "sha256:5eed",
        "State": {
            "Status": container.state.word(), "Running": !matches!(container.state, State::Exited(_)), "Paused": container.state == State::Paused,
            "Restarting": false, "OOMKilled": false, "ExitCode": code, "Error": "", "StartedAt": stamp(container.started),
            "FinishedAt": container.finished.map_or_else(|| "0001-01-01T00:00:00Z".to_owned(), stamp),
        },
        "Config": { "Image": container.image, "Labels": labels, "Hostname": container.name },
        "HostConfig": { "RestartPolicy": { "Name": "on-failure", "MaximumRetryCount": 1 }, "PortBindings": { "6443/tcp": ports } },
        "NetworkSettings": { "Ports": { "6443/tcp": ports }, "Networks": { "kind": { "IPAddress": container.address } } }, "Mounts": mounts,
    })
}

async fn pull(run: &mut Run<'_>, image: &str) -> i32 {
    if run.world().takes(|one| *one == Failure::ImagePull).is_some() {
        run.wait(Duration::from_secs(10)).await;
        run.err(super::kind_grammar::NO_REGISTRY);
        return 1;
    }
    let (name, tag) = image.split('@').next().unwrap_or_default().rsplit_once(':').unwrap_or((image, "latest"));
    run.out(&format!("{tag}: Pulling from {name}"));
    for layer in ["7d8a1c3e5f60", "2b4d6f8a0c1e"] {
        run.out(&format!("{layer}: Pulling fs layer"));
    }
    for layer in ["7d8a1c3e5f60", "2b4d6f8a0c1e"] {
        run.wait(Duration::from_secs(34)).await;
        run.out(&format!("{layer}: Pull complete"));
    }
    run.out("Digest: sha256:5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed");
    run.out(&format!("Status: Downloaded newer image for {image}"));
    run.out(&format!("docker.io/{image}"));
    run.world().things().docker.images.insert(image.into(), crate::containers::NODE_IMAGE);
    0
}

fn stats(run: &mut Run<'_>, docker: &Docker, arguments: &Arguments, format: Option<&str>) -> i32 {
    let (names, ids) = (arguments.words_from(1), Ids::asked(arguments));
    let asked = |one: &Container| names.is_empty() || names.iter().any(|name| docker.means(name, one));
    for container in docker.containers.values().filter(|one| one.state == State::Running && asked(one)) {
        let load = container.name.len();
        let row = json!({
            "ID": ids.of(container), "Container": ids.of(container), "Name": container.name, "CPUPerc": format!("{load}.50%"),
            "MemUsage": format!("{}MiB / 14.53GiB", 400 + load * 12), "MemPerc": "4.10%", "NetIO": "1.2MB / 900kB", "BlockIO": "0B / 12MB", "PIDs": "180",
        });
        show(run, format, &row);
    }
    0
}

/// It remembers when each container was paused last, and nothing else.
fn events(run: &mut Run<'_>, docker: &Docker, arguments: &Arguments, format: Option<&str>) {
    let filters: Vec<&str> = arguments.values("--filter").collect();
    let wanted: Vec<&str> = filters.iter().filter_map(|filter| filter.strip_prefix("container=")).collect();
    let asked = |one: &Container| filters.contains(&"event=pause") && wanted.iter().any(|wanted| docker.means(wanted, one));
    for container in docker.containers.values().filter(|one| asked(one)) {
        let Some(at) = container.paused else { continue };
        let actor = json!({ "ID": container.id, "Attributes": { "image": container.image, "name": container.name } });
        let row = json!({ "Type": "container", "Action": "pause", "Actor": actor, "scope": "local", "time": at.0 / 1_000, "timeNano": at.0 * 1_000_000 });
        show(run, format, &row);
    }
}

async fn power(run: &mut Run<'_>, verb: &str, wanted: &[String]) -> i32 {
    let mut code = 0;
    for wanted in wanted {
        let found = run.world().things().docker.find(wanted).map(|one| (one.name.clone(), one.state));
        let (name, state) = match found {
            Ok(found) => found,
            Err(why) => {
                code = missing(run, why, wanted);
                continue;
            }
        };
        let next = match (verb, state) {
            ("start" | "unpause", State::Running) if verb == "start" => Ok(State::Running),
            ("start", State::Exited(_)) => Ok(State::Running),
            ("start", State::Paused) => Err("cannot start a paused container, try unpause instead".to_owned()),
            ("stop", _) => Ok(State::Exited(137)),
            ("pause", State::Running) => Ok(State::Paused),
            ("unpause", State::Paused) => Ok(State::Running),
            ("pause", State::Paused) => Err(format!("container {name} is already paused")),
            ("pause", State::Exited(_)) | ("unpause", State::Exited(_)) => Err(format!("container {name} is not running")),
            ("unpause", State::Running) => Err(format!("Container {name} is not paused")),
            _ => Ok(State::Exited(0)),
        };
        match next {
            Err(why) => {
                run.err(&format!("Error response from daemon: {why}"));
                code = 1;
            }
            Ok(next) => {
                run.wait(Duration::from_millis(if verb == "stop" { 2_000 } else { 300 })).await;
                apply(run, verb, &name, next);
                run.out(wanted);
            }
        }
    }
    code
}

fn apply(run: &Run<'_>, verb: &str, name: &str, next: State) {
    let now = run.world().clock().now();
    let mut things = run.world().things();
    if verb == "rm" {
        let cluster = things.docker.containers.remove(name).map(|one| one.cluster);
        if let Some(cluster) = cluster.filter(|cluster| things.docker.of_cluster(cluster).next().is_none()) {
            things.remove_cluster(&cluster);
        }
        return;
    }
    if let Some(container) = things.docker.containers.get_mut(name) {
        match (container.state, next) {
            (State::Exited(_), State::Running) => container.started = now,
            (_, State::Exited(_)) => container.finished = Some(now),
            (_, State::Paused) => container.paused = Some(now),
            (_, State::Running) => {}
        }
        let came_up = matches!(container.state, State::Exited(_)) && next == State::Running;
        container.state = next;
        // Docker's provider lets Docker choose the port of its load balancer, anew at each start.
        let balancer = container.name == format!("{}-lb", container.cluster);
        if let Some(old) = container.host_port.filter(|_| came_up && balancer) {
            let cluster = container.cluster.clone();
            things.move_port(name, &cluster, old);
        }
    }
    things.settle();
}
