//! How does a test get a computer whose Docker, kind and clusterctl do as they are told?
//!
//! The programs are replayed; what they make stands as files of their world, and an API server answers from the same files.
//! Start at: [`Computer::with`].

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use testkit::{Act, FakePrograms, Scenario, act, wait_until};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::headless::Rows;
use crate::{Desk, Headless};

pub const NAME: &str = "kos-fault";
/// Starting programs takes long on a machine that builds meanwhile.
pub const LIMIT: Duration = Duration::from_secs(90);

const DOWN: &str = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?";
const INFO: &str =
    r#"{"ServerVersion":"28.5.1","OperatingSystem":"Debian GNU/Linux 13","CgroupVersion":"2","MemTotal":34359738368,"DockerRootDir":"/","SecurityOptions":[]}"#;
/// By the digest that kind's release names for the version that the form starts with.
const NODE_IMAGE: &str = "kindest/node@sha256:099e049362a1526b2db71494e1947aae99bd16290d7c895f2b7ea312e3cbfaed";
const GATES: usize = 16;

/// Where the fakes stop until the test lets them go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    Free,
    /// Before each line of kind and clusterctl they say where they are and wait.
    Gated,
}

/// The computer: gone with this value.
pub struct Computer {
    pub programs: Arc<FakePrograms>,
    pub desk: Desk,
    kubeconfig: String,
    /// Where its API server answers, once there is a node.
    pub server: String,
    _server: JoinSet<()>,
}

impl Computer {
    pub async fn with(pace: Pace) -> anyhow::Result<Self> {
        let programs = Arc::new(FakePrograms::new()?);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port().to_string();
        let kubeconfig = include_str!("data/kind-kubeconfig.yaml").replace("PORT", &port).replace("NAME", NAME);
        let mut server = JoinSet::new();
        server.spawn(serve(listener, programs.clone()));
        let desk = Desk::new().with_path(programs.folder());
        let computer = Self { programs, desk, kubeconfig, server: format!("http://127.0.0.1:{port}"), _server: server };
        computer.programs.touch("image")?;
        computer.programs.install("docker", &docker())?;
        computer.programs.install("kind", &computer.kind(pace))?;
        computer.programs.install("clusterctl", &clusterctl(pace))?;
        Ok(computer)
    }

    pub async fn core(&self) -> anyhow::Result<Headless> {
        Ok(Headless::start(&self.desk, &[]).await?.within(LIMIT))
    }

    /// What kind does when it is asked to make a cluster; the rest of it stays.
    pub fn kind_creates(&self, acts: Vec<Act>) -> anyhow::Result<()> {
        self.kind_does(["create", "cluster"], acts)
    }

    /// The same for any of its commands.
    pub fn kind_does(&self, command: [&str; 2], acts: Vec<Act>) -> anyhow::Result<()> {
        let mut scenario = Scenario::new().on(command, acts);
        scenario.rules.extend(self.kind(Pace::Free).rules);
        self.programs.install("kind", &scenario)?;
        Ok(())
    }

    pub fn kind_made_it(&self) -> Act {
        Act::Write { flag: "--kubeconfig".into(), text: self.kubeconfig.clone() }
    }

    /// Docker tells of a container of another cluster too, whichever it is asked about.
    pub fn docker_tells_of(&self, other: &str) -> anyhow::Result<()> {
        let (own, other) = (act::out(&container(NAME, "id-node")), act::out(&container(other, "id-other")));
        let mut scenario = Scenario::new().rule(begins(&["ps", "-a"]), vec![("down".into(), false), ("node".into(), true)], [own, other.clone()]).rule(
            begins(&["ps", "-a"]),
            vec![("down".into(), false)],
            [other],
        );
        scenario.rules.extend(docker().rules);
        self.programs.install("docker", &scenario)?;
        Ok(())
    }

