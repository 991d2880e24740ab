//! Where are the real back ends?
//!
//! `cargo xtask test` starts them and says where they are; a test that runs without it fails with that sentence.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, bail};

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

/// Runs one of the lab's programs and gives what it printed.
pub fn run(program: &str, args: &[&str]) -> anyhow::Result<String> {
    let path = programs().join(program);
    let program = if path.exists() { path } else { PathBuf::from(program) };
    let out = Command::new(&program).args(args).output().with_context(|| program.display().to_string())?;
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
