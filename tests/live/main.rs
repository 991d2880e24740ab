//! Does the core do its work on the real thing: Kubernetes, Docker, kind, clusterctl?

mod connection;
mod management;
mod workload;
