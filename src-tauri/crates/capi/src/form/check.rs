//! What speaks against a form?
//!
//! Everything that can be known without asking the server for this very cluster; the dry run is the last word.

use api::drawing::{ClassView, ClusterForm, FormCheck, FormField, MachineCount, MachinesAre};
use api::local::NodeImage;

use super::host::{self, Host};
use super::ranges::{self, DockerNetwork};
use super::{names, risks, stops, variables, with_value};
use crate::change::TopologyTakes;

/// What is known of the world around the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ground {
    pub classes: Vec<ClassView>,
    /// Clusters that are there, by namespace and name.
    pub taken: Vec<(String, String)>,
    /// Clusters whose containers are on the Docker that makes the machines, whoever manages them; by name.
    pub here: Vec<String>,
    /// Versions whose node images are known.
    pub versions: Vec<NodeImage>,
    pub networks: Vec<DockerNetwork>,
    /// `None` where the machines are made elsewhere.
    pub host: Option<Host>,
}

impl Ground {
    pub fn class(&self, form: &ClusterForm) -> Option<&ClassView> {
        self.classes.iter().find(|class| class.name == form.class)
    }

    /// Who has a name already, in words; `None` when it is free. The Docker provider tells containers apart by the name of
    /// their cluster alone: of two with one name, the one takes the other's, in whatever namespace or management cluster.
    fn holder(&self, name: &str, namespace: &str, machines: MachinesAre) -> Option<String> {
        let mut same = self.taken.iter().filter(|(_, other)| other == name).map(|(of, _)| of);
        if same.clone().any(|of| of == namespace) {
            return Some(format!("A cluster called {name} stands in the namespace {namespace} already."));
        }
        let mixed = "Docker would take the containers of both for one cluster.";
        match machines {
            MachinesAre::Containers => match same.next() {
                Some(of) => Some(format!("A cluster called {name} stands in the namespace {of}: {mixed}")),
                None => self.here.iter().any(|other| other == name).then(|| format!("A cluster called {name} is on this machine: {mixed}")),
            },
            MachinesAre::Simulated | MachinesAre::Elsewhere => None,
        }
    }
}

/// All checks of a form, those of its fields first, in their order on the page.
pub fn checks(form: &ClusterForm, ground: &Ground) -> Vec<FormCheck> {
    let class = ground.class(form);
    let mut found = vec![];
    found.extend(name(form, class.map_or(MachinesAre::Elsewhere, |class| class.machines), ground));
    if let Some(why) = names::namespace(&form.namespace) {
        found.push(stops(FormField::Namespace, "The namespace is not usable", why));
    }
    found.extend(class_check(form, class));
    found.extend(version(form, class, ground));
    found.extend(control_planes(form));
    if let Some(class) = class {
        found.extend(names::pools(&form.pools, &class.workers));
        found.extend(variables::checks(form, class));
    }
    let containers = class.is_some_and(|class| class.machines == MachinesAre::Containers);
    let networks: &[DockerNetwork] = if containers { &ground.networks } else { &[] };
    found.extend(ranges::checks(&form.pod_range, &form.service_range, networks, super::outlook::total(super::asked(form))));
    if let Some(host) = ground.host.as_ref().filter(|_| containers) {
        found.extend(host::checks(form, host));
    }
    found
}

/// The checks of a YAML whose cluster no class describes: the fields have no part in it.
pub fn plain(form: &ClusterForm, machines: MachinesAre, ground: &Ground) -> Vec<FormCheck> {
    let says = "The fields below show nothing of it. What the YAML says is made.";
    let mut found: Vec<FormCheck> = name(form, machines, ground).into_iter().collect();
    found.push(risks(FormField::Yaml, "No class describes this cluster", says));
    found
}

/// As many machines rendered as asked, or a sentence with both numbers.
pub fn mismatch(asked: MachineCount, rendered: MachineCount) -> Option<FormCheck> {
    let words = |count: MachineCount| format!("{} + {}", count.control_planes, count.workers);
    let says = || format!("{} machines are asked for, the YAML makes {}.", words(asked), words(rendered));
    (asked != rendered).then(|| risks(FormField::Yaml, "The number of machines differs", says()))
}

