//! How does a wish for a cluster become writes that were shown before?
//!
//! The live graph and fresh documents go to `capi`, which decides; the server runs the writes dry, and what it would
//! keep is shown. Applying does all this once more: only a plan that is still the one that was shown is written.
//! Start at: [`Changing::plan`].

pub(crate) mod shown;
#[cfg(test)]
mod tests;
mod text;

use std::sync::Arc;

use api::changes::{Applied, ApplyChange, ChangePlan, ClusterAt, ClusterChange, ClusterOffers};
use api::contexts::{ContextRow, Guard};
use api::planned::{Fate, PlannedObject};
use api::{Fault, FaultCode};
use capi::change::{self, Act, Around, Documents, Plan, Refusal, TopologyTakes};
use capi::{ClusterKey, ObjectId};
use cluster::objects::Objects;
use cluster::session::Access;
use cluster::write::{Mode, Patch, Place, Seen, Write, WriteError, read, send};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::managed::Managed;
use crate::realm::Realm;
use crate::takes;

const CORE: &str = "cluster.x-k8s.io";
const NOTHING: &str = "Nothing was written.";
/// The status of a busy cluster changes by the second, and a server that was overtaken by it has written nothing: then all
/// is read and decided anew, so often.
const TRIES: usize = 3;

/// One cluster, about to be looked at for a change.
pub(crate) struct Changing {
    key: ClusterKey,
    context: Arc<ContextRow>,
    access: Access,
    managed: Arc<Managed>,
    kinds: Arc<Vec<Objects>>,
}

/// A write with what it was decided on.
struct Ready {
    place: Place,
    write: Write,
    fate: Fate,
    before: Value,
}

/// The write that was refused.
struct Stopped {
    what: String,
    mode: Mode,
    error: WriteError,
}

impl Stopped {
    /// The object changed between reading and writing.
    fn is_overtaken(&self) -> bool {
        matches!(self.error, WriteError::Conflict { .. })
    }
}

impl Changing {
    /// Waits until everything is known of a cluster that an open context manages.
    pub(crate) async fn open(realm: &Realm, at: &ClusterAt) -> Result<Self, Fault> {
        let key = ClusterKey { namespace: at.namespace.as_str().into(), name: at.name.as_str().into() };
        let managed = realm.sessions.managed(&at.context, realm.local.board())?;
        let access = realm.sessions.access(&at.context)?;
        let rows = realm.fleet.contexts().rows();
        let context = rows.into_iter().find(|row| row.id == at.context).map(Arc::new);
        let context = context.ok_or_else(|| Fault::new(FaultCode::NotFound, "This context is not there any more.").unharmed(NOTHING))?;
        let kinds = managed.whole().await.ok_or_else(|| {
            let name = &access.about().name;
            Fault::new(FaultCode::Unreachable, format!("KOS could not read what {name} holds, so it plans no change. Try again when it is live."))
                .unharmed(NOTHING)
        })?;
        Ok(Self { key, context, access, managed, kinds })
    }

    pub(crate) async fn offer(&self, realm: &Realm) -> Result<ClusterOffers, Fault> {
        let documents = self.documents(None).await?;
        let (containers, offered) = self.managed.look(&self.key, |graph, around| {
            let offered = change::offers(graph, &self.key, &documents, &around);
            (around.containers, offered)
        });
        let mut offered = offered.map_err(refused)?;
        if !containers.is_empty() {
            let images = realm.local.node_images().await;
            for version in &mut offered.versions {
                version.image = Some(images.of_machines(&version.version));
            }
        }
        Ok(offered)
    }

    pub(crate) async fn plan(&self, change: &ClusterChange) -> Result<ChangePlan, Fault> {
        let (plan, ready, after) = self.dried(change).await?;
        let writes = ready.iter().zip(&after).map(|(one, after)| self.written(one, after)).collect();
        Ok(ChangePlan {
            digest: digest(change, &plan, &ready),
            title: plan.title,
            writes,
            effects: plan.effects,
            replaced: plan.replaced,
            commands: ready.iter().map(|one| shown::command(&self.context.name, &one.place, &one.write)).collect(),
            typed: self.typed(change),
        })
    }

