//! Does the form of a new workload cluster show every state that it can have?

use std::rc::Rc;

use api::{
    Fault, FaultCode, Fix, Millis,
    changes::{Taint, TaintEffect},
    drawing::{
        ClassName, ClassOffer, ClassView, ClusterForm, ClusterNetwork, ClusterPlan, DrawnObject, DryRun, ExpectedBar, FormCheck, FormField, FormFix, Label,
        Level, MachineCount, MachinesAre, Need, Opens, Pool, Shape, Variable,
    },
    local::{ImageIs, NodeImage},
    planned::{Fate, PlannedObject},
    providers::{AskedVariable, Shown as Asked},
    templates::{TemplatePick, TemplateView, TemplatesOf},
};
use ui::{
    model::drawing::{Drawn, Edit},
    pages::new_cluster::{NewClusterSheet, NewClusterSheetProps, Shown, TemplateSheet, TemplateSheetProps},
    widgets::Ready,
};
use yew::Callback;

use super::render;

fn variable(name: &str, shape: Shape, default: Option<&str>) -> Variable {
    Variable { name: name.into(), need: Need::Required, shape, choices: vec![], default: default.map(str::to_owned), says: format!("{name} sets it.") }
}

fn class(name: &str, machines: MachinesAre) -> ClassView {
    ClassView {
        name: ClassName { namespace: "default".into(), name: name.into() },
        infrastructure: "DockerCluster".into(),
        control_plane: "KubeadmControlPlane".into(),
        machines,
        workers: vec!["default-worker".into()],
        variables: vec![
            variable("imageRepository", Shape::Text { pattern: None, shortest: None, longest: None }, Some("\"\"")),
            variable("size", Shape::Whole { min: Some(1), max: None }, None),
            variable("podSecurity", Shape::Truth, Some("true")),
        ],
        versions: vec![],
        trouble: String::new(),
    }
}

fn pool(name: &str, replicas: u32) -> Pool {
    Pool { name: name.into(), class: "default-worker".into(), replicas, labels: vec![], taints: vec![] }
}

fn form() -> ClusterForm {
    let gpu = Pool {
        labels: vec![Label { key: "tier".into(), value: "gpu".into() }],
        taints: vec![Taint { key: "sim/gpu".into(), value: String::new(), effect: TaintEffect::NoSchedule }],
        ..pool("md-gpu", 1)
    };
    ClusterForm {
        namespace: "default".into(),
        name: "lab-c".into(),
        class: ClassName { namespace: "default".into(), name: "quick-start".into() },
        version: "v1.36.1".into(),
        control_planes: 1,
        pools: vec![pool("md-0", 3), gpu],
        network: ClusterNetwork::Kindnet,
        pod_range: "172.18.0.0/16".into(),
        service_range: "10.128.0.0/12".into(),
        variables: Default::default(),
        yaml: None,
    }
}

fn offer() -> ClassOffer {
    ClassOffer {
        classes: vec![class("quick-start", MachinesAre::Containers), class("in-memory", MachinesAre::Simulated)],
        versions: vec![NodeImage { kubernetes: "v1.36.1".into(), image: "kindest/node:v1.36.1".into(), is: ImageIs::Here { bytes: None } }],
        form: form(),
        opens: Opens::Anew,
    }
}

fn object(kind: &str, name: &str, depth: u16, machines: u32, note: &str) -> DrawnObject {
    DrawnObject { object: PlannedObject::named(Fate::Later, kind, "default", name), depth, machines, note: note.into() }
}

fn check(field: Option<FormField>, level: Level, title: &str, says: &str, fix: Option<FormFix>) -> FormCheck {
    FormCheck { field, level, title: title.into(), says: says.into(), fix }
}

