//! What does a program do that only pretends to be kind, docker, clusterctl or a sign-in program?
//!
//! Reads its rules from `NAME.scenario.json` beside the path it was called by, notes the call, then acts.

use std::fs::{self, OpenOptions};
use std::io::{self, IsTerminal, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use testkit::{Act, CallMade, Scenario, Side, Transcript, beside};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tools::{Capture, Heard, Invocation, Machine, Places, Program, Programs};

/// Given as the only argument, it makes the program a grandchild that runs for ever.
const GRANDCHILD: &str = "--be-a-grandchild";
const STUBBORN_GRANDCHILD: &str = "--be-a-stubborn-grandchild";
/// Given with a program and an output file, it is a session of KOS that runs the program; a test then kills it.
const SESSION: &str = "--be-a-session";
const SESSION_LIMIT: Duration = Duration::from_secs(60);
const NO_RULE: i32 = 64;
const LOOK: Duration = Duration::from_millis(5);

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let mut all = std::env::args();
    let me = called_by(&all.next().unwrap_or_default())?;
    let args: Vec<String> = all.collect();
    match args.first().map(String::as_str) {
        Some(GRANDCHILD) => be_grandchild(&me, None),
        Some(STUBBORN_GRANDCHILD) => be_grandchild(&me, Some(ignore_term()?)),
        Some(SESSION) => be_session(&me, &args).await,
        _ => {
            note(&me, &args)?;
            Fake { me }.answer(&args)
        }
    }
}

/// Notes itself once its handler is there, so that a test cannot be too early.
fn be_grandchild(me: &Path, _stubborn: Option<Signal>) -> io::Result<()> {
    let draft = beside(me, "grandchild.draft");
    fs::write(&draft, std::process::id().to_string())?;
    fs::rename(draft, beside(me, "grandchild"))?;
    hang()
}

/// Runs a program as KOS does; its process is noted in `NAME.session` before anything else.
async fn be_session(me: &Path, args: &[String]) -> io::Result<()> {
    let [_, program, output] = args else { return Err(io::Error::other("a session needs a program and an output file")) };
    let machine = Machine::new(Places::default(), std::env::vars_os().collect());
    let invocation = Invocation {
        program: Program::Plugin(program.into()),
        args: vec![],
        env: vec![],
        cwd: "/".into(),
        limit: SESSION_LIMIT,
        capture: Capture::File(output.into()),
    };
    let mut heard = |heard| {
        if let Heard::Started(process) = heard {
            let noted = serde_json::to_vec(&process).map_err(io::Error::from).and_then(|text| {
                fs::write(beside(me, "session.draft"), text)?;
                fs::rename(beside(me, "session.draft"), beside(me, "session"))
            });
            if let Err(error) = noted {
                eprintln!("{error}");
            }
        }
    };
    machine.run(invocation, &mut heard, CancellationToken::new()).await.map(|_| ()).map_err(io::Error::other)
}

/// The path of the link it was called by, not of the executable behind it.
fn called_by(name: &str) -> io::Result<PathBuf> {
    if name.contains('/') {
        return std::path::absolute(name);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.exists());
    found.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, format!("{name} is not in PATH")))
}

fn note(me: &Path, args: &[String]) -> io::Result<()> {
    let open = |entry: io::Result<fs::DirEntry>| {
        let entry = entry.ok()?;
        let target = fs::read_link(entry.path()).ok()?;
        Some((entry.file_name().to_str()?.parse().ok()?, target.display().to_string()))
    };
    let call = CallMade {
        pid: std::process::id(),
        args: args.to_vec(),
        env_names: std::env::vars_os().map(|(name, _)| name.to_string_lossy().into_owned()).collect(),
        cwd: std::env::current_dir()?,
        descriptors: fs::read_dir("/proc/self/fd")?.filter_map(open).collect(),
        terminal: io::stdin().is_terminal() || io::stdout().is_terminal() || io::stderr().is_terminal() || fs::File::open("/dev/tty").is_ok(),
    };
    let line = format!("{}\n", serde_json::to_string(&call)?);
    // One write in append mode: two calls at once do not mix.
    OpenOptions::new().append(true).create(true).open(beside(me, "calls.jsonl"))?.write_all(line.as_bytes())
}

