//! Which budget holds a pod of a drained machine, and how is one more copy of it made?
//!
//! Reads and writes in the workload cluster, and only over a connection that stands already. Start at: [`ask`], [`plan`].

use api::budget::{ApplyCopies, AskBudget, HeldPod, MoreCopies, Owner, PlanCopies};
use api::changes::{Applied, ChangePlan, ClusterAt, Consequence, Follows};
use api::contexts::{ContextRow, Guard};
use api::planned::{Fate, PlannedObject};
use api::{Fault, FaultCode};
use capi::impact::{budgets_of, more, owner_of};
use cluster::read::Unread;
use cluster::session::Access;
use cluster::write::{Mode, Patch, Place, Seen, Write, WriteError, read, send};
use kubeconfig::edit::digest;
use serde_json::{Value, json};

use crate::changing::shown;
use crate::impact::{all, inside, said};
use crate::realm::Realm;

const NOTHING: &str = "Nothing was written.";
/// What has a number of copies, and how it is listed.
const SCALED: [(&str, &str); 3] = [("StatefulSet", "statefulsets"), ("Deployment", "deployments"), ("ReplicaSet", "replicasets")];

/// One write that was tried.
struct Tried {
    row: ContextRow,
    access: Access,
    place: Place,
    write: Write,
    before: Value,
    after: Value,
    digest: String,
}

/// The budgets of a pod, and who could have more copies of it.
pub(crate) async fn ask(realm: &Realm, call: &AskBudget) -> Result<HeldPod, Fault> {
    let (row, access) = inside(realm, &call.at, "see which budget holds the drain").map_err(|fault| fault.unharmed(NOTHING))?;
    let (namespace, name) = call.pod.split_once('/').unwrap_or(("default", &call.pod));
    let place = core("v1", "Pod", "pods", namespace, name);
    let pod = read(&access.client(), &place).await.map_err(|why| told(&access, &place, Mode::DryRun, &why))?;
    let budgets = match all(&access.client(), &format!("/apis/policy/v1/namespaces/{namespace}/poddisruptionbudgets")).await {
        Ok(budgets) => budgets,
        // A server without that kind has no budgets.
        Err(Unread::Absent) => vec![],
        Err(why) => {
            let fault = Fault::new(FaultCode::Unreachable, format!("The budgets of {} cannot be read.", call.pod));
            return Err(fault.because(&row.name, said("Budgets", &why)).unharmed(NOTHING));
        }
    };
    // Who may not read the owner is told of the budgets all the same.
    let scale = match copies(&access, &pod).await {
        Ok(Some((owner, now))) => more(owner, now, &pod, &budgets),
        Ok(None) => None,
        Err(why) => {
            tracing::info!(pod = %call.pod, why = %cluster::failure::chain(&why), "who makes a pod cannot be told");
            None
        }
    };
    Ok(HeldPod { context: row.name, pod: call.pod.clone(), budgets: budgets_of(&pod, &budgets), scale })
}

/// What makes a pod, over its ReplicaSet where there is one, and how many it makes.
async fn copies(access: &Access, pod: &Value) -> Result<Option<(Owner, u32)>, WriteError> {
    let mut of = pod.clone();
    let mut found = None;
    // A pod's ReplicaSet belongs to a Deployment; nothing with a number of copies stands over that.
    for _ in 0..2 {
        let Some(owner) = owner_of(&of) else { break };
        let Some(place) = place_of(&owner) else { break };
        of = read(&access.client(), &place).await?;
        let now = of["spec"]["replicas"].as_u64().and_then(|n| u32::try_from(n).ok()).unwrap_or(1);
        found = Some((owner, now));
    }
    Ok(found)
}

fn place_of(owner: &Owner) -> Option<Place> {
    let (kind, plural) = SCALED.into_iter().find(|(kind, _)| *kind == owner.kind)?;
    Some(core("apps/v1", kind, plural, &owner.namespace, &owner.name))
}

fn core(api_version: &str, kind: &str, plural: &str, namespace: &str, name: &str) -> Place {
    Place { api_version: api_version.into(), kind: kind.into(), plural: plural.into(), namespace: namespace.into(), name: name.into() }
}

