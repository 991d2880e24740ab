//! What was asked on the command line?

use std::path::{Path, PathBuf};

use engine::{Home, Stage, WrongStage};

#[derive(Debug)]
pub(crate) struct Arguments {
    pub(crate) home: Home,
    pub(crate) stage: Stage,
    pub(crate) graphics: Graphics,
    /// Kubeconfigs to be read from now on.
    pub(crate) files: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Graphics {
    Usual,
    /// For drivers with which no page stands.
    Safe,
}

/// The words of the command line. A file whose name is no UTF-8 is told as one that is not there, instead of no start.
pub(crate) fn words() -> impl Iterator<Item = String> {
    std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned())
}

impl Arguments {
    /// Reads what it knows; a desktop may add arguments of its own, so the rest is no error.
    ///
    /// Shape: what is no option is a file, below `folder` when its path is not full.
    ///
    /// Errors: a demo that does not exist, because the real machine is not what was asked for.
    pub(crate) fn read(mut words: impl Iterator<Item = String>, folder: &Path) -> Result<Self, WrongStage> {
        let home = Home::of_the_user().unwrap_or_else(Home::nowhere);
        let mut arguments = Self { home, stage: Stage::Real, graphics: Graphics::Usual, files: vec![] };
        while let Some(word) = words.next() {
            if let Some(stage) = arguments.stage.told(&word)? {
                arguments.stage = stage;
                continue;
            }
            match word.as_str() {
                "--safe-graphics" => arguments.graphics = Graphics::Safe,
                "--home" => {
                    if let Some(folder) = words.next() {
                        arguments.home = Home::below(folder.as_ref());
                    }
                }
                option if option.starts_with('-') => {}
                file => arguments.files.push(folder.join(path(file))),
            }
        }
        Ok(arguments)
    }
}

/// File managers write `file:///home/jo/my%20lab.yaml`.
fn path(word: &str) -> PathBuf {
    let address = tauri::Url::parse(word).ok().filter(|address| address.scheme() == "file");
    address.and_then(|address| address.to_file_path().ok()).unwrap_or_else(|| word.into())
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use engine::{Demo, Scene, Stage};

    use super::{Arguments, Graphics};

    fn read(line: &str) -> Result<Arguments, engine::WrongStage> {
        Arguments::read(line.split_whitespace().map(str::to_owned), Path::new("/here"))
    }

    #[test]
    fn what_a_desktop_adds_is_no_error() {
        let found = read("--some-desktop-flag --safe-graphics --demo=first").unwrap();
        assert_eq!((found.stage, found.graphics), (Stage::Demo(Demo { scene: Scene::First, ..Demo::default() }), Graphics::Safe));
        assert_eq!(read("").unwrap().stage, Stage::Real);
    }

    #[test]
    fn an_unknown_scene_is_refused() {
        let why = read("--demo=frist").unwrap_err().to_string();
        assert!(why.contains("“frist”") && why.contains("cut-off"), "{why}");
    }

    #[test]
    fn what_is_no_option_is_a_file() {
        let files = |line| read(line).unwrap().files;
        let paths = ["/here/a.yaml", "/b/c.yaml", "/d.yaml", "/my lab.yaml", "/here/a:b.yaml"].map(PathBuf::from);
        assert_eq!(files("--demo a.yaml /b/c.yaml file:///d.yaml file:///my%20lab.yaml a:b.yaml --home /h --gapplication-service"), paths);
        assert_eq!(files(""), Vec::<PathBuf>::new());
    }
}
