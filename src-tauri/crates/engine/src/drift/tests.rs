use api::changes::Verb;
use api::definitions::{ApplyDefinitions, Comments, FileWish, LeftWhy, ObjectName, SaveFiles, WorkTree};

use super::*;
use crate::realm::Realm;
use crate::settings::Settings;
use crate::stage::Stage;

/// The demo with its management cluster open, and the folder that its user bound to lab-a.
async fn demo() -> (tempfile::TempDir, Arc<Realm>, ClusterAt, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::below(folder.path());
    let settings = Arc::new(Settings::open(&home.config));
    let hurried = ["--demo", "--pace=60"].iter().try_fold(Stage::Real, |stage, word| Ok::<_, crate::stage::WrongStage>(stage.told(word)?.unwrap_or(stage)));
    let realm = Realm::open(&home, &settings, hurried.unwrap()).await.unwrap();
    let context = realm.fleet.contexts().rows().into_iter().find(|row| row.name == "kind-kos-mgmt").map(|row| row.id).unwrap();
    realm.sessions.open(&context).await.unwrap();
    let at = ClusterAt { context, namespace: "default".into(), name: "lab-a".into() };
    let bound = realm.drifts.folder_of(&at).expect("the user of the demo bound a folder");
    // The webhooks of a demo that opened just now come up one after another.
    let (view, _interest) = view(&realm, &at);
    until(&view.board, |rows| rows.len() > 1 && !told(rows).iter().any(|line| line.starts_with("Refused"))).await;
    (folder, realm, at, bound)
}

/// The view of a cluster, and what keeps it up.
fn view(realm: &Realm, at: &ClusterAt) -> (Arc<View>, Interest) {
    let (_, interest) = realm.drifts.watch(at).unwrap();
    (realm.drifts.lock().get(at).and_then(Weak::upgrade).expect("somebody looks"), interest)
}

fn object(kind: &str, name: &str) -> ObjectName {
    ObjectName { group: "cluster.x-k8s.io".into(), kind: kind.into(), namespace: "default".into(), name: name.into() }
}

/// What is told of a cluster, each line short.
fn told(parts: &[DriftPart]) -> Vec<String> {
    let line = |part: &DriftPart| match part {
        DriftPart::Head(_) => None,
        DriftPart::Object(row) => {
            Some(format!("{:?} {} {} {}", row.state, row.object.kind, row.object.name, row.fields.iter().map(|f| f.path.as_str()).collect::<String>()))
        }
        DriftPart::Left(left) => Some(format!("{:?} {}:{}", left.why, left.at.file, left.at.line)),
    };
    parts.iter().filter_map(line).collect()
}

async fn look(realm: &Realm, at: &ClusterAt, bound: &Path) -> Vec<DriftPart> {
    realm.drifts.looked(at, bound).await.unwrap().0
}

const REPLICAS: &str = ".spec.topology.workers.machineDeployments[md-0].replicas";

#[tokio::test]
async fn each_object_is_the_same_or_drifted_or_missing_or_extra() {
    let (_home, realm, at, bound) = demo().await;
    let parts = look(&realm, &at, &bound).await;
    assert_eq!(
        told(&parts),
        [
            &format!("Drifted Cluster lab-a {REPLICAS}"),
            "Drifted MachineHealthCheck lab-a-md-0 .spec.checks.nodeStartupTimeoutSeconds",
            "Missing ConfigMap lab-a-metrics-server ",
            "Extra MachineHealthCheck lab-a-planes ",
            "Same DockerClusterTemplate quick-start-cluster ",
            "Same ClusterClass quick-start ",
            "OtherKind addons.yaml:10",
        ]
    );
    let DriftPart::Head(DriftHead { bound: Some(bound) }) = &parts[0] else { panic!("{:?}", parts[0]) };
    let checkout = bound.checkout.as_ref().expect("the folder is in a checkout");
    assert_eq!((bound.folder.as_str(), checkout.branch.as_deref(), checkout.tree), ("~/src/clusters/lab/lab-a", Some("main"), WorkTree::Clean));
    let DriftPart::Object(cluster) = &parts[1] else { panic!("{:?}", parts[1]) };
    assert_eq!((cluster.fields[0].file.as_deref(), cluster.fields[0].cluster.as_deref()), (Some("2"), Some("3")));
    assert_eq!(cluster.fields[0].owner.as_ref().map(|hand| hand.manager.as_str()), Some("kos"));
    assert_eq!(cluster.running, cluster.text.replace("replicas: 2", "replicas: 3"), "comments and order stay");
    realm.close().await;
}

