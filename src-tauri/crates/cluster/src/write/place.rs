//! Where does an object stand on its server?

use http::{Request, header};
use kube::client::Body;
use serde_json::Value;

use super::{WriteError, asked};

/// The address of one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// `cluster.x-k8s.io/v1beta2`, `v1`.
    pub api_version: String,
    pub kind: String,
    /// `clusters`.
    pub plural: String,
    /// Empty for kinds without.
    pub namespace: String,
    pub name: String,
}

impl Place {
    /// `Cluster lab-a`.
    pub fn words(&self) -> String {
        format!("{} {}", self.kind, self.name)
    }

    pub(super) fn path(&self) -> Result<String, WriteError> {
        Ok(format!("{}/{}", self.collection()?, segment("name", &self.name)?))
    }

    pub(super) fn collection(&self) -> Result<String, WriteError> {
        let plural = segment("kind", &self.plural)?;
        let root = root(&self.api_version)?;
        if self.namespace.is_empty() {
            return Ok(format!("{root}/{plural}"));
        }
        Ok(format!("{root}/namespaces/{}/{plural}", segment("namespace", &self.namespace)?))
    }
}

fn root(api_version: &str) -> Result<String, WriteError> {
    Ok(match api_version.split_once('/') {
        Some((group, version)) => format!("/apis/{}/{}", segment("apiVersion", group)?, segment("apiVersion", version)?),
        None => format!("/api/{}", segment("apiVersion", api_version)?),
    })
}

/// A name that leads nowhere else: documents and names may come from anybody.
fn segment<'a>(what: &str, text: &'a str) -> Result<&'a str, WriteError> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._:".contains(&b);
    let good = !text.is_empty() && text.bytes().all(plain) && !text.bytes().all(|b| b == b'.');
    if good { Ok(text) } else { Err(WriteError::Invalid { said: format!("{what}: “{text}” cannot be one") }) }
}

/// Asks the server where a document belongs; one that names no namespace goes into `namespace`, when its kind has any.
///
/// # Errors
/// When the document does not say what it is, or the server does not know its kind.
pub async fn find(client: &kube::Client, document: &Value, namespace: &str) -> Result<Place, WriteError> {
    let missing = |field: &str| WriteError::Invalid { said: format!("{field} is missing") };
    let text = |field: &str| document.pointer(field).and_then(Value::as_str).filter(|t| !t.is_empty());
    let api_version = text("/apiVersion").ok_or_else(|| missing("apiVersion"))?;
    let kind = text("/kind").ok_or_else(|| missing("kind"))?;
    let name = text("/metadata/name").ok_or_else(|| missing("metadata.name"))?;
    let unknown = || WriteError::UnknownKind { said: format!("{api_version} {kind}") };
    let request = Request::get(root(api_version)?).header(header::ACCEPT, "application/json").body(Body::empty());
    let list = asked(client, request.map_err(|e| WriteError::Invalid { said: e.to_string() })?).await.map_err(|error| match error {
        WriteError::NotFound { .. } => unknown(),
        other => other,
    })?;
    let all = list["resources"].as_array().map_or(&[][..], Vec::as_slice);
    let is_it = |r: &&Value| r["kind"] == kind && r["name"].as_str().is_some_and(|name| !name.contains('/'));
    let resource = all.iter().find(is_it).ok_or_else(unknown)?;
    let namespace = match resource["namespaced"].as_bool() {
        Some(true) => text("/metadata/namespace").unwrap_or(namespace),
        Some(false) | None => "",
    };
    Ok(Place {
        api_version: api_version.to_owned(),
        kind: kind.to_owned(),
        plural: resource["name"].as_str().unwrap_or_default().to_owned(),
        namespace: namespace.to_owned(),
        name: name.to_owned(),
    })
}
