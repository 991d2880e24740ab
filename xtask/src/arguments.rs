//! What was asked on the command line?

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::bench;
use crate::lab::Part;
use crate::layers::Layer;
use crate::page::Profile;

pub(crate) const HELP: &str = "cargo xtask …
  run [--release] [--yes] [--demo[=SCENE]] [--screenshots DIR]   builds and opens KOS; installs what is missing
  test [unit|views|contract|architecture|journeys|live]…  runs the tests, all layers without a name
  serve [--demo[=SCENE]]  the page in a browser against the same core, for work on the page
  bench [start|files|pods|flood|idle|capi]…  figures as ratios within one run, all without a name;
                        --built measures what is built already
  lab up|down|status [kubernetes|capi|docker]…  the real back ends that the tests use
  page [--release]      only the page, into dist/
  lint                  formatting and the compiler's linter, as a change must pass them
  bundle                .deb and .rpm
What a chore lacks it installs: as root, in CI or with --yes at once, else after a question.";

#[derive(Debug)]
pub(crate) enum Chore {
    Run(Run),
    Page(Profile, Consent),
    Test(Wanted),
    Serve(Fleet, Consent),
    Bench(bench::Wanted),
    Lab(Lab, Vec<Part>, Consent),
    Bundle(Consent),
    Lint(Consent),
    Help,
}

#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) profile: Profile,
    pub(crate) consent: Consent,
    pub(crate) fleet: Fleet,
    pub(crate) screenshots: Option<PathBuf>,
}

#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) layers: Vec<Layer>,
    pub(crate) consent: Consent,
    /// Only tests whose name contains this.
    pub(crate) filter: Option<String>,
}

/// May system packages be installed without a question?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Consent {
    Ask,
    Given,
}

/// Which world the window shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fleet {
    Real,
    /// The word that asks for a scene; KOS knows which there are.
    Demo(String),
}

impl Fleet {
    /// What to tell KOS.
    pub(crate) fn word(&self) -> Option<&str> {
        match self {
            Self::Real => None,
            Self::Demo(word) => Some(word),
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Lab {
    Up,
    Down,
    Status,
}

impl Chore {
    pub(crate) fn read(words: &[String]) -> Result<Self> {
        let has = |flag: &str| words.iter().any(|w| w == flag);
        let value = |flag: &str| words.iter().position(|w| w == flag).and_then(|i| words.get(i + 1)).cloned();
        let profile = if has("--release") { Profile::Ship } else { Profile::Work };
        let consent = if has("--yes") || std::env::var_os("CI").is_some() { Consent::Given } else { Consent::Ask };
        let fleet = words.iter().find(|w| w.starts_with("--demo")).map_or(Fleet::Real, |w| Fleet::Demo(w.clone()));
        Ok(match words.first().map(String::as_str) {
            Some("run") => Self::Run(Run { profile, consent, fleet, screenshots: value("--screenshots").map(PathBuf::from) }),
            Some("page") => Self::Page(profile, consent),
            Some("test") => {
                let filter = value("--only");
                let names = words[1..].iter().filter(|w| !w.starts_with("--") && Some(*w) != filter.as_ref());
                let named: Vec<Layer> = names.map(|w| w.parse()).collect::<Result<_>>()?;
                Self::Test(Wanted { layers: if named.is_empty() { Layer::ALL.to_vec() } else { named }, consent, filter })
            }
            Some("serve") => Self::Serve(fleet, consent),
            Some("bench") => Self::Bench(bench::Wanted::read(&words[1..])?),
            Some("lab") => {
                let mut words = words[1..].iter().filter(|w| !w.starts_with("--"));
                let what = match words.next().map(String::as_str) {
                    Some("up") => Lab::Up,
                    Some("down") => Lab::Down,
                    Some("status") => Lab::Status,
                    Some(_) | None => bail!("cargo xtask lab up|down|status [{}]", Part::ALL.map(Part::name).join("|")),
                };
                let named: Vec<Part> = words.map(|word| part(word)).collect::<Result<_>>()?;
                Self::Lab(what, if named.is_empty() { Part::ALL.to_vec() } else { named }, consent)
            }
            Some("bundle") => Self::Bundle(consent),
            Some("lint") => Self::Lint(consent),
            Some("help") | None => Self::Help,
            Some(other) => bail!("there is no chore {other}\n{HELP}"),
        })
    }
}

fn part(name: &str) -> Result<Part> {
    Part::ALL.into_iter().find(|part| part.name() == name).with_context(|| format!("the lab has no part {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_of_consent_is_no_name_of_a_part_and_reaches_what_installs() {
        let read = |words: &str| Chore::read(&words.split(' ').map(str::to_owned).collect::<Vec<_>>()).expect("a chore");
        for words in ["lab up --yes docker", "lab --yes up docker", "lab up docker --yes"] {
            assert!(matches!(read(words), Chore::Lab(Lab::Up, parts, Consent::Given) if parts == [Part::Docker]), "{words}");
        }
        assert!(matches!(read("lab down kubernetes docker"), Chore::Lab(Lab::Down, parts, _) if parts == [Part::Kubernetes, Part::Docker]));
        assert!(matches!(read("lint --yes"), Chore::Lint(Consent::Given)));
        assert!(matches!(read("bundle --yes"), Chore::Bundle(Consent::Given)));
        assert!(matches!(read("page --yes --release"), Chore::Page(Profile::Ship, Consent::Given)));
        assert!(matches!(read("serve --demo --yes"), Chore::Serve(Fleet::Demo(_), Consent::Given)));
    }
}
