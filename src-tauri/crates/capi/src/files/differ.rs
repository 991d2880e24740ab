//! In which fields does a document differ from what runs?
//!
//! What the server would keep of the document is compared with what it has: a default is on both sides, and no difference.
//! Two things such a run does not tell, because an apply leaves alone what it does not name: an entry of a list that the
//! file does not have, and a field that somebody set by hand.

use serde_json::{Map, Value};

use super::export::cleaned;
use super::owner::by_hand;

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Key(String),
    /// An entry of a list that is known by a field of it: `name`, `md-0`.
    Entry {
        by: &'static str,
        is: String,
    },
    Place(usize),
}

/// A field that is not the same on both sides; a side without it has none.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    pub path: Vec<Step>,
    pub file: Option<Value>,
    pub cluster: Option<Value>,
    pub applied: Applied,
}

/// What applying the document does to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// It becomes as the file says, or goes.
    Follows,
    /// The file does not name it, so it stays.
    Stays,
}

/// What entries of lists are known by, in Cluster API and in Kubernetes.
pub(super) const NAMES: [&str; 3] = ["name", "key", "type"];
/// Lists to which the server adds entries that nobody asked for.
const FILLED_UP: [&str; 1] = ["variables"];

/// Compares `live`, the object that runs, with `kept`, what the server would have after applying `document`.
pub fn compare(document: &Value, live: &Value, kept: &Value) -> Vec<Field> {
    let mut found = vec![];
    let (have, would) = (cleaned(live), cleaned(kept));
    walk(&mut vec![], Some(&would), Some(&have), &mut found);
    let known: Vec<Vec<Step>> = found.iter().map(|field| field.path.clone()).collect();
    let mut silent = vec![];
    unnamed(&mut vec![], &document["spec"], &have["spec"], live, &mut silent);
    for mut field in silent {
        field.path.insert(0, Step::Key("spec".to_owned()));
        if !known.iter().any(|path| path.starts_with(&field.path) || field.path.starts_with(path)) {
            found.push(field);
        }
    }
    found
}

fn walk(path: &mut Vec<Step>, file: Option<&Value>, cluster: Option<&Value>, found: &mut Vec<Field>) {
    match (file, cluster) {
        (Some(Value::Object(file)), Some(Value::Object(cluster))) => {
            for key in keys(file, cluster) {
                step(path, Step::Key(key.clone()), file.get(key), cluster.get(key), found);
            }
        }
        (Some(Value::Array(file)), Some(Value::Array(cluster))) if file != cluster => match known_by(file, cluster) {
            Some(by) => {
                let entry = |list: &'_ [Value], is: &str| list.iter().position(|one| one[by] == is);
                let extra = cluster.iter().filter(|one| !file.iter().any(|other| other[by] == one[by]));
                for is in file.iter().chain(extra).filter_map(|one| one[by].as_str()) {
                    let (in_file, in_cluster) = (entry(file, is).and_then(|at| file.get(at)), entry(cluster, is).and_then(|at| cluster.get(at)));
                    step(path, Step::Entry { by, is: is.to_owned() }, in_file, in_cluster, found);
                }
            }
            None if file.len() == cluster.len() => {
                for (at, (file, cluster)) in file.iter().zip(cluster).enumerate() {
                    step(path, Step::Place(at), Some(file), Some(cluster), found);
                }
            }
            None => found.push(Field {
                path: path.clone(),
                file: Some(Value::Array(file.clone())),
                cluster: Some(Value::Array(cluster.clone())),
                applied: Applied::Follows,
            }),
        },
        (file, cluster) if file == cluster => {}
        (file, cluster) => found.push(Field { path: path.clone(), file: file.cloned(), cluster: cluster.cloned(), applied: Applied::Follows }),
    }
}

fn step(path: &mut Vec<Step>, step: Step, file: Option<&Value>, cluster: Option<&Value>, found: &mut Vec<Field>) {
    path.push(step);
    walk(path, file, cluster, found);
    path.pop();
}

/// What the cluster has below a field that the file names, and the file does not.
fn unnamed(path: &mut Vec<Step>, file: &Value, have: &Value, live: &Value, found: &mut Vec<Field>) {
    match (file, have) {
        (Value::Object(file), Value::Object(have)) => {
            for (key, value) in have {
                path.push(Step::Key(key.clone()));
                match file.get(key) {
                    Some(theirs) => unnamed(path, theirs, value, live, found),
                    None if by_hand(live, path) => found.push(Field { path: path.clone(), file: None, cluster: Some(value.clone()), applied: Applied::Stays }),
                    None => {}
                }
                path.pop();
            }
        }
        (Value::Array(file), Value::Array(have)) => {
            let Some(by) = known_by(file, have) else { return };
            let is_filled_up = path.last().is_some_and(|step| FILLED_UP.iter().any(|list| *step == Step::Key((*list).to_owned())));
            for one in have {
                let Some(is) = one[by].as_str() else { continue };
                path.push(Step::Entry { by, is: is.to_owned() });
                match file.iter().find(|other| other[by] == is) {
                    Some(theirs) => unnamed(path, theirs, one, live, found),
                    None if is_filled_up => {}
                    None => found.push(Field { path: path.clone(), file: None, cluster: Some(one.clone()), applied: Applied::Stays }),
                }
                path.pop();
            }
        }
        _ => {}
    }
}

/// The field by which the entries of both lists are told apart.
pub(super) fn known_by(one: &[Value], other: &[Value]) -> Option<&'static str> {
    let unique = |list: &[Value], by: &str| {
        let mut names: Vec<&str> = list.iter().filter_map(|one| one[by].as_str()).collect();
        let all = names.len() == list.len();
        names.sort_unstable();
        names.dedup();
        all && names.len() == list.len()
    };
    NAMES.into_iter().find(|by| unique(one, by) && unique(other, by) && !(one.is_empty() && other.is_empty()))
}

fn keys<'a>(one: &'a Map<String, Value>, other: &'a Map<String, Value>) -> impl Iterator<Item = &'a String> {
    one.keys().chain(other.keys().filter(|key| !one.contains_key(*key)))
}

/// `.spec.topology.workers.machineDeployments[md-0].replicas`.
pub fn path_words(path: &[Step]) -> String {
    let word = |step: &Step| match step {
        Step::Key(key) if key.contains('.') => format!("[\"{key}\"]"),
        Step::Key(key) => format!(".{key}"),
        Step::Entry { is, .. } => format!("[{is}]"),
        Step::Place(at) => format!("[{at}]"),
    };
    path.iter().map(word).collect()
}
