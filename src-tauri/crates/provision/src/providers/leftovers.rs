//! What a move left in its source goes without its machines: the target holds each of these objects too.

use api::jobs::Words;
use api::{Fault, FaultCode};
use cluster::objects::{Objects, discover};
use cluster::write::{Mode, Patch, Place, Seen, Write, WriteError, read, send};
use jobs::ActContext;
use serde_json::{Value, json};

use super::Step;
use crate::programs::clusterctl::moving::Moved;

const CAPI: &str = "cluster.x-k8s.io";
/// Webhooks of some providers let nothing else go.
const FOR_MOVE: &str = "clusterctl.cluster.x-k8s.io/delete-for-move";
/// Kinds of the oldest group, which discovery does not list.
const OLDEST: [(&str, &str); 2] = [("Secret", "secrets"), ("ConfigMap", "configmaps")];

/// Both ends of a move.
pub(super) struct Ends<'a> {
    pub(super) here: &'a kube::Client,
    pub(super) there: &'a kube::Client,
    pub(super) here_is: &'a str,
    pub(super) there_is: &'a str,
    pub(super) namespace: &'a str,
}

impl Ends<'_> {
    fn stops(&self, sentence: String, source: &str, said: impl Into<String>) -> Fault {
        Fault::new(FaultCode::Step, sentence).because(source, said).unharmed("What was removed so far stands in the target. The machines run on.")
    }
}

/// Removes from the source what clusterctl had made in the target, as clusterctl does: the last one first, and no finalizer
/// is run. Classes stay, with what belongs to them alone: clusters of other namespaces may be of them.
pub(super) async fn remove(ends: &Ends<'_>, moved: &[Moved], cx: &mut ActContext<Step>) -> Result<(), Fault> {
    let untold = |said: String| ends.stops(format!("{} does not tell which kinds it holds.", ends.here_is), ends.here_is, said);
    let told = discover(ends.here, |_| true).await.map_err(untold)?;
    if let Some((group, said)) = told.silent.iter().find(|(group, _)| is_capi(group)) {
        return Err(untold(format!("{group}: {said}")));
    }
    for one in moved.iter().rev().filter(|one| one.namespace == ends.namespace) {
        for place in places(&told.kinds, one) {
            let unread = |why: WriteError| ends.stops(format!("{} could not be read.", place.words()), ends.here_is, why.to_string());
            let Some(object) = there_is(ends.here, &place).await.map_err(unread)?.filter(|object| !is_of_a_class(object)) else { continue };
            if there_is(ends.there, &place).await.map_err(unread)?.is_none() {
                let sentence = format!("{} stays in {}: {} does not hold it.", place.words(), ends.here_is, ends.there_is);
                return Err(ends.stops(sentence, ends.there_is, "It would be gone from both."));
            }
            cx.step_detail(Words::said(format!("{} ", one.kind)).mono(one.name.clone()));
            let stays = |why: WriteError| ends.stops(format!("{} stays in {}.", place.words(), ends.here_is), ends.here_is, why.to_string());
            let_go(ends.here, &place, &object).await.map_err(stays)?;
        }
    }
    Ok(())
}

/// Where an object can be that is told by its kind and name alone: kinds of Cluster API come before others of one name.
fn places(kinds: &[Objects], of: &Moved) -> Vec<Place> {
    let place = |api_version: String, plural: &str| Place {
        api_version,
        kind: of.kind.clone(),
        plural: plural.to_owned(),
        namespace: of.namespace.clone(),
        name: of.name.clone(),
    };
    if let Some(&(_, plural)) = OLDEST.iter().find(|(kind, _)| *kind == of.kind) {
        return vec![place("v1".to_owned(), plural)];
    }
    let of_kind: Vec<&Objects> = kinds.iter().filter(|kind| kind.kind == of.kind).collect();
    let of_capi: Vec<&Objects> = of_kind.iter().copied().filter(|kind| is_capi(&kind.group)).collect();
    let found = if of_capi.is_empty() { of_kind } else { of_capi };
    found.into_iter().map(|kind| place(format!("{}/{}", kind.group, kind.version), &kind.plural)).collect()
}

fn is_capi(group: &str) -> bool {
    group == CAPI || group.ends_with(&format!(".{CAPI}"))
}

fn is_of_a_class(object: &Value) -> bool {
    let owners = object["metadata"]["ownerReferences"].as_array().map_or(&[][..], Vec::as_slice);
    object["kind"] == "ClusterClass" || (!owners.is_empty() && owners.iter().all(|owner| owner["kind"] == "ClusterClass"))
}

async fn there_is(client: &kube::Client, place: &Place) -> Result<Option<Value>, WriteError> {
    match read(client, place).await {
        Ok(object) => Ok(Some(object)),
        Err(WriteError::NotFound { .. }) => Ok(None),
        Err(why) => Err(why),
    }
}

/// Deletes the very object that was seen, and lets no finalizer of it do its work: that would take the machine along.
async fn let_go(client: &kube::Client, place: &Place, object: &Value) -> Result<(), WriteError> {
    let patch = |fields: Value, of: &Value| Write::Patch { patch: Patch::Merge(fields), seen: Seen::of(of) };
    let marked = send(client, place, &patch(json!({ "metadata": { "annotations": { FOR_MOVE: "" } } }), object), Mode::ForGood).await?;
    send(client, place, &Write::Delete { seen: Seen::of(&marked) }, Mode::ForGood).await?;
    let Some(held) = there_is(client, place).await? else { return Ok(()) };
    match send(client, place, &patch(json!({ "metadata": { "finalizers": [] } }), &held), Mode::ForGood).await {
        Ok(_) | Err(WriteError::NotFound { .. }) => Ok(()),
        Err(why) => Err(why),
    }
}
