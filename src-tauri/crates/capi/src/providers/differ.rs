//! What does a release change in the kinds of a provider?
//!
//! Pure: the definitions of the cluster and those of the release come in. Start at: [`changes`].

use std::collections::{BTreeMap, BTreeSet};

use api::providers::{KindChange, KindFate, VersionFate};
use serde_json::Value;

/// Told of each kind; a reader has seen enough by then.
const MOST_FIELDS: usize = 200;
/// Schemas that describe themselves end somewhere.
const DEEPEST: usize = 24;

/// The definitions that are not the same afterwards, by name; `there` are those that the provider has in the cluster now.
pub fn changes(there: &[Value], release: &[Value]) -> Vec<KindChange> {
    let (before, after) = (by_name(there), by_name(release));
    let names: BTreeSet<&str> = before.keys().chain(after.keys()).copied().collect();
    names.into_iter().filter_map(|name| change(name, before.get(name).copied(), after.get(name).copied())).collect()
}

fn by_name(definitions: &[Value]) -> BTreeMap<&str, &Value> {
    definitions.iter().filter_map(|one| Some((one["metadata"]["name"].as_str()?, one))).collect()
}

fn change(name: &str, before: Option<&Value>, after: Option<&Value>) -> Option<KindChange> {
    let fate = match (before, after) {
        (Some(before), Some(after)) => changed(before, after)?,
        (None, Some(_)) => KindFate::New,
        (Some(_), None) => KindFate::LeftBehind,
        (None, None) => return None,
    };
    let kind = after.or(before).and_then(|one| one["spec"]["names"]["kind"].as_str()).unwrap_or(name);
    Some(KindChange { definition: name.to_owned(), kind: kind.to_owned(), fate })
}

/// Nothing when versions and fields are the same; descriptions and limits of values are not told.
fn changed(before: &Value, after: &Value) -> Option<KindFate> {
    let (old, new) = (versions(before), versions(after));
    let mut fates = vec![];
    let (mut gains, mut loses) = (vec![], vec![]);
    for (name, version) in &new {
        let Some(was) = old.get(name) else {
            fates.push(VersionFate::Added((*name).to_owned()));
            continue;
        };
        match (was["served"] == true, version["served"] == true) {
            (true, false) => fates.push(VersionFate::NotServed((*name).to_owned())),
            (false, true) => fates.push(VersionFate::ServedNow((*name).to_owned())),
            (true, true) | (false, false) => {}
        }
        let (fields_before, fields_after) = (fields(was), fields(version));
        gains.extend(topmost(&fields_after, &fields_before).map(|field| format!("{name} {field}")));
        loses.extend(topmost(&fields_before, &fields_after).map(|field| format!("{name} {field}")));
    }
    fates.extend(old.keys().filter(|name| !new.contains_key(*name)).map(|name| VersionFate::Gone((*name).to_owned())));
    let stored = |all: &BTreeMap<&str, &Value>| all.iter().find(|(_, version)| version["storage"] == true).map(|(name, _)| (*name).to_owned());
    if let Some(now) = stored(&new).filter(|now| stored(&old).as_ref() != Some(now)) {
        fates.push(VersionFate::StoredNow(now));
    }
    gains.truncate(MOST_FIELDS);
    loses.truncate(MOST_FIELDS);
    (!fates.is_empty() || !gains.is_empty() || !loses.is_empty()).then_some(KindFate::Changed { versions: fates, gains, loses })
}

/// What only the first has; of a field that comes or goes with all that is below it, only itself.
fn topmost<'a>(one: &'a BTreeSet<String>, other: &'a BTreeSet<String>) -> impl Iterator<Item = &'a String> {
    let mut last: Option<&String> = None;
    one.difference(other).filter(move |field| {
        let is_below = last.is_some_and(|above| field.strip_prefix(above.as_str()).is_some_and(|rest| rest.starts_with(['.', '['])));
        if !is_below {
            last = Some(*field);
        }
        !is_below
    })
}

fn versions(definition: &Value) -> BTreeMap<&str, &Value> {
    definition["spec"]["versions"].as_array().into_iter().flatten().filter_map(|one| Some((one["name"].as_str()?, one))).collect()
}

/// `spec.taints`, `spec.pools[].name`, `spec.labels.*`.
fn fields(version: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    walk(&version["schema"]["openAPIV3Schema"], "", 0, &mut found);
    found
}

