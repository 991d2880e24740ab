//! What is shown of a plan before it starts, and what stands in its way?

use std::path::{Path, PathBuf};

use api::files::Severity;
use api::jobs::{Amount, Obstacle, PlanView, PlannedFile, PlannedStep, Words};
use api::local::{ImageIs, ManagementSpec, NetworkPlugin, NodeImage, Purpose, SocketMount, Suggestion};
use api::{Fault, FaultCode, Millis};
use capi::form::starter;
use sha2::{Digest, Sha256};

use super::obstacles::obstacles;
use super::{Ground, Order, Places, Step, order, plan};
use crate::NameError;
use crate::programs::{clusterctl, kind};
use crate::versions;

/// Says what would be done; pure.
///
/// Shape: a plan whose name is not allowed has obstacles and nothing else.
pub fn view(spec: &ManagementSpec, ground: &Ground, places: &Places, learned_from: u32) -> PlanView {
    let mut obstacles = obstacles(spec, ground);
    match order(spec, ground, places) {
        Ok(order) => whole(&order, obstacles, learned_from, ground),
        Err(error) => {
            // How long it may be depends on the nodes, and is among the obstacles.
            if !matches!(error, NameError::TooLong { .. }) {
                obstacles.insert(0, invalid("name", &error));
            }
            let title = Words::said("Create management cluster");
            let (sentence, seen, docker) = (String::new(), String::new(), ground.docker.clone());
            PlanView { title, sentence, steps: vec![], commands: vec![], files: vec![], obstacles, learned_from, docker, seen }
        }
    }
}

fn whole(order: &Order, obstacles: Vec<Obstacle>, learned_from: u32, ground: &Ground) -> PlanView {
    let plan = plan(order);
    let steps = plan.steps().map(|(_, step)| shown(step, order, ground)).collect();
    let file = |path: PathBuf, text: &str| PlannedFile { path: path.display().to_string(), text: text.to_owned() };
    let mut files = vec![file(order.config_file(), &order.config)];
    if let Some(workload) = &order.workload {
        files.push(file(workload.file(order), &workload.yaml));
        files.extend(workload.network.iter().map(|network| file(workload.network_file(order), network)));
    }
    let commands = commands(order);
    let (seen, docker) = (seen(&commands, &files, &ground.docker), ground.docker.clone());
    PlanView { title: plan.title, sentence: plan.sentence, steps, commands, files, obstacles, learned_from, docker, seen }
}

/// A step with how much there is to it.
fn shown(step: &jobs::PlannedStep<Step>, order: &Order, ground: &Ground) -> PlannedStep {
    let amount = amount(step.step, order, ground);
    let expected = if matches!(amount, Some(Amount::Image(ImageIs::Here { .. }))) { Millis(0) } else { step.expected };
    PlannedStep { title: step.title.clone(), detail: step.detail.clone(), expected, amount }
}

fn amount(step: Step, order: &Order, ground: &Ground) -> Option<Amount> {
    match step {
        Step::Pull => Some(Amount::Image(ground.images.of_kind(&order.spec.kubernetes))),
        Step::InstallClusterApi => u32::try_from(order.providers().len()).ok().map(|count| Amount::Providers { count }),
        Step::Check
        | Step::FetchKind
        | Step::FetchClusterctl
        | Step::StartNodes
        | Step::BalanceLoad
        | Step::StartControlPlane
        | Step::AddNetwork
        | Step::JoinNodes
        | Step::SaveKubeconfig
        | Step::InstallCertManager
        | Step::AwaitWebhooks
        | Step::CreateWorkload
        | Step::StartWorkload
        | Step::ConnectWorkload
        | Step::AddWorkloadNetwork
        | Step::AwaitWorkload => None,
    }
}

