//! What stands in for the machine around the crate?

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use api::{Row as _, RowId, Status, tables::TableRow};
use async_trait::async_trait;
use cluster::clock::{Clock, Now, System};
use cluster::credentials::{CredentialError, Plugins};
use cluster::dial::{Limits, Network, ProxyRules};
use cluster::trust::Gate;
use cluster::watch::Sink;
use kubeconfig::sources::Part;
use kubeconfig::target::{ClusterInfo, Compression, Header, Identity, Interactive, Plugin, PluginApi, Proxy, Target, Tls, TokenFile};
use secret::Secret;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tools::{End, Exit, Found, FoundBy, Heard, Invocation, Line, ProcessId, Program, ProgramError, Programs, Stream};

use crate::server::LIMIT;

/// A context of a server, without credentials.
pub(crate) fn target(server: &str) -> Target {
    Target {
        context: format!("#{server}").into(),
        name: "lab".into(),
        file: "/home/jo/.kube/config".into(),
        server: server.into(),
        tls: if server.starts_with("http:") { Tls::Off } else { Tls::NotVerified { server_name: None } },
        proxy: Proxy::FromEnvironment,
        compression: Compression::Allowed,
        identity: Identity { certificate: None, header: Header::Nothing },
        impersonate: None,
        namespace: "default".into(),
    }
}

pub(crate) fn with_header(server: &str, header: Header) -> Target {
    Target { identity: Identity { certificate: None, header }, ..target(server) }
}

pub(crate) fn plugin() -> Header {
    Header::Plugin(Plugin {
        api_version: PluginApi::V1,
        command: "login".into(),
        args: vec!["token".into()],
        env: vec![],
        interactive: Interactive::Never,
        provide_cluster_info: ClusterInfo::Withheld,
        install_hint: "Install login".into(),
        file: "/home/jo/.kube/config".into(),
        line: 1,
    })
}

/// A token file that the kubeconfig names.
pub(crate) fn token_file(path: PathBuf, fallback: Option<&str>) -> TokenFile {
    TokenFile { path, fallback: fallback.map(Secret::new), file: "/home/jo/.kube/config".into(), line: 1, part: Part::OfKubectl }
}

/// How a run of the plugin ends.
#[derive(Clone)]
pub(crate) enum Ran {
    Prints(String),
    Fails {
        stdout: String,
        stderr: String,
    },
    /// Says this before it is ended for taking too long.
    Hangs {
        stdout: String,
        stderr: String,
    },
    /// Prints after this time.
    Takes(Duration, String),
    Missing,
}

/// A machine with one program.
pub(crate) struct Machine {
    runs: AtomicUsize,
    cut: AtomicUsize,
    script: Box<dyn Fn(usize) -> Ran + Send + Sync>,
    pub(crate) asked: Mutex<Vec<Invocation>>,
}

impl Machine {
    pub(crate) fn new(script: impl Fn(usize) -> Ran + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self { runs: AtomicUsize::new(0), cut: AtomicUsize::new(0), script: Box::new(script), asked: Mutex::default() })
    }

    pub(crate) fn runs(&self) -> usize {
        self.runs.load(Ordering::SeqCst)
    }

    /// How many runs that take their time were given up before their end.
    pub(crate) fn cut(&self) -> usize {
        self.cut.load(Ordering::SeqCst)
    }
}

/// Counts a run that is dropped.
struct Cut<'a>(&'a AtomicUsize);

impl Drop for Cut<'_> {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl std::fmt::Debug for Machine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Machine")
    }
}

#[async_trait]
impl Programs for Machine {
    async fn find(&self, program: &Program) -> Result<Found, ProgramError> {
        match program {
            // As on a real one: a whole path is that of a program or of none.
            Program::Plugin(path) if path.is_absolute() && !is_program(path) => {
                Err(ProgramError::NotFound { program: path.display().to_string(), searched: vec![path.clone()] })
            }
            Program::Plugin(path) => Ok(Found { path: PathBuf::from("/bin").join(path), by: FoundBy::Path }),
            Program::Docker
            | Program::Kind
            | Program::Clusterctl
            | Program::Kubectl
            | Program::Helm
            | Program::Git
            | Program::Systemctl
            | Program::Pkexec
            | Program::Open => Err(ProgramError::NotFound { program: format!("{program:?}"), searched: vec![] }),
        }
    }

    async fn run(&self, invocation: Invocation, heard: &mut (dyn FnMut(Heard) + Send), _: CancellationToken) -> Result<Exit, ProgramError> {
        let limit = invocation.limit;
        self.asked.lock().unwrap().push(invocation);
        // Others get the chance to ask for a run of their own.
        tokio::task::yield_now().await;
        let (end, out) = match (self.script)(self.runs.fetch_add(1, Ordering::SeqCst)) {
            Ran::Prints(text) => (End::Code(0), text),
            Ran::Fails { stdout, stderr } => {
                heard(Heard::Line(Line { from: Stream::Out, text: stdout.clone() }));
                heard(Heard::Line(Line { from: Stream::Err, text: stderr }));
                (End::Code(1), stdout)
            }
            Ran::Hangs { stdout, stderr } => {
                heard(Heard::Line(Line { from: Stream::Out, text: stdout.clone() }));
                heard(Heard::Line(Line { from: Stream::Err, text: stderr.clone() }));
                return Err(ProgramError::TooLong { program: "login".into(), limit, tail: vec![stdout, stderr] });
            }
            Ran::Takes(time, text) => {
                let cut = Cut(&self.cut);
                tokio::time::timeout(time, std::future::pending::<()>()).await.unwrap_err();
                std::mem::forget(cut);
                (End::Code(0), text)
            }
            Ran::Missing => return Err(ProgramError::NotFound { program: "login".into(), searched: vec!["/usr/bin".into(), "/bin".into()] }),
        };
        Ok(Exit { end, out: out.into_bytes(), err: vec![], tail: vec![], took: Duration::ZERO })
    }

