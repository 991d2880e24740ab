//! What does a request ask for?

use http::{Method, header, request};
use serde_json::Value;
use tokio_util::bytes::Bytes;

use super::resources::{Resource, ResourceId, Scope};
use super::status::Refusal;
use super::store::Store;

/// Of what a real one measures, only what was asked for and is deprecated: kubectl asks for this, and no release removes it.
const METRICS: &str = "apiserver_requested_deprecated_apis{group=\"\",removed_release=\"\",resource=\"componentstatuses\",subresource=\"\",version=\"v1\"} 1\n";

/// A request, read.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) method: Method,
    pub(crate) path: String,
    query: Vec<(String, String)>,
    pub(crate) accept: Accept,
    pub(crate) content_type: String,
    pub(crate) token: Option<String>,
    body: Bytes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Accept {
    Plain,
    Table,
    AggregatedDiscovery,
}

impl Ask {
    pub(crate) fn new(parts: &request::Parts, body: Bytes) -> Self {
        let header = |name: header::HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let accept = match header(header::ACCEPT) {
            accept if accept.contains("as=Table") => Accept::Table,
            accept if accept.contains("as=APIGroupDiscoveryList") => Accept::AggregatedDiscovery,
            _ => Accept::Plain,
        };
        let token = header(header::AUTHORIZATION).strip_prefix("Bearer ").map(str::to_owned);
        Self {
            method: parts.method.clone(),
            path: parts.uri.path().to_owned(),
            query: query(parts.uri.query().unwrap_or_default()),
            accept,
            content_type: header(header::CONTENT_TYPE).to_owned(),
            token,
            body,
        }
    }

    pub(crate) fn param(&self, name: &str) -> &str {
        self.query.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        matches!(self.param(name), "true" | "1")
    }

    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.param(name).parse().ok()
    }

    pub(crate) fn dry_run(&self) -> bool {
        self.param("dryRun") == "All"
    }

    /// The same request with another body.
    pub(crate) fn with_body(&self, body: &Value) -> Self {
        Self { body: Bytes::from(body.to_string()), ..self.clone() }
    }

    pub(crate) fn raw_body(&self) -> &[u8] {
        &self.body
    }

    /// The body as JSON; an apply may come as YAML, but `kube` writes JSON, which is YAML too.
    pub(crate) fn body(&self) -> Result<Value, Refusal> {
        serde_json::from_slice(&self.body).map_err(|cause| Refusal::bad_request(format!("the object provided is unrecognized: {cause}")))
    }
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Plain(String),
    Version,
    Groups { core: bool },
    Resources { group: String, version: String },
    SelfReview,
    AccessReview,
    Objects(Box<Objects>),
}

/// A kind, and which of its objects.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Objects {
    pub(crate) resource: Resource,
    pub(crate) version: String,
    /// Empty for all namespaces and for kinds without.
    pub(crate) namespace: String,
    pub(crate) name: Option<String>,
    pub(crate) subresource: Option<String>,
}

impl Objects {
    /// The verb that rules of access know.
    pub(crate) fn verb(&self, method: &Method, ask: &Ask) -> Result<&'static str, Refusal> {
        match (method, self.name.is_some()) {
            (&Method::GET, true) => Ok("get"),
            (&Method::GET, false) if ask.flag("watch") => Ok("watch"),
            (&Method::GET, false) => Ok("list"),
            (&Method::POST, _) => Ok("create"),
            (&Method::PUT, _) => Ok("update"),
            (&Method::PATCH, _) => Ok("patch"),
            (&Method::DELETE, true) => Ok("delete"),
            (&Method::DELETE, false) => Ok("deletecollection"),
            _ => Err(Refusal::method_not_allowed()),
        }
    }
}

pub(crate) fn parse(path: &str, store: &Store) -> Result<Target, Refusal> {
    let parts: Vec<String> = path.split('/').filter(|part| !part.is_empty()).map(decode).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    match parts.as_slice() {
        ["version"] => Ok(Target::Version),
        ["readyz" | "livez" | "healthz", ..] => Ok(Target::Plain("ok".into())),
        ["metrics"] => Ok(Target::Plain(METRICS.into())),
        ["api"] => Ok(Target::Groups { core: true }),
        ["apis"] => Ok(Target::Groups { core: false }),
        ["api", version] => Ok(Target::Resources { group: String::new(), version: (*version).into() }),
        ["apis", group, version] => Ok(Target::Resources { group: (*group).into(), version: (*version).into() }),
        ["apis", "authentication.k8s.io", _, "selfsubjectreviews"] => Ok(Target::SelfReview),
        ["apis", "authorization.k8s.io", _, "selfsubjectaccessreviews"] => Ok(Target::AccessReview),
        ["api", version, rest @ ..] => objects(store, "", version, rest),
        ["apis", group, version, rest @ ..] => objects(store, group, version, rest),
        _ => Err(Refusal::no_such_path()),
    }
}

fn objects(store: &Store, group: &str, version: &str, rest: &[&str]) -> Result<Target, Refusal> {
    let (namespace, rest) = match rest {
        ["namespaces", namespace, plural, more @ ..] if !matches!(*plural, "status" | "finalize") => (*namespace, [&[*plural], more].concat()),
        rest => ("", rest.to_vec()),
    };
    let (plural, name, subresource) = match rest.as_slice() {
        [plural] => (*plural, None, None),
        [plural, name] => (*plural, Some((*name).to_owned()), None),
        [plural, name, sub] => (*plural, Some((*name).to_owned()), Some((*sub).to_owned())),
        _ => return Err(Refusal::no_such_path()),
    };
    let resource = store.resources.get(&ResourceId::new(group, plural)).ok_or_else(Refusal::no_such_path)?;
    let fits = resource.versions.iter().any(|one| one == version)
        && match resource.scope {
            Scope::Namespaced => !namespace.is_empty() || name.is_none(),
            Scope::Cluster => namespace.is_empty(),
        };
    if !fits {
        return Err(Refusal::no_such_path());
    }
    Ok(Target::Objects(Box::new(Objects { resource: resource.clone(), version: version.into(), namespace: namespace.into(), name, subresource })))
}

fn query(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            (decode(key), decode(&value.replace('+', " ")))
        })
        .collect()
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten().and_then(|two| u8::from_str_radix(two, 16).ok());
        match escaped {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
