//! What exactly does kind read and print?

use std::time::Duration;

use serde_json::Value;

use super::arguments::Arguments;

pub(crate) const CGROUP_V1: &str = "cgroup v1 is deprecated in Kubernetes and will not be supported in a future kind release, please upgrade to cgroup v2";
pub(crate) const NO_REGISTRY: &str =
    "Error response from daemon: Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io: no such host";
pub(crate) const NO_LOG_LINE: &str = r#"could not find a log line that matches "Reached target .*Multi-User System.*|detected cgroup v1""#;
pub(crate) const NO_INOTIFY: &str = "systemd 257 running in system mode\nFailed to create control group inotify object: Too many open files\nFailed to allocate manager object: Too many open files\n[!!!!!!] Failed to allocate manager object.\nExiting PID 1...\n";
pub(crate) const KUBELET_SICK: &str = r#"[wait-control-plane] Waiting for the kubelet to boot up the control plane as static Pods from directory "/etc/kubernetes/manifests"
[kubelet-check] Waiting for a healthy kubelet at http://127.0.0.1:10248/healthz. This can take up to 4m0s
[kubelet-check] The kubelet is not healthy after 4m0.000510218s
error: error execution phase wait-control-plane: failed while waiting for the kubelet to start: The HTTP call equal to 'curl -sSL http://127.0.0.1:10248/healthz' returned error: Get "http://127.0.0.1:10248/healthz": context deadline exceeded"#;

/// What `kind create cluster` is to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) name: String,
    pub(crate) image: String,
    pub(crate) control_planes: usize,
    pub(crate) workers: usize,
    pub(crate) port: Option<u16>,
    pub(crate) network: Network,
    pub(crate) retain: bool,
    pub(crate) wait: Duration,
    pub(crate) kubeconfig: Option<String>,
}

/// Whether kind installs its own network plug-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Network {
    Kindnet,
    NotInstalled,
}

impl Plan {
    pub(crate) fn read(arguments: &Arguments, default_image: &str) -> Result<Self, String> {
        let config = match arguments.value("--config") {
            Some(path) => std::fs::read_to_string(path).map_err(|cause| format!("error reading file: open {path}: {cause}"))?,
            None => String::new(),
        };
        // The few keys kind's config has here are read line by line: the product writes it, one key a line.
        let field = |key: &str| {
            let lines = config.lines().map(|line| line.trim().trim_start_matches("- "));
            lines.filter_map(|line| line.strip_prefix(key)?.strip_prefix(':')).map(|text| text.trim().trim_matches(['"', '\'']).to_owned()).next()
        };
        let roles: Vec<&str> = config.lines().filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix("role:")).map(str::trim).collect();
        let count = |role: &str| roles.iter().filter(|one| **one == role).count();
        let name = arguments.either("--name", "-n").map(str::to_owned).or_else(|| field("name")).unwrap_or_else(|| "kind".into());
        if name.is_empty() || !name.chars().all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || matches!(one, '.' | '-')) {
            return Err(format!("'{name}' is not a valid cluster name, cluster names must match `^[a-z0-9.-]+$`"));
        }
        let image = arguments.value("--image").map(str::to_owned).or_else(|| field("image")).unwrap_or_else(|| default_image.into());
        Ok(Self {
            name,
            image,
            control_planes: count("control-plane").max(1),
            workers: count("worker"),
            network: if field("disableDefaultCNI").as_deref() == Some("true") { Network::NotInstalled } else { Network::Kindnet },
            port: field("apiServerPort").and_then(|port| port.parse().ok()),
            retain: arguments.has("--retain"),
            wait: arguments.value("--wait").and_then(parse_duration).unwrap_or_default(),
            kubeconfig: arguments.value("--kubeconfig").map(str::to_owned),
        })
    }

    /// `v1.36.1` of `kindest/node:v1.36.1@sha256:…`.
    pub(crate) fn version(&self) -> &str {
        self.image.split('@').next().and_then(|image| image.rsplit_once(':')).map_or("v1.36.1", |(_, tag)| tag)
    }

    /// Container names and roles, the one that is published first.
    pub(crate) fn nodes(&self) -> Vec<(String, &'static str)> {
        let numbered = |word: &str, at: usize| if at == 0 { format!("{}-{word}", self.name) } else { format!("{}-{word}{}", self.name, at + 1) };
        let balancer = (self.control_planes > 1).then(|| (format!("{}-external-load-balancer", self.name), "external-load-balancer"));
        let planes = (0..self.control_planes).map(|at| (numbered("control-plane", at), "control-plane"));
        let workers = (0..self.workers).map(|at| (numbered("worker", at), "worker"));
        balancer.into_iter().chain(planes).chain(workers).collect()
    }
}

pub(crate) fn farewell(plan: &Plan) -> Vec<String> {
    let name = &plan.name;
    let file = plan.kubeconfig.as_ref().map_or_else(String::new, |file| format!(" --kubeconfig {file}"));
    vec![
        format!("Set kubectl context to \"kind-{name}\""),
        "You can now use your cluster with:".into(),
        String::new(),
        format!("kubectl cluster-info --context kind-{name}{file}"),
        String::new(),
        "Thanks for using kind! 😊".into(),
    ]
}

