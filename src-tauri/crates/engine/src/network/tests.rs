use std::sync::Arc;

use api::FaultCode;
use api::capi::ClusterPart;
use api::changes::ClusterAt;
use api::contexts::Guard;
use api::network::{ApplyNetwork, Manifest};
use api::planned::Fate;
use api::shared::{Shared, SharedState};
use http::Request;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::Networks;
use crate::demo_fleet;
use crate::fetching::Fetching;
use crate::realm::Realm;
use crate::web::Internet;

async fn open() -> (Arc<Realm>, ClusterAt, tempfile::TempDir) {
    let (home, realm) = demo_fleet::opened().await;
    demo_fleet::live(&realm, demo_fleet::MANAGER).await;
    let at = demo_fleet::at(&realm, "lab-a");
    (realm, at, home)
}

async fn read(realm: &Realm, path: &str) -> Option<Value> {
    let server = realm.simulated().server("https://127.0.0.1:55001").unwrap();
    kube::Client::new(server, "default").request(Request::get(path).body(vec![]).unwrap()).await.ok()
}

fn apply(at: &ClusterAt, seen: &str, typed: &str) -> ApplyNetwork {
    ApplyNetwork { at: at.clone(), from: Manifest::Kindnet, seen: seen.into(), typed: typed.into() }
}

/// Nothing of the demo has it; the DaemonSet stands there already.
const ACCOUNT: &str = "/api/v1/namespaces/kube-system/serviceaccounts/kindnet";

#[tokio::test]
async fn kindnet_is_shown_object_by_object_then_applied_once_and_for_good() {
    let (realm, at, _home) = open().await;
    let plan = realm.networks.plan(&at, &Manifest::Kindnet).await.unwrap();
    let fates: Vec<(&str, Fate)> = plan.objects.iter().map(|one| (one.kind.as_str(), one.fate)).collect();
    let made = |kind| (kind, Fate::Made);
    assert_eq!(fates, [made("ClusterRole"), made("ClusterRoleBinding"), made("ServiceAccount"), ("DaemonSet", Fate::Changed)]);
    assert_eq!((plan.name.as_str(), plan.pods.as_slice()), ("lab-a", &["192.168.0.0/16".to_owned()][..]));
    assert!(plan.doubts.is_empty() && plan.manifest.contains("192.168.0.0/16"));
    assert!(read(&realm, ACCOUNT).await.is_none(), "a dry run keeps nothing");

    let other = realm.networks.apply(&apply(&at, "another plan", "")).await.unwrap_err();
    assert_eq!(other.code, FaultCode::Changed);
    let managed = realm.sessions.managed(&at.context, realm.local.board()).unwrap();
    let page = managed.cluster("default", "lab-a");
    managed.whole().await.unwrap();
    realm.networks.apply(&apply(&at, &plan.seen, "")).await.unwrap();
    assert!(read(&realm, ACCOUNT).await.is_some());
    let kindnet = Shared::AddOn { name: "kindnet".into() };
    let lane =
        page.rows().into_iter().find_map(|part| if let ClusterPart::Shared(lane) = part { Some(lane).filter(|lane| lane.what == kindnet) } else { None });
    assert_eq!(lane.unwrap().state(), SharedState::There, "its lane stands beside those of the machines");
    let again = realm.networks.plan(&at, &Manifest::Kindnet).await.unwrap();
    assert!(again.objects.iter().all(|one| one.fate == Fate::Same), "{:?}", again.objects);
    realm.close().await;
}

#[tokio::test]
async fn a_protected_cluster_is_written_to_only_after_its_name_was_typed() {
    let (realm, at, _home) = open().await;
    let plan = realm.networks.plan(&at, &Manifest::Kindnet).await.unwrap();
    realm.fleet.remember(&plan.context, |known| known.guard = Guard::Protected).unwrap();
    for typed in ["", "lab-b"] {
        assert_eq!(realm.networks.apply(&apply(&at, &plan.seen, typed)).await.unwrap_err().code, FaultCode::Invalid);
    }
    assert!(read(&realm, ACCOUNT).await.is_none());
    realm.networks.apply(&apply(&at, &plan.seen, "lab-a")).await.unwrap();
    realm.close().await;
}

#[tokio::test]
async fn a_file_that_is_no_manifest_or_a_cluster_that_is_not_connected_is_said() {
    let (realm, at, home) = open().await;
    let file = home.path().join("cni.yaml");
    let from = || Manifest::File { path: file.display().to_string() };
    assert_eq!(realm.networks.plan(&at, &from()).await.unwrap_err().code, FaultCode::File);
    for (text, code) in [
        ("- a\n", FaultCode::File),
        ("kind: Nonsense\napiVersion: none/v1\nmetadata: {name: x}\n", FaultCode::Invalid),
        ("kind: ConfigMap\napiVersion: v1\n", FaultCode::Invalid),
    ] {
        std::fs::write(&file, text).unwrap();
        let why = realm.networks.plan(&at, &from()).await.unwrap_err();
        assert_eq!(why.code, code, "{text}: {why}");
    }
    std::fs::write(&file, "kind: ConfigMap\napiVersion: v1\nmetadata: {name: c, namespace: kube-system}\ndata: {cluster-pool-ipv4-cidr: 10.0.0.0/8}\n")
        .unwrap();
    let plan = realm.networks.plan(&at, &from()).await.unwrap();
    assert!(plan.doubts[0].contains("10.0.0.0/8") && plan.doubts[0].contains("192.168.0.0/16"), "{:?}", plan.doubts);
    let unknown = ClusterAt { name: "ci-smoke".into(), ..at };
    let why = realm.networks.plan(&unknown, &Manifest::Kindnet).await.unwrap_err();
    assert_eq!((why.code, why.sentence.contains("Connect it first")), (FaultCode::NotFound, true));
    realm.close().await;
}

