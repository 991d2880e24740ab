//! Which command shows the same as a view, and where does the view stand?

use std::rc::Rc;

use api::{
    ContextId, JobId,
    contexts::ContextRow,
    jobs::{JobRow, JobState},
    local::{LocalRow, Role},
    tables::Kind,
};
use yew::AttrValue;

use crate::model::{quoted::quoted, route::Route};

/// The view as a command, none where no program shows the same.
pub fn command(route: &Route, context: Option<&str>) -> Option<AttrValue> {
    match route {
        Route::Fleet => Some("kubectl config get-contexts".into()),
        Route::Table { kind, namespace, .. } | Route::Object { kind, namespace, .. } => {
            let context = quoted(context?);
            let place = match (kind, namespace.as_str()) {
                (Kind::Pods, "") => " --all-namespaces".to_owned(),
                (Kind::Pods, namespace) => format!(" --namespace {namespace}"),
                (Kind::Nodes | Kind::Namespaces, _) => String::new(),
            };
            let kind = match kind {
                Kind::Pods => "pods",
                Kind::Nodes => "nodes",
                Kind::Namespaces => "namespaces",
            };
            Some(format!("kubectl --context {context} get {kind}{place} --watch").into())
        }
        Route::Clusters(_) => Some(format!("kubectl --context {} get clusters --all-namespaces --watch", quoted(context?)).into()),
        Route::Providers(_) => Some(format!("clusterctl upgrade plan --kubeconfig-context {}", quoted(context?)).into()),
        Route::Cluster { namespace, name, .. } | Route::Ask { namespace, name, .. } => {
            Some(format!("clusterctl describe cluster {name} --namespace {namespace} --kubeconfig-context {} --show-conditions all", quoted(context?)).into())
        }
        Route::Machines(_) => Some(format!("kubectl --context {} get machines --all-namespaces --watch", quoted(context?)).into()),
        Route::Machine { namespace, name, .. } => Some(format!("kubectl --context {} describe machine {name} --namespace {namespace}", quoted(context?)).into()),
        Route::Classes(_) => Some(format!("kubectl --context {} get clusterclasses --all-namespaces --watch", quoted(context?)).into()),
        Route::Class { class, .. } => {
            Some(format!("kubectl --context {} get clusterclass {} --namespace {} -o yaml", quoted(context?), class.name, class.namespace).into())
        }
        // The page itself says it, as it depends on the form.
        Route::NewCluster(_)
        | Route::AddCluster
        | Route::Create
        | Route::Jobs
        | Route::Job(_)
        | Route::Doctor
        | Route::Settings(_)
        | Route::Trust(_)
        | Route::Delete(_)
        // Its page knows the command as soon as there is a plan.
        | Route::Upgrade { .. }
        // Only KOS keeps runs.
        | Route::Runs(_)
        | Route::Run { .. }
        | Route::States => None,
    }
}

/// `…6k8wz-x7k2p`: the end is what differs.
fn ending(machine: &str, cluster: &str) -> String {
    let parts: Vec<&str> = machine.rsplitn(3, '-').collect();
    match parts.as_slice() {
        [last, set, before] if before.len() > cluster.len() => format!("…{set}-{last}"),
        _ => machine.to_owned(),
    }
}

/// Where a view stands, behind the context's name; pages of the rail are named by their heading alone.
pub fn path(route: &Route, jobs: &[Rc<JobRow>]) -> Vec<AttrValue> {
    let cut = |id: &JobId| jobs.iter().any(|job| job.id == *id && matches!(job.state, JobState::Interrupted { .. }));
    match route {
        Route::Table { kind: Kind::Pods, .. } | Route::Object { kind: Kind::Pods, .. } => vec!["Workloads".into(), "Pods".into()],
        Route::Table { kind: Kind::Nodes, .. } | Route::Object { kind: Kind::Nodes, .. } => vec!["Cluster".into(), "Nodes".into()],
        Route::Table { kind: Kind::Namespaces, .. } | Route::Object { kind: Kind::Namespaces, .. } => vec!["Cluster".into(), "Namespaces".into()],
        Route::Clusters(_) => vec!["Clusters".into()],
        Route::Providers(_) => vec!["Providers".into()],
        Route::NewCluster(_) => vec!["Clusters".into(), "New".into()],
        Route::Cluster { name, .. } | Route::Ask { name, .. } => vec!["Clusters".into(), name.clone().into()],
        Route::Upgrade { name, .. } => vec!["Clusters".into(), name.clone().into(), "Upgrade".into()],
        Route::Machines(_) => vec!["Machines".into()],
        Route::Machine { cluster, name, .. } => vec!["Machines".into(), ending(name, cluster).into()],
        Route::Classes(_) => vec!["Cluster classes".into()],
        Route::Class { class, .. } => vec!["Cluster classes".into(), class.name.clone().into()],
        Route::Runs(_) => vec!["Past runs".into()],
        Route::Run { .. } => vec!["Past runs".into(), "Replay".into()],
        Route::AddCluster => vec!["Add a cluster".into()],
        Route::Job(id) if cut(id) => vec!["Jobs".into(), "Interrupted".into()],
        Route::Fleet
        | Route::Create
        | Route::Jobs
        | Route::Job(_)
        | Route::Doctor
        | Route::Settings(_)
        | Route::Trust(_)
        | Route::Delete(_)
        | Route::States => {
            vec![]
        }
    }
}

/// What a context is besides a cluster: one that makes others says so beside its name.
pub fn role(local: &[Rc<LocalRow>], contexts: &[Rc<ContextRow>], context: &ContextId) -> Option<AttrValue> {
    manages(local, contexts, context).then(|| "management".into())
}

/// Whether a context is known to make clusters.
pub fn manages(local: &[Rc<LocalRow>], contexts: &[Rc<ContextRow>], context: &ContextId) -> bool {
    let makes_here = local.iter().any(|row| row.role == Role::Management && row.context.as_ref() == Some(context));
    let made_others = contexts.iter().any(|row| row.workload.as_ref().is_some_and(|workload| workload.at.context == *context));
    makes_here || made_others
}

#[cfg(test)]
mod tests;
