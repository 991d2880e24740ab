//! Which choices are there, and where do they stand?
//!
//! Start at: [`Section`].

use std::rc::Rc;

use api::{
    ContextId, Status,
    computer::{CheckId, CheckRow},
    contexts::{ContextRow, Guard},
    settings::{Choices, Motion, RowHeight, Theme, is_repository, rule_matches},
};

use super::time::plural;

/// A part of the settings, in the order of its list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Section {
    #[default]
    Appearance,
    Safety,
    Files,
    SigningIn,
    Network,
    LocalClusters,
    Tools,
    Keyboard,
    Privacy,
    About,
}

impl Section {
    pub const ALL: [Section; 10] = [
        Section::Appearance,
        Section::Safety,
        Section::Files,
        Section::SigningIn,
        Section::Network,
        Section::LocalClusters,
        Section::Tools,
        Section::Keyboard,
        Section::Privacy,
        Section::About,
    ];

    pub fn title(self) -> &'static str {
        match self {
            Self::Appearance => "Appearance",
            Self::Safety => "Safety",
            Self::Files => "Kubeconfig files",
            Self::SigningIn => "Signing in",
            Self::Network => "Network and proxy",
            Self::LocalClusters => "Local clusters",
            Self::Tools => "Tools and paths",
            Self::Keyboard => "Keyboard",
            Self::Privacy => "Privacy",
            Self::About => "About",
        }
    }

    /// Sections shown under one another: short ones share a page, as drawn.
    pub fn shown(self) -> &'static [Section] {
        match self {
            Self::Appearance => &[Self::Appearance, Self::Safety, Self::Privacy],
            Self::Safety => &[Self::Safety],
            Self::Files => &[Self::Files],
            Self::SigningIn => &[Self::SigningIn],
            Self::Network => &[Self::Network],
            Self::LocalClusters => &[Self::LocalClusters],
            Self::Tools => &[Self::Tools],
            Self::Keyboard => &[Self::Keyboard],
            Self::Privacy => &[Self::Privacy],
            Self::About => &[Self::About],
        }
    }
}

pub const THEMES: [(Theme, &str); 3] = [(Theme::System, "System"), (Theme::Light, "Light"), (Theme::Dark, "Dark")];
pub const ROW_HEIGHTS: [(RowHeight, &str); 3] = [(RowHeight::Compact, "Compact"), (RowHeight::Regular, "Regular"), (RowHeight::Roomy, "Roomy")];
pub const MOTIONS: [(Motion, &str); 3] = [(Motion::System, "System"), (Motion::Full, "Full"), (Motion::Reduced, "Reduced")];

/// The place of a value in its list, 0 for one that is not in it.
pub fn place<T: PartialEq>(list: &[(T, &str)], value: &T) -> usize {
    list.iter().position(|(v, _)| v == value).unwrap_or(0)
}

/// Choices that are one line of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    Proxy,
    CaBundle,
    ExtraPath,
    Kind,
    Clusterctl,
    Kubectl,
    Docker,
    Helm,
    Git,
    ClusterctlConfig,
    NodeImage,
}

impl Line {
    /// The text as it is edited.
    pub fn of(self, choices: &Choices) -> String {
        match self {
            Self::Proxy => choices.proxy.clone(),
            Self::CaBundle => choices.ca_bundle.clone(),
            Self::ExtraPath => choices.extra_path.join(":"),
            Self::Kind => choices.kind_path.clone(),
            Self::Clusterctl => choices.clusterctl_path.clone(),
            Self::Kubectl => choices.kubectl_path.clone(),
            Self::Docker => choices.docker_path.clone(),
            Self::Helm => choices.helm_path.clone(),
            Self::Git => choices.git_path.clone(),
            Self::ClusterctlConfig => choices.clusterctl_config.clone(),
            Self::NodeImage => choices.node_image.clone(),
        }
    }

    /// The choices with this line changed.
    pub fn set(self, mut choices: Choices, text: &str) -> Choices {
        let text = text.trim().to_owned();
        match self {
            Self::Proxy => choices.proxy = text,
            Self::CaBundle => choices.ca_bundle = text,
            Self::ExtraPath => choices.extra_path = text.split(':').map(str::trim).filter(|p| !p.is_empty()).map(str::to_owned).collect(),
            Self::Kind => choices.kind_path = text,
            Self::Clusterctl => choices.clusterctl_path = text,
            Self::Kubectl => choices.kubectl_path = text,
            Self::Docker => choices.docker_path = text,
            Self::Helm => choices.helm_path = text,
            Self::Git => choices.git_path = text,
            Self::ClusterctlConfig => choices.clusterctl_config = text,
            Self::NodeImage => choices.node_image = text,
        }
        choices
    }