#[tokio::test]
async fn what_was_shown_is_applied_in_its_order_and_nothing_is_deleted() {
    let (_home, realm, at, bound) = demo().await;
    let plan = realm.drifts.plan_apply(&at, &[]).await.unwrap();
    let writes: Vec<(Verb, &str)> = plan.writes.iter().map(|write| (write.verb, write.name.as_str())).collect();
    assert_eq!(writes, [(Verb::Create, "lab-a-metrics-server"), (Verb::Patch, "lab-a"), (Verb::Patch, "lab-a-md-0")]);
    assert_eq!(plan.takes_over, ["MachineHealthCheck lab-a-md-0: .spec.checks.nodeStartupTimeoutSeconds was set by kubectl-edit and becomes KOS’s."]);
    assert_eq!(plan.stays, ["MachineHealthCheck lab-a-planes is in no file, and stays."]);
    let call = |digest: &str| ApplyDefinitions { at: at.clone(), objects: vec![], digest: digest.to_owned(), typed: String::new() };
    let refused = realm.drifts.apply(&call("another plan")).await.unwrap_err();
    assert_eq!((refused.code, refused.unharmed.as_str()), (FaultCode::Changed, NOTHING));
    let applied = realm.drifts.apply(&call(&plan.digest)).await.unwrap();
    assert_eq!(applied.written, ["ConfigMap lab-a-metrics-server", "Cluster lab-a", "MachineHealthCheck lab-a-md-0"]);
    let states: Vec<String> = told(&look(&realm, &at, &bound).await).into_iter().map(|line| line.split(' ').next().unwrap_or_default().to_owned()).collect();
    assert_eq!(states, ["Extra", "Same", "Same", "Same", "Same", "Same", "OtherKind"]);
    let nothing = realm.drifts.plan_apply(&at, &[object("Cluster", "lab-a")]).await.unwrap_err();
    assert!(nothing.sentence.ends_with("There is nothing to apply."), "{nothing}");
    realm.close().await;
}