/// The drawn plan: the range is Docker's and the machine is short of inotify instances.
fn plan() -> ClusterPlan {
    let bar = |words: &str, from: u64, to: u64| ExpectedBar { words: words.into(), from: Millis::seconds(from), to: Millis::seconds(to) };
    ClusterPlan {
        digest: "d".into(),
        form: form(),
        yaml: "apiVersion: cluster.x-k8s.io/v1beta2\nkind: Cluster\nmetadata:\n  name: lab-c\n".into(),
        objects: vec![
            object("Cluster", "lab-c", 0, 0, ""),
            object("DockerCluster", "lab-c-…", 1, 0, "load balancer"),
            object("KubeadmControlPlane", "lab-c-…", 1, 1, ""),
            object("MachineDeployment", "lab-c-md-0-…", 1, 3, ""),
            object("MachineDeployment", "lab-c-md-gpu-…", 1, 1, ""),
        ],
        asked: MachineCount { control_planes: 1, workers: 4 },
        rendered: MachineCount { control_planes: 1, workers: 4 },
        expected: vec![
            bar("Load balancer", 0, 7),
            bar("Control plane", 7, 69),
            bar("Network", 47, 65),
            bar("md-0, 3 machines", 52, 98),
            bar("md-gpu, 1 machine", 52, 92),
        ],
        learned_from: 6,
        checks: vec![
            check(
                Some(FormField::PodRange),
                Level::Stops,
                "The pod range is taken",
                "This is the Docker network kind.",
                Some(FormFix::Use("192.168.0.0/16".into())),
            ),
            check(None, Level::Fails, "No inotify instances are left", "5 new nodes need some.", Some(FormFix::Go(Fix::OpenDoctor))),
            check(None, Level::Well, "Memory is enough", "Needs about 2.6 GB, 8.5 GB is free.", None),
        ],
        dry_run: DryRun::NotAsked,
        command: "kubectl --context kind-kos-mgmt create -f lab-c.yaml".into(),
        typed: None,
    }
}

fn sheet(plan: Option<ClusterPlan>, shown: Shown) -> NewClusterSheetProps {
    NewClusterSheetProps {
        hold: ui::shell::hold::Hold::none(),
        offer: Rc::new(offer()),
        drawn: Drawn::new(form()),
        plan: plan.map(Rc::new),
        fault: None,
        busy: Ready::Yes,
        shown,
        typed: String::new(),
        on_typed: Callback::noop(),
        on_anew: Callback::noop(),
        on_template: Callback::noop(),
        on_show: Callback::noop(),
        on_edit: Callback::noop(),
        on_create: Callback::noop(),
        on_cancel: Callback::noop(),
        on_fix: Callback::noop(),
    }
}

fn templates(view: Option<TemplateView>, fault: Option<Fault>) -> TemplateSheetProps {
    let of = TemplatesOf { provider: "docker".into(), version: "v1.14.2".into() };
    TemplateSheetProps {
        known: Some(vec![of.clone()]),
        pick: Some(TemplatePick { of, flavor: "development".into() }),
        view,
        values: [("POD_CIDR".to_owned(), "10.0.0.0/8".to_owned())].into(),
        fault,
        busy: Ready::Yes,
        on_pick: Callback::noop(),
        on_read: Callback::noop(),
        on_value: Callback::noop(),
        on_fill: Callback::noop(),
        on_fix: Callback::noop(),
        on_close: Callback::noop(),
    }
}

#[tokio::test]
async fn a_template_asks_for_what_it_leaves_open_before_it_is_taken() {
    let asked = |name: &str, default: Option<&str>, shown| AskedVariable { name: name.into(), default: default.map(str::to_owned), shown };
    let view = TemplateView {
        variables: vec![asked("POD_CIDR", Some("192.168.0.0/16"), Asked::Plainly), asked("SSH_KEY_B64", None, Asked::AsDots)],
        command: "clusterctl generate cluster lab-c --infrastructure docker:v1.14.2 --flavor development".into(),
    };
    let shown = render::<TemplateSheet>({
        let view = view.clone();
        move || templates(Some(view.clone()), None)
    })
    .await;
    assert!(shown.contains("1 needed") && shown.contains("value=\"10.0.0.0/8\"") && shown.contains("type=\"password\""), "{shown}");
    assert!(shown.contains("is written nowhere") && shown.contains("${SSH_KEY_B64}"), "{shown}");
    assert!(button(&shown, "Take this template").contains("disabled"), "one value is missing: {shown}");
    let all = TemplateView { variables: vec![view.variables[0].clone()], ..view };
    let shown = render::<TemplateSheet>(move || templates(Some(all.clone()), None)).await;
    assert!(shown.contains("none needed") && !shown.contains("is written nowhere") && !button(&shown, "Take this template").contains("disabled"), "{shown}");
}

#[tokio::test]
async fn a_template_that_is_not_there_is_said_in_words_of_clusterctl() {
    let refused = || Fault::new(FaultCode::Program, "clusterctl could not tell what there is for kind-kos-mgmt.").because("clusterctl", "no such file");
    let shown = render::<TemplateSheet>(move || templates(None, Some(refused()))).await;
    assert!(shown.contains("no such file") && shown.contains("Show what it needs"), "{shown}");
    let nothing = || TemplateSheetProps { known: Some(vec![]), pick: None, ..templates(None, None) };
    let shown = render::<TemplateSheet>(nothing).await;
    assert!(shown.contains("no infrastructure provider yet") && button(&shown, "Show what it needs").contains("disabled"), "{shown}");
}

