//! Which budgets hold a pod, and how many copies would let it go?
//!
//! Source: `pkg/controller/disruption/disruption.go` of Kubernetes: a share is rounded up, and as many pods may go as are
//! healthy above what has to stay.

use api::budget::{Budget, MoreCopies, Owner};
use serde_json::Value;

use super::{controller, name, selector::selects};

/// More copies than this are another decision than to let one pod go.
const MOST_MORE: u32 = 3;

/// The budgets that select a pod, those that let none go first.
pub fn budgets_of(pod: &Value, budgets: &[Value]) -> Vec<Budget> {
    let mine = budgets.iter().filter(|budget| is_of(budget, pod));
    let mut all: Vec<Budget> = mine.map(budget).collect();
    all.sort_by(|a, b| (a.allowed, &a.name).cmp(&(b.allowed, &b.name)));
    all
}

/// The owner that makes a pod, or that makes the owner of it.
pub fn owner_of(object: &Value) -> Option<Owner> {
    let owner = controller(object)?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    Some(Owner { kind: text(&owner["kind"])?, namespace: text(&object["metadata"]["namespace"])?, name: text(&owner["name"])? })
}

/// The least number of copies with which every budget of the pod lets one go. They have to be healthy by then.
pub fn more(of: Owner, now: u32, pod: &Value, budgets: &[Value]) -> Option<MoreCopies> {
    let mine: Vec<&Value> = budgets.iter().filter(|budget| is_of(budget, pod)).collect();
    let lets = |copies: u32| {
        mine.iter().all(|budget| {
            let pods = expected(budget).saturating_sub(now).saturating_add(copies);
            pods > stays(budget, pods)
        })
    };
    // What is let go already waits for something else, such as a copy that is ill.
    let wanted = now > 0 && !lets(now);
    (now + 1..=now.saturating_add(MOST_MORE)).find(|copies| wanted && lets(*copies)).map(|to| MoreCopies { of, now, to })
}

fn is_of(budget: &Value, pod: &Value) -> bool {
    budget["metadata"]["namespace"] == pod["metadata"]["namespace"] && selects(&budget["spec"]["selector"], &pod["metadata"]["labels"])
}

fn count(value: &Value) -> u32 {
    value.as_u64().and_then(|n| u32::try_from(n).ok()).unwrap_or_default()
}

/// A budget may count pods of several owners.
fn expected(budget: &Value) -> u32 {
    count(&budget["status"]["expectedPods"])
}

/// Of so many pods these have to stay.
fn stays(budget: &Value, pods: u32) -> u32 {
    match (share(&budget["spec"]["minAvailable"], pods), share(&budget["spec"]["maxUnavailable"], pods)) {
        (Some(least), _) => least,
        (None, Some(most)) => pods.saturating_sub(most),
        // A budget without a rule keeps none.
        (None, None) => 0,
    }
}

fn share(value: &Value, of: u32) -> Option<u32> {
    if let Some(percent) = value.as_str().and_then(|text| text.strip_suffix('%')).and_then(|text| text.parse::<u32>().ok()) {
        return Some(percent.saturating_mul(of).div_ceil(100));
    }
    value.as_u64().and_then(|n| u32::try_from(n).ok())
}

fn budget(budget: &Value) -> Budget {
    let (spec, status) = (&budget["spec"], &budget["status"]);
    let said = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let rule = match (&spec["minAvailable"], &spec["maxUnavailable"]) {
        (Value::Null, Value::Null) => "no rule".to_owned(),
        (Value::Null, most) => format!("at most {} unavailable", said(most)),
        (least, _) => format!("at least {} available", said(least)),
    };
    Budget {
        name: name(budget),
        rule,
        selector: selector(&spec["selector"]),
        allowed: count(&status["disruptionsAllowed"]),
        healthy: count(&status["currentHealthy"]),
        needed: count(&status["desiredHealthy"]),
        expected: expected(budget),
    }
}

