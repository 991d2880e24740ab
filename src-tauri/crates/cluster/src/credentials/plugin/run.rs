//! How is a credential plugin run, and what is its failure?

use std::path::PathBuf;
use std::sync::Arc;

use kubeconfig::target::{ClusterInfo, Interactive, Plugin, Target};
use secret::Secret;
use tokio_util::sync::CancellationToken;
use tools::{Capture, End, Heard, Invocation, Program, ProgramError, Stream};

use super::Plugins;
use crate::credentials::answer::{self, Credential, Garbage};
use crate::credentials::{CredentialError, question};
use crate::dial::read;

const MOST_STDOUT: usize = 1024 * 1024;
const MOST_STDERR: usize = 64 * 1024;

/// All that a run needs.
pub(super) struct Recipe {
    pub(super) all: Arc<Plugins>,
    pub(super) plugin: Plugin,
    pub(super) target: Target,
}

impl Recipe {
    pub(super) fn shown(&self) -> String {
        self.plugin.command.display().to_string()
    }

    /// Runs it, when it may run.
    pub(super) async fn once(&self) -> Result<Credential, CredentialError> {
        let shown = self.shown();
        match self.plugin.interactive {
            Interactive::Always => return Err(CredentialError::PluginNeedsTerminal { program: shown }),
            Interactive::Never | Interactive::IfAvailable => {}
        }
        let allowed = self.all.gate.allow(&self.plugin, &self.target).await?;
        let ca = match question::authority(&self.target) {
            Some(ca) if matches!(self.plugin.provide_cluster_info, ClusterInfo::Provided { .. }) => Some(read(ca).await.map_err(CredentialError::File)?.0),
            Some(_) | None => None,
        };
        let info = question::exec_info(&self.plugin, &self.target, ca.as_deref().map(Vec::as_slice));
        let mut env = self.plugin.env.clone();
        env.push(("KUBERNETES_EXEC_INFO".to_owned(), Secret::new(info)));
        let invocation = Invocation {
            program: Program::Plugin(allowed),
            args: self.plugin.args.clone(),
            env,
            cwd: self.all.home.clone(),
            limit: self.all.limit,
            capture: Capture::Memory { most: MOST_STDOUT + 1 },
        };
        let mut stderr = Tail::default();
        let mut heard = |heard: Heard| {
            if let Heard::Line(line) = heard
                && line.from == Stream::Err
            {
                stderr.push(&line.text);
            }
        };
        let exit = self.all.programs.run(invocation, &mut heard, CancellationToken::new()).await;
        let out = match exit {
            Err(error) => return Err(self.not_run(error, stderr.text)),
            Ok(exit) => {
                let out = zeroize::Zeroizing::new(exit.out);
                match exit.end {
                    End::Code(0) => out,
                    End::Code(code) => return Err(CredentialError::PluginFailed { program: shown, end: format!("code {code}"), stderr: stderr.text }),
                    End::Signal(signal) => return Err(CredentialError::PluginFailed { program: shown, end: format!("signal {signal}"), stderr: stderr.text }),
                    End::Unknown => return Err(CredentialError::PluginStopped { program: shown }),
                }
            }
        };
        let read = if out.len() > MOST_STDOUT { Err(Garbage::TooLong) } else { answer::read(&out, self.plugin.api_version) };
        read.map_err(|why| CredentialError::PluginGarbage { program: shown, why })
    }

    /// The last lines of both streams stand in some errors: they may hold the token and are left out.
    fn not_run(&self, error: ProgramError, stderr: String) -> CredentialError {
        let program = self.shown();
        match error {
            ProgramError::NotFound { searched, .. } => not_found(&self.plugin, &searched),
            ProgramError::NotStarted { cause, .. } => CredentialError::PluginNotStarted { program, said: cause.to_string() },
            ProgramError::NotCaptured { cause, .. } => CredentialError::PluginNotStarted { program, said: cause.to_string() },
            ProgramError::TooLong { limit, .. } => CredentialError::PluginHung { program, limit_s: limit.as_secs(), stderr },
            ProgramError::Stopped { .. } => CredentialError::PluginStopped { program },
        }
    }
}

/// Says where a plugin was looked for; the kubeconfig's hint comes from others and is cleaned.
pub(crate) fn not_found(plugin: &Plugin, searched: &[PathBuf]) -> CredentialError {
    CredentialError::PluginNotFound {
        program: plugin.command.display().to_string(),
        searched: searched.iter().map(|folder| folder.display().to_string()).collect(),
        hint: plugin.install_hint.chars().filter(|c| !c.is_control() || *c == '\n').collect(),
    }
}

/// The end of what a program said.
#[derive(Default)]
struct Tail {
    text: String,
}

impl Tail {
    fn push(&mut self, line: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(line);
        if self.text.len() > MOST_STDERR {
            let cut = self.text.len() - MOST_STDERR;
            let cut = (cut..self.text.len()).find(|at| self.text.is_char_boundary(*at)).unwrap_or(0);
            self.text.drain(..cut);
        }
    }
}
