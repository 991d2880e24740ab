//! How does a test put fake programs on a machine?

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use crate::Scenario;

/// A folder of fake programs, gone with this value.
///
/// The files beside a fake `kind`: `kind.scenario.json`, `kind.calls.jsonl`, `kind.grandchild`; the world is the folder `world`.
#[derive(Debug)]
pub struct FakePrograms {
    folder: TempDir,
}

impl FakePrograms {
    pub fn new() -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("kos-fake-").tempdir()?;
        fs::create_dir(folder.path().join("world"))?;
        Ok(Self { folder })
    }

    /// The folder, to be put first on a PATH.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Installs a program under a name, or changes what it does from the next call on.
    pub fn install(&self, name: &str, scenario: &Scenario) -> io::Result<FakeProgram> {
        let program = FakeProgram { path: self.folder().join(name) };
        // Written beside and renamed: a call in the same moment reads the old or the new one.
        let draft = program.beside("scenario.draft");
        fs::write(&draft, serde_json::to_vec_pretty(scenario)?)?;
        fs::rename(draft, program.beside("scenario.json"))?;
        if !program.path.exists() {
            // A link instead of a copy: a file that was just written may still be open in a child of another test.
            symlink(fake_binary(), &program.path)?;
        }
        Ok(program)
    }

    /// Makes a file of the world, for [`crate::Act::WaitFor`] and rules that ask for it.
    pub fn touch(&self, file: &str) -> io::Result<()> {
        fs::write(self.folder().join("world").join(file), "")
    }

    pub fn has(&self, file: &str) -> bool {
        self.folder().join("world").join(file).exists()
    }
}

/// One installed fake.
#[derive(Debug, Clone)]
pub struct FakeProgram {
    pub path: PathBuf,
}

impl FakeProgram {
    /// What it was called with so far, oldest first.
    pub fn calls(&self) -> Vec<CallMade> {
        let text = fs::read_to_string(self.beside("calls.jsonl")).unwrap_or_default();
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// The number of the last grandchild.
    pub fn grandchild(&self) -> Option<u32> {
        fs::read_to_string(self.beside("grandchild")).ok()?.trim().parse().ok()
    }

    fn beside(&self, ending: &str) -> PathBuf {
        beside(&self.path, ending)
    }
}

/// The file of a fake program with this ending.
pub fn beside(program: &Path, ending: &str) -> PathBuf {
    let name = program.file_name().unwrap_or_default().to_string_lossy();
    program.with_file_name(format!("{name}.{ending}"))
}

/// One call as the fake saw it. Values of variables are not noted: a test looks for names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallMade {
    pub pid: u32,
    pub args: Vec<String>,
    pub env_names: Vec<String>,
    pub cwd: PathBuf,
    /// Open descriptors with what they point to.
    pub descriptors: Vec<(u32, String)>,
    /// Whether any of the three standard streams is a terminal, or one can be opened.
    pub terminal: bool,
}

/// The executable behind every fake, built when it is not there.
///
/// Panics: when it cannot be built; no test that needs it could go on.
pub fn fake_binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| locate().unwrap_or_else(|error| panic!("the fake program is not there: {error}")))
}

/// A test executable stands in `target/<profile>/deps`, a binary one folder above.
fn locate() -> io::Result<PathBuf> {
    let me = std::env::current_exe()?;
    let profile = me.ancestors().find(|folder| folder.join("deps").is_dir()).ok_or_else(|| io::Error::other("this is not a test below a target folder"))?;
    let binary = profile.join("fake-program");
    // One build at a time; the lock ends with the file handle.
    let lock = File::create(profile.join(".fake-program.lock"))?;
    lock.lock()?;
    if !is_current(&binary)? {
        build(profile)?;
    }
    Ok(binary)
}

/// Older than the sources it is made from means another program than the test expects.
fn is_current(binary: &Path) -> io::Result<bool> {
    let Ok(built) = binary.metadata().and_then(|data| data.modified()) else { return Ok(false) };
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let newer = |file: &Path| file.metadata().and_then(|data| data.modified()).is_ok_and(|changed| changed > built);
    let files = ["bin/fake-program.rs", "scenario.rs", "transcript.rs", "fake.rs"];
    Ok(!files.iter().any(|file| newer(&sources.join(file))))
}

fn build(profile: &Path) -> io::Result<()> {
    let target = profile.parent().ok_or_else(|| io::Error::other("the profile folder has no parent"))?;
    #[expect(clippy::disallowed_methods, reason = "cargo builds the fake before there is a door to programs to test")]
    let mut cargo = std::process::Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--quiet", "--offline", "--package", "testkit", "--bin", "fake-program"]);
    if profile.ends_with("release") {
        cargo.arg("--release");
    }
    let built = cargo.env("CARGO_TARGET_DIR", target).current_dir(env!("CARGO_MANIFEST_DIR")).output()?;
    if built.status.success() { Ok(()) } else { Err(io::Error::other(String::from_utf8_lossy(&built.stderr).into_owned())) }
}
