//! kind, clusterctl and docker: plans, arguments, output, clusters of this machine.
//!
//! Knows: what the three programs are told and what they say; which steps lead to a management cluster and back.
//! Does not know: how programs are started (`tools`), how a job survives a crash (`jobs`), how a client is made (`cluster`).
//! Start at: [`management`] for the job, [`local`] for what is on this machine, [`diagnose`] for what went wrong.

pub mod config;
pub mod diagnose;
mod handed;
pub mod home;
#[cfg(test)]
mod imagined;
pub mod local;
mod look;
pub mod management;
mod name;
pub mod node_images;
pub mod programs;
pub mod providers;
#[cfg(test)]
mod recorded;
pub mod remedy;

mod run;
pub mod versions;
mod wait;
mod world;

pub use handed::{Handing, sweep_handed};
pub use name::{ClusterName, NameError};
pub use world::{Checks, Clients, Fetches, NoFetches, NoWorkloads, NotMade, Progress, Site, Tokens, Told, Workloads, World};
