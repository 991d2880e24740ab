//! How are the facts gathered?
//!
//! Everything is asked at once, and each question fails on its own within 5 s.

mod kernel;

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use api::Timestamp;
use api::computer::CheckId;
use tokio_util::sync::CancellationToken;
use tools::{Capture, Exit, FoundBy, Heard, Invocation, Line, PathReport, Program, ProgramError, Programs, Stream};

use crate::seat::Seat;
use crate::{Asked, DockerFacts, Facts, PasswordDialog, Platform, Plugin, PluginFact, PluginPlace, PortFact, ToolFact, Wanted, parse};

const LIMIT: Duration = Duration::from_secs(5);
const MOST_BYTES: usize = 1024 * 1024;
/// Of what a program writes of its errors, the last ones.
const MOST_LINES: usize = 20;
const NO_DISK: (Option<u64>, Option<u64>) = (None, None);

/// Looks at this machine.
///
/// Shape: `path` is what [`tools::Machine::path_report`] says, `plugins` what kubeconfigs name. `now` is when it is looked.
pub async fn probe(programs: &dyn Programs, path: Option<PathReport>, plugins: Option<Vec<Plugin>>, wanted: &Wanted, now: Timestamp) -> Facts {
    let api_port = wanted.api_port;
    let (kernel, docker, network, containers, context, kind, clusterctl, kubectl, helm, git, pkexec, places) = tokio::join!(
        tokio::task::spawn_blocking(kernel::look),
        docker(programs),
        ask(programs, Program::Docker, &["network", "inspect", "kind", "--format", "{{.EnableIPv6}}"]),
        ask(programs, Program::Docker, &["ps", "--filter", "label=io.x-k8s.kind.cluster", "--format", "{{.ID}}"]),
        ask(programs, Program::Docker, &["context", "inspect", "--format", "{{.Name}} {{.Endpoints.docker.Host}}"]),
        tool(programs, Program::Kind, &["version"], parse::kind_version),
        tool(programs, Program::Clusterctl, &["version", "-o", "short"], parse::short_version),
        tool(programs, Program::Kubectl, &["version", "--client", "-o", "json"], parse::kubectl_version),
        tool(programs, Program::Helm, &["version", "--short"], parse::short_version),
        tool(programs, Program::Git, &["--version"], parse::git_version),
        programs.find(&Program::Pkexec),
        places(programs),
    );
    let mut facts = kernel.unwrap_or_default();
    let (context, host) = context.map(|text| endpoint(&text)).unwrap_or_default();
    facts.docker = DockerFacts {
        socket_there: host.as_deref().and_then(|host| host.strip_prefix("unix://")).map(|socket| Path::new(socket).exists()),
        context,
        host,
        network_ipv6: network.and_then(|text| text.trim().parse().ok()),
        kind_containers: containers.and_then(|text| u32::try_from(text.lines().count()).ok()),
        asked: docker,
        platform: if cfg!(target_os = "macos") { Platform::Mac } else { Platform::Linux },
    };
    // The folder of another machine may be here too, and say nothing of that one.
    let root = match (facts.seat(), &facts.docker.asked) {
        (Seat::Virtual { .. } | Seat::Elsewhere { .. }, _) => None,
        (Seat::Here, Asked::Answered { root, .. }) => Some(root.clone()),
        (Seat::Here, Asked::NotAsked | Asked::NotInstalled { .. } | Asked::Failed { .. }) => Some("/".to_owned()),
    };
    if let Some(root) = root {
        // A dead network disk must not hold up the rest.
        let disk = tokio::task::spawn_blocking(move || kernel::disk(Path::new(&root)));
        (facts.disk_total, facts.disk_free) = tokio::time::timeout(LIMIT, disk).await.ok().and_then(Result::ok).unwrap_or(NO_DISK);
    }
    facts.port = api_port.map(|port| PortFact { port, free: std::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, port)).is_ok() });
    (facts.kind, facts.clusterctl, facts.kubectl, facts.helm) = (kind, clusterctl, kubectl, helm);
    facts.password_dialog = if pkexec.is_ok() { PasswordDialog::There } else { PasswordDialog::Missing };
    (facts.git, facts.places) = (git, places);
    if let Some(plugins) = plugins {
        facts.plugins = Some(find_plugins(programs, plugins).await);
    }
    (facts.path, facts.looked) = (path, Some(now));
    facts
}

