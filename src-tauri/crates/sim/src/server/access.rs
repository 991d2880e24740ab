//! Who may ask what of a simulated server?

use serde_json::{Value, json};

use super::resources::ResourceId;
use super::status::Refusal;

/// Who the server takes an asker for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub user: String,
    pub groups: Vec<String>,
}

impl Identity {
    pub fn new(user: &str, groups: &[&str]) -> Self {
        Self { user: user.into(), groups: groups.iter().map(|group| (*group).to_owned()).collect() }
    }
}

/// The sign-in and the rules of one cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Stands for the client certificate, which has no place where there is no TLS; `None` asks for a token.
    pub without_token: Option<Identity>,
    pub tokens: Vec<(String, Identity)>,
    pub denied: Vec<Denial>,
}

/// One thing a user may not do; empty fields mean any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Denial {
    pub user: String,
    pub verbs: Vec<String>,
    pub plural: String,
    /// Denied at the cluster scope and in all namespaces but these.
    pub except: Vec<String>,
}

impl Access {
    /// A client certificate of an administrator, as kind makes it.
    pub fn administrator() -> Self {
        Self {
            without_token: Some(Identity::new("kubernetes-admin", &["kubeadm:cluster-admins", "system:authenticated"])),
            tokens: Vec::new(),
            denied: Vec::new(),
        }
    }

    /// Only these tokens are let in.
    pub fn tokens(tokens: impl IntoIterator<Item = (String, Identity)>) -> Self {
        Self { without_token: None, tokens: tokens.into_iter().collect(), denied: Vec::new() }
    }

    pub(crate) fn identify(&self, token: Option<&str>) -> Result<Identity, Refusal> {
        match token {
            Some(token) => self.tokens.iter().find(|(known, _)| known == token).map(|(_, identity)| identity.clone()),
            None => self.without_token.clone(),
        }
        .ok_or_else(Refusal::unauthorized)
    }

    pub(crate) fn allow(&self, identity: &Identity, verb: &str, id: &ResourceId, namespace: &str, name: &str) -> Result<(), Refusal> {
        let any = |wanted: &str, is: &str| wanted.is_empty() || wanted == is;
        let denied = self.denied.iter().any(|denial| {
            any(&denial.user, &identity.user)
                && any(&denial.plural, &id.plural)
                && (denial.verbs.is_empty() || denial.verbs.iter().any(|one| one == verb))
                && !denial.except.iter().any(|one| one == namespace)
        });
        if denied { Err(Refusal::forbidden(&identity.user, verb, id, namespace, name)) } else { Ok(()) }
    }
}

pub(crate) fn self_review(identity: &Identity, body: &Value) -> Value {
    json!({
        "apiVersion": body["apiVersion"], "kind": "SelfSubjectReview", "metadata": {},
        "status": { "userInfo": { "username": identity.user, "groups": identity.groups } },
    })
}

pub(crate) fn access_review(access: &Access, identity: &Identity, body: &Value) -> Value {
    let asked = &body["spec"]["resourceAttributes"];
    let text = |key: &str| asked[key].as_str().unwrap_or_default();
    let allowed = access.allow(identity, text("verb"), &ResourceId::new(text("group"), text("resource")), text("namespace"), text("name")).is_ok();
    json!({
        "apiVersion": body["apiVersion"], "kind": "SelfSubjectAccessReview", "metadata": {}, "spec": body["spec"],
        "status": { "allowed": allowed, "reason": if allowed { "" } else { "no RBAC policy matched" } },
    })
}
