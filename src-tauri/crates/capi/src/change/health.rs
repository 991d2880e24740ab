//! When are the machines of a group given up, and where is that written?
//!
//! A check that a topology made is written in the topology, any other in its own object. The newer contract counts seconds
//! and keeps what is watched apart from what is done about it; the older one writes `5m0s`, all in one.
//! Source: `api/core/v1beta1` and `v1beta2` of Cluster API, and its webhook for MachineHealthChecks.

use std::collections::BTreeSet;

use api::capi::LaneGroup;
use api::changes::Follows;
use api::health::{HealthCheck, HealthRule, RuleOf, RuleStatus};
use serde_json::{Map, Value, json};

use super::edit::{merge, of_pool};
use super::shape::{Pool, Shape, names};
use super::{Act, Plan, Planned, Refusal, Write, follows, named, no};
use crate::checks::span;
use crate::object::{CORE, ObjectId};
use crate::read::list;

const KIND: &str = "MachineHealthCheck";
const OWNED: &str = "topology.cluster.x-k8s.io/owned";
/// The labels by which a check chooses machines of one pool: as a topology names it, or as its object is called.
const IN_TOPOLOGY: &str = "topology.cluster.x-k8s.io/deployment-name";
const BY_OBJECT: &str = "cluster.x-k8s.io/deployment-name";
const PLANES: &str = "cluster.x-k8s.io/control-plane";
/// Conditions of a Machine that follow from its checks.
const CIRCULAR: [&str; 5] = ["Ready", "Available", "HealthCheckSucceeded", "OwnerRemediated", "ExternallyRemediated"];
const MOST_RULES: usize = 100;
/// The webhook takes no less.
const LEAST_START_UP: u32 = 30;
/// The server reads 32 bits with a sign.
const MOST_SECONDS: u32 = 2_147_483_647;

/// The group whose machines a check chooses; `None` where it chooses in a way of its own.
pub(crate) fn group_of(check: &Value) -> Option<LaneGroup> {
    let selector = &check["spec"]["selector"];
    let labels = selector["matchLabels"].as_object().filter(|_| list(&selector["matchExpressions"]).is_empty())?;
    if labels.contains_key(PLANES) {
        return Some(LaneGroup::ControlPlane);
    }
    let pool = labels.get(IN_TOPOLOGY).or(labels.get(BY_OBJECT))?.as_str()?;
    Some(LaneGroup::Pool(pool.to_owned()))
}

/// The check that watches a group now.
pub(super) fn of(shape: &Shape, group: &LaneGroup) -> Option<HealthCheck> {
    let pool = pool_of(shape, group).ok()?;
    found(shape, pool).map(|(_, document)| read(&document["spec"]))
}

pub(super) fn set(shape: &Shape, group: &LaneGroup, wish: Option<&HealthCheck>) -> Planned {
    let pool = pool_of(shape, group)?;
    let whose = pool.map_or_else(|| format!("the control plane of {}", shape.name()), |pool| format!("the pool {}", pool.name));
    let found = found(shape, pool);
    let now = found.map(|(_, document)| read(&document["spec"]));
    match (wish, &now) {
        (Some(wish), Some(now)) if wish == now => return no(format!("A check watches {whose} like this already.")),
        (None, None) => return no(format!("No check watches {whose}.")),
        (Some(wish), _) => allowed(wish)?,
        (None, Some(_)) => {}
    }
    let by_topology = found.is_none_or(|(_, document)| document["metadata"]["labels"].get(OWNED).is_some());
    let write = if shape.has_topology() && by_topology {
        in_topology(shape, pool, found.map(|(_, document)| document), wish)
    } else {
        Some(in_object(shape, pool, found, wish))
    };
    let watched = match pool {
        None => names(&shape.planes()),
        Some(pool) => names(&shape.workers(pool)),
    };
    Ok(Plan { title: format!("Health check of {whose}"), writes: write.into_iter().collect(), effects: effects(&whose, wish, watched), replaced: vec![] })
}

