//! How does a missing program come onto this machine?
//!
//! The pinned release is shown first; then it is fetched as a job, verified, and put into KOS's own folder.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use api::jobs::{Finding, Part, PartState, Words};
use api::programs::{Tool, ToolFound, ToolOffer};
use api::{Fault, FaultCode, JobId, Millis};
use async_trait::async_trait;
use download::releases::{self, Processor};
use download::{Address, Fetched, Pinned, Progress, Route};
use jobs::{ActContext, AnyWork, Jobs, Left, Noted, Plan, PlannedStep, Thing, Work};
use provision::Fetches;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tools::{Capture, Invocation, Program, Programs};

use crate::home::Home;
use crate::settings::Settings;
use crate::web::Web;

/// The kind of job, as it stands in a plan on disk.
pub(crate) const FETCH: &str = "fetch";
/// How long a program may take to say its version.
const VERSION_LIMIT: Duration = Duration::from_secs(5);

const HERE: &str = "is here already, verified";

/// Fetches programs.
#[derive(Debug, Clone)]
pub(crate) struct Fetching {
    programs: Arc<dyn Programs>,
    web: Arc<dyn Web>,
    settings: Arc<Settings>,
    home: Home,
}

/// One program to fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fetch(Tool);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Step {
    Fetch,
}

impl Fetching {
    pub(crate) fn new(programs: Arc<dyn Programs>, web: Arc<dyn Web>, settings: Arc<Settings>, home: &Home) -> Self {
        Self { programs, web, settings, home: home.clone() }
    }

    /// Says what would be fetched; contacts nobody.
    pub(crate) fn offer(&self, tool: Tool) -> Result<ToolOffer, Fault> {
        let pinned = self.pinned(tool)?;
        let proxy = self.route(&pinned.address).proxy.map(|proxy| download::without_password(&proxy)).unwrap_or_default();
        Ok(ToolOffer {
            tool,
            version: releases::version(tool).to_owned(),
            address: pinned.address,
            size: pinned.size,
            sha256: pinned.sha256.to_string(),
            target: pinned.target.display().to_string(),
            proxy,
        })
    }

    pub(crate) async fn start(&self, tool: Tool, jobs: &Jobs) -> Result<JobId, Fault> {
        let offer = self.offer(tool)?;
        let title = Words::said("Fetch ").mono(tool.name()).then(format!(" {}", offer.version));
        let step = PlannedStep::new(Step::Fetch, format!("Fetch {}", tool.name()), Words::default().mono(offer.address), Millis::seconds(10));
        let plan = Plan::new(title, "Verified against its pinned SHA-256 before it can run.").then(Fetch(tool), step);
        jobs.start(FETCH, Value::Null, &plan, self.clone()).await
    }

    /// Puts a file of the user's in place of a download; its version is asked before that, its digest told.
    pub(crate) async fn use_file(&self, tool: Tool, path: &Path) -> Result<ToolFound, Fault> {
        if !path.is_absolute() {
            let sentence = format!("A file for {} is named by its full path.", tool.name());
            return Err(Fault::new(FaultCode::Invalid, sentence).because("the request", path.display().to_string()));
        }
        let target = self.home.programs.join(tool.name());
        let copy = self.web.copy(path, &target).await?;
        let version = self.version(tool, copy.path()).await?;
        let sha256 = copy.sha256().to_string();
        copy.install().await.map_err(|why| Fault::from(&why))?;
        Ok(ToolFound { tool, path: target.display().to_string(), version, sha256 })
    }

    pub(crate) fn work(&self) -> AnyWork {
        AnyWork::new(self.clone())
    }

    fn pinned(&self, tool: Tool) -> Result<Pinned, Fault> {
        let processor = Processor::here().ok_or_else(|| {
            Fault::new(FaultCode::Download, format!("There is no release of {} for this processor.", tool.name()))
                .because("this machine", std::env::consts::ARCH)
        })?;
        Ok(releases::pinned(tool, processor, &self.home.programs))
    }

    /// What stands at an address that the user typed, at most so many bytes of it. The demo takes no other ones either.
    pub(crate) async fn small(&self, typed: &str, most: usize) -> Result<Vec<u8>, Fault> {
        let address = Address::parse(typed).map_err(|why| Fault::from(&why))?;
        self.web.small(&address, &self.route(typed), most).await
    }

