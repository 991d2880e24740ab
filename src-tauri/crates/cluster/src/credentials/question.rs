//! What is a credential plugin told about the cluster?

use base64::Engine as _;
use kubeconfig::target::{ClusterInfo, Compression, Material, Plugin, PluginApi, Proxy, Target, Tls};
use serde_json::{Map, Value, json};

/// The API group of plugins, with the version of an entry.
pub(super) fn api_version(version: PluginApi) -> &'static str {
    match version {
        PluginApi::V1 => "client.authentication.k8s.io/v1",
        PluginApi::V1Beta1 => "client.authentication.k8s.io/v1beta1",
    }
}

/// The value of `KUBERNETES_EXEC_INFO`; `ca` is the authority as PEM, read by the caller.
pub(super) fn exec_info(plugin: &Plugin, target: &Target, ca: Option<&[u8]>) -> String {
    // Plugins never get our input, so they are never interactive.
    let mut spec = json!({ "interactive": false });
    if let ClusterInfo::Provided { config } = &plugin.provide_cluster_info {
        spec["cluster"] = cluster(target, ca, config);
    }
    json!({ "apiVersion": api_version(plugin.api_version), "kind": "ExecCredential", "spec": spec }).to_string()
}

fn cluster(target: &Target, ca: Option<&[u8]>, config: &str) -> Value {
    let mut cluster = Map::new();
    cluster.insert("server".into(), target.server.clone().into());
    match &target.tls {
        Tls::Off => {}
        Tls::NotVerified { server_name } => {
            cluster.insert("insecure-skip-tls-verify".into(), true.into());
            insert(&mut cluster, "tls-server-name", server_name.as_deref());
        }
        Tls::Verified { server_name, .. } => {
            let ca = ca.map(|pem| base64::engine::general_purpose::STANDARD.encode(pem));
            insert(&mut cluster, "certificate-authority-data", ca.as_deref());
            insert(&mut cluster, "tls-server-name", server_name.as_deref());
        }
    }
    if let Proxy::Explicit(url) = &target.proxy {
        insert(&mut cluster, "proxy-url", Some(url));
    }
    match target.compression {
        Compression::Off => drop(cluster.insert("disable-compression".into(), true.into())),
        Compression::Allowed => {}
    }
    cluster.insert("config".into(), serde_json::from_str(config).unwrap_or(Value::Null));
    Value::Object(cluster)
}

fn insert(into: &mut Map<String, Value>, key: &str, value: Option<&str>) {
    if let Some(value) = value {
        into.insert(key.to_owned(), value.into());
    }
}

/// The authority that a plugin may be told about.
pub(super) fn authority(target: &Target) -> Option<&Material> {
    match &target.tls {
        Tls::Verified { ca, .. } => ca.as_ref(),
        Tls::Off | Tls::NotVerified { .. } => None,
    }
}
