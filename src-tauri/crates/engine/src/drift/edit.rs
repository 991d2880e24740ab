//! How is a document changed so that its comments and its order stay?
//!
//! Pure. Only what differs is written anew: a value in its place, else the lines of its key. What comes out is read again,
//! and where it does not mean exactly what was wanted the whole document is written anew.

use std::ops::Range;

use api::definitions::Comments;
use capi::files::text_of;
use kubeconfig::tree::{self, Layout, Node, Pair, Style, Value as Shape};
use serde_json::{Map, Value};

/// The text of a document that means `want`, with as much of the old text as possible.
pub(super) fn edited(text: &str, want: &Value) -> (String, Comments) {
    let read = |text: &str| capi::yaml::one(text).ok();
    if let Some(have) = read(text)
        && let Some(next) = careful(text, &have, want)
        && read(&next).as_ref() == Some(want)
    {
        return (next, Comments::Stay);
    }
    let comments = if text.lines().any(|line| line.trim_start().starts_with('#') || line.contains(" #")) { Comments::Lost } else { Comments::Stay };
    (text_of(want), comments)
}

type Edit = (Range<usize>, String);

fn careful(text: &str, have: &Value, want: &Value) -> Option<String> {
    let tree = tree::read(text).ok()?;
    let mut edits = vec![];
    into(text, tree.root.as_deref()?, have, want, &mut edits)?;
    edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    let mut next = text.to_owned();
    for (range, words) in edits {
        next.get(range.clone())?;
        next.replace_range(range, &words);
    }
    Some(next)
}

/// Makes a mapping or a list say something else; `None` when it has to be written anew as a whole.
fn into(text: &str, node: &Node, have: &Value, want: &Value, edits: &mut Vec<Edit>) -> Option<()> {
    match (&node.value, have, want) {
        (Shape::Map { pairs, layout: Layout::Block }, Value::Object(have), Value::Object(want)) => map(text, pairs, have, want, edits),
        (Shape::List(items), Value::Array(have), Value::Array(want)) if have.len() == want.len() && items.len() == have.len() => {
            for ((item, have), want) in items.iter().zip(have).zip(want).filter(|((_, have), want)| have != want) {
                one(text, item, have, want, edits)?;
            }
            Some(())
        }
        _ => None,
    }
}

fn map(text: &str, pairs: &[Pair], have: &Map<String, Value>, want: &Map<String, Value>, edits: &mut Vec<Edit>) -> Option<()> {
    let last = pairs.last()?;
    for pair in pairs {
        match (have.get(&pair.key), want.get(&pair.key)) {
            (have, want) if have == want => {}
            (Some(have), Some(want)) => {
                let before = edits.len();
                if one(text, &pair.value, have, want, edits).is_none() {
                    edits.truncate(before);
                    edits.push((lines(text, pair)?, written(column(text, pair)?, &pair.key, want)));
                }
            }
            (_, None) => edits.push((lines(text, pair)?, String::new())),
            (None, Some(_)) => return None,
        }
    }
    // What comes stands after what is there, at the same depth.
    let mut come = String::new();
    for (key, value) in want.iter().filter(|(key, _)| !have.contains_key(*key)) {
        come.push_str(&written(column(text, last)?, key, value));
    }
    if !come.is_empty() {
        let end = end_of_lines(text, last);
        let gap = if text.get(..end)?.ends_with('\n') { "" } else { "\n" };
        edits.push((end..end, format!("{gap}{come}")));
    }
    Some(())
}

fn one(text: &str, node: &Node, have: &Value, want: &Value, edits: &mut Vec<Edit>) -> Option<()> {
    match &node.value {
        Shape::Scalar { style: Style::Plain | Style::Quoted, .. } => {
            let words = text_of(want);
            let words = words.trim_end_matches('\n');
            let bare = !want.is_object() && !want.is_array() && !words.contains('\n') && !node.range.is_empty();
            let old = text.get(node.range.clone())?;
            (bare && !old.contains('\n')).then(|| edits.push((node.range.clone(), words.to_owned())))
        }
        Shape::Scalar { style: Style::Block, .. } => None,
        Shape::List(_) | Shape::Map { .. } => into(text, node, have, want, edits),
    }
}

fn written(column: usize, key: &str, value: &Value) -> String {
    let pair: Map<String, Value> = [(key.to_owned(), value.clone())].into_iter().collect();
    text_of(&Value::Object(pair)).lines().map(|line| format!("{}{line}\n", " ".repeat(column))).collect()
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1)
}

fn column(text: &str, pair: &Pair) -> Option<usize> {
    let start = pair.key_node.range.start;
    Some(text.get(line_start(text, start)..start)?.chars().count())
}

