//! On which world does KOS open: this machine, or a scene of the demo?

use std::num::NonZeroU16;

use api::computer::Mode;

pub use sim::{Scene, Tongue, UnknownScene};

/// What stands below the engine at its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Real,
    Demo(Demo),
}

/// A scene of the demo, with whose words it speaks, and how fast it goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Demo {
    pub scene: Scene,
    pub tongue: Tongue,
    pub pace: Pace,
}

/// How many seconds pass in the demo while one passes here: 1 for people, more for tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace(NonZeroU16);

impl Default for Pace {
    fn default() -> Self {
        Self(NonZeroU16::MIN)
    }
}

impl Pace {
    pub(crate) fn speed(self) -> f64 {
        f64::from(self.0.get())
    }
}

/// A word about the demo that cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WrongStage {
    #[error(transparent)]
    Scene(#[from] UnknownScene),
    #[error("a pace is a whole number from 1 to 65535, “{asked}” is none")]
    Pace { asked: String },
}

impl Stage {
    /// The stage after a word of the command line: `--demo`, `--demo=SCENE` or `--pace=N`; `None` when it is about something else.
    ///
    /// Errors: a word that is nearly one of these, because a mistyped demo must never open the real machine.
    pub fn told(self, word: &str) -> Result<Option<Self>, WrongStage> {
        let demo = match self {
            Self::Real => Demo::default(),
            Self::Demo(demo) => demo,
        };
        if let Some(asked) = Scene::asked(word) {
            let (scene, tongue) = asked?;
            return Ok(Some(Self::Demo(Demo { scene, tongue, ..demo })));
        }
        let Some(asked) = word.strip_prefix("--pace=") else { return Ok(None) };
        let pace = asked.parse().map(Pace).map_err(|_| WrongStage::Pace { asked: asked.to_owned() })?;
        Ok(Some(Self::Demo(Demo { pace, ..demo })))
    }

    pub(crate) fn mode(self) -> Mode {
        match self {
            Self::Real => Mode::Real,
            Self::Demo(_) => Mode::Demo,
        }
    }
}

impl From<Mode> for Stage {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Real => Self::Real,
            Mode::Demo => Self::Demo(Demo::default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Demo, Pace, Scene, Stage, Tongue, WrongStage};

    fn told(words: &str) -> Result<Stage, WrongStage> {
        words.split_whitespace().try_fold(Stage::Real, |stage, word| Ok(stage.told(word)?.unwrap_or(stage)))
    }

    #[test]
    fn the_words_of_a_command_line_set_the_stage_in_any_order() {
        let hurried = |scene| Stage::Demo(Demo { scene, pace: Pace(20.try_into().unwrap()), ..Demo::default() });
        for (words, stage) in [
            ("--home /tmp/x", Stage::Real),
            ("--demo", Stage::Demo(Demo::default())),
            ("--demo=first", Stage::Demo(Demo { scene: Scene::First, ..Demo::default() })),
            ("--pace=20 --demo=cut-off", hurried(Scene::CutOff)),
            ("--demo=cut-off --pace=20", hurried(Scene::CutOff)),
            ("--pace=20", hurried(Scene::Fleet)),
            ("--demo=hostile-failing", Stage::Demo(Demo { scene: Scene::Failing, tongue: Tongue::Hostile, ..Demo::default() })),
        ] {
            assert_eq!(told(words), Ok(stage), "{words}");
        }
    }

    #[test]
    fn a_mistyped_demo_never_opens_the_real_machine() {
        for words in ["--demo=frist", "--demo=", "--demofirst", "--pace=0", "--pace=fast", "--demo --pace=-1"] {
            assert!(told(words).is_err(), "{words}");
        }
    }
}
