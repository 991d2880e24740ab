//! How does a cluster stand to the files that define it, and how does one become the other?
//!
//! A bound folder is watched and compared as long as somebody looks. Comparing reads files and runs applies dry; what is
//! written, on either side, was shown before. Start at: [`Drifts`]; [`apply`] writes into the cluster, [`save`] into files,
//! [`commit`] into the checkout that they are in; [`accept`] leaves both sides as they are.

mod accept;
mod apply;
mod ask_git;
mod commit;
mod compare;
mod edit;
mod folder;
mod git;
mod rows;
mod save;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak, mpsc};
use std::time::Duration;

use api::changes::ClusterAt;
use api::contexts::{ContextRow, Guard};
use api::definitions::{Bound, Checkout, Compared, DriftHead, DriftPart, DriftRow, DriftState, WorkTree};
use api::{Fault, FaultCode, Status};
use capi::{ClusterKey, ObjectId};
use cluster::session::Access;
use cluster::write::{Mode, WriteError};
use kubeconfig::edit::shell_path;
use kubeconfig::watch::{Report, Watcher};
use tokio::sync::Notify;
use tools::Programs;

use crate::board::{Board, Readable};
use crate::fleet::{Fleet, now};
use crate::home::Home;
use crate::local::Local;
use crate::managed::Managed;
use crate::sessions::Sessions;
use crate::streams::Interest;
use crate::tasks::Task;
use accept::Accepted;
use ask_git::AskGit;
use compare::{Both, Unasked};
use folder::{Folder, walk};
use git::Git;

const NOTHING: &str = "Nothing was written.";
/// Reports of the watcher that wait; one that finds no room is told with the next.
const REPORTS: usize = 4;
/// A webhook that did not answer is asked again so soon, as long as somebody looks.
const SOON: Duration = Duration::from_secs(3);

/// Folders of definitions, and who looks at them.
pub(crate) struct Drifts {
    fleet: Arc<Fleet>,
    sessions: Arc<Sessions>,
    local: Arc<Local>,
    home: Home,
    programs: Arc<dyn Programs>,
    views: Mutex<HashMap<ClusterAt, Weak<View>>>,
}

/// One cluster beside its folder, kept up while somebody looks.
struct View {
    board: Arc<Board<DriftPart>>,
    again: Arc<Notify>,
    _task: Task,
}

/// What is asked about: one cluster, its context and the way to its server.
struct Ground {
    key: ClusterKey,
    context: ContextRow,
    access: Access,
    managed: Arc<Managed>,
}

impl Drifts {
    pub(crate) fn new(fleet: Arc<Fleet>, sessions: Arc<Sessions>, local: Arc<Local>, home: Home, programs: Arc<dyn Programs>) -> Self {
        Self { fleet, sessions, local, home, programs, views: Mutex::default() }
    }

    /// Compares a cluster with a folder from now on.
    pub(crate) fn bind(&self, at: &ClusterAt, typed: &str) -> Result<(), Fault> {
        self.fleet.known(&at.context)?;
        let path = self.home.expand(typed.trim());
        let refused = |says: String| Fault::new(FaultCode::Invalid, says).unharmed("Nothing was bound.");
        if !path.is_absolute() {
            return Err(refused("A folder is bound by its full path.".to_owned()));
        }
        let path = std::fs::canonicalize(&path).map_err(|cause| {
            let sentence = format!("{} cannot be opened.", self.home.shown(&path));
            Fault::new(FaultCode::File, sentence).because(path.display().to_string(), cause.to_string()).unharmed("Nothing was bound.")
        })?;
        if !path.is_dir() {
            return Err(refused(format!("{} is a file. Bind the folder that it is in.", self.home.shown(&path))));
        }
        self.fleet.memory().change(|all| {
            all.definitions.retain(|known| known.at != *at);
            all.definitions.push(Binding { at: at.clone(), folder: path, accepted: vec![] });
        })?;
        self.again(at);
        Ok(())
    }

    pub(crate) fn unbind(&self, at: &ClusterAt) -> Result<(), Fault> {
        self.fleet.known(&at.context)?;
        self.fleet.memory().change(|all| all.definitions.retain(|known| known.at != *at))?;
        self.again(at);
        Ok(())
    }

    /// Compares once more.
    pub(crate) fn compare_again(&self, at: &ClusterAt) -> Result<(), Fault> {
        self.fleet.known(&at.context)?;
        self.again(at);
        Ok(())
    }