#[tokio::test]
async fn a_plan_of_before_a_file_was_saved_is_not_applied() {
    let (_home, realm, at, bound) = demo().await;
    let objects = vec![object("Cluster", "lab-a")];
    let plan = realm.drifts.plan_apply(&at, &objects).await.unwrap();
    assert_eq!(plan.writes.len(), 1);
    let file = bound.join("cluster.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("replicas: 2", "replicas: 5")).unwrap();
    let refused = realm.drifts.apply(&ApplyDefinitions { at: at.clone(), objects, digest: plan.digest, typed: String::new() }).await.unwrap_err();
    assert_eq!((refused.code, refused.unharmed.as_str()), (FaultCode::Changed, NOTHING));
    realm.close().await;
}

#[tokio::test]
async fn a_protected_context_asks_for_its_name_before_files_are_applied() {
    let (_home, realm, at, _) = demo().await;
    realm.fleet.remember(&at.context, |known| known.guard = Guard::Protected).unwrap();
    let plan = realm.drifts.plan_apply(&at, &[]).await.unwrap();
    assert_eq!(plan.typed.as_deref(), Some("kind-kos-mgmt"));
    let refused = realm.drifts.apply(&ApplyDefinitions { at, objects: vec![], digest: plan.digest, typed: "lab-a".into() }).await.unwrap_err();
    assert_eq!((refused.sentence.as_str(), refused.unharmed.as_str()), ("To do this, type kind-kos-mgmt.", NOTHING));
    realm.close().await;
}

#[tokio::test]
async fn what_runs_is_taken_into_the_files_and_their_comments_stay() {
    let (_home, realm, at, bound) = demo().await;
    let wish = FileWish::Take { objects: vec![] };
    let plan = realm.drifts.plan_files(&at, &wish).await.unwrap();
    let files: Vec<(&str, Comments)> = plan.files.iter().map(|file| (file.shown.as_str(), file.comments)).collect();
    assert_eq!(files, [("~/src/clusters/lab/lab-a/cluster.yaml", Comments::Stay), ("~/src/clusters/lab/lab-a/health.yaml", Comments::Stay)]);
    assert_eq!(plan.left_out, ["ConfigMap lab-a-metrics-server is not in the cluster. If it is not wanted, take it out of addons.yaml yourself."]);
    let save = |digest: &str| SaveFiles { at: at.clone(), wish: wish.clone(), digest: digest.to_owned() };
    assert_eq!(realm.drifts.save(&save("another plan")).await.unwrap_err().code, FaultCode::Changed);
    realm.drifts.save(&save(&plan.digest)).await.unwrap();
    let text = std::fs::read_to_string(bound.join("cluster.yaml")).unwrap();
    assert!(text.starts_with("# The lab of the team.") && text.contains("v1.36.1  # keep with lab-b") && text.contains("replicas: 3"), "{text}");
    assert!(text.contains("---\n") && text.contains("name: lab-a-planes"), "what only the cluster had stands behind it: {text}");
    let after = look(&realm, &at, &bound).await;
    assert_eq!(told(&after)[0], "Missing ConfigMap lab-a-metrics-server ", "{:?}", told(&after));
    let DriftPart::Head(DriftHead { bound: Some(head) }) = &after[0] else { panic!("{:?}", after[0]) };
    assert_eq!(head.checkout.as_ref().map(|checkout| checkout.tree), Some(WorkTree::Changed(2)));
    realm.close().await;
}

#[tokio::test]
async fn a_cluster_is_exported_into_files_that_show_no_drift() {
    let (_home, realm, at, _) = demo().await;
    let shown = realm.drifts.plan_files(&at, &FileWish::Export { to: String::new() }).await.unwrap();
    assert_eq!((shown.files.len(), shown.files[0].shown.as_str()), (1, ""));
    let unsaved = realm.drifts.save(&SaveFiles { at: at.clone(), wish: FileWish::Export { to: String::new() }, digest: shown.digest }).await.unwrap_err();
    assert_eq!(unsaved.unharmed, NOTHING);
    let wish = FileWish::Export { to: "~/exported".into() };
    let plan = realm.drifts.plan_files(&at, &wish).await.unwrap();
    let names: Vec<&str> = plan.files.iter().map(|file| file.shown.as_str()).collect();
    assert_eq!(names, ["~/exported/class.yaml", "~/exported/cluster.yaml", "~/exported/addons.yaml"]);
    realm.drifts.save(&SaveFiles { at: at.clone(), wish, digest: plan.digest }).await.unwrap();
    realm.drifts.bind(&at, "~/exported").unwrap();
    let bound = realm.drifts.folder_of(&at).unwrap();
    let drift = told(&look(&realm, &at, &bound).await);
    assert!(drift.iter().all(|line| line.starts_with("Same ")) && drift.len() > 3, "{drift:?}");
    let missing = realm.drifts.plan_files(&at, &FileWish::Export { to: "/nonexistent/a/b.yaml".into() }).await.unwrap_err();
    assert!(missing.sentence.starts_with("There is no folder /nonexistent/a."), "{missing}");
    realm.close().await;
}

#[tokio::test]
async fn a_saved_file_is_compared_without_being_asked() {
    let (_home, realm, at, bound) = demo().await;
    let (view, _interest) = view(&realm, &at);
    let drifted = |rows: &[DriftPart]| told(rows).iter().any(|line| line.starts_with("Drifted Cluster"));
    until(&view.board, drifted).await;
    let file = bound.join("cluster.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("replicas: 2", "replicas: 3")).unwrap();
    until(&view.board, |rows| told(rows).iter().any(|line| line.starts_with("Same Cluster "))).await;
    std::fs::write(bound.join("new.yaml"), "kind: [\n").unwrap();
    until(&view.board, |rows| rows.iter().any(|part| matches!(part, DriftPart::Left(left) if left.why == LeftWhy::Broken && left.at.file == "new.yaml"))).await;
    realm.drifts.unbind(&at).unwrap();
    until(&view.board, |rows| rows == [DriftPart::Head(DriftHead { bound: None })]).await;
    drop(view);
    realm.close().await;
}

#[tokio::test]
async fn a_server_that_is_gone_leaves_the_rows_and_says_so() {
    let (_home, realm, at, _) = demo().await;
    let (view, _interest) = view(&realm, &at);
    until(&view.board, |rows| told(rows).len() == 7).await;
    realm.simulated().cluster("kos-mgmt").unwrap().behave(|manners| manners.reach = sim::Reach::Refused);
    realm.drifts.compare_again(&at).unwrap();
    let failed =
        |rows: &[DriftPart]| matches!(rows.first(), Some(DriftPart::Head(DriftHead { bound: Some(bound) })) if matches!(bound.compared, Compared::Failed(_)));
    until(&view.board, |rows| failed(rows) && told(rows).len() == 7).await;
    drop(view);
    realm.close().await;
}

async fn until(board: &Board<DriftPart>, is_so: impl Fn(&[DriftPart]) -> bool) {
    let mut news = board.news();
    let waited = async { while !is_so(&board.rows()) && news.changed().await.is_ok() {} };
    let in_time = tokio::time::timeout(std::time::Duration::from_secs(60), waited).await;
    assert!(in_time.is_ok(), "{:?}", told(&board.rows()));
}
