//! What does a fleet look like in tests and pictures?

use std::rc::Rc;

use api::{
    Fault, FaultCode, Millis, Timestamp,
    app::{Looked, LookedAt},
    computer::{CheckGroup, CheckId, CheckRow, ComputerView, DockerState, Mode, Verdict},
    contexts::{ContextRow, Favourite, Guard, Identity, Link, SignIn, Tile, TlsCheck, Way},
    files::{FileRow, FileState, Origin, Problem, Severity},
    jobs::{Amount, JobRow, JobState, PlanView, PlannedStep, StepMark, Words},
    local::{ContainerState, ImageIs, LocalRow, LocalState, Maker, NodeMark, Role},
    tables::{Health, PodRow, TableRow},
};

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// 14:02 of some day.
pub(crate) const NOW: Timestamp = Timestamp(20_000 * DAY + 14 * HOUR + 2 * MINUTE);

pub(crate) fn before(ms: u64) -> Timestamp {
    Timestamp(NOW.0 - ms)
}

pub(crate) fn after(ms: u64) -> Timestamp {
    Timestamp(NOW.0 + ms)
}

fn node(state: ContainerState) -> NodeMark {
    NodeMark { container: String::new(), role: String::new(), state, since: None }
}

fn cluster(order: u32, name: &str, role: Role, state: LocalState, nodes: Vec<ContainerState>, version: &str, age: u64) -> Rc<LocalRow> {
    Rc::new(LocalRow {
        name: name.into(),
        order,
        role,
        state,
        nodes: nodes.into_iter().map(node).collect(),
        balancers: vec![],
        version: version.into(),
        created: Some(before(age)),
        context: Some(name.into()),
        cpu_milli: None,
        memory_bytes: None,
        job: None,
    })
}

pub(crate) fn local() -> Vec<Rc<LocalRow>> {
    use ContainerState::{Exited, Paused, Running};
    let managed = || Role::Workload { of: Some("kos-mgmt".into()) };
    vec![
        cluster(0, "kos-mgmt", Role::Management, LocalState::Running, vec![Running], "v1.36.1", 9 * DAY),
        cluster(1, "lab-a", managed(), LocalState::Running, vec![Running; 4], "v1.36.1", 6 * DAY),
        cluster(2, "lab-b", managed(), LocalState::Mixed { running: 3, of: 4 }, vec![Running, Running, Running, Exited { code: 137 }], "v1.36.1", 6 * MINUTE),
        cluster(3, "ci-smoke", managed(), LocalState::Paused, vec![Paused; 2], "v1.35.4", 2 * DAY),
        cluster(
            4,
            "scratch",
            Role::Plain,
            LocalState::Stopped { since: Some(before(4 * HOUR + 50 * MINUTE)) },
            vec![Exited { code: 0 }, Exited { code: 0 }],
            "v1.34.0",
            31 * DAY,
        ),
        Rc::new(LocalRow {
            context: None,
            ..(*cluster(5, "play", Role::Foreign { by: Maker::K3d }, LocalState::Running, vec![Running; 2], "v1.35.4+k3s1", 12 * DAY)).clone()
        }),
    ]
}

fn file(order: u32, shown: &str, state: FileState, current: &str, contexts: u32, problems: Vec<Problem>) -> Rc<FileRow> {
    Rc::new(FileRow { id: shown.into(), shown: shown.into(), order, origin: Origin::Added, state, current_context: current.into(), contexts, problems })
}

pub(crate) fn files() -> Vec<Rc<FileRow>> {
    let twice = Problem {
        rule: "KC02".into(),
        severity: Severity::Unusable,
        line: 14,
        entry: String::new(),
        sentence: "The key user appears twice. Its 3 contexts are not shown.".into(),
    };
    vec![
        file(0, "~/.kube/config", FileState::Good, "dev-eu", 5, vec![]),
        file(1, "~/.kube/homelab.yaml", FileState::Good, "", 2, vec![]),
        file(2, "~/clients/gke.yaml", FileState::Good, "", 1, vec![]),
        file(3, "~/.kube/old.yaml", FileState::Unreadable, "", 0, vec![twice]),
    ]
}

struct Context(ContextRow);

impl Context {
    #[expect(clippy::too_many_arguments, reason = "a line of the sample fleet reads as a row of a table")]
    fn new(order: u32, name: &str, letters: &str, hue: u8, file: &str, way: Way, version: &str, used: u64) -> Self {
        Self(ContextRow {
            id: format!("{file}#{name}").into(),
            name: name.into(),
            file: file.into(),
            order,
            tile: Tile { letters: letters.into(), hue },
            server: format!("https://{name}.example:6443"),
            namespace: String::new(),
            namespaces: vec![],
            left_at: String::new(),
            sign_in: SignIn { way, expires: None },
            tls: TlsCheck::Verified,
            guard: Guard::Open,
            own_guard: Guard::Open,
            favourite: Favourite::No,
            link: Link::Unopened,
            version: version.into(),
            identity: None,
            last_used: Some(before(used)),
            problems: vec![],
            current_for_kubectl: false,
            workload: None,
            away: vec![],
        })
    }

