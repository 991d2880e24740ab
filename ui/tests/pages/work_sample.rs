//! What do jobs, checks and questions look like in tests and pictures?

use std::{cell::RefCell, rc::Rc};

use api::{
    Fault, FaultCode, Fix, Millis, Quote, Status, Timestamp,
    app::{About, Looked, LookedAt},
    computer::{CheckFix, CheckId, CheckRow, Mode, Verdict},
    jobs::{CommandRun, Finding, JobRow, JobState, JobView, Made, OutputLine, Part, PartState, StepMark, StepRow, Tone, UndoIs, Words},
    programs::{Tool, ToolOffer},
    settings::{Choices, SettingsView},
};
use ui::{
    model::{
        clock::Clock,
        needs::{Lead, Need},
        output::Output,
        settings::Section,
    },
    pages::{
        add_cluster::AddClusterSheetProps,
        crash::CrashSheetProps,
        doctor::{DoctorSheetProps, offer::OfferSheetProps},
        job::{COLUMNS, Change, JobSheetProps, Lines},
        jobs::JobsSheetProps,
        settings::SettingsSheetProps,
    },
    widgets::{Ready, State},
};
use yew::{Callback, Html};

use super::sample;

#[path = "question_sample.rs"]
mod questions;

pub(crate) use questions::{broken_form, change, deletion, edited_form, form, token_file, trust, whole_form};

const DAY: u64 = 86_400_000;
/// 14:04:23 of some day.
const NOW: Timestamp = at(14, 4, 23, 118);

const fn at(hour: u64, minute: u64, second: u64, ms: u64) -> Timestamp {
    Timestamp(20_000 * DAY + ((hour * 60 + minute) * 60 + second) * 1_000 + ms)
}

pub(crate) fn clock() -> Clock {
    Clock { now: NOW, zone_minutes: 0 }
}

fn step(mark: StepMark, title: &str, detail: Words, expected: u64, took: Option<u64>, lines: u32) -> StepRow {
    StepRow {
        title: Words::said(title),
        detail,
        mark,
        expected: Millis::seconds(expected),
        started: (mark == StepMark::Running).then_some(Timestamp(NOW.0 - 21_000)),
        took: took.map(Millis::seconds),
        attempt: 1,
        share: None,
        parts: vec![],
        lines,
    }
}

fn view(title: Words, state: JobState, steps: Vec<StepRow>, sentence: &str) -> JobView {
    JobView {
        row: JobRow {
            id: "j1".into(),
            title,
            detail: Words::default(),
            state,
            marks: steps.iter().map(|s| s.mark).collect(),
            place: String::new(),
            started: Timestamp(NOW.0 - 135_000),
            ended: None,
        },
        sentence: sentence.into(),
        steps,
        commands: vec![CommandRun {
            step: 2,
            at: at(14, 3, 20, 0),
            line: "kind create cluster --name kos-mgmt --config kos-mgmt.yaml --retain".into(),
            exit: Some("exit 0".into()),
            took: Some(Millis::seconds(43)),
        }],
        made: vec![Made { step: 2, kind: "Container".into(), name: "kos-mgmt-control-plane".into(), at: at(14, 3, 20, 0) }],
        undo: UndoIs::Removal,
        learned_from: 6,
        found: vec![],
        looked: None,
        restarted: None,
        undo_takes: None,
        log_file: "~/.local/state/kos/jobs/j1.log".into(),
        command: "kind create cluster --name kos-mgmt --config kos-mgmt.yaml --retain".into(),
    }
}

const SENTENCE: &str = "kind with one node in Docker, Kubernetes v1.36.1, Cluster API v1.14.0.";

fn title() -> Words {
    Words::said("Create management cluster ").mono("kos-mgmt")
}