pub(crate) fn deleted_nodes(nodes: &[String]) -> String {
    let quoted: Vec<String> = nodes.iter().map(|node| format!("\"{node}\"")).collect();
    format!("Deleted nodes: [{}]", quoted.join(" "))
}

pub(crate) fn kubeadm_failed(node: &str) -> String {
    format!(
        "failed to init node with kubeadm: command \"docker exec --privileged {node} kubeadm init --config=/kind/kubeadm.conf --skip-token-print --v=6\" failed with error: exit status 1"
    )
}

pub(crate) fn port_taken(name: &str, port: u16) -> (String, String) {
    let node = format!("{name}-control-plane");
    let why = format!("command \"docker run --name {node} --hostname {node} --publish=127.0.0.1:{port}:6443/TCP\" failed with error: exit status 125");
    let output = format!(
        "docker: Error response from daemon: driver failed programming external connectivity on endpoint {node}: Bind for 127.0.0.1:{port} failed: port is already allocated."
    );
    (why, output)
}

/// What a deletion leaves of a kubeconfig that had no other cluster.
const NO_ENTRIES: &str = "apiVersion: v1\nkind: Config\npreferences: {}\n";

/// A kubeconfig without the entries of a cluster, as a deletion leaves it; what cannot be read is left alone.
pub(crate) fn without(text: &str, cluster: &str) -> Option<String> {
    let entry = format!("kind-{cluster}");
    let mut file: Value = serde_yaml::from_str(text).ok()?;
    let mut left = 0;
    for part in ["clusters", "contexts", "users"] {
        if let Some(all) = file.get_mut(part).and_then(Value::as_array_mut) {
            all.retain(|one| one["name"] != entry);
            left += all.len();
        }
    }
    if left == 0 {
        return Some(NO_ENTRIES.to_owned());
    }
    if file["current-context"] == entry {
        file["current-context"] = Value::String(String::new());
    }
    serde_yaml::to_string(&file).ok()
}

/// The authority of every simulated cluster, as a file would hold it; its key was thrown away.
const AUTHORITY: &str = concat!(
    "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJmekNDQVNXZ0F3SUJBZ0lVZE16QjZLZ0QyOWEyNWtDMnVsYUNXRzY2dGVZd0NnWUlLb1pJemowRUF3SXcKRkRFU01CQUdBMVVF",
    "QXd3SlpHVnRieTF2Ym14NU1DQVhEVEkyTVRFeU9ERXlORFExTWxvWUR6SXhNall4TVRBMApNVEkwTkRVeVdqQVVNUkl3RUFZRFZRUUREQWxrWlcxdkxXOXViSGt3V1RBVEJnY3Foa2pP",
    "UFFJQkJnZ3Foa2pPClBRTUJCd05DQUFRcVRDQlFSUnRvVmpmY0c2Vk1sakVJcC9ENGxRRUxDMmVqQTUzOW84NWlKUFFVSlJnejlJZ0YKMndLMG1WS0cwd1FKcU5EdVZOcmRHbWJYNkZR",
    "MVdFc3dvMU13VVRBZEJnTlZIUTRFRmdRVVRJSWZqMlhGcDZoRgp4MmV4QVFPNURVRXkxeGd3SHdZRFZSMGpCQmd3Rm9BVVRJSWZqMlhGcDZoRngyZXhBUU81RFVFeTF4Z3dEd1lEClZS",
    "MFRBUUgvQkFVd0F3RUIvekFLQmdncWhrak9QUVFEQWdOSUFEQkZBaUVBcyt0WEZDNlNRbTdSNHBLdzRJMzQKK2FLTk9xdVBZTU5QT0hkLzlaOWg3UU1DSUdVeG9BakQrU2ZaNGlSdlVL",
    "cWYydm93empVVXBGUXpPTkZQVTV2Rgp3V1JuCi0tLS0tRU5EIENFUlRJRklDQVRFLS0tLS0K",
);

/// The kubeconfig of a simulated kind cluster; its key says that it is none.
pub(crate) fn kubeconfig(name: &str, port: u16) -> String {
    format!(
        "apiVersion: v1\nclusters:\n- cluster:\n    certificate-authority-data: {AUTHORITY}\n    server: https://127.0.0.1:{port}\n  name: kind-{name}\ncontexts:\n- context:\n    cluster: kind-{name}\n    user: kind-{name}\n  name: kind-{name}\ncurrent-context: kind-{name}\nkind: Config\nusers:\n- name: kind-{name}\n  user: {{}}\n"
    )
}

/// As Go prints one: `2m0s`, `1s`.
pub(crate) fn go_duration(span: Duration) -> String {
    match span.as_secs() {
        seconds @ ..60 => format!("{seconds}s"),
        seconds => format!("{}m{}s", seconds / 60, seconds % 60),
    }
}

fn parse_duration(text: &str) -> Option<Duration> {
    let mut seconds = 0;
    let mut number = String::new();
    for letter in text.chars() {
        match letter {
            '0'..='9' => number.push(letter),
            'h' | 'm' | 's' => {
                let factor = match letter {
                    'h' => 3_600,
                    'm' => 60,
                    _ => 1,
                };
                seconds += number.parse::<u64>().ok()? * factor;
                number.clear();
            }
            _ => return None,
        }
    }
    Some(Duration::from_secs(seconds))
}