    fn link(mut self, link: Link) -> Self {
        self.0.link = link;
        self
    }

    fn live(self, ms: u64) -> Self {
        self.link(Link::Live { since: before(HOUR), latency: Millis(ms) })
    }

    fn pinned(mut self, place: u32) -> Self {
        self.0.favourite = Favourite::Pinned { place };
        self
    }

    /// By a rule of the settings.
    fn protected(mut self) -> Self {
        self.0.guard = Guard::Protected;
        self
    }

    fn expires(mut self, at: Timestamp) -> Self {
        self.0.sign_in.expires = Some(at);
        self
    }

    fn unverified(mut self) -> Self {
        self.0.tls = TlsCheck::NotVerified;
        self
    }

    fn identity(mut self, user: &str) -> Self {
        self.0.identity = Some(Identity { user: user.into(), groups: vec![] });
        self
    }

    fn row(self) -> Rc<ContextRow> {
        Rc::new(self.0)
    }
}

fn plugin(command: &str) -> Way {
    Way::Plugin { command: command.into() }
}

pub(crate) fn contexts() -> Vec<Rc<ContextRow>> {
    let (config, homelab, gke) = ("~/.kube/config", "~/.kube/homelab.yaml", "~/clients/gke.yaml");
    let expired = Fault::new(FaultCode::SignIn, "The token expired at 13:41.").because("aws eks get-token", "Error: token is expired");
    let away = Fault::new(FaultCode::Unreachable, "perf-lab does not answer.").because("https://10.4.0.1:6443", "No route to host");
    let lost = Fault::new(FaultCode::Plugin, "gke-gcloud-auth-plugin was not found.").because("PATH", "no such file");
    vec![
        Context::new(0, "dev-eu", "DE", 7, config, plugin("kubelogin get-token"), "v1.35.4", 0).live(18).pinned(0).identity("jo@acme.dev").row(),
        Context::new(1, "staging-eu", "ST", 3, config, plugin("aws eks get-token"), "v1.35.4", HOUR)
            .link(Link::NeedsYou { since: before(21 * MINUTE), why: expired })
            .pinned(1)
            .row(),
        Context::new(2, "prod-eu-1", "PE", 1, config, plugin("kubelogin get-token"), "v1.35.2", 8 * MINUTE).live(24).protected().pinned(2).row(),
        Context::new(3, "prod-us-1", "PU", 1, config, plugin("kubelogin get-token"), "", 12 * DAY).protected().row(),
        Context::new(4, "perf-lab", "PL", 2, config, Way::ClientCertificate, "v1.34.6", 2 * DAY)
            .expires(after(204 * DAY))
            .link(Link::Unreachable { since: before(10 * MINUTE), why: away, retry_at: after(3 * MINUTE + 40_000) })
            .row(),
        Context::new(5, "pi-rack", "PI", 8, homelab, Way::ClientCertificate, "v1.36.0", 3 * HOUR).expires(after(12 * DAY)).unverified().live(4).pinned(3).row(),
        Context::new(6, "nas-k3s", "NK", 2, homelab, Way::Token, "v1.33.9", 6 * DAY).row(),
        Context::new(7, "gke-batch", "GK", 4, gke, plugin("gke-gcloud-auth-plugin"), "", 40 * DAY)
            .link(Link::NeedsYou { since: before(HOUR), why: lost })
            .row(),
    ]
}

pub(crate) fn jobs() -> Vec<Rc<JobRow>> {
    let job = |id: &str, title: Words, state: JobState, marks: Vec<StepMark>, started: Timestamp, ended: Option<Timestamp>| {
        Rc::new(JobRow { id: id.into(), title, detail: Words::default(), state, marks, place: "7 of 9, join machines".into(), started, ended })
    };
    vec![
        job("2", Words::said("Create ").then("lab-b"), JobState::Running, vec![StepMark::Done, StepMark::Running, StepMark::Waiting], before(366_000), None),
        job("1", Words::said("Stop scratch"), JobState::Done, vec![StepMark::Done; 3], before(5 * HOUR), Some(before(4 * HOUR + 50 * MINUTE))),
    ]
}

pub(crate) fn check_row(id: CheckId, title: &str, verdict: Verdict, found: &str, explanation: &str) -> Rc<CheckRow> {
    Rc::new(CheckRow {
        id,
        title: title.into(),
        verdict,
        matters: String::new(),
        found: found.into(),
        needed: String::new(),
        explanation: explanation.into(),
        fixes: vec![],
        evidence: vec![],
        checked: Some(NOW),
    })
}

