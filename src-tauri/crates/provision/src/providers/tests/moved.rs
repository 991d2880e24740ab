use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use api::Fault;
use async_trait::async_trait;
use http_body_util::BodyExt as _;
use jobs::{Certainty, Noted, Thing, Transcript, Work};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tools::{Capture, End, Exit, Found, FoundBy, Heard, Invocation, Line, ProcessId, Program, ProgramError, Programs, Stream};

use super::super::{Act, Step, Upkeep, Verb};
use super::*;
use crate::imagined::Machine;
use crate::{Clients, World};

const CORE: &str = "cluster.x-k8s.io";
const INFRASTRUCTURE: &str = "infrastructure.cluster.x-k8s.io";
/// Group, kind, plural, name and the kind of the owner, in the order of a move.
const OBJECTS: [(&str, &str, &str, &str, &str); 6] = [
    (CORE, "ClusterClass", "clusterclasses", "docker", ""),
    (INFRASTRUCTURE, "DevMachineTemplate", "devmachinetemplates", "docker", "ClusterClass"),
    (CORE, "Cluster", "clusters", "lab-a", ""),
    (CORE, "Machine", "machines", "lab-a-1", "Cluster"),
    (INFRASTRUCTURE, "DevMachine", "devmachines", "lab-a-1", "Machine"),
    ("", "Secret", "secrets", "lab-a-1", "Machine"),
];
const CLASS: usize = 0;
const CLUSTER: usize = 2;
const PAUSED: &str = "cluster.x-k8s.io/paused";

fn path(at: usize) -> String {
    let (group, _, plural, name, _) = OBJECTS[at];
    let root = if group.is_empty() { "/api/v1".to_owned() } else { format!("/apis/{group}/v1beta2") };
    format!("{root}/namespaces/default/{plural}/{name}")
}

/// What clusterctl does one after the other; each is said before it is done.
#[derive(Debug, Clone, Copy)]
enum Part {
    Pause,
    Make(usize),
    Remove(usize),
    Resume,
}

impl Part {
    fn all() -> Vec<Self> {
        let objects = 0..OBJECTS.len();
        let parts = std::iter::once(Self::Pause).chain(objects.clone().map(Self::Make)).chain(objects.rev().map(Self::Remove));
        parts.chain([Self::Resume]).collect()
    }

    fn said(self) -> String {
        let object = |verb: &str, at: usize| format!("{verb} {}=\"{}\" Namespace=\"default\"", OBJECTS[at].1, OBJECTS[at].3);
        match self {
            Self::Pause => "Pausing the source cluster".to_owned(),
            Self::Make(at) => object("Creating", at),
            Self::Remove(at) => object("Deleting", at),
            Self::Resume => "Resuming the target cluster".to_owned(),
        }
    }
}

/// Two management clusters, by the paths of their objects.
#[derive(Debug, Default)]
struct Sides {
    here: BTreeMap<String, Value>,
    there: BTreeMap<String, Value>,
    /// clusterctl is killed after so many halves of its parts: what is said, and what is done.
    most: usize,
    version: u64,
    /// The source went on although part of it was gone.
    woke_in_parts: bool,
}

impl Sides {
    fn kept(&mut self, mut object: Value) -> Value {
        self.version += 1;
        object["metadata"]["resourceVersion"] = json!(self.version.to_string());
        object
    }

    fn is_paused(&self, at: usize) -> bool {
        self.here.get(&path(at)).is_some_and(|one| one["spec"]["paused"] == true || !one["metadata"]["annotations"][PAUSED].is_null())
    }

    /// The real one since v1.12.
    fn clusterctl(&mut self) -> (i32, Vec<String>) {
        if self.is_paused(CLUSTER) {
            return (1, vec!["Error: cannot start operation while the following Clusters are paused: default/lab-a".to_owned()]);
        }
        if self.is_paused(CLASS) {
            return (1, vec!["Error: cannot start operation while the following ClusterClasses are paused: default/docker".to_owned()]);
        }
        let mut said = vec![];
        for (at, part) in Part::all().into_iter().enumerate() {
            if self.most <= 2 * at {
                return (137, said);
            }
            said.push(part.said());
            if self.most <= 2 * at + 1 {
                return (137, said);
            }
            self.done(part);
        }
        (0, said)
    }

