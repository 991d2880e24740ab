//! Where are the real back ends?
//!
//! `cargo xtask test` starts them and says where they are; a test that runs without it fails with that sentence.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

use crate::Desk;
use crate::describe::{self, TreeLine};

fn place(name: &str) -> PathBuf {
    PathBuf::from(std::env::var_os(name).unwrap_or_else(|| panic!("{name} is not set: run the tests by `cargo xtask test`")))
}

/// The folder with the real kubectl, kind and clusterctl.
pub fn programs() -> PathBuf {
    place("KOS_LAB_BIN")
}

/// The kubeconfig of the real API server's administrator.
pub fn kubeconfig() -> String {
    std::fs::read_to_string(place("KOS_LAB_KUBECONFIG")).expect("the lab's kubeconfig can be read")
}

/// The configuration by which the real clusterctl finds providers in a folder.
pub fn clusterctl_config() -> PathBuf {
    place("KOS_LAB_CLUSTERCTL_CONFIG")
}

/// The script that looks for barriers in a page.
pub fn axe() -> PathBuf {
    place("KOS_AXE")
}

/// The version of the node image that the lab builds.
const KUBERNETES: &str = "v1.36.3";

/// Runs one of the lab's programs and gives what it printed.
pub fn run(program: &str, args: &[&str]) -> anyhow::Result<String> {
    fed(program, args, "")
}

/// The same, with something to read.
fn fed(program: &str, args: &[&str], input: &str) -> anyhow::Result<String> {
    let path = programs().join(program);
    let program = if path.exists() { path } else { PathBuf::from(program) };
    let mut command = Command::new(&program);
    // clusterctl would ask a release page whether there is a newer one.
    command.args(args).env("CLUSTERCTL_DISABLE_VERSIONCHECK", "true").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| program.display().to_string())?;
    child.stdin.take().context("stdin is piped")?.write_all(input.as_bytes())?;
    let out = child.wait_with_output()?;
    if !out.status.success() {
        bail!("{} {args:?}: {}", program.display(), String::from_utf8_lossy(&out.stderr));
    }
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}

/// An API server, as the real kubectl and clusterctl see it.
#[derive(Debug, Clone)]
pub struct Server {
    kubeconfig: PathBuf,
}

impl Server {
    pub fn at(kubeconfig: PathBuf) -> Self {
        Self { kubeconfig }
    }

    /// The one that the lab started.
    pub fn of_the_lab() -> Self {
        Self::at(place("KOS_LAB_KUBECONFIG"))
    }

    fn ask(&self, program: &str, args: &[&str], input: &str) -> anyhow::Result<String> {
        let mut all = args.to_vec();
        all.extend(["--kubeconfig", self.kubeconfig.to_str().context("a plain path")?]);
        fed(program, &all, input)
    }

    pub fn kubectl(&self, args: &[&str]) -> anyhow::Result<String> {
        self.ask("kubectl", args, "")
    }

    pub fn clusterctl(&self, args: &[&str]) -> anyhow::Result<String> {
        self.ask("clusterctl", args, "")
    }

    /// Applies objects as `kubectl apply --server-side` does.
    pub fn apply(&self, objects: &str) -> anyhow::Result<String> {
        self.ask("kubectl", &["apply", "--server-side", "-f", "-"], objects)
    }

    /// The rows of `clusterctl describe cluster`, every object in a row of its own.
    pub fn described(&self, cluster: &str) -> anyhow::Result<Vec<TreeLine>> {
        let all = ["--grouping=false", "--show-machinesets", "--echo", "--color=false"];
        Ok(describe::rows(&self.clusterctl(&[["describe", "cluster", cluster].as_slice(), &all].concat())?))
    }

    /// A class and a cluster of it with one control plane and one worker, as clusterctl generates them for Docker.
    pub fn generated(&self, cluster: &str, pods: &str) -> anyhow::Result<String> {
        let config = clusterctl_config();
        let from = ["generate", "cluster", cluster, "--config", config.to_str().context("a plain path")?, "--infrastructure", "docker"];
        let asked = ["--flavor", "development", "--kubernetes-version", KUBERNETES, "--control-plane-machine-count", "1", "--worker-machine-count", "1"];
        // The template has a range of pods of its own.
        Ok(self.clusterctl(&[from.as_slice(), &asked, &["--target-namespace", "default"]].concat())?.replace("192.168.0.0/16", pods))
    }

    /// The API server of a workload cluster, by the kubeconfig that this one holds; its file stands at a desk.
    pub fn inside(&self, cluster: &str, desk: &Desk) -> anyhow::Result<Self> {
        let secret = format!("{cluster}-kubeconfig");
        let kubeconfig = self.kubectl(&["get", "secret", &secret, "-o", "go-template={{.data.value | base64decode}}"])?;
        Ok(Self::at(desk.file(&format!("{cluster}.inside.kubeconfig"), &kubeconfig)))
    }