pub(crate) fn checks() -> Vec<Rc<CheckRow>> {
    assert_eq!(CheckId::InotifyInstances.group(), CheckGroup::Kernel);
    let room = |id, found: &str, needed: &str| Rc::new(CheckRow { needed: needed.into(), ..(*check_row(id, "", Verdict::Passed, found, "")).clone() });
    vec![
        room(CheckId::Memory, "8.5 GB free", "4 GB"),
        room(CheckId::Disk, "179.0 GB free", "20 GB"),
        check_row(CheckId::InotifyInstances, "No inotify instances are left", Verdict::Failed, "128 of 128", "All 128 are in use. New machines cannot join."),
        check_row(CheckId::Kind, "kind 0.32.0", Verdict::Passed, "/usr/local/bin/kind", ""),
        check_row(CheckId::Clusterctl, "clusterctl", Verdict::Failed, "not found", ""),
        check_row(CheckId::Kubectl, "kubectl 1.36.0", Verdict::Passed, "/usr/bin/kubectl", ""),
    ]
}

pub(crate) fn computer(docker: DockerState) -> ComputerView {
    ComputerView {
        system: "Debian 12, Linux 6.1".into(),
        processors: 8,
        memory_total: 15_600_000_000,
        memory_free: 8_500_000_000,
        disk_total: 240_000_000_000,
        disk_free: 179_000_000_000,
        docker_root: "/var/lib/docker".into(),
        docker,
        containers: 11,
        inotify_used: 128,
        inotify_limit: 128,
        looked: Some(before(2_000)),
        mode: Mode::Real,
    }
}

pub(crate) fn docker() -> DockerState {
    DockerState::Running { version: "28.1.1".into(), answer_ms: 3 }
}

pub(crate) fn looked_at() -> Vec<LookedAt> {
    let at = |place: &str, result: Looked| LookedAt { place: place.into(), result };
    vec![at("~/.kube/config", Looked::NoFile), at("KUBECONFIG", Looked::NotSet)]
}

pub(crate) fn plan() -> PlanView {
    let step = |title: &str, detail: &str, seconds: u64| PlannedStep {
        title: Words::said(title),
        detail: Words::said(detail),
        expected: Millis::seconds(seconds),
        amount: None,
    };
    let counted = |amount, step: PlannedStep| PlannedStep { amount: Some(amount), ..step };
    PlanView {
        title: Words::said("Create kos-mgmt"),
        sentence: String::new(),
        steps: vec![
            step("Check this machine", "", 2),
            counted(Amount::Image(ImageIs::ToBePulled { bytes: Some(412_000_000) }), step("Pull the node image", "kindest/node:v1.36.1", 72)),
            step("Start the node container", "", 7),
            step("Start the control plane", "", 31),
            step("Add the network", "", 4),
            step("Install cert-manager", "", 44),
            counted(Amount::Providers { count: 4 }, step("Install Cluster API", "core, kubeadm bootstrap, kubeadm control plane, Docker", 58)),
            step("Wait for webhooks", "", 24),
            step("Save a kubeconfig", "in its own file", 1),
        ],
        commands: vec![],
        files: vec![],
        obstacles: vec![],
        learned_from: 0,
        docker: String::new(),
        seen: String::new(),
    }
}

#[expect(clippy::too_many_arguments, reason = "a line of the sample fleet reads as a row of a table")]
fn pod(namespace: &str, name: &str, status: &str, health: Health, ready: u16, of: u16, restarts: u32, age: u64) -> TableRow {
    TableRow::Pod(PodRow {
        namespace: namespace.into(),
        name: name.into(),
        ready,
        containers: of,
        status: status.into(),
        health,
        restarts,
        last_restart: (restarts > 0).then(|| before(HOUR)),
        node: "ip-10-4-31-87".into(),
        ip: "10.42.7.19".into(),
        created: Some(before(age)),
    })
}

pub(crate) fn pods() -> Vec<Rc<TableRow>> {
    let mut all = vec![
        pod("shop", "checkout-api-6d5f7c9b4-t8xqn", "CrashLoopBackOff", Health::Failed, 1, 2, 6, 22 * MINUTE),
        pod("shop", "image-resizer-7c44d8d9f6-m2krz", "ImagePullBackOff", Health::Failed, 0, 1, 0, 8 * MINUTE),
        pod("payments", "fraud-score-vls9xs67d-9hh9c", "Running", Health::Warning, 0, 1, 0, 3 * HOUR),
        pod("payments", "ledger-fbzz6552b-mgwnl", "Init:1/2", Health::Progress, 0, 2, 0, 12_000),
        TableRow::Unreadable { namespace: "shop".into(), name: "odd".into(), why: "invalid type: string, expected a map".into() },
        pod("shop", "web-4l6thqtpl-5vmzt", "Terminating", Health::Idle, 1, 1, 0, 2 * DAY),
    ];
    all.extend((0..40).map(|n| pod("shop", &format!("catalog-8jqnwxjhv-bk{n:03}"), "Running", Health::Healthy, 1, 1, 0, 6 * HOUR)));
    all.into_iter().map(Rc::new).collect()
}

pub(crate) fn denied() -> Fault {
    Fault::new(FaultCode::Denied, "You may not list pods in all namespaces.")
        .because("https://dev-eu.example:6443", "pods is forbidden: User \"jo@acme.dev\" cannot list resource \"pods\" in API group \"\" at the cluster scope")
}
