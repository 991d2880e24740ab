//! What does the user want of the programs that KOS runs?

use api::programs::{FetchTool, OfferTool, ToolFound, ToolOffer, UseFile};
use api::{Fault, JobId};

use crate::realm::Realm;

pub(super) fn offer(realm: &Realm, call: &OfferTool) -> Result<ToolOffer, Fault> {
    realm.fetching.offer(call.tool)
}

pub(super) async fn fetch(realm: &Realm, call: &FetchTool) -> Result<JobId, Fault> {
    realm.fetching.start(call.tool, &realm.work.jobs).await
}

pub(super) async fn use_file(realm: &Realm, call: &UseFile) -> Result<ToolFound, Fault> {
    realm.fetching.use_file(call.tool, &realm.home.expand(&call.path)).await
}