fn effects(whose: &str, wish: Option<&HealthCheck>, watched: Vec<String>) -> Vec<api::changes::Consequence> {
    let Some(wish) = wish else {
        return vec![
            named(Follows::Gone, format!("Nobody watches {whose} any more: a machine that falls ill stays until somebody replaces it."), watched),
            follows(Follows::Unharmed, "No machine is made anew by this."),
        ];
    };
    let limit = match wish.most_ill.as_str() {
        "" => {
            follows(Follows::Risk, "However many are ill at once, all of them are replaced: name a limit where a lost network could make all of them look ill.")
        }
        range if range.starts_with('[') => follows(Follows::Unharmed, format!("Machines are replaced while the number of ill ones is within {range}.")),
        most => follows(Follows::Unharmed, format!("With more than {most} of them ill nothing is replaced, and somebody has to look.")),
    };
    vec![
        named(
            Follows::Replaced,
            format!("A machine of {whose} that is ill for so long is deleted and made anew by its owner; one that is so already, at once."),
            watched,
        ),
        limit,
    ]
}

/// The pool of a group; `None` for the control plane.
fn pool_of<'s, 'a>(shape: &'s Shape<'a>, group: &LaneGroup) -> Result<Option<&'s Pool<'a>>, Refusal> {
    match group {
        LaneGroup::ControlPlane if shape.control_plane.is_none() => no(format!("The control plane of {} is not made of machines.", shape.name())),
        LaneGroup::ControlPlane => Ok(None),
        LaneGroup::Alone => no("These machines have no owner that would make new ones."),
        LaneGroup::Pool(name) => {
            let pool = shape.pool(name)?;
            let many = pool.entry.map_or_else(|| pool.object.is_some_and(|(o, _)| o.is(CORE, "MachinePool")), |entry| entry.list == "machinePools");
            if many { no(format!("{} is a MachinePool: its provider keeps its machines well, no health check does.", pool.name)) } else { Ok(Some(pool)) }
        }
    }
}

/// The check whose selector means this group, by its document.
fn found<'a>(shape: &Shape<'a>, pool: Option<&Pool>) -> Option<(&'a ObjectId, &'a Value)> {
    let is_mine = |document: &Value| match (group_of(document), pool) {
        (Some(LaneGroup::ControlPlane), None) => true,
        (Some(LaneGroup::Pool(name)), Some(pool)) => name == pool.name || pool.object.is_some_and(|(object, _)| *object.id.name == name),
        (Some(LaneGroup::ControlPlane | LaneGroup::Pool(_) | LaneGroup::Alone) | None, _) => false,
    };
    let mut checks = shape.documents.iter().filter(|(id, document)| &*id.kind == KIND && document["spec"]["clusterName"] == shape.name());
    checks.find(|(_, document)| is_mine(document))
}

fn in_topology(shape: &Shape, pool: Option<&Pool>, made: Option<&Value>, wish: Option<&HealthCheck>) -> Option<Write> {
    let old = is_old(shape.cluster);
    let field = if old { "machineHealthCheck" } else { "healthCheck" };
    let at = match pool {
        None => &shape.cluster["spec"]["topology"]["controlPlane"][field],
        Some(pool) => pool.entry.map_or(&Value::Null, |entry| &entry.value[field]),
    };
    // What the class says is not taken over in parts: what stands in the topology stands for all of it.
    let base =
        [Some(at), made.map(|made| &made["spec"])].into_iter().flatten().find(|spec| spec["checks"].is_object() || spec.get("nodeStartupTimeout").is_some());
    let body = match wish {
        Some(wish) => body(base.unwrap_or(&Value::Null), wish, old),
        None => json!({ (if old { "enable" } else { "enabled" }): false }),
    };
    match pool {
        None => Some(merge(shape.id, json!({ "spec": { "topology": { "controlPlane": { field: in_place_of(at, &body) } } } }))),
        Some(pool) => of_pool(shape, pool, |entry| entry.set(field, body.clone()), Value::Null),
    }
}

fn in_object(shape: &Shape, pool: Option<&Pool>, found: Option<(&ObjectId, &Value)>, wish: Option<&HealthCheck>) -> Write {
    match (found, wish) {
        (Some((id, _)), None) => Write { object: id.clone(), act: Act::Delete },
        (Some((id, document)), Some(wish)) => {
            let mut spec = document["spec"].clone();
            for kept in ["clusterName", "selector"] {
                if let Some(fields) = spec.as_object_mut() {
                    fields.remove(kept);
                }
            }
            let body = body(&spec, wish, is_old(document));
            merge(id, json!({ "spec": in_place_of(&spec, &body) }))
        }
        (None, wish) => made(shape, pool, wish.unwrap_or(&HealthCheck::default())),
    }
}