fn later(from: usize) -> Vec<StepRow> {
    use StepMark::Waiting;
    let all = [
        ("Start the control plane", Words::default(), 31),
        ("Add the network", Words::default(), 4),
        ("Install cert-manager", Words::default(), 44),
        ("Install Cluster API v1.14.0", Words::said("core, kubeadm bootstrap, kubeadm control plane, Docker"), 58),
        ("Wait for webhooks", Words::said("so that the first apply cannot fail"), 24),
        ("Save a kubeconfig", Words::said("context ").mono("kind-kos-mgmt").then(", in its own file"), 1),
    ];
    all.into_iter()
        .skip(from)
        .map(|(title, detail, expected)| step(Waiting, title, if from == 0 { Words::default() } else { detail }, expected, None, 0))
        .collect()
}

pub(crate) fn lines(job: &JobView, text: &[(Timestamp, u32, Tone, &str)]) -> Lines {
    assert!(!job.steps.is_empty());
    let rows: Vec<OutputLine> =
        text.iter().zip(1..).map(|((at, step, tone, text), number)| OutputLine { number, step: *step, at: *at, tone: *tone, text: (*text).into() }).collect();
    let mut output = Output::of_width(COLUMNS);
    output.take(&rows);
    Lines { output: Rc::new(RefCell::new(output)), version: 1 }
}

pub(crate) fn running() -> JobSheetProps {
    use StepMark::{Done, Running};
    let said = Words::said;
    let mut cert = step(Running, "Install cert-manager", said("v1.21.1, waiting for its webhook to answer"), 44, None, 18);
    let part = |name: &str, state, detail: &str, count: &str| Part { name: name.into(), state, detail: detail.into(), count: count.into() };
    cert.parts = vec![
        part("cert-manager", PartState::Ready, "", "1 / 1"),
        part("cert-manager-cainjector", PartState::Ready, "", "1 / 1"),
        part("cert-manager-webhook", PartState::Working, "pulling image", "0 / 1"),
    ];
    let mut steps = vec![
        step(Done, "Check this machine", said("12 of 12 checks passed"), 4, Some(2), 12),
        step(Done, "Pull the node image", Words::default().mono("kindest/node:v1.36.1").then(", 412 MB"), 72, Some(69), 9),
        step(Done, "Start the node container", Words::default().mono("kos-mgmt-control-plane").then(", API on 127.0.0.1:41873"), 7, Some(6), 6),
        step(Done, "Start the control plane", said("kubeadm init"), 31, Some(33), 212),
        step(Done, "Add the network", said("kindnet and the default StorageClass"), 4, Some(4), 4),
        cert,
    ];
    steps.extend(later(3));
    let job = view(title(), JobState::Running, steps, SENTENCE);
    let p = Tone::Plain;
    let text = [
        (at(14, 4, 2, 114), 5, p, "Installing cert-manager version=v1.21.1"),
        (at(14, 4, 2, 380), 5, p, "Created Namespace/cert-manager"),
        (at(14, 4, 2, 391), 5, p, "Created CustomResourceDefinition/certificaterequests.cert-manager.io"),
        (at(14, 4, 3, 15), 5, p, "Created 13 ClusterRoles, 10 ClusterRoleBindings, 5 Roles, 5 RoleBindings"),
        (at(14, 4, 3, 318), 5, Tone::Ours, "Waiting for cert-manager to be available, at most 10 min"),
        (at(14, 4, 14, 612), 5, p, "Pod/cert-manager-webhook-7d9f8c6b5-2vxkq: Pulling quay.io/jetstack/cert-manager-webhook:v1.21.1"),
        (at(14, 4, 23, 118), 5, p, "Test Issuer was refused: no endpoints available for service \"cert-manager-webhook\". Trying again."),
    ];
    let lines = lines(&job, &text);
    JobSheetProps { job: Rc::new(job), lines, clock: clock(), checks: vec![], change: Change::Unknown, on: Callback::noop() }
}

const SYSCTL: &str = "sudo sysctl -w fs.inotify.max_user_instances=8192 fs.inotify.max_user_watches=1048576";

fn no_inotify() -> Fault {
    Fault::new(FaultCode::Step, "This machine has no inotify instances left.")
        .because("kind, 14:07:36", "could not find a log line that matches \"Reached target .*Multi-User System.*|detected cgroup v1\"")
        .because("container kos-mgmt-control-plane, 14:07:05", "Failed to create control group inotify object: Too many open files")
        .unharmed("systemd in the new node asked the kernel for an inotify instance. The limit on this machine is 128 and all of them are in use. Steps 1 and 2 stay done.")
        .fix(Fix::Copy { label: "Raise the limit".into(), command: SYSCTL.into() })
        .fix(Fix::RetryJob("j1".into()))
}

