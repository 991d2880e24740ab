//! What does a fake program do when it is called?
//!
//! Written by a test into a file beside the fake, read by the fake: the environment stays free to be tested.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// The rules of one fake program; the first that matches acts, none means exit code 64 with a sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scenario {
    pub rules: Vec<Rule>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    pub when: Match,
    /// Files of the world that must be there (`true`) or must not.
    pub world: Vec<(String, bool)>,
    pub acts: Vec<Act>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Match {
    Any,
    /// The first arguments are these.
    Begins(Vec<String>),
    /// All of these are somewhere among the arguments.
    Holds(Vec<String>),
}

impl Match {
    pub fn fits(&self, args: &[String]) -> bool {
        match self {
            Self::Any => true,
            Self::Begins(first) => args.starts_with(first),
            Self::Holds(all) => all.iter().all(|wanted| args.contains(wanted)),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Side {
    Out,
    Err,
}

/// One thing that a fake does, in order; after the last it ends with code 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Act {
    Say {
        side: Side,
        line: String,
    },
    /// Bytes as they are, without a line end.
    Bytes {
        side: Side,
        bytes: Vec<u8>,
    },
    /// Lines `1`, `2`, … as fast as they go.
    Flood {
        side: Side,
        lines: u64,
    },
    /// TERM no longer ends it.
    IgnoreTerm,
    /// Starts a copy of itself in the same group that runs for ever; its number is in `NAME.grandchild`.
    Grandchild {
        ignores_term: bool,
    },
    /// Reads standard input to its end and says how many bytes it had.
    ReadStdin,
    Hang,
    /// Takes time; only to prove that a limit or a progress is seen.
    Pause {
        milliseconds: u64,
    },
    /// Makes a file of the world, so that later calls answer otherwise.
    Touch {
        file: String,
    },
    Remove {
        file: String,
    },
    /// Goes on only once this file of the world is there; a test stops it at an exact point this way.
    WaitFor {
        file: String,
    },
    /// Says a recorded transcript and ends with its code; `speed` divides the recorded time, 0 means at once.
    Replay {
        transcript: PathBuf,
        speed: u32,
    },
    /// Writes a file for this user alone, at the path that follows this flag among the arguments.
    Write {
        flag: String,
        text: String,
    },
    Exit {
        code: i32,
    },
    /// Ends itself by KILL.
    Die,
}

impl Scenario {
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a rule for calls that begin with these arguments.
    #[must_use]
    pub fn on<const N: usize>(self, args: [&str; N], acts: impl Into<Vec<Act>>) -> Self {
        self.rule(Match::Begins(args.map(str::to_owned).into()), vec![], acts)
    }

    /// Adds a rule for calls that have all of these arguments anywhere.
    #[must_use]
    pub fn holding<const N: usize>(self, args: [&str; N], acts: impl Into<Vec<Act>>) -> Self {
        self.rule(Match::Holds(args.map(str::to_owned).into()), vec![], acts)
    }

    /// Adds a rule like [`Scenario::on`] that holds only once a file of the world is there.
    #[must_use]
    pub fn on_after<const N: usize>(self, file: &str, args: [&str; N], acts: impl Into<Vec<Act>>) -> Self {
        self.rule(Match::Begins(args.map(str::to_owned).into()), vec![(file.to_owned(), true)], acts)
    }

    /// Adds the rule for every call that no earlier rule wanted.
    #[must_use]
    pub fn otherwise(self, acts: impl Into<Vec<Act>>) -> Self {
        self.rule(Match::Any, vec![], acts)
    }

    #[must_use]
    pub fn rule(mut self, when: Match, world: Vec<(String, bool)>, acts: impl Into<Vec<Act>>) -> Self {
        self.rules.push(Rule { when, world, acts: acts.into() });
        self
    }

    /// The acts for a call, `has` tells which files of the world are there.
    pub fn acts(&self, args: &[String], has: impl Fn(&str) -> bool) -> Option<&[Act]> {
        let fits = |rule: &&Rule| rule.when.fits(args) && rule.world.iter().all(|(file, there)| has(file) == *there);
        self.rules.iter().find(fits).map(|rule| rule.acts.as_slice())
    }
}

/// Short ways to write acts.
pub mod act {
    use super::{Act, Side};

    pub fn out(line: &str) -> Act {
        Act::Say { side: Side::Out, line: line.to_owned() }
    }

    pub fn err(line: &str) -> Act {
        Act::Say { side: Side::Err, line: line.to_owned() }
    }

    pub fn exit(code: i32) -> Act {
        Act::Exit { code }
    }

    pub fn wait_for(file: &str) -> Act {
        Act::WaitFor { file: file.to_owned() }
    }

    pub fn touch(file: &str) -> Act {
        Act::Touch { file: file.to_owned() }
    }

    pub fn remove(file: &str) -> Act {
        Act::Remove { file: file.to_owned() }
    }

    /// Replays a recording at once.
    pub fn replay(transcript: impl Into<std::path::PathBuf>) -> Act {
        Act::Replay { transcript: transcript.into(), speed: 0 }
    }
}
