//! How are objects listed, in pages, and read one by one?

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{Response, StatusCode};
use serde_json::{Value, json};
use tokio_util::bytes::Bytes;

use super::request::{Accept, Ask, Objects};
use super::selectors::Selector;
use super::status::Refusal;
use super::store::{Key, Store, Stored};
use super::{Answer, bytes, object, shaped, table, text_answer};
use crate::cluster::Cluster;

/// Where a list goes on: the revision it was begun at and the last object sent.
#[derive(Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
struct Continue {
    revision: u64,
    after: Key,
}

pub(crate) fn list(store: &Store, ask: &Ask, objects: &Objects, now: api::Timestamp) -> Result<Response<Answer>, Refusal> {
    let selector = Selector::parse(ask.param("labelSelector"), ask.param("fieldSelector"))?;
    let from = match ask.param("continue") {
        "" => None,
        token => Some(read(token).ok_or_else(|| Refusal::bad_request("continue key is not valid"))?),
    };
    if let Some(from) = &from
        && from.revision < store.compacted()
    {
        return Err(Refusal::continue_expired());
    }
    let revision = from.as_ref().map_or_else(|| store.revision(), |from| from.revision);
    let limit = ask.number("limit").and_then(|limit| usize::try_from(limit).ok()).filter(|limit| *limit > 0).unwrap_or(usize::MAX);
    let mut found = store.list(&objects.resource.id, &objects.namespace, from.as_ref().map(|from| &from.after)).filter(|one| selector.matches(one));
    let page: Vec<&Arc<Stored>> = found.by_ref().take(limit).collect();
    let left = found.count();

    let mut metadata = json!({ "resourceVersion": revision.to_string() });
    if left > 0
        && let Some(last) = page.last()
    {
        metadata["continue"] = json!(write(&Continue { revision, after: (last.namespace.clone(), last.name.clone()) }));
        // A server cannot count what a selector would leave over.
        if ask.param("labelSelector").is_empty() && ask.param("fieldSelector").is_empty() {
            metadata["remainingItemCount"] = json!(left);
        }
    }
    match ask.accept {
        Accept::Table => {
            let values: Vec<Value> = page.iter().map(|one| one.value()).collect();
            Ok(object(StatusCode::OK, &table::of(&objects.resource, &values, &metadata, now)))
        }
        Accept::Plain | Accept::AggregatedDiscovery => Ok(bytes(StatusCode::OK, whole(objects, &metadata, &page))),
    }
}

/// Joins the stored bytes instead of building the list as a value: it may hold 50,000 objects.
fn whole(objects: &Objects, metadata: &Value, page: &[&Arc<Stored>]) -> Bytes {
    let head = json!({ "kind": format!("{}List", objects.resource.kind), "apiVersion": objects.resource.api_version(&objects.version), "metadata": metadata });
    let mut text = head.to_string().into_bytes();
    text.pop();
    text.reserve(page.iter().map(|one| one.json.len() + 1).sum());
    text.extend_from_slice(b",\"items\":[");
    for (at, one) in page.iter().enumerate() {
        if at > 0 {
            text.push(b',');
        }
        text.extend_from_slice(&one.json);
    }
    text.extend_from_slice(b"]}");
    Bytes::from(text)
}

pub(crate) fn get(cluster: &Arc<Cluster>, ask: &Ask, objects: &Objects, name: &str) -> Result<Response<Answer>, Refusal> {
    let store = cluster.store();
    let id = &objects.resource.id;
    let found = store.get(id, &objects.namespace, name).ok_or_else(|| Refusal::not_found(id, name))?;
    match objects.subresource.as_deref() {
        None | Some("status") => Ok(shaped(ask, objects, &found.value(), cluster.clock().now())),
        Some("log") => Ok(text_answer(log(&found.value(), ask.param("container")))),
        Some(_) => Err(Refusal::no_such_path()),
    }
}

/// The log of a container: what its annotation says, else the image's first words.
fn log(pod: &Value, container: &str) -> String {
    let container = if container.is_empty() { pod["spec"]["containers"][0]["name"].as_str().unwrap_or_default() } else { container };
    match pod["metadata"]["annotations"][format!("sim.demo.invalid/log-{container}")].as_str() {
        Some(text) => text.to_owned(),
        None => format!("{container}: started\n{container}: listening\n"),
    }
}

fn write(at: &Continue) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(at).unwrap_or_default())
}

fn read(token: &str) -> Option<Continue> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token).ok()?).ok()
}