pub(crate) fn failed() -> JobSheetProps {
    use StepMark::{Done, Failed};
    let said = Words::said;
    let mut steps = vec![
        step(Done, "Check this machine", said("11 of 12 checks passed, 1 warning was accepted"), 4, Some(2), 12),
        step(Done, "Pull the node image", Words::default().mono("kindest/node:v1.36.1").then(" was already here"), 72, Some(1), 2),
        step(Failed, "Start the node container", said("systemd inside the container did not start"), 7, Some(33), 8),
    ];
    steps.extend(later(0));
    let job = view(title(), JobState::Failed { step: 2, why: no_inotify() }, steps, SENTENCE);
    let (p, f) = (Tone::Plain, Tone::Failed);
    let text = [
        (at(14, 7, 3, 220), 2, p, " • Preparing nodes ..."),
        (
            at(14, 7, 3, 402),
            2,
            p,
            "docker run --name kos-mgmt-control-plane --hostname kos-mgmt-control-plane --privileged --tmpfs /tmp --tmpfs /run --net kind --restart=on-failure:1 --publish=127.0.0.1:41873:6443/TCP kindest/node:v1.36.1",
        ),
        (at(14, 7, 5, 118), 2, p, "systemd 257 running in system mode"),
        (at(14, 7, 5, 119), 2, f, "Failed to create control group inotify object: Too many open files"),
        (at(14, 7, 5, 119), 2, f, "Failed to allocate manager object: Too many open files"),
        (at(14, 7, 5, 121), 2, p, "[!!!!!!] Failed to allocate manager object. Exiting PID 1..."),
        (at(14, 7, 36, 4), 2, p, " ✗ Preparing nodes"),
        (
            at(14, 7, 36, 10),
            2,
            f,
            "ERROR: failed to create cluster: could not find a log line that matches \"Reached target .*Multi-User System.*|detected cgroup v1\"",
        ),
    ];
    let lines = lines(&job, &text);
    JobSheetProps { job: Rc::new(job), lines, clock: clock(), checks: checks(), change: Change::Possible, on: Callback::noop() }
}

pub(crate) fn interrupted() -> CrashSheetProps {
    use StepMark::{Done, Interrupted, Waiting};
    let said = Words::said;
    let steps = vec![
        step(Done, "Check this machine", said("12 of 12 passed"), 2, Some(2), 0),
        step(Done, "Pull the node image", said("was already here"), 72, Some(1), 0),
        step(Done, "Start the node container", Words::default().mono("lab-c-control-plane"), 7, Some(8), 0),
        step(Interrupted, "Add the network", said("stopped here: nothing was applied"), 4, Some(3), 0),
        step(Waiting, "Save a kubeconfig", Words::default(), 1, None, 0),
    ];
    let mut job = view(Words::said("Create cluster ").mono("lab-c"), JobState::Interrupted { step: 3, amid: api::jobs::Amid::Run }, steps, "");
    job.row.ended = Some(at(9, 41, 18, 0));
    let found = |state, kind: &str, name: &str, noted: &str, found: &str, means: &str| Finding {
        state,
        kind: kind.into(),
        name: name.into(),
        noted: noted.into(),
        found: found.into(),
        means: means.into(),
    };
    job.looked = Some(clock().now);
    (job.restarted, job.undo_takes) = (Some(at(9, 58, 0, 0)), Some(Millis::seconds(25)));
    job.found = vec![
        found(PartState::Ready, "Network", "kind", "made 09:39:40", "here", "no one changed it since"),
        found(PartState::Failed, "Container", "lab-c-control-plane", "running", "stopped at 09:41, exit 137", "Docker does not start it again by itself"),
        found(PartState::Waiting, "Kubeconfig", "lab-c.yaml", "not yet", "not there", "step 5 makes it"),
    ];
    let other = JobRow {
        id: "j2".into(),
        title: Words::said("Write 2 changes to ").mono("~/.kube/config"),
        detail: Words::said("The file holds both changes and reads well."),
        ..job.row.clone()
    };
    CrashSheetProps { job: Rc::new(job), others: vec![Rc::new(other)], clock: clock(), on: Callback::noop() }
}

