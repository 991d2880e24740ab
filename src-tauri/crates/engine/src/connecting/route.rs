//! At which address does the API server of a cluster answer from here?
//!
//! Both ways are asked by a real request with the real credentials; which answer counts is decided in `capi`.

use std::sync::Arc;
use std::time::Duration;

use api::connect::Way;
use api::local::ContainerState;
use api::{ContextId, Fault, FaultCode, FileId};
use capi::access::{Answer, Choice, choose};
use cluster::failure::{CertificateProblem, LinkError, Side};
use cluster::fault::{About, link};
use cluster::session::version_of;
use kubeconfig::made::Made;
use provision::local::Door;
use provision::programs::ports::Published;

use crate::world::World;

/// As long as a context that is opened waits for its first answer.
const LIMIT: Duration = Duration::from_secs(8);

/// Who tells why no port of this machine leads to a cluster.
pub(super) const DOCKER: &str = "Docker on this machine";

/// The way that answered.
#[derive(Debug)]
pub(super) struct Route {
    pub(super) way: Way,
    /// Empty when the server keeps it to itself.
    pub(super) version: String,
}

/// Finds the way and leaves its address in the kubeconfig; `made` comes with the address that the management cluster names.
///
/// # Errors
/// When neither way answers: the failure of the named address, and what Docker said of the other.
pub(super) async fn find(world: &World, machine: &provision::World, made: &mut Made, context: &ContextId, file: &FileId) -> Result<Route, Fault> {
    let ask = |made: &Made| version_of(world.dial.clone(), Arc::new(made.target(context.clone(), file.clone())), LIMIT);
    let door = async {
        let found = provision::local::door(machine, &made.name).await;
        let Ok(Door::Open(door)) = &found else { return (found, None) };
        let answer = ask(&at_port(made, door)).await;
        (found, Some(answer))
    };
    let (direct, (door, published)) = tokio::join!(ask(made), door);
    let host = host_of(&made.server).to_owned();
    let choice = choose(&host, &answer(&direct), published.as_ref().map(answer).as_ref());
    match (choice, direct, door, published) {
        (Choice::Direct, Ok(version), ..) => Ok(Route { way: Way::Direct, version }),
        (Choice::Published, _, Ok(Door::Open(door)), Some(Ok(version))) => {
            *made = at_port(made, &door);
            Ok(Route { way: way(&door), version })
        }
        (Choice::PublishedAs(name), _, Ok(Door::Open(door)), _) => {
            let named = Made { server_name: Some(name), ..at_port(made, &door) };
            let version = ask(&named).await.map_err(|why| silent(&named, context, &why))?;
            *made = named;
            Ok(Route { way: way(&door), version })
        }
        (_, direct, door, published) => {
            let fault = match direct {
                Err(why) => silent(made, context, &why),
                Ok(_) => Fault::new(FaultCode::Bug, "The address that answered was not chosen."),
            };
            Err(match (door, published) {
                (Ok(Door::Open(door)), Some(Err(why))) => {
                    fault.because(format!("port {} of {}", door.host_port, door.container), cluster::failure::chain(&why))
                }
                (Ok(Door::Open(_)), _) => fault,
                (Ok(Door::Shut { container, state }), _) => fault.because(DOCKER, shut(&container, &state)),
                (Ok(Door::Nowhere), _) => fault.because(DOCKER, format!("no container of {} publishes its API server", made.name)),
                (Err(why), _) => fault.because(DOCKER, why.sentence),
            })
        }
    }
}

/// What the user reads while the only way in is shut: what KOS waits for, and that it does.
fn shut(balancer: &str, state: &ContainerState) -> String {
    let stands = match state {
        ContainerState::Running => "starts and has no port on this machine yet",
        ContainerState::Paused => "is paused",
        ContainerState::Exited { .. } => "is stopped",
        ContainerState::Other(said) => &format!("is {said}"),
    };
    format!("the load balancer {balancer} {stands}; KOS goes on as soon as it runs, at whichever port it has then")
}

fn answer(asked: &Result<String, LinkError>) -> Answer {
    match asked {
        Ok(version) => Answer::Version(version.clone()),
        Err(LinkError::Certificate { side: Side::Server, problem: CertificateProblem::WrongName { valid_for, .. } }) => {
            Answer::WrongName { valid_for: valid_for.clone() }
        }
        Err(_) => Answer::Nothing,
    }
}

fn at_port(made: &Made, door: &Published) -> Made {
    Made { server: format!("https://127.0.0.1:{}", door.host_port), ..made.clone() }
}

fn way(door: &Published) -> Way {
    Way::Published { container: door.container.clone(), port: door.host_port }
}

fn silent(made: &Made, context: &ContextId, why: &LinkError) -> Fault {
    let about = About { context: context.clone(), name: made.name.clone(), server: made.server.clone() };
    let mut fault = link(&about, why).unharmed("Nothing was written.");
    // There is no context yet that could be tried again.
    fault.fixes.clear();
    fault
}

/// `172.18.0.5` of `https://172.18.0.5:6443`.
fn host_of(server: &str) -> &str {
    let rest = server.split_once("://").map_or(server, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or_default();
    authority.rsplit_once(':').map_or(authority, |(host, _)| host).trim_matches(['[', ']'])
}

#[cfg(test)]
mod tests {
    use api::local::ContainerState;

    use super::{host_of, shut};

    #[test]
    fn the_host_of_an_address_has_no_port_and_no_brackets() {
        for (server, host) in [("https://172.18.0.5:6443", "172.18.0.5"), ("https://[fc00::5]:6443", "fc00::5"), ("https://a.example/k8s", "a.example")] {
            assert_eq!(host_of(server), host);
        }
    }

    #[test]
    fn while_the_load_balancer_is_away_it_is_said_how_it_stands_and_that_kos_waits() {
        for (state, words) in [
            (ContainerState::Running, "w1-lb starts and has no port on this machine yet;"),
            (ContainerState::Paused, "w1-lb is paused;"),
            (ContainerState::Exited { code: 137 }, "w1-lb is stopped;"),
            (ContainerState::Other("restarting".into()), "w1-lb is restarting;"),
        ] {
            let said = shut("w1-lb", &state);
            assert!(said.contains(words) && said.contains("KOS goes on as soon as it runs"), "{said}");
        }
    }
}
