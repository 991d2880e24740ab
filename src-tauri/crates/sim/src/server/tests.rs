use std::time::Duration;

use api::Timestamp;
use futures::{StreamExt, TryStreamExt};
use k8s_openapi::api::core::v1::{ConfigMap, Pod};
use kube::api::{Api, DeleteParams, ListParams, Patch, PatchParams, PostParams};
use kube::runtime::watcher::{self, Event};
use serde_json::json;

use crate::{Clock, World};

fn world() -> (World, kube::Client) {
    let world = World::start(Clock::manual(Timestamp(1_790_000_000_000)));
    world.add_cluster("dev", "v1.36.1", "https://dev.demo.invalid:6443");
    let server = world.server("https://dev.demo.invalid:6443").unwrap();
    (world, kube::Client::new(server, "default"))
}

fn map(name: &str) -> ConfigMap {
    serde_json::from_value(json!({ "metadata": { "name": name, "namespace": "default" }, "data": { "a": "1" } })).unwrap()
}

fn code<T: std::fmt::Debug>(result: Result<T, kube::Error>) -> u16 {
    let kube::Error::Api(status) = result.unwrap_err() else { panic!("not an answer of the server") };
    status.code
}

#[tokio::test]
async fn a_watcher_sees_what_is_made_and_deleted() {
    let (world, client) = world();
    let maps: Api<ConfigMap> = Api::namespaced(client, "default");
    let mut events = Box::pin(watcher::watcher(maps.clone(), watcher::Config::default()));
    let clock = world.clock().clone();
    let seen = clock
        .drive(async {
            let mut seen = Vec::new();
            while let Some(event) = events.try_next().await.unwrap() {
                match event {
                    Event::InitDone => {
                        maps.create(&PostParams::default(), &map("one")).await.unwrap();
                    }
                    Event::Apply(object) => {
                        seen.push(format!("apply {}", object.metadata.name.unwrap()));
                        maps.delete("one", &DeleteParams::default()).await.unwrap();
                    }
                    Event::Delete(object) => {
                        seen.push(format!("delete {}", object.metadata.name.unwrap()));
                        break;
                    }
                    Event::Init | Event::InitApply(_) => {}
                }
            }
            seen
        })
        .await;
    assert_eq!(seen, ["apply one", "delete one"]);
}

