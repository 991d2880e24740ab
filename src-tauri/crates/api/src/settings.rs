//! What can the user choose, and how is it kept?

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

mod chosen;
mod keys;

pub use chosen::{Chosen, Turn};
pub use keys::Command;

use crate::{Done, Row, RowId, call::Call};

/// The choices of the user; a text file that may be edited by hand and is read again when it changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choices {
    pub theme: Theme,
    pub rows: RowHeight,
    pub motion: Motion,
    /// Heads of columns that a table leaves out, by the name of its kind: `pods` to `IP`.
    pub hidden_columns: BTreeMap<String, Vec<String>>,
    /// The namespace in which a context opens, by its name; empty for all, without one it opens where it was left.
    pub namespaces: BTreeMap<String, String>,
    /// Own keys, by the name of a [`Command`]. Text as it stands in the file: one that means nothing is told, not lost.
    pub keys: BTreeMap<String, String>,
    /// `http://proxy:3128`; empty uses the environment's.
    pub proxy: String,
    /// Extra CA bundle for downloads, PEM; empty for none.
    pub ca_bundle: String,
    /// Folders searched before the login shell's PATH.
    pub extra_path: Vec<String>,
    pub kind_path: String,
    pub clusterctl_path: String,
    pub kubectl_path: String,
    pub docker_path: String,
    pub helm_path: String,
    pub git_path: String,
    /// A file of `clusterctl` configuration, or a folder with a `clusterctl.yaml` in it; for machines without a network.
    pub clusterctl_config: String,
    /// Where node images come from; empty for kind's own.
    pub node_image: String,
    /// Contexts that are protected by their name; `*` stands for anything.
    pub protect: Vec<String>,
    pub writes: Writes,
    /// A write into a cluster can be taken back for so long; protected contexts wait at least 5 s.
    pub write_wait_seconds: u32,
    /// Where the token for release pages is kept; the token itself never stands in this file.
    pub release_token: TokenPlace,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenPlace {
    Nowhere,
    /// In the keyring of the desktop.
    Keyring,
}

/// Whether KOS changes anything outside of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Writes {
    Allowed,
    /// Every call that changes a cluster, a kubeconfig or this machine is refused.
    Refused,
}

/// Whether a rule of [`Choices::protect`] means this name: `prod-*` means `prod-eu-1`.
///
/// Each part between two stars is taken where it comes first, which leaves the most to those after it: no rule takes long.
pub fn rule_matches(rule: &str, name: &str) -> bool {
    let Some((head, rest)) = rule.split_once('*') else { return rule == name };
    let Some(mut left) = name.strip_prefix(head) else { return false };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in middle.split('*') {
        let Some((_, after)) = left.split_once(part) else { return false };
        left = after;
    }
    left.ends_with(end)
}

/// Whether a text names a repository of images, without tag and digest: `mirror.example:5000/kindest/node`.
pub fn is_repository(text: &str) -> bool {
    let part = |part: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | ':');
        part.starts_with(|c: char| c.is_ascii_alphanumeric()) && part.chars().all(allowed)
    };
    // A colon stands for a port, so it may be in the first part and not in the last, where it would be a tag.
    text.split('/').all(part) && text.rsplit('/').next().is_some_and(|last| !last.contains(':'))
}