    fn again(&self, at: &ClusterAt) {
        if let Some(view) = self.lock().get(at).and_then(Weak::upgrade) {
            view.again.notify_one();
        }
    }

    /// The board of a cluster, and what keeps it up.
    pub(crate) fn watch(self: &Arc<Self>, at: &ClusterAt) -> Result<(Arc<dyn Readable>, Interest), Fault> {
        // A context that is not open is told so; the page asks again when it is.
        self.ground(at)?;
        let mut views = self.lock();
        if let Some(view) = views.get(at).and_then(Weak::upgrade) {
            return Ok((view.board.clone(), view));
        }
        let (board, again) = (Arc::new(Board::new(Status::Loading)), Arc::new(Notify::new()));
        let task = Task::spawn("definitions of a cluster", Arc::clone(self).follow(at.clone(), board.clone(), again.clone()));
        let view = Arc::new(View { board: board.clone(), again, _task: task });
        views.retain(|_, view| view.strong_count() > 0);
        views.insert(at.clone(), Arc::downgrade(&view));
        Ok((board, view))
    }

    /// Reads, compares and shows, each time that a file changed or somebody asked.
    async fn follow(self: Arc<Self>, at: ClusterAt, board: Arc<Board<DriftPart>>, again: Arc<Notify>) {
        let mut watching: Option<Watching> = None;
        loop {
            let Some(path) = self.folder_of(&at) else {
                watching = None;
                board.replace(vec![DriftPart::Head(DriftHead { bound: None })]);
                board.status(Status::Live);
                again.notified().await;
                continue;
            };
            match self.listed(&path).await {
                Ok(paths) if watching.as_ref().is_none_or(|watching| watching.paths != paths) => watching = Watching::start(paths, &again),
                Ok(_) => {}
                Err(_) => watching = Watching::start(BTreeSet::from([path.clone()]), &again),
            }
            let before = board.rows();
            if before.iter().all(|part| !matches!(part, DriftPart::Head(DriftHead { bound: Some(bound) }) if bound.folder == self.home.shown(&path))) {
                board.replace(vec![DriftPart::Head(DriftHead { bound: Some(self.bound(&path, vec![], Compared::Comparing).await) })]);
            }
            let next = match self.looked(&at, &path).await {
                Ok((rows, next)) => {
                    board.replace(rows);
                    next
                }
                Err(why) => {
                    // A folder that is gone is watched for.
                    let next = if why.code == FaultCode::File { Next::WhenAsked } else { Next::Soon };
                    let mut rows: Vec<DriftPart> = board.rows().into_iter().filter(|part| !matches!(part, DriftPart::Head(_))).collect();
                    rows.insert(0, DriftPart::Head(DriftHead { bound: Some(self.bound(&path, vec![], Compared::Failed(why)).await) }));
                    board.replace(rows);
                    next
                }
            };
            board.status(Status::Live);
            match next {
                Next::WhenAsked => again.notified().await,
                // Whether it was asked or the time is over: it is compared.
                Next::Soon => drop(tokio::time::timeout(SOON, again.notified()).await),
            }
        }
    }

    /// What has to be watched of a folder and its checkout.
    async fn listed(&self, path: &Path) -> std::io::Result<BTreeSet<PathBuf>> {
        let root = path.to_owned();
        let walked = tokio::task::spawn_blocking(move || {
            let places = walk(&root)?;
            let git = Git::around(&root).map(|git| git.watched()).unwrap_or_default();
            Ok(places.folders.into_iter().chain(places.files).chain(git).collect())
        });
        walked.await.unwrap_or_else(|_| Err(std::io::Error::other("reading it was given up")))
    }