pub(crate) fn jobs() -> JobsSheetProps {
    use StepMark::{Done, Failed, Interrupted, Running, Waiting};
    let row = |id: &str, title: &str, detail: Words, state, marks: &[StepMark], place: &str, seconds: u64, ended: bool| {
        let started = Timestamp(NOW.0 - 3_600_000 * u64::from(ended) - seconds * 1_000);
        let ended = ended.then(|| Timestamp(started.0 + seconds * 1_000));
        Rc::new(JobRow { id: id.into(), title: Words::said(title), detail, state, marks: marks.to_vec(), place: place.into(), started, ended })
    };
    let said = Words::said;
    let jobs = vec![
        row(
            "1",
            "Create cluster lab-c",
            said("KOS ended while it ran. Nothing goes on before you choose."),
            JobState::Interrupted { step: 3, amid: api::jobs::Amid::Run },
            &[Done, Done, Done, Interrupted, Waiting],
            "4 of 5, add the network",
            60,
            false,
        ),
        row(
            "2",
            "Create workload cluster lab-b",
            said("Machine ").mono("x7k2p").then(" joins for 5:05. It usually takes 0:35."),
            JobState::Running,
            &[Done, Done, Done, Done, Done, Done, Running, Waiting, Waiting],
            "7 of 9, join machines",
            366,
            false,
        ),
        row(
            "3",
            "Create management cluster edge-mgmt",
            said("Stopped at step 3: no inotify instances left on this machine."),
            JobState::Failed { step: 2, why: no_inotify() },
            &[Done, Done, Failed, Waiting, Waiting, Waiting, Waiting, Waiting, Waiting],
            "stopped at 3 of 9",
            36,
            true,
        ),
        row("4", "Delete cluster old-lab", said("11 objects are gone."), JobState::Done, &[Done, Done, Done], "3 of 3", 41, true),
    ];
    let sign_in = Need {
        state: State::Stale,
        head: "Sign in to staging-eu".into(),
        text: "The token expired at 13:41.".into(),
        since: "since 13:41".into(),
        verb: "Sign in".into(),
        lead: Lead::Explain("/home/jo/.kube/config#staging-eu".into()),
    };
    JobsSheetProps {
        jobs,
        needs: vec![sign_in],
        status: Status::Live,
        clock: clock(),
        on: Callback::noop(),
        on_create: Callback::noop(),
        on_lead: Callback::noop(),
    }
}

fn check(id: CheckId, title: &str, verdict: Verdict, matters: &str, found: &str, needed: &str) -> CheckRow {
    CheckRow {
        id,
        title: title.into(),
        verdict,
        matters: matters.into(),
        found: found.into(),
        needed: needed.into(),
        explanation: String::new(),
        fixes: vec![],
        evidence: vec![],
        checked: Some(Timestamp(NOW.0 - 12_000)),
    }
}

