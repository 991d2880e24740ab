//! How does the job of the whole way do what the window's pages do for a workload cluster?
//!
//! Nothing of it is done a second way: objects are tried and written as a drawn cluster is, the kubeconfig is planned and
//! kept as the page of the cluster does it, the network too. What is waited for is heard from the same board that the page
//! shows. Start at: [`Whole`].

mod progress;

use std::path::PathBuf;
use std::sync::{Arc, Weak};
use std::time::Duration;

use api::capi::{ClusterPart, LaneState};
use api::changes::ClusterAt;
use api::local::LocalRow;
use api::network::{ApplyNetwork, Manifest, NetworkPlan};
use api::planned::Fate;
use api::{ContextId, Fault, FaultCode};
use async_trait::async_trait;
use capi::form;
use cluster::fault::write as told_of;
use cluster::write::{Mode, Seen, Write, WriteError, send};
use provision::{NotMade, Progress, Site, Told, Workloads};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

use crate::board::Board;
use crate::connecting::Connections;
use crate::drawing::{Claim, Trial, Unwritten};
use crate::fleet::Fleet;
use crate::managed::Managed;
use crate::network::{Networks, definition};
use crate::realm::Realm;
use crate::sessions::Sessions;
use progress::progress;

/// A load balancer, an image to be unpacked and kubeadm on a slow disk.
const ANSWER_LIMIT: Duration = Duration::from_secs(900);
/// Every machine, one after another where they are control planes.
const AVAILABLE_LIMIT: Duration = Duration::from_secs(1_200);
const REMOVE_LIMIT: Duration = Duration::from_secs(300);
/// An API server that answered before is given so long: one that is new stands behind a load balancer that starts anew.
const PATIENCE: Duration = Duration::from_secs(120);
/// Whether an address answers is heard from no watch.
const LOOK_AGAIN: Duration = Duration::from_secs(3);
/// News come in a flood while machines are made.
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);

/// The way to workload clusters for jobs, which are opened before all that they use stands.
#[derive(Debug)]
pub(crate) struct Whole {
    realm: watch::Sender<Option<Weak<Realm>>>,
}

/// What it takes; held only while something is done.
struct Parts {
    fleet: Arc<Fleet>,
    sessions: Arc<Sessions>,
    local: Arc<Board<LocalRow>>,
    connections: Arc<Connections>,
    networks: Arc<Networks>,
}

/// A cluster whose page is looked at.
struct Watched {
    /// Reads for the board as long as it is here.
    _managed: Arc<Managed>,
    board: Arc<Board<ClusterPart>>,
    news: watch::Receiver<api::Cursor>,
    /// What was told last; the same is not told again.
    last: Option<Progress>,
}

impl Default for Whole {
    fn default() -> Self {
        Self { realm: watch::channel(None).0 }
    }
}

impl Whole {
    /// From now on its jobs find what they need.
    pub(crate) fn stands(&self, realm: &Arc<Realm>) {
        self.realm.send_replace(Some(Arc::downgrade(realm)));
    }

    async fn realm(&self) -> Result<Arc<Realm>, Fault> {
        let mut told = self.realm.subscribe();
        let found = told.wait_for(Option::is_some).await.ok().and_then(|realm| realm.as_ref().and_then(Weak::upgrade));
        found.ok_or_else(|| Fault::new(FaultCode::Invalid, "KOS is closing.").unharmed("What was made so far is noted."))
    }

    async fn parts(&self) -> Result<Parts, Fault> {
        let realm = self.realm().await?;
        Ok(Parts {
            fleet: realm.fleet.clone(),
            sessions: realm.sessions.clone(),
            local: realm.local.board(),
            connections: realm.connections.clone(),
            networks: realm.networks.clone(),
        })
    }

    /// Its parts and the cluster, once its management cluster answers.
    async fn live(&self, site: &Site) -> Result<(Parts, ClusterAt), Fault> {
        let parts = self.parts().await?;
        let at = at(site);
        if parts.fleet.known(&at.context).is_err() {
            // A file that was written a moment ago.
            parts.fleet.read_again();
        }
        let until = Instant::now() + PATIENCE;
        loop {
            match parts.sessions.answering(&at.context).await {
                Ok(_) => return Ok((parts, at)),
                // While machines are made, a busy computer leaves its management cluster without an answer for a while.
                Err(fault) if fault.code == FaultCode::Unreachable && Instant::now() < until => sleep(LOOK_AGAIN).await,
                Err(fault) => return Err(fault),
            }
        }
    }
}

