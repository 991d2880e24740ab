//! How is git run, so that nothing that a checkout brings along runs with it?
//!
//! A checkout may come from anybody, and its configuration may name programs: hooks, filters, a watcher of files, an editor.
//! Only commands that look or that make objects are run, each with what could start something switched off; none speaks to
//! another machine.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use api::definitions::Upstream;
use api::{Fault, FaultCode};
use tokio_util::sync::CancellationToken;
use tools::{Capture, Exit, Invocation, Program, Programs, Secret};

use super::NOTHING;

/// Objects of a few texts are made in milliseconds; a checkout on a slow disk may take seconds.
const LIMIT: Duration = Duration::from_secs(30);
const MOST_OUTPUT: usize = 4 * 1024 * 1024;

const SAFE: [&str; 11] = [
    "--no-pager",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "protocol.allow=never",
    "-c",
    "safe.bareRepository=explicit",
    "-c",
    "gc.auto=0",
];
const VARIABLES: [(&str, &str); 6] = [
    ("GIT_CONFIG_NOSYSTEM", "1"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_NO_LAZY_FETCH", "1"),
    ("GIT_NO_REPLACE_OBJECTS", "1"),
    ("GIT_LITERAL_PATHSPECS", "1"),
    ("GIT_EDITOR", "false"),
];

/// The git of one checkout.
#[derive(Debug, Clone)]
pub(super) struct AskGit {
    programs: Arc<dyn Programs>,
    root: PathBuf,
    /// An index beside that of the user.
    index: Option<PathBuf>,
}

impl AskGit {
    pub(super) fn of(programs: Arc<dyn Programs>, root: &Path) -> Self {
        Self { programs, root: root.to_owned(), index: None }
    }

    /// The same checkout with an index of its own, so that what the user staged stays as it is.
    pub(super) fn beside(&self, index: PathBuf) -> Self {
        Self { index: Some(index), ..self.clone() }
    }

    /// One command to its end, whatever it answers.
    pub(super) async fn run(&self, args: &[&str]) -> Result<Exit, Fault> {
        let index = self.index.iter().map(|path| ("GIT_INDEX_FILE".to_owned(), Secret::new(path.display().to_string())));
        let invocation = Invocation {
            program: Program::Git,
            args: SAFE.iter().chain(args).map(|word| (*word).to_owned()).collect(),
            env: VARIABLES.iter().map(|(name, value)| ((*name).to_owned(), Secret::new(*value))).chain(index).collect(),
            cwd: self.root.clone(),
            limit: LIMIT,
            capture: Capture::Memory { most: MOST_OUTPUT },
        };
        let ran = self.programs.run(invocation, &mut |_| {}, CancellationToken::new()).await;
        ran.map_err(|error| Fault::from(&error).unharmed(NOTHING))
    }

    /// What a command prints; one that fails is quoted behind `sentence`.
    pub(super) async fn said(&self, args: &[&str], sentence: &str) -> Result<String, Fault> {
        let exit = self.run(args).await?;
        if exit.succeeded() {
            return Ok(String::from_utf8_lossy(&exit.out).trim_end_matches('\n').to_owned());
        }
        let source = format!("git {}", args.first().copied().unwrap_or_default());
        // It quotes names of files, which are whoever's.
        let said = cluster::visible::text(String::from_utf8_lossy(&exit.err).trim()).into_owned();
        Err(Fault::new(FaultCode::Program, sentence).because(source, said).unharmed(NOTHING))
    }

    /// How a branch stands to the one that it follows.
    pub(super) async fn upstream(&self, branch: &str) -> Option<Upstream> {
        let branch = format!("refs/heads/{branch}");
        let told = self.said(&["for-each-ref", "--format=%(upstream:short)%00%(upstream:track,nobracket)", &branch], "").await.ok()?;
        track(&told)
    }

    /// Whether something is staged that the last commit does not have.
    pub(super) async fn is_staged(&self) -> Option<bool> {
        match self.run(&["diff-index", "--cached", "--quiet", "HEAD", "--"]).await.ok()?.end {
            tools::End::Code(0) => Some(false),
            tools::End::Code(1) => Some(true),
            tools::End::Code(_) | tools::End::Signal(_) | tools::End::Unknown => None,
        }
    }
}

/// `origin/main\0ahead 2, behind 1`; a branch that was deleted there is `gone`.
fn track(told: &str) -> Option<Upstream> {
    let (name, counts) = told.lines().next()?.split_once('\0')?;
    if name.is_empty() || counts == "gone" {
        return None;
    }
    let of = |word: &str| counts.split(", ").find_map(|part| part.strip_prefix(word)?.trim().parse().ok()).unwrap_or(0);
    Some(Upstream { name: name.to_owned(), ahead: of("ahead "), behind: of("behind ") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_a_branch_is_ahead_is_read_from_what_git_says() {
        let told = |ahead, behind| Some(Upstream { name: "origin/main".into(), ahead, behind });
        for (said, read) in [
            ("origin/main\0", told(0, 0)),
            ("origin/main\0ahead 2", told(2, 0)),
            ("origin/main\0behind 3\n", told(0, 3)),
            ("origin/main\0ahead 2, behind 1", told(2, 1)),
            ("origin/main\0gone", None),
            ("\0", None),
            ("", None),
            ("origin/main\0ahead many", told(0, 0)),
        ] {
            assert_eq!(track(said), read, "{said:?}");
        }
    }
}
