//! Which workload clusters does KOS keep a kubeconfig for, and is each still good?
//!
//! A kubeconfig is read from the Secret that its management cluster holds, checked by a real request, and kept in a file
//! of its own. While the management cluster is open the Secret is followed: a rotated credential is written anew, a
//! cluster that went or was made again under its name is said, a moved port is looked up again.
//! Start at: [`Connections::plan`].

mod follow;
mod kept;
mod names;
mod route;
mod taken;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use api::changes::ClusterAt;
use api::connect::{ConnectPlan, Life, Way, Workload};
use api::contexts::Link;
use api::files::FileChange;
use api::{ContextId, Fault, FaultCode, FileId, Timestamp};
use capi::access::{Credentials, Seen, Step, secret_of, step};
use kubeconfig::Resolved;
use kubeconfig::edit::{digest, shell_word};
use kubeconfig::fs::RealFs;
use kubeconfig::made::Made;
use kubeconfig::write::Writer;

use crate::fleet::{Fleet, now};
use crate::home::Home;
use crate::sessions::Sessions;
use crate::tasks::Task;
use crate::world::World;
use follow::Following;
use route::Route;
use taken::Taken;

pub(crate) use kept::Kept;

/// Nobody else writes KOS's own files, so there is no lock to wait for.
const PATIENCE: Duration = Duration::ZERO;

/// The kept kubeconfigs of workload clusters.
pub(crate) struct Connections {
    /// For the tasks that it owns.
    this: Weak<Self>,
    fleet: Arc<Fleet>,
    sessions: Arc<Sessions>,
    world: World,
    provision: provision::World,
    home: Home,
    /// Two writes of one file would take each other's temporary name.
    writing: tokio::sync::Mutex<()>,
    following: Mutex<HashMap<String, Following>>,
    /// For which failed try of a context its address was looked up.
    healed: Mutex<HashMap<ContextId, Timestamp>>,
}

/// Everything about a cluster that can be connected now.
struct Found {
    manager: Resolved,
    file: PathBuf,
    endpoint: String,
    taken: Taken,
    route: Route,
}

impl Connections {
    pub(crate) fn new(fleet: Arc<Fleet>, sessions: Arc<Sessions>, world: World, provision: provision::World, home: Home) -> Arc<Self> {
        Arc::new_cyclic(|this| Self {
            this: this.clone(),
            fleet,
            sessions,
            world,
            provision,
            home,
            writing: Default::default(),
            following: Mutex::default(),
            healed: Mutex::default(),
        })
    }

    /// What would be kept for a cluster; its server is asked for its version, nothing is written.
    pub(crate) async fn plan(&self, at: &ClusterAt) -> Result<ConnectPlan, Fault> {
        let found = self.find(at).await?;
        let (before, seen) = (Self::before(&found.file, &at.name), found.seen());
        let command = format!(
            "clusterctl get kubeconfig {} -n {} --kubeconfig-context {} > {}",
            at.name,
            at.namespace,
            shell_word(&found.manager.name),
            shell_word(&found.file.to_string_lossy())
        );
        Ok(ConnectPlan {
            change: FileChange {
                file: file_id(&found.file),
                shown: self.home.shown(&found.file),
                before,
                after: found.taken.made.shown(),
                first_line: 1,
                seen,
                command,
            },
            name: found.taken.made.name.clone(),
            server: found.taken.made.server.clone(),
            server_name: found.taken.made.server_name.clone(),
            endpoint: found.endpoint,
            way: found.route.way,
            version: found.route.version,
        })
    }

    /// Keeps what was shown, and follows it from now on.
    pub(crate) async fn connect(&self, at: &ClusterAt, seen: &str) -> Result<ContextId, Fault> {
        let found = self.find(at).await?;
        if found.seen() != seen {
            let fault = Fault::new(FaultCode::Changed, format!("The kubeconfig of {} is another one by now. Look at it again.", at.name));
            return Err(fault.unharmed("Nothing was written."));
        }
        self.write(&found.file, &found.taken.made).await?;
        let of = Workload { manager: found.manager.name.clone(), at: at.clone(), life: Life::There };
        let kept = Kept { of, credentials: found.taken.credentials, endpoint: found.endpoint, way: found.route.way };
        self.fleet.change_list(|list| {
            list.workloads.insert(found.file.display().to_string(), kept);
        })?;
        self.sessions.follow_files().await;
        self.follow();
        Ok(context_id(&found.file, &at.name))
    }

    /// Where the kubeconfig of a cluster is kept, or would be.
    pub(crate) fn place(&self, at: &ClusterAt) -> Result<PathBuf, Fault> {
        names::check(at)?;
        self.fleet.known(&at.context).map(|manager| self.file_of(at, &manager.name))
    }

    /// Whether a kubeconfig is kept for a cluster.
    pub(crate) fn keeps(&self, at: &ClusterAt) -> bool {
        self.fleet.memory().read().workloads.values().any(|kept| kept.of.at == *at)
    }