    fn done(&mut self, part: Part) {
        match part {
            Part::Pause => {
                self.here.get_mut(&path(CLUSTER)).unwrap()["spec"]["paused"] = json!(true);
                self.here.get_mut(&path(CLASS)).unwrap()["metadata"]["annotations"][PAUSED] = json!("true");
            }
            Part::Make(at) => {
                let mut copy = self.here[&path(at)].clone();
                copy["metadata"]["uid"] = json!(format!("there-{at}"));
                let copy = self.kept(copy);
                self.there.insert(path(at), copy);
            }
            Part::Remove(at) => {
                self.here.remove(&path(at));
            }
            Part::Resume => {
                self.there.get_mut(&path(CLUSTER)).unwrap()["spec"]["paused"] = Value::Null;
                self.there.get_mut(&path(CLASS)).unwrap()["metadata"]["annotations"] = json!({});
            }
        }
    }

    fn answer(&mut self, source: bool, method: &str, path: &str, fields: &Value) -> (u16, Value) {
        let failed = |code: u16, reason: &str| {
            (code, json!({ "kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": reason, "code": code, "message": reason }))
        };
        if let Some(known) = discovered(path) {
            return (200, known);
        }
        let side = if source { &self.here } else { &self.there };
        if OBJECTS.iter().any(|(_, _, plural, _, _)| path.ends_with(&format!("/{plural}"))) {
            let items: Vec<&Value> = side.iter().filter(|(at, _)| at.starts_with(&format!("{path}/"))).map(|(_, one)| one).collect();
            return (200, json!({ "kind": "List", "apiVersion": "v1", "metadata": { "resourceVersion": "1" }, "items": items }));
        }
        let Some(before) = side.get(path).cloned() else { return failed(404, "NotFound") };
        match method {
            "GET" => return (200, before),
            "PATCH" if ["uid", "resourceVersion"].iter().any(|one| fields["metadata"][*one] != before["metadata"][*one]) => return failed(409, "Conflict"),
            "PATCH" | "DELETE" => {}
            other => panic!("{other} {path}"),
        }
        let mut after = self.kept(before);
        if method == "DELETE" {
            assert!(source && after["metadata"]["annotations"]["clusterctl.cluster.x-k8s.io/delete-for-move"].is_string(), "{path} goes for good");
            after["metadata"]["deletionTimestamp"] = json!("2026-11-23T14:00:00Z");
        } else {
            let version = after["metadata"]["resourceVersion"].clone();
            merge(&mut after, fields);
            after["metadata"]["resourceVersion"] = version;
            self.woke_in_parts |= source && fields["spec"]["paused"] == false && self.here.len() < OBJECTS.len();
        }
        let held = after["metadata"]["finalizers"].as_array().is_some_and(|all| !all.is_empty());
        let side = if source { &mut self.here } else { &mut self.there };
        if after["metadata"]["deletionTimestamp"].is_string() && !held {
            side.remove(path);
        } else {
            side.insert(path.to_owned(), after.clone());
        }
        (200, after)
    }
}

fn discovered(path: &str) -> Option<Value> {
    if path == "/apis" {
        let group = |name: &str| json!({ "name": name, "preferredVersion": { "version": "v1beta2" } });
        return Some(json!({ "groups": [group(CORE), group(INFRASTRUCTURE), group("clusters.example")] }));
    }
    let group = path.strip_prefix("/apis/")?.strip_suffix("/v1beta2").filter(|group| !group.contains('/'))?;
    // Another program calls its things clusters too.
    let of = |(_, kind, plural, _, _): &(&str, &str, &str, &str, &str)| json!({ "kind": kind, "name": plural, "namespaced": true, "verbs": ["get", "list"] });
    let wanted = |one: &&(&str, &str, &str, &str, &str)| one.0 == group || (group == "clusters.example" && one.1 == "Cluster");
    Some(json!({ "resources": OBJECTS.iter().filter(wanted).map(of).collect::<Vec<_>>() }))
}

fn merge(into: &mut Value, fields: &Value) {
    let Some(fields) = fields.as_object() else { return into.clone_from(fields) };
    for (key, value) in fields {
        if value.is_null() {
            into.as_object_mut().map(|all| all.remove(key));
        } else {
            merge(&mut into[key.as_str()], value);
        }
    }
}

#[derive(Debug, Clone)]
struct Two(Arc<Mutex<Sides>>);

