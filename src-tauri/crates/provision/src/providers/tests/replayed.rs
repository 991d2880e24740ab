use std::sync::Arc;

use api::Fault;
use jobs::{Transcript, What, Work};
use tokio_util::sync::CancellationToken;

use super::super::{Act, Step, Upkeep, Vault, Verb};
use super::*;
use crate::imagined::{Clusterctl, Machine};
use crate::programs::clusterctl::At;

const PROVIDERS: [(&str, &str); 4] = [
    ("cluster-api", "capi-system"),
    ("bootstrap-kubeadm", "capi-kubeadm-bootstrap-system"),
    ("control-plane-kubeadm", "capi-kubeadm-control-plane-system"),
    ("infrastructure-docker", "capd-system"),
];

/// A management cluster that stands, and a folder for what the job writes.
struct Stage {
    machine: Machine,
    vault: Arc<Vault>,
    folder: tempfile::TempDir,
}

impl Stage {
    fn new() -> Self {
        let (machine, folder) = (Machine::new(), tempfile::tempdir().unwrap());
        std::fs::write(folder.path().join("config"), "").unwrap();
        {
            let mut state = machine.state();
            state.answers = true;
            state.providers = PROVIDERS.iter().map(|(name, namespace)| ((*name).to_owned(), "v1.14.2".to_owned(), (*namespace).to_owned())).collect();
        }
        Self { machine, vault: Arc::default(), folder }
    }

    fn order(&self, task: Task) -> Order {
        let at = At { kubeconfig: self.folder.path().join("config"), context: "kind-kos-mgmt".into() };
        Order { at, name: "kind-kos-mgmt".into(), source: Source::Releases, task }
    }

    fn upgrade(&self) -> Order {
        let wanted = |(name, namespace): &(&str, &str)| Wanted { namespace: (*namespace).into(), ..wanted(name, "v1.14.2", "v1.14.3") };
        self.order(Task::Upgrade { contract: "v1beta2".into(), core: "v1.14.3".into(), providers: PROVIDERS.iter().map(wanted).collect(), wait: vec![] })
    }

    fn work(&self) -> Upkeep {
        Upkeep::new(self.machine.world(), self.vault.clone())
    }

    async fn run(&self, order: &Order, verb: Verb) -> (Result<(), Fault>, Transcript) {
        let transcript = Transcript::new().in_folder(self.folder.path());
        let steps: Vec<Step> = plan(order).acts.into_iter().filter(|act| act.act.verb == verb).flat_map(|act| act.steps).map(|step| step.step).collect();
        let mut cx = transcript.context(&steps, CancellationToken::new());
        let ended = self.work().run(&Act { verb, order: order.clone() }, &mut cx).await;
        (ended, transcript)
    }

    async fn undo(&self, order: &Order) -> Result<(), Fault> {
        let transcript = Transcript::new().in_folder(self.folder.path());
        self.work().undo(&Act { verb: Verb::Change, order: order.clone() }, &mut transcript.context(&[Step::ScaleDown], CancellationToken::new())).await
    }
}

#[tokio::test(start_paused = true)]
async fn a_real_upgrade_goes_from_step_to_step_until_the_webhooks_answer() {
    let stage = Stage::new();
    let order = stage.upgrade();
    let (ended, transcript) = stage.run(&order, Verb::Change).await;
    ended.unwrap();
    let steps: Vec<u32> = transcript.events().iter().filter_map(|event| if let What::StepStarted { step } = event { Some(*step) } else { None }).collect();
    assert_eq!(steps, [1, 2, 3, 4]);
    stage.run(&order, Verb::AwaitWebhooks).await.0.unwrap();
    assert!(stage.work().done_already(&Act { verb: Verb::Change, order }).await.unwrap().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_controller_that_crashes_after_an_upgrade_is_quoted_and_the_job_goes_on_there() {
    let stage = Stage::new();
    let order = stage.upgrade();
    stage.machine.state().crash_loop = Some("capd-system");
    let fault = stage.run(&order, Verb::Change).await.0.unwrap_err();
    assert_eq!(fault.sentence, "Cluster API does not run on kind-kos-mgmt: manager-1 in capd-system is in CrashLoopBackOff.");
    assert_eq!(fault.unharmed, "The other providers go on.");
    assert!(fault.cause.iter().any(|quote| quote.text.contains("panic: no certificate")) && fault.cause[0].text == "back-off 20s", "{fault:?}");
    stage.machine.state().crash_loop = None;
    let ran = stage.machine.state().ran.len();
    assert!(stage.work().done_already(&Act { verb: Verb::Change, order }).await.unwrap().is_some());
    assert_eq!(stage.machine.state().ran.len(), ran, "nothing is installed twice");
}

#[tokio::test(start_paused = true)]
async fn an_upgrade_that_clusterctl_refuses_quotes_it_and_is_undone_when_nothing_changed() {
    let stage = Stage::new();
    let order = stage.upgrade();
    stage.machine.state().clusterctl = Clusterctl::Says("clusterctl/clusterctl-11-upgrade-plan-bad-metadata.txt");
    let fault = stage.run(&order, Verb::Change).await.0.unwrap_err();
    assert!(fault.sentence.starts_with("The providers of kind-kos-mgmt were not all upgraded") && fault.unharmed.contains("Retry goes on"), "{fault:?}");
    assert!(fault.cause.iter().any(|quote| quote.text.contains("invalid provider metadata")), "{fault:?}");
    stage.undo(&order).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn providers_that_were_upgraded_by_half_are_not_led_back_and_each_is_named() {
    let stage = Stage::new();
    let order = stage.upgrade();
    stage.machine.state().providers[0].1 = "v1.14.3".to_owned();
    let fault = stage.undo(&order).await.unwrap_err();
    assert!(fault.sentence.contains("are not led back") && fault.sentence.ends_with("Upgrade them again to go on."), "{fault:?}");
    assert!(fault.cause[0].text.contains("Cluster API: v1.14.3, it runs"), "{fault:?}");
}

#[tokio::test(start_paused = true)]
async fn the_values_of_a_provider_reach_clusterctl_alone_and_no_argument() {
    let stage = Stage::new();
    let task = add().task;
    let order = stage.order(task);
    let fault = stage.run(&order, Verb::Change).await.0.unwrap_err();
    assert!(fault.sentence.contains("the value of VSPHERE_PASSWORD is gone") && stage.machine.state().ran.is_empty(), "{fault:?}");
    stage.vault.keep(&order, BTreeMap::from([("VSPHERE_PASSWORD".to_owned(), Secret::new("hunter2"))]));
    let (ended, transcript) = stage.run(&order, Verb::Change).await;
    // The recorded init knows no vSphere: what counts is the inventory.
    assert!(ended.unwrap_err().sentence.starts_with("The provider was not added to kind-kos-mgmt"));
    let state = stage.machine.state();
    assert_eq!(state.configuration, "{\"VSPHERE_PASSWORD\":\"hunter2\"}");
    assert!(state.given.iter().all(|(name, _)| name != "VSPHERE_PASSWORD"));
    assert!(!format!("{:?} {:?} {:?}", state.ran, transcript.events(), transcript.output()).contains("hunter2"));
}
