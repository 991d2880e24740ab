//! A simulated world: Kubernetes API servers, Docker, kind, clusterctl, a machine and a clock.
//!
//! Knows: what the real ones answer, word by word. Does not know: `cluster` and `engine`, which run the product's own code against it.
//! Start at: [`World`].
//!
//! Two doors: `World` implements `tools::Programs`, and [`World::server`] gives a `tower::Service` to make a `kube::Client` from.

mod agenda;
mod capi;
pub mod clock;
pub mod cluster;
mod containers;
mod controllers;
pub mod failure;
pub mod fleet;
pub mod machine;
mod objects;
mod programs;
mod scene;
pub mod server;
mod tongue;
pub mod world;

pub use clock::Clock;
pub use cluster::{Cluster, Reach};
pub use failure::{Failure, Step};
pub use machine::SimFacts;
pub use programs::git;
pub use programs::plugin::Manner as PluginManner;
pub use scene::{Scene, UnknownScene};
pub use server::Server;
pub use tongue::Tongue;
pub use world::World;