    /// Somebody chose another context: docker answers as before, from there.
    pub fn docker_is_at(&self, host: &str) -> anyhow::Result<()> {
        let mut scenario = Scenario::new().on(["context", "inspect", "--format", "{{json .Endpoints.docker.Host}}"], [act::out(&json!(host).to_string())]);
        scenario.rules.extend(docker().rules);
        self.programs.install("docker", &scenario)?;
        Ok(())
    }

    fn kind(&self, pace: Pace) -> Scenario {
        let lines = [
            " • Ensuring node image (kindest/node) 🖼  ...",
            " ✓ Ensuring node image (kindest/node) 🖼",
            " • Preparing nodes 📦   ...",
            " ✓ Preparing nodes 📦 ",
            " • Writing configuration 📜  ...",
            " • Starting control-plane 🕹️  ...",
            " • Installing CNI 🔌  ...",
            " • Waiting ≤ 2m0s for control-plane = Ready ⏳  ...",
        ];
        let mut acts = vec![];
        for (at, line) in lines.iter().enumerate() {
            gate(&mut acts, pace, at);
            if at == 1 {
                acts.push(act::touch("net"));
            }
            if at == 3 {
                acts.extend([act::touch("volume"), act::touch("node")]);
            }
            acts.push(act::err(line));
        }
        acts.push(self.kind_made_it());
        gate(&mut acts, pace, lines.len());
        let twice = [act::touch("twice"), act::err("ERROR: failed to create cluster: node(s) already exist for a cluster with the name"), act::exit(1)];
        Scenario::new()
            .on(["version", "-q"], [act::out("0.33.0")])
            .on(["version"], [act::out("kind v0.33.0 go1.26.1 linux/amd64")])
            .rule(begins(&["create"]), vec![("down".into(), true)], [act::err(&format!("ERROR: failed to create cluster: {DOWN}")), act::exit(1)])
            .rule(begins(&["create"]), vec![("node".into(), true)], twice)
            .on(["create", "cluster"], acts)
            .rule(begins(&["delete"]), vec![("stuck".into(), true)], [act::err("ERROR: failed to delete cluster"), act::exit(1)])
            .rule(begins(&["delete"]), vec![("down".into(), false), ("node".into(), true)], [act::remove("node"), act::remove("volume")])
            .on(["delete", "cluster"], [])
            .on(["export", "logs"], [])
            .on_after("node", ["get", "kubeconfig"], self.kubeconfig.lines().map(act::out).collect::<Vec<_>>())
            .on(["get", "kubeconfig"], [act::err("ERROR: could not locate any control plane nodes"), act::exit(1)])
    }

    /// Lets every fake go on, also those that come later.
    pub fn open_gates(&self) -> anyhow::Result<()> {
        for at in 0..GATES {
            self.programs.touch(&format!("go-{at}"))?;
        }
        Ok(())
    }

    pub async fn at_gate(&self, at: usize) {
        wait_until(LIMIT, &format!("a program comes to gate {at}"), async || self.programs.has(&format!("at-{at}"))).await;
    }

    pub fn calls(&self, program: &str) -> Vec<testkit::CallMade> {
        testkit::FakeProgram { path: self.programs.folder().join(program) }.calls()
    }

    /// Nothing that kind makes stands any more.
    pub fn is_bare(&self) -> bool {
        let made = self.desk.home().join(".local/share/kos/kubeconfigs");
        let files = std::fs::read_dir(made).map(|all| all.count()).unwrap_or_default();
        files == 0 && ["node", "volume", "net"].iter().all(|thing| !self.programs.has(thing))
    }
}

/// The last gate: behind the last line of clusterctl.
pub const LAST_GATE: usize = 12;

fn gate(acts: &mut Vec<Act>, pace: Pace, at: usize) {
    if pace == Pace::Gated {
        acts.extend([act::touch(&format!("at-{at}")), act::wait_for(&format!("go-{at}"))]);
    }
}

fn begins(args: &[&str]) -> testkit::Match {
    testkit::Match::Begins(args.iter().map(|arg| (*arg).to_owned()).collect())
}

