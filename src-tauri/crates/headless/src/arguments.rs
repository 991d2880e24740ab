//! What was asked on the command line?

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use engine::Stage;

pub(crate) const HELP: &str = "headless [--home DIR] [--demo[=SCENE]] [--serve DIR [--port N]]
headless [--home DIR] [--demo[=SCENE]] create-all [--spec FILE] [--yes | --continue]

create-all: a management cluster and a workload cluster on it, up to nodes that are Ready, as one job.
  Prints {\"spec\": …, \"plan\": …} and does nothing; the spec may be edited and given back as a file.
  --yes starts the job, --continue goes on with the one that was cut off: {\"job\": …}, then a line a change.
  Ends with 0 when all is done, with 1 when not, with 2 when the command line is not understood.

Otherwise, without --serve: one JSON object a line.
  in   {\"id\": 1, \"call\": \"open_context\", \"with\": {\"context\": \"#dev\"}}
       {\"id\": 2, \"subscribe\": {\"Table\": {\"context\": \"#dev\", \"kind\": \"Pods\", \"namespace\": \"\"}}}
       {\"id\": 3, \"unsubscribe\": 1}
  out  {\"id\": 1, \"ok\": …}   {\"id\": 1, \"fault\": {…}}
       {\"stream\": 1, \"batch\": {\"Snapshot\": {…}}}   {\"stream\": 1, \"ended\": true}
The program ends with its input.";

#[derive(Debug, PartialEq)]
pub(crate) struct Arguments {
    pub(crate) home: Option<PathBuf>,
    pub(crate) stage: Stage,
    pub(crate) way: Way,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Way {
    Lines,
    Serve { folder: PathBuf, port: u16 },
    CreateAll { spec: Option<PathBuf>, go: Go },
    Help,
}

/// What becomes of the plan of the whole way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Go {
    /// It is shown.
    Show,
    /// It is shown, then done.
    Start,
    /// The job that was cut off goes on.
    Continue,
}

impl Arguments {
    pub(crate) fn read(mut words: impl Iterator<Item = String>) -> Result<Self> {
        let (mut home, mut stage, mut folder, mut port, mut way) = (None, Stage::Real, None, 0, Way::Lines);
        let (mut spec, mut go) = (None, Go::Show);
        while let Some(word) = words.next() {
            if let Some(told) = stage.told(&word)? {
                stage = told;
                continue;
            }
            match word.as_str() {
                "--home" => home = Some(PathBuf::from(words.next().context("--home needs a folder")?)),
                "--serve" => folder = Some(PathBuf::from(words.next().context("--serve needs the folder of the page")?)),
                "--port" => port = words.next().context("--port needs a number")?.parse().context("--port needs a number")?,
                "create-all" => way = Way::CreateAll { spec: None, go },
                "--spec" => spec = Some(PathBuf::from(words.next().context("--spec needs a file")?)),
                "--yes" => go = Go::Start,
                "--continue" => go = Go::Continue,
                "--help" | "-h" => way = Way::Help,
                other => bail!("{other} is not known\n{HELP}"),
            }
        }
        let way = match (folder, way) {
            (Some(_), Way::CreateAll { .. }) => bail!("create-all serves no page\n{HELP}"),
            (Some(folder), _) => Way::Serve { folder, port },
            (None, Way::CreateAll { .. }) => Way::CreateAll { spec, go },
            (None, Way::Lines) if spec.is_some() || go != Go::Show => bail!("--spec, --yes and --continue belong to create-all\n{HELP}"),
            (None, way) => way,
        };
        Ok(Self { home, stage, way })
    }
}

#[cfg(test)]
mod tests {
    use engine::{Demo, Stage};

    use super::{Arguments, Go, Way};

    fn read(line: &str) -> anyhow::Result<Arguments> {
        Arguments::read(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn arguments_are_read() {
        let found = read("--home /tmp/x --demo").unwrap();
        assert_eq!(found, Arguments { home: Some("/tmp/x".into()), stage: Stage::Demo(Demo::default()), way: Way::Lines });
        assert_eq!(read("--serve dist --port 7").unwrap().way, Way::Serve { folder: "dist".into(), port: 7 });
        assert_eq!(read("create-all").unwrap().way, Way::CreateAll { spec: None, go: Go::Show });
        assert_eq!(read("--yes create-all --spec x.json").unwrap().way, Way::CreateAll { spec: Some("x.json".into()), go: Go::Start });
        assert_eq!(read("create-all --continue").unwrap().way, Way::CreateAll { spec: None, go: Go::Continue });
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for line in ["--hom /tmp", "--home", "--port x", "--demo=frist", "--demos", "--yes", "--spec x", "create-all --serve d", "create-al"] {
            assert!(read(line).is_err(), "{line}");
        }
    }
}
