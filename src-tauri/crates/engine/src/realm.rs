//! What stands in one world, the real one or the demo's, and who owns it?

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use api::jobs::JobState;
use api::{Fault, Topic};
use jobs::{AnyWork, Jobs, Kinds, RealDisk, Setup, system_clock};
use kubeconfig::watch::{Report, Watcher};
use provision::providers::Vault;

use crate::answers;
use crate::board::Readable;
use crate::connecting::Connections;
use crate::doctor::Doctor;
use crate::drawing::Drawing;
use crate::drift::Drifts;
use crate::fetching::{FETCH, Fetching};
use crate::fleet::{Fleet, Listing, now};
use crate::home::Home;
use crate::local::{Local, StoredKinds};
use crate::memory::Memory;
use crate::network::Networks;
use crate::objects;
use crate::providers::Providers;
use crate::sessions::Sessions;
use crate::settings::Settings;
use crate::stage::Stage;
use crate::streams::Interest;
use crate::tasks::Task;
use crate::token::{Desktop, Keyring, NoKeyring, ReleaseToken};
use crate::unwatched;
use crate::whole::Whole;
use crate::work::Work;
use crate::world::{Search, World};

/// Reports of the watcher that wait; one that finds no room is told with the next.
const REPORTS: usize = 16;

/// Longer than any session.
const NEVER: Duration = Duration::from_secs(86_400 * 365);

/// One world with everything that looks at it.
pub(crate) struct Realm {
    pub(crate) stage: Stage,
    pub(crate) home: Home,
    pub(crate) settings: Arc<Settings>,
    pub(crate) fleet: Arc<Fleet>,
    pub(crate) sessions: Arc<Sessions>,
    pub(crate) work: Arc<Work>,
    pub(crate) connections: Arc<Connections>,
    pub(crate) networks: Arc<Networks>,
    pub(crate) local: Arc<Local>,
    pub(crate) providers: Providers,
    pub(crate) doctor: Arc<Doctor>,
    pub(crate) drawing: Drawing,
    pub(crate) drifts: Arc<Drifts>,
    pub(crate) fetching: Fetching,
    pub(crate) token: Arc<ReleaseToken>,
    world: World,
    watching: Mutex<Option<Watching>>,
    /// To who acts on what watchers tell; `None` once it is closed.
    reports: Mutex<Option<mpsc::SyncSender<Report>>>,
    /// The last look for programs that contexts sign in with.
    finding: Mutex<Option<Task>>,
    tasks: Mutex<Vec<Task>>,
}

/// The watcher of files, with what it watches.
struct Watching {
    paths: BTreeSet<PathBuf>,
    _watcher: Watcher,
}

