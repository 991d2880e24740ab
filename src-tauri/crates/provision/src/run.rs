//! How does an act run a program?
//!
//! Short questions go through [`ask`]. Long runs go through [`long`]: noted in the journal as soon as they are
//! started, written to a file that outlives KOS, heard line by line.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use api::Fault;
use api::jobs::Tone;
use jobs::{ActContext, NotedProcess};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use tools::{Capture, End, Exit, Heard, Invocation, ProcessId, Program, ProgramError, Programs, Secret};

use crate::World;
use crate::diagnose::{About, Doing, Said, diagnose};
use crate::programs::kind::{self, KindLine};

/// `docker ps` answers in tens of milliseconds; a daemon that does not answer for this long is stuck.
const QUESTION_LIMIT: Duration = Duration::from_secs(30);
const QUESTION_BYTES: usize = 8 << 20;
/// Lines kept for the diagnosis; the file has them all.
const MOST_LINES: usize = 2_000;

/// Runs a short question to its end.
pub(crate) async fn ask(programs: &dyn Programs, program: Program, args: Vec<String>, stop: CancellationToken) -> Result<Exit, ProgramError> {
    let capture = Capture::Memory { most: QUESTION_BYTES };
    let invocation = Invocation { program, args, env: vec![], cwd: PathBuf::from("/"), limit: QUESTION_LIMIT, capture };
    programs.run(invocation, &mut |_| {}, stop).await
}

/// Asks docker and gives its standard output.
///
/// Errors: docker could not be run, or ended with another code than 0; then its words are diagnosed.
pub(crate) async fn docker(programs: &dyn Programs, args: Vec<String>, doing: Doing, name: &str) -> Result<String, Fault> {
    let exit = ask(programs, Program::Docker, args, CancellationToken::new()).await.map_err(|e| Fault::from(&e))?;
    if exit.succeeded() {
        return Ok(String::from_utf8_lossy(&exit.out).into_owned());
    }
    let about = About { name: name.to_owned(), kubernetes: String::new(), image: String::new() };
    Err(diagnose(doing, &Said::numbered("docker", String::from_utf8_lossy(&exit.err).lines()), &about))
}

/// Asks docker and gives its standard output however it ended: where something is missing, it still tells of the rest.
pub(crate) async fn answer(world: &World, args: Vec<String>) -> String {
    let exit = ask(world.programs.as_ref(), Program::Docker, args, CancellationToken::new()).await;
    exit.map(|exit| String::from_utf8_lossy(&exit.out).into_owned()).unwrap_or_default()
}

/// A context through which a program's callback and a look beside it both speak.
pub(crate) struct Voice<'a, S> {
    cx: Mutex<&'a mut ActContext<S>>,
}

impl<'a, S> Voice<'a, S> {
    pub(crate) fn new(cx: &'a mut ActContext<S>) -> Self {
        Self { cx: Mutex::new(cx) }
    }

    /// Never held across a wait.
    pub(crate) fn cx(&self) -> MutexGuard<'_, &'a mut ActContext<S>> {
        self.cx.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A long run.
#[derive(Debug)]
pub(crate) struct Long {
    pub(crate) program: Program,
    pub(crate) args: Vec<String>,
    pub(crate) env: Vec<(String, Secret)>,
    /// Its output; one file a run.
    pub(crate) output: PathBuf,
    pub(crate) limit: Duration,
}

/// What the journal keeps of a process: enough to find it and what it said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ProcessOf {
    pub(crate) process: ProcessId,
    pub(crate) output: PathBuf,
}

/// What a long run said, and how it ended. Where the world tells what it came to, the world decides.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) lines: Lines,
    end: End,
}

impl Ended {
    /// Whether kind did all of it by its own word, where the world does not tell: a folder is there before its files are.
    pub(crate) fn kind_did_it(&self) -> bool {
        self.end == End::Code(0) && !self.lines.kept.iter().any(|line| matches!(kind::read(line), KindLine::Error(_)))
    }
}

/// The last lines of a program, with the numbers they have in its file.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    kept: VecDeque<String>,
    dropped: usize,
}

impl Lines {
    fn push(&mut self, line: String) {
        if self.kept.len() == MOST_LINES {
            self.kept.pop_front();
            self.dropped += 1;
        }
        self.kept.push_back(line);
    }

    pub(crate) fn said(&self, program: &str) -> Vec<Said> {
        self.kept.iter().zip(self.dropped + 1..).map(|(text, n)| Said::new(format!("{program}, line {n}"), text)).collect()
    }
}

