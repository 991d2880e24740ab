//! The whole way: the management cluster and a workload cluster on it, as one job.

use api::drawing::{ClusterForm, ClusterNetwork};
use api::files::Severity;
use api::local::{ManagementSpec, NetworkPlugin};
use capi::form::starter;
use tokio_util::sync::CancellationToken;

use super::job::{Job, spec};
use crate::imagined::{Machine, Moment};
use crate::management::{order, plan, suggestion, survey, view};

fn drawn() -> ClusterForm {
    starter("lab-a", "v1.36.4", &[])
}

pub(super) fn whole() -> ManagementSpec {
    with(drawn())
}

fn with(form: ClusterForm) -> ManagementSpec {
    ManagementSpec { workload: Some(form), ..spec() }
}

/// Everything stands, and was made once.
fn is_whole(job: &Job) {
    let state = job.machine.state();
    assert_eq!((state.clusters, state.providers.len()), (1, 4));
    assert_eq!((state.drawn.made, state.drawn.kept, state.drawn.networks), (1, 1, 1), "nothing is made twice");
    let names: Vec<&str> = state.containers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["kos-mgmt-control-plane", "lab-a-lb", "lab-a-x1"]);
}

#[tokio::test(start_paused = true)]
async fn the_whole_way_is_one_job_from_an_empty_machine_to_ready_nodes() {
    let machine = Machine::new();
    let mut job = Job::of(&machine, whole()).await;
    job.run().await.unwrap();
    is_whole(&job);
    let yaml = machine.state().drawn.yaml.clone();
    let file = job.order.folder.join("lab-a.yaml");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), yaml, "what was shown is what was applied");
    let applied: Vec<&String> = job.commands.iter().filter(|line| line.starts_with("kubectl apply --server-side")).collect();
    assert_eq!(applied.len(), 2, "{:?}", job.commands);
    job.next = 0;
    job.run().await.unwrap();
    is_whole(&job);
}

#[tokio::test(start_paused = true)]
async fn a_plan_of_the_whole_way_names_every_command_and_object_and_itself() {
    let machine = Machine::new();
    let job = Job::new(&machine).await;
    let ground = survey(&machine.world(), &whole(), &job.places()).await;
    let shown = view(&whole(), &ground, &job.places(), 0);
    assert_eq!(shown.obstacles.iter().map(|o| o.why.sentence.as_str()).collect::<Vec<_>>(), [""; 0]);
    assert_eq!(shown.title.plain(), "Create lab-a on kos-mgmt");
    assert!(shown.sentence.ends_with("Cluster API v1.14.2. On it lab-a with 1 control plane and 1 worker."), "{}", shown.sentence);
    let titles: Vec<String> = shown.steps.iter().skip(9).map(|step| step.title.plain()).collect();
    assert_eq!(titles, ["Create lab-a", "Start lab-a", "Save its kubeconfig", "Add its network", "Wait for its machines"]);
    let begins: Vec<&str> = shown.commands.iter().skip(3).map(|line| line.split(" --").next().unwrap_or_default()).collect();
    assert_eq!(begins, ["kubectl apply", "clusterctl get kubeconfig lab-a", "kubectl apply"]);
    let files: Vec<&str> = shown.files.iter().filter_map(|file| file.path.rsplit('/').next()).collect();
    assert_eq!(files, ["kind.yaml", "lab-a.yaml", "lab-a-network.yaml"]);
    assert!(["kind: ClusterClass", "kind: DevMachineTemplate", "kind: Cluster\n"].iter().all(|part| shown.files[1].text.contains(part)));
    let mut other = drawn();
    other.pools[0].replicas = 2;
    assert_ne!(view(&with(other), &ground, &job.places(), 0).seen, shown.seen, "another count is another plan");
    assert_eq!(view(&whole(), &ground, &job.places(), 3).seen, shown.seen);
    assert_ne!(view(&spec(), &ground, &job.places(), 0).seen, shown.seen);
}

