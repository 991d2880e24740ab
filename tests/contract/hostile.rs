//! Is there an argument that the core cannot stand?
//!
//! Each call of the contract and each topic is sent in its right shape with one place of it replaced by something hostile,
//! place by place. The lists come from the contract itself: what is new there is tried here without a line more.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use serde_json::{Value, json};
use tests::desk::kubeconfig;
use tests::headless::Rows;
use tests::{Desk, Headless};

use crate::{management, sample};

const LIMIT: Duration = Duration::from_secs(60);
/// More than serde reads.
const TOO_DEEP: usize = 200;
const LONG: usize = 64 * 1024;

/// A folder that the core has no business in, and a name that nothing there may get.
struct Outside {
    folder: tempfile::TempDir,
    mark: String,
}

impl Outside {
    fn new() -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix("kos-outside-").tempdir()?;
        let mark = folder.path().file_name().unwrap_or_default().to_string_lossy().replace("outside", "hostile");
        Ok(Self { folder, mark })
    }

    /// Texts that mean something to shells, programs, paths, terminals or rules.
    fn words(&self) -> Vec<String> {
        let (folder, mark) = (self.folder.path().display(), &self.mark);
        let mut words: Vec<String> =
            ["", " ", "-", "--help", "--kubeconfig=/x", "a\nb", "a\u{0}b", "é\u{202e}\u{7}", "..", "/dev/zero", "${x}", "[", "#"].map(str::to_owned).into();
        words.extend([format!("$(touch {folder}/{mark})"), format!("'; touch {folder}/{mark} #")]);
        words.extend([format!("../{mark}"), format!("../../../../../../../../tmp/{mark}"), format!("{folder}/{mark}"), format!("file://{folder}/{mark}")]);
        words.extend(["x".repeat(LONG), "*".repeat(LONG)]);
        words
    }

    /// Values that stand for no field, and all words.
    fn values(&self) -> Vec<Value> {
        let deep = (0..TOO_DEEP).fold(json!(1), |inner, _| json!([inner]));
        let mut values = vec![json!(null), json!(true), json!(-1), json!(u64::MAX), json!(1e300), json!([]), json!({}), json!(["x", { "y": [null] }]), deep];
        values.push(json!(["*".repeat(LONG)]));
        values.extend(self.words().into_iter().map(Value::from));
        values
    }

    /// The worst of them, where each takes longer.
    fn few(&self) -> Vec<Value> {
        let words = ["".to_owned(), "--kubeconfig=/x".to_owned(), format!("../../{}\u{0}", self.mark), "*".repeat(LONG)];
        [json!(null), json!(-1), json!({}), json!(["*".repeat(LONG)])].into_iter().chain(words.map(Value::from)).collect()
    }

    /// What a call left where it had no business.
    fn left(&self, desk: &Desk) -> Vec<PathBuf> {
        let inside = std::fs::read_dir(self.folder.path()).into_iter().flatten().flatten().map(|entry| entry.path());
        let above = desk.home().ancestors().skip(1).chain([Path::new("/tmp")]).map(|folder| folder.join(&self.mark)).filter(|path| path.exists());
        inside.chain(above).collect()
    }
}

/// Every place of a value as a JSON pointer, the whole of it first.
fn places(value: &Value) -> Vec<String> {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, field)| (name.clone(), field)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(n, item)| (n.to_string(), item)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => vec![],
    };
    let below = inner.into_iter().flat_map(|(name, value)| places(value).into_iter().map(move |rest| format!("/{name}{rest}")));
    [String::new()].into_iter().chain(below).collect()
}

fn with(value: &Value, place: &str, put: &Value) -> Value {
    let mut changed = value.clone();
    if let Some(there) = changed.pointer_mut(place) {
        *there = put.clone();
    }
    changed
}

/// The same without a field; `None` where the place is no field.
fn without(value: &Value, place: &str) -> Option<Value> {
    let (above, name) = place.rsplit_once('/')?;
    let mut changed = value.clone();
    changed.pointer_mut(above)?.as_object_mut()?.remove(name)?;
    Some(changed)
}

fn short(value: &Value) -> String {
    value.to_string().chars().take(500).collect()
}

/// Asks, and notes what is neither a value nor a fault with a sentence: a panic in a call is answered as a mistake of KOS.
async fn ask(core: &mut Headless, asked: Value, wrong: &mut Vec<String>) -> anyhow::Result<Value> {
    let shown = short(&asked);
    let answer = core.ask(asked).await.with_context(|| shown.clone())?;
    let stands = match answer.get("fault") {
        Some(fault) => fault["code"] != "Bug" && fault["sentence"].as_str().is_some_and(|sentence| !sentence.is_empty()),
        None => answer.get("ok").is_some(),
    };
    if !stands {
        wrong.push(format!("{shown}\n{}", short(&answer)));
    }
    Ok(answer)
}

/// What every one of these tests ends with: the core lives, nothing in it broke, and nothing stands where it should not.
async fn ends_well(desk: &Desk, mut core: Headless, outside: &Outside, wrong: &[String]) -> anyhow::Result<()> {
    assert!(wrong.is_empty(), "{} are answered badly, the first: {:#?}", wrong.len(), wrong.iter().take(5).collect::<Vec<_>>());
    core.call("about", Value::Null).await?;
    let contexts = core.subscribe(json!("Contexts")).await?;
    core.until(contexts, "the contexts of the demo", |rows| rows.rows.iter().any(|row| row["name"] == "kind-kos-mgmt")).await?;
    core.end().await?;
    let said = std::fs::read_to_string(desk.errors())?;
    assert!(!said.contains("panicked"), "{said}");
    assert_eq!(outside.left(desk), Vec::<PathBuf>::new());
    Ok(())
}