/// A check of its own, for a group that nobody watches.
fn made(shape: &Shape, pool: Option<&Pool>, wish: &HealthCheck) -> Write {
    let cluster = shape.name();
    let (name, label, value) = match pool {
        None => (format!("{cluster}-control-plane"), PLANES, String::new()),
        Some(pool) => (pool.name.clone(), BY_OBJECT, pool.name.clone()),
    };
    let id = ObjectId { group: CORE.into(), kind: KIND.into(), namespace: shape.id.namespace.clone(), name: name.as_str().into() };
    let mut spec = body(&Value::Null, wish, is_old(shape.cluster));
    spec["clusterName"] = json!(cluster);
    spec["selector"] = json!({ "matchLabels": { "cluster.x-k8s.io/cluster-name": cluster, label: value } });
    let metadata = json!({ "name": name, "namespace": &*shape.id.namespace, "labels": { "cluster.x-k8s.io/cluster-name": cluster } });
    let document = json!({ "apiVersion": shape.cluster["apiVersion"], "kind": KIND, "metadata": metadata, "spec": spec });
    Write { object: id, act: Act::Create(document) }
}

/// The fields of a check, with what of `base` is none of our business: who repairs, and how many at once.
fn body(base: &Value, wish: &HealthCheck, old: bool) -> Value {
    let of = |of: RuleOf| -> Vec<Value> { wish.rules.iter().filter(|rule| rule.of == of).map(|rule| rule_words(rule, old)).collect() };
    let (nodes, machines) = (of(RuleOf::Node), of(RuleOf::Machine));
    let most = match wish.most_ill.parse::<u32>() {
        Ok(number) => json!(number),
        Err(_) => json!(wish.most_ill),
    };
    let mut written = Map::new();
    let put = |into: &mut Map<String, Value>, name: &str, value: Value| {
        if value != json!([]) && value != json!({}) && value != json!("") {
            into.insert(name.to_owned(), value);
        }
    };
    let is_range = wish.most_ill.starts_with('[');
    if old {
        put(&mut written, "nodeStartupTimeout", json!(format!("{}s", wish.start_up_seconds)));
        put(&mut written, "unhealthyConditions", json!(nodes));
        put(&mut written, "unhealthyMachineConditions", json!(machines));
        put(&mut written, if is_range { "unhealthyRange" } else { "maxUnhealthy" }, most);
        put(&mut written, "remediationTemplate", base.get("remediationTemplate").cloned().unwrap_or(json!({})));
        return Value::Object(written);
    }
    let mut checks = Map::new();
    put(&mut checks, "nodeStartupTimeoutSeconds", json!(wish.start_up_seconds));
    put(&mut checks, "unhealthyNodeConditions", json!(nodes));
    put(&mut checks, "unhealthyMachineConditions", json!(machines));
    let mut remediation = base["remediation"].as_object().cloned().unwrap_or_default();
    remediation.remove("triggerIf");
    let mut trigger = Map::new();
    put(&mut trigger, if is_range { "unhealthyInRange" } else { "unhealthyLessThanOrEqualTo" }, most);
    put(&mut remediation, "triggerIf", Value::Object(trigger));
    put(&mut written, "checks", Value::Object(checks));
    put(&mut written, "remediation", Value::Object(remediation));
    Value::Object(written)
}

fn rule_words(rule: &HealthRule, old: bool) -> Value {
    let (status, condition) = (rule.status.word(), &rule.condition);
    if old {
        json!({ "type": condition, "status": status, "timeout": format!("{}s", rule.seconds) })
    } else {
        json!({ "type": condition, "status": status, "timeoutSeconds": rule.seconds })
    }
}

/// RFC 7386 keeps what it does not name: what is there and not wanted is named as gone.
fn in_place_of(now: &Value, next: &Value) -> Value {
    let (Some(had), Some(wanted)) = (now.as_object(), next.as_object()) else { return next.clone() };
    let gone = had.keys().filter(|key| !wanted.contains_key(*key)).map(|key| (key.clone(), Value::Null));
    let stays = wanted.iter().map(|(key, value)| (key.clone(), had.get(key).map_or_else(|| value.clone(), |now| in_place_of(now, value))));
    Value::Object(gone.chain(stays).collect())
}

