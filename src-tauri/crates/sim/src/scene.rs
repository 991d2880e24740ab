//! Which moments of the invented user's life can be opened?
//!
//! Start at: [`Scene::asked`] for the words of a command line; `fleet::set` puts a scene into a world.

use std::fmt;
use std::str::FromStr;

use crate::tongue::Tongue;

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
    pub const ALL: [Self; 7] = [Self::Fleet, Self::First, Self::NoDocker, Self::Empty, Self::Failing, Self::CutOff, Self::NoNetwork];

    /// The scene that a word of the command line asks for, and with whose words it speaks: `--demo`, `--demo=SCENE`,
    /// `--demo=hostile` for the fleet and `--demo=hostile-SCENE` for any; `None` when it is about something else.
    ///
    /// Errors: whatever else begins like this, because a mistyped demo must never open the real machine.
    pub fn asked(word: &str) -> Option<Result<(Self, Tongue), UnknownScene>> {
        let rest = word.strip_prefix("--demo")?;
        Some(match rest.strip_prefix('=') {
            None if rest.is_empty() => Ok((Self::default(), Tongue::Plain)),
            None => Err(UnknownScene { asked: rest.to_owned() }),
            Some("hostile") => Ok((Self::default(), Tongue::Hostile)),
            Some(name) => match name.strip_prefix("hostile-") {
                Some(scene) => scene.parse().map(|scene| (scene, Tongue::Hostile)),
                None => name.parse().map(|scene| (scene, Tongue::Plain)),
            },
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
            Self::NoNetwork => "no-network",
        }
    }

    /// All names, as a sentence lists them.
    pub fn names() -> String {
        format!("{}, hostile, hostile-SCENE", Self::ALL.map(Self::name).join(", "))
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
    use super::{Scene, Tongue};

    #[test]
    fn a_word_asks_for_a_scene() {
        assert_eq!(Scene::asked("--demo"), Some(Ok((Scene::Fleet, Tongue::Plain))));
        assert_eq!(Scene::asked("--demo=hostile"), Some(Ok((Scene::Fleet, Tongue::Hostile))));
        for scene in Scene::ALL {
            assert_eq!(Scene::asked(&format!("--demo={scene}")), Some(Ok((scene, Tongue::Plain))));
            assert_eq!(Scene::asked(&format!("--demo=hostile-{scene}")), Some(Ok((scene, Tongue::Hostile))));
        }
        assert_eq!(Scene::asked("--home"), None);
    }

    #[test]
    fn an_unknown_scene_is_refused_with_all_that_there_are() {
        for word in ["--demo=", "--demo=hostile-", "--demo=hostile-hostile", "--demo=flet", "--demo=Fleet", "--demo-fleet", "--demos"] {
            let why = Scene::asked(word).unwrap().unwrap_err().to_string();
            assert!(why.contains("fleet, first, no-docker, empty, failing, cut-off, no-network, hostile"), "{word}: {why}");
        }
    }
}