impl Two {
    fn new() -> Self {
        let object = |at: usize| {
            let (group, kind, _, name, owner) = OBJECTS[at];
            let api_version = if group.is_empty() { "v1".to_owned() } else { format!("{group}/v1beta2") };
            let owners: Vec<Value> = [owner].iter().filter(|owner| !owner.is_empty()).map(|owner| json!({ "kind": owner })).collect();
            let finalizers: &[&str] = if kind == "DevMachine" { &["devmachine.infrastructure.cluster.x-k8s.io"] } else { &[] };
            let metadata = json!({
                "name": name, "namespace": "default", "uid": format!("here-{at}"), "resourceVersion": "0",
                "annotations": {}, "ownerReferences": owners, "finalizers": finalizers,
            });
            let spec = json!({ "clusterName": "lab-a", "controlPlaneEndpoint": { "host": "172.18.0.5", "port": 6443 } });
            let status = json!({ "nodeRef": { "name": name }, "phase": "Provisioned" });
            json!({ "apiVersion": api_version, "kind": kind, "metadata": metadata, "spec": spec, "status": status })
        };
        let here = (0..OBJECTS.len()).map(|at| (path(at), object(at))).collect();
        Self(Arc::new(Mutex::new(Sides { here, ..Sides::default() })))
    }

    fn sides(&self) -> MutexGuard<'_, Sides> {
        self.0.lock().unwrap()
    }

    fn work(&self) -> (Upkeep, Act) {
        let world = World { programs: Arc::new(self.clone()), clients: Arc::new(self.clone()), ..Machine::new().world() };
        let mut order = a_move(&["lab-a"]);
        if let Task::Move { machines, .. } = &mut order.task {
            *machines = 1;
        }
        (Upkeep::new(world, Arc::default()), Act { verb: Verb::Change, order })
    }

    /// One try; clusterctl is killed after so many halves.
    async fn tries(&self, folder: &Path, most: usize) -> Result<(), Fault> {
        self.sides().most = most;
        let (work, act) = self.work();
        let transcript = Transcript::new().in_folder(folder);
        let mut cx = transcript.context(&[Step::Pause, Step::Make, Step::Remove, Step::Resume], CancellationToken::new());
        work.run(&act, &mut cx).await
    }

    async fn undoes(&self, folder: &Path) -> Result<(), Fault> {
        let (work, act) = self.work();
        let thing = Thing::new("Cluster", "lab-a in kind-two");
        let noted = Noted { id: 1, act: 0, step: 0, thing, at: api::Timestamp::default(), certainty: Certainty::Intended };
        let transcript = Transcript::new().in_folder(folder);
        work.undo(&act, &mut transcript.context_after(&[Step::Pause], vec![noted], vec![], CancellationToken::new())).await
    }
}

#[async_trait]
impl Clients for Two {
    async fn client(&self, _: &Path, context: &str) -> Result<kube::Client, Fault> {
        let (two, source) = (self.clone(), context == "kind-kos-mgmt");
        let service = tower::service_fn(move |request: http::Request<kube::client::Body>| {
            let two = two.clone();
            async move {
                let (parts, body) = request.into_parts();
                let sent = body.collect().await?.to_bytes();
                let fields: Value = serde_json::from_slice(&sent).unwrap_or_default();
                let (status, answer) = two.sides().answer(source, parts.method.as_str(), parts.uri.path(), &fields);
                let answer = kube::client::Body::from(answer.to_string().into_bytes());
                Ok::<_, tower::BoxError>(http::Response::builder().status(status).body(answer)?)
            }
        });
        Ok(kube::Client::new(service, "default"))
    }
}

#[async_trait]
impl Programs for Two {
    async fn find(&self, program: &Program) -> Result<Found, ProgramError> {
        Ok(Found { path: Path::new("/bin").join(program.name()), by: FoundBy::Path })
    }

    async fn run(&self, run: Invocation, heard: &mut (dyn FnMut(Heard) + Send), _: CancellationToken) -> Result<Exit, ProgramError> {
        assert!(run.program == Program::Clusterctl && run.args[0] == "move", "{run:?}");
        heard(Heard::Started(ProcessId { pid: 7, started: 70 }));
        let (code, said) = self.sides().clusterctl();
        let Capture::File(file) = &run.capture else { panic!("{run:?}") };
        std::fs::write(file, said.join("\n")).unwrap();
        for text in said {
            heard(Heard::Line(Line { from: Stream::Err, text }));
        }
        Ok(Exit { end: End::Code(code), out: vec![], err: vec![], tail: vec![], took: Duration::ZERO })
    }