    /// How the user chose to reach an address.
    fn route(&self, address: &str) -> Route {
        let choices = self.settings.choices();
        let proxy = download::proxy_for(address, &choices.proxy, |name| std::env::var(name).ok());
        let ca_bundle = Some(choices.ca_bundle).filter(|path| !path.is_empty()).map(|path| self.home.expand(&path));
        Route { proxy, ca_bundle, ..Route::default() }
    }

    /// What a file says that is to be this program; it is asked itself, whichever program would be found.
    async fn version(&self, tool: Tool, file: &Path) -> Result<String, Fault> {
        let args: &[&str] = match tool {
            Tool::Kind => &["version", "-q"],
            Tool::Clusterctl => &["version", "-o", "short"],
        };
        let invocation = Invocation {
            program: Program::Plugin(file.to_owned()),
            args: args.iter().map(|word| (*word).to_owned()).collect(),
            env: vec![],
            cwd: self.home.user.clone(),
            limit: VERSION_LIMIT,
            capture: Capture::Memory { most: 64 * 1024 },
        };
        let exit = match self.programs.run(invocation, &mut |_| (), CancellationToken::new()).await {
            Ok(exit) => exit,
            Err(why) => return Err(Fault { cause: Fault::from(&why).cause, ..is_not(tool) }.because("KOS", format!("{why}."))),
        };
        let said = String::from_utf8_lossy(&exit.out).trim().to_owned();
        if exit.succeeded() && is_version(&said) {
            return Ok(said);
        }
        Err(if exit.tail.is_empty() { is_not(tool) } else { is_not(tool).because(tool.name(), exit.tail.join("\n")) })
    }
}

fn is_not(tool: Tool) -> Fault {
    Fault::new(FaultCode::Program, format!("The file does not run as {}.", tool.name())).unharmed("Nothing was installed or replaced.")
}

/// `0.33.0` or `v1.14.2`, and whatever a build adds: many programs end well without it.
fn is_version(said: &str) -> bool {
    let number = said.strip_prefix('v').unwrap_or(said);
    number.starts_with(|first: char| first.is_ascii_digit()) && number.contains('.') && !said.contains(char::is_whitespace)
}

/// For the job that makes a management cluster on a machine without its programs.
#[async_trait]
impl Fetches for Fetching {
    fn offer(&self, tool: Tool) -> Result<ToolOffer, Fault> {
        Self::offer(self, tool)
    }

    async fn fetch(&self, tool: Tool, heard: &mut (dyn FnMut(u64, Option<u64>) + Send), stop: CancellationToken) -> Result<(), Fault> {
        let pinned = self.pinned(tool)?;
        let route = self.route(&pinned.address);
        let mut show = |progress: Progress| heard(progress.received, progress.total.or(pinned.size));
        let fetched = tokio::select! {
            () = stop.cancelled() => return Ok(()),
            fetched = self.web.release(&pinned, &route, &mut show) => fetched?,
        };
        match fetched {
            Fetched::IsHere => Ok(()),
            Fetched::Whole(whole) => whole.install().await.map_err(|why| Fault::from(&why)),
        }
    }
}

#[async_trait]
impl Work for Fetching {
    type Act = Fetch;
    type Step = Step;

    async fn done_already(&self, act: &Fetch) -> Result<Option<Words>, Fault> {
        let here = download::is_here(&self.pinned(act.0)?).await;
        Ok(here.then(|| Words::said(HERE)))
    }