fn walk(schema: &Value, path: &str, depth: usize, found: &mut BTreeSet<String>) {
    if depth > DEEPEST {
        return;
    }
    for (name, below) in schema["properties"].as_object().into_iter().flatten() {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        walk(below, &path, depth + 1, found);
        found.insert(path);
    }
    if schema["items"].is_object() {
        walk(&schema["items"], &format!("{path}[]"), depth + 1, found);
    }
    if schema["additionalProperties"].is_object() {
        walk(&schema["additionalProperties"], &format!("{path}.*"), depth + 1, found);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn definition(name: &str, versions: &[(&str, bool, bool, Value)]) -> Value {
        let versions: Vec<Value> = versions
            .iter()
            .map(|(name, served, storage, spec)| {
                let schema = json!({ "type": "object", "properties": { "spec": { "type": "object", "properties": spec } } });
                json!({ "name": name, "served": served, "storage": storage, "schema": { "openAPIV3Schema": schema } })
            })
            .collect();
        json!({ "metadata": { "name": format!("{name}s.cluster.x-k8s.io") }, "spec": { "names": { "kind": name }, "versions": versions } })
    }

    fn text() -> Value {
        json!({ "type": "string" })
    }

    #[test]
    fn a_release_tells_fields_and_versions_that_come_and_go_and_nothing_of_what_stays() {
        let pools = |field: &str| json!({ "pools": { "type": "array", "items": { "type": "object", "properties": { field: text() } } } });
        let there = [
            definition("Machine", &[("v1beta2", true, true, json!({ "old": text(), "same": text() })), ("v1beta1", true, false, json!({}))]),
            definition("Cluster", &[("v1beta2", true, true, pools("name"))]),
            definition("Same", &[("v1beta2", true, true, json!({ "a": { "type": "string", "description": "before" } }))]),
            definition("Old", &[("v1alpha3", true, true, json!({}))]),
            definition("Moves", &[("v1beta1", true, true, json!({})), ("v1alpha4", false, false, json!({}))]),
        ];
        let release = [
            definition("Machine", &[("v1beta2", true, true, json!({ "same": text(), "taints": text() })), ("v1beta1", false, false, json!({}))]),
            definition("Cluster", &[("v1beta2", true, true, pools("title"))]),
            definition("Same", &[("v1beta2", true, true, json!({ "a": { "type": "string", "description": "after" } }))]),
            definition("New", &[("v1beta2", true, true, json!({}))]),
            definition("Moves", &[("v1beta1", true, false, json!({})), ("v1beta2", true, true, json!({}))]),
        ];
        let told: Vec<(String, KindFate)> = changes(&there, &release).into_iter().map(|one| (one.kind, one.fate)).collect();
        let fate = |versions: Vec<VersionFate>, gains: &[&str], loses: &[&str]| {
            let owned = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
            KindFate::Changed { versions, gains: owned(gains), loses: owned(loses) }
        };
        let (beta1, beta2) = ("v1beta1".to_owned(), "v1beta2".to_owned());
        assert_eq!(
            told,
            [
                ("Cluster".into(), fate(vec![], &["v1beta2 spec.pools[].title"], &["v1beta2 spec.pools[].name"])),
                ("Machine".into(), fate(vec![VersionFate::NotServed(beta1)], &["v1beta2 spec.taints"], &["v1beta2 spec.old"])),
                ("Moves".into(), fate(vec![VersionFate::Added(beta2.clone()), VersionFate::Gone("v1alpha4".into()), VersionFate::StoredNow(beta2)], &[], &[])),
                ("New".into(), KindFate::New),
                ("Old".into(), KindFate::LeftBehind),
            ]
        );
        assert_eq!(changes(&there, &there), []);
    }

    #[test]
    fn any_object_is_held_against_any_other() {
        for odd in [json!(null), json!({}), json!({ "metadata": { "name": "x" } }), json!({ "metadata": { "name": "x" }, "spec": { "versions": [1, {}] } })] {
            assert!(changes(std::slice::from_ref(&odd), std::slice::from_ref(&odd)).is_empty(), "{odd}");
        }
    }

    #[test]
    fn a_schema_that_never_ends_is_left_somewhere() {
        let mut deep = text();
        for _ in 0..200 {
            deep = json!({ "type": "object", "properties": { "more": deep } });
        }
        let there = [definition("Deep", &[("v1", true, true, json!({}))])];
        let release = [definition("Deep", &[("v1", true, true, json!({ "more": deep }))])];
        let told = changes(&there, &release);
        assert!(matches!(&told[0].fate, KindFate::Changed { gains, .. } if *gains == ["v1 spec.more"]), "{told:?}");
    }
}
