//! What does the user want to read of a cluster, of a machine, or of a run?

use api::machines::{MachineLog, ObjectText, ReadMachineLog, ReadObject};
use api::runs::{ReadRun, Run};
use api::{Fault, FaultCode};
use capi::ClusterKey;

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

pub(super) fn run(realm: &Realm, call: &ReadRun) -> Result<Run, Fault> {
    let managed = realm.sessions.managed(&call.context, realm.local.board())?;
    managed.run(&call.id).ok_or_else(|| Fault::new(FaultCode::NotFound, "KOS keeps no such run, or not any more."))
}
