//! How does a network come into a workload cluster?
//!
//! The manifest is read, checked against the pod ranges of the Cluster, tried by a dry run and shown; then it is applied by
//! server-side apply, object by object. Start at: [`Networks::plan`].

mod manifest;

use std::sync::Arc;
use std::time::Duration;

use api::changes::ClusterAt;
use api::contexts::Guard;
use api::drawing::ClusterNetwork;
use api::network::{ApplyNetwork, Manifest, NetworkPlan, Plugin};
use api::planned::{Fate, PlannedObject};
use api::{ContextId, Fault, FaultCode};
use capi::ClusterKey;
use capi::network::{chosen, doubts, found, images, pod_ranges};
use cluster::fault::write as told;
use cluster::session::Access;
use cluster::write::{Conflicts, Mode, Place, Write, WriteError, find, send};
use kubeconfig::edit::{digest, shell_path, shell_word};
use serde_json::{Value, json};

use crate::fetching::Fetching;
use crate::fleet::{Fleet, now};
use crate::home::Home;
use crate::sessions::Sessions;

/// A kind is served a little after its definition was written.
const DEFINED: Duration = Duration::from_secs(30);
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// Objects that name no namespace.
const NAMESPACE: &str = "default";

/// The way into workload clusters.
pub(crate) struct Networks {
    fleet: Arc<Fleet>,
    sessions: Arc<Sessions>,
    home: Home,
    fetching: Fetching,
}

/// What would be applied where.
struct Prepared {
    context: ContextId,
    name: String,
    file: String,
    access: Access,
    pods: Vec<String>,
    chosen: Option<ClusterNetwork>,
    text: String,
    documents: Vec<Value>,
}

impl Networks {
    pub(crate) fn new(fleet: Arc<Fleet>, sessions: Arc<Sessions>, home: Home, fetching: Fetching) -> Self {
        Self { fleet, sessions, home, fetching }
    }

    /// Tries every object by a dry run; writes nothing.
    pub(crate) async fn plan(&self, at: &ClusterAt, from: &Manifest) -> Result<NetworkPlan, Fault> {
        let prepared = self.prepare(at, from).await?;
        let mut objects = vec![];
        for document in &prepared.documents {
            objects.push(prepared.tried(document).await?);
        }
        let named = || digest(prepared.text.as_bytes());
        let (source, digest) = match from {
            Manifest::Kindnet => ("-".to_owned(), String::new()),
            Manifest::File { path } => (shell_path(path), named()),
            Manifest::Url { address } => (shell_word(address), named()),
        };
        Ok(NetworkPlan {
            command: format!("kubectl apply --server-side --field-manager=kos --kubeconfig {} -f {source}", shell_word(&prepared.file)),
            seen: prepared.seen(),
            objects,
            images: images(&prepared.documents),
            doubts: doubts(&prepared.documents, &prepared.pods),
            context: prepared.context,
            name: prepared.name,
            pods: prepared.pods,
            chosen: prepared.chosen,
            manifest: prepared.text,
            digest,
        })
    }

    /// Applies what was shown, object by object.
    ///
    /// # Errors
    /// At the first object that is not taken: which ones stand by then, and that the rest was not sent. Doing it again is
    /// safe, since an apply of what is there already changes nothing.
    pub(crate) async fn apply(&self, call: &ApplyNetwork) -> Result<(), Fault> {
        let prepared = self.prepare(&call.at, &call.from).await?;
        if prepared.seen() != call.seen {
            let fault = Fault::new(FaultCode::Changed, format!("The network for {} would be another one by now. Look at it again.", call.at.name));
            return Err(fault.unharmed("Nothing was written."));
        }
        let row = self.fleet.contexts().rows().into_iter().find(|row| row.id == prepared.context);
        if row.is_some_and(|row| row.guard == Guard::Protected) && call.typed != prepared.name {
            let fault = Fault::new(FaultCode::Invalid, format!("{} is protected: type its name to write to it.", prepared.name));
            return Err(fault.unharmed("Nothing was written."));
        }
        let (all, began) = (prepared.documents.len(), now());
        for (done, document) in prepared.documents.iter().enumerate() {
            prepared.applied(document).await.map_err(|fault| match done {
                0 => fault,
                done => fault.unharmed(format!("{done} of {all} objects were applied before, the others were not sent. It can be done again.")),
            })?;
        }
        if let Some(managed) = self.sessions.looked_at(&call.at.context) {
            let key = ClusterKey { namespace: call.at.namespace.as_str().into(), name: call.at.name.as_str().into() };
            managed.note_add_on(&key, plugin(&prepared.documents), began, now());
        }
        Ok(())
    }

    async fn prepare(&self, at: &ClusterAt, from: &Manifest) -> Result<Prepared, Fault> {
        let kept = self.fleet.memory().read().workloads;
        let not_connected = || {
            let fault = Fault::new(FaultCode::NotFound, format!("{} is not connected yet, so nothing can be written into it. Connect it first.", at.name));
            fault.unharmed("Nothing was written.")
        };
        let (file, _) = kept.iter().find(|(_, kept)| kept.of.at == *at).ok_or_else(not_connected)?;
        let row = self.fleet.contexts().rows().into_iter().find(|row| row.file.as_str() == file).ok_or_else(not_connected)?;
        let cluster = self.cluster(at).await?;
        let (pods, chosen) = (pod_ranges(&cluster), chosen(&cluster));
        let (text, documents) = manifest::read(&self.home, &self.fetching, from, at, &pods).await?;
        let access = self.sessions.answering(&row.id).await?;
        Ok(Prepared { context: row.id, name: row.name, file: file.clone(), access, pods, chosen, text, documents })
    }

