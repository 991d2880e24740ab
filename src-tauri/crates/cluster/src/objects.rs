//! How are objects of a kind that KOS learns of at run time kept live?
//!
//! Knows: discovery, and that an object has a name. Does not know: what its fields mean.
//! Start at: [`discover`], then [`Objects`].

use std::collections::BTreeMap;

use api::RowId;
use http::{Request, StatusCode, header};
use http_body_util::{BodyExt as _, Limited};
use kube::client::Body;
use serde::Deserialize;
use serde_json::Value;

use crate::source::{self, Change, List, Page, Source, Undecodable};
use crate::visible;

/// The answer for one group has a few dozen resources.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// Nobody chooses from more.
const MOST_LISTED: u32 = 100;

/// A kind that can be listed and watched in all namespaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objects {
    /// `cluster.x-k8s.io`.
    pub group: String,
    /// The version that the server prefers.
    pub version: String,
    pub kind: String,
    /// `machines`.
    pub plural: String,
}

impl Source for Objects {
    type Row = Value;

    fn path(&self) -> String {
        // The oldest group has no name and a place of its own.
        if self.group.is_empty() { format!("/api/{}/{}", self.version, self.plural) } else { format!("/apis/{}/{}/{}", self.group, self.version, self.plural) }
    }

    fn words(&self) -> &str {
        &self.plural
    }

    fn page(&self, bytes: &[u8]) -> Result<Page<Value>, Undecodable> {
        let list: List<Value> = serde_json::from_slice(bytes).map_err(Undecodable)?;
        let rows = list.items.unwrap_or_default().into_iter().map(|object| self.whole(object)).collect();
        Ok(Page { rows, version: list.metadata.resource_version, next: list.metadata.next })
    }

    fn change(&self, line: &[u8]) -> Result<Change<Value>, Undecodable> {
        source::change(line, |object| {
            let object = self.whole(object);
            (id(&object), object)
        })
    }
}

impl Objects {
    /// Where those of one namespace are; empty means all.
    pub(crate) fn path_in(&self, namespace: &str) -> String {
        let all = self.path();
        if namespace.is_empty() {
            return all;
        }
        let (root, plural) = all.rsplit_once('/').unwrap_or(("", &all));
        format!("{root}/namespaces/{namespace}/{plural}")
    }

    /// The items of a list do not say what they are; events do. What no reader wants goes at once.
    fn whole(&self, mut object: Value) -> Value {
        visible::object(&mut object);
        if let Some(fields) = object.as_object_mut() {
            fields.entry("apiVersion").or_insert_with(|| format!("{}/{}", self.group, self.version).trim_start_matches('/').into());
            fields.entry("kind").or_insert_with(|| self.kind.clone().into());
            fields.get_mut("metadata").and_then(Value::as_object_mut).map(|metadata| metadata.remove("managedFields"));
        }
        object
    }
}

pub(crate) fn id(object: &Value) -> RowId {
    let text = |field: &str| object.pointer(field).and_then(Value::as_str).unwrap_or_default();
    RowId(format!("{}/{}", text("/metadata/namespace"), text("/metadata/name")))
}

#[derive(Deserialize)]
struct Groups {
    groups: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Group {
    name: String,
    preferred_version: Version,
}

#[derive(Deserialize)]
struct Version {
    version: String,
}

#[derive(Deserialize)]
struct Resources {
    resources: Vec<Resource>,
}

#[derive(Deserialize)]
struct Resource {
    name: String,
    kind: String,
    #[serde(default)]
    verbs: Vec<String>,
}

/// What a server says of the kinds that it holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Discovered {
    pub kinds: Vec<Objects>,
    /// Groups that are there and did not say which kinds they hold, each with what came in place of that. They may hold all that
    /// they held before.
    pub silent: BTreeMap<String, String>,
}

/// Asks a server which kinds it holds of the groups that `wanted` names.
///
/// # Errors
/// The server's words when it does not say which groups there are.
pub async fn discover(client: &kube::Client, wanted: impl Fn(&str) -> bool) -> Result<Discovered, String> {
    let groups: Groups = get(client, "/apis").await?;
    let mut found = Discovered::default();
    for group in groups.groups.into_iter().filter(|g| wanted(&g.name)) {
        let version = group.preferred_version.version;
        match get::<Resources>(client, &format!("/apis/{}/{version}", group.name)).await {
            Ok(answer) => {
                let listed = answer.resources.into_iter().filter(|r| !r.name.contains('/') && r.verbs.iter().any(|v| v == "list"));
                found.kinds.extend(listed.map(|r| Objects { group: group.name.clone(), version: version.clone(), kind: r.kind, plural: r.name }));
            }
            Err(said) => {
                found.silent.insert(group.name, said);
            }
        }
    }
    Ok(found)
}