/// A handler in place of the default; it must be kept, the runtime takes the signal and nobody asks for it.
fn ignore_term() -> io::Result<Signal> {
    signal(SignalKind::terminate())
}

fn hang() -> ! {
    loop {
        std::thread::park();
    }
}

struct Fake {
    me: PathBuf,
}

impl Fake {
    fn answer(&self, args: &[String]) -> io::Result<()> {
        let scenario: Scenario = serde_json::from_slice(&fs::read(beside(&self.me, "scenario.json"))?)?;
        let Some(acts) = scenario.acts(args, |file| self.world(file).exists()) else {
            eprintln!("no rule for {args:?}");
            std::process::exit(NO_RULE);
        };
        let mut kept = vec![];
        for act in acts {
            self.act(act, args, &mut kept)?;
        }
        Ok(())
    }

    fn act(&self, act: &Act, args: &[String], kept: &mut Vec<Signal>) -> io::Result<()> {
        match act {
            Act::Say { side, line } => write(*side, format!("{line}\n").as_bytes()),
            Act::Bytes { side, bytes } => write(*side, bytes),
            Act::Flood { side, lines } => flood(*side, *lines),
            Act::IgnoreTerm => {
                kept.push(ignore_term()?);
                Ok(())
            }
            Act::Grandchild { ignores_term } => self.grandchild(*ignores_term),
            Act::ReadStdin => {
                let mut all = vec![];
                io::stdin().read_to_end(&mut all)?;
                write(Side::Out, format!("{} bytes of input\n", all.len()).as_bytes())
            }
            Act::Hang => hang(),
            Act::Pause { milliseconds } => {
                std::thread::sleep(Duration::from_millis(*milliseconds));
                Ok(())
            }
            Act::Touch { file } => fs::write(self.world(file), ""),
            Act::Remove { file } => fs::remove_file(self.world(file)),
            Act::WaitFor { file } => {
                while !self.world(file).exists() {
                    std::thread::sleep(LOOK);
                }
                Ok(())
            }
            Act::Replay { transcript, speed } => replay(transcript, *speed),
            Act::Write { flag, text } => {
                let path = args.iter().skip_while(|arg| *arg != flag).nth(1).ok_or_else(|| io::Error::other(format!("{flag} is not among the arguments")))?;
                fs::create_dir_all(Path::new(path).parent().unwrap_or(Path::new("/")))?;
                OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?.write_all(text.as_bytes())
            }
            Act::Exit { code } => std::process::exit(*code),
            Act::Die => {
                rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL)?;
                hang()
            }
        }
    }

    fn world(&self, file: &str) -> PathBuf {
        self.me.with_file_name("world").join(file)
    }

    fn grandchild(&self, ignores_term: bool) -> io::Result<()> {
        let argument = if ignores_term { STUBBORN_GRANDCHILD } else { GRANDCHILD };
        #[expect(clippy::disallowed_methods, reason = "a fake stands outside the door to programs")]
        let child = std::process::Command::new(&self.me).arg(argument).spawn()?;
        let noted = || fs::read_to_string(beside(&self.me, "grandchild")).is_ok_and(|text| text == child.id().to_string());
        while !noted() {
            std::thread::sleep(LOOK);
        }
        Ok(())
    }
}

fn write(side: Side, bytes: &[u8]) -> io::Result<()> {
    match side {
        Side::Out => {
            let mut out = io::stdout().lock();
            out.write_all(bytes)?;
            out.flush()
        }
        Side::Err => io::stderr().lock().write_all(bytes),
    }
}

fn flood(side: Side, lines: u64) -> io::Result<()> {
    let mut all = String::new();
    for n in 1..=lines {
        all.push_str(&n.to_string());
        all.push('\n');
        if all.len() > 8_000 {
            write(side, all.as_bytes())?;
            all.clear();
        }
    }
    write(side, all.as_bytes())
}

fn replay(transcript: &Path, speed: u32) -> io::Result<()> {
    let transcript = Transcript::parse(&fs::read_to_string(transcript)?);
    let began = Instant::now();
    for spoken in &transcript.spoken {
        if let Some(at) = spoken.at_milliseconds.checked_div(u64::from(speed)) {
            std::thread::sleep(Duration::from_millis(at).saturating_sub(began.elapsed()));
        }
        write(spoken.side, format!("{}\n", spoken.text).as_bytes())?;
    }
    std::process::exit(transcript.code)
}
