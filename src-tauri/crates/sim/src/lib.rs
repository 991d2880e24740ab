//! A simulated world: Kubernetes API, kind, clusterctl, a clock.
