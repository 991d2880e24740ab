//! What has the management cluster to choose from, and what has this machine?

use api::drawing::{ClassView, MachinesAre};
use api::local::NodeImage;
use api::{Fault, FaultCode};
use capi::form::{DockerNetwork, Host, class, template_of};
use cluster::objects::{Discovered, Objects, discover, list};
use cluster::session::Access;
use cluster::write;
use futures::future::join_all;
use serde_json::{Value, json};

use crate::doctor::Doctor;
use crate::local::Local;

const CORE: &str = "cluster.x-k8s.io";

/// What the management cluster holds.
pub(super) struct Held {
    /// How it writes a Cluster.
    pub(super) api_version: String,
    pub(super) classes: Vec<ClassView>,
}

/// What this machine has.
#[derive(Debug, Clone, Default)]
pub(super) struct Here {
    pub(super) versions: Vec<NodeImage>,
    pub(super) networks: Vec<DockerNetwork>,
    pub(super) host: Host,
}

/// Asks which classes there are, each with its template of the infrastructure; `typed` are the namespaces in which they are
/// looked for where not all may be listed.
///
/// Errors: no answer, or no Cluster API.
pub(super) async fn held(access: &Access, typed: &[String]) -> Result<Held, Fault> {
    let client = access.client();
    let told = |said: String| cluster::fault::table(access.about(), "kinds of Cluster API", &said).unharmed("Nothing was written.");
    let Discovered { kinds, mut silent } = discover(&client, |group| group == CORE).await.map_err(told)?;
    if let Some(said) = silent.remove(CORE) {
        return Err(told(said));
    }
    let kind = |name: &str| kinds.iter().find(|kind| kind.kind == name);
    let Some(clusters) = kind("Cluster") else {
        let sentence = format!("{} holds no Cluster API, so it cannot make clusters.", access.about().name);
        return Err(Fault::new(FaultCode::NotFound, sentence).unharmed("Nothing was written."));
    };
    let objects = match kind("ClusterClass") {
        Some(classes) => listed(&client, classes, typed).await.map_err(told)?,
        None => vec![],
    };
    let classes = join_all(objects.iter().map(|object| async { class(object, template(&client, object).await.as_ref()) })).await;
    let mut classes: Vec<ClassView> = classes.into_iter().flatten().collect();
    // Who wants to try out hundreds of machines knows it; the others want real ones.
    classes.sort_by_key(|class| (class.machines == MachinesAre::Simulated, class.name.clone()));
    Ok(Held { api_version: version(clusters), classes })
}

async fn listed(client: &kube::Client, kind: &Objects, typed: &[String]) -> Result<Vec<Value>, String> {
    let refused = match list(client, kind, "").await {
        Ok(all) => return Ok(all),
        Err(said) => said,
    };
    let near = join_all(typed.iter().map(|namespace| list(client, kind, namespace))).await;
    if near.iter().all(Result::is_err) {
        return Err(refused);
    }
    Ok(near.into_iter().flatten().flatten().collect())
}

/// Classes that come with a YAML of one's own, beside their templates.
pub(super) fn classes_in(objects: &[Value]) -> Vec<ClassView> {
    let named = |kind: &str, name: &str| objects.iter().find(|o| o["kind"] == kind && o["metadata"]["name"] == name);
    let classes = objects.iter().filter(|object| object["kind"] == "ClusterClass");
    classes.filter_map(|object| class(object, template_of(object).and_then(|t| named(&t.kind, &t.name)))).collect()
}

fn version(kind: &Objects) -> String {
    format!("{}/{}", kind.group, kind.version)
}

/// The template that a class names; one that cannot be read leaves open what machines are.
async fn template(client: &kube::Client, object: &Value) -> Option<Value> {
    let to = template_of(object)?;
    let document = json!({ "apiVersion": to.api_version, "kind": to.kind, "metadata": { "name": to.name, "namespace": to.namespace } });
    let place = write::find(client, &document, &to.namespace).await.ok()?;
    write::read(client, &place).await.ok()
}

/// Looks at node images, Docker's networks and what the doctor knows; what cannot be told is left out.
pub(super) async fn here(local: &Local, doctor: &Doctor) -> Here {
    let listed = async {
        // Which clusters are of this machine tells whose Docker makes the machines.
        if !local.is_looked_at() {
            local.look().await;
        }
    };
    let ((), suggestion, networks, ()) = tokio::join!(listed, local.suggest(), local.networks(), doctor.look_once());
    let networks = networks.unwrap_or_default().into_iter().map(|network| DockerNetwork { name: network.name, ranges: network.ranges }).collect();
    let computer = doctor.computer().rows().into_iter().next().unwrap_or_default();
    Here { versions: suggestion.map(|s| s.images).unwrap_or_default(), networks, host: Host { computer, checks: doctor.checks().rows() } }
}
