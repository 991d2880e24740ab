//! What does a workload cluster itself say about the replacement of its machines, and about its network?
//!
//! Read once when somebody asks, and only over a connection that stands already. Start at: [`ask`].

use api::changes::ClusterAt;
use api::contexts::{ContextRow, Link};
use api::impact::{AskImpact, Impact, Removed};
use api::network::NetworksFound;
use api::{Fault, FaultCode};
use capi::impact::{DEPRECATED, moved, removed};
use cluster::read::{Unread, lines, object};
use cluster::session::Access;
use serde_json::Value;

use crate::realm::Realm;

/// A page has a few megabytes.
const PAGE: usize = 250;
/// More pods than fit a cluster of Kubernetes by its own limits times a tenth: enough to say who notices.
const MOST_PAGES: usize = 60;
const UNHARMED: &str = "Nothing was changed, and the upgrade does not wait for this.";

/// Which network runs in a connected cluster.
pub(crate) async fn network(realm: &Realm, at: &ClusterAt) -> Result<NetworksFound, Fault> {
    let (row, access) = inside(realm, at, "see which network runs in it").map_err(|fault| fault.unharmed("Nothing was changed."))?;
    let client = access.client();
    let sets = all(&client, "/apis/apps/v1/daemonsets").await.map_err(|why| {
        Fault::new(FaultCode::Unreachable, format!("KOS cannot tell which network runs in {}.", at.name)).because(&row.name, said("DaemonSets", &why))
    })?;
    Ok(NetworksFound { name: row.name, found: capi::network::found(&sets) })
}

/// The open connection into a workload cluster; `to` is what it is wanted for.
pub(crate) fn inside(realm: &Realm, at: &ClusterAt, to: &str) -> Result<(ContextRow, Access), Fault> {
    let name = &at.name;
    let kept = realm.fleet.memory().read().workloads;
    let file = kept.into_iter().find(|(_, kept)| kept.of.at == *at).map(|(file, _)| file);
    let row = file.and_then(|file| realm.fleet.contexts().rows().into_iter().find(|row| row.file.as_str() == file));
    let Some(row) = row else {
        return Err(Fault::new(FaultCode::NotFound, format!("KOS cannot see into {name}: it is not connected. Connect it to {to}.")));
    };
    let closed = || Fault::new(FaultCode::NotFound, format!("KOS cannot see into {name}: its context {} is not open. Open it to {to}.", row.name));
    let access = realm.sessions.access(&row.id).map_err(|_| closed())?;
    if !matches!(access.view().borrow().link, Link::Live { .. }) {
        return Err(Fault::new(FaultCode::Unreachable, format!("{name} does not answer now, so KOS cannot {to}.")));
    }
    Ok((row, access))
}

/// Pods, budgets and metrics of a connected cluster.
pub(crate) async fn ask(realm: &Realm, call: &AskImpact) -> Result<Impact, Fault> {
    let (row, access) = inside(realm, &call.at, "see which pods move").map_err(|fault| fault.unharmed(UNHARMED))?;
    let client = access.client();
    let mut untold = vec![];
    let pods = all(&client, "/api/v1/pods").await.unwrap_or_else(|why| {
        untold.push(said("Pods", &why));
        vec![]
    });
    let budgets = match all(&client, "/apis/policy/v1/poddisruptionbudgets").await {
        Ok(budgets) => budgets,
        // A server without that kind has no budgets.
        Err(Unread::Absent) => vec![],
        Err(why) => {
            untold.push(said("Budgets", &why));
            vec![]
        }
    };
    let removed = match lines(&client, "/metrics", DEPRECATED).await {
        Ok(lines) => match removed(lines.iter().map(String::as_str), &call.to) {
            gone if gone.is_empty() => Removed::Nothing,
            gone => Removed::Used(gone),
        },
        Err(why) => {
            untold.push(said("Metrics", &why));
            Removed::Untold
        }
    };
    let moved = moved(&pods, &budgets);
    Ok(Impact { context: row.id, name: row.name, to: call.to.clone(), moves: moved.pods, doubled: moved.doubled, notices: moved.notices, removed, untold })
}

pub(crate) fn said(what: &str, why: &Unread) -> String {
    match why {
        Unread::Absent => format!("{what} cannot be read: the server has none."),
        Unread::Denied { said } => format!("{what} cannot be read: {said}"),
        Unread::Failed { said } => format!("{what} cannot be read: {said}"),
    }
}

/// Page by page, up to a bound.
pub(crate) async fn all(client: &kube::Client, path: &str) -> Result<Vec<Value>, Unread> {
    let mut found = vec![];
    let mut next = String::new();
    for _ in 0..MOST_PAGES {
        let page = object(client, &format!("{path}?limit={PAGE}{next}")).await?;
        let items = page["items"].as_array().into_iter().flatten().cloned();
        found.extend(items.map(|mut item| {
            cluster::visible::object(&mut item);
            item
        }));
        match page["metadata"]["continue"].as_str().filter(|token| !token.is_empty()) {
            Some(token) => next = format!("&continue={token}"),
            None => break,
        }
    }
    Ok(found)
}
