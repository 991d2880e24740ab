//! How are only some objects of a kind kept live: those of a namespace, or those with a label?

use api::RowId;
use serde_json::Value;

use crate::objects::Objects;
use crate::source::{Change, Detail, Page, Source, Undecodable};

/// The objects of a kind that a namespace or a label selects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selected {
    pub kind: Objects,
    /// Empty for all namespaces.
    pub namespace: String,
    /// As it stands in the query, escaped: `cluster.x-k8s.io%2Fprovider`; empty for all.
    pub labels: &'static str,
    pub detail: Detail,
}

impl Source for Selected {
    type Row = Value;

    fn path(&self) -> String {
        self.kind.path_in(&self.namespace)
    }

    fn query(&self) -> String {
        if self.labels.is_empty() { String::new() } else { format!("labelSelector={}", self.labels) }
    }

    fn detail(&self) -> Detail {
        self.detail
    }

    fn words(&self) -> &str {
        self.kind.words()
    }

    fn page(&self, bytes: &[u8]) -> Result<Page<Value>, Undecodable> {
        self.kind.page(bytes)
    }

    fn change(&self, line: &[u8]) -> Result<Change<Value>, Undecodable> {
        self.kind.change(line)
    }
}

/// Under which an object of a source like this is told: `namespace/name`.
pub fn id(object: &Value) -> RowId {
    crate::objects::id(object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_namespace_and_a_label_narrow_what_is_asked_for() {
        let kind = Objects { group: "apps".into(), version: "v1".into(), kind: "Deployment".into(), plural: "deployments".into() };
        let all = Selected { kind, namespace: String::new(), labels: "cluster.x-k8s.io%2Fprovider", detail: Detail::Whole };
        assert_eq!((all.path().as_str(), all.query().as_str()), ("/apis/apps/v1/deployments", "labelSelector=cluster.x-k8s.io%2Fprovider"));
        let one = Selected { namespace: "cert-manager".into(), labels: "", ..all };
        assert_eq!((one.path().as_str(), one.query().as_str()), ("/apis/apps/v1/namespaces/cert-manager/deployments", ""));
        let pods = Selected { kind: Objects { group: String::new(), version: "v1".into(), kind: "Pod".into(), plural: "pods".into() }, ..one };
        assert_eq!(pods.path(), "/api/v1/namespaces/cert-manager/pods");
    }
}