    pub(crate) async fn apply(&self, call: &ApplyChange) -> Result<Applied, Fault> {
        if let Some(wanted) = self.typed(&call.change).filter(|wanted| *wanted != call.typed) {
            return Err(Fault::new(FaultCode::Invalid, format!("To do this, type {wanted}.")).unharmed(NOTHING));
        }
        let mut tries = 1;
        loop {
            // All of them dry before the first for good: a refusal must not leave half a change.
            let (plan, ready, _) = self.dried(&call.change).await?;
            if digest(&call.change, &plan, &ready) != call.digest {
                let sentence = format!("{} is not as it was when this was planned. Look at the plan again.", self.key.name);
                return Err(Fault::new(FaultCode::Changed, sentence).unharmed(NOTHING));
            }
            let mut written = vec![];
            match self.sent(&ready, Mode::ForGood, |one, _| written.push(one.place.words())).await {
                Ok(()) => return Ok(Applied { written }),
                Err(stopped) if stopped.is_overtaken() && written.is_empty() && tries < TRIES => tries += 1,
                Err(stopped) => return Err(half(self.told(&stopped), &written)),
            }
        }
    }

    /// A change as it is decided now, with what the server would have after each write.
    async fn dried(&self, change: &ClusterChange) -> Result<(Plan, Vec<Ready>, Vec<Value>), Fault> {
        let mut tries = 1;
        loop {
            let (plan, ready) = self.decided(change).await?;
            let mut after = vec![];
            match self.sent(&ready, Mode::DryRun, |_, object| after.push(object)).await {
                Ok(()) => return Ok((plan, ready, after)),
                Err(stopped) if stopped.is_overtaken() && tries < TRIES => tries += 1,
                Err(stopped) => return Err(self.told(&stopped)),
            }
        }
    }

    /// Reads what the change is decided by, and decides.
    async fn decided(&self, change: &ClusterChange) -> Result<(Plan, Vec<Ready>), Fault> {
        let documents = self.documents(Some(change)).await?;
        let topology = self.topology(change).await;
        let planned = self.managed.look(&self.key, |graph, around| {
            let around = Around { topology, ..around };
            change::plan(graph, &self.key, &documents, &around, change)
        });
        let plan = planned.map_err(refused)?;
        let ready = plan.writes.iter().map(|write| self.ready(write, &documents)).collect::<Result<_, _>>()?;
        Ok((plan, ready))
    }

    /// Asked only for what such a place is needed for.
    async fn topology(&self, change: &ClusterChange) -> TopologyTakes {
        let asks = matches!(change, ClusterChange::Rollout { .. } | ClusterChange::SetTaints { .. } | ClusterChange::AddPool(_));
        let cluster = self.kinds.iter().find(|kind| kind.group == CORE && kind.kind == "Cluster");
        match cluster.filter(|_| asks) {
            Some(kind) => takes::topology(&self.access, &format!("{}/{}", kind.group, kind.version)).await,
            None => TopologyTakes::Untold,
        }
    }

    async fn documents(&self, change: Option<&ClusterChange>) -> Result<Documents, Fault> {
        let wanted = self.managed.look(&self.key, |graph, _| change::wanted(graph, &self.key, change));
        if wanted.is_empty() {
            let sentence = format!("{} holds no cluster {} in {}, or not any more.", self.context.name, self.key.name, self.key.namespace);
            return Err(Fault::new(FaultCode::NotFound, sentence).unharmed(NOTHING));
        }
        let mut documents = Documents::new();
        for id in wanted {
            let place = self.place(&id)?;
            let document = read(&self.access.client(), &place).await.map_err(|error| self.fault(&place.words(), Mode::DryRun, &error))?;
            documents.insert(id, document);
        }
        let class = documents.iter().find(|(id, _)| &*id.kind == "Cluster").and_then(|(_, cluster)| change::class_of(cluster));
        if let Some(class) = class {
            let place = self.place(&class)?;
            match read(&self.access.client(), &place).await {
                Ok(document) => drop(documents.insert(class, document)),
                // It was deleted, or belongs to others: the plan says what cannot be known without it.
                Err(WriteError::NotFound { .. } | WriteError::Denied { .. }) => {}
                Err(error) => return Err(self.fault(&place.words(), Mode::DryRun, &error)),
            }
        }
        Ok(documents)
    }

    fn place(&self, id: &ObjectId) -> Result<Place, Fault> {
        let found = self.kinds.iter().find(|kind| kind.group == *id.group && kind.kind == *id.kind);
        let kind = found.ok_or_else(|| {
            let sentence = format!("{} does not serve {} any more, so nothing can be changed.", self.context.name, id.kind);
            Fault::new(FaultCode::NotFound, sentence).unharmed(NOTHING)
        })?;
        Ok(Place {
            api_version: format!("{}/{}", kind.group, kind.version),
            kind: kind.kind.clone(),
            plural: kind.plural.clone(),
            namespace: id.namespace.to_string(),
            name: id.name.to_string(),
        })
    }

