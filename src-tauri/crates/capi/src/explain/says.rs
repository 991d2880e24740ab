//! What does each object on the way say, in a few words?

use super::case::{Case, wrong};
use crate::condition::Condition;
use crate::object::{CORE, Object};

/// What an object waits for, or how many of its machines it has; the last one on the way speaks for itself.
pub(super) fn says(case: &Case, object: &Object) -> String {
    let place = case.way.iter().position(|other| other.id == object.id);
    let next = place.and_then(|at| case.way.get(at + 1)).copied();
    match next {
        Some(next) => waits(object, next).unwrap_or_else(|| own_words(object)),
        None => counted(object).unwrap_or_else(|| own_words(object)),
    }
}

fn waits(object: &Object, next: &Object) -> Option<String> {
    if object.is(CORE, "Cluster") {
        return Some(cluster(object, next));
    }
    if object.is(CORE, "Machine") {
        return Some(format!("waits for its {}", next.id.kind));
    }
    counted(object)
}

fn cluster(cluster: &Object, next: &Object) -> String {
    if cluster.deleting_since.is_some() {
        return format!("goes when its {} is gone", next.id.kind);
    }
    let missing = next.replicas.and_then(|r| Some(r.desired?.saturating_sub(r.available.or(r.ready).unwrap_or(0)))).filter(|n| *n > 0);
    let is_plane = cluster.control_plane.as_ref() == Some(&next.id);
    match (missing, is_plane) {
        (Some(1), false) => "waits for 1 worker".to_owned(),
        (Some(n), false) => format!("waits for {n} workers"),
        (Some(1), true) => "waits for 1 control plane machine".to_owned(),
        (Some(n), true) => format!("waits for {n} control plane machines"),
        (None, _) => format!("waits for its {}", next.id.kind),
    }
}

/// `2 of 3`.
fn counted(object: &Object) -> Option<String> {
    let replicas = object.replicas.filter(|_| !object.is(CORE, "Cluster"))?;
    let (have, want) = (replicas.available.or(replicas.ready).unwrap_or(0), replicas.desired?);
    (have < want).then(|| format!("{have} of {want}"))
}

/// The condition that tells most, its first line.
fn own_words(object: &Object) -> String {
    let telling = |c: &&Condition| (!c.message.is_empty(), c.kind != "Ready" && c.kind != "Available");
    let most = wrong(object).into_iter().max_by_key(telling);
    most.map_or_else(String::new, |c| first_line(if c.message.is_empty() { &c.reason } else { &c.message }))
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().trim_start_matches("* ").to_owned()
}

#[cfg(test)]
mod tests {
    use crate::explain::{Facts, explain};
    use crate::recorded::{self, at};

    #[test]
    fn each_stop_of_the_way_says_what_it_waits_for_in_a_few_words() {
        for (moment, namespace, cluster, says) in [
            ("in-memory/02-first-cp-vm.yaml", "default", "wl1", &["waits for 3 control plane machines", "0 of 3", "waits for its KubeadmConfig"] as &[&str]),
            ("in-memory/08-upgrading-cp.yaml", "default", "wl1", &["waits for its KubeadmControlPlane"]),
            ("docker/stuck-missing-node-image.yaml", "stuck", "w2", &["waits for 1 control plane machine", "0 of 1", "waits for its DevMachine"]),
        ] {
            let why = explain(&recorded::graph(moment), &recorded::key(namespace, cluster), &Facts { now: at("13:45:00"), ..Facts::default() });
            let said: Vec<String> = why.unwrap_or_else(|| panic!("{moment} is not explained")).path.into_iter().map(|stop| stop.says).collect();
            assert_eq!(said.get(..says.len()).unwrap_or_default(), says, "{moment}: {said:?}");
        }
    }
}
