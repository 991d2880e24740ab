//! Which pods does a drain wait for?

use api::upgrading::{DrainLine, DrainPace};

/// Reads what the Machine controller writes of a drain that is not completed; lines that it cannot read are left out, they
/// stand in the condition that is quoted.
///
/// Source: `EvictionResult.ConditionMessage` in `internal/controllers/machine/drain/drain.go` of Cluster API.
pub(crate) fn lines(message: &str) -> Vec<DrainLine> {
    message.lines().filter_map(line).collect()
}

fn line(line: &str) -> Option<DrainLine> {
    if let Some((_, pods)) = line.split_once("the following Pods will be evicted: ") {
        return Some(DrainLine { pods: pods.to_owned(), says: "after the others".to_owned(), pace: DrainPace::Later });
    }
    let rest = line.strip_prefix("* ")?;
    let rest = rest.strip_prefix("Pods ").or_else(|| rest.strip_prefix("Pod "))?;
    let (pods, says) = rest.split_once(": ")?;
    let goes = says.starts_with("deletionTimestamp set") || says.starts_with("waiting for completion");
    Some(DrainLine { pods: pods.to_owned(), says: says.to_owned(), pace: if goes { DrainPace::Going } else { DrainPace::Held } })
}
