use api::drawing::{ClassName, MachinesAre};
use api::local::{ImageIs, LocalState, Maker, NodeImage};
use http::{Method, Request};
use secret::Secret;
use serde_json::json;

use super::*;
use crate::demo_fleet;
use crate::realm::Realm;

fn class() -> api::drawing::ClassView {
    api::drawing::ClassView {
        name: ClassName { namespace: "classes".into(), name: "quick-start".into() },
        infrastructure: "DevCluster".into(),
        control_plane: "KubeadmControlPlane".into(),
        machines: MachinesAre::Containers,
        workers: vec!["default-worker".into()],
        variables: vec![],
        versions: vec![],
        trouble: String::new(),
    }
}

fn ground() -> Ground {
    let image = |version: &str, is| NodeImage { kubernetes: version.into(), image: format!("kindest/node:{version}"), is };
    Ground {
        classes: vec![class()],
        taken: vec![("default".into(), "lab-a".into()), ("team".into(), "lab-b".into())],
        versions: vec![image("v1.37.0", ImageIs::ToBePulled { bytes: None }), image("v1.36.4", ImageIs::Here { bytes: None })],
        ..Ground::default()
    }
}

#[test]
fn a_form_opens_with_a_free_name_and_an_image_that_is_here() {
    let form = first(&ground());
    assert_eq!((form.name.as_str(), form.namespace.as_str(), form.version.as_str()), ("lab-c", "classes", "v1.36.4"));
    assert_eq!(form::checks(&form, &ground()), []);
}

#[test]
fn the_form_of_a_second_manager_keeps_off_the_containers_of_the_first() {
    let row = |name: &str, role: Role| LocalRow {
        name: name.into(),
        order: 0,
        role,
        state: LocalState::Running,
        nodes: vec![],
        balancers: vec![],
        version: String::new(),
        created: None,
        context: Some(ContextId(format!("#{name}"))),
        cpu_milli: None,
        memory_bytes: None,
        job: None,
    };
    let rows = [row("second", Role::Management), row("lab-a", Role::Workload { of: Some("first".into()) }), row("lab-b", Role::Foreign { by: Maker::K3d })];
    let here = here_of(&rows, &ContextId::from("#second")).unwrap();
    let ground = Ground { taken: vec![], here, ..ground() };
    assert_eq!(first(&ground).name, "lab-b");
    let his = ClusterForm { name: "lab-a".into(), ..first(&ground) };
    assert_eq!(form::checks(&his, &ground).iter().map(|check| check.title.as_str()).collect::<Vec<_>>(), ["The name is taken"]);
    assert_eq!(here_of(&rows, &ContextId::from("#elsewhere")), None, "its containers are made elsewhere");
}

#[test]
fn without_a_class_the_form_opens_and_says_what_is_missing() {
    let ground = Ground::default();
    let titles: Vec<String> = form::checks(&first(&ground), &ground).into_iter().map(|c| c.title).collect();
    assert_eq!(titles, ["A class is needed", "The version cannot be read"]);
}

#[test]
fn fields_change_a_yaml_of_ones_own_and_keep_the_rest_of_it() {
    let mut form = first(&ground());
    let own = form::cluster(&form, "cluster.x-k8s.io/v1beta1", None);
    form.yaml = Some(form::written(&own, &[]).replace("serviceDomain: cluster.local", "serviceDomain: lab.local"));
    form.control_planes = 3;
    let by_fields = means(&form, Leads::Fields, "cluster.x-k8s.io/v1beta2", &BTreeSet::new()).unwrap().cluster;
    assert_eq!((&by_fields["apiVersion"], &by_fields["spec"]["topology"]["controlPlane"]["replicas"]), (&"cluster.x-k8s.io/v1beta1".into(), &3.into()));
    assert_eq!(by_fields["spec"]["clusterNetwork"]["serviceDomain"], "lab.local");
    let by_text = means(&form, Leads::Yaml, "cluster.x-k8s.io/v1beta2", &BTreeSet::new()).unwrap().cluster;
    assert_eq!(by_text["spec"]["topology"]["controlPlane"]["replicas"], 1);
}

#[test]
fn another_text_or_another_state_before_is_another_plan() {
    let (context, plan) = (ContextId::from("#a"), empty(&first(&ground())));
    let other = ClusterPlan { yaml: "kind: Cluster\n".into(), ..plan.clone() };
    assert_ne!(digest(&context, &plan), digest(&context, &other));
    assert_ne!(digest(&context, &plan), digest(&ContextId::from("#b"), &plan));
    assert_eq!(digest(&context, &plan), digest(&context, &plan));
}

/// The demo with its management cluster open, and a plan of a cluster that it would make.
async fn planned() -> (tempfile::TempDir, Arc<Realm>, CreateCluster) {
    let (folder, realm) = demo_fleet::opened().await;
    let context = demo_fleet::live(&realm, demo_fleet::MANAGER).await;
    let form = realm.drawing.offer(&context).await.unwrap().form;
    let plan = realm.drawing.plan(&context, &form, Leads::Fields).await.unwrap();
    assert_eq!(plan.dry_run, DryRun::Accepted, "{:?}", plan.checks);
    (folder, realm, CreateCluster { context, form: plan.form, digest: plan.digest, typed: String::new() })
}

/// Asks the management cluster, as somebody else would.
async fn ask(realm: &Realm, method: Method, path: &str, body: Value) -> Value {
    let server = realm.simulated().server("https://127.0.0.1:41873").unwrap();
    let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    kube::Client::new(server, "default").request(request.body(body.to_string().into_bytes()).unwrap()).await.unwrap()
}

const CLUSTERS: &str = "/apis/cluster.x-k8s.io/v1beta2/namespaces/default/clusters";

