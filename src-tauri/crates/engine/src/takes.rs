//! What has the Cluster of a server a place for?

use capi::change::{DEFINITION, TopologyTakes};
use cluster::session::Access;
use cluster::write::{Place, read};

/// Reads the definition of Cluster; who may not read it is told by the dry run.
pub(crate) async fn topology(access: &Access, api_version: &str) -> TopologyTakes {
    let place = Place {
        api_version: "apiextensions.k8s.io/v1".to_owned(),
        kind: "CustomResourceDefinition".to_owned(),
        plural: "customresourcedefinitions".to_owned(),
        namespace: String::new(),
        name: DEFINITION.to_owned(),
    };
    match read(&access.client(), &place).await {
        Ok(definition) => TopologyTakes::read(&definition, api_version),
        Err(_) => TopologyTakes::Untold,
    }
}
