//! What do the three kinds of entries hold?

use secret::Secret;

use super::fields::{Fields, json, scalar};
use crate::{
    entries::{ActsAs, Cluster, ClusterInfo, Compression, Context, Exec, User, Verification},
    tree::{Node, Value},
};

/// The cluster extension that is handed to credential plugins.
const PLUGIN_EXTENSION: &str = "client.authentication.k8s.io/exec";

pub(super) fn cluster(fields: &mut Fields<'_>) -> Cluster {
    Cluster {
        server: fields.text("server").unwrap_or_default(),
        ca_data: fields.pem("certificate-authority-data"),
        ca_file: fields.path("certificate-authority"),
        verification: if fields.flag("insecure-skip-tls-verify") { Verification::Skipped } else { Verification::On },
        tls_server_name: fields.some("tls-server-name"),
        proxy_url: fields.some("proxy-url"),
        compression: if fields.flag("disable-compression") { Compression::Off } else { Compression::Allowed },
        plugin_config: plugin_config(fields.take("extensions")),
    }
}

pub(super) fn context(fields: &mut Fields<'_>) -> Context {
    fields.take("extensions");
    Context {
        cluster: fields.text("cluster").unwrap_or_default(),
        user: fields.text("user").unwrap_or_default(),
        namespace: fields.text("namespace").unwrap_or_default(),
    }
}

pub(super) fn user(fields: &mut Fields<'_>) -> User {
    fields.take("extensions");
    User {
        token: fields.secret("token"),
        token_file: fields.path("tokenFile"),
        username: fields.some("username"),
        password: fields.secret("password"),
        certificate_data: fields.pem("client-certificate-data"),
        certificate_file: fields.path("client-certificate"),
        key_data: fields.pem("client-key-data"),
        key_file: fields.path("client-key"),
        exec: present(fields.take("exec")).map(|node| exec(node, fields)),
        auth_provider: present(fields.take("auth-provider")).map(|node| node.get("name").and_then(|name| scalar(name)).unwrap_or_default()),
        acts_as: ActsAs {
            user: fields.text("as").unwrap_or_default(),
            uid: fields.text("as-uid").unwrap_or_default(),
            groups: fields.texts("as-groups"),
            extra: extra(fields),
        },
    }
}

fn present(node: Option<&Node>) -> Option<&Node> {
    node.filter(|node| !node.is_null())
}

fn plugin_config(extensions: Option<&Node>) -> Option<String> {
    let Value::List(items) = &extensions?.value else { return None };
    let named = items.iter().find(|item| item.get("name").and_then(|name| scalar(name)).as_deref() == Some(PLUGIN_EXTENSION))?;
    named.get("extension").map(|node| json(node).to_string())
}

fn extra(fields: &mut Fields<'_>) -> Vec<(String, Vec<String>)> {
    let Some(node) = present(fields.take("as-user-extra")) else { return vec![] };
    let line = node.line;
    let Value::Map { pairs, .. } = &node.value else {
        fields.unusable("KC01", line, format!("Line {line}: as-user-extra is not a mapping of lists."));
        return vec![];
    };
    let read = |pair: &crate::tree::Pair| match &pair.value.value {
        Value::List(items) => items.iter().map(|item| scalar(item)).collect::<Option<Vec<_>>>().map(|texts| (pair.key.clone(), texts)),
        Value::Scalar { .. } | Value::Map { .. } => None,
    };
    pairs.iter().map(read).collect::<Option<Vec<_>>>().unwrap_or_else(|| {
        fields.unusable("KC01", line, format!("Line {line}: as-user-extra is not a mapping of lists."));
        vec![]
    })
}

fn exec(node: &Node, outer: &mut Fields<'_>) -> Exec {
    let mut fields = Fields::new(node, "user");
    let exec = Exec {
        line: fields.line(),
        command: fields.text("command").unwrap_or_default(),
        args: fields.texts("args"),
        env: environment(&mut fields),
        api_version: fields.text("apiVersion").unwrap_or_default(),
        interactive_mode: fields.text("interactiveMode").unwrap_or_default(),
        provide_cluster_info: if fields.flag("provideClusterInfo") { ClusterInfo::Provided } else { ClusterInfo::Withheld },
        install_hint: without_controls(&fields.text("installHint").unwrap_or_default()),
    };
    outer.adopt(fields.finish());
    exec
}

fn environment(fields: &mut Fields<'_>) -> Vec<(String, Secret)> {
    let Some(node) = present(fields.take("env")) else { return vec![] };
    let pairs = match &node.value {
        Value::List(items) => items
            .iter()
            .map(|item| {
                let value = item.get("value").map_or(Some(String::new()), |value| scalar(value));
                Some((scalar(item.get("name")?)?, Secret::new(value?)))
            })
            .collect::<Option<Vec<_>>>(),
        Value::Scalar { .. } | Value::Map { .. } => None,
    };
    pairs.unwrap_or_else(|| {
        fields.unusable("KC20", node.line, format!("Line {}: env is not a list of names and values.", node.line));
        vec![]
    })
}

/// A hint is shown as it stands, so it must not steer a terminal.
fn without_controls(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || *c == '\n').collect()
}
