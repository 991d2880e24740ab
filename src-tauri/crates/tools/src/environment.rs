//! Which variables does a child see?
//!
//! An allow list: what is not named here stays with KOS, so a secret in its environment reaches no program by accident.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

use crate::{Program, Secret};

/// The variables of a process, as a value.
pub type Environment = BTreeMap<OsString, OsString>;

const EVERY: [&str; 8] = ["HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR"];
const EVERY_PREFIX: [&str; 2] = ["XDG_", "DOCKER_"];
const PROXIES: [&str; 4] = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"];
/// A sign-in program opens the browser and asks the keyring.
const PLUGIN: [&str; 5] = ["DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS", "BROWSER"];
const PLUGIN_PREFIX: [&str; 4] = ["AWS_", "CLOUDSDK_", "AZURE_", "GOOGLE_"];

/// Builds the whole environment of one child.
///
/// `own` is what KOS was started with, `login` what the login shell adds: a proxy or a `DOCKER_HOST` set in a
/// profile is missing when a desktop launcher started KOS.
pub(crate) fn of_child(program: &Program, own: &Environment, login: &Environment, path: OsString, given: &[(String, Secret)]) -> Environment {
    let mut all: Environment =
        login.iter().chain(own).filter(|(name, _)| inherited(program, name)).map(|(name, value)| (name.clone(), value.clone())).collect();
    all.insert("PATH".into(), path);
    // Output is parsed, so it must not be translated.
    all.insert("LC_ALL".into(), "C.UTF-8".into());
    all.extend(given.iter().map(|(name, value)| (name.into(), value.reveal().into())));
    all
}

fn inherited(program: &Program, name: &OsStr) -> bool {
    let Some(name) = name.to_str() else { return false };
    let listed = |names: &[&str], prefixes: &[&str]| names.contains(&name) || prefixes.iter().any(|prefix| name.starts_with(prefix));
    let proxy = PROXIES.iter().any(|proxy| name.eq_ignore_ascii_case(proxy));
    listed(&EVERY, &EVERY_PREFIX) || proxy || (matches!(program, Program::Plugin(_)) && listed(&PLUGIN, &PLUGIN_PREFIX))
}

#[cfg(test)]
mod tests;