/// What a server of an older Cluster API has no place for.
pub fn untaken(form: &ClusterForm, api_version: &str, topology: TopologyTakes) -> Vec<FormCheck> {
    let who = match (api_version.ends_with("/v1beta1"), topology) {
        (true, _) => "Cluster API v1beta1",
        (false, TopologyTakes::Neither) => "Cluster API before v1.13",
        (false, TopologyTakes::Untold | TopologyTakes::RolloutsAndTaints) => return vec![],
    };
    let tainted = form.pools.iter().enumerate().filter(|(_, pool)| !pool.taints.is_empty());
    let says = format!("{who} takes no taints of a pool. Set them on the nodes when they are there, or upgrade the providers.");
    tainted.map(|(at, _)| stops(FormField::Pool(at), "Taints have no place here", says.clone())).collect()
}

fn name(form: &ClusterForm, machines: MachinesAre, ground: &Ground) -> Option<FormCheck> {
    let room = names::room(&form.pools);
    if let Some(why) = names::trouble(&form.name) {
        return Some(stops(FormField::Name, "The name is not usable", why));
    }
    if form.name.len() > room {
        let says =
            format!("{} characters are too many: machines are called after the cluster and its pool, and have at most 63. {room} fit here.", form.name.len());
        return Some(stops(FormField::Name, "The name is too long", says));
    }
    let says = ground.holder(&form.name, &form.namespace, machines)?;
    Some(with_value(stops(FormField::Name, "The name is taken", says), free_name(form, machines, ground)))
}

/// `lab-c-2` after `lab-c`.
fn free_name(form: &ClusterForm, machines: MachinesAre, ground: &Ground) -> Option<String> {
    (2..1000).map(|n| format!("{}-{n}", form.name)).find(|name| ground.holder(name, &form.namespace, machines).is_none())
}

fn class_check(form: &ClusterForm, class: Option<&ClassView>) -> Option<FormCheck> {
    match class {
        None if form.class.name.is_empty() => {
            Some(stops(FormField::Class, "A class is needed", "This management cluster has no ClusterClass that could be chosen."))
        }
        None => {
            let says = format!("There is no ClusterClass {} in the namespace {} any more.", form.class.name, form.class.namespace);
            Some(stops(FormField::Class, "The class is gone", says))
        }
        Some(class) if !class.trouble.is_empty() => Some(stops(FormField::Class, "The class cannot be used now", class.trouble.clone())),
        Some(_) => None,
    }
}

fn version(form: &ClusterForm, class: Option<&ClassView>, ground: &Ground) -> Option<FormCheck> {
    if !is_version(&form.version) {
        return Some(stops(FormField::Version, "The version cannot be read", format!("A version looks like v1.36.1, not “{}”.", form.version)));
    }
    let class = class?;
    if !class.versions.is_empty() && !class.versions.contains(&form.version) {
        let newest = class.versions.last().cloned();
        let says = format!("The class {} allows {}.", class.name.name, class.versions.join(", "));
        return Some(with_value(stops(FormField::Version, "The version is not allowed", says), newest));
    }
    let known = ground.versions.iter().any(|image| image.kubernetes == form.version);
    let containers = class.machines == MachinesAre::Containers;
    (containers && !known).then(|| {
        let says = format!("No node image of {} is known. Docker will look for kindest/node:{0}.", form.version);
        risks(FormField::Version, "The node image is not known", says)
    })
}

/// `v1.36.1`, `v1.37.0-rc.1`.
pub(super) fn is_version(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('v') else { return false };
    let (numbers, suffix) = rest.split_once(['-', '+']).map_or((rest, None), |(n, s)| (n, Some(s)));
    let number = |n: &str| !n.is_empty() && n.len() <= 4 && n.bytes().all(|b| b.is_ascii_digit());
    let fits = suffix.is_none_or(|s| !s.is_empty() && s.bytes().all(|b| b.is_ascii_alphanumeric() || b".-+".contains(&b)));
    numbers.split('.').count() == 3 && numbers.split('.').all(number) && fits
}

/// The server takes any number and the control plane then stands still, so the form refuses what cannot work.
fn control_planes(form: &ClusterForm) -> Option<FormCheck> {
    let n = form.control_planes;
    if n == 0 {
        let says = "Without a control plane there is no API server.";
        return Some(with_value(stops(FormField::ControlPlanes, "A control plane is needed", says), Some("1".to_owned())));
    }
    let says = || format!("{n} survive no more failures than {} do, and kubeadm refuses an even number.", n - 1);
    n.is_multiple_of(2).then(|| with_value(stops(FormField::ControlPlanes, "The number of control planes is even", says()), Some((n + 1).to_string())))
}
