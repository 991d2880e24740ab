//! Where are the real back ends?
//!
//! `cargo xtask test` starts them and says where they are; a test that runs without it fails with that sentence.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

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

/// The real kubectl against the real API server.
pub fn kubectl(args: &[&str]) -> anyhow::Result<String> {
    let file = place("KOS_LAB_KUBECONFIG");
    let mut all = vec!["--kubeconfig", file.to_str().context("a plain path")?];
    all.extend(args);
    run("kubectl", &all)
}

/// Applies objects to the real API server as `kubectl apply --server-side` does.
pub fn apply(objects: &str) -> anyhow::Result<String> {
    let file = place("KOS_LAB_KUBECONFIG");
    fed("kubectl", &["--kubeconfig", file.to_str().context("a plain path")?, "apply", "--server-side", "-f", "-"], objects)
}

/// The rows of the real `clusterctl describe cluster` on the real API server, every object in a row of its own.
pub fn described(namespace: &str, cluster: &str) -> anyhow::Result<Vec<TreeLine>> {
    let file = place("KOS_LAB_KUBECONFIG");
    let all = ["--grouping=false", "--show-machinesets", "--echo", "--color=false"];
    let mut args = vec!["describe", "cluster", cluster, "--namespace", namespace, "--kubeconfig", file.to_str().context("a plain path")?];
    args.extend(all);
    Ok(describe::rows(&run("clusterctl", &args)?))
}

/// Ends the real API server the hard way.
pub fn kill_api_server() -> anyhow::Result<()> {
    let pid = std::fs::read_to_string(place("KOS_LAB_KUBECONFIG").with_file_name("run").join("kube-apiserver.pid"))?;
    run("kill", &["-KILL", pid.trim()]).map(drop)
}

/// Starts what is missing of the control plane.
pub fn start_api_server() -> anyhow::Result<()> {
    let script = place("KOS_LAB").join("kubernetes/up.sh");
    run(script.to_str().context("a plain path")?, &[]).map(drop)
}

/// All containers of kind clusters with this name.
pub fn containers(cluster: &str) -> anyhow::Result<Vec<String>> {
    let filter = format!("label=io.x-k8s.kind.cluster={cluster}");
    let names = run("docker", &["ps", "--all", "--filter", &filter, "--format", "{{.Names}}"])?;
    Ok(names.lines().map(str::to_owned).collect())
}
