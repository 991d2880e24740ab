//! How do the longer runs of kind and clusterctl go, line by line, with whatever happens in between?

use std::path::Path;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tools::{End, Exit, Heard, Invocation, Line, Program, ProgramError, Stream};

use super::{Clusterctl, Interruption, Kind, Machine, after, exit};
use crate::programs::clusterctl::{ClusterctlLine, read, upgrade};
use crate::recorded::lines;

impl Machine {
    /// Says lines one by one, with whatever happens in between; `false` when docker went away.
    pub(super) async fn say(
        &self,
        run: &Invocation,
        lines: Vec<String>,
        heard: &mut (dyn FnMut(Heard) + Send),
        stop: &CancellationToken,
    ) -> Result<(), ProgramError> {
        let name = after(&run.args, "--name").to_owned();
        for (count, text) in lines.into_iter().enumerate() {
            tokio::time::sleep(Duration::from_millis(600)).await;
            let interruption = self.state().interruption.clone();
            match interruption {
                Interruption::Cancel { program, after, token } if program == run.program && after == count => token.cancel(),
                Interruption::Crash { program, after, crashed } if program == run.program && after == count => {
                    crashed.cancel();
                    std::future::pending::<()>().await;
                }
                Interruption::Never | Interruption::Cancel { .. } | Interruption::Crash { .. } => {}
            }
            if stop.is_cancelled() {
                return Err(ProgramError::Stopped { program: run.program.name() });
            }
            if run.program == Program::Kind {
                self.state().kind_said(&text, &name);
            }
            heard(Heard::Line(Line { from: Stream::Err, text }));
        }
        Ok(())
    }

    pub(super) async fn create(&self, run: &Invocation, heard: &mut (dyn FnMut(Heard) + Send), stop: &CancellationToken) -> Result<Exit, ProgramError> {
        let name = after(&run.args, "--name").to_owned();
        assert!(Path::new(after(&run.args, "--config")).is_file(), "the configuration is written before kind starts");
        assert!(!self.state().containers.iter().any(|(_, c)| *c == name), "kind would refuse: the cluster is there");
        let good = lines("kind/docker-kind-create-mgmt-wait.txt");
        let plan = self.state().kind.clone();
        match plan {
            Kind::Succeeds => self.say(run, good, heard, stop).await?,
            Kind::ExpiresWaiting => {
                self.state().nodes_ready = false;
                self.say(run, lines("kind/docker-kind-create-wait-expired.txt"), heard, stop).await?;
            }
            Kind::Says(lines) => {
                self.say(run, lines, heard, stop).await?;
                return Ok(exit(End::Code(1), "", ""));
            }
            Kind::KilledAfter(most) => {
                self.say(run, good.into_iter().take(most).collect(), heard, stop).await?;
                return Ok(exit(End::Signal(9), "", ""));
            }
            Kind::LosesDockerAfter(most) => {
                self.say(run, good.into_iter().take(most).collect(), heard, stop).await?;
                self.state().docker = false;
                let last = "ERROR: failed to create cluster: Cannot connect to the Docker daemon at unix:///var/run/docker.sock.";
                self.say(run, vec![last.to_owned()], heard, stop).await?;
                return Ok(exit(End::Code(1), "", ""));
            }
        }
        self.state().kind_finished(Path::new(after(&run.args, "--kubeconfig")));
        Ok(exit(End::Code(0), "", ""))
    }

    pub(super) async fn upgrade(&self, run: &Invocation, heard: &mut (dyn FnMut(Heard) + Send), stop: &CancellationToken) -> Result<Exit, ProgramError> {
        let plan = self.state().clusterctl.clone();
        if let Clusterctl::Says(file) = plan {
            self.say(run, lines(file), heard, stop).await?;
            return Ok(exit(End::Code(1), "", ""));
        }
        for line in lines("clusterctl/clusterctl-16-upgrade-apply.txt") {
            self.say(run, vec![line.clone()], heard, stop).await?;
            if let upgrade::Line::Installing { provider, version } = upgrade::progress(&line) {
                self.state().providers.iter_mut().filter(|one| one.0 == provider).for_each(|one| one.1.clone_from(&version));
            }
        }
        Ok(exit(End::Code(0), "", ""))
    }

    pub(super) async fn init(&self, run: &Invocation, heard: &mut (dyn FnMut(Heard) + Send), stop: &CancellationToken) -> Result<Exit, ProgramError> {
        let plan = self.state().clusterctl.clone();
        if let Clusterctl::Says(file) = plan {
            self.say(run, lines(file), heard, stop).await?;
            return Ok(exit(End::Code(1), "", ""));
        }
        for line in lines("clusterctl/docker-clusterctl-init.txt") {
            self.say(run, vec![line.clone()], heard, stop).await?;
            if let ClusterctlLine::InstallingProvider { provider, version, namespace } = read(&line) {
                let mut state = self.state();
                if !state.providers.iter().any(|p| p.0 == provider) {
                    state.providers.push((provider, version, namespace));
                }
            }
        }
        Ok(exit(End::Code(0), "", ""))
    }
}