/// The exact commands, as one could paste them.
fn commands(order: &Order) -> Vec<String> {
    let fetched = order.fetch.iter().flat_map(|offer| {
        let target = kubeconfig::edit::shell_word(&offer.target);
        let verify = format!("echo '{}  {}' | sha256sum --check", offer.sha256, offer.target);
        [format!("curl --fail --location --output {target} {}", kubeconfig::edit::shell_word(&offer.address)), verify, format!("chmod +x {target}")]
    });
    let mut all: Vec<String> = fetched.collect();
    all.extend([
        line(order, tools::Program::Docker, crate::programs::docker::pull(&order.image)),
        line(order, tools::Program::Kind, kind::create(&order.name, &order.config_file(), &order.kubeconfig, order.kind_waits())),
    ]);
    if order.installs_providers() {
        all.push(init_command(order));
    }
    if let Some(workload) = &order.workload {
        let (form, kept) = (&workload.form, workload.kubeconfig(order));
        all.push(apply_command(order, &order.kubeconfig, &workload.file(order)));
        let words = ["get", "kubeconfig", &form.name, "--namespace", &form.namespace, "--kubeconfig", &order.kubeconfig.display().to_string()];
        let get = line(order, tools::Program::Clusterctl, words.map(str::to_owned).to_vec());
        all.push(format!("{get} > {}", kubeconfig::edit::shell_word(&kept.display().to_string())));
        all.extend(workload.network.as_ref().map(|_| apply_command(order, &kept, &workload.network_file(order))));
    }
    all
}

/// What one would type to apply a file as KOS applies it.
pub(super) fn apply_command(order: &Order, kubeconfig: &Path, file: &Path) -> String {
    let words = ["apply", "--server-side", "--field-manager=kos", "--kubeconfig", &kubeconfig.display().to_string(), "-f", &file.display().to_string()];
    line(order, tools::Program::Kubectl, words.map(str::to_owned).to_vec())
}

/// What installs the providers, with the features that it turns on.
pub(super) fn init_command(order: &Order) -> String {
    let features: Vec<String> = clusterctl::PLAIN_ENVIRONMENT.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let init = line(order, tools::Program::Clusterctl, clusterctl::init(&order.spec.providers, &order.source, &order.kubeconfig));
    format!("{} {init}", features.join(" "))
}

fn line(order: &Order, program: tools::Program, args: Vec<String>) -> String {
    let cwd = order.folder.clone();
    let capture = tools::Capture::Memory { most: 0 };
    tools::shown(&tools::Invocation { program, args, env: vec![], cwd, limit: std::time::Duration::ZERO, capture })
}

