//! Is the load balancer in front of the control plane there, and does it answer?

use api::capi::{Evidence, EvidenceSource};

use super::case::{Case, Finding, LogLine, LogSource, has, quote};
use crate::condition::Condition;

fn balancer(case: &Case) -> String {
    format!("{}-lb", case.key.name)
}

pub(super) fn load_balancer_stopped(case: &Case) -> Option<Finding> {
    let name = balancer(case);
    if case.runs(&name) {
        return None;
    }
    let mut seen = case.anywhere(&["load balancer IP cannot be empty"]);
    seen.extend(case.exit_of(&name));
    if seen.is_empty() {
        return None;
    }
    Some(Finding::stuck(format!("The load balancer {name} exists but does not run, so no API server can be reached."), seen).remedy(
        "Start it",
        "Its address on this machine may change; KOS follows it",
        Some(format!("docker start {name}")),
    ))
}

pub(super) fn load_balancer_missing(case: &Case) -> Option<Finding> {
    let cluster = case.infrastructure(case.cluster)?;
    let condition = cluster.condition("LoadBalancerAvailable").filter(|c| !c.is_true() && !c.message.is_empty())?;
    let sentence = format!("The load balancer of {} cannot be made: {}", case.key.name, condition.message.lines().next().unwrap_or_default());
    let finding = Finding::stuck(sentence, vec![quote(cluster, condition)]);
    let said = condition.message.to_lowercase();
    let image = condition.message.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).find(|word| word.contains("kindest/"));
    let finding = match image {
        Some(_) | None if said.contains("docker api") || said.contains("docker daemon") => finding.remedy(
            "Ask Docker whether it answers",
            "Changes nothing; once it answers the provider goes on by itself",
            Some("docker version".to_owned()),
        ),
        Some(image) => finding.remedy("Get its image here", "The next try finds it", Some(format!("docker pull {image}"))),
        None => finding,
    };
    Some(finding.remedy("Look for it", "Changes nothing; the provider tries again by itself", Some(format!("docker ps -a --filter name={}", balancer(case)))))
}

/// Only its own log tells: the conditions say that the control plane is not initialized. One that took its configuration
/// after all, or found a server behind it, is not broken, whatever it said before.
pub(super) fn load_balancer_broken(case: &Case) -> Option<Finding> {
    if case.cluster.condition("ControlPlaneInitialized").is_some_and(Condition::is_true) {
        return None;
    }
    let name = balancer(case);
    let failed = |text: &str| has(text, &["[ALERT]", "[EMERG]", "cannot bind socket", "Cannot raise FD limit"]);
    let lines: Vec<&LogLine> = case.facts.logs.iter().map(|line| &**line).filter(|l| l.source == LogSource::Container(name.clone())).collect();
    let at = lines.iter().rposition(|l| failed(&l.text))?;
    if lines.iter().skip(at).any(|l| has(&l.text, &["Loading success", "is UP, reason"])) {
        return None;
    }
    let line = lines.get(at)?;
    let seen = vec![Evidence { source: EvidenceSource::Container { name: name.clone() }, text: line.text.clone(), at: line.at }];
    Some(Finding::stuck(format!("The load balancer {name} runs but refuses its configuration, so the first API server is not found."), seen).remedy(
        "Start it anew",
        "Its address on this machine may change; KOS follows it",
        Some(format!("docker restart {name}")),
    ))
}
