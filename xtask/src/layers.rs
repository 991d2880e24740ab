//! Which layers of tests are there, and which test programs belong to each?

use std::str::FromStr;

use anyhow::{Error, bail};

use crate::lab::Part;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Layer {
    /// Pure functions and the crates by themselves, with replayed programs and simulated servers.
    Unit,
    /// Every view in every state, rendered to text.
    Views,
    /// The contract: every call is answered, by the real world and by the simulated one alike.
    Contract,
    /// Arrows between crates, bans, licences, and that documents are true.
    Architecture,
    /// The real window, driven as a user would.
    Journeys,
    /// Real Kubernetes, Docker, kind and clusterctl.
    Live,
}

impl Layer {
    pub(crate) const ALL: [Layer; 6] = [Self::Unit, Self::Views, Self::Contract, Self::Architecture, Self::Journeys, Self::Live];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Views => "views",
            Self::Contract => "contract",
            Self::Architecture => "architecture",
            Self::Journeys => "journeys",
            Self::Live => "live",
        }
    }

    /// The layer of a test program, by the package and the target it comes from.
    pub(crate) fn of(package: &str, target: &str) -> Self {
        match (package, target) {
            ("ui", _) => Self::Views,
            ("tests", "contract") => Self::Contract,
            ("tests", "journeys" | "journeys_real") => Self::Journeys,
            ("tests", "live") => Self::Live,
            ("tests", "faults") => Self::Unit,
            ("tests", _) => Self::Architecture,
            _ => Self::Unit,
        }
    }

    /// The real back ends that a test program of this layer stands on.
    pub(crate) fn needs_of(self, target: &str) -> &'static [Part] {
        // With replayed programs and the demo: these run while the back ends are built.
        if target == "journeys" { &[] } else { self.needs() }
    }

    /// The real back ends that a layer stands on.
    pub(crate) fn needs(self) -> &'static [Part] {
        match self {
            Self::Unit | Self::Views | Self::Contract | Self::Architecture => &[],
            Self::Journeys => &[Part::Kubernetes, Part::Docker],
            Self::Live => &Part::ALL,
        }
    }

    /// Tests of the whole program on real back ends: alone on the machine, and once more when one fails, because the
    /// world moves below them. What passes only then is named in the last lines.
    pub(crate) fn is_of_the_whole(self) -> bool {
        matches!(self, Self::Journeys | Self::Live)
    }

    /// The window has its page in it, and its unit tests look at that.
    pub(crate) fn needs_page(self) -> bool {
        self.needs_screen() || self == Self::Unit
    }

    /// Faults are forced with a bus, namespaces and captures, which stand in the unit layer.
    pub(crate) fn needs_test_packages(self) -> bool {
        self.needs_screen() || self == Self::Unit
    }

    pub(crate) fn needs_screen(self) -> bool {
        self == Self::Journeys
    }
}

impl FromStr for Layer {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        match Self::ALL.into_iter().find(|l| l.name() == word) {
            Some(layer) => Ok(layer),
            None => bail!("there is no layer {word}; there are {}", Self::ALL.map(Self::name).join(", ")),
        }
    }
}