impl Choices {
    /// The rule that protects a context, when one does.
    pub fn rule_for(&self, name: &str) -> Option<&str> {
        self.protect.iter().map(String::as_str).find(|rule| rule_matches(rule, name))
    }
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            rows: RowHeight::Regular,
            motion: Motion::System,
            hidden_columns: BTreeMap::new(),
            namespaces: BTreeMap::new(),
            keys: BTreeMap::new(),
            proxy: String::new(),
            ca_bundle: String::new(),
            extra_path: vec![],
            kind_path: String::new(),
            clusterctl_path: String::new(),
            kubectl_path: String::new(),
            docker_path: String::new(),
            helm_path: String::new(),
            git_path: String::new(),
            clusterctl_config: String::new(),
            node_image: String::new(),
            release_token: TokenPlace::Nowhere,
            protect: vec![],
            writes: Writes::Allowed,
            write_wait_seconds: 5,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    System,
    Light,
    Dark,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowHeight {
    Compact,
    Regular,
    Roomy,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Motion {
    System,
    Full,
    Reduced,
}

/// One row: the choices, where they are kept and what is wrong with the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsView {
    pub choices: Choices,
    pub file: String,
    /// A sentence when the file cannot be read or written; the last good choices are used.
    pub trouble: Option<crate::Fault>,
    pub token: TokenHeld,
}

/// Whether there is a token for release pages; never the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TokenHeld {
    No,
    /// Until KOS is closed.
    ThisRun,
    Keyring,
}

/// A credential on its way from the page to the core: `Debug` says nothing of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Typed(pub String);

impl std::fmt::Debug for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Typed(…)")
    }
}

/// Takes a token for release pages, which answer more questions to those they know; an empty one is forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetReleaseToken {
    pub token: Typed,
    pub keep: Keep,
}
impl Call for SetReleaseToken {
    const NAME: &'static str = "set_release_token";
    type Reply = Done;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Keep {
    ThisRun,
    Keyring,
}

impl Row for SettingsView {
    fn id(&self) -> RowId {
        RowId::from("settings")
    }
}

/// Keeps what the user chose; every other key stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaveChoices {
    /// Boxed: the largest of all requests by far.
    pub chosen: Box<Chosen>,
}
impl Call for SaveChoices {
    const NAME: &'static str = "save_choices";
    type Reply = Done;
}

#[cfg(test)]
mod tests {
    use super::{Keep, SetReleaseToken, Typed, is_repository, rule_matches};

    #[test]
    fn a_token_on_its_way_is_not_printed() {
        let call = SetReleaseToken { token: Typed("ghp_hunter2".into()), keep: Keep::ThisRun };
        assert_eq!(format!("{:?}", crate::Request::from(call)), "SetReleaseToken(SetReleaseToken { token: Typed(…), keep: ThisRun })");
    }

    #[test]
    fn a_repository_of_images_has_no_tag_and_is_no_flag() {
        for good in ["kindest/node", "mirror.example/kindest/node", "localhost:5000/node", "my-node"] {
            assert!(is_repository(good), "{good}");
        }
        for bad in ["", "--all", "a b", "mirror/", "mirror/node:v1.36.4", "mirror/node@sha256:0", "/node", "a//b", "a\nb"] {
            assert!(!is_repository(bad), "{bad:?}");
        }
    }

    #[test]
    fn a_star_in_a_rule_stands_for_anything() {
        let means = |rule: &str| ["prod-eu-1", "prod-us-1", "dev-eu", "prod-"].into_iter().filter(|name| rule_matches(rule, name)).collect::<Vec<_>>();
        assert_eq!(means("prod-*"), ["prod-eu-1", "prod-us-1", "prod-"]);
        assert_eq!(means("*-eu*"), ["prod-eu-1", "dev-eu"]);
        assert_eq!(means("dev-eu"), ["dev-eu"]);
        assert_eq!(means("*").len(), 4);
        assert_eq!(means("dev").len(), 0, "a rule without a star is the whole name");
        assert_eq!((means("prod-*-"), means("*-*-*"), means("p*d*-")), (vec![], vec!["prod-eu-1", "prod-us-1"], vec!["prod-"]));
        assert!(rule_matches("a*a", "aa") && !rule_matches("a*a", "a") && !rule_matches("*a*a*", "a") && rule_matches("ä*ü", "äöü"));
    }

    #[test]
    fn a_rule_of_nothing_but_stars_is_answered_at_once() {
        assert!(rule_matches(&"*".repeat(64 * 1024), "kind-kos-mgmt"));
        assert!(!rule_matches(&format!("{}b", "a*".repeat(40)), &"a".repeat(60)));
    }
}
