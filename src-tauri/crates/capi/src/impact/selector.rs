//! Whom does a selector of labels mean?

use serde_json::Value;

/// An empty selector means everything, none at all nothing.
/// Source: `staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/helpers.go` of Kubernetes.
pub(super) fn selects(selector: &Value, labels: &Value) -> bool {
    if !selector.is_object() {
        return false;
    }
    let exact = selector["matchLabels"].as_object().into_iter().flatten().all(|(key, value)| labels[key] == *value);
    exact && selector["matchExpressions"].as_array().into_iter().flatten().all(|expression| holds(expression, labels))
}

fn holds(expression: &Value, labels: &Value) -> bool {
    let label = expression["key"].as_str().and_then(|key| labels.get(key));
    let listed = || label.is_some_and(|label| expression["values"].as_array().is_some_and(|values| values.contains(label)));
    match expression["operator"].as_str() {
        Some("In") => listed(),
        Some("NotIn") => !listed(),
        Some("Exists") => label.is_some(),
        Some("DoesNotExist") => label.is_none(),
        // An operator that is not known yet: nothing is said about it.
        Some(_) | None => false,
    }
}