    fn ready(&self, write: &change::Write, documents: &Documents) -> Result<Ready, Fault> {
        let place = self.place(&write.object)?;
        let before = documents.get(&write.object).cloned().unwrap_or(Value::Null);
        let seen = Seen::of(&before);
        let (write, fate) = match &write.act {
            Act::Merge(fields) => (Write::Patch { patch: Patch::Merge(fields.clone()), seen }, Fate::Changed),
            Act::Steps(steps) => (Write::Patch { patch: Patch::Steps(steps.clone()), seen }, Fate::Changed),
            Act::Create(document) => (Write::Create { document: document.clone() }, Fate::Made),
            Act::Delete => (Write::Delete { seen }, Fate::Deleted),
        };
        Ok(Ready { place, write, fate, before })
    }

    /// Sends writes in their order, up to the first that is refused.
    async fn sent(&self, ready: &[Ready], mode: Mode, mut done: impl FnMut(&Ready, Value)) -> Result<(), Stopped> {
        for one in ready {
            match send(&self.access.client(), &one.place, &one.write, mode).await {
                Ok(object) => done(one, object),
                Err(error) => return Err(Stopped { what: one.place.words(), mode, error }),
            }
        }
        Ok(())
    }

    fn told(&self, Stopped { what, mode, error }: &Stopped) -> Fault {
        self.fault(what, *mode, error)
    }

    fn written(&self, one: &Ready, after: &Value) -> PlannedObject {
        let before = if one.fate == Fate::Made { String::new() } else { shown::yaml(&one.before) };
        let after = if one.fate == Fate::Deleted { String::new() } else { shown::yaml(after) };
        PlannedObject { fate: one.fate, kind: one.place.kind.clone(), namespace: one.place.namespace.clone(), name: one.place.name.clone(), before, after }
    }

    fn typed(&self, change: &ClusterChange) -> Option<String> {
        to_type(self.context.guard, &self.context.name, &self.key.name, change)
    }

    fn fault(&self, what: &str, mode: Mode, error: &WriteError) -> Fault {
        cluster::fault::write(self.access.about(), what, mode, error)
    }
}

/// What goes and does not come back is asked for by its name, a protected context by its own, both for both.
fn to_type(guard: Guard, context: &str, cluster: &str, change: &ClusterChange) -> Option<String> {
    let gone = match change {
        ClusterChange::Delete => Some(cluster),
        ClusterChange::RemoveFinalizers { name, .. } => Some(name.as_str()),
        ClusterChange::Scale { .. }
        | ClusterChange::AddPool(_)
        | ClusterChange::RemovePool { .. }
        | ClusterChange::Upgrade { .. }
        | ClusterChange::Rollout { .. }
        | ClusterChange::ReplaceMachine { .. }
        | ClusterChange::RemoveMachine { .. }
        | ClusterChange::SetRepair { .. }
        | ClusterChange::Pause
        | ClusterChange::Resume
        | ClusterChange::SetLabels { .. }
        | ClusterChange::SetTaints { .. }
        | ClusterChange::SetBounds { .. }
        | ClusterChange::SetHealthCheck { .. }
        | ClusterChange::LimitDrain { .. } => None,
    };
    match (guard, gone) {
        (Guard::Open, gone) => gone.map(str::to_owned),
        (Guard::Protected, None) => Some(context.to_owned()),
        (Guard::Protected, Some(gone)) => Some(format!("{context}/{gone}")),
    }
}

fn refused(Refusal(sentence): Refusal) -> Fault {
    Fault::new(FaultCode::Invalid, sentence).unharmed(NOTHING)
}

/// What stands already must be said when a later write fails.
fn half(mut fault: Fault, written: &[String]) -> Fault {
    if !written.is_empty() {
        fault.unharmed =
            format!("Written before that: {}. {}", written.join(", "), if fault.unharmed == NOTHING { "" } else { &fault.unharmed }).trim_end().to_owned();
    }
    fault
}

/// Names a plan by what is wanted, what is written and what it was decided on. The status of an object changes all the
/// time and is no part of it; its generation counts the wishes.
fn digest(change: &ClusterChange, plan: &Plan, ready: &[Ready]) -> String {
    let mut hash = Sha256::new();
    let mut add = |text: &str| {
        hash.update(text.len().to_le_bytes());
        hash.update(text);
    };
    add(&format!("{change:?}"));
    for (one, write) in ready.iter().zip(&plan.writes) {
        add(&format!("{:?}", write.act));
        add(&format!("{:?}", one.place));
        let meta = &one.before["metadata"];
        for field in ["uid", "generation", "labels", "annotations"] {
            add(&meta[field].to_string());
        }
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
