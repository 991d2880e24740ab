//! How is what a management cluster holds of a kept cluster heard?
//!
//! Two watches of one object each: the Secret with the kubeconfig and the Cluster.

use std::path::PathBuf;
use std::sync::{Arc, Weak};
use std::time::Duration;

use api::changes::ClusterAt;
use api::contexts::Link;
use api::{RowId, Status};
use capi::access::{Seen, secret_of};
use cluster::clock::Clock;
use cluster::objects::discover;
use cluster::one::One;
use cluster::session::{Access, SessionView};
use cluster::watch::{Pace, Sink, Table};
use serde_json::Value;
use tokio::sync::watch;

use super::Connections;
use super::taken::Taken;
use crate::tasks::Task;

/// A server that did not say where clusters are is asked again after this time, or when its connection says anything.
const AGAIN: Duration = Duration::from_secs(15);

/// One kept kubeconfig that is followed; ends when dropped.
pub(super) struct Following {
    view: watch::Receiver<SessionView>,
    _task: Task,
}

impl Following {
    pub(super) fn start(file: PathBuf, at: &ClusterAt, access: &Access, clock: Arc<dyn Clock>, connections: Weak<Connections>) -> Self {
        let work = follow(file, at.clone(), access.clone(), clock, connections);
        Self { view: access.view(), _task: Task::spawn("a kept kubeconfig", work) }
    }

    /// Whether it reads through this very connection; a context that is opened anew has another.
    pub(super) fn is_of(&self, access: &Access) -> bool {
        self.view.same_channel(&access.view())
    }
}

async fn follow(file: PathBuf, at: ClusterAt, access: Access, clock: Arc<dyn Clock>, connections: Weak<Connections>) {
    let Some(list) = clusters(&access, &at.namespace).await else { return };
    let (secret_of_it, mut secret) = heard(&secret_of(&at.name));
    let (cluster_of_it, mut cluster) = heard(&at.name);
    let secrets = format!("/api/v1/namespaces/{}/secrets", at.namespace);
    let _tables = [
        Table::open(&access, One { list: secrets, name: secret_of(&at.name) }, clock.clone(), Pace::default(), secret_of_it),
        Table::open(&access, One { list, name: at.name.clone() }, clock, Pace::default(), cluster_of_it),
    ];
    loop {
        let seen = {
            let (secret, cluster) = (secret.borrow_and_update(), cluster.borrow_and_update());
            seen(&secret, &cluster, &at.name)
        };
        if let Some((seen, made)) = seen {
            let Some(connections) = connections.upgrade() else { return };
            if let Err(why) = connections.take(&file, &seen, made).await {
                tracing::warn!(cluster = %at.name, %why, "a kept kubeconfig could not follow its cluster");
            }
        }
        let ended = tokio::select! {
            news = secret.changed() => news.is_err(),
            news = cluster.changed() => news.is_err(),
        };
        if ended {
            return;
        }
    }
}

/// Where clusters of a namespace are listed, in the version that the server prefers; `None` when the context was closed.
async fn clusters(access: &Access, namespace: &str) -> Option<String> {
    let mut view = access.view();
    loop {
        view.wait_for(|view| matches!(view.link, Link::Live { .. })).await.ok()?;
        if let Ok(told) = discover(&access.client(), |group| group == "cluster.x-k8s.io").await
            && let Some(kind) = told.kinds.iter().find(|kind| kind.kind == "Cluster")
        {
            return Some(format!("/apis/{}/{}/namespaces/{namespace}/clusters", kind.group, kind.version));
        }
        // A connection on which much is heard may say nothing of itself for hours.
        if let Ok(Err(_)) = tokio::time::timeout(AGAIN, view.changed()).await {
            return None;
        }
    }
}

/// What is known of one object.
#[derive(Debug, Clone, Default)]
struct Heard {
    /// Whether the server was heard and still is: what is not known is not gone.
    live: bool,
    object: Option<Value>,
}

/// Both sides, once both are known.
fn seen(secret: &Heard, cluster: &Heard, name: &str) -> Option<(Seen, Option<kubeconfig::made::Made>)> {
    if !secret.live || !cluster.live {
        return None;
    }
    if cluster.object.is_none() {
        return Some((Seen::NoCluster, None));
    }
    Some(match secret.object.as_ref().and_then(|secret| Taken::of(secret, name).ok()) {
        Some(taken) => (Seen::Credentials(taken.credentials), Some(taken.made)),
        None => (Seen::NoCredentials, None),
    })
}

fn heard(name: &str) -> (Slot, watch::Receiver<Heard>) {
    let (tell, told) = watch::channel(Heard::default());
    (Slot { name: name.to_owned(), tell }, told)
}

/// Keeps the last word on one object.
struct Slot {
    name: String,
    tell: watch::Sender<Heard>,
}

impl Slot {
    fn mine(&self, rows: Vec<Value>) -> Option<Value> {
        rows.into_iter().find(|row| row.pointer("/metadata/name").and_then(Value::as_str) == Some(self.name.as_str()))
    }
}

impl Sink<Value> for Slot {
    fn replace(&mut self, rows: Vec<Value>) {
        let object = self.mine(rows);
        self.tell.send_modify(|heard| heard.object = object);
    }

    fn apply(&mut self, set: Vec<Value>, gone: Vec<RowId>) {
        let gone = gone.iter().any(|id| id.0 == self.name);
        let set = self.mine(set);
        if gone || set.is_some() {
            self.tell.send_modify(|heard| heard.object = set);
        }
    }

    fn status(&mut self, status: Status) {
        let live = status == Status::Live;
        self.tell.send_if_modified(|heard| std::mem::replace(&mut heard.live, live) != live);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Heard, Seen, seen};

    fn heard(object: Option<serde_json::Value>) -> Heard {
        Heard { live: true, object }
    }

    #[test]
    fn a_cluster_that_cannot_be_asked_about_is_not_taken_for_gone() {
        let there = || heard(Some(json!({ "metadata": { "name": "w1" } })));
        assert!(seen(&there(), &Heard::default(), "w1").is_none());
        assert!(seen(&Heard::default(), &heard(None), "w1").is_none());
        assert_eq!(seen(&heard(None), &heard(None), "w1").map(|(seen, _)| seen), Some(Seen::NoCluster));
        // A Secret with rubbish in it is none.
        assert_eq!(seen(&there(), &there(), "w1").map(|(seen, _)| seen), Some(Seen::NoCredentials));
    }
}
