use std::path::Path;

use api::Timestamp;
use kube::api::{Api, ListParams};
use tools::{Program, Programs};

use crate::{Clock, Scene, Tongue, World};

const NOW: Timestamp = Timestamp(1_790_000_000_000);

#[tokio::test]
async fn the_demo_fleet_answers_as_its_pictures_say() {
    let world = World::start(Clock::manual(NOW));
    super::set(&world, Scene::Fleet);
    let dev = crate::Server::new(world.cluster("dev-eu").unwrap());
    dev.cluster().behave(|manners| manners.access = crate::server::access::Access::administrator());
    let pods: Api<k8s_openapi::api::core::v1::Pod> = Api::all(kube::Client::new(dev, "default"));
    let list = world.clock().drive(pods.list(&ListParams::default())).await.unwrap();
    assert_eq!(list.items.len(), 125);
    assert!(list.items.iter().any(|pod| pod.metadata.name.as_deref() == Some("checkout-api-6d5f7c9b4-t8xqn")));
    let perf: Api<k8s_openapi::api::core::v1::Pod> = Api::all(kube::Client::new(world.server("https://perf-lab.demo.invalid:6443").unwrap(), "default"));
    assert!(world.clock().drive(perf.list(&ListParams::default())).await.is_err());
    assert!(world.find(&Program::Plugin("gke-gcloud-auth-plugin".into())).await.is_err());
}

#[test]
fn three_files_read_well_and_one_is_broken_at_line_14() {
    let files = super::files(Scene::Fleet, Tongue::Plain, Path::new("/home/demo"), NOW).unwrap();
    let broken: Vec<_> = files.iter().filter(|(_, text)| serde_yaml::from_str::<serde_json::Value>(text).is_err()).map(|(path, _)| path.clone()).collect();
    assert_eq!(broken, [Path::new("/home/demo/.kube/old.yaml")]);
    assert_eq!(files[3].1.lines().nth(13), Some("    user: tester"));
}

#[tokio::test]
async fn a_large_cluster_lists_all_its_pods() {
    let world = World::start(Clock::manual(NOW));
    super::large(&world, 5_000);
    let pods: Api<k8s_openapi::api::core::v1::Pod> = Api::all(kube::Client::new(world.server("https://large.demo.invalid:6443").unwrap(), "default"));
    assert_eq!(pods.list(&ListParams::default()).await.unwrap().items.len(), 5_000);
}

#[tokio::test]
async fn one_machine_of_lab_b_is_late() {
    let world = World::start(Clock::manual(NOW));
    super::set(&world, Scene::Fleet);
    let client = kube::Client::new(world.server("https://127.0.0.1:41873").unwrap(), "default");
    let kind = kube::core::ApiResource::from_gvk_with_plural(&kube::core::GroupVersionKind::gvk("cluster.x-k8s.io", "v1beta2", "Machine"), "machines");
    let machines: Api<kube::core::DynamicObject> = Api::all_with(client, &kind);
    let list = machines.list(&ListParams::default().labels("cluster.x-k8s.io/cluster-name=lab-b")).await.unwrap();
    let late: Vec<_> = list.items.iter().filter(|one| one.data["status"]["phase"] != "Running").filter_map(|one| one.metadata.name.as_deref()).collect();
    assert_eq!((list.items.len(), late), (4, vec!["lab-b-md-0-6k8wz-x7k2p"]));
}

#[test]
fn a_scene_without_kubeconfigs_has_none_and_an_emptied_one_has_an_empty_one() {
    let files = |scene| super::files(scene, Tongue::Plain, Path::new("/home/demo"), NOW).unwrap();
    assert!(files(Scene::First).is_empty() && files(Scene::NoDocker).is_empty());
    let empty: Vec<_> = files(Scene::Empty).into_iter().map(|(_, text)| serde_yaml::from_str::<serde_json::Value>(&text).unwrap()).collect();
    assert_eq!(empty.iter().map(|file| &file["contexts"]).collect::<Vec<_>>(), [&serde_json::json!([])]);
}
