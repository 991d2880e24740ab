//! Which port of this machine leads to the API server of a cluster?

use api::Fault;
use api::local::ContainerState;

use crate::World;
use crate::diagnose::Doing;
use crate::programs::docker::{self, Container, NodeRole};
use crate::programs::ports::{Published, published};

/// Where API servers listen in their containers.
const API_PORT: u16 = 6443;

/// The way in, as Docker tells it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Door {
    Open(Published),
    /// A load balancer stands before the control planes and lets nobody in yet. None of theirs is taken in its place: it
    /// would lead to one of them only, and be the wrong one again as soon as the load balancer runs.
    Shut {
        container: String,
        state: ContainerState,
    },
    /// No container of the cluster publishes an API server.
    Nowhere,
}

/// Asks Docker: the port changes whenever the load balancer is started.
///
/// # Errors
/// When Docker does not answer.
pub async fn door(world: &World, cluster: &str) -> Result<Door, Fault> {
    let out = crate::run::docker(world.programs.as_ref(), docker::list(Some(cluster)), Doing::Ask, cluster).await?;
    Ok(front(&docker::containers(&out), published(&out)))
}

/// The load balancer where there is one, however it stands; else a control plane.
fn front(containers: &[Container], mut ports: Vec<Published>) -> Door {
    ports.retain(|p| p.port == API_PORT);
    ports.sort_by(|a, b| (&a.role, &a.container).cmp(&(&b.role, &b.container)));
    let Some(balancer) = containers.iter().find(|one| one.role == NodeRole::LoadBalancer) else {
        return ports.into_iter().find(|p| p.role == NodeRole::ControlPlane).map_or(Door::Nowhere, Door::Open);
    };
    // What Docker holds still has its ports, and answers at none of them.
    let runs = balancer.state == ContainerState::Running;
    let port = ports.into_iter().find(|p| runs && p.container == balancer.name);
    port.map_or_else(|| Door::Shut { container: balancer.name.clone(), state: balancer.state.clone() }, Door::Open)
}

#[cfg(test)]
mod tests {
    use api::local::ContainerState;

    use super::{Door, front};
    use crate::programs::docker::{Container, NodeRole};
    use crate::programs::ports::Published;

    const CLUSTER: &str = "w1";

    fn container(name: &str, role: NodeRole, state: ContainerState) -> Container {
        Container { id: name.into(), name: name.into(), cluster: CLUSTER.into(), role, image: String::new(), state, created: None }
    }

    fn port(container: &str, role: NodeRole, port: u16) -> Published {
        Published { container: container.into(), role, host_port: 1, port }
    }

    #[test]
    fn a_load_balancer_is_the_only_door_where_there_is_one_also_while_it_is_shut() {
        let plane = || container("w1-cp", NodeRole::ControlPlane, ContainerState::Running);
        let balancer = |state| container("w1-lb", NodeRole::LoadBalancer, state);
        let (behind, before) = (port("w1-cp", NodeRole::ControlPlane, 6443), port("w1-lb", NodeRole::LoadBalancer, 6443));
        let statistics = port("w1-lb", NodeRole::LoadBalancer, 8404);
        let shut = |state| Door::Shut { container: "w1-lb".into(), state };
        let restarting = || ContainerState::Other("restarting".into());
        for (containers, ports, door) in [
            (vec![plane(), balancer(ContainerState::Running)], vec![behind.clone(), statistics.clone(), before.clone()], Door::Open(before.clone())),
            // It starts, and Docker has given it no port yet.
            (vec![plane(), balancer(ContainerState::Running)], vec![behind.clone(), statistics], shut(ContainerState::Running)),
            (vec![plane(), balancer(restarting())], vec![behind.clone()], shut(restarting())),
            (vec![plane(), balancer(ContainerState::Exited { code: 0 })], vec![behind.clone()], shut(ContainerState::Exited { code: 0 })),
            (vec![plane(), balancer(ContainerState::Paused)], vec![behind.clone(), before], shut(ContainerState::Paused)),
            (vec![plane()], vec![behind.clone()], Door::Open(behind)),
            (vec![plane()], vec![port("w1-md", NodeRole::Worker, 6443)], Door::Nowhere),
            (vec![], vec![], Door::Nowhere),
        ] {
            assert_eq!(front(&containers, ports.clone()), door, "{containers:?} {ports:?}");
        }
    }
}
