//! What does the user want of clusters on this machine?

use api::jobs::PlanView;
use api::local::{ConfigRead, CreateManagement, DeleteCluster, Deletion, ExportLogs, PlanDelete, PlanManagement, ReadConfig, SetPower, Suggestion};
use api::{Fault, JobId};

use crate::realm::Realm;

pub(super) async fn suggest(realm: &Realm) -> Result<Suggestion, Fault> {
    realm.local.suggest().await
}

pub(super) async fn read_config(realm: &Realm, call: &ReadConfig) -> Result<ConfigRead, Fault> {
    realm.local.read_config(&call.spec, &call.text).await
}

pub(super) async fn plan_management(realm: &Realm, call: &PlanManagement) -> Result<PlanView, Fault> {
    realm.local.plan(&call.spec).await
}

pub(super) async fn create_management(realm: &Realm, call: &CreateManagement) -> Result<JobId, Fault> {
    realm.local.create(&call.spec, &call.seen).await
}

pub(super) async fn set_power(realm: &Realm, call: &SetPower) -> Result<JobId, Fault> {
    crate::sleeping::allowed(realm, call).await?;
    realm.local.switch(&call.name, call.power).await
}

pub(super) async fn plan_delete(realm: &Realm, call: &PlanDelete) -> Result<Deletion, Fault> {
    realm.local.deletion(&call.name).await
}

pub(super) async fn delete_cluster(realm: &Realm, call: &DeleteCluster) -> Result<JobId, Fault> {
    realm.local.delete(call).await
}

pub(super) async fn export_logs(realm: &Realm, call: &ExportLogs) -> Result<JobId, Fault> {
    realm.local.export_logs(&call.name, &call.folder).await
}
