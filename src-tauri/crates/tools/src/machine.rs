//! How does the real machine answer [`Programs`]?

use std::path::PathBuf;
use std::sync::{PoisonError, RwLock};

use async_trait::async_trait;
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::group::Leftovers;
use crate::login::Login;
use crate::process::Handle;
use crate::run::Run;
use crate::spawn::{Output, Start};
use crate::{
    Capture, Environment, Exit, Found, Heard, Invocation, PathReport, Places, ProcessId, Program, ProgramError, Programs, Reach, environment, follow, group,
    login, places, process,
};

const SHELL_OUTPUT_BYTES: usize = 1024 * 1024;

/// This computer: its folders, its login shell, its processes.
#[derive(Debug)]
pub struct Machine {
    places: RwLock<Places>,
    reach: RwLock<Reach>,
    own: Environment,
    login: OnceCell<Login>,
    /// Groups on their way out after their run was dropped.
    endings: TaskTracker,
}

impl Machine {
    /// `own` is the environment KOS was started with.
    pub fn new(places: Places, own: Environment) -> Self {
        Self { places: RwLock::new(places), reach: RwLock::default(), own, login: OnceCell::new(), endings: TaskTracker::new() }
    }

    /// Looks in other places from now on; what runs is not touched.
    pub fn look_in(&self, places: Places) {
        *self.places.write().unwrap_or_else(PoisonError::into_inner) = places;
    }

    /// Tells programs that download how they get out, from the next run on.
    pub fn reach_by(&self, reach: Reach) {
        *self.reach.write().unwrap_or_else(PoisonError::into_inner) = reach;
    }

    /// The folders searched after the chosen ones, and whose PATH they are; asks the login shell once.
    pub async fn path_report(&self) -> PathReport {
        self.login().await.report.clone()
    }

    /// What the login shell sets of that by which KOS itself goes, where KOS was started without it; nothing before the shell was asked.
    pub fn login_variables(&self) -> Environment {
        self.login.get().map(|login| environment::of_kos(&self.own, &login.env)).unwrap_or_default()
    }

    /// Waits until every group whose run was dropped is gone, at most a little over 5 s; to be called before KOS exits.
    pub async fn close(&self) {
        self.endings.close();
        self.endings.wait().await;
    }

    /// Where it looks now.
    pub fn places(&self) -> Places {
        self.places.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn login(&self) -> &Login {
        self.login
            .get_or_init(|| async {
                let shell = login::shell(&self.own);
                let answer = self.ask_shell(shell.clone()).await;
                let login = login::judge(shell, answer, &self.own);
                tracing::debug!(source = %login.report.source, folders = login.report.folders.len(), "PATH is known");
                login
            })
            .await
    }

    /// The shell itself gets the whole environment: it is the user's own, and profiles build upon it.
    async fn ask_shell(&self, shell: PathBuf) -> Result<Vec<u8>, ProgramError> {
        let run = Run {
            name: Program::Plugin(shell.clone()).name(),
            start: Start { path: shell, args: login::arguments(), env: self.own.clone(), cwd: "/".into(), output: Output::Pipes },
            capture: Capture::Memory { most: SHELL_OUTPUT_BYTES },
            limit: login::LIMIT,
            leftovers: Leftovers::Leave,
            stop: CancellationToken::new(),
            endings: self.endings.clone(),
        };
        run.finish(&mut |_| ()).await.map(|exit| exit.out)
    }

    async fn resolve(&self, invocation: Invocation, stop: CancellationToken) -> Result<Run, ProgramError> {
        let found = self.find(&invocation.program).await?;
        let login = self.login().await;
        let places = self.places();
        let folders = places.extra.iter().chain(&places.fetched).chain(&login.report.folders);
        // A folder with a colon in its name cannot stand in PATH and is left out with it.
        let path = std::env::join_paths(folders.filter(|folder| !folder.to_string_lossy().contains(':'))).unwrap_or_default();
        let reach = self.reach.read().unwrap_or_else(PoisonError::into_inner).clone();
        let env = environment::of_child(&invocation.program, &self.own, &login.env, &reach, path, &invocation.env);
        let leftovers = match (&invocation.program, &invocation.capture) {
            (Program::Plugin(_), _) | (_, Capture::File(_)) => Leftovers::Leave,
            // What they start is meant to stay.
            (Program::Systemctl | Program::Pkexec | Program::Open, Capture::Memory { .. }) => Leftovers::Leave,
            (Program::Docker | Program::Kind | Program::Clusterctl | Program::Kubectl | Program::Helm | Program::Git, Capture::Memory { .. }) => Leftovers::End,
        };
        Ok(Run {
            name: invocation.program.name(),
            start: Start { path: found.path, args: invocation.args, env, cwd: invocation.cwd, output: Output::Pipes },
            capture: invocation.capture,
            limit: invocation.limit,
            leftovers,
            stop,
            endings: self.endings.clone(),
        })
    }
}

#[async_trait]
impl Programs for Machine {
    async fn find(&self, program: &Program) -> Result<Found, ProgramError> {
        let places = self.places();
        // What the user chose is there or not, whatever the shell says.
        match places::find(program, &places, &[], places::is_program) {
            Ok(found) => Ok(found),
            Err(_) => places::find(program, &places, &self.login().await.report.folders, places::is_program),
        }
    }

    async fn run(&self, invocation: Invocation, heard: &mut (dyn FnMut(Heard) + Send), stop: CancellationToken) -> Result<Exit, ProgramError> {
        let name = invocation.program.name();
        let stopped = stop.clone();
        let run = tokio::select! {
            biased;
            () = stopped.cancelled() => return Err(ProgramError::Stopped { program: name }),
            run = self.resolve(invocation, stop) => run?,
        };
        run.finish(heard).await
    }

    async fn alive(&self, process: ProcessId) -> bool {
        process::alive(process)
    }

    async fn follow(&self, process: ProcessId, output: PathBuf, heard: &mut (dyn FnMut(Heard) + Send), stop: CancellationToken) -> Result<Exit, ProgramError> {
        follow::follow(process, output, heard, stop).await
    }

    async fn end(&self, process: ProcessId) {
        if let Some(handle) = Handle::of(process) {
            group::end_foreign(process, &handle).await;
        }
    }
}
