//! How does clusterctl get a token or a password that nobody else can see?
//!
//! Its variables may stand in its configuration: there they are in no argument and in no environment, which can be read in
//! `/proc` for as long as it runs. A file for this user alone is made for one run, with the user's own configuration in it,
//! and goes with that run. Start at: [`Handing`].

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;
use tools::{Exit, Found, Heard, Invocation, ProcessId, Program, ProgramError, Programs, Secret};

use crate::programs::clusterctl::{PLAIN_ENVIRONMENT, TOKEN_VARIABLE};

/// What clusterctl calls the token of a release page in a configuration.
const TOKEN_KEY: &str = "github-token";
/// How files begin that are handed to it.
const BEGINS: &str = "clusterctl-";
/// Endings of a configuration in the order in which clusterctl looks for them.
const ENDINGS: [&str; 12] = ["json", "toml", "yaml", "yml", "properties", "props", "prop", "hcl", "tfvars", "dotenv", "env", "ini"];
/// Those that KOS can read.
const READ: [&str; 3] = ["json", "yaml", "yml"];

/// No two files of this process have one name.
static COUNT: AtomicU64 = AtomicU64::new(0);

/// The programs of a world, which hands clusterctl its secret variables in a file.
///
/// A configuration of the user's that is neither YAML nor JSON cannot be put into it: with such a one they stay variables.
#[derive(Debug)]
pub struct Handing {
    programs: Arc<dyn Programs>,
    /// Made when it is needed, for this user alone.
    folder: PathBuf,
    /// Where clusterctl looks for a configuration when it is told of none, in this order.
    usual: Vec<PathBuf>,
}

impl Handing {
    pub fn new(programs: Arc<dyn Programs>, folder: PathBuf, usual: Vec<PathBuf>) -> Self {
        Self { programs, folder, usual }
    }

    /// Puts what is secret in the variables of a run into a file.
    ///
    /// Errors: it cannot be written.
    fn hand(&self, run: &mut Invocation) -> io::Result<Option<Handed>> {
        let secret: Vec<&(String, Secret)> = run.env.iter().filter(|(name, _)| !is_plain(name)).collect();
        if run.program != Program::Clusterctl || secret.is_empty() {
            return Ok(None);
        }
        let place = run.args.iter().position(|arg| arg == "--config").map(|flag| flag + 1);
        let own = place.and_then(|at| run.args.get(at)).map(PathBuf::from).or_else(|| self.own());
        let Some(mut all) = own.map_or_else(|| Some(Map::new()), |file| configuration(&file)) else { return Ok(None) };
        for (name, value) in secret {
            let key = if name == TOKEN_VARIABLE { TOKEN_KEY } else { name.as_str() };
            // clusterctl knows no capital letters in a configuration.
            all.retain(|known, _| !known.eq_ignore_ascii_case(key));
            all.insert(key.to_owned(), Value::String(value.reveal().to_owned()));
        }
        let handed = Handed::write(&self.folder, &Value::Object(all).to_string())?;
        let file = handed.0.to_string_lossy().into_owned();
        match place.filter(|at| *at < run.args.len()) {
            Some(at) => run.args[at] = file,
            None => run.args.extend(["--config".to_owned(), file]),
        }
        run.env.retain(|(name, _)| is_plain(name));
        Ok(Some(handed))
    }

    /// The configuration that clusterctl would find by itself.
    fn own(&self) -> Option<PathBuf> {
        let files = |folder: &PathBuf| ENDINGS.map(|ending| folder.join(format!("clusterctl.{ending}")));
        self.usual.iter().flat_map(files).find(|file| file.exists())
    }
}

fn is_plain(name: &str) -> bool {
    PLAIN_ENVIRONMENT.iter().any(|(plain, _)| *plain == name)
}

/// What stands in a configuration of the user's; `None` for one that KOS cannot read.
fn configuration(file: &Path) -> Option<Map<String, Value>> {
    let ending = file.extension()?.to_str()?;
    if !READ.contains(&ending) || !fs::metadata(file).ok()?.is_file() {
        return None;
    }
    let text = fs::read_to_string(file).ok()?;
    if text.trim().is_empty() {
        return Some(Map::new());
    }
    match capi::yaml::one(&text).ok()? {
        Value::Object(all) => Some(all),
        Value::Null => Some(Map::new()),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => None,
    }
}

/// The file of one run, gone with this value.
#[derive(Debug)]
struct Handed(PathBuf);

impl Handed {
    fn write(folder: &Path, text: &str) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let path = folder.join(format!("{BEGINS}{}-{}.yaml", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)));
        // A file planted under this name is refused, not followed.
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        let handed = Self(path);
        file.write_all(text.as_bytes())?;
        Ok(handed)
    }
}

impl Drop for Handed {
    fn drop(&mut self) {
        // One that cannot be removed is swept at the next start.
        let _ = fs::remove_file(&self.0);
    }
}

/// Removes what a KOS left that was killed. A clusterctl that still runs has read it: it does so once, when it starts.
pub fn sweep_handed(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(BEGINS) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[async_trait]
impl Programs for Handing {
    async fn find(&self, program: &Program) -> Result<Found, ProgramError> {
        self.programs.find(program).await
    }

    async fn run(&self, mut invocation: Invocation, heard: &mut (dyn FnMut(Heard) + Send), stop: CancellationToken) -> Result<Exit, ProgramError> {
        let handed = self.hand(&mut invocation).map_err(|cause| ProgramError::NotStarted { program: invocation.program.name(), cause })?;
        let ended = self.programs.run(invocation, heard, stop).await;
        drop(handed);
        ended
    }

    async fn alive(&self, process: ProcessId) -> bool {
        self.programs.alive(process).await
    }

    async fn follow(&self, process: ProcessId, output: PathBuf, heard: &mut (dyn FnMut(Heard) + Send), stop: CancellationToken) -> Result<Exit, ProgramError> {
        self.programs.follow(process, output, heard, stop).await
    }

    async fn end(&self, process: ProcessId) {
        self.programs.end(process).await;
    }
}

#[cfg(test)]
mod tests;
