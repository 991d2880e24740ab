//! Which words mean what?
//!
//! The order matters: a cause stands before its consequences, so "disk full" wins over "kubeadm failed".

use api::{FaultCode, Fix};

use super::{About, Doing, Said};

/// A known failure.
struct Rule {
    /// A line for each group; a group is met by any of its words, those with `^` only at the start of a line, those with `=`
    /// only as the whole of it.
    needs: &'static [&'static [&'static str]],
    when: When,
    code: FaultCode,
    reason: fn(Doing, &About, &[&Said]) -> String,
    fixes: fn(&About, &[&Said]) -> Vec<Fix>,
}

#[derive(Clone, Copy)]
enum When {
    Always,
    CertManager,
    /// The words are warnings elsewhere.
    CgroupV2Needed,
    /// Elsewhere the words may be about a registry or a node.
    DockerAlone,
    /// Files are written where the user said, which is not where Docker keeps its own.
    Logs,
}

/// What a rule found.
pub(super) struct Found<'a> {
    pub(super) code: FaultCode,
    pub(super) reason: String,
    pub(super) quotes: Vec<&'a Said>,
    pub(super) fixes: Vec<Fix>,
}

pub(super) fn first<'a>(doing: Doing, said: &'a [Said], about: &About) -> Option<Found<'a>> {
    RULES.iter().find_map(|rule| {
        let fits = match rule.when {
            When::Always => true,
            When::CertManager => doing == Doing::CertManager,
            When::CgroupV2Needed => crate::versions::needs_cgroup_v2(&about.kubernetes),
            When::DockerAlone => asks_docker_alone(doing),
            When::Logs => doing == Doing::Logs,
        };
        if !fits {
            return None;
        }
        let quotes: Vec<&Said> = rule.needs.iter().map(|group| best(said, group)).collect::<Option<_>>()?;
        let (reason, fixes) = ((rule.reason)(doing, about, &quotes), (rule.fixes)(about, &quotes));
        Some(Found { code: rule.code, reason, quotes, fixes })
    })
}

/// Whether only this machine's Docker is spoken to: nothing is fetched, and no node says anything.
fn asks_docker_alone(doing: Doing) -> bool {
    match doing {
        Doing::Remove | Doing::Power | Doing::Ask => true,
        Doing::Pull
        | Doing::Create(_)
        | Doing::Kubeconfig
        | Doing::CertManager
        | Doing::Providers
        | Doing::Releases
        | Doing::Upgrade
        | Doing::Add
        | Doing::Move
        | Doing::Logs => false,
    }
}

fn best<'a>(said: &'a [Said], words: &[&str]) -> Option<&'a Said> {
    said.iter().find(|s| words.iter().any(|word| has(&s.text, word)))
}

fn has(text: &str, word: &str) -> bool {
    match (word.strip_prefix('^'), word.strip_prefix('=')) {
        (Some(start), _) => text.trim_start().starts_with(start),
        (None, Some(whole)) => text.trim() == whole,
        (None, None) => text.contains(word),
    }
}

fn copy(label: &str, command: impl Into<String>) -> Fix {
    Fix::Copy { label: label.to_owned(), command: command.into() }
}

fn nothing(_: &About, _: &[&Said]) -> Vec<Fix> {
    vec![]
}

fn doctor(_: &About, _: &[&Said]) -> Vec<Fix> {
    vec![Fix::OpenDoctor]
}

fn start_docker(_: &About, _: &[&Said]) -> Vec<Fix> {
    vec![copy("Start Docker", "sudo systemctl start docker"), Fix::OpenDoctor]
}

/// The text between two others in the first quote that has both.
fn between(quotes: &[&Said], before: &str, after: &str) -> Option<String> {
    quotes.iter().find_map(|q| q.text.split_once(before)?.1.split_once(after).map(|(middle, _)| middle.to_owned()))
}

/// The port in `0.0.0.0:18999: bind: address already in use` and `Bind for 127.0.0.1:17200 failed`.
fn port(quotes: &[&Said]) -> Option<u16> {
    let text = &quotes.first()?.text;
    let head = text.split(": bind: address already in use").next().filter(|h| h.len() < text.len());
    let head = head.or_else(|| text.split(" failed: port is already allocated").next())?;
    head.rsplit_once(':')?.1.trim().parse().ok()
}