    async fn alive(&self, _: ProcessId) -> bool {
        false
    }

    async fn follow(&self, _: ProcessId, _: PathBuf, _: &mut (dyn FnMut(Heard) + Send), _: CancellationToken) -> Result<Exit, ProgramError> {
        Err(ProgramError::Stopped { program: "login".into() })
    }

    async fn end(&self, _: ProcessId) {}
}

fn is_program(path: &Path) -> bool {
    path.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

/// What a kubeconfig can name and nobody can read to its end: a pipe that nobody writes, a device, a disk full of nothing,
/// and a file that says that it is empty.
pub(crate) fn endless(folder: &Path) -> [PathBuf; 4] {
    let (pipe, sparse) = (folder.join("pipe"), folder.join("sparse"));
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR, 0).unwrap();
    std::fs::File::create(&sparse).unwrap().set_len(2 * 1024 * 1024 * 1024).unwrap();
    [pipe, "/dev/zero".into(), sparse, "/proc/self/pagemap".into()]
}

/// Lets every program run and every file be sent.
struct Open;

#[async_trait]
impl Gate for Open {
    async fn allow(&self, plugin: &Plugin, _: &Target) -> Result<PathBuf, CredentialError> {
        Ok(plugin.command.clone())
    }

    async fn may_read(&self, named: &TokenFile, _: &Target) -> Result<PathBuf, CredentialError> {
        Ok(named.path.clone())
    }
}

pub(crate) fn network(machine: &Arc<Machine>) -> Network {
    gated_network(machine, Arc::new(Open), Duration::from_millis(500))
}

/// A network that waits longer for a connection than any test takes.
pub(crate) fn patient_network() -> Network {
    gated_network(&Machine::new(|_| Ran::Missing), Arc::new(Open), Duration::from_secs(600))
}

pub(crate) fn gated_network(machine: &Arc<Machine>, gate: Arc<dyn Gate>, connect: Duration) -> Network {
    Network::new(Arc::new(gated_plugins(machine, gate)), ProxyRules::default(), Limits { connect })
}

fn gated_plugins(machine: &Arc<Machine>, gate: Arc<dyn Gate>) -> Plugins {
    Plugins::new(Arc::clone(machine) as Arc<dyn Programs>, gate, "/".into(), Duration::from_secs(60))
}

/// The plugins of a machine, which all may run.
pub(crate) fn plugins(machine: &Arc<Machine>) -> Plugins {
    gated_plugins(machine, Arc::new(Open))
}

pub(crate) fn bare_network() -> Network {
    network(&Machine::new(|_| Ran::Missing))
}

pub(crate) fn credential(token: &str) -> Ran {
    Ran::Prints(printed(token))
}

/// What a plugin prints that gives a token.
pub(crate) fn printed(token: &str) -> String {
    format!(r#"{{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{{"token":"{token}"}}}}"#)
}

pub(crate) fn token(text: &str) -> Header {
    Header::Token(Secret::new(text))
}

/// The machine's clock with dice that always say "at once".
#[derive(Debug)]
pub(crate) struct Eager;

impl Clock for Eager {
    fn now(&self) -> Now {
        System.now()
    }

    fn chance(&self) -> f64 {
        0.0
    }
}

/// What a table's reader would see, with all that was said of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shown {
    pub(crate) rows: BTreeMap<RowId, TableRow>,
    pub(crate) statuses: Vec<Status>,
    /// The fewest rows that were ever shown after the first were there.
    pub(crate) fewest: Option<usize>,
}

impl Shown {
    pub(crate) fn names(&self) -> Vec<&str> {
        self.rows.values().map(TableRow::name).collect()
    }

    pub(crate) fn is_live(&self) -> bool {
        self.statuses.last() == Some(&Status::Live)
    }
}

#[derive(Clone)]
pub(crate) struct Screen(watch::Sender<Shown>);

pub(crate) fn screen() -> (Screen, watch::Receiver<Shown>) {
    let (sender, receiver) = watch::channel(Shown::default());
    (Screen(sender), receiver)
}

impl Screen {
    fn change(&self, change: impl FnOnce(&mut Shown)) {
        self.0.send_modify(|shown| {
            change(shown);
            if !shown.rows.is_empty() || shown.fewest.is_some() {
                shown.fewest = Some(shown.fewest.unwrap_or(usize::MAX).min(shown.rows.len()));
            }
        });
    }
}

impl Sink<TableRow> for Screen {
    fn replace(&mut self, rows: Vec<TableRow>) {
        self.change(|shown| shown.rows = rows.into_iter().map(|row| (row.id(), row)).collect());
    }

    fn apply(&mut self, set: Vec<TableRow>, gone: Vec<RowId>) {
        self.change(|shown| {
            shown.rows.extend(set.into_iter().map(|row| (row.id(), row)));
            for id in gone {
                shown.rows.remove(&id);
            }
        });
    }

    fn status(&mut self, status: Status) {
        self.change(|shown| shown.statuses.push(status));
    }

    fn holds_rows(&self) -> bool {
        !self.0.borrow().rows.is_empty()
    }
}

/// Waits for a state of anything that is watched.
pub(crate) async fn until<T: Clone + std::fmt::Debug>(watched: &mut watch::Receiver<T>, wanted: impl FnMut(&T) -> bool) -> T {
    let found = tokio::time::timeout(LIMIT, watched.wait_for(wanted)).await.map(|found| found.unwrap().clone());
    found.unwrap_or_else(|_| panic!("never came: {:#?}", watched.borrow()))
}
