//! A machine in memory: docker, kind, clusterctl and the API server of one cluster.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use api::computer::CheckId;
use api::programs::{Tool, ToolOffer};
use api::{Fault, FaultCode};
use async_trait::async_trait;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tools::{Capture, End, Exit, Found, FoundBy, Heard, Invocation, Line, ProcessId, Program, ProgramError, Programs, Secret, Stream};

use crate::{Handing, World};

mod cut;
mod docker;
mod images;
mod runs;
mod server;
mod workloads;

pub(crate) use cut::Cut;
pub(crate) use docker::{ENDPOINT, made_in};
pub(crate) use workloads::{Drawn, Moment};

/// What the next `kind create` does.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    Succeeds,
    /// Says these lines and exits with 1.
    Says(Vec<String>),
    /// A recording that ends well although the nodes are not Ready.
    ExpiresWaiting,
    /// The docker daemon goes away after so many lines.
    LosesDockerAfter(usize),
    /// SIGKILL from outside after so many lines.
    KilledAfter(usize),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Clusterctl {
    Succeeds,
    Says(&'static str),
}

/// When something outside happens: after so many lines of a program.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Interruption {
    Never,
    /// The user cancels.
    Cancel {
        program: Program,
        after: usize,
        token: CancellationToken,
    },
    /// KOS is killed: the run hangs until its future is dropped.
    Crash {
        program: Program,
        after: usize,
        crashed: CancellationToken,
    },
}

/// What somebody does in the window that asks for a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Typed {
    Right,
    Nothing,
    /// The system has no window to ask in.
    NoWindow,
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) docker: bool,
    /// Where docker is told to look; at another place than [`ENDPOINT`] is a Docker without any container.
    pub(crate) endpoint: &'static str,
    pub(crate) cut: Cut,
    /// There is no service that starts docker.
    pub(crate) no_service: bool,
    pub(crate) password: Typed,
    /// Name and cluster.
    pub(crate) containers: Vec<(String, String)>,
    /// Names of containers that are not simply running: `exited`, `paused`.
    pub(crate) switched: BTreeMap<String, &'static str>,
    /// So often docker is asked for a container that it lists and still makes; until then nobody removes it.
    pub(crate) being_made: u32,
    /// kind cannot delete: its program is broken.
    pub(crate) kind_deletes_nothing: bool,
    /// How an export of logs ends, with what kind says; the folder is made first.
    pub(crate) export: (i32, &'static str),
    /// A container that docker does not switch.
    pub(crate) stubborn: Option<String>,
    /// How long it takes docker to stop a container.
    pub(crate) stop_takes: Duration,
    /// What the daemon does by itself.
    daemon: JoinSet<()>,
    /// `docker ps` text for when they were made, see [`made_in`].
    pub(crate) created: String,
    /// What stands before the name of a container in its id: a container that is made anew has another id.
    pub(crate) ids: &'static str,
    pub(crate) images: BTreeSet<String>,
    pub(crate) networks: BTreeSet<String>,
    pub(crate) volumes: BTreeSet<String>,
    pub(crate) kind: Kind,
    pub(crate) clusterctl: Clusterctl,
    pub(crate) interruption: Interruption,
    pub(crate) nodes_ready: bool,
    pub(crate) answers: bool,
    /// Name, version, namespace.
    pub(crate) providers: Vec<(String, String, String)>,
    pub(crate) crash_loop: Option<&'static str>,
    /// What its pod waits for: reason, message, restarts.
    pub(crate) waits: (&'static str, &'static str, u32),
    /// So many dry runs of a kind of the Docker provider meet nobody; without it that provider has no webhook.
    pub(crate) capd_refusals: Option<u32>,
    /// So many dry runs are answered with a webhook that cannot be called.
    pub(crate) webhook_refusals: u32,
    pub(crate) failed_check: Option<CheckId>,
    /// Programs that are not on this machine.
    pub(crate) absent: BTreeSet<Tool>,
    /// The next download fails.
    pub(crate) offline: bool,
    pub(crate) pull_fails: Option<String>,
    /// Whether the kind of an earlier session still runs, and the lines it still has.
    pub(crate) orphan: Option<Vec<String>>,
    pub(crate) ran: Vec<String>,
    /// What clusterctl was given in its environment.
    pub(crate) given: Vec<(String, Secret)>,
    /// What stood in the configuration that it was told of.
    pub(crate) configuration: String,
    /// Where files lie that programs are handed.
    pub(crate) handed: tempfile::TempDir,
    /// The token for release pages, or why there is none.
    pub(crate) token: Result<Option<Secret>, Fault>,
    pub(crate) clusters: u32,
    /// The workload cluster, and what is done to it.
    pub(crate) drawn: Drawn,
    pub(crate) moment: Moment,
}

#[derive(Debug, Clone)]
pub(crate) struct Machine(Arc<Mutex<State>>);

