use std::time::Duration;

use api::Timestamp;
use kube::api::{Api, ListParams};
use tokio_util::sync::CancellationToken;
use tools::{Capture, End, Exit, Heard, Invocation, Program, ProgramError, Programs, Stream};

use crate::{Clock, Failure, Step, World};

fn world() -> World {
    World::start(Clock::manual(Timestamp(1_790_000_000_000)))
}

fn call(program: Program, args: &str) -> Invocation {
    let args = args.split_whitespace().map(str::to_owned).collect();
    Invocation { program, args, env: Vec::new(), cwd: "/".into(), limit: Duration::from_secs(900), capture: Capture::Memory { most: 1 << 20 } }
}

async fn run(world: &World, program: Program, args: &str) -> (Result<Exit, ProgramError>, Vec<String>) {
    let mut lines = Vec::new();
    let mut heard = |one: Heard| {
        if let Heard::Line(line) = one {
            lines.push(format!("{}| {}", if line.from == Stream::Out { "out" } else { "err" }, line.text));
        }
    };
    let work = world.run(call(program, args), &mut heard, CancellationToken::new());
    let exit = world.clock().clone().drive(work).await;
    (exit, lines)
}

/// The lines of a recording without their times, the salutation and the warning about cgroup v1.
fn recorded(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| line.contains("| ")).map(|line| line[line.find("err|").or(line.find("out|")).unwrap()..].to_owned());
    lines.filter(|line| !line.contains("cgroup v1")).collect()
}

#[tokio::test]
async fn docker_lists_the_network_of_kind() {
    let world = world();
    let (exit, lines) = run(&world, Program::Docker, "network ls --format {{.Name}}").await;
    assert_eq!(exit.unwrap().end, End::Code(0), "{lines:?}");
    assert!(lines.contains(&"out| kind".to_owned()), "{lines:?}");
}

#[tokio::test]
async fn kind_says_word_by_word_what_the_real_one_said() {
    let (world, folder) = (world(), tempfile::tempdir().unwrap());
    let (exit, lines) = run(&world, Program::Kind, "create cluster --name t1 --image kindest/node:v1.36.3 --retain").await;
    assert!(exit.unwrap().succeeded());
    assert_eq!(lines, recorded(include_str!("../../tests/data/kind/docker-kind-create-1.txt")));
    let file = folder.path().join("config");
    std::fs::write(&file, "").unwrap();
    let (_, lines) = run(&world, Program::Docker, "ps -a --filter label=io.x-k8s.kind.cluster=t1 --format {{.Names}}").await;
    assert_eq!(lines, ["out| t1-control-plane"]);
    let (exit, _) = run(&world, Program::Kind, "get kubeconfig --name t1").await;
    let text = String::from_utf8(exit.unwrap().out).unwrap();
    let url = text.lines().find_map(|line| line.trim().strip_prefix("server: ")).unwrap();
    let client = kube::Client::new(world.server(url).unwrap(), "default");
    let nodes: Api<k8s_openapi::api::core::v1::Node> = Api::all(client);
    assert_eq!(nodes.list(&ListParams::default()).await.unwrap().items.len(), 1);
}

/// As the real one does: what `ps` tells is what `inspect` and `stats` are asked by.
#[tokio::test]
async fn docker_says_ids_short_unless_it_is_told_not_to() {
    let world = world();
    run(&world, Program::Kind, "create cluster --name t1 --image kindest/node:v1.36.3 --retain").await.0.unwrap();
    let said = async |args: &str| run(&world, Program::Docker, args).await.1.concat().trim_start_matches("out| ").to_owned();
    let whole = said("inspect --type container --format {{.Id}} t1-control-plane").await;
    assert_eq!(whole.len(), 64, "{whole}");
    let (short, by_id) = (&whole[..12], format!("stats --no-stream --no-trunc --format {{{{.ID}}}} {whole}"));
    for (args, id) in [
        ("ps -a --no-trunc --format {{.ID}}", whole.as_str()),
        ("ps -a --format {{.ID}}", short),
        ("ps -a -q --no-trunc", whole.as_str()),
        ("ps -a -q", short),
        (by_id.as_str(), whole.as_str()),
        ("stats --no-stream --format {{.ID}} t1-control-plane", short),
        ("stats --no-stream --format {{.ID}} no-such", ""),
    ] {
        assert_eq!(said(args).await, id, "{args}");
    }
}

/// As the real one does: what was pulled by its digest has no tag, and a name that is missing hides no other.
#[tokio::test]
async fn docker_tells_of_images_by_the_names_that_they_have() {
    let world = world();
    for image in ["kindest/node:v1.36.3", "kindest/node:v1.36.4@sha256:ab", "localhost:5000/node:v1.36.4"] {
        run(&world, Program::Docker, &format!("pull {image}")).await.0.unwrap();
    }
    let (_, lines) = run(&world, Program::Docker, "image ls kindest/node --format {{.Repository}}:{{.Tag}}").await;
    assert_eq!(lines, ["out| kindest/node:v1.36.3", "out| kindest/node:<none>"]);
    let names = "kindest/node:v1.36.4@sha256:ab kindest/node:v1.0.0 localhost:5000/node:v1.36.4";
    let (exit, lines) = run(&world, Program::Docker, &format!("image inspect --format {{{{.RepoTags}}}}{{{{.RepoDigests}}}}{{{{.Size}}}} {names}")).await;
    assert_eq!(exit.unwrap().end, End::Code(1));
    let told = [
        "err| Error response from daemon: No such image: kindest/node:v1.0.0",
        "out| [][\"kindest/node@sha256:ab\"]1084000000",
        "out| [\"localhost:5000/node:v1.36.4\"][]1084000000",
    ];
    assert_eq!(lines, told);
}

