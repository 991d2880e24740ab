//! Which addresses may be contacted, by whom, and when?

use std::rc::Rc;

use api::{
    contexts::ContextRow,
    programs::{Tool, ToolOffer},
    settings::Choices,
};

/// One address with what leads to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub to: String,
    pub by: &'static str,
    pub when: String,
}

fn address(to: impl Into<String>, by: &'static str, when: impl Into<String>) -> Address {
    Address { to: to.into(), by, when: when.into() }
}

/// Servers of contexts, Docker, then what the creation of a cluster and a download need.
pub fn addresses(contexts: &[Rc<ContextRow>], choices: &Choices, offers: &[ToolOffer]) -> Vec<Address> {
    let mut all: Vec<Address> = vec![];
    let mut rows: Vec<_> = contexts.iter().filter(|c| !c.server.is_empty()).collect();
    rows.sort_by_key(|c| c.order);
    for row in rows {
        match all.iter_mut().find(|at| at.to == row.server) {
            Some(known) => known.when.push_str(&format!(" or {}", row.name)),
            None => all.push(address(&row.server, "KOS", format!("you open {}", row.name))),
        }
    }
    all.push(address("Docker, where the docker program finds it", "docker", "local clusters are shown, made or changed"));
    let images = if choices.node_image.is_empty() { "docker.io/kindest/node" } else { &choices.node_image };
    all.push(address(images, "Docker", "you create a cluster and its node image is not here"));
    if choices.clusterctl_config.is_empty() {
        all.push(address("github.com", "clusterctl", "you create a management cluster: provider files"));
    } else {
        all.push(address(format!("what {} names", choices.clusterctl_config), "clusterctl", "you create a management cluster: provider files"));
    }
    all.push(address("quay.io and registry.k8s.io", "the new cluster", "it pulls the images of cert-manager and Cluster API"));
    all.extend(offers.iter().map(|offer| {
        let name = match offer.tool {
            Tool::Kind => "kind",
            Tool::Clusterctl => "clusterctl",
        };
        address(&offer.address, "KOS", format!("you agree to download {name}"))
    }));
    all
}

/// The way that requests of KOS take.
pub fn by_way_of(choices: &Choices) -> String {
    if choices.proxy.is_empty() {
        "Requests of KOS go through the proxy of the environment, if it names one.".into()
    } else {
        format!("Requests of KOS go through {}.", choices.proxy)
    }
}

#[cfg(test)]
mod tests;