impl Realm {
    /// Reads files and the journal of jobs; on the real machine it contacts nobody and runs nothing.
    pub(crate) async fn open(home: &Home, settings: &Arc<Settings>, stage: Stage) -> Result<Arc<Self>, Fault> {
        let (world, home) = match stage {
            Stage::Real => (World::real(home, &settings.choices()), home.clone()),
            Stage::Demo(demo) => World::demo(demo).await?,
        };
        let (home, mode) = (&home, stage.mode());
        let fleet = Arc::new(Fleet::open(home, Memory::open(&home.state)));
        fleet.take_choices(settings.choices());
        settings.forgot(fleet.memory().lost());
        let sessions = Arc::new(Sessions::new(fleet.clone(), world.clone(), home.state.join("runs")));
        let doctor = Doctor::new(world.clone(), mode, Some(fleet.clone()));
        let fetching = Fetching::new(world.programs.clone(), world.web.clone(), settings.clone(), home);
        let keyring: Arc<dyn Keyring> = match stage {
            Stage::Real => Arc::new(Desktop),
            Stage::Demo(_) => Arc::new(NoKeyring),
        };
        let token = Arc::new(ReleaseToken::new(settings.clone(), keyring));
        let whole = Arc::new(Whole::default());
        let provision = world.provision(home, doctor.clone(), token.clone(), whole.clone(), Arc::new(fetching.clone()));
        let vault = Arc::new(Vault::default());
        let kinds = Arc::new(AllKinds { stored: StoredKinds { world: provision.clone(), vault: vault.clone() }, fetching: fetching.clone() });
        // The past of the demo is no past of this computer.
        let booted = match stage {
            Stage::Real => jobs::booted(),
            Stage::Demo(_) => None,
        };
        let jobs = Jobs::open(Setup { state: home.state.clone(), kinds, clock: system_clock(), disk: Arc::new(RealDisk), booted }).await?;
        // Jobs have the lock of this home: nobody else is handed anything in it.
        provision::sweep_handed(&home.handed);
        let work = Arc::new(Work::new(jobs));
        let connections = Connections::new(fleet.clone(), sessions.clone(), world.clone(), provision.clone(), home.clone());
        let providers = Providers::new(provision.clone(), vault, home.clone(), settings.clone(), fleet.clone(), work.clone());
        let local = Arc::new(Local::new(provision, home.clone(), settings.clone(), fleet.clone(), sessions.clone(), work.clone()));
        let drawing = Drawing::new(fleet.clone(), sessions.clone(), local.clone(), doctor.clone(), &home.state);
        let drifts = Arc::new(Drifts::new(fleet.clone(), sessions.clone(), local.clone(), home.clone(), world.programs.clone()));
        let networks = Arc::new(Networks::new(fleet.clone(), sessions.clone(), home.clone(), fetching.clone()));
        let (tell, told) = mpsc::sync_channel(REPORTS);
        let realm = Arc::new(Self {
            stage,
            home: home.clone(),
            settings: settings.clone(),
            fleet,
            sessions,
            work,
            connections,
            networks,
            local,
            providers,
            doctor,
            drawing,
            drifts,
            fetching,
            token,
            world,
            watching: Mutex::default(),
            reports: Mutex::new(Some(tell)),
            finding: Mutex::default(),
            tasks: Mutex::default(),
        });
        whole.stands(&realm);
        realm.own(realm.act_on(told));
        realm.watch_files();
        realm.follow_jobs();
        realm.own(realm.connections.keep_true());
        realm.sessions.go_on(realm.world.opened()).await;
        Ok(realm)
    }

    /// The board of a topic, and what keeps its source running while somebody looks.
    pub(crate) async fn look_at(self: &Arc<Self>, topic: &Topic) -> Result<(Arc<dyn Readable>, Option<Interest>), Fault> {
        let kept = |(board, interest): (Arc<dyn Readable>, Interest)| (board, Some(interest));
        Ok(match topic {
            Topic::Files => (self.fleet.files(), None),
            Topic::Contexts => (self.fleet.contexts(), None),
            Topic::Settings => (self.settings.board(), None),
            Topic::Jobs => (self.work.board(), None),
            Topic::Job(id) => self.work.view(id).map(kept)?,
            Topic::JobOutput(id) => self.work.output(id).map(kept)?,
            Topic::Local => (self.local.board(), Some(self.first_look("local clusters", |realm| async move { realm.local.look().await }))),
            Topic::Checks => (self.doctor.checks(), Some(self.first_look("this machine", |realm| async move { realm.doctor.look_once().await }))),
            Topic::Computer => (self.doctor.computer(), None),
            Topic::Objects => kept(objects::watch(self.sessions.clone(), self.local.board())),
            Topic::Table { context, kind, namespace } => {
                answers::check_namespace(namespace)?;
                self.sessions.table(context, *kind, namespace).map(kept)?
            }
            Topic::Clusters(context) => {
                let managed = self.sessions.managed(context, self.local.board())?;
                kept((managed.clusters(), managed))
            }
            Topic::Providers(context) => {
                let providers = self.sessions.providers(context)?;
                kept((providers.board(), providers))
            }
            Topic::ProviderLog(at) => {
                let providers = self.sessions.providers(&at.context)?;
                kept((providers.log(&at.name), providers))
            }
            Topic::Machines(context) => {
                let managed = self.sessions.managed(context, self.local.board())?;
                kept((managed.machines(), managed))
            }
            Topic::Classes(context) => {
                let managed = self.sessions.managed(context, self.local.board())?;
                kept((managed.classes(), managed))
            }
            Topic::Runs(context) => {
                let managed = self.sessions.managed(context, self.local.board())?;
                kept((managed.runs(), managed))
            }
            Topic::Watched(context) => {
                let managed = self.sessions.managed(context, self.local.board())?;
                kept((managed.watched(), managed))
            }
            Topic::Cluster { context, namespace, name } => {
                let managed = self.sessions.managed(context, self.local.board())?;
                // What Docker does with the machines stands in no condition.
                let looked = self.first_look("containers of clusters", |realm| async move {
                    if !realm.local.is_looked_at() {
                        realm.local.look().await;
                    }
                });
                (managed.cluster(namespace, name), Some(Arc::new((managed, looked))))
            }
            Topic::Drift(at) => self.drifts.watch(at).map(kept)?,
        })
    }

