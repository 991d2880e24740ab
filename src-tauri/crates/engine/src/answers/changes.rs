//! What does the user want of a cluster of Cluster API?

use api::Fault;
use api::changes::{Applied, ApplyChange, ChangePlan, ClusterOffers, OfferChanges, PlanChange};

use crate::changing::Changing;
use crate::realm::Realm;

pub(super) async fn offer(realm: &Realm, call: &OfferChanges) -> Result<ClusterOffers, Fault> {
    Changing::open(realm, &call.at).await?.offer().await
}

pub(super) async fn plan(realm: &Realm, call: &PlanChange) -> Result<ChangePlan, Fault> {
    Changing::open(realm, &call.at).await?.plan(&call.change).await
}

pub(super) async fn apply(realm: &Realm, call: &ApplyChange) -> Result<Applied, Fault> {
    Changing::open(realm, &call.at).await?.apply(call).await
}
