use super::{Branch, Item, Sets, tree};
use crate::condition::{Condition, Status};
use crate::recorded;
use crate::{Graph, Object};

/// A row as both draw it: how deep and whose.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    depth: usize,
    name: String,
}

fn ours(graph: &Graph, namespace: &str, name: &str) -> Vec<Row> {
    let root = tree(graph, &recorded::key(namespace, name), Sets::Folded).expect("the cluster is there");
    let mut rows = vec![];
    lay(&root, 0, graph, &mut rows);
    rows
}

fn lay(branch: &Branch, depth: usize, graph: &Graph, rows: &mut Vec<Row>) {
    let version = match &branch.item {
        Item::Object(id) => graph.get(id).and_then(|o| o.version.clone()).map(|v| format!(", {v}")).unwrap_or_default(),
        Item::Alike { .. } | Item::Workers | Item::Other => String::new(),
    };
    rows.push(Row { depth, name: branch.name() + &version });
    for child in &branch.below {
        lay(child, depth + 1, graph, rows);
    }
}

/// The rows of `clusterctl describe cluster … --show-conditions all` without the conditions between them.
fn theirs(recording: &str) -> Vec<Row> {
    let mut rows = vec![];
    for line in recording.lines().map(|l| l.split_once("out| ").map_or(l, |(_, said)| said)) {
        let line = line.replace("!! DELETED !! ", "");
        let Some(start) = line.chars().position(char::is_alphanumeric) else { continue };
        let words: String = line.chars().skip(start).collect();
        let name = words.split("  ").next().unwrap_or_default().trim();
        let is_row = name.contains('/') && !name.starts_with('*') || ["Workers", "Other"].contains(&name) || name.ends_with("...");
        let branch: Vec<char> = line.chars().take(start).collect();
        // A condition hangs on a longer branch than any object, a message stands behind the columns.
        let drawn = branch.is_empty() || branch.ends_with(&['├', '─']) || branch.ends_with(&['└', '─']);
        if is_row && drawn && !name.starts_with("NAME") {
            rows.push(Row { depth: branch.len() / 2, name: name.to_owned() });
        }
    }
    rows
}

/// Objects were read a second before they were described; what changed in that second.
fn catch_up(moment: &str, graph: &mut Graph) {
    match moment {
        "in-memory/03-workers-provisioning" => change(graph, "wl1-dlcrd-wwtl2", |machine| {
            let reason = "NotReady".to_owned();
            let not_ready = Condition { kind: "Ready".to_owned(), status: Status::False, reason, message: String::new(), since: None, severity: None };
            machine.conditions.push(not_ready);
        }),
        "in-memory/11-remediating" => change(graph, "wl1-md-0-klnwq-rwbw5-89vsp", |machine| machine.deleting_since = machine.created),
        _ => {}
    }
}

fn change(graph: &mut Graph, machine: &str, how: impl FnOnce(&mut Object)) {
    let found = graph.core(&recorded::key("default", "wl1"), "Machine").find(|m| &*m.id.name == machine);
    let mut machine = found.expect("the machine was recorded").clone();
    how(&mut machine);
    graph.put(machine);
}

#[test]
fn the_tree_is_that_of_clusterctl_describe_in_every_recorded_moment() {
    let moments = [
        ("in-memory/01-provisioning-start", "wl1"),
        ("in-memory/02-first-cp-vm", "wl1"),
        ("in-memory/03-workers-provisioning", "wl1"),
        ("in-memory/04-running", "wl1"),
        ("in-memory/05-scaling-up", "wl1"),
        ("in-memory/06-paused", "wl1"),
        ("in-memory/07-scaling-down", "wl1"),
        ("in-memory/08-upgrading-cp", "wl1"),
        ("in-memory/09-upgrading-workers", "wl1"),
        ("in-memory/10-upgraded", "wl1"),
        ("in-memory/11-remediating", "wl1"),
        ("in-memory/12-stuck-topology", "wl1"),
        ("in-memory/13-deleting-workers", "wl1"),
        ("in-memory/14-deleting-cp", "wl1"),
        ("in-memory/15-two-pools", "c-pools"),
        ("in-memory/16-one-machine", "c-alone"),
        ("in-memory/17-no-workers", "c-three"),
        ("docker/w1-3cp-2w", "w1"),
    ];
    for (moment, name) in moments {
        let said = theirs(&recorded::text(&format!("{moment}.describe.txt")));
        let mut graph = recorded::graph(&format!("{moment}.yaml"));
        catch_up(moment, &mut graph);
        assert_eq!(ours(&graph, "default", name), said, "{moment}");
        assert!(said.len() >= 3, "{moment} has a cluster, its infrastructure and its control plane: {said:?}");
    }
    for (moment, described, namespace, name) in [
        ("docker/stuck-missing-node-image.yaml", "docker/docker-describe-stuck-image.txt", "stuck", "w2"),
        ("docker/stuck-lb-reload.yaml", "docker/docker-describe-stuck-lb.txt", "default", "w1"),
    ] {
        let said = theirs(&recorded::text(described));
        assert_eq!(ours(&recorded::graph(moment), namespace, name), said, "{moment}");
        assert!(said.len() >= 3, "{said:?}");
    }
}