/// The objects of a kind as they are now, for a question that is asked once; at most a page of them. `namespace` empty means
/// all.
///
/// # Errors
/// The server's words when it does not answer.
pub async fn list(client: &kube::Client, kind: &Objects, namespace: &str) -> Result<Vec<Value>, String> {
    let list: List<Value> = get(client, &format!("{}?limit={MOST_LISTED}", kind.path_in(namespace))).await?;
    Ok(list.items.unwrap_or_default().into_iter().map(|object| kind.whole(object)).collect())
}

async fn get<T: for<'de> Deserialize<'de>>(client: &kube::Client, path: &str) -> Result<T, String> {
    let request = Request::get(path).header(header::ACCEPT, "application/json").body(Body::empty()).map_err(|e| e.to_string())?;
    let answer = client.send(request).await.map_err(|e| crate::failure::chain(&e))?;
    let status = answer.status();
    let bytes = Limited::new(answer.into_body(), MOST_BYTES).collect().await.map_err(|e| e.to_string())?.to_bytes();
    match status {
        StatusCode::OK => serde_json::from_slice(&bytes).map_err(|e| e.to_string()),
        status => Err(crate::session::said(status, &bytes)),
    }
}

#[cfg(test)]
mod tests {
    use http::Response;
    use serde_json::{Value, json};

    use super::{Body, Objects, Request, discover};
    use crate::dial::through;
    use crate::source::{Change, Source as _};

    fn machines() -> Objects {
        Objects { group: "cluster.x-k8s.io".into(), version: "v1beta2".into(), kind: "Machine".into(), plural: "machines".into() }
    }

    #[test]
    fn items_of_a_list_are_given_the_kind_that_they_lack() {
        let list = json!({ "metadata": { "resourceVersion": "7", "continue": "more" }, "items": [{ "metadata": { "name": "a", "managedFields": [{}] } }] });
        let page = machines().page(list.to_string().as_bytes()).unwrap();
        assert_eq!((page.version.as_str(), page.next.as_str()), ("7", "more"));
        assert_eq!(page.rows, [json!({ "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Machine", "metadata": { "name": "a" } })]);
    }

    #[test]
    fn an_event_names_its_object_by_namespace_and_name() {
        let line = json!({ "type": "DELETED", "object": { "kind": "Machine", "metadata": { "name": "a", "namespace": "n", "resourceVersion": "9" } } });
        let change = machines().change(line.to_string().as_bytes()).unwrap();
        assert_eq!(change, Change::Gone { id: api::RowId("n/a".into()), version: "9".into() });
    }

    #[tokio::test]
    async fn a_group_that_does_not_say_its_kinds_is_told_apart_from_one_that_holds_none() {
        let service = tower::service_fn(|request: Request<Body>| {
            let group = |name: &str| json!({ "name": name, "preferredVersion": { "version": "v1beta2" } });
            let groups = ["cluster.x-k8s.io", "ipam.cluster.x-k8s.io", "busy.cluster.x-k8s.io", "apps"].map(group);
            let kinds = json!({ "resources": [
                { "name": "machines", "kind": "Machine", "verbs": ["list", "watch"] },
                { "name": "machines/status", "kind": "Machine", "verbs": ["get"] },
            ] });
            let (status, body): (u16, Value) = match request.uri().path() {
                "/apis" => (200, json!({ "groups": groups })),
                "/apis/cluster.x-k8s.io/v1beta2" => (200, kinds),
                "/apis/ipam.cluster.x-k8s.io/v1beta2" => (200, json!({ "resources": [] })),
                "/apis/busy.cluster.x-k8s.io/v1beta2" => (503, json!({ "message": "not now" })),
                _ => (404, Value::Null),
            };
            let answer = Response::builder().status(status).body(Body::from(body.to_string().into_bytes())).unwrap();
            std::future::ready(Ok::<_, tower::BoxError>(answer))
        });
        let found = discover(&through(service, "default"), |group| group.ends_with("cluster.x-k8s.io")).await.unwrap();
        assert_eq!(found.kinds, [machines()]);
        assert_eq!(found.silent, [("busy.cluster.x-k8s.io".to_owned(), "not now".to_owned())].into());
    }
}
