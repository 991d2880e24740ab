//! How are clusters moved to another management cluster, and what does clusterctl say of it?

use api::providers::MadeKind;

use super::{At, Source, command};

/// Arguments of a move that is only tried: it names each object in its order.
pub fn dry(at: &At, namespace: &str, source: &Source) -> Vec<String> {
    command(&["move", "--dry-run", "--namespace", namespace, "-v", "1"], at, source)
}

/// Arguments of the move.
pub fn go(at: &At, namespace: &str, to: &At, source: &Source) -> Vec<String> {
    let file = to.kubeconfig.to_string_lossy();
    command(&["move", "--namespace", namespace, "--to-kubeconfig", &file, "--to-kubeconfig-context", &to.context, "-v", "1"], at, source)
}

/// One line of `clusterctl move`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    Discovering,
    Pausing,
    /// An object is made in the target.
    Creating(Moved),
    /// An object goes from the source.
    Deleting(Moved),
    Resuming,
    Other,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    pub kind: String,
    pub name: String,
    /// Empty for what stands in none.
    pub namespace: String,
}

/// What the lines of a move tell of how far it came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trace {
    /// It paused what it had found.
    pub paused: bool,
    /// It began to remove: all that it had made in the target until then, in its order.
    pub moved: Option<Vec<Moved>>,
}

impl Trace {
    /// Reads all lines of a run.
    pub fn read<'l>(lines: impl IntoIterator<Item = &'l str>) -> Self {
        let (mut paused, mut removes, mut made) = (false, false, vec![]);
        for line in lines {
            match read(line) {
                Line::Pausing => paused = true,
                Line::Creating(moved) => made.push(moved),
                Line::Deleting(_) => removes = true,
                Line::Discovering | Line::Resuming | Line::Other => {}
            }
        }
        Self { paused, moved: removes.then_some(made) }
    }

    /// What two runs of one job did.
    pub fn and(self, other: Self) -> Self {
        Self { paused: self.paused || other.paused, moved: self.moved.or(other.moved) }
    }
}

/// Reads one line; a line it does not know is `Other`.
pub fn read(line: &str) -> Line {
    let line = line.trim();
    let object = |verb: &str| line.strip_prefix(verb).and_then(moved);
    if line.starts_with("Discovering ") {
        return Line::Discovering;
    }
    if line.starts_with("Pausing the source ") {
        return Line::Pausing;
    }
    if line.starts_with("Resuming the target ") {
        return Line::Resuming;
    }
    // To a folder it is said with another verb.
    if let Some(moved) = object("Creating ").or_else(|| object("Saving ")) {
        return Line::Creating(moved);
    }
    object("Deleting ").map_or(Line::Other, Line::Deleting)
}

/// `Cluster="wl3" Namespace="default"`; cluster-wide objects name no namespace.
fn moved(rest: &str) -> Option<Moved> {
    let (kind, rest) = rest.split_once("=\"")?;
    let (name, rest) = rest.split_once('"')?;
    let namespace = rest.strip_prefix(" Namespace=\"").and_then(|rest| rest.split_once('"')).map_or("", |(namespace, _)| namespace);
    let is_kind = !kind.is_empty() && kind.bytes().all(|b| b.is_ascii_alphanumeric());
    is_kind.then(|| Moved { kind: kind.to_owned(), name: name.to_owned(), namespace: namespace.to_owned() })
}