    /// Closes and removes all that is kept for a cluster, also when its file is gone already.
    pub(crate) async fn forget(&self, at: &ClusterAt) -> Result<(), Fault> {
        let kept = self.fleet.memory().read().workloads;
        for (file, _) in kept.iter().filter(|(_, kept)| kept.of.at == *at) {
            self.drop_kept(&context_id(Path::new(file), &at.name), file).await?;
        }
        Ok(())
    }

    /// Closes a context and removes what is kept for it; the cluster is not touched.
    pub(crate) async fn disconnect(&self, context: &ContextId) -> Result<(), Fault> {
        let known = self.fleet.known(context)?;
        let path = known.file.0.clone();
        if !self.fleet.memory().read().workloads.contains_key(&path) {
            let fault = Fault::new(FaultCode::Invalid, format!("KOS keeps no file of its own for {}.", known.name));
            return Err(fault.unharmed("Nothing was removed."));
        }
        self.drop_kept(context, &path).await
    }

    async fn drop_kept(&self, context: &ContextId, path: &str) -> Result<(), Fault> {
        self.sessions.close(context).await;
        let _one_at_a_time = self.writing.lock().await;
        self.writer(|writer, _| writer.remove_made(Path::new(path)), path)?;
        self.lock_following().remove(path);
        self.fleet.change_list(|list| {
            list.workloads.remove(path);
            list.contexts.remove(&context.0);
        })
    }

    /// Follows every kept kubeconfig whose management cluster is open, and looks up the address of one that went away.
    pub(crate) fn keep_true(self: &Arc<Self>) -> Task {
        let (connections, mut news) = (Arc::downgrade(self), self.fleet.contexts().news());
        Task::spawn("kubeconfigs of workload clusters", async move {
            loop {
                {
                    let Some(connections) = connections.upgrade() else { return };
                    connections.follow();
                    connections.heal().await;
                }
                if news.changed().await.is_err() {
                    return;
                }
            }
        })
    }

    /// Starts and ends followings as management clusters are opened, closed and connected anew.
    fn follow(&self) {
        let kept = self.fleet.memory().read().workloads;
        let mut following = self.lock_following();
        following.retain(|file, _| kept.contains_key(file));
        for (file, kept) in kept {
            let Ok(access) = self.sessions.access(&kept.of.at.context) else {
                following.remove(&file);
                continue;
            };
            if following.get(&file).is_some_and(|known| known.is_of(&access)) {
                continue;
            }
            following.insert(file.clone(), Following::start(PathBuf::from(file), &kept.of.at, &access, self.world.clock.clone(), self.this.clone()));
        }
    }

    /// A kept context that cannot be reached any more: the load balancer has another port after each start.
    async fn heal(&self) {
        let kept = self.fleet.memory().read().workloads;
        for row in self.fleet.contexts().rows() {
            let Some(known) = kept.get(row.file.as_str()).filter(|kept| kept.of.life == Life::There) else { continue };
            let (Link::Stale { why, retry_at, .. } | Link::Unreachable { why, retry_at, .. }) = &row.link else { continue };
            let new = why.code == FaultCode::Unreachable && self.lock_healed().insert(row.id.clone(), *retry_at) != Some(*retry_at);
            if !new {
                continue;
            }
            if let Err(why) = self.look_up(Path::new(row.file.as_str()), known).await {
                tracing::info!(context = %row.name, %why, "the address of a workload cluster was not found again");
                let of_docker = why.cause.into_iter().filter(|cause| cause.source == route::DOCKER).collect();
                self.fleet.add_causes(&row.id, *retry_at, of_docker);
            }
        }
    }

    /// Finds the address of a kept kubeconfig anew, and writes it when it is another one.
    async fn look_up(&self, file: &Path, kept: &Kept) -> Result<(), Fault> {
        let Ok(bytes) = std::fs::read(file) else { return Ok(()) };
        let Ok(mut made) = Made::of(&bytes, &kept.of.at.name) else { return Ok(()) };
        let before = (made.server.clone(), made.server_name.clone());
        (made.server, made.server_name) = (kept.endpoint.clone(), None);
        let route = route::find(&self.world, &self.provision, &mut made, &context_id(file, &kept.of.at.name), &file_id(file)).await?;
        if (&made.server, &made.server_name) == (&before.0, &before.1) {
            return Ok(());
        }
        self.write(file, &made).await?;
        self.fleet.change_list(|list| {
            if let Some(kept) = list.workloads.get_mut(&file.display().to_string()) {
                kept.way = route.way;
            }
        })?;
        self.sessions.follow_files().await;
        Ok(())
    }

