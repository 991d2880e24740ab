use api::drawing::{ClassName, MachinesAre};
use api::local::{NodeImage, Presence};

use super::*;

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
    let image = |version: &str, here| NodeImage { kubernetes: version.into(), image: format!("kindest/node:{version}"), here };
    Ground {
        classes: vec![class()],
        taken: vec![("default".into(), "lab-a".into()), ("team".into(), "lab-b".into())],
        versions: vec![image("v1.37.0", Presence::ToBePulled), image("v1.36.4", Presence::Here)],
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
    let by_fields = means(&form, Leads::Fields, "cluster.x-k8s.io/v1beta2").unwrap().cluster;
    assert_eq!((&by_fields["apiVersion"], &by_fields["spec"]["topology"]["controlPlane"]["replicas"]), (&"cluster.x-k8s.io/v1beta1".into(), &3.into()));
    assert_eq!(by_fields["spec"]["clusterNetwork"]["serviceDomain"], "lab.local");
    let by_text = means(&form, Leads::Yaml, "cluster.x-k8s.io/v1beta2").unwrap().cluster;
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
