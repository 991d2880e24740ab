//! How does a context stand in the fleet?
//!
//! Pure: what the files say, what KOS remembers and how the connection is, in one row.

use std::collections::HashMap;

use api::ContextId;
use api::contexts::{ContextRow, Guard, Identity, Link, SignIn};
use api::settings::rule_matches;
use kubeconfig::{CurrentContext, Fleet, Resolved};

use crate::memory::Remembered;
use crate::tile::tile;

/// What an open connection knows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct View {
    pub(crate) link: Link,
    /// Empty until the server said it.
    pub(crate) version: String,
    pub(crate) identity: Option<Identity>,
    /// When the credential in use ends, where that is known only now.
    pub(crate) expires: Option<api::Timestamp>,
}

/// Rows of all contexts: those of the files, then those that are open although their file dropped them.
pub(crate) fn rows(fleet: &Fleet, remembered: &Remembered, views: &HashMap<ContextId, View>, rules: &[String]) -> Vec<ContextRow> {
    fleet.contexts.iter().zip(0..).map(|(context, order)| row(context, order, remembered, views.get(&context.id), rules)).collect()
}

fn row(context: &Resolved, order: u32, remembered: &Remembered, view: Option<&View>, rules: &[String]) -> ContextRow {
    let known = remembered.contexts.get(&context.id.0).cloned().unwrap_or_default();
    let expires = view.and_then(|v| v.expires).or(context.sign_in.expires);
    ContextRow {
        id: context.id.clone(),
        name: context.name.clone(),
        file: context.file.clone(),
        order,
        tile: tile(&context.name),
        server: context.server.clone(),
        namespace: context.namespace.clone(),
        namespaces: known.namespaces,
        left_at: known.left_at,
        sign_in: SignIn { way: context.sign_in.way.clone(), expires },
        tls: context.tls,
        guard: if rules.iter().any(|rule| rule_matches(rule, &context.name)) { Guard::Protected } else { known.guard },
        favourite: known.favourite,
        link: view.map_or(Link::Unopened, |v| v.link.clone()),
        version: view.map(|v| v.version.clone()).filter(|v| !v.is_empty()).unwrap_or(known.version),
        identity: view.and_then(|v| v.identity.clone()),
        last_used: known.last_used,
        problems: context.problems.clone(),
        current_for_kubectl: context.current == CurrentContext::Yes && context.id.0.starts_with('#'),
        workload: remembered.workloads.get(context.file.as_str()).map(|kept| kept.of.clone()),
    }
}