/// Whole lines of a key with its value; a key behind a dash has none of its own.
fn lines(text: &str, pair: &Pair) -> Option<Range<usize>> {
    let key = pair.key_node.range.start;
    let start = line_start(text, key);
    text.get(start..key)?.chars().all(|c| c == ' ').then(|| start..end_of_lines(text, pair))
}

fn end_of_lines(text: &str, pair: &Pair) -> usize {
    let end = end(&pair.value).max(pair.key_node.range.end).min(text.len());
    let end = text.get(..end).map_or(end, |before| before.trim_end_matches(['\n', ' ']).len());
    text.get(end..).and_then(|rest| rest.find('\n')).map_or(text.len(), |newline| end + newline + 1)
}

fn end(node: &Node) -> usize {
    match &node.value {
        Shape::Scalar { .. } => node.range.end,
        Shape::List(items) => items.iter().map(|item| end(item)).max().unwrap_or(node.range.end).max(node.range.start),
        Shape::Map { pairs, .. } => pairs.iter().map(|pair| end(&pair.value).max(pair.key_node.range.end)).max().unwrap_or(node.range.end),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const TEXT: &str = "\
# the lab of the team
kind: Cluster
metadata:
  name: lab-a # ours
spec:
  topology:
    version: v1.36.1  # keep with lab-b
    workers:
      machineDeployments:
      # the only pool
      - class: default-worker
        name: md-0
        replicas: 2 # enough
    variables:
    - name: imageRepository
      value: \"\"
";

    fn changed(change: impl Fn(&mut Value)) -> (String, Comments) {
        let mut want: Value = serde_yaml::from_str(TEXT).unwrap();
        change(&mut want);
        edited(TEXT, &want)
    }

    #[test]
    fn a_value_changes_in_its_line_and_nothing_else_does() {
        let (text, comments) = changed(|all| all["spec"]["topology"]["workers"]["machineDeployments"][0]["replicas"] = json!(3));
        assert_eq!((text, comments), (TEXT.replace("replicas: 2 #", "replicas: 3 #"), Comments::Stay));
    }

    #[test]
    fn what_the_cluster_has_more_comes_behind_its_neighbours() {
        let (text, comments) =
            changed(|all| all["spec"]["topology"]["workers"]["machineDeployments"][0]["deletion"] = json!({ "nodeDrainTimeoutSeconds": 120 }));
        let more = "        replicas: 2 # enough\n        deletion:\n          nodeDrainTimeoutSeconds: 120\n";
        assert_eq!((text, comments), (TEXT.replace("        replicas: 2 # enough\n", more), Comments::Stay));
    }

    #[test]
    fn what_the_cluster_does_not_have_goes_with_its_lines() {
        let (text, comments) = changed(|all| drop(all["spec"]["topology"].as_object_mut().unwrap().remove("variables")));
        let (before, _) = TEXT.split_once("    variables:").unwrap();
        assert_eq!((text.as_str(), comments), (before, Comments::Stay));
    }

    #[test]
    fn a_list_of_other_length_is_written_anew_and_the_rest_stays() {
        let pool = json!({ "class": "default-worker", "name": "gpu", "replicas": 1 });
        let (text, comments) = changed(|all| all["spec"]["topology"]["workers"]["machineDeployments"].as_array_mut().unwrap().push(pool.clone()));
        assert!(text.starts_with("# the lab of the team\n") && text.contains("v1.36.1  # keep with lab-b") && text.contains("name: gpu"), "{text}");
        assert_eq!(comments, Comments::Stay);
    }

    #[test]
    fn a_document_that_cannot_be_edited_is_written_anew_and_says_that_its_comments_go() {
        let text = "{kind: Cluster, spec: {a: 1}} # in one line\n";
        assert_eq!(edited(text, &json!({ "kind": "Cluster", "spec": { "a": 2 } })), ("kind: Cluster\nspec:\n  a: 2\n".to_owned(), Comments::Lost));
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::from),
            (-9i64..99).prop_map(Value::from),
            prop_oneof![Just(""), Just("yes"), Just("v1"), Just("# no"), Just("a: b"), Just("two\nlines\n"), Just("- x"), Just("'q\"")].prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[a-d]", inner, 0..4).prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn whatever_is_wanted_is_what_the_text_means(have in prop::collection::btree_map("[a-d]", values(), 1..4), want in prop::collection::btree_map("[a-d]", values(), 1..4)) {
            let (have, want) = (Value::Object(have.into_iter().collect()), Value::Object(want.into_iter().collect()));
            let (text, _) = edited(&text_of(&have), &want);
            prop_assert_eq!(serde_yaml::from_str::<Value>(&text).unwrap(), want);
        }
    }
}
