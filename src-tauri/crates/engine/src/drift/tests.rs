use api::commits::{AcceptDrift, CommitFiles, ShowDrift};
use api::definitions::{ApplyDefinitions, Comments, FileWish, LeftWhy, ObjectName, SaveFiles, WorkTree};
use api::planned::Fate;

use super::*;
use crate::demo_fleet;
use crate::realm::Realm;

/// The demo with its management cluster open, and the folder that its user bound to lab-a.
pub(super) async fn demo() -> (tempfile::TempDir, Arc<Realm>, ClusterAt, PathBuf) {
    let (folder, realm) = demo_fleet::hurried("--pace=60").await;
    let at = demo_fleet::at(&realm, "lab-a");
    realm.sessions.open(&at.context).await.unwrap();
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

pub(super) fn object(kind: &str, name: &str) -> ObjectName {
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
    assert_eq!(checkout.upstream.as_ref().map(|up| (up.name.as_str(), up.ahead, up.behind)), Some(("origin/main", 2, 0)));
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
    let writes: Vec<(Fate, &str)> = plan.writes.iter().map(|write| (write.fate, write.name.as_str())).collect();
    assert_eq!(writes, [(Fate::Made, "lab-a-metrics-server"), (Fate::Changed, "lab-a"), (Fate::Changed, "lab-a-md-0")]);
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

#[tokio::test]
async fn what_runs_is_committed_in_the_demo_too() {
    let (_home, realm, at, bound) = demo().await;
    let objects = vec![object("Cluster", "lab-a")];
    let plan = realm.drifts.plan_commit(&at, &objects).await.unwrap();
    assert_eq!((plan.branch.as_str(), plan.by.as_str(), plan.message.as_str()), ("main", "jo <jo@acme.dev>", "lab-a: md-0 replicas 3"));
    let made = realm.drifts.commit(&CommitFiles { at: at.clone(), objects, digest: plan.digest, message: plan.message }).await.unwrap();
    let parts = look(&realm, &at, &bound).await;
    assert!(told(&parts).contains(&"Same Cluster lab-a ".to_owned()), "{:?}", told(&parts));
    let DriftPart::Head(DriftHead { bound: Some(bound) }) = &parts[0] else { panic!("{:?}", parts[0]) };
    let checkout = bound.checkout.as_ref().expect("the folder is in a checkout");
    assert_eq!((checkout.commit.as_str(), checkout.tree, checkout.by.as_str()), (made.commit.as_str(), WorkTree::Clean, "jo"));
    assert_eq!(checkout.upstream.as_ref().map(|up| up.ahead), Some(3));
    realm.close().await;
}

#[tokio::test]
async fn an_accepted_difference_is_shown_again_when_either_side_changes() {
    let (_home, realm, at, bound) = demo().await;
    let (view, _interest) = view(&realm, &at);
    let row = |parts: &[DriftPart]| {
        let one = parts.iter().find_map(|part| if let DriftPart::Object(row) = part { (row.object.kind == "Cluster").then(|| row.clone()) } else { None });
        one.expect("the cluster is compared")
    };
    let drifted = row(&look(&realm, &at, &bound).await);
    // What is accepted is what is shown.
    until(&view.board, |rows| rows.iter().any(|part| matches!(part, DriftPart::Object(row) if row.seen == drifted.seen))).await;
    let accept = |seen: &str| AcceptDrift { at: at.clone(), object: drifted.object.clone(), seen: seen.to_owned() };
    let refused = realm.drifts.accept(&accept("another")).unwrap_err();
    assert_eq!((refused.code, refused.unharmed.as_str()), (FaultCode::Changed, NOTHING));
    realm.drifts.accept(&accept(&drifted.seen)).unwrap();
    let accepted = row(&look(&realm, &at, &bound).await);
    assert_eq!((accepted.state, accepted.fields), (DriftState::Accepted, drifted.fields.clone()));
    let all = realm.drifts.plan_apply(&at, &[]).await.unwrap();
    assert!(all.writes.iter().all(|write| write.name != "lab-a"), "what is accepted is not part of all that differs");
    let taken = realm.drifts.plan_files(&at, &FileWish::Take { objects: vec![] }).await.unwrap();
    assert!(taken.files.iter().all(|file| !file.after.contains("replicas: 3")), "{taken:?}");
    let file = bound.join("cluster.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("replicas: 2", "replicas: 4")).unwrap();
    assert_eq!(row(&look(&realm, &at, &bound).await).state, DriftState::Drifted, "the file says something else now");
    std::fs::write(&file, &text).unwrap();
    assert_eq!(row(&look(&realm, &at, &bound).await).state, DriftState::Accepted);
    realm.drifts.show_again(&ShowDrift { at: at.clone(), object: drifted.object.clone() }).unwrap();
    assert_eq!(row(&look(&realm, &at, &bound).await).state, DriftState::Drifted);
    realm.close().await;
}
