//! What speaks against a job on a management cluster, before it starts?

use std::collections::BTreeMap;

use api::files::Severity;
use api::jobs::Obstacle;
use api::providers::{ProviderPick, ProviderRole, title};
use api::{Fault, FaultCode};

use super::{ClusterRef, Wanted};
use crate::look::Installed;
use crate::look::clusters::{Made, Pause, Stands};

/// What was found in a management cluster.
#[derive(Debug, Clone, Default)]
pub struct Ground {
    installed: Vec<Installed>,
    clusters: BTreeMap<ClusterRef, Stands>,
    machines: usize,
}

/// clusterctl leads over at most so many minor versions at once.
const MOST_MINORS: u64 = 3;

impl Ground {
    pub(crate) fn new(installed: Vec<Installed>, clusters: BTreeMap<ClusterRef, Stands>, machines: usize) -> Self {
        Self { installed, clusters, machines }
    }

    /// The version of the core provider; none where there is no Cluster API.
    pub fn core(&self) -> Option<&str> {
        self.installed.iter().find(|one| one.name == "cluster-api").map(|one| one.version.as_str())
    }

    pub fn clusters(&self) -> Vec<String> {
        self.clusters.keys().map(|one| one.name.clone()).collect()
    }

    pub fn machines(&self) -> usize {
        self.machines
    }

    /// Clusters that somebody else paused.
    pub fn paused(&self) -> Vec<String> {
        self.clusters.iter().filter(|(_, one)| one.pause == Pause::Paused).map(|(of, _)| of.name.clone()).collect()
    }

    /// The provider as the inventory has it, if it does.
    pub fn version_of(&self, name: &str) -> Option<&str> {
        self.installed.iter().find(|one| one.name == name).map(|one| one.version.as_str())
    }

    /// Infrastructure providers by the name that clusterctl takes, with their versions.
    pub fn infrastructure(&self) -> Vec<(String, String)> {
        let own = |one: &Installed| Some((one.name.strip_prefix(ProviderRole::Infrastructure.prefix())?.to_owned(), one.version.clone()));
        self.installed.iter().filter_map(own).collect()
    }

    /// Clusters whose machines are on their way: they are made, scaled or rolled out. A paused one does not go on by itself.
    pub fn on_their_way(&self) -> Vec<ClusterRef> {
        self.clusters.iter().filter(|(_, one)| one.made != Made::Whole && one.pause == Pause::Runs).map(|(of, _)| of.clone()).collect()
    }

    fn of(&self, made: Made) -> Vec<&str> {
        self.clusters.iter().filter(|(_, one)| one.made == made).map(|(of, _)| of.name.as_str()).collect()
    }
}

/// Checks of an upgrade.
pub fn upgrading(ground: &Ground, providers: &[Wanted]) -> Vec<Obstacle> {
    let mut found = vec![];
    for (made, doing) in [(Made::OnItsWay, "still being made"), (Made::Rolling, "rolling out machines")] {
        let clusters = ground.of(made);
        if !clusters.is_empty() {
            let verb = if clusters.len() == 1 { "is" } else { "are" };
            let why = Fault::new(FaultCode::Invalid, format!("{} {verb} {doing}", clusters.join(", ")))
                .because("An upgrade now", "restarts the controllers in the middle. Wait for it, or go on: nothing is lost, only time.");
            found.push(Obstacle { severity: Severity::Risk, field: String::new(), why });
        }
    }
    let skipped: Vec<&Wanted> = providers.iter().filter(|one| minors(&one.before, &one.version).is_none_or(|n| n > MOST_MINORS)).collect();
    for one in &skipped {
        let why = Fault::new(FaultCode::Invalid, format!("{} would skip too much", title(&one.name)))
            .because("clusterctl", format!("allows at most {MOST_MINORS} minor versions at once, and {} to {} are more.", one.before, one.version));
        found.push(Obstacle { severity: Severity::Unusable, field: String::new(), why });
    }
    if skipped.is_empty() {
        let why =
            Fault::new(FaultCode::Invalid, "No version is skipped").because("clusterctl", format!("allows at most {MOST_MINORS} minor versions at once."));
        found.push(Obstacle { severity: Severity::Note, field: String::new(), why });
    }
    found
}

