//! What was asked on the command line?

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use engine::Stage;

pub(crate) const HELP: &str = "headless [--home DIR] [--demo[=SCENE]] [--serve DIR [--port N]]

Without --serve: one JSON object a line.
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
    Help,
}

impl Arguments {
    pub(crate) fn read(mut words: impl Iterator<Item = String>) -> Result<Self> {
        let (mut home, mut stage, mut folder, mut port, mut help) = (None, Stage::Real, None, 0, Way::Lines);
        while let Some(word) = words.next() {
            if let Some(told) = stage.told(&word)? {
                stage = told;
                continue;
            }
            match word.as_str() {
                "--home" => home = Some(PathBuf::from(words.next().context("--home needs a folder")?)),
                "--serve" => folder = Some(PathBuf::from(words.next().context("--serve needs the folder of the page")?)),
                "--port" => port = words.next().context("--port needs a number")?.parse().context("--port needs a number")?,
                "--help" | "-h" => help = Way::Help,
                other => bail!("{other} is not known\n{HELP}"),
            }
        }
        let way = match folder {
            Some(folder) => Way::Serve { folder, port },
            None => help,
        };
        Ok(Self { home, stage, way })
    }
}

#[cfg(test)]
mod tests {
    use engine::{Demo, Stage};

    use super::{Arguments, Way};

    fn read(line: &str) -> anyhow::Result<Arguments> {
        Arguments::read(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn arguments_are_read() {
        let found = read("--home /tmp/x --demo").unwrap();
        assert_eq!(found, Arguments { home: Some("/tmp/x".into()), stage: Stage::Demo(Demo::default()), way: Way::Lines });
        assert_eq!(read("--serve dist --port 7").unwrap().way, Way::Serve { folder: "dist".into(), port: 7 });
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for line in ["--hom /tmp", "--home", "--port x", "--demo=frist", "--demos"] {
            assert!(read(line).is_err(), "{line}");
        }
    }
}
