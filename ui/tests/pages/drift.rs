use std::rc::Rc;

use api::{
    Fault, FaultCode, Status, Timestamp,
    changes::ClusterAt,
    commits::{CommitPlan, Rendered},
    definitions::{
        Bound, Checkout, Comments, Compared, DriftRow, DriftState, FieldDrift, FilePlace, FileWish, FilesPlan, Hand, LeftOut, LeftWhy, ObjectName, TextChange,
        Upstream, WorkTree,
    },
};
use ui::{
    feeds::Asked,
    model::{
        clock::Clock,
        drift::{Drift, Right, Show},
    },
    pages::drift::{
        Commit, DriftSheet, DriftSheetProps,
        files::{FilesSheet, FilesSheetProps},
        unbind::{UnbindDialog, UnbindDialogProps},
    },
    widgets::Ready,
};
use yew::{Callback, Html};

use super::{render, sample};

const TEXT: &str = "kind: Cluster\nmetadata:\n  name: lab-a\nspec:\n  topology:\n    version: v1.36.1  # keep with <b>lab-b</b>\n    replicas: 2\n";

fn ago(seconds: u64) -> Timestamp {
    Timestamp(sample::NOW.0 - seconds * 1_000)
}

fn row(kind: &str, name: &str, at: Option<(&str, u32)>, state: DriftState) -> DriftRow {
    DriftRow {
        object: ObjectName { group: "cluster.x-k8s.io".into(), kind: kind.into(), namespace: "default".into(), name: name.into() },
        state,
        at: at.map(|(file, line)| FilePlace { file: file.into(), line }),
        fields: vec![],
        hand: None,
        first_line: 1,
        text: String::new(),
        running: String::new(),
        seen: "seen".into(),
    }
}

fn cluster() -> DriftRow {
    let hand = Hand { manager: "kos".into(), at: Some(ago(5_400)) };
    let field = |path: &str, file: Option<&str>, cluster: &str| FieldDrift {
        path: path.into(),
        file: file.map(Into::into),
        cluster: Some(cluster.into()),
        owner: Some(hand.clone()),
    };
    DriftRow {
        fields: vec![field(".spec.topology.replicas", Some("2"), "3"), field(".spec.topology.deletion", None, "120")],
        hand: Some(hand.clone()),
        text: TEXT.into(),
        running: TEXT.replace("replicas: 2\n", "replicas: 3\n    deletion: 120\n"),
        ..row("Cluster", "lab-a", Some(("cluster.yaml", 1)), DriftState::Drifted)
    }
}

fn bound(compared: Compared, checkout: bool) -> Bound {
    Bound {
        folder: "~/src/clusters/lab/lab-a".into(),
        checkout: checkout.then(|| Checkout {
            root: "~/src/clusters".into(),
            below: "lab/lab-a".into(),
            branch: Some("main".into()),
            commit: "3f9c1e2aa0b14f5d8c7e6f5a4b3c2d1e0f9a8b7c".into(),
            at: Some(ago(86_400)),
            by: "jo".into(),
            tree: WorkTree::Changed(1),
            upstream: Some(Upstream { name: "origin/main".into(), ahead: 2, behind: 0 }),
        }),
        compared,
        command: "kubectl diff --server-side --field-manager=kos -R -f ~/src/clusters/lab/lab-a".into(),
    }
}

fn whole(bound: Bound) -> Drift {
    let refused = Fault::new(FaultCode::Invalid, "kind-kos-mgmt does not take MachinePool x like this.").unharmed("Nothing was written.");
    Drift {
        bound: Some(Some(Rc::new(bound))),
        rows: vec![
            Rc::new(row("MachinePool", "x", Some(("pool.yaml", 1)), DriftState::Refused(refused))),
            Rc::new(cluster()),
            Rc::new(row("ConfigMap", "metrics-server", Some(("addons.yaml", 24)), DriftState::Missing)),
            Rc::new(DriftRow {
                hand: Some(Hand { manager: "jo".into(), at: Some(ago(300_000)) }),
                ..row("MachineHealthCheck", "lab-a-planes", None, DriftState::Extra)
            }),
            Rc::new(row("ClusterClass", "quick-start", Some(("class.yaml", 12)), DriftState::Same)),
        ],
        left: vec![Rc::new(LeftOut {
            at: FilePlace { file: "addons.yaml".into(), line: 40 },
            why: LeftWhy::OtherKind,
            says: "Deployment <i>web</i> is not part of a cluster’s definition.".into(),
        })],
    }
}