/// What a dry run would make in the target: runs of one kind stand together, in their order.
pub fn order(lines: impl IntoIterator<Item = impl AsRef<str>>) -> Vec<MadeKind> {
    let mut all: Vec<MadeKind> = vec![];
    for line in lines {
        let Line::Creating(moved) = read(line.as_ref()) else { continue };
        match all.last_mut().filter(|last| last.kind == moved.kind) {
            Some(last) => last.names.push(moved.name),
            None => all.push(MadeKind { kind: moved.kind, names: vec![moved.name] }),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recorded::lines;

    #[test]
    fn a_real_dry_run_names_each_object_after_its_owner() {
        let all = order(lines("clusterctl/clusterctl-17-move.txt"));
        let names: usize = all.iter().map(|made| made.names.len()).sum();
        assert_eq!(
            (names, all[0].kind.as_str(), all[2].kind.as_str(), all[2].names.as_slice()),
            (29, "ClusterClass", "Cluster", ["wl3".to_owned()].as_slice())
        );
        let place = |kind: &str| all.iter().position(|made| made.kind == kind);
        assert!(place("Cluster") < place("MachineDeployment") && place("MachineDeployment") < place("MachineSet") && place("MachineSet") < place("Machine"));
    }

    #[test]
    fn a_real_move_pauses_makes_removes_and_resumes_each_object_once() {
        let said: Vec<Line> = lines("clusterctl/clusterctl-18-move-to-cluster.txt").iter().map(|line| read(line)).filter(|line| *line != Line::Other).collect();
        let (mut made, mut gone) = (vec![], vec![]);
        for line in &said {
            match line {
                Line::Creating(moved) => made.push((moved.kind.as_str(), moved.name.as_str())),
                Line::Deleting(moved) => gone.push((moved.kind.as_str(), moved.name.as_str())),
                Line::Discovering | Line::Pausing | Line::Resuming | Line::Other => {}
            }
        }
        assert_eq!((made[0], made[5]), (("ClusterClass", "kos-docker"), ("Cluster", "kos-live-z")));
        assert_eq!((gone.last(), made.len()), (Some(&made[0]), 26));
        made.sort_unstable();
        gone.sort_unstable();
        assert_eq!(made, gone, "all that was made there went here");
        let parts: Vec<&Line> = said.iter().filter(|line| !matches!(line, Line::Creating(_) | Line::Deleting(_))).collect();
        assert_eq!(parts, [&Line::Discovering, &Line::Pausing, &Line::Pausing, &Line::Resuming, &Line::Resuming]);
        assert!(matches!(said[3], Line::Creating(_)) && matches!(said[said.len() - 3], Line::Deleting(_)));
    }

    #[test]
    fn a_move_that_stopped_tells_whether_it_had_paused_and_what_it_may_have_removed() {
        let all = lines("clusterctl/clusterctl-18-move-to-cluster.txt");
        let until = |last: &str| {
            let place = all.iter().position(|line| line.starts_with(last)).unwrap();
            Trace::read(all[..=place].iter().map(String::as_str))
        };
        assert_eq!(until("Total objects"), Trace::default());
        assert_eq!(until("Creating Secret"), Trace { paused: true, moved: None });
        assert_eq!(until("Deleting objects"), Trace { paused: true, moved: None }, "it says so before the first of them");
        let moved = until("Deleting Secret").moved.unwrap();
        let first = Moved { kind: "ClusterClass".into(), name: "kos-docker".into(), namespace: "default".into() };
        assert_eq!((moved.len(), moved.first(), moved[5].kind.as_str()), (26, Some(&first), "Cluster"));
        assert_eq!(until("Deleting Secret").and(Trace::default()), until("Deleting Secret"));
    }

    #[test]
    fn what_is_no_line_of_a_move_says_nothing() {
        for line in [r#"Creating x y="lab-a""#, "Creating objects in the target cluster", "Error: failed to get object graph", ""] {
            assert_eq!(read(line), Line::Other, "{line}");
        }
    }

    #[test]
    fn both_ends_of_a_move_are_named() {
        let at = |file: &str, context: &str| At { kubeconfig: file.into(), context: context.into() };
        let args = go(&at("/a", "kind-a"), "default", &at("/b", "kind-b"), &Source::Releases);
        assert_eq!(
            args.join(" "),
            "move --namespace default --to-kubeconfig /b --to-kubeconfig-context kind-b -v 1 --kubeconfig /a --kubeconfig-context kind-a"
        );
    }
}
