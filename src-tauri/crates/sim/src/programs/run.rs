//! How does a simulated program speak, wait and end?

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};
use std::time::Duration;

use tools::{Capture, End, Exit, Heard, Invocation, Line, Program, Stream};

use super::arguments::Arguments;
use super::process::Ended;
use crate::failure::{Failure, Step};
use crate::tongue::Tongue;
use crate::world::World;

/// The end of a program's output that is kept, as the real door keeps it.
const TAIL: usize = 200;

/// The texts in the file that clusterctl is told of, which are variables to it. What KOS hands it is JSON.
fn configured(invocation: &Invocation) -> BTreeMap<String, String> {
    let arguments = Arguments::new(&invocation.args);
    let file = arguments.value("--config").filter(|_| invocation.program == Program::Clusterctl);
    let text = file.and_then(|file| std::fs::read_to_string(file).ok()).unwrap_or_default();
    let all: BTreeMap<String, serde_json::Value> = serde_json::from_str(&text).unwrap_or_default();
    all.into_iter().filter_map(|(name, value)| Some((name, value.as_str()?.to_owned()))).collect()
}

pub(crate) struct Run<'a> {
    world: World,
    tongue: Tongue,
    invocation: Invocation,
    /// What stands in the configuration of clusterctl.
    configured: BTreeMap<String, String>,
    heard: &'a mut (dyn FnMut(Heard) + Send),
    file: Option<File>,
    most: usize,
    out: Vec<u8>,
    err: Vec<u8>,
    tail: Vec<String>,
}

impl<'a> Run<'a> {
    pub(crate) fn new(world: World, invocation: Invocation, heard: &'a mut (dyn FnMut(Heard) + Send)) -> io::Result<Self> {
        let (file, most) = match &invocation.capture {
            Capture::Memory { most } => (None, *most),
            Capture::File(path) => (Some(File::options().create(true).append(true).open(path)?), 0),
        };
        let tongue = world.tongue();
        let configured = configured(&invocation);
        Ok(Self { world, tongue, invocation, configured, heard, file, most, out: Vec::new(), err: Vec::new(), tail: Vec::new() })
    }

    pub(crate) fn world(&self) -> &World {
        &self.world
    }

    pub(crate) fn program(&self) -> &Program {
        &self.invocation.program
    }

    pub(crate) fn args(&self) -> Vec<String> {
        self.invocation.args.clone()
    }

    pub(crate) fn folder(&self) -> &std::path::Path {
        &self.invocation.cwd
    }

    pub(crate) fn has_variable(&self, name: &str) -> bool {
        self.invocation.env.iter().any(|(known, _)| known == name)
    }

    pub(crate) fn variable(&self, name: &str) -> Option<&str> {
        let given = self.invocation.env.iter().find(|(known, _)| known == name).map(|(_, value)| value.reveal());
        given.or_else(|| self.configured.get(name).map(String::as_str))
    }

    pub(crate) fn arguments(&self) -> Arguments {
        Arguments::new(&self.invocation.args)
    }

    pub(crate) fn out(&mut self, text: &str) {
        self.say(Stream::Out, text);
    }

    pub(crate) fn err(&mut self, text: &str) {
        self.say(Stream::Err, text);
    }

    pub(crate) async fn wait(&mut self, span: Duration) {
        self.world.clock().sleep(span).await;
    }

    /// Works at a step so long; a failure told for this step strikes in the middle of it.
    pub(crate) async fn work(&mut self, step: Step, span: Duration) -> Result<(), DockerGone> {
        self.wait(span / 2).await;
        let told = |failure: &Failure| matches!(failure, Failure::DockerStops { at } | Failure::Hangs { at } if *at == step);
        match self.world.takes(told) {
            Some(Failure::Hangs { .. }) => std::future::pending().await,
            Some(_) => {
                self.world.stop_docker();
                Err(DockerGone)
            }
            None => {
                self.wait(span / 2).await;
                Ok(())
            }
        }
    }

    pub(crate) fn tail(&self) -> Vec<String> {
        self.tail.clone()
    }

    pub(crate) fn exit(self, ended: Ended, took: Duration) -> Exit {
        let end = match ended {
            Ended::Code(code) => End::Code(code),
            Ended::Signal(signal) => End::Signal(signal),
        };
        Exit { end, out: self.out, err: self.err, tail: self.tail, took }
    }

    fn say(&mut self, from: Stream, text: &str) {
        // What programs read stands on the other stream; what goes on ends with dots.
        let adds = match from {
            Stream::Err if !text.ends_with("...") => self.tongue.adds(),
            Stream::Err | Stream::Out => "",
        };
        let said = format!("{text}{adds}");
        let text = said.as_str();
        if let Some(file) = &mut self.file
            && let Err(cause) = writeln!(file, "{text}")
        {
            tracing::warn!(%cause, "the output of a simulated program could not be written");
        }
        let kept = match from {
            Stream::Out => &mut self.out,
            Stream::Err => &mut self.err,
        };
        if kept.len() + text.len() < self.most {
            kept.extend_from_slice(text.as_bytes());
            kept.push(b'\n');
        }
        // As the real door shows a line.
        let shown = tools::clean(text.as_bytes());
        if self.tail.len() == TAIL {
            self.tail.remove(0);
        }
        self.tail.push(shown.clone());
        (self.heard)(Heard::Line(Line { from, text: shown }));
    }
}

/// The Docker daemon ended under the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DockerGone;

pub(crate) const NO_DAEMON: &str = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?";
