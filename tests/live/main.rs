//! Does the core do its work on the real thing: Kubernetes, Docker, kind, clusterctl, Cluster API?

mod asleep;
mod broken;
mod connection;
mod docker;
mod journal;
mod left;
mod made;
mod management;
mod memory;
mod page;
mod provoked;
mod stops;
mod unanswered;
mod upkeep;
mod whole;
