//! How long from opening a context to its first pod, beside kubectl on the same server?

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::json;

use super::Built;
use super::desk::Desk;
use super::lines::{Core, rows};
use super::series::{self, Series};
use crate::cache;

const TURNS: usize = 9;
const PODS: usize = 2_000;
const PATIENCE: Duration = Duration::from_secs(60);
/// Of the lab's administrator.
const CONTEXT: &str = "#kubernetes-admin@lab";

pub(crate) fn measure(built: &Built) -> Result<()> {
    let server = Server::start()?;
    server.fill()?;
    let desk = Desk::new()?;
    desk.file(".kube/config", &fs::read_to_string(server.kubeconfig())?)?;
    let mut core = Core::start(&built.headless, &desk)?;
    let (mut ours, mut floor, mut ratios) = (Series::default(), Series::default(), Series::default());
    // The first turn fills kubectl's cache of what the server offers, and counts for nothing.
    for turn in 0..=TURNS {
        let (kos, kubectl) = (open(&mut core)?, server.list(&desk)?);
        if turn > 0 {
            ours.push(kos);
            floor.push(kubectl);
            ratios.push(kos / kubectl);
        }
    }
    println!("   {PODS} pods; KOS {ours} ms to the first, kubectl get pods {floor} ms to the last");
    series::ratio("context opened to first pod", &ratios, 1.5);
    Ok(())
}

/// Opens the context with its pods and closes it again, in milliseconds to the first pod.
fn open(core: &mut Core) -> Result<f64> {
    let began = Instant::now();
    core.ask(json!({ "call": "open_context", "with": { "context": CONTEXT } }))?;
    let stream = core.ask(json!({ "subscribe": { "Table": { "context": CONTEXT, "kind": "Pods", "namespace": "" } } }))?;
    core.until(|batch| rows(batch) > 0)?;
    let took = began.elapsed().as_secs_f64() * 1000.0;
    core.ask(json!({ "unsubscribe": stream["stream"] }))?;
    core.ask(json!({ "call": "close_context", "with": { "context": CONTEXT } }))?;
    Ok(took)
}

/// A control plane beside the lab's, so that no test meets these pods.
struct Server {
    folder: PathBuf,
    cache: PathBuf,
}

impl Server {
    fn start() -> Result<Self> {
        let server = Self { folder: std::env::temp_dir().join("kos-bench-lab"), cache: cache::folder("lab")? };
        server.script("up.sh", &[])?;
        Ok(server)
    }

    fn script(&self, name: &str, args: &[&str]) -> Result<()> {
        let path = Path::new("tests/lab/kubernetes").join(name);
        let status = Command::new(path)
            .args(args)
            .env("LAB_CACHE", &self.cache)
            .env("LAB_DIR", &self.folder)
            .env("LAB_PORT", "17100")
            .env("LAB_NODES", "1")
            .stdout(Stdio::null())
            .status()?;
        if !status.success() {
            bail!("{name} ended with {status}");
        }
        Ok(())
    }

    fn kubeconfig(&self) -> PathBuf {
        self.folder.join("admin.kubeconfig")
    }

    fn kubectl(&self) -> Command {
        let mut kubectl = Command::new(self.cache.join("bin/kubectl"));
        kubectl.arg("--kubeconfig").arg(self.kubeconfig());
        kubectl
    }

    /// Makes pods that no scheduler takes: nothing changes while they are listed.
    fn fill(&self) -> Result<()> {
        let began = Instant::now();
        while !self.kubectl().args(["get", "serviceaccount", "default"]).stdout(Stdio::null()).stderr(Stdio::null()).status()?.success() {
            if began.elapsed() > PATIENCE {
                bail!("the server makes no service account");
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        let pod = |number: usize| {
            json!({
                "apiVersion": "v1", "kind": "Pod", "metadata": { "name": format!("bench-{number:05}"), "labels": { "app": "bench" } },
                "spec": { "schedulerName": "nobody", "containers": [{ "name": "main", "image": "kos.dev/none", "env": [{ "name": "NUMBER", "value": number.to_string() }] }] }
            })
        };
        let list = json!({ "apiVersion": "v1", "kind": "List", "items": (0..PODS).map(pod).collect::<Vec<_>>() });
        let file = self.folder.join("pods.json");
        fs::write(&file, list.to_string())?;
        let done = self.kubectl().args(["create", "--filename"]).arg(&file).stdout(Stdio::null()).status()?;
        if !done.success() {
            bail!("the pods could not be made");
        }
        eprintln!("[{:6.1} s] {PODS} pods", began.elapsed().as_secs_f64());
        Ok(())
    }

    fn list(&self, desk: &Desk) -> Result<f64> {
        let began = Instant::now();
        let mut kubectl = self.kubectl();
        let out = desk.seat(kubectl.args(["get", "pods", "--all-namespaces"])).output().context("kubectl")?;
        if out.stdout.iter().filter(|b| **b == b'\n').count() < PODS {
            bail!("kubectl listed too little: {}", String::from_utf8_lossy(&out.stderr));
        }
        Ok(began.elapsed().as_secs_f64() * 1000.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(why) = self.script("down.sh", &["--purge"]) {
            eprintln!("{why:#}");
        }
    }
}
