use super::*;

fn row(order: u32, depth: u16, kind: &str, name: &str, state: TreeState) -> Rc<TreeRow> {
    Rc::new(TreeRow { order, depth, kind: kind.into(), name: name.into(), state, ready: None, since: None, on_the_way: false })
}

fn tree() -> Vec<Rc<TreeRow>> {
    let late = TreeRow { on_the_way: true, ..(*row(6, 2, "Machine", "w-2", TreeState::Provisioning)).clone() };
    vec![
        row(0, 0, "Cluster", "lab", TreeState::NotAvailable),
        row(1, 1, "KubeadmControlPlane", "cp", TreeState::Available),
        row(2, 2, "Machine", "cp-1", TreeState::Running),
        row(3, 3, "DockerMachine", "cp-1", TreeState::Ready),
        row(4, 1, "MachineDeployment", "md", TreeState::ScalingUp),
        row(5, 2, "Machine", "w-1", TreeState::Running),
        Rc::new(late),
        row(7, 3, "DockerMachine", "w-2", TreeState::Failed("BootstrapFailed".into())),
    ]
}

fn names(seen: &[Seen]) -> Vec<&str> {
    seen.iter().map(|s| s.row.name.as_str()).collect()
}

#[test]
fn what_is_well_is_folded_and_the_way_to_what_blocks_is_open() {
    let seen = visible(&tree(), &Folds::new());
    assert_eq!(names(&seen), ["lab", "cp", "cp-1", "md", "w-1", "w-2", "w-2"]);
    assert_eq!(seen[2].folded, Some(Folded::Closed));
    assert_eq!(seen[4].folded, None, "nothing hangs below it");
}

#[test]
fn what_the_user_opens_or_closes_stays_so() {
    let folds = Folds::from([("Machine/cp-1".into(), Folded::Open), ("MachineDeployment/md".into(), Folded::Closed)]);
    assert_eq!(names(&visible(&tree(), &folds)), ["lab", "cp", "cp-1", "cp-1", "md"]);
}

#[test]
fn machines_that_are_well_and_many_are_one_row_that_can_be_opened() {
    let machine = |n: u32| row(2 + n, 2, "Machine", &format!("lab-md-{n}"), TreeState::Running);
    let mut tree = vec![row(0, 0, "Cluster", "lab", TreeState::Available), row(1, 1, "MachineDeployment", "lab-md", TreeState::Available)];
    tree.extend((0..7).map(machine));
    let kinds = |folds: &Folds| visible(&tree, folds).iter().map(|seen| (seen.row.kind.clone(), seen.folded)).collect::<Vec<_>>();
    let closed = kinds(&Folds::new());
    assert_eq!(closed.len(), 3, "{closed:?}");
    assert_eq!(closed[2], ("7 Machines".to_owned(), Some(Folded::Closed)));
    let open = kinds(&Folds::from([("Machines/lab-md".into(), Folded::Open)]));
    assert_eq!(open.len(), 10, "{open:?}");
    assert_eq!((open[2].1, open[3].0.as_str()), (Some(Folded::Open), "Machine"));
}

#[test]
fn lines_lead_to_the_next_sibling_and_end_at_the_last() {
    let seen = visible(&tree(), &Folds::new());
    let lines: Vec<Vec<Line>> = seen.iter().map(|s| s.lines.clone()).collect();
    assert_eq!(lines[1], [Line::Tee]);
    assert_eq!(lines[2], [Line::Past, Line::End]);
    assert_eq!(lines[3], [Line::End]);
    assert_eq!(lines[4], [Line::None, Line::Tee]);
    assert_eq!(lines[6], [Line::None, Line::None, Line::End]);
}

#[test]
fn a_reason_is_said_in_words() {
    assert_eq!(apart("BootstrapFailed"), "Bootstrap failed");
    assert_eq!(apart("Failed"), "Failed");
}

#[test]
fn machines_are_called_by_what_tells_them_apart() {
    for (machine, said) in [("lab-b-md-0-6k8wz-x7k2p", "…x7k2p"), ("lab-b-cp-9vq4d", "cp-9vq4d"), ("other", "other")] {
        assert_eq!(short(machine, "lab-b"), said);
    }
}

#[test]
fn no_cluster_of_a_list_moves_when_another_one_falls_ill() {
    let cluster = |name: &str, state| {
        let (namespace, version, class, endpoint, why) = Default::default();
        let (planes, workers, created, since) = Default::default();
        let name = name.into();
        Rc::new(ClusterRow { namespace, name, state, version, class, machines: vec![], wanted: 0, planes, workers, endpoint, created, since, why })
    };
    let rows = [cluster("b", ClusterState::Available), cluster("a", ClusterState::Paused), cluster("c", ClusterState::Stuck)];
    assert_eq!(listed(&rows).iter().map(|r| r.name.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
}

#[test]
fn a_line_that_is_an_error_is_known_in_either_form() {
    for (line, error) in [
        ("E1123 14:06:36.618666 1 controller.go:494] \"Reconciler error\"", true),
        ("I1123 14:06:58.107927 1 machine.go:232] \"Creating\"", false),
        ("Everything is fine", false),
        ("{\"msg\":\"Reconciler error\",\"err\":\"x\"}", true),
        ("{\"msg\":\"Reconciling\",\"v\":0}", false),
    ] {
        assert_eq!(is_error(line), error, "{line}");
    }
}

#[test]
fn a_line_of_klog_is_told_without_its_head() {
    for (line, told) in [
        (r#"I1123 14:20:12.618666       1 machine.go:401] "Reconciling" controller="dockermachine""#, r#"Reconciling controller="dockermachine""#),
        ("W1123 14:20:12.618666       1 x.go:4] plain words", "plain words"),
        (r#"E1123 14:20:12.618666       1 x.go:4] "a \"b\" c" err="d""#, r#""a \"b\" c" err="d""#),
        ("Installing provider] x", "Installing provider] x"),
        ("[  OK  ] Reached target", "[  OK  ] Reached target"),
        ("", ""),
    ] {
        assert_eq!(klog(line), told);
    }
    assert_eq!((controller_words("capd-controller-manager"), controller_words("lab-a-lb")), ("capd", "lab-a-lb"));
}
