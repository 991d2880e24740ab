//! May the containers of a cluster stand still?
//!
//! The health checks of Cluster API take machines that do not answer for ill and replace them: the containers of a
//! workload cluster are only paused or stopped when its objects are paused. Where the context of a cluster is protected, its
//! name was typed. Start at: [`allowed`].

use api::capi::ClusterState;
use api::contexts::Link;
use api::local::{LocalRow, Power, Role, SetPower};
use api::{Fault, FaultCode, Status};

use crate::realm::Realm;

/// # Errors
/// When machines might be replaced because of it, when nobody who knows could be asked, or when the name of the protected
/// context was not typed.
pub(crate) async fn allowed(realm: &Realm, call: &SetPower) -> Result<(), Fault> {
    let name = &call.name;
    match call.power {
        Power::Start | Power::Unpause => return Ok(()),
        Power::Pause | Power::Stop => {}
    }
    let unharmed = format!("The containers of {name} run on.");
    if let Some(wanted) = realm.local.guard_of(name).filter(|wanted| *wanted != call.typed) {
        return Err(Fault::new(FaultCode::Invalid, format!("To do this, type {wanted}.")).unharmed(unharmed));
    }
    let (rows, ..) = realm.local.surveyed().await?;
    let Some(Role::Workload { of }) = rows.iter().find(|row| row.name == *name).map(|row| row.role.clone()) else { return Ok(()) };
    let manages = if of.is_some() { "manages" } else { "may manage" };
    let mut silent = managers(of, &rows);
    let open = realm.fleet.contexts().rows().into_iter().filter(|row| matches!(row.link, Link::Live { .. }));
    for context in open {
        let Ok(managed) = realm.sessions.managed(&context.id, realm.local.board()) else { continue };
        managed.listed().await;
        let clusters = managed.clusters();
        let live = clusters.measure().1 == Status::Live;
        let held = clusters.rows().into_iter().find(|row| row.name == *name);
        let knows = |of: &String| managed.sees_all() && (context.name == *of || context.name == format!("kind-{of}"));
        silent.retain(|of| !live || (held.is_none() && !knows(of)));
        if held.is_some_and(|row| row.state != ClusterState::Paused) {
            let sentence =
                format!("{name} is not paused, so its health checks would replace machines that do not answer. Pause it first: then its containers can sleep.");
            return Err(Fault::new(FaultCode::Invalid, sentence).unharmed(unharmed));
        }
    }
    match silent.first() {
        Some(of) => {
            let sentence = format!("{of} {manages} {name} and is not open, or does not show it, so KOS cannot tell whether {name} is paused. Open it first.");
            Err(Fault::new(FaultCode::Invalid, sentence).unharmed(unharmed))
        }
        None => Ok(()),
    }
}

/// Who knows whether a workload cluster is paused: where nobody tells which of them it is, each of the management clusters may.
fn managers(of: Option<String>, rows: &[LocalRow]) -> Vec<String> {
    match of {
        Some(of) => vec![of],
        None => rows.iter().filter(|row| row.role == Role::Management).map(|row| row.name.clone()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use api::local::LocalState;

    use super::*;

    fn row(name: &str, role: Role) -> LocalRow {
        LocalRow {
            name: name.to_owned(),
            order: 0,
            role,
            state: LocalState::Running,
            nodes: vec![],
            balancers: vec![],
            version: String::new(),
            created: None,
            context: None,
            cpu_milli: None,
            memory_bytes: None,
            job: None,
        }
    }

    #[test]
    fn of_two_management_clusters_both_are_asked_before_containers_sleep() {
        let rows = [row("hand", Role::Management), row("ours", Role::Management), row("play", Role::Plain), row("w1", Role::Workload { of: None })];
        assert_eq!(managers(None, &rows), ["hand", "ours"]);
        assert_eq!(managers(Some("hand".to_owned()), &rows), ["hand"]);
        assert!(managers(None, &rows[2..]).is_empty(), "nobody is left who could replace its machines");
    }
}