#[tokio::test]
async fn what_stands_in_the_way_of_the_workload_cluster_is_named_at_its_field() {
    let machine = Machine::new();
    machine.state().containers.push(("lab-z-control-plane".to_owned(), "lab-z".to_owned()));
    let job = Job::new(&machine).await;
    let named = |name: &str| with(ClusterForm { name: name.to_owned(), ..drawn() });
    let own = |text: &str| with(ClusterForm { yaml: Some(text.to_owned()), ..drawn() });
    let secret = "kind: Secret\napiVersion: v1\nmetadata: {name: login}\nstringData: {password: hunter2}\n";
    let with_secret = format!("{secret}---\nkind: Cluster\napiVersion: cluster.x-k8s.io/v1beta2\nmetadata: {{name: lab-a}}\nspec: {{}}\n");
    let mut old = whole();
    old.providers.core = "v1.10.3".to_owned();
    let cases = [
        (ManagementSpec { network: NetworkPlugin::NotInstalled, ..whole() }, "needs Cluster API, the network plug-in and the Docker provider"),
        (named("kos-mgmt"), "The management cluster is called kos-mgmt already."),
        (named("lab-z"), "There is a cluster named lab-z on this machine"),
        (named("Lab A"), "A name has small letters"),
        (with(ClusterForm { control_planes: 2, ..drawn() }), "kubeadm refuses an even number"),
        (with(ClusterForm { network: ClusterNetwork::Calico, ..drawn() }), "The manifest of calico is yours to give"),
        (with(ClusterForm { pod_range: "192.168.32.0/20".to_owned(), ..drawn() }), "The pod range is taken. This is the Docker network kind."),
        (old, "needs Cluster API v1.11 or newer"),
        (own("kind: Pod\napiVersion: v1\nmetadata: {name: x}\n"), "is not part of a cluster’s definition"),
        (own("kind: ["), "Line 1"),
        (own(&with_secret), "Secret login would be kept in the journal of this job."),
    ];
    machine.state().networks.insert("kind".to_owned());
    for (spec, wanted) in cases {
        let ground = survey(&machine.world(), &spec, &job.places()).await;
        let found = view(&spec, &ground, &job.places(), 0).obstacles;
        let stops = found.iter().any(|o| o.field == "workload" && o.severity == Severity::Unusable && o.why.sentence.contains(wanted));
        assert!(stops, "{wanted}: {found:?}");
    }
}

#[tokio::test]
async fn the_suggestion_is_a_cluster_that_would_be_made() {
    let machine = Machine::new();
    machine.state().containers.push(("lab-a-lb".to_owned(), "lab-a".to_owned()));
    machine.state().networks.insert("kind".to_owned());
    let job = Job::new(&machine).await;
    let ground = survey(&machine.world(), &whole(), &job.places()).await;
    let suggested = suggestion(&ground, |_| false);
    assert_eq!((suggested.workload.name.as_str(), suggested.workload.pod_range.as_str()), ("lab-b", "10.244.0.0/16"));
    let spec = ManagementSpec { workload: Some(suggested.workload), ..suggested.spec };
    assert_eq!(view(&spec, &ground, &job.places(), 0).obstacles, []);
}

#[tokio::test]
async fn without_a_network_the_job_ends_when_the_cluster_is_connected() {
    let machine = Machine::new();
    let job = Job::new(&machine).await;
    let spec = with(ClusterForm { network: ClusterNetwork::NotInstalled, ..drawn() });
    let ground = survey(&machine.world(), &spec, &job.places()).await;
    let plan = plan(&order(&spec, &ground, &job.places()).unwrap());
    assert_eq!(plan.steps().last().map(|(_, step)| step.title.plain()).as_deref(), Some("Save its kubeconfig"));
}