fn sheet(drift: Drift, chosen: Option<DriftRow>) -> DriftSheetProps {
    DriftSheetProps {
        at: ClusterAt { context: "f#kind-kos-mgmt".into(), namespace: "default".into(), name: "lab-a".into() },
        drift,
        status: Status::Live,
        clock: Clock { now: sample::NOW, zone_minutes: 0 },
        tabs: Html::default(),
        chosen: chosen.map(|row| row.object),
        show: Show::All,
        right: Right::Cluster,
        fault: None,
        commit: None,
        on: Callback::noop(),
        on_fix: Callback::noop(),
    }
}

fn commit(plan: Asked<CommitPlan>) -> Commit {
    Commit { plan, message: "lab-a: <b>3</b> workers".into(), busy: Ready::Yes, fault: None }
}

fn committed(rendered: Rendered) -> CommitPlan {
    CommitPlan {
        digest: "d".into(),
        files: plan(Comments::Stay),
        branch: "main".into(),
        by: "Jo Doe <jo@acme.dev>".into(),
        message: "lab-a: 3 workers".into(),
        rendered,
    }
}

#[tokio::test]
async fn a_commit_shows_its_words_its_files_and_what_was_checked() {
    let with = |commit: Commit| move || DriftSheetProps { commit: Some(commit), ..sheet(whole(bound(Compared::At(ago(4)), true)), Some(cluster())) };
    insta::assert_snapshot!(render::<DriftSheet>(with(commit(Asked::Answered(committed(Rendered::Same))))).await);
    let differs = render::<DriftSheet>(with(commit(Asked::Answered(committed(Rendered::Differs(2)))))).await;
    assert!(differs.contains("2 fields differ") && differs.contains("does not render to this cluster yet"), "{differs}");
    let why = Fault::new(FaultCode::Invalid, "No branch is checked out.").unharmed("Nothing was written.");
    let refused = render::<DriftSheet>(with(commit(Asked::Refused(why)))).await;
    assert!(refused.contains("No branch is checked out.") && refused.contains("Write to the file…"), "{refused}");
    let silent = Commit { message: " ".into(), ..commit(Asked::Answered(committed(Rendered::Same))) };
    let silent = render::<DriftSheet>(with(silent)).await;
    assert!(silent.contains("disabled"), "a commit without words is not made: {silent}");
}

#[tokio::test]
async fn a_difference_can_be_accepted_and_shown_again() {
    let accept = render::<DriftSheet>(|| DriftSheetProps { right: Right::Accept, ..sheet(whole(bound(Compared::At(ago(4)), true)), Some(cluster())) }).await;
    assert!(accept.contains("Accept the difference"), "{accept}");
    let accepted = || DriftRow { state: DriftState::Accepted, ..cluster() };
    let shown = render::<DriftSheet>(move || {
        let mut all = whole(bound(Compared::At(ago(4)), true));
        all.rows[1] = Rc::new(accepted());
        sheet(all, Some(accepted()))
    })
    .await;
    assert!(shown.contains("Show it as a difference") && shown.contains("1 accepted") && !shown.contains("Which side is right"), "{shown}");
}

#[tokio::test]
async fn a_drifted_cluster_stands_on_both_sides_with_its_fields_and_the_choice() {
    insta::assert_snapshot!(render::<DriftSheet>(|| sheet(whole(bound(Compared::At(ago(4)), true)), Some(cluster()))).await);
}

#[tokio::test]
async fn text_of_files_and_clusters_is_never_markup() {
    let shown = render::<DriftSheet>(|| sheet(whole(bound(Compared::At(ago(4)), true)), Some(cluster()))).await;
    assert!(!shown.contains("<b>lab-b") && !shown.contains("<i>web"), "{shown}");
}

#[tokio::test]
async fn a_cluster_without_a_folder_can_be_bound_or_exported() {
    let shown = render::<DriftSheet>(|| DriftSheetProps {
        fault: Some(Fault::new(FaultCode::File, "~/nowhere cannot be opened.").unharmed("Nothing was bound.")),
        ..sheet(Drift { bound: Some(None), ..Drift::default() }, None)
    })
    .await;
    for words in ["Bound to no folder", "Path of the folder", "Export…", "~/nowhere cannot be opened."] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert!(!shown.contains("Compare again") && !shown.contains("Which side is right"), "{shown}");
}