pub(crate) fn checks() -> Vec<Rc<CheckRow>> {
    use Verdict::{Failed, Passed, Warning};
    let fix = |label: &str, command: &str| CheckFix { label: label.into(), command: command.into(), remedy: None };
    let mut inotify =
        check(CheckId::InotifyInstances, "inotify instances", Failed, "each node runs systemd and a kubelet that use them", "128", "8192 or more");
    inotify.explanation =
        "All 128 are in use. A new node fails with “too many open files”, which looks like a machine that never joins. One machine of lab-b is in that state."
            .into();
    inotify.fixes = vec![
        fix("Now", "sudo sysctl -w fs.inotify.max_user_instances=8192"),
        fix("After restarts", "echo fs.inotify.max_user_instances=8192 | sudo tee /etc/sysctl.d/90-kos.conf"),
    ];
    let mut watches = check(CheckId::InotifyWatches, "inotify watches", Warning, "the same, for watched files", "192,536", "1,048,576");
    watches.explanation = "Enough for two small clusters.".into();
    let mut kind = check(CheckId::Kind, "kind", Passed, "makes nodes in Docker", "0.32.0", "0.30.0 or newer");
    kind.evidence = vec![Quote { source: "/usr/local/bin/kind".into(), text: "kind v0.32.0 go1.25.1 linux/amd64".into() }];
    let rows = vec![
        inotify,
        watches,
        check(CheckId::CgroupVersion, "cgroup version", Passed, "Kubernetes 1.35 and newer refuse version 1", "v2", "v2"),
        check(CheckId::Docker, "Docker answers", Passed, "KOS talks to the socket, not to a command", "28.1.1, 3 ms", "20.10 or newer"),
        check(CheckId::DockerSocket, "Socket can be mounted", Passed, "Cluster API makes machines through it", "yes", "yes"),
        check(CheckId::Memory, "Memory for Docker", Passed, "one management and one small cluster", "8.5 GB free", "4 GB"),
        check(CheckId::Disk, "Disk at Docker root", Passed, "a full disk stops etcd without a message", "179 GB free", "20 GB"),
        kind,
        check(CheckId::Clusterctl, "clusterctl", Failed, "installs Cluster API", "not found", "1.14.0 or newer"),
        check(CheckId::SignInPlugins, "Sign-in plugins", Passed, "contexts sign in with them; found through your login shell", "aws, kubelogin", "per context"),
    ];
    rows.into_iter().map(Rc::new).collect()
}

pub(crate) fn doctor() -> DoctorSheetProps {
    DoctorSheetProps {
        checks: checks(),
        computer: Some(Rc::new(sample::computer(sample::docker()))),
        left_over: api::local::Leftovers::default(),
        clock: clock(),
        busy: Ready::Yes,
        fault: None,
        on: Callback::noop(),
    }
}

pub(crate) fn offer() -> OfferSheetProps {
    let offer = ToolOffer {
        tool: Tool::Clusterctl,
        version: "v1.14.0".into(),
        address: "https://example.com/cluster-api/v1.14.0/clusterctl-linux-amd64".into(),
        size: Some(71_200_000),
        sha256: "5f1d6c0e7a5b0f7b0c5f7de9ab7e19f1a8f3f5a6f2d76b1e9a7f3c20d4be8a11".into(),
        target: "~/.local/share/kos/bin/clusterctl".into(),
        proxy: String::new(),
    };
    OfferSheetProps {
        tool: Tool::Clusterctl,
        offer: Some(offer),
        fault: None,
        busy: Ready::Yes,
        children: Html::default(),
        on_fetch: Callback::noop(),
        on_file: Callback::noop(),
        on_close: Callback::noop(),
    }
}

pub(crate) fn settings(section: Section) -> SettingsSheetProps {
    let about = About {
        version: "0.1.0".into(),
        mode: Mode::Real,
        looked_at: vec![LookedAt { place: "~/.kube/config".into(), result: Looked::Found }],
        state_folder: "~/.local/state/kos".into(),
        log_folder: "~/.local/state/kos/log".into(),
        licence: "Apache-2.0".into(),
    };
    SettingsSheetProps {
        view: Rc::new(SettingsView {
            choices: Choices { protect: vec!["prod-*".into()], ..Choices::default() },
            file: "~/.config/kos/settings.yaml".into(),
            trouble: None,
            token: api::settings::TokenHeld::No,
        }),
        contexts: sample::contexts(),
        files: sample::files(),
        checks: checks(),
        about: Some(about),
        section,
        on: Callback::noop(),
    }
}

pub(crate) fn add_cluster() -> AddClusterSheetProps {
    AddClusterSheetProps {
        checks: checks(),
        computer: Some(Rc::new(sample::computer(sample::docker()))),
        local: sample::local(),
        providers: Some(4),
        files: sample::files(),
        clock: Clock { now: sample::NOW, zone_minutes: 0 },
        busy: Ready::Yes,
        on: Callback::noop(),
    }
}