    async fn looked(&self, at: &ClusterAt, path: &Path) -> Result<(Vec<DriftPart>, Next), Fault> {
        let ground = self.ground(at)?;
        let folder = self.read(at, path).await?;
        let objects: Vec<_> = folder.objects().collect();
        let wanted: Vec<_> = objects.iter().map(|(_, defined)| *defined).collect();
        let (compared, extras) = tokio::join!(compare::all(&ground.access, &wanted), ground.extras(&folder));
        // A server that is not reached says nothing of any object: the rows of before are truer.
        if let Some(why) = compared.iter().filter_map(|both| both.as_ref().err()).find(|why| matches!(why.error, WriteError::NotSent(_) | WriteError::Closed)) {
            return Err(ground.fault(why, Mode::DryRun));
        }
        let mut parts: Vec<DriftRow> = objects.iter().zip(&compared).map(|((file, defined), both)| rows::row(file, defined, told(&ground, both))).collect();
        parts.extend(extras?.iter().filter_map(|object| rows::extra(object, &ground.key)));
        let accepted = self.accepted(at);
        parts.iter_mut().for_each(|row| accepted.mark(row));
        parts.sort_by(|a, b| (weight(&a.state), &a.at, &a.object).cmp(&(weight(&b.state), &b.at, &b.object)));
        let files: Vec<PathBuf> = folder.files.iter().map(|file| file.path.clone()).collect();
        let head = DriftPart::Head(DriftHead { bound: Some(self.bound(path, files, Compared::At(now())).await) });
        let next = if compared.iter().filter_map(|both| both.as_ref().err()).any(|why| passes(&why.error)) { Next::Soon } else { Next::WhenAsked };
        let objects = parts.into_iter().map(DriftPart::Object);
        Ok(([head].into_iter().chain(objects).chain(folder.left.into_iter().map(DriftPart::Left)).collect(), next))
    }

    /// Reads the bound folder.
    async fn read(&self, at: &ClusterAt, path: &Path) -> Result<Folder, Fault> {
        let (root, namespace) = (path.to_owned(), at.namespace.clone());
        let read = tokio::task::spawn_blocking(move || walk(&root).map(|places| Folder::read(&root, places, &namespace)));
        let read = read.await.unwrap_or_else(|_| Err(std::io::Error::other("reading it was given up")));
        read.map_err(|cause| {
            let sentence = format!("{} cannot be read. Bind another folder, or put it back.", self.home.shown(path));
            Fault::new(FaultCode::File, sentence).because(path.display().to_string(), cause.to_string()).unharmed(NOTHING)
        })
    }

    /// The head of a bound folder, with what its checkout says of these files.
    async fn bound(&self, path: &Path, files: Vec<PathBuf>, compared: Compared) -> Bound {
        let (folder, home) = (path.to_owned(), self.home.clone());
        let looked = tokio::task::spawn_blocking(move || Git::around(&folder).map(|git| (git.look(&folder, &files, &home), git))).await;
        let checkout = match looked.unwrap_or_default() {
            Some((checkout, git)) => Some(self.asked(checkout, &git).await),
            None => None,
        };
        let command = format!("kubectl diff --server-side --field-manager=kos -R -f {}", shell_path(&self.home.shown(path)));
        Bound { folder: self.home.shown(path), checkout, compared, command }
    }

    /// What only git can tell of a checkout; where there is no git, the rest stands.
    async fn asked(&self, mut checkout: Checkout, git: &Git) -> Checkout {
        let ask = AskGit::of(self.programs.clone(), git.root());
        if let Some(branch) = git.branch() {
            checkout.upstream = ask.upstream(&branch).await;
        }
        checkout.tree = match (checkout.tree, checkout.tree != WorkTree::Unknown && !checkout.commit.is_empty()) {
            (WorkTree::Clean | WorkTree::Staged, true) => match ask.is_staged().await {
                Some(true) => WorkTree::Staged,
                Some(false) => WorkTree::Clean,
                None => checkout.tree,
            },
            (tree, _) => tree,
        };
        checkout
    }

    /// The folder that a cluster is bound to, when any is.
    fn folder_of(&self, at: &ClusterAt) -> Option<PathBuf> {
        self.fleet.memory().read().definitions.into_iter().find(|known| known.at == *at).map(|known| known.folder)
    }

    fn bound_folder(&self, at: &ClusterAt) -> Result<PathBuf, Fault> {
        let unbound = || Fault::new(FaultCode::NotFound, format!("{} is bound to no folder. Bind one first.", at.name)).unharmed(NOTHING);
        self.folder_of(at).ok_or_else(unbound)
    }