#[tokio::test]
async fn every_verb_of_docker_takes_a_name_an_id_or_the_beginning_of_one() {
    let world = world();
    run(&world, Program::Kind, "create cluster --name t1 --image kindest/node:v1.36.3 --retain").await.0.unwrap();
    let docker = async |args: String| {
        let (exit, lines) = run(&world, Program::Docker, &args).await;
        (exit.unwrap().end, lines)
    };
    let whole = docker("inspect --format {{.Id}} t1-control-plane".into()).await.1.concat().trim_start_matches("out| ").to_owned();
    let short = &whole[..12];
    for wanted in ["t1-control-plane", whole.as_str(), short] {
        for (verb, state) in [("pause", "paused"), ("unpause", "running"), ("stop", "exited"), ("start", "running")] {
            assert_eq!(docker(format!("{verb} {wanted}")).await, (End::Code(0), vec![format!("out| {wanted}")]), "{verb} {wanted}");
            let status = docker(format!("inspect --format {{{{.State.Status}}}} {wanted}")).await;
            assert_eq!(status, (End::Code(0), vec![format!("out| {state}")]), "after {verb} {wanted}");
        }
        let events = docker(format!("events --filter event=pause --filter container={wanted} --format {{{{.Action}}}}")).await;
        assert_eq!(events, (End::Code(0), vec!["out| pause".to_owned()]), "events of {wanted}");
        assert_eq!(docker(format!("logs {wanted}")).await.0, End::Code(0), "logs {wanted}");
    }
    assert_eq!(docker(format!("rm -f -v {short}")).await, (End::Code(0), vec![format!("out| {short}")]));
    assert_eq!(docker("ps -a -q".into()).await, (End::Code(0), vec![]), "it is gone, not only said to be");
    assert_eq!(docker(format!("rm -f -v {short}")).await, (End::Code(1), vec![format!("err| Error response from daemon: No such container: {short}")]));
}

#[tokio::test]
async fn kind_with_too_little_patience_warns_and_ends_well() {
    let (exit, lines) = run(&world(), Program::Kind, "create cluster --name wx --image kindest/node:v1.36.3 --wait 1s").await;
    assert!(exit.unwrap().succeeded());
    assert!(lines.contains(&"err|  • WARNING: Timed out waiting for Ready ⚠️".to_owned()));
}

#[tokio::test]
async fn exhausted_inotify_leaves_the_container_and_its_last_words() {
    let world = world();
    world.fail_next(Failure::InotifyExhausted);
    let (exit, lines) = run(&world, Program::Kind, "create cluster --name kos-mgmt --retain").await;
    assert_eq!(exit.unwrap().end, End::Code(1));
    assert!(lines.last().unwrap().contains("could not find a log line that matches"));
    let (_, lines) = run(&world, Program::Docker, "logs kos-mgmt-control-plane").await;
    assert!(lines.contains(&"out| Failed to create control group inotify object: Too many open files".to_owned()));
    run(&world, Program::Kind, "delete cluster --name kos-mgmt").await.0.unwrap();
    let (exit, _) = run(&world, Program::Kind, "create cluster --name kos-mgmt --retain").await;
    assert!(exit.unwrap().succeeded());
}

#[tokio::test]
async fn clusterctl_installs_and_the_webhooks_answer_only_later() {
    let (world, folder) = (world(), tempfile::tempdir().unwrap());
    let file = folder.path().join("config");
    run(&world, Program::Kind, &format!("create cluster --name mgmt --kubeconfig {}", file.display())).await.0.unwrap();
    let init = format!("init --kubeconfig {} --infrastructure docker --wait-providers", file.display());
    let (exit, lines) = run(&world, Program::Clusterctl, &init).await;
    assert!(exit.unwrap().succeeded());
    let expected = recorded(include_str!("../../tests/data/clusterctl/docker-clusterctl-init.txt"));
    assert_eq!(lines, expected.iter().map(|line| line.replace("v1.21.2", "v1.21.1")).collect::<Vec<_>>());

    let client = kube::Client::new(crate::Server::new(world.cluster("mgmt").unwrap()), "default");
    let kind = kube::core::ApiResource::from_gvk_with_plural(&kube::core::GroupVersionKind::gvk("cluster.x-k8s.io", "v1beta2", "Cluster"), "clusters");
    let clusters: Api<kube::core::DynamicObject> = Api::namespaced_with(client, "default", &kind);
    let one = kube::core::DynamicObject::new("probe", &kind);
    let dry = kube::api::PostParams { dry_run: true, ..Default::default() };
    let refused = clusters.create(&dry, &one).await.unwrap_err().to_string();
    assert!(refused.contains("failed calling webhook \"default.cluster.cluster.x-k8s.io\""), "{refused}");
    world.clock().advance(Duration::from_secs(90)).await;
    clusters.create(&dry, &one).await.unwrap();

    let (_, lines) = run(&world, Program::Clusterctl, &init).await;
    assert!(lines.contains(&"err| Skipping installing cert-manager as it is already installed".to_owned()), "{lines:?}");
}

#[tokio::test]
async fn a_stopped_or_slow_program_ends_and_what_it_made_stays() {
    let world = world();
    world.fail_next(Failure::Hangs { at: Step::StartControlPlane });
    let (exit, _) = run(&world, Program::Kind, "create cluster --name cut").await;
    assert!(matches!(exit, Err(ProgramError::TooLong { .. })), "{exit:?}");
    let (_, lines) = run(&world, Program::Kind, "get clusters").await;
    assert_eq!(lines, ["out| cut"]);
    let stop = CancellationToken::new();
    stop.cancel();
    let ended = world.run(call(Program::Kind, "create cluster --name b"), &mut |_| {}, stop).await;
    assert!(matches!(ended, Err(ProgramError::Stopped { .. })));
}