impl Machine {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(State {
            docker: true,
            endpoint: ENDPOINT,
            cut: Cut::Never,
            no_service: false,
            password: Typed::Right,
            containers: vec![],
            switched: BTreeMap::new(),
            being_made: 0,
            kind_deletes_nothing: false,
            export: (0, ""),
            stubborn: None,
            stop_takes: Duration::ZERO,
            daemon: JoinSet::new(),
            created: made_in(0),
            ids: "id",
            images: BTreeSet::new(),
            networks: BTreeSet::from(["bridge".to_owned()]),
            volumes: BTreeSet::new(),
            kind: Kind::Succeeds,
            clusterctl: Clusterctl::Succeeds,
            interruption: Interruption::Never,
            nodes_ready: true,
            answers: false,
            providers: vec![],
            crash_loop: None,
            waits: ("CrashLoopBackOff", "back-off 20s", 2),
            capd_refusals: None,
            webhook_refusals: 3,
            failed_check: None,
            absent: BTreeSet::new(),
            offline: false,
            pull_fails: None,
            orphan: None,
            ran: vec![],
            given: vec![],
            configuration: String::new(),
            handed: tempfile::tempdir().unwrap(),
            token: Ok(None),
            clusters: 0,
            drawn: Drawn::default(),
            moment: Moment::Never,
        })))
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    pub(crate) fn world(&self) -> World {
        let handed = self.state().handed.path().to_owned();
        World {
            programs: Arc::new(Handing::new(Arc::new(self.clone()), handed, vec![])),
            checks: Arc::new(self.clone()),
            clients: Arc::new(self.clone()),
            tokens: Arc::new(self.clone()),
            workloads: Arc::new(self.clone()),
            fetches: Arc::new(self.clone()),
        }
    }

    pub(crate) fn containers(&self) -> usize {
        self.state().containers.len()
    }

    pub(crate) fn ran(&self, start: &str) -> usize {
        self.state().ran.iter().filter(|line| line.starts_with(start)).count()
    }
}

impl State {
    fn as_root(&mut self, args: &[String]) -> (i32, String, String) {
        let refused = |code, why: &str| (code, String::new(), format!("Error executing command as another user: {why}"));
        match self.password {
            Typed::Right => {
                self.docker |= args.contains(&"start".to_owned());
                (0, String::new(), String::new())
            }
            Typed::Nothing => refused(126, "Request dismissed"),
            Typed::NoWindow => refused(127, "No authentication agent found."),
        }
    }

    /// What a line of kind means for the world.
    fn kind_said(&mut self, line: &str, name: &str) {
        if line.contains("✓ Ensuring node image") {
            self.networks.insert("kind".to_owned());
        }
        if line.contains("• Preparing nodes") {
            let container = format!("{name}-control-plane");
            self.switched.remove(&container);
            self.containers.push((container, name.to_owned()));
            self.volumes.insert(format!("volume-of-id-{name}-control-plane"));
            self.clusters += 1;
        }
    }

    fn kind_finished(&mut self, kubeconfig: &Path) {
        std::fs::write(kubeconfig, KUBECONFIG).unwrap();
        self.answers = true;
    }
}

const KUBECONFIG: &str = "clusters:\n- cluster:\n    server: https://127.0.0.1:41873\n    certificate-authority-data: QQ==\n";

fn after<'a>(args: &'a [String], flag: &str) -> &'a str {
    args.iter().position(|a| a == flag).map_or("", |i| &args[i + 1])
}

#[async_trait]
impl crate::world::Tokens for Machine {
    async fn release_token(&self) -> Result<Option<Secret>, Fault> {
        self.state().token.clone()
    }
}

#[async_trait]
impl crate::Fetches for Machine {
    fn offer(&self, tool: Tool) -> Result<ToolOffer, Fault> {
        Ok(ToolOffer {
            tool,
            version: "v1.0.0".to_owned(),
            address: format!("https://releases.example/{}", tool.name()),
            size: Some(10_400_000),
            sha256: "5f1d".to_owned(),
            target: format!("/home/jo/bin/{}", tool.name()),
            proxy: String::new(),
        })
    }

    async fn fetch(&self, tool: Tool, heard: &mut (dyn FnMut(u64, Option<u64>) + Send), _: CancellationToken) -> Result<(), Fault> {
        let mut state = self.state();
        state.ran.push(format!("fetch {}", tool.name()));
        heard(5_200_000, Some(10_400_000));
        if std::mem::take(&mut state.offline) {
            return Err(Fault::new(FaultCode::Download, "The release cannot be reached."));
        }
        state.absent.remove(&tool);
        Ok(())
    }
}

#[async_trait]
impl Programs for Machine {
    async fn find(&self, program: &Program) -> Result<Found, ProgramError> {
        if self.state().absent.iter().any(|tool| tool.name() == program.name()) {
            return Err(ProgramError::NotFound { program: program.name().to_string(), searched: vec!["/bin".into()] });
        }
        Ok(Found { path: PathBuf::from("/bin").join(program.name()), by: FoundBy::Path })
    }