    /// Watches what is listed now, and looks for the programs that it names.
    pub(crate) fn watch_files(self: &Arc<Self>) {
        self.find_programs();
        let Some(tell) = self.reports.lock().unwrap_or_else(PoisonError::into_inner).clone() else { return };
        let mut watching = self.watching.lock().unwrap_or_else(PoisonError::into_inner);
        let mut paths = self.fleet.watched();
        paths.insert(self.settings.file().to_owned());
        if watching.as_ref().is_some_and(|w| w.paths == paths) {
            return;
        }
        match Watcher::start(paths.clone(), tell.clone()) {
            Ok(watcher) => {
                // The new watcher says itself what it cannot watch.
                self.settings.watched(None);
                *watching = Some(Watching { paths, _watcher: watcher });
                // What was written after it was read and before this one stood is no change for it. A full channel leads to the same.
                let _ = tell.try_send(Report::Changed(BTreeSet::new()));
            }
            Err(cause) => {
                tracing::warn!(%cause, "files are not watched");
                self.settings.watched(Some(unwatched::not_at_all(&cause)));
            }
        }
    }

    /// Reads files again when they change, and a little later when another program was seen writing.
    fn act_on(self: &Arc<Self>, told: mpsc::Receiver<Report>) -> Task {
        let realm = Arc::downgrade(self);
        let (forward, mut reports) = tokio::sync::mpsc::channel(REPORTS);
        Task::spawn("changes of files", async move {
            // Threads of watchers speak through a blocking channel; this one ends with the last of them and the realm's own end of it.
            let forwarding = tokio::task::spawn_blocking(move || while told.recv().is_ok_and(|report| forward.blocking_send(report).is_ok()) {});
            loop {
                let again = match realm.upgrade().and_then(|realm| realm.fleet.again_at()) {
                    Some(at) => Duration::from_millis(at.since(now()).0.max(1)),
                    None => NEVER,
                };
                let report = tokio::select! {
                    report = reports.recv() => match report {
                        Some(report) => report,
                        None => break,
                    },
                    () = tokio::time::sleep(again) => Report::Changed(BTreeSet::new()),
                };
                let Some(realm) = realm.upgrade() else { break };
                realm.take_report(report).await;
            }
            drop(reports);
            if forwarding.await.is_err() {
                tracing::error!("the channel of file changes panicked");
            }
        })
    }

    pub(crate) async fn take_report(self: Arc<Self>, report: Report) {
        match report {
            Report::Changed(paths) => {
                if paths.contains(self.settings.file()) {
                    self.settings.read_again();
                    self.take_choices();
                }
                for context in self.fleet.waiting_with(&paths) {
                    // One that was closed meanwhile waits no more.
                    let _ = self.sessions.try_now(&context);
                }
                self.read_files().await;
            }
            Report::Trouble(trouble) => {
                tracing::warn!(?trouble, "files are read every 5 s");
                self.settings.watched(Some(unwatched::late(&trouble)));
            }
            Report::Watched => self.settings.watched(None),
        }
    }

    /// Takes in what the files say now.
    async fn read_files(self: &Arc<Self>) {
        self.fleet.read_again();
        self.sessions.follow_files().await;
        self.local.tell_contexts();
        self.watch_files();
    }

    /// Goes by what the login shell sets and KOS was started without: a desktop launcher knows no profile.
    async fn hear_login(self: &Arc<Self>) {
        let login = self.world.login().await;
        // Its proxies count from the next connection on.
        self.take_choices();
        if self.fleet.take_login(&login) == Listing::Other {
            let realm = self.clone();
            // Connections may be made anew by it, so it does not end with whoever looked first.
            self.own(Task::spawn("files of the login shell", async move { realm.read_files().await }));
        }
    }

