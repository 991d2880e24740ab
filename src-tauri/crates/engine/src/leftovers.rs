//! Which containers and networks of this machine does no cluster need any more?
//!
//! Asked when somebody looks at this machine. Only contexts that are open are asked what they hold: whoever is not asked
//! may still need what it made. Start at: [`find`].

use std::collections::{BTreeMap, BTreeSet};

use api::contexts::Link;
use api::local::{Leftovers, RemoveNetwork};
use api::{ContextId, Fault, FaultCode, JobId, Status};
use provision::local::{Asked, leftovers, may_manage};

use crate::realm::Realm;

pub(crate) async fn find(realm: &Realm) -> Result<Leftovers, Fault> {
    let (rows, survey, known) = realm.local.surveyed().await?;
    let mut asked = BTreeMap::new();
    for manager in may_manage(&rows, &survey, &known) {
        let answer = match &manager.context {
            Some(context) => ask(realm, context).await,
            None => Asked::No("KOS knows no context for it".to_owned()),
        };
        asked.insert(manager.name, answer);
    }
    // Controllers may also run beside a cluster that is somewhere else.
    let contexts = realm.fleet.contexts().rows();
    for row in contexts.into_iter().filter(|row| matches!(row.link, Link::Live { .. })) {
        if let holds @ Asked::Holds(_) = ask(realm, &row.id).await
            && holds != Asked::Holds(BTreeSet::new())
        {
            asked.insert(row.name, holds);
        }
    }
    let used = realm.local.disk_use().await;
    let networks = realm.local.unused_networks(&survey).await;
    Ok(Leftovers { networks, ..leftovers(&rows, &survey, &asked, &used) })
}

/// Removes a network that is still of no use.
///
/// # Errors
/// When somebody uses it by now, or it was never one of ours.
pub(crate) async fn remove_network(realm: &Realm, call: &RemoveNetwork) -> Result<JobId, Fault> {
    let (_, survey, _) = realm.local.surveyed().await?;
    if !realm.local.unused_networks(&survey).await.iter().any(|network| network.name == call.name) {
        let fault = Fault::new(FaultCode::Changed, format!("The network {} is not left over: it is gone, or somebody uses it.", call.name));
        return Err(fault.unharmed("Nothing was removed."));
    }
    realm.local.remove_network().await
}

/// Which clusters an open context holds, if it shows all of them.
pub(crate) async fn ask(realm: &Realm, context: &ContextId) -> Asked {
    let Ok(managed) = realm.sessions.managed(context, realm.local.board()) else {
        return Asked::No("its context is not open".to_owned());
    };
    managed.listed().await;
    let clusters = managed.clusters();
    match clusters.measure().1 {
        Status::Live => match managed.unseen() {
            // What it does not show is held too.
            Some(why) => Asked::No(why.to_owned()),
            None => Asked::Holds(clusters.rows().into_iter().map(|row| row.name).collect()),
        },
        Status::Loading | Status::Closed | Status::Stale { .. } | Status::Denied { .. } => Asked::No("it does not answer now".to_owned()),
    }
}
