//! Which moments of the invented user's life can be opened?
//!
//! Start at: [`Scene::asked`] for the words of a command line; `fleet::set` puts a scene into a world.

use std::fmt;
use std::str::FromStr;

/// Where the demo begins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Scene {
    /// The fleet of the pictures.
    #[default]
    Fleet,
    /// No kubeconfig yet, and Docker runs.
    First,
    /// No kubeconfig yet, and Docker is stopped.
    NoDocker,
    /// All clusters are gone; somebody was here before.
    Empty,
    /// The making of a management cluster has failed.
    Failing,
    /// KOS ended in the middle of making a management cluster.
    CutOff,
    /// The fleet of the pictures, in which every word of a cluster is hostile.
    Hostile,
    /// The fleet of the pictures, in which a workload cluster has no network yet.
    NoNetwork,
}

/// A word that is the name of no scene.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no scene “{asked}”; there are {}", Scene::names())]
pub struct UnknownScene {
    asked: String,
}

impl Scene {
    pub const ALL: [Self; 8] = [Self::Fleet, Self::First, Self::NoDocker, Self::Empty, Self::Failing, Self::CutOff, Self::Hostile, Self::NoNetwork];

    /// The scene that a word of the command line asks for: `--demo` or `--demo=SCENE`; `None` when it is about something else.
    ///
    /// Errors: whatever else begins like this, because a mistyped demo must never open the real machine.
    pub fn asked(word: &str) -> Option<Result<Self, UnknownScene>> {
        let rest = word.strip_prefix("--demo")?;
        Some(match rest.strip_prefix('=') {
            None if rest.is_empty() => Ok(Self::default()),
            None => Err(UnknownScene { asked: rest.to_owned() }),
            Some(name) => name.parse(),
        })
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Fleet => "fleet",
            Self::First => "first",
            Self::NoDocker => "no-docker",
            Self::Empty => "empty",
            Self::Failing => "failing",
            Self::CutOff => "cut-off",
            Self::Hostile => "hostile",
            Self::NoNetwork => "no-network",
        }
    }

    /// All names, as a sentence lists them.
    pub fn names() -> String {
        Self::ALL.map(Self::name).join(", ")
    }
}

impl FromStr for Scene {
    type Err = UnknownScene;

    fn from_str(name: &str) -> Result<Self, UnknownScene> {
        Self::ALL.into_iter().find(|scene| scene.name() == name).ok_or_else(|| UnknownScene { asked: name.to_owned() })
    }
}

impl fmt::Display for Scene {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Scene;

    #[test]
    fn a_word_asks_for_a_scene() {
        assert_eq!(Scene::asked("--demo"), Some(Ok(Scene::Fleet)));
        for scene in Scene::ALL {
            assert_eq!(Scene::asked(&format!("--demo={scene}")), Some(Ok(scene)));
        }
        assert_eq!(Scene::asked("--home"), None);
    }

    #[test]
    fn an_unknown_scene_is_refused_with_all_that_there_are() {
        for word in ["--demo=", "--demo=flet", "--demo=Fleet", "--demo-fleet", "--demos"] {
            let why = Scene::asked(word).unwrap().unwrap_err().to_string();
            assert!(why.contains("fleet, first, no-docker, empty, failing, cut-off, hostile, no-network"), "{word}: {why}");
        }
    }
}