/// The button that says this, from its opening bracket on.
fn button<'a>(shown: &'a str, words: &str) -> &'a str {
    let before = &shown[..shown.find(words).expect("such a button")];
    &before[before.rfind("<button").expect("it opens")..]
}

#[tokio::test]
async fn a_drawn_cluster_shows_what_will_be_made_when_and_what_speaks_against_it() {
    insta::assert_snapshot!(render::<NewClusterSheet>(|| sheet(Some(plan()), Shown::Objects)).await);
}

#[tokio::test]
async fn another_number_of_machines_than_asked_stands_in_the_plan_with_the_reason() {
    let differs = || {
        let says = "1 + 4 machines are asked for, the YAML makes 1 + 8.";
        let checks = vec![check(Some(FormField::Yaml), Level::Risks, "The number of machines differs", says, None)];
        let rendered = MachineCount { control_planes: 1, workers: 8 };
        sheet(Some(ClusterPlan { checks, rendered, ..plan() }), Shown::Objects)
    };
    let shown = render::<NewClusterSheet>(differs).await;
    assert!(shown.contains("1 + 4 asked, 1 + 8 rendered") && shown.contains("the YAML makes 1 + 8."), "{shown}");
}

#[tokio::test]
async fn a_form_whose_plan_is_on_its_way_can_not_be_made_yet() {
    let shown = render::<NewClusterSheet>(|| sheet(None, Shown::Objects)).await;
    assert!(shown.contains("The plan is on its way.") && shown.contains("disabled"), "{shown}");
}

#[tokio::test]
async fn the_yaml_stands_beside_the_form_with_what_the_server_would_keep() {
    let with_yaml = || {
        let mut plan = plan();
        plan.checks.clear();
        plan.dry_run = DryRun::Accepted;
        plan.objects[0].object.after = "kind: Cluster\nspec:\n  paused: false\n".into();
        sheet(Some(plan), Shown::Yaml)
    };
    let shown = render::<NewClusterSheet>(with_yaml).await;
    assert!(shown.contains("YAML of the cluster") && shown.contains("Cluster lab-c as the server would keep it") && shown.contains("paused: false"), "{shown}");
    insta::assert_snapshot!(shown);
}

#[tokio::test]
async fn a_server_that_would_refuse_is_quoted_and_nothing_can_be_made() {
    let refused = || {
        let fault =
            Fault::new(FaultCode::Invalid, "kind-kos-mgmt does not take Cluster lab-c like this.").because("https://127.0.0.1:1", "spec.topology: Forbidden");
        sheet(Some(ClusterPlan { checks: vec![], dry_run: DryRun::Refused(fault), ..plan() }), Shown::Objects)
    };
    let shown = render::<NewClusterSheet>(refused).await;
    for words in ["the server would refuse it", "does not take Cluster lab-c like this.", "spec.topology: Forbidden", "The server would refuse it."] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
}

#[tokio::test]
async fn a_protected_context_asks_for_its_name_before_a_cluster_is_made() {
    let protected = || sheet(Some(ClusterPlan { checks: vec![], dry_run: DryRun::Accepted, typed: Some("kind-prod".into()), ..plan() }), Shown::Objects);
    let shown = render::<NewClusterSheet>(protected).await;
    assert!(shown.contains("Type kind-prod to create") && shown.contains("kind-prod is protected: type its name."), "{shown}");
}

#[tokio::test]
async fn a_draft_that_was_kept_can_be_left_behind() {
    let kept = || NewClusterSheetProps { offer: Rc::new(ClassOffer { opens: Opens::Draft, ..offer() }), ..sheet(None, Shown::Objects) };
    let shown = render::<NewClusterSheet>(kept).await;
    assert!(shown.contains("As you left it.") && shown.contains("Start anew"), "{shown}");
}

#[tokio::test]
async fn a_wrong_variable_opens_the_fold_that_it_stands_in() {
    let wrong = || {
        let field = Some(FormField::Variable("size".into()));
        sheet(
            Some(ClusterPlan { checks: vec![check(field, Level::Stops, "A variable is missing", "The class needs a value for size.", None)], ..plan() }),
            Shown::Objects,
        )
    };
    let shown = render::<NewClusterSheet>(wrong).await;
    assert!(shown.contains("Service range") && shown.contains("The class needs a value for size."), "{shown}");
}

#[tokio::test]
async fn a_taint_that_is_typed_wrongly_is_said_at_its_pool() {
    let wrong = || {
        let drawn = Drawn::new(form()).edited(Edit::Taints(0, "gpu".into()), &offer());
        NewClusterSheetProps { drawn, ..sheet(Some(plan()), Shown::Objects) }
    };
    let shown = render::<NewClusterSheet>(wrong).await;
    assert!(shown.contains("“gpu” is no taint"), "{shown}");
}
