//! A job without a journal on disk: runs the acts of a plan as the real one does, and keeps their notes.

use std::path::PathBuf;

use api::Fault;
use api::local::{ManagementSpec, SocketMount};
use jobs::{Certainty, Left, Noted, NotedProcess, Transcript, What, Work};
use tokio_util::sync::CancellationToken;

use crate::imagined::Machine;
use crate::management::{Act, Management, Order, Places, Step, order, plan, survey};
use crate::programs::clusterctl::Source;
use crate::versions;

pub(super) struct Job {
    pub(super) machine: Machine,
    pub(super) order: Order,
    work: Management,
    acts: Vec<(Act, Vec<Step>)>,
    noted: Vec<Vec<Noted>>,
    processes: Vec<Vec<NotedProcess>>,
    pub(super) next: usize,
    pub(super) output: Vec<String>,
    pub(super) commands: Vec<String>,
    pub(super) steps: Vec<u32>,
    /// What was said of steps while they ran.
    pub(super) details: Vec<String>,
    /// The user leaves an undo that waits.
    pub(super) leave: CancellationToken,
    folder: tempfile::TempDir,
}

pub(super) fn spec() -> ManagementSpec {
    ManagementSpec {
        name: "kos-mgmt".to_owned(),
        kubernetes: "v1.36.4".to_owned(),
        control_planes: 1,
        workers: 0,
        api_port: None,
        docker_socket: SocketMount::Mounted { host_path: "/var/run/docker.sock".to_owned() },
        providers: versions::providers(),
        wait_seconds: 5,
        ports: vec![],
        mounts: vec![],
        network: api::local::NetworkPlugin::Kindnet,
        purpose: api::local::Purpose::Manages,
        workload: None,
    }
}

impl Job {
    pub(super) async fn new(machine: &Machine) -> Self {
        Self::of(machine, spec()).await
    }

    pub(super) async fn of(machine: &Machine, spec: ManagementSpec) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("kubeconfigs")).unwrap();
        let places = Places {
            jobs: folder.path().join("jobs"),
            kubeconfigs: folder.path().join("kubeconfigs"),
            source: Source::Releases,
            images: crate::versions::Repository::Kind,
        };
        let ground = survey(&machine.world(), &spec, &places).await;
        let order = order(&spec, &ground, &places).unwrap();
        let acts: Vec<_> = plan(&order).acts.into_iter().map(|a| (a.act, a.steps.into_iter().map(|s| s.step).collect())).collect();
        let count = acts.len();
        Self {
            machine: machine.clone(),
            work: Management::new(machine.world()),
            order,
            acts,
            noted: vec![vec![]; count],
            processes: vec![vec![]; count],
            next: 0,
            output: vec![],
            commands: vec![],
            steps: vec![],
            details: vec![],
            leave: CancellationToken::new(),
            folder,
        }
    }

    /// From the act where it stands to the end.
    ///
    /// `crashed` drops the run where it is, as a SIGKILL would; `None` is the answer then.
    pub(super) async fn go(&mut self, cancelled: CancellationToken, crashed: CancellationToken) -> Option<Result<(), Fault>> {
        while self.next < self.acts.len() {
            let (act, steps) = self.acts[self.next].clone();
            let transcript = Transcript::new();
            let (noted, processes) = (self.noted[self.next].clone(), self.processes[self.next].clone());
            let mut cx = transcript.context_after(&steps, noted, processes, cancelled.clone());
            let ended = {
                let run = async {
                    match self.work.done_already(&act).await? {
                        Some(_) => Ok(()),
                        None => self.work.run(&act, &mut cx).await,
                    }
                };
                tokio::select! {
                    biased;
                    () = crashed.cancelled() => None,
                    result = run => Some(result),
                }
            };
            self.remember(&transcript);
            match ended {
                None => return None,
                Some(Err(fault)) => return Some(Err(fault)),
                Some(Ok(())) => self.next += 1,
            }
        }
        Some(Ok(()))
    }

    pub(super) async fn run(&mut self) -> Result<(), Fault> {
        self.go(CancellationToken::new(), CancellationToken::new()).await.expect("nobody crashes it")
    }

    pub(super) async fn undo(&mut self) -> Result<(), Fault> {
        for index in (0..self.acts.len()).rev() {
            if self.noted[index].is_empty() {
                continue;
            }
            let (act, steps) = self.acts[index].clone();
            let transcript = Transcript::new().left_by(self.leave.clone());
            let mut cx = transcript.context_after(&steps, self.noted[index].clone(), self.processes[index].clone(), CancellationToken::new());
            let undone = self.work.undo(&act, &mut cx).await;
            self.remember(&transcript);
            undone?;
        }
        Ok(())
    }

    pub(super) async fn look(&self) -> Vec<String> {
        let act = |i: usize| self.acts[i].0.clone();
        let left = Left {
            done: (0..self.next).map(act).collect(),
            stopped_in: (self.next < self.acts.len()).then(|| act(self.next)),
            ahead: vec![],
            noted: self.noted.concat(),
            processes: self.processes.concat(),
        };
        self.work.look(&left).await.into_iter().map(|f| format!("{} {}: {}, {}", f.kind, f.name, f.noted, f.found)).collect()
    }

    fn remember(&mut self, transcript: &Transcript) {
        let act = self.next.min(self.acts.len() - 1);
        #[expect(clippy::wildcard_enum_match_arm, reason = "the other events leave no notes")]
        for event in transcript.events() {
            match event {
                // Ids of one transcript are not those of the next; the kind and the name are.
                What::Intended { id, act: _, step, thing } => {
                    let id = id + 1_000 * u32::try_from(self.noted[act].len() + 1).unwrap();
                    self.noted[act].push(Noted { id, act: 0, step, thing, at: api::Timestamp::default(), certainty: Certainty::Intended });
                }
                What::ProcessNoted { id, process, .. } => self.processes[act].push(NotedProcess { id, act: 0, process, at: api::Timestamp::default() }),
                What::ProcessEnded { id } => self.processes[act].retain(|p| p.id != id),
                What::CommandStarted { line, .. } => self.commands.push(line),
                What::StepStarted { step } => self.steps.push(step),
                What::StepDetail { words, .. } => self.details.push(words.plain()),
                _ => {}
            }
        }
        self.output.extend(transcript.output().into_iter().map(|(_, _, text)| text));
    }

    /// Everything of the job that is still on the machine.
    pub(super) fn left(&self) -> Vec<String> {
        let state = self.machine.state();
        let containers = state.containers.iter().map(|(n, _)| n.clone());
        let networks = state.networks.iter().filter(|n| *n == "kind").cloned();
        let of_workload = self.order.kubeconfig.with_file_name("lab-a.default.kind-kos-mgmt.yaml");
        let files = [self.order.kubeconfig.clone(), self.order.config_file(), of_workload].into_iter().filter(|f: &PathBuf| f.exists());
        containers.chain(networks).chain(state.volumes.iter().cloned()).chain(files.map(|f| f.display().to_string())).collect()
    }

    pub(super) fn places(&self) -> Places {
        Places {
            jobs: self.folder.path().join("jobs"),
            kubeconfigs: self.folder.path().join("kubeconfigs"),
            source: Source::Releases,
            images: crate::versions::Repository::Kind,
        }
    }
}