const RULES: &[Rule] = &[
    Rule {
        needs: &[&["permission denied while trying to connect to the Docker daemon", "permission denied while trying to connect to the docker API"]],
        when: When::Always,
        code: FaultCode::Docker,
        reason: |_, _, _| "this user may not talk to Docker".to_owned(),
        fixes: |_, _| vec![copy("Join the group docker, which equals root, and sign in again", "sudo usermod -aG docker $USER"), Fix::OpenDoctor],
    },
    Rule {
        needs: &[&["executable file not found in $PATH"]],
        when: When::Always,
        code: FaultCode::Program,
        reason: |_, _, quotes| format!("the program {} was not found", between(quotes, "exec: \"", "\"").unwrap_or_else(|| "it needs".to_owned())),
        fixes: |_, _| vec![Fix::ChoosePath, Fix::OpenDoctor],
    },
    Rule {
        needs: &[&["Cannot connect to the Docker daemon", "error during connect", "the docker daemon is not running", "failed to connect to the docker API"]],
        when: When::Always,
        code: FaultCode::Docker,
        reason: |doing, _, _| match doing {
            Doing::Create(Some(step)) => format!("Docker stopped while {}", step.doing()),
            Doing::Create(None)
            | Doing::Pull
            | Doing::Kubeconfig
            | Doing::CertManager
            | Doing::Providers
            | Doing::Releases
            | Doing::Upgrade
            | Doing::Add
            | Doing::Move
            | Doing::Remove
            | Doing::Power
            | Doing::Logs
            | Doing::Ask => "Docker does not answer".to_owned(),
        },
        fixes: start_docker,
    },
    Rule {
        // All that docker says when its daemon goes away behind the head of an answer; before it, it says "error during connect".
        // Of a registry that hangs up during a pull it says the same, so these words count only where there is none. A daemon
        // that lives is told by "Error response from daemon" before them.
        needs: &[&["=unexpected EOF", "^read unix @->"]],
        when: When::DockerAlone,
        code: FaultCode::Docker,
        reason: |_, _, _| "Docker stopped in the middle of its answer".to_owned(),
        fixes: start_docker,
    },
    Rule {
        needs: &[&["already exist for a cluster with the name"]],
        when: When::Always,
        code: FaultCode::Changed,
        reason: |_, about, _| format!("there is another cluster named {} on this machine", about.name),
        fixes: nothing,
    },
    Rule {
        // What runc and crun make of the answer of the kernel, and newer Docker of the question.
        needs: &[&["sethostname: invalid argument", "sethostname: Invalid argument", "is too long (maximum 64 bytes)"]],
        when: When::Always,
        code: FaultCode::Invalid,
        reason: |_, about, _| format!("{} is too long a name, because containers are called after it and a host name has at most 63 characters", about.name),
        fixes: nothing,
    },
    Rule {
        needs: &[&["no space left on device"]],
        when: When::Logs,
        code: FaultCode::Step,
        reason: |_, _, _| "the disk of the folder is full".to_owned(),
        fixes: nothing,
    },
    Rule {
        needs: &[&["no space left on device", "must evict pod(s) to reclaim ephemeral-storage"]],
        when: When::Always,
        code: FaultCode::Step,
        reason: |_, _, _| "the disk that Docker uses is full".to_owned(),
        fixes: |_, _| vec![copy("See what Docker keeps", "docker system df"), Fix::OpenDoctor],
    },
    Rule {
        needs: &[&[
            "Failed to create control group inotify object",
            "Failed to allocate manager object",
            "inotify_init: too many open files",
            "inotify instances",
        ]],
        when: When::Always,
        code: FaultCode::Step,
        reason: |_, _, _| "this machine has no inotify instances left".to_owned(),
        fixes: |_, _| {
            vec![
                copy("Raise the limit until the next restart", "sudo sysctl -w fs.inotify.max_user_instances=8192 fs.inotify.max_user_watches=1048576"),
                Fix::OpenDoctor,
            ]
        },
    },
    Rule {
        needs: &[&["Couldn't find an alternative telinit implementation to spawn"]],
        when: When::Always,
        code: FaultCode::Step,
        reason: |_, _, _| "Docker puts a process of its own before systemd, because its daemon.json has \"init\": true".to_owned(),
        fixes: nothing,
    },
    Rule {
        needs: &[&["address already in use", "port is already allocated"]],
        when: When::Always,
        code: FaultCode::Step,
        reason: |_, _, quotes| port(quotes).map_or_else(|| "a port it needs is taken".to_owned(), |port| format!("port {port} of this machine is taken")),
        fixes: |_, quotes| port(quotes).map(|port| copy("See who has it", format!("ss -ltnp sport = :{port}"))).into_iter().collect(),
    },
    Rule {
        needs: &[&["toomanyrequests", "You have reached your pull rate limit", "You have reached your unauthenticated pull rate limit"]],
        when: When::Always,
        code: FaultCode::Step,
        reason: |_, _, _| "the registry allows no more pulls from this address for now".to_owned(),
        fixes: |_, _| vec![copy("Sign in, which raises the limit", "docker login")],
    },
    Rule {
        // Not `manifest for`, which kubeadm says of every static pod that it writes.
        needs: &[&["manifest unknown", "pull access denied", "repository does not exist"]],
        when: When::Always,
        code: FaultCode::Step,
        reason: |_, about, _| format!("the registry has no image {}", about.image),
        fixes: nothing,
    },
    Rule {
        // cmd/clusterctl/client: `inventory.go` says it of the management cluster, `upgrader.go` of a provider.
        needs: &[&["this version of clusterctl could be used only with", "current version of clusterctl is only compatible with"]],
        when: When::Always,
        code: FaultCode::Program,
        reason: |_, _, quotes| match between(quotes, "is only compatible with ", " providers") {
            Some(knows) => format!("this clusterctl knows the contract {knows} alone, and a provider has another"),
            None => match between(quotes, "could be used only with \"", "\"") {
                Some(knows) => format!("this clusterctl knows the contract {knows} alone, and the cluster holds another"),
                None => "this clusterctl does not know the contract of what is installed".to_owned(),
            },
        },
        fixes: |_, _| vec![Fix::ChoosePath, Fix::OpenDoctor],
    },
    Rule {
        needs: &[&["rate limit for github api has been reached"]],
        when: When::Always,
        code: FaultCode::Step,
        reason: |_, _, _| {
            "GitHub answers no more questions from this address for up to an hour; a token in Settings, Local clusters, raises the limit".to_owned()
        },
        fixes: |_, _| vec![Fix::GiveToken],
    },
    Rule {
        needs: &[&["x509:", "certificate signed by unknown authority"]],
        when: When::Always,
        code: FaultCode::Certificate,
        reason: |_, _, _| "a certificate on the way was not accepted".to_owned(),
        fixes: doctor,
    },
    Rule {
        needs: &[&["no such host", "Temporary failure in name resolution", "server misbehaving"]],
        when: When::Always,
        code: FaultCode::Unreachable,
        reason: |_, _, quotes| {
            let host = between(quotes, "lookup ", " on ").or_else(|| between(quotes, "lookup ", ": "));
            host.map_or_else(|| "a name was not found in DNS".to_owned(), |host| format!("the name {host} was not found in DNS"))
        },
        fixes: doctor,
    },
    Rule {
        needs: &[&["proxyconnect tcp"]],
        when: When::Always,
        code: FaultCode::Unreachable,
        reason: |_, _, _| "the proxy does not answer".to_owned(),
        fixes: doctor,
    },
    Rule {
        needs: &[&["running kind with rootless provider requires"]],
        when: When::Always,
        code: FaultCode::Step,
        reason: |_, _, _| "Docker without root needs cgroup v2 and delegated controllers".to_owned(),
        fixes: doctor,
    },
    Rule {
        needs: &[&["Your kernel does not support cgroup namespaces"]],
        when: When::Always,
        code: FaultCode::Step,
        reason: |_, _, _| "the kernel of this machine is too old for kind".to_owned(),
        fixes: doctor,
    },
    Rule { needs: &[&["not run on a host using cgroup v1"]], when: When::Always, code: FaultCode::Step, reason: cgroup_v1, fixes: doctor },
    Rule {
        needs: &[&["The kubelet is not healthy"], &["cgroup v1 is deprecated"]],
        when: When::CgroupV2Needed,
        code: FaultCode::Step,
        reason: cgroup_v1,
        fixes: doctor,
    },
    Rule {
        needs: &[&["could not find device with major: 0", "failed to get rootfs info"]],
        when: When::Always,
        code: FaultCode::Step,
        reason: |_, _, _| "the kubelet cannot see the device of its file system, as happens on btrfs, zfs and LUKS".to_owned(),
        fixes: nothing,
    },
    Rule {
        needs: &[&["error adding pid "]],
        when: When::Always,
        code: FaultCode::Step,
        reason: |_, _, _| "processes cannot be put into their cgroups, as happens on WSL without unified cgroups".to_owned(),
        fixes: doctor,
    },
    Rule {
        needs: &[&["open /dev/dma_heap: permission denied"]],
        when: When::Always,
        code: FaultCode::Step,
        reason: |_, _, _| "SELinux forbids the node a device".to_owned(),
        fixes: |_, _| vec![copy("Update the policy", "sudo dnf upgrade container-selinux")],
    },
    Rule {
        needs: &[&["could not find a log line that matches"]],
        when: When::Always,
        code: FaultCode::Step,
        reason: |_, _, _| "systemd inside the container did not start".to_owned(),
        fixes: doctor,
    },
    Rule {
        needs: &[&["failed to get kubernetes version from node"]],
        when: When::Always,
        code: FaultCode::Step,
        reason: |_, _, _| "the node container ended right after its start".to_owned(),
        fixes: doctor,
    },
    Rule {
        needs: &[&["The kubelet is not healthy"]],
        when: When::Always,
        code: FaultCode::Step,
        reason: |_, _, _| "the kubelet did not start".to_owned(),
        fixes: doctor,
    },
    // kubeadm's own last word says more than kind's sentence around it.
    Rule {
        needs: &[&["failed to init node with kubeadm", "failed to join node with kubeadm"], &["^error: "]],
        when: When::Always,
        code: FaultCode::Step,
        reason: kubeadm,
        fixes: nothing,
    },
    Rule {
        needs: &[&["failed to init node with kubeadm", "failed to join node with kubeadm"]],
        when: When::Always,
        code: FaultCode::Step,
        reason: kubeadm,
        fixes: nothing,
    },
    Rule {
        needs: &[&["failed to update kubeconfig", "failed to lock config file"]],
        when: When::Always,
        code: FaultCode::Write,
        reason: |_, _, _| "the kubeconfig file was locked or could not be written".to_owned(),
        fixes: nothing,
    },
    Rule {
        needs: &[&["is not a valid node role", "unable to decode config", "invalid configuration"]],
        when: When::Always,
        code: FaultCode::Invalid,
        reason: |_, _, _| "kind does not accept the configuration".to_owned(),
        fixes: nothing,
    },
    Rule {
        needs: &[&["there is already an instance of the"]],
        when: When::Always,
        code: FaultCode::Changed,
        reason: |_, _, quotes| {
            let provider = between(quotes, "already an instance of the \"", "\"");
            provider.map_or_else(|| "another version is installed".to_owned(), |p| format!("another version of {p} is installed"))
        },
        fixes: nothing,
    },
    Rule {
        needs: &[&["failed to get configuration for the", "failed to read \""]],
        when: When::Always,
        code: FaultCode::NotFound,
        reason: |_, _, _| "there is no such provider or version where clusterctl looks for them".to_owned(),
        fixes: |_, _| vec![Fix::OpenSettings],
    },
    Rule {
        needs: &[&["failed to check if clusterctl config file exists"]],
        when: When::Always,
        code: FaultCode::NotFound,
        reason: |_, _, _| "the configuration of clusterctl is not where the settings say".to_owned(),
        fixes: |_, _| vec![Fix::OpenSettings],
    },
    Rule {
        needs: &[&["failed to load Kubeconfig", "requires either a valid kubeconfig"]],
        when: When::Always,
        code: FaultCode::File,
        reason: |_, _, _| "clusterctl cannot use the kubeconfig of the cluster".to_owned(),
        fixes: nothing,
    },
    Rule {
        needs: &[&["failed to get the Kubernetes version", "connect: connection refused"]],
        when: When::Always,
        code: FaultCode::Unreachable,
        reason: |_, about, _| format!("the API server of {} does not answer", about.name),
        fixes: |about, _| vec![copy("See its containers", format!("docker ps -a --filter label=io.x-k8s.kind.cluster={}", about.name))],
    },
    Rule {
        needs: &[&["failed calling webhook"]],
        when: When::Always,
        code: FaultCode::Step,
        reason: |_, _, quotes| {
            let webhook = between(quotes, "failed calling webhook \"", "\"");
            webhook.map_or_else(|| "a webhook does not answer".to_owned(), |w| format!("the webhook {w} does not answer"))
        },
        fixes: nothing,
    },
    Rule {
        needs: &[&["context deadline exceeded", "timed out waiting for the condition"]],
        when: When::CertManager,
        code: FaultCode::Step,
        reason: |_, _, _| "its webhook did not answer in time".to_owned(),
        fixes: nothing,
    },
    Rule {
        needs: &[&["/.docker/config.json: permission denied", "/.docker/config.json: open"]],
        when: When::Always,
        code: FaultCode::Docker,
        reason: |_, _, _| "the configuration of Docker in your home folder is not readable".to_owned(),
        fixes: |_, _| vec![copy("Make the folder yours again", "sudo chown -R $USER ~/.docker")],
    },
];

fn cgroup_v1(_: Doing, about: &About, _: &[&Said]) -> String {
    format!("the kubelet of Kubernetes {} refuses cgroup v1, which this machine uses", about.kubernetes)
}

fn kubeadm(_: Doing, _: &About, quotes: &[&Said]) -> String {
    let joining = quotes.iter().any(|q| q.text.contains("failed to join node"));
    if joining { "kubeadm could not join a node".to_owned() } else { "kubeadm could not start the control plane".to_owned() }
}
