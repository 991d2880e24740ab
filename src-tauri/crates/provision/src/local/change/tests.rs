use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use api::FaultCode;
use api::jobs::UndoIs;
use api::local::Power;
use jobs::{Certainty, Noted, Transcript, What, Work};
use tokio::time::interval;
use tokio_util::sync::CancellationToken;

use super::{Change, Order, Step, Whose, plan};
use crate::imagined::{ENDPOINT, Machine};

/// A machine with two clusters, of which `two` has a worker.
fn machine() -> Machine {
    let machine = Machine::new();
    for (name, cluster) in [("one-control-plane", "one"), ("two-control-plane", "two"), ("two-worker", "two")] {
        machine.state().containers.push((name.to_owned(), cluster.to_owned()));
        machine.state().volumes.insert(format!("volume-of-id-{name}"));
    }
    machine
}

struct Ran {
    result: Result<(), api::Fault>,
    noted: Vec<Noted>,
}

fn order(step: Step, folder: &tempfile::TempDir) -> Order {
    Order { name: "two".parse().unwrap(), step, folder: folder.path().join("job"), docker: ENDPOINT.to_owned() }
}

async fn run(machine: &Machine, step: Step) -> Ran {
    run_until(machine, step, CancellationToken::new()).await
}

async fn run_until(machine: &Machine, step: Step, cancelled: CancellationToken) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let transcript = Transcript::new();
    let mut cx = transcript.context(std::slice::from_ref(&step), cancelled);
    let result = Change::new(machine.world()).run(&order(step, &folder), &mut cx).await;
    let noted = transcript.events().into_iter().filter_map(|event| {
        let What::Intended { id, act, step, thing } = event else { return None };
        Some(Noted { id, act, step, thing, at: api::Timestamp::default(), certainty: Certainty::Intended })
    });
    Ran { result, noted: noted.collect() }
}

async fn done(machine: &Machine, step: Step) -> bool {
    let folder = tempfile::tempdir().unwrap();
    Change::new(machine.world()).done_already(&order(step, &folder)).await.unwrap().is_some()
}

async fn after_seconds(seconds: u64) {
    let mut turns = interval(Duration::from_secs(seconds));
    turns.tick().await;
    turns.tick().await;
}

fn switches(machine: &Machine) -> Vec<String> {
    let is_switch = |line: &&String| ["start", "stop", "pause", "unpause"].iter().any(|v| line.starts_with(&format!("docker {v} ")));
    machine.state().ran.iter().filter(is_switch).cloned().collect()
}

#[tokio::test(start_paused = true)]
async fn a_stop_takes_the_workers_first_and_no_other_cluster() {
    let machine = machine();
    run(&machine, Step::Switch(Power::Stop)).await.result.unwrap();
    assert_eq!(switches(&machine), ["docker stop two-worker", "docker stop two-control-plane"]);
    assert!(done(&machine, Step::Switch(Power::Stop)).await);
    assert!(!done(&machine, Step::Switch(Power::Start)).await);
}

#[tokio::test(start_paused = true)]
async fn a_paused_container_is_woken_before_it_is_stopped() {
    let machine = machine();
    run(&machine, Step::Switch(Power::Pause)).await.result.unwrap();
    run(&machine, Step::Switch(Power::Stop)).await.result.unwrap();
    assert_eq!(switches(&machine)[2..4], ["docker unpause two-worker", "docker stop two-worker"]);
}

