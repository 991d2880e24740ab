//! Which port of this machine leads to the API server of a cluster?

use api::Fault;

use crate::World;
use crate::diagnose::Doing;
use crate::programs::docker::{self, NodeRole};
use crate::programs::ports::{Published, published};
use crate::run::ask;

/// Where API servers listen in their containers.
const API_PORT: u16 = 6443;

/// Asks Docker: the port changes whenever the load balancer is started.
///
/// # Errors
/// When Docker does not answer.
pub async fn door(world: &World, cluster: &str) -> Result<Option<Published>, Fault> {
    let out = crate::run::docker(world.programs.as_ref(), docker::list(Some(cluster)), Doing::Ask, cluster).await?;
    Ok(front(published(&out)))
}

/// The load balancer, else a control plane that stands alone.
fn front(mut ports: Vec<Published>) -> Option<Published> {
    ports.retain(|p| p.port == API_PORT);
    ports.sort_by(|a, b| (&a.role, &a.container).cmp(&(&b.role, &b.container)));
    ports.into_iter().find(|p| matches!(p.role, NodeRole::LoadBalancer | NodeRole::ControlPlane))
}

/// What a container wrote last, on either of its streams; empty when Docker cannot say.
pub async fn last_lines(programs: &dyn tools::Programs, container: &str, lines: u32) -> Vec<String> {
    let asked = ask(programs, tools::Program::Docker, docker::logs(container, lines), Default::default()).await;
    let Ok(exit) = asked else { return vec![] };
    if !exit.succeeded() {
        return vec![];
    }
    [exit.out, exit.err].iter().flat_map(|part| String::from_utf8_lossy(part).lines().map(str::to_owned).collect::<Vec<_>>()).collect()
}

#[cfg(test)]
mod tests {
    use super::front;
    use crate::programs::docker::NodeRole;
    use crate::programs::ports::Published;

    #[test]
    fn the_load_balancer_comes_before_the_control_planes_behind_it() {
        let port = |container: &str, role: NodeRole, port: u16| Published { container: container.into(), role, host_port: 1, port };
        let behind = port("w1-cp", NodeRole::ControlPlane, 6443);
        let balancer = port("w1-lb", NodeRole::LoadBalancer, 6443);
        let statistics = port("w1-lb", NodeRole::LoadBalancer, 8404);
        assert_eq!(front(vec![behind.clone(), statistics.clone(), balancer.clone()]), Some(balancer));
        assert_eq!(front(vec![behind.clone(), statistics]), Some(behind));
        assert_eq!(front(vec![port("w1-md", NodeRole::Worker, 6443)]), None);
    }
}