    /// The Cluster, which says what it asks for.
    async fn cluster(&self, at: &ClusterAt) -> Result<Value, Fault> {
        let manager = self.fleet.known(&at.context)?;
        let closed =
            |_| Fault::new(FaultCode::NotFound, format!("{} is not open, so {} cannot be read.", manager.name, at.name)).unharmed("Nothing was written.");
        let access = self.sessions.access(&at.context).map_err(closed)?;
        let read = definition(&access.client(), at).await.map(|(_, cluster)| cluster);
        read.map_err(|why| told(access.about(), &format!("Cluster {}", at.name), Mode::DryRun, &why))
    }
}

/// The Cluster as its management cluster has it, of either contract.
pub(crate) async fn definition(client: &kube::Client, at: &ClusterAt) -> Result<(Place, Value), WriteError> {
    let about = |version: &str| json!({ "apiVersion": format!("cluster.x-k8s.io/{version}"), "kind": "Cluster", "metadata": { "name": at.name, "namespace": at.namespace } });
    let place = match find(client, &about("v1beta2"), &at.namespace).await {
        Err(WriteError::UnknownKind { .. }) => find(client, &about("v1beta1"), &at.namespace).await?,
        other => other?,
    };
    let object = cluster::write::read(client, &place).await?;
    Ok((place, object))
}

impl Prepared {
    /// Names what is written where.
    fn seen(&self) -> String {
        digest(format!("{}\n{}", self.context, self.text).as_bytes())
    }

    /// What an apply would do with one object.
    async fn tried(&self, document: &Value) -> Result<PlannedObject, Fault> {
        let client = self.access.client();
        let text = |field: &str| document.pointer(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        let planned = |namespace: String, fate: Fate| PlannedObject::named(fate, text("/kind"), namespace, text("/metadata/name"));
        let place = match find(&client, document, NAMESPACE).await {
            Ok(place) => place,
            Err(WriteError::UnknownKind { .. }) if self.defines(&text("/kind")) => return Ok(planned(text("/metadata/namespace"), Fate::Later)),
            Err(why) => return Err(self.fault(&text("/kind"), Mode::DryRun, &why)),
        };
        if self.brings(&place.namespace) {
            return Ok(planned(place.namespace, Fate::Later));
        }
        let before = match cluster::write::read(&client, &place).await {
            Ok(object) => Some(object),
            Err(WriteError::NotFound { .. }) => None,
            Err(why) => return Err(self.fault(&place.words(), Mode::DryRun, &why)),
        };
        let after = send(&client, &place, &apply(document), Mode::DryRun).await.map_err(|why| self.fault(&place.words(), Mode::DryRun, &why))?;
        let fate = match before {
            None => Fate::Made,
            Some(before) if same(&before, &after) => Fate::Same,
            Some(_) => Fate::Changed,
        };
        Ok(planned(place.namespace, fate))
    }

    async fn applied(&self, document: &Value) -> Result<(), Fault> {
        let kind = document["kind"].as_str().unwrap_or_default();
        let place = self.place(document, kind).await?;
        let sent = send(&self.access.client(), &place, &apply(document), Mode::ForGood).await;
        sent.map(drop).map_err(|why| self.fault(&place.words(), Mode::ForGood, &why))
    }

    /// Where an object belongs; the server may not serve a kind yet that was defined a moment ago.
    async fn place(&self, document: &Value, kind: &str) -> Result<Place, Fault> {
        let client = self.access.client();
        let looked = async {
            loop {
                match find(&client, document, NAMESPACE).await {
                    Err(WriteError::UnknownKind { .. }) if self.defines(kind) => tokio::time::sleep(LOOK_AGAIN).await,
                    other => return other,
                }
            }
        };
        let found = tokio::time::timeout(DEFINED, looked).await;
        let found =
            found.unwrap_or_else(|_| Err(WriteError::UnknownKind { said: format!("{kind} is not served {} s after its definition", DEFINED.as_secs()) }));
        found.map_err(|why| self.fault(kind, Mode::ForGood, &why))
    }

    fn defines(&self, kind: &str) -> bool {
        self.documents.iter().any(|one| one["kind"] == "CustomResourceDefinition" && one["spec"]["names"]["kind"] == kind)
    }

    /// Whether the manifest itself makes a namespace; one that is there already is tried like everything else.
    fn brings(&self, namespace: &str) -> bool {
        !namespace.is_empty() && self.documents.iter().any(|one| one["kind"] == "Namespace" && one["metadata"]["name"] == namespace)
    }

    fn fault(&self, what: &str, mode: Mode, why: &WriteError) -> Fault {
        told(self.access.about(), what, mode, why)
    }
}

/// What a manifest brings, as the lanes of its cluster call it.
fn plugin(documents: &[Value]) -> &'static str {
    match found(documents).first().map(|network| network.plugin) {
        Some(Plugin::Other) | None => "network",
        Some(known) => known.words(),
    }
}

fn apply(document: &Value) -> Write {
    Write::Apply { document: document.clone(), conflicts: Conflicts::Refuse }
}

/// Whether an object is what it was, apart from what the server counts.
fn same(before: &Value, after: &Value) -> bool {
    let bare = |object: &Value| {
        let mut object = object.clone();
        if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
            ["managedFields", "resourceVersion", "generation"].iter().for_each(|field| drop(metadata.remove(*field)));
        }
        object
    };
    bare(before) == bare(after)
}

#[cfg(test)]
mod tests;
