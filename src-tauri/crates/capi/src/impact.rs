//! Which pods of a cluster are missed while its machines are replaced, and what does a version no longer serve?
//!
//! Pure: pods, budgets and lines of metrics come in. Start at: [`moved`], [`removed`].

mod budget;
mod selector;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use api::impact::{Notice, NoticeWhy, RemovedApi};
use serde_json::Value;

use crate::change::Version;
use selector::selects;

pub use budget::{budgets_of, more, owner_of};

/// Of this metric: what was asked for since the API server started, and in which release it goes.
/// Source: `staging/src/k8s.io/apiserver/pkg/endpoints/metrics/metrics.go` of Kubernetes.
pub const DEPRECATED: &str = "apiserver_requested_deprecated_apis{";

/// Pods that move, those with a second copy, and those that somebody misses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moved {
    pub pods: u32,
    pub doubled: u32,
    /// The worst first.
    pub notices: Vec<Notice>,
}

/// What happens to pods when every machine is drained once.
pub fn moved(pods: &[Value], budgets: &[Value]) -> Moved {
    let mut copies: HashMap<&str, u32> = HashMap::new();
    let moving: Vec<&Value> = pods.iter().filter(|pod| moves(pod)).collect();
    for owner in moving.iter().filter_map(|pod| controller(pod)).filter_map(|owner| owner["uid"].as_str()) {
        *copies.entry(owner).or_default() += 1;
    }
    let mut moved = Moved { pods: u32::try_from(moving.len()).unwrap_or(u32::MAX), ..Moved::default() };
    for pod in moving {
        let others = controller(pod).and_then(|owner| owner["uid"].as_str()).and_then(|uid| copies.get(uid)).is_some_and(|count| *count > 1);
        moved.doubled += u32::from(others);
        let why = match (held_by(pod, budgets), controller(pod)) {
            (Some(budget), _) => NoticeWhy::Held { budget },
            (None, None) => NoticeWhy::Alone,
            (None, Some(_)) if others => continue,
            (None, Some(_)) => NoticeWhy::OnlyCopy,
        };
        moved.notices.push(Notice { pod: name(pod), why });
    }
    moved.notices.sort_by(|a, b| (&a.why, &a.pod).cmp(&(&b.why, &b.pod)));
    moved
}

/// A drain leaves alone what belongs to the machine itself, and what has ended.
fn moves(pod: &Value) -> bool {
    let of_node = controller(pod).is_some_and(|owner| matches!(owner["kind"].as_str(), Some("DaemonSet" | "Node")));
    let mirrored = pod["metadata"]["annotations"].get("kubernetes.io/config.mirror").is_some();
    let ended = matches!(pod["status"]["phase"].as_str(), Some("Succeeded" | "Failed"));
    !of_node && !mirrored && !ended
}

fn controller(pod: &Value) -> Option<&Value> {
    pod["metadata"]["ownerReferences"].as_array()?.iter().find(|owner| owner["controller"] == true)
}

fn name(object: &Value) -> String {
    let text = |field: &str| object["metadata"][field].as_str().unwrap_or_default();
    format!("{}/{}", text("namespace"), text("name"))
}

/// The budget that lets no pod of its kind go now.
fn held_by(pod: &Value, budgets: &[Value]) -> Option<String> {
    let is_mine =
        |budget: &&Value| budget["metadata"]["namespace"] == pod["metadata"]["namespace"] && selects(&budget["spec"]["selector"], &pod["metadata"]["labels"]);
    let closed = |budget: &&Value| budget["status"]["disruptionsAllowed"].as_u64() == Some(0);
    budgets.iter().filter(is_mine).find(closed).map(name)
}

/// What somebody asked for that a version no longer serves.
pub fn removed<'l>(lines: impl IntoIterator<Item = &'l str>, to: &str) -> Vec<RemovedApi> {
    let Some(to) = Version::read(to) else { return vec![] };
    let mut found: Vec<RemovedApi> = lines.into_iter().filter_map(deprecated).filter(|api| is_gone(&api.removed_in, &to)).collect();
    found.sort();
    found.dedup();
    found
}

fn deprecated(line: &str) -> Option<RemovedApi> {
    let (labels, count) = line.strip_prefix(DEPRECATED)?.rsplit_once('}')?;
    if count.trim().parse::<f64>().ok()? <= 0.0 {
        return None;
    }
    let label = |name: &str| labels.split(',').find_map(|part| part.strip_prefix(name)?.strip_prefix("=\"")?.strip_suffix('"'));
    let (group, version) = (label("group")?, label("version")?);
    let version = if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") };
    Some(RemovedApi {
        version,
        resource: label("resource")?.to_owned(),
        removed_in: label("removed_release").filter(|release| !release.is_empty())?.to_owned(),
    })
}

/// A release is written without its patch.
fn is_gone(release: &str, to: &Version) -> bool {
    Version::read(&format!("v{release}.0")).is_some_and(|removed| (removed.major, removed.minor) <= (to.major, to.minor))
}
