//! What is made once for all machines of a cluster, and when?

use api::Timestamp;
use api::shared::{Shared, SharedLane};

use crate::addons;
use crate::condition::Condition;
use crate::graph::{ClusterKey, Graph};
use crate::object::Object;

/// A cluster may take a whole catalogue of charts; lanes are for what its machines wait for.
const MOST_ADD_ONS: usize = 8;

/// What the objects of this moment tell; nothing of what they do not.
pub fn shared(graph: &Graph, key: &ClusterKey) -> Vec<SharedLane> {
    let Some(cluster) = graph.cluster(key) else { return vec![] };
    let base = infrastructure(graph, cluster);
    let answers = since(cluster.condition("ControlPlaneInitialized"));
    let mut all = vec![];
    if let Some(asked) = base.as_ref().and_then(|lane| lane.made).or(cluster.created) {
        all.extend(addons::arrivals(graph, key).into_iter().take(MOST_ADD_ONS).map(|(name, came)| SharedLane {
            what: Shared::AddOn { name },
            asked,
            began: came.map(|came| answers.unwrap_or(came).min(came)).or(answers),
            made: came,
            lost: None,
        }));
    }
    base.into_iter().chain(all).collect()
}

/// Its own condition tells of a load balancer; of other infrastructure only the Cluster does.
fn infrastructure(graph: &Graph, cluster: &Object) -> Option<SharedLane> {
    let infrastructure = cluster.infrastructure.as_ref().and_then(|id| graph.get(id))?;
    let balancer = infrastructure.condition("LoadBalancerAvailable");
    let (what, tells) = match balancer {
        Some(_) => (Shared::LoadBalancer, balancer),
        None => (Shared::Infrastructure { kind: infrastructure.id.kind.to_string() }, cluster.condition("InfrastructureReady")),
    };
    let asked = infrastructure.created?;
    Some(SharedLane { what, asked, began: Some(asked), made: since(tells).map(|made| made.max(asked)), lost: None })
}

fn since(condition: Option<&Condition>) -> Option<Timestamp> {
    condition.filter(|c| c.is_true()).and_then(|c| c.since)
}

/// Takes in what is told now. A condition keeps only its latest change: what was once there keeps the moment of its making,
/// and what is not told any more stays as it was.
pub fn note_shared(kept: &mut Vec<SharedLane>, now: Vec<SharedLane>, at: Timestamp) {
    for lane in now {
        match kept.iter_mut().find(|one| one.what == lane.what) {
            None => kept.push(lane),
            Some(one) => {
                one.lost = (one.made.is_some() && lane.made.is_none()).then(|| one.lost.unwrap_or(at));
                one.began = one.began.or(lane.began);
                one.made = one.made.or(lane.made);
            }
        }
    }
    kept.sort_by(|a, b| (&a.what, a.asked).cmp(&(&b.what, b.asked)));
}

#[cfg(test)]
mod tests {
    use api::shared::SharedState;
    use serde_json::json;

    use super::*;
    use crate::recorded;

    fn said(lanes: &[SharedLane]) -> Vec<(Shared, u64, Option<u64>)> {
        lanes
            .iter()
            .map(|lane| {
                (lane.what.clone(), lane.began.map_or(0, |began| began.since(lane.asked).0 / 1_000), lane.made.map(|made| made.since(lane.asked).0 / 1_000))
            })
            .collect()
    }

    fn binding(cluster: &str, resources: serde_json::Value) -> Object {
        let object = json!({
            "apiVersion": "addons.cluster.x-k8s.io/v1beta2", "kind": "ClusterResourceSetBinding", "metadata": { "name": cluster, "namespace": "default", "uid": "b" },
            "spec": { "clusterName": cluster, "bindings": [{ "clusterResourceSetName": "network", "resources": resources }] },
        });
        Object::read(&object).expect("a binding is whole")
    }

    #[test]
    fn a_load_balancer_is_told_by_its_own_condition_other_infrastructure_by_the_cluster() {
        for (file, cluster, wanted) in [
            ("docker/w1-3cp-2w.yaml", "w1", vec![(Shared::LoadBalancer, 0, Some(4))]),
            ("docker/w1-t55.yaml", "w1", vec![(Shared::LoadBalancer, 0, Some(4))]),
            ("in-memory/04-running.yaml", "wl1", vec![(Shared::Infrastructure { kind: "DevCluster".into() }, 0, Some(5))]),
            ("in-memory/01-provisioning-start.yaml", "wl1", vec![(Shared::Infrastructure { kind: "DevCluster".into() }, 0, None)]),
            ("in-memory/stuck-no-docker.yaml", "c-lb", vec![(Shared::LoadBalancer, 0, None)]),
            ("in-memory/stuck-class-missing.yaml", "c-class", vec![]),
        ] {
            assert_eq!(said(&shared(&recorded::graph(file), &recorded::key("default", cluster))), wanted, "{file}");
        }
    }

    #[test]
    fn an_add_on_waits_for_the_first_api_server_and_is_there_when_all_of_it_was_applied() {
        let key = recorded::key("default", "w1");
        let balancer = || (Shared::LoadBalancer, 0, Some(4));
        let add_on = |name: &str| Shared::AddOn { name: name.into() };
        let kindnet = |at: &str| json!({ "kind": "Secret", "name": "kindnet", "applied": true, "lastAppliedTime": at });
        let waiting = json!({ "kind": "ConfigMap", "name": "more", "applied": false });
        for (file, resources, lane) in [
            // The first API server answered 68 s after the load balancer stood.
            ("docker/w1-3cp-2w.yaml", json!([kindnet("2026-11-23T13:42:30Z")]), (add_on("kindnet"), 68, Some(76))),
            ("docker/w1-3cp-2w.yaml", json!([kindnet("2026-11-23T13:42:30Z"), waiting]), (add_on("network"), 68, None)),
            ("docker/w1-t55.yaml", json!([waiting]), (add_on("more"), 0, None)),
        ] {
            let mut graph = recorded::graph(file);
            graph.put(binding("w1", resources));
            assert_eq!(said(&shared(&graph, &key)), [balancer(), lane], "{file}");
        }
    }

    #[test]
    fn what_was_once_there_keeps_its_moment_and_is_said_to_be_lost_until_it_is_back() {
        let at = |second: u64| Timestamp(second * 1_000);
        let lane = |made: Option<u64>| SharedLane { what: Shared::LoadBalancer, asked: at(10), began: Some(at(10)), made: made.map(at), lost: None };
        let mut kept = vec![];
        for (now, second, state, made, lost) in [
            (vec![lane(None)], 11, SharedState::Making, None, None),
            (vec![lane(Some(14))], 15, SharedState::There, Some(14), None),
            (vec![lane(None)], 60, SharedState::Lost, Some(14), Some(60)),
            (vec![lane(None)], 70, SharedState::Lost, Some(14), Some(60)),
            (vec![], 75, SharedState::Lost, Some(14), Some(60)),
            (vec![lane(Some(80))], 81, SharedState::There, Some(14), None),
        ] {
            note_shared(&mut kept, now, at(second));
            let one = &kept[0];
            assert_eq!((kept.len(), one.state(), one.made, one.lost), (1, state, made.map(at), lost.map(at)), "at {second}");
        }
        // What KOS put there itself is told by no object and stays.
        note_shared(&mut kept, vec![SharedLane { what: Shared::AddOn { name: "kindnet".into() }, ..lane(Some(20)) }], at(90));
        note_shared(&mut kept, vec![lane(Some(80))], at(91));
        assert_eq!(kept.len(), 2);
    }
}
