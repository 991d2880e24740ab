//! How are a kept kubeconfig and its context called?

use api::changes::ClusterAt;
use api::{Fault, FaultCode};

/// No longer name is taken for an object.
const LONGEST_PART: usize = 63;

/// Refuses what no object of Kubernetes is called: the names become part of a path, here and on the server.
pub(super) fn check(at: &ClusterAt) -> Result<(), Fault> {
    for (what, name) in [("namespace", &at.namespace), ("cluster", &at.name)] {
        if !is_name(name) {
            let fault = Fault::new(FaultCode::Invalid, format!("No {what} has such a name."));
            return Err(fault.because("the request", name.chars().take(120).collect::<String>()).unharmed("Nothing was contacted."));
        }
    }
    Ok(())
}

/// A name of an object: lower-case letters, digits, dashes and dots.
fn is_name(name: &str) -> bool {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    (1..=LONGEST_PART).contains(&name.len()) && name.chars().all(inner) && edge(name.chars().next()) && edge(name.chars().last()) && !name.contains("..")
}

/// `lab-b.default.kind-kos-mgmt.yaml`; `apart` tells two management clusters of one name from each other.
pub(super) fn file(at: &ClusterAt, manager: &str, apart: &str) -> String {
    capi::access::file_name(&at.namespace, &at.name, manager, apart)
}

#[cfg(test)]
mod tests {
    use api::changes::ClusterAt;

    use super::{check, file};

    fn at(namespace: &str, name: &str) -> ClusterAt {
        ClusterAt { context: "f#m".into(), namespace: namespace.into(), name: name.into() }
    }

    #[test]
    fn a_file_says_which_cluster_of_which_management_cluster_it_opens() {
        assert_eq!(file(&at("default", "lab-b"), "kind-kos-mgmt", ""), "lab-b.default.kind-kos-mgmt.yaml");
        assert_eq!(file(&at("a", "b"), "arn:aws:eks/../x", "5eed"), "b.a.arn_aws_eks____x.5eed.yaml");
    }

    #[test]
    fn names_that_would_lead_elsewhere_are_refused() {
        assert!(check(&at("default", "lab-b")).is_ok() && check(&at("team.a", "x1")).is_ok());
        for name in ["", "../x", "a/b", "a?b", "A", "-a", "a-", ".a", "a..b", "a%2fb", &"a".repeat(64)] {
            assert!(check(&at("default", name)).is_err() && check(&at(name, "x")).is_err(), "{name:?}");
        }
    }
}