#[tokio::test]
async fn options_of_a_deletion_in_its_body_take_the_place_of_those_in_the_query() {
    let (world, client) = world();
    let maps: Api<ConfigMap> = Api::namespaced(client.clone(), "default");
    let ask = |body: &str| http::Request::delete("/api/v1/namespaces/default/configmaps/one?dryRun=All").body(body.as_bytes().to_vec()).unwrap();
    let left = world
        .clock()
        .clone()
        .drive(async {
            maps.create(&PostParams::default(), &map("one")).await.unwrap();
            client.request::<serde_json::Value>(ask("")).await.unwrap();
            let after_dry = maps.get_opt("one").await.unwrap().is_some();
            client.request::<serde_json::Value>(ask(r#"{"dryRun":["All"]}"#)).await.unwrap();
            let after_both = maps.get_opt("one").await.unwrap().is_some();
            client.request::<serde_json::Value>(ask(r#"{"kind":"DeleteOptions"}"#)).await.unwrap();
            (after_dry, after_both, maps.get_opt("one").await.unwrap().is_some())
        })
        .await;
    assert_eq!(left, (true, true, false));
}

#[tokio::test]
async fn a_long_list_comes_in_pages_and_expires_when_compacted() {
    let (world, client) = world();
    let maps: Api<ConfigMap> = Api::namespaced(client, "default");
    for n in 0..5 {
        maps.create(&PostParams::default(), &map(&format!("m{n}"))).await.unwrap();
    }
    let first = maps.list(&ListParams::default().limit(2)).await.unwrap();
    assert_eq!((first.items.len(), first.metadata.remaining_item_count), (2, Some(3)));
    let token = first.metadata.continue_.unwrap();
    let second = maps.list(&ListParams::default().limit(9).continue_token(&token)).await.unwrap();
    assert_eq!(second.items.iter().filter_map(|one| one.metadata.name.as_deref()).collect::<Vec<_>>(), ["m2", "m3", "m4"]);
    maps.create(&PostParams::default(), &map("late")).await.unwrap();
    world.cluster("dev").unwrap().compact(0);
    assert_eq!(code(maps.list(&ListParams::default().limit(2).continue_token(&token)).await), 410);
    let mut watch = Box::pin(maps.watch(&Default::default(), "101").await.unwrap());
    let Some(Ok(kube::api::WatchEvent::Error(status))) = watch.next().await else { panic!("no error") };
    assert_eq!(status.code, 410);
}

#[tokio::test]
async fn an_old_version_conflicts_and_a_dry_run_leaves_no_trace() {
    let (_world, client) = world();
    let maps: Api<ConfigMap> = Api::namespaced(client, "default");
    let dry = PostParams { dry_run: true, ..PostParams::default() };
    maps.create(&dry, &map("one")).await.unwrap();
    assert_eq!(maps.get_opt("one").await.unwrap(), None);
    let old = maps.create(&PostParams::default(), &map("one")).await.unwrap();
    assert_eq!(code(maps.create(&PostParams::default(), &map("one")).await), 409);
    maps.patch("one", &PatchParams::default(), &Patch::Merge(json!({ "data": { "a": "2" } }))).await.unwrap();
    assert_eq!(code(maps.replace("one", &PostParams::default(), &old).await), 409);
    let applied = Patch::Apply(json!({ "apiVersion": "v1", "kind": "ConfigMap", "data": { "b": "3" } }));
    let after = maps.patch("one", &PatchParams::apply("kos"), &applied).await.unwrap();
    assert_eq!(after.data.unwrap().into_iter().collect::<Vec<_>>(), [("a".into(), "2".into()), ("b".into(), "3".into())]);
}

#[tokio::test]
async fn a_deployment_becomes_running_pods_on_the_clock() {
    let (world, client) = world();
    let cluster = world.cluster("dev").unwrap();
    let spec = crate::objects::NodeSpec {
        name: "n1",
        roles: &[],
        version: "v1.36.1",
        address: "10.0.0.1",
        os: "Debian",
        created: "2026-09-21T00:00:00Z",
        ready: true,
    };
    cluster.write(|store| {
        crate::objects::place(store, crate::objects::node(&spec));
        crate::objects::place(store, crate::objects::deployment("default", "web", "nginx", 3, "2026-09-21T00:00:00Z", 5));
    });
    let pods: Api<Pod> = Api::namespaced(client, "default");
    let phases = async || {
        let list = pods.list(&ListParams::default().labels("app=web")).await.unwrap();
        list.items.into_iter().filter_map(|pod| pod.status?.phase).collect::<Vec<_>>()
    };
    world.clock().advance(Duration::from_secs(2)).await;
    assert_eq!(phases().await, ["Pending"; 3]);
    world.clock().advance(Duration::from_secs(5)).await;
    assert_eq!(phases().await, ["Running"; 3]);
}

#[tokio::test]
async fn an_unknown_token_is_401_and_a_missing_right_403() {
    let (world, client) = world();
    let pods: Api<Pod> = Api::all(client);
    let cluster = world.cluster("dev").unwrap();
    cluster.behave(|manners| manners.access.denied = vec![super::access::Denial { plural: "pods".into(), except: vec!["shop".into()], ..Default::default() }]);
    assert_eq!(code(pods.list(&ListParams::default()).await), 403);
    cluster.behave(|manners| manners.access.without_token = None);
    assert_eq!(code(pods.list(&ListParams::default()).await), 401);
}

#[tokio::test]
async fn a_busy_path_is_503_as_often_as_it_was_told_and_no_other_path_is() {
    let (world, client) = world();
    let cluster = world.cluster("dev").unwrap();
    cluster.behave(|manners| {
        manners.busy.insert("/apis/apps/v1".into(), 2);
    });
    let ask = |path: &'static str| client.request::<serde_json::Value>(http::Request::get(path).body(vec![]).unwrap());
    assert!(ask("/apis/batch/v1").await.is_ok());
    for _ in 0..2 {
        assert_eq!(code(ask("/apis/apps/v1").await), 503);
    }
    assert_eq!((ask("/apis/apps/v1").await.is_ok(), cluster.manners().busy.is_empty()), (true, true));
}
