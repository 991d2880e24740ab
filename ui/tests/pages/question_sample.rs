//! What do questions and forms look like in tests and pictures?

use std::rc::Rc;

use api::{
    Fault, FaultCode, Millis,
    contexts::{Guard, Mood, Sign, TokenFileQuestion, TrustQuestion},
    drawing::{ClassName, ClusterForm, ClusterNetwork, Pool},
    files::{FileChange, Severity},
    jobs::{Obstacle, PlanView, PlannedFile, PlannedStep},
    local::{Access, Deletion, ExtraMount, ImageIs, ManagementSpec, NodeImage, ProviderVersions, SocketMount, Suggestion, WrongLine},
};
use ui::{
    model::create::{Draft, Edit, OnIt, PortText, config_trouble},
    pages::{
        create::{CreateSheetProps, config::Config},
        delete::DeleteSheetProps,
        make_current::MakeCurrentSheetProps,
        trust::{TokenFileSheetProps, TrustSheetProps},
    },
    widgets::Ready,
};
use yew::{Callback, Html};

use super::{SENTENCE, later, title};

pub(crate) fn trust() -> TrustSheetProps {
    let texts = |all: &[&str]| all.iter().map(|t| (*t).to_owned()).collect();
    let sign = |mood, title: &str, text: &str| Sign { mood, title: title.into(), text: text.into(), command: None };
    let question = TrustQuestion {
        context: "staging-eu".into(),
        context_name: "staging-eu".into(),
        program: "/home/jo/.local/bin/aws".into(),
        args: texts(&["eks", "get-token", "--cluster-name", "staging-eu", "--region", "eu-west-1", "--output", "json"]),
        sets: texts(&["AWS_PROFILE", "AWS_STS_REGIONAL_ENDPOINTS"]),
        inherits: texts(&["PATH", "HOME", "AWS_*"]),
        server: "https://3A9F41C7….eks.amazonaws.com".into(),
        asked_by: "~/.kube/config".into(),
        line: 82,
        signs: vec![
            sign(
                Mood::Doubt,
                "The program changed since you allowed it",
                "You agreed on 3 Nov to another file of that name. It was replaced on 11 Dec 22:14 by jo.",
            ),
            Sign {
                command: Some("chmod 0755 /home/jo/.local/bin".into()),
                ..sign(Mood::Doubt, "Others can replace the program", "/home/jo/.local/bin can be written by other users of this computer.")
            },
            sign(Mood::Good, "Your kubectl policy allows it", "~/.kube/kuberc lists aws."),
            sign(Mood::Good, "The file belongs to awscli 2.31.4", "Read from the package beside it. The program was not run."),
        ],
        seen: "s".into(),
        limit: Millis::seconds(60),
    };
    TrustSheetProps {
        question: Some(question),
        fault: None,
        busy: Ready::Yes,
        on_answer: Callback::noop(),
        on_close: Callback::noop(),
        on_fix: Callback::noop(),
    }
}

pub(crate) fn token_file() -> TokenFileSheetProps {
    let doubt = |title: &str, text: &str| Sign { mood: Mood::Doubt, title: title.into(), text: text.into(), command: None };
    let question = TokenFileQuestion {
        context: "lab".into(),
        context_name: "lab".into(),
        path: "/home/jo/.git-credentials".into(),
        server: "https://lab.example:6443".into(),
        asked_by: "~/Downloads/lab.yaml".into(),
        line: 12,
        signs: vec![
            doubt(
                "The file did not come with its kubeconfig",
                "~/Downloads/lab.yaml may have come from somebody else. It names ~/Downloads/../.git-credentials.",
            ),
            doubt("The server is not verified", "Whoever answers in place of https://lab.example:6443 gets what is sent there."),
        ],
        seen: "s".into(),
    };
    TokenFileSheetProps { question, fault: None, busy: Ready::Yes, on_answer: Callback::noop(), on_close: Callback::noop(), on_fix: Callback::noop() }
}

pub(crate) fn deletion() -> DeleteSheetProps {
    let texts = |all: &[&str]| all.iter().map(|t| (*t).to_owned()).collect();
    let deletion = Deletion {
        name: "kos-mgmt".into(),
        containers: texts(&["kos-mgmt-control-plane"]),
        kubeconfig: texts(&["kind-kos-mgmt in ~/.kube/config"]),
        workloads: texts(&["lab-a", "lab-b"]),
        command: "kind delete cluster --name kos-mgmt".into(),
        typed: "kos-mgmt".into(),
        seen: "s".into(),
    };
    DeleteSheetProps {
        name: "kos-mgmt".into(),
        deletion: Some(deletion),
        fault: None,
        busy: Ready::Yes,
        children: Html::default(),
        on_delete: Callback::noop(),
        on_close: Callback::noop(),
        on_fix: Callback::noop(),
    }
}

pub(crate) fn change() -> MakeCurrentSheetProps {
    let texts = |all: &[&str]| all.iter().map(|t| (*t).to_owned()).collect();
    let change = FileChange {
        file: "/home/jo/.kube/config".into(),
        shown: "~/.kube/config".into(),
        before: texts(&["contexts:", "# work", "current-context: staging-eu", "kind: Config"]),
        after: texts(&["contexts:", "# work", "current-context: dev-eu", "kind: Config"]),
        first_line: 61,
        seen: "s".into(),
        command: "kubectl config use-context dev-eu".into(),
    };
    MakeCurrentSheetProps {
        name: "dev-eu".into(),
        guard: Guard::Open,
        change: Some(change),
        fault: None,
        refused: None,
        saving: Ready::Yes,
        on_write: Callback::noop(),
        on_save: Callback::noop(),
        on_close: Callback::noop(),
        on_fix: Callback::noop(),
    }
}