fn at(site: &Site) -> ClusterAt {
    let context = ContextId(format!("{}#{}", site.manager.display(), site.context));
    ClusterAt { context, namespace: site.namespace.clone(), name: site.name.clone() }
}

impl Parts {
    fn watched(&self, at: &ClusterAt) -> Result<Watched, Fault> {
        let managed = self.sessions.managed(&at.context, self.local.clone())?;
        let board = managed.cluster(&at.namespace, &at.name);
        Ok(Watched { news: board.news(), _managed: managed, board, last: None })
    }

    /// The plan for kindnet, asked again while the new API server does not answer yet.
    async fn network(&self, at: &ClusterAt) -> Result<NetworkPlan, Fault> {
        let until = Instant::now() + PATIENCE;
        loop {
            match self.networks.plan(at, &Manifest::Kindnet).await {
                Err(fault) if fault.code == FaultCode::Unreachable && Instant::now() < until => sleep(LOOK_AGAIN).await,
                other => return other,
            }
        }
    }
}

impl Watched {
    fn tell(&mut self, told: Told<'_>) -> Vec<ClusterPart> {
        let rows = self.board.rows();
        let now = progress(&rows);
        if self.last.as_ref() != Some(&now) {
            told(now.clone());
            self.last = Some(now);
        }
        rows
    }

    /// Waits for news, or a while where there may be none.
    async fn next(&mut self) {
        sleep(BETWEEN_LOOKS).await;
        // Whoever holds the board holds its sender too.
        let _ = timeout(LOOK_AGAIN, self.news.changed()).await;
    }

    /// Why it is not there after all this time.
    fn late(&self, site: &Site, what: &str, limit: Duration, last: Option<Fault>) -> Fault {
        let sentence = format!("{} {what} after {} min.", site.name, limit.as_secs() / 60);
        let mut fault = Fault::new(FaultCode::Step, sentence).unharmed("The cluster and its machines stay. Retry waits on.");
        let held_up = progress(&self.board.rows()).held_up;
        if !held_up.is_empty() {
            fault = fault.because(format!("Cluster {}", site.name), held_up);
        }
        match last {
            Some(last) => fault.because(site.context.clone(), last.sentence),
            None => fault,
        }
    }
}

impl From<Unwritten> for NotMade {
    fn from(why: Unwritten) -> Self {
        match why {
            Unwritten::WebhookSilent(fault) => NotMade::WebhookSilent(fault),
            Unwritten::Otherwise(fault) => NotMade::Refused(fault),
        }
    }
}

#[async_trait]
impl Workloads for Whole {
    async fn make(&self, site: &Site, yaml: &str) -> Result<(), NotMade> {
        let (parts, at) = self.live(site).await.map_err(NotMade::Refused)?;
        let access = parts.sessions.access(&at.context).map_err(NotMade::Refused)?;
        let documents = form::documents(yaml, &site.namespace).map_err(|checks| {
            let says = checks.first().map_or("", |check| check.says.as_str());
            NotMade::Refused(Fault::new(FaultCode::Invalid, format!("{} was not made: {says}", site.name)).unharmed("Nothing was written."))
        })?;
        let trial = Trial::new(&access, &documents, Claim::Noted);
        trial.dry_run().await?;
        Ok(trial.write().await?)
    }

    async fn await_answer(&self, site: &Site, told: Told<'_>) -> Result<(), Fault> {
        let (parts, at) = self.live(site).await?;
        let (mut watched, until) = (parts.watched(&at)?, Instant::now() + ANSWER_LIMIT);
        loop {
            watched.tell(told);
            match parts.connections.plan(&at).await {
                Ok(_) => return Ok(()),
                // No Secret yet, or nobody behind the load balancer.
                Err(why) if matches!(why.code, FaultCode::NotFound | FaultCode::Unreachable) => {
                    if Instant::now() >= until {
                        return Err(watched.late(site, "does not answer", ANSWER_LIMIT, Some(why)));
                    }
                }
                Err(why) => return Err(why),
            }
            watched.next().await;
        }
    }

    async fn file(&self, site: &Site) -> Result<PathBuf, Fault> {
        let (parts, at) = self.live(site).await?;
        parts.connections.place(&at)
    }

