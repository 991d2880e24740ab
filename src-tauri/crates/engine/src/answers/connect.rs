//! What does the user want of the connection to a workload cluster?

use std::sync::Arc;

use api::connect::{Connect, Disconnect};
use api::{ContextId, Done, Fault};

use crate::realm::Realm;

pub(super) async fn connect(realm: &Arc<Realm>, call: &Connect) -> Result<ContextId, Fault> {
    let context = realm.connections.connect(&call.at, &call.seen).await?;
    realm.watch_files();
    Ok(context)
}

pub(super) async fn disconnect(realm: &Arc<Realm>, call: &Disconnect) -> Result<Done, Fault> {
    realm.connections.disconnect(&call.context).await?;
    realm.watch_files();
    Ok(Done)
}
