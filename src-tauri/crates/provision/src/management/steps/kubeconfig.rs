//! Is the cluster's kubeconfig in KOS's own file, for this user alone?

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use api::jobs::Words;
use api::{Fault, FaultCode};
use jobs::ActContext;
use tokio_util::sync::CancellationToken;
use tools::{Exit, Program};

use super::create::{prepare_folder, write_private};
use crate::World;
use crate::diagnose::{Doing, Said, diagnose};
use crate::management::{Order, Step};
use crate::programs::kind;
use crate::run::ask;

const PRIVATE: u32 = 0o600;

pub(in crate::management) async fn done(world: &World, order: &Order) -> Result<Option<Words>, Fault> {
    let Ok(file) = fs::read_to_string(&order.kubeconfig) else { return Ok(None) };
    let private = fs::metadata(&order.kubeconfig).is_ok_and(|m| m.permissions().mode() & 0o777 == PRIVATE);
    // A cluster of the same name that was made anew has another authority: then the file opens nothing.
    let fresh = asked(world, order).await?;
    let same = entry(&file).is_some() && entry(&file) == entry(&String::from_utf8_lossy(&fresh.out));
    Ok((private && same).then(|| saved(order)))
}

pub(in crate::management) async fn run(world: &World, order: &Order, cx: &mut ActContext<Step>) -> Result<(), Fault> {
    prepare_folder(order)?;
    let command = cx.command_started(format!("kind get kubeconfig --name {}", order.name));
    let fresh = asked(world, order).await;
    cx.command_ended(command, if fresh.is_ok() { "exit 0" } else { "exit 1" });
    let fresh = fresh?;
    if entry(&String::from_utf8_lossy(&fresh.out)).is_none() {
        let sentence = format!("The kubeconfig of {} was not saved: kind printed something else.", order.name);
        return Err(Fault::new(FaultCode::Step, sentence).unharmed(format!("The cluster {} runs on.", order.name)));
    }
    write_private(&order.kubeconfig, &fresh.out)?;
    cx.step_detail(saved(order));
    Ok(())
}

fn saved(order: &Order) -> Words {
    Words::said("context ").mono(order.name.context()).then(", in its own file")
}

/// The output is a credential: it is kept in memory and never heard line by line.
async fn asked(world: &World, order: &Order) -> Result<Exit, Fault> {
    let exit = ask(world.programs.as_ref(), Program::Kind, kind::get_kubeconfig(&order.name), CancellationToken::new()).await;
    let exit = exit.map_err(|e| Fault::from(&e))?;
    if exit.succeeded() {
        return Ok(exit);
    }
    let said = Said::numbered("kind", String::from_utf8_lossy(&exit.err).lines());
    Err(diagnose(Doing::Kubeconfig, &said, &order.about()))
}

/// Whether kind wrote its entry into the file, which it does after everything else.
pub(super) fn is_written(file: &Path) -> bool {
    fs::read_to_string(file).is_ok_and(|text| entry(&text).is_some())
}

/// Server and authority: what tells one cluster of a name from the next.
fn entry(text: &str) -> Option<(String, String)> {
    let read: serde_json::Value = serde_yaml::from_str(text).ok()?;
    let cluster = read.get("clusters")?.get(0)?.get("cluster")?;
    let part = |key: &str| cluster.get(key).and_then(|v| v.as_str()).map(str::to_owned);
    Some((part("server")?, part("certificate-authority-data")?))
}
