//! Which variables does a child see?
//!
//! An allow list: what is not named here stays with KOS, so a secret in its environment reaches no program by accident.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use crate::{Program, Secret};

/// The variables of a process, as a value.
pub type Environment = BTreeMap<OsString, OsString>;

const EVERY: [&str; 8] = ["HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR"];
const EVERY_PREFIX: [&str; 2] = ["XDG_", "DOCKER_"];
const PROXIES: [&str; 4] = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"];
/// Those that an address chosen in KOS stands for.
const CHOSEN_PROXIES: [&str; 2] = ["HTTP_PROXY", "HTTPS_PROXY"];
/// What KOS itself goes by, beside proxies.
const OURS: &str = "KUBECONFIG";
/// A sign-in program opens the browser and asks the keyring.
const PLUGIN: [&str; 5] = ["DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS", "BROWSER"];
const PLUGIN_PREFIX: [&str; 4] = ["AWS_", "CLOUDSDK_", "AZURE_", "GOOGLE_"];

/// How programs that download get out, where the user chose it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// The address of a proxy. Without a password: variables are inherited, and kind writes them into arguments.
    pub proxy: Option<String>,
    /// A file with further certificate authorities.
    pub authorities: Option<PathBuf>,
}

/// Builds the whole environment of one child.
///
/// `own` is what KOS was started with, `login` what the login shell adds: a proxy or a `DOCKER_HOST` set in a
/// profile is missing when a desktop launcher started KOS.
pub(crate) fn of_child(program: &Program, own: &Environment, login: &Environment, reach: &Reach, path: OsString, given: &[(String, Secret)]) -> Environment {
    let mut all: Environment =
        login.iter().chain(own).filter(|(name, _)| inherited(program, name)).map(|(name, value)| (name.clone(), value.clone())).collect();
    reach.tell(program, &mut all);
    all.insert("PATH".into(), path);
    // Output is parsed, so it must not be translated.
    all.insert("LC_ALL".into(), "C.UTF-8".into());
    all.extend(given.iter().map(|(name, value)| (name.into(), value.reveal().into())));
    all
}

/// What KOS itself takes from the login shell: what it goes by and was started without. One that is set to nothing is set.
pub(crate) fn of_kos(own: &Environment, login: &Environment) -> Environment {
    let taken = |name: &OsStr| name == OURS || PROXIES.iter().any(|proxy| name.eq_ignore_ascii_case(proxy));
    // Both spellings of a proxy mean the same.
    let is_set = |name: &OsStr| own.keys().any(|own| own.eq_ignore_ascii_case(name));
    login.iter().filter(|(name, _)| taken(name) && !is_set(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
}

impl Reach {
    /// What was chosen is stronger than what is inherited.
    fn tell(&self, program: &Program, all: &mut Environment) {
        let nodes = match program {
            Program::Clusterctl | Program::Helm => Nodes::None,
            Program::Kind => Nodes::OfItsOwn,
            Program::Docker | Program::Kubectl | Program::Git | Program::Systemctl | Program::Pkexec | Program::Open | Program::Plugin(_) => return,
        };
        // kind hands its proxy to its nodes, for which this computer's loopback is their own.
        if let Some(proxy) = self.proxy.as_ref().filter(|proxy| nodes == Nodes::None || !is_loopback(proxy)) {
            all.retain(|name, _| !CHOSEN_PROXIES.iter().any(|chosen| name.eq_ignore_ascii_case(chosen)));
            all.extend(CHOSEN_PROXIES.map(|name| (name.into(), proxy.into())));
        }
        if let Some(file) = &self.authorities {
            all.insert("SSL_CERT_FILE".into(), file.into());
        }
    }
}

/// Whether a program makes machines that it tells of its proxy.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nodes {
    None,
    OfItsOwn,
}

fn is_loopback(proxy: &str) -> bool {
    let address = proxy.split_once("://").map_or(proxy, |(_, address)| address);
    let place = address.split('/').next().unwrap_or_default();
    let host = match place.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, _)) => host,
        None => place.split(':').next().unwrap_or_default(),
    };
    host.eq_ignore_ascii_case("localhost") || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn inherited(program: &Program, name: &OsStr) -> bool {
    let Some(name) = name.to_str() else { return false };
    let listed = |names: &[&str], prefixes: &[&str]| names.contains(&name) || prefixes.iter().any(|prefix| name.starts_with(prefix));
    let proxy = PROXIES.iter().any(|proxy| name.eq_ignore_ascii_case(proxy));
    listed(&EVERY, &EVERY_PREFIX) || proxy || (matches!(program, Program::Plugin(_)) && listed(&PLUGIN, &PLUGIN_PREFIX))
}

#[cfg(test)]
mod tests;
