//! Do the controllers themselves answer?

use super::case::{Case, Finding};

/// The API server cannot reach a provider's webhook: right after an installation, or when its pod is gone.
pub(super) fn webhook_down(case: &Case) -> Option<Finding> {
    let words = ["failed calling webhook", "no endpoints available for service"];
    let refused = |text: &str| text.contains("connection refused") || text.contains("no endpoints available") || text.contains("context deadline exceeded");
    let seen: Vec<_> = case.anywhere(&words).into_iter().filter(|e| refused(&e.text)).collect();
    if seen.is_empty() {
        return None;
    }
    Some(Finding::stuck("A webhook of Cluster API does not answer, so nothing can be changed.", seen).remedy(
        "Look at the providers",
        "It comes back by itself when the provider's pod is Ready",
        Some("kubectl get pods -A -l cluster.x-k8s.io/provider".to_owned()),
    ))
}