/// Runs a program whose lines tell how far it is.
///
/// Errors: it could not be run, was stopped or took too long, or the journal cannot be written: then it is stopped at once.
pub(crate) async fn long<S: Serialize>(
    programs: &dyn Programs,
    run: Long,
    voice: &Voice<'_, S>,
    each: &mut (dyn FnMut(&mut ActContext<S>, &str) + Send),
    stop: &CancellationToken,
) -> Result<Ended, Fault> {
    let Long { program, args, env, output, limit } = run;
    let cwd = output.parent().unwrap_or(Path::new("/")).to_owned();
    let invocation = Invocation { program, args, env, cwd, limit, capture: Capture::File(output.clone()) };
    let command = voice.cx().command_started(tools::shown(&invocation));
    let stop = stop.child_token();
    let (mut note, mut lines, mut unwritten) = (None, Lines::default(), None);
    let mut heard = |heard| match heard {
        Heard::Started(process) => match voice.cx().process(noted(process, &output)) {
            Ok(known) => note = Some(known),
            Err(fault) => {
                unwritten = Some(fault);
                stop.cancel();
            }
        },
        Heard::Line(line) => hear(line.text, voice, each, &mut lines),
    };
    let result = programs.run(invocation, &mut heard, stop.clone()).await;
    let mut cx = voice.cx();
    if let Some(note) = note {
        cx.process_ended(note);
    }
    cx.command_ended(command, exit_words(&result));
    match (unwritten, result) {
        (Some(fault), _) => Err(fault),
        (None, Ok(exit)) => Ok(Ended { lines, end: exit.end }),
        (None, Err(error)) => Err(Fault::from(&error)),
    }
}

/// Goes on with a process that an earlier session of KOS started, if it still runs.
///
/// Shape: `None` when it is gone; how it ended must then be read from the world.
pub(crate) async fn again<S: Serialize>(
    programs: &dyn Programs,
    left: &NotedProcess,
    voice: &Voice<'_, S>,
    each: &mut (dyn FnMut(&mut ActContext<S>, &str) + Send),
    stop: &CancellationToken,
) -> Result<Option<Ended>, Fault> {
    let Ok(of) = serde_json::from_value::<ProcessOf>(left.process.clone()) else {
        voice.cx().process_ended(left.note());
        return Ok(None);
    };
    if !programs.alive(of.process).await {
        voice.cx().process_ended(left.note());
        return Ok(None);
    }
    voice.cx().output(Tone::Ours, "The program that KOS had started is still running; it is followed to its end.");
    let mut lines = Lines::default();
    let mut heard = |heard| match heard {
        Heard::Started(_) => {}
        Heard::Line(line) => hear(line.text, voice, each, &mut lines),
    };
    let result = programs.follow(of.process, of.output, &mut heard, stop.clone()).await;
    voice.cx().process_ended(left.note());
    result.map(|exit| Some(Ended { lines, end: exit.end })).map_err(|e| Fault::from(&e))
}

/// Whether a program that an earlier session started is still at work.
pub(crate) async fn still_runs(programs: &dyn Programs, left: &[NotedProcess]) -> bool {
    for one in left {
        if let Ok(of) = serde_json::from_value::<ProcessOf>(one.process.clone())
            && programs.alive(of.process).await
        {
            return true;
        }
    }
    false
}

/// The token for release pages; one that cannot be had is said, and clusterctl asks without it.
pub(crate) async fn token<S: Serialize>(world: &World, voice: &Voice<'_, S>) -> Option<Secret> {
    match world.tokens.release_token().await {
        Ok(Some(token)) => {
            voice.cx().output(Tone::Ours, "The release pages are asked with your token.");
            Some(token)
        }
        Ok(None) => None,
        Err(fault) => {
            voice.cx().output(Tone::Ours, &format!("{} The release pages are asked without it.", fault.sentence));
            None
        }
    }
}

/// Ends what an earlier session left running.
pub(crate) async fn end_left<S: Serialize>(programs: &dyn Programs, cx: &mut ActContext<S>) {
    for left in cx.processes().to_vec() {
        if let Ok(of) = serde_json::from_value::<ProcessOf>(left.process.clone()) {
            programs.end(of.process).await;
        }
        cx.process_ended(left.note());
    }
}

fn hear<S: Serialize>(text: String, voice: &Voice<'_, S>, each: &mut (dyn FnMut(&mut ActContext<S>, &str) + Send), lines: &mut Lines) {
    let mut cx = voice.cx();
    each(&mut cx, &text);
    cx.output(Tone::Plain, &text);
    drop(cx);
    lines.push(text);
}

fn noted(process: ProcessId, output: &Path) -> serde_json::Value {
    serde_json::to_value(ProcessOf { process, output: output.to_owned() }).unwrap_or_default()
}

fn exit_words(result: &Result<Exit, ProgramError>) -> String {
    match result {
        Ok(exit) => match exit.end {
            End::Code(code) => format!("exit {code}"),
            End::Signal(signal) => format!("signal {signal}"),
            End::Unknown => "ended".to_owned(),
        },
        Err(ProgramError::Stopped { .. }) => "stopped".to_owned(),
        Err(ProgramError::TooLong { .. }) => "took too long".to_owned(),
        Err(ProgramError::NotFound { .. } | ProgramError::NotStarted { .. } | ProgramError::NotCaptured { .. }) => "not run".to_owned(),
    }
}