    async fn run(&self, run: Invocation, heard: &mut (dyn FnMut(Heard) + Send), stop: CancellationToken) -> Result<Exit, ProgramError> {
        self.state().ran.push(format!("{} {}", run.program.name(), run.args.join(" ")));
        if let Capture::File(file) = &run.capture {
            std::fs::write(file, "").unwrap();
        }
        if run.program == Program::Clusterctl {
            let told = run.args.iter().skip_while(|arg| *arg != "--config").nth(1);
            let mut state = self.state();
            state.configuration = told.and_then(|file| std::fs::read_to_string(file).ok()).unwrap_or_default();
            state.given.clone_from(&run.env);
        }
        heard(Heard::Started(ProcessId { pid: 7, started: 70 }));
        let (code, out, err) = match (&run.program, run.args[0].as_str(), run.args[1].as_str()) {
            (Program::Docker, "pull", image) => {
                let fails = self.state().pull_fails.clone();
                self.say(&run, vec!["a: Pulling fs layer".to_owned(), "a: Pull complete".to_owned()], heard, &stop).await?;
                match fails {
                    Some(said) => {
                        self.say(&run, vec![said], heard, &stop).await?;
                        (1, String::new(), String::new())
                    }
                    None => {
                        self.state().images.insert(image.to_owned());
                        (0, String::new(), String::new())
                    }
                }
            }
            (Program::Systemctl, ..) if self.state().no_service => {
                (1, String::new(), "Failed to start docker.service: Unit docker.service not found.".to_owned())
            }
            (Program::Pkexec, ..) => self.state().as_root(&run.args),
            (Program::Systemctl, ..) => {
                self.state().docker = run.args.contains(&"start".to_owned());
                (0, String::new(), String::new())
            }
            (Program::Docker, "stop", _) => self.docker_stop(&run, &stop).await?,
            (Program::Docker, ..) => self.state().docker_run(&run.args),
            (Program::Kind, "create", _) => return self.create(&run, heard, &stop).await,
            (Program::Kind, "delete", _) => {
                let mut state = self.state();
                let name = after(&run.args, "--name").to_owned();
                if state.docker && !state.kind_deletes_nothing && state.being_made == 0 {
                    let gone: Vec<_> = state.containers.extract_if(.., |(_, cluster)| *cluster == name).collect();
                    gone.iter().for_each(|(n, _)| assert!(state.volumes.remove(&format!("volume-of-id-{n}"))));
                    state.answers = false;
                    state.providers.clear();
                    let kubeconfig = Path::new(after(&run.args, "--kubeconfig"));
                    if kubeconfig.exists() {
                        std::fs::write(kubeconfig, "apiVersion: v1\nkind: Config\n").unwrap();
                    }
                }
                (0, String::new(), String::new())
            }
            (Program::Kind, "get", _) if self.state().docker => (0, KUBECONFIG.to_owned(), String::new()),
            (Program::Kind, "get", _) => (1, String::new(), "ERROR: Cannot connect to the Docker daemon".to_owned()),
            (Program::Kind, "export", _) => {
                std::fs::create_dir_all(&run.args[4]).unwrap();
                let (code, said) = self.state().export;
                (code, String::new(), said.to_owned())
            }
            (Program::Clusterctl, "upgrade", _) => return self.upgrade(&run, heard, &stop).await,
            (Program::Clusterctl, ..) => return self.init(&run, heard, &stop).await,
            other => panic!("{other:?}"),
        };
        for text in err.lines() {
            heard(Heard::Line(Line { from: Stream::Err, text: text.to_owned() }));
        }
        Ok(exit(End::Code(code), &out, &err))
    }

    async fn alive(&self, _: ProcessId) -> bool {
        self.state().orphan.is_some()
    }

    async fn follow(&self, _: ProcessId, output: PathBuf, heard: &mut (dyn FnMut(Heard) + Send), _: CancellationToken) -> Result<Exit, ProgramError> {
        let rest = self.state().orphan.take().unwrap_or_default();
        for text in rest {
            self.state().kind_said(&text, "kos-mgmt");
            heard(Heard::Line(Line { from: Stream::Err, text }));
        }
        let kubeconfigs = output.ancestors().nth(3).unwrap().join("kubeconfigs");
        self.state().kind_finished(&kubeconfigs.join("kind-kos-mgmt.yaml"));
        Ok(exit(End::Unknown, "", ""))
    }

    async fn end(&self, _: ProcessId) {
        self.state().orphan = None;
    }
}

fn exit(end: End, out: &str, err: &str) -> Exit {
    Exit { end, out: out.into(), err: err.into(), tail: out.lines().chain(err.lines()).map(str::to_owned).collect(), took: Duration::ZERO }
}
