//! Does the core do its work on the real thing: Kubernetes, Docker, kind, clusterctl, Cluster API?

mod connection;
mod docker;
mod management;
mod memory;
mod page;
mod whole;