    async fn run(&self, act: &Fetch, cx: &mut ActContext<Step>) -> Result<(), Fault> {
        let pinned = self.pinned(act.0)?;
        cx.intent(Thing::new("Download", download::part_of(&pinned.target).display().to_string())).await?;
        let route = self.route(&pinned.address);
        let (stop, name) = (cx.cancelled(), act.0.name());
        let mut show = |progress: Progress| {
            let total = progress.total.or(pinned.size);
            if let Some(share) = total.filter(|t| *t > 0).map(|total| progress.received.saturating_mul(1000) / total) {
                cx.share(u16::try_from(share).unwrap_or(1000));
            }
            cx.parts(vec![Part { name: name.to_owned(), state: PartState::Working, detail: String::new(), count: counted(progress.received, total) }]);
        };
        let fetched = tokio::select! {
            () = stop.cancelled() => return Ok(()),
            fetched = self.web.release(&pinned, &route, &mut show) => fetched?,
        };
        let whole = match fetched {
            Fetched::IsHere => {
                cx.step_detail(Words::said(HERE));
                return Ok(());
            }
            Fetched::Whole(whole) => whole,
        };
        // Noted only now: an undo of what failed before this has no business with the program that stands there.
        let put = Put { before: Before::at(&pinned.target), sha256: whole.sha256().to_string() };
        let note = cx.intent(Thing::new("Program", pinned.target.display().to_string()).with(json!(put))).await?;
        whole.install().await.map_err(|why| Fault::from(&why))?;
        cx.made(note).await
    }

    async fn undo(&self, act: &Fetch, cx: &mut ActContext<Step>) -> Result<(), Fault> {
        let target = self.pinned(act.0)?.target;
        download::give_up(&target).await.map_err(|why| Fault::from(&why))?;
        let put = cx.noted().iter().find_map(Put::of);
        match put {
            Some(Put { before: Before::Nothing, sha256 }) => take_away(target, sha256).await,
            // The one that was replaced is gone; without the verified one there would be none.
            Some(Put { before: Before::Something, .. }) | None => Ok(()),
        }
    }

    async fn look(&self, left: &Left<Fetch>) -> Vec<Finding> {
        let mut findings = vec![];
        for act in left.stopped_in.iter().chain(&left.ahead) {
            if let Ok(pinned) = self.pinned(act.0) {
                findings.push(finding(&pinned).await);
            }
        }
        findings
    }
}

/// What is noted of a program, so that an undo takes away what the job put there and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Put {
    before: Before,
    sha256: String,
}

/// What stood in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Before {
    Nothing,
    Something,
}

impl Put {
    /// `None` for other notes, and those of a KOS that did not say it.
    fn of(noted: &Noted) -> Option<Self> {
        serde_json::from_value(noted.thing.data.clone()).ok()
    }
}

impl Before {
    /// What cannot be looked at is not taken for nothing.
    fn at(target: &Path) -> Self {
        match target.symlink_metadata() {
            Err(cause) if cause.kind() == ErrorKind::NotFound => Self::Nothing,
            Ok(_) | Err(_) => Self::Something,
        }
    }
}

/// Removes a program that is still the one that was put there.
async fn take_away(target: PathBuf, sha256: String) -> Result<(), Fault> {
    let shown = target.display().to_string();
    let gone = tokio::task::spawn_blocking(move || match download::of_file(&target) {
        Ok(found) if found.as_str() == sha256 => std::fs::remove_file(&target),
        Ok(_) => Ok(()),
        Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(()),
        Err(cause) => Err(cause),
    });
    let gone = gone.await.unwrap_or_else(|cause| Err(std::io::Error::other(cause)));
    gone.map_err(|cause| Fault::new(FaultCode::Write, format!("{shown} could not be removed.")).because("operating system", cause.to_string()))
}

async fn finding(pinned: &Pinned) -> Finding {
    let (state, found) = match (download::is_here(pinned).await, Before::at(&pinned.target)) {
        (true, _) => (PartState::Ready, "here"),
        (false, Before::Something) => (PartState::Waiting, "another one is there"),
        (false, Before::Nothing) => (PartState::Waiting, "not there"),
    };
    Finding {
        state,
        kind: "Program".to_owned(),
        name: pinned.target.display().to_string(),
        noted: "on its way".to_owned(),
        found: found.to_owned(),
        means: "what arrived is taken up again, and verified as a whole".to_owned(),
    }
}

fn counted(received: u64, total: Option<u64>) -> String {
    let mega = |bytes: u64| bytes / 1_000_000;
    match total {
        Some(total) => format!("{} of {} MB", mega(received), mega(total)),
        None => format!("{} MB", mega(received)),
    }
}

#[cfg(test)]
mod tests;
