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

    /// The real back ends that a layer stands on; a test program of it may stand on none.
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

/// What is known of a test program before it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TestProgram {
    pub(crate) layer: Layer,
    /// The real back ends that it stands on.
    pub(crate) needs: &'static [Part],
}

impl TestProgram {
    /// By the package and the target that it comes from.
    pub(crate) fn of(package: &str, target: &str) -> Self {
        match (package, target) {
            ("ui", _) => Self::alone(Layer::Views),
            ("tests", "contract") => Self::alone(Layer::Contract),
            // With replayed programs and the demo: these run while the back ends are built.
            ("tests", "journeys") => Self::alone(Layer::Journeys),
            ("tests", "journeys_real") => Self::real(Layer::Journeys),
            ("tests", "live") => Self::real(Layer::Live),
            ("tests", "faults") => Self::alone(Layer::Unit),
            ("tests", _) => Self::alone(Layer::Architecture),
            _ => Self::alone(Layer::Unit),
        }
    }

    fn alone(layer: Layer) -> Self {
        Self { layer, needs: &[] }
    }

    fn real(layer: Layer) -> Self {
        Self { layer, needs: layer.needs() }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_program_has_its_layer_and_only_those_on_real_back_ends_need_them() {
        for (package, target, layer, needs) in [
            ("ui", "pages", Layer::Views, vec![]),
            ("provision", "provision", Layer::Unit, vec![]),
            ("tests", "faults", Layer::Unit, vec![]),
            ("tests", "contract", Layer::Contract, vec![]),
            ("tests", "architecture", Layer::Architecture, vec![]),
            ("tests", "journeys", Layer::Journeys, vec![]),
            ("tests", "journeys_real", Layer::Journeys, vec![Part::Kubernetes, Part::Docker]),
            ("tests", "live", Layer::Live, vec![Part::Kubernetes, Part::Capi, Part::Docker]),
            // A name alone says nothing.
            ("provision", "journeys_real", Layer::Unit, vec![]),
        ] {
            let program = TestProgram::of(package, target);
            assert_eq!((program.layer, program.needs), (layer, needs.as_slice()), "{package} {target}");
        }
    }
}