    /// Names of the Machines of a cluster's workers, the oldest first.
    pub fn workers(&self, cluster: &str) -> anyhow::Result<Vec<String>> {
        let label = format!("cluster.x-k8s.io/cluster-name={cluster},!cluster.x-k8s.io/control-plane");
        let path = "jsonpath={.items[*].metadata.name}";
        let said = self.kubectl(&["get", "machines", "-l", &label, "--sort-by=.metadata.creationTimestamp", "-o", path])?;
        Ok(said.split_whitespace().map(str::to_owned).collect())
    }

    /// What it holds of a cluster of Cluster API, `machine.cluster.x-k8s.io/NAME`.
    pub fn held(&self, cluster: &str) -> anyhow::Result<Vec<String>> {
        let kinds = "clusters,machines,machinesets,machinedeployments,kubeadmcontrolplanes,devclusters,devmachines,kubeadmconfigs";
        let said = self.kubectl(&["get", kinds, "-o", "name", "-l", &format!("cluster.x-k8s.io/cluster-name={cluster}")])?;
        Ok(said.lines().map(str::to_owned).collect())
    }
}

/// The real kubectl against the real API server.
pub fn kubectl(args: &[&str]) -> anyhow::Result<String> {
    Server::of_the_lab().kubectl(args)
}

/// The number of a process that the lab started; when it started is kept beside it.
fn number(name: &str) -> anyhow::Result<String> {
    let kept = std::fs::read_to_string(place("KOS_LAB_KUBECONFIG").with_file_name("run").join(format!("{name}.pid")))?;
    kept.split_whitespace().next().map(str::to_owned).with_context(|| format!("no process is kept of {name}"))
}

/// Ends the real API server the hard way.
pub fn kill_api_server() -> anyhow::Result<()> {
    run("kill", &["-KILL", &number("kube-apiserver")?]).map(drop)
}

/// Starts what is missing of the control plane.
pub fn start_api_server() -> anyhow::Result<()> {
    let script = place("KOS_LAB").join("kubernetes/up.sh");
    run(script.to_str().context("a plain path")?, &[]).map(drop)
}

/// A manager of Cluster API that was ended the hard way; it runs again when this is gone, also when a test fails.
#[must_use]
pub struct Ended(());

impl Ended {
    /// `capi-core`, `capd`.
    pub fn manager(name: &str) -> anyhow::Result<Self> {
        end(name)?;
        Ok(Self(()))
    }
}

impl Drop for Ended {
    /// Starts what is missing and waits until it is ready.
    fn drop(&mut self) {
        if let Err(why) = start_managers(&[]) {
            eprintln!("{why:#}");
        }
    }
}

/// The core of Cluster API without the feature by which clusters have a class, as it is where `CLUSTER_TOPOLOGY` was not
/// set at an installation; it has it again when this is gone, also when a test fails.
#[must_use]
pub struct Classless(());

impl Classless {
    pub fn core() -> anyhow::Result<Self> {
        end(CORE)?;
        let classless = Self(());
        start_managers(&["LAB_TOPOLOGY=false"])?;
        Ok(classless)
    }
}

impl Drop for Classless {
    fn drop(&mut self) {
        let (ended, started) = (end(CORE), start_managers(&[]));
        for why in [ended, started].into_iter().filter_map(Result::err) {
            eprintln!("{why:#}");
        }
    }
}

const CORE: &str = "capi-core";

/// Ends a manager the hard way and waits until it is no more.
fn end(name: &str) -> anyhow::Result<()> {
    let pid = number(name)?;
    run("kill", &["-KILL", &pid])?;
    while runs(&pid) {
        std::thread::yield_now();
    }
    Ok(())
}

/// A process that ended and was not collected by its parent runs no more.
fn runs(pid: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(')').is_some_and(|(_, state)| !state.trim_start().starts_with('Z'))
}

/// Starts the managers that do not run, with further settings of the lab, and waits until all are ready.
fn start_managers(settings: &[&str]) -> anyhow::Result<()> {
    let script = place("KOS_LAB").join("capi/up.sh");
    run("env", &[settings, &[script.to_str().context("a plain path")?]].concat()).map(drop)
}

/// All containers of kind clusters with this name.
pub fn containers(cluster: &str) -> anyhow::Result<Vec<String>> {
    let filter = format!("label=io.x-k8s.kind.cluster={cluster}");
    let names = run("docker", &["ps", "--all", "--filter", &filter, "--format", "{{.Names}}"])?;
    Ok(names.lines().map(str::to_owned).collect())
}
