//! Why did a step fail?
//!
//! Knows: the words that kind, docker, kubeadm and clusterctl use for what is known to go wrong. Does not know: the machine;
//! everything comes in as lines. A text that no rule knows is quoted with the place where it stopped, never guessed at.
//! Start at: [`diagnose`]; the catalogue is in `rules.rs`.

use api::{Fault, FaultCode};

use crate::programs::kind::KindStep;

mod rules;

/// A quote longer than this tells nobody more; `docker run` of kind has some 800 characters.
const LONGEST_QUOTE: usize = 2_000;

/// A line and where it was said: `kind, line 12`, `container kos-mgmt-control-plane`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub source: String,
    pub text: String,
}

impl Said {
    pub fn new(source: impl Into<String>, text: impl Into<String>) -> Self {
        Self { source: source.into(), text: text.into() }
    }

    /// Lines of a program, numbered from 1.
    pub fn numbered<'a>(program: &str, lines: impl IntoIterator<Item = &'a str>) -> Vec<Self> {
        lines.into_iter().zip(1..).map(|(text, n)| Self::new(format!("{program}, line {n}"), text)).collect()
    }
}

/// What was going on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    Pull,
    /// With the last step that kind had begun.
    Create(Option<KindStep>),
    Kubeconfig,
    CertManager,
    Providers,
    /// Releases are asked for, or what a provider holds.
    Releases,
    Upgrade,
    Add,
    Move,
    Remove,
    Power,
    Logs,
    /// A question to docker on the way to anything else.
    Ask,
}

/// What the words are about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Empty when no cluster is meant.
    pub name: String,
    pub kubernetes: String,
    pub image: String,
}

/// Finds what the lines say about a failure.
///
/// Shape: the first rule of the catalogue that fits, else the place and the last error line.
pub fn diagnose(doing: Doing, said: &[Said], about: &About) -> Fault {
    let failed = what_failed(doing, about);
    match rules::first(doing, said, about) {
        Some(found) => {
            let fault = Fault::new(found.code, format!("{failed}: {}.", found.reason)).unharmed(unharmed(doing, about));
            let fault = found.quotes.into_iter().fold(fault, quote);
            found.fixes.into_iter().fold(fault, Fault::fix)
        }
        None => {
            let fault = Fault::new(FaultCode::Step, format!("{failed}: {}.", stopped_while(doing))).unharmed(unharmed(doing, about));
            last_error(said).into_iter().fold(fault, quote)
        }
    }
}

fn quote(fault: Fault, said: &Said) -> Fault {
    let quoted: String = said.text.trim().chars().take(LONGEST_QUOTE).collect();
    fault.because(&said.source, cluster::visible::text(&quoted).into_owned())
}

fn what_failed(doing: Doing, about: &About) -> String {
    let name = &about.name;
    match doing {
        Doing::Pull => "The node image was not pulled".to_owned(),
        Doing::Create(_) => format!("The cluster {name} was not made"),
        Doing::Kubeconfig => format!("The kubeconfig of {name} was not saved"),
        Doing::CertManager => format!("cert-manager was not installed on {name}"),
        Doing::Providers => format!("Cluster API was not installed on {name}"),
        Doing::Releases => format!("clusterctl could not tell what there is for {name}"),
        Doing::Upgrade => format!("The providers of {name} were not all upgraded"),
        Doing::Add => format!("The provider was not added to {name}"),
        Doing::Move => format!("The clusters of {name} were not all moved"),
        Doing::Remove => format!("The cluster {name} was not removed"),
        Doing::Power => format!("The containers of {name} were not all switched"),
        Doing::Logs => format!("The logs of {name} were not exported"),
        Doing::Ask => "The clusters of this machine were not read".to_owned(),
    }
}

fn stopped_while(doing: Doing) -> String {
    match doing {
        Doing::Pull => "Docker gave up".to_owned(),
        Doing::Create(Some(step)) => format!("kind stopped while {}", step.doing()),
        Doing::Create(None) => "kind stopped before its first step".to_owned(),
        Doing::Kubeconfig => "kind did not print it".to_owned(),
        Doing::CertManager => "clusterctl stopped while it installed cert-manager".to_owned(),
        Doing::Providers => "clusterctl stopped while it installed the providers".to_owned(),
        Doing::Releases => "it ended with an error".to_owned(),
        Doing::Upgrade => "clusterctl stopped on the way".to_owned(),
        Doing::Add => "clusterctl stopped while it installed it".to_owned(),
        Doing::Move => "clusterctl stopped on the way".to_owned(),
        Doing::Remove => "kind stopped".to_owned(),
        Doing::Power | Doing::Ask => "docker refused".to_owned(),
        Doing::Logs => "kind stopped".to_owned(),
    }
}

fn unharmed(doing: Doing, about: &About) -> String {
    match doing {
        Doing::Pull => "No container was made.".to_owned(),
        Doing::Create(_) => "What was made so far is kept with its logs. No other cluster and none of your kubeconfig files was touched.".to_owned(),
        Doing::Kubeconfig => format!("The cluster {} runs on.", about.name),
        Doing::CertManager | Doing::Providers => format!("The containers and the kubeconfig of {} stay. No other cluster was touched.", about.name),
        Doing::Upgrade => "The clusters and their machines run on; Retry goes on where it stopped.".to_owned(),
        Doing::Add => "The other providers and all clusters go on.".to_owned(),
        Doing::Move => "The machines run on: a move changes who looks after them.".to_owned(),
        Doing::Releases => "Nothing was changed.".to_owned(),
        Doing::Remove | Doing::Power => "No other cluster was touched.".to_owned(),
        Doing::Logs => format!("The cluster {} is as it was.", about.name),
        Doing::Ask => "Nothing was changed.".to_owned(),
    }
}

/// The last line that calls itself an error, else the last one that says anything.
fn last_error(said: &[Said]) -> Option<&Said> {
    let is_error = |s: &&Said| {
        let text = s.text.trim_start().to_ascii_lowercase();
        text.starts_with("error") || text.starts_with("fatal") || text.starts_with("panic")
    };
    said.iter().rfind(is_error).or_else(|| said.iter().rfind(|s| !s.text.trim().is_empty()))
}

#[cfg(test)]
mod tests;