/// Two plans have the same name when they would do the same, on the same Docker.
fn seen(commands: &[String], files: &[PlannedFile], docker: &str) -> String {
    let mut hash = Sha256::new();
    for text in commands.iter().chain(files.iter().map(|file| &file.text)).map(String::as_str).chain([docker]) {
        hash.update(text.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn invalid(field: &str, error: &NameError) -> Obstacle {
    Obstacle { severity: Severity::Unusable, field: field.to_owned(), why: Fault::new(FaultCode::Invalid, error.to_string()) }
}

/// What the form starts with: a free name, and images that are here before those that have to be pulled.
///
/// Shape: `is_taken` knows names that no container here has: of jobs, and of contexts.
pub fn suggestion(ground: &Ground, is_taken: impl Fn(&str) -> bool) -> Suggestion {
    let is_free = |name: &String| !ground.containers.iter().flatten().any(|c| c.cluster == *name) && !is_taken(name);
    let name = (1..=u32::MAX).map(|n| if n == 1 { "kos-mgmt".to_owned() } else { format!("kos-mgmt-{n}") }).find(is_free);
    let images = ground.images.offered();
    let here = |image: &&NodeImage| image.is.here();
    // Without a network only what is here can run; with one, the newest tested version is better.
    let kubernetes = match images.iter().find(|i| i.kubernetes == versions::DEFAULT_KUBERNETES).filter(here) {
        Some(image) => image.kubernetes.clone(),
        None => images.iter().find(here).map_or_else(|| versions::DEFAULT_KUBERNETES.to_owned(), |image| image.kubernetes.clone()),
    };
    let spec = ManagementSpec {
        name: name.unwrap_or_default(),
        kubernetes,
        control_planes: 1,
        workers: 0,
        api_port: None,
        docker_socket: SocketMount::Mounted { host_path: socket(&ground.docker).to_owned() },
        providers: versions::providers(),
        wait_seconds: 120,
        ports: vec![],
        mounts: vec![],
        network: NetworkPlugin::Kindnet,
        purpose: Purpose::Manages,
        workload: None,
    };
    let free = ('a'..='z').map(|letter| format!("lab-{letter}")).find(is_free).unwrap_or_else(|| "lab".to_owned());
    Suggestion { workload: starter(&free, &spec.kubernetes, &ground.docker_networks()), spec, images }
}

/// The socket that is mounted for Docker's provider. A Docker without root has one of its user; a path elsewhere leads into
/// a virtual machine, which has the usual one, as another computer has.
fn socket(endpoint: &str) -> &str {
    let path = endpoint.strip_prefix("unix://").filter(|path| ["/run/", "/var/run/"].iter().any(|folder| path.starts_with(folder)));
    path.unwrap_or("/var/run/docker.sock")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node_images::NodeImages;
    use crate::programs::docker::Image;
    use crate::versions::Repository;

    fn ground(images: &[&str]) -> Ground {
        ground_of(Repository::Kind, images)
    }

    fn ground_of(repository: Repository, images: &[&str]) -> Ground {
        let here = images.iter().map(|name| Image { names: vec![(*name).to_owned()], bytes: None }).collect();
        Ground {
            containers: Ok(vec![]),
            images: NodeImages::new(repository, here),
            networks: vec![],
            ports: vec![],
            missing: vec![],
            lacking: vec![],
            taken: vec![],
            docker: String::new(),
        }
    }

    #[test]
    fn a_node_image_that_is_here_is_offered_first_and_chosen() {
        let found = suggestion(&ground(&["kindest/node:v1.36.3", "kindest/node:latest", "kindest/node:v1.9.1"]), |_| false);
        let here: Vec<&str> = found.images.iter().filter(|i| i.is.here()).map(|i| i.kubernetes.as_str()).collect();
        assert_eq!(here, ["v1.36.3", "v1.9.1"]);
        assert_eq!((found.images[0].kubernetes.as_str(), found.spec.kubernetes.as_str()), ("v1.36.3", "v1.36.3"));
    }

    #[test]
    fn images_come_from_the_repository_that_the_settings_name() {
        let repository = Repository::Other("mirror.example/node".to_owned());
        let ground = ground_of(repository, &["mirror.example/node:v1.35.8", "kindest/node:v1.36.3"]);
        let found = suggestion(&ground, |_| false);
        assert_eq!(found.spec.kubernetes, "v1.35.8", "the image that is here is chosen");
        assert!(found.images.iter().all(|image| image.image == format!("mirror.example/node:{}", image.kubernetes)), "{:?}", found.images);
    }

    #[test]
    fn an_image_that_is_to_be_pulled_has_the_size_that_is_known_of_it() {
        for (repository, bytes) in [(Repository::Kind, Some(400_000_000)), (Repository::Other("mirror.example/node".to_owned()), None)] {
            let images = suggestion(&ground_of(repository, &[]), |_| false).images;
            assert!(images.iter().all(|image| image.is == ImageIs::ToBePulled { bytes }), "{images:?}");
        }
    }

    #[test]
    fn a_docker_without_root_has_the_socket_of_its_user_mounted_and_a_virtual_machine_its_own() {
        let usual = "/var/run/docker.sock";
        for (endpoint, mounted) in [
            ("unix:///var/run/docker.sock", usual),
            ("unix:///run/docker.sock", "/run/docker.sock"),
            ("unix:///run/user/1000/docker.sock", "/run/user/1000/docker.sock"),
            ("unix:///home/jo/.docker/desktop/docker.sock", usual),
            ("unix:///Users/jo/.colima/default/docker.sock", usual),
            ("ssh://jo@build", usual),
            ("", usual),
        ] {
            let ground = Ground { docker: endpoint.to_owned(), ..ground(&[]) };
            assert_eq!(suggestion(&ground, |_| false).spec.docker_socket, SocketMount::Mounted { host_path: mounted.to_owned() }, "{endpoint}");
        }
    }

    #[test]
    fn without_any_image_the_tested_version_is_chosen() {
        assert_eq!(suggestion(&ground(&[]), |_| false).spec.kubernetes, versions::DEFAULT_KUBERNETES);
    }
}
