//! What do the controllers of Cluster API do in a simulated management cluster, and when?
//!
//! Decides purely: [`follows`] says what a change leads to after how long, [`perform`] does one such act. A new cluster is
//! made step by step (`making`); once it is available, a look after the other does what its topology asks for (`tending`).
//! What shows of both outside of the management cluster, its containers and its server, is in `outside`.

mod making;
pub(crate) mod outside;
pub(crate) mod parts;
pub(crate) mod status;
mod tending;

use std::time::Duration;

use api::Timestamp;

use crate::controllers::Name;
use crate::server::store::{Entry, Store};
use parts::CORE;

pub(crate) use tending::HOLDS;
use tending::Leaving;

/// One thing that the controllers of Cluster API will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Act {
    /// The objects of a new topology.
    Make(Name),
    /// The load balancer, or what stands for it, is there.
    Infrastructure(Name),
    /// A machine of a new cluster reaches a step of its way, by number.
    Step(Name, usize),
    /// The next few things that the topology of a cluster asks for.
    Look(Name),
    /// A machine that was added runs and has joined.
    MachineUp(Name),
    /// A machine that goes has ended this step of its deletion.
    Leave(Name, Leaving),
}

/// The kinds whose changes the controllers hear of.
pub(crate) const WATCHED: [(&str, &str); 3] = [(CORE, "clusters"), (CORE, "machines"), (CORE, "machinedeployments")];

/// How far a cluster that is being made, and each of its first machines, has come; a cluster that is made has it no more.
const STEP: &str = "sim.demo.invalid/step";

/// What follows from a change of an object of Cluster API.
pub(crate) fn follows(entry: &Entry, name: Name) -> Vec<(Duration, Act)> {
    let mut acts = making::follows(entry, name);
    acts.extend(tending::follows(entry));
    acts
}

pub(crate) fn perform(store: &mut Store, act: &Act, now: Timestamp) {
    match act {
        Act::Make(name) => making::make(store, name, now),
        Act::Infrastructure(name) => making::infrastructure(store, name, now),
        Act::Step(name, step) => making::advance(store, name, *step, now),
        Act::Look(name) => tending::look(store, name, now),
        Act::MachineUp(name) => tending::machine_up(store, name, now),
        Act::Leave(name, at) => tending::leave(store, name, *at, now),
    }
}