    /// Looks at local clusters again when a job ended or made something, and at this machine when one ended.
    fn follow_jobs(self: &Arc<Self>) {
        let realm = Arc::downgrade(self);
        let mut changes = self.work.jobs.changes();
        let task = Task::spawn("clusters of jobs", async move {
            let (mut before, mut ended) = (None, 0);
            while changes.changed().await.is_ok() {
                let Some(realm) = realm.upgrade() else { return };
                let now: Vec<_> = realm.work.jobs.rows().into_iter().map(|job| (job.id, job.state, job.marks)).collect();
                let over = now.iter().filter(|(_, state, _)| !matches!(state, JobState::Running | JobState::Undoing { .. })).count();
                if over > std::mem::replace(&mut ended, over) {
                    realm.doctor.look_again().await;
                }
                if before.as_ref() != Some(&now) {
                    before = Some(now);
                    realm.fleet.read_again();
                    realm.sessions.follow_files().await;
                    if realm.local.is_looked_at() {
                        realm.local.look().await;
                    }
                }
            }
        });
        self.own(task);
    }

    fn own(&self, task: Task) {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).push(task);
    }

    /// Looks in the background for who just opened a view: the view itself is there at once.
    fn first_look<F>(self: &Arc<Self>, name: &'static str, look: impl FnOnce(Arc<Self>) -> F + Send + 'static) -> Interest
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let realm = self.clone();
        Arc::new(Task::spawn(name, async move {
            tokio::join!(look(realm.clone()), realm.hear_login());
            // Programs may be looked for now, so missing credential plugins can be told.
            let plugins = doctor::find_plugins(realm.world.programs.as_ref(), realm.fleet.plugins()).await;
            realm.fleet.plugins_are(&plugins);
        }))
    }

    /// Looks for programs that contexts sign in with and that are not known to be there; nobody waits for it.
    ///
    /// Before a first look nothing is looked for: that may run the login shell.
    pub(crate) fn find_programs(&self) {
        let unfound = self.fleet.plugins_unfound();
        if unfound.is_empty() {
            return;
        }
        let (fleet, programs) = (self.fleet.clone(), self.world.programs.clone());
        let look = Task::spawn("programs of contexts", async move {
            let found = doctor::find_plugins(programs.as_ref(), unfound).await;
            fleet.plugins_are(&found);
        });
        // One that was under way looked for some of the same.
        *self.finding.lock().unwrap_or_else(PoisonError::into_inner) = Some(look);
    }

    pub(crate) fn take_choices(&self) {
        let choices = self.settings.choices();
        if self.world.take_choices(&choices) == Search::Elsewhere {
            self.doctor.programs_moved();
        }
        self.fleet.take_choices(choices);
    }

    #[cfg(test)]
    pub(crate) fn simulated(&self) -> &sim::World {
        self.world.simulated().expect("a test opens the demo")
    }

    /// Writes what waits to be written; everything else is on disk as soon as it is done.
    pub(crate) async fn keep(&self) {
        self.work.jobs.flush().await;
        self.sessions.keep_runs().await;
    }

    pub(crate) async fn close(&self) {
        drop(self.reports.lock().unwrap_or_else(PoisonError::into_inner).take());
        let watching = self.watching.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(watching) = watching {
            // Dropping the watcher joins its thread.
            let _ = tokio::task::spawn_blocking(move || drop(watching)).await;
        }
        let finding = self.finding.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(finding) = finding {
            finding.end().await;
        }
        let tasks = std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        for task in tasks {
            task.end().await;
        }
        self.doctor.close().await;
        self.sessions.close_all().await;
        self.work.jobs.close().await;
        self.world.close().await;
    }
}

/// All kinds of jobs.
struct AllKinds {
    stored: StoredKinds,
    fetching: Fetching,
}

impl Kinds for AllKinds {
    fn open(&self, kind: &str, spec: &serde_json::Value) -> Result<AnyWork, Fault> {
        match kind {
            FETCH => Ok(self.fetching.work()),
            other => self.stored.open(other, spec),
        }
    }
}
