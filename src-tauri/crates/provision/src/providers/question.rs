//! What do clusterctl and the cluster say before anything is changed?

use std::path::PathBuf;
use std::time::Duration;

use api::Fault;
use api::providers::{AskedVariable, KnownProvider, MadeKind, ProviderPick};
use tokio_util::sync::CancellationToken;
use tools::{Capture, Invocation, Program, Secret};

use super::checks::Ground;
use crate::World;
use crate::diagnose::{About, Doing, Said, diagnose};
use crate::look::Inside;
use crate::programs::clusterctl::catalogue::{self, Components, components, described};
use crate::programs::clusterctl::{At, Source, environment, moving, templates, upgrade};

/// A release page behind a slow proxy, once a provider.
const LIMIT: Duration = Duration::from_secs(120);
/// The definitions of the largest provider have six megabytes.
const MOST_BYTES: usize = 32 << 20;

/// Which releases the providers can follow.
pub async fn upgrades(world: &World, at: &At, name: &str, source: &Source) -> Result<upgrade::Read, Fault> {
    Ok(upgrade::read(&asked(world, upgrade::plan(at, source), name).await?.out))
}

/// Which providers clusterctl knows.
pub async fn known(world: &World, name: &str, source: &Source) -> Result<Vec<KnownProvider>, Fault> {
    Ok(catalogue::known(&asked(world, catalogue::list(source), name).await?.out))
}

/// What a provider would put into a cluster, and the version that it has.
pub async fn provider(world: &World, pick: &ProviderPick, name: &str, source: &Source) -> Result<(ProviderPick, Components), Fault> {
    let told = asked(world, catalogue::describe(pick, source), name).await?.out;
    let version = described(&told, "Version").unwrap_or_else(|| pick.version.clone());
    let pick = ProviderPick { version, ..pick.clone() };
    let mut found = components(&text(world, &pick, name, source).await?);
    if let Some(namespace) = described(&told, "TargetNamespace") {
        found.namespace = namespace;
    }
    Ok((pick, found))
}

/// The objects of a provider in a version, with its variables as they stand there.
pub(super) async fn text(world: &World, pick: &ProviderPick, name: &str, source: &Source) -> Result<String, Fault> {
    asked(world, catalogue::raw(pick, source), name).await.map(|answer| answer.out)
}

/// What a template asks for beside what the form says.
pub async fn template(world: &World, wanted: &templates::Wanted<'_>, name: &str) -> Result<Vec<AskedVariable>, Fault> {
    Ok(templates::asked(&asked(world, templates::variables(wanted), name).await?.out))
}

/// A template with all of it filled in.
pub async fn filled(world: &World, wanted: &templates::Wanted<'_>, values: Vec<(String, Secret)>, name: &str) -> Result<String, Fault> {
    told(world, templates::fill(wanted), values, name).await.map(|answer| answer.out)
}

/// What a move would make in the target, in its order; nothing is changed.
pub async fn dry_move(world: &World, at: &At, namespace: &str, name: &str, source: &Source) -> Result<Vec<MadeKind>, Fault> {
    Ok(moving::order(asked(world, moving::dry(at, namespace, source), name).await?.err.lines()))
}

/// The inventory of a cluster and the clusters of a namespace, of all when it is empty.
pub async fn ground(world: &World, at: &At, name: &str, namespace: &str) -> Result<Ground, Fault> {
    let inside = Inside::new(world.clients.client(&at.kubeconfig, &at.context).await?);
    let unanswered = |said: String| {
        Fault::new(api::FaultCode::Unreachable, format!("KOS could not read which providers {name} has.")).because(name, said).unharmed("Nothing was changed.")
    };
    let installed = inside.installed().await.map_err(|error| unanswered(error.said()))?;
    let (clusters, machines) = inside.clusters(namespace).await.map_err(|error| unanswered(error.said()))?;
    Ok(Ground::new(installed, clusters, machines))
}

struct Answer {
    out: String,
    err: String,
}

async fn asked(world: &World, args: Vec<String>, name: &str) -> Result<Answer, Fault> {
    told(world, args, vec![], name).await
}

/// The same with variables of the user, which are in no argument.
async fn told(world: &World, args: Vec<String>, variables: Vec<(String, Secret)>, name: &str) -> Result<Answer, Fault> {
    // A token that cannot be had is no reason not to ask.
    let mut env = environment(world.tokens.release_token().await.ok().flatten());
    env.extend(variables);
    let capture = Capture::Memory { most: MOST_BYTES };
    let invocation = Invocation { program: Program::Clusterctl, args, env, cwd: PathBuf::from("/"), limit: LIMIT, capture };
    let exit = world.programs.run(invocation, &mut |_| {}, CancellationToken::new()).await.map_err(|error| Fault::from(&error))?;
    let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if exit.succeeded() {
        return Ok(Answer { out: lossy(&exit.out), err: lossy(&exit.err) });
    }
    let about = About { name: name.to_owned(), kubernetes: String::new(), image: String::new() };
    Err(diagnose(Doing::Releases, &Said::numbered("clusterctl", lossy(&exit.err).lines()), &about))
}
