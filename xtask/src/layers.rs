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

/// What tests may need that not every machine has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    Lab(Part),
    /// A user of one's own: `unshare -U`.
    OwnUser,
    /// Root's rights over files and networks of one's own: `unshare -Urmn`.
    OwnWorld,
}

/// Tests by what their names contain, and what these need.
type OfSome = &'static [(Need, &'static [&'static str])];

/// Of the tests on real back ends, by their modules.
const LIVE: OfSome = &[(Need::Lab(Part::Docker), &["docker::", "left::", "management::", "stops::", "upkeep::", "whole::"])];
const JOURNEYS_REAL: OfSome = &[(Need::Lab(Part::Docker), &["management::", "neighbours::", "whole::"])];
const JOURNEYS: OfSome = &[(Need::OwnWorld, &["lasting::without_a_graphics_device_the_page_stands_and_comes_back_when_its_process_dies"])];
const FAULTS: OfSome = &[
    (Need::OwnUser, &["input::a_file_that_may_not_be_read_and_a_pipe_say_so_and_hide_no_other"]),
    (
        Need::OwnWorld,
        &[
            "surroundings::a_full_disk_changes_no_file_and_what_was_chosen_holds_in_memory",
            "surroundings::in_a_home_that_cannot_be_written_the_core_starts_says_so_once_and_shows_contexts",
            "surroundings::without_any_watch_left_changes_of_files_are_still_seen",
            "surroundings::without_home_and_folders_in_the_environment_the_home_of_the_list_of_users_is_used",
            "wires::not_one_packet_goes_to_anybody_but_the_servers_of_open_contexts",
        ],
    ),
];

/// How the tests of one program share the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lanes {
    /// As the harness runs them; of the whole program one after the other.
    One,
    /// Those that need a part of the lab for themselves run beside the rest: both wait most of the time, each on its own.
    Two,
}

/// What is known of a test program before it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TestProgram {
    pub(crate) layer: Layer,
    /// The real back ends that all of it stands on.
    pub(crate) needs: &'static [Part],
    /// What only some of its tests need, and which, by what their names contain.
    pub(crate) some: OfSome,
    pub(crate) lanes: Lanes,
}

impl TestProgram {
    /// By the package and the target that it comes from.
    pub(crate) fn of(package: &str, target: &str) -> Self {
        match (package, target) {
            ("ui", _) => Self::alone(Layer::Views),
            ("tests", "contract") => Self::alone(Layer::Contract),
            // With replayed programs and the demo: these run while the back ends are built.
            ("tests", "journeys") => Self { layer: Layer::Journeys, needs: &[], some: JOURNEYS, lanes: Lanes::One },
            ("tests", "journeys_real") => Self { layer: Layer::Journeys, needs: &[Part::Kubernetes], some: JOURNEYS_REAL, lanes: Lanes::One },
            ("tests", "live") => Self { layer: Layer::Live, needs: &[Part::Kubernetes, Part::Capi], some: LIVE, lanes: Lanes::Two },
            ("tests", "faults") => Self { layer: Layer::Unit, needs: &[], some: FAULTS, lanes: Lanes::One },
            ("tests", _) => Self::alone(Layer::Architecture),
            _ => Self::alone(Layer::Unit),
        }
    }

    fn alone(layer: Layer) -> Self {
        Self { layer, needs: &[], some: &[], lanes: Lanes::One }
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
    use std::collections::BTreeSet;
    use std::fs;

    use super::*;

    #[test]
    fn a_test_program_has_its_layer_and_only_those_on_real_back_ends_need_them() {
        for (package, target, layer, needs) in [
            ("ui", "pages", Layer::Views, vec![]),
            ("provision", "provision", Layer::Unit, vec![]),
            ("xtask", "xtask", Layer::Unit, vec![]),
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
            let of_some = program.some.iter().filter_map(|(need, _)| match need {
                Need::Lab(part) => Some(*part),
                Need::OwnUser | Need::OwnWorld => None,
            });
            let found: Vec<Part> = program.needs.iter().copied().chain(of_some).collect();
            assert_eq!((program.layer, &found), (layer, &needs), "{package} {target}");
            assert!(found.iter().all(|part| layer.needs().contains(part)), "what {target} stands on is built ahead for its layer");
        }
    }

    /// The tests of a folder in whose text one of these words stands.
    fn with_words(folder: &str, words: &[&str]) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for file in fs::read_dir(format!("../tests/{folder}")).expect("xtask's tests run in its folder") {
            let path = file.expect("a file").path();
            let module = path.file_stem().expect("it has a name").to_string_lossy().into_owned();
            // A folder is another program's.
            let Ok(text) = fs::read_to_string(&path) else { continue };
            for test in text.split("\n#[tokio::test]\n").skip(1) {
                let test = test.split("\n}\n").next().unwrap_or(test);
                let name = test.split_once("fn ").and_then(|(_, rest)| rest.split_once('(')).expect("a test has a name").0;
                if words.iter().any(|word| test.contains(word)) {
                    found.insert(format!("{module}::{name}"));
                }
            }
        }
        found
    }

    fn named(program: &str, wanted: Need) -> BTreeSet<String> {
        let some = TestProgram::of("tests", program).some;
        let tests = some.iter().filter(|(need, _)| *need == wanted).flat_map(|(_, tests)| *tests);
        tests.map(|test| (*test).to_owned()).collect()
    }

    #[test]
    fn exactly_the_tests_that_make_namespaces_are_named_for_it() {
        let world = ["\"-Urm\"", "\"-Urn\"", "start_in(", "without_graphics("];
        for program in ["faults", "journeys"] {
            assert_eq!(named(program, Need::OwnWorld), with_words(program, &world), "{program}");
            assert_eq!(named(program, Need::OwnUser), with_words(program, &["\"-U\""]), "{program}");
        }
        for program in ["contract", "live", "journeys/real"] {
            assert_eq!(with_words(program, &["\"unshare\"", "without_graphics("]), BTreeSet::new(), "{program}");
        }
    }

    #[test]
    fn exactly_the_modules_whose_tests_ask_docker_are_named_for_it() {
        let docker = Need::Lab(Part::Docker);
        for (program, folder) in [("live", "live"), ("journeys_real", "journeys/real")] {
            let mut asks = BTreeSet::new();
            let tests = with_words(folder, &[""]);
            for module in tests.iter().filter_map(|test| test.split("::").next()) {
                let text = fs::read_to_string(format!("../tests/{folder}/{module}.rs")).expect("a module is a file");
                if ["management::", "\"docker\"", "lab::containers("].iter().any(|word| text.contains(word)) {
                    asks.insert(format!("{module}::"));
                }
            }
            assert_eq!(named(program, docker), asks, "{program}");
        }
    }
}