fn spec() -> ManagementSpec {
    let version = || "v1.14.0".to_owned();
    ManagementSpec {
        name: "kos-mgmt".into(),
        kubernetes: "v1.36.1".into(),
        control_planes: 1,
        workers: 0,
        api_port: None,
        docker_socket: SocketMount::Mounted { host_path: "/var/run/docker.sock".into() },
        providers: ProviderVersions { core: version(), kubeadm_bootstrap: version(), kubeadm_control_plane: version(), docker: Some(version()) },
        wait_seconds: 300,
        ports: vec![],
        mounts: vec![],
        network: api::local::NetworkPlugin::Kindnet,
        purpose: api::local::Purpose::Manages,
        workload: None,
    }
}

fn workload() -> ClusterForm {
    let pool = Pool { name: "md-0".into(), class: "default-worker".into(), replicas: 1, labels: vec![], taints: vec![] };
    ClusterForm {
        namespace: "default".into(),
        name: "lab-a".into(),
        class: ClassName { namespace: "default".into(), name: "kos-docker".into() },
        version: "v1.36.1".into(),
        control_planes: 1,
        pools: vec![pool],
        network: ClusterNetwork::Kindnet,
        pod_range: "192.168.0.0/16".into(),
        service_range: "10.128.0.0/12".into(),
        variables: Default::default(),
        yaml: None,
    }
}

fn plan() -> PlanView {
    let steps = later(0).into_iter().map(|s| PlannedStep { title: s.title, detail: s.detail, expected: s.expected, amount: None }).collect();
    let inotify = Fault::new(FaultCode::Step, "No inotify instances are left; new nodes need some.").because("/proc/sys/fs/inotify/max_user_instances", "128");
    PlanView {
        title: title(),
        sentence: SENTENCE.into(),
        steps,
        commands: vec!["kind create cluster --name kos-mgmt --config kos-mgmt.yaml --retain".into(), "clusterctl init --infrastructure docker:v1.14.0".into()],
        files: vec![PlannedFile {
            path: "kos-mgmt.yaml".into(),
            text: "kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes:\n- role: control-plane".into(),
        }],
        obstacles: vec![Obstacle { severity: Severity::Risk, field: String::new(), why: inotify }],
        learned_from: 6,
        docker: String::new(),
        seen: "p".into(),
    }
}

pub(crate) fn form() -> CreateSheetProps {
    let image = |kubernetes: &str, is| NodeImage { kubernetes: kubernetes.into(), image: format!("kindest/node:{kubernetes}"), is };
    let images = vec![image("v1.36.1", ImageIs::Here { bytes: Some(1_084_000_000) }), image("v1.35.4", ImageIs::ToBePulled { bytes: Some(400_000_000) })];
    let draft = Draft::new(Suggestion { spec: spec(), workload: workload(), images });
    CreateSheetProps {
        draft,
        wrongs: vec![],
        plan: Some(Rc::new(plan())),
        fault: None,
        busy: Ready::Yes,
        config: Config::default(),
        on_config: Callback::noop(),
        on_config_left: Callback::noop(),
        on_edit: Callback::noop(),
        on_look: Callback::noop(),
        on_create: Callback::noop(),
        on_cancel: Callback::noop(),
        on_fix: Callback::noop(),
    }
}

/// With a workload cluster on it, whose name is taken.
pub(crate) fn whole_form() -> CreateSheetProps {
    let mut form = form();
    form.draft = form.draft.edited(Edit::OnIt(OnIt::Cluster));
    let mut plan = plan();
    plan.files.push(PlannedFile { path: "lab-a.yaml".into(), text: "apiVersion: cluster.x-k8s.io/v1beta2\nkind: ClusterClass".into() });
    let taken = Fault::new(FaultCode::Invalid, "There is a cluster named lab-a on this machine: its container is lab-a-lb.");
    plan.obstacles.push(Obstacle { severity: Severity::Unusable, field: "workload".into(), why: taken });
    CreateSheetProps { plan: Some(Rc::new(plan)), ..form }
}

pub(crate) fn broken_form() -> CreateSheetProps {
    let form = form();
    let draft = form.draft.clone().edited(Edit::Name("Lab B".into())).edited(Edit::Port("80".into()));
    let wrongs = draft.wrongs(&[]);
    CreateSheetProps { draft, wrongs, plan: None, ..form }
}

/// Every part that kind can have beyond the plain form, and an edited configuration with a line that the form cannot take.
pub(crate) fn edited_form() -> CreateSheetProps {
    let form = form();
    let port = PortText { host: "8080".into(), node: "80".into(), ..PortText::blank() };
    let mount = ExtraMount { host_path: "/srv/charts".into(), node_path: "/charts".into(), access: Access::ReadOnly };
    let edits = [Edit::Ports(vec![port]), Edit::Mounts(vec![mount]), Edit::Network(api::local::NetworkPlugin::NotInstalled)];
    let draft = edits.into_iter().fold(form.draft.clone(), Draft::edited);
    let lines =
        vec![WrongLine { line: 4, sentence: "The form has no place for “labels” of a node. Remove it, or run kind yourself with this file.".into() }];
    let wrongs = config_trouble(&lines).into_iter().collect();
    let config = Config { typed: Some("kind: Cluster\nnodes:\n- role: control-plane\n  labels: {}".into()), lines };
    CreateSheetProps { draft, wrongs, config, ..form }
}