/// Reads the fields of either contract.
fn read(spec: &Value) -> HealthCheck {
    let checks = if spec["checks"].is_object() { &spec["checks"] } else { spec };
    let nodes = list(&checks["unhealthyNodeConditions"]).iter().chain(list(&checks["unhealthyConditions"])).map(|rule| (RuleOf::Node, rule));
    let machines = list(&checks["unhealthyMachineConditions"]).iter().map(|rule| (RuleOf::Machine, rule));
    let rule = |(of, rule): (RuleOf, &Value)| {
        let lasts = seconds(&rule["timeoutSeconds"]).or_else(|| seconds(&rule["timeout"]))?;
        Some(HealthRule { of, condition: rule["type"].as_str()?.to_owned(), status: RuleStatus::read(rule["status"].as_str()?)?, seconds: lasts })
    };
    let trigger = &spec["remediation"]["triggerIf"];
    let said = [&trigger["unhealthyInRange"], &spec["unhealthyRange"], &trigger["unhealthyLessThanOrEqualTo"], &spec["maxUnhealthy"]];
    let most_ill = said.into_iter().find_map(|most| most.as_str().map(str::to_owned).or_else(|| most.as_u64().map(|n| n.to_string())));
    HealthCheck {
        // What is not named is ten minutes.
        start_up_seconds: seconds(&checks["nodeStartupTimeoutSeconds"]).or_else(|| seconds(&checks["nodeStartupTimeout"])).unwrap_or(600),
        rules: nodes.chain(machines).filter_map(rule).collect(),
        most_ill: most_ill.unwrap_or_default(),
    }
}

fn seconds(span_of: &Value) -> Option<u32> {
    span(span_of).and_then(|span| u32::try_from(span.0 / 1_000).ok())
}

fn is_old(document: &Value) -> bool {
    document["apiVersion"].as_str().is_some_and(|version| version.ends_with("/v1beta1"))
}

/// What the webhook would refuse is told before it is asked.
fn allowed(wish: &HealthCheck) -> Result<(), Refusal> {
    if (1..LEAST_START_UP).contains(&wish.start_up_seconds) {
        return no(format!("A machine needs at least {LEAST_START_UP} s to become a Node. 0 lets it take as long as it likes."));
    }
    if wish.start_up_seconds == 0 && wish.rules.is_empty() {
        return no("A check without a time and without a rule gives up no machine. Name one, or take the check away.");
    }
    if wish.rules.len() > MOST_RULES {
        return no(format!("A check has at most {MOST_RULES} rules."));
    }
    let mut seen = BTreeSet::new();
    for rule in &wish.rules {
        let (of, condition, status) = (rule.of.word(), &rule.condition, rule.status.word());
        let is_name =
            !condition.is_empty() && condition.len() <= 316 && condition.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'));
        if !is_name {
            return no(format!("“{condition}” is no condition. Conditions are called like Ready or acme.dev/Checked."));
        }
        if rule.of == RuleOf::Machine && CIRCULAR.contains(&condition.as_str()) {
            return no(format!(
                "{condition} of a Machine follows from its checks, so no check can be made of it. Use one of NodeReady, NodeHealthy or of the Node itself."
            ));
        }
        if rule.seconds > MOST_SECONDS {
            return no(format!("{of} {condition}={status} may last {MOST_SECONDS} s at most."));
        }
        if !seen.insert((rule.of, condition, rule.status)) {
            return no(format!("{of} {condition}={status} is named twice."));
        }
    }
    most(&wish.most_ill)
}

/// A number, a part of a hundred, or a range.
fn most(text: &str) -> Result<(), Refusal> {
    let number = |text: &str| text.parse::<u32>().ok().filter(|n| *n <= MOST_SECONDS);
    let range = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).and_then(|inner| inner.split_once('-'));
    let good = match (text.strip_suffix('%'), range) {
        _ if text.is_empty() => true,
        (Some(percent), _) => number(percent).is_some_and(|n| n <= 100),
        (None, Some((from, to))) => matches!((number(from), number(to)), (Some(from), Some(to)) if from <= to),
        (None, None) => number(text).is_some(),
    };
    if good { Ok(()) } else { no(format!("“{text}” is no limit. It is a number like 2, a part like 40%, or a range like [0-2].")) }
}