    async fn is_connected(&self, site: &Site) -> Result<bool, Fault> {
        let (parts, at) = self.live(site).await?;
        if !parts.connections.keeps(&at) {
            return Ok(false);
        }
        let plan = parts.connections.plan(&at).await?;
        Ok(plan.change.before == plan.change.after)
    }

    async fn connect(&self, site: &Site) -> Result<(), Fault> {
        let (parts, at) = self.live(site).await?;
        let plan = parts.connections.plan(&at).await?;
        parts.connections.connect(&at, &plan.change.seen).await?;
        self.realm().await?.watch_files();
        Ok(())
    }

    async fn disconnect(&self, site: &Site) -> Result<(), Fault> {
        let parts = self.parts().await?;
        parts.connections.forget(&at(site)).await?;
        self.realm().await?.watch_files();
        Ok(())
    }

    async fn has_network(&self, site: &Site) -> Result<bool, Fault> {
        let (parts, at) = self.live(site).await?;
        let plan = parts.networks.plan(&at, &Manifest::Kindnet).await?;
        Ok(plan.objects.iter().all(|object| object.fate == Fate::Same))
    }

    async fn add_network(&self, site: &Site) -> Result<(), Fault> {
        let (parts, at) = self.live(site).await?;
        let plan = parts.network(&at).await?;
        // The plan of the job named the cluster, and was agreed to.
        parts.networks.apply(&ApplyNetwork { at, from: Manifest::Kindnet, seen: plan.seen, typed: plan.name }).await
    }

    async fn await_available(&self, site: &Site, told: Told<'_>) -> Result<(), Fault> {
        let (parts, at) = self.live(site).await?;
        let (mut watched, until) = (parts.watched(&at)?, Instant::now() + AVAILABLE_LIMIT);
        loop {
            if is_available(&watched.tell(told)) {
                return Ok(());
            }
            if Instant::now() >= until {
                return Err(watched.late(site, "is not available", AVAILABLE_LIMIT, None));
            }
            watched.next().await;
        }
    }

    async fn remove(&self, site: &Site, told: Told<'_>) -> Result<(), Fault> {
        let (parts, at) = self.live(site).await?;
        let access = parts.sessions.access(&at.context)?;
        let (mut watched, until) = (parts.watched(&at)?, Instant::now() + REMOVE_LIMIT);
        let client = access.client();
        let failed = |why: &WriteError| told_of(access.about(), &format!("Cluster {}", at.name), Mode::ForGood, why);
        loop {
            watched.tell(told);
            match definition(&client, &at).await {
                Err(WriteError::NotFound { .. }) => return Ok(()),
                Err(why) if is_passing(&why) && Instant::now() < until => {}
                Err(why) => return Err(failed(&why)),
                Ok((_, object)) if object["metadata"]["deletionTimestamp"].is_string() => {}
                Ok((place, object)) => match send(&client, &place, &Write::Delete { seen: Seen::of(&object) }, Mode::ForGood).await {
                    // Its controllers wrote to it meanwhile: it is looked at again.
                    Ok(_) | Err(WriteError::Conflict { .. } | WriteError::NotFound { .. }) => {}
                    Err(why) => return Err(failed(&why)),
                },
            }
            if Instant::now() >= until {
                return Err(watched.late(site, "is not gone", REMOVE_LIMIT, None));
            }
            watched.next().await;
        }
    }
}

/// Whether a server may answer a question a moment later.
fn is_passing(why: &WriteError) -> bool {
    matches!(why, WriteError::NotSent(_) | WriteError::Busy { .. } | WriteError::Unknown { .. })
}

/// As many machines as were asked for, each of them available. What is said of the cluster as a whole comes a little later.
fn is_available(rows: &[ClusterPart]) -> bool {
    let head = rows.iter().find_map(|row| if let ClusterPart::Head(head) = row { Some(head) } else { None });
    let lanes: Vec<bool> =
        rows.iter().filter_map(|row| if let ClusterPart::Lane(lane) = row { Some(matches!(lane.state, LaneState::Available { .. })) } else { None }).collect();
    head.is_some_and(|head| head.wanted > 0 && u32::try_from(lanes.len()) == Ok(head.wanted)) && lanes.iter().all(|available| *available)
}

#[cfg(test)]
mod tests;
