//! Which lines of a controller's log are about a cluster?
//!
//! Controllers of Cluster API write klog lines with names as `Machine="default/w1-x"`, or JSON when told so.

use api::Timestamp;
use serde_json::Value;

use crate::graph::ClusterKey;
use crate::object::ObjectId;

/// A line as the server sends it with `timestamps=true`: when it was written, then its own words.
pub fn stamped(line: &str) -> (Option<Timestamp>, &str) {
    let Some((at, rest)) = line.split_once(' ') else { return (None, line) };
    match at.parse::<jiff::Timestamp>().ok().and_then(|at| u64::try_from(at.as_millisecond()).ok()) {
        Some(at) => (Some(Timestamp(at)), rest),
        None => (None, line),
    }
}

/// Whether a line names the cluster or something that is called after it. What is called after a longer one of `others` is
/// that cluster's: `prod-eu-x` is not of `prod` where there is a `prod-eu`.
pub fn concerns(line: &str, key: &ClusterKey, others: &[ClusterKey]) -> bool {
    let is_mine = |namespace: &str, name: &str| {
        is_called(namespace, name, key) && !others.iter().any(|other| other.name.len() > key.name.len() && is_called(namespace, name, other))
    };
    match line.starts_with('{').then(|| serde_json::from_str::<Value>(line)) {
        Some(Ok(Value::Object(fields))) => fields.values().filter_map(named).any(|(namespace, name)| is_mine(namespace, name)),
        Some(_) | None => quoted(line).filter_map(|words| words.split_once('/')).any(|(namespace, name)| is_mine(namespace, name)),
    }
}

/// Whether a line is told to be about this very object: `DevMachine="default/w1-x"`.
pub(crate) fn is_about(line: &str, id: &ObjectId) -> bool {
    match line.starts_with('{').then(|| serde_json::from_str::<Value>(line)) {
        Some(Ok(Value::Object(fields))) => fields.get(&*id.kind).and_then(named) == Some((&*id.namespace, &*id.name)),
        // Within the quotes of an error they would be escaped.
        Some(_) | None => line.contains(&format!(" {}=\"{}/{}\"", id.kind, id.namespace, id.name)),
    }
}

/// A line without the bootstrap tokens of kubeadm, which open a cluster for a day: `abcdef.0123456789abcdef`.
pub fn masked(line: &str) -> String {
    let is_inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_token =
        |word: &str| word.split_once('.').is_some_and(|(id, rest)| id.len() == 6 && rest.len() == 16 && (id.chars().chain(rest.chars())).all(is_inner));
    let mut shown = String::with_capacity(line.len());
    for piece in line.split_inclusive(|c: char| !is_inner(c) && c != '.') {
        let word = piece.trim_end_matches(|c: char| !is_inner(c) && c != '.');
        if is_token(word) {
            shown.push_str("(a bootstrap token)");
            shown.push_str(&piece[word.len()..]);
        } else {
            shown.push_str(piece);
        }
    }
    shown
}