#[tokio::test(start_paused = true)]
async fn after_a_crash_at_every_moment_of_the_workload_cluster_continue_completes_and_makes_nothing_twice() {
    for after in 0.. {
        let machine = Machine::new();
        let mut job = Job::of(&machine, whole()).await;
        let crashed = CancellationToken::new();
        machine.state().moment = Moment::Crash { after, crashed: crashed.clone() };
        if let Some(ended) = job.go(CancellationToken::new(), crashed).await {
            ended.unwrap();
            assert!(after > 8, "a run has more moments than {after}");
            break;
        }
        let found = job.look().await;
        assert!(found.iter().any(|line| line.starts_with("Workload cluster lab-a: ")), "{found:?}");
        job.run().await.unwrap();
        is_whole(&job);
        job.undo().await.unwrap();
        assert_eq!(job.left(), Vec::<String>::new(), "moment {after}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_cancel_at_every_moment_of_the_workload_cluster_leaves_nothing_behind() {
    for after in 0.. {
        let machine = Machine::new();
        let mut job = Job::of(&machine, whole()).await;
        let token = CancellationToken::new();
        machine.state().moment = Moment::Cancel { after, token: token.clone() };
        if job.go(token.clone(), CancellationToken::new()).await == Some(Ok(())) {
            assert!(after > 8, "a run has more moments than {after}");
            break;
        }
        job.undo().await.unwrap();
        assert_eq!(job.left(), Vec::<String>::new(), "moment {after}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_webhook_that_does_not_answer_is_waited_for_and_the_apply_is_sent_again() {
    let machine = Machine::new();
    machine.state().drawn.silent = 7;
    let mut job = Job::of(&machine, whole()).await;
    job.run().await.unwrap();
    is_whole(&job);
}

#[tokio::test(start_paused = true)]
async fn a_webhook_that_never_answers_ends_the_apply_after_five_minutes_and_names_it() {
    let machine = Machine::new();
    machine.state().drawn.silent = u32::MAX;
    let mut job = Job::of(&machine, whole()).await;
    let began = tokio::time::Instant::now();
    let fault = job.run().await.unwrap_err();
    assert_eq!(fault.cause[0].source, "default.cluster.cluster.x-k8s.io");
    assert!(began.elapsed() >= std::time::Duration::from_secs(300));
    machine.state().drawn.silent = 0;
    job.run().await.unwrap();
    is_whole(&job);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_not_sent_again_and_a_retry_goes_on_from_there() {
    let machine = Machine::new();
    machine.state().drawn.refused = true;
    let mut job = Job::of(&machine, whole()).await;
    let began = tokio::time::Instant::now();
    assert_eq!(job.run().await.unwrap_err().sentence, "Cluster lab-a is refused.");
    let waited = began.elapsed();
    assert!(job.run().await.is_err());
    assert_eq!(began.elapsed(), waited, "it ends at once");
    machine.state().drawn.refused = false;
    job.run().await.unwrap();
    is_whole(&job);
}

#[tokio::test(start_paused = true)]
async fn an_apply_whose_answer_did_not_come_is_looked_for_and_not_sent_again() {
    let machine = Machine::new();
    machine.state().drawn.unanswered = true;
    let mut job = Job::of(&machine, whole()).await;
    assert_eq!(job.run().await.unwrap_err().sentence, "Nobody can say whether Cluster lab-a was written.");
    let applies = |job: &Job| job.commands.iter().filter(|line| line.contains("lab-a.yaml")).count();
    assert_eq!(applies(&job), 1, "it ends at once: {:?}", job.commands);
    job.run().await.unwrap();
    assert_eq!(applies(&job), 1, "Retry finds the cluster: {:?}", job.commands);
    is_whole(&job);
}

#[tokio::test(start_paused = true)]
async fn a_cluster_that_cannot_be_deleted_goes_with_its_management_cluster() {
    let machine = Machine::new();
    machine.state().drawn.stays = true;
    let mut job = Job::of(&machine, whole()).await;
    job.run().await.unwrap();
    job.undo().await.unwrap();
    assert_eq!(job.left(), Vec::<String>::new());
    assert!(job.output.iter().any(|line| line == "lab-a is not gone after 5 min. Its containers are removed with those of kos-mgmt."), "{:?}", job.output);
}