#[tokio::test(start_paused = true)]
async fn a_switch_that_stops_half_way_can_be_taken_back() {
    let machine = machine();
    machine.state().stubborn = Some("two-control-plane".to_owned());
    let ran = run(&machine, Step::Switch(Power::Stop)).await;
    let fault = ran.result.unwrap_err();
    assert!(fault.cause.iter().any(|q| q.text == "The container two-control-plane is running."), "{:?}", fault.cause);
    let folder = tempfile::tempdir().unwrap();
    let step = Step::Switch(Power::Stop);
    let mut cx = Transcript::new().context_after(std::slice::from_ref(&step), ran.noted, vec![], CancellationToken::new());
    Change::new(machine.world()).undo(&order(step.clone(), &folder), &mut cx).await.unwrap();
    assert!(machine.state().switched.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_was_switched_stands_again_as_it_stood() {
    const PLANE: &str = "two-control-plane";
    const WORKER: &str = "two-worker";
    for (before, power) in [
        (&[(PLANE, "paused"), (WORKER, "paused")] as &[_], Power::Stop),
        (&[(WORKER, "paused")], Power::Stop),
        (&[], Power::Stop),
        (&[(WORKER, "exited")], Power::Start),
        (&[(WORKER, "exited")], Power::Pause),
        (&[(PLANE, "exited"), (WORKER, "paused")], Power::Unpause),
    ] {
        let (machine, folder) = (machine(), tempfile::tempdir().unwrap());
        let before: BTreeMap<String, &str> = before.iter().map(|(name, state)| ((*name).to_owned(), *state)).collect();
        machine.state().switched.clone_from(&before);
        let step = Step::Switch(power);
        let ran = run(&machine, step.clone()).await;
        ran.result.unwrap();
        assert_ne!(machine.state().switched, before, "{power:?}");
        let mut cx = Transcript::new().context_after(std::slice::from_ref(&step), ran.noted, vec![], CancellationToken::new());
        Change::new(machine.world()).undo(&order(step.clone(), &folder), &mut cx).await.unwrap();
        assert_eq!(machine.state().switched, before, "{power:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_container_that_is_being_stopped_is_waited_for_so_that_the_undo_starts_it_again() {
    let (machine, folder, cancelled) = (machine(), tempfile::tempdir().unwrap(), CancellationToken::new());
    machine.state().stop_takes = Duration::from_secs(5);
    let step = Step::Switch(Power::Stop);
    let user = async {
        after_seconds(1).await;
        cancelled.cancel();
    };
    let (ran, ()) = tokio::join!(run_until(&machine, step.clone(), cancelled.clone()), user);
    ran.result.unwrap_err();
    let mut cx = Transcript::new().context_after(std::slice::from_ref(&step), ran.noted, vec![], CancellationToken::new());
    Change::new(machine.world()).undo(&order(step.clone(), &folder), &mut cx).await.unwrap();
    after_seconds(10).await;
    let switched = machine.state().switched.clone();
    assert!(switched.is_empty(), "it runs as it did: {switched:?}");
    assert_eq!(switches(&machine), ["docker stop two-worker", "docker start two-worker"]);
}

#[tokio::test(start_paused = true)]
async fn a_change_in_another_docker_is_neither_done_nor_switched_back_until_its_own_is_there() {
    let (machine, folder) = (machine(), tempfile::tempdir().unwrap());
    let work = Change::new(machine.world());
    let stop = Step::Switch(Power::Stop);
    let ran = run(&machine, stop.clone()).await;
    ran.result.unwrap();
    let undo_of = |noted: Vec<Noted>| Transcript::new().context_after(std::slice::from_ref(&stop), noted, vec![], CancellationToken::new());
    machine.state().endpoint = "ssh://jo@build";
    let delete = Step::Delete { containers: vec![], kubeconfig: folder.path().join("k"), whose: Whose::Ours };
    for step in [delete.clone(), stop.clone(), Step::ExportLogs { to: folder.path().join("logs") }] {
        let fault = work.done_already(&order(step.clone(), &folder)).await.unwrap_err();
        assert_eq!(fault.code, FaultCode::Changed, "{step:?}");
        assert_eq!(run(&machine, step.clone()).await.result.unwrap_err().code, FaultCode::Changed, "{step:?}");
    }
    let fault = work.undo(&order(stop.clone(), &folder), &mut undo_of(ran.noted.clone())).await.unwrap_err();
    assert_eq!(fault.sentence, "This job works in the Docker at tcp://127.0.0.1:2375; docker answers from ssh://jo@build now.");
    assert_eq!(machine.state().switched.len(), 2);

    let mut older = serde_json::to_value(order(delete, &folder)).unwrap();
    older.as_object_mut().unwrap().remove("docker");
    assert!(work.done_already(&serde_json::from_value(older).unwrap()).await.unwrap().is_some(), "a job of an older version goes on");

    machine.state().endpoint = ENDPOINT;
    work.undo(&order(stop.clone(), &folder), &mut undo_of(ran.noted)).await.unwrap();
    assert!(machine.state().switched.is_empty());
}

#[test]
fn a_plan_says_what_its_undo_does() {
    let folder = tempfile::tempdir().unwrap();
    let of = |step| plan(order(step, &folder)).undo;
    assert_eq!(of(Step::Switch(Power::Stop)), UndoIs::SwitchBack);
    assert_eq!(of(Step::ExportLogs { to: PathBuf::from("/l") }), UndoIs::Nothing);
    assert_eq!(of(Step::Delete { containers: vec![], kubeconfig: PathBuf::from("/k"), whose: Whose::Ours }), UndoIs::Nothing);
}

#[tokio::test(start_paused = true)]
async fn a_deletion_takes_exactly_what_was_shown() {
    let machine = machine();
    let shown = |ids: &[&str]| Step::Delete { containers: ids.iter().map(|i| (*i).to_owned()).collect(), kubeconfig: PathBuf::from("/k"), whose: Whose::Ours };
    let fault = run(&machine, shown(&["id-two-worker"])).await.result.unwrap_err();
    assert_eq!((fault.code, machine.containers()), (FaultCode::Changed, 3));
    let all = shown(&["id-two-worker", "id-two-control-plane"]);
    run(&machine, all.clone()).await.result.unwrap();
    assert_eq!(machine.state().containers, [("one-control-plane".to_owned(), "one".to_owned())]);
    assert!(done(&machine, all).await);
    assert!(!machine.state().ran.iter().any(|line| line.contains("--all")));
}

#[tokio::test(start_paused = true)]
async fn a_deletion_leaves_no_emptied_kubeconfig_also_after_a_crash() {
    let (machine, folder) = (machine(), tempfile::tempdir().unwrap());
    let kubeconfig = folder.path().join("kind-two.yaml");
    let step = Step::Delete { containers: vec!["id-two-worker".into(), "id-two-control-plane".into()], kubeconfig: kubeconfig.clone(), whose: Whose::Ours };
    std::fs::write(&kubeconfig, "clusters:\n- name: kind-two\n").unwrap();
    run(&machine, step.clone()).await.result.unwrap();
    assert!(!kubeconfig.exists());
    assert!(done(&machine, step.clone()).await);
    // KOS ended between kind's last deed and its own.
    std::fs::write(&kubeconfig, "apiVersion: v1\nkind: Config\n").unwrap();
    assert!(!done(&machine, step.clone()).await);
    run(&machine, step).await.result.unwrap();
    assert!(!kubeconfig.exists());
}

#[tokio::test(start_paused = true)]
async fn a_kubeconfig_of_the_user_stays_although_a_deletion_emptied_it() {
    let (machine, folder) = (machine(), tempfile::tempdir().unwrap());
    let kubeconfig = folder.path().join("config");
    let containers = vec!["id-two-worker".into(), "id-two-control-plane".into()];
    let step = Step::Delete { containers, kubeconfig: kubeconfig.clone(), whose: Whose::Users };
    std::fs::write(&kubeconfig, "clusters:\n- name: kind-two\n").unwrap();
    run(&machine, step.clone()).await.result.unwrap();
    assert_eq!(std::fs::read_to_string(&kubeconfig).unwrap(), "apiVersion: v1\nkind: Config\n");
    assert!(done(&machine, step).await);
}

/// The folder is there before the first file is written.
#[tokio::test(start_paused = true)]
async fn logs_are_exported_when_kind_says_so() {
    const FULL: &str = "ERROR: write /l/two-control-plane/kubelet.log: no space left on device";
    const REFUSED: &str = "ERROR: open /l/two-worker: permission denied";
    let (machine, folder) = (machine(), tempfile::tempdir().unwrap());
    let to = folder.path().join("logs");
    run(&machine, Step::ExportLogs { to: to.clone() }).await.result.unwrap();
    for (code, said, why) in [(1, FULL, "the disk of the folder is full"), (0, FULL, "the disk of the folder is full"), (1, REFUSED, "kind stopped")] {
        machine.state().export = (code, said);
        let fault = run(&machine, Step::ExportLogs { to: to.clone() }).await.result.unwrap_err();
        assert_eq!(fault.sentence, format!("The logs of two were not exported: {why}."));
        assert_eq!(fault.cause.iter().map(|quote| quote.text.as_str()).collect::<Vec<_>>(), [said], "{code}");
        assert!(to.is_dir());
    }
    machine.state().export = (1, "");
    assert_eq!(run(&machine, Step::ExportLogs { to }).await.result.unwrap_err().code, FaultCode::Step);
}

#[tokio::test(start_paused = true)]
async fn logs_of_a_cluster_that_is_gone_are_not_exported() {
    let machine = Machine::new();
    let fault = run(&machine, Step::ExportLogs { to: PathBuf::from("/l") }).await.result.unwrap_err();
    assert_eq!(fault.code, FaultCode::NotFound);
}