/// Looks for the programs that contexts sign in with, and runs none of them.
pub async fn find_plugins(programs: &dyn Programs, plugins: Vec<Plugin>) -> Vec<PluginFact> {
    let mut facts = Vec::with_capacity(plugins.len());
    for plugin in plugins {
        let place = match programs.find(&Program::Plugin(plugin.command.clone())).await {
            Ok(found) => PluginPlace::Found(found.path),
            Err(ProgramError::NotFound { searched, .. }) => PluginPlace::Missing { searched: searched.len() },
            Err(_) => PluginPlace::Missing { searched: 0 },
        };
        facts.push(PluginFact { plugin, place });
    }
    facts
}

/// Where the programs stand that a user can choose.
async fn places(programs: &dyn Programs) -> BTreeMap<CheckId, PathBuf> {
    let mut all = BTreeMap::new();
    for (id, program) in [
        (CheckId::Docker, Program::Docker),
        (CheckId::Kind, Program::Kind),
        (CheckId::Clusterctl, Program::Clusterctl),
        (CheckId::Kubectl, Program::Kubectl),
        (CheckId::Helm, Program::Helm),
        (CheckId::Git, Program::Git),
    ] {
        if let Ok(found) = programs.find(&program).await {
            all.insert(id, found.path);
        }
    }
    all
}

async fn docker(programs: &dyn Programs) -> Asked {
    let began = Instant::now();
    let answer = run(programs, Program::Docker, &["info", "--format", "{{json .}}"]).await;
    let answer_ms = u32::try_from(began.elapsed().as_millis()).unwrap_or(u32::MAX);
    match answer {
        Err(ProgramError::NotFound { searched, .. }) => Asked::NotInstalled { searched: searched.len() },
        Err(error) => Asked::Failed { said: error.to_string() },
        Ok((exit, said)) => parse::docker_info(&String::from_utf8_lossy(&exit.out), answer_ms).unwrap_or(Asked::Failed { said }),
    }
}

async fn tool(programs: &dyn Programs, program: Program, args: &[&str], version: fn(&str) -> Option<String>) -> ToolFact {
    let by_kos = programs.find(&program).await.is_ok_and(|found| found.by == FoundBy::Fetched);
    match run(programs, program, args).await {
        Err(ProgramError::NotFound { searched, .. }) => ToolFact::Missing { searched: searched.len() },
        Err(error) => ToolFact::Failed { said: error.to_string() },
        Ok((exit, said)) => match version(&String::from_utf8_lossy(&exit.out)) {
            Some(version) => ToolFact::Found { version, by_kos },
            None => ToolFact::Failed { said },
        },
    }
}

/// What a program prints, `None` when it fails.
async fn ask(programs: &dyn Programs, program: Program, args: &[&str]) -> Option<String> {
    let (exit, _) = run(programs, program, args).await.ok()?;
    exit.succeeded().then(|| String::from_utf8_lossy(&exit.out).into_owned())
}

/// What came of a program, and what it said to whoever reads it: its errors, else its last lines. docker prints an answer
/// with nothing in it beside the error.
async fn run(programs: &dyn Programs, program: Program, args: &[&str]) -> Result<(Exit, String), ProgramError> {
    // clusterctl would otherwise ask the network for a newer version first. And kubectl runs the sign-in program of the
    // current context even to tell its own version: it gets a kubeconfig without one.
    let env =
        [("CLUSTERCTL_DISABLE_VERSIONCHECK", "true"), ("KUBECONFIG", "/dev/null")].map(|(name, value)| (name.to_owned(), tools::Secret::new(value))).to_vec();
    let args = args.iter().map(|arg| (*arg).to_owned()).collect();
    let invocation = Invocation { program, args, env, cwd: "/".into(), limit: LIMIT, capture: Capture::Memory { most: MOST_BYTES } };
    let mut errors = VecDeque::new();
    let mut hear = |heard| match heard {
        Heard::Line(Line { from: Stream::Err, text }) => {
            errors.truncate(MOST_LINES - 1);
            errors.push_front(text);
        }
        Heard::Line(Line { from: Stream::Out, .. }) | Heard::Started(_) => {}
    };
    let exit = programs.run(invocation, &mut hear, CancellationToken::new()).await?;
    let said = if errors.is_empty() { exit.tail.join("\n") } else { errors.into_iter().rev().collect::<Vec<_>>().join("\n") };
    Ok((exit, said))
}

/// Reads `default unix:///var/run/docker.sock`; `DOCKER_HOST` is part of what Docker tells.
fn endpoint(text: &str) -> (Option<String>, Option<String>) {
    match text.trim().split_once(' ') {
        Some((context, host)) => (Some(context.to_owned()), Some(host.to_owned())),
        None => (Some(text.trim().to_owned()).filter(|context| !context.is_empty()), None),
    }
}
