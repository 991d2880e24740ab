//! Do the controllers themselves answer?

use api::Millis;
use api::capi::{Evidence, EvidenceSource};

use super::case::{Case, Finding, has};

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

/// A controller that runs looks at a new object within seconds.
const FIRST_LOOK: Millis = Millis::seconds(60);

/// No controller has touched the object that blocks: it takes it over by a finalizer and says what it does in conditions.
pub(super) fn controller_silent(case: &Case) -> Option<Finding> {
    let leaf = case.leaf();
    let untouched = leaf.conditions.is_empty() && leaf.finalizers.is_empty() && leaf.deleting_since.is_none();
    let made = leaf.created.filter(|made| untouched && case.facts.now.since(*made) > FIRST_LOOK)?;
    let (kind, name) = (&leaf.id.kind, &leaf.id.name);
    let sentence = format!("No controller has looked at {kind} {name} since it was made: its provider is missing or does not run.");
    let seen = Evidence {
        source: EvidenceSource::Condition { on: format!("{kind} {name}"), kind: "none".to_owned() },
        text: "no conditions, no finalizers".to_owned(),
        at: Some(made),
    };
    Some(Finding::stuck(sentence, vec![seen]).remedy(
        "Look at the providers",
        "Changes nothing; the cluster goes on by itself when its controller runs",
        Some("kubectl get pods -A -l cluster.x-k8s.io/provider".to_owned()),
    ))
}

/// A namespace may hold so much and no more; whoever makes the next object is refused until there is room.
pub(super) fn quota(case: &Case) -> Option<Finding> {
    const REFUSED: &str = "exceeded quota: ";
    let members = case.condition_with(case.graph.members(case.key), &[REFUSED]);
    let seen: Vec<Evidence> = [members, case.event_with(&[REFUSED]), case.log_with(&[REFUSED])].into_iter().flatten().collect();
    let (_, told) = seen.first()?.text.split_once(REFUSED)?;
    let quota = told.split([',', ' ', '\n']).next().filter(|name| !name.is_empty() && !has(name, &["'", "\""]))?.to_owned();
    let (name, namespace) = (&case.key.name, &case.key.namespace);
    let sentence = format!("The quota {quota} of the namespace {namespace} is used up, so nothing more is made for {name}.");
    Some(Finding::stuck(sentence, seen).remedy(
        "See what it allows",
        "Changes nothing; what is missing is made as soon as there is room",
        Some(format!("kubectl describe quota {quota} -n {namespace}")),
    ))
}