#[tokio::test]
async fn every_place_of_every_call_takes_what_is_hostile_and_the_core_lives() -> anyhow::Result<()> {
    let (desk, outside) = (Desk::new(), Outside::new()?);
    let mut core = Headless::start(&desk, &["--demo"]).await?.within(LIMIT);
    let (values, mut wrong) = (outside.values(), vec![]);
    for name in api::Request::NAMES {
        let right = sample(name);
        for place in places(&right) {
            let hostile = values.iter().map(|value| with(&right, &place, value)).chain(without(&right, &place));
            for asked in hostile {
                ask(&mut core, json!({ "call": name, "with": asked }), &mut wrong).await?;
            }
        }
    }
    for odd in &values {
        ask(&mut core, json!({ "call": odd, "with": null }), &mut wrong).await?;
        ask(&mut core, json!({ "unsubscribe": odd }), &mut wrong).await?;
    }
    ends_well(&desk, core, &outside, &wrong).await
}

/// A sample as one would send it of a cluster that is there.
fn told(value: &Value, manager: &Value) -> Value {
    match value {
        Value::String(text) if text == "#nowhere" => manager.clone(),
        Value::String(text) if text == "sample" || text == "w1" => json!("lab-a"),
        Value::Array(items) => Value::Array(items.iter().map(|item| told(item, manager)).collect()),
        Value::Object(fields) => Value::Object(fields.iter().map(|(name, field)| (name.clone(), told(field, manager))).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

#[tokio::test]
async fn the_same_is_so_of_a_cluster_that_is_there_and_it_stays_as_it_was() -> anyhow::Result<()> {
    let outside = Outside::new()?;
    let (desk, mut core, manager) = management().await?;
    // Whoever looks at the clusters keeps the lists: each call finds them read.
    let clusters = core.subscribe(json!({ "Clusters": manager })).await?;
    let before = core.until(clusters, "the clusters that are there", |rows| rows.rows.len() == 3).await?;
    let settings = core.subscribe(json!("Settings")).await?;
    let choices = core.until(settings, "settings", |rows| !rows.rows.is_empty()).await?.rows[0]["choices"].clone();
    let all = choices.as_object().into_iter().flatten().map(|(key, value)| (key.clone(), json!({ "to": value })));
    let chosen = Value::Object(all.collect());
    let (values, mut wrong) = (outside.few(), vec![]);
    for name in api::Request::NAMES {
        let right = match *name {
            "save_choices" => json!({ "chosen": chosen }),
            "add_text" => json!({ "name": "pasted", "text": kubeconfig("pasted", "https://127.0.0.1:1", "t") }),
            other => told(&sample(other), &manager),
        };
        for place in places(&right) {
            for value in &values {
                ask(&mut core, json!({ "call": name, "with": with(&right, &place, value) }), &mut wrong).await?;
            }
        }
    }
    core.call("save_choices", json!({ "chosen": chosen })).await?;
    let names = |rows: &Rows| rows.rows.iter().map(|row| row["name"].to_string()).collect::<BTreeSet<_>>();
    let same = names(&before);
    core.until(clusters, "the same clusters", |rows| rows.status == "Live" && names(rows) == same).await?;
    ends_well(&desk, core, &outside, &wrong).await
}

/// The names of all topics, as serde tells them to whoever asks for one that is none.
fn topics() -> Vec<String> {
    let why = serde_json::from_value::<api::Topic>(json!("none")).map_err(|why| why.to_string()).expect_err("there is no such topic");
    // unknown variant `none`, expected one of `Files`, `Contexts`, …
    why.split('`').skip(3).step_by(2).map(str::to_owned).collect()
}

#[tokio::test]
async fn every_place_of_every_topic_takes_what_is_hostile_and_the_core_lives() -> anyhow::Result<()> {
    let topics = topics();
    assert!(topics.len() > 15 && topics.iter().any(|topic| topic == "ProviderLog"), "{topics:?}");
    let outside = Outside::new()?;
    let (desk, mut core, manager) = management().await?;
    let _kept = core.subscribe(json!({ "Clusters": manager })).await?;
    let values = outside.values();
    // All fields that any topic has: one that is not its own is passed over.
    let right = json!({ "context": manager, "namespace": "default", "name": "lab-a", "kind": "Pods" });
    let mut bodies = vec![right.clone(), manager.clone()];
    for place in places(&right) {
        bodies.extend(values.iter().map(|value| with(&right, &place, value)).chain(without(&right, &place)));
    }
    let mut asked: Vec<Value> = topics.iter().flat_map(|topic| bodies.iter().map(move |body| json!({ topic: body }))).collect();
    asked.extend(values.iter().cloned());
    asked.extend(topics.iter().map(|topic| json!(topic)));
    let mut wrong = vec![];
    for topic in asked {
        let answer = ask(&mut core, json!({ "subscribe": topic }), &mut wrong).await?;
        if let Some(stream) = answer["ok"]["stream"].as_u64() {
            core.ask(json!({ "unsubscribe": stream })).await?;
        }
    }
    // It would become part of a path, and lead to what no table shows.
    for namespace in ["../../secrets", "a/b", "a?b=c", "a%2fb", ".."] {
        let answer = core.ask(json!({ "subscribe": { "Table": { "context": manager, "kind": "Pods", "namespace": namespace } } })).await?;
        assert_eq!(answer["fault"]["code"], "Invalid", "{namespace}: {answer}");
    }
    ends_well(&desk, core, &outside, &wrong).await
}