#[tokio::test]
async fn each_state_offers_what_can_be_done_about_it() {
    let refused = DriftState::Refused(Fault::new(FaultCode::Invalid, "x"));
    let cases = [
        (row("ConfigMap", "metrics-server", None, DriftState::Missing), "missing in the cluster", "Apply to the cluster…"),
        (row("MachineHealthCheck", "lab-a-planes", None, DriftState::Extra), "Applying files deletes nothing", "Write to the file…"),
        (row("ClusterClass", "quick-start", None, DriftState::Same), "same on both sides", "Write to the file…"),
        (row("MachinePool", "x", None, refused), "does not take MachinePool x like this.", "Write to the file…"),
    ];
    for (chosen, words, button) in cases {
        let shown = render::<DriftSheet>(move || sheet(whole(bound(Compared::At(ago(4)), false)), Some(chosen))).await;
        assert!(shown.contains(words) && shown.contains(button) && shown.contains("In the folder"), "{words}: {shown}");
        assert!(!shown.contains("Which side is right"), "{words}: {shown}");
    }
    let files = render::<DriftSheet>(|| DriftSheetProps { right: Right::Files, ..sheet(whole(bound(Compared::At(ago(4)), true)), Some(cluster())) }).await;
    assert!(files.contains("Apply to the cluster…"), "{files}");
}

#[tokio::test]
async fn differences_alone_can_be_shown_and_the_first_comparison_says_that_it_goes_on() {
    let shown = render::<DriftSheet>(|| DriftSheetProps { show: Show::Differences, ..sheet(whole(bound(Compared::At(ago(4)), true)), Some(cluster())) }).await;
    assert!(!shown.contains("class.yaml:12") && shown.contains("cluster.yaml:1"), "{shown}");
    let first = render::<DriftSheet>(|| sheet(Drift { rows: vec![], left: vec![], ..whole(bound(Compared::Comparing, true)) }, None)).await;
    assert!(first.contains("comparing…"), "{first}");
}

#[tokio::test]
async fn what_cannot_be_compared_now_says_why_beside_the_rows_of_before() {
    let why = Fault::new(FaultCode::Unreachable, "KOS cannot connect to kind-kos-mgmt: nothing answers.").unharmed("Nothing was written.");
    let shown = render::<DriftSheet>(move || sheet(whole(bound(Compared::Failed(why), true)), None)).await;
    assert!(shown.contains("nothing answers.") && shown.contains("metrics-server"), "{shown}");
    let tabs = || yew::html! { <nav>{ "the sides" }</nav> };
    let unknown = render::<DriftSheet>(move || DriftSheetProps { status: Status::Loading, tabs: tabs(), ..sheet(Drift::default(), None) }).await;
    assert!(unknown.contains("aria-busy") && !unknown.contains("Export…"), "{unknown}");
    assert!(unknown.contains("the sides"), "a page whose files are not known yet can be left for another side: {unknown}");
}

fn files(wish: FileWish, plan: Option<FilesPlan>) -> FilesSheetProps {
    FilesSheetProps {
        name: "lab-a".into(),
        wish,
        plan,
        fault: None,
        busy: Ready::Yes,
        on_to: Callback::noop(),
        on_save: Callback::noop(),
        on_again: Callback::noop(),
        on_close: Callback::noop(),
        on_fix: Callback::noop(),
    }
}

fn plan(comments: Comments) -> FilesPlan {
    let file =
        TextChange { shown: "~/src/clusters/lab/lab-a/cluster.yaml".into(), before: TEXT.into(), after: TEXT.replace("replicas: 2", "replicas: 3"), comments };
    FilesPlan { digest: "d".into(), files: vec![file], left_out: vec!["Secret s is not written into files. Keep it where secrets are kept.".into()] }
}

#[tokio::test]
async fn what_runs_is_shown_in_its_file_before_it_is_written() {
    insta::assert_snapshot!(render::<FilesSheet>(|| files(FileWish::Take { objects: vec![] }, Some(plan(Comments::Stay)))).await);
    let lost = render::<FilesSheet>(|| files(FileWish::Take { objects: vec![] }, Some(plan(Comments::Lost)))).await;
    assert!(lost.contains("its comments go."), "{lost}");
}

#[tokio::test]
async fn an_export_is_shown_before_it_has_a_place_and_not_written_without_one() {
    let shown = render::<FilesSheet>(|| files(FileWish::Export { to: String::new() }, Some(plan(Comments::Stay)))).await;
    assert!(shown.contains("Compare with what is there") && shown.contains("disabled"), "{shown}");
}

#[tokio::test]
async fn before_a_folder_is_unbound_it_is_said_what_is_forgotten_and_what_stays() {
    let shown = render::<UnbindDialog>(|| UnbindDialogProps {
        name: "lab-a".into(),
        folder: "~/src/clusters/lab".into(),
        on_unbind: Callback::noop(),
        on_close: Callback::noop(),
    })
    .await;
    for words in ["~/src/clusters/lab", "which differences were accepted", "No file is changed", "Keep it bound", "Unbind the folder"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let page = render::<DriftSheet>(|| sheet(whole(bound(Compared::At(ago(4)), true)), Some(cluster()))).await;
    assert!(page.contains("Unbind…"), "{page}");
}