    async fn alive(&self, _: ProcessId) -> bool {
        false
    }

    async fn follow(&self, _: ProcessId, _: std::path::PathBuf, _: &mut (dyn FnMut(Heard) + Send), _: CancellationToken) -> Result<Exit, ProgramError> {
        panic!("nothing of an earlier session runs")
    }

    async fn end(&self, _: ProcessId) {}
}

#[tokio::test(start_paused = true)]
async fn a_move_that_stopped_anywhere_is_brought_to_its_end_by_retry() {
    let every = 0..2 * Part::all().len();
    for (most, undo) in every.clone().map(|most| (most, false)).chain(every.map(|most| (most, true))) {
        let (two, folder) = (Two::new(), tempfile::tempdir().unwrap());
        assert!(two.tries(folder.path(), most).await.is_err(), "{most}");
        // What the source cannot take back, or not without copies in the target, goes on.
        if undo && two.undoes(folder.path()).await.is_ok() {
            continue;
        }
        let again = two.tries(folder.path(), usize::MAX).await;
        assert_eq!(again, Ok(()), "after {most}");
        let sides = two.sides();
        assert!(!sides.woke_in_parts, "after {most}: machines would be made anew");
        let left: Vec<&String> = sides.here.keys().filter(|at| !at.contains("/clusterclasses/") && !at.contains("/devmachinetemplates/")).collect();
        assert!(left.is_empty(), "after {most}: {left:?}");
        assert!(!sides.is_paused(CLASS), "after {most}: a class that stays goes on");
        assert_eq!(sides.there.len(), OBJECTS.len());
        let (cluster, class) = (&sides.there[&path(CLUSTER)], &sides.there[&path(CLASS)]);
        assert!(cluster["spec"]["paused"] != true && class["metadata"]["annotations"][PAUSED].is_null(), "after {most}: {cluster} {class}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_source_without_its_secrets_is_not_whole_although_its_machines_are_there() {
    let (two, folder) = (Two::new(), tempfile::tempdir().unwrap());
    // Paused, all made, the first removed.
    let fault = two.tries(folder.path(), 2 * (1 + OBJECTS.len() + 1)).await.unwrap_err();
    assert!(fault.sentence.ends_with("so kind-kos-mgmt cannot take it back; Retry goes on to kind-two."), "{fault:?}");
    let fault = two.undoes(folder.path()).await.unwrap_err();
    assert!(fault.sentence.contains("cannot take it back"), "{fault:?}");
    assert!(two.sides().is_paused(CLUSTER) && !two.sides().woke_in_parts);
    // What the target does not hold is not removed from the source.
    two.sides().there.remove(&path(4));
    let fault = two.tries(folder.path(), usize::MAX).await.unwrap_err();
    assert_eq!(fault.sentence, "DevMachine lab-a-1 stays in kind-kos-mgmt: kind-two does not hold it.");
    assert!(two.sides().here.contains_key(&path(4)));
}

#[tokio::test(start_paused = true)]
async fn an_undo_resumes_what_the_move_had_paused_and_nothing_else() {
    let (two, folder) = (Two::new(), tempfile::tempdir().unwrap());
    // Paused, and made as far as the cluster.
    two.tries(folder.path(), 2 * (1 + CLUSTER + 1)).await.unwrap_err();
    assert!(two.sides().is_paused(CLUSTER));
    let fault = two.undoes(folder.path()).await.unwrap_err();
    assert!(fault.sentence.contains("Its copies in kind-two stay paused"), "{fault:?}");
    assert!(!two.sides().is_paused(CLUSTER));
    let (by_hand, folder) = (Two::new(), tempfile::tempdir().unwrap());
    by_hand.sides().done(Part::Pause);
    for _ in 0..2 {
        let fault = by_hand.tries(folder.path(), usize::MAX).await.unwrap_err();
        assert!(fault.cause.iter().any(|quote| quote.text.contains("Clusters are paused: default/lab-a")), "{fault:?}");
    }
    by_hand.undoes(folder.path()).await.unwrap();
    assert!(by_hand.sides().is_paused(CLUSTER), "somebody else paused it");
}