/// A server that answers each request with the next text, and then with the last one again.
async fn serving(texts: Vec<String>) -> (String, JoinSet<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/cni.yaml", listener.local_addr().unwrap());
    let mut server = JoinSet::new();
    server.spawn(async move {
        let mut at = 0;
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = vec![];
            while !head.ends_with(b"\r\n\r\n") {
                let Ok(byte) = stream.read_u8().await else { break };
                head.push(byte);
            }
            let text = &texts[at.min(texts.len() - 1)];
            at += 1;
            let reply = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}", text.len());
            stream.write_all(reply.as_bytes()).await.ok();
            stream.shutdown().await.ok();
        }
    });
    (address, server)
}

fn config_map(value: &str) -> String {
    format!("kind: ConfigMap\napiVersion: v1\nmetadata: {{name: of-an-address, namespace: kube-system}}\ndata: {{a: {value}}}\n")
}

/// The way into the clusters of the demo, where addresses are asked as on a real machine.
fn with_the_internet(realm: &Realm) -> Networks {
    let fetching = Fetching::new(Arc::new(realm.simulated().clone()), Arc::new(Internet), realm.settings.clone(), &realm.home);
    Networks::new(realm.fleet.clone(), realm.sessions.clone(), realm.home.clone(), fetching)
}

#[tokio::test]
async fn a_demo_that_is_asked_for_an_address_contacts_nobody_and_answers() {
    let (realm, at, _home) = open().await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let here = format!("http://{}/cni.yaml", listener.local_addr().unwrap());
    for address in [here.as_str(), "https://example.org/cni.yaml"] {
        let from = Manifest::Url { address: address.to_owned() };
        let plan = realm.networks.plan(&at, &from).await.unwrap();
        let fates: Vec<(&str, Fate)> = plan.objects.iter().map(|one| (one.kind.as_str(), one.fate)).collect();
        assert_eq!(fates, [("ServiceAccount", Fate::Made), ("DaemonSet", Fate::Made)], "{address}");
        assert!(plan.doubts.is_empty() && plan.digest.len() == 64, "{plan:?}");
    }
    assert_eq!(listener.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock, "nobody came");
    realm.close().await;
}

#[tokio::test]
async fn the_demo_refuses_an_address_that_is_not_safe_in_the_words_of_a_real_machine() {
    let (realm, at, _home) = open().await;
    let real = with_the_internet(&realm);
    for (address, named) in [
        ("http://example.org/cni.yaml", "http://example.org/cni.yaml"),
        ("ftp://example.org/cni.yaml", "ftp://example.org/cni.yaml"),
        ("cni.yaml", "cni.yaml"),
        ("https://jo:secret@example.org/", "https://example.org/"),
        ("http://jo:secret@127.0.0.1:1/cni.yaml", "http://127.0.0.1:1/cni.yaml"),
    ] {
        let from = Manifest::Url { address: address.to_owned() };
        let why = realm.networks.plan(&at, &from).await.unwrap_err();
        assert_eq!(why.sentence, format!("{named} is not an address that KOS downloads from."), "{address}");
        assert_eq!(why, real.plan(&at, &from).await.unwrap_err(), "{address}");
    }
    realm.close().await;
}

#[tokio::test]
async fn a_network_from_an_address_is_shown_with_its_digest_and_applied_only_as_it_was_shown() {
    let (realm, at, _home) = open().await;
    let networks = with_the_internet(&realm);
    let (address, _server) = serving(["one", "two", "two", "two"].map(config_map).to_vec()).await;
    let from = Manifest::Url { address: address.clone() };
    let apply = |seen: &str| ApplyNetwork { at: at.clone(), from: from.clone(), seen: seen.into(), typed: String::new() };
    let path = "/api/v1/namespaces/kube-system/configmaps/of-an-address";
    let plan = networks.plan(&at, &from).await.unwrap();
    assert_eq!(plan.objects.iter().map(|one| (one.kind.as_str(), one.fate)).collect::<Vec<_>>(), [("ConfigMap", Fate::Made)]);
    assert_eq!(plan.manifest, config_map("one"));
    assert!(plan.digest.len() == 64 && plan.command.ends_with(&address), "{} {}", plan.digest, plan.command);
    let why = networks.apply(&apply(&plan.seen)).await.unwrap_err();
    assert_eq!(why.code, FaultCode::Changed, "another text has this address by now: {why}");
    assert!(read(&realm, path).await.is_none());
    let plan = networks.plan(&at, &from).await.unwrap();
    networks.apply(&apply(&plan.seen)).await.unwrap();
    assert_eq!(read(&realm, path).await.unwrap()["data"]["a"], "two");
    realm.close().await;
}

#[tokio::test]
async fn an_address_that_is_not_safe_or_holds_no_manifest_is_said_and_nothing_is_written() {
    let (realm, at, _home) = open().await;
    let networks = with_the_internet(&realm);
    let (large, _server) = serving(vec!["# ".repeat(1024 * 1024)]).await;
    let (words, _other) = serving(vec!["just words".to_owned()]).await;
    for (address, code) in [("http://example.org/cni.yaml", FaultCode::Download), (large.as_str(), FaultCode::Download), (words.as_str(), FaultCode::File)] {
        let why = networks.plan(&at, &Manifest::Url { address: address.to_owned() }).await.unwrap_err();
        assert_eq!((why.code, why.unharmed.as_str()), (code, "Nothing was written."), "{address}: {why}");
    }
    realm.close().await;
}