async fn names(realm: &Realm) -> Vec<String> {
    let list = ask(realm, Method::GET, CLUSTERS, Value::Null).await;
    list["items"].as_array().into_iter().flatten().filter_map(|one| one["metadata"]["name"].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn a_server_that_does_not_say_its_kinds_is_not_told_to_hold_no_cluster_api() {
    let (_folder, realm) = demo_fleet::opened().await;
    let context = demo_fleet::live(&realm, demo_fleet::MANAGER).await;
    realm.simulated().cluster("kos-mgmt").unwrap().behave(|manners| {
        manners.busy.insert("/apis/cluster.x-k8s.io/v1beta2".to_owned(), 1);
    });
    let access = realm.sessions.access(&context).unwrap();
    let why = super::look::held(&access, &[]).await.err().unwrap();
    assert_eq!((why.code, why.unharmed.as_str()), (FaultCode::Unreachable, "Nothing was written."), "{why}");
    assert!(super::look::held(&access, &[]).await.is_ok());
    realm.close().await;
}

#[tokio::test]
async fn a_class_that_goes_between_plan_and_creation_is_named_and_nothing_is_made() {
    let (_folder, realm, call) = planned().await;
    let class = &call.form.class;
    let path = format!("/apis/cluster.x-k8s.io/v1beta2/namespaces/{}/clusterclasses/{}", class.namespace, class.name);
    ask(&realm, Method::DELETE, &path, json!({})).await;
    let fault = realm.drawing.create(&call).await.unwrap_err();
    assert!(fault.sentence.starts_with("The class is gone: "), "{fault}");
    assert_eq!((fault.code, fault.unharmed.as_str()), (FaultCode::Invalid, "Nothing was written."));
    assert!(!names(&realm).await.contains(&call.form.name));
    realm.close().await;
}

#[tokio::test]
async fn a_name_that_another_takes_between_plan_and_creation_stays_his() {
    let (_folder, realm, call) = planned().await;
    let own = form::cluster(&ClusterForm { control_planes: 3, ..call.form.clone() }, "cluster.x-k8s.io/v1beta2", None);
    let his = ask(&realm, Method::POST, CLUSTERS, own).await;
    let fault = realm.drawing.create(&call).await.unwrap_err();
    assert!(fault.sentence.contains("taken") || fault.sentence.contains("already"), "{fault}");
    assert_eq!((fault.code, fault.unharmed.as_str()), (FaultCode::Invalid, "Nothing was written."));
    let now = ask(&realm, Method::GET, &format!("{CLUSTERS}/{}", call.form.name), Value::Null).await;
    assert_eq!((&now["metadata"]["uid"], &now["spec"]["topology"]["controlPlane"]["replicas"]), (&his["metadata"]["uid"], &json!(3)));
    realm.close().await;
}

#[tokio::test]
async fn a_management_cluster_that_goes_between_plan_and_creation_is_said_and_the_draft_stays() {
    let (_folder, realm, call) = planned().await;
    realm.drawing.keep(&call.context, Some(&call.form)).unwrap();
    realm.simulated().cluster("kos-mgmt").unwrap().behave(|manners| manners.reach = sim::Reach::Refused);
    let fault = realm.drawing.create(&call).await.unwrap_err();
    assert_eq!(fault.unharmed, "Nothing was written.", "{fault}");
    realm.simulated().cluster("kos-mgmt").unwrap().behave(|manners| manners.reach = sim::Reach::Answers);
    assert_eq!(realm.drawing.drafts.read(&call.context).as_ref(), Some(&call.form));
    realm.close().await;
}

#[tokio::test]
async fn what_was_typed_as_dots_reaches_the_cluster_and_neither_page_nor_draft() {
    const TYPED: &str = "hunter2: #\"two\"";
    let (_folder, realm, call) = planned().await;
    let context = call.context.clone();
    let meta = json!({ "name": "login", "namespace": call.form.namespace });
    let login = json!({ "apiVersion": "v1", "kind": "Secret", "metadata": meta, "stringData": { "password": "${PASSWORD}" } });
    let mut own = form::cluster(&call.form, "cluster.x-k8s.io/v1beta2", None);
    own["metadata"]["annotations"]["example.com/note"] = json!("seen by ${PASSWORD}");
    let form = ClusterForm { yaml: Some(form::written(&own, &[login])), ..call.form.clone() };
    let nobody_typed = realm.drawing.plan(&context, &form, Leads::Yaml).await.unwrap();
    assert!(nobody_typed.stops().any(|check| check.says.starts_with("PASSWORD in line")), "{:?}", nobody_typed.checks);

    realm.drawing.take(&context, Values::from([("PASSWORD".to_owned(), Secret::new(TYPED))]));
    realm.drawing.keep(&context, Some(&form)).unwrap();
    let plan = realm.drawing.plan(&context, &form, Leads::Yaml).await.unwrap();
    assert_eq!(plan.dry_run, DryRun::Accepted, "{:?}", plan.checks);
    let shown = &plan.objects.iter().find(|drawn| drawn.object.kind == "Cluster").unwrap().object.after;
    assert!(shown.contains("seen by ${PASSWORD}"), "{shown}");
    assert!(!serde_json::to_string(&plan).unwrap().contains("hunter2"), "{plan:?}");
    assert_eq!(realm.drawing.drafts.read(&context).as_ref(), Some(&form));

    realm.drawing.create(&CreateCluster { form: plan.form, digest: plan.digest, ..call }).await.unwrap();
    let path = format!("/api/v1/namespaces/{}/secrets/login", form.namespace);
    assert_eq!(ask(&realm, Method::GET, &path, Value::Null).await["stringData"]["password"], TYPED);
    assert!(realm.drawing.dots.of(&context).is_empty(), "it goes with the draft");
    realm.close().await;
}