    /// What is wrong with a text before it is saved.
    pub fn trouble(self, text: &str) -> Option<&'static str> {
        let text = text.trim();
        match self {
            _ if text.is_empty() => None,
            Self::Proxy => {
                let schemes = ["http://", "https://", "socks5://", "socks5h://"];
                (!schemes.iter().any(|scheme| text.len() > scheme.len() && text.starts_with(scheme))).then_some("A proxy looks like http://proxy:3128.")
            }
            Self::ExtraPath => text.split(':').any(|p| !absolute(p.trim())).then_some("Each folder is a full path; a colon parts them."),
            Self::CaBundle | Self::Kind | Self::Clusterctl | Self::Kubectl | Self::Docker | Self::Helm | Self::Git | Self::ClusterctlConfig => {
                (!absolute(text)).then_some("A full path is needed.")
            }
            Self::NodeImage => (!is_repository(text)).then_some("A repository looks like mirror.example/kindest/node, without a tag."),
        }
    }
}

fn absolute(path: &str) -> bool {
    path.is_empty() || super::quoted::is_full(path)
}

/// The programs that KOS runs, with their check.
pub const PROGRAMS: [(CheckId, &str, Line); 6] = [
    (CheckId::Docker, "docker", Line::Docker),
    (CheckId::Kind, "kind", Line::Kind),
    (CheckId::Clusterctl, "clusterctl", Line::Clusterctl),
    (CheckId::Kubectl, "kubectl", Line::Kubectl),
    (CheckId::Helm, "helm", Line::Helm),
    (CheckId::Git, "git", Line::Git),
];

/// The check of a program, when it was made.
pub fn check_of(checks: &[CheckRow], id: CheckId) -> Option<&CheckRow> {
    checks.iter().find(|check| check.id == id)
}

/// Where a program stands, by its full path; what else is quoted of it has the program's name.
pub fn place_of(check: &CheckRow) -> Option<&str> {
    check.evidence.iter().map(|quote| quote.source.as_str()).find(|source| source.starts_with('/'))
}

/// Why contexts are protected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Protection {
    Rule {
        rule: String,
        /// The names that it means now.
        matches: String,
        /// The names that nothing else protects.
        freed: Vec<String>,
    },
    /// Protected by itself.
    One { context: ContextId, name: String },
}

/// Rules first, then contexts that no rule means, in fleet order.
pub fn protections(choices: &Choices, contexts: &[Rc<ContextRow>]) -> Vec<Protection> {
    let rule = |rule: &String| Protection::Rule { rule: rule.clone(), matches: matches_now(rule, contexts), freed: freed(choices, contexts, rule) };
    let mut alone: Vec<_> = contexts.iter().filter(|c| c.guard == Guard::Protected && choices.rule_for(&c.name).is_none()).collect();
    alone.sort_by_key(|c| c.order);
    choices.protect.iter().map(rule).chain(alone.into_iter().map(|c| Protection::One { context: c.id.clone(), name: c.name.clone() })).collect()
}

/// `prod-eu-1, prod-us-1`.
pub fn matches_now(rule: &str, contexts: &[Rc<ContextRow>]) -> String {
    let names = names(contexts, |c| rule_matches(rule, &c.name));
    if names.is_empty() { "no context".into() } else { names.join(", ") }
}

/// In fleet order.
fn names(contexts: &[Rc<ContextRow>], wanted: impl Fn(&ContextRow) -> bool) -> Vec<String> {
    let mut rows: Vec<_> = contexts.iter().filter(|c| wanted(c)).collect();
    rows.sort_by_key(|c| c.order);
    rows.iter().map(|c| c.name.clone()).collect()
}

/// The contexts that are open once a rule is gone: no other rule means them, and they are not protected by themselves.
pub fn freed(choices: &Choices, contexts: &[Rc<ContextRow>], rule: &str) -> Vec<String> {
    let rest = without_rule(choices, rule);
    names(contexts, |c| rule_matches(rule, &c.name) && c.own_guard == Guard::Open && rest.rule_for(&c.name).is_none())
}

/// How a rule is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// Nothing is open without it.
    AtOnce,
    /// After its effect was shown, and while nobody knows yet which contexts there are.
    Asked,
}

pub fn removal(known: &Status, choices: &Choices, contexts: &[Rc<ContextRow>], rule: &str) -> Removal {
    if *known != Status::Loading && freed(choices, contexts, rule).is_empty() { Removal::AtOnce } else { Removal::Asked }
}

/// What comes of it for so many contexts.
pub fn loses(contexts: usize) -> String {
    match contexts {
        0 => "It protects no context that is known now".into(),
        1 => "1 context loses the red band, and writes to it no longer ask for its name".into(),
        n => format!("{} lose the red band, and writes to them no longer ask for their names", plural(n, "context", "contexts")),
    }
}

/// What was typed as a rule, when it is one that is not there yet.
pub fn new_rule(choices: &Choices, typed: &str) -> Option<String> {
    let rule = typed.trim();
    (!rule.is_empty() && !choices.protect.iter().any(|known| known == rule)).then(|| rule.to_owned())
}

pub fn with_rule(choices: &Choices, rule: &str) -> Choices {
    let mut choices = choices.clone();
    choices.protect.push(rule.to_owned());
    choices
}

pub fn without_rule(choices: &Choices, rule: &str) -> Choices {
    let mut choices = choices.clone();
    choices.protect.retain(|known| known != rule);
    choices
}

#[cfg(test)]
mod tests;
