//! Which names, labels and taints does Kubernetes take?

use api::changes::Taint;
use api::drawing::{FormCheck, FormField, Label, Pool};

use super::{risks, stops};

/// A machine is called after its cluster, its pool and three times five letters; its node must fit a label.
const LONGEST: usize = 63;
const LETTERS: usize = "-12345-12345-12345".len();
/// Source: `docs/book/src/reference/api/metadata-propagation.md` of Cluster API.
const REACH_NODES: [&str; 3] = ["node-role.kubernetes.io", "node-restriction.kubernetes.io", "node.cluster.x-k8s.io"];

/// Why this is no name of a cluster or a pool.
pub(super) fn trouble(name: &str) -> Option<String> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() {
        return Some("A name is needed.".to_owned());
    }
    if let Some(odd) = name.chars().find(|c| !allowed(*c)) {
        let odd = if odd == ' ' { "a space".to_owned() } else { format!("“{odd}”") };
        return Some(format!("A name has small letters, digits and hyphens, not {odd}."));
    }
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Some("A name begins with a letter.".to_owned());
    }
    name.ends_with('-').then(|| "A name ends with a letter or a digit.".to_owned())
}

/// Why this is no name of a namespace.
pub(super) fn namespace(name: &str) -> Option<String> {
    if name.len() > LONGEST {
        return Some(format!("A namespace has at most {LONGEST} characters."));
    }
    // A namespace may begin with a digit, which a cluster may not.
    let as_name = name.strip_prefix(|c: char| c.is_ascii_digit()).map_or(name.to_owned(), |rest| format!("a{rest}"));
    trouble(&as_name)
}

/// How many characters a cluster's name may have so that its machines fit.
pub(super) fn room(pools: &[Pool]) -> usize {
    let longest = pools.iter().map(|pool| pool.name.len() + 1).max().unwrap_or(0);
    LONGEST.saturating_sub(LETTERS + longest)
}

/// What is wrong with the pools, each at its place.
pub(super) fn pools(pools: &[Pool], classes: &[String]) -> Vec<FormCheck> {
    let mut found = vec![];
    for (at, pool) in pools.iter().enumerate() {
        let field = || FormField::Pool(at);
        if let Some(why) = trouble(&pool.name) {
            found.push(stops(field(), "A pool has no usable name", why));
        } else if pools.iter().take(at).any(|other| other.name == pool.name) {
            found.push(stops(field(), "Two pools have one name", format!("There is a pool {} already.", pool.name)));
        }
        if !classes.contains(&pool.class) {
            let known = if classes.is_empty() { "none".to_owned() } else { classes.join(", ") };
            found.push(stops(field(), "A pool of an unknown kind", format!("The class has no pools of the kind “{}”. It has: {known}.", pool.class)));
        }
        if let Some(why) = pool.labels.iter().find_map(label) {
            found.push(stops(field(), "A label is not allowed", why));
        }
        if let Some(why) = twice(pool.labels.iter().map(|label| label.key.as_str())) {
            found.push(stops(field(), "A label is given twice", format!("{why} has two values.")));
        }
        if let Some(why) = pool.taints.iter().find_map(taint) {
            found.push(stops(field(), "A taint is not allowed", why));
        }
        let quiet: Vec<&str> = pool.labels.iter().filter(|l| label(l).is_none() && !reaches_nodes(&l.key)).map(|l| l.key.as_str()).collect();
        if !quiet.is_empty() {
            let words = format!("{} stays on the machines of {}: nodes take only labels below {}.", quiet.join(", "), pool.name, REACH_NODES.join(", "));
            found.push(risks(field(), "A label does not reach the nodes", words));
        }
    }
    found
}

fn reaches_nodes(key: &str) -> bool {
    let Some((prefix, _)) = key.split_once('/') else { return false };
    REACH_NODES.iter().any(|domain| prefix == *domain || (*domain != "node-role.kubernetes.io" && prefix.ends_with(&format!(".{domain}"))))
}

fn twice<'a>(keys: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut seen = std::collections::BTreeSet::new();
    keys.filter(|key| !seen.insert(*key)).last()
}

fn label(label: &Label) -> Option<String> {
    key(&label.key).or_else(|| value(&label.value))
}

fn taint(taint: &Taint) -> Option<String> {
    key(&taint.key).or_else(|| value(&taint.value))
}

fn key(key: &str) -> Option<String> {
    let (prefix, name) = match key.split_once('/') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, key),
    };
    let part = |p: &str| trouble(&format!("a{p}")).is_none() && !p.is_empty() && !p.starts_with('-');
    let fits = prefix.is_none_or(|p| !p.is_empty() && p.len() <= 253 && p.split('.').all(part));
    if !fits {
        return Some(format!("“{key}”: what stands before the slash is a domain in small letters."));
    }
    (name.is_empty() || !is_word(name)).then(|| format!("“{key}” is no key: at most 63 letters, digits, “-”, “_” and “.”, a letter or digit at both ends."))
}

fn value(value: &str) -> Option<String> {
    (!value.is_empty() && !is_word(value))
        .then(|| format!("“{value}” is no value: at most 63 letters, digits, “-”, “_” and “.”, a letter or digit at both ends."))
}

fn is_word(text: &str) -> bool {
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    text.len() <= LONGEST && text.chars().all(inner) && edge(text.chars().next()) && edge(text.chars().last())
}