/// What `docker ps` tells of the node of a cluster, but not when it was made: the words of a fake stand before it runs.
fn container(cluster: &str, id: &str) -> String {
    let line = json!({ "ID": id, "Names": format!("{cluster}-control-plane"), "Image": "kindest/node", "State": "running",
        "Labels": format!("io.x-k8s.kind.cluster={cluster},io.x-k8s.kind.role=control-plane") });
    line.to_string()
}

fn docker() -> Scenario {
    let inspected = json!([{ "Id": "id-node", "Mounts": [{ "Type": "volume", "Name": "volume-1" }] }]);
    let image = json!({ "Id": "sha256:1", "RepoTags": [], "RepoDigests": [NODE_IMAGE], "Size": 1_084_000_000 });
    Scenario::new()
        .on(["context", "inspect", "--format", "{{json .Endpoints.docker.Host}}"], [act::out("\"unix:///var/run/docker.sock\"")])
        .on(["context", "inspect"], [act::out("default unix:///")])
        .rule(testkit::Match::Any, vec![("down".into(), true)], [act::err(DOWN), act::exit(1)])
        .on(["info"], [act::out(INFO)])
        .on(["network", "inspect"], [act::out("true")])
        .on_after("net", ["network", "ls"], [act::out("bridge"), act::out("kind")])
        .on(["network", "ls"], [act::out("bridge")])
        .on_after("net", ["network", "rm"], [act::remove("net")])
        .on_after("image", ["image", "ls"], [act::out("kindest/node:<none>")])
        .on(["image", "ls"], [])
        .on_after("image", ["image", "inspect"], [act::out(&image.to_string())])
        .on(["image", "inspect"], [act::err("Error: No such image: kindest/node"), act::exit(1)])
        .on_after("node", ["ps", "-a"], [act::out(&container(NAME, "id-node"))])
        .on(["ps"], [])
        .on_after("node", ["inspect"], [act::out(&inspected.to_string())])
        .on_after("node", ["rm", "-f", "-v"], [act::remove("node"), act::remove("volume")])
        .on_after("volume", ["volume", "ls"], [act::out("volume-1")])
        .on(["volume", "ls"], [])
        .on_after("volume", ["volume", "rm"], [act::remove("volume")])
        .on(["logs"], [act::out("systemd 257 running in system mode")])
        .otherwise([act::exit(1)])
}

fn clusterctl(pace: Pace) -> Scenario {
    let mut acts = vec![];
    for (line, at) in [
        "Fetching providers",
        "Installing cert-manager version=\"v1.21.2\"",
        "Installing provider=\"cluster-api\" version=\"v1.14.2\" targetNamespace=\"capi-system\"",
    ]
    .iter()
    .zip(9..)
    {
        gate(&mut acts, pace, at);
        acts.push(act::err(line));
    }
    acts.push(act::touch("providers"));
    gate(&mut acts, pace, LAST_GATE);
    Scenario::new().on(["version"], [act::out("v1.14.2")]).on(["init"], acts)
}

async fn serve(listener: TcpListener, programs: Arc<FakePrograms>) {
    let mut guests = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        guests.spawn(answer(stream, programs.clone()));
    }
}

/// One request a connection; without a node nobody answers.
async fn answer(mut stream: TcpStream, programs: Arc<FakePrograms>) {
    let (mut asked, mut piece) = (vec![], [0; 4096]);
    let head = loop {
        let Ok(read) = stream.read(&mut piece).await else { return };
        asked.extend_from_slice(&piece[..read]);
        let text = String::from_utf8_lossy(&asked).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            if read == 0 {
                return;
            }
            continue;
        };
        let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:").and_then(|n| n.trim().parse::<usize>().ok()));
        if body.len() >= length.unwrap_or(0) {
            break head.to_owned();
        }
    };
    if !programs.has("node") || programs.has("down") {
        return;
    }
    let mut words = head.split_whitespace();
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let (status, body) = said(method, path.split('?').next().unwrap_or_default(), &programs);
    let body = body.to_string();
    let reply = format!("HTTP/1.1 {status} Said\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
    // A client that hung up does not want to know.
    let _ = stream.write_all(reply.as_bytes()).await;
}