/// Checks of a provider that is to be added; `contracts` are those that its kinds follow.
pub fn adding(ground: &Ground, pick: &ProviderPick, wanted: &Wanted, contracts: &[String]) -> Vec<Obstacle> {
    let unusable = |why: Fault| Obstacle { severity: Severity::Unusable, field: String::new(), why };
    let name = title(&wanted.name);
    let Some(core) = ground.core() else {
        return vec![unusable(
            Fault::new(FaultCode::Invalid, "There is no Cluster API in this cluster").because("clusterctl", "A provider is added to one that has it."),
        )];
    };
    let mut found = vec![];
    if let Some(version) = ground.version_of(&wanted.name) {
        found.push(unusable(Fault::new(FaultCode::Invalid, format!("{name} is installed already")).because("inventory", format!("It has version {version}."))));
    }
    let accepted = accepted(core);
    match contracts.iter().find(|contract| accepted.contains(&contract.as_str())) {
        Some(contract) => {
            let why = Fault::new(FaultCode::Invalid, format!("Contract {contract} fits Cluster API {core}"))
                .because(&pick.name, format!("has the version {}.", pick.version));
            found.push(Obstacle { severity: Severity::Note, field: String::new(), why });
        }
        // Providers of add-ons and addresses have no contract of their own.
        None if contracts.is_empty() => {}
        None => {
            let why = Fault::new(FaultCode::Invalid, format!("{name} {} does not fit Cluster API {core}", pick.version))
                .because("contract", format!("It follows {}, and this core takes {}.", contracts.join(", "), accepted.join(", ")));
            found.push(unusable(why));
        }
    }
    found
}

/// Checks of a move from one management cluster to another.
pub fn moving(here: &Ground, there: &Ground, to_name: &str) -> Vec<Obstacle> {
    let unusable = |sentence: String, source: &str, says: String| Obstacle {
        severity: Severity::Unusable,
        field: String::new(),
        why: Fault::new(FaultCode::Invalid, sentence).because(source, says),
    };
    let mut found = vec![];
    if here.clusters.is_empty() {
        found.push(unusable("There is nothing to move".into(), "namespace", "It holds no cluster.".into()));
    }
    for one in here.of(Made::OnItsWay) {
        found.push(unusable(
            format!("{one} is still being made"),
            "clusterctl",
            "moves a cluster only when its infrastructure and its control plane stand.".into(),
        ));
    }
    for one in here.paused() {
        found.push(unusable(format!("{one} is paused"), "clusterctl", "moves no paused cluster. Resume it first; the move pauses it by itself.".into()));
    }
    // A move that stopped on its way left paused copies: clusterctl takes them up.
    let is_copy = |one: &Stands, of: &Stands| one.pause == Pause::Paused && !one.endpoint.is_empty() && one.endpoint == of.endpoint;
    let others = here.clusters.iter().filter(|&(of, stands)| there.clusters.get(of).is_some_and(|one| !is_copy(one, stands)));
    for one in others.map(|(of, _)| &of.name) {
        found.push(unusable(format!("{to_name} has a cluster {one} already"), to_name, "Two of one name in one namespace cannot be.".into()));
    }
    for one in &here.installed {
        match there.version_of(&one.name) {
            None => found.push(unusable(format!("{to_name} lacks {}", title(&one.name)), to_name, format!("Add {} there first.", one.version))),
            Some(version) if is_older(version, &one.version) => {
                found.push(unusable(
                    format!("{} is older in {to_name}", title(&one.name)),
                    to_name,
                    format!("It has {version}, and here it is {}.", one.version),
                ));
            }
            Some(_) => {}
        }
    }
    if found.is_empty() {
        let why = Fault::new(FaultCode::Invalid, format!("{to_name} has the same providers")).because(to_name, "None of them is older than here.");
        found.push(Obstacle { severity: Severity::Note, field: String::new(), why });
    }
    found
}

/// Which contracts a core provider of this version takes.
fn accepted(core: &str) -> &'static [&'static str] {
    match numbers(core) {
        Some((1, minor, _)) if minor < 11 => &["v1beta1"],
        Some(_) | None => &["v1beta2", "v1beta1"],
    }
}

fn numbers(version: &str) -> Option<(u64, u64, u64)> {
    let plain = version.strip_prefix('v')?.split(['-', '+']).next()?;
    let mut parts = plain.split('.').map(|part| part.parse::<u64>().ok());
    Some((parts.next()??, parts.next()??, parts.next()??))
}

fn is_older(a: &str, b: &str) -> bool {
    matches!((numbers(a), numbers(b)), (Some(a), Some(b)) if a < b)
}

/// How many minor versions lie between two of one major; nothing when they cannot be held against each other.
fn minors(before: &str, after: &str) -> Option<u64> {
    let (before, after) = (numbers(before)?, numbers(after)?);
    (before.0 == after.0).then(|| after.1.saturating_sub(before.1))
}
