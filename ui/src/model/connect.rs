//! How does a workload cluster stand with its kept kubeconfig?

use std::rc::Rc;

use api::{
    ContextId,
    changes::ClusterAt,
    connect::{ConnectPlan, Life, Way, Workload},
    contexts::ContextRow,
};

use super::clock::Clock;

/// What the button in the head of a cluster does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Door {
    Connect,
    Open(ContextId),
    /// The kept credentials are those of another cluster.
    Refresh(ContextId),
}

/// The context that KOS keeps for a cluster.
pub fn kept(contexts: &[Rc<ContextRow>], at: &ClusterAt) -> Option<Rc<ContextRow>> {
    contexts.iter().find(|row| row.workload.as_ref().is_some_and(|workload| workload.at == *at)).cloned()
}

pub fn door(kept: Option<&ContextRow>) -> Door {
    match kept.map(|row| (row.id.clone(), row.workload.as_ref().map(|w| w.life))) {
        None => Door::Connect,
        Some((context, Some(Life::Remade { .. }))) => Door::Refresh(context),
        Some((context, Some(Life::There | Life::Deleted { .. }) | None)) => Door::Open(context),
    }
}

/// What is to be known of a kept cluster that is not what it was; the head, then the rest.
pub fn trouble(workload: &Workload, clock: Clock) -> Option<(String, String)> {
    let Workload { manager, at, life } = workload;
    let name = &at.name;
    match life {
        Life::There => None,
        Life::Deleted { at } => Some((
            format!("{name} was deleted."),
            format!("Its Cluster object left {manager} at {}. The kept kubeconfig opens nothing unless the cluster was moved elsewhere.", clock.exact(*at)),
        )),
        Life::Remade { at } => Some((
            format!("{name} was made again under its name."),
            format!("Since {} another certificate authority stands in its Secret, so the kept credentials open nothing.", clock.exact(*at)),
        )),
    }
}

/// Which address is used, and why.
pub fn way_words(plan: &ConnectPlan) -> String {
    let named = plan.endpoint.trim_start_matches("https://");
    let version = if plan.version.is_empty() { String::new() } else { format!(", as {}", plan.version) };
    let name = plan.server_name.as_ref().map(|name| format!(" Its certificate lacks 127.0.0.1, so {name} is checked in its place.")).unwrap_or_default();
    match &plan.way {
        Way::Direct => format!("{named} answers from here{version}."),
        Way::Published { container, port } => {
            format!("{named} cannot be reached from here. Docker publishes {container} at port {port} of this machine, and it answers there{version}.{name}")
        }
    }
}

#[cfg(test)]
mod tests;
