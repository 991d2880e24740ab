//! May the containers of a cluster stand still?
//!
//! The health checks of Cluster API take machines that do not answer for ill and replace them: the containers of a
//! workload cluster are only paused or stopped when its objects are paused. Where the context of a cluster is protected, its
//! name was typed. Start at: [`allowed`].

use api::capi::ClusterState;
use api::contexts::Link;
use api::local::{Power, Role, SetPower};
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
    let Some(Role::Workload { of }) = rows.into_iter().find(|row| row.name == *name).map(|row| row.role) else { return Ok(()) };
    let mut was_asked = false;
    let open = realm.fleet.contexts().rows().into_iter().filter(|row| matches!(row.link, Link::Live { .. }));
    for context in open {
        let Ok(managed) = realm.sessions.managed(&context.id, realm.local.board()) else { continue };
        managed.listed().await;
        let clusters = managed.clusters();
        let live = clusters.measure().1 == Status::Live;
        let held = clusters.rows().into_iter().find(|row| row.name == *name);
        let knows = |of: &String| managed.sees_all() && (context.name == *of || context.name == format!("kind-{of}"));
        was_asked |= live && (held.is_some() || of.as_ref().is_some_and(knows));
        if held.is_some_and(|row| row.state != ClusterState::Paused) {
            let sentence =
                format!("{name} is not paused, so its health checks would replace machines that do not answer. Pause it first: then its containers can sleep.");
            return Err(Fault::new(FaultCode::Invalid, sentence).unharmed(unharmed));
        }
    }
    match of {
        Some(of) if !was_asked => {
            let sentence = format!("{of} manages {name} and is not open, or does not show it, so KOS cannot tell whether {name} is paused. Open it first.");
            Err(Fault::new(FaultCode::Invalid, sentence).unharmed(unharmed))
        }
        Some(_) | None => Ok(()),
    }
}
