//! The workload cluster in memory: what the window would do with it.

use std::path::PathBuf;

use api::jobs::{Part, PartState};
use api::{Fault, FaultCode};
use async_trait::async_trait;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::Machine;
use crate::{NotMade, Progress, Site, Told, Workloads};

/// What there is of it, and how often each thing was made.
#[derive(Debug, Default)]
pub(crate) struct Drawn {
    stands: bool,
    available: bool,
    network: bool,
    pub(crate) connected: bool,
    pub(crate) made: u32,
    pub(crate) kept: u32,
    pub(crate) networks: u32,
    /// So many applies meet a webhook that does not answer.
    pub(crate) silent: u32,
    /// The next apply arrives, and its answer does not.
    pub(crate) unanswered: bool,
    /// The apply is refused for good.
    pub(crate) refused: bool,
    /// Cluster API does not delete it.
    pub(crate) stays: bool,
    pub(crate) yaml: String,
}

impl Drawn {
    pub(super) fn cluster(&self) -> Option<Value> {
        let available = if self.available { "True" } else { "False" };
        self.stands.then(|| {
            json!({ "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Cluster", "metadata": { "name": "lab-a", "namespace": "default" },
                "status": { "conditions": [{ "type": "Available", "status": available }] } })
        })
    }
}

/// When something from outside happens to the way to the workload cluster: at so many moments from now.
#[derive(Debug, Clone)]
pub(crate) enum Moment {
    Never,
    Crash { after: usize, crashed: CancellationToken },
    Cancel { after: usize, token: CancellationToken },
}

impl Machine {
    /// A moment before or after something is made.
    async fn moment(&self) {
        let now = {
            let mut state = self.state();
            match &mut state.moment {
                Moment::Never => return,
                Moment::Crash { after, .. } | Moment::Cancel { after, .. } if *after > 0 => {
                    *after -= 1;
                    return;
                }
                now @ (Moment::Crash { .. } | Moment::Cancel { .. }) => std::mem::replace(now, Moment::Never),
            }
        };
        match now {
            Moment::Never => return,
            Moment::Crash { crashed, .. } => crashed.cancel(),
            Moment::Cancel { token, .. } => token.cancel(),
        }
        std::future::pending::<()>().await;
    }

    fn kubeconfig(&self, site: &Site) -> PathBuf {
        site.manager.with_file_name("lab-a.default.kind-kos-mgmt.yaml")
    }
}

#[async_trait]
impl Workloads for Machine {
    async fn make(&self, site: &Site, yaml: &str) -> Result<(), NotMade> {
        assert!(site.manager.exists() && site.context == "kind-kos-mgmt", "{site:?}");
        self.moment().await;
        {
            let mut state = self.state();
            if state.drawn.silent > 0 {
                state.drawn.silent -= 1;
                let fault = Fault::new(FaultCode::Unreachable, "Cluster lab-a cannot be changed now.");
                return Err(NotMade::WebhookSilent(fault.because("default.cluster.cluster.x-k8s.io", "connect: connection refused")));
            }
            if state.drawn.refused {
                return Err(NotMade::Refused(Fault::new(FaultCode::Invalid, "Cluster lab-a is refused.").unharmed("Nothing was written.")));
            }
            if !state.drawn.stands {
                state.drawn.stands = true;
                state.drawn.made += 1;
                state.drawn.yaml = yaml.to_owned();
                state.containers.extend(["lab-a-lb", "lab-a-x1"].map(|name| (name.to_owned(), "lab-a".to_owned())));
            }
            if std::mem::take(&mut state.drawn.unanswered) {
                return Err(NotMade::Refused(Fault::new(FaultCode::Unreachable, "Nobody can say whether Cluster lab-a was written.")));
            }
        }
        self.moment().await;
        Ok(())
    }

    async fn await_answer(&self, _: &Site, told: Told<'_>) -> Result<(), Fault> {
        assert!(self.state().drawn.stands);
        let machine = Part { name: "lab-a-x1".to_owned(), state: PartState::Working, detail: "kubeadm runs".to_owned(), count: String::new() };
        told(Progress { machines: vec![machine], held_up: "No network.".to_owned() });
        self.moment().await;
        Ok(())
    }

    async fn file(&self, site: &Site) -> Result<PathBuf, Fault> {
        Ok(self.kubeconfig(site))
    }

    async fn is_connected(&self, site: &Site) -> Result<bool, Fault> {
        Ok(self.state().drawn.connected && self.kubeconfig(site).exists())
    }

    async fn connect(&self, site: &Site) -> Result<(), Fault> {
        self.moment().await;
        let file = self.kubeconfig(site);
        assert!(!file.exists(), "a second file would be made beside it");
        std::fs::write(file, "kind: Config\n").unwrap();
        // A crash here leaves a file that nobody has in his list.
        self.moment().await;
        {
            let mut state = self.state();
            state.drawn.connected = true;
            state.drawn.kept += 1;
        }
        self.moment().await;
        Ok(())
    }

    async fn disconnect(&self, site: &Site) -> Result<(), Fault> {
        if std::mem::take(&mut self.state().drawn.connected) {
            std::fs::remove_file(self.kubeconfig(site)).unwrap();
        }
        Ok(())
    }

    async fn has_network(&self, _: &Site) -> Result<bool, Fault> {
        Ok(self.state().drawn.network)
    }

    async fn add_network(&self, _: &Site) -> Result<(), Fault> {
        self.moment().await;
        {
            let mut state = self.state();
            assert!(state.drawn.connected);
            state.drawn.networks += u32::from(!std::mem::replace(&mut state.drawn.network, true));
        }
        self.moment().await;
        Ok(())
    }

    async fn await_available(&self, _: &Site, told: Told<'_>) -> Result<(), Fault> {
        self.moment().await;
        assert!(self.state().drawn.network);
        self.state().drawn.available = true;
        told(Progress { machines: vec![], held_up: String::new() });
        self.moment().await;
        Ok(())
    }

    async fn remove(&self, _: &Site, _: Told<'_>) -> Result<(), Fault> {
        let mut state = self.state();
        if state.drawn.stays {
            return Err(Fault::new(FaultCode::Unreachable, "lab-a is not gone after 5 min."));
        }
        state.drawn.stands = false;
        state.containers.retain(|(_, cluster)| cluster != "lab-a");
        Ok(())
    }
}