/// As kubectl writes it: `app=postgres,tier in (a,b)`.
fn selector(selector: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let exact = selector["matchLabels"].as_object().into_iter().flatten().map(|(key, value)| format!("{key}={}", text(value)));
    let listed = selector["matchExpressions"].as_array().into_iter().flatten().map(|one| {
        let (key, values) = (text(&one["key"]), one["values"].as_array().into_iter().flatten().map(text).collect::<Vec<_>>().join(","));
        match one["operator"].as_str() {
            Some("In") => format!("{key} in ({values})"),
            Some("NotIn") => format!("{key} notin ({values})"),
            Some("Exists") => key,
            Some("DoesNotExist") => format!("!{key}"),
            Some(_) | None => format!("{key} {} ({values})", text(&one["operator"])),
        }
    });
    let all: Vec<String> = exact.chain(listed).collect();
    if all.is_empty() { "every pod of its namespace".to_owned() } else { all.join(",") }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn pod() -> Value {
        json!({
            "metadata": {
                "namespace": "db", "name": "postgres-0", "labels": { "app": "postgres" },
                "ownerReferences": [{ "kind": "StatefulSet", "name": "postgres", "controller": true }],
            },
        })
    }

    fn pdb(name: &str, spec: Value, expected: u32, allowed: u32) -> Value {
        let mut spec = spec;
        spec["selector"] = json!({ "matchLabels": { "app": "postgres" }, "matchExpressions": [{ "key": "tier", "operator": "NotIn", "values": ["a", "b"] }] });
        let status = json!({ "currentHealthy": expected, "desiredHealthy": expected - allowed, "expectedPods": expected, "disruptionsAllowed": allowed });
        json!({ "metadata": { "namespace": "db", "name": name }, "spec": spec, "status": status })
    }

    #[rstest]
    #[case::one_has_to_stay(json!({ "minAvailable": 1 }), 1, Some(2))]
    #[case::two_have_to_stay(json!({ "minAvailable": 2 }), 1, Some(3))]
    #[case::too_many_more(json!({ "minAvailable": 9 }), 1, None)]
    #[case::half_of_them(json!({ "minAvailable": "50%" }), 1, Some(2))]
    #[case::all_of_them(json!({ "minAvailable": "100%" }), 1, None)]
    #[case::none_may_be_away(json!({ "maxUnavailable": 0 }), 1, None)]
    #[case::one_may_be_away_and_is_ill(json!({ "maxUnavailable": 1 }), 1, None)]
    #[case::no_copy_is_wanted(json!({ "minAvailable": 1 }), 0, None)]
    fn as_many_copies_are_offered_as_the_budget_needs_to_let_one_go(#[case] spec: Value, #[case] now: u32, #[case] to: Option<u32>) {
        let budgets = [pdb("postgres", spec, now, 0)];
        let of = owner_of(&pod()).unwrap();
        assert_eq!(more(of, now, &pod(), &budgets).map(|more| more.to), to);
    }

    #[test]
    fn of_several_budgets_the_one_that_holds_stands_first_and_others_of_the_namespace_are_none_of_it() {
        let mut other = pdb("other", json!({ "minAvailable": 1 }), 1, 0);
        other["spec"]["selector"] = json!({ "matchLabels": { "app": "web" } });
        let all = [pdb("loose", json!({ "maxUnavailable": "25%" }), 4, 1), other, pdb("tight", json!({ "minAvailable": 4 }), 4, 0)];
        let told = budgets_of(&pod(), &all);
        let said: Vec<(&str, &str, u32, u32)> = told.iter().map(|one| (one.name.as_str(), one.rule.as_str(), one.allowed, one.needed)).collect();
        assert_eq!(said, [("db/tight", "at least 4 available", 0, 4), ("db/loose", "at most 25% unavailable", 1, 3)]);
        assert_eq!(told[0].selector, "app=postgres,tier notin (a,b)");
        assert_eq!(owner_of(&pod()), Some(Owner { kind: "StatefulSet".into(), namespace: "db".into(), name: "postgres".into() }));
        assert_eq!(owner_of(&json!({ "metadata": { "namespace": "db", "name": "alone" } })), None);
    }
}