    fn ground(&self, at: &ClusterAt) -> Result<Ground, Fault> {
        let managed = self.sessions.managed(&at.context, self.local.board())?;
        let access = self.sessions.access(&at.context)?;
        let gone = || Fault::new(FaultCode::NotFound, "This context is not there any more.").unharmed(NOTHING);
        let context = self.fleet.contexts().rows().into_iter().find(|row| row.id == at.context).ok_or_else(gone)?;
        let key = ClusterKey { namespace: at.namespace.as_str().into(), name: at.name.as_str().into() };
        Ok(Ground { key, context, access, managed })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ClusterAt, Weak<View>>> {
        self.views.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ground {
    /// Objects of the clusters that the files name, and that no file has.
    async fn extras(&self, folder: &Folder) -> Result<Vec<serde_json::Value>, Fault> {
        let defined: BTreeSet<ObjectId> = folder.objects().map(|(_, defined)| defined.id.clone()).collect();
        let kinds = self.kinds().await?;
        let mut extra = vec![];
        for id in defined.iter().filter(|id| &*id.kind == "Cluster") {
            let key = ClusterKey { namespace: id.namespace.clone(), name: id.name.clone() };
            let own = self.managed.look(&key, |graph, _| compare::own(graph, &key));
            extra.extend(own.into_iter().filter(|id| !defined.contains(id)));
        }
        let found = compare::definition(&self.access, &kinds, extra.clone()).await.map_err(|why| self.fault(&why, Mode::DryRun))?;
        // What they refer to is not theirs alone.
        Ok(found.into_iter().filter(|object| capi::files::id_of(object, &self.key.namespace).is_some_and(|id| extra.contains(&id))).collect())
    }

    async fn kinds(&self) -> Result<Arc<Vec<cluster::objects::Objects>>, Fault> {
        let name = &self.access.about().name;
        let unread = || Fault::new(FaultCode::Unreachable, format!("KOS could not read what {name} holds. Try again when it is live.")).unharmed(NOTHING);
        self.managed.whole().await.ok_or_else(unread)
    }

    fn fault(&self, why: &Unasked, mode: Mode) -> Fault {
        cluster::fault::write(self.access.about(), &why.what, mode, &why.error)
    }

    /// A protected context asks for its name before anything is written into it.
    fn typed(&self) -> Option<String> {
        (self.context.guard == Guard::Protected).then(|| self.context.name.clone())
    }
}

fn told<'a>(ground: &Ground, both: &'a Result<Both, Unasked>) -> Result<&'a Both, Fault> {
    both.as_ref().map_err(|why| ground.fault(why, Mode::DryRun))
}

/// When it is compared the next time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// When a file changed, or somebody asked.
    WhenAsked,
    /// What could not be asked now can be in a moment, and nothing tells when.
    Soon,
}

fn passes(error: &WriteError) -> bool {
    match error {
        WriteError::WebhookSilent { .. } | WriteError::Busy { .. } | WriteError::Unknown { .. } | WriteError::NotSent(_) => true,
        WriteError::Closed
        | WriteError::Conflict { .. }
        | WriteError::Owned { .. }
        | WriteError::Exists { .. }
        | WriteError::NotFound { .. }
        | WriteError::UnknownKind { .. }
        | WriteError::Denied { .. }
        | WriteError::OverQuota { .. }
        | WriteError::NotSignedIn { .. }
        | WriteError::Invalid { .. }
        | WriteError::Refused { .. } => false,
    }
}

/// What needs somebody comes first.
fn weight(state: &DriftState) -> u8 {
    match state {
        DriftState::Refused(_) => 0,
        DriftState::Drifted => 1,
        DriftState::Missing => 2,
        DriftState::Extra => 3,
        DriftState::Accepted => 4,
        DriftState::Same => 5,
    }
}

/// A folder that a cluster is compared with.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Binding {
    pub(crate) at: ClusterAt,
    pub(crate) folder: PathBuf,
    /// Differences that are not shown again until either side changes.
    #[serde(default)]
    pub(crate) accepted: Vec<Accepted>,
}

/// The watcher of a folder; whoever waits is woken by each of its reports.
struct Watching {
    paths: BTreeSet<PathBuf>,
    _watcher: Watcher,
    _task: Task,
}

impl Watching {
    fn start(paths: BTreeSet<PathBuf>, wake: &Arc<Notify>) -> Option<Self> {
        let (tell, told) = mpsc::sync_channel::<Report>(REPORTS);
        let watcher = Watcher::start(paths.clone(), tell);
        let watcher = watcher.inspect_err(|cause| tracing::warn!(%cause, "a folder of definitions is not watched")).ok()?;
        let wake = wake.clone();
        // The watcher's thread speaks through a blocking channel; this ends when the watcher does.
        let task = Task::spawn("changes of definitions", async move {
            let heard = tokio::task::spawn_blocking(move || {
                while let Ok(report) = told.recv() {
                    match report {
                        Report::Changed(_) => wake.notify_one(),
                        Report::Watched => {}
                        Report::Trouble(trouble) => tracing::warn!(?trouble, "definitions are looked at every 5 s"),
                    }
                }
            });
            if heard.await.is_err() {
                tracing::error!("the channel of changed definitions panicked");
            }
        });
        Some(Self { paths, _watcher: watcher, _task: task })
    }
}
