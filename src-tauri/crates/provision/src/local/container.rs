//! What does Docker tell of one container?

use api::Fault;
use tools::{Program, Programs};

use crate::diagnose::{About, Doing, Said, diagnose};
use crate::programs::docker::{self, Host, Usage, hosts};
use crate::run::ask;

/// One container, looked at closely.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneContainer {
    pub host: Host,
    /// Nothing for one that does not run, or where Docker does not say.
    pub usage: Option<Usage>,
}

/// Asks for one by its name; `None` when there is no such container any more.
///
/// # Errors
/// When Docker does not answer.
pub async fn container(programs: &dyn Programs, name: &str) -> Result<Option<OneContainer>, Fault> {
    let exit = ask(programs, Program::Docker, docker::inspect([name]), Default::default()).await.map_err(|error| Fault::from(&error))?;
    let said = String::from_utf8_lossy(&exit.err);
    if !exit.succeeded() && !docker::no_such_container(&said) {
        let about = About { name: name.to_owned(), kubernetes: String::new(), image: String::new() };
        return Err(diagnose(Doing::Ask, &Said::numbered("docker", said.lines()), &about));
    }
    let Some(host) = hosts(&String::from_utf8_lossy(&exit.out)).into_iter().next() else { return Ok(None) };
    let used = ask(programs, Program::Docker, docker::stats([name]), Default::default()).await;
    let usage = used.ok().and_then(|exit| docker::usage(&String::from_utf8_lossy(&exit.out)).into_iter().next()).map(|(_, usage)| usage);
    Ok(Some(OneContainer { host, usage }))
}