fn said(method: &str, path: &str, programs: &FakePrograms) -> (u16, Value) {
    let list = |items: Vec<Value>| (200, json!({ "kind": "List", "apiVersion": "v1", "metadata": {}, "items": items }));
    let there = programs.has("providers");
    let providers = [
        ("cluster-api", "capi-system"),
        ("bootstrap-kubeadm", "capi-kubeadm-bootstrap-system"),
        ("control-plane-kubeadm", "capi-kubeadm-control-plane-system"),
        ("infrastructure-docker", "capd-system"),
    ];
    match (method, path) {
        ("GET", "/readyz") => (200, json!("ok")),
        ("GET", "/version") => (200, json!({ "gitVersion": "v1.36.1" })),
        ("GET", "/api/v1/namespaces/kube-system") => {
            let uid = if programs.has("made-again") { "second" } else { "first" };
            (200, json!({ "metadata": { "name": "kube-system", "uid": uid } }))
        }
        ("GET", "/api/v1/nodes") => {
            let ready = if programs.has("late") { "False" } else { "True" };
            list(vec![json!({ "metadata": { "name": "node" }, "status": { "conditions": [{ "type": "Ready", "status": ready }] } })])
        }
        ("GET", "/apis/clusterctl.cluster.x-k8s.io/v1alpha3/providers") if there => list(
            providers
                .iter()
                .map(|(name, namespace)| {
                    json!({ "apiVersion": "clusterctl.cluster.x-k8s.io/v1alpha3", "kind": "Provider",
                        "metadata": { "name": name, "namespace": namespace }, "version": "v1.14.2" })
                })
                .collect(),
        ),
        ("GET", "/apis/apps/v1/deployments") if there => {
            let up = |ns: &str| {
                json!({ "metadata": { "name": format!("{ns}-manager"), "namespace": ns, "generation": 1 },
                    "spec": { "replicas": 1, "selector": { "matchLabels": { "app": ns } }, "template": {} },
                    "status": { "observedGeneration": 1, "readyReplicas": 1, "conditions": [{ "type": "Available", "status": "True" }] } })
            };
            list(providers.iter().map(|(_, ns)| up(ns)).chain([up("cert-manager")]).collect())
        }
        ("GET", "/apis/clusterctl.cluster.x-k8s.io/v1alpha3/providers" | "/api/v1/namespaces/cert-manager-test") => {
            (404, json!({ "kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 404, "reason": "NotFound", "message": "not found" }))
        }
        ("POST", _) => (201, json!({ "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Cluster", "metadata": { "name": "kos-dry-run" } })),
        _ => list(vec![]),
    }
}

/// Plans the main job for this computer.
pub async fn planned(core: &mut Headless, name: &str) -> anyhow::Result<(Value, Value)> {
    let suggestion = core.call("suggest_management", Value::Null).await?;
    let mut spec = suggestion["spec"].clone();
    spec["name"] = json!(name);
    let plan = core.call("plan_management", json!({ "spec": spec })).await?;
    Ok((spec, plan))
}

pub async fn create(core: &mut Headless) -> anyhow::Result<Value> {
    let (spec, plan) = planned(core, NAME).await?;
    core.call("create_management", json!({ "spec": spec, "seen": plan["seen"] })).await
}

pub fn state(rows: &Rows) -> &Value {
    rows.rows.first().map_or(&Value::Null, |row| &row["row"]["state"])
}

/// Follows a job until it rests.
pub async fn rests(core: &mut Headless, job: &Value) -> anyhow::Result<Rows> {
    let view = core.subscribe(json!({ "Job": job })).await?;
    core.until(view, "the job rests", |rows| !rows.rows.is_empty() && state(rows) != "Running" && state(rows).get("Undoing").is_none()).await
}