    /// Acts on what the management cluster now has of a cluster.
    async fn take(&self, file: &Path, seen: &Seen, made: Option<Made>) -> Result<(), Fault> {
        let key = file.display().to_string();
        let Some(kept) = self.fleet.memory().read().workloads.remove(&key) else { return Ok(()) };
        let live = |life: Life| {
            self.fleet.change_list(|list| {
                if let Some(kept) = list.workloads.get_mut(&key) {
                    kept.of.life = life;
                }
            })
        };
        match (step(kept.of.life, &kept.credentials, seen), seen, made) {
            (Step::Deleted, ..) => live(Life::Deleted { at: now() }),
            (Step::Remade, ..) => live(Life::Remade { at: now() }),
            (Step::There, ..) => live(Life::There),
            (Step::Rewrite, Seen::Credentials(credentials), Some(made)) => self.rewrite(file, &kept, credentials, made).await,
            (Step::Nothing | Step::Rewrite, ..) => Ok(()),
        }
    }

    /// Keeps rotated credentials, at the address that is in use.
    async fn rewrite(&self, file: &Path, kept: &Kept, credentials: &Credentials, mut made: Made) -> Result<(), Fault> {
        let endpoint = made.server.clone();
        let before = std::fs::read(file).ok().and_then(|bytes| Made::of(&bytes, &kept.of.at.name).ok());
        if let (Way::Published { .. }, Some(before)) = (&kept.way, before) {
            (made.server, made.server_name) = (before.server, before.server_name);
        }
        self.write(file, &made).await?;
        self.fleet.change_list(|list| {
            if let Some(kept) = list.workloads.get_mut(&file.display().to_string()) {
                kept.of.life = Life::There;
                kept.credentials = credentials.clone();
                kept.endpoint = endpoint;
            }
        })?;
        self.sessions.follow_files().await;
        Ok(())
    }

    async fn find(&self, at: &ClusterAt) -> Result<Found, Fault> {
        let manager = self.fleet.known(&at.context)?;
        names::check(at)?;
        let access = self.sessions.access(&at.context).map_err(|_| {
            Fault::new(FaultCode::NotFound, format!("{} is not open, so the kubeconfig of {} cannot be read.", manager.name, at.name))
                .unharmed("Nothing was contacted.")
        })?;
        let path = format!("/api/v1/namespaces/{}/secrets/{}", at.namespace, secret_of(&at.name));
        let secret = cluster::read::object(&access.client(), &path).await.map_err(|why| taken::unread(at, &manager.name, &why))?;
        let mut taken = Taken::of(&secret, &at.name).map_err(|why| taken::unfit(at, &manager.name, &why))?;
        let endpoint = taken.made.server.clone();
        let file = self.file_of(at, &manager.name);
        let route = route::find(&self.world, &self.provision, &mut taken.made, &context_id(&file, &at.name), &file_id(&file)).await?;
        Ok(Found { manager, file, endpoint, taken, route })
    }

    /// The file that is kept for a cluster already, else a new one that says where it comes from.
    fn file_of(&self, at: &ClusterAt, manager: &str) -> PathBuf {
        let known = self.fleet.memory().read().workloads;
        if let Some((file, _)) = known.iter().find(|(_, kept)| kept.of.at == *at) {
            return PathBuf::from(file);
        }
        let plain = self.home.kubeconfigs.join(names::file(at, manager, ""));
        if plain.exists() { self.home.kubeconfigs.join(names::file(at, manager, &digest(at.context.0.as_bytes())[..8])) } else { plain }
    }

    /// The lines of the file as it is now, without its credentials.
    fn before(file: &Path, name: &str) -> Vec<String> {
        let read = std::fs::read(file).ok();
        read.and_then(|bytes| Made::of(&bytes, name).ok()).map(|made| made.shown()).unwrap_or_default()
    }

    async fn write(&self, file: &Path, made: &Made) -> Result<(), Fault> {
        let _one_at_a_time = self.writing.lock().await;
        let text = made.text();
        self.writer(|writer, path| writer.write_made(path, text.reveal()), &file.display().to_string())
    }

    fn writer(&self, act: impl FnOnce(&Writer<'_>, &Path) -> Result<(), kubeconfig::write::WriteError>, file: &str) -> Result<(), Fault> {
        let (file, backups) = (Path::new(file), self.home.state.join("backups"));
        let writer = Writer { fs: &RealFs, backups: &backups, patience: PATIENCE };
        act(&writer, file).map_err(|why| why.to_fault(&file_id(file)))
    }

    fn lock_following(&self) -> std::sync::MutexGuard<'_, HashMap<String, Following>> {
        self.following.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock_healed(&self) -> std::sync::MutexGuard<'_, HashMap<ContextId, Timestamp>> {
        self.healed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Found {
    /// Names what would be written where.
    fn seen(&self) -> String {
        digest(format!("{}\n{}", self.file.display(), self.taken.made.text().reveal()).as_bytes())
    }
}

fn file_id(file: &Path) -> FileId {
    FileId(file.display().to_string())
}

/// As contexts of KOS's own files are named.
fn context_id(file: &Path, name: &str) -> ContextId {
    ContextId(format!("{}#{name}", file.display()))
}

#[cfg(test)]
mod tests;