/// `default/w1` and `default/w1-md-0-x`.
fn is_called(namespace: &str, name: &str, key: &ClusterKey) -> bool {
    namespace == &*key.namespace && name.strip_prefix(&*key.name).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// As JSON a name is an object with its namespace, or the same text as in klog.
fn named(value: &Value) -> Option<(&str, &str)> {
    match value {
        Value::String(words) => words.split_once('/'),
        Value::Object(fields) => Some((fields.get("namespace")?.as_str()?, fields.get("name")?.as_str()?)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => None,
    }
}

/// What stands between quotes; a quote within a message is escaped.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('"').skip(1).step_by(2)
}

#[cfg(test)]
mod tests {
    use super::{concerns, is_about, masked, stamped};
    use crate::object::ObjectId;
    use crate::recorded::{at, key, text};

    #[test]
    fn of_a_real_log_the_lines_of_a_cluster_are_found() {
        let log = text("docker/capd-stuck-image.log");
        let lines: Vec<&str> = log.lines().collect();
        let mine = lines.iter().filter(|line| concerns(line, &key("stuck", "w2"), &[])).count();
        let is_of_others = |line: &str| [key("stuck", "w1"), key("default", "w2")].iter().any(|key| concerns(line, key, &[]));
        assert!(mine > 0 && !lines.iter().any(|line| is_of_others(line)), "{mine}");
        assert!(lines.iter().any(|line| line.contains("error pulling container image") && concerns(line, &key("stuck", "w2"), &[])));
    }

    #[test]
    fn names_are_found_in_either_form_and_never_by_half() {
        let w1 = key("default", "w1");
        for (line, found) in [
            (r#"I1 "Reconciling" Machine="default/w1-md-0-x""#, true),
            (r#"I1 "Reconciling" Cluster="default/w1""#, true),
            (r#"I1 "Reconciling" Cluster="default/w10""#, false),
            (r#"I1 "Reconciling" Cluster="other/w1""#, false),
            (r#"{"ts":1,"msg":"Reconciling","Cluster":{"name":"w1","namespace":"default"}}"#, true),
            (r#"{"ts":1,"msg":"Reconciling","Cluster":{"name":"w12","namespace":"default"}}"#, false),
            (r#"{"ts":1,"msg":"x","DevMachine":"default/w1-a"}"#, true),
            ("default/w1 without quotes", false),
            ("{ half of json", false),
        ] {
            assert_eq!(concerns(line, &w1, &[]), found, "{line}");
        }
    }

    #[test]
    fn a_line_is_of_the_cluster_with_the_longest_name_that_fits() {
        let (prod, eu, others) = (key("default", "prod"), key("default", "prod-eu"), [key("default", "prod-eu"), key("default", "prod")]);
        for (line, of_prod, of_eu) in [
            (r#"E1 "Reconciler error" DevCluster="default/prod-eu""#, false, true),
            (r#"E1 "Reconciler error" DevMachine="default/prod-eu-md-0-x""#, false, true),
            (r#"{"ts":1,"DevMachine":{"name":"prod-eu-md-0-x","namespace":"default"}}"#, false, true),
            (r#"E1 "Reconciler error" DevMachine="default/prod-md-0-x""#, true, false),
            (r#"I1 "Two of them" Cluster="default/prod" other="default/prod-eu""#, true, true),
            (r#"I1 "Elsewhere" Cluster="team/prod-eu""#, false, false),
        ] {
            assert_eq!((concerns(line, &prod, &others), concerns(line, &eu, &others)), (of_prod, of_eu), "{line}");
        }
        assert!(concerns(r#"I1 DevMachine="default/prod-eu-x""#, &prod, &[key("team", "prod-eu"), prod.clone()]), "there is no such cluster");
    }

    #[test]
    fn a_line_is_about_the_object_that_it_names_by_kind_and_name() {
        let id = ObjectId { group: "infrastructure.cluster.x-k8s.io".into(), kind: "Machine".into(), namespace: "default".into(), name: "w1-x".into() };
        for (line, is) in [
            (r#"E1 "Reconciler error" err="no" controller="machine" Machine="default/w1-x" namespace="default""#, true),
            (r#"E1 "Reconciler error" err="no" controller="devmachine" DevMachine="default/w1-x""#, false),
            (r#"E1 "Reconciler error" err="no" controller="machine" Machine="default/w1-x2""#, false),
            (r#"E1 "Reconciler error" err="of Machine=\"default/w1-x\"" Cluster="default/w1""#, false),
            (r#"{"ts":1,"err":"no","Machine":{"name":"w1-x","namespace":"default"}}"#, true),
            (r#"{"ts":1,"err":"no","DevMachine":{"name":"w1-x","namespace":"default"}}"#, false),
        ] {
            assert_eq!(is_about(line, &id), is, "{line}");
        }
    }

    #[test]
    fn bootstrap_tokens_are_not_shown() {
        for (line, shown) in [
            ("kubeadm join 172.18.0.5:6443 --token abcdef.0123456789abcdef --x", "kubeadm join 172.18.0.5:6443 --token (a bootstrap token) --x"),
            ("token=\"abcdef.0123456789abcdef\"", "token=\"(a bootstrap token)\""),
            ("abcdef.0123456789abcdef", "(a bootstrap token)"),
            ("kubelet.service and 10.244.0.1", "kubelet.service and 10.244.0.1"),
            ("", ""),
        ] {
            assert_eq!(masked(line), shown);
        }
    }

    #[test]
    fn the_time_of_a_line_is_the_server_s() {
        assert_eq!(stamped("2026-11-23T14:06:58.107927Z I1123 hello"), (Some(api::Timestamp(at("14:06:58").0 + 107)), "I1123 hello"));
        assert_eq!(stamped("I1123 hello"), (None, "I1123 hello"));
        assert_eq!(stamped(""), (None, ""));
    }
}
