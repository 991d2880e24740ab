//! What does the user want of a cluster that is drawn?

use api::drawing::{ClassOffer, ClusterForm, ClusterPlan, CreateCluster, KeepDraft, OfferClasses, PlanCluster};
use api::templates::{FillTemplate, FilledTemplate};
use api::{Done, Fault, FaultCode};

use crate::realm::Realm;

/// No form with a YAML of one's own is longer; what is kept of it has a bound.
const MOST_BYTES: usize = 2 * 1024 * 1024;
const MOST_POOLS: usize = 100;

pub(super) async fn offer(realm: &Realm, call: &OfferClasses) -> Result<ClassOffer, Fault> {
    realm.fleet.known(&call.context)?;
    realm.drawing.offer(&call.context).await
}

pub(super) async fn plan(realm: &Realm, call: &PlanCluster) -> Result<ClusterPlan, Fault> {
    realm.fleet.known(&call.context)?;
    bounded(&call.form)?;
    realm.drawing.plan(&call.context, &call.form, call.leads).await
}

pub(super) async fn create(realm: &Realm, call: &CreateCluster) -> Result<Done, Fault> {
    realm.fleet.known(&call.context)?;
    bounded(&call.form)?;
    realm.drawing.create(call).await.map(|()| Done)
}

/// What was typed as dots stays in the core, beside the form that names it.
pub(super) async fn fill(realm: &Realm, call: &FillTemplate) -> Result<FilledTemplate, Fault> {
    let (filled, values) = realm.providers.filled(call).await?;
    realm.drawing.take(&call.context, values);
    Ok(filled)
}

pub(super) fn keep(realm: &Realm, call: &KeepDraft) -> Result<Done, Fault> {
    call.form.as_ref().map_or(Ok(()), bounded)?;
    realm.drawing.keep(&call.context, call.form.as_ref()).map(|()| Done)
}

fn bounded(form: &ClusterForm) -> Result<(), Fault> {
    let variables: usize = form.variables.iter().map(|(name, value)| name.len() + value.len()).sum();
    let labels = form.pools.iter().map(|pool| pool.labels.len() + pool.taints.len()).sum::<usize>();
    let long = form.yaml.as_ref().map_or(0, String::len) + variables > MOST_BYTES || form.pools.len() > MOST_POOLS || labels > 100 * MOST_POOLS;
    if long {
        return Err(Fault::new(FaultCode::Invalid, format!("A form has at most {MOST_POOLS} pools and 2 MiB of text.")).unharmed("Nothing was written."));
    }
    Ok(())
}
