//! What does the user want to read of a cluster, of a machine, or of a run?

use api::local::ContainerState;
use api::machines::{MachineHost, MachineLog, ObjectText, ReadMachineHost, ReadMachineLog, ReadObject};
use api::runs::{ReadRun, Run};
use api::{Fault, FaultCode};
use capi::ClusterKey;
use provision::local::OneContainer;

use crate::changing::Changing;
use crate::realm::Realm;

pub(super) async fn object(realm: &Realm, call: &ReadObject) -> Result<ObjectText, Fault> {
    Changing::open(realm, &call.at).await?.text(&call.kind, &call.name).await
}

pub(super) async fn log(realm: &Realm, call: &ReadMachineLog) -> Result<MachineLog, Fault> {
    let managed = realm.sessions.managed(&call.at.context, realm.local.board())?;
    if !realm.local.is_looked_at() {
        realm.local.look().await;
    }
    let key = ClusterKey { namespace: call.at.namespace.as_str().into(), name: call.at.name.as_str().into() };
    let lines = managed.machine_log(&key, &call.machine).await.ok_or_else(|| {
        let sentence = format!("{} is no container on this computer, so KOS cannot read what it writes.", call.machine);
        Fault::new(FaultCode::NotFound, sentence).unharmed("The machine is not touched.")
    })?;
    Ok(MachineLog { lines, command: format!("docker logs {}", kubeconfig::edit::shell_word(&call.machine)) })
}

pub(super) async fn host(realm: &Realm, call: &ReadMachineHost) -> Result<MachineHost, Fault> {
    let managed = realm.sessions.managed(&call.at.context, realm.local.board())?;
    if !realm.local.is_looked_at() {
        realm.local.look().await;
    }
    let key = ClusterKey { namespace: call.at.namespace.as_str().into(), name: call.at.name.as_str().into() };
    let found: Option<OneContainer> = managed.machine_host(&key, &call.machine).await?;
    let found = found.ok_or_else(|| {
        let sentence = format!("{} is no container on this computer, so KOS cannot say what it uses.", call.machine);
        Fault::new(FaultCode::NotFound, sentence).unharmed("The machine is not touched.")
    })?;
    let runs = matches!(found.host.state, ContainerState::Running);
    Ok(MachineHost {
        shell: runs.then(|| format!("docker exec -it {} bash", kubeconfig::edit::shell_word(&call.machine))),
        id: found.host.id,
        image: found.host.image,
        state: found.host.state,
        since: found.host.since,
        cpu_milli: found.usage.map(|usage| usage.cpu_milli),
        memory_bytes: found.usage.map(|usage| usage.memory_bytes),
        addresses: found.host.addresses,
        ports: found.host.ports,
    })
}

pub(super) fn run(realm: &Realm, call: &ReadRun) -> Result<Run, Fault> {
    let managed = realm.sessions.managed(&call.context, realm.local.board())?;
    managed.run(&call.id).ok_or_else(|| Fault::new(FaultCode::NotFound, "KOS keeps no such run, or not any more."))
}
