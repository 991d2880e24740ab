//! How long do tree, lanes and explanation take of a management cluster with many machines?
//!
//! Prints one line of JSON a figure: its name, unit, bound and what each turn took. `cargo xtask bench capi` reads them.
//! With `objects` it prints what is measured instead, one object a line after its API version and kind.
//! The objects are recorded ones, copied under other names.

use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::hint::black_box;
use std::io::Write as _;
use std::time::Instant;

use api::Timestamp;
use api::capi::{ClusterPart, Weight};
use capi::{ClusterKey, Facts, Graph, Object, Page, Reached, Status, Usual, head, lanes, shared};
use serde_json::{Value, json};

const CLUSTERS: usize = 1_000;
const MACHINES: usize = 10;
const TURNS: usize = 9;
/// Objects of the largest single cluster, three a machine.
const LARGEST: usize = 10_000;

fn main() -> Result<(), Box<dyn Error>> {
    let now = Timestamp(1_795_900_000_000);
    let facts = Facts { now, ..Facts::default() };
    let recorded = recorded()?;
    if std::env::args().nth(1).as_deref() == Some("objects") {
        return objects(&recorded);
    }
    let mut graph = Graph::default();
    for number in 0..CLUSTERS {
        for object in cluster(&recorded, &name_of(number), MACHINES)? {
            graph.put(Object::read(&object).map_err(|why| format!("{why:?}"))?);
        }
    }
    let keys: Vec<ClusterKey> = graph.clusters().cloned().collect();
    let machines: usize = keys.iter().map(|key| graph.machines(key).count()).sum();
    assert_eq!((keys.len(), machines), (CLUSTERS, CLUSTERS * MACHINES), "the objects were copied");
    figure(&format!("first picture of {CLUSTERS} clusters with {machines} machines"), 150.0, || {
        for key in &keys {
            black_box(head(&graph, key, &facts));
        }
    });
    let mut pages: HashMap<ClusterKey, Page> = HashMap::new();
    let mut draw = |graph: &Graph, key: &ClusterKey| {
        let Some(head) = head(graph, key, &facts) else { return };
        black_box(head.0.clone());
        let lanes = lanes(graph, key, |machine| Reached::read(graph, key, machine), &Usual::default());
        let beside = lanes.into_iter().map(ClusterPart::Lane).chain(shared(graph, key).into_iter().map(ClusterPart::Shared)).collect();
        black_box(pages.entry(key.clone()).or_default().draw(graph, key, &facts, head, beside));
    };
    // What the engine does for one event: the object goes into the graph, its cluster into list and open page.
    let open: Vec<&ClusterKey> = keys.iter().take(TURNS + 1).collect();
    open.iter().for_each(|key| draw(&graph, key));
    let turned = |mut object: Object| {
        object.conditions.iter_mut().filter(|one| one.kind == "Available").for_each(|one| one.status = Status::Unknown);
        object
    };
    let changed: Vec<Object> = open.iter().filter_map(|key| graph.machines(key).next().cloned()).map(turned).collect();
    let mut next = changed.into_iter();
    figure("one change of a machine, to the list and to the open page", 0.2, || {
        if let Some(key) = next.next().and_then(|object| graph.put(object)) {
            draw(&graph, &key);
        }
    });
    let mut large = Graph::default();
    for object in cluster(&recorded, "large", LARGEST / 3)? {
        large.put(Object::read(&object).map_err(|why| format!("{why:?}"))?);
    }
    let key = ClusterKey { namespace: "default".into(), name: "large".into() };
    assert!(large.machines(&key).count() >= LARGEST / 3 && large.len() >= LARGEST, "the largest cluster is there");
    figure(&format!("explanation of one cluster with {} machines", LARGEST / 3), 20.0, || {
        black_box(capi::explain(&large, &key, &facts));
    });
    no_rule_knows(&mut large, &key);
    let why = capi::explain(&large, &key, &facts).map(|why| why.weight);
    assert_eq!(why, Some(Weight::Unclear), "every rule is asked");
    figure(&format!("the same while no machine of it is well and no rule knows why, {} objects", large.len()), 20.0, || {
        black_box(capi::explain(&large, &key, &facts));
    });
    Ok(())
}

/// What costs most: the way down has every machine to choose from, and every rule is asked in vain.
fn no_rule_knows(graph: &mut Graph, key: &ClusterKey) {
    let ill = |object: &&Object| matches!(&*object.id.kind, "Machine" | "MachineDeployment" | "Cluster");
    let objects: Vec<Object> = graph.members(key).filter(ill).cloned().collect();
    for mut object in objects {
        for condition in object.conditions.iter_mut().filter(|condition| condition.kind == "Available") {
            condition.status = Status::False;
            condition.reason = "NeverSeenBefore".into();
        }
        graph.put(object);
    }
}

/// 3 control planes and 3 workers of the in-memory backend, all running.
fn recorded() -> Result<Vec<Value>, Box<dyn Error>> {
    let text = include_str!("../tests/data/in-memory/04-running.yaml");
    let list: Value = serde_yaml::from_str(text)?;
    Ok(list["items"].as_array().cloned().unwrap_or_default())
}

fn name_of(number: usize) -> String {
    format!("c{number:04}")
}

fn objects(recorded: &[Value]) -> Result<(), Box<dyn Error>> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for number in 0..CLUSTERS {
        for object in cluster(recorded, &name_of(number), MACHINES)? {
            let text = |field: &str| object[field].as_str().unwrap_or_default();
            writeln!(out, "{} {} {object}", text("apiVersion"), text("kind"))?;
        }
    }
    Ok(out.flush()?)
}

/// The recorded cluster under another name, with copies of a worker until it has that many machines.
fn cluster(recorded: &[Value], name: &str, machines: usize) -> Result<Vec<Value>, Box<dyn Error>> {
    let uids: HashSet<&str> = recorded.iter().filter_map(|object| object.pointer("/metadata/uid")?.as_str()).collect();
    let is_worker = |object: &&Value| object["kind"] == "Machine" && object["metadata"]["labels"].get("cluster.x-k8s.io/control-plane").is_none();
    let worker = recorded.iter().find(is_worker).and_then(|object| object.pointer("/metadata/name")?.as_str()).unwrap_or_default();
    let of_worker: Vec<&Value> = recorded.iter().filter(|object| object["metadata"]["name"] == worker).collect();
    let there = recorded.iter().filter(|object| object["kind"] == "Machine").count();
    let mut texts: Vec<String> = recorded.iter().map(Value::to_string).collect();
    for copy in 0..machines.saturating_sub(there) {
        for object in &of_worker {
            let uid = object["metadata"]["uid"].as_str().unwrap_or_default();
            texts.push(object.to_string().replace(worker, &format!("{worker}{copy}")).replace(uid, &format!("{uid}-{copy}")));
        }
    }
    let mut objects = vec![];
    for mut text in texts {
        text = text.replace("wl1", name);
        for uid in &uids {
            if text.contains(uid) {
                text = text.replace(uid, &format!("{name}-{uid}"));
            }
        }
        objects.push(serde_json::from_str(&text)?);
    }
    Ok(objects)
}

/// Times a thing and prints what each turn took, in milliseconds.
fn figure(name: &str, bound: f64, mut once: impl FnMut()) {
    // The first turn fills the caches and counts for nothing.
    once();
    let turn = |_| {
        let began = Instant::now();
        once();
        began.elapsed().as_secs_f64() * 1_000.0
    };
    let took: Vec<f64> = (0..TURNS).map(turn).collect();
    println!("{}", json!({ "name": name, "unit": "ms", "bound": bound, "took": took }));
}