/// Tries another number of copies by a dry run; writes nothing.
pub(crate) async fn plan(realm: &Realm, call: &PlanCopies) -> Result<ChangePlan, Fault> {
    let tried = tried(realm, &call.at, &call.copies).await?;
    let MoreCopies { of: Owner { kind, name, .. }, now, to } = &call.copies;
    let follows = |weight, sentence: String| Consequence { weight, sentence, names: vec![] };
    Ok(ChangePlan {
        digest: tried.digest,
        title: format!("Scale {name} to {to}"),
        writes: vec![PlannedObject {
            fate: Fate::Changed,
            kind: kind.clone(),
            namespace: tried.place.namespace.clone(),
            name: name.clone(),
            before: shown::yaml(&tried.before),
            after: shown::yaml(&tried.after),
        }],
        effects: vec![
            follows(
                Follows::Made,
                format!(
                    "{} more of {name} is started in {}. Once it is healthy the budget lets the other go, and the drain goes on by itself.",
                    to - now,
                    call.at.name
                ),
            ),
            follows(Follows::Unharmed, "What runs now goes on until then.".to_owned()),
            follows(Follows::Risk, format!("Whether {name} may run {to} times only its owner knows: a database may need more than a second copy to be safe.")),
            follows(Follows::Risk, format!("It stays at {to} until somebody scales it back; an autoscaler, or whoever deploys it, may do so before.")),
        ],
        replaced: vec![],
        commands: vec![shown::command(&tried.row.name, &tried.place, &tried.write)],
        typed: typed(&tried.row),
    })
}

/// Writes the number that was shown, if it still is the one that would be written.
pub(crate) async fn apply(realm: &Realm, call: &ApplyCopies) -> Result<Applied, Fault> {
    let tried = tried(realm, &call.at, &call.copies).await?;
    if let Some(wanted) = typed(&tried.row).filter(|wanted| *wanted != call.typed) {
        return Err(Fault::new(FaultCode::Invalid, format!("To do this, type {wanted}.")).unharmed(NOTHING));
    }
    if tried.digest != call.digest {
        let sentence = format!("{} is not as it was when this was planned. Look at the plan again.", tried.place.words());
        return Err(Fault::new(FaultCode::Changed, sentence).unharmed(NOTHING));
    }
    let sent = send(&tried.access.client(), &tried.place, &tried.write, Mode::ForGood).await;
    sent.map_err(|why| told(&tried.access, &tried.place, Mode::ForGood, &why))?;
    Ok(Applied { written: vec![tried.place.words()] })
}

async fn tried(realm: &Realm, at: &ClusterAt, copies: &MoreCopies) -> Result<Tried, Fault> {
    let invalid = |sentence: String| Fault::new(FaultCode::Invalid, sentence).unharmed(NOTHING);
    let (row, access) = inside(realm, at, "scale what the drain waits for").map_err(|fault| fault.unharmed(NOTHING))?;
    let place = place_of(&copies.of).ok_or_else(|| invalid(format!("A {} has no number of copies.", copies.of.kind)))?;
    if copies.to <= copies.now {
        return Err(invalid("Fewer copies let no pod go.".to_owned()));
    }
    let before = read(&access.client(), &place).await.map_err(|why| told(&access, &place, Mode::DryRun, &why))?;
    if before["spec"]["replicas"].as_u64().unwrap_or(1) != u64::from(copies.now) {
        let fault = Fault::new(FaultCode::Changed, format!("{} has another number of copies by now. Look at the budget again.", place.words()));
        return Err(fault.unharmed(NOTHING));
    }
    let write = Write::Patch { patch: Patch::Merge(json!({ "spec": { "replicas": copies.to } })), seen: Seen::of(&before) };
    let after = send(&access.client(), &place, &write, Mode::DryRun).await.map_err(|why| told(&access, &place, Mode::DryRun, &why))?;
    // Its status changes all the time and is no part of the plan; its generation counts the wishes.
    let meta = &before["metadata"];
    let digest = digest(format!("{}\n{copies:?}\n{}\n{}", row.id, meta["uid"], meta["generation"]).as_bytes());
    Ok(Tried { row, access, place, write, before, after, digest })
}

/// A protected context is written to after its name was typed.
fn typed(row: &ContextRow) -> Option<String> {
    (row.guard == Guard::Protected).then(|| row.name.clone())
}

fn told(access: &Access, place: &Place, mode: Mode, why: &WriteError) -> Fault {
    cluster::fault::write(access.about(), &place.words(), mode, why)
}

#[cfg(test)]
mod tests;
